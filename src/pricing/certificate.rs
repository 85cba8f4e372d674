//! Certificates: the multipliers of a bound by rule and key, and the bound recomputed from them.

use std::collections::BTreeMap;

use super::{Coupling, CouplingRow, Multipliers, Pricing};
use crate::brief::{Brief, events};
use crate::domain::Plan;
use crate::io::plan_file::{Certificate, CertificateRow};
use crate::rules::rule;

/// The certificate of multipliers and the bound that they prove.
#[must_use]
pub fn certificate(brief: &Brief<'_>, coupling: &Coupling, multipliers: &Multipliers, bound: Option<f64>) -> Certificate {
    let row = |(row, multiplier): (&CouplingRow, &f64)| CertificateRow {
        rule: rule(brief.told[row.sentence].rule).id.to_owned(),
        key: coupling.key(brief.case, row),
        multiplier: *multiplier,
    };
    Certificate { bound, rows: coupling.rows.iter().zip(&multipliers.0).filter(|(_, m)| **m > 0.0).map(row).collect() }
}

/// Rows by rule and key.
fn known(brief: &Brief<'_>, coupling: &Coupling) -> BTreeMap<(&'static str, String), usize> {
    let named = |(i, row): (usize, &CouplingRow)| ((rule(brief.told[row.sentence].rule).id, coupling.key(brief.case, row)), i);
    coupling.rows.iter().enumerate().map(named).collect()
}

/// The multipliers of a certificate on the rows of a brief that may differ from the one it was made for: what it does not name
/// has none, and what does not exist is passed over.
#[must_use]
pub fn multipliers(brief: &Brief<'_>, coupling: &Coupling, certificate: &Certificate) -> Multipliers {
    let known = known(brief, coupling);
    let mut multipliers = Multipliers::none(coupling);
    for row in &certificate.rows {
        if let Some(i) = known.get(&(row.rule.as_str(), row.key.clone())) {
            multipliers.0[*i] = row.multiplier;
        }
    }
    multipliers.clip(coupling);
    multipliers
}

/// The bound that a certificate proves: one pricing of everyone, no solver. A plan is no part of the proof: that nothing is looked
/// for that is dearer than its paths only saves time.
///
/// # Errors
/// Rows that do not exist, that are there twice, or whose multiplier is below 0 or no number: each in words.
pub fn recompute(brief: &Brief<'_>, certificate: &Certificate, plan: Option<&Plan>) -> Result<f64, Vec<String>> {
    let coupling = Coupling::new(brief);
    let known = known(brief, &coupling);
    let mut multipliers = Multipliers::none(&coupling);
    let mut given = vec![false; coupling.rows.len()];
    let mut wrong = Vec::new();
    for row in &certificate.rows {
        let CertificateRow { rule, key, multiplier } = row;
        match known.get(&(rule.as_str(), key.clone())) {
            None => wrong.push(format!("there is no row '{key}' of the rule '{rule}'")),
            Some(i) if std::mem::replace(&mut given[*i], true) => wrong.push(format!("the row '{key}' of the rule '{rule}' is there twice")),
            Some(_) if !multiplier.is_finite() || *multiplier < 0.0 => {
                wrong.push(format!("the multiplier of '{key}' of the rule '{rule}' is {multiplier}; it must be 0 or more"));
            }
            Some(i) => multipliers.0[*i] = *multiplier,
        }
    }
    if !wrong.is_empty() {
        return Err(wrong);
    }
    // More than slack costs proves less than the cut multipliers do; the claim is held against what is proven.
    multipliers.clip(&coupling);
    let pricing = Pricing::new(brief, &coupling, &|| false).expect("nothing ends it");
    let known = |n: usize| pricing.column(n, &events(brief.case, plan?, pricing.participant(n))?.choices);
    Ok(pricing.bound(&multipliers, &known))
}
