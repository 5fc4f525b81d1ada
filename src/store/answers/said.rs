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

#[cfg(test)]
mod tests {
    use crate::domain::{
        Conversation, ConversationId, DecisionChange, Outcome, ReleaseId, Role, SilentReporter, Timestamp, Turn,
        TurnKey,
    };
    use crate::learn::contract::{Fitted, LearnerRecipe};
    use crate::learn::release::artefact::Artefact;
    use crate::learn::responses::{ResponseExample, ResponseRecipe, ResponseRules};
    use crate::store::{CorrectionRow, CorrectionState as State, Founding, OnDuplicate, Store};

    const NOW: Timestamp = Timestamp(1_790_000_000_000);
    const CARRIER: &str = "In a carrier.";

    /// Somebody asks, and it is accepted what the AI should have said.
    fn corrected(store: &mut Store, key: &str, asked: &str, text: &str) -> ConversationId {
        let asked = Turn { intent: Some("pets".to_owned()), ..Turn::new(Role::User, asked) };
        let mut c = Conversation::new("web", key, vec![asked, Turn::new(Role::Bot, "No.")]);
        (c.outcome, c.started_at) = (Some(Outcome::Failed), Some(NOW));
        store.immediate("test", |s| s.put(&c, &[1], NOW, OnDuplicate::Update, &mut None)).unwrap();
        let id = store.resolve(&format!("web:{key}")).unwrap();
        store.decide("maria", NOW, &[DecisionChange::response(id, TurnKey(1), Some(text.to_owned()))]).unwrap();
        id
    }

    /// A release of what is accepted by now goes live.
    fn goes_live(store: &mut Store) -> ReleaseId {
        let rows = store.answers(&store.moment().unwrap(), ResponseRules::default()).unwrap();
        let examples: Vec<ResponseExample<'_>> = (0..)
            .zip(&rows)
            .map(|(group, r)| ResponseExample {
                intent: r.intent,
                group,
                response: "No.",
                corrected: r.corrected.as_deref(),
                language: "",
                corrected_language: "",
                asked_language: "",
                asked: r.asked.as_deref(),
                resolved: false,
            })
            .collect();
        let responses = ResponseRecipe::default().fit(&examples, &SilentReporter).unwrap().into_model();
        let bytes = Artefact { responses, ..Artefact::empty() }.to_bytes().unwrap();
        let made =
            "INSERT INTO release(at, reviewer, recipe, seed, decision, trained_on, intents, sha256, train_seconds)
            VALUES (1, (SELECT min(id) FROM reviewer), 'words', 1, 0, 9, 4, 'x', 0.0)";
        store.conn.execute(made, []).unwrap();
        let id = store.conn.last_insert_rowid();
        store.conn.execute("INSERT INTO artefact(release, data) VALUES (?, ?)", rusqlite::params![id, bytes]).unwrap();
        is_live(store, ReleaseId(id));
        ReleaseId(id)
    }

    fn is_live(store: &mut Store, release: ReleaseId) {
        store.decide("maria", NOW, &[DecisionChange::live(release)]).unwrap();
    }

    fn row(store: &Store, c: ConversationId) -> CorrectionRow {
        store.corrections_of(c).unwrap().remove(0)
    }

    #[test]
    fn live_is_what_the_live_release_answers_the_request_with_after_a_roll_back_too() {
        let mut store = Store::in_memory(Founding { seed: 1, test_share: 0.0, now: NOW }).unwrap();
        let cat = corrected(&mut store, "1", "may my cat come along", CARRIER);
        let first = goes_live(&mut store);
        assert_eq!(row(&store, cat).state, State::Live);
        let dog = corrected(&mut store, "2", "is there a kennel for a big dog", "There are kennels on board.");
        let again = corrected(&mut store, "3", "are two cats allowed on board", CARRIER);
        let state = |store: &Store| [cat, dog, again].map(|c| row(store, c).state);
        // The same words answer everybody in the first release.
        assert_eq!(state(&store), [State::Live, State::NextRelease, State::Live]);
        let second = goes_live(&mut store);
        assert_eq!(state(&store), [State::Live; 3]);
        is_live(&mut store, first);
        assert_eq!(state(&store), [State::Live, State::NextRelease, State::Live]);
        assert_eq!(row(&store, dog).candidate, Some(second));
        assert_eq!(store.correction_counts().unwrap()[State::Live as usize], 2, "one state for all who ask");
        // Two that differ: what the second answers the one with it does not answer the other with.
        is_live(&mut store, second);
        let pony = corrected(&mut store, "4", "is there a kennel for a pony", CARRIER);
        assert_eq!(row(&store, pony).state, State::NextRelease, "the live release answers it as it does dogs");
    }

    #[test]
    fn what_is_said_for_anothers_sake_is_not_live_until_the_next_release() {
        let mut store = Store::in_memory(Founding { seed: 1, test_share: 0.0, now: NOW }).unwrap();
        let cat = corrected(&mut store, "1", "may my cat come along", CARRIER);
        let again = corrected(&mut store, "2", "are two cats allowed on board", CARRIER);
        let live = goes_live(&mut store);
        let back = |store: &mut Store, c| store.return_response("maria", NOW, c, None, "no").unwrap();
        back(&mut store, again);
        assert_eq!((row(&store, again).word(), row(&store, again).still_live), ("returned", None));
        back(&mut store, cat);
        for c in [cat, again] {
            assert_eq!((row(&store, c).word(), row(&store, c).still_live), ("returned, live", Some(live)));
        }
    }
}
