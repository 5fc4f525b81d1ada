use super::*;
use crate::base::bytes::BytesError;
use crate::base::rng::Rng;
use crate::domain::{Cancelled, IntentId, Reporter, SilentReporter};
use crate::learn::contract::{FitError, LearnerRecipe, Predict, Section};
use crate::learn::vectors::built_in::built_in;
use crate::learn::vectors::embed::Embedder;
use crate::learn::vectors::grams::GramRules;
use crate::learn::vectors::table::VectorTable;
use std::sync::{Arc, Mutex};

fn example(text: &str, intent: i64, group: u64) -> IntentExample {
    IntentExample { text: text.to_owned(), intent: IntentId(intent), group, weight: 1.0 }
}

/// A few intents with a word of their own in each text.
fn orders() -> Vec<IntentExample> {
    let words = [("refund", "money back"), ("parcel", "delivery late"), ("card", "payment failed")];
    let frames = ["where is my", "I need help with the", "please look at this", "what about a", "it is the"];
    let mut all = Vec::new();
    for (intent, (a, b)) in words.iter().enumerate() {
        for (i, frame) in frames.iter().enumerate() {
            for word in [a, b] {
                all.push(example(&format!("{frame} {word} {i}"), intent as i64 + 10, all.len() as u64));
            }
        }
    }
    all
}

#[test]
fn learns_and_ranks_with_confidences() {
    let trained = IntentRecipe::plain(1).fit(&orders(), &SilentReporter).unwrap();
    let p = trained.model.predict("my delivery is late!");
    assert_eq!(p.best().map(|b| b.0), Some(IntentId(11)));
    assert_eq!(p.ranking.len(), 3);
    assert!((p.ranking.iter().map(|r| r.1).sum::<f32>() - 1.0).abs() < 1e-5);
    assert!((p.ranking[0].1 - p.ranking[1].1 - p.margin).abs() < 1e-6);
    assert!(p.score > trained.model.predict("qqq www").score);
    assert_eq!(trained.model.predict_batch(&["my delivery is late!"]), [p]);
    assert_eq!(trained.model.intents(), [IntentId(10), IntentId(11), IntentId(12)]);
    let right = trained.out_of_fold.iter().zip(orders()).filter(|(p, e)| p.best().map(|b| b.0) == Some(e.intent));
    assert!(right.count() >= 27);
    for ((p, given), e) in trained.out_of_fold.iter().zip(&trained.given).zip(orders()) {
        let ranked = p.ranking.iter().find(|r| r.0 == e.intent).map(|r| r.1);
        assert!((ranked.unwrap() - given.unwrap()).abs() < 1e-6, "three intents are all ranked");
    }
}

#[test]
fn tiny_data_trains_too() {
    assert_eq!(IntentRecipe::plain(1).fit(&[], &SilentReporter).err(), Some(FitError::NothingToLearn));
    let unweighted = IntentExample { weight: 0.0, ..example("a", 1, 1) };
    assert_eq!(
        IntentRecipe::plain(1).fit(std::slice::from_ref(&unweighted), &SilentReporter).err(),
        Some(FitError::NothingToLearn)
    );

    let one = IntentRecipe::plain(1).fit(&[example("hello", 1, 1), unweighted], &SilentReporter).unwrap();
    assert_eq!(one.out_of_fold, [IntentPrediction::unknown(), IntentPrediction::unknown()]);
    assert_eq!(one.given, [None, None]);
    assert_eq!(one.model.predict("hello").ranking, [(IntentId(1), 1.0)]);

    let two = IntentRecipe::plain(1).fit(&[example("hello", 1, 1), example("bye", 2, 2)], &SilentReporter).unwrap();
    assert_eq!(two.model.predict("bye").best().map(|b| b.0), Some(IntentId(2)));
    let folds: Vec<_> = two.out_of_fold.iter().map(|p| p.best().map(|b| b.0)).collect();
    assert_eq!(folds, [Some(IntentId(2)), Some(IntentId(1))], "each was predicted by the other's model");

    let empty = IntentRecipe::plain(1)
        .fit(&[example("", 1, 1), example("?!", 2, 2), example("", 2, 3)], &SilentReporter)
        .unwrap();
    assert_eq!(empty.model.predict("zzz").ranking.len(), 2);
    for nothing in ["", "  ", "😀", "?!", "\u{200b}"] {
        assert_eq!(empty.model.predict(nothing), IntentPrediction::unknown(), "{nothing:?}");
        assert_eq!(empty.model.predict_batch(&["zzz", nothing])[1], IntentPrediction::unknown());
    }
    let bad = IntentExample { weight: f32::NAN, ..example("x", 3, 9) };
    assert!(IntentRecipe::plain(1).fit(&[bad, example("y", 1, 1)], &SilentReporter).is_ok());
}

#[test]
fn no_fold_knows_a_group_or_a_text() {
    let mut all = orders();
    // Only the group's other turn, and only the same words elsewhere, tell what these mean.
    all.push(example("zyx wvu", 12, 500));
    all.push(example("zyx wvu zyx", 12, 500));
    all.push(example("Qrst, mnop?", 12, 600));
    all.push(example("qrst mnop", 12, 601));
    let trained = IntentRecipe::plain(3).fit(&all, &SilentReporter).unwrap();
    for (p, e) in trained.out_of_fold.iter().zip(&all).skip(30) {
        let same = trained.model.predict(&e.text);
        assert_eq!(same.best().map(|b| b.0), Some(IntentId(12)));
        assert!(p.score < 0.0 && same.score > 0.0, "{}: {} in fold, {} out", e.text, same.score, p.score);
    }
}

#[test]
fn repeats_weigh_like_one_example_said_often() {
    let mut often = orders();
    often.extend((0..4).map(|i| example("it is the refund 4", 12, 700 + i)));
    let mut heavy = orders();
    heavy.push(IntentExample { weight: 4.0, ..example("it is the refund 4", 12, 700) });
    let (a, b) = (
        IntentRecipe::plain(1).fit(&often, &SilentReporter).unwrap().model,
        IntentRecipe::plain(1).fit(&heavy, &SilentReporter).unwrap().model,
    );
    let text = "it is the refund 4";
    assert_eq!(a.predict(text).best().map(|x| x.0), Some(IntentId(12)));
    // Only document frequencies differ.
    assert!((a.predict(text).best().unwrap().1 - b.predict(text).best().unwrap().1).abs() < 0.1);
}

#[test]
fn threads_and_order_of_work_change_no_byte() {
    let on = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| IntentRecipe::plain(9).fit(&orders(), &SilentReporter)).unwrap()
    };
    let (one, three) = (on(1), on(3));
    assert_eq!(one.model.to_bytes().unwrap(), three.model.to_bytes().unwrap());
    assert_eq!(one.out_of_fold, three.out_of_fold);
    assert_eq!(one.given, three.given);
}

#[test]
fn bytes_come_back_and_damage_is_an_error() {
    let model = IntentRecipe::plain(1).fit(&orders(), &SilentReporter).unwrap().model;
    let bytes = model.to_bytes().unwrap();
    assert_eq!(IntentModel::from_bytes(&bytes).unwrap(), model);
    assert_eq!(IntentModel::from_bytes(b"nonsense"), Err(BytesError::Kind("an intent model")));
    let mut newer = bytes.clone();
    newer[4] = 4;
    assert!(matches!(IntentModel::from_bytes(&newer), Err(BytesError::Version { found: 4, .. })));
    damage(&bytes);
    let model = with_table().fit(&orders(), &SilentReporter).unwrap().model;
    let bytes = model.to_bytes().unwrap();
    let back = IntentModel::from_bytes(&bytes).unwrap();
    assert_eq!((back.needs(), back.predict("my delivery is late!")), (None, model.predict("my delivery is late!")));
    assert_eq!(back, model);
    damage(&bytes);
}

/// Whatever happens to the bytes: an error, or a model that answers.
fn damage(bytes: &[u8]) {
    let mut rng = Rng::new(4);
    for _ in 0..500 {
        let mut bad = bytes.to_vec();
        for _ in 0..1 + rng.below(4) {
            // Half of the damage to the header, where lengths are.
            let end = if rng.below(2) == 0 { 80 } else { bad.len() };
            let at = rng.below(end);
            bad[at] = rng.next_u64() as u8;
        }
        bad.truncate(bad.len() - rng.below(2) * rng.below(bad.len()));
        if let Ok(model) = IntentModel::from_bytes(&bad) {
            model.predict("where is my refund");
        }
    }
}

#[test]
fn numbers_that_no_training_gives_are_refused_or_give_confidences_all_the_same() {
    let bytes = IntentRecipe::plain(1).fit(&orders(), &SilentReporter).unwrap().model.to_bytes().unwrap();
    let with = |at: usize, number: &[u8]| {
        let mut forged = bytes.clone();
        forged[at..at + number.len()].copy_from_slice(number);
        IntentModel::from_bytes(&forged)
    };
    // The first head's weight, the least score, the number of training texts: places of the format.
    for weight in [f32::MAX, 1e30, f32::INFINITY, f32::NAN, -1.0] {
        assert_eq!(with(38, &weight.to_le_bytes()), Err(BytesError::Damaged("a number is out of range")), "{weight}");
    }
    for (at, number) in
        [(38, &1e12f32.to_le_bytes()[..]), (54, &f32::MIN.to_le_bytes()), (22, &u64::MAX.to_le_bytes()), (22, &[0; 8])]
    {
        let guess = with(at, number).unwrap().predict("where is my refund");
        let sum: f32 = guess.ranking.iter().map(|r| r.1).sum();
        assert!((sum - 1.0).abs() < 1e-5 && guess.score.is_finite(), "{at} {number:?}: {guess:?}");
    }
}

/// Remembers what was reported and cancels after a number of steps.
struct Recorder {
    steps: Mutex<Vec<(u64, u64)>>,
    allowed: usize,
}

impl Reporter for Recorder {
    fn step(&self, _: &str, done: u64, total: u64) -> Result<(), Cancelled> {
        let mut steps = self.steps.lock().unwrap();
        steps.push((done, total));
        if steps.len() > self.allowed { Err(Cancelled) } else { Ok(()) }
    }
}

#[test]
fn progress_is_told_and_cancelling_stops() {
    let all = Recorder { steps: Mutex::default(), allowed: usize::MAX };
    IntentRecipe::plain(1).fit(&orders(), &all).unwrap();
    let mut steps = all.steps.into_inner().unwrap();
    steps.sort_unstable();
    assert_eq!(steps.last(), Some(&(3, 3)), "three intents");
    let few = Recorder { steps: Mutex::default(), allowed: 1 };
    assert_eq!(IntentRecipe::plain(1).fit(&orders(), &few).err(), Some(FitError::Cancelled(Cancelled)));
    assert!(few.steps.into_inner().unwrap().len() <= 3);
}

#[test]
fn labels_in_english_answer_greek_customers() {
    let examples = [
        (1, "where is my order"),
        (1, "my parcel has not arrived"),
        (1, "track my delivery"),
        (2, "i want my money back"),
        (2, "please refund me"),
        (2, "when do i get my refund"),
        (3, "i forgot my password"),
        (3, "i cannot log in"),
        (3, "reset my password"),
    ];
    let examples: Vec<IntentExample> = (0..)
        .zip(examples)
        .map(|(group, (i, text))| IntentExample { text: text.into(), intent: IntentId(i), group, weight: 1.0 })
        .collect();
    let recipe = IntentRecipe { embedder: Some(built_in()), ..IntentRecipe::plain(1) };
    let model = recipe.fit(&examples, &SilentReporter).unwrap().model;
    for (intent, text) in [
        (1, "πού είναι το δέμα μου;"),
        (1, "den irthe akoma h paraggelia mou"),
        (2, "θέλω επιστροφή χρημάτων"),
        (2, "thelo ta lefta mou piso"),
        (3, "ξέχασα τον κωδικό μου"),
        (3, "den mporo na sindetho"),
    ] {
        assert_eq!(model.predict(text).best().unwrap().0, IntentId(intent), "{text}");
    }
    let bytes = model.to_bytes().unwrap();
    assert_eq!(IntentModel::from_bytes(&bytes).as_ref(), Ok(&model));
    assert_eq!(bytes[4..6], [3, 0]);
}

#[test]
fn a_model_by_former_rules_is_trained_read_and_written_as_it_was() {
    let recipe =
        IntentRecipe { rules: GramRules::AsWritten, embedder: Some(VectorTable::built_in()), ..IntentRecipe::plain(1) };
    let model = recipe.fit(&orders(), &SilentReporter).unwrap().model;
    let bytes = model.to_bytes().unwrap();
    assert_eq!((bytes[4..6].to_vec(), IntentModel::from_bytes(&bytes)), (vec![2, 0], Ok(model.clone())));
    let read = |text| model.predict(text).score;
    assert!((read("where is my order") - read("WHERE is my order")).abs() < 1e-6);
    assert!(model.rules() == GramRules::AsWritten && model.needs().is_none());
}

fn with_table() -> IntentRecipe<'static> {
    IntentRecipe { embedder: Some(VectorTable::built_in()), ..IntentRecipe::plain(1) }
}

#[test]
fn loss_is_told_and_falls() {
    struct Losses(Mutex<Vec<f64>>);
    impl Reporter for Losses {
        fn step(&self, _: &str, _: u64, _: u64) -> Result<(), Cancelled> {
            Ok(())
        }
        fn loss(&self, mean: f64) {
            self.0.lock().unwrap().push(mean);
        }
    }
    let losses = Losses(Mutex::default());
    with_table().fit(&orders(), &losses).unwrap();
    let losses = losses.0.into_inner().unwrap();
    assert!((losses[0] - 3f64.ln()).abs() < 1e-6, "knows nothing at first: {losses:?}");
    assert!(losses.len() > 3 && losses[losses.len() - 2] < losses[0] / 2.0, "{losses:?}");
}

#[test]
fn names_teach_what_no_example_says() {
    let names = [(IntentId(10), "lost_luggage".to_owned()), (IntentId(99), "unused".to_owned())];
    let plain = IntentRecipe::plain(1).fit(&orders(), &SilentReporter).unwrap();
    let named = (IntentRecipe { names: &names, ..IntentRecipe::plain(1) }).fit(&orders(), &SilentReporter).unwrap();
    let confidence = |t: &FittedIntents| {
        let p = t.model.predict("my luggage");
        p.ranking.iter().find(|r| r.0 == IntentId(10)).unwrap().1
    };
    assert!(confidence(&named) > confidence(&plain) + 0.1);
    assert_eq!((named.out_of_fold.len(), named.model.intents().len()), (30, 3), "a name alone makes no intent");
}

#[test]
fn a_newer_label_outweighs_those_it_contradicts() {
    let said = |labels: &[i64]| {
        let mut all = orders();
        all.extend(labels.iter().enumerate().map(|(i, &l)| example("so what now", l, 800 + i as u64)));
        IntentRecipe::plain(1).fit(&all, &SilentReporter).unwrap().model.predict("So what, now?").best().unwrap().0
    };
    assert_eq!(said(&[10, 11]), IntentId(11));
    assert_eq!(said(&[11, 10]), IntentId(10));
    assert_eq!(said(&[10, 10, 11]), IntentId(11), "one newer against two older");
    assert_eq!(said(&[10, 10, 10, 10, 10, 10, 11]), IntentId(10), "but not against any number");
}

#[test]
fn a_start_changes_the_time_and_not_the_result() {
    let (old, all) = (orders(), {
        let mut all = orders();
        all.extend((0..6).map(|i| example(&format!("cancel my booking {i}"), 13, 900 + i)));
        all
    });
    let first = with_table().fit(&old, &SilentReporter).unwrap().model;
    let cold = with_table().fit(&all, &SilentReporter).unwrap();
    let warm = || (IntentRecipe { start: Some(&first), ..with_table() }).fit(&all, &SilentReporter).unwrap();
    let once = warm();
    assert_eq!(once.model.to_bytes().unwrap(), warm().model.to_bytes().unwrap(), "a chain is reproducible");
    assert_ne!(once.model.to_bytes().unwrap(), cold.model.to_bytes().unwrap());
    for text in ["cancel booking", "my delivery is late!", "payment failed again"] {
        let [a, b] = [&once, &cold].map(|t| t.model.predict(text));
        assert_eq!(a.best().unwrap().0, b.best().unwrap().0);
        assert!((a.best().unwrap().1 - b.best().unwrap().1).abs() < 0.05, "{a:?} {b:?}");
    }
    // Held-out texts are not known through the start: labels that it learned by heart stay unknown out of fold.
    let mut odd = old.clone();
    odd.push(example("zyx wvu", 12, 500));
    let knows = with_table().fit(&odd, &SilentReporter).unwrap().model;
    let again = (IntentRecipe { start: Some(&knows), ..with_table() }).fit(&odd, &SilentReporter).unwrap();
    assert!(again.given[30].unwrap() < again.model.predict("zyx wvu").best().unwrap().1 - 0.2);
}

#[test]
fn the_reserved_intent_says_out_of_scope() {
    let mut all = orders();
    all.extend((0..8).map(|i| example(&format!("tell me a joke about cats {i}"), 1, 300 + i)));
    let names = [(IntentId(1), crate::domain::OUT_OF_SCOPE.to_owned())];
    let model = (IntentRecipe { names: &names, ..IntentRecipe::plain(1) }).fit(&all, &SilentReporter).unwrap().model;
    let [joke, order] = ["a joke about cats please", "my delivery is late!"].map(|t| model.predict(t));
    assert!(joke.out_of_scope && !order.out_of_scope && joke.score < order.score);
    assert_eq!(IntentModel::from_bytes(&model.to_bytes().unwrap()).unwrap(), model);
}

/// Knows two words.
struct Two(&'static str);

impl Embedder for Two {
    fn key(&self) -> &str {
        self.0
    }
    fn width(&self) -> usize {
        2
    }
    fn embed(&self, texts: &[&str], _: &dyn Reporter) -> Result<Vec<f32>, Cancelled> {
        let one = |t: &&str| if t.contains("refund") { [1.0, 0.0] } else { [0.0, 1.0] };
        Ok(texts.iter().flat_map(one).collect())
    }
}

#[test]
fn a_model_takes_the_encoder_it_was_trained_with_and_no_other() {
    let recipe = IntentRecipe { embedder: Some(Arc::new(Two("two"))), ..IntentRecipe::plain(1) };
    let model = recipe.fit(&orders(), &SilentReporter).unwrap().model;
    assert_eq!((model.needs(), model.embedder_key()), (None, Some("two")));
    let mut read = IntentModel::from_bytes(&model.to_bytes().unwrap()).unwrap();
    assert_eq!(read.needs(), Some("two"));
    let wrong = read.attach(Arc::new(Two("three"))).unwrap_err();
    assert_eq!((wrong.needed.as_str(), wrong.offered.as_str()), ("two", "three"));
    read.attach(Arc::new(Two("two"))).unwrap();
    assert_eq!((read.needs(), read.predict("refund")), (None, model.predict("refund")));
    assert!(
        IntentRecipe::plain(1).fit(&orders(), &SilentReporter).unwrap().model.attach(Arc::new(Two("two"))).is_err()
    );
}
