//! What was named: standard input, files, and folders, of which every file is imported and what is no log is left out.

use super::import::{ImportOptions, import_opened, opened};
use super::report::ImportReport;
use crate::domain::Reporter;
use crate::ingest::{self, ImportQuestion, Input, Rejects};
use crate::jobs::JobError;
use crate::store::Store;
use std::collections::VecDeque;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Folders within folders that are gone into.
const DEEPEST: usize = 8;

/// Whether it is a name for standard input.
pub fn is_stdin(file: &Path) -> bool {
    file.as_os_str() == "-"
}

/// Imports all that was named as one: files, standard input, and folders with what is in them.
///
/// # Errors
/// As `import`, of the first file that cannot be; what was imported before it stays.
pub fn import_all(
    store: &mut Store,
    reviewer: &str,
    named: &[PathBuf],
    options: &ImportOptions,
    rejects: &mut Rejects<Box<dyn Write>>,
    reporter: &dyn Reporter,
) -> Result<ImportReport, JobError> {
    let (mut all, mut options) = (ImportReport::default(), options.clone());
    let files = files(named)?;
    let several = files.len() > 1;
    options.read.scales = ingest::scales_of(files.iter().map(|(file, _)| file.as_path()), &options.read);
    let mut files: VecDeque<_> = files.into_iter().map(|(file, folder)| (file, folder, false)).collect();
    while let Some((file, folder, has_waited)) = files.pop_front() {
        if folder.is_some() && !ingest::is_log(&file) {
            let what = ingest::why_no_log(&file).unwrap_or_else(|| "no log that can be read".to_owned());
            all.warnings.push(format!("{} is left out: {what}", file.display()));
            continue;
        }
        let is_pipe = is_stdin(&file);
        let input = if is_pipe { Input::stdin().map_err(cannot_read(&file))? } else { Input::File(file.clone()) };
        let name = input.name();
        options.read.folder = folder.clone();
        let reader = opened(input, &options, reporter)?;
        if several && reader.rates_alone() && !is_pipe && !has_waited {
            // What it rates may stand in a file behind it.
            files.push_back((file, folder, true));
            continue;
        }
        let mut report = import_opened(store, reviewer, name.clone(), reader, &options, rejects, reporter)?;
        if several {
            // What all of them leave open is asked once.
            let shared = |asked: &ImportQuestion| options.read.scales.as_ref().is_some_and(|s| s.asks(asked));
            report.questions.retain(|asked| !(shared(asked) && all.questions.contains(asked)));
            let own = report.questions.iter_mut().filter(|asked| !shared(asked));
            own.for_each(|asked| asked.about = format!("{name}: {}", asked.about));
        }
        all.add_file(report);
    }
    Ok(all)
}

fn cannot_read(path: &Path) -> impl Fn(std::io::Error) -> JobError {
    let path = path.display().to_string();
    move |error| JobError::File { path: path.clone(), what: format!("cannot be read: {error}") }
}

/// The files to be read: those named, and in the place of folders what is in them, in the order of their names. With each what the
/// folder is called that somebody named in its place.
fn files(named: &[PathBuf]) -> Result<Vec<(PathBuf, Option<String>)>, JobError> {
    let mut out = Vec::new();
    for path in named {
        // A folder that is one log is for its format.
        if path.is_dir() && !ingest::is_log(path) {
            let mut files = Vec::new();
            within(path, DEEPEST, &mut files)?;
            let folder = Input::File(path.canonicalize().unwrap_or_else(|_| path.clone())).stem();
            out.extend(files.into_iter().map(|file| (file, Some(folder.clone()))));
        } else {
            out.push((path.clone(), None));
        }
    }
    Ok(out)
}

fn within(folder: &Path, depth: usize, out: &mut Vec<PathBuf>) -> Result<(), JobError> {
    let entries = std::fs::read_dir(folder).and_then(|all| all.map(|e| e.map(|e| e.path())).collect());
    let mut entries: Vec<PathBuf> = entries.map_err(cannot_read(folder))?;
    entries.sort();
    for path in entries {
        if path.file_name().is_some_and(|name| ingest::is_marker(&name.to_string_lossy())) {
            continue;
        }
        if path.is_dir() && depth > 0 {
            within(&path, depth - 1, out)?;
        } else if path.is_file() {
            out.push(path);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::files;

    #[test]
    fn folders_stand_for_what_is_in_them() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir(dir.path().join("b")).unwrap();
        for name in ["z.jsonl", "b/a.csv", ".hidden", "_SUCCESS", "b/.a.csv.crc", "b/a.csv.crc"] {
            std::fs::write(dir.path().join(name), "x").unwrap();
        }
        let one = dir.path().join("z.jsonl");
        let found = files(&[dir.path().to_owned(), one.clone()]).unwrap();
        let folder = found[0].1.clone();
        assert!(folder.as_deref().is_some_and(|name| dir.path().ends_with(name)), "{folder:?}");
        assert_eq!(found, [(dir.path().join("b/a.csv"), folder.clone()), (one.clone(), folder), (one, None)]);
    }
}
