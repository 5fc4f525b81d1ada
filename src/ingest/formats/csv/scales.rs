//! What plain numbers are of in logs of JSON objects, ratings and thumbs: told by all of them before any is read, as in a table.

use super::ask::{PersonsWord, ratings};
use super::cells::values::rating;
use super::columns::field::CsvField;
use super::columns::flags;
use super::columns::mapping::{Mapping, RowShape};
use super::survey::CsvSurvey;
use super::survey::seen::SeenValues;
use crate::ingest::context::PlainScales;
use crate::ingest::formats::canonical::value::{number, text};
use crate::ingest::input::frames::trim;
use crate::ingest::input::source::{Input, InputSource, Text};
use crate::ingest::rows::text::RewindableText;
use memchr::memmem;
use serde_json::{Deserializer, Value};
use std::io::{self, Cursor, Read};
use std::path::Path;
use std::sync::Arc;

/// The key under which ratings stand, as questions and `--map` name it, and all of its spellings.
const RATINGS: &str = "csat";
const RATED: &[&str] = &["\"csat\"", "\"satisfaction_survey\""];
const THUMBED: &str = "\"feedback\"";

/// Bytes that are looked at together, and those that a rating with all that it says may have.
const CHUNK: usize = 1 << 20;
const VALUE: usize = 4 << 10;

/// Ratings and thumbs of a log, as they stand there.
#[derive(Default)]
struct PlainValues {
    ratings: SeenValues,
    /// Whether some are points of a scale.
    points: bool,
    /// Whether a log was looked at to its end.
    whole: bool,
}

/// The scales of an input: of a file by all of it, of a pipe by its beginning. `said`: what `--map` says of ratings alone.
pub(in crate::ingest) fn of_source(source: &InputSource, said: Option<&str>) -> Arc<PlainScales> {
    let mut seen = PlainValues::default();
    if let Some(text) = source.text().filter(|text| is_json(text)) {
        let again = source.path.as_ref().map(|path| RewindableText::File {
            path: path.clone(),
            plain: text.plain,
            encoding: source.encoding,
        });
        // What goes wrong here goes wrong again when it is read, and is said then.
        let read = match again {
            Some(again) => again.text().and_then(|text| seen.look(text.read())),
            None => seen.look(Cursor::new(&text.head)),
        };
        seen.whole = source.path.is_some() && read.is_ok();
    }
    Arc::new(seen.settled(said))
}

/// The scales of several files that are imported together.
pub(in crate::ingest) fn of_files<'p>(files: impl Iterator<Item = &'p Path>, said: Option<&str>) -> Arc<PlainScales> {
    let mut seen = PlainValues { whole: true, ..PlainValues::default() };
    for file in files.filter(|file| file.is_file()) {
        let opened = InputSource::open(Input::File(file.to_owned()));
        let text = opened.ok().and_then(|source| source.into_text().ok()).filter(is_json);
        seen.whole &= text.is_none_or(|text| seen.look(text.read()).is_ok());
    }
    Arc::new(seen.settled(said))
}

fn is_json(text: &Text) -> bool {
    matches!(trim(&text.head).first(), Some(b'{' | b'['))
}

/// Whether `--map` says nothing but what ratings are worth: that holds for records of any format.
pub(super) fn is_of_ratings(map: &str) -> bool {
    let is_one = |(key, value): &(String, String)| match key.split_once(':') {
        Some((kind, _)) => kind == RATINGS,
        None => matches!(key.as_str(), "csat_min" | "csat_max" | "csat_best") || key == RATINGS && names(value),
    };
    flags::pairs(map).is_ok_and(|pairs| !pairs.is_empty() && pairs.iter().all(is_one)) && mapping(Some(map)).is_some()
}

/// Whether a column of that name is the key of the ratings, or none.
fn names(column: &str) -> bool {
    column.is_empty() || column == RATINGS
}

/// A mapping of the ratings alone, with what was said of them; `None`: that cannot be.
fn mapping(said: Option<&str>) -> Option<Mapping> {
    let mut m = Mapping::new(RowShape::Turns);
    m.set(CsvField::Csat, Some(RATINGS));
    match said {
        Some(said) => m.apply_flags(said, &[RATINGS.to_owned()]).ok().map(|()| m),
        None => Some(m),
    }
}

impl PlainValues {
    /// Takes in what stands under the keys, wherever that is. A key in quotes stands nowhere else: within a text its quotes are escaped.
    fn look(&mut self, mut text: impl Read) -> io::Result<()> {
        let mut buf = Vec::new();
        loop {
            let read = text.by_ref().take(CHUNK as u64).read_to_end(&mut buf)?;
            let is_last = read < CHUNK;
            // What begins near the end is looked at with what follows it.
            let end = if is_last { buf.len() } else { buf.len() - VALUE };
            for key in RATED.iter().copied().chain([THUMBED]) {
                for at in memmem::find_iter(&buf, key).take_while(|at| *at < end) {
                    let behind = &buf[at + key.len()..];
                    if let Some(value) = first_value(&behind[..behind.len().min(VALUE)]) {
                        self.add(key, &value);
                    }
                }
            }
            if is_last {
                return Ok(());
            }
            buf.drain(..end);
        }
    }

    fn add(&mut self, key: &str, value: &Value) {
        let most = value.get("max").and_then(number).filter(|max| *max > 0.0);
        let bare = value.get("score").or_else(|| value.get("rating")).unwrap_or(value);
        if key == THUMBED {
            self.points |=
                most.is_none_or(|max| max <= 1.0) && number(bare).is_some_and(|x| ![-1.0, 0.0, 1.0].contains(&x));
            return;
        }
        let Some(shown) = text(bare.clone()).ok().filter(|shown| !shown.trim().is_empty()) else { return };
        let shown = match most.filter(|_| number(bare).is_some()) {
            Some(most) => format!("{shown}/{most}"),
            None => shown,
        };
        self.ratings.add(shown.trim().to_lowercase(), &shown, None);
    }

    /// A plain number is one of 1 to 5, as the format has it, unless others of the log are none; then all are what a table takes them for.
    fn settled(self, said: Option<&str>) -> PlainScales {
        let Some(mut m) = mapping(said) else { return PlainScales::default() };
        let plain = |shown: &str| rating(shown).filter(|(_, max)| max.is_none()).map(|(score, _)| score);
        let of_five = self.ratings.keys().filter_map(plain).all(|score| (1.0..=5.0).contains(&score));
        if of_five && (m.csat_min, m.csat_max, m.csat_best) == (None, None, None) {
            (m.csat_min, m.csat_max) = (Some(1.0), Some(5.0));
        }
        let pairs = said.and_then(|said| flags::pairs(said).ok()).unwrap_or_default();
        let keys = |key: &str| pairs.iter().any(|(said, _)| said == key);
        let survey = CsvSurvey::of_ratings(self.ratings);
        let mut asked = ratings(&mut m, &survey, &PersonsWord { keys: &keys, ..PersonsWord::default() });
        asked.questions.iter_mut().for_each(|question| question.about = format!("`{RATINGS}`"));
        PlainScales {
            is_read: m.column(CsvField::Csat).is_some(),
            ratings: Arc::new(m),
            questions: asked.questions,
            warnings: asked.warnings,
            are_points: self.points,
            by_all: self.whole,
        }
    }
}

/// The value behind a key.
fn first_value(behind: &[u8]) -> Option<Value> {
    let value = behind.trim_ascii_start().strip_prefix(b":")?;
    Deserializer::from_slice(value).into_iter().next()?.ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(text: &str) -> Vec<(String, u64)> {
        let mut seen = PlainValues::default();
        seen.look(Cursor::new(text)).unwrap();
        seen.ratings.list().into_iter().map(|(key, value)| (key.to_owned(), value.rows)).collect()
    }

    #[test]
    fn a_rating_is_seen_once_wherever_it_stands() {
        let at = |before: usize| {
            format!("{{\"a\":\"{}\",\"csat\" : 9 , \"b\":\"{}\"}}", "x".repeat(before), "y".repeat(VALUE))
        };
        for edge in [CHUNK - VALUE, CHUNK, 2 * CHUNK - VALUE] {
            for before in (edge - 24..edge).step_by(3) {
                assert_eq!(seen(&at(before)), [("9".to_owned(), 1)], "{before}");
            }
        }
        let said = r#"{"text":"he wrote \"csat\": 3 there","note":"csat","csat":{"score":4,"max":10},"metadata":{"csat":"Good"}}"#;
        assert_eq!(seen(said), [("4/10".to_owned(), 1), ("good".to_owned(), 1)]);
        assert_eq!(seen(r#"{"csat":null}{"csat":[1]}{"csat":"#), []);
    }

    #[test]
    fn only_what_is_said_of_ratings_holds_for_any_format() {
        for map in
            ["csat_max=10", "csat=csat,csat_max=1", "csat=", "csat:Good=5,csat:N/A=none", "csat_best=1,csat_max=6"]
        {
            assert!(is_of_ratings(map), "{map}");
        }
        for map in ["csat=Note", "csat_max=10,text=body", "csat_max=x", "role:bob=agent", ""] {
            assert!(!is_of_ratings(map), "{map}");
        }
    }
}
