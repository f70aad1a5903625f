// Keeps MyDay readable without a line: its files, and each page as it was seen last.
// SHELL comes before this text: { version, kept, root }.
const FILES = `myday-files-${SHELL.version}`;
const PAGES = "myday-pages";
const KEPT_AT = "X-Kept-At";
const FRESH = 600_000;
// A phone that got lost, and never finds a line again, tells of customers no longer than this.
const LONGEST = 86_400_000;
const PATIENCE = 6_000;
const READ = /^\/(stops\/\d+\/|days\/[\d-]+\/|unsent\/)?$/;

self.addEventListener("install", (event) => {
  // Past the cache of the browser, which may still hold the files of the version before.
  const fresh = SHELL.kept.map((url) => new Request(url, { cache: "reload" }));
  event.waitUntil(caches.open(FILES).then((cache) => cache.addAll(fresh)));
  self.skipWaiting();
});

self.addEventListener("activate", (event) => {
  const stale = (name) => name.startsWith("myday-files") && name !== FILES;
  const clean = caches.keys().then((names) => Promise.all(names.filter(stale).map((name) => caches.delete(name))));
  event.waitUntil(clean.then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (SHELL.kept.includes(url.pathname)) event.respondWith(file(request));
  else if (request.mode === "navigate" && isPage(url)) event.respondWith(page(event));
});

self.addEventListener("message", (event) => {
  if (event.data.keep) event.waitUntil(keepAll(event.data.keep));
});

const isPage = (url) => url.pathname.startsWith(SHELL.root) && READ.test(url.pathname.slice(SHELL.root.length - 1));

// Pages lead elsewhere only for a phone that is signed out.
const isRefusal = (response) => response?.type === "opaqueredirect";

async function file(request) {
  return (await caches.match(request, { ignoreSearch: true })) || fetch(request);
}

// The line first; what is kept where there is none, or one that takes too long.
async function page({ request, resultingClientId }) {
  const coming = fetch(request)
    .then((response) => keep(request.url, response))
    .catch(() => null);
  await forgetOld();
  const kept = await (await caches.open(PAGES)).match(request.url, { ignoreSearch: true });
  if (!kept) return (await coming) || nothing();
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE));
  const first = await Promise.race([coming, late]);
  if (first) return first;
  coming.then(async (response) => {
    if (isRefusal(response)) (await self.clients.get(resultingClientId))?.postMessage({ isOut: true });
  });
  return marked(kept);
}

async function keep(url, response) {
  const isHtml = (response.headers.get("Content-Type") || "").startsWith("text/html");
  if (isRefusal(response)) await caches.delete(PAGES);
  const cache = await caches.open(PAGES);
  if (response.status === 404) await cache.delete(url);
  if (!response.ok || response.redirected || !isHtml) return response;
  const headers = new Headers(response.headers);
  headers.set(KEPT_AT, new Date().toISOString());
  await cache.put(url, new Response(await response.clone().blob(), { headers }));
  return response;
}

const ageOf = (kept) => Date.now() - Date.parse(kept.headers.get(KEPT_AT));

async function forgetOld() {
  const cache = await caches.open(PAGES);
  for (const url of await cache.keys()) if (ageOf(await cache.match(url)) > LONGEST) await cache.delete(url);
}

async function marked(kept) {
  const text = await kept.text();
  const asOf = kept.headers.get(KEPT_AT);
  return new Response(text.replace('data-as-of=""', `data-as-of="${asOf}"`), { headers: kept.headers });
}

// One after the other, so that what the employee asks for comes first.
async function keepAll(urls) {
  const cache = await caches.open(PAGES);
  for (const url of urls) {
    const kept = await cache.match(url);
    if (kept && ageOf(kept) < FRESH) continue;
    try {
      await keep(new URL(url, location).href, await fetch(url, { credentials: "same-origin", redirect: "manual" }));
    } catch {
      return;
    }
  }
}

function nothing() {
  const look = SHELL.kept.find((url) => url.endsWith(".css"));
  const text =
    "<!doctype html><title>MyDay</title><meta name=viewport content='width=device-width'>" +
    `<link rel=stylesheet href="${look}"><header class=top><span class=brand>MyDay</span></header><main>` +
    "<p class='note warning' lang=en>No connection, and this page is not kept on this phone. Try again later.</p>" +
    "<p class='note warning' lang=de>Keine Verbindung, und diese Seite ist auf diesem Telefon nicht gespeichert. " +
    `Versuchen Sie es später noch einmal.</p><a class=button href="${SHELL.root}">MyDay</a></main>`;
  return new Response(text, { status: 503, headers: { "Content-Type": "text/html; charset=utf-8" } });
}
