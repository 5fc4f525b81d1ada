//! Before and after on the same sealed gold turns: what changed, what may be concluded, and whether the candidate may
//! be promoted (rules 16 and 17).

use super::stats;
use crate::base::rng::mix;
use crate::domain::{
    Calibration, CalibrationBin, Confused, IntentId, IntentIntervals, IntentScore, Rate, SealedHalf, Verdict,
};
use crate::learn::judge::scores;
use crate::learn::judge::scores::{Guess, PerIntent};
use std::collections::BTreeMap;

/// Fewer turns than this never give a verdict.
pub const FEWEST_TURNS: u64 = 100;
/// Intents with fewer turns than this are not tested by the gate.
pub const FEWEST_OF_INTENT: u64 = 20;
/// The level of every test.
const LEVEL: f64 = 0.05;
/// Bootstrap draws: the interval's ends move by less than a hundredth of its width between seeds.
const DRAWS: usize = 4_000;

/// One gold turn as guessed before and after.
#[derive(Clone, Debug, PartialEq)]
pub struct JudgedTurn {
    /// Its conversation.
    pub cluster: i64,
    /// Gold intents, the first is primary. A turn without any is left out.
    pub gold: Vec<IntentId>,
    /// The guess before.
    pub before: Guess,
    /// The guess after.
    pub after: Guess,
    /// Its text is not in the training data.
    pub unseen: bool,
    /// It must never break.
    pub pinned: bool,
}

/// Whether a turn is right before and after.
fn rights(turn: &JudgedTurn) -> (bool, bool) {
    (scores::right(&turn.gold, &turn.before), scores::right(&turn.gold, &turn.after))
}

/// Compares two models on `turns` of the sealed half. `names` gives the name of an intent for reasons and rows. The bootstrap's draws
/// follow from what is compared, so that no verdict hangs on a seed.
pub fn compare(turns: &[JudgedTurn], names: &dyn Fn(IntentId) -> String) -> SealedHalf {
    let (gold, unseen): (Vec<_>, Vec<_>) = turns.iter().map(|t| (t.gold.clone(), t.unseen)).unzip();
    let (old, new): (Vec<Guess>, Vec<Guess>) = turns.iter().map(|t| (t.before, t.after)).unzip();
    let (before, after) = (scores::scores(&gold, &old, &unseen), scores::scores(&gold, &new, &unseen));
    let (mut fixed, mut broken) = (0, 0);
    let mut by_cluster: BTreeMap<i64, (i64, u64)> = BTreeMap::new();
    for turn in turns.iter().filter(|t| !t.gold.is_empty()) {
        let (was, is) = rights(turn);
        fixed += u64::from(!was && is);
        broken += u64::from(was && !is);
        let cluster = by_cluster.entry(turn.cluster).or_default();
        cluster.0 += i64::from(is) - i64::from(was);
        cluster.1 += 1;
    }
    let clusters: Vec<(i64, u64)> = by_cluster.into_values().collect();
    let p_cluster = stats::sign_flip(&clusters.iter().map(|c| c.0).collect::<Vec<_>>());
    let seed = clusters.iter().fold(0, |hash, (net, size)| mix(hash ^ mix(*net as u64 ^ (size << 32))));
    let ci95 = stats::bootstrap(&clusters, DRAWS, seed);
    let verdict = verdict(before.n, p_cluster, ci95);
    let needed = match verdict {
        // A number that has been reached already would be no advice.
        Verdict::CannotTell => stats::needed(&clusters, fixed + broken).map(|n| n.max(FEWEST_TURNS).max(before.n + 1)),
        _ => None,
    };
    SealedHalf {
        refusals: refusals(verdict, [fixed, broken, before.n], p_cluster, turns, names),
        delta: after.accuracy - before.accuracy,
        p_value: stats::mcnemar(fixed, broken),
        intents: intent_rows(turns, names),
        calibration: Calibration { before: bins(turns, |t| &t.before), after: bins(turns, |t| &t.after) },
        before,
        after,
        fixed,
        broken,
        p_cluster,
        ci95,
        verdict,
        needed,
    }
}

/// Rule 16: better or worse needs `p_cluster` below 0.05 and an interval without 0; fewer than 100 turns never tell.
fn verdict(n: u64, p_cluster: f64, ci95: [f64; 2]) -> Verdict {
    match ci95 {
        _ if n < FEWEST_TURNS || p_cluster >= LEVEL => Verdict::CannotTell,
        [lo, _] if lo > 0.0 => Verdict::Better,
        [_, hi] if hi < 0.0 => Verdict::Worse,
        _ => Verdict::CannotTell,
    }
}

/// Rule 17: refuses when it is worse, when a pinned turn broke, or when an intent got worse.
fn refusals(
    verdict: Verdict,
    [fixed, broken, n]: [u64; 3],
    p_cluster: f64,
    turns: &[JudgedTurn],
    names: &dyn Fn(IntentId) -> String,
) -> Vec<String> {
    let p = p_words(p_cluster);
    let worse = || format!("accuracy got worse: {fixed} fixed, {broken} broken of {n} ({p} by conversation)");
    let mut out: Vec<String> = (verdict == Verdict::Worse).then(worse).into_iter().collect();
    out.extend(broken_pins(turns));
    out.extend(broken_intents(turns, names));
    out
}

/// Why pinned turns forbid a promotion: how many were right before and are wrong after. `None` when all held. Meant
/// for the open half too; says nothing of which turns they are.
pub fn broken_pins(turns: &[JudgedTurn]) -> Option<String> {
    let broken = turns.iter().filter(|t| t.pinned && rights(t) == (true, false)).count();
    match broken {
        0 => None,
        1 => Some("a pinned turn broke".to_owned()),
        n => Some(format!("{n} pinned turns broke")),
    }
}

/// What changed on the turns of one intent.
#[derive(Default)]
struct Changed {
    n: u64,
    fixed: u64,
    broken: u64,
    /// Fixed minus broken, by conversation.
    nets: BTreeMap<i64, i64>,
}

/// Reasons for intents with enough turns whose one-sided exact p stays below the level after Holm.
fn broken_intents(turns: &[JudgedTurn], names: &dyn Fn(IntentId) -> String) -> Vec<String> {
    // Always guessing one intent is right on all of that intent's turns. That is no skill which a model could lose.
    let constant = |t: &[JudgedTurn]| t.windows(2).all(|w| w[0].before.map(|g| g.0) == w[1].before.map(|g| g.0));
    if constant(turns) {
        return Vec::new();
    }
    let mut counts: BTreeMap<IntentId, Changed> = BTreeMap::new();
    for turn in turns {
        let Some(&primary) = turn.gold.first() else { continue };
        let (was, is) = rights(turn);
        let of = counts.entry(primary).or_default();
        of.n += 1;
        of.fixed += u64::from(!was && is);
        of.broken += u64::from(was && !is);
        *of.nets.entry(turn.cluster).or_default() += i64::from(is) - i64::from(was);
    }
    counts.retain(|_, of| of.n >= FEWEST_OF_INTENT);
    // By conversation: turns of one intent tend to come together. By turn, equal models were refused in 11 % of runs with 75
    // conversations of eight turns about one intent each.
    let p = |of: &Changed| stats::sign_flip_worse(&of.nets.values().copied().collect::<Vec<_>>());
    let adjusted = stats::holm(&counts.values().map(p).collect::<Vec<_>>());
    let mut bad: Vec<_> = counts.into_iter().zip(adjusted).filter(|&(_, p)| p < LEVEL).collect();
    bad.sort_by(|a, b| a.1.total_cmp(&b.1));
    bad.into_iter()
        .map(|((intent, Changed { n, fixed, broken, .. }), p)| {
            let (name, p) = (names(intent), p_words(p));
            format!("{name} got worse: {fixed} fixed, {broken} broken of {n} ({p} after Holm)")
        })
        .collect()
}

/// A p-value with three decimals, as words show it.
fn p_words(p: f64) -> String {
    if p < 0.001 { "p < 0.001".to_owned() } else { format!("p {p:.3}") }
}

fn bins(turns: &[JudgedTurn], guess: fn(&JudgedTurn) -> &Guess) -> Vec<CalibrationBin> {
    scores::calibration(turns.iter().filter(|t| !t.gold.is_empty()).filter_map(|t| scores::sure(&t.gold, guess(t))))
}

/// Per primary intent the turns, what was right and F1, before and after.
fn intent_rows(turns: &[JudgedTurn], names: &dyn Fn(IntentId) -> String) -> Vec<IntentScore> {
    let before = scores::per_intent(turns.iter().map(|t| (&t.gold[..], &t.before)));
    let after = scores::per_intent(turns.iter().map(|t| (&t.gold[..], &t.after)));
    let mut of_intent: BTreeMap<IntentId, Vec<&JudgedTurn>> = BTreeMap::new();
    turns.iter().filter_map(|t| Some((*t.gold.first()?, t))).for_each(|(i, t)| of_intent.entry(i).or_default().push(t));
    let row = |(intent, turns): (&IntentId, &Vec<&JudgedTurn>)| {
        let of = |rows: &BTreeMap<IntentId, PerIntent>| rows.get(intent).copied().unwrap_or_default();
        let (old, new) = (of(&before), of(&after));
        let wilson = |right| {
            let rate = Rate::new(right, old.n);
            [rate.lo, rate.hi]
        };
        let ci95 = IntentIntervals { before: wilson(old.right), after: wilson(new.right), change: change(turns) };
        IntentScore {
            intent: names(*intent),
            n: old.n,
            before: old.right,
            after: new.right,
            f1_before: old.f1(),
            f1_after: new.f1(),
            ci95: Some(ci95),
        }
    };
    let mut rows: Vec<IntentScore> = of_intent.iter().map(row).collect();
    rows.sort_by(|a, b| b.n.cmp(&a.n).then_with(|| a.intent.cmp(&b.intent)));
    rows
}

/// 95 % interval of the change of an intent's accuracy, for as many turns as its conversations are worth; `None` where
/// there are too few.
fn change(turns: &[&JudgedTurn]) -> Option<[f64; 2]> {
    if (turns.len() as u64) < FEWEST_OF_INTENT {
        return None;
    }
    let mut counts = [0u64; 4];
    let mut by_cluster: BTreeMap<i64, (i64, u64)> = BTreeMap::new();
    for turn in turns {
        let (was, is) = rights(turn);
        counts[usize::from(!was) * 2 + usize::from(!is)] += 1;
        let cluster = by_cluster.entry(turn.cluster).or_default();
        cluster.0 += i64::from(is) - i64::from(was);
        cluster.1 += 1;
    }
    let [_, broken, fixed, _] = counts;
    let clusters: Vec<(i64, u64)> = by_cluster.into_values().collect();
    let design = stats::design_effect(&clusters, fixed + broken);
    let [both, broken, fixed, neither] = counts.map(|n| n as f64 / design);
    Some(stats::paired_interval(both, fixed, broken, neither))
}

/// How often each gold intent was taken for what, before and after; the most frequent first, then by name.
pub fn confusion(turns: &[JudgedTurn], names: &dyn Fn(IntentId) -> String) -> Vec<Confused> {
    let mut counts: BTreeMap<(IntentId, Option<IntentId>, Option<IntentId>), u64> = BTreeMap::new();
    for turn in turns {
        let Some(&gold) = turn.gold.first() else { continue };
        let said = |guess: &Guess| if scores::right(&turn.gold, guess) { Some(gold) } else { guess.map(|g| g.0) };
        *counts.entry((gold, said(&turn.before), said(&turn.after))).or_default() += 1;
    }
    let named = |((gold, before, after), n): ((IntentId, Option<IntentId>, Option<IntentId>), u64)| Confused {
        gold: names(gold),
        before: before.map(names),
        after: after.map(names),
        n,
    };
    let mut out: Vec<Confused> = counts.into_iter().map(named).collect();
    out.sort_by(|a, b| b.n.cmp(&a.n).then_with(|| (&a.gold, &a.before, &a.after).cmp(&(&b.gold, &b.before, &b.after))));
    out
}

#[cfg(test)]
#[path = "paired_tests.rs"]
mod tests;
