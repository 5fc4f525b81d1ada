//! A demo in a file of its own: whole, or not there.

use super::{DemoOptions, DemoReport, build};
use crate::domain::Reporter;
use crate::jobs::JobError;
use crate::store::{Access, Founding, Store};
use std::path::Path;

/// Opens the demo at `path`, or builds it: under another name first, so that a build that is stopped or killed leaves
/// nothing behind that looks like a demo.
///
/// # Errors
/// As [`build`]; the file cannot be written or renamed.
pub fn build_file(
    path: &Path,
    founding: Founding,
    options: &DemoOptions,
    reporter: &dyn Reporter,
) -> Result<DemoReport, JobError> {
    if path.exists() {
        return build(&mut Store::open(path, Access::Bulk, founding)?, options, reporter);
    }
    let fail = |e: std::io::Error| JobError::File { path: path.display().to_string(), what: e.to_string() };
    let unfinished = path.with_extension("building");
    remove(&unfinished).map_err(fail)?;
    // Closing the only connection folds the write-ahead log into the file.
    let built = build(&mut Store::open(&unfinished, Access::Bulk, founding)?, options, reporter);
    match built {
        Ok(report) => std::fs::rename(&unfinished, path).map(|()| report).map_err(fail),
        Err(e) => {
            remove(&unfinished).map_err(fail)?;
            Err(e)
        }
    }
}

/// Removes what an earlier build left, its logs included.
fn remove(unfinished: &Path) -> std::io::Result<()> {
    for extension in ["building", "building-wal", "building-shm"] {
        let left = unfinished.with_extension(extension);
        if left.exists() {
            std::fs::remove_file(left)?;
        }
    }
    Ok(())
}
