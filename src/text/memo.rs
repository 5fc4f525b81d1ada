//! What words come to, as a thread met them last. A log repeats its words, and to look one up costs a tenth of reading it.

/// Words that are remembered, a power of two; and bytes of the longest of them.
const REMEMBERED: usize = 4_096;
const LONGEST: usize = 14;

/// What words come to; a word takes the place of another that has the same.
pub struct WordMemo<V>(Vec<(u128, V)>);

impl<V: Copy + Default> Default for WordMemo<V> {
    fn default() -> Self {
        Self(vec![(0, V::default()); REMEMBERED])
    }
}

impl<V: Copy> WordMemo<V> {
    /// What a word comes to when it is read in a way (any number below 255), as `read` says where it is not remembered.
    pub fn get(&mut self, word: &str, way: u8, read: impl FnOnce() -> V) -> V {
        let Some(key) = key(word, way) else { return read() };
        let mixed = (key as u64 ^ ((key >> 64) as u64).rotate_left(29)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let place = &mut self.0[(mixed >> (64 - REMEMBERED.trailing_zeros())) as usize];
        if place.0 != key {
            *place = (key, read());
        }
        place.1
    }
}

/// The word's bytes and length, and the way, as one number that no other word has, never 0; `None` for a long word.
fn key(word: &str, way: u8) -> Option<u128> {
    let mut bytes = [0; 16];
    bytes.get_mut(..word.len()).filter(|_| word.len() <= LONGEST)?.copy_from_slice(word.as_bytes());
    bytes[LONGEST] = word.len() as u8;
    bytes[LONGEST + 1] = 1 + way;
    Some(u128::from_le_bytes(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_remembered_is_what_was_read() {
        let words: Vec<String> = (0..20_000_u32)
            .map(|i| format!("{}{:x}é", ["thelo", "where", "", "very-long-words"][i as usize % 4], i % 7_000))
            .collect();
        let read =
            |word: &str, way: u8| word.bytes().fold(u64::from(way), |sum, b| sum.wrapping_mul(31) + u64::from(b));
        let (mut memo, mut reads) = (WordMemo::default(), 0);
        for word in words.iter().chain(&words[..100]).chain(&words[..100]) {
            for way in [0, 1] {
                let value = memo.get(word, way, || {
                    reads += 1;
                    read(word, way)
                });
                assert_eq!(value, read(word, way), "{word}");
            }
        }
        assert!(reads < 2 * 20_200, "{reads}");
    }
}
