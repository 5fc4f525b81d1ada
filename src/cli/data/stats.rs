//! `appraise stats`

use super::audited;
use crate::cli::frame::context::Cx;
use crate::cli::frame::exit::Exit;
use crate::cli::frame::query;
use crate::cli::output::answers::{listed, ranked};
use crate::cli::output::figures::{count, interval, percent, plural, rate};
use crate::cli::output::json::Tone;
use crate::cli::output::table::WordTable;
use crate::domain::{QueryMoment, Rate, Zone};
use crate::report::stats_value;
use crate::store::{AllTraffic, CountedWeek, SegmentBy, StoreStats};
use crate::text;
use anyhow::Result;

/// Where more than this share of outcomes is unknown, rates say little.
const TOO_UNKNOWN: f64 = 0.2;

/// Rates as people read them, in their order.
const RATES: [(&str, &str); 12] = [
    ("resolution", "resolution"),
    ("resolution_confirmed", "  confirmed"),
    ("resolution_assumed", "  assumed"),
    ("durable_resolution", "durable resolution"),
    ("escalation", "escalation"),
    ("failure", "failure"),
    ("abandonment", "abandonment"),
    ("containment", "containment"),
    ("reopen", "reopen"),
    ("fallback", "fallback (turns)"),
    ("csat", "CSAT 4-5"),
    ("csat_response", "CSAT answered"),
];

const HELP: &str = "\
N counts finished conversations in which the AI took part; test traffic, pending and unknown outcomes are excluded and \
counted beside it, and so is what lies more than a day ahead of now. Where a log says of nothing how it ended, and only thanks (or only \
failures) can be told, there is no rate of how conversations ended: \"needs\" says so. --since 7d: the last seven calendar days up to the newest \
finished conversation, as on the Overview; days, weeks and months are those of the store's zone (`appraise zone`). Every rate has its numerator, denominator and 95 % Wilson interval; of fewer than 30 the counts \
alone stand in the text. \
Of weeks that `import --traffic` counted, all conversations count; those of a sample stand for 1 / probability each, with intervals to \
match, and \"all traffic\" says how many of them are reviewed.
Rates that need people are told from the audit items of all closed cycles, four at least, and where the live release (or what was \
counted in training groups) knows something of them, surer beside it (prediction-powered inference).

Examples:
  appraise stats --since 7d
  appraise stats --by intent --json
  appraise stats --by month --tz Asia/Nicosia

JSON: {\"n\",\"zone\",\"since\",\"excluded\":{\"unknown\",\"pending\",\"not_traffic\",\"no_ai\",\"ahead\"},\"outcomes\":{\"resolved\",\"escalated\",\"failed\",\"abandoned\"}, \
\"rates\":{NAME:{\"num\",\"den\",\"lo\",\"hi\"}},\"accuracy\":[{\"release\",\"week\",\"accuracy\",\"n\"}],\"needs\":{NAME:\"why there is no rate\"}, \
\"all_traffic\":{\"weeks\":[{\"source\",\"week\"}],\"cut\",\"stored\",\"reviewed\",\"of_the_sample\"} (only where not every conversation is stored), \
\"weeks\":[{\"week\",\"n\",\"outcomes\",\"rates\"}]}; --by month: \"months\":[{\"month\",…}]; others: \"segments\":[{\"intent\",…}]; --by response adds \"by_intent\": what \
`appraise responses rank --json` gives under \"answers\", of the same days: what followed each answer to an intent. It is association, not cause. \
\"audited\":{\"cycles\",\"why\",\"intent_accuracy\":R,\"false_resolutions\":R,\"causes\":[{\"cause\",\"rate\":R}]}, \
R = {\"audit\":{\"value\",\"lo\",\"hi\",\"m\",\"yes\",\"groups\"},\"powered\":{\"value\",\"lo\",\"hi\",\"lambda\",\"effective_labels\",\"gain\",\"n\"},\"why\"} \
(powered: null unless it is at least as sure).";

/// Rates with their denominators, over time or by segment
#[derive(Debug, clap::Args)]
#[command(after_long_help = HELP)]
pub(in crate::cli) struct Args {
    /// Last activity at or after: 7d, 2w, 12h, 2026-03-01
    #[arg(long, value_name = "TIME", value_parser = query::when)]
    since: Option<QueryMoment>,
    /// Segments: week, month, intent, channel, language (what customers write: el, el-Latn, en …), response or cause
    #[arg(long, value_name = "WHAT", default_value = "week", value_parser = by)]
    by: SegmentBy,
    /// Count days, weeks and months in this zone, for this answer: UTC, +02:00 or Europe/Nicosia [default: the store's, see `appraise zone`]
    #[arg(long, value_name = "ZONE")]
    tz: Option<Zone>,
}

fn by(name: &str) -> Result<SegmentBy, String> {
    let found = SegmentBy::ALL.into_iter().find(|b| b.name() == name);
    found.ok_or_else(|| format!("write one of {}", SegmentBy::ALL.map(SegmentBy::name).join(", ")))
}

pub(in crate::cli) fn run(cx: &mut Cx, args: &Args) -> Result<Exit> {
    let store = cx.store()?;
    cx.note_days(&store, matches!(args.since, Some(QueryMoment::Days(_))))?;
    let stats = store.figures().stats(args.since, args.by, args.tz, cx.now)?;
    if stats.all_ahead {
        cx.note("all of this lies ahead of now; is the clock of this machine right? --now TIME says what time it is");
    }
    let audited = store.figures().audited(cx.settings.seed)?;
    let answers = if args.by == SegmentBy::Response { Some(ranked(cx, &store, args.since)?) } else { None };
    if cx.json {
        let mut value = stats_value(&stats, args.by)?;
        value["audited"] = serde_json::to_value(&audited)?;
        if let Some(page) = &answers {
            value["by_intent"] = listed(page, &page.answers)?;
        }
        cx.out.json(&value)?
    } else {
        print(cx, &stats, args.by)?;
        if answers.is_some() {
            let says = "above, a conversation counts once, with the answer to the turn that Review judges (where a person took over instead, to the latest before it that got one); in the tables below with every answer in it";
            let says = cx.out.paint(Tone::Muted, says);
            cx.out.line(says)?;
        }
        audited::print(cx, &audited)?;
        if let Some(page) = &answers {
            cx.out.line("")?;
            crate::cli::output::answers::print(cx, page)?;
        }
    }
    Ok(Exit::Done)
}

fn print(cx: &mut Cx, stats: &StoreStats, by: SegmentBy) -> Result<()> {
    let e = &stats.excluded;
    let n = cx.out.paint(Tone::Heading, &format!("{} with the AI", plural(stats.all.n, "finished conversation")));
    let out = [
        ("unknown", e.unknown),
        ("pending", e.pending),
        ("not traffic", e.not_traffic),
        ("without the AI", e.no_ai),
        ("ahead of now", e.ahead),
    ];
    let out: Vec<String> = out.iter().map(|(name, n)| format!("{name} {}", count(*n))).collect();
    cx.out.line(format!("{n}   (not counted: {})", out.join(", ")))?;
    if let Some(rests) = &stats.all_traffic {
        all_traffic(cx, rests, stats.all.n)?;
    }
    let too_unknown = stats.all.rates.get("unknown").and_then(Rate::value).is_some_and(|share| share > TOO_UNKNOWN);
    let misleads = match stats.one_kind {
        Some(kind) => {
            let helped = stats.all.outcomes.resolved;
            Some(kind.says((helped, stats.all.n - helped), stats.all.n + e.unknown, count))
        }
        None => too_unknown.then(|| "the outcome of more than a fifth is unknown: these rates say little".to_owned()),
    };
    if let Some(words) = misleads {
        let words = cx.out.paint(Tone::Bad, &words);
        cx.out.line(words)?;
        if let Some(kind) = stats.one_kind {
            cx.out.line(kind.missing())?;
        }
    }
    cx.out.line("")?;
    let mut table = WordTable::new(&["", "", ""]);
    for (key, label) in RATES {
        match (stats.all.rates.get(key), stats.needs.get(key)) {
            (Some(r), _) if r.den > 0 && !r.is_enough() => table.row([label, &few(r), ""]),
            (Some(r), _) => table.row([label, &rate(r.num, r.den), &interval(r)]),
            (None, Some(needs)) => table.row([label, needs, ""]),
            (None, None) => {}
        }
    }
    table.print(&mut cx.out)?;
    segments(cx, stats, by)?;
    accuracy(cx, stats)
}

/// A rate of so few that a per cent says more than is known.
fn few(rate: &Rate) -> String {
    format!("{} of {}", count(rate.num), count(rate.den))
}

/// What the rates rest on where not every conversation is stored.
fn all_traffic(cx: &mut Cx, rests: &AllTraffic, n: u64) -> Result<()> {
    let head = cx.out.paint(Tone::Heading, "all traffic");
    cx.out.line(format!("{head}: the {} reviewed of {}", count(rests.reviewed), count(n)))?;
    let named = |weeks: &[CountedWeek]| {
        let names: Vec<String> =
            weeks.iter().take(8).map(|w| format!("{} of {}", w.week, text::clean(&w.source))).collect();
        let more = weeks.len().saturating_sub(names.len());
        if more > 0 { format!("{} and {} more", names.join(", "), count(more as u64)) } else { names.join(", ") }
    };
    if !rests.weeks.is_empty() {
        cx.out.line(format!("counted whole: {}", named(&rests.weeks)))?;
    }
    if !rests.cut.is_empty() {
        let words = "only in part in this time, so that what is stored of them is weighed instead";
        cx.out.line(format!("{words}: {}", named(&rests.cut)))?;
    }
    let of: Vec<String> = rests.of_the_sample.iter().map(|name| name.replace('_', " ")).collect();
    cx.out.line(format!("of the {} that are stored: {}", plural(rests.stored, "conversation"), of.join(", ")))
}

fn segments(cx: &mut Cx, stats: &StoreStats, by: SegmentBy) -> Result<()> {
    if stats.segments.is_empty() {
        return Ok(());
    }
    cx.out.line("")?;
    let zone = match by {
        SegmentBy::Week | SegmentBy::Month if stats.zone != Zone::default() => format!(" ({})", stats.zone),
        _ => String::new(),
    };
    let head = cx.out.paint(Tone::Muted, &format!("by {}{zone}", by.name()));
    cx.out.line(head)?;
    let mut table = WordTable::new(&[by.name(), ">n", ">resolved", ">escalated", ">failed", ">abandoned", ">CSAT 4-5"]);
    for s in &stats.segments {
        let share = |key: &str| match s.rates.get(key).and_then(|r| Some((r, r.value()?))) {
            Some((rate, share)) if rate.is_enough() => percent(share),
            Some((rate, _)) => few(rate),
            None => "–".to_owned(),
        };
        table.row([
            s.name.clone(),
            count(s.n),
            share("resolution"),
            share("escalation"),
            share("failure"),
            share("abandonment"),
            share("csat"),
        ]);
    }
    table.print(&mut cx.out)
}

fn accuracy(cx: &mut Cx, stats: &StoreStats) -> Result<()> {
    if stats.accuracy.is_empty() {
        return Ok(());
    }
    cx.out.line("")?;
    let mut table = WordTable::new(&["release", "week", "intent accuracy on sealed gold"]);
    for p in &stats.accuracy {
        let right = (p.accuracy * p.n as f64).round() as u64;
        table.row([format!("v{}", p.release.0), p.week.clone(), rate(right, p.n)]);
    }
    table.print(&mut cx.out)
}
