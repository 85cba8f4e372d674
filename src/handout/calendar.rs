//! Calendars (RFC 5545): one for every participant, site and mentor, whose events replace those handed out before.
//!
//! An event is known by its UID, which follows from ids alone: whose calendar it is in, who is placed where, and the how
//! many-eth time. A new plan that moves a placement thus moves the event. What a calendar program needs to see that an event is
//! newer (SEQUENCE, and DTSTAMP with it) is counted on from the calendars that were there before, never taken from a clock: the
//! same plan over the same calendars gives the same bytes. An event that is no longer in the plan stays, as cancelled.

use std::collections::{BTreeMap, BTreeSet};

use icalendar::{Calendar, Component, Event, EventLike, Property};
use jiff::ToSpan;
use jiff::civil::{DateTime, date};
use sha2::{Digest, Sha256};

use super::files::Names;
use super::letters::Page;
use crate::domain::{Case, MentorIx, ParticipantIx, Placement, Plan};
use crate::io::Problem;
use crate::words::Period;

/// The kinds of calendar, which are the folders they are in.
const FOLDERS: [&str; 3] = ["people", "sites", "mentors"];
/// The moment of events that were never changed. A real one would make two equal runs differ.
const EPOCH: DateTime = date(2000, 1, 1).at(0, 0, 0, 0);
/// What says of an event how new it is, and not what it is.
const REVISION: [&str; 2] = ["SEQUENCE", "DTSTAMP"];

/// Calendars that were handed out before.
#[derive(Debug, Default)]
pub struct Old {
    /// Events by UID, with the calendar they are in.
    events: BTreeMap<String, (String, Event)>,
    /// Names of calendars.
    titles: BTreeMap<String, String>,
}

impl Old {
    /// Reads calendars by their names, for instance `people/ana.ics`.
    ///
    /// # Errors
    /// All that cannot be read.
    pub fn read(files: &[(String, Vec<u8>)]) -> Result<Self, Vec<Problem>> {
        let mut old = Self::default();
        let mut problems = Vec::new();
        for (name, bytes) in files {
            let parsed = std::str::from_utf8(bytes).map_err(|e| e.to_string()).and_then(|text| text.parse::<Calendar>());
            match parsed {
                Ok(calendar) => {
                    old.titles.extend(calendar.property_value("X-WR-CALNAME").map(|title| (name.clone(), title.to_owned())));
                    let events = calendar.events().filter_map(|event| Some((event.get_uid()?.to_owned(), (name.clone(), event.clone()))));
                    old.events.extend(events);
                }
                Err(_) => {
                    let problem = Problem::error("E953", "", format!("the file {name} is no calendar that can be read"));
                    problems.push(problem.hint("take it out of the folder, or restore the one that was handed out"));
                }
            }
        }
        if problems.is_empty() { Ok(old) } else { Err(problems) }
    }

    /// Whether a file of a folder may be one of its calendars.
    #[must_use]
    pub fn is_calendar(folder: &str, name: &str) -> bool {
        FOLDERS.contains(&folder) && name.ends_with(".ics")
    }
}

/// A calendar in the making.
struct Draft {
    title: String,
    events: Vec<(String, Event)>,
}

/// Everyone's calendars, with the events of the old ones replaced or cancelled.
#[must_use]
pub fn calendars(case: &Case, plan: &Plan, old: &Old) -> Vec<Page> {
    let mut drafts = drafts(case, plan);
    let present: BTreeSet<String> = drafts.values().flat_map(|draft| draft.events.iter().map(|(uid, _)| uid.clone())).collect();
    for (uid, (file, event)) in old.events.iter().filter(|(uid, _)| !present.contains(*uid)) {
        let title = old.titles.get(file).cloned().unwrap_or_default();
        let draft = drafts.entry(file.clone()).or_insert_with(|| Draft { title, events: Vec::new() });
        draft.events.push((uid.clone(), cancelled(event)));
    }
    drafts.into_iter().map(|(name, draft)| Page { name, text: written(&draft, old) }).collect()
}

fn drafts(case: &Case, plan: &Plan) -> BTreeMap<String, Draft> {
    let names = |ids: Vec<&str>| Names::new(ids.into_iter());
    let people = names(case.participants.rows().iter().map(|p| p.named.id.as_str()).collect());
    let sites = names(case.sites.rows().iter().map(|s| s.named.id.as_str()).collect());
    let mentors = names(case.mentors.rows().iter().map(|m| m.named.id.as_str()).collect());
    let mut drafts: BTreeMap<String, Draft> = BTreeMap::new();
    let mut put = |folder: &str, file: String, title: &str, uid: String, event: Event| {
        let draft = drafts.entry(format!("{folder}/{file}.ics")).or_insert_with(|| Draft { title: title.to_owned(), events: Vec::new() });
        draft.events.push((uid, event));
    };
    let mut times: BTreeMap<Vec<&str>, usize> = BTreeMap::new();
    for (p, path) in plan.paths.iter() {
        let mut path: Vec<&Placement> = path.iter().collect();
        path.sort_by_key(|placement| (placement.from, placement.until, placement.position));
        for placement in path {
            let (person, position) = (&case.participants[p].named, &case.positions[placement.position]);
            let (role, site) = (&case.role(placement.position).named, &case.sites[position.site].named);
            let key = |folder| vec![folder, person.id.as_str(), position.id.as_str()];
            let here = place(case, p, placement);
            let own = here.clone().summary(&clean(&format!("{} at {}", role.name, site.name))).done();
            put("people", people.of(&person.id), &person.name, uid(&mut times, key("people")), own);
            let there = here.clone().summary(&clean(&format!("{}: {}", person.name, role.name))).done();
            put("sites", sites.of(&site.id), &site.name, uid(&mut times, key("sites")), there);
            let mut spans: Vec<(Period, Period, MentorIx)> = placement.mentors.iter().map(|m| (m.from, m.until, m.mentor)).collect();
            spans.sort();
            for (from, until, m) in spans {
                let mentor = &case.mentors[m].named;
                let summary = clean(&format!("Mentor of {}: {} at {}", person.name, role.name, site.name));
                let event = lasting(case, here.clone(), from, until).summary(&summary).done();
                let key = [key("mentors"), vec![mentor.id.as_str()]].concat();
                put("mentors", mentors.of(&mentor.id), &mentor.name, uid(&mut times, key), event);
            }
        }
    }
    drafts
}

/// What all three calendars say of a placement.
fn place(case: &Case, p: ParticipantIx, placement: &Placement) -> Event {
    let position = &case.positions[placement.position];
    let (site, role) = (&case.sites[position.site], case.role(placement.position));
    let mut said = vec![
        case.span(placement.from, placement.until),
        format!("{}, {}", case.participants[p].named.name, case.cohorts[case.participants[p].cohort].named.name),
    ];
    let mut mentors: Vec<&str> = placement.mentors.iter().map(|m| case.mentors[m.mentor].named.name.as_str()).collect();
    mentors.dedup();
    if !mentors.is_empty() {
        said.push(format!("Mentor: {}", mentors.join(", ")));
    }
    if let Some(manager) = position.manager {
        said.push(format!("Reports to: {}", case.people[manager].named.name));
    }
    let said: Vec<String> = said.iter().map(|line| clean(line)).collect();
    let mut event = Event::new();
    event.description(&said.join("\n"));
    let place: Vec<&str> = [Some(&site.named.name), site.country.map(|c| &case.countries[c])].into_iter().flatten().map(String::as_str).collect();
    event.location(&clean(&place.join(", ")));
    if let Some(at) = site.at {
        event.add_property("GEO", format!("{};{}", at.lat, at.lon));
    }
    event.categories([clean(&case.stages[role.stage].name)]);
    // Where someone works is no appointment: it leaves their days free.
    event.add_property("TRANSP", "TRANSPARENT").add_property("STATUS", "CONFIRMED");
    lasting(case, event, placement.from, placement.until)
}

/// The event with its days; the day that ends it is the first one after.
fn lasting(case: &Case, mut event: Event, from: Period, until: Period) -> Event {
    for (key, period) in [("DTSTART", from), ("DTEND", until)] {
        let day = case.calendar.day(period).strftime("%Y%m%d").to_string();
        event.append_property(Property::new(key, day).add_parameter("VALUE", "DATE").done());
    }
    event
}

/// The event with its place in time: as it was if nothing has changed, else one newer.
fn revised(uid: &str, event: &Event, old: &Old) -> Event {
    let last = old.events.get(uid).map(|(_, event)| event);
    let count = |event: &Event| event.get_sequence().unwrap_or(0);
    let sequence = last.map_or(0, |last| if content(last) == content(event) { count(last) } else { count(last).saturating_add(1) });
    let moment = EPOCH.checked_add(i64::from(sequence).seconds()).unwrap_or(EPOCH);
    let mut event = event.clone();
    event.uid(uid).sequence(sequence).add_property("DTSTAMP", moment.strftime("%Y%m%dT%H%M%SZ").to_string());
    event
}

/// What an event is, whatever its age.
fn content(event: &Event) -> BTreeMap<&str, &str> {
    let all = event.properties().iter().map(|(key, property)| (key.as_str(), property.value()));
    let several = event.multi_properties().iter().flat_map(|(key, list)| list.iter().map(move |property| (key.as_str(), property.value())));
    all.chain(several).filter(|(key, _)| *key != "UID" && !REVISION.contains(key)).collect()
}

fn cancelled(event: &Event) -> Event {
    let mut event = event.clone();
    if event.property_value("STATUS") != Some("CANCELLED") {
        let summary = format!("Cancelled: {}", event.get_summary().unwrap_or_default());
        // Programs that do not take cancelled events away show them: then they say so.
        event.summary(&summary).add_property("STATUS", "CANCELLED");
    }
    event
}

fn written(draft: &Draft, old: &Old) -> String {
    let properties = [("VERSION", "2.0"), ("PRODID", "-//rungs//rungs//EN"), ("CALSCALE", "GREGORIAN"), ("METHOD", "PUBLISH")];
    let mut calendar = Calendar { properties: properties.map(|(key, value)| Property::new(key, value)).into(), components: Vec::new() };
    calendar.append_property(Property::new("X-WR-CALNAME", clean(&draft.title)));
    draft.events.iter().for_each(|(uid, event)| {
        calendar.push(revised(uid, event, old));
    });
    calendar.to_string()
}

/// The next UID for a key of ids.
fn uid<'k>(times: &mut BTreeMap<Vec<&'k str>, usize>, key: Vec<&'k str>) -> String {
    let mut hasher = Sha256::new();
    for part in &key {
        hasher.update(part.len().to_be_bytes());
        hasher.update(part.as_bytes());
    }
    let nth = times.entry(key).or_default();
    *nth += 1;
    hasher.update(nth.to_be_bytes());
    let hex: String = hasher.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    format!("{hex}@rungs")
}

/// A text without characters that calendars do not allow.
fn clean(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::PositionIx;
    use crate::report::fixture;
    use crate::words::Index;

    fn bytes(pages: &[Page]) -> Vec<(String, Vec<u8>)> {
        pages.iter().map(|page| (page.name.clone(), page.text.clone().into_bytes())).collect()
    }

    fn events(page: &Page) -> Vec<Event> {
        page.text.parse::<Calendar>().expect("a calendar").events().cloned().collect()
    }

    #[test]
    fn the_calendars_of_the_fixture() {
        let pages = calendars(&fixture::case(), &fixture::plan(), &Old::default());
        let names: Vec<&str> = pages.iter().map(|page| page.name.as_str()).collect();
        let wanted = ["mentors/denise.ics", "mentors/ingrid.ics", "people/amara.ics", "people/li.ics", "people/zoe.ics"];
        assert_eq!(names[..5], wanted);
        let zoe = pages.iter().find(|page| page.name == "people/zoe.ics").expect("there");
        insta::assert_snapshot!(zoe.text.replace("\r\n", "\n"));
        for page in &pages {
            assert!(page.text.split("\r\n").all(|line| line.len() <= 75 && !line.contains(['\r', '\n'])), "{}", page.text);
        }
    }

    #[test]
    fn texts_of_every_kind_come_back_from_the_file() {
        let mut case = fixture::case();
        let odd = "Ana, \"the\" one; \\n C:\\new\u{7}\r\nROW — 東京都千代田区東京都千代田区東京都千代田区東京都千代田区 🏔️🏔️🏔️🏔️🏔️🏔️ end";
        let mut people = case.participants.rows().to_vec();
        people[0].named.name = odd.to_owned();
        case.participants = crate::words::Table::new(people);
        let pages = calendars(&case, &fixture::plan(), &Old::default());
        let site = pages.iter().find(|page| page.name == "sites/joliet.ics").expect("there");
        assert!(site.text.split("\r\n").all(|line| line.len() <= 75), "{}", site.text);
        let summaries: Vec<String> = events(site).iter().filter_map(|e| e.get_summary().map(str::to_owned)).collect();
        assert!(summaries.contains(&clean(&format!("{odd}: Site Manager"))), "{summaries:?}");
    }

    #[test]
    fn what_is_handed_out_again_replaces_what_was() {
        let (case, plan) = (fixture::case(), fixture::plan());
        let first = calendars(&case, &plan, &Old::default());
        let again = |plan: &Plan, pages: &[Page]| calendars(&case, plan, &Old::read(&bytes(pages)).expect("ours"));
        assert_eq!(again(&plan, &first), first, "nothing has changed");
        // Li begins a quarter later, and Zoë's last placement is at another site.
        let mut paths = plan.paths.rows().to_vec();
        paths[2][0].from = Period::new(5);
        paths[1][2].position = PositionIx::new(4);
        let moved = Plan { paths: crate::words::Table::new(paths) };
        let second = again(&moved, &first);
        let of = |pages: &[Page], name: &str| events(pages.iter().find(|page| page.name == name).expect("there"));
        let (before, after) = (of(&first, "people/li.ics"), of(&second, "people/li.ics"));
        assert_eq!((before[0].get_uid(), after[0].get_sequence()), (after[0].get_uid(), Some(1)));
        assert!(after[0].property_value("DTSTAMP") > before[0].property_value("DTSTAMP"));
        let zoe = of(&second, "people/zoe.ics");
        let state = |e: &Event| (e.property_value("STATUS").map(str::to_owned), e.get_sequence());
        let states: Vec<_> = zoe.iter().map(state).collect();
        let (confirmed, gone) = (Some("CONFIRMED".to_owned()), Some("CANCELLED".to_owned()));
        assert_eq!(states, [(confirmed.clone(), Some(0)), (confirmed.clone(), Some(0)), (confirmed.clone(), Some(0)), (gone, Some(1))]);
        assert_eq!(again(&moved, &second), second, "what is cancelled stays so");
        // And back: what was cancelled is there again, newer than its cancellation.
        let third = of(&again(&plan, &second), "people/zoe.ics");
        assert_eq!(state(&third[2]), (confirmed, Some(2)));
        // Whoever is not in the plan any more keeps a calendar that says so.
        let nobody = Plan { paths: plan.paths.ids().map(|_: ParticipantIx| Vec::new()).collect() };
        let emptied = again(&nobody, &first);
        assert_eq!(emptied.len(), first.len());
        assert!(emptied.iter().flat_map(events).all(|e| e.property_value("STATUS") == Some("CANCELLED")));
    }

    #[test]
    fn what_is_no_calendar_is_refused() {
        let files = [("people/ana.ics".to_owned(), b"hello".to_vec()), ("people/bo.ics".to_owned(), vec![0xff])];
        assert!(Old::read(&files).is_err_and(|problems| problems.len() == 2));
    }
}
