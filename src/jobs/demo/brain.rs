//! The assistant as it is live: intent model and answers of the promoted release.

use super::company::{Company, Lang};
use crate::domain::{IntentId, Ranked};
use crate::jobs::JobError;
use crate::learn::contract::Predict;
use crate::learn::intent::IntentModel;
use crate::learn::responses::ResponseOrigin;
use crate::store::Store;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Below this confidence the assistant says that it did not understand.
const FALLBACK_BELOW: f64 = 0.18;
/// How many places of the ranking the log keeps.
const LOGGED: usize = 3;

/// The live release as the customers meet it.
pub(super) struct Brain {
    model: Arc<IntentModel>,
    /// Name and matter of each intent.
    intents: BTreeMap<IntentId, (String, Option<usize>)>,
    /// Matters whose faulty answer this release corrects, in each language.
    corrected: Vec<[bool; 2]>,
    version: String,
}

/// What the assistant makes of a text.
pub(super) struct BrainGuess {
    pub guess: Option<usize>,
    pub sure: bool,
    pub ranking: Vec<Ranked>,
}

impl Brain {
    /// The live release.
    pub(super) fn live(store: &Store, company: &Company) -> Result<Self, JobError> {
        let nothing = || JobError::NotFound("the demo has no live release".to_owned());
        let live = store.live()?.ok_or_else(nothing)?;
        let model = store.live_model()?.ok_or_else(nothing)?;
        let names = store.intent_names()?;
        let known = model.intents().iter().map(|&id| (id, (names.name(id), company.matter(&names.name(id)))));
        let intents: BTreeMap<_, _> = known.collect();
        let table = store.artefact(live)?.responses;
        let mut corrected = vec![[false; 2]; company.matters.len()];
        for (id, answer) in table.iter().filter(|(_, said)| said.response.from == ResponseOrigin::Correction) {
            if let Some(&(_, Some(matter))) = intents.get(&id) {
                for lang in [Lang::En, Lang::El] {
                    corrected[matter][lang as usize] |= answer.response.text == company.matters[matter].better(lang);
                }
            }
        }
        Ok(Self { model, intents, corrected, version: live.0.to_string() })
    }

    pub(super) fn version(&self) -> &str {
        &self.version
    }

    /// Whether this release has the intent at all.
    pub(super) fn knows(&self, matter: usize) -> bool {
        self.intents.values().any(|(_, m)| *m == Some(matter))
    }

    /// Whether this release gives customers of a language the answer that a reviewer wrote.
    pub(super) fn corrected(&self, matter: usize, lang: Lang) -> bool {
        self.corrected[matter][lang as usize]
    }

    pub(super) fn predict(&self, text: &str) -> BrainGuess {
        let prediction = self.model.predict(text);
        let best = prediction.best();
        let ranking = prediction.ranking.iter().take(LOGGED).filter_map(|(id, confidence)| {
            // Four decimals, as a log has them.
            let confidence = (f64::from(*confidence) * 1e4).round() / 1e4;
            self.intents.get(id).map(|(name, _)| Ranked { intent: name.clone(), confidence })
        });
        BrainGuess {
            guess: best.and_then(|(id, _)| self.intents.get(&id)?.1),
            sure: best.is_some_and(|(_, confidence)| f64::from(confidence) >= FALLBACK_BELOW),
            ranking: ranking.collect(),
        }
    }
}
