//! What changed between two texts, word by word: the logged response and the corrected one.

use unicode_segmentation::UnicodeSegmentation;

/// What happened to a piece of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DiffOp {
    /// In both.
    Same,
    /// Only in the old text.
    Removed,
    /// Only in the new text.
    Added,
}

/// Cells of the comparison table beyond which two texts count as wholly different: 4 million take some 10 ms.
const MAX_CELLS: usize = 4_000_000;

/// The pieces of both texts in reading order. `Same` and `Removed` together are `old`, `Same` and `Added` are `new`;
/// within a change what was removed comes first. Same pieces are borrowed from `new`.
pub fn word_diff<'a>(old: &'a str, new: &'a str) -> Vec<(DiffOp, &'a str)> {
    let a: Vec<(usize, &str)> = old.split_word_bound_indices().collect();
    let b: Vec<(usize, &str)> = new.split_word_bound_indices().collect();
    let pairs = without_lone_space(common(&a, &b), &a, &b);
    let mut out = Vec::new();
    let (mut from_a, mut from_b) = (0, 0);
    let mut push = |op, text: &'a str| {
        if !text.is_empty() {
            out.push((op, text));
        }
    };
    let mut at = 0;
    while at <= pairs.len() {
        // A run of neighbours that are the same on both sides; the last, empty one stands at the end of both.
        let (i, j) = pairs.get(at).copied().unwrap_or((a.len(), b.len()));
        let run = pairs[at..].iter().zip(0..).take_while(|&(&pair, k)| pair == (i + k, j + k)).count();
        push(DiffOp::Removed, slice(old, &a, from_a, i));
        push(DiffOp::Added, slice(new, &b, from_b, j));
        push(DiffOp::Same, slice(new, &b, j, j + run));
        (from_a, from_b) = (i + run, j + run);
        at += run.max(1);
    }
    out
}

fn slice<'a>(text: &'a str, tokens: &[(usize, &str)], from: usize, to: usize) -> &'a str {
    let start = |i: usize| tokens.get(i).map_or(text.len(), |t| t.0);
    &text[start(from)..start(to)]
}

/// Indices of a longest common subsequence of the two token lists.
fn common(a: &[(usize, &str)], b: &[(usize, &str)]) -> Vec<(usize, usize)> {
    let same = |i: usize, j: usize| a[i].1 == b[j].1;
    let short = a.len().min(b.len());
    let head = (0..short).take_while(|&k| same(k, k)).count();
    let tail = (1..=short - head).take_while(|&k| same(a.len() - k, b.len() - k)).count();
    let (rows, columns) = (a.len() - head - tail, b.len() - head - tail);
    let mut pairs: Vec<(usize, usize)> = (0..head).map(|k| (k, k)).collect();
    if rows.saturating_mul(columns) <= MAX_CELLS {
        let stride = columns + 1;
        // best[i][j]: length of the longest common subsequence of the rests that start at i and j.
        let mut best = vec![0u32; (rows + 1) * stride];
        for i in (0..rows).rev() {
            for j in (0..columns).rev() {
                best[i * stride + j] = if same(head + i, head + j) {
                    best[(i + 1) * stride + j + 1] + 1
                } else {
                    best[(i + 1) * stride + j].max(best[i * stride + j + 1])
                };
            }
        }
        let (mut i, mut j) = (0, 0);
        while i < rows && j < columns {
            if same(head + i, head + j) {
                pairs.push((head + i, head + j));
                (i, j) = (i + 1, j + 1);
            } else if best[(i + 1) * stride + j] >= best[i * stride + j + 1] {
                i += 1;
            } else {
                j += 1;
            }
        }
    }
    pairs.extend((1..=tail).rev().map(|k| (a.len() - k, b.len() - k)));
    pairs
}

/// Drops spaces that are the same only by accident, between two changed words: `a b` to `x y` is one change, not two.
fn without_lone_space(pairs: Vec<(usize, usize)>, a: &[(usize, &str)], b: &[(usize, &str)]) -> Vec<(usize, usize)> {
    let joined = |(i, j): (usize, usize), at: Option<&(usize, usize)>, step: isize| {
        at.is_some_and(|&(k, l)| k.checked_add_signed(step) == Some(i) && l.checked_add_signed(step) == Some(j))
    };
    let keep = |&(n, &pair): &(usize, &(usize, usize))| {
        let space = a[pair.0].1.trim().is_empty();
        let at_edge = (pair.0 == 0 && pair.1 == 0) || (pair.0 + 1 == a.len() && pair.1 + 1 == b.len());
        let before = joined(pair, n.checked_sub(1).and_then(|n| pairs.get(n)), 1);
        !space || at_edge || before || joined(pair, pairs.get(n + 1), -1)
    };
    pairs.iter().enumerate().filter(keep).map(|(_, &pair)| pair).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn shows_the_words_that_changed() {
        assert_eq!(
            word_diff("It arrives Tuesday.", "It arrives on Tuesday 5 May."),
            [
                (DiffOp::Same, "It arrives "),
                (DiffOp::Added, "on "),
                (DiffOp::Same, "Tuesday"),
                (DiffOp::Added, " 5 May"),
                (DiffOp::Same, ".")
            ]
        );
        assert_eq!(word_diff("a b", "x y"), [(DiffOp::Removed, "a b"), (DiffOp::Added, "x y")]);
        assert_eq!(word_diff("same", "same"), [(DiffOp::Same, "same")]);
        assert_eq!(word_diff("", "new"), [(DiffOp::Added, "new")]);
        assert_eq!(word_diff("", ""), []);
    }

    #[test]
    fn texts_too_long_to_compare_count_as_different() {
        let (a, b) = ("a ".repeat(3_000), "b ".repeat(3_000));
        let ops: Vec<DiffOp> = word_diff(&a, &b).iter().map(|d| d.0).collect();
        assert_eq!(ops[..2], [DiffOp::Removed, DiffOp::Added]);
    }

    proptest! {
        #[test]
        fn both_texts_can_be_read_back(old in "[ab ,.]{0,30}", new in "[ab ,.]{0,30}") {
            let diff = word_diff(&old, &new);
            let read = |without: DiffOp| diff.iter().filter(|d| d.0 != without).map(|d| d.1).collect::<String>();
            prop_assert_eq!(read(DiffOp::Added), old.as_str());
            prop_assert_eq!(read(DiffOp::Removed), new.as_str());
        }
    }
}
