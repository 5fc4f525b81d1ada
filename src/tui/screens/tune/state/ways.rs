//! The ways to make a candidate that the configuration adds.

use crate::domain::{AskingWay, ExternalAis};

/// The ways that the configuration adds, by name. Nothing of it is secret.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CandidateWays {
    /// Programs that train, each with its command.
    pub trainers: Vec<(String, String)>,
    /// AIs that are asked.
    pub ais: Vec<AskedAi>,
}

/// An AI that is asked.
#[derive(Clone, Debug, PartialEq)]
pub struct AskedAi {
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

impl CandidateWays {
    /// What a configuration names.
    pub fn of(outside: &ExternalAis) -> Self {
        let trainers = outside.trainers.values().map(|t| (t.name.clone(), t.command.join(" ")));
        let ais = outside.ais.values().map(|ai| AskedAi {
            name: ai.name.clone(),
            at: match &ai.ask {
                AskingWay::Command { command, .. } => command.join(" "),
                AskingWay::Rasa { url } | AskingWay::Chat { url, .. } => url.clone(),
            },
            rate: ai.rate,
            request: ai.price.request,
            by_tokens: ai.price.input + ai.price.output > 0.0,
        });
        Self { trainers: trainers.collect(), ais: ais.collect() }
    }

    /// The AI of a name.
    pub fn ai(&self, name: &str) -> Option<&AskedAi> {
        self.ais.iter().find(|ai| ai.name == name)
    }
}
