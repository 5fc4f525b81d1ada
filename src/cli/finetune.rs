//! `appraise finetune`

use super::comparison;
use super::context::Cx;
use super::exit::Exit;
use super::progress::Progress;
use crate::domain::Verdict;
use crate::jobs::{self, FinetuneOptions, Start};
use anyhow::{Result, bail};

const HELP: &str = "\
The candidate is stored and stays a candidate until `appraise promote`. It is judged on gold turns that neither side was \
trained on; training turns that repeat a gold text are left out and counted. Exit 3 when the gate refuses: the candidate \
is kept. Same store, same seed, same program: same candidate, byte for byte.

Examples:
  appraise finetune
  appraise finetune --cycle 2026-W47 --json | jq .verdict";

/// Train a candidate on all labels and compare it with what is live
#[derive(Debug, clap::Args)]
#[command(after_long_help = [HELP, "\n\n", comparison::KEYS].concat())]
pub(super) struct Args {
    /// Where it starts from; live names the live release as its parent
    #[arg(long, value_enum, value_name = "START", default_value = "live")]
    from: From,
    /// Trainer; this version has the built-in one
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
enum From {
    /// The live release, where there is one
    Live,
    /// Nothing
    Scratch,
}

pub(super) fn run(cx: &mut Cx, args: &Args) -> Result<Exit> {
    if args.trainer != "builtin" {
        bail!("trainer {:?} is not available in this version; leave out --trainer for the built-in one", args.trainer);
    }
    let mut store = cx.store()?;
    let options = FinetuneOptions {
        from: match args.from {
            From::Live => Start::Live,
            From::Scratch => Start::Scratch,
        },
        cycle: args.cycle.as_deref().map(|name| store.cycle(name)).transpose()?.map(|c| c.id),
        vectors: cx.vectors(&store, args.encoder.as_deref())?,
        seed: cx.settings.seed,
        reviewer: cx.reviewer().to_owned(),
        now: cx.now,
    };
    let progress = Progress::new(cx)?;
    let result = jobs::finetune(&mut store, &options, &progress)?;
    drop(progress);
    let exit = comparison::print(cx, &result)?;
    let reason = if result.verdict == Verdict::Better { "" } else { " --reason '…'" };
    match exit {
        Exit::Done => cx.note(&format!("`appraise promote v{}{reason}` makes it live", result.release.0)),
        _ => cx.note(&format!("v{} is kept as a candidate; the gate refuses it", result.release.0)),
    }
    Ok(exit)
}
