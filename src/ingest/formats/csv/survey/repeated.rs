//! Rows that say what another row of the conversation says.

use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// Rows of one conversation that are looked at together.
const MOST: usize = 10_000;

/// How often rows repeat a message that has no id, and in which columns those differ.
#[derive(Clone, Debug, Default)]
pub struct RepeatedRows {
    /// Rows that say what one before them says and differ in other columns.
    pub rows: u64,
    /// Rows that were looked at.
    pub of: u64,
    /// How many of them differ in a column, by its place.
    pub differ: BTreeMap<usize, u64>,
    /// The conversation of the last rows, and of each the message and what else stands in it.
    run: Vec<(u64, Vec<u64>)>,
    conversation: Option<u64>,
}

impl RepeatedRows {
    /// Looks at the next row: its conversation, its message and what stands in other columns, all by hashes. `timed`: the message has a time.
    pub fn add(&mut self, conversation: u64, message: u64, cells: Vec<u64>, places: &[usize], timed: bool) {
        if self.conversation != Some(conversation) {
            self.end(places, timed);
            self.conversation = Some(conversation);
        }
        self.of += 1;
        if self.run.len() < MOST {
            self.run.push((message, cells));
        }
    }

    /// Ends the conversation that rows were of. With times any row may repeat any other; without, the row before it alone.
    pub fn end(&mut self, places: &[usize], timed: bool) {
        let run = std::mem::take(&mut self.run);
        let mut seen: FxHashMap<u64, (usize, u64)> = FxHashMap::default();
        for (i, (message, _)) in run.iter().enumerate() {
            seen.entry(*message).or_insert((i, 0)).1 += 1;
        }
        let each = run.len() as u64 / (seen.len() as u64).max(1);
        let evenly = seen.len() > 1 && each > 1 && seen.values().all(|(_, n)| *n == each);
        // Those become one without being asked about.
        if evenly && timed {
            return;
        }
        for (i, (message, cells)) in run.iter().enumerate().skip(1) {
            let before = if timed { seen[message].0 } else { i - 1 };
            if before == i || run[before].0 != *message {
                continue;
            }
            let others = places.iter().zip(cells.iter().zip(&run[before].1)).filter(|(_, (one, other))| one != other);
            let others: Vec<usize> = others.map(|(place, _)| *place).collect();
            self.rows += u64::from(!others.is_empty());
            others.into_iter().for_each(|place| *self.differ.entry(place).or_default() += 1);
        }
    }
}
