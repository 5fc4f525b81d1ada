//! What the store thread answers, a file for each area. Every request has its arm: the matches are exhaustive.

#![deny(clippy::wildcard_enum_match_arm)]

mod common;
mod deciding;
mod import;
mod judging;
mod patterns;
mod queue;
mod responses;
mod review;
mod tune;
pub(in crate::tui) mod words;

use super::desk::WorkingDesk;
use crate::domain::QueryMoment;
use crate::store::Store;
use crate::tui::state::request::overview::{OverviewAnswer, OverviewRequest};
use crate::tui::state::request::signals::{SignalsAnswer, SignalsRequest};
use crate::tui::state::request::{StoreAnswer, StoreRequest};
use words::words;

/// Answers a request; `None` where nobody waits for an answer.
pub(in crate::tui) fn answer(store: &mut Store, desk: &WorkingDesk, request: StoreRequest) -> Option<StoreAnswer> {
    match request {
        StoreRequest::Common(r) => common::answer(store, desk, r).map(StoreAnswer::Common),
        StoreRequest::Overview(OverviewRequest::Figures) => {
            let page = store.figures().overview((desk.clock)()).map(Box::new).map_err(words);
            Some(OverviewAnswer::Figures(page).into())
        }
        StoreRequest::Overview(OverviewRequest::Durable) => {
            let rate = store.figures().durable(QueryMoment::Days(28), (desk.clock)()).map_err(words);
            Some(OverviewAnswer::Durable(rate).into())
        }
        StoreRequest::Overview(OverviewRequest::Fallback) => {
            let rate = store.figures().fallback(QueryMoment::Days(7), (desk.clock)()).map_err(words);
            Some(OverviewAnswer::Fallback(rate).into())
        }
        StoreRequest::Overview(OverviewRequest::Felt) => {
            let rates = store.figures().signal_rates((desk.clock)()).map(Box::new).map_err(words);
            Some(OverviewAnswer::Felt(rates).into())
        }
        StoreRequest::Overview(OverviewRequest::Segments) => {
            let page = store.figures().segments((desk.clock)()).map(Box::new).map_err(words);
            Some(OverviewAnswer::Segments(page).into())
        }
        StoreRequest::Overview(OverviewRequest::Audited) => {
            let told = store.figures().audited(desk.seed).map(Box::new).map_err(words);
            Some(OverviewAnswer::Audited(told).into())
        }
        StoreRequest::Overview(OverviewRequest::Cycles) => {
            Some(OverviewAnswer::Cycles(store.cycles().map_err(words)).into())
        }
        StoreRequest::Overview(OverviewRequest::Cycle(id)) => {
            let story = store.cycle_story(id, (desk.clock)()).map(Box::new).map_err(words);
            Some(OverviewAnswer::Cycle(story).into())
        }
        StoreRequest::Patterns(r) => Some(patterns::answer(store, desk, r).into()),
        StoreRequest::Responses(r) => Some(responses::answer(store, desk, r).into()),
        StoreRequest::Queue(r) => Some(queue::answer(store, desk, r).into()),
        StoreRequest::Review(r) => review::answer(store, desk, r),
        StoreRequest::Tune(r) => Some(tune::answer(store, desk, r).into()),
        StoreRequest::Signals(SignalsRequest::Page(by)) => {
            let page = store.figures().signals(by, (desk.clock)()).map(Box::new).map_err(words);
            Some(SignalsAnswer::Page(by, page).into())
        }
        StoreRequest::Judging(r) => Some(judging::answer(store, desk, r).into()),
        StoreRequest::Import(r) => Some(import::answer(desk, r).into()),
    }
}
