//! `appraise rollback`

use super::promote::renew;
use crate::cli::frame::context::Cx;
use crate::cli::frame::exit::Exit;
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
pub(in crate::cli) struct Args {
    /// Why
    #[arg(long)]
    reason: String,
}

pub(in crate::cli) fn run(cx: &mut Cx, args: &Args) -> Result<Exit> {
    let mut store = cx.store()?;
    let live = jobs::rollback(&mut store, cx.reviewer(), cx.now, &args.reason, None)?;
    renew(cx, &mut store, live)
}
