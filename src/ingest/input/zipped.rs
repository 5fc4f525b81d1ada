//! A zip archive that holds one log: read as if it were not packed.

use super::counting::CountingReader;
use crate::disk::{self, Temporary};
use flate2::read::DeflateDecoder;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use zip::{CompressionMethod, ZipArchive};

/// What macOS and others pack beside the files.
const BESIDE: &[&str] = &["__MACOSX/", ".DS_Store", "Thumbs.db"];

/// The one file of an archive, unpacked while it is read; `None` where there are several, or it is a workbook.
///
/// # Errors
/// It cannot be read, or is locked with a password.
pub(super) fn only_entry(path: &Path, read: &Arc<AtomicU64>) -> io::Result<Option<Box<dyn Read + Send>>> {
    let mut archive = ZipArchive::new(BufReader::new(File::open(path)?)).map_err(io::Error::other)?;
    let logs: Vec<usize> = (0..archive.len())
        .filter(|&i| archive.name_for_index(i).is_some_and(|name| name.is_ok_and(|name| is_file(&name))))
        .collect();
    let &[only] = logs.as_slice() else { return Ok(None) };
    let entry = archive.by_index_raw(only).map_err(io::Error::other)?;
    if entry.encrypted() {
        return Err(io::Error::other("this zip archive is locked with a password: unpack it first"));
    }
    let (method, packed) = (entry.compression(), entry.compressed_size());
    let start = entry.data_start().ok_or_else(|| io::Error::other("this zip archive is damaged"))?;
    drop(entry);
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(start))?;
    read.store(0, Ordering::Relaxed);
    let raw = CountingReader { inner: file, count: Arc::clone(read) }.take(packed);
    match method {
        CompressionMethod::Stored => Ok(Some(Box::new(raw))),
        CompressionMethod::Deflated => Ok(Some(Box::new(DeflateDecoder::new(raw)))),
        other => Err(io::Error::other(format!("this zip archive is packed with {other}: unpack it first"))),
    }
}

/// What an archive is that a program for documents writes; `None` where it is none.
///
/// # Errors
/// It cannot be read.
pub(super) fn document(path: &Path) -> io::Result<Option<&'static str>> {
    let archive = ZipArchive::new(BufReader::new(File::open(path)?)).map_err(io::Error::other)?;
    let holds = |name: &str| archive.index_for_name(name).is_some();
    Ok(match () {
        () if holds("word/document.xml") => Some("document of Word (.docx)"),
        () if holds("ppt/presentation.xml") => Some("presentation of PowerPoint (.pptx)"),
        () => None,
    })
}

/// Unpacks the files of an archive beside the system's temporary files; `None` where there is none in it.
///
/// # Errors
/// It cannot be read, is locked with a password, or unpacks to more than any log.
pub(in crate::ingest) fn unpack(path: &Path) -> io::Result<Option<Temporary>> {
    let mut archive = ZipArchive::new(BufReader::new(File::open(path)?)).map_err(io::Error::other)?;
    if archive.len() > MOST_FILES {
        return Err(io::Error::other(format!("this zip archive holds more than {MOST_FILES} files: unpack it first")));
    }
    let (folder, mut left, mut any) = (Temporary::new()?, MOST_BYTES, false);
    for i in 0..archive.len() {
        let entry = archive.by_index_raw(i).map_err(io::Error::other)?;
        if entry.encrypted() {
            return Err(io::Error::other("this zip archive is locked with a password: unpack it first"));
        }
        // Names that lead out of the folder are nobody's log.
        let Some(name) = entry.enclosed_name().filter(|_| is_file(entry.name().unwrap_or_default().as_ref())) else {
            continue;
        };
        drop(entry);
        let mut file = archive.by_index(i).map_err(io::Error::other)?;
        let to = folder.path().join(name);
        to.parent().map_or(Ok(()), disk::make_dirs)?;
        left -= io::copy(&mut (&mut file).take(left), &mut disk::make(&to)?)?;
        if left == 0 {
            return Err(io::Error::other(
                "this zip archive unpacks to more than 16 GiB: unpack it, and import its folder",
            ));
        }
        any = true;
    }
    Ok(any.then_some(folder))
}

/// What an archive may hold.
const MOST_FILES: usize = 100_000;
const MOST_BYTES: u64 = 16 << 30;

fn is_file(name: &str) -> bool {
    !name.ends_with('/') && !BESIDE.iter().any(|b| name.starts_with(b) || name.ends_with(b))
}
