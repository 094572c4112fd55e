// What a resident's pages do beside the server: register the service worker, show readings that wait in this phone and send
// them once, offer to put the pages on the screen after a payment. Everything works without this file, except without a
// connection.
(() => {
  const english = document.documentElement.lang === "en", say = (russian, inEnglish) => english ? inEnglish : russian;
  const home = document.body.dataset.home, kept = document.documentElement.dataset.kept, main = document.querySelector("main");
  if (!("serviceWorker" in navigator) || !window.indexedDB) return;
  if (kept) note("info", say("Нет связи", "No connection"), say("Страница сохранена ", "This page was kept on ") + when(kept) + say(". Заплатить можно, когда связь появится.", ". You can pay once the connection is back."));
  if (home) {
    navigator.serviceWorker.register("/sw.js").then(() => navigator.serviceWorker.ready).then((worker) => {
      const day = new Date().toDateString() + home + document.documentElement.lang;
      if (kept || localStorage.getItem("kvit-kept") === day) return;
      localStorage.setItem("kvit-kept", day);
      worker.active.postMessage("keep");
    });
  }
  let place;
  tell();
  for (const event of ["online", "focus"]) window.addEventListener(event, () => tell());

  // tell shows the drafts that wait; those of the open window are sent.
  async function tell() {
    const drafts = (await all()).filter((d) => !home || d.home === home);
    if (!drafts.length) return;
    if (!place) main.prepend(place = document.createElement("div"));
    show(drafts);
    if (home && navigator.onLine) await (navigator.locks ? navigator.locks.request("kvit-send", () => send()) : send());
  }

  function show(drafts, why) {
    const count = drafts.reduce((n, d) => n + d.fields.filter(([name]) => /^r\d/.test(name)).length, 0);
    const words = why || say("Отправьте их, когда сеть появится. Если долго не заходить, телефон может их стереть: iPhone – через 7 дней.", "Send them when the network is back. If you stay away for long, the phone may erase them: an iPhone does after 7 days.");
    place.replaceChildren(note("warn", say("Показания сохранены в телефоне: ", "Readings kept on the phone: ") + count + ", " + when(drafts[0].at), words, false));
    return place.querySelector(".stack-s");
  }

  async function send() {
    let page, answer;
    try {
      answer = await fetch("/readings", {cache: "no-store"});
      page = new DOMParser().parseFromString(await answer.text(), "text/html");
    } catch { return; }
    const drafts = (await all()).filter((d) => d.home === home);
    const form = page.querySelector("form[data-month]");
    if (!drafts.length) return;
    if (!form || page.body.dataset.home !== home) { show(drafts, say("Войдите ещё раз, чтобы отправить их.", "Sign in again to send them.")); return; }
    for (const draft of drafts) if (!await sendOne(draft, form)) return;
  }

  // sendOne sends a draft that nothing speaks against; else it says what to do. False stops the others.
  async function sendOne(draft, form) {
    if (draft.asked) { offer([draft], say("В показаниях есть вопрос, они ещё не приняты.", "There is a question about the readings, they are not taken yet."), say("Проверить цифры", "Check the figures"), () => check(draft)); return false; }
    if (draft.month !== form.dataset.month) {
      offer([draft], say("Пока не было связи, начался другой месяц. Теперь они попадут в счёт за ", "Another month began while there was no connection. They now go into the bill for ") + form.dataset.word + ".", say("Отправить", "Send"), async () => { await put({...draft, month: form.dataset.month}); tell(); });
      return false;
    }
    const body = new FormData();
    for (const [name, value] of [["_form", form.elements._form.value], ["_key", draft.key], ...draft.fields]) body.append(name, value);
    let answer;
    try { answer = await fetch("/readings", {method: "POST", body}); } catch { return false; }
    const path = new URL(answer.url).pathname;
    if (answer.ok && answer.redirected && path.startsWith("/readings")) {
      await remove(draft.key);
      place.replaceChildren(note("ok", say("Показания отправлены", "The readings are sent"), "", false));
      const link = document.createElement("a");
      link.href = answer.url;
      link.textContent = say("Посмотреть", "See them");
      place.querySelector(".stack-s").append(link);
      return true;
    }
    if (answer.status === 200 || answer.status === 422) {
      await put({...draft, asked: true});
      tell();
    }
    return false;
  }

  function offer(drafts, words, title, act) {
    const box = show(drafts, words), row = document.createElement("p");
    row.className = "row";
    row.append(button(title, act), button(say("Удалить", "Delete"), async () => { for (const d of drafts) await remove(d.key); place.replaceChildren(); tell(); }));
    box.append(row);
  }

  // check fills the form with what was typed: the person decides what the server asks about.
  async function check(draft) {
    const form = document.querySelector("form[data-month]");
    if (!form) { location.href = "/readings"; return; }
    for (const [name, value] of draft.fields) {
      const field = form.elements[name];
      if (!field) continue;
      if (value instanceof Blob) {
        const files = new DataTransfer();
        files.items.add(new File([value], value.name || "photo.jpg", {type: value.type}));
        field.files = files.files;
      } else field.value = value;
    }
    form.elements._key.value = draft.key + "-2";
    form.addEventListener("submit", () => remove(draft.key));
    form.scrollIntoView();
  }

  function button(title, act) {
    const b = Object.assign(document.createElement("button"), {type: "button", className: "button plain", textContent: title});
    b.addEventListener("click", act);
    return b;
  }

  function note(tone, title, text, add = true) {
    const box = document.createElement("section"), inner = document.createElement("div"), head = document.createElement("h2"), body = document.createElement("p");
    box.className = "notice " + tone;
    box.setAttribute("role", "status");
    inner.className = "stack-s";
    head.textContent = title;
    body.textContent = text;
    inner.append(head, ...(text ? [body] : []));
    box.append(document.createElement("span"), inner);
    if (add) main.prepend(box);
    return box;
  }

  function when(at) {
    return new Date(at).toLocaleString(say("ru", "en-GB"), {day: "numeric", month: "long", hour: "2-digit", minute: "2-digit"});
  }

  // The drafts, as the service worker keeps them.
  function base() {
    const asked = indexedDB.open("kvit", 1);
    asked.onupgradeneeded = () => ["drafts", "keys"].forEach((name) => asked.result.createObjectStore(name, {keyPath: "key"}));
    return done(asked);
  }
  async function drafts(mode) { return (await base()).transaction("drafts", mode).objectStore("drafts"); }
  async function all() { return done((await drafts("readonly")).getAll()); }
  async function put(draft) { return done((await drafts("readwrite")).put(draft)); }
  async function remove(key) { return done((await drafts("readwrite")).delete(key)); }
  function done(request) {
    return new Promise((ok, no) => { request.onsuccess = () => ok(request.result); request.onerror = () => no(request.error); });
  }

  // Asked once, after a payment went through.
  const ask = document.querySelector("[data-install]");
  window.addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    if (!ask || localStorage.getItem("kvit-asked")) return;
    localStorage.setItem("kvit-asked", "yes");
    ask.hidden = false;
    ask.querySelector("button").addEventListener("click", () => { event.prompt(); ask.hidden = true; });
  });
})();
