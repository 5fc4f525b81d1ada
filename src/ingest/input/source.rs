//! Bytes in: files and streams, plain or compressed, as UTF-8; what is no text is told by its first bytes.

pub(in crate::ingest) use super::container::{Container, is_yaml};
use super::counting::CountingReader;
use super::lists::BlankedText;
use super::odd_encodings::{MacGreek, Utf32, utf32_order};
use super::zipped;
use encoding_rs::{Decoder, Encoding, UTF_16BE, UTF_16LE};
use std::fs::File;
use std::io::{self, Cursor, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

/// Where a log comes from.
pub enum Input {
    /// A file.
    File(PathBuf),
    /// Anything else that can be read, such as standard input, under the name that rejects and the source get.
    Stream {
        /// What to call it.
        name: String,
        /// The bytes.
        read: Box<dyn Read + Send>,
    },
}

impl Input {
    /// Standard input; reading it ends when the program is asked to end.
    ///
    /// # Errors
    /// It is closed.
    pub fn stdin() -> io::Result<Self> {
        Ok(Self::Stream { name: "stdin".to_owned(), read: crate::stop::stdin()? })
    }

    /// The path or name, as rejects show it.
    pub fn name(&self) -> String {
        match self {
            Self::File(path) => path.display().to_string(),
            Self::Stream { name, .. } => name.clone(),
        }
    }

    /// The name of the source that a conversation gets when neither it nor the caller names one: the file's name
    /// without directory and without the extensions of formats and compression.
    pub fn stem(&self) -> String {
        let name = self.name();
        let mut stem = Path::new(&name).file_name().map_or(name.clone(), |n| n.to_string_lossy().into_owned());
        for extension in [
            ".gz",
            ".zst",
            ".zip",
            ".csv",
            ".tsv",
            ".tab",
            ".jsonl",
            ".ndjson",
            ".json",
            ".log",
            ".txt",
            ".md",
            ".markdown",
            ".xlsx",
            ".transcript",
            ".db",
        ] {
            if stem.len() > extension.len() && stem.to_ascii_lowercase().ends_with(extension) {
                stem.truncate(stem.len() - extension.len());
            }
        }
        stem
    }
}

/// Bytes that tell what is no text: a tar archive says so behind its first name.
const MAGIC: u64 = 262;

/// How much of the beginning is looked at to tell the format.
pub(in crate::ingest) const HEAD: usize = 64 * 1024;

/// An opened input: its text, or what else it is.
pub(in crate::ingest) struct InputSource {
    /// Path or name, as rejects show it.
    pub name: String,
    /// Where it can be opened again: a file or a folder, and no pipe.
    pub path: Option<PathBuf>,
    /// Bytes read from the input so far, before decompression.
    pub read: Arc<AtomicU64>,
    /// Size of the input in bytes, where it is known.
    pub total: Option<u64>,
    /// The encoding that its text was taken from, where that is neither UTF-8 nor UTF-16.
    pub encoding: Option<&'static Encoding>,
    /// What it holds.
    pub content: InputContent,
}

/// What an input holds.
pub(in crate::ingest) enum InputContent {
    /// Text, decompressed, as UTF-8.
    Text(Text),
    /// No text: to be opened by its path.
    Other(Container),
}

/// The text of an input.
pub(in crate::ingest) struct Text {
    /// Its beginning, up to [`HEAD`] bytes. The first thing to be read.
    pub head: Vec<u8>,
    /// What follows the head.
    rest: Box<dyn Read + Send>,
    /// Bytes before the text, where the input is the text as it stands: neither compressed nor in UTF-16.
    pub plain: Option<u64>,
    /// What went wrong while the head was read; the head holds what came before.
    broken: Option<io::Error>,
}

impl InputContent {
    /// What a text is that was unpacked, or stood there as it is.
    fn of(text: Text) -> Self {
        match Container::of_text(&text.head) {
            Some(container) => Self::Other(container),
            None => Self::Text(text),
        }
    }
}

impl InputSource {
    /// Opens the input, undoes compression (gzip, Zstandard) and encoding (UTF-16), and reads the head.
    ///
    /// # Errors
    /// It cannot be opened.
    pub fn open(input: Input) -> io::Result<Self> {
        let name = input.name();
        let (raw, total, path): (Box<dyn Read + Send>, _, _) = match input {
            Input::File(path) => {
                let meta = std::fs::metadata(&path)?;
                if meta.is_dir() {
                    let (read, content) = (Arc::default(), InputContent::Other(Container::Folder));
                    return Ok(Self { name, path: Some(path), read, total: None, encoding: None, content });
                }
                let (file, size) = (File::open(&path)?, meta.is_file().then_some(meta.len()));
                (Box::new(file), size, size.map(|_| path))
            }
            Input::Stream { read, .. } => (read, None, None),
        };
        let read = Arc::new(AtomicU64::new(0));
        let (magic, raw) = peek(CountingReader { inner: raw, count: Arc::clone(&read) }, MAGIC)?;
        let content = match Container::of(&magic) {
            Some(Container::Zip) => match path.as_deref().map_or(Ok(None), |path| zipped::only_entry(path, &read))? {
                Some(entry) => InputContent::of(Text { plain: None, ..Text::begin(&[], entry)? }),
                None => {
                    let document = path.as_deref().map_or(Ok(None), zipped::document)?;
                    InputContent::Other(document.map_or(Container::Zip, Container::Document))
                }
            },
            Some(container) => InputContent::Other(container),
            None => InputContent::of(Text::begin(&magic, raw)?),
        };
        Ok(Self { name, path, read, total, encoding: None, content })
    }

    /// The same, its text taken from an encoding; as it is without one.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn in_encoding(mut self, encoding: Option<&'static Encoding>) -> io::Result<Self> {
        let Some(encoding) = encoding else { return Ok(self) };
        self.content = match self.content {
            InputContent::Text(text) => {
                let decoder = encoding.new_decoder_without_bom_handling();
                let mut rest: Box<dyn Read + Send> = Box::new(Decoding::new(text.read(), decoder));
                let mut head = Vec::new();
                let broken = rest.by_ref().take(HEAD as u64).read_to_end(&mut head).err();
                self.encoding = Some(encoding);
                InputContent::Text(Text { head, rest, plain: None, broken })
            }
            other => other,
        };
        Ok(self)
    }

    /// The same, its text taken from Greek of old Macintoshes.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn in_mac_greek(mut self) -> io::Result<Self> {
        if let InputContent::Text(text) = self.content {
            let text = Text { plain: None, ..Text::begin(&[], MacGreek::new(text.read()))? };
            self.content = InputContent::Text(text);
            // Opened anew it would be the bytes as they stand.
            self.path = None;
        }
        Ok(self)
    }

    /// The same, of a text in which records stand in a list within an object the list alone.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn without_wrapper(mut self) -> io::Result<Self> {
        if let InputContent::Text(text) = self.content {
            let text = Text { plain: None, ..Text::begin(&[], BlankedText::of_wrapped(text.read()))? };
            self.content = InputContent::Text(text);
            // Opened anew it would be all of it.
            self.path = None;
        }
        Ok(self)
    }

    /// The text, where it is one.
    pub fn text(&self) -> Option<&Text> {
        match &self.content {
            InputContent::Text(text) => Some(text),
            InputContent::Other(_) => None,
        }
    }

    /// The text.
    ///
    /// # Errors
    /// It is none.
    pub fn into_text(self) -> Result<Text, Container> {
        match self.content {
            InputContent::Text(text) => Ok(text),
            InputContent::Other(container) => Err(container),
        }
    }
}

impl Text {
    fn begin(magic: &[u8], raw: impl Read + Send + 'static) -> io::Result<Self> {
        let (packed, unpacked) = decompressed(magic, raw)?;
        let (mark, mut rest) = utf8(unpacked)?;
        let mut head = Vec::new();
        let broken = rest.by_ref().take(HEAD as u64).read_to_end(&mut head).err();
        Ok(Self { head, rest, plain: mark.filter(|_| !packed), broken })
    }

    /// Of what was read already, what follows it, and what went wrong behind that.
    pub fn of(first: Arc<Vec<u8>>, rest: Box<dyn Read + Send>, broken: Option<io::Error>) -> Self {
        let head = first[..first.len().min(HEAD)].to_vec();
        let mut behind = Cursor::new(SharedBytes(first));
        behind.set_position(head.len() as u64);
        let rest: Box<dyn Read + Send> = match broken {
            Some(error) => Box::new(behind.chain(FailingOnce(Some(error)))),
            None => Box::new(behind.chain(rest)),
        };
        Self { head, rest, plain: None, broken: None }
    }

    /// How many lines are there whole before more is read.
    pub fn lines_at_hand(&self) -> usize {
        let ends_here = self.head.len() < HEAD && self.head.last().is_some_and(|&last| last != b'\n');
        memchr::memchr_iter(b'\n', &self.head).count() + usize::from(ends_here)
    }

    /// All of it. What follows a broken place cannot be trusted: there it ends, with what the input said.
    pub fn read(self) -> Box<dyn Read + Send> {
        let head = Cursor::new(self.head);
        match self.broken {
            Some(error) => Box::new(head.chain(FailingOnce(Some(error)))),
            None => Box::new(head.chain(self.rest)),
        }
    }
}

/// Bytes that several readers share.
struct SharedBytes(Arc<Vec<u8>>);

impl AsRef<[u8]> for SharedBytes {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

/// Fails once.
struct FailingOnce(Option<io::Error>);

impl Read for FailingOnce {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}

/// Takes the first bytes of a stream for a look; the stream that comes back still has them.
fn peek(mut read: impl Read + Send + 'static, n: u64) -> io::Result<(Vec<u8>, impl Read + Send + 'static)> {
    let mut first = Vec::new();
    read.by_ref().take(n).read_to_end(&mut first)?;
    Ok((first.clone(), Cursor::new(first).chain(read)))
}

/// Whether it was compressed, and what was in it. By magic bytes: extensions lie.
fn decompressed(magic: &[u8], raw: impl Read + Send + 'static) -> io::Result<(bool, Box<dyn Read + Send>)> {
    match magic {
        [0x1f, 0x8b, ..] => Ok((true, Box::new(flate2::read::MultiGzDecoder::new(raw)))),
        [0x28, 0xb5, 0x2f, 0xfd, ..] => Ok((true, Box::new(zstd::stream::read::Decoder::new(raw)?))),
        _ => Ok((false, Box::new(raw))),
    }
}

/// Drops a byte order mark; UTF-16 (by its mark, or by a first ASCII character in two bytes) and UTF-32 by its mark become UTF-8. With the
/// text comes how long the mark was, where nothing else had to change.
fn utf8(plain: impl Read + Send + 'static) -> io::Result<(Option<u64>, Box<dyn Read + Send>)> {
    let (first, plain) = peek(plain, 4)?;
    if let Some(order) = utf32_order(&first) {
        return Ok((None, Box::new(Utf32::new(plain, order))));
    }
    let (first, mut plain) = peek(plain, 3)?;
    let encoding: &'static Encoding = match first.as_slice() {
        [0xef, 0xbb, 0xbf] => {
            plain.read_exact(&mut [0; 3])?;
            return Ok((Some(3), Box::new(plain)));
        }
        [0xff, 0xfe, ..] | [b'{' | b'[', 0, ..] | [b' '..=b'~', 0, 1..=255] => UTF_16LE,
        [0xfe, 0xff, ..] | [0, b'{' | b'[', ..] | [0, b' '..=b'~', 0] => UTF_16BE,
        _ => return Ok((Some(0), Box::new(plain))),
    };
    let decoder = encoding.new_decoder_with_bom_removal();
    Ok((None, Box::new(Decoding::new(plain, decoder))))
}

/// Another encoding in, UTF-8 out; what is no character becomes U+FFFD.
struct Decoding<R> {
    inner: R,
    decoder: Decoder,
    input: Vec<u8>,
    output: Vec<u8>,
    /// How much of `output` has been handed out.
    at: usize,
    ended: bool,
}

impl<R> Decoding<R> {
    fn new(inner: R, decoder: Decoder) -> Self {
        Self { inner, decoder, input: Vec::new(), output: Vec::new(), at: 0, ended: false }
    }
}

impl<R: Read> Read for Decoding<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        while self.at == self.output.len() && !self.ended {
            self.input.clear();
            self.ended = self.inner.by_ref().take(8192).read_to_end(&mut self.input)? == 0;
            let room = self.decoder.max_utf8_buffer_length(self.input.len()).unwrap_or(4 * 8192);
            self.output.resize(room, 0);
            let (_, _, written, _) = self.decoder.decode_to_utf8(&self.input, &mut self.output, self.ended);
            self.output.truncate(written);
            self.at = 0;
        }
        let n = (&self.output[self.at..]).read(buf)?;
        self.at += n;
        Ok(n)
    }
}

#[cfg(test)]
#[path = "source_tests.rs"]
mod tests;
