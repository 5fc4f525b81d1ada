//! Where the pieces of conversations wait until all of them have been read.

use crate::disk::{Spooled, spooled};
use std::collections::{BTreeMap, HashMap};
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};

/// Bytes that wait in memory; more of them wait in a file.
const IN_MEMORY: usize = 32 << 20;
/// Pieces that one import may have; each takes 24 bytes in memory.
const MAX_PIECES: usize = 100_000_000;
/// Pieces that one conversation may have.
pub(super) const MAX_EACH: usize = 200_000;

/// One piece, and where it waits.
struct SpooledEntry {
    at: u64,
    group: u32,
    len: u32,
    line: u32,
    file: u32,
}

/// The pieces.
pub(super) struct Spool {
    bytes: BufWriter<Spooled>,
    len: u64,
    entries: Vec<SpooledEntry>,
    groups: HashMap<String, u32>,
    names: Vec<String>,
    /// The group that a group is part of; itself where it is none's.
    whole: Vec<u32>,
    /// Groups that belong to another one unless several claim them.
    claims: BTreeMap<String, Option<String>>,
}

impl Spool {
    pub fn new() -> Self {
        let bytes = BufWriter::new(spooled(IN_MEMORY));
        Self {
            bytes,
            len: 0,
            entries: Vec::new(),
            groups: HashMap::new(),
            names: Vec::new(),
            whole: Vec::new(),
            claims: BTreeMap::new(),
        }
    }

    /// Adds a piece of a group; `line` and `file` are where it stands.
    ///
    /// # Errors
    /// The disk is full; there are more than any import needs.
    pub fn add(&mut self, group: &str, piece: &[u8], line: u64, file: u32) -> io::Result<()> {
        if self.entries.len() >= MAX_PIECES {
            return Err(io::Error::other(format!(
                "more than {MAX_PIECES} records in one import: split it by day or month"
            )));
        }
        let group = self.group(group);
        let len = u32::try_from(piece.len()).map_err(|_| io::Error::other("a record of more than 4 GiB"))?;
        self.bytes.write_all(piece)?;
        let line = u32::try_from(line).unwrap_or(u32::MAX);
        self.entries.push(SpooledEntry { at: self.len, group, len, line, file });
        self.len += u64::from(len);
        Ok(())
    }

    fn group(&mut self, name: &str) -> u32 {
        if let Some(&known) = self.groups.get(name) {
            return known;
        }
        let new = self.names.len() as u32;
        self.groups.insert(name.to_owned(), new);
        self.names.push(name.to_owned());
        self.whole.push(new);
        new
    }

    /// What belongs to the group `part` belongs to `whole`.
    pub fn join(&mut self, part: &str, whole: &str) {
        let (part, whole) = (self.group(part), self.group(whole));
        let (part, whole) = (self.root(part), self.root(whole));
        self.whole[part as usize] = whole;
    }

    /// As [`Spool::join`], unless another group says the same of `part`: then it stays by itself.
    pub fn claim(&mut self, part: &str, whole: &str) {
        let claim = self.claims.entry(part.to_owned()).or_insert_with(|| Some(whole.to_owned()));
        if claim.as_deref() != Some(whole) {
            *claim = None;
        }
    }

    fn root(&mut self, mut group: u32) -> u32 {
        while self.whole[group as usize] != group {
            let above = self.whole[self.whole[group as usize] as usize];
            self.whole[group as usize] = above;
            group = above;
        }
        group
    }

    /// All pieces have been added: groups in the order in which they were first seen, the pieces of each in theirs.
    ///
    /// # Errors
    /// What the system says of what waits on the disk.
    pub fn sorted(mut self) -> io::Result<SortedPieces> {
        for (part, whole) in std::mem::take(&mut self.claims) {
            if let Some(whole) = whole {
                self.join(&part, &whole);
            }
        }
        let mut first: Vec<u64> = vec![u64::MAX; self.names.len()];
        for i in 0..self.entries.len() {
            let group = self.entries[i].group;
            let root = self.root(group);
            self.entries[i].group = root;
            let seen = &mut first[root as usize];
            *seen = (*seen).min(self.entries[i].at);
        }
        self.entries.sort_by_key(|e| (first[e.group as usize], e.group, e.at));
        let bytes = self.bytes.into_inner().map_err(io::IntoInnerError::into_error)?;
        Ok(SortedPieces { bytes, entries: self.entries, names: self.names, next: 0 })
    }
}

/// Pieces by group.
pub(super) struct SortedPieces {
    bytes: Spooled,
    entries: Vec<SpooledEntry>,
    names: Vec<String>,
    next: usize,
}

/// The pieces of one group.
pub(super) struct GroupPieces {
    pub name: String,
    /// Line and bytes of each; none where there are more than `most`.
    pub pieces: Vec<(u64, Vec<u8>)>,
    pub line: u64,
    pub file: u32,
    /// How many there are and their bytes, where that is too much.
    pub too_much: Option<(usize, u64)>,
}

impl SortedPieces {
    /// The pieces of the next group, of at most `most` bytes together.
    ///
    /// # Errors
    /// What the system says.
    pub fn next(&mut self, most: usize) -> io::Result<Option<GroupPieces>> {
        let Some(first) = self.entries.get(self.next) else { return Ok(None) };
        let group = first.group;
        let mine = self.entries[self.next..].iter().take_while(|e| e.group == group).count();
        let entries = &self.entries[self.next..self.next + mine];
        let bytes: u64 = entries.iter().map(|e| u64::from(e.len)).sum();
        let too_much = (mine > MAX_EACH || bytes > most as u64).then_some((mine, bytes));
        let mut pieces = Vec::new();
        for entry in entries.iter().take(if too_much.is_some() { 0 } else { mine }) {
            let mut piece = vec![0; entry.len as usize];
            self.bytes.seek(SeekFrom::Start(entry.at))?;
            self.bytes.read_exact(&mut piece)?;
            pieces.push((u64::from(entry.line), piece));
        }
        let (line, file) = (u64::from(entries[0].line), entries[0].file);
        self.next += mine;
        Ok(Some(GroupPieces { name: self.names[group as usize].clone(), pieces, line, file, too_much }))
    }

    /// The share that has been taken.
    pub fn share(&self) -> f64 {
        self.next as f64 / self.entries.len().max(1) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_several_claim_belongs_to_none_of_them() {
        let mut spool = Spool::new();
        for (group, piece) in [("late", "l"), ("a", "1"), ("b", "2"), ("odd", "o"), ("part", "p"), ("a", "3")] {
            spool.add(group, piece.as_bytes(), 1, 0).unwrap();
        }
        spool.join("part", "b");
        for (part, whole) in [("late", "a"), ("late", "a"), ("odd", "a"), ("odd", "b")] {
            spool.claim(part, whole);
        }
        let mut sorted = spool.sorted().unwrap();
        let mut groups = Vec::new();
        while let Some(taken) = sorted.next(100).unwrap() {
            let pieces: Vec<u8> = taken.pieces.into_iter().flat_map(|(_, bytes)| bytes).collect();
            groups.push((taken.name, String::from_utf8(pieces).unwrap()));
        }
        let expected = [("a", "l13"), ("b", "2p"), ("odd", "o")].map(|(name, said)| (name.to_owned(), said.to_owned()));
        assert_eq!(groups, expected);
    }

    #[test]
    fn more_than_a_conversation_may_have_is_counted_and_not_read() {
        let mut spool = Spool::new();
        spool.add("a", b"12345", 7, 2).unwrap();
        spool.add("a", b"67890", 8, 2).unwrap();
        let taken = spool.sorted().unwrap().next(9).unwrap().unwrap();
        assert_eq!((taken.too_much, taken.pieces.len(), taken.line, taken.file), (Some((2, 10)), 0, 7, 2));
    }
}
