//! Completion, errors in place, history, views, jumps, orders, columns and marks by keys.

use super::support::fixtures;
use super::support::harness::{NOW, Stage, draw, failures, page_of, theme};
use super::support::prelude::*;
use crate::domain::time::DAY;
use crate::domain::{Query, QueueOrder};
use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};

fn stage(n: u32) -> Stage {
    Stage::new(&failures(n), &["order_status", "refund_status", "card lost"])
}

fn offers(stage: &Stage) -> Vec<String> {
    stage.app.queue.bar.offers.as_ref().map(|o| o.all.iter().map(|o| o.text.clone()).collect()).unwrap_or_default()
}

fn text(stage: &Stage) -> &str {
    stage.app.queue.bar.field.text()
}

fn back_tab(stage: &mut Stage) {
    stage.send(Msg::Input(Event::Key(KeyEvent::new(KeyCode::BackTab, KeyModifiers::SHIFT))));
    stage.draw();
}

fn click(stage: &mut Stage, hit: ScreenHit) {
    let (area, _) = *stage.app.shared.seen.hits.iter().rev().find(|(_, h)| *h == hit).unwrap();
    let kind = MouseEventKind::Down(MouseButton::Left);
    stage.send(Msg::Input(Event::Mouse(MouseEvent {
        kind,
        column: area.x,
        row: area.y,
        modifiers: KeyModifiers::NONE,
    })));
    stage.draw();
}

/// A store that has been opened once more.
fn again(mut stage: Stage) -> Stage {
    stage.app = super::support::fixtures::app(super::support::harness::theme());
    stage.restart();
    stage
}

#[test]
fn an_empty_query_offers_all_filters_and_an_unknown_one_names_them_all() {
    let mut stage = stage(9);
    stage.press("/ ctrl-u");
    assert_eq!(offers(&stage).len(), Query::KEYS.len());
    stage.press("down tab");
    assert_eq!(text(&stage), "outcome:");
    stage.press("ctrl-u enter");
    assert_eq!((text(&stage), stage.app.queue.bar.editing), ("", false), "what nobody chose is not taken");
    for size in [(80, 24), (120, 36)] {
        stage.size = size;
        stage.press("/ ctrl-u").type_text("foo:bar ");
        let screen = stage.draw();
        let flat = screen.split_whitespace().collect::<Vec<_>>().join(" ");
        let last = Query::KEYS.last().unwrap().name;
        assert!(flat.contains("no filter called `foo`") && flat.contains(&format!(", {last}")), "{screen}");
        assert_eq!(flat.matches("no filter called").count(), 1, "{screen}");
        stage.press("esc");
    }
}

#[test]
fn names_and_values_are_completed_while_one_writes() {
    let mut stage = stage(9);
    stage.press("/ ctrl-u").type_text("outc");
    assert_eq!(offers(&stage), ["outcome:"]);
    stage.press("tab");
    assert_eq!(text(&stage), "outcome:");
    assert_eq!(offers(&stage).len(), 6);
    assert!(stage.app.queue.bar.shown_error().is_none(), "what is being completed is no error yet");
    stage.type_text("fa").press("down enter");
    assert_eq!((text(&stage), stage.app.queue.bar.editing), ("outcome:failed", true));
    stage.type_text(",");
    assert!(!offers(&stage).contains(&"failed".to_owned()), "it stands in the list already");
    stage.type_text("esc").press("tab");
    assert_eq!(text(&stage), "outcome:failed,escalated");
    stage.type_text(" -is:mis").press("tab").press("enter");
    assert_eq!((text(&stage), stage.app.queue.bar.editing), ("outcome:failed,escalated -is:mismatch", false));
}

#[test]
fn a_word_that_may_become_a_filter_is_not_searched_for_yet() {
    let mut stage = stage(9);
    stage.press("/ ctrl-u").type_text("outcome:failed -ca");
    assert_eq!(stage.app.queue.query.to_string(), "outcome:failed");
    assert_eq!(stage.app.queue.count, Some(9));
    stage.type_text("r");
    assert_eq!((stage.app.queue.query.to_string().as_str(), stage.app.queue.count), ("outcome:failed -car", Some(6)));
    stage.press("ctrl-u").type_text("be");
    assert_eq!(stage.app.queue.count, Some(9), "everything: it may become before:");
    stage.press("enter");
    assert_eq!((stage.app.queue.query.to_string().as_str(), stage.app.queue.count), ("be", Some(3)));
}

#[test]
fn enter_without_a_selected_offer_applies_the_query_as_it_stands() {
    let mut stage = stage(9);
    stage.press("/ ctrl-u").type_text("car");
    stage.press("enter");
    assert_eq!((text(&stage), stage.app.queue.bar.editing, stage.app.queue.count), ("car", false, Some(3)));
    stage.press("/ ctrl-u").type_text("cau");
    assert!(offers(&stage).contains(&"cause:".to_owned()));
    stage.press("enter");
    assert_eq!(text(&stage), "cau");
}

#[test]
fn esc_closes_the_list_first_then_the_bar() {
    let mut stage = stage(9);
    stage.press("/ ctrl-u").type_text("intent:ord");
    assert_eq!(offers(&stage), ["order_status"]);
    stage.press("esc");
    assert!(stage.app.queue.bar.editing && stage.app.queue.bar.offers.is_none());
    stage.press("esc");
    assert!(!stage.app.queue.bar.editing);
}

#[test]
fn names_of_the_data_are_offered_in_quotes_where_they_need_them() {
    let mut stage = stage(9);
    stage.press("/ ctrl-u").type_text("intent:card").press("tab");
    assert_eq!(text(&stage), "intent:\"card lost\"");
    assert_eq!(stage.app.queue.bar.error, None);
    stage.press("ctrl-u").type_text("channel:").press("tab");
    assert_eq!(text(&stage), "channel:\"web chat\"");
    assert_eq!(stage.app.queue.count, Some(9));
    stage.press("ctrl-u").type_text("lang:");
    assert_eq!(offers(&stage), ["en"]);
    stage.press("ctrl-u").type_text("reviewer:");
    assert_eq!(offers(&stage), ["maria"]);
    stage.press("ctrl-u").type_text("conf");
    assert_eq!(offers(&stage)[0], "conf<");
    stage.press("tab tab");
    assert_eq!(text(&stage), "conf<0.3");
    stage.press("ctrl-u").type_text("since:");
    assert_eq!(offers(&stage)[1], "7d");
    stage.type_text("2026-1");
    assert_eq!(offers(&stage), ["2026-11-01", "2026-10-01"]);
    stage.press("ctrl-u").type_text("xyz");
    assert!(offers(&stage).is_empty(), "no list where nothing fits");
}

#[test]
fn a_click_takes_an_offer() {
    let mut stage = stage(9);
    stage.press("/ ctrl-u").type_text("status:");
    click(&mut stage, ScreenHit::Entry(1));
    assert_eq!(text(&stage), "status:done");
}

#[test]
fn a_misspelt_name_is_marked_and_tab_takes_the_nearest() {
    let mut stage = stage(9);
    stage.press("/ ctrl-u").type_text("card outcme:failed");
    let screen = stage.draw();
    assert!(screen.contains("no filter called `outcme`: did you mean `outcome`?"), "{screen}");
    stage.press("tab");
    assert_eq!(text(&stage), "card outcome:failed");
    assert_eq!(stage.app.queue.count, Some(3));
}

#[test]
fn what_the_store_cannot_answer_is_marked_in_place_and_the_rows_stay() {
    let mut stage = stage(9);
    stage.press("/ ctrl-u").type_text("outcome:failed intent:refund_stats");
    let error = stage.app.queue.bar.error.clone().unwrap();
    assert_eq!(&text(&stage)[error.at.clone()], "refund_stats");
    assert!(error.message.contains("did you mean `refund_status`?"), "{}", error.message);
    assert_eq!(stage.app.queue.window.rows().len(), 9, "the rows of the last query that was answered stay");
    stage.press("down").press("pagedown");
    assert!(stage.app.queue.window.selected().is_some());
    stage.press("enter");
    assert!(stage.app.queue.bar.editing, "it has to be mended first");
    stage.press("tab");
    assert_eq!((text(&stage), stage.app.queue.count), ("outcome:failed intent:refund_status", Some(0)));
    stage.press("ctrl-u").type_text("is:changed ");
    assert!(stage.draw().contains("is:changed has no data yet"));
}

#[test]
fn earlier_queries_come_back_with_up_also_after_a_restart() {
    let mut stage = stage(9);
    stage.press("/ ctrl-u").type_text("card").press("enter");
    stage.press("/ ctrl-u").type_text("later").press("enter");
    stage.press("/ ctrl-u").type_text("card").press("enter");
    let mut stage = again(stage);
    stage.press("/ ctrl-u up");
    assert_eq!((text(&stage), stage.app.queue.count), ("card", Some(3)));
    stage.press("up");
    assert_eq!(text(&stage), "later");
    stage.press("up");
    assert_eq!(text(&stage), "later", "nothing older, and nothing twice");
    stage.press("down down");
    assert_eq!(text(&stage), "");
}

#[test]
fn review_says_how_many_only_where_all_that_is_shown_is_gone_through() {
    let mut stage = stage(9);
    assert!(stage.draw().contains("r review 9"), "{}", stage.draw());
    let disputed = Query::parse("is:disputed").unwrap();
    assert!(disputed.is_gone_through(), "what is disputed was reviewed and trains: all of it is gone through");
    for (query, said) in [
        ("status:open", "r review 9 open of 9"),
        ("intent:fallback", "r review 3 open of 3"),
        ("status:open test:shown", "r review 9"),
    ] {
        stage.press("/ ctrl-u");
        stage.type_text(query);
        stage.press("enter");
        assert!(stage.draw().contains(said), "{query}: {}", stage.draw());
    }
}

#[test]
fn a_cycle_says_what_it_leaves_out_and_what_begins_it_only_for_a_while() {
    let mut stage = Stage::with_test_groups(&failures(40), &["order_status", "refund_status"]);
    stage.press("/ ctrl-u");
    stage.type_text("outcome:failed");
    stage.press("enter c");
    assert!(stage.draw().contains("Of test groups the random sample alone"), "{}", stage.draw());
    stage.press("enter");
    let text = stage.draw();
    assert!(text.contains("in test groups left out   u takes it back") && text.contains("R begins"), "{text}");
    // Where there is less room, what was done stands all the same.
    stage.size = (80, 24);
    let text = stage.draw();
    assert!(text.contains("is open: ") && text.contains("u takes it back"), "{text}");
    stage.size = (120, 36);
    let text = stage.press("down").draw();
    assert!(text.contains("in test groups left out") && !text.contains("R begins"), "{text}");
    stage.press("C enter");
    stage.size = (80, 24);
    let text = stage.draw();
    assert!(text.contains("is closed: 0 of") && text.contains("u takes it back"), "{text}");
}

#[test]
fn tab_walks_through_the_views_and_shows_their_counts() {
    let mut stage = stage(9);
    assert!(stage.draw().contains("all open 9"));
    stage.press("tab");
    assert_eq!(text(&stage), "outcome:failed,escalated status:open since:7d test:hidden");
    assert!(stage.draw().contains("failed or handed over this week 9"), "{}", stage.draw());
    stage.press("tab tab");
    assert_eq!((text(&stage), stage.app.queue.sort), ("conf<0.5 status:open test:hidden", QueueOrder::CONFIDENCE));
    back_tab(&mut stage);
    assert_eq!(stage.app.queue.sort.to_string(), "csat,newest");
    back_tab(&mut stage);
    back_tab(&mut stage);
    assert_eq!(text(&stage), DEFAULT);
    back_tab(&mut stage);
    assert_eq!(text(&stage), "reviewer:maria");
}

#[test]
fn a_view_without_data_has_a_dash_and_says_why() {
    let mut stage = stage(9);
    stage.size = (160, 36);
    assert!(stage.draw().contains("disputed –"));
    for _ in 0..5 {
        stage.press("tab");
    }
    assert_eq!(text(&stage), "is:disputed");
    let screen = stage.draw();
    assert!(screen.contains("No rows for this query.") && screen.contains("no data yet"), "{screen}");
    stage.press("tab tab tab");
    assert_eq!((text(&stage), stage.app.queue.bar.error.is_none()), ("status:later", true));
}

#[test]
fn what_had_no_data_is_shown_once_it_has_some() {
    let mut stage = stage(9);
    stage.press("/ ctrl-u").type_text("intent:refunds ").press("pagedown");
    assert!(stage.app.queue.bar.error.is_some());
    stage.press("esc");
    stage.press("tab tab tab tab tab");
    assert!(stage.app.queue.bar.error.is_some());
    let asked = page_of(stage.app.queue.reread());
    let page = crate::store::Page { rows: super::support::fixtures::rows(None), ..Default::default() };
    stage.send(Msg::answer(QueueAnswer::Page(asked, Ok(page))));
    assert!(stage.app.queue.bar.error.is_none());
    assert_eq!(stage.app.queue.window.rows().len(), 60);
}

#[test]
fn a_click_on_a_view_shows_it() {
    let mut stage = stage(9);
    stage.press("/");
    click(&mut stage, ScreenHit::View(1));
    assert_eq!(
        (text(&stage), stage.app.queue.bar.editing),
        ("outcome:failed,escalated status:open since:7d test:hidden", false)
    );
}

#[test]
fn a_week_of_an_old_store_ends_with_its_newest_conversation() {
    let mut old = failures(3);
    for c in &mut old {
        (c.started_at, c.ended_at) = (c.started_at.map(|t| t.plus(-100 * DAY)), c.ended_at.map(|t| t.plus(-100 * DAY)));
        c.turns.iter_mut().for_each(|t| t.at = t.at.map(|t| t.plus(-100 * DAY)));
    }
    let mut stage = Stage::new(&old, &["a"]);
    stage.press("tab");
    let newest = stage.app.shared.vocabulary.newest.unwrap();
    let from = newest.plus(-6 * DAY).utc().format("%Y-%m-%d").to_string();
    assert_eq!(text(&stage), format!("outcome:failed,escalated status:open since:{from} test:hidden"));
    assert!(stage.draw().contains(&format!("(week to {})", newest.utc().format("%-d %b"))), "{}", stage.draw());
    assert_eq!(stage.app.queue.count, Some(3));
    assert!(stage.draw().contains("handed over in the newest week 3"), "{}", stage.draw());
    stage.size = (200, 60);
    assert!(stage.press("3").draw().contains("newest 28 days"), "{}", stage.draw());
}

#[test]
fn decisions_move_the_counts() {
    let mut stage = stage(9);
    stage.press("v v b l");
    assert!(stage.draw().contains("all open 7"), "{}", stage.draw());
    stage.press("u");
    assert!(stage.draw().contains("all open 9"), "{}", stage.draw());
}

#[test]
fn a_view_of_ones_own_is_saved_chosen_renamed_and_deleted() {
    let mut stage = stage(9);
    stage.press("/ ctrl-u").type_text("card").press("enter s S").type_text("mine").press("enter");
    assert_eq!(stage.app.overlays.len(), 1, "a shipped view has this name");
    stage.press("ctrl-u").type_text("cards").press("enter");
    assert!(stage.toast().contains("saved as view cards"), "{}", stage.toast());
    stage.press("tab");
    assert_eq!(text(&stage), DEFAULT, "it is the last of the round");
    let mut stage = again(stage);
    back_tab(&mut stage);
    assert_eq!((text(&stage), stage.app.queue.sort), ("card", QueueOrder::NEWEST));
    let mut stage = again(stage);
    assert_eq!(text(&stage), "card", "the last view is where the next start begins");
    stage.press("w").type_text("rename cards").press("enter ctrl-u").type_text("visa").press("enter");
    assert_eq!(stage.app.queue.views.saved[0].name, "visa");
    stage.press("w").type_text("delete visa").press("enter 2");
    assert_eq!(stage.app.queue.views.saved.len(), 1);
    stage.press("w").type_text("delete visa").press("enter 1");
    assert!(stage.app.queue.views.saved.is_empty());
    assert_eq!(text(&stage), "card");
    assert!(again(stage).app.queue.views.saved.is_empty());
}

#[test]
fn counts_of_an_older_round_are_dropped() {
    let mut stage = stage(3);
    stage.hold = true;
    stage.press("f5");
    let counts = |r: &StoreRequest| matches!(r, StoreRequest::Queue(QueueRequest::Counts(..)));
    let old: Vec<StoreRequest> = stage.held.drain(..).filter(counts).collect();
    stage.press("f5");
    stage.release();
    stage.press("v b l");
    assert!(stage.draw().contains("all open 2"));
    stage.hold = true;
    stage.press("f5");
    stage.held.clear();
    stage.held.extend(old);
    stage.app.queue.views = SavedViews::after(&stage.app.queue.views);
    stage.release();
    assert!(stage.app.queue.views.count("all open").is_empty());
}

#[test]
fn a_jump_selects_a_conversation_wherever_it_stands() {
    let mut stage = stage(400);
    stage.press("s J").type_text("#390").press("enter");
    assert_eq!(stage.app.queue.window.selected().unwrap().n.0, 390);
    stage.press("up");
    assert_ne!(stage.app.queue.window.selected().unwrap().n.0, 390, "rows before it are there");
    stage.press("J").type_text("web:5").press("enter");
    assert_eq!(stage.app.queue.window.selected().unwrap().id, "web:5");
    stage.press("J").type_text("web:5000").press("enter");
    assert!(stage.toast().contains("no conversation"), "{}", stage.toast());
}

#[test]
fn a_jump_to_what_the_filter_hides_offers_to_open_it() {
    let mut stage = stage(9);
    stage.press("/ ctrl-u").type_text("card").press("enter J").type_text("2").press("enter");
    assert!(stage.draw().contains("#2 is not in this list"));
    stage.press("enter");
    assert_eq!((stage.app.tab, stage.item().map(|i| i.0)), (ScreenTab::Review, Some(2)));
}

#[test]
fn a_jump_to_a_day_sorts_by_time_and_lands_there() {
    let mut stage = stage(100);
    let day = NOW.plus(-2 * DAY).utc().format("%Y-%m-%d").to_string();
    stage.press("J").type_text(&day).press("enter");
    assert_eq!(stage.app.queue.sort, QueueOrder::NEWEST);
    assert!(stage.toast().contains("newest first"));
    let at = |stage: &Stage| stage.app.queue.window.selected().unwrap().at.unwrap();
    assert_eq!(at(&stage).utc().format("%Y-%m-%d").to_string(), day);
    let here = at(&stage);
    stage.press("up");
    assert!(at(&stage) > here && at(&stage).utc().format("%Y-%m-%d").to_string() > day, "it was the last of its day");
    stage.press("J").type_text("90d").press("enter");
    assert!(stage.toast().contains("nothing here is so old"), "{}", stage.toast());
}

#[test]
fn the_sort_menu_puts_a_key_first_and_turns_it_round() {
    let mut stage = stage(9);
    stage.size = (140, 36);
    stage.press("O").press("5 4");
    assert_eq!(stage.app.queue.sort.to_string(), "outcome,csat,value");
    stage.press("4");
    assert_eq!(stage.app.queue.sort.to_string(), "-outcome,csat,value");
    assert!(!stage.draw().contains("relevance"), "nothing is searched for");
    stage.press("esc");
    assert!(stage.draw().contains("sorted by outcome ↓, csat ↑, value ↓"), "{}", stage.draw());
    assert_eq!(stage.app.queue.window.rows().len(), 9);
    stage.press("/ ctrl-u").type_text("card").press("enter O");
    assert!(stage.draw().contains("relevance"));
}

#[test]
fn a_click_on_a_heading_sorts_by_it() {
    let mut stage = stage(9);
    click(&mut stage, ScreenHit::Sort(crate::domain::query::sort::OrderBy::Outcome));
    assert_eq!(stage.app.queue.sort.to_string(), "outcome,value");
}

#[test]
fn columns_are_chosen_and_remembered() {
    let mut stage = stage(9);
    stage.size = (140, 40);
    stage.press("|").type_text("turns").press("tab esc");
    stage.press("|").type_text("number").press("enter");
    let screen = stage.draw();
    assert!(screen.contains("turns") && !screen.contains("      # "), "{screen}");
    let stage = again(stage);
    let columns = stage.app.queue.look.columns;
    assert!(columns.has(QueueColumn::Turns) && !columns.has(QueueColumn::Number));
}

#[test]
fn the_list_of_filters_tells_what_each_would_find() {
    let mut stage = stage(9);
    stage.press("f");
    let hint = |stage: &Stage, name: &str| {
        let entries = queue_lists::filter_entries(&stage.app.queue, &stage.app.shared);
        entries.into_iter().find(|e| e.text == name).unwrap().hint
    };
    let finds =
        |stage: &Stage, query: &str| stage.store.queue_count(&Query::parse(query).unwrap(), NOW).unwrap().to_string();
    let entries = queue_lists::filter_entries(&stage.app.queue, &stage.app.shared);
    assert!(entries.iter().all(|e| !e.hint.is_empty()), "each is counted, a few at a time");
    let failed = finds(&stage, "outcome:failed status:open test:hidden");
    assert_eq!(hint(&stage, "outcome failed"), failed);
    assert!(stage.draw().lines().any(|l| l.contains("outcome failed") && l.contains(&format!(" {failed} "))));
    stage.type_text("outcome failed").press("tab");
    // What is switched changes what the others would find.
    assert_eq!(text(&stage), "outcome:escalated status:open test:hidden");
    assert_eq!(hint(&stage, "status done"), finds(&stage, "outcome:escalated status:done test:hidden"));
    stage.press("esc").press("C");
    assert!(
        !stage.draw().contains("outcome escalated"),
        "counts that come late do not turn another list into this one"
    );
}

#[test]
fn marks_are_on_conversations_and_one_judgement_is_one_step() {
    let mut stage = stage(9);
    stage.press("v v v");
    let marked: Vec<_> = stage.app.queue.window.rows()[..3].iter().map(|r| r.n).collect();
    stage.press("s s s");
    assert!(marked.iter().all(|m| stage.app.queue.marks.has(*m)), "another order moves no mark");
    assert!(stage.draw().contains("● 3 marked"));
    stage.press("b");
    let screen = stage.draw();
    assert!(screen.contains("3 conversations. It is one step: u takes all of it back."), "{screen}");
    for id in &marked {
        let said = stage.app.queue.window.rows().iter().find(|r| r.n == *id).unwrap().text.clone();
        assert!(screen.contains(&format!("#{}", id.0)) && screen.contains(&said[..12]), "a sample of each: {screen}");
    }
    stage.press("i").type_text("refund").press("enter");
    assert!(stage.toast().contains("3 conversations: refund_status"), "{}", stage.toast());
    assert!(stage.app.queue.marks.is_empty());
    for id in &marked {
        let item = stage.store.review_item(*id).unwrap();
        assert!(item.judged, "#{}", id.0);
        assert_eq!(item.cause, item.case().cause_of_relabel(&[stage.store.intent("refund_status").unwrap()], false));
    }
    stage.press("u");
    assert!(marked.iter().all(|id| !stage.store.review_item(*id).unwrap().judged), "one undo for all");
}

#[test]
fn a_mark_stands_apart_from_the_row_that_it_is_on() {
    let mut app = fixtures::full(ScreenTab::Queue, None, theme());
    let rows: Vec<_> = app.queue.window.rows()[1..3].to_vec();
    marks::take_all(&mut app.queue, &app.shared, &rows, false);
    app.queue.look.columns = app.queue.look.columns.toggled(QueueColumn::Status);
    let (text, _) = draw(&app, (120, 36));
    for row in rows {
        assert!(text.contains(&format!("● {}", row.n.0)), "{text}");
    }
}

#[test]
fn a_correction_stands_beside_what_the_log_says_where_there_is_room() {
    let mut rows: Vec<_> = fixtures::rows(None)[..2].to_vec();
    for (row, label) in rows.iter_mut().zip(["complaint", "group_fare"]) {
        (row.intent, row.fallback, row.suggested) = (Some("group_fare".into()), false, None);
        row.label = Some(label.to_owned());
    }
    let told =
        |row: &crate::store::QueueRow, columns| crate::tui::screens::queue::state::columns::intents(row, columns);
    assert_eq!(told(&rows[0], 30), "group_fare → ✓ complaint");
    assert_eq!(told(&rows[0], 18), "→ ✓ complaint", "what a filter by intent means stays: a reviewer's word");
    let guessed = crate::store::QueueRow { label: None, suggested: Some("speak_to_person".into()), ..rows[0].clone() };
    assert_eq!(told(&guessed, 30), "group_fare → speak_to_person");
    assert!(told(&guessed, 18).starts_with("group_fare → sp"), "{}", told(&guessed, 18));
    assert_eq!(told(&guessed, 11), "group_fare", "never the suggestion alone");
    let fallback = crate::store::QueueRow { intent: None, fallback: true, ..guessed };
    assert_eq!(told(&fallback, 17), "→ speak_to_person");
    assert_eq!(told(&rows[1], 12), "✓ group_fare", "nothing was put right");
}

#[test]
fn samples_of_what_is_marked_name_what_would_be_stored() {
    let mut stage = stage(4);
    let mut rows: Vec<_> = stage.app.queue.window.rows()[..3].to_vec();
    for row in &mut rows {
        (row.intent, row.logged) = (Some("group_fare".into()), Some("speak_to_person".into()));
        (row.fallback, row.label) = (false, None);
    }
    rows[1].fallback = true;
    rows[2].label = Some("refund_status".into());
    marks::take_all(&mut stage.app.queue, &stage.app.shared, &rows, false);
    let samples = stage.app.queue.marks.samples();
    for (row, understood) in rows.iter().zip(["speak_to_person", "fallback", "✓ refund_status"]) {
        let sample = samples.iter().find(|s| s.starts_with(&format!("#{}  ", row.n.0))).unwrap();
        assert!(sample.starts_with(&format!("#{}  {understood}  “", row.n.0)), "{sample}");
    }
}

#[test]
fn a_cause_and_a_status_are_given_to_all_marked() {
    let mut stage = stage(9);
    stage.press("v down V");
    assert_eq!(stage.app.queue.marks.len(), 3, "from the mark to here");
    stage.press("b w k");
    assert!(stage.toast().contains("3 conversations: missing knowledge"), "{}", stage.toast());
    assert_eq!(stage.app.queue.marks.len(), 3, "what stays open is marked still");
    stage.press("esc V");
    assert_eq!(stage.app.queue.marks.len(), 9, "without a mark all that match");
    assert!(stage.toast().contains("all 9 conversations are marked"), "{}", stage.toast());
    stage.press("esc");
    assert!(stage.app.queue.marks.is_empty() && text(&stage) == DEFAULT);
    stage.press("b");
    assert!(stage.app.overlays.is_empty() && stage.toast().contains("nothing is marked"));
    stage.press("v b f").type_text("whose are they?").press("enter");
    let flagged = stage.store.queue_count(&crate::domain::Query::parse("status:flagged").unwrap(), NOW);
    assert_eq!(flagged.unwrap(), 1);
}

#[test]
fn labels_in_test_groups_are_said_to_count_for_nothing() {
    let mut stage = stage(4);
    stage.press("s v v");
    let marks = &mut stage.app.queue;
    let mut rows: Vec<_> = marks.window.rows()[2..4].to_vec();
    rows.iter_mut().for_each(|r| r.test_group = true);
    marks::take_all(&mut stage.app.queue, &stage.app.shared, &rows, false);
    stage.press("b");
    let screen = stage.draw();
    assert!(screen.contains("4 conversations, 2 of them in test groups: labels there count"), "{screen}");
}

#[test]
fn a_read_only_store_is_marked_but_not_judged() {
    let mut stage = stage(3);
    stage.app.shared.read_only = true;
    stage.press("v b");
    assert!(stage.app.overlays.is_empty());
    assert_eq!(stage.toast(), "the store is opened read-only");
}

#[test]
fn fast_typing_asks_for_the_last_query_only_and_shows_no_older_one() {
    let mut stage = stage(9);
    stage.press("/ ctrl-u");
    stage.hold = true;
    stage.type_text("bill");
    let pages: Vec<StoreRequest> =
        stage.held.iter().filter(|r| matches!(r, StoreRequest::Queue(QueueRequest::Page(_)))).cloned().collect();
    assert_eq!(pages.len(), 3, "b may become before: and is not searched for");
    assert!(pages.iter().all(|p| p.read_kind() == pages[0].read_kind() && p.read_kind().is_some()));
    // The answers come in the wrong order.
    stage.held = stage.held.drain(..).rev().collect();
    stage.release();
    assert_eq!(stage.app.queue.count, Some(3));
    let rows = stage.app.queue.window.rows();
    assert!(rows.len() == 3 && rows.iter().all(|r| r.text.contains("bill")), "{rows:?}");
}
