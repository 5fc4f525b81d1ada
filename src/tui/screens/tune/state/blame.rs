//! The search for labels that are to blame for an answer.

use crate::jobs::{Blame, BlamedStep, LabelPull};

/// What is listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BlameList {
    /// What somebody labelled in one step.
    #[default]
    Steps,
    /// Single labels.
    Labels,
}

/// State of the search for whoever is to blame.
#[derive(Debug, Default)]
pub struct BlameView {
    /// What was found last.
    pub found: Option<Box<Blame>>,
    /// What is listed.
    pub list: BlameList,
    /// The selected row of each list.
    pub rows: [usize; 2],
    /// Labels of this step alone.
    pub step: Option<i64>,
}

impl BlameView {
    /// The selected row of the list that is shown.
    pub fn row(&self) -> usize {
        self.rows[self.list as usize]
    }

    /// The selected row of the list that is shown, to be changed.
    pub fn row_mut(&mut self) -> &mut usize {
        &mut self.rows[self.list as usize]
    }

    /// Shows the list of a tab, all labels of it.
    pub fn show(&mut self, at: usize) {
        self.list = if at == BlameList::Steps as usize { BlameList::Steps } else { BlameList::Labels };
        (self.step, self.rows[BlameList::Labels as usize]) = (None, 0);
    }

    /// How many rows the list has.
    pub fn count(&self) -> usize {
        match self.list {
            BlameList::Steps => self.found.as_ref().map_or(0, |f| f.groups.len()),
            BlameList::Labels => self.labels().len(),
        }
    }

    /// The labels that are listed.
    fn labels(&self) -> Vec<&LabelPull> {
        self.found.as_ref().map(|f| of_step(f, self.step)).unwrap_or_default()
    }

    /// The selected step.
    pub fn batch(&self) -> Option<&BlamedStep> {
        self.found.as_ref()?.groups.get(self.rows[BlameList::Steps as usize]).filter(|_| self.list == BlameList::Steps)
    }

    /// The selected label.
    pub fn label(&self) -> Option<&LabelPull> {
        self.labels().get(self.rows[BlameList::Labels as usize]).copied().filter(|_| self.list == BlameList::Labels)
    }
}

/// The labels that pull, of one step or of all.
pub fn of_step(found: &Blame, step: Option<i64>) -> Vec<&LabelPull> {
    found.labels.iter().filter(|l| step.is_none_or(|s| l.step == s)).collect()
}
