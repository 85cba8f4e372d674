//! The instance file `rungs/1`, as it is written: nothing defaulted, nothing resolved.
//!
//! The doc comment of every field is its description in the schema, in workbooks and in manuals: meaning, unit, default.

mod people;
mod places;
mod rules;
mod unions;

pub use people::*;
pub use places::*;
pub use rules::{Mode, ParamValue, RuleEntry, Rules};
pub use unions::*;

use std::collections::BTreeMap;

use super::record::{record, words};

/// Values by id.
pub type Map<T> = BTreeMap<String, T>;

record! {
    /// Everything known about sites, roles, mentors, participants and rules.
    Instance "the instance" {
        /// Always "rungs/1".
        format: String,
        /// The instance's name. Default "unnamed".
        name: Option<String>,
        /// Currency of all money amounts. Default "USD".
        currency: Option<String>,
        /// The planning horizon.
        calendar: Calendar,
        /// What people learn, in levels.
        competencies: Vec<Competency>,
        /// The ladder, lowest rung first.
        stages: Vec<Stage>,
        /// Weight of every dimension of demand, for roles that give `demands` instead of a difficulty.
        difficulty: Map<f64>,
        /// Kinds of job.
        roles: Vec<Role>,
        /// Places of work.
        sites: Vec<Site>,
        /// Roles at sites, with seats: what participants are placed in.
        positions: Vec<Position>,
        /// Who reports to whom. Managers and mentors may appear here.
        people: Vec<Person>,
        /// Who supports participants.
        mentors: Vec<Mentor>,
        /// Shapes that a programme's paths must have.
        tracks: Vec<Track>,
        /// Future roles that participants are developed for.
        targets: Vec<Target>,
        /// Participants who start together on one track.
        cohorts: Vec<Cohort>,
        /// Who is developed.
        participants: Vec<Participant>,
        /// Participants who want to be, or must not be, near each other.
        groups: Vec<Group>,
        /// What moves cost. Default: nothing, without limit.
        relocation: Option<Relocation>,
        /// The plan that the rule `stability` compares with. Default: none.
        baseline: Option<Vec<Baseline>>,
        /// How rules are set: rule id to mode, weight and the rule's own parameters. What is not named keeps its default.
        rules: Rules,
    }

    /// The planning horizon, cut into equal periods.
    Calendar "the calendar" {
        /// First day of period 0, as an ISO date.
        start: String,
        /// Length of each period.
        unit: Unit,
        /// Number of periods.
        count: u32,
    }

    /// What people learn, in levels.
    Competency "a competency" {
        /// Unique id.
        id: String,
        /// Name. Default: the id.
        name: Option<String>,
        /// The highest level; 0 = none. Default: the highest level that the instance names.
        levels: Option<u32>,
    }

    /// A rung of the ladder.
    Stage "a stage" {
        /// Unique id.
        id: String,
        /// Name. Default: the id.
        name: Option<String>,
    }

    /// Whole numbers with bounds.
    Limits "bounds" {
        /// At least this many. Default 0.
        min: Option<u32>,
        /// At most this many. Default: no bound.
        max: Option<u32>,
    }

    /// The shape a programme's path must have.
    Track "a track" {
        /// Unique id.
        id: String,
        /// Name. Default: the id.
        name: Option<String>,
        /// Length in periods.
        length: u32,
        /// Difficulty already mastered by someone who joins. Default: the easiest position of the track's first stage (of the
        /// ladder's first if the track lists none) less the ideal step of `stretch`; 0 if there is no such position.
        entry_level: Option<f64>,
        /// Its stages, in the ladder's order. Default: no bounds on stages.
        stages: Vec<TrackStage>,
        /// What every path must contain.
        curriculum: Vec<Clause>,
        /// Roles, one of which must be the last placement. Default: any.
        capstone: Vec<String>,
        /// Distinct families and sites that a finished path should reach.
        breadth: Option<Breadth>,
    }

    /// What a track asks of one stage.
    TrackStage "a track's stage" {
        /// Stage id.
        stage: String,
        /// Placements in it.
        placements: Option<Limits>,
        /// Worked periods in it.
        periods: Option<Limits>,
    }

    /// Distinct families and sites.
    Breadth "a breadth" {
        /// Distinct families. Default 0.
        families: Option<u32>,
        /// Distinct sites. Default 0.
        sites: Option<u32>,
    }

    /// One clause of a curriculum: bounds on what it counts.
    Clause "a clause" {
        /// Count placements that match every list given here.
        of: Option<Of>,
        /// Count placements at each site, family, kind or region by itself.
        each: Option<Each>,
        /// Bounds on placements.
        placements: Option<Limits>,
        /// Bounds on worked periods.
        periods: Option<Limits>,
    }

    /// What a clause counts: placements that match every list given.
    Of "a clause's 'of'" {
        /// Role ids.
        roles: Option<Vec<String>>,
        /// Families.
        families: Option<Vec<String>>,
        /// Stage ids.
        stages: Option<Vec<String>>,
        /// Site ids.
        sites: Option<Vec<String>>,
        /// Kinds of site.
        kinds: Option<Vec<String>>,
        /// Regions.
        regions: Option<Vec<String>>,
    }

    /// A future role, and what being ready for it takes.
    Target "a target" {
        /// Unique id.
        id: String,
        /// Name. Default: the id.
        name: Option<String>,
        /// Competency id to the level asked.
        requires: Map<u32>,
        /// Groups of role ids; of every group at least one must be completed.
        experience: Vec<Vec<String>>,
        /// Ready people wanted: a number (by the last period), or a list of counts by period. Default 0.
        needed: Option<Needed>,
    }

    /// Ready people wanted by a period.
    NeededBy "a count of ready people" {
        /// By the end of this period.
        by: Period,
        /// How many.
        count: u32,
    }
}

words! {
    /// The length of a period.
    Unit {
        /// Seven days.
        Week = "week",
        /// A calendar month.
        Month = "month",
        /// Three months.
        Quarter = "quarter",
        /// Six months.
        Half = "half",
        /// Twelve months.
        Year = "year",
    }

    /// What an `each` clause tells apart.
    Each {
        /// The site.
        Site = "site",
        /// The role's family.
        Family = "family",
        /// The site's kind.
        Kind = "kind",
        /// The site's region.
        Region = "region",
    }
}
