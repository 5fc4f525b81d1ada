//! Counting conversations: each once, or for as many as it stands for.

use super::segments::{ExcludedCounts, SegmentBy};
use super::span::Span;
use super::tally::{CountedGroups, WeightTally};
use super::weighing::Weighing;
use crate::domain::{IntentId, OneKindOfEnd, Outcome, Resolution, Role};
use crate::store::codes::{ABANDONED, DERIVED, PENDING, RESOLVED, SAID_BY_PEOPLE, UNKNOWN};
use crate::store::{DoingWhat, Result, Store};
use rusqlite::{Row, params};
use std::cell::Cell;

/// The only kind of end that is told, and at which state of the store that was so.
#[derive(Default)]
struct KeptKind(Cell<Option<([i64; 3], Option<OneKindOfEnd>)>>);

impl Store {
    /// Finished conversations in segments: those that were counted whole, where they can be told apart so, and rows. Weeks and
    /// months in their order, others by how many they hold.
    pub(in crate::store::figures) fn segments(
        &self,
        within: Span,
        by: SegmentBy,
        ahead: &str,
        weighing: &Weighing,
    ) -> Result<Vec<(Option<String>, CountedGroups)>> {
        let outcome = |o: Outcome| format!("sum({} * (c.outcome = {}))", weighing.weight(), o.code());
        let sql = format!(
            "{with}SELECT CAST({key} AS TEXT), {group}, {}, {}, {}, {},
                sum({weight} * (c.outcome = {RESOLVED} AND c.resolution IS {confirmed})),
                sum({weight} * (c.outcome = {RESOLVED} AND c.resolution IS NOT {confirmed})),
                sum({weight} * (c.csat IS NOT NULL)), sum({weight} * coalesce(c.csat >= 4, 0))
             FROM conversation c{join} WHERE c.traffic = 1 AND c.has_ai = 1 AND c.outcome BETWEEN {RESOLVED} AND {ABANDONED}
                AND c.last_at >= ? AND c.last_at < ?{besides}
             GROUP BY 1, 2",
            outcome(Outcome::Resolved),
            outcome(Outcome::Escalated),
            outcome(Outcome::Failed),
            outcome(Outcome::Abandoned),
            confirmed = Resolution::Confirmed.code(),
            with = weighing.with(),
            key = by.sql(ahead),
            group = weighing.group(),
            weight = weighing.weight(),
            join = weighing.join(),
            besides = weighing.besides(),
        );
        let read = |r: &Row<'_>| {
            let tally = WeightTally {
                outcomes: [r.get(2)?, r.get(3)?, r.get(4)?, r.get(5)?],
                confirmed: r.get(6)?,
                assumed: r.get(7)?,
                rated: r.get(8)?,
                satisfied: r.get(9)?,
                ..WeightTally::default()
            };
            Ok((r.get::<_, Option<String>>(0)?, r.get::<_, Option<i64>>(1)?, tally))
        };
        let rows: Vec<(Option<String>, Option<i64>, WeightTally)> = self
            .conn
            .prepare_cached(&sql)
            .and_then(|mut s| s.query_map([within.from, within.to], read).and_then(Iterator::collect))
            .doing("counting outcomes")?;
        let names = self.intent_names()?;
        let mut out = self.counted_weeks(weighing, by)?;
        out.values_mut().for_each(|counted| counted.whole = counted.whole.finished());
        for (key, group, tally) in rows {
            let name = match by {
                SegmentBy::Cause => key.as_deref().and_then(cause_name),
                SegmentBy::Intent => {
                    let id = key.and_then(|row| row.parse().ok()).map(IntentId);
                    id.map(|id| names.name(names.today(id)))
                }
                _ => key,
            };
            out.entry(name).or_default().of(group).add(&tally);
        }
        out.retain(|_, counted| counted.sum(WeightTally::n) > 0);
        let mut segments: Vec<(Option<String>, CountedGroups)> = out.into_iter().collect();
        if !matches!(by, SegmentBy::Week | SegmentBy::Month) {
            segments.sort_by_key(|(_, counted)| std::cmp::Reverse(counted.sum(WeightTally::n)));
        }
        Ok(segments)
    }

    /// The only kind of end that is told, kept until a conversation comes or changes.
    pub(in crate::store::figures) fn read_one_kind_of_end(&self) -> Result<Option<OneKindOfEnd>> {
        let newest = self.number("SELECT max(id) FROM conversation")?.unwrap_or(0);
        let counted = self.number("SELECT sum(outcome * n) FROM traffic")?.unwrap_or(0);
        let now = [self.last_change()?, newest, counted];
        let kept = self.kept.of::<KeptKind>();
        if let Some((_, kind)) = kept.0.get().filter(|(then, _)| *then == now) {
            return Ok(kind);
        }
        let kind = self.look_for_one_kind_of_end()?;
        // What stands in a transaction may be taken back.
        if self.conn.is_autocommit() {
            kept.0.set(Some((now, kind)));
        }
        Ok(kind)
    }

    /// The only kind of end that is told; `None` where the log says how any conversation ended, or both kinds could be told from how they
    /// went. Silence is neither: it tells of no failure where nothing else does. What people say makes a rate once it is of as many
    /// conversations: a few are picked. Reads rows until that is clear: all of them only where there is one kind.
    fn look_for_one_kind_of_end(&self) -> Result<Option<OneKindOfEnd>> {
        let doing = "looking for what tells how conversations ended";
        // How the log has it, whatever people have said since; weeks that were only counted were told by the same rules.
        let sql = format!(
            "SELECT logged_outcome, logged_source = {DERIVED}, outcome_source = {SAID_BY_PEOPLE} FROM conversation
                WHERE traffic = 1 AND has_ai = 1 UNION ALL SELECT outcome, 1, 0 FROM traffic"
        );
        let mut statement = self.conn.prepare_cached(&sql).doing(doing)?;
        let mut rows = statement.query([]).doing(doing)?;
        let (mut helped, mut failing, mut left, mut by_people) = (0_u64, 0_u64, 0_u64, 0_u64);
        while let Some(r) = rows.next().doing(doing)? {
            by_people += u64::from(r.get::<_, bool>(2).doing(doing)?);
            *match Outcome::from_code(r.get(0).doing(doing)?) {
                Some(Outcome::Resolved) => &mut helped,
                Some(Outcome::Failed | Outcome::Escalated) => &mut failing,
                Some(Outcome::Abandoned) => &mut left,
                Some(Outcome::Pending | Outcome::Unknown) | None => continue,
            } += 1;
            let is_derived: bool = r.get(1).doing(doing)?;
            if !is_derived || (helped > 0 && failing > 0) {
                return Ok(None);
            }
        }
        let told = helped + failing + left;
        let kind = if helped > 0 { OneKindOfEnd::Helped } else { OneKindOfEnd::NotHelped };
        Ok((told > by_people).then_some(kind))
    }

    /// What does not count, each conversation once, under the first reason that holds; `total` gets what nobody knows the end of.
    pub(in crate::store::figures) fn excluded(
        &self,
        within: Span,
        weighing: &Weighing,
        total: &mut CountedGroups,
    ) -> Result<ExcludedCounts> {
        let sum = |condition: &str| format!("sum({} * ({condition}))", weighing.weight());
        let sql = format!(
            "{}SELECT {}, {}, {}, {}, {}, {} FROM conversation c{} WHERE c.last_at >= ?1{} GROUP BY 1",
            weighing.with(),
            weighing.group(),
            sum("c.last_at < ?2 AND c.traffic = 0"),
            sum("c.last_at < ?2 AND c.traffic = 1 AND c.has_ai = 0"),
            sum(&format!("c.last_at < ?2 AND c.traffic = 1 AND c.has_ai = 1 AND c.outcome = {PENDING}")),
            sum(&format!("c.last_at < ?2 AND c.traffic = 1 AND c.has_ai = 1 AND c.outcome = {UNKNOWN}")),
            sum("c.last_at >= ?2"),
            weighing.join(),
            weighing.besides(),
        );
        let mut statement = self.conn.prepare_cached(&sql).doing("counting what does not count")?;
        let mut rows = statement.query([within.from, within.to]).doing("counting what does not count")?;
        let mut sums = [0.0; 3];
        while let Some(r) = rows.next().doing("counting what does not count")? {
            let read = |i: usize| r.get::<_, f64>(i).doing("counting what does not count");
            let tally = total.of(r.get(0).doing("counting what does not count")?);
            tally.pending += read(3)?;
            tally.unknown += read(4)?;
            for (sum, i) in sums.iter_mut().zip([1, 2, 5]) {
                *sum += read(i)?;
            }
        }
        let [not_traffic, no_ai, ahead] = sums.map(|sum| sum.round() as u64);
        let (pending, unknown) = (total.sum(|t| t.pending), total.sum(|t| t.unknown));
        Ok(ExcludedCounts { unknown, pending, not_traffic, no_ai, ahead })
    }

    /// User turns, and those that hit the fallback.
    pub(in crate::store::figures) fn count_turns(
        &self,
        within: Span,
        weighing: &Weighing,
        total: &mut CountedGroups,
    ) -> Result<()> {
        // A range of row numbers for each conversation; left alone, SQLite builds an index of all turns instead.
        let sql = format!(
            "{}SELECT {}, coalesce(sum({weight} * t.fallback), 0), coalesce(sum({weight}), 0) FROM conversation c{}
            CROSS JOIN turn t NOT INDEXED ON t.id >= c.id << 20 AND t.id < (c.id + 1) << 20
            WHERE c.last_at >= ? AND c.last_at < ? AND c.traffic = 1 AND c.has_ai = 1 AND t.role = ? AND t.payload = 0{} GROUP BY 1",
            weighing.with(),
            weighing.group(),
            weighing.join(),
            weighing.besides(),
            weight = weighing.weight(),
        );
        let mut statement = self.conn.prepare_cached(&sql).doing("counting fallbacks")?;
        let mut rows =
            statement.query(params![within.from, within.to, Role::User.code()]).doing("counting fallbacks")?;
        while let Some(r) = rows.next().doing("counting fallbacks")? {
            let read = |i: usize| r.get::<_, f64>(i).doing("counting fallbacks");
            let tally = total.of(r.get(0).doing("counting fallbacks")?);
            tally.fallbacks += read(1)?;
            tally.turns += read(2)?;
        }
        Ok(())
    }
}

fn cause_name(code: &str) -> Option<String> {
    let code = code.parse().ok()?;
    crate::domain::Cause::from_code(code).map(|c| c.name().to_owned())
}

/// Everything together.
pub(in crate::store::figures) fn total_of(segments: &[(Option<String>, CountedGroups)]) -> CountedGroups {
    let mut total = CountedGroups::default();
    segments.iter().for_each(|(_, counted)| total.add(counted));
    total
}
