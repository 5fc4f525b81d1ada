//! `appraise rollback`

use super::promote::renew;
use crate::cli::frame::context::Cx;
use crate::cli::frame::exit::Exit;
use crate::jobs;
use crate::store::{LearnerKind, Store, TakenBack};
use anyhow::Result;

const HELP: &str = "\
The whole release goes back: intents, responses, thresholds and what was learnt. A second rollback goes one promotion further back. \
Before the first release there is nothing to go back to, unless `learn` made it: then nothing is live any more, `predict` and `serve` tell \
nothing, and the screens read the log alone. What `learn` made and a person took back does not go live by itself any more, however much \
better it is, until a person promotes something of it (`appraise promote`); a note says so.

Example:
  appraise rollback --reason 'complaints about refunds since Tuesday'

JSON: {\"live\",\"renewed\"}: the release that is live now (null: none), and predictions renewed; null where that failed or was stopped.";

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
    let before = taken_back(&store)?;
    let live = jobs::rollback(&mut store, cx.reviewer(), cx.now, &args.reason, None)?;
    for (learner, back) in taken_back(&store)?.into_iter().filter(|back| !before.contains(back)) {
        cx.note(&back.waits(learner));
    }
    renew(cx, &mut store, live)
}

/// What people took back of each learner.
fn taken_back(store: &Store) -> Result<Vec<(LearnerKind, TakenBack)>> {
    let of = |learner| Ok(store.taken_back(learner)?.map(|back| (learner, back)));
    LearnerKind::ALL.into_iter().filter_map(|learner| of(learner).transpose()).collect()
}
