//! What others decide while one looks (rule 42): it is shown on the item, and who judges the same is asked first.

use crate::domain::{Change, ConversationId, DecisionId, Judgement, Kind};
use crate::store::{OthersWord, ReviewItem};
use crate::tui::overlays::{Choice, Editor, Entry, Menu, Overlay, Purpose};
use crate::tui::state::app::App;
use crate::tui::state::effect::Effect;
use crate::tui::state::request::{Open, Request, Then};
use crate::tui::widgets::{numbers, words};

/// A decision, as it was to be saved.
#[derive(Clone, Debug, PartialEq)]
pub struct Act {
    changes: Vec<Change>,
    then: Then,
}

/// What to do about somebody else's word.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// Show the conversation as it is now, with what one was writing.
    Look(Act),
    /// Theirs stands.
    Theirs(Then),
    /// One's own takes its place.
    Mine(Act),
    /// Judge only those that nobody else judged.
    Others(Vec<ConversationId>, Judgement, DecisionId),
    /// Judge all.
    All(Vec<ConversationId>, Judgement),
}

/// Takes the conversation as it is now, unless nothing was decided on it. What one knows of it stays as it was.
pub fn take(app: &mut App, item: ReviewItem) {
    let here = app.review.item().is_some_and(|i| i.n == item.n && i.seen() < item.seen());
    if here && !app.review.wait.busy {
        app.review.stage = super::Stage::Item(Box::new(item));
    }
}

/// What others decided on the item since it was shown, newest first. Where one judges blind, not what they said.
pub fn said(app: &App, item: &ReviewItem) -> Vec<String> {
    let Some(seen) = app.review.seen else { return Vec::new() };
    let others = item.history.iter().filter(|d| d.decision > seen && d.reviewer != app.shared.reviewer);
    let line = |d: &crate::store::DecisionRow| {
        let who = words::line(&d.reviewer);
        let what = d.after.as_deref().map_or_else(|| "taken away".to_owned(), words::line);
        match (item.blind(), d.undoes) {
            (true, _) => format!("{who} has judged this"),
            (_, Some(_)) => format!("{who} took back {}", spoken(d.kind)),
            _ => format!("{who}: {} {what}", spoken(d.kind)),
        }
    };
    let mut out: Vec<String> = others.map(line).collect();
    out.dedup();
    out
}

fn spoken(kind: Kind) -> String {
    kind.name().replace('_', " ")
}

/// Others' words in a line each, at most a few.
fn told(said: &[OthersWord], blind: bool, name: bool) -> String {
    const SHOWN: usize = 4;
    let line = |w: &OthersWord| {
        let who = words::line(&w.reviewer);
        let which = if name { format!("#{} ", w.n.0) } else { String::new() };
        match &w.value {
            _ if blind => format!("{which}{who} has judged it"),
            Some(value) => format!("{which}{who}: {} {}", spoken(w.kind), words::fit(&words::line(value), 60)),
            None => format!("{which}{who}: {} taken away", spoken(w.kind)),
        }
    };
    let mut lines: Vec<String> = said.iter().map(line).collect();
    lines.dedup();
    let more = lines.len().saturating_sub(SHOWN);
    lines.truncate(SHOWN);
    if more > 0 {
        lines.push(format!("and {more} more"));
    }
    lines.join("; ")
}

fn names(said: &[OthersWord]) -> String {
    let mut all: Vec<String> = said.iter().map(|w| words::line(&w.reviewer)).collect();
    all.sort();
    all.dedup();
    all.join(", ")
}

/// Asks what is to stand. Keys that were typed meanwhile were meant for something else.
pub fn ask(app: &mut App, said: &[OthersWord], changes: Vec<Change>, then: Then) -> Vec<Effect> {
    app.review.wait.busy = false;
    app.review.wait.typed.clear();
    let blind = app.review.item().is_some_and(ReviewItem::blind);
    let act = Act { changes, then };
    let entries = vec![
        Entry::new("look at it", "nothing is saved yet", Choice::Meanwhile(Answer::Look(act.clone()))).key('l'),
        Entry::new("keep theirs", "yours is not saved", Choice::Meanwhile(Answer::Theirs(act.then.clone()))).key('y'),
        Entry::new("set mine", "theirs stays in the history", Choice::Meanwhile(Answer::Mine(act))).key('m'),
    ];
    let title = format!("{} decided on this while you looked", names(said));
    app.overlays.push(Overlay::Menu(Menu::new(title, told(said, blind, false), entries)));
    Vec::new()
}

/// Asks what is to stand on conversations of which others judged some.
pub fn ask_many(
    app: &mut App,
    said: &[OthersWord],
    ids: Vec<ConversationId>,
    judgement: Judgement,
    seen: DecisionId,
) -> Vec<Effect> {
    let theirs: Vec<ConversationId> = said.iter().map(|w| w.n).collect();
    let rest: Vec<ConversationId> = ids.iter().copied().filter(|id| !theirs.contains(id)).collect();
    let judged = numbers::plural((ids.len() - rest.len()) as u64, "of them was", "of them were");
    let mut entries = vec![Entry::new("look at them", "nothing is saved yet", Choice::Nothing).key('l')];
    if !rest.is_empty() {
        let text = format!("keep theirs, judge the other {}", numbers::count(rest.len() as u64));
        let choice = Choice::Meanwhile(Answer::Others(rest, judgement.clone(), seen));
        entries.push(Entry::new(text, "", choice).key('y'));
    }
    let all = Choice::Meanwhile(Answer::All(ids, judgement));
    entries.push(Entry::new("set mine on all", "theirs stays in the history", all).key('m'));
    let title = format!("{judged} judged while they were marked: {}", names(said));
    app.overlays.push(Overlay::Menu(Menu::new(title, told(said, false, true), entries)));
    Vec::new()
}

/// Does what was chosen.
pub fn answered(app: &mut App, answer: Answer) -> Vec<Effect> {
    match answer {
        Answer::Others(ids, judgement, seen) => {
            vec![Effect::Ask(Request::DecideMany(ids, judgement, Some(seen)))]
        }
        Answer::All(ids, judgement) => vec![Effect::Ask(Request::DecideMany(ids, judgement, None))],
        Answer::Mine(act) => {
            let generation = app.review.next_request();
            vec![Effect::Ask(Request::Decide(act.changes, act.then, None, generation))]
        }
        Answer::Theirs(then) => {
            app.review.proposal = None;
            let open = match then {
                Then::Next(scope, after) => Open::Next(scope, Some(after)),
                Then::Stay(id) => Open::Item(id),
            };
            let generation = app.review.next_request();
            vec![Effect::Ask(Request::Open(open, generation))]
        }
        Answer::Look(act) => look(app, act),
    }
}

/// Shows what stands; a text that one wrote is there to go on with.
fn look(app: &mut App, act: Act) -> Vec<Effect> {
    app.review.proposal = None;
    let Some(id) = app.review.item().map(|i| i.n) else { return Vec::new() };
    if let Some(change) = act.changes.iter().find(|c| matches!(c.kind, Kind::Response | Kind::Note)) {
        let purpose = match (change.kind, change.target.turn) {
            (Kind::Response, Some(turn)) => Purpose::Response(id, turn),
            _ => Purpose::Note(id),
        };
        let theirs = app.review.item().and_then(|item| match purpose {
            Purpose::Response(_, turn) => item.responses.iter().find(|(t, _)| *t == turn).map(|(_, text)| text.clone()),
            Purpose::Note(_) => item.note.clone(),
        });
        let mine = change.to.as_deref().unwrap_or_default();
        let editor = Editor::rewriting(purpose, mine, &theirs.unwrap_or_default());
        app.overlays.push(Overlay::Editor(Box::new(editor)));
    }
    let generation = app.review.next_request();
    vec![Effect::Ask(Request::Open(Open::Item(id), generation))]
}
