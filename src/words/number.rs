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
    plain(x, decimals)
}

/// Two amounts that differ, as `shown` writes them, or, where that would make them look alike, with the first decimals that tell
/// them apart: a step of 4.001 is over a limit of 4.
pub fn told_apart(a: f64, b: f64, shown: impl Fn(f64) -> String) -> (String, String) {
    let rounded = (shown(a), shown(b));
    if rounded.0 != rounded.1 || a == b {
        return rounded;
    }
    let fine = |decimals| (plain(a, decimals), plain(b, decimals));
    (1..=MOST_DECIMALS).map(fine).find(|(a, b)| a != b).unwrap_or_else(|| (a.to_string(), b.to_string()))
}

/// Decimals that an amount of about 1 can have in double precision.
const MOST_DECIMALS: usize = 15;

/// Fixed decimals, without zeros at the end.
fn plain(x: f64, decimals: usize) -> String {
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
    fn what_differs_does_not_look_alike() {
        let apart = |a, b| told_apart(a, b, number);
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        assert_eq!(apart(5.0, 4.0), pair("5", "4"));
        assert_eq!(apart(4.001, 4.0), pair("4.001", "4"));
        assert_eq!(apart(4.000_000_01, 4.0), pair("4.00000001", "4"));
        assert_eq!(apart(0.499_99, 0.5), pair("0.49999", "0.5"));
        assert_eq!(apart(1.0 + f64::EPSILON, 1.0), pair("1.0000000000000002", "1"));
        assert_eq!(apart(4.0, 4.0), pair("4", "4"));
        assert_eq!(told_apart(220_000.004, 220_000.0, cents), pair("220,000.004", "220,000"));
    }

    #[test]
    fn numbers_are_rounded_for_people() {
        let shown: Vec<String> = [0.0, -0.0, 1.0, 0.1 + 0.2, 2.5, 99.999, 1543.24, 12_345.6, 1e6, 0.000_04, -3.25].map(number).into();
        assert_eq!(shown, ["0", "0", "1", "0.3", "2.5", "100", "1,543.2", "12,346", "1,000,000", "0.00004", "−3.25"]);
    }
}
