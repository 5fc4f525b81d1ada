//! What the Signals screen asks.

use crate::domain::OffersBy;
use crate::store::SignalsPage;

/// A question of the Signals screen.
#[derive(Clone, Debug, PartialEq)]
pub enum SignalsRequest {
    /// All of it, offers told apart by something.
    Page(OffersBy),
}

/// An answer to a [`SignalsRequest`].
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "each answers the request of the same name")]
pub enum SignalsAnswer {
    Page(OffersBy, Result<Box<SignalsPage>, String>),
}
