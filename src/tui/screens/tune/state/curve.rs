//! The learning curve and the drawing of it.

use crate::jobs::Economics;
use crate::tui::state::work::JobRun;

/// The curve and the drawing of it.
#[derive(Debug, Default)]
pub struct CurveView {
    /// The curve drawn last, and what follows from it.
    pub drawn: Option<Box<Economics>>,
    /// It is being drawn.
    pub run: Option<JobRun>,
    /// Why there is none.
    pub problem: Option<String>,
}
