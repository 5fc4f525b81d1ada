//! `appraise man`

use crate::cli::frame::context::Cx;
use crate::cli::frame::exit::{Exit, Usage};
use anyhow::Result;
use clap_mangen::Man;

const HELP: &str = "\
Examples:
  appraise man > ~/.local/share/man/man1/appraise.1
  appraise man label | man -l -

JSON: the page as a string.";

/// Print a manual page
#[derive(Debug, clap::Args)]
#[command(after_long_help = HELP)]
pub(in crate::cli) struct Args {
    /// Of which command [default: of the program]
    command: Option<String>,
}

pub(in crate::cli) fn run(cx: &mut Cx, mut root: clap::Command, args: &Args) -> Result<Exit> {
    root.build();
    let page = match &args.command {
        None => root,
        Some(name) => {
            let found = root.get_subcommands().find(|c| c.get_name() == name).cloned();
            found.ok_or_else(|| Usage::because(format!("no command called {name:?}; `appraise help` lists them")))?
        }
    };
    let mut text = Vec::new();
    Man::new(page).render(&mut text)?;
    if cx.json {
        cx.out.json(&String::from_utf8_lossy(&text))?
    } else {
        cx.out.raw(&text)?
    }
    Ok(Exit::Done)
}
