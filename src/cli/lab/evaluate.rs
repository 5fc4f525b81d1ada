//! `appraise evaluate`

use crate::cli::frame::context::Cx;
use crate::cli::frame::exit::Exit;
use crate::cli::frame::labelled::labelled;
use crate::cli::output::figures::{count, percent, plural};
use crate::cli::output::progress::Progress;
use crate::cli::output::table::Table;
use crate::jobs::{self, EvaluateReport};
use anyhow::Result;
use std::path::PathBuf;

const HELP: &str = "\
Trains on one file and scores on another, without a store: to compare the learner with others on public data.

Example:
  appraise evaluate --train banking77/train.csv --test banking77/test.csv --json

JSON: {\"accuracy\",\"macro_f1\",\"ece\",\"n\",\"trained_on\",\"intents\",\"train_seconds\",\"predict_us\",\"repeats\",\"oos\":{\"auroc\",\"fpr95\",\"n\"}} \
repeats: test texts that training texts repeat (counted, not left out); oos only with --oos.";

/// Score the learner on files of text,intent
#[derive(Debug, clap::Args)]
#[command(after_long_help = HELP)]
pub(in crate::cli) struct Args {
    /// Training file: CSV with the columns text,intent
    #[arg(long, value_name = "CSV")]
    train: PathBuf,
    /// Test file: CSV with the columns text,intent
    #[arg(long, value_name = "CSV")]
    test: PathBuf,
    /// Texts of no intent at all: CSV with the column text
    #[arg(long, value_name = "CSV")]
    oos: Option<PathBuf>,
    /// Where dense vectors come from: none, static, or an installed encoder [default: the store's, else static]
    #[arg(long, value_name = "NAME")]
    encoder: Option<String>,
}

pub(in crate::cli) fn run(cx: &mut Cx, args: &Args) -> Result<Exit> {
    let (train, test) = (labelled(cx, &args.train)?, labelled(cx, &args.test)?);
    let oos = args.oos.as_deref().map(|path| labelled(cx, path)).transpose()?;
    let embedder = cx.embedder(args.encoder.as_deref())?;
    let progress = Progress::new(cx);
    let report = jobs::evaluate(&train, &test, oos.as_deref(), embedder, cx.settings.seed, &progress)?;
    drop(progress);
    if cx.json {
        cx.out.json(&report)?
    } else {
        print(cx, &report)?
    }
    Ok(Exit::Done)
}

fn print(cx: &mut Cx, r: &EvaluateReport) -> Result<()> {
    let right = (r.accuracy * r.n as f64).round() as u64;
    let mut table = Table::new(&["", ""]);
    table.row(["accuracy", &crate::cli::output::figures::rate(right, r.n)]);
    table.row(["macro F1", &format!("{:.3}", r.macro_f1)]);
    table.row(["calibration error", &r.ece.map_or("–".to_owned(), |e| format!("{e:.3}"))]);
    table.row(["trained on", &format!("{}, {}", plural(r.trained_on, "text"), plural(r.intents, "intent"))]);
    table.row(["training", &format!("{:.1} s", r.train_seconds)]);
    table.row(["a prediction", &format!("{:.0} µs", r.predict_us)]);
    table.row(["repeats", &format!("{} of the test texts repeat a training text", count(r.repeats))]);
    if let Some(oos) = &r.oos {
        let texts = plural(oos.n, "text");
        let words =
            format!("AUROC {:.3}, {} accepted where 95 % of the others are ({texts})", oos.auroc, percent(oos.fpr95));
        table.row(["out of scope", &words]);
    }
    table.print(&mut cx.out)
}
