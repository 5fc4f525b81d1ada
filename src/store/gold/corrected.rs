//! Corrected gold labels: a version stays as it is, a correction makes a new one.

use crate::base::counted::counted;
use crate::domain::review::decision::{join_ids, split_ids};
use crate::domain::{GoldVersion, IntentId, Kind, Role, Timestamp};
use crate::store::conversations::word_digests::words_digest;
use crate::store::{DoingWhat, Result, Store};
use rusqlite::{Row, params};

/// A turn of the newest version and what stands on it today.
struct CorrectedGold {
    turn: i64,
    half: i64,
    intents: String,
    weight: f64,
    /// The words that were frozen; `None` in a store whose turn is gone.
    words: Option<[u8; 16]>,
    /// What stands on it, where that was said of the words that it has now.
    label: Option<String>,
    /// The words that it has now, where they are a customer's.
    now: Option<[u8; 16]>,
}

impl Store {
    /// Makes a new version where labels of the newest one's turns have been changed or taken back since: the same turns,
    /// corrected, and no others. It goes on counting the looks of the version before, since its sealed turns have been
    /// looked at as often. `None` where nothing has changed, or nothing would be left.
    ///
    /// # Errors
    /// The store cannot be written.
    pub fn correct_gold(&mut self, reviewer: &str, now: Timestamp) -> Result<Option<GoldVersion>> {
        let Some(newest) = self.gold_version()? else { return Ok(None) };
        let (items, changed, gone) = self.corrected(newest)?;
        if items.is_empty() || changed + gone == 0 {
            return Ok(None);
        }
        self.immediate("correcting the gold set", |store| {
            // What was read before the lock was taken may have changed meanwhile.
            let (items, changed, gone) = store.corrected(newest)?;
            let who = store.reviewer_id(reviewer, now)?;
            let decision = store.last_decision()?;
            store
                .conn
                .execute(
                    "INSERT INTO gold_version(at, reviewer, reason, decision, looks)
                     SELECT ?, ?, ?, ?, looks FROM gold_version WHERE version = ?",
                    params![store.dated(now)?.0, who, words(changed, gone), decision.0, newest.0],
                )
                .doing("correcting the gold set")?;
            let version = store.conn.last_insert_rowid();
            let mut s = store
                .conn
                .prepare_cached(
                    "INSERT INTO gold_item(version, turn, half, intents, weight, words) VALUES (?, ?, ?, ?, ?, ?)",
                )
                .doing("correcting the gold set")?;
            for i in &items {
                s.execute(params![version, i.turn, i.half, i.intents, i.weight, i.now])
                    .doing("correcting a gold turn")?;
            }
            Ok(Some(GoldVersion(version)))
        })
    }

    /// The turns of a version under today's labels; how many changed, and how many have none any more. Turns whose words
    /// have changed go, unless somebody has labelled them since. A label whose intent
    /// was retired stays as it was frozen: that nobody uses the intent does not make the label wrong.
    fn corrected(&self, version: GoldVersion) -> Result<(Vec<CorrectedGold>, usize, usize)> {
        let names = self.intent_names()?;
        let sql = "SELECT g.turn, g.half, g.intents, g.weight, g.words, k.value, t.text FROM gold_item g
            LEFT JOIN turn t ON t.id = g.turn AND t.role = ?3
            LEFT JOIN current k ON k.subject = g.turn >> 20 AND k.kind = ?1 AND k.turn = g.turn & 1048575
                AND NOT EXISTS(SELECT 1 FROM reworded w WHERE w.turn = g.turn AND w.decision >= k.decision)
            WHERE g.version = ?2 ORDER BY g.turn";
        let read = |r: &Row<'_>| {
            let text: Option<String> = r.get(6)?;
            Ok(CorrectedGold {
                turn: r.get(0)?,
                half: r.get(1)?,
                intents: r.get(2)?,
                weight: r.get(3)?,
                words: r.get(4)?,
                label: r.get(5)?,
                now: text.as_deref().map(words_digest),
            })
        };
        let mut items: Vec<CorrectedGold> = self
            .conn
            .prepare_cached(sql)
            .and_then(|mut s| {
                s.query_map(params![Kind::Intent.code(), version.0, Role::User.code()], read)
                    .and_then(Iterator::collect)
            })
            .doing("comparing the gold set with the labels")?;
        let today = |value: &str| {
            let mut ids: Vec<IntentId> = Vec::new();
            for id in split_ids(value).into_iter().map(|i| names.today(i)) {
                if !ids.contains(&id) {
                    ids.push(id);
                }
            }
            ids
        };
        let before = items.len();
        items.retain(|i| i.label.is_some() && i.now.is_some());
        let mut changed = 0;
        for item in &mut items {
            let label: Vec<IntentId> = item.label.as_deref().map(today).unwrap_or_default();
            let active: Vec<IntentId> = label.iter().copied().filter(|&i| names.is_active(i)).collect();
            if !active.is_empty() && label != today(&item.intents) {
                (item.intents, changed) = (join_ids(&active), changed + 1);
            } else if item.words != item.now {
                changed += 1;
            }
        }
        let gone = before - items.len();
        Ok((items, changed, gone))
    }
}

fn words(changed: usize, gone: usize) -> String {
    let labels = |n: usize| counted(n as u64, "gold label", "gold labels");
    match (changed, gone) {
        (n, 0) => format!("{} corrected", labels(n)),
        (0, n) => format!("{} taken back or on words that have changed", labels(n)),
        (a, b) => format!("{} corrected, {} taken back or on words that have changed", labels(a), labels(b)),
    }
}
