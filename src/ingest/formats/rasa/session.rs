//! The events of one sender, cut into conversations.

use super::turns;
use crate::domain::{Bot, Conversation, Csat, Outcome, Role, Timestamp, Turn};
use crate::ingest::context::Context;
use crate::ingest::derive::outcome::means_handoff;
use crate::ingest::formats::canonical::conversation::MAX_TURNS;
use crate::ingest::formats::grouped::Built;
use crate::ingest::formats::grouped::ending::{KnownEnding, event, finish};
use crate::ingest::formats::grouped::look::{at, number, shown, words};
use crate::ingest::formats::record_error::RecordError;
use serde_json::Value;

/// Silence after which a form that is still open counts as left, in milliseconds: 30 minutes.
const SILENCE: i64 = 30 * 60_000;

/// Seconds within which two times are the same message's.
const SAME: f64 = 0.001;

/// Actions that say that the AI did not understand.
const FALLBACK_ACTIONS: &[&str] = &[
    "action_default_fallback",
    "action_two_stage_fallback",
    "action_default_ask_affirmation",
    "action_default_ask_rephrase",
    "action_unlikely_intent",
    "utter_default",
    "utter_fallback",
    "utter_ask_rephrase",
];

/// Events that change what the AI knows or does next, and are no turn.
const QUIET: &[&str] = &[
    "slot",
    "reset_slots",
    "rewind",
    "undo",
    "restart",
    "followup",
    "active_loop",
    "form",
    "loop_interrupted",
    "form_validation",
    "action_execution_rejected",
    "session_started",
    "export",
    "reminder",
    "cancel_reminder",
    "user_featurization",
    "entities",
    "stack",
    "flow_started",
    "flow_completed",
    "flow_cancelled",
    "flow_interrupted",
    "flow_resumed",
    "routing_session_ended",
    "session_ended",
];

/// One conversation while its events are read.
#[derive(Default)]
struct Session {
    turns: Vec<Turn>,
    channel: Option<String>,
    csat: Option<Csat>,
    model: Option<String>,
    /// The action whose answers come next.
    action: Option<String>,
    /// A form or flow that has not come to its end.
    is_loop_open: bool,
    too_long: bool,
}

/// The conversations of one sender.
pub(super) struct Sessions {
    sender: String,
    done: Vec<Session>,
    open: Session,
    /// `session_started` so far.
    begun: usize,
    /// Times of messages with the intents that reviewers gave them.
    corrections: Vec<(f64, String)>,
    tags: Vec<String>,
}

impl Sessions {
    pub fn new(sender: &str) -> Self {
        let open = Session::default();
        Self { sender: sender.to_owned(), done: Vec::new(), open, begun: 0, corrections: Vec::new(), tags: Vec::new() }
    }

    /// An intent that a reviewer gave.
    pub fn correction(&mut self, row: &Value) {
        if let (Some(when), Some(intent)) = (number(row, "/message_timestamp"), words(row, "/intent")) {
            self.corrections.push((when, intent.to_owned()));
        }
    }

    /// A tag of all its conversations.
    pub fn tag(&mut self, tag: String) {
        self.tags.push(tag);
    }

    /// The next event.
    pub fn event(&mut self, e: &Value, cx: &mut Context) {
        let kind = words(e, "/event").unwrap_or_default();
        if kind == "session_started" {
            self.begun += 1;
            // What comes before the first one is its beginning, not a session of its own.
            if self.begun > 1 {
                self.done.push(std::mem::take(&mut self.open));
            }
            return;
        }
        self.open.event(kind, e, cx);
    }

    /// The conversations. Sessions in which nobody said anything are none; they are counted.
    pub fn finish(mut self, cx: &mut Context) -> Vec<Built> {
        self.done.push(std::mem::take(&mut self.open));
        self.corrections.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut built = Vec::new();
        for (i, session) in self.done.into_iter().enumerate() {
            if session.turns.iter().all(|t| t.role == Role::System) {
                cx.warnings.add("a session in which nobody said anything, left out");
                continue;
            }
            built.push(session.finish(
                &format!("{}#{}", self.sender, i + 1),
                &self.sender,
                &self.corrections,
                &self.tags,
                cx,
            ));
        }
        built
    }
}

impl Session {
    fn event(&mut self, kind: &str, e: &Value, cx: &mut Context) {
        if self.turns.len() >= MAX_TURNS {
            self.too_long = true;
            return;
        }
        match kind {
            "user" => {
                self.action = None;
                self.channel = self.channel.take().or_else(|| words(e, "/input_channel").map(str::to_owned));
                self.model = self.model.take().or_else(|| words(e, "/metadata/model_id").map(str::to_owned));
                self.turns.push(turns::user(e, cx));
            }
            "bot" => self.bot(e, cx),
            "action" => self.action(words(e, "/name").unwrap_or_default(), cx),
            "agent" => self.turns.push(turns::said(Role::Agent, words(e, "/text").unwrap_or_default(), e, cx)),
            "pause" => self.system("handoff", "pause", e, cx),
            "resume" => self.system("resume", "", e, cx),
            "session_ended" => self.system("close", "", e, cx),
            "slot" => self.slot(e, cx),
            "active_loop" | "form" => self.is_loop_open = words(e, "/name").is_some(),
            "flow_started" => self.is_loop_open = true,
            "flow_completed" | "flow_cancelled" => self.is_loop_open = false,
            other if QUIET.contains(&other) => {}
            other => cx.warnings.add(&format!("an event `{}` is not known here, left out", shown(other))),
        }
    }

    fn bot(&mut self, e: &Value, cx: &mut Context) {
        let mut turn = turns::said(Role::Bot, &turns::bot_text(e), e, cx);
        turn.action = words(e, "/metadata/utter_action").map(str::to_owned).or_else(|| self.action.clone());
        turn.fallback = turn.action.as_deref().is_some_and(|a| FALLBACK_ACTIONS.contains(&a));
        turn.model = words(e, "/metadata/model").map(str::to_owned);
        let hands_over = at(e, "/data/custom/handoff_host").is_string() || at(e, "/metadata/handoff_host").is_string();
        self.turns.push(turn);
        if hands_over {
            self.system("handoff", "handoff_host", e, cx);
        }
    }

    fn action(&mut self, name: &str, cx: &Context) {
        if matches!(name, "" | "action_listen" | "action_session_start" | "action_restart") {
            return;
        }
        self.action = Some(name.to_owned());
        if FALLBACK_ACTIONS.contains(&name)
            && let Some(user) = self.turns.iter_mut().rfind(|t| t.role == Role::User)
        {
            user.fallback = true;
        }
        if means_handoff(name, &cx.handoff_names) {
            self.turns.push(event("handoff", name));
        }
    }

    fn system(&mut self, name: &str, text: &str, e: &Value, cx: &Context) {
        let mut turn = turns::said(Role::System, text, e, cx);
        turn.event = Some(name.to_owned());
        self.turns.push(turn);
    }

    /// Slots in which assistants keep what a customer thought of them.
    fn slot(&mut self, e: &Value, cx: &mut Context) {
        let rated = |score: f64, max: f64| Some(Csat { score, max, comment: None, at: None });
        let (name, value) = (words(e, "/name").unwrap_or_default(), at(e, "/value"));
        match (name, value) {
            (_, Value::Null) => {}
            ("csat" | "csat_score" | "rating", value) => match number(value, "") {
                Some(score) if (1.0..=5.0).contains(&score) => self.csat = rated(score, 5.0),
                _ => cx.warnings.add(&format!("a slot `{name}` that is no rating from 1 to 5, left out")),
            },
            ("feedback_value", value) => match value.as_str() {
                Some("positive") => self.csat = rated(1.0, 1.0),
                Some("negative") => self.csat = rated(0.0, 1.0),
                _ => cx.warnings.add("a slot `feedback_value` that is neither positive nor negative, left out"),
            },
            _ => {}
        }
    }

    fn finish(mut self, id: &str, sender: &str, corrections: &[(f64, String)], tags: &[String], cx: &Context) -> Built {
        if self.too_long {
            return Err(RecordError::TooMany { what: "a session of more turns".to_owned(), most: MAX_TURNS });
        }
        for turn in self.turns.iter_mut().filter(|t| t.role == Role::User) {
            let when = turn.meta.shift_remove("timestamp").and_then(|v| v.as_f64());
            let Some(when) = when else { continue };
            // Both times went through a float; a message is not corrected within a millisecond.
            let first = corrections.partition_point(|(at, _)| *at < when - SAME);
            let given = corrections[first..].iter().take_while(|(at, _)| *at <= when + SAME).last();
            turn.gold.extend(given.map(|(_, intent)| intent.clone()));
        }
        let said = self.said(cx);
        let mut c = Conversation::new(cx.source.clone(), id, self.turns);
        c.customer_id = Some(sender.to_owned());
        c.channel = self.channel;
        c.csat = self.csat;
        c.bot = self.model.map(|version| Bot { name: None, version: Some(version) });
        c.tags = tags.to_vec();
        finish(c, said, cx)
    }

    /// "Did that help?" and the answer to it; a form that nobody finished.
    fn said(&self, cx: &Context) -> Option<KnownEnding> {
        let asked = self.turns.iter().rposition(|t| t.action.as_deref() == Some("utter_did_that_help"));
        let answer = asked.and_then(|at| self.turns[at..].iter().find(|t| t.role == Role::User));
        match answer.and_then(|t| t.intent.as_deref()) {
            Some("affirm") => return Some(KnownEnding::derived(Outcome::Resolved, "yes to \"did that help?\"")),
            Some("deny") => return Some(KnownEnding::derived(Outcome::Failed, "no to \"did that help?\"")),
            _ => {}
        }
        let last = self.turns.last().filter(|t| t.role == Role::Bot && self.is_loop_open)?;
        let Timestamp(then) = last.at?;
        (cx.now.0.saturating_sub(then) >= SILENCE)
            .then(|| KnownEnding::at_last(Outcome::Abandoned, "a form was left open for 30 minutes"))
    }
}
