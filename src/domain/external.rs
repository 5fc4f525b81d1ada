//! Programs and AIs outside this one, as the configuration names them.

use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

/// A program that trains a model.
#[derive(Clone, Debug, PartialEq)]
pub struct Trainer {
    /// Its name.
    pub name: String,
    /// The program and its first arguments.
    pub command: Vec<String>,
    /// Where it runs: the configuration's directory.
    pub dir: PathBuf,
    /// How long it may train.
    pub limit: Duration,
    /// It sees texts as they are, not masked (rule 32).
    pub reveal: bool,
    /// What it is told beside the data.
    pub options: Map<String, Value>,
}

/// An AI that answers customers somewhere else.
#[derive(Clone, Debug, PartialEq)]
pub struct Ai {
    /// Its name.
    pub name: String,
    /// How it is asked.
    pub ask: AskingWay,
    /// The environment variable that holds its key.
    pub key_env: Option<String>,
    /// It sees texts as they are, not masked (rule 32).
    pub reveal: bool,
    /// Questions a second at most.
    pub rate: f64,
    /// How often a question that failed is asked again.
    pub retries: u32,
    /// How long an answer may take.
    pub timeout: Duration,
    /// What it costs.
    pub price: Price,
    /// Through what it is reached, where that is not the network itself.
    pub proxy: Option<SecretKey>,
}

/// How an AI is asked.
#[derive(Clone, Debug, PartialEq)]
pub enum AskingWay {
    /// A program with JSON lines.
    Command {
        /// The program and its arguments.
        command: Vec<String>,
        /// Where it runs: the configuration's directory.
        dir: PathBuf,
    },
    /// `POST /model/parse`, as Rasa answers it.
    Rasa {
        /// The server; `/model/parse` is added where it has no path.
        url: String,
    },
    /// A chat endpoint in OpenAI's shape.
    Chat {
        /// The endpoint; `/v1/chat/completions` is added where it has no path.
        url: String,
        /// Which model.
        model: String,
        /// What it is told; `{intents}` stands for the list.
        prompt: String,
    },
}

/// What an AI costs, in a currency that whoever configured it knows.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Price {
    /// A question.
    pub request: f64,
    /// A million tokens of questions.
    pub input: f64,
    /// A million tokens of answers.
    pub output: f64,
}

/// A key. It is never shown and never stored.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretKey(String);

impl SecretKey {
    /// Keeps a key.
    pub fn new(key: String) -> Self {
        Self(key)
    }

    /// The key, for the one who sends it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("(a key)")
    }
}

/// An intent and a confidence (0 to 1) as something outside gave them. `None`: it has no guess.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SpokenIntent {
    /// The best intents by name, best first.
    pub ranking: Vec<(String, Option<f64>)>,
    /// What it would answer, where it says so.
    pub response: Option<String>,
}

/// All that the configuration names, by name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ExternalAis {
    /// Trainers.
    pub trainers: BTreeMap<String, Trainer>,
    /// AIs.
    pub ais: BTreeMap<String, Ai>,
}
