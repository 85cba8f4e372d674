//! The places for a late arrival in words.

use crate::desk::Offer;
use crate::domain::{Case, ParticipantIx, Placement};

use super::Look;
use super::text::{BOLD, DIM, GOOD, PLAIN, WARN, styled, wrap, wrap_plain};
use super::whatif::signed;

/// The offers with their paths, what each costs by rule, and who is touched.
#[must_use]
pub fn placed(case: &Case, who: ParticipantIx, offers: &[Offer], look: &Look) -> String {
    let columns = look.columns();
    let name = &case.participants[who].named.name;
    let mut out = styled(&format!("Places for {name}"), BOLD) + "\n";
    if offers.is_empty() {
        let text = format!("There is none beside this plan, even if one other person makes way. `rungs replan` moves more people to place {name}.");
        return out + &wrap("", &[(text, WARN)], columns);
    }
    let note = "Each begins elsewhere. Points: what the plan costs with them, less what it costs without them.";
    out += &wrap("", &[(note.to_owned(), DIM)], columns);
    for (i, offer) in offers.iter().enumerate() {
        out.push('\n');
        let touched = match &offer.displaced {
            None => ("nobody else is touched".to_owned(), GOOD),
            Some((p, _)) => (format!("{} makes way", case.participants[*p].named.name), WARN),
        };
        out += &wrap(&format!("{:>2}. ", i + 1), &[(format!("{} points;", signed(offer.points)), BOLD), touched], columns);
        out += &path(case, &offer.path, columns);
        let rules: Vec<String> = offer.rules.iter().map(|(rule, points)| format!("{} {}", crate::audit::rule_id(*rule), signed(*points))).collect();
        if !rules.is_empty() {
            out += &wrap("    ", &[(rules.join(", "), DIM)], columns);
        }
        if let Some((p, theirs)) = &offer.displaced {
            out += &wrap("    ", &[(format!("{} then has:", case.participants[*p].named.name), PLAIN)], columns);
            out += &path(case, theirs, columns);
        }
    }
    out
}

fn path(case: &Case, path: &[Placement], columns: usize) -> String {
    if path.is_empty() {
        return wrap_plain("    - ", "no placement", columns);
    }
    path.iter().map(|pl| wrap_plain("    - ", &format!("{}, {}", case.position_name(pl.position), case.span(pl.from, pl.until)), columns)).collect()
}
