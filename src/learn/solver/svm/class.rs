//! One class of a problem, as the solver is given it.

/// A class to train.
pub struct TrainedClass<'a> {
    /// The part of each row's cost that is of the class, where there is one, by row number, ascending.
    pub own: &'a [(u32, f32)],
    /// What each row scores in the model to start from; empty for a start from nothing.
    pub start: &'a [f32],
    /// Orders the steps.
    pub seed: u64,
}
