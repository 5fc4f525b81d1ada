//! Arrays in NumPy's file format, version 1.0 (NEP 1): others read them with one call.

/// A list or a table of numbers, row after row, little-endian.
#[derive(Clone, Debug, PartialEq)]
pub struct Array {
    /// What it is called, without `.npy`.
    pub name: &'static str,
    /// NumPy's name of the type: `<f4`, `<u4`, `|i1`.
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

    /// Whole numbers of 32 bits without sign.
    pub fn counts(name: &'static str, numbers: &[u32]) -> Self {
        let data = numbers.iter().flat_map(|x| x.to_le_bytes()).collect();
        Self { name, kind: "<u4", shape: vec![numbers.len()], data }
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

#[cfg(test)]
mod tests {
    use super::*;

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
