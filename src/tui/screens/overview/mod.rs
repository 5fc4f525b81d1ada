//! Overview: the business owner's page. Is it better than on day one, what fails most, what can fine-tuning repair.

mod failing;
mod screen;
pub mod state;
mod table;
mod trend;
mod view;
mod welcome;

pub use state::OverviewScreen;
