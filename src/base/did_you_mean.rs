//! "Did you mean": the known word nearest to an unknown one.

/// The candidate that `word` was most likely meant to be: the fewest insertions, deletions, substitutions and swaps
/// of neighbours, without regard to case, at most one for every three letters; else the first candidate that starts
/// like `word` or that `word` starts with. Ties go to the earlier candidate.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    nearest_within(word, candidates, usize::MAX)
}

/// As [`nearest`], with at most so many edits however long the word is.
pub fn nearest_within<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>, most: usize) -> Option<&'a str> {
    let word: Vec<char> = word.chars().flat_map(char::to_lowercase).collect();
    let limit = (word.len() / 3).max(1).min(most);
    let mut best: Option<(usize, &str)> = None;
    let mut by_prefix = None;
    for candidate in candidates {
        let chars: Vec<char> = candidate.chars().flat_map(char::to_lowercase).collect();
        // A length that differs by more than the limit cannot be within it: no need for the table.
        if word.len().abs_diff(chars.len()) <= limit {
            let d = distance(&word, &chars);
            if d <= limit && d < chars.len() && best.is_none_or(|(least, _)| d < least) {
                best = Some((d, candidate));
            }
        }
        let shared = word.len().min(chars.len());
        if by_prefix.is_none() && shared >= 3 && word[..shared] == chars[..shared] {
            by_prefix = Some(candidate);
        }
    }
    best.map(|(_, candidate)| candidate).or(by_prefix)
}

/// Damerau-Levenshtein distance in its restricted form (no letter is edited twice).
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i; b.len() + 1];
        for j in 1..=b.len() {
            let same = a[i - 1] == b[j - 1];
            row[j] = (last[j] + 1).min(row[j - 1] + 1).min(last[j - 1] + usize::from(!same));
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(before[j - 2] + 1);
            }
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_was_meant() {
        let keys = ["outcome", "intent", "is", "conf", "csat", "cause"];
        assert_eq!(nearest("outcom", keys), Some("outcome"));
        assert_eq!(nearest("ouctome", keys), Some("outcome"));
        assert_eq!(nearest("INTENTS", keys), Some("intent"));
        assert_eq!(nearest("confidence", keys), Some("conf"));
        assert_eq!(nearest("in", keys), Some("is"));
        assert_eq!(nearest("change_flight", ["cancel_flight"]), Some("cancel_flight"));
        assert_eq!(nearest_within("change_flight", ["cancel_flight"], 2), None, "another word, not a slip");
        assert_eq!(nearest_within("cancle_flihgt", ["cancel_flight"], 2), Some("cancel_flight"));
        assert_eq!(nearest("weather", keys), None);
        assert_eq!(nearest("", keys), None);
        assert_eq!(nearest("x", ["y"]), None);
    }

    #[test]
    fn a_swap_is_one_edit() {
        let d = |a: &str, b: &str| distance(&a.chars().collect::<Vec<_>>(), &b.chars().collect::<Vec<_>>());
        assert_eq!((d("ab", "ba"), d("", "abc"), d("kitten", "sitting")), (1, 3, 3));
    }
}
