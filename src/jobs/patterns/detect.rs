//! How much of the traffic a failure mode holds (rules 40 and 43): a detector looks at all of it, people at audit items, and the
//! prevalence comes from both. With few audit items nothing is told.

use crate::domain::{
    Ai, Audited, Conversation, IntentId, MeanPrediction, Predicted, Rate, Reporter, SecretKey, TurnKey, audit_rate,
    powered_rate,
};
use crate::jobs::JobError;
use crate::jobs::external::ExternalAsker;
use crate::learn::contract::LearnerRecipe;
use crate::learn::intent::{IntentExample, IntentModel, IntentPrediction, IntentRecipe};
use crate::learn::vectors::embed::Embedder;
use crate::store::{ModeCase, ModeRow, Store};
use crate::text;
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Training labels of each kind that a detector takes at least.
const LESSONS: u64 = 30;
/// Audit items, and positives among them, from which on a prevalence is told.
const AUDIT: (u64, u64) = (100, 5);
/// Conversations that are read before a model is asked about them.
const BATCH: usize = 512;
/// Letters of a turn that a detector reads.
const LETTERS: usize = 600;
/// The two answers, as the learner calls them.
const YES: IntentId = IntentId(2);
const NO: IntentId = IntentId(3);
/// What an AI answers where it is another failure, or none.
const ELSE: &str = "something_else";

/// What a detector found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Detection {
    /// The mode.
    pub mode: String,
    /// Conversations of N that it looked at.
    pub n: u64,
    /// The share of them that it takes to be in the mode; `None`: it could not be taught.
    pub raw: Option<f64>,
    /// The share that are in it, by detector and people together; `None`: too few audit items.
    pub prevalence: Option<f64>,
    /// Lower end of its 95 % interval.
    pub lo: Option<f64>,
    /// Upper end.
    pub hi: Option<f64>,
    /// Of audit failures in the mode, the share that it finds.
    pub tpr: Option<f64>,
    /// Of audit failures in no or another mode, the share that it leaves alone.
    pub tnr: Option<f64>,
    /// Audit items of which a person said it.
    pub audit_n: u64,
    /// Of these, in the mode.
    pub audit_positive: u64,
    /// A prevalence can be told.
    pub enough: bool,
    /// What is missing, or how the prevalence was told.
    pub says: String,
    /// Training labels in and not in the mode.
    pub lessons: [u64; 2],
    /// What the audit items alone say, as rule 23 does.
    pub audit_rate: Option<f64>,
    /// Audit items that would be as sure without a detector.
    pub effective_labels: Option<f64>,
    /// The AI that was asked, and how often it agrees with people on audit items.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ai: Option<AskedDetector>,
}

/// What asking an AI came to.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AskedDetector {
    /// Its name in the configuration.
    pub name: String,
    /// Conversations it was asked about.
    pub asked: u64,
    /// Audit items on which it says what people say, of those it was asked about.
    pub agrees: u64,
    /// Those it was asked about.
    pub of: u64,
}

/// An AI to be asked in place of a trained detector.
pub struct AskAi<'a> {
    /// Which.
    pub ai: &'a Ai,
    /// Its key.
    pub key: Option<&'a SecretKey>,
    /// Conversations it is asked about at most.
    pub limit: usize,
}

/// What is said of a conversation: the probability that it is in the mode.
type Said = BTreeMap<i64, f64>;

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
    let all = store.mode_population(audit.since, options.now)?;
    let limit = options.ask.as_ref().map_or(usize::MAX, |a| a.limit);
    Ok(sampled(&all, &audit.items, limit, options.seed).iter().filter(|c| c.is_failure).count() as u64)
}

/// Looks for a mode in all traffic, and tells how much of it is there.
///
/// # Errors
/// The store cannot be read; the AI does not answer; cancelled.
pub fn detect(store: &Store, options: &DetectOptions<'_>, reporter: &dyn Reporter) -> Result<Detection, JobError> {
    let mode = options.mode;
    let audit = store.mode_audit(mode.id)?;
    let lessons = store.mode_lessons(mode.id)?;
    let all = store.mode_population(audit.since, options.now)?;
    let count = |yes: bool| lessons.iter().filter(|c| c.is_in == Some(yes)).count() as u64;
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
        audit_positive: audit.items.iter().filter(|c| c.is_in == Some(true)).count() as u64,
        enough: false,
        says: String::new(),
        lessons: [count(true), count(false)],
        audit_rate: None,
        effective_labels: None,
        ai: None,
    };
    let said = match &options.ask {
        Some(ask) => {
            let cases = sampled(&all, &audit.items, ask.limit, options.seed);
            let said = asked(store, ask, mode, &cases, reporter)?;
            out.n = cases.len() as u64;
            out.ai = Some(agreement(ask.ai, &audit.items, &said));
            said
        }
        None if out.lessons.iter().any(|&n| n < LESSONS) => {
            out.says = format!(
                "a detector learns from {LESSONS} reviewed failures in the mode and {LESSONS} in others; there are {} and {}",
                out.lessons[0], out.lessons[1]
            );
            return Ok(out);
        }
        None => taught(store, &lessons, &all, &audit.items, options, reporter)?,
    };
    measure(&mut out, &all, &audit.items, &said, options.seed);
    Ok(out)
}

/// Puts the detector's word and people's together.
fn measure(out: &mut Detection, all: &[ModeCase], audit: &[ModeCase], said: &Said, seed: u64) {
    let f = |c: &ModeCase| if c.is_failure { said.get(&c.id.0).copied() } else { Some(0.0) };
    let looked: Vec<(&ModeCase, f64)> = all.iter().filter_map(|c| Some((c, f(c)?))).collect();
    let flagged = looked.iter().filter(|(_, p)| *p >= 0.5).count();
    out.raw = (!looked.is_empty()).then(|| flagged as f64 / looked.len() as f64);
    let items: Vec<(Audited, bool)> = audit
        .iter()
        .filter_map(|c| {
            let item = Audited { f: f(c)?, yes: c.is_in?, weight: 1.0, group: c.group as u64 };
            Some((item, c.is_failure))
        })
        .collect();
    let found = |yes: bool| {
        let those: Vec<f64> = items.iter().filter(|(i, fails)| i.yes == yes && *fails).map(|(i, _)| i.f).collect();
        let right = those.iter().filter(|p| (**p >= 0.5) == yes).count();
        Rate::new(right as u64, those.len() as u64)
    };
    (out.tpr, out.tnr) = (found(true).value(), found(false).value());
    let items: Vec<Audited> = items.into_iter().map(|(item, _)| item).collect();
    out.audit_rate = audit_rate(&items, seed).map(|r| r.sure.value);
    let (audit_n, positive) = (out.audit_n, out.audit_positive);
    if audit_n < AUDIT.0 || positive < AUDIT.1 {
        out.says = format!(
            "a prevalence is told from {} audit items on, {} of them in the mode; there are {audit_n} and {positive}: review {}",
            AUDIT.0,
            AUDIT.1,
            match AUDIT.0.saturating_sub(audit_n) {
                0 => "more audit items".to_owned(),
                n => format!("at least {n} more audit items"),
            }
        );
        return;
    }
    let mean =
        MeanPrediction::over(looked.iter().map(|(c, f)| Predicted { f: *f, weight: 1.0, group: c.group as u64 }));
    let Some((alone, powered)) = mean.and_then(|mean| powered_rate(mean, &items, seed)) else { return };
    let sure = powered.map_or(alone.sure, |p| p.sure);
    // Never narrower than Wilson's with one more disagreement: a detector that agrees on every audit item is not known to be right.
    let apart = items.iter().filter(|i| (i.f >= 0.5) != i.yes).count() as u64;
    let m = items.len() as u64;
    let doubt = Rate::new((apart + 1).min(m), m);
    let half = (doubt.hi - doubt.lo) / 2.0;
    out.prevalence = Some(sure.value);
    (out.lo, out.hi) = (Some(sure.lo.min(sure.value - half).max(0.0)), Some(sure.hi.max(sure.value + half).min(1.0)));
    out.effective_labels = powered.map(|p| p.effective_labels);
    out.enough = true;
    out.says = match powered {
        Some(p) => format!(
            "{m} audit items are worth {:.0} with the detector's word on {} conversations (weighed {:.2})",
            p.effective_labels,
            looked.len(),
            p.lambda
        ),
        None => format!("{m} audit items alone: the detector's word makes it no surer"),
    };
}

/// What a model that learned from people's words in training groups says of failures. Those it learned from are said out of fold.
fn taught(
    store: &Store,
    lessons: &[ModeCase],
    all: &[ModeCase],
    audit: &[ModeCase],
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
    let left: Vec<&ModeCase> =
        all.iter().chain(audit).filter(|c| c.is_failure && !said.contains_key(&c.id.0)).collect();
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

/// All audit items, and of the rest a random sample up to a limit.
fn sampled(all: &[ModeCase], audit: &[ModeCase], limit: usize, seed: u64) -> Vec<ModeCase> {
    let is_audit: std::collections::BTreeSet<i64> = audit.iter().map(|c| c.id.0).collect();
    let mut rest: Vec<ModeCase> = all.to_vec();
    crate::base::rng::Rng::new(seed).shuffle(&mut rest);
    // The sample is of everything: an audit item that is drawn is asked about once.
    let room = limit.saturating_sub(audit.iter().filter(|c| c.is_failure).count());
    let mut taken = 0;
    let mut out: Vec<ModeCase> = rest
        .into_iter()
        .take_while(|c| {
            let asks = c.is_failure && !is_audit.contains(&c.id.0);
            taken += usize::from(asks);
            taken <= room
        })
        .collect();
    let drawn: std::collections::BTreeSet<i64> = out.iter().map(|c| c.id.0).collect();
    out.extend(audit.iter().filter(|c| !drawn.contains(&c.id.0)).take(limit));
    out.sort_by_key(|c| c.id);
    out
}

/// What an AI says of failures; what did not fail is in no mode and nobody is asked.
fn asked(
    store: &Store,
    ask: &AskAi<'_>,
    mode: &ModeRow,
    cases: &[ModeCase],
    reporter: &dyn Reporter,
) -> Result<Said, JobError> {
    let mut asker = ExternalAsker::new(ask.ai, ask.key, &[&mode.name, ELSE])?;
    let failed: Vec<&ModeCase> = cases.iter().filter(|c| c.is_failure).take(ask.limit).collect();
    let mut said = Said::new();
    for (i, case) in failed.iter().enumerate() {
        reporter.step("ask", i as u64, failed.len() as u64)?;
        let whole = gist(store, case)?;
        let sent = if ask.ai.reveal { whole.into() } else { text::redact(&whole) };
        let (answer, _) = asker.ask(&sent, reporter)?;
        let best = answer.ranking.first();
        let is_in = best.is_some_and(|(name, _)| text::name_key(name) == text::name_key(&mode.name));
        let sure = best.and_then(|b| b.1).filter(|c| (0.0..=1.0).contains(c)).unwrap_or(1.0);
        said.insert(case.id.0, if is_in { sure.max(0.5) } else { (1.0 - sure).min(0.49) });
    }
    Ok(said)
}

fn agreement(ai: &Ai, audit: &[ModeCase], said: &Said) -> AskedDetector {
    let both: Vec<bool> = audit.iter().filter_map(|c| Some((*said.get(&c.id.0)? >= 0.5) == c.is_in?)).collect();
    AskedDetector {
        name: ai.name.clone(),
        asked: said.len() as u64,
        agrees: both.iter().filter(|same| **same).count() as u64,
        of: both.len() as u64,
    }
}

/// What went wrong, as a detector reads it: the turn to judge and what followed.
fn gist(store: &Store, case: &ModeCase) -> Result<String, JobError> {
    Ok(gist_of(&store.conversation(case.id)?, case.turn))
}

fn gist_of(c: &Conversation, turn: Option<TurnKey>) -> String {
    let from = turn.and_then(|key| c.turns.iter().position(|t| t.key == key)).unwrap_or(0);
    let said = c.turns[from.min(c.turns.len())..].iter().take(4);
    said.map(|t| t.text.chars().take(LETTERS).collect::<String>()).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ConversationId;

    fn case(id: i64, is_failure: bool, is_in: Option<bool>) -> ModeCase {
        ModeCase { id: ConversationId(id), turn: None, group: id, is_failure, is_in }
    }

    fn blank() -> Detection {
        Detection {
            mode: "m".to_owned(),
            n: 0,
            raw: None,
            prevalence: None,
            lo: None,
            hi: None,
            tpr: None,
            tnr: None,
            audit_n: 0,
            audit_positive: 0,
            enough: false,
            says: String::new(),
            lessons: [0, 0],
            audit_rate: None,
            effective_labels: None,
            ai: None,
        }
    }

    /// Of 4,000 conversations every fifth fails, every third of these is in the mode; the detector is wrong on every tenth failure.
    fn traffic() -> (Vec<ModeCase>, Said) {
        let all: Vec<ModeCase> = (1..=4_000).map(|i| case(i, i % 5 == 0, None)).collect();
        let is_in = |i: i64| i % 15 == 0;
        let said = all
            .iter()
            .filter(|c| c.is_failure)
            .map(|c| {
                let right = c.id.0 % 50 != 0;
                (c.id.0, if is_in(c.id.0) == right { 0.8 } else { 0.1 })
            })
            .collect();
        (all, said)
    }

    #[test]
    fn with_a_detector_the_same_audit_items_tell_more_and_the_truth_is_within() {
        let (all, said) = traffic();
        let audit: Vec<ModeCase> =
            all.iter().filter(|c| c.id.0 % 11 == 0).map(|c| ModeCase { is_in: Some(c.id.0 % 15 == 0), ..*c }).collect();
        let positive = audit.iter().filter(|c| c.is_in == Some(true)).count() as u64;
        let mut out = Detection { audit_n: audit.len() as u64, audit_positive: positive, ..blank() };
        measure(&mut out, &all, &audit, &said, 1);
        assert!(out.enough, "{out:?}");
        let (lo, hi) = (out.lo.unwrap(), out.hi.unwrap());
        assert!(lo <= 1.0 / 15.0 && 1.0 / 15.0 <= hi, "{out:?}");
        assert!(out.effective_labels.unwrap() > audit.len() as f64, "{out:?}");
        assert!(out.tpr.unwrap() > 0.7 && out.tnr.unwrap() > 0.7, "{out:?}");
    }

    #[test]
    fn with_few_audit_items_nothing_is_told_and_it_says_how_many_more() {
        let (all, said) = traffic();
        let audit: Vec<ModeCase> = all[..60].iter().map(|c| ModeCase { is_in: Some(false), ..*c }).collect();
        let mut out = Detection { audit_n: 60, ..blank() };
        measure(&mut out, &all, &audit, &said, 1);
        assert_eq!((out.enough, out.prevalence), (false, None));
        assert!(out.says.contains("at least 40 more audit items"), "{}", out.says);
        assert!(out.raw.is_some());
    }

    #[test]
    fn a_detector_that_agrees_everywhere_is_not_taken_for_certain() {
        let all: Vec<ModeCase> = (1..=400).map(|i| case(i, true, None)).collect();
        let said: Said = all.iter().map(|c| (c.id.0, if c.id.0 % 4 == 0 { 1.0 } else { 0.0 })).collect();
        let audit: Vec<ModeCase> = all[..120].iter().map(|c| ModeCase { is_in: Some(c.id.0 % 4 == 0), ..*c }).collect();
        let mut out = Detection { audit_n: 120, audit_positive: 30, ..blank() };
        measure(&mut out, &all, &audit, &said, 1);
        let one_more = Rate::new(1, 120);
        assert!(out.hi.unwrap() - out.lo.unwrap() >= one_more.hi - one_more.lo - 1e-9, "{out:?}");
        assert!((out.prevalence.unwrap() - 0.25).abs() < 0.02, "{out:?}");
    }

    #[test]
    fn a_sample_is_bounded_random_and_holds_the_audit_items() {
        let (all, _) = traffic();
        let audit: Vec<ModeCase> =
            all.iter().filter(|c| c.id.0 % 100 == 0).map(|c| ModeCase { is_in: Some(false), ..*c }).collect();
        let drawn = sampled(&all, &audit, 100, 7);
        assert_eq!(drawn, sampled(&all, &audit, 100, 7));
        assert_ne!(drawn, sampled(&all, &audit, 100, 8));
        let asks = drawn.iter().filter(|c| c.is_failure).count();
        assert!((90..=100).contains(&asks), "{asks}");
        assert!(audit.iter().all(|a| drawn.iter().any(|c| c.id == a.id)));
    }
}
