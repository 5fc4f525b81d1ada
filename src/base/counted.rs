//! Counts in words.

/// `1 turn`, `2 turns`.
pub fn counted(n: u64, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_one_and_all_others_are_many() {
        let words = [0, 1, 2].map(|n| counted(n, "turn", "turns"));
        assert_eq!(words, ["0 turns", "1 turn", "2 turns"]);
    }
}
