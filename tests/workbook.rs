//! Workbooks: whatever the format can hold survives the way through sheets and back, and what people do to sheets is understood
//! or refused, never misread.
#![cfg(feature = "plan")]

mod common;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rungs::io::raw::Instance;
use rungs::io::{Document, Problem};
use rungs::workbook::{
    Book, Cell, Format, INSTANCE, Kind, PLAN, Rows, Source, csv_files, instance, instance_book, instance_pages, instance_value, marked,
};
use serde_json::{Map, Value, json};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// An instance as the format's types hold it.
fn raw(value: &Value) -> Instance {
    let bytes = value.to_string();
    let document = Document::parse(bytes.as_bytes()).expect("JSON");
    let (raw, problems) = document.read::<Instance>();
    assert!(problems.is_empty(), "{problems:?}");
    raw
}

fn through_book(value: &Value, format: Format) -> Value {
    let bytes = instance_book(value, format).expect("written");
    instance_value(&Source::of_bytes(bytes).expect("opened")).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

fn csv(value: &Value) -> Vec<(String, Vec<u8>)> {
    let files = csv_files(&instance_pages(value)).expect("written");
    files.into_iter().map(|(name, bytes)| (name.trim_end_matches(".csv").to_owned(), bytes)).collect()
}

fn through_csv(value: &Value) -> Value {
    instance_value(&Source::of_csv(&csv(value)).expect("opened")).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

fn check_round_trip(value: &Value, what: &str) {
    let before = raw(value);
    let value = serde_json::to_value(&before).expect("JSON");
    for format in [Format::Xlsx, Format::Ods] {
        assert_eq!(raw(&through_book(&value, format)), before, "{what} through {format:?}");
    }
    assert_eq!(raw(&through_csv(&value)), before, "{what} through .csv");
}

#[test]
fn the_named_instances_survive_with_their_hash() {
    for entry in std::fs::read_dir(root().join("instances")).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.extension().is_none_or(|ending| ending != "json") {
            continue;
        }
        let bytes = std::fs::read(&path).expect("readable");
        let value: Value = serde_json::from_slice(&bytes).expect("JSON");
        check_round_trip(&value, &path.display().to_string());
        let hash = |source: &Source| instance(source).expect("an instance").case.sha256;
        for format in [Format::Xlsx, Format::Ods] {
            let book = Source::of_bytes(instance_book(&value, format).expect("written")).expect("opened");
            assert_eq!(hash(&book), hash(&Source::Json(bytes.clone())), "{} as {format:?}", path.display());
        }
    }
}

/// Texts that spreadsheets, CSV files or the cells' own language could misread.
const ODD: [&str; 30] = [
    "a, b",
    "\"quoted\"",
    "say \"hi\"",
    "line\nbreak",
    "007",
    "1E5",
    "2027-04",
    "日本語",
    "Ærøskøbing",
    "שלום",
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "=HYPERLINK(\"http://x\")",
    " space ",
    "a;b",
    "none",
    "or",
    "a or b",
    "x from y",
    "k: 2",
    "a=b",
    "#3",
    "{}",
    "always",
    "TRUE",
    "_x0041_",
    "a\tb",
    "'t",
];

/// Every id and name of a random instance made odd, the same one always in the same way.
fn oddly(value: &Value, seed: usize) -> Value {
    let odd = |text: &str| {
        let id = text.len() <= 3 && text.chars().next().is_some_and(|c| c.is_ascii_lowercase()) && text.ends_with(|c: char| c.is_ascii_digit());
        let known = id || ["boss", "goal", "dream", "fa", "fb"].contains(&text) || text.starts_with("Site ") || text.starts_with("Role ");
        let number = text.bytes().fold(seed, |sum, b| sum.wrapping_mul(31).wrapping_add(usize::from(b)));
        known.then(|| match number % 3 {
            // Without a tail, so that the whole text is odd; an id of its own for each is made sure of by the caller.
            0 => format!("{}{text}", ODD[number % ODD.len()]),
            1 => format!("{text}{}", ODD[number % ODD.len()]),
            _ => format!("{0}{text}{0}", ODD[number % ODD.len()]),
        })
    };
    match value {
        Value::String(text) => json!(odd(text).unwrap_or_else(|| text.clone())),
        Value::Array(list) => list.iter().map(|v| oddly(v, seed)).collect(),
        Value::Object(map) => {
            map.iter().map(|(key, v)| (odd(key).unwrap_or_else(|| key.clone()), oddly(v, seed))).collect::<Map<String, Value>>().into()
        }
        other => other.clone(),
    }
}

#[test]
fn random_instances_with_odd_names_survive() {
    for seed in 0..300 {
        let value = oddly(&common::instance(seed, common::SMALL), usize::try_from(seed).expect("small"));
        check_round_trip(&value, &format!("seed {seed}"));
    }
}

#[test]
fn every_odd_text_survives_in_every_place_of_a_text() {
    for (i, odd) in ODD.iter().enumerate() {
        let other = ODD[(i + 1) % ODD.len()];
        let value = json!({
            "format": "rungs/1", "name": odd, "currency": other, "calendar": {"start": "2027-01-01", "unit": "month", "count": 4},
            "competencies": [{"id": odd}, {"id": other, "name": odd}], "stages": [{"id": odd}, {"id": other, "name": odd}],
            "difficulty": {*odd: 1.5, other: -2},
            "roles": [{"id": odd, "stage": other, "family": odd, "demands": {*odd: 1, other: 2}, "requires": {*odd: 1}, "develops": {other: 2, *odd: 1},
                "after": [[odd, other], [other]], "not_right_after": [odd, other], "starts": [odd, 3, "2027-02", "2027-02-01"]}],
            "sites": [{"id": odd, "kind": other, "country": odd, "region": other, "requires": [odd, other], "open": [{"from": odd}, {"until": 2}, {}]}],
            "positions": [{"id": odd, "role": other, "site": odd, "manager": other}], "people": [{"id": odd, "reports_to": other}],
            "mentors": [{"id": other, "site": odd, "stages": [odd], "families": [other, odd]}],
            "tracks": [{"id": odd, "length": 3, "stages": [{"stage": odd}], "capstone": [odd],
                "curriculum": [{"of": {"roles": [odd, other], "kinds": [other]}, "placements": {"min": 1}}]}],
            "targets": [{"id": other, "requires": {*odd: 2}, "experience": [[odd], [other, odd]], "needed": [{"by": odd, "count": 2}]}],
            "cohorts": [{"id": odd, "track": other, "start": odd}],
            "participants": [{"id": odd, "name": other, "cohort": odd, "home": odd, "target": other, "credentials": [odd, {"id": other, "from": odd}],
                "history": [{"role": odd, "site": other}], "current": {"position": odd}, "ratings": {"roles": {*odd: 1, other: -2}},
                "barred": {"sites": [odd, other]}, "pinned": [{"position": odd, "from": odd}], "mobility": {"regions": [odd], "countries": []}}],
            "groups": [{"id": odd, "members": [odd, other], "kind": "together"}],
            "relocation": {"pairs": [{"from": odd, "to": other, "cost": 1.25}], "budget": {"per_year": {*odd: 3}}},
            "baseline": [{"participant": odd, "position": other, "until": odd}],
        });
        check_round_trip(&value, odd);
    }
}

#[test]
fn what_is_empty_is_kept_where_it_means_something() {
    check_round_trip(
        &json!({
            "format": "rungs/1", "name": "", "calendar": {"start": "1899-12-31", "unit": "week", "count": 3}, "baseline": [], "relocation": {"budget": {}},
            "stages": [{"id": "", "name": ""}],
            "roles": [{"id": "r", "stage": "s", "demands": {}, "duration": {}, "starts": [], "after": [[], ["r"]]}],
            "sites": [{"id": "s", "open": [], "housing": [], "arrivals": [3]}, {"id": "t", "open": [{}], "arrivals": [1, 1, 1, 2]}],
            "positions": [{"id": "q", "role": "r", "site": "s", "seats": 2, "demand": [0, 0, 0]}],
            "mentors": [{"id": "m", "reach": 12.5, "stages": [], "families": [], "available": [{"from": -1, "until": "2027"}]},
                {"id": "n", "reach": "anywhere"}],
            "tracks": [{"id": "t", "length": 3, "breadth": {}, "stages": [{"stage": "s", "placements": {}, "periods": {"max": 0}}],
                "curriculum": [{"of": {}, "placements": {"min": 1}}, {"each": "kind", "periods": {}}, {"of": {"sites": []}}]}],
            "targets": [{"id": "g", "needed": []}, {"id": "h", "needed": 3}],
            "cohorts": [{"id": "c", "track": "t", "start": -3}, {"id": "d", "track": "t", "start": "2027"}],
            "participants": [
                {"id": "p", "cohort": "c", "home": {}, "mobility": {}, "ratings": {}, "minds": {}, "barred": {}, "curriculum": [], "current": {"position": "q"},
                    "leave": [{}, {"pauses": false, "holds_seat": true}], "credentials": [{"id": "k"}, "k"]},
                {"id": "o", "cohort": "c", "home": {"lat": 1.5, "lon": -0.25}, "mobility": {"sites": [], "regions": [], "countries": []}},
            ],
            "groups": [{"id": "g", "members": [], "kind": "apart", "within": 10}],
            "rules": {"seats": {}, "peers": {"mode": "soft", "weight": 2.5, "min": 3}, "fairness": {"counts": [], "of": "total"},
                "waiting": {"counts_leave": true}, "stretch": {"max_step": 1e-7}},
        }),
        "empty things",
    );
    let spelt = json!({
            "format": "rungs/1", "calendar": {"start": "2027-01-01", "unit": "year", "count": 3}, "difficulty": {}, "rules": {},
            "stages": [{"id": "none"}], "competencies": [], "people": [], "mentors": [], "targets": [], "groups": [], "baseline": [],
            "relocation": {"pairs": [], "budget": {"per_year": {}}},
            "roles": [{"id": "None", "stage": "none", "difficulty": 1, "after": []}],
            "sites": [{"id": "s"}], "positions": [{"id": "q", "role": "None", "site": "s"}],
            "tracks": [{"id": "t", "length": 3, "stages": [], "curriculum": []}], "cohorts": [{"id": "c", "track": "t", "start": 0}],
            "participants": [{"id": "none", "cohort": "c", "history": [], "leave": [], "pinned": [], "curriculum": []},
                {"id": "p", "cohort": "c", "history": [{"role": "None", "site": "s"}]}],
    });
    check_round_trip(&spelt, "empty lists of their own sheets");
    let hash = |value: &Value| rungs::io::sha256(value.to_string().as_bytes()).expect("JSON");
    assert_eq!(hash(&through_csv(&spelt)), hash(&spelt), "through .csv");
    for format in [Format::Xlsx, Format::Ods] {
        assert_eq!(hash(&through_book(&spelt, format)), hash(&spelt), "through {format:?}");
    }
}

#[test]
fn a_list_that_is_said_to_be_empty_has_no_rows() {
    let value = json!({"cohorts": [], "participants": [{"id": "p", "history": []}]});
    let mut files = csv(&value);
    for (name, bytes) in &mut files {
        bytes.extend_from_slice(match name.as_str() {
            "Cohorts" => b"c27,,t,2027\n".as_slice(),
            "History" => b"p,lead,leipzig,2\n".as_slice(),
            _ => b"",
        });
    }
    let problems = instance_value(&Source::of_csv(&files).expect("opened")).expect_err("refused");
    let said: Vec<String> = problems.iter().map(|p| format!("{} {}", p.place.sheet.as_deref().unwrap_or_default(), p.what)).collect();
    let wanted =
        ["Cohorts.csv 'cohorts' is said to be none, and here is a row of it", "History.csv 'history' is said to be none, and here is a row of it"];
    assert_eq!(said, wanted);
}

#[test]
fn every_field_of_the_formats_has_a_column() {
    for form in [&INSTANCE, &PLAN] {
        let mut covered: Vec<String> = vec!["format".to_owned()];
        for sheet in form.sheets {
            let path = |c: &str| match sheet.rows {
                Rows::Settings => vec![c.to_owned()],
                Rows::List(list) => vec![format!("{list}.{c}")],
                Rows::Under(owners, field) => owners.iter().map(|o| format!("{}.{field}.{c}", o.list)).collect(),
                Rows::Map(map, ..) => vec![map.to_owned()],
                Rows::Rules => vec!["rules".to_owned()],
            };
            covered.extend(sheet.columns.iter().flat_map(|c| path(c.path)));
        }
        let schema = (form.schema)();
        let mut fields = Vec::new();
        leaves(&schema, &schema, "", 0, &mut fields);
        // Of a plan's placement, what is only there for its reader is left to views.
        let skipped = ["from_date", "until_date", "role", "site", "stage", "difficulty", "step", "move_km", "move_cost"];
        for field in fields {
            let reader = form.noun == "plan" && skipped.iter().any(|s| field == format!("placements.{s}"));
            let held = |c: &String| *c == field || field.starts_with(&format!("{c}."));
            assert!(reader || covered.iter().any(held), "{} has no column for {field}", form.noun);
        }
    }
}

/// The paths of all fields of a schema, through lists and alternatives.
fn leaves(schema: &Value, root: &Value, path: &str, depth: usize, found: &mut Vec<String>) {
    if let Some(name) = schema["$ref"].as_str() {
        return leaves(root.pointer(name.trim_start_matches('#')).expect("a definition"), root, path, depth, found);
    }
    assert!(depth < 12, "{path}");
    let inner: Vec<&Value> = schema["anyOf"].as_array().into_iter().flatten().chain(schema.get("items")).collect();
    inner.iter().for_each(|s| leaves(s, root, path, depth + 1, found));
    let properties = schema["properties"].as_object();
    for (name, field) in properties.into_iter().flatten() {
        leaves(field, root, &if path.is_empty() { name.clone() } else { format!("{path}.{name}") }, depth + 1, found);
    }
    if inner.is_empty() && properties.is_none() && schema["type"] != "null" && !path.is_empty() {
        found.push(path.to_owned());
    }
}

#[test]
fn formula_text_cannot_run() {
    let evil = "=HYPERLINK(\"http://x\")";
    let mut value = common::instance(1, common::SMALL);
    value["name"] = json!(evil);
    value["sites"][0]["name"] = json!("+1");
    value["sites"][0]["requires"] = json!(["@a", "=b"]);
    for (name, bytes) in csv(&value) {
        let text = String::from_utf8(bytes).expect("UTF-8");
        let mut reader = csv_reader(&text);
        for record in reader.records() {
            for cell in &record.expect("a record") {
                let negative = cell.parse::<f64>().is_ok();
                assert!(negative || !cell.starts_with(['=', '+', '-', '@']), "{name}: {cell}");
            }
        }
    }
    let parts = unzipped(&instance_book(&value, Format::Xlsx).expect("written"));
    assert!(parts.iter().all(|(_, text)| !text.contains("<f>")), "a formula");
    assert!(parts.iter().any(|(_, text)| text.contains("quotePrefix=\"1\"")), "edited, it stays text");
    let parts = unzipped(&instance_book(&value, Format::Ods).expect("written"));
    assert!(parts.iter().all(|(_, text)| !text.contains("table:formula")), "a formula");
}

fn csv_reader(text: &str) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes())
}

fn unzipped(bytes: &[u8]) -> Vec<(String, String)> {
    use std::io::Read;
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).expect("an archive");
    (0..archive.len())
        .map(|i| {
            let mut part = archive.by_index(i).expect("a part");
            let mut text = String::new();
            part.read_to_string(&mut text).expect("text");
            (part.name().expect("a name").into_owned(), text)
        })
        .collect()
}

#[test]
fn the_template_helps_to_fill_it_in() {
    let ods = instance_book(&json!({}), Format::Ods).expect("written");
    assert_eq!(ods, instance_book(&json!({}), Format::Ods).expect("written"), "same content, same bytes");
    let bytes = instance_book(&json!({}), Format::Xlsx).expect("written");
    assert_eq!(bytes, instance_book(&json!({}), Format::Xlsx).expect("written"), "same content, same bytes");
    let parts = unzipped(&bytes);
    let sheets: Vec<&String> = parts.iter().filter(|(name, _)| name.starts_with("xl/worksheets/sheet")).map(|(_, text)| text).collect();
    // All but the sheet to read first and the hidden one of lists.
    assert_eq!(sheets.len(), INSTANCE.sheets.len() + 2);
    assert_eq!(sheets.iter().filter(|text| text.contains("state=\"frozen\"")).count(), INSTANCE.sheets.len());
    let notes: String = parts.iter().filter(|(name, _)| name.starts_with("xl/comments")).map(|(_, text)| text.as_str()).collect();
    assert!(notes.contains("Shortest and longest stay") || notes.contains("At least this many"), "a note says what the schema says");
    let dropdowns: usize = sheets.iter().map(|text| text.matches("<dataValidation ").count()).sum();
    let single = |kind: &Kind| matches!(kind, Kind::Named(_) | Kind::Choice(_) | Kind::YesNo);
    let wanted = INSTANCE.sheets.iter().flat_map(|s| s.columns).filter(|c| single(&c.kind)).count();
    assert!(dropdowns >= wanted, "{dropdowns} dropdowns for {wanted} references and choices");
    let content = unzipped(&ods).into_iter().find(|(name, _)| name == "content.xml").expect("there").1;
    assert_eq!(content.matches("<table:table ").count(), INSTANCE.sheets.len() + 2);
    assert!(content.contains("Shortest and longest stay") || content.contains("At least this many"), "a note says what the schema says");
    let dropdowns = content.matches("table:content-validation-name=").count();
    assert!(dropdowns >= wanted, "{dropdowns} dropdowns for {wanted} references and choices");
}

/// The settings of an .ods that a spreadsheet program reads panes from, by sheet: OpenDocument 1.3, part 3, config:config-item-set
/// `ooo:view-settings`, view, `Tables`, sheet.
fn panes(parts: &[(String, String)]) -> BTreeMap<String, BTreeMap<String, String>> {
    use quick_xml::events::Event;
    let settings = &parts.iter().find(|(name, _)| name == "settings.xml").expect("there").1;
    let mut reader = quick_xml::Reader::from_str(settings);
    let (mut path, mut found) = (Vec::<String>::new(), BTreeMap::<String, BTreeMap<String, String>>::new());
    loop {
        match reader.read_event().expect("sound XML") {
            Event::Start(tag) => {
                let name = tag.attributes().map(|a| a.expect("sound")).find(|a| a.key.as_ref() == "config:name");
                path.push(name.map(|a| a.value.into_owned()).unwrap_or_default());
            }
            Event::End(_) => drop(path.pop()),
            Event::Text(value) if path.len() > 3 && path[path.len() - 3] == "Tables" => {
                assert_eq!(path[2..path.len() - 3], ["ooo:view-settings", "Views", ""], "{path:?}");
                let value = value.to_string();
                found.entry(path[path.len() - 2].clone()).or_default().insert(path[path.len() - 1].clone(), value);
            }
            Event::Eof => return found,
            _ => {}
        }
    }
}

#[test]
fn headings_stay_in_sight_in_ods_too() {
    let parts = unzipped(&instance_book(&json!({}), Format::Ods).expect("written"));
    let manifest = &parts.iter().find(|(name, _)| name == "META-INF/manifest.xml").expect("there").1;
    assert!(manifest.contains("manifest:full-path=\"settings.xml\""), "{manifest}");
    let panes = panes(&parts);
    assert_eq!(panes.len(), INSTANCE.sheets.len());
    for sheet in INSTANCE.sheets {
        let says = |item: &str| panes[sheet.name].get(item).map(String::as_str);
        // 2: frozen, and the position is a number of rows or columns. The pane below is the active one: 2, or 3 at the right.
        assert_eq!((says("VerticalSplitMode"), says("VerticalSplitPosition"), says("PositionBottom")), (Some("2"), Some("1"), Some("1")));
        let columns = says("HorizontalSplitPosition");
        assert_eq!(says("PositionRight"), columns);
        assert_eq!(says("HorizontalSplitMode"), Some(if columns == Some("0") { "0" } else { "2" }));
        assert_eq!(says("ActiveSplitRange"), Some(if columns == Some("0") { "2" } else { "3" }));
    }
}

/// CSV texts of a small sound instance, to be changed by the tests.
fn small() -> Vec<(String, Vec<u8>)> {
    let files = [
        ("Instance", "setting,value\ncalendar start,2027-01-01\ncalendar unit,quarter\ncalendar count,4\n"),
        ("Stages", "id,name\nteam,Team lead\nsite,Site lead\n"),
        ("Roles", "id,name,stage,difficulty,duration min,after\nlead,Lead,team,2,2,\nhead,Head,site,4,2,lead\n"),
        ("Sites", "id,name\nleipzig,Leipzig\ndresden,Dresden\n"),
        ("Positions", "id,role,site,seats\nlead-l,lead,leipzig,1\nlead-d,lead,dresden,1\nhead-l,head,leipzig,2\n"),
        ("Tracks", "id,length\npath,4\n"),
        ("Track stages", "track,stage,placements min\npath,team,\npath,site,1\n"),
        ("Cohorts", "id,track,start\nc27,path,#0\n"),
        ("Participants", "id,name,cohort,home\nana,Ana Ruiz,c27,leipzig\nbo,Bo Lind,c27,dresden\n"),
        ("Leave", "participant,from,until,pauses\nana,2027-Q2,2027-Q3,yes\n"),
    ];
    files.iter().map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec())).collect()
}

fn changed(sheet: &str, text: &str) -> Source {
    let mut files = small();
    files.retain(|(name, _)| name != sheet);
    files.push((sheet.to_owned(), text.as_bytes().to_vec()));
    Source::of_csv(&files).expect("opened")
}

#[test]
fn sloppy_writing_is_understood() {
    let plain = instance_value(&Source::of_csv(&small()).expect("opened")).expect("sound");
    assert!(instance(&Source::of_csv(&small()).expect("opened")).is_ok());
    for (sheet, text) in [
        ("Positions", "SITE, Id ,seats,Role\n Leipzig ,lead-l,1, LEAD \nDresden,lead-d,1.0,Lead\nleipzig,head-l,2,Head\n"),
        ("Positions", "id;role;site;seats\nlead-l;lead;leipzig;1\nlead-d;lead;dresden;1\nhead-l;head;leipzig;2\n"),
        ("Participants", "# my notes,id,name,cohort,home\nx,ana,Ana Ruiz,C27,Leipzig\n\n,,,,\n,bo,Bo Lind,c27,dresden\ny,,,,\n"),
        ("Leave", "participant,from,until,pauses,holds seat\nAna Ruiz,2027-q2,2027-Q3,X,\n"),
        ("Leave", "participant,from,until,pauses\nana,\"2027-Q2\",2027-Q3,TRUE\n"),
        ("Track stages", "sep=;\nTRACK;Stage;Placements_min\npath;Team lead;\npath;SITE;1\n"),
        ("Instance", "Setting,Value,# meaning\ncalendar_unit,Quarter,x\nCalendar Count,4,\ncalendar start,2027-01-01,\nname,,\n"),
        ("# Notes", "anything\n1\n"),
        ("Read me", "anything\n"),
    ] {
        assert_eq!(instance_value(&changed(sheet, text)).unwrap_or_else(|p| panic!("{sheet}: {p:#?}")), plain, "{sheet}: {text}");
    }
}

#[test]
fn what_could_be_misread_is_refused() {
    for (sheet, text, code, cell) in [
        ("Leave", "participant,from,until,pauses\nana,2027-Q2,2027-Q3,y\n", "E804", "D2"),
        ("Leave", "participant,from,until,pauses\nana,2027-Q2,2027-Q3,maybe\n", "E804", "D2"),
        ("Leave", "participant,from,until\nana,2027-Q2,2027-Q3\n,2027-Q4,\n", "E106", "A3"),
        ("Leave", "participant,from,until\nanna,2027-Q2,2027-Q3\n", "E203", "A2"),
        ("Leave", "participant,from,until\nana,3,2027-Q3\n", "E804", "B2"),
        ("Leave", "participant,from,until\nana,01/04/2027,2027-Q3\n", "E303", "B2"),
        ("Leave", "participant,from,until,until\nana,2027-Q2,2027-Q3,\n", "E803", "D1"),
        ("Leave", "participant,from,until,\nana,2027-Q2,2027-Q3,stray\n", "E802", "D2"),
        ("Roles", "id,stage,dificulty\nlead,team,2\nhead,site,4\n", "E802", "C1"),
        ("Roles", "id,stage,difficulty\nlead,team,\"1,5\"\nhead,site,4\n", "E804", "C2"),
        ("Roles", "id,stage,difficulty,requires\nlead,team,1,\nhead,site,4,a 2\n", "E804", "D3"),
        ("Roles", "id,stage,difficulty,after\nlead,team,1,\nhead,site,4,\"\"\"lead\"\n", "E804", "D3"),
        ("Sites", "id,open\nleipzig,2027-Q1\ndresden,\n", "E804", "B2"),
        ("Sites", "id,housing\nleipzig,1; 2; x\ndresden,\n", "E804", "B2"),
        ("Sites", "id,housing\nleipzig,3 x99999999999\ndresden,\n", "E804", "B2"),
        ("Sites", "id,name\nleipzig,#REF!\ndresden,\n", "E806", "B2"),
        ("Sites", "id,housing\nleipzig,-1\ndresden,\n", "E301", "B2"),
        ("Sites", "id,housing\nleipzig,1; 2\ndresden,\n", "E305", "B2"),
        ("Sites", "id,name\nleipzig,Hub\ndresden,Hub\nhub-3,\n", "", ""),
        ("Rules", "rule,mode\nstrech,soft\n", "E601", "A2"),
        ("Rules", "rule,mode,max step\nseats,,3\n", "E602", "C2"),
        ("Rules", "rule,mode,weight\nmobility,soft,\n", "E604", "A2"),
        ("Difficulty", "dimension,weight\nscope,1\nscope,2\n", "E105", "A3"),
        ("Instance", "setting,value\ncalendar start,2027-01-01\ncalendar unit,quarters\ncalendar count,4\n", "E804", "B3"),
        ("Instance", "setting,value\ncalendar start,2027-01-01\ncalendar unit,quarter\n", "E106", "B2"),
        ("Particpants", "id\nx\n", "E801", ""),
        ("Track_stages", "track,stage\npath,team\n", "E803", ""),
    ] {
        let found = instance(&changed(sheet, text));
        if code.is_empty() {
            assert!(found.is_ok(), "{sheet}: {text}");
            continue;
        }
        let problems = found.expect_err(text);
        let hit = problems.iter().any(|p| p.code == code && p.place.cell.as_deref().unwrap_or_default() == cell);
        assert!(hit, "{sheet}: {text}: {code} at {cell} is not among {problems:#?}");
    }
}

#[test]
fn a_name_that_several_have_is_refused() {
    let mut files = small();
    files.retain(|(name, _)| name != "Sites" && name != "Positions");
    files.push(("Sites".to_owned(), b"id,name\nleipzig,Hub\ndresden,Hub\n".to_vec()));
    files.push(("Positions".to_owned(), b"id,role,site,seats\nlead-l,lead,hub,1\n".to_vec()));
    let problems = instance(&Source::of_csv(&files).expect("opened")).expect_err("ambiguous");
    let said: Vec<String> = problems.iter().map(Problem::to_string).collect();
    assert_eq!(said, ["error[E805]: 'hub' could mean any of 2 sites\n  at sheet Positions.csv, cell C2\n  hint: write the id: dresden, leipzig"]);
}

#[test]
fn every_problem_of_a_workbook_is_said_at_once_in_its_cell() {
    let mut files = small();
    let broken = [
        ("Participants", "id,name,cohort,home,level,colour\nana,Ana Ruiz,c72,leipsic,high,red\nbo,Bo Lind,,dresden,,\nbo,,c27,nowhere,,\n"),
        ("Positions", "id,role,site,seats,open\nlead-l,lead,leipzig,1.5,\nhead-l,haed,leipzig,2; 2,2027-Q3 until 2027-Q2\n"),
        ("Curriculum", "track,participant,each,of roles,placements min,placements max\npath,ana,site,,,1\npath,,kind,lead,1,\n"),
        ("Notes", "x\n"),
    ];
    files.retain(|(name, _)| broken.iter().all(|(b, _)| b != name));
    files.extend(broken.iter().map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec())));
    let source = Source::of_csv(&files).expect("opened");
    let problems = instance(&source).expect_err("broken");
    insta::with_settings!({ omit_expression => true }, {
        insta::assert_snapshot!(problems.iter().map(|p| format!("{p}\n\n")).collect::<String>());
    });
    let Source::Book(book) = source else { panic!("a book") };
    let bytes = marked(&book, &INSTANCE, &problems, Format::Xlsx).expect("written");
    let parts = unzipped(&bytes);
    let notes: String = parts.iter().filter(|(name, _)| name.starts_with("xl/comments")).map(|(_, text)| text.as_str()).collect();
    assert!(notes.contains("c72") && notes.contains("ref=\"C2\""), "the cell is commented");
    // Marked, it says the same again.
    let Source::Book(again) = Source::of_bytes(bytes).expect("opened") else { panic!("a book") };
    let cells =
        |book: &Book, sheet: &str| book.grids.iter().find(|g| g.name == sheet).expect("there").cells.values().map(Cell::shown).collect::<Vec<_>>();
    assert_eq!(cells(&again, "Participants"), cells(&book, "Participants"));
    assert_eq!(instance(&Source::Book(again)).expect_err("still broken").len(), problems.len());
}

#[test]
fn what_is_no_workbook_is_said() {
    let code = |bytes: &[u8]| Source::of_bytes(bytes.to_vec()).map(|_| ()).map_err(|p| p[0].code);
    assert_eq!(code(b"PK\x03\x04 cut"), Err("E807"));
    assert_eq!(code(&[0xd0, 0xcf, 0x11, 0xe0, 0, 0]), Err("E807"));
    assert_eq!(code(b"{}"), Ok(()));
    let open = |path: &Path| Source::open(path).map(|_| ()).map_err(|p| p[0].code);
    let folder = tempfile::tempdir().expect("a folder");
    assert_eq!(open(folder.path()), Err("E807"));
    assert_eq!(open(&folder.path().join("Sites.csv")), Err("E807"));
    assert_eq!(open(&folder.path().join("absent.xlsx")), Err("E108"));
    let holding = |text: &str| {
        let file = folder.path().join("named.xlsx");
        std::fs::write(&file, text).expect("written");
        open(&file)
    };
    assert_eq!((holding(""), holding("<table>"), holding(" {}")), (Err("E807"), Err("E807"), Ok(())));
    let csv = |text: &[u8]| Source::of_csv(&[("Sites".to_owned(), text.to_vec())]).map(|_| ()).map_err(|p| p[0].code);
    assert_eq!(csv(b"id,name\na,\"b\nc,d\n"), Err("E807"));
    assert_eq!(csv(b"id,name\na,caf\xe9\n"), Err("E101"));
}

/// The sheets of a plan that is read from a workbook.
#[test]
fn a_plan_comes_back_from_its_workbook() {
    use rungs::io::plan_file::PlanFile;
    use rungs::workbook::{plan, plan_book, plan_pages};
    let mut mentored = 0;
    for seed in 0..200 {
        let value = common::instance(seed, common::SMALL);
        let Ok(taken) = instance(&Source::Json(value.to_string().into_bytes())) else { continue };
        let drawn = common::plan(&taken.case, seed);
        let brief = rungs::brief::brief(&taken.case, &taken.policy);
        let drawn = rungs::desk::assign_mentors(&brief, drawn.clone()).unwrap_or(drawn);
        let seen = rungs::audit::audit(&taken.case, &taken.policy, &drawn);
        let file: PlanFile = rungs::io::compose(&taken.case, &drawn, &seen);
        mentored += usize::from(file.placements.0.iter().any(|row| !row.mentors.is_empty()));
        let book = Source::of_bytes(plan_book(&taken, &drawn, &file, Format::Xlsx).expect("written")).expect("opened");
        let files = csv_files(&plan_pages(&taken, &drawn, &file)).expect("written");
        let folder =
            Source::of_csv(&files.into_iter().map(|(name, b)| (name.trim_end_matches(".csv").to_owned(), b)).collect::<Vec<_>>()).expect("opened");
        for source in [&book, &folder] {
            assert!(source.is_plan());
            let read = plan(source, &taken.case).unwrap_or_else(|p| panic!("seed {seed}: {p:#?}"));
            let sorted = |plan: &rungs::domain::Plan| {
                plan.paths
                    .rows()
                    .iter()
                    .map(|path| {
                        let mut path = path.clone();
                        path.sort_by_key(|p| (p.from, p.until, p.position));
                        path.iter_mut().for_each(|p| p.mentors.sort_by_key(|m| (m.from, m.until, m.mentor)));
                        path
                    })
                    .collect::<Vec<_>>()
            };
            assert_eq!(sorted(&read.plan), sorted(&drawn), "seed {seed}");
            assert!(read.warnings.is_empty(), "seed {seed}: {:?}", read.warnings);
            assert_eq!((&read.file.instance, &read.file.objective, &read.file.rules), (&file.instance, &file.objective, &file.rules), "seed {seed}");
        }
    }
    assert!(mentored > 10, "{mentored}");
}
