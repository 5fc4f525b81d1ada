//! Failure modes: how many conversations are in each, by cycle, what notes propose, and whether there are more to find.

use crate::base::counted::count;
use crate::domain::query::quoted_name;
use crate::domain::{Cause, Kind, ModeId, PatternKind};
use crate::learn::judge::forecast::unseen;
use crate::store::codes::{ESCALATED, FAILED, REVIEWED, TRAINING};
use crate::store::{DoingWhat, ModeRow, Result, Store};
use rusqlite::params;
use serde::Serialize;
use std::collections::BTreeMap;

/// Audit failures with a mode below which nothing is said of unseen ones.
const ENOUGH: u64 = 10;

/// Conversations of a cycle that are in a mode.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct InCycle {
    /// The cycle's name.
    pub cycle: String,
    /// So many. Work done, not a rate.
    pub n: u64,
}

/// A failure mode with its counts.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ModeLine {
    /// The mode.
    #[serde(flatten)]
    pub mode: ModeRow,
    /// Finds its conversations.
    pub query: String,
    /// By cycle, the oldest first.
    pub cycles: Vec<InCycle>,
}

/// Notes that say the same: a mode to be.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ProposedMode {
    /// What the notes have in common. By people: hostile.
    pub name: String,
    /// Conversations.
    pub n: u64,
    /// Finds them.
    pub query: String,
    /// The cause that most of them have.
    pub cause: Option<Cause>,
    /// A note that says it. Hostile.
    pub example: Option<String>,
}

/// Whether there are modes that nobody has seen.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct UnseenModes {
    /// Audit failures with a mode.
    pub audit_n: u64,
    /// Modes that one audit failure alone has.
    pub seen_once: u64,
    /// The share of failures whose mode nobody has seen; `None`: too few to tell.
    pub share: Option<f64>,
    /// Lower end of its interval.
    pub lo: Option<f64>,
    /// Upper end of its interval.
    pub hi: Option<f64>,
    /// About so many more audit reviews likely show a new one; `None`: too few to tell, or none seen once.
    pub reviews_to_next: Option<u64>,
    /// The same by the upper end of the share's interval: so many at least.
    pub reviews_at_least: Option<u64>,
}

impl UnseenModes {
    /// In a sentence.
    pub fn words(&self) -> String {
        let (Some(share), Some(lo), Some(hi)) = (self.share, self.lo, self.hi) else {
            let more = ENOUGH.saturating_sub(self.audit_n);
            return format!(
                "whether there are more modes is told from {ENOUGH} audit failures with a mode on: {} so far, {more} to go",
                self.audit_n
            );
        };
        let next = match (self.reviews_to_next, self.reviews_at_least) {
            (Some(n), Some(least)) => {
                format!("; about {} more audit reviews likely show a new one, {} at least", count(n), count(least))
            }
            (None, Some(least)) => format!("; a new one likely takes {} more audit reviews at least", count(least)),
            _ => String::new(),
        };
        format!(
            "about {:.0} % of failures are of a mode that nobody has seen ({:.0} to {:.0} %: {} of {} audit failures are alone in theirs){next}",
            100.0 * share,
            100.0 * lo,
            100.0 * hi,
            self.seen_once,
            self.audit_n
        )
    }
}

/// The failure modes of a store.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ModesPage {
    /// All of them.
    pub modes: Vec<ModeLine>,
    /// What notes propose.
    pub proposed: Vec<ProposedMode>,
    /// Whether there are more.
    pub unseen: UnseenModes,
}

impl Store {
    pub(in crate::store::figures) fn read_modes(&self) -> Result<ModesPage> {
        let modes = self.modes()?;
        let mut by_cycle: BTreeMap<(i64, i64), (String, u64)> = BTreeMap::new();
        for (mode, cycle, name, n) in self.modes_by_cycle()? {
            let mode = modes.today(ModeId(mode)).0;
            by_cycle.entry((mode, cycle)).or_insert((name, 0)).1 += n;
        }
        let line = |m: &ModeRow| ModeLine {
            query: format!("mode:{} test:shown", quoted_name(&m.name)),
            cycles: by_cycle
                .range((m.id.0, i64::MIN)..=(m.id.0, i64::MAX))
                .map(|(_, (cycle, n))| InCycle { cycle: cycle.clone(), n: *n })
                .collect(),
            mode: m.clone(),
        };
        let mut lines: Vec<ModeLine> = modes.0.iter().map(line).collect();
        lines.sort_by(|a, b| b.mode.n.cmp(&a.mode.n).then(a.mode.name.cmp(&b.mode.name)));
        Ok(ModesPage { modes: lines, proposed: self.proposed_modes()?, unseen: self.unseen_modes()? })
    }

    fn modes_by_cycle(&self) -> Result<Vec<(i64, i64, String, u64)>> {
        self.conn
            .prepare_cached(
                "SELECT m.id, y.id, y.name, count(DISTINCT k.subject) FROM current k JOIN mode m ON m.id = CAST(k.value AS INTEGER)
                 JOIN conversation c ON c.id = k.subject AND c.cause = m.cause
                 JOIN cycle_item i ON i.conversation = c.id JOIN cycle y ON y.id = i.cycle
                 WHERE k.kind = ? GROUP BY 1, 2 ORDER BY 2, 1",
            )
            .and_then(|mut s| {
                s.query_map([Kind::Mode.code()], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?)))
                    .and_then(Iterator::collect)
            })
            .doing("counting modes by cycle")
    }

    /// What notes propose as modes.
    pub(in crate::store::figures) fn proposed_modes(&self) -> Result<Vec<ProposedMode>> {
        self.conn
            .prepare_cached(
                "SELECT p.id, p.name, count(*), (SELECT c.cause FROM noted_item x JOIN conversation c ON c.id = x.conversation
                        WHERE x.pattern = p.id AND c.cause IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1),
                    (SELECT k.value FROM current k JOIN conversation c ON c.id = k.subject AND c.part = ?3
                        WHERE k.kind = ?1 AND k.subject = (SELECT e.turn >> 20 FROM pattern_example e WHERE e.pattern = p.id AND e.place = 0))
                 FROM noted_item i JOIN pattern p ON p.id = i.pattern WHERE p.kind = ?2 GROUP BY p.id ORDER BY 3 DESC, 1",
            )
            .and_then(|mut s| {
                s.query_map(params![Kind::Note.code(), PatternKind::Noted.code(), TRAINING], |r| {
                    Ok(ProposedMode {
                        query: format!("cluster:{} test:shown", r.get::<_, i64>(0)?),
                        name: r.get(1)?,
                        n: r.get(2)?,
                        cause: r.get::<_, Option<i64>>(3)?.and_then(Cause::from_code),
                        example: r.get(4)?,
                    })
                })
                .and_then(Iterator::collect)
            })
            .doing("reading what notes propose")
    }

    /// From audit items alone, which are drawn at random (rule 22).
    pub(in crate::store::figures) fn unseen_modes(&self) -> Result<UnseenModes> {
        let modes = self.modes()?;
        let doing = "counting the modes of audit items";
        let found: Vec<i64> = self
            .conn
            .prepare_cached(
                "SELECT m.id FROM current k JOIN mode m ON m.id = CAST(k.value AS INTEGER)
                 JOIN conversation c ON c.id = k.subject AND c.cause = m.cause
                 WHERE k.kind = ? AND EXISTS(SELECT 1 FROM cycle_item i WHERE i.conversation = c.id AND i.audit = 1)",
            )
            .and_then(|mut s| s.query_map([Kind::Mode.code()], |r| r.get(0)).and_then(Iterator::collect))
            .doing(doing)?;
        let mut seen: BTreeMap<i64, u64> = BTreeMap::new();
        found.iter().for_each(|&m| *seen.entry(modes.today(ModeId(m)).0).or_default() += 1);
        let (audit, failed): (u64, u64) = self
            .conn
            .query_row(
                "SELECT count(*), coalesce(sum(c.outcome IN (?, ?)), 0) FROM conversation c
                 WHERE c.review = ? AND EXISTS(SELECT 1 FROM cycle_item i WHERE i.conversation = c.id AND i.audit = 1)",
                [ESCALATED, FAILED, REVIEWED],
                |r| Ok((r.get(0)?, r.get(1)?)),
            )
            .doing(doing)?;
        let counts: Vec<u64> = seen.into_values().collect();
        let audit_n: u64 = counts.iter().sum();
        let seen_once = counts.iter().filter(|&&n| n == 1).count() as u64;
        let told = unseen(&counts).filter(|_| audit_n >= ENOUGH);
        // Not every audit item is a failure.
        let each = failed as f64 / audit.max(1) as f64;
        let reviews = |share: f64| (share > 0.0 && each > 0.0).then(|| (1.0 / share / each).ceil() as u64);
        Ok(UnseenModes {
            audit_n,
            seen_once,
            share: told.map(|u| u.value),
            lo: told.map(|u| u.lo),
            hi: told.map(|u| u.hi),
            reviews_to_next: told.and_then(|u| reviews(u.value)),
            reviews_at_least: told.and_then(|u| reviews(u.hi)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whether_there_are_more_modes_is_said_with_how_many_more_reviews_would_tell() {
        let few = UnseenModes {
            audit_n: 3,
            seen_once: 3,
            share: None,
            lo: None,
            hi: None,
            reviews_to_next: None,
            reviews_at_least: None,
        };
        assert!(few.words().ends_with("3 so far, 7 to go"), "{}", few.words());
        let known = UnseenModes { audit_n: 40, share: Some(0.1), lo: Some(0.04), hi: Some(0.2), ..few };
        let some = UnseenModes { reviews_to_next: Some(25), reviews_at_least: Some(13), ..known };
        assert!(
            some.words().ends_with("about 25 more audit reviews likely show a new one, 13 at least"),
            "{}",
            some.words()
        );
        let none = UnseenModes { share: Some(0.0), seen_once: 0, reviews_at_least: Some(13), ..known };
        assert!(none.words().ends_with("a new one likely takes 13 more audit reviews at least"), "{}", none.words());
    }
}
