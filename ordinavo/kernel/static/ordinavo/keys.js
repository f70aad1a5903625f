// unfold opens its sidebar, filters and menus by clicks on plain elements. This gives them what a keyboard and a
// screen reader need: focus, a role, a name, and Enter and Space as clicks.
"use strict";
const CLICKABLE = "span[x-on\\:click], div[x-on\\:click], a[x-on\\:click]:not([href])";
const NAMES = { dock_to_right: "Show or hide the sidebar", close: "Close", unfold_more: "Open menu" };

function reach(element) {
  element.setAttribute("role", "button");
  element.setAttribute("tabindex", "0");
  const icon = element.textContent.trim();
  if (NAMES[icon]) element.setAttribute("aria-label", NAMES[icon]);
}

document.addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll(CLICKABLE).forEach(reach);
  document.querySelectorAll("input[placeholder]:not([aria-label])").forEach((input) => {
    if (!input.labels || !input.labels.length) input.setAttribute("aria-label", input.placeholder);
  });
});
// The page is hidden until Alpine has begun: browsers may have given up by then what was to have the focus.
window.addEventListener("load", () => {
  if (document.activeElement === document.body) document.querySelector("[autofocus]")?.focus();
});
document.addEventListener("keydown", (event) => {
  const element = event.target;
  if (!element.matches || !element.matches(CLICKABLE) || !["Enter", " "].includes(event.key)) return;
  event.preventDefault();
  element.click();
});
