//! `keys`: every key of the screen.

use crate::cli::frame::context::Cx;
use crate::cli::frame::exit::Exit;
use crate::cli::output::json::Tone;
use anyhow::Result;
use serde_json::json;

const HELP: &str = "\
The names in the third column are what [keys] in the configuration takes.

Example:
  appraise keys --markdown

JSON: list of {\"scope\",\"keys\",\"action\",\"help\"}.";

/// List the keys of the screen
#[derive(Debug, clap::Args)]
#[command(after_long_help = HELP)]
pub(in crate::cli) struct Args {
    /// Print the table in Markdown
    #[arg(long)]
    markdown: bool,
}

pub(in crate::cli) fn run(cx: &mut Cx, args: &Args) -> Result<Exit> {
    let rows = cx.keymap()?.table();
    if cx.json {
        let list: Vec<_> = rows
            .iter()
            .map(|[scope, keys, action, help]| json!({"scope": scope, "keys": keys, "action": action, "help": help}))
            .collect();
        cx.out.json(&list)?;
        return Ok(Exit::Done);
    }
    if args.markdown {
        cx.out.line("| where | keys | action | what it does |\n|---|---|---|---|")?;
        for [scope, keys, action, help] in &rows {
            cx.out.line(format_args!("| {scope} | {} | `{action}` | {help} |", keys.replace('|', "\\|")))?;
        }
        return Ok(Exit::Done);
    }
    let mut last = "";
    for [scope, keys, action, help] in &rows {
        if scope != last {
            let heading = cx.out.paint(Tone::Heading, scope);
            cx.out.line(format_args!("{}{heading}", if last.is_empty() { "" } else { "\n" }))?;
            last = scope;
        }
        cx.out.line(format_args!("  {} {} {help}", crate::text::pad(keys, 16), crate::text::pad(action, 18)))?;
    }
    Ok(Exit::Done)
}
