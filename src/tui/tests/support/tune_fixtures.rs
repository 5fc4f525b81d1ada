//! States of Fine-tune made by hand.

use super::harness::NOW;
use super::prelude::*;
use super::{comparison_fixtures, fixtures};
use crate::domain::*;
use crate::jobs::train::economics::{Forecast, IntervalEstimate, LookingBack, PointCost, RepeatForecast, Unseen};
use crate::jobs::{
    Advice, Blame, BlamedStep, Economics, HeldOut, LabelPull, METHOD, Replay, ReplayedChange, Verification, WasIs,
};
use crate::store::{
    ComparisonRow, GoldRow, GoldVersionRow, LiveOrigin, LiveSpan, Registry, ReleaseReason, ReleaseRow, ShownRollback,
};
use crate::theme::Theme;

/// A run that ended.
pub fn compared() -> TuneResult {
    TuneResult::Compared(Box::new(comparison_fixtures::comparison()), None)
}

/// A run that goes on.
pub fn work(progress: JobProgress) -> TuneWork {
    TuneWork {
        job: TuneJob::Train(CandidateMethod::Live, None),
        run: JobRun { progress, cancelling: false },
        from: TuneFront::Result,
    }
}

/// Labels that were worth it.
pub fn economics() -> Economics {
    let point = |(labels, accuracy): (u64, f64)| CurvePoint {
        labels,
        accuracy,
        lo: accuracy - 0.018,
        hi: accuracy + 0.016,
        n: 2_000,
    };
    let points = [(0, 0.712), (248, 0.781), (496, 0.823), (744, 0.851), (992, 0.862), (1_240, 0.884)];
    let said = |value, lo, hi| IntervalEstimate { value, lo, hi };
    Economics {
        decisions: 1_612,
        seconds_per_decision: Some(4.2),
        hourly: Some(32.5),
        curve: points.map(point).to_vec(),
        gain: Some(said(0.172, 0.151, 0.193)),
        cost_of_a_point: Some(PointCost { labels: 1_240, hours: 0.084, money: Some(2.73) }),
        forecast: Some(Forecast {
            labels: 100,
            gain: said(0.006, -0.002, 0.013),
            hours: Some(0.117),
            money: Some(3.79),
            before: Some(LookingBack { said: said(0.014, 0.004, 0.024), came: 0.022 }),
            again: RepeatForecast { labels: 1_240, gain: said(0.048, -0.011, 0.107) },
        }),
        advice: Advice::CannotTell,
        says: "nobody can tell yet whether to go on: the next 100 labels are expected to bring +0.6 points (95 %: -0.2 to +1.3)"
            .into(),
        unseen_intents: Some(Unseen { items: 118, kinds: 41, chance: said(0.068, 0.024, 0.129) }),
        unseen_causes: None,
    }
}

/// Nothing to draw a curve from.
pub fn no_curve() -> Economics {
    let says =
        "there is no gold set to draw a learning curve on yet; the first fine-tuning makes one from blind labels";
    Economics {
        curve: vec![],
        gain: None,
        cost_of_a_point: None,
        forecast: None,
        says: says.into(),
        unseen_intents: None,
        ..economics()
    }
}

/// Why a release was rejected.
pub fn rejected(words: &str) -> ReleaseReason {
    ReleaseReason { words: words.to_owned(), at: NOW, is_rejection: true }
}

/// Releases as half a year leaves them.
pub fn registry(text: Option<&str>) -> Registry {
    let t = |s: &str| text.unwrap_or(s).to_owned();
    let row = |id: i64, state: &str, days: i64| ReleaseRow {
        at: NOW.plus(-days * time::DAY),
        by: t("maria"),
        recipe: t("n-grams (words 1-2, characters 2-4) and built-in vectors, pooled, seed 7"),
        trained_on: 4_210 - 300 * (12 - id as u64),
        accuracy: Some(0.912 - 0.012 * (12 - id) as f64),
        ..comparison_fixtures::release(id, state)
    };
    let mut releases =
        vec![row(12, "candidate", 0), row(11, "live", 14), row(10, "rejected", 21), row(9, "former", 30)];
    releases[0].compared_with = Some(ReleaseId(11));
    (releases[3].sealed, releases[3].measured_on) = (2_000, Some(GoldVersion(3)));
    releases[2].verdict = Some(Verdict::Worse);
    releases[2].gate = Some(Gate::Refuse);
    releases[2].reasons = vec![rejected(&t("breaks refunds"))];
    releases.push(ReleaseRow {
        recipe: t("trainer sklearn: python3, C = 1.0"),
        verdict: Some(Verdict::CannotTell),
        compared_with: Some(ReleaseId(11)),
        ..row(8, "candidate", 33)
    });
    releases.push(ReleaseRow {
        parent: None,
        trained_on: 0,
        accuracy: None,
        sealed: 0,
        verdict: None,
        gate: None,
        gold_version: None,
        measured_on: None,
        compared_with: None,
        before_is: None,
        outside: Some("ai:bot".into()),
        recipe: t("AI bot: Rasa at http://127.0.0.1:5005, asked in 40 s"),
        ..row(7, "former", 40)
    });
    let span = |release: i64, from: i64, until: Option<i64>, how, why: &str| LiveSpan {
        release: ReleaseId(release),
        from: NOW.plus(-from * time::DAY),
        until: until.map(|d| NOW.plus(-d * time::DAY)),
        how,
        by: t("maria"),
        reason: Some(t(why)),
        in_use_for: Vec::new(),
    };
    let live = vec![
        span(7, 40, Some(30), LiveOrigin::Promoted, "as deployed"),
        span(9, 30, Some(20), LiveOrigin::Promoted, "better on sealed gold"),
        span(7, 20, Some(14), LiveOrigin::RolledBack, "answered refunds with bookings"),
        span(11, 14, None, LiveOrigin::Promoted, "better on sealed gold"),
    ];
    let version = |version: i64, days: i64, looks: u64, why: Option<&str>| GoldVersionRow {
        version: GoldVersion(version),
        at: NOW.plus(-days * time::DAY),
        by: t("maria"),
        reason: why.map(t),
        open: 604,
        sealed: 600,
        looks,
    };
    Registry {
        today: vec![(ReleaseId(11), Rate::new(540, 600)), (ReleaseId(9), Rate::new(525, 600))],
        releases,
        learned: Vec::new(),
        answers: Vec::new(),
        live,
        rollback: Some(ShownRollback { from: ReleaseId(11), to: Some(ReleaseId(9)) }),
        gold: vec![
            version(4, 1, 3, Some("after the audit of W46")),
            version(3, 9, 11, None),
            version(2, 30, 7, None),
            version(1, 60, 2, None),
            version(0, 61, 0, None),
        ],
        comparisons: vec![
            comparison(7, 12, Some(11), 0, Verdict::Better),
            comparison(6, 12, Some(9), 0, Verdict::CannotTell),
            comparison(5, 11, Some(10), 14, Verdict::Better),
            comparison(3, 9, None, 30, Verdict::Better),
        ],
    }
}

fn comparison(id: i64, release: i64, before: Option<i64>, days: i64, verdict: Verdict) -> ComparisonRow {
    ComparisonRow {
        id,
        at: NOW.plus(-days * time::DAY),
        release: ReleaseId(release),
        before: before.map(ReleaseId),
        before_intents: None,
        before_is: Some(if before.is_some() { BeforeIs::Model } else { BeforeIs::Majority }),
        gold_version: Some(GoldVersion(4)),
        verdict: Some(verdict),
        gate: Some(Gate::Pass),
    }
}

fn open_half(text: Option<&str>) -> Vec<GoldRow> {
    let t = |s: &str| text.unwrap_or(s).to_owned();
    let said = [
        ("refund_status", "it was meant to be back on my card last week"),
        ("change_booking", "can we come a day later instead"),
        ("order_status", "πού είναι η παραγγελία μου;"),
    ];
    (0..40)
        .map(|i| GoldRow {
            not_in_use: false,
            id: format!("web:{i}"),
            n: ConversationId(1 + i as i64 % 9),
            turn: TurnKey(0),
            intents: vec![t(said[i % 3].0)],
            text: t(said[i % 3].1),
            pinned: i % 7 == 1,
        })
        .collect()
}

fn held_out(text: Option<&str>) -> Vec<HeldOut> {
    let t = |s: &str| text.unwrap_or(s).to_owned();
    let row = |i: i64| HeldOut {
        id: (i > 0).then(|| format!("web:{i}")),
        n: (i > 0).then_some(ConversationId(i)),
        turn: (i > 0).then_some(TurnKey(0)),
        intent: t("order_status"),
        text: t("where is my order"),
    };
    (0..4).map(row).collect()
}

/// The registry in front, with one of its lists.
pub fn at_registry(list: RegistryList, text: Option<&str>, theme: Theme) -> App {
    let mut app = fixtures::full(ScreenTab::FineTune, text, theme);
    app.tune.views.front = TuneFront::Registry;
    let facts = registry(text);
    app.tune.releases = StoreRead::Ready(facts.releases.clone());
    let registry = &mut app.tune.views.registry;
    registry.take(Ok(Box::new(facts))).unwrap();
    registry.open_half = StoreRead::Ready(open_half(text));
    registry.left_out = Some((ReleaseId(12), held_out(text)));
    registry.marked = vec![ReleaseId(9), ReleaseId(12)];
    registry.list = list;
    app
}

/// A candidate on the failures of two weeks.
pub fn replayed(text: Option<&str>) -> Replay {
    let t = |s: &str| text.unwrap_or(s).to_owned();
    let change = |i: i64, was: Option<&str>, now: &str, label: Option<&str>, said: &str| ReplayedChange {
        id: format!("web:{i}"),
        n: ConversationId(i),
        turn: TurnKey(0),
        text: t(said),
        was: was.map(t),
        was_is: if i == 3 { WasIs::Live } else { WasIs::Log },
        now: Some(t(now)),
        confidence: Some(0.83),
        test_group: i == 5,
        label: label.map(t),
        response_was: Some(t("Your order is on its way and arrives on Thursday.")),
        response_now: Some(t("Refunds reach your card within five working days.")),
    };
    Replay {
        release: ReleaseId(12),
        since: NOW.plus(-14 * time::DAY),
        failures: 312,
        same: 201,
        changed: 98,
        unknown: 13,
        to_judge: 2,
        query: "is:changed",
        changes: vec![
            change(1, Some("order_status"), "refund_status", None, "it was meant to be back on my card last week"),
            change(2, None, "change_booking", None, "can we come a day later instead"),
            change(3, Some("order_status"), "invoice_copy", Some("invoice_copy"), "send me the bill again please"),
            change(4, Some("order_status"), "invoice_copy", Some("order_status"), "where is it"),
            change(5, Some("order_status"), "invoice_copy", None, "the bill please"),
        ],
    }
}

/// The replay in front.
pub fn at_replay(text: Option<&str>, theme: Theme) -> App {
    let mut app = fixtures::full(ScreenTab::FineTune, text, theme);
    app.tune.views.front = TuneFront::Replay;
    app.tune.views.replay.found = Some(FoundReplay::new(Box::new(replayed(text)), 0));
    app
}

/// A broken turn, and who is to blame.
pub fn blamed(text: Option<&str>) -> Blame {
    let t = |s: &str| text.unwrap_or(s).to_owned();
    let label = |i: i64, pull: f64, step: i64, base: bool| LabelPull {
        decision: DecisionId(1_800 + i),
        id: (!base).then(|| format!("web:{i}")),
        n: (!base).then_some(ConversationId(i)),
        turn: (!base).then_some(TurnKey(0)),
        text: t("where is my bill for the last order"),
        intent: t("payment_link"),
        was: (i == 2).then(|| t("invoice_copy")),
        by: t("nikos"),
        at: NOW.plus(-2 * time::DAY),
        step,
        pull,
    };
    let batch = |step: i64, labels: u64, away: u64, share: f64| BlamedStep {
        by: t("nikos"),
        at: NOW.plus(-2 * time::DAY),
        step,
        labels,
        away,
        pull: 12.4 * share,
        share,
    };
    Blame {
        release: ReleaseId(12),
        before: Some(ReleaseId(11)),
        before_intents: None,
        id: "web:1".into(),
        n: ConversationId(1),
        turn: TurnKey(0),
        text: t("send me the bill again please"),
        gold: vec![t("invoice_copy")],
        said_before: Some(t("invoice_copy")),
        says: Some(t("payment_link")),
        broken: true,
        towards: t("payment_link"),
        method: METHOD,
        new_labels: 412,
        without: 0,
        labels: vec![label(1, 0.91, 977, false), label(2, 0.44, 977, false), label(3, 0.12, 980, true)],
        groups: vec![batch(977, 380, 311, 0.92), batch(980, 32, 9, 0.08)],
    }
}

/// What is to blame in front.
pub fn at_blame(text: Option<&str>, theme: Theme) -> App {
    let mut app = fixtures::full(ScreenTab::FineTune, text, theme);
    app.tune.views.front = TuneFront::Blame;
    app.tune.views.blame.found = Some(Box::new(blamed(text)));
    app
}

/// A release that was trained again.
pub fn verified(reproduced: bool) -> Verification {
    Verification {
        release: ReleaseId(12),
        reproduced,
        sha256: "00".repeat(32),
        again: Some("00".repeat(32)),
        differs: if reproduced { vec![] } else { vec!["intent model".into()] },
        why: if reproduced { vec![] } else { vec!["web:7 was imported again with other turns".into()] },
        trained_on: 4_210,
        train_seconds: 3.1,
    }
}

/// A run that trains.
pub fn training() -> JobProgress {
    JobProgress {
        stage: crate::base::progress::TRAINING.into(),
        done: 212,
        total: 308,
        stage_ms: 4_100,
        total_ms: 4_300,
        left: Some(2),
        loss: Some(0.618),
    }
}

/// What people said of answers.
pub fn tally() -> JudgementTally {
    JudgementTally { before: 5, after: 14, ties: 4, p_value: 0.064 }
}
