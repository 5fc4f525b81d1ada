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
        Request::Patterns(r) => Some(patterns::answer(store, desk, r).into()),
        Request::Responses(r) => Some(responses::answer(store, desk, r).into()),
        Request::Queue(r) => Some(queue::answer(store, desk, r).into()),
        Request::Review(r) => review::answer(store, desk, r),
        Request::Tune(r) => Some(tune::answer(store, desk, r).into()),
        Request::Judging(r) => Some(judging::answer(store, desk, r).into()),
        Request::Import(r) => Some(import::answer(desk, r).into()),
    }
}
