//! Which of the waiting conversations is worth a review next: the queue's order by value (rule 28), and other ways to
//! choose, to compare it with. Pure functions over what the live model says.

use super::model::IntentPrediction;
use crate::base::rng::Rng;
use crate::text::normalise::letters;
use std::collections::HashMap;

/// What a conversation is first sorted by, from the least urgent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum QueueClass {
    /// Nothing speaks against it.
    Rest = 0,
    /// The AI and the customer did not mean the same: the log's intent is another than the live model's or a reviewer's, or
    /// the conversation shows it ([`crate::learn::signals`]).
    Mismatch = 1,
    /// A person had to take over.
    Escalated = 2,
    /// It failed.
    Failed = 3,
}

/// Weight of a step in the class in a priority.
const CLASS: i64 = 1_000_000_000_000;
/// Weight of one earlier near duplicate: second copies go behind all first ones, third behind all second. So two copies
/// never stand next to each other as long as there is anything else of their class and number.
const REPEAT: i64 = 1_000_000;
/// At most this many near duplicates push a conversation down.
const MAX_REPEATS: i64 = 999_999;
/// A priority counts the margin in millionths.
const MARGIN: f64 = 999_999.0;

/// The place of a conversation in the order by value, as one number, greatest first: by class, then by the number of near
/// duplicates before it, then by the margin (0 to 1), lowest first.
pub fn priority(class: QueueClass, repeats: i64, margin: f64) -> i64 {
    class as i64 * CLASS
        + (MAX_REPEATS - repeats.clamp(0, MAX_REPEATS)) * REPEAT
        + ((1.0 - margin.clamp(0.0, 1.0)) * MARGIN) as i64
}

/// What a review is worth, as JSON and screens say it: the class plus 1 - margin; near duplicates do not show.
pub fn value(priority: i64) -> f64 {
    let doubt = (priority % REPEAT) as f64 / MARGIN;
    // Two digits are what a margin is good for.
    (priority / CLASS) as f64 + (doubt * 100.0).round() / 100.0
}

/// A way to choose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Strategy {
    /// As the queue does: by [`priority`].
    #[default]
    Value,
    /// Lowest margin first, whatever the outcome.
    Margin,
    /// By chance: what any other way must beat.
    Random,
}

impl Strategy {
    /// All of them, the default first.
    pub const ALL: [Self; 3] = [Self::Value, Self::Margin, Self::Random];

    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Value => "value",
            Self::Margin => "margin",
            Self::Random => "random",
        }
    }

    /// The strategy of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.name() == name)
    }
}

/// A conversation that waits for a review.
#[derive(Clone, Copy, Debug)]
pub struct WaitingConversation<'a> {
    /// What the customer said.
    pub text: &'a str,
    /// What the live model makes of it now.
    pub prediction: &'a IntentPrediction,
    /// Its class.
    pub class: QueueClass,
}

/// The places in `waiting` of what to review next, first things first, at most `most`. What is equal stays in order, so
/// the same list and seed give the same choice.
pub fn pick(strategy: Strategy, waiting: &[WaitingConversation], most: usize, seed: u64) -> Vec<usize> {
    let mut order: Vec<usize> = (0..waiting.len()).collect();
    match strategy {
        Strategy::Value => {
            let keys = priorities(waiting);
            order.sort_by_key(|&i| std::cmp::Reverse(keys[i]));
        }
        Strategy::Margin => {
            order.sort_by(|&a, &b| waiting[a].prediction.margin.total_cmp(&waiting[b].prediction.margin))
        }
        Strategy::Random => Rng::new(seed).shuffle(&mut order),
    }
    order.truncate(most);
    order
}

/// The priority of each, near duplicates numbered within their class in the order given.
fn priorities(waiting: &[WaitingConversation]) -> Vec<i64> {
    let mut copies: HashMap<(QueueClass, String), i64> = HashMap::new();
    let of = |w: &WaitingConversation| {
        let copy = copies.entry((w.class, letters(w.text))).or_default();
        *copy += 1;
        priority(w.class, *copy - 1, f64::from(w.prediction.margin))
    };
    waiting.iter().map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::IntentId;

    fn prediction(margin: f32) -> IntentPrediction {
        let best = (1.0 + margin) / 2.0;
        let ranking = vec![(IntentId(1), best), (IntentId(2), 1.0 - best)];
        IntentPrediction { ranking, margin, score: 0.0, out_of_scope: false }
    }

    fn picked(strategy: Strategy, rows: &[(&str, QueueClass, f32)], most: usize, seed: u64) -> Vec<usize> {
        let predictions: Vec<IntentPrediction> = rows.iter().map(|r| prediction(r.2)).collect();
        let waiting: Vec<WaitingConversation> = rows
            .iter()
            .zip(&predictions)
            .map(|(&(text, class, _), prediction)| WaitingConversation { text, prediction, class })
            .collect();
        pick(strategy, &waiting, most, seed)
    }

    const ROWS: [(&str, QueueClass, f32); 6] = [
        ("where is it", QueueClass::Rest, 0.1),
        ("my card 1", QueueClass::Failed, 0.3),
        ("my CARD, 2!", QueueClass::Failed, 0.31),
        ("my card 3", QueueClass::Escalated, 0.2),
        ("a refund", QueueClass::Failed, 0.6),
        ("an invoice", QueueClass::Mismatch, 0.9),
    ];

    #[test]
    fn value_goes_by_class_then_margin_and_keeps_near_duplicates_apart() {
        assert_eq!(picked(Strategy::Value, &ROWS, 9, 1), [1, 4, 2, 3, 5, 0]);
        assert_eq!(picked(Strategy::Value, &ROWS, 2, 1), [1, 4]);
        assert!(picked(Strategy::Value, &[], 2, 1).is_empty());
    }

    #[test]
    fn margin_takes_the_closest_calls() {
        assert_eq!(picked(Strategy::Margin, &ROWS, 9, 1), [0, 3, 1, 2, 4, 5]);
    }

    #[test]
    fn chance_is_of_the_seed_and_takes_everybody() {
        let drawn = picked(Strategy::Random, &ROWS, 9, 1);
        assert_eq!(drawn, picked(Strategy::Random, &ROWS, 9, 1));
        assert!((2..30).any(|seed| picked(Strategy::Random, &ROWS, 9, seed) != drawn));
        let mut all = drawn.clone();
        all.sort_unstable();
        assert_eq!(all, [0, 1, 2, 3, 4, 5]);
    }

    #[test]
    fn a_priority_says_its_value() {
        assert!((value(priority(QueueClass::Failed, 12, 0.1)) - 3.9).abs() < 1e-9);
        assert!(priority(QueueClass::Escalated, 0, 0.0) < priority(QueueClass::Failed, 2_000_000, 1.0));
        assert!(priority(QueueClass::Rest, 3, 0.0) < priority(QueueClass::Rest, 2, 1.0));
    }
}
