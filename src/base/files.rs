//! Files of a directory as one piece of data: what an external trainer leaves behind.
//!
//! | what | bytes |
//! |---|---|
//! | each file, to the end: length of its path, length of its content, path, content | u64, u64, bytes, bytes |

use super::bytes::{ByteReader, ByteWriter, BytesError};
use std::path::{Component, Path};

/// Regular files by their path, with `/` between its parts; sorted. Nothing else of a file is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileListing(Vec<(String, Vec<u8>)>);

/// A path that leads out of a directory, is empty, or comes twice.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the path {0:?} leads out of its directory, is empty, or comes twice")]
pub struct BadPath(pub String);

impl FileListing {
    /// Keeps files.
    ///
    /// # Errors
    /// [`BadPath`].
    pub fn new(mut files: Vec<(String, Vec<u8>)>) -> Result<Self, BadPath> {
        files.sort_by(|a, b| a.0.cmp(&b.0));
        if let Some((path, _)) = files.iter().find(|(path, _)| !stays_inside(path)) {
            return Err(BadPath(path.clone()));
        }
        if let Some(pair) = files.windows(2).find(|pair| pair[0].0 == pair[1].0) {
            return Err(BadPath(pair[0].0.clone()));
        }
        Ok(Self(files))
    }

    /// Paths and contents.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.0.iter().map(|(path, content)| (path.as_str(), content.as_slice()))
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// As bytes; the same files always give the same bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = ByteWriter::default();
        for (path, content) in &self.0 {
            out.list(&[path.len() as u64, content.len() as u64]);
            out.list(path.as_bytes());
            out.list(content);
        }
        out.0
    }

    /// Reads what [`Self::to_bytes`] wrote.
    ///
    /// # Errors
    /// When the bytes are damaged, or a path leads out of a directory.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, BytesError> {
        let mut r = ByteReader::plain(bytes);
        let mut files = Vec::new();
        while !r.is_empty() {
            let (path, content): (u64, u64) = (r.one()?, r.one()?);
            let length = |n: u64| usize::try_from(n).map_err(|_| BytesError::Damaged("a length is out of range"));
            let path = String::from_utf8(r.take(length(path)?)?.to_vec());
            let path = path.map_err(|_| BytesError::Damaged("a path is no text"))?;
            files.push((path, r.take(length(content)?)?.to_vec()));
        }
        Self::new(files).map_err(|_| BytesError::Damaged("a path leads outside"))
    }
}

fn stays_inside(path: &str) -> bool {
    // A backslash separates on some systems and not on others.
    !path.is_empty()
        && !path.contains(['\\', '\0', ':'])
        && path.split('/').all(|part| !part.is_empty())
        && Path::new(path).components().all(|c| matches!(c, Component::Normal(_)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_survive_bytes_and_never_lead_outside() {
        let files = FileListing::new(vec![("b/c.bin".into(), vec![0, 255]), ("a".into(), Vec::new())]).unwrap();
        let bytes = files.to_bytes();
        assert_eq!(FileListing::from_bytes(&bytes).as_ref(), Ok(&files));
        assert_eq!(files.iter().map(|(p, _)| p).collect::<Vec<_>>(), ["a", "b/c.bin"]);
        assert_eq!(FileListing::from_bytes(&[]), Ok(FileListing::default()));
        for at in 1..bytes.len() {
            // Cut between two files, what is left is whole.
            assert_eq!(FileListing::from_bytes(&bytes[..at]).is_ok(), at == 17, "{at}");
        }
        for path in ["../x", "/etc/passwd", "a/../../b", "", "a//b", "./a", "a\\b", "c:d", "a\0b"] {
            assert_eq!(FileListing::new(vec![(path.into(), Vec::new())]), Err(BadPath(path.to_owned())));
            let mut forged = ByteWriter::default();
            forged.list(&[path.len() as u64, 0]);
            forged.list(path.as_bytes());
            assert!(FileListing::from_bytes(&forged.0).is_err(), "{path}");
        }
        assert!(FileListing::new(vec![("a".into(), vec![1]), ("a".into(), vec![2])]).is_err());
    }
}
