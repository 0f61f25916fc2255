// The register: each tap carries its own time; one that cannot be sent waits on this device.
const rowOf = (element) => element.closest("[data-dlp-register] fieldset[data-saved]");

function showMark(row, mark) {
  for (const radio of row.querySelectorAll("input")) radio.checked = radio.value === mark;
  showExcuse(row);
}

// Why somebody is excused stays open as long as they are.
function showExcuse(row) {
  const excused = row.querySelector("details");
  excused.open = excused.querySelector(":checked") !== null;
}

function saved(row, other) {
  row.dataset.saved = row.querySelector(":checked")?.value ?? "";
  if (other === null) return;
  row.dataset.saved = other;
  showMark(row, other);
}

// A later tap than ours stands: the server says which.
function otherMark(trigger) {
  return trigger ? (JSON.parse(trigger)["dlp-other-mark"]?.mark ?? null) : null;
}

document.addEventListener("change", (event) => {
  const row = rowOf(event.target);
  if (!row) return;
  row.dataset.at = new Date().toISOString();
  showExcuse(row);
});

document.addEventListener("htmx:configRequest", (event) => {
  const row = rowOf(event.target);
  if (row) event.detail.parameters.at = row.dataset.at;
});

const hideFailure = () => {
  document.querySelector("[data-dlp-request-failed]").hidden = true;
};

async function keepOnDevice(row) {
  const radio = row.querySelector(":checked");
  const url = row.getAttribute("hx-post");
  try {
    await dlpTaps.keep({ url, name: radio.name, mark: radio.value, at: row.dataset.at });
    hideFailure();
  } catch {
    showMark(row, row.dataset.saved); // This device keeps nothing, so nothing looks saved.
  }
}

// A tap that was refused must not look saved: the mark goes back to the last one that did.
document.addEventListener("htmx:afterRequest", (event) => {
  const row = rowOf(event.target);
  if (!row) return;
  const { xhr, successful } = event.detail;
  if (successful) saved(row, otherMark(xhr.getResponseHeader("HX-Trigger")));
  else if (xhr.status === 0 || xhr.status > 500) keepOnDevice(row);
  else showMark(row, row.dataset.saved);
});

// A refusal (409) says why; let its words in instead of the toast for a lost connection.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status !== 409) return;
  event.detail.shouldSwap = true;
  event.detail.isError = false;
});

document.addEventListener("dlp:taps", ({ detail: taps }) => {
  const notice = document.querySelector("[data-dlp-waiting]");
  const [said, sent] = taps.length === 1 ? ["tap waits", "It is"] : ["taps wait", "They are"];
  notice.hidden = taps.length === 0;
  notice.textContent = taps.length
    ? `${taps.length} ${said} on this phone. ${sent} sent once you are online.`
    : "";
  for (const { name, mark } of taps) {
    const row = document.getElementsByName(name)[0]?.closest("fieldset");
    if (row) showMark(row, mark);
  }
});

document.addEventListener("dlp:tap-answered", ({ detail: { tap, other, html } }) => {
  const row = document.getElementsByName(tap.name)[0]?.closest("fieldset");
  if (!row) return;
  saved(row, otherMark(other));
  htmx.swap("#register-said", html, { swapStyle: "innerHTML" });
});
