//! Writing a report into a file, in the form that its name asks for.

use super::content::{MARK, Report};
use super::html::html;
use super::markdown::markdown;
use crate::disk::{CannotWrite, ExistingFile, InputFiles, NewFile};
use crate::text::clean::is_invisible;
use std::io::{Read, Write};
use std::path::Path;

/// The mark stands within so many bytes.
const BEGINNING: u64 = 400;

/// A form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// One page that needs nothing else.
    Html,
    /// Markdown.
    Markdown,
    /// JSON.
    Json,
}

impl Written {
    /// The form that a file's name asks for.
    ///
    /// # Errors
    /// Which names ask for which.
    pub fn of(path: &Path) -> Result<Self, String> {
        let ending = path.extension().map(|e| e.to_string_lossy().to_lowercase());
        match ending.as_deref() {
            Some("html" | "htm") => Ok(Self::Html),
            Some("md") => Ok(Self::Markdown),
            Some("json") => Ok(Self::Json),
            _ => Err(format!("{}: a report's name ends in .html, .md or .json", path.display())),
        }
    }
}

/// Writes a report. A file that is there is replaced by a rename, and only if this program has written it as a report.
///
/// # Errors
/// The name asks for no form; the file is another's, or cannot be written.
pub fn write(report: &Report, path: &Path, inputs: &InputFiles) -> Result<Written, CannotWrite> {
    let refused = |what: String| CannotWrite { path: path.display().to_string(), what };
    let form = Written::of(path).map_err(|_| refused("a report's name ends in .html, .md or .json".to_owned()))?;
    let text = match form {
        Written::Html => html(report),
        Written::Markdown => markdown(report),
        Written::Json => json(report).map_err(|e| refused(e.to_string()))?,
    };
    let mut file = NewFile::begin(path, ExistingFile::Ours(is_ours), inputs)?;
    file.write_all(text.as_bytes()).map_err(|e| CannotWrite::system(path, &e))?;
    file.keep()?;
    Ok(form)
}

fn json(report: &Report) -> serde_json::Result<String> {
    let mut value = serde_json::Map::new();
    value.insert("kind".to_owned(), MARK.into());
    if let serde_json::Value::Object(fields) = serde_json::to_value(report)? {
        value.extend(fields);
    }
    Ok(inert(&serde_json::to_string_pretty(&value)?) + "\n")
}

/// JSON in which what could act or hide is written as an escape: such characters only stand in its texts, and mean the same there.
fn inert(json: &str) -> String {
    let acts = |c: char| matches!(c, '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}') || is_invisible(c);
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        match acts(c) {
            true => c.encode_utf16(&mut [0; 2]).iter().for_each(|unit| out += &format!("\\u{unit:04x}")),
            false => out.push(c),
        }
    }
    out
}

fn is_ours(path: &Path) -> bool {
    let mut beginning = Vec::new();
    let read = std::fs::File::open(path).and_then(|f| f.take(BEGINNING).read_to_end(&mut beginning));
    read.is_ok() && String::from_utf8_lossy(&beginning).contains(MARK)
}
