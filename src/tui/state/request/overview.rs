//! What the Overview screen asks.

use crate::domain::Rate;
use crate::store::OverviewPage;

/// A question of the Overview screen.
#[derive(Clone, Debug, PartialEq)]
pub enum OverviewRequest {
    /// The figures.
    Figures,
    /// How many resolutions of the last four weeks held.
    Durable,
}

/// An answer to an [`OverviewRequest`].
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "each answers the request of the same name")]
pub enum OverviewAnswer {
    Figures(Result<Box<OverviewPage>, String>),
    /// `None`: the log names no customers.
    Durable(Result<Option<Rate>, String>),
}
