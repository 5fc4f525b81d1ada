//! What was handed out, as lines of Patterns.

use super::listed::Listed;
use super::types::{PatternLine, PatternPage};
use crate::store::Result;

impl Listed<'_> {
    /// What was handed out, the newest first: each finds what failed since, on the day itself what failed before.
    pub(super) fn acted(&self) -> Result<PatternPage> {
        let effects = self.store.read_actions(self.now)?;
        let open = effects.iter().filter(|e| e.action.done_at.is_none()).count() as u64;
        let mut page = PatternPage { whole: ("handed out and not done yet", open), ..PatternPage::default() };
        page.lines = effects
            .into_iter()
            .map(|effect| {
                // On the day itself nothing has come after it: then what there was before is found.
                let side = if effect.after.days == 0 { &effect.before } else { &effect.after };
                PatternLine {
                    name: effect.action.name.clone(),
                    n: side.rate.num,
                    query: side.query.clone(),
                    action: Some(effect.action.clone()),
                    effect: Some(Box::new(effect)),
                    ..PatternLine::default()
                }
            })
            .collect();
        if !page.lines.is_empty() {
            page.note = Some(
                "Four weeks before the day it was handed out, or done, and four after; that day itself is on neither side.".to_owned(),
            );
        }
        Ok(page)
    }
}
