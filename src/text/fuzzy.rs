//! Fuzzy matching for palettes and pickers.

use super::fold::{fold, fold_with_positions, words};
use super::greek::{Greek, is_greek, key_of};
use nucleo_matcher::pattern::{AtomKind, CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

/// An item that matches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FuzzyMatch {
    /// Its place in the list.
    pub index: usize,
    /// How well it matches; comparable within one call.
    pub score: u32,
    /// Characters (not bytes) of the original item that matched, ascending, for highlighting.
    pub positions: Vec<usize>,
}

/// The items in which every word of `query` occurs as a subsequence, without regard to case and accents, best first;
/// equals stay in their order. An empty query matches everything. After them come items with words that begin with the sound of
/// every word of the query, where one of the two is Greek: `akirosi` finds `ακύρωση`, and `ακύρωση` finds `akyrosi`.
pub fn rank<T: AsRef<str>>(query: &str, items: impl IntoIterator<Item = T>) -> Vec<FuzzyMatch> {
    // Both sides are folded, so the matcher need not: its own folding does not know Greek.
    let pattern = Pattern::new(&fold(query), CaseMatching::Respect, Normalization::Never, AtomKind::Fuzzy);
    let mut matcher = Matcher::new(Config::DEFAULT);
    let sound = QuerySound::of(query);
    let mut found: Vec<FuzzyMatch> = items
        .into_iter()
        .enumerate()
        .filter_map(|(index, item)| {
            let item = item.as_ref();
            match_one(&pattern, &mut matcher, index, item).or_else(|| sound.match_one(index, item))
        })
        .collect();
    found.sort_by_key(|m| std::cmp::Reverse(m.score));
    found
}

/// How a query sounds.
struct QuerySound {
    /// Of each word.
    keys: Vec<String>,
    greek: bool,
}

impl QuerySound {
    fn of(query: &str) -> Self {
        let folded = fold(query);
        let keys = words(&folded).map(key_of).collect();
        Self { keys, greek: Greek::of(&folded) != Greek::None }
    }

    /// The words of an item that begin with the sound of the query's, whole: which of its letters a sound ends at is not told. They
    /// score 0, below all that is found by letters.
    fn match_one(&self, index: usize, item: &str) -> Option<FuzzyMatch> {
        if self.keys.is_empty() || !(self.greek || item.chars().any(is_greek)) {
            return None;
        }
        let folded = fold_with_positions(item);
        let text: String = folded.iter().map(|(c, _)| *c).collect();
        let mut positions = Vec::new();
        let mut met = vec![false; self.keys.len()];
        let mut end = 0;
        for word in words(&text) {
            // Between words are no letters: the next place where it stands is its own.
            let start = end + text[end..].find(word)?;
            end = start + word.len();
            let key = key_of(word);
            let mut hits =
                self.keys.iter().zip(&mut met).filter(|(typed, _)| key.starts_with(typed.as_str())).peekable();
            if hits.peek().is_some() {
                hits.for_each(|(_, met)| *met = true);
                let from = text[..start].chars().count();
                positions.extend(folded[from..].iter().take(word.chars().count()).map(|(_, at)| *at));
            }
        }
        positions.dedup();
        met.iter().all(|m| *m).then_some(FuzzyMatch { index, score: 0, positions })
    }
}

fn match_one(pattern: &Pattern, matcher: &mut Matcher, index: usize, item: &str) -> Option<FuzzyMatch> {
    let (chars, origin): (Vec<char>, Vec<usize>) = fold_with_positions(item).into_iter().unzip();
    let mut hits = Vec::new();
    let score = pattern.indices(Utf32Str::Unicode(&chars), matcher, &mut hits)?;
    let mut positions: Vec<usize> = hits.iter().filter_map(|&i| origin.get(i as usize).copied()).collect();
    positions.sort_unstable();
    positions.dedup();
    Some(FuzzyMatch { index, score, positions })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn greek_is_found_and_highlighted_in_the_original() {
        let found = rank("παραγγ", ["Επιστροφή", "Πα\u{301}ραγγελία"]);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].index, found[0].positions.as_slice()), (1, [0, 1, 3, 4, 5, 6].as_slice()));
    }

    #[test]
    fn what_is_named_in_one_script_is_found_in_the_other() {
        let names = ["Ακύρωση κράτησης", "akyrosi_paraggelias", "cancel_order", "epistrofi", "Επιστροφή χρημάτων"];
        let found = |query: &str| rank(query, names).iter().map(|m| m.index).collect::<Vec<_>>();
        assert_eq!(found("ακύρωση"), [0, 1]);
        assert_eq!(found("akirosi"), [0, 1]);
        assert_eq!(found("akyrwsh krat"), [0]);
        assert_eq!(found("επιστρ"), [4, 3], "letters before sounds");
        assert_eq!(found("hrimata"), Vec::<usize>::new());
        assert_eq!(found("xrimat"), [4]);
        assert_eq!(found("cancel"), [2]);
        let by_sound = rank("xrimata", ["Επιστροφή χρήματα!"]);
        assert_eq!(by_sound[0].positions, (10..17).collect::<Vec<_>>());
    }

    #[test]
    fn best_first_and_ties_in_order() {
        let items = ["order_status", "orders", "reset_password", "order_status"];
        let found: Vec<usize> = rank("order status", items).iter().map(|m| m.index).collect();
        assert_eq!(found, [0, 3]);
        assert_eq!(rank("", items).iter().map(|m| m.index).collect::<Vec<_>>(), [0, 1, 2, 3]);
        assert_eq!(rank("zzz", items), []);
    }
}
