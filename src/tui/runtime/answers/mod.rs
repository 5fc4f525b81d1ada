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

use super::desk::Desk;
use crate::domain::When;
use crate::store::Store;
use crate::tui::state::request::overview::{OverviewAnswer, OverviewRequest};
use crate::tui::state::request::signals::{SignalsAnswer, SignalsRequest};
use crate::tui::state::request::{Answer, Request};
use words::words;

/// Answers a request; `None` where nobody waits for an answer.
pub(in crate::tui) fn answer(store: &mut Store, desk: &Desk, request: Request) -> Option<Answer> {
    match request {
        Request::Common(r) => common::answer(store, desk, r).map(Answer::Common),
        Request::Overview(OverviewRequest::Figures) => {
            let page = store.figures().overview((desk.clock)()).map(Box::new).map_err(words);
            Some(OverviewAnswer::Figures(page).into())
        }
        Request::Overview(OverviewRequest::Durable) => {
            let rate = store.figures().durable(When::Days(28), (desk.clock)()).map_err(words);
            Some(OverviewAnswer::Durable(rate).into())
        }
        Request::Overview(OverviewRequest::Fallback) => {
            let rate = store.figures().fallback(When::Days(7), (desk.clock)()).map_err(words);
            Some(OverviewAnswer::Fallback(rate).into())
        }
        Request::Overview(OverviewRequest::Segments) => {
            let page = store.figures().segments((desk.clock)()).map(Box::new).map_err(words);
            Some(OverviewAnswer::Segments(page).into())
        }
        Request::Overview(OverviewRequest::Audited) => {
            let told = store.figures().audited(desk.seed).map(Box::new).map_err(words);
            Some(OverviewAnswer::Audited(told).into())
        }
        Request::Overview(OverviewRequest::Cycles) => {
            Some(OverviewAnswer::Cycles(store.cycles().map_err(words)).into())
        }
        Request::Overview(OverviewRequest::Cycle(id)) => {
            let story = store.cycle_story(id, (desk.clock)()).map(Box::new).map_err(words);
            Some(OverviewAnswer::Cycle(story).into())
        }
        Request::Patterns(r) => Some(patterns::answer(store, desk, r).into()),
        Request::Responses(r) => Some(responses::answer(store, desk, r).into()),
        Request::Queue(r) => Some(queue::answer(store, desk, r).into()),
        Request::Review(r) => review::answer(store, desk, r),
        Request::Tune(r) => Some(tune::answer(store, desk, r).into()),
        Request::Signals(SignalsRequest::Page(by)) => {
            let page = store.figures().signals(by, (desk.clock)()).map(Box::new).map_err(words);
            Some(SignalsAnswer::Page(by, page).into())
        }
        Request::Judging(r) => Some(judging::answer(store, desk, r).into()),
        Request::Import(r) => Some(import::answer(desk, r).into()),
    }
}
