// The board: people and periods, each path as rising steps.

const levels = people.flatMap((p) => p.path.map((stay) => data.positions[stay.position].difficulty));
const lowest = Math.min(...levels);
const highest = Math.max(...levels);
/** How high a difficulty stands, from 0 to 1. */
const height = (difficulty) => (highest > lowest ? (difficulty - lowest) / (highest - lowest) : 0.5);

/** Steps, gaps and leave of a path, as cells of a grid of periods; those that the other plan does not have are marked. */
function steps(person, path, other) {
  const row = h("ol.steps", { style: { "--periods": count } });
  const column = (from, until) => `${from + 1} / ${until + 1}`;
  for (const [from, until, leave] of person.away || []) {
    row.append(h("li.away", { style: { "grid-column": column(from, until) }, title: leave ? "on leave" : "outside their track" },
      leave ? h("span.label", {}, "leave") : h("span.hidden", {}, "not in the programme")));
  }
  for (const stay of path) {
    const q = data.positions[stay.position];
    const site = data.sites[q.site];
    const marks = (stay.pinned ? "◆ " : "") + (stay.moving ? "→ " : "");
    const title = `${q.role} at ${site.name}\n${stay.when}\ndifficulty ${q.level}` + (stay.step ? `, step ${stay.step}` : "") +
      (stay.moving ? `\nmoves: ${stay.moving}` : "") + (stay.pinned ? "\npinned" : "");
    const fresh = other && !other.some((x) => x.position === stay.position && x.from === stay.from && x.until === stay.until);
    row.append(h(fresh ? "li.step.fresh" : "li.step", { title, style: { "grid-column": column(stay.from, stay.until), "--c": stageColour(q.stage), "--up": height(q.difficulty) } },
      h("span.label", {}, marks, bdi(q.short), h("span.where", {}, ", ", bdi(site.name))), h("span.level", {}, q.level),
      h("span.hidden", {}, `, ${stay.when}`)));
  }
  for (const gap of person.idle || []) {
    row.append(h("li.gap", { title: `idle, ${gap.when}`, style: { "grid-column": column(gap.from, gap.until) } },
      h("span.label", {}, "idle"), h("span.hidden", {}, ` ${gap.when}`)));
  }
  return row;
}

const rows = [];
function boardRow(i) {
  if (!rows[i]) {
    const p = people[i];
    rows[i] = h("li.row", { onclick: (e) => { if (!e.target.closest("a") && !String(getSelection())) location.hash = personHash(i); } },
      h("div.who", {}, personLink(i), p.placed === "none" && h("span.bad", {}, " not placed"),
        changedPeople.has(i) && h("span.tag", {}, "changed")),
      steps(p, p.path));
  }
  return rows[i];
}

/** Rows in groups that a browser need not draw until they are seen. */
const GROUP = 17;
function board(list) {
  const groups = [];
  for (let at = 0; at < list.length; ) {
    const cohort = people[list[at]].cohort;
    let end = at + 1;
    const same = (i) => chosen.order !== "cohort" || people[i].cohort === cohort;
    while (end < list.length && end - at < GROUP && same(list[end])) end += 1;
    const begins = chosen.order === "cohort" && (at === 0 || people[list[at - 1]].cohort !== cohort);
    const { name, track } = data.cohorts[cohort];
    groups.push(h("section.group", { style: { "--rows": end - at } },
      begins && h("h3", {}, bdi(name), !name.includes(track) && h("small", {}, " ", bdi(track))),
      h("div.again", {}, axis()),
      h("ul.rows", {}, list.slice(at, end).map(boardRow))));
    at = end;
  }
  return groups;
}

function boardView() {
  const said = status();
  const body = h("div.board");
  const show = () => {
    const list = filtered();
    said.textContent = `${list.length.toLocaleString("en")} of ${plural(people.length, "person", "people")}`;
    body.replaceChildren(...(list.length ? board(list) : [h("p.nothing", {}, "Nobody matches these filters.")]));
    oneStop(body, ".who a");
  };
  show();
  arrows(body, ".who a");
  const any = (test) => people.some((p) => p.path.some(test));
  return [
    h("h2", {}, "Board"),
    h("p.lead", {}, "People and periods. The higher a step, the harder the placement; the colour is the stage."),
    filters(show, true),
    h("div.legend", {}, stagesLegend(),
      any((stay) => stay.moving) && h("span.key", {}, "→ moves to another site"),
      any((stay) => stay.pinned) && h("span.key", {}, "◆ pinned"),
      people.some((p) => p.idle) && h("span.key", {}, h("i.swatch.gap"), "idle"),
      people.some((p) => p.away) && h("span.key", {}, h("i.swatch.away"), "on leave, or outside their track")),
    said,
    h("div.scale", {}, axis()),
    body,
  ];
}
