//! `learn offers`: whether customers say yes, from what they said.

use super::judged::{JudgedGain, is_uncalibrated, is_worse_calibrated, judge, worth_of};
use super::offers_read::{OfferSituation, offer_features};
use super::report::{
    AGAIN_AFTER, CUSTOMERS, LearnReport, LearnRequest, Made, Use, keep, more_needed, nothing_new, together, too_little,
};
use crate::base::counted::{count, counted};
use crate::base::rng::mix;
use crate::domain::{
    ConversationId, ExpectedYes, LearnedFigures, LearnedReport, OfferStatus, ReleaseId, Reporter, Timestamp, Verdict,
};
use crate::jobs::JobError;
use crate::learn::contract::{Fitted, LearnerRecipe};
use crate::learn::judge::binary::{Weighed, auc_error, loss, weighed_auc, weighed_calibration_error, weighed_log_loss};
use crate::learn::offers::{OfferExample, OfferFeatures, OfferModel, OfferRecipe, OfferRules};
use crate::store::{DrawnLessons, LearnedCut, LearnerKind, LessonsOf, Store};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

/// Answers below which nothing is learnt, and of either kind.
const ANSWERS: usize = 200;
const OF_EACH: usize = 30;
/// Answers below which nothing is judged.
const JUDGED: usize = 50;
/// Conversations that are drawn at most: a million are learnt from within a minute so, on two cores.
const DRAWN: usize = 150_000;
/// Of so many lessons one leaves out all that a question may leave out. What stands in every lesson would else carry a part of how often
/// offers are taken, and a question without it would be told a chance nearer to one half.
const ALONE: u64 = 4;
/// Conversations between two looks at whether to go on.
const STEP: usize = 256;
/// What more of is needed.
const MORE: [&str; 2] = ["more", "more"];
/// No conversation is known to what is live.
const NOTHING: ConversationId = ConversationId(0);

/// An answered offer of the store.
struct AnsweredOffer {
    /// As it is judged: with all that was known.
    example: OfferExample,
    /// As it teaches, where that is another.
    lesson: Option<OfferFeatures>,
    group: i64,
    /// In a test group, or late.
    is_judged: bool,
    is_test: bool,
    /// In the last fifth of time, and of no conversation that what is live has learnt from.
    is_late: bool,
}

impl AnsweredOffer {
    fn lesson(&self) -> OfferExample {
        let features = self.lesson.as_ref().unwrap_or(&self.example.features).clone();
        OfferExample { features, ..self.example }
    }
}

/// Learns whether offers are taken, judges it on test groups and on what of the last fifth of time is new to what is live, too, and
/// promotes it where it is better.
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
    let rules = OfferRules::default();
    let beside = store.live()?;
    let live = beside.map(|id| store.learned_sections(id)).transpose()?.and_then(|s| s.offers);
    let known = live.as_ref().map_or(Ok(NOTHING), |model| known_to(store, model))?;
    let ReadOffers { answers, open, placeless, part } = read(store, &cut, rules, request.seed, known, reporter)?;
    let missing = missing(&answers, placeless, store.test_share());
    if let Some(says) = missing {
        store.note_look(LearnerKind::Offers, signals, Some(&says))?;
        return Ok(too_little(says));
    }
    let inputs = digest(&answers, false);
    // By other rules the same tells something new.
    let read = format!("{inputs}{}{}", digest(&answers, true), rules as u16);
    if let Some(says) = nothing_new(store, LearnerKind::Offers.recipe(), &read, own_section)? {
        store.note_look(LearnerKind::Offers, signals, None)?;
        return Ok(says);
    }
    let clock = Instant::now();
    let trial = fit(&answers, &|a| !a.is_judged, rules, reporter)?;
    let base = trial.base_rate();
    let exam: Vec<&AnsweredOffer> = answers.iter().filter(|a| a.is_judged).collect();
    let customers: Vec<i64> = exam.iter().map(|a| a.group).collect();
    let before = |a: &AnsweredOffer| live.as_ref().map_or(base, |model| model.chance(&a.example.features));
    let sides = |says: &dyn Fn(&AnsweredOffer) -> f64| -> Vec<Weighed> {
        exam.iter().map(|a| (says(a), a.example.accepted, a.example.weight)).collect()
    };
    let (was, is) = (sides(&before), sides(&|a| trial.chance(&a.example.features)));
    let gain = |(a, (b, n)): (&&AnsweredOffer, (&Weighed, &Weighed))| JudgedGain {
        customer: a.group,
        gain: loss(b.0, b.1) - loss(n.0, n.1),
        weight: a.example.weight,
    };
    let gains: Vec<JudgedGain> = exam.iter().zip(was.iter().zip(&is)).map(gain).collect();
    let mut judged = judge(&gains, request.seed);
    judged.doubt = match &live {
        Some(_) => is_worse_calibrated(&was, &is)
            .then_some("its chances are farther from what came true than those of what is there"),
        // The rate of all offers is no chance that anybody told.
        None => is_uncalibrated(&is).then_some("its chances are too far from what came true"),
    };
    // What is kept has learnt from the last fifth of time too; test groups stay unseen.
    let model = fit(&answers, &|a| !a.is_test, rules, reporter)?;
    if !model.is_shown() {
        // Live it would tell no chance.
        judged.doubt.get_or_insert(
            "all the time that it was learning its chances were not surely closer than one rate for all",
        );
    }
    let (n, seconds) = (model.answers(), clock.elapsed().as_secs_f64());
    let accepted = answers.iter().filter(|a| !a.is_test && a.example.accepted).count() as u64;
    let late = || exam.iter().zip(&is).filter(|(a, _)| a.is_late);
    // Weighed answers count for as many plain ones as all of them are worth together.
    let (sum, squares) = late().fold((0.0, 0.0), |(a, b), (_, said)| (a + said.2, b + said.2 * said.2));
    let scale = if squares > 0.0 { sum / squares } else { 1.0 };
    let of = |wanted: &dyn Fn(bool, bool) -> bool| {
        let chosen = late().filter(|(_, (p, yes, _))| wanted(*p >= base, *yes));
        (scale * chosen.map(|(_, said)| said.2).sum::<f64>()).round() as u64
    };
    let expected = ExpectedYes {
        all: of(&|_, _| true),
        all_yes: of(&|_, yes| yes),
        expected: of(&|says_yes, _| says_yes),
        expected_yes: of(&|says_yes, yes| says_yes && yes),
    };
    let left_out = "left_out_without_an_answer".to_owned();
    let report = LearnedReport {
        before: figures(&was, &customers),
        after: figures(&is, &customers),
        delta: judged.delta,
        ci95: judged.ci95,
        p_cluster: judged.p,
        // By the look that it turns out to be.
        verdict: Verdict::CannotTell,
        looks: 0,
        learned_from: BTreeMap::from([("answers".to_owned(), n), ("accepted".to_owned(), accepted), (left_out, open)])
            .into_iter()
            .chain(part.into_iter().map(|(what, n)| (what.to_owned(), n)))
            .collect(),
        again_after: AGAIN_AFTER,
        by_labels: Vec::new(),
        label_days: Vec::new(),
        expected: Some(expected).filter(|e| e.expected > 0 && trial.is_shown()),
        ends: None,
    };
    let learner = LearnerKind::Offers;
    let made = Made { learner, beside, judged, read, trained_on: n, seconds, cut, inputs, signals, report };
    keep(store, request, made, own_section, |sections| sections.offers = Some(model))
}

/// What this learner makes, of a release.
fn own_section(store: &Store, id: ReleaseId) -> Result<Option<OfferModel>, JobError> {
    Ok(store.learned_sections(id)?.offers)
}

/// The newest conversation that a model may have learnt from; the newest that there can be where nobody noted how it was learnt.
fn known_to(store: &Store, model: &OfferModel) -> Result<ConversationId, JobError> {
    for row in store.learned_by(LearnerKind::Offers)? {
        if own_section(store, row.release)?.as_ref() == Some(model) {
            return Ok(row.cut.conversation);
        }
    }
    Ok(ConversationId(i64::MAX))
}

/// What a learner of offers makes of the store up to a cut, and a digest of what it read.
///
/// # Errors
/// Cancelled; nothing to learn from; the store cannot be read.
pub fn offers_at(
    store: &Store,
    cut: &LearnedCut,
    rules: OfferRules,
    seed: u64,
    reporter: &dyn Reporter,
) -> Result<(OfferModel, String), JobError> {
    let ReadOffers { answers, .. } = read(store, cut, rules, seed, NOTHING, reporter)?;
    Ok((fit(&answers, &|a| !a.is_test, rules, reporter)?, digest(&answers, false)))
}

fn fit(
    answers: &[AnsweredOffer],
    keep: &dyn Fn(&AnsweredOffer) -> bool,
    rules: OfferRules,
    reporter: &dyn Reporter,
) -> Result<OfferModel, JobError> {
    let mut examples: Vec<OfferExample> = answers.iter().filter(|a| keep(a)).map(AnsweredOffer::lesson).collect();
    let mean = examples.iter().map(|e| e.weight).sum::<f64>() / examples.len().max(1) as f64;
    if mean > 0.0 {
        examples.iter_mut().for_each(|e| e.weight /= mean);
    }
    Ok(OfferRecipe { rules }.fit(&examples, reporter)?.into_model())
}

/// A digest of what is learnt from, or of test groups, in its order.
fn digest(answers: &[AnsweredOffer], of_test_groups: bool) -> String {
    let mut hash = Sha256::new();
    for a in answers.iter().filter(|a| a.is_test == of_test_groups) {
        hash.update([u8::from(a.example.accepted)]);
        hash.update(a.example.group.to_le_bytes());
        hash.update(a.example.features.bytes());
        // Releases from before rows were weighed have a digest without.
        if a.example.weight != 1.0 {
            hash.update(a.example.weight.to_le_bytes());
        }
    }
    hash.finalize()[..8].iter().map(|b| format!("{b:02x}")).collect()
}

/// What was read.
struct ReadOffers {
    /// Answered offers in the order of time.
    answers: Vec<AnsweredOffer>,
    /// Offers without an answer.
    open: u64,
    /// Answered offers of which the log does not say in which turn they were made.
    placeless: u64,
    /// Of how much it is a part, under the names of [`LearnedReport::ABOUT`]; empty: it is all.
    part: Vec<(&'static str, u64)>,
}

/// The offers of conversations that have any: a draw from them, or by the former rules the newest. `known`: the newest conversation that
/// what is live may have learnt from.
fn read(
    store: &Store,
    cut: &LearnedCut,
    rules: OfferRules,
    seed: u64,
    known: ConversationId,
    reporter: &dyn Reporter,
) -> Result<ReadOffers, JobError> {
    let drawn = match rules {
        OfferRules::Newest => {
            let rows = store.lessons(true, cut)?;
            DrawnLessons { of: rows.len() as u64, rows }
        }
        OfferRules::Drawn | OfferRules::Mixed | OfferRules::InPart => {
            store.drawn_lessons(LessonsOf::Offers, cut, DRAWN, seed)?
        }
    };
    let part = match drawn.is_part() {
        true => vec![(LearnedReport::DRAWN, drawn.rows.len() as u64), (LearnedReport::DRAWN_OF, drawn.of)],
        false => Vec::new(),
    };
    let lessons = drawn.rows;
    let late = lessons.get(lessons.len() * 4 / 5).map_or(i64::MAX, |row| row.at.0);
    let timeless = lessons.first().map(|row| row.at.0) == lessons.last().map(|row| row.at.0);
    let (mut out, mut open, mut placeless) = (Vec::new(), 0, 0);
    for (at, row) in lessons.iter().enumerate() {
        if at % STEP == 0 {
            reporter.step("read", at as u64, lessons.len() as u64)?;
        }
        let conversation = store.conversation(row.conversation)?;
        let is_late = !timeless && row.at.0 >= late && row.conversation > known;
        for (offer, place) in conversation.offers.iter().zip(0..) {
            let accepted = match offer.status {
                OfferStatus::Accepted => true,
                OfferStatus::Declined | OfferStatus::Ignored => false,
                OfferStatus::Shown => {
                    open += 1;
                    continue;
                }
            };
            let Some(situation) = OfferSituation::of(&conversation, offer) else {
                placeless += 1;
                continue;
            };
            let features = offer_features(&situation);
            let is_alone = rules == OfferRules::InPart && draw_of(row.group, row.at, place).is_multiple_of(ALONE);
            let lesson = is_alone.then(|| offer_features(&situation.alone()));
            out.push(AnsweredOffer {
                lesson,
                // Its place in time: a row number would say in which order logs were imported.
                example: OfferExample { features, accepted, group: at as u64, weight: row.weight },
                group: row.group,
                is_judged: row.is_test || is_late,
                is_test: row.is_test,
                is_late,
            });
        }
    }
    Ok(ReadOffers { answers: out, open, placeless, part })
}

/// Whether an offer's lesson tells of it alone follows from this: from nothing that another import would change.
fn draw_of(group: i64, at: Timestamp, place: u64) -> u64 {
    mix(group.cast_unsigned() ^ mix(at.0.cast_unsigned() ^ mix(place)))
}

/// All that is missing to learn and to judge, a sentence each. Where all say the same no number of more of it would do.
fn missing(answers: &[AnsweredOffer], placeless: u64, test_share: f64) -> Option<String> {
    if answers.is_empty() && placeless > 0 {
        let offers = counted(placeless, "answered offer", "answered offers");
        return Some(format!(
            "Of {offers} none names the turn in which it was made (`turn`): what was known then cannot be told, so nothing can be learnt."
        ));
    }
    if answers.is_empty() {
        return Some(
            "No conversation here has an offer that a customer answered; learning needs 200 answers.".to_owned(),
        );
    }
    let yes_of = |of: &[&AnsweredOffer]| of.iter().filter(|a| a.example.accepted).count();
    let every: Vec<&AnsweredOffer> = answers.iter().collect();
    if let Some(says) = all_alike(yes_of(&every), every.len()) {
        return Some(says);
    }
    let taught: Vec<&AnsweredOffer> = answers.iter().filter(|a| !a.is_judged).collect();
    let judged = answers.len() - taught.len();
    // The last fifth of time judges, too.
    let teaches = 0.8 * (1.0 - test_share);
    let at_once = together(answers.iter().map(|a| a.group));
    let apart = if judged > 0 { " (the others are kept to judge by)" } else { "" };
    let of_all = format!("of {} to offers", counted(answers.len() as u64, "answer", "answers"));
    let mut says: Vec<String> = Vec::new();
    if taught.len() < ANSWERS {
        let are = if taught.len() == 1 { "is" } else { "are" };
        let more = more_needed(ANSWERS - taught.len(), teaches, at_once, Use::Teach, MORE);
        says.push(format!("{} {of_all} {are} there to learn from{apart}; {more}.", count(taught.len() as u64)));
    }
    let yes = yes_of(&taught);
    let no = taught.len() - yes;
    let (few, word) = if yes < no { (yes, "yes") } else { (no, "no") };
    // While there are few, one of a kind may come yet.
    if few < OF_EACH && (few > 0 || taught.len() >= ANSWERS) {
        let (are, all) = (if few == 1 { "is" } else { "are" }, count(taught.len() as u64));
        // Of those that come as few are of this kind as of those that came.
        let share = teaches * (few as f64 / taught.len() as f64);
        let more = match few {
            0 => "nobody can tell how many more it takes".to_owned(),
            _ => format!(
                "about {} more answers like these are needed",
                count(((OF_EACH - few) as f64 / share).ceil() as u64)
            ),
        };
        says.push(match says.is_empty() {
            true => format!("{all} {of_all} are there to learn from{apart}: only {few} {are} a {word}; {more}."),
            false => format!("Only {few} of these {all} {are} a {word}; {more}."),
        });
    }
    if says.is_empty() && taught.iter().all(|a| a.example.features == taught[0].example.features) {
        return Some("All offers look the same: there is nothing to tell them apart by.".to_owned());
    }
    if judged < JUDGED {
        let kept = counted(judged as u64, "answer is", "answers are");
        let more = more_needed(JUDGED - judged, 1.0 - teaches, at_once, Use::Judge, MORE);
        says.push(format!("{kept} kept apart to judge by; {more}."));
    }
    let customers = |of: &dyn Fn(&&AnsweredOffer) -> bool| {
        answers.iter().filter(of).map(|a| a.group).collect::<BTreeSet<_>>().len()
    };
    let judging = customers(&|a| a.is_judged);
    // With more answers there come more customers, unless all are of a few.
    if judging < CUSTOMERS && judged > 0 && (judged >= JUDGED || customers(&|_| true) < CUSTOMERS) {
        says.push(format!(
            "The {} answers that are kept apart to judge by are of {}: {CUSTOMERS} customers are needed to tell.",
            count(judged as u64),
            counted(judging as u64, "customer", "customers")
        ));
    }
    (!says.is_empty()).then(|| says.join(" "))
}

/// Where every offer was taken, or none: what is missing is no number.
fn all_alike(yes: usize, all: usize) -> Option<String> {
    let (word, until) = match (yes, all - yes) {
        (_, 0) => ("accepted", "refuses one or leaves it unanswered"),
        (0, _) => ("refused or left unanswered", "accepts one"),
        _ => return None,
    };
    let offers = if all == 1 {
        "The one answered offer was".to_owned()
    } else {
        format!("All {} answered offers were", count(all as u64))
    };
    Some(format!("{offers} {word}: there is nothing to tell apart until somebody {until}."))
}

fn figures(said: &[Weighed], customers: &[i64]) -> LearnedFigures {
    LearnedFigures {
        auc: weighed_auc(said),
        auc_error: Some(auc_error(said, customers)),
        log_loss: weighed_log_loss(said),
        macro_f1: None,
        ece: weighed_calibration_error(said),
        n: said.len() as u64,
        positives: Some(said.iter().filter(|s| s.1).count() as u64),
        worth: worth_of(said.iter().map(|s| s.2)),
    }
}
