//! Fuzzy matching for palettes and pickers.

use super::fold::{fold, fold_with_positions};
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
/// equals stay in their order. An empty query matches everything.
pub fn rank<T: AsRef<str>>(query: &str, items: impl IntoIterator<Item = T>) -> Vec<FuzzyMatch> {
    // Both sides are folded, so the matcher need not: its own folding does not know Greek.
    let pattern = Pattern::new(&fold(query), CaseMatching::Respect, Normalization::Never, AtomKind::Fuzzy);
    let mut matcher = Matcher::new(Config::DEFAULT);
    let mut found: Vec<FuzzyMatch> = items
        .into_iter()
        .enumerate()
        .filter_map(|(index, item)| match_one(&pattern, &mut matcher, index, item.as_ref()))
        .collect();
    found.sort_by_key(|m| std::cmp::Reverse(m.score));
    found
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
    fn best_first_and_ties_in_order() {
        let items = ["order_status", "orders", "reset_password", "order_status"];
        let found: Vec<usize> = rank("order status", items).iter().map(|m| m.index).collect();
        assert_eq!(found, [0, 3]);
        assert_eq!(rank("", items).iter().map(|m| m.index).collect::<Vec<_>>(), [0, 1, 2, 3]);
        assert_eq!(rank("zzz", items), []);
    }
}
