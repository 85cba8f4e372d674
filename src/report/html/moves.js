// Moves: a map where all sites have coordinates, else a ring of sites.

function movesView() {
  const title = [h("h2", {}, "Moves")];
  if (!data.routes.length) return [title, h("p.nothing", {}, "Nobody moves.")];
  const ends = (route) => [route.from, route.to].filter((x) => x !== null);
  const sites = [...new Set(data.routes.flatMap(ends))].sort((a, b) => a - b);
  const onMap = sites.length > 1 && sites.every((i) => data.sites[i].at);
  const picture = onMap ? maps(sites) : ring(sites);
  const name = (i) => (i === null ? h("em", {}, "home") : bdi(data.sites[i].name));
  const row = (route) => h("details.route", { ontoggle: (e) => picture.mark(e.target.open ? route : null) },
    h("summary", {}, h("span.way", {}, name(route.from), h("span", { "aria-hidden": "true" }, " → "), h("span.hidden", {}, " to "), name(route.to)),
      h("span.much", {}, route.words), h("span.much.cost", {}, route.cost)),
    h("ul.people", {}, route.who.map(([i, when]) => h("li", {}, personLink(i), h("small", {}, " " + when)))));
  const list = h("div.routes");
  const moves = data.summary.findIndex(([label]) => label === "Moves");
  const after = data.summary.findIndex(([label], i) => i > moves && label);
  return [
    title,
    h("p.lead", {}, "Who goes where. The thicker a line, the more people; lines bend to the right of the way they go."),
    moves >= 0 && facts(data.summary.slice(moves, after < 0 ? undefined : after)),
    picture.element,
    h("h3", {}, "Routes"),
    some(data.routes, row, 30, list),
  ];
}

/** A line from one place to another that bends to the right. */
function bend(a, b) {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  return `M${a.x} ${a.y}Q${(a.x + b.x) / 2 - dy * 0.18} ${(a.y + b.y) / 2 + dx * 0.18} ${b.x} ${b.y}`;
}

/** Lines, dots and names, at a size of `unit` for a pixel; names that would lie on others are left out. */
function drawMoves(places, unit, inside) {
  const most = Math.max(...data.routes.map((r) => r.moves));
  const lines = data.routes.filter((r) => r.from !== null && places.has(r.from)).map((route) => {
    const path = s("path", { class: "line", d: bend(places.get(route.from), places.get(route.to)), fill: "none",
      "stroke-width": (1 + 5 * Math.sqrt(route.moves / most)) * unit, "stroke-opacity": 0.25 + 0.5 * (route.moves / most) },
      s("title", {}, document.createTextNode(`${data.sites[route.from].name} → ${data.sites[route.to].name}: ${route.words}`)));
    path.route = route;
    return path;
  });
  const traffic = new Map([...places.keys()].map((i) => [i, 0]));
  for (const r of data.routes) for (const end of [r.from, r.to]) if (traffic.has(end)) traffic.set(end, traffic.get(end) + r.moves);
  const busiest = Math.max(...traffic.values());
  const taken = [];
  const [dots, names] = [[], []];
  for (const [i, n] of [...traffic].sort((a, b) => b[1] - a[1] || a[0] - b[0])) {
    const { x, y } = places.get(i);
    const r = (3 + 5 * Math.sqrt(n / busiest)) * unit;
    dots.push(s("circle", { class: "dot", cx: x, cy: y, r, "stroke-width": 1.5 * unit }, s("title", {}, document.createTextNode(`${data.sites[i].name}: ${plural(n, "move", "moves")} from or to`))));
    if (!inside(x, y)) continue;
    const text = data.sites[i].name.length > 28 ? data.sites[i].name.slice(0, 27) + "…" : data.sites[i].name;
    const wide = text.length * 6.4 * unit;
    for (const [anchor, left, drop] of [["start", x + r + 3 * unit, 4], ["end", x - r - 3 * unit - wide, 4], ["middle", x - wide / 2, -9 - r / unit], ["middle", x - wide / 2, 15 + r / unit], ["start", x, -9 - r / unit], ["start", x, 15 + r / unit], ["end", x - wide, -9 - r / unit], ["end", x - wide, 15 + r / unit]]) {
      const box = { l: left, r: left + wide, t: y + (drop - 11) * unit, b: y + (drop + 3) * unit };
      if (taken.some((o) => box.l < o.r && o.l < box.r && box.t < o.b && o.t < box.b) || !inside(box.l, y) || !inside(box.r, y)) continue;
      taken.push(box);
      names.push(s("text", { class: "place", x: anchor === "start" ? left : anchor === "end" ? left + wide : x, y: y + drop * unit,
        "text-anchor": anchor, "font-size": 12 * unit, "stroke-width": 3.5 * unit }, document.createTextNode(text)));
      break;
    }
    taken.push({ l: x - r, r: x + r, t: y - r, b: y + r });
  }
  return [...lines, ...dots, ...names];
}

/** Marks a route among the lines, or none. */
function marker(group) {
  return (route) => {
    for (const line of group.querySelectorAll(".line")) {
      line.classList.toggle("on", Boolean(route) && line.route === route);
      line.classList.toggle("off", Boolean(route) && line.route !== route);
    }
  };
}

/** Sites that moves join, directly or through others, the busiest group first. */
function together(sites) {
  const group = new Map(sites.map((i) => [i, i]));
  const root = (i) => { while (group.get(i) !== i) i = group.get(i); return i; };
  for (const r of data.routes) if (r.from !== null) group.set(root(r.from), root(r.to));
  const groups = new Map();
  for (const i of sites) groups.set(root(i), [...(groups.get(root(i)) || []), i]);
  const busy = (list) => data.routes.reduce((n, r) => n + (list.includes(r.to) ? r.moves : 0), 0);
  return [...groups.values()].sort((a, b) => busy(b) - busy(a) || a[0] - b[0]);
}

/** A map for each group of sites between which people move; beyond six groups the last holds the rest. */
function maps(sites) {
  const groups = together(sites);
  const shown = groups.length > 6 ? [...groups.slice(0, 5), groups.slice(5).flat()] : groups;
  const parts = shown.map(map);
  return { element: h("div.maps", {}, parts.map((part) => part.element)), mark: (route) => parts.forEach((part) => part.mark(route)) };
}

/** A map, in tenths of degrees, narrowed by the cosine of the middle latitude. */
function map(sites) {
  const mid = (list) => (Math.min(...list) + Math.max(...list)) / 2;
  const narrow = Math.max(0.3, Math.cos((mid(sites.map((i) => data.sites[i].at[0])) * Math.PI) / 180));
  const places = new Map(sites.map((i) => [i, { x: data.sites[i].at[1] * 10 * narrow, y: -data.sites[i].at[0] * 10 }]));
  const land = s("path", { class: "land", d: document.getElementById("land").content.textContent, transform: `scale(${narrow} 1)`, "vector-effect": "non-scaling-stroke" });
  const group = s("g", {});
  const svg = s("svg", { class: "map", role: "img", "aria-label": "Map of moves; the list of routes below says the same in words" }, land, group);
  let view;
  const ratio = () => (svg.clientWidth || 900) / (svg.clientHeight || 460);
  const draw = () => {
    const high = view.w / ratio();
    svg.setAttribute("viewBox", `${view.x - view.w / 2} ${view.y - high / 2} ${view.w} ${high}`);
    const inside = (x, y) => Math.abs(x - view.x) < view.w / 2 && Math.abs(y - view.y) < high / 2;
    group.replaceChildren(...drawMoves(places, view.w / (svg.clientWidth || 900), inside));
  };
  const fit = (list) => {
    const xs = list.map((i) => places.get(i).x);
    const ys = list.map((i) => places.get(i).y);
    const wide = Math.max(...xs) - Math.min(...xs);
    const high = (Math.max(...ys) - Math.min(...ys)) * ratio();
    view = { x: mid(xs), y: mid(ys), w: Math.max(20, wide * 1.45, high * 1.3) };
    draw();
  };
  const zoom = (by) => () => { view.w = Math.min(3600, Math.max(2, view.w * by)); draw(); };
  let held = null;
  svg.addEventListener("pointerdown", (e) => { held = { x: e.clientX, y: e.clientY }; svg.setPointerCapture(e.pointerId); });
  svg.addEventListener("pointerup", () => { held = null; });
  svg.addEventListener("pointercancel", () => { held = null; });
  svg.addEventListener("pointermove", (e) => {
    if (!held) return;
    const unit = view.w / svg.clientWidth;
    view.x -= (e.clientX - held.x) * unit;
    view.y -= (e.clientY - held.y) * unit;
    held = { x: e.clientX, y: e.clientY };
    draw();
  });
  // Its size is known only once it stands in the page.
  new ResizeObserver(() => (view ? draw() : fit(sites))).observe(svg);
  const values = (key) => [...new Set(sites.map((i) => data.sites[i][key]).filter(Boolean))].sort();
  const parts = [["", "All sites"], ...["country", "region"].flatMap((key) => values(key).map((value) => [key + ":" + value, value]))];
  const choose = (e) => {
    const [key, ...value] = e.target.value.split(":");
    fit(key ? sites.filter((i) => data.sites[i][key] === value.join(":")) : sites);
  };
  const button = (text, name, press) => h("button", { type: "button", onclick: press, "aria-label": name }, text);
  const element = h("figure.moves", {}, h("div.zoom", {}, sites.length > 12 && parts.length > 2 && h("select", { "aria-label": "Part of the map", onchange: choose },
    parts.map(([value, text]) => h("option", { value }, text))), button("+", "Zoom in", zoom(0.6)), button("−", "Zoom out", zoom(1 / 0.6)), button("⤢", "All of it", () => fit(sites))), svg);
  return { element, mark: marker(group) };
}

/** Sites around a ring, by country and region. */
function ring(sites) {
  const key = (i) => [data.sites[i].country, data.sites[i].region, data.sites[i].name].join("\n");
  const order = [...sites].sort((a, b) => key(a).localeCompare(key(b)));
  const places = new Map(order.map((i, at) => {
    const angle = (2 * Math.PI * at) / order.length - Math.PI / 2;
    return [i, { x: 300 * Math.cos(angle), y: 200 * Math.sin(angle) }];
  }));
  const group = s("g", {});
  const svg = s("svg", { class: "map ring", viewBox: "-470 -250 940 500", role: "img", "aria-label": "Moves between sites; the list of routes below says the same in words" }, group);
  // Names keep their size where the ring is small.
  const unit = () => Math.max(940 / (svg.clientWidth || 940), 500 / (svg.clientHeight || 500));
  new ResizeObserver(() => group.replaceChildren(...drawMoves(places, unit(), (x) => Math.abs(x) < 470))).observe(svg);
  return { element: h("figure.moves", {}, h("p.status", {}, "Not all sites have coordinates: they stand around a ring."), svg), mark: marker(group) };
}
