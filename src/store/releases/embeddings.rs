//! Which encoder the store uses, and the vectors it keeps, so that an utterance is embedded once.

use crate::domain::SilentReporter;
use crate::learn::intent::IntentModel;
use crate::learn::vectors::embed::Embedder;
use crate::learn::vectors::encoder::{Encoders, RememberingEncoder, text_key};
use crate::store::{DoingWhat, Result, Store, StoreError};
use rusqlite::{OptionalExtension, params};
use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

/// Encoders by key.
#[derive(Default)]
struct OpenedEncoders(RefCell<HashMap<String, Arc<RememberingEncoder>>>);

/// The setting that names the encoder.
const ENCODER: &str = "encoder";
/// Vectors a transaction: a reviewer waits for it no longer than for an import's.
const BATCH: usize = 256;

impl Store {
    /// Tells the store where encoders are found; without, a release that needs one cannot be loaded.
    #[must_use]
    pub fn with_encoders(mut self, encoders: Arc<dyn Encoders>) -> Self {
        self.encoders = Some(encoders);
        self
    }

    /// The name of the encoder that new releases are trained with, if one was chosen: of an installed encoder, `static`
    /// or `none`.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn encoder_name(&self) -> Result<Option<String>> {
        self.setting(ENCODER)
    }

    /// Chooses the encoder that new releases are trained with.
    ///
    /// # Errors
    /// The store cannot be written.
    pub fn set_encoder_name(&self, name: &str) -> Result<()> {
        self.immediate("choosing an encoder", |store| {
            store
                .conn
                .execute("INSERT OR REPLACE INTO setting(key, value) VALUES (?, ?)", [ENCODER, name])
                .map(drop)
                .doing("choosing an encoder")
        })
    }

    /// The encoder whose vectors are known by `key`, with a memory of this store's own.
    ///
    /// # Errors
    /// It is not installed.
    pub fn encoder(&self, key: &str) -> Result<Arc<RememberingEncoder>> {
        if let Some(known) = self.kept.of::<OpenedEncoders>().0.borrow().get(key) {
            return Ok(known.clone());
        }
        let found = match &self.encoders {
            Some(encoders) => encoders.by_key(key).map_err(|e| StoreError::Encoder(e.to_string()))?,
            None => return Err(StoreError::Encoder(format!("the encoder {key:?} is needed, and none is at hand"))),
        };
        let encoder = Arc::new(RememberingEncoder::new(found));
        self.kept.of::<OpenedEncoders>().0.borrow_mut().insert(key.to_owned(), encoder.clone());
        Ok(encoder)
    }

    /// The encoder that a model of this store works with; `None` where it works with none or with the built-in table.
    pub fn encoder_of(&self, model: &IntentModel) -> Option<Arc<RememberingEncoder>> {
        model.embedder_key().and_then(|key| self.kept.of::<OpenedEncoders>().0.borrow().get(key).cloned())
    }

    /// Gives a model that has just been read the encoder it was trained with.
    pub(in crate::store) fn complete(&self, model: &mut IntentModel) -> Result<()> {
        let Some(key) = model.needs().map(str::to_owned) else { return Ok(()) };
        let encoder = self.encoder(&key)?;
        model.attach(encoder).map_err(|e| StoreError::Encoder(e.to_string()))
    }

    /// Brings the vectors of texts that the store has kept to the encoder's mind.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn recall_vectors(&self, encoder: &RememberingEncoder, texts: &[&str]) -> Result<()> {
        let mut read = self
            .conn
            .prepare_cached(
                "SELECT v.vector FROM embedding v JOIN encoder e ON e.id = v.encoder WHERE e.key = ? AND v.text = ?",
            )
            .doing("reading vectors")?;
        for text in encoder.unknown(texts) {
            let key = text_key(text);
            let vector: Option<Vec<u8>> =
                read.query_row(params![encoder.key(), key], |r| r.get(0)).optional().doing("reading a vector")?;
            if let Some(vector) = vector {
                encoder.recall(key, vector);
            }
        }
        Ok(())
    }

    /// Has the vectors of texts ready that a model is about to be asked about: kept ones are read, others computed in
    /// one go and kept.
    pub(in crate::store) fn embed_for(&self, model: &IntentModel, texts: &[&str]) -> Result<()> {
        let Some(encoder) = self.encoder_of(model) else { return Ok(()) };
        self.recall_vectors(&encoder, texts)?;
        // `Silent` never cancels.
        let _ = encoder.embed(texts, &SilentReporter);
        self.keep_vectors(&encoder)
    }

    /// Keeps what the encoder has computed since the last time, in short transactions; a read-only store keeps nothing.
    ///
    /// # Errors
    /// The store cannot be written.
    pub fn keep_vectors(&self, encoder: &RememberingEncoder) -> Result<()> {
        let fresh = encoder.take_fresh();
        if self.is_read_only() {
            return Ok(());
        }
        for batch in fresh.chunks(BATCH) {
            self.immediate("keeping vectors", |store| {
                store
                    .conn
                    .execute("INSERT OR IGNORE INTO encoder(key) VALUES (?)", [encoder.key()])
                    .doing("keeping vectors")?;
                let mut put = store
                    .conn
                    .prepare_cached(
                        "INSERT OR IGNORE INTO embedding(encoder, text, vector)
                         SELECT id, ?2, ?3 FROM encoder WHERE key = ?1",
                    )
                    .doing("keeping vectors")?;
                for (text, vector) in batch {
                    put.execute(params![encoder.key(), text, vector]).doing("keeping a vector")?;
                }
                Ok(())
            })?;
        }
        Ok(())
    }
}
