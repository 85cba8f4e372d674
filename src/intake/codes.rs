//! Every code of a problem: what causes it, what it looks like, and how to mend it.
//!
//! Codes are stable: one that is no longer given is never used for something else.
//! E1 the file · E2 ids and lists · E3 numbers and time · E4 the programme · E5 participants · E6 rules · E7 the plan file · E8 workbooks · E9 changes, templates and keys · W warnings.

/// The page of one code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Code {
    /// The code.
    pub code: &'static str,
    /// What is wrong, in a few words.
    pub title: &'static str,
    /// What causes it.
    pub cause: &'static str,
    /// What it looks like.
    pub example: &'static str,
    /// How to mend it.
    pub mend: &'static str,
}

/// The page of a code; upper and lower case are alike.
#[must_use]
pub fn find(code: &str) -> Option<&'static Code> {
    CODES.iter().find(|c| c.code.eq_ignore_ascii_case(code))
}

macro_rules! codes {
    ($($code:literal $title:literal : $cause:literal, $example:literal, $mend:literal;)*) => {
        /// Every code, in order.
        pub const CODES: &[Code] = &[$(Code { code: $code, title: $title, cause: $cause, example: $example, mend: $mend }),*];
    };
}

codes! {
    "E101" "not UTF-8":
        "The file holds bytes that are no UTF-8 text: it was saved in another encoding, or is no text at all.",
        "a name with 'é' saved as Windows-1252",
        "Save the file as UTF-8.";
    "E102" "not JSON":
        "The file is not JSON: it is empty, was cut off, or a comma, quote or bracket is missing or too much.",
        "{\"name\": \"x\",}",
        "Look at the line and just before it. JSON allows no comments and no comma after the last entry.";
    "E103" "wrong type":
        "A value has another type than its field wants, or a text holds an invalid escape.",
        "\"count\": \"12\"",
        "Write the type that the message names: numbers and true/false without quotes, lists in square brackets.";
    "E104" "unknown field":
        "A field does not belong where it stands. Misspelt fields are never ignored.",
        "\"max_kms\": 300",
        "Correct the spelling, or take the field out; `rungs schema` lists all fields.";
    "E105" "field given twice":
        "One object gives a field, or a map an id, twice.",
        "{\"id\": \"a\", \"id\": \"b\"}",
        "Keep one of the two.";
    "E106" "required field missing":
        "A field that has no default is not given (null counts as not given).",
        "{\"id\": \"spring\", \"start\": 0} as a cohort: it names no track",
        "Add the field.";
    "E107" "unknown format":
        "The file's `format` is not one that is read here.",
        "\"format\": \"rungs/2\"",
        "Give an instance where an instance is wanted (\"rungs/1\") and a plan where a plan is (\"rungs-plan/1\").";
    "E108" "file cannot be read":
        "The file does not exist, is a directory, or may not be read.",
        "rungs plan no-such-file.json",
        "Check the path and the permissions.";
    "E109" "unknown word":
        "A field takes one of a few words, and this is none of them.",
        "\"unit\": \"quarters\"",
        "Use one of the words that the message lists.";
    "E110" "not TOML":
        "The file is not TOML: a quote, brace or bracket is missing, or a key is given twice.",
        "name = Leeds closes",
        "Look at the line; texts stand in quotes.";
    "E201" "id given twice":
        "Two rows of one list have the same id.",
        "two sites with \"id\": \"leeds\"",
        "Give every row of a list its own id.";
    "E202" "empty id":
        "A row's id is an empty text.",
        "\"id\": \"\"",
        "Give the row an id.";
    "E203" "unknown id":
        "Something is named that its list does not have.",
        "\"cohort\": \"ops-28\" where the cohorts are ops-2027 and ops-2028",
        "Correct the spelling, or add the row to the list.";
    "E204" "empty list":
        "A list is empty, or too short, where something is needed.",
        "\"participants\": []",
        "Add what is missing, or leave out what needs it.";
    "E205" "listed twice":
        "A list names the same thing twice where that makes no sense.",
        "\"members\": [\"ana\", \"ana\"]",
        "Take one of the two out.";
    "E301" "number out of range":
        "A number is too small, too large, negative or broken where that is impossible.",
        "\"intensity\": 80 (it is from 0 to 1)",
        "Correct the number; the message says what is possible.";
    "E302" "min above max":
        "Bounds exclude each other.",
        "\"duration\": {\"min\": 4, \"max\": 2}",
        "Exchange or correct the two.";
    "E303" "no such period or day":
        "A text is no period label or date, or names a day or year that the calendar does not have.",
        "\"from\": \"2027-Q5\"",
        "Write a 0-based number, a label (2027, 2027-H1, 2027-Q3, 2027-04, 2027-W14) or a date (2027-04-01).";
    "E304" "empty range":
        "A range ends before or where it begins. `until` is the period after the last one.",
        "{\"from\": \"2027-Q3\", \"until\": \"2027-Q3\"}",
        "Make `until` later than `from`.";
    "E305" "wrong number of periods":
        "A list with a number for each period is shorter or longer than the horizon.",
        "\"seats\": [1, 2] in a horizon of 12 periods",
        "Give exactly one number for each period, or one number for all.";
    "E306" "outside the horizon":
        "Something must lie inside the horizon and does not.",
        "a pin until period 14 in a horizon of 12",
        "Correct the periods. What was before the horizon belongs into `current` or `history`.";
    "E307" "impossible calendar":
        "The calendar has no period, or runs past the year 9999.",
        "\"count\": 0",
        "Correct `start`, `unit` or `count`.";
    "E308" "level too high":
        "A level is above the competency's highest.",
        "\"requires\": {\"safety\": 4} where safety has 3 levels",
        "Correct the level, or the competency's `levels`.";
    "E309" "half a coordinate":
        "Of latitude and longitude only one is given.",
        "{\"lat\": 52.5}",
        "Give both or none.";
    "E401" "two difficulties":
        "A role gives both `difficulty` and `demands`.",
        "\"difficulty\": 5, \"demands\": {\"people\": 2}",
        "Keep one of the two.";
    "E402" "no difficulty":
        "A role gives neither `difficulty` nor `demands`.",
        "{\"id\": \"am\", \"stage\": \"am\"}",
        "Add one of the two.";
    "E403" "demand without weight":
        "A role's demands name a dimension that the instance's `difficulty` gives no weight.",
        "\"demands\": {\"scop\": 2}",
        "Correct the spelling, or give the dimension a weight.";
    "E404" "circular reporting line":
        "Following `reports_to` leads back to where it began.",
        "Ana reports to Ben, Ben reports to Ana",
        "Let one of them report to someone else or to nobody.";
    "E405" "circular prerequisites":
        "Roles wait for each other by `after`, and nothing in anyone's history opens the circle.",
        "b is after a, a is after b",
        "Take one out of the other's `after`, or add a role to the group that can be met.";
    "E406" "stages out of order":
        "A track lists its stages against the ladder's order, or one twice.",
        "stages om, am where the ladder is am, om, gm",
        "List each stage once, in the ladder's order.";
    "E407" "unclear clause":
        "A clause of a curriculum must have exactly one of `of` and `each`; with `each` it has maxima alone.",
        "{\"each\": \"site\", \"placements\": {\"min\": 1}}",
        "Give one of the two; ask minima with `of`.";
    "E408" "pair given twice":
        "The cost of a move between two sites is given twice and differs. A pair counts both ways.",
        "leeds to york 500, york to leeds 700",
        "Keep one of the two.";
    "E409" "baseline in two places":
        "The baseline has a participant in two positions in one period.",
        "from 0 until 3, and from 2 until 5",
        "Let one entry end before the next begins.";
    "E501" "current before the start":
        "A participant has a `current` placement, but their cohort starts later than the horizon.",
        "a cohort with \"start\": 2",
        "Put what was before into `history`, or correct the cohort's start.";
    "E502" "stuck in a closed position":
        "A current placement is in a position that is closed when the horizon opens: it can't go on, and it has not been long enough to end.",
        "worked 1 of at least 2, and the site opens in period 2",
        "Correct `worked`, the opening of the position or its site, or the role's shortest duration.";
    "E503" "pins overlap":
        "Two pins of a participant overlap, and `pinned` is hard.",
        "from 0 until 3, and from 2 until 5",
        "Let one end before the next begins, or take one out.";
    "E504" "pinned and barred":
        "A participant is pinned to what is barred for them, and both rules are hard.",
        "pinned to a position at york, with york under barred.sites",
        "Take one of the two out.";
    "E601" "unknown rule":
        "There is no rule with that id.",
        "\"rules\": {\"strech\": {}}",
        "Correct the spelling; `rungs rules` lists all.";
    "E602" "unknown setting of a rule":
        "The rule does not have that parameter.",
        "\"peers\": {\"minimum\": 3}",
        "Correct the spelling; `rungs rules RULE` lists its parameters.";
    "E603" "rule is always hard":
        "The rule can't be made soft or switched off.",
        "\"seats\": {\"mode\": \"soft\", \"weight\": 10}",
        "Take the mode out.";
    "E604" "soft without a weight":
        "A rule that is not soft by itself is made soft, and what it then costs is not said.",
        "\"mobility\": {\"mode\": \"soft\"}",
        "Add \"weight\": the points that one unit of the rule's measure costs.";
    "E605" "parameter out of range":
        "A rule's parameter has a value that makes no sense.",
        "\"peers\": {\"min\": 1.5}",
        "Correct it; the message says what is possible.";
    "E606" "rule cannot be counted":
        "Fairness counts burdens of single paths; this rule couples several people's paths.",
        "\"fairness\": {\"counts\": [\"seats\"]}",
        "Name rules that are read from one path alone.";
    "E701" "unknown id in a plan":
        "The plan names a participant, position or mentor that the instance does not have.",
        "\"position\": \"am@york\"",
        "Correct the spelling, or check the plan against the instance it was made for. What was taken out of the instance since is left out by `rungs replan BEFORE --plan PLAN --now AFTER`.";
    "E702" "impossible span in a plan":
        "A placement or a mentor's support ends before it begins, or lies outside the horizon.",
        "\"from\": 3, \"until\": 3",
        "`until` is the period after the last one worked; the horizon is 0 until the number of periods.";
    "E801" "unknown sheet":
        "A workbook has a sheet, or a folder a file, that the format does not have.",
        "a sheet named Particpants",
        "Correct the name, or let it begin with #: such sheets are yours and are not read.";
    "E802" "unknown column or setting":
        "A sheet has a column, or a row of settings, that the format does not have, or cells under no heading.",
        "a column named dificulty",
        "Correct the heading, or let it begin with #: such columns are yours and are not read.";
    "E803" "sheet or column given twice":
        "A sheet, a column or a setting is there twice.",
        "two columns named cohort",
        "Keep one of the two, or let the other's name begin with #.";
    "E804" "cell cannot be read":
        "A cell holds something other than its column takes: words for a number, a word that is none of the choices, an unclear range.",
        "1,500 as a weight",
        "Write what the message and the comment on the heading say.";
    "E805" "name of several":
        "A name is written where an id belongs, and several things have that name.",
        "Hub, where two sites are named so",
        "Write the id.";
    "E806" "spreadsheet error or time":
        "A cell holds an error of the spreadsheet program, or a time of day.",
        "#REF!",
        "Correct the formula or the cell.";
    "E807" "damaged workbook":
        "A workbook, or a CSV file, cannot be opened: it is damaged, cut off, of the old .xls kind, or leaves a quote open.",
        "a download that was cut off",
        "Open it in a spreadsheet program and save it as .xlsx.";
    "E901" "not a change":
        "A change has no word, more than one, or one that is none.",
        "{ clse = { site = \"leeds\" } }",
        "Write each change as one word and what it takes; the message lists the words.";
    "E902" "a change of nothing known":
        "A change names something that the instance does not have.",
        "{ close = { site = \"leedz\" } }",
        "Correct the id; the hint names the nearest.";
    "E903" "a change that is not clear":
        "A change says too little or too much: no place, no amount, or two of what there can be one of.",
        "{ seats = { position = \"shift@leeds\", add = 1, set = 3 } }",
        "Give exactly one of what the hint lists.";
    "E904" "a change that changes nothing":
        "Everything that a change asks for is so already, or nobody is meant.",
        "{ close = { site = \"leeds\" } } where leeds is never open",
        "Correct the change, or leave it out.";
    "E951" "a template that cannot be filled in":
        "A letter's template is not written as templates are, or asks something of a value that it is not.",
        "{% if target %} without {% endif %}",
        "Look at the line; `rungs letters --print-template` prints one that works.";
    "E952" "a name that letters do not have":
        "A template names something that no letter has. It is never passed over as empty.",
        "{{ persn.name }}",
        "Correct the name; `rungs letters --print-template` lists all of them.";
    "E953" "no calendar":
        "A file among the calendars that were handed out before cannot be read, so that what it holds cannot be replaced.",
        "people/ana.ics cut short",
        "Restore the file, or take it out of the folder.";
    "E954" "no key of pseudonyms":
        "The file given as key is none, or was edited.",
        "--pseudonyms plan.json",
        "Give the file that `rungs export --pseudonyms` wrote.";
    "W101" "date inside a period":
        "A date given as `until` is not a period's first day. It means the period that holds it, which is then left out.",
        "\"until\": \"2027-03-31\" in quarters",
        "Write the first day of the period after the last one.";
    "W102" "no position in reach":
        "No position's difficulty is within `max_step` of a participant's level, so that they may have nowhere to begin.",
        "level 1, and the easiest position has 8",
        "Give the participant a `level`, or check the difficulties.";
    "W103" "unknown name":
        "A family, kind, region or country is mentioned that no role, site or home has.",
        "\"families\": {\"finanse\": 2}",
        "Correct the spelling, or leave it if it is meant for later.";
    "W104" "person not listed":
        "A manager is named who is not listed. Their reporting line is taken to end there, so mentors above them are not recognised.",
        "\"manager\": \"gm-jolet\"",
        "Correct the spelling, or add them under `people`.";
    "W105" "weight without effect":
        "A weight is given for a rule that is hard or off.",
        "\"moves\": {\"weight\": 5} (moves is off by itself)",
        "Add \"mode\": \"soft\", or take the weight out.";
    "W106" "value adjusted":
        "A value was taken for the nearest that makes sense.",
        "\"duration\": {\"min\": 0} is taken as 1",
        "Write what is meant.";
    "W107" "mentor without a site":
        "A mentor has no site and does not reach anywhere, so they can support nobody.",
        "{\"id\": \"vera\"}",
        "Give a `site`, or \"reach\": \"anywhere\".";
    "W108" "entry without effect":
        "An entry says nothing.",
        "a clause with neither placements nor periods",
        "Complete it or take it out.";
    "W109" "pin given twice":
        "The same placement is pinned twice; it counts once.",
        "two equal pins",
        "Take one out.";
    "W110" "circular prerequisites":
        "Roles wait for each other by `after`; the rule is not hard, so they can still be reached, at a cost.",
        "b is after a, a is after b",
        "Take one out of the other's `after`.";
    "W111" "current placement ends":
        "A current placement is in a position that is closed when the horizon opens, so it ends then.",
        "the site closes with period 0",
        "Correct the opening if it should go on.";
    "W112" "pins that cost":
        "Pins of a participant exclude each other, or pin what is barred; a soft rule lets that pass, at a cost.",
        "pinned to a position that is barred, with `barred` soft",
        "Take one of the two out.";
    "W113" "nobody can have a mentor":
        "`mentoring` is hard, and there are no mentors, or none who can support anyone in any position: nobody can be placed.",
        "\"rules\": {\"mentoring\": {\"mode\": \"hard\"}} without `mentors`",
        "List mentors who reach the positions and stand outside their lines, or set the rule to soft or off.";
    "W703" "plan of another instance":
        "The plan was made for another state of the instance: the hash differs.",
        "the instance was edited after planning",
        "Plan anew, or check the plan: what it claims is recomputed.";
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    /// Codes in the sources of a directory, tests aside.
    fn used_under(directory: &Path, found: &mut BTreeSet<String>) {
        for entry in std::fs::read_dir(directory).expect("a directory") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                used_under(&path, found);
            } else if path.file_name().is_some_and(|n| n != "codes.rs" && n != "tests.rs") {
                let text = std::fs::read_to_string(&path).expect("a source");
                let code = text.split("#[cfg(test)]").next().unwrap_or_default();
                let quoted = code.split('"').filter(|s| s.len() == 4 && s.starts_with(['E', 'W']) && s[1..].bytes().all(|b| b.is_ascii_digit()));
                found.extend(quoted.map(String::from));
            }
        }
    }

    #[test]
    fn every_code_used_has_a_page_and_every_page_is_used() {
        let mut used = BTreeSet::new();
        for floor in ["src/io", "src/intake", "src/workbook", "src/change", "src/handout", "src/pseudonyms", "src/cli"] {
            used_under(&Path::new(env!("CARGO_MANIFEST_DIR")).join(floor), &mut used);
        }
        let listed: BTreeSet<String> = CODES.iter().map(|c| c.code.to_owned()).collect();
        assert_eq!(used, listed);
        assert!(CODES.is_sorted_by_key(|c| c.code), "in order, and each once");
    }

    #[test]
    fn pages_are_found() {
        assert_eq!(find("e203").map(|c| c.title), Some("unknown id"));
        assert_eq!(find("E999"), None);
    }
}
