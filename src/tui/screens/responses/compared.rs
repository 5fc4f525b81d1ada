//! Two answers side by side.

use crate::domain::Difference;
use crate::store::AnswerFigures;
use crate::theme::Role;
use crate::tui::state::float::SheetContent;
use crate::tui::widgets::{numbers, words};

/// Lines of an answer's words.
const WORDS: usize = 6;
/// Columns of them.
const COLUMNS: usize = 66;

/// Both, one below the other, and what may be said of them.
pub fn sheet(a: &AnswerFigures, b: &AnswerFigures) -> SheetContent {
    let mut lines = Vec::new();
    for (letter, answer) in [("A", a), ("B", b)] {
        let stage = answer.stage.map_or("anywhere", |s| s.name());
        lines.push((format!("{letter}  {}, {stage}", words::line(&answer.intent)), Role::Focus));
        let text = words::line(answer.text.as_deref().unwrap_or(&answer.response));
        lines.extend(words::wrap(&text, COLUMNS).into_iter().take(WORDS).map(|l| (format!("   {l}"), Role::Text)));
        lines.push((format!("   {}", counts(answer)), Role::Text));
        lines.push((format!("   within {}, over all {}", points(answer.within), points(answer.pooled)), Role::Muted));
        lines.push((String::new(), Role::Text));
    }
    let apart = a.helped.lo > b.helped.hi || b.helped.lo > a.helped.hi;
    let same_place = a.intent == b.intent && a.stage == b.stage;
    let says = match (same_place, a.enough && b.enough, apart) {
        (false, ..) => "They are given to other intents or at other places: what followed cannot be compared.",
        (_, false, _) => "Fewer than 30 conversations: nothing can be said of them beside each other.",
        (.., true) => {
            "What followed differs beyond chance. That need not be the answers' doing: who gets which is not drawn."
        }
        (.., false) => "Whether what followed differs cannot be told: the intervals overlap.",
    };
    lines.extend(words::wrap(says, COLUMNS + 3).into_iter().map(|l| (l, Role::Heading)));
    SheetContent::Text("Two answers".to_owned(), lines)
}

fn counts(a: &AnswerFigures) -> String {
    let csat = a.csat.map_or_else(String::new, |c| format!(", ★ {c:.1} of {}", numbers::count(a.rated)));
    let drawn = a.weighed.map_or(String::new(), |_| format!(", weighed, from {} drawn", numbers::count(a.n)));
    format!(
        "helped {} of {}{drawn}: {:.1} % [{:.1}, {:.1}]{csat}",
        numbers::count(a.helped.num),
        numbers::count(a.helped.den),
        100.0 * a.shares()[0],
        100.0 * a.helped.lo,
        100.0 * a.helped.hi
    )
}

/// A difference in points with its interval.
pub fn points(d: Option<Difference>) -> String {
    d.map_or_else(
        || "–".to_owned(),
        |d| {
            let p = |x: f64| numbers::signed(100.0 * x, 1);
            format!("{} pt [{}, {}]", p(d.delta), p(d.lo), p(d.hi))
        },
    )
}
