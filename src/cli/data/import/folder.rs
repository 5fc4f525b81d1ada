//! What was named: standard input, files, and folders, of which every file is imported and what is no log is left out.

use crate::ingest::Input;
use anyhow::{Context, Result};
use std::path::{Path, PathBuf};

/// Folders within folders that are gone into.
const DEEPEST: usize = 8;

/// Whether it is a name for standard input.
pub(super) fn is_stdin(file: &Path) -> bool {
    file.as_os_str() == "-"
}

/// The files to be read: those named, and in the place of folders what is in them, in the order of their names. With each what the
/// folder is called that somebody named in its place.
pub(super) fn files(named: &[PathBuf]) -> Result<Vec<(PathBuf, Option<String>)>> {
    let mut out = Vec::new();
    for path in named {
        // A folder that is one log is for its format.
        if path.is_dir() && !crate::ingest::is_log(path) {
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

fn within(folder: &Path, depth: usize, out: &mut Vec<PathBuf>) -> Result<()> {
    let cannot = || format!("cannot read {}", folder.display());
    let mut entries: Vec<PathBuf> = std::fs::read_dir(folder)
        .with_context(cannot)?
        .map(|e| e.map(|e| e.path()))
        .collect::<Result<_, _>>()
        .with_context(cannot)?;
    entries.sort();
    for path in entries {
        if path.file_name().is_some_and(|name| crate::ingest::is_marker(&name.to_string_lossy())) {
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
