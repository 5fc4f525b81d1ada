//! Whether a release can be made again, byte for byte, from what the store knows of the time (rule 20).

use crate::domain::{ReleaseId, Reporter};
use crate::jobs::JobError;
use crate::jobs::encoders::{InstalledEncoders, Vectors};
use crate::jobs::learners::{offers_at, responses_at, sentiment_at};
use crate::jobs::predict::predictor::Predictor;
use crate::jobs::train::built_in::learn;
use crate::jobs::train::by_asking::AI;
use crate::jobs::train::inputs::{TrainingInputs, made_with};
use crate::jobs::train::plan::TrainingPlan;
use crate::learn::offers::OfferModel;
use crate::learn::release::artefact::Artefact;
use crate::learn::responses::{ResponseRules, ResponseTable};
use crate::learn::sentiment::{SentimentModel, SentimentRecipe};
use crate::learn::vectors::built_in;
use crate::store::{LearnerKind, ReleaseOrigin, ReleaseRow, Store, StoreError};
use serde::Serialize;

/// Conversations that are named.
const NAMED: usize = 5;

/// What training a release again came to.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Verification {
    /// Which.
    pub release: ReleaseId,
    /// The same bytes came out.
    pub reproduced: bool,
    /// SHA-256 of the stored artefact.
    pub sha256: String,
    /// SHA-256 of the artefact that was made now; `None` where none could be made.
    pub again: Option<String>,
    /// Parts of the artefact that differ: `intent model`, `responses`, `sentiment`, `offers`.
    pub differs: Vec<String>,
    /// Why it differs, or why it cannot be made; empty when it was reproduced.
    pub why: Vec<String>,
    /// Examples trained on.
    pub trained_on: u64,
    /// Seconds of training, now.
    pub train_seconds: f64,
}

/// Trains a release again as it was trained: labels and base examples up to its place in the log, intents under the names
/// of the time, its gold version, seed, vectors and parent. Stores nothing but vectors of texts.
///
/// # Errors
/// No such release; cancelled; the store cannot be read.
pub fn verify(
    store: &Store,
    encoders: &InstalledEncoders,
    id: ReleaseId,
    reporter: &dyn Reporter,
) -> Result<Verification, JobError> {
    reporter.step("read", 0, 0)?;
    let row = store.release(id)?;
    let mut out = Verification {
        release: id,
        reproduced: false,
        sha256: row.sha256.clone(),
        again: None,
        differs: Vec::new(),
        why: Vec::new(),
        trained_on: row.trained_on,
        train_seconds: 0.0,
    };
    let stored = match store.artefact(id) {
        Ok(artefact) => artefact,
        Err(e @ (StoreError::Encoder(_) | StoreError::Damaged(_))) => {
            out.why.push(e.to_string());
            return Ok(out);
        }
        Err(e) => return Err(e.into()),
    };
    if let Some(learner) = LearnerKind::of_recipe(&row.recipe) {
        learned_again(store, &mut out, &row, &stored, learner, reporter)?;
        return Ok(out);
    }
    let origin = store.origin(id)?;
    let plan = match plan_of(encoders, &row, &origin, &stored) {
        Ok(plan) => plan,
        Err(why) => {
            out.why.push(why.to_string());
            return Ok(out);
        }
    };
    let (inputs, seconds, bytes) = match again(store, &plan, &stored, reporter) {
        Ok(made) => made,
        Err(JobError::Cancelled) => return Err(JobError::Cancelled),
        Err(e) => {
            out.why.push(format!("it cannot be trained again: {e}"));
            return Ok(out);
        }
    };
    out.train_seconds = seconds;
    out.again = Some(crate::learn::release::artefact::sha256(&bytes));
    out.reproduced = out.again.as_ref() == Some(&row.sha256);
    if !out.reproduced {
        out.differs = differences(&stored, &bytes);
        out.why = reasons(store, id, &origin, &inputs, plan.rules)?;
    }
    Ok(out)
}

/// Learns a release's own section again, from what its learner read up to its cut, beside the sections that it carries from its parent.
fn learned_again(
    store: &Store,
    out: &mut Verification,
    row: &ReleaseRow,
    stored: &Artefact,
    learner: LearnerKind,
    reporter: &dyn Reporter,
) -> Result<(), JobError> {
    let clock = std::time::Instant::now();
    let mut made = match row.parent {
        Some(parent) => store.artefact(parent)?,
        // Nothing was there, as the rules of its time have it.
        None => Artefact { responses: ResponseTable::without_answers(stored.responses.rules()), ..Artefact::empty() },
    };
    let noted = store.learned(row.release)?.map(|(_, noted)| noted);
    let origin = store.origin(row.release)?;
    // Whether what it reads is what it read then.
    let is_same = match (learner, noted) {
        (LearnerKind::Sentiment, Some(noted)) => {
            let rules = stored.learned.sentiment.as_ref().map_or_else(Default::default, SentimentModel::rules);
            let recipe = SentimentRecipe { seed: row.seed, rules };
            let (model, read) = sentiment_at(store, &noted.cut, recipe, reporter)?;
            made.learned.sentiment = Some(model);
            read == noted.inputs
        }
        (LearnerKind::Offers, Some(noted)) => {
            let rules = stored.learned.offers.as_ref().map_or_else(Default::default, OfferModel::rules);
            let (model, read) = offers_at(store, &noted.cut, rules, row.seed, reporter)?;
            made.learned.offers = Some(model);
            read == noted.inputs
        }
        (LearnerKind::Responses, _) if origin.noted => {
            let (table, read) = responses_at(store, &origin, stored.responses.rules(), reporter)?;
            made.responses = table;
            read == origin.inputs
        }
        _ => {
            let why = "and what it read was not noted: it cannot be made again";
            out.why.push(format!("it {} by itself, {why}", row.recipe));
            return Ok(());
        }
    };
    let bytes = made.to_bytes().map_err(JobError::CannotPack)?;
    out.train_seconds = clock.elapsed().as_secs_f64();
    out.again = Some(crate::learn::release::artefact::sha256(&bytes));
    out.reproduced = out.again.as_ref() == Some(&row.sha256);
    if out.reproduced {
        return Ok(());
    }
    out.differs = parts(stored, &made);
    let carried = out.differs.iter().any(|part| part != learner.name());
    if carried {
        let parent = row.parent.map_or("nothing".to_owned(), |p| format!("v{}", p.0));
        out.why.push(format!("what it carries is not what {parent} has"));
    }
    if !is_same {
        let (n, named) = store.revised_since(row.release, NAMED)?;
        let more = if n > named.len() as u64 { ", …" } else { "" };
        let which = if named.is_empty() { String::new() } else { format!(": {}{more}", named.join(", ")) };
        out.why.push(format!("data changed since: {n} conversations{which}"));
        if n == 0 {
            // Answers are read as people's decisions were then.
            let why = match learner {
                LearnerKind::Responses => "what was noted of what it read is not what the store holds",
                _ => "what people decided since (no traffic, another outcome) changed what it would read",
            };
            out.why.push(why.to_owned());
        }
    } else if !carried {
        out.why
            .push("what it read is the same; this is another version of the program, or another processor".to_owned());
    }
    Ok(())
}

/// Makes the bytes that a plan leads to; says what they were made from and how many seconds training took.
fn again(
    store: &Store,
    plan: &TrainingPlan,
    stored: &Artefact,
    reporter: &dyn Reporter,
) -> Result<(TrainingInputs, f64, Vec<u8>), JobError> {
    let inputs = TrainingInputs::gather(store, plan)?;
    let parent = plan.parent.map(|id| Predictor::of(store, id)).transpose()?.flatten();
    let mut candidate = learn(store, plan, &inputs, parent.as_ref().and_then(Predictor::model), reporter)?;
    // Sections that this release only carried on are another release's to verify.
    candidate.artefact.learned = stored.learned.clone();
    let bytes = candidate.artefact.to_bytes().map_err(JobError::CannotPack)?;
    Ok((inputs, candidate.seconds, bytes))
}

/// Why a release cannot be made again here.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(in crate::jobs) enum NotAgain {
    #[error("v{0} is the AI {1} as it answered: it was trained elsewhere, and nothing here can train it again")]
    Ai(i64, String),
    #[error("v{0} was trained by {1}: whether that program gives the same bytes twice is not known here")]
    Trainer(i64, String),
    #[error("v{0} has no intent model")]
    NoModel(i64),
    #[error("v{0} needs the encoder {1:?}, which is not installed")]
    NoEncoder(i64, String),
}

/// How a stored release was made.
pub(in crate::jobs) fn plan_of(
    encoders: &InstalledEncoders,
    row: &ReleaseRow,
    origin: &ReleaseOrigin,
    artefact: &Artefact,
) -> Result<TrainingPlan, NotAgain> {
    let id = row.release.0;
    let model = match (&row.outside, &artefact.intents) {
        (Some(by), _) => {
            return Err(match by.strip_prefix(AI) {
                Some(name) => NotAgain::Ai(id, name.to_owned()),
                None => NotAgain::Trainer(id, by.clone()),
            });
        }
        (None, None) => return Err(NotAgain::NoModel(id)),
        (None, Some(model)) => model,
    };
    let vectors = match model.embedder_key() {
        None => Vectors::None,
        Some(key) if built_in::by_rules(model.rules()).key() == key => Vectors::Static,
        Some(key) => {
            let known = encoders.list().into_iter().find(|e| e.key == key);
            Vectors::Encoder(known.ok_or_else(|| NotAgain::NoEncoder(id, key.to_owned()))?)
        }
    };
    Ok(TrainingPlan {
        moment: origin.moment.clone(),
        gold_version: row.gold_version,
        vectors,
        seed: row.seed,
        parent: row.parent,
        former: None,
        rules: artefact.responses.rules(),
        reads: model.rules(),
    })
}

fn differences(stored: &Artefact, bytes: &[u8]) -> Vec<String> {
    Artefact::from_bytes(bytes).map_or_else(|_| Vec::new(), |made| parts(stored, &made))
}

fn parts(stored: &Artefact, made: &Artefact) -> Vec<String> {
    let parts = [
        ("intent model", stored.intents == made.intents),
        ("responses", stored.responses == made.responses),
        ("sentiment", stored.learned.sentiment == made.learned.sentiment),
        ("offers", stored.learned.offers == made.learned.offers),
        ("what a trainer left", stored.external == made.external),
    ];
    parts.iter().filter(|(_, same)| !same).map(|(name, _)| (*name).to_owned()).collect()
}

/// What has changed since that the log cannot take back.
fn reasons(
    store: &Store,
    id: ReleaseId,
    origin: &ReleaseOrigin,
    inputs: &TrainingInputs,
    rules: ResponseRules,
) -> Result<Vec<String>, JobError> {
    let mut why = Vec::new();
    if !origin.noted {
        why.push(
            "it was trained by a version that did not note what it read; conversations that came later may have changed its answers"
                .to_owned(),
        );
    }
    let read = inputs.digests(rules);
    let parts: Vec<&str> = origin
        .inputs
        .iter()
        .filter(|(part, then)| read.get(*part) != Some(then))
        .map(|(part, _)| part.as_str())
        .collect();
    if !parts.is_empty() {
        why.push(format!("what it read is not what it read then: {}", parts.join(", ")));
    }
    let (n, named) = store.revised_since(id, NAMED)?;
    if n > 0 {
        let more = if n > named.len() as u64 { ", …" } else { "" };
        why.push(format!(
            "{n} conversations were imported anew since, with other content; the store does not keep what they said before: {}{more}",
            named.join(", ")
        ));
    }
    let (then, now) = (origin.made_with.as_deref(), made_with());
    if let Some(then) = then.filter(|then| *then != now) {
        why.push(format!("it was trained by {then}, this is {now}"));
    }
    if why.is_empty() {
        why.push("what it read is the same and the program too; if its parent is not the one it was trained from, or this is another processor, that may be why".to_owned());
    }
    Ok(why)
}
