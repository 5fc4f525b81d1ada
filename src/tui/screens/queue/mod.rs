//! Queue: page through conversations, filter, sort, go from view to view, preview, mark many.

mod answers;
pub mod bar;
mod head;
mod jump;
pub mod lists;
pub mod marks;
mod order;
mod screen;
pub mod state;
mod view;
pub mod views;

pub use state::QueueScreen;
