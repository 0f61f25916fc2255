// The page's focus lands on the error summary, on arrival and after htmx has put one in.
function land(root) {
  root.querySelector("[data-dlp-focus]")?.focus();
}

land(document);
document.addEventListener("htmx:afterSettle", (event) => land(event.target));
