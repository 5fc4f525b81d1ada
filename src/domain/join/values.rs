//! Values of what is stored and of what arrives, put together: what the later one says stands, where it says something.

use super::clocks::closer;
use crate::domain::conversation::{Conversation, Offer, OfferStatus, Turn};
use crate::domain::{Outcome, OutcomeSource};

/// Stands between our reason for an outcome and the log's own words.
pub const LOG_SAYS: &str = "; the log says: ";

/// Everything but turns, offers, times and outcome: what `over` says, where it says something.
pub(super) fn fields(base: &Conversation, over: &Conversation) -> Conversation {
    let mut tags = base.tags.clone();
    tags.extend(over.tags.iter().filter(|t| !base.tags.contains(t)).cloned());
    let mut meta = base.meta.clone();
    meta.extend(over.meta.clone());
    Conversation {
        channel: over.channel.clone().or_else(|| base.channel.clone()),
        lang: over.lang.clone().or_else(|| base.lang.clone()),
        customer_id: over.customer_id.clone().or_else(|| base.customer_id.clone()),
        bot: over.bot.clone().or_else(|| base.bot.clone()),
        csat: over.csat.clone().or_else(|| base.csat.clone()),
        sentiment: over.sentiment.or(base.sentiment),
        tags,
        meta,
        turns: Vec::new(),
        offers: Vec::new(),
        ..over.clone()
    }
}

/// A turn that both have: what `over` says, where it says something.
pub(super) fn turn(base: &Turn, over: &Turn) -> Turn {
    let predicted = over.intent.is_some() || over.confidence.is_some() || over.fallback;
    let said = if predicted { over } else { base };
    let mut meta = base.meta.clone();
    meta.extend(over.meta.clone());
    let list = |over: &[String], base: &[String]| if over.is_empty() { base.to_vec() } else { over.to_vec() };
    Turn {
        key: base.key,
        id: over.id.clone().or_else(|| base.id.clone()),
        at: closer(base.at, over.at),
        intent: said.intent.clone(),
        confidence: said.confidence,
        fallback: said.fallback,
        ranking: if over.ranking.is_empty() { base.ranking.clone() } else { over.ranking.clone() },
        entities: if over.entities.is_empty() { base.entities.clone() } else { over.entities.clone() },
        payload: over.payload || base.payload && over.text == base.text,
        gold: list(&over.gold, &base.gold),
        sentiment: over.sentiment.or(base.sentiment),
        action: over.action.clone().or_else(|| base.action.clone()),
        corrected: over.corrected.clone().or_else(|| base.corrected.clone()),
        feedback: over.feedback.clone().or_else(|| base.feedback.clone()),
        model: over.model.clone().or_else(|| base.model.clone()),
        latency_ms: over.latency_ms.or(base.latency_ms),
        name: over.name.clone().or_else(|| base.name.clone()),
        event: over.event.clone().or_else(|| base.event.clone()),
        meta,
        role: over.role,
        text: over.text.clone(),
    }
}

/// Offers of both; one that both have, by its id, else by name and turn, as `over` tells it. Case is no other name, and one that names no
/// turn is the only one there is of its name.
pub(super) fn offers(base: impl Iterator<Item = Offer>, over: impl Iterator<Item = Offer>) -> Vec<Offer> {
    let mut out: Vec<Offer> = base.collect();
    let of_name = |a: &Offer, b: &Offer| a.name.trim().to_lowercase() == b.name.trim().to_lowercase();
    let is = |a: &Offer, b: &Offer| match (&a.id, &b.id) {
        (Some(x), Some(y)) => x == y,
        _ => of_name(a, b) && a.turn == b.turn,
    };
    let may_be = |a: &Offer, b: &Offer| {
        of_name(a, b) && (a.id.is_none() || b.id.is_none()) && (a.turn.is_none() || b.turn.is_none())
    };
    let known = out.len();
    let mut met = vec![false; known];
    for offer in over {
        let the_only = || {
            let mut all = (0..known).filter(|&i| !met[i] && may_be(&out[i], &offer));
            all.next().filter(|_| all.next().is_none())
        };
        match (0..known).find(|&i| !met[i] && is(&out[i], &offer)).or_else(the_only) {
            Some(i) => {
                met[i] = true;
                let old = &out[i];
                let mut meta = old.meta.clone();
                meta.extend(offer.meta.clone());
                out[i] = Offer {
                    id: offer.id.or_else(|| old.id.clone()),
                    name: old.name.clone(),
                    turn: offer.turn.or(old.turn),
                    shown_at: offer.shown_at.or(old.shown_at),
                    value: offer.value.or(old.value),
                    // As with outcomes, what has no end never replaces one (rule 34).
                    status: if offer.status == OfferStatus::Shown { old.status } else { offer.status },
                    currency: offer.currency.or_else(|| old.currency.clone()),
                    meta,
                    ..offer
                };
            }
            None => out.push(offer),
        }
    }
    out
}

/// How it ended: what a log says explicitly; `pending` and `unknown` never replace what is final. Left to be derived
/// again where no log says.
pub(super) fn outcome(c: &mut Conversation, stored: &Conversation, arriving: &Conversation, later: bool) {
    let told = |c: &Conversation| c.outcome_source.is_some_and(|s| s != OutcomeSource::Derived);
    let is_final = |c: &Conversation| !matches!(c.outcome, None | Some(Outcome::Pending | Outcome::Unknown));
    let takes = told(arriving) && if later { is_final(arriving) || !is_final(stored) } else { !is_final(stored) };
    let word = match (takes, told(stored)) {
        (true, _) => arriving,
        (false, true) if is_final(stored) || !is_final(arriving) => stored,
        _ => {
            (c.outcome, c.outcome_source, c.resolution) = (None, None, None);
            let log = |c: &Conversation| match &c.outcome_reason {
                Some(reason) if told(c) => Some(reason.clone()),
                Some(reason) => reason.split_once(LOG_SAYS).map(|(_, log)| log.to_owned()),
                None => None,
            };
            c.outcome_reason = if later { log(arriving).or(log(stored)) } else { log(stored).or(log(arriving)) };
            return;
        }
    };
    (c.outcome, c.outcome_source) = (word.outcome, word.outcome_source);
    c.resolution = word.resolution;
    c.outcome_reason.clone_from(&word.outcome_reason);
}
