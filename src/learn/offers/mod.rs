//! Whether a customer says yes to an offer: a model that learns from each answer as it comes in.
//!
//! Three experts look at an offer. One bets feature by feature and pair by pair (`coin`): quick where it has seen the like. Another
//! is a ridge regression on the plain features (`ridge`): careful where an offer, an intent or a service is new. How far
//! the first is believed beside it follows from how often the rarest feature of the offer was seen. The third is a regression on
//! pairs, too, that is hardly held down: what was seen often it tells as it was. How far that one is believed follows from what such
//! models say of conversations that they have not heard (`crossed`). A model says how probable a yes is only
//! where what is told of such answers beats the base rate's loss, interval included (rule 24). What is told then is
//! what came true of what was said so (`curve`), with the interval of that. What a question leaves out moves nothing: it is as in the offers
//! that were learnt from (`lessons`).
//!
//! Settings were chosen on development files alone, leaving one service out at a time.

mod coin;
mod crossed;
mod curve;
mod example;
mod fitted;
mod fitting;
mod lessons;
mod model;
mod open;
mod ridge;
mod rules;
mod section;
#[cfg(test)]
mod tests;

pub use example::{OfferExample, OfferFeatures};
pub use fitted::FittedOffers;
pub use fitting::{OfferRecipe, OnlineOffers};
pub use model::{OfferLift, OfferModel, Propensity};
pub use rules::OfferRules;
