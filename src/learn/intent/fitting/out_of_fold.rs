//! What models say about the texts that they did not know.

use super::corpus::{Corpus, CorpusExample};

/// Scores of one head for the hidden texts of all folds.
pub struct HeldOutScores {
    /// Fold by fold, text by text, one row of classes each.
    scores: Vec<f32>,
    classes: usize,
}

impl HeldOutScores {
    /// Joins what each class's model said, a list in the order of the folds' hidden texts.
    pub fn of_classes(columns: &[Vec<f32>]) -> Self {
        let (classes, rows) = (columns.len(), columns.first().map_or(0, Vec::len));
        let mut scores = vec![0.0; rows * classes];
        for (row, out) in scores.chunks_exact_mut(classes.max(1)).enumerate() {
            out.iter_mut().zip(columns).for_each(|(cell, column)| *cell = column[row]);
        }
        Self { scores, classes }
    }

    /// Joins rows of classes, in the order of the folds' hidden texts.
    pub fn of_rows(scores: Vec<f32>, classes: usize) -> Self {
        Self { scores, classes }
    }

    /// The scores of all classes at a place.
    pub fn row(&self, place: usize) -> &[f32] {
        &self.scores[place * self.classes..][..self.classes]
    }
}

/// Where in a [`HeldOutScores`] the row of an item is: the text's place among the hidden texts of its fold, after those of the
/// folds before. `None` for an item whose fold's model would have nothing to learn from.
pub fn places(corpus: &Corpus) -> Vec<Option<usize>> {
    let mut starts = Vec::with_capacity(corpus.hidden.len());
    let mut next = 0;
    for (fold, hidden) in corpus.hidden.iter().enumerate() {
        starts.push(corpus.leaves_something(fold).then_some(next));
        next += hidden.len();
    }
    let place = |item: &CorpusExample| {
        let fold = usize::from(item.fold);
        Some(starts[fold]? + corpus.hidden[fold].binary_search(&item.text).ok()?)
    };
    corpus.items.iter().map(place).collect()
}
