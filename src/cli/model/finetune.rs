//! `appraise finetune`

use crate::cli::frame::context::Cx;
use crate::cli::frame::exit::Exit;
use crate::cli::output::comparison;
use crate::cli::output::progress::Progress;
use crate::domain::Verdict;
use crate::jobs::{self, FinetuneOptions, TrainingStart};
use crate::text::nearest;
use anyhow::{Result, bail};
use std::collections::BTreeMap;

const HELP: &str = "\
The candidate is stored and stays a candidate until `appraise promote`. It is judged on gold turns that neither side was \
trained on; training turns that repeat a gold text are left out and counted. Exit 3 when the gate refuses: the candidate \
is kept. Same store, same seed, same program: same candidate, byte for byte.

--trainer NAME has a program of yours train instead, under the same review, comparison and gate:
  [trainer.NAME]
  command = [\"python3\", \"sklearn.py\"]   # started in the configuration's directory as: command… train DIR
  limit = 3600                            # seconds
  reveal = false                          # texts are masked: <email>, <phone>, <number>…
  options = {}                            # handed over in config.json
It reads DIR/train.jsonl, DIR/gold.jsonl (texts without labels) and DIR/config.json, tells its progress in JSON lines, writes \
DIR/predictions.jsonl and what it needs to serve into DIR/artefact, which the store keeps. Three are shipped in assets/trainers, \
with the protocol.

Examples:
  appraise finetune
  appraise finetune --cycle 2026-W47 --json | jq .verdict
  appraise finetune --trainer sklearn";

const BUILT_IN: &str = "builtin";

/// Train a candidate on all labels and compare it with what is live
#[derive(Debug, clap::Args)]
#[command(after_long_help = [HELP, "\n\n", comparison::KEYS].concat())]
pub(in crate::cli) struct Args {
    /// Where it starts from; live names the live release as its parent
    #[arg(long, value_enum, value_name = "START", default_value = "live")]
    from: FinetuneFrom,
    /// The built-in trainer, or one of the configuration
    #[arg(long, value_name = "NAME", default_value = "builtin")]
    trainer: String,
    /// Where dense vectors come from: none, static, or an installed encoder [default: the store's, else static]
    #[arg(long, value_name = "NAME")]
    encoder: Option<String>,
    /// Learn from what was decided up to the close of this cycle
    #[arg(long, value_name = "ID")]
    cycle: Option<String>,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum FinetuneFrom {
    /// The live release, where there is one
    Live,
    /// Nothing
    Scratch,
}

pub(in crate::cli) fn run(cx: &mut Cx, args: &Args) -> Result<Exit> {
    let trainer = match args.trainer.as_str() {
        BUILT_IN => None,
        name => Some(named(&cx.settings.outside.trainers, "trainer", name)?.clone()),
    };
    let mut store = cx.store()?;
    let options = FinetuneOptions {
        from: match args.from {
            FinetuneFrom::Live => TrainingStart::Live,
            FinetuneFrom::Scratch => TrainingStart::Scratch,
        },
        cycle: args.cycle.as_deref().map(|name| store.cycle(name)).transpose()?.map(|c| c.id),
        vectors: cx.vectors(&store, args.encoder.as_deref())?,
        seed: cx.settings.seed,
        reviewer: cx.reviewer().to_owned(),
        now: cx.now,
    };
    let progress = Progress::new(cx);
    let result = match &trainer {
        None => jobs::finetune(&mut store, &options, &progress)?,
        Some(trainer) => jobs::finetune_with(&mut store, trainer, &options, &progress)?,
    };
    drop(progress);
    if let Some(former) = result.former_recipe {
        cx.note(&format!(
            "v{} was made by a former recipe, so v{} began from scratch; the next run goes on from it once it is live",
            former.0, result.release.0
        ));
    }
    let exit = comparison::print(cx, &store, &result)?;
    let reason = if result.verdict == Verdict::Better { "" } else { " --reason '…'" };
    if let Some(trainer) = &trainer {
        if result.failures.n == 0 {
            cx.note(&format!(
                "how it does on this cycle's failures is not known: none was relabelled, or {} gives no out-of-fold answers",
                trainer.name
            ));
        }
        jobs::cannot_answer(&store, result.release)?.iter().for_each(|why| cx.note(why));
    }
    match exit {
        Exit::Done => cx.note(&format!("`appraise promote v{}{reason}` makes it live", result.release.0)),
        _ => cx.note(&format!("v{} is kept as a candidate; the gate refuses it", result.release.0)),
    }
    Ok(exit)
}

/// What the configuration names in a section.
pub(in crate::cli) fn named<'a, T>(all: &'a BTreeMap<String, T>, section: &str, name: &str) -> Result<&'a T> {
    if let Some(found) = all.get(name) {
        return Ok(found);
    }
    let near = nearest(name, all.keys().map(String::as_str));
    let hint = near.map_or(String::new(), |n| format!("; did you mean {n:?}?"));
    bail!(
        "there is no [{section}.{name}] in the configuration{hint} (`appraise help finetune` and `appraise help measure` show how one looks)"
    );
}
