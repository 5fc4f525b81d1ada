//! Why a log cannot be read at all.

use std::error::Error;
use std::io;

/// Why a log cannot be read at all.
#[derive(Debug, thiserror::Error)]
pub enum IngestError {
    /// It cannot be opened, or is no log.
    #[error("cannot read {name}: {error}")]
    Open {
        /// Path or name.
        name: String,
        /// What the system says.
        error: io::Error,
    },
    /// No format fits.
    #[error(
        "{name} is in no format that can be read ({known}){seen}; if it is in one of them, name it with --from. The smallest line that is \
         read: {{\"id\":\"c-1\",\"turns\":[{{\"role\":\"user\",\"text\":\"where is it\"}},{{\"role\":\"bot\",\"text\":\"On its way.\"}}]}}; or CSV with a \
         line that names its columns: conversation_id,role,text"
    )]
    UnknownFormat {
        /// Path or name.
        name: String,
        /// What it holds, as far as that can be told, after a colon; else empty.
        seen: String,
        /// The formats there are.
        known: String,
    },
    /// Its format cannot read it, or not with the settings given.
    #[error("{name}: {error}")]
    Format {
        /// Path or name.
        name: String,
        /// The format.
        format: &'static str,
        /// What does not fit.
        error: Box<dyn Error + Send + Sync>,
    },
    /// `encoding` names none.
    #[error("no encoding called `{0}`: utf-8, windows-1252, windows-1253, iso-8859-7, shift_jis, …")]
    NoSuchEncoding(String),
    /// `from` names no format.
    #[error("no format called `{from}`{hint}; there are: auto, {known}")]
    NoSuchFormat {
        /// What was asked for.
        from: String,
        /// What may have been meant.
        hint: String,
        /// The formats there are.
        known: String,
    },
}
