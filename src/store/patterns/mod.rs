//! What fails alike: which conversations a pattern holds, and that it keeps its number. How they are found is the business of
//! `jobs::patterns`.

pub(in crate::store) mod actions;
pub(in crate::store) mod judged;
pub(in crate::store) mod modes;
pub(in crate::store) mod topics;

use crate::domain::{Cause, ConversationId, FailureEvidence, IntentId, Kind, Outcome, PatternKind, Timestamp, TurnKey};
use crate::store::base::clock::ahead_of;
use crate::store::codes::{ABANDONED, ESCALATED, FAILED, RESOLVED, TRAINING};
use crate::store::{DoingWhat, Result, Store, turn_id};
use rusqlite::params;
use std::collections::BTreeMap;

/// The setting that counts how often patterns were found: what is counted by pattern holds for one finding.
pub(in crate::store) const PATTERNS_FOUND: &str = "patterns_found";
/// The setting with the newest conversation by then: no pattern holds one that came later.
pub(in crate::store) const PATTERNS_UP_TO: &str = "patterns_up_to";
/// Of the conversations of the smaller one, the share that two findings of one pattern must have in common.
const SHARED: f64 = 0.5;

/// A pattern as it was found.
#[derive(Clone, Debug, PartialEq)]
pub struct FoundPattern {
    /// What makes it one.
    pub kind: PatternKind,
    /// What it is known by from one finding to the next; `None` where its conversations alone tell.
    pub key: Option<String>,
    /// What people read. From the log: hostile.
    pub name: String,
    /// Turns that show it, the best first, of training groups (rule 47).
    pub examples: Vec<(ConversationId, TurnKey)>,
    /// The conversations it holds.
    pub members: Vec<ConversationId>,
    /// How it goes with failing; `None` where that was not tested.
    pub evidence: Option<FailureEvidence>,
}

/// A pattern as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatternRow {
    /// Its number, for `cluster:`.
    pub id: i64,
    /// What makes it one.
    pub kind: PatternKind,
    /// What people read. From the log: hostile.
    pub name: String,
    /// What customers said in it, of training groups. Hostile.
    pub examples: Vec<String>,
    /// When it was found first.
    pub found_at: Timestamp,
    /// What reviewers found in how many of its conversations.
    pub causes: Vec<(Cause, u64)>,
    /// Intents of its conversations by the log, the most frequent first, with their numbers.
    pub intents: Vec<(IntentId, u64)>,
    /// How it goes with failing; `None` where that was not tested.
    pub evidence: Option<FailureEvidence>,
}

/// A failed or escalated conversation, before it is read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FailedRow {
    /// Which.
    pub id: ConversationId,
    /// The turn to judge (rule 25).
    pub turn: Option<TurnKey>,
    /// How it ended.
    pub outcome: Outcome,
    /// Of a training group.
    pub is_training: bool,
    /// Its customer, else itself, by a number of its own.
    pub group: i64,
    /// What the log predicted there.
    pub logged: Option<IntentId>,
    /// The AI fell back there.
    pub fallback: bool,
    /// What a reviewer says it was.
    pub label: Option<IntentId>,
    /// Why it failed, as a reviewer says.
    pub cause: Option<Cause>,
    /// What the live release says, and how sure.
    pub live: Option<(IntentId, f64)>,
}

impl FailedRow {
    /// What it was about, as far as anybody knows: a reviewer, else the log.
    pub fn matter(&self) -> Option<IntentId> {
        self.label.or(self.logged.filter(|_| !self.fallback))
    }
}

impl Store {
    /// Intents that the AI hands over as a rule: at least so many conversations that ended, of which at least such a share was
    /// escalated.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn handed_over(&self, since: Timestamp, fewest: u64, share: f64) -> Result<Vec<IntentId>> {
        self.conn
            .prepare_cached(
                "SELECT intent FROM conversation WHERE intent IS NOT NULL AND fallback = 0 AND traffic = 1 AND has_ai = 1
                   AND last_at >= ?1 AND outcome IN (?2, ?3, ?4, ?5)
                 GROUP BY 1 HAVING count(*) >= ?6 AND sum(outcome = ?2) >= ?7 * count(*)",
            )
            .and_then(|mut s| {
                let of = |o: Outcome| o.code();
                let p = params![
                    since.0,
                    of(Outcome::Escalated),
                    of(Outcome::Resolved),
                    of(Outcome::Failed),
                    of(Outcome::Abandoned),
                    fewest,
                    share
                ];
                s.query_map(p, |r| r.get(0).map(IntentId)).and_then(Iterator::collect)
            })
            .doing("looking for what is handed over")
    }

    /// Conversations of N that failed or were escalated, with activity at or after a moment: the newest, oldest first.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn failed_rows(&self, since: Timestamp, now: Timestamp, most: usize) -> Result<Vec<FailedRow>> {
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let mut rows = self.ended_rows([FAILED, ESCALATED], since, now, (1, most))?;
        rows.reverse();
        Ok(rows)
    }

    /// Conversations of N that did neither, at most so many: every one of some, by number; and for how many each of them stands.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn rest_rows(&self, since: Timestamp, now: Timestamp, most: u64) -> Result<(Vec<FailedRow>, u64)> {
        let all: u64 = self
            .conn
            .prepare_cached(
                "SELECT count(*) FROM conversation WHERE outcome IN (?, ?) AND traffic = 1 AND has_ai = 1
                   AND last_at BETWEEN ? AND ?",
            )
            .and_then(|mut s| s.query_row([RESOLVED, ABANDONED, since.0, ahead_of(now)], |r| r.get(0)))
            .doing("counting what did not fail")?;
        let each = all.div_ceil(most).max(1);
        let every = i64::try_from(each).unwrap_or(i64::MAX);
        Ok((self.ended_rows([RESOLVED, ABANDONED], since, now, (every, i64::MAX))?, each))
    }

    /// Conversations of N that ended in one of two ways, the newest first: every one of some, by number, and how many at most.
    fn ended_rows(
        &self,
        ends: [i64; 2],
        since: Timestamp,
        now: Timestamp,
        (every, most): (i64, i64),
    ) -> Result<Vec<FailedRow>> {
        let live = self.predicting()?.map_or(0, |r| r.0);
        let read = |r: &rusqlite::Row<'_>| {
            let suggested: Option<i64> = r.get(6)?;
            let outcome = Outcome::from_code(r.get(2)?).unwrap_or(Outcome::Unknown);
            Ok(FailedRow {
                id: ConversationId(r.get(0)?),
                turn: r.get(1)?,
                outcome,
                is_training: r.get::<_, i64>(3)? == TRAINING,
                logged: r.get::<_, Option<i64>>(4)?.map(IntentId),
                fallback: r.get(5)?,
                live: suggested.zip(r.get(7)?).map(|(i, c)| (IntentId(i), c)),
                label: r.get::<_, Option<i64>>(8)?.map(IntentId),
                group: r.get(9)?,
                cause: r.get::<_, Option<i64>>(10)?.and_then(Cause::from_code),
            })
        };
        self.conn
            .prepare_cached(
                "SELECT id, failing_turn, outcome, part, intent, fallback, iif(predicted_by = ?1, suggested, NULL),
                    suggested_confidence, label, grp, cause
                 FROM conversation WHERE outcome IN (?2, ?3) AND traffic = 1 AND has_ai = 1 AND last_at BETWEEN ?4 AND ?5
                   AND id % ?6 = 0
                 ORDER BY id DESC LIMIT ?7",
            )
            .and_then(|mut s| {
                let p = params![live, ends[0], ends[1], since.0, ahead_of(now), every, most];
                s.query_map(p, read).and_then(Iterator::collect)
            })
            .doing("reading what ended")
    }

    /// Notes on failures in no mode yet, with the conversations they are on: what modes are proposed from.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn notes_without_mode(&self) -> Result<Vec<(ConversationId, String, bool)>> {
        self.conn
            .prepare_cached(
                "SELECT c.id, k.value, c.part = ?3 FROM current k JOIN conversation c ON c.id = k.subject
                 WHERE k.kind = ?1 AND c.traffic = 1 AND NOT EXISTS(SELECT 1 FROM current w JOIN mode m
                    ON m.id = CAST(w.value AS INTEGER) AND m.cause = c.cause WHERE w.subject = c.id AND w.kind = ?2) ORDER BY c.id",
            )
            .and_then(|mut s| {
                s.query_map([Kind::Note.code(), Kind::Mode.code(), TRAINING], |r| {
                    Ok((ConversationId(r.get(0)?), r.get(1)?, r.get(2)?))
                })
                .and_then(Iterator::collect)
            })
            .doing("reading notes")
    }

    /// Keeps patterns in place of those that were found before; those that go on keep their numbers.
    ///
    /// # Errors
    /// The store cannot be written.
    pub fn keep_patterns(&self, found: &[FoundPattern], now: Timestamp) -> Result<()> {
        let doing = "keeping the patterns";
        self.immediate(doing, |s| {
            let numbers = s.known_patterns(found)?;
            s.conn.execute("DELETE FROM pattern_item", []).doing(doing)?;
            s.conn.execute("DELETE FROM noted_item", []).doing(doing)?;
            s.conn.execute("DELETE FROM pattern_example", []).doing(doing)?;
            // What is counted by pattern is of another finding now.
            s.conn
                .execute(
                    "INSERT INTO setting(key, value) VALUES (?1, '1')
                     ON CONFLICT(key) DO UPDATE SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT)",
                    [PATTERNS_FOUND],
                )
                .doing(doing)?;
            s.conn
                .execute(
                    "INSERT INTO setting(key, value) SELECT ?1, CAST(coalesce(max(id), 0) AS TEXT) FROM conversation WHERE true
                     ON CONFLICT(key) DO UPDATE SET value = excluded.value",
                    [PATTERNS_UP_TO],
                )
                .doing(doing)?;
            for (pattern, number) in found.iter().zip(numbers) {
                let evidence = pattern.evidence.and_then(|e| serde_json::to_string(&e).ok());
                let p = params![number, pattern.kind.code(), pattern.name, pattern.key, now.0, evidence];
                let id: i64 = s
                    .conn
                    .prepare_cached(
                        "INSERT INTO pattern(id, kind, name, key, found_at, evidence) VALUES (?, ?, ?, ?, ?, ?)
                         ON CONFLICT(id) DO UPDATE SET kind = excluded.kind, name = excluded.name, key = excluded.key,
                           evidence = excluded.evidence RETURNING id",
                    )
                    .and_then(|mut s| s.query_row(p, |r| r.get(0)))
                    .doing(doing)?;
                let mut add = s
                    .conn
                    .prepare_cached(&format!(
                        "INSERT OR IGNORE INTO {}(conversation, pattern) VALUES (?, ?)",
                        items(pattern.kind)
                    ))
                    .doing(doing)?;
                for member in &pattern.members {
                    add.execute(params![member.0, id]).doing(doing)?;
                }
                let mut show = s
                    .conn
                    .prepare_cached("INSERT INTO pattern_example(pattern, place, turn) VALUES (?, ?, ?)")
                    .doing(doing)?;
                for (place, &(conversation, turn)) in (0i64..).zip(&pattern.examples) {
                    show.execute(params![id, place, turn_id(conversation, turn)]).doing(doing)?;
                }
            }
            Ok(())
        })
    }

    /// The number under which each pattern is known: by its key, else by the conversations it shares with one of its kind that was
    /// found before, the most first; each number once.
    fn known_patterns(&self, found: &[FoundPattern]) -> Result<Vec<Option<i64>>> {
        let doing = "looking for patterns that are known";
        let mut numbers: Vec<Option<i64>> = vec![None; found.len()];
        for (number, key) in numbers.iter_mut().zip(found).filter_map(|(n, p)| Some((n, p.key.as_ref()?))) {
            *number = self.ids("SELECT id FROM pattern WHERE key = ?", &[key])?.first().copied();
        }
        let mut shared: Vec<(u64, usize, i64)> = Vec::new();
        for (place, pattern) in found.iter().enumerate().filter(|(place, _)| numbers[*place].is_none()) {
            let table = items(pattern.kind);
            let mut of = self
                .conn
                .prepare_cached(&format!(
                    "SELECT p.id, (SELECT count(*) FROM {table} a WHERE a.pattern = p.id) FROM {table} i
                     JOIN pattern p ON p.id = i.pattern WHERE i.conversation = ? AND p.kind = ?"
                ))
                .doing(doing)?;
            let mut with: BTreeMap<i64, (u64, u64)> = BTreeMap::new();
            for member in &pattern.members {
                let rows = of
                    .query_map(params![member.0, pattern.kind.code()], |r| Ok((r.get(0)?, r.get(1)?)))
                    .doing(doing)?;
                for row in rows {
                    let (id, size): (i64, u64) = row.doing(doing)?;
                    with.entry(id).or_insert((0, size)).0 += 1;
                }
            }
            shared.extend(with.into_iter().filter_map(|(id, (both, size))| {
                let smaller = size.min(pattern.members.len() as u64) as f64;
                (both as f64 >= SHARED * smaller).then_some((both, place, id))
            }));
        }
        shared.sort_unstable_by(|a, b| b.0.cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
        for (_, place, id) in shared {
            if numbers[place].is_none() && !numbers.contains(&Some(id)) {
                numbers[place] = Some(id);
            }
        }
        Ok(numbers)
    }

    /// Whether patterns were looked for.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn has_patterns(&self) -> Result<bool> {
        Ok(!self.ids("SELECT 1 FROM pattern LIMIT 1", &[])?.is_empty())
    }

    /// The patterns that hold conversations now.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn patterns(&self) -> Result<Vec<PatternRow>> {
        let doing = "reading the patterns";
        let mut s = self
            .conn
            .prepare_cached(
                "SELECT p.id, p.kind, p.name, p.found_at, p.evidence FROM pattern p
                 WHERE EXISTS(SELECT 1 FROM pattern_item i WHERE i.pattern = p.id) ORDER BY p.id",
            )
            .doing(doing)?;
        let read = |r: &rusqlite::Row<'_>| {
            let Some(kind) = PatternKind::from_code(r.get(1)?) else { return Ok(None) };
            let evidence: Option<String> = r.get(4)?;
            Ok(Some(PatternRow {
                id: r.get(0)?,
                kind,
                name: r.get(2)?,
                examples: Vec::new(),
                found_at: Timestamp(r.get(3)?),
                causes: Vec::new(),
                intents: Vec::new(),
                evidence: evidence.and_then(|e| serde_json::from_str(&e).ok()),
            }))
        };
        let mut rows: Vec<PatternRow> =
            s.query_map([], read).and_then(|rows| rows.filter_map(|r| r.transpose()).collect()).doing(doing)?;
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        // Counts that are kept: reading what each of them holds would take longer than a frame.
        let [causes, intents] = self.counted_days(&self.day_basis()?)?.pattern_marks();
        let of = |marks: &BTreeMap<(u32, u32), [u64; 1]>, id: i64| -> Vec<(i64, u64)> {
            let id = u32::try_from(id).unwrap_or(u32::MAX);
            let mut out: Vec<(i64, u64)> =
                marks.range((id, 0)..=(id, u32::MAX)).map(|((_, mark), [n])| (i64::from(*mark), *n)).collect();
            out.sort_by_key(|&(_, n)| std::cmp::Reverse(n));
            out
        };
        let mut examples = self.pattern_examples()?;
        for row in &mut rows {
            row.examples = examples.remove(&row.id).unwrap_or_default();
            row.causes = of(&causes, row.id).into_iter().filter_map(|(c, n)| Some((Cause::from_code(c)?, n))).collect();
            row.intents = of(&intents, row.id).into_iter().map(|(i, n)| (IntentId(i), n)).collect();
        }
        Ok(rows)
    }

    /// What customers said in each pattern, as far as it may be shown (rule 47).
    fn pattern_examples(&self) -> Result<BTreeMap<i64, Vec<String>>> {
        let doing = "reading what was said in patterns";
        let mut s = self
            .conn
            .prepare_cached(
                "SELECT e.pattern, t.text FROM pattern_example e JOIN turn t ON t.id = e.turn
                 JOIN conversation c ON c.id = e.turn >> 20 AND c.part = ? WHERE t.text <> '' ORDER BY e.pattern, e.place",
            )
            .doing(doing)?;
        let said = s.query_map([TRAINING], |r| Ok((r.get(0)?, r.get(1)?))).doing(doing)?;
        let mut out: BTreeMap<i64, Vec<String>> = BTreeMap::new();
        for row in said {
            let (pattern, text): (i64, String) = row.doing(doing)?;
            out.entry(pattern).or_default().push(text);
        }
        Ok(out)
    }
}

/// Where a kind of pattern keeps its conversations: notes say something beside what a conversation shows.
const fn items(kind: PatternKind) -> &'static str {
    match kind {
        PatternKind::Noted => "noted_item",
        _ => "pattern_item",
    }
}

/// Of patterns given by number or name, as a JSON array.
pub(in crate::store) const PATTERN_SQL: &str = "SELECT i.conversation FROM json_each(?) n
    JOIN pattern p ON p.id = CAST(n.value AS INTEGER) AND CAST(p.id AS TEXT) = n.value OR lower(p.name) = lower(n.value)
    JOIN (SELECT conversation, pattern FROM pattern_item UNION ALL SELECT conversation, pattern FROM noted_item) i
    ON i.pattern = p.id";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Conversation, Query, Role, Turn};
    use crate::store::{Founding, OnDuplicate};

    const NOW: Timestamp = Timestamp(1_790_000_000_000);

    fn with(n: usize) -> Store {
        let store = Store::in_memory(Founding { seed: 1, test_share: 0.0, now: NOW }).unwrap();
        for i in 0..n {
            let mut c =
                Conversation::new("s", i.to_string(), vec![Turn::new(Role::User, "help"), Turn::new(Role::Bot, "no")]);
            c.outcome = Some(Outcome::Failed);
            c.started_at = Some(NOW);
            store.immediate("test", |s| s.put(&c, &i.to_le_bytes(), NOW, OnDuplicate::Update, &mut None)).unwrap();
        }
        store
    }

    fn found(key: Option<&str>, name: &str, members: std::ops::Range<i64>) -> FoundPattern {
        let members = members.map(ConversationId).collect();
        let kind = if key.is_some() { PatternKind::Tool } else { PatternKind::Question };
        FoundPattern {
            kind,
            key: key.map(str::to_owned),
            name: name.to_owned(),
            examples: Vec::new(),
            members,
            evidence: None,
        }
    }

    #[test]
    fn a_pattern_keeps_its_number_by_key_or_by_what_it_shares_and_a_query_finds_what_it_holds() {
        let store = with(20);
        store.keep_patterns(&[found(Some("tool:a"), "a failed", 1..4), found(None, "ferry", 4..10)], NOW).unwrap();
        let count = |query: &str| store.queue_count(&Query::parse(query).unwrap(), NOW).unwrap();
        assert_eq!(
            (count("cluster:1"), count("cluster:2"), count("cluster:ferry"), count("-cluster:1,2")),
            (3, 6, 6, 11)
        );
        store
            .keep_patterns(
                &[
                    found(None, "hotel", 15..20),
                    found(None, "ferry, late", 5..14),
                    found(Some("tool:a"), "a failed", 1..3),
                ],
                NOW,
            )
            .unwrap();
        let rows: Vec<(i64, String)> = store.patterns().unwrap().into_iter().map(|p| (p.id, p.name)).collect();
        let expected = [(1, "a failed"), (2, "ferry, late"), (3, "hotel")].map(|(id, name)| (id, name.to_owned()));
        assert_eq!(rows, expected);
        assert_eq!((count("cluster:1"), count("cluster:2")), (2, 9));
    }
}
