//! Signs and written languages of conversations that were stored before there were any: read in the background, in short transactions, so that
//! people go on working and a restart goes on where it stopped.

use crate::domain::ConversationId;
use crate::learn::signals::said;
use crate::store::conversations::derived::heard;
use crate::store::{DoingWhat, Result, Store};
use rusqlite::params;

/// Conversations a transaction.
const BATCH: i64 = 200;
/// Conversations whose signs, or whose language by what is written, nobody has read.
const UNREAD: &str =
    "SELECT id FROM conversation WHERE signals IS NULL UNION SELECT id FROM conversation WHERE written IS NULL";

impl Store {
    /// How many conversations nobody has read for signs yet.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn unread(&self) -> Result<u64> {
        self.conn
            .prepare_cached(&format!("SELECT count(*) FROM ({UNREAD})"))
            .and_then(|mut s| s.query_row([], |r| r.get(0)))
            .doing("counting what is to be read")
    }

    /// Whether there are any.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn is_unread(&self) -> Result<bool> {
        let one = |column| format!("SELECT 1 FROM conversation WHERE {column} IS NULL LIMIT 1");
        Ok(!self.ids(&one("signals"), &[])?.is_empty() || !self.ids(&one("written"), &[])?.is_empty())
    }

    /// Reads the signs of one batch, the newest conversations first; returns how many. 0: all are read.
    ///
    /// # Errors
    /// The store cannot be read or written.
    pub fn read_signals_batch(&mut self) -> Result<u64> {
        let sql = format!("SELECT id FROM ({UNREAD}) ORDER BY id DESC LIMIT {BATCH}");
        let found = self.ids(&sql, &[])?;
        let read = |&id: &i64| {
            let c = self.conversation(ConversationId(id))?;
            let (signals, written) = heard(&c, &said(&c));
            Ok((id, signals.bits(), written))
        };
        let found: Vec<(i64, i64, Option<String>)> = found.iter().map(read).collect::<Result<_>>()?;
        if found.is_empty() {
            return Ok(0);
        }
        self.immediate("keeping signs", |store| {
            let names = store.intent_names()?;
            for (id, bits, written) in &found {
                let written = store.written_term(written.as_deref())?;
                let sql = "UPDATE conversation SET written = ? WHERE id = ? AND written IS NULL";
                store
                    .conn
                    .prepare_cached(sql)
                    .and_then(|mut s| s.execute(params![written, id]))
                    .doing("keeping languages")?;
                // An import that came in between knows better.
                let sql = "UPDATE conversation SET signals = ? WHERE id = ? AND signals IS NULL";
                let changed = store.conn.prepare_cached(sql).and_then(|mut s| s.execute(params![bits, id]));
                if changed.doing("keeping signs")? > 0 && *bits != 0 {
                    store.refresh_with(ConversationId(*id), &names)?;
                }
            }
            Ok(found.len() as u64)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Conversation, Outcome, Query, QueueOrder, Role, Timestamp, Turn};
    use crate::store::{ArrivalResult, Founding, OnDuplicate, PageStart, QueueRow};

    const NOW: Timestamp = Timestamp(1_790_000_000_000);
    const AGENT: [&str; 3] = ["where is my parcel", "Our shops are open from nine to five.", "agent please"];

    fn store() -> Store {
        Store::in_memory(Founding { seed: 1, test_share: 0.0, now: NOW }).unwrap()
    }

    fn put(store: &Store, id: &str, outcome: Outcome, said: &[&str]) -> ConversationId {
        let role = |i| if i % 2 == 0 { Role::User } else { Role::Bot };
        let turns = said.iter().enumerate().map(|(i, t)| Turn::new(role(i), *t)).collect();
        let c = Conversation { outcome: Some(outcome), ..Conversation::new("shop", id, turns) };
        let hash = format!("{c:?}").into_bytes();
        let added = store.immediate("test", |s| s.put(&c, &hash, NOW, OnDuplicate::Update, &mut None)).unwrap();
        let (ArrivalResult::New(n) | ArrivalResult::Updated(n)) = added else { panic!("{added:?}") };
        n
    }

    fn rows(store: &Store, query: &str) -> Vec<QueueRow> {
        store.queue_page(&Query::parse(query).unwrap(), QueueOrder::VALUE, PageStart::Start, 50, NOW).unwrap().rows
    }

    #[test]
    fn signs_put_a_conversation_after_failures_and_before_the_rest_and_say_why() {
        let store = store();
        let fine = put(&store, "fine", Outcome::Resolved, &["where is my parcel", "On its way.", "great, thanks"]);
        let asked = put(&store, "asked", Outcome::Resolved, &AGENT);
        let failed = put(&store, "failed", Outcome::Failed, &["my parcel is lost", "I see."]);
        let order: Vec<ConversationId> = rows(&store, "").iter().map(|r| r.n).collect();
        assert_eq!(order, [failed, asked, fine]);
        let found = rows(&store, "is:mismatch");
        assert_eq!(found.iter().map(|r| r.n).collect::<Vec<_>>(), [asked]);
        assert_eq!(found[0].why, ["asked for a person"]);
    }

    #[test]
    fn signs_follow_when_a_conversation_goes_on() {
        let store = store();
        let n = put(&store, "a", Outcome::Resolved, &AGENT[..2]);
        assert!(rows(&store, "is:mismatch").is_empty());
        assert_eq!(put(&store, "a", Outcome::Resolved, &AGENT), n);
        assert_eq!(rows(&store, "is:mismatch").len(), 1);
    }

    #[test]
    fn what_was_stored_before_is_read_once() {
        let mut store = store();
        let ids: Vec<ConversationId> = (0..450)
            .map(|i| put(&store, &format!("c{i}"), Outcome::Resolved, &AGENT[..if i % 3 == 0 { 3 } else { 2 }]))
            .collect();
        let before = rows(&store, "is:mismatch");
        store.conn.execute_batch("UPDATE conversation SET signals = NULL, mismatch = 0, priority = 0").unwrap();
        assert_eq!((store.unread().unwrap(), rows(&store, "is:mismatch").len()), (450, 0));
        let mut batches = 0;
        while store.read_signals_batch().unwrap() > 0 {
            batches += 1;
        }
        assert_eq!((batches, store.unread().unwrap()), (3, 0));
        assert_eq!(rows(&store, "is:mismatch"), before);
        assert_eq!(ids.len(), 450);
    }
}
