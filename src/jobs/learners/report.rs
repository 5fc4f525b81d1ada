//! What learning by itself came to.

use super::judged::Judged;
use crate::base::counted::{count, counted};
use crate::domain::measure::learned::enough::enough_for;
use crate::domain::{LearnedAnswers, LearnedFigures, LearnedReport, ReleaseId, Timestamp, Verdict};
use crate::jobs::JobError;
use crate::learn::release::artefact::{Artefact, LearnedSections};
use crate::store::{BY_ITSELF, HowLearned, LearnedCut, LearnedNote, LearnedRelease, LearnerKind, Store};
use serde::Serialize;
use std::collections::BTreeMap;

/// The stage in which a learner reads what it learns from.
pub const READING_STAGE: &str = "read";
/// New signals after which a learner looks again.
pub const AGAIN_AFTER: u64 = LearnerKind::AGAIN_AFTER;

/// Who has something learnt, and when.
#[derive(Clone, Copy, Debug)]
pub struct LearnRequest<'a> {
    /// Who asked.
    pub reviewer: &'a str,
    /// Now.
    pub now: Timestamp,
    /// Seed of resampling and folds.
    pub seed: u64,
}

/// What a learner says after a run.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum LearnReport {
    /// There was too little to learn from.
    TooLittle {
        /// Always false.
        enough: bool,
        /// What is missing, and how much.
        says: String,
    },
    /// A release was made.
    Made(Box<LearnerRun>),
    /// A release with other answers was made.
    Answers(Box<ResponsesRun>),
}

impl LearnReport {
    /// What came of it, in a clause.
    pub fn came_to(&self) -> String {
        let (v, what, held_back) = match self {
            Self::TooLittle { says, .. } => return says.clone(),
            Self::Made(run) => (run.release.0, run.learner, &run.report.held_back),
            Self::Answers(run) => (run.release.0, run.learner, &run.held_back),
        };
        match held_back {
            None => format!("v{v} went live by itself: {what}, judged better"),
            Some(why) => format!("v{v} ({what}) stays a candidate: {why}"),
        }
    }
}

/// A run that made a release.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LearnerRun {
    /// The release.
    pub release: ReleaseId,
    /// Which learner.
    pub learner: &'static str,
    /// What was found, and why it did not go live.
    #[serde(flatten)]
    pub report: LearnedReport,
    /// It went live.
    pub promoted: bool,
}

/// A run that made a release with other answers.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ResponsesRun {
    /// The release.
    pub release: ReleaseId,
    /// Always `responses`.
    pub learner: &'static str,
    /// What was found.
    #[serde(flatten)]
    pub report: LearnedAnswers,
    /// It went live.
    pub promoted: bool,
    /// Why it did not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub held_back: Option<String>,
}

/// What some customers' words are for, and the others'.
#[derive(Clone, Copy, Debug)]
pub(super) enum Use {
    Teach,
    Judge,
}

/// How many examples of a customer come together, as far as chance goes: their number in the customer of the average example. 1 where there
/// are too few customers to tell.
pub(super) fn together(customers: impl Iterator<Item = i64>) -> f64 {
    let mut counts: BTreeMap<i64, u64> = BTreeMap::new();
    customers.for_each(|customer| *counts.entry(customer).or_default() += 1);
    let squares: u64 = counts.values().map(|n| n * n).sum();
    if counts.len() < CUSTOMERS { 1.0 } else { squares as f64 / counts.values().sum::<u64>() as f64 }
}

/// How many more must come, whoever they are of, for so many more of one use, which a share of all has: that number, and a clause with
/// why it is more.
/// `together`: how many of a customer come at once ([`together`]); `what`: of one and of many.
pub(super) fn more_needed(lack: usize, share: f64, together: f64, used: Use, what: [&str; 2]) -> (u64, String) {
    let is_part = share > 0.0 && share < 1.0;
    let all = if is_part { enough_for(lack as u64, share, together) } else { lack as u64 };
    let more = counted(all, what[0], what[1]);
    let are = if all == 1 { "is" } else { "are" };
    if !is_part {
        return (all, format!("{more} {are} needed"));
    }
    let [these, others] = match used {
        Use::Teach => ["teach", "judge"],
        Use::Judge => ["judge", "teach"],
    };
    (all, format!("about {more} {are} needed (about {:.0} of 100 {these}, the others {others})", 100.0 * share))
}

/// Something of which too little is there.
pub(super) struct Lack {
    /// What is there, in a clause.
    pub is: String,
    /// How much of it is enough.
    pub takes: u64,
    /// How many more must come for it, and a clause with that number; `None`: nobody can tell.
    pub more: Option<(u64, String)>,
}

/// What is missing, a sentence each: of one thing how many more it takes, of several what each needs, and one number that brings all of them.
/// `what`: of which each brings one of everything.
pub(super) fn all_lacks(lacks: &[Lack], what: &str) -> Vec<String> {
    let untold = || (0, "nobody can tell how many more it takes".to_owned());
    if let [lack] = lacks {
        return vec![format!("{}; {}.", lack.is, lack.more.clone().unwrap_or_else(untold).1)];
    }
    let each = lacks.iter().map(|lack| format!("{} ({} needed).", lack.is, count(lack.takes)));
    let most = lacks.iter().filter_map(|lack| lack.more.as_ref()).map(|more| more.0).max();
    let of_it = if lacks.iter().all(|lack| lack.more.is_some()) { "all of it" } else { "all but what nobody can tell" };
    let all = most.map(|n| format!("About {} more {what}, of as many customers, are enough for {of_it}.", count(n)));
    each.chain(all).collect()
}

/// Customers below which nothing is judged: of fewer no sign-flip test reaches the level of a first look, whatever they did (2 / 2^7).
pub(super) const CUSTOMERS: usize = 7;

/// How many more customers must come, and whose examples those are, where they are of too few customers; `judges`: the share of customers
/// that judge.
pub(super) fn few_customers(what: &str, customers: usize, judges: f64) -> Option<Lack> {
    let needed = (CUSTOMERS as f64 / judges).ceil();
    (customers > 0 && needed.is_finite() && (customers as f64) < needed).then(|| {
        let (whose, more) = (counted(customers as u64, "customer", "customers"), needed as u64 - customers as u64);
        Lack {
            is: format!("{what} of {whose}, and who teaches does not judge"),
            takes: needed as u64,
            more: Some((more, format!("about {} needed", counted(more, "more customer is", "more customers are")))),
        }
    })
}

pub(super) fn too_little(says: String) -> LearnReport {
    LearnReport::TooLittle { enough: false, says }
}

/// Says that this was learnt from and judged by already: a look at the same would tell nothing, and ask the next one for more.
/// `section`: what the learner makes, of a release.
pub(super) fn nothing_new<S: PartialEq + Default>(
    store: &Store,
    recipe: &str,
    read: &str,
    section: impl Fn(&Store, ReleaseId) -> Result<S, JobError>,
) -> Result<Option<LearnReport>, JobError> {
    let Some(last) = store.judged_by(recipe, read)? else { return Ok(None) };
    let of = |id: Option<ReleaseId>| id.map_or_else(|| Ok(S::default()), |id| section(store, id));
    let now = of(store.live()?)?;
    // It is live, or what it was put beside is.
    let same = now == of(Some(last))? || now == of(store.release(last)?.parent)?;
    Ok(same.then(|| {
        too_little(format!("There is nothing new since v{}: it learnt from the same. No look is spent.", last.0))
    }))
}

/// What a learner has made, before it is a release.
pub(super) struct Made {
    pub learner: LearnerKind,
    /// What was live when it was judged.
    pub beside: Option<ReleaseId>,
    pub judged: Judged,
    /// A digest of what it learnt from and was judged by.
    pub read: String,
    /// Examples learnt from.
    pub trained_on: u64,
    pub seconds: f64,
    pub cut: LearnedCut,
    /// A digest of what it read.
    pub inputs: String,
    /// Signals that there were.
    pub signals: u64,
    pub report: LearnedReport,
}

/// Stores a release with a new learned section beside what is live now, and promotes it where it is better. What something outside made
/// of the intents goes on as it is.
pub(super) fn keep<S: PartialEq + Default>(
    store: &mut Store,
    request: &LearnRequest<'_>,
    made: Made,
    section: impl Fn(&Store, ReleaseId) -> Result<S, JobError>,
    change: impl FnOnce(&mut LearnedSections),
) -> Result<LearnReport, JobError> {
    let Made { learner, beside, judged, read, trained_on, seconds, cut, inputs, signals, report } = made;
    let judged = doubted(judged, &report.after);
    let noted = LearnedNote { learner, cut, inputs, signals, report: report.clone() };
    let noted = HowLearned::Signals(Box::new(noted));
    let refused = Vec::new();
    let run = Run { recipe: learner.recipe(), beside, judged, refused, read, trained_on, seconds, noted };
    let became = keep_with(store, request, run, section, |artefact| change(&mut artefact.learned))?;
    // Not before: a look that was broken off is made again.
    store.note_look(learner, signals, None)?;
    let kept = match became {
        Became::Kept(kept) => kept,
        Became::NothingNew(says) => return Ok(says),
    };
    Ok(LearnReport::Made(Box::new(LearnerRun {
        release: kept.release,
        learner: learner.name(),
        promoted: kept.held_back.is_none(),
        report: LearnedReport { verdict: kept.verdict, looks: kept.looks, held_back: kept.held_back, ..report },
    })))
}

/// What was judged, in doubt where it tells nobody from another.
fn doubted(judged: Judged, after: &LearnedFigures) -> Judged {
    match after.beats_a_coin() {
        Some(false) => Judged { doubt: Some("it does not surely tell one customer from another"), ..judged },
        _ => judged,
    }
}

/// What two stored models are found to do, told as a learner tells it, at the level of its last look: none is counted, and nothing was
/// learnt.
pub(super) fn compared(
    store: &Store,
    learner: LearnerKind,
    [before, after]: [LearnedFigures; 2],
    judged: Judged,
) -> Result<LearnedReport, JobError> {
    let judged = doubted(judged, &after);
    let looks = last_look(store, learner)?;
    let verdict = judged.at_look(looks);
    Ok(LearnedReport {
        before,
        after,
        delta: judged.delta,
        ci95: judged.ci95,
        p_cluster: judged.p,
        verdict,
        looks,
        learned_from: BTreeMap::new(),
        again_after: AGAIN_AFTER,
        by_labels: Vec::new(),
        label_days: Vec::new(),
        expected: None,
        ends: None,
        held_back: (verdict == Verdict::CannotTell).then(|| judged.held_back(CLOSER)),
    })
}

/// The how many-th look of a learner was its last; 1 where it has made none.
pub(super) fn last_look(store: &Store, learner: LearnerKind) -> Result<u64, JobError> {
    Ok(store.learned_looks(learner.recipe())?.max(1))
}

/// What is stored of a run beside the release's bytes.
pub(super) struct Run {
    /// How the release is called.
    pub recipe: &'static str,
    /// What was live when it was judged: its other sections are that one's.
    pub beside: Option<ReleaseId>,
    pub judged: Judged,
    /// Why the gate refuses it, however much better it is; empty: it does not.
    pub refused: Vec<String>,
    /// A digest of what it learnt from and was judged by.
    pub read: String,
    /// Examples learnt from.
    pub trained_on: u64,
    pub seconds: f64,
    pub noted: HowLearned,
}

/// What became of a run.
pub(super) struct Kept {
    pub release: ReleaseId,
    pub verdict: Verdict,
    pub looks: u64,
    /// Why it did not go live.
    pub held_back: Option<String>,
}

/// A run that is kept, or that somebody else had made meanwhile.
pub(super) enum Became {
    Kept(Kept),
    NothingNew(LearnReport),
}

/// As [`keep`], with any part of the release changed.
pub(super) fn keep_with<S: PartialEq + Default>(
    store: &mut Store,
    request: &LearnRequest<'_>,
    run: Run,
    section: impl Fn(&Store, ReleaseId) -> Result<S, JobError>,
    change: impl FnOnce(&mut Artefact),
) -> Result<Became, JobError> {
    let live = run.beside;
    let mut artefact = live.map_or_else(|| Ok(Artefact::empty()), |id| store.artefact(id))?;
    change(&mut artefact);
    let mut new = LearnedRelease {
        parent: live,
        recipe: run.recipe,
        seed: request.seed,
        trained_on: run.trained_on,
        train_seconds: run.seconds,
        artefact: artefact.to_bytes().map_err(JobError::CannotPack)?,
        look: 0,
        verdict: Verdict::CannotTell,
        read: run.read,
        noted: run.noted,
        taken_back: None,
        go_live: None,
    };
    let learner = LearnerKind::of_recipe(run.recipe);
    // Whoever looks at something else at the same time takes a look of their own: each asks for more than the one before.
    let (added, reason) = loop {
        if let Some(says) = nothing_new(store, run.recipe, &new.read, &section)? {
            return Ok(Became::NothingNew(says));
        }
        new.look = store.learned_looks(run.recipe)? + 1;
        new.verdict = run.judged.at_look(new.look);
        new.taken_back = learner.map_or(Ok(None), |learner| store.taken_back(learner))?;
        let is_better = new.verdict == Verdict::Better && run.refused.is_empty();
        new.go_live = (is_better && new.taken_back.is_none())
            .then(|| (BY_ITSELF, format!("{}: better on what it has not seen", run.recipe)));
        let reason = match new.verdict {
            Verdict::Better if run.refused.is_empty() => {
                new.taken_back.as_ref().zip(learner).map(|(back, learner)| back.holds_back(learner))
            }
            Verdict::Better => Some(format!("the gate refuses it: {}", run.refused.join("; "))),
            Verdict::Worse => Some("it is worse than what is there".to_owned()),
            Verdict::CannotTell => Some(run.judged.held_back(gain(&new.noted))),
        };
        let (looks, verdict) = match &mut new.noted {
            HowLearned::Signals(noted) => (&mut noted.report.looks, &mut noted.report.verdict),
            HowLearned::Answers(noted) => (&mut noted.report.looks, &mut noted.report.verdict),
        };
        (*looks, *verdict) = (new.look, new.verdict);
        if let HowLearned::Signals(noted) = &mut new.noted {
            noted.report.held_back.clone_from(&reason);
        }
        if let Some(added) = store.add_learned(request.reviewer, request.now, &new)? {
            break (added, reason);
        }
    };
    // Whoever promoted another release meanwhile is not overruled: what is live now was not looked at.
    let overtaken = || "another release went live meanwhile; learning again puts it beside that one".to_owned();
    let held_back = reason.or_else(|| (!added.is_live).then(overtaken));
    Ok(Became::Kept(Kept { release: added.id, verdict: new.verdict, looks: new.look, held_back }))
}

/// What is judged of chances, in a clause.
const CLOSER: &str = "its chances come closer to what happened";

/// What is judged, in a clause.
const fn gain(how: &HowLearned) -> &'static str {
    match how {
        HowLearned::Signals(_) => CLOSER,
        HowLearned::Answers(_) => "its answers are better",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_more_as_are_named_are_enough_nine_times_of_ten() {
        for (lack, share, each) in [(50, 0.2, 1_u64), (50, 0.2, 5), (200, 0.7, 3), (10, 0.3, 1)] {
            let all = enough_for(lack as u64, share, each as f64);
            // Every customer has as many, and goes to one use by a coin of its own.
            let runs = 2_000_u64;
            let coin = |k: u64| (crate::base::rng::mix(k) >> 11) as f64 / (1_u64 << 53) as f64;
            let enough = |run: &u64| {
                let used = (0..all.div_ceil(each)).filter(|c| coin(run * 1_000_003 + c) < share).count() as u64;
                used * each >= lack as u64
            };
            let often = (0..runs).filter(enough).count() as f64 / runs as f64;
            assert!((0.84..0.99).contains(&often), "{lack} at {share}, {each} each: {all}, enough in {often:.2}");
        }
        assert_eq!(together((0..100).map(|i| i / 5)), 5.0);
        assert_eq!(together((0..100).map(|_| 1)), 1.0, "of one customer nobody can tell");
    }
}
