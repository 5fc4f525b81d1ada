//! What says how a customer feels.

use super::features::{ReadTurn, TurnBlocks};
use super::offsets::{decide, leans};
use super::rules::SentimentRules;
use super::signs::Sign;
use super::tone::{is_plainly_displeased, is_plainly_pleased};
use super::vote::Vote;
use super::{CLASSES, Feeling, SentimentTurn};
use crate::learn::contract::Predict;
use crate::learn::solver::sparse_softmax::{SparseSoftmax, softmax};

/// A fitted classifier.
#[derive(Clone, Debug, PartialEq)]
pub struct SentimentModel {
    pub(super) blocks: TurnBlocks,
    pub(super) vote: Vote,
    pub(super) weights: SparseSoftmax<CLASSES>,
    pub(super) offsets: [f32; 2],
    /// From which probability on a customer is told to be let down; `None`: as offsets say.
    pub(super) limit: Option<f32>,
    pub(super) human: u64,
    pub(super) turns: u64,
    pub(super) rules: SentimentRules,
}

/// What a model says of a turn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SentimentGuess {
    /// The class.
    pub feeling: Feeling,
    /// Probabilities of negative, neutral and positive.
    pub shares: [f32; CLASSES],
}

impl SentimentModel {
    /// Human labels that it was fitted to.
    pub fn human(&self) -> u64 {
        self.human
    }

    /// Turns that it was fitted to, labelled or not.
    pub fn turns(&self) -> u64 {
        self.turns
    }

    /// How it reads turns, and which ones it was fitted to.
    pub fn rules(&self) -> SentimentRules {
        self.rules
    }

    /// The class that is told, shown and counted: of many turns as many are called negative as are so. The guess's own class is the one
    /// that best tells single turns apart.
    pub fn told(&self, guess: &SentimentGuess) -> Feeling {
        match (self.limit, guess.feeling) {
            (Some(limit), _) if leans(&guess.shares) && guess.shares[Feeling::Negative as usize] >= limit => {
                Feeling::Negative
            }
            (Some(_), Feeling::Negative) => Feeling::Neutral,
            (_, feeling) => feeling,
        }
    }

    /// Whether a text says plainly that its customer is displeased, and is taken at its word: it is until labels have shown that whoever
    /// uses such words here is rather pleased. What the log they were learnt from holds none of, they do not speak against.
    pub(super) fn takes_at_word(&self, text: &str) -> bool {
        let [displeased, pleased] = [0, 1].map(|side| {
            [Sign::Displeased, Sign::Bad].map(|sign| self.vote.weights[sign as usize][side]).iter().sum::<f32>()
        });
        self.rules.is_counted() && displeased > pleased && is_plainly_displeased(text)
    }

    /// The same of a text that says plainly that its customer is pleased.
    pub(super) fn takes_praise_at_word(&self, text: &str) -> bool {
        let [displeased, pleased] = self.vote.weights[Sign::Pleased as usize];
        self.rules.is_counted() && pleased > displeased && is_plainly_pleased(text)
    }

    pub(super) fn shares(&self, read: &ReadTurn) -> [f32; CLASSES] {
        softmax(self.weights.scores(&self.blocks.row(read, &self.vote)))
    }
}

/// The guess that offsets make of probabilities.
pub(super) fn guess(shares: [f32; CLASSES], offsets: [f32; 2]) -> SentimentGuess {
    let feeling = Feeling::ALL[decide(shares.map(|p| p.max(1e-9).ln()), offsets)];
    SentimentGuess { feeling, shares }
}

impl<'a> Predict<SentimentTurn<'a>> for SentimentModel {
    type Answer<'m> = SentimentGuess;

    fn predict(&self, turn: SentimentTurn<'a>) -> SentimentGuess {
        guess(self.shares(&ReadTurn::of(&turn, self.rules)), self.offsets)
    }
}
