//! Answers of the store: each goes to the screen that asked; what concerns all is taken here.

#![deny(clippy::wildcard_enum_match_arm)]

use super::{floats, place};
use crate::action::Action;
use crate::store::{IntentRow, StoreVocabulary};
use crate::tui::guide::{hints, tour};
use crate::tui::overlays::Overlay;
use crate::tui::overlays::judge::Judge;
use crate::tui::screens::queue::{bar, views};
use crate::tui::state::app::App;
use crate::tui::state::effect::{
    Effect, FootMessage, Job, ProgramEffect, ask, cheer, complain, decided, or_complain, say, start,
};
use crate::tui::state::request::StoreAnswer;
use crate::tui::state::request::common::{CommonAnswer, CommonRequest, TakenBack};
use crate::tui::state::request::import::ImportAnswer;
use crate::tui::state::request::judging::JudgingAnswer;
use crate::tui::state::request::responses::UNRELEASED;
use crate::tui::state::request::review::{ReviewOpening, ReviewRequest};
use crate::tui::state::request::tune::TuneAnswer;
use crate::tui::state::shared::StoreRead;
use crate::tui::state::tab::ScreenTab;
use crate::tui::state::work::{Background, JobProgress};
use crate::tui::widgets::words;

/// Takes an answer.
pub fn take(app: &mut App, answer: StoreAnswer) -> Vec<Effect> {
    let asked = screen_of(&answer);
    let mut effects = taken(app, answer);
    if asked.is_some_and(|tab| tab != app.tab) {
        // As when a screen is left: what is neither good nor bad is about that one alone.
        effects.retain(|effect| !matches!(effect, Effect::Say(FootMessage::Plain(_))));
    }
    effects
}

/// The screen that asked, where it was one.
fn screen_of(answer: &StoreAnswer) -> Option<ScreenTab> {
    match answer {
        StoreAnswer::Overview(_) => Some(ScreenTab::Overview),
        StoreAnswer::Patterns(_) => Some(ScreenTab::Patterns),
        StoreAnswer::Responses(_) => Some(ScreenTab::Responses),
        StoreAnswer::Queue(_) => Some(ScreenTab::Queue),
        StoreAnswer::Review(_) => Some(ScreenTab::Review),
        StoreAnswer::Tune(_) => Some(ScreenTab::FineTune),
        StoreAnswer::Signals(_) => Some(ScreenTab::Signals),
        StoreAnswer::Common(_) | StoreAnswer::Judging(_) | StoreAnswer::Import(_) => None,
    }
}

fn taken(app: &mut App, answer: StoreAnswer) -> Vec<Effect> {
    match answer {
        StoreAnswer::Common(answer) => common(app, answer),
        StoreAnswer::Overview(answer) => {
            let mut effects = app.home.answered(answer);
            effects.extend(find(app));
            effects
        }
        StoreAnswer::Patterns(answer) => app.patterns.answered(&app.shared, answer),
        StoreAnswer::Responses(answer) => app.responses.answered(&app.shared, answer),
        StoreAnswer::Queue(answer) => app.queue.answered(&app.shared, answer),
        StoreAnswer::Review(answer) => app.review.answered(&app.shared, answer),
        StoreAnswer::Tune(answer) => {
            app.shared.went_live |= matches!(answer, TuneAnswer::Promoted(Ok(_)) | TuneAnswer::RolledBack(Ok(_)));
            app.tune.answered(&app.shared, answer)
        }
        StoreAnswer::Signals(answer) => app.signals.answered(answer),
        StoreAnswer::Judging(answer) => judging(app, answer),
        StoreAnswer::Import(answer) => import(app, answer),
    }
}

fn common(app: &mut App, answer: CommonAnswer) -> Vec<Effect> {
    match answer {
        CommonAnswer::Counts(counts) => {
            let taken = app.shared.overview.take(counts.map(|o| *o));
            let mut effects = or_complain("the counts could not be read", taken);
            effects.extend(renew(app));
            effects.extend(index(app));
            effects.extend(learn(app));
            effects
        }
        CommonAnswer::Vocabulary(Ok(vocabulary)) => take_vocabulary(app, *vocabulary),
        CommonAnswer::Vocabulary(Err(why)) => complain("the names for queries could not be read", why),
        CommonAnswer::Intents(intents) => {
            let taken = intents.map(|all| app.shared.intents = in_use(all));
            app.shared.intents_known = true;
            let mut effects = or_complain("the intents could not be read", taken);
            effects.push(Effect::Program(ProgramEffect::PressHeld));
            effects
        }
        CommonAnswer::Sample(query, rows) => {
            let sample = &mut app.shared.sample;
            match rows {
                Ok(rows) if query == sample.query => sample.rows = StoreRead::Ready(rows),
                // The list says what could not be read.
                Ok(_) | Err(_) => {}
            }
            Vec::new()
        }
        CommonAnswer::Undone(t) => {
            if t.is_ok() {
                tour::undone(app);
            }
            taken_back(app, t, true)
        }
        CommonAnswer::Redone(t) => taken_back(app, t, false),
        CommonAnswer::NextUndo(Ok(Some(step))) => {
            let key = app.shared.keys.map.key_of(Action::Undo);
            say(format!("from last time: {key} again takes back {}", words::line(&step)))
        }
        CommonAnswer::NextUndo(Ok(None)) => say("nothing of yours is left to undo"),
        CommonAnswer::NextUndo(Err(why)) => complain("your last step could not be read", why),
        CommonAnswer::Recalled(key, kept) => recalled(app, key, kept.as_deref()),
        CommonAnswer::Changed => vec![Effect::Program(ProgramEffect::Refresh)],
        CommonAnswer::Told(what, more) => complain(what, more),
        CommonAnswer::Gone(why) => floats::store_gone(app, &why),
    }
}

/// What was kept under a key.
fn recalled(app: &mut App, key: &str, kept: Option<&str>) -> Vec<Effect> {
    match key {
        place::KEY => return place::begin(app, kept),
        hints::KEY => app.hints.recalled(kept),
        views::KEY => app.queue.views.recalled(kept),
        bar::KEY => app.queue.bar.history.recalled(kept),
        _ => {}
    }
    Vec::new()
}

/// Names that data has brought are here; days of a view may be others now.
fn take_vocabulary(app: &mut App, vocabulary: StoreVocabulary) -> Vec<Effect> {
    let before = views::all(&app.queue, &app.shared);
    let shown = views::current(&app.queue, &before);
    app.shared.vocabulary = vocabulary;
    let now = views::all(&app.queue, &app.shared);
    views::follow(&mut app.queue, &before, shown, &now)
}

/// Guesses of an older release, or none, and signs that nobody has read are brought up to date in the background.
fn renew(app: &mut App) -> Option<Effect> {
    let shared = &mut app.shared;
    let stale = shared.overview.ready().is_some_and(|o| o.stale);
    if !stale || shared.read_only || shared.loading.is_some() || shared.renewal != Background::Idle {
        return None;
    }
    shared.renewal = Background::Running(JobProgress::default());
    Some(start(Job::Renewal))
}

/// What cannot be found by its words yet is made so in the background, once an import is through.
fn index(app: &mut App) -> Option<Effect> {
    let shared = &mut app.shared;
    let behind = shared.overview.ready().is_some_and(|o| !o.search.is_complete());
    if !behind || shared.read_only || shared.loading.is_some() || shared.indexing != Background::Idle {
        return None;
    }
    shared.indexing = Background::Running(JobProgress::default());
    Some(start(Job::Index))
}

/// What would help most is told by patterns: where there are none yet the Overview has them looked for in the background.
fn find(app: &mut App) -> Option<Effect> {
    let repair = &app.home.page.ready()?.repair;
    let is_wanted = app.tab == ScreenTab::Overview && repair.failures > 0 && repair.patterns.is_empty();
    if is_wanted { app.patterns.look_once(&app.shared) } else { None }
}

/// What customers show is learnt from in the background where enough of it is new: once after a start, and after every import.
fn learn(app: &mut App) -> Option<Effect> {
    let shared = &mut app.shared;
    let nothing = shared.overview.ready().is_none_or(|o| o.conversations == 0);
    if nothing || shared.read_only || shared.loading.is_some() || shared.looked_for_signals {
        return None;
    }
    shared.looked_for_signals = true;
    if shared.learning != Background::Idle {
        return None;
    }
    shared.learning = Background::Running(JobProgress::default());
    Some(start(Job::Learn(None)))
}

/// The intents in use; what was merged into one of them is among its other names.
fn in_use(all: Vec<IntentRow>) -> Vec<IntentRow> {
    let (mut used, others): (Vec<_>, Vec<_>) = all.into_iter().partition(|i| i.state == "active");
    for other in others {
        let Some(stands) = used.iter_mut().find(|i| Some(&i.name) == other.merged_into.as_ref()) else { continue };
        stands.aliases.extend(std::iter::once(other.name).chain(other.aliases));
    }
    used
}

fn judge(app: &mut App) -> Option<&mut Judge> {
    match app.overlays.last_mut() {
        Some(Overlay::Judge(judge)) => Some(judge),
        _ => None,
    }
}

/// An act was taken back, or made again.
fn taken_back(app: &mut App, t: Result<TakenBack, String>, undone: bool) -> Vec<Effect> {
    let mut effects = Vec::new();
    let mut reopen = None;
    match t {
        Ok(t) => {
            let text = words::line(&t.words);
            effects.extend(match undone {
                true => vec![Effect::Say(FootMessage::TakenBack(format!("taken back: {text}")))],
                false => decided(format!("made again: {text}")),
            });
            effects.extend([ask(CommonRequest::Counts), ask(CommonRequest::Intents)]);
            reopen = t.conversation.map(|id| (id, t.turn));
        }
        Err(why) => effects.extend(say(why)),
    }
    if app.tab == ScreenTab::FineTune {
        effects.extend(app.tune.pane_shown());
    }
    if app.tab == ScreenTab::Patterns {
        // Lines, owners and modes are what they were.
        effects.push(ask(CommonRequest::Vocabulary));
    }
    // The queue and Review read what they show further below.
    if !matches!(app.tab, ScreenTab::Queue | ScreenTab::Review) {
        let (front, shared) = app.front_mut();
        effects.extend(front.refresh(shared));
    }
    judge(app).into_iter().for_each(Judge::give_up);
    match (app.tab == ScreenTab::Review, reopen) {
        (true, Some((id, turn))) => {
            let generation = app.review.next_request();
            // What was judged is judged again, not what would be judged first.
            app.review.wanted_turn = turn.map(|turn| (id, turn));
            effects.push(ask(ReviewRequest::Open(ReviewOpening::Item(id), generation)));
        }
        (true, None) => {
            app.review.wait.busy = false;
            effects.push(Effect::Program(ProgramEffect::PressHeld));
        }
        (false, reopen) => {
            effects.extend(app.queue.reread());
            effects.extend(views::ask_counts(&mut app.queue, &app.shared));
            if let Some((id, _)) = reopen {
                app.queue.window.select(id);
            }
        }
    }
    effects
}

/// What people said of the answers on the screen, for the pane and for whoever judges.
fn judging(app: &mut App, answer: JudgingAnswer) -> Vec<Effect> {
    let (after, said, what) = match answer {
        JudgingAnswer::Judgements(after, said) => (after, said, "what was judged could not be read"),
        JudgingAnswer::Preferred(after, said) => (after, said, "the judgement was not saved"),
        JudgingAnswer::SaidBefore(id, turn, said) => {
            if let (Some(judge), Ok(said)) = (judge(app), said) {
                judge.take_context((id, turn), said);
            }
            return Vec::new();
        }
    };
    // Corrections that no release has yet are judged on Responses: Fine-tune knows nothing of them.
    let of_tune = if after == UNRELEASED {
        Some(said.as_ref().err().map(|why| complain(what, why.clone())).unwrap_or_default())
    } else {
        app.tune.take_judgements(after, said.clone(), what)
    };
    let Some(mut effects) = of_tune else { return Vec::new() };
    if let Some(judge) = judge(app) {
        match said {
            Ok(said) => effects.extend(judge.take(&said)),
            Err(_) => judge.give_up(),
        }
    }
    effects
}

fn import(app: &mut App, answer: ImportAnswer) -> Vec<Effect> {
    let importer =
        app.overlays.iter_mut().find_map(|o| if let Overlay::Import(importer) = o { Some(importer) } else { None });
    match (answer, importer) {
        (ImportAnswer::ProfileSaved(name, Ok(())), _) => cheer(format!("saved as profile {name}")),
        (ImportAnswer::ProfileSaved(_, Err(why)), _) => complain("the profile was not saved", why),
        (ImportAnswer::Listed(listing), Some(importer)) => {
            importer.listed(listing);
            Vec::new()
        }
        (ImportAnswer::Looked(path, look), Some(importer)) => importer.looked(&path, look),
        (ImportAnswer::Listed(_) | ImportAnswer::Looked(..), None) => Vec::new(),
    }
}
