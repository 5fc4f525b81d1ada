//! Review cycles: a frozen set of conversations, part of it audit items, and how far its review is (rules 11, 21).

use crate::base::rng::Rng;
use crate::domain::{
    ConversationId, CycleId, DecisionId, Filter, Query, ReleaseId, Review, Role, Sort, Timestamp, TurnKey,
};
use crate::store::codes::{ABANDONED, ESCALATED, FAILED, FLAGGED, LABEL, LATER, PENDING, REVIEWED, SKIPPED, TRAINING};
use crate::store::decisions::reviewers::IMPORTER;
use crate::store::queue::columns::{Field, Test};
use crate::store::{CycleRow, Doing, Place, Result, Store, StoreError};
use rusqlite::types::Value;
use rusqlite::{OptionalExtension, params, params_from_iter};
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// One in this many items of a cycle is an audit item.
const AUDIT_SHARE: u64 = 10;

/// What opens a cycle.
#[derive(Clone, Debug)]
pub struct NewCycle<'a> {
    /// Its name; `None`: the ISO week.
    pub name: Option<&'a str>,
    /// Which conversations, in the words of the query language.
    pub scope: &'a str,
    /// How many conversations, audit items included.
    pub goal: u64,
    /// Seed of the audit sample.
    pub seed: u64,
}

/// An item to be frozen.
struct Item {
    conversation: i64,
    audit: bool,
    turn: Option<i64>,
}

/// Condition under which a frozen item counts as worked: done or skipped; an audit item needs a person's label on the
/// drawn turn, and a cause where the outcome asks for one.
static WORKED: LazyLock<String> = LazyLock::new(|| {
    format!(
        "(c.review IN ({REVIEWED}, {SKIPPED}) AND (i.audit = 0 OR c.review = {SKIPPED})
    OR i.audit = 1 AND (c.traffic = 0 OR EXISTS(SELECT 1 FROM current l JOIN reviewer r ON r.id = l.reviewer
        WHERE l.subject = c.id AND l.kind = {LABEL} AND l.turn = i.turn AND r.role < {IMPORTER})
        AND (c.outcome NOT IN ({ESCALATED}, {FAILED}, {ABANDONED}) OR c.cause IS NOT NULL)))"
    )
});

impl Store {
    /// Opens a cycle: freezes the most valuable open conversations of a scope and, mixed among them, a tenth of audit
    /// items drawn at random from the test groups, whatever the scope.
    ///
    /// # Errors
    /// A cycle is open already; the name is taken; the scope finds nothing.
    pub fn open_cycle(&mut self, reviewer: &str, now: Timestamp, new: &NewCycle<'_>) -> Result<CycleRow> {
        let query = Query::parse(new.scope)
            .map_err(|e| StoreError::refused(format!("the cycle's scope cannot be read: {e}")))?;
        self.immediate("opening a cycle", |store| {
            let now = store.dated(now)?;
            if let Some(open) = store.open_cycle_row()? {
                return Err(StoreError::refused(format!("cycle {} is open; close it first", open.name)));
            }
            let name = store.free_name(new.name, now)?;
            let wanted = new.goal / AUDIT_SHARE;
            let picks = store.pick_by_value(&query, new.goal - wanted, now)?;
            // A tenth of what there is, not of what was wished for.
            let share = (picks.len() as u64).div_ceil(AUDIT_SHARE - 1).min(wanted);
            let audit = store.draw_audit(&query, share, (new.seed, &name), now)?;
            if picks.is_empty() {
                return Err(StoreError::refused(format!("nothing open matches {:?}; widen the scope", new.scope)));
            }
            let who = store.reviewer_id(reviewer, now)?;
            store.may_write(who)?;
            store
                .conn
                .execute(
                    "INSERT INTO cycle(name, scope, opened_at, opened_by) VALUES (?, ?, ?, ?)",
                    params![name, query.to_string(), now.0, who],
                )
                .doing("opening a cycle")?;
            let id = CycleId(store.conn.last_insert_rowid());
            store.freeze_items(id, interleave(picks, audit, new.seed))?;
            store.cycle_row(id)
        })
    }

    fn free_name(&self, wanted: Option<&str>, now: Timestamp) -> Result<String> {
        let base = match wanted {
            Some(name) => name.trim().to_owned(),
            None => self.zone()?.iso_week(now),
        };
        let taken = |name: &str| -> Result<bool> {
            self.conn
                .query_row("SELECT EXISTS(SELECT 1 FROM cycle WHERE name = ?)", [name], |r| r.get(0))
                .doing("looking up a cycle")
        };
        if !taken(&base)? && !base.is_empty() {
            return Ok(base);
        }
        if wanted.is_some() {
            return Err(StoreError::refused(format!("there is a cycle called {base:?} already")));
        }
        for n in 2.. {
            let name = format!("{base}.{n}");
            if !taken(&name)? {
                return Ok(name);
            }
        }
        unreachable!("an unbounded count ends only by returning")
    }

    /// Audit items: conversations of test groups that nobody has labelled, of the days that the scope names, and a user turn of each,
    /// drawn at random.
    fn draw_audit(&self, query: &Query, n: u64, (seed, cycle): (u64, &str), now: Timestamp) -> Result<Vec<Item>> {
        let in_time = self.in_the_time_of(query, now)?;
        let mut pool = self.ids(
            &format!("SELECT c.id FROM conversation c WHERE c.part > {TRAINING} AND c.traffic = 1 AND c.failing_turn IS NOT NULL
                AND c.outcome <> {PENDING} AND NOT EXISTS(SELECT 1 FROM current l WHERE l.subject = c.id AND l.kind = {LABEL})
             ORDER BY c.id"),
            &[],
        )?;
        pool.retain(|id| in_time.as_ref().is_none_or(|rows| rows.contains(id)));
        let mut rng = Rng::new(cycle.bytes().fold(seed, |h, b| h.wrapping_mul(31).wrapping_add(u64::from(b))));
        rng.shuffle(&mut pool);
        let mut out = Vec::new();
        for id in pool {
            if out.len() as u64 >= n {
                break;
            }
            let sql =
                "SELECT id & 1048575 FROM turn WHERE id >= ? AND id < ? AND role = ? AND payload = 0 ORDER BY place";
            let (first, end) = crate::store::turn_range(ConversationId(id));
            let turns = self.ids(sql, &[&first, &end, &Role::User.code()])?;
            if !turns.is_empty() {
                out.push(Item { conversation: id, audit: true, turn: Some(turns[rng.below(turns.len())]) });
            }
        }
        Ok(out)
    }

    /// The conversations of the days that a scope names; `None`: it names none. What else it asks for stays out: an audit item must
    /// not be chosen because the AI failed on it.
    fn in_the_time_of(&self, query: &Query, now: Timestamp) -> Result<Option<BTreeSet<i64>>> {
        let mut days = query.clone();
        days.terms.retain(|t| matches!(t.filter, Filter::Since(_) | Filter::Before(_)));
        if days.terms.is_empty() {
            return Ok(None);
        }
        let wanted = self.wanted(&days, now)?;
        let found =
            self.first_of(&wanted, &days, Sort::NEWEST, Place::Start, self.queue_count(&days, now)? as usize)?;
        Ok(Some(found.into_iter().map(|c| c.0).collect()))
    }

    fn pick_by_value(&self, query: &Query, n: u64, now: Timestamp) -> Result<Vec<Item>> {
        let mut wanted = self.wanted(query, now)?;
        // Rule 11: what is picked for its value never comes from a test group.
        wanted.and(Test::codes(Field::PART, [TRAINING]), false);
        wanted.and(Test::codes(Field::REVIEW, [Review::Open.code()]), false);
        let turn = |id: ConversationId| -> Result<Item> {
            let turn = self
                .conn
                .prepare_cached("SELECT failing_turn FROM conversation WHERE id = ?")
                .and_then(|mut s| s.query_row([id.0], |r| r.get(0)))
                .doing("picking conversations for a cycle")?;
            Ok(Item { conversation: id.0, audit: false, turn })
        };
        self.first_of(&wanted, query, Sort::VALUE, Place::Start, n as usize)?.into_iter().map(turn).collect()
    }

    fn freeze_items(&self, cycle: CycleId, items: Vec<Item>) -> Result<()> {
        let mut s = self
            .conn
            .prepare_cached("INSERT INTO cycle_item(cycle, place, conversation, audit, turn) VALUES (?, ?, ?, ?, ?)")
            .doing("freezing a cycle")?;
        for (place, item) in items.iter().enumerate() {
            s.execute(params![cycle.0, place as i64, item.conversation, item.audit, item.turn])
                .doing("freezing a cycle")?;
        }
        Ok(())
    }

    /// Closes a cycle. Its decisions are those made up to now; `finetune --cycle` cuts the log there.
    ///
    /// # Errors
    /// No such cycle, or it is closed.
    pub fn close_cycle(&mut self, now: Timestamp, id: CycleId) -> Result<CycleRow> {
        self.immediate("closing a cycle", |store| {
            let (decision, now) = (store.last_decision()?, store.dated(now)?);
            let n = store
                .conn
                .execute(
                    "UPDATE cycle SET closed_at = ?, closed_decision = ? WHERE id = ? AND closed_at IS NULL",
                    params![now.0, decision.0, id.0],
                )
                .doing("closing a cycle")?;
            if n == 0 {
                return Err(StoreError::refused("that cycle is closed already"));
            }
            store.cycle_row(id)
        })
    }

    /// The newest row of the decision log.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn last_decision(&self) -> Result<DecisionId> {
        self.conn
            .query_row("SELECT coalesce(max(id), 0) FROM decision", [], |r| r.get(0).map(DecisionId))
            .doing("reading the decision log's position")
    }

    /// The open cycle, if any.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn open_cycle_row(&self) -> Result<Option<CycleRow>> {
        let id: Option<i64> = self
            .conn
            .query_row("SELECT id FROM cycle WHERE closed_at IS NULL ORDER BY id DESC LIMIT 1", [], |r| r.get(0))
            .optional()
            .doing("looking for the open cycle")?;
        id.map(|id| self.cycle_row(CycleId(id))).transpose()
    }

    /// All cycles, newest first.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn cycles(&self) -> Result<Vec<CycleRow>> {
        self.ids("SELECT id FROM cycle ORDER BY id DESC", &[])?
            .into_iter()
            .map(|i| self.cycle_row(CycleId(i)))
            .collect()
    }

    /// The cycle that was opened last.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn newest_cycle(&self) -> Result<Option<CycleRow>> {
        let newest = self.ids("SELECT id FROM cycle ORDER BY id DESC LIMIT 1", &[])?;
        newest.first().map(|&id| self.cycle_row(CycleId(id))).transpose()
    }

    /// A cycle by name, or by its row number.
    ///
    /// # Errors
    /// No such cycle.
    pub fn cycle(&self, name: &str) -> Result<CycleRow> {
        let by_name = self.ids("SELECT id FROM cycle WHERE name = ?", &[&name])?;
        let id = by_name.first().copied().or_else(|| name.parse().ok());
        let known =
            id.is_some_and(|i| self.ids("SELECT id FROM cycle WHERE id = ?", &[&i]).is_ok_and(|v| !v.is_empty()));
        match id {
            Some(id) if known => self.cycle_row(CycleId(id)),
            _ => Err(StoreError::NotFound {
                what: "cycle",
                name: name.to_owned(),
                hint: "`appraise cycle list` shows all".to_owned(),
            }),
        }
    }

    /// One cycle.
    pub(in crate::store) fn cycle_row(&self, id: CycleId) -> Result<CycleRow> {
        let sql = format!(
            "SELECT y.id, y.name, y.opened_at, r.name, y.closed_at, y.scope, y.closed_decision,
                (SELECT count(*) FROM cycle_item i WHERE i.cycle = y.id),
                (SELECT count(*) FROM cycle_item i JOIN conversation c ON c.id = i.conversation WHERE i.cycle = y.id AND {WORKED}),
                (SELECT max(id) FROM release l WHERE l.cycle = y.id)
             FROM cycle y JOIN reviewer r ON r.id = y.opened_by WHERE y.id = ?",
            WORKED = *WORKED
        );
        self.conn
            .prepare_cached(&sql)
            .and_then(|mut s| {
                s.query_row([id.0], |r| {
                    Ok(CycleRow {
                        id: CycleId(r.get(0)?),
                        name: r.get(1)?,
                        opened_at: Timestamp(r.get(2)?),
                        opened_by: r.get(3)?,
                        closed_at: r.get::<_, Option<i64>>(4)?.map(Timestamp),
                        scope: r.get(5)?,
                        closed_decision: r.get::<_, Option<i64>>(6)?.map(DecisionId),
                        goal: r.get(7)?,
                        done: r.get(8)?,
                        release: r.get::<_, Option<i64>>(9)?.map(ReleaseId),
                    })
                })
            })
            .doing("reading a cycle")
    }

    /// The next item of a cycle that is not worked, after a conversation (wrapping round); what was left for later comes
    /// when nothing else is open, what is `taken` by others after that. What waits for an answer does not come.
    pub(in crate::store) fn next_in_cycle(
        &self,
        id: CycleId,
        after: Option<ConversationId>,
        taken: &[i64],
    ) -> Result<Option<ConversationId>> {
        let from: i64 = match after {
            Some(c) => self
                .ids("SELECT place FROM cycle_item WHERE cycle = ? AND conversation = ?", &[&id.0, &c.0])?
                .first()
                .copied()
                .unwrap_or(-1),
            None => -1,
        };
        let sql = format!(
            "SELECT i.conversation FROM cycle_item i JOIN conversation c ON c.id = i.conversation
             WHERE i.cycle = ?1 AND NOT {WORKED} AND i.conversation <> ?3 AND c.review <> {FLAGGED}
             ORDER BY i.conversation IN (SELECT value FROM json_each(?4)), c.review = {LATER}, i.place <= ?2, i.place LIMIT 1",
            WORKED = *WORKED
        );
        let taken = serde_json::json!(taken).to_string();
        let found = self.ids(&sql, &[&id.0, &from, &after.map_or(-1, |c| c.0), &taken])?;
        Ok(found.first().map(|&c| ConversationId(c)))
    }

    /// The turn of an audit item of an open cycle: to be labelled blind.
    pub(in crate::store) fn audit_turn(&self, c: ConversationId) -> Result<Option<TurnKey>> {
        let sql = "SELECT i.turn FROM cycle_item i JOIN cycle y ON y.id = i.cycle
            WHERE i.conversation = ? AND i.audit = 1 AND y.closed_at IS NULL";
        Ok(self.ids(sql, &[&c.0])?.first().and_then(|&t| crate::store::decisions::log::turn_of(t)))
    }

    /// Whether the label on a turn is, or will be, gold: it came with the log or is an audit label of a test group.
    pub(in crate::store) fn is_gold_label(&self, c: ConversationId, turn: TurnKey) -> Result<bool> {
        let sql = format!(
            "SELECT EXISTS(SELECT 1 FROM cycle_item WHERE conversation = ?1 AND audit = 1 AND turn = ?2)
             OR EXISTS(SELECT 1 FROM decision d JOIN reviewer r ON r.id = d.reviewer
                WHERE d.subject = ?1 AND d.kind = {LABEL} AND d.turn = ?2 AND r.role = {IMPORTER})"
        );
        self.conn
            .prepare_cached(&sql)
            .and_then(|mut s| {
                s.query_row(params_from_iter([Value::Integer(c.0), Value::Integer(turn.0.into())]), |r| r.get(0))
            })
            .doing("looking up whether a label is gold")
    }
}

/// Spreads audit items evenly at random places among the picks, so that their place gives nothing away.
fn interleave(picks: Vec<Item>, audit: Vec<Item>, seed: u64) -> Vec<Item> {
    let total = picks.len() + audit.len();
    let mut places: Vec<usize> = (0..total).collect();
    let mut rng = Rng::new(seed ^ 0xA0D1);
    rng.shuffle(&mut places);
    places.truncate(audit.len());
    places.sort_unstable();
    let (mut picks, mut audit) = (picks.into_iter(), audit.into_iter());
    (0..total).filter_map(|at| if places.binary_search(&at).is_ok() { audit.next() } else { picks.next() }).collect()
}
