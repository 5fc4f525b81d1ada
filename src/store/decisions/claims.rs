//! Who has which conversation open in Review (rule 42): a lease of ten minutes, so that what a dead screen held comes free.

use crate::domain::time::HOUR;
use crate::domain::{ConversationId, Timestamp};
use crate::store::{Access, DoingWhat, Result, Store};
use rusqlite::params;
use std::cell::Cell;

/// How long a claim holds.
const LEASE: i64 = HOUR / 6;

/// The claim of this connection's screen.
#[derive(Clone, Copy, Debug)]
pub(in crate::store) struct Claim {
    conversation: ConversationId,
    written: Timestamp,
}

impl Store {
    /// Says which conversation somebody has open now, instead of the one before; `None`: none any more. Others get it last in Review. A
    /// store that is read only keeps nothing, and nothing is kept of whoever has done nothing here yet.
    ///
    /// # Errors
    /// The store cannot be written.
    pub fn claim(&self, reviewer: &str, now: Timestamp, open: Option<ConversationId>) -> Result<()> {
        if self.access == Access::ReadOnly || (open.is_none() && self.kept.of::<Cell<Option<Claim>>>().get().is_none())
        {
            return Ok(());
        }
        let Some(who) = self.known_reviewer(reviewer)? else { return Ok(()) };
        // A lease that a power cut takes is no loss, and nobody is to wait for the disk.
        self.conn.pragma_update(None, "synchronous", "NORMAL").doing("noting what is open")?;
        let noted = self.immediate("noting what is open", |store| {
            match open {
                Some(c) => store
                    .conn
                    .prepare_cached(
                        "INSERT INTO claim(reviewer, conversation, until) VALUES (?1, ?2, ?3)
                         ON CONFLICT(reviewer) DO UPDATE SET conversation = ?2, until = ?3",
                    )
                    .and_then(|mut s| s.execute(params![who, c.0, now.plus(LEASE).0])),
                None => {
                    store.conn.prepare_cached("DELETE FROM claim WHERE reviewer = ?").and_then(|mut s| s.execute([who]))
                }
            }
            .map(drop)
            .doing("noting what is open")
        });
        let full = if self.access == Access::Bulk { "NORMAL" } else { "FULL" };
        self.conn.pragma_update(None, "synchronous", full).doing("noting what is open")?;
        noted?;
        self.kept.of::<Cell<Option<Claim>>>().set(open.map(|conversation| Claim { conversation, written: now }));
        Ok(())
    }

    /// Claims what is open again once half of the lease is over. Costs nothing before.
    ///
    /// # Errors
    /// As [`Store::claim`].
    pub fn renew_claim(&self, reviewer: &str, now: Timestamp) -> Result<()> {
        match self.kept.of::<Cell<Option<Claim>>>().get() {
            Some(c) if now.0 - c.written.0 >= LEASE / 2 => self.claim(reviewer, now, Some(c.conversation)),
            _ => Ok(()),
        }
    }

    /// What others than `reviewer` have open now.
    pub(in crate::store) fn claimed_by_others(&self, reviewer: &str, now: Timestamp) -> Result<Vec<i64>> {
        let sql =
            "SELECT c.conversation FROM claim c JOIN reviewer r ON r.id = c.reviewer WHERE r.name <> ? AND c.until > ?";
        self.ids(sql, &[&reviewer, &now.0])
    }
}
