//! Every step that a store's schema has taken, in order.

use rusqlite::Connection;
use rusqlite_migration::{M, Migrations};

/// "appr" in ASCII: marks the file as ours.
pub(in crate::store) const APPLICATION_ID: i64 = 0x6170_7072;

/// Append-only: a migration that has been released is never edited.
pub(in crate::store) const MIGRATIONS: &[&str] = &[
    include_str!("../migrations/001.sql"),
    include_str!("../migrations/002.sql"),
    include_str!("../migrations/003.sql"),
    include_str!("../migrations/004.sql"),
    include_str!("../migrations/005.sql"),
    include_str!("../migrations/006.sql"),
    include_str!("../migrations/007.sql"),
    include_str!("../migrations/008.sql"),
    include_str!("../migrations/009.sql"),
    include_str!("../migrations/010.sql"),
    include_str!("../migrations/011.sql"),
    include_str!("../migrations/012.sql"),
    include_str!("../migrations/013.sql"),
    include_str!("../migrations/014.sql"),
    include_str!("../migrations/015.sql"),
    include_str!("../migrations/016.sql"),
    include_str!("../migrations/017.sql"),
    include_str!("../migrations/018.sql"),
    include_str!("../migrations/019.sql"),
    include_str!("../migrations/020.sql"),
    include_str!("../migrations/021.sql"),
    include_str!("../migrations/022.sql"),
    include_str!("../migrations/023.sql"),
    include_str!("../migrations/024.sql"),
    include_str!("../migrations/025.sql"),
    include_str!("../migrations/026.sql"),
    include_str!("../migrations/027.sql"),
    include_str!("../migrations/028.sql"),
    include_str!("../migrations/029.sql"),
    include_str!("../migrations/030.sql"),
    include_str!("../migrations/031.sql"),
];

/// What SQL cannot do of a step to a schema, within its transaction.
fn hook(version: usize) -> Option<fn(&Connection) -> rusqlite::Result<()>> {
    match version {
        12 => Some(crate::store::conversations::travel::catch_up),
        _ => None,
    }
}

pub(in crate::store) fn migrations() -> Migrations<'static> {
    Migrations::from_iter((1..).zip(MIGRATIONS).map(|(version, sql)| match hook(version) {
        Some(hook) => M::up_with_hook(sql, move |tx: &rusqlite::Transaction<'_>| Ok(hook(tx)?)),
        None => M::up(sql),
    }))
}
