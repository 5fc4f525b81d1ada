//! Offers that a question brings along: how probable it is that each is taken.

use super::responder::{Reply, Responder};
use crate::jobs::learners::{EarlierOffers, OfferSituation, offer_features, offer_words};
use crate::learn::offers::{OfferFeatures, OfferRules};
use serde::Serialize;
use serde_json::Value;
use std::borrow::Cow;

/// What is said of an offer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OfferSaid {
    /// Its id, else its name, as it was asked about.
    pub id: Value,
    /// How probable a yes is; `None` where that is not known better than for offers at large, or nobody can tell which offer it is.
    pub propensity: Option<f64>,
    /// Lower end of the 95 % interval.
    pub lo: Option<f64>,
    /// Upper end.
    pub hi: Option<f64>,
}

/// Says of each offer that a question names how probable it is that it is taken; `None` where it names none.
///
/// # Errors
/// What the question tells of them is not what it should be; in words, with its name.
pub fn offers_said(responder: &Responder<'_>, reply: &Reply, asked: &Value) -> Result<Option<Vec<OfferSaid>>, String> {
    let Some(offers) = list(asked, "offers")? else { return Ok(None) };
    let ids: Vec<Cow<'_, str>> = offers.iter().map(id_of).collect();
    let mut situations = situations(offers, &ids, asked, reply.intent.as_deref().unwrap_or_default())?;
    if !responder.offer_rules().is_some_and(OfferRules::teaches_in_part) {
        // Lessons of former recipes always told of earlier offers.
        situations.iter_mut().for_each(|s| s.earlier = Some(s.earlier.unwrap_or_default()));
    }
    let features: Vec<OfferFeatures> = situations.iter().map(offer_features).collect();
    // What has no name, and of what no word was ever met, is told by nothing that was learnt: the average of all offers is no chance of its own.
    let is_known = |s: &OfferSituation<'_>| !s.name.is_empty() && responder.has_met_any(offer_words(s));
    let said = offers.iter().zip(&situations).zip(responder.propensities(&features));
    Ok(Some(
        said.map(|((offer, situation), p)| (offer, p.filter(|_| is_known(situation))))
            .map(|(offer, p)| OfferSaid {
                id: offer.get("id").or_else(|| offer.get("name")).cloned().unwrap_or(Value::Null),
                propensity: p.map(|p| p.propensity),
                lo: p.map(|p| p.lo),
                hi: p.map(|p| p.hi),
            })
            .collect(),
    ))
}

fn list<'a>(asked: &'a Value, name: &str) -> Result<Option<&'a [Value]>, String> {
    match asked.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Array(list)) => Ok(Some(list)),
        Some(_) => Err(format!("`{name}` is no list")),
    }
}

/// A word of an object that is called `what`; empty where it is not told.
fn word<'a>(object: &'a Value, name: &str, what: &str) -> Result<&'a str, String> {
    match object.get(name) {
        None | Some(Value::Null) => Ok(""),
        Some(value) => value.as_str().ok_or_else(|| format!("`{name}` of {what} is no text")),
    }
}

/// What a question tells of its offers, made in the turn of the AI that follows its text: of each itself, else of all in the line. What
/// the customer wants is the last intent that history names, else `known`: the one that was read from the text.
fn situations<'a>(
    offers: &'a [Value],
    ids: &'a [Cow<'a, str>],
    asked: &'a Value,
    known: &'a str,
) -> Result<Vec<OfferSituation<'a>>, String> {
    const LINE: &str = "the line";
    let history = list(asked, "history")?.unwrap_or_default();
    let mut intent = "";
    for (turn, n) in history.iter().zip(1..) {
        let what = format!("turn {n} of `history`");
        match turn {
            Value::String(_) => {}
            Value::Object(_) => intent = first(word(turn, "intent", &what)?, intent),
            _ => return Err(format!("{what} is neither a text nor an object")),
        }
    }
    let of_all = OfferSituation {
        intent: first(word(asked, "intent", LINE)?, first(intent, known)),
        channel: word(asked, "channel", LINE)?,
        lang: word(asked, "lang", LINE)?,
        action: word(asked, "action", LINE)?,
        turn: history.len() + 1,
        // Before the first turn nothing was offered; later nobody knows unless it is told.
        earlier: history.is_empty().then(EarlierOffers::default),
        ..OfferSituation::default()
    };
    offers.iter().zip(ids).zip(1..).map(|((offer, id), n)| situation(offer, id, n, of_all)).collect()
}

/// What an offer is called that has no name: its id, as it is written.
fn id_of(offer: &Value) -> Cow<'_, str> {
    match offer.get("id") {
        Some(Value::String(id)) => Cow::Borrowed(id),
        Some(Value::Number(id)) => Cow::Owned(id.to_string()),
        _ => Cow::Borrowed(""),
    }
}

/// What a question tells of its n-th offer, which has this id, beside what it tells of all.
fn situation<'a>(
    offer: &'a Value,
    id: &'a str,
    n: usize,
    of_all: OfferSituation<'a>,
) -> Result<OfferSituation<'a>, String> {
    let what = format!("offer {n}");
    if !offer.is_object() {
        return Err(format!("{what} of `offers` is no object"));
    }
    let word = |name: &str| word(offer, name, &what);
    let number = |name: &str| match offer.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => value
            .as_u64()
            .map(|count| Some(count as usize))
            .ok_or_else(|| format!("`{name}` of {what} is no whole number from 0 on")),
    };
    let counts = [number("accepted")?, number("declined")?, number("shown")?];
    let [accepted, declined, shown] = counts.map(Option::unwrap_or_default);
    let is_told = counts.iter().any(Option::is_some);
    Ok(OfferSituation {
        name: first(word("name")?, id),
        intent: first(word("intent")?, of_all.intent),
        channel: first(word("channel")?, of_all.channel),
        lang: first(word("lang")?, of_all.lang),
        action: first(word("action")?, of_all.action),
        earlier: if is_told { Some(EarlierOffers { accepted, declined, shown }) } else { of_all.earlier },
        ..of_all
    })
}

/// A word, or another where it is empty.
fn first<'a>(word: &'a str, other: &'a str) -> &'a str {
    if word.is_empty() { other } else { word }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Conversation, ConversationId, Offer, OfferStatus, Role, Timestamp, Turn};
    use crate::store::{Founding, OnDuplicate, Store};
    use serde_json::json;

    #[test]
    fn what_an_offer_is_told_by_is_read_or_refused_by_name() {
        let line = OfferSituation { intent: "greet", lang: "el", turn: 3, ..OfferSituation::default() };
        let offer = json!({"id": "seat", "intent": "refund", "channel": "app", "accepted": 2, "shown": null});
        let id = id_of(&offer);
        let read = situation(&offer, &id, 1, line).unwrap();
        assert_eq!((read.name, read.intent, read.channel, read.lang, read.turn), ("seat", "refund", "app", "el", 3));
        assert_eq!(read.earlier, Some(EarlierOffers { accepted: 2, declined: 0, shown: 0 }));
        let [number, text] = [json!({"id": 7}), json!({"id": "7"})];
        let ids = [&number, &text].map(id_of);
        let bare = situation(&number, &ids[0], 1, line).unwrap();
        assert_eq!((bare.intent, bare.earlier), ("greet", None), "what is not told is not taken for none");
        assert_eq!(bare, situation(&text, &ids[1], 1, line).unwrap(), "an id is its text");
        assert_eq!(bare.name, "7");
        for (offer, says) in [
            (json!(1), "offer 2 of `offers` is no object"),
            (json!({"name": 7}), "`name` of offer 2 is no text"),
            (json!({"name": "seat", "accepted": -5}), "`accepted` of offer 2 is no whole number from 0 on"),
            (json!({"name": "seat", "declined": "two"}), "`declined` of offer 2 is no whole number from 0 on"),
        ] {
            assert_eq!(situation(&offer, "", 2, line).unwrap_err(), says);
        }
        let offers = [json!({"name": "seat"})];
        for (line, says) in [
            (json!({"history": "hi"}), "`history` is no list"),
            (json!({"history": ["hi", 7]}), "turn 2 of `history` is neither a text nor an object"),
            (json!({"history": [{"text": "hi", "intent": 7}]}), "`intent` of turn 1 of `history` is no text"),
            (json!({"channel": ["app"]}), "`channel` of the line is no text"),
        ] {
            assert_eq!(situations(&offers, &[Cow::Borrowed("")], &line, "").unwrap_err(), says);
        }
    }

    #[test]
    fn a_conversation_up_to_an_offer_is_the_same_in_a_question_as_in_the_store() {
        let turn = |role, text: &str, intent: Option<&str>, action: Option<&str>| Turn {
            intent: intent.map(str::to_owned),
            action: action.map(str::to_owned),
            ..Turn::new(role, text)
        };
        let turns = vec![
            turn(Role::User, "a ferry to Paros", Some("book_ferry"), None),
            turn(Role::Bot, "There is one at noon. A cabin?", None, Some("offer_cabin")),
            turn(Role::User, "no, and I must change my hotel", Some("change_hotel"), None),
            turn(Role::Bot, "Done. Club Gold?", None, Some("offer_club")),
            turn(Role::User, "hm", None, None),
            turn(Role::Bot, "A shuttle?", None, Some("offer_shuttle")),
            turn(Role::User, "yes please", None, None),
        ];
        let mut told = Conversation::new("shop", "1", turns);
        (told.channel, told.lang) = (Some("app".to_owned()), Some("en".to_owned()));
        let offer = |(name, turn, status): (&str, u32, OfferStatus)| {
            let (name, meta) = (name.to_owned(), serde_json::Map::new());
            Offer { id: None, name, turn: Some(turn), status, shown_at: None, value: None, currency: None, meta }
        };
        told.offers = [
            ("Cabin", 1, OfferStatus::Declined),
            ("Club Gold", 3, OfferStatus::Ignored),
            ("Shuttle", 5, OfferStatus::Accepted),
        ]
        .map(offer)
        .to_vec();
        let now = Timestamp(1_790_000_000_000);
        let mut store = Store::in_memory(Founding { seed: 7, test_share: 0.0, now }).unwrap();
        store.batch(false, |s| s.put(&told, b"1", now, OnDuplicate::Update, &mut None).map(drop)).unwrap();
        let kept = store.conversation(ConversationId(1)).unwrap();
        assert_eq!(kept.offers.len(), 3);
        for offer in &kept.offers {
            let judged = OfferSituation::of(&kept, offer).unwrap();
            let at = judged.turn;
            let before: Vec<Value> = kept.turns[..at - 1]
                .iter()
                .map(|t| json!({"text": t.text, "intent": t.intent, "action": t.action}))
                .collect();
            let earlier = judged.earlier.unwrap();
            let asked = json!({
                "text": kept.turns[at - 1].text, "intent": kept.turns[at - 1].intent, "history": before,
                "channel": kept.channel, "lang": kept.lang, "action": kept.turns[at].action,
                "offers": [{"name": offer.name, "accepted": earlier.accepted, "declined": earlier.declined, "shown": earlier.shown}],
            });
            let offers = asked["offers"].as_array().unwrap();
            let ids: Vec<Cow<'_, str>> = offers.iter().map(id_of).collect();
            let said = situations(offers, &ids, &asked, "something_else").unwrap();
            assert_eq!(said, [judged]);
            assert_eq!(offer_features(&said[0]).bytes(), offer_features(&judged).bytes());
        }
    }
}
