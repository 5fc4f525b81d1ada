//! The right-hand side of Review: what the customer wanted, why it failed, what the AI should have said.

use super::decide::choices;
use super::meanwhile;
use super::state::ReviewScreen;
use crate::action::Action;
use crate::domain::outcome::Repair;
use crate::domain::{Cause, Zone};
use crate::store::{CorrectionRow, CorrectionState, Counts, ReviewItem};
use crate::theme::Role;
use crate::tui::state::seen::Hit;
use crate::tui::state::shared::Shared;
use crate::tui::widgets::{Canvas, numbers, words};
use ratatui::layout::Rect;

/// One line of the panel and what a click on it does.
#[derive(Default)]
struct PanelRow {
    pieces: Vec<(String, Role)>,
    hit: Option<Action>,
}

fn plain(text: impl Into<String>, role: Role) -> PanelRow {
    PanelRow { pieces: vec![(text.into(), role)], hit: None }
}

fn keyed(shared: &Shared, action: Action, text: impl Into<String>, role: Role) -> PanelRow {
    let key = words::pad(&shared.keys.map.key_of(action), 2);
    PanelRow { pieces: vec![(key, Role::Key), (text.into(), role)], hit: Some(action) }
}

/// Draws the panel.
pub fn draw(review: &ReviewScreen, shared: &Shared, item: &ReviewItem, canvas: &mut Canvas, area: Rect) {
    let columns = usize::from(area.width);
    let mut rows = Vec::new();
    match item.counts {
        Counts::Nothing => notice(&mut rows, columns, TEST_GROUP),
        Counts::Gold => notice(&mut rows, columns, TEST_GOLD),
        Counts::Training | Counts::Audit => {}
    }
    others(review, shared, item, &mut rows, columns);
    if review.waits_for_cause() {
        waiting(review, shared, item, &mut rows, columns);
    } else {
        disputed(review, shared, &mut rows, columns);
        wanted(review, shared, item, &mut rows, columns, usize::from(area.height));
        cause(shared, item, &mut rows, columns);
    }
    answer(review, shared, item, &mut rows, columns, usize::from(area.height));
    rest(shared, item, &mut rows, columns);
    about(item, &mut rows, columns, usize::from(area.height));
    history(item, &mut rows, columns, usize::from(area.height), shared.zone());
    for (row, y) in rows.iter().zip(area.top()..area.bottom()) {
        let pieces: Vec<(&str, Role)> = row.pieces.iter().map(|(t, r)| (t.as_str(), *r)).collect();
        canvas.pieces(area.x, y, area.width, &pieces);
        if let Some(action) = row.hit {
            canvas.hit(Rect { y, height: 1, ..area }, Hit::Act(action));
        }
    }
}

/// What others decided since the item was shown, and what is asked about it.
fn others(review: &ReviewScreen, shared: &Shared, item: &ReviewItem, rows: &mut Vec<PanelRow>, columns: usize) {
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
        let lines = words::wrap(&words::paragraph(text), columns);
        rows.extend(lines.into_iter().take(4).map(|l| plain(l, role)));
    };
    wrapped(&format!("⚑ {by} asks: {}", q.text), Role::Focus);
    match &q.answer {
        Some((said, who)) => wrapped(&format!("{} answers: {said}", words::line(who)), Role::Text),
        None => rows.push(keyed(shared, Action::Answer, "answer", Role::Text)),
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

fn heading(rows: &mut Vec<PanelRow>, text: &str) {
    rows.push(plain(text, Role::Heading));
}

fn gap(rows: &mut Vec<PanelRow>) {
    rows.push(PanelRow::default());
}

/// A label that the model disputes: who said what, what the model says, and the key that keeps the label.
fn disputed(review: &ReviewScreen, shared: &Shared, rows: &mut Vec<PanelRow>, columns: usize) {
    let Some(d) = review.disputed() else { return };
    let who = if d.by == shared.reviewer { "You".to_owned() } else { words::line(&d.by) };
    let (given, says) = (words::line(&d.given.1), words::line(&d.says.1));
    heading(rows, "This label looks wrong");
    let said = format!("{who} said {given}. The model, which had not seen that, says {says}, {:.2}.", d.confidence);
    rows.extend(words::wrap(&said, columns).into_iter().map(|l| plain(l, Role::Text)));
    rows.push(keyed(shared, Action::Confirm, format!("keep {given}"), Role::Text));
    gap(rows);
}

fn wanted(
    review: &ReviewScreen,
    shared: &Shared,
    item: &ReviewItem,
    rows: &mut Vec<PanelRow>,
    columns: usize,
    fits: usize,
) {
    heading(rows, "What did the customer want?");
    let choices = choices(review);
    let label = item.labels.iter().find(|(t, ..)| Some(*t) == review.turn && (!item.blind() || item.judged));
    let shown = if fits < 16 { 5 } else { 9 };
    let mine = |name: &str| label.is_some_and(|(_, names, _)| names.iter().any(|n| n == name));
    let name_columns = choices
        .iter()
        .map(|c| words::width(&words::line(&c.1)) + if mine(&c.1) { 2 } else { 0 })
        .max()
        .unwrap_or(0)
        .clamp(8, columns.saturating_sub(13).max(8));
    for (i, (_, name, confidence, now)) in choices.iter().take(shown).enumerate() {
        let digit = Action::Pick(i as u8 + 1);
        let mine = mine(name);
        let name = words::line(name);
        let sign = if mine { "✓ " } else { "" };
        let role = if mine { Role::Good } else { Role::Text };
        let mut row = keyed(shared, digit, words::pad(&format!("{sign}{name}"), name_columns), role);
        row.pieces.push((if *now { " AI " } else { "    " }.to_owned(), Role::Accent));
        if let Some(c) = confidence {
            row.pieces.push((format!("{c:.2} "), Role::Muted));
            let room = columns.saturating_sub(name_columns + 11).min(16);
            row.pieces.push((numbers::bar(*c, room), Role::Accent));
        }
        rows.push(row);
    }
    if let Some((_, names, who)) = label
        && !choices.iter().any(|c| names.contains(&c.1))
    {
        let names = names.iter().map(|n| words::line(n)).collect::<Vec<_>>().join(", ");
        rows.push(PanelRow {
            pieces: vec![(format!("✓ {names}"), Role::Good), (format!("  {}", words::line(who)), Role::Muted)],
            hit: None,
        });
    }
    let all = shared.intents.len() as u64;
    if all == 0 {
        rows.extend(
            words::wrap("No intents yet. You can still say why it failed.", columns)
                .into_iter()
                .map(|l| plain(l, Role::Muted)),
        );
    } else {
        let text = if all == 1 { "the only intent".to_owned() } else { format!("all {} intents", numbers::count(all)) };
        rows.push(keyed(shared, Action::PickAny, text, Role::Muted));
    }
    if all == 0 || fits >= 18 {
        rows.push(keyed(shared, Action::NewIntent, "a new intent", Role::Muted));
    }
    gap(rows);
}

/// What fine-tuning can do about a cause, for whoever chooses one.
fn remedy(cause: Cause) -> &'static str {
    match cause.repair() {
        Repair::Training => "fine-tuning repairs it",
        Repair::Partly => "fine-tuning repairs part of it",
        Repair::Response => "a corrected answer repairs it",
        Repair::No => "fine-tuning cannot repair it",
    }
}

fn waiting(review: &ReviewScreen, shared: &Shared, item: &ReviewItem, rows: &mut Vec<PanelRow>, columns: usize) {
    if let Some((_, names, _)) = item.labels.iter().find(|(t, ..)| Some(*t) == item.turn) {
        let names = names.iter().map(|n| words::line(n)).collect::<Vec<_>>().join(", ");
        rows.push(PanelRow { pieces: vec![("✓ ".to_owned(), Role::Good), (names, Role::Good)], hit: None });
        gap(rows);
    }
    rows.push(plain("Why did it fail?  One letter:", Role::Focus));
    for &cause in Cause::ALL {
        let proposed = review.proposal == Some(cause);
        let role = if proposed { Role::Focus } else { Role::Text };
        let mut row = keyed(shared, Action::Cause(cause), words::pad(cause.label(), 18), role);
        if proposed {
            row.pieces.push((format!("{} ", shared.keys.map.key_of(Action::Confirm)), Role::Key));
        }
        if columns >= 50 {
            row.pieces.push((cause.meaning().to_owned(), Role::Muted));
        }
        rows.push(row);
    }
    gap(rows);
}

fn cause(shared: &Shared, item: &ReviewItem, rows: &mut Vec<PanelRow>, columns: usize) {
    heading(rows, "Why did it fail?");
    match item.cause {
        Some(cause) => {
            rows.push(keyed(shared, Action::Why, format!("✓ {}", cause.label()), Role::Good));
            if columns >= 44 {
                rows.push(plain(format!("  {}", remedy(cause)), Role::Muted));
            }
        }
        None if item.needs_cause => rows.push(keyed(shared, Action::Why, "not said yet", Role::Muted)),
        None => rows.push(keyed(shared, Action::Why, "it ended well; say so only if it did not", Role::Muted)),
    }
    gap(rows);
}

fn answer(
    review: &ReviewScreen,
    shared: &Shared,
    item: &ReviewItem,
    rows: &mut Vec<PanelRow>,
    columns: usize,
    fits: usize,
) {
    heading(rows, "What should the AI have said?");
    let Some(turn) = review.answer_turn() else {
        rows.push(plain("It gave no answer after this turn.", Role::Muted));
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
    let keep = if fits >= 30 { 8 } else { 3 };
    if let Some(text) = corrected.or(said) {
        let role = if corrected.is_some() { Role::Text } else { Role::Muted };
        let lines = words::wrap(&words::paragraph(text), columns.saturating_sub(2));
        rows.extend(lines.into_iter().take(keep).map(|l| plain(format!("  {l}"), role)));
    }
    gap(rows);
}

fn rest(shared: &Shared, item: &ReviewItem, rows: &mut Vec<PanelRow>, columns: usize) {
    if let Some(note) = &item.note {
        heading(rows, "Note");
        let lines = words::wrap(&words::paragraph(note), columns.saturating_sub(2));
        rows.extend(lines.into_iter().take(4).map(|l| plain(format!("  {l}"), Role::Text)));
        gap(rows);
    }
    if !item.traffic {
        rows.push(keyed(shared, Action::HowItEnded, "spam or a test: left out of all rates", Role::Muted));
    }
    if let Some(s) = item.sentiment {
        rows.push(keyed(shared, Action::Sentiment, format!("the customer felt {}", feeling(s)), Role::Muted));
    }
}

/// A sentiment in a word.
pub fn feeling(value: f64) -> &'static str {
    match value {
        v if v <= -0.75 => "angry",
        v if v < -0.1 => "let down",
        v if v <= 0.1 => "neither way",
        v if v < 0.75 => "pleased",
        _ => "delighted",
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
    }
    if !c.tags.is_empty() {
        facts.push(("tags", c.tags.iter().map(|t| words::line(t)).collect::<Vec<_>>().join(", ")));
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
        rows.push(PanelRow { pieces: vec![(words::pad(what, 10), Role::Muted), (value, Role::Text)], hit: None });
    }
    gap(rows);
}

fn history(item: &ReviewItem, rows: &mut Vec<PanelRow>, columns: usize, fits: usize, zone: Zone) {
    if item.history.is_empty() || item.blind() || fits < rows.len() + 4 {
        return;
    }
    heading(rows, "Decisions so far");
    for d in item.history.iter().take(fits - rows.len()) {
        let what = d.after.as_deref().map_or_else(|| "taken away".to_owned(), words::line);
        let kind = d.kind.name().replace('_', " ");
        let state = d.state.as_deref().map(|s| format!("  {}", words::line(s))).unwrap_or_default();
        let line = format!("{kind}: {what}");
        let who = format!("  {}, {}", words::line(&d.reviewer), zone.format(d.at, "%-d %b"));
        let line = words::fit(&line, columns.saturating_sub(words::width(&who)));
        rows.push(PanelRow { pieces: vec![(line, Role::Text), (who, Role::Muted), (state, Role::Muted)], hit: None });
    }
}
