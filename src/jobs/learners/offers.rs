//! `learn offers`: whether customers say yes, from what they said.

use super::judged::{Judged, JudgedGain, is_too_good, is_uncalibrated, is_worse_calibrated, judge, worth_of};
use super::offers_exam::{AnsweredOffer, OfferJudges, Trial, fit, in_parts, lift_of};
use super::offers_lack::{JUDGED, missing};
use super::offers_read::{OfferSituation, offer_features};
use super::report::{
    AGAIN_AFTER, LearnReport, LearnRequest, Made, READING_STAGE, compared, keep, nothing_new, too_little,
};
use crate::base::rng::mix;
use crate::domain::{
    ExpectedYes, GroupedCount, LearnedFigures, LearnedReport, OfferStatus, ReleaseId, Reporter, Timestamp, Verdict,
};
use crate::jobs::JobError;
use crate::learn::judge::binary::{Weighed, auc_error, loss, weighed_auc, weighed_calibration_error, weighed_log_loss};
use crate::learn::offers::{OfferExample, OfferModel, OfferRules};
use crate::store::{DrawnLessons, LearnedCut, LearnerKind, LessonsOf, Store};
use sha2::{Digest, Sha256};
use std::time::Instant;

/// Conversations that are drawn at most: a million are learnt from within a minute so, on two cores.
const DRAWN: usize = 150_000;
/// Of so many lessons one leaves out all that a question may leave out. What stands in every lesson would else carry a part of how often
/// offers are taken, and a question without it would be told a chance nearer to one half.
const ALONE: u64 = 4;
/// Conversations between two looks at whether to go on.
const STEP: usize = 256;
const DAY: i64 = 86_400_000;

/// Learns whether offers are taken and judges it: beside what is live on all that came since that was learnt, where nothing is live on test
/// groups and on the last fifth of time. Promotes it where it is better. What is told of a single chance from then on follows from how
/// what is live does on what judged it.
///
/// # Errors
/// Cancelled; the store cannot be read or written.
pub fn learn_offers(
    store: &mut Store,
    request: &LearnRequest<'_>,
    reporter: &dyn Reporter,
) -> Result<LearnReport, JobError> {
    let learner = LearnerKind::Offers;
    let cut = store.learning_cut()?;
    let signals = store.learning_signals(learner)?;
    let rules = OfferRules::default();
    let beside = store.live()?;
    let live = beside.map(|id| store.learned_sections(id)).transpose()?.and_then(|s| s.offers);
    let mut judges = live.as_ref().map_or(Ok(OfferJudges::All), |model| judges_of(store, model, rules))?;
    let reads = |judges| Wanted { cut: &cut, rules, seed: request.seed, judges, now: request.now };
    let mut found = read(store, &reads(judges), reporter)?;
    let new = signals.saturating_sub(store.last_look(learner)?.unwrap_or(0));
    if matches!(judges, OfferJudges::Since(_)) && found.judging() < JUDGED && new >= JUDGED as u64 {
        // They are other answers in conversations that it knew: test groups taught it nothing.
        judges = OfferJudges::TestGroups;
        found = read(store, &reads(judges), reporter)?;
    }
    let ReadOffers { answers, open, placeless, part } = found;
    let inputs = digest(&answers, false);
    // By other rules the same tells something new.
    let read = format!("{inputs}{}{}", digest(&answers, true), rules as u16);
    if let Some(says) = nothing_new(store, learner.recipe(), &read, own_section)? {
        store.note_look(learner, signals, None)?;
        return Ok(says);
    }
    if let Some(says) = missing(&answers, judges, placeless, store.test_share()) {
        store.note_look(learner, signals, Some(&says))?;
        return Ok(too_little(says));
    }
    let clock = Instant::now();
    let trial = Trial::of(&answers, rules, reporter)?;
    let exam: Vec<&AnsweredOffer> = answers.iter().filter(|a| a.judges()).collect();
    let customers: Vec<i64> = exam.iter().map(|a| a.group).collect();
    let before = |a: &AnsweredOffer| live.as_ref().map_or(trial.base, |model| model.chance(&a.example.features));
    let was: Vec<Weighed> = exam.iter().map(|a| (before(a), a.example.accepted, a.example.weight)).collect();
    let is = &trial.said;
    if let Some(model) = &live {
        // Test groups taught it nothing either: with those of late fewer new answers decide by chance.
        let unseen: Vec<&AnsweredOffer> = answers.iter().filter(|a| a.judges() || (a.is_test && a.is_late)).collect();
        let said: Vec<Weighed> =
            unseen.iter().map(|a| (model.chance(&a.example.features), a.example.accepted, a.example.weight)).collect();
        let whose: Vec<i64> = unseen.iter().map(|a| a.group).collect();
        store.note_lift(model, lift_of(&said, &whose, request.seed))?;
        if was == *is {
            store.note_look(learner, signals, None)?;
            return Ok(too_little(
                "What could be learnt is what is live: there is nothing to compare, and no look is spent.".to_owned(),
            ));
        }
    }
    // What is kept has learnt from what judged it, too; test groups stay unseen.
    let model = fit(&answers, &|a| !a.is_test, rules, reporter)?;
    let judged = judged_beside(live.is_some(), Some(&model), [&was, is], &customers, request.seed);
    let seconds = clock.elapsed().as_secs_f64();
    let count_of = |of: &dyn Fn(&AnsweredOffer) -> bool| answers.iter().filter(|a| of(a)).count() as u64;
    let n = count_of(&|a| !a.is_test);
    let counts = [
        ("answers", n),
        ("accepted", count_of(&|a| !a.is_test && a.example.accepted)),
        ("left_out_without_an_answer", open),
        (LearnedReport::AFTERWARDS, count_of(&|a| !a.is_test && a.judges())),
    ];
    let late: Vec<(i64, Weighed)> =
        exam.iter().zip(is).filter(|(a, _)| a.is_late).map(|(a, said)| (a.group, *said)).collect();
    let report = LearnedReport {
        before: figures(&was, &customers),
        after: figures(is, &customers),
        delta: judged.delta,
        ci95: judged.ci95,
        p_cluster: judged.p,
        // By the look that it turns out to be.
        verdict: Verdict::CannotTell,
        looks: 0,
        learned_from: counts.into_iter().chain(part).map(|(what, n)| (what.to_owned(), n)).collect(),
        again_after: AGAIN_AFTER,
        by_labels: Vec::new(),
        label_days: Vec::new(),
        expected: Some(expected_of(&late, trial.base)).filter(|e| e.expected > 0 && trial.is_shown && !is_too_good(is)),
        ends: None,
        held_back: None,
    };
    store.note_lift(&model, lift_of(is, &customers, request.seed))?;
    let made = Made { learner, beside, judged, read, trained_on: n, seconds, cut, inputs, signals, report };
    keep(store, request, made, own_section, |sections| sections.offers = Some(model))
}

/// Judges what two models said of the same answers, and what speaks against the one after. `beside_chances`: the one before tells chances
/// of its own, not one rate for all; `after`: what would tell those after, where a model does.
fn judged_beside(
    beside_chances: bool,
    after: Option<&OfferModel>,
    [was, is]: [&[Weighed]; 2],
    customers: &[i64],
    seed: u64,
) -> Judged {
    let gain = |(&customer, (b, n)): (&i64, (&Weighed, &Weighed))| JudgedGain {
        customer,
        gain: loss(b.0, b.1) - loss(n.0, n.1),
        weight: n.2,
    };
    let gains: Vec<JudgedGain> = customers.iter().zip(was.iter().zip(is)).map(gain).collect();
    let mut judged = judge(&gains, seed);
    judged.doubt = match beside_chances {
        _ if is_too_good(is) => Some(LearnedReport::TOO_GOOD),
        true => is_worse_calibrated(was, is)
            .then_some("its chances are farther from what came true than those of what is there"),
        // The rate of all offers is no chance that anybody told.
        false => is_uncalibrated(is).then_some("its chances are too far from what came true"),
    };
    if after.is_some_and(|model| !model.is_shown()) {
        // Live it would tell no chance.
        judged.doubt.get_or_insert("on what it had not heard its chances were not surely closer than one rate for all");
    }
    judged
}

/// Judges what two models say of test groups, which taught neither; `None`: everybody is told the rate of all. It is no look. In a
/// sentence why not, where there is too little to judge by.
///
/// # Errors
/// Cancelled; the store cannot be read.
pub(in crate::jobs) fn compare_offers(
    store: &Store,
    models: [Option<&OfferModel>; 2],
    request: &LearnRequest<'_>,
    reporter: &dyn Reporter,
) -> Result<Result<LearnedReport, String>, JobError> {
    let (rules, judges) = (OfferRules::default(), OfferJudges::TestGroups);
    let (cut, seed) = (store.learning_cut()?, request.seed);
    let ReadOffers { answers, placeless, .. } =
        read(store, &Wanted { cut: &cut, rules, seed, judges, now: request.now }, reporter)?;
    if let Some(says) = missing(&answers, judges, placeless, store.test_share()) {
        return Ok(Err(says));
    }
    // Where both tell chances nobody is told one for all, and a fit takes its time.
    let one_for_all = match models {
        [Some(_), Some(_)] => 0.0,
        _ => fit(&answers, &|a| !a.is_test, rules, reporter)?.base_rate(),
    };
    let exam: Vec<&AnsweredOffer> = answers.iter().filter(|a| a.judges()).collect();
    let customers: Vec<i64> = exam.iter().map(|a| a.group).collect();
    let [was, is] = models.map(|model| -> Vec<Weighed> {
        let chance = |a: &AnsweredOffer| model.map_or(one_for_all, |m| m.chance(&a.example.features));
        exam.iter().map(|a| (chance(a), a.example.accepted, a.example.weight)).collect()
    });
    let judged = judged_beside(models[0].is_some(), models[1], [&was, &is], &customers, seed);
    let sides = [&was, &is].map(|said| figures(said, &customers));
    compared(store, LearnerKind::Offers, sides, judged).map(Ok)
}

/// What asking only where a yes is expected would have come to. Weighed answers count for as many plain ones as all of them are worth together.
fn expected_of(said: &[(i64, Weighed)], base: f64) -> ExpectedYes {
    let (sum, squares) = said.iter().fold((0.0, 0.0), |(a, b), (_, said)| (a + said.2, b + said.2 * said.2));
    let scale = if squares > 0.0 { sum / squares } else { 1.0 };
    let of = |wanted: &dyn Fn(bool, bool) -> bool| {
        let chosen = said.iter().filter(|(_, (p, yes, _))| wanted(*p >= base, *yes));
        (scale * chosen.map(|(_, said)| said.2).sum::<f64>()).round() as u64
    };
    let mut by_customer = GroupedCount::default();
    let expected = said.iter().filter(|(_, said)| said.0 >= base);
    expected.for_each(|(customer, said)| by_customer.add(*customer, said.2, said.1));
    ExpectedYes {
        worth: Some((by_customer.plain().1.round() as u64).max(1)),
        all: of(&|_, _| true),
        all_yes: of(&|_, yes| yes),
        expected: of(&|says_yes, _| says_yes),
        expected_yes: of(&|says_yes, yes| says_yes && yes),
    }
}

/// What this learner makes, of a release.
fn own_section(store: &Store, id: ReleaseId) -> Result<Option<OfferModel>, JobError> {
    Ok(store.learned_sections(id)?.offers)
}

/// What judges beside a model that is live.
fn judges_of(store: &Store, model: &OfferModel, rules: OfferRules) -> Result<OfferJudges, JobError> {
    for row in store.learned_by(LearnerKind::Offers)? {
        if model.rules() == rules && own_section(store, row.release)?.as_ref() == Some(model) {
            return Ok(OfferJudges::Since(row.cut.conversation));
        }
    }
    Ok(OfferJudges::TestGroups)
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
    let wanted = Wanted { cut, rules, seed, judges: OfferJudges::All, now: Timestamp(i64::MAX) };
    let ReadOffers { answers, .. } = read(store, &wanted, reporter)?;
    Ok((fit(&answers, &|a| !a.is_test, rules, reporter)?, digest(&answers, false)))
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

impl ReadOffers {
    /// How many answers judge.
    fn judging(&self) -> usize {
        self.answers.iter().filter(|a| a.judges()).count()
    }
}

/// What is read.
struct Wanted<'a> {
    cut: &'a LearnedCut,
    rules: OfferRules,
    seed: u64,
    judges: OfferJudges,
    /// What lies more than a day ahead of it is not late.
    now: Timestamp,
}

/// The offers of conversations that have any: a draw from them, or by the former rules the newest.
fn read(store: &Store, wanted: &Wanted<'_>, reporter: &dyn Reporter) -> Result<ReadOffers, JobError> {
    let Wanted { cut, rules, seed, judges, now } = *wanted;
    let drawn = match rules {
        OfferRules::Newest => {
            let rows = store.lessons(true, cut)?;
            DrawnLessons { of: rows.len() as u64, rows }
        }
        OfferRules::Drawn | OfferRules::Mixed | OfferRules::InPart | OfferRules::Crossed => {
            store.drawn_lessons(LessonsOf::Offers, cut, DRAWN, seed)?
        }
    };
    let part = match drawn.is_part() {
        true => vec![(LearnedReport::DRAWN, drawn.rows.len() as u64), (LearnedReport::DRAWN_OF, drawn.of)],
        false => Vec::new(),
    };
    let lessons = drawn.rows;
    let until = now.0.saturating_add(DAY);
    // In the order of time.
    let past = &lessons[..lessons.partition_point(|row| row.at.0 <= until)];
    let late = past.get(past.len() * 4 / 5).map_or(i64::MAX, |row| row.at.0);
    let timeless = past.first().map(|row| row.at.0) == past.last().map(|row| row.at.0);
    let (mut out, mut open, mut placeless) = (Vec::new(), 0, 0);
    for (at, row) in lessons.iter().enumerate() {
        if at % STEP == 0 {
            reporter.step(READING_STAGE, at as u64, lessons.len() as u64)?;
        }
        let conversation = store.conversation(row.conversation)?;
        let is_late = !timeless && (late..=until).contains(&row.at.0);
        let judges = judges.has(row.conversation, row.is_test, is_late);
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
            let is_alone = rules.teaches_in_part() && draw_of(row.group, row.at, place).is_multiple_of(ALONE);
            let lesson = is_alone.then(|| offer_features(&situation.alone()).as_told());
            out.push(AnsweredOffer {
                lesson,
                // Its place in time: a row number would say in which order logs were imported.
                example: OfferExample { features, accepted, group: at as u64, weight: row.weight },
                group: row.group,
                part: judges.then_some(0),
                is_test: row.is_test,
                is_late,
            });
        }
    }
    in_parts(&mut out, judges);
    Ok(ReadOffers { answers: out, open, placeless, part })
}

/// Whether an offer's lesson tells of it alone follows from this: from nothing that another import would change.
fn draw_of(group: i64, at: Timestamp, place: u64) -> u64 {
    mix(group.cast_unsigned() ^ mix(at.0.cast_unsigned() ^ mix(place)))
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
