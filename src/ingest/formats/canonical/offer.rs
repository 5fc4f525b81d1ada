//! What was offered in a conversation, and the words that programs have for what became of it.

use super::value::{self, Fields, MAX_TURNS, number, text, time_at};
use crate::domain::{Conversation, Offer, OfferStatus};
use crate::ingest::context::Context;
use crate::ingest::derive::speakers::names_customer;
use crate::ingest::formats::csv::cells::values::truth;
use crate::ingest::formats::record_error::RecordError;
use crate::text::fold;
use serde_json::{Map, Value};

/// Other words for what became of an offer, folded, without `_` and `-`. No word, and what only says that it was there, is no end. By
/// `clicked` one log means that the customer took it and another that they had a look: it is none of these, so it is asked about.
const WORDS: [(OfferStatus, &[&str]); 4] = [
    (
        OfferStatus::Shown,
        &[
            "",
            "show",
            "offered",
            "displayed",
            "presented",
            "viewed",
            "view",
            "seen",
            "sent",
            "send",
            "delivered",
            "impression",
            "opened",
            "open",
            "pending",
            "served",
            "rendered",
        ],
    ),
    (
        OfferStatus::Accepted,
        &[
            "accept",
            "taken",
            "purchased",
            "purchase",
            "bought",
            "paid",
            "ordered",
            "converted",
            "conversion",
            "redeemed",
            "booked",
            "claimed",
            "subscribed",
            "signed up",
            "enrolled",
            "activated",
            "agreed",
            "won",
            "closed won",
            "yes please",
        ],
    ),
    (
        OfferStatus::Declined,
        &[
            "decline",
            "rejected",
            "reject",
            "refused",
            "denied",
            "dismissed",
            "dismiss",
            "turned down",
            "closed",
            "close",
            "lost",
            "closed lost",
            "no thanks",
            "no thank you",
            "not interested",
            "opted out",
        ],
    ),
    (
        OfferStatus::Ignored,
        &["ignore", "expired", "lapsed", "timed out", "timeout", "unanswered", "no answer", "no response", "no reply"],
    ),
];

/// Takes a list of offers; gives the value back when it is none.
///
/// # Errors
/// Something in it is neither an object nor a name, or a time in it cannot be read.
pub(in crate::ingest::formats) fn offers(
    c: &mut Conversation,
    value: Value,
    cx: &mut Context,
) -> Result<Option<Value>, RecordError> {
    let Value::Array(list) = value else { return Ok(Some(value)) };
    let read = list.into_iter().enumerate().map(|(i, o)| offer(i, o, cx)).collect::<Result<Vec<_>, _>>()?;
    c.offers = read.into_iter().flatten().collect();
    Ok(None)
}

/// Takes the turn from offers that name one which the conversation does not have.
pub(super) fn placed(c: &mut Conversation, cx: &mut Context) {
    let turns = c.turns.len();
    for offer in c.offers.iter_mut().filter(|o| o.turn.is_some_and(|turn| turn as usize >= turns)) {
        offer.turn = None;
        no_such_turn(cx);
    }
}

fn no_such_turn(cx: &mut Context) {
    cx.warnings.add("an offer's `turn` that the conversation does not have, left out");
}

/// `None`: it has no name, so nobody knows what was offered.
fn offer(i: usize, value: Value, cx: &mut Context) -> Result<Option<Offer>, RecordError> {
    let map = match value {
        Value::Object(map) => map,
        // A name alone: what became of it is not told.
        Value::String(name) => Map::from_iter([("name".to_owned(), Value::String(name))]),
        other => return Err(value::wrong_kind(format!("offer {i}"), "an object", &other)),
    };
    let mut fields = Fields::new(map);
    let trimmed = |name: String| Some(name.trim().to_owned()).filter(|name| !name.is_empty());
    let mut named = |key: &str| fields.take(key).and_then(|v| text(v).ok()).and_then(trimmed);
    let (id, name) = (named("id"), named("name"));
    let Some(name) = name.or_else(|| id.clone()) else {
        cx.warnings.add("an offer without a name, left out");
        return Ok(None);
    };
    let status = fields.take("status");
    let end = status.as_ref().map_or(Some(OfferStatus::Shown), end);
    let turn = fields.take("turn").map(|v| number(&v).filter(|n| *n >= 0.0 && *n < MAX_TURNS as f64));
    if turn == Some(None) {
        no_such_turn(cx);
    }
    let shown_at = fields.take("shown_at").map_or(Ok(None), |v| time_at("shown_at", &v, cx))?;
    let given = fields.take("value");
    let worth = given.as_ref().and_then(number);
    let currency = fields.take("currency").and_then(|v| text(v).ok());
    let mut meta = match fields.take("meta") {
        Some(Value::Object(meta)) => meta,
        _ => Map::new(),
    };
    for key in ["propensity", "policy"] {
        if let Some(value) = fields.take(key) {
            match value::of_a_draw(key, &value) {
                true => drop(meta.entry(key).or_insert(value)),
                false => value::keep(&mut meta, "", key.to_owned(), value, cx),
            }
        }
    }
    if let Some(price) = given.filter(|_| worth.is_none()) {
        value::keep(&mut meta, "", "value".to_owned(), price, cx);
    }
    if let (None, Some(word)) = (end, status) {
        cx.warnings.offer_word(&value::short(&word));
        meta.insert("status".to_owned(), word);
    }
    fields.keep_rest(&mut meta, "", cx);
    let (turn, status) = (turn.flatten().map(|n| n as u32), end.unwrap_or(OfferStatus::Shown));
    Ok(Some(Offer { id, name, turn, status, shown_at, value: worth, currency, meta }))
}

/// What became of it; `None`: the word is not known. Yes and no are read as in every other column.
fn end(status: &Value) -> Option<OfferStatus> {
    let said = text(status.clone()).ok()?;
    let said = said.trim().trim_end_matches(['.', '!']);
    let word = fold(said).replace(['_', '-'], " ");
    let known = |word: &str| {
        // `NoResponse`, `no_response`, `no response`.
        let is = |other: &&str| other.bytes().filter(|b| *b != b' ').eq(word.bytes().filter(|b| *b != b' '));
        let meant = |(_, words): &&(OfferStatus, &[&str])| words.iter().any(is);
        OfferStatus::from_name(word).or_else(|| WORDS.iter().find(meant).map(|(status, _)| *status))
    };
    let answered = |yes| if yes { OfferStatus::Accepted } else { OfferStatus::Declined };
    known(&word).or_else(|| known(done_by_customer(&word)?)).or_else(|| truth(said).map(answered))
}

/// What the customer did, without them: `declined by the customer`, `user accepted`, `offer accepted`. What somebody else did is no answer.
fn done_by_customer(word: &str) -> Option<&str> {
    let did = match word.split_once(" by ") {
        Some((did, who)) => Some(did).filter(|_| names_customer(who.trim_start_matches("the "))),
        None => word.split_once(' ').filter(|(who, _)| *who == "offer" || names_customer(who)).map(|(_, did)| did),
    };
    did.filter(|did| !did.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Role, Turn};
    use serde_json::json;

    fn read(list: Value) -> (Conversation, Context) {
        let (mut cx, turns) = (Context::of("shop"), vec![Turn::new(Role::User, "x"), Turn::new(Role::Bot, "y")]);
        let mut c = Conversation::new("shop", "1", turns);
        assert_eq!(offers(&mut c, list, &mut cx).unwrap(), None);
        placed(&mut c, &mut cx);
        (c, cx)
    }

    #[test]
    fn words_of_other_programs_are_read_and_unknown_ones_lose_no_conversation() {
        let words = [json!("Purchased"), json!(true), json!("no-response"), json!("NO"), json!(""), json!(null)];
        let list = words.iter().map(|word| json!({"name": "seat", "status": word})).collect::<Vec<_>>();
        let (c, cx) = read(json!(list));
        let ends: Vec<&str> = c.offers.iter().map(|o| o.status.name()).collect();
        assert_eq!(ends, ["accepted", "accepted", "ignored", "declined", "shown", "shown"]);
        assert!(cx.warnings.list().is_empty() && cx.warnings.offer_words().next().is_none());
        let ends = |words: &[Value]| {
            let list = words.iter().map(|word| json!({"name": "seat", "status": word})).collect::<Vec<_>>();
            let (c, cx) = read(json!(list));
            let asked = cx.warnings.offer_words().map(|(word, n)| (word.to_owned(), n)).collect::<Vec<_>>();
            (c.offers.iter().map(|o| o.status.name()).collect::<Vec<_>>(), asked)
        };
        let yes = json!([
            "ja",
            "ναι",
            "OUI",
            "sí",
            "evet",
            "да",
            1,
            true,
            "1",
            "converted",
            "Customer accepted",
            "closed_won"
        ]);
        assert_eq!(ends(yes.as_array().unwrap()), (vec!["accepted"; 12], Vec::new()));
        let no = json!([
            "nein",
            "όχι",
            "ΟΧΙ",
            "нет",
            0,
            false,
            "0",
            "declined by customer",
            "No thanks!",
            "dismissed",
            "closed"
        ]);
        assert_eq!(ends(no.as_array().unwrap()), (vec!["declined"; 11], Vec::new()));
        let shown = json!(["impression", "sent", "Delivered", "offer_shown"]);
        assert_eq!(ends(shown.as_array().unwrap()), (vec!["shown"; 4], Vec::new()));
        assert_eq!(ends(&[json!("NoResponse"), json!("expired")]).0, ["ignored", "ignored"]);
        // What may mean either, and what another did, is asked about.
        let asked = json!(["clicked", "clicked", "declined by agent", "maybe", 2]);
        let counts = [("\"clicked\"", 2), ("\"declined by agent\"", 1), ("\"maybe\"", 1), ("2", 1)];
        let counts = counts.map(|(word, n)| (word.to_owned(), n)).to_vec();
        assert_eq!(ends(asked.as_array().unwrap()), (vec!["shown"; 5], counts));
        let (c, cx) = read(json!([{"name": "seat", "status": "sold"}, {"name": "bed", "status": "sold"}]));
        assert_eq!((c.offers[0].status, &c.offers[0].meta["status"]), (OfferStatus::Shown, &json!("sold")));
        assert_eq!(cx.warnings.offer_words().collect::<Vec<_>>(), [("\"sold\"", 2)]);
    }

    #[test]
    fn a_name_alone_is_an_offer_without_an_end() {
        let (c, cx) = read(json!(["Gold", {"name": "bed", "status": "accepted"}, ""]));
        let told: Vec<(&str, &str)> = c.offers.iter().map(|o| (o.name.as_str(), o.status.name())).collect();
        assert_eq!(told, [("Gold", "shown"), ("bed", "accepted")]);
        assert_eq!(cx.warnings.list().len(), 1, "the one without a name is named");
        let mut c = Conversation::new("shop", "1", vec![Turn::new(Role::User, "x")]);
        assert!(offers(&mut c, json!([7]), &mut Context::of("shop")).is_err());
    }

    #[test]
    fn nothing_of_an_offer_is_dropped_without_a_word() {
        let (c, cx) = read(json!([
            {"name": "seat", "value": "9 EUR", "turn": 99},
            {"name": "bed", "value": "12.5", "turn": -1},
            {"name": " ", "id": "b7"},
            {"name": ""}
        ]));
        let names: Vec<&str> = c.offers.iter().map(|o| o.name.as_str()).collect();
        assert_eq!(names, ["seat", "bed", "b7"]);
        assert_eq!((c.offers[0].value, &c.offers[0].meta["value"]), (None, &json!("9 EUR")));
        assert_eq!((c.offers[1].value, c.offers[0].turn, c.offers[1].turn), (Some(12.5), None, None));
        let said: Vec<(String, u64)> = cx.warnings.list().into_iter().map(|w| (w.text, w.count)).collect();
        assert!(said.contains(&("an offer's `turn` that the conversation does not have, left out".to_owned(), 2)));
        assert!(said.contains(&("an offer without a name, left out".to_owned(), 1)), "{said:?}");
        assert!(said.iter().any(|(text, _)| text.starts_with("`value` is not known")), "{said:?}");
    }
}
