//! The names of intents, all that each ever had, and what each intent stands for (rule 38).

use crate::domain::{IntentId, Kind, OUT_OF_SCOPE_ID};
use crate::store::base::bounds::MOST_INTENTS;
use crate::store::codes::DONE;
use crate::store::intents::state::{ACTIVE, RETIRED, state_of};
use crate::store::{DoingWhat, Result, Store, StoreError};
use crate::text::{name_key, trim_name};
use rusqlite::Row;
use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

/// The names, read once until somebody changes them.
#[derive(Default)]
pub(in crate::store) struct KnownNames(pub RefCell<Option<Rc<IntentNames>>>);

/// Names and merges of all intents, read once for a page or a run.
#[derive(Clone, Debug, Default)]
pub struct IntentNames {
    names: HashMap<i64, String>,
    merged: HashMap<i64, i64>,
    active: Vec<IntentId>,
    in_use: HashSet<IntentId>,
    /// Intents whose addition was taken back, and that nobody has added since.
    taken_back: HashSet<IntentId>,
    /// By what names are compared by: who is or was called so.
    called: HashMap<String, Vec<CalledName>>,
}

/// One name of an intent.
#[derive(Clone, Debug, PartialEq, Eq)]
struct CalledName {
    spelling: String,
    id: IntentId,
    former: bool,
}

impl IntentNames {
    /// The name of an intent; `#n` for one that the store does not know.
    pub fn name(&self, id: IntentId) -> String {
        self.names.get(&id.0).cloned().unwrap_or_else(|| format!("#{}", id.0))
    }

    /// The intent that a name means: the exact spelling first, else the oldest in use that is or was called so. It may
    /// be out of use, and stand for another.
    pub fn find(&self, name: &str) -> Option<IntentId> {
        let trimmed = trim_name(name);
        let meant = self.called.get(&name_key(name))?.iter().min_by_key(|c| {
            let differs = match c.spelling.as_str() {
                exact if exact == name => 0,
                exact if exact == trimmed => 1,
                _ => 2,
            };
            (differs, differs < 2 && c.former, !self.is_active(c.id), c.id)
        });
        meant.map(|c| c.id)
    }

    /// Another intent that has a name (`false`) or had it (`true`).
    pub(in crate::store) fn holder(&self, name: &str, but: Option<IntentId>) -> Option<(IntentId, bool)> {
        let others = self.called.get(&name_key(name))?.iter().filter(|c| Some(c.id) != but);
        others.min_by_key(|c| (c.former, !self.is_active(c.id), c.id)).map(|c| (c.id, c.former))
    }

    /// Another intent that is called exactly so.
    pub(in crate::store) fn exactly(&self, name: &str, but: IntentId) -> Option<IntentId> {
        let called = self.called.get(&name_key(name))?;
        called.iter().find(|c| c.id != but && !c.former && c.spelling == name).map(|c| c.id)
    }

    /// Names that an intent had before, in order.
    pub fn former(&self, id: IntentId) -> Vec<String> {
        let all = self.called.values().flatten().filter(|c| c.id == id && c.former);
        let mut out: Vec<String> = all.map(|c| c.spelling.clone()).collect();
        out.sort();
        out
    }

    /// Intents whose names differ in case or in what is around them alone, each group by row.
    pub(in crate::store) fn twins(&self) -> Vec<Vec<IntentId>> {
        let groups = self.called.values().map(|called| {
            let mut ids: Vec<IntentId> = called.iter().filter(|c| !c.former).map(|c| c.id).collect();
            ids.retain(|&id| !self.is_merged(id) && !self.is_taken_back(id));
            ids.sort();
            ids
        });
        let mut out: Vec<Vec<IntentId>> = groups.filter(|ids| ids.len() > 1).collect();
        out.sort();
        out
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

    /// Intents that are merged, with what each stands for.
    pub(in crate::store) fn merged(&self) -> impl Iterator<Item = (IntentId, IntentId)> + '_ {
        self.merged.keys().map(|&id| (IntentId(id), self.today(IntentId(id))))
    }

    /// Whether an intent is merged into others by way of another one (or is that one).
    pub(in crate::store) fn goes_through(&self, id: IntentId, by: IntentId) -> bool {
        let mut at = id.0;
        for _ in 0..=self.merged.len() {
            if at == by.0 {
                return true;
            }
            match self.merged.get(&at) {
                Some(&into) => at = into,
                None => return false,
            }
        }
        false
    }

    /// Whether an intent is merged into another.
    pub fn is_merged(&self, id: IntentId) -> bool {
        self.merged.contains_key(&id.0)
    }

    /// Gives an intent another name; [`Self::sort`] puts the list in order again.
    pub(in crate::store) fn set_name(&mut self, id: IntentId, name: String) {
        self.names.insert(id.0, name);
    }

    /// Gives an intent the state that a decision's value says.
    pub(in crate::store) fn set_state(&mut self, id: IntentId, state: Option<&str>) {
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
    pub(in crate::store) fn sort(&mut self) {
        self.active = self.in_use.iter().copied().collect();
        self.active.sort_by(|a, b| self.names.get(&a.0).cmp(&self.names.get(&b.0)));
    }

    /// A new intent.
    pub(in crate::store) fn add(&mut self, id: IntentId, name: &str, active: bool) {
        self.names.insert(id.0, name.to_owned());
        if active {
            self.in_use.insert(id);
            let at = self.active.partition_point(|a| self.names.get(&a.0).is_some_and(|n| n.as_str() < name));
            self.active.insert(at, id);
        }
        self.call(id, name, false);
    }

    fn call(&mut self, id: IntentId, spelling: &str, former: bool) {
        let called = self.called.entry(name_key(spelling)).or_default();
        if !called.iter().any(|c| c.id == id && c.spelling == spelling) {
            called.push(CalledName { spelling: spelling.to_owned(), id, former });
        }
    }

    /// Only these intents, all active: for tests.
    #[cfg(test)]
    pub(in crate::store) fn with_active(ids: &[IntentId]) -> Self {
        Self { active: ids.to_vec(), in_use: ids.iter().copied().collect(), ..Self::default() }
    }

    /// All intents that ever were.
    pub(in crate::store) fn all(&self) -> impl Iterator<Item = IntentId> {
        self.names.keys().map(|&i| IntentId(i))
    }

    /// Whether an intent is in use.
    pub fn is_active(&self, id: IntentId) -> bool {
        self.in_use.contains(&id)
    }

    /// Whether at most one intent is in use, the reserved one aside.
    pub(in crate::store) fn few(&self) -> bool {
        self.in_use.len() <= 1 + usize::from(self.in_use.contains(&OUT_OF_SCOPE_ID))
    }

    /// Whether there is any intent in use but the reserved one.
    pub fn has_intents(&self) -> bool {
        self.in_use.len() > usize::from(self.in_use.contains(&OUT_OF_SCOPE_ID))
    }

    /// Whether an intent is on no list because its addition was taken back: nobody has retired it.
    pub(in crate::store) fn is_taken_back(&self, id: IntentId) -> bool {
        self.taken_back.contains(&id)
    }

    /// What some intents stand for today, each once, those in use alone.
    pub fn in_use(&self, ids: &[IntentId]) -> Vec<IntentId> {
        let mut out: Vec<IntentId> = Vec::new();
        for id in ids.iter().map(|&i| self.today(i)).filter(|&i| self.is_active(i)) {
            if !out.contains(&id) {
                out.push(id);
            }
        }
        out
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
    /// All names, merges and the active list.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn intent_names(&self) -> Result<Rc<IntentNames>> {
        self.sync()?;
        if let Some(names) = &*self.names.of::<KnownNames>().0.borrow() {
            return Ok(names.clone());
        }
        let names = Rc::new(self.read_names()?);
        *self.names.of::<KnownNames>().0.borrow_mut() = Some(names.clone());
        Ok(names)
    }

    fn read_names(&self) -> Result<IntentNames> {
        let mut out = IntentNames::default();
        let sql = "SELECT i.id, i.name, i.state, i.merged_into, i.state = ?1 AND EXISTS(
                SELECT 1 FROM current k JOIN decision d ON d.id = k.decision
                WHERE k.subject = i.id AND k.kind = ?2 AND k.turn = -1 AND d.undoes IS NOT NULL)
            FROM intent i ORDER BY i.name";
        let mut s = self.conn.prepare_cached(sql).doing("reading the intents")?;
        let mut rows = s.query([RETIRED, Kind::IntentState.code()]).doing("reading the intents")?;
        while let Some(r) = rows.next().doing("reading the intents")? {
            let read = |r: &Row<'_>| -> rusqlite::Result<(i64, String, i64, Option<i64>, bool)> {
                Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?, r.get(4)?))
            };
            let (id, name, state, merged, taken_back) = read(r).doing("reading an intent")?;
            if !(1..=MOST_INTENTS).contains(&id) {
                return Err(StoreError::Damaged(format!("there is an intent number {id} in it")));
            }
            let intent = IntentId(id);
            out.call(intent, &name, false);
            out.names.insert(id, name);
            if let Some(into) = merged {
                out.merged.insert(id, into);
            }
            if state == ACTIVE {
                out.active.push(intent);
                out.in_use.insert(intent);
            }
            if taken_back {
                out.taken_back.insert(intent);
            }
        }
        for (id, name) in self.renames()? {
            out.call(id, &name, true);
        }
        Ok(out)
    }

    /// What intents were called first, and names that renames which stand have given. One that was taken back never was,
    /// also where a later rename found it.
    fn renames(&self) -> Result<Vec<(IntentId, String)>> {
        let sql = format!(
            "SELECT d.subject, d.after FROM decision d JOIN step s ON s.id = d.step
            WHERE d.kind = ?1 AND d.undoes IS NULL AND s.state = {DONE} AND d.after IS NOT NULL
            UNION ALL SELECT subject, before FROM decision
            WHERE id IN (SELECT min(id) FROM decision WHERE kind = ?1 GROUP BY subject) AND before IS NOT NULL"
        );
        self.conn
            .prepare_cached(&sql)
            .and_then(|mut s| {
                s.query_map([Kind::IntentName.code()], |r| Ok((IntentId(r.get(0)?), r.get(1)?)))
                    .and_then(Iterator::collect)
            })
            .doing("reading the former names of intents")
    }
}
