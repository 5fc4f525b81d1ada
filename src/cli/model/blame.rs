//! `appraise blame`

use crate::cli::frame::bounds;
use crate::cli::frame::context::Cx;
use crate::cli::frame::exit::Exit;
use crate::cli::output::comparison;
use crate::cli::output::figures::{count, percent, plural};
use crate::cli::output::json::Tone;
use crate::cli::output::progress::Progress;
use crate::cli::output::table::WordTable;
use crate::domain::{ConversationId, DecisionId, ReleaseId, TurnKey, Zone};
use crate::jobs::{self, Blame, BlameOptions, LeftOutLabels};
use crate::store::Store;
use crate::text;
use anyhow::{Result, bail};

const HELP: &str = "\
For a gold turn of the open half: which of the labels that a release learned from and the one before did not pull the turn \
away from its gold intent, and who gave them in which step. It is a heuristic: a label's part of the difference between the \
scores of the two intents, as if the others stayed as they are. --drop tells for sure: it trains the release again as \
though those labels had not been given (what a turn was labelled before stands), everything else as it was, compares that with what is live, and stores it as a candidate. Turns of the sealed \
half are refused (exit 3). `appraise compare` and `is:broken` in the queue list what broke.

Examples:
  appraise blame shop:8812 --turn 2
  appraise blame shop:8812 --turn 2 --release v4 --drop 1841 --drop 1842
  appraise blame shop:8812 --turn 2 --drop-step 977      (a whole batch)

JSON: {\"release\",\"before\",\"before_intents\" (whose intents that carries, where they are another's),\"id\",\"n\",\"turn\",\"text\",\"gold\":[…],\"said_before\",\"says\",\"broken\",\"towards\",\"method\",\"new_labels\",\"without\",
  \"labels\":[{\"decision\",\"id\",\"n\",\"turn\",\"text\",\"intent\",\"was\",\"by\",\"at\",\"step\",\"pull\"}],
  \"groups\":[{\"by\",\"at\",\"step\",\"labels\",\"away\",\"pull\",\"share\"}]}: strongest first; pull is in log odds towards `towards`; share
is of all that pulls away; id, n and turn are null for a base example. With --drop: the keys of `finetune`, and its exit codes.";

/// Which new labels broke a gold turn, and what happens without them
#[derive(Debug, clap::Args)]
#[command(after_long_help = HELP)]
pub(in crate::cli) struct Args {
    /// Which conversation: source:id, or #n
    conversation: String,
    /// Turn, counted from 0
    #[arg(long, value_name = "N")]
    turn: u32,
    /// The release that breaks it
    #[arg(long, value_name = "R", default_value = "newest")]
    release: String,
    /// Labels and steps to list
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = bounds::up_to(0..=bounds::ROWS))]
    limit: usize,
    /// Train again without this label: number of a decision; may be given several times
    #[arg(long, value_name = "DECISION")]
    drop: Vec<i64>,
    /// Train again without the labels of this step; may be given several times
    #[arg(long, value_name = "STEP")]
    drop_step: Vec<i64>,
    /// Train again without the label that pulls most
    #[arg(long)]
    drop_top: bool,
}

pub(in crate::cli) fn run(cx: &mut Cx, args: &Args) -> Result<Exit> {
    let mut store = cx.store()?;
    let release = store.find_release(&args.release)?;
    let conversation = store.resolve(&args.conversation)?;
    let at = (conversation, store.turn_at(conversation, args.turn)?);
    let asked = |release, most| BlameOptions { release, against: None, turn: at, most };
    let progress = Progress::new(cx);
    let found = jobs::blame(&mut store, &asked(release, args.limit.max(1)), &progress)?;
    let mut drops: Vec<LeftOutLabels> = args.drop.iter().map(|&d| LeftOutLabels::Decision(DecisionId(d))).collect();
    drops.extend(args.drop_step.iter().map(|&s| LeftOutLabels::Step(s)));
    if args.drop_top {
        let Some(top) = found.labels.first() else {
            bail!("no new label pulls this turn away from its gold intent; there is nothing to leave out");
        };
        drops.push(LeftOutLabels::Decision(top.decision));
    }
    if drops.is_empty() {
        drop(progress);
        if cx.json {
            cx.numbered(&store, &found)?
        } else {
            print(cx, &store, &found, store.zone()?)?
        }
        return Ok(Exit::Done);
    }
    let who = (cx.settings.reviewer.as_str(), cx.now);
    let result = jobs::retrain_without(&mut store, &cx.encoders, release, &drops, who, &progress)?;
    let now = jobs::blame(&mut store, &asked(result.release, 1), &progress)?;
    drop(progress);
    let exit = comparison::print(cx, &store, &result)?;
    tell(cx, &store, (release, &found), (result.release, &now), at)?;
    Ok(exit)
}

/// What leaving labels out did to the turn.
fn tell(
    cx: &Cx,
    store: &Store,
    (old, was): (ReleaseId, &Blame),
    (new, is): (ReleaseId, &Blame),
    (n, turn): (ConversationId, TurnKey),
) -> Result<()> {
    let said = |b: &Blame| b.says.clone().unwrap_or_else(|| "nothing".to_owned());
    let id = store.conversation_key(n)?;
    let place = store.place(n, turn)?;
    cx.note(&format!("{id} turn {place}: v{} says {}, v{} says {}", old.0, said(was), new.0, said(is)));
    Ok(())
}

fn print(cx: &mut Cx, store: &Store, b: &Blame, zone: Zone) -> Result<()> {
    let guess = |g: &Option<String>| g.clone().unwrap_or_else(|| "nothing".to_owned());
    let before = b
        .before_named()
        .map_or("nothing was there before".to_owned(), |r| format!("v{} says {}", r.0, guess(&b.said_before)));
    let place = store.place(b.n, b.turn)?;
    cx.out.line(text::clean(&format!("{} turn {place}: {}", b.id, b.text)))?;
    let gold = b.gold.join(", ");
    let broken = if b.broken { ": broken" } else { "" };
    cx.out.line(text::clean(&format!("gold: {gold}; {before}; v{} says {}{broken}", b.release.0, guess(&b.says))))?;
    if b.groups.is_empty() {
        return cx.out.line(format!("none of {} pulls it away", plural(b.new_labels, "new label")));
    }
    cx.out.line("")?;
    let mut table = WordTable::new(&[">step", "by", "when", ">labels", ">pull away", ">share"]);
    for g in &b.groups {
        let share = percent(g.share);
        table.row([&g.step.to_string(), &g.by, &zone.ago(g.at, cx.now), &count(g.labels), &count(g.away), &share]);
    }
    table.print(&mut cx.out)?;
    cx.out.line("")?;
    let mut table = WordTable::new(&[">decision", ">pull", "label", "was", "by", "turn", "customer said"]);
    for l in &b.labels {
        let place = match l.n.zip(l.turn) {
            Some((n, turn)) => format!("{}:{}", store.conversation_key(n)?, store.place(n, turn)?),
            None => "base example".to_owned(),
        };
        let (decision, pull) = (l.decision.0.to_string(), format!("{:+.3}", l.pull));
        table.row([&decision, &pull, &l.intent, l.was.as_deref().unwrap_or(""), &l.by, &place, &l.text]);
    }
    table.print(&mut cx.out)?;
    let foot = format!("{}, towards {}; --drop DECISION or --drop-step STEP trains without", b.method, b.towards);
    let foot = cx.out.paint(Tone::Muted, &text::clean(&foot).into_cow());
    cx.out.line(foot)
}
