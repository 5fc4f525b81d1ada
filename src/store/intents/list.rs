//! The intent list. Intents are renamed, merged or retired, never deleted: history refers to them.

use super::names::{IntentNames, KnownNames};
use super::state::{ACTIVE, RETIRED, state_name};
use crate::domain::{IntentId, Timestamp};
use crate::store::codes::{LABEL, MEANING, TRAINING};
use crate::store::queue::columns::{ColumnSet, PackedColumn};
use crate::store::{DoingWhat, IntentRow, Result, Store, StoreError};
use crate::text::language::asked_in;
use crate::text::trim_name;
use rusqlite::params;
use rustc_hash::FxHashMap;
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

/// Rows of intents by the names that logs write.
#[derive(Default)]
struct IntentRows(RefCell<FxHashMap<String, i64>>);

impl Store {
    /// The row of a name that a log writes, made (active) if nothing is or was called so; `None` for a name of blanks.
    pub(in crate::store) fn intent_id(&self, name: &str, origin: &str, now: Timestamp) -> Result<Option<IntentId>> {
        if let Some(&id) = self.names.of::<IntentRows>().0.borrow().get(name) {
            return Ok(Some(IntentId(id)));
        }
        let id = match self.find_intent(name)? {
            Some(id) => id,
            None if trim_name(name).is_empty() => return Ok(None),
            None => self.make_intent(trim_name(name), origin, true, now)?,
        };
        self.names.of::<IntentRows>().0.borrow_mut().insert(name.to_owned(), id.0);
        Ok(Some(id))
    }

    /// A row for a name that nothing has or had. One that a person adds begins retired, so that undoing its addition
    /// leaves it so.
    pub(in crate::store) fn make_intent(
        &self,
        name: &str,
        origin: &str,
        active: bool,
        now: Timestamp,
    ) -> Result<IntentId> {
        self.conn
            .execute(
                "INSERT INTO intent(name, origin, added_at, state) VALUES (?, ?, ?, ?)",
                params![name, origin, now.0, if active { ACTIVE } else { RETIRED }],
            )
            .doing("adding an intent")?;
        let id = IntentId(self.conn.last_insert_rowid());
        // A log may bring thousands: reading all of them again for each would take too long.
        if let Some(names) = &mut *self.names.of::<KnownNames>().0.borrow_mut() {
            Rc::make_mut(names).add(id, name, active);
        }
        Ok(id)
    }

    /// The row that a name means, if there is one ([`crate::store::IntentNames::find`]).
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn find_intent(&self, name: &str) -> Result<Option<IntentId>> {
        Ok(self.intent_names()?.find(name))
    }

    /// The row that a name means.
    ///
    /// # Errors
    /// No such intent; the message names the nearest.
    pub fn intent(&self, name: &str) -> Result<IntentId> {
        if let Some(id) = self.find_intent(name)? {
            return Ok(id);
        }
        let all = self.intents()?;
        let near = crate::base::did_you_mean::nearest(name, all.iter().map(|i| i.name.as_str()));
        let hint = match near {
            Some(n) => format!("did you mean {n:?}? `appraise intents list` shows all"),
            None => "`appraise intents list` shows all, `appraise intents add NAME` makes one".to_owned(),
        };
        Err(StoreError::NotFound { what: "intent", name: name.to_owned(), hint })
    }

    /// The list with counts, by name; merged ones last. What a merged one brought counts for what it stands for.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn intents(&self) -> Result<Vec<IntentRow>> {
        let names = self.intent_names()?;
        let today = |counts: HashMap<i64, u64>| {
            let mut out: HashMap<IntentId, u64> = HashMap::new();
            counts.into_iter().for_each(|(id, n)| *out.entry(names.today(IntentId(id))).or_default() += n);
            out
        };
        let examples = "SELECT intent, count(*) FROM example WHERE intent IS NOT NULL GROUP BY intent";
        // CAST reads up to the comma: the primary intent of a label.
        let labels = format!("SELECT CAST(value AS INTEGER), count(*) FROM current WHERE kind = {LABEL} GROUP BY 1");
        let (examples, labels) = (today(self.counts(examples)?), today(self.counts(&labels)?));
        let logged = today(self.logged_counts()?);
        let samples = self.samples(&names)?;
        let meanings = self.meanings()?;
        let of = |map: &HashMap<IntentId, u64>, id: IntentId| map.get(&id).copied().unwrap_or(0);
        let mut s = self
            .conn
            .prepare_cached(&format!("SELECT id, state FROM intent ORDER BY state > {RETIRED}, name"))
            .doing("listing intents")?;
        s.query_map([], |r| {
            let (id, stands) = (IntentId(r.get(0)?), names.today(IntentId(r.get(0)?)));
            Ok(IntentRow {
                id,
                name: names.name(id),
                state: state_name(r.get(1)?).to_owned(),
                merged_into: (stands != id).then(|| names.name(stands)),
                aliases: names.former(id),
                examples: of(&examples, id),
                labels: of(&labels, id),
                logged: of(&logged, id),
                meaning: meanings.get(&id).cloned(),
                samples: samples.get(&id).cloned().unwrap_or_default(),
            })
        })
        .and_then(Iterator::collect)
        .doing("listing intents")
    }

    /// What people say that intents mean.
    pub(in crate::store) fn meanings(&self) -> Result<HashMap<IntentId, String>> {
        let sql = format!("SELECT subject, value FROM current WHERE kind = {MEANING} AND value IS NOT NULL");
        let mut s = self.conn.prepare_cached(&sql).doing("reading what intents mean")?;
        s.query_map([], |r| Ok((IntentId(r.get(0)?), r.get(1)?)))
            .and_then(Iterator::collect)
            .doing("reading what intents mean")
    }

    /// Two texts of each intent in each language: of its latest labels in training groups, else base examples.
    fn samples(&self, names: &IntentNames) -> Result<HashMap<IntentId, Vec<String>>> {
        const EACH: usize = 2;
        let latest = format!("SELECT CAST(l.value AS INTEGER), t.text FROM (
                SELECT value, subject, turn FROM current WHERE kind = {LABEL} ORDER BY decision DESC LIMIT 400) l
             JOIN conversation c ON c.id = l.subject AND c.part = {TRAINING} JOIN turn t ON t.id = (l.subject << 20 | l.turn)
             WHERE t.text <> ''");
        let examples = "SELECT intent, text FROM (
                SELECT intent, text, row_number() OVER (PARTITION BY intent ORDER BY id) AS place FROM example
                WHERE intent IS NOT NULL) WHERE place <= 8";
        let mut out: HashMap<IntentId, Vec<String>> = HashMap::new();
        let mut told: HashMap<(IntentId, String), usize> = HashMap::new();
        for sql in [latest.as_str(), examples] {
            let rows: Vec<(i64, String)> = self
                .conn
                .prepare_cached(sql)
                .and_then(|mut s| s.query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?.collect())
                .doing("reading what customers said")?;
            for (intent, text) in rows {
                let intent = names.today(IntentId(intent));
                let of = out.entry(intent).or_default();
                let in_language = told.entry((intent, asked_in(&text, None))).or_default();
                if *in_language < EACH && !of.contains(&text) {
                    *in_language += 1;
                    of.push(text);
                }
            }
        }
        Ok(out)
    }

    /// How many conversations the log has for each intent.
    fn logged_counts(&self) -> Result<HashMap<i64, u64>> {
        let columns = self.columns(ColumnSet::of(&[PackedColumn::Logged]))?;
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
}
