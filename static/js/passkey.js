// Passkeys are offered where the browser knows them, and say so when they were not used.
if (window.PublicKeyCredential) {
  document.querySelectorAll("[data-dlp-passkey]").forEach((place) => { place.hidden = false; });
}

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const notice = document.querySelector("[data-dlp-passkey-failed]");
  notice.hidden = false;
  notice.focus();
});
