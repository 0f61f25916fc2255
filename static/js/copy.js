// A button marked data-dlp-copy="id" copies the words of that element, an item a line.
for (const button of document.querySelectorAll("[data-dlp-copy]")) {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    const items = document.getElementById(button.dataset.dlpCopy).querySelectorAll("li");
    await navigator.clipboard.writeText([...items].map((item) => item.textContent).join("\n"));
    document.querySelector("[data-dlp-copied]").textContent = "Copied.";
  });
}
