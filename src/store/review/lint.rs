//! What is wrong with a store that no refusal could prevent: a list of findings, each with what to do.

use crate::base::counted::counted;
use crate::domain::{ConversationId, DecisionTarget, IntentId, Kind, OUT_OF_SCOPE};
use crate::store::conversations::again::{ORPHANED, REWORDED};
use crate::store::decisions::log::turn_of;
use crate::store::{DoingWhat, IntentNames, Result, Store};
use serde::Serialize;
use std::collections::BTreeMap;

/// With fewer training texts an intent is hardly learned.
const FEW: usize = 5;

/// One thing that somebody should look at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LintFinding {
    /// `twins`, `contradictory_example`, `example_out_of_use`, `few_texts`, `orphaned`, `words_changed`.
    pub kind: &'static str,
    /// What it is about: an intent's name, a text, a turn.
    pub about: String,
    /// What is found, in words.
    pub says: String,
    /// What to do.
    pub todo: String,
}

impl Store {
    /// Everything that is found, kind by kind.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn lint(&self) -> Result<Vec<LintFinding>> {
        let names = self.intent_names()?;
        let mut out = twins(&names);
        out.extend(self.contradictory_examples()?);
        out.extend(self.examples_out_of_use(&names)?);
        out.extend(self.few_texts(&names)?);
        let todo = "nothing, where the log was wrong the first time; else label the turn that is meant";
        out.extend(self.displaced("orphaned", &ORPHANED, "is on a turn that another speaker has now", todo)?);
        let todo =
            "say it again where it still holds (`appraise label`), or say what holds now; until then it has no effect";
        out.extend(self.displaced("words_changed", REWORDED, "was said of other words than the turn has now", todo)?);
        Ok(out)
    }

    /// What people decided on turns that are not any more what they were.
    fn displaced(&self, kind: &'static str, sql: &str, what: &str, todo: &str) -> Result<Vec<LintFinding>> {
        const DOING: &str = "looking for decisions on changed turns";
        let mut s = self.conn.prepare_cached(&format!("{sql} ORDER BY 1, 3, 2")).doing(DOING)?;
        let rows = s
            .query_map([], |r| {
                let target = DecisionTarget { subject: r.get(0)?, turn: turn_of(r.get(2)?) };
                Ok((target, r.get::<_, i64>(1)?, r.get::<_, String>(3)?, r.get::<_, i64>(5)?))
            })
            .and_then(Iterator::collect::<rusqlite::Result<Vec<_>>>)
            .doing(DOING)?;
        let finding = |(target, of, value, by): (DecisionTarget, i64, String, i64)| {
            let Some(of) = Kind::from_code(of) else { return Ok(None) };
            let (id, by) = (self.conversation_key(ConversationId(target.subject))?, self.reviewer_name(by)?);
            let place = target.turn.map(|t| self.place(ConversationId(target.subject), t)).transpose()?;
            let words = self.change_words(of, DecisionTarget { turn: None, ..target }, None, Some(&value))?;
            Ok(Some(LintFinding {
                kind,
                about: place.map_or(id.clone(), |place| format!("{id} turn {place}")),
                says: format!("{words}, by {by}, {what}"),
                todo: todo.to_owned(),
            }))
        };
        rows.into_iter().filter_map(|row| finding(row).transpose()).collect()
    }

    fn contradictory_examples(&self) -> Result<Vec<LintFinding>> {
        let found = self.contradictions()?.into_iter().map(|c| LintFinding {
            kind: "contradictory_example",
            says: format!("a base example of {}", list(&c.intents)),
            todo: "keep it under the one that is meant: `appraise undo` takes an import back, the corrected file is \
                   imported again"
                .to_owned(),
            about: c.text,
        });
        Ok(found.collect())
    }

    fn examples_out_of_use(&self, names: &IntentNames) -> Result<Vec<LintFinding>> {
        let mut idle: BTreeMap<String, u64> = BTreeMap::new();
        for (_, intent) in self.examples_today(names)?.into_iter().filter(|(_, i)| !names.is_active(*i)) {
            *idle.entry(names.name(intent)).or_default() += 1;
        }
        let found = idle.into_iter().map(|(name, n)| LintFinding {
            kind: "example_out_of_use",
            says: format!("retired, with {}", counted(n, "base example", "base examples")),
            todo: "nothing, where it is to stay so: they do not train; `appraise intents add` takes it up again"
                .to_owned(),
            about: name,
        });
        Ok(found.collect())
    }

    fn few_texts(&self, names: &IntentNames) -> Result<Vec<LintFinding>> {
        let mut texts: BTreeMap<IntentId, usize> = names.active().iter().map(|&i| (i, 0)).collect();
        for e in self.training_examples(self.last_decision()?)? {
            *texts.entry(e.intent).or_default() += 1;
        }
        let few = texts.into_iter().filter(|&(_, n)| n < FEW).map(|(i, n)| (names.name(i), n));
        let mut found: Vec<LintFinding> = few
            .filter(|(name, _)| name != OUT_OF_SCOPE)
            .map(|(about, n)| LintFinding {
                kind: "few_texts",
                says: match n {
                    0 => "in use without a single training text".to_owned(),
                    n => format!("in use with {}", counted(n as u64, "training text", "training texts")),
                },
                todo: format!(
                    "label {} more, or add base examples with `appraise intents import`; retire it or merge it where \
                     nobody needs it",
                    FEW - n
                ),
                about,
            })
            .collect();
        found.sort_by(|a, b| a.about.cmp(&b.about));
        Ok(found)
    }
}

fn twins(names: &IntentNames) -> Vec<LintFinding> {
    let found = names.twins().into_iter().map(|ids| {
        let all: Vec<String> = ids.iter().map(|&i| names.name(i)).collect();
        LintFinding {
            kind: "twins",
            about: all[0].clone(),
            says: format!("{} differ in case or blanks alone", list(&all)),
            todo: format!("`appraise intents merge {:?} {:?}` joins them, where they are one", all[1], all[0]),
        }
    });
    found.collect()
}

fn list(names: &[String]) -> String {
    let named: Vec<String> = names.iter().map(|n| format!("{n:?}")).collect();
    match named.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => named.concat(),
    }
}
