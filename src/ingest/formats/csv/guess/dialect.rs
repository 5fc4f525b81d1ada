//! How a file is written: what stands between cells, its encoding, whether the first row names the columns.

use crate::ingest::derive::speakers as senders;
use crate::ingest::formats::csv::cells::values;
use crate::ingest::formats::csv::columns::answers::answers;
use crate::ingest::formats::csv::columns::field::{CsvField, plain};
use crate::ingest::formats::csv::columns::mapping::Mapping;
use crate::ingest::formats::csv::read::transcript::is_dialogue;
use crate::ingest::rows::dialect::{DELIMITERS, encoding_of, first_rows, guess_encoding, is_separator_row};
use crate::ingest::times::is_nothing;

/// Rows of the beginning that are looked at.
const SAMPLE: usize = 200;
/// Rows among which the header is looked for.
const TITLES: usize = 30;

/// How a file is written.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Dialect {
    pub delimiter: char,
    pub encoding: Option<String>,
    /// `None`: still to be told.
    pub header: Option<bool>,
}

impl Dialect {
    /// As a mapping says.
    pub fn of(m: &Mapping) -> Self {
        Self { delimiter: m.delimiter, encoding: m.encoding.clone(), header: Some(m.header) }
    }

    /// As the beginning of a text looks.
    pub fn guess(head: &[u8]) -> Self {
        let encoding = guess_encoding(head).map(|e| e.name().to_owned());
        Self::guess_in(head, encoding)
    }

    /// As the beginning of a text in an encoding looks.
    pub fn guess_in(head: &[u8], encoding: Option<String>) -> Self {
        let named = DELIMITERS.iter().copied().find(|&d| is_separator_row(head, d));
        let best = || DELIMITERS.iter().rev().copied().max_by_key(|&d| evenness(head, d, &encoding));
        Self { delimiter: named.or_else(best).unwrap_or(','), encoding, header: None }
    }
}

/// The beginning of a file as cells.
pub(super) struct Sample {
    /// What the columns are called, each differently.
    pub columns: Vec<String>,
    /// The rows after the header.
    pub rows: Vec<Vec<String>>,
    /// Whether a row names the columns.
    pub header: bool,
    /// Rows above that: titles.
    pub above: usize,
    /// Headers that stand twice or are empty.
    pub odd_headers: Vec<String>,
    /// Rows with more cells than there are columns, or fewer: left out here, since their cells stand in wrong columns.
    pub ragged: usize,
}

impl Sample {
    /// Reads the beginning of a text, which may be cut off anywhere.
    pub fn read(head: &[u8], dialect: &Dialect) -> Self {
        let mut rows = sample(head, dialect.delimiter, &dialect.encoding);
        let at = header_at(&rows, dialect.header);
        let first = at.and_then(|at| rows.get(at).cloned()).unwrap_or_default();
        if let Some(at) = at {
            rows.drain(..(at + 1).min(rows.len()));
            rows.retain(|row| !names_again(row, &first));
        }
        let width = if at.is_some() { first.len() } else { rows.iter().map(Vec::len).max().unwrap_or(0) };
        let (columns, odd_headers) = names(&first, width);
        let all = rows.len();
        let even = rows.iter().filter(|row| row.len() == width).count();
        if at.is_some() && even * 2 > all {
            rows.retain(|row| row.len() == width);
        }
        Self { columns, header: at.is_some(), above: at.unwrap_or(0), odd_headers, ragged: all - rows.len(), rows }
    }

    /// The values of a column that are filled in.
    pub fn values(&self, i: usize) -> impl Iterator<Item = &str> + Clone {
        self.rows
            .iter()
            .filter_map(move |r| r.get(i))
            .map(String::as_str)
            .filter(|v| !is_nothing(&v.trim().to_lowercase()))
    }
}

/// Whether a row repeats the header, in its order or another.
fn names_again(row: &[String], header: &[String]) -> bool {
    let plain = |cells: &[String]| {
        let mut cells: Vec<String> =
            cells.iter().map(|c| c.trim().trim_start_matches('\u{feff}').to_lowercase()).collect();
        cells.sort_unstable();
        cells
    };
    row.len() == header.len() && row.len() > 1 && plain(row) == plain(header)
}

fn sample(head: &[u8], delimiter: char, encoding: &Option<String>) -> Vec<Vec<String>> {
    first_rows(head, delimiter, encoding_of(encoding.as_deref()), SAMPLE)
}

/// How well a delimiter cuts a text: rows as wide as the header, if that has more than one cell; then known headers; then
/// the number of cells.
fn evenness(head: &[u8], delimiter: char, encoding: &Option<String>) -> (usize, usize, usize) {
    let rows = sample(head, delimiter, encoding);
    let rows = &rows[titles(&rows).unwrap_or(0)..];
    let width = rows.first().map_or(0, Vec::len);
    if width < 2 {
        return (0, 0, 0);
    }
    let even = rows.iter().filter(|r| r.len() == width).count() * 10 / rows.len();
    let known = rows[0].iter().filter(|c| is_known(c)).count();
    (even, known, width)
}

/// Rows above the one that names the columns, where those are titles: with fewer filled cells, and none that is known.
fn titles(rows: &[Vec<String>]) -> Option<usize> {
    let filled = |row: &Vec<String>| row.iter().filter(|c| !c.trim().is_empty()).count();
    let names = |row: &Vec<String>| row.iter().filter(|c| is_known(c)).count();
    let at = rows
        .iter()
        .take(TITLES)
        .position(|row| names(row) >= 2 && filled(row) >= 2 && names(row) * 2 >= filled(row))?;
    // What names columns under another delimiter is no title: the file is two.
    let other = |row: &Vec<String>| {
        let named = |cell: &String, d: &char| cell.split(*d).filter(|c| is_known(c)).count() >= 2;
        row.iter().any(|cell| DELIMITERS.iter().any(|d| named(cell, d)))
    };
    let title =
        |row: &Vec<String>| filled(row) <= 2 && names(row) < 2 && filled(row) < filled(&rows[at]) && !other(row);
    (at > 0 && rows[..at].iter().all(title)).then_some(at)
}

/// The row that names the columns. `said`: whether there is one.
fn header_at(rows: &[Vec<String>], said: Option<bool>) -> Option<usize> {
    match (titles(rows), said) {
        (_, Some(false)) => None,
        (Some(at), _) => Some(at),
        (None, Some(true)) => Some(0),
        (None, None) => has_header(rows).then_some(0),
    }
}

fn is_known(header: &str) -> bool {
    // `user` in a first row is rather who speaks in it.
    let speaks = senders::known(&senders::word(header)).is_some();
    // With a blank it may be what somebody said.
    let of_answers = || !header.contains(char::is_whitespace) && answers(header).is_some();
    !plain(header).is_empty() && !speaks && (CsvField::ALL.iter().any(|f| f.heads(header).is_some()) || of_answers())
}

/// Whether the first row names columns: it holds a usual header that is no value below, or it holds no numbers and
/// times where there are some below, or only titles where there are sentences below.
fn has_header(rows: &[Vec<String>]) -> bool {
    let Some((first, rest)) = rows.split_first() else { return false };
    let recurs = |i: usize| {
        rest.iter().filter(|r| !names_again(r, first)).any(|r| r.get(i).is_some_and(|c| plain(c) == plain(&first[i])))
    };
    let speaks = |c: &String| senders::known(&senders::word(c)).is_some();
    if first.len() > 1 && first.iter().all(speaks) && !rest.iter().flatten().any(speaks) {
        return true;
    }
    let known = (0..first.len()).filter(|&i| is_known(&first[i]) && !recurs(i)).count();
    // One usual word beside a sentence is rather that sentence's label.
    let sentence = first.iter().any(|c| c.split_whitespace().count() > 3);
    if known > usize::from(sentence) {
        return true;
    }
    let typed = |cell: &str| values::is_number(cell) || values::is_time(cell);
    let names = first.iter().all(|c| !typed(c) && c.chars().count() <= 40);
    let typed_below = |i: usize| {
        let below: Vec<&String> = rest
            .iter()
            .filter(|r| !names_again(r, first))
            .filter_map(|r| r.get(i))
            .filter(|c| !c.trim().is_empty())
            .collect();
        !below.is_empty() && below.iter().all(|c| typed(c))
    };
    let heads = |i: usize| !recurs(i) && is_title(&first[i]);
    // What stands above whole conversations is none.
    let above_talks = |i: usize| {
        let mut below = rest.iter().filter_map(|row| row.get(i)).filter(|c| !c.trim().is_empty()).peekable();
        below.peek().is_some() && below.all(|c| is_dialogue(c)) && !is_dialogue(&first[i])
    };
    names && (0..first.len()).any(|i| typed_below(i) || above_talks(i))
        || first.len() > 1 && (0..first.len()).all(heads) && (0..first.len()).any(|i| holds_sentences(rest, i))
}

/// Whether a cell is a short title: a word or three without a full stop, the first with a capital where its script has any.
fn is_title(cell: &str) -> bool {
    let cell = cell.trim();
    cell.starts_with(|c: char| c.is_alphabetic() && !c.is_lowercase())
        && cell.chars().count() <= 24
        && cell.split_whitespace().count() <= 3
        && cell.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '_' | '-' | '/'))
}

/// Whether a column holds sentences, by nearly all of several rows.
fn holds_sentences(rows: &[Vec<String>], i: usize) -> bool {
    // Some scripts put no blanks between words.
    let is_long = |c: &String| c.split_whitespace().count() > 2 || c.chars().filter(|c| !c.is_ascii()).count() >= 8;
    let sentences = rows.iter().filter(|row| row.get(i).is_some_and(is_long)).count();
    rows.len() > 2 && sentences * 5 >= rows.len() * 4
}

/// Names that differ, from headers that may not; and those headers that were odd.
fn names(headers: &[String], width: usize) -> (Vec<String>, Vec<String>) {
    let (mut names, mut odd): (Vec<String>, _) = (Vec::with_capacity(width), Vec::new());
    for i in 0..width {
        let given = headers.get(i).map(|h| h.trim()).unwrap_or_default();
        let mut name = if given.is_empty() { format!("column {}", i + 1) } else { given.to_owned() };
        if given.is_empty() && !headers.is_empty() {
            odd.push(format!("column {} has no name", i + 1));
        }
        if names.contains(&name) {
            odd.push(format!("two columns are called `{given}`: the later one is `{given} ({})` here", i + 1));
            name = format!("{given} ({})", i + 1);
        }
        names.push(name);
    }
    (names, odd)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &[u8]) -> (Dialect, Sample) {
        let dialect = Dialect::guess(text);
        let sample = Sample::read(text, &dialect);
        (dialect, sample)
    }

    #[test]
    fn delimiters_are_told() {
        let of = |s: &str| read(s.as_bytes()).0.delimiter;
        assert_eq!(of("id;text\n1;a, b\n2;c, d\n"), ';');
        assert_eq!(of("id\ttext\n1\ta, b; c\n"), '\t');
        assert_eq!(of("id|text\n1|a\n"), '|');
        assert_eq!(of("id~text\n1~a, b\n2~c\n"), '~');
        assert_eq!(of("id\u{1}text\n1\u{1}a, b\n2\u{1}c\n"), '\u{1}');
        assert_eq!(of("sep=;\nid;text\n1;a\n"), ';');
        assert_eq!(of("text,label\n\"a;b;c\",x\n\"d;e;f\",y\n"), ',');
    }

    #[test]
    fn headers_are_told_from_data() {
        let of = |s: &str| read(s.as_bytes()).1.header;
        assert!(of("text,label\nhi,greet\n"));
        assert!(of("frage,zahl\nwo ist es,7\nund hier,8\n"));
        assert!(of("user,bot\nwhere is it,it is here\n"));
        assert!(!of("user,hi there\nbot,hello\nuser,bye\n"));
        assert!(!of("1,hi there\n2,hello\n"));
        let (_, sample) = read(b"sep=,\ntext,,text\na,b,c\n");
        assert_eq!(sample.columns, ["text", "column 2", "text (3)"]);
        assert_eq!((sample.odd_headers.len(), sample.rows.len()), (2, 1));
    }
}
