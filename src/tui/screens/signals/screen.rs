//! Signals as a screen of the program.

use super::state::SignalsScreen;
use super::view;
use crate::action::{Action, ActionRow, ActionScope};
use crate::domain::{LearnedReport, OffersBy, ReleaseId, SignalView, Verdict};
use crate::store::MoreOften;
use crate::theme::Role;
use crate::tui::screens::contract::Screen;
use crate::tui::state::choice::{TextQuestion, TuneQuestion};
use crate::tui::state::effect::{Effect, GoTo, Job, LongWork, go, open, perform, say, start, stop};
use crate::tui::state::float::PromptSpec;
use crate::tui::state::seen::ScreenHit;
use crate::tui::state::shared::SharedState;
use crate::tui::state::work::Background;
use crate::tui::widgets::{Canvas, numbers, words};
use ratatui::layout::Rect;

impl SignalsScreen {
    fn learn(&self) -> Vec<Effect> {
        self.known().map(|(learner, _)| vec![start(Job::Learn(Some(learner)))]).unwrap_or_default()
    }

    fn cancel() -> Vec<Effect> {
        let mut effects = say("stopping: what was being learnt is not kept; t begins anew");
        effects.push(stop(LongWork::Learn));
        effects
    }

    fn promote(&self, live: Option<ReleaseId>) -> Vec<Effect> {
        let Some((learner, known)) = self.known() else { return Vec::new() };
        let (Some(release), Some(row)) = (known.candidate, &known.newest) else { return Vec::new() };
        let learned_nothing = row.report.nothing(numbers::count).is_some();
        let waits = row.report.held_back.as_deref().map_or(String::new(), |why| format!(": {}", words::line(why)));
        let (note, text) = match row.report.verdict {
            _ if learned_nothing => {
                ("It learned nothing better: only `appraise promote` with --override makes it live.".to_owned(), "")
            }
            _ if row.report.is_too_good() => {
                let note = format!(
                    "Live it would tell no single offer's chance: only `appraise promote` with --override makes it live: {}.",
                    LearnedReport::TOO_GOOD
                );
                (note, "")
            }
            Verdict::Better => (TuneQuestion::why_promote(live).to_owned(), "better"),
            Verdict::Worse => {
                ("It is worse than what is live: only `appraise promote` with --override makes it live.".to_owned(), "")
            }
            Verdict::CannotTell => (format!("It cannot be told whether it is better{waits}. Why promote it?"), ""),
        };
        open(PromptSpec {
            question: TextQuestion::Tune(TuneQuestion::Promote(release, false)),
            title: format!("Promote v{}, which {}", release.0, learner.recipe()),
            notes: vec![(note, Role::Text)],
            text: text.to_owned(),
        })
    }

    /// Those who accept the selected offer more often.
    fn more_often(&self) -> Option<&str> {
        match &self.offer()?.more {
            MoreOften::Where { query, .. } if self.view == SignalView::Offers => Some(query),
            _ => None,
        }
    }
}

fn is_learning(shared: &SharedState) -> bool {
    matches!(shared.learning, Background::Running(_))
}

impl Screen for SignalsScreen {
    fn scopes(&self, _: &SharedState) -> Vec<ActionScope> {
        vec![ActionScope::Signals, ActionScope::Move, ActionScope::Global]
    }

    fn enter(&mut self, _: &SharedState) -> Vec<Effect> {
        self.read()
    }

    fn act(&mut self, shared: &SharedState, action: Action) -> Vec<Effect> {
        let rows = shared.page() as isize;
        match action {
            Action::Up => self.step(-1),
            Action::Down => self.step(1),
            Action::PageUp => self.step(-rows),
            Action::PageDown => self.step(rows),
            Action::EarlierWeek => self.step(-1),
            Action::LaterWeek => self.step(1),
            Action::Top => self.step(isize::MIN / 2),
            Action::Bottom => self.step(isize::MAX / 2),
            Action::SignalView(view) => self.view = view,
            Action::SignalIntervals => self.intervals = !self.intervals,
            Action::OffersBy => {
                (self.view, self.by) = (SignalView::Offers, self.by.next());
                return self.read();
            }
            Action::OpenSignal => return self.query().map(|q| go(GoTo::Queue(q))).unwrap_or_default(),
            Action::OpenMoreOften => {
                return self.more_often().map(|q| go(GoTo::Queue(q.to_owned()))).unwrap_or_default();
            }
            Action::LearnAgain => return self.learn(),
            Action::CancelLearning => return Self::cancel(),
            Action::PromoteLearned => return self.promote(shared.counts().live),
            _ => {}
        }
        Vec::new()
    }

    fn enabled(&self, shared: &SharedState, action: Action) -> Result<(), &'static str> {
        match action {
            Action::OpenSignal if self.query().is_none() => Err("there is nothing to open yet"),
            Action::EarlierWeek | Action::LaterWeek if self.view == SignalView::Offers => {
                Err("weeks are chosen where customers' feelings are shown")
            }
            Action::EarlierWeek | Action::LaterWeek if self.week().is_none() => Err("no week is known yet"),
            // While it counts the key is taken: there may be.
            Action::SignalIntervals if self.page.ready().is_some() && self.query().is_none() => {
                Err("nothing is shown yet that has an interval")
            }
            Action::OpenMoreOften if self.view == SignalView::Offers && self.query().is_none() => {
                Err("no offer is known yet")
            }
            Action::OffersBy if self.by == OffersBy::Offer && self.page.ready().is_none_or(|p| p.lines.is_empty()) => {
                Err("no offer is known yet")
            }
            Action::OpenMoreOften if self.more_often().is_none() => {
                Err("nobody can tell yet who accepts this offer more often")
            }
            Action::LearnAgain if shared.loading.is_some() => Err("the store is being filled"),
            Action::LearnAgain if is_learning(shared) => Err("it is learning already; c stops that"),
            Action::CancelLearning if !is_learning(shared) => Err("nothing is being learnt"),
            Action::PromoteLearned if self.known().is_none_or(|(_, k)| k.candidate.is_none()) => {
                Err("there is no candidate: t learns one")
            }
            _ => Ok(()),
        }
    }

    fn hint(&self, shared: &SharedState, row: &ActionRow) -> Option<String> {
        let first = self.known().is_some_and(|(_, known)| known.newest.is_none());
        let label = match row.action {
            Action::LearnAgain if first => "learn",
            Action::OffersBy => self.by.next().words(),
            _ => return None,
        };
        Some(format!("{} {label}", shared.keys.map.first_key(row)))
    }

    /// What is refused without more is nothing to be offered: what is worse, too good to be true, or learned nothing.
    fn hints_at(&self, action: Action) -> bool {
        let refused = |report: &LearnedReport| {
            report.verdict == Verdict::Worse || report.is_too_good() || report.nothing(numbers::count).is_some()
        };
        let newest = self.known().and_then(|(_, known)| known.newest.as_ref());
        match action {
            Action::PromoteLearned => newest.is_some_and(|row| !refused(&row.report)),
            Action::OffersBy => self.view == SignalView::Offers,
            _ => true,
        }
    }

    fn draw(&self, shared: &SharedState, canvas: &mut Canvas, area: Rect) {
        view::draw(self, shared, canvas, area);
    }

    fn refresh(&mut self, _: &SharedState) -> Vec<Effect> {
        self.read()
    }

    fn click(&mut self, _: &SharedState, hit: ScreenHit) -> Vec<Effect> {
        match hit {
            ScreenHit::Listed(i) if i == self.selected && self.view == SignalView::Offers => {
                perform(Action::OpenSignal)
            }
            ScreenHit::Listed(i) => {
                (self.view, self.selected) = (SignalView::Offers, i);
                Vec::new()
            }
            ScreenHit::List(i) => {
                self.view = SignalView::ALL.get(i).copied().unwrap_or_default();
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    fn sampled(&self, _: &SharedState) -> Option<String> {
        self.sampled_of().map(|(query, ..)| query)
    }

    fn selected(&self, _: &SharedState, text: bool) -> Option<String> {
        if text { self.offer().map(|l| l.name.clone()) } else { self.query() }
    }
}
