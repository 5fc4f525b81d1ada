//! What screens, overlays and answers want done. The program itself does the first kinds; the loop does what is
//! [`WorldEffect`], and nothing else does.

use super::choice::ReviewScope;
use super::float::{Float, ListEntry};
use super::request::StoreRequest;
use super::tab::ScreenTab;
use super::work::{GoldTurn, LoadJob, TuneJob};
use crate::action::Action;
use crate::domain::{ConversationId, QueryMoment};
use crate::jobs::StoreAsOf;
use crate::store::LearnerKind;
use std::path::PathBuf;
use std::sync::Arc;

/// Something to be done.
#[derive(Clone, Debug)]
pub enum Effect {
    /// Show something else.
    Go(GoTo),
    /// Open something above the screen.
    Open(Float),
    /// Other entries for the list on top, where one stays open while its entries are switched.
    Relist(Vec<ListEntry>),
    /// For the form on top: how many it is about, in words.
    Counted(String),
    /// Say something at the foot of the screen.
    Say(FootMessage),
    /// Something about the program as a whole.
    Program(ProgramEffect),
    /// For the world outside.
    World(WorldEffect),
}

/// Where to go.
#[derive(Clone, Debug, PartialEq)]
pub enum GoTo {
    /// A screen, as it was left.
    Tab(ScreenTab),
    /// The queue with this query.
    Queue(String),
    /// One conversation in Review, of this scope or on its own.
    Item(ConversationId, Option<ReviewScope>),
    /// One turn in Review; leaving goes back to a screen.
    Turn(GoldTurn, ScreenTab),
    /// The open conversations of a scope in Review; leaving goes back to a screen.
    Scope(ReviewScope, ScreenTab),
}

/// A message for the foot of the screen.
#[derive(Clone, Debug, PartialEq)]
pub enum FootMessage {
    /// Neither good nor bad.
    Plain(String),
    /// Something went well.
    Good(String),
    /// Something went wrong, with details for whoever asks.
    Bad(String, String),
    /// Something good happened that nobody asked for: it stays until somebody is there to read it.
    Lasting(String),
    /// Why this could not be done: it is over once it can.
    Refused(&'static str, Action),
    /// What was decided: it stays in sight until the next decision.
    Decided(String),
    /// What was decided, and what to press next: that stands beside it until the next key, where there is room.
    DecidedThen(String, String),
    /// What was taken back: it stays as well.
    TakenBack(String),
    /// Not shown: what it was about, and details for whoever asks.
    Detail(String, String),
}

/// What concerns the program as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProgramEffect {
    /// Do what a key would ask for, if it can be done.
    Perform(Action),
    /// Read what is on the screen anew.
    Refresh,
    /// Keep where one is, so that the next start resumes here.
    RememberPlace,
    /// Press the keys that waited for an answer, until the store is asked again.
    PressHeld,
    /// A candidate was trained: the tour waits for it.
    Trained,
}

/// What is to be done outside of the program's state.
#[derive(Clone, Debug, PartialEq)]
pub enum WorldEffect {
    /// Ask the store thread.
    Ask(StoreRequest),
    /// Start long work on a thread of its own.
    Start(Job),
    /// Tell long work that nobody wants it any more.
    Stop(LongWork),
    /// Open a store in place of this one.
    Store(StoreEffect),
    /// Something that the terminal does.
    Terminal(TerminalEffect),
    /// Send `Msg::Expire` with this number after so many milliseconds.
    ExpireAfter(u64, u64),
    /// Leave.
    Quit,
}

/// Long work to be started.
#[derive(Clone, Debug, PartialEq)]
pub enum Job {
    /// The work of Fine-tune.
    Tune(TuneJob),
    /// Filling the store.
    Load(LoadJob),
    /// Drawing the learning curve.
    Curve,
    /// Renewing the predictions of the live release.
    Renewal,
    /// Making all that is stored findable by its words.
    Index,
    /// Looking for patterns in the failures.
    Patterns,
    /// Learning from what customers show: this, or whatever is due.
    Learn(Option<LearnerKind>),
    /// Counting what the AI said.
    Answers,
    /// Writing the owner's report.
    Report,
    /// Reading the store as of a date.
    LookBack(QueryMoment),
    /// Proposing a list of topics, or accepting what was proposed.
    Topics(TopicsJob),
    /// Looking for a failure mode of this name in all traffic.
    Detect(String),
}

/// What is done about topics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TopicsJob {
    /// Group first requests.
    Propose,
    /// Accept what was proposed last.
    Accept,
}

/// Long work that can be stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LongWork {
    /// The work of Fine-tune.
    Tune,
    /// Filling the store.
    Load,
    /// Drawing the learning curve.
    Curve,
    /// Renewing predictions.
    Renewal,
    /// Writing the owner's report.
    Report,
    /// Learning from what customers show.
    Learn,
    /// Reading the store as of a date.
    LookingBack,
    /// Looking for a failure mode.
    Detect,
}

/// What becomes of the open store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreEffect {
    /// Leave this store and open another.
    Switch(PathBuf),
    /// Open again what lies under the store's name.
    Reopen,
    /// Show the store as of a moment in place of today's.
    LookBack(Arc<StoreAsOf>),
    /// Show today's again.
    Present,
}

/// What the terminal is to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TerminalEffect {
    /// Put text on the clipboard.
    Copy(String),
    /// Ring the bell and name in the title what has ended.
    Notify(String),
    /// Give the terminal its title back.
    Title,
    /// Draw everything anew: what the terminal shows may not be ours.
    Redraw,
    /// Give the terminal back and stop, until the shell continues us.
    Suspend,
}

/// Asks the store thread.
pub fn ask(request: impl Into<StoreRequest>) -> Effect {
    Effect::World(WorldEffect::Ask(request.into()))
}

/// Starts long work.
pub fn start(job: Job) -> Effect {
    Effect::World(WorldEffect::Start(job))
}

/// Stops long work.
pub fn stop(work: LongWork) -> Effect {
    Effect::World(WorldEffect::Stop(work))
}

/// Lets the terminal do something.
pub fn terminal(effect: TerminalEffect) -> Effect {
    Effect::World(WorldEffect::Terminal(effect))
}

/// Says something that is neither good nor bad.
pub fn say(text: impl Into<String>) -> Vec<Effect> {
    vec![Effect::Say(FootMessage::Plain(text.into()))]
}

/// Says that something went well.
pub fn cheer(text: impl Into<String>) -> Vec<Effect> {
    vec![Effect::Say(FootMessage::Good(text.into()))]
}

/// Says what was decided, until something else is.
pub fn decided(text: impl Into<String>) -> Vec<Effect> {
    vec![Effect::Say(FootMessage::Decided(text.into()))]
}

/// Says that something went wrong, with details for whoever asks.
pub fn complain(text: impl Into<String>, detail: impl Into<String>) -> Vec<Effect> {
    vec![Effect::Say(FootMessage::Bad(text.into(), detail.into()))]
}

/// Says why an answer could not be taken, if it could not.
pub fn or_complain(what: &str, taken: Result<(), String>) -> Vec<Effect> {
    match taken {
        Ok(()) => Vec::new(),
        Err(why) => complain(what, why),
    }
}

/// Opens something above the screen.
pub fn open(float: impl Into<Float>) -> Vec<Effect> {
    vec![Effect::Open(float.into())]
}

/// Goes somewhere.
pub fn go(to: GoTo) -> Vec<Effect> {
    vec![Effect::Go(to)]
}

/// Does what a key would ask for.
pub fn perform(action: Action) -> Vec<Effect> {
    vec![Effect::Program(ProgramEffect::Perform(action))]
}
