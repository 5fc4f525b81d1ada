//! What is sure, in one sentence: is the AI better than on day one, and since the week before. Natural frequencies; per cents
//! with numerator and denominator are in the table.

use crate::domain::{Difference, Rate, RateMovement};
use crate::store::{InLanguage, OverviewPage, PeriodBasis};
use crate::theme::Role;
use crate::tui::widgets::{numbers, words};

/// Pieces of a line with their tones.
pub type Pieces = Vec<(String, Role)>;

/// Of 100 customers.
pub fn of_hundred(rate: &Rate) -> u64 {
    rate.value().map_or(0, |v| (v * 100.0).round() as u64)
}

/// From so many columns there is room for whole sentences.
const ROOMY: u16 = 100;

/// The two lines. The second is empty where there is nothing to compare with.
pub fn lines(page: &OverviewPage, columns: u16) -> [Pieces; 2] {
    if let Some(kind) = page.this.one_kind {
        let says = kind.says(page.this.helped_and_others(), page.this.ended(), numbers::count);
        return [vec![(says, Role::Heading), (format!("  {}", page.basis.words()), Role::Muted)], Vec::new()];
    }
    if page.is_too_few() {
        return [counts(page), Vec::new()];
    }
    [first(page, columns >= ROOMY), second(page, columns)]
}

/// What is known of a few conversations: how many were helped.
fn counts(page: &OverviewPage) -> Pieces {
    vec![
        (format!("{} of {}", page.this.resolved, page.this.n()), Role::Heading),
        (" helped: too few for a rate.".to_owned(), Role::Text),
        (format!("  {}", page.basis.words()), Role::Muted),
    ]
}

fn first(page: &OverviewPage, roomy: bool) -> Pieces {
    let now = page.this.rate(page.this.resolved);
    let helps = of_hundred(&now).to_string();
    let whom = page.holds.whom();
    let then = page.day_one.as_ref().filter(|d| !d.overlaps(&page.this)).map(|d| d.rate(d.resolved));
    let doubtful = page.this.doubtful() || page.day_one.is_some_and(|d| d.doubtful());
    let text = |t: &str| (t.to_owned(), Role::Text);
    let Some((then, change)) = then.and_then(|then| Some((then, Difference::between(then, now)?))) else {
        let mut out = vec![text(&format!("Of 100 {whom} the AI helps ")), (helps, Role::Heading), text(" by itself.")];
        if let Some(unknown) = page.this.unknown_rate().value().filter(|_| page.this.doubtful()) {
            out[0] = text(&format!("Of 100 {whom} whose end is known the AI helps "));
            out[2] = text(&format!("; how {:.0} % ended nobody knows.", 100.0 * unknown));
        }
        let why = match (&page.basis, page.day_one) {
            (PeriodBasis::All, _) => "  all conversations",
            (_, Some(_)) => "  this is still day one's week",
            (_, None) => "",
        };
        out.push((why.to_owned(), Role::Muted));
        return out;
    };
    let moved = if doubtful { RateMovement::CannotTell } else { change.moved() };
    let (sign, tone, finding) = match moved {
        RateMovement::Up => ("▲ ", Role::Good, "Better than on day one."),
        RateMovement::Down => ("▼ ", Role::Bad, "Worse than on day one."),
        RateMovement::CannotTell => ("= ", Role::Muted, "Cannot tell yet whether it is better than on day one."),
    };
    let sure = match moved {
        RateMovement::Up => format!("95 %: {} more", span(&change)),
        RateMovement::Down => format!("95 %: {} fewer", span(&change)),
        RateMovement::CannotTell => between(&change),
    };
    if !roomy {
        // All of it on a line of 78 columns.
        let finding = match moved {
            RateMovement::Up => "Better than day one.",
            RateMovement::Down => "Worse than day one.",
            RateMovement::CannotTell => "Cannot tell yet.",
        };
        return vec![
            (sign.to_owned(), tone),
            (finding.to_owned(), Role::Heading),
            text(" The AI helps "),
            (helps, Role::Heading),
            text(&format!(" of 100 {whom}; was {}", of_hundred(&then))),
            (format!(" {}", ends(&change)), Role::Muted),
        ];
    }
    vec![
        (sign.to_owned(), tone),
        (finding.to_owned(), Role::Heading),
        text(&format!(" Of 100 {whom} the AI now helps ")),
        (helps, Role::Heading),
        text(&format!(" by itself; on day one it was {}.", of_hundred(&then))),
        (format!("  {sure}"), Role::Muted),
    ]
}

fn second(page: &OverviewPage, columns: u16) -> Pieces {
    let roomy = columns >= ROOMY;
    let mut out = Vec::new();
    let last = page.compared_last();
    let now = page.this.rate(page.this.resolved);
    if let Some(change) = last.and_then(|l| Difference::between(l.rate(l.resolved), now)) {
        let (word, tone) = match change.moved() {
            RateMovement::Up => ("better ", Role::Good),
            RateMovement::Down => ("worse ", Role::Bad),
            RateMovement::CannotTell => ("cannot tell ", Role::Muted),
        };
        let lead = if roomy { "Against the 7 days before: " } else { "7 days before: " };
        out.push((lead.to_owned(), Role::Muted));
        out.push((word.to_owned(), tone));
        out.push((format!("{}.", between(&change)), Role::Muted));
    }
    let mut used: usize = out.iter().map(|(text, _): &(String, Role)| words::width(text)).sum();
    // They compare with another time than the words before them.
    let mut lead = "  Since day one: ";
    for l in page.languages.iter().take(3).filter(|_| page.languages.len() > 1) {
        let certain = Difference::between(l.then, l.now).is_some_and(|d| d.moved() != RateMovement::CannotTell);
        let role = if certain { Role::Text } else { Role::Muted };
        // Where there is little room a language goes by its tag.
        let (name, arrow) = if roomy { (words::language(&l.tag), " → ") } else { (l.tag.clone(), "→") };
        let name = format!("{}{} ", std::mem::replace(&mut lead, "  "), words::line(&name));
        let numbers = format!("{}{arrow}{}", of_hundred(&l.then), of_hundred(&l.now));
        used += words::width(&name) + words::width(&numbers);
        if !roomy && used > usize::from(columns) {
            break;
        }
        out.extend([(name, Role::Muted), (numbers, role)]);
    }
    if let Some(most) = gained_most(&page.languages).filter(|_| roomy) {
        out.push((format!(": {} customers gained most", words::line(&words::language(&most.tag))), Role::Text));
    }
    out
}

/// The language whose gain is above every other's, intervals included.
fn gained_most(all: &[InLanguage]) -> Option<&InLanguage> {
    let gains: Vec<Difference> = all.iter().map(|l| Difference::between(l.then, l.now)).collect::<Option<_>>()?;
    let best = (0..all.len()).max_by(|&a, &b| gains[a].delta.total_cmp(&gains[b].delta))?;
    let clear = gains.iter().enumerate().all(|(i, g)| i == best || g.hi < gains[best].lo);
    (all.len() > 1 && clear).then(|| &all[best])
}

/// `12 to 27`, of 100 customers.
fn span(d: &Difference) -> String {
    let [near, far] = d.sure_of_hundred();
    if near == far { far } else { format!("{near} to {far}") }
}

/// `(-5 to +9)`, of 100 customers.
fn ends(d: &Difference) -> String {
    let [_, lo, hi] = d.of_hundred();
    format!("({lo} to {hi})")
}

/// `(+2, -5 to +9)`, of 100 customers.
fn between(d: &Difference) -> String {
    let [delta, lo, hi] = d.of_hundred();
    format!("({delta}, {lo} to {hi})")
}
