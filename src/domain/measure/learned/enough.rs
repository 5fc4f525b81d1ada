//! How many signals must come where chance decides what each is for.

/// Standard deviations by which more is named than is needed on average: so many are enough nine times of ten.
const SURE: f64 = 1.2816;

/// How many must come for so many of a use that a share of all has, between 0 and 1: chance decides who has it, customer by customer, and more
/// are named than it takes on average. `together`: how many of a customer come at once.
pub fn enough_for(lack: u64, share: f64, together: f64) -> u64 {
    let spread = SURE * (share * (1.0 - share) * together).sqrt();
    let root = (spread + (spread * spread + 4.0 * share * lack as f64).sqrt()) / (2.0 * share);
    (root * root).ceil() as u64
}
