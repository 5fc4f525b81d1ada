//! Lists of turns in a cell as YAML and XML write them: each says who speaks, and what.

use crate::ingest::html;
use regex::Regex;
use serde_json::{Value, json};
use std::sync::LazyLock;

/// Keys and attributes that say who speaks, and those of what is said.
const WHO: &str = "role|speaker|from|sender|author|who";
const SAID: &str = "content|text|message|body|value|utterance";

/// `<message from="user">where is it</message>`.
static BY_ATTRIBUTE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(&format!(r#"<[A-Za-z][\w.-]*(?:\s[^<>]*?)?\s(?:{WHO})\s*=\s*["']([^"'<>]+)["'][^<>]*>([^<]*)</"#)).ok()
});
/// `<role>user</role><text>where is it</text>`.
static BY_ELEMENT: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(&format!(r"<(?:{WHO})>([^<]+)</(?:{WHO})>\s*<(?:{SAID})>([^<]*)</(?:{SAID})>")).ok());

/// The turns of a cell in YAML or XML; `None` where it is none of these, or says of fewer than two who speaks.
pub(super) fn turns(cell: &str) -> Option<Value> {
    let cell = cell.trim();
    let found = match cell.chars().next()? {
        '<' if cell.ends_with('>') => in_xml(cell),
        '-' => in_yaml(cell)?,
        _ => return None,
    };
    (found.len() > 1).then_some(Value::Array(found))
}

fn in_xml(cell: &str) -> Vec<Value> {
    let of = |pattern: &LazyLock<Option<Regex>>| -> Vec<Value> {
        let found = pattern.iter().flat_map(|pattern| pattern.captures_iter(cell));
        found.map(|turn| json!({"role": turn[1].trim(), "text": html::entities(turn[2].trim())})).collect()
    };
    let by_attribute = of(&BY_ATTRIBUTE);
    if by_attribute.is_empty() { of(&BY_ELEMENT) } else { by_attribute }
}

/// A list of flat objects, each with who speaks and what is said; `None` where a line is none of such a list.
fn in_yaml(cell: &str) -> Option<Vec<Value>> {
    let mut turns: Vec<[Option<String>; 2]> = Vec::new();
    for line in cell.lines().filter(|line| !line.trim().is_empty()) {
        let (is_next, field) = match line.strip_prefix('-') {
            Some(field) => (true, field),
            None => (false, line.strip_prefix("  ")?),
        };
        let (key, value) = field.trim().split_once(':')?;
        if is_next {
            turns.push([None, None]);
        }
        let place = [WHO, SAID].iter().position(|names| names.split('|').any(|name| name == key.trim()));
        let value = value.trim();
        let quoted = |quote: char| value.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
        let value = quoted('"').or_else(|| quoted('\'')).unwrap_or(value);
        if let (Some(place), Some(turn)) = (place, turns.last_mut()) {
            turn[place] = Some(value.to_owned());
        }
    }
    turns.into_iter().map(|[who, said]| Some(json!({"role": who?, "text": said?}))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turns_in_yaml_and_xml_say_who_speaks() {
        let both = json!([{"role": "user", "text": "where is it?"}, {"role": "bot", "text": "it's \"here\" & there"}]);
        for cell in [
            "<chat><message from=\"user\">where is it?</message><message at='1' from='bot'>it's \"here\" &amp; there</message></chat>",
            "<turn><role>user</role><text>where is it?</text></turn>\n<turn><role>bot</role><text>it's \"here\" & there</text></turn>",
            "- role: user\n  content: where is it?\n- role: bot\n  content: it's \"here\" & there\n",
            "- content: 'where is it?'\n  role: user\n- role: bot\n  at: 10:00\n  content: it's \"here\" & there",
        ] {
            assert_eq!(turns(cell), Some(both.clone()), "{cell}");
        }
        for none in [
            "- milk: 2\n- bread: 1",
            "- user: hi\n- bot: hello",
            "<p>hi</p><p>you</p>",
            "-",
            "",
            "- role: user\n  content: hi",
        ] {
            assert_eq!(turns(none), None, "{none}");
        }
    }
}
