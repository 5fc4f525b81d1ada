//! Puts right what follows from something else: indexes, the latest word on each target, projections, caches, search. Nothing that a
//! person decided and nothing that was imported is touched.

use super::content::WRONG_CURRENT;
use crate::domain::{ConversationId, Kind, Reporter};
use crate::store::codes::DONE;
use crate::store::{DoingWhat, LongError, Result, Store};
use rusqlite::params;

/// Conversations a transaction.
const BATCH: usize = 500;

impl Store {
    /// Writes anew what can be computed: missing indexes, the latest words, projections, packed columns; marks everything as not
    /// covered by search, which `jobs::index` then builds.
    ///
    /// # Errors
    /// Stopped (what was done stays, and may be done again); the store cannot be written.
    pub fn repair(&mut self, reporter: &dyn Reporter) -> std::result::Result<(), LongError> {
        self.immediate("building indexes", Self::build_indexes)?;
        self.immediate("writing the latest words anew", Self::rewrite_current)?;
        let rows = self.some_rows(true)?;
        for (i, batch) in rows.chunks(BATCH).enumerate() {
            reporter.step("bring conversations in line with the decisions", (i * BATCH) as u64, rows.len() as u64)?;
            self.immediate("bringing conversations in line", |store| {
                let names = store.intent_names()?;
                batch.iter().try_for_each(|&id| store.refresh_with(ConversationId(id), &names))
            })?;
        }
        self.immediate("emptying caches", |store| {
            store.search_changes()?;
            store
                .conn
                .execute_batch(
                    "DELETE FROM packed; DELETE FROM segment; DELETE FROM counted_day; DELETE FROM changed;
                     INSERT INTO search(search) VALUES ('delete-all'); DELETE FROM unsearched;
                     INSERT INTO unsearched(first, last) SELECT min(id), max(id) FROM conversation WHERE id > 0 HAVING count(*) > 0;",
                )
                .doing("emptying caches")
        })?;
        self.forget_columns();
        Ok(())
    }

    fn rewrite_current(&self) -> Result<()> {
        let wrong: Vec<[i64; 3]> = self
            .conn
            .prepare(WRONG_CURRENT)
            .and_then(|mut s| s.query_map([], |r| Ok([r.get(0)?, r.get(1)?, r.get(2)?])).and_then(Iterator::collect))
            .doing("looking for the latest words")?;
        for [subject, kind, turn] in wrong {
            self.rewrite_target(subject, kind, turn)?;
        }
        self.conn
            .execute(
                "UPDATE intent SET name = (SELECT value FROM current k WHERE k.kind = ?1 AND k.subject = intent.id)
                 WHERE EXISTS(SELECT 1 FROM current k WHERE k.kind = ?1 AND k.subject = intent.id AND k.value <> intent.name)",
                [Kind::IntentName.code()],
            )
            .map(drop)
            .doing("naming intents as was decided")
    }

    /// The value is the newest row's; whose word it is, the newest that nobody took back.
    fn rewrite_target(&self, subject: i64, kind: i64, turn: i64) -> Result<()> {
        self.conn
            .execute("DELETE FROM current WHERE subject = ? AND kind = ? AND turn = ?", params![subject, kind, turn])
            .and_then(|_| {
                self.conn.execute(
                    &format!("INSERT INTO current(subject, kind, turn, value, decision, reviewer)
                     SELECT ?1, ?2, ?3, l.after, coalesce(w.id, l.id), coalesce(w.reviewer, l.reviewer)
                     FROM (SELECT * FROM decision WHERE subject = ?1 AND kind = ?2 AND turn = ?3 ORDER BY id DESC LIMIT 1) l
                     LEFT JOIN decision w ON w.id = (SELECT max(d.id) FROM decision d JOIN step s ON s.id = d.step
                        WHERE d.subject = ?1 AND d.kind = ?2 AND d.turn = ?3 AND d.undoes IS NULL AND s.state = {DONE})
                     WHERE l.after IS NOT NULL"),
                    params![subject, kind, turn],
                )
            })
            .map(drop)
            .doing("writing the latest word anew")
    }
}
