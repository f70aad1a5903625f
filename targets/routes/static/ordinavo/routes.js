// The map of a route suggestion, drawn from the data in the page. Texts are set as text, never as markup.
(() => {
  const place = document.getElementById("routes-map");
  const ground = JSON.parse(document.getElementById("routes-ground").textContent);
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = L.map(place, { zoomSnap: 0.25, scrollWheelZoom: false, fadeAnimation: !still, zoomAnimation: !still });
  map.attributionControl.setPrefix(false);
  L.control.scale({ imperial: false }).addTo(map);

  function plain(text) {
    const box = document.createElement("span");
    box.textContent = text;
    return box.innerHTML;
  }

  if (ground.tiles) {
    L.tileLayer(ground.tiles, { attribution: plain(ground.attribution), maxZoom: 19 }).addTo(map);
  } else {
    place.classList.add("ord-plain");
  }

  function pin(at, label, kind, colour, text, row) {
    const icon = L.divIcon({ className: `ord-pin ${kind}`, html: plain(label), iconSize: [24, 24] });
    const marker = L.marker(at, { icon, title: text, alt: text, riseOnHover: true });
    const said = document.createElement("div");
    said.textContent = text;
    if (row) {
      const link = document.createElement("a");
      link.href = `#${row}`;
      link.textContent = "See it in the table";
      said.append(document.createElement("br"), link);
    }
    marker.bindPopup(said);
    marker.on("add", () => {
      const drawn = marker.getElement();
      if (colour) drawn.style.backgroundColor = colour;
      drawn.setAttribute("aria-label", text);
    });
    return marker;
  }

  const whole = L.featureGroup();
  const layers = new Map();
  ground.routes.forEach((route) => {
    const layer = L.featureGroup([L.polyline(route.line, { color: route.colour, weight: 3, opacity: 0.8 })]);
    if (route.start) {
      pin(route.start, "⌂", "ord-pin-start", route.colour, `${route.name}: start`).addTo(layer);
    }
    route.stops.forEach((stop) => {
      const kind = stop.broken ? "ord-pin-broken" : "";
      pin(stop.at, stop.label, kind, route.colour, `${route.name}, ${stop.label}: ${stop.text}`, stop.row).addTo(layer);
    });
    layers.set(String(route.number), layer);
    layer.addTo(whole);
  });
  const left = L.featureGroup(ground.left.map((one) => pin(one.at, "×", "ord-pin-left", "", one.text, one.row)));
  layers.set("left", left);
  whole.addTo(map);
  left.addTo(map);
  function fit(layer) {
    // Where no place is known there are no bounds.
    const bounds = layer.getBounds();
    if (bounds.isValid()) map.fitBounds(bounds, { padding: [28, 28], maxZoom: 15 });
  }
  // What was left out may lie anywhere on earth: the routes come first.
  const first = ground.routes.length ? whole : left;
  fit(first);

  function fade(layer, isFaint) {
    layer.eachLayer((one) => one.getElement()?.classList.toggle("ord-faint", isFaint));
  }

  // A button shows its route, or what was left out, alone, and all again when it is pressed once more.
  const buttons = document.querySelectorAll("[data-route]");
  buttons.forEach((button) => {
    button.addEventListener("click", () => {
      const isChosen = button.getAttribute("aria-pressed") !== "true";
      buttons.forEach((other) => other.setAttribute("aria-pressed", String(other === button && isChosen)));
      layers.forEach((layer, number) => fade(layer, isChosen && number !== button.dataset.route));
      fit(isChosen ? layers.get(button.dataset.route) : first);
    });
  });
})();
