//! A turn as numbers: n-grams and meaning of what was said and of what the AI had said, and signs.

use super::SentimentTurn;
use super::rules::SentimentRules;
use super::signs::{SIGNS, signs};
use super::vote::Vote;
use crate::domain::{Cancelled, SilentReporter};
use crate::learn::solver::sparse::Sparse;
use crate::learn::vectors::embed::Embedder;
use crate::learn::vectors::grams::{Grams, Vocabulary};
use crate::learn::vectors::table::VectorTable;
use rayon::prelude::*;

/// What the blocks weigh: the AI's n-grams, meanings, the AI's meaning, signs, the vote. The customer's n-grams weigh 1.
pub(super) const BEFORE: f32 = 0.7;
pub(super) const MEANING: f32 = 2.0;
pub(super) const BEFORE_MEANING: f32 = 0.7;
pub(super) const SIGN: f32 = 0.5;
pub(super) const VOTE: f32 = 0.5;

/// What turns consist of.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct TurnBlocks {
    pub text: Vocabulary,
    pub before: Vocabulary,
}

/// A turn before any vocabulary.
pub(super) struct ReadTurn {
    text: Grams,
    before: Grams,
    pub signs: [f32; SIGNS],
    meaning: Vec<f32>,
    before_meaning: Vec<f32>,
}

impl ReadTurn {
    pub fn of(turn: &SentimentTurn, rules: SentimentRules) -> Self {
        let meaning = |text: &str| -> Vec<f32> {
            let table = VectorTable::built_in();
            let vector: Result<Vec<f32>, Cancelled> = table.embed(&[text], &SilentReporter);
            vector.unwrap_or_default()
        };
        Self {
            text: Grams::of(turn.text, rules.grams()),
            before: Grams::of(turn.before, rules.grams()),
            signs: signs(turn, rules),
            meaning: meaning(turn.text),
            before_meaning: if turn.before.is_empty() { Vec::new() } else { meaning(turn.before) },
        }
    }

    pub fn all<'a>(turns: impl IntoParallelIterator<Item = SentimentTurn<'a>>, rules: SentimentRules) -> Vec<Self>
    where
        Vec<SentimentTurn<'a>>: Sized,
    {
        turns.into_par_iter().map(|turn| Self::of(&turn, rules)).collect()
    }
}

impl TurnBlocks {
    pub fn fit<'a>(turns: impl Iterator<Item = &'a ReadTurn> + Clone) -> Self {
        let text: Vec<(&Grams, u32)> = turns.clone().map(|t| (&t.text, 1)).collect();
        let before: Vec<(&Grams, u32)> = turns.map(|t| (&t.before, 1)).collect();
        Self { text: Vocabulary::fit(&text), before: Vocabulary::fit(&before) }
    }

    /// Numbers of a row.
    pub fn width(&self) -> usize {
        self.text.width() + self.before.width() + 2 * VectorTable::built_in().width() + SIGNS + 2
    }

    pub fn row(&self, turn: &ReadTurn, vote: &Vote) -> Sparse {
        let mut out = self.text.vector(&turn.text);
        let mut at = self.text.width() as u32;
        out.extend(self.before.vector(&turn.before).into_iter().map(|(place, x)| (at + place, BEFORE * x)));
        at += self.before.width() as u32;
        let meanings = VectorTable::built_in().width() as u32;
        for (meaning, scale) in [(&turn.meaning, MEANING), (&turn.before_meaning, BEFORE_MEANING)] {
            out.extend((at..).zip(meaning).filter(|(_, x)| **x != 0.0).map(|(place, x)| (place, scale * x)));
            at += meanings;
        }
        out.extend((at..).zip(&turn.signs).filter(|(_, x)| **x != 0.0).map(|(place, x)| (place, SIGN * x)));
        at += SIGNS as u32;
        let shares = vote.shares(&turn.signs);
        out.push((at, VOTE * (shares[0] / shares[1]).ln()));
        out.push((at + 1, VOTE * (shares[2] / shares[1]).ln()));
        out
    }
}
