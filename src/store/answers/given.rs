//! Which releases give which answers.

use crate::domain::ReleaseId;
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

/// Answers by what equal ones have in common.
pub(in crate::store) type Given = FxHashMap<String, GivenBy>;

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
                let by = given.entry(shape(&said.text)).or_insert(GivenBy { first: id, live: false });
                by.live |= live == Some(id);
            }
        }
        let given = Rc::new(given);
        kept.0.replace(Some((stamp, Rc::clone(&given))));
        Ok(given)
    }
}
