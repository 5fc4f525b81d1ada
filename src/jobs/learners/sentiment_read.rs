//! What customers of a store said, turn by turn.

use crate::domain::Reporter;
use crate::jobs::JobError;
use crate::learn::sentiment::heard::{HeardTurn, heard};
use crate::store::{LearnedCut, Store};

/// Turns that are read at most: the newest conversations' first.
const MOST: usize = 60_000;
/// Conversations between two looks at whether to go on.
const STEP: usize = 256;

/// What was read.
#[derive(Default)]
pub(super) struct Heard {
    pub turns: Vec<HeardTurn>,
    /// Conversations in which the customer asks for a person.
    pub person: u64,
}

/// Customers' turns up to a cut, those of the newest conversations, by time, source and id.
pub(super) fn read(store: &Store, cut: &LearnedCut, reporter: &dyn Reporter) -> Result<Heard, JobError> {
    let lessons = store.lessons(false, cut)?;
    let said = store.said_sentiments(cut)?;
    let mut out = Heard::default();
    for (at, row) in lessons.iter().rev().enumerate() {
        if at % STEP == 0 {
            reporter.step("read", at as u64, lessons.len() as u64)?;
        }
        if out.turns.len() >= MOST {
            break;
        }
        let conversation = store.conversation(row.conversation)?;
        let heard = heard(&conversation, said.get(&row.conversation).copied());
        out.person += u64::from(!row.is_test && heard.1);
        out.turns.extend(heard.0.into_iter().map(|t| HeardTurn { group: row.group, is_test: row.is_test, ..t }));
    }
    Ok(out)
}

