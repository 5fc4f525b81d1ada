//! What is the same on every screen: the header, colours, the palette of the whole program, floats.

use super::support::fixtures;
use super::support::frame::Frame;
use super::support::harness::{NOW, Stage, draw, failures, run, theme};
use super::support::prelude::*;
use crate::domain::{DecisionChange, ReleaseId, Review};
use crate::store::Overview;
use crate::theme::{Depth, Palette, Role, Theme};

#[test]
fn the_header_says_where_who_and_what_waits() {
    let mut stage = Stage::new(&failures(9), &["refund_status"]);
    stage.app.shared.named(std::path::Path::new("/data/ferry.db"));
    stage.size = (80, 24);
    let text = stage.draw();
    let header = text.lines().next().unwrap();
    assert!(header.contains("2 Queue 9") && header.contains("maria"), "{header}");
    stage.press("enter");
    assert!(stage.draw().lines().next().unwrap().contains("g1 Over"), "digits mean intents in Review");
    stage.press("g 2 c enter");
    for keys in ["1", "2", "4", "5", "g 7"] {
        let text = stage.press(keys).draw();
        let header = text.lines().next().unwrap();
        assert!(header.contains("ferry · maria") && header.contains("0/"), "a cycle leaves both in sight: {header}");
    }
}

#[test]
fn tabs_have_words_of_one_kind_and_the_right_end_gives_way_first() {
    let mut app = fixtures::full(ScreenTab::Review, None, theme());
    app.shared.named(std::path::Path::new("/data/a_store_with_a_long_name.db"));
    app.shared.overview = StoreRead::Ready(Overview { open: 14_147, ..fixtures::overview() });
    for tab in [ScreenTab::Review, ScreenTab::Overview] {
        app.tab = tab;
        for size in [(80, 24), (120, 36), (200, 60)] {
            let header = draw(&app, size).0.lines().next().unwrap_or_default().to_owned();
            for tab in ScreenTab::ALL {
                let word = if size.0 < 120 { tab.short() } else { tab.title() };
                assert!(header.contains(&format!("{} {word} ", tab.number())), "{header}");
            }
            assert!(header.contains("38/120") && header.contains("maria · v11"), "{header}");
            assert_eq!(header.contains("a_sto"), size.0 >= 120, "{header}");
        }
    }
}

#[test]
fn what_answers_stays_in_sight_where_what_is_live_adds_a_part_to_it() {
    let mut app = fixtures::full(ScreenTab::Queue, None, theme());
    app.shared.overview = StoreRead::Ready(Overview {
        answering: Some(ReleaseId(9)),
        live_adds: Some("sentiment"),
        ..fixtures::overview()
    });
    let header = |size| header_of(&app, size);
    assert!(header((200, 60)).contains("v9 answers · v11 tells feelings"), "{}", header((200, 60)));
    assert!(header((120, 36)).ends_with(" · v9") && header((150, 36)).contains("v9 answers"), "{}", header((150, 36)));
    // The release goes before the store's name, letters of tabs and what waits on them.
    app.shared.named(std::path::Path::new("/data/a_store_with_a_long_name.db"));
    app.shared.reviewer = "maria-eleni.papado".to_owned();
    let long = Overview { open: 14_147, answering: Some(ReleaseId(9)), ..fixtures::overview() };
    app.shared.overview = StoreRead::Ready(long);
    for size in [(80, 24), (90, 24), (120, 36)] {
        for tab in ScreenTab::ALL {
            app.tab = tab;
            let header = header_of(&app, size);
            assert!(header.contains("38/120") && header.contains("v9"), "{header}");
        }
    }
}

fn header_of(app: &App, size: (u16, u16)) -> String {
    draw(app, size).0.lines().next().unwrap_or_default().to_owned()
}

#[test]
fn a_message_is_over_with_the_next_key_and_with_what_it_tells_of() {
    let mut stage = Stage::new(&failures(9), &["refund_status"]);
    stage.press("2 b");
    assert!(stage.toast().starts_with("nothing is marked"), "{}", stage.toast());
    stage.press("down");
    assert!(stage.app.shared.toasts.shown().is_none(), "{}", stage.toast());
    stage.press("b");
    let App { queue, shared, .. } = &mut stage.app;
    marks::mark(queue, shared);
    stage.send(Msg::Now(NOW));
    assert!(stage.app.shared.toasts.shown().is_none(), "something is marked by now: {}", stage.toast());
}

#[test]
fn who_only_looks_sees_that_nothing_can_be_changed() {
    let mut stage = Stage::new(&failures(9), &["refund_status"]);
    stage.app.shared.read_only = true;
    for size in [(80, 24), (120, 36)] {
        stage.size = size;
        for keys in ["1", "2", "g 7"] {
            stage.press(keys);
            let text = stage.draw();
            assert!(text.lines().next().unwrap().ends_with("read-only"), "{text}");
        }
    }
}

#[test]
fn the_first_undo_after_a_start_says_what_it_would_take_back() {
    let mut stage = Stage::new(&failures(3), &["refund_status"]);
    let id = stage.app.queue.window.rows()[0].n;
    stage.store.decide("maria", NOW, &[DecisionChange::status(id, Some(Review::Later))]).unwrap();
    stage.size = (80, 24);
    stage.press("u");
    let said = format!("from last time: u again takes back #{}: left for later", id.0);
    assert!(stage.draw().contains(&said), "{}", stage.draw());
    stage.press("u");
    assert_eq!(stage.toast(), format!("taken back: #{}: left for later", id.0));
}

#[test]
fn the_palette_runs_what_belongs_elsewhere() {
    let mut stage = Stage::new(&failures(9), &["refund_status"]);
    stage.press("1 :").type_text("open cycle");
    let text = stage.draw();
    assert!(text.contains("Queue"), "with its place: {text}");
    stage.press("enter");
    assert_eq!(stage.app.tab, ScreenTab::Queue);
    assert!(!stage.app.overlays.is_empty(), "the question of the command is open: {}", stage.draw());
    stage.press("esc");
    stage.press("1 :").type_text("close cycle").press("enter");
    assert_eq!((stage.app.tab, stage.toast()), (ScreenTab::Queue, "no cycle is open"), "said at once");
    // What cannot be done there says why, and does not happen later.
    stage.press("1 :").type_text("promote");
    stage.press("enter");
    assert_eq!(stage.app.tab, ScreenTab::FineTune);
    assert_eq!(stage.toast(), "there is no candidate yet; s trains one", "as soon as all is read");
    assert!(stage.app.later.is_none(), "{}", stage.draw());
    stage.press("1 :").type_text("promote learned").press("enter");
    assert_eq!(stage.app.tab, ScreenTab::Signals);
    stage.send(Msg::Now(stage.app.shared.now.plus(5_000)));
    assert!(stage.app.later.is_none() && stage.toast().contains("no candidate"), "{}", stage.draw());
}

#[test]
fn a_date_that_is_proposed_goes_with_the_first_digit() {
    let mut stage = Stage::new(&failures(9), &["refund_status"]);
    stage.press("1 :").type_text("as-of").press("enter");
    stage.type_text("28d");
    assert!(stage.draw().contains("› 28d "), "{}", stage.draw());
}

#[test]
fn a_sheet_that_goes_on_says_so_in_its_frame() {
    let mut stage = Stage::new(&failures(9), &["refund_status"]);
    let text = stage.press("?").draw();
    let line = text.lines().find(|line| line.contains('↓') && line.contains(" more ")).unwrap();
    assert!(line.contains('╰') && line.contains('╯'), "{text}");
}

#[test]
fn nothing_is_decided_on_a_conversation_that_is_not_in_sight() {
    let mut stage = Stage::new(&failures(9), &["refund_status"]);
    stage.press("enter");
    let item = stage.item().unwrap();
    let before = stage.store.last_decision().unwrap();
    stage.press("esc 1 :").type_text("what failed was right").press("enter");
    stage.press("esc 1 :").type_text("out of scope").press("enter");
    assert_eq!((stage.app.tab, stage.store.last_decision().unwrap()), (ScreenTab::Review, before));
    assert!(stage.toast().contains("nothing is decided from elsewhere"), "{}", stage.toast());
    assert_eq!(stage.item(), Some(item));
}

#[test]
fn colours_follow_the_terminal_until_somebody_chooses() {
    let mut stage = Stage::new(&failures(3), &[]);
    let shown = |stage: &Stage| stage.app.shared.theme.style(Role::Muted);
    let dark = shown(&stage);
    stage.send(Msg::Background(Palette::Light));
    let light = shown(&stage);
    assert_ne!(dark, light);
    stage.press(":").type_text("theme dark").press("enter");
    assert_eq!(shown(&stage), dark);
    stage.send(Msg::Background(Palette::Light));
    assert_eq!(shown(&stage), dark, "chosen is chosen");
    stage.press(":").type_text("theme plain").press("enter");
    assert_eq!(stage.app.shared.theme.depth(), Depth::None);
    stage.press(":").type_text("theme auto").press("enter");
    assert_eq!(shown(&stage), light, "what the terminal said meanwhile");
    stage.press(":").type_text("theme dark").press("enter");
    assert_eq!(shown(&stage), dark);
}

#[test]
fn a_page_below_a_float_is_dimmed() {
    let mut stage = Stage::new(&failures(9), &["refund_status"]);
    let muted = stage.app.shared.theme.style(Role::Muted).fg;
    stage.press(":");
    let frame = Frame::of(&stage.app, (120, 36));
    frame.role("outcome:failed", Role::Muted);
    assert!(muted.is_some());
    let mut app = fixtures::full(ScreenTab::Overview, None, Theme::new(Depth::True, Palette::Light));
    Frame::of(&app, (200, 60)).has(&["▀"]);
    run(&mut app, floats::palette);
    Frame::of(&app, (200, 60)).lacks(&["▀"]);
}

#[test]
fn words_of_one_screen_do_not_linger_on_the_next() {
    let mut stage = Stage::new(&failures(9), &[]);
    stage.press("y");
    assert!(stage.toast().starts_with("copied"));
    stage.press("1");
    assert_eq!(stage.toast(), "");
}

#[test]
fn a_demo_begins_in_a_language_that_one_reads() {
    let mut stage = Stage::new(&failures(3), &[]);
    stage.app.shared.new_demo = true;
    let begin = |stage: &mut Stage| {
        stage.send(Msg::answer(CommonAnswer::Recalled("place", None)));
        stage.app.queue.bar.field.text().to_owned()
    };
    assert_eq!(begin(&mut stage), format!("{DEFAULT} lang:en"));
    stage.app.shared.reads = Some("el".to_owned());
    assert_eq!(begin(&mut stage), format!("{DEFAULT} lang:el"));
    stage.app.shared.reads = Some("de".to_owned());
    assert_eq!(begin(&mut stage), format!("{DEFAULT} lang:en"), "the company has two languages");
}

#[test]
fn the_key_that_takes_a_decision_back_says_so_in_few_columns_too() {
    let mut stage = Stage::new(&failures(9), &["refund_status"]);
    stage.size = (80, 24);
    // Too long for "takes it back" beside it.
    let done = "a".repeat(60);
    crate::tui::state::effect::decided(done.clone()).into_iter().for_each(|e| stage.send_effect(e));
    assert!(stage.draw().contains(&format!("✓ {done}   u back ")), "{}", stage.draw());
}

#[test]
fn while_letters_are_written_no_key_is_named_that_is_one_of_them() {
    let mut stage = Stage::new(&failures(9), &["refund_status"]);
    crate::tui::state::effect::decided("#3 saved".to_owned()).into_iter().for_each(|e| stage.send_effect(e));
    assert!(stage.draw().contains("u takes it back"), "{}", stage.draw());
    assert!(!stage.press("/").draw().contains("takes it back"), "{}", stage.draw());
}

#[test]
fn the_header_is_in_one_form_on_every_tab() {
    let mut stage = Stage::new(&failures(9), &["refund_status"]);
    stage.size = (80, 24);
    stage.app.shared.reviewer = "Παρασκευή Παπαδοπούλου".to_owned();
    let form = |key: &str| {
        let text = stage.press(key).draw();
        let head = text.lines().next().unwrap();
        ["Παρασκευή", "Queue", "Over"].map(|word| head.contains(word))
    };
    let forms: Vec<_> = ["1", "2", "3", "4", "5", "6", "7"].into_iter().map(form).collect();
    assert!(forms.iter().all(|f| *f == forms[0]), "{forms:?}");
}
