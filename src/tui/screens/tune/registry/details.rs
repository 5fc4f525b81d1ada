//! What is known of one release.

use super::verdicts::{judged, verdict_words};
use crate::action::Action;
use crate::store::{ReleaseRow, in_use_as};
use crate::theme::Role;
use crate::tui::screens::tune::state::TuneScreen;
use crate::tui::screens::tune::state::registry::RegistryList;
use crate::tui::state::shared::SharedState;
use crate::tui::widgets::{Canvas, numbers, words};
use ratatui::layout::Rect;

/// Columns of the names on the left.
const NAMES: usize = 14;
/// Letters of a digest that are shown.
const DIGEST: usize = 12;
/// Earlier comparisons that are named.
const OTHERS: usize = 3;

/// Draws all that is known, what does not fit in height left out at the end.
pub fn draw(tune: &TuneScreen, shared: &SharedState, row: &ReleaseRow, canvas: &mut Canvas, area: Rect) {
    let title = format!("v{}", row.release.0);
    let x = canvas.text(area.x, area.y, area.width, &title, Role::Heading);
    let (state, role) = state(row);
    canvas.text(x + 2, area.y, area.right().saturating_sub(x + 2), &state, role);
    let room = usize::from(area.width).saturating_sub(NAMES);
    let mut y = area.y + 1;
    for (name, text, role) in facts(tune, shared, row) {
        for (i, line) in words::wrap(&text, room).iter().enumerate() {
            if y >= area.bottom() {
                let rest = format!("… appraise models show v{} tells the rest", row.release.0);
                canvas.text_over(area.x, y - 1, area.width, &words::pad(&rest, area.width.into()), Role::Muted);
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

/// What a release is, in a word or two: one of which a part is live is not a former one alone.
pub fn state(row: &ReleaseRow) -> (String, Role) {
    match row.standing() {
        part if !row.in_use_for.is_empty() => (part.to_owned(), Role::Good),
        "live" => ("live".to_owned(), Role::Good),
        "rejected" => ("rejected".to_owned(), Role::Bad),
        other => (words::line(other), Role::Muted),
    }
}

/// Names and what stands beside them, the most asked for first.
fn facts(tune: &TuneScreen, shared: &SharedState, row: &ReleaseRow) -> Vec<(&'static str, String, Role)> {
    let zone = shared.zone();
    let registry = &tune.views.registry;
    let Some(facts) = registry.facts.ready() else { return Vec::new() };
    let mut out = Vec::new();
    let mut add = |name, text: String, role| out.push((name, text, role));
    // Where it is listed by when it was live, why it went live then comes first.
    let span = (registry.list == RegistryList::Live).then(|| facts.live.iter().rev().nth(registry.row())).flatten();
    if let Some(reason) = span.and_then(|s| s.reason.as_ref()) {
        add("why then", format!("“{}”", words::line(reason)), Role::Text);
    }
    if let (false, Some(live)) = (row.in_use_for.is_empty(), facts.live.last()) {
        let parts = row.in_use_for.join(" and ");
        let says = format!("for {parts}: v{}, which is live, carries that part of it", live.release.0);
        add("in use", says, Role::Good);
    }
    let newest = facts.gold.first().map(|v| v.version);
    let report = facts.learned.iter().find(|l| l.release == row.release).map(|l| &l.report);
    let answers = facts.answers.iter().find(|(release, _)| *release == row.release).map(|(_, found)| found);
    match (row.accuracy, row.measured_on) {
        // What a learner made is measured by what it learnt; its intents and their measure are another release's.
        _ if row.learned.is_some() => {
            if let Some(report) = report {
                add("tells apart", report.measured(numbers::count), Role::Text);
            }
            if let Some(found) = answers {
                add("judged", found.measured(), Role::Text);
                add("again", found.again(), Role::Muted);
            }
        }
        (Some(accuracy), Some(gold)) => {
            let right = (accuracy * row.sealed as f64).round() as u64;
            add("accuracy", format!("{}  gold {}", numbers::rate(right, row.sealed), gold.0), Role::Text);
        }
        _ => add("accuracy", "not measured".to_owned(), Role::Muted),
    }
    if newest.is_some() && row.measured_on != newest && row.learned.is_none() {
        let rate = facts.today.iter().find(|(r, _)| *r == row.release).map(|(_, rate)| *rate);
        let key = tune.key(shared, Action::ScoreAll);
        let text = rate.map_or(format!("not scored; {key} scores all"), |r| numbers::rate(r.num, r.den));
        add("today's gold", text, if rate.is_some() { Role::Text } else { Role::Muted });
    }
    let (verdict, role) = judged(row, &facts.learned);
    add("verdict", verdict, role);
    // Of one that a learner made, every comparison of its intents stands behind its own verdict.
    let shown = usize::from(row.learned.is_none());
    // Of the same intents there was nothing to conclude.
    let of_it = facts.comparisons.iter().filter(|c| c.release == row.release);
    let others = of_it.filter_map(|c| Some((c, c.verdict?))).skip(shown).take(OTHERS);
    for (i, (c, verdict)) in others.enumerate() {
        let (text, _) = verdict_words(verdict, c.before_is, c.before_intents.or(c.before), c.gate);
        add(if i == 0 { "earlier" } else { "" }, format!("{text}, {}", zone.date(c.at)), Role::Muted);
    }
    if let Some(found) = registry.verified.as_ref().filter(|v| v.release == row.release) {
        let (text, role) = match (found.reproduced, &found.again) {
            (true, _) => ("the same, byte for byte".to_owned(), Role::Good),
            (false, None) => ("cannot be trained again".to_owned(), Role::Bad),
            (false, Some(_)) => (format!("not the same: {} differ", found.differs.join(" and ")), Role::Bad),
        };
        add("trained again", text, role);
    }
    if let Some(reason) = row.reasons.first().filter(|_| span.is_none()) {
        add("why", format!("“{}”", words::line(&reason.words)), Role::Text);
    }
    let learned = match (row.trained_on, report, &row.learned) {
        (_, Some(report), _) => format!("{}, {:.1} s", report.taught_by(numbers::count), row.train_seconds),
        (_, None, Some(_)) if let Some(found) = answers => format!("{}, {:.1} s", found.taught_by(), row.train_seconds),
        (n, None, Some(_)) => format!("{}, {:.1} s", numbers::plural(n, "answer", "answers"), row.train_seconds),
        (0, ..) => "elsewhere".to_owned(),
        (n, ..) => format!(
            "{} of {}, {:.1} s",
            numbers::plural(n, "example", "examples"),
            numbers::plural(row.intents, "intent", "intents"),
            row.train_seconds
        ),
    };
    add("learned", learned, Role::Text);
    add("trained", format!("{} by {}", zone.stamp(row.at), words::line(&row.by)), Role::Text);
    let spans: Vec<String> = facts
        .live
        .iter()
        .rev()
        .filter(|s| s.release == row.release)
        .map(|s| match in_use_as(&s.in_use_for) {
            Some(still) => format!("from {} on, {still}", zone.date(s.from)),
            None => format!("{} to {}", zone.date(s.from), s.until.map_or("now".to_owned(), |t| zone.date(t))),
        })
        .collect();
    if !spans.is_empty() {
        add("live", spans.join(", "), Role::Text);
    }
    let from = row.parent.map_or("scratch".to_owned(), |p| format!("v{}", p.0));
    add("from", format!("{from}; {}", words::line(&row.recipe)), Role::Text);
    let gold = row.gold_version.map_or("no gold".to_owned(), |v| format!("gold {}", v.0));
    let decision = numbers::count(row.decision.0.max(0) as u64);
    add("made from", format!("decisions up to {decision}, {gold}, seed {}", row.seed), Role::Text);
    let digest: String = row.sha256.chars().take(DIGEST).collect();
    add("file", format!("{}, sha256 {digest}…", numbers::bytes(row.bytes)), Role::Text);
    out
}
