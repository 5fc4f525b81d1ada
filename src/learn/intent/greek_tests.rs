//! What customers of Cyprus write, 200 requests in three writings of our own (`tests/fixtures/greek`): labels in one serve the others.

use super::recipe::{IntentExample, IntentRecipe};
use crate::domain::{IntentId, SilentReporter};
use crate::learn::contract::LearnerRecipe;
use crate::learn::vectors::built_in;
use crate::text::fold::fold;
use crate::text::greek::Greek;
use crate::text::language::asked_in;

const UTTERANCES: &str = include_str!("../../../tests/fixtures/greek/utterances.tsv");

/// Intents with what is said in English, in Greek, and in Greek in Latin letters.
fn rows() -> Vec<(IntentId, [&'static str; 3])> {
    let mut names: Vec<&str> = Vec::new();
    let row = |line: &'static str| {
        let mut cells = line.split('\t');
        let name = cells.next().unwrap();
        let id = names.iter().position(|n| *n == name).unwrap_or_else(|| {
            names.push(name);
            names.len() - 1
        });
        (IntentId(1 + id as i64), std::array::from_fn(|_| cells.next().unwrap()))
    };
    UTTERANCES.lines().skip(1).map(row).collect()
}

#[test]
fn labels_in_one_writing_answer_customers_in_the_others() {
    let rows = rows();
    assert_eq!(rows.len(), 200);
    // By the writing of the labels: how many of 200 are right at least, asked in English, Greek, Greek in Latin letters.
    for (labels, least) in [(0, [200, 168, 165]), (1, [170, 200, 190]), (2, [165, 194, 200])] {
        let example = |(at, (intent, said)): (usize, &(IntentId, [&str; 3]))| IntentExample {
            text: said[labels].to_owned(),
            intent: *intent,
            group: at as u64,
            weight: 1.0,
        };
        let examples: Vec<IntentExample> = rows.iter().enumerate().map(example).collect();
        let recipe = IntentRecipe { embedder: Some(built_in::built_in()), ..IntentRecipe::plain(1) };
        let model = recipe.fit(&examples, &SilentReporter).unwrap().model;
        for (asked, least) in least.into_iter().enumerate() {
            let texts: Vec<&str> = rows.iter().map(|(_, said)| said[asked]).collect();
            let said = model.predict_batch(&texts);
            let right = said.iter().zip(&rows).filter(|(p, row)| p.best().is_some_and(|b| b.0 == row.0)).count();
            assert!(right >= least, "labels in writing {labels}, asked in {asked}: {right} of 200");
        }
    }
}

#[test]
fn which_of_the_three_writings_a_request_is_in_is_told() {
    let rows = rows();
    let of = |writing: usize, greek: Greek| rows.iter().filter(|r| Greek::of(&fold(r.1[writing])) == greek).count();
    assert_eq!((of(0, Greek::InLatin), of(1, Greek::ByLetters)), (0, 200));
    // Three lines of half English words are not.
    assert!(of(2, Greek::InLatin) >= 196, "{}", of(2, Greek::InLatin));
    assert!(rows.iter().filter(|r| asked_in(r.1[2], None) == "el").count() >= 196);
}
