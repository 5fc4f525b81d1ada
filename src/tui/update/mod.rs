//! From a message to a new state and effects. No I/O, no clock.

mod answers;
mod keys;
pub mod load;
mod mouse;

pub use keys::perform;

use super::overlays;
use super::screens::tune::Background;
use super::screens::{overview, queue, review, tune};
use crate::tui::guide::{hints, tour};
use crate::tui::state::app::{App, Mood, Screen};
use crate::tui::state::effect::Effect;
use crate::tui::state::msg::{JobEnd, JobMsg, Msg};
use crate::tui::state::request::Request;
use crossterm::event::{Event, KeyEventKind};

/// How long a message stays, in milliseconds.
const SHORT: u64 = 5_000;
const LONG: u64 = 15_000;

/// What to do when the program starts: find out where it stopped. Everything else waits for that, so that what is on the
/// screen first is also read first.
pub fn init() -> Vec<Effect> {
    vec![
        // Before the place: it may be a view of one's own.
        Effect::Ask(Request::Recall(queue::views::KEY)),
        Effect::Ask(Request::Recall(queue::bar::KEY)),
        Effect::Ask(Request::Recall("place")),
    ]
}

/// What to read once it is known where the program stopped.
pub fn begin(app: &mut App, kept: Option<&str>) -> Vec<Effect> {
    let mut effects = review::restore(app, kept);
    let shown = [Effect::Ask(Request::OverviewPage), Effect::Ask(Request::Overview)];
    match app.screen {
        Screen::Overview => drop(effects.splice(0..0, shown)),
        _ => effects.extend(shown),
    }
    effects.extend([
        Effect::Ask(Request::Vocabulary),
        Effect::Ask(Request::Recall(hints::KEY)),
        Effect::Ask(Request::Intents),
        Effect::Ask(Request::Releases),
    ]);
    effects.extend(queue::views::ask_counts(app));
    effects
}

/// Takes a message.
pub fn update(app: &mut App, msg: Msg) -> Vec<Effect> {
    let mut effects = take(app, msg);
    tour::advance(app);
    effects.extend(claim(app));
    effects
}

/// Tells the others when another conversation is open in Review, or none any more.
fn claim(app: &mut App) -> Option<Effect> {
    let open = app.review.item().filter(|_| app.screen == Screen::Review).map(|i| i.n);
    // What is still there while the next one is on its way is left already.
    let coming = app.screen == Screen::Review && app.review.wait.busy;
    if app.shared.read_only || coming || app.review.claimed == open {
        return None;
    }
    app.review.claimed = open;
    Some(Effect::Ask(Request::Claim(open)))
}

fn take(app: &mut App, msg: Msg) -> Vec<Effect> {
    match msg {
        Msg::Now(now) => {
            app.shared.now = now;
            Vec::new()
        }
        Msg::Input(Event::Key(key)) if key.kind != KeyEventKind::Release => keys::key(app, key),
        Msg::Input(Event::Mouse(event)) => mouse::mouse(app, event),
        Msg::Input(Event::Paste(text)) => paste(app, &text),
        Msg::Input(Event::FocusGained) => {
            app.shared.focused = true;
            let mut effects = app.refresh();
            effects.push(Effect::Title);
            effects
        }
        Msg::Input(Event::FocusLost) => {
            app.shared.focused = false;
            Vec::new()
        }
        Msg::Input(_) => Vec::new(),
        Msg::Answer(answer) => answers::take(app, *answer),
        Msg::Job(job) => job_says(app, job),
        Msg::Expire(id) => {
            app.toasts.expire(id);
            Vec::new()
        }
        Msg::Terminate => vec![Effect::CancelJob, Effect::CancelLoad, Effect::CancelCurve, Effect::Quit],
        Msg::Resumed => vec![Effect::Redraw],
        Msg::Panicked(what) => {
            app.review.wait.busy = false;
            app.review.wait.typed.clear();
            app.complain("something in the background broke; the rest goes on", what)
        }
    }
}

fn paste(app: &mut App, text: &str) -> Vec<Effect> {
    if let Some(top) = app.overlays.last_mut() {
        top.paste(text);
        return overlays::written(app);
    } else if app.queue.bar.editing && app.screen == Screen::Queue {
        app.queue.bar.field.insert(text.trim_end());
        return queue::bar::written(app);
    }
    Vec::new()
}

fn job_says(app: &mut App, job: JobMsg) -> Vec<Effect> {
    match job {
        JobMsg::Tuning(p) => {
            if let Some(work) = &mut app.tune.work {
                work.run.progress = p;
            }
            Vec::new()
        }
        JobMsg::Drawing(p) => {
            if let Some(run) = &mut app.tune.views.curve.run {
                run.progress = p;
            }
            Vec::new()
        }
        JobMsg::Drawn(end) => tune::curve::finished(app, end),
        JobMsg::Renewing(p) => {
            app.tune.renewal = Background::Running(p);
            Vec::new()
        }
        JobMsg::Indexing(p) => {
            app.indexing = Background::Running(p);
            Vec::new()
        }
        JobMsg::Indexed(end) => indexed(app, end),
        JobMsg::Loading(p) => {
            if let Some(loading) = &mut app.loading {
                loading.run.progress = p;
            }
            Vec::new()
        }
        JobMsg::Loaded(end) => load::finished(app, end),
        JobMsg::Tuned(end) => tune::work::finished(app, end),
        JobMsg::Renewed(end) => {
            app.tune.renewal = Background::Idle;
            match end {
                Err(JobEnd::Failed(why)) => {
                    app.tune.renewal = Background::Broken;
                    app.complain("the guesses could not be renewed", why)
                }
                _ => app.refresh(),
            }
        }
    }
}

/// The search covers everything, or as much as it will.
fn indexed(app: &mut App, end: Result<(), JobEnd>) -> Vec<Effect> {
    app.indexing = Background::Idle;
    if let Err(JobEnd::Failed(why)) = end {
        app.indexing = Background::Broken;
        return app.complain("the search could not be built; what it covers can be searched", why);
    }
    app.refresh()
}

impl App {
    /// Says something that is neither good nor bad.
    pub fn say(&mut self, text: impl Into<String>) -> Vec<Effect> {
        let id = self.toasts.show(text.into(), Mood::Plain, None);
        vec![Effect::ExpireAfter(id, SHORT)]
    }

    /// Says that something went well.
    pub fn cheer(&mut self, text: impl Into<String>) -> Vec<Effect> {
        let id = self.toasts.show(text.into(), Mood::Good, None);
        vec![Effect::ExpireAfter(id, SHORT)]
    }

    /// Says that something went wrong, with details for whoever asks.
    pub fn complain(&mut self, text: impl Into<String>, detail: impl Into<String>) -> Vec<Effect> {
        let (text, detail) = (text.into(), detail.into());
        let id = self.toasts.show(format!("{text}: {detail}"), Mood::Bad, Some(detail));
        vec![Effect::ExpireAfter(id, LONG)]
    }

    /// Tells of the end of long work to whoever looks elsewhere.
    pub fn notify(&self, words: &str) -> Option<Effect> {
        (!self.shared.focused).then(|| Effect::Notify(words.to_owned()))
    }

    /// Reads what is on the screen anew.
    pub fn refresh(&mut self) -> Vec<Effect> {
        let mut effects = vec![Effect::Ask(Request::Overview), Effect::Ask(Request::Intents)];
        match self.screen {
            Screen::Overview => effects.push(Effect::Ask(Request::OverviewPage)),
            Screen::Queue => {
                effects.extend(self.queue.refresh());
                effects.push(Effect::Ask(Request::Vocabulary));
                effects.extend(queue::views::ask_counts(self));
            }
            Screen::FineTune => {
                if self.tune.comparison.ready().is_none() {
                    effects.push(Effect::Ask(Request::Releases));
                }
                effects.extend(tune::refresh(self));
            }
            _ => {}
        }
        effects
    }

    /// Goes to a screen.
    pub fn go(&mut self, screen: Screen) -> Vec<Effect> {
        match screen {
            Screen::Overview => overview::enter(self),
            Screen::Queue => queue::enter(self),
            Screen::Review => review::resume(self),
            Screen::FineTune => tune::enter(self),
        }
    }
}
