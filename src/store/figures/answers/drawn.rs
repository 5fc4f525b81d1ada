//! Answers that were drawn, with the chance that the log gives them: what always giving one would bring.

use super::facts::Facts;
use crate::learn::judge::off_policy::{ArmValue, LoggedChoice, always};
use crate::store::answers::book::AnswerBook;
use crate::store::answers::stage::AnswerStage;
use std::collections::BTreeMap;

/// Choices by intent and stage. Empty where nothing was drawn.
pub(super) struct Drawn(BTreeMap<(u32, AnswerStage), Vec<LoggedChoice>>);

impl Drawn {
    /// The choices of the period.
    pub fn new(book: &AnswerBook, facts: &Facts) -> Self {
        let mut out: BTreeMap<(u32, AnswerStage), Vec<LoggedChoice>> = BTreeMap::new();
        for (answer, arm) in book.answers.iter().zip(0..) {
            for chosen in &answer.chosen {
                let Some(fact) = facts.of(chosen.row).filter(|f| f.is_in) else { continue };
                let reward = f64::from(u8::from(fact.outcome == 1));
                let (propensity, weight) = (f64::from(chosen.propensity), fact.weight);
                let choice = LoggedChoice { arm, reward, propensity, weight };
                out.entry((fact.intent, chosen.stage)).or_default().push(choice);
            }
        }
        Self(out)
    }

    /// What always giving an answer (its place in the book) would bring. `None` where it was never drawn there.
    pub fn value(&self, answer: usize, intent: u32, stage: AnswerStage) -> Option<ArmValue> {
        always(self.0.get(&(intent, stage))?, i64::try_from(answer).ok()?)
    }
}
