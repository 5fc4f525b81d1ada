//! `appraise replay`

use crate::cli::frame::bounds;
use crate::cli::frame::context::Cx;
use crate::cli::frame::exit::Exit;
use crate::cli::frame::query;
use crate::cli::output::figures::{count, percent, plural, rate};
use crate::cli::output::json::Tone;
use crate::cli::output::progress::Progress;
use crate::cli::output::table::WordTable;
use crate::domain::{QueryMoment, Timestamp};
use crate::jobs::{self, ReplayOptions};
use anyhow::Result;

/// Looked back by default, milliseconds.
const BACK: i64 = 14 * 24 * 3_600_000;

const HELP: &str = "\
Puts the failed and escalated conversations of the last days to a release and lists only those that it understands in another \
way than they were understood at the time (the log's intent; where the log has none, the live release's). Nobody has to read \
the others again: `appraise queue is:changed` and the queue on the screen show what is to judge. Sealed test turns are left \
out. A change is no improvement as long as nobody has judged it; on labelled turns the release may have learned the label.

Examples:
  appraise replay newest
  appraise replay v4 --since 30d --json | jq '.changes[] | [.was, .now, .text]'
  appraise queue is:changed

JSON: {\"release\",\"since\",\"failures\",\"same\",\"changed\",\"unknown\",\"to_judge\",\"query\":\"is:changed\",\"changes\":[{\"id\",\"n\",\"turn\",
  \"text\",\"was\",\"was_is\":\"log|live\",\"now\",\"confidence\",\"test_group\",\"label\",\"response_was\",\"response_now\"}]}; failures = same + changed +
unknown; was is null for a fallback; what is to judge comes first: its label is null and it is in no test group, \
where a label would count neither for training nor as gold.";

/// Put the failures of the last days to a release and list what it would say otherwise
#[derive(Debug, clap::Args)]
#[command(after_long_help = HELP)]
pub(in crate::cli) struct Args {
    /// v3 or 3, live, or newest
    release: String,
    /// Last activity at or after: 14d, 2w, 2026-03-01 [default: 14d, before the newest conversation where that is older]
    #[arg(long, value_name = "TIME", value_parser = query::when)]
    since: Option<QueryMoment>,
    /// List at most this many changes; 0 for all
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = bounds::up_to(0..=bounds::ROWS))]
    limit: usize,
}

pub(in crate::cli) fn run(cx: &mut Cx, args: &Args) -> Result<Exit> {
    let mut store = cx.store()?;
    let release = store.find_release(&args.release)?;
    let since = match args.since {
        Some(when) => store.when(when, cx.now)?,
        None => {
            let until = store.newest(cx.now)?.map_or(cx.now, |newest| newest.min(cx.now));
            Timestamp(until.0 - BACK)
        }
    };
    let most = if args.limit == 0 { usize::MAX } else { args.limit };
    let progress = Progress::new(cx);
    let found = jobs::replay(&mut store, &ReplayOptions { release, since, most }, &progress)?;
    drop(progress);
    if cx.json {
        cx.numbered(&store, &found)?;
        return Ok(Exit::Done);
    }
    let failures = plural(found.failures, "failure");
    cx.out.line(format!(
        "v{} on {failures} since {}: {} understood otherwise",
        release.0,
        store.zone()?.date(since),
        rate(found.changed, found.same + found.changed)
    ))?;
    let unknown = match found.unknown {
        0 => String::new(),
        n => format!("; of {} nobody knows what was understood", count(n)),
    };
    let words = format!("{} to judge: `appraise queue is:changed`{unknown}", count(found.to_judge));
    cx.out.line(words)?;
    if found.changes.is_empty() {
        return Ok(Exit::Done);
    }
    cx.out.line("")?;
    let mut table = WordTable::new(&["conversation", "was", "now", ">conf", "label", "customer said"]);
    for c in &found.changes {
        table.row([
            format!("{}:{}", c.id, store.place(c.n, c.turn)?),
            c.was.clone().unwrap_or_else(|| "fallback".to_owned()),
            c.now.clone().unwrap_or_else(|| "nothing".to_owned()),
            c.confidence.map(|x| percent(f64::from(x))).unwrap_or_default(),
            c.label.clone().unwrap_or_default(),
            c.text.clone(),
        ]);
    }
    table.print(&mut cx.out)?;
    if (found.changes.len() as u64) < found.changed {
        let foot = format!("{} of {}; --limit 0 lists all", count(found.changes.len() as u64), count(found.changed));
        let foot = cx.out.paint(Tone::Muted, &foot);
        cx.out.line(foot)?;
    }
    Ok(Exit::Done)
}
