//! Arrays in NumPy's file format, version 1.0 (NEP 1): others read them with one call.

/// A list or a table of numbers, row after row, little-endian.
#[derive(Clone, Debug, PartialEq)]
pub struct Array {
    /// What it is called, without `.npy`.
    pub name: &'static str,
    /// NumPy's name of the type: `<f4`, `<f8`, `<u4`, `<u8`, `|i1`.
    pub kind: &'static str,
    /// Rows, or rows and columns.
    pub shape: Vec<usize>,
    /// The numbers.
    pub data: Vec<u8>,
}

impl Array {
    /// 32-bit floating point numbers.
    pub fn floats(name: &'static str, numbers: &[f32]) -> Self {
        let data = numbers.iter().flat_map(|x| x.to_le_bytes()).collect();
        Self { name, kind: "<f4", shape: vec![numbers.len()], data }
    }

    /// 64-bit floating point numbers.
    pub fn doubles(name: &'static str, numbers: &[f64]) -> Self {
        let data = numbers.iter().flat_map(|x| x.to_le_bytes()).collect();
        Self { name, kind: "<f8", shape: vec![numbers.len()], data }
    }

    /// Whole numbers of 32 bits without sign.
    pub fn counts(name: &'static str, numbers: &[u32]) -> Self {
        let data = numbers.iter().flat_map(|x| x.to_le_bytes()).collect();
        Self { name, kind: "<u4", shape: vec![numbers.len()], data }
    }

    /// Whole numbers of 64 bits without sign, in so many rows of the same length.
    pub fn hashes(name: &'static str, numbers: &[u64], rows: usize) -> Self {
        let data = numbers.iter().flat_map(|x| x.to_le_bytes()).collect();
        Self { name, kind: "<u8", shape: vec![rows, numbers.len().checked_div(rows).unwrap_or(0)], data }
    }

    /// Whole numbers of 8 bits with sign, in rows.
    pub fn levels(name: &'static str, numbers: impl IntoIterator<Item = i8>, columns: usize) -> Self {
        let data: Vec<u8> = numbers.into_iter().map(i8::cast_unsigned).collect();
        Self { name, kind: "|i1", shape: vec![data.len().checked_div(columns).unwrap_or(0), columns], data }
    }

    /// The file.
    pub fn to_bytes(&self) -> Vec<u8> {
        const ALIGN: usize = 64;
        let shape: String = self.shape.iter().map(|n| format!("{n},")).collect();
        let mut header = format!("{{'descr': '{}', 'fortran_order': False, 'shape': ({shape}), }}", self.kind);
        let prefix = 10;
        // Blanks up to a multiple of 64 bytes, and a line break at the end.
        let padded = (prefix + header.len() + 1).next_multiple_of(ALIGN);
        header.push_str(&" ".repeat(padded - prefix - header.len() - 1));
        header.push('\n');
        let mut out = b"\x93NUMPY\x01\x00".to_vec();
        out.extend((header.len() as u16).to_le_bytes());
        out.extend(header.as_bytes());
        out.extend(&self.data);
        out
    }
}

/// Why a file is no table of floating point numbers.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NpyError {
    /// It does not begin as NumPy's files do, or ends in its header.
    #[error("this is no NumPy file (.npy)")]
    NotNumpy,
    /// Numbers of a type, or in an order, that is not read.
    #[error("the numbers are {0}; save them as float32 in C order: numpy.save(path, x.astype('float32'))")]
    Kind(String),
    /// No table.
    #[error("the shape is {0}; a row for each text is needed")]
    Shape(String),
    /// Fewer or more numbers than the shape says.
    #[error("the file holds {0} bytes of numbers where its shape needs {1}; it may be cut off")]
    Length(usize, usize),
}

/// Reads a table of floating point numbers of 16, 32 or 64 bits, versions 1 to 3 of the format: the width of a row, and the numbers
/// row after row.
///
/// # Errors
/// It is none; see [`NpyError`].
pub fn table(bytes: &[u8]) -> Result<(usize, Vec<f32>), NpyError> {
    let after = bytes.strip_prefix(b"\x93NUMPY").filter(|b| b.len() > 6).ok_or(NpyError::NotNumpy)?;
    let (length, start) = match after[0] {
        1 => (usize::from(u16::from_le_bytes([after[2], after[3]])), 4),
        2 | 3 => (u32::from_le_bytes([after[2], after[3], after[4], after[5]]) as usize, 6),
        _ => return Err(NpyError::NotNumpy),
    };
    let header = after.get(start..start + length).ok_or(NpyError::NotNumpy)?;
    let header = std::str::from_utf8(header).map_err(|_| NpyError::NotNumpy)?;
    let data = &after[start + length..];
    let field = |name: &str| header.split_once(name).map(|(_, rest)| rest.trim_start_matches(['\'', '"', ':', ' ']));
    let kind = field("'descr'").and_then(|v| v.split(['\'', '"']).next()).ok_or(NpyError::NotNumpy)?;
    if field("'fortran_order'").is_none_or(|v| !v.starts_with("False")) {
        return Err(NpyError::Kind(format!("{kind} in Fortran order")));
    }
    let shape = field("'shape'").and_then(|v| v.split(')').next()).ok_or(NpyError::NotNumpy)?;
    let numbers = shape.trim_start_matches('(').split(',').map(str::trim).filter(|n| !n.is_empty());
    let sizes: Option<Vec<usize>> = numbers.map(|n| n.parse().ok()).collect();
    let Some([rows, width]) = sizes.as_deref().and_then(|s| <[usize; 2]>::try_from(s).ok()) else {
        return Err(NpyError::Shape(format!("{shape})")));
    };
    let size = match kind {
        "<f2" => 2,
        "<f4" => 4,
        "<f8" => 8,
        other => return Err(NpyError::Kind(other.to_owned())),
    };
    let needed = rows.saturating_mul(width).saturating_mul(size);
    if data.len() != needed || width == 0 {
        return Err(NpyError::Length(data.len(), needed));
    }
    let number = |b: &[u8]| match *b {
        [a, b] => half(u16::from_le_bytes([a, b])),
        [a, b, c, d] => f32::from_le_bytes([a, b, c, d]),
        _ => b.try_into().map_or(0.0, |b| f64::from_le_bytes(b) as f32),
    };
    Ok((width, data.chunks_exact(size).map(number).collect()))
}

/// A number of 16 bits (IEEE 754 binary16).
fn half(bits: u16) -> f32 {
    let sign = if bits & 0x8000 == 0 { 1.0 } else { -1.0 };
    let (exponent, fraction) = (i32::from(bits >> 10 & 0x1f), f32::from(bits & 0x3ff));
    sign * match exponent {
        0 => fraction * 2.0_f32.powi(-24),
        0x1f if fraction == 0.0 => f32::INFINITY,
        0x1f => f32::NAN,
        _ => (1.0 + fraction / 1024.0) * 2.0_f32.powi(exponent - 15),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_read_as_numpy_writes_them() {
        let made =
            |kind: &'static str, shape: Vec<usize>, data: Vec<u8>| Array { name: "x", kind, shape, data }.to_bytes();
        let halves: Vec<u8> = [0x3c00_u16, 0xc000, 0x0001, 0x3555].iter().flat_map(|b| b.to_le_bytes()).collect();
        let (width, read) = table(&made("<f2", vec![2, 2], halves)).unwrap();
        assert_eq!((width, &read[..3]), (2, &[1.0, -2.0, 2.0_f32.powi(-24)][..]));
        assert!((read[3] - 0.333_251_95).abs() < 1e-7);
        let wide: Vec<u8> = [0.5_f64, -1.25].iter().flat_map(|x| x.to_le_bytes()).collect();
        assert_eq!(table(&made("<f8", vec![1, 2], wide)).unwrap(), (2, vec![0.5, -1.25]));
        let floats = [1.0_f32, 2.0].iter().flat_map(|x| x.to_le_bytes()).collect::<Vec<u8>>();
        assert!(matches!(table(&made("<f4", vec![2], floats.clone())), Err(NpyError::Shape(_))));
        assert_eq!(table(&made("<f4", vec![2, 2], floats)), Err(NpyError::Length(8, 16)));
        assert_eq!(table(&made("<i8", vec![1, 1], vec![0; 8])), Err(NpyError::Kind("<i8".to_owned())));
        for rubbish in [&b""[..], b"\x93NUMPY", b"\x93NUMPY\x01\x00\xff\xff{}", b"PK\x03\x04"] {
            assert_eq!(table(rubbish), Err(NpyError::NotNumpy));
        }
    }

    #[test]
    fn files_are_those_of_numpy() {
        // numpy.save of numpy.array([[1, -2], [3, 4]], dtype="int8"), but for the comma after the last number of the shape,
        // which Python reads alike.
        let bytes = Array::levels("x", [1, -2, 3, 4], 2).to_bytes();
        let header = "{'descr': '|i1', 'fortran_order': False, 'shape': (2,2,), }";
        assert_eq!(&bytes[..8], b"\x93NUMPY\x01\x00");
        assert_eq!(usize::from(u16::from_le_bytes([bytes[8], bytes[9]])), 118);
        assert!(bytes[10..].starts_with(header.as_bytes()) && bytes[127] == b'\n');
        assert_eq!(&bytes[128..], [1, 254, 3, 4]);
        assert_eq!(Array::floats("y", &[0.5]).to_bytes()[128..], 0.5f32.to_le_bytes());
        assert_eq!(Array::counts("z", &[7, 1 << 20]).to_bytes()[128..132], [7, 0, 0, 0]);
    }
}
