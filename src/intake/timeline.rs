//! A participant's timeline.

use std::collections::BTreeMap;

use super::time::Ends;
use crate::domain::{Leave, Timeline};
use crate::words::{Calendar, Index, Period};

/// The periods from `max(0, start)` to `min(horizon, start + length)` that are not leave. Where leaves overlap, one that does
/// not pause, or that holds the seat, prevails.
pub(super) fn timeline(calendar: &Calendar, start: i64, length: i64, leaves: &[(Ends, Leave)]) -> Timeline {
    let horizon = calendar.count as i64;
    let track_end = start + length;
    let span = Ends { from: start, until: track_end }.clipped(calendar);
    let mut leave: BTreeMap<Period, Leave> = BTreeMap::new();
    for (ends, kind) in leaves {
        let Some((first, after)) = span else { break };
        let Some((from, until)) = ends.clipped(calendar) else { continue };
        for i in from.max(first).index()..until.min(after).index() {
            let so_far = leave.entry(Period::new(i)).or_insert(*kind);
            *so_far = Leave { pauses: so_far.pauses && kind.pauses, holds_seat: so_far.holds_seat || kind.holds_seat };
        }
    }
    let periods = span.map_or(0..0, |(first, after)| first.index()..after.index());
    let periods = periods.map(Period::new).filter(|p| !leave.contains_key(p)).collect();
    Timeline { periods, leave, cut: track_end > horizon, track_end }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAUSES: Leave = Leave { pauses: true, holds_seat: false };
    const BREAKS: Leave = Leave { pauses: false, holds_seat: false };
    const HOLDS: Leave = Leave { pauses: true, holds_seat: true };

    fn check(start: i64, length: i64, leaves: &[(i64, i64, Leave)], periods: &[usize], leave: &[(usize, Leave)], cut: bool) {
        let calendar = Calendar { start: jiff::civil::date(2027, 1, 1), unit: crate::words::Unit::Quarter, count: 8 };
        let leaves: Vec<_> = leaves.iter().map(|(from, until, kind)| (Ends { from: *from, until: *until }, *kind)).collect();
        let timeline = timeline(&calendar, start, length, &leaves);
        assert_eq!(timeline.periods.iter().map(|p| p.index()).collect::<Vec<_>>(), periods);
        assert_eq!(timeline.leave.iter().map(|(p, l)| (p.index(), *l)).collect::<Vec<_>>(), leave);
        assert_eq!(timeline.cut, cut);
    }

    #[test]
    fn timelines_are_clipped_and_without_leave() {
        check(0, 4, &[], &[0, 1, 2, 3], &[], false);
        check(-2, 4, &[], &[0, 1], &[], false);
        check(6, 4, &[], &[6, 7], &[], true);
        check(4, 4, &[], &[4, 5, 6, 7], &[], false);
        check(9, 4, &[], &[], &[], true);
        check(-5, 4, &[(-9, 20, PAUSES)], &[], &[], false);
        check(2, 4, &[(-9, 3, PAUSES), (5, 20, PAUSES)], &[3, 4], &[(2, PAUSES), (5, PAUSES)], false);
    }

    #[test]
    fn the_stricter_of_two_leaves_prevails() {
        let both = Leave { pauses: false, holds_seat: true };
        check(0, 5, &[(1, 3, BREAKS), (2, 4, HOLDS)], &[0, 4], &[(1, BREAKS), (2, both), (3, HOLDS)], false);
    }
}
