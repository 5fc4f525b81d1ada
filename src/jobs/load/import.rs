//! Loading a log into the store: streaming, idempotent, in short transactions.
//!
//! One thread reads, one works out what follows from each conversation, this one writes. None waits for another with the store
//! locked.
//!
//! A stopped or killed import needs no resume mark: lines that are stored are recognised by their hash, at the speed of
//! reading, so running it again goes on where it stopped.

use super::report::ImportReport;
use crate::domain::{Conversation, Reporter, StepId, Timestamp};
use crate::ingest::{ContentHash, Input, LogReader, LogRecord, ReadOptions, Reject, Rejects, content_hash};
use crate::jobs::JobError;
use crate::store::{
    ArrivalNotes, ArrivalRules, ArrivingConversation, ConversationEnds, ConversationWriter, DerivedFields, Deriver,
    OnDuplicate, RatedConversation, Store, StoreError,
};
use std::io::Write;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::time::{Duration, Instant};

/// Conversations that are handed over at once: a transaction while people may be working, of some milliseconds.
const BATCH: usize = 200;
/// Batches a transaction on the first import of an empty store.
const FIRST_BATCHES: usize = 20;
/// Bytes of text after which a batch ends early.
const BATCH_BYTES: usize = 1 << 20;
/// Batches that wait to be worked out, and to be written: what bounds the memory. So many that the others go on while the writer
/// folds its log into the store: with fewer one processor had nothing to do for a tenth of the time.
const UNREAD: usize = 2;
const WAITING: usize = 128;
/// How long a transaction waits to become larger: what a slow pipe brings is stored soon all the same.
const PATIENCE: Duration = Duration::from_millis(200);
/// Lets a waiting writer in between two transactions.
const GAP: Duration = Duration::from_millis(2);

/// How a log is loaded.
#[derive(Clone, Debug)]
pub struct ImportOptions {
    /// How it is read.
    pub read: ReadOptions,
    /// What to do with known conversations whose content differs.
    pub on_duplicate: OnDuplicate,
    /// Take those that have fewer turns than what is stored, too.
    pub take_older: bool,
    /// Only say what would happen.
    pub dry_run: bool,
    /// When.
    pub now: Timestamp,
}

/// Some records, as they were read.
struct LogBatch {
    records: Vec<LogRecord>,
    /// Bytes of text in them.
    bytes: usize,
    /// Bytes of the input read so far.
    read: u64,
}

/// Some records, read and ready to be written.
struct ImportBatch {
    records: Vec<ReadRecord>,
    /// Bytes of the input read so far.
    read: u64,
}

/// One record.
enum ReadRecord {
    Conversation {
        conversation: Box<Conversation>,
        derived: DerivedFields,
        hash: ContentHash,
        line: u64,
        is_source_guessed: bool,
        is_id_made: bool,
        silence: Option<i64>,
    },
    /// A rating of a conversation that is stored.
    Rating {
        conversation: Box<Conversation>,
        line: u64,
        is_source_guessed: bool,
    },
    Reject(Reject),
}

/// Loads one input. Rejected records go to `rejects`, and never stop it. Search covers what was loaded after
/// `index`.
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
    import_opened(store, reviewer, name, opened(input, options, reporter)?, options, rejects, reporter)
}

/// Opens an input to be imported.
pub(super) fn opened(input: Input, options: &ImportOptions, reporter: &dyn Reporter) -> Result<LogReader, JobError> {
    LogReader::open(input, options.read.clone()).map_err(|e| match reporter.step("import", 0, 0) {
        Ok(()) => JobError::Log(e),
        Err(cancelled) => cancelled.into(),
    })
}

/// Loads what was opened under a name.
pub(super) fn import_opened(
    store: &mut Store,
    reviewer: &str,
    name: String,
    mut reader: LogReader,
    options: &ImportOptions,
    rejects: &mut Rejects<Box<dyn Write>>,
    reporter: &dyn Reporter,
) -> Result<ImportReport, JobError> {
    let before = reader.summary();
    if before.questions.iter().any(|q| q.stops(options.read.accept_guesses)) {
        let mut report = ImportReport { failed: Some("questions"), ..ImportReport::default() };
        report.summarise(&before);
        return Ok(report);
    }
    let newest_before = store.newest_row()?;
    let first = newest_before == 0;
    let copy_of = if first { None } else { store.copied_source(&reader.first_of_its_own())? };
    let run = match options.dry_run {
        true => None,
        false => {
            store.begin_load()?;
            Some(store.begin_import(reviewer, options.now, &name)?)
        }
    };
    let mut load = RunningImport {
        store,
        options,
        rejects,
        reporter,
        name,
        copy_of,
        newest_before,
        report: ImportReport::default(),
        step: None,
        notes: ArrivalNotes::default(),
        ends: ConversationEnds::default(),
    };
    let (total, deriver) = (reader.bytes_total().unwrap_or(0), load.store.deriver());
    let at_once = if first { FIRST_BATCHES } else { 1 };
    let ended = std::thread::scope(|scope| {
        let (send_read, batches) = sync_channel(UNREAD);
        let (give_back, written) = channel();
        let reading = &mut reader;
        let thread = |doing| move |_| JobError::no_thread(doing);
        std::thread::Builder::new()
            .spawn_scoped(scope, move || read(reading, &send_read, &written))
            .map_err(thread("reading the file"))?;
        let (send, derived) = sync_channel(WAITING);
        std::thread::Builder::new()
            .spawn_scoped(scope, move || derive(deriver, &batches, &send))
            .map_err(thread("reading what customers said"))?;
        load.take_all(&derived, &give_back, at_once, total)
    });
    let RunningImport { store, mut report, notes, .. } = load;
    let broken = matches!(ended, Err(JobError::Store(_)));
    report.summarise(&reader.summary());
    report.judge();
    report.tell(notes);
    let ahead = report.ahead_of_now(options.now);
    report.warnings.extend(ahead);
    if !broken && let Some(others) = store.several_sources()? {
        let several = format!("this store holds more than one AI or source ({others}); one store is one AI employee");
        report.warnings.push(several.clone());
        report.several_sources = Some(several);
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
            // The indexes that a first load puts off are built with the search, however this ended; so is the log folded, which people
            // need not wait for to read.
            store.end_load()?;
            noted?;
        }
    }
    let stored = report.new + report.updated + report.same;
    match ended {
        Ok(()) => Ok(report),
        Err(why) if run.is_some() && !matches!(why, JobError::Cancelled) => {
            Err(JobError::Unfinished { stored, source: Box::new(why) })
        }
        Err(why) => Err(why),
    }
}

/// Reads to the end, or until nobody wants any more. What is written comes back: a thread frees its own memory at a fraction of
/// what another's costs.
fn read(reader: &mut LogReader, out: &SyncSender<LogBatch>, written: &Receiver<Vec<ImportBatch>>) {
    loop {
        written.try_iter().for_each(drop);
        let (mut records, mut bytes) = (Vec::with_capacity(BATCH), 0);
        while records.len() < BATCH && bytes < BATCH_BYTES {
            let Some(record) = reader.next() else { break };
            if let LogRecord::Conversation { conversation, .. } = &record {
                bytes += conversation.turns.iter().map(|t| t.text.len()).sum::<usize>();
            }
            records.push(record);
        }
        if records.is_empty() || out.send(LogBatch { records, bytes, read: reader.bytes_read() }).is_err() {
            return;
        }
    }
}

/// Works out what follows from what is read, until nothing more comes or nobody wants any more. A batch that a long record made large
/// takes up as many places as it has room for, by empty ones behind it.
fn derive(deriver: Deriver, batches: &Receiver<LogBatch>, out: &SyncSender<ImportBatch>) {
    let one = |record| match record {
        LogRecord::Reject(reject) => ReadRecord::Reject(reject),
        LogRecord::Conversation { conversation, line, is_source_guessed, .. } if conversation.turns.is_empty() => {
            ReadRecord::Rating { conversation, line, is_source_guessed }
        }
        LogRecord::Conversation { conversation, line, is_source_guessed, is_id_made, silence } => {
            let (derived, hash) = (deriver.derive(&conversation), content_hash(&conversation));
            ReadRecord::Conversation { conversation, derived, hash, line, is_source_guessed, is_id_made, silence }
        }
    };
    for LogBatch { records, bytes, read } in batches {
        let batch = ImportBatch { records: records.into_iter().map(one).collect(), read };
        let fillers = (0..bytes / BATCH_BYTES).map(|_| ImportBatch { records: Vec::new(), read });
        if std::iter::once(batch).chain(fillers).any(|batch| out.send(batch).is_err()) {
            return;
        }
    }
}

/// Waits for a batch, and takes what else comes soon; nothing at the end.
fn take(batches: &Receiver<ImportBatch>, most: usize) -> Vec<ImportBatch> {
    let mut taken: Vec<ImportBatch> = batches.recv().into_iter().collect();
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
struct RunningImport<'a> {
    store: &'a mut Store,
    options: &'a ImportOptions,
    rejects: &'a mut Rejects<Box<dyn Write>>,
    reporter: &'a dyn Reporter,
    name: String,
    /// The source whose log comes again under another name.
    copy_of: Option<i64>,
    /// The newest row before any of this log.
    newest_before: i64,
    report: ImportReport,
    step: Option<StepId>,
    notes: ArrivalNotes,
    /// When stored conversations begin and end.
    ends: ConversationEnds,
}

impl RunningImport<'_> {
    /// Writes batches as they come, up to `at_once` in a transaction, and gives them back. It begins with one, so as not to wait for
    /// many before the first is written.
    fn take_all(
        &mut self,
        batches: &Receiver<ImportBatch>,
        give_back: &Sender<Vec<ImportBatch>>,
        at_once: usize,
        total: u64,
    ) -> Result<(), JobError> {
        let (mut read, mut most) = (0, 1);
        loop {
            self.reporter.step("import", read, total)?;
            let taken = take(batches, most);
            let Some(last) = taken.last() else { return Ok(()) };
            read = last.read;
            most = at_once.min(2 * most);
            for reject in self.write(&taken)? {
                self.report.rejected += 1;
                let fail = |e| format!("the rejects file cannot be written: {e}");
                self.rejects.write(&reject).map_err(|e| JobError::File { path: self.name.clone(), what: fail(e) })?;
            }
            // Nobody takes them once all is read: then they are freed here.
            let _ = give_back.send(taken);
            if at_once == 1 {
                std::thread::sleep(GAP);
            }
        }
    }

    /// Stores some batches, all or nothing, and returns what of them is rejected.
    fn write(&mut self, batches: &[ImportBatch]) -> Result<Vec<Reject>, JobError> {
        let ImportOptions { now, on_duplicate, take_older, dry_run, .. } = *self.options;
        let handoff_names = &self.options.read.handoff_names;
        let settle = |c: &mut Conversation| crate::ingest::settle(c, now, handoff_names);
        let (copy_of, newest_before) = (self.copy_of, self.newest_before);
        // What a dry run wrote is taken back, and so is what is known of it.
        let of_this_batch = ConversationEnds::default();
        let ends = Some(if dry_run { &of_this_batch } else { &self.ends });
        let taking = ArrivalRules { now, on_duplicate, take_older, copy_of, newest_before, ends, settle: &settle };
        let (mut counted, mut step) = (self.report.clone(), self.step);
        let (rejects, notes) = self.store.write(taking, dry_run, |writer| {
            let mut rejects = Vec::new();
            for record in batches.iter().flat_map(|b| &b.records) {
                rejects.extend(store(&mut counted, writer, record, now, &mut step)?);
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

/// Stores a record and counts it; gives it back where it is rejected.
fn store(
    report: &mut ImportReport,
    writer: &mut ConversationWriter<'_>,
    record: &ReadRecord,
    now: Timestamp,
    step: &mut Option<StepId>,
) -> Result<Option<Reject>, StoreError> {
    let (c, new, line) = match record {
        ReadRecord::Reject(reject) => return Ok(Some(reject.clone())),
        ReadRecord::Rating { conversation, line, is_source_guessed } => {
            let refuse = |reason| Ok(Some(refused(conversation, *line, reason)));
            return match writer.rate(conversation, *is_source_guessed, step)? {
                RatedConversation::Known(added) => match report.add_rating(&added) {
                    Ok(()) => Ok(None),
                    Err(reason) => refuse(reason),
                },
                RatedConversation::Unknown => {
                    report.ratings_of_none += 1;
                    refuse("is not stored, so that nothing is rated: import it before its rating")
                }
                RatedConversation::InSeveralSources => {
                    refuse("stands in several sources: --source NAME says which is rated")
                }
            };
        }
        ReadRecord::Conversation { conversation, derived, hash, line, is_source_guessed, is_id_made, silence } => (
            conversation,
            ArrivingConversation::new(conversation, derived, hash)
                .with_source_guessed(*is_source_guessed)
                .with_id_made(*is_id_made)
                .with_silence(*silence),
            *line,
        ),
    };
    let added = writer.put(new, step)?;
    Ok(report.add(&added, c, new.derived.last_activity(), now).err().map(|reason| refused(c, line, reason)))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Founding;

    #[test]
    fn a_large_batch_takes_up_as_many_places_as_it_has_room_for() {
        let founding = Founding { seed: 1, test_share: 0.2, now: Timestamp(1_790_000_000_000) };
        let deriver = Store::in_memory(founding).unwrap().deriver();
        let (send, batches) = sync_channel(2);
        for bytes in [BATCH_BYTES - 1, 3 * BATCH_BYTES + 1] {
            send.send(LogBatch { records: Vec::new(), bytes, read: 0 }).unwrap();
        }
        drop(send);
        let (out, waiting) = sync_channel(WAITING);
        derive(deriver, &batches, &out);
        drop(out);
        assert_eq!(waiting.iter().count(), 1 + 4);
    }
}
