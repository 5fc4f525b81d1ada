//! Lists of conversations in few bytes.

use super::stage::{AnswerStage, ChosenAnswer};
use crate::base::bytes::BytesError;

/// Ascending numbers as differences, seven bits a byte.
pub(super) fn packed(rows: &[u32]) -> Vec<u8> {
    let mut out = Vec::with_capacity(rows.len() * 2);
    let mut before = 0;
    for &row in rows {
        let mut rest = row - before;
        before = row;
        while rest >= 0x80 {
            out.push(rest as u8 | 0x80);
            rest >>= 7;
        }
        out.push(rest as u8);
    }
    out
}

/// The numbers of [`packed`].
pub(super) fn unpacked(bytes: &[u8]) -> Result<Vec<u32>, BytesError> {
    let damaged = || BytesError::Damaged("rows of an answer");
    let mut out = Vec::with_capacity(bytes.len());
    let (mut last, mut value, mut shift) = (0u32, 0u32, 0u32);
    for &byte in bytes {
        let part = u32::from(byte & 0x7f);
        if shift > 28 || shift == 28 && part > 0xf {
            return Err(damaged());
        }
        value |= part << shift;
        shift += 7;
        if byte & 0x80 == 0 {
            last = last.checked_add(value).ok_or_else(damaged)?;
            out.push(last);
            (value, shift) = (0, 0);
        }
    }
    if shift == 0 { Ok(out) } else { Err(damaged()) }
}

/// Bytes of a choice: conversation, stage, chance.
const CHOICE: usize = 9;

/// Choices, one after another.
pub(super) fn packed_choices(chosen: &[ChosenAnswer]) -> Vec<u8> {
    let bytes = |c: &ChosenAnswer| {
        let mut out = [0; CHOICE];
        out[..4].copy_from_slice(&c.row.to_le_bytes());
        out[4] = c.stage as u8;
        out[5..].copy_from_slice(&c.propensity.to_le_bytes());
        out
    };
    chosen.iter().flat_map(bytes).collect()
}

/// The choices of [`packed_choices`].
pub(super) fn unpacked_choices(bytes: &[u8]) -> Result<Vec<ChosenAnswer>, BytesError> {
    let damaged = || BytesError::Damaged("choices of an answer");
    if !bytes.len().is_multiple_of(CHOICE) {
        return Err(damaged());
    }
    let choice = |c: &[u8]| {
        let [a, b, d, e, stage, p @ ..] = c else { return None };
        let propensity = f32::from_le_bytes(p.try_into().ok()?);
        let stage = AnswerStage::ALL.get(usize::from(*stage)).copied()?;
        (propensity > 0.0 && propensity <= 1.0).then_some(ChosenAnswer {
            row: u32::from_le_bytes([*a, *b, *d, *e]),
            stage,
            propensity,
        })
    };
    bytes.chunks_exact(CHOICE).map(|c| choice(c).ok_or_else(damaged)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_come_back_and_damage_is_told() {
        for rows in [vec![], vec![1], vec![1, 2, 130, 16_600, 4_294_967_295]] {
            assert_eq!(unpacked(&packed(&rows)).unwrap(), rows);
        }
        assert!(unpacked(&[0x80]).is_err());
        assert!(unpacked(&[0xff, 0xff, 0xff, 0xff, 0xff, 0x01]).is_err());
        assert!(unpacked(&[0xff, 0xff, 0xff, 0xff, 0x0f, 0x01]).is_err(), "past the last number");
    }

    #[test]
    fn choices_come_back_and_damage_is_told() {
        let chosen = |row, stage, propensity| ChosenAnswer { row, stage, propensity };
        let all = [chosen(1, AnswerStage::Opening, 0.25), chosen(70_000, AnswerStage::Closing, 1.0)];
        let bytes = packed_choices(&all);
        assert_eq!(unpacked_choices(&bytes).unwrap(), all);
        assert!(unpacked_choices(&bytes[1..]).is_err());
        assert!(unpacked_choices(&[1, 0, 0, 0, 3, 0, 0, 128, 63]).is_err(), "no such stage");
        assert!(unpacked_choices(&[1, 0, 0, 0, 0, 0, 0, 0, 0]).is_err(), "no chance of nothing");
    }
}
