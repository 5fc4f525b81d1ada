//! What is to be known of the counts beside offers: whose they are, and what they do not say.

use super::known::SignalNote;
use super::state::SignalsScreen;
use crate::domain::{OffersBy, SignalView};
use crate::store::{OfferLine, SignalsPage};
use crate::text::language::GREEK_IN_LATIN;
use crate::theme::Role;
use crate::tui::widgets::{numbers, words};

/// Offers that a note names.
const NAMED: usize = 3;

/// Of the selected offer, then of all that are listed.
pub fn notes(screen: &SignalsScreen, page: &SignalsPage, wide: usize) -> Vec<SignalNote> {
    let mut out: Vec<SignalNote> = Vec::new();
    let mut say = |text: &str, role: Role, dispensable: u8| out.push(SignalNote::plain(text, wide, role, dispensable));
    if let Some(line) = screen.offer().filter(|_| screen.view == SignalView::Offers) {
        let name = words::line(&line.name);
        if line.answered > 0 && line.is_of_few() {
            let says = format!(
                "{name}: {} answers of {} customers, {} of one of them; intervals are by customer",
                numbers::count(line.answered),
                numbers::count(line.customers),
                numbers::count(line.most_of_one)
            );
            say(&says, Role::Text, 2);
        }
        if line.repeated > 0 {
            let says = format!(
                "{name}: in {} of {} conversations it was offered more than once; the best answer of each counts",
                numbers::count(line.repeated),
                numbers::count(line.stored)
            );
            say(&says, Role::Text, 2);
        }
    }
    for key in ["channel", "language", "intent"] {
        let reversed: Vec<&OfferLine> = page.lines.iter().filter(|l| l.reversed == Some(key)).collect();
        if let [_, ..] = reversed.as_slice() {
            let named: Vec<String> = reversed.iter().take(NAMED).map(|l| words::line(&l.name)).collect();
            let more = match reversed.len().saturating_sub(NAMED) {
                0 => String::new(),
                n => format!(" and {n} more"),
            };
            let says = format!(
                "! {}{more}: beside the other offers it is the other way round within each {key}: the {key} decides, not the offer",
                named.join(", ")
            );
            say(&says, Role::Bad, 1);
        }
    }
    if page.sampled {
        let says = "Conversations drawn from a log count as many as they stand for; Enter opens those that are stored.";
        say(says, Role::Muted, 2);
    }
    let el_latn = |l: &OfferLine| l.part.as_deref().is_some_and(|part| part.eq_ignore_ascii_case(GREEK_IN_LATIN));
    if page.lines.iter().filter(|l| l.is_ranked()).count() > 1 {
        say("Counted are conversations; what goes with an offer need not be its doing.", Role::Muted, 0);
    }
    // Greek in Latin letters is among Greek (rule 50).
    if screen.by == OffersBy::Language && page.lines.iter().any(el_latn) {
        say("el holds el-Latn.", Role::Muted, 6);
    }
    out
}
