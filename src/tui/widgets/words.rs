//! The one door through which logged text reaches the screen. What [`line()`] and [`paragraph`] give is harmless; the
//! other functions take such text or the program's own words.

use crate::text;
use unicode_segmentation::UnicodeSegmentation;

pub use crate::text::{pad, pad_left, width};

/// Logged text as one harmless line.
pub fn line(raw: &str) -> String {
    text::clean(raw).into_cow().into_owned()
}

/// Logged text as harmless lines.
pub fn paragraph(raw: &str) -> String {
    text::clean_block(raw).into_cow().into_owned()
}

/// The beginning that fits, with an ellipsis where something was cut.
pub fn fit(clean: &str, columns: usize) -> String {
    text::cut(clean, columns).into_owned()
}

/// Broken at words into lines of at most so many columns; at least one line.
pub fn wrap(clean: &str, columns: usize) -> Vec<String> {
    let lines = text::wrap(clean, columns.max(1));
    if lines.is_empty() { vec![String::new()] } else { lines.into_iter().map(str::to_owned).collect() }
}

/// Clean text without its first columns.
pub fn tail(clean: &str, columns: usize) -> String {
    let mut used = 0;
    clean
        .graphemes(true)
        .skip_while(|g| {
            let keep = used >= columns;
            used += width(g);
            !keep
        })
        .collect()
}
