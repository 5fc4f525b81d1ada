//! What is said of labels beside what they are.

use crate::cli::frame::context::Cx;
use crate::cli::output::figures::count;
use crate::domain::{ConversationId, DecisionChange, Kind, TurnKey};
use crate::store::{LabelUse, OthersWord, ReviewItem};
use crate::text;

/// The answers that some changes correct.
pub(super) fn corrected(changes: &[DecisionChange]) -> Vec<(ConversationId, TurnKey)> {
    let written = changes.iter().filter(|c| c.kind == Kind::Response && c.to.is_some());
    written.filter_map(|c| Some((ConversationId(c.target.subject), c.target.turn?))).collect()
}

/// Names whose words were replaced, on standard error.
pub(super) fn tell(cx: &Cx, overrode: &[OthersWord]) {
    const NAMED: usize = 5;
    for word in overrode.iter().take(NAMED) {
        let turn = word.turn.map(|t| format!(" turn {t}")).unwrap_or_default();
        let said = text::cut(word.value.as_deref().unwrap_or("none"), 60);
        cx.note(&format!("{}{turn}: {} had said {} {said}; yours stands now", word.id, word.reviewer, word.kind));
    }
    if overrode.len() > NAMED {
        cx.note(&format!("and {} more decisions of others were replaced", count((overrode.len() - NAMED) as u64)));
    }
}

/// Whether the labels of a planned change will count, before it is made: for files.
pub(super) fn will_count(item: &ReviewItem, changes: &[DecisionChange]) -> bool {
    let Some(label) = changes.iter().find(|c| c.kind == Kind::Intent) else { return true };
    match item.counts {
        LabelUse::Training => true,
        LabelUse::Audit | LabelUse::Gold if item.turn == label.target.turn => true,
        _ => label.target.turn.is_some_and(|t| crate::cli::review::turns::is_gold(item, t)),
    }
}
