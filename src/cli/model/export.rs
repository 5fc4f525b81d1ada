//! `appraise export`

use crate::cli::frame::context::Cx;
use crate::cli::frame::exit::Exit;
use crate::cli::output::figures::{count, plural};
use crate::cli::output::progress::Progress;
use crate::jobs;
use crate::text;
use anyhow::Result;
use std::path::PathBuf;

const HELP: &str = "\
model: a directory with a release's classifier as NumPy arrays, its answers as JSON, the format's description (README.md) and a \
small Python program that reads it and answers texts as `predict` does. It needs nothing of appraise. Answers are masked unless \
--reveal. A release that was trained with an encoder needs that encoder's vectors; a release that something outside made has no \
model here.

Examples:
  appraise export model --out refund-bot-v4
  echo 'where is my refund' | python3 refund-bot-v4/read_model.py

JSON: {\"release\",\"out\",\"sha256\",\"files\":[…],\"bytes\",\"needs_encoder\"}";

/// Write data for other programs
#[derive(Debug, clap::Args)]
#[command(after_long_help = HELP)]
pub(in crate::cli) struct Args {
    /// What
    #[arg(value_enum)]
    format: Format,
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
enum Format {
    /// A release's classifier and answers
    Model,
}

pub(in crate::cli) fn run(cx: &mut Cx, args: &Args) -> Result<Exit> {
    let store = cx.store()?;
    let Format::Model = args.format;
    let release = store.find_release(&args.release)?;
    let progress = Progress::new(cx);
    let done = jobs::export_model(&store, release, &args.out, args.reveal, args.force, &progress)?;
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
