//! How a comparison goes by what customers write in (rule 50).

use super::rate::Rate;
use serde::{Deserialize, Serialize};

/// Below so many turns a share says little.
const FEW: u64 = 30;

/// The sealed gold turns that are written in one language.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LanguageScore {
    /// A BCP 47 tag (`el`; `el-Latn`: Greek in Latin letters); empty where nothing tells.
    pub written: String,
    /// Turns.
    pub n: u64,
    /// Of those, right before.
    pub before: u64,
    /// Of those, right after.
    pub after: u64,
    /// Wilson's 95 % interval of the accuracy after, as fractions.
    pub ci95: [f64; 2],
}

impl LanguageScore {
    /// Counts turns by what they are written in, each with whether it was right before and after; most turns first.
    pub fn count(turns: impl IntoIterator<Item = (String, bool, bool)>) -> Vec<Self> {
        let mut all: Vec<Self> = Vec::new();
        for (written, before, after) in turns {
            let at = all.iter().position(|l| l.written == written).unwrap_or_else(|| {
                all.push(Self { written, n: 0, before: 0, after: 0, ci95: [0.0, 1.0] });
                all.len() - 1
            });
            all[at].n += 1;
            all[at].before += u64::from(before);
            all[at].after += u64::from(after);
        }
        for score in &mut all {
            let rate = Rate::new(score.after, score.n);
            score.ci95 = [rate.lo, rate.hi];
        }
        all.sort_by(|a, b| b.n.cmp(&a.n).then_with(|| a.written.cmp(&b.written)));
        all
    }

    /// Whether there are so few turns that their share says little.
    pub fn is_little(&self) -> bool {
        self.n < FEW
    }

    /// Its name for people.
    pub fn name(&self) -> &str {
        if self.written.is_empty() { "not told" } else { &self.written }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turns_are_counted_by_what_they_are_written_in() {
        let turn = |written: &str, before, after| (written.to_owned(), before, after);
        let mut turns = vec![turn("el-Latn", false, true), turn("", false, false)];
        turns.extend((0..40).map(|i| turn("el", i % 2 == 0, true)));
        let found = LanguageScore::count(turns);
        let counts: Vec<(&str, u64, u64, u64, bool)> =
            found.iter().map(|l| (l.name(), l.n, l.before, l.after, l.is_little())).collect();
        assert_eq!(counts, [("el", 40, 20, 40, false), ("not told", 1, 0, 0, true), ("el-Latn", 1, 0, 1, true)]);
        assert!(found[0].ci95[0] > 0.9 && found[0].ci95[1] == 1.0, "{:?}", found[0].ci95);
    }
}
