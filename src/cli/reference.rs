//! `rules`, `guide` and `schema`: what the files may say, from the code itself.

#[cfg(feature = "plan")]
use super::args::GuideArgs;
use super::args::{Format, RulesArgs, SchemaArgs};
use super::audit::unknown_rule;
use super::{Exit, Halt, out};
use crate::io::{instance_schema, plan_schema};
use crate::rules::{find, rule};

/// The rule book, or one page of it.
pub(super) fn rules(args: &RulesArgs) -> Result<Exit, Halt> {
    let Some(id) = &args.id else {
        out::print(&crate::report::rule_book())?;
        return Ok(Exit::Done);
    };
    let Some(ix) = find(id) else { return Err(unknown_rule(id)) };
    out::print(&crate::report::rule_page(rule(ix)))?;
    Ok(Exit::Done)
}

/// A document, or all of them as pages.
#[cfg(feature = "plan")]
pub(super) fn guide(args: &GuideArgs) -> Result<Exit, Halt> {
    use crate::guide::{DOCUMENTS, pages};
    match &args.output {
        Some(folder) => {
            out::put(folder, crate::io::Contents::Folder(pages()))?;
            out::talk(&format!("written: {0}\nopen {0}/guide.html in a browser", folder.display()));
        }
        None => DOCUMENTS.iter().filter(|document| document.name == args.document).try_for_each(|document| out::print(document.text))?,
    }
    Ok(Exit::Done)
}

/// A JSON Schema.
pub(super) fn schema(args: &SchemaArgs) -> Result<Exit, Halt> {
    let schema = match args.of {
        Format::Instance => instance_schema(),
        Format::Plan => plan_schema(),
    };
    out::print(&out::json(&schema)?)?;
    Ok(Exit::Done)
}
