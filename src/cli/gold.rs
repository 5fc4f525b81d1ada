//! `appraise gold`

use super::context::Cx;
use super::exit::Exit;
use super::figures::count;
use super::label::{customer_turn, intents};
use super::table::Table;
use crate::domain::{Change, Kind};
use crate::store::{Counts, ReviewItem, Store};
use crate::text;
use anyhow::{Result, bail};
use serde_json::json;

const HELP: &str = "\
Gold turns are labelled turns of test customers: drawn at random by a cycle and labelled blind, or labelled when they \
were imported. They are frozen in versions. Half of them is open (listed here, may be pinned), the other half is sealed: \
it gives verdicts and is never listed. A pinned turn must never break. \
`add` sets the label of a turn that is gold already. A turn that was picked by hand, because the AI failed on it or for \
any other reason, would make the comparison lie, and is refused.

Examples:
  appraise gold list --json
  appraise gold pin shop:8812 --turn 2
  appraise gold freeze --reason 'after the audit of W47'

JSON: list: list of {\"id\",\"n\",\"turn\",\"intents\",\"text\",\"pinned\"}; versions: list of \
{\"version\",\"at\",\"by\",\"reason\",\"open\",\"sealed\",\"looks\"}; freeze: one of these; add: {\"id\",\"n\",\"turn\",\"intents\"}; \
pin, unpin: {\"id\",\"n\",\"turn\",\"pinned\"}.";

/// The gold set: what models are judged on
#[derive(Debug, clap::Args)]
#[command(after_long_help = HELP)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, clap::Args)]
struct TurnArgs {
    /// Which conversation: source:id, or #n
    conversation: String,
    /// Turn, counted from 0
    #[arg(long, value_name = "N")]
    turn: u32,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// List the open half of the newest version
    List,
    /// Correct the label of a gold turn
    Add {
        #[command(flatten)]
        turn: TurnArgs,
        /// What the customer wanted; may be given several times
        #[arg(long, required = true, value_name = "NAME")]
        intent: Vec<String>,
    },
    /// Pin a turn of the open half: a candidate that breaks it is refused
    Pin(TurnArgs),
    /// Unpin a turn
    Unpin(TurnArgs),
    /// Freeze the labels at hand as a new version
    Freeze {
        /// Why
        #[arg(long)]
        reason: Option<String>,
    },
    /// List all versions, newest first
    Versions,
}

pub(super) fn run(cx: &mut Cx, args: &Args) -> Result<Exit> {
    let mut store = cx.store()?;
    match &args.command {
        None | Some(Command::List) => list(cx, &store)?,
        Some(Command::Add { turn, intent }) => add(cx, &mut store, turn, intent)?,
        Some(Command::Pin(turn)) => pin(cx, &mut store, turn, true)?,
        Some(Command::Unpin(turn)) => pin(cx, &mut store, turn, false)?,
        Some(Command::Freeze { reason }) => freeze(cx, &mut store, reason.as_deref())?,
        Some(Command::Versions) => versions(cx, &store)?,
    }
    Ok(Exit::Done)
}

/// Whether the label on a turn is gold.
pub(super) fn is_gold(item: &ReviewItem, turn: u32) -> bool {
    item.history.iter().any(|d| d.kind == Kind::Intent && d.turn == Some(turn) && d.state.as_deref() == Some("gold"))
}

fn list(cx: &mut Cx, store: &Store) -> Result<()> {
    let rows = store.gold_version()?.map(|v| store.gold_rows(v)).transpose()?;
    if rows.is_none() {
        let (open, sealed) = store.gold_at_hand()?;
        cx.note(&format!("no gold version yet; {} turns are at hand, `appraise gold freeze` makes one", open + sealed));
    }
    let rows = rows.unwrap_or_default();
    if cx.json {
        return cx.out.json(&rows);
    }
    let mut table = Table::new(&["conversation", ">turn", "gold", "", "customer said"]);
    for r in &rows {
        let pinned = if r.pinned { "pinned" } else { "" };
        table.row([&r.id, &r.turn.to_string(), &r.intents.join(", "), pinned, &r.text]);
    }
    table.print(&mut cx.out)
}

fn add(cx: &mut Cx, store: &mut Store, at: &TurnArgs, wanted: &[String]) -> Result<()> {
    let item = store.review_item(store.resolve(&at.conversation)?)?;
    let turn = customer_turn(&item, Some(at.turn))?;
    let drawn = item.counts == Counts::Audit && item.turn == Some(turn);
    if !drawn && !is_gold(&item, turn) {
        let why = match item.counts {
            Counts::Training => "its customer is in the training group",
            _ => "it was not drawn at random",
        };
        bail!(
            "this turn cannot become gold: {why}. Gold that is picked by hand makes models look better or worse than they \
             are; `appraise cycle open` draws turns to label, and imports bring `gold_intent`"
        );
    }
    let names = store.intent_names()?;
    let ids = intents(store, &names, wanted)?;
    store.decide(cx.reviewer(), cx.now, &[Change::intents(item.n, turn, &ids)])?;
    let intents: Vec<String> = ids.iter().map(|&i| names.name(i)).collect();
    let id = store.conversation_key(item.n)?;
    if cx.json {
        return cx.out.json(&json!({"id": id, "n": item.n, "turn": turn, "intents": intents}));
    }
    cx.out.line(text::clean(&format!("{id} turn {turn}: {}", intents.join(", "))))?;
    cx.note("`appraise gold freeze` makes a version with it");
    Ok(())
}

fn pin(cx: &mut Cx, store: &mut Store, at: &TurnArgs, pinned: bool) -> Result<()> {
    let n = store.resolve(&at.conversation)?;
    if !store.is_open_gold(n, at.turn)? {
        bail!("only turns of the open half can be pinned; `appraise gold list` shows them");
    }
    store.decide(cx.reviewer(), cx.now, &[Change::pin(n, at.turn, pinned)])?;
    let id = store.conversation_key(n)?;
    if cx.json {
        return cx.out.json(&json!({"id": id, "n": n, "turn": at.turn, "pinned": pinned}));
    }
    let state = if pinned { "is pinned: a candidate that breaks it is refused" } else { "is not pinned any more" };
    cx.out.line(text::clean(&format!("{id} turn {} {state}", at.turn)))
}

fn freeze(cx: &mut Cx, store: &mut Store, reason: Option<&str>) -> Result<()> {
    let version = store.freeze_gold(cx.reviewer(), cx.now, reason)?;
    let Some(row) = store.gold_versions()?.into_iter().find(|v| v.version == version) else {
        bail!("gold version {} is gone", version.0);
    };
    if cx.json {
        return cx.out.json(&row);
    }
    cx.out.line(format!("gold version {}: {} turns open, {} sealed", version.0, count(row.open), count(row.sealed)))
}

fn versions(cx: &mut Cx, store: &Store) -> Result<()> {
    let rows = store.gold_versions()?;
    if cx.json {
        return cx.out.json(&rows);
    }
    let mut table = Table::new(&[">version", "frozen", "by", ">open", ">sealed", ">looks", "why"]);
    for r in &rows {
        table.row([
            r.version.0.to_string(),
            r.at.utc().format("%Y-%m-%d").to_string(),
            r.by.clone(),
            count(r.open),
            count(r.sealed),
            count(r.looks),
            r.reason.clone().unwrap_or_default(),
        ]);
    }
    table.print(&mut cx.out)
}
