//! What was handed out: which failure, to whom, by when, and whether it is done. Each word is a decision.

use crate::domain::{ActionId, ActionTerms, DecisionChange, Filter, Kind, Query, Timestamp};
use crate::store::{DoingWhat, Result, Store, StoreError};
use rusqlite::params;
use serde::Serialize;

/// Something that was handed out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ActionRow {
    /// Its number.
    pub id: ActionId,
    /// How people call what it is about. From the log: hostile.
    pub name: String,
    /// What it is about, whenever it happens.
    pub about: String,
    /// Who repairs it.
    pub owner: String,
    /// What is to be done.
    pub note: Option<String>,
    /// The day by which it is to be done.
    pub due: Option<String>,
    /// When it was handed out first.
    pub given_at: Timestamp,
    /// Who handed it out, or changed it last.
    pub given_by: String,
    /// When it was said to be done.
    pub done_at: Option<Timestamp>,
    /// Its day is over and nobody has said that it is done.
    #[serde(skip)]
    pub is_overdue: bool,
}

impl ActionRow {
    /// The moment from which on it should show: when it was done, else when it was handed out.
    pub fn since(&self) -> Timestamp {
        self.done_at.unwrap_or(self.given_at)
    }

    /// By when it is to be done, and whether that is over.
    pub fn due_words(&self) -> String {
        let due = self.due.clone().unwrap_or_else(|| "no day".to_owned());
        if self.is_overdue { format!("{due}: overdue") } else { due }
    }

    /// What it says in a few words: `eleni, due 2026-12-05`.
    pub fn words(&self) -> String {
        let terms = ActionTerms { owner: self.owner.clone(), note: None, due: self.due.clone() };
        match (self.done_at, &self.due) {
            (Some(_), _) => format!("{}, done", self.owner),
            (None, Some(due)) if self.is_overdue => format!("{}, overdue {due}", self.owner),
            (None, _) => terms.words(),
        }
    }
}

/// What came of handing something out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandedOut {
    /// The action.
    pub row: ActionRow,
    /// Who had it until now, where it was open with somebody.
    pub was: Option<String>,
}

impl Store {
    /// What was handed out and not taken back, the newest first.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn actions(&self, now: Timestamp) -> Result<Vec<ActionRow>> {
        let doing = "reading what was handed out";
        let today = self.zone()?.day(now).to_string();
        let mut s = self
            .conn
            .prepare_cached(
                "SELECT a.id, a.name, a.query, k.value, r.name,
                    (SELECT min(d.at) FROM decision d WHERE d.kind = ?1 AND d.subject = a.id AND d.after IS NOT NULL),
                    (SELECT e.at FROM current w JOIN decision e ON e.id = w.decision WHERE w.kind = ?2 AND w.subject = a.id)
                 FROM current k JOIN action a ON a.id = k.subject JOIN reviewer r ON r.id = k.reviewer
                 WHERE k.kind = ?1 ORDER BY a.id DESC",
            )
            .doing(doing)?;
        let rows = s
            .query_map([Kind::Action.code(), Kind::ActionDone.code()], |r| {
                let terms = ActionTerms::of_value(&r.get::<_, String>(3)?).unwrap_or_default();
                let done_at = r.get::<_, Option<i64>>(6)?.map(Timestamp);
                // Days as they are written order as they come.
                let is_overdue = done_at.is_none() && terms.due.as_ref().is_some_and(|due| *due < today);
                Ok(ActionRow {
                    id: ActionId(r.get(0)?),
                    name: r.get(1)?,
                    about: r.get(2)?,
                    owner: terms.owner,
                    note: terms.note,
                    due: terms.due,
                    given_by: r.get(4)?,
                    given_at: Timestamp(r.get(5)?),
                    done_at,
                    is_overdue,
                })
            })
            .doing(doing)?;
        rows.collect::<rusqlite::Result<_>>().doing(doing)
    }

    /// Hands a failure out to somebody; whoever has it already and is not done gives it up. One step.
    ///
    /// # Errors
    /// The query says nothing of what failed, only when; the store cannot be written.
    pub fn hand_out(
        &mut self,
        reviewer: &str,
        now: Timestamp,
        about: &Query,
        terms: &ActionTerms,
    ) -> Result<HandedOut> {
        let matter = about.matter();
        if matter.terms.is_empty() {
            return Err(StoreError::refused(
                "an action is about something: a pattern (cluster:12), a cause (cause:policy), an intent (intent:refund), or any \
                 query that says more than days",
            ));
        }
        let (query, name) = (matter.to_string(), self.matter_name(&matter)?);
        // A query that finds nothing for want of what it names is refused here, not when it is counted.
        self.wanted(&matter, now)?;
        let open = self.actions(now)?.into_iter().find(|a| a.about == query && a.done_at.is_none());
        if open.is_none() {
            self.must_be_patterns(&matter)?;
        }
        let doing = "handing a failure out";
        let id = self.immediate(doing, |store| {
            let id = match &open {
                Some(open) => open.id,
                None => {
                    store
                        .conn
                        .execute("INSERT INTO action(query, name) VALUES (?, ?)", params![query, name])
                        .doing(doing)?;
                    ActionId(store.conn.last_insert_rowid())
                }
            };
            store.decide_within(reviewer, now, &[DecisionChange::action(id, terms)])?;
            Ok(id)
        })?;
        Ok(HandedOut { row: self.action(id, now)?, was: open.map(|o| o.owner) })
    }

    /// Says that an action is done, or that it is not after all.
    ///
    /// # Errors
    /// There is no such action, or it is so already; the store cannot be written.
    pub fn finish_action(&mut self, reviewer: &str, now: Timestamp, id: ActionId, done: bool) -> Result<ActionRow> {
        let row = self.action(id, now)?;
        if row.done_at.is_some() == done {
            let state = if done { "done" } else { "open" };
            return Err(StoreError::refused(format!("action {} ({}) is {state} already", id.0, row.name)));
        }
        self.decide(reviewer, now, &[DecisionChange::action_done(id, done)])?;
        self.action(id, now)
    }

    /// Refuses numbers that no pattern ever had; one that holds nothing any more can still be seen to.
    fn must_be_patterns(&self, matter: &Query) -> Result<()> {
        for term in &matter.terms {
            let Filter::Cluster(list) = &term.filter else { continue };
            for name in list {
                if self.ids("SELECT 1 FROM pattern WHERE CAST(id AS TEXT) = ?", &[name])?.is_empty() {
                    return Err(StoreError::NotFound {
                        what: "pattern",
                        name: format!("cluster:{name}"),
                        hint: "`appraise patterns` shows those that there are".to_owned(),
                    });
                }
            }
        }
        Ok(())
    }

    fn action(&self, id: ActionId, now: Timestamp) -> Result<ActionRow> {
        let found = self.actions(now)?.into_iter().find(|a| a.id == id);
        found.ok_or_else(|| StoreError::NotFound {
            what: "action",
            name: id.0.to_string(),
            hint: "`appraise action list` shows them".to_owned(),
        })
    }

    /// How people call what a query is about: the name of the pattern, cause, intent or mode where it is about one alone.
    fn matter_name(&self, matter: &Query) -> Result<String> {
        Ok(match matter.terms.as_slice() {
            [term] if !term.negated => match &term.filter {
                Filter::Cause(list) if list.len() == 1 => list[0].label().to_owned(),
                Filter::Intent(list) | Filter::Mode(list) | Filter::Topic(list) if list.len() == 1 => list[0].clone(),
                Filter::Cluster(list) if list.len() == 1 => {
                    let named = |p: &super::PatternRow| p.id.to_string() == list[0];
                    self.patterns()?.into_iter().find(named).map_or_else(|| list[0].clone(), |p| p.name)
                }
                _ => matter.to_string(),
            },
            _ => matter.to_string(),
        })
    }

    /// What an action is called, for words about a decision.
    pub(in crate::store) fn action_name(&self, id: i64) -> Result<String> {
        self.conn
            .prepare_cached("SELECT name FROM action WHERE id = ?")
            .and_then(|mut s| s.query_row([id], |r| r.get(0)))
            .doing("looking up what was handed out")
    }
}
