//! What becomes of an overlay's reply: who opened it gets the choice.

#![deny(clippy::wildcard_enum_match_arm)]

use super::{floats, load};
use crate::tui::guide::tour;
use crate::tui::overlays::Overlay;
use crate::tui::overlays::reply::OverlayReply;
use crate::tui::state::app::App;
use crate::tui::state::choice::{Choice, JudgedOn, ProgramChoice, Question};
use crate::tui::state::effect::{Effect, Work, WorldEffect, perform, stop};

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

fn route(app: &mut App, choice: Choice) -> Vec<Effect> {
    let shared = &app.shared;
    match choice {
        Choice::Nothing => Vec::new(),
        Choice::Act(action) => perform(action),
        Choice::ActAt(place, action) => floats::run_at(app, place, action),
        Choice::Program(choice) => program(app, choice),
        Choice::Queue(choice) => app.queue.chosen(shared, choice),
        Choice::Review(choice) => app.review.chosen(choice),
        Choice::Judged(JudgedOn::Marked, judged) => app.queue.judged(shared, judged),
        Choice::Judged(JudgedOn::Pattern, judged) => app.patterns.judged(shared, judged),
        Choice::Patterns(choice) => app.patterns.chosen(shared, choice),
        Choice::Judged(JudgedOn::Item, judged) => app.review.judged(shared, judged),
        Choice::Tune(choice) => app.tune.chosen(shared, choice),
        Choice::Editor(_) | Choice::Import(_) => match app.overlays.last_mut() {
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
        ProgramChoice::Quit => vec![stop(Work::Tune), stop(Work::Load), Effect::World(WorldEffect::Quit)],
        ProgramChoice::Import(path, mapping) => load::import(app, path, mapping),
    }
}

/// A line was written: it closes once that is an answer to the question.
fn written(app: &mut App, question: Question, text: String) -> Vec<Effect> {
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
fn answered(app: &mut App, question: Question, text: String) -> Result<Vec<Effect>, String> {
    let shared = &app.shared;
    Ok(match question {
        Question::Queue(question) => app.queue.told(shared, &question, text)?,
        Question::Review(question) => app.review.told(shared, question, text)?,
        Question::Patterns(question) => app.patterns.told(question, text)?,
        Question::Correction(id, turn) => app.responses.told(id, turn, text)?,
        Question::Tune(question) => app.tune.told(shared, question, text)?,
        Question::Profile => match app.overlays.last() {
            Some(Overlay::Import(importer)) => importer.save_profile(text)?,
            _ => Vec::new(),
        },
        Question::Mapping => match app.overlays.last_mut() {
            Some(Overlay::Import(importer)) => importer.settle(&text)?,
            _ => Vec::new(),
        },
    })
}
