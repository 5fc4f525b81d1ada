//! In what numbers an encoder computes.

use serde::{Deserialize, Serialize};

/// In what numbers the large products are computed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Precision {
    /// 32-bit floating point: what the encoder's makers measured.
    F32,
    /// 8-bit integers: twice as quick, its vectors differ a little (cosine 0.999). Measured with all-MiniLM-L6-v2 on
    /// held-out training texts of BANKING77: as accurate.
    #[default]
    Int8,
}

impl std::fmt::Display for Precision {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::F32 => "f32",
            Self::Int8 => "int8",
        })
    }
}
