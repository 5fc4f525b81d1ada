//! A conversation as the canonical format has it (formats: "convo" v1). Serialises to that format.

use super::{Outcome, OutcomeSource, Resolution, Sampling, Timestamp, TurnKey};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::outcome::coded;

coded!(
    /// Who speaks in a turn.
    Role {
        /// The customer.
        User = 1, "user";
        /// The AI.
        Bot = 2, "bot";
        /// A person of the business.
        Agent = 3, "agent";
        /// A tool or lookup that the AI called.
        Tool = 4, "tool";
        /// An event: handoff, agent_joined, close, reopen, timeout, error, note.
        System = 5, "system";
    }
);

coded!(
    /// What became of an offer.
    OfferStatus {
        /// Shown; no answer known.
        Shown = 1, "shown";
        /// The customer took it.
        Accepted = 2, "accepted";
        /// The customer said no.
        Declined = 3, "declined";
        /// The customer went on without an answer.
        Ignored = 4, "ignored";
    }
);

/// One conversation between a customer and the AI. `(source, id)` is its key.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Conversation {
    /// Version of the canonical format: 1.
    pub v: u8,
    /// Where the log came from.
    pub source: String,
    /// The log's own id, unique within the source.
    pub id: String,
    /// `web`, `whatsapp`, …
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<String>,
    /// BCP 47 language tag.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lang: Option<String>,
    /// Opaque customer id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_id: Option<String>,
    /// First moment known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub started_at: Option<Timestamp>,
    /// Last moment known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Timestamp>,
    /// Which AI answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bot: Option<Bot>,
    /// Turns, numbered from 0 in the log's order. Never empty.
    pub turns: Vec<Turn>,
    /// How it ended; `None` only before [`crate::ingest`] has derived it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    /// Who says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome_source: Option<OutcomeSource>,
    /// How sure a resolution is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resolution: Option<Resolution>,
    /// Free text: the log's reason, or the rule that derived the outcome.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome_reason: Option<String>,
    /// What the customer rated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub csat: Option<Csat>,
    /// -1 to 1, where the log has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sentiment: Option<f64>,
    /// Offers that were shown.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub offers: Vec<Offer>,
    /// Free tags.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// How it came into a sample, where only a part of the log was taken (rule 52).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sampling: Option<Sampling>,
    /// Whatever else the log said; unknown keys end up here.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub meta: Map<String, Value>,
}

/// The AI that answered.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Bot {
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
}

/// One turn.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Turn {
    /// Its key in the store; its place where it has not been stored yet.
    #[serde(skip)]
    pub key: TurnKey,
    /// Who speaks.
    pub role: Role,
    /// What was said, exactly as logged. Hostile: goes through `text::clean` before any screen.
    pub text: String,
    /// The log's message id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// When.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
    /// The intent that the AI predicted (user turns). Never a label.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub intent: Option<String>,
    /// Its confidence, 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confidence: Option<f64>,
    /// The AI's whole ranking, best first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ranking: Vec<Ranked>,
    /// Entities, kept as they stand.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub entities: Vec<Value>,
    /// The AI did not understand (user turn) or said so (bot turn).
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub fallback: bool,
    /// A button click or `/greet`: never trained on.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub payload: bool,
    /// Human labels that came with the log; the first is primary.
    #[serde(rename = "gold_intents", skip_serializing_if = "Vec::is_empty")]
    pub gold: Vec<String>,
    /// -1 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sentiment: Option<f64>,
    /// The bot's action or response name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub action: Option<String>,
    /// The response a person wrote instead, where the log has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub corrected: Option<String>,
    /// Thumbs on a bot turn.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub feedback: Option<Feedback>,
    /// The language model that wrote a bot turn.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// How long the AI took.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latency_ms: Option<f64>,
    /// Tool name (tool turns).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Event name (system turns).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event: Option<String>,
    /// Unknown keys of this turn.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub meta: Map<String, Value>,
}

/// One place of a ranking.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ranked {
    /// Intent name.
    pub intent: String,
    /// 0 to 1.
    pub confidence: f64,
}

/// Thumbs up (1), down (-1) or neither (0).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Feedback {
    /// -1, 0 or 1.
    pub score: i8,
    /// What the customer wrote with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}

/// A customer's rating, on the scale it was asked on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Csat {
    /// As given.
    pub score: f64,
    /// The best possible score; 5 for a bare number.
    pub max: f64,
    /// What the customer wrote with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// When it was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
}

/// Something offered to the customer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Offer {
    /// The log's id of this showing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// What was offered.
    pub name: String,
    /// The turn in which it was shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub turn: Option<u32>,
    /// What became of it.
    pub status: OfferStatus,
    /// When.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shown_at: Option<Timestamp>,
    /// Worth, in `currency`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
    /// ISO 4217.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// Unknown keys of this offer.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub meta: Map<String, Value>,
}

impl Turn {
    /// A turn that only has a speaker and words.
    pub fn new(role: Role, text: impl Into<String>) -> Self {
        Self {
            key: TurnKey::default(),
            role,
            text: text.into(),
            id: None,
            at: None,
            intent: None,
            confidence: None,
            ranking: Vec::new(),
            entities: Vec::new(),
            fallback: false,
            payload: false,
            gold: Vec::new(),
            sentiment: None,
            action: None,
            corrected: None,
            feedback: None,
            model: None,
            latency_ms: None,
            name: None,
            event: None,
            meta: Map::new(),
        }
    }

    /// Whether this hands the customer to a person: a handoff or agent_joined event, or a person speaking.
    pub fn is_human_or_handoff(&self) -> bool {
        self.role == Role::Agent
            || (self.role == Role::System && matches!(self.event.as_deref(), Some("handoff" | "agent_joined")))
    }
}

impl Conversation {
    /// A conversation that only has its key and turns.
    pub fn new(source: impl Into<String>, id: impl Into<String>, turns: Vec<Turn>) -> Self {
        let mut new = Self {
            v: 1,
            source: source.into(),
            id: id.into(),
            channel: None,
            lang: None,
            customer_id: None,
            started_at: None,
            ended_at: None,
            bot: None,
            turns,
            outcome: None,
            outcome_source: None,
            resolution: None,
            outcome_reason: None,
            csat: None,
            sentiment: None,
            offers: Vec::new(),
            tags: Vec::new(),
            sampling: None,
            meta: Map::new(),
        };
        new.number_turns();
        new
    }

    /// Gives the turns of a conversation that no store knows their places as keys.
    pub fn number_turns(&mut self) {
        for (place, turn) in (0..).zip(&mut self.turns) {
            turn.key = TurnKey(place);
        }
    }

    /// The turn with a key.
    pub fn turn(&self, key: TurnKey) -> Option<&Turn> {
        self.turns.iter().find(|t| t.key == key)
    }

    /// Where the turn with a key stands: the number that people see.
    pub fn place_of(&self, key: TurnKey) -> Option<usize> {
        self.turns.iter().position(|t| t.key == key)
    }

    /// The key of the turn at a place.
    pub fn key_at(&self, place: usize) -> Option<TurnKey> {
        self.turns.get(place).map(|t| t.key)
    }

    /// The place of the turn whose failure a reviewer judges (rule 25): the last user turn before the first of fallback, handoff,
    /// human turn, negative feedback and tool error; else the user turn with the lowest confidence; else, where the log says
    /// nothing of intents, `matter`, what the conversation is about; else the last. Payloads and what `is_small` (small talk) are passed over, unless the
    /// customer says nothing else. `None` when the customer never spoke.
    ///
    /// A fallback flagged on a user turn is about that very turn.
    pub fn failing_turn(&self, is_small: impl Fn(usize) -> bool, matter: Option<usize>) -> Option<usize> {
        let says = |i: &usize| !self.turns[*i].payload && !is_small(*i);
        let users: Vec<usize> = (0..self.turns.len()).filter(|&i| self.turns[i].role == Role::User).collect();
        let signs = (0..self.turns.len()).filter(|&i| self.turns[i].signals_failure());
        // What comes before one sign comes before the next, too: nothing is looked at twice.
        let mut looked = 0;
        for sign in signs {
            let before = users.partition_point(|&i| i <= sign);
            if let Some(found) = users[looked..before].iter().rev().copied().find(says) {
                return Some(found);
            }
            looked = before;
        }
        let mut unsure: Vec<usize> = users.iter().copied().filter(|&i| self.turns[i].confidence.is_some()).collect();
        let confidence = |i: usize| self.turns[i].confidence.unwrap_or(1.0);
        unsure.sort_by(|&a, &b| confidence(a).total_cmp(&confidence(b)));
        let silent = || !self.turns.iter().any(|t| t.intent.is_some() || t.fallback);
        unsure
            .into_iter()
            .find(says)
            .or_else(|| matter.filter(|_| silent()))
            .or_else(|| users.iter().rev().copied().find(says))
            .or(users.last().copied())
    }
}

impl Conversation {
    /// Whether the AI fell back on the user turn at a place: the turn says so, or an answer to it does.
    pub fn fell_back(&self, place: usize) -> bool {
        let turns = self.turns.get(place..).unwrap_or_default();
        turns.first().is_some_and(|t| t.fallback)
            || turns.iter().skip(1).take_while(|t| t.role != Role::User).any(|t| t.fallback)
    }
}

impl Turn {
    /// Whether it shows that something went wrong: a fallback, a person, a thumb down, an error (rule 25).
    pub fn signals_failure(&self) -> bool {
        self.fallback
            || self.is_human_or_handoff()
            || self.feedback.as_ref().is_some_and(|f| f.score < 0)
            || (self.role == Role::System && self.event.as_deref() == Some("error"))
            || (self.role == Role::Tool && self.reports_error())
    }
}

impl Turn {
    /// Whether a tool failed. Tools say so in an `error` key or, as most agent frameworks do, by text that starts with "Error", or with
    /// the Greek word for it in either alphabet.
    pub fn reports_error(&self) -> bool {
        const ERROR: [&str; 4] = ["error", "σφάλμα", "σφαλμα", "sfalma"];
        let keyed = self.meta.get("error").is_some_and(|e| !matches!(e, Value::Null | Value::Bool(false)));
        let begins: String = self.text.trim_start().chars().take(6).flat_map(char::to_lowercase).collect();
        keyed || ERROR.iter().any(|word| begins.starts_with(word))
    }
}

#[cfg(test)]
#[path = "conversation_tests.rs"]
mod tests;
