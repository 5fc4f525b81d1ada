//! A column as bytes: for each value as few as the range needs, or one where there are few different values.

use crate::base::bytes::{ByteReader, ByteWriter, BytesError};
use std::collections::HashMap;

/// What a column can hold, as a whole number and back.
pub(super) trait NarrowValue: Copy {
    /// The number that stands for it.
    fn number(self) -> i64;
    /// What a number stands for; numbers that none has stand for anything.
    fn of(number: i64) -> Self;
}

impl NarrowValue for i64 {
    fn number(self) -> i64 {
        self
    }
    fn of(number: i64) -> Self {
        number
    }
}

impl NarrowValue for u32 {
    fn number(self) -> i64 {
        self.into()
    }
    fn of(number: i64) -> Self {
        number as Self
    }
}

impl NarrowValue for f32 {
    fn number(self) -> i64 {
        self.to_bits().into()
    }
    fn of(number: i64) -> Self {
        Self::from_bits(number as u32)
    }
}

/// How the values are written: above the least one, or as places in a list.
const ABOVE: u8 = 0;
const LISTED: u8 = 1;
/// Places that a byte can name.
const PLACES: usize = 256;

/// Writes values, without their number.
pub(super) fn write<T: NarrowValue>(w: &mut ByteWriter, values: &[T]) {
    let numbers = || values.iter().map(|v| v.number());
    let least = numbers().min().unwrap_or(0);
    let above = |n: i64| n.wrapping_sub(least) as u64;
    let most = numbers().map(above).max().unwrap_or(0);
    let width = (u64::BITS - most.leading_zeros()).div_ceil(8) as usize;
    let listed = if width > 1 { list(numbers()) } else { None };
    match listed {
        Some(places) => {
            let mut list = vec![0; places.len()];
            places.iter().for_each(|(&n, &place)| list[place as usize] = n);
            w.one(LISTED);
            w.one((list.len() - 1) as u8);
            w.list(&list);
            w.0.extend(numbers().map(|n| places[&n]));
        }
        None => {
            w.one(ABOVE);
            w.one(width as u8);
            w.one(least);
            numbers().for_each(|n| w.0.extend(&above(n).to_le_bytes()[..width]));
        }
    }
}

/// The places of different numbers in the order in which they occur; `None` when a byte cannot name them all.
fn list(numbers: impl Iterator<Item = i64>) -> Option<HashMap<i64, u8>> {
    let mut places = HashMap::new();
    for n in numbers {
        let next = places.len();
        if next == PLACES && !places.contains_key(&n) {
            return None;
        }
        places.entry(n).or_insert(next as u8);
    }
    Some(places)
}

/// Reads so many values.
///
/// # Errors
/// Damaged.
pub(super) fn read<T: NarrowValue>(r: &mut ByteReader<'_>, rows: usize) -> Result<Vec<T>, BytesError> {
    match r.one::<u8>()? {
        ABOVE => {
            let width = usize::from(r.one::<u8>()?);
            let least = r.one::<i64>()?;
            let bytes = r.take(rows.checked_mul(width).ok_or(BytesError::Damaged("a length is out of range"))?)?;
            Ok(match width {
                0 => vec![T::of(least); rows],
                1 => spread::<1, T>(bytes, least),
                2 => spread::<2, T>(bytes, least),
                3 => spread::<3, T>(bytes, least),
                4 => spread::<4, T>(bytes, least),
                5 => spread::<5, T>(bytes, least),
                6 => spread::<6, T>(bytes, least),
                7 => spread::<7, T>(bytes, least),
                8 => spread::<8, T>(bytes, least),
                _ => return Err(BytesError::Damaged("a value is too wide")),
            })
        }
        LISTED => {
            let n = usize::from(r.one::<u8>()?) + 1;
            // Places that are not listed stand for nothing worse than a zero.
            let mut list = [0; PLACES];
            list[..n].copy_from_slice(&r.list::<i64>(n)?);
            let values = list.map(T::of);
            Ok(r.take(rows)?.iter().map(|&place| values[usize::from(place)]).collect())
        }
        _ => Err(BytesError::Damaged("a column of an unknown kind")),
    }
}

/// Values of a width that is known when this is compiled: a loop without branches.
fn spread<const WIDTH: usize, T: NarrowValue>(bytes: &[u8], least: i64) -> Vec<T> {
    let value = |b: &[u8; WIDTH]| {
        let mut whole = [0; 8];
        whole[..WIDTH].copy_from_slice(b);
        T::of(least.wrapping_add(i64::from_le_bytes(whole)))
    };
    bytes.as_chunks::<WIDTH>().0.iter().map(value).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn bytes<T: NarrowValue>(values: &[T]) -> Vec<u8> {
        let mut w = ByteWriter::default();
        write(&mut w, values);
        w.0
    }

    fn back<T: NarrowValue>(bytes: &[u8], rows: usize) -> Result<Vec<T>, BytesError> {
        let mut r = ByteReader::plain(bytes);
        let values = read(&mut r, rows)?;
        r.end().map(|()| values)
    }

    proptest! {
        #[test]
        fn values_come_back(
            wide in proptest::collection::vec(any::<i64>(), 0..400),
            shift in 0u32..64,
            few in proptest::collection::vec(0..3usize, 0..400),
        ) {
            let numbers: Vec<i64> = wide.iter().map(|n| n >> shift).collect();
            prop_assert_eq!(back::<i64>(&bytes(&numbers), numbers.len()).unwrap(), numbers);
            let ratings: Vec<f32> = few.iter().map(|&i| [1.0, 4.5, f32::NAN][i]).collect();
            let read = back::<f32>(&bytes(&ratings), ratings.len()).unwrap();
            prop_assert!(ratings.iter().zip(read).all(|(a, b)| a.to_bits() == b.to_bits()));
        }

        #[test]
        fn rubbish_never_panics(rubbish in proptest::collection::vec(any::<u8>(), 0..60), rows in 0..40usize) {
            let _ = back::<u32>(&rubbish, rows);
        }
    }

    #[test]
    fn narrow_columns_are_short() {
        assert!(bytes(&[7u32; 1000]).len() < 20, "one value takes no room");
        assert!(bytes(&(0..1000).map(|i| 1_700_000_000_000 + i).collect::<Vec<i64>>()).len() < 2_020);
        let rated: Vec<f32> = (0..1000).map(|i| if i % 3 == 0 { f32::NAN } else { (i % 5) as f32 }).collect();
        assert!(bytes(&rated).len() < 1_100);
    }
}
