//! What the bytes of a release follow from: the store at a moment, a gold version, a seed, where vectors come from, and the
//! release to go on from. Fine-tuning makes a release of now; verifying makes the one of then again.

use crate::domain::{GoldVersion, IntentId, ReleaseId};
use crate::jobs::JobError;
use crate::jobs::train::guard::{GuardedExamples, guard, rules_of};
use crate::jobs::train::plan::TrainingPlan;
use crate::learn::responses::ResponseRules;
use crate::store::{
    AnsweredRow, GoldItem, Inputs, IntentNames, NotedOrigin, ReadMoment, Store, TrainingExample, turn_id,
};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::rc::Rc;

/// What a run learns from, and what it must not look at.
pub(in crate::jobs) struct TrainingInputs {
    pub examples: Vec<TrainingExample>,
    pub held_out: Vec<TrainingExample>,
    pub gold: Vec<GoldItem>,
    /// The intent list as it is now: what guesses are compared in.
    pub names: Rc<IntentNames>,
    /// The intent list as the run knows it.
    pub then: Rc<IntentNames>,
    pub answers: Vec<AnsweredRow>,
}

impl TrainingInputs {
    /// Reads what a plan says.
    ///
    /// # Errors
    /// A training turn belongs to a test group; the store cannot be read.
    pub fn gather(store: &Store, plan: &TrainingPlan) -> Result<Self, JobError> {
        let gold = plan.gold_version.map(|v| store.gold_items(v)).transpose()?.unwrap_or_default();
        let all = store.training_examples_at(&plan.moment)?;
        if let Some(turn) = store.any_in_test_group(all.iter().filter_map(|e| e.turn))? {
            return Err(JobError::Gate(format!(
                "turn {turn} belongs to a test group and is in the training data; this is a fault of the program, please report it"
            )));
        }
        let GuardedExamples { kept: mut examples, held_out } = guard(all, &gold, plan.reads);
        // Oldest decision first: the order in which labels may contradict each other.
        examples.sort_by_key(|e| e.decision);
        let (names, then) = (store.intent_names()?, store.intent_names_at(plan.moment.known)?);
        let answers = store.answers(&plan.moment, plan.rules)?;
        Ok(Self { examples, held_out, gold, names, then, answers })
    }

    /// Reads what a stored release learned from, under today's intents, to be judged on a gold version: that is what both sides of
    /// a comparison are judged in.
    ///
    /// # Errors
    /// No such release; the store cannot be read.
    pub fn of_release(store: &Store, release: ReleaseId, gold: Option<GoldVersion>) -> Result<Self, JobError> {
        let gold = gold.map(|v| store.gold_items(v)).transpose()?.unwrap_or_default();
        let (read, today) = (store.origin(release)?.moment, store.moment()?);
        let moment = ReadMoment { labels: read.labels, without: read.without, ..today.clone() };
        let rules = rules_of(store, release)?;
        let GuardedExamples { kept, held_out } = guard(store.training_examples_at(&moment)?, &gold, rules);
        let names = store.intent_names()?;
        let answers = store.answers(&today, ResponseRules::default())?;
        Ok(Self { examples: kept, held_out, gold, then: Rc::clone(&names), names, answers })
    }

    /// Digests of its parts, as the rules of answers read them.
    pub fn digests(&self, rules: ResponseRules) -> Inputs {
        let used: BTreeSet<IntentId> = self.examples.iter().map(|e| e.intent).collect();
        Inputs::from([
            digest("labels and base examples", &|hash| {
                for e in &self.examples {
                    numbers(hash, &[e.turn.unwrap_or(-1), e.intent.0, e.group as i64]);
                    text(hash, &e.text);
                }
            }),
            digest("intent names", &|hash| {
                for (id, name) in self.then.named().iter().filter(|(id, _)| used.contains(id)) {
                    numbers(hash, &[id.0]);
                    text(hash, name);
                }
            }),
            digest("gold texts", &|hash| {
                for g in &self.gold {
                    numbers(hash, &[turn_id(g.conversation, g.turn)]);
                    text(hash, &g.text);
                }
            }),
            answers_digest(&self.answers, rules),
        ])
    }

    /// What the store notes of a run on it.
    pub fn noted(&self, plan: &TrainingPlan) -> NotedOrigin {
        let ReadMoment { known, conversations, without, .. } = plan.moment.clone();
        let (made_with, inputs) = (made_with(), self.digests(plan.rules));
        NotedOrigin { known, conversations, without, made_with, inputs, held_out: Vec::new() }
    }
}

/// A name and the digest of what is fed.
fn digest(name: &str, feed: &dyn Fn(&mut Sha256)) -> (String, String) {
    let mut hash = Sha256::new();
    feed(&mut hash);
    (name.to_owned(), hash.finalize()[..8].iter().map(|b| format!("{b:02x}")).collect())
}

fn text(hash: &mut Sha256, text: &str) {
    hash.update((text.len() as u64).to_le_bytes());
    hash.update(text);
}

fn numbers(hash: &mut Sha256, of: &[i64]) {
    of.iter().for_each(|n| hash.update(n.to_le_bytes()));
}

fn answers_digest(answers: &[AnsweredRow], rules: ResponseRules) -> (String, String) {
    digest("answers", &|hash| {
        for a in answers {
            numbers(hash, &[a.intent.0]);
            text(hash, &a.response);
            text(hash, a.corrected.as_deref().unwrap_or("\0"));
            // By the first rules languages took no part, nor how it ended.
            if a.resolved {
                numbers(hash, &[1]);
            }
            // Nor what was asked, by the rules before situations.
            let asked = a.asked.as_deref().filter(|_| rules >= ResponseRules::BySituation);
            asked.iter().for_each(|asked| text(hash, asked));
            // By former rules the last takes no part.
            let asked_in = Some(&a.asked_language).filter(|_| rules >= ResponseRules::ByMost);
            let languages = [Some(&a.language), Some(&a.corrected_language), asked_in];
            languages.into_iter().flatten().filter(|l| !l.is_empty()).for_each(|language| text(hash, language));
        }
    })
}

/// Digests of what answers are made from that are learnt beside what is live: the answers, and the requests that teach nothing.
pub(in crate::jobs) fn answers_read(answers: &[AnsweredRow], held_out: &[i64], rules: ResponseRules) -> Inputs {
    let requests = digest("requests that repeat what it is judged by", &|hash| numbers(hash, held_out));
    Inputs::from([answers_digest(answers, rules), requests])
}

/// This program and this kind of machine: other processors may round otherwise (rule 20).
pub(in crate::jobs) fn made_with() -> String {
    format!("appraise {} on {} {}", env!("CARGO_PKG_VERSION"), std::env::consts::ARCH, std::env::consts::OS)
}
