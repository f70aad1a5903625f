// Puts the bars and ticks of the day in their places, given in percent: the security policy takes no style attributes.
"use strict";
document.querySelectorAll(".ord-days [data-left]").forEach((one) => {
  one.style.left = `${one.dataset.left}%`;
  if (one.dataset.width) one.style.width = `${one.dataset.width}%`;
});
