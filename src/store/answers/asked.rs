//! What the answers that people corrected were answers to, read once: with ten thousand corrections every item under review would
//! wait for it.

use super::corrections::Written;
use crate::domain::{ConversationId, IntentId, Kind, TurnKey};
use crate::store::{DoingWhat, Result, Store};
use rusqlite::params;
use std::cell::RefCell;
use std::collections::HashMap;

/// What was asked, as far as it was read.
#[derive(Default)]
struct KeptAsked(RefCell<AskedIntents>);

/// Intents by answered turn, up to an import and a decision.
#[derive(Default)]
struct AskedIntents {
    imports: String,
    decision: i64,
    of: HashMap<(ConversationId, TurnKey), Option<IntentId>>,
}

impl Store {
    /// For each correction the intent that it answers, as the log or a label names it.
    pub(in crate::store) fn asked_intents(&self, written: &[Written]) -> Result<Vec<Option<IntentId>>> {
        // What a transaction has written may still be taken back, and its numbers be given again.
        if !self.conn.is_autocommit() {
            return written.iter().map(|w| self.answered_intent(w.n, w.turn)).collect();
        }
        let kept = self.kept.of::<KeptAsked>();
        let mut asked = kept.0.borrow_mut();
        self.forget_changed(&mut asked)?;
        let mut out = Vec::with_capacity(written.len());
        for w in written {
            let intent = match asked.of.get(&(w.n, w.turn)) {
                Some(intent) => *intent,
                None => self.answered_intent(w.n, w.turn)?,
            };
            asked.of.insert((w.n, w.turn), intent);
            out.push(intent);
        }
        Ok(out)
    }

    /// Forgets what a label or an import may have changed since.
    fn forget_changed(&self, asked: &mut AskedIntents) -> Result<()> {
        let (imports, decision) = (self.answers_mark()?, self.last_decision()?.0);
        if asked.imports != imports || decision < asked.decision {
            *asked = AskedIntents { imports, decision, ..AskedIntents::default() };
        }
        if decision > asked.decision {
            let labelled = self
                .conn
                .prepare_cached("SELECT DISTINCT subject FROM decision WHERE id > ? AND kind = ?")
                .and_then(|mut s| {
                    let of = |r: &rusqlite::Row<'_>| r.get(0).map(ConversationId);
                    s.query_map(params![asked.decision, Kind::Intent.code()], of)?
                        .collect::<rusqlite::Result<std::collections::BTreeSet<_>>>()
                })
                .doing("looking up what was asked")?;
            asked.of.retain(|(conversation, _), _| !labelled.contains(conversation));
            asked.decision = decision;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::{Conversation, ConversationId, DecisionChange, Outcome, Role, Timestamp, Turn};
    use crate::store::{Founding, OnDuplicate, Store};

    const NOW: Timestamp = Timestamp(1_790_000_000_000);

    #[test]
    fn what_was_asked_follows_labels_and_undo() {
        let mut store = Store::in_memory(Founding { seed: 1, test_share: 0.0, now: NOW }).unwrap();
        let asked = Turn { intent: Some("parcel".to_owned()), ..Turn::new(Role::User, "where is it") };
        let mut c = Conversation::new("web", "1", vec![asked, Turn::new(Role::Bot, "It is here.")]);
        (c.outcome, c.started_at) = (Some(Outcome::Failed), Some(NOW));
        store.immediate("test", |s| s.put(&c, &[1], NOW, OnDuplicate::Update, &mut None)).unwrap();
        let item = ConversationId(store.ids("SELECT id FROM conversation", &[]).unwrap()[0]);
        let turns = store.conversation(item).unwrap().turns;
        store
            .decide("maria", NOW, &[DecisionChange::response(item, turns[1].key, Some("It is there.".into()))])
            .unwrap();
        let of = |store: &Store| store.corrections().unwrap()[0].intent.clone().unwrap();
        assert_eq!(of(&store), "parcel");
        let refund = store.add_intent("maria", NOW, "refund").unwrap();
        store.decide("maria", NOW, &[DecisionChange::intents(item, turns[0].key, &[refund])]).unwrap();
        assert_eq!(of(&store), "refund");
        store.undo("maria", NOW).unwrap();
        assert_eq!(of(&store), "parcel");
    }
}
