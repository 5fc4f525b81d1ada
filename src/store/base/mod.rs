//! The file: opening, migrations, schema, errors, time, copies, and whether it is still there. Nothing here knows a conversation.

pub(in crate::store) mod backup;
pub(in crate::store) mod bounds;
pub(in crate::store) mod clock;
pub(in crate::store) mod connection;
pub(in crate::store) mod demo;
pub(in crate::store) mod error;
pub(in crate::store) mod file;
pub(in crate::store) mod kept;
pub(in crate::store) mod look;
pub(in crate::store) mod migrations;
pub(in crate::store) mod open;
pub(in crate::store) mod schema;
pub(in crate::store) mod still_here;
pub(in crate::store) mod turn_ids;
