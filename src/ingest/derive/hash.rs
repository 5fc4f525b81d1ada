//! Hashes that stay the same for ever: the store keeps them.

use crate::domain::{Conversation, OutcomeSource};
use crate::ingest::context::Salt;
use sha2::{Digest, Sha256};

/// The first 128 bits of a SHA-256.
pub type ContentHash = [u8; 16];

/// A hash of what the log says: equal for a conversation that is read again, whatever was derived from it since. An
/// outcome counts only where the log itself gives it.
pub fn content_hash(c: &Conversation) -> ContentHash {
    let explicit = c.outcome_source == Some(OutcomeSource::Explicit);
    let outcome = explicit.then_some((c.outcome, c.resolution, c.outcome_reason.as_deref()));
    let who = (&c.source, &c.id, &c.channel, &c.lang, &c.customer_id, c.started_at, c.ended_at, &c.bot);
    let what = (&c.turns, outcome, &c.csat, c.sentiment, &c.offers, &c.tags, &c.meta);
    // Written down first: a hasher that is fed token by token is several times slower. Plain data cannot fail; half a
    // hash would still be stable.
    let mut text = Vec::with_capacity(4_096);
    let _ = serde_json::to_writer(&mut text, &(who, what));
    // Added later: what is of no sample keeps its hash.
    if let Some(sampling) = &c.sampling {
        let _ = serde_json::to_writer(&mut text, sampling);
    }
    first_half(Sha256::new_with_prefix(text))
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
    use crate::domain::{Outcome, Role, Turn};

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
}
