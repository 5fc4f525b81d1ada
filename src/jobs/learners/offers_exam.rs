//! What judges a model of offers, and what models say of it that have not heard it.

use super::judged::{JudgedGain, judge};
use crate::domain::{ConversationId, Reporter};
use crate::jobs::JobError;
use crate::learn::contract::{Fitted, LearnerRecipe};
use crate::learn::judge::binary::{Weighed, loss};
use crate::learn::offers::{OfferExample, OfferFeatures, OfferLift, OfferModel, OfferRecipe, OfferRules};

/// What came since is heard in so many parts: each is told by what has heard all before it.
const PARTS: usize = 5;

/// Which answers judge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OfferJudges {
    /// Nothing is live: test groups and the last fifth of time.
    All,
    /// What came after the newest conversation that what is live may have learnt from, in parts.
    Since(ConversationId),
    /// Nobody noted how what is live was learnt, or it was by other rules: test groups, which teach nobody.
    TestGroups,
}

impl OfferJudges {
    /// Whether a conversation judges.
    pub fn has(self, conversation: ConversationId, is_test: bool, is_late: bool) -> bool {
        match self {
            Self::All => is_test || is_late,
            Self::Since(known) => conversation > known,
            Self::TestGroups => is_test,
        }
    }

    const fn parts(self) -> usize {
        match self {
            Self::All | Self::TestGroups => 1,
            Self::Since(_) => PARTS,
        }
    }
}

/// An answered offer of the store.
pub(super) struct AnsweredOffer {
    /// As it is judged: with all that was known.
    pub example: OfferExample,
    /// As it teaches, where that is another.
    pub lesson: Option<OfferFeatures>,
    pub group: i64,
    /// The part of what judges that it is in; `None`: it does not judge.
    pub part: Option<usize>,
    /// It never teaches.
    pub is_test: bool,
    /// In the last fifth of time.
    pub is_late: bool,
}

impl AnsweredOffer {
    /// It is not heard before it has judged.
    pub fn judges(&self) -> bool {
        self.part.is_some()
    }

    /// It is heard before anything judges.
    pub fn teaches_at_once(&self) -> bool {
        !self.is_test && self.part.is_none()
    }

    fn lesson(&self) -> OfferExample {
        let features = self.lesson.as_ref().unwrap_or(&self.example.features).clone();
        OfferExample { features, ..self.example }
    }
}

/// Puts what judges into parts, in the order of time; a conversation's offers stay together.
pub(super) fn in_parts(answers: &mut [AnsweredOffer], judges: OfferJudges) {
    let all = answers.iter().filter(|a| a.judges()).count();
    let mut before = 0;
    for conversation in answers.chunk_by_mut(|a, b| a.example.group == b.example.group) {
        let part = before * judges.parts() / all.max(1);
        for a in conversation.iter_mut().filter(|a| a.judges()) {
            (a.part, before) = (Some(part), before + 1);
        }
    }
}

/// Fits a model to some answers.
pub(super) fn fit(
    answers: &[AnsweredOffer],
    keep: &dyn Fn(&AnsweredOffer) -> bool,
    rules: OfferRules,
    reporter: &dyn Reporter,
) -> Result<OfferModel, JobError> {
    let mut examples: Vec<OfferExample> = answers.iter().filter(|a| keep(a)).map(AnsweredOffer::lesson).collect();
    let mean = examples.iter().map(|e| e.weight).sum::<f64>() / examples.len().max(1) as f64;
    if mean > 0.0 {
        examples.iter_mut().for_each(|e| e.weight /= mean);
    }
    Ok(OfferRecipe { rules }.fit(&examples, reporter)?.into_model())
}

/// What models say of answers that judge: of each part the one that has heard what teaches at once and the parts before (Dawid 1984,
/// "Statistical theory: the prequential approach").
pub(super) struct Trial {
    /// Of each answer that judges, in the order of time.
    pub said: Vec<Weighed>,
    /// The rate of a yes where no part was heard.
    pub base: f64,
    /// The last of the models may be asked.
    pub is_shown: bool,
}

impl Trial {
    /// Of answers that are in parts.
    pub fn of(answers: &[AnsweredOffer], rules: OfferRules, reporter: &dyn Reporter) -> Result<Self, JobError> {
        let mut out = Self { said: Vec::new(), base: 0.0, is_shown: false };
        let parts = answers.iter().filter_map(|a| a.part).max().map_or(0, |last| last + 1);
        for part in 0..parts {
            let model = fit(answers, &|a| !a.is_test && a.part.is_none_or(|p| p < part), rules, reporter)?;
            if part == 0 {
                out.base = model.base_rate();
            }
            out.is_shown = model.is_shown();
            let told = answers.iter().filter(|a| a.part == Some(part));
            out.said.extend(told.map(|a| (model.chance(&a.example.features), a.example.accepted, a.example.weight)));
        }
        Ok(out)
    }
}

/// By how much less what is said of answers surprises than their own rate, said of each; with its interval by customer.
pub(super) fn lift_of(said: &[Weighed], customers: &[i64], seed: u64) -> OfferLift {
    let (all, yes) = said.iter().fold((0.0, 0.0), |(n, k), s| (n + s.2, k + if s.1 { s.2 } else { 0.0 }));
    let rate = (yes + 1.0) / (all + 2.0);
    let gain = |(&customer, &(p, yes, weight)): (&i64, &Weighed)| JudgedGain {
        customer,
        gain: loss(rate, yes) - loss(p, yes),
        weight,
    };
    let found = judge(&customers.iter().zip(said).map(gain).collect::<Vec<_>>(), seed);
    OfferLift { mean: found.delta, lo: found.ci95[0], hi: found.ci95[1], n: said.len() as u64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_judges_is_in_parts_and_no_conversation_in_two() {
        let answer = |i: u64| AnsweredOffer {
            example: OfferExample { features: OfferFeatures::default(), accepted: false, group: i / 3, weight: 1.0 },
            lesson: None,
            group: i as i64,
            part: (i >= 60).then_some(0),
            is_test: i.is_multiple_of(4),
            is_late: false,
        };
        let mut answers: Vec<AnsweredOffer> = (0..120).map(answer).collect();
        in_parts(&mut answers, OfferJudges::Since(ConversationId(20)));
        assert!(answers[..60].iter().all(|a| a.part.is_none()));
        assert!(answers[60..].chunks(3).all(|c| c.iter().all(|a| a.part == c[0].part)));
        assert_eq!((answers[60].part, answers[119].part), (Some(0), Some(PARTS - 1)));
        assert!(answers[60..].windows(2).all(|pair| pair[0].part <= pair[1].part));
        in_parts(&mut answers, OfferJudges::All);
        assert!(answers[60..].iter().all(|a| a.part == Some(0)), "beside nothing they are one");
    }

    #[test]
    fn what_is_said_of_another_world_does_no_better_than_a_rate() {
        let customers: Vec<i64> = (0..400).collect();
        let said = |right: bool| -> Vec<Weighed> {
            (0..400).map(|i| (if (i % 2 == 0) == right { 0.7 } else { 0.2 }, i % 2 == 0 && i % 8 != 0, 1.0)).collect()
        };
        let (of_this, of_another) = (lift_of(&said(true), &customers, 7), lift_of(&said(false), &customers, 7));
        assert!(of_this.lo > 0.0 && of_this.n == 400, "{of_this:?}");
        assert!(of_another.hi < 0.0, "{of_another:?}");
    }
}
