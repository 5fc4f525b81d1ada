//! The state of the Signals screen.

use crate::domain::{OffersBy, SignalView};
use crate::store::{FeltWeek, KnownOf, LearnerKind, OfferLine, SignalsPage};
use crate::tui::state::effect::{Effect, ask, or_complain};
use crate::tui::state::request::signals::{SignalsAnswer, SignalsRequest};
use crate::tui::state::shared::StoreRead;
use crate::tui::widgets::words;

/// The Signals screen.
#[derive(Debug, Default)]
pub struct SignalsScreen {
    /// Which part has the cursor.
    pub view: SignalView,
    /// By what offers are told apart.
    pub by: OffersBy,
    /// What is shown.
    pub page: StoreRead<Box<SignalsPage>>,
    /// The selected week, counted back from the newest.
    pub back: usize,
    /// The selected offer.
    pub selected: usize,
    /// Counts and intervals are shown.
    pub intervals: bool,
}

impl SignalsScreen {
    /// Takes what the store answers; offers told apart otherwise are none of it any more.
    pub fn answered(&mut self, answer: SignalsAnswer) -> Vec<Effect> {
        let SignalsAnswer::Page(by, page) = answer;
        if by != self.by {
            return Vec::new();
        }
        let before = self.offer().map(|l| l.query.clone());
        let told = or_complain("this could not be read anew", self.page.take(page));
        let place = self.page.ready().and_then(|p| p.lines.iter().position(|l| Some(&l.query) == before.as_ref()));
        self.selected = place.unwrap_or(self.selected);
        self.step(0);
        told
    }

    /// Asks for the page.
    pub fn read(&self) -> Vec<Effect> {
        vec![ask(SignalsRequest::Page(self.by))]
    }

    /// Selects another week or offer. Earlier weeks are up and left, as the line has them: the first of all is the oldest.
    pub fn step(&mut self, by: isize) {
        let Some(page) = self.page.ready() else { return };
        let within = |at: usize, len: usize| at.min(len.saturating_sub(1));
        let (weeks, lines) = (page.weeks.len(), page.lines.len());
        match self.view {
            SignalView::Feel => self.back = within(self.back.saturating_add_signed(by.saturating_neg()), weeks),
            SignalView::Offers => self.selected = within(self.selected.saturating_add_signed(by), lines),
        }
        (self.back, self.selected) = (within(self.back, weeks), within(self.selected, lines));
    }

    /// The selected week.
    pub fn week(&self) -> Option<&FeltWeek> {
        self.page.ready()?.weeks.iter().rev().nth(self.back)
    }

    /// The selected offer.
    pub fn offer(&self) -> Option<&OfferLine> {
        self.page.ready()?.lines.get(self.selected)
    }

    /// What the part with the cursor is learnt by, and what is known of it.
    pub fn known(&self) -> Option<(LearnerKind, &KnownOf)> {
        let page = self.page.ready()?;
        Some(match self.view {
            SignalView::Feel => (LearnerKind::Sentiment, &page.feel),
            SignalView::Offers => (LearnerKind::Offers, &page.offers),
        })
    }

    /// Whose learning stands beside the weeks: that of the part with the cursor. `None`: offers have learnt nothing, and what is missing
    /// stands below them.
    pub fn told_beside<'a>(&self, page: &'a SignalsPage) -> Option<(LearnerKind, &'a KnownOf)> {
        match self.view {
            SignalView::Feel => Some((LearnerKind::Sentiment, &page.feel)),
            SignalView::Offers => page.offers.newest.is_some().then_some((LearnerKind::Offers, &page.offers)),
        }
    }

    /// Of which conversations a few stand beside what is selected, what they are called, and whether entering opens all of them: a week that
    /// has only begun may hold none, so those before it follow.
    pub fn sampled_of(&self) -> Option<(String, String, bool)> {
        let page = self.page.ready()?;
        match self.view {
            SignalView::Feel => {
                let Some(week) = self.week() else {
                    return page.apart.map(|_| (page.all_let_down(), "Who was let down".to_owned(), true));
                };
                let called = format!("Who was let down, up to the week of {}", page.zone.date(week.monday));
                Some((week.up_to.clone(), called, false))
            }
            SignalView::Offers => {
                let line = self.offer()?;
                Some((line.query.clone(), format!("Who was offered {}", offer_name(line)), true))
            }
        }
    }

    /// What entering opens: of a log without times, which has no weeks, all who are let down.
    pub fn query(&self) -> Option<String> {
        match self.view {
            SignalView::Feel => {
                let page = self.page.ready()?;
                self.week().map(|w| w.query.clone()).or_else(|| page.apart.map(|_| page.all_let_down()))
            }
            SignalView::Offers => self.offer().map(|l| l.query.clone()),
        }
    }
}

/// What was offered, as people read it: a log may leave the name empty.
pub fn offer_name(line: &OfferLine) -> String {
    let name = words::line(&line.name);
    if name.trim().is_empty() { "(no name)".to_owned() } else { name }
}
