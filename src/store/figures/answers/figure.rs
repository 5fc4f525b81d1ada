//! What is told of an answer.

use crate::base::counted::{count, counted};
use crate::domain::{Difference, OneKindOfEnd, Rate, RateMovement};
use crate::learn::judge::off_policy::ArmValue;
use crate::learn::judge::shrunk::ShrunkRate;
use crate::learn::responses::AnswerPattern;
use crate::store::answers::stage::AnswerStage;
use crate::store::figures::segments::Outcomes;
use serde::Serialize;
use std::collections::BTreeSet;

pub(in crate::store::figures::answers) const ENOUGH: u64 = AnswerFigures::ENOUGH;

/// The share of unknown ends from which on rates mislead.
const DOUBTFUL: f64 = 0.2;

/// Where the numbers come from that an answer's rate is shrunk to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Prior {
    /// Ten or more answers to the same intent.
    Intent,
    /// All answers: there are fewer to the intent.
    All,
    /// Uniform: there are fewer than ten answers.
    Uniform,
}

/// Why an answer is not ranked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Unranked {
    /// Fewer than 30 conversations.
    TooFew,
    /// Only who stays to the end sees it: it follows success, or failure, rather than bringing it.
    OnlyAtTheEnd,
    /// It tells that something failed or is not there.
    TellsAState,
    /// It asks for details: who hears it depends on how far the talk came.
    AsksForDetails,
    /// It announces a person, or everybody who heard it was handed over, and others were not.
    AnnouncesAPerson,
    /// The conversation has no intent: nothing says what it could be compared within.
    NoIntent,
    /// It says to many intents that the AI cannot help.
    NonAnswer,
    /// It says that all is done: over the whole log everybody who heard such an answer was helped, and nobody else.
    TellsSuccess,
    /// What is expected of it may be the same as of every other answer in its place.
    NoDifference,
    /// Nothing else was answered there often enough.
    Alone,
}

impl Unranked {
    /// For people.
    pub const fn words(self) -> &'static str {
        match self {
            Self::TooFew => "fewer than 30 conversations",
            Self::OnlyAtTheEnd => "said in the last two turns: only who stays so long sees it",
            Self::TellsAState => {
                "tells that something failed or is not there; the state is to be mended, not the words"
            }
            Self::AsksForDetails => {
                "only asks: that answers nothing, and who hears it depends on how far the talk came"
            }
            Self::AnnouncesAPerson => {
                "announces a person, or all who heard it were handed over: what is to be looked at is the hand-over"
            }
            Self::NoIntent => "no intent: answers are ranked within one",
            Self::TellsSuccess => "says that all is done: everybody who hears such an answer was helped, nobody else",
            Self::NoDifference => "no difference seen from any other answer in its place",
            Self::NonAnswer => "a non-answer: many intents get it, and few are helped",
            Self::Alone => "nothing else was said often enough in its place, in its languages",
        }
    }
}

/// How all ended that drawn conversations stand for.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct WeighedOutcomes {
    /// All.
    pub n: f64,
    /// Of these.
    pub resolved: f64,
    /// Of these.
    pub escalated: f64,
    /// Of these.
    pub failed: f64,
    /// Of these.
    pub abandoned: f64,
    /// The size of a plain sample that would be as sure.
    pub worth: f64,
}

impl AnswerFigures {
    /// Conversations below which an answer is not ranked (rule 24).
    pub const ENOUGH: u64 = 30;
    /// Answers from which on rates are shrunk to what they have in common.
    pub const MAKE_A_PRIOR: u64 = 10;

    /// Whether there are words of it that were said: else a name stands in their place, an action's, and is no sentence.
    pub fn is_heard(&self) -> bool {
        self.text.as_deref().is_some_and(|said| said.trim() != self.answer)
    }

    /// How many more of these conversations (of all that they stand for) were helped than at the rate of the others to the same intent in the
    /// same language (or tags, where the log names no intents); below 0: fewer. `None` where that difference is not certain.
    pub fn beyond_others(&self) -> Option<f64> {
        let difference = self.beside.filter(|d| d.moved() != RateMovement::CannotTell);
        let (all, helped) = (self.stands_for(), self.shares()[0]);
        // Within tags, or several languages, a difference is of cases that weigh otherwise than here.
        difference.map(|d| all * d.delta.clamp(helped - 1.0, helped))
    }

    /// All conversations that these stand for.
    fn stands_for(&self) -> f64 {
        self.weighed.map_or(self.n as f64, |w| w.n)
    }

    /// How conversations ended, as shares: of all that there were, not only of those that were drawn.
    pub fn shares(&self) -> [f64; 4] {
        let o = &self.outcomes;
        let (all, ends) = match &self.weighed {
            Some(w) => (w.n, [w.resolved, w.escalated, w.failed, w.abandoned]),
            None => (self.n as f64, [o.resolved, o.escalated, o.failed, o.abandoned].map(|n| n as f64)),
        };
        ends.map(|n| if all > 0.0 { n / all } else { 0.0 })
    }
}

/// What followed an answer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AnswerFigures {
    /// The intent, as it stands today; `none` where there is none; `any`: all of them, of a non-answer.
    pub intent: String,
    /// The answer: its action's name, else its first words. Hostile.
    pub response: String,
    /// Names it in a query.
    pub answer: String,
    /// What its sayings have in common, where they are filled in with names and other values.
    #[serde(skip)]
    pub pattern: Option<AnswerPattern>,
    /// Where in the talk; `None`: anywhere, of a non-answer and of what is never ranked, wherever it is said.
    pub stage: Option<AnswerStage>,
    /// The languages of its conversations, the most frequent first.
    pub langs: Vec<String>,
    /// Conversations that count: what the query finds.
    pub n: u64,
    /// How they ended.
    pub outcomes: Outcomes,
    /// Resolved, of all; where conversations were drawn from a log, of all that they stand for.
    pub helped: Rate,
    /// Where conversations were drawn from a log (rule 52): all that these stand for. The rate and what follows from it are weighed so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weighed: Option<WeighedOutcomes>,
    /// Conversations that rated.
    pub rated: u64,
    /// ...with 4 or 5 of 5.
    pub satisfied: u64,
    /// Mean rating, 1 to 5, weighed.
    pub csat: Option<f64>,
    /// Their rate of resolution, shrunk to that of other answers: what is to be expected of more of them.
    pub posterior: ShrunkRate,
    /// What it is shrunk to.
    pub prior: Prior,
    /// The share that is, 0 to 1: one half where those answers have none in common.
    pub drawn_to: f64,
    /// Answers that its rate could be shrunk to at best: those to its intent; where all are too few, all.
    pub known_beside: u64,
    /// There are 30 cases or more: below, nothing can be said of it beside others.
    pub enough: bool,
    /// Its place among the answers to the intent at this stage to those who write in these languages, by the lower end of the posterior's
    /// interval.
    pub rank: Option<u32>,
    /// How many of these have a place; 0 where it was put beside none.
    pub ranked_among: u64,
    /// Why it has none.
    pub unranked: Option<Unranked>,
    /// Resolution of these conversations minus that of the others to the same intent, within the languages that customers write in (Mantel and
    /// Haenszel); where the log names no intents, what is so within tags. `None` below 30 of either, where neither is named, and for what is never compared.
    pub beside: Option<Difference>,
    /// Resolved, of all, of the others that is the difference to; where conversations were drawn from a log, of all that they stand for.
    pub others: Option<Rate>,
    /// Resolution with the answer minus without, over all conversations; `None` below 30 of either.
    pub pooled: Option<Difference>,
    /// The same within intents and languages (Mantel and Haenszel), or within tags and these where the log names no intents; `None` below 30 of either in those where
    /// there are both.
    pub within: Option<Difference>,
    /// The two differences have opposite signs, and the one within is certain: the pooled one tells what was asked, not what the
    /// answer does.
    pub signs_differ: bool,
    /// What it would bring if it were always given, where the log says how probable each answer was (rule 24).
    pub logged: Option<ArmValue>,
    /// The live release gives it.
    pub live: bool,
    /// The first release that gives it.
    pub since_release: Option<i64>,
    /// What was said, of a training group; of an action lately. Hostile.
    pub text: Option<String>,
    /// Of an action, in how many texts it is said that are not one answer, in any words or language; else 1.
    pub texts: u64,
    /// What an action said at first, where that was something else; the figures are of both. Hostile.
    #[serde(skip)]
    pub said_before: Option<String>,
    /// Of a non-answer: the intents it is given to, the most frequent first, with their conversations.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub intents: Vec<(String, u64)>,
    /// Of a non-answer: what makes it one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ever: Option<EverSaid>,
    /// Finds its conversations.
    pub query: String,
}

/// What is known of an answer over all that is stored, whatever the period: by that it is told whether it is one (rule 39).
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct EverSaid {
    /// Intents that got it.
    pub intents: u64,
    /// Conversations that got it.
    pub n: u64,
    /// Resolved, of these, 0 to 1.
    pub helped: f64,
    /// Of these, who heard it in the last two turns alone, after another answer.
    pub at_end: u64,
}

impl EverSaid {
    /// An answer is one of few where a smaller share was resolved.
    pub const FEW: f64 = 0.3;

    /// Most heard it in the last two turns alone: it follows what helped nobody, an apology after a complaint, and stands in the place of no
    /// answer.
    pub fn follows(&self) -> bool {
        Self::is_most(self.at_end, self.n)
    }

    pub(in crate::store::figures::answers) fn is_most(part: u64, all: u64) -> bool {
        2 * part > all
    }
}

/// An intent to which answers were given that are none (rule 39).
#[derive(Clone, Debug, PartialEq)]
pub struct UnansweredIntent {
    /// Its name; `none`: of conversations without one.
    pub intent: String,
    /// Conversations that heard such an answer, each once.
    pub n: u64,
    /// Of these, not resolved.
    pub not_helped: u64,
    /// How they ended: resolved, escalated, failed, abandoned, as shares of all that they stand for, 0 to 1.
    pub shares: [f64; 4],
    /// Finds its conversations.
    pub query: String,
}

/// What the within-difference is within.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Strata {
    /// Intents.
    Intents,
    /// The conversations' tags: the log names no intents.
    Tags,
    /// Nothing tells conversations apart.
    None,
}

impl AnswerPage {
    /// Calendar days over which answers are counted unless all that is stored is asked for.
    pub const DAYS: i64 = 28;

    /// The places of the answers as people read them: what most conversations lie behind others with comes first, what is most ahead of
    /// them last, and behind both what stands beside no others; else what was said most often. Non-answers have a list of their own.
    pub fn in_order(&self) -> Vec<usize> {
        let is_non_answer = |a: &AnswerFigures| self.non_answers.iter().any(|n| n.answer == a.answer);
        let mut out: Vec<usize> = (0..self.answers.len()).filter(|&i| !is_non_answer(&self.answers[i])).collect();
        let key = |&i: &usize| {
            let answer = &self.answers[i];
            (answer.beside.is_none(), answer.beyond_others().unwrap_or(0.0), -answer.stands_for())
        };
        out.sort_by(|a, b| {
            let ((x, cost, often), (y, other_cost, other_often)) = (key(a), key(b));
            x.cmp(&y).then(cost.total_cmp(&other_cost)).then(often.total_cmp(&other_often)).then(a.cmp(b))
        });
        out
    }

    /// How the answers are ordered, for people: by what stands in them.
    pub fn order_says(&self) -> &'static str {
        let is_non_answer = |a: &&AnswerFigures| a.unranked == Some(Unranked::NonAnswer);
        let mut others = self.answers.iter().filter(|a| !is_non_answer(a));
        let is_compared = others.clone().any(|a| a.beside.is_some());
        let is_all_compared = others.clone().all(|a| a.beside.is_some());
        let is_apart = others.any(|a| a.beyond_others().is_some());
        match (is_apart, is_compared && !is_all_compared) {
            (true, true) => "behind others first, ahead last; then what cannot be compared",
            (true, false) => "behind others first, ahead last",
            (false, true) => "by how often said; then what cannot be compared",
            (false, false) => "by how often said",
        }
    }

    /// The places of the non-answers as people read them: those first that left the most conversations without help, then those that
    /// helped a smaller share; last what only follows another answer.
    pub fn non_answers_in_order(&self) -> Vec<usize> {
        let mut out: Vec<usize> = (0..self.non_answers.len()).collect();
        let key = |at: usize| {
            let (answer, helped) = (&self.non_answers[at], self.non_answers[at].shares()[0]);
            let follows = answer.ever.is_some_and(|ever| ever.follows());
            (follows, -answer.stands_for() * (1.0 - helped), helped)
        };
        out.sort_by(|&a, &b| {
            let ((x, left, helped), (y, other_left, other_helped)) = (key(a), key(b));
            x.cmp(&y).then(left.total_cmp(&other_left)).then(helped.total_cmp(&other_helped)).then(a.cmp(&b))
        });
        out
    }

    /// How many answers point one way over all and the other way within what was asked: each once, to however many intents it is said.
    pub fn opposite(&self) -> usize {
        let points = self.answers.iter().filter(|a| a.signs_differ && a.unranked != Some(Unranked::NonAnswer));
        points.map(|a| &a.answer).collect::<BTreeSet<_>>().len()
    }

    /// So much is unknown that the rates mislead (rule 4).
    pub fn doubtful(&self) -> bool {
        self.unknown.value().is_some_and(|share| share > DOUBTFUL)
    }

    /// Of how many nobody knows how they ended, in a sentence; `None`: of none.
    pub fn unknown_says(&self) -> Option<String> {
        let (Rate { num, den, .. }, share) = (self.unknown, self.unknown.value()?);
        let little = if self.doubtful() { ": these rates say little" } else { "" };
        (num > 0).then(|| {
            format!("Nobody knows how {:.1} % ({} of {}) ended{little}.", 100.0 * share, count(num), count(den))
        })
    }

    /// Why there is no answer to tell of; `None`: there is one.
    pub fn nothing(&self) -> Option<&'static str> {
        self.answers.is_empty().then_some(match self.n {
            0 => "No conversation of this time with the AI has ended in a known way: there is nothing to tell.",
            _ => "The AI said nothing in the conversations that count.",
        })
    }

    /// Why nothing is told of answers beside each other, in a sentence; `None`: something is.
    pub fn too_little(&self) -> Option<String> {
        if let Some(kind) = self.one_kind {
            return Some(format!("What an answer brings {}. {}", kind.needs(), kind.missing()));
        }
        if self.n > 0 && self.n < ENOUGH {
            return Some(format!(
                "{} ended in a known way: answers are told apart from {ENOUGH} on.",
                counted(self.n, "conversation", "conversations")
            ));
        }
        let ends = self.answers.iter().chain(&self.non_answers).map(|a| &a.outcomes);
        let sums =
            ends.fold([0; 4], |[a, b, c, d], o| [a + o.resolved, b + o.escalated, c + o.failed, d + o.abandoned]);
        let words = ["was helped", "was handed over", "failed", "was left"];
        let mut ended = sums.into_iter().zip(words).filter(|(n, _)| *n > 0);
        let (Some((_, word)), None) = (ended.next(), ended.next()) else { return None };
        Some(format!(
            "Every conversation of this time {word}: it takes some that ended otherwise to tell answers from each other."
        ))
    }
}

/// Answers and what followed them.
#[derive(Clone, Debug, PartialEq)]
pub struct AnswerPage {
    /// Non-answers over all intents.
    pub non_answers: Vec<AnswerFigures>,
    /// To whom those were said, by intent: those first of whom most were not helped.
    pub unanswered: Vec<UnansweredIntent>,
    /// Answers by intent and stage, those with the most conversations first.
    pub answers: Vec<AnswerFigures>,
    /// N of the period.
    pub n: u64,
    /// Of the conversations of the period with the AI that are over, those of which nobody knows how they ended.
    pub unknown: Rate,
    /// What differences are within.
    pub strata: Strata,
    /// They were counted of all conversations that there are.
    pub is_fresh: bool,
    /// The log has no times: all of it is counted, whatever was asked for.
    pub is_timeless: bool,
    /// Conversations of the store were drawn from a log: rates are weighed (rule 52), counts are those of the sample.
    pub sampled: bool,
    /// The only kind of end that is told: then no answer is ranked, or stands beside others.
    pub one_kind: Option<OneKindOfEnd>,
}
