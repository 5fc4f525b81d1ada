//! From a message to a new state and to what is to be done outside. No I/O, no clock.

mod answers;
pub mod effects;
pub mod floats;
mod jobs;
mod keys;
mod load;
mod moment;
mod mouse;
mod overlay;
mod place;

pub use effects::settle;
pub use place::init;

use crate::tui::guide::enabled::enabled;
use crate::tui::guide::tour;
use crate::tui::screens::contract::Screen;
use crate::tui::screens::sample;
use crate::tui::state::app::App;
use crate::tui::state::effect::{
    Effect, LongWork, ProgramEffect, TerminalEffect, WorldEffect, ask, complain, stop, terminal,
};
use crate::tui::state::msg::Msg;
use crate::tui::state::request::common::CommonRequest;
use crate::tui::state::request::review::ReviewRequest;
use crate::tui::state::shared::StoreRead;
use crate::tui::state::tab::ScreenTab;
use crossterm::event::{Event, KeyEventKind};

/// Takes a message.
pub fn update(app: &mut App, msg: Msg) -> Vec<WorldEffect> {
    let effects = take(app, msg);
    let mut outside = settle(app, effects);
    let later = floats::run_later(app);
    outside.extend(settle(app, later));
    tour::advance(app);
    let claimed = claim(app);
    outside.extend(settle(app, claimed.into_iter().collect()));
    let sampled = sample(app);
    outside.extend(settle(app, sampled.into_iter().collect()));
    if app.shared.toasts.refused().is_some_and(|action| enabled(app, action).is_ok()) {
        app.shared.toasts.current = None;
    }
    outside
}

/// Tells the others when another conversation is open in Review, or none any more.
fn claim(app: &mut App) -> Option<Effect> {
    let in_review = app.tab == ScreenTab::Review;
    let open = app.review.item().filter(|_| in_review).map(|i| i.n);
    // What is still there while the next one is on its way is left already.
    let coming = in_review && app.review.wait.busy;
    if app.shared.read_only || coming || app.review.claimed == open {
        return None;
    }
    app.review.claimed = open;
    Some(ask(ReviewRequest::Claim(open)))
}

/// Asks for conversations of the selected line where the screen has room for them.
fn sample(app: &mut App) -> Option<Effect> {
    let query = app.front().sampled(&app.shared).filter(|_| app.shared.seen.height >= sample::TALL)?;
    let sample = &mut app.shared.sample;
    let is_other = sample.query != query;
    if !is_other && !sample.is_stale {
        return None;
    }
    if is_other {
        sample.rows = StoreRead::Waiting;
    }
    (sample.query, sample.is_stale) = (query.clone(), false);
    Some(ask(CommonRequest::Sample(query)))
}

fn take(app: &mut App, msg: Msg) -> Vec<Effect> {
    match msg {
        Msg::Now(now) => {
            app.shared.now = now;
            Vec::new()
        }
        Msg::Background(palette) => {
            app.shared.own_theme = app.shared.own_theme.on(palette);
            // Whoever has chosen colours meanwhile keeps them.
            if !app.shared.chosen_colours {
                app.shared.theme = app.shared.own_theme;
            }
            Vec::new()
        }
        Msg::Input(event) => input(app, event),
        Msg::Answer(answer) => answers::take(app, *answer),
        Msg::Job(job) => jobs::take(app, job),
        Msg::MomentShown(shown) => moment::entered(app, shown),
        Msg::Expire(id) => {
            app.shared.toasts.expire(id);
            Vec::new()
        }
        Msg::Terminate => {
            vec![stop(LongWork::Tune), stop(LongWork::Load), stop(LongWork::Curve), Effect::World(WorldEffect::Quit)]
        }
        Msg::Resumed => vec![terminal(TerminalEffect::Redraw)],
        Msg::Panicked(what) => {
            app.review.stop_waiting();
            complain("something in the background broke; the rest goes on", what)
        }
    }
}

fn input(app: &mut App, event: Event) -> Vec<Effect> {
    match event {
        Event::Key(key) if key.kind != KeyEventKind::Release => keys::key(app, key),
        Event::Mouse(event) => mouse::mouse(app, event),
        Event::Paste(text) => match app.overlays.last_mut() {
            Some(top) => {
                let reply = top.paste(&app.shared, &text);
                overlay::take(app, reply)
            }
            None => {
                let (front, shared) = app.front_mut();
                front.paste(shared, &text)
            }
        },
        Event::FocusGained => {
            app.shared.focused = true;
            vec![Effect::Program(ProgramEffect::Refresh), terminal(TerminalEffect::Title)]
        }
        Event::FocusLost => {
            app.shared.focused = false;
            Vec::new()
        }
        Event::Key(_) | Event::Resize(..) => Vec::new(),
    }
}
