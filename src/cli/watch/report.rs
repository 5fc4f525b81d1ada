//! `appraise report`

use crate::cli::frame::context::Cx;
use crate::cli::frame::exit::{Exit, Usage};
use crate::cli::output::progress::Progress;
use crate::disk::InputFiles;
use crate::jobs;
use crate::report::{ReportOptions, Written, gather, write};
use crate::store::Store;
use crate::text;
use anyhow::Result;
use serde_json::json;
use std::path::PathBuf;

const HELP: &str = "\
One page for people who do not open this program: is the AI better than on day one, what failed and why, what was changed and what came \
of it, what fine-tuning can repair, what to do next and by whom. HTML is one file without script that asks nothing of the network, for \
light and dark screens and A4; .md is for wikis, .json has the same figures, with \"stats\" exactly as `appraise stats --since 7d --json`. \
Addresses and numbers of people are masked in what customers and reviewers wrote, unless --reveal. A file is replaced only if it is a report \
of this program.

Examples:
  appraise report
  appraise report --out week.md
  appraise report --out report.json --reveal

JSON: {\"out\",\"format\" (html, markdown, json),\"n\",\"headline\",\"missing\"}; in the .json file: {\"kind\",\"made_by\",\"made_at\",\"store\",\"zone\",\"masked\", \
\"headline\":{\"moved\",\"says\",\"sure\"},\"day_one\",\"before\",\"now\":{\"name\",\"first\",\"last\",\"n\",\"resolved\",\"confirmed\",\"escalated\",\"failed\",\"abandoned\",\"unknown\",\"resolution\"}, \
\"stats\",\"rates\",\"weeks\":[{\"week\",\"monday\",\"resolution\"}],\"failures\":{\"failed\",\"of\",\"patterns\",\"causes\",\"reviewed\",\"intents\"}, \
\"releases\",\"changes\":[as `appraise change --json`],\"ceiling\",\"cost\",\"steps\":[{\"what\",\"owner\",\"n\"}],\"missing\",\"notes\"}";

/// The owner's report: one page of HTML, Markdown or JSON
#[derive(Debug, clap::Args)]
#[command(after_long_help = HELP)]
pub(in crate::cli) struct Args {
    /// Where to; its ending says the form: .html, .md or .json
    #[arg(long, value_name = "FILE", default_value = "report.html")]
    out: PathBuf,
    /// Do not mask addresses and numbers of people
    #[arg(long)]
    reveal: bool,
}

pub(in crate::cli) fn run(cx: &mut Cx, args: &Args) -> Result<Exit> {
    Written::of(&args.out).map_err(Usage::because)?;
    let store = cx.store()?;
    find_patterns(cx, &store)?;
    let options =
        ReportOptions { now: cx.now, seed: cx.settings.seed, reveal: args.reveal, hourly: cx.settings.hourly };
    let progress = Progress::new(cx);
    let report = gather(&store, &options, &progress)?;
    drop(progress);
    let inputs = InputFiles::standard().store(&cx.settings.store);
    let form = write(&report, &args.out, &inputs)?;
    if cx.json {
        cx.out.json(&json!({
            "out": args.out, "format": format!("{form:?}").to_lowercase(), "n": report.now.n,
            "headline": report.headline.says, "missing": report.missing,
        }))?;
        return Ok(Exit::Done);
    }
    cx.out.line(text::clean(&format!("{} {}", report.headline.says, report.headline.sure)))?;
    cx.out.line(text::clean(&format!("The report is in {}.", args.out.display())))?;
    Ok(Exit::Done)
}

/// Brings the patterns up to date, where they can be kept.
fn find_patterns(cx: &Cx, store: &Store) -> Result<()> {
    if store.is_read_only() {
        cx.note("the store is read-only: the report tells the patterns that were found last time");
        return Ok(());
    }
    let embedder = cx.embedder(None)?;
    let progress = Progress::new(cx);
    jobs::find_patterns(store, embedder.as_deref(), cx.now, cx.settings.seed, &progress)?;
    Ok(())
}
