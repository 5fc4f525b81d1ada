//! `appraise cluster`

use crate::cli::frame::context::Cx;
use crate::cli::frame::exit::Exit;
use crate::cli::frame::labelled::labelled;
use crate::cli::output::figures::{count, plural};
use crate::cli::output::progress::Progress;
use crate::cli::output::table::WordTable;
use crate::jobs::{self, ClusterOptions, ClusterReport};
use crate::learn::cluster::ClusterRecipe;
use anyhow::Result;
use std::path::PathBuf;

const HELP: &str = "\
Finds groups among the texts of a file, without labels and without being told how many there are. Each text counts once. Where \
the file has a column `intent`, the groups are scored against it.

Examples:
  appraise cluster questions.csv
  appraise cluster banking77/test.csv --resolution 6 --leave-out 0.2 --json
  appraise cluster banking77/test.csv --vectors test.npy

JSON: {\"n\",\"clusters\",\"single\",\"seconds\",\"ari\",\"nmi\",\"groups\":[{\"terms\":[...],\"medoid\":\"...\",\"n\"}]} \
single: texts in no group; for the scores each is a group of its own. ari and nmi are null where a text has no intent.";

/// Find groups among texts, without labels
#[derive(Debug, clap::Args)]
#[command(after_long_help = HELP)]
pub(in crate::cli) struct Args {
    /// CSV with the column text, and intent where the groups are to be scored
    #[arg(value_name = "CSV")]
    file: PathBuf,
    /// Where vectors come from: static, or an installed encoder [default: the store's, else static]
    #[arg(long, value_name = "NAME", conflicts_with = "vectors")]
    encoder: Option<String>,
    /// Vectors of your own: a NumPy file (.npy, .npy.gz) with a row for each row of the file
    #[arg(long, value_name = "NPY")]
    vectors: Option<PathBuf>,
    /// Higher gives more and smaller groups
    #[arg(long, value_name = "R", default_value_t = ClusterRecipe::RESOLUTION, value_parser = resolution)]
    resolution: f64,
    /// The share of texts to leave single, the loosest first (0 to 0.9)
    #[arg(long, value_name = "SHARE", default_value_t = 0.0, value_parser = share)]
    leave_out: f64,
}

fn resolution(text: &str) -> Result<f64, String> {
    text.parse().ok().filter(|r| (0.01..=1_000.0).contains(r)).ok_or_else(|| "a number from 0.01 to 1000".to_owned())
}

fn share(text: &str) -> Result<f64, String> {
    text.parse().ok().filter(|r| (0.0..=0.9).contains(r)).ok_or_else(|| "a share from 0 to 0.9".to_owned())
}

pub(in crate::cli) fn run(cx: &mut Cx, args: &Args) -> Result<Exit> {
    let rows = labelled(cx, &args.file)?;
    let vectors = args.vectors.as_deref().map(jobs::read_vectors).transpose()?;
    let embedder = if vectors.is_some() { None } else { cx.embedder(args.encoder.as_deref())? };
    let options = ClusterOptions { resolution: args.resolution, leave_out: args.leave_out, seed: cx.settings.seed };
    let progress = Progress::new(cx);
    let report = jobs::cluster_texts(&rows, vectors, embedder.as_deref(), options, &progress)?;
    drop(progress);
    if cx.json {
        cx.out.json(&report)?
    } else {
        print(cx, &report)?
    }
    Ok(Exit::Done)
}

fn print(cx: &mut Cx, r: &ClusterReport) -> Result<()> {
    let texts = plural(r.n, "distinct text");
    cx.out.line(format!("{texts}: {}, {} single, {:.1} s", plural(r.clusters, "group"), count(r.single), r.seconds))?;
    if let (Some(ari), Some(nmi)) = (r.ari, r.nmi) {
        cx.out
            .line(format!("against the file's intents: adjusted Rand index {ari:.3}, mutual information {nmi:.3}"))?;
    }
    cx.out.line("")?;
    let mut table = WordTable::new(&[">texts", "words", "for example"]);
    for group in &r.groups {
        table.row([count(group.n).as_str(), &group.terms.join(", "), &group.medoid]);
    }
    table.print(&mut cx.out)
}
