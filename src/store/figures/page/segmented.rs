//! How the last seven days went by language, channel and intent, each with the query that finds exactly what was counted, and what
//! moved a definition.

use super::counted::{finished, joined};
use super::{DefinitionMark, MovedTo, Period, SegmentKind, SegmentLine, SegmentPage};
use crate::domain::query::quoted_name;
use crate::domain::{IntentId, Kind, Outcome, Timestamp};
use crate::store::codes::{CHANNEL, LANGUAGE};
use crate::store::decisions::reviewers::IMPORTER;
use crate::store::queue::columns::{Chunk, ColumnSet, PackedColumn, StateField};
use crate::store::{DoingWhat, PeriodBasis, Result, Store};
use crate::text::language::GREEK_IN_LATIN;
use rusqlite::Row;
use std::collections::BTreeMap;

/// Resolved, escalated, failed, abandoned by row of a name.
type Ends = BTreeMap<u32, [u64; 4]>;
/// The same by name; an empty name: not said.
type ByName = BTreeMap<String, [u64; 4]>;

impl Store {
    /// The segments of the last seven days, the seven before and day one beside them; the most used first.
    pub(in crate::store::figures) fn read_segment_page(&self, now: Timestamp) -> Result<SegmentPage> {
        let (zone, times) = (self.zone()?, self.times(now)?);
        let (basis, this, last) = self.periods(zone, times.newest(), now)?;
        let day_one = self.day_one(zone, now)?.filter(|d| !d.overlaps(&this));
        let left_out = self.holds()?.left_out() > 0;
        let within = match (&basis, left_out) {
            (PeriodBasis::All, false) => "test:shown",
            (PeriodBasis::All, true) => "is:counted test:shown",
            (_, false) => "since:7d test:shown",
            (_, true) => "since:7d is:counted test:shown",
        };
        // What does not say how it ended is of no segment.
        let ended = if left_out { "" } else { "outcome:resolved,escalated,failed,abandoned " };
        let mut lines = Vec::new();
        let languages_unread = self.languages_unread()?;
        let kinds = [SegmentKind::Language, SegmentKind::Channel, SegmentKind::Intent];
        for kind in kinds.into_iter().skip(usize::from(languages_unread)) {
            let of = |p: Option<&Period>| p.map_or(Ok(BTreeMap::new()), |p| self.ends_of(kind, p));
            let (now, before, first) = (of(Some(&this))?, of(last.as_ref())?, of(day_one.as_ref())?);
            let known: Vec<String> = now.keys().filter(|name| !name.is_empty()).cloned().collect();
            let mut found: Vec<SegmentLine> = now
                .iter()
                .map(|(name, ends)| {
                    let pair = |all: &ByName| {
                        let ends = all.get(name).copied().unwrap_or_default();
                        (ends[0], ends.iter().sum())
                    };
                    let what = finds(kind, name, &known);
                    let query = format!("{what}{}{ended}{within}", if what.is_empty() { "" } else { " " });
                    SegmentLine {
                        kind,
                        name: name.clone(),
                        query,
                        ends: *ends,
                        before: pair(&before),
                        first: pair(&first),
                    }
                })
                .collect();
            found.sort_by(|a, b| b.n().cmp(&a.n()).then(a.name.cmp(&b.name)));
            // One that is all says nothing.
            if found.len() > 1 {
                lines.extend(found);
            }
        }
        let all = (this.resolved, this.n());
        let one_kind = self.read_one_kind_of_end()?;
        Ok(SegmentPage { basis, lines, all, has_day_one: day_one.is_some(), zone, languages_unread, one_kind })
    }

    /// How the conversations of a period ended.
    fn ends_of(&self, kind: SegmentKind, period: &Period) -> Result<ByName> {
        let column = match kind {
            SegmentKind::Language => PackedColumn::Language,
            SegmentKind::Channel => PackedColumn::Channel,
            SegmentKind::Intent => PackedColumn::Matter,
        };
        let look = |ends: &mut Ends, chunk: &Chunk, at: usize| {
            let outcome = Outcome::from_code(i64::from(StateField::OUTCOME.of(chunk.state[at])));
            let place = match outcome {
                Some(Outcome::Resolved) => 0,
                Some(Outcome::Escalated) => 1,
                Some(Outcome::Failed) => 2,
                _ => 3,
            };
            ends.entry(chunk.names(column)[at]).or_default()[place] += 1;
        };
        let read = ColumnSet::of(&[PackedColumn::LastAt, PackedColumn::State, column]);
        let rows = finished(period.from, period.to).fold(&*self.columns(read)?, look, joined);
        let names = self.intent_names()?;
        let mut out: ByName = BTreeMap::new();
        for (row, ends) in rows {
            let name = match (kind, row) {
                (_, 0) => String::new(),
                (SegmentKind::Intent, row) => names.name(names.today(IntentId(row.into()))),
                // As the query language compares them.
                (SegmentKind::Channel, row) => self.term_named(row, CHANNEL)?.to_lowercase(),
                (SegmentKind::Language, row) => self.term_named(row, LANGUAGE)?.to_lowercase(),
            };
            out.entry(name).or_default().iter_mut().zip(ends).for_each(|(sum, n)| *sum += n);
        }
        Ok(out)
    }

    fn term_named(&self, row: u32, kind: i64) -> Result<String> {
        self.conn
            .prepare_cached("SELECT text FROM term WHERE id = ? AND kind = ?")
            .and_then(|mut s| s.query_row([i64::from(row), kind], |r| r.get(0)))
            .doing("reading a name")
    }

    /// What moved a definition, oldest first: another zone, intents that people added, merged or retired, a new test set.
    pub(super) fn definition_marks(&self) -> Result<Vec<DefinitionMark>> {
        let sql = format!(
            "SELECT d.at, 0, coalesce(d.after, 'UTC') FROM decision d WHERE d.kind = ?1
            UNION ALL SELECT d.at, 1, d.after FROM decision d JOIN reviewer r ON r.id = d.reviewer
                WHERE d.kind = ?2 AND r.role < {IMPORTER} AND d.after IS NOT NULL
            UNION ALL SELECT g.at, 2, CAST(g.version AS TEXT) FROM gold_version g ORDER BY 1"
        );
        let read = |r: &Row<'_>| {
            let (kind, what): (i64, String) = (r.get(1)?, r.get(2)?);
            let moved = match kind {
                0 => MovedTo::Zone(what),
                1 => MovedTo::Intents,
                _ => MovedTo::Gold(what.parse().unwrap_or_default()),
            };
            Ok(DefinitionMark { at: Timestamp(r.get(0)?), moved })
        };
        self.conn
            .prepare_cached(&sql)
            .and_then(|mut s| {
                s.query_map([Kind::Zone.code(), Kind::IntentState.code()], read).and_then(Iterator::collect)
            })
            .doing("reading what moved a definition")
    }
}

/// The term of a query that finds a segment.
fn finds(kind: SegmentKind, name: &str, known: &[String]) -> String {
    let key = match kind {
        SegmentKind::Language => "lang",
        SegmentKind::Channel => "channel",
        SegmentKind::Intent => "intent",
    };
    match (kind, name) {
        (SegmentKind::Intent, "") => "intent:none".to_owned(),
        (_, "") => known.iter().map(|n| format!("-{key}:{}", quoted_name(n))).collect::<Vec<_>>().join(" "),
        // Greek means both scripts there (rule 50); this line is of one.
        (SegmentKind::Language, "el") if known.iter().any(|n| n.eq_ignore_ascii_case(GREEK_IN_LATIN)) => {
            format!("lang:el -lang:{GREEK_IN_LATIN}")
        }
        _ => format!("{key}:{}", quoted_name(name)),
    }
}
