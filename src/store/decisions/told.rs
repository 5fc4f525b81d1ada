//! A step in a line for a person: what it was about and what was said, each once.

use crate::base::counted::counted;
use crate::domain::review::decision::NOT_TRAFFIC;
use crate::domain::review::judgement::feeling;
use crate::domain::{Cause, ConversationId, DecisionChange, DecisionTarget, Kind, Outcome, Review};
use crate::store::{Result, Store};

/// One act of a person in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToldStep {
    /// The conversation, `#8191`, or how many.
    pub about: String,
    /// What was said: `sailing_times, missed intent`.
    pub what: String,
}

/// Of everything else, so many pieces are named.
const NAMED: usize = 3;

/// What one row of a step sets.
pub(in crate::store) struct ToldRow<'a> {
    pub kind: Kind,
    pub target: DecisionTarget,
    pub after: Option<&'a str>,
    pub reason: Option<&'a str>,
}

impl<'a> From<&'a DecisionChange> for ToldRow<'a> {
    fn from(c: &'a DecisionChange) -> Self {
        Self { kind: c.kind, target: c.target, after: c.to.as_deref(), reason: c.reason.as_deref() }
    }
}

impl Store {
    /// Describes decisions on conversations that are one step.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn told(&self, changes: &[DecisionChange]) -> Result<Option<ToldStep>> {
        self.step_told(changes.iter().map(ToldRow::from))
    }

    /// Describes a step; `None` where it is about no conversation.
    pub(in crate::store) fn step_told<'a>(&self, rows: impl Iterator<Item = ToldRow<'a>>) -> Result<Option<ToldStep>> {
        let names = self.intent_names()?;
        let mut subjects: Vec<i64> = Vec::new();
        let (mut labels, mut pieces): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
        let rows: Vec<ToldRow<'a>> = rows.collect();
        let is_made =
            |row: &&ToldRow<'_>| matches!(row.kind, Kind::IntentState | Kind::ModeState) && row.after == Some("active");
        let made: Vec<i64> = rows.iter().filter(is_made).map(|row| row.target.subject).collect();
        for row in rows.iter().filter(|row| !is_made(row)) {
            if !row.kind.is_about_conversation() {
                return Ok(None);
            }
            if !subjects.contains(&row.target.subject) {
                subjects.push(row.target.subject);
            }
            let (list, piece) = match (row.kind, row.after) {
                (Kind::Intent, Some(ids)) => {
                    let new = ids.parse().is_ok_and(|i: i64| made.contains(&i));
                    (&mut labels, Some(format!("{}{}", if new { "new intent " } else { "" }, names.joined(ids))))
                }
                (Kind::Mode, Some(mode)) => {
                    (&mut pieces, Some(format!("mode {}", self.mode_name(mode.parse().unwrap_or_default())?)))
                }
                _ => (&mut pieces, words(row)),
            };
            list.extend(piece.filter(|p| !list.contains(p)));
        }
        // The intent for what nobody serves and the cause of that name are one word to a reader.
        labels.retain(|label| !pieces.contains(&label.replace('_', " ")));
        match labels.len() {
            // Of many conversations with an intent of their own each, the rest says what was judged.
            n if subjects.len() > 1 && n > 1 => pieces.push(format!("{n} intents")),
            _ => drop(pieces.splice(0..0, labels)),
        }
        let about = match subjects.as_slice() {
            [] => return Ok(None),
            [one] => format!("#{}", ConversationId(*one).0),
            all => counted(all.len() as u64, "conversation", "conversations"),
        };
        let more = pieces.len().saturating_sub(NAMED);
        pieces.truncate(NAMED);
        let more = if more == 0 { String::new() } else { format!(" and {more} more") };
        Ok(Some(ToldStep { about, what: pieces.join(", ") + &more }))
    }
}

/// What one row says; nothing where it only follows from another.
fn words(row: &ToldRow<'_>) -> Option<String> {
    let short = |text: &str| {
        const SHOWN: usize = 40;
        let cut: String = text.chars().take(SHOWN).collect();
        if cut.len() < text.len() { format!("{cut}…") } else { cut }
    };
    Some(match (row.kind, row.after) {
        (Kind::Intent, None) => "label taken away".to_owned(),
        (Kind::Cause, Some(cause)) => {
            Cause::from_name(cause).map_or_else(|| cause.to_owned(), |known| known.label().to_owned())
        }
        (Kind::Outcome, Some(outcome)) if outcome == Outcome::Resolved.name() => "resolved after all".to_owned(),
        (Kind::Outcome, Some(outcome)) => format!("outcome {outcome}"),
        (Kind::Status, Some(status)) if status == Review::Later.name() => "left for later".to_owned(),
        (Kind::Status, Some(status)) => status.to_owned(),
        (Kind::Question, Some(text)) => format!("asked: {}", short(text)),
        (Kind::Question, None) => {
            row.reason.map_or_else(|| "question taken back".to_owned(), |said| format!("answered: {}", short(said)))
        }
        (Kind::Response, Some(text)) => format!("answer corrected: {}", short(text)),
        (Kind::Response, None) => "correction taken away".to_owned(),
        (Kind::Note, Some(text)) => format!("note: {}", short(text)),
        (Kind::Note, None) => "note taken away".to_owned(),
        (Kind::Traffic, Some(NOT_TRAFFIC)) => "spam or a test".to_owned(),
        (Kind::Traffic, _) => "a real customer".to_owned(),
        (Kind::Sentiment, Some(value)) => {
            format!("the customer felt {}", value.parse().map_or("something", feeling))
        }
        (Kind::Sentiment, None) => "feeling taken away".to_owned(),
        (Kind::Pin, Some(_)) => "pinned".to_owned(),
        (Kind::Pin, None) => "unpinned".to_owned(),
        (Kind::ResponseState, Some(state)) => format!("answer {state}"),
        // That an outdated cause goes, and that what is done is no longer put off, follows from the rest.
        (Kind::Cause | Kind::Status | Kind::ResponseState | Kind::Mode, None) => return None,
        (Kind::Outcome, None) => "outcome as logged".to_owned(),
        (kind, after) => format!("{}: {}", kind.name().replace('_', " "), after.map_or_else(|| "none".into(), short)),
    })
}
