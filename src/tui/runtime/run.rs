//! The only loop. It blocks while nothing happens, takes everything that has happened for at most 8 ms, and draws once.

use super::terminal::{self, HookGuard, Screen};
use crate::domain::{Costs, Outside, Timestamp};
use crate::jobs::encoders::Installed;
use crate::keymap::Keymap;
use crate::stop;
use crate::store::{Access, Founding, StoreError};
use crate::theme::Theme;
use crate::tui::runtime::jobs::{Handle, Jobs};
use crate::tui::runtime::store_thread::{Desk, Worker};
use crate::tui::screens::tune::Ways;
use crate::tui::state::app::App;
use crate::tui::state::effect::Effect;
use crate::tui::state::msg::Msg;
use crate::tui::state::request::Answer;
use crate::tui::update::{init, update};
use crate::tui::view::view;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

/// What time it is.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// How long messages are taken before the next frame.
const DRAIN: Duration = Duration::from_millis(8);

/// What the program needs to know to start.
pub struct Options {
    /// The store.
    pub store: PathBuf,
    /// For a store that does not exist yet.
    pub founding: Founding,
    /// Who decides.
    pub reviewer: String,
    /// What time it is.
    pub clock: Clock,
    /// Seed of everything that is drawn or trained.
    pub seed: u64,
    /// Colours.
    pub theme: Theme,
    /// Keys.
    pub keymap: Keymap,
    /// The installed encoders.
    pub encoders: Arc<Installed>,
    /// Trainers and AIs that the configuration names.
    pub outside: Arc<Outside>,
    /// What an hour of a reviewer costs.
    pub hourly: Option<f64>,
    /// What a wrong answer and a hand-over cost.
    pub costs: Costs,
    /// Nothing may be changed.
    pub read_only: bool,
    /// What lies around the program.
    pub around: Around,
}

/// What lies around the program.
#[derive(Clone, Debug, Default)]
pub struct Around {
    /// The person's own directory: `~` in the file chooser.
    pub home: Option<PathBuf>,
    /// The file in which a demo is built.
    pub demo: Option<PathBuf>,
    /// Where mappings of CSV files are kept.
    pub profiles: Option<PathBuf>,
    /// Ring the bell when long work ends while nobody looks.
    pub bell: bool,
}

/// Why the program could not start or go on.
#[derive(Debug, thiserror::Error)]
pub enum TuiError {
    /// The store cannot be opened.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The terminal does not do as it is told.
    #[error("the terminal cannot be used: {0}")]
    Terminal(#[from] std::io::Error),
    /// The system gives no thread.
    #[error("no thread could be started: {0}")]
    Thread(std::io::Error),
}

/// Everything that acts on the outside.
struct Hands {
    worker: Worker,
    jobs: Jobs,
    tuning: Option<Handle>,
    renewing: Option<Handle>,
    indexing: Option<Handle>,
    loading: Option<Handle>,
    drawing: Option<Handle>,
    bell: bool,
    /// Messages to send later.
    alarms: Vec<(Instant, u64)>,
}

/// What the loop is to do after an effect.
#[derive(Default)]
struct After {
    quit: bool,
    redraw: bool,
    suspend: bool,
}

/// Opens the store, takes the terminal over and works until somebody leaves.
///
/// # Errors
/// The store or the terminal cannot be used.
pub fn run(options: Options) -> Result<(), TuiError> {
    let (out, inbox) = channel();
    let desk = Desk {
        reviewer: options.reviewer.clone(),
        clock: Arc::clone(&options.clock),
        seed: options.seed,
        profiles: options.around.profiles.clone(),
        encoders: options.encoders,
        outside: Arc::clone(&options.outside),
        hourly: options.hourly,
    };
    let access = if options.read_only { Access::ReadOnly } else { Access::ReadWrite };
    let worker = Worker::start(options.store.clone(), access, options.founding, desk.clone(), out.clone())?;
    let demo = options.around.demo.clone();
    let read_only = options.read_only;
    let jobs = Jobs { path: options.store, founding: options.founding, read_only, desk, demo, out: out.clone() };
    let mut hands = Hands {
        worker,
        jobs,
        tuning: None,
        renewing: None,
        indexing: None,
        loading: None,
        drawing: None,
        bell: options.around.bell,
        alarms: Vec::new(),
    };
    let mut app = App::new(options.reviewer, options.read_only, (options.clock)(), options.theme, options.keymap);
    app.shared.home = options.around.home;
    app.tune.costs = options.costs;
    app.tune.ways = Ways::of(&options.outside);

    terminal::install_panic_hook(out.clone());
    let _hook = HookGuard;
    let mut screen = Screen::open()?;
    let (asked, _heeding) = (out.clone(), stop::heed());
    let _told = stop::told(move || drop(asked.send(Msg::Terminate)));
    // What hangs is not waited for: the terminal is given back all the same.
    let _last = stop::last(terminal::leave);
    listen_to_signals(out.clone())?;
    listen_to_input(out)?;
    let mut after = After::default();
    for effect in init() {
        hands.act(effect, &mut after)?;
    }
    work(&mut app, &mut screen, &mut hands, &inbox, &options.clock)?;
    drop(screen);
    hands.finish();
    Ok(())
}

fn work(
    app: &mut App,
    screen: &mut Screen,
    hands: &mut Hands,
    inbox: &Receiver<Msg>,
    clock: &Clock,
) -> Result<(), TuiError> {
    app.seen = screen.draw(|frame| view(app, frame))?;
    loop {
        let Some(first) = hands.wait(inbox) else { return Ok(()) };
        let mut after = After::default();
        let until = Instant::now() + DRAIN;
        let mut message = Some(first);
        for effect in update(app, Msg::Now(clock())) {
            hands.act(effect, &mut after)?;
        }
        while let Some(msg) = message.take() {
            if matches!(msg, Msg::Resumed) {
                screen.reopen()?;
            }
            for effect in update(app, msg) {
                hands.act(effect, &mut after)?;
            }
            if after.quit {
                return Ok(());
            }
            if Instant::now() < until {
                message = inbox.try_recv().ok();
            }
        }
        if after.suspend {
            suspend(screen)?;
        }
        if after.redraw {
            screen.forget()?;
        }
        app.seen = screen.draw(|frame| view(app, frame))?;
    }
}

impl Hands {
    /// The next message, or an alarm that goes off before it.
    fn wait(&mut self, inbox: &Receiver<Msg>) -> Option<Msg> {
        let next = self.alarms.iter().enumerate().min_by_key(|(_, (at, _))| *at).map(|(i, (at, id))| (i, *at, *id));
        let Some((i, at, id)) = next else { return inbox.recv().ok() };
        match inbox.recv_timeout(at.saturating_duration_since(Instant::now())) {
            Ok(msg) => Some(msg),
            Err(RecvTimeoutError::Disconnected) => None,
            Err(RecvTimeoutError::Timeout) => {
                self.alarms.swap_remove(i);
                Some(Msg::Expire(id))
            }
        }
    }

    fn act(&mut self, effect: Effect, after: &mut After) -> Result<(), TuiError> {
        match effect {
            Effect::Ask(request) => self.worker.ask(request),
            Effect::Tune(job) => self.tuning = Some(self.jobs.tune(job).map_err(TuiError::Thread)?),
            Effect::Load(job) => self.loading = Some(self.jobs.load(job).map_err(TuiError::Thread)?),
            Effect::Reopen => {
                let path = self.jobs.path.clone();
                let opened = match path.exists() {
                    true => self.switch(path).map_err(|e| e.to_string()),
                    false => Err(format!("nothing is at {}; put a backup there, then open it", path.display())),
                };
                if let Err(why) = opened {
                    self.jobs.out.send(Msg::Answer(Box::new(Answer::Gone(why)))).ok();
                }
            }
            Effect::Switch(path) => {
                if let Err(e) = self.switch(path) {
                    // The store before it stays open; the loop is there to hear of it.
                    self.jobs
                        .out
                        .send(Msg::Answer(Box::new(Answer::Told("something could not be done", e.to_string()))))
                        .ok();
                }
            }
            Effect::CancelLoad => self.loading.iter().for_each(Handle::cancel),
            Effect::Renew => self.renewing = Some(self.jobs.renew().map_err(TuiError::Thread)?),
            Effect::Index => self.indexing = Some(self.jobs.index().map_err(TuiError::Thread)?),
            Effect::DrawCurve => self.drawing = Some(self.jobs.draw().map_err(TuiError::Thread)?),
            Effect::CancelCurve => self.drawing.iter().for_each(Handle::cancel),
            Effect::CancelJob => self.tuning.iter().for_each(Handle::cancel),
            Effect::CancelRenewal => self.renewing.iter().for_each(Handle::cancel),
            Effect::ExpireAfter(id, ms) => self.alarms.push((Instant::now() + Duration::from_millis(ms), id)),
            Effect::Copy(text) => terminal::copy(&text)?,
            Effect::Notify(words) => terminal::notify(&words, self.bell)?,
            Effect::Title => terminal::title("appraise")?,
            Effect::Redraw => after.redraw = true,
            Effect::Suspend => after.suspend = true,
            Effect::Quit => after.quit = true,
        }
        Ok(())
    }

    /// Opens another store in place of this one. What was asked of this one is answered before.
    fn switch(&mut self, path: PathBuf) -> Result<(), TuiError> {
        let access = if self.jobs.read_only { Access::ReadOnly } else { Access::ReadWrite };
        let Jobs { founding, desk, out, .. } = self.jobs.clone();
        let next = Worker::start(path.clone(), access, founding, desk, out)?;
        // They work on the store that is left; what they did stays there.
        [&self.indexing, &self.renewing, &self.drawing].into_iter().flatten().for_each(Handle::cancel);
        self.jobs.path = path;
        std::mem::replace(&mut self.worker, next).finish();
        Ok(())
    }

    /// Stops what runs and waits for it; what the store was told last is written first.
    fn finish(self) {
        let running = [self.tuning, self.renewing, self.indexing, self.loading, self.drawing];
        running.iter().flatten().for_each(Handle::cancel);
        running.into_iter().flatten().for_each(Handle::join);
        self.worker.finish();
    }
}

fn listen_to_input(out: Sender<Msg>) -> Result<(), TuiError> {
    let listen = move || {
        while let Ok(event) = crossterm::event::read() {
            if out.send(Msg::Input(event)).is_err() {
                return;
            }
        }
        // Nobody can type any more: the terminal is gone.
        out.send(Msg::Terminate).ok();
    };
    std::thread::Builder::new().name("input".to_owned()).spawn(listen).map(drop).map_err(TuiError::Thread)
}

#[cfg(unix)]
fn listen_to_signals(out: Sender<Msg>) -> Result<(), TuiError> {
    use signal_hook::consts::{SIGABRT, SIGALRM, SIGCONT, SIGPROF, SIGQUIT, SIGUSR1, SIGUSR2, SIGVTALRM, SIGXCPU};
    // The others would end the program without giving the terminal back.
    let deadly = [SIGABRT, SIGALRM, SIGPROF, SIGQUIT, SIGUSR1, SIGUSR2, SIGVTALRM, SIGXCPU];
    let mut signals = signal_hook::iterator::Signals::new(deadly.iter().chain(&[SIGCONT]))?;
    let listen = move || {
        for signal in signals.forever() {
            if signal != SIGCONT {
                // No frame may be drawn any more.
                let _nobody_else = std::io::stdout().lock();
                stop::tidy();
                signal_hook::low_level::emulate_default_handler(signal).ok();
            } else if out.send(Msg::Resumed).is_err() {
                return;
            }
        }
    };
    std::thread::Builder::new().name("signals".to_owned()).spawn(listen).map(drop).map_err(TuiError::Thread)
}

#[cfg(not(unix))]
fn listen_to_signals(_: Sender<Msg>) -> Result<(), TuiError> {
    Ok(())
}

/// Gives the terminal back and stops; when the shell continues us, takes it over again.
#[cfg(unix)]
fn suspend(screen: &mut Screen) -> Result<(), TuiError> {
    terminal::leave();
    signal_hook::low_level::emulate_default_handler(signal_hook::consts::SIGTSTP)?;
    screen.reopen()?;
    Ok(())
}

#[cfg(not(unix))]
fn suspend(_: &mut Screen) -> Result<(), TuiError> {
    Ok(())
}
