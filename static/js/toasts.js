// Toasts can be closed; those that only say that all is well leave by themselves.
const STAYS_FOR = 12_000;

function settle(toast) {
  toast.querySelector("[data-dlp-close]").hidden = false;
  if (toast.getAttribute("role") === "alert") return;
  window.setTimeout(() => {
    if (!toast.matches(":hover, :focus-within")) toast.remove();
  }, STAYS_FOR);
}

document.querySelectorAll("[data-dlp-toast]").forEach(settle);
document.addEventListener("htmx:oobAfterSwap", (event) => {
  event.detail.target.querySelectorAll("[data-dlp-toast]").forEach(settle);
});

let before = null; // where the focus was before it came to a toast
document.addEventListener("focusin", ({ target }) => {
  if (!target.closest(".toast")) before = target;
});

document.addEventListener("click", (event) => {
  const toast = event.target.closest("[data-dlp-close]")?.closest(".toast");
  if (!toast) return;
  if (toast.hasAttribute("data-dlp-request-failed")) toast.hidden = true;
  else toast.remove();
  const isByKey = event.detail === 0;
  if (isByKey) (before?.isConnected ? before : document.querySelector("main")).focus();
});

// A failed htmx request must not look like a dead button, nor an answer as if it had been saved.
function putBack(form) {
  for (const radio of form.querySelectorAll("input[type=radio]")) radio.checked = radio.defaultChecked;
}

for (const failure of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(failure, ({ detail }) => {
    document.querySelector("[data-dlp-request-failed]").hidden = false;
    if (detail.elt.matches("form")) putBack(detail.elt);
  });
}
