// A wide table is one tab stop a row; the arrow keys, Home and End move among its links.
for (const table of document.querySelectorAll("[data-dlp-arrows]")) {
  const rows = [...table.tBodies[0].rows];
  const linksOf = (row) => [...row.querySelectorAll("a")];
  for (const row of rows) linksOf(row).slice(1).forEach((link) => (link.tabIndex = -1));

  const makeStop = (link) => {
    for (const other of linksOf(link.closest("tr"))) other.tabIndex = other === link ? 0 : -1;
    link.focus();
  };

  // The link in the same column, else the nearest before it.
  const inColumn = (row, column) =>
    linksOf(row).findLast((link) => link.closest("th, td").cellIndex <= column) ?? linksOf(row)[0];

  const beside = (link, step) => {
    const links = linksOf(link.closest("tr"));
    return links[links.indexOf(link) + step];
  };

  const above = (link, step) => {
    const row = rows[rows.indexOf(link.closest("tr")) + step];
    return row && inColumn(row, link.closest("th, td").cellIndex);
  };

  const moves = {
    ArrowRight: (link) => beside(link, 1),
    ArrowLeft: (link) => beside(link, -1),
    ArrowDown: (link) => above(link, 1),
    ArrowUp: (link) => above(link, -1),
    Home: (link) => linksOf(link.closest("tr"))[0],
    End: (link) => linksOf(link.closest("tr")).at(-1),
  };

  table.tBodies[0].addEventListener("keydown", (event) => {
    const link = event.target.closest("a");
    const move = link && !event.altKey && !event.ctrlKey && !event.metaKey && moves[event.key];
    if (!move) return;
    event.preventDefault();
    const next = move(link);
    if (next) makeStop(next);
  });
}
