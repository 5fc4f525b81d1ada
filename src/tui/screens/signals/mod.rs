//! Signals: how customers feel and what they take, learnt from what they do. Every number opens exactly what it counts.

mod feel;
mod known;
mod let_down;
mod offer_notes;
mod offers;
mod screen;
pub mod state;
mod view;

pub use state::SignalsScreen;
