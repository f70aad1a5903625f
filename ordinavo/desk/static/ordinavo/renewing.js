// Parts of a page that renew themselves: data-renew names the path, data-every the seconds between. Nothing is
// asked for while the page is hidden; without this script the page is as it was when it was loaded.
(() => {
  function at(time) {
    return time.toLocaleTimeString([], { hour12: false });
  }

  function watch(part) {
    const said = document.querySelector(`[data-renew-said="${part.id}"]`);
    const every = Number(part.dataset.every) * 1000;
    let asked = Date.now();

    // Whoever is on a link, or is choosing a day, must not lose their place.
    function replace(text) {
      const held = part.contains(document.activeElement) ? document.activeElement : null;
      if (held && held.matches("input, select, textarea")) {
        return;
      }
      const href = held ? held.getAttribute("href") : null;
      part.innerHTML = text;
      if (href) {
        [...part.querySelectorAll("a[href]")].find((link) => link.getAttribute("href") === href)?.focus();
      }
    }

    async function renew() {
      asked = Date.now();
      try {
        const answer = await fetch(part.dataset.renew, { redirect: "manual", cache: "no-store" });
        if (answer.type === "opaqueredirect" || answer.status === 403) {
          said.textContent = "You are logged out. Load the page anew to log in.";
          return;
        }
        if (!answer.ok) {
          throw new Error(String(answer.status));
        }
        replace(await answer.text());
        said.textContent = "";
      } catch {
        said.textContent = `No answer at ${at(new Date())}. What you see may be old; it is tried again.`;
      }
    }

    function tick() {
      if (!document.hidden && Date.now() - asked >= every) {
        renew();
      }
    }

    setInterval(tick, 1000);
    document.addEventListener("visibilitychange", tick);
  }

  document.querySelectorAll("[data-renew]").forEach(watch);
})();
