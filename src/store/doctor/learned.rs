//! Releases: whether their bytes are the ones that were stored, and can be read.

use super::check::{DoctorCheck, RESTORE};
use crate::learn::release::artefact::{Artefact, sha256};
use crate::store::{DoingWhat, Result, Store};

impl Store {
    /// Digests of all artefacts; with `deep` each is read as well.
    pub(super) fn check_releases(&self, deep: bool) -> Result<DoctorCheck> {
        const CHECK: &str = "releases";
        let mut s = self
            .conn
            .prepare(
                "SELECT r.id, r.sha256, a.data FROM release r LEFT JOIN artefact a ON a.release = r.id ORDER BY r.id",
            )
            .doing("reading the releases")?;
        let mut rows = s.query([]).doing("reading the releases")?;
        let (mut n, mut wrong) = (0, Vec::new());
        while let Some(r) = rows.next().doing("reading the releases")? {
            let read = |r: &rusqlite::Row<'_>| -> rusqlite::Result<(i64, String, Option<Vec<u8>>)> {
                Ok((r.get(0)?, r.get(1)?, r.get(2)?))
            };
            let (id, digest, data) = read(r).doing("reading a release")?;
            n += 1;
            wrong.extend(match data {
                None => Some(format!("v{id} has no artefact")),
                Some(data) if sha256(&data) != digest => Some(format!("v{id} has other bytes than were stored")),
                Some(data) if deep => Artefact::from_bytes(&data).err().map(|e| format!("v{id} cannot be read ({e})")),
                Some(_) => None,
            });
        }
        let todo = format!("promote another one, if it is live; to have it back, {RESTORE}");
        Ok(DoctorCheck::of(CHECK, &format!("{n} releases have the bytes that were stored"), &wrong, &todo))
    }
}
