//! What people said of two answers, in words.

use super::numbers;
use crate::domain::JudgementTally;

/// Gives a tally of blind judgements as a sentence.
pub fn tally_words(tally: &JudgementTally) -> String {
    let rate = tally.rate();
    let ties = numbers::plural(tally.ties, "tie", "ties");
    match rate.den {
        0 if tally.ties == 0 => "No pair was judged blind yet.".to_owned(),
        0 => format!("Judged blind: {ties}, no preference yet."),
        _ => format!(
            "Judged blind: after preferred {} of {} ({ties}), 95 % {:.0}-{:.0} %, {}.",
            numbers::count(rate.num),
            numbers::count(rate.den),
            rate.lo * 100.0,
            rate.hi * 100.0,
            numbers::p_value(tally.p_value)
        ),
    }
}
