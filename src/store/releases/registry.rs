//! What one wants to know of all releases at once.

use crate::domain::{LearnedAnswers, Rate, ReleaseId};
use crate::store::{ComparisonRow, GoldVersionRow, LearnedRow, LiveSpan, ReleaseRow, Result, ShownRollback, Store};

/// All releases and what was live when.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Registry {
    /// Newest first.
    pub releases: Vec<ReleaseRow>,
    /// Right sealed turns of today's gold version, for the releases that are scored on it.
    pub today: Vec<(ReleaseId, Rate)>,
    /// How releases were learnt that learners made by themselves, and what was found of them.
    pub learned: Vec<LearnedRow>,
    /// What was found of answers that were learnt anew, by release.
    pub answers: Vec<(ReleaseId, LearnedAnswers)>,
    /// What was live, oldest first.
    pub live: Vec<LiveSpan>,
    /// The roll-back that is possible.
    pub rollback: Option<ShownRollback>,
    /// Gold versions, newest first.
    pub gold: Vec<GoldVersionRow>,
    /// All comparisons, newest first.
    pub comparisons: Vec<ComparisonRow>,
}

impl Store {
    /// Reads the registry. Nothing is scored for it.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn registry(&self) -> Result<Registry> {
        let releases = self.releases()?;
        let (mut today, mut learned, mut answers) = (Vec::new(), Vec::new(), Vec::new());
        for r in &releases {
            learned.extend(self.learned(r.release)?.map(|(_, row)| row));
            answers.extend(self.learned_answers(r.release)?.map(|found| (r.release, found)));
            today.extend(self.known_accuracy(r.release)?.map(|rate| (r.release, rate)));
        }
        Ok(Registry {
            releases,
            today,
            learned,
            answers,
            live: self.live_history()?,
            rollback: self.possible_rollback()?,
            gold: self.gold_versions()?,
            comparisons: self.comparisons()?,
        })
    }
}
