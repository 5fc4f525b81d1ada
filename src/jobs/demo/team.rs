//! Who reviews in the demo, and how much they did.

/// The lead of the demo's reviewers.
pub(super) const LEAD: &str = "eleni";
/// The other reviewer.
pub(super) const ANDREAS: &str = "andreas";

/// Labels given and labels wrong: what a test checks the 5 % by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Labelled {
    /// Intent labels.
    pub given: u64,
    /// Of those, wrong on purpose.
    pub wrong: u64,
}
