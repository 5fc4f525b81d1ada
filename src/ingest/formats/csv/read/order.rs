//! In which order the rows of a file are read, so that those of a conversation come together.

use super::kinds::RowKind;
use super::plan::CellPlan;
use crate::ingest::rows::cut::{CutRow, CutRows, CutStep};
use crate::ingest::rows::dialect::is_separator;
use crate::ingest::rows::text::{RewindableText, TextInput};
use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;

/// In which order rows are read.
pub(super) enum Order {
    /// Nobody has looked yet.
    Unknown,
    /// As they stand.
    File,
    /// By conversation: the places that are left, and how many there were.
    Sorted(std::vec::IntoIter<RowStart>, usize),
}

/// Where a row starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct RowStart {
    /// The conversation's number, in the order in which they begin.
    pub conversation: u32,
    pub line: u32,
    pub offset: u64,
}

impl Order {
    /// By conversation.
    pub fn sorted(places: Vec<RowStart>) -> Self {
        let all = places.len();
        Self::Sorted(places.into_iter(), all)
    }
}

/// How the rows of conversations stand in a file.
pub(super) enum RowGrouping {
    /// Those of a conversation stand together.
    Together,
    /// They do not; where they all start, and the line in which the columns change places.
    Apart(CutRows<TextInput>, Vec<RowStart>, Option<u64>),
    /// They do not, and the text is too large to be held.
    TooLarge,
}

/// Looks how the rows of conversations stand.
///
/// # Errors
/// What the input says.
pub(super) fn layout(plan: &CellPlan, again: &RewindableText, max: usize) -> io::Result<RowGrouping> {
    let new_rows = |text, start| CutRows::new(text, plan.mapping.delimiter as u8, max, start);
    let (mut last, mut over) = (None, HashSet::new());
    let (apart, _) = each_row(plan, &mut new_rows(again.stream()?, 0), &mut |_, id| {
        let Some(id) = id.filter(|id| last != Some(*id)) else { return true };
        last.replace(id);
        over.insert(id)
    })?;
    if !apart {
        return Ok(RowGrouping::Together);
    }
    drop(over);
    let Some((text, start)) = again.anywhere(max)? else { return Ok(RowGrouping::TooLarge) };
    let mut rows = new_rows(text, start);
    let mut numbers: HashMap<u64, u32> = HashMap::new();
    let mut places = Vec::new();
    let (_, until) = each_row(plan, &mut rows, &mut |row, id| {
        // Rows that name no conversation come last, one by one.
        let next = numbers.len() as u32;
        let conversation = id.map_or(u32::MAX, |id| *numbers.entry(id).or_insert(next));
        places.push(RowStart { conversation, line: row.line.min(u64::from(u32::MAX)) as u32, offset: row.offset });
        true
    })?;
    places.sort_unstable();
    Ok(RowGrouping::Apart(rows, places, until))
}

/// Goes over all rows with the hash of the conversation that each names, until `look` says no, and whether it did; or until
/// the columns change places, and in which line.
fn each_row(
    plan: &CellPlan,
    rows: &mut CutRows<TextInput>,
    look: &mut dyn FnMut(&CutRow, Option<u64>) -> bool,
) -> io::Result<(bool, Option<u64>)> {
    let mut row = CutRow::default();
    let (mut skip, mut above) = (plan.skip, None);
    loop {
        let step = rows.next(&mut row)?;
        if step == CutStep::End {
            return Ok((false, None));
        }
        if step == CutStep::Row {
            if is_separator(&row) {
                continue;
            }
            if skip > 0 {
                skip -= 1;
                continue;
            }
            // Other rows without data are passed over, and counted, when they are read.
            if plan.kind(&row) == RowKind::OtherHeader {
                return Ok((false, Some(row.line)));
            }
        }
        let id = plan.id(&row).map(|id| hashed(&id)).or(above.filter(|_| plan.mapping.id_from_above));
        above = id;
        if !look(&row, id) {
            return Ok((true, None));
        }
    }
}

/// An id as it is remembered.
pub(super) fn hashed(id: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    id.hash(&mut hasher);
    hasher.finish()
}
