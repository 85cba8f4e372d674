// A person's page: what, where, when, with whom, why this, and what was traded off. It prints on one sheet.

/** Others at the same site at the same time. */
function nearby(i, stay) {
  const site = data.positions[stay.position].site;
  const near = [];
  people.forEach((other, o) => {
    if (o !== i && other.path.some((x) => data.positions[x.position].site === site && x.from < stay.until && stay.from < x.until)) near.push(o);
  });
  // Those of the same cohort first.
  return near.sort((a, b) => (people[b].cohort === people[i].cohort) - (people[a].cohort === people[i].cohort) || a - b);
}

function placementCard(i, stay) {
  const q = data.positions[stay.position];
  const site = data.sites[q.site];
  const near = nearby(i, stay);
  return h("li.placement", { style: { "--c": stageColour(q.stage) } },
    h("div.what", {}, h("h4", {}, bdi(q.role)), h("p", {}, bdi(site.name), site.country && h("span.dim", {}, ", ", bdi(site.country)))),
    h("dl", {},
      h("div", {}, h("dt", {}, "When"), h("dd", {}, stay.when, h("small", {}, ` ${stay.first_day} to ${stay.last_day}`))),
      h("div", {}, h("dt", {}, "Difficulty"), h("dd", {}, q.level, h("small", {}, stay.step ? ` step ${stay.step}` : " goes on", " · ", bdi(data.stages[q.stage])))),
      stay.moving && h("div", {}, h("dt", {}, "Move"), h("dd", {}, stay.moving)),
      h("div", {}, h("dt", {}, "With"), h("dd", {},
        (stay.mentors || []).map(([m, when], n) => [n ? ", " : h("small", {}, stay.mentors.length > 1 ? "mentors " : "mentor "), bdi(data.mentors[m].name), when !== stay.when && h("small", {}, ` ${when}`)]),
        near.length > 0 && h("small.near", {}, stay.mentors ? h("br") : "", "also there: ", near.slice(0, 4).map((o, n) => [n ? ", " : "", personLink(o)]), near.length > 4 && ` and ${near.length - 4} more`),
        !stay.mentors && !near.length && "nobody else of the programme"))),
    h("ul.why", { "aria-label": "Why this" }, stay.why.map((text) => h("li", {}, text))));
}

/** How someone's burden stands among their cohort's. */
function standing(i) {
  const p = people[i];
  if (!p.burden) return null;
  const peers = people.filter((o) => o.cohort === p.cohort && o.burden);
  const more = peers.filter((o) => o.burden[0] > p.burden[0]).length;
  const place = more === 0 ? (p.burden[0] > 0 ? "none bears more" : "the least there can be") : `${plural(more, "person bears", "people bear")} more`;
  return `Burden ${p.burden[1]} ${data.burden.unit}; of the ${plural(peers.length, "person", "people")} in ${data.cohorts[p.cohort].name} ${place}.`;
}

/** By how much the page of someone must shrink to fit on a sheet: from lines of print, counted roughly. */
function fit(i, costs) {
  const p = people[i];
  const lines = (text, wide) => Math.ceil(text.length / wide);
  const placed = p.path.reduce((n, stay) => n + 1 + Math.max(5, stay.why.reduce((w, text) => w + lines(text, 55), 0)), 0);
  const traded = costs.slice(0, TRADES).reduce((n, [, f]) => n + lines(f.words, 50), 0) / 2;
  const idle = (p.idle || []).reduce((n, gap) => n + lines(gap.reasons.join("; "), 120) + 1, 0);
  const needed = 26 + placed + traded + idle + (changedPeople.has(i) ? 12 + p.path.length : 0);
  return Math.max(0.5, Math.min(1, (62 / needed) ** 0.6));
}

/** So many trade-offs are printed. */
const TRADES = 16;

function personView(i) {
  const p = people[i];
  const found = findingsOf(i).filter(([, f]) => f.cost !== undefined || f.broken);
  const free = found.filter(([, f]) => f.cost === "0" && !f.broken);
  const costs = found.filter((row) => !free.includes(row));
  const before = changedPeople.get(i);
  main.style.setProperty("--fit", fit(i, costs).toFixed(3));
  const order = filtered();
  const at = order.indexOf(i);
  const beside = (n, text, rel) => (order[n] !== undefined && at >= 0 ? h("a", { href: personHash(order[n]), rel }, text) : null);
  return [
    h("div.person-head", {},
      h("h2", {}, bdi(p.name)),
      h("p", {}, bdi(data.cohorts[p.cohort].name), ", ", bdi(data.cohorts[p.cohort].track), p.target && [" · developed for ", bdi(p.target)], p.home && [" · home: ", bdi(p.home)]),
      h("nav.beside-links", { "aria-label": "People" }, beside(at - 1, "‹ Previous", "prev"), beside(at + 1, "Next ›", "next"), h("a", { href: "#board" }, "Board"))),
    h("div.large", {}, axis(), steps(p, p.path)),
    h("div.legend", {}, stagesLegend()),
    p.path.length ? [h("h3", {}, "Placements, and why these"), h("ol.placements", {}, p.path.map((stay) => placementCard(i, stay)))]
      : h("p.nothing", {}, p.placed === "outside" ? "Not in the programme in this horizon." : "No placement."),
    p.idle && [h("h3", {}, "Without a placement"), p.idle.map((gap) => h("p.gap-line", {}, h("strong", {}, gap.when), ` (${gap.long})`, gap.reasons.length ? ": " + gap.reasons.join("; ") : ""))],
    h("h3", {}, "What was traded off"),
    costs.length
      ? [h("ul.findings.trades", {}, costs.map(([rule, f]) => h("li", {}, h("span.amount", {}, f.broken && f.cost === undefined ? "broken" : `${f.cost} pt`), h("span", {}, h("a.rule-name", { href: "#rules" }, rule.id), " ", without(f.words, i))))),
        costs.length > TRADES && h("p.on-paper", {}, `And ${costs.length - TRADES} more, which cost less.`)]
      : h("p", {}, "Nothing: no rule counts anything on this path."),
    h("p.sum", {}, `Rules that are read from one path count ${p.points} points on this one. `, standing(i)),
    before && [h("h3", {}, `Before (${data.against.name})`), h("div.large.before", {}, steps({}, before.path, p.path)),
      h("ul", {}, before.path.map((b) => h("li", {}, `${data.positions[b.position].role} at ${siteOf(b.position).name}, ${b.when}`, b.kept && h("small", {}, " unchanged"))), before.lost.map((text) => h("li", {}, text)))],
  ];
}
