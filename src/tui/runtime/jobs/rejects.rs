//! The first rejects of an import, to be shown.

use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};

/// Bytes of rejects that are kept to be shown.
const KEPT: usize = 64 * 1024;
/// Rejects that are shown.
const SHOWN: usize = 20;

/// Keeps the first rejects.
#[derive(Clone, Default)]
pub(super) struct FirstRejects(Arc<Mutex<Vec<u8>>>);

impl FirstRejects {
    /// The first rejects in words.
    pub(super) fn words(&self) -> Vec<String> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // The last line may have been cut off where the room ended.
        let values = kept.split(|&b| b == b'\n').filter_map(|l| serde_json::from_slice::<serde_json::Value>(l).ok());
        let words = |v: serde_json::Value| {
            format!("line {}, column {}: {}", v["line"], v["column"], v["reason"].as_str().unwrap_or_default())
        };
        values.take(SHOWN).map(words).collect()
    }
}

impl Write for FirstRejects {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let room = KEPT.saturating_sub(kept.len()).min(bytes.len());
        kept.extend_from_slice(&bytes[..room]);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
