//! Reading and writing little-endian binary, without trust in what is read.

/// Why bytes are not what they should be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BytesError {
    /// They do not start as this kind of data does.
    #[error("not {0}")]
    Kind(&'static str),
    /// Written by a version that this one does not read.
    #[error("{what} has format version {found}; this program reads version {known}")]
    Version {
        /// Which data.
        what: &'static str,
        /// The version found.
        found: u16,
        /// The version this program writes and reads.
        known: u16,
    },
    /// Cut short, too long or inconsistent.
    #[error("damaged: {0}")]
    Damaged(&'static str),
}

/// Appends to bytes.
#[derive(Default)]
pub struct ByteWriter(pub Vec<u8>);

impl ByteWriter {
    /// Starts with a magic and a format version.
    pub fn new(magic: &[u8; 4], version: u16) -> Self {
        let mut w = Self(magic.to_vec());
        w.0.extend(version.to_le_bytes());
        w
    }

    /// Appends a list, without its length.
    pub fn list<T: PlainNumber>(&mut self, items: &[T]) {
        self.0.reserve(items.len() * T::SIZE);
        items.iter().for_each(|x| x.put(&mut self.0));
    }

    /// Appends one number.
    pub fn one<T: PlainNumber>(&mut self, item: T) {
        item.put(&mut self.0);
    }
}

/// Reads from the front of bytes.
pub struct ByteReader<'a>(&'a [u8]);

impl<'a> ByteReader<'a> {
    /// Checks magic and version.
    pub fn new(bytes: &'a [u8], magic: &[u8; 4], version: u16, what: &'static str) -> Result<Self, BytesError> {
        let mut r = Self(bytes.strip_prefix(magic).ok_or(BytesError::Kind(what))?);
        match r.one::<u16>()? {
            found if found == version => Ok(r),
            found => Err(BytesError::Version { what, found, known: version }),
        }
    }

    /// Without magic and version: a part of something that had them.
    pub fn plain(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// The next `n` bytes.
    pub fn take(&mut self, n: usize) -> Result<&'a [u8], BytesError> {
        let (head, tail) = self.0.split_at_checked(n).ok_or(BytesError::Damaged("cut short"))?;
        self.0 = tail;
        Ok(head)
    }

    /// The next `n` numbers. Nothing is allocated before their bytes are known to be there.
    pub fn list<T: PlainNumber>(&mut self, n: usize) -> Result<Vec<T>, BytesError> {
        let size = n.checked_mul(T::SIZE).ok_or(BytesError::Damaged("a length is out of range"))?;
        Ok(T::get_all(self.take(size)?))
    }

    /// The next number.
    pub fn one<T: PlainNumber>(&mut self) -> Result<T, BytesError> {
        Ok(T::get(self.take(T::SIZE)?))
    }

    /// Whether nothing is left.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Checks that nothing is left.
    pub fn end(self) -> Result<(), BytesError> {
        if self.0.is_empty() { Ok(()) } else { Err(BytesError::Damaged("bytes are left over")) }
    }
}

/// A number of fixed size, little-endian.
pub trait PlainNumber: Sized {
    /// Bytes it takes.
    const SIZE: usize;
    /// Appends it.
    fn put(&self, out: &mut Vec<u8>);
    /// Reads it from exactly [`Self::SIZE`] bytes.
    fn get(bytes: &[u8]) -> Self;
    /// Reads as many as there are whole ones in the bytes: at the speed of copying, since their size is known here.
    fn get_all(bytes: &[u8]) -> Vec<Self>;
}

macro_rules! plain {
    ($($t:ty)*) => { $(impl PlainNumber for $t {
        const SIZE: usize = size_of::<$t>();
        fn put(&self, out: &mut Vec<u8>) {
            out.extend(self.to_le_bytes());
        }
        fn get(bytes: &[u8]) -> Self {
            let mut a = [0; size_of::<$t>()];
            a.copy_from_slice(bytes);
            Self::from_le_bytes(a)
        }
        fn get_all(bytes: &[u8]) -> Vec<Self> {
            bytes.as_chunks::<{ size_of::<$t>() }>().0.iter().map(|b| Self::from_le_bytes(*b)).collect()
        }
    })* };
}
plain!(i8 u8 u16 u32 u64 i64 f32);
