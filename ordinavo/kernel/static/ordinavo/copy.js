// Copies the text of the element that a button names, and says so.
"use strict";
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const source = document.getElementById(button.dataset.copy);
  try {
    await navigator.clipboard.writeText(source.textContent);
    button.textContent = "Copied";
  } catch {
    // Without a secure origin there is no clipboard: select it, so that Ctrl-C works.
    window.getSelection().selectAllChildren(source);
    button.textContent = "Press Ctrl-C";
  }
});
