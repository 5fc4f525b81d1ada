//! `learn sentiment`: how customers feel, from what they say and do.

use super::report::{
    AGAIN_AFTER, CUSTOMERS, Lack, LearnReport, LearnRequest, Made, Use, all_lacks, compared, few_customers, keep,
    more_needed, nothing_new, together, too_little,
};
use super::sentiment_exam::SentimentExam;
use super::sentiment_read::read;
use crate::base::counted::{count, counted};
use crate::base::progress::CURVE;
use crate::domain::{Cancelled, ChancesGiven, EndsRead, LearnedReport, ReleaseId, Reporter, Timestamp, Verdict};
use crate::jobs::JobError;
use crate::learn::contract::{Fitted, LearnerRecipe};
use crate::learn::sentiment::heard::{By, HeardTurn};
use crate::learn::sentiment::{
    Feeling, SentimentExample, SentimentGuess, SentimentModel, SentimentRecipe, SentimentRules,
};
use crate::store::{LearnedCut, LearnerKind, Store};
use rayon::prelude::*;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

/// Turns below which nothing is learnt.
const TURNS: usize = 200;
/// Rated turns below which nothing is judged, and of the displeased among them.
const JUDGED: usize = LearnerKind::JUDGED_RATINGS as usize;
const DISPLEASED: usize = 10;
/// The curve by labels: with these parts of them, and from how many labels on each part.
const PARTS: [u64; 4] = [16, 8, 4, 2];
const FEWEST: u64 = 20;
/// Turns without a label that a point of the curve learns from, too.
const SAMPLE: usize = 2_000;

/// Models that are fitted to several parts of the labels side by side: whichever of them speaks, so many are done.
struct PartsDone<'a> {
    whole: &'a dyn Reporter,
    done: AtomicU64,
    of: u64,
}

impl Reporter for PartsDone<'_> {
    fn step(&self, _: &str, _: u64, _: u64) -> Result<(), Cancelled> {
        self.whole.step(CURVE, self.done.load(Ordering::Relaxed), self.of)
    }
}

/// Learns how customers feel from training groups, judges it on what test groups rated, and promotes it where it is better.
///
/// # Errors
/// Cancelled; the store cannot be read or written.
pub fn learn_sentiment(
    store: &mut Store,
    request: &LearnRequest<'_>,
    reporter: &dyn Reporter,
) -> Result<LearnReport, JobError> {
    let cut = store.learning_cut()?;
    let signals = store.learning_signals(LearnerKind::Sentiment)?;
    let rules = SentimentRules::default();
    let heard = read(store, &cut, rules, request.seed, reporter)?;
    let turns = &heard.turns;
    let missing = lack(turns, signals, store.test_share());
    if let Some(mut says) = missing {
        if store.logs_sentiment()? {
            says += " The log's own `sentiment` is filtered by, and not learnt from.";
        }
        store.note_look(LearnerKind::Sentiment, signals, Some(&says))?;
        return Ok(too_little(says));
    }
    let clock = Instant::now();
    let (taught, judging): (Vec<&HeardTurn>, Vec<&HeardTurn>) = turns.iter().partition(|t| !t.is_test);
    let inputs = digest(&taught);
    // By other rules the same tells something new.
    let read = format!("{inputs}{}{}", digest(&judging), rules as u16);
    let beside = store.live()?;
    if let Some(says) = nothing_new(store, LearnerKind::Sentiment.recipe(), &read, own_section)? {
        store.note_look(LearnerKind::Sentiment, signals, None)?;
        return Ok(says);
    }
    let recipe = SentimentRecipe { seed: request.seed, ..SentimentRecipe::default() };
    let fitted = recipe.fit(&examples(&taught), reporter)?;
    let unseen: Vec<Option<SentimentGuess>> = (0..taught.len()).map(|i| fitted.unseen(i)).collect();
    let (model, ends) = (fitted.into_model(), ends_read(&taught, &unseen));
    let seconds = clock.elapsed().as_secs_f64();
    let live = beside.map(|id| store.learned_sections(id)).transpose()?.and_then(|s| s.sentiment);
    let exam = SentimentExam::of(turns);
    let (was, is) = (exam.said(live.as_ref()), exam.said(Some(&model)));
    let judged = exam.judge(&was, &is, request.seed);
    let after = exam.figures(&is);
    let human = model.human();
    let zone = store.zone()?;
    let parts: Vec<u64> = PARTS.iter().map(|part| human / part).filter(|n| *n >= FEWEST).collect();
    let side_by_side = PartsDone { whole: reporter, done: AtomicU64::new(0), of: parts.len() as u64 };
    let with_few = |labels: u64| -> Result<_, JobError> {
        let known = oldest(&taught, labels);
        // Ranks are all that is asked of it.
        let few = recipe.fit_probabilities(&examples(&known), &side_by_side)?;
        reporter.step(CURVE, side_by_side.done.fetch_add(1, Ordering::Relaxed) + 1, side_by_side.of)?;
        Ok(((labels, exam.figures(&exam.said(Some(&few))).auc), last_label(&known)))
    };
    let points = parts.into_par_iter().map(with_few).collect::<Result<Vec<_>, JobError>>()?;
    let (mut by_labels, mut days): (Vec<(u64, f64)>, Vec<Timestamp>) = points.into_iter().unzip();
    by_labels.push((human, after.auc));
    days.push(last_label(&taught));
    let is_timed = days.iter().all(|day| day.0 > 0);
    let by = |who: By| taught.iter().filter(|t| t.rated.is_some_and(|r| r.1 == who)).count() as u64;
    let from = [
        ("turns", model.turns()),
        ("ratings", by(By::Rating)),
        ("thumbs", by(By::Thumb)),
        ("by_reviewers", by(By::Reviewer)),
        ("calls_for_a_person", heard.person),
        (LearnedReport::UNHEARD, heard.unheard),
        (LearnedReport::UNHEARD_OF, if heard.unheard > 0 { heard.looked_at } else { 0 }),
    ];
    let report = LearnedReport {
        before: exam.figures(&was),
        after,
        delta: judged.delta,
        ci95: judged.ci95,
        p_cluster: judged.p,
        // By the look that it turns out to be.
        verdict: Verdict::CannotTell,
        looks: 0,
        learned_from: from
            .into_iter()
            .filter(|(what, n)| !LearnedReport::ABOUT.contains(what) || *n > 0)
            .chain(heard.part)
            .map(|(what, n)| (what.to_owned(), n))
            .collect(),
        again_after: AGAIN_AFTER,
        by_labels,
        label_days: days.into_iter().filter(|_| is_timed).map(|day| zone.date(day)).collect(),
        expected: None,
        ends: Some(ends),
        held_back: None,
    };
    let (learner, trained_on) = (LearnerKind::Sentiment, model.turns());
    let made = Made { learner, beside, judged, read, trained_on, seconds, cut, inputs, signals, report };
    keep(store, request, made, own_section, |sections| sections.sentiment = Some(model))
}

/// What this learner makes, of a release.
fn own_section(store: &Store, id: ReleaseId) -> Result<Option<SentimentModel>, JobError> {
    Ok(store.learned_sections(id)?.sentiment)
}

/// What a learner of sentiment makes of the store up to a cut by a recipe, and a digest of what it read.
///
/// # Errors
/// Cancelled; nothing to learn from; the store cannot be read.
pub fn sentiment_at(
    store: &Store,
    cut: &LearnedCut,
    recipe: SentimentRecipe,
    reporter: &dyn Reporter,
) -> Result<(SentimentModel, String), JobError> {
    let heard = read(store, cut, recipe.rules, recipe.seed, reporter)?;
    let taught: Vec<&HeardTurn> = heard.turns.iter().filter(|t| !t.is_test).collect();
    Ok((recipe.fit(&examples(&taught), reporter)?.into_model(), digest(&taught)))
}

/// Turns as examples.
fn examples<'a>(turns: &[&'a HeardTurn]) -> Vec<SentimentExample<'a>> {
    // Those that somebody rated and the others were drawn apart: each weigh 1 on average.
    let mean = |rated: bool| {
        let weights = || turns.iter().filter(|t| t.rated.is_some() == rated).map(|t| t.weight);
        weights().sum::<f64>() / weights().count().max(1) as f64
    };
    let means = [mean(false), mean(true)];
    let weight = |t: &HeardTurn| (t.weight / means[usize::from(t.rated.is_some())]) as f32;
    let example = |t: &&'a HeardTurn| SentimentExample {
        turn: t.turn(),
        is_answered: t.is_answered,
        feeling: t.feeling(),
        group: t.group as u64,
        weight: weight(t),
    };
    turns.iter().map(example).collect()
}

/// The oldest turns that have labels, so many, and others, evenly: turns come newest first.
fn oldest<'a>(turns: &[&'a HeardTurn], labels: u64) -> Vec<&'a HeardTurn> {
    let others = turns.iter().filter(|t| t.rated.is_none()).count();
    let step = others.div_ceil(SAMPLE).max(1);
    let mut newer = ((turns.len() - others) as u64).saturating_sub(labels);
    let mut at = 0;
    let keep = |t: &&&HeardTurn| {
        if t.rated.is_some() {
            let is_newer = newer > 0;
            newer = newer.saturating_sub(1);
            return !is_newer;
        }
        at += 1;
        at % step == 0
    };
    turns.iter().filter(keep).copied().collect()
}

/// When the newest of those turns was that have a label; the epoch where nothing tells.
fn last_label(turns: &[&HeardTurn]) -> Timestamp {
    turns.iter().filter(|t| t.rated.is_some()).map(|t| t.ended).max().unwrap_or(Timestamp(0))
}

/// The chances that models which had not seen their customers gave to turns with which a conversation ended that its customer rated.
fn ends_read(turns: &[&HeardTurn], unseen: &[Option<SentimentGuess>]) -> EndsRead {
    let ends: Vec<(Feeling, f64, f64)> = turns
        .iter()
        .zip(unseen)
        .filter_map(|(t, guess)| match t.rated? {
            (said, By::Rating) => Some((said, guess.as_ref()?.shares[Feeling::Negative as usize].into(), t.weight)),
            (_, By::Reviewer | By::Thumb) => None,
        })
        .collect();
    let of = |bad: bool| {
        ChancesGiven::of(ends.iter().filter(move |e| (e.0 == Feeling::Negative) == bad).map(|e| (e.1, e.2)))
    };
    EndsRead { bad: of(true), others: of(false) }
}

/// A digest of what is learnt from, in its order.
fn digest(turns: &[&HeardTurn]) -> String {
    let mut hash = Sha256::new();
    for t in turns {
        for text in [&t.text, &t.before] {
            hash.update((text.len() as u64).to_le_bytes());
            hash.update(text);
        }
        let feeling = t.feeling().map_or(9, |f| f as u8);
        hash.update([u8::from(t.repeats), feeling]);
        hash.update(t.group.to_le_bytes());
        // Releases from before rows were weighed have a digest without.
        if t.weight != 1.0 {
            hash.update(t.weight.to_le_bytes());
        }
    }
    hash.finalize()[..8].iter().map(|b| format!("{b:02x}")).collect()
}

/// Judges what two models say of what test groups rated, which taught neither; `None`: everybody is told the same. It is no look. In a
/// sentence why not, where there is too little to judge by.
///
/// # Errors
/// Cancelled; the store cannot be read.
pub(in crate::jobs) fn compare_sentiment(
    store: &Store,
    [before, after]: [Option<&SentimentModel>; 2],
    seed: u64,
    reporter: &dyn Reporter,
) -> Result<Result<LearnedReport, String>, JobError> {
    let heard = read(store, &store.learning_cut()?, SentimentRules::default(), seed, reporter)?;
    let signals = store.learning_signals(LearnerKind::Sentiment)?;
    if let Some(says) = lack(&heard.turns, signals, store.test_share()) {
        return Ok(Err(says));
    }
    let exam = SentimentExam::of(&heard.turns);
    let (was, is) = (exam.said(before), exam.said(after));
    let judged = exam.judge(&was, &is, seed);
    compared(store, LearnerKind::Sentiment, [exam.figures(&was), exam.figures(&is)], judged).map(Ok)
}

/// All that is missing to learn and to judge, in words.
fn lack(turns: &[HeardTurn], signals: u64, test_share: f64) -> Option<String> {
    unheard(turns, signals).or_else(|| missing(turns, test_share))
}

/// What is missing where somebody rated, and no customer said a word to the AI: more of that helps nobody.
fn unheard(turns: &[HeardTurn], signals: u64) -> Option<String> {
    let rated = counted(signals, "rating is", "ratings are");
    (turns.is_empty() && signals > 0).then(|| {
        format!("{rated} there, and in no conversation a customer writes to the AI: there are no words to learn from.")
    })
}

/// All that is missing to learn and to judge, a sentence each. Where all say the same no number of more of it would do.
fn missing(turns: &[HeardTurn], test_share: f64) -> Option<String> {
    let every: Vec<Feeling> = turns.iter().filter_map(HeardTurn::feeling).collect();
    if let Some(says) = all_alike(&every) {
        return Some(says);
    }
    let mut lacks: Vec<Lack> = Vec::new();
    let taught = turns.iter().filter(|t| !t.is_test).count();
    if let Some(lack) = TURNS.checked_sub(taught).filter(|lack| *lack > 0) {
        let n = counted(taught as u64, "turn of customers is", "turns of customers are");
        let at_once = together(turns.iter().map(|t| t.group));
        let more = more_needed(lack, 1.0 - test_share, at_once, Use::Teach, ["more turn", "more turns"]);
        lacks.push(Lack { is: format!("{n} there to learn from"), takes: TURNS as u64, more: Some(more) });
    }
    let at_once = together(turns.iter().filter(|t| t.rated.is_some()).map(|t| t.group));
    let rated: Vec<Feeling> = turns.iter().filter(|t| t.is_test).filter_map(HeardTurn::feeling).collect();
    let customers = |of: &dyn Fn(&&HeardTurn) -> bool| {
        turns.iter().filter(|t| t.rated.is_some()).filter(of).map(|t| t.group).collect::<BTreeSet<_>>().len()
    };
    // However much more the same customers rate, nobody else judges.
    let those = match every.len() as u64 {
        1 => "The one rating is".to_owned(),
        n => format!("The {} ratings are", count(n)),
    };
    let too_few = few_customers(&those, customers(&|_| true), test_share);
    lacks.extend(too_few.filter(|_| customers(&|t| t.is_test) < CUSTOMERS));
    if rated.len() < JUDGED {
        let n = counted(rated.len() as u64, "answer or conversation", "answers or conversations");
        let what = ["more rating", "more ratings"];
        let more = more_needed(JUDGED - rated.len(), test_share, at_once, Use::Judge, what);
        let all = count(every.len() as u64);
        let is = match every.len() {
            0 => "Nobody has rated an answer or a conversation".to_owned(),
            _ => format!("Customers of test groups, whose ratings alone judge it, rated {n} (all customers: {all})"),
        };
        lacks.push(Lack { is, takes: JUDGED as u64, more: Some(more) });
    }
    if !lacks.is_empty() {
        return Some(all_lacks(&lacks, "rated conversations with words of the customer's").join(" "));
    }
    if rated.iter().all(|f| *f == rated[0]) {
        return Some(format!(
            "All {} ratings of test groups, by which it would be judged, say the same: there is nothing to tell apart.",
            rated.len()
        ));
    }
    let negative = rated.iter().filter(|f| **f == Feeling::Negative).count();
    (negative < DISPLEASED).then(|| {
        let (_, more) =
            more_needed(DISPLEASED - negative, test_share, at_once, Use::Judge, ["more bad one", "more bad ones"]);
        let all = count(rated.len() as u64);
        format!("Only {negative} of {all} ratings of test groups, by which it would be judged, are bad; {more}.")
    })
}

/// Where everybody who rated is displeased, or nobody: what is missing is no number.
fn all_alike(rated: &[Feeling]) -> Option<String> {
    let n = rated.len();
    let negative = rated.iter().filter(|f| **f == Feeling::Negative).count();
    let (word, until) = match (negative, n - negative) {
        (0, 0) => return None,
        (0, _) => ("bad", "is let down"),
        (_, 0) => ("good", "is content"),
        _ => return None,
    };
    Some(format!(
        "None of the {} ratings is {word}: there is nothing to tell apart until somebody {until} and says so.",
        count(n as u64)
    ))
}
