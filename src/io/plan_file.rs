//! The plan file `rungs-plan/1`, as it is written. A plan made by hand needs no more than `placements`.

use super::leaves::Json;
use super::raw::{Map, Mode, Period};
use super::record::{record, words};

record! {
    /// The paths of all participants, with what the plan is worth and how that was proven.
    PlanFile "the plan" {
        /// Always "rungs-plan/1".
        format: Option<String>,
        /// The instance that the plan is for.
        instance: Option<InstanceRef>,
        /// How good the plan is known to be.
        status: Option<Status>,
        /// The sum of `weight × measure` over the soft rules (and `stretch`).
        objective: Option<f64>,
        /// No plan costs less than this.
        bound: Option<f64>,
        /// `(objective − bound) / max(1, |objective|)`.
        gap: Option<f64>,
        /// What every rule that is not off measures and costs.
        rules: Vec<RuleCost>,
        /// Who is where from when until when.
        placements: Rows<PlacementRow>,
        /// Idle spans, with reasons.
        unplaced: Vec<Unplaced>,
        /// What anyone can recompute the bound from.
        certificate: Option<Certificate>,
        /// How the plan was made.
        solver: Option<Solver>,
    }

    /// The instance that a plan is for.
    InstanceRef "the plan's instance" {
        /// Its name.
        name: Option<String>,
        /// SHA-256 of its canonical text, in lower-case hexadecimal.
        sha256: Option<String>,
    }

    /// What a rule measures and costs.
    RuleCost "a rule's cost" {
        /// Rule id.
        id: String,
        /// Hard or soft.
        mode: Mode,
        /// What it measures in the plan.
        measure: f64,
        /// Points per unit; 0 for a hard rule other than `stretch`.
        weight: f64,
        /// `weight × measure`.
        cost: f64,
    }

    /// One participant in one position for a span of periods.
    PlacementRow "a placement" {
        /// Participant id.
        participant: String,
        /// Position id.
        position: String,
        /// The first period worked.
        from: Period,
        /// The period after the last one worked.
        until: Period,
        /// Who supports it, and when.
        mentors: Vec<MentorRow>,
        /// First day of the period `from`; for the reader's sake.
        from_date: Option<String>,
        /// First day of the period `until`; for the reader's sake.
        until_date: Option<String>,
        /// Role id; for the reader's sake.
        role: Option<String>,
        /// Site id; for the reader's sake.
        site: Option<String>,
        /// Stage id; for the reader's sake.
        stage: Option<String>,
        /// Difficulty of the position; for the reader's sake.
        difficulty: Option<f64>,
        /// Difficulty less that of what was before; for the reader's sake.
        step: Option<f64>,
        /// Kilometres moved; for the reader's sake.
        move_km: Option<f64>,
        /// Cost of the move; for the reader's sake.
        move_cost: Option<f64>,
    }

    /// One mentor's support of a placement.
    MentorRow "a mentor of a placement" {
        /// Mentor id.
        mentor: String,
        /// First period. Default: the placement's.
        from: Option<Period>,
        /// The period after the last. Default: the placement's.
        until: Option<Period>,
    }

    /// An idle span of a participant.
    Unplaced "an idle span" {
        /// Participant id.
        participant: String,
        /// First idle period.
        from: Period,
        /// The period after the last.
        until: Period,
        /// Why.
        reasons: Vec<String>,
    }

    /// Multipliers of the coupling rows, from which the bound can be recomputed.
    Certificate "the certificate" {
        /// The bound that the multipliers prove. Default: the plan's.
        bound: Option<f64>,
        /// Rows with a multiplier other than 0.
        rows: Vec<CertificateRow>,
    }

    /// One coupling row and its multiplier.
    CertificateRow "a row of the certificate" {
        /// Rule id.
        rule: String,
        /// Which of the rule's rows: ids and period numbers, joined by "/", for instance "shift@leeds/3".
        key: String,
        /// The multiplier, from 0.
        multiplier: f64,
    }

    /// How the plan was made.
    Solver "the solver" {
        /// Version of the program.
        version: Option<String>,
        /// Method that found the plan.
        method: Option<String>,
        /// Seed of all random choices.
        seed: Option<Json>,
        /// Options that were given.
        options: Map<Json>,
        /// Wall-clock seconds.
        seconds: Option<f64>,
        /// What was counted on the way.
        counts: Map<Json>,
    }
}

words! {
    /// How good a plan is known to be.
    Status {
        /// The gap is at most 1e-6.
        Optimal = "optimal",
        /// The gap is at most what was asked for.
        WithinGap = "within-gap",
        /// The search stopped earlier.
        Feasible = "feasible",
    }
}

/// A list that must be given, though it may be empty.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
#[serde(transparent)]
pub struct Rows<T>(pub Vec<T>);

impl<T> Default for Rows<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: super::Read> super::Read for Rows<T> {
    fn read<'d>(reader: &mut super::Reader<'d>, raw: &'d serde_json::value::RawValue) -> Option<Self> {
        Vec::read(reader, raw).map(Self)
    }
}

impl<T: schemars::JsonSchema> schemars::JsonSchema for Rows<T> {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        <Vec<T>>::schema_name()
    }
    fn inline_schema() -> bool {
        true
    }
    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        <Vec<T>>::json_schema(generator)
    }
}
