//! Base examples: texts that a team gives an intent by hand.

use crate::domain::{DecisionChange, IntentId, Timestamp};
use crate::store::{DoingWhat, IntentNames, Result, Store, StoreError};
use crate::text::normalise::normalise;
use rusqlite::params;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// What an import of base examples came to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct AddedExamples {
    /// Examples that are new.
    pub examples: u64,
    /// Intents that are new.
    pub intents: u64,
    /// Examples that were left out, by the retired intent that they are for.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub retired: BTreeMap<String, u64>,
    /// Examples under a name that means another intent today, by that name: merged into, or called so now.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub counts_for: BTreeMap<String, String>,
    /// Texts of this import that stand under several intents.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub contradictory: Vec<Contradiction>,
}

/// One text under several intents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Contradiction {
    /// The text, as it was first given.
    pub text: String,
    /// The intents, by name.
    pub intents: Vec<String>,
}

impl Store {
    /// Adds base examples as one step; a text that an intent already has is left alone. An example for a merged intent
    /// counts for what that stands for, one for a retired intent is left out.
    ///
    /// # Errors
    /// A name is no name; nothing is added then.
    pub fn add_examples(
        &mut self,
        reviewer: &str,
        now: Timestamp,
        origin: &str,
        rows: &[(String, String)],
    ) -> Result<AddedExamples> {
        self.immediate("adding base examples", |store| {
            let mut out = AddedExamples::default();
            let mut changes = Vec::new();
            let mut fresh = BTreeSet::new();
            let mut seen = HashSet::new();
            for (text, name) in rows.iter().filter(|row| seen.insert(*row)) {
                let name = store.check_name(name)?;
                let (intent, new) = store.intent_of_list(&name, now)?;
                let names = store.intent_names()?;
                if new && fresh.insert(intent) {
                    changes.push(DecisionChange::intent_state(intent, "active"));
                } else if !fresh.contains(&intent) && !names.is_active(intent) {
                    *out.retired.entry(names.name(intent)).or_default() += 1;
                    continue;
                }
                if crate::text::name_key(&names.name(intent)) != crate::text::name_key(&name) {
                    out.counts_for.insert(name, names.name(intent));
                }
                if let Some(id) = store.new_example(intent, text, origin)? {
                    changes.push(DecisionChange::example(id, Some(intent)));
                    out.examples += 1;
                }
            }
            out.intents = fresh.len() as u64;
            if !changes.is_empty() {
                store.decide_within(reviewer, now, &changes)?;
            }
            let given: HashSet<String> = rows.iter().map(|(text, _)| normalise(text)).collect();
            out.contradictory = store.contradictions()?;
            out.contradictory.retain(|c| given.contains(&normalise(&c.text)));
            Ok(out)
        })
    }

    /// What a name of a list means today, and whether it is new to the list: nobody has it, or its addition was taken back.
    fn intent_of_list(&self, name: &str, now: Timestamp) -> Result<(IntentId, bool)> {
        let names = self.intent_names()?;
        match names.find(name).map(|id| names.today(id)) {
            Some(id) => Ok((id, names.is_taken_back(id))),
            None => Ok((self.make_intent(name, "import", false, now)?, true)),
        }
    }

    /// The row for an example, or `None` where the intent has that text already, also by way of one that was merged into it.
    fn new_example(&self, intent: IntentId, text: &str, origin: &str) -> Result<Option<i64>> {
        let text = text.trim();
        let known: bool = self
            .conn
            .prepare_cached(
                "SELECT EXISTS(SELECT 1 FROM example WHERE text = ?2
                    AND intent IN (SELECT ?1 UNION ALL SELECT id FROM intent WHERE stands = ?1))",
            )
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

    /// Base examples with the intents they are under, as these stand today, out of use included.
    pub(in crate::store) fn examples_today(&self, names: &IntentNames) -> Result<Vec<(String, IntentId)>> {
        self.conn
            .prepare_cached("SELECT text, intent FROM example WHERE intent IS NOT NULL ORDER BY id")
            .and_then(|mut s| {
                s.query_map([], |r| Ok((r.get(0)?, names.today(IntentId(r.get(1)?))))).and_then(Iterator::collect)
            })
            .doing("reading the base examples")
    }

    /// Texts of base examples that stand under several intents in use.
    pub(in crate::store) fn contradictions(&self) -> Result<Vec<Contradiction>> {
        let names = self.intent_names()?;
        let mut by_text: BTreeMap<String, (String, BTreeSet<IntentId>)> = BTreeMap::new();
        for (text, intent) in self.examples_today(&names)?.into_iter().filter(|(_, i)| names.is_active(*i)) {
            by_text.entry(normalise(&text)).or_insert_with(|| (text, BTreeSet::new())).1.insert(intent);
        }
        let several = by_text.into_values().filter(|(_, intents)| intents.len() > 1);
        Ok(several
            .map(|(text, ids)| {
                let mut intents: Vec<String> = ids.into_iter().map(|i| names.name(i)).collect();
                intents.sort();
                Contradiction { text, intents }
            })
            .collect())
    }
}

impl StoreError {
    /// What a name must be.
    pub(in crate::store) fn no_name(whose: &str, such: &str) -> Self {
        Self::refused(format!("{whose} has 1 to 200 characters and no line breaks; try something like {such}"))
    }
}
