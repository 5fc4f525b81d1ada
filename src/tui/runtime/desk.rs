//! Who works here and with what: what every thread of the program is given.

use crate::domain::{ExternalAis, Timestamp};
use crate::jobs::encoders::InstalledEncoders;
use crate::store::StoreError;
use std::path::PathBuf;
use std::sync::Arc;

/// What time it is.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// Who works here and with what.
#[derive(Clone)]
pub struct WorkingDesk {
    /// Who decides.
    pub reviewer: String,
    /// What time it is.
    pub clock: Clock,
    /// Seed of samples that are drawn.
    pub seed: u64,
    /// Where mappings of CSV files are kept.
    pub profiles: Option<PathBuf>,
    /// The installed encoders.
    pub encoders: Arc<InstalledEncoders>,
    /// Trainers and AIs that the configuration names.
    pub outside: Arc<ExternalAis>,
    /// What an hour of a reviewer costs.
    pub hourly: Option<f64>,
}

/// Why the program could not start or go on.
#[derive(Debug, thiserror::Error)]
pub enum TuiError {
    /// The store cannot be opened.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The terminal does not do as it is told.
    #[error("the terminal cannot be used: {0}")]
    Terminal(#[from] std::io::Error),
    /// The system gives no thread.
    #[error("no thread could be started: {0}")]
    Thread(std::io::Error),
}
