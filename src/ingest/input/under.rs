//! Records that stand in one list within an object: what programs answer and export.

/// Keys under which exports and programs list their records.
const LISTS: &[&str] = &[
    "data",
    "conversations",
    "items",
    "results",
    "_results",
    "records",
    "rows",
    "chats",
    "dialogs",
    "dialogues",
    "sessions",
    "threads",
    "tickets",
    "logs",
    "entries",
    "messages",
    "events",
];

/// Where the list of an object begins that holds nothing but a list of records, and its key; `None` where the text is something
/// else. `messages` are records only where each names its conversation.
pub(super) fn list_under(head: &[u8]) -> Option<(&'static str, usize)> {
    let start = head.iter().position(|b| !b.is_ascii_whitespace())?;
    let (mut depth, mut key, mut i) = (0_u32, &head[..0], start);
    while i < head.len() {
        match head[i] {
            b'"' => {
                let end = quote_end(head, i)?;
                if depth == 1 {
                    key = &head[i + 1..end];
                }
                i = end;
            }
            b'[' if depth == 1 => {
                let known = LISTS.iter().find(|k| k.as_bytes() == key);
                let inside = trim_start(&head[i + 1..]);
                let named = |inside: &[u8]| {
                    let first = &inside[..inside.iter().position(|&b| b == b'}').unwrap_or(inside.len())];
                    ["conversation_id", "session_id", "chat_id", "thread_id"]
                        .iter()
                        .any(|id| memchr::memmem::find(first, id.as_bytes()).is_some())
                };
                match known.filter(|_| inside.starts_with(b"{")) {
                    Some(&"messages" | &"events") if !named(inside) => return None,
                    Some(known) => return Some((known, i + 1)),
                    None => depth += 1,
                }
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' if depth <= 1 => return None,
            b'}' | b']' => depth -= 1,
            _ if depth == 0 => return None,
            _ => {}
        }
        i += 1;
    }
    None
}

/// Tells further lists of objects in what follows the list that is read, within the object around it.
pub(super) struct ListsBeside {
    depth: u32,
    quoted: bool,
    escaped: bool,
    /// The text in quotes that came last, and what stands before the value that comes.
    word: Vec<u8>,
    key: Vec<u8>,
    /// Whether nothing has come since a list began.
    is_begun: bool,
    /// Their keys.
    pub found: Vec<String>,
}

/// Bytes of such a key that are kept.
const LONGEST_KEY: usize = 40;

impl ListsBeside {
    /// From the end of the list that is read on.
    pub fn from_its_end() -> Self {
        let (word, key, found) = Default::default();
        Self { depth: 2, quoted: false, escaped: false, word, key, is_begun: false, found }
    }

    /// Looks at the next byte.
    pub fn take(&mut self, byte: u8) {
        match byte {
            _ if self.escaped => self.escaped = false,
            b'\\' if self.quoted => self.escaped = true,
            b'"' => {
                self.quoted = !self.quoted;
                if self.quoted {
                    self.word.clear();
                }
            }
            _ if self.quoted => self.word.extend(Some(byte).filter(|_| self.word.len() < LONGEST_KEY)),
            b':' => self.key = std::mem::take(&mut self.word),
            b'[' | b'{' => {
                if self.is_begun && byte == b'{' {
                    self.found.push(String::from_utf8_lossy(&self.key).into_owned());
                }
                self.is_begun = self.depth == 1 && byte == b'[';
                self.depth = self.depth.saturating_add(1);
                return;
            }
            b'}' | b']' => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
        self.is_begun &= byte.is_ascii_whitespace();
    }
}

/// Where a text in quotes ends that begins at `at`.
fn quote_end(text: &[u8], at: usize) -> Option<usize> {
    let mut i = at + 1;
    while i < text.len() {
        match text[i] {
            b'\\' => i += 1,
            b'"' => return Some(i),
            _ => {}
        }
        i += 1;
    }
    None
}

fn trim_start(text: &[u8]) -> &[u8] {
    &text[text.iter().position(|b| !b.is_ascii_whitespace()).unwrap_or(text.len())..]
}
