//! What scores cost, and the dual variables that belong to them.

/// What a row costs when it is on the wrong side.
#[derive(Clone, Copy, Debug)]
pub struct RowCost {
    /// For scoring below 1.
    pub is: f64,
    /// For scoring above -1.
    pub is_not: f64,
}

impl RowCost {
    /// The score at which the loss has the slope `-beta`: what the row wants to score at its present dual variable.
    pub fn wanted(self, beta: f64) -> f64 {
        let Self { is, is_not } = self;
        if beta < -4.0 * is_not {
            -beta / (2.0 * is_not) - 1.0
        } else if beta > 4.0 * is {
            1.0 - beta / (2.0 * is)
        } else {
            (2.0 * (is - is_not) - beta) / (2.0 * (is + is_not))
        }
    }

    /// The dual variable at the minimum, for a row of squared norm `q` that scores `base` without its own part.
    pub fn best(self, base: f64, q: f64) -> f64 {
        let Self { is, is_not } = self;
        let score = if base >= 1.0 + 4.0 * q * is_not {
            (base - 2.0 * q * is_not) / (1.0 + 2.0 * q * is_not)
        } else if base <= -1.0 - 4.0 * q * is {
            (base + 2.0 * q * is) / (1.0 + 2.0 * q * is)
        } else {
            (base + 2.0 * q * (is - is_not)) / (1.0 + 2.0 * q * (is + is_not))
        };
        self.at(score)
    }

    /// The dual variable that belongs to a score at the minimum.
    pub fn at(self, score: f64) -> f64 {
        2.0 * self.is * (1.0 - score).max(0.0) - 2.0 * self.is_not * (1.0 + score).max(0.0)
    }

    /// +1 or -1 for a row that is all on one side, 0 for one that is on both.
    pub fn side(self) -> f64 {
        f64::from(u8::from(self.is_not == 0.0)) - f64::from(u8::from(self.is == 0.0))
    }
}
