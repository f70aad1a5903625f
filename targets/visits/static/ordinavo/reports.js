// Reports by the keyboard: the letters that stand on the buttons, the question's own button in focus, photos large.
"use strict";
(() => {
  const OFF = "ordinavo.report-keys-off";
  const isOff = () => localStorage.getItem(OFF) === "1";

  // Letters alone disturb people who speak to their computer, so they can be switched off.
  const toggle = document.querySelector("[data-keys-switch]");
  const showKeys = () => {
    document.body.classList.toggle("ord-keys-off", isOff());
    if (toggle) toggle.textContent = isOff() ? "Switch the keys A, R, F, I and N on" : "Switch the keys A, R, F, I and N off";
  };
  if (toggle) {
    toggle.hidden = false;
    toggle.addEventListener("click", () => {
      localStorage.setItem(OFF, isOff() ? "0" : "1");
      showKeys();
    });
  }
  showKeys();

  const viewer = document.querySelector("dialog.ord-viewer");
  document.addEventListener("keydown", (event) => {
    if (isOff() || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (event.target.closest("input, textarea, select, [contenteditable]") || (viewer && viewer.open)) return;
    const button = document.querySelector(`a[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
    if (!button) return;
    event.preventDefault();
    button.click();
  });

  // On a page that asks once more: type the reason, or press Enter.
  const form = document.querySelector("form.ord-card");
  if (form && !viewer) {
    const wanted = form.querySelector(".errors textarea, textarea[required], input[type=date]");
    (wanted || form.querySelector("button[type=submit]")).focus();
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape") form.querySelector("a.ord-button-plain").click();
    });
  }

  const photos = [...document.querySelectorAll("a[data-photo]")];
  if (!viewer || !photos.length || !viewer.showModal) return;
  let at = 0;
  const show = (number) => {
    at = (number + photos.length) % photos.length;
    const small = photos[at].querySelector("img");
    const large = viewer.querySelector("img");
    large.src = photos[at].href;
    large.alt = small.alt;
    viewer.querySelector("p").textContent = small.alt;
    viewer.querySelectorAll("[data-step]").forEach((one) => { one.hidden = photos.length < 2; });
  };
  photos.forEach((photo, number) => photo.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    show(number);
    viewer.showModal();
  }));
  viewer.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (event.target === viewer || (button && "close" in button.dataset)) viewer.close();
    else if (button) show(at + Number(button.dataset.step));
  });
  viewer.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step) show(at + step);
  });
  viewer.addEventListener("close", () => photos[at].focus());
})();
