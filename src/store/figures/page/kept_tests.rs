//! What is kept beside the columns is what counting every row anew says, whatever came before: imports, decisions, undos, languages
//! read, patterns found, other zones, segments written and read.

use super::tests::{NOW, day, store};
use super::*;
use crate::domain::{Cause, ConversationId, DecisionChange, PatternKind, PatternView, Query};
use crate::store::FoundPattern;
use proptest::prelude::*;

#[derive(Clone, Debug)]
enum Act {
    Import { days: i64, n: u64, solved: u64 },
    Decide { row: u64, what: u8 },
    Undo,
    Languages,
    Patterns { from: u64, n: u64 },
    Zone(u8),
    Pack { whole: bool },
    Reopen,
    Look,
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let act = prop_oneof![
        3 => (0i64..60, 1u64..60, 0u64..30).prop_map(|(days, n, solved)| Act::Import { days, n, solved }),
        4 => (any::<u64>(), 0u8..6).prop_map(|(row, what)| Act::Decide { row, what }),
        2 => Just(Act::Undo),
        1 => Just(Act::Languages),
        2 => (any::<u64>(), 1u64..90).prop_map(|(from, n)| Act::Patterns { from, n }),
        1 => (0u8..3).prop_map(Act::Zone),
        2 => any::<bool>().prop_map(|whole| Act::Pack { whole }),
        1 => Just(Act::Reopen),
        2 => Just(Act::Look),
    ];
    proptest::collection::vec(act, 1..24)
}

fn pattern(kind: PatternKind, key: &str, rows: impl Iterator<Item = i64>) -> FoundPattern {
    let (key, name) = (Some(key.to_owned()), format!("pattern {key}"));
    FoundPattern { kind, key, name, examples: Vec::new(), members: rows.map(ConversationId).collect(), evidence: None }
}

fn play(store: &mut Store, act: &Act) {
    let rows = store.ids("SELECT count(*) FROM conversation", &[]).unwrap()[0];
    match *act {
        Act::Import { days, n, solved } => day(store, days, n, solved.min(n)),
        Act::Decide { row, what } if rows > 0 => {
            let id = ConversationId((row % rows as u64) as i64 + 1);
            let order = store.find_intent("order").unwrap().unwrap();
            let change = match what {
                0 => DecisionChange::cause(id, Some(Cause::RightHandover)),
                1 => DecisionChange::outcome(id, Some(Outcome::Resolved)),
                2 => DecisionChange::traffic(id, false),
                3 => DecisionChange::intents(id, crate::domain::TurnKey(0), &[order]),
                4 => DecisionChange::outcome(id, Some(Outcome::Unknown)),
                _ => DecisionChange::cause(id, Some(Cause::Policy)),
            };
            store.decide("maria", NOW, &[change]).unwrap();
        }
        Act::Undo => drop(store.undo("maria", NOW)),
        Act::Languages => {
            store.conn.execute("UPDATE conversation SET written = NULL WHERE id % 3 = 0", []).unwrap();
            while store.read_signals_batch().unwrap() > 0 {}
        }
        Act::Patterns { from, n } if rows > 0 => {
            let from = (from % rows as u64) as i64 + 1;
            let to = (from + n as i64).min(rows + 1);
            let middle = (from + to) / 2;
            let found =
                [pattern(PatternKind::Tool, "a", from..middle), pattern(PatternKind::Question, "b", middle..to)];
            store.keep_patterns(&found, NOW).unwrap();
        }
        Act::Zone(which) => {
            let zone = ["UTC", "America/St_Johns", "Europe/Nicosia"][usize::from(which)];
            store.set_zone("maria", NOW, zone.parse().unwrap()).unwrap();
        }
        Act::Pack { whole } => store.pack(|| whole).unwrap(),
        Act::Reopen => store.forget_columns(),
        Act::Look => drop(store.figures().overview(NOW).unwrap()),
        Act::Decide { .. } | Act::Patterns { .. } => {}
    }
}

const N: &str = "traffic = 1 AND has_ai = 1 AND outcome BETWEEN 1 AND 4";

fn count(store: &Store, what: &str) -> u64 {
    store.ids(&format!("SELECT count(*) FROM conversation WHERE {what}"), &[]).unwrap()[0] as u64
}

fn finds(store: &Store, query: &str) -> u64 {
    store.queue_count(&Query::parse(query).unwrap(), NOW).unwrap()
}

fn periods_and_weeks(store: &Store, page: &OverviewPage) {
    assert_eq!((page.holds.conversations, page.holds.counted), (count(store, "1"), count(store, N)));
    let within = |from: i64, to: i64| format!("{N} AND last_at >= {from} AND last_at < {to}");
    for p in [Some(page.this), page.last, page.day_one].into_iter().flatten() {
        let within = within(p.from, p.to);
        assert_eq!(p.n(), count(store, &within));
        assert_eq!(p.resolved, count(store, &format!("{within} AND outcome = 1")));
        assert_eq!(p.confirmed, count(store, &format!("{within} AND outcome = 1 AND resolution = 1")));
        assert_eq!((p.rated, p.satisfied), {
            let of = |what: &str| count(store, &format!("{within} AND csat {what}"));
            (of("IS NOT NULL"), of(">= 4"))
        });
        let unknown =
            format!("traffic = 1 AND has_ai = 1 AND outcome = 6 AND last_at >= {} AND last_at < {}", p.from, p.to);
        assert_eq!(p.unknown, count(store, &unknown));
    }
    assert_eq!(page.weeks.iter().map(|w| w.n).sum::<u64>(), count(store, N));
    for week in &page.weeks {
        let within = within(week.monday.0, page.zone.days_after(week.monday, 7).0);
        let resolved = count(store, &format!("{within} AND outcome = 1"));
        assert_eq!((week.n, week.resolved), (count(store, &within), resolved));
    }
}

fn repairable_and_patterns(store: &Store, page: &OverviewPage) {
    for window in &page.repair.windows {
        for &cause in Cause::ALL.iter().filter(|c| c.is_failure()) {
            let told = window.causes.iter().find(|c| c.0 == cause).map_or(0, |c| c.1);
            let what = format!(
                "{N} AND outcome IN (2, 3) AND cause = {} AND last_at >= {} AND last_at < {}",
                cause.code(),
                window.from,
                window.to
            );
            assert_eq!(told, count(store, &what), "{cause:?}");
        }
    }
    let right = format!("-cause:{}", Cause::RightHandover.name());
    for f in &page.repair.failing {
        let of = format!("intent:{} since:28d is:counted test:shown", f.intent.as_deref().unwrap_or("none"));
        assert_eq!((f.n, f.resolved), (finds(store, &of), finds(store, &format!("{of} outcome:resolved"))));
        assert_eq!(f.failures(), finds(store, &format!("{of} outcome:failed,escalated {right}")));
    }
    for language in &page.languages {
        assert_eq!(language.now.den, finds(store, &format!("lang:{} since:7d is:counted test:shown", language.tag)));
    }
    let listed = store.figures().patterns(PatternView::Failed, 28, NOW).unwrap();
    let told = |lines: &[crate::store::PatternLine]| -> Vec<(String, u64, String)> {
        lines.iter().map(|l| (l.name.clone(), l.n, l.query.clone())).collect()
    };
    for line in &page.repair.patterns {
        assert_eq!(line.n, finds(store, &line.query), "{}", line.query);
    }
    if !store.patterns().unwrap().is_empty() {
        assert_eq!(told(&page.repair.patterns), told(&listed.lines));
        assert_eq!(page.repair.in_patterns, listed.whole.1);
    }
    for pattern in store.patterns().unwrap() {
        let of = |what: &str| {
            format!("{what} AND id IN (SELECT conversation FROM pattern_item WHERE pattern = {})", pattern.id)
        };
        for (cause, n) in &pattern.causes {
            assert_eq!(*n, count(store, &of(&format!("cause = {}", cause.code()))));
        }
        let all = |list: u64, column: &str| assert_eq!(list, count(store, &of(&format!("{column} IS NOT NULL"))));
        all(pattern.causes.iter().map(|c| c.1).sum(), "cause");
        all(pattern.intents.iter().map(|i| i.1).sum(), "intent");
    }
}

fn recounts(store: &mut Store) {
    let kept = store.figures().overview(NOW).unwrap();
    let segments = store.figures().segments(NOW).unwrap();
    periods_and_weeks(store, &kept);
    repairable_and_patterns(store, &kept);
    let of = |kind| segments.lines.iter().filter(|l| l.kind == kind).map(SegmentLine::n).sum::<u64>();
    assert!([0, kept.this.n()].contains(&of(SegmentKind::Intent)), "all of it, or one segment");
    assert!(store.counted_days_are_right().unwrap());
    // As somebody sees it who opens the store now, and once everything has been written.
    for pack in [false, true] {
        if pack {
            store.pack(|| true).unwrap();
        }
        store.forget_columns();
        assert_eq!(store.figures().overview(NOW).unwrap(), kept);
        assert_eq!(store.figures().segments(NOW).unwrap(), segments);
        assert!(store.counted_days_are_right().unwrap());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn kept_sums_are_what_a_full_recount_says(acts in acts()) {
        let mut store = store();
        for act in &acts {
            play(&mut store, act);
        }
        recounts(&mut store);
    }
}

/// A store of an older version has segments and no counts by day: they are right at once, and written when somebody packs.
#[test]
fn counts_that_are_not_there_are_made_and_then_kept() {
    let mut store = store();
    (0..6).for_each(|i| day(&mut store, i * 9, 60, 30));
    store.pack(|| true).unwrap();
    let told = store.figures().overview(NOW).unwrap();
    let kept = |s: &Store| s.ids("SELECT count(*) FROM counted_day", &[]).unwrap()[0];
    assert_eq!(kept(&store), 3, "three chunks");
    for damage in [
        "DELETE FROM counted_day",
        "UPDATE counted_day SET data = x'00'",
        "UPDATE counted_day SET segment = -segment - 1",
    ] {
        store.conn.execute(damage, []).unwrap();
        store.forget_columns();
        assert_eq!(store.figures().overview(NOW).unwrap(), told, "{damage}");
        assert!(store.wants_packing().unwrap(), "{damage}");
        store.pack(|| true).unwrap();
        assert!(!store.wants_packing().unwrap());
        store.forget_columns();
        // Nothing but what is kept is read: no column comes into memory.
        let basis = store.day_basis().unwrap();
        store.counted_days(&basis).unwrap();
        assert!(
            store.ids("SELECT 1 FROM counted_day WHERE segment >= 0 AND length(data) > 9", &[]).unwrap().len() == 3
        );
        assert_eq!(store.figures().overview(NOW).unwrap(), told, "{damage}");
    }
}
