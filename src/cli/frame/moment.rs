//! `--as-of`: the store as it was, in place of the store.

use super::context::Cx;
use crate::cli::output::progress::Progress;
use crate::jobs::{AsOfOptions, as_of};
use anyhow::Result;

/// Puts the store as it was at the moment that was asked for in its place, if one was: from here on it is the store, that moment is now,
/// and nothing can be changed.
///
/// # Errors
/// There is no store; it cannot be read as of that moment.
pub(in crate::cli) fn look_back(cx: &mut Cx) -> Result<()> {
    let Some(moment) = cx.as_of else { return Ok(()) };
    cx.must_have_store()?;
    let options =
        AsOfOptions { moment, now: cx.now, seed: cx.settings.seed, founding: cx.founding(), encoders: &cx.encoders };
    let progress = Progress::new(cx);
    let found = as_of(&cx.settings.store, &options, &progress)?;
    drop(progress);
    cx.note(&format!(
        "as of {}: what was decided before it, and conversations that had ended by then, in their present words",
        found.words()
    ));
    (cx.now, cx.fixed_now, cx.read_only) = (found.moment(), Some(found.moment()), true);
    cx.settings.store = found.path().to_owned();
    cx.looked_back = Some(found);
    Ok(())
}
