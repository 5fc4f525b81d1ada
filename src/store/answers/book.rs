//! What the AI said and in which conversations: counted once by `jobs::answers`, kept, and found by `answer:`.

use super::packed_rows::{packed, packed_choices, unpacked, unpacked_choices};
use super::stage::{AnswerStage, ChosenAnswer};
use crate::domain::ConversationId;
use crate::learn::responses::AnswerPattern;
use crate::store::queue::columns::{IdSet, Test};
use crate::store::queue::filter::no_data;
use crate::store::{DoingWhat, Result, Store, StoreError};
use rusqlite::{Row, params};
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

/// Kinds of a row of `spoken_answer`.
const TEXT: i64 = 0;
const ACTION: i64 = 1;
const TAGS: i64 = 2;
/// Under this setting stands of which conversations the answers were counted.
const COUNTED: &str = "answers_counted";

/// One answer of the AI.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BookedAnswer {
    /// The action's name, else digits that stand for the words.
    pub key: String,
    /// Whether `key` is an action's name.
    pub is_action: bool,
    /// What its words are written in; empty for actions and where nothing tells.
    pub lang: String,
    /// What its sayings have in common, where they are filled in with names and other values; else they say what its turn does.
    pub pattern: Option<AnswerPattern>,
    /// Packed id of a turn that says it, of a training group; `None` where only test groups heard it.
    pub turn: Option<i64>,
    /// How often it was said.
    pub times: u64,
    /// Of an action, in how many texts that are not one answer; else 1.
    pub texts: u64,
    /// How often of these right after a tool that failed.
    pub after_error: u64,
    /// How often of these right before a person took over.
    pub before_person: u64,
    /// Rows of its conversations by [`AnswerStage`], ascending.
    pub rows: [Vec<u32>; 3],
    /// Where the log says how probable it was.
    pub chosen: Vec<ChosenAnswer>,
}

impl BookedAnswer {
    /// Whether it tells of a state of the world rather than answers: most of it was said right after a tool failed.
    pub fn is_messenger(&self) -> bool {
        2 * self.after_error > self.times
    }

    /// Whether it was said in a conversation.
    pub fn is_said_in(&self, id: ConversationId) -> bool {
        u32::try_from(id.0).is_ok_and(|row| self.rows.iter().any(|rows| rows.binary_search(&row).is_ok()))
    }

    /// Whether it announces a person: right after most of it one took over.
    pub fn announces_a_person(&self) -> bool {
        2 * self.before_person > self.times
    }
}

/// All that the AI said.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AnswerBook {
    /// The answers, those in the most conversations first.
    pub answers: Vec<BookedAnswer>,
    /// Where the log names no intents, conversations by their tags: rows, ascending.
    pub tags: Vec<(String, Vec<u32>)>,
    /// Of which conversations it was counted.
    pub mark: String,
}

/// The book that a connection keeps.
#[derive(Default)]
struct KeptBook(RefCell<Option<Rc<AnswerBook>>>);

impl Store {
    /// What the sayings of an answer have in common; of an action what its turn says. `None`: only test groups heard it.
    pub(in crate::store) fn pattern_of(&self, answer: &BookedAnswer) -> Result<Option<AnswerPattern>> {
        if answer.pattern.is_some() {
            return Ok(answer.pattern.clone());
        }
        let words = answer.turn.map(|turn| self.words_of(turn)).transpose()?.flatten();
        Ok(words.map(|words| AnswerPattern::of(&words)))
    }

    /// Of which conversations answers would be counted now.
    pub(in crate::store) fn answers_mark(&self) -> Result<String> {
        self.conn
            .prepare_cached(
                // The number of the rules comes first: what was counted by others is counted anew.
                "SELECT '6:' || coalesce((SELECT max(id) FROM conversation), 0) || ':' ||
                    coalesce((SELECT sum(added) + sum(updated) FROM import), 0)",
            )
            .and_then(|mut s| s.query_row([], |r| r.get(0)))
            .doing("looking for what came since answers were counted")
    }

    /// Whether the answers that are kept are those of all conversations there are.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn answers_are_counted(&self) -> Result<bool> {
        let mark = self.answers_mark()?;
        Ok(self.answer_book()?.is_some_and(|book| book.mark == mark))
    }

    /// The answers that were counted last; `None` where none were.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn answer_book(&self) -> Result<Option<Rc<AnswerBook>>> {
        let kept = self.kept.of::<KeptBook>();
        let stored = self.setting(COUNTED)?;
        let held = kept.0.borrow().clone();
        if let Some(book) = held {
            // What was counted while reading alone is newer than what is stored.
            let is_ahead = self.is_read_only() && book.mark == self.answers_mark()?;
            if stored.is_none() || stored.as_ref() == Some(&book.mark) || is_ahead {
                return Ok(Some(book));
            }
        }
        let Some(mark) = stored else { return Ok(None) };
        let book = Rc::new(self.read_book(mark)?);
        kept.0.replace(Some(Rc::clone(&book)));
        Ok(Some(book))
    }

    fn read_book(&self, mark: String) -> Result<AnswerBook> {
        let doing = "reading the answers that were counted";
        let mut s = self
            .conn
            .prepare_cached(
                "SELECT kind, key, lang, turn, times, after_error, opening, middle, closing, chosen, before_person, pattern, texts FROM spoken_answer ORDER BY id",
            )
            .doing(doing)?;
        let mut book = AnswerBook { mark, ..AnswerBook::default() };
        let mut rows = s.query([]).doing(doing)?;
        let most = self.most()?;
        while let Some(r) = rows.next().doing(doing)? {
            let kind: i64 = r.get(0).doing(doing)?;
            let stages = [6, 7, 8].map(|i| r.get::<_, Vec<u8>>(i).doing(doing));
            let mut decoded: [Vec<u32>; 3] = Default::default();
            for (rows, bytes) in decoded.iter_mut().zip(stages) {
                *rows = unpacked(&bytes?).map_err(|e| StoreError::Damaged(format!("{doing}: {e}")))?;
                if let Some(&last) = rows.last() {
                    most.row(i64::from(last))?;
                }
            }
            if kind == TAGS {
                let [rows, ..] = decoded;
                book.tags.push((r.get(1).doing(doing)?, rows));
            } else {
                let mut answer = booked(r, kind, decoded).doing(doing)?;
                let bytes: Vec<u8> = r.get(9).doing(doing)?;
                answer.chosen = unpacked_choices(&bytes).map_err(|e| StoreError::Damaged(format!("{doing}: {e}")))?;
                book.answers.push(answer);
            }
        }
        Ok(book)
    }

    /// Keeps answers in place of those that were counted before. A store that is open for reading alone keeps them in memory.
    ///
    /// # Errors
    /// The store cannot be written.
    pub fn keep_answer_book(&self, mut book: AnswerBook) -> Result<()> {
        book.mark = self.answers_mark()?;
        if !self.is_read_only() {
            self.write_book(&book)?;
        }
        self.kept.of::<KeptBook>().0.replace(Some(Rc::new(book)));
        Ok(())
    }

    fn write_book(&self, book: &AnswerBook) -> Result<()> {
        let doing = "keeping the answers that were counted";
        self.immediate(doing, |s| {
            s.conn.execute("DELETE FROM spoken_answer", []).doing(doing)?;
            let mut add = s
                .conn
                .prepare_cached(
                    "INSERT INTO spoken_answer(kind, key, lang, turn, times, after_error, opening, middle, closing, chosen,
                        before_person, pattern, texts) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                )
                .doing(doing)?;
            for a in &book.answers {
                let kind = if a.is_action { ACTION } else { TEXT };
                let [opening, middle, closing] = a.rows.each_ref().map(|rows| packed(rows));
                let chosen = packed_choices(&a.chosen);
                let pattern = a.pattern.as_ref().map(AnswerPattern::to_string);
                let said = params![kind, a.key, a.lang, a.turn, a.times, a.after_error, opening, middle, closing, chosen,
                    a.before_person, pattern, a.texts];
                add.execute(said).doing(doing)?;
            }
            for (tags, rows) in &book.tags {
                let none: &[u8] = &[];
                let tagged = params![TAGS, tags, "", None::<i64>, 0, 0, packed(rows), none, none, none, 0, None::<String>, 0];
                add.execute(tagged).doing(doing)?;
            }
            s.conn
                .execute("INSERT OR REPLACE INTO setting(key, value) VALUES (?, ?)", params![COUNTED, book.mark])
                .doing(doing)
                .map(drop)
        })
    }

    /// The conversations in which the AI said one of these: `KEY`, or `KEY/STAGE`.
    pub(in crate::store) fn answer_test(&self, names: &[String]) -> Result<Test> {
        let Some(book) = self.answer_book()? else {
            return Err(no_data(
                "answer:",
                "answers have not been counted; `appraise responses rank` does, and so does the Responses screen",
            ));
        };
        let most = self.most()?;
        let mut found = IdSet::default();
        for name in names {
            let (key, stage) = split_stage(&book, name);
            let is_it =
                |a: &&BookedAnswer| a.key.eq_ignore_ascii_case(key) || a.key.to_lowercase() == key.to_lowercase();
            let mut known = false;
            for answer in book.answers.iter().filter(is_it) {
                known = true;
                for s in AnswerStage::ALL.into_iter().filter(|s| stage.is_none_or(|wanted| wanted == *s)) {
                    for &row in &answer.rows[s as usize] {
                        found.add(most.row(i64::from(row))?);
                    }
                }
            }
            if !known {
                return Err(StoreError::NotFound {
                    what: "answer",
                    name: name.clone(),
                    hint: "`appraise responses rank` lists them".to_owned(),
                });
            }
        }
        Ok(Test::Among(Arc::new(found)))
    }
}

/// A name as it stands in a query: the whole is an answer's key, else what stands before the stage.
fn split_stage<'a>(book: &AnswerBook, name: &'a str) -> (&'a str, Option<AnswerStage>) {
    let is_key = |key: &str| book.answers.iter().any(|a| a.key.eq_ignore_ascii_case(key));
    let parts = name.rsplit_once('/').filter(|_| !is_key(name));
    let staged = parts.and_then(|(key, stage)| Some((key, AnswerStage::ALL.into_iter().find(|s| s.name() == stage)?)));
    staged.map_or((name, None), |(key, stage)| (key, Some(stage)))
}

fn booked(r: &Row<'_>, kind: i64, rows: [Vec<u32>; 3]) -> rusqlite::Result<BookedAnswer> {
    Ok(BookedAnswer {
        key: r.get(1)?,
        is_action: kind == ACTION,
        lang: r.get(2)?,
        pattern: r.get::<_, Option<String>>(11)?.map(|written| AnswerPattern::parse(&written)),
        turn: r.get(3)?,
        times: r.get(4)?,
        texts: r.get(12)?,
        after_error: r.get(5)?,
        before_person: r.get(10)?,
        rows,
        chosen: Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stage_is_told_from_a_key_with_a_stroke() {
        let answer = |key: &str| BookedAnswer { key: key.to_owned(), ..BookedAnswer::default() };
        let book = AnswerBook { answers: vec![answer("a/opening"), answer("b")], ..AnswerBook::default() };
        assert_eq!(split_stage(&book, "a/opening"), ("a/opening", None));
        assert_eq!(split_stage(&book, "b/closing"), ("b", Some(AnswerStage::Closing)));
        assert_eq!(split_stage(&book, "b/else"), ("b/else", None));
    }
    #[test]
    fn what_fills_an_answer_in_is_kept_open() {
        use crate::domain::Timestamp;
        let founding = crate::store::Founding { seed: 1, test_share: 0.0, now: Timestamp(1_790_000_000_000) };
        let store = Store::in_memory(founding).unwrap();
        let answer = |key: &str, pattern| BookedAnswer { key: key.to_owned(), pattern, ..BookedAnswer::default() };
        let filled_in = AnswerPattern::of("Dear {name}, your parcel 12 is on its way.");
        let answers = vec![answer("~00000000aa", Some(filled_in)), answer("~00000000bb", None)];
        let book = AnswerBook { answers, tags: vec![("a".to_owned(), Vec::new())], mark: "m".to_owned() };
        store.write_book(&book).unwrap();
        assert_eq!(store.read_book("m".to_owned()).unwrap(), book);
    }
}
