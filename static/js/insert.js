// A word marked data-dlp-insert becomes a button that puts it where the cursor last was in a form.
let field = null;
document.addEventListener("focusin", ({ target }) => {
  if (target.matches("form [name=subject], form [name=body]")) field = target;
});
for (const word of document.querySelectorAll("[data-dlp-insert]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.dataset.kind = "bare";
  button.setAttribute("aria-label", `Put in ${word.textContent}`);
  button.addEventListener("click", () => {
    const into = field ?? document.querySelector("form [name=body]");
    into.focus();
    into.setRangeText(word.textContent, into.selectionStart, into.selectionEnd, "end");
  });
  word.replaceWith(button);
  button.append(word);
}
