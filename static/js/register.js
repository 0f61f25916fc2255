// A tap that did not reach us must not look saved: the mark goes back to the last one that did.
document.addEventListener("htmx:afterRequest", (event) => {
  const row = event.target.closest("[data-dlp-register] fieldset[data-saved]");
  if (!row) return;
  if (event.detail.successful) {
    row.dataset.saved = row.querySelector(":checked")?.value ?? "";
    return;
  }
  for (const radio of row.querySelectorAll("input")) {
    radio.checked = radio.value === row.dataset.saved;
  }
});

// A refusal (409) says why; let its words in instead of the toast for a lost connection.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status !== 409) return;
  event.detail.shouldSwap = true;
  event.detail.isError = false;
});
