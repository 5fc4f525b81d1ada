//! States made by hand: the program with a full store, an empty one, one that cannot be read.

use super::comparison_fixtures::tuned;
use super::harness::{NOW, failed, page_of, run, theme};
use super::prelude::*;
use crate::domain::*;
use crate::keymap::Keymap;
use crate::store::*;
use crate::theme::Theme;

/// Text as a log may hold it: escapes, bidi controls, stacks of accents, wide letters, tabs, something endless.
pub const HOSTILE: &str = "\u{1b}[2J\u{1b}]0;owned\u{7}a\tb \u{202e}gnp.exe\u{202c} Z\u{351}\u{36b}\u{343}\u{36a}\u{302}\u{36b}\u{33d}\u{34f}\u{334}\u{319}\u{324}\u{31e} 返金はいつですか 👩‍👩‍👧 παραγγελία\r\n\r\nhttps://example.com/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

pub fn app(theme: Theme) -> App {
    App::new("maria".into(), false, NOW, theme, Keymap::default())
}

pub fn overview() -> Overview {
    Overview {
        decision: None,
        conversations: 1_002_316,
        failures: 18_204,
        unknown: 0,
        unknown_open: 0,
        open: 1_284,
        intents: 77,
        live: Some(ReleaseId(11)),
        answering: None,
        live_adds: None,
        examples: 4_210,
        new_labels: 38,
        corrections: [0; 5],
        gold: (604, 600),
        gold_new: 0,
        cycle: Some(CycleRow {
            id: CycleId(3),
            name: "2026-W47".into(),
            opened_at: NOW.plus(-3 * time::DAY),
            opened_by: "maria".into(),
            closed_at: None,
            scope: "outcome:failed,escalated status:open".into(),
            goal: 120,
            done: 38,
            closed_decision: None,
            release: None,
            skipped: 0,
            aim: None,
            every: Rhythm::Weekly,
            reviewers: Vec::new(),
            plan: None,
        }),
        planned: None,
        mixed: false,
        stale: false,
        search: SearchState::default(),
        disputed: Some((12, 3)),
        encoder: Some("static".into()),
        demo: false,
        zone: Default::default(),
    }
}

/// What stands in one row: customer's words, logged intent, suggested intent, confidence, outcome.
type Sketch = (&'static str, Option<&'static str>, Option<&'static str>, f64, Outcome);

const SKETCHES: [Sketch; 8] = [
    (
        "it was meant to be back on my card last week",
        Some("order_status"),
        Some("refund_status"),
        0.41,
        Outcome::Failed,
    ),
    ("can we come a day later instead", None, Some("change_booking"), 0.22, Outcome::Escalated),
    (
        "you charged me twice for the same thing",
        Some("refund_status"),
        Some("card_charged_twice"),
        0.37,
        Outcome::Failed,
    ),
    ("I need the bill for my accountant", Some("payment_link"), Some("invoice_copy"), 0.48, Outcome::Failed),
    ("where is the driver now?", Some("order_status"), Some("order_status"), 0.93, Outcome::Abandoned),
    ("no the REFUND. let me talk to someone", Some("order_status"), Some("refund_status"), 0.52, Outcome::Escalated),
    ("πού είναι η παραγγελία μου;", None, Some("order_status"), 0.61, Outcome::Failed),
    ("thanks, all good now", Some("thanks"), Some("thanks"), 0.99, Outcome::Resolved),
];

pub fn rows(text: Option<&str>) -> Vec<QueueRow> {
    (0..60)
        .map(|i| {
            let (said, intent, suggested, confidence, outcome) = SKETCHES[i % SKETCHES.len()];
            let n = 90_412 - 24 * i as i64;
            let status = [Review::Open, Review::Open, Review::Done, Review::Flagged, Review::Later][i % 5];
            QueueRow {
                n: ConversationId(n),
                id: format!("web:{n}"),
                cursor: Cursor::made(-(i as i64), n),
                at: Some(NOW.plus(-(2 + 3 * i as i64) * time::HOUR)),
                outcome,
                outcome_source: OutcomeSource::Explicit,
                intent: text.or(intent).map(str::to_owned),
                logged: text.or(intent).map(str::to_owned),
                fallback: text.is_none() && intent.is_none(),
                suggested: text.or(suggested).map(str::to_owned),
                confidence: Some(confidence),
                label: (status == Review::Done).then(|| text.unwrap_or("card_charged_twice").to_owned()),
                cause: None,
                text: text.unwrap_or(said).to_owned(),
                csat: (i % 3 == 0).then_some(1.0 + (i % 5) as f64),
                channel: Some(text.unwrap_or("web_chat").to_owned()),
                language: Some("en".to_owned()),
                turns: 2 + i as u32 % 9,
                sentiment: (i % 4 == 0).then_some(0.25 - i as f64 / 60.0),
                sentiment_labelled: false,
                status,
                reviewer: (status != Review::Open).then(|| text.unwrap_or("maria").to_owned()),
                value: 3.5,
                why: vec!["failed", "the model is unsure"],
                test_group: i % 7 == 3,
                found: None,
            }
        })
        .collect()
}

pub fn item(text: Option<&str>) -> ReviewItem {
    let t = |s: &str| text.map_or_else(|| s.to_owned(), str::to_owned);
    let mut c = failed(1, &t("it was meant to be back on my card last week"), Some(&t("order_status")), 0.41);
    c.turns[1].action = Some(t("utter_order_status"));
    let mut again = Turn::new(Role::User, t("no the REFUND. let me talk to someone"));
    again.at = c.turns[1].at.map(|at| at.plus(40_000));
    again.intent = Some(t("order_status"));
    again.confidence = Some(0.52);
    let mut lookup = Turn::new(Role::Tool, t("{\"order\": 5521, \"state\": \"in transit\"}"));
    lookup.name = Some(t("lookup_order"));
    let mut same = Turn::new(Role::Bot, t("Your order is on its way and arrives on Thursday."));
    same.feedback = Some(Feedback { score: -1, comment: Some(t("not what I asked")) });
    same.at = again.at.map(|at| at.plus(4_000));
    c.turns.splice(2..2, [again, lookup, same]);
    let mut person =
        Turn::new(Role::Agent, t("Hello, this is Eleni. Your refund was sent on the 12th, it can take five days."));
    person.at = Some(NOW.plus(-3_000_000));
    c.turns.push(person);
    c.number_turns();
    c.csat = Some(Csat { score: 1.0, max: 5.0, comment: None, at: None });
    let signs = crate::learn::signals::found(&c);
    let names = [
        ("refund_status", 0.58, false),
        ("order_status", 0.31, true),
        ("card_charged_twice", 0.07, false),
        ("cancel_order", 0.02, false),
    ];
    ReviewItem {
        n: ConversationId(90_412),
        conversation: c,
        at: Some(NOW.plus(-2 * time::HOUR)),
        turn: Some(TurnKey(2)),
        suggestions: names
            .iter()
            .enumerate()
            .map(|(i, (n, p, now))| Suggestion {
                intent: IntentId(i as i64 + 2),
                name: t(n),
                confidence: Some(*p),
                now: *now,
            })
            .collect(),
        confirmable: Some((IntentId(3), t("order_status"))),
        logged: Some(IntentId(3)),
        label: None,
        judged: false,
        needs_intent: true,
        needs_cause: true,
        cause: None,
        responses: vec![],
        corrections: vec![],
        drafts: vec![],
        may_answer: true,
        mode: None,
        note: None,
        status: Review::Open,
        traffic: true,
        sentiment: None,
        counts: LabelUse::Training,
        labels: vec![],
        disputes: vec![],
        reworded: Vec::new(),
        history: vec![],
        signs,
        felt: Vec::new(),
    }
}

/// An accepted correction.
pub fn corrected(n: ConversationId, turn: TurnKey, text: &str) -> CorrectionRow {
    CorrectionRow {
        id: "shop:1".into(),
        n,
        turn,
        state: CorrectionState::NextRelease,
        intent: Some("refund_status".into()),
        lang: "en".into(),
        text: text.into(),
        by: "maria".into(),
        at: NOW,
        reason: None,
        holds: None,
        still_live: None,
        candidate: None,
        settled: 0,
        beside_others: false,
        unused: None,
    }
}

/// Somebody said order_status of the turn to judge; the model disagrees.
pub fn dispute() -> DisputedTurn {
    DisputedTurn {
        turn: TurnKey(2),
        label: vec![IntentId(3)],
        given: (IntentId(3), "order_status".into()),
        given_confidence: 0.04,
        says: (IntentId(2), "refund_status".into()),
        confidence: 0.93,
        by: "eleni".into(),
    }
}

pub fn intents(text: Option<&str>) -> Vec<IntentRow> {
    (0..77)
        .map(|i| IntentRow {
            meaning: None,
            samples: Vec::new(),
            id: IntentId(i + 2),
            name: text.map_or_else(|| format!("intent_{i:02}"), str::to_owned),
            state: "active".into(),
            merged_into: None,
            aliases: Vec::new(),
            examples: 20,
            labels: 77 - i as u64,
            logged: 5,
        })
        .collect()
}

fn period(days_ago: i64, counts: [u64; 5], csat: (u64, u64)) -> Period {
    let [resolved, escalated, failed, abandoned, unknown] = counts;
    let to = (NOW.0 / time::DAY + 1 - days_ago) * time::DAY;
    let (satisfied, rated) = csat;
    Period {
        from: to - 7 * time::DAY,
        to,
        resolved,
        confirmed: resolved / 2,
        escalated,
        failed,
        abandoned,
        unknown,
        rated,
        satisfied,
        worth: None,
        one_kind: None,
    }
}

/// Half a year that got better.
pub fn page(text: Option<&str>) -> OverviewPage {
    let rate = |num| Some(Rate::new(num, 600));
    let monday = |week: i64| Timestamp((week * 7 - 3) * time::DAY);
    let newest = (NOW.0 / time::DAY + 3) / 7;
    let weeks = (0..27_u64).map(|i| {
        let n = 480 + (i * 37) % 120;
        let share = 0.49 + 0.22 * (i as f64 / 26.0) + if i % 3 == 0 { 0.02 } else { -0.01 };
        WeekPoint { monday: monday(newest - 26 + i as i64), resolved: (n as f64 * share) as u64, n }
    });
    let promotion = |weeks: i64, id| Promotion { at: NOW.plus(-weeks * 7 * time::DAY), release: ReleaseId(id) };
    let failing = |name: &str, n, resolved, failed, escalated, causes: &[(Cause, u64)]| FailingIntent {
        intent: Some(text.unwrap_or(name).to_owned()),
        n,
        resolved,
        failed,
        escalated,
        causes: causes.to_vec(),
        given: None,
    };
    let failing = vec![
        failing("refund_status", 123, 42, 50, 31, &[(Cause::MissingKnowledge, 25), (Cause::Policy, 3)]),
        failing("change_booking", 88, 41, 22, 25, &[(Cause::WrongIntent, 9), (Cause::MissedIntent, 5)]),
        failing("invoice_copy", 61, 30, 18, 13, &[(Cause::Integration, 6)]),
        failing("card_charged_twice", 31, 12, 9, 10, &[(Cause::WrongAnswer, 4), (Cause::Tone, 1)]),
        failing("driver_location", 30, 19, 7, 4, &[(Cause::Policy, 1)]),
        failing("cancel_order", 44, 35, 6, 3, &[]),
        FailingIntent { intent: None, n: 9, resolved: 1, failed: 4, escalated: 4, ..FailingIntent::default() },
    ];
    let window = |weeks: i64, causes: &[(Cause, u64)]| ReviewedCauses {
        from: NOW.0 - (weeks + 4) * 7 * time::DAY,
        to: NOW.0 - weeks * 7 * time::DAY,
        causes: causes.to_vec(),
    };
    let windows = vec![
        window(16, &[(Cause::WrongIntent, 30), (Cause::MissingKnowledge, 10)]),
        window(12, &[(Cause::WrongIntent, 27), (Cause::MissingKnowledge, 13)]),
        window(8, &[(Cause::WrongIntent, 20), (Cause::MissingKnowledge, 21)]),
        window(4, &[(Cause::WrongIntent, 4), (Cause::MissingKnowledge, 3)]),
        window(
            0,
            &[
                (Cause::MissingKnowledge, 25),
                (Cause::WrongIntent, 9),
                (Cause::Integration, 6),
                (Cause::MissedIntent, 5),
                (Cause::Policy, 4),
                (Cause::WrongAnswer, 4),
                (Cause::Tone, 1),
            ],
        ),
    ];
    let in_language = |tag: &str, then, now| InLanguage { tag: text.unwrap_or(tag).to_owned(), then, now };
    OverviewPage {
        basis: PeriodBasis::Week,
        this: period(3, [412, 108, 40, 17, 12], (63, 75)),
        last: Some(period(10, [401, 122, 44, 20, 0], (61, 73))),
        day_one: Some(period(180, [293, 197, 81, 30, 0], (29, 40))),
        accuracy: Accuracies { live: rate(547), before: rate(533), day_one: rate(356) },
        weeks: weeks.collect(),
        begins_within: false,
        marks: Vec::new(),
        promotions: vec![promotion(20, 2), promotion(13, 5), promotion(7, 8), promotion(2, 11)],
        repair: RepairableFailures {
            from: Some(NOW.0 - 28 * time::DAY),
            failures: failing.iter().map(FailingIntent::failures).sum(),
            n: failing.iter().map(|f| f.n).sum(),
            failing,
            windows,
            patterns: Vec::new(),
            in_patterns: 0,
        },
        languages: vec![
            in_language("en", Rate::new(201, 380), Rate::new(262, 350)),
            in_language("el", Rate::new(60, 150), Rate::new(120, 180)),
        ],
        languages_unread: false,
        holds: StoreHoldings { conversations: 14_589, counted: 14_577, unknown: 12, ..StoreHoldings::default() },
        ahead: 0,
        zone: Default::default(),
        all_traffic: None,
    }
}

/// Makes the queue hold these rows, as an answer of the store would.
fn fill_queue(app: &mut App, rows: Vec<QueueRow>) {
    let page = page_of(app.queue.read_at(PageStart::Start, LandAt::First));
    let generation = page.generation;
    let found = if rows.is_empty() { 0 } else { 1_284 };
    update(app, Msg::answer(QueueAnswer::Page(page, Ok(Page { rows, ..Page::default() }))));
    update(
        app,
        Msg::answer(QueueAnswer::Count(
            Ok(crate::tui::state::request::queue::QueueCount { found, hidden: 0, to_review: found }),
            generation,
        )),
    );
}

pub fn full(screen: ScreenTab, text: Option<&str>, theme: Theme) -> App {
    let mut app = app(theme);
    app.tab = screen;
    app.shared.overview = StoreRead::Ready(overview());
    app.shared.intents = intents(text);
    fill_queue(&mut app, rows(text));
    app.queue.preview = StoreRead::Ready(Box::new(item(text)));
    app.review.stage = ReviewStage::Item(Box::new(item(text)));
    app.review.turn = Some(TurnKey(2));
    app.review.scope = Some(ReviewScope::Cycle(CycleId(3)));
    app.review.progress = Some(ReviewProgress { done: 38, total: 120, hidden: 0 });
    app.tune = tuned();
    app.home.page = StoreRead::Ready(Box::new(page(text)));
    if let (Some(text), StoreRead::Ready(Some(c))) = (text, &mut app.tune.comparison) {
        for f in &mut c.open.flips {
            (f.text, f.gold, f.before, f.after) = (text.into(), text.into(), Some(text.into()), Some(text.into()));
        }
        c.intents.iter_mut().for_each(|i| i.intent = text.into());
        for change in &mut c.responses.changes {
            (change.before, change.after) = (Some(text.into()), Some(text.into()));
            change.turns.iter_mut().for_each(|t| t.text = text.into());
        }
        for confused in &mut c.open.confusion {
            confused.gold = format!("{}{text}", confused.gold);
            confused.after = confused.after.as_ref().map(|a| format!("{a}{text}"));
        }
        c.gate_reasons = vec![text.into()];
    }
    app
}

pub fn empty(screen: ScreenTab) -> App {
    let mut app = app(theme());
    app.tab = screen;
    app.shared.overview = StoreRead::Ready(Overview::default());
    fill_queue(&mut app, vec![]);
    app.home.page = StoreRead::Ready(Box::default());
    app.tune.comparison = StoreRead::Ready(None);
    app.tune.releases = StoreRead::Ready(vec![]);
    app
}

pub fn loading(screen: ScreenTab) -> App {
    let mut app = app(theme());
    app.tab = screen;
    app
}

pub fn broken(screen: ScreenTab) -> App {
    let mut app = loading(screen);
    let why = "reading the queue: disk I/O error";
    app.queue.load = StoreRead::Failed(why.into());
    app.home.page = StoreRead::Failed(why.into());
    app.review.stage = ReviewStage::Failed(why.into());
    app.tune.comparison = StoreRead::Failed(why.into());
    app.shared.overview = StoreRead::Ready(overview());
    run(&mut app, |_| complain("the counts could not be read", why));
    app
}
