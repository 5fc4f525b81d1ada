//! `appraise rollback`

use super::context::Cx;
use super::exit::Exit;
use super::promote::renew;
use crate::jobs;
use anyhow::Result;

const HELP: &str = "\
The whole release goes back: intents, responses and thresholds. A second rollback goes one promotion further back.

Example:
  appraise rollback --reason 'complaints about refunds since Tuesday'

JSON: {\"live\",\"renewed\"}: the release that is live now, and predictions renewed; null where that failed or was stopped.";

/// Make the release live again that was live before
#[derive(Debug, clap::Args)]
#[command(after_long_help = HELP)]
pub(super) struct Args {
    /// Why
    #[arg(long)]
    reason: String,
}

pub(super) fn run(cx: &mut Cx, args: &Args) -> Result<Exit> {
    let mut store = cx.store()?;
    let live = jobs::rollback(&mut store, cx.reviewer(), cx.now, &args.reason, None)?;
    renew(cx, &mut store, live)
}
