//! The live release's answers on failing turns, renewed after a promotion: open and newest first, in short transactions,
//! so that people go on working and a restart goes on where it stopped.

use crate::domain::{IntentId, Outcome, ReleaseId};
use crate::learn::intent::IntentPrediction;
use crate::learn::signals::Signals;
use crate::store::decisions::projection_rules::{LogFacts, QueuePlace, place};
use crate::store::intents::names::IntentNames;
use crate::store::{DoingWhat, LearnerKind, Result, Store};
use rusqlite::{OptionalExtension, Row, params};
use std::cmp::Reverse;

/// Conversations a transaction.
const BATCH: usize = 200;

/// A conversation that is to be predicted.
pub(crate) struct StaleConversation {
    id: i64,
    turn: i64,
    /// What the customer said in the failing turn.
    pub(crate) text: String,
}

/// What is known of it when its prediction is written.
struct FormerPrediction {
    outcome: Outcome,
    label: Option<IntentId>,
    facts: LogFacts,
    place: QueuePlace,
}

impl Store {
    /// How many conversations still carry another release's answer, or none. Costs what is found.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn stale(&self) -> Result<u64> {
        let count = "SELECT count(*) FROM conversation WHERE predicted_by IS ? AND failing_turn IS NOT NULL";
        self.not_by_live()?.iter().map(|by| self.ids(count, &[by]).map(|n| n.iter().sum::<i64>() as u64)).sum()
    }

    /// Whether there are any. Costs a seek for each release.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn is_stale(&self) -> Result<bool> {
        let one = "SELECT 1 FROM conversation WHERE predicted_by IS ? AND failing_turn IS NOT NULL LIMIT 1";
        for by in self.not_by_live()? {
            if !self.ids(one, &[&by])?.is_empty() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Predicts one batch; returns how many. 0: all is renewed. What an encoder has to compute for it is kept. The write
    /// lock is held for the writing alone.
    ///
    /// # Errors
    /// The store cannot be read or written; the live release's encoder is not installed.
    pub fn renew_batch(&mut self) -> Result<u64> {
        let (Some(live), Some(model)) = (self.predicting()?, self.live_model()?) else { return Ok(0) };
        let batch = self.stale_batch()?;
        if batch.is_empty() {
            return Ok(0);
        }
        let texts: Vec<&str> = batch.iter().map(|s| s.text.as_str()).collect();
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
        batch: &[StaleConversation],
        predictions: &[Option<IntentPrediction>],
    ) -> Result<u64> {
        self.immediate("renewing predictions", |store| {
            let names = store.intent_names()?;
            batch
                .iter()
                .zip(predictions)
                .try_for_each(|(stale, p)| store.keep_prediction(stale, live, p.as_ref(), &names))?;
            Ok(batch.len() as u64)
        })
    }

    /// Writes what has changed and nothing else: an index whose columns are written is written too, changed or not.
    fn keep_prediction(
        &self,
        stale: &StaleConversation,
        live: ReleaseId,
        p: Option<&IntentPrediction>,
        names: &IntentNames,
    ) -> Result<()> {
        // Imported anew in between: it stays stale, and is predicted by what it says now.
        let Some(before) = self.before(stale)? else { return Ok(()) };
        let best = p.and_then(IntentPrediction::best);
        let facts = LogFacts {
            suggested: best.map(|b| b.0.0),
            suggested_confidence: best.map(|b| f64::from(b.1)),
            margin: p.filter(|p| p.best().is_some()).map(|p| f64::from(p.margin)),
            ..before.facts.clone()
        };
        let now = place(&facts, before.outcome, before.label, names);
        let run = |sql: &str, p: &[&dyn rusqlite::ToSql]| {
            self.conn.prepare_cached(sql).and_then(|mut s| s.execute(p)).map(drop).doing("renewing a prediction")
        };
        let answer = |f: &LogFacts| (f.suggested, f.suggested_confidence, f.margin);
        if now == before.place && answer(&facts) == answer(&before.facts) {
            return run("UPDATE conversation SET predicted_by = ? WHERE id = ?", &[&live.0, &stale.id]);
        }
        run(
            "UPDATE conversation SET suggested = ?, suggested_confidence = ?, margin = ?, predicted_by = ?, mismatch = ?,
                priority = ?, doubt = ? WHERE id = ?",
            params![
                facts.suggested,
                facts.suggested_confidence,
                facts.margin,
                live.0,
                now.mismatch,
                now.priority,
                now.doubt,
                stale.id
            ],
        )
    }

    /// What the store knows of a conversation now; `None` when its failing turn says something else than what was read.
    fn before(&self, stale: &StaleConversation) -> Result<Option<FormerPrediction>> {
        self.conn
            .prepare_cached(
                "SELECT c.outcome, c.label, c.intent, c.fallback, c.confidence, c.repeats, 
                    coalesce(c.signals, 0) | iif(c.felt < 0, 128, 0), c.suggested,
                    c.suggested_confidence, c.margin, c.mismatch, c.priority, c.doubt
                 FROM conversation c JOIN turn t ON t.id = (c.id << 20 | c.failing_turn)
                 WHERE c.id = ? AND c.failing_turn = ? AND t.text = ?",
            )
            .and_then(|mut s| s.query_row(params![stale.id, stale.turn, stale.text], before_of).optional())
            .doing("reading what is to be predicted")
    }

    /// The release whose intents are live: of what was learnt by itself, the one whose intents it carries; `None` where that carries none.
    /// Predictions are kept under its number, so that a new model of sentiment makes none of them stale.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn predicting(&self) -> Result<Option<ReleaseId>> {
        let Some(mut id) = self.live()? else { return Ok(None) };
        let up =
            "SELECT coalesce(parent, 0) FROM release WHERE id = ?1 AND recipe IN (SELECT value FROM json_each(?2))";
        let learners = serde_json::json!(LearnerKind::ALL.map(LearnerKind::recipe)).to_string();
        let mut seen = vec![id];
        while let Some(&parent) = self.ids(up, &[&id.0, &learners])?.first() {
            id = ReleaseId(parent);
            // The first release of a store may tell no intents: what waits for them waits for another release.
            if parent == 0 || seen.contains(&id) {
                return Ok(None);
            }
            seen.push(id);
        }
        Ok(Some(id))
    }

    /// Whoever else may have predicted what stands: nobody, or any release but the one whose intents are live.
    fn not_by_live(&self) -> Result<Vec<Option<i64>>> {
        let Some(live) = self.predicting()? else { return Ok(Vec::new()) };
        self.conn
            .prepare_cached("SELECT NULL UNION ALL SELECT id FROM release WHERE id <> ?")
            .and_then(|mut s| s.query_map([live.0], |r| r.get(0)).and_then(Iterator::collect))
            .doing("looking for old predictions")
    }

    /// The first of what is stale: open before the rest, newest first, whoever predicted it. One seek for each release,
    /// since the index cannot serve "is not".
    pub(crate) fn stale_batch(&self) -> Result<Vec<StaleConversation>> {
        let mut first: Vec<(i64, Reverse<i64>, Reverse<i64>)> = Vec::new();
        for by in self.not_by_live()? {
            let sql =
                "SELECT review, last_at, id FROM conversation WHERE predicted_by IS ? AND failing_turn IS NOT NULL
                ORDER BY review, last_at DESC, id DESC LIMIT ?";
            let key = |r: &Row<'_>| Ok((r.get(0)?, Reverse(r.get(1)?), Reverse(r.get(2)?)));
            let found: Vec<_> = self
                .conn
                .prepare_cached(sql)
                .and_then(|mut s| s.query_map(params![by, BATCH as i64], key).and_then(Iterator::collect))
                .doing("looking for old predictions")?;
            first.extend(found);
        }
        first.sort_unstable();
        first.truncate(BATCH);
        let sql =
            "SELECT c.failing_turn, t.text FROM conversation c JOIN turn t ON t.id = (c.id << 20 | c.failing_turn)
            WHERE c.id = ?";
        let mut text = self.conn.prepare_cached(sql).doing("reading what is to be predicted")?;
        let stale = |(_, _, Reverse(id)): (i64, Reverse<i64>, Reverse<i64>)| {
            text.query_row([id], |r| Ok(StaleConversation { id, turn: r.get(0)?, text: r.get(1)? }))
        };
        first.into_iter().map(stale).collect::<rusqlite::Result<_>>().doing("reading what is to be predicted")
    }
}

fn before_of(r: &Row<'_>) -> rusqlite::Result<FormerPrediction> {
    Ok(FormerPrediction {
        outcome: Outcome::from_code(r.get(0)?).unwrap_or(Outcome::Unknown),
        label: r.get::<_, Option<i64>>(1)?.map(IntentId),
        facts: LogFacts {
            intent: r.get(2)?,
            fallback: r.get(3)?,
            confidence: r.get(4)?,
            repeats: r.get(5)?,
            signals: Signals::from_bits(r.get(6)?),
            suggested: r.get(7)?,
            suggested_confidence: r.get(8)?,
            margin: r.get(9)?,
            ..LogFacts::default()
        },
        place: QueuePlace { mismatch: r.get(10)?, priority: r.get(11)?, doubt: r.get(12)? },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Conversation, DecisionChange, Role, Timestamp, Turn};
    use crate::store::{Founding, OnDuplicate};

    const NOW: Timestamp = Timestamp(1_790_000_000_000);

    /// Conversations with these reviews, last activities and predictors, in a store where v3 is live.
    fn store(rows: &[(i64, i64, Option<i64>)]) -> Store {
        let mut store = Store::in_memory(Founding { seed: 1, test_share: 0.0, now: NOW }).unwrap();
        store.reviewer_id("maria", NOW).unwrap();
        for (i, (review, last, by)) in rows.iter().enumerate() {
            put(&store, i, "where is it");
            let sql = "UPDATE conversation SET review = ?, last_at = ?, predicted_by = ? WHERE id = ?";
            store.conn.execute(sql, params![review, last, by, i as i64 + 1]).unwrap();
        }
        let sql =
            "INSERT INTO release(id, at, reviewer, recipe, seed, decision, trained_on, intents, sha256, train_seconds)
            SELECT value, 0, 1, '', 0, 0, 0, 0, '', 0 FROM json_each('[1, 2, 3]')";
        store.conn.execute(sql, []).unwrap();
        store.decide("maria", NOW, &[DecisionChange::live(ReleaseId(3)).because("test")]).unwrap();
        store
    }

    fn put(store: &Store, i: usize, text: &str) {
        let c = Conversation::new("shop", format!("c{i}"), vec![Turn::new(Role::User, text)]);
        store.immediate("test", |s| s.put(&c, text.as_bytes(), NOW, OnDuplicate::Update, &mut None)).unwrap();
    }

    fn waiting(store: &Store) -> Vec<i64> {
        store.stale_batch().unwrap().iter().map(|s| s.id).collect()
    }

    fn answer(store: &Store, stale: &StaleConversation, margin: f32) {
        let p = IntentPrediction {
            ranking: vec![(IntentId(1), 0.5 + margin / 2.0)],
            margin,
            score: 0.0,
            out_of_scope: false,
        };
        store.keep_prediction(stale, ReleaseId(3), Some(&p), &store.intent_names().unwrap()).unwrap();
    }

    #[test]
    fn what_is_open_and_new_comes_first_whoever_predicted_it() {
        let store = store(&[
            (0, 10, Some(1)),
            (0, 30, None),
            (1, 90, None),
            (0, 20, Some(2)),
            (1, 95, Some(1)),
            (0, 99, Some(3)),
        ]);
        assert_eq!(waiting(&store), [2, 4, 1, 5, 3]);
        assert_eq!((store.stale().unwrap(), store.is_stale().unwrap()), (5, true));
    }

    #[test]
    fn a_promotion_or_a_roll_back_changes_what_is_stale() {
        let mut store = store(&[(0, 10, Some(3)), (0, 20, Some(2))]);
        assert_eq!(waiting(&store), [2]);
        store.decide("maria", NOW, &[DecisionChange::live(ReleaseId(2)).because("test")]).unwrap();
        assert_eq!((waiting(&store), store.stale().unwrap()), (vec![1], 1));
    }

    #[test]
    fn a_prediction_moves_a_conversation_and_leaves_decisions_alone() {
        let store = store(&[(4, 10, None)]);
        let at = |s: &Store| {
            s.ids("SELECT priority FROM conversation UNION ALL SELECT review FROM conversation", &[]).unwrap()
        };
        let before = at(&store);
        let stale = store.stale_batch().unwrap();
        answer(&store, &stale[0], 0.75);
        let after = at(&store);
        assert!(after[0] < before[0], "surer than before: {before:?} {after:?}");
        assert_eq!((after[1], store.stale().unwrap()), (4, 0));
        let again = store.ids("SELECT mismatch FROM conversation", &[]).unwrap();
        store.refresh(crate::domain::ConversationId(1)).unwrap();
        assert_eq!((at(&store)[0], store.ids("SELECT mismatch FROM conversation", &[]).unwrap()), (after[0], again));
    }

    #[test]
    fn the_same_answer_again_only_says_whose_it_is() {
        let store = store(&[(0, 10, None)]);
        let stale = store.stale_batch().unwrap();
        answer(&store, &stale[0], 0.75);
        store.conn.execute_batch("UPDATE conversation SET predicted_by = 1;
            CREATE TEMP TRIGGER no_more BEFORE UPDATE OF priority ON conversation BEGIN SELECT raise(ABORT, 'written'); END").unwrap();
        answer(&store, &stale[0], 0.75);
        assert_eq!(store.stale().unwrap(), 0);
    }

    #[test]
    fn what_was_imported_anew_in_between_stays_stale() {
        let store = store(&[(0, 0, None)]);
        let stale = store.stale_batch().unwrap();
        // What the AI was least sure of is judged from now on.
        let said = Turn { confidence: Some(0.1), ..Turn::new(Role::User, "where is my money") };
        let c = Conversation::new("shop", "c0", vec![said]);
        store.immediate("test", |s| s.put(&c, b"anew", NOW, OnDuplicate::Update, &mut None)).unwrap();
        answer(&store, &stale[0], 0.75);
        assert_eq!(store.stale().unwrap(), 1);
        answer(&store, &store.stale_batch().unwrap()[0], 0.75);
        assert_eq!(store.stale().unwrap(), 0);
    }

    #[test]
    fn nothing_that_looks_for_stale_ones_scans_the_store() {
        let store = store(&[(0, 10, None)]);
        for sql in [
            "SELECT count(*) FROM conversation WHERE predicted_by IS ? AND failing_turn IS NOT NULL",
            "SELECT review, last_at, id FROM conversation WHERE predicted_by IS ? AND failing_turn IS NOT NULL
                ORDER BY review, last_at DESC, id DESC LIMIT 9",
        ] {
            let mut s = store.conn.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
            let steps: Vec<String> = s.query_map([1], |r| r.get(3)).unwrap().map(std::result::Result::unwrap).collect();
            assert!(steps.iter().all(|s| s.contains("SEARCH") && s.contains("INDEX conversation_stale")), "{steps:?}");
        }
    }
}
