//! How many conversations of a log one stands for that was drawn from it (rule 52), for statements that read `conversation c`.

/// What brings the probability of the draw.
pub(in crate::store) const JOIN_SAMPLED: &str = " LEFT JOIN sampled w ON w.conversation = c.id";
/// 1 for a conversation that was not drawn. No less likely a draw than one in a million is believed: a store's content is not trusted,
/// and a weight without bounds would drown all others.
pub(in crate::store) const STANDS_FOR: &str = "(1.0 / min(1.0, max(coalesce(w.probability, 1.0), 1e-6)))";
