// Everything works without this file. It tells what a reading makes, locks the button of a form that has been sent, opens the search of a
// console by the key «/», and shows a page that waits anew once it has changed.
(() => {
  const english = document.documentElement.lang === "en", say = (russian, inEnglish) => english ? inEnglish : russian;
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
      button.textContent = say("Отправляем…", "Sending…");
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
  // What a figure makes is said as it is typed; the server says it again.
  document.addEventListener("input", (event) => {
    const field = event.target, last = Number(field.dataset.last);
    if (!field.dataset.last) return;
    let said = field.nextElementSibling;
    if (!said) field.after(said = Object.assign(document.createElement("output"), {className: "hint"}));
    const used = Number(field.value.replace(/[\s\u00a0]/g, "").replace(",", ".")) - last;
    said.textContent = !field.value || Number.isNaN(used) ? "" : used < 0 ? say("Меньше, чем в прошлый раз", "Less than last time") : say("Вышло ", "Used ") + used.toLocaleString("ru", {maximumFractionDigits: 3}) + "\u00a0" + field.dataset.unit;
  });
})();
