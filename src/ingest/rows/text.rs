//! The text of a file as bytes that can, where possible, be read a second time.

use crate::ingest::input::source::{Input, InputSource, Text};
use encoding_rs::Encoding;
use std::error::Error;
use std::fs::File;
use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::path::PathBuf;
use std::sync::Arc;

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

/// Bytes of a stream that are held to be read twice.
const HELD: usize = 64 << 20;

/// A text that can be read again from its beginning.
#[derive(Clone)]
pub(in crate::ingest) enum RewindableText {
    /// A file.
    File {
        /// Where it is.
        path: PathBuf,
        /// Bytes before the text, where the file is the text: neither compressed nor in another encoding than UTF-8.
        plain: Option<u64>,
        /// The encoding that somebody named, or that the text has.
        encoding: Option<&'static Encoding>,
    },
    /// What is held of a stream.
    Memory(Arc<Vec<u8>>),
}

/// A text and how it can be read again.
pub(in crate::ingest) struct HeldText {
    /// All of it, once.
    pub text: Text,
    /// All of it again; `None` of a stream that is longer than what is held.
    pub again: Option<RewindableText>,
    /// As much of it as can be looked at before it is read.
    pub look: RewindableText,
}

impl HeldText {
    /// The text of an input. Of a stream the first 64 MiB are held.
    pub fn of(source: InputSource) -> Result<Self, Box<dyn Error + Send + Sync>> {
        let (path, encoding) = (source.path.clone(), source.encoding);
        let text = source.into_text()?;
        if let Some(path) = path {
            let again = RewindableText::File { path, plain: text.plain, encoding };
            return Ok(Self { text, again: Some(again.clone()), look: again });
        }
        let mut rest = text.read();
        let mut first = Vec::new();
        // What breaks off is read to that place, and says so then.
        let broken = rest.by_ref().take(HELD as u64).read_to_end(&mut first).err();
        let whole = broken.is_none() && first.len() < HELD;
        let first = Arc::new(first);
        let held = RewindableText::Memory(Arc::clone(&first));
        let text = Text::of(first, rest, broken);
        Ok(Self { text, again: whole.then(|| held.clone()), look: held })
    }
}

impl RewindableText {
    /// The text once more.
    pub fn text(&self) -> io::Result<Text> {
        match self {
            Self::File { path, encoding, .. } => {
                let source = InputSource::open(Input::File(path.clone()))?.in_encoding(*encoding)?;
                source.into_text().map_err(io::Error::other)
            }
            Self::Memory(bytes) => Ok(Text::of(Arc::clone(bytes), Box::new(io::empty()), None)),
        }
    }

    /// The text from its beginning.
    pub fn stream(&self) -> io::Result<TextInput> {
        Ok(TextInput::Stream(self.text()?.read()))
    }

    /// The text for reading anywhere, and where in it the first row starts. What is packed is held in memory, up to
    /// `max` bytes; `None` when it is larger.
    pub fn anywhere(&self, max: usize) -> io::Result<Option<(TextInput, u64)>> {
        if let Self::File { path, plain: Some(start), .. } = self {
            let mut file = File::open(path)?;
            file.seek(SeekFrom::Start(*start))?;
            return Ok(Some((TextInput::File(file), *start)));
        }
        let mut bytes = Vec::new();
        self.stream()?.take(max as u64 + 1).read_to_end(&mut bytes)?;
        Ok((bytes.len() <= max).then(|| (TextInput::Memory(Cursor::new(bytes)), 0)))
    }
}
