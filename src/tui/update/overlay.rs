//! What becomes of an overlay's reply: who opened it gets the choice.

#![deny(clippy::wildcard_enum_match_arm)]

use super::{floats, load, moment};
use crate::tui::guide::tour;
use crate::tui::overlays::Overlay;
use crate::tui::overlays::reply::OverlayReply;
use crate::tui::state::app::App;
use crate::tui::state::choice::{JudgedOn, ListChoice, ProgramChoice, TextQuestion};
use crate::tui::state::effect::{Effect, LongWork, WorldEffect, perform, stop};

/// Takes the reply of the overlay on top.
pub fn take(app: &mut App, reply: OverlayReply) -> Vec<Effect> {
    match reply {
        OverlayReply::Stay(effects) => effects,
        OverlayReply::Close => {
            app.overlays.pop();
            Vec::new()
        }
        OverlayReply::Kept(choice) => route(app, choice),
        OverlayReply::Chosen(choice) => {
            app.overlays.pop();
            route(app, choice)
        }
        OverlayReply::Written(question, text) => written(app, question, text),
    }
}

fn route(app: &mut App, choice: ListChoice) -> Vec<Effect> {
    let shared = &app.shared;
    match choice {
        ListChoice::Nothing | ListChoice::Unchosen => Vec::new(),
        ListChoice::Act(action) => perform(action),
        ListChoice::ActAt(place, action) => floats::run_at(app, place, action),
        ListChoice::Program(choice) => program(app, choice),
        ListChoice::Queue(choice) => app.queue.chosen(shared, choice),
        ListChoice::Review(choice) => app.review.chosen(shared, choice),
        ListChoice::Judged(JudgedOn::Marked, judged) => app.queue.judged(shared, judged),
        ListChoice::Judged(JudgedOn::Pattern, judged) => app.patterns.judged(shared, judged),
        ListChoice::Patterns(choice) => app.patterns.chosen(shared, choice),
        ListChoice::Responses(choice) => app.responses.chosen(choice),
        ListChoice::Judged(JudgedOn::Item, judged) => app.review.judged(shared, judged),
        ListChoice::Tune(choice) => app.tune.chosen(shared, choice),
        ListChoice::Editor(_) | ListChoice::Import(_) => match app.overlays.last_mut() {
            Some(opener) => {
                let reply = opener.chosen(choice);
                take(app, reply)
            }
            None => Vec::new(),
        },
    }
}

fn program(app: &mut App, choice: ProgramChoice) -> Vec<Effect> {
    match choice {
        ProgramChoice::Tour => tour::begin(app),
        ProgramChoice::Reopen => floats::reopen(app),
        ProgramChoice::Quit => vec![stop(LongWork::Tune), stop(LongWork::Load), Effect::World(WorldEffect::Quit)],
        ProgramChoice::Import(path, reading) => load::import(app, path, reading),
    }
}

/// A line was written: it closes once that is an answer to the question.
fn written(app: &mut App, question: TextQuestion, text: String) -> Vec<Effect> {
    let prompt = app.overlays.pop();
    answered(app, question, text).unwrap_or_else(|why| {
        if let Some(Overlay::Prompt(mut prompt)) = prompt {
            prompt.refuse(why);
            app.overlays.push(Overlay::Prompt(prompt));
        }
        Vec::new()
    })
}

/// What an answer asks for, or why it is none.
fn answered(app: &mut App, question: TextQuestion, text: String) -> Result<Vec<Effect>, String> {
    let shared = &app.shared;
    Ok(match question {
        TextQuestion::Queue(question) => app.queue.told(shared, &question, text)?,
        TextQuestion::Review(question) => app.review.told(shared, question, text)?,
        TextQuestion::Patterns(question) => app.patterns.told(question, text)?,
        TextQuestion::Correction(id, turn) => app.responses.told(id, turn, text)?,
        TextQuestion::Tune(question) => app.tune.told(shared, question, text)?,
        TextQuestion::AsOf => moment::begin(&text)?,
        TextQuestion::Profile => match app.overlays.last() {
            Some(Overlay::Import(importer)) => importer.save_profile(text)?,
            _ => Vec::new(),
        },
        TextQuestion::Mapping => match app.overlays.last_mut() {
            Some(Overlay::Import(importer)) => importer.settle(&text)?,
            _ => Vec::new(),
        },
    })
}
