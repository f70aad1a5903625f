// Sends what is kept, in the order in which it was done. Every item has a key of its own, so that one which
// arrived already, its answer lost on the way, is not counted twice.
import { add, drop, dropText, employee, forgetPages, items, keptText, put } from "./store.js";

const PATIENCE = 60_000;
const PAUSES = [3, 6, 12, 24, 45].map((seconds) => seconds * 1000);
const ENDS = ["start", "complete", "absent", "problem"];
let token = document.querySelector("[name=csrfmiddlewaretoken]")?.value || "";
let failures = 0;
let timer;
let working = null;
let isAskedAgain = false;
export let isLoggedOut = false;

const tell = (name, detail) => document.dispatchEvent(new CustomEvent(`myday:${name}`, { detail }));
export const field = (item, name) => item.fields.find(([known]) => known === name)?.[1];
export const newKey = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

// A second tap changes nothing; a report that is still here gives way to its newer text.
export async function enqueue(item) {
  const alike = (await items(null, item.stop)).filter((other) => other.deed === item.deed);
  const waiting = alike.filter((other) => other.state === "waiting");
  if (ENDS.includes(item.deed) && waiting.length) return;
  if (waiting.some((other) => other.isFinal === item.isFinal && same(other.text, item.text))) return;
  const outdated = alike.filter((other) => other.state === "refused");
  if (item.deed === "report") outdated.push(...waiting.filter((other) => !other.tried));
  for (const other of outdated) await drop(other);
  await add({ ...item, state: "waiting", tried: false });
  tell("changed");
}

// Whoever asks while it is at work may know more of the line than the attempt that is under way.
export function flush() {
  if (working) isAskedAgain = true;
  working ||= locked().finally(() => {
    working = null;
    if (isAskedAgain) flush();
    isAskedAgain = false;
  });
  return working;
}

// Two windows of one phone don't send beside each other.
const locked = () => (navigator.locks ? navigator.locks.request("myday-outbox", sendAll) : sendAll());

async function sendAll() {
  clearTimeout(timer);
  tell("changed");
  for (let [item] = await items("waiting"); item; [item] = await items("waiting")) {
    if (!(await deliver(item))) {
      if (!isLoggedOut) timer = setTimeout(flush, PAUSES[Math.min(failures++, PAUSES.length - 1)]);
      break;
    }
    failures = 0;
  }
  tell("changed");
}

async function deliver(item) {
  item.tried = true;
  await put(item);
  const response = await post(item);
  if (response?.type === "opaqueredirect") await notice();
  if (!response || isLoggedOut || response.status >= 500 || [403, 408, 429].includes(response.status)) return false;
  const told = await response.json().catch(() => null);
  // Half an answer says nothing; the same key will tell.
  if (response.ok && !told) return false;
  await (response.ok ? settle(item, told) : refuse(item, told, response.status));
  return true;
}

async function post(item, isAgain = false) {
  const body = new FormData();
  item.fields.forEach(([name, value]) => body.append(name, value));
  body.set("csrfmiddlewaretoken", token);
  if (item.file) body.append("files", item.file, item.name);
  const headers = { Accept: "application/json" };
  const signal = AbortSignal.timeout?.(PATIENCE);
  try {
    const response = await fetch(item.url, { method: "POST", body, headers, redirect: "manual", signal });
    return response.status === 403 && !isAgain && (await renew()) ? post(item, true) : response;
  } catch {
    return null;
  }
}

// A page that was kept for days holds a token of another log-in.
async function renew() {
  const response = await fetch(document.body.dataset.token, { redirect: "manual" });
  if (response.type === "opaqueredirect") await notice();
  if (!response.ok) return false;
  const told = await response.json();
  token = told.token;
  return String(told.employee) === employee;
}

// What is typed stays, what is shown may not be read again.
async function notice() {
  isLoggedOut = true;
  await forgetPages();
}

async function settle(item, told) {
  await drop(item);
  if (item.text && same(keptText(item.stop, item.deed)?.values, item.text)) dropText(item.stop, item.deed);
  if (told.version !== undefined) await follow(item, told.version);
  tell("sent", { item, told });
}

// What was written on top of this report, before its answer came, was not written by another phone.
async function follow(item, version) {
  for (const later of await items("waiting", item.stop)) {
    const base = later.fields.find(([name]) => name === "version");
    if (later.deed === "report" && base && base[1] === field(item, "version")) {
      base[1] = String(version);
      await put(later);
    }
  }
}

async function refuse(item, told, status) {
  const faults = Object.values(told?.fields || {}).flat();
  Object.assign(item, {
    state: "refused",
    code: told?.code || "",
    message: [told?.message || `HTTP ${status}`, ...faults].join(" "),
  });
  await put(item);
  tell("refused", { item });
}

export const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
