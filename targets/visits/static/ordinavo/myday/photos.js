// Makes photos small before they travel; a drawn picture has lost what the camera wrote into it, its place too.
import { add, drop, items, words } from "./store.js";
import { newKey } from "./outbox.js";

const EDGE = 1600;
const THUMB = 128;
const QUALITY = 0.82;

async function drawn(file, edge) {
  const bitmap = await createImageBitmap(file);
  const scale = Math.min(1, edge / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  return canvas;
}

// What this browser can't draw goes as it is; the server looks at it.
async function small(file) {
  if (!file.type.startsWith("image/")) return [file, file.name];
  try {
    const canvas = await drawn(file, EDGE);
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
    return blob ? [blob, `${file.name.replace(/\.\w+$/, "")}.jpg`] : [file, file.name];
  } catch {
    return [file, file.name];
  }
}

export async function hold(input, stop) {
  const form = input.form;
  for (const file of [...input.files]) {
    const [blob, name] = await small(file);
    await add({
      stop: stop.id,
      title: stop.title,
      deed: "files",
      form: form.dataset.deed,
      url: stop.files,
      fields: [["key", newKey()]],
      file: blob,
      name,
      state: "held",
    });
  }
  input.value = "";
  await showHeld(form, stop);
}

const held = async (form, stop) =>
  (await items("held", stop.id)).filter((item) => item.form === form.dataset.deed);

// They are numbered anew: before a report, behind a problem, which opens the report they belong to.
export async function release(form, stop, at) {
  const found = await held(form, stop);
  for (const item of found) {
    const { order, ...rest } = item;
    await drop({ order });
    await add({ ...rest, fields: [...rest.fields, ["at", at]], state: "waiting" });
  }
  await showHeld(form, stop);
  return found.length > 0;
}

export async function showHeld(form, stop) {
  const list = form.querySelector("[data-held]");
  if (!list) return;
  const found = await held(form, stop);
  list.replaceChildren(...(await Promise.all(found.map((item) => shown(item, form, stop)))));
  list.hidden = !found.length;
}

async function shown(item, form, stop) {
  const element = document.createElement("li");
  const canvas = await drawn(item.file, THUMB).catch(() => null);
  if (canvas) element.append(canvas);
  element.append(item.name);
  const button = Object.assign(document.createElement("button"), { type: "button", className: "second" });
  button.textContent = words.remove;
  button.setAttribute("aria-label", `${words.remove} ${item.name}`);
  button.addEventListener("click", async () => {
    await drop(item);
    await showHeld(form, stop);
    form.querySelector("[data-photos]").focus();
  });
  element.append(button);
  return element;
}
