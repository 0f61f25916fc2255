// Taps in a register that did not reach us wait on this device, for a day at most: the number of the
// place, the mark and the moment, and no name. They are sent again until they arrive.
const dlpTaps = (() => {
  const KEPT_FOR = 24 * 60 * 60 * 1000;
  const AGAIN_AFTER = 20_000;
  const REFUSED = [400, 404, 409];
  let sending = null;

  function open() {
    return new Promise((resolve, reject) => {
      const asked = indexedDB.open("dlp-taps", 1);
      asked.onupgradeneeded = () => asked.result.createObjectStore("taps", { autoIncrement: true });
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
    });
  }

  async function within(mode, work) {
    const database = await open();
    try {
      const change = database.transaction("taps", mode);
      const result = work(change.objectStore("taps"));
      await new Promise((resolve, reject) => {
        change.oncomplete = resolve;
        change.onabort = () => reject(change.error);
      });
      return result;
    } finally {
      database.close();
    }
  }

  async function keep(tap) {
    await within("readwrite", (taps) => taps.add(tap));
    tell();
  }

  const forget = (key) => within("readwrite", (taps) => taps.delete(key));

  // Those that wait, in the order they were made; what is older than a day is forgotten.
  async function waiting() {
    const [keys, taps] = await within("readonly", (all) => [all.getAllKeys(), all.getAll()]);
    const found = taps.result.map((tap, place) => ({ key: keys.result[place], ...tap }));
    const isOld = (tap) => Date.now() - Date.parse(tap.at) > KEPT_FOR;
    for (const tap of found.filter(isOld)) await forget(tap.key);
    return found.filter((tap) => !isOld(tap));
  }

  async function tell() {
    document.dispatchEvent(new CustomEvent("dlp:taps", { detail: await waiting() }));
  }

  async function post({ url, name, mark, at }) {
    const headers = { ...JSON.parse(document.body.getAttribute("hx-headers")), "HX-Request": "true" };
    const body = new URLSearchParams({ [name]: mark, at });
    try {
      return await fetch(url, { method: "POST", redirect: "manual", headers, body });
    } catch {
      return null; // Still offline.
    }
  }

  async function sendAll() {
    for (const tap of await waiting()) {
      const answer = await post(tap);
      if (!answer || !(answer.ok || REFUSED.includes(answer.status))) break;
      await forget(tap.key);
      const detail = { tap, other: answer.headers.get("HX-Trigger"), html: await answer.text() };
      document.dispatchEvent(new CustomEvent("dlp:tap-answered", { detail }));
    }
    await tell();
  }

  function send() {
    sending ??= sendAll().finally(() => {
      sending = null;
    });
    return sending;
  }

  window.addEventListener("online", send);
  window.addEventListener("load", send);
  window.setInterval(send, AGAIN_AFTER);
  return { keep };
})();
