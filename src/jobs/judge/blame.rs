//! Which new labels broke a turn, and what happens without them.

use crate::domain::{ConversationId, DecisionId, IntentId, ReleaseId, Reporter, Timestamp, TurnKey};
use crate::jobs::JobError;
use crate::jobs::encoders::ready_for;
use crate::jobs::predict::predictor::{Measured, Predictor};
use crate::jobs::train::guard::{guard, rules_of};
use crate::learn::contract::{ExplainedModel, Predict};
use crate::learn::intent::{IntentContrast, LabelledWords};
use crate::learn::judge::scores::right;
use crate::store::{GoldHalf, GoldItem, LabelFact, ReadMoment, Store, TrainingExample, split_turn, turn_id};
use crate::text::has_content;
use serde::Serialize;
use std::collections::BTreeMap;

/// What the ranking is, in words.
pub const METHOD: &str = "heuristic: each new label's part of the difference between the scores of the two intents";

/// Why a turn is answered as it is.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Blame {
    /// The release that answers so.
    pub release: ReleaseId,
    /// What it is compared with; `None`: nothing of this store.
    pub before: Option<ReleaseId>,
    /// Whose intents that carries, where they are another's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before_intents: Option<ReleaseId>,
    /// `source:id`.
    pub id: String,
    /// Its row.
    pub n: ConversationId,
    /// Turn number.
    pub turn: TurnKey,
    /// What the customer said.
    pub text: String,
    /// Gold intents by name.
    pub gold: Vec<String>,
    /// What `before` says to it; `None` without a guess or without a `before`.
    pub said_before: Option<String>,
    /// What the release says to it.
    pub says: Option<String>,
    /// Right before, wrong now.
    pub broken: bool,
    /// The intent that the labels pull towards.
    pub towards: String,
    /// [`METHOD`].
    pub method: &'static str,
    /// Labels that the release learned from and `before` did not.
    pub new_labels: u64,
    /// Labels that it was trained without, on purpose.
    pub without: u64,
    /// The new labels that pull most, first.
    pub labels: Vec<LabelPull>,
    /// The same by who gave them in one step, the strongest first.
    pub groups: Vec<BlamedStep>,
}

impl Blame {
    /// The release whose intents stand before, where it is one: as people know it.
    pub fn before_named(&self) -> Option<ReleaseId> {
        self.before_intents.or(self.before)
    }
}

/// A label that pulls.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LabelPull {
    /// The decision that gave it: what `--drop` takes.
    pub decision: DecisionId,
    /// `source:id`; `None` for a base example.
    pub id: Option<String>,
    /// Its row.
    pub n: Option<ConversationId>,
    /// Turn number.
    pub turn: Option<TurnKey>,
    /// What the customer said.
    pub text: String,
    /// The label.
    pub intent: String,
    /// What the turn was labelled before.
    pub was: Option<String>,
    /// Who gave it.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// In which step.
    pub step: i64,
    /// How far it pulls from the gold intent towards the other, in log odds.
    pub pull: f64,
}

/// What somebody labelled in one step.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BlamedStep {
    /// Who.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// Which step: what `--drop-step` takes.
    pub step: i64,
    /// Its new labels.
    pub labels: u64,
    /// Of those, how many pull away from the gold intent.
    pub away: u64,
    /// What they pull together.
    pub pull: f64,
    /// Their share of all that pulls away.
    pub share: f64,
}

/// What is asked.
#[derive(Clone, Copy, Debug)]
pub struct BlameOptions {
    /// The release that answers so.
    pub release: ReleaseId,
    /// What it is compared with; `None`: what its newest comparison was with, else its parent.
    pub against: Option<ReleaseId>,
    /// The gold turn.
    pub turn: (ConversationId, TurnKey),
    /// Labels and steps that are listed at most.
    pub most: usize,
}

/// Ranks the new labels by how far they pull a gold turn of the open half away from its gold intent.
///
/// # Errors
/// [`JobError::Gate`] for a turn of the sealed half (rule 12); the turn is no gold turn; the release has no built-in model.
pub fn blame(store: &mut Store, asked: &BlameOptions, reporter: &dyn Reporter) -> Result<Blame, JobError> {
    let BlameOptions { release, against, turn: (conversation, turn), most } = *asked;
    reporter.step("read", 0, 0)?;
    let item = open_turn(store, conversation, turn)?;
    let row = store.release(release)?;
    let predictor = Predictor::of(store, release)?;
    let model = predictor.as_ref().and_then(Predictor::model).ok_or_else(|| {
        JobError::NotThisRelease(format!(
            "v{} was made outside: what it learned from which label is not known",
            release.0
        ))
    })?;
    let before = match against {
        Some(against) => Some(against),
        None => store.comparison_of(release)?.and_then(|c| c.before_release).or(row.parent),
    };
    let said_before = before.map(|id| said(store, id, &item, reporter)).transpose()?.flatten();
    let known = before.map(|id| store.origin(id)).transpose()?.map(|o| o.moment);
    let (new, fresh) = new_labels(store, release, known.as_ref())?;
    let texts: Vec<&str> = fresh.iter().map(|e| e.text.as_str()).chain([item.text.as_str()]).collect();
    ready_for(store, model, &texts, reporter)?;
    let names = store.intent_names()?;
    if !has_content(&item.text) {
        return Err(JobError::NotFound("this turn says nothing in words; no label can pull at it".to_owned()));
    }
    let gold = item.gold_today(&names);
    if gold.is_empty() {
        let of: Vec<String> = item.intents.iter().map(|&i| names.name(names.today(i))).collect();
        return Err(JobError::NotFound(format!(
            "this gold turn is about {}, which is out of use: it counts for no release, so nothing is to blame",
            of.join(", ")
        )));
    }
    let prediction = model.predict(&item.text);
    let guess = prediction.best().map(|(i, c)| (names.today(i), Some(c)));
    // The classes that stand for the gold intents; after a merge it may be several.
    let own: Vec<IntentId> = model.intents().iter().copied().filter(|&i| gold.contains(&names.today(i))).collect();
    let (Some(from), Some(towards)) = (own.first().copied().or(gold.first().copied()), prediction.best_but(&own))
    else {
        return Err(JobError::NotThisRelease(
            "this release knows one intent; nothing can pull towards another".to_owned(),
        ));
    };
    let examples: Vec<LabelledWords<'_>> =
        fresh.iter().map(|e| LabelledWords { text: &e.text, intent: e.intent }).collect();
    let pulls = model.explain(IntentContrast { text: &item.text, examples: &examples, from, towards });
    let facts = store.label_facts(&new)?;
    let name = |i: IntentId| names.name(names.today(i));
    let mut rows: Vec<(f64, &TrainingExample, &LabelFact)> =
        pulls.iter().map(|&p| f64::from(p)).zip(&fresh).zip(&facts).map(|((p, e), f)| (p, e, f)).collect();
    let groups = batches(&rows, most);
    rows.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.decision.cmp(&b.1.decision)));
    let listed = rows.iter().filter(|r| r.0 > 0.0).take(most);
    let labels =
        listed.map(|&(pull, e, fact)| pull_row(store, pull, e, fact, name(e.intent))).collect::<Result<_, _>>()?;
    Ok(Blame {
        release,
        before,
        before_intents: before.map(|id| store.intents_of(id)).transpose()?.flatten(),
        id: item.id.clone(),
        n: conversation,
        turn,
        text: item.text.clone(),
        gold: gold.iter().map(|&i| names.name(i)).collect(),
        said_before: said_before.flatten().map(|(i, _)| names.name(i)),
        says: guess.map(|(i, _)| names.name(i)),
        broken: said_before.is_some_and(|g| right(&gold, &g)) && !right(&gold, &guess),
        towards: name(towards),
        method: METHOD,
        new_labels: fresh.len() as u64,
        without: store.origin(release)?.moment.without.len() as u64,
        labels,
        groups,
    })
}

/// The gold turn, where it may be looked at.
fn open_turn(store: &Store, conversation: ConversationId, turn: TurnKey) -> Result<GoldItem, JobError> {
    let items = store.gold_version()?.map(|v| store.gold_items(v)).transpose()?.unwrap_or_default();
    let item = items.into_iter().find(|i| (i.conversation, i.turn) == (conversation, turn));
    match item {
        Some(item) if item.half == GoldHalf::Open => Ok(item),
        Some(_) => Err(JobError::Gate(
            "this turn is in the sealed half of the gold set: results on it are summed up, never looked at one by one"
                .to_owned(),
        )),
        None => Err(JobError::NotFound("this is no gold turn; `appraise gold list` shows the open half".to_owned())),
    }
}

/// What a release says to a turn.
fn said(store: &mut Store, id: ReleaseId, item: &GoldItem, reporter: &dyn Reporter) -> Result<Measured, JobError> {
    let Some(predictor) = Predictor::of(store, id)? else { return Ok(None) };
    let turn = [(turn_id(item.conversation, item.turn), item.text.as_str())];
    Ok(predictor.say(store, &turn, reporter)?.into_iter().next().flatten())
}

/// What a release learned from that was decided after another one's place in the log, and the decisions.
fn new_labels(
    store: &Store,
    release: ReleaseId,
    known: Option<&ReadMoment>,
) -> Result<(Vec<DecisionId>, Vec<TrainingExample>), JobError> {
    let moment = store.origin(release)?.moment;
    let gold = store.release(release)?.gold_version.map(|v| store.gold_items(v)).transpose()?.unwrap_or_default();
    let mut learned = guard(store.training_examples_at(&moment)?, &gold, rules_of(store, release)?).kept;
    learned.retain(|e| known.is_none_or(|k| e.decision > k.labels || k.without.contains(&e.decision)));
    Ok((learned.iter().map(|e| e.decision).collect(), learned))
}

fn pull_row(
    store: &Store,
    pull: f64,
    e: &TrainingExample,
    fact: &LabelFact,
    intent: String,
) -> Result<LabelPull, JobError> {
    let place = e.turn.map(split_turn);
    Ok(LabelPull {
        decision: e.decision,
        id: place.map(|(c, _)| store.conversation_key(c)).transpose()?,
        n: place.map(|(c, _)| c),
        turn: place.map(|(_, turn)| turn),
        text: e.text.clone(),
        intent,
        was: fact.was.clone(),
        by: fact.by.clone(),
        at: fact.at,
        step: fact.step,
        pull,
    })
}

/// Sums by step.
fn batches(rows: &[(f64, &TrainingExample, &LabelFact)], most: usize) -> Vec<BlamedStep> {
    let all: f64 = rows.iter().map(|r| r.0.max(0.0)).sum();
    let mut by_step: BTreeMap<i64, BlamedStep> = BTreeMap::new();
    for &(pull, _, fact) in rows {
        let batch = by_step.entry(fact.step).or_insert_with(|| BlamedStep {
            by: fact.by.clone(),
            at: fact.at,
            step: fact.step,
            labels: 0,
            away: 0,
            pull: 0.0,
            share: 0.0,
        });
        batch.labels += 1;
        batch.away += u64::from(pull > 0.0);
        batch.pull += pull;
        batch.share += if all > 0.0 { pull.max(0.0) / all } else { 0.0 };
    }
    let mut out: Vec<BlamedStep> = by_step.into_values().filter(|b| b.away > 0).collect();
    out.sort_by(|a, b| b.share.total_cmp(&a.share).then(a.step.cmp(&b.step)));
    out.truncate(most);
    out
}
