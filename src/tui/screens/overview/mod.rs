//! Overview: the business owner's page. Is it better than on day one, what would help most, and who can repair it.

mod bars;
mod cycles;
mod headline;
mod missing;
mod opens;
mod repair;
mod screen;
mod segments;
pub mod state;
mod table;
mod trend;
mod view;
mod welcome;
mod window;

pub use state::OverviewScreen;
