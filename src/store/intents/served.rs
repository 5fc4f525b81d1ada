//! The names that `predict` and `serve` answer with: those kept when the live release went live, by promotion or roll-back, so
//! that a rename or a merge reaches the bot's flows with the next promotion (rule 38).

use crate::domain::{DecisionId, DecisionTarget, IntentId, Kind, ReleaseId};
use crate::store::{DoingWhat, IntentNames, Result, Store};
use rusqlite::params;
use std::collections::HashMap;
use std::rc::Rc;

/// What intents are called in answers.
#[derive(Clone, Debug)]
pub struct ServedNames {
    /// The promotion or roll-back that kept them; `None`: today's names.
    since: Option<DecisionId>,
    /// What each stood for then, and how that was called.
    kept: Rc<HashMap<i64, (IntentId, String)>>,
    /// For intents that have come since.
    today: Rc<IntentNames>,
}

impl ServedNames {
    /// The intent that another is answered as.
    pub fn stands(&self, id: IntentId) -> IntentId {
        self.kept.get(&id.0).map_or_else(|| self.today.today(id), |(stands, _)| *stands)
    }

    /// What an intent is called in an answer.
    pub fn name(&self, id: IntentId) -> String {
        self.kept.get(&id.0).map_or_else(|| self.today.name(self.today.today(id)), |(_, name)| name.clone())
    }
}

impl Store {
    /// Keeps today's names with the decision that just made a release live.
    pub(in crate::store) fn keep_served(&self, decision: DecisionId) -> Result<()> {
        let names = self.intent_names()?;
        let mut s = self
            .conn
            .prepare_cached("INSERT INTO served(decision, intent, stands, name) VALUES (?, ?, ?, ?)")
            .doing("keeping the served names")?;
        for id in names.all() {
            let stands = names.today(id);
            s.execute(params![decision.0, id.0, stands.0, names.name(stands)]).doing("keeping the served names")?;
        }
        Ok(())
    }

    /// The names that a release answers with: of the live one those kept when it went live, of others today's. Of `known`, as
    /// far as they still hold.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn served_names(&self, release: ReleaseId, known: Option<&ServedNames>) -> Result<ServedNames> {
        let today = self.intent_names()?;
        let live = self.current_value(Kind::Live, DecisionTarget { subject: 0, turn: None })?;
        let since = live.filter(|(value, _, _)| value.parse() == Ok(release.0)).map(|(_, d, _)| DecisionId(d));
        if let Some(known) = known.filter(|k| k.since == since) {
            return Ok(ServedNames { since, kept: known.kept.clone(), today });
        }
        let kept = since.map(|d| self.read_served(d)).transpose()?.unwrap_or_default();
        Ok(ServedNames { since, kept: Rc::new(kept), today })
    }

    fn read_served(&self, decision: DecisionId) -> Result<HashMap<i64, (IntentId, String)>> {
        self.conn
            .prepare_cached("SELECT intent, stands, name FROM served WHERE decision = ?")
            .and_then(|mut s| {
                s.query_map([decision.0], |r| Ok((r.get(0)?, (IntentId(r.get(1)?), r.get(2)?))))
                    .and_then(Iterator::collect)
            })
            .doing("reading the served names")
    }
}
