//! What the out-of-fold scores tell about what is out of scope.

use super::scored::Scored;
use crate::learn::intent::model::IntentModel;

/// The share of training examples that score below the threshold.
const BELOW: f64 = 0.03;
/// Fewer examples give no threshold.
const FEWEST: usize = 100;

/// The best score below which 3 % of the examples in scope are; so low that nothing is below it where they are few.
pub fn threshold(model: &IntentModel, scored: &[Scored]) -> f32 {
    let inside = scored.iter().filter(|s| Some(model.intents[s.class]) != model.reserved);
    let mut best: Vec<f32> = inside.map(|s| model.scope(&model.pooled(s.heads))).collect();
    if best.len() < FEWEST {
        return f32::MIN;
    }
    best.sort_unstable_by(f32::total_cmp);
    best[(BELOW * best.len() as f64) as usize]
}
