//! What stands where, in which role, in states whose whole picture is no snapshot: derived states are held to the full
//! state that they come from.

use super::snapshots::{SCREENS, loading_demo, review};
use super::support::fixtures::{self, HOSTILE};
use super::support::frame::{Frame, SIZES, harmless, weighs_the_same};
use super::support::harness::{draw, run, theme};
use super::support::import_fixtures;
use super::support::prelude::*;
use crate::domain::IntentId;
use crate::store::{LabelUse, Suggestion};
use crate::theme::{Depth, Palette, Role, Theme};
use crate::tui::screens::overview::state::OverviewFront;

fn colourless() -> Theme {
    Theme::new(Depth::None, Palette::Dark)
}

#[test]
fn what_is_on_its_way_is_said_and_what_cannot_be_done_has_no_key() {
    let says = [
        "Counting how conversations ended …",
        "Reading the queue …",
        "Looking for the next conversation …",
        "Reading the releases …",
    ];
    for size in SIZES {
        for ((tab, _), words) in SCREENS.into_iter().zip(says) {
            let frame = Frame::of(&fixtures::loading(tab), size);
            frame.has(&[words, "? keys"]).role(words, Role::Muted).lacks(&["2026-W47", "✗", "⏎ open"]);
            let (_, y) = frame.place(words);
            assert!(y > 2 && y < size.1 / 2, "it stands in the upper half: {y}");
        }
        let frame = Frame::of(&fixtures::loading(ScreenTab::Queue), size);
        frame.has(&["outcome:failed,escalated status:open test:hidden", "all open   failed or handed over"]);
    }
}

#[test]
fn what_cannot_be_read_says_why_and_what_to_press() {
    let says = [
        ("✗ The figures could not be read.", "F5 tries again."),
        ("✗ The queue could not be read.", "F5 tries again."),
        ("✗ The conversation could not be read.", "F5 tries again, Esc goes back to the queue."),
        ("✗ The releases could not be read.", "F5 tries again."),
    ];
    let why = "reading the queue: disk I/O error";
    for size in SIZES {
        for ((tab, _), (what, then)) in SCREENS.into_iter().zip(says) {
            let frame = Frame::of(&fixtures::broken(tab), size);
            frame.in_order(&[what, why, then]).role(what, Role::Bad).role(then, Role::Text);
            let toast = frame.row_above(1);
            assert!(toast.contains("✗ the counts could not be read: reading the queue"), "{toast}");
            assert!(toast.contains("D details"), "{toast}");
            frame.role("✗ the counts", Role::Bad);
        }
    }
}

#[test]
fn an_empty_store_says_on_every_screen_where_to_begin() {
    let says = [
        (ScreenTab::Queue, ["This store is empty.", "I imports a file; 1 goes to the overview, where one can begin."]),
        (ScreenTab::Review, ["Nothing to review yet.", "g 1 goes to the overview, where the store can be filled."]),
        (
            ScreenTab::FineTune,
            ["Nothing to learn from yet.", "The store is empty. 1 goes to the overview, where it can be filled."],
        ),
    ];
    for size in SIZES {
        for (tab, words) in says {
            let frame = Frame::of(&fixtures::empty(tab), size);
            frame.in_order(&words).role(words[0], Role::Heading).lacks(&["2026-W47", "✗"]);
        }
        Frame::of(&fixtures::empty(ScreenTab::Queue), size).has(&["0 of 0"]);
        Frame::of(&fixtures::empty(ScreenTab::FineTune), size).has(&["7 goes to Review."]);
    }
}

#[test]
fn what_customers_write_moves_nothing_that_the_program_says() {
    for (tab, _) in SCREENS {
        for size in SIZES {
            let full = fixtures::full(tab, None, theme());
            assert!(harmless(&fixtures::full(tab, Some(HOSTILE), theme()), &full, size), "{tab:?} at {size:?}");
        }
    }
    for size in SIZES {
        let (mut hostile, mut full) = (fixtures::empty(ScreenTab::Overview), fixtures::empty(ScreenTab::Overview));
        for step in import_fixtures::IMPORT {
            step(&mut hostile, HOSTILE);
            step(&mut full, "where is it");
            assert!(harmless(&hostile, &full, size), "importing at {size:?}");
        }
    }
}

#[test]
fn the_line_of_keys_names_the_digits_that_are_drawn() {
    let mut app = fixtures::full(ScreenTab::Review, None, theme());
    if let ReviewStage::Item(item) = &mut app.review.stage {
        item.suggestions = (0..9)
            .map(|i| Suggestion { intent: IntentId(i + 2), name: format!("intent {i}"), confidence: None, now: false })
            .collect();
    }
    for (size, digits) in [((80, 24), 5), ((200, 60), 9)] {
        let (text, seen) = draw(&app, size);
        assert_eq!(seen.digits(), digits, "{text}");
        assert!(text.contains(&format!("1-{digits} pick")), "{text}");
    }
}

#[test]
fn without_colours_weights_say_the_same() {
    for (tab, _) in SCREENS {
        for size in SIZES {
            weighs_the_same(&fixtures::full(tab, None, theme()), &fixtures::full(tab, None, colourless()), size);
        }
    }
}

#[test]
fn a_hint_stands_in_the_rule_above_the_footer_and_changes_nothing_else() {
    let says = [
        "⏎ shows the conversations behind the selected line",
        "⏎ opens the selected conversation",
        "▌ marks the turn asked about: a digit says what the customer wanted",
        "s trains an intent model; it goes live when you promote it, not before",
    ];
    for size in SIZES {
        for ((tab, _), words) in SCREENS.into_iter().zip(says) {
            let mut app = fixtures::full(tab, None, theme());
            let before = Frame::of(&app, size);
            app.hints.recalled(None);
            let frame = Frame::of(&app, size);
            let rows = usize::from(size.1);
            assert!(frame.row_above(1).starts_with(&format!("── {words} ─")), "{}", frame.row_above(1));
            assert_eq!(frame.lines(0, rows - 2), before.lines(0, rows - 2));
            assert_eq!(frame.row_above(0), before.row_above(0));
        }
    }
}

#[test]
fn a_hint_about_the_figures_is_not_told_of_what_stands_in_their_place() {
    let mut app = fixtures::full(ScreenTab::Overview, None, theme());
    app.hints.recalled(None);
    let hint = "shows the conversations behind the selected line";
    assert!(draw(&app, (80, 24)).0.contains(hint));
    app.home.front = OverviewFront::Segments;
    assert!(!draw(&app, (80, 24)).0.contains(hint));
}

#[test]
fn the_tour_stands_below_a_screen_that_is_as_it_would_be_in_a_lower_terminal() {
    for size in SIZES {
        for (tab, _) in SCREENS {
            let mut app = fixtures::full(tab, None, theme());
            let begun = crate::tui::guide::tour::begin(&mut app);
            settle(&mut app, begun);
            app.tab = tab;
            crate::tui::guide::tour::advance(&mut app);
            let frame = Frame::of(&app, size);
            let step = if tab == ScreenTab::Queue { "Tour, 2 of 8" } else { "Tour, 1 of 8" };
            let (_, top) = frame.place(step);
            frame.role(step, Role::Focus).has(&["Esc leaves it; T begins it again"]);
            assert_eq!(frame.place("Esc leaves it").1, top);
            let last = if tab == ScreenTab::Queue { "⏎ opens the selected one." } else { "2 goes to the queue." };
            frame.role(last, Role::Accent);
            assert_eq!(frame.place(last).1, size.1 - 3, "the last line of the strip says what to do");
            app.tour = None;
            let lower = Frame::of(&app, (size.0, top + 2));
            assert_eq!(frame.lines(0, top.into()), lower.lines(0, top.into()));
        }
    }
}

#[test]
fn loading_more_stands_above_the_figures() {
    for size in SIZES {
        let full = fixtures::full(ScreenTab::Overview, None, theme());
        let lower = Frame::of(&full, (size.0, size.1 - 5));
        let frame = Frame::of(&loading_demo(full), size);
        let said = "6 of 26   about 30 s left   X cancels; everything else goes on working";
        frame.in_order(&["Building the demo: week 7 of 26", "23 %", said]).role("Building the demo", Role::Focus);
        let rest = usize::from(size.1) - 9;
        assert_eq!(frame.lines(7, rest), lower.lines(2, rest));
    }
}

#[test]
fn the_offer_of_a_tour_floats_above_a_page_that_stays() {
    for size in SIZES {
        let mut app = fixtures::full(ScreenTab::Overview, None, theme());
        let before = Frame::of(&app, size);
        run(&mut app, |_| floats::offer_tour());
        let frame = Frame::of(&app, size);
        frame.in_order(&[
            "The demo is ready",
            "This is a made-up company",
            "1    show me around",
            "2    I look around myself",
        ]);
        frame.has(&["one review, one fine-tuning; two minutes", "T begins the tour later", "⏎ take  esc close"]);
        frame.selected("show me around").role("The demo is ready", Role::Focus);
        let (_, top) = frame.place("╭");
        // Without the tint of the band, of which no edge is left.
        let page =
            |frame: &Frame| frame.lines(0, top.into()).iter().map(|l| l.replace(['▄', '▀'], " ")).collect::<Vec<_>>();
        assert_eq!(page(&frame), page(&before));
    }
}

#[test]
fn lists_and_lines_that_float_show_what_they_are_for() {
    for size in SIZES {
        let float = |tab, ask: fn(&App) -> Vec<Effect>| {
            let mut app = fixtures::full(tab, None, theme());
            run(&mut app, ask);
            Frame::of(&app, size)
        };
        let editor = float(ScreenTab::Review, |app| {
            open(review_lists::response(&app.review, app.review.answer_turn().unwrap()).unwrap())
        });
        let answer = "│ Your order is on its way and arrives on Thursday.";
        editor.in_order(&[
            "╭ What should the AI have said?",
            "│ no the REFUND. let me talk to someone",
            answer,
            "^s saves   esc leaves",
        ]);
        editor.lacks(&["changed"]);
        assert_eq!(editor.row_above(0), "", "the box names its keys");
        let filters = float(ScreenTab::Queue, |app| open(queue_lists::filters(&app.queue, &app.shared)));
        filters.in_order(&[
            "╭ Filter the queue",
            "open failures and escalations",
            "│   mismatches",
            "│   disputed",
            "│   everything",
            "✓ outcome failed",
            "⏎ this one alone   ⇥ switches it on or off",
        ]);
        filters.selected("open failures and escalations").has(&["97/97", "✓ outcome escalated", "✓ status open"]);
        let cycle = float(ScreenTab::Queue, |app| open(queue_lists::cycle(&app.queue)));
        cycle.in_order(&[
            "╭ Open a review cycle",
            "What is in it is fixed when it opens",
            "at most     120",
            "a question  to be answered by these, or nothing",
            "reviewers   names, with commas",
            "of these    outcome:failed,escalated status:open test:hidden",
            "1,284 match in all, … in the last seven days (since:7d)",
            "⏎ opens it   ⇥ next field   Esc closes",
        ]);
        cycle.role("at most     120", Role::Focus);
    }
}

#[test]
fn a_test_group_item_says_what_a_label_is_worth() {
    for size in SIZES {
        let app = review(|i| i.counts = LabelUse::Nothing);
        let frame = Frame::of(&app, size);
        frame.in_order(&["Test group: a label here", "What did the customer want?"]).role("Test group:", Role::Muted);
    }
}

#[test]
fn a_gold_item_says_what_a_change_makes() {
    let app = review(|i| i.counts = LabelUse::Gold);
    let (text, _) = draw(&app, (120, 36));
    assert!(text.contains("Test gold: a change here makes a new gold"), "{text}");
}

#[test]
fn panes_draw_in_every_size() {
    for pane in Pane::ALL {
        let mut app = fixtures::full(ScreenTab::FineTune, Some(HOSTILE), theme());
        app.tune.panes.show(pane);
        for width in [60, 61, 79, 90, 100, 104, 109, 110, 130, 149, 150, 300] {
            for height in [18, 19, 21, 24, 29, 31, 40, 100] {
                let (text, _) = draw(&app, (width, height));
                let bad = |c: char| (c.is_control() && c != '\n') || crate::text::clean::is_invisible(c);
                assert!(!text.chars().any(bad), "{pane:?} at {width}x{height}");
            }
        }
    }
}

#[test]
fn every_size_draws_without_a_panic() {
    for (screen, _) in SCREENS {
        for width in [1, 10, 59, 60, 61, 71, 72, 79, 99, 100, 104, 149, 150, 300] {
            for height in [1, 2, 5, 17, 18, 19, 24, 100] {
                draw(&fixtures::full(screen, Some(HOSTILE), theme()), (width, height));
                let mut app = fixtures::full(screen, None, theme());
                run(&mut app, |app| open(queue_lists::filters(&app.queue, &app.shared)));
                run(&mut app, |app| open(review_lists::causes(&app.review)));
                run(&mut app, |app| review_lists::note(&app.review).map(open).unwrap_or_default());
                run(&mut app, |app| open(queue_lists::cycle(&app.queue)));
                run(&mut app, floats::keys);
                draw(&app, (width, height));
            }
        }
    }
}
