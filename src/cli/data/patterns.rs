//! `appraise patterns`

use crate::cli::data::topics;
use crate::cli::frame::bounds;
use crate::cli::frame::context::Cx;
use crate::cli::frame::exit::{Exit, Usage};
use crate::cli::output::figures::{count, counts_line, percent, plural, rate};
use crate::cli::output::json::Tone;
use crate::cli::output::progress::Progress;
use crate::cli::output::table::WordTable;
use crate::domain::{PatternView, Rate, RateMovement};
use crate::jobs;
use crate::store::{PatternLine, PatternPage, Store};
use crate::text;
use anyhow::Result;
use clap::ValueEnum;
use clap::builder::PossibleValue;
use std::path::PathBuf;

const HELP: &str = "\
What fails and where, counted over everything of the last days (of all times, where the log has none), test groups included. Every line is a query: `appraise queue \
QUERY` lists exactly its conversations.

failed: failures that have something in common, found without labels from what was asked, answered and called, over half a year; \
the same pattern keeps its number (cluster:12). An answer or an error is a pattern only where its conversations fail more than others do \
(Fisher's exact test, each customer once, corrected for all that were looked at); requests that fail as the rest does come after those. intents: each with how it ended. confused: who is taken for whom. causes: as \
reviewers say. segments: languages and channels, the largest differences first (of two that hold nearly all, the one that fails more), corrected for looking at many. handovers: right \
and avoidable. returned: resolved, and the customer came back within seven days. topics: what customers came for where the log has no intents, by \
a list of yours: --propose groups first requests in two levels and writes group,intent,description,example; rename, merge (the same \
name) and delete lines, then --accept it; what customers said is masked unless --reveal says otherwise. actions: what was handed out, and \
whether it fell (as `action list`). A topic is the conversation's intent wherever no reviewer and no log names one.

An action (`appraise help action`) of a line is shown with it.

Examples:
  appraise patterns
  appraise patterns segments --days 90
  appraise patterns failed --json | jq -r '.[0].query'
  appraise patterns topics --propose --out topics.csv && $EDITOR topics.csv && appraise patterns topics --accept topics.csv

JSON: a list of {\"name\",\"n\",\"share\",\"query\"} and, where they apply, \"kind\", \"before\" (n of the period before), \"trend\" (13 \
fortnights, null where the log had not begun), \"new\", \"example\", \"intents\", \"causes\", \"repaired_by\", \"outcomes\" (resolved, escalated, failed, abandoned), \"failing\", \
\"csat\", \"opportunity\", \"evidence\":{\"failed\",\"n\",\"rest_failed\",\"rest_n\",\"clear\",\"outcomes\"} (how many of the conversations \
with it failed, and of the others, in half a year), \"more_examples\", \"segment\":{\"failing\",\"elsewhere\",\"more\",\"p\"}, \"cumulative\" (of a cause: its share and those of all larger ones), \"failing_trend\" (shares of \
13 fortnights, null below 10 conversations), \"of_logged\" (of those that the log calls so and of which the same side says what was meant), \
\"detection\" (of a mode: as `detect`, with \"at\" and \"judged_since\"), \"description\", \
\"action\" and \"effect\" (as `action list`); topics --propose: a list of {\"group\",\"intent\",\"description\",\"example\",\"n\"}; --accept: {\"version\",\"topics\",\
\"new_intents\",\"conversations\"} (that are on a topic). share is of what the list is about, null where it has no whole.";

/// What fails and where: patterns, intents, causes, segments
#[derive(Debug, clap::Args)]
#[command(after_long_help = HELP)]
pub(in crate::cli) struct Args {
    /// What to list
    #[arg(default_value = "failed")]
    view: PatternView,
    /// Calendar days up to the newest finished conversation
    #[arg(long, value_name = "N", default_value_t = 28, value_parser = bounds::up_to(1..=36_500))]
    days: usize,
    /// Count what was found last time instead of looking for patterns anew
    #[arg(long)]
    kept: bool,
    /// topics: group what customers came for, and write a list to go through
    #[arg(long, conflicts_with = "accept")]
    propose: bool,
    /// topics: where the proposed list is written
    #[arg(long, value_name = "FILE", requires = "propose")]
    out: Option<PathBuf>,
    /// topics: accept the list in this file
    #[arg(long, value_name = "FILE")]
    accept: Option<PathBuf>,
    /// Show what customers said as it is, not masked
    #[arg(long)]
    reveal: bool,
    /// Replace what --out names
    #[arg(long, requires = "out")]
    force: bool,
}

impl ValueEnum for PatternView {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.name()))
    }
}

pub(in crate::cli) fn run(cx: &mut Cx, args: &Args) -> Result<Exit> {
    if (args.propose || args.accept.is_some()) && args.view != PatternView::Topics {
        return Err(Usage::because("--propose and --accept are for topics: `appraise patterns topics --propose`"));
    }
    match &args.accept {
        Some(file) => return topics::accept(cx, file),
        None if args.propose => return topics::propose(cx, args.out.as_deref(), args.force, args.reveal),
        None => {}
    }
    let store = cx.store()?;
    cx.note_days(&store, true)?;
    if args.view == PatternView::Topics {
        topics::bring_up(cx, &store)?;
    }
    let rests_on_patterns = matches!(args.view, PatternView::Failed | PatternView::Handovers | PatternView::Causes);
    if rests_on_patterns && !args.kept {
        find_again(cx, &store)?;
    }
    let mut page = store.figures().patterns(args.view, args.days as i64, cx.now)?;
    if !args.reveal {
        let said = page.lines.iter_mut().flat_map(|l| l.example.iter_mut().chain(&mut l.more_examples));
        said.for_each(|text| *text = text::redact(text).into_owned());
    }
    if let Some(missing) = page.missing {
        cx.note(missing);
    }
    if page.is_proposed && !page.lines.is_empty() {
        cx.note(
            "these topics are proposed, not accepted yet: --propose --out FILE writes them as a list to go through, --accept FILE \
             accepts it",
        );
    }
    if cx.json {
        cx.out.json(&page.lines)?
    } else {
        print(cx, args, &page)?
    }
    Ok(Exit::Done)
}

/// Looks for patterns anew, where the store may be written.
pub(in crate::cli) fn find_again(cx: &Cx, store: &Store) -> Result<()> {
    if store.is_read_only() {
        cx.note("the store is read-only: these are the patterns that were found last time");
        return Ok(());
    }
    let embedder = cx.embedder(None)?;
    let progress = Progress::new(cx);
    jobs::find_patterns(store, embedder.as_deref(), cx.now, cx.settings.seed, &progress)?;
    Ok(())
}

fn print(cx: &mut Cx, args: &Args, page: &PatternPage) -> Result<()> {
    // What is missing was said; none of nothing would be a number.
    if page.missing.is_some() {
        return Ok(());
    }
    let (whole, n) = page.whole;
    let when = page.days.map_or_else(|| "of all times".to_owned(), |days| format!("of the last {days} days"));
    let handed = page.handed_over(count).map_or_else(String::new, |says| format!(": {says}"));
    let head = match args.view {
        PatternView::Actions => format!("{} {whole}", count(n)),
        PatternView::Topics if page.is_proposed && !page.lines.is_empty() => {
            let all = crate::cli::output::figures::plural(n, "conversation");
            format!("{all} {when} {whole}; proposed, not accepted yet")
        }
        _ => {
            let (all, of) = match page.among {
                Some(all) => (all, format!("{} of ", count(n))),
                None => (n, String::new()),
            };
            format!("{of}{} {when} {whole}{handed}", plural(all, "conversation"))
        }
    };
    if !page.is_unknown() {
        let head = cx.out.paint(Tone::Heading, &head);
        cx.out.line(head)?;
        cx.out.line("")?;
    }
    if let Some(why) = page.nothing.as_ref().filter(|_| page.lines.is_empty()) {
        return cx.out.line(why);
    }
    if args.view == PatternView::Topics && page.lines.is_empty() {
        return cx.out.line(
            "No list of topics yet. Where the log has no intents, `appraise patterns topics --propose --out topics.csv` groups what \
             customers came for and writes one to go through.",
        );
    }
    let table = match args.view {
        PatternView::Failed => patterns(page),
        PatternView::Intents => intents(page),
        PatternView::Segments => segments(page),
        PatternView::Confused => taken_for(page),
        PatternView::Causes | PatternView::Handovers | PatternView::Returned => plain(page),
        PatternView::Topics => on_topics(page),
        PatternView::Actions => acted(page),
    };
    table.print(&mut cx.out)?;
    if let Some(note) = &page.note {
        let note = cx.out.paint(Tone::Muted, note);
        cx.out.line("")?;
        cx.out.line(note)?;
    }
    if let Some(line) = page.lines.first() {
        let foot =
            cx.out.paint(Tone::Muted, &format!("each line is a query; the first: appraise queue {}", line.query));
        cx.out.line("")?;
        cx.out.line(foot)?;
    }
    Ok(())
}

/// Who was given a line.
fn given(line: &PatternLine) -> String {
    line.action.as_ref().map_or_else(String::new, |a| a.words())
}

fn share(line: &PatternLine) -> String {
    line.share.map_or_else(String::new, percent)
}

fn patterns(page: &PatternPage) -> WordTable {
    let mut table = WordTable::new(&[
        "what failed",
        ">conv.",
        ">share",
        ">before",
        "half a year",
        "who can repair it",
        "given to",
        "query",
    ]);
    for (at, line) in page.lines.iter().enumerate() {
        if let Some((_, title)) = page.rest().filter(|(from, _)| *from == at) {
            table.row([title, "", "", "", "", "", "", ""]);
        }
        let before = if line.new { "new".to_owned() } else { line.before.map_or_else(String::new, count) };
        let query = line.query.split(' ').next().filter(|q| q.starts_with("cluster:")).unwrap_or_default();
        let (by, trend) = (line.repairer(), counts_line(&line.trend));
        table.row([&line.name, &count(line.n), &share(line), &before, &trend, &by, &given(line), query]);
    }
    table
}

fn intents(page: &PatternPage) -> WordTable {
    let mut table = WordTable::new(&[
        "intent",
        ">conv.",
        ">failed or handed over",
        ">95 %",
        ">resolved",
        ">left",
        ">CSAT 4-5",
        ">worth",
    ]);
    for line in &page.lines {
        let [resolved, _, _, left] = line.outcomes.unwrap_or_default();
        let (failing, interval) = line
            .failing
            .map_or_else(Default::default, |f| (rate(f.num, f.den), crate::cli::output::figures::interval(&f)));
        let csat = line.csat.map_or_else(|| "–".to_owned(), |c| rate(c.num, c.den));
        let worth = line.opportunity.map_or_else(|| "–".to_owned(), |o| format!("{:.1} pt", 100.0 * o));
        table.row([&line.name, &count(line.n), &failing, &interval, &count(resolved), &count(left), &csat, &worth]);
    }
    table
}

fn segments(page: &PatternPage) -> WordTable {
    let mut table =
        WordTable::new(&["where", ">conv.", ">failed or handed over", ">elsewhere", ">more", "", "half a year"]);
    for line in &page.lines {
        let Some(s) = line.segment else { continue };
        let (more, says) = match (s.more, s.p) {
            (Some(m), Some(p)) => {
                let by = format!("{:+.1} pt", 100.0 * m.delta);
                let says = match m.moved() {
                    RateMovement::Up if p < 0.05 => "fails more",
                    RateMovement::Down if p < 0.05 => "fails less",
                    _ => "may be chance",
                };
                (by, says)
            }
            _ => (String::new(), "too few to tell"),
        };
        let elsewhere = s.elsewhere.value().map_or_else(|| "–".to_owned(), percent);
        // Shares, of which some are not known, as counts out of ten thousand.
        let trend = counts_line(&line.failing_trend.iter().map(|s| s.map(|s| (1e4 * s) as u64)).collect::<Vec<_>>());
        table.row([&line.name, &count(line.n), &rate(s.failing.num, s.failing.den), &elsewhere, &more, says, &trend]);
    }
    table
}

fn on_topics(page: &PatternPage) -> WordTable {
    let mut table = WordTable::new(&["topic", ">conv.", ">share", ">failed or handed over", "about", "for example"]);
    for line in &page.lines {
        let failing = line.failing.map_or_else(String::new, |f| rate(f.num, f.den));
        let (says, example) = (line.says.as_deref().unwrap_or_default(), line.example.as_deref().unwrap_or_default());
        table.row([&line.name, &count(line.n), &share(line), &failing, says, example]);
    }
    table
}

fn acted(page: &PatternPage) -> WordTable {
    let mut table = WordTable::new(&["what was handed out", "who has it", ">before", ">after", ">change"]);
    for (line, e) in page.lines.iter().filter_map(|l| Some((l, l.effect.as_ref()?))) {
        let side = |r: &Rate| rate(r.num, r.den);
        let change = e.change.map_or_else(String::new, |c| format!("{:+.1} pt", 100.0 * c.delta));
        table.row([&line.name, &given(line), &side(&e.before.rate), &side(&e.after.rate), &change]);
    }
    table
}

fn taken_for(page: &PatternPage) -> WordTable {
    let mut table = WordTable::new(&["meant, and what it was taken for", ">conv.", ">of logged so", "given to"]);
    for line in &page.lines {
        let of = line.of_logged.map_or_else(String::new, |r| rate(r.num, r.den));
        table.row([&line.name, &count(line.n), &of, &given(line)]);
    }
    table
}

fn plain(page: &PatternPage) -> WordTable {
    let mut table = WordTable::new(&["", ">conv.", ">share", "who can repair it", "given to"]);
    for line in &page.lines {
        // Part of the cause above it.
        let name = if line.name.starts_with("mode: ") { format!("└ {}", line.name) } else { line.name.clone() };
        table.row([&name, &count(line.n), &share(line), &line.repairer(), &given(line)]);
    }
    table
}
