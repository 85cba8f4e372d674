// Sites with their positions, mentors, cohorts: rows of cells against periods.

/** A row of cells that can be opened to see who is there. */
function cells(name, below, row, colour) {
  return h("details.row", {},
    h("summary", {},
      h("span.who", { style: colour ? { "--c": colour } : {} }, bdi(name), below && h("small", {}, below)),
      h("span.cells", { style: { "--periods": count } },
        row.cells.map(([from, until, text, means, kind]) => h("span.cell." + kind,
          { style: { "grid-column": `${from + 1} / ${until + 1}` }, title: `${data.periods[from].label}${until - from > 1 ? ` to ${data.periods[until - 1].label}` : ""}: ${means}` },
          text)))),
    row.who.length
      ? h("ul.people", {}, row.who.map(([i, when]) => h("li", {}, personLink(i), h("small", {}, " " + when))))
      : h("p.people", {}, "Nobody."));
}

/** A view of such rows in groups, with a search. */
function gridView(title, lead, groups, words, legend) {
  const said = status();
  const body = h("div.grid");
  let typed = "";
  let kind = "";
  const draw = () => {
    const asked = plain(typed).split(/\s+/).filter(Boolean);
    let shown = 0;
    const sections = [];
    for (const { heading, small, rows } of groups) {
      const fits = rows.filter((r) => asked.every((w) => plain(r.words).includes(w)) && (!kind || r.row.cells.some((c) => c[4] === kind)));
      if (!fits.length) continue;
      shown += fits.length;
      sections.push(h("section.group", { style: { "--rows": fits.length } }, heading && h("h3", {}, bdi(heading), small && h("small", {}, " " + small)),
        h("div.again", {}, axis()), fits.map((r) => r.element || (r.element = cells(r.name, r.below, r.row, r.colour)))));
    }
    const all = groups.reduce((n, g) => n + g.rows.length, 0);
    said.textContent = `${shown.toLocaleString("en")} of ${plural(all, words[0], words[1])}`;
    body.replaceChildren(...(sections.length ? sections : [h("p.nothing", {}, "Nothing matches.")]));
    oneStop(body, "summary");
  };
  draw();
  arrows(body, "summary");
  let waiting;
  const search = h("input", { type: "search", id: "search", autocomplete: "off", placeholder: words[2],
    oninput: (e) => { typed = e.target.value; clearTimeout(waiting); waiting = setTimeout(draw, 120); } });
  const present = new Set(groups.flatMap((g) => g.rows.flatMap((r) => r.row.cells.map((c) => c[4]))));
  const kinds = [["", "All"], ["short", "With too few people"], ["over", "With too many"], ["empty", "With nobody at some time"]].filter(([k]) => !k || present.has(k));
  return [
    h("h2", {}, title), h("p.lead", {}, lead),
    h("form.filters", { role: "search", onsubmit: (e) => { e.preventDefault(); draw(); } },
      h("label.wide", {}, h("span", {}, "Search"), search),
      h("label", {}, h("span", {}, "Show"), h("select", { id: "filter-kind", onchange: (e) => { kind = e.target.value; draw(); } },
        kinds.map(([value, text]) => h("option", { value }, text))))),
    h("div.legend", {}, legend, groups.some((g) => g.rows.some((r) => r.row.cells.some((c) => c[2].endsWith("✓")))) && h("span.key", {}, "✓ as many as the business needs"),
      present.has("short") && h("span.key", {}, h("i.swatch.short"), "▾ fewer people than the business needs"),
      present.has("over") && h("span.key", {}, h("i.swatch.over"), "! too many"),
      present.has("closed") && h("span.key", {}, h("i.swatch.closed"), "– closed, no seats, or not available"),
      h("span.key", {}, "Open a row to see who.")),
    said, h("div.scale", {}, axis()), body,
  ];
}

const who = (row) => row.who.map(([i]) => people[i].name).join("\n");

function sitesView() {
  const groups = data.sites.map((site, i) => ({
    heading: site.name,
    small: [site.kind, site.region, site.country].filter(Boolean).join(", "),
    rows: data.positions.filter((q) => q.site === i).map((q) => ({
      row: q, name: q.role, below: `difficulty ${q.level}`, colour: stageColour(q.stage),
      words: [q.role, q.id, site.name, site.region, site.country, who(q)].join("\n"),
    })),
  })).filter((group) => group.rows.length);
  return gridView("Sites and positions", "Seats taken of the seats there are, by position and period, against what the business needs.",
    groups, ["position", "positions", "Site, position, person"], h("span.key", {}, "2/3 two of three seats taken"));
}

function mentorsView() {
  const rows = data.mentors.map((m) => {
    const site = m.site === undefined ? "" : data.sites[m.site].name;
    return { row: m, name: m.name, below: site, words: [m.name, site, who(m)].join("\n") };
  });
  const view = gridView("Mentors", "Mentees of those possible, by mentor and period.", [{ rows }], ["mentor", "mentors", "Mentor, site, person"],
    h("span.key", {}, "1/2 one mentee of two possible"));
  view.splice(2, 0, h("p", {}, pieces(data.mentoring)));
  return view;
}

/** People in each stage over time, as columns one upon the other. */
function rungsChart(cohort) {
  const most = Math.max(1, ...cohort.rungs.map((c) => c.reduce((a, b) => a + b, 0)));
  const names = [...data.stages, "idle"];
  return h("div.chart", {},
    h("div.columns", { style: { "--periods": count }, role: "img", "aria-label": "People in each stage, period by period" },
      cohort.rungs.map((counts, t) => h("span.column", { title: `${data.periods[t].label}: ` + (counts.map((n, i) => n && `${n} ${names[i]}`).filter(Boolean).join(", ") || "nobody") },
        counts.map((n, i) => n > 0 && h(i < data.stages.length ? "i.part" : "i.part.gap",
          { style: { height: `${(100 * n) / most}%`, "--c": i < data.stages.length ? stageColour(i) : "" } },
          count <= 16 && n / most > 0.12 && h("b", {}, n)))))),
    axis());
}

function cohortsView() {
  return [
    h("h2", {}, "Cohorts"),
    h("p.lead", {}, "How each cohort climbs: people in each stage, period by period."),
    h("div.legend", {}, stagesLegend(), people.some((p) => p.idle) && h("span.key", {}, h("i.swatch.gap"), "idle")),
    data.cohorts.map((cohort, c) => h("section.card", {},
      h("h3", {}, bdi(cohort.name), h("small", {}, " ", bdi(cohort.track))),
      h("div.beside", {}, facts(cohort.lines), rungsChart(cohort)),
      h("p", {}, h("a", { href: "#board", onclick: () => Object.assign(chosen, { words: "", cohort: String(c), stage: "", site: "", who: "" }) }, "Its people on the board")))),
  ];
}
