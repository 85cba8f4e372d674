//! Measured amounts: how they are compared, and how they are written for people.

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

/// An amount with as many decimals as it deserves: `0.004`, `2.5`, `1,543.2`, `12,345`, `−3`.
#[must_use]
pub fn number(x: f64) -> String {
    let decimals = match x.abs() {
        a if a >= 10_000.0 => 0,
        a if a >= 100.0 => 1,
        a if a >= 1.0 => 2,
        a if a >= 0.01 => 3,
        _ => 6,
    };
    let text = grouped(x, decimals);
    if decimals == 0 { text } else { text.trim_end_matches('0').trim_end_matches('.').to_owned() }
}

/// An amount of money, to the hundredth where it is not whole: `1,000`, `9.50`.
pub(crate) fn cents(x: f64) -> String {
    grouped(x, if (x - x.round()).abs() < 0.005 { 0 } else { 2 })
}

/// Fixed decimals, with commas between thousands.
pub(crate) fn grouped(x: f64, decimals: usize) -> String {
    let text = format!("{x:.decimals$}");
    let (sign, digits) = text.strip_prefix('-').map_or(("", text.as_str()), |d| ("−", d));
    let (whole, rest) = digits.find('.').map_or((digits, ""), |dot| digits.split_at(dot));
    let sign = if digits.bytes().all(|b| b == b'0' || b == b'.') { "" } else { sign };
    if whole.len() < 4 {
        return format!("{sign}{whole}{rest}");
    }
    let mut out = String::new();
    for (i, c) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i) % 3 == 0 {
            out.push(',');
        }
        out.push(c);
    }
    format!("{sign}{out}{rest}")
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

    #[test]
    fn numbers_are_rounded_for_people() {
        let shown: Vec<String> = [0.0, -0.0, 1.0, 0.1 + 0.2, 2.5, 99.999, 1543.24, 12_345.6, 1e6, 0.000_04, -3.25].map(number).into();
        assert_eq!(shown, ["0", "0", "1", "0.3", "2.5", "100", "1,543.2", "12,346", "1,000,000", "0.00004", "−3.25"]);
    }
}
