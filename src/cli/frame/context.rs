//! What a command works with: settings, time, store and output.

use super::global::GlobalFlags;
use super::threads;
use crate::base::counted::{count, counted};
use crate::cli::output::json::StandardOutput;
use crate::config::{Environment, GROUP_SEED, Settings};
use crate::disk;
use crate::domain::{ConversationId, Filter, Query, QueryMoment, Timestamp, TurnKey};
use crate::jobs::StoreAsOf;
use crate::jobs::encoders::{InstalledEncoders, Vectors};
use crate::jobs::learners::FELT_AT_ONCE;
use crate::keymap::Keymap;
use crate::learn::vectors::embed::Embedder;
use crate::store::{Access, FeltSoFar, Founding, SetBack, Store, StoreError};
use crate::text;
use anyhow::{Context, Result, bail};
use serde::Serialize;
use serde_json::{Value, json};
use std::io::Write;
use std::sync::Arc;

/// Reads the clock. `main` gives it; commands read it once, the screen as long as it is open.
pub type Clock = fn() -> Timestamp;

/// What a command works with.
pub(in crate::cli) struct Cx {
    pub settings: Settings,
    pub now: Timestamp,
    pub json: bool,
    pub quiet: bool,
    pub out: StandardOutput,
    /// The moment that `--now` fixes.
    pub fixed_now: Option<Timestamp>,
    pub read_only: bool,
    /// The installed encoders.
    pub encoders: Arc<InstalledEncoders>,
    /// The moment that the store is to be read as of.
    pub as_of: Option<QueryMoment>,
    /// The copy that is read in the store's place, gone with this.
    pub looked_back: Option<StoreAsOf>,
    /// Set when the clock was found to be behind the newest decision.
    pub set_back: SetBack,
}

pub(in crate::cli) fn prepare(global: &GlobalFlags, clock: Timestamp) -> Result<Cx> {
    let settings = Settings::load(&global.flags(), &Environment::read())?;
    // Before anything computes.
    threads::prepare(settings.threads);
    let out = StandardOutput::new(settings.color);
    let (json, quiet, read_only) = (global.json, global.quiet, global.read_only);
    let encoders = Arc::new(InstalledEncoders::at(settings.encoders.clone()));
    let cx = Cx {
        encoders,
        now: global.now(clock),
        fixed_now: global.fixed_now(),
        json,
        quiet,
        out,
        read_only,
        as_of: global.as_of,
        looked_back: None,
        settings,
        set_back: SetBack::default(),
    };
    if global.verbose {
        let file = cx.settings.file.as_ref().map_or("none".into(), |f| f.display().to_string());
        let (store, who) = (cx.settings.store.display(), &cx.settings.reviewer);
        cx.note(&format!("store {store}, as {who}, now {}, configuration {file}", cx.now.rfc3339()));
    }
    if global.no_backup && cx.has_store()? {
        Store::update_without_copy(&cx.settings.store)?;
    }
    Ok(cx)
}

impl Cx {
    /// Says where counted days end, where that is not today; `counted`: days are counted at all.
    pub fn note_days(&self, store: &Store, counted: bool) -> Result<()> {
        let newest = if counted { store.newest(self.now)? } else { None };
        let zone = store.zone()?;
        if let Some(newest) = newest.filter(|&t| zone.day(t) < zone.day(self.now)) {
            let day = zone.format(newest, "%-d %b %Y");
            self.note(&format!("days count back from {day}, the day of the newest finished conversation"));
        }
        Ok(())
    }

    /// Says of how many conversations a query by sentiment knows nothing yet, where the live release has not read all.
    pub fn note_unfelt(&self, store: &Store, query: &Query) -> Result<()> {
        let asks = query.terms.iter().any(|t| matches!(t.filter, Filter::Sentiment(..) | Filter::Felt(..)));
        if asks && let Some(says) = unfelt(store.felt_so_far()?) {
            self.note(&says);
        }
        Ok(())
    }

    /// Opens a store that must be there: a mistyped path is no empty store.
    pub(in crate::cli) fn store(&self) -> Result<Store> {
        self.must_have_store()?;
        match self.store_or_new(Access::ReadWrite) {
            // What is there can be looked at all the same.
            Err(e) if e.downcast_ref::<StoreError>().is_some_and(StoreError::is_full) => {
                let store = self.store_or_new(Access::ReadOnly).map_err(|_| e)?;
                self.note("the disk is full: what is stored is shown, nothing can be changed until there is room");
                Ok(store)
            }
            opened => opened,
        }
    }

    /// Whether there is a store; an error where nobody may look.
    pub(in crate::cli) fn has_store(&self) -> Result<bool> {
        let path = &self.settings.store;
        let failed = |source| StoreError::File { path: path.clone(), source, read_only: self.read_only };
        Ok(path.try_exists().map_err(failed)?)
    }

    /// Refuses where there is no store.
    pub(in crate::cli) fn must_have_store(&self) -> Result<()> {
        if self.has_store()? {
            return Ok(());
        }
        bail!(
            "there is no store at {}; `appraise import FILE` makes one, --store PATH names another",
            self.settings.store.display()
        )
    }

    /// Opens the store, and makes it where there is none.
    pub(in crate::cli) fn store_or_new(&self, access: Access) -> Result<Store> {
        let access = if self.read_only { Access::ReadOnly } else { access };
        let store = Store::open(&self.settings.store, access, self.founding())?;
        if access != Access::ReadOnly && disk::anybody_may_read(&self.settings.store) {
            let place = self.settings.store.display();
            self.note(&format!("everybody on this machine may read {place}; `chmod o= {place}` keeps it to its owner"));
        }
        let store = store.with_encoders(self.encoders.clone()).with_outside(self.settings.outside.clone());
        Ok(store.with_set_back(self.set_back.clone()))
    }

    /// Prints one JSON value; turns, which the program knows by their keys, get the numbers that people see. Every object
    /// with a `turn` has the row of its conversation as `n`.
    pub(in crate::cli) fn numbered(&mut self, store: &Store, value: &impl Serialize) -> Result<()> {
        // By its text: a value made directly would widen single-precision numbers.
        let mut value: Value = serde_json::from_str(&serde_json::to_string(value)?)?;
        number_turns(store, &mut value)?;
        self.out.json(&value)
    }

    /// Where dense vectors come from: the one of a name, else the one that the store has chosen.
    pub(in crate::cli) fn vectors(&self, store: &Store, name: Option<&str>) -> Result<Vectors> {
        if let Some(name) = name {
            return Ok(Vectors::named(&self.encoders, name)?);
        }
        let vectors = Vectors::of_store(&self.encoders, store)?;
        if let Some(chosen) = store.encoder_name()?.filter(|chosen| chosen != vectors.name()) {
            self.note(&format!(
                "the store's encoder {chosen:?} is not installed; the built-in vectors are used (`appraise encoder add` \
                 installs it, `appraise encoder use static` settles it)"
            ));
        }
        Ok(vectors)
    }

    /// What embeds the texts of files: the encoder of a name, else the one of the store where there is one, else the
    /// built-in table.
    pub(in crate::cli) fn embedder(&self, name: Option<&str>) -> Result<Option<Arc<dyn Embedder>>> {
        let vectors = match name {
            None if self.has_store()? => self.vectors(&self.store_or_new(Access::ReadOnly)?, None)?,
            None => Vectors::Static,
            Some(name) => Vectors::named(&self.encoders, name)?,
        };
        Ok(vectors.open(&self.encoders)?)
    }

    /// What a store that is made now is founded on.
    pub(in crate::cli) fn founding(&self) -> Founding {
        Founding { seed: GROUP_SEED, test_share: self.settings.test_share, now: self.now }
    }

    /// Who decides.
    pub(in crate::cli) fn reviewer(&self) -> &str {
        &self.settings.reviewer
    }

    /// The keys of the screen, as the configuration has them.
    pub(in crate::cli) fn keymap(&self) -> Result<Keymap> {
        let file = || self.settings.file.as_ref().map_or_else(String::new, |f| f.display().to_string());
        Keymap::with_overrides(&self.settings.keys).with_context(|| format!("{}: [keys]", file()))
    }

    /// Says something beside the result, on standard error; not with `--quiet`.
    pub(in crate::cli) fn note(&self, words: &str) {
        if !self.quiet {
            // When standard error is closed nobody wants to know.
            let _ = writeln!(std::io::stderr(), "appraise: {}", text::clean_block(words));
        }
    }
}

/// That the live release has not read so many conversations for how customers feel, as what filters take them meanwhile, and what reads
/// them; `None`: it has read all.
pub(in crate::cli) fn unfelt(so_far: FeltSoFar) -> Option<String> {
    let left = so_far.all - so_far.read;
    let those = counted(left, "conversation is", "conversations are");
    let by = if left <= FELT_AT_ONCE { "the screen or the next import reads" } else { "the screen reads" };
    let taken = match so_far.before {
        0 => "not read yet, and filters by sentiment know nothing of them".to_owned(),
        n if n == left => "not read anew yet, and filters by sentiment take them as they were read before".to_owned(),
        n => format!("not read yet, and filters by sentiment take {} of them as they were read before", count(n)),
    };
    (left > 0).then(|| format!("how customers feel: {those} {taken}; {by} them"))
}

fn number_turns(store: &Store, value: &mut Value) -> Result<()> {
    match value {
        Value::Array(items) => items.iter_mut().try_for_each(|v| number_turns(store, v)),
        Value::Object(fields) => {
            let number = |key: &str| fields.get(key).and_then(Value::as_i64);
            if let (Some(n), Some(turn)) = (number("n"), number("turn").and_then(|t| u32::try_from(t).ok())) {
                fields.insert("turn".to_owned(), json!(store.place(ConversationId(n), TurnKey(turn))?));
            }
            fields.values_mut().try_for_each(|v| number_turns(store, v))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_read_yet_is_told_as_what_it_counts() {
        let says = |read, before| unfelt(FeltSoFar { read, all: 900, before }).unwrap_or_default();
        assert_eq!(says(900, 0), "");
        assert!(
            says(0, 0).contains("900 conversations are not read yet, and filters by sentiment know nothing of them")
        );
        assert!(
            says(0, 900).contains("not read anew yet, and filters by sentiment take them as they were read before")
        );
        assert!(says(899, 0).contains("1 conversation is not read yet"));
        assert!(says(0, 20).contains("take 20 of them as they were read before"));
    }
}
