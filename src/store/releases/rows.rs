//! The registry: releases, their artefacts, comparisons, and which release is live.

use crate::domain::{
    BeforeIs, Comparison, CycleId, DecisionChange, DecisionId, DecisionTarget, Findings, Gate, GoldVersion, Kind,
    ReleaseId, Timestamp, Verdict,
};
use crate::learn::intent::IntentModel;
use crate::learn::release::artefact;
use crate::learn::release::artefact::Artefact;
use crate::store::codes::RUNNING;
use crate::store::{
    ANSWERS, DoingWhat, MadeOutside, NewDispute, NotedOrigin, ReleaseReason, ReleaseRow, Result, ShownRollback, Store,
    StoreError, in_use_as,
};
use rusqlite::{OptionalExtension, Row, params};
use std::cell::RefCell;
use std::sync::Arc;

/// The model of a release: the live one's.
#[derive(Default)]
struct LiveModel(RefCell<Option<(ReleaseId, Arc<IntentModel>)>>);

/// A release about to be stored.
#[derive(Clone, Debug)]
pub struct NewRelease {
    /// Trained from.
    pub parent: Option<ReleaseId>,
    /// Trainer and recipe, in words.
    pub recipe: String,
    /// Seed of the run.
    pub seed: u64,
    /// Position in the decision log that it was trained up to.
    pub decision: DecisionId,
    /// Gold version at the time.
    pub gold_version: Option<GoldVersion>,
    /// The cycle it was trained for.
    pub cycle: Option<CycleId>,
    /// Examples trained on.
    pub trained_on: u64,
    /// Intents it knows.
    pub intents: u64,
    /// Seconds of training.
    pub train_seconds: f64,
    /// Packed ids of training turns that were held out because they repeat gold texts.
    pub held_out: Vec<i64>,
    /// Labels that the candidate disputes.
    pub disputes: Vec<NewDispute>,
    /// The artefact.
    pub artefact: Vec<u8>,
    /// What made it outside, if something did.
    pub outside: Option<MadeOutside>,
    /// What it was made from; `None` where nothing here was.
    pub noted: Option<NotedOrigin>,
}

impl Store {
    /// Stores a release with its artefact and its first comparison, all or nothing.
    ///
    /// # Errors
    /// The store cannot be written.
    pub fn add_release(
        &mut self,
        reviewer: &str,
        now: Timestamp,
        new: &NewRelease,
        findings: Findings,
    ) -> Result<Comparison> {
        self.immediate("storing a release", |store| {
            let now = store.dated(now)?;
            let who = store.reviewer_id(reviewer, now)?;
            let noted = new.noted.as_ref().map(serde_json::to_string).transpose();
            let noted = noted.map_err(|e| StoreError::Damaged(e.to_string()))?;
            store
                .conn
                .execute(
                    "INSERT INTO release(parent, at, reviewer, recipe, seed, decision, gold_version, cycle, trained_on, intents,
                        sha256, train_seconds, outside, origin) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    params![
                        new.parent.map(|r| r.0),
                        now.0,
                        who,
                        new.recipe,
                        new.seed as i64,
                        new.decision.0,
                        new.gold_version.map(|v| v.0),
                        new.cycle.map(|c| c.0),
                        new.trained_on as i64,
                        new.intents as i64,
                        artefact::sha256(&new.artefact),
                        new.train_seconds,
                        new.outside.as_ref().map(|o| &o.by),
                        noted
                    ],
                )
                .doing("storing a release")?;
            let id = ReleaseId(store.conn.last_insert_rowid());
            store
                .conn
                .execute("INSERT INTO artefact(release, data) VALUES (?, ?)", params![id.0, new.artefact])
                .doing("storing an artefact")?;
            match &new.outside {
                // It disputes nothing; an AI that was trained elsewhere had nothing held out either.
                Some(outside) => {
                    store.put_answers(id, &outside.answers)?;
                    if new.trained_on > 0 {
                        store.keep_held_out(id, &new.held_out)?;
                    }
                }
                None => store.keep_found(id, new)?,
            }
            store.add_comparison(reviewer, now, id, findings)
        })
    }

    /// Keeps what a run found out about the labels.
    fn keep_found(&self, id: ReleaseId, new: &NewRelease) -> Result<()> {
        self.keep_held_out(id, &new.held_out)?;
        let disputed = self.keep_disputes(&new.disputes)?;
        self.conn
            .execute("UPDATE release SET disputed = ? WHERE id = ?", params![disputed as i64, id.0])
            .map(drop)
            .doing("keeping disputed labels")
    }

    /// The artefact of a release.
    ///
    /// # Errors
    /// No such release; its bytes are damaged; the encoder that it was trained with is not installed.
    pub fn artefact(&self, id: ReleaseId) -> Result<Artefact> {
        let found: Option<(Vec<u8>, String)> = self
            .conn
            .query_row(
                "SELECT a.data, r.sha256 FROM artefact a JOIN release r ON r.id = a.release WHERE a.release = ?",
                [id.0],
                |r| Ok((r.get(0)?, r.get(1)?)),
            )
            .optional()
            .doing("reading an artefact")?;
        let (bytes, sha256) = found.ok_or_else(|| no_release(&format!("v{}", id.0)))?;
        if artefact::sha256(&bytes) != sha256 {
            return Err(StoreError::Damaged(format!("the artefact of release v{} has changed", id.0)));
        }
        let mut artefact = Artefact::from_bytes(&bytes)
            .map_err(|e| StoreError::Damaged(format!("the artefact of release v{} cannot be read ({e})", id.0)))?;
        if let Some(model) = &mut artefact.intents {
            self.complete(model).map_err(|e| StoreError::Encoder(format!("release v{}: {e}", id.0)))?;
        }
        Ok(artefact)
    }

    /// The live release, if any.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn live(&self) -> Result<Option<ReleaseId>> {
        let value = self.current_value(Kind::Live, DecisionTarget { subject: 0, turn: None })?;
        Ok(value.and_then(|(v, _, _)| v.parse().ok()).map(ReleaseId))
    }

    /// The live release's intent model, loaded once for each promotion.
    ///
    /// # Errors
    /// The store cannot be read, the artefact is damaged, or its encoder is not installed.
    pub fn live_model(&self) -> Result<Option<Arc<IntentModel>>> {
        let Some(live) = self.live()? else { return Ok(None) };
        if let Some((id, model)) = &*self.kept.of::<LiveModel>().0.borrow()
            && *id == live
        {
            return Ok(Some(model.clone()));
        }
        let Some(model) = self.artefact(live)?.intents.map(Arc::new) else { return Ok(None) };
        *self.kept.of::<LiveModel>().0.borrow_mut() = Some((live, model.clone()));
        Ok(Some(model))
    }

    /// Makes a release the live one, whatever is live. Checks no gate: that is `jobs::promote`.
    #[cfg(test)]
    pub(crate) fn set_live(&mut self, reviewer: &str, now: Timestamp, id: ReleaseId, reason: &str) -> Result<()> {
        let beside = self.live()?;
        self.set_live_beside(reviewer, now, id, beside, reason)
    }

    /// Makes a release the live one, unless something else is live by now than `beside`: what it was judged beside and takes its other
    /// sections from. Checks no gate: that is `jobs::promote`.
    ///
    /// # Errors
    /// No such release; it is live already; something else is live; the store cannot be written.
    pub fn set_live_beside(
        &mut self,
        reviewer: &str,
        now: Timestamp,
        id: ReleaseId,
        beside: Option<ReleaseId>,
        reason: &str,
    ) -> Result<()> {
        self.release(id)?;
        self.immediate("making a release live", |store| match store.live()? {
            Some(live) if live == id => Err(StoreError::refused(format!("v{} is live already", id.0))),
            live if live != beside => Err(changed_meanwhile(live)),
            _ => store.go_live_within(reviewer, now, id, reason),
        })
    }

    /// Makes a roll-back, if it is the one that is possible.
    ///
    /// # Errors
    /// It is not: something else went live meanwhile; the store cannot be written.
    pub fn roll_back(&mut self, reviewer: &str, now: Timestamp, back: ShownRollback, reason: &str) -> Result<()> {
        self.immediate("rolling back", |store| match (store.possible_rollback()? == Some(back), back.to) {
            (false, _) => Err(changed_meanwhile(store.live()?)),
            (true, Some(to)) => store.go_live_within(reviewer, now, to, reason),
            (true, None) => {
                store.decide_within(reviewer, now, &[DecisionChange::nothing_live().because(reason)]).map(drop)
            }
        })
    }

    /// Makes a release live, within a transaction.
    pub(super) fn go_live_within(&self, reviewer: &str, now: Timestamp, id: ReleaseId, reason: &str) -> Result<()> {
        self.decide_within(reviewer, now, &[DecisionChange::live(id).because(reason)])?;
        self.keep_served(self.last_decision()?)
    }

    /// Rejects a candidate; it stays in the registry.
    ///
    /// # Errors
    /// No such release; it is live, or what is live carries a part of it.
    pub fn reject(&mut self, reviewer: &str, now: Timestamp, id: ReleaseId, reason: &str) -> Result<()> {
        let row = self.release(id)?;
        let live = self.live()?;
        if let (Some(standing), Some(live)) = (in_use_as(&row.in_use_for), live) {
            let what = match standing {
                ANSWERS => "answers customers".to_owned(),
                _ => format!("is in use for {}", row.in_use_for.join(" and ")),
            };
            return Err(StoreError::refused(format!(
                "v{} {what}: v{}, which is live, carries that part of it; promote another release first",
                id.0, live.0
            )));
        }
        if live == Some(id) {
            return Err(StoreError::refused(format!("v{} is live; `appraise rollback` takes it back", id.0)));
        }
        self.decide(reviewer, now, &[DecisionChange::reject(id).because(reason)]).map(drop)
    }

    /// One release.
    ///
    /// # Errors
    /// No such release.
    pub fn release(&self, id: ReleaseId) -> Result<ReleaseRow> {
        self.release_rows(Some(id))?.pop().ok_or_else(|| no_release(&format!("v{}", id.0)))
    }

    /// A release by name: `v3` or `3`, `live`, or `newest`.
    ///
    /// # Errors
    /// No such release.
    pub fn find_release(&self, name: &str) -> Result<ReleaseId> {
        let id = match name {
            "live" => self.live()?,
            "newest" | "candidate" => {
                self.ids("SELECT id FROM release ORDER BY id DESC LIMIT 1", &[])?.first().copied().map(ReleaseId)
            }
            _ => name.strip_prefix('v').unwrap_or(name).parse().ok().map(ReleaseId),
        };
        let id = id.ok_or_else(|| no_release(name))?;
        self.release(id).map(|r| r.release)
    }

    /// All releases, newest first.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn releases(&self) -> Result<Vec<ReleaseRow>> {
        self.release_rows(None)
    }

    /// One release, or all of them, newest first.
    fn release_rows(&self, only: Option<ReleaseId>) -> Result<Vec<ReleaseRow>> {
        let (live, parts, carried) = (self.live()?, self.live_parts()?, self.carried_intents()?);
        let sql = "SELECT l.id, l.parent, l.at, p.name, l.recipe, l.seed, l.decision, l.gold_version, l.trained_on, l.intents,
                l.sha256, length(a.data), l.train_seconds,
                iif(json_extract(x.report, '$.after.n') > 0, json_extract(x.report, '$.after.accuracy'), NULL), x.verdict, x.gate,
                EXISTS(SELECT 1 FROM current k WHERE k.kind = ?1 AND k.subject = l.id AND k.decision >
                    (SELECT coalesce(max(d.id), 0) FROM decision d WHERE d.kind = ?2 AND d.after = CAST(l.id AS TEXT))),
                EXISTS(SELECT 1 FROM decision d WHERE d.kind = ?2 AND d.after = CAST(l.id AS TEXT)),
                (SELECT json_group_array(json_array(w.reason, w.at, w.kind = ?1)) FROM (SELECT reason, at, kind FROM decision d WHERE d.reason IS NOT NULL AND
                    (d.kind = ?2 AND d.after = CAST(l.id AS TEXT) OR d.kind = ?1 AND d.subject = l.id) ORDER BY d.id DESC) w), l.outside,
                coalesce(json_extract(x.report, '$.after.n'), 0), x.gold_version, x.before_release, json_extract(x.report, '$.before_is'),
                coalesce((SELECT json_array(n.learner, json_extract(n.report, '$.verdict')) FROM learned n WHERE n.release = l.id),
                    (SELECT json_array(substr(l.recipe, length('learns ') + 1), json(s.value)) FROM setting s
                        WHERE s.key = 'verdict:' || l.id AND json_valid(s.value)))
            FROM release l JOIN reviewer p ON p.id = l.reviewer LEFT JOIN artefact a ON a.release = l.id
            LEFT JOIN comparison x ON x.id = (SELECT max(id) FROM comparison y WHERE y.release = l.id
                AND NOT coalesce(json_extract(y.report, '$.same_intents'), 0))
            WHERE ?3 IS NULL OR l.id = ?3 ORDER BY l.id DESC";
        self.conn
            .prepare_cached(sql)
            .and_then(|mut s| {
                let params = params![Kind::ReleaseState.code(), Kind::Live.code(), only.map(|id| id.0)];
                s.query_map(params, |r| release_of(r, live, &parts)).and_then(Iterator::collect)
            })
            .map(|rows: Vec<ReleaseRow>| {
                let named = |r: ReleaseRow| {
                    let compared_intents = r.compared_with.and_then(|with| carried.get(&with).copied());
                    ReleaseRow { compared_intents, ..r }
                };
                rows.into_iter().map(named).collect()
            })
            .doing("listing the releases")
    }

    /// The decision up to which the newest release was trained.
    pub(in crate::store) fn trained_up_to(&self) -> Result<Option<DecisionId>> {
        self.conn
            .query_row("SELECT max(decision) FROM release", [], |r| r.get::<_, Option<i64>>(0))
            .map(|d| d.map(DecisionId))
            .doing("reading what the newest release was trained on")
    }

    /// Begins a run; returns its row.
    ///
    /// # Errors
    /// The store cannot be written.
    pub fn begin_run(&self, reviewer: &str, now: Timestamp, cycle: Option<CycleId>) -> Result<i64> {
        self.immediate("beginning a run", |s| {
            let who = s.reviewer_id(reviewer, now)?;
            s.conn
                .execute(
                    &format!(
                        "INSERT INTO run(kind, at, reviewer, state, cycle) VALUES ('finetune', ?, ?, '{RUNNING}', ?)"
                    ),
                    params![now.0, who, cycle.map(|c| c.0)],
                )
                .doing("beginning a run")?;
            Ok(s.conn.last_insert_rowid())
        })
    }

    /// Ends a run: `done`, `cancelled` or `failed`.
    ///
    /// # Errors
    /// The store cannot be written.
    pub fn end_run(&self, run: i64, state: &str, release: Option<ReleaseId>, detail: Option<&str>) -> Result<()> {
        self.conn
            .execute(
                "UPDATE run SET state = ?, release = ?, detail = ? WHERE id = ?",
                params![state, release.map(|r| r.0), detail, run],
            )
            .map(drop)
            .doing("ending a run")
    }
}

/// Whoever looked at what was live before is told what is now.
fn changed_meanwhile(live: Option<ReleaseId>) -> StoreError {
    let now = live.map_or("nothing is live any more".to_owned(), |v| format!("v{} went live meanwhile", v.0));
    StoreError::refused(format!("{now}; look again, and decide anew"))
}

fn no_release(name: &str) -> StoreError {
    match name {
        "live" => {
            let next = "`appraise promote RELEASE` makes one live, `appraise finetune` trains one";
            return StoreError::refused(format!("no release is live yet; {next}"));
        }
        "newest" => return StoreError::refused("there is no release yet; `appraise finetune` trains one"),
        _ => {}
    }
    StoreError::NotFound { what: "release", name: name.to_owned(), hint: "`appraise models` lists them".to_owned() }
}

/// Why a release was made live or rejected, of a list of words, times and whether it was rejected, the newest first.
fn reasons(list: &str) -> Vec<ReleaseReason> {
    let all: Vec<(String, i64, u8)> = serde_json::from_str(list).unwrap_or_default();
    let read = |(words, at, rejection)| ReleaseReason { words, at: Timestamp(at), is_rejection: rejection == 1 };
    let mut out: Vec<ReleaseReason> = all.into_iter().map(read).collect();
    let promoted = out.iter().position(|reason| !reason.is_rejection).unwrap_or(out.len());
    let mut at = 0..;
    out.retain(|reason| at.next() < Some(promoted) || !reason.is_rejection);
    out
}

fn release_of(
    r: &Row<'_>,
    live: Option<ReleaseId>,
    parts: &[(&'static str, ReleaseId)],
) -> rusqlite::Result<ReleaseRow> {
    let id = ReleaseId(r.get(0)?);
    let (rejected, was_live): (bool, bool) = (r.get(16)?, r.get(17)?);
    let state = match () {
        () if live == Some(id) => "live",
        // A later promotion takes a rejection back.
        () if rejected => "rejected",
        () if was_live => "former",
        () => "candidate",
    };
    Ok(ReleaseRow {
        release: id,
        parent: r.get::<_, Option<i64>>(1)?.map(ReleaseId),
        at: Timestamp(r.get(2)?),
        by: r.get(3)?,
        state: state.to_owned(),
        recipe: r.get(4)?,
        seed: r.get::<_, i64>(5)? as u64,
        decision: DecisionId(r.get(6)?),
        gold_version: r.get::<_, Option<i64>>(7)?.map(GoldVersion),
        trained_on: r.get(8)?,
        intents: r.get(9)?,
        sha256: r.get(10)?,
        bytes: r.get::<_, Option<u64>>(11)?.unwrap_or(0),
        train_seconds: r.get(12)?,
        accuracy: r.get(13)?,
        verdict: r.get::<_, Option<i64>>(14)?.and_then(Verdict::from_code),
        gate: r.get::<_, Option<i64>>(15)?.and_then(Gate::from_code),
        in_use_for: parts.iter().filter(|(_, by)| *by == id && live != Some(id)).map(|(part, _)| *part).collect(),
        reasons: reasons(&r.get::<_, String>(18)?),
        outside: r.get(19)?,
        sealed: r.get(20)?,
        measured_on: r.get::<_, Option<i64>>(21)?.map(GoldVersion),
        compared_with: r.get::<_, Option<i64>>(22)?.map(ReleaseId),
        compared_intents: None,
        before_is: r.get::<_, Option<String>>(23)?.and_then(|name| BeforeIs::from_name(&name)),
        learned: r.get::<_, Option<String>>(24)?.and_then(|told| serde_json::from_str(&told).ok()),
    })
}
