//! Files of text,intent and of labels, as commands take them.

use crate::cli::frame::context::Cx;
use crate::cli::output::figures::plural;
use crate::jobs::{LabelledFile, LabelledText, read_labelled};
use anyhow::Result;
use std::path::Path;

/// Reads a file of text,intent, and says on standard error what was put up with.
pub(in crate::cli) fn labelled(cx: &Cx, path: &Path) -> Result<Vec<LabelledText>> {
    let LabelledFile { rows, encoding, damaged } = read_labelled(path)?;
    let name = path.display();
    note_encoding(cx, &name.to_string(), encoding);
    if damaged > 0 {
        let rows = plural(damaged, "row");
        cx.note(&format!("{name}: bytes of {rows} are no UTF-8 and were read as \u{fffd}; save the file as UTF-8"));
    }
    Ok(rows)
}

/// Says that a file was taken to be in an old encoding.
pub(in crate::cli) fn note_encoding(cx: &Cx, name: &str, encoding: Option<&str>) {
    if let Some(encoding) = encoding {
        cx.note(&format!(
            "{name} is no UTF-8; it was read as {encoding}, which it looks like. If letters are wrong, save it as UTF-8"
        ));
    }
}
