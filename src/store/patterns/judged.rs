//! What a detector of a failure mode learns from and is measured on: people's words in training groups, and those on audit items.

use crate::domain::{Cause, ConversationId, ModeId, Timestamp, TurnKey};
use crate::store::base::clock::ahead_of;
use crate::store::codes::{ABANDONED, ESCALATED, FAILED, MODE, RESOLVED, REVIEWED, TRAINING};
use crate::store::{DoingWhat, Result, Store};
use rusqlite::params;
use std::sync::LazyLock;

/// A conversation of which somebody may have said whether it is in a mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ModeCase {
    /// Which.
    pub id: ConversationId,
    /// The turn to judge.
    pub turn: Option<TurnKey>,
    /// Its group: a customer's conversations go together.
    pub group: i64,
    /// It failed or was handed over; what did not is in no mode.
    pub is_failure: bool,
    /// What a person said; `None`: nothing that tells.
    pub is_in: Option<bool>,
}

/// Audit items of one mode, and since when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditedMode {
    /// Those that tell.
    pub items: Vec<ModeCase>,
    /// The last activity of the oldest of them.
    pub since: Timestamp,
}

/// A row of `conversation AS c`, as [`Judged::case`] reads it.
static COLUMNS: LazyLock<String> = LazyLock::new(|| {
    format!(
        "c.id, c.failing_turn, c.grp, c.outcome IN ({ESCALATED}, {FAILED}), c.cause, c.review, c.last_at,
            (SELECT CAST(k.value AS INTEGER) FROM current k WHERE k.subject = c.id AND k.kind = {MODE} AND k.turn = -1)"
    )
});

/// Which modes stand for one that is asked about, and its cause.
struct Judged {
    meant: Vec<i64>,
    all: Vec<(i64, i64)>,
    cause: Cause,
}

impl Judged {
    fn case(&self, r: &rusqlite::Row<'_>) -> rusqlite::Result<(ModeCase, i64)> {
        let (cause, mode): (Option<i64>, Option<i64>) = (r.get(4)?, r.get(7)?);
        let (is_failure, done): (bool, bool) = (r.get(3)?, r.get::<_, i64>(5)? == REVIEWED);
        // A mode stands while the cause is its own.
        let standing = mode.filter(|m| self.all.iter().any(|(id, own)| id == m && Some(*own) == cause));
        let is_in = match (standing, cause.and_then(Cause::from_code)) {
            _ if !is_failure => done.then_some(false),
            (Some(mode), _) => Some(self.meant.contains(&mode)),
            // The same cause and no mode tells nothing: nobody may have thought of modes then.
            (None, Some(cause)) if cause != self.cause => Some(false),
            _ => None,
        };
        let case = ModeCase { id: ConversationId(r.get(0)?), turn: r.get(1)?, group: r.get(2)?, is_failure, is_in };
        Ok((case, r.get(6)?))
    }
}

impl Store {
    fn judged_mode(&self, mode: ModeId) -> Result<Judged> {
        let modes = self.modes()?;
        let today = modes.today(mode);
        let meant = modes.0.iter().filter(|m| modes.today(m.id) == today).map(|m| m.id.0).collect();
        let all = modes.0.iter().map(|m| (m.id.0, m.cause.code())).collect();
        let cause = modes.row(today).map_or(Cause::ContextLoop, |m| m.cause);
        Ok(Judged { meant, all, cause })
    }

    /// Failures of training groups of which people said whether they are in a mode.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn mode_lessons(&self, mode: ModeId) -> Result<Vec<ModeCase>> {
        let judged = self.judged_mode(mode)?;
        let sql = format!(
            "SELECT {} FROM conversation c WHERE c.part = {TRAINING} AND c.traffic = 1 AND c.outcome IN ({ESCALATED}, {FAILED})
               AND c.cause IS NOT NULL ORDER BY c.id",
            *COLUMNS
        );
        let cases: Vec<(ModeCase, i64)> = self
            .conn
            .prepare_cached(&sql)
            .and_then(|mut s| s.query_map([], |r| judged.case(r)).and_then(Iterator::collect))
            .doing("reading what people said of a mode")?;
        Ok(cases.into_iter().map(|(case, _)| case).filter(|c| c.is_in.is_some()).collect())
    }

    /// Audit items of N of which people said whether they are in a mode.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn mode_audit(&self, mode: ModeId) -> Result<AuditedMode> {
        let judged = self.judged_mode(mode)?;
        let sql = format!(
            "SELECT {} FROM conversation c WHERE c.traffic = 1 AND c.has_ai = 1 AND c.outcome BETWEEN {RESOLVED} AND {ABANDONED}
               AND EXISTS(SELECT 1 FROM cycle_item i WHERE i.conversation = c.id AND i.audit = 1) ORDER BY c.id",
            *COLUMNS
        );
        let cases: Vec<(ModeCase, i64)> = self
            .conn
            .prepare_cached(&sql)
            .and_then(|mut s| s.query_map([], |r| judged.case(r)).and_then(Iterator::collect))
            .doing("reading the audit items of a mode")?;
        let told: Vec<(ModeCase, i64)> = cases.into_iter().filter(|(c, _)| c.is_in.is_some()).collect();
        let since = Timestamp(told.iter().map(|(_, at)| *at).min().unwrap_or(0));
        Ok(AuditedMode { items: told.into_iter().map(|(case, _)| case).collect(), since })
    }

    /// N since a moment, to be looked at by a detector.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn mode_population(&self, since: Timestamp, now: Timestamp) -> Result<Vec<ModeCase>> {
        let sql = format!(
            "SELECT id, failing_turn, grp, outcome IN ({ESCALATED}, {FAILED}) FROM conversation
             WHERE traffic = 1 AND has_ai = 1 AND outcome BETWEEN {RESOLVED} AND {ABANDONED} AND last_at >= ? AND last_at < ?
             ORDER BY id"
        );
        self.conn
            .prepare_cached(&sql)
            .and_then(|mut s| {
                s.query_map(params![since.0, ahead_of(now)], |r| {
                    Ok(ModeCase {
                        id: ConversationId(r.get(0)?),
                        turn: r.get(1)?,
                        group: r.get(2)?,
                        is_failure: r.get(3)?,
                        is_in: None,
                    })
                })
                .and_then(Iterator::collect)
            })
            .doing("reading what a detector looks at")
    }
}
