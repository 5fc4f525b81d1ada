//! A mapping as the command line writes it.

use super::field::{CsvField, plain};
use super::mapping::{Mapping, MappingError, RowShape};
use crate::base::did_you_mean::nearest;
use crate::domain::{Outcome, Role};
use crate::ingest::derive::speakers as senders;
use crate::ingest::formats::csv::cells::values::truth;
use encoding_rs::Encoding;

/// What `--map` can set beside fields, each with one line about it.
pub const SETTINGS: &[(&str, &str)] = &[
    ("shape", "what a row is: turns, utterances or conversations"),
    ("delimiter", "what stands between cells: comma, semicolon, tab, pipe or one other sign"),
    ("header", "whether the first row names the columns: yes or no"),
    ("encoding", "the encoding where it is not UTF-8, such as windows-1253"),
    (
        "empty_id",
        "which conversation a row with an empty id belongs to: above, that of the row before; none, and it is left out",
    ),
    ("repeats", "rows that say the same beside each other without an id of the message: one of it, or each"),
    ("order", "in which order turns stand: file, newest_first or time"),
    (
        "first_speaker",
        "who speaks first, user or bot: where no column says who does, customer and AI take turns row by row; else who is not known is told by it",
    ),
    ("csat_max", "the best rating there is; 5 unless said"),
    ("csat_min", "the worst rating there is; lower ones mean that nobody rated; 1 unless said"),
    ("csat_best", "the best rating, where it is the lowest: csat_best=1,csat_max=6 for school grades"),
    ("date_order", "what 03/04/2026 means: dmy, mdy, or ymd for years of two digits"),
    ("latency_unit", "what the latency is counted in: ms or s"),
    (
        "outcome:WORD",
        "what WORD in the outcome's column means: resolved, escalated, failed, abandoned, pending or unknown",
    ),
    (
        "csat:WORD",
        "what WORD in the rating's column is worth, such as csat:😍=5; none where it means that nobody rated",
    ),
    (
        "role:WORD",
        "who speaks where the sender is WORD (* for any other), or in WORD where that is the column of the answers: user, bot, agent, tool or system; none in transcripts where it is no speaker",
    ),
];

impl Mapping {
    /// Corrects the mapping by what `--map` says: `text=message,role=from,id=session`, and settings (`shape=turns`,
    /// `delimiter=;`, `header=no`, `encoding=windows-1253`, `order=newest_first`, `csat_max=10`, `role:bob=agent`,
    /// `role:*=user`). Quotes hold names with commas; `csat=` takes a field's column away; `#3` is the third column; `id=file` makes the
    /// file one conversation.
    ///
    /// `columns` are the file's, as `columns` lists them.
    ///
    /// # Errors
    /// The first thing that is unknown, with the nearest that is known. The mapping is then as it was.
    pub fn apply_flags(&mut self, given: &str, columns: &[String]) -> Result<(), MappingError> {
        let mut changed = self.clone();
        for (key, value) in pairs(given)? {
            apply(&mut changed, &key, &value, columns)?;
        }
        *self = changed;
        Ok(())
    }

    /// Whether a file with these columns can be read by it; the columns are then called as the file calls them.
    ///
    /// # Errors
    /// A column that is not there, or a field without which there is no conversation.
    pub fn check(&mut self, columns: &[String]) -> Result<(), MappingError> {
        delimiter(&self.delimiter.to_string())?;
        for (field, column) in &mut self.columns {
            *column = find_column(column, columns, field.name())?.to_owned();
        }
        let needed: &[CsvField] = match self.shape {
            _ if self.rates_alone() => &[],
            RowShape::Turns => &[CsvField::Id, CsvField::Text],
            RowShape::Utterances => &[CsvField::Text],
            RowShape::Conversations => &[CsvField::Transcript],
        };
        for column in self.pair.iter_mut().flatten() {
            *column = find_column(column, columns, CsvField::Id.name())?.to_owned();
        }
        let is_there = |f: &CsvField| self.columns.contains_key(f) || *f == CsvField::Id && self.names_conversations();
        match needed.iter().find(|f| !is_there(f)) {
            Some(&field) => {
                Err(MappingError::Missing { field, what: field.help().to_owned(), known: columns.join(", ") })
            }
            None => Ok(()),
        }
    }
}

/// Settles `key=value` pairs with commas between them; quotes hold what has commas in it.
///
/// # Errors
/// What is no pair.
pub fn pairs(given: &str) -> Result<Vec<(String, String)>, MappingError> {
    let mut out = Vec::new();
    for part in split(given) {
        // A key in quotes may hold anything: `"role:Smith, John"=agent`.
        let quoted = part.trim_start().strip_prefix('"').and_then(|rest| rest.split_once("\"="));
        let quoted = quoted.map(|(key, value)| (key.replace("\"\"", "\""), value));
        let plain = || part.split_once('=').map(|(key, value)| (key.to_owned(), value));
        let Some((key, value)) = quoted.or_else(plain) else { return Err(MappingError::Form { given: part }) };
        let value = value.trim();
        let value = value.strip_prefix('"').and_then(|v| v.strip_suffix('"')).unwrap_or(value);
        out.push((key.trim().to_owned(), value.replace("\"\"", "\"")));
    }
    Ok(out)
}

fn split(given: &str) -> Vec<String> {
    let (mut parts, mut quoted) = (vec![String::new()], false);
    for c in given.chars() {
        quoted ^= c == '"';
        match parts.last_mut() {
            // `delimiter=,` means the comma itself.
            Some(part) if c == ',' && !quoted && !part.trim_end().ends_with("delimiter=") => parts.push(String::new()),
            Some(part) => part.push(c),
            None => {}
        }
    }
    parts.retain(|p| !p.trim().is_empty());
    parts
}

/// A pair as [`pairs`] reads it.
pub fn pair(key: &str, value: &str) -> String {
    let quoted = |word: &str, signs: &[char]| match word.contains(signs) {
        true => format!("\"{}\"", word.replace('"', "\"\"")),
        false => word.to_owned(),
    };
    format!("{}={}", quoted(key, &[',', '"', '=']), quoted(value, &[',', '"']))
}

/// Changes one thing of a mapping.
///
/// # Errors
/// What is unknown, with the nearest known.
pub fn apply(m: &mut Mapping, key: &str, value: &str, columns: &[String]) -> Result<(), MappingError> {
    if let Some((kind, word)) = key.split_once(':') {
        match CsvField::from_name(kind) {
            Some(CsvField::Role) => return sender(m, word.trim(), value),
            Some(CsvField::Outcome) => return outcome(m, word.trim(), value),
            Some(CsvField::Csat) => return rating(m, word.trim(), value),
            _ => {}
        }
    }
    match key.to_ascii_lowercase().as_str() {
        "shape" => m.shape = shape(value)?,
        "delimiter" => m.delimiter = delimiter(value)?,
        "header" => m.header = truth(value).ok_or_else(|| bad("header", value, "yes or no"))?,
        "encoding" => m.encoding = encoding(value)?.map(str::to_owned),
        "empty_id" => {
            m.id_from_above = match value.to_ascii_lowercase().as_str() {
                "above" => true,
                "none" => false,
                _ => return Err(bad("empty_id", value, "above or none")),
            }
        }
        "repeats" => {
            m.joins_repeats = match value.to_ascii_lowercase().as_str() {
                "one" => true,
                "each" => false,
                _ => return Err(bad("repeats", value, "one or each")),
            }
        }
        "order" => (m.newest_first, m.by_time) = order(value)?,
        "first_speaker" => match Role::from_name(&value.to_ascii_lowercase()) {
            Some(role @ (Role::User | Role::Bot)) => m.first_speaker = Some(role),
            _ => return Err(bad("first_speaker", value, "user or bot")),
        },
        "csat_max" => match value.parse::<f64>() {
            Ok(max) if max.is_finite() && max > 0.0 => m.csat_max = Some(max),
            _ => return Err(bad("csat_max", value, "a number above 0")),
        },
        "csat_min" => match value.parse::<f64>() {
            Ok(min) if min.is_finite() => m.csat_min = Some(min),
            _ => return Err(bad("csat_min", value, "a number")),
        },
        "csat_best" => match value.parse::<f64>() {
            Ok(best) if best.is_finite() && best >= 0.0 => m.csat_best = Some(best),
            _ => return Err(bad("csat_best", value, "a number, 0 or more")),
        },
        "date_order" => m.date_order = Some(value.parse().map_err(|_| bad("date_order", value, "dmy, mdy or ymd"))?),
        "latency_unit" => match value.to_ascii_lowercase().as_str() {
            "s" | "seconds" => m.latency_in_seconds = true,
            "ms" | "milliseconds" => m.latency_in_seconds = false,
            _ => return Err(bad("latency_unit", value, "ms or s")),
        },
        _ => return field(m, key, value, columns),
    }
    Ok(())
}

/// What is said for the id where the file is one conversation.
const WHOLE_FILE: &str = "file";

fn field(m: &mut Mapping, key: &str, value: &str, columns: &[String]) -> Result<(), MappingError> {
    let names = || CsvField::ALL.iter().map(|f| f.name()).chain(SETTINGS.iter().map(|(name, _)| *name));
    let field = CsvField::from_name(key).ok_or_else(|| MappingError::CsvField {
        given: key.to_owned(),
        hint: did_you_mean(key, names()),
        known: names().collect::<Vec<_>>().join(", "),
    })?;
    if field == CsvField::Id {
        m.pair = None;
        m.whole_file = value == WHOLE_FILE && !columns.iter().any(|c| c == value);
        if m.whole_file {
            m.set(field, None);
            return Ok(());
        }
        // `From+To`: who writes to whom.
        if let Some((one, other)) = value.split_once('+').filter(|_| !columns.iter().any(|c| c == value)) {
            let find = |name: &str| find_column(name.trim(), columns, field.name()).map(str::to_owned);
            m.pair = Some([find(one)?, find(other)?]);
            m.set(field, None);
            return Ok(());
        }
    }
    let column = if value.is_empty() { None } else { Some(find_column(value, columns, field.name())?) };
    m.set(field, column);
    Ok(())
}

fn sender(m: &mut Mapping, word: &str, value: &str) -> Result<(), MappingError> {
    if value.eq_ignore_ascii_case("none") && word != "*" {
        m.no_speakers.insert(senders::word(word));
        return Ok(());
    }
    let role = Role::from_name(&value.to_ascii_lowercase())
        .ok_or_else(|| bad(&format!("role:{word}"), value, "user, bot, agent, tool or system"))?;
    if word == "*" {
        m.other_senders = Some(role);
    } else {
        m.senders.insert(senders::word(word), role);
    }
    Ok(())
}

fn outcome(m: &mut Mapping, word: &str, value: &str) -> Result<(), MappingError> {
    let known = || Outcome::ALL.iter().map(|o| o.name()).collect::<Vec<_>>().join(", ");
    let outcome = Outcome::from_name(&value.to_ascii_lowercase())
        .ok_or_else(|| bad(&format!("outcome:{word}"), value, &known()))?;
    m.outcomes.insert(senders::word(word), outcome);
    Ok(())
}

fn rating(m: &mut Mapping, word: &str, value: &str) -> Result<(), MappingError> {
    if value.eq_ignore_ascii_case("none") {
        m.unrated.insert(senders::word(word));
        return Ok(());
    }
    let score = value.trim().parse::<f64>().ok().filter(|score| score.is_finite());
    let score = score.ok_or_else(|| bad(&format!("csat:{word}"), value, "a number, or none"))?;
    m.ratings.insert(senders::word(word), score);
    Ok(())
}

fn bad(setting: &str, given: &str, allowed: &str) -> MappingError {
    MappingError::Value { setting: setting.to_owned(), given: given.to_owned(), allowed: allowed.to_owned() }
}

fn shape(value: &str) -> Result<RowShape, MappingError> {
    let found = RowShape::ALL.iter().find(|s| s.name().eq_ignore_ascii_case(value));
    found.copied().ok_or_else(|| bad("shape", value, "turns, utterances or conversations"))
}

/// A delimiter as itself or by name.
pub fn delimiter(value: &str) -> Result<char, MappingError> {
    let named = match value.to_ascii_lowercase().as_str() {
        "tab" | "\\t" => Some('\t'),
        "comma" => Some(','),
        "semicolon" => Some(';'),
        "pipe" | "bar" => Some('|'),
        "tilde" => Some('~'),
        "^a" | "ctrl-a" | "soh" | "\\x01" => Some('\u{1}'),
        _ => None,
    };
    let mut chars = value.chars();
    named
        .or_else(|| chars.next().filter(|c| c.is_ascii() && !c.is_ascii_alphanumeric() && !"\"\r\n\0 ".contains(*c)))
        .filter(|_| named.is_some() || chars.next().is_none())
        .ok_or_else(|| bad("delimiter", value, "comma, semicolon, tab, pipe or one other ASCII sign"))
}

/// An encoding by its usual names; `None` for UTF-8.
pub fn encoding(value: &str) -> Result<Option<&'static str>, MappingError> {
    let found = Encoding::for_label(value.as_bytes()).filter(|e| e.is_ascii_compatible());
    let found = found.ok_or_else(|| bad("encoding", value, "utf-8, windows-1252, windows-1253, iso-8859-7, …"))?;
    Ok(Some(found.name()).filter(|name| *name != "UTF-8"))
}

/// Whether the newest turn stands first, and whether times give the order.
fn order(value: &str) -> Result<(bool, bool), MappingError> {
    match value.to_ascii_lowercase().as_str() {
        "newest_first" | "newest" => Ok((true, false)),
        "file" | "oldest_first" | "oldest" => Ok((false, false)),
        "time" => Ok((false, true)),
        _ => Err(bad("order", value, "file, newest_first or time")),
    }
}

/// The column of that name: exactly, else without regard to case, accents and separators, else `#3` by its place.
fn find_column<'a>(name: &str, columns: &'a [String], field: &str) -> Result<&'a str, MappingError> {
    let wanted = plain(name);
    let by_place = || columns.get(name.strip_prefix('#')?.parse::<usize>().ok()?.checked_sub(1)?);
    let found = columns.iter().find(|c| *c == name);
    let found = found.or_else(|| columns.iter().find(|c| !wanted.is_empty() && plain(c) == wanted)).or_else(by_place);
    found.map(String::as_str).ok_or_else(|| MappingError::Column {
        given: name.to_owned(),
        field: field.to_owned(),
        hint: did_you_mean(name, columns.iter().map(String::as_str)),
        known: columns.join(", "),
    })
}

fn did_you_mean<'a>(given: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    nearest(given, known).map(|m| format!(": did you mean `{m}`?")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns() -> Vec<String> {
        ["session", "from", "message", "a, b", "Score"].map(str::to_owned).to_vec()
    }

    #[test]
    fn flags_correct_a_mapping() {
        let mut m = Mapping::new(RowShape::Utterances);
        m.apply_flags(
            "text=message, role=From,id=#1,confidence=\"a, b\",shape=turns,delimiter=,,order=newest_first,role:Bob=agent,role:*=user,encoding=greek",
            &columns(),
        )
        .unwrap();
        assert_eq!(m.column(CsvField::Text), Some("message"));
        assert_eq!(m.column(CsvField::Role), Some("from"));
        assert_eq!(m.column(CsvField::Id), Some("session"));
        assert_eq!(m.column(CsvField::Confidence), Some("a, b"));
        assert_eq!((m.shape, m.delimiter, m.newest_first), (RowShape::Turns, ',', true));
        assert_eq!((m.senders["bob"], m.other_senders), (Role::Agent, Some(Role::User)));
        assert_eq!(m.encoding.as_deref(), Some("ISO-8859-7"));
        m.apply_flags("csat=message,confidence=", &columns()).unwrap();
        assert_eq!((m.column(CsvField::Text), m.column(CsvField::Confidence)), (None, None));
        assert_eq!(Mapping::from_toml(&m.to_toml()).unwrap(), m);
    }

    #[test]
    fn what_a_question_prints_can_be_said() {
        for name in ["Ana", "Smith, John", "a=b", "the \"bot\"", "{\"t\":\"v\",\"n\":\"x\"}"] {
            let key = format!("role:{name}");
            let read = pairs(&format!("{},{},id=session", pair("text", name), pair(&key, "bot"))).unwrap();
            assert_eq!(read[..2], [("text".to_owned(), name.to_owned()), (key, "bot".to_owned())], "{name}");
        }
        let mut m = Mapping::new(RowShape::Turns);
        m.apply_flags("csat:😍=5,csat:Bof=2", &columns()).unwrap();
        assert_eq!((m.ratings["😍"], m.ratings["bof"]), (5.0, 2.0));
        m.apply_flags("csat:Keine=none", &columns()).unwrap();
        assert!(m.unrated.contains("keine") && Mapping::from_toml(&m.to_toml()).unwrap() == m);
        assert!(m.apply_flags("csat:x=y", &columns()).unwrap_err().to_string().contains("csat:x cannot be `y`"));
    }

    #[test]
    fn what_is_unknown_is_named_with_the_nearest() {
        let says = |flags: &str| {
            let mut m = Mapping::new(RowShape::Turns);
            let before = m.clone();
            let error = m.apply_flags(flags, &columns()).unwrap_err().to_string();
            assert_eq!(m, before);
            error
        };
        assert!(says("id=session,texts=message").contains("no field called `texts`: did you mean `text`?"));
        assert!(says("text=mesage").contains("no column called `mesage` for text: did you mean `message`?"));
        assert!(says("text").contains("is no mapping"));
        assert!(says("shape=rows").contains("turns, utterances or conversations"));
        assert!(says("delimiter=ab").contains("semicolon"));
        assert!(says("encoding=utf-16").contains("windows-1253"));
        assert!(says("role:bob=boss").contains("role:bob cannot be `boss`"));
        assert!(says("id=#9").contains("no column called `#9`"));
    }

    #[test]
    fn profiles_are_read_strictly() {
        let m = Mapping::from_toml("shape = \"turns\"\ndelimiter = \"\\t\"\n[columns]\ntext = \"m\"").unwrap();
        assert_eq!((m.delimiter, m.header, m.column(CsvField::Text)), ('\t', true, Some("m")));
        for text in [
            "",
            "shape = \"rows\"",
            "shape = \"turns\"\n[columns]\ntekst = \"m\"",
            "shape=\"turns\"\ndelimiter=\"\\n\"",
        ] {
            assert!(Mapping::from_toml(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_profile_has_to_fit_the_file() {
        let mut m = Mapping::new(RowShape::Turns);
        assert!(m.check(&columns()).unwrap_err().to_string().contains("--map id=COLUMN"));
        m.apply_flags("id=session,text=message", &columns()).unwrap();
        m.set(CsvField::Csat, Some("score"));
        m.check(&columns()).unwrap();
        assert_eq!(m.column(CsvField::Csat), Some("Score"));
        assert!(m.describe(&columns()).ends_with("; 2 more columns kept in meta"), "{}", m.describe(&columns()));
        assert!(m.check(&["session".to_owned()]).is_err());
    }
}
