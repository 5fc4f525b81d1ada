//! Every number that can be entered opens exactly what it counted; the same figures stand in `stats`.

use super::mouse::click;
use super::responses::{counted, line_of};
use super::support::harness::{NOW, Stage, failures, founding};
use super::support::prelude::*;
use crate::domain::{Conversation, Outcome, Query, QueryMoment, Role, SilentReporter, Timestamp, Turn};
use crate::ingest::{Input, LogReader, LogRecord, ReadOptions};
use crate::jobs::demo::{DemoOptions, build};
use crate::store::{AnswerPage, Founding, OnDuplicate, PeriodBasis, SegmentBy, Store};
use crate::tui::state::effect::GoTo;
use std::path::{Path, PathBuf};

/// Enters every row of every list of counts, and compares.
fn walk(mut stage: Stage, name: &str) {
    stage.size = (120, 40);
    stage.press("1");
    let page = stage.app.home.page.ready().unwrap().clone();
    let now = stage.app.shared.now;
    for (i, row) in stage.app.home.repair_lines().into_iter().enumerate() {
        stage.press("1 home");
        for _ in 0..i {
            stage.press("down");
        }
        stage.press("enter");
        let query = stage.app.queue.bar.field.text().to_owned();
        assert_eq!((&query, stage.app.queue.count), (&row.query, Some(row.n)), "{name}: {query}");
        // Where nobody has looked for patterns, the row says the intent.
        if page.repair.patterns.is_empty() {
            let first = stage.app.queue.window.rows().first().cloned();
            assert_eq!(first.and_then(|r| r.intent), page.repair.failing[i].intent, "{name}: the same intent");
        }
    }
    assert_eq!(page.repair.failing.iter().map(|f| f.failures()).sum::<u64>(), page.repair.failures, "{name}");
    let this = page.this;
    let ends = [
        (Outcome::Resolved, this.resolved),
        (Outcome::Escalated, this.escalated),
        (Outcome::Failed, this.failed),
        (Outcome::Abandoned, this.abandoned),
    ];
    for (outcome, n) in ends.into_iter().filter(|_| this.n() > 0) {
        stage.press("1");
        click(&mut stage, |hit| hit == ScreenHit::Ended(outcome));
        assert_eq!(stage.app.queue.count, Some(n), "{name}: {}", stage.app.queue.bar.field.text());
    }
    views_within(&mut stage, name);
    for view in views::all(&stage.app.queue, &stage.app.shared) {
        let said = stage.app.queue.views.count(&view.name);
        stage.send_effect(Effect::Go(GoTo::Queue(view.query.clone())));
        let opened = stage.app.queue.count.map(crate::tui::widgets::numbers::count).unwrap_or_else(|| "–".to_owned());
        assert_eq!(opened, said, "{name}: {}", view.name);
    }
    stage.send_effect(Effect::Go(GoTo::Queue(DEFAULT.to_owned())));
    // Where nobody knows how any ended, none wait.
    let waits = stage.app.queue.count.unwrap_or_default();
    assert_eq!(waits, stage.app.shared.counts().open, "{name}: what the header says waits");
    stage.press("4");
    counted(&mut stage);
    let month = stage.store.figures().answers(Some(QueryMoment::Days(AnswerPage::DAYS)), now).unwrap().unwrap();
    for key in ["a", "n", "v", "a"] {
        stage.press("4").press(key);
        for at in 0..stage.app.responses.length().min(40) {
            stage.press("4").app.responses.select(at);
            // A line of what few heard opens nothing but itself.
            let Some((n, query)) = line_of(&stage) else { continue };
            stage.press("enter");
            assert_eq!(stage.app.queue.count, Some(n), "{name}: {query}");
            // Review says of an answer what its line says.
            let first = stage.app.queue.window.rows().first().map(|row| row.n);
            let Some(line) = first.and_then(|n| stage.store.beside(n, now).unwrap().line) else { continue };
            let same = month.non_answers.iter().chain(&month.answers).find(|a| a.query == line.query).unwrap();
            assert_eq!((line.n, line.stage), (same.n, same.stage), "{name}: {}", line.query);
        }
    }
    patterns_within(&mut stage, name);
    // `stats` tells the same of the same days.
    let since = |days| (page.basis != PeriodBasis::All).then_some(QueryMoment::Days(days));
    let stats = stage.store.figures().stats(since(7), SegmentBy::Week, None, now).unwrap().all;
    let told = [stats.outcomes.resolved, stats.outcomes.escalated, stats.outcomes.failed, stats.outcomes.abandoned];
    assert_eq!(told, ends.map(|e| e.1), "{name}: stats --since 7d");
    let month = stage.store.figures().stats(since(28), SegmentBy::Intent, None, now).unwrap().segments;
    for row in &page.repair.failing {
        let of = |s: &&crate::store::Segment| s.name == row.intent.clone().unwrap_or_else(|| "none".to_owned());
        let segment = month.iter().find(of).unwrap();
        assert_eq!((segment.n, segment.outcomes.resolved), (row.n, row.resolved), "{name}: stats --by intent");
    }
}

/// The same within Patterns: lists, and the matrix of who is taken for whom.
fn patterns_within(stage: &mut Stage, name: &str) {
    let now = stage.app.shared.now;
    let count = |stage: &Stage, query: &str| stage.store.queue_count(&Query::parse(query).unwrap(), now).unwrap();
    stage.press("3 c");
    let has_times = stage.app.home.page.ready().unwrap().basis != PeriodBasis::All;
    let failed = if has_times { "outcome:failed,escalated since:28d" } else { "outcome:failed,escalated" };
    let failed = count(stage, &format!("{failed} is:counted test:shown"));
    let page = stage.app.patterns.page.ready().unwrap();
    assert_eq!((page.days.is_some(), page.whole.1), (has_times, failed), "{name}");
    for key in ["c", "i", "m", "w", "s", "h", "z", "o"] {
        stage.press("3").press(key);
        let lines = stage.app.patterns.page.ready().map_or(Vec::new(), |p| p.lines.clone());
        for line in lines.iter().filter(|l| !l.query.is_empty()) {
            assert_eq!(count(stage, &line.query), line.n, "{name}: {}", line.query);
        }
    }
    stage.press("3 m");
    let pairs = stage.app.patterns.page.ready().unwrap().lines.clone();
    stage.press("tab");
    while let Some(by) = stage.app.patterns.matrix {
        let (rows, columns) = stage.app.patterns.shown_matrix().unwrap().size();
        let mut seen = 0;
        for cell in (0..rows).flat_map(|row| (0..columns).map(move |column| (row, column))) {
            stage.app.patterns.cell = cell;
            let Some(line) = stage.app.patterns.line().cloned() else { continue };
            seen += 1;
            stage.press("enter");
            assert_eq!(stage.app.queue.count, Some(line.n), "{name}: {}", line.query);
            stage.press("3");
            assert_eq!((stage.app.patterns.matrix, stage.app.patterns.cell), (Some(by), cell), "{name}");
        }
        let told = pairs.iter().filter_map(|l| l.pair.as_ref()).filter(|p| p.by == by && p.is_in_matrix);
        assert_eq!(seen, told.count(), "{name}: {by:?}");
        stage.press("tab");
    }
}

/// The same within the Overview: segments, weeks of the trend, cycles.
fn views_within(stage: &mut Stage, name: &str) {
    let open = |stage: &mut Stage, keys: &str, n: u64| {
        stage.press(keys);
        let query = stage.app.queue.bar.field.text().to_owned();
        assert_eq!(stage.app.queue.count, Some(n), "{name}: {query}");
    };
    // The rows of the table that open something stand above the list.
    let page = stage.press("1 i").app.home.page.ready().unwrap().clone();
    let measures: Vec<u64> = stage.app.home.measures().iter().map(|m| m.n).collect();
    assert_eq!(measures.len() >= 4, page.this.n() > 0, "{name}: how they ended");
    for (i, n) in measures.into_iter().enumerate() {
        stage.press("1 home");
        for _ in 0..i {
            stage.press("down");
        }
        assert_eq!(stage.app.home.measure, Some(i), "{name}");
        open(stage, "enter", n);
    }
    stage.press("1 end");
    assert_eq!(stage.app.home.measure, None, "{name}: the list has the focus again");
    stage.press("i home");
    stage.press("1 t");
    let lines = stage.app.home.segments.ready().unwrap().lines.clone();
    for (i, line) in lines.iter().enumerate() {
        stage.press("1 home");
        for _ in 0..i {
            stage.press("down");
        }
        open(stage, "enter", line.n());
    }
    stage.press("1 esc");
    let page = stage.app.home.page.ready().unwrap().clone();
    let weeks = stage.app.home.trend.weeks(&page);
    if page.weeks.len() >= 2 {
        for week in weeks.iter().rev().take(12) {
            stage.press("1 left");
            assert_eq!(stage.app.home.trend.week, Some(week.monday), "{name}");
            open(stage, "enter", week.n);
        }
        stage.press("1 home");
        assert_eq!(stage.app.home.trend.week, None, "{name}: the list has the focus again");
    }
    stage.press("1 c");
    let cycles = stage.app.home.cycles.ready().unwrap().clone();
    for at in [0, cycles.len() / 2].into_iter().take(cycles.len().min(2)) {
        stage.press("1 left home");
        for _ in 0..at {
            stage.press("down");
        }
        let story = stage.app.home.story.ready().unwrap().clone();
        assert_eq!(story.row.id, cycles[at].id, "{name}");
        let counted: Vec<u64> = story.items.iter().chain(&story.found).map(|l| l.n).collect();
        for (i, n) in counted.into_iter().enumerate() {
            stage.press("1 left right");
            for _ in 0..i {
                stage.press("down");
            }
            open(stage, "enter", n);
        }
    }
    stage.press("1 esc");
    assert_eq!(stage.app.home.front, crate::tui::screens::overview::state::OverviewFront::Figures);
}

fn data(file: &str) -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let places = ["../shared", "../../shared"].map(|up| root.join(up).join("data/conversations").join(file));
    let found = places.into_iter().find(|p| p.exists());
    if found.is_none() {
        eprintln!("skipped: {file} is not beside the checkout");
    }
    found
}

/// What a file of public data holds, in a store.
fn public(file: &str) -> Option<Stage> {
    let mut reader = LogReader::open(Input::File(data(file)?), ReadOptions::new(NOW)).unwrap();
    let said: Vec<Conversation> = reader
        .by_ref()
        .filter_map(
            |item| if let LogRecord::Conversation { conversation, .. } = item { Some(*conversation) } else { None },
        )
        .collect();
    let mut store = Store::in_memory(Founding { test_share: 0.2, ..founding() }).unwrap();
    let mut step = None;
    store
        .batch(false, |store| {
            let put = |c: &Conversation| store.put(c, c.id.as_bytes(), NOW, OnDuplicate::Update, &mut step).map(drop);
            said.iter().try_for_each(put)
        })
        .unwrap();
    Some(Stage::on(store, NOW))
}

#[test]
fn on_the_demo() {
    const UNTIL: Timestamp = Timestamp(1_795_348_800_000);
    let mut store = Store::in_memory(Founding { seed: 7, test_share: 0.2, now: UNTIL }).unwrap();
    let options = DemoOptions { weeks: 8, per_week: 120, until: UNTIL, seed: 7, lang: None, promote: true };
    build(&mut store, &options, &SilentReporter).unwrap();
    let stage = Stage::on(store, UNTIL);
    assert!(stage.app.shared.counts().demo);
    walk(stage, "demo");
}

#[test]
fn on_public_logs() {
    for file in ["star_full.jsonl.gz", "tau_airline.jsonl.gz", "multidogo_full.jsonl.gz"] {
        if let Some(stage) = public(file) {
            walk(stage, file);
        }
    }
}

#[test]
fn on_a_store_without_times_or_outcomes_and_one_that_holds_what_does_not_count() {
    let asked = |id: u32, outcome, ai: bool| {
        let intent = ai.then(|| "refund".to_owned());
        let mut turns = vec![Turn { intent, ..Turn::new(Role::User, "where is my money") }];
        turns.extend(ai.then(|| Turn::new(Role::Bot, "on its way")));
        let mut c = Conversation::new("web", id.to_string(), turns);
        (c.outcome, c.ended_at) = (outcome, None);
        c
    };
    let (failed, resolved) = (Some(Outcome::Failed), Some(Outcome::Resolved));
    walk(Stage::new(&[asked(1, failed, true), asked(2, resolved, true), asked(3, failed, false)], &[]), "no times");
    let mut silent = Stage::new(&[asked(1, None, false), asked(2, None, false)], &[]);
    let text = silent.press("1").draw();
    assert!(text.contains("All 2 conversations hold no answer of an AI: rates need them."), "{text}");
    assert!(text.contains("What works all the same:") && !text.contains("helped"), "{text}");
    // What is still being counted is not nothing.
    let counts = std::mem::take(&mut silent.app.shared.overview);
    let waiting = silent.draw();
    assert!(waiting.contains("counting what it can learn from …") && !waiting.contains("label 0"), "{waiting}");
    silent.app.shared.overview = counts;
    walk(silent, "no answers");
    // What people said, and what does not count, beside what does.
    let mut stage = Stage::new(&failures(12), &["refund_status"]);
    let all = stage.app.queue.window.rows().to_vec();
    let refund = stage.store.intent("refund_status").unwrap();
    use crate::domain::{Cause, DecisionChange, TurnKey};
    stage.store.decide("maria", NOW, &[DecisionChange::intents(all[0].n, TurnKey(0), &[refund])]).unwrap();
    stage.store.decide("maria", NOW, &[DecisionChange::cause(all[1].n, Some(Cause::RightHandover))]).unwrap();
    stage.store.decide("maria", NOW, &[DecisionChange::traffic(all[2].n, false)]).unwrap();
    walk(Stage::on(stage.store, NOW), "decided");
}
