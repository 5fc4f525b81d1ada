//! Names that may not come twice, told apart in time that grows with their number alone, whoever chose them.

use smallvec::SmallVec;
use std::collections::HashSet;
use std::hash::Hash;

/// So many are compared one by one: quicker than hashing, and nearly every record has no more.
const FEW: usize = 16;

/// What has come so far.
#[derive(Debug)]
pub(super) struct Distinct<K> {
    few: SmallVec<[K; FEW]>,
    // The standard hasher has a secret: a log cannot hold names that all fall together.
    many: Option<HashSet<K>>,
}

impl<K> Default for Distinct<K> {
    fn default() -> Self {
        Self { few: SmallVec::new(), many: None }
    }
}

impl<K: Eq + Hash> Distinct<K> {
    /// Adds one; false when it was there.
    pub fn add(&mut self, key: K) -> bool {
        if let Some(many) = &mut self.many {
            return many.insert(key);
        }
        if self.few.contains(&key) {
            return false;
        }
        if self.few.len() < FEW {
            self.few.push(key);
            return true;
        }
        self.many.get_or_insert_with(|| self.few.drain(..).collect()).insert(key)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.few.len() + self.many.as_ref().map_or(0, HashSet::len)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;
    use std::hash::Hasher;

    /// A key that counts how often it is compared.
    struct CountedKey<'c>(u64, &'c Cell<u64>);

    impl PartialEq for CountedKey<'_> {
        fn eq(&self, other: &Self) -> bool {
            self.1.set(self.1.get() + 1);
            self.0 == other.0
        }
    }

    impl Eq for CountedKey<'_> {}

    impl Hash for CountedKey<'_> {
        fn hash<H: Hasher>(&self, state: &mut H) {
            self.0.hash(state);
        }
    }

    #[test]
    fn work_grows_with_the_number_of_names_and_not_with_its_square() {
        let compared = |n: u64| {
            let count = Cell::new(0);
            let mut seen = Distinct::default();
            assert!((0..n).all(|i| seen.add(CountedKey(i, &count))));
            assert!(!seen.add(CountedKey(n / 2, &count)), "{n}: told from one that was there");
            assert_eq!(seen.len() as u64, n);
            count.get()
        };
        let (small, large) = (compared(1_000), compared(100_000));
        assert!(small <= 4_000 && large <= 400_000, "{small} and {large} comparisons");
    }
}
