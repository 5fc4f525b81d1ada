//! What Fine-tune asks: releases, comparisons, gold; and what it decides about them.

use super::words::words;
use crate::domain::{Comparison, DecisionChange};
use crate::jobs;
use crate::store::{DisputeRow, GoldRow, ReleaseRow, Store, StoreError};
use crate::tui::runtime::desk::WorkingDesk;
use crate::tui::state::request::tune::{TuneAnswer, TuneRequest, WhichComparison};

/// Answers a request of Fine-tune.
pub fn answer(store: &mut Store, desk: &WorkingDesk, request: TuneRequest) -> TuneAnswer {
    let (who, now) = (desk.reviewer.as_str(), (desk.clock)());
    match request {
        TuneRequest::Releases => TuneAnswer::Releases(releases(store).map_err(words)),
        TuneRequest::Registry => TuneAnswer::Registry(store.registry().map(Box::new).map_err(words)),
        TuneRequest::OpenHalf => TuneAnswer::OpenHalf(open_half(store).map_err(words)),
        TuneRequest::Pins => TuneAnswer::Pins(store.pinned_turns().map_err(words)),
        TuneRequest::Labels(turns) => {
            let labels = store.labels_of(&turns).map_err(words);
            TuneAnswer::Labels(turns, labels)
        }
        TuneRequest::Comparison(which, g) => {
            let found = match which {
                WhichComparison::Of(release) => store.comparison_of(release),
                WhichComparison::Row(row) => store.comparison(row),
            };
            TuneAnswer::Comparison(found.map(|c| c.map(Box::new)).map_err(words), g)
        }
        TuneRequest::Pin((id, turn), pinned) => TuneAnswer::Pinned(
            store.decide(who, now, &[DecisionChange::pin(id, turn, pinned)]).map(|_| pinned).map_err(words),
        ),
        TuneRequest::Promote { release, reason, over } => {
            TuneAnswer::Promoted(jobs::promote(store, who, now, release, &reason, over).map(|_| release).map_err(words))
        }
        TuneRequest::Reject(id, reason) => {
            TuneAnswer::Rejected(store.reject(who, now, id, &reason).map(|()| id).map_err(words))
        }
        TuneRequest::RollBack(back, reason) => {
            TuneAnswer::RolledBack(jobs::rollback(store, who, now, &reason, Some(back)).map_err(words))
        }
        TuneRequest::DisputedExamples => TuneAnswer::DisputedExamples(disputed_examples(store).map_err(words)),
        TuneRequest::Settle(dispute, as_said) => {
            TuneAnswer::Settled(store.settle(who, now, &[dispute], as_said).map(drop).map_err(words))
        }
        TuneRequest::FreezeGold => {
            TuneAnswer::GoldFrozen(store.freeze_gold(who, now, Some("new test labels")).map_err(words))
        }
    }
}

fn disputed_examples(store: &Store) -> Result<Vec<DisputeRow>, StoreError> {
    let mut disputes = store.disputes()?;
    disputes.retain(|d| d.turn().is_none());
    store.dispute_rows(&disputes)
}

fn open_half(store: &Store) -> Result<Vec<GoldRow>, StoreError> {
    let version = store.gold_version()?;
    version.map_or(Ok(Vec::new()), |v| store.gold_rows(v))
}

fn releases(store: &Store) -> Result<(Vec<ReleaseRow>, Option<Box<Comparison>>), StoreError> {
    Ok((store.releases()?, store.newest_comparison()?.map(Box::new)))
}
