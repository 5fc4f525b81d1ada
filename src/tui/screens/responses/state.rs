//! The state of the Responses screen.

use crate::domain::{Pair, ResponseView};
use crate::jobs::{Reach, reach};
use crate::learn::responses::AnswerPattern;
use crate::store::{AnswerFigures, AnswerPage, CorrectionState, Judgements};
use crate::text::normalise::shape;
use crate::tui::screens::sample::SAID;
use crate::tui::state::effect::{Effect, ProgramEffect, ask, complain, decided, open, or_complain, say};
use crate::tui::state::float::{Float, PairToJudge};
use crate::tui::state::request::responses::{
    CorrectionLine, CorrectionPage, ResponsesAnswer, ResponsesRequest, TestTurns, UNRELEASED,
};
use crate::tui::state::shared::{SharedState, StoreRead};
use std::collections::{BTreeMap, BTreeSet};

/// Calendar days that are counted.
const DAYS: i64 = AnswerPage::DAYS;

/// What the days are called that are counted where not all are.
pub fn counted_days(shared: &SharedState) -> String {
    format!("{} {DAYS} days", shared.last_or_newest())
}
/// Answers that are listed; the others are rarer.
pub const LISTED: usize = 500;

/// The Responses screen.
#[derive(Debug, Default)]
pub struct ResponsesScreen {
    /// Which list is shown.
    pub view: ResponseView,
    /// What followed answers; `None`: they were not counted yet.
    pub page: StoreRead<Option<Box<AnswerPage>>>,
    /// The places in the page of the answers that are listed: non-answers first, then those furthest behind the others.
    pub order: Vec<AnswerPlace>,
    /// Words that several actions say.
    pub said_by_several: BTreeSet<String>,
    /// What people wrote.
    pub corrections: StoreRead<Box<CorrectionPage>>,
    /// What the live release makes of test turns.
    pub tests: Option<Box<TestTurns>>,
    /// The selected line of each list.
    pub selected: [usize; 3],
    /// All that is stored, not the last days.
    pub all_time: bool,
    /// The answer that is to be compared with another, by its query.
    pub marked: Option<String>,
}

/// Where an answer stands in the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnswerPlace {
    /// Among the non-answers.
    NonAnswer(usize),
    /// Among the answers.
    Answer(usize),
}

impl ResponsesScreen {
    /// Days that are counted; `None` for all.
    pub fn days(&self) -> Option<i64> {
        (!self.all_time).then_some(DAYS)
    }

    /// Takes what the store answers.
    pub fn answered(&mut self, shared: &SharedState, answer: ResponsesAnswer) -> Vec<Effect> {
        match answer {
            ResponsesAnswer::Answers(days, _) if days != self.days() => Vec::new(),
            ResponsesAnswer::Answers(_, page) => {
                let before = self.answer().map(|a| a.query.clone());
                let told = or_complain("the answers could not be read anew", self.page.take(page));
                self.order = self.page().map(order).unwrap_or_default();
                self.said_by_several = self.page().map(said_by_several).unwrap_or_default();
                // Who looks at an answer stays on it, wherever it stands now.
                let place = (0..self.length()).find(|&i| self.answer_at(i).map(|a| &a.query) == before.as_ref());
                *self.here() = place.unwrap_or(*self.here());
                self.step(0);
                told
            }
            ResponsesAnswer::Corrections(page) => {
                let before = self.correction().map(|c| (c.row.n, c.row.turn));
                let told = or_complain("the corrections could not be read anew", self.corrections.take(page));
                let lines = self.corrections.ready().map(|p| &p.lines);
                let place = lines.and_then(|l| l.iter().position(|c| Some((c.row.n, c.row.turn)) == before));
                let at = ResponseView::Corrections as usize;
                self.selected[at] = place.unwrap_or(self.selected[at]);
                self.step(0);
                told
            }
            ResponsesAnswer::TestTurns(Ok(tests)) => {
                self.tests = Some(tests);
                Vec::new()
            }
            ResponsesAnswer::TestTurns(Err(why)) => {
                complain("what the live release makes of test turns is not known", why)
            }
            ResponsesAnswer::Settled(Ok(words)) => {
                let mut effects = decided(words);
                effects.push(Effect::Program(ProgramEffect::Refresh));
                effects
            }
            ResponsesAnswer::Settled(Err(why)) => complain(why.clone(), why),
            ResponsesAnswer::Judgements(Ok(said)) => self.judge(shared, said),
            ResponsesAnswer::Judgements(Err(why)) => complain("what was judged could not be read", why),
        }
    }

    fn judge(&self, _: &SharedState, said: Judgements) -> Vec<Effect> {
        let pairs = self.pairs();
        if pairs.is_empty() {
            return say("there is nothing to judge: no correction stands beside an answer");
        }
        open(Float::Judge(pairs, said))
    }

    /// Pairs of what the AI said and what a person wrote: the selected one first.
    fn pairs(&self) -> Vec<PairToJudge> {
        let Some(page) = self.corrections.ready() else { return Vec::new() };
        let at = self.selected[ResponseView::Corrections as usize].min(page.lines.len());
        let around = page.lines[at..].iter().chain(&page.lines[..at]);
        around.filter_map(pair).collect()
    }

    /// Asks for what is shown.
    pub fn read(&self, shared: &SharedState) -> Vec<Effect> {
        let mut effects = vec![ask(ResponsesRequest::Answers(self.days())), ask(ResponsesRequest::Corrections)];
        let live = shared.overview.ready().and_then(|o| o.live);
        if live.is_some() && self.tests.as_ref().is_none_or(|t| t.release != live) {
            effects.push(ask(ResponsesRequest::TestTurns));
        }
        effects
    }

    /// The answers, once they are here.
    pub fn page(&self) -> Option<&AnswerPage> {
        self.page.ready()?.as_deref()
    }

    /// Whether all that is stored is counted: because it was asked for, or the log has no times.
    pub fn counts_all(&self) -> bool {
        self.all_time || self.page().is_some_and(|p| p.is_timeless)
    }

    /// What followed what the AI said where a correction stands, and what it should have said, as far as either is counted.
    pub fn fared(&self, line: &CorrectionLine) -> [Option<&AnswerFigures>; 2] {
        [&line.said, &line.row.text].map(|text| {
            let (words, pattern) = (shape(text), AnswerPattern::of(text));
            let all = self.page().into_iter().flat_map(|p| p.answers.iter().chain(&p.non_answers));
            let to_it = all.filter(|a| a.ever.is_some() || line.row.intent.as_ref() == Some(&a.intent));
            let is_it = |a: &&AnswerFigures| match &a.pattern {
                Some(filled_in) => filled_in.fits(&pattern),
                None => a.text.as_deref().is_some_and(|text| shape(text) == words),
            };
            to_it.filter(is_it).max_by_key(|a| a.n)
        })
    }

    /// Of which conversations a few stand below the list, and what they are called: those of the selected answer; of a correction those
    /// that got it, once it is live, else those that got what it corrects.
    pub fn sampled_of(&self) -> Option<(&str, &'static str)> {
        if let Some(answer) = self.answer() {
            return Some((&answer.query, SAID));
        }
        let line = self.correction()?;
        let [before, since] = self.fared(line);
        match line.row.state {
            CorrectionState::Live => since.map(|a| (a.query.as_str(), "Who got it since")),
            _ => before.map(|a| (a.query.as_str(), "Who got what it corrects")),
        }
    }

    /// Lines of the list that is shown.
    pub fn length(&self) -> usize {
        match self.view {
            ResponseView::Answers => self.order.len(),
            ResponseView::NonAnswers => self.page().map_or(0, |p| p.non_answers.len()),
            ResponseView::Corrections => self.corrections.ready().map_or(0, |p| p.lines.len()),
        }
    }

    fn here(&mut self) -> &mut usize {
        &mut self.selected[self.view as usize]
    }

    /// The selected line.
    pub fn at(&self) -> usize {
        self.selected[self.view as usize]
    }

    /// Selects another line.
    pub fn step(&mut self, by: isize) {
        let last = self.length().saturating_sub(1);
        let here = self.here();
        *here = here.saturating_add_signed(by).min(last);
    }

    /// Selects a line.
    pub fn select(&mut self, line: usize) {
        *self.here() = line;
        self.step(0);
    }

    /// An answer of the list that is shown.
    pub fn answer_at(&self, line: usize) -> Option<&AnswerFigures> {
        let page = self.page()?;
        match self.view {
            ResponseView::Answers => match *self.order.get(line)? {
                AnswerPlace::NonAnswer(i) => page.non_answers.get(i),
                AnswerPlace::Answer(i) => page.answers.get(i),
            },
            ResponseView::NonAnswers => page.non_answers.get(line),
            ResponseView::Corrections => None,
        }
    }

    /// The line at which answers begin, below non-answers where both are listed; `None`: there is nothing to be put in order.
    pub fn first_of_others(&self) -> Option<usize> {
        let at = self.order.iter().position(|place| matches!(place, AnswerPlace::Answer(_)))?;
        (self.view == ResponseView::Answers && self.order.len() > 1).then_some(at)
    }

    /// The selected answer.
    pub fn answer(&self) -> Option<&AnswerFigures> {
        self.answer_at(self.at())
    }

    /// The selected correction.
    pub fn correction(&self) -> Option<&CorrectionLine> {
        if self.view != ResponseView::Corrections {
            return None;
        }
        self.corrections.ready()?.lines.get(self.at())
    }

    /// Whether whoever looks may accept corrections and send them back; until that is known the store says.
    pub fn settles(&self) -> bool {
        self.corrections.ready().is_none_or(|page| page.settles)
    }

    /// Whether the selected correction is accepted, whatever a release makes of it.
    pub fn is_accepted(&self) -> bool {
        self.correction().is_some_and(|line| line.row.state >= CorrectionState::Accepted)
    }

    /// How many corrections wait, of an intent or of all.
    pub fn waiting(&self, intent: Option<&str>) -> usize {
        let lines = self.corrections.ready().map(|p| p.lines.as_slice()).unwrap_or_default();
        let waits = |c: &&CorrectionLine| c.row.state == CorrectionState::Proposed;
        lines.iter().filter(waits).filter(|c| intent.is_none_or(|i| c.row.intent.as_deref() == Some(i))).count()
    }

    /// What a correction would do on test turns; `None` where there are none, or it has no intent.
    pub fn reach_of(&self, line: &CorrectionLine) -> Option<(Reach, usize)> {
        let turns = &self.tests.as_ref()?.turns;
        let intent = line.row.intent.as_deref()?;
        (!turns.is_empty()).then(|| (reach(turns, intent, &line.row.lang), turns.len()))
    }
}

/// Non-answers, then the others, those furthest behind first. What a non-answer does to each intent is told there.
fn order(page: &AnswerPage) -> Vec<AnswerPlace> {
    let non_answers = (0..page.non_answers.len()).map(AnswerPlace::NonAnswer);
    non_answers.chain(page.in_order().into_iter().take(LISTED).map(AnswerPlace::Answer)).collect()
}

/// Words that several actions say: those are told apart by their names.
fn said_by_several(page: &AnswerPage) -> BTreeSet<String> {
    let mut by: BTreeMap<(&str, &str), &str> = BTreeMap::new();
    let mut out = BTreeSet::new();
    for answer in &page.answers {
        let Some(text) = answer.text.as_deref() else { continue };
        if *by.entry((&answer.intent, text.trim())).or_insert(&answer.answer) != answer.answer {
            out.insert(text.trim().to_owned());
        }
    }
    out
}

fn pair(line: &CorrectionLine) -> Option<PairToJudge> {
    let (turn, text) = line.asked.clone()?;
    let (conversation, id) = (line.row.n, line.row.id.clone());
    if line.said.trim().is_empty() {
        return None;
    }
    Some(PairToJudge {
        pair: Pair { conversation, turn, before: None, after: UNRELEASED },
        asked: crate::domain::AnsweredTurn { id, conversation, turn, text },
        before: line.said.clone(),
        after: line.row.text.clone(),
    })
}
