//! A copy of a store taken back to a moment (rule 51): the log up to it, conversations whose last activity is before it, in their present
//! words. What can be worked out again (predictions, patterns, counted answers) is left for the jobs that do so.

use crate::domain::time::DAY;
use crate::domain::{ConversationId, DecisionChange, DecisionTarget, IsoWeek, Kind, OUT_OF_SCOPE_ID, Timestamp};
use crate::store::base::schema;
use crate::store::codes::{BEYOND_CONVERSATIONS, DONE, UNDONE};
use crate::store::decisions::log::turn_of;
use crate::store::{DoingWhat, Result, Store, StoreError, TeamRole};
use rusqlite::{OptionalExtension, params};
use std::sync::LazyLock;

/// The trigger that keeps the log whole; a copy that is taken back loses its end.
const KEEPER: &str = "decision_is_append_only_delete";
const DOING: &str = "taking the copy back";
const EVERY_ROW: &str = "SELECT id FROM conversation";
/// Conversations that are there and were decided on since.
static DECIDED_SINCE: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT DISTINCT c.id FROM decision d JOIN conversation c ON c.id = d.subject WHERE d.id >= ? AND d.kind < {BEYOND_CONVERSATIONS}"
    )
});

/// What a target's latest word was at a moment.
struct FormerWord {
    kind: i64,
    subject: i64,
    turn: i64,
    /// `None` where nothing stood.
    value: Option<String>,
    decision: i64,
    reviewer: i64,
}

impl Store {
    /// Takes this store back to a moment, for good: only ever for a copy. Costs a pass over what came later; what is kept of rows in memory is
    /// read anew. Afterwards `renew` brings predictions of the release that was live then.
    ///
    /// # Errors
    /// It cannot be read or written; then nothing has changed.
    pub fn rewind(&mut self, to: Timestamp) -> Result<()> {
        // References are looked after below: what refers to something later goes with it.
        self.conn.pragma_update(None, "foreign_keys", false).doing(DOING)?;
        let done = self.immediate(DOING, |store| store.rewind_within(to));
        self.conn.pragma_update(None, "foreign_keys", true).doing(DOING)?;
        self.names.forget();
        self.kept.forget();
        done
    }

    /// The first last activity of a conversation; `None` where there is none with a time.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn first_activity(&self) -> Result<Option<Timestamp>> {
        let sql = "SELECT min(last_at) FROM conversation WHERE last_at > 0";
        self.conn
            .query_row(sql, [], |r| Ok(r.get::<_, Option<i64>>(0)?.map(Timestamp)))
            .doing("looking for the first conversation")
    }

    fn rewind_within(&self, to: Timestamp) -> Result<()> {
        // The log is in the order of its numbers; times never run backwards in it (rule 9).
        let cut = self.ids("SELECT coalesce(min(id), 0) FROM decision WHERE at >= ?", &[&to.0])?[0];
        self.drop_later_conversations(to)?;
        let mut rows = Vec::new();
        if cut > 0 {
            // What intents stand for is part of where conversations stand.
            let renamed = "SELECT id FROM decision WHERE id >= ? AND kind = ? LIMIT 1";
            rows = match self.ids(renamed, &[&cut, &Kind::IntentState.code()])?.is_empty() {
                true => self.ids(&DECIDED_SINCE, &[&cut])?,
                false => self.ids(EVERY_ROW, &[])?,
            };
            self.set_words_back(cut)?;
            self.drop_later_log(cut)?;
        }
        self.drop_later_things(to)?;
        self.drop_what_is_worked_out()?;
        // Where no release was live nothing was predicted, and no later one may speak for it.
        if self.live()?.is_none() {
            rows = self.ids(EVERY_ROW, &[])?;
            self.run(
                "UPDATE conversation SET suggested = NULL, suggested_confidence = NULL, margin = NULL, predicted_by = NULL, felt = NULL,
                    felt_by = NULL
                 WHERE predicted_by IS NOT NULL OR felt_by IS NOT NULL",
            )?;
        }
        rows.into_iter().try_for_each(|c| self.refresh(ConversationId(c)))?;
        self.run("DELETE FROM changed")
    }

    fn run(&self, sql: &str) -> Result<()> {
        self.conn.execute(sql, []).map(drop).doing(DOING)
    }

    /// Conversations that went on at the moment or began later, and all that hangs on them.
    fn drop_later_conversations(&self, to: Timestamp) -> Result<()> {
        self.run("CREATE TEMP TABLE later(id INTEGER PRIMARY KEY)")?;
        self.conn
            .execute("INSERT INTO temp.later SELECT id FROM conversation WHERE last_at >= ?", [to.0])
            .doing(DOING)?;
        let by_turn = [
            "gold_item WHERE turn",
            "prediction WHERE turn",
            "held_out WHERE turn",
            "reworded WHERE turn",
            "answer WHERE turn",
        ];
        for place in by_turn {
            self.run(&format!("DELETE FROM {place} >> 20 IN (SELECT id FROM temp.later)"))?;
        }
        let by_row = [
            "offer WHERE conversation",
            "feedback WHERE conversation",
            "sampled WHERE conversation",
            "cycle_item WHERE conversation",
            "revised WHERE conversation",
            "replayed WHERE conversation",
            "pattern_item WHERE conversation",
            "noted_item WHERE conversation",
            "topic WHERE conversation",
            "search WHERE rowid",
            "conversation WHERE id",
        ];
        for place in by_row {
            self.run(&format!("DELETE FROM {place} IN (SELECT id FROM temp.later)"))?;
        }
        // Turns of a conversation lie together: a range each, rather than a pass over all.
        let mut turns =
            self.conn.prepare("DELETE FROM turn WHERE id >= ?1 << 20 AND id < (?1 + 1) << 20").doing(DOING)?;
        for id in self.ids("SELECT id FROM temp.later", &[])? {
            turns.execute([id]).doing(DOING)?;
        }
        drop(turns);
        self.run(&format!(
            "DELETE FROM current WHERE kind < {BEYOND_CONVERSATIONS} AND subject IN (SELECT id FROM temp.later)"
        ))?;
        self.run("DROP TABLE temp.later")
    }

    /// Gives every target that was decided on since the word that it had.
    fn set_words_back(&self, cut: i64) -> Result<()> {
        // Undoing names what it undoes; the log has no index on that, and this is a copy.
        self.run("CREATE TEMP TABLE undone AS SELECT undoes, id, step FROM decision WHERE undoes IS NOT NULL")?;
        self.run("CREATE INDEX temp.undone_of ON undone(undoes)")?;
        // Who had taken back what by then: each undo and each redo turns a step once.
        let turned = format!(
            "UPDATE step SET state = CASE (SELECT count(DISTINCT u.step) FROM decision d JOIN temp.undone u ON u.undoes = d.id AND u.id < ?1
                WHERE d.step = step.id) % 2 WHEN 1 THEN {UNDONE} ELSE {DONE} END
             WHERE id IN (SELECT d.step FROM temp.undone u JOIN decision d ON d.id = u.undoes WHERE u.id >= ?1)"
        );
        self.conn.execute(&turned, [cut]).doing(DOING)?;
        self.run("DROP TABLE temp.undone")?;
        // Two may have had each other's name: none stands in the way of another while they are given back.
        let named = "UPDATE intent SET name = 'rewound ' || id WHERE id IN (SELECT subject FROM decision WHERE id >= ? AND kind = ?)";
        self.conn.execute(named, params![cut, Kind::IntentName.code()]).doing(DOING)?;
        let targets: Vec<(i64, i64, i64, Option<String>)> = self
            .conn
            // Of a GROUP BY with min(), SQLite takes the other columns from the row of the minimum.
            .prepare("SELECT kind, subject, turn, before, min(id) FROM decision WHERE id >= ? GROUP BY subject, kind, turn ORDER BY 5")
            .and_then(|mut s| {
                s.query_map([cut], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?))).and_then(Iterator::collect)
            })
            .doing(DOING)?;
        for (kind, subject, turn, before) in targets {
            let word = self.word_at(cut, kind, subject, turn)?;
            self.put_back(
                &word.unwrap_or(FormerWord { kind, subject, turn, value: None, decision: 0, reviewer: 0 }),
                before,
            )?;
        }
        Ok(())
    }

    /// The latest word on a target before a decision; `None` where there was none.
    fn word_at(&self, cut: i64, kind: i64, subject: i64, turn: i64) -> Result<Option<FormerWord>> {
        let last = "SELECT after, id, reviewer, undoes FROM decision WHERE subject = ?1 AND kind = ?2 AND turn = ?3 AND id < ?4
            ORDER BY id DESC LIMIT 1";
        let found: Option<(Option<String>, i64, i64, Option<i64>)> = self
            .conn
            .prepare_cached(last)
            .and_then(|mut s| {
                s.query_row(params![subject, kind, turn, cut], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?)))
                    .optional()
            })
            .doing(DOING)?;
        let Some((value, mut decision, mut reviewer, undoes)) = found else { return Ok(None) };
        if undoes.is_some() {
            // Undoing gives a word back to whoever said it first.
            let said = format!(
                "SELECT d.id, d.reviewer FROM decision d JOIN step s ON s.id = d.step
                 WHERE d.subject = ?1 AND d.kind = ?2 AND d.turn = ?3 AND d.id < ?4 AND d.undoes IS NULL AND s.state = {DONE}
                 ORDER BY d.id DESC LIMIT 1"
            );
            let first: Option<(i64, i64)> = self
                .conn
                .prepare_cached(&said)
                .and_then(|mut s| {
                    s.query_row(params![subject, kind, turn, cut], |r| Ok((r.get(0)?, r.get(1)?))).optional()
                })
                .doing(DOING)?;
            (decision, reviewer) = first.unwrap_or((decision, reviewer));
        }
        Ok(Some(FormerWord { kind, subject, turn, value, decision, reviewer }))
    }

    /// Puts a former word in place of the latest one; `before`: what was there when the first later decision was made.
    fn put_back(&self, word: &FormerWord, before: Option<String>) -> Result<()> {
        let target = (word.subject, word.kind, word.turn);
        self.set_current(target, word.value.as_deref(), (word.decision, word.reviewer)).doing(DOING)?;
        let kind = Kind::from_code(word.kind)
            .ok_or_else(|| StoreError::Damaged(format!("the log has decisions of kind {}", word.kind)))?;
        let to = word.value.clone().or(before);
        if kind == Kind::Role {
            // Nobody decides: that somebody has to lead holds for the whole of what comes out.
            let role = to.as_deref().and_then(TeamRole::from_name).map_or(TeamRole::Reviewer.code(), TeamRole::code);
            let sql = "UPDATE reviewer SET role = ? WHERE id = ?";
            return self.conn.execute(sql, params![role, word.subject]).map(drop).doing(DOING);
        }
        let target = DecisionTarget { subject: word.subject, turn: turn_of(word.turn) };
        self.project(&DecisionChange { kind, target, to, reason: None })
    }

    /// The end of the log, and what is kept by its numbers.
    fn drop_later_log(&self, cut: i64) -> Result<()> {
        let text = schema::text_of(KEEPER)?;
        self.run(&format!("DROP TRIGGER {KEEPER}"))?;
        let by_number = [
            "DELETE FROM gold_item WHERE version IN (SELECT version FROM gold_version WHERE decision >= ?)",
            "DELETE FROM gold_version WHERE decision >= ?",
            "DELETE FROM served WHERE decision >= ?",
            "DELETE FROM travel WHERE decision >= ?",
            "DELETE FROM dispute WHERE decision >= ?",
            "DELETE FROM reworded WHERE decision >= ?",
            "DELETE FROM step WHERE id NOT IN (SELECT step FROM decision WHERE id < ?)",
            "DELETE FROM decision WHERE id >= ?",
        ];
        for sql in by_number {
            self.conn.execute(sql, [cut]).doing(DOING)?;
        }
        self.run(&text)
    }

    /// Releases, comparisons, cycles, imports and counts of whole weeks that came later.
    fn drop_later_things(&self, to: Timestamp) -> Result<()> {
        let zone = self.zone()?;
        let at = |sql: &str| self.conn.execute(sql, [to.0]).map(drop).doing(DOING);
        // Looks are one a comparison: those that came later had not been taken.
        at(
            "UPDATE gold_version SET looks = max(0, looks - (SELECT count(*) FROM comparison x WHERE x.gold_version = gold_version.version AND x.at >= ?))",
        )?;
        for of in ["artefact", "answer", "learned", "held_out", "prediction", "revised", "replayed", "comparison"] {
            at(&format!("DELETE FROM {of} WHERE release IN (SELECT id FROM release WHERE at >= ?)"))?;
        }
        at("DELETE FROM comparison WHERE at >= ?")?;
        at("DELETE FROM pair WHERE after_release IN (SELECT id FROM release WHERE at >= ?)")?;
        // Which labels were disputed is kept as the newest training left it: as of an earlier one nobody knows.
        at("DELETE FROM dispute WHERE EXISTS(SELECT 1 FROM release WHERE at >= ?)")?;
        at("UPDATE release SET disputed = NULL WHERE EXISTS(SELECT 1 FROM release WHERE at >= ?1)
            AND id = (SELECT max(id) FROM release WHERE at < ?1)")?;
        self.run("DELETE FROM setting WHERE key = 'replayed' AND value NOT IN (SELECT id FROM replayed JOIN release ON id = release)")?;
        for sql in [
            "DELETE FROM release WHERE at >= ?",
            "DELETE FROM run WHERE at >= ?",
            "DELETE FROM import WHERE at >= ?",
            "DELETE FROM gold_version WHERE at >= ?",
            "DELETE FROM topic_group WHERE version IN (SELECT version FROM topic_version WHERE at >= ?)",
            "DELETE FROM topic WHERE version IN (SELECT version FROM topic_version WHERE at >= ?)",
            "DELETE FROM topic_version WHERE at >= ?",
            "DELETE FROM cycle_item WHERE cycle IN (SELECT id FROM cycle WHERE opened_at >= ?)",
            "DELETE FROM cycle_reviewer WHERE cycle IN (SELECT id FROM cycle WHERE opened_at >= ?)",
            "DELETE FROM cycle WHERE opened_at >= ?",
            "UPDATE cycle SET closed_at = NULL, closed_decision = NULL, plan = NULL WHERE closed_at >= ?",
        ] {
            at(sql)?;
        }
        self.run("DELETE FROM gold_item WHERE version NOT IN (SELECT version FROM gold_version)")?;
        self.run("DELETE FROM claim")?;
        self.drop_later_intents(to)?;
        // Weeks are counted whole: one that the moment lies in was not there yet.
        for week in self.words("SELECT DISTINCT week FROM traffic")? {
            let ended = week.parse::<IsoWeek>().is_ok_and(|w| w.span(zone).1 <= to);
            if !ended {
                self.conn.execute("DELETE FROM traffic WHERE week = ?", [&week]).doing(DOING)?;
            }
        }
        // Day one is a week that has ended.
        let first = self.words("SELECT value FROM setting WHERE key = 'day_one'")?;
        let over = |day: &String| day.parse().is_ok_and(|day| zone.midnight(day).0 + 7 * DAY <= to.0);
        if !first.iter().all(over) {
            self.run("DELETE FROM setting WHERE key = 'day_one'")?;
        }
        Ok(())
    }

    /// Intents that later logs or people brought, unless something that stays names them.
    fn drop_later_intents(&self, to: Timestamp) -> Result<()> {
        let named = "id NOT IN (SELECT intent FROM conversation WHERE intent IS NOT NULL)
            AND id NOT IN (SELECT first_intent FROM conversation WHERE first_intent IS NOT NULL)
            AND id NOT IN (SELECT intent FROM turn WHERE intent IS NOT NULL)
            AND id NOT IN (SELECT intent FROM example WHERE intent IS NOT NULL)
            AND id NOT IN (SELECT subject FROM current WHERE kind IN (?2, ?3))
            AND id NOT IN (SELECT CAST(v.value AS INTEGER) FROM current l, json_each('[' || l.value || ']') v WHERE l.kind = ?4)";
        let sql = format!("DELETE FROM intent WHERE added_at >= ?1 AND id <> ?5 AND {named}");
        let kinds = (Kind::IntentName.code(), Kind::IntentState.code(), Kind::Intent.code());
        self.conn.execute(&sql, params![to.0, kinds.0, kinds.1, kinds.2, OUT_OF_SCOPE_ID.0]).doing(DOING)?;
        self.names.forget();
        Ok(())
    }

    /// What is only a copy of something: made anew from what is there now.
    fn drop_what_is_worked_out(&self) -> Result<()> {
        let tables = ["segment", "packed", "counted_day", "spoken_answer"];
        let of_patterns = ["pattern_item", "noted_item", "pattern_example", "pattern", "detection"];
        for table in tables.into_iter().chain(of_patterns) {
            self.run(&format!("DELETE FROM {table}"))?;
        }
        self.run("DELETE FROM setting WHERE key IN ('answers_counted', 'learning_curve', 'learning_curve_hits')")
    }

    fn words(&self, sql: &str) -> Result<Vec<String>> {
        self.conn.prepare(sql).and_then(|mut s| s.query_map([], |r| r.get(0)).and_then(Iterator::collect)).doing(DOING)
    }
}
