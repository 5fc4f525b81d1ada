//! What the digits offer on a blind item: the same on every item of a cycle, so that neither what is offered nor its order says anything
//! of the item, and no key moves while people work.

use crate::domain::review::decision::split_ids;
use crate::domain::{CycleId, IntentId, Kind, OUT_OF_SCOPE_ID};
use crate::store::codes::LABEL;
use crate::store::intents::names::IntentNames;
use crate::store::review::item::DIGITS;
use crate::store::{DoingWhat, Result, Store, Suggestion};
use rusqlite::params;
use std::cell::RefCell;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// The intents of the open cycle by how often people had given them when it opened.
#[derive(Default)]
struct GivenBefore(RefCell<Option<(CycleId, Vec<IntentId>)>>);

impl Store {
    /// The nine intents that people had given most before the open cycle, the most frequent first: to other blind items, which are drawn as
    /// this one is, then to whatever they judged; where that is too few, the oldest of the list.
    pub(in crate::store::review) fn blind_digits(&self, names: &IntentNames) -> Result<Vec<Suggestion>> {
        let mut listed = names.active().to_vec();
        listed.sort_by_key(|i| i.0);
        let mut seen = std::collections::HashSet::from([OUT_OF_SCOPE_ID]);
        Ok(self
            .given_before()?
            .into_iter()
            .map(|i| names.today(i))
            .chain(listed)
            .filter(|&i| names.is_active(i) && seen.insert(i))
            .take(DIGITS)
            .map(|intent| Suggestion { intent, name: names.name(intent), confidence: None, now: false })
            .collect())
    }

    fn given_before(&self) -> Result<Vec<IntentId>> {
        let Some(cycle) = self.ids("SELECT id FROM cycle WHERE closed_at IS NULL ORDER BY id DESC LIMIT 1", &[])?.pop()
        else {
            return Ok(Vec::new());
        };
        let kept = self.kept.of::<GivenBefore>();
        if let Some((known, given)) = &*kept.0.borrow()
            && known.0 == cycle
        {
            return Ok(given.clone());
        }
        let doing = "counting what people chose before a cycle";
        // Cycles of before decisions told of them are counted up to now.
        let opened =
            "SELECT coalesce(min(id), (SELECT max(id) FROM decision)) FROM decision WHERE kind = ? AND subject = ?";
        let opened = self.ids(opened, &[&Kind::Cycle.code(), &cycle])?.first().copied().unwrap_or(0);
        let sql = format!(
            "SELECT d.after, max(d.id), EXISTS(SELECT 1 FROM cycle_item i WHERE i.conversation = d.subject AND i.turn = d.turn AND i.audit = 1)
             FROM decision d WHERE d.kind = {LABEL} AND d.id < ? GROUP BY d.subject, d.turn"
        );
        let mut s = self.conn.prepare_cached(&sql).doing(doing)?;
        let mut rows = s.query(params![opened]).doing(doing)?;
        let mut counts: BTreeMap<i64, (u64, u64)> = BTreeMap::new();
        while let Some(r) = rows.next().doing(doing)? {
            let (label, blind): (Option<String>, bool) =
                r.get(0).and_then(|label| Ok((label, r.get(2)?))).doing(doing)?;
            if let Some(intent) = label.and_then(|ids| split_ids(&ids).first().copied()) {
                let (of_blind, of_all) = counts.entry(intent.0).or_default();
                *of_blind += u64::from(blind);
                *of_all += 1;
            }
        }
        let mut given: Vec<(i64, (u64, u64))> = counts.into_iter().collect();
        given.sort_by_key(|&(id, times)| (Reverse(times), id));
        let given: Vec<IntentId> = given.into_iter().map(|(id, _)| IntentId(id)).collect();
        kept.0.replace(Some((CycleId(cycle), given.clone())));
        Ok(given)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Conversation, ConversationId, DecisionChange, Outcome, Role, Timestamp, Turn};
    use crate::store::{Founding, NewCycle, OnDuplicate};

    #[test]
    fn digits_of_blind_items_are_those_of_before_the_cycle_and_stay() {
        let now = Timestamp(1_790_000_000_000);
        let mut store = Store::in_memory(Founding { seed: 7, test_share: 0.3, now }).unwrap();
        let mut step = None;
        for i in 0..200 {
            let mut c = Conversation::new(
                "web",
                format!("{i}"),
                vec![Turn::new(Role::User, format!("question number {i}")), Turn::new(Role::Bot, "no")],
            );
            (c.outcome, c.ended_at) = (Some(Outcome::Failed), Some(now));
            let bytes = serde_json::to_vec(&c).unwrap();
            store.batch(false, |s| s.put(&c, &bytes, now, OnDuplicate::Update, &mut step).map(drop)).unwrap();
        }
        let names = ["zebra", "apple", "mango"];
        let intents = names.map(|name| store.add_intent("maria", now, name).unwrap());
        // The last in the alphabet is the most frequent.
        let training = store.ids("SELECT id FROM conversation WHERE part = 0 ORDER BY id LIMIT 9", &[]).unwrap();
        for (i, id) in training.into_iter().map(ConversationId).enumerate() {
            let turn = store.review_item(id).unwrap().turn.unwrap();
            let intent = intents[[0, 0, 0, 0, 0, 1, 1, 2, 2][i]];
            store.decide("maria", now, &[DecisionChange::intents(id, turn, &[intent])]).unwrap();
        }
        let new =
            NewCycle { name: None, scope: "outcome:failed status:open", goal: 40, seed: 7, ..NewCycle::default() };
        let cycle = store.open_cycle("maria", now, &new).unwrap();
        let blind = store.ids("SELECT conversation FROM cycle_item WHERE audit = 1", &[]).unwrap();
        let digits = |store: &Store, id: i64| {
            let item = store.review_item(ConversationId(id)).unwrap();
            assert!(item.blind());
            item.suggestions.into_iter().map(|s| s.name).collect::<Vec<_>>()
        };
        let first = digits(&store, blind[0]);
        assert_eq!(first[0], "zebra", "{first:?}");
        // What is given meanwhile moves no key, and every item has the same.
        for &id in &blind[..3] {
            let turn = store.review_item(ConversationId(id)).unwrap().turn.unwrap();
            store.decide("maria", now, &[DecisionChange::intents(ConversationId(id), turn, &[intents[2]])]).unwrap();
            assert_eq!(digits(&store, blind[3]), first);
        }
        // The next cycle knows of them.
        store.close_cycle("maria", now, cycle.id, None).unwrap();
        store.open_cycle("maria", now, &NewCycle { seed: 8, ..new }).unwrap();
        let blind_now = "SELECT conversation FROM cycle_item WHERE audit = 1 AND cycle = (SELECT max(id) FROM cycle)";
        let id = store.ids(blind_now, &[]).unwrap()[0];
        let item = store.review_item(ConversationId(id)).unwrap();
        assert_eq!(item.suggestions[0].name, "mango", "{:?}", item.suggestions);
    }
}
