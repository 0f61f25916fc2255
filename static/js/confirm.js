// Ask before sending a form marked data-dlp-confirm="…". (In htmx requests, use hx-confirm.)
document.addEventListener("submit", (event) => {
  const question = event.submitter?.dataset.dlpConfirm ?? event.target.dataset.dlpConfirm;
  if (question && !window.confirm(question)) event.preventDefault();
});
