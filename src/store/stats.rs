//! Rates over the conversations, each with numerator, denominator and interval (rule 4, product definitions).

use super::{Doing, Result, Store};
use crate::domain::time::{DAY, HOUR};
use crate::domain::{IntentId, Outcome, Rate, ReleaseId, Resolution, Role, Timestamp};
use rusqlite::{Row, params};
use serde::Serialize;
use std::collections::BTreeMap;

/// A customer who comes back on the same matter within this time has not been helped (rule 7).
const RETURN_WITHIN: i64 = 168 * HOUR;

/// What segments are made of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum By {
    /// ISO week of the last activity.
    #[default]
    Week,
    /// Month of the last activity.
    Month,
    /// The conversation's intent (rule 2): the reviewer's label, else the log's.
    Intent,
    /// Channel.
    Channel,
    /// Language.
    Language,
    /// Root cause.
    Cause,
    /// The bot's response to the failing turn: its action name, else its first words.
    Response,
}

impl By {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Week, Self::Month, Self::Intent, Self::Channel, Self::Language, Self::Cause, Self::Response];

    /// The name on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Week => "week",
            Self::Month => "month",
            Self::Intent => "intent",
            Self::Channel => "channel",
            Self::Language => "language",
            Self::Cause => "cause",
            Self::Response => "response",
        }
    }

    pub(super) fn sql(self) -> &'static str {
        match self {
            Self::Week => "CASE WHEN c.last_at > 0 THEN strftime('%G-W%V', c.last_at / 1000, 'unixepoch') END",
            Self::Month => "CASE WHEN c.last_at > 0 THEN strftime('%Y-%m', c.last_at / 1000, 'unixepoch') END",
            Self::Intent => {
                "coalesce((SELECT CAST(value AS INTEGER) FROM current l WHERE l.subject = c.id AND l.kind = 1 AND l.turn = c.first_turn),
                    c.first_intent)"
            }
            Self::Channel => "(SELECT text FROM term WHERE id = c.channel)",
            Self::Language => "(SELECT text FROM term WHERE id = c.language)",
            Self::Cause => "c.cause",
            Self::Response => {
                "(SELECT coalesce(json_extract(b.extra, '$.action'), substr(b.text, 1, 60)) FROM turn b
                  WHERE b.id > (c.id << 20 | c.failing_turn) AND b.id < (c.id + 1) << 20 AND b.role = 2 ORDER BY b.id LIMIT 1)"
            }
        }
    }
}

/// Conversations that do not count, by reason.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Excluded {
    /// Nothing tells how they ended.
    pub unknown: u64,
    /// Still open.
    pub pending: u64,
    /// Spam or tests.
    pub not_traffic: u64,
    /// The AI took no part.
    pub no_ai: u64,
}

/// Counts of the four outcomes that add up to N.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Outcomes {
    /// Solved by the AI.
    pub resolved: u64,
    /// Handed to a person.
    pub escalated: u64,
    /// Not solved.
    pub failed: u64,
    /// The customer left.
    pub abandoned: u64,
}

/// One segment's figures.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Segment {
    /// Its name, under the name of what it is a segment by (`week`, `intent`, …).
    #[serde(skip)]
    pub name: String,
    /// N: finished, with the AI, real traffic, outcome known.
    pub n: u64,
    /// The four outcomes.
    pub outcomes: Outcomes,
    /// Rates by name.
    pub rates: BTreeMap<&'static str, Rate>,
}

/// Accuracy of a release that went live, on the sealed half of today's gold.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AccuracyPoint {
    /// Which release.
    pub release: ReleaseId,
    /// The ISO week in which it first went live.
    pub week: String,
    /// Accuracy on the sealed half.
    pub accuracy: f64,
    /// Gold turns.
    pub n: u64,
}

/// The whole answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Stats {
    /// Everything together.
    pub all: Segment,
    /// What does not count.
    pub excluded: Excluded,
    /// What cannot be said, and why.
    pub needs: BTreeMap<&'static str, &'static str>,
    /// Accuracy by release, oldest first.
    pub accuracy: Vec<AccuracyPoint>,
    /// By week, or whatever was asked for.
    pub segments: Vec<Segment>,
}

/// Raw counts of one segment.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    outcomes: [u64; 4],
    confirmed: u64,
    assumed: u64,
    rated: u64,
    satisfied: u64,
}

impl Store {
    /// The figures since a moment, in segments.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn stats(&self, since: Option<Timestamp>, by: By, now: Timestamp) -> Result<Stats> {
        let since = since.map_or(i64::MIN, |t| t.0);
        let mut segments = self.segments(since, by)?;
        let mut total = Tally::default();
        segments.iter().for_each(|(_, t)| total.add(t));
        if matches!(by, By::Week | By::Month) {
            // Conversations without times belong to no week.
            segments.retain(|(name, _)| name.is_some());
        }
        let excluded = self.excluded(since)?;
        let mut all = total.segment(String::new());
        self.add_fallback_rate(since, &mut all)?;
        let unknown = excluded.unknown;
        all.rates.insert("unknown", Rate::new(unknown, all.n + unknown));
        let mut needs = BTreeMap::new();
        match self.returns(since, now)? {
            Some((durable, reopened)) => {
                all.rates.insert("durable_resolution", durable);
                all.rates.insert("reopen", reopened);
            }
            None => {
                needs.insert("durable_resolution", "needs customer ids");
                needs.insert("reopen", "needs customer ids");
            }
        }
        let segments =
            segments.into_iter().map(|(name, t)| t.segment(name.unwrap_or_else(|| "none".to_owned()))).collect();
        Ok(Stats { all, excluded, needs, accuracy: self.accuracy_points()?, segments })
    }

    fn segments(&self, since: i64, by: By) -> Result<Vec<(Option<String>, Tally)>> {
        let order = if matches!(by, By::Week | By::Month) { "1" } else { "count(*) DESC, 1" };
        let outcome = |o: Outcome| format!("sum(c.outcome = {})", o.code());
        let sql = format!(
            "SELECT CAST({} AS TEXT), {}, {}, {}, {},
                sum(c.outcome = 1 AND c.resolution IS {confirmed}), sum(c.outcome = 1 AND c.resolution IS NOT {confirmed}),
                count(c.csat), sum(coalesce(c.csat >= 4, 0))
             FROM conversation c WHERE c.traffic = 1 AND c.has_ai = 1 AND c.outcome BETWEEN 1 AND 4 AND c.last_at >= ?
             GROUP BY 1 ORDER BY {order}",
            by.sql(),
            outcome(Outcome::Resolved),
            outcome(Outcome::Escalated),
            outcome(Outcome::Failed),
            outcome(Outcome::Abandoned),
            confirmed = Resolution::Confirmed.code(),
        );
        let read = |r: &Row<'_>| {
            let tally = Tally {
                outcomes: [r.get(1)?, r.get(2)?, r.get(3)?, r.get(4)?],
                confirmed: r.get(5)?,
                assumed: r.get(6)?,
                rated: r.get(7)?,
                satisfied: r.get(8)?,
            };
            Ok((r.get::<_, Option<String>>(0)?, tally))
        };
        let rows: Vec<(Option<String>, Tally)> = self
            .conn
            .prepare_cached(&sql)
            .and_then(|mut s| s.query_map([since], read).and_then(Iterator::collect))
            .doing("counting outcomes")?;
        Ok(match by {
            By::Cause => rows.into_iter().map(|(code, t)| (code.as_deref().and_then(cause_name), t)).collect(),
            By::Intent => self.by_intent_today(rows)?,
            _ => rows,
        })
    }

    /// Segments by row of an intent as segments by what it stands for today.
    fn by_intent_today(&self, rows: Vec<(Option<String>, Tally)>) -> Result<Vec<(Option<String>, Tally)>> {
        let names = self.intent_names()?;
        let mut by_name: BTreeMap<Option<String>, Tally> = BTreeMap::new();
        for (row, tally) in rows {
            let id = row.and_then(|r| r.parse().ok()).map(IntentId);
            by_name.entry(id.map(|i| names.name(names.today(i)))).or_default().add(&tally);
        }
        let mut out: Vec<(Option<String>, Tally)> = by_name.into_iter().collect();
        out.sort_by_key(|(_, t)| std::cmp::Reverse(t.outcomes.iter().sum::<u64>()));
        Ok(out)
    }

    fn excluded(&self, since: i64) -> Result<Excluded> {
        // Each conversation counts once, under the first reason that holds.
        let sql =
            "SELECT sum(traffic = 0), sum(traffic = 1 AND has_ai = 0), sum(traffic = 1 AND has_ai = 1 AND outcome = 5),
                sum(traffic = 1 AND has_ai = 1 AND outcome = 6) FROM conversation WHERE last_at >= ?";
        let n = |r: &Row<'_>, i: usize| r.get::<_, Option<u64>>(i).map(Option::unwrap_or_default);
        self.conn
            .prepare_cached(sql)
            .and_then(|mut s| {
                s.query_row([since], |r| {
                    Ok(Excluded { not_traffic: n(r, 0)?, no_ai: n(r, 1)?, pending: n(r, 2)?, unknown: n(r, 3)? })
                })
            })
            .doing("counting what does not count")
    }

    /// User turns that hit the fallback, of user turns.
    fn add_fallback_rate(&self, since: i64, all: &mut Segment) -> Result<()> {
        // A range of row numbers for each conversation; left alone, SQLite builds an index of all turns instead.
        let sql = "SELECT coalesce(sum(t.fallback), 0), count(*) FROM conversation c
            CROSS JOIN turn t NOT INDEXED ON t.id >= c.id << 20 AND t.id < (c.id + 1) << 20
            WHERE c.last_at >= ? AND c.traffic = 1 AND c.has_ai = 1 AND t.role = ? AND t.payload = 0";
        let (num, den) = self
            .conn
            .prepare_cached(sql)
            .and_then(|mut s| s.query_row(params![since, Role::User.code()], |r| Ok((r.get(0)?, r.get(1)?))))
            .doing("counting fallbacks")?;
        all.rates.insert("fallback", Rate::new(num, den));
        Ok(())
    }

    /// Durable resolutions of those old enough to tell, and resolved conversations followed by a return. `None` without
    /// customer ids.
    fn returns(&self, since: i64, now: Timestamp) -> Result<Option<(Rate, Rate)>> {
        let sql = "WITH matter AS (
                SELECT customer, (SELECT coalesce(i.stands, i.id) FROM intent i WHERE i.id = coalesce((SELECT CAST(value AS INTEGER)
                    FROM current l WHERE l.subject = c.id AND l.kind = 1 AND l.turn = c.first_turn), c.first_intent)) AS intent,
                    coalesce(started_at, last_at) AS begun, last_at, outcome
                FROM conversation c WHERE customer IS NOT NULL AND traffic = 1 AND has_ai = 1 AND last_at >= ?1 AND last_at > 0),
            next AS (SELECT outcome, last_at, intent,
                lead(begun) OVER (PARTITION BY customer, intent ORDER BY begun) - last_at AS gap FROM matter)
            SELECT count(*), coalesce(sum(outcome = 1), 0), coalesce(sum(outcome = 1 AND gap <= ?2), 0),
                coalesce(sum(outcome = 1 AND last_at <= ?3), 0), coalesce(sum(outcome = 1 AND last_at <= ?3 AND gap <= ?2), 0)
            FROM next WHERE intent IS NOT NULL";
        let counts: [u64; 5] = self
            .conn
            .prepare_cached(sql)
            .and_then(|mut s| {
                s.query_row(params![since, RETURN_WITHIN, now.plus(-7 * DAY).0], |r| {
                    Ok([r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?, r.get(4)?])
                })
            })
            .doing("looking for returns")?;
        let [any, resolved, reopened, old, old_reopened] = counts;
        Ok((any > 0).then(|| (Rate::new(old - old_reopened, old), Rate::new(reopened, resolved))))
    }
}

fn cause_name(code: &str) -> Option<String> {
    let code = code.parse().ok()?;
    crate::domain::Cause::from_code(code).map(|c| c.name().to_owned())
}

impl Tally {
    fn add(&mut self, other: &Self) {
        self.outcomes.iter_mut().zip(other.outcomes).for_each(|(a, b)| *a += b);
        self.confirmed += other.confirmed;
        self.assumed += other.assumed;
        self.rated += other.rated;
        self.satisfied += other.satisfied;
    }

    fn segment(&self, name: String) -> Segment {
        let [resolved, escalated, failed, abandoned] = self.outcomes;
        let n = resolved + escalated + failed + abandoned;
        let rates = [
            ("resolution", resolved, n),
            ("resolution_confirmed", self.confirmed, n),
            ("resolution_assumed", self.assumed, n),
            ("escalation", escalated, n),
            ("containment", n - escalated, n),
            ("failure", failed, n),
            ("abandonment", abandoned, n),
            ("csat", self.satisfied, self.rated),
            ("csat_response", self.rated, n),
        ];
        Segment {
            name,
            n,
            outcomes: Outcomes { resolved, escalated, failed, abandoned },
            rates: rates.into_iter().map(|(name, num, den)| (name, Rate::new(num, den))).collect(),
        }
    }
}
