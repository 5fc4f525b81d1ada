//! Opening and closing a cycle as decisions (kinds 52 and 53): the log holds all of it, so that undo takes a cycle away and redo brings
//! it back as it was frozen.

use crate::domain::{CycleId, Kind};
use crate::store::codes::{BEYOND_CONVERSATIONS, DONE};
use crate::store::decisions::reviewers::IMPORTER;
use crate::store::{DoingWhat, Result, Store, StoreError};
use rusqlite::{OptionalExtension, params};
use serde::{Deserialize, Serialize};

/// A cycle as it was opened: the value of [`Kind::Cycle`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(in crate::store) struct OpenedCycle {
    pub name: String,
    pub scope: String,
    /// Unix milliseconds.
    pub opened_at: i64,
    /// The person's row.
    pub opened_by: i64,
    pub aim: Option<String>,
    pub every: i64,
    pub audit_drawn: i64,
    pub audit_of: i64,
    pub audit_from: Option<i64>,
    pub audit_to: Option<i64>,
    pub reviewers: Vec<String>,
    /// Conversation, audit item or not, turn; in their order.
    pub items: Vec<(i64, bool, Option<i64>)>,
}

/// How a cycle was closed: the value of [`Kind::CycleClosed`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(in crate::store) struct ClosedCycle {
    /// Unix milliseconds.
    pub at: i64,
    /// The newest decision of its work.
    pub decision: i64,
    pub plan: Option<String>,
}

fn damaged(subject: i64) -> StoreError {
    StoreError::Damaged(format!("how cycle {subject} was opened or closed cannot be read"))
}

impl Store {
    /// The number of the next cycle: never one that was taken back.
    pub(in crate::store) fn next_cycle_id(&self) -> Result<CycleId> {
        let sql = "SELECT max(coalesce((SELECT max(id) FROM cycle), 0), coalesce((SELECT max(subject) FROM decision WHERE kind = ?), 0)) + 1";
        Ok(CycleId(self.ids(sql, &[&Kind::Cycle.code()])?.first().copied().unwrap_or(1)))
    }

    /// Brings the tables of cycles in line with a decision.
    pub(in crate::store) fn project_cycle(&self, kind: Kind, cycle: i64, to: Option<&str>) -> Result<()> {
        const DOING: &str = "applying a decision";
        if kind == Kind::CycleClosed {
            let closed: Option<ClosedCycle> = to.map(serde_json::from_str).transpose().map_err(|_| damaged(cycle))?;
            let (at, decision) = (closed.as_ref().map(|c| c.at), closed.as_ref().map(|c| c.decision));
            let plan = closed.and_then(|c| c.plan);
            let sql = "UPDATE cycle SET closed_at = ?, closed_decision = ?, plan = ? WHERE id = ?";
            return self.conn.execute(sql, params![at, decision, plan, cycle]).map(drop).doing(DOING);
        }
        for table in ["cycle_item WHERE cycle", "cycle_reviewer WHERE cycle", "cycle WHERE id"] {
            self.conn.execute(&format!("DELETE FROM {table} = ?"), [cycle]).doing(DOING)?;
        }
        let Some(to) = to else { return Ok(()) };
        let c: OpenedCycle = serde_json::from_str(to).map_err(|_| damaged(cycle))?;
        let sql = "INSERT INTO cycle(id, name, scope, opened_at, opened_by, aim, every, audit_drawn, audit_of, audit_from, audit_to)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
        self.conn
            .execute(
                sql,
                params![
                    cycle,
                    c.name,
                    c.scope,
                    c.opened_at,
                    c.opened_by,
                    c.aim,
                    c.every,
                    c.audit_drawn,
                    c.audit_of,
                    c.audit_from,
                    c.audit_to
                ],
            )
            .doing(DOING)?;
        for name in &c.reviewers {
            let sql = "INSERT OR IGNORE INTO cycle_reviewer(cycle, name) VALUES (?, ?)";
            self.conn.execute(sql, params![cycle, name]).doing(DOING)?;
        }
        let mut s = self
            .conn
            .prepare_cached("INSERT INTO cycle_item(cycle, place, conversation, audit, turn) VALUES (?, ?, ?, ?, ?)")
            .doing(DOING)?;
        for (place, (conversation, audit, turn)) in c.items.iter().enumerate() {
            s.execute(params![cycle, place as i64, conversation, audit, turn]).doing(DOING)?;
        }
        Ok(())
    }

    /// Refuses to open or close a cycle again, or to take that back, where it would not come out as it was.
    pub(in crate::store) fn may_turn_cycle(
        &self,
        kind: Kind,
        id: i64,
        after: Option<&str>,
        who: i64,
        undo: bool,
    ) -> Result<()> {
        let open = self.open_cycle_row()?.filter(|row| row.id.0 != id);
        let opens = matches!((kind, undo), (Kind::Cycle, false) | (Kind::CycleClosed, true));
        if let Some(open) = open.filter(|_| opens) {
            return Err(StoreError::refused(format!("cycle {} is open; close it first", open.name)));
        }
        match (kind, undo) {
            (Kind::Cycle, true) => self.is_untouched(CycleId(id), who),
            (Kind::Cycle, false) => {
                let name = after.and_then(|value| serde_json::from_str::<OpenedCycle>(value).ok()).map(|c| c.name);
                let taken = name.filter(|name| self.cycle(name).is_ok());
                taken
                    .map_or(Ok(()), |name| Err(StoreError::refused(format!("there is a cycle called {name:?} by now"))))
            }
            _ => Ok(()),
        }
    }

    /// A cycle that others have worked in, or that was trained on, stays.
    fn is_untouched(&self, id: CycleId, who: i64) -> Result<()> {
        let row = self.cycle_row(id)?;
        if let Some(release) = row.release {
            return Err(StoreError::refused(format!("v{} was trained on cycle {}, so it stays", release.0, row.name)));
        }
        if row.closed_at.is_some() {
            return Err(StoreError::refused(format!("cycle {} is closed; take that back first", row.name)));
        }
        let sql = format!(
            "SELECT r.name FROM decision d JOIN step s ON s.id = d.step JOIN reviewer r ON r.id = d.reviewer
             JOIN cycle_item i ON i.conversation = d.subject AND i.cycle = ?1
             WHERE d.kind < {BEYOND_CONVERSATIONS} AND d.at >= ?2 AND d.reviewer <> ?3 AND r.role < {IMPORTER} AND s.state = {DONE} LIMIT 1"
        );
        let other: Option<String> = self
            .conn
            .query_row(&sql, params![id.0, row.opened_at.0, who], |r| r.get(0))
            .optional()
            .doing("looking who worked in a cycle")?;
        match other {
            Some(name) => {
                Err(StoreError::refused(format!("{name} has worked in cycle {} since, so it stays", row.name)))
            }
            None => Ok(()),
        }
    }

    /// A decision on a cycle in words.
    pub(in crate::store) fn cycle_words(
        &self,
        kind: Kind,
        id: i64,
        before: Option<&str>,
        after: Option<&str>,
    ) -> Result<String> {
        let of = |value: Option<&str>| value.and_then(|v| serde_json::from_str::<OpenedCycle>(v).ok()).map(|c| c.name);
        if kind == Kind::Cycle {
            let name = of(after).or(of(before)).unwrap_or_default();
            return Ok(format!("cycle {name}: {}", if after.is_some() { "opened" } else { "not opened" }));
        }
        let opened = crate::domain::DecisionTarget { subject: id, turn: None };
        let name = self.current_value(Kind::Cycle, opened)?.and_then(|(value, ..)| of(Some(&value)));
        let name = name.map_or_else(|| self.cycle_row(CycleId(id)).map(|row| row.name), Ok)?;
        Ok(format!("cycle {name}: {}", if after.is_some() { "closed" } else { "open" }))
    }
}
