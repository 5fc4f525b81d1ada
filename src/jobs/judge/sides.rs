//! The two sides of a comparison and what both are judged on.

use crate::domain::{BeforeIs, CoverageCurve, FailureScore, ReleaseId, Reporter};
use crate::jobs::JobError;
use crate::jobs::judge::response_source::ResponseSource;
use crate::jobs::predict::predictor::{Measured, Predictor, turns_of};
use crate::jobs::train::by_asking::AI;
use crate::jobs::train::candidate::ReleaseCandidate;
use crate::jobs::train::inputs::TrainingInputs;
use crate::jobs::train::plan::TrainingPlan;
use crate::learn::judge::scores::coverage;
use crate::store::{AnsweredRow, GoldItem, IntentNames, ReleaseRow, Store, TrainingExample};

/// Two sides, ready to be compared.
pub(in crate::jobs) struct JudgedSides<'a> {
    pub before: BaselineSide,
    pub after: CandidateSide,
    pub gold: &'a [GoldItem],
    pub names: &'a IntentNames,
    /// Examples of the side after: what it was trained on, unless it was trained elsewhere.
    pub examples: &'a [TrainingExample],
    /// The AI's answers with their corrections.
    pub answers: &'a [AnsweredRow],
    pub seed: u64,
}

impl<'a> JudgedSides<'a> {
    /// Both sides on the inputs of the one after.
    pub fn new(before: BaselineSide, after: CandidateSide, inputs: &'a TrainingInputs, seed: u64) -> Self {
        let TrainingInputs { gold, names, examples, answers, .. } = inputs;
        Self { before, after, gold, names, examples, answers, seed }
    }
}

/// What stands before (rule 13).
pub(in crate::jobs) struct BaselineSide {
    pub is: BeforeIs,
    pub release: Option<ReleaseId>,
    /// What the release says to each gold turn; empty where it is none.
    pub says: Vec<Measured>,
    pub responses: Option<ResponseSource>,
    /// The release's out-of-fold curve, as its own training left it.
    pub coverage: Option<CoverageCurve>,
}

impl BaselineSide {
    /// A release, else the log's own predictions, else always the most frequent intent. What something outside answers anew to gold
    /// turns is kept.
    ///
    /// # Errors
    /// The release cannot be asked; cancelled; the store cannot be read or written.
    pub fn of(
        store: &mut Store,
        release: Option<&Predictor>,
        inputs: &TrainingInputs,
        reporter: &dyn Reporter,
    ) -> Result<Self, JobError> {
        let TrainingInputs { gold, names, .. } = inputs;
        if let Some(predictor) = release {
            let id = predictor.release;
            return Ok(Self {
                is: BeforeIs::Model,
                release: Some(id),
                says: predictor.say(store, &turns_of(gold), reporter)?,
                responses: Some(ResponseSource::of(store, id, names, gold)?),
                coverage: kept_coverage(store, id)?,
            });
        }
        let log = gold.iter().any(|g| g.source_predicts);
        Ok(Self {
            is: if log { BeforeIs::Log } else { BeforeIs::Majority },
            release: None,
            says: Vec::new(),
            responses: log.then(|| ResponseSource::logged(store, gold)).transpose()?,
            coverage: None,
        })
    }

    /// What the release says to a gold turn, by its place; `None` where it was not asked, or is none.
    pub fn said(&self, place: usize) -> Measured {
        self.says.get(place).copied().flatten()
    }
}

/// What stands after.
pub(in crate::jobs) struct CandidateSide {
    /// What it was trained from.
    pub parent: Option<ReleaseId>,
    /// What it was to be trained from and could not, being of a former recipe.
    pub former: Option<ReleaseId>,
    /// What it says to each gold turn.
    pub says: Vec<Measured>,
    pub responses: ResponseSource,
    /// It has just learned from the answers that the sides carry, so that an answer from other conversations can be had.
    pub is_fresh: bool,
    /// It learned elsewhere: which texts, nobody here knows.
    pub trained_elsewhere: bool,
    pub trained_on: u64,
    pub train_seconds: f64,
    /// Examples that were held out because they repeat gold texts.
    pub repeats_gold: u64,
    /// Coverage against accuracy on the examples, each judged by a model that was not trained on it.
    pub coverage: Option<CoverageCurve>,
    /// This cycle's failures.
    pub failures: FailureScore,
}

impl CandidateSide {
    /// A candidate that is about to be stored.
    pub fn candidate(
        candidate: &ReleaseCandidate,
        plan: &TrainingPlan,
        inputs: &TrainingInputs,
        failures: FailureScore,
    ) -> Self {
        let turns =
            candidate.outside.iter().flat_map(|o| &o.answers).filter_map(|a| Some((a.turn, a.response.clone()?)));
        let responses = &candidate.artefact.responses;
        let guessed = inputs.examples.iter().zip(&candidate.out_of_fold);
        Self {
            parent: candidate.parent,
            former: candidate.former,
            says: candidate.says.clone(),
            responses: ResponseSource::new(responses, &inputs.names, turns.collect(), plan.moment.known).silent_on(
                candidate.artefact.intents.as_ref(),
                &inputs.names,
                &inputs.gold,
            ),
            is_fresh: candidate.learned_here,
            trained_elsewhere: !candidate.learned_here,
            trained_on: candidate.trained_on(inputs),
            train_seconds: candidate.seconds,
            repeats_gold: candidate.held_out(inputs).len() as u64,
            coverage: coverage(guessed.filter_map(|(e, g)| Some((std::slice::from_ref(&e.intent), g.as_ref()?)))),
            failures,
        }
    }

    /// A stored release. Its out-of-fold curve is handed on, since nobody could draw it again without training again; this cycle's
    /// failures are not scored again.
    ///
    /// # Errors
    /// It cannot be asked; cancelled; the store cannot be read or written.
    pub fn stored(
        store: &mut Store,
        release: &ReleaseRow,
        inputs: &TrainingInputs,
        reporter: &dyn Reporter,
    ) -> Result<Self, JobError> {
        let id = release.release;
        let predictor = Predictor::of(store, id)?.ok_or_else(|| JobError::no_model(id))?;
        let trained = store.trained_for(id)?;
        let trained_elsewhere = release.outside.as_deref().is_some_and(|by| by.starts_with(AI));
        Ok(Self {
            parent: release.parent,
            former: None,
            says: predictor.say(store, &turns_of(&inputs.gold), reporter)?,
            responses: ResponseSource::of(store, id, &inputs.names, &inputs.gold)?,
            is_fresh: false,
            trained_elsewhere,
            trained_on: trained.trained_on,
            train_seconds: trained.train_seconds,
            repeats_gold: if trained_elsewhere { 0 } else { inputs.held_out.len() as u64 },
            coverage: kept_coverage(store, id)?,
            failures: FailureScore::default(),
        })
    }
}

/// The out-of-fold curve that the training of a release's intents drew.
fn kept_coverage(store: &Store, id: ReleaseId) -> Result<Option<CoverageCurve>, JobError> {
    Ok(store.comparison_of(store.trained_for(id)?.release)?.and_then(|c| c.coverage.after))
}
