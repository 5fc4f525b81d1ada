//! Loading a log into the store: streaming, idempotent, in short transactions.
//!
//! A stopped or killed import needs no resume mark: lines that are stored are recognised by their hash, at the speed of
//! reading, so running it again goes on where it stopped.

use super::JobError;
use crate::domain::{OfferStatus, Outcome, Reporter, StepId, Timestamp};
use crate::ingest::{Input, Item, Options, Reader, Reject, Rejects, Summary, Warning, content_hash};
use crate::store::{Added, OnDuplicate, Store};
use serde::Serialize;
use std::io::Write;
use std::time::Duration;

/// Conversations a transaction while people may be working: a decision of theirs waits a frame or two at the most.
const SHARED_BATCH: usize = 150;
/// Conversations a transaction on the first import of an empty store.
const FIRST_BATCH: usize = 2_000;
/// Lets a waiting writer in between two transactions.
const GAP: Duration = Duration::from_millis(2);

/// How a log is loaded.
#[derive(Debug)]
pub struct ImportOptions {
    /// How it is read.
    pub read: Options,
    /// What to do with known conversations whose content differs.
    pub on_duplicate: OnDuplicate,
    /// Only say what would happen.
    pub dry_run: bool,
    /// When.
    pub now: Timestamp,
}

/// Offers of the file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Offers {
    /// Shown without a known answer.
    pub shown: u64,
    /// Taken.
    pub accepted: u64,
    /// Refused.
    pub declined: u64,
    /// Left unanswered.
    pub ignored: u64,
}

/// Outcomes of the file's conversations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct OutcomeCounts {
    /// Solved by the AI.
    pub resolved: u64,
    /// Handed to a person.
    pub escalated: u64,
    /// Not solved.
    pub failed: u64,
    /// The customer left.
    pub abandoned: u64,
    /// Still open.
    pub pending: u64,
    /// Nothing tells.
    pub unknown: u64,
}

/// What an import did. Conversations, turns, offers and outcomes are those of the file.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct ImportReport {
    /// Conversations that were not there.
    pub new: u64,
    /// Conversations of which the file knows more.
    pub updated: u64,
    /// Conversations that were there already.
    pub same: u64,
    /// Records that could not be read.
    pub rejected: u64,
    /// Conversations in the file.
    pub conversations: u64,
    /// Turns in the file.
    pub turns: u64,
    /// Offers in the file.
    pub offers: Offers,
    /// Outcomes in the file, derived ones included.
    pub outcomes: OutcomeCounts,
    /// Of those, derived by our rules.
    pub derived: u64,
    /// Labels and corrections that came with the log.
    pub labelled_turns: u64,
    /// The format.
    pub format: String,
    /// Why this format.
    pub why: String,
    /// What was put up with.
    pub warnings: Vec<String>,
}

/// Loads one input. Rejected records go to `rejects`, and never stop it.
///
/// # Errors
/// The input cannot be read; the store cannot be written; cancelled (what was committed stays).
pub fn import(
    store: &mut Store,
    reviewer: &str,
    input: Input,
    options: &ImportOptions,
    rejects: &mut Rejects<Box<dyn Write>>,
    reporter: &dyn Reporter,
) -> Result<ImportReport, JobError> {
    let name = input.name();
    let fail = |what: String| JobError::File { path: name.clone(), what };
    let mut reader = Reader::open(input, options.read.clone()).map_err(|e| JobError::NothingToDo(e.to_string()))?;
    let first = store.is_empty()?;
    let size = if first { FIRST_BATCH } else { SHARED_BATCH };
    let run = if options.dry_run { None } else { Some(store.begin_import(reviewer, options.now, &name)?) };
    let mut report = ImportReport::default();
    let mut step: Option<StepId> = None;
    let mut ended = Ok(());
    loop {
        if reporter.step("import", reader.bytes_read(), reader.bytes_total().unwrap_or(0)).is_err() {
            ended = Err(JobError::Cancelled);
            break;
        }
        let batch: Vec<Item> = reader.by_ref().take(size).collect();
        if batch.is_empty() {
            break;
        }
        for reject in store_batch(store, &batch, options, &mut step, &mut report)? {
            report.rejected += 1;
            rejects.write(&reject).map_err(|e| fail(format!("the rejects file cannot be written: {e}")))?;
        }
        if !first {
            std::thread::sleep(GAP);
        }
    }
    add_summary(&mut report, &reader.summary());
    if let Some(others) = store.several_sources()? {
        report
            .warnings
            .push(format!("this store holds more than one AI or source ({others}); one store is one AI employee"));
    }
    if let Some(run) = run {
        let state = if ended.is_ok() { "done" } else { "stopped" };
        store.end_import(run, state, &report.format, [report.new, report.updated, report.same, report.rejected])?;
    }
    ended.map(|()| report)
}

/// Stores one batch, all or nothing, and returns what of it is rejected.
fn store_batch(
    store: &mut Store,
    batch: &[Item],
    options: &ImportOptions,
    step: &mut Option<StepId>,
    report: &mut ImportReport,
) -> Result<Vec<Reject>, JobError> {
    let before = *step;
    let mut counted = report.clone();
    let rejects = store.batch(options.dry_run, |store| {
        let mut rejects = Vec::new();
        for item in batch {
            match item {
                Item::Reject(reject) => rejects.push(reject.clone()),
                Item::Conversation { conversation, line } => {
                    let hash = content_hash(conversation);
                    match store.put(conversation, &hash, options.now, options.on_duplicate, step)? {
                        Added::New(_) => counted.new += 1,
                        Added::Updated(_) => counted.updated += 1,
                        Added::Same(_) => counted.same += 1,
                        Added::Conflict(_) => {
                            rejects.push(conflict(conversation, *line));
                            continue;
                        }
                    }
                    counted.count(conversation);
                }
            }
        }
        Ok(rejects)
    })?;
    if options.dry_run {
        *step = before;
    }
    *report = counted;
    Ok(rejects)
}

fn conflict(c: &crate::domain::Conversation, line: u64) -> Reject {
    Reject {
        file: c.source.clone(),
        line,
        column: 1,
        reason: format!("{}:{} is stored with other content, and --on-duplicate error was asked for", c.source, c.id),
        excerpt: String::new(),
    }
}

impl ImportReport {
    fn count(&mut self, c: &crate::domain::Conversation) {
        self.conversations += 1;
        self.turns += c.turns.len() as u64;
        self.labelled_turns += c.turns.iter().filter(|t| !t.gold.is_empty() || t.corrected.is_some()).count() as u64;
        for offer in &c.offers {
            *match offer.status {
                OfferStatus::Shown => &mut self.offers.shown,
                OfferStatus::Accepted => &mut self.offers.accepted,
                OfferStatus::Declined => &mut self.offers.declined,
                OfferStatus::Ignored => &mut self.offers.ignored,
            } += 1;
        }
        *match c.outcome.unwrap_or(Outcome::Unknown) {
            Outcome::Resolved => &mut self.outcomes.resolved,
            Outcome::Escalated => &mut self.outcomes.escalated,
            Outcome::Failed => &mut self.outcomes.failed,
            Outcome::Abandoned => &mut self.outcomes.abandoned,
            Outcome::Pending => &mut self.outcomes.pending,
            Outcome::Unknown => &mut self.outcomes.unknown,
        } += 1;
        self.derived += u64::from(c.outcome_source == Some(crate::domain::OutcomeSource::Derived));
    }
}

fn add_summary(report: &mut ImportReport, summary: &Summary) {
    report.format = summary.format.to_owned();
    report.why.clone_from(&summary.why);
    report.warnings = summary.warnings.iter().map(words).collect();
    if summary.invalid_utf8 > 0 {
        report
            .warnings
            .push(format!("{} records held bytes that are no UTF-8; those read as U+FFFD", summary.invalid_utf8));
    }
}

fn words(w: &Warning) -> String {
    match w.count {
        1 => format!("line {}: {}", w.line, w.text),
        n => format!("line {} and {} more: {}", w.line, n - 1, w.text),
    }
}
