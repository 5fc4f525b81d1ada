//! Sections one after the other: tag, length packed, length unpacked, Zstandard data.

use crate::base::bytes::{ByteReader, ByteWriter, BytesError};
use crate::learn::contract::{Section, Tag};
use std::io::Read;

/// Zstandard's own default level.
const LEVEL: i32 = 3;
/// All sections together unpack to no more.
const MOST: u64 = 1 << 30;

/// Appends a section.
pub(super) fn write<S: Section>(out: &mut ByteWriter, section: &S) -> std::io::Result<()> {
    let data = section.to_bytes()?;
    let packed = zstd::encode_all(&data[..], LEVEL)?;
    out.list::<u8>(&S::TAG);
    out.list(&[packed.len() as u64, data.len() as u64]);
    out.list::<u8>(&packed);
    Ok(())
}

/// The sections of a release, packed as they stand there: each is unpacked when it is taken.
pub(super) struct Sections<'a> {
    packed: Vec<PackedSection<'a>>,
    /// Bytes that the others may unpack to.
    room: u64,
}

struct PackedSection<'a> {
    tag: &'a [u8],
    unpacked: u64,
    data: &'a [u8],
}

impl<'a> Sections<'a> {
    /// Finds the sections.
    pub fn of(mut r: ByteReader<'a>) -> Result<Self, BytesError> {
        let mut packed = Vec::new();
        while !r.is_empty() {
            let tag = r.take(size_of::<Tag>())?;
            let (length, unpacked): (u64, u64) = (r.one()?, r.one()?);
            let length = usize::try_from(length).map_err(|_| BytesError::Damaged("a length is out of range"))?;
            packed.push(PackedSection { tag, unpacked, data: r.take(length)? });
        }
        Ok(Self { packed, room: MOST })
    }

    /// Takes a section out; `None` where it is not there.
    pub fn take<S: Section>(&mut self) -> Result<Option<S>, BytesError> {
        let Some(at) = self.packed.iter().position(|p| p.tag == S::TAG) else { return Ok(None) };
        let PackedSection { unpacked, data, .. } = self.packed.remove(at);
        let data = unpack(data, unpacked, S::MOST.min(self.room))?;
        self.room -= unpacked;
        S::from_bytes(&data).map(Some)
    }

    /// Checks that nothing is left: a release moves as a whole.
    pub fn end(self) -> Result<(), BytesError> {
        if self.packed.is_empty() { Ok(()) } else { Err(BytesError::Damaged("an unknown section")) }
    }
}

/// Unpacks exactly `length` bytes, growing as they come.
fn unpack(packed: &[u8], length: u64, most: u64) -> Result<Vec<u8>, BytesError> {
    let damaged = |_| BytesError::Damaged("a section does not unpack");
    if length > most {
        return Err(BytesError::Damaged("a section is too large"));
    }
    let mut data = Vec::new();
    zstd::Decoder::new(packed).map_err(damaged)?.take(length + 1).read_to_end(&mut data).map_err(damaged)?;
    if data.len() as u64 == length { Ok(data) } else { Err(BytesError::Damaged("a section has another length")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_that_lies_about_its_length_is_refused() {
        let packed = zstd::encode_all(&[0u8; 1_000_000][..], LEVEL).unwrap();
        assert!(unpack(&packed, 10, MOST).is_err());
        assert!(unpack(&packed, 1_000_001, MOST).is_err());
        assert!(unpack(&packed, u64::MAX, MOST).is_err());
        assert_eq!(unpack(&packed, 1_000_000, MOST).map(|d| d.len()), Ok(1_000_000));
    }
}
