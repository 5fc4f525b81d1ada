//! What the Queue makes of answers: those of the store, and those of the people it asked.

#![deny(clippy::wildcard_enum_match_arm)]

use super::state::QueueScreen;
use super::state::columns::QueueColumn;
use super::{jump, lists, marks, order, views};
use crate::action::Action;
use crate::domain::Judgement;
use crate::domain::query::views as shipped;
use crate::store::CycleRow;
use crate::tui::state::choice::{JudgedAs, JudgedOn, QueueChoice, QueueQuestion};
use crate::tui::state::effect::{Effect, FootMessage, GoTo, ProgramEffect, ask, complain, go, open, say};
use crate::tui::state::request::queue::{QueueAnswer, QueueRequest};
use crate::tui::state::shared::SharedState;
use crate::tui::state::tab::ScreenTab;
use crate::tui::widgets::lists::{causes_of_understood, intent_called, is_intent};
use crate::tui::widgets::{numbers, query, words};

impl QueueScreen {
    /// Takes what the store answers.
    pub fn answered(&mut self, shared: &SharedState, answer: QueueAnswer) -> Vec<Effect> {
        match answer {
            QueueAnswer::Page(asked, page) => match self.take(&asked, page) {
                Ok(effects) => effects,
                Err(why) => complain("the queue could not be read anew", why),
            },
            QueueAnswer::Count(n, generation) => {
                self.take_count(n, generation);
                Vec::new()
            }
            QueueAnswer::Counts(counts, generation) => {
                self.views.take(counts, generation);
                Vec::new()
            }
            QueueAnswer::FilterCounts(counts, generation) => {
                let mut effects = self.offers.take(counts, generation);
                effects.push(Effect::Relist(lists::filter_entries(self, shared)));
                effects
            }
            QueueAnswer::Preview(item) => {
                self.take_preview(item);
                Vec::new()
            }
            QueueAnswer::Jumped(asked, landing) => jump::land(self, &asked, landing),
            QueueAnswer::MarkAll(Ok(page), generation) if generation == self.generation() => {
                marks::take_all(self, shared, &page.rows, page.after)
            }
            QueueAnswer::MarkAll(Ok(_), _) => Vec::new(),
            QueueAnswer::MarkAll(Err(why), _) => complain("nothing is marked", why),
            QueueAnswer::DecidedMany(answer) => marks::decided(self, answer),
            QueueAnswer::ManyOvertaken(said, ids, judgement, seen) => {
                open(lists::overtaken(&said, ids, judgement, seen))
            }
            QueueAnswer::FoundForCycle(n) => {
                let n = n.map_or_else(|_| "–".to_owned(), numbers::count);
                vec![Effect::Counted(lists::found(self, &n))]
            }
            QueueAnswer::CycleOpened(opened) => cycle_opened(shared, opened),
            QueueAnswer::CycleClosed(row) => cycle_closed(shared, row),
        }
    }

    /// Counts what each filter of the list would find.
    pub fn count_filters(&mut self, shared: &SharedState) -> Vec<Effect> {
        let queries = lists::filter_offers(self, shared).into_iter().map(|o| o.query);
        self.offers.ask(queries)
    }

    /// Counts all of them anew: what they find may be other by now.
    pub fn recount_filters(&mut self, shared: &SharedState) -> Vec<Effect> {
        let queries = lists::filter_offers(self, shared).into_iter().map(|o| o.query);
        self.offers.ask_anew(queries)
    }

    /// Takes a choice from something that it opened.
    pub fn chosen(&mut self, shared: &SharedState, choice: QueueChoice) -> Vec<Effect> {
        match choice {
            QueueChoice::Query(text) => self.set_query(text),
            QueueChoice::Understood => open(causes_of_understood(JudgedOn::Marked)),
            QueueChoice::Only(key, value) => self.set_query(&query::only(self.bar.field.text(), key, &value)),
            QueueChoice::Switch(key, value) => {
                let text = query::switch(self.bar.field.text(), key, &value);
                let mut effects = self.set_query(&text);
                effects.extend(self.count_filters(shared));
                effects.push(Effect::Relist(lists::filter_entries(self, shared)));
                effects
            }
            QueueChoice::Sort(by) => {
                let mut effects = order::by(self, by);
                effects.push(Effect::Relist(lists::order_entries(self)));
                effects
            }
            QueueChoice::Column(name) => {
                if let Some(column) = QueueColumn::ALL.into_iter().find(|c| c.name() == name) {
                    self.look.columns = self.look.columns.toggled(column);
                }
                let entries = Effect::Relist(lists::column_entries(self));
                vec![entries, Effect::Program(ProgramEffect::RememberPlace)]
            }
            QueueChoice::View(name) => views::open(self, shared, &name),
            QueueChoice::RenameView(name) => open(lists::view_name(self, Some(name))),
            QueueChoice::DeleteView(name) => open(lists::delete_view(&name)),
            QueueChoice::DropView(name) => views::delete(self, shared, &name),
            QueueChoice::Open(id) => go(GoTo::Item(id, None)),
            QueueChoice::OpenCycle(terms) => vec![ask(QueueRequest::OpenCycle(terms))],
            QueueChoice::JudgeOthers(ids, judgement, seen) => {
                vec![ask(QueueRequest::DecideMany(ids, judgement, Some(seen)))]
            }
            QueueChoice::JudgeAll(ids, judgement) => vec![ask(QueueRequest::DecideMany(ids, judgement, None))],
        }
    }

    /// Judges everything that is marked.
    pub fn judged(&mut self, shared: &SharedState, judged: JudgedAs) -> Vec<Effect> {
        match judged {
            JudgedAs::Intent(id) if !is_intent(&shared.intents, id) => {
                say("this intent is gone; F5 reads the list anew")
            }
            JudgedAs::Intent(id) => marks::decide(self, Judgement::Intent(id)),
            JudgedAs::Named(name) | JudgedAs::New(name) => match intent_called(&shared.intents, &name) {
                Some(id) => marks::decide(self, Judgement::Intent(id)),
                None => say("no intent is called so; open one of the conversations, n makes a new intent there"),
            },
            JudgedAs::Cause(cause) => marks::decide(self, Judgement::Cause(cause)),
            JudgedAs::Mode(mode, cause) => marks::decide(self, Judgement::Mode(mode, cause)),
            JudgedAs::Understood(cause) => marks::decide(self, Judgement::Understood(cause)),
            JudgedAs::Outcome(outcome) => marks::decide(self, Judgement::Outcome(outcome)),
            JudgedAs::Traffic(_) => marks::decide(self, Judgement::NotTraffic),
            // Nothing that is opened above marks offers it.
            JudgedAs::Sentiment(_) => Vec::new(),
        }
    }

    /// Takes what was written to a question.
    ///
    /// # Errors
    /// Why it is no answer, for a person; the question stays.
    pub fn told(
        &mut self,
        shared: &SharedState,
        question: &QueueQuestion,
        text: String,
    ) -> Result<Vec<Effect>, &'static str> {
        match question {
            QueueQuestion::Intent if text.is_empty() => Err("an intent needs a name"),
            QueueQuestion::Intent => Ok(self.judged(shared, JudgedAs::Named(text))),
            QueueQuestion::CyclePlan(id) => Ok(vec![ask(QueueRequest::CloseCycle(*id, text))]),
            QueueQuestion::ViewName(from) => {
                shipped::check_name(&text, &self.views.saved, from.as_deref())?;
                Ok(match from {
                    None => views::save(self, shared, text),
                    Some(from) => views::rename(self, shared, from, text),
                })
            }
            QueueQuestion::Question if text.is_empty() => Err("what do you want to know?"),
            QueueQuestion::Question => Ok(marks::decide(self, Judgement::Question(text))),
            QueueQuestion::Jump => Ok(jump::go(self, jump::goal(&text)?)),
        }
    }
}

/// What stays in sight is what was done; what to press next is said once, beside it.
fn turned_cycle(done: String, next: String) -> Vec<Effect> {
    // What was decided before is not what u takes back now.
    vec![Effect::Say(FootMessage::DecidedThen(done, next)), Effect::Program(ProgramEffect::Refresh)]
}

fn cycle_opened(shared: &SharedState, opened: Result<(CycleRow, u64), String>) -> Vec<Effect> {
    match opened {
        Ok((row, left_out)) => {
            let left_out = match left_out {
                0 => String::new(),
                n => format!("; {} in test groups left out", numbers::count(n)),
            };
            let done =
                format!("cycle {} is open: {} to review{left_out}", words::line(&row.name), numbers::count(row.goal));
            // r would go through the list that is shown.
            turned_cycle(done, format!("{} begins", shared.keys.map.key_of(Action::Resume)))
        }
        Err(why) => complain("the cycle was not opened", why),
    }
}

fn cycle_closed(shared: &SharedState, row: Result<CycleRow, String>) -> Vec<Effect> {
    match row {
        Ok(row) => {
            let key = shared.keys.map.key_of(Action::Tab(ScreenTab::FineTune.number()));
            let told = shared.keys.map.key_of(Action::Tab(ScreenTab::Overview.number()));
            let page = shared.keys.map.first_key_named("cycles");
            let done = format!(
                "cycle {} is closed: {} of {} reviewed",
                words::line(&row.name),
                numbers::count(row.done),
                numbers::count(row.goal)
            );
            turned_cycle(done, format!("{told} {page} its story, {key} Fine-tune"))
        }
        Err(why) => complain("the cycle was not closed", why),
    }
}
