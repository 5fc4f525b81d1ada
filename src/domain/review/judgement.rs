//! What follows from a person's word on a conversation (rule 26). One place for a single key in Review and for many
//! conversations at once.

use crate::domain::{
    Cause, ConversationId, DecisionChange, IntentId, ModeId, OUT_OF_SCOPE_ID, Outcome, Review, TurnKey,
};

/// What the rules of judging need to know of one conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JudgedCase {
    /// Which.
    pub n: ConversationId,
    /// The turn to judge; `None`: the customer said nothing.
    pub turn: Option<TurnKey>,
    /// The log's intent on it, merges followed.
    pub logged: Option<IntentId>,
    /// Whether the AI fell back on it.
    pub fell_back: bool,
    /// A person has said what the customer wanted.
    pub judged: bool,
    /// Whether somebody has to, before it is done: not while there are no intents.
    pub needs_intent: bool,
    /// Whether the outcome asks for a root cause.
    pub needs_cause: bool,
    /// The root cause so far.
    pub cause: Option<Cause>,
    /// Where the review stands.
    pub status: Review,
}

/// What a person says of every one of some conversations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Judgement {
    /// The customer wanted this in the turn to judge.
    Intent(IntentId),
    /// Why it failed.
    Cause(Cause),
    /// The AI had understood it, and this is why it failed all the same.
    Understood(Cause),
    /// What went wrong first, and the root cause that it belongs to.
    Mode(ModeId, Cause),
    /// Put off: later, skipped.
    PutOff(Review),
    /// Flagged, with what is asked.
    Question(String),
    /// How it really ended.
    Outcome(Outcome),
    /// Spam or a test.
    NotTraffic,
}

impl Judgement {
    /// Whether it says why something failed.
    pub const fn says_why(&self) -> bool {
        matches!(self, Self::Cause(_) | Self::Understood(_) | Self::Mode(..))
    }
}

impl JudgedCase {
    /// The root cause that an intent verdict on the turn to judge sets by itself: nothing when the AI was right or the
    /// log says nothing of what it understood. `created`: the intent was made for this.
    pub fn cause_of_relabel(&self, to: &[IntentId], created: bool) -> Option<Cause> {
        if to == [OUT_OF_SCOPE_ID] && (self.needs_cause || self.understood() != Some(OUT_OF_SCOPE_ID)) {
            return Some(Cause::OutOfScope);
        }
        match self.understood() {
            Some(said) if to.contains(&said) => None,
            None if !self.fell_back => None,
            _ if created => Some(Cause::NewIntent),
            Some(_) => Some(Cause::WrongIntent),
            None => Some(Cause::MissedIntent),
        }
    }

    /// What the AI understood by the log: nothing where it fell back.
    pub fn understood(&self) -> Option<IntentId> {
        self.logged.filter(|_| !self.fell_back)
    }

    /// The decisions that a label of the turn to judge makes, and whether the conversation is done with it. Nothing
    /// where the customer said nothing.
    pub fn relabel(&self, to: IntentId, created: bool) -> (Vec<DecisionChange>, bool) {
        let Some(turn) = self.turn else { return (Vec::new(), false) };
        let mut changes = vec![DecisionChange::intents(self.n, turn, &[to])];
        let right_handover = self.cause == Some(Cause::RightHandover);
        // Nothing failed, whatever the customer wanted.
        let auto = self.cause_of_relabel(&[to], created).filter(|_| !right_handover);
        let by_label = |c: &Cause| c.is_about_intent() || *c == Cause::OutOfScope;
        let by_hand = self.cause.filter(|c| !by_label(c));
        let done = auto.is_some() || by_hand.is_some() || !self.needs_cause;
        match auto {
            Some(cause) => changes.push(DecisionChange::cause(self.n, Some(cause))),
            // A cause that an earlier label had set goes when the AI turns out to have been right.
            None if by_hand.is_none() && self.cause.is_some() => changes.push(DecisionChange::cause(self.n, None)),
            None => {}
        }
        changes.extend(self.take_up().filter(|_| done));
        (changes, done)
    }

    /// The decisions that a label of another of the customer's turns makes, and whether the conversation is done with it: any of them
    /// says what it is about, but not on a blind item. `self` is the case of that turn. A cause that stands already stays.
    pub fn relabel_beside(&self, to: IntentId, created: bool, blind: bool) -> (Vec<DecisionChange>, bool) {
        let Some(turn) = self.turn else { return (Vec::new(), false) };
        let open = self.cause.is_none() && self.needs_cause && !blind;
        let auto = self.cause_of_relabel(&[to], created).filter(|_| open);
        let done = !blind && (auto.is_some() || self.cause.is_some() || !self.needs_cause);
        let label = DecisionChange::intents(self.n, turn, &[to]);
        let cause = auto.map(|cause| DecisionChange::cause(self.n, Some(cause)));
        let taken_up = self.take_up().filter(|_| auto.is_some());
        (std::iter::once(label).chain(cause).chain(taken_up).collect(), done)
    }

    /// The decisions that a root cause makes, and whether the conversation is done with it.
    pub fn because(&self, cause: Cause) -> (Vec<DecisionChange>, bool) {
        let done = self.judged || self.turn.is_none() || !self.needs_intent;
        let mut changes = vec![DecisionChange::cause(self.n, Some(cause))];
        changes.extend(self.take_up().filter(|_| done));
        (changes, done)
    }

    /// The decisions of a root cause where what the AI understood is right: intent and cause in one act. Where the log says
    /// nothing of what it understood, the cause alone.
    pub fn understood_but(&self, cause: Cause) -> (Vec<DecisionChange>, bool) {
        let (Some(turn), Some(intent), false) = (self.turn, self.understood(), self.judged) else {
            return self.because(cause);
        };
        let mut changes =
            vec![DecisionChange::intents(self.n, turn, &[intent]), DecisionChange::cause(self.n, Some(cause))];
        changes.extend(self.take_up());
        (changes, true)
    }

    /// The decisions of a failure mode: it sets the root cause that it belongs to (rule 43).
    pub fn in_mode(&self, mode: ModeId, cause: Cause) -> (Vec<DecisionChange>, bool) {
        let (because, done) = self.because(cause);
        (std::iter::once(DecisionChange::mode(self.n, Some(mode))).chain(because).collect(), done)
    }

    /// Whether a judgement can be true of it: what nobody knows to have failed did not fail for a reason.
    pub const fn takes(&self, judgement: &Judgement) -> bool {
        self.needs_cause || !judgement.says_why()
    }

    /// The decisions of a judgement of many; none where it cannot be true.
    pub fn decide(&self, judgement: &Judgement) -> Vec<DecisionChange> {
        if !self.takes(judgement) {
            return Vec::new();
        }
        match *judgement {
            Judgement::Intent(intent) => self.relabel(intent, false).0,
            Judgement::Cause(cause) => self.because(cause).0,
            Judgement::Understood(cause) => self.understood_but(cause).0,
            Judgement::Mode(mode, cause) => self.in_mode(mode, cause).0,
            Judgement::PutOff(status) => vec![DecisionChange::status(self.n, Some(status))],
            Judgement::Question(ref text) => vec![DecisionChange::question(self.n, text)],
            Judgement::Outcome(outcome) => vec![DecisionChange::outcome(self.n, Some(outcome))],
            Judgement::NotTraffic => vec![DecisionChange::traffic(self.n, false)],
        }
    }

    /// Whether a judgement of a cause leaves it open, because nobody has said what the customer wanted.
    pub fn is_open_after(&self, judgement: &Judgement) -> bool {
        match *judgement {
            _ if !self.takes(judgement) => false,
            Judgement::Cause(cause) => !self.because(cause).1,
            Judgement::Understood(cause) => !self.understood_but(cause).1,
            Judgement::Mode(mode, cause) => !self.in_mode(mode, cause).1,
            _ => false,
        }
    }

    /// A finished item is no longer put off. A question about it stays: an answer clears it, not a label.
    fn take_up(&self) -> Option<DecisionChange> {
        matches!(self.status, Review::Later | Review::Skipped).then(|| DecisionChange::status(self.n, None))
    }
}

/// A sentiment from -1 to 1 in a word.
pub fn feeling(value: f64) -> &'static str {
    match value {
        v if v <= -0.75 => "angry",
        v if v < -0.1 => "let down",
        v if v <= 0.1 => "neither way",
        v if v < 0.75 => "pleased",
        _ => "delighted",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case() -> JudgedCase {
        JudgedCase {
            n: ConversationId(1),
            turn: Some(TurnKey(0)),
            logged: Some(IntentId(5)),
            fell_back: false,
            judged: false,
            needs_intent: true,
            needs_cause: true,
            cause: None,
            status: Review::Open,
        }
    }

    #[test]
    fn another_intent_sets_the_cause_and_is_done() {
        let (changes, done) = case().relabel(IntentId(6), false);
        assert!(done);
        let id = ConversationId(1);
        assert_eq!(
            changes,
            [
                DecisionChange::intents(id, TurnKey(0), &[IntentId(6)]),
                DecisionChange::cause(id, Some(Cause::WrongIntent))
            ]
        );
        let fell_back = JudgedCase { logged: None, fell_back: true, ..case() };
        assert_eq!(fell_back.cause_of_relabel(&[IntentId(6)], false), Some(Cause::MissedIntent));
        assert_eq!(case().cause_of_relabel(&[IntentId(6)], true), Some(Cause::NewIntent));
        assert_eq!(JudgedCase { logged: None, ..case() }.cause_of_relabel(&[IntentId(6)], true), None);
    }

    #[test]
    fn the_same_intent_waits_for_a_cause_and_takes_an_outdated_one_away() {
        let (changes, done) = case().relabel(IntentId(5), false);
        assert_eq!((changes.len(), done), (1, false));
        let outdated = JudgedCase { cause: Some(Cause::WrongIntent), ..case() };
        assert_eq!(outdated.relabel(IntentId(5), false).0[1], DecisionChange::cause(ConversationId(1), None));
        let by_hand = JudgedCase { cause: Some(Cause::Tone), status: Review::Later, ..case() };
        let (changes, done) = by_hand.relabel(IntentId(5), false);
        assert!(done);
        assert_eq!(changes[1..], [DecisionChange::status(ConversationId(1), None)], "done is no longer put off");
    }

    #[test]
    fn out_of_scope_is_a_label_and_its_cause() {
        let id = ConversationId(1);
        let both = [
            DecisionChange::intents(id, TurnKey(0), &[OUT_OF_SCOPE_ID]),
            DecisionChange::cause(id, Some(Cause::OutOfScope)),
        ];
        for case in
            [case(), JudgedCase { logged: None, ..case() }, JudgedCase { logged: Some(OUT_OF_SCOPE_ID), ..case() }]
        {
            assert_eq!(case.relabel(OUT_OF_SCOPE_ID, false), (both.to_vec(), true));
        }
        let well = JudgedCase { needs_cause: false, logged: Some(OUT_OF_SCOPE_ID), ..case() };
        assert_eq!(well.relabel(OUT_OF_SCOPE_ID, false).0.len(), 1, "it did as it should");
    }

    #[test]
    fn understood_and_a_cause_are_one_act() {
        let id = ConversationId(1);
        let (changes, done) = case().understood_but(Cause::RightHandover);
        assert!(done);
        let label = DecisionChange::intents(id, TurnKey(0), &[IntentId(5)]);
        assert_eq!(changes, [label, DecisionChange::cause(id, Some(Cause::RightHandover))]);
        let fell_back = JudgedCase { fell_back: true, ..case() };
        assert!(!fell_back.understood_but(Cause::RightHandover).1, "what it wanted is still to be said");
        // A label given afterwards makes no failure of it.
        let handed_over = JudgedCase { cause: Some(Cause::RightHandover), ..case() };
        assert_eq!(handed_over.relabel(IntentId(6), false).0.len(), 1);
    }

    #[test]
    fn a_reason_for_failing_is_said_of_failures_alone() {
        let helped = JudgedCase { needs_cause: false, ..case() };
        let mode = Judgement::Mode(ModeId(3), Cause::Tone);
        for why in [Judgement::Cause(Cause::Tone), Judgement::Understood(Cause::Tone), mode] {
            assert!(helped.decide(&why).is_empty() && !helped.is_open_after(&why), "{why:?}");
            assert!(!case().decide(&why).is_empty(), "{why:?}");
        }
        assert!(!helped.decide(&Judgement::Intent(IntentId(6))).is_empty(), "what it wanted can be said of any");
    }

    #[test]
    fn where_the_customer_said_nothing_there_is_nothing_to_label() {
        let silent = JudgedCase { turn: None, ..case() };
        assert!(silent.decide(&Judgement::Intent(IntentId(6))).is_empty());
        assert_eq!(silent.because(Cause::Handoff), (vec![DecisionChange::cause(silent.n, Some(Cause::Handoff))], true));
    }
}
