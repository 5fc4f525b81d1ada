//! What people found of conversations that got the same answer.

use super::beside::ANSWER;
use crate::domain::{Cause, ConversationId, Kind, Review};
use crate::learn::signals::evidence::CauseEvidence;
use crate::store::codes::TRAINING;
use crate::store::{DoingWhat, Result, Store};
use rusqlite::params;

/// Reviews of an answer from which on they speak for a cause.
const ENOUGH: u64 = 10;
/// The share of them that has to give it, in per cent.
const MOST: u64 = 70;
/// Conversations with a cause that are looked at: the newest.
const LOOKED_AT: i64 = 5_000;

impl Store {
    /// The cause that most reviews of the same answer gave, where there are enough of them. What is found out about a test group is
    /// nobody's hint.
    pub(super) fn verdicts_on(&self, id: ConversationId, answer: &str) -> Result<Option<CauseEvidence>> {
        let sql = format!(
            "SELECT c.cause, count(*) FROM (SELECT subject FROM current WHERE kind = ? ORDER BY subject DESC LIMIT ?) k
             CROSS JOIN conversation c ON c.id = k.subject CROSS JOIN turn b ON b.id = {}
             WHERE c.id <> ? AND c.part = ? AND c.traffic = 1 AND c.review = ? AND c.cause IS NOT NULL AND b.text = ?
             GROUP BY c.cause ORDER BY count(*) DESC, c.cause",
            *ANSWER
        );
        let found: Vec<(i64, u64)> = self
            .conn
            .prepare_cached(&sql)
            .and_then(|mut s| {
                let wanted = params![Kind::Cause.code(), LOOKED_AT, id.0, TRAINING, Review::Done.code(), answer];
                s.query_map(wanted, |r| Ok((r.get(0)?, r.get(1)?)))?.collect()
            })
            .doing("reading why the same answer failed")?;
        let of = found.iter().map(|(_, n)| n).sum();
        let most = found.first().and_then(|&(code, said)| Some((Cause::from_code(code)?, said)));
        let most = most.filter(|(_, said)| of >= ENOUGH && said * 100 >= of * MOST);
        Ok(most.map(|(cause, said)| CauseEvidence::Verdicts { cause, said, of }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Conversation, DecisionChange, Outcome, Role, Timestamp, Turn};
    use crate::store::BesideConversation;
    use crate::store::tests::{put, store};

    const NOW: Timestamp = Timestamp(1_790_000_000_000);

    #[test]
    fn what_most_reviews_of_an_answer_found_speaks_before_that_it_is_none() {
        let mut store = store();
        let ids: Vec<ConversationId> = (0..30)
            .map(|i| {
                let mut asked = Turn::new(Role::User, "my umbrella");
                asked.intent = Some("lost_property".into());
                let said = Turn::new(Role::Bot, "That is not possible with your fare.");
                let mut c = Conversation::new("web", format!("c{i}"), vec![asked, said]);
                c.customer_id = Some(format!("customer {i}"));
                c.outcome = Some(Outcome::Failed);
                put(&mut store, &c);
                store.resolve(&format!("web:c{i}")).unwrap()
            })
            .collect();
        let training = |n: &&ConversationId| {
            let part: i64 =
                store.conn.query_row("SELECT part FROM conversation WHERE id = ?", [n.0], |r| r.get(0)).unwrap();
            part == TRAINING
        };
        let mine: Vec<ConversationId> = ids.iter().filter(training).copied().collect();
        assert!(mine.len() > 12, "{}", mine.len());
        let lost = store.intent("lost_property").unwrap();
        let decide = |store: &mut Store, n: ConversationId, cause| {
            let turn = crate::domain::TurnKey(0);
            let changes = [DecisionChange::intents(n, turn, &[lost]), DecisionChange::cause(n, Some(cause))];
            store.decide("eleni", NOW, &changes).unwrap();
        };
        for &n in &mine[1..9] {
            decide(&mut store, n, Cause::Policy);
        }
        decide(&mut store, mine[9], Cause::Tone);
        let verdicts =
            |store: &Store| BesideConversation { is_non_answer: true, ..store.beside(mine[0], NOW).unwrap() };
        assert_eq!(verdicts(&store).evidence(false), [CauseEvidence::NonAnswer], "nine reviews are too few");
        decide(&mut store, mine[10], Cause::Tone);
        let most = CauseEvidence::Verdicts { cause: Cause::Policy, said: 8, of: 10 };
        assert_eq!(verdicts(&store).evidence(false), [most.clone(), CauseEvidence::NonAnswer]);
        assert_eq!(verdicts(&store).evidence(true), [most], "a fallback on an intent that there is lacks no content");
        decide(&mut store, mine[11], Cause::Tone);
        decide(&mut store, mine[12], Cause::Tone);
        assert_eq!(verdicts(&store).evidence(false), [CauseEvidence::NonAnswer], "8 of 12 are not most");
    }
}
