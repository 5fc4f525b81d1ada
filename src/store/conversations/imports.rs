//! What an import needs of the store.

use crate::domain::{Conversation, ConversationId, DecisionChange, IntentId, Role, StepId, Timestamp, TurnKey};
use crate::store::codes::{RUNNING, SOURCE};
use crate::store::decisions::reviewers::IMPORT;
use crate::store::{DoingWhat, Result, Store, StoreError};
use rusqlite::params;

impl Store {
    /// The sources of the store by name, when there is more than one (rule 1).
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn several_sources(&self) -> Result<Option<String>> {
        let names: Vec<String> = self
            .conn
            .prepare_cached(&format!("SELECT text FROM term WHERE kind = {SOURCE} ORDER BY id LIMIT 4"))
            .and_then(|mut s| s.query_map([], |r| r.get(0)).and_then(Iterator::collect))
            .doing("looking for sources")?;
        Ok((names.len() > 1).then(|| names.join(", ")))
    }

    /// Runs `f` in one write transaction; with `dry_run` everything it wrote is taken back.
    ///
    /// # Errors
    /// What `f` says, or the store cannot be written. Then nothing has changed.
    pub fn batch<T>(&mut self, dry_run: bool, f: impl FnOnce(&Self) -> Result<T>) -> Result<T> {
        if !dry_run {
            return self.immediate("storing conversations", |store| {
                store.check_load()?;
                let result = f(store)?;
                store.loaded().map(|()| result)
            });
        }
        let mut kept = None;
        // The only way out of a transaction without its effects is an error; this one carries nothing.
        let undone = self.immediate("trying an import", |store| -> Result<()> {
            kept = Some(f(store));
            Err(StoreError::refused("dry run"))
        });
        match (kept, undone) {
            (Some(result), _) => result,
            (None, Err(e)) => Err(e),
            (None, Ok(())) => Err(StoreError::Damaged("a dry run did not run".to_owned())),
        }
    }

    /// Begins the record of an import; returns its row.
    ///
    /// # Errors
    /// The store cannot be written.
    pub fn begin_import(&self, reviewer: &str, now: Timestamp, file: &str) -> Result<i64> {
        let who = self.reviewer_id(reviewer, now)?;
        self.conn
            .execute(
                &format!("INSERT INTO import(at, reviewer, file, format, state) VALUES (?, ?, ?, '', '{RUNNING}')"),
                params![now.0, who, file],
            )
            .doing("beginning an import")?;
        Ok(self.conn.last_insert_rowid())
    }

    /// Ends the record of an import: `done` or `stopped`, with new, updated, same, rejected and older.
    ///
    /// # Errors
    /// The store cannot be written.
    pub fn end_import(&self, import: i64, state: &str, format: &str, counts: [u64; 5]) -> Result<()> {
        let [new, updated, same, rejected, older] = counts.map(|n| n as i64);
        self.conn
            .execute(
                "UPDATE import SET state = ?, format = ?, added = ?, updated = ?, same = ?, rejected = ?, older = ? WHERE id = ?",
                params![state, format, new, updated, same, rejected, older, import],
            )
            .map(drop)
            .doing("ending an import")
    }
}

impl Store {
    /// The secret with which this store makes pseudonyms of customer ids; made at random when it is first asked for.
    ///
    /// # Errors
    /// The store cannot be read, or written the first time.
    pub fn pseudonym_salt(&self) -> Result<Vec<u8>> {
        if let Some(salt) = self.setting("pseudonym_salt")? {
            return Ok(salt.into_bytes());
        }
        self.immediate("making a secret for pseudonyms", |store| {
            store
                .conn
                .execute("INSERT OR IGNORE INTO setting VALUES ('pseudonym_salt', hex(randomblob(32)))", [])
                .doing("making a secret for pseudonyms")?;
            let made = store.setting("pseudonym_salt")?;
            made.map(String::into_bytes)
                .ok_or_else(|| StoreError::Damaged("the secret for pseudonyms is gone".to_owned()))
        })
    }

    /// Labels and corrections that came with the log are decisions of `import:SOURCE` (rule 6). A person's word on the
    /// same turn stays.
    pub(in crate::store) fn write_labels(
        &self,
        c: &Conversation,
        id: ConversationId,
        keys: &[TurnKey],
        now: Timestamp,
        step: &mut Option<StepId>,
    ) -> Result<bool> {
        let mut wrote = false;
        for (&key, t) in keys.iter().zip(&c.turns) {
            let mut changes = Vec::new();
            if t.role == Role::User && !t.gold.is_empty() {
                let mut ids: Vec<IntentId> = Vec::new();
                for name in &t.gold {
                    ids.extend(self.intent_id(name, "gold", now)?.filter(|i| !ids.contains(i)));
                }
                changes.extend((!ids.is_empty()).then(|| DecisionChange::intents(id, key, &ids)));
            }
            if let Some(text) = t.corrected.as_ref().filter(|_| t.role == Role::Bot) {
                changes.push(DecisionChange::response(id, key, Some(text.clone())));
            }
            for change in changes {
                wrote |= self.label_from_import(&c.source, now, &change, step)?;
            }
        }
        Ok(wrote)
    }

    fn label_from_import(
        &self,
        source: &str,
        now: Timestamp,
        change: &DecisionChange,
        step: &mut Option<StepId>,
    ) -> Result<bool> {
        let who = self.reviewer_id(&format!("{IMPORT}{source}"), now)?;
        if let Some((value, decision, by)) = self.current_value(change.kind, change.target)? {
            let stale = match change.target.turn {
                Some(turn) => self.is_reworded(ConversationId(change.target.subject), turn, decision)?,
                None => false,
            };
            if by != who || Some(&value) == change.to.as_ref() && !stale {
                return Ok(false);
            }
        }
        let step = match *step {
            Some(step) => step,
            None => *step.insert(self.new_step(who, now, false)?),
        };
        self.append(step, who, now, change, None)?;
        Ok(true)
    }
}
