//! `appraise import`

use crate::cli::frame::context::{self, Cx};
use crate::cli::frame::exit::{Exit, Usage};
use crate::cli::output::progress::Progress;
use crate::disk::InputFiles;
use crate::domain::Zone;
use crate::ingest::{DateOrder, EMPTY, ReadOptions, Rejects, Salt, Speakers};
use crate::jobs::learners::feel_at_once;
use crate::jobs::{self, ImportOptions, ImportReport, JobError, is_stdin};
use crate::store::{Access, FeltSoFar, OnDuplicate, Store};
use anyhow::{Context, Result, bail};
use rejected::KeptRejects;
use std::path::PathBuf;
use summary::AskedImport;

mod follow;
mod learning;
mod mapping;
mod rejected;
mod summary;
mod traffic;

const HELP: &str = "\
Importing the same file again changes nothing: conversations are known by source:id and by what they say. One that comes \
again is joined with what is stored, by message id, else by who said what: turns that are stored stay, with everything \
that people decided on them; new ones are added in their place; later times, outcomes and fields are taken. \"The same\" \
means that all of it was there; a line with fewer turns that says something else of them is older and kept out. A stopped \
import is finished by running it again. Records that cannot be read never stop an import; they are counted, shown with \
their line, and written to --rejects. Exit 1 when more than a tenth is rejected: \
the good ones stay.

What only you can tell is asked, with what was seen and the flag that settles it: who a speaker is, which number of a date \
is the day, what a rating of 0 means. Where the sense of the conversations hangs on it, nothing of that file is imported \
(exit 1) until it is settled; other values are left out and counted. Nothing is stored as something else.

Examples:
  appraise import chats.jsonl.gz
  zcat *.jsonl.gz | appraise import - --source shop --tz Europe/Nicosia
  appraise import old.jsonl --dry-run --json
  appraise import chats.csv --show-mapping
  appraise import chats.csv --map text=message,role=from,id=session --save-profile helpdesk
  appraise import next-week.csv --profile helpdesk
  appraise import sample.jsonl && appraise import --traffic counts.csv
  appraise import yesterday.jsonl --learn      (by night: what learns by itself looks when 200 new ratings or answers have come)

A log too large to import: assets/sampling/ draws a sample of it and counts all of it. Lines of a sample have \"sampling\":{\"stratum\",\"probability\"} (CSV: sampling_stratum, sampling_probability) and stand for 1 / probability conversations. --traffic takes the counts: source,week,intent,channel,language,outcome,resolution,n,csat_n,csat_good,user_turns,fallback_turns, where n counts real traffic with the AI; the ISO week is of the last activity in the store's zone; a week given again replaces the former. Its JSON: {\"rows\",\"weeks\":[{\"source\",\"week\",\"n\",\"finished\",\"replaced\",\"stored\"}]}

JSON: {\"new\":…,\"updated\":…,\"same\":…,\"older\":…,\"skipped\":…,\"carried\":…,\"orphaned\":…,\"reworded\":…,\"rejected\":…,
  \"conversations\":…,\"turns\":…,
  \"offers\":{\"shown\":…,\"accepted\":…,\"declined\":…,\"ignored\":…},
  \"outcomes\":{\"resolved\":…,\"escalated\":…,\"failed\":…,\"abandoned\":…,\"pending\":…,\"unknown\":…},
  \"derived\":…,\"labelled_turns\":…,\"ahead\":…,\"format\":\"canonical\",\"why\":\"…\",\"warnings\":[…],
  \"questions\":[{\"about\":\"…\",\"seen\":\"…\",\"settle\":\"…\",\"guess\":\"…\",\"needed\":true}],\"failed\":\"questions\"}
failed: questions (something has to be settled first), rejected (more than a tenth), unread (no file of the folder is a log, or what was given is empty), error (a file cannot be read, the store cannot be written: \"says\" has the sentence, and no counts stand beside it), or not there. needed: nothing is imported before.
Conversations, turns, offers and outcomes are those of the files; several files are one sum. ahead: those whose time lies more \
than a day ahead of now; they count in no period. carried, orphaned, reworded: decisions whose turn has another number, \
another speaker, other words now. ratings (and ratings_of_none, whose conversation is not stored) are there where a file rates stored conversations: they are none of conversations. With --learn also \"learned\":[…]: what `appraise learn` tells, with \"learner\", of each that looked. \
What it finds changes no exit code.";

/// Load conversation logs into the store
#[derive(Debug, clap::Args)]
#[command(after_long_help = HELP)]
pub(in crate::cli) struct Args {
    /// Logs, plain or compressed (gzip, Zstandard, zip), or folders of them; - is standard input
    #[arg(required_unless_present = "traffic", value_name = "FILE")]
    files: Vec<PathBuf>,
    /// True counts of whole weeks (CSV, JSON Lines), where FILE holds a sample of them: rates then rest on all traffic
    #[arg(long, value_name = "COUNTS", conflicts_with_all = ["files", "follow", "rejects", "map", "profile", "save_profile", "show"])]
    traffic: Vec<PathBuf>,
    /// Format; auto tells it from the beginning
    #[arg(long, value_name = "FORMAT", default_value = "auto")]
    from: String,
    /// Source of conversations that name none [default: the file's name]
    #[arg(long, value_name = "NAME")]
    source: Option<String>,
    /// Zone of times that name none: UTC, +02:00 or Europe/Nicosia [default: UTC]
    #[arg(long, value_name = "ZONE")]
    tz: Option<Zone>,
    /// What 03/04/2026 means: dmy or mdy; without it such a time is rejected
    #[arg(long, value_name = "ORDER")]
    date_order: Option<DateOrder>,
    /// What to do with a known conversation that says something else
    #[arg(long, value_enum, value_name = "WHAT", default_value = "update")]
    on_duplicate: Duplicate,
    /// Replace customer ids by pseudonyms that only this store can make
    #[arg(long)]
    pseudonymise: bool,
    #[command(flatten)]
    mapping: mapping::MappingFlags,
    /// More names of events, actions and intents that mean a handoff, separated by commas; a * at the end fits anything
    #[arg(long, value_name = "LIST", value_delimiter = ',')]
    handoff_names: Vec<String>,
    /// Who speakers are, where the log does not say it: Sofia=bot,Nikos=agent; *=user for all others
    #[arg(long, value_name = "NAME=ROLE,…", value_delimiter = ',')]
    speakers: Vec<String>,
    /// How the text is encoded, where it is no UTF-8 and too short to tell: windows-1253, shift_jis, …
    #[arg(long, value_name = "NAME")]
    encoding: Option<String>,
    /// Take conversations that have fewer turns than what is stored, too: as the later word
    #[arg(long)]
    take_older: bool,
    /// Take what is guessed where a question would stop the import, such as who speaks
    #[arg(long)]
    accept_guesses: bool,
    /// Say what would happen and change nothing
    #[arg(long)]
    dry_run: bool,
    /// Write what cannot be read to this file, as JSON lines with file, line, column, reason and excerpt
    #[arg(long, value_name = "FILE")]
    rejects: Option<PathBuf>,
    /// Then learn what is due, how customers feel and which offers they take, where enough new ratings or answers have come
    #[arg(long, conflicts_with_all = ["dry_run", "follow", "traffic"])]
    learn: bool,
    /// Go on reading as a log of JSON lines, CSV or a chat grows, also where it is renamed and begun anew, until ctrl-c
    #[arg(long)]
    follow: bool,
}

/// What to do with a known conversation that says something else.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Duplicate {
    /// Keep what is stored
    Skip,
    /// Join both: turns that are stored stay, what the file says later is taken
    Update,
    /// Reject it
    Error,
}

pub(in crate::cli) fn run(cx: &mut Cx, args: &Args) -> Result<Exit> {
    if !args.traffic.is_empty() {
        check_files(cx, &args.traffic)?;
        return traffic::run(cx, &args.traffic, args.dry_run);
    }
    check_files(cx, &args.files)?;
    if args.mapping.show {
        return mapping::show(cx, &args.mapping, &args.files);
    }
    let inputs = inputs(cx, args);
    let mut keep = KeptRejects::new(args.rejects.as_deref(), &inputs)?;
    let profile = args.mapping.begin(cx, &args.files, &inputs)?;
    let mut store = open(cx, args)?;
    let options = options(cx, args, &store)?;
    let mut rejects = Rejects::new(keep.writer());
    let progress = Progress::new(cx);
    let mut all = ImportReport::default();
    let growing = if args.follow { Some(follow::GrowingLog::open(follow::only(&args.files)?)?) } else { None };
    match growing {
        Some(log) => follow::follow(cx, log, &mut store, &options, &mut rejects, &progress, &mut all)?,
        None => all = jobs::import_all(&mut store, cx.reviewer(), &args.files, &options, &mut rejects, &progress)?,
    }
    if (all.format.is_empty() || all.why == EMPTY) && all.failed.is_none() && !args.follow {
        all.failed = Some(summary::UNREAD);
    }
    drop(rejects);
    let written = keep.finish();
    let searchable = if args.dry_run { Ok(0) } else { jobs::index(&mut store, &progress) };
    let learnt = args.learn.then(|| learning::learn(cx, &mut store, &progress));
    let unfelt = if args.dry_run { Ok(FeltSoFar::default()) } else { feel_at_once(&mut store, &progress) };
    drop(progress);
    let saved = profile.map_or(Ok(()), |p| p.save(cx));
    let first = keep.first();
    all.rejects = first.iter().map(|(reject, _)| reject.clone()).collect();
    let rejects = args.rejects.is_none().then_some(first);
    let asked = AskedImport { files: &args.files, dry_run: args.dry_run, rejects, learnt: learnt.as_ref() };
    summary::print(cx, &asked, &all)?;
    told(cx, args, written)?;
    if learnt.is_none() && !args.dry_run && !cx.json && all.new + all.updated > 0 {
        summary::note_learning(cx, &store);
    }
    match unfelt {
        Ok(so_far) => context::unfelt(so_far).iter().for_each(|says| cx.note(says)),
        // The import is done, whatever comes of this.
        Err(e) => cx.note(&format!("{UNFELT}: {e}")),
    }
    saved.context("the import is done, but its profile is not saved")?;
    match searchable {
        Err(JobError::Cancelled) => return Err(anyhow::Error::new(JobError::Cancelled).context(UNSEARCHABLE)),
        Err(e) => cx.note(&format!("{UNSEARCHABLE}: {e}")),
        Ok(_) => {}
    }
    learnt.map_or(Ok(()), |learnt| learning::told(cx, learnt))?;
    Ok(if all.failed.is_some() { Exit::Failed } else { Exit::Done })
}

/// What is said where the second part of an import did not come to its end.
const UNSEARCHABLE: &str = "all of it is stored; what cannot be found by its words yet will be when the screen is open or after \
    the next import";

/// What is said where the third did not.
const UNFELT: &str = "all of it is stored; how customers feel in what is new will be read when the screen is open or after the next import";

/// What rejects and profiles must not be written over.
fn inputs(cx: &Cx, args: &Args) -> InputFiles {
    let own = InputFiles::standard().store(&cx.settings.store);
    let own = cx.settings.file.iter().fold(own, |inputs, file| inputs.file(file));
    args.files.iter().filter(|f| !is_stdin(f)).fold(own, |inputs, file| inputs.file(file))
}

/// Says whether rejects were written.
fn told(cx: &Cx, args: &Args, written: Result<bool>) -> Result<()> {
    let Some(path) = &args.rejects else { return Ok(()) };
    if written.context("the import is done, but the rejects are not written")? {
        cx.note(&format!("what was rejected is in {}", path.display()));
    }
    Ok(())
}

/// All files are looked at before the first is loaded.
fn check_files(cx: &Cx, files: &[PathBuf]) -> Result<()> {
    let own = InputFiles::default().store(&cx.settings.store);
    if files.iter().filter(|f| is_stdin(f)).count() > 1 {
        return Err(Usage::because("standard input can be read once: give - one time"));
    }
    for file in files.iter().filter(|f| !is_stdin(f)) {
        let cannot = || format!("cannot read {}", file.display());
        let meta = std::fs::metadata(file).with_context(cannot)?;
        if own.has(file) {
            bail!("{} is the store itself, and no log", file.display());
        }
        // A pipe is opened once: what feeds it ends when it is closed.
        if meta.is_file() {
            std::fs::File::open(file).with_context(cannot)?;
        }
    }
    Ok(())
}

/// A dry run makes no store.
fn open(cx: &Cx, args: &Args) -> Result<Store> {
    if args.dry_run && !cx.has_store()? {
        return Ok(Store::in_memory(cx.founding())?);
    }
    cx.store_or_new(Access::Bulk)
}

fn options(cx: &Cx, args: &Args, store: &Store) -> Result<ImportOptions> {
    let salt = args.pseudonymise.then(|| store.pseudonym_salt()).transpose()?;
    let read = ReadOptions {
        from: Some(args.from.clone()),
        source: args.source.clone(),
        tz: args.tz.unwrap_or_default(),
        date_order: args.date_order,
        accept_guesses: args.accept_guesses,
        handoff_names: args.handoff_names.iter().map(|n| n.trim().to_owned()).filter(|n| !n.is_empty()).collect(),
        speakers: Speakers::of(&args.speakers).map_err(|e| Usage::because(format!("--speakers {e}")))?,
        encoding: args.encoding.clone(),
        pseudonymise: salt.map(Salt),
        choice: args.mapping.choice(cx)?,
        ..ReadOptions::new(cx.now)
    };
    let on_duplicate = match args.on_duplicate {
        Duplicate::Skip => OnDuplicate::Skip,
        Duplicate::Update => OnDuplicate::Update,
        Duplicate::Error => OnDuplicate::Error,
    };
    Ok(ImportOptions { read, on_duplicate, take_older: args.take_older, dry_run: args.dry_run, now: cx.now })
}
