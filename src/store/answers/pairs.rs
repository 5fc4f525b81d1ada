//! Pairs of answers that people judge without knowing whose they are.

use crate::domain::{
    ConversationId, DecisionChange, JudgementTally, Kind, Pair, Preference, ReleaseId, Timestamp, TurnKey,
};
use crate::learn::judge::stats;
use crate::store::{DoingWhat, Result, Store, split_turn, turn_id};
use rusqlite::{OptionalExtension, params};
use std::collections::BTreeMap;

/// What was said of the answers of two releases.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Judgements {
    /// Turns that this person has judged.
    pub mine: Vec<(ConversationId, TurnKey)>,
    /// What everybody has said.
    pub tally: JudgementTally,
}

impl Store {
    /// Keeps what somebody says of two answers, as a step of its own.
    ///
    /// # Errors
    /// The store cannot be written. Then nothing has changed.
    pub fn prefer(&mut self, reviewer: &str, now: Timestamp, pair: Pair, said: Preference) -> Result<()> {
        self.immediate("saving a judgement", |store| {
            let who = store.reviewer_id(reviewer, now)?;
            let (before, after, turn) = key(pair);
            store
                .conn
                .execute(
                    "INSERT OR IGNORE INTO pair(before_release, after_release, turn, reviewer) VALUES (?, ?, ?, ?)",
                    params![before, after, turn, who],
                )
                .doing("keeping a pair")?;
            let sql =
                "SELECT id FROM pair WHERE before_release = ? AND after_release = ? AND turn = ? AND reviewer = ?";
            let row = store
                .conn
                .query_row(sql, params![before, after, turn, who], |r| r.get(0))
                .doing("looking up a pair")?;
            store.decide_within(reviewer, now, &[DecisionChange::preference(row, said)]).map(drop)
        })
    }

    /// What stands of the judgements on the answers of two releases. `before` of `None`: what was answered at the time.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn judgements(&self, reviewer: &str, before: Option<ReleaseId>, after: ReleaseId) -> Result<Judgements> {
        let sql = "SELECT p.turn, c.value, r.name FROM pair p JOIN current c ON c.subject = p.id AND c.kind = ? AND c.turn = -1
            JOIN reviewer r ON r.id = p.reviewer WHERE p.before_release = ? AND p.after_release = ? ORDER BY p.id";
        let rows: Vec<(i64, String, String)> = self
            .conn
            .prepare_cached(sql)
            .and_then(|mut s| {
                let (before, after) = (before.map_or(0, |r| r.0), after.0);
                s.query_map(params![Kind::Preference.code(), before, after], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))
                    .and_then(Iterator::collect)
            })
            .doing("reading judgements")?;
        let mut out = Judgements::default();
        let mut nets: BTreeMap<ConversationId, i64> = BTreeMap::new();
        for (turn, said, by) in rows {
            let (conversation, turn) = split_turn(turn);
            if by == reviewer {
                out.mine.push((conversation, turn));
            }
            let net = nets.entry(conversation).or_default();
            match Preference::from_name(&said) {
                Some(Preference::Before) => (out.tally.before, *net) = (out.tally.before + 1, *net - 1),
                Some(Preference::After) => (out.tally.after, *net) = (out.tally.after + 1, *net + 1),
                Some(Preference::BothFine | Preference::BothBad) => out.tally.ties += 1,
                None => {}
            }
        }
        out.tally.p_value = stats::sign_flip(&nets.into_values().collect::<Vec<_>>());
        Ok(out)
    }

    /// What the AI answered at the time to a turn (packed id): what it said first before the customer spoke again.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn answered(&self, turn: i64) -> Result<Option<String>> {
        self.conn
            .prepare_cached("SELECT b.text FROM turn t JOIN turn b ON b.id >= (t.id >> 20) << 20 AND b.id < ((t.id >> 20) + 1) << 20
                 WHERE t.id = ?1 AND b.place > t.place AND b.role = ?2
                   AND NOT EXISTS(SELECT 1 FROM turn u WHERE u.id >= (t.id >> 20) << 20 AND u.id < ((t.id >> 20) + 1) << 20
                     AND u.role = ?3 AND u.place > t.place AND u.place < b.place)
                 ORDER BY b.place LIMIT 1")
            .and_then(|mut s| {
                let (bot, user) = (crate::domain::Role::Bot.code(), crate::domain::Role::User.code());
                s.query_row(params![turn, bot, user], |r| r.get::<_, String>(0)).optional()
            })
            .doing("reading an answer")
    }

    /// What releases made outside said they would answer, by packed turn id.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn kept_responses(&self, id: ReleaseId) -> Result<std::collections::HashMap<i64, String>> {
        self.conn
            .prepare_cached("SELECT turn, response FROM answer WHERE release = ? AND response IS NOT NULL")
            .and_then(|mut s| s.query_map([id.0], |r| Ok((r.get(0)?, r.get(1)?))).and_then(Iterator::collect))
            .doing("reading answers")
    }
}

fn key(pair: Pair) -> (i64, i64, i64) {
    (pair.before.map_or(0, |r| r.0), pair.after.0, turn_id(pair.conversation, pair.turn))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Founding;

    const NOW: Timestamp = Timestamp(1_790_000_000_000);

    fn pair(conversation: i64, after: i64) -> Pair {
        let (before, after) = (Some(ReleaseId(1)), ReleaseId(after));
        Pair { conversation: ConversationId(conversation), turn: TurnKey(2), before, after }
    }

    #[test]
    fn judgements_are_counted_by_person_kept_apart_by_releases_and_undone() {
        let mut store = Store::in_memory(Founding { seed: 1, test_share: 0.2, now: NOW }).unwrap();
        for c in 1..=6 {
            store.prefer("maria", NOW, pair(c, 2), Preference::After).unwrap();
        }
        store.prefer("eleni", NOW, pair(1, 2), Preference::Before).unwrap();
        store.prefer("eleni", NOW, pair(7, 2), Preference::BothBad).unwrap();
        store.prefer("eleni", NOW, pair(1, 3), Preference::Before).unwrap();
        let of = |store: &Store, who: &str| store.judgements(who, Some(ReleaseId(1)), ReleaseId(2)).unwrap();
        let said = of(&store, "maria");
        assert_eq!((said.mine.len(), said.mine[0]), (6, (ConversationId(1), TurnKey(2))));
        assert_eq!((said.tally.before, said.tally.after, said.tally.ties), (1, 6, 1));
        // Two people who disagree on one conversation say nothing of it: five of five remain, 2 / 2^5.
        assert!((said.tally.p_value - 0.0625).abs() < 1e-12, "{}", said.tally.p_value);

        // One's own are undone one by one, whatever others said of the same pair; judging anew replaces.
        let undone = store.undo("maria", NOW).unwrap();
        assert_eq!(undone.words, "preference: one of two answers");
        assert_eq!((of(&store, "maria").mine.len(), of(&store, "maria").tally.after), (5, 5));
        store.redo("maria", NOW).unwrap();
        store.prefer("maria", NOW, pair(1, 2), Preference::BothFine).unwrap();
        let said = of(&store, "maria");
        assert_eq!((said.mine.len(), said.tally.after, said.tally.ties), (6, 5, 2));
        store.undo("maria", NOW).unwrap();
        assert_eq!(of(&store, "maria").tally.after, 6);
    }
}
