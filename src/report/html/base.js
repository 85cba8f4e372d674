"use strict";
// What every view needs: the data, making elements, names, filters. Names and sentences come in as text and stay text.

const data = JSON.parse(document.getElementById("data").textContent);
const people = data.people;
const count = data.periods.length;

/** An element: its tag (with classes after dots), attributes and listeners, children. */
function h(tag, attributes, ...children) {
  const [name, ...classes] = tag.split(".");
  const element = document.createElement(name);
  if (classes.length) element.className = classes.join(" ");
  for (const [key, value] of Object.entries(attributes || {})) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (key === "style") for (const [k, v] of Object.entries(value)) element.style.setProperty(k, v);
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.flat(4).filter((c) => c !== undefined && c !== null && c !== false));
  return element;
}

/** The same in SVG. */
function s(tag, attributes, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [key, value] of Object.entries(attributes || {})) if (value !== undefined) element.setAttribute(key, value);
  element.append(...children.flat());
  return element;
}

/** A name, apart from the direction of what is around it. */
const bdi = (text) => h("bdi", {}, text);
const personHash = (i) => "#person/" + encodeURIComponent(people[i].id);
const personLink = (i) => h("a", { href: personHash(i) }, bdi(people[i].name));
const siteOf = (q) => data.sites[data.positions[q].site];
const stageColour = (i) => `var(--stage-${i})`;
const pieces = (said) => said.map(([text, tone], i) => [i ? " " : "", tone ? h("span." + tone, {}, text) : text]);
const plural = (n, one, many) => `${n.toLocaleString("en")} ${n === 1 ? one : many}`;

/** Lines of a label and what is said of it; lines without a label go on with the one before. */
function facts(lines) {
  const list = h("dl.facts");
  for (const [label, said] of lines) {
    if (label) list.append(h("div", {}, h("dt", {}, label), h("dd", {}, pieces(said))));
    else list.lastChild.append(h("dd", {}, pieces(said)));
  }
  return list;
}

/** Text for searching: no accents, no capitals. */
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** All that a person can be found by. */
const haystacks = [];
function haystack(i) {
  if (haystacks[i] === undefined) {
    const p = people[i];
    const words = [p.name, p.id, p.target || "", p.home || "", data.cohorts[p.cohort].name];
    for (const stay of p.path) {
      words.push(data.positions[stay.position].role, siteOf(stay.position).name);
      for (const [m] of stay.mentors || []) words.push(data.mentors[m].name);
    }
    haystacks[i] = plain(words.join("\n"));
  }
  return haystacks[i];
}

/** What is chosen; it stays while one goes from view to view. */
const chosen = { words: "", cohort: "", stage: "", site: "", who: "", order: "cohort" };
const changedPeople = new Map((data.against ? data.against.changed : []).map((row) => [row.who, row]));
const whoChoices = [
  ["", "Everyone", () => true],
  ["idle", "With idle time", (p) => Boolean(p.idle)],
  ["none", "Not placed at all", (p) => p.placed === "none"],
  ["moves", "Who move", (p) => p.path.some((stay) => stay.moving)],
  ["pinned", "With a pin", (p) => p.path.some((stay) => stay.pinned)],
  ...(data.against ? [["changed", "With other placements than before", (_, i) => changedPeople.has(i)]] : []),
];

/** Whom the filters leave, in the order that is chosen. */
function filtered() {
  const words = plain(chosen.words).split(/\s+/).filter(Boolean);
  const who = whoChoices.find(([key]) => key === chosen.who)[2];
  const at = (stay) =>
    (chosen.stage === "" || data.positions[stay.position].stage === Number(chosen.stage)) &&
    (chosen.site === "" || data.positions[stay.position].site === Number(chosen.site));
  const list = people.map((_, i) => i).filter((i) => {
    const p = people[i];
    if (chosen.cohort !== "" && p.cohort !== Number(chosen.cohort)) return false;
    if ((chosen.stage !== "" || chosen.site !== "") && !p.path.some(at)) return false;
    return who(p, i) && words.every((word) => haystack(i).includes(word));
  });
  const burden = (i) => (people[i].burden ? people[i].burden[0] : -1);
  if (chosen.order === "name") list.sort((a, b) => people[a].name.localeCompare(people[b].name) || a - b);
  else if (chosen.order === "burden") list.sort((a, b) => burden(b) - burden(a) || a - b);
  else list.sort((a, b) => people[a].cohort - people[b].cohort || a - b);
  return list;
}

/** The row of filters; `changed` is called when one is. */
function filters(changed, withOrder) {
  let waiting;
  const soon = () => { clearTimeout(waiting); waiting = setTimeout(changed, 120); };
  const search = h("input", { type: "search", id: "search", placeholder: "Name, role, site, mentor", autocomplete: "off",
    oninput: (e) => { chosen.words = e.target.value; soon(); } });
  search.value = chosen.words;
  const select = (key, label, options) => {
    const element = h("select", { id: "filter-" + key, onchange: (e) => { chosen[key] = e.target.value; changed(); } },
      options.map(([value, text]) => h("option", { value }, text)));
    element.value = chosen[key];
    return h("label", {}, h("span", {}, label), element);
  };
  const named = (list, all) => [["", all], ...list.map((name, i) => [String(i), name])];
  const used = new Set(people.flatMap((p) => p.path.map((stay) => data.positions[stay.position].site)));
  const sites = data.sites.map((site, i) => [String(i), site.name]).filter(([i]) => used.has(Number(i)));
  const clear = h("button", { type: "button", onclick: () => {
    Object.assign(chosen, { words: "", cohort: "", stage: "", site: "", who: "" });
    for (const input of form.querySelectorAll("input, select")) input.value = input.id === "filter-order" ? chosen.order : "";
    changed();
    search.focus();
  } }, "Clear");
  const form = h("form.filters", { role: "search", onsubmit: (e) => { e.preventDefault(); changed(); } },
    h("label.wide", {}, h("span", {}, "Search"), search),
    h("button.fold", { type: "button", "aria-expanded": "false", onclick: (e) => e.target.setAttribute("aria-expanded", String(form.classList.toggle("open"))) }, "Filters"),
    data.cohorts.length > 1 && select("cohort", "Cohort", named(data.cohorts.map((c) => c.name), "All cohorts")),
    data.stages.length > 1 && select("stage", "Stage", named(data.stages, "All stages")),
    sites.length > 1 && select("site", "Site", [["", "All sites"], ...sites]),
    select("who", "People", whoChoices),
    withOrder && select("order", "Order", [["cohort", "By cohort"], ["name", "By name"], ["burden", "By burden, most first"]]),
    clear);
  return form;
}

/** A line that says how many are shown, and is read out when it changes. */
const status = () => h("p.status", { role: "status" });

/** One stop for the Tab key in a list of links; the arrow keys go through it. */
function arrows(list, selector) {
  list.addEventListener("keydown", (e) => {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10 }[e.key];
    if ((!step && e.key !== "Home" && e.key !== "End") || e.target.matches("select, input")) return;
    const all = [...list.querySelectorAll(selector)];
    const at = all.indexOf(e.target.closest(selector));
    if (at < 0) return;
    e.preventDefault();
    const to = e.key === "Home" ? 0 : e.key === "End" ? all.length - 1 : Math.min(all.length - 1, Math.max(0, at + step));
    all[at].tabIndex = -1;
    all[to].tabIndex = 0;
    all[to].focus();
  });
}

/** Makes the first of the list's links the one that the Tab key reaches. */
function oneStop(list, selector) {
  list.querySelectorAll(selector).forEach((link, i) => { link.tabIndex = i ? -1 : 0; });
}

/** The first rows of a list, and a button for the rest. */
function some(rows, draw, most, into) {
  into.append(...rows.slice(0, most).map(draw));
  if (rows.length > most) {
    const more = h("button.more", { type: "button", onclick: () => {
      const first = into.children.length;
      more.remove();
      into.append(...rows.slice(most).map(draw));
      const link = into.children[first] && into.children[first].querySelector("a, summary");
      if (link) link.focus();
    } }, `Show all ${rows.length.toLocaleString("en")}`);
    return [into, more];
  }
  return into;
}

/** The periods above a grid: years, and under them short names where there is room. */
function axis() {
  const years = [];
  data.periods.forEach((period, t) => {
    const last = years[years.length - 1];
    if (last && last.year === period.year && period.year) last.until = t + 1;
    else years.push({ year: period.year || period.short, from: t, until: t + 1 });
  });
  const grid = h("div.axis", { "aria-hidden": "true" },
    years.map((y) => h("span.year", { style: { "grid-column": `${y.from + 1} / ${y.until + 1}` } }, y.year)));
  if (count <= 40 && data.periods.some((p) => p.year)) {
    const each = count > 24 ? 3 : 1;
    data.periods.forEach((p, t) => t % each === 0 && grid.append(
      h("span.short", { style: { "grid-column": `${t + 1} / ${Math.min(count, t + each) + 1}` } }, p.short)));
  }
  return grid;
}

const stagesLegend = () => data.stages.map((name, i) => h("span.key", {}, h("i.swatch", { style: { "--c": stageColour(i) } }), bdi(name)));
