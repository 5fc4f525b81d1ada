//! `appraise action`

use crate::cli::data::patterns::find_again;
use crate::cli::frame::context::Cx;
use crate::cli::frame::exit::{Exit, Usage};
use crate::cli::frame::query;
use crate::cli::output::figures::{count, percent};
use crate::cli::output::json::Tone;
use crate::cli::output::table::WordTable;
use crate::domain::{ActionId, ActionTerms, RateMovement};
use crate::store::{ActionEffect, ActionRow, EffectSide};
use crate::text;
use anyhow::Result;
use serde_json::json;

const HELP: &str = "\
What training cannot repair is handed out: to whom, what is to be done, by when. What it is about is a query: a pattern (cluster:12, \
from `appraise patterns`), a cause, an intent, a failure mode, or anything else; days and test groups in it do not count. Handing \
out what somebody has already changes who has it. `appraise undo` takes any of it back.

list shows whether that failure fell: its share of all conversations in the four weeks before and the four weeks after the day on which it \
was done (until then: was handed out; that day is on neither side), with a 95 % interval of the difference (Newcombe), and beside it the failures that nobody was \
given. Causes and modes are what reviewers say: there the share is of the reviewed failures. It is association: other things change, too.

Examples:
  appraise action add cluster:12 --owner 'content writers' --due 2026-12-05 --note 'write the group fare page'
  appraise action add cause:integration --owner engineering
  appraise action list --json | jq '.[] | select(.fell) | .name'
  appraise action done 3

JSON: add, done: {\"id\",\"name\",\"about\",\"owner\",\"note\",\"due\",\"given_at\",\"given_by\",\"done_at\"}, add with \"was\" (who had it, or null). list: a list of \
these with \"since\" (the day that is compared), \"of\", \"before\" and \"after\" ({\"num\",\"den\",\"lo\",\"hi\",\"query\",\"days\"}), \"change\" \
({\"delta\",\"lo\",\"hi\"} or null), \"fell\" (true, false: it rose, null: cannot tell), \"others\":{\"before\",\"after\",\"change\"}: failures that nobody \
was given.";

/// Hand out what training cannot repair, and see whether it fell
#[derive(Debug, clap::Args)]
#[command(after_long_help = HELP)]
pub(in crate::cli) struct Args {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Hand a failure out to somebody
    Add {
        /// What it is about: cluster:12, cause:policy, intent:refund, or any query
        #[arg(value_name = "QUERY", required = true)]
        about: Vec<String>,
        /// Who is to repair it: a person or a team
        #[arg(long, value_name = "NAME")]
        owner: String,
        /// What is to be done
        #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
        note: String,
        /// By when: 2026-12-05
        #[arg(long, value_name = "DATE", default_value = "", hide_default_value = true)]
        due: String,
    },
    /// List what was handed out, and whether it fell
    List,
    /// Say that one is done
    Done {
        /// Its number
        #[arg(value_name = "ID", value_parser = clap::value_parser!(i64).range(1..=i64::MAX))]
        id: i64,
        /// It is not done after all
        #[arg(long)]
        not: bool,
    },
}

pub(in crate::cli) fn run(cx: &mut Cx, args: &Args) -> Result<Exit> {
    match &args.command {
        None | Some(Command::List) => list(cx)?,
        Some(Command::Add { about, owner, note, due }) => {
            let query = query::parse(&query::join(about))?;
            let mut store = cx.store()?;
            cx.note_unfelt(&store, &query)?;
            let today = store.zone()?.day(cx.now);
            let terms = ActionTerms::read(owner, note, due, today).map_err(Usage::because)?;
            let handed = store.hand_out(cx.reviewer(), cx.now, &query, &terms)?;
            let mut value = serde_json::to_value(&handed.row)?;
            value["was"] = json!(handed.was);
            let was = handed.was.map_or_else(String::new, |was| format!(" (it was {was}'s)"));
            let words = format!("action {}: {} goes to {}{was}", handed.row.id.0, handed.row.name, handed.row.words());
            tell(cx, &value, &words)?;
        }
        Some(Command::Done { id, not }) => {
            let row = cx.store()?.finish_action(cx.reviewer(), cx.now, ActionId(*id), !not)?;
            let state = if *not { "is open again" } else { "is done; `appraise action list` shows whether it fell" };
            tell(cx, &serde_json::to_value(&row)?, &format!("action {}: {} {state}", row.id.0, row.name))?;
        }
    }
    Ok(Exit::Done)
}

fn tell(cx: &mut Cx, value: &serde_json::Value, words: &str) -> Result<()> {
    if cx.json { cx.out.json(value) } else { cx.out.line(text::clean(words)) }
}

fn list(cx: &mut Cx) -> Result<()> {
    let store = cx.store()?;
    cx.note_days(&store, true)?;
    let rests_on_patterns = |a: &ActionRow| a.about.contains("cluster:");
    if store.actions(cx.now)?.iter().any(rests_on_patterns) {
        find_again(cx, &store)?;
    }
    let effects = store.figures().actions(cx.now)?;
    if cx.json {
        return cx.out.json(&effects);
    }
    print(cx, &effects)
}

fn print(cx: &mut Cx, effects: &[ActionEffect]) -> Result<()> {
    if effects.is_empty() {
        return cx
            .out
            .line("nothing was handed out: `appraise patterns` shows what fails, `appraise action add` hands it out");
    }
    let mut table =
        WordTable::new(&[">id", "what", "who", "since", ">before", ">after", ">change", "95 %", "it", "others"]);
    for e in effects {
        let (before, after) = (side(&e.before), side(&e.after));
        let since = format!("{}{}", e.since, if e.action.done_at.is_some() { ", done" } else { "" });
        let change = e.change.map_or_else(String::new, |c| format!("{:+.1} pt", 100.0 * c.delta));
        let interval = e.change.map_or_else(String::new, |c| format!("{:+.1} to {:+.1}", 100.0 * c.lo, 100.0 * c.hi));
        let others = e.others.change.map_or_else(|| "–".to_owned(), |c| format!("{:+.1} pt", 100.0 * c.delta));
        table.row([
            e.action.id.0.to_string().as_str(),
            &e.action.name,
            &e.action.words(),
            &since,
            &before,
            &after,
            &change,
            &interval,
            verdict(e),
            &others,
        ]);
    }
    table.print(&mut cx.out)?;
    let foot = "shares are of all conversations of four weeks, of causes and modes of the reviewed failures; others: failures that \
                nobody was given";
    let foot = cx.out.paint(Tone::Muted, foot);
    cx.out.line(foot)
}

fn side(side: &EffectSide) -> String {
    let value = side.rate.value().map_or_else(|| "–".to_owned(), percent);
    format!("{} of {} {value}", count(side.rate.num), count(side.rate.den))
}

fn verdict(e: &ActionEffect) -> &'static str {
    match e.change.map(|c| c.moved()) {
        None => "nothing to compare yet",
        Some(RateMovement::Down) => "fell",
        Some(RateMovement::Up) => "rose",
        Some(RateMovement::CannotTell) => "cannot tell yet",
    }
}
