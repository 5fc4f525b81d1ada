//! Offers that a question brings along: how probable it is that each is taken.

use super::responder::{Reply, Responder};
use crate::jobs::learners::{OfferSituation, offer_features};
use serde::Serialize;
use serde_json::Value;

/// What is said of an offer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OfferSaid {
    /// Its id, else its name, as it was asked about.
    pub id: Value,
    /// How probable a yes is; `None` where that is not known better than for offers at large.
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
    let list = |name: &str| match asked.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Array(list)) => Ok(Some(list)),
        Some(_) => Err(format!("`{name}` is no list")),
    };
    let Some(offers) = list("offers")? else { return Ok(None) };
    let turn = list("history")?.map_or(0, Vec::len) + 1;
    let known = reply.intent.as_deref().unwrap_or_default();
    let features = offers.iter().zip(1..).map(|(offer, at)| Ok(offer_features(&situation(offer, at, turn, known)?)));
    let features = features.collect::<Result<Vec<_>, String>>()?;
    let said = offers.iter().zip(responder.propensities(&features));
    Ok(Some(
        said.map(|(offer, p)| OfferSaid {
            id: offer.get("id").or_else(|| offer.get("name")).cloned().unwrap_or(Value::Null),
            propensity: p.map(|p| p.propensity),
            lo: p.map(|p| p.lo),
            hi: p.map(|p| p.hi),
        })
        .collect(),
    ))
}

/// What a question tells of its n-th offer, made in a turn of the AI. `known`: the intent that was read from the text, where the question names
/// none itself.
fn situation<'a>(offer: &'a Value, n: usize, turn: usize, known: &'a str) -> Result<OfferSituation<'a>, String> {
    if !offer.is_object() {
        return Err(format!("offer {n} of `offers` is no object"));
    }
    let word = |name: &str| match offer.get(name) {
        None | Some(Value::Null) => Ok(""),
        Some(value) => value.as_str().ok_or_else(|| format!("`{name}` of offer {n} is no text")),
    };
    let number = |name: &str| match offer.get(name) {
        None | Some(Value::Null) => Ok(0),
        Some(value) => value
            .as_u64()
            .map(|count| count as usize)
            .ok_or_else(|| format!("`{name}` of offer {n} is no whole number from 0 on")),
    };
    let (name, intent) = (word("name")?, word("intent")?);
    Ok(OfferSituation {
        name: if name.is_empty() { offer.get("id").and_then(Value::as_str).unwrap_or_default() } else { name },
        intent: if intent.is_empty() { known } else { intent },
        channel: word("channel")?,
        lang: word("lang")?,
        action: word("action")?,
        turn,
        accepted: number("accepted")?,
        declined: number("declined")?,
        shown: number("shown")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_an_offer_is_told_by_is_read_or_refused_by_name() {
        let offer = json!({"id": "seat", "intent": "refund", "channel": "app", "accepted": 2, "shown": null});
        let read = situation(&offer, 1, 3, "greet").unwrap();
        assert_eq!((read.name, read.intent, read.channel, read.lang, read.turn), ("seat", "refund", "app", "", 3));
        assert_eq!((read.accepted, read.declined, read.shown), (2, 0, 0));
        assert_eq!(situation(&json!({"id": 7}), 1, 1, "greet").unwrap().intent, "greet");
        for (offer, says) in [
            (json!(1), "offer 2 of `offers` is no object"),
            (json!({"name": 7}), "`name` of offer 2 is no text"),
            (json!({"name": "seat", "accepted": -5}), "`accepted` of offer 2 is no whole number from 0 on"),
            (json!({"name": "seat", "declined": "two"}), "`declined` of offer 2 is no whole number from 0 on"),
        ] {
            assert_eq!(situation(&offer, 2, 1, "").unwrap_err(), says);
        }
    }
}
