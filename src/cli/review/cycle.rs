//! `appraise cycle`

use crate::cli::frame::bounds;
use crate::cli::frame::context::Cx;
use crate::cli::frame::exit::{Exit, Usage};
use crate::cli::frame::query;
use crate::cli::output::figures::count;
use crate::cli::output::table::Table;
use crate::domain::time::DAY;
use crate::domain::{Query, Timestamp, Zone};
use crate::store::{CycleRow, NewCycle, Scope, Store, default_query};
use crate::text;
use anyhow::{Result, bail};
use serde_json::json;

/// A cycle is due when the last one began or ended this long ago; an open one is over after as long.
const WEEK: i64 = 7 * DAY;

const HELP: &str = "\
A cycle freezes its conversations when it opens: the most valuable of the scope and, mixed among them, a tenth drawn at \
random to be labelled as gold. Without a QUERY the scope is outcome:failed,escalated status:open; test groups give the random tenth alone. \
With --if-due, for cron: open does nothing while a cycle is open or the last one opened or closed less than 7 days ago; \
close does nothing while items are left and the cycle is younger than 7 days. Both then exit 0.

Examples:
  appraise cycle open since:7d --goal 120
  appraise cycle close --if-due && appraise finetune
  appraise show $(appraise cycle show --json | jq -r .next)

JSON: open, close: {\"id\",\"name\",\"opened_at\",\"opened_by\",\"closed_at\",\"scope\",\"goal\",\"done\",\"closed_decision\",\"release\"}; \
list: a list of these, newest first; show: one with \"next\", the item to review now, or null. With --if-due and nothing due: {\"due\":false,\"says\":\"…\"}.";

/// Review cycles
#[derive(Debug, clap::Args)]
#[command(after_long_help = HELP)]
pub(in crate::cli) struct Args {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Freeze what is to be reviewed
    Open {
        /// Which conversations, in the query language
        #[arg(value_name = "QUERY")]
        query: Vec<String>,
        /// Name [default: the week, 2026-W47]
        #[arg(long)]
        name: Option<String>,
        /// How many conversations
        #[arg(long, value_name = "N", default_value_t = 120, value_parser = clap::value_parser!(u64).range(1..=bounds::ROWS))]
        goal: u64,
        /// Only when one is due
        #[arg(long)]
        if_due: bool,
    },
    /// List all cycles, newest first
    List,
    /// Show one cycle
    Show {
        /// Name or number [default: the open one, else the newest]
        cycle: Option<String>,
    },
    /// Close the open cycle
    Close {
        /// Name or number [default: the open one]
        cycle: Option<String>,
        /// Only when it is done or a week old
        #[arg(long)]
        if_due: bool,
    },
}

pub(in crate::cli) fn run(cx: &mut Cx, args: &Args) -> Result<Exit> {
    let mut store = cx.store()?;
    match &args.command {
        None | Some(Command::List) => list(cx, &store)?,
        Some(Command::Open { query, name, goal, if_due }) => {
            let scope = query::parse(&query::join(query))?;
            let reason = if *if_due { not_due_to_open(&store.cycles()?, cx.now) } else { None };
            match reason {
                Some(says) => nothing_due(cx, &says)?,
                None => open(cx, &mut store, &scope, name.as_deref(), *goal)?,
            }
        }
        Some(Command::Show { cycle }) => {
            let row = shown(&store, cycle.as_deref())?;
            show(cx, &store, &row)?;
        }
        Some(Command::Close { cycle, if_due }) => close(cx, &mut store, cycle.as_deref(), *if_due)?,
    }
    Ok(Exit::Done)
}

fn open(cx: &mut Cx, store: &mut Store, scope: &Query, name: Option<&str>, goal: u64) -> Result<()> {
    let scope = if scope.terms.is_empty() { default_query() } else { scope.clone() }.to_string();
    let new = NewCycle { name, scope: &scope, goal, seed: cx.settings.seed };
    let row = store.open_cycle(cx.reviewer(), cx.now, &new)?;
    if row.goal < goal {
        cx.note(&format!("{scope} finds no more than {} conversations", row.goal));
    }
    print(cx, &row, store.zone()?)
}

/// Why no cycle is due; `None`: one is.
fn not_due_to_open(cycles: &[CycleRow], now: Timestamp) -> Option<String> {
    if let Some(open) = cycles.iter().find(|c| c.closed_at.is_none()) {
        return Some(format!("cycle {} is open", open.name));
    }
    let last = cycles.iter().max_by_key(|c| c.opened_at.max(c.closed_at.unwrap_or(c.opened_at)))?;
    let at = last.opened_at.max(last.closed_at.unwrap_or(last.opened_at));
    (now.0 - at.0 < WEEK).then(|| format!("cycle {} was last touched {}", last.name, ago(at, now)))
}

fn close(cx: &mut Cx, store: &mut Store, cycle: Option<&str>, if_due: bool) -> Result<()> {
    let row = match cycle {
        Some(name) => Some(store.cycle(name)?),
        None => store.open_cycle_row()?,
    };
    let Some(row) = row else {
        if if_due {
            return nothing_due(cx, "no cycle is open");
        }
        bail!("no cycle is open; `appraise cycle open` opens one");
    };
    let left = row.goal.saturating_sub(row.done);
    if if_due && row.closed_at.is_some() {
        return nothing_due(cx, &format!("cycle {} is closed already", row.name));
    }
    if if_due && left > 0 && cx.now.0 - row.opened_at.0 < WEEK {
        let says = format!("cycle {} has {left} items left and was opened {}", row.name, ago(row.opened_at, cx.now));
        return nothing_due(cx, &says);
    }
    let row = store.close_cycle(cx.now, row.id)?;
    print(cx, &row, store.zone()?)?;
    cx.note(&format!("`appraise finetune --cycle {}` learns from it", row.name));
    Ok(())
}

fn ago(at: Timestamp, now: Timestamp) -> String {
    match Zone::default().ago(at, now) {
        age if age == "now" => "just now".to_owned(),
        age => format!("{age} ago"),
    }
}

fn nothing_due(cx: &mut Cx, says: &str) -> Result<()> {
    if cx.json {
        return cx.out.json(&json!({"due": false, "says": says}));
    }
    cx.out.line(format!("nothing is due: {says}"))
}

fn shown(store: &Store, name: Option<&str>) -> Result<CycleRow> {
    if let Some(name) = name {
        return Ok(store.cycle(name)?);
    }
    match store.open_cycle_row()?.map_or_else(|| store.newest_cycle(), |open| Ok(Some(open)))? {
        Some(row) => Ok(row),
        None => Err(Usage::because("there is no cycle yet; `appraise cycle open` opens one")),
    }
}

/// The cycle, and the item that comes next in it.
fn show(cx: &mut Cx, store: &Store, row: &CycleRow) -> Result<()> {
    let open = row.closed_at.is_none();
    let next = if open { store.next_item(&Scope::Cycle(row.id), None, cx.reviewer(), cx.now)? } else { None };
    let next = next.map(|n| store.conversation_key(n)).transpose()?;
    if cx.json {
        let mut value = serde_json::to_value(row)?;
        value["next"] = json!(next);
        return cx.out.json(&value);
    }
    print(cx, row, store.zone()?)?;
    next.map_or(Ok(()), |next| cx.out.line(text::clean(&format!("next    {next}"))))
}

fn list(cx: &mut Cx, store: &Store) -> Result<()> {
    let rows = store.cycles()?;
    if cx.json {
        return cx.out.json(&rows);
    }
    if rows.is_empty() {
        return cx.out.line("no cycle yet; `appraise cycle open` opens one");
    }
    let zone = store.zone()?;
    let mut table = Table::new(&["cycle", "opened", "closed", ">done", ">of", "release", "scope"]);
    for r in &rows {
        let day = |t: Timestamp| zone.date(t);
        table.row([
            r.name.clone(),
            day(r.opened_at),
            r.closed_at.map_or("open".to_owned(), day),
            count(r.done),
            count(r.goal),
            r.release.map_or("–".to_owned(), |v| format!("v{}", v.0)),
            r.scope.clone(),
        ]);
    }
    table.print(&mut cx.out)
}

fn print(cx: &mut Cx, r: &CycleRow, zone: Zone) -> Result<()> {
    if cx.json {
        return cx.out.json(r);
    }
    let state = r.closed_at.map_or("open".to_owned(), |t| format!("closed {}", zone.stamp(t)));
    let mut table = Table::new(&["", ""]);
    table.row(["cycle", &format!("{} ({state})", r.name)]);
    table.row(["scope", &r.scope]);
    table.row(["opened", &format!("{} by {}", zone.stamp(r.opened_at), r.opened_by)]);
    table.row(["done", &format!("{} of {}", count(r.done), count(r.goal))]);
    if let Some(release) = r.release {
        table.row(["trained", &format!("v{}", release.0)]);
    }
    table.print(&mut cx.out)
}
