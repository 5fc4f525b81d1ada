//! What the store answers with: plain rows that screens and commands show. Text in them is as logged (hostile).

use super::{CorrectionRow, CorrectionState, SearchState};
use crate::domain::*;
use crate::learn::signals::FoundSign;
use crate::learn::signals::evidence::{CauseEvidence, asked_before, evidence};
use serde::Serialize;

/// A place in a sorted queue: the sort keys and the row number of a conversation. Opaque outside the store.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cursor(pub(super) crate::store::queue::columns::RankedRow);

#[cfg(test)]
impl Cursor {
    /// A place for rows that were made by hand.
    pub(crate) const fn made(key: i64, id: i64) -> Self {
        Self(crate::store::queue::columns::RankedRow { keys: [key, 0, 0], id })
    }
}

/// Where a page begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageStart {
    /// The first rows.
    Start,
    /// The last rows.
    End,
    /// The rows after one.
    After(Cursor),
    /// The rows before one (still in queue order).
    Before(Cursor),
    /// This one and the rows after it.
    From(Cursor),
}

/// One line of the queue.
#[derive(Clone, Debug, PartialEq)]
pub struct QueueRow {
    /// Row number, shown as `#n`.
    pub n: ConversationId,
    /// `source:id`.
    pub id: String,
    /// Its place in the sort that it was read with.
    pub cursor: Cursor,
    /// Last activity; `None` where the log has no times.
    pub at: Option<Timestamp>,
    /// How it ended, a reviewer's word included.
    pub outcome: Outcome,
    /// Who says so.
    pub outcome_source: OutcomeSource,
    /// The conversation's intent (rule 2).
    pub intent: Option<String>,
    /// The log's intent on the failing turn.
    pub logged: Option<String>,
    /// Whether the AI fell back there.
    pub fallback: bool,
    /// The live model's intent there.
    pub suggested: Option<String>,
    /// The live model's confidence, else the log's.
    pub confidence: Option<f64>,
    /// The reviewer's intent there.
    pub label: Option<String>,
    /// Root cause.
    pub cause: Option<Cause>,
    /// What the customer said in the failing turn.
    pub text: String,
    /// Rating on the 1-5 scale.
    pub csat: Option<f64>,
    /// Where it was held.
    pub channel: Option<String>,
    /// In which language.
    pub language: Option<String>,
    /// How many turns it has.
    pub turns: u32,
    /// How the customer felt, -1 to 1; a reviewer's word before the log's.
    pub sentiment: Option<f64>,
    /// A reviewer said so.
    pub sentiment_labelled: bool,
    /// Where the review stands.
    pub status: Review,
    /// Who decided last.
    pub reviewer: Option<String>,
    /// What a review of it is worth: class (failed 3, escalated 2, mismatch 1, rest 0) plus 1 - margin.
    pub value: f64,
    /// Why it is here, in words.
    pub why: Vec<&'static str>,
    /// Its group is a test group: a label counts neither for training nor as gold.
    pub test_group: bool,
    /// Who said what was searched for, and in which words, where the failing turn has none of it
    /// ([`crate::store::Store::find_elsewhere`]).
    pub found: Option<(Role, String)>,
}

/// Rows in queue order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Page {
    /// The rows.
    pub rows: Vec<QueueRow>,
    /// Whether more come before the first.
    pub before: bool,
    /// Whether more come after the last.
    pub after: bool,
    /// More are still being looked for; the whole page follows.
    pub partial: bool,
    /// Where no row is found: how many of test groups the query hides.
    pub hidden: u64,
}

/// What a label made on a conversation is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LabelUse {
    /// It trains the next candidate.
    Training,
    /// It becomes gold: an audit item of an open cycle, labelled blind.
    Audit,
    /// It is a gold label already: changing it makes a new gold version.
    Gold,
    /// Neither: the conversation belongs to a test group.
    Nothing,
}

/// An intent that a digit picks.
#[derive(Clone, Debug, PartialEq)]
pub struct Suggestion {
    /// Which.
    pub intent: IntentId,
    /// Its name.
    pub name: String,
    /// The live model's confidence, else the log's; `None` on blind items.
    pub confidence: Option<f64>,
    /// It is what the AI predicted at the time.
    pub now: bool,
}

/// What is offered for a turn: the digits, and what Enter confirms.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TurnRanking {
    /// Best first; where neither model nor log ranks any, the newest intents.
    pub suggestions: Vec<Suggestion>,
    /// The log's intent. `None` where the AI fell back.
    pub confirmable: Option<(IntentId, String)>,
}

/// A current decision on a turn or on the conversation, as the transcript and the history show it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DecisionRow {
    /// Its row in the log.
    pub decision: DecisionId,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub reviewer: String,
    /// What kind.
    pub kind: Kind,
    /// On which turn.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub turn: Option<TurnKey>,
    /// The value before; intents by name.
    pub before: Option<String>,
    /// The value after; intents by name.
    pub after: Option<String>,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The decision that this one takes back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub undoes: Option<DecisionId>,
    /// What it does for learning: `trains the next candidate`, `held out: repeats gold`, `gold`, `test group`, … .
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
}

/// A label on a turn that the newest run's model disputes.
#[derive(Clone, Debug, PartialEq)]
pub struct DisputedTurn {
    /// Which turn.
    pub turn: TurnKey,
    /// The label as it stands in the log: giving it again settles the dispute.
    pub label: Vec<IntentId>,
    /// Its primary intent.
    pub given: (IntentId, String),
    /// The confidence in it of a model that had not seen it.
    pub given_confidence: f64,
    /// What that model says instead.
    pub says: (IntentId, String),
    /// Its confidence in that.
    pub confidence: f64,
    /// Who gave the label.
    pub by: String,
}

/// Everything that Review shows of one conversation.
#[derive(Clone, Debug, PartialEq)]
pub struct ReviewItem {
    /// Row number.
    pub n: ConversationId,
    /// The conversation as logged; `outcome` with a reviewer's correction applied.
    pub conversation: Conversation,
    /// Last activity.
    pub at: Option<Timestamp>,
    /// The turn to judge: the failing turn, or on an audit item a user turn drawn at random.
    pub turn: Option<TurnKey>,
    /// Intents for the digits 1-9, best first; where neither model nor log ranks any, the newest. On a blind item the most used
    /// intents, without confidence.
    pub suggestions: Vec<Suggestion>,
    /// What Enter confirms: the log's intent on the turn. `None` where the AI fell back, and on a blind item.
    pub confirmable: Option<(IntentId, String)>,
    /// The log's intent on the turn, merges followed. Screens must not show it on a blind item.
    pub logged: Option<IntentId>,
    /// The label on the turn, if any: intents by name, primary first, and who gave it.
    pub label: Option<(Vec<String>, String)>,
    /// A person has said what the customer wanted, on any turn; on an audit item on the drawn one.
    pub judged: bool,
    /// Whether such a word is needed before the review is done: not while there are no intents.
    pub needs_intent: bool,
    /// Whether the outcome asks for a root cause before the review is done.
    pub needs_cause: bool,
    /// Root cause.
    pub cause: Option<Cause>,
    /// Corrected responses by bot turn.
    pub responses: Vec<(TurnKey, String)>,
    /// The same with what became of them.
    pub corrections: Vec<CorrectionRow>,
    /// What whoever looks at it has begun to write for bot turns and not saved.
    pub drafts: Vec<(TurnKey, String)>,
    /// Whoever looks at it may answer what is asked about it: everybody but who asked, unless that is a lead or alone.
    pub may_answer: bool,
    /// Note.
    pub note: Option<String>,
    /// The failure mode that stands, and its name.
    pub mode: Option<(ModeId, String)>,
    /// Where the review stands.
    pub status: Review,
    /// False: spam or a test.
    pub traffic: bool,
    /// A reviewer's sentiment.
    pub sentiment: Option<f64>,
    /// What a label is good for. Screens must not show `Audit` (rule 11).
    pub counts: LabelUse,
    /// All labels on turns: turn, intents by name, who.
    pub labels: Vec<(TurnKey, Vec<String>, String)>,
    /// Labels on turns that the model disputes, the most doubtful first.
    pub disputes: Vec<DisputedTurn>,
    /// Turns whose words have changed since somebody labelled or corrected them: what was said of them is of no effect.
    pub reworded: Vec<TurnKey>,
    /// The log of decisions on it, newest first.
    pub history: Vec<DecisionRow>,
    /// Signs that the AI understood something else than the customer meant. Screens show [`ReviewItem::shown_signs`].
    pub signs: Vec<FoundSign>,
    /// How the customer seems to feel at turns (by place), as the live release reads them, -1 to 1; none on a blind item.
    pub felt: Vec<(u32, f64)>,
}

/// What somebody asked about a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskedQuestion {
    /// In words.
    pub text: String,
    /// Who asked.
    pub by: String,
    /// What was answered, and by whom.
    pub answer: Option<(String, String)>,
}

/// Whether a log says of any turn of a conversation what the AI understood, or that it did not.
pub(in crate::store) fn log_names_intents(conversation: &Conversation) -> bool {
    conversation.turns.iter().any(|t| t.intent.is_some() || t.fallback)
}

impl ReviewItem {
    /// Whether the AI fell back on the turn to judge although the list has an intent for it, by its label or by what is suggested.
    pub fn fell_back_on_a_known_intent(&self) -> bool {
        let fell_back =
            self.turn.and_then(|t| self.conversation.place_of(t)).is_some_and(|p| self.conversation.fell_back(p));
        fell_back && (self.label.is_some() || self.suggestions.iter().any(|s| s.confidence.is_some()))
    }

    /// Whether the log says what the AI understood of any turn.
    pub fn log_names_intents(&self) -> bool {
        log_names_intents(&self.conversation)
    }

    /// The newest question about it, answered or not; one that was taken back is none.
    pub fn question(&self) -> Option<AskedQuestion> {
        let asked = |row: &&DecisionRow| row.kind == Kind::Question && row.after.is_some();
        let newest = self.history.iter().find(|row| row.kind == Kind::Question)?;
        let by = |text: &str| {
            let mut rows = self.history.iter().filter(|r| asked(r) && r.undoes.is_none());
            rows.find(|r| r.after.as_deref() == Some(text)).map(|r| r.reviewer.clone()).unwrap_or_default()
        };
        match (&newest.after, &newest.before, &newest.reason) {
            (Some(text), ..) => Some(AskedQuestion { text: text.clone(), by: by(text), answer: None }),
            (None, Some(text), Some(said)) => {
                let answer = Some((said.clone(), newest.reviewer.clone()));
                Some(AskedQuestion { text: text.clone(), by: by(text), answer })
            }
            _ => None,
        }
    }

    /// Whether a question about it waits for an answer.
    pub fn is_asked(&self) -> bool {
        self.question().is_some_and(|q| q.answer.is_none())
    }

    /// Whether everything was said of it that a review says: only a question keeps it.
    pub fn is_judged_through(&self) -> bool {
        let verdict = self.judged || !self.needs_intent || self.turn.is_none();
        verdict && (self.judged || self.cause.is_some()) && (self.cause.is_some() || !self.needs_cause)
    }

    /// Up to which decision on it somebody who sees this knows the log.
    pub fn seen(&self) -> DecisionId {
        self.history.first().map_or(DecisionId(0), |row| row.decision)
    }

    /// What the rules of judging need to know of it. Where the drawn turn of a conversation that ended well was taken for
    /// something else, nothing failed by it: the label then sets no cause.
    pub fn case(&self) -> JudgedCase {
        let ended_well = self.blind() && !self.needs_cause;
        let place = self.turn.and_then(|t| self.conversation.place_of(t));
        JudgedCase {
            n: self.n,
            turn: self.turn,
            logged: self.logged.filter(|_| !ended_well),
            fell_back: !ended_well && place.is_some_and(|t| self.conversation.fell_back(t)),
            judged: self.judged,
            needs_intent: self.needs_intent,
            needs_cause: self.needs_cause,
            cause: self.cause,
            status: self.status,
        }
    }

    /// The same of another turn, on which the AI understood an intent by the log.
    pub fn case_of(&self, turn: TurnKey, logged: Option<IntentId>) -> JudgedCase {
        let fell_back = self.conversation.place_of(turn).is_some_and(|place| self.conversation.fell_back(place));
        JudgedCase { turn: Some(turn), logged, fell_back, ..self.case() }
    }

    /// Whether it was handed to a person in the end.
    pub fn was_handed_over(&self) -> bool {
        self.conversation.outcome == Some(Outcome::Escalated)
    }

    /// What speaks for a cause on the turn to judge, on a blind item nothing.
    pub fn evidence(&self) -> Option<CauseEvidence> {
        let place = self.turn.filter(|_| !self.blind()).and_then(|t| self.conversation.place_of(t))?;
        evidence(&self.conversation, place)
    }

    /// The request before the turn to judge, where that one asks for a person; on a blind item nothing.
    pub fn asked_before(&self) -> Option<&Turn> {
        let place = self.turn.filter(|_| !self.blind()).and_then(|t| self.conversation.place_of(t))?;
        self.conversation.turns.get(asked_before(&self.conversation, place)?)
    }

    /// The signs, on a blind item none.
    pub fn shown_signs(&self) -> &[FoundSign] {
        if self.blind() { &[] } else { &self.signs }
    }

    /// What the customer's thumb says of a turn, on a blind item nothing: it tells how the conversation went.
    pub fn shown_feedback<'a>(&self, turn: &'a Turn) -> Option<&'a Feedback> {
        turn.feedback.as_ref().filter(|f| f.score != 0 && !self.blind())
    }

    /// Whether guesses must not be shown: it is being labelled blind.
    pub fn blind(&self) -> bool {
        self.counts == LabelUse::Audit
    }
}

/// An intent of the list.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct IntentRow {
    /// Row.
    pub id: IntentId,
    /// Name.
    pub name: String,
    /// `active`, `retired` or `merged`.
    pub state: String,
    /// The intent that it stands for since it was merged, merges followed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub merged_into: Option<String>,
    /// Names that it had before.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// Base examples, those of intents that were merged into it included.
    pub examples: u64,
    /// Turns labelled with it or what was merged into it.
    pub labels: u64,
    /// User turns on which the log predicted it.
    pub logged: u64,
    /// What it means, in the team's words.
    #[serde(rename = "definition", skip_serializing_if = "Option::is_none")]
    pub meaning: Option<String>,
    /// What a customer or two said who wanted it: base examples, else labelled turns of training groups. Screens show them.
    #[serde(skip)]
    pub samples: Vec<String>,
}

/// Why a release was made live or rejected. In JSON its words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReleaseReason {
    /// As whoever decided it wrote it. Hostile.
    pub words: String,
    /// When.
    pub at: Timestamp,
    /// It was rejected, not made live.
    pub is_rejection: bool,
}

impl Serialize for ReleaseReason {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.words)
    }
}

/// A release of the registry.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ReleaseRow {
    /// Row; people see `v3`.
    pub release: ReleaseId,
    /// Trained from.
    pub parent: Option<ReleaseId>,
    /// When.
    pub at: Timestamp,
    /// Who started it.
    pub by: String,
    /// `live`, `candidate`, `former` or `rejected`.
    pub state: String,
    /// Which trainer and recipe.
    pub recipe: String,
    /// Seed of the run.
    pub seed: u64,
    /// Position in the decision log that it was trained up to.
    pub decision: DecisionId,
    /// Gold version at the time.
    pub gold_version: Option<GoldVersion>,
    /// Examples trained on.
    pub trained_on: u64,
    /// Intents it knows.
    pub intents: u64,
    /// SHA-256 of the artefact, hex.
    pub sha256: String,
    /// Artefact size, bytes.
    pub bytes: u64,
    /// Seconds of training.
    pub train_seconds: f64,
    /// Sealed accuracy in the newest comparison in which it is the candidate; `None` where that had no sealed turns.
    pub accuracy: Option<f64>,
    /// Sealed turns of that comparison.
    pub sealed: u64,
    /// On which gold version that was.
    pub measured_on: Option<GoldVersion>,
    /// What it was compared with there; `None`: no release of this store.
    pub compared_with: Option<ReleaseId>,
    /// Whose intents that release carries, where they are another's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub compared_intents: Option<ReleaseId>,
    /// What that was.
    pub before_is: Option<BeforeIs>,
    /// Verdict of that comparison.
    pub verdict: Option<Verdict>,
    /// Gate of that comparison.
    pub gate: Option<Gate>,
    /// Where a learner made it, which by name, and what its own judgement of that section was: it has none of intents.
    #[serde(skip)]
    pub learned: Option<(String, Verdict)>,
    /// Where another release is live that carries parts of it on: which, as `intents` or a learner's name. They answer still.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub in_use_for: Vec<&'static str>,
    /// Why it was promoted or rejected, newest first; not a rejection that a later promotion took back.
    pub reasons: Vec<ReleaseReason>,
    /// What made it outside: `trainer:NAME` or `ai:NAME`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outside: Option<String>,
}

/// A review cycle.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CycleRow {
    /// Row.
    pub id: CycleId,
    /// Name, `2026-W47` unless somebody gave another.
    pub name: String,
    /// Opened.
    pub opened_at: Timestamp,
    /// By whom.
    pub opened_by: String,
    /// Closed, if it is.
    pub closed_at: Option<Timestamp>,
    /// The query that was frozen.
    pub scope: String,
    /// Conversations in it, audit items included.
    pub goal: u64,
    /// Of those, done.
    pub done: u64,
    /// Of those, skipped: nobody could tell.
    pub skipped: u64,
    /// The decision log's position when it closed.
    pub closed_decision: Option<DecisionId>,
    /// Release trained on it, if any.
    pub release: Option<ReleaseId>,
    /// What the team wants of it, in words.
    #[serde(rename = "goal_text")]
    pub aim: Option<String>,
    /// How often cycles come.
    pub every: Rhythm,
    /// Who is to review it; empty: whoever has time.
    pub reviewers: Vec<String>,
    /// What was to be done next when it closed, in words.
    pub plan: Option<String>,
}

impl CycleRow {
    /// Items that nobody has worked yet.
    pub const fn left(&self) -> u64 {
        self.goal.saturating_sub(self.done + self.skipped)
    }
}

/// What the frame and the first-run screens need to know about the store.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Overview {
    /// The newest row of the decision log: what these counts know of.
    pub decision: Option<DecisionId>,
    /// Conversations in all.
    pub conversations: u64,
    /// Failed or escalated, real traffic.
    pub failures: u64,
    /// Nothing tells how these ended, real traffic.
    pub unknown: u64,
    /// Those of them that are open and of no test group.
    pub unknown_open: u64,
    /// What waits in the queue: failed or escalated, open, of no test group, as the queue shows them to who asks for nothing.
    pub open: u64,
    /// Active intents.
    pub intents: u64,
    /// The live release.
    pub live: Option<ReleaseId>,
    /// Whose answers customers get, where what is live has only added a learner's part to them.
    pub answering: Option<ReleaseId>,
    /// The part that the live release has added to them, as a learner's name.
    pub live_adds: Option<&'static str>,
    /// Training examples at hand (base examples and labels outside test groups).
    pub examples: u64,
    /// Labels made since the newest release was trained.
    pub new_labels: u64,
    /// Corrections of answers, in each of [`super::CorrectionState::ALL`].
    pub corrections: [u64; 5],
    /// Gold turns of the newest version, else at hand: open half, sealed half.
    pub gold: (u64, u64),
    /// Gold labels made or changed since the newest version was frozen; 0 while there is no version.
    pub gold_new: u64,
    /// The open cycle.
    pub cycle: Option<CycleRow>,
    /// While one is open: the newest closed cycle that said what was to be done next, and what. Hostile.
    pub planned: Option<(String, String)>,
    /// More than one AI or source in the store (rule 1): a warning to show.
    pub mixed: bool,
    /// Something is to be brought up to date in the background: predictions of another release, or none, or signs that
    /// were not read yet.
    pub stale: bool,
    /// How much can be found by its words.
    pub search: SearchState,
    /// Labels that the newest run's model disputes: on turns, and among base examples. `None`: no run has told.
    pub disputed: Option<(u64, u64)>,
    /// The encoder that new releases are trained with, as the store names it; `None` while nobody has chosen one.
    pub encoder: Option<String>,
    /// The zone that days, weeks and months are counted in.
    pub zone: Zone,
    /// It is the made-up company's.
    pub demo: bool,
}

impl Overview {
    /// Corrections that wait for a lead's word.
    pub fn waiting_corrections(&self) -> u64 {
        self.corrections[CorrectionState::Proposed as usize]
    }
}
