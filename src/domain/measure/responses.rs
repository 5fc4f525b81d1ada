//! What two releases answer customers: where they differ, what corrections say, and which answers people prefer when
//! they do not know whose they are.

use crate::base::counted::counted;
use crate::domain::outcome::coded;
use crate::domain::{ConversationId, Rate, ReleaseId, TurnKey};
use serde::{Deserialize, Serialize};

coded!(
    /// What somebody said of two answers without knowing whose they are.
    Preference {
        /// The answer before is better.
        Before = 1, "before";
        /// The answer after is better.
        After = 2, "after";
        /// Both are fine.
        BothFine = 3, "both_fine";
        /// Neither will do.
        BothBad = 4, "both_bad";
    }
);

/// Answers of both sides. Texts are of the open half and of corrected turns outside test groups; the sealed half has none
/// here.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Responses {
    /// Turns of the open half to which a side has an answer.
    pub asked: u64,
    /// Of those, turns to which they answer differently.
    pub differ: u64,
    /// Different answers: those that the gate refuses, then those on the most turns; at most [`Self::LISTED`].
    pub changes: Vec<ResponseChange>,
    /// Corrected answers, and who gives them.
    pub corrected: CorrectedScore,
    /// The corrected turns that not both answer as corrected, fixed and broken first; at most [`Self::LISTED`].
    pub corrections: Vec<CorrectedTurn>,
    /// What the gate refuses of the answers after, where the side before did not do the same.
    #[serde(default)]
    pub faults: AnswerFaults,
    /// What customers had before and have not after, though the gate has no rule against it.
    #[serde(default)]
    pub losses: AnswerLosses,
    /// What became of the last requests outside test groups: also where there is no gold set.
    #[serde(default)]
    pub recent: RecentAnswers,
}

/// The last requests outside test groups, each as the intent that it is labelled with, else logged as.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecentAnswers {
    /// How many were asked of both sides; 0: there is no release before.
    pub asked: u64,
    /// Of these those that were answered before and are not after.
    pub lost: u64,
    /// Of these those that are answered before and after, in other words.
    #[serde(default)]
    pub otherwise: u64,
}

impl RecentAnswers {
    /// What is lost, in words; `None` where nothing is.
    pub fn words(&self) -> Option<String> {
        let of = counted(self.asked, "request", "requests");
        (self.lost > 0).then(|| format!("{} of the last {of} would no longer be answered", self.lost))
    }

    /// How many get other words, in words; `None` where none does.
    pub fn otherwise(&self) -> Option<String> {
        let of = counted(self.asked, "request", "requests");
        (self.otherwise > 0).then(|| format!("{} of the last {of} would be answered otherwise", self.otherwise))
    }
}

/// Turns of the open half whose customers are worse off after, though there is no better answer for the intent that is understood.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerLosses {
    /// Answered in the customer's language before, and in another one after, which has no answer to it in theirs.
    pub language: u64,
    /// Answered before and not after, though it is something for the AI.
    pub answer: u64,
    /// Not answered before, and after with what is said to everything and helps nobody.
    #[serde(default)]
    pub non_answer: u64,
}

impl AnswerLosses {
    /// Whether there is any.
    pub fn any(&self) -> bool {
        *self != Self::default()
    }

    /// Turns in all: none is two of these.
    pub fn n(&self) -> u64 {
        self.language + self.answer + self.non_answer
    }

    /// In words, with counts.
    pub fn words(&self) -> Vec<String> {
        let all = [
            (self.language, ["loses", "lose"], "the customer's language"),
            (self.answer, ["gets", "get"], "no answer any more"),
            (self.non_answer, ["gets", "get"], "what is no answer"),
        ];
        let said = all.iter().filter(|(n, ..)| *n > 0);
        said.map(|(n, [one, more], what)| format!("{n} {} {what}", if *n == 1 { one } else { more })).collect()
    }
}

/// Turns of the open half whose answer after must not be given (rule 39).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct AnswerFaults {
    /// Answered in another language than the customer's, where there is an answer in theirs.
    pub other_language: FaultyTurns,
    /// Answered with what is said to everything and helps nobody, in the place of an answer.
    pub non_answer: FaultyTurns,
    /// Answered with something that is another customer's.
    pub personal: FaultyTurns,
}

/// Turns with one fault.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FaultyTurns {
    /// How many.
    pub n: u64,
    /// The conversations of the first few, as `source:id`.
    pub first: Vec<String>,
    /// Their rows. None in comparisons that an older version stored.
    #[serde(default)]
    pub rows: Vec<ConversationId>,
}

impl FaultyTurns {
    /// Conversations that are named.
    const NAMED: usize = 3;

    /// Counts a turn of a conversation.
    pub fn add(&mut self, row: ConversationId, conversation: &str) {
        self.n += 1;
        if self.first.len() < Self::NAMED {
            self.first.push(conversation.to_owned());
            self.rows.push(row);
        }
    }

    fn reason(&self, what: &str) -> Option<String> {
        let turns = counted(self.n, "turn is", "turns are");
        let more = if self.n > self.first.len() as u64 { ", …" } else { "" };
        let rows = self.rows.iter().map(|row| format!("#{} ", row.0)).chain(std::iter::repeat(String::new()));
        let named: Vec<String> = rows.zip(&self.first).map(|(row, id)| row + id).collect();
        (self.n > 0).then(|| format!("open half: {turns} answered {what} ({}{more})", named.join(", ")))
    }
}

impl AnswerFaults {
    /// Why the gate refuses; empty where nothing is wrong.
    pub fn reasons(&self) -> Vec<String> {
        let all = [
            self.other_language.reason("in another language than the customer's, where there is an answer in theirs"),
            self.non_answer
                .reason("with a text that is given to everything and resolves nothing, in the place of an answer"),
            self.personal.reason("with something that is one customer's: a name, a number, an amount"),
        ];
        all.into_iter().flatten().collect()
    }
}

impl Responses {
    /// Different answers, and corrected turns, that are kept at most.
    pub const LISTED: usize = 200;

    /// Whether there are more different answers than are listed.
    pub fn more_changes(&self) -> bool {
        self.changes.iter().map(|c| c.n).sum::<u64>() < self.differ
    }

    /// Whether there may be more corrected turns than are listed.
    pub fn more_corrections(&self) -> bool {
        self.corrections.len() >= Self::LISTED
    }
}

/// One answer in the place of another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ResponseChange {
    /// What is answered before; `None` for nothing.
    pub before: Option<String>,
    /// What is answered after.
    pub after: Option<String>,
    /// On so many turns of the open half.
    pub n: u64,
    /// What the gate refuses of them.
    #[serde(default)]
    pub faults: ChangeFaults,
    /// What their customers lose.
    #[serde(default)]
    pub losses: AnswerLosses,
    /// At most 8 of them: those with a fault, then others drawn at random.
    pub turns: Vec<AnsweredTurn>,
}

/// Of the turns of one change, those with a fault of [`AnswerFaults`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeFaults {
    /// Answered in another language than the customer's.
    pub other_language: u64,
    /// Answered with what is said to everything and helps nobody.
    pub non_answer: u64,
    /// Answered with something that is another customer's.
    pub personal: u64,
}

impl ChangeFaults {
    /// Whether there is any.
    pub fn any(&self) -> bool {
        *self != Self::default()
    }

    /// In words, with counts of so many turns: "3 of 5 in another language than the customer's".
    pub fn words(&self, of: u64) -> Vec<String> {
        let all = [
            (self.other_language, "in another language than the customer's"),
            (self.non_answer, "with what is no answer"),
            (self.personal, "with what is one customer's"),
        ];
        all.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} of {of} {what}")).collect()
    }
}

/// A customer's turn that is answered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AnsweredTurn {
    /// `source:id`.
    pub id: String,
    /// Its row.
    #[serde(rename = "n")]
    pub conversation: ConversationId,
    /// Turn number.
    pub turn: TurnKey,
    /// What the customer said.
    pub text: String,
}

/// How many corrections are answered as corrected, each judged on corrections from other conversations (rule 18).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CorrectedScore {
    /// As corrected before.
    pub before: u64,
    /// As corrected after.
    pub after: u64,
    /// Corrections that neither side had learned from.
    pub n: u64,
}

/// An answer that a reviewer corrected.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CorrectedTurn {
    /// The customer's turn.
    pub asked: AnsweredTurn,
    /// What should be answered.
    pub wanted: String,
    /// What is answered before.
    pub before: Option<String>,
    /// What is answered after.
    pub after: Option<String>,
}

impl CorrectedTurn {
    /// Whether it is answered as corrected before and after.
    pub fn rights(&self) -> (bool, bool) {
        let right = |said: &Option<String>| said.as_deref().is_some_and(|s| same_words(s, &self.wanted));
        (right(&self.before), right(&self.after))
    }
}

/// Whether two answers differ in spacing alone.
pub fn same_words(a: &str, b: &str) -> bool {
    a.split_whitespace().eq(b.split_whitespace())
}

/// Two answers to one customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Pair {
    /// The conversation.
    pub conversation: ConversationId,
    /// The customer's turn.
    pub turn: TurnKey,
    /// Whose answer is the one before; `None`: what was answered at the time.
    pub before: Option<ReleaseId>,
    /// Whose answer is the one after.
    pub after: ReleaseId,
}

/// How people judged the answers of two releases.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct JudgementTally {
    /// The answer before was preferred.
    pub before: u64,
    /// The answer after was preferred.
    pub after: u64,
    /// Both were fine, or neither was.
    pub ties: u64,
    /// Sign test by conversation, two-sided; ties say nothing.
    pub p_value: f64,
}

impl JudgementTally {
    /// How often the answer after was preferred where one was.
    pub fn rate(&self) -> Rate {
        Rate::new(self.after, self.before + self.after)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_last_requests_lose_is_told_with_how_many_they_are() {
        let words = |asked, lost| RecentAnswers { asked, lost, otherwise: 0 }.words();
        let told = |otherwise| RecentAnswers { asked: 500, lost: 0, otherwise }.otherwise();
        assert_eq!(told(7).as_deref(), Some("7 of the last 500 requests would be answered otherwise"));
        assert_eq!(told(0), None);
        assert_eq!(words(500, 12).as_deref(), Some("12 of the last 500 requests would no longer be answered"));
        assert_eq!(
            (words(1, 1).as_deref(), words(9, 0)),
            (Some("1 of the last 1 request would no longer be answered"), None)
        );
    }
}
