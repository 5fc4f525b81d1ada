//! What cells with words hold.

/// Cells that are not all quoted by chance.
const QUOTED: u64 = 4;

/// What the cells of a column with words hold.
#[derive(Clone, Copy, Debug, Default)]
pub struct WordTally {
    /// Cells that were looked at.
    pub all: u64,
    /// HTML.
    pub html: u64,
    /// JSON, or lists as Python prints them.
    pub structures: u64,
    /// Of these those without words.
    pub wordless: u64,
    /// Texts in quotes of JSON.
    pub quoted: u64,
}

impl WordTally {
    /// Whether most are structures. Quotes are quotes, unless all cells stand in them.
    pub fn holds_structures(self) -> bool {
        self.quoted == self.all && self.all >= QUOTED
            || self.structures > 0 && (self.structures + self.quoted) * 2 > self.all
    }

    /// Of both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            all: self.all + other.all,
            html: self.html + other.html,
            structures: self.structures + other.structures,
            wordless: self.wordless + other.wordless,
            quoted: self.quoted + other.quoted,
        }
    }
}
