//! `appraise detect`

use crate::cli::frame::bounds;
use crate::cli::frame::context::Cx;
use crate::cli::frame::exit::Exit;
use crate::cli::model::finetune::named;
use crate::cli::output::figures::{count, percent, plural};
use crate::cli::output::progress::Progress;
use crate::config::Environment;
use crate::domain::{Detection, Rate};
use crate::jobs::{self, AskAi, DetectOptions};
use crate::text;
use anyhow::Result;

const HELP: &str = "\
How much of the traffic is in a failure mode. A detector learns from reviewed failures of training groups (30 in the mode, 30 in others), \
looks at every conversation of the time that audit items of closed cycles were drawn from, and is corrected by what people said of audit items, which are drawn at random \
and count by the odds of their draw (prediction-powered inference: Angelopoulos et al. 2023). Below 100 audit items, or 5 of them in the mode, no prevalence is told. The \
interval is never narrower than Wilson's with one disagreement more than there was. A failure of the mode's cause without a mode tells \
neither way and is left out.

--ai asks an AI of the configuration instead (`appraise help measure` shows how it is configured): masked unless its `reveal` says \
otherwise, about the audit items and a seeded random sample; a chat endpoint is told the mode, its cause and some judged failures of training groups. \
The number of questions is said first, and how often it says what people say before what it found. What it says never becomes gold and \
trains nothing.

Examples:
  appraise detect 'wrong port'
  appraise detect 'wrong port' --ai llm --limit 300 --json

JSON: {\"mode\",\"n\",\"raw\",\"prevalence\",\"lo\",\"hi\",\"tpr\",\"tnr\",\"audit_n\",\"enough\",\"audit_positive\",\"audit_failures\":[in,not],\"says\",\"lessons\":[in,not],\"audit_rate\",\
\"effective_labels\",\"lambda\",\"ai\":{\"name\",\"asked\",\"agrees\",\"of\"}}: shares of the n conversations that were looked at; raw is the detector's own word, \
prevalence, lo, hi and lambda (how much the detector's word is weighed, 0 to 1) are null unless enough; tpr and tnr are of audit failures; audit_rate is what audit items alone say; ai only with --ai.";

/// How much of the traffic is in a failure mode
#[derive(Debug, clap::Args)]
#[command(after_long_help = HELP)]
pub(in crate::cli) struct Args {
    /// The failure mode
    #[arg(value_name = "MODE")]
    mode: String,
    /// Ask an AI of the configuration instead of training a detector
    #[arg(long, value_name = "NAME")]
    ai: Option<String>,
    /// Conversations that the AI is asked about at most
    #[arg(long, value_name = "N", default_value_t = 1_000, requires = "ai", value_parser = bounds::up_to(1..=1_000_000))]
    limit: usize,
}

pub(in crate::cli) fn run(cx: &mut Cx, args: &Args) -> Result<Exit> {
    let ai = match &args.ai {
        Some(name) => Some(named(&cx.settings.outside.ais, "ai", name)?.clone()),
        None => None,
    };
    let key = ai.as_ref().map(Environment::key_of).transpose()?.flatten();
    let store = cx.store()?;
    let mode = store.mode(&args.mode)?;
    let ask = ai.as_ref().map(|ai| AskAi { ai, key: key.as_ref(), limit: args.limit });
    let embedder = if ask.is_some() { None } else { cx.embedder(None)? };
    let options = DetectOptions { mode: &mode, embedder, ask, seed: cx.settings.seed, now: cx.now };
    if let Some(ai) = &ai {
        let calls = jobs::detect_calls(&store, &options)?;
        let masked = if ai.reveal { "as they are" } else { "masked" };
        cx.note(&format!("{} is asked about {}, {masked}", ai.name, plural(calls, "conversation")));
    }
    let progress = Progress::new(cx);
    let found = jobs::detect(&store, &options, &progress)?;
    drop(progress);
    if cx.json {
        cx.out.json(&found)?
    } else {
        print(cx, &found)?
    }
    Ok(Exit::Done)
}

fn print(cx: &mut Cx, d: &Detection) -> Result<()> {
    let name = text::clean(&d.mode).into_owned();
    // How far it can be believed, before what it says.
    if let Some(ai) = &d.ai {
        let agrees = Rate::new(ai.agrees, ai.of);
        let sure = match ai.of {
            0 => "no audit item tells how often it says what people say".to_owned(),
            _ => format!(
                "it says what people say on {} of {} audit items ({} to {})",
                count(ai.agrees),
                count(ai.of),
                percent(agrees.lo),
                percent(agrees.hi)
            ),
        };
        cx.out.line(format!(
            "{} was asked about {}: {sure}",
            text::clean(&ai.name),
            plural(ai.asked, "conversation")
        ))?;
    }
    match (d.prevalence, d.lo, d.hi) {
        (Some(p), Some(lo), Some(hi)) => cx.out.line(format!(
            "{name}: {} of {} conversations ({} to {})",
            percent(p),
            count(d.n),
            percent(lo),
            percent(hi)
        ))?,
        _ => cx.out.line(format!("{name}: no share can be told yet"))?,
    }
    cx.out.line(d.says.clone())?;
    // The detector's own word is no share, and looks like one.
    if let Some(raw) = d.raw.filter(|_| d.enough) {
        let rate = |r: Option<f64>| r.map_or_else(|| "–".to_owned(), percent);
        cx.out.line(format!(
            "by the detector alone {}; of audit failures it finds {} of {} in the mode and leaves {} of {} others alone",
            percent(raw),
            rate(d.tpr),
            count(d.audit_failures[0]),
            rate(d.tnr),
            count(d.audit_failures[1])
        ))?;
    }
    Ok(())
}
