//! A comparison for people: before and after, side by side.

use super::figures::{count, percent, plural, rate};
use super::table::WordTable;
use crate::cli::frame::context::Cx;
use crate::cli::frame::exit::Exit;
use crate::cli::output::json::Tone;
use crate::domain::{BeforeIs, Comparison, FlipKind, Gate, HalfScores, MistakenIntent, Verdict};
use crate::store::Store;
use crate::text;
use anyhow::Result;
use serde_json::{Value, json};

/// Intents that are listed.
const INTENTS: usize = 12;
/// Pairs of intents that are listed.
const PAIRS: usize = 5;
/// Broken turns of the open half that are listed.
const BROKEN: usize = 5;

pub(in crate::cli) const KEYS: &str = "\
JSON: {\"release\",\"parent\",\"former_recipe\",\"before_is\":\"model|log|majority\",\"before_release\",\"before_intents\" (whose intents that carries, where they are another's),\"before\":M,\"after\":M,\"fixed\",\"broken\",\"p_value\",
  \"p_cluster\",\"delta\",\"ci95\":[…,…],\"verdict\":\"better|worse|cannot_tell\",\"needed\",\"gate\":\"pass|refuse\",\"gate_reasons\":[…],
  \"left_out\":{\"repeats_gold\",\"not_measured\",\"intent_not_in_use\"},\"gold_version\",\"looks\",\"train_seconds\",\"trained_on\",
  \"intents\":[{\"intent\",\"n\",\"before\",\"after\",\"f1_before\",\"f1_after\",\"ci95\":{\"before\":[…,…],\"after\":[…,…],\"change\":[…,…]}}],
  \"languages\":[{\"written\",\"n\",\"before\",\"after\",\"ci95\":[…,…]}],
  \"failures\":{\"before\",\"after\",\"n\"},\"calibration\":{\"before\":[{\"n\",\"right\",\"confidence\"}],\"after\":[…]},
  \"coverage\":{\"before\":V,\"after\":V,\"open_before\":V,\"open_after\":V,\"costs\":{\"wrong\",\"handover\"},\"best_before\":B,\"best_after\":B},
  \"open\":{\"before\":M,\"after\":M,\"flips\":[{\"id\",\"n\",\"turn\",\"kind\",\"before\",\"after\",\"gold\",\"text\",\"pinned\"}],
          \"confusion\":[{\"gold\",\"before\",\"after\",\"n\"}]},
  \"responses\":{\"asked\",\"differ\",\"changes\":[{\"before\",\"after\",\"n\",\"faults\":{\"other_language\",\"non_answer\",\"personal\"},
                \"losses\":{\"language\",\"answer\",\"non_answer\"},\"turns\":[{\"id\",\"n\",\"turn\",\"text\"}]}],
               \"corrected\":{\"before\",\"after\",\"n\"},\"corrections\":[{\"asked\",\"wanted\",\"before\",\"after\"}],
               \"faults\":{\"other_language\":F,\"non_answer\":F,\"personal\":F},\"losses\":{\"language\",\"answer\",\"non_answer\"}}}
former_recipe: the live release that it could not go on from, since that was made by a former recipe; it began from scratch.
F = {\"n\",\"first\":[…],\"rows\":[…]}: open gold turns whose answer after the gate refuses, where the side before did not do the same.
V = {\"n\",\"answered\":[…],\"right\":[…]}, by confidence threshold from 0.00 to 1.00 (a turn is answered above it), before and after out of
    fold over the training texts; null where nobody knows.
B = {\"chosen\":T,\"open\":T}, T = {\"threshold\",\"answered\",\"right\",\"n\",\"cost\"}: where (wrong answers × wrong + handed over × handover) / n
    is least out of fold, and what it does on the open half.
Bins of calibration are 15, of equal width; confidence is a sum.
M = {\"accuracy\",\"correct\",\"macro_f1\",\"ece\",\"n\",\"unseen_accuracy\",\"unseen_n\"}: of the sealed half unless under open.";

/// Prints a comparison; the exit code is the gate's.
pub(in crate::cli) fn print(cx: &mut Cx, store: &Store, c: &Comparison) -> Result<Exit> {
    if cx.json {
        let value = json(cx, c)?;
        cx.numbered(store, &value)?;
    } else if c.same_intents {
        same_intents(cx, store, c)?;
    } else {
        scores(cx, store, c)?;
        verdict(cx, c)?;
        threshold(cx, c)?;
        per_intent(cx, c)?;
        per_language(cx, c)?;
        open_half(cx, store, c)?;
        learned_from(cx, store, c)?;
    }
    Ok(if c.gate == Gate::Refuse { Exit::Refused } else { Exit::Done })
}

/// Of releases that have the same intents: what they answer, and what the gate says of that.
fn same_intents(cx: &mut Cx, store: &Store, c: &Comparison) -> Result<()> {
    let before = before(store, c)?;
    cx.out.line(format!("{before}, after: v{}", c.release.0))?;
    cx.out.line("intents: the same in both; no look at the sealed half of the gold set is spent")?;
    answers(cx, c)?;
    gate(cx, c)
}

/// A comparison as JSON, with what the configuration's costs make of it.
pub(in crate::cli) fn json(cx: &Cx, c: &Comparison) -> Result<Value> {
    let mut value = serde_json::to_value(c)?;
    let costs = cx.settings.costs;
    let more = [
        ("costs", json!({"wrong": costs.wrong, "handover": costs.handover})),
        ("best_before", json!(c.coverage.best_before(costs))),
        ("best_after", json!(c.coverage.best_after(costs))),
    ];
    more.into_iter().for_each(|(key, what)| value["coverage"][key] = what);
    Ok(value)
}

fn before(store: &Store, c: &Comparison) -> Result<String> {
    Ok(match (c.before_is, c.before_named()) {
        (BeforeIs::Model, Some(release)) => format!("before: {}", store.release(release)?.named()),
        (BeforeIs::Model, None) => "before".to_owned(),
        (BeforeIs::Log, _) => "before: the log".to_owned(),
        (BeforeIs::Majority, _) => "before: most frequent".to_owned(),
    })
}

fn scores(cx: &mut Cx, store: &Store, c: &Comparison) -> Result<()> {
    let (b, a) = (&c.before, &c.after);
    let mut table = WordTable::new(&["", "", "", ""]);
    table.row(["", &before(store, c)?, &format!("after: v{}", c.release.0), ""]);
    let of = |s: &HalfScores| rate(s.correct, s.n);
    let [low, high] = c.ci95;
    let band = format!("{}  [{}, {}]", points(c.delta), signed(100.0 * low, 1), signed(100.0 * high, 1));
    table.row(["intent accuracy", &of(b), &of(a), if a.n > 0 { &band } else { "" }]);
    let third = |x: f64| format!("{x:.3}");
    table.row(["macro F1", &third(b.macro_f1), &third(a.macro_f1), &signed(a.macro_f1 - b.macro_f1, 3)]);
    let error = |x: Option<f64>| x.map_or("–".to_owned(), third);
    let change = b.ece.zip(a.ece).map(|(b, a)| signed(a - b, 3)).unwrap_or_default();
    table.row(["calibration error", &error(b.ece), &error(a.ece), &change]);
    if a.unseen_n > 0 && a.unseen_n < a.n {
        let unseen =
            |s: &HalfScores| rate((s.unseen_accuracy.unwrap_or(0.0) * s.unseen_n as f64).round() as u64, s.unseen_n);
        table.row(["on unseen texts", &unseen(b), &unseen(a), ""]);
    }
    let f = &c.failures;
    if f.n > 0 {
        let note = "each by a model that was not trained on it";
        table.row([
            "reviewed failures",
            &format!("{}/{} right", count(f.before), count(f.n)),
            &format!("{}/{} right", count(f.after), count(f.n)),
            note,
        ]);
    }
    table.print(&mut cx.out)?;
    cx.out.line("")
}

fn verdict(cx: &mut Cx, c: &Comparison) -> Result<()> {
    let (tone, word) = match c.verdict {
        Verdict::Better => (Tone::Good, "BETTER"),
        Verdict::Worse => (Tone::Bad, "WORSE"),
        Verdict::CannotTell => (Tone::Heading, "CANNOT TELL"),
    };
    let word = cx.out.paint(tone, word);
    if c.after.n == 0 {
        cx.out.line(format!("verdict: {word}   there is no gold yet to judge on"))?;
        cx.out.line("import conversations with `gold_intent`, or open a cycle: a tenth of its items becomes gold")?;
    } else {
        let (turns, p) = (plural(c.after.n, "sealed gold turn"), p_value(c.p_cluster));
        cx.out.line(format!(
            "verdict: {word}   {} fixed, {} broken on {turns}, p {p}",
            count(c.fixed),
            count(c.broken)
        ))?;
    }
    if c.verdict == Verdict::CannotTell && c.after.n > 0 {
        cx.out.line(know_more(c))?;
    }
    gate(cx, c)?;
    if c.looks > 1 {
        let version = c.gold_version.map_or(0, |v| v.0);
        cx.out.line(format!("look {} at gold version {version}: each look makes a lucky result likelier", c.looks))?;
    }
    Ok(())
}

fn gate(cx: &mut Cx, c: &Comparison) -> Result<()> {
    match c.gate {
        Gate::Pass => {
            let gate = cx.out.paint(Tone::Good, "passes");
            cx.out.line(format!("gate: {gate}"))
        }
        Gate::Refuse => {
            let gate = cx.out.paint(Tone::Bad, "refuses");
            cx.out.line(format!("gate: {gate}, {}", text::clean(&c.gate_reasons.join("; "))))
        }
    }
}

/// Below which confidence the candidate should hand over.
fn threshold(cx: &mut Cx, c: &Comparison) -> Result<()> {
    let Some(best) = c.coverage.best_after(cx.settings.costs) else { return Ok(()) };
    let (at, whose) = match best.open {
        Some(at) => (at, "of the open half"),
        None => (best.chosen, "of the training texts, out of fold"),
    };
    let own = format!("answers {} {whose} itself", rate(at.answered, at.n));
    cx.out.line(format!(
        "hand over at {:.2} or less: {own}, {} of those right (a wrong answer costs {}, a hand-over {})",
        at.threshold,
        rate(at.right, at.answered),
        cx.settings.costs.wrong,
        cx.settings.costs.handover
    ))
}

fn know_more(c: &Comparison) -> String {
    match c.needed {
        Some(n) if n > c.after.n => format!("to know more: about {} sealed gold turns at this difference", count(n)),
        Some(n) => {
            format!("to know more: at least 100 sealed gold turns (by the difference alone {} would do)", count(n))
        }
        None if c.fixed == 0 && c.broken == 0 => {
            "both answer every sealed turn alike: nothing tells them apart".to_owned()
        }
        None => "no difference is seen, so no number of turns can be named".to_owned(),
    }
}

fn p_value(p: f64) -> String {
    if p < 0.001 { "< 0.001".to_owned() } else { format!("= {p:.3}") }
}

fn per_intent(cx: &mut Cx, c: &Comparison) -> Result<()> {
    if c.intents.is_empty() {
        return Ok(());
    }
    cx.out.line("")?;
    let mut table = WordTable::new(&[
        "per intent",
        ">n",
        ">right before",
        ">after",
        ">change",
        "95 %",
        ">F1 before",
        ">after",
        ">",
    ]);
    for i in c.intents.iter().take(INTENTS) {
        let (before, after) = (format!("{:.2}", i.f1_before), format!("{:.2}", i.f1_after));
        let n = (i.n as f64).max(1.0);
        let share = |right: u64| percent(right as f64 / n);
        let band = i.ci95.and_then(|ci| ci.change);
        let band =
            band.map_or(String::new(), |[lo, hi]| format!("[{}, {}]", signed(100.0 * lo, 0), signed(100.0 * hi, 0)));
        let change = points((i.after as f64 - i.before as f64) / n);
        let f1 = signed(i.f1_after - i.f1_before, 2);
        table.row([&i.intent, &count(i.n), &share(i.before), &share(i.after), &change, &band, &before, &after, &f1]);
    }
    table.print(&mut cx.out)?;
    let more = c.intents.len().saturating_sub(INTENTS);
    if more > 0 {
        let words = cx.out.paint(Tone::Muted, &format!("and {} more; --json has all", count(more as u64)));
        cx.out.line(words)?;
    }
    Ok(())
}

/// By what customers write in, where that is more than one language.
fn per_language(cx: &mut Cx, c: &Comparison) -> Result<()> {
    if c.languages.len() < 2 {
        return Ok(());
    }
    cx.out.line("")?;
    let mut table = WordTable::new(&["written in", ">n", ">right before", ">after", "95 %", ""]);
    for l in &c.languages {
        let share = |right: u64| percent(right as f64 / (l.n as f64).max(1.0));
        let band = format!("[{:.0}, {:.0}]", 100.0 * l.ci95[0], 100.0 * l.ci95[1]);
        let few = if l.is_little() { "few" } else { "" };
        table.row([l.name(), &count(l.n), &share(l.before), &share(l.after), &band, few]);
    }
    table.print(&mut cx.out)
}

fn open_half(cx: &mut Cx, store: &Store, c: &Comparison) -> Result<()> {
    let open = &c.open;
    if open.after.n == 0 {
        return Ok(());
    }
    let of = |kind: FlipKind| open.flips.iter().filter(|f| f.kind == kind).count() as u64;
    let still = count(of(FlipKind::StillWrong) + of(FlipKind::BothWrong));
    let (fixed, broken, n) = (count(of(FlipKind::Fixed)), count(of(FlipKind::Broken)), count(open.after.n));
    cx.out.line("")?;
    cx.out.line(format!("open half: {fixed} fixed, {broken} broken, {still} still wrong, of {n}"))?;
    let mut table = WordTable::new(&["", "", "", ""]);
    for f in open.flips.iter().filter(|f| f.kind == FlipKind::Broken).take(BROKEN) {
        let guess = |g: &Option<String>| g.clone().unwrap_or_else(|| "fallback".to_owned());
        let went = format!("{} → {}", guess(&f.before), guess(&f.after));
        let place = store.place(f.conversation, f.turn)?;
        table.row(["broken", &format!("{} turn {place}", f.id), &went, &f.text]);
    }
    table.print(&mut cx.out)?;
    confused(cx, c)?;
    answers(cx, c)
}

/// How many answers are others.
fn answers(cx: &mut Cx, c: &Comparison) -> Result<()> {
    let r = &c.responses;
    let recent: Vec<String> = r.recent.otherwise().into_iter().chain(r.recent.words()).collect();
    if r.differ + r.corrected.n == 0 && recent.is_empty() {
        return Ok(());
    }
    let corrected = match r.corrected.n {
        0 => String::new(),
        n => format!(
            "; of {n} corrected answers {} before, {} after as corrected",
            r.corrected.before, r.corrected.after
        ),
    };
    cx.out.line("")?;
    let lost = r.losses.words().iter().chain(&recent).map(|what| format!("; {what}")).collect::<String>();
    cx.out.line(format!("responses: another answer on {} open gold turns{lost}{corrected}", rate(r.differ, r.asked)))
}

/// The pairs of intents that are mistaken most often.
fn confused(cx: &mut Cx, c: &Comparison) -> Result<()> {
    let pairs = MistakenIntent::of(&c.open.confusion);
    if pairs.is_empty() {
        return Ok(());
    }
    cx.out.line("")?;
    let mut table = WordTable::new(&["mistaken (open half)", "for", ">before", ">after", ">"]);
    for p in pairs.iter().take(PAIRS) {
        let said = p.said.clone().unwrap_or_else(|| "fallback".to_owned());
        let change = signed(p.after as f64 - p.before as f64, 0);
        table.row([&p.gold, &said, &count(p.before), &count(p.after), &change]);
    }
    table.print(&mut cx.out)
}

fn learned_from(cx: &mut Cx, store: &Store, c: &Comparison) -> Result<()> {
    let trained = store.trained_for(c.release)?;
    let (own, v) = (trained.release == c.release, trained.release.0);
    let whose = if own { format!("v{v}") } else { format!("v{}'s intents are v{v}'s, which", c.release.0) };
    let examples = plural(trained.trained_on, "example");
    let out = match c.left_out.repeats_gold {
        0 => String::new(),
        n => {
            format!("; {} left out because {} a gold text", count(n), if n == 1 { "it repeats" } else { "they repeat" })
        }
    };
    let mut words = match trained.trained_on {
        0 => format!("{whose} was trained elsewhere"),
        _ => format!("{whose} learned from {examples} in {:.1} s{out}", trained.train_seconds),
    };
    if c.left_out.not_measured > 0 {
        let turns = plural(c.left_out.not_measured, "gold turn");
        words.push_str(&format!("; not measured on {turns}: one of the two never answered them and cannot be asked"));
    }
    if c.left_out.intent_not_in_use > 0 {
        let turns = plural(c.left_out.intent_not_in_use, "gold turn");
        words.push_str(&format!("; {turns} left out on both sides: no intent of theirs is in use"));
    }
    let words = cx.out.paint(Tone::Muted, &words);
    cx.out.line("")?;
    cx.out.line(words)
}

fn points(delta: f64) -> String {
    format!("{} pt", signed(100.0 * delta, 1))
}

/// With its sign, also when it is nothing.
fn signed(x: f64, digits: usize) -> String {
    let text = format!("{x:+.digits$}");
    // A tiny negative difference is no difference: "-0.000" would say otherwise.
    if text.trim_start_matches('-').chars().all(|c| matches!(c, '0' | '.')) { text.replace('-', "+") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_have_signs() {
        assert_eq!(
            (signed(0.031, 3), signed(-0.06, 2), signed(-0.0001, 2)),
            ("+0.031".into(), "-0.06".into(), "+0.00".into())
        );
        assert_eq!(
            (points(0.023), p_value(0.0004), p_value(0.0071)),
            ("+2.3 pt".into(), "< 0.001".into(), "= 0.007".into())
        );
    }
}
