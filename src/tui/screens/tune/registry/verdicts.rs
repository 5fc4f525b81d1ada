//! Verdicts as the lists of the registry say them.

use crate::domain::{BeforeIs, Gate, LearnedReport, ReleaseId, Verdict};
use crate::store::{LearnedRow, ReleaseRow};
use crate::theme::Role;

/// What the newest comparison of a release came to: better than what? Of one that a learner made, whose report is among these: at what it
/// learnt.
pub fn judged(r: &ReleaseRow, learned: &[LearnedRow]) -> (String, Role) {
    let report = || learned.iter().find(|row| row.release == r.release).map(|row| &row.report);
    match (r.verdict, &r.learned) {
        (_, Some((at, _))) if report().is_some_and(LearnedReport::is_too_good) => {
            (format!("! too good to be true, {at}"), Role::Bad)
        }
        (_, Some((at, verdict))) => match verdict {
            Verdict::Better => (format!("✓ better at {at}"), Role::Good),
            Verdict::Worse => (format!("✗ worse at {at}"), Role::Bad),
            Verdict::CannotTell => (format!("cannot tell, {at}"), Role::Text),
        },
        (Some(verdict), None) => verdict_words(verdict, r.before_is, r.against(), r.gate),
        (None, None) => ("not compared".to_owned(), Role::Muted),
    }
}

/// A verdict with what it is about.
pub fn verdict_words(
    verdict: Verdict,
    before_is: Option<BeforeIs>,
    before: Option<ReleaseId>,
    gate: Option<Gate>,
) -> (String, Role) {
    let than = before_is.unwrap_or(BeforeIs::Model).words(before);
    let (word, role) = match verdict {
        Verdict::Better => (format!("✓ better than {than}"), Role::Good),
        Verdict::Worse => (format!("✗ worse than {than}"), Role::Bad),
        Verdict::CannotTell => (format!("cannot tell, {than}"), Role::Text),
    };
    match gate {
        Some(Gate::Refuse) => (format!("{word}, refused"), Role::Bad),
        _ => (word, role),
    }
}
