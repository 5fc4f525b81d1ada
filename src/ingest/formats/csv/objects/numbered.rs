//! Objects that hold a conversation each and say no id of it.

use super::columns::MessageColumns;
use serde_json::Value;
use sha2::{Digest, Sha256};

/// The column that tells of which object a message is.
pub(super) const OBJECT_ID: &str = "object_id";

/// The objects whose lists became rows.
#[derive(Default)]
pub(super) struct NumberedObjects(u64);

impl NumberedObjects {
    /// Notes of rows that were made of one object which it is, by what it holds: where it stands may change from export to export.
    pub(super) fn note(&mut self, object: &Value, rows: &mut [MessageColumns]) {
        if rows.len() < 2 {
            return;
        }
        let digest = Sha256::digest(object.to_string());
        let id: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        for row in rows {
            row.entry(OBJECT_ID).or_insert_with(|| id.clone().into());
        }
        self.0 += 1;
    }

    /// Whether several did, so that the file is not one conversation.
    pub(super) fn are_several(&self) -> bool {
        self.0 > 1
    }
}
