//! The bounds of every number in the configuration.

/// What a number may be. Numbers are read as fractions, so that one rule speaks for negative, endless and huge ones.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bound {
    name: &'static str,
    from: f64,
    to: f64,
    whole: bool,
}

impl Bound {
    /// A number between two others, both allowed.
    pub const fn number(name: &'static str, from: f64, to: f64) -> Self {
        Self { name, from, to, whole: false }
    }

    /// A whole number between two others, both allowed.
    pub const fn whole(name: &'static str, from: u32, to: u32) -> Self {
        Self { name, from: from as f64, to: to as f64, whole: true }
    }

    /// The number, or what it may be.
    pub fn check(self, value: f64) -> Result<f64, String> {
        // Written so that what is no number fails.
        if self.from <= value && value <= self.to && (!self.whole || value.fract() == 0.0) {
            return Ok(value);
        }
        let kind = if self.whole { "a whole number" } else { "a number" };
        Err(format!("{} must be {kind} from {} to {}, not {value}", self.name, self.from, self.to))
    }

    /// The whole number, or what it may be.
    pub fn count(self, value: f64) -> Result<u32, String> {
        // Within the bounds, which are of this type.
        self.check(value).map(|n| n as u32)
    }
}
