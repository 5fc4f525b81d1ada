//! `appraise compare`

use crate::cli::frame::context::Cx;
use crate::cli::frame::exit::Exit;
use crate::cli::output::comparison;
use crate::cli::output::figures::count;
use crate::cli::output::progress::Progress;
use crate::domain::{Gate, ReleaseId};
use crate::jobs::{self, JobError, LearnedBeside, LearnedFound};
use crate::store::Store;
use crate::text;
use anyhow::{Result, bail};
use serde_json::json;

const HELP: &str = "\
Each comparison is a look at the sealed half of the gold set; looks are counted. Exit 3 when the gate refuses AFTER.

What AFTER has learnt by itself (`appraise learn`) and BEFORE has not, or otherwise, is told with what was found when it was learnt: before and \
after on data that neither had seen, beside what was live then. Nothing is judged anew for it. Where one of the two tells no intents that alone is told.

Examples:
  appraise compare live v4
  appraise compare log v1 --json      (log: what the AI itself predicted at the time)";

const KEYS: &str = "
Where AFTER has learnt anything otherwise also \"learned\":[{\"learner\",\"is_gone\" (AFTER has nothing of it),\"learned_for\",\"judged_beside\",\"found\"}]; found: as `appraise learn` told it \
(null: that was not noted). Where intents cannot be compared only release, before_release and learned.";

/// Compare two releases on the gold set
#[derive(Debug, clap::Args)]
#[command(after_long_help = [HELP, "\n\n", comparison::KEYS, KEYS].concat())]
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
    let learned = jobs::learned_beside(&store, before, after)?;
    let progress = Progress::new(cx);
    let result = jobs::compare(&mut store, &cx.settings.reviewer, cx.now, before, after, &progress);
    drop(progress);
    let result = match result {
        Err(JobError::NotThisRelease(why)) if !learned.is_empty() => {
            cx.note(&format!("intents are not compared: {why}"));
            if cx.json {
                let value = json!({"release": after, "before_release": before, "learned": learned});
                cx.numbered(&store, &value)?;
                return Ok(Exit::Done);
            }
            return print(cx, &learned).map(|()| Exit::Done);
        }
        result => result?,
    };
    if cx.json {
        let mut value = comparison::json(cx, &result)?;
        if !learned.is_empty() {
            value["learned"] = json!(learned);
        }
        cx.numbered(&store, &value)?;
        return Ok(if result.gate == Gate::Refuse { Exit::Refused } else { Exit::Done });
    }
    let exit = comparison::print(cx, &store, &result)?;
    print(cx, &learned)?;
    Ok(exit)
}

/// What was learnt otherwise, with what was found of it.
fn print(cx: &mut Cx, learned: &[LearnedBeside]) -> Result<()> {
    for one in learned {
        cx.out.line("")?;
        let name = one.learner;
        let (Some(release), Some(found)) = (one.learned_for, &one.found) else {
            cx.out.line(format!(
                "{name}: {}",
                if one.is_gone {
                    "what was learnt before is left out"
                } else {
                    "not as before; how it was judged is not noted"
                }
            ))?;
            continue;
        };
        let beside =
            one.judged_beside.map_or("nothing, which was live then".to_owned(), |v| format!("v{}, live then", v.0));
        cx.out.line(format!("{name}: learnt for v{}, judged beside {beside}", release.0))?;
        let (verdict, measured, why) = match found {
            LearnedFound::Signals(report) => (report.word(), report.measured(count), report.held_back.clone()),
            LearnedFound::Answers(found) => {
                let refused = (!found.refused.is_empty()).then(|| found.refused.join("; "));
                (found.verdict.words(), found.measured(), refused)
            }
        };
        let why = why.map_or(String::new(), |why| format!(" ({})", text::clean(&why)));
        cx.out.line(format!("{verdict}{why}: {measured}"))?;
    }
    Ok(())
}

fn release(store: &Store, name: &str) -> Result<ReleaseId> {
    if name == "live" && store.live()?.is_none() {
        bail!("no release is live yet; `appraise compare log RELEASE` compares with the log's own predictions");
    }
    Ok(store.find_release(name)?)
}
