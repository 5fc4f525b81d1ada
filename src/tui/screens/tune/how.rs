//! How a candidate is made: by the built-in classifier, by a trainer of one's own, or by asking an AI that answers elsewhere.

use crate::domain::{Ask, Outside};
use crate::tui::app::App;
use crate::tui::effect::{Effect, How};
use crate::tui::overlays::{Choice, Entry, Menu, Overlay};
use crate::tui::widgets::words;

/// The ways that the configuration adds, by name, each with what it does.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ways {
    /// Programs that train.
    pub trainers: Vec<(String, String)>,
    /// AIs that are asked.
    pub ais: Vec<(String, String)>,
}

impl Ways {
    /// What a configuration names. Nothing of it is secret.
    pub fn of(outside: &Outside) -> Self {
        let trainers = outside.trainers.values().map(|t| (t.name.clone(), t.command.join(" ")));
        let ais = outside.ais.values().map(|ai| {
            let asked = match &ai.ask {
                Ask::Command { command, .. } => command.join(" "),
                Ask::Rasa { url } | Ask::Chat { url, .. } => url.clone(),
            };
            (ai.name.clone(), asked)
        });
        Self { trainers: trainers.collect(), ais: ais.collect() }
    }
}

/// What the start key does, to follow "s …".
pub fn words_of(how: &How) -> String {
    match how {
        How::Live => "trains from the live model".to_owned(),
        How::Scratch => "trains from scratch".to_owned(),
        How::Trainer(name) => format!("has {} train", words::fit(&words::line(name), 20)),
        How::Ask(name) => format!("asks {}", words::fit(&words::line(name), 20)),
    }
}

/// The list to choose from.
pub fn open(app: &mut App) -> Vec<Effect> {
    let entry = |how: How, text: String, hint: &str| {
        let now = app.tune.how == how;
        Entry::new(text, words::fit(&words::line(hint), 36), Choice::How(how)).mark(now)
    };
    let mut entries = vec![
        entry(How::Live, "built in, from the live model".to_owned(), "its parent; quick"),
        entry(How::Scratch, "built in, from scratch".to_owned(), "no parent"),
    ];
    let ways = &app.tune.ways;
    entries.extend(ways.trainers.iter().map(|(name, what)| {
        entry(How::Trainer(name.clone()), format!("trainer {}", words::fit(&words::line(name), 20)), what)
    }));
    entries.extend(ways.ais.iter().map(|(name, what)| {
        entry(How::Ask(name.clone()), format!("measure {}", words::fit(&words::line(name), 20)), what)
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
    app.overlays.push(Overlay::Menu(Menu::new("How is the next candidate made?", note, entries.collect())));
    Vec::new()
}

/// One of them is chosen.
pub fn choose(app: &mut App, how: How) -> Vec<Effect> {
    let key = app.keys.map.key_of(crate::action::Action::StartTuning);
    let text = format!("{key} {}", words_of(&how));
    app.tune.how = how;
    app.say(text)
}
