//! `learn sentiment`: how customers feel, from what they say and do.

use super::judged::judge;
use super::report::{LearnReport, LearnRequest, LearnedFigures, LearnerRun, keep, too_little};
use crate::domain::{Conversation, Reporter, Role};
use crate::jobs::JobError;
use crate::learn::contract::{Fit, Fitted, Predict};
use crate::learn::judge::binary::auc;
use crate::learn::sentiment::{CLASSES, Feeling, SentimentExample, SentimentModel, SentimentRecipe, SentimentTurn};
use crate::learn::signals::{Signal, found};
use crate::store::Store;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

/// Turns below which nothing is learnt.
const TURNS: usize = 200;
/// Rated turns below which nothing is judged, and of the displeased among them.
const JUDGED: usize = 50;
const DISPLEASED: usize = 10;
/// Turns that are read at most: the newest conversations' first.
const MOST: usize = 60_000;
/// The registry's name for such releases.
const RECIPE: &str = "learns sentiment";
/// Conversations between two looks at whether to go on.
const STEP: usize = 256;

/// A customer's turn of the store.
struct HeardTurn {
    text: String,
    before: String,
    repeats: bool,
    /// What a rating or the log says of it.
    rated: Option<Feeling>,
    group: i64,
    is_test: bool,
}

impl HeardTurn {
    fn turn(&self) -> SentimentTurn<'_> {
        SentimentTurn { text: &self.text, before: &self.before, repeats: self.repeats }
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
    let turns = read(store, reporter)?;
    if let Some(says) = missing(&turns) {
        return Ok(too_little(says));
    }
    let looks = store.learned_looks(RECIPE)? + 1;
    let clock = Instant::now();
    let taught: Vec<&HeardTurn> = turns.iter().filter(|t| !t.is_test).collect();
    let examples: Vec<SentimentExample> =
        taught.iter().map(|t| SentimentExample { turn: t.turn(), feeling: t.rated, group: t.group as u64 }).collect();
    let model = SentimentRecipe { seed: request.seed }.fit(&examples, reporter)?.into_model();
    let seconds = clock.elapsed().as_secs_f64();
    let live = store.live()?.map(|id| store.learned_sections(id)).transpose()?.and_then(|s| s.sentiment);
    let exam: Vec<(&HeardTurn, Feeling)> =
        turns.iter().filter(|t| t.is_test).filter_map(|t| Some((t, t.rated?))).collect();
    let base = shares(taught.iter().filter_map(|t| t.rated));
    let was: Vec<Said> =
        exam.iter().map(|(t, _)| live.as_ref().map_or(Said::always(base), |m| Said::of(m, t))).collect();
    let is: Vec<Said> = exam.iter().map(|(t, _)| Said::of(&model, t)).collect();
    let gains: Vec<(i64, f64)> = exam
        .iter()
        .zip(was.iter().zip(&is))
        .map(|((t, truth), (was, is))| (t.group, was.loss(*truth) - is.loss(*truth)))
        .collect();
    let judged = judge(&gains, looks, request.seed);
    let truth: Vec<Feeling> = exam.iter().map(|e| e.1).collect();
    let (n, human) = (model.turns(), model.human());
    let (release, promoted, held_back) =
        keep(store, request, RECIPE, (n, seconds), judged.verdict, |sections| sections.sentiment = Some(model))?;
    Ok(LearnReport::Made(Box::new(LearnerRun {
        release,
        learner: "sentiment",
        before: figures(&was, &truth),
        after: figures(&is, &truth),
        delta: judged.delta,
        ci95: judged.ci95,
        p_cluster: judged.p,
        verdict: judged.verdict,
        looks,
        promoted,
        held_back,
        learned_from: BTreeMap::from([("turns", n), ("rated", human)]),
        again_after: (human / 5).max(JUDGED as u64),
    })))
}

/// What is said of a turn.
struct Said {
    shares: [f64; CLASSES],
    feeling: Feeling,
}

impl Said {
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

fn shares(feelings: impl Iterator<Item = Feeling>) -> [f64; CLASSES] {
    let mut counts = [1.0; CLASSES];
    feelings.for_each(|f| counts[f as usize] += 1.0);
    let all: f64 = counts.iter().sum();
    counts.map(|c| c / all)
}

/// Customers' turns, those of the newest conversations.
fn read(store: &Store, reporter: &dyn Reporter) -> Result<Vec<HeardTurn>, JobError> {
    let lessons = store.lessons(false)?;
    let mut out = Vec::new();
    for (at, row) in lessons.iter().rev().enumerate() {
        if at % STEP == 0 {
            reporter.step("read", at as u64, lessons.len() as u64)?;
        }
        if out.len() >= MOST {
            break;
        }
        heard(&store.conversation(row.conversation)?, row.group, row.is_test, &mut out);
    }
    Ok(out)
}

/// The customer's turns up to where a person took over. A rating of the conversation is one of its last turn; a thumb is one of the
/// turn after the answer.
fn heard(c: &Conversation, group: i64, is_test: bool, out: &mut Vec<HeardTurn>) {
    let again = |s: Signal| matches!(s, Signal::SaidAgain | Signal::Rephrased);
    let repeats: BTreeSet<u32> = found(c).iter().filter(|f| again(f.signal)).map(|f| f.turn).collect();
    let from = out.len();
    let (mut before, mut thumb) = ("", None);
    for (at, turn) in c.turns.iter().enumerate().take_while(|(_, t)| !t.is_human_or_handoff()) {
        match turn.role {
            Role::Bot => {
                before = &turn.text;
                thumb = turn.feedback.as_ref().map(|f| f.score);
            }
            Role::User if !turn.payload && !turn.text.trim().is_empty() => {
                let rated = thumb.take().map(|score| match score {
                    ..0 => Feeling::Negative,
                    0 => Feeling::Neutral,
                    _ => Feeling::Positive,
                });
                let (text, before) = (turn.text.clone(), before.to_owned());
                out.push(HeardTurn { text, before, repeats: repeats.contains(&(at as u32)), rated, group, is_test });
            }
            _ => {}
        }
    }
    let csat = c.csat.as_ref().filter(|c| c.max > 0.0).map(|c| match c.score / c.max {
        x if x <= 0.4 => Feeling::Negative,
        x if x < 0.8 => Feeling::Neutral,
        _ => Feeling::Positive,
    });
    if let Some(last) = out[from..].last_mut() {
        last.rated = csat.or(last.rated);
    }
}

/// What is missing to learn and to judge, in a sentence.
fn missing(turns: &[HeardTurn]) -> Option<String> {
    if turns.len() < TURNS {
        let n = turns.len();
        return Some(format!("{n} turns of customers are there to learn from; {} more are needed.", TURNS - n));
    }
    let rated: Vec<Feeling> = turns.iter().filter(|t| t.is_test).filter_map(|t| t.rated).collect();
    if rated.len() < JUDGED {
        let (n, more) = (rated.len(), JUDGED - rated.len());
        return Some(format!(
            "Customers of test groups rated {n} answers or conversations; {more} more ratings are needed to judge by."
        ));
    }
    let negative = rated.iter().filter(|f| **f == Feeling::Negative).count();
    if rated.iter().all(|f| *f == rated[0]) {
        return Some(format!("All {} ratings say the same: there is nothing to tell apart.", rated.len()));
    }
    (negative < DISPLEASED).then(|| {
        format!("Only {negative} of {} ratings are bad; {} more are needed.", rated.len(), DISPLEASED - negative)
    })
}

fn figures(said: &[Said], truth: &[Feeling]) -> LearnedFigures {
    let (mut there, mut named, mut right) = ([0.0f64; CLASSES], [0.0f64; CLASSES], [0.0f64; CLASSES]);
    for (said, truth) in said.iter().zip(truth) {
        there[*truth as usize] += 1.0;
        named[said.feeling as usize] += 1.0;
        right[*truth as usize] += f64::from(u8::from(said.feeling == *truth));
    }
    let f1 = |k: usize| 2.0 * right[k] / (there[k] + named[k]);
    let occurring: Vec<f64> = (0..CLASSES).filter(|&k| there[k] > 0.0).map(f1).collect();
    let negative: Vec<(f64, bool)> =
        said.iter().zip(truth).map(|(s, t)| (s.shares[Feeling::Negative as usize], *t == Feeling::Negative)).collect();
    LearnedFigures {
        auc: auc(&negative),
        log_loss: said.iter().zip(truth).map(|(s, t)| s.loss(*t)).sum::<f64>() / said.len().max(1) as f64,
        macro_f1: Some(occurring.iter().sum::<f64>() / occurring.len().max(1) as f64),
        ece: None,
        n: said.len() as u64,
    }
}
