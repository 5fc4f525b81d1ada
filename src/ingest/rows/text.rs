//! The text of a file as bytes that can, where possible, be read a second time.

use crate::ingest::input::source::{Input, Source, Text};
use std::fs::File;
use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::path::PathBuf;

/// A text to read rows from.
pub(in crate::ingest) enum TextInput {
    /// Once, from the beginning.
    Stream(Box<dyn Read + Send>),
    /// Anywhere in a file.
    File(File),
    /// Anywhere in memory.
    Memory(Cursor<Vec<u8>>),
}

impl Read for TextInput {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Stream(read) => read.read(buf),
            Self::File(file) => file.read(buf),
            Self::Memory(bytes) => bytes.read(buf),
        }
    }
}

impl Seek for TextInput {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        match self {
            Self::Stream(_) => Err(io::Error::from(io::ErrorKind::NotSeekable)),
            Self::File(file) => file.seek(to),
            Self::Memory(bytes) => bytes.seek(to),
        }
    }
}

/// A file that can be opened again.
pub(in crate::ingest) struct Again {
    /// Where it is.
    pub path: PathBuf,
    /// Bytes before the text, where the file is the text: neither compressed nor in UTF-16.
    pub plain: Option<u64>,
}

impl Again {
    /// The text once more.
    pub fn text(&self) -> io::Result<Text> {
        let source = Source::open(Input::File(self.path.clone()))?;
        source.into_text().map_err(io::Error::other)
    }

    /// The text from its beginning.
    pub fn stream(&self) -> io::Result<TextInput> {
        Ok(TextInput::Stream(self.text()?.read()))
    }

    /// The text for reading anywhere, and where in it the first row starts. What is packed is held in memory, up to
    /// `max` bytes; `None` when it is larger.
    pub fn anywhere(&self, max: usize) -> io::Result<Option<(TextInput, u64)>> {
        if let Some(start) = self.plain {
            let mut file = File::open(&self.path)?;
            file.seek(SeekFrom::Start(start))?;
            return Ok(Some((TextInput::File(file), start)));
        }
        let mut bytes = Vec::new();
        self.stream()?.take(max as u64 + 1).read_to_end(&mut bytes)?;
        Ok((bytes.len() <= max).then(|| (TextInput::Memory(Cursor::new(bytes)), 0)))
    }
}
