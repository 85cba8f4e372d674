//! The form of a workbook: every sheet and column, once. Reading, writing, templates, dropdowns, notes and documentation all
//! follow from these tables; what a column means is taken from the descriptions of the format's own fields.

use serde_json::Value;

use crate::io::plan_file::Status;
use crate::io::raw::{Each, GroupKind, Mode, Nearness, Neighbourhood, Unit};
use crate::rules::{ParamKind, RULES};

/// What a text in a cell names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Of {
    /// A competency.
    Competency,
    /// A stage.
    Stage,
    /// A role.
    Role,
    /// A site.
    Site,
    /// A position.
    Position,
    /// A track.
    Track,
    /// A target.
    Target,
    /// A cohort.
    Cohort,
    /// A participant.
    Participant,
    /// A person of a reporting line: someone under people, mentors or participants.
    Person,
    /// A mentor.
    Mentor,
    /// A dimension of demand.
    Dimension,
    /// A family of roles.
    Family,
    /// A kind of site.
    Kind,
    /// A region.
    Region,
    /// A country.
    Country,
    /// A credential.
    Credential,
    /// A rule.
    Rule,
}

impl Of {
    /// The word for one and for several.
    #[must_use]
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Competency => ("competency", "competencies"),
            Self::Stage => ("stage", "stages"),
            Self::Role => ("role", "roles"),
            Self::Site => ("site", "sites"),
            Self::Position => ("position", "positions"),
            Self::Track => ("track", "tracks"),
            Self::Target => ("target", "targets"),
            Self::Cohort => ("cohort", "cohorts"),
            Self::Participant => ("participant", "participants"),
            Self::Person => ("person", "people"),
            Self::Mentor => ("mentor", "mentors"),
            Self::Dimension => ("dimension", "dimensions"),
            Self::Family => ("family", "families"),
            Self::Kind => ("kind of site", "kinds of site"),
            Self::Region => ("region", "regions"),
            Self::Country => ("country", "countries"),
            Self::Credential => ("credential", "credentials"),
            Self::Rule => ("rule", "rules"),
        }
    }
}

/// What a column's cells hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Any text.
    Text,
    /// A number.
    Number,
    /// Yes or no.
    YesNo,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// The id, or the name if it is unique, of something.
    Named(Of),
    /// A date.
    Day,
    /// A period.
    Period,
    /// Several periods.
    Periods,
    /// Ranges of periods.
    Ranges,
    /// Several texts or, if they name something, ids or names.
    List(Option<Of>),
    /// Groups of ids or names.
    Groups(Of),
    /// Ids or names, each with a number.
    Map(Of),
    /// A number for all periods, or one for each.
    PerPeriod,
    /// A number, or several with the period by which.
    Needed,
    /// Credentials, some of them from a period on.
    Credentials,
    /// Mentors, some of them for part of a placement.
    Mentors,
    /// A word or a number of kilometres.
    Distance(&'static [&'static str]),
    /// An explicit nothing in place of a list that stands on another sheet.
    Nothing,
    /// Any JSON value, for what only programs read.
    Json,
}

impl Kind {
    /// How the cell is written, for someone who fills it in.
    #[must_use]
    pub fn how(self) -> String {
        match self {
            Self::Text => "Text.".to_owned(),
            Self::Number => "A number.".to_owned(),
            Self::YesNo => "yes or no.".to_owned(),
            Self::Choice(words) => format!("One of: {}.", words.join(", ")),
            Self::Named(of) => format!("The {}'s id, or the name if no other has it.", of.words().0),
            Self::Day => "A date.".to_owned(),
            Self::Period => {
                "A period: a date, or a label such as 2027, 2027-H1, 2027-Q3, 2027-04, 2027-W14; #0 is the horizon's first, #1 the next.".to_owned()
            }
            Self::Periods => "Periods, separated by ; for instance 2027-Q1; 2027-Q3. none: in no period.".to_owned(),
            Self::Ranges => {
                "Ranges, separated by ; for instance from 2027-Q1 until 2027-Q3; from 2028-Q1. What 'until' names is the first period not in \
                    it. none: never."
                    .to_owned()
            }
            Self::List(None) => "Several are separated by ;".to_owned(),
            Self::List(Some(of)) => format!("Several {} are separated by ; and none is the empty list.", of.words().1),
            Self::Groups(of) => format!("Groups of {} for instance a or b; c: one of a and b, and c.", of.words().1),
            Self::Map(of) => format!("{} with numbers, for instance a: 2; b: 1.", capitalised(of.words().1)),
            Self::PerPeriod => "One number for all periods, or one for each, separated by ; where 2 x4 means four times 2.".to_owned(),
            Self::Needed => "A number, or several with the period by which: 2 by 2028-Q4; 5 by 2029-Q4.".to_owned(),
            Self::Credentials => "Separated by ; and from a period on where held only then: french; us-work from 2030-01-01.".to_owned(),
            Self::Mentors => "Separated by ; and with the span where it is not the whole placement: ben until 2027-Q3; eve from 2027-Q3.".to_owned(),
            Self::Distance(words) => format!("One of: {}; or a number of kilometres.", words.join(", ")),
            Self::Nothing => "Leave it blank, or write none for an empty list.".to_owned(),
            Self::Json => "For programs.".to_owned(),
        }
    }

    /// The kind of a rule's parameter.
    pub(super) fn of_param(kind: &ParamKind) -> Self {
        match kind {
            ParamKind::Number { .. } => Self::Number,
            ParamKind::Flag { .. } => Self::YesNo,
            ParamKind::Choice(words) => Self::Choice(words),
            ParamKind::Rules(_) => Self::List(Some(Of::Rule)),
        }
    }
}

fn capitalised(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// A column of a sheet, or a row of a sheet of settings.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// Where its value stands in the row's object: `mobility.max_km`. Of a map's sheet: `key` or `value`.
    pub path: &'static str,
    /// What its cells hold.
    pub kind: Kind,
}

impl Column {
    /// The heading: the path, its parts with spaces between.
    #[must_use]
    pub fn heading(&self) -> String {
        self.path.replace('.', " ")
    }
}

/// Where a sheet's rows stand in the file.
#[derive(Debug, Clone, Copy)]
pub enum Rows {
    /// One row a value of the whole file: a name, a value, what it means.
    Settings,
    /// One row an item of a list.
    List(&'static str),
    /// One row an item of a list that each item of another list has; the first columns name whose it is.
    Under(&'static [Owner], &'static str),
    /// One row an entry of a map; the headings of key and value.
    Map(&'static str, &'static str, &'static str),
    /// One row a rule.
    Rules,
}

/// Whose a row of a sheet under another is.
#[derive(Debug, Clone, Copy)]
pub struct Owner {
    /// The column's heading.
    pub heading: &'static str,
    /// The list of the owners.
    pub list: &'static str,
    /// What the column names.
    pub of: Of,
}

/// A sheet.
#[derive(Debug, Clone, Copy)]
pub struct Sheet {
    /// Its name; a CSV file has it in front of its ending.
    pub name: &'static str,
    /// Where its rows stand.
    pub rows: Rows,
    /// Its columns, or its rows for settings.
    pub columns: &'static [Column],
}

/// A kind of file: its sheets and its schema.
#[derive(Debug, Clone, Copy)]
pub struct Form {
    /// The value of `format`.
    pub format: &'static str,
    /// What it is called.
    pub noun: &'static str,
    /// Its sheets.
    pub sheets: &'static [Sheet],
    /// Lists that are there, if empty, as soon as their sheet is.
    pub lists: &'static [&'static str],
    /// Whether an empty list that is spelt out is not the same text as none, as in what a fingerprint is taken of.
    pub spelt: bool,
    /// Sheets that are written to be looked at and never read.
    pub views: &'static [&'static str],
    /// Its schema.
    pub schema: fn() -> Value,
}

/// The instance as a workbook.
pub static INSTANCE: Form =
    Form { format: "rungs/1", noun: "instance", sheets: INSTANCE_SHEETS, lists: &[], spelt: true, views: &[], schema: crate::io::instance_schema };

/// The plan as a workbook.
pub static PLAN: Form = Form {
    format: "rungs-plan/1",
    noun: "plan",
    sheets: PLAN_SHEETS,
    lists: &["placements"],
    spelt: false,
    views: &["Summary", "Board", "By site", "By mentor"],
    schema: crate::io::plan_schema,
};

/// Sheets of explanation, in every workbook: never read.
pub(super) const READ_ME: &str = "Read me";

macro_rules! columns {
    ($($path:literal $kind:expr),* $(,)?) => {
        &[$(Column { path: $path, kind: { #[allow(unused_imports)] use Kind::*; $kind } }),*]
    };
}

const IN_TRACKS: Owner = Owner { heading: "track", list: "tracks", of: Of::Track };
const IN_PARTICIPANTS: Owner = Owner { heading: "participant", list: "participants", of: Of::Participant };

const INSTANCE_SHEETS: &[Sheet] = &[
    Sheet {
        name: "Instance",
        rows: Rows::Settings,
        columns: columns![
            "name" Text, "currency" Text, "calendar.start" Day, "calendar.unit" Choice(Unit::WORDS), "calendar.count" Number,
            "relocation.base" Number, "relocation.per_km" Number, "relocation.commute_km" Number, "relocation.budget.total" Number,
            "baseline" Nothing,
        ],
    },
    Sheet { name: "Stages", rows: Rows::List("stages"), columns: columns!["id" Text, "name" Text] },
    Sheet { name: "Competencies", rows: Rows::List("competencies"), columns: columns!["id" Text, "name" Text, "levels" Number] },
    Sheet { name: "Difficulty", rows: Rows::Map("difficulty", "dimension", "weight"), columns: columns!["key" Text, "value" Number] },
    Sheet {
        name: "Roles",
        rows: Rows::List("roles"),
        columns: columns![
            "id" Text, "name" Text, "stage" Named(Of::Stage), "family" Text, "difficulty" Number, "demands" Map(Of::Dimension),
            "duration.min" Number, "duration.max" Number, "starts" Periods, "requires" Map(Of::Competency), "develops" Map(Of::Competency),
            "after" Groups(Of::Role), "not_right_after" List(Some(Of::Role)), "intensity" Number, "visibility" Number,
        ],
    },
    Sheet {
        name: "Sites",
        rows: Rows::List("sites"),
        columns: columns![
            "id" Text, "name" Text, "kind" Text, "country" Text, "region" Text, "lat" Number, "lon" Number, "requires" List(None),
            "open" Ranges, "housing" PerPeriod, "arrivals" PerPeriod,
        ],
    },
    Sheet {
        name: "Positions",
        rows: Rows::List("positions"),
        columns: columns![
            "id" Text, "role" Named(Of::Role), "site" Named(Of::Site), "seats" PerPeriod, "demand" PerPeriod, "priority" Number,
            "manager" Named(Of::Person), "difficulty_add" Number, "support" Number, "open" Ranges,
        ],
    },
    Sheet { name: "People", rows: Rows::List("people"), columns: columns!["id" Text, "name" Text, "reports_to" Named(Of::Person)] },
    Sheet {
        name: "Mentors",
        rows: Rows::List("mentors"),
        columns: columns![
            "id" Text, "name" Text, "site" Named(Of::Site), "capacity" PerPeriod, "reach" Distance(Nearness::WORDS),
            "stages" List(Some(Of::Stage)), "families" List(Some(Of::Family)), "available" Ranges,
        ],
    },
    Sheet {
        name: "Tracks",
        rows: Rows::List("tracks"),
        columns: columns![
            "id" Text, "name" Text, "length" Number, "entry_level" Number, "capstone" List(Some(Of::Role)), "breadth.families" Number,
            "breadth.sites" Number,
        ],
    },
    Sheet {
        name: "Track stages",
        rows: Rows::Under(&[IN_TRACKS], "stages"),
        columns: columns![
            "stage" Named(Of::Stage), "placements.min" Number, "placements.max" Number, "periods.min" Number, "periods.max" Number,
        ],
    },
    Sheet {
        name: "Targets",
        rows: Rows::List("targets"),
        columns: columns!["id" Text, "name" Text, "requires" Map(Of::Competency), "experience" Groups(Of::Role), "needed" Needed],
    },
    Sheet { name: "Cohorts", rows: Rows::List("cohorts"), columns: columns!["id" Text, "name" Text, "track" Named(Of::Track), "start" Period] },
    Sheet {
        name: "Participants",
        rows: Rows::List("participants"),
        columns: columns![
            "id" Text, "name" Text, "cohort" Named(Of::Cohort), "home" Named(Of::Site), "home.lat" Number, "home.lon" Number,
            "home.country" Text, "home.region" Text, "target" Named(Of::Target), "level" Number, "competencies" Map(Of::Competency),
            "credentials" Credentials, "current.position" Named(Of::Position), "current.worked" Number, "extension" Number,
            "mobility.max_moves" Number, "mobility.max_km" Number, "mobility.sites" List(Some(Of::Site)),
            "mobility.regions" List(Some(Of::Region)), "mobility.countries" List(Some(Of::Country)), "mobility.not_sites" List(Some(Of::Site)),
            "mobility.min_stay" Number, "ratings.roles" Map(Of::Role), "ratings.families" Map(Of::Family), "ratings.sites" Map(Of::Site),
            "ratings.regions" Map(Of::Region), "ratings.kinds" Map(Of::Kind), "minds.moves" Number, "minds.waiting" Number,
            "carried" Number, "barred.roles" List(Some(Of::Role)), "barred.sites" List(Some(Of::Site)),
            "barred.positions" List(Some(Of::Position)), "curriculum" Nothing,
        ],
    },
    Sheet {
        name: "History",
        rows: Rows::Under(&[IN_PARTICIPANTS], "history"),
        columns: columns!["role" Named(Of::Role), "site" Named(Of::Site), "periods" Number],
    },
    Sheet {
        name: "Leave",
        rows: Rows::Under(&[IN_PARTICIPANTS], "leave"),
        columns: columns!["from" Period, "until" Period, "pauses" YesNo, "holds_seat" YesNo],
    },
    Sheet {
        name: "Pinned",
        rows: Rows::Under(&[IN_PARTICIPANTS], "pinned"),
        columns: columns!["position" Named(Of::Position), "from" Period, "until" Period],
    },
    Sheet {
        name: "Curriculum",
        rows: Rows::Under(&[IN_TRACKS, IN_PARTICIPANTS], "curriculum"),
        columns: columns![
            "each" Choice(Each::WORDS), "of.roles" List(Some(Of::Role)), "of.families" List(Some(Of::Family)),
            "of.stages" List(Some(Of::Stage)), "of.sites" List(Some(Of::Site)), "of.kinds" List(Some(Of::Kind)),
            "of.regions" List(Some(Of::Region)), "placements.min" Number, "placements.max" Number, "periods.min" Number,
            "periods.max" Number,
        ],
    },
    Sheet {
        name: "Groups",
        rows: Rows::List("groups"),
        columns: columns![
            "id" Text, "members" List(Some(Of::Participant)), "kind" Choice(GroupKind::WORDS), "within" Distance(Neighbourhood::WORDS),
        ],
    },
    Sheet {
        name: "Move costs",
        rows: Rows::List("relocation.pairs"),
        columns: columns!["from" Named(Of::Site), "to" Named(Of::Site), "cost" Number],
    },
    Sheet { name: "Budget years", rows: Rows::Map("relocation.budget.per_year", "year", "amount"), columns: columns!["key" Text, "value" Number] },
    Sheet {
        name: "Baseline",
        rows: Rows::List("baseline"),
        columns: columns!["participant" Named(Of::Participant), "position" Named(Of::Position), "from" Period, "until" Period],
    },
    Sheet { name: "Rules", rows: Rows::Rules, columns: columns!["mode" Choice(Mode::WORDS), "weight" Number] },
];

const PLAN_SHEETS: &[Sheet] = &[
    Sheet {
        name: "Placements",
        rows: Rows::List("placements"),
        columns: columns![
            "participant" Named(Of::Participant), "position" Named(Of::Position), "from" Period, "until" Period, "mentors" Mentors,
        ],
    },
    Sheet {
        name: "Unplaced",
        rows: Rows::List("unplaced"),
        columns: columns!["participant" Named(Of::Participant), "from" Period, "until" Period, "reasons" List(None)],
    },
    Sheet {
        name: "Costs",
        rows: Rows::List("rules"),
        columns: columns!["id" Text, "mode" Choice(Mode::WORDS), "measure" Number, "weight" Number, "cost" Number],
    },
    Sheet {
        name: "Plan",
        rows: Rows::Settings,
        columns: columns![
            "instance.name" Text, "instance.sha256" Text, "status" Choice(Status::WORDS), "objective" Number, "bound" Number, "gap" Number,
            "certificate.bound" Number, "solver.version" Text, "solver.method" Text, "solver.seed" Json, "solver.options" Json,
            "solver.seconds" Number, "solver.counts" Json,
        ],
    },
    Sheet { name: "Certificate", rows: Rows::List("certificate.rows"), columns: columns!["rule" Text, "key" Text, "multiplier" Number] },
];

/// What the schema says of a field: its description, and whether it must be given.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct About {
    /// Meaning, unit, default.
    pub text: String,
    /// It must be given.
    pub required: bool,
}

/// The descriptions of a form's fields.
#[derive(Debug)]
pub struct Words {
    schema: Value,
}

impl Words {
    /// The descriptions, from the form's schema.
    #[must_use]
    pub fn of(form: &Form) -> Self {
        Self { schema: (form.schema)() }
    }

    /// What a sheet holds.
    #[must_use]
    pub fn sheet(&self, sheet: &Sheet) -> String {
        match sheet.rows {
            Rows::Settings => "What holds for the whole of it: a setting a row.".to_owned(),
            _ => self.look("", &sheet.root()).text,
        }
    }

    /// What one of a sheet's columns means.
    #[must_use]
    pub fn column(&self, sheet: &Sheet, column: &Column) -> About {
        match sheet.rows {
            Rows::Settings => self.look("", column.path),
            Rows::List(_) | Rows::Under(..) => self.look(&sheet.root(), column.path),
            Rows::Map(path, key, _) if column.path == "key" => About { text: format!("{} in '{path}'.", capitalised(key)), required: true },
            Rows::Map(path, ..) => About { required: true, ..self.look("", path) },
            Rows::Rules => self.look("rules.stretch", column.path),
        }
    }

    /// What is said of a field, by its path from the rows of a list (from the file's root if none is named). It must be given
    /// if every part of the path must.
    fn look(&self, list: &str, path: &str) -> About {
        let mut here = self.object(&self.schema);
        for name in list.split('.').filter(|name| !name.is_empty()) {
            here = self.object(&here["properties"][name]);
        }
        let mut about = About { text: String::new(), required: true };
        for name in path.split('.').filter(|name| !name.is_empty()) {
            let named = here["required"].as_array().is_some_and(|list| list.iter().any(|r| r == name));
            let field = &here["properties"][name];
            about = About { text: field["description"].as_str().unwrap_or_default().to_owned(), required: about.required && named };
            here = self.object(field);
        }
        about
    }

    /// The object that a schema leads to, through references, alternatives and lists.
    fn object<'s>(&'s self, schema: &'s Value) -> &'s Value {
        if let Some(path) = schema["$ref"].as_str() {
            return self.object(self.schema.pointer(path.trim_start_matches('#')).unwrap_or(&Value::Null));
        }
        if schema["properties"].is_object() {
            return schema;
        }
        let mut inner = schema["anyOf"].as_array().into_iter().flatten().chain(schema.get("items")).map(|s| self.object(s));
        inner.find(|s| s["properties"].is_object()).unwrap_or(schema)
    }
}

impl Form {
    /// Whether an empty list is said by a row of its own sheet: `none` and nothing else. Some have a cell for it elsewhere.
    pub(super) fn says_none(&self, owner: Option<&str>, list: &str) -> bool {
        let holds = |sheet: &Sheet| match (sheet.rows, owner) {
            (Rows::Settings, None) => true,
            (Rows::List(rows), Some(owner)) => rows == owner,
            _ => false,
        };
        let mut columns = self.sheets.iter().filter(|sheet| holds(sheet)).flat_map(|sheet| sheet.columns);
        self.spelt && !columns.any(|column| column.kind == Kind::Nothing && column.path == list)
    }
}

impl Sheet {
    /// The path of the sheet's rows from the file's root.
    fn root(&self) -> String {
        match self.rows {
            Rows::Settings => String::new(),
            Rows::List(list) | Rows::Map(list, ..) => list.to_owned(),
            Rows::Under(owners, field) => format!("{}.{field}", owners[0].list),
            Rows::Rules => "rules".to_owned(),
        }
    }
}

/// The parameters of all rules, each name once, in the order of the rules.
pub(super) fn parameters() -> Vec<&'static str> {
    let mut names = Vec::new();
    for name in RULES.iter().flat_map(|rule| rule.params.iter().map(|p| p.name)) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}
