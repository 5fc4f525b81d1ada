//! The intent list. Intents are renamed, merged or retired, never deleted: history refers to them.

use super::bounds::MOST_INTENTS;
use super::columns::{Column, Set};
use super::{Doing, IntentRow, Result, Store, StoreError};
use crate::domain::{Change, IntentId, OUT_OF_SCOPE, Timestamp};
use rusqlite::{OptionalExtension, Row, params};
use rustc_hash::FxHashMap;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

/// The reserved intent's row.
pub(super) const OUT_OF_SCOPE_ID: IntentId = IntentId(1);

/// Names and merges of all intents, read once for a page or a run.
#[derive(Clone, Debug, Default)]
pub struct IntentNames {
    names: HashMap<i64, String>,
    merged: HashMap<i64, i64>,
    active: Vec<IntentId>,
    in_use: HashSet<IntentId>,
}

impl IntentNames {
    /// The name of an intent; `#n` for one that the store does not know.
    pub fn name(&self, id: IntentId) -> String {
        self.names.get(&id.0).cloned().unwrap_or_else(|| format!("#{}", id.0))
    }

    /// The intent that this one stands for today: merges followed to their end.
    pub fn today(&self, id: IntentId) -> IntentId {
        let mut at = id.0;
        // A chain cannot be longer than the list; the bound keeps a damaged store from looping.
        for _ in 0..=self.merged.len() {
            match self.merged.get(&at) {
                Some(&into) => at = into,
                None => break,
            }
        }
        IntentId(at)
    }

    /// Gives an intent another name; [`Self::sort`] puts the list in order again.
    pub(super) fn set_name(&mut self, id: IntentId, name: String) {
        self.names.insert(id.0, name);
    }

    /// Gives an intent the state that a decision's value says.
    pub(super) fn set_state(&mut self, id: IntentId, state: Option<&str>) {
        let (state, merged) = state_of(state);
        match merged {
            Some(into) => self.merged.insert(id.0, into),
            None => self.merged.remove(&id.0),
        };
        if state == ACTIVE {
            self.in_use.insert(id);
        } else {
            self.in_use.remove(&id);
        }
    }

    /// Puts the active intents in the order of their names.
    pub(super) fn sort(&mut self) {
        self.active = self.in_use.iter().copied().collect();
        self.active.sort_by(|a, b| self.names.get(&a.0).cmp(&self.names.get(&b.0)));
    }

    /// Only these intents, all active: for tests.
    #[cfg(test)]
    pub(super) fn with_active(ids: &[IntentId]) -> Self {
        Self { active: ids.to_vec(), in_use: ids.iter().copied().collect(), ..Self::default() }
    }

    /// All intents that ever were.
    pub(super) fn all(&self) -> impl Iterator<Item = IntentId> {
        self.names.keys().map(|&i| IntentId(i))
    }

    /// Whether an intent is in use.
    pub fn is_active(&self, id: IntentId) -> bool {
        self.in_use.contains(&id)
    }

    /// Active intents with their names: what training reads as one more example each.
    pub fn named(&self) -> Vec<(IntentId, String)> {
        self.active.iter().map(|&id| (id, self.name(id))).collect()
    }

    /// Active intents, by name.
    pub fn active(&self) -> &[IntentId] {
        &self.active
    }
}

impl Store {
    /// The row of a name, made (active) if needed.
    pub(super) fn intent_id(&self, name: &str, origin: &str, now: Timestamp) -> Result<IntentId> {
        if let Some(&id) = self.caches.intents.borrow().get(name) {
            return Ok(IntentId(id));
        }
        let id = match self.find_intent(name)? {
            Some(id) => id,
            None => {
                self.conn
                    .execute(
                        "INSERT INTO intent(name, origin, added_at) VALUES (?, ?, ?)",
                        params![name, origin, now.0],
                    )
                    .doing("adding an intent")?;
                *self.caches.names.borrow_mut() = None;
                IntentId(self.conn.last_insert_rowid())
            }
        };
        self.caches.intents.borrow_mut().insert(name.to_owned(), id.0);
        Ok(id)
    }

    /// The row of a name, if there is one.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn find_intent(&self, name: &str) -> Result<Option<IntentId>> {
        self.conn
            .prepare_cached("SELECT id FROM intent WHERE name = ?")
            .and_then(|mut s| s.query_row([name], |r| r.get(0).map(IntentId)).optional())
            .doing("looking up an intent")
    }

    /// The row of a name.
    ///
    /// # Errors
    /// No such intent; the message names the nearest.
    pub fn intent(&self, name: &str) -> Result<IntentId> {
        if let Some(id) = self.find_intent(name)? {
            return Ok(id);
        }
        let all = self.intents()?;
        let near = crate::domain::nearest::nearest(name, all.iter().map(|i| i.name.as_str()));
        let hint = match near {
            Some(n) => format!("did you mean {n:?}? `appraise intents list` shows all"),
            None => "`appraise intents list` shows all, `appraise intents add NAME` makes one".to_owned(),
        };
        Err(StoreError::NotFound { what: "intent", name: name.to_owned(), hint })
    }

    /// All names, merges and the active list.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn intent_names(&self) -> Result<Rc<IntentNames>> {
        self.sync()?;
        if let Some(names) = &*self.caches.names.borrow() {
            return Ok(names.clone());
        }
        let names = Rc::new(self.read_names()?);
        *self.caches.names.borrow_mut() = Some(names.clone());
        Ok(names)
    }

    fn read_names(&self) -> Result<IntentNames> {
        let mut out = IntentNames::default();
        let mut s = self
            .conn
            .prepare_cached("SELECT id, name, state, merged_into FROM intent ORDER BY name")
            .doing("reading the intents")?;
        let mut rows = s.query([]).doing("reading the intents")?;
        while let Some(r) = rows.next().doing("reading the intents")? {
            let read = |r: &Row<'_>| -> rusqlite::Result<(i64, String, i64, Option<i64>)> {
                Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?))
            };
            let (id, name, state, merged) = read(r).doing("reading an intent")?;
            if !(1..=MOST_INTENTS).contains(&id) {
                return Err(StoreError::Damaged(format!("there is an intent number {id} in it")));
            }
            out.names.insert(id, name);
            if let Some(into) = merged {
                out.merged.insert(id, into);
            }
            if state == ACTIVE {
                out.active.push(IntentId(id));
                out.in_use.insert(IntentId(id));
            }
        }
        Ok(out)
    }

    /// The list with counts, by name; merged ones last.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn intents(&self) -> Result<Vec<IntentRow>> {
        let examples = self.counts("SELECT intent, count(*) FROM example WHERE intent IS NOT NULL GROUP BY intent")?;
        // CAST reads up to the comma: the primary intent of a label.
        let labels = self.counts("SELECT CAST(value AS INTEGER), count(*) FROM current WHERE kind = 1 GROUP BY 1")?;
        let logged = self.logged_counts()?;
        let sql = "SELECT i.id, i.name, i.state, m.name FROM intent i LEFT JOIN intent m ON m.id = i.merged_into
            ORDER BY i.state > 1, i.name";
        let mut s = self.conn.prepare_cached(sql).doing("listing intents")?;
        let of = |map: &HashMap<i64, u64>, id: i64| map.get(&id).copied().unwrap_or(0);
        s.query_map([], |r| {
            let id: i64 = r.get(0)?;
            Ok(IntentRow {
                id: IntentId(id),
                name: r.get(1)?,
                state: state_name(r.get(2)?).to_owned(),
                merged_into: r.get(3)?,
                examples: of(&examples, id),
                labels: of(&labels, id),
                logged: of(&logged, id),
            })
        })
        .and_then(Iterator::collect)
        .doing("listing intents")
    }

    /// How many conversations the log has for each intent.
    fn logged_counts(&self) -> Result<HashMap<i64, u64>> {
        let columns = self.columns(Set::of(&[Column::Logged]))?;
        let mut by_row: FxHashMap<u32, u64> = FxHashMap::default();
        for &row in columns.chunks().iter().flat_map(|chunk| &chunk.logged).filter(|row| **row != 0) {
            *by_row.entry(row).or_default() += 1;
        }
        Ok(by_row.into_iter().map(|(row, n)| (row.into(), n)).collect())
    }

    fn counts(&self, sql: &str) -> Result<HashMap<i64, u64>> {
        let mut s = self.conn.prepare_cached(sql).doing("counting by intent")?;
        s.query_map([], |r| Ok((r.get(0)?, r.get(1)?))).and_then(Iterator::collect).doing("counting by intent")
    }

    /// Adds an intent to the list, or takes a retired one up again.
    ///
    /// # Errors
    /// The name is empty or already on the list.
    pub fn add_intent(&mut self, reviewer: &str, now: Timestamp, name: &str) -> Result<IntentId> {
        let name = self.check_name(name)?;
        if let Some(id) = self.find_intent(&name)? {
            if self.intent_names()?.active().contains(&id) {
                return Err(StoreError::refused(format!("there is an intent called {name:?} already")));
            }
            self.decide(reviewer, now, &[Change::intent_state(id, "active")])?;
            return Ok(id);
        }
        self.immediate("adding an intent", |store| {
            let id = store.intent_id(&name, "person", now)?;
            store.begin_retired(id)?;
            store.decide_within(reviewer, now, &[Change::intent_state(id, "active")])?;
            Ok(id)
        })
    }

    /// An intent that a person adds begins retired, so that undoing its addition leaves it so.
    fn begin_retired(&self, id: IntentId) -> Result<()> {
        self.conn.execute("UPDATE intent SET state = 1 WHERE id = ?", [id.0]).map(drop).doing("adding an intent")
    }

    fn check_name(&self, name: &str) -> Result<String> {
        let name = name.trim();
        if name.is_empty() || name.len() > 200 || name.chars().any(char::is_control) {
            return Err(StoreError::refused(
                "an intent's name has 1 to 200 characters and no line breaks; try something like refund_status",
            ));
        }
        Ok(name.to_owned())
    }

    /// Renames an intent; old predictions and labels follow it.
    ///
    /// # Errors
    /// No such intent; the new name is taken or no name.
    pub fn rename_intent(&mut self, reviewer: &str, now: Timestamp, from: &str, to: &str) -> Result<IntentId> {
        let id = self.changeable(from)?;
        let to = self.check_name(to)?;
        if self.find_intent(&to)?.is_some() {
            return Err(StoreError::refused(format!(
                "there is an intent called {to:?} already; `appraise intents merge {from} {to}` joins them"
            )));
        }
        self.decide(reviewer, now, &[Change::intent_name(id, &to)])?;
        Ok(id)
    }

    /// Makes an intent stand for another from now on, in old predictions and labels too.
    ///
    /// # Errors
    /// No such intents, or they are the same.
    pub fn merge_intents(&mut self, reviewer: &str, now: Timestamp, from: &str, into: &str) -> Result<IntentId> {
        let (a, b) = (self.changeable(from)?, self.intent(into)?);
        let names = self.intent_names()?;
        if names.today(b) == a || a == b {
            return Err(StoreError::refused(format!("{from:?} and {into:?} are the same intent already")));
        }
        self.decide(reviewer, now, &[Change::intent_state(a, &format!("merged:{}", b.0))])?;
        Ok(b)
    }

    /// Takes an intent out of use. Its labels stay in the log and stop training.
    ///
    /// # Errors
    /// No such intent, or the reserved one.
    pub fn retire_intent(&mut self, reviewer: &str, now: Timestamp, name: &str) -> Result<IntentId> {
        let id = self.changeable(name)?;
        self.decide(reviewer, now, &[Change::intent_state(id, "retired")])?;
        Ok(id)
    }

    /// Retires an intent in favour of several finer ones. What was labelled with it waits for new labels.
    ///
    /// # Errors
    /// No such intent, or fewer than two new names.
    pub fn split_intent(&mut self, reviewer: &str, now: Timestamp, name: &str, into: &[String]) -> Result<u64> {
        let id = self.changeable(name)?;
        if into.len() < 2 {
            return Err(StoreError::refused("a split needs at least two new names"));
        }
        let names = into.iter().map(|n| self.check_name(n)).collect::<Result<Vec<_>>>()?;
        self.immediate("splitting an intent", |store| {
            let active = store.intent_names()?.active().to_vec();
            let mut changes =
                vec![Change::intent_state(id, "retired").because(format!("split into {}", names.join(", ")))];
            for name in &names {
                let new = store.intent_id(name, "person", now)?;
                if !active.contains(&new) {
                    store.begin_retired(new)?;
                    changes.push(Change::intent_state(new, "active"));
                }
            }
            store.decide_within(reviewer, now, &changes)?;
            store
                .conn
                .query_row("SELECT count(*) FROM current WHERE kind = 1 AND CAST(value AS INTEGER) = ?", [id.0], |r| {
                    r.get(0)
                })
                .doing("counting what waits for new labels")
        })
    }

    fn changeable(&self, name: &str) -> Result<IntentId> {
        let id = self.intent(name)?;
        if id == OUT_OF_SCOPE_ID {
            return Err(StoreError::refused(format!("{OUT_OF_SCOPE} is reserved: it cannot be renamed or taken away")));
        }
        Ok(id)
    }

    /// Adds base examples as one step; a text that an intent already has is left alone. Returns how many were new
    /// examples and new intents.
    ///
    /// # Errors
    /// A name is no name; nothing is added then.
    pub fn add_examples(
        &mut self,
        reviewer: &str,
        now: Timestamp,
        origin: &str,
        rows: &[(String, String)],
    ) -> Result<(u64, u64)> {
        self.immediate("adding base examples", |store| {
            let before = store.intent_names()?;
            let mut changes = Vec::new();
            let mut fresh = std::collections::BTreeSet::new();
            let mut seen = std::collections::HashSet::new();
            for (text, name) in rows.iter().filter(|row| seen.insert(*row)) {
                let name = store.check_name(name)?;
                let intent = store.intent_id(&name, "import", now)?;
                if !before.active().contains(&intent) && fresh.insert(intent) {
                    store.begin_retired(intent)?;
                    changes.push(Change::intent_state(intent, "active"));
                }
                if let Some(id) = store.new_example(intent, text, origin)? {
                    changes.push(Change::example(id, Some(intent)));
                }
            }
            let added = changes.len() as u64 - fresh.len() as u64;
            if !changes.is_empty() {
                store.decide_within(reviewer, now, &changes)?;
            }
            Ok((added, fresh.len() as u64))
        })
    }

    /// The row for an example, or `None` where the intent has that text already.
    fn new_example(&self, intent: IntentId, text: &str, origin: &str) -> Result<Option<i64>> {
        let text = text.trim();
        let known: bool = self
            .conn
            .prepare_cached("SELECT EXISTS(SELECT 1 FROM example WHERE intent = ? AND text = ?)")
            .and_then(|mut s| s.query_row(params![intent.0, text], |r| r.get(0)))
            .doing("looking for an example")?;
        if known || text.is_empty() {
            return Ok(None);
        }
        self.conn
            .prepare_cached("INSERT INTO example(intent, text, origin) VALUES (NULL, ?, ?)")
            .and_then(|mut s| s.execute(params![text, origin]))
            .doing("adding an example")?;
        Ok(Some(self.conn.last_insert_rowid()))
    }
}

/// States of an intent.
const ACTIVE: i64 = 0;
const RETIRED: i64 = 1;
const MERGED: i64 = 2;

/// The state that a decision's value says, and what a merged intent stands for.
pub(super) fn state_of(value: Option<&str>) -> (i64, Option<i64>) {
    match value {
        Some("active") => (ACTIVE, None),
        Some(value) => match value.strip_prefix("merged:") {
            Some(into) => (MERGED, into.parse().ok()),
            None => (RETIRED, None),
        },
        None => (RETIRED, None),
    }
}

fn state_name(state: i64) -> &'static str {
    match state {
        ACTIVE => "active",
        RETIRED => "retired",
        _ => "merged",
    }
}
