//! `appraise promote`

use crate::cli::frame::context::Cx;
use crate::cli::frame::exit::Exit;
use crate::cli::output::figures::plural;
use crate::cli::output::progress::Progress;
use crate::domain::ReleaseId;
use crate::jobs::{self, JobError};
use crate::store::Store;
use anyhow::Result;
use serde_json::json;

const HELP: &str = "\
A release passes when the gate passed it against what is live now (the log, where what is live tells no intents). Where nobody can tell whether it is better a reason \
is needed; a refusal is passed with a reason and --override, and stays in the log. Exit 3 when a rule says no. The \
release must answer a text before it goes live. The queue's predictions are renewed afterwards; where that fails or is stopped \
by ctrl-c, the promotion stands and a note says so. What a candidate did not learn itself it takes from what is live: a release of \
`learn` its intents and answers, any other what `learn` made; a note says so.

Examples:
  appraise promote newest --reason 'cycle 47'
  appraise promote v4 --override --reason 'the broken turn was mislabelled'

JSON: {\"live\",\"renewed\"}: the release that is live now, and predictions renewed; null where that failed or was stopped.";

/// Make a release the live one
#[derive(Debug, clap::Args)]
#[command(after_long_help = HELP)]
pub(in crate::cli) struct Args {
    /// v3 or 3, or newest
    release: String,
    /// Why
    #[arg(long, default_value = "", hide_default_value = true)]
    reason: String,
    /// Pass a refusal
    #[arg(long)]
    r#override: bool,
}

pub(in crate::cli) fn run(cx: &mut Cx, args: &Args) -> Result<Exit> {
    let mut store = cx.store()?;
    let id = store.find_release(&args.release)?;
    let taken = jobs::promote(&mut store, cx.reviewer(), cx.now, id, &args.reason, args.r#override)?;
    if let Some(taken) = taken {
        cx.note(&format!("v{}: {taken}", id.0));
    }
    renew(cx, &mut store, Some(id))
}

/// Brings the queue up to what has just become live: a release, or `None` where what was live was taken back. That holds whatever becomes of this.
pub(in crate::cli) fn renew(cx: &mut Cx, store: &mut Store, live: Option<ReleaseId>) -> Result<Exit> {
    let progress = Progress::new(cx);
    let renewed = jobs::renew(store, &progress);
    drop(progress);
    let is_live = live.map_or("nothing is live any more".to_owned(), |v| format!("v{} is live", v.0));
    let later = format!(
        "{is_live}; the queue's predictions are renewed when the screen is open, or by `appraise promote` or `rollback`"
    );
    let (exit, count) = match renewed {
        Ok(n) => (Exit::Done, Some(n)),
        Err(JobError::Cancelled) => {
            cx.note(&format!("stopped; {later}"));
            (Exit::Stopped, None)
        }
        Err(e) => {
            cx.note(&format!("{later}: {e}"));
            (Exit::Done, None)
        }
    };
    match count {
        _ if cx.json => cx.out.json(&json!({"live": live, "renewed": count}))?,
        Some(n) => cx.out.line(format!("{is_live}; {} renewed", plural(n, "prediction")))?,
        None => cx.out.line(is_live)?,
    }
    Ok(exit)
}
