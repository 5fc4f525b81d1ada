//! What is known of one release.

use super::judged;
use super::lists::day;
use crate::domain::Rate;
use crate::store::ReleaseRow;
use crate::theme::Role;
use crate::tui::app::App;
use crate::tui::widgets::{Canvas, numbers, words};
use ratatui::layout::Rect;

/// Columns of the names on the left.
const NAMES: usize = 14;
/// Letters of a digest that are shown.
const DIGEST: usize = 16;

/// Draws all that is known, what does not fit in height left out at the end.
pub fn draw(app: &App, row: &ReleaseRow, canvas: &mut Canvas, area: Rect) {
    let title = format!("v{}", row.release.0);
    let x = canvas.text(area.x, area.y, area.width, &title, Role::Heading);
    let state = words::line(&row.state);
    canvas.text(x + 2, area.y, area.right().saturating_sub(x + 2), &state, state_role(&row.state));
    let room = usize::from(area.width).saturating_sub(NAMES);
    let mut y = area.y + 1;
    for (name, text, role) in facts(app, row) {
        for (i, line) in words::wrap(&text, room).iter().enumerate() {
            if y >= area.bottom() {
                return;
            }
            if i == 0 {
                canvas.text(area.x, y, NAMES as u16, name, Role::Muted);
            }
            canvas.text(area.x + NAMES as u16, y, room as u16, line, role);
            y += 1;
        }
    }
}

fn state_role(state: &str) -> Role {
    match state {
        "live" => Role::Good,
        "rejected" => Role::Bad,
        _ => Role::Muted,
    }
}

/// Names and what stands beside them, the most asked for first.
fn facts(app: &App, row: &ReleaseRow) -> Vec<(&'static str, String, Role)> {
    let registry = &app.tune.views.registry;
    let mut out = Vec::new();
    let mut add = |name, text: String, role| out.push((name, text, role));
    let gold = row.gold_version.map_or("no gold yet".to_owned(), |v| format!("gold {}", v.0));
    if let Some(accuracy) = row.accuracy {
        let right = (accuracy * row.sealed as f64).round() as u64;
        add("accuracy", format!("{}  {gold}", numbers::rate(right, row.sealed)), Role::Text);
    } else {
        add("accuracy", format!("not measured; {gold}"), Role::Muted);
    }
    let facts = registry.facts.ready();
    let today = facts.and_then(|f| f.today.iter().find(|(r, _)| *r == row.release)).map(|(_, rate)| *rate);
    add("today's gold", today_words(app, today), if today.is_some() { Role::Text } else { Role::Muted });
    let (verdict, role) = judged(row.verdict, row.gate);
    add("verdict", verdict, role);
    if let Some(reason) = row.reasons.first() {
        add("why", format!("“{}”", words::line(reason)), Role::Text);
    }
    add("trained", format!("{} UTC by {}", row.at.utc().format("%Y-%m-%d %H:%M"), words::line(&row.by)), Role::Text);
    let learned = match row.trained_on {
        0 => format!("elsewhere; {}", numbers::plural(row.intents, "intent", "intents")),
        n => format!(
            "{} of {} in {:.1} s",
            numbers::plural(n, "example", "examples"),
            numbers::plural(row.intents, "intent", "intents"),
            row.train_seconds
        ),
    };
    add("learned", learned, Role::Text);
    add("from", row.parent.map_or("scratch".to_owned(), |p| format!("v{}", p.0)), Role::Text);
    add("recipe", words::line(&row.recipe), Role::Text);
    add(
        "reproduce",
        format!("seed {}, decision {}", row.seed, numbers::count(row.decision.0.max(0) as u64)),
        Role::Text,
    );
    let digest: String = row.sha256.chars().take(DIGEST).collect();
    add("artefact", format!("{}, sha256 {digest}…", numbers::bytes(row.bytes)), Role::Text);
    if let Some(found) = registry.verified.as_ref().filter(|v| v.release == row.release) {
        let (text, role) = match (found.reproduced, &found.again) {
            (true, _) => ("reproduced byte for byte".to_owned(), Role::Good),
            (false, None) => ("cannot be trained again".to_owned(), Role::Bad),
            (false, Some(_)) => (format!("{} differ", found.differs.join(" and ")), Role::Bad),
        };
        add("trained again", text, role);
    }
    let spans = facts.map(|f| f.live.iter().rev().filter(|s| s.release == row.release).collect::<Vec<_>>());
    for (i, s) in spans.unwrap_or_default().into_iter().enumerate() {
        let until = s.until.map_or("now".to_owned(), day);
        add(if i == 0 { "live" } else { "" }, format!("{} to {until}", day(s.from)), Role::Text);
    }
    out
}

fn today_words(app: &App, today: Option<Rate>) -> String {
    match today {
        Some(rate) => numbers::rate(rate.num, rate.den),
        None => format!("not scored; {} scores all", app.keys.map.key_of(crate::action::Action::ScoreAll)),
    }
}
