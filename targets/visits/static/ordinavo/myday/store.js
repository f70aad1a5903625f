// What this phone keeps until the server has it: deeds and photos in IndexedDB, typed text in localStorage.
const STORE = "outbox";
// The server takes nothing for stops that are longer ago.
const LONGEST = 62 * 86_400_000;
export const employee = document.body.dataset.employee;
let opening;

function database() {
  opening ||= new Promise((resolve, reject) => {
    const request = indexedDB.open("myday", 1);
    request.onupgradeneeded = () =>
      request.result.createObjectStore(STORE, { keyPath: "order", autoIncrement: true });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return opening;
}

async function run(mode, work) {
  const transaction = (await database()).transaction(STORE, mode);
  return new Promise((resolve, reject) => {
    const request = work(transaction.objectStore(STORE));
    transaction.oncomplete = () => resolve(request.result);
    transaction.onerror = transaction.onabort = () => reject(transaction.error);
  });
}

const everything = () => run("readonly", (store) => store.getAll()).catch(() => []);

// Somebody else may have used this phone: their things wait until they log in again.
export async function items(state, stop) {
  return (await everything()).filter(
    (item) =>
      item.employee === employee && (!state || item.state === state) && (!stop || item.stop === stop),
  );
}
export const add = (item) => run("readwrite", (store) => store.add({ ...item, employee, savedAt: Date.now() }));
export const put = (item) => run("readwrite", (store) => store.put(item));
export const drop = (item) => run("readwrite", (store) => store.delete(item.order));

const place = (stop, form) => `myday:${employee}:${stop}:${form}`;
export function keepText(stop, form, kept) {
  try {
    localStorage.setItem(place(stop, form), JSON.stringify({ ...kept, savedAt: Date.now() }));
    return true;
  } catch {
    return false;
  }
}
export function keptText(stop, form) {
  try {
    return JSON.parse(localStorage.getItem(place(stop, form)));
  } catch {
    return null;
  }
}
export const dropText = (stop, form) => localStorage.removeItem(place(stop, form));

export async function forgetPages() {
  if (!("caches" in window)) return;
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith("myday-pages")).map((name) => caches.delete(name)));
}

// Only one's own: what somebody else could not send from this phone still waits for them.
export async function forgetAll() {
  for (const item of await items()) await drop(item);
  for (const name of Object.keys(localStorage))
    if (name.startsWith(`myday:${employee}:`)) localStorage.removeItem(name);
  await forgetPages();
}

export async function forgetOld() {
  const oldest = Date.now() - LONGEST;
  for (const item of await everything()) if (item.savedAt < oldest) await drop(item);
  for (const name of Object.keys(localStorage))
    if (name.startsWith("myday:") && JSON.parse(localStorage[name]).savedAt < oldest) localStorage.removeItem(name);
}

export const words = document.getElementById("words").dataset;
export function clock(moment) {
  const isToday = new Date(moment).toDateString() === new Date().toDateString();
  const style = { timeStyle: "short", hourCycle: "h23", ...(isToday ? {} : { dateStyle: "short" }) };
  return new Intl.DateTimeFormat(document.documentElement.lang, style).format(moment);
}
