//! The queue by keys.

use super::support::fixtures;
use super::support::harness::{NOW, Stage, draw, failures, theme};
use super::support::prelude::*;
use crate::domain::{ConversationId, DecisionChange, Outcome, OutcomeSource, QueueOrder, Timestamp, Zone};
use crate::store::{Overview, QueueRow};
use crate::tui::screens::queue::state::columns::{ColumnLayout, QueueColumns};
use crate::tui::state::effect::GoTo;

fn stage(n: u32) -> Stage {
    Stage::new(&failures(n), &["order_status", "refund_status"])
}

#[test]
fn paging_reaches_every_row_once() {
    let mut stage = stage(400);
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..450 {
        seen.insert(stage.app.queue.window.selected().unwrap().n);
        stage.press("down");
    }
    assert_eq!(seen.len(), 400);
    stage.press("home end");
    assert!(seen.contains(&stage.app.queue.window.selected().unwrap().n));
}

#[test]
fn the_end_and_back_again() {
    let mut stage = stage(700);
    stage.press("end");
    let last = stage.app.queue.window.selected().unwrap().n;
    for _ in 0..699 {
        stage.press("up");
    }
    let first = stage.app.queue.window.selected().unwrap().n;
    stage.press("home");
    assert_eq!(stage.app.queue.window.selected().unwrap().n, first);
    assert_ne!(first, last);
}

#[test]
fn a_query_filters_while_it_is_written_and_errors_say_where() {
    let mut stage = stage(9);
    stage.press("/ ctrl-u").type_text("card");
    assert_eq!(stage.app.queue.count, Some(3));
    stage.type_text(" outcom:failed ");
    assert!(stage.draw().contains('^'));
    assert!(stage.app.queue.bar.error.is_some());
    assert_eq!(stage.app.queue.count, Some(3), "the rows of the last query that could be read stay");
    stage.press("esc");
    assert!(stage.app.queue.bar.error.is_none());
    assert_eq!(stage.app.queue.bar.field.text(), DEFAULT);
}

#[test]
fn digits_in_the_query_are_text() {
    let mut stage = stage(3);
    stage.press("/ ctrl-u").type_text("since:7d");
    assert_eq!(stage.app.queue.bar.field.text(), "since:7d");
}

#[test]
fn filters_switch_from_a_list() {
    let mut stage = stage(9);
    stage.press("f").type_text("outcome escalated").press("tab");
    assert_eq!(stage.app.queue.bar.field.text(), "outcome:failed status:open test:hidden");
    assert_eq!(stage.app.overlays.len(), 1, "tab leaves the list open");
    stage.press("esc").press("f").type_text("status done").press("tab");
    assert_eq!(stage.app.queue.bar.field.text(), "outcome:failed status:open,done test:hidden");
    stage.press("esc").press("f").type_text("test only").press("tab");
    assert_eq!(stage.app.queue.bar.field.text(), "outcome:failed status:open,done test:only");
}

#[test]
fn what_a_filter_of_the_list_is_said_to_find_is_what_it_opens() {
    let mut all = failures(24);
    for (i, c) in all.iter_mut().enumerate() {
        c.outcome = Some(if i % 3 == 0 { Outcome::Unknown } else { Outcome::Failed });
    }
    let mut stage = Stage::with_test_groups(&all, &["order_status"]);
    let offers = |stage: &Stage| queue_lists::filter_entries(&stage.app.queue, &stage.app.shared);
    for i in 0..offers(&stage).len() {
        stage.press("f");
        let entry = offers(&stage).swap_remove(i);
        for _ in 0..i {
            stage.press("down");
        }
        stage.press("enter");
        let found = stage.app.queue.count.map_or_else(|| "–".to_owned(), |n| n.to_string());
        assert_eq!(found, entry.hint, "{} opens {}", entry.text, stage.app.queue.bar.field.text());
        stage.press("esc");
    }
}

#[test]
fn an_open_list_of_filters_is_counted_anew_when_what_it_counts_changes() {
    let mut stage = stage(9);
    stage.press("f");
    let failed = |stage: &Stage| {
        let all = queue_lists::filter_entries(&stage.app.queue, &stage.app.shared);
        all.into_iter().find(|e| e.text.contains("outcome") && e.text.contains("failed")).unwrap().hint
    };
    let before: u64 = failed(&stage).parse().unwrap();
    let id = stage.app.queue.window.rows()[0].n;
    let resolved = DecisionChange::outcome(id, Some(Outcome::Resolved));
    stage.store.decide("nikos", NOW, &[resolved]).unwrap();
    stage.send(Msg::Job(crate::tui::state::msg::JobMsg::Renewed(Ok(()))));
    assert_eq!(failed(&stage).parse(), Ok(before - 1));
}

#[test]
fn sorting_walks_through_all_and_comes_back() {
    let mut stage = stage(9);
    for sort in [QueueOrder::NEWEST, QueueOrder::OLDEST, QueueOrder::CONFIDENCE, QueueOrder::VALUE] {
        stage.press("s");
        assert_eq!(stage.app.queue.sort, sort);
        assert_eq!(stage.app.queue.window.rows().len(), 9);
    }
}

#[test]
fn an_answer_to_an_older_queue_is_dropped() {
    let mut stage = stage(9);
    stage.hold = true;
    stage.press("s");
    let old: Vec<_> = stage.held.drain(..).collect();
    stage.press("s");
    stage.release();
    let rows: Vec<_> = stage.app.queue.window.rows().iter().map(|r| r.n).collect();
    stage.held.extend(old);
    stage.release();
    let now: Vec<_> = stage.app.queue.window.rows().iter().map(|r| r.n).collect();
    assert_eq!(rows, now);
}

#[test]
fn a_review_of_a_cycle_goes_on_in_that_cycle_at_the_next_start() {
    let mut stage = stage(20);
    stage.press("c ctrl-u").type_text("5").press("enter");
    let cycle = stage.app.shared.counts().cycle.unwrap();
    stage.press("R").press("-");
    assert_eq!(stage.app.tab, ScreenTab::Review);
    let kept = stage.store.recall("maria", "place").unwrap();
    // A start knows nothing of the store yet but where one was.
    let mut app = fixtures::app(theme());
    assert!(app.shared.overview.ready().is_none());
    let answer = StoreAnswer::Common(CommonAnswer::Recalled("place", kept));
    update(&mut app, Msg::Answer(Box::new(answer)));
    assert_eq!(app.review.scope, Some(crate::store::ReviewScope::Cycle(cycle.id)));
}

#[test]
fn a_cycle_opens_shows_progress_and_closes() {
    let mut stage = stage(20);
    stage.press("c ctrl-u").type_text("0").press("enter");
    assert_eq!(stage.app.overlays.len(), 1, "no cycle of nothing");
    assert!(stage.draw().contains("20 match in all, 20 in the last seven days (since:7d)"), "{}", stage.draw());
    stage.press("ctrl-u").type_text("5").press("enter");
    assert!(stage.draw().contains("is open"), "{}", stage.draw());
    let cycle = stage.app.shared.counts().cycle.unwrap();
    assert!(stage.draw().contains(&format!("{} · 0/{}", cycle.name, cycle.goal)));
    stage.press("c");
    assert_eq!(stage.toast(), "a cycle is open already; C closes it");
    stage.press("r").press("-").press("g 2");
    let cycle = stage.app.shared.counts().cycle.unwrap();
    assert_eq!((cycle.done, cycle.skipped), (0, 1), "skipped is not reviewed");
    stage.press("C").type_text("write the answer on fares").press("enter");
    assert!(stage.draw().contains("is closed"), "{}", stage.draw());
    assert!(stage.app.shared.counts().cycle.is_none());
    assert_eq!(stage.store.cycle(&cycle.name).unwrap().plan.as_deref(), Some("write the answer on fares"));
    stage.press("u");
    assert!(stage.app.shared.counts().cycle.is_some_and(|c| c.name == cycle.name), "closing is taken back");
    stage.press("ctrl-r");
    assert_eq!(stage.store.cycle(&cycle.name).unwrap().plan.as_deref(), Some("write the answer on fares"));
}

#[test]
fn the_palette_finds_any_command() {
    let mut stage = stage(3);
    stage.press(":").type_text("fine-tune").press("enter");
    assert_eq!(stage.app.tab, ScreenTab::FineTune);
    stage.press(":").type_text("go queue").press("enter");
    stage.press(":").type_text("preview").press("enter");
    assert!(stage.app.overlays.is_empty() && !stage.app.queue.look.preview);
}

#[test]
fn help_lists_the_keys_of_this_screen_first() {
    let mut stage = stage(3);
    stage.press("?");
    let text = stage.draw();
    assert!(text.contains("Queue") && text.contains("review the selected conversation"));
    stage.press("esc");
    assert!(stage.app.overlays.is_empty());
}

#[test]
fn what_others_do_appears_and_the_selection_stays_on_its_conversation() {
    let mut stage = stage(400);
    for _ in 0..200 {
        stage.press("down");
    }
    let (selected, count) = (stage.app.queue.window.selected().unwrap().n, stage.app.queue.count.unwrap());
    let ids: Vec<ConversationId> = stage.app.queue.window.rows().iter().take(3).map(|r| r.n).collect();
    let changes: Vec<DecisionChange> =
        ids.iter().map(|&id| DecisionChange::outcome(id, Some(Outcome::Resolved))).collect();
    stage.store.decide("somebody else", super::support::harness::NOW, &changes).unwrap();
    stage.send(Msg::answer(CommonAnswer::Changed));
    assert_eq!(stage.app.queue.count, Some(count - 3));
    assert_eq!(stage.app.queue.window.selected().unwrap().n, selected);
    assert!(stage.app.queue.window.rows().iter().all(|r| !ids.contains(&r.n)));
}

/// What is underlined below the tabs, run by run.
fn underlined(stage: &mut Stage) -> Vec<String> {
    let mut terminal = ratatui::Terminal::new(ratatui::backend::TestBackend::new(110, 30)).unwrap();
    terminal.draw(|frame| drop(view(&stage.app, frame))).unwrap();
    let buffer = terminal.backend().buffer();
    let marked = |x: u16, y: u16| buffer[(x, y)].modifier.contains(ratatui::style::Modifier::UNDERLINED);
    let mut out: Vec<String> = Vec::new();
    for y in 2..30 {
        for x in 0..110 {
            if marked(x, y) && (x == 0 || !marked(x - 1, y)) {
                out.push(String::new());
            }
            if marked(x, y) {
                out.last_mut().unwrap().push_str(buffer[(x, y)].symbol());
            }
        }
    }
    out
}

#[test]
fn what_was_searched_for_is_marked_in_the_list_the_preview_and_review() {
    let mut all = failures(3);
    all[0].turns[0].text = "Πού είναι η Παραγγελία μου;".into();
    let mut stage = Stage::new(&all, &["order_status"]);
    stage.press("/ ctrl-u").type_text("παραγγε").press("enter");
    assert_eq!(underlined(&mut stage), ["Παραγγε", "Παραγγε"], "in the list, though selected, and in the preview");
    stage.press("enter");
    assert_eq!(underlined(&mut stage), ["Παραγγε"], "in Review");
    stage.press("esc / ctrl-u enter");
    assert!(underlined(&mut stage).is_empty(), "nothing is searched for");
}

#[test]
fn the_list_shows_who_said_what_was_searched_for() {
    let mut all = failures(1);
    let said = format!("{} the courier has the parcel", "We have looked everywhere for it and ".repeat(4));
    all[0].turns[1].text = said;
    let mut stage = Stage::new(&all, &["order_status"]);
    stage.press("/ ctrl-u").type_text("courier").press("enter");
    let frame = stage.draw();
    let row = frame.lines().find(|l| l.contains('▶')).unwrap();
    assert!(row.contains('…') && row.contains("courier"), "{row}");
    stage.press("/ ctrl-u").type_text("looked").press("enter");
    assert!(stage.draw().contains("AI: We have looked"));
}

#[test]
fn review_says_at_which_turn_the_customer_asked_for_a_person_but_not_on_a_blind_item() {
    let mut all = failures(1);
    all[0].turns.insert(2, crate::domain::Turn::new(crate::domain::Role::User, "let me talk to a human"));
    let mut stage = Stage::new(&all, &["order_status"]);
    stage.press("enter");
    assert!(stage.draw().contains("← asked for a person"));
    if let ReviewStage::Item(item) = &mut stage.app.review.stage {
        item.counts = crate::store::LabelUse::Audit;
    }
    assert!(!stage.draw().contains("asked for a person"));
}

#[test]
fn what_the_customers_said_gets_its_share_and_columns_of_dashes_go() {
    let rows = fixtures::rows(None);
    for width in [78, 116, 123, 196] {
        let layout = ColumnLayout::of(width, QueueColumns::default(), &rows, (Timestamp(0), Zone::default())).0;
        let said = layout.iter().find(|(c, _)| *c == QueueColumn::Said).unwrap().1;
        assert!(said * 2 >= width, "{said} of {width}");
    }
    let bare: Vec<QueueRow> =
        rows.into_iter().map(|r| QueueRow { csat: None, reviewer: None, confidence: None, ..r }).collect();
    let layout = ColumnLayout::of(196, QueueColumns::default(), &bare, (Timestamp(0), Zone::default())).0;
    let gone = [QueueColumn::Csat, QueueColumn::Who, QueueColumn::Confidence];
    assert!(!layout.iter().any(|(c, _)| gone.contains(c)), "{layout:?}");
}

#[test]
fn a_day_of_years_ago_has_its_column_in_a_narrow_list() {
    let mut all = failures(3);
    // 26 May 2020, noon.
    let at = Some(Timestamp(1_590_494_400_000));
    for c in &mut all {
        (c.started_at, c.ended_at, c.outcome) = (at, at, Some(Outcome::Escalated));
        c.turns.iter_mut().for_each(|t| t.at = at);
    }
    let mut stage = Stage::new(&all, &["order_status"]);
    stage.size = (80, 24);
    let text = stage.press("f5").draw();
    assert!(text.lines().any(|l| l.contains('▶') && l.contains(" 26 May ")), "{text}");
    stage.size = (120, 36);
    let text = stage.draw();
    assert!(text.lines().any(|l| l.contains('▶') && l.contains(" 2020-05-26 ")), "{text}");
}

#[test]
fn what_was_counted_of_another_query_does_not_stand_over_this_one() {
    let mut stage = Stage::with_test_groups(&failures(12), &["order_status"]);
    assert!(stage.draw().contains("test: hidden"), "{}", stage.draw());
    stage.hold = true;
    stage.send_effect(Effect::Go(GoTo::Queue("outcome:failed test:hidden".to_owned())));
    let text = stage.draw();
    assert!(text.contains("…   sorted by value ↓") && !text.contains("test: hidden"), "{text}");
    stage.release();
    let text = stage.draw();
    let found = stage.app.queue.count.unwrap();
    assert!(text.contains(&format!("{found} of 12 · test: hidden {}", 12 - found)), "{text}");
}

#[test]
fn where_nothing_is_known_to_have_failed_it_says_why_and_what_can_be_reviewed() {
    let mut all = failures(45);
    for (i, c) in all.iter_mut().enumerate() {
        c.outcome = Some(if i < 5 { Outcome::Resolved } else { Outcome::Unknown });
        c.outcome_source = Some(OutcomeSource::Derived);
        c.turns.iter_mut().for_each(|t| (t.intent, t.confidence) = (None, None));
    }
    let mut stage = Stage::new(&all, &[]);
    for size in [(80, 24), (120, 36)] {
        stage.size = size;
        let text = stage.press("f5").draw();
        let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(flat.contains("No conversation here is known to have failed or been handed over."), "{text}");
        assert!(flat.contains("How 40 of 45 ended nobody knows"), "{text}");
        assert!(flat.contains("f, there “outcome unknown”: these 40; r in Review says how one ended"), "{text}");
        assert!(flat.contains("f, there “everything”: all 45"), "{text}");
    }
    stage.press("f").type_text("outcome unknown").press("enter");
    assert_eq!(stage.app.queue.count, Some(40));
    stage.press("esc");
    for view in ["all open", "escalated, low CSAT", "low confidence"] {
        assert_eq!(stage.app.queue.views.count(view), "–", "{view}");
    }
    assert_eq!(stage.app.queue.views.count("later"), "0");
}

#[test]
fn how_sure_the_live_model_is_is_named_after_it() {
    let mut app = fixtures::full(ScreenTab::Queue, None, theme());
    assert!(draw(&app, (120, 36)).0.contains(" live customer said"));
    app.shared.overview = StoreRead::Ready(Overview { live: None, ..fixtures::overview() });
    assert!(draw(&app, (120, 36)).0.contains(" conf customer said"));
}

#[test]
fn of_a_query_that_cannot_be_read_nothing_is_counted() {
    let mut stage = Stage::new(&failures(12), &["order_status"]);
    stage.press("/").type_text("foo:bar baz");
    assert!(stage.app.queue.bar.shown_error().is_some());
    let text = stage.draw();
    assert!(text.contains("  –   sorted by value ↓") && !text.contains(" of 12"), "{text}");
}
