//! The order of the queue, and how it is said.

use super::state::QueueScreen;
use super::state::window::LandAt;
use crate::domain::query::sort::By;
use crate::domain::{Filter, Query, Sort, SortKey};
use crate::store::Place;
use crate::tui::state::effect::Effect;

/// What one can sort by, with what comes first.
pub const KEYS: [(By, &str, &str); 9] = [
    (By::Value, "value", "what a review teaches most"),
    (By::Activity, "time", "newest or oldest"),
    (By::Confidence, "confidence", "least sure first"),
    (By::Outcome, "outcome", "failed, escalated, abandoned, resolved"),
    (By::Csat, "csat", "worst rating first"),
    (By::Sentiment, "sentiment", "angriest first"),
    (By::Intent, "intent", "what the customer came for, by name"),
    (By::Status, "status", "open first"),
    (By::Relevance, "relevance", "best match of the words first"),
];

/// Whether an order makes sense for a query: only words can be more or less relevant.
pub fn offered(by: By, query: &Query) -> bool {
    let said = |f: &Filter| matches!(f, Filter::Words(_) | Filter::Phrase(_));
    by != By::Relevance || query.terms.iter().any(|t| !t.negated && said(&t.filter))
}

/// One key as words: `outcome ↑`, `newest`.
pub fn words(key: SortKey) -> String {
    let name = KEYS.iter().find(|k| k.0 == key.by).map_or("", |k| k.1);
    match (key.by, key.descending) {
        (By::Activity, true) => "newest".to_owned(),
        (By::Activity, false) => "oldest".to_owned(),
        (_, true) => format!("{name} ↓"),
        (_, false) => format!("{name} ↑"),
    }
}

/// The order as words.
pub fn spoken(sort: Sort) -> String {
    sort.keys().map(words).collect::<Vec<_>>().join(", ")
}

/// The queue in another order, from its beginning.
pub fn sort(queue: &mut QueueScreen, sort: Sort) -> Vec<Effect> {
    queue.sort = sort;
    queue.read_at(Place::Start, LandAt::First)
}

/// A key comes first, or is turned round when it does so already.
pub fn by(queue: &mut QueueScreen, by: By) -> Vec<Effect> {
    let new = queue.sort.with_first(by);
    sort(queue, new)
}
