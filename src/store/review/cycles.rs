//! Review cycles: a frozen set of conversations, part of it audit items, and how far its review is (rules 11, 21).

use super::cycle_words::{ClosedCycle, OpenedCycle};
use crate::base::rng::Rng;
use crate::domain::{
    ConversationId, CycleId, DecisionChange, DecisionId, Filter, Kind, Query, QueueOrder, ReleaseId, Review, Rhythm,
    TestGroups, Timestamp, TurnKey,
};
use crate::store::codes::{ABANDONED, ESCALATED, FAILED, FLAGGED, LABEL, LATER, REVIEWED, SKIPPED, TRAINING};
use crate::store::decisions::reviewers::IMPORTER;
use crate::store::queue::columns::{StateField, Test};
use crate::store::{CycleRow, DoingWhat, PageStart, Result, Store, StoreError};
use chrono::NaiveDate;
use rusqlite::types::Value;
use rusqlite::{OptionalExtension, Row, params_from_iter};
use std::sync::LazyLock;

/// One in this many items of a cycle is an audit item.
const AUDIT_SHARE: u64 = 10;

/// What opens a cycle.
#[derive(Clone, Debug, Default)]
pub struct NewCycle<'a> {
    /// Its name; `None`: the ISO week.
    pub name: Option<&'a str>,
    /// Which conversations, in the words of the query language.
    pub scope: &'a str,
    /// How many conversations, audit items included.
    pub goal: u64,
    /// Seed of the audit sample.
    pub seed: u64,
    /// What the team wants of it, in words.
    pub aim: Option<&'a str>,
    /// How often cycles come; `None`: as the one before, else weekly.
    pub every: Option<Rhythm>,
    /// Who is to review it.
    pub reviewers: &'a [String],
}

/// What came of asking for a cycle that is due.
#[derive(Clone, Debug, PartialEq)]
pub enum DueCycle {
    /// One was due, and is open.
    Opened(Box<CycleRow>),
    /// None is due.
    NotYet {
        /// Why, for a person.
        says: String,
        /// The first day on which one is; `None` while one is open.
        next: Option<NaiveDate>,
    },
}

/// An item to be frozen.
pub(super) struct CycleItem {
    pub conversation: i64,
    pub audit: bool,
    pub turn: Option<i64>,
}

/// Condition under which a frozen item counts as worked: done or skipped; an audit item needs a person's label on the
/// drawn turn, and a cause where the outcome asks for one.
pub(super) static WORKED: LazyLock<String> = LazyLock::new(|| {
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
        let query = scope_of(new)?;
        self.immediate("opening a cycle", |store| store.open_within(reviewer, now, new, &query))
    }

    /// Opens a cycle if one is due: none is open, and the one before opened as long ago as cycles come. Two who ask at once open
    /// one.
    ///
    /// # Errors
    /// The name is taken; the scope finds nothing.
    pub fn open_cycle_if_due(&mut self, reviewer: &str, now: Timestamp, new: &NewCycle<'_>) -> Result<DueCycle> {
        let query = scope_of(new)?;
        self.immediate("opening a cycle", |store| {
            if let Some(open) = store.open_cycle_row()? {
                return Ok(DueCycle::NotYet { says: format!("cycle {} is open", open.name), next: None });
            }
            if let Some(next) = store.next_cycle_due()?.filter(|due| store.zone().is_ok_and(|z| z.day(now) < *due)) {
                return Ok(DueCycle::NotYet { says: format!("the next cycle is due on {next}"), next: Some(next) });
            }
            store.open_within(reviewer, now, new, &query).map(|row| DueCycle::Opened(Box::new(row)))
        })
    }

    /// The day on which the next cycle is due, by the one that was opened last; `None` before the first.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn next_cycle_due(&self) -> Result<Option<NaiveDate>> {
        let zone = self.zone()?;
        Ok(self.newest_cycle()?.map(|last| last.every.due(last.opened_at, zone)))
    }

    fn open_within(&self, reviewer: &str, now: Timestamp, new: &NewCycle<'_>, query: &Query) -> Result<CycleRow> {
        let now = self.dated(now)?;
        if let Some(open) = self.open_cycle_row()? {
            return Err(StoreError::refused(format!("cycle {} is open; close it first", open.name)));
        }
        let name = self.free_name(new.name, now)?;
        let wanted = new.goal / AUDIT_SHARE;
        let picks = self.pick_by_value(query, new.goal - wanted, now)?;
        // A tenth of what there is, not of what was wished for.
        let share = (picks.len() as u64).div_ceil(AUDIT_SHARE - 1).min(wanted);
        let audit = self.draw_audit(query, share, (new.seed, &name), now)?;
        if picks.is_empty() {
            return Err(StoreError::refused(format!("nothing open matches {:?}; widen the scope", new.scope)));
        }
        let every = new.every.map_or_else(|| Ok(self.newest_cycle()?.map_or(Rhythm::Weekly, |c| c.every)), Ok)?;
        let who = self.reviewer_id(reviewer, now)?;
        self.may_write(who)?;
        let reviewers = new.reviewers.iter().map(|n| n.trim().to_owned()).filter(|n| !n.is_empty()).collect();
        let mut opened = OpenedCycle {
            name,
            scope: query.to_string(),
            opened_at: now.0,
            opened_by: who,
            aim: new.aim.map(|aim| aim.trim().to_owned()).filter(|aim| !aim.is_empty()),
            every: every.code(),
            audit_drawn: audit.items.len() as i64,
            audit_of: audit.of as i64,
            audit_from: audit.times.0,
            audit_to: audit.times.1,
            reviewers,
            items: Vec::new(),
        };
        let items = interleave(picks, audit.items, new.seed);
        opened.items = items.into_iter().map(|i| (i.conversation, i.audit, i.turn)).collect();
        let id = self.next_cycle_id()?;
        self.decide_within(reviewer, now, &[DecisionChange::cycle(Kind::Cycle, id, written(&opened)?)])?;
        self.cycle_row(id)
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

    fn pick_by_value(&self, query: &Query, n: u64, now: Timestamp) -> Result<Vec<CycleItem>> {
        let mut wanted = self.wanted(query, now)?;
        // Rule 11: what is picked for its value never comes from a test group.
        wanted.and(Test::codes(StateField::PART, [TRAINING]), false);
        wanted.and(Test::codes(StateField::REVIEW, [Review::Open.code()]), false);
        let turn = |id: ConversationId| -> Result<CycleItem> {
            let turn = self
                .conn
                .prepare_cached("SELECT failing_turn FROM conversation WHERE id = ?")
                .and_then(|mut s| s.query_row([id.0], |r| r.get(0)))
                .doing("picking conversations for a cycle")?;
            Ok(CycleItem { conversation: id.0, audit: false, turn })
        };
        self.first_of(&wanted, query, QueueOrder::VALUE, PageStart::Start, n as usize)?.into_iter().map(turn).collect()
    }

    /// How many open conversations of a scope no cycle picks, since they are in test groups; what a cycle has drawn of them for its random
    /// sample is not among them.
    ///
    /// # Errors
    /// The scope cannot be read; the store cannot be read.
    pub fn not_picked(&self, scope: &str, now: Timestamp) -> Result<u64> {
        let query = Query::parse(scope).map_err(|e| StoreError::refused(e.to_string()))?;
        let open = query.with(Filter::Status(vec![Review::Open])).with(Filter::Test(TestGroups::Only));
        self.queue_count(&open, now)
    }

    /// Closes a cycle, with what is to be done next, if somebody says it; `undo` opens it again. Its decisions are those made up to now;
    /// `finetune --cycle` cuts the log there.
    ///
    /// # Errors
    /// No such cycle, or it is closed.
    pub fn close_cycle(&mut self, reviewer: &str, now: Timestamp, id: CycleId, plan: Option<&str>) -> Result<CycleRow> {
        let plan = plan.map(|plan| plan.trim().to_owned()).filter(|plan| !plan.is_empty());
        self.immediate("closing a cycle", |store| {
            let (decision, at) = (store.last_decision()?.0, store.dated(now)?.0);
            if store.cycle_row(id)?.closed_at.is_some() {
                return Err(StoreError::refused("that cycle is closed already"));
            }
            let closed = written(&ClosedCycle { at, decision, plan })?;
            store.decide_within(reviewer, now, &[DecisionChange::cycle(Kind::CycleClosed, id, closed)])?;
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
                (SELECT count(*) FROM cycle_item i JOIN conversation c ON c.id = i.conversation
                    WHERE i.cycle = y.id AND c.review <> {SKIPPED} AND {WORKED}),
                (SELECT max(id) FROM release l WHERE l.cycle = y.id),
                (SELECT count(*) FROM cycle_item i JOIN conversation c ON c.id = i.conversation
                    WHERE i.cycle = y.id AND c.review = {SKIPPED}),
                y.aim, y.every, y.plan,
                (SELECT json_group_array(name) FROM (SELECT name FROM cycle_reviewer p WHERE p.cycle = y.id ORDER BY name))
             FROM cycle y JOIN reviewer r ON r.id = y.opened_by WHERE y.id = ?",
            WORKED = *WORKED
        );
        let read = |r: &Row<'_>| {
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
                skipped: r.get(10)?,
                aim: r.get(11)?,
                every: Rhythm::from_code(r.get(12)?).unwrap_or(Rhythm::Weekly),
                plan: r.get(13)?,
                reviewers: serde_json::from_str(&r.get::<_, String>(14)?).unwrap_or_default(),
            })
        };
        self.conn.prepare_cached(&sql).and_then(|mut s| s.query_row([id.0], read)).doing("reading a cycle")
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

/// A value of the log.
fn written(value: &impl serde::Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|e| StoreError::refused(e.to_string()))
}

fn scope_of(new: &NewCycle<'_>) -> Result<Query> {
    Query::parse(new.scope).map_err(|e| StoreError::refused(format!("the cycle's scope cannot be read: {e}")))
}

/// Spreads audit items evenly at random places among the picks, so that their place gives nothing away.
fn interleave(picks: Vec<CycleItem>, audit: Vec<CycleItem>, seed: u64) -> Vec<CycleItem> {
    let total = picks.len() + audit.len();
    let mut places: Vec<usize> = (0..total).collect();
    let mut rng = Rng::new(seed ^ 0xA0D1);
    rng.shuffle(&mut places);
    places.truncate(audit.len());
    places.sort_unstable();
    let (mut picks, mut audit) = (picks.into_iter(), audit.into_iter());
    (0..total).filter_map(|at| if places.binary_search(&at).is_ok() { audit.next() } else { picks.next() }).collect()
}
