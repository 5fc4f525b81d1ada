//! `appraise models`

use crate::cli::frame::context::Cx;
use crate::cli::frame::exit::Exit;
use crate::cli::frame::query;
use crate::cli::output::figures::{count, percent, plural};
use crate::cli::output::json::Tone;
use crate::cli::output::progress::Progress;
use crate::cli::output::table::WordTable;
use crate::domain::zone::shifted;
use crate::domain::{LearnedAnswers, LearnedReport, QueryMoment, Timestamp, Verdict, Zone, p_of_look};
use crate::jobs;
use crate::store::{ANSWERS, LearnedRow, LearnerKind, LiveOrigin, LiveSpan, ReleaseRow, in_use_as};
use crate::text;
use anyhow::Result;
use serde_json::Value;

const HELP: &str = "\
Examples:
  appraise models
  appraise models show live --json | jq .comparison.verdict
  appraise models reject v4 --reason 'breaks refunds'
  appraise models verify live
  appraise models --live-on 2026-11-03          (a day, by UTC, or a moment: 2026-11-03T08:00:00Z)
  appraise models live                          (all of its history)

verify trains a release again as it was trained: labels and base examples up to its place in the decision log, intents under \
the names of the time, the corrections of the time, its gold version, seed, vectors and parent. It stores nothing. Exit 3 when \
other bytes come out, or when it cannot be trained again (an external trainer, an AI, an encoder that is not installed).

JSON: --live-on and live: list of {\"release\",\"from\",\"until\",\"how\":\"promoted|rolled_back\",\"by\",\"reason\",\"in_use_for\" (as in list)}, oldest first, until null: \
it still is; list: list of {\"release\",\"parent\",\"at\",\"by\",\"state\":\"live|candidate|former|rejected\",\"recipe\",\"seed\",\"decision\", \
\"gold_version\",\"trained_on\",\"intents\",\"sha256\",\"bytes\",\"train_seconds\",\"accuracy\",\"sealed\",\"measured_on\",\"compared_with\",\"compared_intents\" (whose intents that carries, where they are another's),\"before_is\",\"verdict\",\"gate\",\"in_use_for\" (where what is live carries parts of it: intents, responses, sentiment, offers),\"reasons\"}, newest first; \
show: one of these with \"comparison\" (keys of `finetune`, or null), and \"learned\" (keys of `learn`; null where no learner made it, or before this was noted); reject: one of these; \
verify: {\"release\",\"reproduced\",\"sha256\",\"again\",\"differs\":[\"intent model|responses\"],\"why\":[…],\"trained_on\",\"train_seconds\"}; \
again is null where nothing could be trained.";

/// The registry of releases
#[derive(Debug, clap::Args)]
#[command(after_long_help = HELP, args_conflicts_with_subcommands = true)]
pub(in crate::cli) struct Args {
    #[command(subcommand)]
    command: Option<ModelsCommand>,
    /// What was live on this day, or at this moment
    #[arg(long, value_name = "DATE", value_parser = day)]
    live_on: Option<QueryMoment>,
}

/// Reads a day, or a moment.
fn day(text: &str) -> Result<QueryMoment, String> {
    query::moment(text)?;
    query::when(text)
}

/// From the first moment of a day, in a zone, to the first after it; a moment is as long as a millisecond.
fn span_of(when: QueryMoment, zone: Zone, now: Timestamp) -> (Timestamp, Timestamp) {
    let from = when.moment(now, now, zone);
    match when {
        QueryMoment::Day(day) => (from, zone.midnight(shifted(day, 1))),
        _ => (from, from.plus(1)),
    }
}

#[derive(Debug, clap::Subcommand)]
enum ModelsCommand {
    /// List all releases, newest first
    List,
    /// Which releases were live from when to when, by whom and why
    Live,
    /// Show one release and its newest comparison
    Show {
        /// v3 or 3, live, or newest
        release: String,
    },
    /// Train a release again and compare the bytes; exit 3 when they differ
    Verify {
        /// v3 or 3, live, or newest
        release: String,
    },
    /// Reject a candidate; it stays in the registry
    Reject {
        /// v3 or 3, or newest
        release: String,
        /// Why
        #[arg(long)]
        reason: String,
    },
}

pub(in crate::cli) fn run(cx: &mut Cx, args: &Args) -> Result<Exit> {
    if let Some(when) = args.live_on {
        let store = cx.store()?;
        let zone = store.zone()?;
        let (from, to) = span_of(when, zone, cx.now);
        let spans = store.live_between(from, to)?;
        live(cx, &spans, zone, "no release was live then; before the first promotion the AI's own log counts")?;
        return Ok(Exit::Done);
    }
    match &args.command {
        None | Some(ModelsCommand::List) => list(cx)?,
        Some(ModelsCommand::Live) => {
            let store = cx.store()?;
            live(
                cx,
                &store.live_history()?,
                store.zone()?,
                "no release was ever live; `appraise promote RELEASE` makes one live",
            )?;
        }
        Some(ModelsCommand::Show { release }) => show(cx, release)?,
        Some(ModelsCommand::Verify { release }) => return verify(cx, release),
        Some(ModelsCommand::Reject { release, reason }) => reject(cx, release, reason)?,
    }
    Ok(Exit::Done)
}

fn list(cx: &mut Cx) -> Result<()> {
    let store = cx.store()?;
    let (rows, zone) = (store.releases()?, store.zone()?);
    let rows: Vec<ReleaseRow> = rows.into_iter().map(with_verdict).collect();
    if cx.json {
        return cx.out.json(&rows);
    }
    if rows.is_empty() {
        return cx.out.line("no release yet; `appraise finetune` trains one");
    }
    let mut table =
        WordTable::new(&["release", "state", "trained", ">examples", ">accuracy", "verdict", "against", "gate", "why"]);
    let mut learned: Vec<LearnedRow> = Vec::new();
    for learner in LearnerKind::UNASKED {
        learned.extend(store.learned_by(learner)?);
    }
    let is = |r: &ReleaseRow, what: fn(&LearnedReport) -> bool| {
        learned.iter().any(|row| row.release == r.release && what(&row.report))
    };
    let verdict = |r: &ReleaseRow| match r.verdict {
        // One word for it everywhere.
        Some(_) if is(r, LearnedReport::is_too_good) => "too good to be true",
        verdict => verdict.map_or("–", Verdict::words),
    };
    let beside = |r: &ReleaseRow| match &r.learned {
        None => against(r),
        Some(_) if is(r, LearnedReport::is_beside_one_for_all) => "always the same".to_owned(),
        Some((learner, _)) => format!("{learner} of live"),
    };
    for r in &rows {
        table.row([
            format!("v{}", r.release.0),
            state(r),
            zone.date(r.at),
            count(r.trained_on),
            r.accuracy.map_or("–".to_owned(), percent),
            verdict(r).to_owned(),
            beside(r),
            r.gate.map_or("–".to_owned(), |g| g.to_string()),
            r.reasons.first().map(|reason| reason.words.clone()).unwrap_or_default(),
        ]);
    }
    table.print(&mut cx.out)
}

/// With the verdict of the learner that made it: its intents are another's, and what compared those says nothing of what it learnt.
fn with_verdict(r: ReleaseRow) -> ReleaseRow {
    ReleaseRow { verdict: r.learned.as_ref().map(|(_, judged)| *judged).or(r.verdict), ..r }
}

/// What it is; one of which a part is live says which.
fn state(r: &ReleaseRow) -> String {
    match r.standing() {
        part if !r.in_use_for.is_empty() && part != ANSWERS => format!("{part} for {}", r.in_use_for.join(" and ")),
        word => word.to_owned(),
    }
}

/// What the newest comparison compared it with.
fn against(r: &ReleaseRow) -> String {
    r.before_is.map_or("–".to_owned(), |before| before.words(r.against()))
}

fn live(cx: &mut Cx, spans: &[LiveSpan], zone: Zone, none: &str) -> Result<()> {
    if cx.json {
        return cx.out.json(&spans);
    }
    if spans.is_empty() {
        return cx.out.line(none);
    }
    let moment = |at: Timestamp| zone.stamp(at);
    let mut table = WordTable::new(&["release", "live from", "until", "how", "by", "why"]);
    for s in spans {
        let how = match s.how {
            LiveOrigin::Promoted => "promoted",
            LiveOrigin::RolledBack => "rolled back to",
        };
        table.row([
            format!("v{}", s.release.0),
            moment(s.from),
            in_use_as(&s.in_use_for).map(str::to_owned).or(s.until.map(moment)).unwrap_or("now".to_owned()),
            how.to_owned(),
            s.by.clone(),
            s.reason.clone().unwrap_or_default(),
        ]);
    }
    table.print(&mut cx.out)
}

fn show(cx: &mut Cx, name: &str) -> Result<()> {
    let store = cx.store()?;
    let row = with_verdict(store.release(store.find_release(name)?)?);
    let comparison = store.comparison_of(row.release)?;
    let signals = store.learned(row.release)?.map(|(_, learned)| learned.report);
    let answers = store.learned_answers(row.release)?;
    if cx.json {
        let mut value: Value = serde_json::to_value(&row)?;
        value["comparison"] = comparison.map(|c| crate::cli::output::comparison::json(cx, &c)).transpose()?.into();
        value["learned"] = match (&signals, &answers) {
            (Some(report), _) => serde_json::to_value(report)?,
            (None, report) => serde_json::to_value(report)?,
        };
        return cx.numbered(&store, &value);
    }
    print(cx, &row, (signals.as_ref(), answers.as_ref()), store.zone()?)?;
    match comparison {
        // It was judged by what it learnt.
        None if row.learned.is_some() => Ok(()),
        None => cx.out.line("it has not been compared with anything"),
        Some(c) => {
            cx.out.line("")?;
            crate::cli::output::comparison::print(cx, &store, &c).map(drop)
        }
    }
}

fn print(
    cx: &mut Cx,
    r: &ReleaseRow,
    (learned, answers): (Option<&LearnedReport>, Option<&LearnedAnswers>),
    zone: Zone,
) -> Result<()> {
    let title = cx.out.paint(Tone::Heading, &format!("v{} ({})", r.release.0, state(r)));
    cx.out.line(title)?;
    let mut table = WordTable::new(&["", ""]);
    table.row(["trained", &format!("{} by {}", zone.stamp(r.at), r.by)]);
    table.row(["recipe", &format!("{}, seed {}", r.recipe, r.seed)]);
    table.row(["from", &r.parent.map_or("scratch".to_owned(), |p| format!("v{}", p.0))]);
    let gold = r.gold_version.map_or("no gold version".to_owned(), |v| format!("gold version {}", v.0));
    table.row(["made from", &format!("decisions up to {}, {gold}", r.decision.0)]);
    let trainer = r.outside.as_deref().unwrap_or("built in");
    let seconds = r.train_seconds;
    match (learned, &r.learned) {
        (None, Some(_)) if let Some(found) = answers => {
            table.row(["learned from", &format!("{}, {seconds:.1} s", found.taught_by())]);
            table.row(["judged", &format!("{}: {}", found.verdict.words(), found.measured())]);
            found.of_gold().into_iter().chain(found.refused.iter().cloned()).for_each(|says| table.row(["", &says]));
            table.row(["again", &found.again()]);
        }
        (Some(report), _) => {
            table.row(["learned from", &format!("{}, {seconds:.1} s", report.taught_by(count))]);
            table.row(["tells apart", &report.measured(count)]);
            let moved = report.moved(4);
            let [p, look] = [p_of_look(report.p_cluster), report.looks.to_string()];
            table.row(["judged", &format!("{}: the log loss {moved} ({p}, look {look})", report.word())]);
        }
        (None, Some(_)) => table.row(["learned from", &format!("{}, {seconds:.1} s", plural(r.trained_on, "answer"))]),
        (None, None) => {
            let learned = format!("{}, {} intents, {trainer}, {seconds:.1} s", count(r.trained_on), r.intents);
            table.row(["examples", &learned]);
        }
    }
    if let (Some(accuracy), Some(gold)) = (r.accuracy, r.measured_on) {
        let against = against(r);
        table.row([
            "accuracy",
            &format!("{} of {} on gold version {}, against {against}", percent(accuracy), r.sealed, gold.0),
        ]);
    }
    table.row(["artefact", &format!("{} bytes, sha256 {}", count(r.bytes), r.sha256)]);
    for reason in &r.reasons {
        let what = if reason.is_rejection { "rejected" } else { "live from" };
        table.row(["because", &format!("{what} {}: {}", zone.stamp(reason.at), reason.words)]);
    }
    table.print(&mut cx.out)?;
    // Not in the table, whose last column is cut.
    let waits = learned.and_then(|report| report.held_back.as_deref());
    waits.map_or(Ok(()), |why| cx.out.line(text::clean(&format!("it did not go live by itself: {why}"))))
}

fn verify(cx: &mut Cx, name: &str) -> Result<Exit> {
    let store = cx.store()?;
    let id = store.find_release(name)?;
    let progress = Progress::new(cx);
    let found = jobs::verify(&store, &cx.encoders, id, &progress)?;
    drop(progress);
    let exit = if found.reproduced { Exit::Done } else { Exit::Refused };
    if cx.json {
        cx.out.json(&found)?;
        return Ok(exit);
    }
    let examples = plural(found.trained_on, "example");
    match (found.reproduced, &found.again) {
        (true, _) => {
            let word = cx.out.paint(Tone::Good, "reproduced byte for byte");
            cx.out.line(format!("v{}: {word}", id.0))?;
            cx.out.line(format!("{examples} in {:.1} s, sha256 {}", found.train_seconds, found.sha256))?;
        }
        (false, None) => {
            let word = cx.out.paint(Tone::Bad, "cannot be trained again");
            cx.out.line(format!("v{}: {word}", id.0))?;
        }
        (false, Some(again)) => {
            let word = cx.out.paint(Tone::Bad, "not reproduced");
            cx.out.line(format!("v{}: {word}; {} differ", id.0, found.differs.join(" and ")))?;
            cx.out.line(format!("stored {}", found.sha256))?;
            cx.out.line(format!("again  {again}"))?;
        }
    }
    found.why.iter().try_for_each(|why| cx.out.line(text::clean(why)))?;
    Ok(exit)
}

fn reject(cx: &mut Cx, name: &str, reason: &str) -> Result<()> {
    let mut store = cx.store()?;
    let id = store.find_release(name)?;
    store.reject(cx.reviewer(), cx.now, id, reason)?;
    if cx.json {
        return cx.out.json(&with_verdict(store.release(id)?));
    }
    cx.out.line(format!("v{} is rejected; it stays in the registry", id.0))
}
