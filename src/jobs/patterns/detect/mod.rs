//! How much of the traffic a failure mode holds (rules 40 and 43): a detector looks at all of it, people at audit items, and the
//! prevalence comes from both. With few audit items nothing is told.

mod asked;
mod measured;
#[cfg(test)]
mod simulation_tests;
#[cfg(test)]
mod tests;
mod told;

use crate::base::counted::count;
use crate::domain::{Detection, IntentId, Reporter};
use crate::jobs::JobError;
use crate::learn::contract::LearnerRecipe;
use crate::learn::intent::{IntentExample, IntentModel, IntentPrediction, IntentRecipe};
use crate::learn::vectors::embed::Embedder;
use crate::store::{AuditedCase, AuditedMode, ModeCase, ModeRow, Store};
use asked::{agreement, asked, failures_of, question, sampled};
use measured::measure;
use std::sync::Arc;
use told::gist;
pub use told::{AskAi, Said};

/// Training labels of each kind that a detector takes at least.
const LESSONS: u64 = 30;
/// Conversations that are read before a model is asked about them.
const BATCH: usize = 512;
/// The two answers, as the learner calls them.
const YES: IntentId = IntentId(2);
const NO: IntentId = IntentId(3);

/// What a detector works on.
pub struct DetectOptions<'a> {
    /// The mode.
    pub mode: &'a ModeRow,
    /// Where dense vectors come from.
    pub embedder: Option<Arc<dyn Embedder>>,
    /// An AI to be asked; `None`: trained on people's words.
    pub ask: Option<AskAi<'a>>,
    /// Fixes the sample and the folds.
    pub seed: u64,
    /// Now.
    pub now: crate::domain::Timestamp,
}

/// How many conversations an AI would be asked about.
///
/// # Errors
/// The store cannot be read.
pub fn detect_calls(store: &Store, options: &DetectOptions<'_>) -> Result<u64, JobError> {
    let audit = store.mode_audit(options.mode.id)?;
    let all = store.mode_population(audit.span, options.now)?;
    let limit = options.ask.as_ref().map_or(usize::MAX, |a| a.limit);
    Ok(sampled(&all, &audit.items, limit, options.seed).iter().filter(|c| c.is_failure).count() as u64)
}

/// Looks for a mode in all traffic, tells how much of it is there, and keeps that where the store may be written.
///
/// # Errors
/// The store cannot be read or written; the AI does not answer; cancelled.
pub fn detect(store: &Store, options: &DetectOptions<'_>, reporter: &dyn Reporter) -> Result<Detection, JobError> {
    let found = found(store, options, reporter)?;
    if !store.is_read_only() {
        store.keep_detection(options.mode.id, &found, options.now)?;
    }
    Ok(found)
}

fn found(store: &Store, options: &DetectOptions<'_>, reporter: &dyn Reporter) -> Result<Detection, JobError> {
    let mode = options.mode;
    let audit = store.mode_audit(mode.id)?;
    let lessons = store.mode_lessons(mode.id)?;
    let all = store.mode_population(audit.span, options.now)?;
    let labelled = |yes: bool| lessons.iter().filter(|c| c.is_in == Some(yes)).count() as u64;
    let mut out = Detection {
        mode: mode.name.clone(),
        n: all.len() as u64,
        raw: None,
        prevalence: None,
        lo: None,
        hi: None,
        tpr: None,
        tnr: None,
        audit_n: audit.items.len() as u64,
        audit_positive: audit.items.iter().filter(|a| a.case.is_in == Some(true)).count() as u64,
        enough: false,
        says: String::new(),
        audit_failures: [0, 0],
        lessons: [labelled(true), labelled(false)],
        audit_rate: None,
        effective_labels: None,
        lambda: None,
        ai: None,
    };
    // What is told is told of what was looked at: failures that an AI was not asked about must not leave the others behind.
    let (said, looked_at) = match &options.ask {
        Some(ask) => {
            let cases = sampled(&all, &audit.items, ask.limit, options.seed);
            let question = question(store, ask.ai, mode, &lessons, options.seed)?;
            let said = asked(store, ask, mode, &question, &cases, reporter)?;
            out.n = cases.len() as u64;
            out.ai = Some(agreement(ask.ai, &audit.items, &said));
            // Of some audit failures and all that did not fail nothing follows.
            let needed = failures_of(&audit.items);
            if ask.limit < needed {
                out.says = format!(
                    "the audit items alone take {needed} questions: --limit {needed} or more tells a prevalence"
                );
                return Ok(out);
            }
            (said, cases)
        }
        None if out.lessons.iter().any(|&n| n < LESSONS) => {
            out.says = format!(
                "a detector learns from {LESSONS} reviewed failures in the mode and {LESSONS} in others; there are {} and {}",
                count(out.lessons[0]),
                count(out.lessons[1])
            );
            return Ok(out);
        }
        None => (taught(store, &lessons, &all, &audit.items, options, reporter)?, all),
    };
    measure(&mut out, &looked_at, &audit.items, &said, options.seed);
    out.says.push_str(&left_out(&audit));
    Ok(out)
}

/// Audit items that people judged and that are not counted, in words.
fn left_out(audit: &AuditedMode) -> String {
    let mut out = String::new();
    if audit.open > 0 {
        out.push_str(&format!("; {} more wait for their cycle to close", count(audit.open)));
    }
    if audit.without_odds > 0 {
        out.push_str(&format!("; {} are of cycles that kept no odds of their draw", count(audit.without_odds)));
    }
    out
}

/// What a model that learned from people's words in training groups says of failures. Those it learned from are said out of fold.
fn taught(
    store: &Store,
    lessons: &[ModeCase],
    all: &[ModeCase],
    audit: &[AuditedCase],
    options: &DetectOptions<'_>,
    reporter: &dyn Reporter,
) -> Result<Said, JobError> {
    let mut examples = Vec::with_capacity(lessons.len());
    for (i, case) in lessons.iter().enumerate() {
        reporter.step("read", i as u64, lessons.len() as u64)?;
        let intent = if case.is_in == Some(true) { YES } else { NO };
        examples.push(IntentExample { text: gist(store, case)?, intent, group: case.group as u64, weight: 1.0 });
    }
    let recipe = IntentRecipe { embedder: options.embedder.clone(), ..IntentRecipe::plain(options.seed) };
    let fitted = recipe.fit(&examples, reporter)?;
    let mut said = Said::new();
    for (i, case) in lessons.iter().enumerate() {
        if let Some(p) = crate::learn::contract::Fitted::unseen(&fitted, i) {
            said.insert(case.id.0, yes(&p));
        }
    }
    let left: Vec<&ModeCase> = all
        .iter()
        .chain(audit.iter().map(|a| &a.case))
        .filter(|c| c.is_failure && !said.contains_key(&c.id.0))
        .collect();
    look(store, &fitted.model, &left, &mut said, reporter)?;
    Ok(said)
}

fn look(
    store: &Store,
    model: &IntentModel,
    left: &[&ModeCase],
    said: &mut Said,
    reporter: &dyn Reporter,
) -> Result<(), JobError> {
    for (n, batch) in left.chunks(BATCH).enumerate() {
        reporter.step("look", (n * BATCH) as u64, left.len() as u64)?;
        let texts: Vec<String> = batch.iter().map(|c| gist(store, c)).collect::<Result<_, _>>()?;
        for (case, prediction) in batch.iter().zip(model.predict_batch(&texts)) {
            said.insert(case.id.0, yes(&prediction));
        }
    }
    Ok(())
}

fn yes(p: &IntentPrediction) -> f64 {
    p.ranking.iter().find(|r| r.0 == YES).map_or(0.0, |r| f64::from(r.1))
}
