//! Compact text: how a list, a map or a range stands in one cell.
//!
//! Items are separated by `;` or a line break. A text that would be misread as it stands is written in double quotes as a JSON
//! string, and whatever is in quotes means exactly itself: no name is looked up, no space taken off.

use super::Wrong;

/// A text, and whether it stood in quotes and so means exactly itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    pub(super) text: String,
    pub(super) exact: bool,
}

impl Word {
    /// Whether this is a given keyword; nothing in quotes is one.
    pub(super) fn is(&self, keyword: &str) -> bool {
        !self.exact && self.text.eq_ignore_ascii_case(keyword)
    }
}

/// Words that mean something between the parts of an item.
const KEYWORDS: [&str; 8] = ["or", "from", "until", "by", "always", "none", "()", "{}"];

/// The text of a whole cell, trimmed; in quotes it means itself. What only looks like a quotation is taken as it stands.
pub(super) fn whole(text: &str) -> Word {
    let trimmed = text.trim();
    if trimmed.len() >= 2
        && trimmed.starts_with('"')
        && trimmed.ends_with('"')
        && let Ok(text) = serde_json::from_str(trimmed)
    {
        return Word { text, exact: true };
    }
    Word { text: trimmed.to_owned(), exact: false }
}

/// How a text is written as a whole cell so that it reads back as itself.
pub(super) fn written_whole(text: &str) -> String {
    let odd = text.trim() != text || text.is_empty() || text.starts_with('"') || text == "{}" || is_error(text);
    let odd = odd || text.eq_ignore_ascii_case("none") || unsafe_in_files(text);
    if odd { quoted(text) } else { text.to_owned() }
}

/// How a text is written inside an item so that it reads back as itself.
pub(super) fn written_word(text: &str) -> String {
    let spaced = text.split(' ').any(|word| word.is_empty() || KEYWORDS.iter().any(|k| k.eq_ignore_ascii_case(word)));
    let odd = text.is_empty() || text.contains([';', '"', ':', '=']) || text.contains(|c: char| c != ' ' && c.is_whitespace());
    if odd || spaced || text.starts_with('#') || looks_like_formula(text) || unsafe_in_files(text) { quoted(text) } else { text.to_owned() }
}

/// Whether a spreadsheet that reads a text as if it were typed would take it for a formula.
pub(super) fn looks_like_formula(text: &str) -> bool {
    text.trim_start().starts_with(['=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'])
}

/// Whether a text is how spreadsheets show an error.
pub(super) fn is_error(text: &str) -> bool {
    ["#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"].contains(&text)
}

/// Characters that some spreadsheet program or file changes: controls but line breaks, characters that XML has not, and what
/// workbooks take for an escaped character.
fn unsafe_in_files(text: &str) -> bool {
    text.contains(|c: char| (c.is_control() && c != '\n') || matches!(c, '\u{fffe}' | '\u{ffff}' | '\u{2028}' | '\u{2029}' | '\u{feff}'))
        || text.contains("_x")
        || text.contains("  ")
        || text.split('\n').any(|line| line.trim() != line)
        || text.contains("\n\n")
}

/// A text in quotes, as a JSON string of harmless characters.
pub(super) fn quoted(text: &str) -> String {
    use std::fmt::Write;
    let mut out = String::from("\"");
    let mut before = '\0';
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            'x' if before == '_' => out.push_str("\\u0078"),
            ' ' if before == ' ' => out.push_str("\\u0020"),
            c if c.is_control() || (c.is_whitespace() && c != ' ') || matches!(c, '\u{fffe}' | '\u{ffff}' | '\u{feff}') => {
                let _ = write!(out, "\\u{:04x}", c as u32);
            }
            c => out.push(c),
        }
        before = c;
    }
    out + "\""
}

/// The items of a cell, without blank ones.
pub(super) fn items(text: &str) -> Result<Vec<&str>, Wrong> {
    Ok(split(text, |c| matches!(c, ';' | '\n' | '\r'))?.into_iter().map(str::trim).filter(|item| !item.is_empty()).collect())
}

/// The parts of a text between separators that stand outside quotes.
pub(super) fn split(text: &str, separates: impl Fn(char) -> bool) -> Result<Vec<&str>, Wrong> {
    let mut parts = Vec::new();
    let (mut begin, mut at_word) = (0, true);
    let mut chars = text.char_indices();
    while let Some((i, c)) = chars.next() {
        if c == '"' && at_word {
            let end = i + closing(&text[i..])?;
            while chars.as_str().len() > text.len() - end {
                chars.next();
            }
            at_word = false;
        } else if separates(c) {
            parts.push(&text[begin..i]);
            begin = i + c.len_utf8();
            at_word = true;
        } else {
            at_word = c.is_whitespace() || matches!(c, ';' | ':' | '=');
        }
    }
    parts.push(&text[begin..]);
    Ok(parts)
}

/// The length of the quotation that a text begins with.
fn closing(text: &str) -> Result<usize, Wrong> {
    let mut escaped = false;
    for (i, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return Ok(i + 1),
            _ => {}
        }
    }
    Err(Wrong::cell("a quote is opened and not closed").hint("close it, or write the whole text without quotes"))
}

/// The words of an item.
pub(super) fn words(item: &str) -> Result<Vec<Word>, Wrong> {
    let parts = split(item, char::is_whitespace)?.into_iter().filter(|part| !part.is_empty());
    parts
        .map(|part| {
            if !part.starts_with('"') {
                return Ok(Word { text: part.to_owned(), exact: false });
            }
            let text = serde_json::from_str(part)
                .map_err(|_| Wrong::cell(format!("{part} is not read: what stands in quotes must stand alone")).hint("leave out the quotes"))?;
            Ok(Word { text, exact: true })
        })
        .collect()
}

/// The one text that some words are: a quotation, or words with single spaces between.
pub(super) fn joined(words: &[Word]) -> Result<Word, Wrong> {
    match words {
        [] => Err(Wrong::cell("something is missing here").hint("write an id or a name")),
        [one] => Ok(one.clone()),
        several if several.iter().any(|w| w.exact) => {
            Err(Wrong::cell("a text in quotes has other words beside it").hint("separate what are several things by ;"))
        }
        several => Ok(Word { text: several.iter().map(|w| w.text.as_str()).collect::<Vec<_>>().join(" "), exact: false }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_reads_back_as_itself() {
        let odd = [
            "a",
            "",
            " a ",
            "a b",
            "a  b",
            "a;b",
            "\"",
            "\"a\"",
            "a\"b",
            "none",
            "or",
            "a or b",
            "#3",
            "x: 1",
            "=1+1",
            "line\nbreak",
            "tab\tx",
            "\\",
            "_x0041_",
            "日本",
            "{}",
            "()",
            "\u{feff}a",
            "a\r\nb",
            "\u{a0}x",
            "e\u{301}",
            "always",
            "a\u{0}b",
            "'t Hooft",
        ];
        for text in odd {
            assert_eq!(whole(&written_whole(text)).text, text, "{text:?}");
            let line = format!("before; {}; after", written_word(text));
            let parts = items(&line).expect("items");
            assert_eq!(parts.len(), 3, "{line}");
            assert_eq!(joined(&words(parts[1]).expect("words")).expect("one").text, text, "{line}");
        }
    }

    #[test]
    fn quotes_that_are_not_closed_are_said() {
        assert!(items("a; \"b; c").is_err());
        assert_eq!(items("5\" pipe; b").expect("a quote within a word is a letter"), ["5\" pipe", "b"]);
    }
}
