//! `learn offers`: whether customers say yes, from what they said.

use super::judged::judge;
use super::offers_read::{OfferSituation, offer_features};
use super::report::{AGAIN_AFTER, LearnReport, LearnRequest, Made, keep, too_little};
use crate::domain::{ExpectedYes, LearnedFigures, LearnedReport, OfferStatus, Reporter};
use crate::jobs::JobError;
use crate::learn::contract::{Fitted, LearnerRecipe};
use crate::learn::judge::binary::{auc, calibration_error, log_loss, loss};
use crate::learn::offers::{OfferExample, OfferModel, OfferRecipe};
use crate::store::{LearnedCut, LearnerKind, Store};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::time::Instant;

/// Answers below which nothing is learnt, and of either kind.
const ANSWERS: usize = 200;
const OF_EACH: usize = 30;
/// Answers below which nothing is judged.
const JUDGED: usize = 50;
/// Conversations between two looks at whether to go on.
const STEP: usize = 256;

/// An answered offer of the store.
struct AnsweredOffer {
    example: OfferExample,
    group: i64,
    /// In a test group, or in the last fifth of time.
    is_judged: bool,
    is_test: bool,
    /// In the last fifth of time.
    is_late: bool,
}

/// Learns whether offers are taken, judges it on test groups and the last fifth of time, and promotes it where it is better.
///
/// # Errors
/// Cancelled; the store cannot be read or written.
pub fn learn_offers(
    store: &mut Store,
    request: &LearnRequest<'_>,
    reporter: &dyn Reporter,
) -> Result<LearnReport, JobError> {
    let cut = store.learning_cut()?;
    let signals = store.learning_signals(LearnerKind::Offers)?;
    let ReadOffers { answers, open, is_part } = read(store, &cut, reporter)?;
    let missing = missing(&answers);
    store.note_look(LearnerKind::Offers, signals, missing.as_deref())?;
    if let Some(says) = missing {
        return Ok(too_little(says));
    }
    let looks = store.learned_looks(LearnerKind::Offers.recipe())? + 1;
    let clock = Instant::now();
    let trial = fit(&answers, &|a| !a.is_judged, reporter)?;
    let live = store.live()?.map(|id| store.learned_sections(id)).transpose()?.and_then(|s| s.offers);
    let base = trial.base_rate();
    let exam: Vec<&AnsweredOffer> = answers.iter().filter(|a| a.is_judged).collect();
    let before = |a: &AnsweredOffer| live.as_ref().map_or(base, |model| model.probability(&a.example.features));
    let sides = |says: &dyn Fn(&AnsweredOffer) -> f64| -> Vec<(f64, bool)> {
        exam.iter().map(|a| (says(a), a.example.accepted)).collect()
    };
    let (was, is) = (sides(&before), sides(&|a| trial.probability(&a.example.features)));
    let gains: Vec<(i64, f64)> =
        exam.iter().zip(was.iter().zip(&is)).map(|(a, (b, n))| (a.group, loss(b.0, b.1) - loss(n.0, n.1))).collect();
    let judged = judge(&gains, looks, request.seed);
    // What is kept has learnt from the last fifth of time too; test groups stay unseen.
    let model = fit(&answers, &|a| !a.is_test, reporter)?;
    let (n, seconds) = (model.answers(), clock.elapsed().as_secs_f64());
    let accepted = answers.iter().filter(|a| !a.is_test && a.example.accepted).count() as u64;
    let mut expected = ExpectedYes::default();
    for (a, (p, yes)) in exam.iter().zip(&is).filter(|(a, _)| a.is_late) {
        let says_yes = *p >= base && a.is_late;
        expected.all += 1;
        expected.all_yes += u64::from(*yes);
        expected.expected += u64::from(says_yes);
        expected.expected_yes += u64::from(says_yes && *yes);
    }
    let left_out = "left_out_without_an_answer".to_owned();
    let report = LearnedReport {
        before: figures(&was),
        after: figures(&is),
        delta: judged.delta,
        ci95: judged.ci95,
        p_cluster: judged.p,
        verdict: judged.verdict,
        looks,
        learned_from: BTreeMap::from([("answers".to_owned(), n), ("accepted".to_owned(), accepted), (left_out, open)])
            .into_iter()
            .chain(is_part.then(|| (LearnedReport::NEWEST_OF.to_owned(), signals)))
            .collect(),
        again_after: AGAIN_AFTER,
        by_labels: Vec::new(),
        expected: Some(expected).filter(|e| e.expected > 0 && trial.is_shown()),
    };
    let made =
        Made { learner: LearnerKind::Offers, trained_on: n, seconds, cut, inputs: digest(&answers), signals, report };
    keep(store, request, made, |sections| sections.offers = Some(model))
}

/// What a learner of offers makes of the store up to a cut, and a digest of what it read.
///
/// # Errors
/// Cancelled; nothing to learn from; the store cannot be read.
pub fn offers_at(store: &Store, cut: &LearnedCut, reporter: &dyn Reporter) -> Result<(OfferModel, String), JobError> {
    let ReadOffers { answers, .. } = read(store, cut, reporter)?;
    Ok((fit(&answers, &|a| !a.is_test, reporter)?, digest(&answers)))
}

fn fit(
    answers: &[AnsweredOffer],
    keep: &dyn Fn(&AnsweredOffer) -> bool,
    reporter: &dyn Reporter,
) -> Result<OfferModel, JobError> {
    let examples: Vec<OfferExample> = answers.iter().filter(|a| keep(a)).map(|a| a.example.clone()).collect();
    Ok(OfferRecipe.fit(&examples, reporter)?.into_model())
}

/// A digest of what is learnt from, in its order.
fn digest(answers: &[AnsweredOffer]) -> String {
    let mut hash = Sha256::new();
    for a in answers.iter().filter(|a| !a.is_test) {
        hash.update([u8::from(a.example.accepted)]);
        hash.update(a.example.group.to_le_bytes());
        hash.update(a.example.features.bytes());
    }
    hash.finalize()[..8].iter().map(|b| format!("{b:02x}")).collect()
}

/// What was read.
struct ReadOffers {
    /// Answered offers in the order of time.
    answers: Vec<AnsweredOffer>,
    /// Offers without an answer.
    open: u64,
    /// There are more conversations with offers: these are the newest of them.
    is_part: bool,
}

/// The offers of the newest conversations that have any.
fn read(store: &Store, cut: &LearnedCut, reporter: &dyn Reporter) -> Result<ReadOffers, JobError> {
    let lessons = store.lessons(true, cut)?;
    let is_part = lessons.len() >= Store::LESSONS;
    let late = lessons.get(lessons.len() * 4 / 5).map_or(i64::MAX, |row| row.at.0);
    let timeless = lessons.first().map(|row| row.at.0) == lessons.last().map(|row| row.at.0);
    let (mut out, mut open) = (Vec::new(), 0);
    for (at, row) in lessons.iter().enumerate() {
        if at % STEP == 0 {
            reporter.step("read", at as u64, lessons.len() as u64)?;
        }
        let conversation = store.conversation(row.conversation)?;
        let is_late = !timeless && row.at.0 >= late;
        for offer in &conversation.offers {
            let accepted = match offer.status {
                OfferStatus::Accepted => true,
                OfferStatus::Declined | OfferStatus::Ignored => false,
                OfferStatus::Shown => {
                    open += 1;
                    continue;
                }
            };
            let Some(situation) = OfferSituation::of(&conversation, offer) else { continue };
            let features = offer_features(&situation);
            out.push(AnsweredOffer {
                // Its place in time: a row number would say in which order logs were imported.
                example: OfferExample { features, accepted, group: at as u64 },
                group: row.group,
                is_judged: row.is_test || is_late,
                is_test: row.is_test,
                is_late,
            });
        }
    }
    Ok(ReadOffers { answers: out, open, is_part })
}

/// What is missing to learn and to judge, in a sentence.
fn missing(answers: &[AnsweredOffer]) -> Option<String> {
    let taught: Vec<&AnsweredOffer> = answers.iter().filter(|a| !a.is_judged).collect();
    let yes = taught.iter().filter(|a| a.example.accepted).count();
    let no = taught.len() - yes;
    if answers.is_empty() {
        return Some(
            "No conversation here has an offer that a customer answered; learning needs 200 answers.".to_owned(),
        );
    }
    if taught.len() < ANSWERS {
        let n = taught.len();
        return Some(format!("{n} answers to offers are there to learn from; {} more are needed.", ANSWERS - n));
    }
    if yes < OF_EACH || no < OF_EACH {
        let (few, word) = if yes < no { (yes, "yes") } else { (no, "no") };
        return Some(format!(
            "Only {few} of {} answers are a {word}; {} more are needed.",
            taught.len(),
            OF_EACH - few
        ));
    }
    if taught.iter().all(|a| a.example.features == taught[0].example.features) {
        return Some("All offers look the same: there is nothing to tell them apart by.".to_owned());
    }
    let judged = answers.len() - taught.len();
    (judged < JUDGED)
        .then(|| format!("{judged} answers are kept apart to judge by; {} more are needed.", JUDGED - judged))
}

fn figures(said: &[(f64, bool)]) -> LearnedFigures {
    LearnedFigures {
        auc: auc(said),
        log_loss: log_loss(said),
        macro_f1: None,
        ece: calibration_error(said),
        n: said.len() as u64,
    }
}
