//! Weeks of review played through on a labelled file: what a way to choose is worth.
//!
//! A run deals the training file into a random order. The first `start` rows of each intent are labelled, the rest arrive,
//! `per_week` a week, each row once. The live model answers what arrives; a flag says "failed" for 70 % of its wrong
//! answers and, falsely, for 10 % of its right ones, and stays. Then `review` of all utterances that wait, those of earlier
//! weeks included, are picked by what the live model makes of them now, and get their true label; a model learns from all
//! labels and goes live; its accuracy on the test file is that week's point. Nothing that chooses or learns sees the test
//! file. When no more rows are left, what waits is reviewed; when nothing waits, the labels stay as they are.

use super::evaluate::LabelledText;
use crate::base::rng::Rng;
use crate::domain::{Cancelled, IntentId, Reporter};
use crate::jobs::JobError;
use crate::learn::intent::sampling::{QueueClass, Strategy, WaitingConversation, pick};
use crate::learn::intent::self_training::pseudo_labels;
use crate::learn::intent::{IntentExample, IntentModel, IntentPrediction, IntentRecipe, fit_without_folds};
use crate::learn::vectors::embed::Embedder;
use serde::Serialize;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// The share of wrong answers that are flagged.
const RECALL: f64 = 0.7;
/// The share of right answers that are flagged.
const FALSE_ALARMS: f64 = 0.1;

/// What is played through.
#[derive(Clone)]
pub struct SimulateOptions {
    /// Labels of each intent to begin with, where the file has so many.
    pub start: usize,
    /// Weeks.
    pub weeks: usize,
    /// Utterances that arrive in a week.
    pub per_week: usize,
    /// Utterances reviewed in a week.
    pub review: usize,
    /// How they are chosen.
    pub strategy: Strategy,
    /// Whether the model also learns from what it is surest of among the utterances that wait.
    pub self_training: bool,
    /// Where dense vectors come from; `None`: n-grams alone.
    pub embedder: Option<Arc<dyn Embedder>>,
    /// Seed of the first run; the next ones have the next seeds. Runs of the same seed differ in what is chosen alone.
    pub seed: u64,
    /// Runs.
    pub runs: u64,
}

/// A week, as the mean over all runs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SimulatedWeek {
    /// Counted from 1.
    pub week: u64,
    /// Labels that the model of the week's end learnt from.
    pub labels: u64,
    /// Share of test texts that it gets right.
    pub accuracy: f64,
    /// The least accuracy of a run.
    pub low: f64,
    /// The greatest.
    pub high: f64,
    /// Accuracy of the model that was live during the week.
    pub before: f64,
    /// Utterances that arrived.
    pub arrived: u64,
    /// Utterances reviewed.
    pub reviewed: u64,
    /// Of those, answered wrongly when they arrived.
    pub wrong: f64,
}

/// Plays the weeks through.
///
/// # Errors
/// No labelled text in a file; nothing to begin with; cancelled.
pub fn simulate(
    train: &[LabelledText],
    test: &[LabelledText],
    options: &SimulateOptions,
    reporter: &dyn Reporter,
) -> Result<Vec<SimulatedWeek>, JobError> {
    let files = SimulationFiles::new(train, test)?;
    let (weeks, mut runs) = (options.weeks as u64, Vec::new());
    for n in 0..options.runs {
        let progress = |week: u64| WeekProgress { reporter, done: n * weeks + week, total: options.runs * weeks };
        let mut run = SimulationRun::begin(&files, options, options.seed.wrapping_add(n), &progress(0))?;
        runs.push((0..weeks).map(|week| run.play(week, &progress(week))).collect::<Result<Vec<_>, _>>()?);
    }
    Ok((0..options.weeks).map(|week| mean(&runs.iter().map(|r| &r[week]).collect::<Vec<_>>())).collect())
}

/// The mean of a week over runs, of which there is at least one. Counts are the same in all of them, but for the wrong.
fn mean(runs: &[&SimulatedWeek]) -> SimulatedWeek {
    let of = |get: fn(&SimulatedWeek) -> f64| runs.iter().map(|w| get(w)).sum::<f64>() / runs.len() as f64;
    SimulatedWeek {
        accuracy: of(|w| w.accuracy),
        low: runs.iter().map(|w| w.low).fold(f64::INFINITY, f64::min),
        high: runs.iter().map(|w| w.high).fold(f64::NEG_INFINITY, f64::max),
        before: of(|w| w.before),
        wrong: of(|w| w.wrong),
        ..runs[0].clone()
    }
}

/// Tells of weeks, whatever goes on within one.
struct WeekProgress<'a> {
    reporter: &'a dyn Reporter,
    done: u64,
    total: u64,
}

impl Reporter for WeekProgress<'_> {
    fn step(&self, _: &str, _: u64, _: u64) -> Result<(), Cancelled> {
        self.reporter.step("weeks", self.done, self.total)
    }
}

/// Both files, intents as numbers.
struct SimulationFiles<'a> {
    texts: Vec<&'a str>,
    truth: Vec<IntentId>,
    test_texts: Vec<&'a str>,
    /// `None` where the training file does not know the intent: no answer is right.
    test_truth: Vec<Option<IntentId>>,
    names: Vec<(IntentId, String)>,
}

impl<'a> SimulationFiles<'a> {
    fn new(train: &'a [LabelledText], test: &'a [LabelledText]) -> Result<Self, JobError> {
        let (train, test) = (labelled(train, "training")?, labelled(test, "test")?);
        let mut ids: HashMap<&str, IntentId> = HashMap::new();
        let mut names = Vec::new();
        let mut truth = Vec::new();
        for row in &train {
            let next = IntentId(ids.len() as i64 + 1);
            let id = *ids.entry(&row.intent).or_insert(next);
            if id == next {
                names.push((id, row.intent.clone()));
            }
            truth.push(id);
        }
        let texts = |rows: &[&'a LabelledText]| rows.iter().map(|r| r.text.as_str()).collect();
        let test_truth = test.iter().map(|r| ids.get(r.intent.as_str()).copied()).collect();
        Ok(Self { texts: texts(&train), truth, test_texts: texts(&test), test_truth, names })
    }
}

fn labelled<'a>(rows: &'a [LabelledText], which: &str) -> Result<Vec<&'a LabelledText>, JobError> {
    let rows: Vec<&LabelledText> = rows.iter().filter(|r| !r.intent.is_empty()).collect();
    if rows.is_empty() {
        return Err(JobError::NothingToLearn(format!("the {which} file holds no text with an intent")));
    }
    Ok(rows)
}

/// An utterance that waits for a review.
struct ArrivedUtterance {
    /// Its row in the training file.
    row: usize,
    /// What the model of its week answered.
    answer: Option<IntentId>,
    /// Whether something says that the answer failed.
    flagged: bool,
}

/// One run.
struct SimulationRun<'a> {
    files: &'a SimulationFiles<'a>,
    options: &'a SimulateOptions,
    seed: u64,
    /// Rows whose label is known.
    known: Vec<usize>,
    /// Rows that have not arrived, the next one last.
    stream: Vec<usize>,
    /// What waits, oldest first.
    waiting: Vec<ArrivedUtterance>,
    live: IntentModel,
    accuracy: f64,
}

/// Streams of chance of a run, each its own, so that one does not move the others.
#[derive(Clone, Copy)]
enum ChanceStream {
    Order = 1,
    Flags = 2,
    Picks = 3,
}

impl<'a> SimulationRun<'a> {
    fn begin(
        files: &'a SimulationFiles<'a>,
        options: &'a SimulateOptions,
        seed: u64,
        reporter: &dyn Reporter,
    ) -> Result<Self, JobError> {
        let mut order: Vec<usize> = (0..files.texts.len()).collect();
        Rng::part(seed, ChanceStream::Order as u64).shuffle(&mut order);
        let mut counts: HashMap<IntentId, usize> = HashMap::new();
        let (known, mut stream): (Vec<usize>, Vec<usize>) = order.into_iter().partition(|&row| {
            let count = counts.entry(files.truth[row]).or_default();
            *count += 1;
            *count <= options.start
        });
        stream.reverse();
        let live = learn(files, options, seed, &known, &[], None, reporter)?;
        let accuracy = accuracy(files, &live);
        Ok(Self { files, options, seed, known, stream, waiting: Vec::new(), live, accuracy })
    }

    fn play(&mut self, week: u64, reporter: &dyn Reporter) -> Result<SimulatedWeek, JobError> {
        let before = self.accuracy;
        let arrived = self.arrive();
        let reviewed = self.review(week);
        let wrong = reviewed.iter().filter(|a| a.answer != Some(self.files.truth[a.row])).count();
        self.known.extend(reviewed.iter().map(|a| a.row));
        if !reviewed.is_empty() {
            let waiting: Vec<usize> = self.waiting.iter().map(|a| a.row).collect();
            self.live = learn(self.files, self.options, self.seed, &self.known, &waiting, Some(&self.live), reporter)?;
            self.accuracy = accuracy(self.files, &self.live);
        }
        Ok(SimulatedWeek {
            week: week + 1,
            labels: self.known.len() as u64,
            accuracy: self.accuracy,
            low: self.accuracy,
            high: self.accuracy,
            before,
            arrived: arrived as u64,
            reviewed: reviewed.len() as u64,
            wrong: wrong as f64,
        })
    }

    /// Takes in a week's utterances and answers them; returns how many.
    fn arrive(&mut self) -> usize {
        let rest = self.stream.len().saturating_sub(self.options.per_week);
        let rows: Vec<usize> = self.stream.drain(rest..).rev().collect();
        let texts: Vec<&str> = rows.iter().map(|&row| self.files.texts[row]).collect();
        for (&row, prediction) in rows.iter().zip(self.live.predict_batch(&texts)) {
            let answer = prediction.best().map(|(intent, _)| intent);
            let share = if answer == Some(self.files.truth[row]) { FALSE_ALARMS } else { RECALL };
            // By row: whatever is chosen, the same wrong answer to the same utterance is flagged or not.
            let chance = Rng::part(Rng::part(self.seed, ChanceStream::Flags as u64).next_u64(), row as u64).f64();
            self.waiting.push(ArrivedUtterance { row, answer, flagged: chance < share });
        }
        rows.len()
    }

    /// Takes out what is reviewed this week.
    fn review(&mut self, week: u64) -> Vec<ArrivedUtterance> {
        let texts: Vec<&str> = self.waiting.iter().map(|a| self.files.texts[a.row]).collect();
        let predictions = self.live.predict_batch(&texts);
        let waiting: Vec<WaitingConversation> = self
            .waiting
            .iter()
            .zip(&predictions)
            .map(|(a, prediction)| {
                let class = match prediction.best().map(|(intent, _)| intent) {
                    _ if a.flagged => QueueClass::Failed,
                    now if now != a.answer => QueueClass::Mismatch,
                    _ => QueueClass::Rest,
                };
                WaitingConversation { text: self.files.texts[a.row], prediction, class }
            })
            .collect();
        let seed = Rng::part(Rng::part(self.seed, ChanceStream::Picks as u64).next_u64(), week).next_u64();
        let picked: HashSet<usize> =
            pick(self.options.strategy, &waiting, self.options.review, seed).into_iter().collect();
        let mut place = 0..;
        let (out, left) = std::mem::take(&mut self.waiting)
            .into_iter()
            .partition(|_| place.next().is_some_and(|i| picked.contains(&i)));
        self.waiting = left;
        out
    }
}

/// Learns from the labels of some rows, from the model before where there is one, and without labels from other rows
/// where that is asked for.
fn learn(
    files: &SimulationFiles,
    options: &SimulateOptions,
    seed: u64,
    known: &[usize],
    waiting: &[usize],
    start: Option<&IntentModel>,
    reporter: &dyn Reporter,
) -> Result<IntentModel, JobError> {
    let text = |row: usize| files.texts[row];
    let example = |&row: &usize| IntentExample {
        text: text(row).to_owned(),
        intent: files.truth[row],
        group: row as u64,
        weight: 1.0,
    };
    let mut examples: Vec<IntentExample> = known.iter().map(example).collect();
    let recipe =
        IntentRecipe { names: &files.names, embedder: options.embedder.clone(), start, ..IntentRecipe::plain(seed) };
    let model = fit_without_folds(&examples, &recipe, reporter)?;
    if !options.self_training || waiting.is_empty() {
        return Ok(model);
    }
    let texts: Vec<&str> = waiting.iter().map(|&row| text(row)).collect();
    examples.extend(pseudo_labels(&texts, &model.predict_batch(&texts)));
    Ok(fit_without_folds(&examples, &IntentRecipe { start: Some(&model), ..recipe }, reporter)?)
}

fn accuracy(files: &SimulationFiles, model: &IntentModel) -> f64 {
    let predictions = model.predict_batch(&files.test_texts);
    let right = |p: &IntentPrediction, truth: &Option<IntentId>| truth.is_some() && p.best().map(|(i, _)| i) == *truth;
    let n = predictions.iter().zip(&files.test_truth).filter(|(p, truth)| right(p, truth)).count();
    n as f64 / files.test_truth.len() as f64
}

#[cfg(test)]
#[path = "simulate_tests.rs"]
mod tests;
