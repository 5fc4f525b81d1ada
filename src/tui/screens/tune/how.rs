//! How a candidate is made: by the built-in classifier, by a trainer of one's own, or by asking an AI that answers elsewhere.

use crate::domain::{Ask, Outside};
use crate::tui::overlays::{Choice, Entry, Menu, Overlay};
use crate::tui::state::app::App;
use crate::tui::state::effect::{Effect, How};
use crate::tui::widgets::words;

/// The ways that the configuration adds, by name. Nothing of it is secret.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ways {
    /// Programs that train, each with its command.
    pub trainers: Vec<(String, String)>,
    /// AIs that are asked.
    pub ais: Vec<Asked>,
}

/// An AI that is asked.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    /// Its name.
    pub name: String,
    /// Its program or address.
    pub at: String,
    /// Questions a second at most.
    pub rate: f64,
    /// What a question costs.
    pub request: f64,
    /// Whether its tokens cost something, too.
    pub by_tokens: bool,
}

impl Ways {
    /// What a configuration names.
    pub fn of(outside: &Outside) -> Self {
        let trainers = outside.trainers.values().map(|t| (t.name.clone(), t.command.join(" ")));
        let ais = outside.ais.values().map(|ai| Asked {
            name: ai.name.clone(),
            at: match &ai.ask {
                Ask::Command { command, .. } => command.join(" "),
                Ask::Rasa { url } | Ask::Chat { url, .. } => url.clone(),
            },
            rate: ai.rate,
            request: ai.price.request,
            by_tokens: ai.price.input + ai.price.output > 0.0,
        });
        Self { trainers: trainers.collect(), ais: ais.collect() }
    }

    /// The AI of a name.
    pub fn ai(&self, name: &str) -> Option<&Asked> {
        self.ais.iter().find(|ai| ai.name == name)
    }
}

/// What the start key does, to follow "s …".
pub fn words_of(how: &How) -> String {
    match how {
        How::Live => "trains from the live model".to_owned(),
        How::Scratch => "trains from scratch".to_owned(),
        How::Trainer(name) => format!("has {} train", words::fit(&words::line(name), 20)),
        How::Ask(name) => format!("asks {} the gold texts", words::fit(&words::line(name), 20)),
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
    entries.extend(ways.ais.iter().map(|ai| {
        entry(How::Ask(ai.name.clone()), format!("measure {}", words::fit(&words::line(&ai.name), 20)), &ai.at)
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
    let key = app.key(crate::action::Action::StartTuning);
    let text = format!("{key} {}", words_of(&how));
    app.tune.how = how;
    app.say(text)
}
