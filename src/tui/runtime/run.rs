//! The only loop. It blocks while nothing happens, takes everything that has happened for at most 8 ms, and draws once.

use super::desk::{Clock, TuiError, WorkingDesk};
use super::jobs::Jobs;
use super::listen::{listen_to_input, listen_to_signals, suspend};
use super::running::RunningJobs;
use super::store_thread::StoreThread;
use super::terminal::{self, HookGuard, TerminalScreen};
use crate::domain::{ErrorCosts, ExternalAis};
use crate::jobs::StoreAsOf;
use crate::jobs::encoders::InstalledEncoders;
use crate::keymap::Keymap;
use crate::stop;
use crate::store::{Access, Founding};
use crate::theme::Theme;
use crate::tui::screens::tune::CandidateWays;
use crate::tui::state::app::App;
use crate::tui::state::effect::{StoreEffect, TerminalEffect, WorldEffect};
use crate::tui::state::msg::Msg;
use crate::tui::state::request::common::CommonAnswer;
use crate::tui::state::shared::MomentShown;
use crate::tui::update::{init, update};
use crate::tui::view::view;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

/// How long messages are taken before the next frame.
const DRAIN: Duration = Duration::from_millis(8);
/// How long the first frame waits for the terminal's background.
const BACKGROUND: Duration = Duration::from_millis(80);

/// What the program needs to know to start.
pub struct RunOptions {
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
    /// The terminal is asked whether its background is light.
    pub ask_background: bool,
    /// Keys.
    pub keymap: Keymap,
    /// The installed encoders.
    pub encoders: Arc<InstalledEncoders>,
    /// Trainers and AIs that the configuration names.
    pub outside: Arc<ExternalAis>,
    /// What an hour of a reviewer costs.
    pub hourly: Option<f64>,
    /// What a wrong answer and a hand-over cost.
    pub costs: ErrorCosts,
    /// Nothing may be changed.
    pub read_only: bool,
    /// What lies around the program.
    pub around: RunContext,
}

/// What lies around the program.
#[derive(Clone, Debug, Default)]
pub struct RunContext {
    /// The person's own directory: `~` in the file chooser.
    pub home: Option<PathBuf>,
    /// The file in which a demo is built.
    pub demo: Option<PathBuf>,
    /// Where mappings of CSV files are kept.
    pub profiles: Option<PathBuf>,
    /// Ring the bell when long work ends while nobody looks.
    pub bell: bool,
    /// The language that the person reads, as the system says.
    pub reads: Option<String>,
    /// The store is a demo that was built just now.
    pub new: bool,
    /// The store is one as of a moment, which has these words.
    pub as_of: Option<String>,
}

/// Everything that acts on the outside.
struct OutsideActors {
    store: StoreThread,
    jobs: Jobs,
    running: RunningJobs,
    /// How today's store is worked on, and the copy that is shown in its place.
    away: Option<(Jobs, Arc<StoreAsOf>)>,
    bell: bool,
    /// Messages to send later.
    alarms: Vec<(Instant, u64)>,
}

/// What the loop is to do after an effect.
#[derive(Default)]
struct LoopStep {
    quit: bool,
    redraw: bool,
    suspend: bool,
}

/// Opens the store, takes the terminal over and works until somebody leaves.
///
/// # Errors
/// The store or the terminal cannot be used.
pub fn run(options: RunOptions) -> Result<(), TuiError> {
    let (out, inbox) = channel();
    let desk = WorkingDesk {
        reviewer: options.reviewer.clone(),
        clock: Arc::clone(&options.clock),
        seed: options.seed,
        profiles: options.around.profiles.clone(),
        encoders: options.encoders,
        outside: Arc::clone(&options.outside),
        hourly: options.hourly,
    };
    let access = if options.read_only { Access::ReadOnly } else { Access::ReadWrite };
    let store = StoreThread::start(options.store.clone(), access, options.founding, desk.clone(), out.clone())?;
    let demo = options.around.demo.clone();
    let read_only = options.read_only;
    let jobs =
        Jobs { path: options.store, today: None, founding: options.founding, read_only, desk, demo, out: out.clone() };
    let mut hands = OutsideActors {
        store,
        jobs,
        running: RunningJobs::default(),
        away: None,
        bell: options.around.bell,
        alarms: Vec::new(),
    };
    let mut app = App::new(options.reviewer, options.read_only, (options.clock)(), options.theme, options.keymap);
    app.shared.home = options.around.home;
    app.shared.named(&hands.jobs.path);
    app.shared.reads = options.around.reads;
    app.shared.new_demo = options.around.new;
    app.shared.as_of = options.around.as_of.map(|words| MomentShown { moment: app.shared.now, words });
    app.tune.costs = options.costs;
    app.tune.ways = CandidateWays::of(&options.outside);

    terminal::install_panic_hook(out.clone());
    let _hook = HookGuard;
    let mut screen = TerminalScreen::open()?;
    let (asked, _heeding) = (out.clone(), stop::heed());
    let _told = stop::told(move || drop(asked.send(Msg::Terminate)));
    // What hangs is not waited for: the terminal is given back all the same.
    let _last = stop::last(terminal::leave);
    listen_to_signals(out.clone())?;
    listen_to_input(out)?;
    let mut after = LoopStep::default();
    for effect in init() {
        hands.act(effect, &mut after)?;
    }
    if options.ask_background {
        terminal::ask_background()?;
        for effect in first_colours(&mut app, &inbox) {
            hands.act(effect, &mut after)?;
        }
    }
    if after.quit {
        drop(screen);
        hands.finish();
        return Ok(());
    }
    work(&mut app, &mut screen, &mut hands, &inbox)?;
    drop(screen);
    hands.finish();
    Ok(())
}

/// Takes messages until the terminal has said what its background is, or for so long that nobody notices: the first frame
/// should not flash. Later answers are taken, too.
fn first_colours(app: &mut App, inbox: &Receiver<Msg>) -> Vec<WorldEffect> {
    let until = Instant::now() + BACKGROUND;
    let mut effects = Vec::new();
    while let Ok(msg) = inbox.recv_timeout(until.saturating_duration_since(Instant::now())) {
        let answered = matches!(msg, Msg::Background(_));
        effects.extend(update(app, msg));
        if answered {
            break;
        }
    }
    effects
}

fn work(
    app: &mut App,
    screen: &mut TerminalScreen,
    hands: &mut OutsideActors,
    inbox: &Receiver<Msg>,
) -> Result<(), TuiError> {
    app.shared.seen = screen.draw(|frame| view(app, frame))?;
    loop {
        let Some(first) = hands.wait(inbox) else { return Ok(()) };
        let mut after = LoopStep::default();
        let until = Instant::now() + DRAIN;
        let mut message = Some(first);
        for effect in update(app, Msg::Now((hands.jobs.desk.clock)())) {
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
        app.shared.seen = screen.draw(|frame| view(app, frame))?;
    }
}

impl OutsideActors {
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

    fn act(&mut self, effect: WorldEffect, after: &mut LoopStep) -> Result<(), TuiError> {
        match effect {
            WorldEffect::Ask(request) => self.store.ask(request),
            WorldEffect::Start(job) => self.running.start(&self.jobs, job).map_err(TuiError::Thread)?,
            WorldEffect::Stop(work) => self.running.cancel(work),
            WorldEffect::Store(StoreEffect::Reopen) => self.reopen(),
            WorldEffect::Store(StoreEffect::Switch(path)) => {
                if let Err(e) = self.switch(path) {
                    self.tell(&e);
                }
            }
            WorldEffect::Store(StoreEffect::LookBack(found)) => self.look_back(&found),
            WorldEffect::Store(StoreEffect::Present) => self.come_back(),
            WorldEffect::ExpireAfter(id, ms) => self.alarms.push((Instant::now() + Duration::from_millis(ms), id)),
            WorldEffect::Terminal(TerminalEffect::Copy(text)) => terminal::copy(&text)?,
            WorldEffect::Terminal(TerminalEffect::Notify(words)) => terminal::notify(&words, self.bell)?,
            WorldEffect::Terminal(TerminalEffect::Title) => terminal::title("appraise")?,
            WorldEffect::Terminal(TerminalEffect::Redraw) => after.redraw = true,
            WorldEffect::Terminal(TerminalEffect::Suspend) => after.suspend = true,
            WorldEffect::Quit => after.quit = true,
        }
        Ok(())
    }

    /// Opens again what lies under the store's name, or says why that cannot be.
    fn reopen(&mut self) {
        let path = self.jobs.path.clone();
        let opened = match path.exists() {
            true => self.switch(path).map_err(|e| e.to_string()),
            false => Err(format!("nothing is at {}; put a backup there, then open it", path.display())),
        };
        if let Err(why) = opened {
            self.jobs.out.send(Msg::answer(CommonAnswer::Gone(why))).ok();
        }
    }

    /// Shows the store as it was, with that moment for now.
    fn look_back(&mut self, found: &Arc<StoreAsOf>) {
        let moment = found.moment();
        let own = self.jobs.clone();
        self.jobs.read_only = true;
        self.jobs.desk.clock = Arc::new(move || moment);
        match self.switch(found.path().to_owned()) {
            Ok(()) => {
                let words = found.words().to_owned();
                self.jobs.today = Some(own.path.clone());
                self.away = Some((own, Arc::clone(found)));
                self.jobs.out.send(Msg::MomentShown(Some(MomentShown { moment, words }))).ok();
            }
            Err(e) => {
                self.jobs = own;
                self.tell(&e);
            }
        }
    }

    /// Shows today's store again; the copy goes.
    fn come_back(&mut self) {
        let Some((own, found)) = self.away.take() else {
            let told =
                CommonAnswer::Told("it was started as of this date", "leave, and start without --as-of".to_owned());
            return drop(self.jobs.out.send(Msg::answer(told)));
        };
        let then = std::mem::replace(&mut self.jobs, own.clone());
        match self.switch(own.path.clone()) {
            Ok(()) => drop(self.jobs.out.send(Msg::MomentShown(None))),
            Err(e) => {
                self.jobs = then;
                self.away = Some((own, found));
                self.tell(&e);
            }
        }
    }

    /// Says why a store could not be opened; the one before it stays.
    fn tell(&self, why: &TuiError) {
        // The loop is there to hear of it.
        let told = CommonAnswer::Told("something could not be done", why.to_string());
        self.jobs.out.send(Msg::answer(told)).ok();
    }

    /// Opens another store in place of this one. What was asked of this one is answered before.
    fn switch(&mut self, path: PathBuf) -> Result<(), TuiError> {
        let access = if self.jobs.read_only { Access::ReadOnly } else { Access::ReadWrite };
        let Jobs { founding, desk, out, .. } = self.jobs.clone();
        let next = StoreThread::start(path.clone(), access, founding, desk, out)?;
        self.running.leave_store();
        self.jobs.path = path;
        std::mem::replace(&mut self.store, next).finish();
        Ok(())
    }

    /// Stops what runs and waits for it; what the store was told last is written first.
    fn finish(self) {
        self.running.finish();
        self.store.finish();
    }
}
