//! `appraise label`

mod file;
mod plan;
mod tell;

use super::responses;
use crate::cli::frame::context::Cx;
use crate::cli::frame::exit::{Exit, Usage};
use crate::domain::review::decision::split_ids;
use crate::domain::{Cause, DecisionChange, Kind, ModeId, Outcome, Review};
use crate::store::{DecidedStep, IntentNames, LabelUse, Modes, ReviewItem};
use crate::text;
use anyhow::Result;
use clap::builder::PossibleValuesParser;
use clap::builder::TypedValueParser;
use plan::LabelWish;
pub(in crate::cli) use plan::{customer_turn, intents};
use serde_json::{Value, json};
use std::path::PathBuf;
use tell::{corrected, tell};

const HELP: &str = "\
One call is one step: one undo takes all of it back. --intent judges the failing turn unless --turn names another; \
several are several right intents, the first is trained. Where the log says that the AI had understood something else, \
the cause becomes wrong_intent (missed_intent after a fallback) unless --cause says otherwise. --response is what the AI \
should have said in its next turn: a lead's, or that of whoever is alone, is accepted as an answer to everybody unless it holds something of \
one customer; else it is proposed (`appraise help responses`). An empty --response or --note clears it.

What somebody else had said is replaced, and they are named. --flag asks something: the conversation then waits for --answer, \
which anybody can give; a label does not clear it.

--file takes a CSV, as Excel saves it or any other, with a header out of conversation,turn,intent,response,cause,mode,sentiment,note \
(turns are counted from 0; several intents: a|b). The file is one step. All lines are checked first; if one is wrong nothing is written.

Examples:
  appraise label shop:8812 --intent refund_status
  appraise label '#12' --intent refund_status --response 'Your refund was sent on Monday.' --cause wrong_answer
  appraise label --file labels.csv --as maria

JSON: {\"id\",\"n\",\"step\",\"decisions\":[{\"kind\",\"turn\",\"value\"}],\"status\",\"counts\",\"says\",\"correction\",\"overrode\"}: counts is false where an intent \
counts neither for training nor as gold, and says why; null where no intent was given. \
correction is {\"state\",\"says\"} of a response, else null; \
overrode lists others' words that this replaced: {\"id\",\"n\",\"reviewer\",\"kind\",\"turn\",\"value\"}.
With --file: {\"step\",\"rows\",\"conversations\",\"decisions\",\"not_counted\",\"proposed\",\"overrode\"} (rows whose intent counts for nothing; \
responses that are not accepted).";

/// Judge a conversation: intent, response, cause, outcome
#[derive(Debug, clap::Args)]
#[command(after_long_help = HELP)]
pub(in crate::cli) struct Args {
    /// Which: source:id, or #n
    #[arg(value_name = "CONVERSATION", required_unless_present = "file")]
    conversation: Option<String>,
    /// Turn, counted from 0 [default: the turn that failed]
    #[arg(long, value_name = "N")]
    turn: Option<u32>,
    /// What the customer wanted; may be given several times
    #[arg(long, value_name = "NAME")]
    intent: Vec<String>,
    /// What the AI should have said
    #[arg(long, value_name = "TEXT")]
    response: Option<String>,
    /// Why it failed
    #[arg(long, value_name = "CODE", value_parser = named(Cause::ALL, Cause::name, Cause::from_name))]
    cause: Option<Cause>,
    /// What went wrong first, a failure mode of `appraise modes`; it sets the root cause that it belongs to
    #[arg(long, value_name = "NAME", conflicts_with = "cause")]
    mode: Option<String>,
    /// How it really ended
    #[arg(long, value_name = "OUTCOME", value_parser = named(Outcome::ALL, Outcome::name, Outcome::from_name))]
    outcome: Option<Outcome>,
    /// How the customer felt: -1 to 1, or negative, neutral, positive
    #[arg(long, value_name = "S", allow_negative_numbers = true, value_parser = plan::sentiment)]
    sentiment: Option<f64>,
    /// A note
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
    /// Put it off, or take it up again
    #[arg(long, value_name = "STATUS", value_parser = named(PUT_OFF, Review::name, Review::from_name))]
    status: Option<Review>,
    /// Ask something about it: it leaves Review and waits among `status:flagged` until somebody answers
    #[arg(long, value_name = "QUESTION")]
    flag: Option<String>,
    /// Answer what is asked about it
    #[arg(long, value_name = "TEXT", conflicts_with = "flag")]
    answer: Option<String>,
    /// Spam or a test: takes it out of every rate
    #[arg(long)]
    not_traffic: bool,
    /// Judge many conversations from a CSV file; - is standard input
    #[arg(
        long,
        value_name = "CSV",
        conflicts_with_all = ["conversation", "turn", "intent", "response", "cause", "mode", "outcome", "sentiment", "note", "status", "flag", "answer", "not_traffic"]
    )]
    file: Option<PathBuf>,
}

/// `done` follows from intent and cause, `flagged` from a question; nobody sets them.
const PUT_OFF: &[Review] = &[Review::Later, Review::Skipped, Review::Open];

fn named<T: Copy + Send + Sync + 'static>(
    all: &'static [T],
    name: fn(T) -> &'static str,
    from: fn(&str) -> Option<T>,
) -> impl TypedValueParser<Value = T> {
    PossibleValuesParser::new(all.iter().map(|&v| name(v))).try_map(move |s| from(&s).ok_or("no such value"))
}

/// Root causes by their codes.
pub(in crate::cli) fn cause_parser() -> impl TypedValueParser<Value = Cause> {
    named(Cause::ALL, Cause::name, Cause::from_name)
}

pub(in crate::cli) fn run(cx: &mut Cx, args: &Args) -> Result<Exit> {
    match (&args.file, &args.conversation) {
        (Some(file), _) => file::run(cx, file)?,
        (None, Some(conversation)) => one(cx, args, conversation)?,
        (None, None) => return Err(Usage::because("name a conversation, or a file with --file")),
    }
    Ok(Exit::Done)
}

fn one(cx: &mut Cx, args: &Args, conversation: &str) -> Result<()> {
    let wish = LabelWish {
        turn: args.turn,
        intents: args.intent.clone(),
        response: args.response.clone(),
        cause: args.cause,
        mode: args.mode.clone(),
        outcome: args.outcome,
        sentiment: args.sentiment,
        note: args.note.clone(),
        status: args.status,
        flag: args.flag.clone(),
        answer: args.answer.clone(),
        not_traffic: args.not_traffic,
    };
    if wish.is_empty() {
        return Err(Usage::because("nothing to decide; give --intent, --cause, --response, … (`appraise help label`)"));
    }
    let mut store = cx.store()?;
    let item = store.review_item_for(cx.reviewer(), store.resolve(conversation)?)?;
    let (names, modes) = (store.intent_names()?, store.modes()?);
    let changes = plan::changes(&store, &names, &item, &wish)?;
    let DecidedStep { step, overrode } = store.decide_over(cx.reviewer(), cx.now, &changes)?;
    tell(cx, &overrode);
    let after = store.review_item(item.n)?;
    let counts = counts(&after, &changes);
    let says = counts.and_then(|(_, says)| says);
    let corrected = responses::words_of(&store, &corrected(&changes))?;
    let id = format!("{}:{}", item.conversation.source, item.conversation.id);
    if cx.json {
        return cx.out.json(&json!({
            "id": id,
            "n": item.n,
            "step": step,
            "decisions": changes.iter().map(|c| decision(&names, &modes, &item, c)).collect::<Vec<_>>(),
            "status": after.status,
            "counts": counts.map(|(counts, _)| counts),
            "says": says,
            "correction": corrected.json(),
            "overrode": overrode,
        }));
    }
    let words: Vec<String> = changes.iter().map(|c| in_words(&names, &modes, &item, c)).collect();
    cx.out.line(text::clean(&format!("{id}: {} ({})", words.join(", "), after.status)))?;
    let about = corrected.line();
    let lines = says.map(str::to_owned).into_iter().chain(about);
    lines.map(|line| text::clean(&line).into_owned()).try_for_each(|line| cx.out.line(line))
}

/// Whether the label that was just made counts for anything, and what to say about it. `None`: no label was made.
/// Nothing tells an audit item from a training label.
fn counts(after: &ReviewItem, changes: &[DecisionChange]) -> Option<(bool, Option<&'static str>)> {
    let label = changes.iter().find(|c| c.kind == Kind::Intent)?;
    let nothing = "its customer is in a test group: this label counts neither for training nor as gold";
    let gold = "a gold label was changed; `appraise gold freeze` makes a new gold version with it";
    let audit = after.counts == LabelUse::Audit && after.turn == label.target.turn;
    let is_gold = label.target.turn.is_some_and(|t| crate::cli::review::turns::is_gold(after, t));
    Some(match () {
        () if audit || after.counts == LabelUse::Training => (true, None),
        () if is_gold => (true, Some(gold)),
        () => (false, Some(nothing)),
    })
}

fn decision(names: &IntentNames, modes: &Modes, item: &ReviewItem, change: &DecisionChange) -> Value {
    let value = match (change.kind, &change.to) {
        (Kind::Intent, Some(to)) => {
            json!(split_ids(to).into_iter().map(|i| names.name(i)).collect::<Vec<_>>())
        }
        (Kind::Sentiment, Some(to)) => json!(to.parse::<f64>().ok()),
        (Kind::Mode, Some(to)) => json!(mode_called(modes, to)),
        (_, to) => json!(to),
    };
    json!({"kind": change.kind, "turn": place(item, change), "value": value})
}

/// The number of the turn that a change is about.
fn place(item: &ReviewItem, change: &DecisionChange) -> Option<usize> {
    change.target.turn.and_then(|t| item.conversation.place_of(t))
}

/// The name of a mode that a decision gives.
fn mode_called(modes: &Modes, value: &str) -> String {
    let known = value.parse().ok().and_then(|id| modes.row(ModeId(id)));
    known.map_or_else(|| value.to_owned(), |m| m.name.clone())
}

fn in_words(names: &IntentNames, modes: &Modes, item: &ReviewItem, change: &DecisionChange) -> String {
    let value = match (change.kind, &change.to) {
        (_, None) => "none".to_owned(),
        (Kind::Intent, Some(to)) => names.joined(to),
        (Kind::Mode, Some(to)) => mode_called(modes, to),
        (_, Some(to)) => text::cut(to, 40).into_owned(),
    };
    let turn = place(item, change).map(|t| format!(" of turn {t}")).unwrap_or_default();
    format!("{}{turn} {value}", change.kind)
}
