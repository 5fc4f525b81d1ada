//! Which answers are followed by a resolution, intent by intent (rule 24): an association, never a cause.

use super::segments::{ANSWER, Outcomes};
use crate::domain::{IntentId, Timestamp};
use crate::learn::judge::shrunk::{BetaPrior, ShrunkRate};
use crate::store::base::clock::ahead_of;
use crate::store::codes::{ABANDONED, ESCALATED, FAILED, LABEL, RESOLVED};
use crate::store::{Doing, Result, Store};
use rusqlite::Row;
use serde::Serialize;
use std::collections::BTreeMap;

/// Cases below which an answer is not put beside others.
const ENOUGH: u64 = 30;

/// What followed an answer to an intent.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AnswerFigures {
    /// The intent, as it stands today; `none` where there is none.
    pub intent: String,
    /// The answer: its action name, else its first words.
    pub response: String,
    /// Conversations in which it answered the turn to judge.
    pub n: u64,
    /// How they ended.
    pub outcomes: Outcomes,
    /// Conversations that rated.
    pub rated: u64,
    /// ...with 4 or 5 of 5.
    pub satisfied: u64,
    /// Their rate of resolution, shrunk to that of the intent's other answers.
    pub posterior: ShrunkRate,
    /// There are 30 cases or more: below, nothing can be said of it beside others.
    pub enough: bool,
}

impl Store {
    /// Answers by intent, the intents and answers with the most cases first: never by rate.
    ///
    /// # Errors
    /// The store cannot be read.
    pub(in crate::store::figures) fn read_answers(
        &self,
        since: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<Vec<AnswerFigures>> {
        let sql = format!(
            "SELECT coalesce((SELECT CAST(value AS INTEGER) FROM current l WHERE l.subject = c.id AND l.kind = {LABEL} AND l.turn = c.first_turn),
                    c.first_intent), {ANSWER}, sum(c.outcome = {RESOLVED}), sum(c.outcome = {ESCALATED}), sum(c.outcome = {FAILED}), sum(c.outcome = {ABANDONED}),
                count(c.csat), sum(coalesce(c.csat >= 4, 0))
             FROM conversation c WHERE c.traffic = 1 AND c.has_ai = 1 AND c.outcome BETWEEN {RESOLVED} AND {ABANDONED} AND c.failing_turn IS NOT NULL
                AND c.last_at >= ? AND c.last_at < ?
             GROUP BY 1, 2",
            ANSWER = *ANSWER
        );
        let read = |r: &Row<'_>| {
            let key: (Option<i64>, Option<String>) = (r.get(0)?, r.get(1)?);
            Ok((key, [r.get(2)?, r.get(3)?, r.get(4)?, r.get(5)?, r.get(6)?, r.get(7)?]))
        };
        let from = since.map_or(i64::MIN, |t| t.0);
        type Counted = ((Option<i64>, Option<String>), [u64; 6]);
        let rows: Vec<Counted> = self
            .conn
            .prepare_cached(&sql)
            .and_then(|mut s| s.query_map([from, ahead_of(now)], read).and_then(Iterator::collect))
            .doing("counting what followed answers")?;
        let names = self.intent_names()?;
        let mut intents: BTreeMap<String, BTreeMap<String, [u64; 6]>> = BTreeMap::new();
        for ((intent, response), counts) in rows {
            let Some(response) = response else { continue };
            let name = intent.map_or_else(|| "none".to_owned(), |i| names.name(names.today(IntentId(i))));
            let sums = intents.entry(name).or_default().entry(response).or_default();
            sums.iter_mut().zip(counts).for_each(|(sum, n)| *sum += n);
        }
        let mut by_size: Vec<(u64, Vec<AnswerFigures>)> = intents.into_iter().map(of_intent).collect();
        by_size.sort_by_key(|(n, _)| std::cmp::Reverse(*n));
        Ok(by_size.into_iter().flat_map(|(_, answers)| answers).collect())
    }
}

/// The answers to one intent, with how many cases they have.
fn of_intent((intent, answers): (String, BTreeMap<String, [u64; 6]>)) -> (u64, Vec<AnswerFigures>) {
    let cases = |counts: &[u64; 6]| counts[..4].iter().sum::<u64>();
    let arms: Vec<(u64, u64)> = answers.values().map(|counts| (counts[0], cases(counts))).collect();
    let prior = BetaPrior::of(&arms);
    let figures = |(response, counts): (String, [u64; 6])| {
        let [resolved, escalated, failed, abandoned, rated, satisfied] = counts;
        let n = cases(&counts);
        AnswerFigures {
            intent: intent.clone(),
            response,
            n,
            outcomes: Outcomes { resolved, escalated, failed, abandoned },
            rated,
            satisfied,
            posterior: prior.posterior(resolved, n),
            enough: n >= ENOUGH,
        }
    };
    let mut out: Vec<AnswerFigures> = answers.into_iter().map(figures).collect();
    out.sort_by_key(|a| std::cmp::Reverse(a.n));
    (out.iter().map(|a| a.n).sum(), out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_stand_by_size_and_few_cases_are_marked() {
        let counts = BTreeMap::from([
            ("rare".to_owned(), [3, 0, 0, 0, 0, 0]),
            ("usual".to_owned(), [40, 5, 50, 5, 10, 2]),
            ("other".to_owned(), [30, 0, 10, 0, 0, 0]),
        ]);
        let (n, answers) = of_intent(("refund".to_owned(), counts));
        let names: Vec<(&str, bool)> = answers.iter().map(|a| (a.response.as_str(), a.enough)).collect();
        assert_eq!((n, names), (143, vec![("usual", true), ("other", true), ("rare", false)]));
        let rare = &answers[2].posterior;
        assert!(rare.mean < 1.0 && rare.lo < 0.7, "three of three is no certainty: {rare:?}");
    }
}
