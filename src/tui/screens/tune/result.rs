//! Drawing a comparison: before and after side by side, and the verdict in words.

use super::panes;
use super::state::TuneScreen;
use super::state::panes::Pane;
use crate::action::Action;
use crate::domain::{BeforeIs, Comparison, Gate, HalfScores, Verdict};
use crate::store::ReleaseRow;
use crate::theme::Role;
use crate::tui::state::shared::SharedState;
use crate::tui::widgets::area::below;
use crate::tui::widgets::{Canvas, numbers, words};
use ratatui::layout::Rect;

/// A verdict as a headline.
pub const fn verdict_word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Better => "better",
        Verdict::Worse => "worse",
        Verdict::CannotTell => "cannot tell",
    }
}

/// What a column of before is called, ahead of a name.
const BEFORE: &str = "before: ";

/// From so many rows on there is room for the whole table above any pane.
const ROOM: u16 = 28;

/// Below so many rows what is not asked for first stands side by side: the list below has the room.
pub const LOW: u16 = 20;

/// The same above a chart, which says little in a few rows.
const CHART_ROOM: u16 = 44;

/// Whether the table above the panes is one line: where it is low, what one looks at has the room.
pub fn is_brief(tune: &TuneScreen, area: Rect) -> bool {
    area.height
        < match tune.panes.pane {
            Pane::Intents => 0,
            Pane::Calibration | Pane::Coverage => CHART_ROOM,
            Pane::Flips | Pane::Confusion | Pane::Responses => ROOM,
        }
}

/// Draws the comparison.
pub fn draw(tune: &TuneScreen, shared: &SharedState, c: &Comparison, canvas: &mut Canvas, area: Rect) {
    // Where it is low, air is what goes first.
    let air = u16::from(area.height >= ROOM || is_brief(tune, area));
    let y = if is_brief(tune, area) {
        brief(tune, shared, c, canvas, area)
    } else {
        let low = area.height < LOW;
        let y = table(tune, shared, c, canvas, area, low);
        verdict(tune, shared, c, canvas, below(area, y + air), low)
    };
    let rest = below(area, y + air);
    if rest.height >= 3 {
        panes::draw(tune, shared, c, canvas, rest);
    }
}

/// The comparison in one line; gives the row after it.
fn brief(tune: &TuneScreen, shared: &SharedState, c: &Comparison, canvas: &mut Canvas, area: Rect) -> u16 {
    let (headline, role, _) = verdict_words(c);
    let percent = |s: &HalfScores| if s.n == 0 { "–".to_owned() } else { format!("{:.1} %", s.accuracy * 100.0) };
    let state = tune.shown_release().map(ReleaseRow::standing).unwrap_or("candidate");
    let before = before_name(tune, c).unwrap_or("before".to_owned());
    let lead = format!("{before} → v{} ({})", c.release.0, words::line(state));
    let figures = format!("   {} → {} of {}", percent(&c.before), percent(&c.after), numbers::count(c.after.n));
    let change = format!("  {}   ", numbers::points(c.delta));
    let newer = newer_words(tune, shared);
    // Where it is narrow, that there is a newer one goes before what this one is called.
    let pieces = [
        (newer.as_str(), Role::Accent),
        (&lead, Role::Muted),
        (&figures, Role::Heading),
        (&change, certainty(c)),
        (&headline, role),
    ];
    let end = canvas.pieces(area.x, area.y, area.width, &pieces);
    let room = usize::from(area.right().saturating_sub(end));
    let (ways, role) = match c.gate {
        Gate::Refuse => (["   ✗ gate"; 2], Role::Bad),
        // What no rule refuses is not good for that alone.
        _ if c.responses.losses.any() => (["   gate: with a reason", "   · gate"], Role::Focus),
        _ => (["   ✓ gate"; 2], Role::Good),
    };
    let gate = ways.iter().find(|way| words::width(way) <= room).unwrap_or(&ways[1]);
    canvas.text(end, area.y, area.right().saturating_sub(end), gate, role);
    area.y + 1
}

/// That a newer comparison was made meanwhile, here or by another process, and the key that goes there.
fn newer_words(tune: &TuneScreen, shared: &SharedState) -> String {
    let key = || tune.key(shared, Action::NewerResult);
    tune.newer().map(|row| format!("v{} is newer: {}   ", row.release.0, key())).unwrap_or_default()
}

/// One line of the table: what, before, after, the change and its tone.
struct ResultLine {
    name: &'static str,
    before: String,
    after: String,
    change: Option<(String, Role)>,
    note: String,
}

/// The tone of the change in accuracy: a colour only where its interval leaves 0 out.
fn certainty(c: &Comparison) -> Role {
    match c.ci95 {
        [lo, _] if lo > 0.0 => Role::Good,
        [_, hi] if hi < 0.0 => Role::Bad,
        _ => Role::Muted,
    }
}

fn accuracy(s: &HalfScores) -> String {
    numbers::rate(s.correct, s.n)
}

fn measures(c: &Comparison) -> Vec<ResultLine> {
    let none = || "–".to_owned();
    if c.after.n == 0 {
        let empty = |name| ResultLine { name, before: none(), after: none(), change: None, note: String::new() };
        return ["intent accuracy", "macro F1", "calibration error"].map(empty).into();
    }
    let two = |v: f64| format!("{v:.3}");
    // Of the numbers that stand there: else they would not come to it.
    let shown = |v: f64| (v * 1_000.0).round() / 1_000.0;
    let moved = |before: f64, after: f64| numbers::signed(shown(after) - shown(before), 3);
    let ece = |s: &HalfScores| s.ece.map_or_else(none, two);
    // No interval is known of what follows: nothing is certain of it.
    let change = |name, before: f64, after: f64| ResultLine {
        name,
        before: two(before),
        after: two(after),
        change: Some((moved(before, after), Role::Muted)),
        note: String::new(),
    };
    let interval = format!("[{}, {}]", numbers::signed(c.ci95[0] * 100.0, 1), numbers::signed(c.ci95[1] * 100.0, 1));
    let mut out = vec![
        ResultLine {
            name: "intent accuracy",
            before: accuracy(&c.before),
            after: accuracy(&c.after),
            change: Some((numbers::points(c.delta), certainty(c))),
            note: interval,
        },
        change("macro F1", c.before.macro_f1, c.after.macro_f1),
    ];
    let both = c.before.ece.zip(c.after.ece);
    out.push(ResultLine {
        name: "calibration error",
        before: ece(&c.before),
        after: ece(&c.after),
        change: both.map(|(b, a)| (moved(b, a), Role::Muted)),
        note: String::new(),
    });
    if let Some((b, a)) = c.before.unseen_accuracy.zip(c.after.unseen_accuracy) {
        out.push(ResultLine {
            name: "on unseen texts",
            before: format!("{:.1} %", b * 100.0),
            after: format!("{:.1} %", a * 100.0),
            change: Some((numbers::points(a - b), Role::Muted)),
            note: format!("n {}", numbers::count(c.after.unseen_n)),
        });
    }
    if c.failures.n > 0 {
        let f = c.failures;
        out.push(ResultLine {
            name: "reviewed failures",
            before: format!("{}/{} right", numbers::count(f.before), numbers::count(f.n)),
            after: format!(
                "{}/{} right, each by a model not trained on it",
                numbers::count(f.after),
                numbers::count(f.n)
            ),
            change: None,
            note: String::new(),
        });
    }
    out
}

/// What stands before, a release by the name of the one whose intents it has.
fn before_name(tune: &TuneScreen, c: &Comparison) -> Option<String> {
    match (c.before_is, c.before_named()) {
        (BeforeIs::Model, before) => before.map(|r| tune.release(r).map_or(format!("v{}", r.0), ReleaseRow::named)),
        (BeforeIs::Log, _) => Some("as logged".to_owned()),
        (BeforeIs::Majority, _) => Some("always one answer".to_owned()),
    }
}

/// The same as the title of a column so wide: the name goes before what the column holds.
fn before_title(tune: &TuneScreen, c: &Comparison, column: usize) -> String {
    match before_name(tune, c) {
        None => "before".to_owned(),
        Some(name) if words::width(&name) + BEFORE.len() < column => format!("{BEFORE}{name}"),
        Some(name) => name,
    }
}

/// Draws the table; gives the row after it.
fn table(tune: &TuneScreen, shared: &SharedState, c: &Comparison, canvas: &mut Canvas, area: Rect, low: bool) -> u16 {
    let wide = area.width >= 104;
    let (name, column) = if wide { (22, 30) } else { (18, 19) };
    let state = tune.shown_release().map(ReleaseRow::standing).unwrap_or("candidate");
    let after = format!("after: v{} ({})", c.release.0, words::line(state));
    let x = area.x + name as u16;
    canvas.text(x, area.y, column as u16, &before_title(tune, c, column), Role::Muted);
    let end = canvas.text(x + column as u16, area.y, 40, &after, Role::Heading);
    canvas.text(end + 2, area.y, area.right().saturating_sub(end + 2), &newer_words(tune, shared), Role::Accent);
    let mut y = area.y + 1;
    let mut all = measures(c);
    let beside = if low { side_by_side(&all.split_off(1), usize::from(area.width)) } else { Vec::new() };
    for m in all {
        if y >= area.bottom() {
            break;
        }
        let (change, role) = match &m.change {
            Some((text, role)) => (text.as_str(), *role),
            None => ("", Role::Muted),
        };
        let (label, before, after) =
            (words::pad(m.name, name), words::pad(&m.before, column), words::pad(&m.after, column));
        let after = if m.change.is_none() { m.after.clone() } else { after };
        let change = format!("{}  ", words::pad_left(change, 8));
        let pieces = [
            (label.as_str(), Role::Muted),
            (&before, Role::Text),
            (&after, Role::Heading),
            (&change, role),
            (&m.note, Role::Muted),
        ];
        canvas.pieces(area.x, y, area.width, &pieces);
        y += 1;
    }
    for (line, row) in beside.iter().zip(y..area.bottom()) {
        canvas.text(area.x, row, area.width, line, Role::Muted);
        y = row + 1;
    }
    y
}

/// Measures with before, after and the change, as many in a line as it has room for.
fn side_by_side(measures: &[ResultLine], columns: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for m in measures {
        let name = m.name.strip_prefix("on ").unwrap_or(m.name);
        let before = m.before.strip_suffix(" right").unwrap_or(&m.before);
        let after = m.after.split(", ").next().unwrap_or_default();
        let beside = Some(&m.note).filter(|note| !note.is_empty()).or(m.change.as_ref().map(|(text, _)| text));
        let beside = beside.map_or_else(String::new, |text| format!(" ({text})"));
        let said = format!("{name} {before} → {after}{beside}");
        match lines.last_mut().filter(|line| words::width(line) + 3 + words::width(&said) <= columns) {
            Some(line) => line.push_str(&format!(" · {said}")),
            None => lines.push(said),
        }
    }
    lines
}

/// What may be concluded, as sentences.
fn verdict_words(c: &Comparison) -> (String, Role, String) {
    let n = c.after.n;
    if c.gold_version.is_none() || n == 0 {
        let why = "There is no test set yet. Open a review cycle (c in the queue): part of it becomes the test set.";
        return ("CANNOT TELL".to_owned(), Role::Muted, why.to_owned());
    }
    let p = numbers::p_value(c.p_cluster);
    let (fixed, broken) = (numbers::count(c.fixed), numbers::count(c.broken));
    let counts = format!("{fixed} fixed, {broken} broken on {} sealed gold turns, {p}", numbers::count(n));
    match c.verdict {
        Verdict::Better => ("✓ BETTER".to_owned(), Role::Good, counts),
        Verdict::Worse => ("✗ WORSE".to_owned(), Role::Bad, counts),
        Verdict::CannotTell => {
            let more = match c.needed {
                Some(k) => format!("; about {} sealed turns would tell", numbers::count(k)),
                None => String::new(),
            };
            ("CANNOT TELL".to_owned(), Role::Heading, format!("{counts}{more}"))
        }
    }
}

/// Draws verdict and gate, as far as there is room; gives the row after them.
fn verdict(tune: &TuneScreen, shared: &SharedState, c: &Comparison, canvas: &mut Canvas, area: Rect, low: bool) -> u16 {
    let (headline, role, words_) = verdict_words(c);
    let mut y = area.y;
    let columns = usize::from(area.width);
    let lead = words::width(&headline) + 3;
    for (i, line) in words::wrap(&words_, columns.saturating_sub(lead)).iter().enumerate().take(area.height.into()) {
        if i == 0 {
            canvas.text(area.x, y, area.width, &headline, role);
            canvas.over(Rect { x: area.x, y, width: words::width(&headline) as u16, height: 1 }, Role::Resting);
        }
        canvas.text(area.x + lead as u16, y, area.width.saturating_sub(lead as u16), line, Role::Text);
        y += 1;
    }
    let refuses = c.gate == Gate::Refuse;
    let gate = match (refuses, c.verdict) {
        (true, _) => "✗ the gate refuses",
        (false, Verdict::CannotTell) => "· the gate lets it pass, with a reason",
        (false, _) => "✓ the gate lets it pass",
    };
    let gate_role = match (refuses, c.verdict) {
        (true, _) => Role::Bad,
        (false, Verdict::CannotTell) => Role::Text,
        (false, _) => Role::Good,
    };
    let reasons = c.gate_reasons.iter().map(|r| words::line(r)).collect::<Vec<_>>().join("; ");
    let reasons = if reasons.is_empty() { String::new() } else { format!(": {reasons}") };
    let mut rows = words::wrap(&format!("{gate}{reasons}"), columns);
    rows.truncate(if area.height > 8 { 4 } else { 2 });
    for row in rows.into_iter().take(area.bottom().saturating_sub(y).into()) {
        canvas.text(area.x, y, area.width, &row, gate_role);
        y += 1;
    }
    if let Some((text, role)) = answers_line(tune, shared, c, columns).filter(|_| y < area.bottom()) {
        canvas.text(area.x, y, area.width, &text, role);
        y += 1;
    }
    if low {
        return y;
    }
    if c.languages.len() > 1 && area.height >= ROOM / 2 && y < area.bottom() {
        by_language(c, canvas, Rect { y, height: 1, ..area });
        y += 1;
    }
    let lines = if area.height >= ROOM / 2 { 2 } else { 1 };
    let provenance = provenance(tune, c);
    let provenance = if lines == 1 { vec![provenance] } else { words::wrap(&provenance, columns) };
    for row in provenance.into_iter().take(area.bottom().saturating_sub(y).min(lines).into()) {
        canvas.text(area.x, y, area.width, &row, Role::Muted);
        y += 1;
    }
    y
}

/// Accuracy by what customers write in, of the sealed half; grey where there are few.
fn by_language(c: &Comparison, canvas: &mut Canvas, area: Rect) {
    let mut x = area.x;
    for l in &c.languages {
        let [low, high] = l.ci95.map(|share| 100.0 * share);
        let share = 100.0 * l.after as f64 / (l.n as f64).max(1.0);
        let text = format!("{} {share:.0} % of {} [{low:.0}–{high:.0}]", words::line(l.name()), numbers::count(l.n));
        let width = words::width(&text) as u16;
        if x + width > area.right() {
            break;
        }
        canvas.text(x, area.y, width, &text, if l.is_little() { Role::Muted } else { Role::Text });
        x += width + 3;
    }
}

/// What becomes of the answers, below the gate: how many turns are answered otherwise, and what is wrong with that; where all of it has no
/// room, of how many.
fn answers_line(tune: &TuneScreen, shared: &SharedState, c: &Comparison, columns: usize) -> Option<(String, Role)> {
    let r = &c.responses;
    if c.before_is == BeforeIs::Majority {
        return None;
    }
    let (recent, otherwise) = (r.recent.words(), r.recent.otherwise());
    if r.differ == 0 {
        let lost = recent.map(|says| (format!("▾ {says}"), Role::Focus));
        return lost.or_else(|| otherwise.map(|says| (format!("· {says}"), Role::Text)));
    }
    let faults = &r.faults;
    let wrong = [
        (faults.other_language.n, "in another language than the customer's"),
        (faults.non_answer.n, "with what is no answer"),
        (faults.personal.n, "with what is one customer's"),
    ];
    let wrong: Vec<String> =
        wrong.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{} {what}", numbers::count(*n))).collect();
    let of = format!("{} of {} open test turns", numbers::count(r.differ), numbers::count(r.asked));
    let key = tune.key(shared, Action::ShowResponses);
    // What is lost is no fault of an answer: it is said, and whoever promotes decides.
    let lost = r.losses.words().into_iter().chain(recent).collect::<Vec<_>>().join(", ");
    let worse = r.losses.n() + r.recent.lost;
    let refused = faults.other_language.n + faults.non_answer.n + faults.personal.n;
    let (sign, wrong, briefly, role) = match (refused, worse > 0) {
        (0, false) => ("·", String::new(), String::new(), Role::Text),
        (0, true) => ("▾", format!(": {lost}"), format!(", {} worse", numbers::count(worse)), Role::Focus),
        (n, _) => ("!", format!(": {}", wrong.join(", ")), format!(", {} refused", numbers::count(n)), Role::Bad),
    };
    let [whole, brief] =
        [wrong, briefly].map(|wrong| format!("{sign} {of} answered otherwise{wrong}; {key} shows them"));
    let all = otherwise.map_or_else(|| whole.clone(), |says| format!("{whole}; {says}"));
    let fits = |text: &String| words::width(text) <= columns;
    Some(([all, whole].into_iter().find(fits).unwrap_or(brief), role))
}

/// On what all this rests.
fn provenance(tune: &TuneScreen, c: &Comparison) -> String {
    let mut parts = vec![match c.trained_on {
        0 => "trained elsewhere".to_owned(),
        n => format!("trained on {}", numbers::plural(n, "example", "examples")),
    }];
    if c.left_out.not_measured > 0 {
        parts.push(format!("{} not measured", numbers::plural(c.left_out.not_measured, "gold turn", "gold turns")));
    }
    if c.left_out.intent_not_in_use > 0 {
        let turns = numbers::plural(c.left_out.intent_not_in_use, "gold turn", "gold turns");
        parts.push(format!("{turns} left out, intent not in use"));
    }
    if c.left_out.repeats_gold > 0 {
        parts.push(format!(
            "{} left out, {}",
            numbers::count(c.left_out.repeats_gold),
            if c.left_out.repeats_gold == 1 { "it repeats gold" } else { "they repeat gold" }
        ));
    }
    if let Some(v) = c.gold_version {
        parts.push(format!("gold version {}, comparison {} on it", v.0, numbers::count(c.looks)));
    }
    parts.push(numbers::seconds(c.train_seconds.round().max(0.0) as u64));
    parts.extend(tune.shown_release().map(|r| words::line(&r.recipe)));
    if let Some(reason) = tune.shown_release().and_then(|r| r.reasons.first()) {
        parts.push(format!("“{}”", words::line(&reason.words)));
    }
    parts.join(" · ")
}
