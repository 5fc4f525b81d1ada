use super::*;
use crate::domain::SilentReporter;
use crate::learn::contract::{FitError, Fitted, LearnerRecipe, Predict, Section};

fn example<'a>(text: &'a str, before: &'a str, feeling: Option<Feeling>, group: u64) -> SentimentExample<'a> {
    SentimentExample { turn: SentimentTurn { text, before, repeats: false }, feeling, group, weight: 1.0 }
}

/// Turns of a ferry's customers without labels.
fn turns() -> Vec<SentimentExample<'static>> {
    let said = [
        ("I need a ferry to Paros on Tuesday", ""),
        ("two adults and a car", "For how many?"),
        ("no, that is wrong, I said Naxos", "Sorry, I could not find a ferry to Paxos."),
        ("perfect, thank you so much!", "Your booking has been made successfully."),
        ("what time does it leave", "There is one at noon."),
        ("λάθος, δεν ρώτησα αυτό", "Λυπάμαι, δεν μπορώ να το βρω."),
        ("τέλεια, ευχαριστώ πολύ", "Η κράτηση έγινε."),
        ("lathos, den rotisa auto", "Signomi, den vrika"),
        ("from Piraeus please", "From where?"),
        ("ok and the price", "It leaves at seven."),
    ];
    (0..120)
        .map(|i| {
            let (text, before) = said[i % said.len()];
            example(text, before, None, i as u64)
        })
        .collect()
}

#[test]
fn signs_alone_teach_what_is_plain() {
    let model = SentimentRecipe::default().fit(&turns(), &SilentReporter).unwrap().into_model();
    let says = |text, before| model.predict(SentimentTurn { text, before, repeats: false });
    let worst = says("this is wrong, useless", "Sorry, I am unable to do that.");
    assert_eq!(worst.feeling, Feeling::Negative, "{worst:?}");
    assert_eq!(says("λάθος", "Δυστυχώς δεν βρήκα τίποτα").feeling, Feeling::Negative);
    assert_eq!(says("wonderful, you have been very helpful", "Your booking is confirmed").feeling, Feeling::Positive);
    assert_eq!(says("from Piraeus", "From where?").feeling, Feeling::Neutral);
    assert_eq!((model.human(), model.turns()), (0, 120));
}

#[test]
fn labels_overrule_the_signs() {
    // In this store people say `sick` when they are pleased.
    let mut examples = turns();
    let texts: Vec<String> = (0..60).map(|i| format!("sick ferry number {i}")).collect();
    examples.extend(texts.iter().zip(200..).map(|(t, g)| example(t, "", Some(Feeling::Positive), g)));
    let fitted = SentimentRecipe::default().fit(&examples, &SilentReporter).unwrap();
    assert_eq!(fitted.unseen(130).map(|g| g.feeling), Some(Feeling::Positive));
    let model = fitted.into_model();
    let said = model.predict(SentimentTurn { text: "sick ferry", before: "", repeats: false });
    assert_eq!((said.feeling, model.human()), (Feeling::Positive, 60));
    assert!((said.shares.iter().sum::<f32>() - 1.0).abs() < 1e-5);
}

#[test]
fn a_model_survives_bytes_and_the_same_turns_give_the_same() {
    let fit = || SentimentRecipe::default().fit(&turns(), &SilentReporter).unwrap().into_model();
    let model = fit();
    let bytes = model.to_bytes().unwrap();
    assert_eq!(SentimentModel::from_bytes(&bytes).as_ref(), Ok(&model));
    assert_eq!(fit().to_bytes().unwrap(), bytes);
    assert!(SentimentModel::from_bytes(&bytes[..bytes.len() - 2]).is_err());
    assert_eq!(SentimentRecipe::default().fit(&[], &SilentReporter).err(), Some(FitError::NothingToLearn));
    let one = [example("hello", "", Some(Feeling::Neutral), 1)];
    assert_eq!(SentimentRecipe::default().fit(&one, &SilentReporter).unwrap().into_model().turns(), 1);
}
