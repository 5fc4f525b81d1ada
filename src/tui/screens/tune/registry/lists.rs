//! The lists of the registry.

use super::details;
use super::verdicts::judged;
use crate::action::Action;
use crate::domain::{GoldVersion, Timestamp, Zone};
use crate::store::{GoldRow, GoldVersionRow, LiveOrigin, LiveSpan, Registry, ReleaseRow, in_use_as};
use crate::theme::Role;
use crate::tui::screens::tune::state::TuneScreen;
use crate::tui::screens::tune::state::registry::RegistryList;
use crate::tui::state::shared::{SharedState, StoreRead};
use crate::tui::widgets::area::below;
use crate::tui::widgets::listed::{Cells, LineList};
use crate::tui::widgets::{Canvas, numbers, words};
use ratatui::layout::Rect;

/// Versions of the gold set that are listed above its turns.
const VERSIONS: usize = 4;

/// Draws the list that is shown.
pub fn draw(tune: &TuneScreen, shared: &SharedState, canvas: &mut Canvas, area: Rect) {
    let registry = &tune.views.registry;
    let Some(facts) = registry.facts.ready() else { return };
    match registry.list {
        RegistryList::Releases => releases(tune, shared, facts, canvas, area),
        RegistryList::Live => live(tune, shared, facts, canvas, area),
        RegistryList::Gold => gold(tune, shared, facts, canvas, area),
        RegistryList::LeftOut => left_out(tune, shared, canvas, area),
    }
}

/// The list with the selection.
fn table(tune: &TuneScreen, canvas: &mut Canvas, area: Rect, head: &str, len: usize, cells: impl Fn(usize) -> Cells) {
    let selected = Some(tune.views.registry.row().min(len.saturating_sub(1)));
    LineList { head, len, selected, none: "" }.draw(canvas, area, cells);
}

fn moment(at: Timestamp, zone: Zone) -> String {
    zone.format(at, "%Y-%m-%d %H:%M")
}

/// From so many columns the list tells more.
const MORE: u16 = 100;
/// And all that fits in a line.
const ALL: u16 = 126;
/// In fewer, the verdict is worth more than a date that the details have.
const DATED: u16 = 74;

fn releases(tune: &TuneScreen, shared: &SharedState, facts: &Registry, canvas: &mut Canvas, area: Rect) {
    let (more, all) = (area.width >= MORE, area.width >= ALL);
    let dated = if area.width >= DATED { 11 } else { 0 };
    let mut head = format!("  {}{}{}", words::pad("", 7), words::pad("state", 10), words::pad("trained", dated));
    if all {
        head.push_str(&format!("{}{}", words::pad("by", 14), words::pad("from", 8)));
    }
    if more {
        head.push_str(&format!("{}  ", words::pad_left("examples", 10)));
    }
    head.push_str(&format!("{}{}  verdict", words::pad_left("accuracy", 21), words::pad_left("gold", 5)));
    table(tune, canvas, area, &head, facts.releases.len(), |i| {
        release((tune, shared), facts, &facts.releases[i], dated, (more, all))
    });
}

fn release(
    (tune, shared): (&TuneScreen, &SharedState),
    facts: &Registry,
    r: &ReleaseRow,
    dated: usize,
    (more, all): (bool, bool),
) -> Cells {
    let mark = match tune.views.registry.marked.iter().position(|m| *m == r.release) {
        Some(0) => "1 ",
        Some(_) => "2 ",
        None => "  ",
    };
    let (verdict, role) = judged(r, &facts.learned);
    let (state, state_role) = details::state(r);
    let right = r.accuracy.map_or("–".to_owned(), |a| numbers::rate((a * r.sealed as f64).round() as u64, r.sealed));
    let gold = r.measured_on.map_or_else(String::new, |v| v.0.to_string());
    let mut cells = vec![
        (mark.to_owned(), Role::Accent),
        (words::pad(&format!("v{}", r.release.0), 7), Role::Text),
        (words::pad(&state, 10), state_role),
        (words::pad(&shared.zone().date(r.at), dated), Role::Muted),
    ];
    if all {
        let from = r.parent.map_or("scratch".to_owned(), |p| format!("v{}", p.0));
        cells.push((words::pad(&words::fit(&words::line(&r.by), 13), 14), Role::Muted));
        cells.push((words::pad(if r.trained_on == 0 { "–" } else { &from }, 8), Role::Muted));
    }
    if more {
        let examples = if r.trained_on == 0 { "elsewhere".to_owned() } else { numbers::count(r.trained_on) };
        cells.push((format!("{}  ", words::pad_left(&examples, 10)), Role::Muted));
    }
    cells.push((words::pad_left(&right, 21), Role::Text));
    cells.push((words::pad_left(&gold, 5), Role::Muted));
    cells.push((format!("  {verdict}"), role));
    cells
}

fn live(tune: &TuneScreen, shared: &SharedState, facts: &Registry, canvas: &mut Canvas, area: Rect) {
    if facts.live.is_empty() {
        let text = "No release was ever live: the AI's own log counts until one is promoted.";
        canvas.text(area.x, area.y, area.width, text, Role::Muted);
        return;
    }
    let zone = shared.zone();
    let head = format!(
        "  {}{}{}{}{}why",
        words::pad("", 7),
        words::pad(&words::fit(&format!("live from ({})", zone.short()), 17), 18),
        words::pad("until", 18),
        words::pad("how", 13),
        words::pad("by", 11),
    );
    let spans: Vec<&LiveSpan> = facts.live.iter().rev().collect();
    table(tune, canvas, area, &head, spans.len(), |i| span(spans[i], zone));
}

fn span(s: &LiveSpan, zone: Zone) -> Cells {
    let how = match s.how {
        LiveOrigin::Promoted => "promoted",
        LiveOrigin::RolledBack => "rolled back",
    };
    let still = in_use_as(&s.in_use_for);
    let until = still.map(str::to_owned).or(s.until.map(|at| moment(at, zone))).unwrap_or("now".to_owned());
    vec![
        ("  ".to_owned(), Role::Text),
        (words::pad(&format!("v{}", s.release.0), 7), Role::Text),
        (words::pad(&moment(s.from, zone), 18), Role::Text),
        (words::pad(&until, 18), if s.until.is_none() || still.is_some() { Role::Good } else { Role::Muted }),
        (words::pad(how, 13), if s.how == LiveOrigin::Promoted { Role::Muted } else { Role::Bad }),
        (words::pad(&words::fit(&words::line(&s.by), 10), 11), Role::Muted),
        (s.reason.as_ref().map(|r| format!("“{}”", words::line(r))).unwrap_or_default(), Role::Text),
    ]
}

fn gold(tune: &TuneScreen, shared: &SharedState, facts: &Registry, canvas: &mut Canvas, area: Rect) {
    let overview = shared.counts();
    let mut y = area.y;
    if facts.gold.is_empty() {
        let (open, sealed) = overview.gold;
        let text = format!(
            "No gold version yet. {} at hand; {} freezes them, and so does the first run.",
            numbers::plural(open + sealed, "test label is", "test labels are"),
            tune.key(shared, Action::FreezeGold)
        );
        for line in words::wrap(&text, area.width.into()) {
            canvas.text(area.x, y, area.width, &line, Role::Muted);
            y += 1;
        }
        return;
    }
    let head = format!(
        "  {}{}{}{}{}{}  why",
        words::pad("version", 9),
        words::pad("frozen", 12),
        words::pad("by", 12),
        words::pad_left("open", 7),
        words::pad_left("sealed", 8),
        words::pad_left("looks", 7),
    );
    canvas.text(area.x, y, area.width, &head, Role::Muted);
    let shown = VERSIONS.min(usize::from(area.height) / 4).max(1);
    for row in facts.gold.iter().take(shown) {
        y += 1;
        let cells = version(row, shared.zone());
        let pieces: Vec<(&str, Role)> = cells.iter().map(|(t, r)| (t.as_str(), *r)).collect();
        canvas.pieces(area.x, y, area.width, &pieces);
    }
    if facts.gold.len() > shown {
        y += 1;
        let more = format!("  {} older", numbers::count((facts.gold.len() - shown) as u64));
        canvas.text(area.x, y, area.width, &more, Role::Muted);
    }
    let rest = below(area, y + 2);
    open_half(tune, facts.gold[0].version, canvas, rest);
}

fn version(v: &GoldVersionRow, zone: Zone) -> Cells {
    let why = v.reason.as_ref().map(|r| format!("  “{}”", words::line(r))).unwrap_or_default();
    let by = words::pad(&words::fit(&words::line(&v.by), 11), 12);
    vec![
        (format!("  {}", words::pad(&v.version.0.to_string(), 9)), Role::Text),
        (words::pad(&zone.date(v.at), 12), Role::Muted),
        (by, Role::Muted),
        (words::pad_left(&numbers::count(v.open), 7), Role::Text),
        (words::pad_left(&numbers::count(v.sealed), 8), Role::Text),
        (words::pad_left(&numbers::count(v.looks), 7), Role::Text),
        (why, Role::Muted),
    ]
}

/// What a gold turn is about, and whether that still counts.
fn of_gold(r: &GoldRow) -> String {
    let intents = words::line(&r.intents.join(", "));
    if r.not_in_use { format!("not in use: {intents}") } else { intents }
}

/// The turns that may be looked at, and which of them must never break.
fn open_half(tune: &TuneScreen, version: GoldVersion, canvas: &mut Canvas, area: Rect) {
    let rows = match &tune.views.registry.open_half {
        StoreRead::Ready(rows) => rows,
        StoreRead::Waiting => {
            canvas.text(area.x, area.y, area.width, "Reading the open half …", Role::Muted);
            return;
        }
        StoreRead::Failed(why) => {
            let text = format!("✗ The open half could not be read: {}", words::line(why));
            canvas.text(area.x, area.y, area.width, &text, Role::Bad);
            return;
        }
    };
    let pinned = rows.iter().filter(|r| r.pinned).count() as u64;
    let head = format!(
        "open half of version {}: {}, {} pinned; the sealed half is never listed",
        version.0,
        numbers::plural(rows.len() as u64, "turn", "turns"),
        numbers::count(pinned)
    );
    let name = usize::from(area.width / 3).clamp(16, 36);
    table(tune, canvas, area, &head, rows.len(), |i| {
        let r = &rows[i];
        vec![
            (if r.pinned { "◆ " } else { "  " }.to_owned(), Role::Accent),
            (words::pad(&words::fit(&of_gold(r), name - 2), name), Role::Muted),
            (format!("“{}”", words::line(&r.text)), Role::Text),
        ]
    });
}

fn left_out(tune: &TuneScreen, shared: &SharedState, canvas: &mut Canvas, area: Rect) {
    let Some(release) = tune.views.registry.trained() else { return };
    let v = release.release.0;
    let Some(rows) = tune.views.registry.left_out_of(release.release) else {
        let key = tune.key(shared, Action::OpenFlip);
        let text = match release.trained_on {
            0 => format!("v{v} was trained elsewhere: nothing was left out here."),
            _ => format!("Training texts that repeat a gold text were left out of v{v}. {key} lists them."),
        };
        for (line, y) in words::wrap(&text, area.width.into()).iter().zip(area.top()..area.bottom()) {
            canvas.text(area.x, y, area.width, line, Role::Muted);
        }
        return;
    };
    let head = match rows.len() as u64 {
        0 => format!("nothing that v{v} could learn from repeats a gold text"),
        n => format!("{} left out of v{v}: a gold text is repeated", numbers::plural(n, "example", "examples")),
    };
    let name = usize::from(area.width / 3).clamp(16, 36);
    table(tune, canvas, area, &head, rows.len(), |i| {
        let r = &rows[i];
        let base = if r.n.is_none() { "  (base example)" } else { "" };
        vec![
            (format!("  {}", words::pad(&words::fit(&words::line(&r.intent), name - 2), name)), Role::Muted),
            (format!("“{}”", words::line(&r.text)), Role::Text),
            (base.to_owned(), Role::Muted),
        ]
    });
}
