//! `appraise export`

use crate::cli::frame::context::Cx;
use crate::cli::frame::exit::Exit;
use crate::cli::output::figures::{count, plural};
use crate::cli::output::progress::Progress;
use crate::disk::{ExistingFile, InputFiles, NewFile};
use crate::jobs;
use crate::store::Store;
use crate::text;
use anyhow::Result;
use serde_json::json;
use std::io::Write;
use std::path::PathBuf;

const HELP: &str = "\
model: a directory with a release's classifier as NumPy arrays, its answers as JSON, the format's description (README.md) and a \
small Python program that reads it and answers texts as `predict` does. It needs nothing of appraise. It tells `sentiment` where the release has learnt that; of offers the \
numbers and arrays are there, under keys of their own, and README.md says what they mean. Answers are masked unless \
--reveal. A release that was trained with an encoder needs that encoder's vectors; a release that something outside made has no \
model here.

audit-split: the salt of this store's test groups and their share, as JSON, for a job that draws a sample of a log too large to import \
(assets/sampling): it then draws audits in the same groups. A group is the customer_id, else source and id: part = SHA-256(salt, key).

Examples:
  appraise export model --out refund-bot-v4
  echo 'where is my refund' | python3 refund-bot-v4/read_model.py
  appraise export audit-split --out split.json

JSON: audit-split {\"out\",\"salt\",\"share\",\"zone\"}; model {\"release\",\"out\",\"sha256\",\"files\":[…],\"bytes\",\"needs_encoder\"}";

/// Write data for other programs
#[derive(Debug, clap::Args)]
#[command(after_long_help = HELP)]
pub(in crate::cli) struct Args {
    /// What
    #[arg(value_enum)]
    format: ExportFormat,
    /// Where to: a path that is not there yet, unless --force
    #[arg(long, value_name = "PATH")]
    out: PathBuf,
    /// Which release: v3 or 3, live, or newest
    #[arg(long, value_name = "R", default_value = "live")]
    release: String,
    /// Do not mask addresses and numbers
    #[arg(long)]
    reveal: bool,
    /// Replace what an earlier export wrote there
    #[arg(long)]
    force: bool,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum ExportFormat {
    /// A release's classifier and answers
    Model,
    /// Which groups are test groups, for a job that draws audits
    AuditSplit,
}

pub(in crate::cli) fn run(cx: &mut Cx, args: &Args) -> Result<Exit> {
    let store = cx.store()?;
    match args.format {
        ExportFormat::Model => model(cx, args, &store),
        ExportFormat::AuditSplit => audit_split(cx, args, &store),
    }
}

/// Writes what tells a store's test groups.
fn audit_split(cx: &mut Cx, args: &Args, store: &Store) -> Result<Exit> {
    let split = store.audit_split()?;
    let inputs = InputFiles::standard().store(&cx.settings.store);
    let there = if args.force { ExistingFile::Force } else { ExistingFile::Refuse };
    let mut file = NewFile::begin(&args.out, there, &inputs)?;
    writeln!(file, "{}", serde_json::to_string_pretty(&split)?)?;
    file.keep()?;
    if cx.json {
        cx.out.json(&json!({"out": args.out, "salt": split.salt, "share": split.share, "zone": split.zone}))?;
        return Ok(Exit::Done);
    }
    let words = format!("{} tells a job which groups are test groups; keep it to those who run it", args.out.display());
    cx.out.line(text::clean(&words))?;
    Ok(Exit::Done)
}

fn model(cx: &mut Cx, args: &Args, store: &Store) -> Result<Exit> {
    let release = store.find_release(&args.release)?;
    let progress = Progress::new(cx);
    let done = jobs::export_model(store, release, &args.out, args.reveal, args.force, &progress)?;
    drop(progress);
    if cx.json {
        cx.out.json(&done)?;
        return Ok(Exit::Done);
    }
    let files = plural(done.files.len() as u64, "file");
    let words = format!("v{} is in {}: {files}, {} bytes", release.0, done.out.display(), count(done.bytes));
    cx.out.line(text::clean(&words))?;
    if let Some(key) = &done.needs_encoder {
        cx.note(&format!(
            "whoever reads it needs the vectors of the encoder {key}; without, it answers by words alone"
        ));
    }
    Ok(Exit::Done)
}
