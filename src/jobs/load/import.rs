//! Loading a log into the store: streaming, idempotent, in short transactions.
//!
//! One thread reads and works out what follows from each conversation; this one writes. Neither waits for the other with
//! the store locked.
//!
//! A stopped or killed import needs no resume mark: lines that are stored are recognised by their hash, at the speed of
//! reading, so running it again goes on where it stopped.

use crate::domain::{Conversation, OfferStatus, Outcome, OutcomeSource, Reporter, StepId, Timestamp};
use crate::ingest::{
    ContentHash, Input, Item, Options, Question, Reader, Reject, Rejects, Summary, Warning, content_hash,
};
use crate::jobs::JobError;
use crate::store::{
    Added, Arriving, Derived, Deriver, Named, Notes, OnDuplicate, Store, StoreError, Taking, Writer, lies_ahead,
};
use serde::Serialize;
use std::io::Write;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::{Duration, Instant};

/// Conversations that are handed over at once: a transaction while people may be working, of some milliseconds.
const BATCH: usize = 200;
/// Batches a transaction on the first import of an empty store.
const FIRST_BATCHES: usize = 20;
/// Bytes of text after which a batch ends early.
const BATCH_BYTES: usize = 1 << 20;
/// Batches that wait to be written: what bounds the memory.
const WAITING: usize = 24;
/// How long a transaction waits to become larger: what a slow pipe brings is stored soon all the same.
const PATIENCE: Duration = Duration::from_millis(200);
/// Lets a waiting writer in between two transactions.
const GAP: Duration = Duration::from_millis(2);

/// How a log is loaded.
#[derive(Debug)]
pub struct ImportOptions {
    /// How it is read.
    pub read: Options,
    /// What to do with known conversations whose content differs.
    pub on_duplicate: OnDuplicate,
    /// Take those that have fewer turns than what is stored, too.
    pub take_older: bool,
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
    /// Conversations of which all was there already.
    pub same: u64,
    /// Conversations that have fewer turns than what is stored and say something else of them: kept out.
    pub older: u64,
    /// Conversations that say something else than what is stored, and were to be skipped.
    pub skipped: u64,
    /// Decisions that went with their turn to another number.
    pub carried: u64,
    /// Decisions that fit nothing any more: their turn has another speaker. `is:orphaned` finds them.
    pub orphaned: u64,
    /// Decisions on turns whose words are others now. `is:reworded` finds them.
    pub reworded: u64,
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
    /// Of those in the file, how many lie ahead of now: they count in no period.
    pub ahead: u64,
    /// The first of them in the file, and when it is of.
    #[serde(skip)]
    pub first_ahead: Option<(String, Timestamp)>,
    /// What was put up with.
    pub warnings: Vec<String>,
    /// What only a person can tell.
    pub questions: Vec<Question>,
    /// Why it counts as failed: `questions` that have to be answered first, or too many `rejected`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failed: Option<&'static str>,
}

/// Of so many records one may be rejected; with more an import has failed, and what could be read stays.
const ONE_REJECTED_OF: u64 = 10;

impl ImportReport {
    /// Judges it by what was rejected.
    pub fn judge(&mut self) {
        let too_many = self.rejected * ONE_REJECTED_OF > self.conversations + self.rejected;
        self.failed = self.failed.or(too_many.then_some("rejected"));
    }
}

/// Some records, read and ready to be written.
#[derive(Default)]
struct Batch {
    records: Vec<Record>,
    /// Bytes of the input read so far.
    read: u64,
}

/// One record.
enum Record {
    Conversation {
        conversation: Box<Conversation>,
        derived: Derived,
        hash: ContentHash,
        line: u64,
        is_source_guessed: bool,
    },
    Reject(Reject),
}

/// Loads one input. Rejected records go to `rejects`, and never stop it. Search covers what was loaded after
/// [`super::index()`].
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
    let mut reader = Reader::open(input, options.read.clone()).map_err(|e| match reporter.step("import", 0, 0) {
        Ok(()) => JobError::NothingToDo(e.to_string()),
        Err(cancelled) => cancelled.into(),
    })?;
    let before = reader.summary();
    if before.questions.iter().any(|q| q.stops(options.read.accept_guesses)) {
        let mut report = ImportReport { failed: Some("questions"), ..ImportReport::default() };
        add_summary(&mut report, &before);
        return Ok(report);
    }
    let first = store.is_empty()?;
    let run = match options.dry_run {
        true => None,
        false => {
            store.begin_load()?;
            Some(store.begin_import(reviewer, options.now, &name)?)
        }
    };
    let mut load = Load {
        store,
        options,
        rejects,
        reporter,
        name,
        report: ImportReport::default(),
        step: None,
        notes: Notes::default(),
    };
    let (total, deriver) = (reader.bytes_total().unwrap_or(0), load.store.deriver());
    let at_once = if first { FIRST_BATCHES } else { 1 };
    let ended = std::thread::scope(|scope| {
        let (send, batches) = sync_channel(WAITING);
        let reading = &mut reader;
        std::thread::Builder::new()
            .spawn_scoped(scope, move || read(reading, deriver, &send))
            .map_err(|_| JobError::no_thread("reading the file"))?;
        load.take_all(&batches, at_once, total)
    });
    let Load { store, mut report, notes, .. } = load;
    // What was stored keeps its indexes, however it ended; a store that cannot be written gets them the next time.
    let broken = matches!(ended, Err(JobError::Store(_)));
    if run.is_some() && !broken {
        store.end_load()?;
    }
    add_summary(&mut report, &reader.summary());
    report.judge();
    report.tell(notes);
    report.warnings.extend(ahead_of_now(&report, options.now));
    if !broken && let Some(others) = store.several_sources()? {
        report
            .warnings
            .push(format!("this store holds more than one AI or source ({others}); one store is one AI employee"));
    }
    if let Some(run) = run {
        let state = if ended.is_ok() { "done" } else { "stopped" };
        let noted = store.end_import(
            run,
            state,
            &report.format,
            [report.new, report.updated, report.same, report.rejected, report.older],
        );
        if !broken {
            noted?;
        }
    }
    let stored = report.new + report.updated + report.same;
    match ended {
        Ok(()) => Ok(report),
        Err(why) if run.is_some() && !matches!(why, JobError::Cancelled) => {
            Err(JobError::Unfinished { stored, why: Box::new(why) })
        }
        Err(why) => Err(why),
    }
}

/// Reads to the end, or until nobody wants any more.
fn read(reader: &mut Reader, deriver: Deriver, out: &SyncSender<Batch>) {
    loop {
        let mut batch = Batch::default();
        let mut bytes = 0;
        while batch.records.len() < BATCH && bytes < BATCH_BYTES {
            let Some(item) = reader.next() else { break };
            batch.records.push(match item {
                Item::Reject(reject) => Record::Reject(reject),
                Item::Conversation { conversation, line, is_source_guessed } => {
                    bytes += conversation.turns.iter().map(|t| t.text.len()).sum::<usize>();
                    let (derived, hash) = (deriver.derive(&conversation), content_hash(&conversation));
                    Record::Conversation { conversation, derived, hash, line, is_source_guessed }
                }
            });
        }
        batch.read = reader.bytes_read();
        if batch.records.is_empty() || out.send(batch).is_err() {
            return;
        }
    }
}

/// Waits for a batch, and takes what else comes soon; nothing at the end.
fn take(batches: &Receiver<Batch>, most: usize) -> Vec<Batch> {
    let mut taken: Vec<Batch> = batches.recv().into_iter().collect();
    let until = Instant::now() + PATIENCE;
    while !taken.is_empty() && taken.len() < most {
        match batches.recv_timeout(until.saturating_duration_since(Instant::now())) {
            Ok(batch) => taken.push(batch),
            Err(_) => break,
        }
    }
    taken
}

/// An import under way.
struct Load<'a> {
    store: &'a mut Store,
    options: &'a ImportOptions,
    rejects: &'a mut Rejects<Box<dyn Write>>,
    reporter: &'a dyn Reporter,
    name: String,
    report: ImportReport,
    step: Option<StepId>,
    notes: Notes,
}

impl Load<'_> {
    /// Writes batches as they come, up to `at_once` in a transaction.
    fn take_all(&mut self, batches: &Receiver<Batch>, at_once: usize, total: u64) -> Result<(), JobError> {
        let mut read = 0;
        loop {
            self.reporter.step("import", read, total)?;
            let taken = take(batches, at_once);
            let Some(last) = taken.last() else { return Ok(()) };
            read = last.read;
            for reject in self.write(&taken)? {
                self.report.rejected += 1;
                let fail = |e| format!("the rejects file cannot be written: {e}");
                self.rejects.write(&reject).map_err(|e| JobError::File { path: self.name.clone(), what: fail(e) })?;
            }
            if at_once == 1 {
                std::thread::sleep(GAP);
            }
        }
    }

    /// Stores some batches, all or nothing, and returns what of them is rejected.
    fn write(&mut self, batches: &[Batch]) -> Result<Vec<Reject>, JobError> {
        let ImportOptions { now, on_duplicate, take_older, dry_run, .. } = *self.options;
        let handoff_names = &self.options.read.handoff_names;
        let settle = |c: &mut Conversation| crate::ingest::settle(c, now, handoff_names);
        let taking = Taking { now, on_duplicate, take_older, settle: &settle };
        let (mut counted, mut step) = (self.report.clone(), self.step);
        let (rejects, notes) = self.store.write(taking, dry_run, |writer| {
            let mut rejects = Vec::new();
            for record in batches.iter().flat_map(|b| &b.records) {
                rejects.extend(counted.store(writer, record, now, &mut step)?);
            }
            Ok(rejects)
        })?;
        self.report = counted;
        self.notes.extend(notes);
        if !dry_run {
            self.step = step;
        }
        Ok(rejects)
    }
}

fn refused(c: &Conversation, line: u64, reason: &str) -> Reject {
    Reject {
        file: c.source.clone(),
        line,
        column: 1,
        reason: format!("{}:{} {reason}", c.source, c.id),
        excerpt: String::new(),
    }
}

impl ImportReport {
    /// Stores a record and counts it; gives it back where it is rejected.
    fn store(
        &mut self,
        writer: &mut Writer<'_>,
        record: &Record,
        now: Timestamp,
        step: &mut Option<StepId>,
    ) -> Result<Option<Reject>, StoreError> {
        let (c, new, line) = match record {
            Record::Reject(reject) => return Ok(Some(reject.clone())),
            Record::Conversation { conversation, derived, hash, line, is_source_guessed } => (
                conversation,
                Arriving::new(conversation, derived, hash).with_source_guessed(*is_source_guessed),
                *line,
            ),
        };
        match writer.put(new, step)? {
            Added::New(_) => self.new += 1,
            Added::Updated(_) => self.updated += 1,
            Added::Same(_) => self.same += 1,
            Added::Older(_) => self.older += 1,
            Added::Kept(_) => self.skipped += 1,
            Added::Conflict(_) => {
                let reason = "is stored with other content, and --on-duplicate error was asked for";
                return Ok(Some(refused(c, line, reason)));
            }
            Added::Full(_) => {
                let reason = "would have more than a million turns together with what is stored under its name";
                return Ok(Some(refused(c, line, reason)));
            }
        }
        self.count(c);
        if let Some(last) = new.derived.last_activity().filter(|&at| lies_ahead(at, now)) {
            self.ahead += 1;
            self.first_ahead.get_or_insert_with(|| (format!("{}:{}", c.source, c.id), last));
        }
        Ok(None)
    }

    /// What became of decisions, and what was found elsewhere, in words.
    fn tell(&mut self, notes: Notes) {
        let Notes { carried, orphaned, reworded, bound, elsewhere, strangers } = notes;
        (self.carried, self.orphaned, self.reworded) = (carried, orphaned, reworded);
        let mut say = |n: u64, one: &str, many: &str, rest: &str| {
            if n > 0 {
                let what = if n == 1 { one.to_owned() } else { format!("{n} {many}") };
                self.warnings.push(format!("{what} {rest}"));
            }
        };
        say(carried, "1 decision", "decisions", "went along with a turn that has another number now");
        let rest = "on a turn whose words are others now: neither trains nor is gold until somebody confirms it (`appraise queue is:reworded`)";
        say(reworded, "1 decision", "decisions", rest);
        let rest = "on a turn that another speaker has now: kept, and of no effect (`appraise queue is:orphaned`)";
        say(orphaned, "1 decision", "decisions", rest);
        let names = |named: &Named| {
            let more = named.n - named.first.len() as u64;
            named.first.join(", ") + &if more > 0 { format!(" and {more} more") } else { String::new() }
        };
        let stay = format!(
            "named another customer and stayed in the group that it had when it was decided on: {}",
            names(&bound)
        );
        say(bound.n, "1 conversation", "conversations", &stay);
        let there = format!(
            "was there under another name and was joined with it: {} (--source NAME gives all files of one system one name)",
            names(&elsewhere)
        );
        say(elsewhere.n, "1 conversation", "conversations", &there);
        let added = format!(
            "with no turn in common with what was stored under that name, added to it: {} (where ids begin anew with each file, \
             give each file a --source of its own)",
            names(&strangers)
        );
        say(strangers.n, "1 conversation", "conversations", &added);
        let older =
            "has fewer turns than what is stored and says something else of them: kept out (--take-older takes it)";
        say(self.older, "1 conversation", "conversations", older);
    }

    fn count(&mut self, c: &Conversation) {
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
        self.derived += u64::from(c.outcome_source == Some(OutcomeSource::Derived));
    }
}

fn add_summary(report: &mut ImportReport, summary: &Summary) {
    report.format = summary.format.to_owned();
    report.why.clone_from(&summary.why);
    report.warnings = summary.warnings.iter().map(words).collect();
    report.questions.clone_from(&summary.questions);
    if summary.invalid_utf8 > 0 {
        report
            .warnings
            .push(format!("{} records held bytes that are no UTF-8; those read as U+FFFD", summary.invalid_utf8));
    }
}

/// What is to be done about times that cannot be right.
fn ahead_of_now(report: &ImportReport, now: Timestamp) -> Option<String> {
    let (first, at) = report.first_ahead.as_ref()?;
    let (those, of) = match report.ahead {
        1 => ("1 conversation lies".to_owned(), format!("{first}, of {}", at.rfc3339())),
        n => (format!("{n} conversations lie"), format!("the first is {first}, of {}", at.rfc3339())),
    };
    Some(format!(
        "{those} more than a day ahead of now, {} ({of}): such times count in no period, trend or `since:`; correct them in the \
         log and import it again, or set the clock where that is wrong",
        now.rfc3339()
    ))
}

fn words(w: &Warning) -> String {
    match w.count {
        1 => format!("line {}: {}", w.line, w.text),
        n => format!("line {} and {} more: {}", w.line, n - 1, w.text),
    }
}
