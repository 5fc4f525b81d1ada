//! What the Patterns screen asks: lists, what labelling all of a line would be about, labels, modes, topics, what is handed out.

use super::deciding::{self, Many};
use super::words::words;
use crate::domain::{
    ActionTerms, Cause, DecisionChange, DecisionId, Filter, IntentId, Judgement, Query, QueueOrder, Review, TestGroups,
    Timestamp,
};
use crate::store::{PageStart, Result, Store, StoreError};
use crate::tui::runtime::desk::WorkingDesk;
use crate::tui::state::request::patterns::{
    FIRST_EXAMPLES, LabelPreview, MOST_LABELLED, PatternsAnswer, PatternsRequest,
};
use crate::tui::widgets::lists::stay_out;

/// Customers' words that are shown before all are labelled.
const SAMPLES: usize = 4;

/// Answers a request of Patterns.
pub fn answer(store: &mut Store, desk: &WorkingDesk, request: PatternsRequest) -> PatternsAnswer {
    let (who, now) = (desk.reviewer.as_str(), (desk.clock)());
    match request {
        PatternsRequest::Page(view, days) => {
            PatternsAnswer::Page(view, store.figures().patterns(view, days, now).map(Box::new).map_err(words))
        }
        PatternsRequest::Preview(query) => {
            PatternsAnswer::Preview(preview(store, query, now).map(Box::new).map_err(words))
        }
        PatternsRequest::Label(ids, judgement, seen) => {
            match deciding::decide_many(store, desk, &ids, &judgement, seen) {
                Ok(Many::Saved(many)) => PatternsAnswer::Labelled(Ok(many)),
                Ok(Many::Overtaken(said)) => {
                    PatternsAnswer::Overtaken(said, ids, judgement, seen.unwrap_or(DecisionId(0)))
                }
                Err(why) => PatternsAnswer::Labelled(Err(why)),
            }
        }
        PatternsRequest::MakeIntent(query, name) => {
            PatternsAnswer::Decided(make_intent(store, (who, now), &query, &name).map_err(words), true)
        }
        PatternsRequest::MakeMode(query, name, cause) => {
            PatternsAnswer::Decided(make_mode(store, (who, now), &query, &name, cause).map_err(words), true)
        }
        PatternsRequest::AddMode(name, cause) => {
            let told = store.add_mode(who, now, &name, cause);
            let told = told.map(|_| format!("{name} is a mode of {} now; m and its digit give it", cause.label()));
            PatternsAnswer::Decided(told.map_err(words), true)
        }
        PatternsRequest::Define(intent, meaning) => {
            PatternsAnswer::Decided(define(store, (who, now), intent, meaning.as_deref()).map_err(words), true)
        }
        PatternsRequest::HandOut(about, terms) => {
            PatternsAnswer::Decided(hand_out(store, (who, now), &about, &terms).map_err(words), false)
        }
        PatternsRequest::Finish(id, done) => {
            let told = store.finish_action(who, now, id, done);
            let state = if done { "done; in four weeks it shows whether it fell" } else { "open again" };
            PatternsAnswer::Decided(told.map(|row| format!("{} is {state}", row.name)).map_err(words), false)
        }
        PatternsRequest::RenameTopic(from, to) => {
            let told = store.rename_intent(who, now, &from, &to).map(|_| format!("{from} is called {to} now"));
            PatternsAnswer::Decided(told.map_err(words), true)
        }
        PatternsRequest::MergeTopic(from, into) => {
            let told = store.merge_intents(who, now, &from, &into).map(|_| format!("{from} counts as {into} now"));
            PatternsAnswer::Decided(told.map_err(words), true)
        }
        PatternsRequest::RenameMode(from, to) => {
            let told = store.rename_mode(who, now, &from, &to).map(|_| format!("the mode {from} is called {to} now"));
            PatternsAnswer::Decided(told.map_err(words), true)
        }
        PatternsRequest::MergeMode(from, into) => {
            let told = store.merge_modes(who, now, &from, &into);
            let told = told.map(|(a, b)| format!("the mode {} counts as {} now", a.name, b.name));
            PatternsAnswer::Decided(told.map_err(words), true)
        }
        PatternsRequest::SplitMode(name, into) => {
            let told = store.split_mode(who, now, &name, &into);
            let told = told.map(|m| {
                format!("the mode {} is retired; what it held may get one of {} instead", m.name, into.join(", "))
            });
            PatternsAnswer::Decided(told.map_err(words), true)
        }
        PatternsRequest::RetireMode(name) => {
            let told = store.retire_mode(who, now, &name);
            let told = told.map(|m| format!("the mode {} is retired; what is in it stays in it", m.name));
            PatternsAnswer::Decided(told.map_err(words), true)
        }
    }
}

fn define(store: &mut Store, (who, now): (&str, Timestamp), intent: IntentId, meaning: Option<&str>) -> Result<String> {
    let name = store.intent_names()?.name(intent);
    store.define_intent(who, now, &name, meaning)?;
    Ok(match meaning {
        Some(_) => format!("{name} says what it means; the list of intents shows it"),
        None => format!("{name} has no definition now"),
    })
}

fn parsed(query: &str) -> Result<Query> {
    Query::parse(query).map_err(|e| StoreError::Refused(format!("{query}: {e}")))
}

/// Of what a query finds: training groups, by where the review stands.
fn of_training(query: &str, states: &[Review]) -> Result<Query> {
    let query = parsed(query)?.whatever_group().with(Filter::Test(TestGroups::Hidden));
    Ok(query.with(Filter::Status(states.to_vec())))
}

const UNJUDGED: [Review; 3] = [Review::Open, Review::Later, Review::Skipped];

fn preview(store: &Store, query: String, now: Timestamp) -> Result<LabelPreview> {
    let seen = store.figures().frame()?.decision;
    let page =
        store.queue_page(&of_training(&query, &UNJUDGED)?, QueueOrder::VALUE, PageStart::Start, MOST_LABELLED, now)?;
    let judged = store.queue_count(&of_training(&query, &[Review::Done, Review::Flagged])?, now)?;
    let in_test_groups =
        store.queue_count(&parsed(&query)?.whatever_group().with(Filter::Test(TestGroups::Only)), now)?;
    let samples = page.rows.iter().map(|r| r.text.clone()).filter(|t| !t.is_empty()).take(SAMPLES).collect();
    let ids: Vec<_> = page.rows.iter().map(|r| r.n).collect();
    let failing = store.cases(&ids)?.iter().filter(|c| c.needs_cause).count() as u64;
    Ok(LabelPreview { query, ids, failing, more: page.after, judged, in_test_groups, samples, seen })
}

/// The first of what a line holds, of training groups, become examples of an intent: its label on them. One step.
fn make_intent(store: &mut Store, (who, now): (&str, Timestamp), query: &str, name: &str) -> Result<String> {
    let page =
        store.queue_page(&of_training(query, &UNJUDGED)?, QueueOrder::VALUE, PageStart::Start, FIRST_EXAMPLES, now)?;
    let ids: Vec<_> = page.rows.iter().map(|r| r.n).collect();
    let cases = store.cases(&ids)?;
    if cases.iter().all(|c| c.turn.is_none()) {
        return Err(StoreError::Refused(
            "nothing in it can be an example: all of it is judged, of test groups, or the customer said nothing"
                .to_owned(),
        ));
    }
    let in_test_groups =
        store.queue_count(&parsed(query)?.whatever_group().with(Filter::Test(TestGroups::Only)), now)?;
    let follows =
        |intent, created| cases.iter().flat_map(|c| c.relabel(intent, created).0).collect::<Vec<DecisionChange>>();
    let made = store.decide_named((who, now), name, None, follows)?;
    Ok(format!("{}{}", deciding::told(store, &made.changes), left_out(in_test_groups)))
}

/// What notes say the same of is in a mode from now on, training groups alone. One step.
fn make_mode(
    store: &mut Store,
    (who, now): (&str, Timestamp),
    query: &str,
    name: &str,
    cause: Cause,
) -> Result<String> {
    let all = parsed(query)?.whatever_group().with(Filter::Test(TestGroups::Hidden));
    let page = store.queue_page(&all, QueueOrder::VALUE, PageStart::Start, MOST_LABELLED, now)?;
    let ids: Vec<_> = page.rows.iter().map(|r| r.n).collect();
    let cases = store.cases(&ids)?;
    let unfailed = cases.iter().filter(|c| !c.needs_cause).count() as u64;
    // What was decided on each already, its intent above all, stays.
    let follows = |mode| {
        let judgement = Judgement::Mode(mode, cause);
        cases.iter().flat_map(|c| c.decide(&judgement)).collect::<Vec<DecisionChange>>()
    };
    let changes = store.decide_mode((who, now), name, cause, follows)?;
    let in_test_groups =
        store.queue_count(&parsed(query)?.whatever_group().with(Filter::Test(TestGroups::Only)), now)?;
    let told = deciding::told(store, &changes);
    Ok(format!("{told}{}{}", stay_out(unfailed), left_out(in_test_groups)))
}

/// What a step about all of a line leaves out (rule 47).
fn left_out(in_test_groups: u64) -> String {
    if in_test_groups == 0 { String::new() } else { format!("; {in_test_groups} in test groups stay out") }
}

fn hand_out(store: &mut Store, (who, now): (&str, Timestamp), about: &str, terms: &ActionTerms) -> Result<String> {
    let handed = store.hand_out(who, now, &parsed(about)?, terms)?;
    let was =
        handed.was.filter(|was| *was != terms.owner).map_or_else(String::new, |was| format!(", not {was} any more"));
    Ok(format!("{} goes to {}{was}", handed.row.name, handed.row.words()))
}
