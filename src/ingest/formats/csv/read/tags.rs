//! Dialogues with who speaks in a sign of its own before each turn, on lines or on one: `<user> hi <bot> hello`, `[USR] hi [SYS] hello`. They
//! are written as a line a turn.

use crate::ingest::derive::speakers as senders;

/// Longest name in a tag, in characters.
const NAME: usize = 24;
/// How names begin that nobody knows and that name whoever speaks.
const PEOPLE: &[&str] =
    &["speaker", "person", "agent", "user", "usr", "sys", "participant", "party", "caller", "human", "bot"];

/// What stands around a name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum TagSign {
    /// `<|user|>`
    Barred,
    /// `<user>`
    Angled,
    /// `[USR]`
    Squared,
    /// `### Human:`
    Headed,
}

const SIGNS: &[TagSign] = &[TagSign::Barred, TagSign::Angled, TagSign::Squared, TagSign::Headed];

/// A tag: where it begins, where what is said begins, and the name in it.
struct Tag<'c> {
    at: usize,
    end: usize,
    name: &'c str,
}

impl TagSign {
    /// The tag at the beginning of a text: its name, and its length.
    fn tag(self, text: &str) -> Option<(&str, usize)> {
        let (open, close) = match self {
            Self::Barred => ("<|", "|>"),
            Self::Angled => ("<", ">"),
            Self::Squared => ("[", "]"),
            Self::Headed => ("### ", ":"),
        };
        let inner = text.strip_prefix(open)?;
        let length = inner.find(close).filter(|&at| at > 0 && inner[..at].chars().count() <= NAME)?;
        let name = &inner[..length];
        let fits = name.starts_with(char::is_alphabetic)
            && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | ' '));
        let end = open.len() + length + close.len();
        fits.then(|| (name, end + usize::from(text[end..].starts_with(':'))))
    }
}

/// A dialogue with a line for each turn; `None` where it is none, or stands so already.
pub(super) fn lines(cell: &str) -> Option<String> {
    let cell = cell.trim();
    if let Some(lines) = templated(cell) {
        return Some(lines);
    }
    let sign = *SIGNS.iter().find(|sign| sign.tag(cell).is_some())?;
    let tags = tags(cell, sign)?;
    let mut out = String::with_capacity(cell.len() + tags.len() * 2);
    for (i, tag) in tags.iter().enumerate() {
        let end = tags.get(i + 1).map_or(cell.len(), |next| next.at);
        let said = cell[tag.end..end].trim();
        let separator = if i == 0 { "" } else { "\n" };
        out.push_str(&format!("{separator}{}: {}", tag.name.trim(), unclosed(said)));
    }
    Some(out)
}

/// What is said in a turn without what closes it in some templates.
fn unclosed(said: &str) -> &str {
    const CLOSE: &[&str] = &["<s>", "</s>", "<|end|>", "<|im_end|>", "<|eot_id|>", "<|end_of_text|>"];
    CLOSE.iter().fold(said.trim(), |said, sign| said.trim_end_matches(sign).trim_end())
}

/// A dialogue in the template that a language model is given: `<|im_start|>user`, a line's end, and the words; `[INST] words [/INST] answer`.
fn templated(cell: &str) -> Option<String> {
    const HEADS: [(&str, &str); 2] = [("<|im_start|>", "\n"), ("<|start_header_id|>", "<|end_header_id|>")];
    let headed = HEADS.iter().find_map(|(open, close)| {
        let (_, rest) = cell.split_once(open).filter(|(before, _)| before.is_empty() || before.starts_with("<|"))?;
        let turns = rest.split(open).filter_map(|turn| turn.split_once(close));
        Some(turns.map(|(name, said)| format!("{}: {}", name.trim(), unclosed(said))).collect::<Vec<_>>())
    });
    let asked = || {
        let rest = cell.trim_start_matches("<s>").trim_start().strip_prefix("[INST]")?;
        let turns = rest.split("[INST]").filter_map(|turn| turn.split_once("[/INST]"));
        Some(turns.map(|(asked, said)| format!("user: {}\nassistant: {}", asked.trim(), unclosed(said))).collect())
    };
    headed.or_else(asked).filter(|turns: &Vec<String>| !turns.is_empty()).map(|turns| turns.join("\n"))
}

/// The tags of a dialogue in which at least two speak.
fn tags(cell: &str, sign: TagSign) -> Option<Vec<Tag<'_>>> {
    let mut all: Vec<Tag<'_>> = Vec::new();
    let mut before = ' ';
    for (at, c) in cell.char_indices() {
        let free = sign == TagSign::Barred || !before.is_alphanumeric();
        before = c;
        if let Some((name, length)) = sign.tag(&cell[at..]).filter(|_| free) {
            all.push(Tag { at, end: at + length, name });
        }
    }
    let known = |name: &str| senders::known(&senders::word(name)).is_some();
    let often = |name: &str| all.iter().filter(|t| t.name.eq_ignore_ascii_case(name)).count() > 1;
    let of_people = |name: &str| PEOPLE.iter().any(|word| name.to_lowercase().starts_with(word));
    let speaks = |i: usize, name: &str| {
        known(name) || of_people(name) || i == 0 || often(name) && !name.chars().any(char::is_lowercase)
    };
    let speaking: Vec<bool> = all.iter().enumerate().map(|(i, tag)| speaks(i, tag.name)).collect();
    let tags: Vec<Tag<'_>> = all.into_iter().zip(speaking).filter_map(|(tag, speaks)| speaks.then_some(tag)).collect();
    let mut names: Vec<String> = tags.iter().map(|t| t.name.to_lowercase()).collect();
    names.sort_unstable();
    names.dedup();
    let is_told = sign == TagSign::Squared || tags.iter().any(|t| known(t.name) || of_people(t.name));
    (names.len() > 1 && is_told && tags.first()?.at == 0).then_some(tags)
}

#[cfg(test)]
mod tests {
    use super::lines;

    #[test]
    fn tags_begin_lines() {
        let two = Some("user: hi there\nbot: hello".to_owned());
        for cell in [
            "<user> hi there <bot> hello",
            "<|user|>hi there<|bot|>hello",
            "[user] hi there [bot] hello",
            "[user]: hi there\n[bot]: hello",
        ] {
            assert_eq!(lines(cell), two, "{cell}");
        }
        let template = "<|im_start|>user\nhi there<|im_end|>\n<|im_start|>bot\nhello<|im_end|>";
        assert_eq!(lines(template), two);
        let headers = "<|begin_of_text|><|start_header_id|>user<|end_header_id|>\n\nhi there<|eot_id|><|start_header_id|>bot<|end_header_id|>\n\nhello<|eot_id|>";
        assert_eq!(lines(headers), two);
        assert_eq!(lines("<s>[INST] a [/INST] b </s>").as_deref(), Some("user: a\nassistant: b"));
        assert_eq!(lines("### Human: a ### Assistant: b").as_deref(), Some("Human: a\nAssistant: b"));
        assert_eq!(lines("[USR] see [IMAGE] x [SYS] b").as_deref(), Some("USR: see [IMAGE] x\nSYS: b"));
        for none in [
            "<b>bold</b> and <i>more</i>",
            "[10:05] User: a",
            "User: a Bot: b User: c",
            "[media]",
            "[A] or [B]",
            "hi",
            "User: a\nBot: b",
        ] {
            assert_eq!(lines(none), None, "{none}");
        }
    }
}
