//! The queue's lists, marks and messages: what stands where, and pictures of the states whose whole picture matters.

use super::snapshots::snap;
use super::support::fixtures::{self, HOSTILE};
use super::support::frame::{Frame, SIZES, weighs_the_same};
use super::support::harness::{draw, page_of, press as key, theme};
use super::support::prelude::*;
use crate::domain::query::views::SavedView;
use crate::store::{PageStart, StoreVocabulary, Unanswerable};
use crate::theme::{Depth, Palette, Role, Theme};
use crossterm::event::KeyCode;

/// A queue in use: counts, two views of one's own, names that the data has brought.
fn busy(text: Option<&str>, theme: Theme) -> App {
    let mut app = fixtures::full(ScreenTab::Queue, text, theme);
    let name = |n: &str| text.unwrap_or(n).to_owned();
    app.shared.vocabulary = StoreVocabulary {
        channels: ["phone", "web", "whatsapp"].map(name).to_vec(),
        languages: ["de", "el", "en"].map(name).to_vec(),
        reviewers: ["eleni", "maria", "import:web"].map(name).to_vec(),
        cycles: ["2026-W47", "2026-W46"].map(name).to_vec(),
        newest: Some(super::support::harness::NOW),
        ..StoreVocabulary::default()
    };
    let saved = |n: &str| SavedView { name: name(n), query: "refund".into(), sort: "newest".into(), columns: None };
    app.queue.views.saved = vec![saved("refunds"), saved("greek phones")];
    let asked = views::ask_counts(&mut app.queue, &app.shared);
    let asked = asked.into_iter().next();
    let Some(Effect::World(WorldEffect::Ask(StoreRequest::Queue(QueueRequest::Counts(queries, generation))))) = asked
    else {
        panic!()
    };
    let counts = [1_284, 214, 31, 2_208, 480, 0, 7, 12, 96, 1_044, 3];
    let counts: Vec<Result<u64, String>> = counts.into_iter().take(queries.len()).map(Ok).collect();
    let counts = counts.into_iter().enumerate().map(|(i, c)| if i == 5 { Err("no data yet".to_owned()) } else { c });
    update(&mut app, Msg::answer(QueueAnswer::Counts(counts.collect(), generation)));
    app
}

/// Types text; the page that the last letter asks for, if it asks for one.
fn write(app: &mut App, text: &str) -> Option<PageRequest> {
    let press = |c: char| {
        app.shared.seen = draw(app, (80, 24)).1;
        key(app, KeyCode::Char(c))
    };
    let effects: Vec<WorldEffect> = text.chars().flat_map(press).collect();
    effects.into_iter().rev().find_map(|e| match e {
        WorldEffect::Ask(StoreRequest::Queue(QueueRequest::Page(p))) => Some(p),
        _ => None,
    })
}

fn bar(app: &mut App, text: &str) -> Option<PageRequest> {
    key(app, KeyCode::Char('/'));
    app.queue.set_query("");
    write(app, text)
}

fn colourless() -> Theme {
    Theme::new(Depth::None, Palette::Dark)
}

/// The same with colours and without: weights alone have to say the same.
fn both(make: impl Fn(Theme) -> App, size: (u16, u16)) -> Frame {
    let coloured = make(theme());
    weighs_the_same(&coloured, &make(colourless()), size);
    Frame::of(&coloured, size)
}

#[test]
fn completion() {
    for size in SIZES {
        let mut app = busy(None, theme());
        bar(&mut app, "since:7d c");
        let frame = Frame::of(&app, size);
        frame.in_order(&[
            "/ since:7d c",
            "╭ ⇥ 1 of 7",
            "│ cause:",
            "│ conf ",
            "│ csat ",
            "│ channel:",
            "│ customer:",
            "│ cycle:",
        ]);
        frame.has(&["why it failed: cause:wrong_intent", "⇥ complete"]).role("why it failed: cause", Role::Muted);
        // Below the word that it completes.
        assert_eq!(frame.place("│ cause:").0, frame.place("7d c").0 + 1);
        let mut app = busy(None, theme());
        bar(&mut app, "outcome:failed -cause:");
        (0..8).for_each(|_| drop(key(&mut app, KeyCode::Down)));
        snap("triage-values", &app, size);
        let values = |theme| {
            let mut app = busy(None, theme);
            bar(&mut app, "outcome:failed intent:");
            key(&mut app, KeyCode::Down);
            app
        };
        both(values, size).selected("intent_00").has(&["│ intent_01", "⇥ 1 of "]);
    }
}

#[test]
fn errors_stand_in_place() {
    for size in SIZES {
        let wrong = |theme| {
            let mut app = busy(None, theme);
            bar(&mut app, "outcme:failed card ");
            app
        };
        snap("triage-error", &wrong(theme()), size);
        both(wrong, size);
        let mut app = busy(None, theme());
        let asked = bar(&mut app, "outcome:failed card intent:refund_stats ").unwrap();
        let words = "no intent called `refund_stats`: did you mean `refund_status`?";
        let part = Unanswerable {
            words: words.into(),
            term: 2,
            name: Some("refund_stats".into()),
            instead: Some("refund_status".into()),
        };
        let answer = Err(NoRows { why: part.words.clone(), part: Some(part) });
        update(&mut app, Msg::answer(QueueAnswer::Page(asked, answer)));
        let frame = Frame::of(&app, size);
        frame
            .in_order(&["/ outcome:failed card intent:refund_stats", words, "customer said", "▶"])
            .has(&["⇥ takes it"]);
        frame.role("refund_stats", Role::Bad).role(words, Role::Bad).role("outcome:failed card intent:", Role::Focus);
    }
}

#[test]
fn a_view_without_data() {
    for size in SIZES {
        let mut app = busy(None, theme());
        let effects: Vec<WorldEffect> = (0..5).flat_map(|_| key(&mut app, KeyCode::Tab)).collect();
        let asked = effects.into_iter().rev().find_map(|e| match e {
            WorldEffect::Ask(StoreRequest::Queue(QueueRequest::Page(p))) => Some(p),
            _ => None,
        });
        let words = "is:disputed has no data yet: no run has told which labels look wrong";
        let part = Unanswerable { words: words.into(), term: 0, name: None, instead: None };
        let answer = Err(NoRows { why: words.into(), part: Some(part) });
        update(&mut app, Msg::answer(QueueAnswer::Page(asked.unwrap(), answer)));
        let frame = Frame::of(&app, size);
        let then = "/ changes it, Esc goes back to open failures and escalations.";
        frame.in_order(&["is:disputed", "disputed –", "No rows for this query.", words, then]);
        frame.role("No rows for this query.", Role::Heading).lacks(&["▶", "1,284 of"]);
    }
}

#[test]
fn views_in_every_width() {
    for size in [(60, 20), (80, 24), (120, 36), (200, 60)] {
        let mut app = busy(None, theme());
        (0..3).for_each(|_| drop(key(&mut app, KeyCode::Tab)));
        let rows = fixtures::rows(None);
        let p = page_of(app.queue.read_at(PageStart::Start, LandAt::First));
        let page = crate::store::Page { rows, ..Default::default() };
        update(&mut app, Msg::answer(QueueAnswer::Page(p, Ok(page))));
        snap("triage-views", &app, size);
        key(&mut app, KeyCode::Char('w'));
        let frame = Frame::of(&app, size);
        frame.in_order(&[
            "╭ Views",
            "│▶  all open ",
            "│   failed or handed over this week",
            "│ ✓ low confidence ",
            "│   mismatches ",
            "│   disputed ",
        ]);
        frame.selected("  all open   ").role("17/17", Role::Muted);
        for (name, count) in
            [("│▶  all open ", "1,284 │"), ("│ ✓ low confidence ", "2,208 │"), ("│   disputed ", "– │")]
        {
            let line = frame.lines(frame.place(name).1.into(), 1)[0];
            assert!(line.contains(count), "{name} {count}: {line}");
        }
        if size.1 >= 24 {
            let own = ["│   refunds ", "save what is shown as a view", "rename refunds", "delete refunds"];
            frame.in_order(&own);
        }
    }
}

#[test]
fn marks() {
    for size in SIZES {
        let marked = |theme| {
            let mut app = busy(None, theme);
            write(&mut app, "vvjvv");
            app
        };
        let mut app = marked(theme());
        snap("triage-marks", &app, size);
        both(marked, size).role("● 4 marked", Role::Focus);
        key(&mut app, KeyCode::Char('b'));
        let frame = Frame::of(&app, size);
        frame.in_order(&[
            "╭ Judge the 4 marked",
            "4 conversations, 1 of them in a test group",
            "i    the customer wanted …",
            "w    it failed because …",
            "l    later",
            "s    skip",
            "f    ask …",
            "r    resolved after all",
            "x    spam or tests",
        ]);
        frame.selected("the customer wanted").has(&[
            "as named above, and one cause: done",
            "one cause; the intent stays open",
            "they leave all rates",
        ]);
    }
}

#[test]
fn lists_above_the_queue() {
    for size in SIZES {
        let after = |keys: &str| {
            let mut app = busy(None, theme());
            write(&mut app, keys);
            Frame::of(&app, size)
        };
        let columns = after("|");
        columns.in_order(&[
            "╭ Columns",
            "✓ number",
            "✓ when",
            "  channel",
            "  language",
            "✓ outcome",
            "✓ who",
            "✓ cause",
            "  why  ",
        ]);
        columns
            .has(&["15/15", "⇥ switches on or off   Esc closes   what has no room goes from the right"])
            .selected("✓ status");
        let orders = after("O53");
        orders.in_order(&[
            "╭ Sort the queue",
            "✓ 3. value ↓",
            "✓ 1. confidence ↑",
            "✓ 2. csat ↑",
            "6    sentiment",
            "8    status",
        ]);
        orders.has(&["confidence ↑, csat ↑, value ↓", "least sure first"]).lacks(&["relevance"]);
        let jump = after("J");
        let told = "A conversation by its number or name: 90412, #90412, web:55.";
        jump.in_order(&[
            "╭ Go to",
            told,
            "A day in an order by time: 2026-03-01, 7d.",
            "│ ›",
            "⏎ takes it   Esc closes",
        ]);
        let save = after("S");
        let told = "outcome:failed,escalated status:open test:hidden, sorted by value ↓.";
        save.in_order(&["╭ Save as a view", told, "A view of the same name is replaced.", "│ ›"]);
    }
}

#[test]
fn columns_that_one_has_chosen() {
    let shown = [
        ((60, 20), "     when outcome     intent          customer said"),
        ((80, 24), "when outcome"),
        ((120, 36), "customer said"),
        ((200, 60), "customer said"),
    ];
    for (size, heading) in shown {
        let mut app = busy(None, theme());
        app.queue.look.columns =
            app.queue.look.columns.toggled(QueueColumn::Why).toggled(QueueColumn::Turns).toggled(QueueColumn::Number);
        let frame = Frame::of(&app, size);
        frame.has(&[heading]).role(heading.trim_start(), Role::Muted).lacks(&["90412 2h"]);
        let rows = frame.place("▶").1 - frame.place("customer said").1;
        assert_eq!(rows, 1, "the first row stands below the headings");
    }
    let mut app = busy(None, theme());
    app.queue.look.columns = app.queue.look.columns.toggled(QueueColumn::Why).toggled(QueueColumn::Turns);
    app.queue.look.preview = false;
    Frame::of(&app, (200, 60)).has(&["turns ", "why it is here", "failed · the model is unsure"]);
}

/// Names of views, channels and intents are as hostile as what customers write.
#[test]
fn nothing_hostile_reaches_a_cell() {
    for size in SIZES {
        let mut app = busy(Some(HOSTILE), theme());
        for keys in ["", "w", "S", "b"] {
            write(&mut app, keys);
            let (text, _) = draw(&app, size);
            assert!(
                !text.chars().any(|c| (c.is_control() && c != '\n') || ('\u{202a}'..='\u{202e}').contains(&c)),
                "{keys}"
            );
            key(&mut app, KeyCode::Esc);
        }
        bar(&mut app, "channel:");
        assert!(app.queue.bar.offers.is_some());
        let (text, _) = draw(&app, size);
        assert!(!text.chars().any(|c| (c.is_control() && c != '\n') || ('\u{202a}'..='\u{202e}').contains(&c)));
        key(&mut app, KeyCode::Tab);
        draw(&app, size);
    }
}
