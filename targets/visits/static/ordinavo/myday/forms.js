// Forms of a stop: what is typed is kept at once, what is sent goes through the outbox.
import { enqueue, field, flush, newKey, same } from "./outbox.js";
import { hold, release, showHeld } from "./photos.js";
import { noteSent, note, show } from "./status.js";
import { drop, dropText, items, keepText, keptText, words } from "./store.js";

const article = document.getElementById("stop");
const stop = article && {
  id: article.dataset.stop,
  title: article.dataset.title,
  files: article.dataset.files,
};
const NOT_TEXT = ["csrfmiddlewaretoken", "key", "at", "version", "files", "send"];
const AFTER = { start: "Started", complete: "Completed", absent: "ProblemReported", problem: "ProblemReported" };
const PATIENCE = 3_000;
const plain = new WeakSet();
const busy = new WeakSet();
const holding = new WeakMap();

export async function begin() {
  if (!stop) return;
  for (const form of article.querySelectorAll("form[data-deed]")) {
    form.addEventListener("submit", (event) => submit(event, form));
    if (!form.dataset.text) continue;
    form.addEventListener("input", () => keep(form));
    form.querySelector("[data-photos]").addEventListener("change", (event) => take(event.target));
    await restore(form);
    await showHeld(form, stop);
  }
  article.querySelector("[data-take-stored]")?.addEventListener("click", takeStored);
  document.addEventListener("myday:sent", (event) => sent(event.detail));
  document.addEventListener("myday:refused", (event) => refused(event.detail.item));
  document.addEventListener("myday:changed", reveal);
  await reveal();
}

function values(form) {
  const told = [...new FormData(form)].filter(([name]) => !NOT_TEXT.includes(name));
  return Object.fromEntries(told.map(([name, value]) => [name, value.replace(/\r\n/g, "\n").trim()]));
}
const version = (form) => form.elements.version?.value ?? "";

function keep(form) {
  const isKept = keepText(stop.id, form.dataset.deed, { version: version(form), values: values(form) });
  note(form, isKept ? words.kept : words.noRoom);
}

function take(input) {
  holding.set(input, hold(input, stop).catch(() => note(input.form, words.noRoom)));
}

// What was chosen in the last moment, or found no room the first time.
async function holdAll(form) {
  for (const input of form.querySelectorAll("[data-photos]")) {
    await holding.get(input);
    if (input.files.length) await hold(input, stop);
  }
}

async function restore(form) {
  const kept = keptText(stop.id, form.dataset.deed);
  if (!kept) return;
  if (same(kept.values, values(form))) return dropText(stop.id, form.dataset.deed);
  for (const element of form.elements) {
    if (!element.name || NOT_TEXT.includes(element.name) || element.type === "file") continue;
    if (["radio", "checkbox"].includes(element.type)) element.checked = kept.values[element.name] === element.value;
    else element.value = kept.values[element.name] ?? "";
  }
  form.closest("details")?.setAttribute("open", "");
  const isWaiting = (await items("waiting", stop.id)).some((item) => item.deed === form.dataset.deed);
  note(form, isWaiting ? "" : words.restored);
  // While an own text may be on its way, what is stored there may be that very text.
  if (kept.version !== version(form) && !isWaiting) showConflict();
}

function showConflict() {
  const panel = article.querySelector("[data-conflict]");
  if (!panel) return;
  panel.hidden = false;
  panel.scrollIntoView({ block: "center" });
}

async function takeStored(event) {
  event.preventDefault();
  dropText(stop.id, "report");
  for (const item of await items("refused", stop.id)) if (item.deed === "report") await drop(item);
  location.assign(event.currentTarget.href);
}

async function submit(event, form) {
  if (plain.has(form)) return;
  event.preventDefault();
  const button = event.submitter;
  const tapped = button || form;
  if (busy.has(tapped)) return;
  const isFinal = button?.name === "send";
  for (const radio of form.querySelectorAll("[name=result]")) radio.required = isFinal;
  if (!form.reportValidity()) return;
  busy.add(tapped);
  button?.setAttribute("aria-disabled", "true");
  try {
    await holdAll(form);
    await put(form, isFinal);
  } catch {
    // No room, or a private window: it goes as if there were no script.
    plain.add(form);
    form.requestSubmit(button);
    return;
  }
  // Long enough for a second tap that was not meant; other buttons, and later taps, need not wait for an answer.
  await Promise.race([flush(), new Promise((resolve) => setTimeout(resolve, PATIENCE))]);
  busy.delete(tapped);
  button?.removeAttribute("aria-disabled");
}

async function put(form, isFinal) {
  const at = new Date().toISOString();
  const told = [...new FormData(form)].filter(([name]) => !["csrfmiddlewaretoken", "files", "key", "at"].includes(name));
  const fields = [...told, ["key", newKey()], ["at", at], ...(isFinal ? [["send", "yes"]] : [])];
  const { deed, text } = form.dataset;
  const item = { stop: stop.id, title: stop.title, deed, url: form.action, fields, isFinal };
  if (text) {
    item.text = values(form);
    keepText(stop.id, deed, { version: version(form), values: item.text });
    note(form, "");
  }
  if (deed === "report") item.hadFiles = await release(form, stop, at);
  await enqueue(item);
  if (deed === "problem") await release(form, stop, at);
}

async function sent({ item, told }) {
  noteSent(item);
  if (item.stop !== stop.id) return;
  const form = article.querySelector("form[data-deed=report]");
  if (told.version !== undefined && version(form) === field(item, "version")) form.elements.version.value = told.version;
  if ((await items("waiting", stop.id)).length) return;
  const isTyping = document.activeElement?.matches("textarea, input") && keptText(stop.id, "report");
  if (item.deed === "report" && !item.isFinal && !item.hadFiles && isTyping) return;
  location.replace(location.pathname + location.search);
}

async function refused(item) {
  await show();
  if (item.stop === stop.id && item.code !== "validation_failed") location.replace(location.pathname);
}

// What was done without a line counts here at once: after the start comes the report.
async function reveal() {
  await show();
  const waiting = await items("waiting", stop.id);
  const moved = waiting.map((item) => (item.isFinal ? "Reported" : AFTER[item.deed])).filter(Boolean);
  if (!moved.length) return;
  const state = moved.at(-1);
  for (const part of article.querySelectorAll("[data-for]"))
    part.hidden = !part.dataset.for.split(" ").includes(state);
}
