//! The names of the program that tests use, so that each file need not say where they live.

pub use crate::tui::overlays::Overlay;
pub use crate::tui::runtime::desk::WorkingDesk;
pub use crate::tui::screens::contract::Screen;
pub use crate::tui::screens::queue::state::columns::QueueColumn;
pub use crate::tui::screens::queue::state::views::SavedViews;
pub use crate::tui::screens::queue::state::window::LandAt;
pub use crate::tui::screens::queue::{lists as queue_lists, marks, views};
pub use crate::tui::screens::review::{ReviewStage, decide, lists as review_lists, meanwhile};
pub use crate::tui::screens::tune::registry::verdicts::{judged, verdict_words};
pub use crate::tui::screens::tune::state::curve::CurveView;
pub use crate::tui::screens::tune::state::front::TuneFront;
pub use crate::tui::screens::tune::state::panes::Pane;
pub use crate::tui::screens::tune::state::registry::RegistryList;
pub use crate::tui::screens::tune::state::replay::FoundReplay;
pub use crate::tui::screens::tune::state::work::TuneWork;
pub use crate::tui::screens::tune::{CandidateWays, TuneScreen, judging};
pub use crate::tui::state::app::App;
pub use crate::tui::state::effect::{Effect, Job, LongWork, TerminalEffect, WorldEffect, complain, open};
pub use crate::tui::state::files::{CsvTable, FileEntry, Listing, LogPreview};
pub use crate::tui::state::float::{Float, after_first};
pub use crate::tui::state::msg::{JobMsg, Msg};
pub use crate::tui::state::request::common::{CommonAnswer, CommonRequest};
pub use crate::tui::state::request::import::ImportAnswer;
pub use crate::tui::state::request::queue::{NoRows, PageRequest, QueueAnswer, QueueRequest};
pub use crate::tui::state::request::review::{ReviewAnswer, ReviewOpening, ReviewProgress, ReviewRequest};
pub use crate::tui::state::request::tune::{TuneAnswer, TuneRequest, WhichComparison};
pub use crate::tui::state::request::{StoreAnswer, StoreRequest};
pub use crate::tui::state::seen::{ScreenHit, SeenFrame};
pub use crate::tui::state::shared::StoreRead;
pub use crate::tui::state::tab::ScreenTab;
pub use crate::tui::state::work::{
    CandidateMethod, FilledBy, FillingWork, JobEnd, JobProgress, JobRun, LoadJob, TuneJob, TuneResult,
};
pub use crate::tui::update::{floats, init, settle, update};
pub use crate::tui::view::view;
pub use crate::tui::widgets::query::DEFAULT;
