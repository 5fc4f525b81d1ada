//! A demo in a file of its own: whole, or not there.

use super::{DemoOptions, DemoReport, build};
use crate::disk::{self, Temporary};
use crate::domain::Reporter;
use crate::jobs::JobError;
use crate::store::{Access, Founding, Store};
use std::path::Path;

/// What a directory is called in which a demo is built, beside its place.
const BUILDING: &str = ".appraise-building-";

/// Opens the demo at `path`, or builds it: in a directory beside it first, so that a build that is stopped or killed
/// leaves nothing behind that looks like a demo, and two that build at once do not get in each other's way.
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
    let fail = |e: std::io::Error| JobError::from(disk::CannotWrite::system(path, &e));
    let beside = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    disk::make_dirs(beside).map_err(fail)?;
    let workplace = Temporary::within(beside, BUILDING).map_err(fail)?;
    let unfinished = workplace.path().join("demo.db");
    // Closing the only connection folds the write-ahead log into the file.
    let report = build(&mut Store::open(&unfinished, Access::Bulk, founding)?, options, reporter)?;
    disk::rename_new(&unfinished, path).map_err(fail)?;
    Ok(report)
}
