//! `learn sentiment`: how customers feel, from what they say and do.

use super::judged::{JudgedGain, judge, worth_of};
use super::report::{
    AGAIN_AFTER, CUSTOMERS, LearnReport, LearnRequest, Made, Use, few_customers, for_all_of_it, keep, more_needed,
    nothing_new, together, too_little,
};
use super::sentiment_read::read;
use crate::base::counted::{count, counted};
use crate::base::progress::CURVE;
use crate::domain::{
    Cancelled, ChancesGiven, EndsRead, LearnedFigures, LearnedReport, ReleaseId, Reporter, Timestamp, Verdict,
};
use crate::jobs::JobError;
use crate::learn::contract::{Fitted, LearnerRecipe, Predict};
use crate::learn::judge::binary::{Weighed, auc_error, weighed_auc};
use crate::learn::sentiment::heard::{By, HeardTurn};
use crate::learn::sentiment::{
    CLASSES, Feeling, SentimentExample, SentimentGuess, SentimentModel, SentimentRecipe, SentimentRules,
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
    let missing = unheard(turns, signals).or_else(|| missing(turns, store.test_share()));
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
    let exam: Vec<(&HeardTurn, Feeling)> = judging.iter().filter_map(|t| Some((*t, t.feeling()?))).collect();
    let base = shares(taught.iter().filter_map(|t| Some((t.feeling()?, t.weight))));
    let was: Vec<TurnSentiment> = exam
        .iter()
        .map(|(t, _)| live.as_ref().map_or(TurnSentiment::always(base), |m| TurnSentiment::of(m, t)))
        .collect();
    let is: Vec<TurnSentiment> = exam.iter().map(|(t, _)| TurnSentiment::of(&model, t)).collect();
    let gains: Vec<JudgedGain> = exam
        .iter()
        .zip(was.iter().zip(&is))
        .map(|((t, truth), (was, is))| JudgedGain {
            customer: t.group,
            gain: was.loss(*truth) - is.loss(*truth),
            weight: t.weight,
        })
        .collect();
    let judged = judge(&gains, request.seed);
    let truth: Vec<(Feeling, f64)> = exam.iter().map(|(t, feeling)| (*feeling, t.weight)).collect();
    let customers: Vec<i64> = exam.iter().map(|(t, _)| t.group).collect();
    let after = figures(&is, &truth, &customers);
    let human = model.human();
    let zone = store.zone()?;
    let parts: Vec<u64> = PARTS.iter().map(|part| human / part).filter(|n| *n >= FEWEST).collect();
    let side_by_side = PartsDone { whole: reporter, done: AtomicU64::new(0), of: parts.len() as u64 };
    let with_few = |labels: u64| -> Result<_, JobError> {
        let known = oldest(&taught, labels);
        // Ranks are all that is asked of it.
        let few = recipe.fit_probabilities(&examples(&known), &side_by_side)?;
        reporter.step(CURVE, side_by_side.done.fetch_add(1, Ordering::Relaxed) + 1, side_by_side.of)?;
        let said: Vec<TurnSentiment> = exam.iter().map(|(t, _)| TurnSentiment::of(&few, t)).collect();
        Ok(((labels, figures(&said, &truth, &customers).auc), last_label(&known)))
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
        before: figures(&was, &truth, &customers),
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

/// What is said of a turn.
struct TurnSentiment {
    shares: [f64; CLASSES],
    feeling: Feeling,
}

impl TurnSentiment {
    fn of(model: &SentimentModel, turn: &HeardTurn) -> Self {
        let guess = model.predict(turn.turn());
        Self { shares: guess.shares.map(f64::from), feeling: guess.feeling }
    }

    /// The same of every turn.
    fn always(shares: [f64; CLASSES]) -> Self {
        let best = (0..CLASSES).max_by(|&a, &b| shares[a].total_cmp(&shares[b])).unwrap_or(1);
        Self { shares, feeling: Feeling::ALL[best] }
    }

    fn loss(&self, truth: Feeling) -> f64 {
        -self.shares[truth as usize].max(1e-6).ln()
    }
}

fn shares(feelings: impl Iterator<Item = (Feeling, f64)> + Clone) -> [f64; CLASSES] {
    let mut counts = [1.0; CLASSES];
    let mean = feelings.clone().map(|f| f.1).sum::<f64>() / feelings.clone().count().max(1) as f64;
    feelings.for_each(|(f, weight)| counts[f as usize] += weight / mean);
    let all: f64 = counts.iter().sum();
    counts.map(|c| c / all)
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
    let (mut says, mut named): (Vec<String>, Vec<u64>) = Default::default();
    let taught = turns.iter().filter(|t| !t.is_test).count();
    if let Some(lack) = TURNS.checked_sub(taught).filter(|lack| *lack > 0) {
        let n = counted(taught as u64, "turn of customers is", "turns of customers are");
        let at_once = together(turns.iter().map(|t| t.group));
        let (all, more) = more_needed(lack, 1.0 - test_share, at_once, Use::Teach, ["more turn", "more turns"]);
        named.push(all);
        says.push(format!("{n} there to learn from; {more}."));
    }
    let at_once = together(turns.iter().filter(|t| t.rated.is_some()).map(|t| t.group));
    let rated: Vec<Feeling> = turns.iter().filter(|t| t.is_test).filter_map(HeardTurn::feeling).collect();
    let customers = |of: &dyn Fn(&&HeardTurn) -> bool| {
        turns.iter().filter(|t| t.rated.is_some()).filter(of).map(|t| t.group).collect::<BTreeSet<_>>().len()
    };
    // However much more the same customers rate, nobody else judges.
    let too_few =
        few_customers(&format!("The {} ratings", count(every.len() as u64)), customers(&|_| true), test_share);
    if let Some((all, too_few)) = too_few.filter(|_| customers(&|t| t.is_test) < CUSTOMERS) {
        named.push(all);
        says.push(too_few);
    }
    if rated.len() < JUDGED {
        let n = counted(rated.len() as u64, "answer or conversation", "answers or conversations");
        let what = ["more rating", "more ratings"];
        let (all, more) = more_needed(JUDGED - rated.len(), test_share, at_once, Use::Judge, what);
        named.push(all);
        says.push(format!(
            "Customers of test groups, whose ratings alone judge it, rated {n} (all customers: {}); {more}.",
            count(every.len() as u64)
        ));
    }
    if !says.is_empty() {
        says.extend(for_all_of_it(&named, "rated conversations with words of the customer's"));
        return Some(says.join(" "));
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

fn figures(said: &[TurnSentiment], truth: &[(Feeling, f64)], customers: &[i64]) -> LearnedFigures {
    let (mut there, mut named, mut right) = ([0.0f64; CLASSES], [0.0f64; CLASSES], [0.0f64; CLASSES]);
    for (said, (truth, weight)) in said.iter().zip(truth) {
        there[*truth as usize] += weight;
        named[said.feeling as usize] += weight;
        right[*truth as usize] += if said.feeling == *truth { *weight } else { 0.0 };
    }
    let f1 = |k: usize| 2.0 * right[k] / (there[k] + named[k]);
    let occurring: Vec<f64> = (0..CLASSES).filter(|&k| there[k] > 0.0).map(f1).collect();
    let negative: Vec<Weighed> = said
        .iter()
        .zip(truth)
        .map(|(s, (t, w))| (s.shares[Feeling::Negative as usize], *t == Feeling::Negative, *w))
        .collect();
    let all: f64 = truth.iter().map(|t| t.1).sum();
    let loss: f64 = said.iter().zip(truth).map(|(s, (t, w))| w * s.loss(*t)).sum();
    LearnedFigures {
        auc: weighed_auc(&negative),
        auc_error: Some(auc_error(&negative, customers)),
        log_loss: if all > 0.0 { loss / all } else { 0.0 },
        macro_f1: Some(occurring.iter().sum::<f64>() / occurring.len().max(1) as f64),
        ece: None,
        n: said.len() as u64,
        positives: Some(negative.iter().filter(|s| s.1).count() as u64),
        worth: worth_of(truth.iter().map(|t| t.1)),
    }
}
