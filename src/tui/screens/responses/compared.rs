//! Two answers side by side.

use crate::domain::{Difference, RateMovement};
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
        lines.extend(words::first_lines(&text, COLUMNS, WORDS).into_iter().map(|l| (format!("   {l}"), Role::Text)));
        lines.push((format!("   {}", counts(answer)), Role::Text));
        lines.push((format!("   within {}, over all {}", points(answer.within), points(answer.pooled)), Role::Muted));
        lines.push((String::new(), Role::Text));
    }
    lines.extend(words::wrap(&beside(a, b), COLUMNS + 3).into_iter().map(|l| (l, Role::Heading)));
    SheetContent::Text("Two answers".to_owned(), lines)
}

/// What may be said of both beside each other: by the interval of their difference, which is clear of 0 sooner than theirs are of
/// each other.
fn beside(a: &AnswerFigures, b: &AnswerFigures) -> String {
    let is_shared = |lang: &String| a.langs.contains(lang);
    let apart = !a.langs.is_empty() && !b.langs.is_empty() && !b.langs.iter().any(is_shared);
    if a.intent != b.intent || a.stage != b.stage || apart {
        return "They are given to other intents, at other places or in other languages: what followed cannot be compared."
            .to_owned();
    }
    let few = [("A", a), ("B", b)].into_iter().filter(|(_, answer)| !answer.enough);
    let worth = |a: &AnswerFigures| a.weighed.map_or(a.n, |w| w.worth as u64);
    let few: Vec<String> = few.map(|(letter, a)| format!("{letter} has {}", numbers::count(worth(a)))).collect();
    let difference = Difference::between(a.helped, b.helped).filter(|_| few.is_empty());
    let Some(difference) = difference else {
        let enough = AnswerFigures::ENOUGH;
        return format!("Each takes {enough} conversations to be told from the other; {}.", few.join(", "));
    };
    let by = format!("Helped by B minus helped by A: {}", points(Some(difference)));
    match difference.moved() {
        RateMovement::CannotTell => format!("{by}. It holds 0: whether they differ cannot be told."),
        RateMovement::Up | RateMovement::Down => format!(
            "{by}. They differ beyond chance. That need not be the answers' doing: who gets which is not drawn."
        ),
    }
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
