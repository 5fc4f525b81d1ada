//! The company of the demo, as `assets/demo` describes it.

use crate::domain::Cause;
use crate::jobs::JobError;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;

/// What the assistant and its customers say around the matter itself; offers; notes.
#[derive(Debug, Deserialize)]
pub(super) struct Company {
    pub source: String,
    pub bot: String,
    pub channels: Vec<String>,
    pub vessels: Vec<String>,
    pub names: Vec<String>,
    en: Phrases,
    el: Phrases,
    #[serde(rename = "offer")]
    pub offers: Vec<OfferKind>,
    pub notes: BTreeMap<Cause, Vec<String>>,
    #[serde(skip)]
    pub matters: Vec<CustomerMatter>,
    /// What all customers write, where that is one language.
    #[serde(skip)]
    pub only: Option<Lang>,
}

/// The languages of Cyprus' customers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lang {
    /// English.
    En,
    /// Greek, in either script.
    El,
}

impl Lang {
    pub(super) const fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::El => "el",
        }
    }
}

/// One language's phrases.
#[derive(Debug, Deserialize)]
pub(super) struct Phrases {
    pub places: Vec<String>,
    #[serde(default)]
    pub in_places: Vec<String>,
    pub openers: Vec<String>,
    pub angry_openers: Vec<String>,
    pub closers: Vec<String>,
    pub angry_closers: Vec<String>,
    pub details: Vec<String>,
    pub details_test: Vec<String>,
    pub not_that: Vec<String>,
    pub bot_greeting: String,
    pub fallback: String,
    pub no_content: String,
    pub checking_failed: String,
    pub policy: String,
    pub handoff: String,
    pub agent: Vec<String>,
    #[serde(rename = "loop")]
    pub runaround: String,
    pub csat_good: Vec<String>,
    pub csat_bad: Vec<String>,
}

/// Something the assistant may offer after a good answer.
#[derive(Debug, Deserialize)]
pub(super) struct OfferKind {
    pub name: String,
    pub value: f64,
    /// How likely it is taken.
    pub yes: f64,
    pub after: Vec<String>,
    en: String,
    el: String,
}

/// What customers come with: one intent, its wordings, its answers, and what is wrong with them.
#[derive(Debug, Deserialize)]
pub(super) struct CustomerMatter {
    pub name: String,
    /// What belongs to it and what belongs elsewhere; empty for the reserved one, which says that itself.
    #[serde(default)]
    pub means: String,
    /// Share of the traffic, relative to the others.
    pub weight: f64,
    /// The week in which it appears.
    #[serde(default)]
    pub from_week: u32,
    /// The week around which it is asked most.
    pub peak: Option<u32>,
    /// What the assistant looks up first, and how often that fails.
    pub tool: Option<String>,
    #[serde(default)]
    pub tool_fails: f64,
    /// How often the customer wants what the rules forbid.
    #[serde(default)]
    pub policy: f64,
    /// Whether there is content for it. Where there is none, a reviewer's answer takes its place once it is released.
    #[serde(default = "yes")]
    pub known: bool,
    /// A person is what is asked for.
    #[serde(default)]
    pub person: bool,
    /// What is wrong with the answer, since when, until a reviewer's better one is released.
    pub fault: Option<Cause>,
    #[serde(default)]
    pub fault_from: u32,
    /// The week from which reviewers know a better answer.
    #[serde(default)]
    pub better_from: u32,
    #[serde(default)]
    answer_en: String,
    #[serde(default)]
    answer_el: String,
    #[serde(default)]
    better_en: String,
    #[serde(default)]
    better_el: String,
    #[serde(default)]
    found_en: String,
    #[serde(default)]
    found_el: String,
    /// What the assistant was built from.
    pub base: Vec<String>,
    en: Vec<String>,
    en_test: Vec<String>,
    el: Vec<String>,
    el_test: Vec<String>,
}

fn yes() -> bool {
    true
}

#[derive(Deserialize)]
struct CustomerMatters {
    intent: Vec<CustomerMatter>,
}

impl Company {
    /// The same with customers who all write one language.
    pub(super) fn writing(self, only: Option<Lang>) -> Self {
        Self { only, ..self }
    }

    /// Reads the embedded description.
    pub(super) fn load() -> Result<Self, JobError> {
        let mut company: Self = parse("company.toml", include_str!("../../../assets/demo/company.toml"))?;
        for (name, text) in [
            ("travel.toml", include_str!("../../../assets/demo/travel.toml")),
            ("money.toml", include_str!("../../../assets/demo/money.toml")),
            ("stays.toml", include_str!("../../../assets/demo/stays.toml")),
        ] {
            company.matters.extend(parse::<CustomerMatters>(name, text)?.intent);
        }
        Ok(company)
    }

    /// The number of a matter.
    pub(super) fn matter(&self, name: &str) -> Option<usize> {
        self.matters.iter().position(|m| m.name == name)
    }

    pub(super) fn phrases(&self, lang: Lang) -> &Phrases {
        match lang {
            Lang::En => &self.en,
            Lang::El => &self.el,
        }
    }
}

fn parse<T: DeserializeOwned>(name: &str, text: &str) -> Result<T, JobError> {
    toml::from_str(text).map_err(|e| JobError::File { path: format!("assets/demo/{name}"), what: e.to_string() })
}

impl OfferKind {
    pub(super) fn text(&self, lang: Lang) -> &str {
        match lang {
            Lang::En => &self.en,
            Lang::El => &self.el,
        }
    }
}

impl CustomerMatter {
    /// The wordings of test customers, or of all others: never the same.
    pub(super) fn families(&self, lang: Lang, test: bool) -> &[String] {
        match (lang, test) {
            (Lang::En, false) => &self.en,
            (Lang::En, true) => &self.en_test,
            (Lang::El, false) => &self.el,
            (Lang::El, true) => &self.el_test,
        }
    }

    /// The answer as the assistant was given it.
    pub(super) fn answer(&self, lang: Lang) -> &str {
        match lang {
            Lang::En => &self.answer_en,
            Lang::El => &self.answer_el,
        }
    }

    /// The answer as it should be, where the given one is at fault.
    pub(super) fn better(&self, lang: Lang) -> &str {
        match lang {
            Lang::En => &self.better_en,
            Lang::El => &self.better_el,
        }
    }

    /// The answer after a lookup.
    pub(super) fn found(&self, lang: Lang) -> &str {
        match lang {
            Lang::En => &self.found_en,
            Lang::El => &self.found_el,
        }
    }
}
