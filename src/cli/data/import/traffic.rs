//! `import --traffic`: the true counts of whole weeks, beside a sample of their conversations (rule 52).

use crate::cli::frame::context::Cx;
use crate::cli::frame::exit::Exit;
use crate::cli::output::figures::{count, plural};
use crate::cli::output::table::WordTable;
use crate::domain::TrafficRow;
use crate::ingest::{Input, traffic};
use crate::store::{Access, Store, TakenWeek};
use crate::text;
use anyhow::{Result, bail};
use serde_json::json;
use std::collections::BTreeSet;
use std::path::PathBuf;

/// Takes the counts of all files in, or none.
pub(super) fn run(cx: &mut Cx, files: &[PathBuf], dry_run: bool) -> Result<Exit> {
    let mut rows: Vec<TrafficRow> = Vec::new();
    for file in files {
        let input = if file.as_os_str() == "-" { Input::stdin()? } else { Input::File(file.clone()) };
        let read = traffic(input)?;
        let cells: BTreeSet<_> = read.iter().map(|r| (&r.source, r.week)).collect();
        if let Some(twice) = rows.iter().find(|r| cells.contains(&(&r.source, r.week))) {
            bail!("{} counts {} of {} once more: a week comes from one file", file.display(), twice.week, twice.source);
        }
        rows.extend(read);
    }
    let mut store = match dry_run && !cx.has_store()? {
        true => Store::in_memory(cx.founding())?,
        false => cx.store_or_new(Access::ReadWrite)?,
    };
    let weeks = store.take_traffic(&rows, dry_run)?;
    for week in weeks.iter().filter(|w| w.stored > w.n) {
        cx.note(&format!(
            "{} conversations of {} in {} are stored, and its counts say that there were {}: are these the counts of all of it?",
            count(week.stored),
            week.source,
            week.week,
            count(week.n)
        ));
    }
    for week in weeks.iter().filter(|w| w.stored == 0) {
        cx.note(&format!(
            "no conversation of {} in {} is stored yet: rates rest on the counts, and there is nothing to review",
            week.source, week.week
        ));
    }
    print(cx, &rows, &weeks)?;
    Ok(Exit::Done)
}

fn print(cx: &mut Cx, rows: &[TrafficRow], weeks: &[TakenWeek]) -> Result<()> {
    if cx.json {
        return cx.out.json(&json!({"rows": rows.len(), "weeks": weeks}));
    }
    let n: u64 = weeks.iter().map(|w| w.n).sum();
    let (all, of) = (plural(n, "conversation"), plural(weeks.len() as u64, "week"));
    cx.out.line(format!("all traffic of {of}: {all}; rates of these weeks rest on all of them from now on"))?;
    let mut table = WordTable::new(&["week", "source", ">conversations", ">finished", ">stored", ""]);
    for w in weeks {
        let replaced = if w.replaced { "in the place of earlier counts" } else { "" };
        let source = text::clean(&w.source).to_string();
        table.row([&w.week, &source, &count(w.n), &count(w.finished), &count(w.stored), &replaced.to_owned()]);
    }
    table.print(&mut cx.out)
}
