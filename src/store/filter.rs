//! The query language as SQL.

use super::{Doing, Result, Store, StoreError};
use crate::domain::{Cmp, Filter, Flag, FlipKind, IntentId, Kind, Outcome, Query, Review, Term, Timestamp, When};
use crate::text;
use rusqlite::types::Value;

/// A reviewer's word on the sentiment, else the log's.
const SENTIMENT: &str = "coalesce((SELECT CAST(k.value AS REAL) FROM current k WHERE k.subject = c.id AND k.kind = 5 AND k.turn = -1), c.sentiment)";

/// Conditions over `conversation AS c`, joined by AND, with their parameters in order.
#[derive(Debug, Default)]
pub(super) struct Conditions {
    pub sql: Vec<String>,
    pub params: Vec<Value>,
}

impl Conditions {
    pub fn add(&mut self, sql: impl Into<String>, params: impl IntoIterator<Item = Value>) {
        self.sql.push(sql.into());
        self.params.extend(params);
    }

    /// The WHERE clause, `1` when there is no condition.
    pub fn clause(&self) -> String {
        if self.sql.is_empty() { "1".to_owned() } else { self.sql.join(" AND ") }
    }
}

impl Store {
    /// The conditions of a query.
    ///
    /// # Errors
    /// It names an intent, reviewer or cycle that does not exist, or a field that has no data yet.
    pub(super) fn conditions(&self, query: &Query, now: Timestamp) -> Result<Conditions> {
        let mut out = Conditions::default();
        for Term { negated, filter } in &query.terms {
            let (sql, params) = self.condition(filter, now)?;
            // A condition on a missing value is neither true nor false; its opposite must still be true.
            out.add(if *negated { format!("NOT coalesce({sql}, 0)") } else { sql }, params);
        }
        Ok(out)
    }

    fn condition(&self, filter: &Filter, now: Timestamp) -> Result<(String, Vec<Value>)> {
        let text = |s: &String| Value::Text(s.clone());
        Ok(match filter {
            Filter::Words(words) => search(&match_words(words)),
            Filter::Phrase(phrase) => search(&match_phrase(phrase)),
            Filter::Outcome(list) => any_of("c.outcome", list.iter().map(|o| o.code())),
            Filter::Status(list) => any_of("c.review", list.iter().map(|r| r.code())),
            Filter::Cause(list) => any_of("c.cause", list.iter().map(|x| x.code())),
            Filter::Intent(names) => self.intent_condition("c.intent", names, "c.fallback = 1")?,
            Filter::Suggested(names) => self.intent_condition("c.suggested", names, "0")?,
            Filter::Label(names) => self.intent_condition("c.label", names, "0")?,
            Filter::Confidence(cmp, x) => compare("coalesce(c.suggested_confidence, c.confidence)", *cmp, *x),
            Filter::Csat(cmp, x) => compare("c.csat", *cmp, *x),
            Filter::Sentiment(cmp, x) => compare(SENTIMENT, *cmp, *x),
            Filter::Since(when) => ("c.last_at >= ?".to_owned(), vec![Value::Integer(moment(*when, now))]),
            Filter::Before(when) => {
                ("(c.last_at < ? AND c.last_at > 0)".to_owned(), vec![Value::Integer(moment(*when, now))])
            }
            Filter::Channel(names) => self.term_condition("c.channel", super::conversations::CHANNEL, names)?,
            Filter::Lang(names) => self.term_condition("c.language", super::conversations::LANGUAGE, names)?,
            Filter::Customer(ids) => (format!("c.customer IN ({})", marks(ids.len())), ids.iter().map(text).collect()),
            Filter::Reviewer(names) => (
                format!(
                    "c.id IN (SELECT d.subject FROM current d JOIN reviewer r ON r.id = d.reviewer
                     WHERE d.kind < {} AND r.name IN ({}))",
                    Kind::IntentName.code(),
                    marks(names.len())
                ),
                names.iter().map(text).collect(),
            ),
            // Audit items of an open cycle stay hidden: they are labelled blind (rule 11).
            Filter::Cycle(names) => (
                format!(
                    "c.id IN (SELECT i.conversation FROM cycle_item i JOIN cycle y ON y.id = i.cycle
                     WHERE y.name IN ({}) AND (i.audit = 0 OR y.closed_at IS NOT NULL))",
                    marks(names.len())
                ),
                names.iter().map(text).collect(),
            ),
            Filter::Cluster(_) => return Err(no_data("cluster:", "conversations have not been clustered")),
            Filter::Is(flag) => self.flag_condition(*flag)?,
        })
    }

    /// Intents by today's name, whatever the log called them; `none` for conversations without one.
    fn intent_condition(&self, column: &str, names: &[String], fallback: &str) -> Result<(String, Vec<Value>)> {
        let all = self.intent_names()?;
        let mut ids = Vec::new();
        let mut also = Vec::new();
        for name in names {
            match name.to_lowercase().as_str() {
                "fallback" if fallback != "0" => also.push(fallback.to_owned()),
                "none" => also.push(format!("{column} IS NULL")),
                lower => {
                    let found = all.called(lower);
                    if found.is_empty() {
                        self.intent(name)?;
                    }
                    ids.extend(found.into_iter().map(|i| i.0));
                }
            }
        }
        if !ids.is_empty() {
            also.push(format!("{column} IN ({})", marks(ids.len())));
        }
        Ok((format!("({})", also.join(" OR ")), ids.into_iter().map(Value::Integer).collect()))
    }

    fn flag_condition(&self, flag: Flag) -> Result<(String, Vec<Value>)> {
        let flips = |kind: FlipKind| {
            format!(
                "c.id IN (SELECT json_extract(f.value, '$.n') FROM comparison x, json_each(x.report, '$.open.flips') f
                 WHERE x.id = (SELECT max(id) FROM comparison) AND json_extract(f.value, '$.kind') = '{}')",
                kind.name()
            )
        };
        let sql = match flag {
            Flag::Mismatch => "c.mismatch = 1".to_owned(),
            Flag::Pinned => {
                format!("EXISTS(SELECT 1 FROM current p WHERE p.subject = c.id AND p.kind = {})", Kind::Pin.code())
            }
            // The open half: sealed texts are never listed beside results (rule 12).
            Flag::Gold => {
                "EXISTS(SELECT 1 FROM gold_item g WHERE g.version = (SELECT max(version) FROM gold_version) AND g.half = 1
                AND g.turn >= c.id << 20 AND g.turn < (c.id + 1) << 20)"
                    .to_owned()
            }
            Flag::Fixed => flips(FlipKind::Fixed),
            Flag::Broken => flips(FlipKind::Broken),
            Flag::Disputed => {
                let found = Value::Text(self.disputed_conversations()?);
                return Ok(("c.id IN (SELECT value FROM json_each(?))".to_owned(), vec![found]));
            }
            Flag::Zombie => return Err(no_data("is:zombie", "returns of customers have not been computed")),
        };
        Ok((sql, Vec::new()))
    }

    fn term_condition(&self, column: &str, kind: i64, names: &[String]) -> Result<(String, Vec<Value>)> {
        let lower: Vec<Value> = names.iter().map(|n| Value::Text(n.to_lowercase())).collect();
        let sql = format!(
            "{column} IN (SELECT id FROM term WHERE kind = {kind} AND lower(text) IN ({}))",
            marks(lower.len())
        );
        let known: i64 = self
            .conn
            .query_row("SELECT count(*) FROM term WHERE kind = ?", [kind], |r| r.get(0))
            .doing("looking up names")?;
        if known == 0 {
            let what = if kind == super::conversations::CHANNEL { "channel:" } else { "lang:" };
            return Err(no_data(what, "no imported conversation says it"));
        }
        Ok((sql, lower))
    }
}

impl super::intents::IntentNames {
    /// All intents that today go by a name (lower case).
    fn called(&self, lower: &str) -> Vec<IntentId> {
        self.all().filter(|&i| self.name(self.today(i)).to_lowercase() == lower).collect()
    }
}

pub(super) fn no_data(what: &str, why: &str) -> StoreError {
    StoreError::refused(format!("{what} has no data yet: {why}"))
}

fn search(pattern: &str) -> (String, Vec<Value>) {
    if pattern.is_empty() {
        return ("1".to_owned(), Vec::new());
    }
    ("c.id IN (SELECT rowid FROM search WHERE search MATCH ?)".to_owned(), vec![Value::Text(pattern.to_owned())])
}

/// All words, the last one as a prefix. Quoting makes every character harmless to FTS5.
fn match_words(words: &str) -> String {
    let folded = text::fold::fold(words);
    let quoted: Vec<String> = text::fold::words(&folded).map(|w| format!("\"{w}\"")).collect();
    if quoted.is_empty() { String::new() } else { format!("{}*", quoted.join(" AND ")) }
}

fn match_phrase(phrase: &str) -> String {
    let folded = text::fold::fold(phrase);
    let words: Vec<&str> = text::fold::words(&folded).collect();
    if words.is_empty() { String::new() } else { format!("\"{}\"", words.join(" ")) }
}

fn any_of(column: &str, codes: impl Iterator<Item = i64>) -> (String, Vec<Value>) {
    let params: Vec<Value> = codes.map(Value::Integer).collect();
    (format!("{column} IN ({})", marks(params.len())), params)
}

fn compare(column: &str, cmp: Cmp, x: f64) -> (String, Vec<Value>) {
    let sign = match cmp {
        Cmp::Less => "<",
        Cmp::AtMost => "<=",
        Cmp::More => ">",
        Cmp::AtLeast => ">=",
        Cmp::Equal => "=",
    };
    (format!("{column} {sign} ?"), vec![Value::Real(x)])
}

fn moment(when: When, now: Timestamp) -> i64 {
    match when {
        When::Ago(ms) => now.plus(-ms).0,
        When::At(t) => t.0,
    }
}

fn marks(n: usize) -> String {
    vec!["?"; n].join(", ")
}

/// What the queue shows when nobody asked for anything else: open failures and escalations.
pub fn default_query() -> Query {
    let term = |filter| Term { negated: false, filter };
    Query {
        terms: vec![
            term(Filter::Outcome(vec![Outcome::Failed, Outcome::Escalated])),
            term(Filter::Status(vec![Review::Open])),
        ],
    }
}
