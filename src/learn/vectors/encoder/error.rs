//! Why a directory holds no encoder that this program can run.

use std::path::PathBuf;

/// Why a directory is no encoder that this program can run.
#[derive(Debug, thiserror::Error)]
pub enum EncoderError {
    /// A file is missing or cannot be read.
    #[error("{path}: {source}")]
    Read {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A file does not hold what it should.
    #[error("{path}: {what}")]
    Bad {
        /// Which.
        path: PathBuf,
        /// What is wrong.
        what: String,
    },
    /// Its tokenizer cannot be read, or would not stop.
    #[error("{path}: the tokenizer is damaged ({source}); fetch it again")]
    Tokenizer {
        /// Its file.
        path: PathBuf,
        /// Why.
        source: TokenizerError,
    },
    /// The encoder is of a kind that is not read, or none at all; the words say which kinds are, and what to do.
    #[error("{0}")]
    Unsupported(String),
}

/// Why a tokenizer is not taken.
#[derive(Debug, thiserror::Error)]
pub enum TokenizerError {
    /// Its file is no JSON, or not the JSON of a tokenizer.
    #[error("{0}")]
    Json(#[from] serde_json::Error),
    /// The tokenizers crate refuses it.
    #[error("{0}")]
    Refused(#[from] tokenizers::Error),
    /// The tokenizers crate panicked.
    #[error("it cannot be made sense of")]
    Panicked,
    /// The file holds something else.
    #[error("it is no object")]
    NoObject,
    /// A normalizer that is not read; the others are.
    #[error("a normalizer {0:?} is not read; {1} are")]
    Normalizer(String, String),
    /// A normalizer puts more bytes into a text than that.
    #[error("a {0} puts more than {1} bytes into a text")]
    TooLong(String, usize),
    /// A normalizer lacks what it works with.
    #[error("a Precompiled normalizer without its table")]
    NoTable,
    /// There are more rules in a row than any tokenizer has.
    #[error("it has more than {0} {1}")]
    TooMany(usize, &'static str),
    /// A text grows beyond what is read.
    #[error("it makes too much of a text")]
    TooMuch,
}
