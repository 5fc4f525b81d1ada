//! `appraise compare`

use crate::cli::frame::context::Cx;
use crate::cli::frame::exit::Exit;
use crate::cli::output::comparison;
use crate::cli::output::progress::Progress;
use crate::domain::ReleaseId;
use crate::jobs;
use crate::store::Store;
use anyhow::{Result, bail};

const HELP: &str = "\
Each comparison is a look at the sealed half of the gold set; looks are counted. Exit 3 when the gate refuses AFTER.

Examples:
  appraise compare live v4
  appraise compare log v1 --json      (log: what the AI itself predicted at the time)";

/// Compare two releases on the gold set
#[derive(Debug, clap::Args)]
#[command(after_long_help = [HELP, "\n\n", comparison::KEYS].concat())]
pub(in crate::cli) struct Args {
    /// A release (v3 or 3), `live`, or `log`: the log's own predictions
    before: String,
    /// A release (v3 or 3), `live`, or `newest`
    after: String,
}

pub(in crate::cli) fn run(cx: &mut Cx, args: &Args) -> Result<Exit> {
    let mut store = cx.store()?;
    let before = if args.before == "log" { None } else { Some(release(&store, &args.before)?) };
    let after = release(&store, &args.after)?;
    if before == Some(after) {
        bail!("v{} cannot be compared with itself", after.0);
    }
    let progress = Progress::new(cx);
    let result = jobs::compare(&mut store, &cx.settings.reviewer, cx.now, before, after, &progress)?;
    drop(progress);
    comparison::print(cx, &store, &result)
}

fn release(store: &Store, name: &str) -> Result<ReleaseId> {
    if name == "live" && store.live()?.is_none() {
        bail!("no release is live yet; `appraise compare log RELEASE` compares with the log's own predictions");
    }
    Ok(store.find_release(name)?)
}
