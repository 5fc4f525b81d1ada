//! The order of the queue, and how it is said.

use super::state::QueueScreen;
use super::state::window::LandAt;
use crate::domain::query::sort::OrderBy;
use crate::domain::{Filter, Query, QueueOrder, SortKey};
use crate::store::PageStart;
use crate::tui::state::effect::Effect;

/// What one can sort by, with what comes first.
pub const KEYS: [(OrderBy, &str, &str); 9] = [
    (OrderBy::Value, "value", "what a review teaches most"),
    (OrderBy::Activity, "time", "newest or oldest"),
    (OrderBy::Confidence, "confidence", "least sure first"),
    (OrderBy::Outcome, "outcome", "failed, escalated, abandoned, resolved"),
    (OrderBy::Csat, "csat", "worst rating first"),
    (OrderBy::Sentiment, "sentiment", "angriest first"),
    (OrderBy::Intent, "intent", "what the customer came for, by name"),
    (OrderBy::Status, "status", "open first"),
    (OrderBy::Relevance, "relevance", "best match of the words first"),
];

/// Whether an order makes sense for a query: only words can be more or less relevant.
pub fn offered(by: OrderBy, query: &Query) -> bool {
    let said = |f: &Filter| matches!(f, Filter::Words(_) | Filter::Phrase(_));
    by != OrderBy::Relevance || query.terms.iter().any(|t| !t.negated && said(&t.filter))
}

/// One key as words: `outcome ↑`, `newest`.
pub fn words(key: SortKey) -> String {
    let name = KEYS.iter().find(|k| k.0 == key.by).map_or("", |k| k.1);
    match (key.by, key.descending) {
        (OrderBy::Activity, true) => "newest".to_owned(),
        (OrderBy::Activity, false) => "oldest".to_owned(),
        (_, true) => format!("{name} ↓"),
        (_, false) => format!("{name} ↑"),
    }
}

/// The order as words.
pub fn spoken(sort: QueueOrder) -> String {
    sort.keys().map(words).collect::<Vec<_>>().join(", ")
}

/// The queue in another order, from its beginning.
pub fn sort(queue: &mut QueueScreen, sort: QueueOrder) -> Vec<Effect> {
    queue.sort = sort;
    queue.read_at(PageStart::Start, LandAt::First)
}

/// A key comes first, or is turned round when it does so already.
pub fn by(queue: &mut QueueScreen, by: OrderBy) -> Vec<Effect> {
    let new = queue.sort.with_first(by);
    sort(queue, new)
}
