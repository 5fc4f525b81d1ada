//! All the SQL. One SQLite file holds everything; see ARCHITECTURE.md for the schema and its reasons.
//!
//! A [`Store`] is one connection. Each thread opens its own; SQLite's WAL keeps readers and the one writer apart.

mod answers;
mod base;
mod conversations;
mod decisions;
mod doctor;
mod figures;
mod foreign;
mod gold;
mod intents;
mod queue;
mod releases;
mod review;
mod views;

pub use answers::accepting::Settled;
pub use answers::answered::AnsweredRow;
pub use answers::corrections::{CorrectionRow, CorrectionState};
pub use answers::pairs::Judgements;
pub use base::backup::Copied;
pub use base::demo::DemoState;
pub use base::error::{LongError, Result, StoreError, Want};
pub use base::open::{Access, Founding};
pub use base::still_here::Gone;
pub use base::time::{SetBack, lies_ahead};
pub use conversations::again::{Named, Notes};
pub use conversations::derived::{Derived, Deriver};
pub use conversations::write::{Added, Arriving, OnDuplicate, Taking, Writer};
pub use decisions::overtaken::{Attempt, Decided, OthersWord};
pub use decisions::reviewers::{Person, TeamRole};
pub use decisions::undo::Undone;
pub use doctor::{Check, Diagnosis, Size, State};
pub use figures::page::{Accuracies, Basis, Ceiling, FailingIntent, OverviewPage, Period, Promotion, WeekPoint};
pub use figures::stats::{AccuracyPoint, By, Excluded, Outcomes, Segment, Stats};
pub use foreign::{Foreign, ForeignError, ForeignPage};
pub use gold::versions::{GoldItem, GoldRow, GoldVersionRow, Half};
pub use intents::edits::{Listed, Split};
pub use intents::examples::{AddedExamples, Contradiction};
pub use intents::names::IntentNames;
pub use intents::served::ServedNames;
pub use queue::columns::Changes;
pub use queue::filter::default_query;
pub use queue::search_index::{Folded, SearchState, Unsearched};
pub use queue::vocabulary::{Unanswerable, Vocabulary};
pub use releases::as_of::{Inputs, LabelFact, Moment, Noted, Origin};
pub use releases::comparisons::ComparisonRow;
pub use releases::external_answers::{KeptAnswer, KeptGuess, MadeOutside};
pub use releases::live::{Became, LiveSpan};
pub use releases::registry::Registry;
pub use releases::replay::FailedTurn;
pub use releases::rows::NewRelease;
pub use releases::training::{FailureRow, TrainingExample};
pub use review::cycles::NewCycle;
pub use review::item::Scope;
pub use review::label_errors::{Dispute, DisputeRow, NewDispute};
pub use review::lint::Finding;
pub use review::review_speed::{Audited, Pace};
pub use views::*;

use base::error::Doing;

use crate::domain::{ConversationId, TurnKey};
use crate::learn::intent::IntentModel;
use crate::learn::responses::ResponseTable;
use crate::learn::vectors::encoder::{Encoders, Remembering};
use rusqlite::Connection;
use rustc_hash::FxHashMap;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

/// One connection to a store.
pub struct Store {
    conn: Connection,
    path: PathBuf,
    access: Access,
    ground: base::still_here::Ground,
    group_seed: u64,
    test_share: f64,
    encoders: Option<Arc<dyn Encoders>>,
    outside: Arc<crate::domain::Outside>,
    set_back: SetBack,
    caches: Caches,
}

/// Read-through caches.
#[derive(Default)]
struct Caches {
    /// By kind.
    terms: RefCell<FxHashMap<i64, FxHashMap<String, i64>>>,
    intents: RefCell<FxHashMap<String, i64>>,
    /// What the turns of the conversation that was decided on last are called elsewhere.
    turns: RefCell<Option<conversations::travel::Turns>>,
    reviewers: RefCell<HashMap<String, i64>>,
    names: RefCell<Option<Rc<IntentNames>>>,
    /// While this connection fills an empty store.
    first_load: RefCell<Option<conversations::first_load::FirstLoad>>,
    /// The database's version at which all of these were read; it moves when another connection commits.
    version: Cell<i64>,
    /// The version that [`Store::others_committed`] has told of.
    looked_at: Cell<i64>,
    model: RefCell<Option<(crate::domain::ReleaseId, Arc<IntentModel>)>>,
    /// What a release answers: the live one's.
    responses: RefCell<Option<(crate::domain::ReleaseId, Rc<ResponseTable>)>>,
    columns: RefCell<Option<queue::columns::Columns>>,
    /// Conversations that have the words that were asked for last.
    searched: RefCell<Vec<queue::search::Searched>>,
    /// How well conversations fit them.
    fit: RefCell<Option<queue::search::Fit>>,
    /// What this connection's screen has open.
    claim: Cell<Option<decisions::claims::Claim>>,
    /// By key.
    encoders: RefCell<HashMap<String, Arc<Remembering>>>,
}

impl Store {
    fn from_parts(conn: Connection, path: PathBuf, access: Access) -> Self {
        Self {
            conn,
            path,
            access,
            ground: base::still_here::Ground::default(),
            group_seed: 0,
            test_share: 0.0,
            encoders: None,
            outside: Arc::default(),
            set_back: SetBack::default(),
            caches: Caches::default(),
        }
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Forgets what was cached when another connection has committed since.
    fn sync(&self) -> Result<()> {
        let version = self.data_version()?;
        if self.caches.version.replace(version) != version {
            self.caches.forget_names();
        }
        Ok(())
    }

    /// Whether another connection has committed since this was asked for the last time.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn others_committed(&self) -> Result<bool> {
        let version = self.data_version()?;
        Ok(self.caches.looked_at.replace(version) != version)
    }

    fn data_version(&self) -> Result<i64> {
        self.conn
            .prepare_cached("PRAGMA data_version")
            .and_then(|mut s| s.query_row([], |r| r.get(0)))
            .doing("looking for changes by others")
    }

    /// A handle that can interrupt a running statement from another thread: for superseded searches.
    pub fn interrupter(&self) -> rusqlite::InterruptHandle {
        self.conn.get_interrupt_handle()
    }
}

impl rusqlite::ToSql for TurnKey {
    fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
        self.0.to_sql()
    }
}

impl rusqlite::types::FromSql for TurnKey {
    fn column_result(value: rusqlite::types::ValueRef<'_>) -> rusqlite::types::FromSqlResult<Self> {
        u32::column_result(value).map(Self)
    }
}

/// Bits of a packed turn id that hold the turn's key.
const SEQ_BITS: u32 = 20;
/// Turns that a conversation can ever have.
const MOST_TURNS: usize = 1 << SEQ_BITS;

/// The packed id of a turn.
pub(crate) fn turn_id(conversation: ConversationId, turn: TurnKey) -> i64 {
    (conversation.0 << SEQ_BITS) | i64::from(turn.0)
}

/// Packed ids of the turns of a conversation: from the first to before the second.
fn turn_range(c: ConversationId) -> (i64, i64) {
    (turn_id(c, TurnKey(0)), turn_id(ConversationId(c.0 + 1), TurnKey(0)))
}

/// The conversation and key of a packed turn id.
pub(crate) fn split_turn(id: i64) -> (ConversationId, TurnKey) {
    (ConversationId(id >> SEQ_BITS), TurnKey((id & ((1 << SEQ_BITS) - 1)) as u32))
}

impl Caches {
    /// After a roll-back or a rename: what was cached may not be so.
    fn forget_names(&self) {
        self.terms.borrow_mut().clear();
        self.intents.borrow_mut().clear();
        self.reviewers.borrow_mut().clear();
        *self.turns.borrow_mut() = None;
        *self.names.borrow_mut() = None;
    }
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod trust_tests;
