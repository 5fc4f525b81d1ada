//! `import --follow`: goes on reading as a log grows, until the program is asked to end.
//!
//! What was added is read from where the last whole line ended. A log that is turned over (renamed and begun anew, or
//! emptied) is read to the end of the old file first.

use crate::cli::frame::exit::Usage;
use crate::stop;
use anyhow::{Context, Result};
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How long a log is left alone between two looks.
const LOOK: Duration = Duration::from_millis(500);
/// Bytes that are taken at once.
const MOST: u64 = 8 << 20;

/// A log that grows.
pub(super) struct GrowingLog {
    path: PathBuf,
    file: File,
    /// Bytes of whole lines that were taken.
    taken: u64,
}

impl GrowingLog {
    /// Opens it at its beginning.
    pub fn open(path: &Path) -> Result<Self> {
        let file = File::open(path).with_context(|| format!("cannot read {}", path.display()))?;
        let mut growing = Self { path: path.to_owned(), file, taken: 0 };
        let mut first = [0; 4];
        let n = growing.file.read(&mut first)?;
        let text = first[..n].iter().find(|b| !b.is_ascii_whitespace()).is_none_or(|b| matches!(b, b'{' | b'#' | 0xef));
        if !text {
            return Err(Usage::because(
                "--follow reads logs of one JSON object a line; import files of other formats again: what is stored is skipped",
            ));
        }
        Ok(growing)
    }

    /// Its path, as conversations and rejects name it.
    pub fn name(&self) -> String {
        self.path.display().to_string()
    }

    /// The lines that were added since; waits for some. `None`: the program is asked to end.
    pub fn next(&mut self) -> Result<Option<Vec<u8>>> {
        while !stop::asked() {
            let lines = self.lines()?;
            if !lines.is_empty() {
                return Ok(Some(lines));
            }
            if !self.turned_over()? {
                std::thread::sleep(LOOK);
            }
        }
        Ok(None)
    }

    /// Whole lines behind what was taken.
    fn lines(&mut self) -> Result<Vec<u8>> {
        let cannot = || format!("cannot read {}", self.path.display());
        self.file.seek(SeekFrom::Start(self.taken)).with_context(cannot)?;
        let (mut bytes, mut most) = (Vec::new(), MOST);
        loop {
            let n = (&self.file).take(most).read_to_end(&mut bytes).with_context(cannot)?;
            match memchr::memrchr(b'\n', &bytes) {
                Some(end) => {
                    bytes.truncate(end + 1);
                    self.taken += bytes.len() as u64;
                    return Ok(bytes);
                }
                // A line longer than that is read on; one that is still being written waits.
                None if n as u64 == most => most = MOST,
                None => return Ok(Vec::new()),
            }
        }
    }

    /// Whether another file stands in its place now, or it was emptied; then it is begun anew.
    fn turned_over(&mut self) -> Result<bool> {
        let Ok(there) = std::fs::metadata(&self.path) else { return Ok(false) };
        let here = self.file.metadata()?;
        if same(&there, &here) && there.len() >= self.taken {
            return Ok(false);
        }
        // Its last line may have no end.
        (self.file, self.taken) =
            (File::open(&self.path).with_context(|| format!("cannot read {}", self.path.display()))?, 0);
        Ok(true)
    }
}

#[cfg(unix)]
fn same(a: &std::fs::Metadata, b: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    (a.dev(), a.ino()) == (b.dev(), b.ino())
}

#[cfg(not(unix))]
fn same(a: &std::fs::Metadata, b: &std::fs::Metadata) -> bool {
    a.created().ok() == b.created().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn a_log_is_followed_over_its_turns() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x.jsonl");
        std::fs::write(&path, "{\"a\":1}\n{\"half\"").unwrap();
        let mut log = GrowingLog::open(&path).unwrap();
        assert_eq!(log.next().unwrap().unwrap(), b"{\"a\":1}\n");
        assert!(log.lines().unwrap().is_empty() && !log.turned_over().unwrap());
        File::options().append(true).open(&path).unwrap().write_all(b":2}\n").unwrap();
        assert_eq!(log.next().unwrap().unwrap(), b"{\"half\":2}\n");
        // Renamed and begun anew, with a line that came in between.
        File::options().append(true).open(&path).unwrap().write_all(b"{\"late\":3}\n").unwrap();
        std::fs::rename(&path, dir.path().join("x.1")).unwrap();
        std::fs::write(&path, "{\"new\":4}\n").unwrap();
        assert_eq!(log.next().unwrap().unwrap(), b"{\"late\":3}\n");
        assert_eq!(log.next().unwrap().unwrap(), b"{\"new\":4}\n");
        // Emptied in its place.
        std::fs::write(&path, "{}\n").unwrap();
        assert_eq!(log.next().unwrap().unwrap(), b"{}\n");
        std::fs::write(dir.path().join("x.csv"), "a,b\n").unwrap();
        assert!(GrowingLog::open(&dir.path().join("x.csv")).is_err());
    }
}
