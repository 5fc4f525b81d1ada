//! A comparison made by hand, and Fine-tune that shows it.

use super::harness::NOW;
use super::prelude::*;
use crate::domain::*;
use crate::store::*;

fn scores(accuracy: f64, macro_f1: f64, ece: f64) -> HalfScores {
    HalfScores {
        accuracy,
        correct: (accuracy * 600.0).round() as u64,
        macro_f1,
        ece: Some(ece),
        n: 600,
        unseen_accuracy: Some(accuracy - 0.02),
        unseen_n: 412,
    }
}

pub fn comparison() -> Comparison {
    let flip = |kind, before: &str, after: &str, gold: &str, text: &str| Flip {
        id: "web:1".into(),
        conversation: ConversationId(1),
        turn: TurnKey(0),
        kind,
        before: (!before.is_empty()).then(|| before.to_owned()),
        after: Some(after.to_owned()),
        gold: gold.into(),
        text: text.into(),
        pinned: false,
    };
    let mut flips = vec![
        flip(FlipKind::Fixed, "order_status", "refund_status", "refund_status", "it was meant to be back on my card…"),
        flip(FlipKind::Fixed, "", "change_booking", "change_booking", "can we come a day later instead"),
        flip(FlipKind::Broken, "invoice_copy", "payment_link", "invoice_copy", "send me the bill again"),
    ];
    flips.extend((0..14).map(|_| {
        flip(FlipKind::StillWrong, "order_status", "order_status", "driver_location", "where is the driver now?")
    }));
    let intent = |name: &str, n, b, a, fb, fa| IntentScore {
        intent: name.into(),
        n,
        before: b,
        after: a,
        f1_before: fb,
        f1_after: fa,
        ci95: Some(IntentIntervals {
            before: [Rate::new(b, n).lo, Rate::new(b, n).hi],
            after: [Rate::new(a, n).lo, Rate::new(a, n).hi],
            change: (n >= 20).then_some([-0.05, 0.31]),
        }),
    };
    Comparison {
        release: ReleaseId(12),
        parent: Some(ReleaseId(11)),
        former_recipe: None,
        before_is: BeforeIs::Model,
        before_release: Some(ReleaseId(11)),
        before_intents: None,
        before: scores(0.888_333, 0.871, 0.061),
        after: scores(0.911_667, 0.902, 0.034),
        fixed: 19,
        broken: 5,
        p_value: 0.006_6,
        p_cluster: 0.007,
        delta: 0.023_333,
        ci95: [0.007, 0.040],
        verdict: Verdict::Better,
        needed: None,
        gate: Gate::Pass,
        gate_reasons: vec![],
        left_out: LeftOut { repeats_gold: 212, not_measured: 0, intent_not_in_use: 0 },
        gold_version: Some(GoldVersion(4)),
        looks: 2,
        same_intents: false,
        train_seconds: 11.4,
        trained_on: 4_210,
        languages: vec![],
        intents: vec![
            intent("refund_status", 31, 18, 27, 0.58, 0.87),
            intent("change_booking", 22, 14, 18, 0.64, 0.82),
            intent("invoice_copy", 18, 17, 16, 0.94, 0.89),
            intent("order_status", 88, 80, 80, 0.90, 0.90),
            intent("card_charged_twice", 12, 9, 11, 0.75, 0.88),
        ],
        failures: FailureScore { before: 0, after: 24, n: 38 },
        open: OpenHalf {
            before: scores(0.89, 0.87, 0.06),
            after: scores(0.91, 0.9, 0.03),
            flips,
            confusion: confusion(),
        },
        calibration: Calibration { before: bins(0.08), after: bins(0.03) },
        coverage: Coverage {
            before: Some(covered(4_172, 0.10)),
            after: Some(covered(4_210, 0.06)),
            open_before: Some(covered(604, 0.09)),
            open_after: Some(covered(604, 0.05)),
        },
        responses: responses(),
    }
}

/// What a comparison is while there is no gold.
pub fn without_gold() -> Comparison {
    let nothing = HalfScores::default;
    Comparison {
        before: nothing(),
        after: nothing(),
        gold_version: None,
        intents: vec![],
        failures: FailureScore::default(),
        calibration: Calibration::default(),
        coverage: Coverage::default(),
        responses: Responses::default(),
        open: OpenHalf::default(),
        ..comparison()
    }
}

fn responses() -> Responses {
    let asked = |n: i64, text: &str| AnsweredTurn {
        id: format!("web:{n}"),
        conversation: ConversationId(n),
        turn: TurnKey(0),
        text: text.into(),
    };
    let change = |before: Option<&str>, after: &str, turns: Vec<AnsweredTurn>| ResponseChange {
        before: before.map(str::to_owned),
        after: Some(after.to_owned()),
        n: turns.len() as u64,
        faults: ChangeFaults::default(),
        losses: AnswerLosses::default(),
        turns,
    };
    let on_its_way = Some("Your order is on its way and arrives on Thursday.");
    Responses {
        faults: AnswerFaults::default(),
        losses: AnswerLosses::default(),
        recent: RecentAnswers::default(),
        asked: 590,
        differ: 4,
        changes: vec![
            change(
                on_its_way,
                "Refunds reach your card within five days.",
                vec![asked(1, "it was meant to be back on my card…"), asked(4, "where is my money")],
            ),
            change(
                Some("Sorry?"),
                "You can move your booking on the page of your booking.",
                vec![asked(2, "can we come a day later instead")],
            ),
            change(None, "We send you the invoice again.", vec![asked(3, "send me the bill again")]),
        ],
        corrected: CorrectedScore { before: 1, after: 5, n: 7 },
        corrections: vec![
            CorrectedTurn {
                asked: asked(5, "is there a fee for changing"),
                wanted: "Changing is free until the day before.".into(),
                before: Some("Changing costs 10 €.".into()),
                after: Some("Changing is free  until the day before.".into()),
            },
            CorrectedTurn {
                asked: asked(6, "do you ship to Crete"),
                wanted: "We ship to every island.".into(),
                before: Some("We do not ship there.".into()),
                after: None,
            },
        ],
    }
}

fn confusion() -> Vec<Confused> {
    let of = |gold: &str, before: &str, after: &str, n| Confused {
        gold: gold.into(),
        before: (!before.is_empty()).then(|| before.to_owned()),
        after: (!after.is_empty()).then(|| after.to_owned()),
        n,
    };
    vec![
        of("order_status", "order_status", "order_status", 80),
        of("refund_status", "refund_status", "refund_status", 20),
        of("driver_location", "order_status", "order_status", 14),
        of("refund_status", "order_status", "refund_status", 9),
        of("change_booking", "", "change_booking", 6),
        of("driver_location", "driver_location", "driver_location", 5),
        of("invoice_copy", "invoice_copy", "payment_link", 3),
        of("card_charged_twice", "refund_status", "order_status", 2),
        of("change_booking", "", "", 1),
    ]
}

/// Bins of a model that is a little too sure of itself.
fn bins(off: f64) -> Vec<CalibrationBin> {
    let bin = |k: u64| {
        let (n, sure) = (4 + k * k, (k as f64 + 0.5) / 15.0);
        CalibrationBin { n, right: (n as f64 * (sure - off).max(0.0)).round() as u64, confidence: sure * n as f64 }
    };
    (0..15).map(bin).collect()
}

/// A curve of a model that is the more often right the more confident it is.
fn covered(n: u64, wrong: f64) -> CoverageCurve {
    let answered: Vec<u64> = (0..=100).map(|k| n - n * k * k / 10_000).collect();
    let right =
        |(k, answered): (usize, &u64)| answered - (*answered as f64 * wrong * (1.0 - k as f64 / 100.0) * 2.0) as u64;
    CoverageCurve { n, right: answered.iter().enumerate().map(right).collect(), answered }
}

pub fn release(id: i64, state: &str) -> ReleaseRow {
    ReleaseRow {
        release: ReleaseId(id),
        parent: Some(ReleaseId(id - 1)),
        at: NOW,
        by: "maria".into(),
        state: state.into(),
        recipe: "n-grams".into(),
        seed: 7,
        decision: DecisionId(900),
        gold_version: Some(GoldVersion(4)),
        trained_on: 4_210,
        intents: 77,
        sha256: "00".repeat(32),
        bytes: 1_000_000,
        train_seconds: 11.4,
        accuracy: Some(0.91),
        sealed: 600,
        measured_on: Some(GoldVersion(4)),
        compared_with: Some(ReleaseId(id - 1)),
        compared_intents: None,
        before_is: Some(BeforeIs::Model),
        verdict: Some(Verdict::Better),
        gate: Some(Gate::Pass),
        learned: None,
        in_use_for: vec![],
        reasons: vec![],
        outside: None,
    }
}

pub fn tuned() -> TuneScreen {
    TuneScreen {
        releases: StoreRead::Ready(vec![release(12, "candidate"), release(11, "live"), release(10, "former")]),
        comparison: StoreRead::Ready(Some(Box::new(comparison()))),
        ..TuneScreen::default()
    }
}
