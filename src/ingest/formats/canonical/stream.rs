//! The canonical format read straight from text, without a tree of values in between: what nearly every record needs.
//! A record with anything wrong is left to [`super::conversation::read`], which says what it is.

use super::branches;
use super::conversation::{ConversationDraft, MAX_TURNS};
use super::turn;
use super::value::MAX_KEYS;
use crate::domain::{Conversation, Turn};
use crate::ingest::context::{Context, Warnings};
use crate::ingest::distinct::Distinct;
use serde::Deserialize;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use std::borrow::Cow;
use std::fmt;
use std::mem;

/// Reads a record; `None`, and nothing noted, where it cannot be read as it stands.
pub(in crate::ingest) fn read(text: &str, cx: &mut Context) -> Option<Conversation> {
    let fresh = Warnings::at(cx.warnings.line);
    let before = mem::replace(&mut cx.warnings, fresh);
    let mut input = serde_json::Deserializer::from_str(text);
    let read = StreamedRecord(cx).deserialize(&mut input).and_then(|c| input.end().map(|()| c)).ok();
    let found = mem::replace(&mut cx.warnings, before);
    if read.is_some() {
        cx.warnings.join(found);
    }
    read
}

/// A name in an object, not copied where it need not be.
struct ObjectKey<'de>(Cow<'de, str>);

impl<'de> Deserialize<'de> for ObjectKey<'de> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct BorrowedName;
        impl<'de> Visitor<'de> for BorrowedName {
            type Value = ObjectKey<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a name")
            }
            fn visit_borrowed_str<E: Error>(self, name: &'de str) -> Result<ObjectKey<'de>, E> {
                Ok(ObjectKey(Cow::Borrowed(name)))
            }
            fn visit_str<E: Error>(self, name: &str) -> Result<ObjectKey<'de>, E> {
                Ok(ObjectKey(Cow::Owned(name.to_owned())))
            }
        }
        d.deserialize_str(BorrowedName)
    }
}

/// A value of a turn: text is not copied where it need not be.
enum TurnValue<'de> {
    Text(Cow<'de, str>),
    Other(Value),
}

impl<'de> Deserialize<'de> for TurnValue<'de> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct TextOrOther;
        impl<'de> Visitor<'de> for TextOrOther {
            type Value = TurnValue<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a value")
            }
            fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<TurnValue<'de>, E> {
                Ok(TurnValue::Text(Cow::Borrowed(text)))
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<TurnValue<'de>, E> {
                Ok(TurnValue::Text(Cow::Owned(text.to_owned())))
            }
            fn visit_bool<E: Error>(self, value: bool) -> Result<TurnValue<'de>, E> {
                Ok(TurnValue::Other(value.into()))
            }
            fn visit_i64<E: Error>(self, value: i64) -> Result<TurnValue<'de>, E> {
                Ok(TurnValue::Other(value.into()))
            }
            fn visit_u64<E: Error>(self, value: u64) -> Result<TurnValue<'de>, E> {
                Ok(TurnValue::Other(value.into()))
            }
            fn visit_f64<E: Error>(self, value: f64) -> Result<TurnValue<'de>, E> {
                Ok(TurnValue::Other(value.into()))
            }
            fn visit_unit<E: Error>(self) -> Result<TurnValue<'de>, E> {
                Ok(TurnValue::Other(Value::Null))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<TurnValue<'de>, A::Error> {
                Value::deserialize(SeqAccessDeserializer::new(list)).map(TurnValue::Other)
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<TurnValue<'de>, A::Error> {
                Value::deserialize(MapAccessDeserializer::new(map)).map(TurnValue::Other)
            }
        }
        d.deserialize_any(TextOrOther)
    }
}

/// The names of an object so far: of two equal ones the last holds, which a record read key by key cannot know.
#[derive(Default)]
struct SeenNames<'de>(Distinct<Cow<'de, str>>);

impl<'de> SeenNames<'de> {
    fn next<A: MapAccess<'de>>(&mut self, map: &mut A) -> Result<Option<Cow<'de, str>>, A::Error> {
        let Some(ObjectKey(key)) = map.next_key()? else { return Ok(None) };
        if !self.0.add(key.clone()) {
            return Err(A::Error::custom("a name that was there"));
        }
        if self.0.len() > MAX_KEYS {
            return Err(A::Error::custom("too many names"));
        }
        Ok(Some(key))
    }
}

struct StreamedRecord<'c>(&'c mut Context);

impl<'de> DeserializeSeed<'de> for StreamedRecord<'_> {
    type Value = Conversation;
    fn deserialize<D: Deserializer<'de>>(self, d: D) -> Result<Conversation, D::Error> {
        d.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for StreamedRecord<'_> {
    type Value = Conversation;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a conversation")
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Conversation, A::Error> {
        let cx = self.0;
        let (mut draft, mut seen) = (ConversationDraft::new(), SeenNames::default());
        while let Some(key) = seen.next(&mut map)? {
            if matches!(&*key, "turns" | "messages") && draft.has_no_turns() {
                let turns = map.next_value_seed(StreamedTurns(cx))?;
                if turns.iter().any(|turn| branches::is_of_one(&turn.meta)) {
                    return Err(A::Error::custom("a tree of messages"));
                }
                draft.put_turns(&key, turns, cx);
            } else {
                let value: Value = map.next_value()?;
                draft.take(key, value, cx).map_err(A::Error::custom)?;
            }
        }
        draft.finish(cx).map_err(A::Error::custom)
    }
}

/// Turns that most conversations do not go beyond.
const MOST_HAVE: usize = 8;

struct StreamedTurns<'c>(&'c mut Context);

impl<'de> DeserializeSeed<'de> for StreamedTurns<'_> {
    type Value = Vec<Turn>;
    fn deserialize<D: Deserializer<'de>>(self, d: D) -> Result<Vec<Turn>, D::Error> {
        d.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for StreamedTurns<'_> {
    type Value = Vec<Turn>;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("turns")
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Vec<Turn>, A::Error> {
        // Most conversations fit: to move turns to a larger place costs as much as reading them.
        let mut turns = Vec::with_capacity(MOST_HAVE);
        while list.next_element_seed(OneTurn(self.0, &mut turns))?.is_some() {
            if turns.len() > MAX_TURNS {
                return Err(A::Error::custom("too many turns"));
            }
        }
        Ok(turns)
    }
}

/// Reads a turn and adds it to those before: to hand one on costs as much as a fifth of reading it.
struct OneTurn<'c>(&'c mut Context, &'c mut Vec<Turn>);

impl<'de> DeserializeSeed<'de> for OneTurn<'_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, d: D) -> Result<(), D::Error> {
        d.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for OneTurn<'_> {
    type Value = ();
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a turn")
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let (mut draft, mut seen) = (turn::TurnDraft::new(), SeenNames::default());
        while let Some(key) = seen.next(&mut map)? {
            match map.next_value()? {
                TurnValue::Text(text) => draft.take_text(key, text, self.0),
                TurnValue::Other(value) => draft.take(key, value, self.0),
            }
            .map_err(A::Error::custom)?;
        }
        self.1.push(draft.finish(self.0).map_err(A::Error::custom)?);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::formats::canonical::tests::context;
    use proptest::prelude::*;

    /// Both ways of reading.
    fn both(text: &str) -> (Option<Conversation>, Option<Conversation>, bool) {
        let (mut one, mut two) = (context(), context());
        let quick = read(text, &mut one);
        let slow = serde_json::from_str(text).ok().and_then(|v| super::super::conversation::read(v, &mut two).ok());
        let same_warnings =
            quick.is_none() && one.warnings.list().is_empty() || one.warnings.list() == two.warnings.list();
        (quick, slow, same_warnings)
    }

    #[test]
    fn whatever_is_odd_is_left_to_the_other() {
        for text in [
            r#"{"id":"1","turns":[{"role":"user","text":"a","text":"b"}]}"#,
            r#"{"id":"1","id":"2","turns":[{"role":"user","text":"a"}]}"#,
            r#"{"id":"1","turns":"none"}"#,
            r#"{"id":"1","turns":[]}"#,
            r#"{"id":"1","turns":[{"role":"nobody","text":"a"}]}"#,
            r#"{"id":"1","turns":[{"role":"user","text":"a"}]} x"#,
            "[1, 2]",
            "",
        ] {
            let mut cx = context();
            assert!(read(text, &mut cx).is_none(), "{text}");
            assert!(cx.warnings.list().is_empty(), "{text}");
        }
    }

    fn value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            (-2i64..120).prop_map(Value::from),
            (0.0f64..2.0).prop_map(Value::from),
            prop_oneof!["user", "bot", "failed", "0.5", "2026-05-01T10:00:00Z", "[a-zα-ω\"\\\\ ]{0,8}"]
                .prop_map(Value::from),
        ];
        leaf.prop_recursive(2, 8, 3, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
                proptest::collection::vec(("score|name|x|at|comment", inner), 0..3)
                    .prop_map(|pairs| Value::Object(pairs.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_it_reads_is_what_the_other_reads(
            head in proptest::collection::vec((
                "v|source|channel|lang|customer_id|started_at|bot|outcome|outcome_source|resolution|csat|sentiment|offers|tags|meta|other",
                value()), 0..5),
            turns in proptest::collection::vec(proptest::collection::vec((
                "at|ts|intent|confidence|ranking|gold_intent|gold_intents|sentiment|fallback|payload|feedback|latency_ms|id|action|entities|meta|message|other",
                value()), 0..5), 0..3),
            known in any::<bool>(),
        ) {
            let turn = |rest: &Vec<(String, Value)>| {
                let mut turn: serde_json::Map<String, Value> = rest.iter().cloned().collect();
                if known {
                    turn.insert("role".into(), "user".into());
                    turn.insert("text".into(), "where is it".into());
                }
                Value::Object(turn)
            };
            let mut record: serde_json::Map<String, Value> = head.into_iter().collect();
            record.insert("id".into(), "7".into());
            record.insert("turns".into(), turns.iter().map(turn).collect());
            let (quick, slow, same_warnings) = both(&Value::Object(record).to_string());
            prop_assert_eq!(quick, slow);
            prop_assert!(same_warnings);
        }
    }
}
