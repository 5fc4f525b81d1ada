//! Intents with how they ended, who is taken for whom, causes, and what came back.

use super::listed::{ENDED, FAILURES, Listed};
use super::types::{PatternLine, PatternPage};
use crate::domain::query::quoted_name;
use crate::domain::{Cause, IntentId, Outcome, Rate, When};
use crate::store::base::clock::ahead_of;
use crate::store::{Doing, Result};
use rusqlite::params;

/// Pairs of intents that are listed.
const PAIRS: usize = 200;

impl Listed<'_> {
    pub(super) fn intents(&self) -> Result<PatternPage> {
        let mut page = self.page("ended", ENDED)?;
        let names = self.store.intent_names()?;
        let mut all: Vec<String> =
            names.all().filter(|&i| names.today(i) == i).map(|i| quoted_name(&names.name(i))).collect();
        all.extend(["fallback".to_owned(), "none".to_owned()]);
        for name in all {
            let what = format!("intent:{name}");
            let Some(line) = self.line(&name, &format!("{what} {ENDED}"), page.whole.1)? else { continue };
            let outcomes = self.outcomes(&what)?;
            let failing = Rate::new(outcomes[1] + outcomes[2], outcomes.iter().sum());
            let csat = self.csat(&what)?;
            let opportunity = (page.whole.1 > 0).then(|| failing.num as f64 / page.whole.1 as f64);
            page.lines.push(PatternLine {
                outcomes: Some(outcomes),
                failing: Some(failing),
                csat,
                opportunity,
                ..line
            });
        }
        page.lines.sort_by(|a, b| {
            let failing = |l: &PatternLine| l.failing.map_or(0, |f| f.num);
            failing(b).cmp(&failing(a)).then(a.name.cmp(&b.name))
        });
        Ok(page)
    }

    fn outcomes(&self, what: &str) -> Result<[u64; 4]> {
        let of = |o: Outcome| self.count(&self.query(&format!("{what} outcome:{}", o.name())));
        Ok([of(Outcome::Resolved)?, of(Outcome::Escalated)?, of(Outcome::Failed)?, of(Outcome::Abandoned)?])
    }

    fn csat(&self, what: &str) -> Result<Option<Rate>> {
        let rated = self.count(&self.query(&format!("{what} {ENDED} csat>=1")))?;
        let good = self.count(&self.query(&format!("{what} {ENDED} csat>=3.5")))?;
        Ok((rated > 0).then(|| Rate::new(good, rated)))
    }

    pub(super) fn confused(&self) -> Result<PatternPage> {
        let mut page = self.page("were taken for something else", "is:mismatch")?;
        let names = self.store.intent_names()?;
        let since = self.store.when(When::Days(self.days), self.now)?;
        for (column, key) in [("label", "label"), ("suggested", "suggested")] {
            let sql = format!(
                "SELECT intent, {column}, count(*) FROM conversation WHERE intent <> {column} AND last_at BETWEEN ? AND ? AND traffic = 1
                   AND fallback = 0 AND ('{column}' = 'label' OR label IS NULL) GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT ?"
            );
            let doing = "counting who is taken for whom";
            let pairs: Vec<(i64, i64)> = self
                .store
                .conn
                .prepare_cached(&sql)
                .and_then(|mut s| {
                    s.query_map(params![since.0, ahead_of(self.now), PAIRS as i64], |r| Ok((r.get(0)?, r.get(1)?)))
                        .and_then(Iterator::collect)
                })
                .doing(doing)?;
            for (logged, meant) in pairs {
                let (logged, meant) = (names.today(IntentId(logged)), names.today(IntentId(meant)));
                if logged == meant {
                    continue;
                }
                let (logged, meant) = (names.name(logged), names.name(meant));
                let unjudged = if key == "suggested" { " label:none" } else { "" };
                let what = format!("intent:{} {key}:{}{unjudged}", quoted_name(&logged), quoted_name(&meant));
                let by = if key == "label" { "reviewers" } else { "the live release" };
                if let Some(line) = self.line(&format!("{meant} taken for {logged}, by {by}"), &what, 0)?
                    && !page.lines.iter().any(|l| l.query == line.query)
                {
                    page.lines.push(line);
                }
            }
        }
        page.lines.sort_by(|a, b| b.n.cmp(&a.n).then(a.name.cmp(&b.name)));
        Ok(page)
    }

    pub(super) fn causes(&self) -> Result<PatternPage> {
        let causes: Vec<&str> = Cause::ALL.iter().map(|c| c.name()).collect();
        let mut page = self
            .page("failed or were handed over and have a cause", &format!("{FAILURES} cause:{}", causes.join(",")))?;
        for cause in Cause::ALL {
            if let Some(line) = self.line(cause.label(), &format!("{FAILURES} cause:{}", cause.name()), page.whole.1)? {
                page.lines.push(PatternLine { repaired_by: Some(cause.repairer()), ..line });
            }
        }
        page.lines.sort_by(|a, b| b.n.cmp(&a.n).then(a.name.cmp(&b.name)));
        Ok(page)
    }

    pub(super) fn returned(&self) -> Result<PatternPage> {
        let mut page = self.page("were resolved, and the customer came back within seven days", "is:zombie")?;
        let names = self.store.intent_names()?;
        for intent in names.all().filter(|&i| names.today(i) == i) {
            let name = names.name(intent);
            let what = format!("is:zombie intent:{}", quoted_name(&name));
            if let Some(line) = self.line(&name, &what, page.whole.1)? {
                let resolved = self.count(&self.query(&format!("outcome:resolved intent:{}", quoted_name(&name))))?;
                page.lines.push(PatternLine { failing: Some(Rate::new(line.n, resolved.max(line.n))), ..line });
            }
        }
        page.lines.sort_by(|a, b| b.n.cmp(&a.n).then(a.name.cmp(&b.name)));
        Ok(page)
    }
    /// What customers came for by the accepted list of topics; nothing where there is none.
    pub(super) fn topics(&self) -> Result<PatternPage> {
        let mut page = self.page("came with a request", "")?;
        let names = self.store.intent_names()?;
        for group in self.store.topic_list()?.map(|l| l.groups).unwrap_or_default() {
            let name = names.name(names.today(group.intent));
            if page.lines.iter().any(|l| l.name == name) {
                continue;
            }
            let what = format!("topic:{}", quoted_name(&name));
            if let Some(line) = self.line(&name, &what, page.whole.1)? {
                let failing = Rate::new(
                    self.count(&self.query(&format!("{what} {FAILURES}")))?,
                    self.count(&self.query(&format!("{what} {ENDED}")))?,
                );
                let (example, says) = (Some(group.example), Some(group.description));
                page.lines.push(PatternLine { example, says, failing: Some(failing), ..line });
            }
        }
        page.lines.sort_by(|a, b| b.n.cmp(&a.n).then(a.name.cmp(&b.name)));
        Ok(page)
    }
}
