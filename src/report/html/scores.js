// The scorecard, burdens, and who is not placed.

/** One finding: what it costs, what it says, whom it is about. */
function finding(found) {
  return h("li", {}, h("span.amount", {}, found.cost !== undefined ? `${found.cost} pt` : found.amount),
    h("span", {}, found.broken && h("strong.bad", {}, "broken: "), found.words, found.who && [" ", found.who.map((i) => h("a.goto", { href: personHash(i), "aria-label": `Page of ${people[i].name}` }, "›"))]));
}

function rulesView() {
  const most = Math.max(...data.rules.map((r) => r.points), 1e-9);
  const row = (rule) => h("details.rule", {},
    h("summary", {},
      h("span.name", {}, h("strong", {}, rule.id), rule.broken && h("span.tag.bad", {}, "broken"), h("small", {}, rule.asks)),
      h("span.mode", {}, rule.mode),
      h("span.measure", {}, rule.measure),
      rule.points > 0 && [h("span.points", {}, rule.cost, h("small", {}, rule.share)),
        h("span.bar", { "aria-hidden": "true" }, h("i", { style: { width: `${(100 * rule.points) / most}%` } }))]),
    h("div.inside", {},
      rule.weight !== "0" && h("p", {}, `${rule.measure} × ${rule.weight} = ${rule.cost} points`),
      rule.found.length ? some(rule.found, finding, 25, h("ul.findings")) : h("p", {}, "Nothing to report: the rule is kept everywhere."),
      h("details.page", {}, h("summary", {}, "About this rule"), rule.page.map((text) => h("p", {}, text)))));
  const paid = data.rules.filter((r) => r.points > 0 || r.broken);
  const free = data.rules.filter((r) => !(r.points > 0 || r.broken));
  const head = h("div.rule.head", { "aria-hidden": "true" }, h("span.name", {}, "Rule"), h("span.mode", {}, "Mode"), h("span.measure", {}, "Measure"), h("span.points", {}, "Points"), h("span.bar"));
  const list = h("div.rules", {}, head, paid.map(row));
  const rest = h("div.rules", {}, free.map(row));
  for (const one of [list, rest]) arrows(one, ".rule > summary");
  const line = (label) => data.summary.filter(([l]) => l === label);
  return [
    h("h2", {}, "Scorecard"),
    h("p.lead", {}, "What each rule measured and what that cost. Open a rule to see whom it touches."),
    facts([...line("Hard rules"), ...line("Cost"), ...line("Proof")]),
    paid.length ? list : h("p.nothing", {}, "No rule costs anything."),
    free.length > 0 && [h("h3", {}, "Kept at no cost"), rest],
  ];
}

/** What makes someone's burden: the findings of the rules that count. */
function burdenOf(i) {
  return findingsOf(i).filter(([rule]) => data.burden.counts.includes(rule.id));
}

/** What is said of a person, without their name before it. */
const without = (words, i) => (words.startsWith(people[i].name + ": ") ? words.slice(people[i].name.length + 2) : words);

let byPerson;
/** The findings about a person, dearest first, with their rules. */
function findingsOf(i) {
  if (!byPerson) {
    byPerson = people.map(() => []);
    for (const rule of data.rules) for (const found of rule.found) for (const p of found.who || []) byPerson[p].push([rule, found]);
  }
  return byPerson[i];
}

/** Round steps for an axis. */
function ticks(most) {
  const rough = most / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].find((m) => m * power >= rough) * power;
  const list = [];
  for (let x = 0; x <= most + step * 0.001; x += step) list.push(Number(x.toPrecision(12)));
  return list;
}

function histogram(list, most, tail) {
  const BINS = 40;
  const bins = Array.from({ length: BINS }, () => []);
  for (const i of list) bins[Math.min(BINS - 1, Math.floor((people[i].burden[0] / most) * BINS))].push(i);
  const tallest = Math.max(...bins.map((b) => b.length));
  return h("div.histogram", { role: "img", "aria-label": `Burden of ${plural(list.length, "person", "people")}; the table below names those who bear most` },
    h("div.bins", {}, bins.map((bin) => {
      const named = bin.slice(0, 6).map((i) => people[i].name).join(", ") + (bin.length > 6 ? " …" : "");
      const marked = bin.filter((i) => tail.has(i)).length;
      return h("span", { title: bin.length ? `${plural(bin.length, "person", "people")}: ${named}` : "nobody" },
        marked > 0 && h("i.tail", { style: { height: `${(100 * marked) / tallest}%` } }),
        bin.length > marked && h("i", { style: { height: `${(100 * (bin.length - marked)) / tallest}%` } }));
    })),
    h("div.ticks", {}, ticks(most).map((x) => h("span", { style: { left: `${(100 * x) / most}%` } }, String(x)))));
}

const LISTED = 10;
function burdenView() {
  const said = status();
  const body = h("div");
  const key = h("span.key", {}, h("i.swatch.tail"), h("span"));
  const show = () => {
    const list = filtered().filter((i) => people[i].burden).sort((a, b) => people[b].burden[0] - people[a].burden[0] || a - b);
    said.textContent = plural(list.length, "person", "people");
    const most = list.length ? people[list[0]].burden[0] : 0;
    if (!(most > 0)) return body.replaceChildren(h("p.nothing", {}, list.length ? "Nobody bears a burden." : "Nobody matches these filters."));
    // The tenth part who bear most, at least three and at most as many as are listed below.
    const tail = new Set(list.slice(0, Math.max(3, Math.min(LISTED, Math.ceil(list.length / 10)))).filter((i) => people[i].burden[0] > 0));
    key.lastChild.textContent = `the ${tail.size} who bear most`;
    const cohorts = data.cohorts.map((c, n) => [c, list.filter((i) => people[i].cohort === n)]).filter(([, l]) => l.length);
    const row = (i, at) => h("li", {}, h("span.rank", {}, at + 1), h("span.name", {}, personLink(i), h("small", {}, bdi(data.cohorts[people[i].cohort].name))),
      h("span.amount", {}, people[i].burden[1]),
      h("ul.findings", {}, burdenOf(i).slice(0, 3).map(([, found]) => finding({ ...found, words: without(found.words, i), who: undefined }))));
    const ranks = h("ol.ranks");
    body.replaceChildren(
      ...cohorts.map(([c, l]) => h("section.card", {}, h("h3", {}, bdi(c.name), h("small", {}, " " + plural(l.length, "person", "people"))), histogram(l, most, tail))),
      h("h3", {}, "Who bears most"),
      ...[some(list.map((i, at) => [i, at]), ([i, at]) => row(i, at), LISTED, ranks)].flat());
  };
  show();
  const counts = data.burden.counts.length ? data.burden.counts.join(", ") : "no rule";
  return [
    h("h2", {}, "Burden"),
    h("p.lead", {}, `What each person bears, in ${data.burden.unit}: what earlier years left, and what these rules count on their path: ${counts}. `,
      data.burden.asked ? "The rule fairness keeps the largest small." : "The rule fairness is off: nothing keeps the largest small."),
    data.burden.spread && h("p", {}, data.burden.spread[0].toUpperCase() + data.burden.spread.slice(1) + "."),
    filters(show, false),
    h("div.legend", {}, key),
    said, body,
  ];
}

function idleView() {
  const said = status();
  const body = h("div");
  const some_ = people.some((p) => p.idle);
  const show = () => {
    const list = filtered().filter((i) => people[i].idle);
    said.textContent = `${plural(list.length, "person", "people")} with idle time`;
    const row = (i) => h("li.card", {}, h("h3", {}, personLink(i), h("small", {}, " ", bdi(data.cohorts[people[i].cohort].name), people[i].placed === "none" ? ", not placed at all" : "")),
      steps(people[i], people[i].path),
      people[i].idle.map((gap) => h("div.why", {}, h("p", {}, h("strong", {}, gap.when), ` (${gap.long})`),
        gap.reasons.length ? h("ul", {}, gap.reasons.map((r) => h("li", {}, r))) : h("p.dim", {}, data.idle_is_asked ? "The plan file gives no reason." : "Nothing asks for this time to be filled."))));
    const ul = h("ul.plain");
    body.replaceChildren(...[some(list, row, 40, ul)].flat());
  };
  if (some_) show();
  return [
    h("h2", {}, "Not placed"),
    !some_ ? h("p.lead", {}, "Everyone has a placement for their whole time.") : [
      h("p.lead", {}, "Who has time without a placement, and what stands against every place that was tried for it, everything else unchanged.",
        !data.idle_is_asked && " The rule coverage is off, so idle time is allowed."),
      filters(show, false), said, body],
  ];
}
