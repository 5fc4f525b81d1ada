//! Cells that hold JSON, or a list as Python prints it: turns, or the words within.

use crate::domain::Role;
use crate::ingest::derive::speakers as senders;
use serde_json::{Map, Number, Value};

/// Deeper structures are no cells of a log.
const DEEPEST: usize = 60;

/// The structure in a cell; `None` where it holds plain text.
pub fn structure(cell: &str) -> Option<Value> {
    let text = cell.trim();
    if !text.starts_with(['{', '[', '"', '(']) && !text.starts_with("array(") {
        return None;
    }
    let value = serde_json::from_str(text).ok().or_else(|| Literal::whole(text))?;
    // A structure that was written as a text once more.
    let inner = value.as_str().filter(|inner| inner.trim_start().starts_with(['{', '[']));
    Some(inner.and_then(structure).filter(|inner| !inner.is_string()).unwrap_or(value))
}

/// The turns in a structure: a list of objects of which each says who speaks, or such a list under `messages`.
pub fn turns(value: &Value) -> Option<&Vec<Value>> {
    let list = match value {
        Value::Array(list) => list,
        Value::Object(map) => {
            ["messages", "turns", "conversation", "conversations"].iter().find_map(|k| map.get(*k)?.as_array())?
        }
        _ => return None,
    };
    let speaks = |v: &Value| ["role", "sender", "from", "speaker", "author"].iter().any(|k| v.get(k).is_some());
    (!list.is_empty() && list.iter().all(speaks)).then_some(list)
}

/// Who speaks in a message that is a structure, where it says so in a word that is known.
pub fn speaker(value: &Value) -> Option<Role> {
    let said = ["role", "type", "sender"].iter().find_map(|key| value.get(*key)?.as_str())?;
    senders::known(&senders::word(said))
}

/// The words that a structure holds: a text, the last that the customer says, what stands under a usual name.
pub fn words(value: &Value) -> Option<String> {
    if let Some(list) = turns(value) {
        return words(list.last()?);
    }
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Array(parts) => {
            let texts: Vec<String> = parts.iter().map(words).collect::<Option<_>>()?;
            (!texts.is_empty()).then(|| texts.join("\n"))
        }
        Value::Object(map) => {
            let names = [
                "text",
                "content",
                "message",
                "value",
                "input",
                "output",
                "question",
                "answer",
                "query",
                "response",
                "parts",
                "body",
                "prompt",
                "args",
                "completion",
                "choices",
                "generated_text",
                "title",
                "label",
                "payload",
            ];
            names.iter().find_map(|name| words(map.get(*name)?))
        }
        _ => None,
    }
}

/// A list or object as Python prints it: single quotes, `True`, `None`; NumPy leaves out the commas.
struct Literal<'t> {
    text: &'t str,
    depth: usize,
}

impl<'t> Literal<'t> {
    fn whole(text: &'t str) -> Option<Value> {
        let mut literal = Self { text, depth: 0 };
        let value = literal.value()?;
        literal.blanks();
        (literal.text.is_empty() && !value.is_string()).then_some(value)
    }

    fn blanks(&mut self) {
        self.text = self.text.trim_start();
    }

    fn take(&mut self, sign: &str) -> bool {
        self.blanks();
        let Some(rest) = self.text.strip_prefix(sign) else { return false };
        self.text = rest;
        true
    }

    fn value(&mut self) -> Option<Value> {
        self.blanks();
        self.depth += 1;
        let value = match self.text.chars().next().filter(|_| self.depth < DEEPEST)? {
            '[' => self.list("[", "]"),
            '(' => self.list("(", ")"),
            '{' => self.object(),
            '\'' | '"' => self.quoted().map(Value::String),
            _ if self.take("array(") => {
                let list = self.list("[", "]");
                // `, dtype=object)`
                let end = self.text.find(')')?;
                self.text = &self.text[end + 1..];
                list
            }
            _ => self.bare(),
        };
        self.depth -= 1;
        value
    }

    fn list(&mut self, open: &str, close: &str) -> Option<Value> {
        self.take(open).then_some(())?;
        let mut out = Vec::new();
        while !self.take(close) {
            out.push(self.value()?);
            self.take(",");
        }
        Some(Value::Array(out))
    }

    fn object(&mut self) -> Option<Value> {
        self.take("{").then_some(())?;
        let mut out = Map::new();
        while !self.take("}") {
            self.blanks();
            let key = self.quoted()?;
            self.take(":").then_some(())?;
            out.insert(key, self.value()?);
            self.take(",");
        }
        Some(Value::Object(out))
    }

    /// A message as LangChain prints it: `HumanMessage(content='hi', id=None)`.
    fn message(&mut self, who: &str) -> Option<Value> {
        self.take("(").then_some(())?;
        let mut out = Map::new();
        while !self.take(")") {
            self.blanks();
            let (key, rest) = self.text.split_once('=')?;
            self.text = rest;
            out.insert(key.to_owned(), self.value()?);
            self.take(",");
        }
        out.insert("role".to_owned(), who.to_lowercase().into());
        Some(Value::Object(out))
    }

    fn quoted(&mut self) -> Option<String> {
        let quote = self.text.chars().next().filter(|c| matches!(c, '\'' | '"'))?;
        let mut out = String::new();
        let mut chars = self.text.char_indices().skip(1);
        while let Some((at, c)) = chars.next() {
            match c {
                '\\' => match chars.next()?.1 {
                    'n' => out.push('\n'),
                    't' => out.push('\t'),
                    'r' => out.push('\r'),
                    'x' => out.push(code(&mut chars, 2)?),
                    'u' => out.push(code(&mut chars, 4)?),
                    other => out.push(other),
                },
                c if c == quote => {
                    self.text = &self.text[at + 1..];
                    return Some(out);
                }
                c => out.push(c),
            }
        }
        None
    }

    fn bare(&mut self) -> Option<Value> {
        let end = self
            .text
            .find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '.' | '-' | '+'))
            .unwrap_or(self.text.len());
        let (word, rest) = self.text.split_at(end);
        self.text = rest;
        if let Some(who) = word.strip_suffix("Message").filter(|_| rest.starts_with('(')) {
            return self.message(who);
        }
        Some(match word {
            "None" | "nan" | "null" => Value::Null,
            "True" | "true" => Value::Bool(true),
            "False" | "false" => Value::Bool(false),
            word => Value::Number(
                word.parse::<i64>().ok().map(Number::from).or_else(|| Number::from_f64(word.parse().ok()?))?,
            ),
        })
    }
}

fn code(chars: &mut impl Iterator<Item = (usize, char)>, digits: usize) -> Option<char> {
    let hex: String = chars.take(digits).map(|(_, c)| c).collect();
    Some(char::from_u32(u32::from_str_radix(&hex, 16).ok()?).unwrap_or('\u{fffd}'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn what_python_prints_is_read() {
        let list = r#"[{'role': 'user', 'content': "Where's it?"}, {'role': 'bot', 'content': 'It\'s \u03b1\n', 'n': None, 'ok': True}]"#;
        let is = json!([{"role": "user", "content": "Where's it?"}, {"role": "bot", "content": "It's α\n", "n": null, "ok": true}]);
        assert_eq!(structure(list), Some(is.clone()));
        assert_eq!(turns(&is).map(Vec::len), Some(2));
        let numpy = "array([{'role': 'user', 'content': 'a'}\n {'role': 'bot', 'content': 'b'}], dtype=object)";
        assert_eq!(structure(numpy).as_ref().and_then(turns).map(Vec::len), Some(2));
        for text in ["[1] see below", "(no order)", "\"quoted\" words", "[brackets]", "{x}", "hello"] {
            assert_eq!(structure(text), None, "{text}");
        }
    }

    #[test]
    fn words_are_found_in_structures() {
        let of = |text: &str| words(&structure(text).unwrap());
        assert_eq!(
            of(r#"{"messages":[{"role":"user","content":"a"},{"role":"user","content":"b"}]}"#).as_deref(),
            Some("b")
        );
        assert_eq!(of(r#"{"role":"assistant","content":[{"type":"text","text":"x"}]}"#).as_deref(), Some("x"));
        assert_eq!(of(r#"{"args": ["where is my order"], "kwargs": {}}"#).as_deref(), Some("where is my order"));
        assert_eq!(
            of(r#"{"id":"x","choices":[{"message":{"content":"On its way."}}]}"#).as_deref(),
            Some("On its way.")
        );
        assert_eq!((of("\"stop\"").as_deref(), of("{\"n\":1}")), (Some("stop"), None));
    }

    proptest! {
        #[test]
        fn any_cell_is_read_or_left(text in r#"[\[\]{}'":, a1\\ux(]{0,40}"#) {
            structure(&text);
        }
    }
}
