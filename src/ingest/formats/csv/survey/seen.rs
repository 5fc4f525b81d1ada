//! Which values a column holds, and how often.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

/// Values that are told apart; a column of names or numbers has any number.
const MOST: usize = 5_000;
/// Bytes of a value that are kept.
const LONGEST: usize = 120;

/// One value.
#[derive(Clone, Debug)]
pub struct SeenValue {
    /// As it stands where it was seen first.
    pub shown: String,
    /// Rows that hold it.
    pub rows: u64,
    /// Runs of rows with the same conversation that hold it.
    pub conversations: u64,
    last: Option<u64>,
}

/// The values of a column by a key, such as the folded word.
#[derive(Clone, Debug, Default)]
pub struct SeenValues {
    values: HashMap<String, SeenValue>,
    /// Rows whose value was one too many.
    pub more: u64,
}

impl SeenValues {
    /// Notes a value in a conversation, which is known by a hash.
    pub fn add(&mut self, key: String, shown: &str, conversation: Option<u64>) {
        if let Some(value) = self.values.get_mut(&key) {
            value.rows += 1;
            value.conversations += u64::from(value.last != conversation || conversation.is_none());
            value.last = conversation;
            return;
        }
        if self.values.len() >= MOST {
            self.more += 1;
            return;
        }
        let shown = shown.trim().chars().take(LONGEST).collect();
        self.values.insert(key, SeenValue { shown, rows: 1, conversations: 1, last: conversation });
    }

    /// All of them: the most frequent first, equal ones by their key.
    pub fn list(&self) -> Vec<(&str, &SeenValue)> {
        let mut list: Vec<(&str, &SeenValue)> = self.values.iter().map(|(k, v)| (k.as_str(), v)).collect();
        list.sort_by(|a, b| b.1.rows.cmp(&a.1.rows).then_with(|| a.0.cmp(b.0)));
        list
    }

    /// The keys.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.values.keys().map(String::as_str)
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&SeenValue> {
        self.values.get(key)
    }

    /// How often all values together were seen.
    pub fn rows(&self) -> u64 {
        self.values.values().map(|v| v.rows).sum::<u64>() + self.more
    }
}

/// Some values in words: `` `Sofia` (5), `Nikos P.` (1) and 12 more ``.
pub fn listed(values: &[(&str, &SeenValue)], most: usize) -> String {
    let some: Vec<String> = values.iter().take(most).map(|(_, v)| format!("`{}` ({})", v.shown, v.rows)).collect();
    let more = match values.len().saturating_sub(most) {
        0 => String::new(),
        n => format!(" and {n} more"),
    };
    some.join(", ") + &more
}

/// What a text is known by where only its being the same counts.
pub fn hashed(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}
