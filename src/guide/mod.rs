//! The documents that come with the program: a coordinator's guide with pictures, the format reference, the rule book, and the
//! problems that files can have.
//!
//! The last three are made from the code; a test holds what stands here against it (`tests/readme.rs`). The guide's commands are
//! run by a test, and its pictures made from the real program by `make pictures`.

use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, html::push_html};

/// A document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Document {
    /// What it is called on the command line and, with an ending, as a file.
    pub name: &'static str,
    /// Its title.
    pub title: &'static str,
    /// Its text, in Markdown.
    pub text: &'static str,
}

/// All documents.
pub const DOCUMENTS: [Document; 4] = [
    Document { name: "guide", title: "The coordinator's guide", text: include_str!("GUIDE.md") },
    Document { name: "format", title: "The files, field by field", text: include_str!("FORMAT.md") },
    Document { name: "rules", title: "The rule book", text: include_str!("RULES.md") },
    Document { name: "problems", title: "Problems of files", text: include_str!("PROBLEMS.md") },
];

/// The guide's pictures, by file name.
pub const PICTURES: [(&str, &[u8]); 5] = [
    ("pictures/participants.png", include_bytes!("pictures/participants.png")),
    ("pictures/rules.png", include_bytes!("pictures/rules.png")),
    ("pictures/board.png", include_bytes!("pictures/board.png")),
    ("pictures/placements.png", include_bytes!("pictures/placements.png")),
    ("pictures/report.png", include_bytes!("pictures/report.png")),
];

/// The documents as pages for a browser, with the pictures, by file name.
#[must_use]
pub fn pages() -> Vec<(String, Vec<u8>)> {
    let documents = DOCUMENTS.iter().map(|document| (format!("{}.html", document.name), page(document).into_bytes()));
    documents.chain(PICTURES.iter().map(|(name, bytes)| ((*name).to_owned(), bytes.to_vec()))).collect()
}

fn page(document: &Document) -> String {
    let links = DOCUMENTS.iter().map(|other| {
        let here = if other == document { " aria-current=\"page\"" } else { "" };
        format!("<a href=\"{}.html\"{here}>{}</a>", other.name, other.title)
    });
    let events = Parser::new_ext(document.text, Options::ENABLE_TABLES).map(|event| match event {
        Event::Start(Tag::Link { link_type, dest_url, title, id }) => Event::Start(Tag::Link { link_type, dest_url: within(&dest_url), title, id }),
        other => other,
    });
    let mut body = String::new();
    push_html(&mut body, events);
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n\
        <title>{}</title>\n<style>{STYLE}</style>\n<nav>{}</nav>\n<main>\n{body}</main>\n</html>\n",
        document.title,
        links.collect::<Vec<_>>().join(" ")
    )
}

/// A link to another of the documents, as it is called among the pages.
fn within(link: &str) -> CowStr<'static> {
    let (file, anchor) = link.split_once('#').map_or((link, String::new()), |(file, anchor)| (file, format!("#{anchor}")));
    let own = DOCUMENTS.iter().find(|document| file.eq_ignore_ascii_case(&format!("{}.md", document.name)));
    own.map_or_else(|| link.to_owned(), |document| format!("{}.html{anchor}", document.name)).into()
}

const STYLE: &str = "
:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 52rem; margin: 0 auto; padding: 1rem; }
nav { display: flex; flex-wrap: wrap; gap: .3rem 1.2rem; border-bottom: 1px solid; padding-bottom: .5rem; }
nav a[aria-current] { font-weight: bold; text-decoration: none; color: inherit; }
img { max-width: 100%; height: auto; border: 1px solid #8888; }
pre { overflow-x: auto; padding: .6rem .8rem; background: #8882; }
table { border-collapse: collapse; display: block; overflow-x: auto; }
th, td { text-align: left; vertical-align: top; padding: .25rem .6rem; border-bottom: 1px solid #8886; }
@media print { nav { display: none; } }
";

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    #[test]
    fn pictures_are_those_of_the_folder_and_all_are_shown() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/guide/pictures");
        let there: BTreeSet<String> = std::fs::read_dir(folder)
            .expect("listed")
            .map(|entry| format!("pictures/{}", entry.expect("listed").file_name().to_string_lossy()))
            .collect();
        let known: BTreeSet<String> = PICTURES.iter().map(|(name, _)| (*name).to_owned()).collect();
        assert_eq!(there, known);
        for name in known {
            assert!(DOCUMENTS[0].text.contains(&format!("]({name})")), "{name} is not in the guide");
        }
    }

    #[test]
    fn links_lead_somewhere_and_pages_stand_alone() {
        let pages = pages();
        let files: BTreeSet<&str> = pages.iter().map(|(name, _)| name.as_str()).collect();
        for (name, bytes) in pages.iter().filter(|(name, _)| name.ends_with(".html")) {
            let text = String::from_utf8_lossy(bytes);
            for part in ["href=\"", "src=\""] {
                for link in text.split(part).skip(1).filter_map(|rest| rest.split('"').next()) {
                    let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
                    let outside = link.starts_with("https://");
                    assert!(outside || file.is_empty() || files.contains(file), "{name} links to {link}, which is not there");
                    assert!(outside || anchor.is_empty() || text.contains(&format!("id=\"{anchor}\"")), "{name} has no place {anchor}");
                }
            }
        }
    }
}
