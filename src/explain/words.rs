//! Sets of things, requirements and shortages in words, with the names that users know.

use std::collections::BTreeSet;

use super::requirement::Requirement;
use super::supply::{Short, Shortage};
use crate::audit::{among, many};
use crate::domain::{Attribute, Case, GroupKind, Limits, MentorIx, ParticipantIx, PositionIx, Scope};
use crate::rules::{RuleIx, rule};
use crate::words::{Index, Period, Table, cents};

/// People by name, shortened past six.
#[must_use]
pub fn people(case: &Case, people: &[ParticipantIx]) -> String {
    among(people.iter().map(|p| case.participants[*p].named.name.as_str()), "and")
}

/// Mentors by name, shortened past six.
#[must_use]
pub fn mentors(case: &Case, mentors: &[MentorIx]) -> String {
    among(mentors.iter().map(|m| case.mentors[*m].named.name.as_str()), "and")
}

/// A description, if there is one, and the positions that fit it.
type Described<'d> = (Option<String>, &'d dyn Fn(PositionIx) -> bool);

/// A set of positions as briefly as it can be said exactly: by stage, role, family, site, region or country where those of a
/// period that have seats and share them are the set; else by name.
#[must_use]
pub fn positions(case: &Case, set: &[PositionIx], t: Period) -> String {
    let open = |q: &PositionIx| case.positions[*q].open[t] && case.positions[*q].seats[t] > 0;
    let set: BTreeSet<PositionIx> = set.iter().copied().filter(open).collect();
    let Some(first) = set.first().copied() else { return "any position that is open then".to_owned() };
    if set.len() == 1 {
        return case.position_name(first);
    }
    let all: Vec<PositionIx> = case.positions.ids().filter(open).collect();
    let exactly = |same: &dyn Fn(PositionIx) -> bool| all.iter().all(|q| same(*q) == set.contains(q));
    let (role, site) = (case.role(first), case.site(first));
    let what: [Described<'_>; 4] = [
        (Some("any position".to_owned()), &|_| true),
        (Some(case.stages[role.stage].name.clone()), &|q| case.stage(q) == role.stage),
        (Some(role.named.name.clone()), &|q| case.positions[q].role == case.positions[first].role),
        (role.family.map(|f| format!("the family {}", case.families[f])), &|q| case.role(q).family == role.family),
    ];
    let place: [Described<'_>; 5] = [
        (Some(String::new()), &|_| true),
        (Some(format!(" at {}", site.named.name)), &|q| case.positions[q].site == case.positions[first].site),
        (site.region.map(|r| format!(" in {}", case.regions[r])), &|q| case.site(q).region == site.region),
        (site.country.map(|c| format!(" in {}", case.countries[c])), &|q| case.site(q).country == site.country),
        (site.kind.map(|k| format!(" at a {}", case.kinds[k])), &|q| case.site(q).kind == site.kind),
    ];
    for (what, of) in &what {
        for (place, at) in &place {
            if let (Some(what), Some(place)) = (what, place)
                && exactly(&|q| of(q) && at(q))
            {
                return format!("{what}{place}");
            }
        }
    }
    let names: Vec<String> = set.iter().map(|q| case.position_name(*q)).collect();
    among(names.iter().map(String::as_str), "or")
}

impl Shortage {
    /// The shortage in a sentence, with names.
    #[must_use]
    pub fn words(&self, case: &Case) -> String {
        let (n, there) = (self.needed, self.there);
        let least = if self.at_best > there { format!("{there} to {}", self.at_best) } else { there.to_string() };
        let exist = |one: &str, many: &str| if self.at_best == 1 && there == 1 { format!("1 {one}") } else { format!("{least} {many}") };
        let who = people(case, &self.people);
        let need = |what: &str| format!("{} {what}", if n == 1 { "1 person needs".to_owned() } else { format!("{n} people need") });
        let when = case.span(self.from, self.until);
        let place = positions(case, &self.positions, self.from);
        match self.of {
            Short::Seats if self.at_best == 0 => format!("{when}: {} ({who}); there is none", need("a seat")),
            Short::Seats => format!("{when}: {} ({place}); {} ({who})", need("a seat"), exist("exists", "exist")),
            Short::Mentors if self.mentors.is_empty() => {
                format!("{when}: {} ({place}); no mentor suits these positions then ({who})", need("a mentor"))
            }
            Short::Mentors => {
                let names = mentors(case, &self.mentors);
                format!("{when}: {} ({place}); there is room for {least}, with {names} ({who})", need("a seat and a mentor"))
            }
            Short::People => {
                let they =
                    if there == 0 { "nobody can be there".to_owned() } else { format!("only {} can be there ({who})", exist("person", "people")) };
                format!(
                    "{when}: {} {} wanted ({place}); {they}",
                    if n == 1 { "1 person".to_owned() } else { format!("{n} people") },
                    if n == 1 { "is" } else { "are" }
                )
            }
            Short::Stage(stage) => {
                let name = &case.stages[stage].name;
                let people = many(self.people.len() as u64, "participant");
                format!("{when}, over the whole time: {people} must work {n} periods as {name} at least; the seats give {there} ({who})")
            }
        }
    }

    /// Why others do not help, in words; empty if nothing else was there.
    #[must_use]
    pub fn kept_away_words(&self) -> String {
        let by = |r: &Option<RuleIx>| r.map_or("the order of the path".to_owned(), |ix| rule(ix).id.to_owned());
        let list: Vec<String> = self.kept_away.iter().map(|(r, n)| format!("{n} by {}", by(r))).collect();
        let what = if self.of == Short::People { "Others are kept away" } else { "Other seats open then are out of reach" };
        if list.is_empty() { String::new() } else { format!("{what}: {}", list.join(", ")) }
    }
}

/// Numbers of a table, smallest to largest: `2`, or `0 to 3`.
fn range(numbers: &Table<Period, u32>) -> (u32, String) {
    let (low, high) = numbers.rows().iter().fold((u32::MAX, 0), |(low, high), n| (low.min(*n), high.max(*n)));
    (high, if low == high { high.to_string() } else { format!("{low} to {high}") })
}

fn limits(of: Limits, thing: &str) -> Option<String> {
    match (of.min, of.max) {
        (0, None) => None,
        (min, None) => Some(format!("at least {}", many(min.into(), thing))),
        (0, Some(max)) => Some(format!("at most {}", many(max.into(), thing))),
        (min, Some(max)) if min == max => Some(format!("exactly {}", many(max.into(), thing))),
        (min, Some(max)) => Some(format!("{min} to {max} {thing}s")),
    }
}

fn both(placements: Limits, periods: Limits) -> String {
    [limits(placements, "placement"), limits(periods, "period")].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

impl Requirement {
    /// What it asks, in words.
    #[must_use]
    pub fn words(&self, case: &Case) -> String {
        let person = |p: &ParticipantIx| case.participants[*p].named.name.as_str();
        let position = |q: &PositionIx| case.position_name(*q);
        let closed = |open: &Table<Period, bool>| spans(case, &|t| !open[t]);
        match self {
            Self::Rule(ix) => format!("the rule {}: {}", rule(*ix).id, rule(*ix).asks()),
            Self::Person(p) => format!("{} is to be planned", person(p)),
            Self::Seats(q) => {
                let (most, n) = range(&case.positions[*q].seats);
                format!("{} has {n} {}", position(q), if most == 1 { "seat" } else { "seats" })
            }
            Self::PositionClosed(q) => format!("{} is closed in {}", position(q), closed(&case.positions[*q].open)),
            Self::SiteClosed(s) => format!("{} is closed in {}", case.sites[*s].named.name, closed(&case.sites[*s].open)),
            Self::ShortestStay(r) => {
                let role = &case.roles[*r];
                format!("{} lasts at least {}", role.named.name, many(role.duration.min.into(), "period"))
            }
            Self::LongestStay(r) => {
                let role = &case.roles[*r];
                format!("{} lasts at most {}", role.named.name, many(role.duration.max.unwrap_or(0).into(), "period"))
            }
            Self::Starts(r) => {
                let starts = &case.roles[*r].starts;
                let when = spans(case, &|t| starts[t]);
                let when = if when.is_empty() { "in no period of the horizon".to_owned() } else { format!("only in {when}") };
                format!("{} may begin {when}", case.roles[*r].named.name)
            }
            Self::Unbroken(p) => format!("{}'s leave ends a placement, or holds its seat", person(p)),
            Self::Leave(p) => {
                let leave = &case.participants[*p].timeline.leave;
                format!("{} is on leave in {}", person(p), spans(case, &|t| leave.contains_key(&t)))
            }
            Self::Levels(r) => {
                let role = &case.roles[*r];
                let asked: Vec<String> =
                    role.requires.iter().map(|(c, level)| format!("{} at level {level}", case.competencies[*c].named.name)).collect();
                format!("{} asks {}", role.named.name, among(asked.iter().map(String::as_str), "and"))
            }
            Self::Before(r) => {
                let role = &case.roles[*r];
                let names = |group: &Vec<_>| among(group.iter().map(|r| case.roles[*r].named.name.as_str()), "or");
                let groups: Vec<String> = role.after.iter().map(names).collect();
                format!("{} comes after {}", role.named.name, groups.join(", and after "))
            }
            Self::NotRightAfter(r) => {
                let role = &case.roles[*r];
                let names = among(role.not_right_after.iter().map(|r| case.roles[*r].named.name.as_str()), "or");
                format!("{} may not come right after {names}", role.named.name)
            }
            Self::Credentials(s) => {
                let site = &case.sites[*s];
                format!("{} asks {}", site.named.name, among(site.requires.iter().map(|c| case.credentials[*c].as_str()), "and"))
            }
            Self::Stage(t, i) => {
                let (track, stage) = (&case.tracks[*t], &case.tracks[*t].stages[*i]);
                format!("the track {} asks {} in stage {}", track.named.name, both(stage.placements, stage.periods), case.stages[stage.stage].name)
            }
            Self::Capstone(t) => {
                let track = &case.tracks[*t];
                let names = among(track.capstone.iter().map(|r| case.roles[*r].named.name.as_str()), "or");
                format!("the track {} ends with {names}", track.named.name)
            }
            Self::Curriculum(i) => {
                let clauses = case.clauses();
                let (clause, who) = &clauses[*i];
                format!("the curriculum asks {} {} (of {})", both(clause.placements, clause.periods), scope(case, &clause.scope), people(case, who))
            }
            Self::Places(p) => format!("{} may not go everywhere (mobility)", person(p)),
            Self::Moves(p) => {
                format!("{} can make at most {}", person(p), many(case.participants[*p].mobility.max_moves.unwrap_or(0).into(), "move"))
            }
            Self::Stay(p) => format!("{} stays {} between moves", person(p), many(case.participants[*p].mobility.min_stay.into(), "period")),
            Self::Barred(p) => format!("{} is barred from {}", person(p), barred(case, *p)),
            Self::Pin(p, i) => {
                let pin = &case.participants[*p].pinned[*i];
                format!("{} is pinned to {} ({})", person(p), position(&pin.position), case.span(pin.from, pin.until))
            }
            Self::Group(g) => {
                let group = &case.groups[*g];
                let how = if group.kind == GroupKind::Together { "together" } else { "apart" };
                format!("{} are to be {how}", people(case, &group.members))
            }
            Self::Housing(s) => {
                let site = &case.sites[*s];
                format!("{} houses {}", site.named.name, site.housing.as_ref().map_or(String::new(), |h| range(h).1))
            }
            Self::Arrivals(s) => {
                let site = &case.sites[*s];
                format!("{} takes {} newcomers a period", site.named.name, site.arrivals.as_ref().map_or(String::new(), |a| range(a).1))
            }
            Self::Demand(q) => format!("{} needs {} people", position(q), range(&case.positions[*q].demand).1),
            Self::Mentor(m) => {
                let mentor = &case.mentors[*m];
                let gone = closed(&mentor.available);
                let gone = if gone.is_empty() { String::new() } else { format!(", and is not available in {gone}") };
                format!("{} has room for {} at once{gone}", mentor.named.name, range(&mentor.capacity).1)
            }
            Self::Budget => format!("the budget for moves is {} {}", case.currency, cents(case.relocation.budget_total.unwrap_or(0.0))),
            Self::Year(y) => {
                format!("the budget for moves in {y} is {} {}", case.currency, cents(case.relocation.budget_per_year.get(y).copied().unwrap_or(0.0)))
            }
            Self::Needed(t) => {
                let target = &case.targets[*t];
                let asked: Vec<String> = target.needed.iter().map(|(by, n)| format!("{n} by the end of {}", case.calendar.label(*by))).collect();
                format!("the target {} needs ready people: {}", target.named.name, asked.join(", "))
            }
        }
    }
}

/// The periods for which something is so, those in a row as a span.
fn spans(case: &Case, is: &dyn Fn(Period) -> bool) -> String {
    let periods: Vec<Period> = case.calendar.periods().filter(|t| is(*t)).collect();
    let runs = periods.chunk_by(|a, b| a.index() + 1 == b.index());
    let words: Vec<String> = runs.map(|run| case.span(run[0], Period::new(run[run.len() - 1].index() + 1))).collect();
    among(words.iter().map(String::as_str), "and")
}

fn barred(case: &Case, p: ParticipantIx) -> String {
    let person = &case.participants[p];
    let roles = person.barred_roles.iter().map(|r| case.roles[*r].named.name.clone());
    let sites = person.barred_sites.iter().map(|s| case.sites[*s].named.name.clone());
    let positions = person.barred_positions.iter().map(|q| case.position_name(*q));
    let all: Vec<String> = roles.chain(sites).chain(positions).collect();
    among(all.iter().map(String::as_str), "and")
}

fn scope(case: &Case, scope: &Scope) -> String {
    let Scope::Of { roles, families, stages, sites, kinds, regions } = scope else {
        let Scope::Each(attribute) = scope else { return String::new() };
        let what = match attribute {
            Attribute::Site => "site",
            Attribute::Family => "family",
            Attribute::Kind => "kind of site",
            Attribute::Region => "region",
        };
        return format!("at each {what}");
    };
    fn named<T>(list: Option<&Vec<T>>, name: impl Fn(&T) -> String) -> Option<String> {
        let names: Vec<String> = list?.iter().map(name).collect();
        Some(if names.is_empty() { "none".to_owned() } else { among(names.iter().map(String::as_str), "or") })
    }
    let parts = [
        named(roles.as_ref(), |r| case.roles[*r].named.name.clone()),
        named(families.as_ref(), |f| case.families[*f].clone()),
        named(stages.as_ref(), |s| case.stages[*s].name.clone()),
        named(sites.as_ref(), |s| case.sites[*s].named.name.clone()),
        named(kinds.as_ref(), |k| case.kinds[*k].clone()),
        named(regions.as_ref(), |r| case.regions[*r].clone()),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    if parts.is_empty() { "in all".to_owned() } else { format!("in {}", parts.join(" and ")) }
}
