//! Rates over the conversations, each with numerator, denominator and interval (rule 4, product definitions).

use crate::domain::time::{DAY, HOUR};
use crate::domain::{IntentId, Outcome, Rate, ReleaseId, Resolution, Role, Timestamp, When, Zone};
use crate::store::base::clock::ahead_of;
use crate::store::{Doing, Result, Store};
use rusqlite::{Row, params};
use serde::Serialize;
use std::collections::BTreeMap;

/// A customer who comes back on the same matter within this time has not been helped (rule 7).
const RETURN_WITHIN: i64 = 168 * HOUR;

/// What segments are made of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum By {
    /// ISO week of the last activity, in a zone.
    #[default]
    Week,
    /// Month of the last activity, in a zone.
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

    /// What a conversation is a segment of; `ahead` is how far clocks are ahead of UTC ([`ahead_of_utc`]).
    fn sql(self, ahead: &str) -> String {
        let local = |form: &str| {
            format!("CASE WHEN c.last_at > 0 THEN strftime('{form}', (c.last_at + {ahead}) / 1000, 'unixepoch') END")
        };
        match self {
            Self::Week => return local("%G-W%V"),
            Self::Month => return local("%Y-%m"),
            Self::Intent => {
                "coalesce((SELECT CAST(value AS INTEGER) FROM current l WHERE l.subject = c.id AND l.kind = 1 AND l.turn = c.first_turn),
                    c.first_intent)"
            }
            Self::Channel => "(SELECT text FROM term WHERE id = c.channel)",
            Self::Language => "(SELECT text FROM term WHERE id = coalesce(nullif(c.written, 0), c.language))",
            Self::Cause => "c.cause",
            Self::Response => {
                "(SELECT coalesce(json_extract(b.extra, '$.action'), substr(b.text, 1, 60)) FROM turn b
                  WHERE b.id >= c.id << 20 AND b.id < (c.id + 1) << 20 AND b.role = 2
                    AND b.place > (SELECT place FROM turn f WHERE f.id = c.id << 20 | c.failing_turn) ORDER BY b.place LIMIT 1)"
            }
        }
        .to_owned()
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
    /// It lies ahead of now: its time cannot be right (rule 9).
    pub ahead: u64,
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
    /// The zone of days, weeks and months.
    pub zone: Zone,
    /// The first moment that counts; `None`: everything does.
    pub since: Option<Timestamp>,
    /// All of it lies ahead of now, and is counted all the same.
    pub all_ahead: bool,
}

/// From a moment on and before another.
#[derive(Clone, Copy)]
struct Span {
    from: i64,
    to: i64,
}

/// How far a zone's clocks are ahead of UTC at `c.last_at`, in milliseconds, as an expression: SQLite knows no zones.
/// The newest times stand first, since they are asked for most.
fn ahead_of_utc(zone: Zone, to: i64) -> String {
    let spans = zone.spans(Timestamp(0), Timestamp(to.max(1)));
    let begins = spans.windows(2).rev().map(|pair| (pair[0].0, pair[1].1));
    let whens: String = begins.map(|(from, ahead)| format!(" WHEN c.last_at >= {from} THEN {ahead}")).collect();
    let first = spans.first().map_or(0, |s| s.1);
    if whens.is_empty() { first.to_string() } else { format!("CASE{whens} ELSE {first} END") }
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
    /// The figures since a moment, in segments, in a zone (the store's where none is given).
    ///
    /// # Errors
    /// The store cannot be read.
    pub(in crate::store::figures) fn read_stats(
        &self,
        since: Option<When>,
        by: By,
        zone: Option<Zone>,
        now: Timestamp,
    ) -> Result<Stats> {
        let zone = zone.map_or_else(|| self.zone(), Ok)?;
        let from = since.map(|when| self.when_in(zone, when, now)).transpose()?;
        let all_ahead = from.is_none() && self.newest(now)?.is_none();
        // Where nothing is older than now it is the clock that is doubtful, not the log: all of it is told, as all of it.
        let to = if all_ahead { self.latest_time()?.saturating_add(1).max(ahead_of(now)) } else { ahead_of(now) };
        let since = Span { from: from.map_or(i64::MIN, |t| t.0), to };
        let mut segments = self.segments(since, by, &ahead_of_utc(zone, to))?;
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
        Ok(Stats {
            all,
            excluded,
            needs,
            accuracy: self.accuracy_points(zone)?,
            segments,
            zone,
            since: from,
            all_ahead: all_ahead && to > ahead_of(now),
        })
    }

    /// The latest time of all, 0 without one.
    fn latest_time(&self) -> Result<i64> {
        Ok(self.ids("SELECT coalesce(max(last_at), 0) FROM conversation", &[])?.first().copied().unwrap_or(0))
    }

    fn segments(&self, within: Span, by: By, ahead: &str) -> Result<Vec<(Option<String>, Tally)>> {
        let order = if matches!(by, By::Week | By::Month) { "1" } else { "count(*) DESC, 1" };
        let outcome = |o: Outcome| format!("sum(c.outcome = {})", o.code());
        let sql = format!(
            "SELECT CAST({} AS TEXT), {}, {}, {}, {},
                sum(c.outcome = 1 AND c.resolution IS {confirmed}), sum(c.outcome = 1 AND c.resolution IS NOT {confirmed}),
                count(c.csat), sum(coalesce(c.csat >= 4, 0))
             FROM conversation c WHERE c.traffic = 1 AND c.has_ai = 1 AND c.outcome BETWEEN 1 AND 4
                AND c.last_at >= ? AND c.last_at < ?
             GROUP BY 1 ORDER BY {order}",
            by.sql(ahead),
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
            .and_then(|mut s| s.query_map([within.from, within.to], read).and_then(Iterator::collect))
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

    fn excluded(&self, within: Span) -> Result<Excluded> {
        // Each conversation counts once, under the first reason that holds.
        let sql = "SELECT sum(last_at < ?2 AND traffic = 0), sum(last_at < ?2 AND traffic = 1 AND has_ai = 0),
                sum(last_at < ?2 AND traffic = 1 AND has_ai = 1 AND outcome = 5),
                sum(last_at < ?2 AND traffic = 1 AND has_ai = 1 AND outcome = 6), sum(last_at >= ?2)
             FROM conversation WHERE last_at >= ?1";
        let n = |r: &Row<'_>, i: usize| r.get::<_, Option<u64>>(i).map(Option::unwrap_or_default);
        self.conn
            .prepare_cached(sql)
            .and_then(|mut s| {
                s.query_row([within.from, within.to], |r| {
                    let (not_traffic, no_ai, pending) = (n(r, 0)?, n(r, 1)?, n(r, 2)?);
                    Ok(Excluded { not_traffic, no_ai, pending, unknown: n(r, 3)?, ahead: n(r, 4)? })
                })
            })
            .doing("counting what does not count")
    }

    /// User turns that hit the fallback, of user turns.
    fn add_fallback_rate(&self, within: Span, all: &mut Segment) -> Result<()> {
        // A range of row numbers for each conversation; left alone, SQLite builds an index of all turns instead.
        let sql = "SELECT coalesce(sum(t.fallback), 0), count(*) FROM conversation c
            CROSS JOIN turn t NOT INDEXED ON t.id >= c.id << 20 AND t.id < (c.id + 1) << 20
            WHERE c.last_at >= ? AND c.last_at < ? AND c.traffic = 1 AND c.has_ai = 1 AND t.role = ? AND t.payload = 0";
        let (num, den) = self
            .conn
            .prepare_cached(sql)
            .and_then(|mut s| {
                s.query_row(params![within.from, within.to, Role::User.code()], |r| Ok((r.get(0)?, r.get(1)?)))
            })
            .doing("counting fallbacks")?;
        all.rates.insert("fallback", Rate::new(num, den));
        Ok(())
    }

    /// Durable resolutions of those old enough to tell, and resolved conversations followed by a return. `None` without
    /// customer ids.
    fn returns(&self, within: Span, now: Timestamp) -> Result<Option<(Rate, Rate)>> {
        let sql = "WITH matter AS (
                SELECT customer, (SELECT coalesce(i.stands, i.id) FROM intent i WHERE i.id = coalesce((SELECT CAST(value AS INTEGER)
                    FROM current l WHERE l.subject = c.id AND l.kind = 1 AND l.turn = c.first_turn), c.first_intent)) AS intent,
                    coalesce(started_at, last_at) AS begun, last_at, outcome
                FROM conversation c WHERE customer IS NOT NULL AND traffic = 1 AND has_ai = 1 AND last_at >= ?1 AND last_at > 0
                    AND last_at < ?4),
            next AS (SELECT outcome, last_at, intent,
                lead(begun) OVER (PARTITION BY customer, intent ORDER BY begun) - last_at AS gap FROM matter)
            SELECT count(*), coalesce(sum(outcome = 1), 0), coalesce(sum(outcome = 1 AND gap <= ?2), 0),
                coalesce(sum(outcome = 1 AND last_at <= ?3), 0), coalesce(sum(outcome = 1 AND last_at <= ?3 AND gap <= ?2), 0)
            FROM next WHERE intent IS NOT NULL";
        let counts: [u64; 5] = self
            .conn
            .prepare_cached(sql)
            .and_then(|mut s| {
                s.query_row(params![within.from, RETURN_WITHIN, now.plus(-7 * DAY).0, within.to], |r| {
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
