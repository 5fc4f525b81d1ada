//! What followed answers, counted and printed.

use crate::base::counted::counted;
use crate::cli::frame::context::Cx;
use crate::cli::output::figures::{count, percent};
use crate::cli::output::json::Tone;
use crate::cli::output::progress::Progress;
use crate::cli::output::table::WordTable;
use crate::domain::{Difference, QueryMoment};
use crate::jobs::count_answers;
use crate::store::{AnswerFigures, AnswerPage, Store};
use anyhow::{Context, Result};
use serde_json::Value;

/// Lines on a terminal; all of them are in the JSON.
const LINES: usize = 40;

/// Counts answers where conversations have come since, and gives what followed them.
pub(in crate::cli) fn ranked(cx: &Cx, store: &Store, since: Option<QueryMoment>) -> Result<AnswerPage> {
    let progress = Progress::new(cx);
    count_answers(store, &progress)?;
    drop(progress);
    store.figures().answers(since, cx.now)?.context("answers were counted and are not there")
}

/// Answers for programs. Where the log tells of one kind of end alone, nobody knows how many were helped; what is to be expected is told
/// where it is on screens (rule 24).
pub(in crate::cli) fn listed(page: &AnswerPage, answers: &[AnswerFigures]) -> Result<Value> {
    let (mut rows, is_told) = (serde_json::to_value(answers)?, page.too_little().is_none());
    for row in rows.as_array_mut().into_iter().flatten() {
        if page.one_kind.is_some() {
            row["helped"] = Value::Null;
        }
        if !is_told || row["enough"] == Value::Bool(false) {
            row["posterior"] = Value::Null;
        }
    }
    Ok(rows)
}

/// What the names of answers begin with that have no action.
const UNNAMED: char = '~';

/// What the tables count, and how they are ordered.
const HEADING: &str = "what followed each answer, by intent and place: a conversation counts with every answer in it. Those furthest behind other answers to the \
same intent in the same language first, then those that were said most often; what cannot be compared last";

/// Non-answers and answers as tables, as Responses orders them.
pub(in crate::cli) fn print(cx: &mut Cx, page: &AnswerPage) -> Result<()> {
    if let Some(says) = page.nothing() {
        return cx.out.line(says);
    }
    let too_little = page.too_little();
    let is_told = too_little.is_none();
    for says in too_little.into_iter().chain(page.unknown_says()) {
        let says = cx.out.paint(Tone::Bad, &says);
        cx.out.line(says)?;
    }
    if !page.non_answers.is_empty() {
        cx.out.line("said to many intents, and few were helped:")?;
        let non_answers: Vec<&AnswerFigures> =
            page.non_answers_in_order().into_iter().map(|i| &page.non_answers[i]).collect();
        table(cx, &non_answers, is_told)?;
    }
    let answers: Vec<&AnswerFigures> = page.in_order().into_iter().map(|i| &page.answers[i]).collect();
    if !answers.is_empty() {
        if !page.non_answers.is_empty() {
            cx.out.line("")?;
        }
        cx.out.line(HEADING)?;
        table(cx, &answers, is_told)?;
        drawn(cx, &answers)?;
        let opposite = page.opposite();
        if opposite > 0 {
            let says = format!(
                "! {} one way over all and the other way within what was asked: read the figure within; what was asked is mixed into the one over all",
                counted(opposite as u64, "answer points", "answers point")
            );
            let says = cx.out.paint(Tone::Bad, &says);
            cx.out.line(says)?;
        }
    }
    Ok(())
}

/// What followed answers; where that tells no share (`is_told`), and below 30 conversations, the counts alone.
fn table(cx: &mut Cx, answers: &[&AnswerFigures], is_told: bool) -> Result<()> {
    let mut table = WordTable::new(&[
        "intent",
        "when",
        "answer",
        ">conv.",
        ">helped",
        ">share",
        "95 %",
        ">expected",
        ">★",
        ">rank",
        ">vs others",
        "within",
        "pooled",
        "words",
    ]);
    for a in answers.iter().copied().take(LINES) {
        // As on the screen: below 30 no share is told, nor what is to be expected (rule 24).
        let told = |says: String| if is_told && a.enough { says } else { "–".to_owned() };
        let interval = told(format!("{}-{}", percent(a.helped.lo), percent(a.helped.hi)));
        table.row([
            a.intent.as_str(),
            a.stage.map_or("", |s| s.name()),
            a.response.as_str(),
            &count(a.n),
            &count(a.helped.num),
            &told(percent(a.shares()[0])),
            &interval,
            &told(percent(a.posterior.mean)),
            &a.csat.map_or_else(String::new, |c| format!("{c:.1}")),
            &a.rank.map_or_else(|| "–".to_owned(), |r| r.to_string()),
            &beyond(a),
            &points(a.within),
            &format!("{}{}", points(a.pooled), if a.signs_differ { " !" } else { "" }),
            // What has no action is called by its words.
            a.text.as_deref().filter(|_| !a.answer.starts_with(UNNAMED)).unwrap_or_default(),
        ]);
    }
    table.print(&mut cx.out)?;
    if answers.len() > LINES {
        let more = format!("and {} more; --json has all", count((answers.len() - LINES) as u64));
        let more = cx.out.paint(Tone::Muted, &more);
        cx.out.line(more)?;
    }
    let foot = "words: what the action said most. expected: the share of more such conversations, drawn towards what other answers have in common (one half where that is nothing); ranks go by the lower end of its 95 % interval; – below 30 conversations. vs others: how many more (-: fewer) of these conversations were helped than at the rate of the others to the same intent in the same language, where there are 30 of both (– where not; ? where that may be chance). within, pooled: of the answer wherever it is said, and to whatever \
intent: resolution with it minus without, in points, within intents and languages and over all (– below 30 of either; !: the signs differ). What goes together with an answer need not come from it.";
    let foot = cx.out.paint(Tone::Muted, foot);
    cx.out.line(foot)
}

/// What always giving an answer would bring, of answers that the log drew with a chance.
fn drawn(cx: &mut Cx, answers: &[&AnswerFigures]) -> Result<()> {
    let drawn: Vec<_> = answers.iter().filter_map(|a| Some((a, a.logged?))).take(LINES).collect();
    if drawn.is_empty() {
        return Ok(());
    }
    cx.out.line("")?;
    cx.out.line("drawn with a chance that the log tells: helped, of 100, if it were always given")?;
    let mut table =
        WordTable::new(&["intent", "when", "answer", ">IPS", ">SNIPS", ">DR", ">± (DR)", ">as sure as", ">of drawn"]);
    for (a, value) in drawn {
        // As with shares: what the log cannot tell is no number.
        let told = |x: f64| if value.identifiable { percent(x) } else { "–".to_owned() };
        table.row([
            a.intent.as_str(),
            a.stage.map_or("", |s| s.name()),
            a.response.as_str(),
            &told(value.ips),
            &told(value.snips),
            &told(value.dr),
            &told(1.96 * value.se),
            &count(value.ess.round() as u64),
            &count(value.n),
        ]);
    }
    table.print(&mut cx.out)?;
    let foot = "IPS, SNIPS, DR: inverse propensity scores, the same self-normalised, doubly robust. –: the log cannot tell, below an effective sample of 100, or where the chances do not belong to this answer (several texts that were drawn apart are one action here).";
    let foot = cx.out.paint(Tone::Muted, foot);
    cx.out.line(foot)
}

/// How many more were helped than at the rate of others; a sign of its own where that cannot be told.
fn beyond(answer: &AnswerFigures) -> String {
    match (answer.beyond_others(), answer.beside) {
        (Some(n), _) => format!("{:+.0}", n.round() + 0.0),
        (None, Some(_)) => "?".to_owned(),
        (None, None) => "–".to_owned(),
    }
}

fn points(d: Option<Difference>) -> String {
    d.map_or_else(
        || "–".to_owned(),
        |d| {
            let [_, lo, hi] = d.of_hundred();
            format!("{:+.1} [{lo}, {hi}]", 100.0 * d.delta)
        },
    )
}
