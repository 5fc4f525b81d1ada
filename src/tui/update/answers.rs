//! Answers of the store.

use super::keys::replay;
use crate::action::Action;
use crate::domain::ReleaseId;
use crate::store::{CycleRow, Judgements};
use crate::tui::guide::hints;
use crate::tui::guide::tour;
use crate::tui::overlays::{self, Overlay};
use crate::tui::screens::overview;
use crate::tui::screens::queue::{bar, jump, marks, views};
use crate::tui::screens::review::{self, decide};
use crate::tui::screens::tune::{self, Background, Front};
use crate::tui::state::app::{App, Screen};
use crate::tui::state::effect::Effect;
use crate::tui::state::msg::Progress;
use crate::tui::state::request::{Answer, Open, Request, Shown, TakenBack};
use crate::tui::widgets::words;

/// What undo did.
const UNDONE: &str = "taken back";

/// Takes an answer.
pub fn take(app: &mut App, answer: Answer) -> Vec<Effect> {
    match answer {
        Answer::Overview(o) => {
            let taken = app.shared.overview.take(o.map(|o| *o));
            let mut effects = or_complain(app, "the counts could not be read", taken);
            effects.extend(renew(app));
            effects.extend(index(app));
            effects
        }
        Answer::OverviewPage(page) => {
            let taken = overview::take(app, page);
            or_complain(app, "the figures could not be read anew", taken)
        }
        Answer::Page(asked, page) => match app.queue.take(&asked, page) {
            Ok(effects) => effects,
            Err(why) => app.complain("the queue could not be read anew", why),
        },
        Answer::Count(n, generation) => {
            app.queue.take_count(n, generation);
            Vec::new()
        }
        Answer::Preview(item, _) => {
            app.queue.take_preview(item);
            Vec::new()
        }
        Answer::Opened(shown, generation) => opened(app, shown, generation),
        Answer::Progress(scope, progress) => {
            if app.review.scope.as_ref() == Some(&scope) {
                app.review.progress = progress.ok().or(app.review.progress);
            }
            Vec::new()
        }
        Answer::Decided(saved, generation) => decided(app, saved, generation),
        Answer::Overtaken(said, changes, then, generation) if generation == app.review.wait.generation => {
            review::meanwhile::ask(app, &said, changes, then)
        }
        Answer::Reread(Ok(item)) => {
            review::meanwhile::take(app, *item);
            Vec::new()
        }
        Answer::Undone(t) => taken_back(app, t, UNDONE),
        Answer::Redone(t) => taken_back(app, t, "made again"),
        Answer::Intents(intents) => {
            let taken = intents.map(|all| app.shared.intents = in_use(all));
            app.shared.intents_known = true;
            let mut effects = or_complain(app, "the intents could not be read", taken);
            effects.extend(replay(app));
            effects
        }
        Answer::IntentAdded(added, generation) => intent_added(app, added, generation),
        Answer::Changed => changed(app),
        Answer::Releases(answer) => {
            let taken = app.tune.take_releases(answer);
            let mut effects = or_complain(app, "the releases could not be read", taken);
            effects.extend(tune::pane_shown(app));
            effects
        }
        Answer::Comparison(c, generation) => {
            let taken = app.tune.take_comparison(c, generation);
            let mut effects = or_complain(app, "the comparison could not be read", taken);
            effects.extend(tune::pane_shown(app));
            effects
        }
        Answer::Registry(facts) => {
            let taken = app.tune.take_registry(facts);
            or_complain(app, "the releases could not be read", taken)
        }
        Answer::OpenHalf(rows) => {
            let taken = app.tune.views.registry.take_open_half(rows);
            or_complain(app, "the open half could not be read", taken)
        }
        Answer::Judgements(after, said) => judgements(app, after, said, "what was judged could not be read"),
        Answer::Preferred(after, said) => judgements(app, after, said, "the judgement was not saved"),
        Answer::SaidBefore(id, turn, said) => {
            if let (Some(Overlay::Judge(judge)), Ok(said)) = (app.overlays.last_mut(), said) {
                judge.take_context((id, turn), said);
            }
            Vec::new()
        }
        Answer::CycleOpened(row) => cycle(app, row, true),
        Answer::CycleClosed(row) => cycle(app, row, false),
        Answer::Promoted(release) => promoted(app, release.map(|r| r.0)),
        Answer::RolledBack(release) => rolled_back(app, release.map(|r| r.0)),
        Answer::Pinned(Ok(pinned)) => {
            let mut effects = app.cheer(match pinned {
                true => "pinned: a candidate that breaks this turn is refused",
                false => "not pinned any more",
            });
            effects.push(Effect::Ask(Request::Pins));
            effects
        }
        Answer::Pins(Ok(pins)) => {
            app.tune.take_pins(&pins);
            Vec::new()
        }
        Answer::Pins(Err(why)) => app.complain("the pins could not be read", why),
        Answer::Labels(turns, Ok(labels)) => {
            app.tune.views.replay.take_labels(&turns, labels);
            Vec::new()
        }
        Answer::Labels(_, Err(why)) => app.complain("what was judged meanwhile could not be read", why),
        Answer::Pinned(Err(why)) => app.complain("the turn was not pinned", why),
        Answer::GoldFrozen(version) => gold_frozen(app, version.map(|v| v.0)),
        Answer::Rejected(release) => rejected(app, release.map(|r| r.0)),
        Answer::Recalled("place", kept) => super::begin(app, kept.as_deref()),
        Answer::Recalled(hints::KEY, kept) => {
            app.hints.recalled(kept.as_deref());
            Vec::new()
        }
        Answer::Listed(listing) => overlays::import::listed(app, listing),
        Answer::ProfileSaved(name, saved) => match saved {
            Ok(()) => app.cheer(format!("saved as profile {name}")),
            Err(why) => app.complain("the profile was not saved", why),
        },
        Answer::Looked(path, look) => overlays::import::looked(app, &path, look),
        Answer::Gone(why) => overlays::store_gone(app, &why),
        Answer::Told(what, more) => app.complain(what, more),
        other => triage(app, other),
    }
}

/// Answers that only the Queue asks for.
fn triage(app: &mut App, answer: Answer) -> Vec<Effect> {
    match answer {
        Answer::Counts(counts, generation) => {
            app.queue.views.take(counts, generation);
            Vec::new()
        }
        Answer::Recalled(views::KEY, kept) => {
            app.queue.views.recalled(kept.as_deref());
            Vec::new()
        }
        Answer::Recalled(bar::KEY, kept) => {
            app.queue.bar.history.recalled(kept.as_deref());
            Vec::new()
        }
        Answer::Vocabulary(Ok(vocabulary)) => views::take_vocabulary(app, *vocabulary),
        Answer::Vocabulary(Err(why)) => app.complain("the names for queries could not be read", why),
        Answer::Jumped(asked, landing) => jump::land(app, &asked, landing),
        Answer::MarkAll(Ok(page), generation) if generation == app.queue.generation() => {
            marks::take_all(app, &page.rows, page.after)
        }
        Answer::MarkAll(Err(why), _) => app.complain("nothing is marked", why),
        Answer::DecidedMany(answer) => marks::decided(app, answer),
        Answer::ManyOvertaken(said, ids, judgement, seen) => {
            review::meanwhile::ask_many(app, &said, ids, judgement, seen)
        }
        _ => Vec::new(),
    }
}

/// Guesses of an older release, or none, and signs that nobody has read are brought up to date in the background.
fn renew(app: &mut App) -> Vec<Effect> {
    let stale = app.shared.overview.ready().is_some_and(|o| o.stale);
    if !stale || app.shared.read_only || app.loading.is_some() || app.tune.renewal != Background::Idle {
        return Vec::new();
    }
    app.tune.renewal = Background::Running(Progress::default());
    vec![Effect::Renew]
}

/// What cannot be found by its words yet is made so in the background, once an import is through.
fn index(app: &mut App) -> Vec<Effect> {
    let behind = app.shared.overview.ready().is_some_and(|o| !o.search.is_complete());
    if !behind || app.shared.read_only || app.loading.is_some() || app.indexing != Background::Idle {
        return Vec::new();
    }
    app.indexing = Background::Running(Progress::default());
    vec![Effect::Index]
}

/// What people said of the answers on the screen.
fn judgements(app: &mut App, after: ReleaseId, said: Result<Judgements, String>, what: &str) -> Vec<Effect> {
    if app.tune.shown().is_none_or(|c| c.release != after) {
        return Vec::new();
    }
    let judge = match app.overlays.last_mut() {
        Some(Overlay::Judge(judge)) => Some(judge),
        _ => None,
    };
    match said {
        Ok(said) => {
            let effects = judge.map(|j| j.take(&said)).unwrap_or_default();
            app.tune.judgements = Some(said);
            effects
        }
        Err(why) => {
            judge.into_iter().for_each(|j| j.give_up());
            app.complain(what, why)
        }
    }
}

fn or_complain(app: &mut App, what: &str, taken: Result<(), String>) -> Vec<Effect> {
    match taken {
        Ok(()) => Vec::new(),
        Err(why) => app.complain(what, why),
    }
}

/// A conversation is on the screen: remember it, and go on with the keys that waited.
fn settle(app: &mut App) -> Vec<Effect> {
    let mut effects = vec![Effect::Ask(Request::Remember("place", review::place(app).to_string()))];
    effects.extend(app.review.scope.clone().map(|s| Effect::Ask(Request::Progress(s))));
    effects.extend(replay(app));
    effects
}

fn opened(app: &mut App, shown: Result<Shown, String>, generation: u64) -> Vec<Effect> {
    if generation != app.review.wait.generation {
        return Vec::new();
    }
    app.review.take(shown, generation);
    settle(app)
}

fn decided(app: &mut App, saved: Result<Result<Shown, String>, String>, generation: u64) -> Vec<Effect> {
    if generation != app.review.wait.generation {
        return Vec::new();
    }
    match saved {
        Ok(shown) => {
            app.review.take(shown, generation);
            let mut effects = vec![Effect::Ask(Request::Overview)];
            effects.extend(settle(app));
            effects
        }
        Err(why) => {
            // Keys that were meant for what would have come next must not act on this one.
            app.review.wait.busy = false;
            app.review.wait.typed.clear();
            app.complain("not saved", why)
        }
    }
}

fn taken_back(app: &mut App, t: Result<TakenBack, String>, done: &str) -> Vec<Effect> {
    let in_review = app.screen == Screen::Review;
    let mut effects = Vec::new();
    let mut reopen = None;
    match t {
        Ok(t) => {
            if done == UNDONE {
                tour::undone(app);
            }
            effects.extend(app.cheer(format!("{done}: {}", words::line(&t.words))));
            effects.push(Effect::Ask(Request::Overview));
            effects.push(Effect::Ask(Request::Intents));
            reopen = t.conversation;
        }
        Err(why) => effects.extend(app.say(why)),
    }
    if app.screen == Screen::FineTune {
        effects.extend(tune::pane_shown(app));
        effects.extend(tune::refresh(app));
    }
    if let Some(Overlay::Judge(judge)) = app.overlays.last_mut() {
        judge.give_up();
    }
    match (in_review, reopen) {
        (true, Some(id)) => {
            let generation = app.review.next_request();
            effects.push(Effect::Ask(Request::Open(Open::Item(id), generation)));
        }
        (true, None) => {
            app.review.wait.busy = false;
            effects.extend(replay(app));
        }
        (false, reopen) => {
            effects.extend(app.queue.refresh());
            effects.extend(views::ask_counts(app));
            if let Some(id) = reopen {
                app.queue.window.select(id);
            }
        }
    }
    effects
}

/// The intents in use; what was merged into one of them is among its other names.
fn in_use(all: Vec<crate::store::IntentRow>) -> Vec<crate::store::IntentRow> {
    let (mut used, others): (Vec<_>, Vec<_>) = all.into_iter().partition(|i| i.state == "active");
    for other in others {
        let Some(stands) = used.iter_mut().find(|i| Some(&i.name) == other.merged_into.as_ref()) else { continue };
        stands.aliases.extend(std::iter::once(other.name).chain(other.aliases));
    }
    used
}

fn intent_added(
    app: &mut App,
    added: Result<crate::tui::state::request::NamedIntent, String>,
    generation: u64,
) -> Vec<Effect> {
    if generation != app.review.wait.generation {
        return Vec::new();
    }
    app.review.wait.busy = false;
    match added {
        Ok(named) => {
            let mut effects = vec![Effect::Ask(Request::Intents)];
            if !named.created {
                app.review.proposal = None;
            }
            effects.extend(decide::label(app, named.id, named.created));
            if let Some(said) = named.said {
                effects.extend(app.say(said));
            }
            effects
        }
        Err(why) => {
            app.review.wait.typed.clear();
            app.review.proposal = None;
            app.complain("the intent could not be made", why)
        }
    }
}

fn cycle(app: &mut App, row: Result<CycleRow, String>, opened: bool) -> Vec<Effect> {
    match row {
        Ok(row) => {
            let name = words::line(&row.name);
            let text = match opened {
                true => format!("cycle {name} is open: {} to review; r begins", row.goal),
                false => {
                    let key = app.keys.map.key_of(Action::Tab(Screen::FineTune.number()));
                    format!("cycle {name} is closed: {} of {} reviewed; {key} goes to Fine-tune", row.done, row.goal)
                }
            };
            let mut effects = app.cheer(text);
            effects.extend(app.refresh());
            effects
        }
        Err(why) => app.complain(if opened { "the cycle was not opened" } else { "the cycle was not closed" }, why),
    }
}

fn promoted(app: &mut App, release: Result<i64, String>) -> Vec<Effect> {
    match release {
        Ok(v) => went_live(app, format!("v{v} is live; guesses are renewed in the background")),
        Err(why) => not_decided(app, "not promoted", why),
    }
}

fn rolled_back(app: &mut App, release: Result<i64, String>) -> Vec<Effect> {
    match release {
        Ok(v) => went_live(app, format!("rolled back: v{v} is live again")),
        Err(why) => not_decided(app, "not rolled back", why),
    }
}

/// Another release is live than before.
fn went_live(app: &mut App, words: String) -> Vec<Effect> {
    app.tune.busy = false;
    let mut effects = app.cheer(words);
    // A renewal for the release before is of no use any more; the next one begins when it has stopped.
    if matches!(app.tune.renewal, Background::Running(_)) {
        effects.push(Effect::CancelRenewal);
    }
    effects.extend([Effect::Ask(Request::Overview), Effect::Ask(Request::Registry)]);
    effects
}

fn not_decided(app: &mut App, what: &str, why: String) -> Vec<Effect> {
    app.tune.busy = false;
    app.complain(what, why)
}

fn gold_frozen(app: &mut App, version: Result<i64, String>) -> Vec<Effect> {
    match version {
        Ok(v) => {
            let mut effects = app.cheer(format!("gold version {v} is frozen; the next run is measured on it"));
            effects.push(Effect::Ask(Request::Overview));
            if app.tune.views.front == Front::Registry {
                effects.extend(tune::registry::refresh(app));
            }
            effects
        }
        Err(why) => app.complain("the gold set was not frozen", why),
    }
}

fn rejected(app: &mut App, release: Result<i64, String>) -> Vec<Effect> {
    match release {
        Ok(v) => {
            app.tune.busy = false;
            let mut effects = app.cheer(format!("v{v} is rejected"));
            effects.extend([Effect::Ask(Request::Overview), Effect::Ask(Request::Registry)]);
            effects
        }
        Err(why) => not_decided(app, "not rejected", why),
    }
}

/// Shows what somebody else has done.
fn changed(app: &mut App) -> Vec<Effect> {
    let mut effects = app.refresh();
    if let (Screen::Review, Some(scope)) = (app.screen, app.review.scope.clone()) {
        effects.push(Effect::Ask(Request::Progress(scope)));
    }
    if let (Screen::Review, Some(item)) = (app.screen, app.review.item()) {
        effects.push(Effect::Ask(Request::Reread(item.n)));
    }
    effects
}
