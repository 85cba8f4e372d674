//! `rules` and `schema`: what the files may say, from the code itself.

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

/// A JSON Schema.
pub(super) fn schema(args: &SchemaArgs) -> Result<Exit, Halt> {
    let schema = match args.of {
        Format::Instance => instance_schema(),
        Format::Plan => plan_schema(),
    };
    out::print(&out::json(&schema)?)?;
    Ok(Exit::Done)
}
