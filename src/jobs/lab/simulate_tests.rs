//! Simulated weeks on a generated file.

use super::*;
use crate::domain::SilentReporter;

/// Six matters of the same words in other company; some are said far more often than others.
fn rows(n: usize, seed: u64) -> Vec<LabelledText> {
    let own = ["parcel tracking", "money refund", "booking friday", "invoice vat", "open sunday", "voucher code"];
    let common: Vec<&str> = "please where the is my when can you tell for want need".split(' ').collect();
    let row = |i: u64| {
        let mut rng = Rng::part(seed, i);
        let matter = rng.below(own.len()).min(rng.below(own.len()));
        let words: Vec<&str> = own[matter].split(' ').collect();
        let other: Vec<&str> = own[rng.below(own.len())].split(' ').collect();
        let said = (0..6).map(|k| match k {
            0 => words[rng.below(2)],
            1 if rng.below(3) == 0 => other[rng.below(2)],
            _ => common[rng.below(common.len())],
        });
        LabelledText { text: said.collect::<Vec<_>>().join(" "), intent: own[matter].replace(' ', "_") }
    };
    (0..n as u64).map(row).collect()
}

fn options(strategy: Strategy) -> SimulateOptions {
    SimulateOptions {
        start: 1,
        weeks: 5,
        per_week: 40,
        review: 8,
        strategy,
        self_training: false,
        embedder: None,
        seed: 7,
        runs: 2,
    }
}

fn run(options: &SimulateOptions) -> Vec<SimulatedWeek> {
    simulate(&rows(180, 1), &rows(200, 2), options, &SilentReporter).unwrap()
}

#[test]
fn weeks_add_labels_and_the_model_gets_better() {
    for strategy in Strategy::ALL {
        let weeks = run(&options(strategy));
        let (first, last) = (&weeks[0], &weeks[4]);
        assert_eq!(weeks.iter().map(|w| w.week).collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
        assert_eq!(weeks.iter().map(|w| w.labels).collect::<Vec<_>>(), [14, 22, 30, 38, 46]);
        assert!(last.accuracy > first.before + 0.05, "{strategy:?}: {weeks:?}");
        for (w, next) in weeks.iter().zip(&weeks[1..]) {
            assert_eq!(next.before, w.accuracy);
            assert!(w.low <= w.accuracy && w.accuracy <= w.high && w.wrong <= 8.0, "{w:?}");
        }
        // 174 rows are left after the start: the fifth week gets the rest.
        assert_eq!(weeks.iter().map(|w| w.arrived).collect::<Vec<_>>(), [40, 40, 40, 40, 14]);
    }
}

#[test]
fn the_same_seed_is_the_same_run_on_any_number_of_threads() {
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    let four = rayon::ThreadPoolBuilder::new().num_threads(4).build().unwrap();
    let value = options(Strategy::Value);
    assert_eq!(one.install(|| run(&value)), four.install(|| run(&value)));
    assert_ne!(run(&value), run(&SimulateOptions { seed: 8, ..value.clone() }));
}

#[test]
fn flags_are_what_value_goes_by_first() {
    let wrong = |strategy| run(&options(strategy)).iter().map(|w| w.wrong).sum::<f64>();
    assert!(wrong(Strategy::Value) > wrong(Strategy::Random), "a flag is seven times as likely on a wrong answer");
}

#[test]
fn self_training_learns_from_what_waits() {
    let plain = options(Strategy::Random);
    let (without, with) = (run(&plain), run(&SimulateOptions { self_training: true, ..plain.clone() }));
    assert_eq!(with[0].before, without[0].before, "nothing waits before the first week");
    assert_eq!(with.iter().map(|w| w.labels).collect::<Vec<_>>(), without.iter().map(|w| w.labels).collect::<Vec<_>>());
    assert_ne!(with[0].accuracy, without[0].accuracy);
}

#[test]
fn when_everything_is_reviewed_the_labels_stay() {
    let weeks = run(&SimulateOptions { review: 100, weeks: 7, ..options(Strategy::Margin) });
    assert_eq!(weeks[6].labels, 180);
    assert_eq!((weeks[6].arrived, weeks[6].reviewed, weeks[6].wrong), (0, 0, 0.0));
    assert_eq!(weeks[6].accuracy, weeks[6].before);
}

#[test]
fn nothing_to_learn_or_to_score_is_said() {
    let unlabelled = vec![LabelledText { text: "hello".into(), intent: String::new() }];
    let value = options(Strategy::Value);
    let words = |train: &[LabelledText], test: &[LabelledText]| {
        simulate(train, test, &value, &SilentReporter).unwrap_err().to_string()
    };
    assert!(words(&unlabelled, &rows(5, 1)).contains("training file"));
    assert!(words(&rows(5, 1), &[]).contains("test file"));
}
