//! Whole conversations in a cell, in the shapes in which programs write lists of turns.

use super::marked_up;
use super::structures::{structure, turns};
use crate::ingest::derive::speakers as senders;
use crate::ingest::derive::strangers::{TAKE_TURNS, named_before, role_before};
use crate::text::has_words;
use serde_json::{Value, json};

/// The turns in a cell, each an object that says who speaks: in a list, one a line or under numbers, as `{"user": "hi"}`, as
/// `["user", "hi"]`, as LangChain has them, in YAML or in XML.
pub fn of_cell(cell: &str) -> Option<Vec<Value>> {
    let value = structure(cell).or_else(|| of_lines(cell)).or_else(|| marked_up::turns(cell))?;
    if let Some(list) = turns(&value) {
        return Some(list.clone());
    }
    let items: Vec<&Value> = match &value {
        Value::Array(list) => list.iter().collect(),
        Value::Object(map) if map.keys().all(|key| key.bytes().all(|b| b.is_ascii_digit())) => map.values().collect(),
        Value::Object(map) => map.get("messages")?.as_array()?.iter().collect(),
        _ => return None,
    };
    let all: Vec<Value> = items.into_iter().map(spoken).collect::<Option<Vec<_>>>()?.concat();
    (!all.is_empty()).then_some(all)
}

/// Objects on a line each.
fn of_lines(cell: &str) -> Option<Value> {
    let lines = cell.lines().filter(|line| !line.trim().is_empty());
    let objects = lines.map(|line| structure(line).filter(Value::is_object)).collect::<Option<Vec<_>>>()?;
    (objects.len() > 1).then_some(Value::Array(objects))
}

/// The turns in an item of a list; `None`: it says nothing of who speaks.
fn spoken(item: &Value) -> Option<Vec<Value>> {
    let is_known = |who: &str| senders::known(&senders::word(who)).is_some();
    let turn = |who: &str, said: &str| json!({"role": who, "text": said});
    match item {
        Value::String(line) => {
            named_before(line).filter(|(who, _)| is_known(who)).map(|(who, said)| vec![turn(who, said)])
        }
        Value::Array(pair) => match pair.as_slice() {
            [Value::String(who), Value::String(said)] if is_known(who) => Some(vec![turn(who, said)]),
            _ => None,
        },
        Value::Object(map) => {
            if turns(&Value::Array(vec![item.clone()])).is_some() {
                return Some(vec![item.clone()]);
            }
            let kind = map.get("type").and_then(Value::as_str).filter(|kind| is_known(kind));
            let said =
                || ["content", "text"].iter().find_map(|key| map.get("data").unwrap_or(item).get(*key)?.as_str());
            if let Some((kind, said)) = kind.zip(said()) {
                return Some(vec![turn(kind, said)]);
            }
            let by_name = map.iter().filter(|(_, said)| !said.is_null());
            by_name.map(|(who, said)| said.as_str().filter(|_| is_known(who)).map(|said| turn(who, said))).collect()
        }
        _ => None,
    }
}

/// The turns of a cell that holds texts alone, or pairs of them: some begin with a word for who speaks, and all with a name; else two take
/// turns, and only a person can say who.
pub fn of_texts(cell: &str) -> Option<Vec<Value>> {
    let Value::Array(list) = structure(cell)? else { return None };
    let is_text = |value: &Value| value.is_string() || value.is_null();
    let pair = |value: &Value| value.as_array().filter(|two| two.len() == 2 && two.iter().all(is_text)).cloned();
    let texts = match list.iter().all(Value::is_string) {
        true => list,
        false => list.iter().map(pair).collect::<Option<Vec<_>>>()?.concat(),
    };
    let named = |text: &Value| named_before(text.as_str()?).map(|(who, said)| json!({"role": who, "text": said}));
    if texts.iter().filter_map(Value::as_str).any(|text| role_before(text).is_some())
        && let Some(turns) = texts.iter().map(named).collect::<Option<Vec<_>>>()
    {
        return Some(turns);
    }
    let says = texts.len() > 1 && texts.iter().filter_map(Value::as_str).any(|text| has_words(text, 2));
    let turn = |(who, text): (&str, &Value)| text.as_str().map(|text| json!({"role": who, "text": text}));
    says.then(|| TAKE_TURNS.into_iter().cycle().zip(&texts).filter_map(turn).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(turns: Option<Vec<Value>>) -> Vec<(String, String)> {
        let word = |turn: &Value, key: &str| turn[key].as_str().unwrap_or_default().to_owned();
        let text = |turn: &Value| word(turn, "text") + &word(turn, "content");
        turns.unwrap_or_default().iter().map(|turn| (word(turn, "role"), text(turn))).collect()
    }

    #[test]
    fn conversations_are_found_in_their_shapes() {
        for cell in [
            r#"[{"role": "human", "content": "hi you"}, {"role": "ai", "content": "yo"}]"#,
            r#""[{\"role\": \"human\", \"content\": \"hi you\"}, {\"role\": \"ai\", \"content\": \"yo\"}]""#,
            "{\"role\": \"human\", \"content\": \"hi you\"}\n{\"role\": \"ai\", \"content\": \"yo\"}",
            r#"{"0": {"role": "human", "content": "hi you"}, "1": {"role": "ai", "content": "yo"}}"#,
            r#"[["human", "hi you"], ["ai", "yo"]]"#,
            "[('human', 'hi you'), ('ai', 'yo')]",
            r#"[{"human": "hi you"}, {"ai": "yo"}]"#,
            r#"["human: hi you", "ai: yo"]"#,
            r#"[{"human": "hi you", "ai": "yo"}]"#,
            r#"[{"type": "human", "data": {"content": "hi you"}}, {"type": "ai", "data": {"content": "yo"}}]"#,
            "[HumanMessage(content='hi you', additional_kwargs={}), AIMessage(content='yo', id=None)]",
        ] {
            let [user, bot] = ["human", "ai"].map(str::to_owned);
            assert_eq!(said(of_cell(cell)), [(user, "hi you".to_owned()), (bot, "yo".to_owned())], "{cell}");
        }
        for none in [r#"["vip", "new"]"#, "[1, 2]", "{}", r#"{"a": "b c"}"#, r#"[["x", "y"]]"#, "hi you", "[]", ""] {
            assert!(of_cell(none).is_none(), "{none}");
        }
    }

    #[test]
    fn texts_alone_are_two_who_take_turns() {
        for cell in
            [r#"["hi you", "yo", "thanks"]"#, "['hi you', 'yo', 'thanks']", r#"[["hi you", "yo"], ["thanks", null]]"#]
        {
            let [one, other] = TAKE_TURNS.map(str::to_owned);
            let turns =
                [(one.clone(), "hi you"), (other, "yo"), (one, "thanks")].map(|(who, text)| (who, text.to_owned()));
            assert_eq!(said(of_texts(cell)), turns, "{cell}");
        }
        let [sofia, bot] = ["Sofia", "Bot"].map(str::to_owned);
        let named = [(bot, "hi you".to_owned()), (sofia, "yo".to_owned())];
        assert_eq!(said(of_texts(r#"["Bot: hi you", "Sofia: yo"]"#)), named);
        assert!(of_texts(r#"["vip", "new"]"#).is_none() && of_texts("[]").is_none() && of_texts("[1]").is_none());
    }
}
