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
pub fn offers_said(responder: &Responder<'_>, reply: &Reply, asked: &Value) -> Option<Vec<OfferSaid>> {
    let offers = asked.get("offers")?.as_array()?;
    let turn = asked.get("history").and_then(Value::as_array).map_or(0, Vec::len) + 1;
    let features: Vec<_> = offers
        .iter()
        .map(|offer| {
            let word = |name: &str| offer.get(name).and_then(Value::as_str).unwrap_or_default();
            let number = |name: &str| offer.get(name).and_then(Value::as_u64).unwrap_or_default() as usize;
            offer_features(&OfferSituation {
                name: if word("name").is_empty() { word("id") } else { word("name") },
                intent: reply.intent.as_deref().unwrap_or_default(),
                channel: word("channel"),
                lang: word("lang"),
                action: word("action"),
                turn,
                accepted: number("accepted"),
                declined: number("declined"),
                shown: number("shown"),
            })
        })
        .collect();
    let said = offers.iter().zip(responder.propensities(&features));
    Some(
        said.map(|(offer, p)| OfferSaid {
            id: offer.get("id").or_else(|| offer.get("name")).cloned().unwrap_or(Value::Null),
            propensity: p.map(|p| p.propensity),
            lo: p.map(|p| p.lo),
            hi: p.map(|p| p.hi),
        })
        .collect(),
    )
}
