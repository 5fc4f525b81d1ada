//! What the rows say, held against each other.

use super::check::{DoctorCheck, REPAIR, RESTORE};
use crate::base::counted::count;
use crate::domain::{ConversationId, Kind};
use crate::store::decisions::projection_rules::ProjectedColumns;
use crate::store::{DoingWhat, Result, Store};

/// Targets whose latest word is not what the log says last.
pub(super) const WRONG_CURRENT: &str = "SELECT l.subject, l.kind, l.turn
    FROM (SELECT subject, kind, turn, max(id) AS id FROM decision GROUP BY subject, kind, turn) l
    JOIN decision d ON d.id = l.id LEFT JOIN current c ON c.subject = l.subject AND c.kind = l.kind AND c.turn = l.turn
    WHERE c.value IS NOT d.after
    UNION ALL SELECT c.subject, c.kind, c.turn FROM current c WHERE NOT EXISTS(
        SELECT 1 FROM decision d WHERE d.subject = c.subject AND d.kind = c.kind AND d.turn = c.turn)";

/// Rows of search or of what it does not cover that do not go together.
const NOT_COVERED_ONCE: &str = "SELECT count(*) FROM conversation c
    WHERE (c.id IN (SELECT id FROM search_docsize)) = EXISTS(SELECT 1 FROM unsearched u WHERE c.id BETWEEN u.first AND u.last)";

impl Store {
    /// How many rows each of some statements finds, with what they are.
    fn count_wrong(&self, statements: &[(&str, &str)]) -> Result<Vec<String>> {
        let mut wrong = Vec::new();
        for (what, sql) in statements {
            let n: i64 = self.conn.query_row(sql, [], |r| r.get(0)).doing("looking the store through")?;
            wrong.extend((n > 0).then(|| format!("{} {what}", count(n as u64))));
        }
        Ok(wrong)
    }

    pub(super) fn check_conversations(&self) -> Result<DoctorCheck> {
        let wrong = self.count_wrong(&[
            ("conversations with another number of turns than they say", "SELECT count(*) FROM conversation c WHERE c.n_turns <> (SELECT count(*) FROM turn t WHERE t.id >= c.id << 20 AND t.id < (c.id + 1) << 20)"),
            ("turns without a conversation", "SELECT count(*) FROM turn t WHERE NOT EXISTS(SELECT 1 FROM conversation c WHERE c.id = t.id >> 20)"),
            ("conversations whose turn to judge is not there", "SELECT count(*) FROM conversation c WHERE c.failing_turn IS NOT NULL AND NOT EXISTS(SELECT 1 FROM turn t WHERE t.id = (c.id << 20 | c.failing_turn))"),
            ("conversations with impossible numbers", "SELECT count(*) FROM conversation WHERE id < 1"),
        ])?;
        let most = self.most()?;
        most.row(self.newest_row()?)?;
        Ok(DoctorCheck::of("conversations", "every conversation has its turns", &wrong, RESTORE))
    }

    pub(super) fn check_pieces(&self) -> Result<DoctorCheck> {
        let of_nothing = |table: &str, conversation: &str| {
            format!(
                "SELECT count(*) FROM {table} x WHERE NOT EXISTS(SELECT 1 FROM conversation c WHERE c.id = {conversation})"
            )
        };
        let of_no_turn = |table: &str| {
            format!("SELECT count(*) FROM {table} x WHERE NOT EXISTS(SELECT 1 FROM turn t WHERE t.id = x.turn)")
        };
        let about_turns = Kind::IntentName.code();
        let sql = [
            ("offers of no conversation", of_nothing("offer", "x.conversation")),
            ("ratings of no conversation", of_nothing("feedback", "x.conversation")),
            ("probabilities of no conversation", of_nothing("sampled", "x.conversation")),
            ("items of cycles of no conversation", of_nothing("cycle_item", "x.conversation")),
            ("revisions of no conversation", of_nothing("revised", "x.conversation")),
            ("changes of a replay of no conversation", of_nothing("replayed", "x.conversation")),
            (
                "decisions on no conversation",
                format!("{} AND x.kind < {about_turns}", of_nothing("decision", "x.subject")),
            ),
            ("gold items of no turn", of_no_turn("gold_item")),
            ("answers to no turn", of_no_turn("answer")),
            ("texts held out of no turn", of_no_turn("held_out")),
        ];
        let list: Vec<(&str, &str)> = sql.iter().map(|(what, sql)| (*what, sql.as_str())).collect();
        Ok(DoctorCheck::of("pieces", "nothing belongs to what is not there", &self.count_wrong(&list)?, RESTORE))
    }

    pub(super) fn check_current(&self) -> Result<DoctorCheck> {
        let (name, latest) = (Kind::IntentName.code(), format!("SELECT count(*) FROM ({WRONG_CURRENT})"));
        let names = format!(
            "SELECT count(*) FROM current k JOIN intent i ON i.id = k.subject WHERE k.kind = {name} AND k.value IS NOT i.name"
        );
        let wrong = self.count_wrong(&[
            ("targets whose latest word is not the log's", &latest),
            ("intents with another name than was decided", &names),
        ])?;
        let n: i64 =
            self.conn.query_row("SELECT count(*) FROM decision", [], |r| r.get(0)).doing("counting decisions")?;
        Ok(DoctorCheck::of(
            "decisions",
            &format!("the latest word is the log's everywhere ({} decisions)", count(n as u64)),
            &wrong,
            REPAIR,
        ))
    }

    /// What a conversation's row says of decisions on it, computed anew.
    pub(super) fn check_projections(&self, deep: bool) -> Result<DoctorCheck> {
        let names = self.intent_names()?;
        let rows = self.some_rows(deep)?;
        let mut wrong = Vec::new();
        for &id in &rows {
            let (derived, stored) =
                (self.derived_standing(ConversationId(id), &names)?, self.stored_standing(ConversationId(id))?);
            // A merge moves these where somebody has labelled, elsewhere the next prediction does.
            let settled = ProjectedColumns {
                mismatch: stored.mismatch,
                priority: stored.priority,
                doubt: stored.doubt,
                ..derived
            };
            wrong.extend((settled != stored).then_some(id));
        }
        let looked = looked_at(rows.len(), deep);
        Ok(match wrong.first() {
            None => DoctorCheck::sound(
                "projections",
                format!("outcome, cause, label and state follow from the decisions ({looked})"),
            ),
            Some(first) => DoctorCheck::fault(
                "projections",
                format!(
                    "{} conversations stand where the decisions do not put them, the first is #{first} ({looked})",
                    wrong.len()
                ),
                REPAIR,
            ),
        })
    }

    /// What filters and counts read, against the rows.
    pub(super) fn check_packed(&self, deep: bool) -> Result<DoctorCheck> {
        const CHECK: &str = "packed columns";
        if !self.packed_is_whole()? {
            return Ok(DoctorCheck::fault(CHECK, "they are damaged, and read from the rows instead", REPAIR));
        }
        let rows = self.some_rows(deep)?;
        let wrong = self.differing(&rows)?;
        let looked = looked_at(rows.len(), deep);
        Ok(match wrong.first() {
            None => DoctorCheck::sound(CHECK, format!("they say what the rows say ({looked})")),
            Some(first) => DoctorCheck::fault(
                CHECK,
                format!("{} rows differ, the first is #{first} ({looked})", wrong.len()),
                REPAIR,
            ),
        })
    }

    pub(super) fn check_search(&self) -> Result<DoctorCheck> {
        let wrong = self.count_wrong(&[
            ("conversations that search has twice or not at all", NOT_COVERED_ONCE),
            ("conversations in search that are not there", "SELECT count(*) FROM search_docsize s WHERE NOT EXISTS(SELECT 1 FROM conversation c WHERE c.id = s.id)"),
            ("ranges that overlap", "SELECT count(*) FROM unsearched a JOIN unsearched b ON b.first > a.first AND b.first <= a.last"),
        ])?;
        let state = self.search_state()?;
        if !wrong.is_empty() {
            return Ok(DoctorCheck::fault("search coverage", wrong.join("; "), REPAIR));
        }
        Ok(match state.is_complete() {
            true => DoctorCheck::sound("search coverage", "every conversation can be found by its words"),
            false => DoctorCheck::note(
                "search coverage",
                format!("{} of {} conversations can be found by their words", count(state.indexed), count(state.total)),
                Some("the screen and the next `appraise import` go on with it"),
            ),
        })
    }

    pub(super) fn check_changes(&self) -> Result<DoctorCheck> {
        let n: i64 = self.conn.query_row("SELECT count(*) FROM changed", [], |r| r.get(0)).doing("counting changes")?;
        let n = count(n as u64);
        Ok(match self.changes_are_long()? {
            false => DoctorCheck::sound("changes", format!("the log of changes is short ({n} entries)")),
            true => DoctorCheck::note(
                "changes",
                format!("the log of changes has {n} entries"),
                Some("`appraise doctor --repair` shortens it"),
            ),
        })
    }
}

fn looked_at(n: usize, deep: bool) -> String {
    let n = count(n as u64);
    match deep {
        true => format!("all {n} looked at"),
        false => format!("{n} looked at, --deep looks at all"),
    }
}
