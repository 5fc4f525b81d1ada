//! What a person can decide. Every decision is one row of an append-only log: who, when, on what, before, after, why.
//!
//! A decision sets one [`DecisionTarget`] of one [`Kind`] to a value (or to nothing). That makes undo one rule for all kinds:
//! set the target back to what it was before.

use super::handed_out::ActionTerms;
use crate::base::escape::without_escapes;
use crate::domain::outcome::coded;
use crate::domain::{
    ActionId, Cause, ConversationId, CycleId, IntentId, ModeId, Outcome, Preference, ReleaseId, Review, TurnKey, Zone,
};
use serde::{Deserialize, Serialize};

coded!(
    /// What is decided. The doc of each value says what its target and its value are.
    Kind {
        /// Intents of a user turn: intent row numbers joined by commas, the first is primary.
        Intent = 1, "intent";
        /// The response that a bot turn should have been: text.
        Response = 2, "response";
        /// Root cause of a conversation: [`Cause::name`].
        Cause = 3, "cause";
        /// Outcome of a conversation: [`Outcome::name`].
        Outcome = 4, "outcome";
        /// Sentiment of a conversation: a number from -1 to 1.
        Sentiment = 5, "sentiment";
        /// A note on a conversation: text.
        Note = 6, "note";
        /// A conversation put off: `later`, `skipped` or `flagged`.
        Status = 7, "status";
        /// `no` takes a conversation out of N: spam or a test.
        Traffic = 8, "traffic";
        /// `yes`: this gold turn must never break.
        Pin = 9, "pin";
        /// What became of the correction of a bot turn: `accepted` as an answer to everybody, or `returned` with a reason. Without
        /// either it is proposed.
        ResponseState = 10, "response_state";
        /// What somebody asks about a conversation, in words; it stays open until it is answered. The answer is the reason of the
        /// decision that clears it.
        Question = 11, "question";
        /// Name of an intent.
        IntentName = 20, "intent_name";
        /// State of an intent: `active`, `retired` or `merged:N`.
        IntentState = 21, "intent_state";
        /// Intent of a base example: the intent's row number. The target is the example's row.
        Example = 22, "example";
        /// Which of two answers is better: [`crate::domain::Preference::name`]. The target is the row of the pair.
        Preference = 23, "preference";
        /// What an intent means and where it ends, in words for whoever labels.
        IntentMeaning = 24, "intent_meaning";
        /// The live release: its row number. The target is 0. Not undone by `undo`; `rollback` does that.
        Live = 30, "live";
        /// `rejected`: a candidate that will not be promoted. The target is the release.
        ReleaseState = 31, "release_state";
        /// The time zone that days, weeks and months are counted in: its name. The target is 0.
        Zone = 32, "zone";
        /// Role of a person in the team: `lead`, `reviewer` or `owner`. The target is the person's row.
        Role = 33, "role";
        /// Who repairs a failure, by when: [`ActionTerms`] as JSON. The target is the action's row; nothing takes it back.
        Action = 40, "action";
        /// `yes`: an action is done. The target is the action's row.
        ActionDone = 41, "action_done";
        /// What went wrong first in a conversation, in the team's own words: the row number of a failure mode.
        Mode = 42, "mode";
        /// Name of a failure mode.
        ModeName = 43, "mode_name";
        /// State of a failure mode: `active`, `retired` or `merged:N`.
        ModeState = 44, "mode_state";
        /// The list of topics that stands: its version. The target is 0.
        Topics = 45, "topics";
        /// A review cycle: how it was opened, its conversations included, as JSON. The target is the cycle.
        Cycle = 52, "cycle";
        /// When a cycle was closed, and what is to be done next, as JSON. The target is the cycle.
        CycleClosed = 53, "cycle_closed";
    }
);

impl Kind {
    /// Whether its target is a conversation, or a turn of one.
    pub const fn is_about_conversation(self) -> bool {
        self.code() < Self::IntentName.code() || matches!(self, Self::Mode)
    }
}

/// Value of [`Kind::ResponseState`]: the correction is an answer to everybody.
pub const ACCEPTED: &str = "accepted";
/// Value of [`Kind::ResponseState`]: the correction went back to whoever wrote it.
pub const RETURNED: &str = "returned";

/// Value of [`Kind::Traffic`]: spam or a test.
pub const NOT_TRAFFIC: &str = "no";

/// What a decision is about: a row, and for some kinds a turn of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct DecisionTarget {
    /// Conversation, intent, example or release, as the kind says.
    pub subject: i64,
    /// Turn of a conversation, where the kind is about a turn.
    pub turn: Option<TurnKey>,
}

/// One decision to be made.
#[derive(Clone, Debug, PartialEq)]
pub struct DecisionChange {
    /// What is decided.
    pub kind: Kind,
    /// About what.
    pub target: DecisionTarget,
    /// The new value; `None` clears it.
    pub to: Option<String>,
    /// Why, in the person's words.
    pub reason: Option<String>,
}

impl DecisionChange {
    fn new(kind: Kind, subject: i64, turn: Option<TurnKey>, to: Option<String>) -> Self {
        Self { kind, target: DecisionTarget { subject, turn }, to, reason: None }
    }

    /// The intents of a user turn; none clears the label.
    pub fn intents(c: ConversationId, turn: TurnKey, intents: &[IntentId]) -> Self {
        let to = (!intents.is_empty()).then(|| join_ids(intents));
        Self::new(Kind::Intent, c.0, Some(turn), to)
    }

    /// What the AI should have said in a bot turn.
    /// What would steer a terminal or turn a text around is left out: it is given to whoever asks.
    pub fn response(c: ConversationId, turn: TurnKey, text: Option<String>) -> Self {
        let steers = |c: char| {
            c.is_control() && !matches!(c, '\n' | '\t')
                || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        };
        let text = text.map(|text| without_escapes(&text).chars().filter(|c| !steers(*c)).collect());
        Self::new(Kind::Response, c.0, Some(turn), text)
    }

    /// What became of the correction of a bot turn: [`ACCEPTED`] or [`RETURNED`]; `None` proposes it.
    pub fn response_state(c: ConversationId, turn: TurnKey, to: Option<&str>) -> Self {
        Self::new(Kind::ResponseState, c.0, Some(turn), to.map(str::to_owned))
    }

    /// Why a conversation failed.
    pub fn cause(c: ConversationId, cause: Option<Cause>) -> Self {
        Self::new(Kind::Cause, c.0, None, cause.map(|x| x.name().to_owned()))
    }

    /// How a conversation really ended.
    pub fn outcome(c: ConversationId, outcome: Option<Outcome>) -> Self {
        Self::new(Kind::Outcome, c.0, None, outcome.map(|x| x.name().to_owned()))
    }

    /// How the customer felt, -1 to 1.
    pub fn sentiment(c: ConversationId, value: Option<f64>) -> Self {
        Self::new(Kind::Sentiment, c.0, None, value.map(|v| v.to_string()))
    }

    /// A note on a conversation.
    pub fn note(c: ConversationId, text: Option<String>) -> Self {
        Self::new(Kind::Note, c.0, None, text)
    }

    /// Puts a conversation off, or (with `None`) takes it up again.
    pub fn status(c: ConversationId, status: Option<Review>) -> Self {
        Self::new(Kind::Status, c.0, None, status.map(|s| s.name().to_owned()))
    }

    /// Asks something about a conversation.
    pub fn question(c: ConversationId, text: &str) -> Self {
        Self::new(Kind::Question, c.0, None, Some(text.to_owned()))
    }

    /// Answers what was asked about a conversation.
    pub fn answer(c: ConversationId, text: &str) -> Self {
        Self::new(Kind::Question, c.0, None, None).because(text)
    }

    /// Takes back what was asked about a conversation: nobody is to answer it any more.
    pub fn question_withdrawn(c: ConversationId) -> Self {
        Self::new(Kind::Question, c.0, None, None)
    }

    /// Gives a person, by row, a role by name.
    pub fn role(person: i64, role: &str) -> Self {
        Self::new(Kind::Role, person, None, Some(role.to_owned()))
    }

    /// Says whether a conversation is real traffic.
    pub fn traffic(c: ConversationId, real: bool) -> Self {
        Self::new(Kind::Traffic, c.0, None, (!real).then(|| NOT_TRAFFIC.to_owned()))
    }

    /// Pins or unpins a gold turn.
    pub fn pin(c: ConversationId, turn: TurnKey, pinned: bool) -> Self {
        Self::new(Kind::Pin, c.0, Some(turn), pinned.then(|| "yes".to_owned()))
    }

    /// Names an intent.
    pub fn intent_name(i: IntentId, name: &str) -> Self {
        Self::new(Kind::IntentName, i.0, None, Some(name.to_owned()))
    }

    /// What an intent means; `None` leaves that to its name.
    pub fn intent_meaning(i: IntentId, meaning: Option<&str>) -> Self {
        Self::new(Kind::IntentMeaning, i.0, None, meaning.map(str::to_owned))
    }

    /// `active`, `retired` or `merged:N`.
    pub fn intent_state(i: IntentId, state: &str) -> Self {
        Self::new(Kind::IntentState, i.0, None, Some(state.to_owned()))
    }

    /// The intent of a base example; `None` takes the example out.
    pub fn example(row: i64, intent: Option<IntentId>) -> Self {
        Self::new(Kind::Example, row, None, intent.map(|i| i.0.to_string()))
    }

    /// Says which of two answers is better.
    pub fn preference(pair: i64, said: Preference) -> Self {
        Self::new(Kind::Preference, pair, None, Some(said.name().to_owned()))
    }

    /// Makes a release the live one.
    pub fn live(r: ReleaseId) -> Self {
        Self::new(Kind::Live, 0, None, Some(r.0.to_string()))
    }

    /// Takes back what was live first: nothing is live any more.
    pub fn nothing_live() -> Self {
        Self::new(Kind::Live, 0, None, None)
    }

    /// Rejects a candidate.
    pub fn reject(r: ReleaseId) -> Self {
        Self::new(Kind::ReleaseState, r.0, None, Some("rejected".to_owned()))
    }

    /// Counts days, weeks and months in a time zone.
    pub fn zone(zone: Zone) -> Self {
        Self::new(Kind::Zone, 0, None, Some(zone.to_string()))
    }

    /// Hands a failure out to somebody.
    pub fn action(action: ActionId, terms: &ActionTerms) -> Self {
        Self::new(Kind::Action, action.0, None, Some(terms.value()))
    }

    /// Says whether an action is done.
    pub fn action_done(action: ActionId, done: bool) -> Self {
        Self::new(Kind::ActionDone, action.0, None, done.then(|| "yes".to_owned()))
    }

    /// What went wrong first in a conversation; `None` takes that away.
    pub fn mode(c: ConversationId, mode: Option<ModeId>) -> Self {
        Self::new(Kind::Mode, c.0, None, mode.map(|m| m.0.to_string()))
    }

    /// Names a failure mode.
    pub fn mode_name(mode: ModeId, name: &str) -> Self {
        Self::new(Kind::ModeName, mode.0, None, Some(name.to_owned()))
    }

    /// `active`, `retired` or `merged:N`.
    pub fn mode_state(mode: ModeId, state: &str) -> Self {
        Self::new(Kind::ModeState, mode.0, None, Some(state.to_owned()))
    }

    /// Lets a version of the list of topics stand.
    pub fn topics(version: i64) -> Self {
        Self::new(Kind::Topics, 0, None, Some(version.to_string()))
    }

    /// Opens a cycle, or closes it ([`Kind::CycleClosed`]), as a value of that kind says.
    pub fn cycle(kind: Kind, cycle: CycleId, value: String) -> Self {
        Self::new(kind, cycle.0, None, Some(value))
    }

    /// The same with a reason.
    #[must_use]
    pub fn because(mut self, reason: impl Into<String>) -> Self {
        self.reason = Some(reason.into());
        self
    }
}

/// Intent row numbers as a decision's value holds them.
pub fn join_ids(ids: &[IntentId]) -> String {
    ids.iter().map(|i| i.0.to_string()).collect::<Vec<_>>().join(",")
}

/// The intents of a decision's value; anything that is no number is left out.
pub fn split_ids(value: &str) -> Vec<IntentId> {
    value.split(',').filter_map(|s| s.parse().ok().map(IntentId)).collect()
}
