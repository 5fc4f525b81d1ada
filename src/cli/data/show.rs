//! `appraise show`

use crate::cli::frame::context::Cx;
use crate::cli::frame::exit::Exit;
use crate::cli::output::json::Tone;
use crate::domain::{Role, Turn, Zone};
use crate::store::{DecisionRow, ReviewItem};
use crate::text;
use anyhow::Result;
use serde_json::json;

const HELP: &str = "\
Examples:
  appraise show shop:8812
  appraise show '#12' --json | jq .decisions

JSON: the conversation in the canonical format (outcome as reviewers corrected it), with \"n\", \"written\" (what the customer writes in, by \
the majority of the words: el, el-Latn for Greek in Latin letters; lang is what the log says) and \"decisions\": list of {\"decision\",\"at\",\"reviewer\",\"kind\",\"turn\",\"before\",\"after\",\"reason\",\"undoes\",\"state\"}, newest first; \
turn, reason, undoes and state only where there is one. state says what a label does for learning. \"felt\": list of {\"turn\",\"sentiment\"}, the customer's turns as the live release reads them, -1 to 1, where it does. \"corrections\": as `appraise \
responses list` has them.";

/// Show one conversation and what was decided on it
#[derive(Debug, clap::Args)]
#[command(after_long_help = HELP)]
pub(in crate::cli) struct Args {
    /// Which: source:id, or #n
    #[arg(value_name = "CONVERSATION")]
    conversation: String,
}

pub(in crate::cli) fn run(cx: &mut Cx, args: &Args) -> Result<Exit> {
    let store = cx.store()?;
    let item = store.review_item(store.resolve(&args.conversation)?)?;
    if cx.json {
        let mut value = serde_json::to_value(&item.conversation)?;
        value["n"] = json!(item.n);
        value["written"] = json!(written(&item));
        value["decisions"] = serde_json::to_value(&item.history)?;
        for (row, decision) in item.history.iter().enumerate() {
            if let Some(turn) = decision.turn {
                value["decisions"][row]["turn"] = json!(item.conversation.place_of(turn));
            }
        }
        let felt = |&(turn, felt): &(u32, f64)| json!({"turn": turn, "sentiment": felt});
        value["felt"] = item.felt.iter().map(felt).collect();
        value["corrections"] = serde_json::to_value(&item.corrections)?;
        for (row, correction) in item.corrections.iter().enumerate() {
            value["corrections"][row]["turn"] = json!(item.conversation.place_of(correction.turn));
        }
        cx.out.json(&value)?;
        return Ok(Exit::Done);
    }
    let zone = store.zone()?;
    heading(cx, &item, zone)?;
    let counted = cx.out.paint(Tone::Muted, "turns count from 0, as --turn takes them");
    cx.out.line(counted)?;
    for (place, turn) in item.conversation.turns.iter().enumerate() {
        transcript(cx, &item, place, turn)?;
    }
    if !item.history.is_empty() {
        cx.out.line("")?;
        let title = cx.out.paint(Tone::Heading, "decisions");
        cx.out.line(title)?;
        item.history.iter().try_for_each(|d| decision(cx, &item, d, zone))?;
    }
    Ok(Exit::Done)
}

/// What the customer writes in (rule 50).
fn written(item: &ReviewItem) -> Option<String> {
    let c = &item.conversation;
    let said = c.turns.iter().filter(|t| t.role == Role::User).map(|t| text::greek::ReadText::of(&t.text));
    text::language::written(said, c.lang.as_deref())
}

fn heading(cx: &mut Cx, item: &ReviewItem, zone: Zone) -> Result<()> {
    let c = &item.conversation;
    let mut parts = vec![format!("{}:{}", c.source, c.id), format!("#{}", item.n.0)];
    parts.extend(c.outcome.filter(|_| !item.blind()).map(|o| match c.outcome_source {
        Some(source) => format!("{o} ({source})"),
        None => o.to_string(),
    }));
    // In an audit it would tell how the conversation ended.
    let rated = c.csat.as_ref().filter(|_| !item.blind());
    parts.extend(rated.map(|csat| format!("rated {} of {}", csat.score, csat.max)));
    parts.extend(c.channel.clone());
    parts.extend(match (written(item), &c.lang) {
        (Some(written), Some(lang)) if written != *lang => Some(format!("written {written}, logged {lang}")),
        (written, lang) => written.or_else(|| lang.clone()),
    });
    parts.extend(item.at.map(|at| zone.stamp(at)));
    parts.push(if item.traffic { item.status.to_string() } else { "not traffic".to_owned() });
    parts.extend(item.cause.map(|x| x.label().to_owned()));
    let line = parts.iter().map(|p| text::clean(p).to_string()).collect::<Vec<_>>().join(" · ");
    let line = cx.out.paint(Tone::Heading, &line);
    cx.out.line(line)?;
    if let Some(note) = &item.note {
        cx.out.line(format!("note: {}", text::clean(note)))?;
    }
    cx.out.line("")
}

fn transcript(cx: &mut Cx, item: &ReviewItem, place: usize, turn: &Turn) -> Result<()> {
    let judged = item.turn == Some(turn.key);
    let who = match turn.role {
        Role::User => "customer",
        Role::Bot => "AI",
        Role::Agent => "person",
        Role::Tool => turn.name.as_deref().unwrap_or("tool"),
        Role::System => turn.event.as_deref().unwrap_or("system"),
    };
    let mark = if judged { "▌" } else { " " };
    let head = format!("{mark}{place:>3}  {}", text::pad(text::clean(who).as_str(), 9));
    let marks = text::clean(&marks(item, turn)).into_owned();
    let room = cx.out.columns().saturating_sub(text::width(&head) + 1).max(20);
    let words = text::clean_block(&turn.text).into_owned();
    let mut lines = words.wrap(room);
    let first = lines.drain(..lines.len().min(1)).next().unwrap_or_default();
    cx.out.line(format!("{head} {first}").trim_end())?;
    let indent = " ".repeat(text::width(&head) + 1);
    for line in lines {
        cx.out.line(format!("{indent}{line}").trim_end())?;
    }
    if !marks.as_str().is_empty() {
        let painted = cx.out.paint(Tone::Muted, marks.as_str());
        cx.out.line(format!("{indent}{painted}"))?;
    }
    Ok(())
}

/// What the AI and people say of a turn. On an item that is labelled blind the AI's word and the customer's thumb are left out.
fn marks(item: &ReviewItem, turn: &Turn) -> String {
    let mut marks = Vec::new();
    if !item.blind() {
        let sure = turn.confidence.map(|c| format!(" {c:.2}")).unwrap_or_default();
        marks.extend(turn.intent.as_ref().map(|i| format!("understood as {i}{sure}")));
        marks.extend(turn.fallback.then(|| "fell back".to_owned()));
    }
    if let Some((_, intents, by)) = item.labels.iter().find(|(t, ..)| *t == turn.key) {
        let since =
            if item.reworded.contains(&turn.key) { ", said of other words: label it again to confirm" } else { "" };
        marks.push(format!("label {} by {by}{since}", intents.join(", ")));
    }
    if let Some((_, text)) = item.responses.iter().find(|(t, _)| *t == turn.key) {
        let state = item.corrections.iter().find(|c| c.turn == turn.key).map(|c| c.state.words()).unwrap_or_default();
        marks.push(format!("should have been ({state}): {text}"));
    }
    if let Some(f) = item.shown_feedback(turn) {
        marks.push(if f.score > 0 { "thumbs up".to_owned() } else { "thumbs down".to_owned() });
    }
    let place = item.conversation.place_of(turn.key);
    let felt = item.felt.iter().find(|(at, felt)| Some(*at as usize) == place && *felt != 0.0);
    marks.extend(felt.map(|(_, felt)| if *felt < 0.0 { "seems let down" } else { "seems pleased" }.to_owned()));
    marks.join(" · ")
}

fn decision(cx: &mut Cx, item: &ReviewItem, d: &DecisionRow, zone: Zone) -> Result<()> {
    let place = d.turn.and_then(|t| item.conversation.place_of(t));
    let turn = place.map(|t| format!(" turn {t}")).unwrap_or_default();
    let was = d.before.as_ref().map(|b| format!(" (was {b})")).unwrap_or_default();
    let undo = if d.undoes.is_some() { "undo: " } else { "" };
    let why = d.reason.as_ref().map(|r| format!(", because {r}")).unwrap_or_default();
    let state = d.state.as_ref().map(|s| format!(" [{s}]")).unwrap_or_default();
    let after = d.after.as_deref().unwrap_or("none");
    let at = zone.stamp(d.at);
    let words = format!("{undo}{}{turn}: {after}{was}{why}{state}", d.kind);
    cx.out.line(format!("  {at}  {}  {}", text::clean(&d.reviewer), text::clean(&words)))
}
