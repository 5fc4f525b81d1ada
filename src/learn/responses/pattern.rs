//! What sayings have in common that are one answer, filled in otherwise.

use super::wording::{SaidWord, VALUE, is_meaning, said_words};
use std::fmt;

/// Words that a value takes at most.
const LONGEST: usize = 4;

/// The words of an answer, its values left open: `hello * your parcel is on its way`. Case, punctuation, markup, numbers and days make no
/// difference.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AnswerPattern(Vec<String>);

impl AnswerPattern {
    /// A text's own: nothing is open but placeholders (`{name}`).
    pub fn of(text: &str) -> Self {
        Self::from_words(said_words(text).into_iter().map(|SaidWord { word, .. }| word))
    }

    /// As [`fmt::Display`] writes it.
    pub fn parse(written: &str) -> Self {
        Self::from_words(written.split(' ').map(str::to_owned))
    }

    pub(super) fn from_words(words: impl IntoIterator<Item = String>) -> Self {
        let mut out: Vec<String> = words.into_iter().collect();
        out.dedup_by(|a, b| a == VALUE && b == VALUE);
        Self(out)
    }

    /// Whether something is left open.
    pub fn has_values(&self) -> bool {
        self.0.iter().any(|word| word == VALUE)
    }

    /// Whether a saying is this answer, filled in. What says yes or no fills nothing in.
    pub fn fits(&self, said: &Self) -> bool {
        // Up to where the words of the pattern so far may reach.
        let mut ends = vec![0];
        for part in &self.0 {
            let run = |at: usize| match part.as_str() {
                VALUE => said.0[at..].iter().take(LONGEST).take_while(|w| !is_meaning(w)).count(),
                word => usize::from(said.0.get(at).is_some_and(|w| w == word)),
            };
            let mut next: Vec<usize> = ends.iter().flat_map(|&at| at + 1..=at + run(at)).collect();
            next.sort_unstable();
            next.dedup();
            ends = next;
        }
        ends.contains(&said.0.len())
    }
}

impl fmt::Display for AnswerPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_saying_fits_the_answer_that_it_fills_in() {
        let fits = |pattern: &str, said: &str| AnswerPattern::of(pattern).fits(&AnswerPattern::of(said));
        let parcel = "Dear {name}, your parcel is on its way to {city}.";
        assert!(fits(parcel, "Dear Jean Paul, your parcel is on its way to New York"));
        assert!(fits(parcel, parcel) && fits("**Open** now!", "open NOW") && fits("", ""));
        assert!(!fits(parcel, "Dear John, your parcel is not on its way to Naxos."));
        assert!(!fits(parcel, "Dear, your parcel is on its way to Naxos."));
        assert!(!fits("You {x} cancel", "You cannot cancel") && !fits("Open now", "Open") && !fits("", "Open"));
        let pattern = AnswerPattern::of(parcel);
        assert!(pattern.has_values() && !AnswerPattern::of("Room 12").has_values());
        assert_eq!(AnswerPattern::parse(&pattern.to_string()), pattern);
    }
}
