//! Hashes that stay the same for ever: the store keeps them.

use crate::domain::{Conversation, OutcomeSource, Turn};
use crate::ingest::context::Salt;
use serde::Serialize;
use sha2::{Digest, Sha256};

/// The first 128 bits of a SHA-256.
pub type ContentHash = [u8; 16];

/// A hash of what the log says: equal for a conversation that is read again, whatever was derived from it since. An
/// outcome counts only where the log itself gives it.
pub fn content_hash(c: &Conversation) -> ContentHash {
    let explicit = c.outcome_source == Some(OutcomeSource::Explicit);
    let outcome = explicit.then_some((c.outcome, c.resolution, c.outcome_reason.as_deref()));
    let who = (&c.source, &c.id, &c.channel, &c.lang, &c.customer_id, c.started_at, c.ended_at, &c.bot);
    let rest = (outcome, &c.csat, c.sentiment, &c.offers, &c.tags, &c.meta);
    // Written down first: a hasher that is fed token by token is several times slower. Plain data cannot fail; half a
    // hash would still be stable.
    let mut text = Vec::with_capacity(4_096);
    text.push(b'[');
    push(&mut text, &who);
    text.extend_from_slice(b",[");
    push_turns(&mut text, &c.turns);
    // The turns are the first of this list.
    let begins = text.len();
    push(&mut text, &rest);
    text[begins] = b',';
    text.push(b']');
    // Added later: what is of no sample keeps its hash.
    if let Some(sampling) = &c.sampling {
        push(&mut text, sampling);
    }
    first_half(Sha256::new_with_prefix(text))
}

fn push(out: &mut Vec<u8>, value: &impl Serialize) {
    let _ = serde_json::to_writer(out, value);
}

/// Turns as JSON: nearly all of what is hashed.
fn push_turns(out: &mut Vec<u8>, turns: &[Turn]) {
    out.push(b'[');
    for (i, turn) in turns.iter().enumerate() {
        if i > 0 {
            out.push(b',');
        }
        push_turn(out, turn);
    }
    out.push(b']');
}

/// A turn as JSON. One that has nothing rare is put together by hand, in half the time.
fn push_turn(out: &mut Vec<u8>, turn: &Turn) {
    // All fields, so that a new one cannot be forgotten here.
    let Turn {
        key: _,
        role,
        text,
        id: None,
        at,
        intent,
        confidence,
        ranking,
        entities,
        fallback: false,
        payload: false,
        gold,
        sentiment: None,
        action: None,
        corrected: None,
        feedback: None,
        model: None,
        latency_ms: None,
        name: None,
        event: None,
        meta,
    } = turn
    else {
        return push(out, turn);
    };
    if !(ranking.is_empty() && entities.is_empty() && gold.is_empty() && meta.is_empty()) {
        return push(out, turn);
    }
    out.extend_from_slice(b"{\"role\":");
    push(out, role);
    out.extend_from_slice(b",\"text\":");
    push_text(out, text);
    if let Some(at) = at {
        out.extend_from_slice(b",\"at\":");
        push(out, at);
    }
    if let Some(intent) = intent {
        out.extend_from_slice(b",\"intent\":");
        push_text(out, intent);
    }
    if let Some(confidence) = confidence {
        out.extend_from_slice(b",\"confidence\":");
        push(out, confidence);
    }
    out.push(b'}');
}

/// A text as JSON: as it stands where nothing in it needs an escape.
fn push_text(out: &mut Vec<u8>, text: &str) {
    let needs_escape = |piece: &[u8]| piece.iter().fold(false, |any, &b| any | (b < b' ') | (b == b'"') | (b == b'\\'));
    if text.as_bytes().chunks(64).any(needs_escape) {
        return push(out, &text);
    }
    out.push(b'"');
    out.extend_from_slice(text.as_bytes());
    out.push(b'"');
}

/// A customer id that tells nobody who it is, yet is the same for the same customer and salt.
pub fn pseudonym(salt: &Salt, customer_id: &str) -> String {
    let mut hasher = Sha256::new();
    hasher.update((salt.0.len() as u64).to_le_bytes());
    hasher.update(&salt.0);
    hasher.update(customer_id);
    first_half(hasher).iter().map(|b| format!("{b:02x}")).collect()
}

fn first_half(hasher: Sha256) -> ContentHash {
    let mut out = [0; 16];
    out.copy_from_slice(&hasher.finalize()[..16]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Outcome, Role, Timestamp, Turn};
    use proptest::prelude::*;

    #[test]
    fn the_hash_is_of_what_the_log_says() {
        let mut c = Conversation::new("s", "1", vec![Turn::new(Role::User, "hi")]);
        let first = content_hash(&c);
        // Written down: stores in the field depend on it.
        assert_eq!(first[..4], [189, 172, 31, 229]);
        c.outcome = Some(Outcome::Failed);
        c.outcome_source = Some(OutcomeSource::Derived);
        c.outcome_reason = Some("two fallbacks".into());
        assert_eq!(content_hash(&c), first);
        c.outcome_source = Some(OutcomeSource::Explicit);
        assert_ne!(content_hash(&c), first);
        c.turns[0].text.push('!');
        assert_ne!(content_hash(&c), first);
    }

    #[test]
    fn pseudonyms_depend_on_salt_and_customer() {
        let (a, b) = (Salt(b"a".to_vec()), Salt(b"b".to_vec()));
        assert_eq!(pseudonym(&a, "u-9"), pseudonym(&a, "u-9"));
        assert_ne!(pseudonym(&a, "u-9"), pseudonym(&b, "u-9"));
        assert_ne!(pseudonym(&a, "u-9"), pseudonym(&a, "u-8"));
        assert_eq!(pseudonym(&a, "u-9").len(), 32);
    }

    proptest! {
        #[test]
        fn what_is_hashed_is_the_json_of_the_turns(
            turns in prop::collection::vec(
                (prop::sample::select(vec![Role::User, Role::Bot, Role::System]), "[a-zά-ώ\"\\\\ \u{0}-\u{1f}\u{7f}]{0,80}",
                    prop::option::of(-10i64..4_102_444_800_000), prop::option::of("[a-z_\"]{0,8}"),
                    prop::option::of(0.0f64..1.0), 0..8),
                0..4),
        ) {
            let turn = |(role, text, at, intent, confidence, rare): (Role, String, Option<i64>, Option<String>, Option<f64>, i32)| {
                let mut turn = Turn { at: at.map(Timestamp), intent, confidence, ..Turn::new(role, text) };
                match rare {
                    1 => turn.fallback = true,
                    2 => turn.id = Some("7".into()),
                    3 => drop(turn.meta.insert("k".into(), 1.into())),
                    4 => turn.gold = vec!["a".into()],
                    _ => {}
                }
                turn
            };
            let turns: Vec<Turn> = turns.into_iter().map(turn).collect();
            let mut by_hand = Vec::new();
            push_turns(&mut by_hand, &turns);
            prop_assert_eq!(String::from_utf8(by_hand).unwrap(), serde_json::to_string(&turns).unwrap());
        }
    }
}
