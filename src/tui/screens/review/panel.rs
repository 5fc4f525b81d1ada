//! The right-hand side of Review: what the customer wanted, why it failed, what the AI should have said.

use super::beside;
use super::judging::{cause, disputed, waiting, wanted};
use super::meanwhile;
use super::rows::{PanelRow, gap, heading, keyed, plain};
use super::state::ReviewScreen;
use crate::action::Action;
use crate::domain::Zone;
use crate::domain::review::judgement::feeling;
use crate::store::{CorrectionRow, CorrectionState, LabelUse, ReviewItem};
use crate::theme::Role;
use crate::tui::state::shared::SharedState;
use crate::tui::state::tab::ScreenTab;
use crate::tui::widgets::{Canvas, others, words};
use ratatui::layout::Rect;

/// Lines that causes take more, at most, where each stands on its own.
const MOST_MORE: usize = 6;

/// Draws the panel.
pub fn draw(review: &ReviewScreen, shared: &SharedState, item: &ReviewItem, canvas: &mut Canvas, area: Rect) {
    let (columns, fits) = (usize::from(area.width), usize::from(area.height));
    let mut rows = judged(review, shared, item, columns, fits, false);
    if rows.len() + MOST_MORE <= fits {
        rows = judged(review, shared, item, columns, fits, true);
    }
    about(item, &mut rows, columns, fits);
    history(item, &mut rows, columns, fits, shared.zone());
    for (row, y) in rows.iter().zip(area.top()..area.bottom()) {
        row.draw(canvas, Rect { y, height: 1, ..area });
    }
}

/// What is to be judged and what lies beside it; causes with their meaning, a line each, where there is room.
fn judged(
    review: &ReviewScreen,
    shared: &SharedState,
    item: &ReviewItem,
    columns: usize,
    fits: usize,
    explained: bool,
) -> Vec<PanelRow> {
    let mut rows = Vec::new();
    match item.counts {
        LabelUse::Nothing => notice(&mut rows, columns, TEST_GROUP),
        LabelUse::Gold => notice(&mut rows, columns, TEST_GOLD),
        LabelUse::Training | LabelUse::Audit => {}
    }
    others(review, shared, item, &mut rows, columns);
    if review.waits_for_cause() {
        waiting(review, shared, item, &mut rows, columns, fits);
    } else {
        disputed(review, shared, &mut rows, columns);
        wanted(review, shared, item, &mut rows, columns, fits);
        cause(review, shared, item, &mut rows, columns, explained);
    }
    answer(review, shared, item, &mut rows, columns, fits);
    rest(shared, item, &mut rows, columns);
    beside::draw(review, shared, item, &mut rows, columns, fits);
    rows
}

/// What others decided since the item was shown, and what is asked about it.
fn others(review: &ReviewScreen, shared: &SharedState, item: &ReviewItem, rows: &mut Vec<PanelRow>, columns: usize) {
    let said = meanwhile::said(review, shared, item);
    if !said.is_empty() {
        rows.push(plain("Decided while you look", Role::Focus));
        let lines = said.iter().take(3).flat_map(|l| words::wrap(l, columns));
        rows.extend(lines.map(|l| plain(l, Role::Text)));
        gap(rows);
    }
    let Some(q) = item.question() else { return };
    let by = words::line(&q.by);
    let mut wrapped = |text: &str, role| {
        let lines = words::first_lines(&words::paragraph(text), columns, 4);
        rows.extend(lines.into_iter().map(|l| plain(l, role)));
    };
    wrapped(&format!("⚑ {by} asks: {}", q.text), Role::Focus);
    match &q.answer {
        Some((said, who)) => wrapped(&format!("{} answers: {said}", words::line(who)), Role::Text),
        None if item.may_answer => rows.push(keyed(shared, Action::Answer, "answer", Role::Text)),
        None => rows.push(keyed(shared, Action::Answer, "take your question back", Role::Text)),
    }
    gap(rows);
}

/// Said where a label is good for nothing.
const TEST_GROUP: &str = "Test group: a label here counts neither for training nor as gold. Causes and outcomes count.";
/// Said where a label is what models are measured on.
const TEST_GOLD: &str = "Test gold: a change here makes a new gold version.";

fn notice(rows: &mut Vec<PanelRow>, columns: usize, text: &str) {
    rows.extend(words::wrap(text, columns).into_iter().map(|l| plain(l, Role::Muted)));
    rows.push(PanelRow::default());
}

fn answer(
    review: &ReviewScreen,
    shared: &SharedState,
    item: &ReviewItem,
    rows: &mut Vec<PanelRow>,
    columns: usize,
    fits: usize,
) {
    heading(rows, "What should the AI have said?");
    let Some(turn) = review.answer_turn() else {
        rows.push(plain("The AI said nothing in it.", Role::Muted));
        gap(rows);
        return;
    };
    let corrected = item.responses.iter().find(|(t, _)| *t == turn).map(|(_, text)| text);
    let said = item.conversation.turn(turn).map(|t| &t.text);
    let row = item.corrections.iter().find(|c| c.turn == turn);
    let draft = item.drafts.iter().any(|(t, _)| *t == turn);
    let (sign, role) = match row.map(|r| r.state) {
        _ if draft => ("goes on with your draft, which is not saved".to_owned(), Role::Accent),
        Some(state @ (CorrectionState::Proposed | CorrectionState::Returned)) => {
            (format!("✎ corrected, {}", state.words()), Role::Accent)
        }
        Some(state) => (format!("✓ corrected, {}", state.words()), Role::Good),
        None => ("correct the answer".to_owned(), Role::Muted),
    };
    rows.push(keyed(shared, Action::EditResponse, sign, role));
    // That a lead still has to look is said by the state; what else there is to know is not.
    let told = row.filter(|r| r.state != CorrectionState::Proposed || r.holds.is_some()).and_then(CorrectionRow::says);
    for line in told.iter().flat_map(|why| words::wrap(&words::line(why), columns.saturating_sub(2))) {
        rows.push(plain(format!("  {line}"), Role::Accent));
    }
    // What the panel has no room for is shown to be cut.
    let keep = match fits >= 30 {
        true => 8,
        // Who comes from a correction stands at it: its words are beside the panel.
        false if corrected.is_some() && review.back == Some(ScreenTab::Responses) => 0,
        false => 3,
    }
    .min(fits.saturating_sub(rows.len()));
    if let Some(text) = corrected.or(said).filter(|_| keep > 0) {
        let role = if corrected.is_some() { Role::Text } else { Role::Muted };
        let text = words::PlainText::of(&words::paragraph(text)).plain;
        let lines = words::first_lines(&text, columns.saturating_sub(2), keep);
        rows.extend(lines.into_iter().map(|l| plain(format!("  {l}"), role)));
    }
    gap(rows);
}

fn rest(shared: &SharedState, item: &ReviewItem, rows: &mut Vec<PanelRow>, columns: usize) {
    if let Some((_, mode)) = &item.mode {
        rows.push(keyed(shared, Action::EditNote, format!("✓ {}", words::line(mode)), Role::Good));
    }
    if let Some(note) = &item.note {
        heading(rows, "Note");
        let lines = words::first_lines(&words::paragraph(note), columns.saturating_sub(2), 4);
        rows.extend(lines.into_iter().map(|l| plain(format!("  {l}"), Role::Text)));
        gap(rows);
    }
    if !item.traffic {
        rows.push(keyed(shared, Action::HowItEnded, "spam or a test: left out of all rates", Role::Muted));
    }
    if let Some(s) = item.sentiment {
        rows.push(keyed(shared, Action::Sentiment, format!("the customer felt {}", feeling(s)), Role::Muted));
    }
}

/// What else the log knows, where there is room for it.
fn about(item: &ReviewItem, rows: &mut Vec<PanelRow>, columns: usize, fits: usize) {
    let c = &item.conversation;
    let mut facts: Vec<(&str, String)> = vec![("name", format!("{}:{}", words::line(&c.source), words::line(&c.id)))];
    facts.extend(c.customer_id.as_deref().map(|id| ("customer", words::line(id))));
    let bot =
        c.bot.as_ref().map(|b| b.name.iter().chain(&b.version).map(|s| words::line(s)).collect::<Vec<_>>().join(" "));
    facts.extend(bot.filter(|b| !b.is_empty()).map(|b| ("AI", b)));
    if !item.blind() {
        facts.extend(c.outcome_reason.as_deref().map(|r| ("ended", words::line(r))));
        let comment = c.csat.as_ref().and_then(|s| s.comment.as_deref());
        facts.extend(comment.map(|t| ("rating", format!("“{}”", words::line(t)))));
        // Tags of a log often name the topic, or what became of it.
        if !c.tags.is_empty() {
            facts.push(("tags", c.tags.iter().map(|t| words::line(t)).collect::<Vec<_>>().join(", ")));
        }
    }
    if fits < rows.len() + facts.len() + 2 {
        return;
    }
    if rows.last().is_some_and(|r| !r.pieces.is_empty()) {
        gap(rows);
    }
    heading(rows, "About it");
    for (what, value) in facts {
        let value = words::fit(&value, columns.saturating_sub(10));
        rows.push(PanelRow::of([(words::pad(what, 10), Role::Muted), (value, Role::Text)]));
    }
    gap(rows);
}

fn history(item: &ReviewItem, rows: &mut Vec<PanelRow>, columns: usize, fits: usize, zone: Zone) {
    if item.history.is_empty() || item.blind() || fits < rows.len() + 4 {
        return;
    }
    heading(rows, "Decisions so far");
    for d in item.history.iter().take(fits - rows.len()) {
        let what = d.after.as_deref().map_or_else(|| "taken away".to_owned(), |v| others::value(d.kind, v));
        let kind = d.kind.name().replace('_', " ");
        let state = d.state.as_deref().map(|s| format!("  {}", words::line(s))).unwrap_or_default();
        let line = format!("{kind}: {what}");
        let who = format!("  {}, {}", words::line(&d.reviewer), zone.format(d.at, "%-d %b"));
        let line = words::fit(&line, columns.saturating_sub(words::width(&who)));
        rows.push(PanelRow::of([(line, Role::Text), (who, Role::Muted), (state, Role::Muted)]));
    }
}
