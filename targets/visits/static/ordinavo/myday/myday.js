// MyDay works without this file. With it, what is typed and done outlives a lost line.
import { begin } from "./forms.js";
import { flush, field } from "./outbox.js";
import { noteSent, show } from "./status.js";
import { drop, employee, forgetAll, forgetOld, forgetPages, items, words } from "./store.js";

const STALE = 120_000;
const LOOK_EVERY = 180_000;
const WHO = "myday-employee";
let hiddenAt = 0;

async function whoIsIt() {
  if (localStorage.getItem(WHO) === employee) return;
  await forgetPages();
  localStorage.setItem(WHO, employee);
}

function keepPages() {
  if (!("serviceWorker" in navigator)) return;
  navigator.serviceWorker.register(document.body.dataset.worker).catch(() => {});
  const list = document.querySelector("[data-keep]");
  if (!list) return;
  const urls = [...list.querySelectorAll("h2 a")].map((anchor) => anchor.href);
  navigator.serviceWorker.ready.then((ready) => ready.active.postMessage({ keep: [location.pathname, ...urls, words.unsentUrl] }));
}

const isTyping = () => document.activeElement?.matches("textarea, input");

function watchLine() {
  window.addEventListener("online", flush);
  navigator.serviceWorker?.addEventListener("message", ({ data }) => data.isOut && location.reload());
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) hiddenAt = Date.now();
    else if (Date.now() - hiddenAt > STALE) flush().then(look);
    else flush();
  });
  setInterval(look, LOOK_EVERY);
}

// Stops are cancelled, changed and given to others while the page lies open.
async function look() {
  const { stamp } = document.getElementById("main").dataset;
  if (!stamp || document.hidden || isTyping()) return;
  const response = await fetch(location.pathname, { redirect: "manual" }).catch(() => null);
  if (response?.type === "opaqueredirect") return location.reload();
  if (!response?.ok && response?.status !== 404) return;
  const isSame = !document.body.dataset.asOf && (await response.text()).includes(`data-stamp="${stamp}"`);
  if (!isSame && !isTyping()) location.reload();
}

function watchLogout() {
  for (const form of document.querySelectorAll("[data-logout]"))
    form.addEventListener("submit", async (event) => {
      if (form.dataset.sure) return;
      event.preventDefault();
      if ((await items()).length && !window.confirm(words.leaving)) return;
      form.dataset.sure = "yes";
      await forgetAll();
      form.submit();
    });
}

// What is not a deed at a stop has no outbox: without a line it is not done, and says so.
function watchOtherForms() {
  for (const form of document.querySelectorAll("form:not([data-deed])"))
    form.addEventListener("submit", (event) => {
      if (navigator.onLine) return;
      event.stopImmediatePropagation();
      event.preventDefault();
      form.querySelector("[role=alert]")?.remove();
      const told = Object.assign(document.createElement("p"), { className: "note warning", textContent: words.needsLine });
      told.setAttribute("role", "alert");
      form.prepend(told);
    });
}

async function listUnsent() {
  const list = document.getElementById("unsent");
  if (!list) return;
  const all = (await items()).filter((item) => item.state !== "held");
  list.replaceChildren(...all.map((item) => unsent(item, list.dataset)));
  document.getElementById("nothing-unsent").hidden = all.length > 0;
  const button = document.getElementById("resend");
  button.hidden = !all.some((item) => item.state === "waiting");
  button.onclick = flush;
}

function unsent(item, said) {
  const element = document.createElement("li");
  element.className = "card";
  const name = Object.assign(document.createElement("h2"), { textContent: `${item.title}: ${said[item.deed]}` });
  const state = Object.assign(document.createElement("p"), {
    textContent: item.state === "waiting" ? words.retry : `${words.refused}: ${item.message}`,
  });
  element.append(name, state);
  const text = ["summary", "problems", "text", "follow_up_note"].map((part) => field(item, part)).filter(Boolean);
  if (text.length)
    element.append(Object.assign(document.createElement("p"), { className: "plain", textContent: text.join("\n") }));
  const button = Object.assign(document.createElement("button"), { type: "button", className: "second" });
  button.textContent = said.delete;
  button.addEventListener("click", async () => {
    if (!window.confirm(said.sure)) return;
    await drop(item);
    await Promise.all([listUnsent(), show()]);
  });
  element.append(button);
  return element;
}

if (employee) {
  await whoIsIt();
  watchLine();
  watchOtherForms();
  watchLogout();
  document.addEventListener("myday:changed", listUnsent);
  if (!document.getElementById("stop")) {
    document.addEventListener("myday:sent", (event) => noteSent(event.detail.item));
    document.addEventListener("myday:changed", show);
  }
  await begin();
  await flush();
  keepPages();
  await forgetOld();
} else {
  await forgetPages();
}
