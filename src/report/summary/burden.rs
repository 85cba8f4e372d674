//! Who is worst off, where fairness is asked.

use std::collections::BTreeMap;

use crate::audit::Audit;
use crate::domain::{Case, CohortIx, ParticipantIx, Policy, Subject};

use super::super::text::number;

/// The person with the largest burden, of each cohort if cohorts are compared by themselves (the five worst off of these);
/// nothing if fairness is off or nobody bears anything.
pub(super) fn worst_off(case: &Case, policy: &Policy, audit: &Audit) -> Vec<String> {
    let setting = policy.named("fairness");
    if !setting.on() {
        return Vec::new();
    }
    let by_cohort = setting.choice("over") == "cohort";
    let burdens = burdens(case, policy, audit);
    let mut worst: BTreeMap<Option<CohortIx>, (f64, ParticipantIx)> = BTreeMap::new();
    for (p, burden) in burdens {
        let group = by_cohort.then(|| case.participants[p].cohort);
        let entry = worst.entry(group).or_insert((burden, p));
        if burden > entry.0 {
            *entry = (burden, p);
        }
    }
    let mut worst: Vec<(f64, ParticipantIx)> = worst.into_values().filter(|(burden, _)| *burden > 0.0).collect();
    worst.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let several = worst.len() > 1;
    let say = |(burden, p): &(f64, ParticipantIx)| {
        let person = &case.participants[*p];
        let cohort = if several { format!(" ({})", case.cohorts[person.cohort].named.name) } else { String::new() };
        format!("{}{cohort}, burden {} {}", person.named.name, number(*burden), unit(case, policy))
    };
    worst.iter().take(5).map(say).collect()
}

/// What burdens are counted in: `points a quarter`.
pub(in super::super) fn unit(case: &Case, policy: &Policy) -> String {
    if mean(policy) { format!("points a {}", case.calendar.unit.name()) } else { "points".to_owned() }
}

fn mean(policy: &Policy) -> bool {
    policy.named("fairness").choice("of") == "mean"
}

/// Everyone's burden, as `fairness` counts it or would if it were not off: what they carry and what the counted rules find of
/// them, in points; for `mean` per timeline period.
pub(in super::super) fn burdens(case: &Case, policy: &Policy, audit: &Audit) -> BTreeMap<ParticipantIx, f64> {
    let counts = policy.named("fairness").rules("counts");
    let mut burdens: BTreeMap<ParticipantIx, f64> =
        case.participants.iter().filter(|(_, x)| !x.timeline.is_empty()).map(|(p, x)| (p, x.carried)).collect();
    for outcome in counts.iter().filter_map(|ix| audit.of(*ix)) {
        for finding in &outcome.findings {
            if let Subject::Participant(p) = finding.subject
                && let Some(burden) = burdens.get_mut(&p)
            {
                *burden += outcome.weight * finding.amount;
            }
        }
    }
    if mean(policy) {
        for (p, burden) in &mut burdens {
            *burden /= case.participants[*p].timeline.len() as f64;
        }
    }
    burdens
}
