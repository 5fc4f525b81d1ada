//! What words come to, as a thread met them last. A log repeats its words, and to look one up costs a tenth of reading it.

/// Words that are remembered where reading one anew costs much: what a team's log has that are not rare (1.5 MB). With a quarter of
/// them, one word in seven of a log with 38,000 was read anew, with these one in seventeen.
pub const MANY: usize = 65_536;
/// Bytes of the longest word that is remembered; characters of one with Greek letters, which take two bytes each.
const LONGEST: usize = 14;

/// What words come to, `N` of them (a power of two); a word takes the place of another that has the same.
pub struct WordMemo<V, const N: usize>(Vec<(WordKey, V)>);

/// A number of 128 bits in halves, which need no more room than they take: what is asked of a memory of words is mostly waited for.
type WordKey = [u64; 2];

impl<V: Copy + Default, const N: usize> Default for WordMemo<V, N> {
    fn default() -> Self {
        Self(vec![(WordKey::default(), V::default()); N])
    }
}

impl<V: Copy, const N: usize> WordMemo<V, N> {
    /// What a word comes to when it is read in a way (any number below 255), as `read` says where it is not remembered.
    pub fn get(&mut self, word: &str, way: u8, read: impl FnOnce() -> V) -> V {
        let Some(key) = key(word, way) else { return read() };
        let key = [key as u64, (key >> 64) as u64];
        let mixed = (key[0] ^ key[1].rotate_left(29)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let place = &mut self.0[(mixed >> (64 - N.trailing_zeros())) as usize];
        if place.0 != key {
            *place = (key, read());
        }
        place.1
    }
}

/// A number that no other word and way have, never 0: of the word's bytes, its length and the way. `None` for a long word.
fn key(word: &str, way: u8) -> Option<u128> {
    let bytes = word.as_bytes();
    let marks = u128::from(word.len() as u8) << (8 * LONGEST) | u128::from(1 + way) << (8 * LONGEST + 8);
    // Read at once from both ends: to copy so few bytes costs more than the rest.
    let text = match bytes.len() {
        0 => 0,
        1..=3 => {
            let [first, middle, last] = [bytes[0], bytes[bytes.len() / 2], bytes[bytes.len() - 1]].map(u128::from);
            first | middle << 8 | last << 16
        }
        4..=7 => {
            let (first, last) = (bytes.first_chunk::<4>()?, bytes.last_chunk::<4>()?);
            u128::from(u32::from_le_bytes(*first)) | u128::from(u32::from_le_bytes(*last)) << 32
        }
        8..=LONGEST => {
            let (first, last) = (bytes.first_chunk::<8>()?, bytes.last_chunk::<8>()?);
            // Of the last eight those that the first have not: six at most, below the marks.
            let rest = u128::from(u64::from_le_bytes(*last)) >> (8 * (16 - bytes.len()));
            u128::from(u64::from_le_bytes(*first)) | rest << 64
        }
        // The length in bytes, among the marks, tells them from the words above.
        _ if bytes.len() <= 2 * LONGEST => letters(word)?,
        _ => return None,
    };
    Some(text | marks)
}

/// The characters of a word, a byte each; `None` where they are too many, or others than ASCII and Greek.
fn letters(word: &str) -> Option<u128> {
    let mut text = 0;
    for (place, c) in word.chars().enumerate() {
        let byte = match c {
            '\0'..='\u{7f}' => u32::from(c),
            '\u{380}'..='\u{3ff}' => u32::from(c) - 0x300,
            _ => return None,
        };
        text |= if place < LONGEST { u128::from(byte) << (8 * place) } else { return None };
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_words_have_one_key() {
        let letters = "abcdefghijklmno";
        let words: Vec<String> = (0..=LONGEST)
            .flat_map(|length| {
                let word = &letters[..length];
                let changed = (0..length).map(move |at| format!("{}z{}", &word[..at], &word[at + 1..]));
                changed.chain([word.to_owned()])
            })
            .chain(["παραγγελιαπαρα", "παραγγελιαπαρω", "παραγγελια", "παραγγελ1α"].map(str::to_owned))
            .collect();
        let keys: std::collections::HashSet<u128> =
            words.iter().flat_map(|word| [0, 1, 254].map(|way| key(word, way).unwrap())).collect();
        assert_eq!(keys.len(), 3 * words.len());
        assert!(!keys.contains(&0));
        for long in [letters, "παραγγελιαπαραγ", "παραγγελίες\u{301}", "日本日本日本"] {
            assert!(key(long, 0).is_none(), "{long}");
        }
    }

    #[test]
    fn what_is_remembered_is_what_was_read() {
        let words: Vec<String> = (0..20_000_u32)
            .map(|i| format!("{}{:x}é", ["thelo", "where", "", "very-long-words"][i as usize % 4], i % 7_000))
            .collect();
        let read =
            |word: &str, way: u8| word.bytes().fold(u64::from(way), |sum, b| sum.wrapping_mul(31) + u64::from(b));
        let (mut memo, mut reads) = (WordMemo::<u64, 4_096>::default(), 0);
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
