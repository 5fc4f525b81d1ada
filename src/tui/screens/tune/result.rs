//! Drawing a comparison: before and after side by side, the verdict in words, intents, flips.

use super::Pane;
use crate::domain::{BeforeIs, Comparison, Flip, FlipKind, Gate, IntentScore, Scores, Verdict};
use crate::theme::Role;
use crate::tui::app::App;
use crate::tui::widgets::{Canvas, Hit, numbers, words};
use ratatui::layout::Rect;

/// A verdict as a headline.
pub const fn verdict_word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Better => "better",
        Verdict::Worse => "worse",
        Verdict::CannotTell => "cannot tell",
    }
}

/// Draws the comparison.
pub fn draw(app: &App, c: &Comparison, canvas: &mut Canvas, area: Rect) {
    let mut y = table(app, c, canvas, area);
    y = verdict(app, c, canvas, below(area, y + 1));
    let rest = below(area, y + 1);
    if rest.height < 3 {
        return;
    }
    if rest.width >= 100 {
        let left = Rect { width: (rest.width * 42 / 100).min(76), ..rest };
        intents(app, c, canvas, left);
        canvas.divider(left.right() + 1, rest);
        let x = left.right() + 3;
        flips(app, c, canvas, Rect { x, width: rest.right().saturating_sub(x), ..rest });
        return;
    }
    // Where it is narrow, the list in focus has the room.
    match app.tune.pane {
        Pane::Flips => flips(app, c, canvas, rest),
        Pane::Intents => intents(app, c, canvas, rest),
    }
}

/// The part of an area from a row on.
fn below(area: Rect, y: u16) -> Rect {
    Rect { y, height: area.bottom().saturating_sub(y), ..area }
}

/// One line of the table: what, before, after, change, and whether more is better.
struct Measure {
    name: &'static str,
    before: String,
    after: String,
    change: Option<(String, f64)>,
    note: String,
}

fn accuracy(s: &Scores) -> String {
    numbers::rate(s.correct, s.n)
}

fn measures(c: &Comparison) -> Vec<Measure> {
    let none = || "–".to_owned();
    if c.after.n == 0 {
        let empty = |name| Measure { name, before: none(), after: none(), change: None, note: String::new() };
        return ["intent accuracy", "macro F1", "calibration error"].map(empty).into();
    }
    let two = |v: f64| format!("{v:.3}");
    let ece = |s: &Scores| s.ece.map_or_else(none, two);
    let change = |name, before: f64, after: f64, good: f64| Measure {
        name,
        before: two(before),
        after: two(after),
        change: Some((numbers::signed(after - before, 3), (after - before) * good)),
        note: String::new(),
    };
    let interval = format!("[{}, {}]", numbers::signed(c.ci95[0] * 100.0, 1), numbers::signed(c.ci95[1] * 100.0, 1));
    let mut out = vec![
        Measure {
            name: "intent accuracy",
            before: accuracy(&c.before),
            after: accuracy(&c.after),
            change: Some((numbers::points(c.delta), c.delta)),
            note: interval,
        },
        change("macro F1", c.before.macro_f1, c.after.macro_f1, 1.0),
    ];
    let both = c.before.ece.zip(c.after.ece);
    out.push(Measure {
        name: "calibration error",
        before: ece(&c.before),
        after: ece(&c.after),
        change: both.map(|(b, a)| (numbers::signed(a - b, 3), b - a)),
        note: String::new(),
    });
    if let Some((b, a)) = c.before.unseen_accuracy.zip(c.after.unseen_accuracy) {
        out.push(Measure {
            name: "on unseen texts",
            before: format!("{:.1} %", b * 100.0),
            after: format!("{:.1} %", a * 100.0),
            change: Some((numbers::points(a - b), a - b)),
            note: format!("n {}", numbers::count(c.after.unseen_n)),
        });
    }
    if c.failures.n > 0 {
        let f = c.failures;
        out.push(Measure {
            name: "reviewed failures",
            before: format!("{}/{} right", f.before, f.n),
            after: format!("{}/{} right, each by a model not trained on it", f.after, f.n),
            change: None,
            note: String::new(),
        });
    }
    out
}

fn before_title(c: &Comparison, wide: bool) -> String {
    match (c.before_is, c.before_release) {
        (BeforeIs::Model, Some(r)) => format!("before: v{}", r.0),
        (BeforeIs::Model, None) => "before".to_owned(),
        (BeforeIs::Log, _) if wide => "before: as logged".to_owned(),
        (BeforeIs::Majority, _) if wide => "before: always one answer".to_owned(),
        (BeforeIs::Log, _) => "as logged".to_owned(),
        (BeforeIs::Majority, _) => "always one answer".to_owned(),
    }
}

/// Draws the table; gives the row after it.
fn table(app: &App, c: &Comparison, canvas: &mut Canvas, area: Rect) -> u16 {
    let wide = area.width >= 104;
    let (name, column) = if wide { (22, 30) } else { (18, 19) };
    let state = app.tune.shown_release().map(|r| r.state.as_str()).unwrap_or("candidate");
    let after = format!("after: v{} ({})", c.release.0, words::line(state));
    let x = area.x + name as u16;
    canvas.text(x, area.y, column as u16, &before_title(c, wide), Role::Muted);
    canvas.text(x + column as u16, area.y, 40, &after, Role::Heading);
    let mut y = area.y + 1;
    for m in measures(c) {
        if y >= area.bottom() {
            break;
        }
        let (change, role) = match &m.change {
            Some((text, good)) if text.starts_with(['+', '-']) && *good > 0.0 => (text.as_str(), Role::Good),
            Some((text, good)) if text.starts_with(['+', '-']) && *good < 0.0 => (text.as_str(), Role::Bad),
            Some((text, _)) => (text.as_str(), Role::Muted),
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
    y
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
fn verdict(app: &App, c: &Comparison, canvas: &mut Canvas, area: Rect) -> u16 {
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
        (false, Verdict::CannotTell) => "✓ the gate lets it pass, with a reason",
        (false, _) => "✓ the gate lets it pass",
    };
    let gate_role = if refuses { Role::Bad } else { Role::Good };
    let reasons = c.gate_reasons.iter().map(|r| words::line(r)).collect::<Vec<_>>().join("; ");
    let reasons = if reasons.is_empty() { String::new() } else { format!(": {reasons}") };
    let mut rows = words::wrap(&format!("{gate}{reasons}"), columns);
    rows.truncate(if area.height > 8 { 4 } else { 2 });
    for row in rows.into_iter().take(area.bottom().saturating_sub(y).into()) {
        canvas.text(area.x, y, area.width, &row, gate_role);
        y += 1;
    }
    for row in words::wrap(&provenance(app, c), columns).into_iter().take(area.bottom().saturating_sub(y).min(2).into())
    {
        canvas.text(area.x, y, area.width, &row, Role::Muted);
        y += 1;
    }
    y
}

/// On what all this rests.
fn provenance(app: &App, c: &Comparison) -> String {
    let mut parts = vec![match c.trained_on {
        0 => "trained elsewhere".to_owned(),
        n => format!("trained on {}", numbers::plural(n, "example", "examples")),
    }];
    if c.left_out.not_measured > 0 {
        parts.push(format!("{} not measured", numbers::plural(c.left_out.not_measured, "gold turn", "gold turns")));
    }
    if c.left_out.repeats_gold > 0 {
        parts.push(format!(
            "{} left out, {}",
            numbers::count(c.left_out.repeats_gold),
            if c.left_out.repeats_gold == 1 { "it repeats gold" } else { "they repeat gold" }
        ));
    }
    if let Some(v) = c.gold_version {
        parts.push(format!("gold version {}, look {}", v.0, c.looks));
    }
    parts.push(numbers::seconds(c.train_seconds.round().max(0.0) as u64));
    parts.extend(app.tune.shown_release().map(|r| words::line(&r.recipe)));
    if let Some(reason) = app.tune.shown_release().and_then(|r| r.reasons.first()) {
        parts.push(format!("“{}”", words::line(reason)));
    }
    parts.join(" · ")
}

fn intents(app: &App, c: &Comparison, canvas: &mut Canvas, area: Rect) {
    let focus = app.tune.pane == Pane::Intents;
    let name = usize::from(area.width).saturating_sub(30).clamp(12, 40);
    let head = format!(
        "{} {} {} {}",
        words::pad("per intent, F1", name),
        words::pad_left("n", 5),
        words::pad_left("before", 7),
        words::pad_left("after", 7)
    );
    canvas.text(area.x, area.y, area.width, &head, if focus { Role::Focus } else { Role::Muted });
    let list = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
    let fits = usize::from(list.height);
    let first = app.tune.intent.saturating_sub(fits / 2).min(c.intents.len().saturating_sub(fits));
    for ((i, score), y) in c.intents.iter().enumerate().skip(first).zip(list.top()..list.bottom()) {
        intent_row(score, name, canvas, Rect { y, height: 1, ..list });
        if focus && i == app.tune.intent {
            canvas.over(Rect { y, height: 1, ..list }, Role::Selected);
        }
    }
    if c.intents.is_empty() {
        canvas.text(list.x, list.y, list.width, "no sealed gold turns", Role::Muted);
    }
    if focus {
        canvas.seen.rows = fits;
        canvas.seen.scrolled = area;
    }
}

fn intent_row(s: &IntentScore, name: usize, canvas: &mut Canvas, line: Rect) {
    let change = s.f1_after - s.f1_before;
    let text = numbers::signed(change, 2);
    let role = match text.chars().next() {
        Some('+') => Role::Good,
        Some('-') => Role::Bad,
        _ => Role::Muted,
    };
    let label = words::pad(&words::line(&s.intent), name);
    let n = format!(" {}", words::pad_left(&numbers::count(s.n), 5));
    let (before, after) = (format!(" {:>7.2}", s.f1_before), format!(" {:>7.2}", s.f1_after));
    let change = format!(" {}", words::pad_left(&text, 6));
    let pieces = [
        (label.as_str(), Role::Text),
        (&n, Role::Muted),
        (&before, Role::Muted),
        (&after, Role::Text),
        (&change, role),
    ];
    canvas.pieces(line.x, line.y, line.width, &pieces);
}

fn look(kind: FlipKind) -> (&'static str, Role) {
    match kind {
        FlipKind::Fixed => ("✓", Role::Good),
        FlipKind::Broken => ("✗", Role::Bad),
        FlipKind::StillWrong | FlipKind::BothWrong => ("·", Role::Muted),
    }
}

fn flips(app: &App, c: &Comparison, canvas: &mut Canvas, area: Rect) {
    let all = &c.open.flips;
    let count = |f: fn(FlipKind) -> bool| all.iter().filter(|x| f(x.kind)).count();
    let fixed = count(|k| k == FlipKind::Fixed);
    let broken = count(|k| k == FlipKind::Broken);
    let [f, b, w] = [fixed, broken, all.len() - fixed - broken].map(|n| numbers::count(n as u64));
    let head = format!("open half: {f} fixed, {b} broken, {w} still wrong");
    let focus = app.tune.pane == Pane::Flips;
    canvas.text(area.x, area.y, area.width, &head, if focus { Role::Focus } else { Role::Muted });
    let list = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
    // A flip takes two lines where there is room, else one.
    let tall = if list.height >= 12 && area.width < 120 { 2 } else { 1 };
    let fits = (usize::from(list.height) / tall).max(1);
    let first = app.tune.flip.saturating_sub(fits / 2).min(all.len().saturating_sub(fits));
    for (k, (i, flip)) in all.iter().enumerate().skip(first).take(fits).enumerate() {
        let y = list.y + (k * tall) as u16;
        let row = Rect { y, height: tall as u16, ..list };
        flip_row(flip, canvas, row);
        if i == app.tune.flip {
            let role = if focus { Role::Selected } else { Role::Resting };
            canvas.over(Rect { x: row.x + 2, width: row.width.saturating_sub(2), height: 1, ..row }, role);
        }
        canvas.hit(row, Hit::Flip(i));
    }
    if all.is_empty() {
        canvas.text(list.x, list.y, list.width, "no gold turn of the open half changed", Role::Muted);
    }
    if focus {
        canvas.seen.rows = fits;
        canvas.seen.scrolled = area;
    }
}

fn flip_row(flip: &Flip, canvas: &mut Canvas, row: Rect) {
    let (sign, role) = look(flip.kind);
    let name = |g: &Option<String>| g.as_deref().map_or_else(|| "fallback".to_owned(), words::line);
    let pinned = if flip.pinned { " ◆ pinned" } else { "" };
    let gold = match flip.kind {
        FlipKind::Fixed | FlipKind::Broken => String::new(),
        _ => format!("  right: {}", words::line(&flip.gold)),
    };
    let change = format!("{} → {}{gold}{pinned}", name(&flip.before), name(&flip.after));
    let said = format!("“{}”", words::line(&flip.text));
    let x = canvas.text(row.x, row.y, 2, &format!("{sign} "), role);
    let room = row.right().saturating_sub(x);
    if row.height > 1 {
        canvas.text(x, row.y, room, &said, Role::Text);
        canvas.text(x + 2, row.y + 1, room.saturating_sub(2), &change, Role::Muted);
        return;
    }
    let part = (room * 55 / 100) as usize;
    let x = canvas.text(x, row.y, part as u16 + 1, &words::pad(&said, part), Role::Text);
    canvas.text(x + 1, row.y, row.right().saturating_sub(x + 1), &change, Role::Muted);
}
