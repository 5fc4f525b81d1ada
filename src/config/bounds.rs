//! The bounds of every number in the configuration.

/// What a number may be. Numbers are read as fractions, so that one rule speaks for negative, endless and huge ones.
#[derive(Clone, Copy, Debug)]
pub(super) struct NumberBound {
    name: &'static str,
    from: f64,
    to: f64,
    whole: bool,
    /// 0 is allowed, too, although it lies below.
    or_none: bool,
}

impl NumberBound {
    /// A number between two others, both allowed.
    pub const fn number(name: &'static str, from: f64, to: f64) -> Self {
        Self { name, from, to, whole: false, or_none: false }
    }

    /// 0, or a number between two others.
    pub const fn none_or(name: &'static str, from: f64, to: f64) -> Self {
        Self { name, from, to, whole: false, or_none: true }
    }

    /// A whole number between two others, both allowed; at most 2^53, above which fractions are no longer exact.
    pub const fn whole(name: &'static str, from: u64, to: u64) -> Self {
        Self { name, from: from as f64, to: to as f64, whole: true, or_none: false }
    }

    /// The number, or what it may be.
    pub fn check(self, value: f64) -> Result<f64, String> {
        // Written so that what is no number fails.
        let inside = self.from <= value && value <= self.to && (!self.whole || value.fract() == 0.0);
        if inside || self.or_none && value == 0.0 {
            return Ok(value);
        }
        let kind = match (self.whole, self.or_none) {
            (true, _) => "a whole number",
            (_, true) => "0, or a number",
            _ => "a number",
        };
        Err(format!("{} must be {kind} from {} to {}, not {value}", self.name, self.from, self.to))
    }

    /// The whole number, or what it may be.
    pub fn count(self, value: f64) -> Result<u64, String> {
        // Within the bounds, which are of this type.
        self.check(value).map(|n| n as u64)
    }
}
