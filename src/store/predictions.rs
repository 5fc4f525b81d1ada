//! The live release's answers on failing turns, renewed after a promotion: open and newest first, in short transactions,
//! so that people go on working and a restart goes on where it stopped.

use super::{Doing, Result, Store, turn_id};
use crate::domain::{ConversationId, ReleaseId};
use crate::learn::intent::Prediction;
use rusqlite::params;

/// Conversations a transaction.
const BATCH: i64 = 200;

impl Store {
    /// How many conversations still carry another release's answer, or none.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn stale(&self) -> Result<u64> {
        let Some(live) = self.live()? else { return Ok(0) };
        self.conn
            .query_row(
                "SELECT count(*) FROM conversation WHERE failing_turn IS NOT NULL AND predicted_by IS NOT ?",
                [live.0],
                |r| r.get(0),
            )
            .doing("counting what is to be predicted")
    }

    /// Predicts one batch; returns how many. 0: all is renewed. What an encoder has to compute for it is kept.
    ///
    /// # Errors
    /// The store cannot be read or written; the live release's encoder is not installed.
    pub fn renew_batch(&mut self) -> Result<u64> {
        let (Some(live), Some(model)) = (self.live()?, self.live_model()?) else { return Ok(0) };
        let batch = self.stale_batch(live)?;
        let texts: Vec<&str> = batch.iter().map(|(_, _, text)| text.as_str()).collect();
        self.embed_for(&model, &texts)?;
        let predictions: Vec<_> = model.predict_batch(&texts).into_iter().map(Some).collect();
        self.keep_renewed(live, &batch, &predictions)
    }

    /// Keeps a release's answers to a [`Self::stale_batch`], `None` for a turn that it has no guess for; returns how many.
    ///
    /// # Errors
    /// The store cannot be written.
    pub(crate) fn keep_renewed(
        &mut self,
        live: ReleaseId,
        batch: &[(i64, u32, String)],
        predictions: &[Option<Prediction>],
    ) -> Result<u64> {
        self.immediate("renewing predictions", |store| {
            let names = store.intent_names()?;
            for ((id, turn, _), p) in batch.iter().zip(predictions) {
                let (best, margin) = (p.as_ref().and_then(Prediction::best), p.as_ref().map(|p| f64::from(p.margin)));
                store
                    .conn
                    .prepare_cached(
                        "UPDATE conversation SET suggested = ?, suggested_confidence = ?, margin = ?, predicted_by = ? WHERE id = ?",
                    )
                    .and_then(|mut s| {
                        s.execute(params![best.map(|b| b.0.0), best.map(|b| f64::from(b.1)), margin, live.0, id])
                    })
                    .doing("renewing a prediction")?;
                if let Some((intent, confidence)) = best {
                    store
                        .conn
                        .prepare_cached("INSERT OR REPLACE INTO prediction(turn, release, intent, confidence, margin) VALUES (?, ?, ?, ?, ?)")
                        .and_then(|mut s| {
                            let turn = turn_id(ConversationId(*id), *turn);
                            s.execute(params![turn, live.0, intent.0, f64::from(confidence), margin.unwrap_or(0.0)])
                        })
                        .doing("keeping a prediction")?;
                }
                store.refresh_with(ConversationId(*id), &names)?;
            }
            Ok(batch.len() as u64)
        })
    }

    /// Conversations with another release's answer, or none: row, failing turn and its text. Newest and open first.
    ///
    /// # Errors
    /// The store cannot be read.
    pub(crate) fn stale_batch(&self, live: ReleaseId) -> Result<Vec<(i64, u32, String)>> {
        // One seek for each release that still has predictions standing: the index cannot serve "is not".
        let sources: Vec<Option<i64>> = self
            .conn
            .prepare_cached("SELECT NULL UNION ALL SELECT id FROM release WHERE id <> ? ORDER BY 1")
            .and_then(|mut s| s.query_map([live.0], |r| r.get(0)).and_then(Iterator::collect))
            .doing("looking for old predictions")?;
        for by in sources {
            let found: Vec<(i64, u32, String)> = self
                .conn
                .prepare_cached(
                    "SELECT c.id, c.failing_turn, t.text FROM conversation c JOIN turn t ON t.id = (c.id << 20 | c.failing_turn)
                     WHERE c.predicted_by IS ? AND c.failing_turn IS NOT NULL ORDER BY c.review, c.last_at DESC, c.id DESC LIMIT ?",
                )
                .and_then(|mut s| {
                    s.query_map(params![by, BATCH], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?))).and_then(Iterator::collect)
                })
                .doing("reading what is to be predicted")?;
            if !found.is_empty() {
                return Ok(found);
            }
        }
        Ok(Vec::new())
    }
}
