//! The store thread: it owns a connection and answers requests. A read that a newer one supersedes is not made, and is
//! interrupted when it is being made; orders go before reads that nobody waits for.

use super::files;
use super::run::{Clock, TuiError};
use super::triage;
use crate::domain::{Change, ConversationId, DecisionId, Kind, Outside, Review, Role, TurnKey};
use crate::jobs;
use crate::jobs::encoders::{Installed, Vectors};
use crate::store::{Access, Attempt, Founding, NewCycle, Overview, Place, SetBack, Store, StoreError, Undone};
use crate::tui::state::msg::Msg;
use crate::tui::state::request::{Answer, Open, Request, Shown, TakenBack, Then, Which};
use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// What the store thread needs to know about who works here.
#[derive(Clone)]
pub struct Desk {
    /// Who decides.
    pub reviewer: String,
    /// What time it is.
    pub clock: Clock,
    /// Seed of samples that are drawn.
    pub seed: u64,
    /// Where mappings of CSV files are kept.
    pub profiles: Option<PathBuf>,
    /// The installed encoders.
    pub encoders: Arc<Installed>,
    /// Trainers and AIs that the configuration names.
    pub outside: Arc<Outside>,
    /// What an hour of a reviewer costs.
    pub hourly: Option<f64>,
}

/// The read that is being made, if a newer one may interrupt it.
#[derive(Clone, Copy, Debug, Default)]
struct Reading {
    kind: Option<u8>,
    given_up: bool,
}

type Running = Arc<Mutex<Reading>>;

/// The other end of the store thread.
pub struct Worker {
    requests: Sender<Request>,
    running: Running,
    interrupt: Box<dyn Fn() + Send>,
    thread: std::thread::JoinHandle<()>,
}

impl Worker {
    /// Starts the thread, which opens the store.
    ///
    /// # Errors
    /// The store cannot be opened; the system gives no thread.
    pub fn start(
        path: PathBuf,
        access: Access,
        founding: Founding,
        desk: Desk,
        out: Sender<Msg>,
    ) -> Result<Self, TuiError> {
        let (requests, inbox) = channel();
        let running = Running::default();
        let seen = Arc::clone(&running);
        let (ready, opened) = channel();
        let work = move || match Store::open(&path, access, founding) {
            Ok(store) => {
                // Whoever waits for it is still there.
                ready.send(Ok(store.interrupter())).ok();
                let store = store.with_encoders(desk.encoders.clone()).with_outside(desk.outside.clone());
                serve(store, &desk, &inbox, &out, &seen);
            }
            Err(e) => drop(ready.send(Err(e))),
        };
        let thread = std::thread::Builder::new().name("store".to_owned()).spawn(work).map_err(TuiError::Thread)?;
        let handle = opened.recv().map_err(|_| TuiError::Thread(std::io::Error::other("the store thread broke")))??;
        Ok(Self { requests, running, interrupt: Box::new(move || handle.interrupt()), thread })
    }

    /// Waits until everything that was asked is done.
    pub fn finish(self) {
        drop(self.requests);
        self.thread.join().ok();
    }

    /// Asks; a read in progress that this one supersedes is given up.
    pub fn ask(&self, request: Request) {
        if let Some(kind) = request.supersedes() {
            // Held while interrupting: the thread cannot go on to something else in between.
            let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
            if running.kind == Some(kind) {
                running.given_up = true;
                (self.interrupt)();
            }
        }
        // The thread only ends with the program.
        self.requests.send(request).ok();
    }
}

/// How often the thread looks for what others have done.
const LOOK: Duration = Duration::from_millis(300);
/// Looks without anything happening before it tidies up.
const QUIET: u32 = 10;

fn serve(mut store: Store, desk: &Desk, inbox: &Receiver<Request>, out: &Sender<Msg>, running: &Running) {
    let mut waiting: VecDeque<Request> = VecDeque::new();
    let (mut looked, mut quiet, mut gone) = (Instant::now(), 0, false);
    let mut set_back = SetBack::default();
    store = store.with_set_back(set_back.clone());
    loop {
        if waiting.is_empty() {
            match inbox.recv_timeout(LOOK) {
                Ok(request) => waiting.push_back(request),
                Err(RecvTimeoutError::Timeout) => {}
                // The program ends, and everything that was asked is done.
                Err(RecvTimeoutError::Disconnected) => {
                    // What cannot be given back lapses.
                    store.claim(&desk.reviewer, (desk.clock)(), None).ok();
                    return;
                }
            }
        }
        waiting.extend(inbox.try_iter());
        quiet = if waiting.is_empty() { quiet + 1 } else { 0 };
        if looked.elapsed() >= LOOK {
            looked = Instant::now();
            if let (Err(e), false) = (store.still_there(), gone) {
                gone = true;
                out.send(Msg::Answer(Box::new(Answer::Gone(words(e))))).ok();
            }
            store.renew_claim(&desk.reviewer, (desk.clock)()).ok();
            // A store that cannot be read says so when somebody asks for something.
            if store.others_committed().unwrap_or(false) {
                quiet = 0;
                out.send(Msg::Answer(Box::new(Answer::Changed))).ok();
            }
        }
        if quiet == QUIET {
            tidy(&mut store, || {
                waiting.extend(inbox.try_iter());
                waiting.is_empty()
            });
        }
        let Some(request) = next(&mut waiting) else { continue };
        let set = |kind| {
            let now = Reading { kind, given_up: false };
            std::mem::replace(&mut *running.lock().unwrap_or_else(PoisonError::into_inner), now)
        };
        set(request.supersedes());
        if let Some(early) = early(&store, desk, &request) {
            out.send(Msg::Answer(Box::new(early))).ok();
        }
        let is_decision = request.decides();
        let work = std::panic::AssertUnwindSafe(|| answer(&mut store, desk, request));
        // The panic hook has told the screen already.
        let answer = std::panic::catch_unwind(work).unwrap_or(None);
        if let Some(words) = set_back.words(store.zone().unwrap_or_default()) {
            out.send(Msg::Answer(Box::new(Answer::Told("the clock is behind", words)))).ok();
            // Once is enough: nobody tells this one any more.
            set_back = SetBack::default();
        }
        // What was given up has an error for an answer, or one that nobody waits for.
        let given_up = set(None).given_up;
        if let Some(answer) = answer.filter(|_| !given_up) {
            // The screen may be gone already; orders are carried out all the same.
            out.send(Msg::Answer(Box::new(answer))).ok();
        }
        // Whoever goes on deciding is told again.
        gone &= !is_decision;
    }
}

/// Packs the columns when opening would be quicker for it, as long as nobody asks for anything. They are a cache: what fails
/// here is tried again some other time.
fn tidy(store: &mut Store, go_on: impl FnMut() -> bool) {
    if store.wants_packing().unwrap_or(false) {
        store.pack(go_on).ok();
    }
    store.trim_changes().ok();
}

/// The request to serve now: superseded reads go, the first order comes before any read that can be superseded.
fn next(waiting: &mut VecDeque<Request>) -> Option<Request> {
    let newest = |i: usize, r: &Request| {
        r.supersedes().is_none_or(|kind| !waiting.iter().skip(i + 1).any(|later| later.supersedes() == Some(kind)))
    };
    let keep: Vec<bool> = waiting.iter().enumerate().map(|(i, r)| newest(i, r)).collect();
    let mut keep = keep.into_iter();
    waiting.retain(|_| keep.next().unwrap_or(true));
    let order = waiting.iter().position(|r| r.supersedes().is_none()).unwrap_or(0);
    waiting.remove(order)
}

/// How long a search may take before what it has found so far is shown.
const PATIENCE: Duration = Duration::from_millis(4);

/// The first rows of a search that takes longer; the whole answer follows.
fn early(store: &Store, desk: &Desk, request: &Request) -> Option<Answer> {
    let Request::Page(p) = request else { return None };
    if p.place != Place::Start {
        return None;
    }
    let begin = Instant::now();
    let enough = || begin.elapsed() >= PATIENCE;
    let page = store.queue_first(&p.query, p.sort, p.limit, (desk.clock)(), enough).ok()??;
    let page = store.find_elsewhere(page, &p.query).ok()?;
    Some(Answer::Page(p.clone(), Ok(page)))
}

/// An error as words for a person.
pub(in crate::tui) fn words(e: impl std::fmt::Display) -> String {
    e.to_string()
}

/// Answers a request; `None` where nobody waits for an answer.
pub(in crate::tui) fn answer(store: &mut Store, desk: &Desk, request: Request) -> Option<Answer> {
    let now = (desk.clock)();
    let who = desk.reviewer.as_str();
    Some(match request {
        Request::Overview => Answer::Overview(overview(store, desk)),
        Request::OverviewPage => Answer::OverviewPage(store.overview_page(now).map(Box::new).map_err(words)),
        Request::Page(p) => {
            let page = triage::page(store, &p, now);
            Answer::Page(p, page)
        }
        Request::Count(query, g) => Answer::Count(store.queue_count(&query, now).map_err(words), g),
        Request::Preview(id, g) => Answer::Preview(store.review_item(id).map(Box::new).map_err(words), g),
        Request::Open(open, g) => Answer::Opened(show(store, &open, desk).map_err(words), g),
        Request::Decide(changes, then, seen, g) => match decide(store, desk, &changes, seen) {
            Ok(Attempt::Saved(_)) => {
                drop_drafts(store, desk, &changes);
                Answer::Decided(Ok(afterwards(store, then, desk).map_err(words)), g)
            }
            Ok(Attempt::Overtaken(said)) => Answer::Overtaken(said, changes, then, g),
            Err(e) => Answer::Decided(Err(words(e)), g),
        },
        Request::Reread(id) => Answer::Reread(store.review_item(id).map(Box::new).map_err(words)),
        Request::Claim(open) => match store.claim(who, now, open) {
            Ok(()) => return None,
            Err(e) => Answer::Told("something could not be done", words(e)),
        },
        Request::Progress(scope) => {
            let progress = store.scope_progress(&scope, now).map_err(words);
            Answer::Progress(scope, progress)
        }
        Request::Undo => Answer::Undone(taken_back(store.undo(who, now))),
        Request::Redo => Answer::Redone(taken_back(store.redo(who, now))),
        Request::Intents => Answer::Intents(store.intents().map_err(words)),
        Request::AddIntent(name, g) => Answer::IntentAdded(triage::judged_as(store, who, now, &name).map_err(words), g),
        Request::Releases => Answer::Releases(releases(store).map_err(words)),
        Request::Comparison(which, g) => {
            let found = match which {
                Which::Of(release) => store.comparison_of(release),
                Which::Row(row) => store.comparison(row),
            };
            Answer::Comparison(found.map(|c| c.map(Box::new)).map_err(words), g)
        }
        Request::Pins => Answer::Pins(store.pinned_turns().map_err(words)),
        Request::Labels(turns) => {
            let labels = store.labels_of(&turns).map_err(words);
            Answer::Labels(turns, labels)
        }
        Request::Registry => Answer::Registry(store.registry().map(Box::new).map_err(words)),
        Request::OpenHalf => {
            let version = store.gold_version();
            let rows = version.and_then(|v| v.map_or(Ok(Vec::new()), |v| store.gold_rows(v)));
            Answer::OpenHalf(rows.map_err(words))
        }
        other => return order(store, desk, other),
    })
}

/// Saves decisions, of whoever has seen the log up to a decision only where nobody else judged the same since.
pub(in crate::tui) fn decide(
    store: &mut Store,
    desk: &Desk,
    changes: &[Change],
    seen: Option<DecisionId>,
) -> Result<Attempt, StoreError> {
    let (who, now) = (desk.reviewer.as_str(), (desk.clock)());
    match seen {
        Some(seen) => store.decide_if_seen(who, now, changes, seen),
        None => store.decide(who, now, changes).map(Attempt::Saved),
    }
}

/// Orders that are rare.
fn order(store: &mut Store, desk: &Desk, request: Request) -> Option<Answer> {
    let now = (desk.clock)();
    let who = desk.reviewer.as_str();
    Some(match request {
        Request::OpenCycle { name, scope, goal } => {
            let new = NewCycle { name: name.as_deref(), scope: &scope, goal, seed: desk.seed };
            Answer::CycleOpened(store.open_cycle(who, now, &new).map_err(words))
        }
        Request::CloseCycle(id) => Answer::CycleClosed(store.close_cycle(now, id).map_err(words)),
        Request::RollBack(back, reason) => {
            Answer::RolledBack(jobs::rollback(store, who, now, &reason, Some(back)).map_err(words))
        }
        Request::Pin((id, turn), pinned) => {
            Answer::Pinned(store.decide(who, now, &[Change::pin(id, turn, pinned)]).map(|_| pinned).map_err(words))
        }
        Request::Promote { release, reason, over } => {
            Answer::Promoted(jobs::promote(store, who, now, release, &reason, over).map(|()| release).map_err(words))
        }
        Request::FreezeGold => Answer::GoldFrozen(store.freeze_gold(who, now, Some("new test labels")).map_err(words)),
        Request::Reject(id, reason) => {
            Answer::Rejected(store.reject(who, now, id, &reason).map(|()| id).map_err(words))
        }
        Request::Remember(key, value) => match store.remember(who, now, key, &value) {
            Ok(()) => return None,
            // A store opened read-only keeps nothing; that is no news.
            Err(StoreError::Refused(_)) => return None,
            Err(e) => Answer::Told("something could not be done", words(e)),
        },
        Request::Draft(id, turn, text) => match store.keep_draft(who, now, (id, turn), text.as_deref()) {
            Ok(()) | Err(StoreError::Refused(_)) => return None,
            Err(e) => Answer::Told("something could not be done", words(e)),
        },
        Request::List(dir) => Answer::Listed(files::list(&dir)),
        Request::SaveProfile(name, mapping) => {
            let saved = files::save_profile(desk.profiles.as_deref(), &name, &mapping);
            Answer::ProfileSaved(name, saved)
        }
        Request::Look(path, mapping) => {
            let look = files::look(&path, mapping.map(|m| *m), desk.profiles.as_deref(), now).map(Box::new);
            Answer::Looked(path, look)
        }
        Request::Recall(key) => Answer::Recalled(key, store.recall(who, key).unwrap_or_default()),
        Request::Judgements(before, after) => {
            Answer::Judgements(after, store.judgements(who, before, after).map_err(words))
        }
        Request::Prefer(pair, said) => {
            let saved = store.prefer(who, now, pair, said);
            Answer::Preferred(
                pair.after,
                saved.and_then(|()| store.judgements(who, pair.before, pair.after)).map_err(words),
            )
        }
        Request::SaidBefore(id, turn) => Answer::SaidBefore(id, turn, said_before(store, id, turn).map_err(words)),
        other => return triage::answer(store, desk, other),
    })
}

/// The last few turns of customer and AI before a turn.
fn said_before(store: &Store, id: ConversationId, turn: TurnKey) -> Result<Vec<(Role, String)>, StoreError> {
    const TURNS: usize = 4;
    let conversation = store.conversation(id)?;
    let place = conversation.place_of(turn).unwrap_or_default();
    let talk = conversation.turns.into_iter().take(place).filter(|t| matches!(t.role, Role::User | Role::Bot));
    let talk: Vec<(Role, String)> = talk.map(|t| (t.role, t.text)).collect();
    Ok(talk[talk.len().saturating_sub(TURNS)..].to_vec())
}

/// The counts, with the encoder that a run would really use: one that the store names may not be installed here.
fn overview(store: &Store, desk: &Desk) -> Result<Box<Overview>, String> {
    let mut counts = store.overview().map_err(words)?;
    let vectors = Vectors::of_store(&desk.encoders, store).map_err(words)?;
    counts.encoder = Some(vectors.name().to_owned());
    Ok(Box::new(counts))
}

fn taken_back(undone: Result<Undone, StoreError>) -> Result<TakenBack, String> {
    undone.map(|u| TakenBack { words: u.words, conversation: u.conversation }).map_err(words)
}

fn releases(
    store: &Store,
) -> Result<(Vec<crate::store::ReleaseRow>, Option<Box<crate::domain::Comparison>>), StoreError> {
    Ok((store.releases()?, store.newest_comparison()?.map(Box::new)))
}

fn item(store: &Store, id: Option<ConversationId>, desk: &Desk) -> Result<Shown, StoreError> {
    let Some(id) = id else { return Ok(None) };
    let mut item = store.review_item(id)?;
    item.drafts = store.drafts(&desk.reviewer, id)?;
    Ok(Some(Box::new(item)))
}

/// A draft that was saved is none any more. Where it cannot be thrown away it is offered again, which harms nobody.
fn drop_drafts(store: &Store, desk: &Desk, changes: &[Change]) {
    for change in changes.iter().filter(|c| c.kind == Kind::Response) {
        if let Some(turn) = change.target.turn {
            let at = (ConversationId(change.target.subject), turn);
            store.keep_draft(&desk.reviewer, (desk.clock)(), at, None).ok();
        }
    }
}

fn show(store: &Store, open: &Open, desk: &Desk) -> Result<Shown, StoreError> {
    match open {
        Open::Item(id) => item(store, Some(*id), desk),
        Open::Next(scope, after) => {
            let mut next = store.next_item(scope, *after, &desk.reviewer, (desk.clock)())?;
            if next.is_none()
                && let Some(here) = *after
                && store.review_item(here)?.status == Review::Open
            {
                // The only open one is the one on the screen.
                next = Some(here);
            }
            item(store, next, desk)
        }
    }
}

fn afterwards(store: &Store, then: Then, desk: &Desk) -> Result<Shown, StoreError> {
    match then {
        Then::Next(scope, after) => {
            item(store, store.next_item(&scope, Some(after), &desk.reviewer, (desk.clock)())?, desk)
        }
        Then::Stay(id) => item(store, Some(id), desk),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Query, Sort};
    use crate::tui::state::request::PageRequest;

    #[test]
    fn superseded_reads_go_and_orders_come_first() {
        let count = |g| Request::Count(Query::default(), g);
        let mut waiting: VecDeque<Request> = [count(1), Request::Overview, count(2), Request::Undo].into();
        assert_eq!(next(&mut waiting), Some(Request::Undo));
        assert_eq!(next(&mut waiting), Some(Request::Overview));
        assert_eq!(next(&mut waiting), Some(count(2)));
        assert_eq!(next(&mut waiting), None);
    }

    #[test]
    fn of_pages_and_counts_that_fast_typing_asks_for_only_the_last_is_read() {
        let text = |n: usize| Query::parse(&"refund"[..n]).unwrap();
        let page = |n: usize| {
            let place = crate::store::Place::Start;
            let asked = PageRequest { query: text(n), sort: Sort::VALUE, place, limit: 9, generation: n as u64 };
            Request::Page(asked)
        };
        let mut waiting: VecDeque<Request> =
            (1..=6).flat_map(|n| [page(n), Request::Counts(vec![text(n)], n as u64)]).collect();
        assert_eq!(next(&mut waiting), Some(page(6)));
        assert_eq!(next(&mut waiting), Some(Request::Counts(vec![text(6)], 6)));
        assert_eq!(next(&mut waiting), None);
    }
}
