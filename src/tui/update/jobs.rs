//! What long work says.

#![deny(clippy::wildcard_enum_match_arm)]

use super::load;
use crate::tui::state::app::App;
use crate::tui::state::effect::{Effect, ProgramEffect, cheer, complain, say};
use crate::tui::state::msg::JobMsg;
use crate::tui::state::work::{Background, JobEnd};

/// Takes what long work says.
pub fn take(app: &mut App, job: JobMsg) -> Vec<Effect> {
    match job {
        JobMsg::Tuning(p) => app.tune.work_goes_on(p),
        JobMsg::Drawing(p) => app.tune.drawing_goes_on(p),
        JobMsg::Renewing(p) => app.shared.renewal = Background::Running(p),
        JobMsg::Indexing(p) => app.shared.indexing = Background::Running(p),
        JobMsg::Finding(p) => app.shared.finding = Background::Running(p),
        JobMsg::Learning(p) => app.shared.learning = Background::Running(p),
        JobMsg::Learnt(end) => {
            let (said, end) = match end {
                Ok(said) => (said, Ok(())),
                Err(end) => (Vec::new(), Err(end)),
            };
            let mut effects = ended(&mut app.shared.learning, end, "nothing could be learnt");
            effects.extend(said.into_iter().flat_map(|w| if w.promoted { cheer(w.says) } else { say(w.says) }));
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
        JobMsg::Found(end) => {
            return ended(&mut app.shared.finding, end, "patterns could not be looked for; those of before stay");
        }
        JobMsg::Indexed(end) => {
            let what = "the search could not be built; what it covers can be searched";
            return ended(&mut app.shared.indexing, end, what);
        }
    }
    Vec::new()
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
