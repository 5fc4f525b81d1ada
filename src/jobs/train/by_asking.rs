//! Asking an AI that was trained elsewhere: its answers to the gold texts are a candidate like any other.

use crate::base::progress::StepProgress;
use crate::domain::{Ai, AskingWay, IntentId, Reporter, SecretKey, SpokenIntent};
use crate::jobs::JobError;
use crate::jobs::external::{ASKING, ExternalAsker, TokenUse, line_of, spoken};
use crate::jobs::predict::predictor::Predictor;
use crate::jobs::train::candidate::{ReleaseCandidate, measured};
use crate::jobs::train::inputs::TrainingInputs;
use crate::jobs::train::method::Method;
use crate::jobs::train::plan::TrainingPlan;
use crate::learn::release::artefact::Artefact;
use crate::store::{IntentNames, KeptAnswer, MadeOutside, Store, turn_id};
use crate::text::{fold, redact};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::collections::HashMap;
use std::time::Instant;

/// What names an AI as the maker of a release.
pub(in crate::jobs) const AI: &str = "ai:";
/// Bytes of a text's digest.
const KEY: usize = 16;

/// What a measurement has cost, and what was odd about it.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct AskingBill {
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

/// Asks an AI the gold texts.
pub(in crate::jobs) struct ByAsking<'a> {
    pub ai: &'a Ai,
    pub key: Option<&'a SecretKey>,
    /// What it has cost so far, also where it fails.
    pub bill: AskingBill,
}

impl Method for ByAsking<'_> {
    fn inputs(&self, store: &Store, plan: &TrainingPlan) -> Result<TrainingInputs, JobError> {
        let inputs = TrainingInputs::gather(store, plan)?;
        if inputs.gold.is_empty() {
            return Err(JobError::NothingToLearn(
                "there is no gold set to ask about yet: import conversations with `gold_intent`, or label the audit items of a cycle"
                    .to_owned(),
            ));
        }
        Ok(inputs)
    }

    fn candidate(
        &mut self,
        store: &mut Store,
        _: &TrainingPlan,
        inputs: &TrainingInputs,
        live: Option<&Predictor>,
        reporter: &dyn Reporter,
    ) -> Result<ReleaseCandidate, JobError> {
        let by = format!("{AI}{}", self.ai.name);
        let began = Instant::now();
        let answers = ask_all(store, self, &by, inputs, reporter)?;
        let seconds = began.elapsed().as_secs_f64();
        let parent = live.map(|l| l.release);
        let parent = parent.filter(|&p| store.made_by(p).is_ok_and(|maker| maker.as_deref() == Some(&by)));
        Ok(ReleaseCandidate {
            says: answers.iter().map(|a| measured(&inputs.names, a.intent.map(|i| (i, a.confidence)))).collect(),
            out_of_fold: Vec::new(),
            artefact: Artefact::empty(),
            parent,
            former: None,
            recipe: format!("AI {}: {}, asked in {seconds:.0} s", self.ai.name, how(self.ai)),
            intents: inputs.names.active().len() as u64,
            // It was trained elsewhere.
            seconds: 0.0,
            disputes: Vec::new(),
            outside: Some(MadeOutside { by, answers }),
            learned_here: false,
        })
    }
}

/// How it was asked, without anything that is secret.
fn how(ai: &Ai) -> String {
    match &ai.ask {
        AskingWay::Command { command, .. } => format!("program {}", command.first().map_or("", String::as_str)),
        AskingWay::Rasa { url } => format!("Rasa at {url}"),
        AskingWay::Chat { url, model, .. } => format!("{model} at {url}"),
    }
}

/// Asks all gold texts; what is known from an interrupted run is not asked again.
fn ask_all(
    store: &Store,
    asking: &mut ByAsking<'_>,
    by: &str,
    TrainingInputs { gold, names, .. }: &TrainingInputs,
    reporter: &dyn Reporter,
) -> Result<Vec<KeptAnswer>, JobError> {
    let ByAsking { ai, key, bill } = asking;
    let named = names.named();
    let list: Vec<&str> = named.iter().map(|(_, name)| name.as_str()).collect();
    let mut asker = ExternalAsker::new(ai, *key, &list)?;
    // Measured again it is asked anew: what was answered counts for one measurement.
    let asked_as = Sha256::digest(format!("{:?} {} {} {list:?}", ai.ask, ai.reveal, store.releases_by(by)?));
    let intents = AskedIntents::new(names);
    let mut out = Vec::with_capacity(gold.len());
    for (done, item) in gold.iter().enumerate() {
        let here = StepProgress { whole: reporter, stage: ASKING, done: done as u64, total: gold.len() as u64 };
        here.step(ASKING, 0, 0)?;
        let text = if ai.reveal { Cow::Borrowed(item.text.as_str()) } else { redact(&item.text) };
        let digest = Sha256::digest(text.as_bytes());
        let spoken = match store.asked(&asked_as, &digest[..KEY])?.and_then(|line| spoken(&line).ok()) {
            Some(known) => {
                bill.known += 1;
                known
            }
            None => {
                let (said, used) = asker.ask(&text, &here).map_err(|e| half_asked(e, done, gold.len()))?;
                store.keep_asked(&asked_as, &digest[..KEY], &line_of(&said))?;
                bill.add(ai, used);
                said
            }
        };
        out.push(intents.kept(turn_id(item.conversation, item.turn), spoken, bill));
    }
    Ok(out)
}

/// Says how far it came, where the AI is what failed.
fn half_asked(error: JobError, kept: usize, of: usize) -> JobError {
    match error {
        JobError::Outside { .. } => JobError::HalfAsked { kept, of, source: Box::new(error) },
        other => other,
    }
}

impl AskingBill {
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

    fn add(&mut self, ai: &Ai, used: TokenUse) {
        self.asked += 1;
        self.input_tokens += used.input;
        self.output_tokens += used.output;
        let million = |tokens: u64, price: f64| tokens as f64 * price / 1e6;
        self.cost += ai.price.request + million(used.input, ai.price.input) + million(used.output, ai.price.output);
    }
}

/// AskedIntents by name, also as somebody else may write them.
struct AskedIntents<'a> {
    names: &'a IntentNames,
    loose: HashMap<String, IntentId>,
}

impl<'a> AskedIntents<'a> {
    fn new(names: &'a IntentNames) -> Self {
        Self { names, loose: names.named().into_iter().map(|(id, name)| (plain(&name), id)).collect() }
    }

    /// What an answer means: an AI goes on saying the names that it knows.
    fn find(&self, name: &str) -> Option<IntentId> {
        let meant = self.names.find(name).map(|i| self.names.today(i)).filter(|&i| self.names.is_active(i));
        meant.or_else(|| self.loose.get(&plain(name)).copied())
    }

    fn kept(&self, turn: i64, spoken: SpokenIntent, bill: &mut AskingBill) -> KeptAnswer {
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
