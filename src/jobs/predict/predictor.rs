//! What answers for a release in a comparison: its model, or what was kept of the answers of something outside.

use crate::domain::{ReleaseId, Reporter};
use crate::jobs::JobError;
use crate::jobs::encoders::ready_for;
use crate::jobs::external::{ServedAnswer, Serving, why_not};
use crate::learn::intent::IntentModel;
use crate::learn::judge::scores::Guess;
use crate::learn::release::artefact::Artefact;
use crate::store::{GoldItem, KeptAnswer, Store, turn_id};

/// A guess on a turn; `None` where the release was never asked and cannot be.
pub(in crate::jobs) type Measured = Option<Guess>;

/// A release that can be asked.
pub(in crate::jobs) struct Predictor {
    pub release: ReleaseId,
    maker: ReleaseMaker,
}

/// What made the release, and so answers for it.
enum ReleaseMaker {
    Model(Box<IntentModel>),
    /// Asked only about turns that it has not answered; the program is started when it comes to that.
    Outside(Box<Artefact>),
}

impl Predictor {
    /// Loads a release; `None` where it has nothing that tells intents.
    pub fn of(store: &Store, release: ReleaseId) -> Result<Option<Self>, JobError> {
        let artefact = store.artefact(release)?;
        let maker = match artefact.intents {
            Some(model) => ReleaseMaker::Model(Box::new(model)),
            None if store.made_by(release)?.is_some() => ReleaseMaker::Outside(Box::new(artefact)),
            None => return Ok(None),
        };
        Ok(Some(Self { release, maker }))
    }

    /// Loads what is live; `None` where nothing is, or nothing that tells intents.
    pub fn live(store: &Store) -> Result<Option<Self>, JobError> {
        Ok(store.live()?.map(|id| Self::of(store, id)).transpose()?.flatten())
    }

    /// The built-in model, where it is one.
    pub fn model(&self) -> Option<&IntentModel> {
        match &self.maker {
            ReleaseMaker::Model(model) => Some(model),
            ReleaseMaker::Outside(_) => None,
        }
    }

    /// What external trainers left behind for it.
    pub fn artefact(&self) -> Option<&Artefact> {
        match &self.maker {
            ReleaseMaker::Model(_) => None,
            ReleaseMaker::Outside(artefact) => Some(artefact),
        }
    }

    /// Guesses on turns (packed ids and texts). New answers of something outside are kept: the same turn is asked once.
    pub fn say(
        &self,
        store: &mut Store,
        turns: &[(i64, &str)],
        reporter: &dyn Reporter,
    ) -> Result<Vec<Measured>, JobError> {
        let names = store.intent_names()?;
        let artefact = match &self.maker {
            ReleaseMaker::Outside(artefact) => artefact,
            ReleaseMaker::Model(model) => {
                let texts: Vec<&str> = turns.iter().map(|(_, text)| *text).collect();
                ready_for(store, model, &texts, reporter)?;
                let guess =
                    |p: &crate::learn::intent::IntentPrediction| Some(p.best().map(|(i, c)| (names.today(i), Some(c))));
                return Ok(model.predict_batch(&texts).iter().map(guess).collect());
            }
        };
        let mut known = store.kept_answers(self.release)?;
        let new: Vec<(i64, &str)> = turns.iter().copied().filter(|(turn, _)| !known.contains_key(turn)).collect();
        if !new.is_empty() && why_not(self.release, artefact, store.outside()).is_none() {
            let texts: Vec<&str> = new.iter().map(|(_, text)| *text).collect();
            let said = Serving::start(self.release, artefact, store.outside())?.ask(&texts, reporter)?;
            let answers: Vec<KeptAnswer> = new.iter().zip(said).map(|((turn, _), said)| kept(*turn, said)).collect();
            store.keep_answers(self.release, &answers)?;
            known.extend(answers.into_iter().map(|a| (a.turn, (a.intent, a.confidence))));
        }
        let guess = |(turn, _): &(i64, &str)| {
            let (intent, confidence) = known.get(turn)?;
            Some(intent.map(|i| (names.today(i), confidence.map(|c| c as f32))))
        };
        Ok(turns.iter().map(guess).collect())
    }
}

/// Packed ids and texts of gold turns.
pub(in crate::jobs) fn turns_of(gold: &[GoldItem]) -> Vec<(i64, &str)> {
    gold.iter().map(|g| (turn_id(g.conversation, g.turn), g.text.as_str())).collect()
}

/// An answer as it is kept.
pub(in crate::jobs) fn kept(turn: i64, said: ServedAnswer) -> KeptAnswer {
    let best = said.ranking.first().copied();
    KeptAnswer { turn, intent: best.map(|(i, _)| i), confidence: best.and_then(|(_, c)| c), response: said.response }
}

/// Why a release cannot be asked about new texts, in words; `None` when it can.
///
/// # Errors
/// No such release; the store cannot be read.
pub fn cannot_answer(store: &Store, release: ReleaseId) -> Result<Option<String>, JobError> {
    if store.made_by(release)?.is_none() {
        return Ok(None);
    }
    Ok(why_not(release, &store.artefact(release)?, store.outside()))
}
