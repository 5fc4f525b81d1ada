//! Measuring an AI that answers elsewhere: it is asked the gold texts, and its answers are a release like any other.

use crate::base::progress::Meanwhile;
use crate::domain::{Ai, Ask, Comparison, IntentId, ReleaseId, Reporter, Secret, Spoken, Timestamp};
use crate::jobs::JobError;
use crate::jobs::external::{ASKING, Asker, Tokens, line_of, spoken};
use crate::jobs::judge::compare::{AI, Sides, before_coverage, side_by_side, split_by_guard, turns_of, voice_before};
use crate::jobs::judge::predictor::{Measured, Respondent};
use crate::jobs::judge::responses;
use crate::jobs::judge::responses::Voice;
use crate::jobs::train::finetune::recorded;
use crate::learn::release::artefact::Artefact;
use crate::learn::responses::{ResponseTable, Rules};
use crate::store::{GoldItem, IntentNames, KeptAnswer, MadeOutside, NewRelease, Store, turn_id};
use crate::text::{fold, redact};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::collections::HashMap;
use std::time::Instant;

/// Bytes of a text's digest.
const KEY: usize = 16;

/// What a measurement is given.
#[derive(Clone, Debug)]
pub struct MeasureOptions {
    /// Seed of the bootstrap.
    pub seed: u64,
    /// Who asks.
    pub reviewer: String,
    /// When.
    pub now: Timestamp,
}

/// What a measurement has cost, and what was odd about it.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Bill {
    /// Questions that were answered in this run.
    pub asked: u64,
    /// Gold texts whose answer was known: from an interrupted run, or because they say the same.
    pub known: u64,
    /// Tokens of questions, where it tells.
    pub input_tokens: u64,
    /// Tokens of answers, where it tells.
    pub output_tokens: u64,
    /// By the prices of the configuration.
    pub cost: f64,
    /// Answers that name no intent of the list; they count as wrong.
    pub unknown: u64,
    /// One of them.
    pub unknown_example: Option<String>,
}

/// Asks an AI the gold texts, stores its answers as a release and compares it with what is live (else the log, else the
/// most frequent intent). What was answered before an interruption is not asked again; a finished measurement is: the
/// AI may have changed.
///
/// # Errors
/// There is no gold set; the AI does not answer; cancelled; the store cannot be read or written.
pub fn measure(
    store: &mut Store,
    ai: &Ai,
    key: Option<&Secret>,
    options: &MeasureOptions,
    reporter: &dyn Reporter,
) -> Result<(Comparison, Bill), JobError> {
    let mut bill = Bill::default();
    let done = recorded(store, &options.reviewer, options.now, None, |store| {
        run_once(store, ai, key, options, &mut bill, reporter)
    });
    done.map(|comparison| (comparison, bill))
}

fn run_once(
    store: &mut Store,
    ai: &Ai,
    key: Option<&Secret>,
    options: &MeasureOptions,
    bill: &mut Bill,
    reporter: &dyn Reporter,
) -> Result<Comparison, JobError> {
    reporter.step("read", 0, 0)?;
    let version = store.gold_or_freeze(&options.reviewer, options.now)?;
    let gold = version.map(|v| store.gold_items(v)).transpose()?.unwrap_or_default();
    if gold.is_empty() {
        return Err(JobError::NothingToDo(
            "there is no gold set to ask about yet: import conversations with `gold_intent`, or label the audit items of a cycle"
                .to_owned(),
        ));
    }
    let (names, decision) = (store.intent_names()?, store.last_decision()?);
    let began = Instant::now();
    let by = format!("{AI}{}", ai.name);
    let answers = ask_all(store, ai, key, &by, &gold, bill, reporter)?;
    let seconds = began.elapsed().as_secs_f64();
    let before = store.live()?.map(|id| Respondent::of(store, id)).transpose()?.flatten();
    let said = before.as_ref().map(|b| b.say(store, &turns_of(&gold), reporter)).transpose()?;
    let parent = before.as_ref().map(|b| b.release);
    let parent = parent.filter(|&p| store.made_by(p).is_ok_and(|maker| maker.as_deref() == Some(&by)));
    // What the most frequent intent is, where nothing answered before; the AI itself learned elsewhere.
    let (examples, _) = split_by_guard(store.training_examples(decision)?, &gold);
    reporter.step("compare", 0, 0)?;
    let after: Vec<Measured> =
        answers.iter().map(|a| Some(a.intent.map(|i| (names.today(i), a.confidence.map(|c| c as f32))))).collect();
    let sides = Sides {
        before: before.as_ref().map(|b| b.release).zip(said),
        after: (ReleaseId(0), after),
        parent,
        gold: &gold,
        trained: &examples,
        trained_elsewhere: true,
        names: &names,
        seed: options.seed,
    };
    let mut comparison = side_by_side(&sides);
    let turns = answers.iter().filter_map(|a| Some((a.turn, a.response.clone()?))).collect();
    let voice = Voice::new(&ResponseTable::default(), &names, turns, decision);
    let heard = voice_before(store, before.as_ref().map(|b| b.release), comparison.before_is, &gold, &names)?;
    let rows = store.answers(&store.moment()?, Rules::default())?;
    comparison.take_responses(responses::compare(store, &sides, heard.as_ref(), &voice, &rows, false)?);
    comparison.gold_version = version;
    comparison.train_seconds = 0.0;
    comparison.coverage.before = before_coverage(store, &comparison)?;
    let artefact = Artefact { intents: None, responses: ResponseTable::default(), external: None };
    let bytes = artefact.to_bytes().map_err(|e| JobError::NothingToDo(format!("the release cannot be packed: {e}")))?;
    reporter.step("store", 0, 0)?;
    let new = NewRelease {
        parent,
        recipe: format!("AI {}: {}, asked in {seconds:.0} s", ai.name, how(ai)),
        seed: options.seed,
        decision,
        gold_version: version,
        cycle: None,
        trained_on: 0,
        intents: names.active().len() as u64,
        train_seconds: 0.0,
        held_out: Vec::new(),
        disputes: Vec::new(),
        artefact: bytes,
        outside: Some(MadeOutside { by, answers }),
        noted: None,
    };
    store.add_release(&options.reviewer, options.now, &new, &mut comparison)?;
    store.forget_asked()?;
    Ok(comparison)
}

/// How it was asked, without anything that is secret.
fn how(ai: &Ai) -> String {
    match &ai.ask {
        Ask::Command { command, .. } => format!("program {}", command.first().map_or("", String::as_str)),
        Ask::Rasa { url } => format!("Rasa at {url}"),
        Ask::Chat { url, model, .. } => format!("{model} at {url}"),
    }
}

fn ask_all(
    store: &Store,
    ai: &Ai,
    key: Option<&Secret>,
    by: &str,
    gold: &[GoldItem],
    bill: &mut Bill,
    reporter: &dyn Reporter,
) -> Result<Vec<KeptAnswer>, JobError> {
    let names = store.intent_names()?;
    let named = names.named();
    let list: Vec<&str> = named.iter().map(|(_, name)| name.as_str()).collect();
    let mut asker = Asker::new(ai, key, &list)?;
    // Measured again it is asked anew: what was answered counts for one measurement.
    let asked_as = Sha256::digest(format!("{:?} {} {} {list:?}", ai.ask, ai.reveal, store.releases_by(by)?));
    let intents = Intents::new(&names);
    let mut out = Vec::with_capacity(gold.len());
    for (done, item) in gold.iter().enumerate() {
        let here = Meanwhile { whole: reporter, stage: ASKING, done: done as u64, total: gold.len() as u64 };
        here.step(ASKING, 0, 0)?;
        let text = if ai.reveal { Cow::Borrowed(item.text.as_str()) } else { redact(&item.text) };
        let digest = Sha256::digest(text.as_bytes());
        let spoken = match store.asked(&asked_as, &digest[..KEY])?.and_then(|line| spoken(&line).ok()) {
            Some(known) => {
                bill.known += 1;
                known
            }
            None => {
                let (said, used) = asker.ask(&text, &here).map_err(|e| with_count(e, done, gold.len()))?;
                store.keep_asked(&asked_as, &digest[..KEY], &line_of(&said))?;
                bill.add(ai, used);
                said
            }
        };
        out.push(intents.kept(turn_id(item.conversation, item.turn), spoken, bill));
    }
    Ok(out)
}

fn with_count(error: JobError, done: usize, of: usize) -> JobError {
    match error {
        JobError::NothingToDo(why) => {
            JobError::NothingToDo(format!("{why}. {done} of {of} answers are kept; run it again to go on from there"))
        }
        other => other,
    }
}

impl Bill {
    /// What it came to, in sentences without full stops.
    pub fn words(&self) -> Vec<String> {
        let texts = if self.asked == 1 { "text" } else { "texts" };
        let mut count = format!("{} {texts} asked, {} known already", self.asked, self.known);
        if self.input_tokens + self.output_tokens > 0 {
            count.push_str(&format!(", {} tokens in, {} out", self.input_tokens, self.output_tokens));
        }
        if self.cost > 0.0 {
            count.push_str(&format!(", cost {:.4}", self.cost));
        }
        let unknown = self.unknown_example.as_ref().map(|example| {
            let answers = if self.unknown == 1 { "answer names" } else { "answers name" };
            format!("{} {answers} no intent of the list, such as {example:?}; they count as wrong", self.unknown)
        });
        std::iter::once(count).chain(unknown).collect()
    }

    fn add(&mut self, ai: &Ai, used: Tokens) {
        self.asked += 1;
        self.input_tokens += used.input;
        self.output_tokens += used.output;
        let million = |tokens: u64, price: f64| tokens as f64 * price / 1e6;
        self.cost += ai.price.request + million(used.input, ai.price.input) + million(used.output, ai.price.output);
    }
}

/// Intents by name, also as somebody else may write them.
struct Intents<'a> {
    names: &'a IntentNames,
    loose: HashMap<String, IntentId>,
}

impl<'a> Intents<'a> {
    fn new(names: &'a IntentNames) -> Self {
        Self { names, loose: names.named().into_iter().map(|(id, name)| (plain(&name), id)).collect() }
    }

    /// What an answer means: an AI goes on saying the names that it knows.
    fn find(&self, name: &str) -> Option<IntentId> {
        let meant = self.names.find(name).map(|i| self.names.today(i)).filter(|&i| self.names.is_active(i));
        meant.or_else(|| self.loose.get(&plain(name)).copied())
    }

    fn kept(&self, turn: i64, spoken: Spoken, bill: &mut Bill) -> KeptAnswer {
        let first = spoken.ranking.into_iter().next();
        let intent = first.as_ref().and_then(|(name, _)| self.find(name));
        if let Some((name, _)) = first.as_ref().filter(|_| intent.is_none()) {
            bill.unknown += 1;
            bill.unknown_example.get_or_insert_with(|| name.chars().take(80).collect());
        }
        let confidence = first.and_then(|(_, c)| c).filter(|_| intent.is_some());
        KeptAnswer { turn, intent, confidence, response: spoken.response }
    }
}

/// Letters and digits, folded: `Refund Status` is `refund_status`.
fn plain(name: &str) -> String {
    fold(name).chars().filter(|c| c.is_alphanumeric()).collect()
}
