//! How a command ends.

use crate::cli::output::json::StandardOutput;
use crate::domain::Cancelled;
use crate::jobs::JobError;
use crate::stop;
use crate::store::StoreError;
use crate::text;
use serde_json::json;
use std::io::Write;

/// How a command ended that did not fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cli) enum Exit {
    /// Done.
    Done,
    /// It ran, and what came out counts as failed.
    Failed,
    /// A gate refused; the result has been printed.
    Refused,
    /// It was asked to end, and has ended.
    Stopped,
}

impl Exit {
    pub(in crate::cli) fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::Refused => 3,
            Self::Stopped => stop::code(),
        }
    }
}

/// The command was written in a way that cannot be meant.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(in crate::cli) struct Usage(String);

impl Usage {
    pub(in crate::cli) fn because(words: impl Into<String>) -> anyhow::Error {
        Self(words.into()).into()
    }
}

/// Says that a signal has ended the program in the middle of something.
pub(in crate::cli) fn say_stopped() {
    let words = "stopped; what was finished before stays, and running it again goes on from there";
    let _ = writeln!(std::io::stderr(), "appraise: {words}");
}

/// Prints an error and returns its exit code. A closed pipe is success: nobody wants the rest.
pub(in crate::cli) fn report(error: &anyhow::Error, quiet: bool) -> u8 {
    let code = code(error);
    if code == 0 || (quiet && is_stop(error)) {
        return code;
    }
    let words = words(error);
    // Nothing is left to do when even standard error is closed.
    let _ = writeln!(std::io::stderr(), "appraise: {}", text::clean_block(&words));
    code
}

/// Says on standard output, as a JSON value, why there is none of the command's own: `failed` is `error`, `usage`, `refused` or `stopped`.
/// Nothing where a value was printed, or nobody reads it.
pub(in crate::cli) fn refuse(out: &mut StandardOutput, error: &anyhow::Error) {
    let failed = match code(error) {
        0 => return,
        1 => "error",
        2 => "usage",
        3 => "refused",
        _ => "stopped",
    };
    if !out.has_begun() {
        // It is said on standard error, too.
        let _ = out.json(&json!({ "failed": failed, "says": words(error) })).and_then(|()| out.flush());
    }
}

/// Prints help and versions as they are, and what was wrong with the command line cleaned: it repeats arguments, which may come from
/// anywhere. Returns the exit code.
pub(in crate::cli) fn usage(error: &clap::Error) -> u8 {
    // A closed pipe is no failure: nobody wants the rest.
    let _ = match error.use_stderr() {
        true => write!(std::io::stderr(), "{}", text::clean_block(&error.render().to_string())),
        false => error.print(),
    };
    u8::try_from(error.exit_code()).unwrap_or(2)
}

fn code(error: &anyhow::Error) -> u8 {
    for cause in error.chain() {
        if let Some(io) = cause.downcast_ref::<std::io::Error>()
            && io.kind() == std::io::ErrorKind::BrokenPipe
        {
            return 0;
        }
        if cause.is::<Usage>() {
            return 2;
        }
        match cause.downcast_ref::<JobError>() {
            Some(JobError::Cancelled) => return stop::code(),
            Some(JobError::Usage(_)) => return 2,
            Some(JobError::Gate(_)) => return 3,
            _ => {}
        }
        if cause.is::<Cancelled>() {
            return stop::code();
        }
    }
    1
}

fn is_stop(error: &anyhow::Error) -> bool {
    error.chain().any(|c| c.is::<Cancelled>() || matches!(c.downcast_ref(), Some(JobError::Cancelled)))
}

/// The error with its causes; what a message says already is not said again.
fn words(error: &anyhow::Error) -> String {
    let mut out = String::new();
    for cause in error.chain() {
        let words = cause.to_string();
        if out.is_empty() {
            out = words;
        } else if !out.contains(&words) {
            out = format!("{out}: {words}");
        }
        // The store has said what its own cause means.
        if cause.is::<StoreError>() || matches!(cause.downcast_ref(), Some(JobError::Store(_))) {
            break;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::Context;

    #[test]
    fn codes_follow_the_cause_through_context() {
        let of = |r: Result<(), anyhow::Error>| code(&r.context("while working").unwrap_err());
        assert_eq!(of(Err(Usage::because("x"))), 2);
        assert_eq!(of(Err(JobError::Usage("x".into()).into())), 2);
        assert_eq!(of(Err(JobError::NotFound("x".into()).into())), 1);
        assert_eq!(of(Err(JobError::Gate("x".into()).into())), 3);
        assert_eq!(of(Err(JobError::Cancelled.into())), 130);
        assert_eq!(of(Err(std::io::Error::from(std::io::ErrorKind::BrokenPipe).into())), 0);
        assert_eq!(of(Err(anyhow::anyhow!("x"))), 1);
    }

    #[test]
    fn causes_are_named_once() {
        let error = anyhow::anyhow!("disk full").context("saving: disk full").context("label");
        assert_eq!(words(&error), "label: saving: disk full");
    }
}
