//! Logistic regression without a learning rate: every coordinate bets on its own coin.
//!
//! Orabona and Tommasi 2017, "Training deep networks without learning rates through coin betting" (COCOB), in the form that
//! scales itself to each feature and divides by the mean size of a row. A coordinate that was never wrong stays at nothing, so
//! that what an offer has of unknown features does not move it.

/// What a coordinate starts with: how bold the first bets are.
pub(super) const WEALTH: f64 = 4.0;

/// One coordinate.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Coin {
    /// The sum of negative gradients.
    pub drift: f64,
    /// The sum of their sizes.
    pub sizes: f64,
    /// What the bets have won.
    pub won: f64,
    /// The largest value of the feature.
    pub largest: f64,
}

impl Coin {
    /// The weight that it bets now, were `x` among its values.
    fn weight(&self, x: f64) -> f64 {
        let scale = self.largest.max(x.abs());
        if scale == 0.0 { 0.0 } else { (WEALTH + self.won) / (scale * (scale + self.sizes)) * self.drift }
    }

    /// What it adds to the score of a row with the value `x`.
    pub fn says(&self, x: f64) -> f64 {
        self.weight(x) * x
    }

    /// The part of a row's size that is this feature's.
    pub fn size(&self, x: f64) -> f64 {
        let scale = self.largest.max(x.abs());
        if scale == 0.0 { 0.0 } else { (x / scale).powi(2) }
    }

    /// Has it say so much more at the value 1.
    pub fn lean(&mut self, more: f64) {
        let scale = self.largest.max(1.0);
        // Bets never lose all that there is.
        self.drift += more * scale * (scale + self.sizes) / (WEALTH + self.won).max(f64::MIN_POSITIVE);
    }

    /// Hears how far the probability of a row that weighs so much was above its answer. Bets are scaled by the largest gradient that
    /// there can be, so that a row that stands for many breaks no bank.
    pub fn hear(&mut self, x: f64, error: f64, row: f64) {
        self.largest = self.largest.max(x.abs() * row.max(1.0));
        let (weight, gradient) = (self.weight(x), error * x * row);
        self.drift -= gradient;
        self.sizes += gradient.abs();
        self.won -= gradient * weight;
    }
}
