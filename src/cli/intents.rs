//! `appraise intents`

use super::context::Cx;
use super::exit::Exit;
use super::figures::{count, plural};
use super::table::Table;
use crate::jobs::read_labelled;
use crate::store::{Access, IntentRow};
use crate::text;
use anyhow::{Result, bail};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

const HELP: &str = "\
Intents are renamed, merged, split or retired, never deleted; every change can be undone. A merge makes old predictions \
and labels count for the other intent; after a split what was labelled waits for new labels.

Examples:
  appraise intents import examples.csv            (columns text,intent: base examples to train on)
  appraise intents merge refund_state refund_status
  appraise intents split other complaint praise

JSON: list: list of {\"id\",\"name\",\"state\",\"merged_into\",\"examples\",\"labels\",\"logged\"} (merged_into only when merged); \
add: {\"id\",\"name\"}; rename: {\"id\",\"from\",\"to\"}; merge: {\"from\",\"into\"}; split: {\"from\",\"into\":[…],\"waiting\"} \
(labels that wait); retire: {\"name\"}; import: {\"rows\",\"examples\",\"intents\"} (examples and intents that are new).";

/// The list of intents
#[derive(Debug, clap::Args)]
#[command(after_long_help = HELP)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// List all intents with their examples and labels
    List,
    /// Add an intent, or take a retired one up again
    Add { name: String },
    /// Give an intent another name
    Rename { from: String, to: String },
    /// Make one intent stand for another
    Merge { from: String, into: String },
    /// Retire an intent in favour of finer ones
    Split {
        name: String,
        #[arg(required = true, num_args = 2..)]
        into: Vec<String>,
    },
    /// Take an intent out of use
    Retire { name: String },
    /// Add base examples from a CSV file with the columns text,intent
    Import { file: PathBuf },
}

pub(super) fn run(cx: &mut Cx, args: &Args) -> Result<Exit> {
    match &args.command {
        None | Some(Command::List) => list(cx)?,
        Some(Command::Import { file }) => import(cx, file)?,
        Some(command) => change(cx, command)?,
    }
    Ok(Exit::Done)
}

fn list(cx: &mut Cx) -> Result<()> {
    let rows = cx.store()?.intents()?;
    if cx.json {
        return cx.out.json(&rows);
    }
    let mut table = Table::new(&["intent", "state", ">examples", ">labels", ">in the log"]);
    for r in &rows {
        table.row([r.name.clone(), state(r), count(r.examples), count(r.labels), count(r.logged)]);
    }
    table.print(&mut cx.out)
}

fn state(r: &IntentRow) -> String {
    match &r.merged_into {
        Some(into) => format!("merged into {into}"),
        None => r.state.clone(),
    }
}

fn change(cx: &mut Cx, command: &Command) -> Result<()> {
    let mut store = match command {
        Command::Add { .. } => cx.store_or_new(Access::ReadWrite)?,
        _ => cx.store()?,
    };
    let (who, now) = (cx.reviewer(), cx.now);
    let (value, words): (Value, String) = match command {
        Command::Add { name } => {
            let id = store.add_intent(who, now, name)?;
            (json!({"id": id, "name": name.trim()}), format!("added {name}"))
        }
        Command::Rename { from, to } => {
            let id = store.rename_intent(who, now, from, to)?;
            (json!({"id": id, "from": from, "to": to.trim()}), format!("{from} is now called {to}"))
        }
        Command::Merge { from, into } => {
            store.merge_intents(who, now, from, into)?;
            (json!({"from": from, "into": into}), format!("{from} now counts as {into}"))
        }
        Command::Split { name, into } => {
            let waiting = store.split_intent(who, now, name, into)?;
            let words = format!("{name} is retired; {} for new labels", waits(waiting));
            (json!({"from": name, "into": into, "waiting": waiting}), words)
        }
        Command::Retire { name } => {
            store.retire_intent(who, now, name)?;
            (json!({"name": name}), format!("{name} is retired; its labels stay in the log and stop training"))
        }
        Command::List | Command::Import { .. } => return Ok(()),
    };
    if cx.json { cx.out.json(&value) } else { cx.out.line(text::clean(&words)) }
}

fn waits(n: u64) -> String {
    format!("{} {}", plural(n, "labelled turn"), if n == 1 { "waits" } else { "wait" })
}

fn import(cx: &mut Cx, file: &Path) -> Result<()> {
    let rows = read_labelled(file)?;
    if rows.is_empty() {
        bail!("{} holds no examples; a line is text,intent", file.display());
    }
    if let Some(at) = rows.iter().position(|r| r.intent.is_empty()) {
        bail!(
            "{}: example {} ({:?}) has no intent; nothing was imported",
            file.display(),
            at + 1,
            text::cut(&rows[at].text, 40)
        );
    }
    let pairs: Vec<(String, String)> = rows.into_iter().map(|r| (r.text, r.intent)).collect();
    let origin = file.file_name().map_or_else(|| "file".into(), |n| n.to_string_lossy());
    let mut store = cx.store_or_new(Access::ReadWrite)?;
    let (examples, intents) = store.add_examples(cx.reviewer(), cx.now, &origin, &pairs)?;
    if cx.json {
        return cx.out.json(&json!({"rows": pairs.len(), "examples": examples, "intents": intents}));
    }
    let rows = plural(pairs.len() as u64, "row");
    cx.out.line(format!("{} and {} new, of {rows}", plural(examples, "example"), plural(intents, "intent")))
}
