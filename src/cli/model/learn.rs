//! `appraise learn`

use crate::cli::frame::context::Cx;
use crate::cli::frame::exit::Exit;
use crate::cli::output::figures::count;
use crate::cli::output::progress::Progress;
use crate::cli::output::table::Table;
use crate::domain::{LearnedFigures, Verdict};
use crate::jobs::learners::{LearnReport, LearnRequest, LearnerRun, learn_offers, learn_sentiment};
use anyhow::Result;

const HELP: &str = "\
Learns from what customers do, without anybody's labels: how they feel (sentiment), whether they take an offer (offers). What is \
learnt becomes a part of a new release beside what is live. It is judged on customers that it has not seen (offers: on the last fifth \
of time, too) and goes live alone only where it is better; else the release stays a candidate. `appraise rollback` takes it back. Each \
look by itself asks for more than the one before.

Examples:
  appraise learn offers
  appraise learn sentiment --json

JSON: {\"release\",\"learner\",\"before\":{\"auc\",\"log_loss\",\"macro_f1\",\"ece\",\"n\"},\"after\":{…},\"delta\",\"ci95\",\"p_cluster\",\"verdict\",\"looks\",\
\"promoted\",\"held_back\",\"learned_from\":{…},\"again_after\"}; delta: by how much the log loss fell; again_after: new answers or ratings after \
which it is worth it again. With too little to learn from: {\"enough\":false,\"says\"}. Exit 0 in either case.";

/// Learn from what customers do: how they feel, which offers they take
#[derive(Debug, clap::Args)]
#[command(after_long_help = HELP)]
pub(in crate::cli) struct Args {
    /// What is learnt
    #[arg(value_enum, value_name = "WHAT")]
    what: Learner,
}

/// What learns by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Learner {
    /// How customers feel
    Sentiment,
    /// Whether customers take an offer
    Offers,
}

pub(in crate::cli) fn run(cx: &mut Cx, args: &Args) -> Result<Exit> {
    let mut store = cx.store()?;
    let request = LearnRequest { reviewer: cx.reviewer(), now: cx.now, seed: cx.settings.seed };
    let progress = Progress::new(cx);
    let report = match args.what {
        Learner::Sentiment => learn_sentiment(&mut store, &request, &progress)?,
        Learner::Offers => learn_offers(&mut store, &request, &progress)?,
    };
    drop(progress);
    if cx.json {
        cx.out.json(&report)?;
        return Ok(Exit::Done);
    }
    match &report {
        LearnReport::TooLittle { says, .. } => cx.out.line(says.as_str())?,
        LearnReport::Made(run) => print(cx, run)?,
    }
    Ok(Exit::Done)
}

fn print(cx: &mut Cx, run: &LearnerRun) -> Result<()> {
    let mut table = Table::new(&["", ">before", ">after"]);
    let both = |of: &dyn Fn(&LearnedFigures) -> Option<f64>| {
        let said = |f: &LearnedFigures| of(f).map_or("–".to_owned(), |x| format!("{x:.3}"));
        [said(&run.report.before), said(&run.report.after)]
    };
    let mut row = |name: &str, of: &dyn Fn(&LearnedFigures) -> Option<f64>| {
        let [before, after] = both(of);
        if before != "–" || after != "–" {
            table.row([name, &before, &after]);
        }
    };
    row("log loss", &|f| Some(f.log_loss));
    row("AUC", &|f| Some(f.auc));
    row("macro F1", &|f| f.macro_f1);
    row("calibration error", &|f| f.ece);
    table.print(&mut cx.out)?;
    let words = match run.report.verdict {
        Verdict::Better => "better",
        Verdict::Worse => "worse",
        Verdict::CannotTell => "cannot tell",
    };
    let [lo, hi] = run.report.ci95;
    cx.out.line(format!(
        "{words}: the loss fell by {:.4} [{lo:.4}, {hi:.4}] on {} that neither has seen (p {:.4}, look {})",
        run.report.delta,
        count(run.report.after.n),
        run.report.p_cluster,
        run.report.looks
    ))?;
    cx.out.line(match &run.held_back {
        None => format!("v{} is live", run.release.0),
        Some(why) => format!("v{} stays a candidate: {why}", run.release.0),
    })?;
    let from: Vec<String> =
        run.report.learned_from.iter().map(|(what, n)| format!("{} {}", count(*n), what.replace('_', " "))).collect();
    cx.out.line(format!("learnt from {}; again after {} new ones", from.join(", "), count(run.report.again_after)))?;
    Ok(())
}
