//! Files that teach a bot and hold no conversation: intents, their training phrases, lists of what it answers. They are no logs; whoever
//! imports one is told what it is, and its phrases can be taken as base examples.

use super::formats::json::first_values;
use serde_json::Value;
use std::path::Path;

/// A training phrase of another program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrainingPhrase {
    /// What a customer may say.
    pub text: String,
    /// What it means.
    pub intent: String,
}

/// What takes the phrases of a file, for a sentence.
const TAKEN_BY: &str = "`appraise intents import FILE` takes them as base examples";

/// What a file is that teaches a bot, by its name and its beginning, in a sentence that says what to do with it; `None`: it is something else.
pub(in crate::ingest) fn told(name: &str, head: &[u8]) -> Option<String> {
    let start = head.iter().position(|b| !b.is_ascii_whitespace())?;
    if matches!(head[start], b'{' | b'[') {
        return json(name, head);
    }
    let text = String::from_utf8_lossy(head);
    let has = |test: &dyn Fn(&str) -> bool| text.lines().any(test);
    let at_column_0 = |key: &str| has(&|line| line.trim_end() == key);
    if has(&|line| markdown_intent(line).is_some()) && has(&|line| line.starts_with("- ")) {
        return Some(format!("this holds training phrases of Rasa, and no conversations: {TAKEN_BY}"));
    }
    if at_column_0("nlu:") && has(&|line| line.trim_start().starts_with("- intent:")) {
        return Some(format!("this holds training phrases of Rasa, and no conversations: {TAKEN_BY}"));
    }
    if at_column_0("intents:") && (at_column_0("responses:") || at_column_0("templates:") || at_column_0("actions:")) {
        return Some(
            "this is a domain of Rasa, names of intents and what is answered, and no conversations: those are in its tracker store (such as \
             rasa.db) or in what its event broker wrote"
                .to_owned(),
        );
    }
    let named: Vec<String> =
        text.lines().next()?.split([',', ';', '\t']).map(|c| plain(c.trim_start_matches('\u{feff}'))).collect();
    let has_column = |column: &str| named.iter().any(|c| c == column);
    (has_column("intent display name") && has_column("phrase"))
        .then(|| format!("this holds training phrases of Dialogflow CX, and no conversations: {TAKEN_BY}"))
}

/// Leaves out the last of a list, where it is no pair.
fn drop_cut(part: &mut Value) {
    if let Value::Array(list) = part {
        list.pop_if(|last| last.as_array().is_none_or(|pair| pair.len() != 2));
    }
}

fn plain(cell: &str) -> String {
    cell.trim().trim_matches('"').to_lowercase()
}

/// Pairs of a phrase and its intent in lists, with names of parts around them or none: `{"train": [["text", "intent"], …]}`, as research
/// sets come (CLINC150).
fn pairs(values: &[Value]) -> Option<Vec<TrainingPhrase>> {
    let pair = |v: &Value| match v.as_array()?.as_slice() {
        [Value::String(text), Value::String(intent)] if intent.len() <= LONGEST_INTENT => {
            Some(TrainingPhrase { text: text.clone(), intent: intent.clone() })
        }
        _ => None,
    };
    let mut found = Vec::new();
    for value in values {
        match value {
            Value::Object(parts) if !parts.is_empty() => {
                for part in parts.values() {
                    found.extend(part.as_array()?.iter().map(pair).collect::<Option<Vec<_>>>()?);
                }
            }
            other => found.push(pair(other)?),
        }
    }
    // Two words in brackets may be anything.
    (found.len() > 1).then_some(found)
}

/// Bytes of an intent's name in such a pair: beside a question stands its answer, which is longer.
const LONGEST_INTENT: usize = 64;

fn json(name: &str, head: &[u8]) -> Option<String> {
    if memchr::memmem::find(head, b"[[").is_some() || memchr::memmem::find(head, b"[\n").is_some() {
        // What the beginning cuts off may be a pair by halves.
        let mut values = first_values(head);
        values.iter_mut().filter_map(Value::as_object_mut).flat_map(|parts| parts.values_mut()).for_each(drop_cut);
        values.retain(|v| v.as_array().is_none_or(|pair| pair.len() == 2));
        if pairs(&values).is_some() {
            return Some(format!("this holds phrases beside their intents, and no conversations: {TAKEN_BY}"));
        }
    }
    let marked = |mark: &str| memchr::memmem::find(head, mark.as_bytes()).is_some();
    if !marked("\"isTemplate\"")
        && !marked("\"userDefined\"")
        && !marked("\"resetContexts\"")
        && !marked("\"webhookUsed\"")
    {
        return None;
    }
    let values = first_values(head);
    if values.iter().any(|v| said(v).is_some()) {
        let whose = intent_of(name).map(|intent| format!(" of the intent `{intent}`")).unwrap_or_default();
        return Some(format!("this holds training phrases of Dialogflow ES{whose}, and no conversations: {TAKEN_BY}"));
    }
    let intent = values.iter().find(|v| v["responses"].is_array() && v.get("webhookUsed").is_some())?;
    let called: String = intent["name"].as_str().unwrap_or("?").chars().take(60).collect();
    Some(format!(
        "this is an intent of Dialogflow ES, `{called}`: what starts it and what it answers, and no conversations. Its phrases are in \
         `{called}_usersays_LANGUAGE.json` beside it, which `appraise intents import` takes as base examples"
    ))
}

/// The words of a phrase of Dialogflow ES: what it is cut into for its parameters, put together again.
fn said(value: &Value) -> Option<String> {
    let parts = value.get("data")?.as_array()?;
    value.get("isTemplate").or_else(|| parts.first()?.get("userDefined"))?;
    let words: Vec<&str> = parts.iter().map(|p| p["text"].as_str()).collect::<Option<_>>()?;
    Some(words.concat().trim().to_owned()).filter(|text| !text.is_empty())
}

/// The intent that a file of Dialogflow ES is named after.
fn intent_of(name: &str) -> Option<&str> {
    let file = Path::new(name).file_name()?.to_str()?;
    file.rsplit_once("_usersays_").map(|(intent, _)| intent).filter(|intent| !intent.is_empty())
}

/// The phrases of a file that teaches a bot by intents: Dialogflow ES by file, Rasa as Markdown and YAML. `None`: it is none of these, and may be a
/// table.
pub fn training_phrases(name: &str, text: &str) -> Option<Vec<TrainingPhrase>> {
    told(name, text.as_bytes())?;
    if text.trim_start().starts_with(['{', '[']) {
        let whole: Value = serde_json::from_str(text).ok()?;
        let values = match whole {
            Value::Array(list) => list,
            other => vec![other],
        };
        if let Some(found) = pairs(&values) {
            return Some(found);
        }
        let intent = intent_of(name)?;
        return Some(
            values.iter().filter_map(said).map(|text| TrainingPhrase { text, intent: intent.to_owned() }).collect(),
        );
    }
    let found = match text.lines().any(|line| line.trim_end() == "nlu:") {
        true => yaml(text),
        false => markdown(text),
    };
    (!found.is_empty()).then_some(found)
}

/// `## intent:greet`
fn markdown_intent(line: &str) -> Option<&str> {
    let rest = line.strip_prefix("##")?.trim_start().strip_prefix("intent:")?;
    Some(rest.trim()).filter(|name| !name.is_empty())
}

fn markdown(text: &str) -> Vec<TrainingPhrase> {
    let (mut found, mut intent) = (Vec::new(), None);
    for line in text.lines() {
        if line.starts_with('#') {
            intent = markdown_intent(line);
        } else if let (Some(intent), Some(phrase)) = (intent, line.trim_start().strip_prefix(['-', '*', '+'])) {
            keep(&mut found, intent, phrase);
        }
    }
    found
}

/// Rasa's own layout of YAML, by its lines: nothing else is written there by its tools.
fn yaml(text: &str) -> Vec<TrainingPhrase> {
    let (mut found, mut intent, mut in_nlu, mut text_follows) = (Vec::new(), None, false, false);
    for line in text.lines() {
        let bare = line.trim();
        if bare.is_empty() || bare.starts_with('#') {
            continue;
        }
        if !line.starts_with([' ', '-']) {
            (in_nlu, intent) = (bare == "nlu:", None);
            continue;
        }
        let item = bare.strip_prefix("- ").map(str::trim);
        if let Some(name) = item.and_then(|i| i.strip_prefix("intent:")) {
            intent = Some(unquoted(name).to_owned()).filter(|_| in_nlu);
        } else if item.is_some_and(|i| ["synonym:", "regex:", "lookup:"].iter().any(|other| i.starts_with(other))) {
            intent = None;
        } else if let Some(intent) = &intent {
            match item.unwrap_or(bare) {
                _ if text_follows => {
                    text_follows = false;
                    keep(&mut found, intent, bare.trim_start_matches("- "));
                }
                i if item.is_some() && i.starts_with("text:") => match i["text:".len()..].trim() {
                    "|" | "|-" | ">" | ">-" => text_follows = true,
                    phrase => keep(&mut found, intent, unquoted(phrase)),
                },
                phrase if item.is_some() => keep(&mut found, intent, phrase),
                _ => {}
            }
        }
    }
    found
}

fn unquoted(text: &str) -> &str {
    let text = text.trim();
    let inside = ['"', '\''].into_iter().find_map(|q| text.strip_prefix(q)?.strip_suffix(q));
    inside.unwrap_or(text)
}

fn keep(found: &mut Vec<TrainingPhrase>, intent: &str, phrase: &str) {
    let text = without_entities(phrase.trim());
    if !text.is_empty() {
        found.push(TrainingPhrase { text, intent: intent.to_owned() });
    }
}

/// `book [to Paris](city)` and `[ab-1]{"entity": "order"}` as customers say it.
fn without_entities(phrase: &str) -> String {
    let (mut out, mut rest) = (String::new(), phrase);
    while let Some((before, inside, after)) = entity(rest) {
        out.push_str(before);
        out.push_str(inside);
        rest = after;
    }
    out.push_str(rest);
    out
}

/// What stands before an entity, its words, and what follows it.
fn entity(text: &str) -> Option<(&str, &str, &str)> {
    let mut from = 0;
    loop {
        let open = from + text[from..].find('[')?;
        let close = open + text[open..].find(']')?;
        let behind = &text[close + 1..];
        let end = match behind.chars().next() {
            Some('(') => behind.find(')'),
            Some('{') => behind.find('}'),
            _ => None,
        };
        match end {
            Some(end) => return Some((&text[..open], &text[open + 1..close], &behind[end + 1..])),
            None => from = close + 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ES: &str = r#"[{"id":"1","data":[{"text":"from ","userDefined":false},{"text":"Nicosia","alias":"city","userDefined":true}],"isTemplate":false,"count":0,"lang":"en"},
        {"id":"2","data":[{"text":"yep","userDefined":false}],"isTemplate":false,"count":0}]"#;
    const MARKDOWN: &str =
        "## intent:greet\n- hey\n- [good](tone) morning\n\n## synonym:x\n- y\n\n## intent: bye\n* see you [later]\n";
    const YAML: &str = "version: \"3.1\"\nnlu:\n- intent: order\n  examples: |\n    - where is [4417](id)\n    - [ab-1]{\"entity\": \"id\"} is late\n- regex: id\n  examples: |\n    - \\d+\n- intent: \"faq/money\"\n  examples:\n  - text: |\n      money back\n  - text: \"a refund\"\nrules:\n- rule: x\n  steps:\n  - intent: order\n";

    fn phrases(name: &str, text: &str) -> Vec<String> {
        let found = training_phrases(name, text).unwrap_or_default();
        found.into_iter().map(|p| format!("{}: {}", p.intent, p.text)).collect()
    }

    #[test]
    fn phrases_are_read_without_marks_of_entities() {
        assert_eq!(phrases("in/trip_usersays_en.json", ES), ["trip: from Nicosia", "trip: yep"]);
        assert_eq!(phrases("nlu.md", MARKDOWN), ["greet: hey", "greet: good morning", "bye: see you [later]"]);
        assert_eq!(
            phrases("nlu.yml", YAML),
            ["order: where is 4417", "order: ab-1 is late", "faq/money: money back", "faq/money: a refund"]
        );
    }

    #[test]
    fn phrases_beside_their_intents_are_read_whatever_parts_they_stand_in() {
        let parts =
            r#"{"train": [["where is it", "order"], ["money back", "refund"]], "test": [["is it late", "order"]]}"#;
        let list = r#"[["where is it", "order"], ["money back", "refund"]]"#;
        assert_eq!(phrases("set.json", parts), ["order: where is it", "refund: money back", "order: is it late"]);
        assert_eq!(phrases("set.json", list), ["order: where is it", "refund: money back"]);
        // Of a beginning that ends within a pair, too.
        let cut = &parts[..parts.len() - 12];
        for head in [parts, list, cut] {
            let says = told("set.json", head.as_bytes()).unwrap_or_default();
            assert!(says.contains("phrases beside their intents"), "{head}: {says}");
        }
        // A question beside its answer is a conversation, and two words in brackets may be anything.
        let answered = format!(r#"[["where is it", "{0}"], ["and now", "{0}"]]"#, "It arrives on Tuesday. ".repeat(4));
        assert_eq!((told("x.json", answered.as_bytes()), told("x.json", br#"[["a", "b"]]"#)), (None, None));
    }

    #[test]
    fn what_teaches_a_bot_is_told_and_logs_are_not() {
        let says = |name: &str, text: &str| told(name, text.as_bytes()).unwrap_or_default();
        assert!(says("trip_usersays_en.json", ES).contains("Dialogflow ES of the intent `trip`"));
        let intent = r#"{"id":"c2","name":"affirm","auto":true,"responses":[{"resetContexts":false,"messages":[{"type":0,"speech":"Glad"}]}],"webhookUsed":false}"#;
        assert!(says("affirm.json", intent).contains("`affirm_usersays_LANGUAGE.json` beside it"));
        assert!(says("x.csv", "\u{feff}Intent Display Name,Language,Phrase\na.b,en,hi\n").contains("Dialogflow CX"));
        assert!(
            says("nlu.md", MARKDOWN).contains("intents import") && says("nlu.yml", YAML).contains("intents import")
        );
        assert!(
            says("domain.yml", "intents:\n- greet\n\nresponses:\n  utter_greet:\n  - text: Hi\n")
                .contains("tracker store")
        );
        for log in [
            r#"{"id":"1","turns":[{"role":"user","text":"isTemplate"}]}"#,
            "## Chat\n- Ana: hi\n- Bot: hello\n",
            "text,intent\nhi,greet\n",
            "",
            "[",
            r#"[{"data":[1],"isTemplate":true}]"#,
        ] {
            assert_eq!(told("log", log.as_bytes()), None, "{log}");
        }
    }
}
