// A form is sent once: a double click must not make two of what it makes. It can be sent again when the page
// comes back, and after a while in which no answer came.
const WAITS_FOR = 20_000;

function release(form) {
  form.removeAttribute("aria-busy");
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.getAttribute("method") !== "post") return;
  if (form.hasAttribute("aria-busy")) {
    event.preventDefault();
    return;
  }
  form.setAttribute("aria-busy", "true");
  window.setTimeout(release, WAITS_FOR, form);
});

window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[aria-busy]").forEach(release);
});
