//! A connection to a store, which every room gives methods of its own.

use super::clock::SetBack;
use super::kept::KeptValues;
use super::still_here::OpenedFile;
use crate::domain::Timestamp;
use crate::learn::vectors::encoder::Encoders;
use crate::store::{DoingWhat, Result, StoreError};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OptionalExtension};
use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What a connection is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// People's decisions: every commit reaches the disk before it returns.
    ReadWrite,
    /// Bulk loading: a commit survives a crash of the program, a power cut may take the last ones.
    Bulk,
    /// Looking only.
    ReadOnly,
}

/// Settings of a store that are fixed when it is made.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Founding {
    /// Seed of the hash that puts groups into parts.
    pub seed: u64,
    /// Share of groups that are test groups, 0 to 1.
    pub test_share: f64,
    /// When.
    pub now: Timestamp,
}

/// One connection to a store.
pub struct Store {
    pub(in crate::store) conn: Connection,
    pub(in crate::store) path: PathBuf,
    pub(in crate::store) access: Access,
    pub(in crate::store) ground: OpenedFile,
    pub(in crate::store) group_seed: u64,
    pub(in crate::store) test_share: f64,
    pub(in crate::store) encoders: Option<Arc<dyn Encoders>>,
    pub(in crate::store) outside: Arc<crate::domain::ExternalAis>,
    pub(in crate::store) set_back: SetBack,
    /// Rows under the names that they had: void once another connection has committed, or this one rolled back.
    pub(in crate::store) names: KeptValues,
    /// What knows by itself whether it still holds.
    pub(in crate::store) kept: KeptValues,
    /// The database's version at which [`Self::names`] were read; it moves when another connection commits.
    version: Cell<i64>,
    /// The version that [`Store::others_committed`] has told of.
    looked_at: Cell<i64>,
}

impl Store {
    /// A connection of which nothing has been read yet.
    pub(in crate::store) fn from_parts(conn: Connection, path: PathBuf, access: Access) -> Self {
        Self {
            conn,
            path,
            access,
            ground: OpenedFile::default(),
            group_seed: 0,
            test_share: 0.0,
            encoders: None,
            outside: Arc::default(),
            set_back: SetBack::default(),
            names: KeptValues::default(),
            kept: KeptValues::default(),
            version: Cell::default(),
            looked_at: Cell::default(),
        }
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Forgets what was cached when another connection has committed since.
    pub(in crate::store) fn sync(&self) -> Result<()> {
        let version = self.data_version()?;
        if self.version.replace(version) != version {
            self.names.forget();
        }
        Ok(())
    }

    /// Whether another connection has committed since this was asked for the last time.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn others_committed(&self) -> Result<bool> {
        let version = self.data_version()?;
        Ok(self.looked_at.replace(version) != version)
    }

    pub(in crate::store) fn data_version(&self) -> Result<i64> {
        self.conn
            .prepare_cached("PRAGMA data_version")
            .and_then(|mut s| s.query_row([], |r| r.get(0)))
            .doing("looking for changes by others")
    }

    /// A handle that can interrupt a running statement from another thread: for superseded searches.
    pub fn interrupter(&self) -> rusqlite::InterruptHandle {
        self.conn.get_interrupt_handle()
    }

    /// Whether nothing may be written.
    pub fn is_read_only(&self) -> bool {
        self.access == Access::ReadOnly
    }

    /// A setting of the store.
    pub(in crate::store) fn setting(&self, key: &str) -> Result<Option<String>> {
        self.conn
            .query_row("SELECT value FROM setting WHERE key = ?", [key], |r| r.get(0))
            .optional()
            .doing("reading a setting")
    }

    /// Whether the store is still the file under its name. Costs three look-ups of a name.
    ///
    /// # Errors
    /// It was deleted, replaced or cut off: what would be written now would be lost.
    pub fn still_there(&self) -> Result<()> {
        let Some(gone) = self.ground.gone(&self.path, &self.conn) else { return Ok(()) };
        // Closing would otherwise delete the log that has the name now: that of the file which was put in its place.
        let _ = self.conn.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true);
        Err(StoreError::Gone { path: self.path.clone(), what: gone })
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        // For what it does to the connection.
        let _ = self.still_there();
    }
}
