//! What every learner keeps to, asked of each of them in the same words.

use super::{FitError, Fitted, LearnerRecipe, Section};
use crate::base::rng::Rng;
use crate::domain::{Cancelled, IntentId, Reporter, SilentReporter};
use crate::learn::intent::{IntentExample, IntentRecipe};
use crate::learn::responses::{ResponseExample, ResponseRecipe};
use crate::learn::vectors::table::VectorTable;
use std::fmt::Debug;

/// Wants no work at all.
struct Unwilling;

impl Reporter for Unwilling {
    fn step(&self, _: &str, _: u64, _: u64) -> Result<(), Cancelled> {
        Err(Cancelled)
    }
}

type ModelOf<R, E> = <<R as LearnerRecipe<E>>::Fitted as Fitted>::Model;

/// Holds a recipe to the contract. `right` says whether an answer is an example's own.
fn keeps_the_contract<E, R>(recipe: &R, examples: &[E], right: impl Fn(&E, &<R::Fitted as Fitted>::Answer) -> bool)
where
    R: LearnerRecipe<E>,
    ModelOf<R, E>: PartialEq + Debug,
{
    let fitted = recipe.fit(examples, &SilentReporter).unwrap();
    let unseen: Vec<_> = (0..examples.len()).map(|at| fitted.unseen(at)).collect();
    assert!(fitted.unseen(examples.len()).is_none(), "there is no such example");
    let found = examples.iter().zip(&unseen).filter(|(e, said)| said.as_ref().is_some_and(|said| right(e, said)));
    assert!(2 * found.count() > examples.len(), "most of what was not seen is answered from the rest");

    let alone = recipe.fit(&examples[..1], &SilentReporter).unwrap();
    assert!(alone.unseen(0).is_none(), "nothing would be left to learn from");

    let model = fitted.into_model();
    let bytes = model.to_bytes().unwrap();
    assert_eq!(recipe.fit(examples, &SilentReporter).unwrap().into_model().to_bytes().unwrap(), bytes);
    let back = ModelOf::<R, E>::from_bytes(&bytes).unwrap();
    assert_eq!(back.to_bytes().unwrap(), bytes);
    assert_eq!(back, model);
    assert!((bytes.len() as u64) < ModelOf::<R, E>::MOST);
    let mut rng = Rng::new(1);
    for _ in 0..50 {
        assert!(ModelOf::<R, E>::from_bytes(&bytes[..rng.below(bytes.len())]).is_err(), "cut short");
    }

    assert_eq!(recipe.fit(examples, &Unwilling).err(), Some(FitError::Cancelled(Cancelled)));
}

#[test]
fn intents_keep_the_contract() {
    let said = ["where is my parcel", "refund the money", "are you open on sunday"];
    let example = |i: usize| IntentExample {
        text: format!("{} number {i}", said[i % 3]),
        intent: IntentId(i as i64 % 3),
        group: i as u64 / 2,
        weight: 1.0,
    };
    let examples: Vec<IntentExample> = (0..24).map(example).collect();
    let right =
        |e: &IntentExample, said: &crate::learn::intent::IntentPrediction| said.best().map(|b| b.0) == Some(e.intent);
    keeps_the_contract(&IntentRecipe::plain(1), &examples, right);
    keeps_the_contract(
        &IntentRecipe { embedder: Some(VectorTable::built_in()), ..IntentRecipe::plain(1) },
        &examples,
        right,
    );
    assert_eq!(IntentRecipe::plain(1).fit(&[], &SilentReporter).err(), Some(FitError::NothingToLearn));
}

#[test]
fn responses_keep_the_contract() {
    let said = ["It is on its way.", "It takes five days.", "We open at nine."];
    let example = |i: usize| ResponseExample {
        intent: IntentId(i as i64 % 3),
        group: i as i64 / 3,
        response: said[i % 3],
        corrected: (i == 4).then_some("It takes three days."),
        language: "en",
        corrected_language: "en",
        asked_language: "en",
        asked: None,
        resolved: false,
    };
    let examples: Vec<ResponseExample<'_>> = (0..24).map(example).collect();
    let right = |e: &ResponseExample<'_>, said: &crate::learn::responses::IntentResponse| said.text == e.response;
    keeps_the_contract(&ResponseRecipe::default(), &examples[..3 * 8], |e, said| {
        right(e, said) || said.text == "It takes three days."
    });
    // Who was corrected is answered from other conversations, which say the old words.
    let fitted = ResponseRecipe::default().fit(&examples, &SilentReporter).unwrap();
    assert!(right(&examples[4], &fitted.unseen(4).unwrap()));
    assert_eq!(fitted.unseen(1).unwrap().text, "It takes three days.");
}
