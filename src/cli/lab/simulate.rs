//! `appraise simulate`

use crate::cli::frame::bounds;
use crate::cli::frame::context::Cx;
use crate::cli::frame::exit::Exit;
use crate::cli::frame::labelled::labelled;
use crate::cli::output::figures::{count, percent, plural, sparkline};
use crate::cli::output::json::Tone;
use crate::cli::output::progress::Progress;
use crate::cli::output::table::WordTable;
use crate::jobs::{self, SimulateOptions, SimulatedWeek};
use crate::learn::intent::sampling::Strategy;
use anyhow::Result;
use std::path::PathBuf;

const HELP: &str = "\
Plays weeks of review through on labelled files, without a store: what does a way to choose what to review bring?

The model begins with a few labels of each intent. Each week new utterances arrive, drawn from the training file, each row \
once. The live model answers them. A flag says \"failed\" for 70 % of the wrong answers and, falsely, for 10 % of the right \
ones, as outcomes do in a log. Then some of all utterances that wait are reviewed: they get the label of the file. A model \
learns from all labels, goes live, and is scored on the test file, which nothing that chooses or learns ever sees. When the \
training file has run out, what still waits is reviewed; when nothing waits, the labels stay as they are.

Strategies: value chooses as the queue does (what failed first, then what the model now answers otherwise, the closest \
calls first, near duplicates kept apart); margin takes the closest calls whatever their outcome; random draws.

Examples:
  appraise simulate --train banking77/train.csv --test banking77/test.csv --seeds 3
  appraise simulate --train train.csv --test test.csv --strategy random --json

JSON: list of {\"week\",\"labels\",\"accuracy\",\"low\",\"high\",\"before\",\"arrived\",\"reviewed\",\"wrong\"} \
accuracy is of the model at the end of the week, before of the one that was live during the week; wrong: reviewed utterances \
that were answered wrongly when they arrived. With --seeds accuracy, before and wrong are means; low and high are the least \
and greatest accuracy.";

/// Try out ways to choose what to review, on files of text,intent
#[derive(Debug, clap::Args)]
#[command(after_long_help = HELP)]
pub(in crate::cli) struct Args {
    /// Training file: CSV with the columns text,intent
    #[arg(long, value_name = "CSV")]
    train: PathBuf,
    /// Test file: CSV with the columns text,intent
    #[arg(long, value_name = "CSV")]
    test: PathBuf,
    /// Labels of each intent to begin with
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..=10_000))]
    start: u64,
    /// Weeks
    #[arg(long, value_name = "N", default_value_t = 26, value_parser = clap::value_parser!(u64).range(1..=1_000))]
    weeks: u64,
    /// Utterances that arrive in a week
    #[arg(long, value_name = "N", default_value_t = 300, value_parser = bounds::up_to(0..=1_000_000))]
    per_week: usize,
    /// Utterances reviewed in a week
    #[arg(long, value_name = "N", default_value_t = 40, value_parser = bounds::up_to(0..=1_000_000))]
    review: usize,
    /// How they are chosen: value, margin or random
    #[arg(long, value_name = "NAME", default_value = "value", value_parser = strategy)]
    strategy: Strategy,
    /// Let each model also learn, with a small weight, from what it is surest of among the utterances that wait
    #[arg(long)]
    self_training: bool,
    /// Where dense vectors come from: none, static, or an installed encoder [default: the store's, else static]
    #[arg(long, value_name = "NAME")]
    encoder: Option<String>,
    /// Runs, of this many seeds from --seed on; prints their mean and range
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..=1_000))]
    seeds: u64,
}

fn strategy(name: &str) -> Result<Strategy, String> {
    Strategy::from_name(name).ok_or_else(|| format!("write one of {}", Strategy::ALL.map(Strategy::name).join(", ")))
}

pub(in crate::cli) fn run(cx: &mut Cx, args: &Args) -> Result<Exit> {
    let (train, test) = (labelled(cx, &args.train)?, labelled(cx, &args.test)?);
    let options = SimulateOptions {
        start: args.start as usize,
        weeks: args.weeks as usize,
        per_week: args.per_week,
        review: args.review,
        strategy: args.strategy,
        self_training: args.self_training,
        embedder: cx.embedder(args.encoder.as_deref())?,
        seed: cx.settings.seed,
        runs: args.seeds,
    };
    let progress = Progress::new(cx);
    let weeks = jobs::simulate(&train, &test, &options, &progress)?;
    drop(progress);
    if cx.json {
        cx.out.json(&weeks)?
    } else {
        print(cx, args, &weeks, test.len())?
    }
    Ok(Exit::Done)
}

fn print(cx: &mut Cx, args: &Args, weeks: &[SimulatedWeek], tests: usize) -> Result<()> {
    let mut table =
        WordTable::new(&[">week", ">labels", ">accuracy", ">lowest", ">highest", ">reviewed", ">of them wrong"]);
    for w in weeks {
        table.row([
            w.week.to_string(),
            count(w.labels),
            percent(w.accuracy),
            percent(w.low),
            percent(w.high),
            count(w.reviewed),
            format!("{:.0}", w.wrong),
        ]);
    }
    table.print(&mut cx.out)?;
    let (Some(first), Some(last)) = (weeks.first(), weeks.last()) else { return Ok(()) };
    let curve: Vec<f64> = std::iter::once(first.before).chain(weeks.iter().map(|w| w.accuracy)).collect();
    cx.out.line(format!("{} {} {}", percent(first.before), sparkline(&curve), percent(last.accuracy)))?;
    let runs = plural(args.seeds, "run");
    let foot = format!("strategy {}, {runs}, scored on {}", args.strategy.name(), plural(tests as u64, "test text"));
    let foot = cx.out.paint(Tone::Muted, &foot);
    cx.out.line(foot)
}
