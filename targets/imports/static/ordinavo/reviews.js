// The review desk with one hand: 1 to 5 link, N creates, S skips, U leads to taking the last decision back. Keys do
// what the buttons do that carry them; they are left alone while somebody writes or holds another key down.
"use strict";
const WRITING = "input, textarea, select, [contenteditable]";
let done = false;

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || done) return;
  if (event.target.matches && event.target.matches(WRITING)) return;
  const key = event.key.toLowerCase();
  if (!/^[1-5nsu]$/.test(key)) return;
  const button = document.querySelector(`[data-key="${key}"]`);
  if (!button) return;
  event.preventDefault();
  done = true;
  button.click();
});

// Two clicks are one answer. What is left by going back in the browser's history works again.
document.addEventListener("submit", (event) => {
  if (event.target.method !== "post") return;
  if (event.target.dataset.sent) event.preventDefault();
  event.target.dataset.sent = "yes";
});
window.addEventListener("pageshow", () => {
  done = false;
  document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
});

// A page that came after an answer is read from the record on, and the button that confirms is at hand.
document.addEventListener("DOMContentLoaded", () => {
  const first = document.querySelector("[data-first]") || document.querySelector("[data-deciding] #review-name");
  if (first && !new URLSearchParams(location.search).has("q")) first.focus({ preventScroll: true });
});
