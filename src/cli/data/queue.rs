//! `appraise queue`

use super::views;
use crate::cli::frame::bounds;
use crate::cli::frame::context::Cx;
use crate::cli::frame::exit::{Exit, Usage};
use crate::cli::frame::query;
use crate::cli::output::csv::{Cell, CsvFlags, CsvOutput, number};
use crate::cli::output::figures::count;
use crate::cli::output::json::Tone;
use crate::cli::output::table::WordTable;
use crate::domain::{ConversationId, Filter, Outcome, Query, QueueOrder, Review, TestGroups, Timestamp, Zone};
use crate::store::{PageStart, QueueRow, SearchState, Store, default_query};
use anyhow::Result;
use serde::Serialize;

/// Rows that are listed, unless somebody says how many or asks for all that a query finds in a form for programs.
const LISTED: usize = 50;
/// Rows a page while a long list is read.
const PAGE: usize = 1_000;

const SETS: &str = "\
Without a QUERY the queue shows what the screen shows: outcome:failed,escalated status:open test:hidden. With a QUERY, or \
with --all, it shows test groups too (a fifth of all customers, from which the AI never learns) and says how many; test:hidden \
leaves them out, test:only shows nothing else. No order changes what is found.

since:7d, before:2w: calendar days in the store's zone (`appraise zone`), the last of which is that of the newest finished \
conversation, as on the Overview; since:12h counts back from now. What lies more than a day ahead of now is in no since:.";

const EXAMPLES: &str = "\
Examples:
  appraise queue
  appraise queue refund since:7d -channel:phone --sort newest
  appraise queue --all --limit 0 --csv --bom > all.csv
  appraise queue --views
  appraise queue --view 'failed or handed over this week' -channel:phone

Views are those of the screen: the shipped ones and your own (--as NAME). Where the store is older than a week, \"this \
week\" counts back from the newest conversation. A QUERY beside --view narrows it down.

JSON of --views: list of {\"name\",\"query\",\"sort\",\"count\",\"own\",\"note\"}; count is null where the view has no data yet.
JSON: list of {\"id\",\"n\",\"outcome\",\"intent\",\"logged\",\"suggested\",\"confidence\",\"written\",\"text\",\"status\",\"value\",\"why\",\"test_group\"} \
intent is the conversation's (a reviewer's label, else the log's), logged the AI's word on the failing turn, suggested and confidence are the live model's (else the log's confidence), why a list of reasons. written is the language of what the customer writes (el, el-Latn, en …), else the log's.";

/// What the help says below the options. The fields are those that the parser knows.
fn help() -> String {
    let fields: Vec<String> = Query::KEYS.iter().map(|k| format!("  {:<10} {}", k.name, k.help)).collect();
    let fields = fields.join("\n");
    let how = "A query: words, \"phrases\", and these fields (commas list alternatives, - before one negates it):";
    format!("{SETS}\n\n{how}\n{fields}\n\n{EXAMPLES}")
}

/// List conversations, the most worth reviewing first
#[derive(Debug, clap::Args)]
#[command(after_long_help = help())]
pub(in crate::cli) struct Args {
    /// What to list, in the query language
    #[arg(value_name = "QUERY")]
    query: Vec<String>,
    /// Everything, whatever its outcome and state
    #[arg(long, conflicts_with = "query")]
    all: bool,
    /// A saved view: its query and its order
    #[arg(long, value_name = "NAME", conflicts_with = "all")]
    view: Option<String>,
    /// List the saved views with their counts
    #[arg(long, conflicts_with_all = ["query", "all", "view", "sort", "limit", "csv"])]
    views: bool,
    /// Order: value, newest, oldest, confidence, outcome, csat, sentiment, intent, status, relevance; up to three with commas, - before one turns it round [default: value; with --all newest]
    #[arg(long, value_name = "ORDER", value_parser = str::parse::<QueueOrder>)]
    sort: Option<QueueOrder>,
    /// At most this many; 0 for all [default: 50; of a QUERY as JSON or CSV all]
    #[arg(long, value_name = "N", value_parser = bounds::up_to(0..=bounds::ROWS))]
    limit: Option<usize>,
    #[command(flatten)]
    format: CsvFlags,
}

/// One row as JSON and CSV have it.
#[derive(Serialize)]
struct QueueLine<'a> {
    id: &'a str,
    n: ConversationId,
    outcome: Outcome,
    intent: Option<&'a str>,
    logged: Option<&'a str>,
    suggested: Option<&'a str>,
    confidence: Option<f64>,
    written: Option<&'a str>,
    text: &'a str,
    status: Review,
    value: f64,
    why: &'a [&'static str],
    test_group: bool,
}

pub(in crate::cli) fn run(cx: &mut Cx, args: &Args) -> Result<Exit> {
    if args.format.csv && cx.json {
        return Err(Usage::because("--csv and --json are two forms of one answer; choose one"));
    }
    if args.views {
        return views::list(cx).map(|()| Exit::Done);
    }
    let asked = query::parse(&query::join(&args.query))?;
    let store = cx.store()?;
    let view = args.view.as_deref().map(|name| views::find(cx, &store, name)).transpose()?;
    let order = match (&view, args.all) {
        (Some(view), _) => view.sort,
        (None, true) => QueueOrder::NEWEST,
        (None, false) => QueueOrder::VALUE,
    };
    let order = args.sort.unwrap_or(order);
    let query = match &view {
        Some(view) => views::narrowed(view, asked)?,
        None if !args.all && asked.terms.is_empty() => default_query(),
        None => asked,
    };
    if let Some(note) = view.as_ref().and_then(|v| v.note.as_ref()) {
        cx.note(&format!("the store is older than a week: {note}"));
    }
    if args.query.is_empty() && !args.all {
        cx.note(&format!("listing {query}; give a QUERY, or --all"));
    }
    if view.as_ref().is_none_or(|v| v.note.is_none()) {
        cx.note_days(&store, query.counts_days())?;
    }
    note_search(cx, &store, &query)?;
    cx.note_unfelt(&store, &query)?;
    let for_programs = cx.json || args.format.csv;
    let limit = args.limit.unwrap_or(if for_programs && !args.query.is_empty() { 0 } else { LISTED });
    let rows = read(&store, &query, order, limit, cx.now)?;
    if rows.is_empty() {
        store.must_have_numbers(&query)?;
    }
    let total = store.queue_count(&query, cx.now)?;
    let groups = of_test_groups(cx, &store, &query, rows.is_empty())?;
    if for_programs {
        groups.iter().for_each(|words| cx.note(words));
        if (rows.len() as u64) < total {
            cx.note(&format!("{} of {} are listed; --limit 0 lists all", count(rows.len() as u64), count(total)));
        }
    }
    if cx.json {
        return cx.out.json(&rows.iter().map(QueueLine::from).collect::<Vec<_>>()).map(|()| Exit::Done);
    }
    if args.format.csv {
        return print_csv(cx, &args.format, &rows).map(|()| Exit::Done);
    }
    if rows.is_empty() {
        let nothing = "nothing matches; `appraise queue --all` lists everything";
        return cx.out.line(groups.as_deref().unwrap_or(nothing)).map(|()| Exit::Done);
    }
    print(cx, &rows, (total, groups), order, store.zone()?)?;
    Ok(Exit::Done)
}

/// How many of those found are of test groups; where none is found, how many are hidden. `None`: nothing to say.
fn of_test_groups(cx: &Cx, store: &Store, query: &Query, none: bool) -> Result<Option<String>> {
    if query.hides_test_groups() {
        let hidden = if none { store.hidden(query, cx.now)? } else { 0 };
        return Ok((hidden > 0).then(|| {
            let those = if hidden == 1 {
                "1 of a test group is".to_owned()
            } else {
                format!("{} of test groups are", count(hidden))
            };
            format!(
                "nothing matches outside the test groups; {those} hidden: test:shown in place of test:hidden shows them"
            )
        }));
    }
    let theirs = store.queue_count(&query.with(Filter::Test(TestGroups::Only)), cx.now)?;
    Ok((theirs > 0).then(|| match theirs {
        1 => "1 of these is of a test group".to_owned(),
        n => format!("{} of these are of test groups", count(n)),
    }))
}

/// Says when words may not find everything yet.
fn note_search(cx: &mut Cx, store: &Store, query: &Query) -> Result<()> {
    let worded = query.terms.iter().any(|t| matches!(t.filter, Filter::Words(_) | Filter::Phrase(_)));
    let search = if worded { store.search_state()? } else { SearchState::default() };
    if !search.is_complete() {
        cx.note(&format!(
            "search covers {} % of the conversations so far, the newest first; `appraise` and `appraise import` go on with it",
            search.percent()
        ));
    }
    Ok(())
}

fn read(store: &Store, query: &Query, order: QueueOrder, limit: usize, now: Timestamp) -> Result<Vec<QueueRow>> {
    let limit = if limit == 0 { usize::MAX } else { limit };
    let mut rows: Vec<QueueRow> = Vec::new();
    let mut place = PageStart::Start;
    loop {
        let page = store.queue_page(query, order, place, PAGE.min(limit - rows.len()), now)?;
        rows.extend(page.rows);
        match rows.last() {
            Some(last) if page.after && rows.len() < limit => place = PageStart::After(last.cursor),
            _ => return Ok(rows),
        }
    }
}

impl<'a> From<&'a QueueRow> for QueueLine<'a> {
    fn from(r: &'a QueueRow) -> Self {
        Self {
            id: &r.id,
            n: r.n,
            outcome: r.outcome,
            intent: r.intent.as_deref(),
            logged: r.logged.as_deref(),
            suggested: r.suggested.as_deref(),
            confidence: r.confidence,
            written: r.language.as_deref(),
            text: &r.text,
            status: r.status,
            value: r.value,
            why: &r.why,
            test_group: r.test_group,
        }
    }
}

fn print_csv(cx: &mut Cx, format: &CsvFlags, rows: &[QueueRow]) -> Result<()> {
    const HEADINGS: [&str; 12] = [
        "id",
        "n",
        "outcome",
        "intent",
        "logged",
        "suggested",
        "confidence",
        "text",
        "status",
        "value",
        "why",
        "test_group",
    ];
    let mut csv = CsvOutput::new(format, &HEADINGS)?;
    for r in rows {
        csv.row([
            Cell::Text(&r.id),
            number(Some(r.n.0)),
            number(Some(r.outcome)),
            Cell::Text(r.intent.as_deref().unwrap_or_default()),
            Cell::Text(r.logged.as_deref().unwrap_or_default()),
            Cell::Text(r.suggested.as_deref().unwrap_or_default()),
            number(r.confidence),
            Cell::Text(&r.text),
            number(Some(r.status)),
            number(Some(r.value)),
            Cell::Plain(r.why.join("; ")),
            number(Some(r.test_group)),
        ])?;
    }
    csv.print(&mut cx.out)
}

fn print(
    cx: &mut Cx,
    rows: &[QueueRow],
    (total, groups): (u64, Option<String>),
    sort: QueueOrder,
    zone: Zone,
) -> Result<()> {
    let mut table =
        WordTable::new(&[">#", "when", "outcome", "intent → suggested", ">conf", "status", "customer said"]);
    for r in rows {
        table.row([
            r.n.0.to_string(),
            r.at.map_or("–".to_owned(), |at| zone.ago(at, cx.now)),
            r.outcome.to_string(),
            intents(r),
            r.confidence.map_or("–".to_owned(), |c| format!("{c:.2}")),
            r.status.to_string(),
            r.text.clone(),
        ]);
    }
    table.print(&mut cx.out)?;
    let groups = groups.map(|g| format!("; {g}")).unwrap_or_default();
    let foot = format!("{} of {}, sorted by {}{groups}", count(rows.len() as u64), count(total), sort);
    let foot = cx.out.paint(Tone::Muted, &foot);
    cx.out.line(foot)
}

fn intents(r: &QueueRow) -> String {
    let logged = match &r.intent {
        Some(intent) => intent,
        None if r.fallback => "fallback",
        None => "–",
    };
    match &r.suggested {
        Some(suggested) if suggested != logged => format!("{logged} → {suggested}"),
        _ => logged.to_owned(),
    }
}
