//! The registry, a replay, the labels behind an answer, and how a candidate is made: by keys, and drawn.

use super::mouse::click;
use super::support::comparison_fixtures;
use super::support::harness::{NOW, Stage, failures, theme};
use super::support::prelude::*;
use super::support::tune_fixtures;
use crate::domain::{Ai, AskingWay, ConversationId, ExternalAis, ReleaseId, Trainer, TurnKey, Verdict, time::DAY};
use crate::jobs::LeftOutLabels;
use crate::store::{LiveOrigin, ShownRollback};

fn stage() -> Stage {
    let mut stage = Stage::new(&failures(9), &["order_status", "refund_status"]);
    stage.press("5");
    stage.app.tune = comparison_fixtures::tuned();
    stage
}

/// The registry in front, filled by hand: nothing is asked of the store.
fn at_registry() -> Stage {
    let mut stage = stage();
    stage.hold = true;
    stage.press("R");
    stage.held.clear();
    let mut overview = stage.app.shared.counts();
    overview.live = Some(ReleaseId(11));
    overview.gold = (604, 600);
    stage.app.shared.overview = StoreRead::Ready(overview);
    stage.send(Msg::answer(TuneAnswer::Registry(Ok(Box::new(tune_fixtures::registry(None))))));
    stage.draw();
    stage
}

fn end(stage: &mut Stage, done: TuneResult) {
    stage.send(Msg::Job(JobMsg::Tuned(Ok(done))));
    stage.draw();
}

#[test]
fn the_way_to_train_is_chosen_and_started() {
    let mut stage = stage();
    stage.press("f");
    assert!(stage.draw().contains("built in, from scratch") && stage.draw().contains("[trainer] and [ai]"));
    stage.press("esc");
    let mut outside = ExternalAis::default();
    let trainer = Trainer {
        name: "sklearn".into(),
        command: vec!["python3".into(), "sklearn.py\u{1b}[2J".into()],
        dir: "/".into(),
        limit: std::time::Duration::from_secs(60),
        reveal: false,
        options: serde_json::Map::default(),
    };
    let ai = Ai {
        name: "bot".into(),
        ask: AskingWay::Rasa { url: "http://127.0.0.1:5005".into() },
        key_env: Some("BOT_KEY".into()),
        reveal: false,
        rate: 5.0,
        retries: 1,
        timeout: std::time::Duration::from_secs(5),
        price: crate::domain::Price::default(),
        proxy: None,
    };
    outside.trainers.insert("sklearn".into(), trainer);
    outside.ais.insert("bot".into(), ai);
    stage.app.tune.ways = CandidateWays::of(&outside);
    stage.press("f 3");
    assert_eq!(
        (&stage.app.tune.how, stage.toast()),
        (&CandidateMethod::Trainer("sklearn".into()), "s has sklearn train")
    );
    let text = stage.press("f").draw();
    assert!(text.contains("trainer sklearn") && text.contains("measure bot") && !text.contains('\u{1b}'), "{text}");
    stage.press("4 s");
    assert!(stage.tunes.is_empty() && stage.draw().contains("0 gold texts, 5 a second"), "{}", stage.draw());
    stage.press("1");
    assert_eq!(stage.tunes, [TuneJob::Train(CandidateMethod::Ask("bot".into()), None)]);
    assert!(stage.draw().contains("Asking bot: starting"));
    stage.press("f 1 s");
    assert_eq!((stage.tunes.len(), stage.toast()), (1, "a run is going on already"));
    stage.send(Msg::Job(JobMsg::Tuned(Err(JobEnd::Failed("no answer".into())))));
    assert_eq!(stage.toast(), "the AI could not be measured: no answer");
    stage.press("f 4 s 1");
    stage.send(Msg::Job(JobMsg::Tuned(Err(JobEnd::Cancelled))));
    assert_eq!(stage.toast(), "stopped; what was answered is kept and is not asked again");
    let bill = "600 texts asked, 4 known already, cost 0.0200".to_owned();
    stage.press("f 4 s 1");
    stage.hold = true;
    end(&mut stage, TuneResult::Compared(Box::new(comparison_fixtures::comparison()), Some(bill)));
    assert_eq!(stage.toast(), "bot is v12: better");
    assert!(stage.press("D").draw().contains("cost 0.0200"));
}

#[test]
fn without_labels_only_an_ai_that_answers_elsewhere_can_be_measured() {
    let mut stage = Stage::new(&failures(3), &[]);
    stage.press("5 s");
    assert_eq!((stage.tunes.len(), stage.toast()), (0, "there is nothing to learn from yet"));
    stage.app.tune.how = CandidateMethod::Ask("bot".into());
    stage.press("s 1");
    assert_eq!(stage.tunes.len(), 1);
}

#[test]
fn two_marked_releases_are_compared_after_a_word_on_looks() {
    let mut stage = at_registry();
    stage.press("d");
    assert!(stage.draw().contains("v11 before, v12 after?"), "without marks: with what is live\n{}", stage.draw());
    stage.press("2 down d");
    assert_eq!(stage.toast(), "this is what is live; mark two releases to compare them");
    stage.press("end up v home v");
    assert!(stage.draw().contains("d compares v8 (before) with v12 (after)"), "{}", stage.draw());
    stage.press("d");
    assert!(stage.draw().contains("look 4 at the sealed half of gold version 4"), "{}", stage.draw());
    stage.press("1");
    assert_eq!(stage.tunes, [TuneJob::Compare(Some(ReleaseId(8)), ReleaseId(12))]);
    assert!(stage.draw().contains("Comparing v12 with v8"));
    stage.press("t");
    assert_eq!((stage.tunes.len(), stage.toast()), (1, "a run is going on already"));
    end(&mut stage, TuneResult::Compared(Box::new(comparison_fixtures::comparison()), None));
    assert_eq!((stage.app.tune.views.front, stage.toast()), (TuneFront::Result, "v12 beside v8: better"));
    // A third mark takes the place of the first; marking again takes a mark away.
    stage.press("R down v");
    assert_eq!(stage.app.tune.views.registry.marked, [ReleaseId(12), ReleaseId(11)]);
    stage.press("v");
    assert_eq!(stage.app.tune.views.registry.marked, [ReleaseId(12)]);
}

#[test]
fn releases_are_promoted_rejected_and_rolled_back_with_reasons() {
    let mut stage = at_registry();
    stage.press("down p");
    assert_eq!(stage.toast(), "it is live already");
    stage.press("x");
    assert_eq!(stage.toast(), "it is live; a roll-back takes it back");
    stage.press("down p");
    assert_eq!(stage.toast(), "it was rejected");
    stage.press("end p");
    assert_eq!(stage.toast(), "compare it with what is live first");
    stage.press("home down down down p");
    assert_eq!(stage.toast(), "another release is live now: compare it with that first, in the registry");
    stage.press("end up p");
    assert!(stage.draw().contains("It cannot be told whether it is better. Why promote it?"));
    stage.type_text("cheaper").press("enter");
    let promoted = |r: &StoreRequest| matches!(r, StoreRequest::Tune(TuneRequest::Promote { release: ReleaseId(8), reason, over: false }) if reason == "cheaper");
    assert!(stage.held.iter().any(promoted), "{:?}", stage.held);
    stage.send(Msg::answer(TuneAnswer::Promoted(Ok(ReleaseId(8)))));
    stage.press("home x");
    stage.type_text("no use").press("enter");
    assert!(stage.held.contains(&StoreRequest::Tune(TuneRequest::Reject(ReleaseId(12), "no use".into()))));
    stage.send(Msg::answer(TuneAnswer::Rejected(Ok(ReleaseId(12)))));
    let mut facts = tune_fixtures::registry(None);
    (facts.releases[3].state, facts.releases[3].reasons) = ("rejected".into(), vec![tune_fixtures::rejected("slow")]);
    stage.send(Msg::answer(TuneAnswer::Registry(Ok(Box::new(facts)))));
    stage.press("b");
    assert!(stage.draw().contains("Roll back from v11 to v9"), "{}", stage.draw());
    assert!(stage.draw().contains("v9 was rejected: “slow”"), "what one goes back to was put aside");
    stage.press("enter");
    assert!(stage.draw().contains("a few words"), "a reason is needed");
    stage.type_text("refunds went wrong").press("enter");
    assert!(stage.held.contains(&StoreRequest::Tune(TuneRequest::RollBack(
        ShownRollback { from: ReleaseId(11), to: Some(ReleaseId(9)) },
        "refunds went wrong".into()
    ))));
    stage.press("b");
    assert_eq!(stage.toast(), "one moment");
    stage.send(Msg::answer(TuneAnswer::RolledBack(Ok(Some(ReleaseId(9))))));
    assert_eq!(stage.toast(), "rolled back: v9 is live again");
    // What a learner made first has nothing before it.
    let mut facts = tune_fixtures::registry(None);
    facts.rollback = Some(ShownRollback { from: ReleaseId(11), to: None });
    facts.releases[1].learned = Some(("offers".into(), Verdict::Better));
    stage.send(Msg::answer(TuneAnswer::Registry(Ok(Box::new(facts)))));
    stage.press("b");
    assert!(stage.draw().contains("Take v11 back") && stage.draw().contains("Nothing was live before v11"));
    assert!(stage.draw().contains("Nothing learnt of offers goes live by itself"), "{}", stage.draw());
    stage.type_text("too pushy").press("enter");
    stage.send(Msg::answer(TuneAnswer::RolledBack(Ok(None))));
    assert_eq!(stage.toast(), "rolled back: nothing is live any more");
}

#[test]
fn a_release_is_verified_written_scored_and_shown() {
    let mut stage = at_registry();
    stage.press("t");
    end(&mut stage, TuneResult::Verified(tune_fixtures::verified(true)));
    assert!(stage.toast().starts_with("v12 is reproduced byte for byte"));
    assert!(stage.draw().contains("reproduced byte for byte"));
    stage.press("t");
    end(&mut stage, TuneResult::Verified(tune_fixtures::verified(false)));
    assert!(stage.toast().contains("v12 is not reproduced; intent model differ: web:7"), "{}", stage.toast());
    stage.app.shared.home = Some("/home/maria".into());
    stage.press("o ctrl-u").type_text("~/bot").press("enter");
    assert_eq!(stage.tunes.last(), Some(&TuneJob::Export(ReleaseId(12), "/home/maria/bot".into())));
    stage.send(Msg::Job(JobMsg::Tuned(Err(JobEnd::Failed("/home/maria/bot is there already".into())))));
    assert_eq!(stage.toast(), "the release was not written: /home/maria/bot is there already");
    stage.press("s");
    end(&mut stage, TuneResult::Scored(6));
    assert_eq!(stage.toast(), "6 releases are scored on today's gold");
    assert_eq!(stage.held.pop_back(), Some(StoreRequest::Tune(TuneRequest::Registry)));
    stage.press("enter");
    assert_eq!(stage.app.tune.views.front, TuneFront::Result);
    let asked = |stage: &Stage, which| {
        stage.held.iter().any(|r| matches!(r, StoreRequest::Tune(TuneRequest::Comparison(w, _)) if *w == which))
    };
    assert!(asked(&stage, WhichComparison::Of(ReleaseId(12))));
    stage.press("esc");
    assert_eq!(stage.app.tune.views.front, TuneFront::Registry, "back where it was opened");
    stage.press("end enter");
    assert_eq!(stage.toast(), "it has not been compared with anything yet");
    // Where it was live leads to the same release.
    stage.press("tab end enter");
    assert_eq!(stage.toast(), "it has not been compared with anything yet");
    stage.press("home enter");
    assert!(asked(&stage, WhichComparison::Of(ReleaseId(11))));
}

#[test]
fn gold_turns_are_pinned_and_what_was_left_out_is_listed() {
    let mut stage = at_registry();
    stage.press("i");
    assert_eq!(stage.toast(), "only turns of the open half can be pinned; ⇥ goes to gold");
    stage.press("tab tab");
    assert_eq!(stage.held.pop_back(), Some(StoreRequest::Tune(TuneRequest::OpenHalf)));
    let app = tune_fixtures::at_registry(RegistryList::Gold, None, theme());
    stage.app.tune.views.registry.open_half = app.tune.views.registry.open_half;
    stage.press("down i");
    assert_eq!(
        stage.held.pop_back(),
        Some(StoreRequest::Tune(TuneRequest::Pin((ConversationId(2), TurnKey(0)), false))),
        "it was pinned"
    );
    stage.press("v");
    assert_eq!(stage.toast(), "this is about releases; ⇥ goes to them");
    stage.press("tab enter");
    assert_eq!(stage.tunes, [TuneJob::HeldOut(ReleaseId(12))]);
    let found = app.tune.views.registry.left_out.unwrap().1;
    end(&mut stage, TuneResult::HeldOut(ReleaseId(12), found));
    assert!(stage.draw().contains("4 examples left out of v12: a gold text is repeated"), "{}", stage.draw());
    stage.press("enter");
    assert_eq!(stage.toast(), "a base example belongs to no conversation");
    stage.press("down enter");
    assert!(matches!(
        stage.held.back(),
        Some(StoreRequest::Review(ReviewRequest::Open(ReviewOpening::Item(ConversationId(1)), _)))
    ));
    stage.release();
    stage.press("esc");
    assert_eq!(
        (stage.app.tab, stage.app.tune.views.front),
        (ScreenTab::FineTune, TuneFront::Registry),
        "back where it was"
    );
    stage.press("esc");
    assert_eq!(stage.app.tune.views.front, TuneFront::Result);
}

#[test]
fn a_pin_is_kept_by_the_store() {
    let mut stage = stage();
    stage.press("R tab tab");
    stage.send(Msg::answer(TuneAnswer::OpenHalf(Ok(vec![crate::store::GoldRow {
        not_in_use: false,
        id: "web:1".into(),
        n: ConversationId(1),
        turn: TurnKey(0),
        intents: vec!["order_status".into()],
        text: "where is it".into(),
        pinned: false,
    }]))));
    stage.press("i");
    assert_eq!(stage.toast(), "pinned: a candidate that breaks this turn is refused");
    stage.press("u");
    assert_eq!(stage.toast(), "taken back: #1: pinned");
}

#[test]
fn the_stores_own_registry_is_shown_and_rolled_back() {
    let mut stage = stage();
    for (id, why) in [(1, "first"), (2, "better")] {
        stage.store.decide("maria", NOW, &[crate::domain::DecisionChange::live(ReleaseId(id)).because(why)]).unwrap();
    }
    stage.press("R tab");
    let facts = stage.app.tune.views.registry.facts.ready().unwrap();
    let back = ShownRollback { from: ReleaseId(2), to: Some(ReleaseId(1)) };
    assert_eq!((facts.rollback, facts.live.len(), facts.live[1].how), (Some(back), 2, LiveOrigin::Promoted));
    assert!(stage.draw().contains("No release yet."), "promotions of releases that are gone\n{}", stage.draw());
}

#[test]
fn failures_are_put_to_the_candidate_and_only_changes_are_judged() {
    let mut stage = stage();
    stage.press("a");
    assert_eq!(stage.tunes, [TuneJob::Replay(ReleaseId(12), since(&stage, 14))]);
    end(&mut stage, TuneResult::Replayed(Box::new(tune_fixtures::replayed(None))));
    assert_eq!(stage.toast(), "v12 on 312 failures: 2 changes to judge");
    let text = stage.draw();
    for words in ["32.8 %  (98/299) of failures", "of 13 more nobody knows", "→ refund_status", "5 of 98"] {
        assert!(text.contains(words), "{words}:\n{text}");
    }
    stage.press("down enter");
    assert_eq!((stage.app.tab, stage.item()), (ScreenTab::Review, Some(ConversationId(2))));
    stage.press("esc");
    assert_eq!((stage.app.tune.views.front, stage.app.tune.views.replay.selected), (TuneFront::Replay, 1));
    stage.press("v");
    stage.send(Msg::Job(JobMsg::Tuned(Err(JobEnd::Cancelled))));
    assert!(stage.draw().contains("of the last 14 days"), "what is shown is what was found");
    stage.press("v");
    assert_eq!(stage.tunes.last(), Some(&TuneJob::Replay(ReleaseId(12), since(&stage, 30))));
    end(&mut stage, TuneResult::Replayed(Box::new(tune_fixtures::replayed(None))));
    assert!(stage.draw().contains("of the last 30 days"));
    stage.hold = true;
    stage.press("r");
    let Some(StoreRequest::Review(ReviewRequest::Open(
        ReviewOpening::Next(crate::store::ReviewScope::Query(query, _), None),
        _,
    ))) = stage.held.pop_back()
    else {
        panic!("{:?}", stage.held)
    };
    assert_eq!(
        (query.to_string().as_str(), stage.app.review.back),
        ("is:changed test:hidden", Some(ScreenTab::FineTune))
    );
    let mut stage = self::stage();
    stage.app.tune = comparison_fixtures::tuned();
    let mut none = tune_fixtures::replayed(None);
    (none.to_judge, none.changes) = (0, vec![]);
    stage.press("a");
    end(&mut stage, TuneResult::Replayed(Box::new(none)));
    stage.press("r");
    assert_eq!(stage.toast(), "no change is left to judge");
    stage.press("esc");
    assert_eq!(stage.app.tune.views.front, TuneFront::Result);
}

fn since(stage: &Stage, days: i64) -> crate::domain::Timestamp {
    let newest = stage.app.shared.vocabulary.newest.expect("the log has times");
    newest.min(NOW).plus(-days * DAY)
}

#[test]
fn a_broken_turn_leads_to_the_labels_behind_it_and_on_without_them() {
    let mut stage = stage();
    stage.press("t P");
    assert_eq!(stage.toast(), "pinned: a candidate that breaks this turn is refused");
    stage.press("i w");
    assert_eq!(stage.toast(), "select a turn first: they are in a pane of their own");
    stage.press("t v v w");
    let flip = stage.app.tune.selected_flip().unwrap().clone();
    assert_eq!(stage.tunes, [TuneJob::Blame(ReleaseId(12), Some(ReleaseId(11)), (flip.conversation, flip.turn))]);
    end(&mut stage, TuneResult::Blamed(Box::new(tune_fixtures::blamed(None))));
    let text = stage.draw();
    for words in ["v11 said invoice_copy, v12 says payment_link", "A heuristic", "977", "92 %"] {
        assert!(text.contains(words), "{words}:\n{text}");
    }
    stage.press("enter");
    assert!(stage.draw().contains("labels of step 977"), "{}", stage.draw());
    stage.press("down enter");
    assert_eq!((stage.app.tab, stage.item()), (ScreenTab::Review, Some(ConversationId(2))));
    stage.press("esc x");
    assert!(stage.draw().contains("the label payment_link by nikos"), "{}", stage.draw());
    stage.press("2 esc x");
    assert!(stage.draw().contains("380 labels of step 977 by nikos"), "{}", stage.draw());
    stage.press("1");
    let turn = (ConversationId(1), TurnKey(0));
    assert_eq!(stage.tunes.last(), Some(&TuneJob::Without(ReleaseId(12), vec![LeftOutLabels::Step(977)], turn)));
    let mut better = comparison_fixtures::comparison();
    better.open.flips.retain(|f| f.conversation != ConversationId(1));
    stage.hold = true;
    end(&mut stage, TuneResult::Compared(Box::new(better), None));
    assert_eq!(stage.toast(), "v12 is trained: better; this turn is right");
    assert_eq!((stage.app.tune.views.front, stage.app.tune.panes.pane), (TuneFront::Result, Pane::Flips));
    stage.app.tune = comparison_fixtures::tuned();
    stage.press("t w");
    end(
        &mut stage,
        TuneResult::Blamed(Box::new(crate::jobs::Blame {
            labels: vec![],
            groups: vec![],
            ..tune_fixtures::blamed(None)
        })),
    );
    stage.press("x");
    assert_eq!(stage.toast(), "no new label pulls this turn away");
    assert!(stage.draw().contains("No new label pulls it away from its gold intent."));
}

#[test]
fn clicks_select_and_open_in_the_views() {
    let mut stage = at_registry();
    click(&mut stage, |h| h == ScreenHit::Listed(3));
    assert_eq!(stage.app.tune.views.registry.row(), 3);
    click(&mut stage, |h| h == ScreenHit::Listed(3));
    assert!(
        stage
            .held
            .iter()
            .any(|r| matches!(r, StoreRequest::Tune(TuneRequest::Comparison(WhichComparison::Of(ReleaseId(9)), _))))
    );
    stage.press("R");
    click(&mut stage, |h| h == ScreenHit::List(RegistryList::Live as usize));
    assert_eq!(stage.app.tune.views.registry.list, RegistryList::Live);
}

#[test]
fn nothing_is_changed_in_a_store_that_is_only_read() {
    let mut stage = at_registry();
    stage.app.shared.read_only = true;
    for key in ["p", "x", "b", "d", "i", "a", "s", "z"] {
        stage.press(key);
        assert_eq!(stage.toast(), "the store is opened read-only", "{key}");
    }
    stage.press("t");
    assert_eq!(stage.tunes, [TuneJob::Verify(ReleaseId(12))], "verifying changes nothing");
}

#[test]
fn verdicts_of_the_list_say_what_they_are_about() {
    use crate::domain::BeforeIs::{Log, Majority, Model};
    use crate::domain::Gate;
    let words = |verdict, is, before, gate| verdict_words(verdict, Some(is), before, gate).0;
    assert_eq!(words(Verdict::Better, Model, Some(ReleaseId(3)), Some(Gate::Pass)), "✓ better than v3");
    assert_eq!(words(Verdict::CannotTell, Log, None, Some(Gate::Refuse)), "cannot tell, the log, refused");
    assert_eq!(words(Verdict::Better, Majority, None, None), "✓ better than always one answer");
    let mut learned = comparison_fixtures::release(14, "live");
    learned.verdict = None;
    assert_eq!(judged(&learned, &[]).0, "not compared");
    learned.learned = Some(("sentiment".to_owned(), Verdict::Better));
    assert_eq!(judged(&learned, &[]).0, "✓ better at sentiment", "it has no comparison of intents");
}

#[test]
fn every_comparison_can_be_reached() {
    let mut stage = at_registry();
    stage.press("esc left");
    assert!(
        stage.held.iter().any(|r| matches!(r, StoreRequest::Tune(TuneRequest::Comparison(WhichComparison::Row(6), _)))),
        "{:?}",
        stage.held
    );
    stage.press("left");
    assert!(
        stage.held.iter().any(|r| matches!(r, StoreRequest::Tune(TuneRequest::Comparison(WhichComparison::Row(5), _))))
    );
    stage.press("right right right");
    assert_eq!(stage.toast(), "there is no other comparison that way");
}

#[test]
fn a_comparison_made_elsewhere_is_named_and_who_comes_back_finds_it() {
    let mut facts = tune_fixtures::registry(None);
    let mut newer = facts.comparisons[0].clone();
    (newer.id, newer.release, newer.before) = (8, ReleaseId(13), Some(ReleaseId(12)));
    facts.comparisons.insert(0, newer);
    let asked = |stage: &Stage| stage.held.iter().any(|r| matches!(r, StoreRequest::Tune(TuneRequest::Releases)));
    let tell = |stage: &mut Stage| {
        stage.send(Msg::answer(TuneAnswer::Registry(Ok(Box::new(facts.clone())))));
    };
    let mut stage = at_registry();
    stage.press("esc");
    assert!(!stage.draw().contains("is newer"), "{}", stage.draw());
    tell(&mut stage);
    assert!(!asked(&stage), "what one looks at stays");
    for size in [(80, 24), (110, 36)] {
        stage.size = size;
        assert!(stage.draw().contains("v13 is newer"), "{}", stage.draw());
    }
    let mut stage = at_registry();
    stage.press("esc 2 5");
    stage.held.clear();
    tell(&mut stage);
    assert!(asked(&stage));
}

#[test]
fn what_is_judged_after_a_replay_is_not_asked_again() {
    let mut stage = stage();
    stage.press("a");
    end(&mut stage, TuneResult::Replayed(Box::new(tune_fixtures::replayed(None))));
    assert!(stage.draw().contains("through the 2 that have no label"));
    // Somebody labels one of them.
    let refund = stage.app.shared.intents.iter().find(|i| i.name == "refund_status").unwrap().id;
    let label = crate::domain::DecisionChange::intents(ConversationId(1), TurnKey(0), &[refund]);
    stage.store.decide("maria", NOW, &[label]).unwrap();
    stage.press("2 5");
    assert_eq!(stage.app.tune.views.front, TuneFront::Replay);
    assert!(stage.draw().contains("through the 1 that has no label"), "{}", stage.draw());
    assert!(stage.draw().contains("✓ order_status"), "{}", stage.draw());
}

#[test]
fn what_comes_of_work_does_not_take_the_screen_from_under_a_hand() {
    let mut stage = at_registry();
    stage.press("esc a R");
    end(&mut stage, TuneResult::Replayed(Box::new(tune_fixtures::replayed(None))));
    assert_eq!(
        (stage.app.tune.views.front, stage.toast()),
        (TuneFront::Registry, "v12 on 312 failures: 2 changes to judge")
    );
    stage.press("esc a");
    assert_eq!((stage.app.tune.views.front, stage.tunes.len()), (TuneFront::Replay, 1), "it is shown, not asked again");
    stage.press("a");
    assert_eq!(stage.tunes.len(), 2);
}

#[test]
fn a_pin_goes_both_ways_and_undo_shows() {
    let mut stage = stage();
    stage.press("t down P");
    let pinned = |stage: &Stage| stage.app.tune.selected_flip().unwrap().pinned;
    assert!(pinned(&stage) && stage.draw().contains("◆ pinned"));
    stage.press("P");
    assert_eq!((pinned(&stage), stage.toast()), (false, "not pinned any more"));
    stage.press("u");
    assert!(pinned(&stage), "undo is seen at once");
}

#[test]
fn sentences_name_the_keys_of_the_view_they_stand_in() {
    let mut stage = at_registry();
    let keys = [("cancel-work".to_owned(), vec!["K".to_owned()]), ("open-release".to_owned(), vec!["L".to_owned()])];
    stage.app.shared.keys.map = crate::keymap::Keymap::with_overrides(&keys.into()).unwrap();
    stage.press("t");
    assert!(stage.draw().contains("K cancels"), "{}", stage.draw());
    stage.send(Msg::Job(JobMsg::Tuned(Err(JobEnd::Cancelled))));
    stage.press("tab tab tab");
    assert!(stage.draw().contains("L lists them"), "{}", stage.draw());
}

#[test]
fn gold_is_there_before_any_release_is() {
    let mut stage = at_registry();
    let facts = crate::store::Registry { releases: vec![], live: vec![], ..tune_fixtures::registry(None) };
    stage.send(Msg::answer(TuneAnswer::Registry(Ok(Box::new(facts)))));
    assert!(stage.draw().contains("No release yet."));
    stage.press("tab tab");
    assert!(stage.draw().contains("after the audit of W46"), "{}", stage.draw());
    stage.press("z");
    assert_eq!(stage.toast(), "no test label is new: audit items of a cycle become test labels");
    let facts = crate::store::Registry::default();
    stage.send(Msg::answer(TuneAnswer::Registry(Ok(Box::new(facts)))));
    assert!(stage.draw().contains("1,204 test labels are at hand"), "{}", stage.draw());
    stage.press("z");
    assert_eq!(stage.held.pop_back(), Some(StoreRequest::Tune(TuneRequest::FreezeGold)));
}
