//! Fine-tune as facts: what panes and views show where there is nothing, something else, or text as hostile as a log's.

use super::support::comparison_fixtures;
use super::support::fixtures::{self, HOSTILE};
use super::support::frame::{Frame, SIZES, harmless, weighs_the_same};
use super::support::harness::{NOW, draw, run, theme};
use super::support::prelude::*;
use super::support::tune_fixtures;
use crate::domain::{ChangeFaults, ReleaseId, Verdict};
use crate::store::{Judgements, ReleaseRow};
use crate::theme::{Depth, Palette, Role, Theme};
use crate::tui::screens::tune::lists;
use crate::tui::screens::tune::registry::enabled;

type Make = fn(Option<&str>, Theme) -> App;

fn colourless() -> Theme {
    Theme::new(Depth::None, Palette::Dark)
}

fn at_pane(pane: Pane, text: Option<&str>, theme: Theme) -> App {
    let mut app = fixtures::full(ScreenTab::FineTune, text, theme);
    app.tune.panes.show(pane);
    app
}

/// Every view beside the comparison.
const VIEWS: [Make; 6] = [
    |text, theme| tune_fixtures::at_registry(RegistryList::Releases, text, theme),
    |text, theme| tune_fixtures::at_registry(RegistryList::Live, text, theme),
    |text, theme| tune_fixtures::at_registry(RegistryList::Gold, text, theme),
    |text, theme| tune_fixtures::at_registry(RegistryList::LeftOut, text, theme),
    tune_fixtures::at_replay,
    tune_fixtures::at_blame,
];

#[test]
fn what_customers_write_moves_nothing_that_panes_and_views_say() {
    for size in SIZES {
        for pane in Pane::ALL {
            let shows = harmless(&at_pane(pane, Some(HOSTILE), theme()), &at_pane(pane, None, theme()), size);
            let of_figures = matches!(pane, Pane::Calibration | Pane::Coverage);
            assert!(shows || of_figures, "{pane:?} at {size:?}");
        }
        for (i, make) in VIEWS.into_iter().enumerate() {
            assert!(harmless(&make(Some(HOSTILE), theme()), &make(None, theme()), size), "view {i} at {size:?}");
        }
    }
}

#[test]
fn what_becomes_of_answers_is_said_to_its_end_at_every_width() {
    for size in SIZES {
        let mut app = at_pane(Pane::Intents, None, theme());
        let mut c = comparison_fixtures::comparison();
        c.responses.losses = crate::domain::AnswerLosses { language: 1, answer: 2, non_answer: 0 };
        app.tune.comparison = StoreRead::Ready(Some(Box::new(c)));
        let (text, _) = draw(&app, size);
        let line = text.lines().find(|l| l.contains("answered otherwise")).unwrap().trim_end();
        assert!(line.ends_with("shows them") && (line.contains(", 3 worse") || line.contains("1 loses")), "{line}");
        app.tune.panes.show(Pane::Calibration);
        let (text, _) = draw(&app, size);
        assert!(!text.contains("gate:…") && (size != (80, 24) || text.contains("· gate")), "{text}");
    }
}

#[test]
fn a_change_is_that_of_the_numbers_beside_it() {
    let mut app = at_pane(Pane::Intents, None, theme());
    let mut c = comparison_fixtures::comparison();
    (c.before.macro_f1, c.after.macro_f1) = (0.849_6, 0.867_4);
    app.tune.comparison = StoreRead::Ready(Some(Box::new(c)));
    let (text, _) = draw(&app, (200, 60));
    let line = text.lines().find(|l| l.contains("macro F1")).unwrap();
    assert!(line.contains("0.850") && line.contains("0.867") && line.contains("+0.017"), "{line}");
}

#[test]
fn without_colours_weights_say_the_same() {
    for size in SIZES {
        for pane in Pane::ALL {
            weighs_the_same(&at_pane(pane, None, theme()), &at_pane(pane, None, colourless()), size);
        }
        for make in VIEWS {
            weighs_the_same(&make(None, theme()), &make(None, colourless()), size);
        }
    }
}

#[test]
fn what_is_selected_is_seen_without_colours() {
    let says = ["refund_status", "“it was meant to be back", "driver_locat", "", "", "2× “Your"];
    for size in SIZES {
        for (pane, words) in Pane::ALL.into_iter().zip(says).filter(|(_, words)| !words.is_empty()) {
            Frame::of(&at_pane(pane, None, colourless()), size).selected(words);
        }
    }
}

#[test]
fn what_stands_before_is_named_by_whose_intents_it_has() {
    let mut app = at_pane(Pane::Intents, None, theme());
    let mut c = comparison_fixtures::comparison();
    // What is live learnt feelings alone, and carries the intents of another.
    c.before_intents = Some(ReleaseId(10));
    app.tune.comparison = StoreRead::Ready(Some(Box::new(c)));
    let carried = ReleaseRow { in_use_for: vec!["intents", "responses"], ..comparison_fixtures::release(10, "former") };
    app.tune.releases = StoreRead::Ready(vec![comparison_fixtures::release(12, "candidate"), carried]);
    for (size, title) in [((80, 24), "v10 (answers)"), ((120, 36), "before: v10 (answers)")] {
        let (text, _) = draw(&app, size);
        assert!(text.contains(title) && !text.contains("before: v11"), "{text}");
    }
}

#[test]
fn a_pane_that_goes_on_below_the_edge_says_how_far() {
    fn many<T: Clone>(few: &[T]) -> Vec<T> {
        few.iter().cycle().take(90).cloned().collect()
    }
    let mut c = comparison_fixtures::comparison();
    c.intents = many(&c.intents);
    c.open.flips = many(&c.open.flips);
    c.open.confusion = many(&c.open.confusion);
    c.open.confusion.iter_mut().enumerate().for_each(|(i, pair)| pair.gold = format!("intent {i}"));
    c.responses.changes = many(&c.responses.changes);
    for size in SIZES {
        for pane in [Pane::Intents, Pane::Flips, Pane::Confusion, Pane::Responses] {
            let mut app = at_pane(pane, None, theme());
            app.tune.comparison = StoreRead::Ready(Some(Box::new(c.clone())));
            let (text, _) = draw(&app, size);
            assert!(text.lines().any(|l| l.contains(" ↓ ") && l.contains(" more")), "{size:?} {pane:?}: {text}");
        }
    }
}

#[test]
fn panes_without_gold_say_why_they_are_empty() {
    let says = [
        (Pane::Intents, "i per intent", "no sealed gold turns"),
        (Pane::Flips, "t turns", "The open half has no gold turns yet."),
        (Pane::Confusion, "m confusion", "The open half has no gold turns yet."),
        (Pane::Calibration, "h calibration", "There are no sealed gold turns yet."),
        (Pane::Coverage, "o coverage", "No out-of-fold confidences are known: its trainer gave none"),
        (Pane::Responses, "r responses", "Neither side has answers to the open half."),
    ];
    for size in SIZES {
        for (pane, tab, words) in says {
            let mut app = at_pane(pane, None, theme());
            app.tune.comparison = StoreRead::Ready(Some(Box::new(comparison_fixtures::without_gold())));
            let frame = Frame::of(&app, size);
            frame.in_order(&["CANNOT TELL", "i per intent  ", words]).role(words, Role::Muted).lacks(&["BETTER"]);
            frame.role(tab, Role::Focus).has(&["✓ "]);
        }
        let mut app = at_pane(Pane::Intents, None, theme());
        app.tune.comparison = StoreRead::Ready(Some(Box::new(comparison_fixtures::without_gold())));
        let frame = Frame::of(&app, size);
        frame.has(&["There is no test set yet. Open a review cycle", "✓ the gate lets it pass"]);
        frame.role("CANNOT TELL", Role::Muted).role("✓ the gate", Role::Good);
    }
}

#[test]
fn confusion_is_ordered_by_the_side_that_is_shown() {
    for size in SIZES {
        let mut app = at_pane(Pane::Confusion, None, theme());
        app.tune.panes.other_view();
        let frame = Frame::of(&app, size);
        frame.has(&["Of 600 gold turns of the open half 32 were mistaken before, 20 are after.", "▾before"]);
        frame.in_order(&["→ order_status", "→ fallback", "→ refund_status", "→ payment_link"]);
        frame.role("▾before", Role::Heading).role("+3", Role::Bad).role("-9", Role::Good);
        frame.selected("driver_locat");
    }
}

#[test]
fn responses_tell_what_people_judged_and_what_was_corrected() {
    let judged = |app: &mut App, mine| app.tune.judgements = Some(Judgements { mine, tally: tune_fixtures::tally() });
    let tally = "Judged blind: after preferred 14 of 19 (4 ties)";
    for size in SIZES {
        let mut app = at_pane(Pane::Responses, None, theme());
        judged(&mut app, vec![]);
        let frame = Frame::of(&app, size);
        frame.in_order(&[
            "Another answer on 0.7 %  (4/590) open gold turns.",
            tally,
            "2× “Your",
            "1× “Sorry?”",
            "1× no answer",
        ]);
        frame.role(tally, Role::Accent).has(&["3 pairs"]).selected("2× “Your");
        app.tune.panes.other_view();
        let frame = Frame::of(&app, size);
        frame.in_order(&[
            "Corrected answers given as corrected: 1/7 before, 5/7 after",
            tally,
            "✓ “is there a fee",
            "· “do you ship",
        ]);
        frame.has(&["Changing is free until the day before.", "Changing costs 10 €."]);
        frame.role("Changing is free until", Role::Good);
        let all = judging::pairs(app.tune.shown().unwrap());
        let mine = all.iter().map(|c| (c.pair.conversation, c.pair.turn)).collect();
        judged(&mut app, mine);
        run(&mut app, |app| judging::begin(&app.tune));
        let frame = Frame::of(&app, size);
        frame.in_order(&[
            "Which answer is better?   3 of 3 judged",
            "Every pair is judged.",
            "Judged blind: after preferred 14 of 19",
        ]);
        frame.role("Every pair", Role::Heading).lacks(&["v12"]);
        // The header says what is live, not whose an answer is.
        assert!(!frame.text.lines().skip(1).any(|l| l.contains("v11")), "{}", frame.text);
    }
    for size in SIZES {
        let mut app = at_pane(Pane::Responses, Some(HOSTILE), theme());
        judged(&mut app, vec![]);
        run(&mut app, |app| judging::begin(&app.tune));
        let frame = Frame::of(&app, size);
        frame
            .in_order(&["Which answer is better?   0 of 4 judged", "␛", "a A is better"])
            .lacks(&["\u{1b}", "\u{202e}"]);
    }
}

#[test]
fn an_answer_that_must_not_be_given_is_marked_in_its_row_and_said_beside_it() {
    for size in SIZES {
        let mut app = at_pane(Pane::Responses, None, theme());
        let mut c = app.tune.shown().unwrap().clone();
        c.responses.changes[0].faults = ChangeFaults { other_language: 1, non_answer: 2, personal: 0 };
        app.tune.comparison = StoreRead::Ready(Some(Box::new(c)));
        let frame = Frame::of(&app, size);
        frame.has(&["2× ! “Your", "1×   “Sorry?”", "1 of 2 in another language than the customer's,"]);
        frame.role("1 of 2 in another", Role::Bad);
    }
}

#[test]
fn a_curve_that_cannot_be_drawn_says_why_and_how_to_go_back() {
    for size in SIZES {
        let mut app = fixtures::full(ScreenTab::FineTune, None, theme());
        app.tune.views.front = TuneFront::Curve;
        app.tune.views.curve.drawn = Some(Box::new(tune_fixtures::no_curve()));
        let frame = Frame::of(&app, size);
        frame.in_order(&[
            "There is no learning curve.",
            "There is no gold set to draw a learning curve on yet",
            "a decision      4.2 s, median of 1,612 decisions",
            "unseen intents  –  no audit item has an answer yet",
            "unseen causes   –",
            "l goes back to the result",
        ]);
        frame.role("There is no learning curve.", Role::Heading);
        app.tune.views.curve = CurveView { problem: Some(HOSTILE.into()), ..Default::default() };
        let frame = Frame::of(&app, size);
        frame.in_order(&["There is no learning curve.", "␛␛a", "l goes back to the result"]);
        frame.lacks(&["\u{1b}", "\u{202e}"]);
    }
}

#[test]
fn the_registry_says_what_is_on_its_way_failed_or_is_not_there() {
    for size in SIZES {
        let mut app = tune_fixtures::at_registry(RegistryList::LeftOut, None, theme());
        app.tune.views.registry.left_out = None;
        let frame = Frame::of(&app, size);
        let words = "Training texts that repeat a gold text were left out of v12. ⏎ lists them.";
        frame.in_order(&["Registry   releases   live when   gold   left out", words]).role(words, Role::Muted);
        frame.role("left out", Role::Focus).role("live when", Role::Muted);
        let mut app = fixtures::empty(ScreenTab::FineTune);
        app.tune.views.front = TuneFront::Registry;
        Frame::of(&app, size).role("Reading the releases …", Role::Muted).has(&["⇥ next list  esc back"]);
        app.tune.views.registry.facts = StoreRead::Failed("reading the releases: disk I/O error".into());
        let frame = Frame::of(&app, size);
        let what = "✗ The releases could not be read.";
        frame.in_order(&[what, "reading the releases: disk I/O error", "F5 tries again."]).role(what, Role::Bad);
        app.tune.views.registry.facts = StoreRead::Ready(Box::default());
        let frame = Frame::of(&app, size);
        frame.in_order(&[
            "Registry   releases",
            "No release yet.",
            "A release is a trained model",
            "esc goes back to Fine-tune",
        ]);
        frame.role("No release yet.", Role::Heading);
    }
}

#[test]
fn a_replay_of_nothing_and_the_labels_behind_an_answer() {
    for size in SIZES {
        let mut app = tune_fixtures::at_replay(None, theme());
        let (failures, same, changed, unknown, to_judge) = (0, 0, 0, 0, 0);
        let found = tune_fixtures::replayed(None);
        let none = crate::jobs::Replay { failures, same, changed, unknown, to_judge, changes: vec![], ..found };
        app.tune.views.replay.found = Some(FoundReplay::new(Box::new(none), 0));
        let frame = Frame::of(&app, size);
        let words = "No conversation failed or was escalated in these days.";
        frame.in_order(&["Replay: v12 on the failures of the last 14 days", words]).role(words, Role::Muted);
        let (failures, same) = (94, 94);
        let found = tune_fixtures::replayed(None);
        let alike = crate::jobs::Replay { failures, same, changed, unknown, to_judge, changes: vec![], ..found };
        app.tune.views.replay.found = Some(FoundReplay::new(Box::new(alike), 0));
        let (text, _) = draw(&app, size);
        assert!(text.contains("all are understood as at the time") && !text.contains("has a label"), "{text}");
        let mut app = tune_fixtures::at_blame(None, theme());
        app.tune.views.blame.show(1);
        let frame = Frame::of(&app, size);
        frame.in_order(&[
            "✗ broken: v11 said invoice_copy",
            "by step   single labels",
            "label (was)",
            "+0.91",
            "+0.44",
            "+0.12",
        ]);
        frame.role("single labels", Role::Focus).role("by step", Role::Muted).selected("+0.91");
        frame.role("✗ broken", Role::Bad);
    }
}

#[test]
fn what_a_learner_made_tells_what_it_learnt_from_and_its_own_measure() {
    use crate::domain::{ConversationId, DecisionId, LearnedFigures, LearnedReport, ReleaseId};
    use crate::store::{LearnedCut, LearnedRow, ReleaseRow};
    let figures = |auc| LearnedFigures { auc, macro_f1: Some(0.6), n: 412, positives: Some(90), ..Default::default() };
    let report = LearnedReport {
        before: figures(0.5),
        after: figures(0.81),
        delta: 0.1,
        ci95: [0.05, 0.15],
        p_cluster: 0.001,
        verdict: Verdict::Better,
        looks: 1,
        learned_from: [("ratings".to_owned(), 2_349), ("thumbs".to_owned(), 1_812)].into(),
        again_after: 200,
        by_labels: Vec::new(),
        label_days: Vec::new(),
        expected: None,
        ends: None,
        held_back: None,
    };
    let mut facts = tune_fixtures::registry(None);
    let made = ReleaseRow {
        trained_on: 6_705,
        accuracy: None,
        measured_on: None,
        verdict: None,
        learned: Some(("sentiment".to_owned(), Verdict::Better)),
        in_use_for: vec!["sentiment"],
        ..comparison_fixtures::release(12, "former")
    };
    facts.releases[0] = made;
    let answers = ReleaseRow {
        in_use_for: vec!["intents", "responses"],
        learned: None,
        ..comparison_fixtures::release(9, "former")
    };
    assert_eq!(answers.standing(), "answers");
    assert!(enabled::rejectable(&answers).unwrap_err().contains("it answers customers"));
    assert!(enabled::rejectable(&facts.releases[0]).unwrap_err().contains("carries a part of it"));
    assert!(
        enabled::promotable(&answers, None, Some(ReleaseId(12))).unwrap_err().contains("there is nothing to promote")
    );
    let cut = LearnedCut { import: 1, decision: DecisionId(1), conversation: ConversationId(1) };
    facts.learned =
        vec![LearnedRow { release: ReleaseId(12), at: NOW, cut, inputs: String::new(), signals: 412, report }];
    let mut app = tune_fixtures::at_registry(RegistryList::Releases, None, theme());
    app.tune.views.registry.take(Ok(Box::new(facts))).unwrap();
    for size in [(120, 40), (200, 60)] {
        let (text, _) = draw(&app, size);
        for says in ["in use", "for sentiment: v11", "2,349 ratings", "81 of 100 times", "✓ better at sentiment"] {
            assert!(text.contains(says), "{says}: {text}");
        }
        assert!(!text.contains("6,705 examples of") && !text.contains("not measured"), "{text}");
    }
    let asked = lists::compare(&app.tune, Some(ReleaseId(11)), ReleaseId(12)).note;
    assert!(asked.contains("Intents and answers alone") && asked.contains("81 of 100 times, before 50"), "{asked}");
}

#[test]
fn what_was_left_out_is_of_the_release_whose_intents_a_learner_carried_on() {
    let mut app = tune_fixtures::at_registry(RegistryList::LeftOut, None, theme());
    app.tune.views.registry.left_out = None;
    if let StoreRead::Ready(facts) = &mut app.tune.views.registry.facts {
        let newest = &mut facts.releases[0];
        (newest.learned, newest.parent) = (Some(("offers".to_owned(), Verdict::Better)), Some(ReleaseId(11)));
    }
    Frame::of(&app, SIZES[0]).has(&["left out of v11. ⏎ lists them."]);
}
