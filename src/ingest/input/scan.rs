//! Where a JSON value ends, byte by byte.

/// Brackets and quotes of a JSON value.
#[derive(Default)]
pub(super) struct Scan {
    depth: u32,
    /// Whether quotes are open.
    pub quoted: bool,
    escaped: bool,
}

impl Scan {
    /// Takes one byte; whether it closes the value's outermost bracket.
    pub fn closes(&mut self, byte: u8) -> bool {
        if self.quoted {
            match byte {
                _ if self.escaped => self.escaped = false,
                b'\\' => self.escaped = true,
                b'"' => self.quoted = false,
                _ => {}
            }
            return false;
        }
        match byte {
            b'"' => self.quoted = true,
            b'{' | b'[' => self.depth += 1,
            b'}' | b']' => {
                self.depth = self.depth.saturating_sub(1);
                return self.depth == 0;
            }
            _ => {}
        }
        false
    }
}
