//! Rates that need people, in lines.

use crate::cli::frame::context::Cx;
use crate::cli::output::figures::{count, percent};
use crate::cli::output::table::WordTable;
use crate::domain::Sure;
use crate::store::{AuditedFigures, PeopleRate};
use anyhow::Result;

/// Causes in sight; all of them are in the JSON.
const CAUSES: usize = 4;

/// Prints what people say of audit items, and beside it what a model's word makes surer. Nothing where there is nothing to say.
pub(in crate::cli) fn print(cx: &mut Cx, told: &AuditedFigures) -> Result<()> {
    if told.cycles == 0 {
        return Ok(());
    }
    cx.out.line("")?;
    if let Some(why) = &told.why {
        return cx.out.line(format!("rates that need people: {why}"));
    }
    let mut table = WordTable::new(&["rates that need people", "audit items alone", "with a model's word", ""]);
    row(&mut table, "the log's intent is right", &told.intent_accuracy);
    row(&mut table, "\"resolved\" that is not", &told.false_resolutions);
    for c in told.causes.iter().take(CAUSES) {
        row(&mut table, &format!("failed for: {}", c.cause.label()), &c.rate);
    }
    table.print(&mut cx.out)
}

fn row(table: &mut WordTable, name: &str, rate: &PeopleRate) {
    let sure = |s: &Sure| format!("{} [{}, {}]", percent(s.value), percent(s.lo), percent(s.hi));
    let audit =
        rate.audit.map_or("–".to_owned(), |a| format!("{} ({} of {})", sure(&a.sure), count(a.yes), count(a.m)));
    let (powered, rest) = match (&rate.powered, &rate.why) {
        (Some(p), _) => (sure(&p.sure), format!("as sure as {:.0} items", p.effective_labels)),
        (None, why) => ("–".to_owned(), why.clone().unwrap_or_default()),
    };
    table.row([name, &audit, &powered, &rest]);
}
