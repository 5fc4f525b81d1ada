//! `learn offers`: whether customers say yes, from what they said.

use super::judged::judge;
use super::offers_read::{OfferSituation, offer_features};
use super::report::{LearnReport, LearnRequest, LearnedFigures, LearnerRun, keep, too_little};
use crate::domain::{OfferStatus, Reporter};
use crate::jobs::JobError;
use crate::learn::contract::{Fit, Fitted};
use crate::learn::judge::binary::{auc, calibration_error, log_loss, loss};
use crate::learn::offers::{OfferExample, OfferModel, OfferRecipe};
use crate::store::Store;
use std::collections::BTreeMap;
use std::time::Instant;

/// Answers below which nothing is learnt, and of either kind.
const ANSWERS: usize = 200;
const OF_EACH: usize = 30;
/// Answers below which nothing is judged.
const JUDGED: usize = 50;
/// The registry's name for such releases.
const RECIPE: &str = "learns offers";
/// Conversations between two looks at whether to go on.
const STEP: usize = 256;

/// An answered offer of the store.
struct Answered {
    example: OfferExample,
    group: i64,
    /// In a test group, or in the last fifth of time.
    is_judged: bool,
    is_test: bool,
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
    let (answers, open) = read(store, reporter)?;
    if let Some(says) = missing(&answers) {
        return Ok(too_little(says));
    }
    let looks = store.learned_looks(RECIPE)? + 1;
    let clock = Instant::now();
    let fit = |keep: &dyn Fn(&Answered) -> bool| -> Result<OfferModel, JobError> {
        let examples: Vec<OfferExample> = answers.iter().filter(|a| keep(a)).map(|a| a.example.clone()).collect();
        Ok(OfferRecipe.fit(&examples, reporter)?.into_model())
    };
    let trial = fit(&|a| !a.is_judged)?;
    let live = store.live()?.map(|id| store.learned_sections(id)).transpose()?.and_then(|s| s.offers);
    let base = trial.base_rate();
    let exam: Vec<&Answered> = answers.iter().filter(|a| a.is_judged).collect();
    let before = |a: &Answered| live.as_ref().map_or(base, |model| model.probability(&a.example.features));
    let sides = |says: &dyn Fn(&Answered) -> f64| -> Vec<(f64, bool)> {
        exam.iter().map(|a| (says(a), a.example.accepted)).collect()
    };
    let (was, is) = (sides(&before), sides(&|a| trial.probability(&a.example.features)));
    let gains: Vec<(i64, f64)> =
        exam.iter().zip(was.iter().zip(&is)).map(|(a, (b, n))| (a.group, loss(b.0, b.1) - loss(n.0, n.1))).collect();
    let judged = judge(&gains, looks, request.seed);
    // What is kept has learnt from the last fifth of time too; test groups stay unseen.
    let model = fit(&|a| !a.is_test)?;
    let (n, seconds) = (model.answers(), clock.elapsed().as_secs_f64());
    let accepted = answers.iter().filter(|a| !a.is_test && a.example.accepted).count() as u64;
    let (release, promoted, held_back) =
        keep(store, request, RECIPE, (n, seconds), judged.verdict, |sections| sections.offers = Some(model))?;
    let learned_from = BTreeMap::from([("answers", n), ("accepted", accepted), ("left_out_without_an_answer", open)]);
    Ok(LearnReport::Made(Box::new(LearnerRun {
        release,
        learner: "offers",
        before: figures(&was),
        after: figures(&is),
        delta: judged.delta,
        ci95: judged.ci95,
        p_cluster: judged.p,
        verdict: judged.verdict,
        looks,
        promoted,
        held_back,
        learned_from,
        again_after: (n / 5).max(ANSWERS as u64),
    })))
}

/// Answered offers in the order of time, and how many have no answer.
fn read(store: &Store, reporter: &dyn Reporter) -> Result<(Vec<Answered>, u64), JobError> {
    let lessons = store.lessons(true)?;
    let late = lessons.get(lessons.len() * 4 / 5).map_or(i64::MAX, |row| row.at.0);
    let timeless = lessons.first().map(|row| row.at.0) == lessons.last().map(|row| row.at.0);
    let (mut out, mut open) = (Vec::new(), 0);
    for (at, row) in lessons.iter().enumerate() {
        if at % STEP == 0 {
            reporter.step("read", at as u64, lessons.len() as u64)?;
        }
        let conversation = store.conversation(row.conversation)?;
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
            out.push(Answered {
                example: OfferExample { features, accepted, group: row.conversation.0 as u64 },
                group: row.group,
                is_judged: row.is_test || !timeless && row.at.0 >= late,
                is_test: row.is_test,
            });
        }
    }
    Ok((out, open))
}

/// What is missing to learn and to judge, in a sentence.
fn missing(answers: &[Answered]) -> Option<String> {
    let taught: Vec<&Answered> = answers.iter().filter(|a| !a.is_judged).collect();
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
