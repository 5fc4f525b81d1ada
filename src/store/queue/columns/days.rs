//! What the conversations of a chunk come to by day of a zone: what the Overview needs of them, so that it reads no rows. Kept beside
//! the columns until one of the chunk's rows changes, and in the store beside the segments.

use super::sums::Sums;
use crate::base::bytes::{ByteReader, ByteWriter, BytesError};
use crate::domain::{Timestamp, Zone};
use chrono::Datelike;
use std::ops::Range;

const MAGIC: &[u8; 4] = b"apd\0";
const LAYOUT: u16 = 2;
/// The day of what has no time; no calendar has it.
pub(super) const NO_DAY: i32 = i32::MIN;

/// What counts of days are made by: they hold for these alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::store) struct DayBasis {
    /// The zone that days are of.
    pub zone: Zone,
    /// How often patterns were found.
    pub patterns: i64,
}

/// Counts under a key.
pub(super) type Counted<K, const N: usize> = Vec<(K, [u32; N])>;

/// The counts of a chunk. Each list is in the order of its keys, days first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::store) struct ChunkDays {
    pub(super) basis: DayBasis,
    /// Real traffic with the AI by day: resolved, of these confirmed, escalated, failed, abandoned, unknown; of what ended, rated and
    /// satisfied.
    pub(super) ends: Counted<i32, 8>,
    /// N by day, conversation's intent and cause (0: none): all, resolved, failed, escalated; right hand-overs are no failures.
    pub(super) matters: Counted<(i32, u32, u32), 4>,
    /// N by day and language: resolved, all.
    pub(super) languages: Counted<(i32, u32), 2>,
    /// What failed or was escalated of N by day and pattern; right hand-overs are no failures.
    pub(super) patterns: Counted<(i32, u32), 1>,
    /// Members of patterns by pattern and cause, of all days.
    pub(super) pattern_causes: Counted<(u32, u32), 1>,
    /// Members of patterns by pattern and the log's intent, of all days.
    pub(super) pattern_intents: Counted<(u32, u32), 1>,
}

/// The day that begins with a moment; `None` where none does.
pub(super) fn day_that_begins(zone: Zone, at: i64) -> Option<i32> {
    let date = zone.day(Timestamp(at));
    (zone.midnight(date).0 == at).then(|| date.num_days_from_ce())
}

impl ChunkDays {
    /// The bytes of it, with the sums of the chunk.
    pub(super) fn encode(&self, sums: &Sums) -> Vec<u8> {
        let mut w = ByteWriter::new(MAGIC, LAYOUT);
        let zone = self.basis.zone.to_string();
        w.one(zone.len() as u32);
        w.0.extend(zone.as_bytes());
        w.one(self.basis.patterns);
        w.list(&sums.numbers());
        put(&mut w, &self.ends, |&day| [day as u32]);
        put(&mut w, &self.matters, |&(day, matter, cause)| [day as u32, matter, cause]);
        put(&mut w, &self.languages, |&(day, language)| [day as u32, language]);
        put(&mut w, &self.patterns, |&(day, pattern)| [day as u32, pattern]);
        put(&mut w, &self.pattern_causes, |&(pattern, cause)| [pattern, cause]);
        put(&mut w, &self.pattern_intents, |&(pattern, intent)| [pattern, intent]);
        w.0
    }

    /// Reads what [`Self::encode`] wrote.
    ///
    /// # Errors
    /// Another layout, or damaged.
    pub(super) fn decode(bytes: &[u8]) -> Result<(Self, Sums), BytesError> {
        let mut r = ByteReader::new(bytes, MAGIC, LAYOUT, "counts by day")?;
        let length = r.one::<u32>()? as usize;
        let zone = std::str::from_utf8(r.take(length)?).ok().and_then(|z| z.parse().ok());
        let zone = zone.ok_or(BytesError::Damaged("no time zone"))?;
        let basis = DayBasis { zone, patterns: r.one()? };
        let sums = Sums::of(&r.list::<u64>(Sums::NUMBERS)?);
        let days = Self {
            basis,
            ends: take(&mut r, |[day]| day as i32)?,
            matters: take(&mut r, |[day, matter, cause]| (day as i32, matter, cause))?,
            languages: take(&mut r, |[day, language]| (day as i32, language))?,
            patterns: take(&mut r, |[day, pattern]| (day as i32, pattern))?,
            pattern_causes: take(&mut r, |[pattern, cause]| (pattern, cause))?,
            pattern_intents: take(&mut r, |[pattern, intent]| (pattern, intent))?,
        };
        r.end()?;
        Ok((days, sums.ok_or(BytesError::Damaged("another number of sums"))?))
    }
}

fn put<K, const M: usize, const N: usize>(w: &mut ByteWriter, list: &Counted<K, N>, key: impl Fn(&K) -> [u32; M]) {
    w.one(list.len() as u32);
    for (k, counts) in list {
        w.list(&key(k));
        w.list(counts);
    }
}

fn take<K: Ord, const M: usize, const N: usize>(
    r: &mut ByteReader<'_>,
    key: impl Fn([u32; M]) -> K,
) -> Result<Counted<K, N>, BytesError> {
    let length = r.one::<u32>()? as usize;
    let numbers: Vec<u32> =
        r.list(length.checked_mul(M + N).ok_or(BytesError::Damaged("a length is out of range"))?)?;
    let each = |row: &[u32]| {
        let (head, counts) = row.split_at(M);
        Some((key(head.try_into().ok()?), counts.try_into().ok()?))
    };
    let list: Option<Counted<K, N>> = numbers.chunks_exact(M + N).map(each).collect();
    let list = list.ok_or(BytesError::Damaged("a row is cut short"))?;
    // Stretches of days are found by halving.
    if list.is_sorted_by(|a, b| a.0 < b.0) { Ok(list) } else { Err(BytesError::Damaged("out of order")) }
}

/// The rows of a stretch of days: lists begin with the day.
pub(super) fn within<'a, K, const N: usize>(
    list: &'a [(K, [u32; N])],
    days: &Range<i32>,
    day: impl Fn(&K) -> i32,
) -> &'a [(K, [u32; N])] {
    let from = list.partition_point(|(k, _)| day(k) < days.start);
    let to = list.partition_point(|(k, _)| day(k) < days.end);
    &list[from..to.max(from)]
}
