// The service worker: keeps the shell of the pages, the last bill, the first page and the meters, so that they can be read
// without a connection, and keeps readings that could not be sent. Money never waits here.
const SHELL = /*shell*/[], VERSION = /*version*/"";
const shell = "shell-" + VERSION, pages = "pages";
const KEPT = ["/home", "/bill", "/readings"];

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(shell).then((c) => c.addAll(SHELL)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) if (name !== shell && name !== pages) await caches.delete(name);
    await self.clients.claim();
  })());
});

self.addEventListener("fetch", (event) => {
  const request = event.request, url = new URL(request.url);
  if (url.origin !== location.origin) return;
  if (request.method === "POST") {
    // Whoever comes or goes leaves no pages to the next one.
    if (/^\/(signin|signout|demo|homes)\b/.test(url.pathname)) event.waitUntil(caches.delete(pages));
    if (url.pathname === "/readings" && request.mode === "navigate") event.respondWith(give(request));
    return;
  }
  if (request.method !== "GET") return;
  if (url.pathname.startsWith("/static/")) event.respondWith(caches.match(request).then((hit) => hit || fetch(request)));
  else if (request.mode === "navigate") event.respondWith(show(request, url));
});

// A page that is open asks for the pages worth keeping.
self.addEventListener("message", (event) => {
  if (event.data === "keep") event.waitUntil(Promise.all(KEPT.map((path) => fetch(path).then((answer) => keep(path, answer)).catch(() => {}))));
});

async function show(request, url) {
  try {
    const answer = await fetch(request);
    if (answer.status < 502 || answer.status > 504) {
      if (!url.search) await keep(url.pathname, answer.clone());
      return answer;
    }
  } catch { /* no connection */ }
  return kept(url.pathname);
}

async function keep(path, answer) {
  if (!KEPT.includes(path) || answer.status !== 200 || answer.redirected || answer.type !== "basic") return;
  const headers = new Headers({"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": answer.headers.get("Content-Security-Policy") || "", "X-Kept": new Date().toISOString()});
  await (await caches.open(pages)).put(path, new Response(await answer.text(), {headers}));
}

// kept is a page as it was when there was a connection: it says so itself.
async function kept(path) {
  const hit = await caches.match(path, {cacheName: pages});
  if (!hit) return caches.match("/offline", {cacheName: shell});
  const text = (await hit.text()).replace("<html", `<html data-kept="${hit.headers.get("X-Kept")}"`);
  return new Response(text, {headers: hit.headers});
}

// give sends readings, or keeps them under a key of their own until they can be sent.
async function give(request) {
  const copy = request.clone();
  try {
    return await fetch(request);
  } catch {
    await save(await copy.formData());
    return Response.redirect("/readings", 303);
  }
}

async function save(form) {
  const base = await open(), fields = [];
  for (const [name, value] of form) if (!name.startsWith("_") && (value instanceof Blob ? value.size : value.trim())) fields.push([name, value]);
  if (!fields.length) return;
  const used = await done(base.transaction("keys").objectStore("keys").get(form.get("_key")));
  const key = used ? crypto.randomUUID() : form.get("_key");
  const both = base.transaction(["keys", "drafts"], "readwrite");
  both.objectStore("keys").put({key});
  both.objectStore("drafts").put({key, fields, home: form.get("_home"), month: form.get("_month"), at: Date.now()});
  await new Promise((ok, no) => { both.oncomplete = ok; both.onerror = both.onabort = () => no(both.error); });
}

function open() {
  const asked = indexedDB.open("kvit", 1);
  asked.onupgradeneeded = () => ["drafts", "keys"].forEach((name) => asked.result.createObjectStore(name, {keyPath: "key"}));
  return done(asked);
}

function done(request) {
  return new Promise((ok, no) => { request.onsuccess = () => ok(request.result); request.onerror = () => no(request.error); });
}

// A message to the person, as the server's pushes carry it; a press opens it, and so marks it as read.
self.addEventListener("push", (event) => {
  const said = event.data ? event.data.json() : null;
  if (said) event.waitUntil(self.registration.showNotification(said.title, {body: said.text, tag: said.tag, data: said.open}));
});
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(self.clients.openWindow(/^\/notices\/\d+$/.test(event.notification.data) ? event.notification.data : "/home"));
});
