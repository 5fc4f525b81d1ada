//! Comparisons: each is kept, none replaces another.

use crate::domain::{BeforeIs, Comparison, Findings, Gate, GoldVersion, ReleaseId, Timestamp, Verdict};
use crate::store::{DoingWhat, Result, Store, StoreError};
use rusqlite::{OptionalExtension, Row, ToSql, params};

/// A comparison that is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct ComparisonRow {
    /// Row.
    pub id: i64,
    /// When it was made.
    pub at: Timestamp,
    /// What is after.
    pub release: ReleaseId,
    /// What is before; `None`: the log's own predictions, or always one answer.
    pub before: Option<ReleaseId>,
    /// Whose intents that carries, where they are another's.
    pub before_intents: Option<ReleaseId>,
    /// What that is.
    pub before_is: Option<BeforeIs>,
    /// On which gold version.
    pub gold_version: Option<GoldVersion>,
    /// What may be concluded.
    pub verdict: Option<Verdict>,
    /// What the gate says.
    pub gate: Option<Gate>,
}

impl Store {
    /// Keeps a comparison of stored releases and counts the look at the sealed half: none where the intents are the same.
    ///
    /// # Errors
    /// The store cannot be written.
    pub fn keep_comparison(
        &mut self,
        reviewer: &str,
        now: Timestamp,
        release: ReleaseId,
        findings: Findings,
    ) -> Result<Comparison> {
        self.immediate("keeping a comparison", |store| store.add_comparison(reviewer, now, release, findings))
    }

    pub(in crate::store) fn add_comparison(
        &self,
        reviewer: &str,
        now: Timestamp,
        release: ReleaseId,
        findings: Findings,
    ) -> Result<Comparison> {
        let look = u64::from(!findings.same_intents);
        let looks = findings.gold_version.map(|version| self.count_looks(version, look)).transpose()?;
        let c = self.naming_before(findings.numbered(release, looks.unwrap_or(0)))?;
        let who = self.reviewer_id(reviewer, now)?;
        let report = serde_json::to_string(&c).map_err(|e| StoreError::Damaged(e.to_string()))?;
        self.conn
            .execute(
                "INSERT INTO comparison(at, reviewer, release, before_release, gold_version, verdict, gate, report)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                params![
                    now.0,
                    who,
                    c.release.0,
                    c.before_release.map(|r| r.0),
                    c.gold_version.map(|v| v.0),
                    c.verdict.code(),
                    c.gate.code(),
                    report
                ],
            )
            .doing("keeping a comparison")?;
        Ok(c)
    }

    /// The newest comparison in which a release is the candidate.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn comparison_of(&self, id: ReleaseId) -> Result<Option<Comparison>> {
        self.report("release = ? ORDER BY id DESC LIMIT 1", &[&id.0])
    }

    /// The newest comparison of a release with another one, or (`None`) with what is no release of this store.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn comparison_with(&self, id: ReleaseId, before: Option<ReleaseId>) -> Result<Option<Comparison>> {
        self.report("release = ? AND before_release IS ? ORDER BY id DESC LIMIT 1", &[&id.0, &before.map(|r| r.0)])
    }

    /// One comparison by its row.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn comparison(&self, row: i64) -> Result<Option<Comparison>> {
        self.report("id = ?", &[&row])
    }

    fn report(&self, found_by: &str, params: &[&dyn ToSql]) -> Result<Option<Comparison>> {
        let report: Option<String> = self
            .conn
            .query_row(&format!("SELECT report FROM comparison WHERE {found_by}"), params, |r| r.get(0))
            .optional()
            .doing("reading a comparison")?;
        let found = report
            .map(|text| serde_json::from_str(&text))
            .transpose()
            .map_err(|e| StoreError::Damaged(format!("a comparison cannot be read ({e})")))?;
        found.map(|c| self.naming_before(c)).transpose()
    }

    /// A comparison that knows whose intents stand before.
    fn naming_before(&self, c: Comparison) -> Result<Comparison> {
        let before_intents = c.before_release.map(|before| self.intents_of(before)).transpose()?.flatten();
        Ok(Comparison { before_intents, ..c })
    }

    /// All comparisons, newest first.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn comparisons(&self) -> Result<Vec<ComparisonRow>> {
        let carried = self.carried_intents()?;
        let read = |r: &Row<'_>| {
            let before = r.get::<_, Option<i64>>(3)?.map(ReleaseId);
            Ok(ComparisonRow {
                id: r.get(0)?,
                at: Timestamp(r.get(1)?),
                release: ReleaseId(r.get(2)?),
                before,
                before_intents: before.and_then(|id| carried.get(&id).copied()),
                gold_version: r.get::<_, Option<i64>>(4)?.map(GoldVersion),
                verdict: r.get::<_, Option<i64>>(5)?.and_then(Verdict::from_code),
                gate: r.get::<_, Option<i64>>(6)?.and_then(Gate::from_code),
                before_is: r.get::<_, Option<String>>(7)?.and_then(|name| BeforeIs::from_name(&name)),
            })
        };
        let sql = "SELECT id, at, release, before_release, gold_version,
                iif(json_extract(report, '$.same_intents'), NULL, verdict), gate, json_extract(report, '$.before_is')
            FROM comparison ORDER BY id DESC";
        self.conn
            .prepare_cached(sql)
            .and_then(|mut s| s.query_map([], read).and_then(Iterator::collect))
            .doing("listing the comparisons")
    }

    /// The newest release's comparison.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn newest_comparison(&self) -> Result<Option<Comparison>> {
        let newest = self.ids("SELECT max(release) FROM comparison HAVING max(release) IS NOT NULL", &[])?;
        newest.first().map(|&r| self.comparison_of(ReleaseId(r))).transpose().map(Option::flatten)
    }
}
