//! How a candidate is made: by the built-in classifier, by a trainer of one's own, or by asking an AI that answers elsewhere.

use super::state::TuneScreen;
use crate::action::Action;
use crate::tui::state::choice::TuneChoice;
use crate::tui::state::effect::{Effect, say};
use crate::tui::state::float::{ListEntry, MenuSpec};
use crate::tui::state::shared::SharedState;
use crate::tui::state::work::CandidateMethod;
use crate::tui::widgets::words;

/// What the start key does, to follow "s …".
pub fn words_of(how: &CandidateMethod) -> String {
    match how {
        CandidateMethod::Live => "trains from the live model".to_owned(),
        CandidateMethod::Scratch => "trains from scratch".to_owned(),
        CandidateMethod::Trainer(name) => format!("has {} train", words::fit(&words::line(name), 20)),
        CandidateMethod::Ask(name) => format!("asks {} the gold texts", words::fit(&words::line(name), 20)),
    }
}

/// Builds the list to choose from.
pub fn list(tune: &TuneScreen) -> MenuSpec {
    let entry = |how: CandidateMethod, text: String, hint: &str| {
        let now = tune.how == how;
        ListEntry::new(text, words::fit(&words::line(hint), 36), TuneChoice::How(how)).mark(now)
    };
    let mut entries = vec![
        entry(CandidateMethod::Live, "built in, from the live model".to_owned(), "its parent; quick"),
        entry(CandidateMethod::Scratch, "built in, from scratch".to_owned(), "no parent"),
    ];
    let ways = &tune.ways;
    entries.extend(ways.trainers.iter().map(|(name, what)| {
        entry(CandidateMethod::Trainer(name.clone()), format!("trainer {}", words::fit(&words::line(name), 20)), what)
    }));
    entries.extend(ways.ais.iter().map(|ai| {
        entry(
            CandidateMethod::Ask(ai.name.clone()),
            format!("measure {}", words::fit(&words::line(&ai.name), 20)),
            &ai.at,
        )
    }));
    let digits = ('1'..='9').map(Some).chain(std::iter::repeat(None));
    let entries = entries.into_iter().zip(digits).map(|(e, digit)| match digit {
        Some(digit) => e.key(digit),
        None => e,
    });
    let note = if ways.trainers.is_empty() && ways.ais.is_empty() {
        "Trainers of your own and AIs that answer elsewhere are named in the configuration: [trainer] and [ai]."
    } else {
        "Whatever makes the candidate, it is compared, judged and promoted in the same way."
    };
    MenuSpec::new("How is the next candidate made?", note, entries.collect())
}

/// Takes one of them.
pub fn choose(tune: &mut TuneScreen, shared: &SharedState, how: CandidateMethod) -> Vec<Effect> {
    let text = format!("{} {}", tune.key(shared, Action::StartTuning), words_of(&how));
    tune.how = how;
    say(text)
}
