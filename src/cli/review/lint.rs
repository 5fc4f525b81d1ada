//! `appraise lint`

use crate::cli::frame::context::Cx;
use crate::cli::frame::exit::Exit;
use crate::cli::output::figures::plural;
use crate::cli::output::json::Tone;
use crate::text;
use anyhow::Result;

const HELP: &str = "\
Lists what is wrong with the store that no refusal could prevent, each with what to do: intents whose names differ in \
case or blanks alone, base examples that stand under several intents, base examples of intents that are out of use, and \
intents in use with fewer than 5 training texts. It changes nothing; exit 0 whatever it finds.

Examples:
  appraise lint
  appraise lint --json

JSON: list of {\"kind\",\"about\",\"says\",\"todo\"}; kind is twins, contradictory_example, example_out_of_use, few_texts, orphaned (a decision on a turn that \
another speaker has now), words_changed (a decision on words that have changed since).";

/// List what is wrong with the store, and what to do about it
#[derive(Debug, clap::Args)]
#[command(after_long_help = HELP)]
pub(in crate::cli) struct Args {}

pub(in crate::cli) fn run(cx: &mut Cx, _: &Args) -> Result<Exit> {
    let found = cx.store()?.lint()?;
    if cx.json {
        cx.out.json(&found)?;
        return Ok(Exit::Done);
    }
    if found.is_empty() {
        cx.out.line("nothing found")?;
        return Ok(Exit::Done);
    }
    for f in &found {
        cx.out.line(text::clean(&format!("{}: {}", text::cut(&f.about, 60), f.says)))?;
        let todo = cx.out.paint(Tone::Muted, &format!("  {}", text::clean(&f.todo)));
        cx.out.line(todo)?;
    }
    cx.out.line(plural(found.len() as u64, "finding"))?;
    Ok(Exit::Done)
}
