//! The state of the Responses screen.

use super::lines::{AnswerPlace, answers, non_answers};
use crate::domain::{Pair, ResponseView};
use crate::jobs::{Reach, reach};
use crate::learn::responses::AnswerPattern;
use crate::store::{AnswerFigures, AnswerPage, CorrectionState, Judgements, UnansweredIntent};
use crate::text::normalise::shape;
use crate::tui::screens::sample::SAID;
use crate::tui::state::effect::{Effect, ProgramEffect, ask, complain, decided, open, or_complain, say};
use crate::tui::state::float::{Float, PairToJudge};
use crate::tui::state::request::responses::{
    CorrectionLine, CorrectionPage, ResponsesAnswer, ResponsesRequest, TestTurns, UNRELEASED,
};
use crate::tui::state::shared::{SharedState, StoreRead};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Calendar days that are counted.
const DAYS: i64 = AnswerPage::DAYS;

/// What the days are called that are counted where not all are.
pub fn counted_days(shared: &SharedState) -> String {
    format!("{} {DAYS} days", shared.last_or_newest())
}

/// The Responses screen.
#[derive(Debug, Default)]
pub struct ResponsesScreen {
    /// Which list is shown.
    pub view: ResponseView,
    /// What followed answers; `None`: they were not counted yet.
    pub page: StoreRead<Option<Box<AnswerPage>>>,
    /// The lines of the answers: non-answers first, then those furthest behind the others.
    pub order: Vec<AnswerPlace>,
    /// The lines of the non-answers, and below them what was asked when they were said.
    pub non_answers: Vec<AnswerPlace>,
    /// Answers that few heard are listed, too.
    pub shows_rare: bool,
    /// Words that several actions say.
    pub said_by_several: BTreeSet<String>,
    /// What people wrote.
    pub corrections: StoreRead<Box<CorrectionPage>>,
    /// What the live release makes of test turns.
    pub tests: StoreRead<Box<TestTurns>>,
    /// The selected line of each list.
    pub selected: [usize; 3],
    /// All that is stored, not the last days.
    pub all_time: bool,
    /// Somebody chose that or the days; else all that is stored is counted where the days tell nothing.
    pub time_is_chosen: bool,
    /// The answer that is to be compared with another, by its query.
    pub marked: Option<String>,
    /// Corrections are put in order anew, those that wait first: whoever comes to the screen has decided on none of them yet.
    pub puts_in_order: bool,
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
            ResponsesAnswer::Answers(_, Ok(Some(page))) if self.takes_all_time(&page) => {
                (self.all_time, self.page) = (true, StoreRead::Waiting);
                self.put_in_order();
                vec![ask(ResponsesRequest::Answers(None))]
            }
            ResponsesAnswer::Answers(_, page) => {
                let before = self.query().map(str::to_owned);
                let told = or_complain("the answers could not be read anew", self.page.take(page));
                self.said_by_several = self.page().map(said_by_several).unwrap_or_default();
                self.put_in_order();
                // Who looks at an answer stays on it, wherever it stands now; who looks at corrections does not move.
                let is_it = |query: &String| (0..self.length()).find(|&i| self.query_at(i) == Some(query));
                let place = before.as_ref().and_then(is_it);
                *self.here() = place.unwrap_or(*self.here());
                self.step(0);
                told
            }
            ResponsesAnswer::Corrections(page) => {
                let before = self.correction().map(|c| (c.row.n, c.row.turn));
                let page = page.map(|page| self.as_they_stand(page));
                let told = or_complain("the corrections could not be read anew", self.corrections.take(page));
                let lines = self.corrections.ready().map(|p| &p.lines);
                let place = lines.and_then(|l| l.iter().position(|c| Some((c.row.n, c.row.turn)) == before));
                let at = ResponseView::Corrections as usize;
                self.selected[at] = place.unwrap_or(self.selected[at]);
                self.step(0);
                told
            }
            ResponsesAnswer::TestTurns(tests) => {
                or_complain("what the live release makes of test turns is not known anew", self.tests.take(tests))
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

    /// Whether all that is stored is to be counted in place of the days: nobody chose these, and no answer was heard often enough in them.
    fn takes_all_time(&self, page: &AnswerPage) -> bool {
        let mut all = page.answers.iter().chain(&page.non_answers);
        !self.time_is_chosen
            && !self.all_time
            && !page.is_timeless
            && !page.answers.is_empty()
            && !all.any(|a| a.enough)
    }

    /// Puts the lines of answers in order.
    pub fn put_in_order(&mut self) {
        let Some(page) = self.page.ready().and_then(Option::as_deref) else {
            self.order.clear();
            self.non_answers.clear();
            return;
        };
        (self.order, self.non_answers) = (answers(page, self.shows_rare), non_answers(page));
    }

    /// Lists answers that few heard below their line, or no more.
    pub fn toggle_rare(&mut self) {
        self.shows_rare = !self.shows_rare;
        self.put_in_order();
        self.step(0);
    }

    /// Corrections in the order in which they stand, new ones first: a line does not move away from whoever has just decided on it.
    fn as_they_stand(&mut self, mut page: Box<CorrectionPage>) -> Box<CorrectionPage> {
        if std::mem::take(&mut self.puts_in_order) {
            return page;
        }
        let known = self.corrections.ready().into_iter().flat_map(|before| &before.lines);
        let places: HashMap<_, usize> = known.map(|c| (c.row.n, c.row.turn)).zip(0..).collect();
        page.lines.sort_by_key(|c| places.get(&(c.row.n, c.row.turn)).copied());
        page
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
        if live.is_some() && self.tests.ready().is_none_or(|t| t.release != live) {
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
        if let Some(query) = self.query() {
            return Some((query, SAID));
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
            ResponseView::Answers | ResponseView::NonAnswers => self.places().len(),
            ResponseView::Corrections => self.corrections.ready().map_or(0, |p| p.lines.len()),
        }
    }

    /// What the lines of the list are of that is shown; none of corrections.
    fn places(&self) -> &[AnswerPlace] {
        match self.view {
            ResponseView::Answers => &self.order,
            ResponseView::NonAnswers => &self.non_answers,
            ResponseView::Corrections => &[],
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

    /// What a line is of.
    pub fn place(&self, line: usize) -> Option<AnswerPlace> {
        self.places().get(line).copied()
    }

    /// An answer of the list that is shown.
    pub fn answer_at(&self, line: usize) -> Option<&AnswerFigures> {
        let page = self.page()?;
        match self.place(line)? {
            AnswerPlace::NonAnswer(i) => page.non_answers.get(i),
            AnswerPlace::Answer(i) => page.answers.get(i),
            AnswerPlace::Rare { .. } | AnswerPlace::Unanswered(_) => None,
        }
    }

    /// Intents to which non-answers were given, where they are listed.
    pub fn unanswered(&self) -> &[UnansweredIntent] {
        let listed = self.view == ResponseView::NonAnswers;
        self.page().filter(|_| listed).map(|page| page.unanswered.as_slice()).unwrap_or_default()
    }

    /// The selected intent to which non-answers were given.
    pub fn asked_for(&self) -> Option<&UnansweredIntent> {
        match self.place(self.at())? {
            AnswerPlace::Unanswered(i) => self.unanswered().get(i),
            AnswerPlace::NonAnswer(_) | AnswerPlace::Answer(_) | AnswerPlace::Rare { .. } => None,
        }
    }

    /// What finds the conversations of a line.
    fn query_at(&self, line: usize) -> Option<&str> {
        match self.place(line)? {
            AnswerPlace::Unanswered(i) => self.unanswered().get(i).map(|intent| intent.query.as_str()),
            AnswerPlace::NonAnswer(_) | AnswerPlace::Answer(_) => self.answer_at(line).map(|a| a.query.as_str()),
            AnswerPlace::Rare { .. } => None,
        }
    }

    /// What finds the conversations of the selected line.
    pub fn query(&self) -> Option<&str> {
        self.query_at(self.at())
    }

    /// How many answers that few heard the selected line stands for.
    pub fn rare(&self) -> Option<usize> {
        match self.place(self.at())? {
            AnswerPlace::Rare { all, .. } => Some(all),
            AnswerPlace::NonAnswer(_) | AnswerPlace::Answer(_) | AnswerPlace::Unanswered(_) => None,
        }
    }

    /// The line at which a list is about something else: answers below non-answers, what was asked below these. `None`: nothing is to be
    /// told of an order.
    pub fn first_of_others(&self) -> Option<usize> {
        let is_other = |place: &AnswerPlace| !matches!(place, AnswerPlace::NonAnswer(_));
        let at = self.places().iter().position(is_other)?;
        (self.places().len() > 1).then_some(at)
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

    /// How many corrections wait for a lead, of an intent or of all.
    pub fn waiting(&self, intent: Option<&str>) -> usize {
        self.proposed(|c| c.row.holds.is_none() && intent.is_none_or(|i| c.row.intent.as_deref() == Some(i)))
    }

    /// How many hold something of one customer, so that they can be accepted by nobody before they are written otherwise.
    pub fn personal(&self) -> usize {
        self.proposed(|c| c.row.holds.is_some())
    }

    fn proposed(&self, wanted: impl Fn(&CorrectionLine) -> bool) -> usize {
        let lines = self.corrections.ready().map(|p| p.lines.as_slice()).unwrap_or_default();
        lines.iter().filter(|c| c.row.state == CorrectionState::Proposed && wanted(c)).count()
    }

    /// Whether the selected correction holds something of one customer.
    pub fn is_personal(&self) -> bool {
        self.correction().is_some_and(|line| line.row.holds.is_some())
    }

    /// What a correction would do on test turns; `None` where there are none, or it has no intent.
    pub fn reach_of(&self, line: &CorrectionLine) -> Option<(Reach, usize)> {
        let turns = &self.tests.ready()?.turns;
        let intent = line.row.intent.as_deref()?;
        (!turns.is_empty()).then(|| (reach(turns, intent, &line.row.lang), turns.len()))
    }
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
