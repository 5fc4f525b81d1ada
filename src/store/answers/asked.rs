//! What the answers that people corrected were answers to, read once: with ten thousand corrections every item under review would
//! wait for it.

use super::corrections::{CorrectionRow, CorrectionState, REPLACED};
use super::written::Written;
use crate::domain::measure::responses::same_words;
use crate::domain::{ConversationId, IntentId, Kind, Role, TurnKey};
use crate::learn::responses::last_of_same;
use crate::store::{DoingWhat, Result, Store, turn_id};
use rusqlite::{OptionalExtension, params};
use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};

/// Corrections of an intent in a language that are compared: the last accepted.
const COMPARED: usize = 200;
/// What was asked, as far as it was read.
#[derive(Default)]
struct KeptAsked(RefCell<AskedIntents>);

/// Intents by answered turn, up to an import and a decision.
#[derive(Default)]
struct AskedIntents {
    imports: String,
    decision: i64,
    of: HashMap<(ConversationId, TurnKey), Option<IntentId>>,
    /// Of corrections of an intent in a language, in the order in which they were accepted: for each the place of the last that answers the
    /// same request.
    stands: HashMap<AskedGroup, (Vec<CorrectedTurn>, Vec<usize>)>,
}

/// An intent by name, and a language.
type AskedGroup = (Option<String>, String);
type CorrectedTurn = (ConversationId, TurnKey);

impl Store {
    /// For each correction the intent that it answers, as the log or a label names it.
    pub(in crate::store) fn asked_intents(&self, written: &[Written]) -> Result<Vec<Option<IntentId>>> {
        // What a transaction has written may still be taken back, and its numbers be given again.
        if !self.conn.is_autocommit() {
            return written.iter().map(|w| self.answered_intent(w.n, w.turn)).collect();
        }
        let kept = self.kept.of::<KeptAsked>();
        let mut asked = kept.0.borrow_mut();
        self.forget_changed(&mut asked)?;
        let mut out = Vec::with_capacity(written.len());
        for w in written {
            let intent = match asked.of.get(&(w.n, w.turn)) {
                Some(intent) => *intent,
                None => self.answered_intent(w.n, w.turn)?,
            };
            asked.of.insert((w.n, w.turn), intent);
            out.push(intent);
        }
        Ok(out)
    }

    /// Notes of those that the next release would say which it gives to nobody, since another answers the same request, and beside which
    /// others stand.
    pub(super) fn note_replaced(&self, rows: &mut [CorrectionRow]) -> Result<()> {
        let mut groups: BTreeMap<AskedGroup, Vec<usize>> = BTreeMap::new();
        for (at, row) in rows.iter().enumerate().filter(|(_, row)| row.state == CorrectionState::NextRelease) {
            groups.entry((row.intent.clone(), row.lang.clone())).or_default().push(at);
        }
        for (of, mut group) in groups {
            group.sort_by_key(|&at| rows[at].settled);
            group.drain(..group.len().saturating_sub(COMPARED));
            let differ = |a: usize, b: usize| !same_words(&rows[a].text, &rows[b].text);
            // What nothing stands beside is given as it is.
            if !group.iter().any(|&at| differ(at, group[0])) {
                continue;
            }
            let stands = self.last_answers(of, group.iter().map(|&at| (rows[at].n, rows[at].turn)).collect())?;
            let is_replaced = |(at, stands): &(usize, usize)| differ(*at, group[*stands]);
            let (replaced, standing): (Vec<_>, Vec<_>) = group.iter().copied().zip(stands).partition(is_replaced);
            let beside_others = standing.iter().any(|(at, _)| differ(*at, standing[0].0));
            for (at, _) in replaced {
                (rows[at].state, rows[at].unused) = (CorrectionState::Accepted, Some(REPLACED));
            }
            standing.iter().for_each(|(at, _)| rows[*at].beside_others = beside_others);
        }
        Ok(())
    }

    /// [`last_of_same`] of the requests of corrections.
    fn last_answers(&self, of: AskedGroup, corrections: Vec<CorrectedTurn>) -> Result<Vec<usize>> {
        let kept = self.kept.of::<KeptAsked>();
        let known = kept.0.borrow().stands.get(&of).filter(|(known, _)| *known == corrections).cloned();
        // As for intents.
        let is_kept = self.conn.is_autocommit();
        if let Some((_, stands)) = known.filter(|_| is_kept) {
            return Ok(stands);
        }
        let asked = corrections.iter().map(|(c, turn)| self.asked_text(*c, *turn)).collect::<Result<Vec<String>>>()?;
        let stands = last_of_same(&asked.iter().map(String::as_str).collect::<Vec<_>>());
        if is_kept {
            kept.0.borrow_mut().stands.insert(of, (corrections, stands.clone()));
        }
        Ok(stands)
    }

    /// The customer's last words before a turn; empty where there are none.
    pub(super) fn asked_text(&self, c: ConversationId, turn: TurnKey) -> Result<String> {
        let sql = "SELECT u.text FROM turn b JOIN turn u ON u.id >= ?1 << 20 AND u.id < (?1 + 1) << 20 AND u.role = ?3 AND u.place < b.place
            WHERE b.id = ?2 ORDER BY u.place DESC LIMIT 1";
        let found = self
            .conn
            .prepare_cached(sql)
            .and_then(|mut s| s.query_row(params![c.0, turn_id(c, turn), Role::User.code()], |r| r.get(0)).optional())
            .doing("looking up what was asked")?;
        Ok(found.unwrap_or_default())
    }

    /// Forgets what a label or an import may have changed since.
    fn forget_changed(&self, asked: &mut AskedIntents) -> Result<()> {
        let (imports, decision) = (self.answers_mark()?, self.last_decision()?.0);
        if asked.imports != imports || decision < asked.decision {
            *asked = AskedIntents { imports, decision, ..AskedIntents::default() };
        }
        if decision > asked.decision {
            let labelled = self
                .conn
                .prepare_cached("SELECT DISTINCT subject FROM decision WHERE id > ? AND kind = ?")
                .and_then(|mut s| {
                    let of = |r: &rusqlite::Row<'_>| r.get(0).map(ConversationId);
                    s.query_map(params![asked.decision, Kind::Intent.code()], of)?
                        .collect::<rusqlite::Result<std::collections::BTreeSet<_>>>()
                })
                .doing("looking up what was asked")?;
            asked.of.retain(|(conversation, _), _| !labelled.contains(conversation));
            asked.decision = decision;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::{Conversation, ConversationId, DecisionChange, Outcome, Role, Timestamp, Turn};
    use crate::store::{Founding, OnDuplicate, Store};

    const NOW: Timestamp = Timestamp(1_790_000_000_000);

    #[test]
    fn what_was_asked_follows_labels_and_undo() {
        let mut store = Store::in_memory(Founding { seed: 1, test_share: 0.0, now: NOW }).unwrap();
        let asked = Turn { intent: Some("parcel".to_owned()), ..Turn::new(Role::User, "where is it") };
        let mut c = Conversation::new("web", "1", vec![asked, Turn::new(Role::Bot, "It is here.")]);
        (c.outcome, c.started_at) = (Some(Outcome::Failed), Some(NOW));
        store.immediate("test", |s| s.put(&c, &[1], NOW, OnDuplicate::Update, &mut None)).unwrap();
        let item = ConversationId(store.ids("SELECT id FROM conversation", &[]).unwrap()[0]);
        let turns = store.conversation(item).unwrap().turns;
        store
            .decide("maria", NOW, &[DecisionChange::response(item, turns[1].key, Some("It is there.".into()))])
            .unwrap();
        let of = |store: &Store| store.corrections().unwrap()[0].intent.clone().unwrap();
        assert_eq!(of(&store), "parcel");
        let refund = store.add_intent("maria", NOW, "refund").unwrap();
        store.decide("maria", NOW, &[DecisionChange::intents(item, turns[0].key, &[refund])]).unwrap();
        assert_eq!(of(&store), "refund");
        store.undo("maria", NOW).unwrap();
        assert_eq!(of(&store), "parcel");
    }
}
