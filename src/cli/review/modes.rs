//! `appraise modes`

use crate::cli::frame::context::Cx;
use crate::cli::frame::exit::Exit;
use crate::cli::output::figures::{count, plural};
use crate::cli::output::json::Tone;
use crate::cli::output::table::WordTable;
use crate::cli::review::label::cause_parser;
use crate::domain::Cause;
use crate::store::{ModesPage, Store};
use crate::text;
use anyhow::Result;
use serde_json::{Value, json};

const HELP: &str = "\
A failure mode is the team's own name for what went wrong first, under one root cause: a conversation has at most one, and giving it \
sets that cause (m in Review, `appraise label --mode`). Whoever gives a conversation another cause takes its mode away. Write notes \
first; `appraise patterns causes` groups those that say the same, and the groups are proposed as modes. Modes are renamed, merged \
(within a cause), split and retired, never deleted; `appraise undo` takes any of it back.

The counts of a cycle are work done, not a rate: `appraise detect` estimates how much of the traffic a mode holds. Whether there are \
modes that nobody has seen yet is told from audit items alone, which are drawn at random (Good 1953).

Examples:
  appraise modes add 'wrong port' --cause wrong_answer
  appraise label '#12' --mode 'wrong port'
  appraise modes merge 'wrong harbour' 'wrong port'
  appraise queue mode:\"wrong port\"

JSON: list: {\"modes\":[{\"id\",\"name\",\"cause\",\"state\",\"merged_into\",\"n\",\"query\",\"cycles\":[{\"cycle\",\"n\"}]}],\"proposed\":[{\"name\",\"n\",\"query\",\"cause\",\"example\"}],\
\"unseen\":{\"audit_n\",\"seen_once\",\"share\",\"lo\",\"hi\",\"reviews_to_next\",\"reviews_at_least\"}}: merged_into only where it was merged; share of the failures whose mode nobody has \
seen, null below 10 audit failures with a mode; reviews_to_next: about so many more audit reviews likely show a new one; reviews_at_least: by the upper end of the share. \
add, rename, merge, split, retire: {\"name\",…} with \"cause\" (add), \"to\" (rename), \"into\" (merge, split).";

/// Failure modes: the team's own names for what went wrong first
#[derive(Debug, clap::Args)]
#[command(after_long_help = HELP)]
pub(in crate::cli) struct Args {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// List all modes, those that notes propose, and whether there are more to find
    List,
    /// Add a mode, or take a retired one up again
    Add {
        name: String,
        /// The root cause that it belongs to
        #[arg(long, value_name = "CODE", value_parser = cause_parser())]
        cause: Cause,
    },
    /// Give a mode another name
    Rename { from: String, to: String },
    /// Make one mode stand for another of the same cause
    Merge { from: String, into: String },
    /// Retire a mode in favour of finer ones
    Split {
        name: String,
        #[arg(required = true, num_args = 2..)]
        into: Vec<String>,
    },
    /// Take a mode out of use; what is in it stays in it
    Retire { name: String },
}

pub(in crate::cli) fn run(cx: &mut Cx, args: &Args) -> Result<Exit> {
    match &args.command {
        None | Some(Command::List) => list(cx)?,
        Some(command) => {
            let mut store = cx.store()?;
            let (value, words) = change(cx, &mut store, command)?;
            if cx.json { cx.out.json(&value)? } else { cx.out.line(text::clean(&words))? }
        }
    }
    Ok(Exit::Done)
}

fn change(cx: &Cx, store: &mut Store, command: &Command) -> Result<(Value, String)> {
    let (who, now) = (cx.reviewer(), cx.now);
    Ok(match command {
        Command::Add { name, cause } => {
            store.add_mode(who, now, name, *cause)?;
            let row = store.mode(name)?;
            (json!({"name": row.name, "cause": row.cause}), format!("{} is a mode of {} now", row.name, cause.label()))
        }
        Command::Rename { from, to } => {
            let id = store.rename_mode(who, now, from, to)?;
            let name = store.modes()?.row(id).map_or_else(|| to.clone(), |m| m.name.clone());
            (json!({"name": from, "to": name}), format!("{from} is now called {name}"))
        }
        Command::Merge { from, into } => {
            let (a, b) = store.merge_modes(who, now, from, into)?;
            (json!({"name": a.name, "into": b.name}), format!("{} now counts as {}", a.name, b.name))
        }
        Command::Split { name, into } => {
            let row = store.split_mode(who, now, name, into)?;
            let waits = plural(row.n, "conversation");
            let words = format!("{} is retired; {waits} may get one of {} instead", row.name, into.join(", "));
            (json!({"name": row.name, "into": into, "waiting": row.n}), words)
        }
        Command::Retire { name } => {
            let row = store.retire_mode(who, now, name)?;
            let words = format!("{} is retired; {} stay in it", row.name, plural(row.n, "conversation"));
            (json!({"name": row.name}), words)
        }
        Command::List => (Value::Null, String::new()),
    })
}

fn list(cx: &mut Cx) -> Result<()> {
    let page = cx.store()?.figures().modes()?;
    if cx.json {
        return cx.out.json(&page);
    }
    if page.modes.is_empty() {
        cx.out.line("no failure modes yet: `appraise modes add NAME --cause CODE` makes one")?;
    } else {
        let mut table = WordTable::new(&["mode", "under", "state", ">conv.", "in cycles"]);
        for line in &page.modes {
            let m = &line.mode;
            let state = m.merged_into.as_ref().map_or_else(|| m.state.to_owned(), |into| format!("merged into {into}"));
            let cycles: Vec<String> = line.cycles.iter().map(|c| format!("{} {}", c.cycle, count(c.n))).collect();
            table.row([&m.name, m.cause.label(), &state, &count(m.n), &cycles.join(" · ")]);
        }
        table.print(&mut cx.out)?;
    }
    proposed(cx, &page)?;
    let words = cx.out.paint(Tone::Muted, &page.unseen.words());
    cx.out.line(words)
}

fn proposed(cx: &mut Cx, page: &ModesPage) -> Result<()> {
    if page.proposed.is_empty() {
        return Ok(());
    }
    cx.out.line("")?;
    let mut table = WordTable::new(&["notes that say the same", ">conv.", "mostly under", "for example", "query"]);
    for p in &page.proposed {
        let cause = p.cause.map_or("", Cause::label);
        table.row([&p.name, &count(p.n), cause, p.example.as_deref().unwrap_or_default(), &p.query]);
    }
    table.print(&mut cx.out)
}
