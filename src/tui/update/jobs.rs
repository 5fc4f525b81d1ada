//! What long work says.

#![deny(clippy::wildcard_enum_match_arm)]

use super::{load, moment};
use crate::action::Action;
use crate::tui::state::app::App;
use crate::tui::state::effect::{Effect, FootMessage, ProgramEffect, cheer, complain, say};
use crate::tui::state::msg::JobMsg;
use crate::tui::state::work::{Background, JobEnd, LearntWords};
use crate::tui::widgets::words;
use std::path::PathBuf;

/// The number of the tab that shows what was learnt.
const SIGNALS: u8 = 6;

/// Takes what long work says.
pub fn take(app: &mut App, job: JobMsg) -> Vec<Effect> {
    match job {
        JobMsg::Tuning(p) => app.tune.work_goes_on(p),
        JobMsg::Drawing(p) => app.tune.drawing_goes_on(p),
        JobMsg::Renewing(p) => app.shared.renewal = Background::Running(p),
        JobMsg::Indexing(p) => app.shared.indexing = Background::Running(p),
        JobMsg::Finding(p) => app.shared.finding = Background::Running(p),
        JobMsg::Detecting(p) => app.shared.detecting = Background::Running(p),
        JobMsg::Detected(end) => {
            app.shared.detecting = Background::Idle;
            return app.patterns.detected(end);
        }
        JobMsg::Reporting(p) => app.shared.reporting = Background::Running(p),
        JobMsg::LookingBack(p) => app.shared.looking_back = Background::Running(p),
        JobMsg::LookedBack(end) => return moment::read(app, end),
        JobMsg::Counting(p) => app.shared.counting = Background::Running(p),
        JobMsg::Learning(p) => app.shared.learning = Background::Running(p),
        JobMsg::Learnt(end) => {
            let (said, end) = match end {
                Ok(said) => (said, Ok(())),
                Err(end) => (Vec::new(), Err(end)),
            };
            let mut effects = ended(&mut app.shared.learning, end, "nothing could be learnt");
            // One message: the second would take the place of the first.
            let (live, others): (Vec<_>, Vec<_>) = said.into_iter().partition(|w| w.promoted);
            let joined = |all: Vec<LearntWords>| all.into_iter().map(|w| w.says).collect::<Vec<_>>().join("; ");
            let (live, others) = (joined(live), joined(others));
            if !live.is_empty() {
                let tab = app.shared.keys.map.key_of(Action::Tab(SIGNALS));
                let others = if others.is_empty() { others } else { format!("; {others}") };
                effects.push(Effect::Say(FootMessage::Lasting(format!("{live} ({tab} shows it){others}"))));
            } else if !others.is_empty() {
                effects.extend(say(others));
            }
            return effects;
        }
        JobMsg::Loading(p) => {
            if let Some(loading) = &mut app.shared.loading {
                loading.run.progress = p;
            }
        }
        JobMsg::Tuned(end) => return app.tune.work_ended(&app.shared, end),
        JobMsg::Drawn(end) => return app.tune.drawn(end),
        JobMsg::Loaded(end) => return load::finished(app, end),
        JobMsg::Renewed(end) => {
            return ended(&mut app.shared.renewal, end, "the guesses could not be renewed");
        }
        JobMsg::Reported(end) => return reported(app, end),
        JobMsg::Found(end) => {
            return ended(&mut app.shared.finding, end, "patterns could not be looked for; those of before stay");
        }
        JobMsg::ListedTopics(end) => {
            app.patterns.accepting &= end.is_ok();
            let why = match &end {
                Err(JobEnd::Failed(why)) => why.clone(),
                Ok(()) | Err(JobEnd::Cancelled) => String::new(),
            };
            return ended(&mut app.shared.finding, end, &why);
        }
        JobMsg::Counted(end) => {
            return ended(&mut app.shared.counting, end, "answers could not be counted; those of before stay");
        }
        JobMsg::Indexed(end) => {
            let what = "the search could not be built; what it covers can be searched";
            return ended(&mut app.shared.indexing, end, what);
        }
    }
    Vec::new()
}

/// The report is written, or not.
fn reported(app: &mut App, end: Result<PathBuf, JobEnd>) -> Vec<Effect> {
    app.shared.reporting = Background::Idle;
    match end {
        Ok(path) => cheer(format!("The report is in {}", words::line(&path.display().to_string()))),
        Err(JobEnd::Cancelled) => say("stopped: no report was written"),
        Err(JobEnd::Failed(why)) => complain("the report could not be written", why),
    }
}

/// Work that began by itself ended.
fn ended(background: &mut Background, end: Result<(), JobEnd>, what: &str) -> Vec<Effect> {
    match end {
        Err(JobEnd::Failed(why)) => {
            *background = Background::Broken;
            complain(what, why)
        }
        Ok(()) | Err(JobEnd::Cancelled) => {
            *background = Background::Idle;
            vec![Effect::Program(ProgramEffect::Refresh)]
        }
    }
}
