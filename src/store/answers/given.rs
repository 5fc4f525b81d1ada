//! Which releases give which answers.

use crate::domain::ReleaseId;
use crate::learn::responses::AnswerPattern;
use crate::store::{Result, Store};
use crate::text::normalise::shape;
use rustc_hash::FxHashMap;
use std::cell::RefCell;
use std::rc::Rc;

/// Releases that give an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::store) struct GivenBy {
    /// The first of them.
    pub first: ReleaseId,
    /// The live one is among them.
    pub live: bool,
}

/// Answers by what equal ones have in common; those with placeholders also by their pattern.
#[derive(Debug, Default)]
pub(in crate::store) struct Given {
    by_words: FxHashMap<String, GivenBy>,
    by_pattern: FxHashMap<AnswerPattern, GivenBy>,
}

impl Given {
    fn add(&mut self, text: &str, by: GivenBy) {
        let pattern = Some(AnswerPattern::of(text)).filter(AnswerPattern::has_values);
        let with_values = pattern.map(|pattern| self.by_pattern.entry(pattern).or_insert(by));
        for known in with_values.into_iter().chain([self.by_words.entry(shape(text)).or_insert(by)]) {
            known.live |= by.live;
        }
    }

    /// Which releases give an answer: one that is filled in, else by its words.
    pub fn of(&self, pattern: Option<&AnswerPattern>, text: Option<&str>) -> Option<GivenBy> {
        let filled_in = pattern.and_then(|pattern| self.by_pattern.get(pattern));
        filled_in.or_else(|| self.by_words.get(&shape(text?))).copied()
    }
}

/// The answers that a connection keeps, of the releases up to one with one live.
#[derive(Default)]
struct KeptGiven(RefCell<Option<(Stamp, Rc<Given>)>>);

/// The newest release and the live one.
type Stamp = (i64, Option<ReleaseId>);

impl Store {
    /// What the releases answer. Reads the tables of releases that came since; one that cannot be read gives nothing.
    pub(in crate::store) fn answers_of_releases(&self) -> Result<Rc<Given>> {
        let ids = self.ids("SELECT release FROM artefact ORDER BY release", &[])?;
        let live = self.live()?;
        let stamp = (ids.last().copied().unwrap_or_default(), live);
        let kept = self.kept.of::<KeptGiven>();
        if let Some((at, given)) = &*kept.0.borrow()
            && *at == stamp
        {
            return Ok(Rc::clone(given));
        }
        let mut given = Given::default();
        for id in ids.into_iter().map(ReleaseId) {
            let Ok(table) = self.responses_of(id) else { continue };
            for said in table.iter().flat_map(|(_, said)| said.all()) {
                given.add(&said.text, GivenBy { first: id, live: live == Some(id) });
            }
        }
        let given = Rc::new(given);
        kept.0.replace(Some((stamp, Rc::clone(&given))));
        Ok(given)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_with_placeholders_is_given_whatever_fills_it_in() {
        let mut given = Given::default();
        let accepted = "Dear {name}, it is on its way.";
        given.add(accepted, GivenBy { first: ReleaseId(1), live: false });
        given.add(accepted, GivenBy { first: ReleaseId(2), live: true });
        let by = Some(GivenBy { first: ReleaseId(1), live: true });
        let pattern = AnswerPattern::of(accepted);
        assert_eq!(given.of(Some(&pattern), Some("Dear John, it is on its way.")), by);
        assert_eq!((given.of(None, Some(accepted)), given.of(None, Some("Dear John, it is late."))), (by, None));
    }
}
