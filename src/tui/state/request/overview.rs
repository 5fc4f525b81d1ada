//! What the Overview screen asks.

use crate::domain::{CycleId, Rate};
use crate::store::{AuditedFigures, CycleRow, CycleStory, DurableFigures, OverviewPage, SegmentPage, SignalRates};

/// A question of the Overview screen.
#[derive(Clone, Debug, PartialEq)]
pub enum OverviewRequest {
    /// The figures.
    Figures,
    /// How many resolutions of the last four weeks held.
    Durable,
    /// Turns of the last seven days that the AI did not understand.
    Fallback,
    /// How customers felt and what they took.
    Felt,
    /// The last seven days in segments.
    Segments,
    /// Rates that need people.
    Audited,
    /// All review cycles.
    Cycles,
    /// What one of them came to.
    Cycle(CycleId),
}

/// An answer to an [`OverviewRequest`].
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "each answers the request of the same name")]
pub enum OverviewAnswer {
    Figures(Result<Box<OverviewPage>, String>),
    /// `None`: the log names no customers.
    Durable(Result<Option<DurableFigures>, String>),
    /// `None`: no customer said anything.
    Fallback(Result<Option<Rate>, String>),
    Felt(Result<Box<SignalRates>, String>),
    Segments(Result<Box<SegmentPage>, String>),
    Audited(Result<Box<AuditedFigures>, String>),
    Cycles(Result<Vec<CycleRow>, String>),
    Cycle(Result<Box<CycleStory>, String>),
}
