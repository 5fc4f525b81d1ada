//! Conversations as text or Markdown, a line a turn behind who speaks: each as a cell of a sheet of our own, read like any other
//! transcript. Headings, rules or blank lines part them; what stands above or below what is said are columns. What names no conversation
//! is named after its file and how it begins: one that has grown is known again, and another in a file of the same name is another.

mod lines;
mod names;
mod parting;
#[cfg(test)]
mod tests;

use super::columns::field::{CsvField, plain};
use super::read::transcript::{holds_several, named_on};
use super::workbook::WorkbookSheet;
use crate::disk::{self, Temporary};
use crate::ingest::context::Warnings;
use crate::ingest::formats::contract::OpenError;
use crate::ingest::input::source::{Input, InputSource};
use lines::{date, field, heading, is_key, is_remark, is_rule, names_somebody, outcome, title};
use names::KnownNames;
use parting::Parting;
use sha2::{Digest, Sha256};
use std::collections::{HashMap, HashSet};
use std::io::{BufWriter, Read};

/// Lines that may stand above the first that is spoken.
const ABOVE: usize = 20;
/// Characters of a line that are shown.
const TITLE_SHOWN: usize = 40;
/// What a date is called that stands in a heading or alone.
const DATE: &str = "Date";

/// Whether a text begins with a conversation, a line a turn.
pub(super) fn is_one(head: &[u8]) -> bool {
    let text = String::from_utf8_lossy(head);
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    // The cells of a column that is called so stand in quotes; without them its name is a title.
    let is_name =
        !first.contains(':') && named_on(first).is_none() && CsvField::ALL.iter().any(|f| f.heads(first).is_some());
    if is_name && text.lines().any(|line| line.starts_with('"')) || first.trim_start().starts_with(['{', '"']) {
        return false;
    }
    let lines: Vec<&str> = text.lines().collect();
    let known = KnownNames::of(&lines);
    let Some(begins) = lines.iter().position(|line| known.speaks(line)) else { return false };
    let above: Vec<usize> = (0..begins).filter(|at| !lines[*at].trim().is_empty()).collect();
    // The names of columns stand there, too; titles and fields of a form stand apart or are marked.
    let is_title = |at: &usize| {
        let line = lines[*at];
        is_rule(line)
            || line.starts_with('#')
            || heading(line).is_some()
            || field(line).is_some()
            || known.told(line).is_some()
            || names_somebody(line)
            || !line.contains([',', ';', '\t', '|'])
            || lines.get(at + 1).is_some_and(|next| next.trim().is_empty())
    };
    let spoken: Vec<&&str> = lines.iter().filter(|line| known.speaks(line)).collect();
    // Cells are parted so: the columns of such a table can be named.
    if spoken.iter().all(|line| line.trim().contains('\t')) {
        return false;
    }
    let words = lines.iter().filter(|line| !line.trim().is_empty()).count();
    let dense = spoken.len() * 2 + above.len() >= words;
    above.len() <= ABOVE
        && above.iter().all(is_title)
        && (known.are_two() || known.are_regular() && dense)
        && !known.are_keys(&lines)
        && !spoken.iter().take(5).any(|line| holds_several(line))
}

/// The conversations of a text as a sheet: what names each, what else is told of it, and all that is said. `file`: what the text is
/// called, where it is a file.
pub(super) fn sheet(
    source: InputSource,
    file: Option<&str>,
    max: usize,
    warnings: &mut Warnings,
) -> Result<WorkbookSheet, OpenError> {
    let mut bytes = Vec::new();
    source.into_text()?.read().take(max as u64 + 1).read_to_end(&mut bytes)?;
    if bytes.len() > max {
        return Err(format!("a text of more than {} MiB: part it into several files", max >> 20).into());
    }
    let text = warnings.lossy(&bytes);
    let mut talks = talks(&text, warnings);
    let is_named_by_file = file.is_some_and(|file| name_by_file(&mut talks, file, warnings));
    let kept = Temporary::new()?;
    let csv = kept.path().join("sheet.csv");
    let mut out = csv::Writer::from_writer(BufWriter::new(disk::make(&csv)?));
    let named = talks.iter().any(|talk| talk.id.is_some());
    let mut columns: Vec<&str> = Vec::new();
    for (key, _) in talks.iter().flat_map(|talk| &talk.fields) {
        if !columns.contains(&key.as_str()) {
            columns.push(key);
        }
    }
    let id = named.then_some("conversation_id");
    out.write_record(id.into_iter().chain(columns.iter().copied()).chain(["transcript"]))?;
    for talk in &talks {
        let of = |column: &&str| talk.fields.iter().find(|(key, _)| key == column).map_or("", |(_, value)| value);
        let id = named.then_some(talk.id.as_deref().unwrap_or_default());
        let said = talk.lines.join("\n");
        out.write_record(id.into_iter().chain(columns.iter().map(of)).chain([said.as_str()]))?;
    }
    out.flush()?;
    drop(out);
    warnings.line = 0;
    Ok(WorkbookSheet { source: InputSource::open(Input::File(csv))?, kept, is_named_by_file })
}

/// Lines that tell how a conversation begins: greetings are the same in many.
const BEGINNING: usize = 3;

/// Names what has no name after the file and how it begins; whether that names all of them.
fn name_by_file(talks: &mut [Talk], file: &str, warnings: &mut Warnings) -> bool {
    let all = talks.iter().all(|talk| talk.id.is_none());
    let mut alike: HashMap<String, u64> = HashMap::new();
    for talk in talks.iter_mut().filter(|talk| talk.id.is_none()) {
        let begins = talk.lines.iter().map(|line| line.trim()).filter(|line| !line.is_empty()).take(BEGINNING);
        let digest = Sha256::digest(begins.collect::<Vec<_>>().join("\n"));
        let name: String = digest.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
        let count = alike.entry(name.clone()).or_default();
        *count += 1;
        talk.id = Some(if *count == 1 { format!("{file}-{name}") } else { format!("{file}-{name}-{count}") });
    }
    let nameless: u64 = alike.values().sum();
    if nameless > 0 {
        warnings.add(&format!(
            "conversations that nothing names are called after the file and how they begin (`{file}-…`): {nameless}"
        ));
    }
    all && nameless > 0
}

/// One conversation of a text.
#[derive(Default)]
struct Talk {
    id: Option<String>,
    /// What stands above and below what is said.
    fields: Vec<(String, String)>,
    lines: Vec<String>,
    /// Whether somebody has spoken.
    begun: bool,
}

fn talks(text: &str, warnings: &mut Warnings) -> Vec<Talk> {
    let lines: Vec<&str> = text.lines().map(|line| line.trim_start_matches('\u{feff}')).collect();
    let known = KnownNames::of(&lines);
    let parting = Parting::of(&lines, &known);
    let (mut out, mut talk, mut apart, mut titles) = (Vec::new(), Talk::default(), true, 0_u64);
    for (at, &line) in lines.iter().enumerate() {
        let blank = line.trim().is_empty();
        let named =
            heading(line).filter(|(_, marked)| apart || *marked || !talk.begun).map(|(id, _)| Some(id.to_owned()));
        let named = named.or_else(|| parting.titles.get(&at).cloned());
        let ends = named.is_some() || parting.rules && is_rule(line) || parting.blanks && blank;
        if ends && talk.begun {
            out.push(std::mem::take(&mut talk).ended());
        }
        apart = blank || is_rule(line);
        let told = || known.told(line).or_else(|| field(line)).filter(|_| !known.speaks(line));
        match named {
            Some(id) => {
                talk.id = id.or(talk.id);
                talk.fields.extend(field(line).filter(|_| heading(line).is_none() && title(line).is_none()));
                talk.date(line);
            }
            None if is_rule(line) => talk.say(""),
            None if talk.begun => talk.say(line),
            None => match told() {
                Some(field) => talk.fields.push(field),
                None if known.speaks(line) || names_somebody(line) => {
                    talk.begun = true;
                    talk.say(line);
                }
                None if date(line) == Some(line.trim()) => talk.date(line),
                None => titles += u64::from(!blank),
            },
        }
    }
    if talk.begun {
        out.push(talk.ended());
    }
    warnings.line = 0;
    if titles > 0 {
        warnings.add(&format!("lines above what is said that name no speaker are left out: {titles}"));
    }
    if let Some(at) = parting.doubt {
        let line: String = lines[at].trim().chars().take(TITLE_SHOWN).collect();
        warnings.add(&format!(
            "a line that stands alone above who begins is read as words of the turn before (`{line}`, line {}): where such lines begin \
             conversations put `# ` before each",
            at + 1
        ));
    }
    if out.len() == 1 && !parting.blanks && several_blocks(&out[0].lines, &known) {
        warnings.add(
            "this is read as one conversation, although blank lines part it: put `---` or `Conversation 2` between two where they are several",
        );
    }
    out
}

/// Whether in two blocks of lines more than one turn is said: they may be conversations.
fn several_blocks(lines: &[String], known: &KnownNames) -> bool {
    let blocks = lines.split(|line| line.trim().is_empty());
    blocks.filter(|block| block.iter().filter(|line| known.speaks(line)).count() > 1).count() > 1
}

impl Talk {
    fn say(&mut self, line: &str) {
        if self.begun {
            self.lines.push(line.to_owned());
        }
    }

    /// Notes the date in a line, where no field has told one.
    fn date(&mut self, line: &str) {
        let tells = |key: &str| [CsvField::Time, CsvField::Started].iter().any(|f| f.alias(&plain(key)).is_some());
        if let Some(date) = date(line).filter(|_| !self.fields.iter().any(|(key, _)| tells(key))) {
            self.fields.push((DATE.to_owned(), date.to_owned()));
        }
    }

    /// With what stands below the last words as fields.
    fn ended(mut self) -> Self {
        let is_blank = |line: &mut String| line.trim().is_empty();
        while self.lines.pop_if(is_blank).is_some() {}
        let below = self.lines.iter().rposition(|line| line.trim().is_empty()).map_or(self.lines.len(), |at| at + 1);
        let told = |line: &String| field(line).filter(|(key, _)| is_key(key) && !is_remark(key));
        if let Some(fields) = self.lines[below..].iter().map(told).collect::<Option<Vec<_>>>() {
            self.fields.extend(fields);
            self.lines.truncate(below);
        }
        while self.lines.pop_if(is_blank).is_some() {}
        while let Some((key, value)) = self.lines.last().and_then(|line| outcome(line)) {
            self.fields.push((key, value));
            self.lines.pop();
            while self.lines.pop_if(is_blank).is_some() {}
        }
        // A heading with several such lines tells the first.
        let mut told = HashSet::new();
        self.fields.retain(|(key, _)| told.insert(key.clone()));
        self
    }
}
