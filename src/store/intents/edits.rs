//! What people do to the intent list. Each refusal names what stands in the way and the way out.

use crate::domain::{DecisionChange, IntentId, OUT_OF_SCOPE, OUT_OF_SCOPE_ID, Timestamp};
use crate::store::codes::LABEL;
use crate::store::intents::state::MERGED_INTO;
use crate::store::{DoingWhat, IntentNames, Result, Store, StoreError};
use crate::text::{name_key, trim_name};
use std::collections::HashSet;

/// Characters of a definition.
pub const LONGEST_MEANING: usize = 300;

/// How an addition came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AdditionOrigin {
    /// Nothing was called so.
    New,
    /// It was retired and is in use again.
    Again,
    /// It was merged into another intent and stands for itself again.
    Apart,
}

/// What a split did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Split {
    /// The intent that is retired now.
    pub from: IntentId,
    /// Turns labelled with it, which wait for new labels.
    pub waiting: u64,
    /// Those of the finer ones that were retired before and are in use again.
    pub again: Vec<IntentId>,
}

impl Store {
    /// Adds an intent to the list, or takes a retired one up again.
    ///
    /// # Errors
    /// As [`Store::list_intent`].
    pub fn add_intent(&mut self, reviewer: &str, now: Timestamp, name: &str) -> Result<IntentId> {
        self.list_intent(reviewer, now, name, false).map(|(id, _)| id)
    }

    /// As [`Store::add_intent`], and tells how that came about. One that was merged stands for itself again where `apart`
    /// says so.
    ///
    /// # Errors
    /// The name is no name; another intent has or had it; it was merged and `apart` is not given.
    pub fn list_intent(
        &mut self,
        reviewer: &str,
        now: Timestamp,
        name: &str,
        apart: bool,
    ) -> Result<(IntentId, AdditionOrigin)> {
        let name = self.check_name(name)?;
        self.immediate("adding an intent", |store| {
            let (id, how) = store.place_on_list(&name, apart, now)?;
            store.decide_within(reviewer, now, &[DecisionChange::intent_state(id, "active")])?;
            Ok((id, how))
        })
    }

    /// The intent that comes to the list under a name, and how; it is on it once a decision says so.
    pub(in crate::store) fn place_on_list(
        &self,
        name: &str,
        apart: bool,
        now: Timestamp,
    ) -> Result<(IntentId, AdditionOrigin)> {
        let names = self.intent_names()?;
        Ok(match names.holder(name, None) {
            None => (self.make_intent(name, "person", false, now)?, AdditionOrigin::New),
            Some((id, false)) if names.is_taken_back(id) => (id, AdditionOrigin::New),
            Some((id, false)) if names.is_merged(id) && apart => (id, AdditionOrigin::Apart),
            Some((id, false)) if !names.is_merged(id) && !names.is_active(id) => (id, AdditionOrigin::Again),
            Some((id, former)) => return Err(taken(&names, name, id, former)),
        })
    }

    /// A name as it is kept.
    pub(in crate::store) fn check_name(&self, name: &str) -> Result<String> {
        self.check_name_of(name, "an intent's name", "refund_status")
    }

    /// The same of something else, with a name such as it could have.
    pub(in crate::store) fn check_name_of(&self, name: &str, whose: &str, such: &str) -> Result<String> {
        let name = trim_name(name);
        if name.is_empty() || name.len() > 200 || name.chars().any(char::is_control) {
            return Err(StoreError::no_name(whose, such));
        }
        Ok(name.to_owned())
    }

    /// Renames an intent; old predictions and labels follow it, and logs that go on saying the old name mean it.
    ///
    /// # Errors
    /// No such intent, or one that was merged; the new name is no name, or another intent has or had it.
    pub fn rename_intent(&mut self, reviewer: &str, now: Timestamp, from: &str, to: &str) -> Result<IntentId> {
        let to = self.check_name(to)?;
        self.immediate("renaming an intent", |store| {
            let id = store.changeable(from)?;
            let names = store.intent_names()?;
            not_merged(&names, id, "rename")?;
            if names.name(id) == to {
                return Err(StoreError::refused(format!("{to:?} is its name already")));
            }
            if let Some((other, former)) = names.holder(&to, Some(id)) {
                let join = if names.is_active(names.today(other)) && names.is_active(id) {
                    let into = names.name(names.today(other));
                    format!("; `appraise intents merge {} {into}` joins them", quoted(&names.name(id)))
                } else {
                    String::new()
                };
                return Err(StoreError::refused(format!(
                    "{}; take another name{join}",
                    told(&names, &to, other, former)
                )));
            }
            store.decide_within(reviewer, now, &[DecisionChange::intent_name(id, &to)])?;
            Ok(id)
        })
    }

    /// Makes an intent stand for another from now on, in old predictions and labels too. Returns both.
    ///
    /// # Errors
    /// No such intents, one of them is retired or merged already, or they are the same.
    pub fn merge_intents(
        &mut self,
        reviewer: &str,
        now: Timestamp,
        from: &str,
        into: &str,
    ) -> Result<(IntentId, IntentId)> {
        self.immediate("merging intents", |store| {
            let (a, b) = (store.changeable(from)?, store.intent(into)?);
            let names = store.intent_names()?;
            let target = names.today(b);
            if names.today(a) == target {
                return Err(StoreError::refused(format!("{from:?} and {into:?} are the same intent already")));
            }
            not_merged(&names, a, "merge")?;
            for id in [a, target] {
                in_use(&names, id)?;
            }
            store.decide_within(
                reviewer,
                now,
                &[DecisionChange::intent_state(a, &format!("{MERGED_INTO}{}", target.0))],
            )?;
            Ok((a, target))
        })
    }

    /// Says what an intent means and where it ends, for whoever labels; `None` leaves that to its name.
    ///
    /// # Errors
    /// No such intent, the reserved one, one that was merged; the text is longer than 300 characters; it says so already.
    pub fn define_intent(
        &mut self,
        reviewer: &str,
        now: Timestamp,
        name: &str,
        meaning: Option<&str>,
    ) -> Result<IntentId> {
        let meaning = meaning.map(|m| m.split_whitespace().collect::<Vec<_>>().join(" ")).filter(|m| !m.is_empty());
        if meaning.as_ref().is_some_and(|m| m.chars().count() > LONGEST_MEANING) {
            return Err(StoreError::refused(format!(
                "a definition has at most {LONGEST_MEANING} characters: say it shorter"
            )));
        }
        self.immediate("defining an intent", |store| {
            let id = store.changeable(name)?;
            let names = store.intent_names()?;
            not_merged(&names, id, "define")?;
            if store.meanings()?.get(&id) == meaning.as_ref() {
                return Err(StoreError::refused("that is what it says already"));
            }
            store.decide_within(reviewer, now, &[DecisionChange::intent_meaning(id, meaning.as_deref())])?;
            Ok(id)
        })
    }

    /// Takes an intent out of use. Its labels stay in the log and stop training.
    ///
    /// # Errors
    /// No such intent, the reserved one, or one that is out of use already.
    pub fn retire_intent(&mut self, reviewer: &str, now: Timestamp, name: &str) -> Result<IntentId> {
        self.immediate("retiring an intent", |store| {
            let id = store.changeable(name)?;
            let names = store.intent_names()?;
            not_merged(&names, id, "retire")?;
            if !names.is_active(id) {
                return Err(StoreError::refused(format!("{:?} is retired already", names.name(id))));
            }
            store.decide_within(reviewer, now, &[DecisionChange::intent_state(id, "retired")])?;
            Ok(id)
        })
    }

    /// Retires an intent in favour of several finer ones. What was labelled with it waits for new labels.
    ///
    /// # Errors
    /// No such intent or one out of use; fewer than two different new names; one of them is or was its own, or another
    /// intent's.
    pub fn split_intent(&mut self, reviewer: &str, now: Timestamp, name: &str, into: &[String]) -> Result<Split> {
        let into = into.iter().map(|n| self.check_name(n)).collect::<Result<Vec<_>>>()?;
        self.immediate("splitting an intent", |store| {
            let id = store.changeable(name)?;
            let names = store.intent_names()?;
            not_merged(&names, id, "split")?;
            in_use(&names, id)?;
            let own = names.name(id);
            if let Some(same) = into.iter().find(|n| name_key(n) == name_key(&own)) {
                return Err(StoreError::refused(format!(
                    "a split retires {own:?}, so it cannot be split into {same:?}; to keep it, add the others with \
                     `appraise intents add NAME` and label anew what `appraise queue label:{}` finds",
                    quoted(&own)
                )));
            }
            let different: HashSet<String> = into.iter().map(|n| name_key(n)).collect();
            if different.len() < 2 {
                return Err(StoreError::refused(
                    "a split needs at least two different new names; `appraise intents rename` gives an intent another name",
                ));
            }
            let mut changes =
                vec![DecisionChange::intent_state(id, "retired").because(format!("split into {}", into.join(", ")))];
            let (mut again, mut seen) = (Vec::new(), HashSet::new());
            for name in into.iter().filter(|n| seen.insert(name_key(n))) {
                match names.holder(name, None) {
                    None => changes
                        .push(DecisionChange::intent_state(store.make_intent(name, "person", false, now)?, "active")),
                    Some((part, false)) if names.is_active(part) => {}
                    Some((part, false)) if !names.is_merged(part) => {
                        changes.push(DecisionChange::intent_state(part, "active"));
                        again.extend((!names.is_taken_back(part)).then_some(part));
                    }
                    Some((part, former)) => return Err(taken(&names, name, part, former)),
                }
            }
            store.decide_within(reviewer, now, &changes)?;
            Ok(Split { from: id, waiting: store.labelled(id)?, again })
        })
    }

    /// Turns whose label has an intent first, as it was given.
    fn labelled(&self, id: IntentId) -> Result<u64> {
        self.conn
            .query_row(
                &format!("SELECT count(*) FROM current WHERE kind = {LABEL} AND CAST(value AS INTEGER) = ?"),
                [id.0],
                |r| r.get(0),
            )
            .doing("counting what waits for new labels")
    }

    fn changeable(&self, name: &str) -> Result<IntentId> {
        let id = self.intent(name)?;
        if id == OUT_OF_SCOPE_ID {
            return Err(StoreError::refused(format!("{OUT_OF_SCOPE} is reserved: it cannot be renamed or taken away")));
        }
        Ok(id)
    }

    /// Looks whether a name may be given again, by undo or redo: somebody may have taken it meanwhile.
    pub(in crate::store) fn check_name_is_free(&self, id: IntentId, to: &str) -> Result<()> {
        let names = self.intent_names()?;
        // Twins of older stores stay as they are: of a name that it had, only the very same spelling is in the way.
        let other = match names.former(id).iter().any(|n| n == to) {
            true => names.exactly(to, id).map(|other| (other, false)),
            false => names.holder(to, Some(id)),
        };
        let Some((other, former)) = other else { return Ok(()) };
        let own = quoted(&names.name(id));
        Err(StoreError::refused(format!(
            "{:?} cannot be called {to:?} again: {}; `appraise intents merge {} {own}` joins them, `appraise intents rename` \
             gives either another name",
            names.name(id),
            told(&names, to, other, former),
            quoted(&names.name(other)),
        )))
    }

    /// Looks whether an intent may be merged into another: by undo or redo, when that may have been merged meanwhile.
    pub(in crate::store) fn check_no_circle(&self, id: IntentId, into: IntentId) -> Result<()> {
        let names = self.intent_names()?;
        if !names.goes_through(into, id) {
            return Ok(());
        }
        let (own, other) = (names.name(id), names.name(into));
        Err(StoreError::refused(format!(
            "{own:?} cannot count as {other:?} again: {other:?} counts as {own:?} meanwhile, so they are one intent already; \
             `appraise intents add {} --apart` takes them apart",
            quoted(&other)
        )))
    }
}

fn not_merged(names: &IntentNames, id: IntentId, act: &str) -> Result<()> {
    if !names.is_merged(id) {
        return Ok(());
    }
    let (own, into) = (names.name(id), names.name(names.today(id)));
    Err(StoreError::refused(format!(
        "{own:?} was merged into {into:?} and counts as that; {act} {into:?}, or take {own:?} apart again with \
         `appraise intents add {} --apart`",
        quoted(&own)
    )))
}

fn in_use(names: &IntentNames, id: IntentId) -> Result<()> {
    if names.is_active(id) {
        return Ok(());
    }
    let name = names.name(id);
    let add = quoted(&name);
    Err(StoreError::refused(format!("{name:?} is retired; `appraise intents add {add}` takes it up again")))
}

/// Who has a name, or had it.
fn told(names: &IntentNames, name: &str, other: IntentId, former: bool) -> String {
    let own = names.name(other);
    let has = if former {
        format!("{name:?} is a former name of {own:?}, and logs that say it mean that")
    } else if own == name {
        format!("there is an intent called {name:?} already")
    } else {
        format!("there is an intent called {own:?} already, which differs from {name:?} in case or blanks alone")
    };
    match names.today(other) {
        stands if stands != other => format!("{has}; it was merged into {:?}", names.name(stands)),
        stands if !names.is_active(stands) => {
            format!("{has}; it is retired, `appraise intents add {}` takes it up again", quoted(&own))
        }
        _ => has,
    }
}

/// Why a name cannot be added, and what to do.
fn taken(names: &IntentNames, name: &str, other: IntentId, former: bool) -> StoreError {
    let way = match () {
        () if names.is_merged(other) && !former => {
            format!("; `appraise intents add {} --apart` lets it stand for itself again", quoted(&names.name(other)))
        }
        () if former => "; take another name".to_owned(),
        () => String::new(),
    };
    StoreError::refused(format!("{}{way}", told(names, name, other, former)))
}

/// A name as a shell takes it.
fn quoted(name: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "_-./".contains(c);
    if name.chars().all(plain) { name.to_owned() } else { format!("'{}'", name.replace('\'', r"'\''")) }
}
