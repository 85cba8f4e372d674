//! People, mentors, cohorts, participants, groups and the baseline.

use super::{Clause, Credential, Home, Map, PerPeriod, Period, Range, Reach, Within};
use crate::io::record::{record, words};

record! {
    /// Someone in a reporting line.
    Person "a person" {
        /// Unique id.
        id: String,
        /// Name. Default: the id.
        name: Option<String>,
        /// Person id of their manager. Default: none.
        reports_to: Option<String>,
    }

    /// Someone who supports participants outside their own reporting line.
    Mentor "a mentor" {
        /// Id of the person.
        id: String,
        /// Name. Default: the person's name, else the id.
        name: Option<String>,
        /// Site id: where they are. Default: unknown.
        site: Option<String>,
        /// Mentees at once, per period. Default 1.
        capacity: Option<PerPeriod>,
        /// How far they reach: "site", "region", "country", "anywhere", or kilometres. Default "site".
        reach: Option<Reach>,
        /// Stage ids they can mentor. Default: all.
        stages: Option<Vec<String>>,
        /// Families they can mentor. Default: all.
        families: Option<Vec<String>>,
        /// Ranges of periods in which they are available. Default: always.
        available: Option<Vec<Range>>,
    }

    /// Participants who start together on one track.
    Cohort "a cohort" {
        /// Unique id.
        id: String,
        /// Name. Default: the id.
        name: Option<String>,
        /// Track id.
        track: String,
        /// First period; may lie before period 0 for a cohort already under way.
        start: Period,
    }

    /// Someone who is developed.
    Participant "a participant" {
        /// Unique id.
        id: String,
        /// Name. Default: the person's name, else the id.
        name: Option<String>,
        /// Cohort id.
        cohort: String,
        /// Where they live: a site id, or a place. Default: unknown.
        home: Option<Home>,
        /// Target id: the role they are developed for. Default: none.
        target: Option<String>,
        /// Difficulty mastered. Default: the hardest role in `history`, else the track's entry level.
        level: Option<f64>,
        /// Competency id to the level at the start.
        competencies: Map<u32>,
        /// Credentials held: ids, or an id and the period from which it is held.
        credentials: Vec<Credential>,
        /// Completed placements, oldest first.
        history: Vec<Past>,
        /// Where they are when the horizon opens. Default: nowhere.
        current: Option<Current>,
        /// Ranges of periods in which they do not work.
        leave: Vec<Leave>,
        /// Periods by which this person's track ends later. Default 0.
        extension: Option<u32>,
        /// Where they may go. Default: anywhere.
        mobility: Option<Mobility>,
        /// What they wish: scores, for instance -2 (avoid) to +2 (want).
        ratings: Option<Ratings>,
        /// How much they mind moves and waiting.
        minds: Option<Minds>,
        /// Burden from earlier years that fairness remembers, from 0. Default 0.
        carried: Option<f64>,
        /// What their path must contain, instead of the track's curriculum.
        curriculum: Option<Vec<Clause>>,
        /// What they may not take.
        barred: Option<Barred>,
        /// Placements that must be.
        pinned: Vec<Pin>,
    }

    /// A place that is no site.
    Place "a place" {
        /// Latitude in degrees, -90 to 90; given with `lon`. Default: unknown.
        lat: Option<f64>,
        /// Longitude in degrees, -180 to 180; given with `lat`. Default: unknown.
        lon: Option<f64>,
        /// Country. Default: none.
        country: Option<String>,
        /// Region. Default: none.
        region: Option<String>,
    }

    /// A credential held from a period on.
    CredentialFrom "a credential" {
        /// Credential id.
        id: String,
        /// First period in which it is held. Default: always.
        from: Option<Period>,
    }

    /// A completed placement of the past.
    Past "an entry of history" {
        /// Role id.
        role: String,
        /// Site id.
        site: String,
        /// Periods worked. Default 0: unknown.
        periods: Option<u32>,
    }

    /// Where a participant is when the horizon opens.
    Current "the current placement" {
        /// Position id.
        position: String,
        /// Periods worked in it so far. Default 0.
        worked: Option<u32>,
    }

    /// Periods in which a participant does not work.
    Leave "a leave" {
        /// First period. Default: the horizon's first.
        from: Option<Period>,
        /// The period after the last. Default: the horizon's end.
        until: Option<Period>,
        /// A placement may pause over it. Default true.
        pauses: Option<bool>,
        /// A paused placement keeps its seat. Default false.
        holds_seat: Option<bool>,
    }

    /// Where a participant may go.
    Mobility "mobility" {
        /// At most this many moves. Default: no bound.
        max_moves: Option<u32>,
        /// At most this many kilometres from home. Default: no bound.
        max_km: Option<f64>,
        /// Only these site ids. Default: all.
        sites: Option<Vec<String>>,
        /// Only these regions. Default: all.
        regions: Option<Vec<String>>,
        /// Only these countries. Default: all.
        countries: Option<Vec<String>>,
        /// Not these site ids.
        not_sites: Vec<String>,
        /// At least this many worked periods between two moves. Default 0.
        min_stay: Option<u32>,
    }

    /// Scores of what a participant wishes; a position's rating is the sum of those that fit it.
    Ratings "ratings" {
        /// Role id to score.
        roles: Map<f64>,
        /// Family to score.
        families: Map<f64>,
        /// Site id to score.
        sites: Map<f64>,
        /// Region to score.
        regions: Map<f64>,
        /// Kind of site to score.
        kinds: Map<f64>,
    }

    /// How much a participant minds.
    Minds "minds" {
        /// Moves, from 0. Default 1.
        moves: Option<f64>,
        /// Waiting, from 0. Default 1.
        waiting: Option<f64>,
    }

    /// What a participant may not take.
    Barred "barred" {
        /// Role ids.
        roles: Vec<String>,
        /// Site ids.
        sites: Vec<String>,
        /// Position ids.
        positions: Vec<String>,
    }

    /// A placement that must be.
    Pin "a pin" {
        /// Position id.
        position: String,
        /// First period. Default: the horizon's first.
        from: Option<Period>,
        /// The period after the last. Default: the horizon's end.
        until: Option<Period>,
    }

    /// Participants who want to be, or must not be, near each other.
    Group "a group" {
        /// Unique id.
        id: String,
        /// Participant ids, at least two.
        members: Vec<String>,
        /// Together or apart.
        kind: GroupKind,
        /// How near: "site", "region", "country", or kilometres. Default "site".
        within: Option<Within>,
    }

    /// A placement of the plan that `stability` compares with.
    Baseline "an entry of the baseline" {
        /// Participant id.
        participant: String,
        /// Position id.
        position: String,
        /// First period. Default: the horizon's first.
        from: Option<Period>,
        /// The period after the last. Default: the horizon's end.
        until: Option<Period>,
    }
}

words! {
    /// What a group asks.
    GroupKind {
        /// In every period in which two members both work, they are within the distance.
        Together = "together",
        /// They are not.
        Apart = "apart",
    }
}
