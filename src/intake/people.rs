//! People, reporting lines and mentors.

use petgraph::algo::tarjan_scc;
use petgraph::graph::DiGraph;

use super::at::At;
use super::context::Context;
use super::places::named;
use crate::domain::{Mentor, MentorIx, Named, Person, PersonIx, Within};
use crate::io::raw;
use crate::words::{Index, Table};

impl Context<'_> {
    /// A person who is named by their id. One who is listed nowhere is a person all the same, at the end of the line.
    pub(super) fn person(&mut self, id: &str, at: &At<'_>) -> PersonIx {
        let ix = self.known.people.of(id);
        // An instance that lists nobody under `people` says nothing about lines: there is nothing to warn of.
        if !self.known.people.is_fact(ix) && !self.raw.people.is_empty() {
            let near = self.known.people.near(id).map(|near| format!("did you mean '{near}'?"));
            let what = format!("{} names a person '{id}' who is not listed: their reporting line ends there", at.who());
            self.warning("W104", at, what).hint = near.or_else(|| Some("add them under 'people', with 'reports_to'".to_owned()));
        }
        ix
    }
}

/// Everyone: the listed people first, in the order of their rows. Reporting lines are checked for cycles.
pub(super) fn people(context: &mut Context<'_>) -> Table<PersonIx, Person> {
    let raw = context.raw;
    let top = At::top("people");
    let mut bosses: Vec<Option<PersonIx>> = Vec::with_capacity(raw.people.len());
    for (i, row) in raw.people.iter().enumerate() {
        let row_at = top.row(i, row.name.as_ref(), &row.id);
        bosses.push(row.reports_to.as_ref().map(|boss| context.person(boss, &row_at.field("reports_to"))));
    }
    let table = context.known.people.table();
    let mut people: Table<PersonIx, Person> =
        table.rows().iter().map(|id| Person { named: Named { id: id.clone(), name: id.clone() }, reports_to: None }).collect();
    // Names given elsewhere first, so that the row under `people` has the last word.
    let elsewhere = (raw.participants.iter().map(|p| (&p.id, &p.name))).chain(raw.mentors.iter().map(|m| (&m.id, &m.name)));
    for (id, name) in elsewhere.chain(raw.people.iter().map(|p| (&p.id, &p.name))) {
        if let Some(name) = name {
            let ix = context.known.people.of(id);
            people[ix].named.name.clone_from(name);
        }
    }
    for (row, boss) in raw.people.iter().zip(bosses) {
        let ix = context.known.people.of(&row.id);
        people[ix].reports_to = boss;
    }
    cycles(context, &people);
    people
}

/// The name that a participant or mentor goes by: their own row's, else the person's, else the id.
pub(super) fn person_named(context: &Context<'_>, id: &str, name: Option<&String>) -> Named {
    named(id, name.filter(|n| !n.trim().is_empty()).or_else(|| context.known.person_name(id)))
}

fn cycles(context: &mut Context<'_>, people: &Table<PersonIx, Person>) {
    let edges = people.iter().filter_map(|(ix, p)| Some((ix.index() as u32, p.reports_to?.index() as u32)));
    let lines: DiGraph<(), ()> = DiGraph::from_edges(edges);
    let mut found: Vec<PersonIx> = Vec::new();
    for component in tarjan_scc(&lines) {
        let first = component.iter().map(|n| PersonIx::new(n.index())).min();
        found.extend(first.filter(|f| component.len() > 1 || people.get(*f).is_some_and(|p| p.reports_to == Some(*f))));
    }
    found.sort_unstable();
    let top = At::top("people");
    for first in found {
        // Everyone reports to one person at most, so the cycle is found by going up.
        let mut names = vec![people[first].named.name.as_str()];
        let mut at = people[first].reports_to;
        while let Some(boss) = at.filter(|b| *b != first) {
            names.push(&people[boss].named.name);
            at = people[boss].reports_to;
        }
        names.push(names[0]);
        let row = context.raw.people.iter().position(|p| p.id == people[first].named.id).unwrap_or_default();
        let row_at = top.row(row, None, &people[first].named.id);
        let what = format!("the reporting line goes in a circle: {}", names.join(" reports to "));
        context.error("E404", &row_at.field("reports_to"), what).hint = Some("one of them must report to someone else, or to nobody".to_owned());
    }
}

/// Mentors.
pub(super) fn mentors(context: &mut Context<'_>) -> Table<MentorIx, Mentor> {
    let top = At::top("mentors");
    let rows = context.raw.mentors.iter().enumerate();
    rows.map(|(i, row)| mentor(context, row, &top.row(i, row.name.as_ref(), &row.id))).collect()
}

fn mentor(context: &mut Context<'_>, row: &raw::Mentor, at: &At<'_>) -> Mentor {
    let periods = context.time.calendar.count;
    let reach = row.reach.as_ref().map(|reach| match reach {
        raw::Reach::Km(km) => Within::Km(context.amount(Some(*km), 0.0, &at.field("reach"))),
        raw::Reach::Word(raw::Nearness::Site) => Within::Site,
        raw::Reach::Word(raw::Nearness::Region) => Within::Region,
        raw::Reach::Word(raw::Nearness::Country) => Within::Country,
        raw::Reach::Word(raw::Nearness::Anywhere) => Within::Anywhere,
    });
    if row.site.is_none() && reach != Some(Within::Anywhere) {
        let what = format!("{} has no site, so no position is in reach", at.who());
        context.warning("W107", at, what).hint = Some("give a 'site', or \"reach\": \"anywhere\"".to_owned());
    }
    Mentor {
        person: context.known.people.of(&row.id),
        named: person_named(context, &row.id, row.name.as_ref()),
        site: row.site.as_ref().map(|s| context.known.sites.find(s, &at.field("site"), &mut context.problems)),
        capacity: context.per_period(row.capacity.as_ref(), &at.field("capacity")).unwrap_or_else(|| Table::new(vec![1; periods])),
        reach,
        stages: row.stages.as_ref().map(|s| context.known.stages.find_all(s, &at.field("stages"), &mut context.problems)),
        families: row.families.as_ref().map(|f| context.known.families.mention_all(f, &at.field("families"), &mut context.problems)),
        available: context.open(row.available.as_ref(), &at.field("available")),
    }
}
