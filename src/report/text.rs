//! Words, widths and numbers: what every report needs to write a line.

use anstyle::{AnsiColor, Style};
use comfy_table::Table;

use crate::words::grouped;
pub(crate) use crate::words::number;

/// No style.
pub(super) const PLAIN: Style = Style::new();
/// Headings and totals.
pub(super) const BOLD: Style = Style::new().bold();
/// What matters less.
pub(super) const DIM: Style = Style::new().dimmed();
/// What is wrong.
pub(super) const BAD: Style = AnsiColor::Red.on_default().bold();
/// What wants a look.
pub(super) const WARN: Style = AnsiColor::Yellow.on_default();
/// What is right.
pub(super) const GOOD: Style = AnsiColor::Green.on_default();

/// The style of a rung of the ladder; after five rungs the colours begin again.
pub(super) fn stage_style(rung: usize) -> Style {
    const COLOURS: [AnsiColor; 5] = [AnsiColor::Cyan, AnsiColor::Green, AnsiColor::Magenta, AnsiColor::Blue, AnsiColor::Yellow];
    COLOURS[rung % COLOURS.len()].on_default()
}

/// A text in a style.
pub(super) fn styled(text: &str, style: Style) -> String {
    if text.is_empty() || style == PLAIN { text.to_owned() } else { format!("{style}{text}{style:#}") }
}

/// Columns that a text (without styles) takes on a terminal.
pub(super) fn width(text: &str) -> usize {
    if text.is_ascii() {
        return text.len();
    }
    let mut table = Table::new();
    table.add_row([text]);
    table.column_max_content_widths().first().map_or(0, |w| usize::from(*w))
}

/// Whether a character would move the cursor or turn the line around.
fn moves(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The text with a blank for whatever would move the cursor or turn the line around.
pub(super) fn still(text: &str) -> String {
    text.replace(moves, " ")
}

/// The text, cut to a number of columns with an ellipsis; what would move the cursor or turn the line around becomes a blank.
pub(super) fn fit(text: &str, columns: usize) -> String {
    if text.contains(moves) {
        return fit(&still(text), columns);
    }
    // No character that is seen needs so many that are not: what is beyond need not be measured.
    let mut cut: String = text.chars().take(columns.saturating_mul(8).saturating_add(8)).collect();
    if cut.len() == text.len() && width(text) <= columns {
        return cut;
    }
    while cut.pop().is_some() && width(cut.trim_end()) + 1 > columns {}
    format!("{}…", cut.trim_end())
}

/// The text, cut or filled up with blanks to a number of columns.
pub(super) fn pad(text: &str, columns: usize) -> String {
    let text = fit(text, columns);
    let blanks = columns.saturating_sub(width(&text));
    text + &" ".repeat(blanks)
}

/// The text with blanks before it.
pub(super) fn right(text: &str, columns: usize) -> String {
    let text = fit(text, columns);
    " ".repeat(columns.saturating_sub(width(&text))) + &text
}

/// A blank at which no line is broken.
pub(super) const TIE: &str = "\u{a0}";

/// Lines of styled pieces, broken at blanks: `head` begins the first line, further ones are set in by its width.
pub(super) fn wrap(head: &str, pieces: &[(String, Style)], columns: usize) -> String {
    let indent = width(head);
    let room = columns.saturating_sub(indent).max(16);
    let mut lines = vec![String::new()];
    let mut used = 0;
    for (text, style) in pieces {
        let mut run = String::new();
        for word in text.split(' ').filter(|w| !w.is_empty()) {
            let word = fit(&word.replace(TIE, " "), room);
            let wide = width(&word);
            if used > 0 && used + 1 + wide > room {
                close(&mut lines, &mut run, *style);
                lines.push(String::new());
                used = 0;
            }
            if used > 0 {
                if run.is_empty() {
                    open(&mut lines)
                } else {
                    run.push(' ')
                }
                used += 1;
            }
            run.push_str(&word);
            used += wide;
        }
        close(&mut lines, &mut run, *style);
    }
    let blanks = " ".repeat(indent);
    let starts = std::iter::once(head).chain(std::iter::repeat(blanks.as_str()));
    lines.iter().zip(starts).map(|(line, start)| format!("{start}{line}").trim_end().to_owned() + "\n").collect()
}

/// A blank before the next run of one style.
fn open(lines: &mut [String]) {
    if let Some(line) = lines.last_mut() {
        line.push(' ');
    }
}

/// Ends a run of one style.
fn close(lines: &mut [String], run: &mut String, style: Style) {
    if let Some(line) = lines.last_mut() {
        line.push_str(&styled(&std::mem::take(run), style));
    }
}

/// Wraps a text without styles.
pub(super) fn wrap_plain(head: &str, text: &str, columns: usize) -> String {
    wrap(head, &[(text.to_owned(), PLAIN)], columns)
}

/// A number and what it counts: `1 move`, `12 moves`.
pub(super) fn count(n: usize, one: &str, many: &str) -> String {
    format!("{} {}", number(n as f64), if n == 1 { one } else { many })
}

/// `a`, `a and b`, `a, b and c`.
pub(super) fn list(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [init @ .., last] => format!("{} and {last}", init.join(", ")),
    }
}

/// A difficulty or a step: at least one decimal, at most two.
pub(super) fn level(x: f64) -> String {
    let text = format!("{:.2}", x + 0.0);
    text.strip_suffix('0').unwrap_or(&text).to_owned()
}

/// A number with its sign, where it has one: `+2`, `−0.5`, `0`.
pub(super) fn signed(x: f64) -> String {
    if x > 0.0 { format!("+{}", number(x)) } else { number(x) }
}

/// A step with its sign: `+2.5`, `−0.5`.
pub(super) fn step(x: f64) -> String {
    format!("{}{}", if x < 0.0 { "−" } else { "+" }, level(x.abs()))
}

/// Money: no decimals from 100 on, commas between all thousands.
pub(super) fn money(currency: &str, x: f64) -> String {
    let decimals = if x.abs() >= 100.0 || (x - x.round()).abs() < 0.005 { 0 } else { 2 };
    format!("{currency}{TIE}{}", grouped(x, decimals))
}

/// A cost in a column of costs: one decimal, more only where it would read as nothing.
pub(super) fn cost(x: f64) -> String {
    if x.abs() < 0.05 { number(x) } else { grouped(x, 1) }
}

/// Percent with a decimal where it says something.
pub(super) fn percent(fraction: f64) -> String {
    let p = fraction * 100.0;
    match p {
        p if p <= 0.0 => "0 %".to_owned(),
        p if p < 0.01 => "less than 0.01 %".to_owned(),
        p if p < 1.0 => format!("{} %", number((p * 100.0).round() / 100.0)),
        p => format!("{} %", number((p * 10.0).round() / 10.0)),
    }
}

/// A share of a whole, to a tenth of a percent.
pub(super) fn share(fraction: f64) -> String {
    if fraction < 0.000_5 { "< 0.1 %".to_owned() } else { format!("{:.1} %", fraction * 100.0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_rounded_for_people() {
        assert_eq!([3.0, 5.25, 2.5, -0.0].map(level), ["3.0", "5.25", "2.5", "0.0"]);
        assert_eq!(money("USD", 182_400.4), format!("USD{TIE}182,400"));
        assert_eq!(money("EUR", 1000.0), format!("EUR{TIE}1,000"));
        assert_eq!(money("EUR", 9.5), format!("EUR{TIE}9.50"));
        assert_eq!([0.008, 0.125, 0.000_01, 0.0].map(percent), ["0.8 %", "12.5 %", "less than 0.01 %", "0 %"]);
    }

    #[test]
    fn texts_fit_whatever_the_script() {
        assert_eq!(fit("Operations manager", 11), "Operations…");
        assert_eq!(width("李小龍"), 6);
        assert_eq!(fit("李小龍", 5), "李小…");
        assert_eq!(pad("é", 3), "é  ");
        assert_eq!(fit("a\u{1b}[31m\nb", 20), "a [31m b");
        assert_eq!(wrap_plain("  a  ", "one two three four five six", 23), "  a  one two three four\n     five six\n");
    }

    #[test]
    fn counts_and_lists_read_as_english() {
        assert_eq!([0, 1, 2].map(|n| count(n, "move", "moves")), ["0 moves", "1 move", "2 moves"]);
        assert_eq!(list(&["a".into(), "b".into(), "c".into()]), "a, b and c");
    }
}
