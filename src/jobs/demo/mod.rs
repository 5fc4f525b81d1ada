//! The demo: a company of our own invention over half a year. Each week its customers are answered by the live release
//! for real, reviewers work a cycle, a candidate is trained, compared and promoted when it passes. The trend on the
//! screens is earned, not drawn (rule 33).

mod brain;
mod company;
mod dice;
mod file;
mod launch;
mod people;
mod report;
mod staff;
mod talk;
#[cfg(test)]
mod tests;
mod words;

pub use company::Lang as DemoLang;
pub use file::build_file;
pub use report::{DemoReport, LabelCounts, TrueWeek};

use super::encoders::Vectors;
use super::{FinetuneOptions, JobError, TrainingStart, renew};
use crate::domain::time::HOUR;
use crate::domain::{Cancelled, Comparison, ConversationId, Gate, Outcome, Reporter, Timestamp, TurnKey, Verdict};
use crate::ingest::content_hash;
use crate::jobs::promote;
use crate::jobs::{find_patterns, finetune};
use crate::learn::vectors::built_in::built_in;
use crate::store::{ArrivalResult, DemoState, OnDuplicate, Store};
use brain::Brain;
use company::Company;
use people::{CustomerCrowd, CustomerVisit, DemoWeek};
use rayon::prelude::*;
use std::collections::BTreeMap;
use talk::{SimulatedTruth, Talk, ToldConversation};

/// The lead of the demo's reviewers.
const LEAD: &str = "eleni";
/// The other reviewer.
const ANDREAS: &str = "andreas";
/// A candidate is trained after every so many cycles.
const TRAIN_EVERY: u32 = 2;
/// After so many weeks a candidate is promoted although nobody can tell yet, if it looks better.
const PATIENCE: u32 = 4;
/// The gold set is frozen anew after so many weeks: its audit labels know the products of spring.
const REFREEZE: u32 = 14;

/// What a demo is built from.
#[derive(Clone, Debug)]
pub struct DemoOptions {
    /// How many weeks.
    pub weeks: u32,
    /// Conversations a week.
    pub per_week: u32,
    /// Where the last week ends.
    pub until: Timestamp,
    /// Seed: same seed and `until`, same demo.
    pub seed: u64,
    /// All customers write this language; `None`: English and Greek, as in Cyprus.
    pub lang: Option<DemoLang>,
    /// False for the control run: reviewed all the same, but nothing is trained or promoted after day one.
    pub promote: bool,
}

/// A demo under construction.
struct Demo<'a> {
    options: &'a DemoOptions,
    reporter: &'a dyn Reporter,
    company: Company,
    weeks: Vec<DemoWeek>,
    crowd: CustomerCrowd,
    truths: BTreeMap<ConversationId, SimulatedTruth>,
    /// Flagged conversations with the turn and the matter for which there is no intent yet.
    waiting: Vec<(ConversationId, TurnKey, usize)>,
    labelled: LabelCounts,
    promoted: u32,
}

/// Builds the demo in a blank store; a demo that is there is left as it is. Open the store with
/// [`Access::Bulk`](crate::store::Access::Bulk): it is a thousand small transactions.
///
/// # Errors
/// The store holds something else, or a demo that was not finished; cancelled; the store cannot be written.
pub fn build(store: &mut Store, options: &DemoOptions, reporter: &dyn Reporter) -> Result<DemoReport, JobError> {
    let place = store.path().display().to_string();
    match store.demo_state()? {
        DemoState::Ready(weeks) => return report(store, weeks),
        DemoState::Foreign => {
            return Err(JobError::InTheWay(format!(
                "{place} holds data of its own; the demo wants a store for itself: leave out --store, or name a new file"
            )));
        }
        DemoState::Unfinished => {
            return Err(JobError::InTheWay(format!(
                "{place} holds a demo whose building was stopped; delete the file and run `appraise demo` again"
            )));
        }
        DemoState::Blank => {}
    }
    if options.weeks == 0 || options.per_week == 0 {
        return Err(JobError::Usage("a demo needs at least one week and one conversation a week".to_owned()));
    }
    let mut demo = Demo {
        options,
        reporter,
        company: Company::load()?.writing(options.lang),
        weeks: people::weeks(options.weeks, options.until),
        crowd: CustomerCrowd::new(),
        truths: BTreeMap::new(),
        waiting: Vec::new(),
        labelled: LabelCounts::default(),
        promoted: 0,
    };
    let truth = demo.run(store)?;
    crate::jobs::index(store, reporter)?;
    // What a lead asks for first stands on the first page.
    find_patterns(store, Some(&*built_in()), options.until, options.seed, &demo.within("patterns", options.weeks))?;
    store.mark_demo(Some(options.weeks))?;
    Ok(DemoReport { truth, labelled: demo.labelled, ..report(store, options.weeks)? })
}

fn report(store: &Store, weeks: u32) -> Result<DemoReport, JobError> {
    let (conversations, releases) = (store.figures().frame()?.conversations, store.releases()?.len() as u64);
    Ok(DemoReport { conversations, weeks, releases, ..DemoReport::default() })
}

/// Passes on whether to stop, under the demo's own stages.
struct DemoStage<'a> {
    reporter: &'a dyn Reporter,
    stage: String,
    done: u64,
    total: u64,
}

impl Reporter for DemoStage<'_> {
    fn step(&self, _: &str, _: u64, _: u64) -> Result<(), Cancelled> {
        self.reporter.step(&self.stage, self.done, self.total)
    }
}

impl<'a> Demo<'a> {
    fn within(&self, stage: impl Into<String>, done: u32) -> DemoStage<'a> {
        DemoStage { reporter: self.reporter, stage: stage.into(), done: done.into(), total: self.options.weeks.into() }
    }

    fn run(&mut self, store: &mut Store) -> Result<Vec<TrueWeek>, JobError> {
        self.within("launch", 0).step("", 0, 0)?;
        self.launch(store)?;
        let mut truth = Vec::new();
        for week in self.weeks.clone() {
            let within = self.within(format!("week {} of {}", week.number, self.options.weeks), week.number - 1);
            within.step("", 0, 0)?;
            truth.push(self.serve(store, week)?);
            if week.number < self.options.weeks {
                self.improve(store, week, &within)?;
            }
        }
        renew(store, &self.within("renew predictions", self.options.weeks))?;
        Ok(truth)
    }

    /// A week of customers, answered by the live release.
    fn serve(&mut self, store: &mut Store, week: DemoWeek) -> Result<TrueWeek, JobError> {
        let brain = Brain::live(store, &self.company)?;
        let visits = self.crowd.visits(week, self.options.per_week, &self.company, store, self.options.seed);
        let customers = &self.crowd.customers;
        let hold = |v: &CustomerVisit| {
            let told = Talk::hold(&self.company, &brain, &customers[v.customer], v);
            let hash = content_hash(&told.conversation);
            (told, hash)
        };
        let told: Vec<_> = visits.par_iter().map(hold).collect();
        let mut step = None;
        let ids = store.batch(false, |store| {
            let put = |(ToldConversation { conversation: c, .. }, hash): &(ToldConversation, [u8; 16])| {
                store.put(c, hash, week.end, OnDuplicate::Update, &mut step)
            };
            told.iter().map(put).collect::<Result<Vec<ArrivalResult>, _>>()
        })?;
        let mut sum = TrueWeek::default();
        for ((visit, (ToldConversation { conversation, truth }, _)), added) in visits.iter().zip(told).zip(ids) {
            let resolved = conversation.outcome == Some(Outcome::Resolved);
            self.crowd.went(visit, week, resolved);
            sum.asked += 1;
            sum.understood += u64::from(truth.understood);
            sum.resolved += u64::from(resolved);
            let id = added.id();
            self.truths.insert(id, truth);
        }
        // The newest first: what is older is brought up to date once, at the end.
        for _ in 0..self.options.per_week.div_ceil(200) {
            store.renew_batch()?;
        }
        Ok(sum)
    }

    /// What the team does on the Monday after.
    fn improve(&mut self, store: &mut Store, week: DemoWeek, within: &DemoStage<'_>) -> Result<(), JobError> {
        let cycle = self.review(store, week)?;
        if !self.options.promote || !week.number.is_multiple_of(TRAIN_EVERY) {
            return Ok(());
        }
        let now = week.end.plus(6 * HOUR);
        let frozen: u64 = store.gold_versions()?.first().map_or(0, |v| v.open + v.sealed);
        let (open, sealed) = store.gold_at_hand()?;
        if week.number == REFREEZE && open + sealed > frozen {
            store.freeze_gold(LEAD, now, Some("with the audit labels of the first three months"))?;
        }
        let options = FinetuneOptions {
            from: TrainingStart::Live,
            cycle,
            vectors: Vectors::Static,
            seed: self.options.seed,
            reviewer: LEAD.to_owned(),
            now,
        };
        let candidate = finetune(store, &options, within)?;
        self.decide_on(store, &candidate, week, now.plus(HOUR / 4))
    }

    /// Promotes a better candidate; one of which nobody can tell after some weeks, with a reason; rejects the rest.
    fn decide_on(&mut self, store: &mut Store, c: &Comparison, week: DemoWeek, at: Timestamp) -> Result<(), JobError> {
        let waited = week.number - self.promoted;
        let reason = match c.verdict {
            _ if c.gate == Gate::Refuse => Err(format!("the gate refuses: {}", c.gate_reasons.join("; "))),
            Verdict::Better => Ok(String::new()),
            Verdict::CannotTell if c.delta > 0.0 && waited >= PATIENCE => {
                Ok(format!("{} fixed, {} broken; {waited} weeks of labels should not wait longer", c.fixed, c.broken))
            }
            _ => Err(format!("{} fixed, {} broken: not enough to tell, more labels first", c.fixed, c.broken)),
        };
        match reason {
            Ok(reason) => {
                promote(store, LEAD, at, c.release, &reason, false)?;
                self.promoted = week.number;
            }
            Err(reason) => store.reject(LEAD, at, c.release, &reason)?,
        }
        Ok(())
    }
}
