//! Reading a `model.safetensors` file, one tensor at a time: 8 bytes with the length of a header, the header (JSON: a
//! tensor's type, shape and place), the numbers.

use super::error::EncoderError;
use rayon::prelude::*;
use serde::Deserialize;
use serde_json::{Map, Value};
use std::collections::HashMap;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

/// The longest header that is read: a hundred times that of a large encoder.
const LONGEST_HEADER: u64 = 4 << 20;

/// A tensor as the header describes it.
#[derive(Clone, Deserialize)]
struct Tensor {
    dtype: String,
    shape: Vec<usize>,
    /// Where its bytes begin and end, counted from the end of the header.
    data_offsets: (u64, u64),
}

/// An open file of weights.
pub(super) struct Weights {
    path: PathBuf,
    file: File,
    tensors: HashMap<String, Tensor>,
    /// Where the tensors' bytes begin in the file, and how many there are.
    start: u64,
    room: u64,
    /// What stands before the names: "", "bert.", "roberta.".
    prefix: String,
}

impl Weights {
    pub(super) fn open(path: &Path) -> Result<Self, EncoderError> {
        let failed = |source| EncoderError::Read { path: path.to_owned(), source };
        let bad = |what: String| EncoderError::Bad { path: path.to_owned(), what };
        let mut file = File::open(path).map_err(failed)?;
        let mut length = [0; 8];
        file.read_exact(&mut length).map_err(failed)?;
        let length = u64::from_le_bytes(length);
        let all = file.metadata().map_err(failed)?.len();
        if length > LONGEST_HEADER || length + 8 > all {
            return Err(bad("this is no safetensors file, or it was cut off".to_owned()));
        }
        let mut header = vec![0; length as usize];
        file.read_exact(&mut header).map_err(failed)?;
        let mut header: Map<String, Value> = serde_json::from_slice(&header).map_err(|e| bad(e.to_string()))?;
        header.remove("__metadata__");
        let tensors: HashMap<String, Tensor> =
            serde_json::from_value(Value::Object(header)).map_err(|e| bad(e.to_string()))?;
        // Tensors that lie on each other would make more numbers than the file has.
        let room = all - 8 - length;
        let told =
            tensors.values().try_fold(0_u64, |n, t| n.checked_add(t.data_offsets.1.checked_sub(t.data_offsets.0)?));
        if told.is_none_or(|told| told > room) {
            return Err(bad("its tensors are not all there, or lie on each other; fetch the file again".to_owned()));
        }
        let anchor = "embeddings.word_embeddings.weight";
        let prefix = tensors.keys().find_map(|k| k.strip_suffix(anchor).map(str::to_owned));
        let prefix = prefix.ok_or_else(|| bad(format!("it has no tensor {anchor}")))?;
        Ok(Self { path: path.to_owned(), file, tensors, start: 8 + length, room, prefix })
    }

    /// The numbers of a tensor that must have `shape`.
    pub(super) fn tensor(&mut self, name: &str, shape: &[usize]) -> Result<Vec<f32>, EncoderError> {
        let info = self.info(name)?.clone();
        if info.shape != shape {
            return Err(self.bad(format!("{name} has the shape {:?}, not {shape:?}", info.shape)));
        }
        let bytes = self.bytes(name, &info)?;
        Ok(match info.dtype.as_str() {
            "F32" => numbers(&bytes, f32::from_le_bytes),
            "F16" => numbers(&bytes, f16),
            _ => numbers(&bytes, |[a, b]| f32::from_le_bytes([0, 0, a, b])),
        })
    }

    /// The first rows of a tensor that has at least as many, each of `width` numbers.
    pub(super) fn rows_of(&mut self, name: &str, rows: usize, width: usize) -> Result<Vec<f32>, EncoderError> {
        let there = self.info(name)?.shape.first().copied().unwrap_or(0);
        let mut all = self.tensor(name, &[there.max(rows), width])?;
        all.truncate(rows * width);
        Ok(all)
    }

    fn info(&self, name: &str) -> Result<&Tensor, EncoderError> {
        let found = self.tensors.get(&format!("{}{name}", self.prefix));
        found.ok_or_else(|| self.bad(format!("it has no tensor {name}")))
    }

    fn bytes(&mut self, name: &str, info: &Tensor) -> Result<Vec<u8>, EncoderError> {
        let size = match info.dtype.as_str() {
            "F32" => 4,
            "F16" | "BF16" => 2,
            other => return Err(self.bad(format!("{name} holds {other}; F32, F16 and BF16 are read"))),
        };
        let (from, to) = info.data_offsets;
        let needed = info.shape.iter().try_fold(size, |n: u64, &d| n.checked_mul(d as u64));
        if to > self.room || needed.is_none() || to.checked_sub(from) != needed {
            return Err(self.bad(format!("{name} is not all there; fetch the file again")));
        }
        let mut bytes = vec![0; (to - from) as usize];
        let seek = self.file.seek(SeekFrom::Start(self.start + from));
        let read = seek.and_then(|_| self.file.read_exact(&mut bytes));
        read.map_err(|source| EncoderError::Read { path: self.path.clone(), source })?;
        Ok(bytes)
    }

    fn bad(&self, what: String) -> EncoderError {
        EncoderError::Bad { path: self.path.clone(), what }
    }
}

fn numbers<const N: usize>(bytes: &[u8], one: impl Fn([u8; N]) -> f32 + Sync) -> Vec<f32> {
    bytes.as_chunks::<N>().0.par_iter().map(|&b| one(b)).collect()
}

/// An IEEE 754 half: sign, 5 bits of exponent, 10 of fraction.
fn f16(bytes: [u8; 2]) -> f32 {
    let h = u32::from(u16::from_le_bytes(bytes));
    let (sign, exponent, fraction) = (h >> 15 << 31, h >> 10 & 31, h & 1023);
    match exponent {
        // Subnormal: fraction / 2^24.
        0 => f32::from_bits(sign | (fraction as f32 / 16_777_216.0).to_bits()),
        31 => f32::from_bits(sign | 0x7f80_0000 | fraction << 13),
        _ => f32::from_bits(sign | (exponent + 112) << 23 | fraction << 13),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_are_read() {
        let cases = [
            (0x0000, 0.0),
            (0x3c00, 1.0),
            (0xc000, -2.0),
            (0x7bff, 65504.0),
            (0x3555, 0.333_251_95),
            (0x0001, 5.960_464_5e-8),
            (0x03ff, 6.097_555e-5),
            (0x7c00, f32::INFINITY),
        ];
        for (bits, value) in cases {
            assert_eq!(f16(u16::to_le_bytes(bits)), value, "{bits:#06x}");
        }
        assert!(f16(u16::to_le_bytes(0x7e00)).is_nan());
    }

    #[test]
    fn damaged_files_are_errors() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("model.safetensors");
        let files: [&[u8]; 4] =
            [b"", b"\xff\xff\xff\xff\xff\xff\xff\xff{}", b"\x09\0\0\0\0\0\0\0{}", b"\x02\0\0\0\0\0\0\0{}"];
        for bytes in files {
            std::fs::write(&path, bytes).unwrap();
            assert!(Weights::open(&path).is_err(), "{bytes:?}");
        }
    }
}
