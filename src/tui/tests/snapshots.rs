//! Whole pictures of the states in which the whole picture matters. Look at a changed one before accepting it.

use super::support::fixtures;
use super::support::frame::SIZES;
use super::support::harness::{draw, press, run, theme};
use super::support::import_fixtures;
use super::support::prelude::*;
use super::support::tune_fixtures;
use crate::domain::{Cause, Feedback, Offer, OfferStatus, TurnKey};
use crate::store::{Judgements, LabelUse, ReviewItem};
use crate::theme::{Depth, Palette, Theme};
use crossterm::event::KeyCode;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::style::{Color, Modifier};

pub const SCREENS: [(ScreenTab, &str); 4] = [
    (ScreenTab::Overview, "overview"),
    (ScreenTab::Queue, "queue"),
    (ScreenTab::Review, "review"),
    (ScreenTab::FineTune, "tune"),
];

pub fn snap(name: &str, app: &App, size: (u16, u16)) {
    let (text, _) = draw(app, size);
    insta::with_settings!({ prepend_module_to_snapshot => false, snapshot_path => "snapshots" }, {
        insta::assert_snapshot!(format!("{name}-{}x{}", size.0, size.1), text);
    });
}

#[test]
fn full() {
    for (tab, name) in SCREENS {
        for size in SIZES {
            snap(&format!("{name}-full"), &fixtures::full(tab, None, theme()), size);
            let app = fixtures::full(tab, None, Theme::new(Depth::None, Palette::Dark));
            weights(&format!("{name}-nocolour"), &app, size);
        }
    }
}

#[test]
fn the_first_start() {
    for size in SIZES {
        snap("overview-empty", &fixtures::empty(ScreenTab::Overview), size);
        snap("overview-loading-demo", &loading_demo(fixtures::empty(ScreenTab::Overview)), size);
        let mut app = fixtures::full(ScreenTab::Overview, None, theme());
        let begun = crate::tui::guide::tour::begin(&mut app);
        settle(&mut app, begun);
        crate::tui::guide::tour::advance(&mut app);
        snap("overview-tour", &app, size);
    }
}

/// The demo is being built, 6 of 26 weeks of it.
pub fn loading_demo(mut app: App) -> App {
    let progress = JobProgress {
        stage: "week 7 of 26".into(),
        done: 6,
        total: 26,
        stage_ms: 400,
        total_ms: 9_000,
        left: Some(30),
        loss: None,
    };
    let run = JobRun { progress, cancelling: false };
    app.shared.loading = Some(FillingWork { what: FillingWork::DEMO.into(), run });
    app
}

/// What a program without colours draws, as weights.
pub fn weights(name: &str, app: &App, size: (u16, u16)) {
    let mut terminal = Terminal::new(TestBackend::new(size.0, size.1)).unwrap();
    terminal.draw(|frame| drop(view(app, frame))).unwrap();
    let buffer = terminal.backend().buffer();
    let plain = |c: &ratatui::buffer::Cell| c.fg == Color::Reset && c.bg == Color::Reset;
    assert!(buffer.content.iter().all(plain), "{name} has colours");
    let sign = |m: Modifier| match m {
        m if m.contains(Modifier::REVERSED) => 'R',
        m if m.contains(Modifier::BOLD) => 'b',
        m if m.contains(Modifier::DIM) => 'd',
        m if m.contains(Modifier::UNDERLINED) => 'u',
        _ => '.',
    };
    let rows = buffer.content.chunks(usize::from(size.0));
    let map: Vec<String> = rows.map(|r| r.iter().map(|c| sign(c.modifier)).collect()).collect();
    insta::with_settings!({ prepend_module_to_snapshot => false, snapshot_path => "snapshots" }, {
        insta::assert_snapshot!(format!("{name}-{}x{}", size.0, size.1), map.join("\n"));
    });
}

pub fn review(change: impl Fn(&mut ReviewItem)) -> App {
    let mut app = fixtures::full(ScreenTab::Review, None, theme());
    let mut item = fixtures::item(None);
    change(&mut item);
    app.review.stage = ReviewStage::Item(Box::new(item));
    app
}

#[test]
fn waiting_for_a_cause() {
    for size in SIZES {
        let app = review(|i| {
            i.judged = true;
            i.labels = vec![(TurnKey(2), vec!["order_status".into()], "maria".into())];
            let text = "Your refund was sent on the 12th.";
            i.responses = vec![(TurnKey(4), text.into())];
            i.corrections = vec![fixtures::corrected(i.n, TurnKey(4), text)];
        });
        snap("review-waiting", &app, size);
    }
}

#[test]
fn a_blind_item_gives_nothing_away() {
    for size in SIZES {
        let app = review(|i| {
            i.counts = LabelUse::Audit;
            i.confirmable = None;
            i.suggestions.iter_mut().for_each(|s| (s.confidence, s.now) = (None, false));
            i.conversation.turns[0].gold = vec!["secret_gold".into()];
            i.conversation.tags = vec!["secret_tag".into()];
            i.conversation.turns[1].feedback = Some(Feedback { score: 1, comment: Some("secret_praise".into()) });
            let took = OfferStatus::Accepted;
            i.conversation.offers = vec![Offer {
                id: None,
                name: "lounge".into(),
                turn: Some(1),
                status: took,
                shown_at: None,
                value: None,
                currency: None,
                meta: Default::default(),
            }];
            i.labels = vec![(TurnKey(0), vec!["secret_gold".into()], "import:web".into())];
        });
        let (text, _) = draw(&app, size);
        let ended = ["failed", "handed", "marked as", "not what I asked", "secret_praise", "secret_tag", "accepted"];
        let guessed = ["0.41", "0.52", "0.58", "secret_gold", "audit", "utter_order_status", " AI  0"];
        for secret in ended.into_iter().chain(guessed) {
            assert!(!text.contains(secret), "{secret} is shown:\n{text}");
        }
        snap("review-blind", &app, size);
    }
}

#[test]
fn a_disputed_label() {
    for size in SIZES {
        let app = review(|i| {
            i.judged = true;
            i.cause = Some(Cause::WrongIntent);
            i.status = crate::domain::Review::Done;
            i.labels = vec![(TurnKey(2), vec!["order_status".into()], "eleni".into())];
            i.disputes = vec![fixtures::dispute()];
        });
        snap("review-disputed", &app, size);
    }
}

#[test]
fn what_floats() {
    let float = |name: &str, tab, sizes: &[(u16, u16)], ask: fn(&App) -> Vec<Effect>| {
        for size in sizes {
            let mut app = fixtures::full(tab, None, theme());
            run(&mut app, ask);
            snap(name, &app, *size);
        }
    };
    let two = &SIZES[..2];
    float("float-intents", ScreenTab::Review, two, |app| open(review_lists::intents(&app.review, &app.shared)));
    float("float-causes", ScreenTab::Review, two, |app| open(review_lists::causes(&app.review)));
    float("float-keys", ScreenTab::Review, two, floats::keys);
    float("float-palette", ScreenTab::Queue, two, floats::palette);
    for size in SIZES {
        let mut app = fixtures::full(ScreenTab::Overview, None, theme());
        run(&mut app, floats::keys);
        press(&mut app, KeyCode::Tab);
        snap("float-words", &app, size);
    }
}

#[test]
fn a_comparison_and_its_panes() {
    for size in SIZES {
        for pane in Pane::ALL.into_iter().filter(|p| *p != Pane::Intents) {
            let mut app = fixtures::full(ScreenTab::FineTune, None, theme());
            app.tune.panes.show(pane);
            snap(&format!("tune-{}-full", pane.title()), &app, size);
        }
        let mut app = fixtures::full(ScreenTab::FineTune, None, theme());
        app.tune.panes.show(Pane::Responses);
        app.tune.judgements = Some(Judgements { mine: vec![], tally: tune_fixtures::tally() });
        run(&mut app, |app| judging::begin(&app.tune));
        snap("float-judge-full", &app, size);
        let mut app = fixtures::full(ScreenTab::FineTune, None, theme());
        app.tune.work = Some(tune_fixtures::work(tune_fixtures::training()));
        snap("tune-running", &app, size);
        app.tune.work = None;
        app.tune.views.front = TuneFront::Curve;
        app.tune.views.curve.drawn = Some(Box::new(tune_fixtures::economics()));
        snap("tune-curve", &app, size);
    }
}

#[test]
fn views_beside_the_comparison() {
    for size in SIZES {
        for list in RegistryList::ALL {
            let name = format!("registry-{}-full", list.title().replace(' ', "-"));
            snap(&name, &tune_fixtures::at_registry(list, None, theme()), size);
        }
        snap("replay-full", &tune_fixtures::at_replay(None, theme()), size);
        snap("blame-full", &tune_fixtures::at_blame(None, theme()), size);
    }
}

#[test]
fn importing() {
    for size in SIZES {
        let mut app = fixtures::empty(ScreenTab::Overview);
        for (name, step) in
            ["import-full", "import-look-full", "import-columns-full"].into_iter().zip(import_fixtures::IMPORT)
        {
            step(&mut app, "where is it");
            snap(name, &app, size);
        }
    }
}

#[test]
fn too_small() {
    snap("too-small", &fixtures::full(ScreenTab::Queue, None, theme()), (40, 10));
}
