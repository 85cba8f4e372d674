//! Roles, sites, positions, and what moves between them cost.

use super::{Limits, Map, PerPeriod, Period, Range};
use crate::io::record::record;

record! {
    /// A kind of job.
    Role "a role" {
        /// Unique id.
        id: String,
        /// Name. Default: the id.
        name: Option<String>,
        /// Stage id: its rung of the ladder.
        stage: String,
        /// Function or business area. Default: none.
        family: Option<String>,
        /// How hard it is. Give either this or `demands`.
        difficulty: Option<f64>,
        /// Dimension of demand to score; the difficulty is the weighted sum.
        demands: Option<Map<f64>>,
        /// Shortest and longest stay in worked periods. Default: min 1, no max.
        duration: Option<Limits>,
        /// Periods in which it may begin. Default: any.
        starts: Option<Vec<Period>>,
        /// Competency id to the level asked at entry.
        requires: Map<u32>,
        /// Competency id to the level held on completion.
        develops: Map<u32>,
        /// Groups of role ids; of every group at least one must be completed before.
        after: Vec<Vec<String>>,
        /// Role ids that may not be the placement just before, however long ago.
        not_right_after: Vec<String>,
        /// How demanding on the person, 0 to 1. Default 0.
        intensity: Option<f64>,
        /// Exposure to senior leaders, 0 to 1. Default 0.
        visibility: Option<f64>,
    }

    /// A place of work.
    Site "a site" {
        /// Unique id.
        id: String,
        /// Name. Default: the id.
        name: Option<String>,
        /// Kind of site. Default: none.
        kind: Option<String>,
        /// Country. Default: none.
        country: Option<String>,
        /// Region. Default: none.
        region: Option<String>,
        /// Latitude in degrees, -90 to 90; given with `lon`. Default: unknown.
        lat: Option<f64>,
        /// Longitude in degrees, -180 to 180; given with `lat`. Default: unknown.
        lon: Option<f64>,
        /// Credentials needed to work there: work authorisation, language, clearance.
        requires: Vec<String>,
        /// Ranges of periods in which it is open. Default: always.
        open: Option<Vec<Range>>,
        /// People from elsewhere at once, per period. Default: unlimited.
        housing: Option<PerPeriod>,
        /// Newcomers in a period, per period. Default: unlimited.
        arrivals: Option<PerPeriod>,
    }

    /// A role at a site, with seats.
    Position "a position" {
        /// Unique id.
        id: String,
        /// Role id.
        role: String,
        /// Site id.
        site: String,
        /// Participants at once, per period. Default 1.
        seats: Option<PerPeriod>,
        /// Seats that the business needs filled, per period. Default 0.
        demand: Option<PerPeriod>,
        /// How much a seat short counts. Default 1.
        priority: Option<f64>,
        /// Person id of the manager. Default: none.
        manager: Option<String>,
        /// Added to the role's difficulty: a bigger site makes the same role harder. Default 0.
        difficulty_add: Option<f64>,
        /// Extra step that good support here allows. Default 0.
        support: Option<f64>,
        /// Ranges of periods in which it is open. Default: always.
        open: Option<Vec<Range>>,
    }

    /// What moves cost.
    Relocation "relocation" {
        /// Cost of every move. Default 0.
        base: Option<f64>,
        /// Cost of every kilometre. Default 0.
        per_km: Option<f64>,
        /// Within this many kilometres nobody moves. Default 0.
        commute_km: Option<f64>,
        /// Costs of given pairs of sites, both ways, instead of base and kilometres.
        pairs: Vec<Pair>,
        /// Limits of what all moves cost. Default: unlimited.
        budget: Option<Budget>,
    }

    /// The cost of a move between two sites, both ways.
    Pair "a pair of sites" {
        /// Site id.
        from: String,
        /// Site id.
        to: String,
        /// Cost of the move.
        cost: f64,
    }

    /// Limits of what all moves cost.
    Budget "a budget" {
        /// Of the whole plan. Default: unlimited.
        total: Option<f64>,
        /// By calendar year, for instance "2027". Years not named are unlimited.
        per_year: Map<f64>,
    }
}
