//! `appraise disputed`

use crate::cli::frame::bounds;
use crate::cli::frame::context::Cx;
use crate::cli::frame::exit::{Exit, Usage};
use crate::cli::frame::labelled::labelled;
use crate::cli::output::csv::{Cell, CsvFlags, CsvOutput, number};
use crate::cli::output::figures::{count, percent, plural};
use crate::cli::output::json::Tone;
use crate::cli::output::progress::Progress;
use crate::cli::output::table::WordTable;
use crate::domain::DecisionId;
use crate::jobs::{self, DisputedText, FlipReport};
use crate::store::{DisputeRow, Store};
use anyhow::Result;
use serde_json::json;
use std::path::{Path, PathBuf};

const HELP: &str = "\
Labels that look wrong: the model says something else, and believes the label less than half as much as a blind guess \
among the intents. Each is judged by a model that was trained without it. The newest fine-tuning run decides; labels of \
test groups are never among them. --keep gives labels again as they are: they are not disputed any more until they \
change. --take gives them as the model says. Either is one step, and one undo takes it back. On the screen: d on \
Fine-tune, or is:disputed in the queue.

With --train it judges the labels of a file instead, without a store; --flip changes that share of its labels to other \
intents first, at random (--seed), and says how many of those are found.

Examples:
  appraise disputed --limit 20
  appraise disputed --keep 412 --keep 977 --as maria
  appraise disputed --train banking77/train.csv --flip 0.05

JSON: list of {\"dispute\",\"id\",\"n\",\"turn\",\"text\",\"given\",\"given_confidence\",\"says\",\"confidence\",\"by\",\
\"at\"}, the most doubtful first; dispute is the number for --keep and --take; id, n and turn are null for a base \
example. With --keep or --take: {\"step\",\"settled\"}. With --train: {\"disputed\":[{\"text\",\"given\",\"says\",\
\"confidence\",\"given_confidence\",\"was\"}],\"flip\":{\"n\",\"flipped\",\"found\":[{\"by\",\"top\",\"right\",\
\"precision\",\"recall\"}]}}; was and flip only with --flip; by is a score of Cleanlab's, of whose worst labels as many \
are looked at as were changed, or disputed, all labels that are listed.";

/// List the labels that look wrong to the model
#[derive(Debug, clap::Args)]
#[command(after_long_help = HELP)]
pub(in crate::cli) struct Args {
    /// At most this many; 0 for all
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = bounds::up_to(0..=bounds::ROWS))]
    limit: usize,
    #[command(flatten)]
    format: CsvFlags,
    /// This label is right: number of a dispute; may be given several times
    #[arg(long, value_name = "DISPUTE", conflicts_with_all = ["csv", "train", "take"])]
    keep: Vec<i64>,
    /// The model is right: number of a dispute; may be given several times
    #[arg(long, value_name = "DISPUTE", conflicts_with_all = ["csv", "train"])]
    take: Vec<i64>,
    /// Judge the labels of this file: CSV with the columns text,intent
    #[arg(long, value_name = "CSV")]
    train: Option<PathBuf>,
    /// Change this share of the file's labels first, and say how many of those are found
    #[arg(long, value_name = "SHARE", requires = "train", value_parser = share)]
    flip: Option<f64>,
    /// Where dense vectors come from with --train: none, static, or an installed encoder [default: the store's, else static]
    #[arg(long, value_name = "NAME", requires = "train")]
    encoder: Option<String>,
}

fn share(text: &str) -> Result<f64, String> {
    let value = text.parse::<f64>().ok().filter(|v| *v > 0.0 && *v < 1.0);
    value.ok_or_else(|| "a share lies between 0 and 1".to_owned())
}

pub(in crate::cli) fn run(cx: &mut Cx, args: &Args) -> Result<Exit> {
    if args.format.csv && cx.json {
        return Err(Usage::because("--csv and --json are two forms of one answer; choose one"));
    }
    match (&args.train, args.keep.is_empty() && args.take.is_empty()) {
        (Some(file), _) => of_file(cx, args, file)?,
        (None, true) => of_store(cx, args)?,
        (None, false) => settle(cx, args)?,
    }
    Ok(Exit::Done)
}

fn settle(cx: &mut Cx, args: &Args) -> Result<()> {
    let mut store = cx.store()?;
    let as_said = args.keep.is_empty();
    let which = if as_said { &args.take } else { &args.keep };
    let mut which: Vec<DecisionId> = which.iter().map(|&i| DecisionId(i)).collect();
    which.sort_unstable();
    which.dedup();
    let step = store.settle(cx.reviewer(), cx.now, &which, as_said)?;
    if cx.json {
        return cx.out.json(&json!({"step": step.0, "settled": which.len()}));
    }
    let what = if as_said { "relabelled as the model says" } else { "kept" };
    cx.out.line(format!("{} {what}; `appraise undo` takes it back", plural(which.len() as u64, "label")))
}

fn of_store(cx: &mut Cx, args: &Args) -> Result<()> {
    let store = cx.store()?;
    if !store.knows_disputes()? {
        anyhow::bail!("no run has told which labels look wrong yet; `appraise finetune` does");
    }
    let mut all = store.disputes()?;
    let total = all.len();
    all.truncate(if args.limit == 0 { usize::MAX } else { args.limit });
    let rows = store.dispute_rows(&all)?;
    if cx.json {
        return cx.numbered(&store, &rows);
    }
    if args.format.csv {
        return csv_of_store(cx, &store, &args.format, &rows);
    }
    if rows.is_empty() {
        return cx.out.line("no label looks wrong to the newest run's model");
    }
    let zone = store.zone()?;
    let mut table = WordTable::new(&[
        ">dispute",
        "label",
        ">conf",
        "the model says",
        ">conf",
        "by",
        "when",
        "turn",
        "customer said",
    ]);
    for r in &rows {
        table.row([
            r.dispute.0.to_string(),
            r.given.clone(),
            format!("{:.3}", r.given_confidence),
            r.says.clone(),
            format!("{:.2}", r.confidence),
            r.by.clone(),
            zone.ago(r.at, cx.now),
            place(&store, r)?,
            r.text.clone(),
        ]);
    }
    table.print(&mut cx.out)?;
    foot(cx, rows.len(), total)
}

/// `#12:0`, or what a base example is called.
fn place(store: &Store, r: &DisputeRow) -> Result<String> {
    match r.n.zip(r.turn) {
        Some((n, turn)) => Ok(format!("#{}:{}", n.0, store.place(n, turn)?)),
        None => Ok("base example".to_owned()),
    }
}

fn foot(cx: &mut Cx, shown: usize, total: usize) -> Result<()> {
    let foot = format!("{} of {}, the most doubtful first", count(shown as u64), plural(total as u64, "label"));
    let foot = cx.out.paint(Tone::Muted, &foot);
    cx.out.line(foot)
}

fn csv_of_store(cx: &mut Cx, store: &Store, format: &CsvFlags, rows: &[DisputeRow]) -> Result<()> {
    const HEADINGS: [&str; 11] =
        ["dispute", "id", "n", "turn", "text", "given", "given_confidence", "says", "confidence", "by", "at"];
    let mut csv = CsvOutput::new(format, &HEADINGS)?;
    for r in rows {
        csv.row([
            number(Some(r.dispute.0)),
            Cell::Text(r.id.as_deref().unwrap_or_default()),
            number(r.n.map(|n| n.0)),
            number(r.n.zip(r.turn).map(|(n, t)| store.place(n, t)).transpose()?),
            Cell::Text(&r.text),
            Cell::Text(&r.given),
            number(Some(r.given_confidence)),
            Cell::Text(&r.says),
            number(Some(r.confidence)),
            Cell::Text(&r.by),
            Cell::Plain(r.at.rfc3339()),
        ])?;
    }
    csv.print(&mut cx.out)
}

fn of_file(cx: &mut Cx, args: &Args, file: &Path) -> Result<()> {
    let rows = labelled(cx, file)?;
    let progress = Progress::new(cx);
    let embedder = cx.embedder(args.encoder.as_deref())?;
    let (mut all, flip) = jobs::disputed_texts(&rows, args.flip, embedder, cx.settings.seed, &progress)?;
    drop(progress);
    let total = all.len();
    all.truncate(if args.limit == 0 { usize::MAX } else { args.limit });
    if cx.json {
        let mut answer = json!({"disputed": all});
        if let Some(flip) = flip {
            answer["flip"] = json!(flip);
        }
        return cx.out.json(&answer);
    }
    if args.format.csv {
        return csv_of_file(cx, &args.format, &all);
    }
    if let Some(flip) = flip {
        return print_flip(cx, &flip);
    }
    if all.is_empty() {
        return cx.out.line("no label of the file looks wrong");
    }
    let mut table = WordTable::new(&["label", ">conf", "the model says", ">conf", "text"]);
    for d in &all {
        let (given, confidence) = (format!("{:.3}", d.given_confidence), format!("{:.2}", d.confidence));
        table.row([&d.given, &given, &d.says, &confidence, &d.text]);
    }
    table.print(&mut cx.out)?;
    foot(cx, all.len(), total)
}

fn csv_of_file(cx: &mut Cx, format: &CsvFlags, all: &[DisputedText]) -> Result<()> {
    let mut csv = CsvOutput::new(format, &["text", "given", "given_confidence", "says", "confidence", "was"])?;
    for d in all {
        csv.row([
            Cell::Text(&d.text),
            Cell::Text(&d.given),
            number(Some(d.given_confidence)),
            Cell::Text(&d.says),
            number(Some(d.confidence)),
            Cell::Text(d.was.as_deref().unwrap_or_default()),
        ])?;
    }
    csv.print(&mut cx.out)
}

fn print_flip(cx: &mut Cx, flip: &FlipReport) -> Result<()> {
    cx.out.line(format!("{} of {} were changed at random", count(flip.flipped), plural(flip.n, "label")))?;
    let mut table = WordTable::new(&["by", ">looked at", ">of those changed", ">precision", ">recall"]);
    for f in &flip.found {
        let name = f.by.replace('_', " ");
        table.row([&name, &count(f.top), &count(f.right), &percent(f.precision), &percent(f.recall)]);
    }
    table.print(&mut cx.out)
}
