//! A whole conversation in one cell: `User: … Bot: …`, a line a turn; also as a JSON list of turns.

use super::row_error::RowError;
use crate::domain::{Role, Turn};
use crate::ingest::context::Context;
use crate::ingest::formats::canonical::turn;
use crate::ingest::formats::csv::cells::senders;
use crate::ingest::formats::csv::columns::mapping::Mapping;
use serde_json::{Map, Value, json};

/// Longest name of a speaker, in characters.
const NAME: usize = 40;

/// How many speakers whose words are usual a cell names: what tells a transcript.
pub fn speakers(cell: &str) -> usize {
    if let Some(list) = json_turns(cell) {
        return list.len();
    }
    lines(cell).iter().filter(|l| speaker(l).is_some_and(|s| senders::known(&senders::word(s.name)).is_some())).count()
}

/// The turns of a transcript. Lines without a known speaker go on with the turn before.
///
/// # Errors
/// Nobody is known to speak, or a turn cannot be read.
pub(super) fn turns(cell: &str, m: &Mapping, cx: &mut Context) -> Result<Vec<Turn>, RowError> {
    if let Some(list) = json_turns(cell) {
        return list.into_iter().enumerate().map(|(i, value)| Ok(turn::read(i, value, cx)?)).collect();
    }
    let mut said: Vec<(Role, String, Option<&str>)> = Vec::new();
    for line in lines(cell) {
        let spoken = speaker(line).and_then(|s| role(s.name, m).map(|role| (role, s)));
        match (spoken, said.last_mut()) {
            (Some((role, s)), _) => said.push((role, s.text.to_owned(), s.stamp)),
            (None, Some((_, text, _))) => {
                text.push('\n');
                text.push_str(line);
            }
            (None, None) if line.trim().is_empty() => {}
            (None, None) => {
                let shown: String = line.chars().take(40).collect();
                return Err(RowError::NoSpeaker(shown));
            }
        }
    }
    said.into_iter().enumerate().map(|(i, (role, text, stamp))| built(i, role, text.trim_end(), stamp, cx)).collect()
}

fn built(i: usize, role: Role, text: &str, stamp: Option<&str>, cx: &mut Context) -> Result<Turn, RowError> {
    let mut map = Map::new();
    map.insert("role".into(), role.name().into());
    map.insert("text".into(), text.into());
    if let Some(stamp) = stamp {
        // A time of day alone is no moment: kept as it stands.
        match cx.times.read(&Value::from(stamp)) {
            Ok(Some(_)) => map.insert("at".into(), stamp.into()),
            _ => map.insert("meta".into(), json!({ "stamp": stamp })),
        };
    }
    Ok(turn::read(i, Value::Object(map), cx)?)
}

fn role(name: &str, m: &Mapping) -> Option<Role> {
    let word = senders::word(name);
    m.senders.get(&word).copied().or_else(|| senders::known(&word))
}

fn json_turns(cell: &str) -> Option<Vec<Value>> {
    let text = cell.trim();
    let list: Vec<Value> = text.starts_with('[').then(|| serde_json::from_str(text).ok())??;
    (!list.is_empty() && list.iter().all(|v| v.get("role").is_some())).then_some(list)
}

/// The lines of a transcript; where it is one line, those that a written `\n` or `<br>` ends.
fn lines(cell: &str) -> Vec<&str> {
    if cell.contains('\n') {
        return cell.lines().collect();
    }
    let sign = ["\\n", "<br>", "<br/>", "<br />", " | ", " || "].into_iter().find(|s| cell.contains(s));
    sign.map_or_else(|| vec![cell], |sign| cell.split(sign).collect())
}

/// The parts of `[08:00] User: text`.
struct Spoken<'a> {
    stamp: Option<&'a str>,
    name: &'a str,
    text: &'a str,
}

fn speaker(line: &str) -> Option<Spoken<'_>> {
    let line = line.trim_start();
    let bracketed = [('[', ']'), ('(', ')')].into_iter().find_map(|(open, close)| {
        let (stamp, rest) = line.strip_prefix(open)?.split_once(close)?;
        stamp.contains(|c: char| c.is_ascii_digit()).then_some((stamp.trim(), rest))
    });
    let (stamp, rest) =
        bracketed.or_else(|| bare_stamp(line)).map_or((None, line), |(stamp, rest)| (Some(stamp), rest));
    let (name, text) = rest.split_once(':')?;
    let name = name.trim().trim_matches(|c| matches!(c, '*' | '<' | '>' | '-' | '#'));
    let fits = !name.is_empty() && name.chars().count() <= NAME;
    fits.then(|| Spoken { stamp, name: name.trim(), text: text.strip_prefix(' ').unwrap_or(text) })
}

/// A time without brackets around it, such as `2026-03-01 09:00 - User: text`.
fn bare_stamp(line: &str) -> Option<(&str, &str)> {
    let is_stamp = |word: &str| {
        let time = word.starts_with(|c: char| c.is_ascii_digit()) && word.contains([':', '-', '/', '.']);
        time || matches!(word, "AM" | "PM" | "am" | "pm" | "-" | "UTC")
    };
    let mut at = 0;
    while let Some(word) = line[at..].split(' ').next().filter(|w| is_stamp(w)) {
        at = (at + word.len() + 1).min(line.len());
    }
    let stamp = line[..at].trim_end_matches([' ', '-']);
    stamp.contains(|c: char| c.is_ascii_digit()).then(|| (stamp, &line[at..]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::context::Context;
    use crate::ingest::formats::csv::Shape;

    fn read(cell: &str) -> Result<Vec<(Role, String)>, RowError> {
        let mut m = Mapping::new(Shape::Conversations);
        m.senders.insert("maria".into(), Role::Agent);
        turns(cell, &m, &mut Context::of("shop")).map(|ts| ts.into_iter().map(|t| (t.role, t.text)).collect())
    }

    #[test]
    fn transcripts_are_cut_at_known_speakers() {
        let (user, bot, agent) = (Role::User, Role::Bot, Role::Agent);
        let of = |list: &[(Role, &str)]| Ok(list.iter().map(|(r, t)| (*r, (*t).to_owned())).collect::<Vec<_>>());
        assert_eq!(
            read("User: hi\nBot: hello\nNote: this\n\nMaria: ok\n"),
            of(&[(user, "hi"), (bot, "hello\nNote: this"), (agent, "ok")])
        );
        assert_eq!(read("[2026-03-01 09:00] Customer:a\\n[09:01] ShopBot: b"), of(&[(user, "a"), (bot, "b")]));
        assert_eq!(read("10:05 PM User: a\n2026-03-01 09:00 - Bot: b"), of(&[(user, "a"), (bot, "b")]));
        assert_eq!(read("User: 1 <br> Bot: 2"), of(&[(user, "1"), (bot, "2")]));
        assert_eq!(read(r#"[{"role":"user","content":"x"}]"#), of(&[(user, "x")]));
        assert!(read("hello\nUser: x").unwrap_err().to_string().contains("--map role:WORD=user"));
        assert_eq!((read(""), speakers("no: one\nspeaks: here"), speakers("User: a\nBot: b")), (Ok(vec![]), 0, 2));
    }

    #[test]
    fn stamps_become_times_or_are_kept() {
        let m = Mapping::new(Shape::Conversations);
        let turns = turns("[2026-03-01 09:00:01] User: a\n(09:05) Bot: b", &m, &mut Context::of("shop")).unwrap();
        assert_eq!(turns[0].at.unwrap().rfc3339(), "2026-03-01T09:00:01Z");
        assert_eq!((turns[1].at, turns[1].meta["stamp"].as_str()), (None, Some("09:05")));
    }
}
