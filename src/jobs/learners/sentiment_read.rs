//! What customers of a store said, turn by turn.

use crate::domain::Reporter;
use crate::jobs::JobError;
use crate::learn::sentiment::heard::{HeardTurn, heard};
use crate::store::{LearnedCut, Store};

/// Turns that are kept at most, the newest: of those that somebody rated, and of the others. A million conversations are learnt from
/// within a minute so.
const RATED: usize = 12_000;
const OTHERS: usize = 10_000;
/// Conversations between two looks at whether to go on.
const STEP: usize = 256;

/// What was read.
#[derive(Default)]
pub(super) struct Heard {
    pub turns: Vec<HeardTurn>,
    /// Conversations in which the customer asks for a person.
    pub person: u64,
    /// There are more than are kept: it is the newest of them.
    pub is_part: bool,
}

/// Customers' turns up to a cut, those of the newest conversations, the newest first, by time, source and id: a bounded number of them.
pub(super) fn read(store: &Store, cut: &LearnedCut, reporter: &dyn Reporter) -> Result<Heard, JobError> {
    let lessons = store.lessons(false, cut)?;
    let said = store.said_sentiments(cut)?;
    let mut out = Heard::default();
    let (mut rated, mut others) = (0, 0);
    for (at, row) in lessons.iter().rev().enumerate() {
        if at % STEP == 0 {
            reporter.step("read", at as u64, lessons.len() as u64)?;
        }
        if rated >= RATED && others >= OTHERS {
            out.is_part = true;
            break;
        }
        let conversation = store.conversation(row.conversation)?;
        let heard = heard(&conversation, said.get(&row.conversation).copied());
        out.person += u64::from(!row.is_test && heard.1);
        for t in heard.0 {
            let (of, most) = if t.rated.is_some() { (&mut rated, RATED) } else { (&mut others, OTHERS) };
            // What nobody rated judges nothing.
            out.is_part |= *of >= most;
            if *of < most && (t.rated.is_some() || !row.is_test) {
                *of += 1;
                out.turns.push(HeardTurn { group: row.group, is_test: row.is_test, ..t });
            }
        }
    }
    Ok(out)
}
