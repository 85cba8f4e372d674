//! `generate`.

use super::args::GenerateArgs;
use super::{Exit, Halt, out};
use crate::generate::{Recipe, generate as made};

/// Makes an instance, writes it and says its hash.
pub(super) fn generate(args: &GenerateArgs) -> Result<Exit, Halt> {
    let recipe = Recipe {
        profile: args.profile,
        participants: args.participants as usize,
        periods: args.periods.map(|n| n as usize),
        tight: args.tight,
        sites: args.sites.map(|n| n as usize),
        positions: args.positions.map(|n| n as usize),
        budget: args.budget,
        seed: args.seed,
    };
    let instance = made(&recipe);
    let text = out::json(&instance)?;
    let hash = crate::io::sha256(text.as_bytes()).map_err(|p| Halt::new(Exit::Failed, p.to_string()))?;
    out::write(&args.output, &text)?;
    out::talk(&format!("sha256 {hash}"));
    Ok(Exit::Done)
}
