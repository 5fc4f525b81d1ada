//! The one door through which logged text reaches the screen. What [`line()`] and [`paragraph`] give is harmless; the
//! other functions take such text or the program's own words.

use crate::text;
use crate::theme::Role;
use std::borrow::Cow;
use std::ops::Range;
use unicode_segmentation::UnicodeSegmentation;

pub use crate::text::{pad, pad_left, width};

/// Logged text as one harmless line.
pub fn line(raw: &str) -> String {
    unjoined(text::clean(raw).into_cow())
}

/// Logged text as harmless lines.
pub fn paragraph(raw: &str) -> String {
    unjoined(text::clean_block(raw).into_cow())
}

/// Signs one by one: terminals disagree on how wide those are that joiners, colours of skin and selectors make one, and rows would
/// shift. Letters keep their joiners.
fn unjoined(clean: Cow<'_, str>) -> String {
    let joins = |c: char| matches!(c, '\u{200d}' | '\u{fe0e}' | '\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}');
    if clean.is_ascii() || !clean.contains(joins) {
        return clean.into_owned();
    }
    let mut out = String::with_capacity(clean.len());
    for c in clean.chars() {
        if !(joins(c) && out.ends_with(is_sign)) {
            out.push(c);
        }
    }
    out
}

/// Whether it is no letter but a picture, an arrow or the like.
const fn is_sign(c: char) -> bool {
    matches!(c, '\u{2190}'..='\u{2bff}' | '\u{1f000}'..='\u{1faff}')
}

/// The beginning that fits, with an ellipsis where something was cut.
pub fn fit(clean: &str, columns: usize) -> String {
    text::cut(clean, columns).into_owned()
}

/// As much of clean text as fits, in whole clauses: what follows a semicolon is the first to go, then what follows a comma; a
/// word is broken only where a line has no room for its first.
pub fn clauses(clean: &str, columns: usize) -> String {
    if width(clean) <= columns {
        return clean.to_owned();
    }
    let begins = |mark: &str, room: usize, least: usize| {
        let all = clean.match_indices(mark).map(|(at, _)| &clean[..at]);
        all.filter(|part| (least..=room).contains(&width(part))).last()
    };
    if let Some(whole) = begins("; ", columns, 1) {
        return whole.to_owned();
    }
    let (room, half) = (columns.saturating_sub(2), columns / 2);
    let part = begins(", ", room, half).or_else(|| begins(" ", room, half));
    part.map_or_else(|| fit(clean, columns), |part| format!("{part} …"))
}

/// Letters of a name below which it names nobody.
const NAMES: usize = 4;

/// Who was given something, in so many columns: the day by which it is due stands whole or not at all.
pub fn given(said: &str, columns: usize) -> String {
    let said = line(said);
    if width(&said) <= columns {
        return said;
    }
    let Some((who, when)) = said.rsplit_once(", ") else { return fit(&said, columns) };
    match columns.checked_sub(width(when) + 2) {
        Some(room) if room >= NAMES => format!("{}, {when}", fit(who, room)),
        _ if width(when) <= columns => when.to_owned(),
        _ => fit(who, columns),
    }
}

/// A clean clause as a sentence.
pub fn sentence(clean: &str) -> String {
    let mut letters = clean.chars();
    let first = letters.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", letters.as_str())
}

/// A language by its name where people know it by one.
pub fn language(tag: &str) -> String {
    let known = [
        ("en", "English"),
        ("el-Latn", "Greek in Latin letters"),
        ("el", "Greek"),
        ("de", "German"),
        ("fr", "French"),
        ("it", "Italian"),
        ("es", "Spanish"),
        ("ru", "Russian"),
        ("tr", "Turkish"),
    ];
    known
        .iter()
        .find(|(t, _)| t.eq_ignore_ascii_case(tag))
        .map_or_else(|| tag.to_owned(), |(_, name)| (*name).to_owned())
}

/// Broken at words into lines of at most so many columns; at least one line.
pub fn wrap(clean: &str, columns: usize) -> Vec<String> {
    let lines = text::wrap(clean, columns.max(1));
    if lines.is_empty() { vec![String::new()] } else { lines.into_iter().map(str::to_owned).collect() }
}

/// What is looked for in the background, and how far that is, 0 to 1.
pub fn looking_for(what: &str, fraction: Option<f64>) -> String {
    let percent = fraction.map_or_else(String::new, |f| format!(" {:.0} %", 100.0 * f));
    format!("looking for {what}{percent} …")
}

/// The first of the lines that [`wrap`] gives, with an ellipsis where there are more.
pub fn first_lines(clean: &str, columns: usize, most: usize) -> Vec<String> {
    let mut lines = wrap(clean, columns);
    if lines.len() > most {
        let rest = lines.split_off(most.saturating_sub(1));
        lines.push(fit(&rest.join(" "), columns));
    }
    lines
}

/// Pieces broken at words into lines of at most so many columns.
pub fn wrap_pieces(pieces: &[(String, Role)], columns: usize) -> Vec<Vec<(String, Role)>> {
    let mut lines: Vec<Vec<(String, Role)>> = vec![Vec::new()];
    let mut used = 0;
    for (text, role) in pieces {
        for word in text.split_inclusive(' ') {
            let wide = width(word.trim_end());
            if used > 0 && used + wide > columns {
                lines.push(Vec::new());
                used = 0;
            }
            // A line begins with a word.
            let word = if used == 0 { word.trim_start() } else { word };
            used += width(word);
            match lines.last_mut() {
                Some(line) if line.last().is_some_and(|(_, r)| r == role) => {
                    if let Some((text, _)) = line.last_mut() {
                        text.push_str(word);
                    }
                }
                Some(line) => line.push((word.to_owned(), *role)),
                None => {}
            }
        }
    }
    for (text, _) in lines.iter_mut().filter_map(|line| line.last_mut()) {
        text.truncate(text.trim_end().len());
    }
    lines.retain(|line| !line.is_empty());
    lines
}

/// Clean text without its first columns; a sign stands over the first of what is left.
pub fn tail(clean: &str, columns: usize) -> String {
    let mut used = 0;
    let mut left = clean.graphemes(true).skip_while(|g| {
        let keep = used >= columns;
        used += width(g);
        !keep
    });
    match left.next() {
        Some(first) if columns > 0 => {
            format!("…{}{}", " ".repeat(width(first).saturating_sub(1)), left.collect::<String>())
        }
        first => first.into_iter().chain(left).collect(),
    }
}

/// Clean text in pieces: what was found, and what lies between. What was found may reach beyond the text.
pub fn marked(clean: &str, found: &[Range<usize>], role: Role, found_role: Role) -> Vec<(String, Role)> {
    let mut out = Vec::with_capacity(2 * found.len() + 1);
    let mut at = 0;
    let mut add = |to: usize, role: Role| {
        // What a cut has moved into the middle of a character is no match any more.
        if let Some(piece) = clean.get(at..to.min(clean.len())).filter(|p| !p.is_empty()) {
            out.push((piece.to_owned(), role));
            at += piece.len();
        }
    };
    for r in found {
        add(r.start, role);
        add(r.end, found_role);
    }
    add(clean.len(), role);
    out
}

/// Text without the marks of Markdown in which answers of language models come: `**so**` is stressed, and so is a heading.
#[derive(Debug, Default, PartialEq)]
pub struct PlainText {
    /// Without the marks.
    pub plain: String,
    /// Its stressed places, ascending.
    pub stressed: Vec<Range<usize>>,
}

impl From<String> for PlainText {
    /// Takes clean text as it is.
    fn from(plain: String) -> Self {
        Self { plain, stressed: Vec::new() }
    }
}

impl PlainText {
    /// Reads clean text. What is no pair of marks on one line, with words right within it, stays as it is.
    pub fn of(clean: &str) -> Self {
        let mut out = Self::default();
        for line in clean.split_inclusive('\n') {
            let heading = line.trim_start_matches('#');
            let depth = line.len() - heading.len();
            if (1..=6).contains(&depth) && heading.starts_with(' ') {
                let from = out.plain.len();
                out.plain.push_str(&heading[1..]);
                out.stressed.push(from..out.plain.trim_end().len());
            } else {
                out.add(line);
            }
        }
        out
    }

    fn add(&mut self, line: &str) {
        let mut rest = line;
        while let Some((before, strong, after)) = strong_in(rest) {
            self.plain.push_str(before);
            let from = self.plain.len();
            self.plain.push_str(strong);
            self.stressed.push(from..self.plain.len());
            rest = after;
        }
        self.plain.push_str(rest);
    }
}

/// What stands before the first pair of marks, within it, and after it.
fn strong_in(line: &str) -> Option<(&str, &str, &str)> {
    const MARK: &str = "**";
    let tight = |inner: &str| !inner.is_empty() && inner == inner.trim() && !inner.contains('*');
    line.match_indices(MARK).find_map(|(at, _)| {
        let inner = &line[at + MARK.len()..];
        let end = inner.find(MARK).filter(|end| tight(&inner[..*end]))?;
        Some((&line[..at], &inner[..end], &inner[end + MARK.len()..]))
    })
}

/// A guess as people read it.
pub fn guess(said: Option<&str>) -> String {
    said.map_or_else(|| "fallback".to_owned(), line)
}

/// The most that is put on the clipboard: terminals drop longer sequences.
const COPIED: usize = 70_000;

/// The text as far as it can be copied.
pub fn copyable(text: &str) -> &str {
    let mut end = text.len().min(COPIED);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_cut_at_the_front_shows_it() {
        assert_eq!((tail("abcdef", 0), tail("abcdef", 2), tail("ab", 2)), ("abcdef".into(), "…def".into(), "".into()));
        assert_eq!(tail("日本語", 1), "… 語", "a wide letter leaves its columns");
    }

    #[test]
    fn signs_stand_one_by_one_and_letters_keep_their_joiners() {
        assert_eq!(line("a 👩\u{200d}👩\u{200d}👧\u{200d}👦 b"), "a 👩👩👧👦 b");
        assert_eq!(line("👍\u{1f3fd} ❤\u{fe0f}\u{200d}🔥"), "👍 ❤🔥");
        let persian = "می\u{200c}خواهم";
        assert_eq!(line(persian), text::clean(persian).as_str());
    }

    #[test]
    fn the_first_lines_say_where_more_was() {
        assert_eq!(first_lines("one two three", 5, 3), ["one", "two", "three"]);
        assert_eq!(first_lines("one two three", 7, 2), ["one two", "three"]);
        assert_eq!(first_lines("one two three", 7, 1), ["one tw…"]);
        assert_eq!(first_lines("one two three four", 7, 2).last().unwrap(), "three…");
    }

    #[test]
    fn what_has_no_room_loses_whole_clauses_before_a_word() {
        let said = "#8363 saved: missing knowledge, no content; the AI says these words to many already";
        let cases = [
            (90, said),
            (60, "#8363 saved: missing knowledge, no content"),
            (42, "#8363 saved: missing knowledge, no content"),
            (40, "#8363 saved: missing knowledge …"),
            (26, "#8363 saved: missing …"),
        ];
        for (columns, left) in cases {
            assert_eq!(clauses(said, columns), left, "{columns}");
        }
        assert_eq!(clauses("/a/path/without/any/blank", 10), fit("/a/path/without/any/blank", 10));
    }

    #[test]
    fn what_a_model_stresses_is_told_without_its_marks() {
        let read = |text: &str| {
            let PlainText { plain, stressed } = PlainText::of(text);
            let parts: Vec<String> = stressed.into_iter().map(|r| plain[r].to_owned()).collect();
            (plain, parts)
        };
        let told = |text: &str, parts: &[&str]| (text.to_owned(), parts.iter().map(|p| (*p).to_owned()).collect());
        assert_eq!(
            read("1. **Flight HAT069**: 06:00, **full**\n"),
            told("1. Flight HAT069: 06:00, full\n", &["Flight HAT069", "full"])
        );
        assert_eq!(read("## Fares\nfrom 20"), told("Fares\nfrom 20", &["Fares"]));
        for untouched in
            ["2 ** 3 ** 4", "card **** **** 4412", "**not closed", "#12 is yours", "** a **", "a\n**b\nc** d"]
        {
            assert_eq!(read(untouched), told(untouched, &[]));
        }
    }

    #[test]
    fn what_is_copied_is_cut_between_letters() {
        assert_eq!(copyable(&"ά".repeat(COPIED)).len(), COPIED);
        assert_eq!(copyable(&format!("x{}", "ά".repeat(COPIED))).len(), COPIED - 1);
    }
}
