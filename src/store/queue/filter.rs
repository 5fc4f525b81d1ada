//! The query language as tests of packed columns. What no column holds, SQL finds as a set of row numbers.

use super::columns::{ClockTest, IdSet, PackedColumn, RowPredicate, StateField, Test};
use super::spread::spread;
use crate::domain::{
    Cmp, Filter, Flag, FlipKind, Kind, OfferStatus, Outcome, Query, QueryTerm, Review, TestGroups, Timestamp,
};
use crate::store::base::clock::ahead_of;
use crate::store::codes::{BEYOND_CONVERSATIONS, CHANNEL, LABEL, LANGUAGE, OPEN_HALF, RESOLVED, TRAINING};
use crate::store::conversations::again::{ORPHANED, REWORDED};
use crate::store::conversations::row_values::SOUND;
use crate::store::figures::stats::RETURN_WITHIN;
use crate::store::patterns::PATTERN_SQL;
use crate::store::patterns::modes::MODE_SQL;
use crate::store::patterns::topics::TOPIC_OF;
use crate::store::releases::lessons::OFFERED_SQL;
use crate::store::{DoingWhat, Result, Store, StoreError};
use crate::text;
use crate::text::greek::{Greek, key_of};
use crate::text::language::GREEK_IN_LATIN;
use rusqlite::params_from_iter;
use rusqlite::types::Value;
use std::borrow::Cow;
use std::sync::{Arc, LazyLock};

/// Numbers as a JSON array, for a statement.
fn json_of(ids: &[i64]) -> Value {
    Value::Text(serde_json::json!(ids).to_string())
}

/// Passes for every row.
fn always() -> Test {
    Test::codes(StateField::THERE, [1])
}

impl Store {
    /// What a query wants. No order changes it.
    ///
    /// # Errors
    /// It names an intent, reviewer or cycle that does not exist, or a field that has no data yet.
    pub(in crate::store) fn wanted(&self, query: &Query, now: Timestamp) -> Result<RowPredicate> {
        self.wanted_by(query, now, &mut |pattern| Ok(Test::Among(self.search(pattern)?)))
    }

    /// As [`Store::wanted`], with somebody else to find the conversations that have words.
    pub(in crate::store) fn wanted_by(
        &self,
        query: &Query,
        now: Timestamp,
        search: &mut dyn FnMut(&str) -> Result<Test>,
    ) -> Result<RowPredicate> {
        let mut out = RowPredicate::default();
        for QueryTerm { negated, filter } in &query.terms {
            let test = match pattern(filter) {
                Some(pattern) if pattern.is_empty() => return Err(nothing_to_search(filter)),
                Some(pattern) => search(&pattern)?,
                None => self.test(filter, now)?,
            };
            out.and(test, *negated);
        }
        Ok(out)
    }

    fn test(&self, filter: &Filter, now: Timestamp) -> Result<Test> {
        Ok(match filter {
            Filter::Words(_) | Filter::Phrase(_) => always(),
            Filter::Row(n) => self.set("SELECT id FROM conversation WHERE id = ?", [Value::Integer(*n)])?,
            Filter::Outcome(list) => Test::codes(StateField::OUTCOME, list.iter().map(|o| o.code())),
            Filter::Status(list) => Test::codes(StateField::REVIEW, list.iter().map(|r| r.code())),
            Filter::Cause(list) => Test::codes(StateField::CAUSE, list.iter().map(|x| x.code())),
            Filter::Intent(names) => self.intent_test(PackedColumn::Matter, names, true)?,
            Filter::Logged(names) => self.intent_test(PackedColumn::Intent, names, true)?,
            Filter::Suggested(names) => self.intent_test(PackedColumn::Suggested, names, false)?,
            Filter::Label(names) => self.intent_test(PackedColumn::Label, names, false)?,
            Filter::Confidence(cmp, x) => Test::Number(PackedColumn::Confidence, *cmp, *x as f32),
            Filter::Csat(cmp, x) => Test::Number(PackedColumn::Csat, *cmp, *x as f32),
            Filter::Sentiment(cmp, x) => Test::Number(PackedColumn::Sentiment, *cmp, *x as f32),
            Filter::Felt(cmp, x) => self.felt_test(*cmp, *x)?,
            Filter::Turns(cmp, x) => Test::Number(PackedColumn::Turns, *cmp, *x as f32),
            Filter::Hour(list) => {
                let hours = list.iter().flat_map(|&(from, to)| from..=to).fold(0, |bits, h| bits | 1 << h);
                self.clock_test(hours, u8::MAX, now)?
            }
            Filter::Day(list) => {
                let days = list.iter().fold(0, |bits, d| bits | 1 << d.code());
                self.clock_test(u32::MAX, days, now)?
            }
            Filter::Since(when) => Test::Active(self.when(*when, now)?.0..ahead_of(now)),
            Filter::Before(when) => Test::Active(1..self.when(*when, now)?.0),
            Filter::Test(groups) => match groups {
                TestGroups::Hidden => Test::codes(StateField::PART, [TRAINING]),
                TestGroups::Only => Test::codes(StateField::PART, [1, 2]),
                TestGroups::Shown => always(),
            },
            Filter::Channel(names) => self.term_test(PackedColumn::Channel, CHANNEL, names)?,
            Filter::Lang(names) => self.term_test(PackedColumn::Language, LANGUAGE, names)?,
            Filter::Customer(ids) => self.among(CUSTOMER_SQL, ids)?,
            Filter::Reviewer(names) => self.among(&REVIEWER_SQL, names)?,
            Filter::Cycle(names) => self.among(CYCLE_SQL, names)?,
            Filter::Cluster(_) if !self.has_patterns()? => {
                return Err(no_data("cluster:", "no patterns have been looked for; `appraise patterns` does"));
            }
            Filter::Answer(names) => self.answer_test(names)?,
            Filter::Cluster(names) => self.among(PATTERN_SQL, names)?,
            Filter::Mode(_) if self.ids("SELECT 1 FROM mode LIMIT 1", &[])?.is_empty() => {
                return Err(no_data("mode:", "there are no failure modes; `appraise modes add` makes one"));
            }
            Filter::Mode(names) => self.set(&MODE_SQL, [json_of(&self.modes_meant(names)?)])?,
            Filter::Topic(names) => match self.topic_rows(names)? {
                Some((sql, params)) => self.set(&sql, params)?,
                None => {
                    let why = "no list of topics was proposed; `appraise patterns topics --propose` does";
                    return Err(no_data("topic:", why));
                }
            },
            Filter::Offer(status, names) => self.offer_test(*status, names)?,
            Filter::Is(flag) => self.flag_test(*flag)?,
        })
    }

    /// Hours and days as bits, by the store's clocks.
    fn clock_test(&self, hours: u32, days: u8, now: Timestamp) -> Result<Test> {
        // Clocks before 1970 are of no log.
        let spans = self.zone()?.spans(Timestamp(0), Timestamp(ahead_of(now)));
        Ok(Test::Clock(Arc::new(ClockTest { spans, hours, days })))
    }

    /// Whether the log names customers.
    pub(in crate::store) fn names_customers(&self) -> Result<bool> {
        Ok(!self.ids("SELECT 1 FROM conversation WHERE customer IS NOT NULL LIMIT 1", &[])?.is_empty())
    }

    /// The rows that a statement finds for a list of names, given to it as a JSON array.
    fn among(&self, sql: &str, names: &[String]) -> Result<Test> {
        self.set(sql, [Value::Text(serde_json::json!(names).to_string())])
    }

    /// Conversations in which something was offered, `*` whatever it was, and what became of it: of several answers the best.
    fn offer_test(&self, status: Option<OfferStatus>, names: &[String]) -> Result<Test> {
        if self.ids("SELECT 1 FROM offer LIMIT 1", &[])?.is_empty() {
            return Err(no_data("offered:", "no imported conversation holds an offer"));
        }
        let any = names.iter().any(|name| name == Filter::ANY_OFFER);
        let names = if any { Value::Null } else { Value::Text(serde_json::json!(names).to_string()) };
        let status = status.map_or(Value::Null, |s| Value::Integer(s.code()));
        self.set(&format!("SELECT conversation FROM ({}) WHERE (?1 IS NULL OR name IN (SELECT value FROM json_each(?1))) AND (?2 IS NULL OR status = ?2)", *OFFERED_SQL), [names, status])
    }

    fn set(&self, sql: &str, params: impl IntoIterator<Item = Value>) -> Result<Test> {
        Ok(Test::Among(Arc::new(self.row_set(sql, params)?)))
    }

    fn row_set(&self, sql: &str, params: impl IntoIterator<Item = Value>) -> Result<IdSet> {
        let params: Vec<Value> = params.into_iter().collect();
        let most = self.most()?;
        let mut s = self.conn.prepare_cached(sql).doing("looking for conversations")?;
        let rows = s.query_map(params_from_iter(&params), |r| r.get::<_, i64>(0)).doing("looking for conversations")?;
        rows.map(|id| most.row(id.doing("looking for conversations")?)).collect()
    }

    /// Intents by today's name, whatever the log called them; `none` for conversations without one, `fallback` (where
    /// the column knows it) for those where the AI fell back.
    fn intent_test(&self, column: PackedColumn, names: &[String], falls_back: bool) -> Result<Test> {
        let all = self.intent_names()?;
        let mut ids = Vec::new();
        let mut fallback = false;
        for name in names {
            match name.to_lowercase().as_str() {
                "fallback" if falls_back => fallback = true,
                "none" => ids.push(0),
                _ => {
                    let meant = all.today(self.intent(name)?);
                    let same = all.all().filter(|&i| all.today(i) == meant);
                    ids.extend(same.filter_map(|i| u32::try_from(i.0).ok()));
                }
            }
        }
        ids.sort_unstable();
        Ok(Test::Name { column, ids, fallback })
    }

    fn flag_test(&self, flag: Flag) -> Result<Test> {
        let kind = |kind: Kind| [Value::Integer(kind.code())];
        match flag {
            Flag::Mismatch => Ok(Test::codes(StateField::MISMATCH, [1])),
            Flag::Counted => Ok(Test::Counted),
            Flag::Pinned => self.set("SELECT subject FROM current WHERE kind = ?", kind(Kind::Pin)),
            // The open half: sealed texts are never listed beside results (rule 12).
            Flag::Gold => self.set(&GOLD_SQL, []),
            Flag::Fixed => self.set(FLIPS_SQL, [Value::Text(FlipKind::Fixed.name().to_owned())]),
            Flag::Broken => self.set(FLIPS_SQL, [Value::Text(FlipKind::Broken.name().to_owned())]),
            Flag::Disputed => Ok(Test::Among(Arc::new(self.disputed_conversations()?))),
            Flag::Orphaned => self.set(&format!("SELECT subject FROM ({})", *ORPHANED), []),
            Flag::Reworded => self.set(&format!("SELECT subject FROM ({REWORDED})"), []),
            Flag::Changed if self.replayed_release()?.is_none() => {
                Err(no_data("is:changed", "no release has been replayed; `appraise replay` does"))
            }
            Flag::Changed => self.set("SELECT conversation FROM replayed", []),
            Flag::Zombie | Flag::Again if !self.names_customers()? => {
                let what = if flag == Flag::Zombie { "is:zombie" } else { "is:again" };
                Err(no_data(what, "the log names no customers; the field customer_id of an import does"))
            }
            Flag::Again => self.set(AGAIN_SQL, []),
            Flag::Zombie => self.set(&ZOMBIE_SQL, [Value::Integer(RETURN_WITHIN)]),
            Flag::SentimentLabelled => self.set(&format!("SELECT k.subject FROM {FELT_LABELS}"), kind(Kind::Sentiment)),
        }
    }

    /// Of labelled conversations SQL says what stands below the label: the column holds the label alone.
    fn felt_test(&self, cmp: Cmp, x: f64) -> Result<Test> {
        let is = match cmp {
            Cmp::Less => "<",
            Cmp::AtMost => "<=",
            Cmp::More => ">",
            Cmp::AtLeast => ">=",
            Cmp::Equal => "=",
        };
        let passing = format!(
            "SELECT k.subject FROM {FELT_LABELS} AND (SELECT coalesce(c.felt, c.sentiment) FROM conversation c WHERE c.id = k.subject) {is} ?"
        );
        let kind = || Value::Integer(Kind::Sentiment.code());
        let labelled = self.row_set(&format!("SELECT k.subject FROM {FELT_LABELS}"), [kind()])?;
        let passing = self.row_set(&passing, [kind(), Value::Real(x)])?;
        Ok(Test::Felt { cmp, x: x as f32, labelled: Arc::new(labelled), passing: Arc::new(passing) })
    }

    fn term_test(&self, column: PackedColumn, kind: i64, names: &[String]) -> Result<Test> {
        let mut lower: Vec<String> = names.iter().map(|n| n.to_lowercase()).collect();
        // Greek is Greek in whichever letters (rule 50).
        if kind == LANGUAGE && lower.iter().any(|n| n == "el") {
            lower.push(GREEK_IN_LATIN.to_lowercase());
        }
        let known: Vec<(u32, String)> = self
            .conn
            .prepare_cached("SELECT id, text FROM term WHERE kind = ?")
            .and_then(|mut s| s.query_map([kind], |r| Ok((r.get(0)?, r.get(1)?))).and_then(Iterator::collect))
            .doing("looking up names")?;
        if known.is_empty() {
            let what = if kind == CHANNEL { "channel:" } else { "lang:" };
            return Err(no_data(what, "no imported conversation says it"));
        }
        let mut ids: Vec<u32> =
            known.into_iter().filter(|(_, text)| lower.contains(&text.to_lowercase())).map(|(id, _)| id).collect();
        ids.sort_unstable();
        Ok(Test::Name { column, ids, fallback: false })
    }
}

pub(in crate::store) const CUSTOMER_SQL: &str =
    "SELECT c.id FROM json_each(?) n JOIN conversation c ON c.customer = n.value AND c.customer IS NOT NULL";

/// Of which conversations a reviewer said how the customer felt.
const FELT_LABELS: &str = "current k WHERE k.kind = ? AND k.turn = -1 AND k.value IS NOT NULL";

/// On what reviewers have decided.
pub(in crate::store) static REVIEWER_SQL: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT k.subject FROM json_each(?) n JOIN reviewer r ON r.name = n.value JOIN current k ON k.reviewer = r.id
    WHERE k.kind < {BEYOND_CONVERSATIONS}"
    )
});

/// Audit items of an open cycle stay hidden: they are labelled blind (rule 11).
pub(in crate::store) const CYCLE_SQL: &str =
    "SELECT i.conversation FROM json_each(?) n JOIN cycle y ON y.name = n.value JOIN cycle_item i ON i.cycle = y.id
    WHERE i.audit = 0 OR y.closed_at IS NOT NULL";

/// Resolved, and the customer came back on the same matter within a number of milliseconds (rule 7): what `stats` counts as reopened.
static ZOMBIE_SQL: LazyLock<String> = LazyLock::new(|| {
    format!("WITH matter AS (
        SELECT c.id, customer, (SELECT coalesce(i.stands, i.id) FROM intent i WHERE i.id = coalesce((SELECT CAST(value AS INTEGER)
            FROM current l WHERE l.subject = c.id AND l.kind = {LABEL} AND l.turn = c.first_turn), c.first_intent, {topic})) AS intent,
            coalesce(started_at, last_at) AS begun, last_at, outcome
        FROM conversation c WHERE customer IS NOT NULL AND traffic = 1 AND has_ai = 1 AND last_at > 0)
    SELECT id FROM (SELECT id, outcome, intent, lead(begun) OVER (PARTITION BY customer, intent ORDER BY begun) - last_at AS gap
        FROM matter) WHERE intent IS NOT NULL AND outcome = {RESOLVED} AND gap <= ?", topic = *TOPIC_OF)
});

/// The customer had come before.
const AGAIN_SQL: &str =
    "SELECT id FROM (SELECT id, row_number() OVER (PARTITION BY customer ORDER BY last_at, id) AS nth
    FROM conversation WHERE customer IS NOT NULL) WHERE nth > 1";

pub(in crate::store) static GOLD_SQL: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT turn >> 20 FROM gold_item WHERE version = (SELECT max(version) FROM gold_version) AND half = {OPEN_HALF}"
    )
});

const FLIPS_SQL: &str = "SELECT json_extract(f.value, '$.n') FROM comparison x, json_each(x.report, '$.open.flips') f
    WHERE x.id = (SELECT max(id) FROM comparison) AND json_extract(f.value, '$.kind') = ?";

impl crate::store::intents::names::IntentNames {
    /// The place of each intent by its name today, by row.
    pub(in crate::store) fn ranks(&self) -> Vec<i64> {
        let mut named: Vec<(String, i64)> = self.all().map(|i| (self.name(self.today(i)), i.0)).collect();
        named.sort();
        let last = named.iter().map(|(_, id)| *id).max().unwrap_or(0);
        let mut ranks = vec![i64::MAX >> 1; usize::try_from(last).unwrap_or(0) + 1];
        let mut place = 0;
        for (i, (name, id)) in named.iter().enumerate() {
            // Merged intents go by one name and stand together.
            place += i64::from(i > 0 && *name != named[i - 1].0);
            ranks[*id as usize] = place;
        }
        ranks
    }
}

pub(in crate::store) fn no_data(what: &str, why: &str) -> StoreError {
    StoreError::refused(format!("{what} has no data yet: {why}"))
}

/// What full-text search is asked for a filter; `None` for one that is about something else.
pub(in crate::store) fn pattern(filter: &Filter) -> Option<String> {
    match filter {
        Filter::Words(words) => Some(match_words(words)),
        Filter::Phrase(phrase) => Some(match_phrase(phrase)),
        _ => None,
    }
}

/// All words, the last one as a prefix. Quoting makes every character harmless to FTS5.
fn match_words(words: &str) -> String {
    let folded = text::fold::fold(words);
    let greek = Greek::of(&folded);
    let all: Vec<&str> = text::fold::words(&folded).collect();
    let one = |(i, word): (usize, &&str)| {
        let prefix = if i + 1 == all.len() { "*" } else { "" };
        let plain = format!("\"{}\"{prefix}", spread(word));
        // A Greek word is also found as it is written in the other script, any in its other spelling.
        let other = match text::fold::unified(word) {
            _ if greek.has(word) => format!("{SOUND}{}", key_of(word)),
            unified if unified != **word => spread(&unified).into_owned(),
            _ => return plain,
        };
        format!("({plain} OR \"{other}\"{prefix})")
    };
    all.iter().enumerate().map(one).collect::<Vec<_>>().join(" AND ")
}

fn match_phrase(phrase: &str) -> String {
    let folded = text::fold::fold(phrase);
    let greek = Greek::of(&folded);
    let words: Vec<Cow<'_, str>> = text::fold::words(&folded).map(spread).collect();
    if words.is_empty() {
        return String::new();
    }
    let unified = text::fold::unified(&folded);
    let other: Vec<Cow<'_, str>> = text::fold::words(&unified).map(spread).collect();
    let heard = |w| if greek.has(w) { format!("{SOUND}{}", key_of(w)).into() } else { spread(w) };
    let sounds: Vec<Cow<'_, str>> = text::fold::words(&folded).map(heard).collect();
    let mut ways = vec![words, other, sounds];
    ways.dedup();
    let phrases: Vec<String> = ways.iter().map(|words| format!("\"{}\"", words.join(" "))).collect();
    match &phrases[..] {
        [one] => one.clone(),
        several => format!("({})", several.join(" OR ")),
    }
}

/// Only letters and digits are looked for: signs and emoji alone would find everything or nothing.
fn nothing_to_search(filter: &Filter) -> StoreError {
    let sign = filter.to_string();
    StoreError::refused(format!(
        "there is nothing to search for in {}: words are found by letters and digits",
        text::clean(&sign)
    ))
}

/// What the queue shows when nobody asked for anything else: open failures and escalations, test groups left out.
pub fn default_query() -> Query {
    let default = Query::default();
    default
        .with(Filter::Outcome(vec![Outcome::Failed, Outcome::Escalated]))
        .with(Filter::Status(vec![Review::Open]))
        .with(Filter::Test(TestGroups::Hidden))
}
