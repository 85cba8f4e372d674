// Which view is shown, the comparison, the overview, theme and printing.

function overviewView() {
  const longest = people.map((_, i) => i).filter((i) => people[i].path.length).sort((a, b) => people[b].path.length - people[a].path.length || a - b).slice(0, 3);
  const idle = people.filter((p) => p.idle).length;
  const go = (href, title, text) => h("li", {}, h("a.card", { href }, h("strong", {}, title), h("span", {}, text)));
  return [
    h("h2", {}, "Overview"),
    data.alerts.map((text) => h("p.alert", { role: "note" }, text)),
    h("section.card", {}, facts(data.summary)),
    longest.length > 0 && h("section.sample", {}, h("h3", {}, "Rising steps"),
      h("p", {}, "Each placement is drawn as high as it is difficult, from the start of the horizon to its end."),
      h("div.legend", {}, stagesLegend()),
      h("div.large", {}, longest.map((i, n) => [h("p.who", {}, personLink(i)), steps(people[i], people[i].path), n === longest.length - 1 && axis()]))),
    h("h3", {}, "Where to look"),
    h("ul.ways.plain", {},
      go("#board", "Board", plural(people.length, "person", "people") + ", period by period"),
      idle > 0 ? go("#idle", "Not placed", plural(idle, "person has", "people have") + " time without a placement, and why") : null,
      go("#rules", "Scorecard", "what each rule cost, and whom"),
      go("#burden", "Burden", "who bears most"),
      data.against ? go("#compare", "Comparison", data.against.head) : null),
    h("p.dim", {}, "The numbers are the audit's, recomputed from the placements; what is said of the proof is the plan file's claim, which ", h("code", {}, "rungs check --bound"), " recomputes. ",
      "Why not otherwise is answered by solving again: ", h("code", {}, "rungs explain why"), "."),
  ];
}

function compareView() {
  const before = data.against;
  const [head, ...rest] = before.told;
  const row = ([id, [ma, mb, ca, cb], difference]) => h("tr", {}, h("th", { scope: "row" }, id), [ma, mb, ca, cb].map((x) => h("td", {}, x)),
    h("td", {}, h(difference.startsWith("+") ? "span.worse" : difference.startsWith("−") ? "span.better" : "span", {}, difference)));
  const card = ({ who, path, lost }) => h("li.card", {}, h("h3", {}, personLink(who), h("small", {}, " ", bdi(data.cohorts[people[who].cohort].name))),
    h("div.pair", {}, h("span", {}, "before"), path.length ? steps({}, path, people[who].path) : h("p.nothing", {}, "no placement"), h("span", {}, "now"),
      people[who].path.length ? steps(people[who], people[who].path, path) : h("p.nothing", {}, "no placement")),
    lost.length > 0 && h("p", {}, "Before, and not to be drawn here: " + lost.join("; ")));
  const said = status();
  const body = h("div");
  const show = () => {
    const keep = new Set(filtered());
    const list = before.changed.filter((b) => keep.has(b.who));
    said.textContent = `${list.length} of ${plural(before.changed.length, "person", "people")} with other placements`;
    body.replaceChildren(...[some(list, card, 40, h("ul.plain"))].flat());
  };
  show();
  return [
    h("h2", {}, "Comparison"),
    h("p.lead", {}, "This plan against the other one (", bdi(before.name), "), which is called before."),
    h("p", {}, h("strong", {}, head), ". ", rest.join(" ")),
    before.rules.length ? h("div.wide-table", { tabindex: "0", role: "region", "aria-label": "Rule by rule" }, h("table", {}, h("caption.hidden", {}, "Rule by rule"),
      h("thead", {}, h("tr", {}, ["Rule", "Measure before", "now", "Points before", "now", "Difference"].map((x) => h("th", { scope: "col" }, x)))),
      h("tbody", {}, before.rules.map(row)))) : h("p", {}, "Every rule measures the same in both."),
    h("h3", {}, before.head),
    before.changed.length > 0 && [filters(show, false), h("div.legend", {}, stagesLegend(), h("span.key", {}, h("i.swatch.fresh"), "not in the other plan")), said, h("div.scale.pair", {}, h("span"), axis()), body],
    before.joined.length > 0 && h("p", {}, "Only in this plan: ", before.joined.map((i, n) => [n ? ", " : "", personLink(i)])),
    before.left.length > 0 && [h("h3", {}, "Only in the plan before"), h("ul", {}, before.left.map(([name, path]) => h("li", {}, bdi(name), path.length ? ": " + path.join("; ") : "")))],
  ];
}

const VIEWS = [
  ["overview", "Overview", overviewView, true],
  ["board", "Board", boardView, true],
  ["sites", "Sites", sitesView, data.positions.length > 0],
  ["mentors", "Mentors", mentorsView, data.mentors.length > 0],
  ["cohorts", "Cohorts", cohortsView, true],
  ["moves", "Moves", movesView, true],
  ["rules", "Scorecard", rulesView, true],
  ["burden", "Burden", burdenView, true],
  ["idle", "Not placed", idleView, true],
  ["compare", "Comparison", compareView, Boolean(data.against)],
].filter(([, , , there]) => there);

const main = document.getElementById("main");
const byId = new Map(people.map((p, i) => [p.id, i]));

function decoded(text) {
  try { return decodeURIComponent(text); } catch { return text; }
}

function show(first) {
  const hash = location.hash.slice(1);
  if (hash === "main") return main.focus();
  const person = hash.startsWith("person/") ? byId.get(decoded(hash.slice(7))) : undefined;
  const view = VIEWS.find(([id]) => id === hash) || VIEWS[0];
  const [id, title] = person === undefined ? view : ["person", people[person].name];
  main.className = "view-" + id;
  main.replaceChildren(...[person === undefined ? view[2]() : personView(person)].flat(4).filter(Boolean));
  for (const link of document.querySelectorAll("#views a")) {
    if (link.hash === "#" + id) {
      link.setAttribute("aria-current", "page");
      link.scrollIntoView({ block: "nearest", inline: "center" });
    } else link.removeAttribute("aria-current");
  }
  document.title = `${title}: ${data.name}`;
  scrollTo(0, 0);
  const heading = main.querySelector("h2");
  heading.tabIndex = -1;
  if (!first) heading.focus({ preventScroll: true });
}

const THEMES = ["", "light", "dark"];
function theme(name) {
  if (name) document.documentElement.dataset.theme = name;
  else delete document.documentElement.dataset.theme;
  document.getElementById("theme").textContent = name ? `Theme: ${name}` : "Theme: system";
}
// Where a page may not remember anything, the system's theme is as good.
function remembered(value) {
  try {
    if (value === undefined) return localStorage.getItem("rungs-theme") || "";
    localStorage.setItem("rungs-theme", value);
  } catch { /* not allowed */ }
  return "";
}
let themeNow = THEMES.includes(remembered()) ? remembered() : "";
document.getElementById("theme").addEventListener("click", () => {
  themeNow = THEMES[(THEMES.indexOf(themeNow) + 1) % THEMES.length];
  theme(themeNow);
  remembered(themeNow);
});
theme(themeNow);

document.documentElement.style.setProperty("--periods", count);
document.getElementById("name").textContent = data.name;
document.getElementById("horizon").textContent = data.horizon;
document.getElementById("print").addEventListener("click", () => print());
document.getElementById("skip").addEventListener("click", (e) => { e.preventDefault(); main.focus(); });
document.getElementById("views").append(...VIEWS.map(([id, title]) => h("li", {}, h("a", { href: "#" + id }, title))));
document.addEventListener("keydown", (e) => {
  if (e.key !== "/" || e.ctrlKey || e.metaKey || e.altKey || e.target.matches("input, select, textarea")) return;
  const search = document.getElementById("search");
  if (search) { e.preventDefault(); search.focus(); }
});
addEventListener("hashchange", () => show(false));
show(true);
