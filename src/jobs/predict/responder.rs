//! Answering new texts from a release: the live one, whichever that is when a text comes, or a fixed one.

use crate::base::rng::mix;
use crate::domain::{IntentId, OUT_OF_SCOPE, Ranked, ReleaseId, SilentReporter};
use crate::jobs::JobError;
use crate::jobs::external::{ServedAnswer, Serving};
use crate::learn::contract::{ExplainedModel, Predict};
use crate::learn::offers::{OfferFeatures, OfferModel, OfferRules, Propensity};
use crate::learn::release::artefact::Artefact;
use crate::learn::responses::{POLICY, ResponseQuestion, ResponseTable};
use crate::learn::sentiment::SentimentModel;
use crate::learn::signals::asks_for_person;
use crate::store::{KnownOffers, OfferChances, ServedNames, Store};
use crate::text::{has_content, is_smalltalk};
use serde::Serialize;
use std::time::{Duration, Instant};

/// How long a release that could not be loaded is left alone before it is tried again.
const AGAIN: Duration = Duration::from_secs(10);

/// Why there is no answer. It serialises as its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NoResponse {
    /// The text is like nothing that the release was trained on.
    OutOfScope,
    /// What is asked is for a person: the customer wants one, or the AI mostly passed it on, and to say so is no answer where nobody comes.
    HandOver,
    /// The accepted answers differ, and nobody has answered a request like it.
    NothingLikeIt,
    /// There is one in another language alone.
    OtherLanguage,
    /// Nobody corrected what is said to the intent, and what the AI said is no answer.
    NoAnswer,
}

impl NoResponse {
    /// Why a table says nothing to a question that is in scope; `None`: what is asked is not known. Who asks for a person is to get one,
    /// and who says nothing but thanks is told nothing in any language.
    fn of(table: &ResponseTable, question: Option<ResponseQuestion<'_>>) -> Self {
        match question {
            Some(q) if asks_for_person(q.asked) => Self::HandOver,
            Some(q) if table.in_language(q.intent, q.language).is_some() => Self::NothingLikeIt,
            Some(q) if table.hands_over(q.intent) => Self::HandOver,
            Some(q) if !table.explain(q.intent).is_empty() && !is_smalltalk(q.asked) => Self::OtherLanguage,
            _ => Self::NoAnswer,
        }
    }
}

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
    /// What to answer; `None` where the release knows no answer to the intent, or none to a request like this.
    pub response: Option<String>,
    /// Why there is none; `None` where there is one, or where nothing was understood.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub no_response: Option<NoResponse>,
    /// The cosine of the nearest request that somebody accepted an answer for, where that decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub similarity: Option<f64>,
    /// The chance with which the response was drawn among the accepted ones, where it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub propensity: Option<f64>,
    /// What drew it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy: Option<&'static str>,
    /// Which release says so.
    pub release: ReleaseId,
}

impl Reply {
    /// To a text without a letter or a digit, which is out of scope, or of a release that tells no intents: nothing is understood, and
    /// nothing answered.
    fn without_a_guess(release: ReleaseId, out_of_scope: bool) -> Self {
        Self {
            intent: None,
            confidence: None,
            ranking: Vec::new(),
            out_of_scope,
            response: None,
            no_response: None,
            similarity: None,
            propensity: None,
            policy: None,
            release,
        }
    }
}

/// What answers at the moment.
struct LoadedRelease {
    release: ReleaseId,
    artefact: Artefact,
    /// The trainer's program, where that is what answers.
    serving: Option<Serving>,
    names: ServedNames,
    /// Its model of offers, where it has one.
    offers: Option<KnownOffers>,
    /// What is known of how that does lets chances be told.
    tells_offers: bool,
}

/// Intents with confidences, best first, and what else a release says.
#[derive(Default)]
struct GuessedIntents {
    ranking: Vec<(IntentId, Option<f64>)>,
    out_of_scope: bool,
    response: Option<String>,
}

/// A release that went live and could not be loaded.
struct LoadTrouble {
    release: ReleaseId,
    why: String,
    since: Instant,
}

/// Answers texts and takes up promotions and roll-backs between two of them, which costs three look-ups by key where
/// nothing has changed. A rename or a merge shows in answers once a release goes live after it. A promoted release that
/// cannot be loaded does not silence the one that answered before.
pub struct Responder<'a> {
    store: &'a Store,
    fixed: Option<ReleaseId>,
    loaded: Option<LoadedRelease>,
    trouble: Option<LoadTrouble>,
    /// What draws of accepted answers are seeded with; `None` where nothing is drawn.
    explores: Option<u64>,
}

impl<'a> Responder<'a> {
    /// Answers from one release, or from the live one.
    pub fn new(store: &'a Store, fixed: Option<ReleaseId>) -> Self {
        Self { store, fixed, loaded: None, trouble: None, explores: None }
    }

    /// The same, but where several answers were accepted and no request tells which, one is drawn (rule 24). A draw follows from the seed,
    /// the release and the text.
    #[must_use]
    pub fn exploring(self, seed: u64) -> Self {
        Self { explores: Some(seed), ..self }
    }

    /// Loads what answers now; returns it.
    ///
    /// # Errors
    /// No release is live; it cannot be loaded and none answered before; the store cannot be read.
    pub fn ready(&mut self) -> Result<ReleaseId, JobError> {
        if let Err(e) = self.store.still_there() {
            // Which release is live in a store that nobody else works with any more is no news.
            let Some(loaded) = &self.loaded else { return Err(e.into()) };
            let why = format!("{e}; v{} goes on answering until this is started again", loaded.release.0);
            self.trouble = Some(LoadTrouble { release: loaded.release, why, since: Instant::now() });
            return Ok(loaded.release);
        }
        let wanted = match self.fixed {
            Some(id) => id,
            None => self.store.live()?.ok_or_else(|| {
                self.loaded = None;
                JobError::NotFound(
                    "no release is live; `appraise promote RELEASE` makes one live, `appraise finetune` trains one"
                        .to_owned(),
                )
            })?,
        };
        match &mut self.loaded {
            Some(loaded) if loaded.release == wanted => {
                loaded.names = self.store.served_names(wanted, Some(&loaded.names))?;
                if let Some(known) = &loaded.offers {
                    loaded.tells_offers = self.store.offer_chances(known)?.are_told();
                }
                self.trouble = None;
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
                self.trouble = Some(LoadTrouble { release: wanted, why, since: Instant::now() });
                return Ok(before);
            }
        }
        Ok(wanted)
    }

    fn load(&self, release: ReleaseId) -> Result<LoadedRelease, JobError> {
        let artefact = self.store.artefact(release)?;
        let serving = match artefact.intents {
            Some(_) => None,
            None if self.store.made_by(release)?.is_some() => {
                Some(Serving::start(release, &artefact, self.store.outside())?)
            }
            // What learns by itself may be live before anybody has labelled anything: it tells what it has learnt.
            None if !artefact.learned.is_empty() => None,
            None => return Err(JobError::no_model(release)),
        };
        let offers = artefact.learned.offers.as_ref().map(|model| self.store.known_offers(model)).transpose()?;
        let chances = offers.as_ref().map(|known| self.store.offer_chances(known)).transpose()?;
        let tells_offers = chances.is_some_and(OfferChances::are_told);
        let names = self.store.served_names(release, None)?;
        Ok(LoadedRelease { release, artefact, serving, names, offers, tells_offers })
    }

    /// The release that answers, where it tells no intents and so gives no answers: it learnt from other things than labels.
    pub fn tells_no_intents(&self) -> Option<ReleaseId> {
        let loaded = self.loaded.as_ref()?;
        (loaded.artefact.intents.is_none() && loaded.serving.is_none()).then_some(loaded.release)
    }

    /// What the release that answered last has learnt of how customers feel.
    pub(super) fn sentiment(&self) -> Option<&SentimentModel> {
        self.loaded.as_ref()?.artefact.learned.sentiment.as_ref()
    }

    /// What the release that answers has learnt beside intents, named as the keys that tell it.
    pub fn tells_besides(&self) -> Vec<&'static str> {
        let Some(loaded) = &self.loaded else { return Vec::new() };
        let learned = &loaded.artefact.learned;
        [("`sentiment`", learned.sentiment.is_some()), ("`offers`", learned.offers.is_some())]
            .into_iter()
            .filter_map(|(key, is_learnt)| is_learnt.then_some(key))
            .collect()
    }

    /// Why the live release is not the one that answers, where it is not.
    pub fn trouble(&self) -> Option<&str> {
        self.trouble.as_ref().map(|t| t.why.as_str())
    }

    /// By which rules the release that answered last has learnt of offers; `None`: it has learnt of none.
    pub(super) fn offer_rules(&self) -> Option<OfferRules> {
        let loaded = self.loaded.as_ref()?;
        loaded.artefact.learned.offers.as_ref().map(OfferModel::rules)
    }

    /// Whether the release that answered last has learnt from an offer with any of these features, each an indicator by its name.
    pub(super) fn has_met_any(&self, mut features: impl Iterator<Item = String>) -> bool {
        let model = self.loaded.as_ref().and_then(|l| l.artefact.learned.offers.as_ref());
        model.is_some_and(|model| features.any(|feature| model.has_met(&feature)))
    }

    /// How probable it is that each offer is taken, by the release that answered last; `None` where it did not surely do better than the
    /// rate of all offers when it was last looked at, where it was too good to be true, and where it has learnt of none.
    pub fn propensities(&self, offers: &[OfferFeatures]) -> Vec<Option<Propensity>> {
        let loaded = self.loaded.as_ref().filter(|l| l.tells_offers);
        let model = loaded.and_then(|l| l.artefact.learned.offers.as_ref());
        offers.iter().map(|offer| model.and_then(|m| m.predict(offer))).collect()
    }

    /// Answers a text with at most `top` intents.
    ///
    /// # Errors
    /// As [`Self::ready`].
    pub fn answer(&mut self, text: &str, top: usize) -> Result<Reply, JobError> {
        let release = self.ready()?;
        if !has_content(text) {
            return Ok(Reply::without_a_guess(release, true));
        }
        if self.tells_no_intents().is_some() {
            return Ok(Reply::without_a_guess(release, false));
        }
        let nothing = || JobError::no_model(release);
        let guessed = self.loaded.as_mut().ok_or_else(nothing).and_then(|l| l.guess(text));
        let (guessed, loaded) = match (guessed, &self.loaded) {
            (Ok(guessed), Some(loaded)) => (guessed, loaded),
            (guessed, _) => {
                // What broke is started anew for the next text.
                self.loaded = None;
                return Err(guessed.err().unwrap_or_else(nothing));
            }
        };
        let mut ranking: Vec<Ranked> = Vec::new();
        for (id, confidence) in &guessed.ranking {
            let (intent, confidence) = (loaded.names.name(*id), confidence.unwrap_or(0.0));
            // Intents that were merged between training and going live are one.
            match ranking.iter_mut().find(|r| r.intent == intent) {
                Some(known) => known.confidence += confidence,
                None => ranking.push(Ranked { intent, confidence }),
            }
        }
        ranking.truncate(top);
        let best = guessed.ranking.first().map(|(id, _)| *id);
        let responses = &loaded.artefact.responses;
        let language = responses.rules().asked_in(text, None);
        let out_of_scope = guessed.out_of_scope || ranking.first().is_none_or(|r| r.intent == OUT_OF_SCOPE);
        let asked = |intent| ResponseQuestion { intent, language: &language, asked: text };
        // An intent that was merged since is answered as the one that it stands for, where it has no answers of its own.
        let known = |id: &IntentId| responses.in_language(*id, &language).is_some();
        let best = best.map(|id| Some(id).filter(known).unwrap_or_else(|| loaded.names.stands(id)));
        // What is out of scope is answered where somebody accepted an answer to a request like it, or where being out of scope has one.
        let is_known = !out_of_scope
            || responses.rules().answers_anything()
            || ranking.first().is_some_and(|r| r.intent == OUT_OF_SCOPE);
        let usual = best.and_then(|id| responses.predict(asked(id))).filter(|g| is_known || g.similarity.is_some());
        let none = || match is_known {
            true => NoResponse::of(responses, best.map(asked)),
            false => NoResponse::OutOfScope,
        };
        let may_draw = best.filter(|_| is_known);
        let seed = self.explores.filter(|_| guessed.response.is_none()).map(|seed| draw_seed(seed, release, text));
        let drawn = seed.zip(may_draw).and_then(|(seed, id)| responses.explore(asked(id), seed));
        let said = drawn.map(|drawn| drawn.response).or(usual.map(|given| given.response));
        let similarity = usual.filter(|_| guessed.response.is_none()).and_then(|given| given.similarity).map(f64::from);
        let response = guessed.response.or_else(|| said.map(|response| response.text.clone()));
        let sure = guessed.ranking.first().is_some_and(|(_, c)| c.is_some());
        Ok(Reply {
            intent: ranking.first().map(|r| r.intent.clone()),
            confidence: ranking.first().map(|r| r.confidence).filter(|_| sure),
            out_of_scope,
            ranking,
            similarity,
            no_response: response.is_none().then(none),
            response,
            propensity: drawn.map(|drawn| drawn.propensity),
            policy: drawn.map(|_| POLICY),
            release,
        })
    }
}

/// What a draw follows from.
fn draw_seed(seed: u64, release: ReleaseId, text: &str) -> u64 {
    let text = text.bytes().fold(seed, |hash, byte| mix(hash ^ u64::from(byte)));
    mix(text ^ mix(release.0.cast_unsigned()))
}

impl LoadedRelease {
    fn guess(&mut self, text: &str) -> Result<GuessedIntents, JobError> {
        if let Some(serving) = &mut self.serving {
            let said = serving.ask(&[text], &SilentReporter)?.into_iter().next();
            let ServedAnswer { ranking, response } = said.unwrap_or_default();
            return Ok(GuessedIntents { ranking, out_of_scope: false, response });
        }
        let Some(model) = &self.artefact.intents else { return Ok(GuessedIntents::default()) };
        let prediction = model.predict(text);
        let ranking = prediction.ranking.iter().map(|&(id, c)| (id, Some(f64::from(c)))).collect();
        Ok(GuessedIntents { ranking, out_of_scope: prediction.out_of_scope, response: None })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::learn::contract::{Fitted, LearnerRecipe};
    use crate::learn::responses::{ResponseExample, ResponseRecipe};

    #[test]
    fn why_there_is_no_answer_follows_from_what_the_release_knows() {
        let said = |intent, response, corrected| ResponseExample {
            intent: IntentId(intent),
            group: 0,
            response,
            corrected,
            language: "en",
            corrected_language: "en",
            asked_language: "en",
            asked: None,
            resolved: false,
        };
        let rows = [said(1, "I am connecting you with a colleague.", None), said(2, "No.", Some("At nine."))];
        let table = ResponseRecipe::default().fit(&rows, &SilentReporter).unwrap().into_model();
        let why_to = |intent, language, asked| {
            NoResponse::of(&table, Some(ResponseQuestion { intent: IntentId(intent), language, asked }))
        };
        let why = |intent, language| why_to(intent, language, "which hours are you open");
        assert_eq!((why(1, "en"), why(2, "el")), (NoResponse::HandOver, NoResponse::OtherLanguage));
        assert_eq!((why(3, "en"), NoResponse::of(&table, None)), (NoResponse::NoAnswer, NoResponse::NoAnswer));
        assert_eq!(why_to(2, "el", "thanks"), NoResponse::NoAnswer, "in no language is there anything to say");
        assert_eq!(why_to(2, "el", "I want a human"), NoResponse::HandOver);
    }
}
