//! `appraise demo`

use super::screen;
use crate::cli::frame::context::{Clock, Cx};
use crate::cli::frame::exit::Exit;
use crate::cli::frame::query;
use crate::cli::output::figures::{count, plural};
use crate::cli::output::progress::Progress;
use crate::domain::Timestamp;
use crate::jobs::demo::{DemoLang, DemoOptions, build_file};
use anyhow::Result;
use std::io::IsTerminal;

const HELP: &str = "\
The demo has a file of its own unless --store names one, and refuses a store that holds anything else. A demo that is
there already is opened as it is; delete its file to build another.

Examples:
  appraise demo
  appraise demo --lang en
  appraise demo --no-tui --store /tmp/demo.db && appraise stats --store /tmp/demo.db

JSON: {\"conversations\":…,\"weeks\":…,\"releases\":…}";

/// A language of customers.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum LangArg {
    En,
    El,
}

/// Build a made-up company's half year and open it
#[derive(Debug, clap::Args)]
#[command(after_long_help = HELP)]
pub(in crate::cli) struct Args {
    /// How many weeks
    #[arg(long, value_name = "N", default_value_t = 26, value_parser = clap::value_parser!(u32).range(2..=104))]
    weeks: u32,
    /// Conversations a week
    #[arg(long, value_name = "N", default_value_t = 300, value_parser = clap::value_parser!(u32).range(20..=5000))]
    per_week: u32,
    /// Where the last week ends [default: today]
    #[arg(long, value_name = "DATE", value_parser = query::moment)]
    until: Option<Timestamp>,
    /// What customers write [default: English and Greek]
    #[arg(long, value_name = "LANG")]
    lang: Option<LangArg>,
    /// Only build it
    #[arg(long)]
    no_tui: bool,
}

pub(in crate::cli) fn run(cx: &mut Cx, clock: Clock, args: &Args) -> Result<Exit> {
    cx.settings.store = cx.settings.demo_store.clone();
    let path = cx.settings.store.clone();
    let options = DemoOptions {
        weeks: args.weeks,
        per_week: args.per_week,
        until: args.until.unwrap_or(cx.now),
        seed: cx.settings.seed,
        lang: args.lang.map(|lang| match lang {
            LangArg::En => DemoLang::En,
            LangArg::El => DemoLang::El,
        }),
        promote: true,
    };
    let progress = Progress::new(cx);
    let report = build_file(&path, cx.founding(), &options, &progress)?;
    drop(progress);
    if cx.json {
        cx.out.json(&report)?;
        return Ok(Exit::Done);
    }
    let screen_fits = std::io::stdin().is_terminal() && std::io::stdout().is_terminal();
    if !args.no_tui && screen_fits {
        return screen::start(cx, clock, true);
    }
    let (weeks, releases) = (plural(u64::from(report.weeks), "week"), plural(report.releases, "release"));
    cx.out.line(format!("{} conversations in {weeks}, {releases}: {}", count(report.conversations), path.display()))?;
    Ok(Exit::Done)
}
