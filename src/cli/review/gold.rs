//! `appraise gold`

use super::label::{customer_turn, intents};
use super::turns::is_gold;
use crate::cli::frame::context::Cx;
use crate::cli::frame::exit::Exit;
use crate::cli::output::figures::{count, plural};
use crate::cli::output::json::Tone;
use crate::cli::output::progress::Progress;
use crate::cli::output::table::WordTable;
use crate::domain::DecisionChange;
use crate::jobs;
use crate::store::{LabelUse, Store};
use crate::text;
use anyhow::{Result, bail};
use serde_json::json;

const HELP: &str = "\
Gold turns are labelled turns of test customers: drawn at random by a cycle and labelled blind, or labelled when they \
were imported. They are frozen in versions. Half of them is open (listed here, may be pinned), the other half is sealed: \
it gives verdicts and is never listed. A pinned turn must never break. \
`add` corrects the label of a turn that is gold already, and makes a new version with it at once; a gold label that is corrected \
in Review gets its version at the next fine-tuning or comparison. Such a version has the same turns and goes on counting the \
looks of the one before; accuracies of all releases are those on the newest version. What was labelled since joins with \
`freeze`. `guard` lists what a release was not trained on because it repeats a gold text. A turn that was picked by hand, because the AI failed on it or for \
any other reason, would make the comparison lie, and is refused.

Examples:
  appraise gold list --json
  appraise gold pin shop:8812 --turn 2
  appraise gold freeze --reason 'after the audit of W47'
  appraise gold guard --release live

JSON: list: list of {\"id\",\"n\",\"turn\",\"intents\",\"text\",\"pinned\"}; versions: list of \
{\"version\",\"at\",\"by\",\"reason\",\"open\",\"sealed\",\"looks\"}; freeze: one of these; add: {\"id\",\"n\",\"turn\",\"intents\",\"gold_version\"}, \
the version null where the turn is in none yet; guard: list of {\"id\",\"n\",\"turn\",\"intent\",\"text\"}, the first three null for a base example; \
pin, unpin: {\"id\",\"n\",\"turn\",\"pinned\"}.";

/// The gold set: what models are judged on
#[derive(Debug, clap::Args)]
#[command(after_long_help = HELP)]
pub(in crate::cli) struct Args {
    #[command(subcommand)]
    command: Option<GoldCommand>,
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
enum GoldCommand {
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
    /// List what a release was not trained on because it repeats a gold text
    Guard {
        /// v3 or 3, live, or newest
        #[arg(long, value_name = "R", default_value = "newest")]
        release: String,
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

pub(in crate::cli) fn run(cx: &mut Cx, args: &Args) -> Result<Exit> {
    let mut store = cx.store()?;
    match &args.command {
        None | Some(GoldCommand::List) => list(cx, &store)?,
        Some(GoldCommand::Add { turn, intent }) => add(cx, &mut store, turn, intent)?,
        Some(GoldCommand::Guard { release }) => guard(cx, &store, release)?,
        Some(GoldCommand::Pin(turn)) => pin(cx, &mut store, turn, true)?,
        Some(GoldCommand::Unpin(turn)) => pin(cx, &mut store, turn, false)?,
        Some(GoldCommand::Freeze { reason }) => freeze(cx, &mut store, reason.as_deref())?,
        Some(GoldCommand::Versions) => versions(cx, &store)?,
    }
    Ok(Exit::Done)
}

fn list(cx: &mut Cx, store: &Store) -> Result<()> {
    let rows = store.gold_version()?.map(|v| store.gold_rows(v)).transpose()?;
    if rows.is_none() {
        let (open, sealed) = store.gold_at_hand()?;
        cx.note(&format!("no gold version yet; {} turns are at hand, `appraise gold freeze` makes one", open + sealed));
    }
    let rows = rows.unwrap_or_default();
    if cx.json {
        return cx.numbered(store, &rows);
    }
    let mut table = WordTable::new(&["conversation", ">turn", "gold", "", "customer said"]);
    for r in &rows {
        let mark = match (r.pinned, r.not_in_use) {
            (false, false) => "",
            (true, false) => "pinned",
            (false, true) => "not in use",
            (true, true) => "pinned, not in use",
        };
        table.row([&r.id, &store.place(r.n, r.turn)?.to_string(), &r.intents.join(", "), mark, &r.text]);
    }
    table.print(&mut cx.out)?;
    let idle = rows.iter().filter(|r| r.not_in_use).count() as u64;
    if idle > 0 {
        let foot =
            format!("{} of intents that are not in use: left out of comparisons on both sides", plural(idle, "turn"));
        let foot = cx.out.paint(Tone::Muted, &foot);
        cx.out.line(foot)?;
    }
    Ok(())
}

fn add(cx: &mut Cx, store: &mut Store, at: &TurnArgs, wanted: &[String]) -> Result<()> {
    let item = store.review_item(store.resolve(&at.conversation)?)?;
    let turn = customer_turn(&item, Some(at.turn))?;
    let drawn = item.counts == LabelUse::Audit && item.turn == Some(turn);
    if !drawn && !is_gold(&item, turn) {
        let why = match item.counts {
            LabelUse::Training => "its customer is in the training group",
            _ => "it was not drawn at random",
        };
        bail!(
            "this turn cannot become gold: {why}. Gold that is picked by hand makes models look better or worse than they \
             are; `appraise cycle open` draws turns to label, and imports bring `gold_intent`"
        );
    }
    let names = store.intent_names()?;
    let ids = intents(store, &names, wanted)?;
    store.decide(cx.reviewer(), cx.now, &[DecisionChange::intents(item.n, turn, &ids)])?;
    let version = store.correct_gold(cx.reviewer(), cx.now)?;
    let intents: Vec<String> = ids.iter().map(|&i| names.name(i)).collect();
    let id = store.conversation_key(item.n)?;
    if cx.json {
        return cx
            .out
            .json(&json!({"id": id, "n": item.n, "turn": at.turn, "intents": intents, "gold_version": version}));
    }
    cx.out.line(text::clean(&format!("{id} turn {}: {}", at.turn, intents.join(", "))))?;
    match version {
        Some(v) => cx.out.line(format!("gold version {}: releases are scored on it from now on", v.0))?,
        None => cx.note("`appraise gold freeze` makes a version with it"),
    }
    Ok(())
}

fn guard(cx: &mut Cx, store: &Store, release: &str) -> Result<()> {
    let release = store.find_release(release)?;
    let progress = Progress::new(cx);
    let rows = jobs::held_out(store, release, &progress)?;
    drop(progress);
    if cx.json {
        return cx.numbered(store, &rows);
    }
    if rows.is_empty() {
        return cx.out.line(format!("nothing that v{} could learn from repeats a gold text", release.0));
    }
    let mut table = WordTable::new(&["conversation", ">turn", "label", "customer said"]);
    for r in &rows {
        let id = r.id.clone().unwrap_or_else(|| "base example".to_owned());
        let turn = r.n.zip(r.turn).map(|(n, turn)| store.place(n, turn)).transpose()?;
        table.row([id, turn.map(|t| t.to_string()).unwrap_or_default(), r.intent.clone(), r.text.clone()]);
    }
    table.print(&mut cx.out)?;
    let n = rows.len() as u64;
    let foot = cx.out.paint(Tone::Muted, &format!("{} left out of v{}", plural(n, "example"), release.0));
    cx.out.line(foot)
}

fn pin(cx: &mut Cx, store: &mut Store, at: &TurnArgs, pinned: bool) -> Result<()> {
    let n = store.resolve(&at.conversation)?;
    let turn = store.turn_at(n, at.turn)?;
    if !store.is_open_gold(n, turn)? {
        bail!("only turns of the open half can be pinned; `appraise gold list` shows them");
    }
    store.decide(cx.reviewer(), cx.now, &[DecisionChange::pin(n, turn, pinned)])?;
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
    let zone = store.zone()?;
    let mut table = WordTable::new(&[">version", "frozen", "by", ">open", ">sealed", ">looks", "why"]);
    for r in &rows {
        table.row([
            r.version.0.to_string(),
            zone.date(r.at),
            r.by.clone(),
            count(r.open),
            count(r.sealed),
            count(r.looks),
            r.reason.clone().unwrap_or_default(),
        ]);
    }
    table.print(&mut cx.out)
}
