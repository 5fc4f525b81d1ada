//! `appraise compare`

use crate::cli::frame::context::Cx;
use crate::cli::frame::exit::Exit;
use crate::cli::output::comparison;
use crate::cli::output::figures::count;
use crate::cli::output::progress::Progress;
use crate::domain::{Gate, LearnedReport, ReleaseId, Responses, p_of_look};
use crate::jobs::learners::LearnRequest;
use crate::jobs::{self, JobError, LearnedBeside, LearnedFound};
use crate::store::Store;
use crate::text;
use anyhow::{Result, bail};
use serde_json::json;

const HELP: &str = "\
Each comparison of intents is a look at the sealed half of the gold set; looks are counted. Where both releases have the same intents that is said, and no look is \
spent. Exit 3 when the gate refuses AFTER.

What learners make (sentiment, offers, responses: `appraise learn`) is judged where the two have it otherwise: both on what test groups rated, answered and were told, which taught \
neither, as its learner judges, at the level of that learner's last look, and no look is counted. A sentence says so where there is too little to judge by. Where one of the two tells no intents \
that alone is compared.

Examples:
  appraise compare live v4
  appraise compare log v1 --json      (log: what the AI itself predicted at the time)";

const KEYS: &str = "
\"same_intents\":true where they are: then verdict is cannot_tell for want of anything to tell. \"learned\":[{\"learner\",\"is_new\" (BEFORE has nothing of it),\"is_gone\" (AFTER has nothing of it),\"judged\" (BEFORE and AFTER, as `appraise learn` tells it; learned_from is empty),\
\"says\" (why they are not judged),\"learned_for\",\"judged_beside\",\"found\"}], where anything is otherwise; found: what `appraise learn` found of AFTER's for release learned_for, beside what was live then (null: people's labels made it, or that was not noted). \
Where intents cannot be compared only release, before_release and learned.";

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
    let progress = Progress::new(cx);
    let result = match jobs::compare(&mut store, &cx.settings.reviewer, cx.now, before, after, &progress) {
        Err(JobError::NotThisRelease(why)) => Err(why),
        result => Ok(result?),
    };
    let no_gold = Responses::default();
    let on_gold = result.as_ref().map_or(&no_gold, |c| &c.responses);
    let request = LearnRequest { reviewer: cx.reviewer(), now: cx.now, seed: cx.settings.seed };
    let learned = jobs::learned_beside(&store, before, after, on_gold, &request, &progress)?;
    drop(progress);
    let c = match result {
        Ok(c) => c,
        Err(why) if learned.is_empty() => return Err(JobError::NotThisRelease(why).into()),
        Err(why) => {
            cx.note(&format!("intents are not compared: {why}"));
            if cx.json {
                cx.numbered(&store, &json!({"release": after, "before_release": before, "learned": learned}))?;
                return Ok(Exit::Done);
            }
            return print(cx, before, after, &learned).map(|()| Exit::Done);
        }
    };
    if cx.json {
        let mut value = comparison::json(cx, &c)?;
        if !learned.is_empty() {
            value["learned"] = json!(learned);
        }
        cx.numbered(&store, &value)?;
        return Ok(if c.gate == Gate::Refuse { Exit::Refused } else { Exit::Done });
    }
    let exit = comparison::print(cx, &store, &c)?;
    print(cx, before, after, &learned)?;
    Ok(exit)
}

/// What learners made otherwise, each part with what is found of both.
fn print(cx: &mut Cx, before: Option<ReleaseId>, after: ReleaseId, learned: &[LearnedBeside]) -> Result<()> {
    for one in learned {
        cx.out.line("")?;
        cx.out.line(heading(one, before, after))?;
        let (verdict, measured, why) = match &one.judged {
            None => {
                let says = one.says.as_deref().unwrap_or_default();
                cx.out.line(format!("not judged: {}", text::clean(says)))?;
                continue;
            }
            // Why it is too good says so itself.
            Some(LearnedFound::Signals(found)) if found.is_too_good() => {
                (LearnedReport::TOO_GOOD, found.measured(count), None)
            }
            Some(LearnedFound::Signals(found)) => {
                let judged = format!("the log loss {} ({})", found.moved(4), p_of_look(found.p_cluster));
                (found.word(), format!("{}; {judged}", found.measured(count)), found.held_back.clone())
            }
            Some(LearnedFound::Answers(found)) => {
                (found.verdict.words(), found.measured(), (!found.refused.is_empty()).then(|| found.refused.join("; ")))
            }
        };
        let why = why.map_or(String::new(), |why| format!(" ({})", text::clean(&why)));
        cx.out.line(format!("{verdict}{why}: {measured}"))?;
    }
    if learned.iter().any(|one| one.judged.is_some()) {
        cx.out.line("")?;
        cx.out.line(
            "Judged here by customers of test groups alone; when it was learnt offers were judged by the newest answers, too, so that both may differ.",
        )?;
    }
    Ok(())
}

/// Which part it is, of which releases.
fn heading(one: &LearnedBeside, before: Option<ReleaseId>, after: ReleaseId) -> String {
    let none = |v: Option<ReleaseId>| v.map_or(String::new(), |v| format!(", v{} has learnt none", v.0));
    let beside = before.map_or("none".to_owned(), |before| format!("v{}", before.0));
    let missing = match (one.is_new, one.is_gone) {
        (true, _) => none(before),
        (_, true) => none(Some(after)),
        (false, false) => String::new(),
    };
    format!("{}: v{} beside {beside}{missing}", one.learner, after.0)
}

fn release(store: &Store, name: &str) -> Result<ReleaseId> {
    if name == "live" && store.live()?.is_none() {
        bail!("no release is live yet; `appraise compare log RELEASE` compares with the log's own predictions");
    }
    Ok(store.find_release(name)?)
}
