//! A run of rows, column by column.

use super::days::ChunkDays;
use super::narrow;
use super::sums::{Summed, Sums};
use crate::base::bytes::{ByteReader, ByteWriter, BytesError};
use crate::domain::Outcome;
use crate::domain::query::sort::OrderBy;
use std::sync::OnceLock;

/// Rows of a chunk: a multiple of 64. Few in tests, so that small stores have several.
pub(super) const ROWS: usize = if cfg!(test) { 128 } else { 1 << 16 };

const MAGIC: &[u8; 4] = b"apc\0";
/// Moves with every change of the columns: a segment of another layout is read from the rows again.
const LAYOUT: u16 = 7;

/// Some of the columns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::store) struct ColumnSet(u16);

impl ColumnSet {
    /// These columns.
    pub const fn of(columns: &[PackedColumn]) -> Self {
        let (mut bits, mut i) = (0, 0);
        while i < columns.len() {
            bits |= 1 << columns[i] as u16;
            i += 1;
        }
        Self(bits)
    }

    /// Every column.
    pub const ALL: Self = Self::of(PackedColumn::ALL);

    /// Whether a column is among them.
    pub const fn has(self, column: PackedColumn) -> bool {
        self.0 >> column as u16 & 1 == 1
    }

    /// Those of both.
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Those that another has not.
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// One after the other.
    pub fn each(self) -> impl Iterator<Item = PackedColumn> {
        PackedColumn::ALL.iter().copied().filter(move |&c| self.has(c))
    }

    /// Whether there are none.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }
}

/// One list of columns makes the row, the chunk and its bytes.
macro_rules! columns {
    ($($(#[$doc:meta])* $column:ident $name:ident: $kind:ty,)+) => {
        /// The columns.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(in crate::store) enum PackedColumn { $($(#[$doc])* $column,)+ }

        impl PackedColumn {
            /// In the order in which they are declared.
            pub const ALL: &[Self] = &[$(Self::$column,)+];
        }

        /// One conversation in columns.
        #[derive(Clone, Copy, Debug, Default, PartialEq)]
        pub(in crate::store) struct ColumnRow { $($(#[$doc])* pub $name: $kind,)+ }

        impl ColumnRow {
            /// Whether two rows are the same: no number is the same as no number.
            #[allow(clippy::eq_op, reason = "a value that is not itself is no number")]
            pub fn is(&self, other: &Self) -> bool {
                $((self.$name == other.$name || (self.$name != self.$name && other.$name != other.$name)))&&+
            }
        }

        /// Up to [`ROWS`] conversations with consecutive row numbers. Columns that are not in memory are empty.
        #[derive(Clone, Debug, Default)]
        pub(in crate::store) struct Chunk {
            rows: usize,
            kept_sums: OnceLock<Sums>,
            /// Counts by day, until a row changes.
            pub(super) days: Option<ChunkDays>,
            $($(#[$doc])* pub $name: Vec<$kind>,)+ }

        impl Chunk {
            /// One of so many rows, without any column.
            pub fn of(rows: usize) -> Self {
                Self { rows, ..Self::default() }
            }

            /// Writes some columns of a row, and empty rows up to it.
            pub fn put(&mut self, at: usize, row: &ColumnRow, columns: ColumnSet) {
                self.forget_counts();
                self.rows = self.rows.max(at + 1);
                $(if columns.has(PackedColumn::$column) {
                    if self.$name.len() <= at { self.$name.resize(at + 1, Default::default()); }
                    self.$name[at] = row.$name;
                })+
            }

            /// Brings some columns to the length of the others.
            pub fn fill(&mut self, columns: ColumnSet) {
                $(if columns.has(PackedColumn::$column) { self.$name.resize(self.rows, Default::default()); })+
            }

            /// A row; its columns must be in memory.
            pub fn row(&self, at: usize) -> ColumnRow {
                ColumnRow { $($name: self.$name[at],)+ }
            }

            /// A column's bytes.
            pub fn encode(&self, column: PackedColumn) -> Vec<u8> {
                let mut w = ByteWriter::new(MAGIC, LAYOUT);
                w.one(self.rows as u32);
                match column { $(PackedColumn::$column => narrow::write(&mut w, &self.$name),)+ }
                w.0
            }

            /// Takes a column from its bytes. Rows that have come since are empty in it.
            ///
            /// # Errors
            /// Another layout, more rows than the chunk has, or damaged.
            pub fn decode(&mut self, column: PackedColumn, bytes: &[u8]) -> Result<(), BytesError> {
                let mut r = ByteReader::new(bytes, MAGIC, LAYOUT, "packed columns")?;
                let rows = r.one::<u32>()? as usize;
                if rows > self.rows {
                    return Err(BytesError::Damaged("another number of rows"));
                }
                match column { $(PackedColumn::$column => self.$name = narrow::read(&mut r, rows)?,)+ }
                r.end()
            }
        }
    };
}

columns! {
    /// Last activity, 0 where the log has no times.
    LastAt last_at: i64,
    /// Place in the order by value, rule 28.
    Priority priority: i64,
    /// Small values, see [`StateField`].
    State state: u32,
    /// The live model's confidence, else the log's; NaN for none.
    Confidence confidence: f32,
    /// Rating on the 1-5 scale; NaN for none.
    Csat csat: f32,
    /// A reviewer's word, else how it ended as rated or read, else the log's; NaN for none.
    Sentiment sentiment: f32,
    /// ColumnRow of the log's intent on the failing turn; 0 for none.
    Intent intent: u32,
    /// ColumnRow of the live model's intent there; 0 for none.
    Suggested suggested: u32,
    /// ColumnRow of the reviewer's intent there; 0 for none.
    Label label: u32,
    /// ColumnRow of the conversation's intent (rule 2); 0 for none.
    Matter matter: u32,
    /// ColumnRow of the intent that the log has for the conversation; 0 for none.
    Logged logged: u32,
    /// ColumnRow of the channel's name; 0 for none.
    Channel channel: u32,
    /// ColumnRow of the language's name; 0 for none.
    Language language: u32,
    /// How many turns it has.
    Turns turns: f32,
    /// The chance that the customer is let down, as the live release reads it, in 200ths and one more; 0: rated, or not read.
    LetDown let_down: u32,
}

/// A small value within [`ColumnRow::state`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::store) struct StateField {
    shift: u32,
    bits: u32,
}

impl StateField {
    /// 1 where the row exists.
    pub const THERE: Self = Self { shift: 0, bits: 1 };
    /// Outcome's code.
    pub const OUTCOME: Self = Self { shift: 1, bits: 3 };
    /// Review's code.
    pub const REVIEW: Self = Self { shift: 4, bits: 3 };
    /// Part of the split.
    pub const PART: Self = Self { shift: 7, bits: 2 };
    /// 1 unless it is spam or a test.
    pub const TRAFFIC: Self = Self { shift: 9, bits: 1 };
    /// 1 where an AI took part.
    pub const HAS_AI: Self = Self { shift: 10, bits: 1 };
    /// 1 where the AI understood something else.
    pub const MISMATCH: Self = Self { shift: 11, bits: 1 };
    /// 1 where the AI fell back on the failing turn.
    pub const FALLBACK: Self = Self { shift: 12, bits: 1 };
    /// Cause's code, 0 for none.
    pub const CAUSE: Self = Self { shift: 13, bits: 6 };
    /// 1 where [`ColumnRow::matter`] is a label.
    pub const MATTER_LABELLED: Self = Self { shift: 19, bits: 1 };
    /// 1 where the customer said that it was resolved; an assumed resolution has 0.
    pub const CONFIRMED: Self = Self { shift: 20, bits: 1 };

    /// Whether a state is that of one of N (rule 4): real traffic, with the AI, ended in a known way.
    pub const fn is_counted(state: u32) -> bool {
        let (first, last) = (Outcome::Resolved.code() as u32, Outcome::Abandoned.code() as u32);
        let outcome = Self::OUTCOME.of(state);
        Self::TRAFFIC.of(state) == 1 && Self::HAS_AI.of(state) == 1 && first <= outcome && outcome <= last
    }

    /// The first bit behind it.
    pub const fn end(self) -> u32 {
        self.shift + self.bits
    }

    /// The value in a state.
    pub const fn of(self, state: u32) -> u32 {
        (state >> self.shift) & ((1 << self.bits) - 1)
    }

    /// The state with this value in it; values that do not fit are cut.
    pub const fn with(self, state: u32, value: u32) -> u32 {
        let mask = ((1 << self.bits) - 1) << self.shift;
        (state & !mask) | ((value << self.shift) & mask)
    }
}

/// What has no value stands after all others.
const LAST: i64 = i64::MAX >> 1;

impl Chunk {
    /// Rows in it.
    pub fn len(&self) -> usize {
        self.rows
    }

    /// A row has changed.
    fn forget_counts(&mut self) {
        (self.kept_sums, self.days) = (OnceLock::new(), None);
    }

    /// Takes what was counted of these rows before.
    pub(super) fn take_days(&mut self, days: ChunkDays, sums: Sums) {
        (self.kept_sums, self.days) = (OnceLock::from(sums), Some(days));
    }

    /// Counts over all rows, kept until one changes; `None` where nothing is kept and their times are not in memory.
    pub fn sums(&self) -> Option<&Sums> {
        if let Some(kept) = self.kept_sums.get() {
            return Some(kept);
        }
        (self.last_at.len() == self.rows && self.state.len() == self.rows).then(|| {
            self.kept_sums.get_or_init(|| {
                let there =
                    self.state.iter().zip(&self.last_at).filter(|(state, _)| StateField::THERE.of(**state) == 1);
                Sums::over(there.map(|(&state, &at)| Summed {
                    ai: StateField::HAS_AI.of(state) == 1,
                    real: StateField::TRAFFIC.of(state) == 1,
                    counted: StateField::is_counted(state),
                    outcome: StateField::OUTCOME.of(state).into(),
                    cause: StateField::CAUSE.of(state).into(),
                    at,
                }))
            })
        })
    }

    /// A column of row numbers of names.
    pub fn names(&self, column: PackedColumn) -> &[u32] {
        match column {
            PackedColumn::Intent => &self.intent,
            PackedColumn::Suggested => &self.suggested,
            PackedColumn::Label => &self.label,
            PackedColumn::Matter => &self.matter,
            PackedColumn::Channel => &self.channel,
            PackedColumn::Language => &self.language,
            PackedColumn::LetDown => &self.let_down,
            _ => &[],
        }
    }

    /// A column of numbers, NaN for none.
    pub fn numbers(&self, column: PackedColumn) -> &[f32] {
        match column {
            PackedColumn::Confidence => &self.confidence,
            PackedColumn::Csat => &self.csat,
            PackedColumn::Sentiment => &self.sentiment,
            PackedColumn::Turns => &self.turns,
            _ => &[],
        }
    }

    /// The columns that [`Chunk::key`] reads.
    pub fn read_by(by: OrderBy) -> ColumnSet {
        ColumnSet::of(match by {
            OrderBy::Value => &[PackedColumn::Priority],
            OrderBy::Activity | OrderBy::Relevance => &[PackedColumn::LastAt],
            OrderBy::Confidence => &[PackedColumn::Confidence, PackedColumn::Suggested, PackedColumn::State],
            OrderBy::Outcome | OrderBy::Status => &[PackedColumn::State],
            OrderBy::Csat => &[PackedColumn::Csat],
            OrderBy::Sentiment => &[PackedColumn::Sentiment],
            OrderBy::Intent => &[PackedColumn::Matter],
        })
    }

    /// The sort key of a row: smaller ones stand first in a rising order. `ranks` are the places of intents by name.
    pub fn key(&self, by: OrderBy, at: usize, ranks: &[i64]) -> i64 {
        let state = self.state[at];
        match by {
            OrderBy::Value => self.priority[at],
            OrderBy::Activity | OrderBy::Relevance => self.last_at[at],
            OrderBy::Confidence if self.suggested[at] == 0 && StateField::FALLBACK.of(state) == 1 => 0,
            OrderBy::Confidence => number(self.confidence[at]),
            OrderBy::Outcome => OUTCOME_ORDER[StateField::OUTCOME.of(state) as usize],
            OrderBy::Csat => number(self.csat[at]),
            OrderBy::Sentiment => number(self.sentiment[at]),
            OrderBy::Intent => ranks.get(self.matter[at] as usize).copied().unwrap_or(LAST),
            OrderBy::Status => i64::from(StateField::REVIEW.of(state)),
        }
    }
}

/// A whole number in the order of the numbers, by their bits; NaN comes last.
fn number(x: f32) -> i64 {
    // Adding zero makes -0 and 0 one number.
    let bits = (x + 0.0).to_bits() as i32;
    if x.is_nan() { LAST } else { i64::from(if bits < 0 { bits ^ i32::MAX } else { bits }) }
}

/// Places of the outcomes by code: failed, escalated, abandoned, resolved, pending, unknown.
const OUTCOME_ORDER: [i64; 8] = [LAST, 3, 1, 0, 2, 4, 5, LAST];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Cause, Review};

    #[test]
    fn every_code_fits_its_field() {
        let fits = |field: StateField, code: i64| StateField::with(field, 0, code as u32);
        for &o in Outcome::ALL {
            assert_eq!(i64::from(StateField::OUTCOME.of(fits(StateField::OUTCOME, o.code()))), o.code());
            assert!(OUTCOME_ORDER[o.code() as usize] < LAST);
        }
        Review::ALL
            .iter()
            .for_each(|r| assert_eq!(i64::from(StateField::REVIEW.of(fits(StateField::REVIEW, r.code()))), r.code()));
        for &c in Cause::ALL {
            assert_eq!(i64::from(StateField::CAUSE.of(fits(StateField::CAUSE, c.code()))), c.code());
        }
    }

    #[test]
    fn numbers_keep_their_order() {
        let sorted = [-1.0, -0.5, -1e-9, 0.0, 1e-9, 0.25, 1.0, 5.0, f32::NAN];
        assert!(sorted.map(number).is_sorted_by(|a, b| a < b));
        assert_eq!(number(-0.0), number(0.0));
    }

    #[test]
    fn bytes_give_the_same_rows_and_rubbish_gives_an_error() {
        let mut chunk = Chunk::default();
        let row = |i: u32| ColumnRow {
            last_at: i64::from(i) * 7,
            state: i,
            confidence: 0.5,
            label: 3,
            ..ColumnRow::default()
        };
        (0..100).for_each(|i| chunk.put(i as usize, &row(i), ColumnSet::ALL));
        let mut back = Chunk::of(100);
        for column in ColumnSet::ALL.each() {
            let bytes = chunk.encode(column);
            back.decode(column, &bytes).unwrap();
            assert!(Chunk::of(100).decode(column, &bytes[..bytes.len() - 1]).is_err());
            assert!(Chunk::of(99).decode(column, &bytes).is_err());
            assert!(Chunk::of(100).decode(column, b"rubbish").is_err());
        }
        assert_eq!((0..100).map(|i| back.row(i)).collect::<Vec<_>>(), (0..100).map(row).collect::<Vec<_>>());
    }
}
