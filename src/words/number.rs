//! Comparison of measured amounts.

/// By how much `value` exceeds `limit`; an excess of at most `1e-9 × max(1, |limit|)` is none (MODEL.md, Comparisons).
#[must_use]
pub fn excess(value: f64, limit: f64) -> f64 {
    let over = value - limit;
    if over <= 1e-9 * limit.abs().max(1.0) { 0.0 } else { over }
}

/// By how much `value` falls short of `limit`, with the tolerance of [`excess`].
#[must_use]
pub fn shortfall(value: f64, limit: f64) -> f64 {
    let under = limit - value;
    if under <= 1e-9 * limit.abs().max(1.0) { 0.0 } else { under }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounding_noise_is_no_excess() {
        assert_eq!(excess(0.1 + 0.2, 0.3), 0.0);
        assert_eq!(excess(5.0, 3.0), 2.0);
        assert_eq!(shortfall(0.3, 0.1 + 0.2), 0.0);
        assert_eq!(shortfall(1.0, 3.0), 2.0);
    }

    #[test]
    fn the_tolerance_grows_with_the_limit() {
        assert_eq!((excess(1e6 + 5e-4, 1e6), shortfall(1e6 - 5e-4, 1e6)), (0.0, 0.0));
        assert!(excess(1e6 + 5e-3, 1e6) > 0.0 && shortfall(1e6 - 5e-3, 1e6) > 0.0);
        assert!(excess(2.0 + 1e-8, 2.0) > 0.0 && shortfall(2.0 - 1e-8, 2.0) > 0.0);
        assert_eq!((excess(1e-10, 0.0), shortfall(-1e-10, 0.0)), (0.0, 0.0));
    }
}
