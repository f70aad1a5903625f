// Says what is here and what is there: never "sent" before the server said so.
import { isLoggedOut } from "./outbox.js";
import { clock, items, words } from "./store.js";

const line = document.getElementById("status");
const alert = document.getElementById("alert");
const SENT = "myday-sent";
const NEWS = 600_000;

export function noteSent(item) {
  const said = item.deed === "report" && !item.isFinal ? words.saved : words.sent;
  sessionStorage.setItem(SENT, JSON.stringify([`${said} ${clock(Date.now())}`, Date.now()]));
}

function justSent() {
  const [said, at] = JSON.parse(sessionStorage.getItem(SENT)) || [];
  return Date.now() - at < NEWS ? said : "";
}

export async function show() {
  const all = await items();
  const waiting = all.filter((item) => item.state === "waiting");
  const asOf = document.body.dataset.asOf;
  const said = [];
  if (asOf) said.push([`${words.asOf} ${clock(new Date(asOf))}.`]);
  if (waiting.length) said.push(["", `${words.unsent} (${waiting.length}).`]);
  if (isLoggedOut) said.push(["", words.login]);
  if (!said.length && justSent()) said.push([justSent()]);
  fill(line, said);
  line.classList.toggle("waiting", Boolean(asOf || waiting.length || isLoggedOut));
  line.classList.toggle("sent", !asOf && !waiting.length && !isLoggedOut);
  fill(
    alert,
    all.filter((item) => item.state === "refused").map((item) => [`${words.refused}: ${item.title} – ${item.message}`, words.see]),
  );
}

// Only what is new is written, so that a screen reader says it once; a region that was hidden would stay unheard.
function fill(element, said) {
  const text = JSON.stringify(said);
  if (element.dataset.said === text) return;
  element.dataset.said = text;
  element.replaceChildren(...said.map(([sentence, link]) => paragraph(sentence, link)));
}

function paragraph(sentence, link) {
  const element = document.createElement("div");
  element.append(sentence, " ");
  if (link)
    element.append(Object.assign(document.createElement("a"), { href: words.unsentUrl, textContent: link }));
  return element;
}

export function note(form, text) {
  const element = form.querySelector("[data-kept]");
  if (!element) return;
  element.textContent = text;
  element.hidden = !text;
}
