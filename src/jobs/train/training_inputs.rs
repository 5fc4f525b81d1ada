//! What the bytes of a release follow from: the store at a moment, a gold version, a seed, where vectors come from, and the
//! release to go on from. Fine-tuning makes a release of now; verifying makes the one of then again.

use super::finetune::{FinetuneOptions, Start};
use crate::domain::{GoldVersion, IntentId, ReleaseId, Reporter};
use crate::jobs::JobError;
use crate::jobs::encoders::{Vectors, embed_ahead, ready_for};
use crate::jobs::judge::compare::split_by_guard;
use crate::jobs::judge::predictor::Measured;
use crate::jobs::judge::responses;
use crate::learn::intent::{Example, IntentModel, Prediction, Recipe, Trained, train};
use crate::learn::judge::label_errors::{Dispute, Judged, disputes};
use crate::learn::release::artefact::Artefact;
use crate::learn::responses::{ResponseTable, Rules};
use crate::learn::vectors::embed::Embedder;
use crate::learn::vectors::table::Table;
use crate::store::{
    AnsweredRow, GoldItem, Inputs, IntentNames, MadeOutside, Moment, NewDispute, Noted, Store, TrainingExample, turn_id,
};
use sha2::{Digest, Sha256};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Instant;

/// What a release is made from.
#[derive(Clone, Debug)]
pub(in crate::jobs) struct Plan {
    pub moment: Moment,
    /// What the leakage guard keeps out of training.
    pub gold_version: Option<GoldVersion>,
    pub vectors: Vectors,
    pub seed: u64,
    /// What it goes on from.
    pub parent: Option<ReleaseId>,
    /// By which rules its answers are chosen.
    pub rules: Rules,
}

impl Plan {
    /// What a run that starts now reads. Freezes the first gold version where there is none.
    pub fn now(store: &mut Store, options: &FinetuneOptions) -> Result<Self, JobError> {
        let mut moment = store.moment()?;
        if let Some(id) = options.cycle
            && let Some(closed) = store.cycle(&id.0.to_string())?.closed_decision
        {
            moment.labels = closed;
        }
        Ok(Self {
            moment,
            gold_version: store.gold_or_freeze(&options.reviewer, options.now)?,
            vectors: options.vectors.clone(),
            seed: options.seed,
            parent: store.live()?.filter(|_| options.from == Start::Live),
            rules: Rules::default(),
        })
    }
}

/// What a run learns from, and what it must not look at.
pub(in crate::jobs) struct Material {
    pub examples: Vec<TrainingExample>,
    pub held_out: Vec<TrainingExample>,
    pub gold: Vec<GoldItem>,
    /// The intent list as it is now: what guesses are compared in.
    pub names: Rc<IntentNames>,
    /// The intent list as the run knows it.
    pub then: Rc<IntentNames>,
    pub answers: Vec<AnsweredRow>,
}

impl Material {
    /// Digests of its parts.
    pub fn digests(&self) -> Inputs {
        let of = |name: &str, feed: &dyn Fn(&mut Sha256)| {
            let mut hash = Sha256::new();
            feed(&mut hash);
            (name.to_owned(), hash.finalize()[..8].iter().map(|b| format!("{b:02x}")).collect::<String>())
        };
        let text = |hash: &mut Sha256, text: &str| {
            hash.update((text.len() as u64).to_le_bytes());
            hash.update(text);
        };
        let numbers = |hash: &mut Sha256, of: &[i64]| of.iter().for_each(|n| hash.update(n.to_le_bytes()));
        let used: std::collections::BTreeSet<IntentId> = self.examples.iter().map(|e| e.intent).collect();
        Inputs::from([
            of("labels and base examples", &|hash| {
                for e in &self.examples {
                    numbers(hash, &[e.turn.unwrap_or(-1), e.intent.0, e.group as i64]);
                    text(hash, &e.text);
                }
            }),
            of("intent names", &|hash| {
                for (id, name) in self.then.named().iter().filter(|(id, _)| used.contains(id)) {
                    numbers(hash, &[id.0]);
                    text(hash, name);
                }
            }),
            of("gold texts", &|hash| {
                for g in &self.gold {
                    numbers(hash, &[turn_id(g.conversation, g.turn)]);
                    text(hash, &g.text);
                }
            }),
            of("answers", &|hash| {
                for a in &self.answers {
                    numbers(hash, &[a.intent.0]);
                    text(hash, &a.response);
                    text(hash, a.corrected.as_deref().unwrap_or("\0"));
                    // By the first rules languages took no part, nor how it ended.
                    if a.resolved {
                        numbers(hash, &[1]);
                    }
                    for language in [&a.language, &a.corrected_language].into_iter().filter(|l| !l.is_empty()) {
                        text(hash, language);
                    }
                }
            }),
        ])
    }

    /// What the store notes of a run on it.
    pub fn noted(&self, plan: &Plan) -> Noted {
        let Moment { known, conversations, without, .. } = plan.moment.clone();
        Noted { known, conversations, without, made_with: made_with(), inputs: self.digests() }
    }
}

/// This program and this kind of machine: other processors may round otherwise (rule 20).
pub(in crate::jobs) fn made_with() -> String {
    format!("appraise {} on {} {}", env!("CARGO_PKG_VERSION"), std::env::consts::ARCH, std::env::consts::OS)
}

/// What a run has learned, whoever taught it.
pub(in crate::jobs) struct Learned {
    /// What it says to the gold turns.
    pub answers: Vec<Measured>,
    /// To the examples, each by a model that was not trained on it; empty where nobody gives them.
    pub out_of_fold: Vec<Measured>,
    pub artefact: Artefact,
    pub parent: Option<ReleaseId>,
    pub recipe: String,
    pub intents: u64,
    pub seconds: f64,
    pub disputes: Vec<NewDispute>,
    pub outside: Option<MadeOutside>,
}

/// Reads what a plan says.
pub(in crate::jobs) fn gather(store: &Store, plan: &Plan) -> Result<Material, JobError> {
    let gold = plan.gold_version.map(|v| store.gold_items(v)).transpose()?.unwrap_or_default();
    let all = store.training_examples_at(&plan.moment)?;
    if let Some(turn) = store.any_in_test_group(all.iter().filter_map(|e| e.turn))? {
        return Err(JobError::Gate(format!(
            "turn {turn} belongs to a test group and is in the training data; this is a fault of the program, please report it"
        )));
    }
    let (mut examples, held_out) = split_by_guard(all, &gold);
    // Oldest decision first: the order in which labels may contradict each other.
    examples.sort_by_key(|e| e.decision);
    let (names, then) = (store.intent_names()?, store.intent_names_at(plan.moment.known)?);
    let answers = store.answers(&plan.moment, plan.rules)?;
    Ok(Material { examples, held_out, gold, names, then, answers })
}

pub(in crate::jobs) fn example(e: &TrainingExample) -> Example {
    Example { text: e.text.clone(), intent: e.intent, group: e.group, weight: 1.0 }
}

/// Learns with the built-in classifier.
pub(in crate::jobs) fn learn(
    store: &Store,
    plan: &Plan,
    material: &Material,
    start: Option<&IntentModel>,
    reporter: &dyn Reporter,
) -> Result<Learned, JobError> {
    let examples: Vec<Example> = material.examples.iter().map(example).collect();
    let clock = Instant::now();
    let embedder = embedder(store, &plan.vectors, &examples, reporter)?;
    let recipe = Recipe { seed: plan.seed, names: &material.then.named(), embedder, start };
    let trained = train(&examples, &recipe, reporter)?;
    if let Some(encoder) = store.encoder_of(&trained.model) {
        store.keep_vectors(&encoder)?;
    }
    let seconds = clock.elapsed().as_secs_f64();
    let gold: Vec<&str> = material.gold.iter().map(|g| g.text.as_str()).collect();
    ready_for(store, &trained.model, &gold, reporter)?;
    let measured = |p: &Prediction| Some(p.best().map(|(i, c)| (material.names.today(i), Some(c))));
    Ok(Learned {
        answers: trained.model.predict_batch(&gold).iter().map(measured).collect(),
        out_of_fold: trained.out_of_fold.iter().map(measured).collect(),
        disputes: disputed(&material.examples, &examples, &trained),
        parent: plan.parent,
        recipe: recipe_name(plan, start.is_some()),
        intents: trained.model.intents().len() as u64,
        seconds,
        artefact: Artefact { intents: Some(trained.model), responses: ResponseTable::default(), external: None },
        outside: None,
    })
}

/// The bytes of a release: what was learned, with what the AI answers to each intent.
pub(in crate::jobs) fn pack(
    learned: Artefact,
    plan: &Plan,
    material: &Material,
    reporter: &dyn Reporter,
) -> Result<Vec<u8>, JobError> {
    reporter.step("responses", 0, 0)?;
    let artefact = Artefact { responses: responses::table(&material.answers, plan.rules), ..learned };
    artefact.to_bytes().map_err(|e| JobError::NothingToDo(format!("the release cannot be packed: {e}")))
}

/// The recipe as the registry shows it.
fn recipe_name(plan: &Plan, warm: bool) -> String {
    let mut name = match &plan.vectors {
        Vectors::None => "words".to_owned(),
        Vectors::Static => "words + built-in vectors".to_owned(),
        Vectors::Encoder(encoder) => format!("words + {}", encoder.name),
    };
    if warm {
        name.push_str(", from live");
    }
    match plan.moment.without.len() {
        0 => {}
        1 => name.push_str(", without 1 label"),
        n => name.push_str(&format!(", without {n} labels")),
    }
    name
}

/// What turns texts into vectors, with those of the training texts at hand.
pub(in crate::jobs) fn embedder(
    store: &Store,
    vectors: &Vectors,
    examples: &[Example],
    reporter: &dyn Reporter,
) -> Result<Option<Arc<dyn Embedder>>, JobError> {
    Ok(match vectors {
        Vectors::None => None,
        Vectors::Static => Some(Table::built_in()),
        Vectors::Encoder(installed) => {
            let encoder = store.encoder(&installed.key)?;
            let texts: Vec<&str> = examples.iter().map(|e| e.text.as_str()).collect();
            embed_ahead(store, &encoder, &texts, reporter)?;
            Some(encoder)
        }
    })
}

/// The labels that the candidate disputes, each judged by a model that was not trained on it.
fn disputed(labels: &[TrainingExample], examples: &[Example], trained: &Trained) -> Vec<NewDispute> {
    let new = |d: Dispute| NewDispute {
        decision: labels[d.at].decision,
        says: d.says,
        confidence: d.confidence,
        given: d.given,
    };
    disputes(&Judged::of(examples, trained)).into_iter().map(new).collect()
}
