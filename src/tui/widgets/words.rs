//! The one door through which logged text reaches the screen: clean, cut and wrapped by display width.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Logged text as one harmless line.
pub fn line(text: &str) -> String {
    paragraph(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Logged text as harmless lines.
pub fn paragraph(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\t', "    ").chars().filter(|c| *c == '\n' || !c.is_control()).collect()
}

/// Columns that cleaned text takes.
pub fn width(text: &str) -> usize {
    text.width()
}

/// The beginning of a clean line that fits, with an ellipsis where something was cut.
pub fn fit(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    if columns == 0 {
        return String::new();
    }
    let mut out = String::new();
    let mut used = 0;
    for g in text.graphemes(true) {
        let w = width(g);
        if used + w > columns - 1 {
            break;
        }
        out.push_str(g);
        used += w;
    }
    out.push('…');
    out
}

/// A clean line cut and padded to exactly so many columns.
pub fn pad(text: &str, columns: usize) -> String {
    let mut out = fit(text, columns);
    let used = width(&out);
    out.extend(std::iter::repeat_n(' ', columns.saturating_sub(used)));
    out
}

/// The same, to the right.
pub fn pad_left(text: &str, columns: usize) -> String {
    let cut = fit(text, columns);
    format!("{}{cut}", " ".repeat(columns.saturating_sub(width(&cut))))
}

/// Clean text broken at words into lines of at most so many columns.
pub fn wrap(text: &str, columns: usize) -> Vec<String> {
    let columns = columns.max(1);
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        let mut current = String::new();
        let mut used = 0;
        for word in paragraph.split_word_bounds() {
            let w = width(word);
            if used + w > columns && !current.is_empty() {
                lines.push(std::mem::take(&mut current).trim_end().to_owned());
                used = 0;
                if word.trim().is_empty() {
                    continue;
                }
            }
            if w <= columns {
                current.push_str(word);
                used += w;
                continue;
            }
            for g in word.graphemes(true) {
                let w = width(g);
                if used + w > columns && !current.is_empty() {
                    lines.push(std::mem::take(&mut current));
                    used = 0;
                }
                current.push_str(g);
                used += w;
            }
        }
        lines.push(current.trim_end().to_owned());
    }
    if lines.is_empty() {
        lines.push(String::new());
    }
    lines
}

/// Clean text without its first columns.
pub fn tail(text: &str, columns: usize) -> String {
    let mut used = 0;
    text.graphemes(true)
        .skip_while(|g| {
            let keep = used >= columns;
            used += width(g);
            !keep
        })
        .collect()
}
