//! Answering new texts from a release: the live one, whichever that is when a text comes, or a fixed one.

use super::JobError;
use crate::domain::{Ranked, ReleaseId};
use crate::learn::artefact::Artefact;
use crate::store::{IntentNames, Store};
use serde::Serialize;
use std::rc::Rc;
use std::time::{Duration, Instant};

/// How long a release that could not be loaded is left alone before it is tried again.
const AGAIN: Duration = Duration::from_secs(10);

/// What a release says to a text.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Reply {
    /// The best intent; `None` where the release has no guess.
    pub intent: Option<String>,
    /// Its confidence.
    pub confidence: Option<f64>,
    /// The best intents, best first.
    pub ranking: Vec<Ranked>,
    /// Whether the text is like nothing that the release was trained on.
    pub out_of_scope: bool,
    /// What to answer; `None` where the release knows no answer to the intent.
    pub response: Option<String>,
    /// Which release says so.
    pub release: ReleaseId,
}

/// What answers at the moment.
struct Loaded {
    release: ReleaseId,
    artefact: Artefact,
    names: Rc<IntentNames>,
}

/// A release that went live and could not be loaded.
struct Trouble {
    release: ReleaseId,
    why: String,
    since: Instant,
}

/// Answers texts and takes up promotions, roll-backs and renames between two of them, which costs two look-ups by key
/// where nothing has changed. A promoted release that cannot be loaded does not silence the one that answered before.
pub struct Responder<'a> {
    store: &'a Store,
    fixed: Option<ReleaseId>,
    loaded: Option<Loaded>,
    trouble: Option<Trouble>,
}

impl<'a> Responder<'a> {
    /// Answers from one release, or from the live one.
    pub fn new(store: &'a Store, fixed: Option<ReleaseId>) -> Self {
        Self { store, fixed, loaded: None, trouble: None }
    }

    /// Loads what answers now; returns it.
    ///
    /// # Errors
    /// No release is live; it cannot be loaded and none answered before; the store cannot be read.
    pub fn ready(&mut self) -> Result<ReleaseId, JobError> {
        let wanted = match self.fixed {
            Some(id) => id,
            None => self.store.live()?.ok_or_else(|| {
                self.loaded = None;
                JobError::NothingToDo(
                    "no release is live yet; `appraise promote RELEASE` makes one live, `appraise finetune` trains one"
                        .to_owned(),
                )
            })?,
        };
        match &mut self.loaded {
            Some(loaded) if loaded.release == wanted => {
                (loaded.names, self.trouble) = (self.store.intent_names()?, None);
                Ok(wanted)
            }
            _ => self.take_up(wanted),
        }
    }

    fn take_up(&mut self, wanted: ReleaseId) -> Result<ReleaseId, JobError> {
        let before = self.loaded.as_ref().map(|l| l.release);
        if let (Some(known), Some(before)) = (&self.trouble, before)
            && known.release == wanted
            && known.since.elapsed() < AGAIN
        {
            return Ok(before);
        }
        match (self.load(wanted), before) {
            (Ok(loaded), _) => (self.loaded, self.trouble) = (Some(loaded), None),
            (Err(e), None) => return Err(e),
            (Err(e), Some(before)) => {
                let why = format!("v{} is live but cannot be used: {e}; v{} goes on answering", wanted.0, before.0);
                self.trouble = Some(Trouble { release: wanted, why, since: Instant::now() });
                return Ok(before);
            }
        }
        Ok(wanted)
    }

    fn load(&self, release: ReleaseId) -> Result<Loaded, JobError> {
        let artefact = self.store.artefact(release)?;
        if artefact.intents.is_none() {
            return Err(JobError::NothingToDo(format!("v{} has no intent model", release.0)));
        }
        Ok(Loaded { release, artefact, names: self.store.intent_names()? })
    }

    /// Why the live release is not the one that answers, where it is not.
    pub fn trouble(&self) -> Option<&str> {
        self.trouble.as_ref().map(|t| t.why.as_str())
    }

    /// Answers a text with at most `top` intents.
    ///
    /// # Errors
    /// As [`Self::ready`].
    pub fn answer(&mut self, text: &str, top: usize) -> Result<Reply, JobError> {
        let release = self.ready()?;
        let Some((model, loaded)) = self.loaded.as_ref().and_then(|l| Some((l.artefact.intents.as_ref()?, l))) else {
            return Err(JobError::NothingToDo(format!("v{} has no intent model", release.0)));
        };
        let prediction = model.predict(text);
        let mut ranking: Vec<Ranked> = Vec::new();
        for (id, confidence) in &prediction.ranking {
            let (intent, confidence) = (loaded.names.name(loaded.names.today(*id)), f64::from(*confidence));
            // Intents that were merged after the release was trained are one now.
            match ranking.iter_mut().find(|r| r.intent == intent) {
                Some(known) => known.confidence += confidence,
                None => ranking.push(Ranked { intent, confidence }),
            }
        }
        ranking.truncate(top);
        let responses = &loaded.artefact.responses;
        let best = prediction.best().map(|(id, _)| id);
        let response = best.and_then(|id| responses.get(id).or_else(|| responses.get(loaded.names.today(id))));
        Ok(Reply {
            intent: ranking.first().map(|r| r.intent.clone()),
            confidence: ranking.first().map(|r| r.confidence),
            ranking,
            out_of_scope: prediction.out_of_scope,
            response: response.map(|r| r.text.clone()),
            release,
        })
    }
}
