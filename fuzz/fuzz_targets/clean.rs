//! Hostile text made harmless, and made to fit. The first byte is a width. What must hold, beside that nothing panics:
//!
//! - no control, bidi, line-breaking or invisible character comes out, by Unicode's own lists; the two joiners and the two
//!   selectors between text and picture may, where they follow something;
//! - cleaning what is clean changes nothing, also after it was cut, filled or broken into lines;
//! - what is cut or broken is no wider than asked for (a single cluster may be), what is filled exactly as wide, and no word
//!   is lost in breaking.

#![no_main]

use appraise::text::{Clean, clean, clean_block, cut, pad, pad_left, width, wrap};
use libfuzzer_sys::fuzz_target;
use regex::Regex;
use std::sync::LazyLock;

/// What may not come out. `\n` is looked for apart.
static BAD: LazyLock<Regex> = LazyLock::new(|| {
    let classes = r"[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]";
    Regex::new(&format!(r"[{classes}--\u{{200c}}\u{{200d}}\u{{fe0e}}\u{{fe0f}}]")).expect("a pattern")
});

fuzz_target!(|input: &[u8]| {
    let Some((&columns, rest)) = input.split_first() else { return };
    let text = String::from_utf8_lossy(rest);
    let columns = columns as usize % 64;
    let line = clean(&text);
    check(line.as_str(), false);
    fits(&line, columns);
    let block = clean_block(&text);
    check(block.as_str(), true);
    lines(&block, columns);
    // Also what nobody has cleaned is cut where characters end.
    assert!(width(&cut(&text, columns)) <= columns);
    wrap(&text, columns);
});

fn check(text: &str, block: bool) {
    let alone = text.replace('\n', if block { "" } else { "\n" });
    assert!(!BAD.is_match(&alone), "{text:?}");
    for start in text.split('\n') {
        let first = start.chars().next();
        assert!(!matches!(first, Some('\u{200c}' | '\u{200d}' | '\u{fe0e}' | '\u{fe0f}')), "{text:?}");
    }
    let again = if block { clean_block(text) } else { clean(text) };
    assert_eq!(again.as_str(), text);
}

fn fits(line: &Clean<'_>, columns: usize) {
    let short = line.cut(columns);
    assert!(short.width() <= columns, "{short:?} {columns}");
    check(short.as_str(), false);
    for filled in [line.pad(columns), line.pad_left(columns)] {
        assert_eq!(filled.width(), columns, "{filled:?}");
        check(filled.as_str(), false);
    }
    assert_eq!(pad(line.as_str(), columns).len(), pad_left(line.as_str(), columns).len());
}

fn lines(block: &Clean<'_>, columns: usize) {
    let lines = block.wrap(columns);
    assert_eq!(lines.is_empty(), columns == 0);
    let without = |text: &str| text.chars().filter(|c| !matches!(c, ' ' | '\n')).collect::<String>();
    if columns > 0 {
        assert_eq!(lines.iter().map(|l| without(l.as_str())).collect::<String>(), without(block.as_str()));
    }
    for line in lines {
        // A cluster that is wider than a line stands alone.
        let alone = line.width() > columns;
        assert!(!alone || cut(line.as_str(), columns).len() <= '…'.len_utf8(), "{line:?} {columns}");
        check(line.as_str(), false);
    }
}
