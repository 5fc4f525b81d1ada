//! What the customer wanted and why it failed, as the panel of Review shows them.

use super::decide::choices;
use super::proposal::proposed;
use super::rows::{PanelRow, gap, heading, keyed, keys, plain};
use super::state::ReviewScreen;
use crate::action::Action;
use crate::domain::Cause;
use crate::domain::outcome::Repair;
use crate::store::ReviewItem;
use crate::theme::Role;
use crate::tui::state::shared::SharedState;
use crate::tui::widgets::{numbers, words};

/// A label that the model disputes: who said what, and what the model says. The digits below settle it.
pub fn disputed(review: &ReviewScreen, shared: &SharedState, rows: &mut Vec<PanelRow>, columns: usize) {
    let Some(d) = review.disputed() else { return };
    let who = if d.by == shared.reviewer { "You".to_owned() } else { words::line(&d.by) };
    let (given, says) = (words::line(&d.given.1), words::line(&d.says.1));
    heading(rows, "This label looks wrong");
    let said = format!("{who} said {given}. The model, which had not seen that, says {says}, {:.2}.", d.confidence);
    rows.extend(words::wrap(&said, columns).into_iter().map(|l| plain(l, Role::Text)));
    gap(rows);
}

/// Intents behind digits that are shown where there is little room.
const FEW: usize = 5;
/// Lines from which on there is room for all digits.
const ROOMY: usize = 24;
/// Lines that all else takes on a blind item.
const BLIND: usize = 10;
/// Columns of a digit and the blank behind it.
const DIGIT: usize = 2;
/// Columns that digit, tag and confidence take beside a name.
const BESIDE_NAME: usize = 11;

/// How the digits of a blind item are ordered: it says nothing of the item.
const AS_BEFORE: &str = "by how often people chose them before this cycle";

/// What the customer wanted: the digits, what Enter confirms, and the other ways to say it.
pub fn wanted(
    review: &ReviewScreen,
    shared: &SharedState,
    item: &ReviewItem,
    rows: &mut Vec<PanelRow>,
    columns: usize,
    fits: usize,
) {
    heading(rows, "What did the customer want?");
    let choices = choices(review);
    let label = item.labels.iter().find(|(t, ..)| Some(*t) == review.turn && (!item.blind() || item.judged));
    let shown = match () {
        () if fits >= ROOMY => 9,
        // Of what else there is to say, a blind item keeps nearly all.
        () if review.judges_blind() => fits.saturating_sub(BLIND).clamp(FEW, 9),
        () => FEW,
    };
    let mine = |name: &str| label.is_some_and(|(_, names, _)| names.iter().any(|n| n == name));
    let name_width = |c: &(_, String, _, _)| words::width(&words::line(&c.1)) + if mine(&c.1) { 2 } else { 0 };
    let disputed = review.disputed().is_some();
    let bare = !disputed && choices.iter().all(|(_, _, confidence, now)| confidence.is_none() && !now);
    let beside = if bare { DIGIT } else { BESIDE_NAME + 2 };
    let most = columns.saturating_sub(beside).max(8);
    let name_columns = choices.iter().take(shown).map(name_width).max().unwrap_or(0).clamp(8, most);
    // How sure the AI was, the log says; of what it did not understand the live model speaks.
    let logged = review.turn.and_then(|t| item.conversation.turn(t)).and_then(|t| t.confidence);
    for (i, (_, name, confidence, now)) in choices.iter().take(shown).enumerate() {
        let confidence = &logged.filter(|_| *now).or(*confidence);
        let mine = mine(name);
        let text = format!("{}{}", if mine { "✓ " } else { "" }, words::line(name));
        let role = if mine { Role::Good } else { Role::Text };
        let mut row = keyed(shared, Action::Pick(i as u8 + 1), words::pad(&text, name_columns), role);
        row.pieces.push((if *now { " AI " } else { "    " }.to_owned(), Role::Accent));
        if let Some(c) = confidence {
            row.pieces.push((format!("{c:.2} "), Role::Muted));
        }
        let what = match i {
            0 if disputed => "the model's",
            1 if disputed => "keep it",
            _ => "",
        };
        match (what, confidence) {
            // What the digit does comes before how sure the model is.
            (what, _) if disputed && !what.is_empty() => {
                row.pieces.truncate(2);
                row.pieces.push((format!(" {what}"), Role::Muted));
            }
            ("", Some(c)) => {
                let room = columns.saturating_sub(name_columns + BESIDE_NAME).min(12);
                row.pieces.push((numbers::bar(*c, room), Role::Accent));
            }
            (what, _) => row.pieces.push((what.to_owned(), Role::Muted)),
        }
        rows.push(row);
    }
    if let Some((_, names, who)) = label
        && !choices.iter().any(|c| names.contains(&c.1))
    {
        let names = names.iter().map(|n| words::line(n)).collect::<Vec<_>>().join(", ");
        rows.push(PanelRow::of([(format!("✓ {names}"), Role::Good), (format!("  {}", words::line(who)), Role::Muted)]));
    }
    if review.judges_blind() && !choices.is_empty() {
        rows.extend(words::wrap(AS_BEFORE, columns).into_iter().map(|l| plain(l, Role::Muted)));
    }
    let is_open = if review.turn == item.turn { !item.judged } else { label.is_none() };
    let confirmable = review.confirmable().filter(|_| !disputed && is_open);
    if let Some((_, name)) = confirmable {
        rows.push(keyed(shared, Action::Confirm, format!("{} is right", words::line(name)), Role::Muted));
    } else if fell_back(review, item) && !item.judged {
        rows.push(plain("The AI did not understand it.", Role::Muted));
    }
    ways(shared, item.needs_intent, rows, columns);
    if !item.needs_intent && !item.judged {
        let (text, role) = match item.cause {
            Some(_) => ("✓ closed by its cause: there are no intents yet", Role::Good),
            None => ("No intents yet: the cause alone closes it.", Role::Muted),
        };
        rows.extend(words::wrap(text, columns).into_iter().map(|l| plain(l, role)));
    }
    gap(rows);
}

/// Whether the AI fell back on the turn that is judged. On a blind item nobody is to know.
fn fell_back(review: &ReviewScreen, item: &ReviewItem) -> bool {
    let place = review.turn.filter(|_| !item.blind()).and_then(|t| item.conversation.place_of(t));
    place.is_some_and(|place| item.conversation.fell_back(place))
}

/// Columns below which the other ways stand in fewer words.
const NARROW: usize = 34;

/// The other ways to say what the customer wanted. Where there are no intents there is none to choose.
fn ways(shared: &SharedState, are_intents: bool, rows: &mut Vec<PanelRow>, columns: usize) {
    let mut all = vec![(Action::OutOfScope, "out of scope".to_owned(), Role::Muted)];
    match shared.intents.len() as u64 {
        _ if !are_intents => {}
        0 => {}
        1 => all.push((Action::PickAny, "the only intent".to_owned(), Role::Muted)),
        _ if columns < NARROW => all.push((Action::PickAny, "all".to_owned(), Role::Muted)),
        n => all.push((Action::PickAny, format!("all {}", numbers::count(n)), Role::Muted)),
    }
    let new = if are_intents { "new" } else { "the first intent" };
    all.push((Action::NewIntent, new.to_owned(), Role::Muted));
    keys(rows, shared, &all, columns);
}

/// What fine-tuning can do about a cause, for whoever chooses one.
fn remedy(cause: Cause) -> &'static str {
    match cause.repair() {
        _ if !cause.is_failure() => "nothing is to be repaired",
        Repair::Training => "fine-tuning repairs it",
        Repair::Partly => "fine-tuning repairs part of it",
        Repair::Response => "a corrected answer repairs it",
        Repair::No => "fine-tuning cannot repair it",
    }
}

/// Columns from which on a cause's whole meaning fits beside it.
const MEANING: usize = 60;
/// Columns that key and name of a cause take.
const NAME: usize = 20;

/// The intent is said: one letter says why it failed.
pub fn waiting(
    review: &ReviewScreen,
    shared: &SharedState,
    item: &ReviewItem,
    rows: &mut Vec<PanelRow>,
    columns: usize,
    fits: usize,
) {
    if let Some((_, names, _)) = item.labels.iter().find(|(t, ..)| Some(*t) == item.turn) {
        let names = names.iter().map(|n| words::line(n)).collect::<Vec<_>>().join(", ");
        rows.push(plain(format!("✓ {names}"), Role::Good));
        gap(rows);
    }
    if !item.needs_intent && !item.judged {
        let new = shared.keys.map.first_key_named("new-intent");
        let text = format!("No intents yet: a cause alone closes it. {new} makes the first.");
        rows.extend(words::wrap(&text, columns).into_iter().map(|l| plain(l, Role::Muted)));
        let zero = if columns < NARROW { "out of scope" } else { "out of scope: nothing for the AI" };
        rows.push(keyed(shared, Action::OutOfScope, zero, Role::Muted));
        gap(rows);
    }
    rows.push(plain("Why did it fail?  One letter:", Role::Focus));
    let possible = review.possible_causes();
    let proposed = proposed(review, shared, item);
    if let Some((cause, why)) = &proposed {
        rows.extend(proposal(shared, Action::Cause(*cause), *cause, why, Role::Focus));
        rows.extend(speaks_for(*cause, review, item, columns));
    }
    let rest = possible.iter().filter(|c| proposed.as_ref().is_none_or(|(p, _)| p != *c));
    // A line of its own for each meaning, where there is room.
    let tall = columns < MEANING && fits >= rows.len() + possible.len() * 2 + 10;
    for &cause in rest {
        if !tall {
            rows.push(with_meaning(shared, cause, columns));
        } else {
            rows.push(keyed(shared, Action::Cause(cause), cause.label(), Role::Text));
            rows.push(plain(format!("  {}", words::fit(cause.meaning(), columns.saturating_sub(2))), Role::Muted));
        }
        rows.extend(speaks_for(cause, review, item, columns));
    }
    gap(rows);
}

/// A cause on a line, with what it means: the whole where it fits.
fn with_meaning(shared: &SharedState, cause: Cause, columns: usize) -> PanelRow {
    let mut row = keyed(shared, Action::Cause(cause), words::pad(cause.label(), NAME - 2), Role::Text);
    let meaning = if columns >= MEANING { cause.meaning() } else { cause.gloss() };
    row.pieces.push((meaning.to_owned(), Role::Muted));
    row
}

/// What of a hand-over speaks for a cause: before it the AI had had nothing to say. It stands below that cause.
fn speaks_for(cause: Cause, review: &ReviewScreen, item: &ReviewItem, columns: usize) -> Vec<PanelRow> {
    if cause != Cause::MissingKnowledge {
        return Vec::new();
    }
    let beside = review.beside.as_ref().filter(|(n, _)| *n == item.n && item.was_handed_over() && !item.blind());
    let places = beside.map(|(_, b)| b.said_nothing.as_slice()).unwrap_or_default();
    let turns = places.iter().map(|place| (place + 1).to_string()).collect::<Vec<_>>().join(", ");
    let text = match places.len() {
        0 => return Vec::new(),
        1 => format!("the AI had no information, turn {turns}"),
        _ => format!("the AI had no information, turns {turns}"),
    };
    words::wrap(&text, columns.saturating_sub(2)).into_iter().map(|l| plain(format!("  {l}"), Role::Bad)).collect()
}

/// The cause that the conversation itself speaks for, and what in it does.
fn proposal(shared: &SharedState, action: Action, cause: Cause, why: &str, role: Role) -> [PanelRow; 2] {
    let mut row = keyed(shared, action, words::pad(cause.label(), NAME - 2), role);
    row.pieces.push(("proposed".to_owned(), Role::Accent));
    [row, plain(format!("  {why}"), Role::Accent)]
}

/// Why it failed, while the intent is still to be said or once all is said; each cause on a line with its meaning, or all in a few.
pub fn cause(
    review: &ReviewScreen,
    shared: &SharedState,
    item: &ReviewItem,
    rows: &mut Vec<PanelRow>,
    columns: usize,
    explained: bool,
) {
    let asks = item.cause.is_none() && item.needs_cause && !item.blind();
    rows.push(match asks {
        true => {
            PanelRow::of([("Why did it fail?".to_owned(), Role::Heading), (" then a letter".to_owned(), Role::Muted)])
        }
        false => plain("Why did it fail?", Role::Heading),
    });
    match item.cause {
        Some(cause) => {
            rows.push(keyed(shared, Action::Why, format!("✓ {}", cause.label()), Role::Good));
            rows.push(plain(format!("  {}", words::fit(cause.meaning(), columns.saturating_sub(2))), Role::Muted));
            if columns >= 44 {
                rows.push(plain(format!("  {}", remedy(cause)), Role::Muted));
            }
        }
        None if item.needs_cause && !item.blind() => {
            let proposed = proposed(review, shared, item);
            if let Some((cause, why)) = &proposed {
                let action = match *cause {
                    Cause::RightHandover => Action::NothingFailed,
                    cause => Action::Cause(cause),
                };
                rows.extend(proposal(shared, action, *cause, why, Role::Text));
                rows.extend(speaks_for(*cause, review, item, columns));
            }
            // Its key acts whatever else is proposed.
            if item.was_handed_over() && proposed.as_ref().is_none_or(|(p, _)| *p != Cause::RightHandover) {
                let text = Cause::RightHandover.label();
                rows.push(keyed(shared, Action::NothingFailed, format!("{text}: nothing failed"), Role::Muted));
            }
            if let Some(before) = item.asked_before().filter(|_| review.turn == item.turn) {
                rows.push(plain("A person was asked for, but first this:", Role::Muted));
                let said = words::fit(&words::line(&before.text), columns.saturating_sub(6));
                rows.push(keyed(shared, Action::PreviousTurn, format!("“{said}”"), Role::Text));
            }
            let is_shown = |c: &Cause| {
                let is_other = proposed.as_ref().is_none_or(|(p, _)| p != c);
                !c.is_about_intent() && c.is_failure() && *c != Cause::OutOfScope && is_other
            };
            let mut others = Vec::new();
            for cause in Cause::ALL.iter().copied().filter(is_shown) {
                let speaks = speaks_for(cause, review, item, columns);
                match explained {
                    true => rows.push(with_meaning(shared, cause, columns)),
                    false if !speaks.is_empty() => {
                        rows.push(keyed(shared, Action::Cause(cause), cause.label(), Role::Muted));
                    }
                    false => others.push((Action::Cause(cause), cause.label().to_owned(), Role::Muted)),
                }
                rows.extend(speaks);
            }
            keys(rows, shared, &others, columns);
        }
        // Nothing that gives away how a blind item ended: one sentence, whether it asks for a cause or not.
        None => rows.push(keyed(shared, Action::Why, "only if something went wrong", Role::Muted)),
    }
    gap(rows);
}
