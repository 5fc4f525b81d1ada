//! `appraise economics`

use crate::base::counted;
use crate::cli::frame::context::Cx;
use crate::cli::frame::exit::Exit;
use crate::cli::output::figures::{count, percent, plural};
use crate::cli::output::json::Tone;
use crate::cli::output::progress::Progress;
use crate::cli::output::table::WordTable;
use crate::jobs::train::economics::{IntervalEstimate, Unseen};
use crate::jobs::{self, Advice, Economics};
use anyhow::Result;

const HELP: &str = "\
Seconds per decision: the median gap between one person's consecutive decisions, breaks of five minutes left out. The learning \
curve trains on prefixes of the labels in the order of the decisions and scores on the sealed gold half; labels were picked, \
not drawn. A point of accuracy has a cost only where the interval of the gain lies above 0; `hourly` in the configuration gives \
it in money. The forecast is a straight line through the curve, over the logarithm of the labels; its band is where what is then \
measured on the same sealed turns falls in 95 % of cases, from how far the models lie from the line or from each other. It does \
not hold that later labels may be of another kind, and nothing is forecast further ahead than there are labels; beside it stands \
what the same forecast said one step earlier, and what came. The rule: stop where as many labels again would bring less than \
half a point for each hundred at most, go on where they would bring that much at least. Unseen intents \
and causes: Good-Turing on audit items, the only random sample.

Examples:
  appraise economics
  appraise economics --json | jq -r .says

JSON: {\"decisions\",\"seconds_per_decision\",\"hourly\",\"curve\":[{\"labels\",\"accuracy\",\"lo\",\"hi\",\"n\"}],\"gain\":E,
  \"cost_of_a_point\":{\"labels\",\"hours\",\"money\"},\"forecast\":{\"labels\",\"gain\":E,\"hours\",\"money\",\"before\":{\"said\":E,\"came\"},\"again\":{\"labels\",\"gain\":E}},
  \"advice\":\"go_on|stop|cannot_tell\",\"says\",\"unseen_intents\":U,\"unseen_causes\":U}
E = {\"value\",\"lo\",\"hi\"}: fractions; U = {\"items\",\"kinds\",\"chance\":E}; what cannot be said is null.";

/// What labels cost and bring, and whether more of them are worth it
#[derive(Debug, clap::Args)]
#[command(after_long_help = HELP)]
pub(in crate::cli) struct Args {
    /// Where dense vectors come from: none, static, or an installed encoder [default: the store's, else static]
    #[arg(long, value_name = "NAME")]
    encoder: Option<String>,
}

pub(in crate::cli) fn run(cx: &mut Cx, args: &Args) -> Result<Exit> {
    let store = cx.store()?;
    let vectors = cx.vectors(&store, args.encoder.as_deref())?;
    let progress = Progress::new(cx);
    let found = jobs::economics(&store, &vectors, cx.settings.seed, cx.settings.hourly, &progress)?;
    drop(progress);
    if cx.json {
        cx.out.json(&found)?
    } else {
        print(cx, &found)?
    }
    Ok(Exit::Done)
}

fn points(e: &IntervalEstimate) -> String {
    let of = |x: f64| format!("{:+.1}", 100.0 * x);
    format!("{} points  [{}, {}]", of(e.value), of(e.lo), of(e.hi))
}

fn price(hours: f64, money: Option<f64>) -> String {
    let money = money.map(|m| format!(", {m:.2} in money")).unwrap_or_default();
    format!("{}{money}", counted::hours(hours))
}

fn print(cx: &mut Cx, e: &Economics) -> Result<()> {
    let tone = match e.advice {
        Advice::GoOn => Tone::Good,
        Advice::Stop => Tone::Bad,
        Advice::CannotTell => Tone::Heading,
    };
    let says = cx.out.paint(tone, &e.says);
    cx.out.line(says)?;
    cx.out.line("")?;
    let mut table = WordTable::new(&["", ""]);
    let pace = e.seconds_per_decision.map_or("–".to_owned(), |s| format!("{s:.1} s"));
    table.row(["a decision takes", &format!("{pace}  (median of {})", plural(e.decisions, "decision"))]);
    if let Some(gain) = &e.gain {
        table.row(["labels so far brought", &points(gain)]);
        let cost = match &e.cost_of_a_point {
            Some(c) => format!("{}, {} by people", price(c.hours, c.money), plural(c.labels, "label")),
            None if gain.lo <= 0.0 => "–  (the interval of the gain holds 0)".to_owned(),
            None => "–  (no label was made by a person, or no pace is known)".to_owned(),
        };
        table.row(["a point of accuracy cost", &cost]);
    }
    if let Some(f) = &e.forecast {
        let cost = f.hours.map(|h| format!(", {}", price(h, f.money))).unwrap_or_default();
        table.row([&format!("the next {}", plural(f.labels, "label")), &format!("{}{cost}", points(&f.gain))]);
        let again = plural(f.again.labels, "label");
        table.row(["as many labels again", &format!("{} for {again}", points(&f.again.gain))]);
        if let Some(b) = &f.before {
            table.row(["the forecast before", &format!("{}, came {:+.1}", points(&b.said), 100.0 * b.came)]);
        }
    }
    for (what, unseen) in [("unseen intents", &e.unseen_intents), ("unseen causes", &e.unseen_causes)] {
        table.row([what, &unseen.as_ref().map_or("–  (no audit item has an answer yet)".to_owned(), chance)]);
    }
    table.print(&mut cx.out)?;
    if e.curve.is_empty() {
        return Ok(());
    }
    cx.out.line("")?;
    let mut table = WordTable::new(&[">labels", ">accuracy", "95 %"]);
    for p in &e.curve {
        table.row([count(p.labels), percent(p.accuracy), format!("{:.1}-{:.1} %", 100.0 * p.lo, 100.0 * p.hi)]);
    }
    table.print(&mut cx.out)
}

fn chance(u: &Unseen) -> String {
    let (lo, hi) = (100.0 * u.chance.lo, 100.0 * u.chance.hi);
    let items = plural(u.items, "audit item");
    format!(
        "the next is new with {}  [{lo:.1}, {hi:.1}]  ({} in {items})",
        percent(u.chance.value),
        plural(u.kinds, "kind")
    )
}
