// Everything works without this file. It locks the button of a form that has been sent, opens the search of a
// console by the key «/», and shows a page that waits anew once it has changed.
(() => {
  const locked = new Set();
  document.addEventListener("submit", (event) => {
    const form = event.target, button = event.submitter;
    if (form.dataset.sent) { event.preventDefault(); return; }
    if (form.method !== "post" || !button) return;
    form.dataset.sent = "yes";
    // After the event, so that the button's own value is still sent.
    setTimeout(() => {
      locked.add([form, button, button.textContent]);
      button.setAttribute("aria-disabled", "true");
      button.textContent = "Отправляем…";
    });
  });
  // A page taken back from the browser's memory is a new try; the form's key makes it safe.
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    for (const [form, button, text] of locked) {
      delete form.dataset.sent;
      button.removeAttribute("aria-disabled");
      button.textContent = text;
    }
    locked.clear();
  });
  document.addEventListener("keydown", (event) => {
    const field = document.getElementById("search");
    if (event.key !== "/" || !field || event.target.closest("input,textarea,select")) return;
    event.preventDefault();
    field.focus();
  });
  // A page that waits is fetched quietly and shown anew only when it says something else: reading, focus and a
  // screen reader are not torn away every few seconds.
  const main = document.querySelector("main[data-refresh]");
  if (main) {
    const shown = main.textContent;
    setInterval(async () => {
      try {
        const answer = await fetch(location.href);
        const next = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("main");
        if (answer.ok && next && next.textContent !== shown) location.reload();
      } catch { /* no connection: ask again in a while */ }
    }, main.dataset.refresh * 1000);
  }
})();
