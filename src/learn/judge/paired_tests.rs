use super::*;

const A: IntentId = IntentId(1);
const B: IntentId = IntentId(2);

fn name(i: IntentId) -> String {
    format!("intent_{}", i.0)
}

/// A turn whose gold is `gold`, right or wrong before and after.
fn turn(cluster: i64, gold: IntentId, was: bool, is: bool) -> JudgedTurn {
    let guess = |right: bool| Some((if right { gold } else { IntentId(99) }, None));
    JudgedTurn { cluster, gold: vec![gold], before: guess(was), after: guess(is), unseen: true, pinned: false }
}

fn turns(of: &[(usize, IntentId, bool, bool)]) -> Vec<JudgedTurn> {
    let mut all: Vec<JudgedTurn> = Vec::new();
    for &(times, gold, was, is) in of {
        for _ in 0..times {
            all.push(turn(all.len() as i64, gold, was, is));
        }
    }
    all
}

#[test]
fn a_clear_gain_is_better_and_passes() {
    let p = compare(&turns(&[(300, A, true, true), (60, A, false, true), (20, B, true, false)]), &name);
    assert_eq!((p.verdict, p.refusals.is_empty(), p.needed), (Verdict::Better, false, None));
    // Better over all, yet one intent paid for it.
    assert_eq!(p.refusals, ["intent_2 got worse: 0 fixed, 20 broken of 20 (p < 0.001 after Holm)"]);
    assert_eq!((p.fixed, p.broken, p.before.correct, p.after.correct), (60, 20, 320, 360));
    assert!((p.delta - 40.0 / 380.0).abs() < 1e-12);
    assert!(p.ci95[0] > 0.0 && p.ci95[0] < p.delta && p.delta < p.ci95[1]);
    // One turn a conversation: both tests are one.
    assert!((p.p_value - p.p_cluster).abs() < 1e-12);
    let p = compare(&turns(&[(300, A, true, true), (60, A, false, true)]), &name);
    assert_eq!((p.verdict, p.refusals.len()), (Verdict::Better, 0));
}

#[test]
fn few_turns_never_tell() {
    let p = compare(&turns(&[(99, A, false, true)]), &name);
    assert_eq!((p.verdict, p.refusals.is_empty(), p.needed), (Verdict::CannotTell, true, Some(100)));
    let p = compare(&turns(&[(100, A, false, true)]), &name);
    assert_eq!(p.verdict, Verdict::Better);
    let p = compare(&[], &name);
    assert_eq!((p.verdict, p.p_value, p.p_cluster, p.needed, p.ci95), (Verdict::CannotTell, 1.0, 1.0, None, [0.0; 2]));
}

#[test]
fn worse_is_refused_in_plain_words() {
    let p = compare(&turns(&[(80, A, true, true), (12, A, false, true), (40, A, true, false)]), &name);
    assert_eq!(p.verdict, Verdict::Worse);
    assert_eq!(p.refusals[0], "accuracy got worse: 12 fixed, 40 broken of 132 (p < 0.001 by conversation)");
    let p = compare(&turns(&[(24, A, true, true), (3, A, false, true), (14, A, true, false)]), &name);
    // scipy.stats.binomtest(14, 17, alternative="greater").pvalue is 0.00636
    assert_eq!(p.refusals, ["intent_1 got worse: 3 fixed, 14 broken of 41 (p 0.006 after Holm)"]);
}

#[test]
fn no_difference_needs_no_number() {
    let p = compare(&turns(&[(200, A, true, true), (5, A, false, true), (5, A, true, false)]), &name);
    assert_eq!((p.verdict, p.needed, p.p_value), (Verdict::CannotTell, None, 1.0));
    let p = compare(&turns(&[(190, A, true, true), (8, A, false, true), (5, A, true, false)]), &name);
    // Connor: (1.96 sqrt(13/203) + 0.8416 sqrt(13/203 - (3/203)^2))^2 / (3/203)^2 = 2299 turns.
    assert!(p.needed.is_some_and(|n| (2_290..2_310).contains(&n)), "{:?}", p.needed);
}

#[test]
fn pins_speak_of_what_broke_only() {
    let mut all = turns(&[(10, A, true, true), (2, A, true, false), (1, B, false, false)]);
    all.iter_mut().for_each(|t| t.pinned = true);
    assert_eq!(broken_pins(&all).as_deref(), Some("2 pinned turns broke"));
    assert_eq!(broken_pins(&all[..11]).as_deref(), Some("a pinned turn broke"));
    assert_eq!(broken_pins(&all[..10]), None);
    assert_eq!(broken_pins(&all[12..]), None);
    assert_eq!(compare(&all, &name).refusals, ["2 pinned turns broke"]);
}

#[test]
fn rows_hold_every_primary_intent() {
    let mut all = turns(&[(2, A, true, true), (3, B, false, true)]);
    all[0].gold = vec![A, B];
    all[0].after = Some((B, None));
    let mut p = compare(&all, &name);
    let row = |intent: &str, n, before, after, f1_before, f1_after| IntentScore {
        intent: intent.into(),
        n,
        before,
        after,
        f1_before,
        f1_after,
        ci95: None,
    };
    p.intents.iter_mut().for_each(|i| assert!(i.ci95.take().is_some_and(|ci| ci.change.is_none())));
    assert_eq!(p.intents, [row("intent_2", 3, 0, 3, 0.0, 1.0), row("intent_1", 2, 2, 2, 1.0, 1.0)]);
}

#[test]
fn an_intents_change_has_an_interval_where_there_are_turns_enough() {
    let p = compare(&turns(&[(12, A, true, true), (7, A, false, true), (1, A, true, false)]), &name);
    let ci = p.intents[0].ci95.unwrap();
    let (before, after) = (crate::domain::Rate::new(13, 20), crate::domain::Rate::new(19, 20));
    assert_eq!((ci.before, ci.after), ([before.lo, before.hi], [after.lo, after.hi]));
    let [lo, hi] = ci.change.unwrap();
    assert!(lo > 0.0 && lo < 0.3 && hi > 0.3 && hi < 0.6, "{lo} {hi}");
    // The same turns in four conversations that change as one say less.
    let mut clustered = turns(&[(12, A, true, true), (7, A, false, true), (1, A, true, false)]);
    clustered.iter_mut().enumerate().for_each(|(i, t)| t.cluster = i as i64 / 5);
    let [wide_lo, wide_hi] = compare(&clustered, &name).intents[0].ci95.unwrap().change.unwrap();
    assert!(wide_lo < lo && wide_hi > hi, "{wide_lo} {wide_hi}");
    assert_eq!(compare(&turns(&[(19, A, false, true)]), &name).intents[0].ci95.unwrap().change, None);
}

#[test]
fn confusion_adds_up_to_both_sides() {
    let mut all = turns(&[(5, A, true, true), (3, A, true, false), (2, B, false, true)]);
    all[0].gold = vec![A, B];
    all[0].after = Some((B, None));
    all[9].before = None;
    let confused = confusion(&all, &name);
    let of = |gold: &str, before: Option<&str>, after: Option<&str>, n| Confused {
        gold: gold.into(),
        before: before.map(str::to_owned),
        after: after.map(str::to_owned),
        n,
    };
    let (a, b, wrong) = (Some("intent_1"), Some("intent_2"), Some("intent_99"));
    let expected =
        [of("intent_1", a, a, 5), of("intent_1", a, wrong, 3), of("intent_2", None, b, 1), of("intent_2", wrong, b, 1)];
    assert_eq!(confused, expected, "any listed intent is right and counts as the primary one");
}
