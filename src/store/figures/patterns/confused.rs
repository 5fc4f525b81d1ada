//! Which intents are taken for which.

use super::listed::Listed;
use super::types::{ConfusedBy, ConfusedPair, PatternLine, PatternPage};
use crate::domain::query::quoted_name;
use crate::domain::{IntentId, Rate};
use crate::store::base::clock::ahead_of;
use crate::store::{DoingWhat, IntentNames, Result};
use rusqlite::params;
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

/// What a log without intents lacks, and what brings them.
const NO_INTENTS: &str = "The log says no intents, so none can have been taken for another. topics proposes a list of what customers \
    came for; w says why conversations failed.";
/// What is missing where nobody says what was meant, and who could.
const NOBODY_SAYS: &str = "What customers meant nobody has said yet, so none can be seen to be taken for another intent: labels in \
    Review say it (r in the Queue), or a live release (Fine-tune trains one).";
/// Pairs of intents that are listed, besides those of the matrix.
const PAIRS: usize = 200;
/// Rows of the matrix, and its columns.
const AXIS: usize = 16;

/// What was meant and what was logged, by today's intents, with how often: the most frequent first.
type Pairs = Vec<((IntentId, IntentId), u64)>;

impl Listed<'_> {
    pub(super) fn confused(&self) -> Result<PatternPage> {
        const WHOLE: &str = "were taken for another intent";
        const SIGNS: &str = "all with a sign that intent or answer missed";
        if self.store.ids("SELECT 1 FROM conversation WHERE intent IS NOT NULL LIMIT 1", &[])?.is_empty() {
            return Ok(self.without(WHOLE, NO_INTENTS));
        }
        // Pending and unfinished conversations count here, too: that an intent was mistaken does not hang on the end.
        let among = Some(self.count(&self.query(""))?);
        let mut page = PatternPage { days: self.days, among, ..PatternPage::default() };
        let names = self.store.intent_names()?;
        let mut of_logged: BTreeMap<(ConfusedBy, IntentId), u64> = BTreeMap::new();
        for by in [ConfusedBy::Reviewers, ConfusedBy::LiveRelease] {
            let pairs = self.pairs(by, &names)?;
            let (rows, columns) = (most(&pairs, |p| p.0), most(&pairs, |p| p.1));
            for (at, ((meant, logged), _)) in pairs.into_iter().enumerate() {
                let is_in_matrix = rows.contains(&meant) && columns.contains(&logged);
                if at >= PAIRS && !is_in_matrix {
                    continue;
                }
                let pair = ConfusedPair { meant: names.name(meant), logged: names.name(logged), by, is_in_matrix };
                let all = match of_logged.entry((by, logged)) {
                    Entry::Occupied(known) => *known.get(),
                    Entry::Vacant(new) => *new.insert(self.count(&self.query(&told_of(&pair)))?),
                };
                page.lines.extend(self.pair(pair, all)?);
            }
        }
        page.lines.sort_by(|a, b| b.n.cmp(&a.n).then(a.name.cmp(&b.name)));
        page.whole = (WHOLE, page.lines.iter().map(|l| l.n).sum());
        page.lines.extend(self.line(SIGNS, "is:mismatch", 0)?);
        let says = "SELECT 1 FROM conversation WHERE label IS NOT NULL OR suggested IS NOT NULL LIMIT 1";
        if self.store.ids(says, &[])?.is_empty() {
            page.nothing = Some(NOBODY_SAYS.to_owned());
            page.note = (!page.lines.is_empty()).then(|| NOBODY_SAYS.to_owned());
        }
        Ok(page)
    }

    /// The pairs that somebody tells of. Reviewers come first: the live release tells of what they have not judged, so that no
    /// conversation counts twice.
    fn pairs(&self, by: ConfusedBy, names: &IntentNames) -> Result<Pairs> {
        let (column, unjudged) = match by {
            ConfusedBy::Reviewers => ("label", ""),
            ConfusedBy::LiveRelease => ("suggested", "AND label IS NULL"),
        };
        let sql = format!(
            "SELECT {column}, intent, count(*) FROM conversation WHERE intent <> {column} AND last_at BETWEEN ? AND ?
               AND traffic = 1 AND fallback = 0 {unjudged} GROUP BY 1, 2"
        );
        let (doing, from) = ("counting who is taken for whom", self.from()?);
        let stored: Vec<(i64, i64, u64)> = self
            .store
            .conn
            .prepare_cached(&sql)
            .and_then(|mut s| {
                s.query_map(params![from, ahead_of(self.now)], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))
                    .and_then(Iterator::collect)
            })
            .doing(doing)?;
        let mut out: BTreeMap<(IntentId, IntentId), u64> = BTreeMap::new();
        for (meant, logged, n) in stored {
            let (meant, logged) = (names.today(IntentId(meant)), names.today(IntentId(logged)));
            if meant != logged {
                *out.entry((meant, logged)).or_default() += n;
            }
        }
        let mut out: Pairs = out.into_iter().collect();
        out.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
        Ok(out)
    }

    /// A pair among all that the log gives its intent and of which the same side says what was meant.
    fn pair(&self, pair: ConfusedPair, all: u64) -> Result<Option<PatternLine>> {
        let (logged, meant) = (quoted_name(&pair.logged), quoted_name(&pair.meant));
        let what = match pair.by {
            ConfusedBy::Reviewers => format!("logged:{logged} label:{meant}"),
            ConfusedBy::LiveRelease => format!("logged:{logged} suggested:{meant} label:none"),
        };
        let name = format!("{} taken for {}, by {}", pair.meant, pair.logged, pair.by.words());
        let with = |line: PatternLine| {
            let of_logged = Some(Rate::new(line.n, all.max(line.n)));
            PatternLine { pair: Some(pair), of_logged, ..line }
        };
        Ok(self.line(&name, &what, 0)?.map(with))
    }
}

/// Finds what the log gives a pair's intent and of which the same side says what was meant.
fn told_of(pair: &ConfusedPair) -> String {
    let logged = quoted_name(&pair.logged);
    match pair.by {
        ConfusedBy::Reviewers => format!("logged:{logged} -label:none"),
        ConfusedBy::LiveRelease => format!("logged:{logged} -suggested:none label:none"),
    }
}

/// The intents on one side of most conversations.
fn most(pairs: &Pairs, side: impl Fn((IntentId, IntentId)) -> IntentId) -> BTreeSet<IntentId> {
    let mut totals: BTreeMap<IntentId, u64> = BTreeMap::new();
    for (pair, n) in pairs {
        *totals.entry(side(*pair)).or_default() += n;
    }
    let mut totals: Vec<_> = totals.into_iter().collect();
    totals.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    totals.into_iter().take(AXIS).map(|(intent, _)| intent).collect()
}
