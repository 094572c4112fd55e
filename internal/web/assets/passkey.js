// Keys of the device (WebAuthn). Without this file, or without keys, people sign in by a code, and the page says so. A form with
// data-passkey asks its address for what to do, lets the key answer, and is then sent as any form.
(() => {
  const forms = document.querySelectorAll("form[data-passkey]");
  const named = !/^[\d.]+$|:/.test(location.hostname); // keys belong to names, not to addresses of machines
  if (!window.PublicKeyCredential || !named) return;
  const bytes = (s) => Uint8Array.from(atob(s.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (b) => btoa(String.fromCharCode(...new Uint8Array(b))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const ids = (list) => (list || []).map((c) => ({ ...c, id: bytes(c.id) }));
  const ask = {
    get: (o) => navigator.credentials.get({ publicKey: { ...o, challenge: bytes(o.challenge), allowCredentials: ids(o.allowCredentials) } }),
    create: (o) => navigator.credentials.create({
      publicKey: { ...o, challenge: bytes(o.challenge), user: { ...o.user, id: bytes(o.user.id) }, excludeCredentials: ids(o.excludeCredentials) },
    }),
  };
  const answer = (key) => {
    const response = {};
    for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (key.response[name]) response[name] = text(key.response[name]);
    }
    if (key.response.getTransports) response.transports = key.response.getTransports();
    return JSON.stringify({ id: key.id, rawId: text(key.rawId), type: key.type, response });
  };
  for (const form of forms) {
    form.hidden = false;
    const note = form.previousElementSibling, failed = form.querySelector("[data-failed]");
    if (note && "noPasskey" in note.dataset) note.hidden = true;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      event.stopPropagation(); // the form is not under way yet
      failed.hidden = true;
      try {
        const began = await fetch(form.dataset.from, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" } });
        if (began.redirected) return location.assign(began.url); // who asks is to be proved first
        if (!began.ok) throw new Error(began.status);
        form.elements.response.value = answer(await ask[form.dataset.passkey]((await began.json()).publicKey));
        form.submit();
      } catch {
        failed.hidden = false;
      }
    });
  }
})();
