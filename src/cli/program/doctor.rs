//! `appraise doctor`

use crate::cli::frame::context::Cx;
use crate::cli::frame::exit::Exit;
use crate::cli::output::figures::count;
use crate::cli::output::json::Tone;
use crate::cli::output::progress::Progress;
use crate::cli::output::table::WordTable;
use crate::jobs;
use crate::store::{Access, CheckState, Diagnosis, DoctorCheck, Store, StoredSize};
use crate::text;
use anyhow::{Result, bail};
use serde_json::json;

const HELP: &str = "\
Looks at the file (rights, copies, what a killed run left), its schema, pages, references and search index, the latest decisions \
against the log, outcomes and states against the decisions, packed columns against the rows, releases against their digests, and how \
large everything is. It writes nothing, whatever it finds; some rows are picked where --deep reads all of them.

--repair writes anew what follows from decisions and imports: indexes, latest words, projections, caches, search. It touches no \
decision, conversation or release: what is wrong with those only a backup brings back.

Examples:
  appraise doctor
  appraise doctor --deep --json
  appraise doctor --repair

JSON: {\"ok\",\"version\",\"checks\":[{\"check\",\"state\":\"sound|note|fault\",\"says\",\"todo\"}],\
\"sizes\":[{\"what\",\"rows\",\"bytes\"}],\"repaired\"}; exit 1 where there is a fault. With --repair: as it is afterwards.";

/// Look whether the store is sound, and what to do where it is not
#[derive(Debug, clap::Args)]
#[command(after_long_help = HELP)]
pub(in crate::cli) struct Args {
    /// Read every row
    #[arg(long)]
    deep: bool,
    /// Write anew what follows from something else
    #[arg(long)]
    repair: bool,
}

pub(in crate::cli) fn run(cx: &mut Cx, args: &Args) -> Result<Exit> {
    cx.must_have_store()?;
    let progress = Progress::new(cx);
    let look = || Store::diagnose(&cx.settings.store, cx.founding(), args.deep, &progress);
    let mut found = look()?;
    if args.repair {
        if let Some(broken) = found.checks.iter().find(|c| is_beyond_repair(c)) {
            bail!("this cannot be repaired: {}; {}", broken.says, broken.todo.as_deref().unwrap_or_default());
        }
        let mut store = cx.store_or_new(Access::ReadWrite)?;
        store.repair(&progress)?;
        jobs::index(&mut store, &progress)?;
        drop(store);
        found = look()?;
    }
    drop(progress);
    if cx.json {
        let mut value = serde_json::to_value(&found)?;
        value["repaired"] = json!(args.repair);
        cx.out.json(&value)?;
    } else {
        print(cx, &found)?;
    }
    Ok(if found.ok { Exit::Done } else { Exit::Failed })
}

/// Columns of the longest name of a check.
const WIDTH: usize = 15;

/// Rows cannot be read from pages that are broken, nor from tables that are not ours.
fn is_beyond_repair(check: &DoctorCheck) -> bool {
    let mended = check.todo.as_deref().is_some_and(|todo| todo.contains("--repair"));
    check.state == CheckState::Fault && !mended && ["pages", "schema"].contains(&check.check)
}

fn print(cx: &mut Cx, found: &Diagnosis) -> Result<()> {
    for check in &found.checks {
        let (state, tone) = match check.state {
            CheckState::Sound => ("sound", Tone::Good),
            CheckState::Note => ("note ", Tone::Muted),
            CheckState::Fault => ("FAULT", Tone::Bad),
        };
        // Whole, however long: what to do is the point of it.
        let state = cx.out.paint(tone, state);
        cx.out.line(format!("{state}  {:<WIDTH$}  {}", check.check, text::clean(&check.says)))?;
        if let Some(todo) = &check.todo {
            cx.out.line(format!("       {:<WIDTH$}  to do: {}", "", text::clean(todo)))?;
        }
    }
    if !found.sizes.is_empty() {
        cx.out.line("")?;
        let mut table = WordTable::new(&["what", ">rows", ">bytes"]);
        let number = |n: Option<u64>| n.map_or_else(String::new, count);
        let some = |s: &&StoredSize| s.rows != Some(0) || s.bytes.is_some_and(|b| b > 0);
        found.sizes.iter().filter(some).for_each(|s| table.row([s.what.clone(), number(s.rows), number(s.bytes)]));
        table.print(&mut cx.out)?;
    }
    cx.out.line("")?;
    let faults = found.checks.iter().filter(|c| c.state == CheckState::Fault).count();
    let end = match faults {
        0 => cx.out.paint(Tone::Good, "no fault found"),
        n => cx.out.paint(Tone::Bad, &crate::cli::output::figures::plural(n as u64, "fault")),
    };
    cx.out.line(end)
}
