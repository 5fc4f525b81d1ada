//! `appraise change`

use crate::cli::frame::context::Cx;
use crate::cli::frame::exit::Exit;
use crate::cli::output::figures::{count, rate};
use crate::cli::output::json::Tone;
use crate::cli::output::progress::Progress;
use crate::cli::output::table::WordTable;
use crate::domain::PeriodName;
use crate::jobs::{self, ChangeBy, ChangeEffect, ChangeOptions, ChangeReport, StratumPart};
use anyhow::Result;

/// Parts on a terminal; all of them are in the JSON.
const LISTED: usize = 20;

const HELP: &str = "\
Takes the change of the resolution rate between two periods apart: the same questions answered otherwise (within), and other questions \
being asked (mix). The two add up to the total (Kitagawa 1955), and the parts to each. Conversations of both periods are put into strata \
by one fixed release, never by the log's intents or by labels: a promotion or a review would count as other questions. Without a \
release it is by language. Strata with fewer than 10 conversations in both periods are \"other\"; one that a period lacks takes the other's \
rate. A part's mix is against the mean of all: it is above 0 where an easier question came more often. Intervals: bootstrap over \
customers, 95 %. It is association: a promotion and a season in one week cannot be told apart.

PERIOD: last (the last seven days up to the newest finished conversation), before (the seven before), day-one, 28d, 2026-W20, 2026-06, \
2026-06-01, 2026-06-01..2026-06-14 (both days included). Days are those of the store's zone.

Examples:
  appraise change --from day-one --to last
  appraise change --from 2026-05 --to 2026-06 --by language --json

JSON: {\"by\",\"strata_by\" (a release such as \"v3\", else \"language\" or \"channel\"),\"total\":{\"value\",\"ci95\"},\"within\":{…},\"mix\":{…}, \
\"parts\":[{\"name\",\"within\",\"mix\",\"n_from\",\"n_to\",\"resolved_from\",\"resolved_to\"}], \
\"from\":{\"name\",\"first\",\"last\",\"resolved\",\"n\",\"rate\"},\"to\":{…},\"says\",\"most\",\"notes\"}";

/// What changed between two periods: better answers, or other questions
#[derive(Debug, clap::Args)]
#[command(after_long_help = HELP)]
pub(in crate::cli) struct Args {
    /// The earlier period
    #[arg(long, value_name = "PERIOD")]
    from: PeriodName,
    /// The later period
    #[arg(long, value_name = "PERIOD")]
    to: PeriodName,
    /// Strata: intent (as one release tells it), language or channel
    #[arg(long, value_name = "WHAT", default_value = "intent", value_parser = by)]
    by: ChangeBy,
    /// Which release tells intents: v3 or 3, live, newest [default: what is live, else the newest that can]
    #[arg(long, value_name = "R")]
    release: Option<String>,
}

fn by(name: &str) -> Result<ChangeBy, String> {
    let found = ChangeBy::ALL.into_iter().find(|b| b.name() == name);
    found.ok_or_else(|| format!("write one of {}", ChangeBy::ALL.map(ChangeBy::name).join(", ")))
}

pub(in crate::cli) fn run(cx: &mut Cx, args: &Args) -> Result<Exit> {
    let store = cx.store()?;
    let options = ChangeOptions {
        from: args.from,
        to: args.to,
        by: args.by,
        release: args.release.as_deref().map(|name| store.find_release(name)).transpose()?,
        seed: cx.settings.seed,
        now: cx.now,
    };
    let progress = Progress::new(cx);
    let found = jobs::change(&store, &options, &progress)?;
    drop(progress);
    found.notes.iter().for_each(|words| cx.note(words));
    if cx.json {
        cx.out.json(&found)?
    } else {
        print(cx, &found)?
    }
    Ok(Exit::Done)
}

fn points(e: &ChangeEffect) -> String {
    let of = |x: f64| format!("{:+.1}", 100.0 * x);
    format!("{} points  [{}, {}]", of(e.value), of(e.ci95[0]), of(e.ci95[1]))
}

fn print(cx: &mut Cx, found: &ChangeReport) -> Result<()> {
    let tone = match () {
        () if !found.within.is_certain() => Tone::Heading,
        () if found.within.value > 0.0 => Tone::Good,
        () => Tone::Bad,
    };
    let says = cx.out.paint(tone, &found.says);
    cx.out.line(says)?;
    if let Some(most) = &found.most {
        let words = crate::text::clean(most).into_cow().into_owned();
        cx.out.line(words)?;
    }
    cx.out.line("")?;
    let mut table = WordTable::new(&["", "", ""]);
    for (what, p) in [("from", &found.from), ("to", &found.to)] {
        table.row([what, &format!("{}: {} to {}", p.name, p.first, p.last), &rate(p.resolved, p.n)]);
    }
    table.print(&mut cx.out)?;
    cx.out.line("")?;
    let mut table = WordTable::new(&["", ""]);
    table.row(["change", &points(&found.total)]);
    table.row(["  the same questions, answered otherwise", &points(&found.within)]);
    table.row(["  other questions", &points(&found.mix)]);
    table.print(&mut cx.out)?;
    cx.out.line("")?;
    let of =
        if found.by == ChangeBy::Intent { format!("intent, by {}", found.strata_by) } else { found.strata_by.clone() };
    cx.out.line(cx.out.paint(Tone::Muted, &format!("points of all, by {of}")))?;
    let mut table = WordTable::new(&[">answered", ">asked", ">before", ">after", "name"]);
    for p in found.parts.iter().take(LISTED) {
        table.row(line(p));
    }
    table.print(&mut cx.out)?;
    if found.parts.len() > LISTED {
        let left = count((found.parts.len() - LISTED) as u64);
        cx.out.line(format!("and {left} more, smaller ones: --json lists all"))?;
    }
    cx.out.line("association: what else happened between the two cannot be told apart from it")
}

fn line(p: &StratumPart) -> [String; 5] {
    let points = |x: f64| format!("{:+.1}", 100.0 * x);
    [
        points(p.within),
        points(p.mix),
        format!("{}/{}", count(p.resolved_from), count(p.n_from)),
        format!("{}/{}", count(p.resolved_to), count(p.n_to)),
        p.name.clone(),
    ]
}
