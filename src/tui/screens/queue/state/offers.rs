//! What would complete the query: names of filters, their values, names that data has brought, days.

use crate::domain::query::{FilterKey, KeyKind, QuerySlot, SlotContent, quoted_name};
use crate::domain::{Cause, Flag, Timestamp, Zone};
use crate::store::{IntentRow, StoreVocabulary};
use crate::text;
use crate::tui::state::effect::Effect;
use crate::tui::state::shared::SharedState;
use crate::tui::widgets::{TextField, words};

/// Letters of a word from which on values and intents are offered, not only names of filters.
const SURE: usize = 3;
/// QueryOffers at most.
const MOST: usize = 60;

/// One way to complete what is being written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryOffer {
    /// What it puts into the query.
    pub insert: String,
    /// Clean text.
    pub text: String,
    /// What it means.
    pub hint: String,
}

/// A list of offers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryOffers {
    /// What they replace, as bytes of the query.
    pub at: std::ops::Range<usize>,
    /// Best first; never empty.
    pub all: Vec<QueryOffer>,
    /// The one that Enter takes.
    pub selected: Option<usize>,
    /// What is written may become the name of a filter: it is not searched for yet.
    pub naming: bool,
}

impl QueryOffers {
    /// What fits where the cursor stands; `None` when nothing does.
    pub fn find(shared: &SharedState, field: &TextField) -> Option<Self> {
        let slot = QuerySlot::find(field.text(), field.cursor())?;
        let mut all = match slot.what {
            // Where nothing is written yet, all that can be asked for.
            SlotContent::Word if field.text().trim().is_empty() => all_names(),
            SlotContent::Word => names(&slot.typed, &shared.intents),
            SlotContent::Value(key) => values(key, &slot, shared),
        };
        all.truncate(MOST);
        let word = text::fold(&slot.typed);
        let naming = matches!(slot.what, SlotContent::Word)
            && !word.is_empty()
            && crate::domain::Query::KEYS.iter().any(|k| k.name.starts_with(&word));
        (!all.is_empty()).then_some(Self { at: slot.at, all, selected: None, naming })
    }

    /// Moves the selection.
    pub fn step(&mut self, by: isize) -> Vec<Effect> {
        self.selected = match self.selected {
            None if by > 0 => Some(0),
            Some(0) if by < 0 => None,
            None => None,
            Some(i) => Some(i.saturating_add_signed(by).min(self.all.len() - 1)),
        };
        Vec::new()
    }

    /// What the one to take puts into the query.
    pub fn taken(&self) -> Option<&str> {
        self.all.get(self.selected.unwrap_or(0)).map(|o| o.insert.as_str())
    }
}

fn offer(insert: String, hint: impl Into<String>) -> QueryOffer {
    QueryOffer { text: words::line(&insert), insert, hint: hint.into() }
}

/// Names of filters that begin like a word; then values and intents that do.
fn names(typed: &str, intents: &[IntentRow]) -> Vec<QueryOffer> {
    let word = text::fold(typed);
    if word.is_empty() {
        return Vec::new();
    }
    if let Some(key) = FilterKey::find(&word).filter(|k| matches!(k.kind, KeyKind::Number)) {
        return signs(key);
    }
    let keys = crate::domain::Query::KEYS.iter();
    let mut out: Vec<QueryOffer> = keys.clone().filter(|k| k.name.starts_with(&word)).map(name_of).collect();
    if word.chars().count() >= SURE {
        let values = keys.flat_map(|k| k.values().into_iter().map(move |v| (k, v)));
        let fitting = values.filter(|(_, v)| v.starts_with(&word));
        out.extend(fitting.map(|(k, v)| offer(format!("{}:{v}", k.name), meaning(k, v))));
        let mut begun: Vec<&IntentRow> = intents.iter().filter(|i| begins(&text::fold(&i.name), &word)).collect();
        begun.sort_by_key(|i| std::cmp::Reverse(use_of(i)));
        out.extend(begun.into_iter().map(|i| offer(format!("intent:{}", quoted_name(&i.name)), "")));
    }
    out
}

/// The names of all filters.
fn all_names() -> Vec<QueryOffer> {
    crate::domain::Query::KEYS.iter().map(name_of).collect()
}

/// The name of a filter with its colon; a number's sign is still to come.
fn name_of(key: &FilterKey) -> QueryOffer {
    let colon = if matches!(key.kind, KeyKind::Number) { "" } else { ":" };
    offer(format!("{}{colon}", key.name), key.help)
}

/// Whether a name, or a word in it, begins so.
fn begins(name: &str, word: &str) -> bool {
    name.starts_with(word)
        || text::words(name).any(|w| w.starts_with(word))
        || name.split('_').any(|w| w.starts_with(word))
}

fn use_of(intent: &IntentRow) -> u64 {
    intent.labels + intent.examples + intent.logged
}

fn signs(key: &FilterKey) -> Vec<QueryOffer> {
    let signs = [("<", "below"), ("<=", "at most"), (">", "above"), (">=", "at least"), ("=", "exactly")];
    signs.into_iter().map(|(sign, meaning)| offer(format!("{}{sign}", key.name), meaning)).collect()
}

/// Values of a filter that fit what is typed, without those that its list has already.
fn values(key: &FilterKey, slot: &QuerySlot, shared: &SharedState) -> Vec<QueryOffer> {
    let all = all_values(key, shared);
    let lower = text::fold(&slot.typed);
    let free: Vec<(String, String)> =
        all.into_iter().filter(|(v, _)| !slot.others.contains(&v.to_lowercase()) && text::fold(v) != lower).collect();
    let ranked: Vec<usize> = match key.kind {
        // A half-written number or day means nothing else.
        KeyKind::Number => (0..free.len()).filter(|&i| free[i].0.starts_with(&slot.typed)).collect(),
        KeyKind::Moment => {
            let fits =
                |(value, hint): &(String, String)| value.starts_with(&lower) || text::fold(hint).starts_with(&lower);
            (0..free.len()).filter(|&i| fits(&free[i])).collect()
        }
        _ => {
            let mut found: Vec<usize> =
                text::rank(&slot.typed, free.iter().map(|(v, _)| v)).into_iter().map(|m| m.index).collect();
            found.sort_by_key(|&i| !text::fold(&free[i].0).starts_with(&lower));
            found
        }
    };
    ranked
        .into_iter()
        .map(|i| QueryOffer { text: words::line(&free[i].0), ..offer(quoted_name(&free[i].0), &free[i].1) })
        .collect()
}

/// Every value that a filter is known to take, with what it means.
fn all_values(key: &FilterKey, shared: &SharedState) -> Vec<(String, String)> {
    let plain = |names: &[String]| names.iter().map(|n| (n.clone(), String::new())).collect::<Vec<_>>();
    let StoreVocabulary { channels, languages, reviewers, cycles, .. } = &shared.vocabulary;
    match key.name {
        "intent" | "suggested" | "label" => intents(key.name, &shared.intents),
        "channel" => plain(channels),
        "lang" => plain(languages),
        "reviewer" => plain(reviewers),
        "cycle" => plain(cycles),
        "mode" => {
            shared.vocabulary.modes.in_use().into_iter().map(|m| (m.name.clone(), m.cause.label().to_owned())).collect()
        }
        "topic" => plain(&shared.vocabulary.topics),
        "turns" => numbers(&["4", "8", "16"]),
        "hour" => [
            ("0-5", "at night"),
            ("6-11", "in the morning"),
            ("12-17", "in the afternoon"),
            ("18-23", "in the evening"),
        ]
        .map(|(v, hint)| (v.to_owned(), hint.to_owned()))
        .to_vec(),
        "conf" => numbers(&["0.3", "0.5", "0.6", "0.8", "0.9"]),
        "csat" => numbers(&["1", "2", "3", "4", "5"]),
        "sentiment" | "felt" => numbers(&["-0.5", "0", "0.5"]),
        "since" | "before" => days(shared.now, shared.zone()),
        _ => key.values().into_iter().map(|v| (v.to_owned(), meaning(key, v).to_owned())).collect(),
    }
}

fn numbers(all: &[&str]) -> Vec<(String, String)> {
    all.iter().map(|n| ((*n).to_owned(), String::new())).collect()
}

fn intents(key: &str, all: &[IntentRow]) -> Vec<(String, String)> {
    let mut used: Vec<&IntentRow> = all.iter().collect();
    used.sort_by_key(|i| std::cmp::Reverse(use_of(i)));
    let mut out: Vec<(String, String)> = used.into_iter().map(|i| (i.name.clone(), String::new())).collect();
    if matches!(key, "intent" | "logged") {
        out.push(("fallback".to_owned(), "the AI fell back".to_owned()));
    }
    out.push(("none".to_owned(), "no intent at all".to_owned()));
    out
}

/// Ages, and the months of this year.
fn days(now: Timestamp, zone: Zone) -> Vec<(String, String)> {
    let ages =
        [("24h", "the last 24 hours"), ("7d", "the last week"), ("30d", "the last month"), ("90d", "the last quarter")];
    let mut out: Vec<(String, String)> = ages.map(|(v, hint)| (v.to_owned(), hint.to_owned())).to_vec();
    let (year, month) = (zone.format(now, "%Y"), zone.format(now, "%m"));
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let passed = month.parse::<usize>().unwrap_or(0).min(MONTHS.len());
    out.extend((1..=passed).rev().map(|m| (format!("{year}-{m:02}-01"), format!("{} {year}", MONTHS[m - 1]))));
    out
}

/// What a word of a closed filter means.
fn meaning(key: &FilterKey, value: &str) -> &'static str {
    match (key.name, value) {
        ("cause", _) => Cause::from_name(value).map_or("", Cause::meaning),
        ("is", _) => match Flag::from_name(value) {
            Some(Flag::Mismatch) => "the log and the model, or the reviewer, differ",
            Some(Flag::Disputed) => "a label looks wrong to the model",
            Some(Flag::Pinned) => "must never break",
            Some(Flag::Gold) => "in the current gold version",
            Some(Flag::Zombie) => "resolved, but the customer came back",
            Some(Flag::Fixed) => "right after the last fine-tuning, wrong before",
            Some(Flag::Changed) => "the last replay says something else",
            Some(Flag::Orphaned) => "decided on a turn of another speaker",
            Some(Flag::Reworded) => "decided on words that have changed",
            Some(Flag::Counted) => "finished, with the AI, no test: what every rate is a share of",
            Some(Flag::Again) => "the customer had come before",
            Some(Flag::SentimentLabelled) => "a reviewer said how the customer felt",
            Some(Flag::Broken) => "wrong after the last fine-tuning, right before",
            None => "",
        },
        ("test", "hidden") => "training groups alone: what the AI can learn from",
        ("test", "shown") => "everything",
        ("test", "only") => "the fifth that the AI never learns from",
        ("outcome", "escalated") => "handed to a person",
        ("outcome", "abandoned") => "the customer left before",
        ("outcome", "unknown") => "nothing tells",
        ("outcome", "pending") => "still going on",
        ("status", "skipped") => "nobody can tell",
        ("status", "flagged") => "a question about it waits for an answer",
        ("status", "later") => "left for later",
        _ => "",
    }
}
