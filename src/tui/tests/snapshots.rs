//! Every screen, in every size, in every state. Look at a changed one before accepting it.

use super::fixtures::{self, HOSTILE};
use super::harness::{draw, theme};
use super::tune_fixtures;
use crate::domain::{Cause, TurnKey};
use crate::store::{Counts, ReviewItem};
use crate::theme::{Depth, Palette, Theme};
use crate::tui::screens::review::Stage;
use crate::tui::state::app::{App, Screen};
use crate::tui::view::view;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::style::{Color, Modifier};

pub const SIZES: [(u16, u16); 3] = [(80, 24), (120, 36), (200, 60)];
const SCREENS: [(Screen, &str); 4] =
    [(Screen::Overview, "overview"), (Screen::Queue, "queue"), (Screen::Review, "review"), (Screen::FineTune, "tune")];

pub fn snap(name: &str, app: &App, size: (u16, u16)) {
    let (text, _) = draw(app, size);
    insta::with_settings!({ prepend_module_to_snapshot => false, snapshot_path => "snapshots" }, {
        insta::assert_snapshot!(format!("{name}-{}x{}", size.0, size.1), text);
    });
}

fn each(state: &str, make: impl Fn(Screen) -> App) {
    for (screen, name) in SCREENS {
        for size in SIZES {
            snap(&format!("{name}-{state}"), &make(screen), size);
        }
    }
}

#[test]
fn empty() {
    each("empty", fixtures::empty);
}

#[test]
fn loading() {
    each("loading", fixtures::loading);
}

#[test]
fn full() {
    each("full", |s| fixtures::full(s, None, theme()));
}

#[test]
fn error() {
    each("error", fixtures::broken);
}

#[test]
fn hostile() {
    each("hostile", |s| fixtures::full(s, Some(HOSTILE), theme()));
}

/// Weight and reversal of every cell beside the text: what is left when there are no colours.
#[test]
fn no_colour() {
    for (screen, name) in SCREENS {
        for size in SIZES {
            let app = fixtures::full(screen, None, Theme::new(Depth::None, Palette::Dark));
            weights(&format!("{name}-nocolour"), &app, size);
        }
    }
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

fn review(change: impl Fn(&mut ReviewItem)) -> App {
    let mut app = fixtures::full(Screen::Review, None, theme());
    let mut item = fixtures::item(None);
    change(&mut item);
    app.review.stage = Stage::Item(Box::new(item));
    app
}

#[test]
fn waiting_for_a_cause() {
    for size in SIZES {
        let mut app = review(|i| {
            i.judged = true;
            i.labels = vec![(TurnKey(2), vec!["order_status".into()], "maria".into())];
            let text = "Your refund was sent on the 12th.";
            i.responses = vec![(TurnKey(4), text.into())];
            i.corrections = vec![fixtures::corrected(i.n, TurnKey(4), text)];
        });
        app.review.proposal = Some(Cause::WrongAnswer);
        snap("review-waiting", &app, size);
    }
}

#[test]
fn a_blind_item_gives_nothing_away() {
    for size in SIZES {
        let app = review(|i| {
            i.counts = Counts::Audit;
            i.confirmable = None;
            i.suggestions.iter_mut().for_each(|s| (s.confidence, s.now) = (None, false));
            i.conversation.turns[0].gold = vec!["secret_gold".into()];
            i.labels = vec![(TurnKey(0), vec!["secret_gold".into()], "import:web".into())];
        });
        let (text, _) = draw(&app, size);
        for secret in
            ["0.41", "0.52", "0.58", "secret_gold", "failed", "handed", "audit", "utter_order_status", " AI  0"]
        {
            assert!(!text.contains(secret), "{secret} is shown:\n{text}");
        }
        snap("review-blind", &app, size);
    }
}

#[test]
fn a_test_group_item_says_what_a_label_is_worth() {
    let app = review(|i| i.counts = Counts::Nothing);
    snap("review-test-group", &app, (80, 24));
}

#[test]
fn a_gold_item_says_what_a_change_makes() {
    let app = review(|i| i.counts = Counts::Gold);
    let (text, _) = draw(&app, (120, 36));
    assert!(text.contains("Test gold: a change here makes a new gold"), "{text}");
}

#[test]
fn touring_and_hinting() {
    for size in SIZES {
        for (screen, name) in SCREENS {
            let mut app = fixtures::full(screen, None, theme());
            app.hints.recalled(None);
            snap(&format!("{name}-hint"), &app, size);
            crate::tui::guide::tour::begin(&mut app);
            app.screen = screen;
            crate::tui::guide::tour::advance(&mut app);
            snap(&format!("{name}-tour"), &app, size);
        }
        let mut app = fixtures::full(Screen::Overview, None, theme());
        crate::tui::overlays::open_keys(&mut app);
        crate::tui::overlays::act(&mut app, crate::action::Action::Toggle);
        snap("float-words", &app, size);
        app.overlays.clear();
        crate::tui::overlays::offer_tour(&mut app);
        snap("float-offer", &app, size);
    }
}

#[test]
fn what_is_loaded_shows_how_far_it_is() {
    for size in SIZES {
        for make in [fixtures::empty, |s| fixtures::full(s, None, theme())] {
            let mut app = make(Screen::Overview);
            let progress = crate::tui::state::msg::Progress {
                stage: "week 7 of 26".into(),
                done: 6,
                total: 26,
                stage_ms: 400,
                total_ms: 9_000,
                left: Some(30),
                loss: None,
            };
            let run = crate::tui::screens::tune::Run { progress, cancelling: false };
            app.loading =
                Some(crate::tui::state::app::Loading { what: crate::tui::state::msg::Loaded::DEMO.into(), run });
            let name = if app.overview().conversations == 0 { "loading-demo" } else { "loading-more" };
            snap(&format!("overview-{name}"), &app, size);
        }
    }
}

#[test]
fn learning_curve() {
    for size in SIZES {
        let mut app = fixtures::full(Screen::FineTune, None, theme());
        app.tune.views.front = crate::tui::screens::tune::Front::Curve;
        app.tune.views.curve.drawn = Some(Box::new(tune_fixtures::economics()));
        snap("tune-curve", &app, size);
        app.tune.views.curve.drawn = Some(Box::new(tune_fixtures::no_curve()));
        snap("tune-curve-without", &app, size);
        app.tune.views.curve = crate::tui::screens::tune::Curve { problem: Some(HOSTILE.into()), ..Default::default() };
        snap("tune-curve-none", &app, size);
    }
}

#[test]
fn panes_of_a_comparison() {
    use crate::tui::screens::tune::Pane;
    for size in SIZES {
        for pane in Pane::ALL {
            let name = format!("tune-{}", pane.title().replace(' ', "-"));
            let at = |mut app: App| {
                app.tune.panes.show(pane);
                app
            };
            snap(&format!("{name}-full"), &at(fixtures::full(Screen::FineTune, None, theme())), size);
            snap(&format!("{name}-hostile"), &at(fixtures::full(Screen::FineTune, Some(HOSTILE), theme())), size);
            weights(
                &format!("{name}-nocolour"),
                &at(fixtures::full(Screen::FineTune, None, Theme::new(Depth::None, Palette::Dark))),
                size,
            );
            let mut empty = at(fixtures::full(Screen::FineTune, None, theme()));
            empty.tune.comparison = crate::tui::state::app::Load::Ready(Some(Box::new(fixtures::without_gold())));
            snap(&format!("{name}-empty"), &empty, size);
        }
        let mut before = fixtures::full(Screen::FineTune, None, theme());
        before.tune.panes.show(Pane::Confusion);
        before.tune.panes.other_view();
        snap("tune-confusion-before", &before, size);
    }
}

#[test]
fn judging_answers() {
    use crate::store::Judgements;
    use crate::tui::screens::tune::{Pane, judging};
    for size in SIZES {
        for (state, text) in [("full", None), ("hostile", Some(HOSTILE))] {
            let mut app = fixtures::full(Screen::FineTune, text, theme());
            app.tune.panes.show(Pane::Responses);
            let tally = crate::domain::Tally { before: 5, after: 14, ties: 4, p_value: 0.064 };
            app.tune.judgements = Some(Judgements { mine: vec![], tally });
            if text.is_none() {
                snap("tune-responses-judged", &app, size);
                app.tune.panes.other_view();
                snap("tune-responses-corrected", &app, size);
            }
            judging::begin(&mut app);
            snap(&format!("float-judge-{state}"), &app, size);
            app.overlays.clear();
            app.tune.judgements = Some(Judgements {
                mine: judging::pairs(app.tune.shown().unwrap())
                    .iter()
                    .map(|c| (c.pair.conversation, c.pair.turn))
                    .collect(),
                tally,
            });
            judging::begin(&mut app);
            snap(&format!("float-judge-{state}-done"), &app, size);
        }
    }
}

#[test]
fn panes_draw_in_every_size() {
    use crate::tui::screens::tune::Pane;
    for pane in Pane::ALL {
        let mut app = fixtures::full(Screen::FineTune, Some(HOSTILE), theme());
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
fn a_run_in_progress() {
    for size in SIZES {
        let mut app = fixtures::full(Screen::FineTune, None, theme());
        let progress = crate::tui::state::msg::Progress {
            stage: crate::base::progress::TRAINING.into(),
            done: 212,
            total: 308,
            stage_ms: 4_100,
            total_ms: 4_300,
            left: Some(2),
            loss: Some(0.618),
        };
        app.tune.work = Some(tune_fixtures::work(progress));
        snap("tune-running", &app, size);
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
fn floating_things() {
    for size in [(80, 24), (120, 36)] {
        let mut app = fixtures::full(Screen::Review, None, theme());
        crate::tui::overlays::open_intents(&mut app);
        snap("float-intents", &app, size);
        app.overlays.clear();
        crate::tui::overlays::edit_response(&mut app);
        snap("float-editor", &app, size);
        app.overlays.clear();
        crate::tui::overlays::open_causes(&mut app);
        snap("float-causes", &app, size);
        app.overlays.clear();
        crate::tui::overlays::open_keys(&mut app);
        snap("float-keys", &app, size);
        app.overlays.clear();
        app.screen = Screen::Queue;
        crate::tui::overlays::open_palette(&mut app);
        snap("float-palette", &app, size);
        app.overlays.clear();
        crate::tui::overlays::open_filters(&mut app);
        snap("float-filters", &app, size);
        app.overlays.clear();
        crate::tui::overlays::ask_cycle(&mut app);
        snap("float-cycle", &app, size);
    }
}

fn look(text: &str) -> crate::tui::runtime::files::Look {
    crate::tui::runtime::files::Look {
        path: "/home/maria/chats.jsonl".into(),
        size: 4_200_000,
        format: "canonical".into(),
        why: "records with `id` and `turns`".into(),
        read: 18,
        rejected: 2,
        problem: Some("line 7: no turns".into()),
        sample: vec![
            (crate::domain::Role::User, text.to_owned()),
            (crate::domain::Role::Bot, "Your order is on its way and arrives on Thursday.".into()),
        ],
        questions: Vec::new(),
        table: None,
    }
}

#[test]
fn importing() {
    use crate::tui::runtime::files::{FileEntry, Listing};
    use crate::tui::state::request::Answer;
    let name = |text: &str| text.replace('/', "").to_owned();
    for (state, text) in [("full", "where is it"), ("hostile", HOSTILE)] {
        for size in SIZES {
            let mut app = fixtures::empty(Screen::Overview);
            crate::tui::overlays::import::open(&mut app);
            let entry = |n: &str, dir, size| FileEntry { name: name(n), dir, size };
            let entries = vec![entry("older", true, 0), entry("chats.jsonl", false, 4_200_000), entry(text, false, 12)];
            let listing = Listing { dir: format!("/home/{text}").into(), entries };
            let send = |app: &mut App, a| {
                drop(crate::tui::update::update(app, crate::tui::state::msg::Msg::Answer(Box::new(a))))
            };
            send(&mut app, Answer::Listed(Ok(listing)));
            snap(&format!("import-{state}"), &app, size);
            let path: std::path::PathBuf = format!("/home/{text}/chats.jsonl").into();
            crate::tui::overlays::import::look_at(&mut app, path.clone());
            send(&mut app, Answer::Looked(path.clone(), Ok(Box::new(look(text)))));
            snap(&format!("import-look-{state}"), &app, size);
            let csv = format!("session_id,sender,message,plan\n1,customer,\"{text}\",free\n1,bot,It arrives.,free\n");
            let guess = crate::ingest::formats::csv::guess(csv.as_bytes());
            let table = crate::tui::runtime::files::Table { head: csv.into_bytes(), guess, profiles: vec![] };
            let found = crate::tui::runtime::files::Look { table: Some(Box::new(table)), ..look(text) };
            send(&mut app, Answer::Looked(path, Ok(Box::new(found))));
            snap(&format!("import-columns-{state}"), &app, size);
        }
    }
}

#[test]
fn too_small() {
    snap("too-small", &fixtures::full(Screen::Queue, None, theme()), (40, 10));
}

#[test]
fn nothing_hostile_reaches_a_cell() {
    for (screen, _) in SCREENS {
        for size in SIZES {
            let (text, _) = draw(&fixtures::full(screen, Some(HOSTILE), theme()), size);
            let bad = |c: char| (c.is_control() && c != '\n') || crate::text::clean::is_invisible(c);
            assert!(!text.chars().any(bad), "{screen:?} at {size:?}");
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
                crate::tui::overlays::open_filters(&mut app);
                crate::tui::overlays::open_causes(&mut app);
                crate::tui::overlays::edit_note(&mut app);
                crate::tui::overlays::ask_cycle(&mut app);
                crate::tui::overlays::open_keys(&mut app);
                draw(&app, (width, height));
            }
        }
    }
}
