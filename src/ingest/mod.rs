//! Logs in, conversations out. [`Reader`] opens a file or a stream, undoes its compression and encoding, cuts it into
//! records, and hands each to the adapter of its format: a conversation, or a reject with the reason. One bad line
//! never stops an import; nothing is invented that the log does not say.

mod context;
mod derive;
mod distinct;
pub mod formats;
mod input;
mod reader;
mod rejects;
pub mod times;

pub use context::{Salt, Warning};
pub use derive::hash::{ContentHash, content_hash, pseudonym};
pub use derive::outcome::{Derived, HANDOFF_NAMES, derive, settle};
pub use formats::{Adapter, FORMATS};
pub use input::source::Input;
pub use reader::{IngestError, Item, Options, Reader, Summary};
pub use rejects::{Reject, Rejects};
pub use times::DateOrder;
