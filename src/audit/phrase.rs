//! Small pieces of the messages.

/// A number of things whose name takes an s.
pub(crate) fn many(number: u64, thing: &str) -> String {
    if number == 1 { format!("1 {thing}") } else { format!("{number} {thing}s") }
}

/// A list in words, shortened past six.
pub(crate) fn among<'a>(names: impl Iterator<Item = &'a str>, word: &str) -> String {
    const SHOWN: usize = 6;
    let names: Vec<&str> = names.collect();
    match names.as_slice() {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] if names.len() <= SHOWN => format!("{} {word} {last}", first.join(", ")),
        _ => format!("{} {word} {} more", names[..SHOWN - 1].join(", "), names.len() + 1 - SHOWN),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_and_lists_read_well() {
        assert_eq!(many(1, "period"), "1 period");
        assert_eq!(many(0, "period"), "0 periods");
        assert_eq!(among(["a"].into_iter(), "and"), "a");
        assert_eq!(among(["a", "b", "c"].into_iter(), "or"), "a, b or c");
        assert_eq!(among("abcdefgh".split("").filter(|s| !s.is_empty()), "and"), "a, b, c, d, e and 3 more");
    }
}
