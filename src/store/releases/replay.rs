//! Failures to be put to another release, and which of them it answers otherwise.

use crate::domain::review::decision::split_ids;
use crate::domain::{ConversationId, IntentId, Kind, Outcome, ReleaseId, Role, Timestamp, TurnKey};
use crate::store::codes::{SEALED_HALF, TRAINING};
use crate::store::decisions::reviewers::IMPORT;
use crate::store::{DoingWhat, Result, Store};
use rusqlite::{OptionalExtension, Row, params};

/// Rows a transaction, so that a reviewer's decision gets in between.
const BATCH: usize = 2_000;

/// A failed conversation as it went.
#[derive(Clone, Debug, PartialEq)]
pub struct FailedTurn {
    /// Conversation.
    pub conversation: ConversationId,
    /// The failing turn.
    pub turn: TurnKey,
    /// What the customer said.
    pub text: String,
    /// What the log predicted.
    pub logged: Option<IntentId>,
    /// The AI fell back.
    pub fallback: bool,
    /// What the live release says, where it has been asked.
    pub live: Option<IntentId>,
    /// What a person labelled it.
    pub label: Option<IntentId>,
    /// What the AI answered.
    pub response: Option<String>,
    /// Its group is a test group: a label counts neither for training nor as gold.
    pub test_group: bool,
    /// The conversation's language, as logged.
    pub lang: Option<String>,
}

impl Store {
    /// Failed and escalated conversations with activity at or after a moment, newest rows first, below a row. Training groups
    /// and the open test half; no test traffic, and no audit item that is still to be labelled blind (rule 11).
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn failed_turns(&self, since: Timestamp, below: ConversationId, most: usize) -> Result<Vec<FailedTurn>> {
        let sql = format!("SELECT c.id, c.failing_turn, t.text, c.intent, c.fallback, iif(c.predicted_by = ?1, c.suggested, NULL),
                iif(r.name LIKE ?2, NULL, l.value),
                (SELECT b.text FROM turn b WHERE b.id >= c.id << 20 AND b.id < (c.id + 1) << 20 AND b.role = ?3 AND b.place > t.place
                    ORDER BY b.place LIMIT 1), c.part > {TRAINING}, (SELECT text FROM term WHERE id = c.language)
            FROM conversation c JOIN turn t ON t.id = (c.id << 20 | c.failing_turn)
            LEFT JOIN current l ON l.subject = c.id AND l.kind = ?4 AND l.turn = c.failing_turn
            LEFT JOIN reviewer r ON r.id = l.reviewer
            WHERE c.id < ?5 AND c.outcome IN (?6, ?7) AND c.part < {SEALED_HALF} AND c.traffic = 1 AND c.last_at >= ?8
              AND NOT EXISTS(SELECT 1 FROM cycle_item i WHERE i.conversation = c.id AND i.audit = 1
                AND NOT EXISTS(SELECT 1 FROM current k WHERE k.subject = c.id AND k.kind = ?4 AND k.turn = i.turn))
            ORDER BY c.id DESC LIMIT ?9");
        let intent = |r: &Row<'_>, at| r.get::<_, Option<i64>>(at).map(|i| i.map(IntentId));
        let read = |r: &Row<'_>| {
            let label: Option<String> = r.get(6)?;
            Ok(FailedTurn {
                conversation: ConversationId(r.get(0)?),
                turn: r.get(1)?,
                text: r.get(2)?,
                logged: intent(r, 3)?,
                fallback: r.get(4)?,
                live: intent(r, 5)?,
                label: label.and_then(|v| split_ids(&v).first().copied()),
                response: r.get(7)?,
                test_group: r.get(8)?,
                lang: r.get(9)?,
            })
        };
        let live = self.predicting()?.map_or(0, |r| r.0);
        let (escalated, failed) = (Outcome::Escalated.code(), Outcome::Failed.code());
        self.conn
            .prepare_cached(&sql)
            .and_then(|mut s| {
                let import = format!("{IMPORT}%");
                let roles = (Role::Bot.code(), Kind::Intent.code());
                let p = params![live, import, roles.0, roles.1, below.0, escalated, failed, since.0, most as i64];
                s.query_map(p, read).and_then(Iterator::collect)
            })
            .doing("reading the failures")
    }

    /// What people have labelled some turns, `None` where nobody has.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn labels_of(&self, turns: &[(ConversationId, TurnKey)]) -> Result<Vec<Option<String>>> {
        let names = self.intent_names()?;
        let mut s = self
            .conn
            .prepare_cached(
                "SELECT l.value FROM current l JOIN reviewer r ON r.id = l.reviewer
                 WHERE l.kind = ? AND l.subject = ? AND l.turn = ? AND r.name NOT LIKE ?",
            )
            .doing("reading labels")?;
        let import = format!("{IMPORT}%");
        let label = |&(c, turn): &(ConversationId, TurnKey)| {
            let value = s.query_row(params![Kind::Intent.code(), c.0, turn, import], |r| r.get::<_, String>(0));
            let value: Option<String> = value.optional().doing("reading labels")?;
            let first = value.and_then(|v| split_ids(&v).first().copied());
            Ok(first.map(|i| names.name(names.today(i))))
        };
        turns.iter().map(label).collect()
    }

    /// How many [`Store::failed_turns`] there are at most, for progress: audit items are counted too.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn count_failed(&self, since: Timestamp) -> Result<u64> {
        self.conn
            .query_row(
                &format!("SELECT count(*) FROM conversation WHERE outcome IN (?, ?) AND part < {SEALED_HALF} AND traffic = 1 AND last_at >= ?"),
                params![Outcome::Escalated.code(), Outcome::Failed.code(), since.0],
                |r| r.get(0),
            )
            .doing("counting the failures")
    }

    /// Keeps what a replay found changed in place of what the one before did: `is:changed`. Does nothing where the store is
    /// only read. Until all of it is there, as after a kill in the middle, no release counts as replayed.
    ///
    /// # Errors
    /// The store cannot be written.
    pub fn keep_replay(&self, release: ReleaseId, changed: &[ConversationId]) -> Result<()> {
        if self.is_read_only() {
            return Ok(());
        }
        self.immediate("keeping a replay", |store| {
            store
                .conn
                .execute_batch("DELETE FROM replayed; DELETE FROM setting WHERE key = 'replayed'")
                .doing("keeping a replay")
        })?;
        for batch in changed.chunks(BATCH) {
            self.immediate("keeping a replay", |store| {
                let mut s = store
                    .conn
                    .prepare_cached("INSERT OR REPLACE INTO replayed(conversation, release) VALUES (?, ?)")
                    .doing("keeping a replay")?;
                batch.iter().try_for_each(|c| s.execute([c.0, release.0]).map(drop).doing("keeping a replay"))
            })?;
        }
        self.conn
            .execute("INSERT INTO setting(key, value) VALUES ('replayed', ?)", [release.0.to_string()])
            .map(drop)
            .doing("keeping a replay")
    }

    /// Which release was replayed last.
    pub(in crate::store) fn replayed_release(&self) -> Result<Option<ReleaseId>> {
        Ok(self.setting("replayed")?.and_then(|v| v.parse().ok()).map(ReleaseId))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Founding;

    #[test]
    fn half_a_replay_counts_as_none() {
        let store = Store::in_memory(Founding { seed: 1, test_share: 0.2, now: Timestamp(0) }).unwrap();
        let changed = |n: i64| (1..=n).map(ConversationId).collect::<Vec<_>>();
        store.keep_replay(ReleaseId(1), &changed(3)).unwrap();
        assert_eq!(store.replayed_release().unwrap(), Some(ReleaseId(1)));
        // Something stops the second batch of the next one, as a kill would.
        let stop = format!(
            "CREATE TRIGGER stop BEFORE INSERT ON replayed WHEN NEW.conversation > {BATCH} BEGIN SELECT RAISE(ABORT, 'x'); END"
        );
        store.conn.execute_batch(&stop).unwrap();
        assert!(store.keep_replay(ReleaseId(2), &changed(BATCH as i64 + 5)).is_err());
        let kept = |store: &Store| store.ids("SELECT count(*) FROM replayed", &[]).unwrap()[0];
        assert_eq!((store.replayed_release().unwrap(), kept(&store)), (None, BATCH as i64));
        store.conn.execute_batch("DROP TRIGGER stop").unwrap();
        store.keep_replay(ReleaseId(2), &changed(4)).unwrap();
        assert_eq!((store.replayed_release().unwrap(), kept(&store)), (Some(ReleaseId(2)), 4));
    }
}
