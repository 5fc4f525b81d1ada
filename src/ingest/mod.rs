//! Logs in, conversations out. [`Reader`] opens a file or a stream, undoes its compression and encoding, cuts it into
//! records, and hands each to the adapter of its format: a conversation, or a reject with the reason. One bad line
//! never stops an import; nothing is invented that the log does not say.

mod canonical;
mod context;
pub mod csv;
mod distinct;
mod format;
mod frames;
mod hash;
mod outcome;
mod reader;
mod record;
mod rejects;
mod repair;
mod source;
pub mod times;

pub use context::{Salt, Warning};
pub use format::{Adapter, FORMATS};
pub use hash::{ContentHash, content_hash, pseudonym};
pub use outcome::{Derived, HANDOFF_NAMES, derive, settle};
pub use reader::{IngestError, Item, Options, Reader, Summary};
pub use rejects::{Reject, Rejects};
pub use source::Input;
pub use times::DateOrder;
