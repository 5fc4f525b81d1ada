//! What Review opens above itself: intents, causes, outcomes, feelings, texts to write, questions.

use super::proposal::proposed;
use super::state::ReviewScreen;
use crate::domain::{Cause, IntentId, Outcome, Role, TurnKey};
use crate::store::{AlikeRow, ModeRow, OthersWord, ReviewScope};
use crate::theme::Role as Tone;
use crate::tui::state::choice::{
    EditorPurpose, JudgedAs, JudgedOn, ListChoice, OvertakenAct, ReviewChoice, ReviewQuestion, TextQuestion,
};
use crate::tui::state::float::{EditorSpec, Float, ListEntry, MenuSpec, PromptSpec};
use crate::tui::state::shared::SharedState;
use crate::tui::widgets::{lists, numbers, others, words};

fn judged(as_what: JudgedAs) -> ListChoice {
    ListChoice::Judged(JudgedOn::Item, as_what)
}

/// Builds the list of all intents; while there are none, asks for the name of the first.
pub fn intents(review: &ReviewScreen, shared: &SharedState) -> Float {
    if shared.intents.is_empty() {
        return new_intent(review, shared).into();
    }
    let label = review.item().and_then(|i| i.labels.iter().find(|(t, ..)| Some(*t) == review.turn));
    let label = label.map(|(_, names, _)| names.as_slice()).unwrap_or_default();
    let said = review.item().zip(review.turn).and_then(|(item, turn)| item.conversation.turn(turn));
    let said = said.map(|t| t.text.as_str()).unwrap_or_default();
    let mut list = lists::intents(&shared.intents, JudgedOn::Item, label, said);
    // What it was labelled with, then what is offered for this turn: of equals that comes first, too.
    let offered = |e: &ListEntry| {
        let is_it = |id: IntentId| e.choice == judged(JudgedAs::Intent(id));
        review.suggestions().iter().position(|s| is_it(s.intent)).unwrap_or(usize::MAX)
    };
    list.entries.sort_by_cached_key(|e| (!e.marked, offered(e)));
    list.into()
}

/// Asks for the name of a new intent.
pub fn new_intent(review: &ReviewScreen, shared: &SharedState) -> PromptSpec {
    let said = review.item().zip(review.turn).and_then(|(i, t)| i.conversation.turn(t));
    let said = said.map(|t| words::fit(&words::line(&t.text), 200)).unwrap_or_default();
    lists::new_intent(ReviewQuestion::Intent.into(), &said, &shared.intents)
}

/// Asks what the intent of the turn means: that of its label, else what the AI understood.
pub fn definition(review: &ReviewScreen, shared: &SharedState, guess: Option<IntentId>) -> Option<PromptSpec> {
    let item = review.item()?;
    let label = item.labels.iter().find(|(t, ..)| Some(*t) == review.turn).and_then(|(_, names, _)| names.first());
    let row = match label {
        Some(name) => shared.intents.iter().find(|i| i.name == *name)?,
        None if item.blind() => return None,
        None => shared.intents.iter().find(|i| Some(i.id) == guess)?,
    };
    let notes = vec![
        (format!("What belongs to {}, and what belongs elsewhere?", words::line(&row.name)), Tone::Text),
        ("One or two sentences for whoever labels. An empty line takes it back.".to_owned(), Tone::Muted),
    ];
    let text = row.meaning.clone().unwrap_or_default();
    let question = TextQuestion::Review(ReviewQuestion::Meaning(row.id));
    Some(PromptSpec { question, title: "What an intent means".to_owned(), notes, text })
}

/// Asks why it failed.
pub fn causes(review: &ReviewScreen) -> MenuSpec {
    lists::causes(JudgedOn::Item, review.item().and_then(|i| i.cause), &review.possible_causes())
}

/// Asks how it really ended.
pub fn outcomes(review: &ReviewScreen) -> Option<MenuSpec> {
    let item = review.item()?;
    let now = item.conversation.outcome.filter(|_| !item.blind());
    let entry =
        |key, text, hint, o| ListEntry::new(text, hint, judged(JudgedAs::Outcome(o))).key(key).mark(now == Some(o));
    let traffic = if item.traffic {
        ListEntry::new("spam or a test", "leaves all rates", judged(JudgedAs::Traffic(false))).key('5')
    } else {
        ListEntry::new("a real customer after all", "back into the rates", judged(JudgedAs::Traffic(true))).key('5')
    };
    let entries = vec![
        entry('1', "resolved after all", "the AI solved it", Outcome::Resolved),
        entry('2', "escalated", "handed to a person", Outcome::Escalated),
        entry('3', "failed", "the AI did not solve it", Outcome::Failed),
        entry('4', "abandoned", "the customer left before", Outcome::Abandoned),
        traffic,
    ];
    Some(MenuSpec::new("How did it really end?", "", entries))
}

/// Asks how the customer felt.
pub fn sentiments(review: &ReviewScreen) -> MenuSpec {
    let now = review.item().and_then(|i| i.sentiment);
    let entry = |key, text: &str, v: f64| {
        ListEntry::new(text, "", judged(JudgedAs::Sentiment(Some(v)))).key(key).mark(now == Some(v))
    };
    let entries = vec![
        entry('1', "angry", -1.0),
        entry('2', "let down", -0.5),
        entry('3', "neither way", 0.0),
        entry('4', "pleased", 0.5),
        entry('5', "delighted", 1.0),
        ListEntry::new("not said", "", judged(JudgedAs::Sentiment(None))).key('0'),
    ];
    MenuSpec::new("How did the customer feel?", "", entries)
}

/// Opens the answer that the AI gave, or the correction so far, for writing.
pub fn response(review: &ReviewScreen, turn: TurnKey) -> Option<EditorSpec> {
    let item = review.item()?;
    let corrected = item.responses.iter().find(|(t, _)| *t == turn).map(|(_, text)| text.as_str());
    let said = item.conversation.turn(turn).map(|t| t.corrected.as_deref().unwrap_or(&t.text)).unwrap_or_default();
    // What it answers: the customer's last turn before it.
    let before = item.conversation.place_of(turn).map(|place| &item.conversation.turns[..place]).unwrap_or_default();
    let customer = before.iter().rev().find(|t| t.role == Role::User).map(|t| t.text.clone()).unwrap_or_default();
    let draft = item.drafts.iter().find(|(t, _)| *t == turn).map(|(_, text)| text.clone());
    let text = corrected.unwrap_or(said).to_owned();
    Some(EditorSpec { purpose: EditorPurpose::Response(item.n, turn), text, draft, context: customer })
}

/// Lists what the AI said, to choose what is corrected.
pub fn answers(review: &ReviewScreen) -> Option<MenuSpec> {
    let item = review.item()?;
    let turns = item.conversation.turns.iter().enumerate().filter(|(_, t)| t.role == Role::Bot);
    let entries: Vec<ListEntry> = turns
        .map(|(place, t)| {
            let corrected = item.responses.iter().any(|(turn, _)| *turn == t.key);
            let text = format!("turn {:<4}{}", place + 1, words::fit(&words::line(&t.text), 56));
            ListEntry::new(text, "", ReviewChoice::Correct(t.key)).mark(corrected)
        })
        .collect();
    (!entries.is_empty()).then(|| MenuSpec::new("Which answer was wrong?", "", entries))
}

/// Columns of what was said and of what the AI understood, in a row of the list of all with the same answer.
const SAID: usize = 90;
const UNDERSTOOD: usize = 18;
/// Columns of how one ended, and when.
const OUTCOME: usize = 10;
const DAY: usize = 6;

/// Asks why this one and all that got the same answer failed; the least sure of them stand in it, and can be left out.
pub fn alike(review: &ReviewScreen, shared: &SharedState) -> Option<MenuSpec> {
    let open = review.alike()?;
    let (_, beside) = review.beside.as_ref()?;
    let understood = |r: &AlikeRow| r.understood.as_ref().map(|u| words::line(&u.0)).unwrap_or_default();
    let columns = beside.rows.iter().map(|r| words::width(&understood(r))).max().unwrap_or(0).min(UNDERSTOOD);
    let outside = match review.scope {
        Some(ReviewScope::Cycle(_)) => "not in this cycle: ",
        _ => "outside the filter: ",
    };
    let row = |(at, r): (usize, &AlikeRow)| {
        let sure = r.understood.as_ref().and_then(|u| u.1).map_or_else(String::new, |s| format!(" {s:.2}"));
        let understood = words::pad(&words::fit(&understood(r), columns), columns);
        let taken = if review.left_out.contains(&r.n) { "out" } else { "✓" };
        let outcome = words::pad(&r.outcome.to_string(), OUTCOME);
        let day = r.at.map(|at| format!("{}  ", words::pad(&shared.zone().format(at, "%-d %b"), DAY)));
        let day = day.unwrap_or_default();
        let outside = if beside.outside.contains(&r.n) { outside } else { "" };
        let said = words::fit(&words::line(&r.text), SAID);
        let text = format!("{taken:<4}{understood}{sure}  {outcome}{day}{outside}{said}");
        let entry = ListEntry::new(text, "", ReviewChoice::LeaveOut(r.n));
        if at < DIGITS { entry.key((b'1' + at as u8) as char) } else { entry }
    };
    let samples = beside.rows.iter().filter(|r| r.decided.is_none()).enumerate().map(row);
    let stay = |n: u64, why: &str| (n > 0).then(|| format!(" {} {why}.", numbers::count(n)));
    let left_out = [
        stay(beside.in_test_groups, "in test groups stay out"),
        stay(beside.read_otherwise, "that came after another request, or that model and AI do not agree on, stay out"),
    ];
    let taken = open.iter().filter(|id| !review.left_out.contains(id)).count() as u64;
    let note = format!(
        "One step for this one and {} of the last four weeks with the same answer, listed below; what the AI had understood is taken for \
         right. A digit, or ⏎ on it, leaves one out; the least sure stand first.{} Why?",
        numbers::plural(taken, "open conversation", "open conversations"),
        left_out.into_iter().flatten().collect::<String>()
    );
    let proposed = review.item().and_then(|item| proposed(review, shared, item)).map(|(cause, _)| cause);
    let mut possible = review.possible_causes();
    possible.retain(|c| !c.is_about_intent() && *c != Cause::OutOfScope);
    possible.sort_by_key(|c| Some(*c) != proposed);
    // A cause that is only proposed is taken by its letter, never by an Enter out of habit.
    let none = ListEntry::unchosen("choose a cause", "Esc leaves them as they are");
    let causes = possible.into_iter().map(|c| ListEntry::new(c.label(), c.meaning(), ReviewChoice::Alike(c)));
    let entries = std::iter::once(none).chain(causes).chain(samples).collect();
    Some(MenuSpec { has_causes: true, ..MenuSpec::new("All with the same answer", note, entries) })
}

/// Opens the note so far for writing.
pub fn note(review: &ReviewScreen) -> Option<EditorSpec> {
    let item = review.item()?;
    let text = item.note.clone().unwrap_or_default();
    Some(EditorSpec { purpose: EditorPurpose::Note(item.n), text, draft: None, context: String::new() })
}

/// Digits that pick a mode.
const DIGITS: usize = 9;

/// Lists the failure modes, or opens the note while there are none (rule 43). Its digits act only in it.
pub fn modes(review: &ReviewScreen, shared: &SharedState) -> Option<Float> {
    let item = review.item()?;
    let modes = shared.vocabulary.modes.in_use();
    if modes.is_empty() {
        return note(review).map(Float::from);
    }
    let now = item.mode.as_ref().map(|m| m.0);
    let entry = |(i, m): (usize, &&ModeRow)| {
        let hint = format!("{} · {}", m.cause.label(), numbers::count(m.n));
        let entry =
            ListEntry::new(words::line(&m.name), hint, judged(JudgedAs::Mode(m.id, m.cause))).mark(now == Some(m.id));
        if i < DIGITS { entry.key((b'1' + i as u8) as char) } else { entry }
    };
    let none = now.is_none().then(|| ListEntry::unchosen("choose a mode", "Esc leaves it as it is"));
    let mut entries: Vec<ListEntry> = none.into_iter().chain(modes.iter().enumerate().map(entry)).collect();
    entries.push(ListEntry::new("write a note", "in your own words", ReviewChoice::Note).key('n'));
    if let Some(cause) = item.cause.filter(|c| c.is_failure()) {
        let hint = format!("under {}", cause.label());
        entries.push(ListEntry::new("a new mode", hint, ReviewChoice::NewMode(cause)).key('a'));
    }
    let note = "A mode sets the cause that it belongs to.";
    Some(MenuSpec::new("What went wrong first?", note, entries).into())
}

/// Asks for the name of a new mode.
pub fn new_mode(cause: Cause) -> PromptSpec {
    let notes = vec![(format!("What went wrong first, in a few words; it belongs to: {}.", cause.label()), Tone::Text)];
    prompt(ReviewQuestion::Mode(cause), "A new failure mode", notes)
}

fn prompt(question: ReviewQuestion, title: &str, notes: Vec<(String, Tone)>) -> PromptSpec {
    PromptSpec { question: TextQuestion::Review(question), title: title.to_owned(), notes, text: String::new() }
}

/// Asks what somebody wants to know about the conversation.
pub fn question() -> PromptSpec {
    prompt(ReviewQuestion::Question, "Ask about this conversation", others::asking())
}

/// Asks for the answer to what is asked about the conversation.
pub fn answer(review: &ReviewScreen) -> Option<PromptSpec> {
    let item = review.item()?;
    let asked = item.question().filter(|q| q.answer.is_none());
    let said = asked.map_or_else(|| "flagged without a question".to_owned(), |q| format!("{} asks: {}", q.by, q.text));
    let then = match item.is_judged_through() {
        true => "With an answer it is done: all else is said already.",
        false => "With an answer it is open again.",
    };
    let notes = vec![(words::paragraph(&said), Tone::Text), (then.to_owned(), Tone::Muted)];
    Some(prompt(ReviewQuestion::Answer, "Answer", notes))
}

/// Asks what is to stand of what others and oneself said.
pub fn overtaken(said: &[OthersWord], blind: bool, act: OvertakenAct) -> MenuSpec {
    let entries = vec![
        ListEntry::new("look at it", "nothing is saved yet", ReviewChoice::Look(act.clone())).key('l'),
        ListEntry::new("keep theirs", "yours is not saved", ReviewChoice::Theirs(act.then.clone())).key('y'),
        ListEntry::new("set mine", "theirs stays in the history", ReviewChoice::Mine(act)).key('m'),
    ];
    let title = format!("{} decided on this while you looked", others::names(said));
    MenuSpec::new(title, others::told(said, blind, false), entries)
}
