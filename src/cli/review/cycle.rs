//! `appraise cycle`

use crate::base::counted::seconds;
use crate::cli::frame::bounds;
use crate::cli::frame::context::Cx;
use crate::cli::frame::exit::{Exit, Usage};
use crate::cli::frame::query;
use crate::cli::output::figures::{count, plural};
use crate::cli::output::table::WordTable;
use crate::domain::time::DAY;
use crate::domain::{Rhythm, Timestamp, Zone};
use crate::store::{CycleRow, CycleStory, DueCycle, NewCycle, ReviewScope, Store, default_query};
use crate::text;
use anyhow::{Result, bail};
use serde_json::{Value, json};

/// An open cycle is over after so long.
const WEEK: i64 = 7 * DAY;
/// Conversations of a cycle where nobody says how many.
const GOAL: u64 = 120;

const HELP: &str = "\
A cycle freezes its conversations when it opens: the most valuable of the scope and, mixed among them, a tenth drawn at \
random to be labelled as gold. Without a QUERY the scope is outcome:failed,escalated status:open; test groups give the random tenth alone. \
--goal is a number of conversations, or words: what the team wants to know; give it twice for both. --every says how often cycles come \
(weekly unless the one before said otherwise), and with it when the next is due. --plan says at the close what is to be done next; \
the next cycle is held to it.
With --if-due, for cron: open does nothing while a cycle is open or before the day on which the next is due; \
close does nothing while items are left and the cycle is younger than 7 days. Both then exit 0; two at once open one.

Examples:
  appraise cycle open since:7d --goal 120 --goal \"why do Greek customers give up?\" --reviewer maria --every fortnightly
  0 7 * * 1  appraise cycle open since:7d --if-due --json
  appraise cycle close --plan \"write the answer on group fares\" && appraise finetune
  appraise show $(appraise cycle show --json | jq -r .next)

JSON: open, close: {\"id\",\"name\",\"opened_at\",\"opened_by\",\"closed_at\",\"scope\",\"goal\",\"done\",\"skipped\",\"closed_decision\",\"release\",\
\"goal_text\",\"every\",\"reviewers\",\"plan\",\"next_due\"}, open with \"opened\":true; list: a list of these, newest first; \
show and close: with \"left_by_day\" (items left at the end of each day), \"people\", \"minutes\", \"items\" and \"found\" ({\"name\",\"n\",\"query\"}), \
\"relabelled\", \"named\" (intents said where the log tells none), \"corrected\", \"run\" ({\"release\",\"verdict\",\"gate\",\"before\",\"after\",\"live_since\"}) and \"before\" (the cycle before: its plan, \
what it had found then and now); show: and \"next\", the item to review now, or null. With --if-due and nothing due: \
{\"due\":false,\"opened\":false,\"says\":\"…\",\"next_due\":\"2026-12-07\"} (null while one is open).";

/// Review cycles
#[derive(Debug, clap::Args)]
#[command(after_long_help = HELP)]
pub(in crate::cli) struct Args {
    #[command(subcommand)]
    command: Option<CycleCommand>,
}

#[derive(Debug, clap::Subcommand)]
enum CycleCommand {
    /// Freeze what is to be reviewed
    Open {
        /// Which conversations, in the query language
        #[arg(value_name = "QUERY")]
        query: Vec<String>,
        /// Name [default: the week, 2026-W47]
        #[arg(long)]
        name: Option<String>,
        /// How many conversations [default: 120], or what is to be found out, in words; may be given twice
        #[arg(long = "goal", value_name = "N|TEXT")]
        goals: Vec<String>,
        /// Who is to review it; may be given again
        #[arg(long = "reviewer", value_name = "NAME")]
        reviewers: Vec<String>,
        /// How often cycles come: weekly, fortnightly, monthly
        #[arg(long, value_parser = rhythm)]
        every: Option<Rhythm>,
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
        /// What is to be done next, in words
        #[arg(long, value_name = "TEXT")]
        plan: Option<String>,
        /// Only when it is done or a week old
        #[arg(long)]
        if_due: bool,
    },
}

fn rhythm(text: &str) -> Result<Rhythm, String> {
    Rhythm::from_name(text).ok_or_else(|| "weekly, fortnightly or monthly".to_owned())
}

pub(in crate::cli) fn run(cx: &mut Cx, args: &Args) -> Result<Exit> {
    let mut store = cx.store()?;
    match &args.command {
        None | Some(CycleCommand::List) => list(cx, &store)?,
        Some(CycleCommand::Open { query, name, goals, reviewers, every, if_due }) => {
            let scope = query::parse(&query::join(query))?;
            cx.note_unfelt(&store, &scope)?;
            let scope = if scope.terms.is_empty() { default_query() } else { scope }.to_string();
            let (goal, aim) = goal_of(goals)?;
            let (name, aim) = (name.as_deref(), aim.as_deref());
            let new = NewCycle { name, scope: &scope, goal, seed: cx.settings.seed, aim, every: *every, reviewers };
            open(cx, &mut store, &new, *if_due)?;
        }
        Some(CycleCommand::Show { cycle }) => {
            let row = shown(&store, cycle.as_deref())?;
            show(cx, &store, &row)?;
        }
        Some(CycleCommand::Close { cycle, plan, if_due }) => {
            close(cx, &mut store, cycle.as_deref(), plan.as_deref(), *if_due)?;
        }
    }
    Ok(Exit::Done)
}

/// What `--goal` says: how many, and what for.
fn goal_of(goals: &[String]) -> Result<(u64, Option<String>)> {
    let (mut number, mut words) = (None, None);
    for goal in goals {
        let twice = match goal.trim().parse::<u64>() {
            Ok(n) if (1..=bounds::ROWS).contains(&n) => number.replace(n).is_some(),
            Ok(_) => return Err(Usage::because(format!("--goal: a number from 1 to {}, or words", bounds::ROWS))),
            Err(_) if goal.trim().is_empty() => return Err(Usage::because("--goal: a number, or words")),
            Err(_) => words.replace(goal.clone()).is_some(),
        };
        if twice {
            return Err(Usage::because("--goal: one number and one sentence at most"));
        }
    }
    Ok((number.unwrap_or(GOAL), words))
}

fn open(cx: &mut Cx, store: &mut Store, new: &NewCycle<'_>, if_due: bool) -> Result<()> {
    let row = if if_due {
        match store.open_cycle_if_due(cx.reviewer(), cx.now, new)? {
            DueCycle::Opened(row) => *row,
            DueCycle::NotYet { says, next } => return nothing_due(cx, &says, next.map(|d| d.to_string())),
        }
    } else {
        store.open_cycle(cx.reviewer(), cx.now, new)?
    };
    if row.goal < new.goal {
        cx.note(&format!("{} finds no more than {}", new.scope, plural(row.goal, "conversation")));
    }
    let left_out = store.not_picked(new.scope, cx.now)?;
    if left_out > 0 {
        cx.note(&format!("{left_out} more that match are in test groups: a cycle takes only a random sample of those"));
    }
    let zone = store.zone()?;
    if cx.json {
        let mut value = with_due(&row, zone)?;
        value["opened"] = json!(true);
        return cx.out.json(&value);
    }
    print(cx, &row, zone)
}

/// A cycle in JSON, with the day on which the next is due.
fn with_due(row: &CycleRow, zone: Zone) -> Result<Value> {
    let mut value = serde_json::to_value(row)?;
    value["next_due"] = json!(row.every.due(row.opened_at, zone).to_string());
    Ok(value)
}

fn close(cx: &mut Cx, store: &mut Store, cycle: Option<&str>, plan: Option<&str>, if_due: bool) -> Result<()> {
    let row = match cycle {
        Some(name) => Some(store.cycle(name)?),
        None => store.open_cycle_row()?,
    };
    let Some(row) = row else {
        if if_due {
            return nothing_due(cx, "no cycle is open", store.next_cycle_due()?.map(|d| d.to_string()));
        }
        bail!("no cycle is open; `appraise cycle open` opens one");
    };
    let left = row.left();
    if if_due && row.closed_at.is_some() {
        return nothing_due(cx, &format!("cycle {} is closed already", row.name), None);
    }
    if if_due && left > 0 && cx.now.0 - row.opened_at.0 < WEEK {
        let says = format!(
            "cycle {} has {} left and was opened {}",
            row.name,
            plural(left, "item"),
            ago(row.opened_at, cx.now)
        );
        return nothing_due(cx, &says, None);
    }
    let row = store.close_cycle(cx.reviewer(), cx.now, row.id, plan)?;
    tell(cx, store, &row)?;
    cx.note(&format!("`appraise finetune --cycle {}` learns from it", row.name));
    Ok(())
}

fn ago(at: Timestamp, now: Timestamp) -> String {
    match Zone::default().ago(at, now) {
        age if age == "now" => "just now".to_owned(),
        age => format!("{age} ago"),
    }
}

fn nothing_due(cx: &mut Cx, says: &str, next: Option<String>) -> Result<()> {
    if cx.json {
        return cx.out.json(&json!({"due": false, "opened": false, "says": says, "next_due": next}));
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
    let next = if open { store.next_item(&ReviewScope::Cycle(row.id), None, cx.reviewer(), cx.now)? } else { None };
    let next = next.map(|n| store.conversation_key(n)).transpose()?;
    if cx.json {
        let mut value = story_json(cx, store, row)?;
        value["next"] = json!(next);
        return cx.out.json(&value);
    }
    tell(cx, store, row)?;
    next.map_or(Ok(()), |next| cx.out.line(text::clean(&format!("next    {next}"))))
}

fn story_json(cx: &Cx, store: &Store, row: &CycleRow) -> Result<Value> {
    let mut value = serde_json::to_value(store.cycle_story(row.id, cx.now)?)?;
    value["next_due"] = with_due(row, store.zone()?)?["next_due"].take();
    Ok(value)
}

/// What a cycle came to.
fn tell(cx: &mut Cx, store: &Store, row: &CycleRow) -> Result<()> {
    if cx.json {
        let value = story_json(cx, store, row)?;
        return cx.out.json(&value);
    }
    let story = store.cycle_story(row.id, cx.now)?;
    print(cx, row, store.zone()?)?;
    for line in lines(&story) {
        cx.out.line(text::clean(&line))?;
    }
    Ok(())
}

/// The story in lines.
fn lines(s: &CycleStory) -> Vec<String> {
    let mut out = Vec::new();
    let named = |all: Vec<String>| all.join(", ");
    if !s.people.is_empty() {
        let who = s.people.iter().map(|(name, n)| format!("{name} {}", count(*n))).collect();
        out.push(format!("worked  {}, in {}", named(who), seconds((s.minutes * 60.0).round() as u64)));
    }
    if s.left_by_day.len() > 1 {
        out.push(format!("left    {}", s.left_by_day.iter().map(u64::to_string).collect::<Vec<_>>().join(" ")));
    }
    if !s.found.is_empty() {
        out.push(format!("found   {}", named(s.found.iter().map(|l| format!("{} {}", l.name, count(l.n))).collect())));
    }
    if s.relabelled + s.corrected > 0 {
        out.push(format!("changed {} intents, {} answers", count(s.relabelled), count(s.corrected)));
    }
    if s.named > 0 {
        out.push(format!("said    {} intents where the log tells none", count(s.named)));
    }
    if let Some(run) = &s.run {
        let verdict = run.verdict.map_or("not compared", |v| v.name());
        out.push(format!(
            "run     v{}: {verdict}{}",
            run.release.0,
            if run.live_since.is_some() { ", live" } else { "" }
        ));
    }
    if let Some(before) = &s.before {
        if let Some(plan) = &before.plan {
            out.push(format!("planned {plan} ({})", before.name));
        }
        for t in &before.causes {
            let of = |r: &crate::domain::Rate| format!("{} of {}", count(r.num), count(r.den));
            out.push(format!("        {}: {} in {}, {} now", t.cause.label(), of(&t.then), before.name, of(&t.now)));
        }
    }
    out
}

fn list(cx: &mut Cx, store: &Store) -> Result<()> {
    let (rows, zone) = (store.cycles()?, store.zone()?);
    if cx.json {
        let rows = rows.iter().map(|r| with_due(r, zone)).collect::<Result<Vec<Value>>>()?;
        return cx.out.json(&rows);
    }
    if rows.is_empty() {
        return cx.out.line("no cycle yet; `appraise cycle open` opens one");
    }
    let mut table = WordTable::new(&["cycle", "opened", "closed", ">done", ">skipped", ">of", "release", "scope"]);
    for r in &rows {
        let day = |t: Timestamp| zone.date(t);
        table.row([
            r.name.clone(),
            day(r.opened_at),
            r.closed_at.map_or("open".to_owned(), day),
            count(r.done),
            count(r.skipped),
            count(r.goal),
            r.release.map_or("–".to_owned(), |v| format!("v{}", v.0)),
            r.scope.clone(),
        ]);
    }
    table.print(&mut cx.out)
}

fn print(cx: &mut Cx, r: &CycleRow, zone: Zone) -> Result<()> {
    let state = r.closed_at.map_or("open".to_owned(), |t| format!("closed {}", zone.stamp(t)));
    let skipped = if r.skipped > 0 { format!(", {} skipped", count(r.skipped)) } else { String::new() };
    let mut table = WordTable::new(&["", ""]);
    table.row(["cycle", &format!("{} ({state})", r.name)]);
    table.row(["scope", &r.scope]);
    if let Some(aim) = &r.aim {
        table.row(["goal", aim]);
    }
    table.row(["opened", &format!("{} by {}", zone.stamp(r.opened_at), r.opened_by)]);
    table.row(["done", &format!("{} of {}{skipped}", count(r.done), count(r.goal))]);
    if !r.reviewers.is_empty() {
        table.row(["reviewers", &r.reviewers.join(", ")]);
    }
    if let Some(release) = r.release {
        table.row(["trained", &format!("v{}", release.0)]);
    }
    if let Some(plan) = &r.plan {
        table.row(["plan", plan]);
    }
    table.row(["next due", &format!("{} ({})", r.every.due(r.opened_at, zone), r.every)]);
    table.print(&mut cx.out)
}
