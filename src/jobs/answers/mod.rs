//! What the AI says, counted: which answers there are, where in a conversation they are given, in which conversations.

mod counting;
mod reach;
#[cfg(test)]
mod tests;

pub use reach::{Reach, TestTurn, reach, test_turns};

use crate::domain::Reporter;
use crate::jobs::JobError;
use crate::store::Store;
use counting::Counting;

/// Conversations that are read in one go.
const STEP: i64 = 2_000;

/// Counts answers, unless those of all conversations are counted already. A million conversations take about half a minute.
///
/// # Errors
/// Cancelled; the store cannot be read or written.
pub fn count_answers(store: &Store, reporter: &dyn Reporter) -> Result<(), JobError> {
    if store.answers_are_counted()? {
        return Ok(());
    }
    let rows = store.conversation_rows()?;
    let mut counting = Counting::default();
    let mut from = 0;
    while from < rows {
        reporter.step("read", from as u64, rows as u64)?;
        let turns = store.spoken(from..(from + STEP).min(rows))?;
        turns.chunk_by(|a, b| a.conversation == b.conversation).for_each(|talk| counting.add(talk));
        from += STEP;
    }
    reporter.step("answers", 0, 0)?;
    let mut book = counting.book(|turn| store.words_of(turn))?;
    if !store.knows_intents()? {
        book.tags = counting::by_tags(store.tagged()?);
    }
    Ok(store.keep_answer_book(book)?)
}
