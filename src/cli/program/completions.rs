//! `appraise completions`

use crate::cli::frame::context::Cx;
use crate::cli::frame::exit::Exit;
use anyhow::Result;
use clap_complete::Shell;

const HELP: &str = "\
Example:
  appraise completions bash > ~/.local/share/bash-completion/completions/appraise

JSON: the script as a string.";

/// Print the completion script of a shell
#[derive(Debug, clap::Args)]
#[command(after_long_help = HELP)]
pub(in crate::cli) struct Args {
    /// Which
    shell: Shell,
}

pub(in crate::cli) fn run(cx: &mut Cx, mut command: clap::Command, args: &Args) -> Result<Exit> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut command, "appraise", &mut script);
    if cx.json {
        cx.out.json(&String::from_utf8_lossy(&script))?
    } else {
        cx.out.raw(&script)?
    }
    Ok(Exit::Done)
}
