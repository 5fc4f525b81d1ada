//! What releases answer the requests of corrections.

use super::written::Written;
use crate::domain::measure::responses::same_words;
use crate::domain::{ConversationId, IntentId, ReleaseId, TurnKey};
use crate::learn::responses::{LanguageAnswer, ResponseOrigin, ResponseTable};
use crate::store::{DoingWhat, Result, Store, StoreError};
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

/// What releases answer: the live one and the newest.
#[derive(Default)]
struct KeptResponses(RefCell<Vec<(ReleaseId, Rc<SaidByRelease>)>>);

/// What a release answers.
pub(in crate::store) struct SaidByRelease {
    table: ResponseTable,
    known: RefCell<KnownSayings>,
}

/// What it says to the requests of corrections, as far as somebody asked, up to an import: the words of requests change with nothing else.
#[derive(Default)]
struct KnownSayings {
    imports: String,
    of: HashMap<(IntentId, String, ConversationId, TurnKey), Option<String>>,
}

impl Store {
    /// What a release answers, read once; `None` where it cannot be read.
    pub(super) fn said_by(&self, release: Option<ReleaseId>) -> Result<Option<Rc<SaidByRelease>>> {
        let Some(release) = release else { return Ok(None) };
        let kept = self.kept.of::<KeptResponses>();
        let known = kept.0.borrow().iter().find(|(id, _)| *id == release).map(|(_, said)| Rc::clone(said));
        if let Some(said) = known {
            let (imports, mut known) = (self.answers_mark()?, said.known.borrow_mut());
            if known.imports != imports {
                *known = KnownSayings { imports, ..KnownSayings::default() };
            }
            drop(known);
            return Ok(Some(said));
        }
        let Ok(table) = self.responses_of(release) else { return Ok(None) };
        let known = KnownSayings { imports: self.answers_mark()?, ..KnownSayings::default() };
        let said = Rc::new(SaidByRelease { table, known: RefCell::new(known) });
        let mut releases = kept.0.borrow_mut();
        releases.truncate(1);
        releases.insert(0, (release, Rc::clone(&said)));
        Ok(Some(said))
    }

    /// Whether a release answers the request of a correction, which is of this intent, with its words.
    pub(super) fn says(
        &self,
        said: &SaidByRelease,
        intent: IntentId,
        w: &Written,
        today: &dyn Fn(IntentId) -> IntentId,
    ) -> Result<bool> {
        let answers = may_say(&said.table, intent, w, today);
        for (of, answer) in answers {
            // One answer is everybody's.
            if answer.accepted.is_none() {
                return Ok(true);
            }
            let key = (of, answer.lang.clone(), w.n, w.turn);
            let known = said.known.borrow().of.get(&key).cloned();
            let given = match known {
                Some(given) => given,
                None => answer.given(&self.asked_text(w.n, w.turn)?).map(|given| given.response.text.clone()),
            };
            let is_said = given.as_deref().is_some_and(|given| same_words(given, &w.text));
            // What a transaction has written may still be taken back.
            if self.conn.is_autocommit() {
                said.known.borrow_mut().of.insert(key, given);
            }
            if is_said {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The release that was made last.
    pub(super) fn newest_artefact(&self) -> Result<Option<ReleaseId>> {
        let newest = self.ids("SELECT release FROM artefact ORDER BY release DESC LIMIT 1", &[])?;
        Ok(newest.first().map(|&id| ReleaseId(id)))
    }

    /// What a release answers, without the rest of it.
    ///
    /// # Errors
    /// The store cannot be read; its answers are damaged.
    pub fn responses_of(&self, id: ReleaseId) -> Result<ResponseTable> {
        let bytes: Vec<u8> = self
            .conn
            .query_row("SELECT data FROM artefact WHERE release = ?", [id.0], |r| r.get(0))
            .doing("reading an artefact")?;
        crate::learn::release::artefact::responses(&bytes)
            .map_err(|e| StoreError::Damaged(format!("the answers of release v{} cannot be read ({e})", id.0)))
    }
}

/// The answers to an intent, with the intent that a table knows it by, that may be the words of a correction.
pub(super) fn may_say<'t>(
    table: &'t ResponseTable,
    intent: IntentId,
    w: &Written,
    today: &dyn Fn(IntentId) -> IntentId,
) -> impl Iterator<Item = (IntentId, &'t LanguageAnswer)> {
    table.iter().filter(move |(i, said)| {
        let mut all = said.all();
        today(*i) == intent && all.any(|r| r.from == ResponseOrigin::Correction && same_words(&r.text, &w.text))
    })
}
