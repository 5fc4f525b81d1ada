//! The queue's lists, marks and messages, in every size. Look at a changed one before accepting it.

use super::fixtures::{self, HOSTILE};
use super::harness::{draw, page_of, press as key, theme};
use super::prelude::*;
use super::snapshots::{SIZES, snap, weights};
use crate::domain::query::views::Saved;
use crate::store::{Place, Unanswerable, Vocabulary};
use crate::theme::{Depth, Palette, Theme};
use crossterm::event::KeyCode;

/// A queue in use: counts, two views of one's own, names that the data has brought.
fn busy(text: Option<&str>, theme: Theme) -> App {
    let mut app = fixtures::full(Tab::Queue, text, theme);
    let name = |n: &str| text.unwrap_or(n).to_owned();
    app.shared.vocabulary = Vocabulary {
        channels: ["phone", "web", "whatsapp"].map(name).to_vec(),
        languages: ["de", "el", "en"].map(name).to_vec(),
        reviewers: ["eleni", "maria", "import:web"].map(name).to_vec(),
        cycles: ["2026-W47", "2026-W46"].map(name).to_vec(),
        newest: Some(super::harness::NOW),
    };
    let saved = |n: &str| Saved { name: name(n), query: "refund".into(), sort: "newest".into(), columns: None };
    app.queue.views.saved = vec![saved("refunds"), saved("greek phones")];
    let asked = views::ask_counts(&mut app.queue, &app.shared);
    let asked = asked.into_iter().next();
    let Some(Effect::World(WorldEffect::Ask(Request::Queue(QueueRequest::Counts(queries, generation))))) = asked else {
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
        WorldEffect::Ask(Request::Queue(QueueRequest::Page(p))) => Some(p),
        _ => None,
    })
}

fn bar(app: &mut App, text: &str) -> Option<PageRequest> {
    key(app, KeyCode::Char('/'));
    app.queue.set_query("");
    write(app, text)
}

#[test]
fn completion() {
    for size in SIZES {
        let mut app = busy(None, theme());
        bar(&mut app, "since:7d c");
        snap("triage-names", &app, size);
        let mut app = busy(None, theme());
        bar(&mut app, "outcome:failed -cause:");
        (0..8).for_each(|_| drop(key(&mut app, KeyCode::Down)));
        snap("triage-values", &app, size);
        let mut app = busy(None, Theme::new(Depth::None, Palette::Dark));
        bar(&mut app, "outcome:failed intent:");
        key(&mut app, KeyCode::Down);
        weights("triage-values-nocolour", &app, size);
    }
}

#[test]
fn errors_stand_in_place() {
    for size in SIZES {
        let mut app = busy(None, theme());
        bar(&mut app, "outcme:failed card ");
        snap("triage-error", &app, size);
        let mut app = busy(None, theme());
        let asked = bar(&mut app, "outcome:failed card intent:refund_stats ").unwrap();
        let part = Unanswerable {
            words: "no intent called `refund_stats`: did you mean `refund_status`?".into(),
            term: 2,
            name: Some("refund_stats".into()),
            instead: Some("refund_status".into()),
        };
        let answer = Err(NoRows { why: part.words.clone(), part: Some(part) });
        update(&mut app, Msg::answer(QueueAnswer::Page(asked, answer)));
        snap("triage-blame", &app, size);
        let mut app = busy(None, Theme::new(Depth::None, Palette::Dark));
        bar(&mut app, "outcme:failed card ");
        weights("triage-error-nocolour", &app, size);
    }
}

#[test]
fn a_view_without_data() {
    for size in SIZES {
        let mut app = busy(None, theme());
        let effects: Vec<WorldEffect> = (0..5).flat_map(|_| key(&mut app, KeyCode::Tab)).collect();
        let asked = effects.into_iter().rev().find_map(|e| match e {
            WorldEffect::Ask(Request::Queue(QueueRequest::Page(p))) => Some(p),
            _ => None,
        });
        let words = "is:disputed has no data yet: no run has told which labels look wrong";
        let part = Unanswerable { words: words.into(), term: 0, name: None, instead: None };
        let answer = Err(NoRows { why: words.into(), part: Some(part) });
        update(&mut app, Msg::answer(QueueAnswer::Page(asked.unwrap(), answer)));
        snap("triage-nodata", &app, size);
    }
}

#[test]
fn views_in_every_width() {
    for size in [(60, 20), (80, 24), (120, 36), (200, 60)] {
        let mut app = busy(None, theme());
        (0..3).for_each(|_| drop(key(&mut app, KeyCode::Tab)));
        let rows = fixtures::rows(None);
        let p = page_of(app.queue.read_at(Place::Start, Land::First));
        let page = crate::store::Page { rows, ..Default::default() };
        update(&mut app, Msg::answer(QueueAnswer::Page(p, Ok(page))));
        snap("triage-views", &app, size);
        key(&mut app, KeyCode::Char('w'));
        snap("triage-viewlist", &app, size);
    }
}

#[test]
fn marks() {
    for size in SIZES {
        for (name, theme) in [("triage-marks", theme()), ("", Theme::new(Depth::None, Palette::Dark))] {
            let mut app = busy(None, theme);
            write(&mut app, "vvjvv");
            match name {
                "" => weights("triage-marks-nocolour", &app, size),
                name => snap(name, &app, size),
            }
            if !name.is_empty() {
                key(&mut app, KeyCode::Char('b'));
                snap("triage-judge", &app, size);
            }
        }
    }
}

#[test]
fn lists_above_the_queue() {
    for size in SIZES {
        let floats = [("columns", "|"), ("orders", "O53"), ("jump", "J"), ("saveview", "S")];
        for (name, keys) in floats {
            let mut app = busy(None, theme());
            write(&mut app, keys);
            snap(&format!("triage-{name}"), &app, size);
        }
    }
}

#[test]
fn columns_that_one_has_chosen() {
    for size in [(60, 20), (80, 24), (120, 36), (200, 60)] {
        let mut app = busy(None, theme());
        app.queue.look.columns =
            app.queue.look.columns.toggled(Column::Why).toggled(Column::Cause).toggled(Column::Number);
        snap("triage-chosen", &app, size);
    }
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
