//! `appraise evaluate`

use crate::cli::frame::context::Cx;
use crate::cli::frame::exit::Exit;
use crate::cli::frame::labelled::labelled;
use crate::cli::output::figures::{count, percent, plural};
use crate::cli::output::progress::Progress;
use crate::cli::output::table::WordTable;
use crate::jobs::{self, EvaluateReport, JobError, OfferFiles};
use anyhow::Result;
use serde::Serialize;
use serde_json::Value;
use std::path::{Path, PathBuf};

const HELP: &str = "\
Trains on one file and scores on another, without a store: to compare the learners with others on public data. Files are CSV or \
JSON Lines, also packed.

Examples:
  appraise evaluate --train banking77/train.csv --test banking77/test.csv --json
  appraise evaluate --task sentiment --train turns.csv --weak --test judged.csv
  appraise evaluate --task offers --train rows.jsonl.gz --test rows.jsonl.gz --part-train dev --part-test test --progressive
  appraise evaluate --task policy --log shown.csv.gz --target uniform

JSON: {\"accuracy\",\"macro_f1\",\"ece\",\"n\",\"trained_on\",\"intents\",\"train_seconds\",\"predict_us\",\"repeats\",\"oos\":{\"auroc\",\"fpr95\",\"n\"}} \
repeats: test texts that training texts repeat (counted, not left out); oos only with --oos.

--task sentiment: columns text, sentiment (negative, neutral, positive) and, where there is one, before: what the AI said last. \
--weak takes the training texts without their labels. JSON: {\"accuracy\",\"macro_f1\",\"auc_negative\",\"ap_negative\",\"n\",\
\"train_seconds\",\"trained_on\",\"labels\",\"label_classes\" (of how many classes these labels are)}; auc_negative and ap_negative are null where none of the test file is negative, or all is, as auc below; macro_f1 where it holds one class alone.

--task offers: rows with accepted (0 or 1, accepted, declined or ignored; shown has no end and is left out) and features (names and numbers; in a table without that column, all others). \
--progressive scores each test row, then learns it; without, test rows are taken for another business's and nothing is learnt \
from them. JSON: {\"auc\",\"log_loss\",\"base_log_loss\",\"ece\",\"n\",\"shown\"} (shown: rows left out)

--task policy: what showing all arms of a log alike would have brought, from item_id, click and propensity_score. JSON: \
{\"ips\",\"snips\",\"dm\",\"dr\",\"se\":{\"ips\",\"snips\",\"dm\",\"dr\"},\"ess\",\"max_weight\",\"identifiable\",\"n\",\"arms\"}; identifiable \
from an effective sample of 100.";

/// Score the learner on files of text,intent
#[derive(Debug, clap::Args)]
#[command(after_long_help = HELP)]
pub(in crate::cli) struct Args {
    /// What is learnt
    #[arg(long, value_enum, default_value = "intent")]
    task: EvaluateTask,
    /// Training file, with the columns text,intent
    #[arg(long, value_name = "CSV", required_if_eq_any([("task", "intent"), ("task", "sentiment"), ("task", "offers")]))]
    train: Option<PathBuf>,
    /// Test file, with the same columns
    #[arg(long, value_name = "CSV", required_if_eq_any([("task", "intent"), ("task", "sentiment"), ("task", "offers")]))]
    test: Option<PathBuf>,
    /// sentiment: take the training texts without their labels
    #[arg(long)]
    weak: bool,
    /// offers: score each test row, then learn it
    #[arg(long)]
    progressive: bool,
    /// offers: learn only from rows whose `part` is this
    #[arg(long, value_name = "PART")]
    part_train: Option<String>,
    /// offers: score only rows whose `part` is this
    #[arg(long, value_name = "PART")]
    part_test: Option<String>,
    /// policy: the log
    #[arg(long, value_name = "CSV", required_if_eq("task", "policy"))]
    log: Option<PathBuf>,
    /// policy: what is shown instead
    #[arg(long, value_enum, default_value = "uniform")]
    target: PolicyTarget,
    /// Texts of no intent at all: CSV with the column text
    #[arg(long, value_name = "CSV")]
    oos: Option<PathBuf>,
    /// Where dense vectors come from: none, static, or an installed encoder [default: the store's, else static]
    #[arg(long, value_name = "NAME")]
    encoder: Option<String>,
}

/// What is learnt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum EvaluateTask {
    Intent,
    Sentiment,
    Offers,
    Policy,
}

/// What a policy shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum PolicyTarget {
    /// Every arm of the log alike
    Uniform,
}

pub(in crate::cli) fn run(cx: &mut Cx, args: &Args) -> Result<Exit> {
    let (train, test) = (args.train.clone().unwrap_or_default(), args.test.clone().unwrap_or_default());
    belongs(args)?;
    match (args.task, args.target) {
        (EvaluateTask::Intent, _) => intents(cx, args, &train, &test),
        (EvaluateTask::Sentiment, _) => {
            let progress = Progress::new(cx);
            let report = jobs::evaluate_sentiment(&train, &test, args.weak, cx.settings.seed, &progress)?;
            drop(progress);
            if report.label_classes == 1 {
                cx.note(
                    "all labels of the training file are of one class: they tell nothing apart, and what the figures show is what signs in the texts tell",
                );
            }
            if report.macro_f1.is_none() {
                cx.note(
                    "all test turns are of one class, which whoever always says it gets right: macro F1 and how well negative ones are told apart cannot be told from them",
                );
            } else if report.auc_negative.is_none() {
                cx.note(
                    "of the test turns none is negative, or all are: how well negative ones are told apart cannot be told from them",
                );
            }
            tell(cx, &report)
        }
        (EvaluateTask::Offers, _) => {
            let (part_train, part_test) = (args.part_train.clone(), args.part_test.clone());
            let files = OfferFiles { train, test, part_train, part_test, progressive: args.progressive };
            let progress = Progress::new(cx);
            let report = jobs::evaluate_offers(&files, &progress)?;
            drop(progress);
            if report.auc.is_none() {
                cx.note("all test answers are the same: how well a yes is told from a no cannot be told from them");
            }
            tell(cx, &report)
        }
        (EvaluateTask::Policy, PolicyTarget::Uniform) => {
            let report = jobs::evaluate_policy(args.log.as_deref().unwrap_or(Path::new("")))?;
            tell(cx, &report)
        }
    }
}

/// Refuses what another task is told: it would be passed over in silence.
fn belongs(args: &Args) -> Result<()> {
    let told = [
        ("--oos", args.oos.is_some(), EvaluateTask::Intent),
        ("--encoder", args.encoder.is_some(), EvaluateTask::Intent),
        ("--weak", args.weak, EvaluateTask::Sentiment),
        ("--progressive", args.progressive, EvaluateTask::Offers),
        ("--part-train", args.part_train.is_some(), EvaluateTask::Offers),
        ("--part-test", args.part_test.is_some(), EvaluateTask::Offers),
        ("--log", args.log.is_some(), EvaluateTask::Policy),
    ];
    match told.into_iter().find(|(_, given, task)| *given && *task != args.task) {
        Some((flag, _, task)) => {
            Err(JobError::Usage(format!("{flag} belongs to --task {}", format!("{task:?}").to_lowercase())).into())
        }
        None => Ok(()),
    }
}

/// Prints figures as JSON, or by name.
fn tell(cx: &mut Cx, report: &impl Serialize) -> Result<Exit> {
    if cx.json {
        cx.out.json(report)?;
        return Ok(Exit::Done);
    }
    let Value::Object(figures) = serde_json::to_value(report)? else { return Ok(Exit::Done) };
    let mut table = WordTable::new(&["", ""]);
    for (name, value) in figures {
        let said = match (&value, value.as_f64()) {
            (Value::Object(parts), _) => {
                let part = |(name, x): (&String, &Value)| format!("{name} {:.7}", x.as_f64().unwrap_or_default());
                parts.iter().map(part).collect::<Vec<_>>().join(", ")
            }
            (Value::Bool(yes), _) => (if *yes { "yes" } else { "no" }).to_owned(),
            (Value::Number(n), _) if n.is_u64() => count(n.as_u64().unwrap_or_default()),
            (_, Some(x)) if x.abs() < 0.01 => format!("{x:.7}"),
            (_, Some(x)) => format!("{x:.4}"),
            (Value::Null, None) => "–".to_owned(),
            (other, None) => other.to_string(),
        };
        table.row([name.replace('_', " ").as_str(), &said]);
    }
    table.print(&mut cx.out)?;
    Ok(Exit::Done)
}

fn intents(cx: &mut Cx, args: &Args, train: &Path, test: &Path) -> Result<Exit> {
    let (train, test) = (labelled(cx, train)?, labelled(cx, test)?);
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
    let mut table = WordTable::new(&["", ""]);
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
