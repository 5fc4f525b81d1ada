//! Logs in, conversations out. [`LogReader`] opens a file or a stream, undoes its compression and encoding, cuts it into
//! records, and hands it to its format: a conversation, or a reject with the reason. One bad line
//! never stops an import; nothing is invented that the log does not say.

mod context;
mod derive;
mod distinct;
mod error;
pub mod formats;
mod html;
mod input;
mod mail;
mod options;
mod reader;
mod rejects;
mod rows;
mod teaching;
pub mod times;
mod traffic;
mod unpacking;

pub use context::{DamagedRecords, ImportQuestion, PlainScales, ProvedReading, Salt, Warning};
pub use derive::hash::{ContentHash, content_hash, pseudonym};
pub use derive::outcome::{DerivedOutcome, HANDOFF_NAMES, derive, settle};
pub use derive::strangers::Speakers;
pub use error::IngestError;
pub use formats::contract::{EMPTY, FormatChoice};
pub use formats::folder::is_marker;
pub use input::source::Input;
pub use options::ReadOptions;
pub use reader::{LogReader, LogRecord, LogSummary, format_names, format_of, is_log, scales_of, why_no_log};
pub use rejects::{BadRecord, Reject, Rejects};
pub use rows::named::{NamedRow, NamedRows};
pub use rows::records::NamedRecords;
pub use teaching::{TrainingPhrase, training_phrases};
pub use times::DateOrder;
pub use traffic::{TRAFFIC_COLUMNS, TrafficError, traffic};
