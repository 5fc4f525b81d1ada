//! `appraise backup`

use crate::cli::frame::context::Cx;
use crate::cli::frame::exit::Exit;
use crate::cli::output::figures::{count, plural};
use crate::cli::output::progress::Progress;
use crate::store::Store;
use anyhow::Result;
use serde_json::{Value, json};
use std::path::PathBuf;

const HELP: &str = "\
The copy is of one moment, while others go on working, and readable by its owner alone. It is read through and compared with the \
store before it gets its name; what is there stays, unless it is a store's copy and --force is given. Opened like any store \
(--store PATH) it can be looked at; to have it back, put it in the store's place while no appraise runs, and remove the \
store's -wal and -shm.

Examples:
  appraise backup ~/backups/$(date +%F).db
  appraise backup /mnt/stick/store.db --force

JSON: {\"path\",\"bytes\",\"conversations\",\"turns\",\"decisions\",\"last_decision\",\"releases\"}: what is in the copy.";

/// Copy the store while others work in it
#[derive(Debug, clap::Args)]
#[command(after_long_help = HELP)]
pub(in crate::cli) struct Args {
    /// The new file
    path: PathBuf,
    /// Replace an older copy of a store
    #[arg(long)]
    force: bool,
}

pub(in crate::cli) fn run(cx: &mut Cx, args: &Args) -> Result<Exit> {
    cx.must_have_store()?;
    let progress = Progress::new(cx);
    // It brings nothing up to date: an older store is copied as it is.
    let copied = Store::backup(&cx.settings.store, &args.path, args.force, &progress)?;
    drop(progress);
    let path = args.path.display().to_string();
    if cx.json {
        let mut value = json!({ "path": path });
        if let (Value::Object(all), Value::Object(fields)) = (&mut value, serde_json::to_value(copied)?) {
            all.extend(fields);
        }
        cx.out.json(&value)?;
        return Ok(Exit::Done);
    }
    cx.out.line(format!(
        "{}: {}, {} up to {}, {}; {} bytes, read through and the same as the store",
        crate::text::clean(&path),
        plural(copied.conversations, "conversation"),
        plural(copied.decisions, "decision"),
        copied.last_decision,
        plural(copied.releases, "release"),
        count(copied.bytes)
    ))?;
    Ok(Exit::Done)
}
