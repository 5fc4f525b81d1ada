//! Decisions in words.

use crate::domain::review::decision::split_ids;
use crate::domain::{ActionTerms, ConversationId, DecisionId, DecisionTarget, IntentId, Kind, Timestamp};
use crate::store::decisions::log::turn_of;
use crate::store::intents::state::state_of;
use crate::store::{DecisionRow, DoingWhat, Result, Store};
use rusqlite::params;

impl Store {
    /// The decisions on a conversation, newest first; intents by name.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn history(&self, c: ConversationId) -> Result<Vec<DecisionRow>> {
        let mut s = self
            .conn
            .prepare_cached(
                "SELECT d.id, d.at, r.name, d.kind, d.turn, d.before, d.after, d.reason, d.undoes
                 FROM decision d JOIN reviewer r ON r.id = d.reviewer
                 WHERE d.subject = ? AND (d.kind < ? OR d.kind = ?) ORDER BY d.id DESC",
            )
            .doing("reading the decisions")?;
        let rows = s
            .query_map(params![c.0, Kind::IntentName.code(), Kind::Mode.code()], |r| {
                let kind: i64 = r.get(3)?;
                let turn: i64 = r.get(4)?;
                Ok(DecisionRow {
                    decision: DecisionId(r.get(0)?),
                    at: Timestamp(r.get(1)?),
                    reviewer: r.get(2)?,
                    kind: Kind::from_code(kind).unwrap_or(Kind::Note),
                    turn: turn_of(turn),
                    before: r.get(5)?,
                    after: r.get(6)?,
                    reason: r.get(7)?,
                    undoes: r.get::<_, Option<i64>>(8)?.map(DecisionId),
                    state: None,
                })
            })
            .doing("reading the decisions")?;
        let names = self.intent_names()?;
        let mut out = Vec::new();
        for row in rows {
            let mut row = row.doing("reading the decisions")?;
            if row.kind == Kind::Intent {
                let named = |v: &Option<String>| v.as_deref().map(|v| names.joined(v));
                (row.before, row.after) = (named(&row.before), named(&row.after));
                row.state = self.label_state(c, &row)?;
            }
            if row.kind == Kind::Mode {
                (row.before, row.after) = (self.mode_of(row.before.as_deref())?, self.mode_of(row.after.as_deref())?);
            }
            out.push(row);
        }
        Ok(out)
    }

    /// What a decision's value says of a failure mode, by its name.
    fn mode_of(&self, value: Option<&str>) -> Result<Option<String>> {
        value.and_then(|v| v.parse().ok()).map(|id| self.mode_name(id)).transpose()
    }

    /// What a label does for learning. Only the latest label of a turn does anything.
    fn label_state(&self, c: ConversationId, row: &DecisionRow) -> Result<Option<String>> {
        let Some(turn) = row.turn else { return Ok(None) };
        let latest = self.current_value(Kind::Intent, DecisionTarget { subject: c.0, turn: Some(turn) })?;
        if latest.is_none_or(|(_, decision, _)| decision != row.decision.0) {
            return Ok(None);
        }
        let held_out: bool = self
            .conn
            .prepare_cached("SELECT EXISTS(SELECT 1 FROM held_out WHERE turn = ?)")
            .and_then(|mut s| s.query_row([crate::store::turn_id(c, turn)], |r| r.get(0)))
            .doing("looking up a label's state")?;
        let part: i64 = self
            .conn
            .prepare_cached("SELECT part FROM conversation WHERE id = ?")
            .and_then(|mut s| s.query_row([c.0], |r| r.get(0)))
            .doing("looking up a conversation's part")?;
        if self.is_reworded(c, turn, row.decision.0)? {
            return Ok(Some("the words have changed since: of no effect until somebody labels it again".to_owned()));
        }
        let words = match (part, held_out) {
            (0, true) => "held out: repeats gold",
            (0, false) if self.trained_up_to()?.is_some_and(|d| row.decision <= d) => "trained",
            (0, false) => "trains the next candidate",
            _ if self.is_gold_label(c, turn)? => "gold",
            _ => "test group: counts neither for training nor as gold",
        };
        Ok(Some(words.to_owned()))
    }

    /// One change in words: `intent of star:12 turn 4: refund_status`.
    pub(in crate::store) fn change_words(
        &self,
        kind: Kind,
        target: DecisionTarget,
        before: Option<&str>,
        after: Option<&str>,
    ) -> Result<String> {
        let names = self.intent_names()?;
        if kind == Kind::IntentName {
            let was = before.map(|b| format!("{b} ")).unwrap_or_default();
            return Ok(format!("{was}called {}", after.unwrap_or_default()));
        }
        if let Kind::IntentState = kind {
            let intent = names.name(IntentId(target.subject));
            return Ok(match after.map(|state| (state, state_of(Some(state)).1)) {
                Some((_, Some(into))) => format!("{intent} counts as {}", names.name(IntentId(into))),
                Some(("active", None)) => format!("{intent} is on the list of intents"),
                Some((state, None)) => format!("{intent}: {state}"),
                None => format!("{intent} is not on the list of intents"),
            });
        }
        if let Kind::Mode | Kind::ModeState | Kind::ModeName | Kind::Action | Kind::ActionDone | Kind::Topics = kind {
            return self.pattern_words(kind, target.subject, before, after);
        }
        if let Kind::Cycle | Kind::CycleClosed = kind {
            return self.cycle_words(kind, target.subject, before, after);
        }
        let value = |v: Option<&str>| match (kind, v) {
            (Kind::Intent | Kind::Example, Some(v)) => names.joined(v),
            // Whose answer it was stays unknown to whoever judges on.
            (Kind::Preference, Some(_)) => "one of two answers".to_owned(),
            (_, Some(v)) => shorten(v),
            (_, None) => "none".to_owned(),
        };
        let about = match kind {
            Kind::IntentMeaning => format!(" of {}", names.name(IntentId(target.subject))),
            Kind::Example => format!(" {}", target.subject),
            Kind::ReleaseState => format!(" of v{}", target.subject),
            Kind::Live | Kind::Preference | Kind::Zone => String::new(),
            Kind::Role => format!(" of {}", self.reviewer_name(target.subject)?),
            _ => format!(" of {}", self.conversation_key(ConversationId(target.subject))?),
        };
        let turn = match target.turn {
            Some(turn) => format!(" turn {}", self.place(ConversationId(target.subject), turn)?),
            None => String::new(),
        };
        let was = before.map(|b| format!(" (was {})", value(Some(b)))).unwrap_or_default();
        Ok(format!("{}{about}{turn}: {}{was}", kind.name().replace('_', " "), value(after)))
    }

    /// One change to modes, actions or topics in words.
    fn pattern_words(&self, kind: Kind, subject: i64, before: Option<&str>, after: Option<&str>) -> Result<String> {
        let merged = |v: &str| state_of(Some(v)).1.map(|into| self.mode_name(into)).transpose();
        Ok(match kind {
            Kind::Mode => {
                let mode = self.mode_of(after)?.unwrap_or_else(|| "none".to_owned());
                format!("mode of {}: {mode}", self.conversation_key(ConversationId(subject))?)
            }
            Kind::ModeName => format!("mode {}: called {}", before.unwrap_or_default(), after.unwrap_or_default()),
            Kind::ModeState => {
                let state = match after.map(merged).transpose()?.flatten() {
                    Some(into) => format!("merged into {into}"),
                    None => after.unwrap_or("none").to_owned(),
                };
                format!("mode {}: {state}", self.mode_name(subject)?)
            }
            Kind::Action => {
                let to = after.and_then(ActionTerms::of_value).map_or_else(|| "nobody".to_owned(), |t| t.words());
                format!("{} handed to {to}", self.action_name(subject)?)
            }
            Kind::ActionDone => {
                format!("{}: {}", self.action_name(subject)?, if after.is_some() { "done" } else { "not done" })
            }
            _ => match after {
                Some(version) => self.topic_list_words(version)?,
                None => "no list of topics".to_owned(),
            },
        })
    }

    /// A version of the list of topics: `the list of 12 topics, version 2`.
    fn topic_list_words(&self, version: &str) -> Result<String> {
        let topics: u64 = self
            .conn
            .prepare_cached("SELECT count(DISTINCT intent) FROM topic_group WHERE version = CAST(? AS INTEGER)")
            .and_then(|mut s| s.query_row([version], |r| r.get(0)))
            .doing("counting topics")?;
        let topics = if topics == 1 { "1 topic".to_owned() } else { format!("{topics} topics") };
        Ok(format!("the list of {topics}, version {version}"))
    }

    /// `source:id` of a conversation.
    ///
    /// # Errors
    /// No such conversation.
    pub fn conversation_key(&self, c: ConversationId) -> Result<String> {
        self.conn
            .prepare_cached("SELECT t.text || ':' || c.external_id FROM conversation c JOIN term t ON t.id = c.source WHERE c.id = ?")
            .and_then(|mut s| s.query_row([c.0], |r| r.get(0)))
            .doing("looking up a conversation's name")
    }
}

impl crate::store::intents::names::IntentNames {
    /// A label's value by names.
    pub fn joined(&self, value: &str) -> String {
        split_ids(value).into_iter().map(|i| self.name(i)).collect::<Vec<_>>().join(", ")
    }
}

/// Free text in a toast: the first words.
fn shorten(text: &str) -> String {
    const SHOWN: usize = 40;
    let mut out: String = text.chars().take(SHOWN).collect();
    if text.chars().nth(SHOWN).is_some() {
        out.push('…');
    }
    out
}
