//! Hostile text made inert. Logs hold whatever a customer typed: escape sequences, text that runs backwards, letters
//! under forty accents. Nothing of that may reach a terminal or a report.

use super::fit;
use crate::base::escape::after_escape;
use std::borrow::Cow;
use std::fmt;
use unicode_normalization::char::is_combining_mark;
use unicode_width::UnicodeWidthChar;

/// Text that is safe to draw: no control characters, no bidi controls, nothing invisible, no stacks of accents.
/// Everything that goes to a terminal or into a report is one of these.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Clean<'a>(Cow<'a, str>);

/// Tab stops, in columns.
const TAB: usize = 4;
/// Marks that one letter may carry; the languages of the world need at most four.
const MAX_MARKS: usize = 4;
/// Joiners that one emoji may hold; the longest in Unicode has three.
const MAX_JOINERS: usize = 6;
const ZWNJ: char = '\u{200c}';
const ZWJ: char = '\u{200d}';

/// One line: line breaks become spaces.
pub fn clean(text: &str) -> Clean<'_> {
    sanitise(text, false)
}

/// Several lines: line breaks stay, as `\n`.
pub fn clean_block(text: &str) -> Clean<'_> {
    sanitise(text, true)
}

impl<'a> Clean<'a> {
    /// The program's own words, which need no cleaning.
    pub const fn trusted(text: &'static str) -> Self {
        Self(Cow::Borrowed(text))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text, borrowed where nothing had to change.
    pub fn into_cow(self) -> Cow<'a, str> {
        self.0
    }

    /// The same without the borrow.
    pub fn into_owned(self) -> Clean<'static> {
        Clean(Cow::Owned(self.0.into_owned()))
    }

    /// Columns it takes.
    pub fn width(&self) -> usize {
        fit::width(&self.0)
    }

    /// [`fit::cut`].
    pub fn cut(&self, width: usize) -> Clean<'_> {
        Clean(fit::cut(&self.0, width))
    }

    /// [`fit::pad`].
    pub fn pad(&self, width: usize) -> Clean<'static> {
        Clean(Cow::Owned(fit::pad(&self.0, width)))
    }

    /// [`fit::pad_left`].
    pub fn pad_left(&self, width: usize) -> Clean<'static> {
        Clean(Cow::Owned(fit::pad_left(&self.0, width)))
    }

    /// [`fit::wrap`].
    pub fn wrap(&self, width: usize) -> Vec<Clean<'_>> {
        fit::wrap(&self.0, width).into_iter().map(|line| Clean(Cow::Borrowed(line))).collect()
    }
}

impl fmt::Display for Clean<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl AsRef<str> for Clean<'_> {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

/// Whether a character takes no room, changes nothing that a reader sees, and can hide one text in another: soft
/// hyphen, zero-width space, bidi controls, fillers, tags. The two joiners are left out: emoji and Persian need them.
pub fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
        | '\u{fe00}'..='\u{fe0d}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

fn sanitise(text: &str, block: bool) -> Clean<'_> {
    if text.bytes().all(|b| matches!(b, b' '..=b'~') || (block && b == b'\n')) {
        return Clean(Cow::Borrowed(text));
    }
    let mut out = Cleaner { out: String::with_capacity(text.len()), ..Cleaner::default() };
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if let Some(after) = after_escape(c, chars.as_str()) {
            out.push(c);
            chars = after.chars();
            continue;
        }
        match c {
            '\r' if chars.as_str().starts_with('\n') => {}
            '\n' | '\r' | '\u{2028}' | '\u{2029}' => out.line_break(block),
            _ => out.push(c),
        }
    }
    Clean(Cow::Owned(out.out))
}

/// The text so far and what bounds its last cluster.
#[derive(Default)]
struct Cleaner {
    out: String,
    column: usize,
    marks: usize,
    joiners: usize,
    /// Whether the last character kept can carry a mark or a joiner.
    based: bool,
    /// Whether the last character kept is a joiner.
    joined: bool,
    /// Whether the last character kept is a variation selector.
    varied: bool,
}

impl Cleaner {
    fn push(&mut self, c: char) {
        match c {
            '\t' => (0..TAB - self.column % TAB).for_each(|_| self.base(' ')),
            // The control pictures, U+2400 and on, have the order of the controls.
            '\0'..='\u{1f}' => self.base(char::from_u32(0x2400 + c as u32).unwrap_or(char::REPLACEMENT_CHARACTER)),
            '\u{7f}' => self.base('␡'),
            // U+009B starts an escape sequence on its own; none of this block has a picture.
            '\u{80}'..='\u{9f}' => self.base(char::REPLACEMENT_CHARACTER),
            ZWJ | ZWNJ => self.joiner(c),
            '\u{fe0e}' | '\u{fe0f}' => self.variation(c),
            _ if is_invisible(c) => {}
            _ if is_noncharacter(c) => self.base(char::REPLACEMENT_CHARACTER),
            _ if is_combining_mark(c) || c.width() == Some(0) => self.mark(c),
            _ => self.base(c),
        }
    }

    fn line_break(&mut self, block: bool) {
        if block {
            *self = Self { out: std::mem::take(&mut self.out), ..Self::default() };
            self.out.push('\n');
        } else {
            self.base(' ');
        }
    }

    fn base(&mut self, c: char) {
        self.out.push(c);
        self.column += c.width().unwrap_or(0);
        self.marks = 0;
        self.joiners = if self.joined { self.joiners } else { 0 };
        self.based = !c.is_whitespace();
        (self.joined, self.varied) = (false, false);
    }

    /// A mark without a letter under it would sit on the frame that the text is drawn in: it gets a circle.
    fn mark(&mut self, c: char) {
        if !self.based {
            self.base('◌');
        }
        if self.marks < MAX_MARKS {
            self.out.push(c);
            self.marks += 1;
            (self.joined, self.varied) = (false, false);
        }
    }

    /// Joiners stay between the letters and emoji that need them, once, and not in ASCII, where they only hide.
    fn joiner(&mut self, c: char) {
        let ascii = self.out.chars().next_back().is_none_or(|last| last.is_ascii());
        if self.based && !ascii && !self.joined && self.joiners < MAX_JOINERS {
            self.out.push(c);
            self.joiners += 1;
            (self.joined, self.varied) = (true, false);
        }
    }

    fn variation(&mut self, c: char) {
        if self.based && !self.joined && !self.varied {
            self.out.push(c);
            self.varied = true;
        }
    }
}

fn is_noncharacter(c: char) -> bool {
    matches!(c, '\u{fdd0}'..='\u{fdef}') || (c as u32) & 0xfffe == 0xfffe
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use unicode_segmentation::UnicodeSegmentation;

    fn line(s: &str) -> String {
        clean(s).to_string()
    }

    #[test]
    fn an_escape_sequence_is_one_sign_and_inert() {
        assert_eq!(line("\x1b[2Jx"), "␛x");
        assert_eq!(line("it was \x1b[1;31mred\x1b[0m."), "it was ␛red␛.");
        assert_eq!(line("\x1b]0;title\x07x"), "␛x");
        assert_eq!(line("\x1b]8;;http://evil.example\x1b\\here\x1b]8;;\x1b\\"), "␛here␛");
        assert_eq!(line("\u{9b}31m \x00 \x7f"), "\u{fffd} ␀ ␡");
        // What is no whole one stands as it is.
        assert_eq!(line("\x1b[ and \x1b[12"), "␛[ and ␛[12");
        assert_eq!(line("\x1b]0;no end\nx\x07 \x1bHello"), "␛]0;no end x␇ ␛Hello");
        assert_eq!(line("\x1b[έ"), "␛[έ");
    }

    #[test]
    fn tabs_go_to_the_next_stop_by_display_width() {
        assert_eq!(line("a\tb"), "a   b");
        assert_eq!(line("世\tb"), "世  b");
        assert_eq!(line("\t"), "    ");
        assert_eq!(clean_block("abc\n\tb").as_str(), "abc\n    b");
    }

    #[test]
    fn line_breaks_stay_only_in_blocks() {
        assert_eq!(line("a\r\nb\u{2028}c\rd"), "a b c d");
        assert_eq!(clean_block("a\r\nb\rc").as_str(), "a\nb\nc");
    }

    #[test]
    fn text_that_runs_backwards_is_shown_as_it_is_stored() {
        assert_eq!(line("rtl \u{202e}abc\u{202c}\u{2066}d\u{2069}"), "rtl abcd");
    }

    #[test]
    fn what_hides_is_taken_out() {
        assert_eq!(line("pass\u{200b}wo\u{ad}rd\u{feff}"), "password");
        assert_eq!(line("a\u{200d}b\u{200c}c"), "abc");
        assert_eq!(line("x\u{e0041}\u{e007f}\u{e0100}y\u{3164}"), "xy");
    }

    #[test]
    fn emoji_and_scripts_that_need_joiners_keep_them() {
        for s in ["👩‍👩‍👧", "👍🏽", "❤️", "می‌خواهم", "क्‍ष", "Ἀθῆναι", "שָׁלוֹם", "👨‍❤️‍💋‍👨"]
        {
            assert_eq!(line(s), s);
        }
    }

    #[test]
    fn zalgo_is_cut_down_and_lone_marks_get_a_base() {
        let stack = format!("a{}b", "\u{301}".repeat(40));
        assert_eq!(line(&stack), format!("a{}b", "\u{301}".repeat(MAX_MARKS)));
        let split = "a".to_owned() + &"\u{301}\u{fe0f}\u{200d}".repeat(40);
        assert!(line(&split).chars().count() < 20);
        assert_eq!(line("\u{301}x"), "◌\u{301}x");
        assert_eq!(clean_block("a\n\u{301}").as_str(), "a\n◌\u{301}");
    }

    #[test]
    fn plain_text_is_not_copied() {
        assert!(matches!(clean("hello there").into_cow(), Cow::Borrowed(_)));
        assert!(matches!(clean_block("hello\nthere").into_cow(), Cow::Borrowed(_)));
    }

    proptest! {
        #[test]
        fn nothing_dangerous_gets_through(s in "(?s).{0,80}", block: bool) {
            let once = sanitise(&s, block);
            for c in once.as_str().chars() {
                prop_assert!(!c.is_control() || (block && c == '\n'), "{c:?}");
                prop_assert!(!is_invisible(c), "{c:?}");
            }
            for cluster in once.as_str().graphemes(true) {
                prop_assert!(cluster.chars().count() <= 80);
            }
            let again = sanitise(once.as_str(), block);
            prop_assert_eq!(again.as_str(), once.as_str());
        }

        #[test]
        fn marks_never_stack(s in "[a\u{300}\u{301}\u{200d}\u{fe0f}\u{1f469}\u{20dd} ]{0,60}") {
            let once = clean(&s);
            for cluster in once.as_str().graphemes(true) {
                prop_assert!(cluster.chars().count() <= (MAX_JOINERS + 1) * (MAX_MARKS + 3));
            }
            let again = clean(once.as_str());
            prop_assert_eq!(again.as_str(), once.as_str());
        }
    }
}
