// The page's focus lands on the error summary, on arrival and after htmx has put one in.
function land(root) {
  root.querySelector("[data-dlp-focus]")?.focus();
}

land(document);
document.addEventListener("htmx:afterSettle", (event) => land(event.target));

// Escape closes the menu and gives the focus back to what opened it.
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && event.target.closest("details.rail-menu[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});
