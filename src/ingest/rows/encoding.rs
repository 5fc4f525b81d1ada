//! In which encoding a text is written, where it is no UTF-8: told from all of it, not from its beginning alone.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, WINDOWS_1253};
use std::io::{self, Read};

/// Bytes beyond ASCII below which an encoding is a guess.
const FEW: u64 = 4;

/// Bytes of a line that are looked at as one.
const LONGEST_LINE: usize = 1 << 20;
/// Bytes that are none of UTF-8 from which on the lines that hold them are of another encoding, and not damaged.
const SEVERAL: u64 = 8;

/// An encoding that a text seems to have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ingest) struct FoundEncoding {
    /// Its name.
    pub name: &'static str,
    /// Whether the text leaves a doubt.
    pub in_doubt: bool,
    /// Lines beyond ASCII that are UTF-8 and lines that are not, where both are many.
    pub mixed: Option<(u64, u64)>,
}

/// The encoding of a text that is no UTF-8, or of its lines that are none; `None` where it is, or is UTF-8 with some damage, or holds no
/// text at all. Of one that breaks off, by what came before.
pub(in crate::ingest) fn of(mut text: impl Read) -> Option<FoundEncoding> {
    let mut look = EncodingLook {
        detector: EncodingDetector::new(Iso2022JpDetection::Deny),
        rest: Vec::new(),
        whole: LineTally::default(),
        damaged: LineTally::default(),
    };
    let mut chunk = vec![0; 1 << 16];
    loop {
        match text.read(&mut chunk) {
            Ok(0) => return look.end(),
            Ok(n) => look.take(&chunk[..n]),
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(_) => return look.end(),
        }
    }
}

/// Lines beyond ASCII and what they hold.
#[derive(Default)]
struct LineTally {
    lines: u64,
    /// Characters of UTF-8 beyond ASCII.
    characters: u64,
    /// Bytes that are none of UTF-8.
    strays: u64,
    /// Bytes beyond ASCII.
    bytes: u64,
}

struct EncodingLook {
    detector: EncodingDetector,
    /// The beginning of a line that the last chunk cut off, where it is beyond ASCII.
    rest: Vec<u8>,
    /// Of the lines that are UTF-8.
    whole: LineTally,
    /// Of the others.
    damaged: LineTally,
}

impl EncodingLook {
    fn take(&mut self, chunk: &[u8]) {
        // Runs of ASCII tell nothing of the encoding and are most of most logs.
        if chunk.is_ascii() && self.rest.is_empty() {
            return;
        }
        let mut all = std::mem::take(&mut self.rest);
        all.extend_from_slice(chunk);
        let end = memchr::memrchr(b'\n', &all).map_or(0, |at| at + 1);
        let end = if all.len() - end > LONGEST_LINE { all.len() } else { end };
        all[..end].split(|&b| b == b'\n').for_each(|line| self.line(line));
        if !all[end..].is_ascii() {
            self.rest = all.split_off(end);
        }
    }

    fn line(&mut self, line: &[u8]) {
        if line.is_ascii() {
            return;
        }
        let is_whole = std::str::from_utf8(line).is_ok();
        if !is_whole {
            self.detector.feed(line, false);
        }
        let tally = if is_whole { &mut self.whole } else { &mut self.damaged };
        tally.lines += 1;
        tally.bytes += line.iter().filter(|b| !b.is_ascii()).count() as u64;
        for piece in line.utf8_chunks() {
            tally.characters += beyond_ascii(piece.valid());
            tally.strays += u64::from(!piece.invalid().is_empty());
        }
    }

    fn end(mut self) -> Option<FoundEncoding> {
        let rest = std::mem::take(&mut self.rest);
        // What the end of a beginning cuts off is no damage.
        let cut = match std::str::from_utf8(&rest) {
            Err(error) if error.error_len().is_none() && error.valid_up_to() > 0 => error.valid_up_to(),
            _ => rest.len(),
        };
        self.line(&rest[..cut]);
        self.detector.feed(&[], true);
        let Self { whole, damaged, .. } = &self;
        let characters = whole.characters + damaged.characters;
        // Damage within UTF-8 leaves most of it whole; by chance a few bytes of another encoding look like UTF-8.
        let is_other = damaged.strays > 0 && (characters == 0 || characters < damaged.strays);
        let several = damaged.lines > 1 && damaged.strays >= SEVERAL && damaged.characters * 4 < damaged.strays;
        if !is_other && !several {
            return None;
        }
        let mixed = (several && whole.lines > 1).then_some((whole.lines, damaged.lines));
        let bytes = damaged.bytes;
        let found = self.detector.guess(None, Utf8Detection::Deny);
        // Both are Greek and differ in signs alone; Windows wrote most.
        let found = if found.name() == "ISO-8859-7" { WINDOWS_1253 } else { found };
        (found != UTF_8).then(|| FoundEncoding { name: found.name(), in_doubt: bytes < FEW, mixed })
    }
}

fn beyond_ascii(text: &str) -> u64 {
    text.chars().filter(|c| !c.is_ascii()).count() as u64
}

/// The encoding of a text that is told apart by its bytes without a doubt, where it is no UTF-8. Most texts are, and are found to be
/// at the speed of reading.
pub(in crate::ingest) fn beyond_doubt(
    text: &dyn Fn() -> io::Result<Box<dyn Read + Send>>,
) -> Option<&'static Encoding> {
    if is_utf8(text().ok()?) {
        return None;
    }
    let found = of(text().ok()?).filter(|found| !found.in_doubt)?;
    Encoding::for_label(found.name.as_bytes())
}

fn is_utf8(mut text: impl Read) -> bool {
    let (mut chunk, mut kept) = (vec![0; 1 << 18], 0);
    loop {
        let n = match text.read(&mut chunk[kept..]) {
            Ok(n) => n,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
            Err(_) => return true,
        };
        let all = kept + n;
        match std::str::from_utf8(&chunk[..all]) {
            Ok(_) => kept = 0,
            // A character that the end of the chunk cuts.
            Err(e) if e.error_len().is_none() && n > 0 => {
                chunk.copy_within(e.valid_up_to()..all, 0);
                kept = all - e.valid_up_to();
            }
            Err(_) => return false,
        }
        if n == 0 {
            return true;
        }
    }
}

/// The same of the beginning of a text, which may cut off a character.
pub(in crate::ingest) fn of_head(head: &[u8]) -> Option<&'static Encoding> {
    of(head).and_then(|found| Encoding::for_label(found.name.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use encoding_rs::{BIG5, EUC_KR, GBK, SHIFT_JIS, WINDOWS_1251, WINDOWS_1252};

    #[test]
    fn encodings_are_told_from_the_whole_text() {
        let told = |text: &str, e: &'static Encoding| {
            let late = "id;sender;text\n".repeat(10_000) + text;
            of(&*e.encode(&late).0).map(|f| f.name)
        };
        for (text, encoding) in [
            ("Καλημέρα σας, πού είναι η παραγγελία μου παρακαλώ", WINDOWS_1253),
            ("café très brûlé, une crème à emporter s'il vous plaît", WINDOWS_1252),
            ("Здравствуйте, где мой заказ номер пять?", WINDOWS_1251),
            ("我的订单在哪里，什么时候到货", GBK),
            ("我的訂單在哪裡，什麼時候到貨", BIG5),
            ("昨日注文した商品の返金をお願いします", SHIFT_JIS),
            ("환불을 받고 싶어요 주문이 아직 안 왔어요", EUC_KR),
        ] {
            assert_eq!(told(text, encoding), Some(encoding.name()), "{text}");
        }
    }

    #[test]
    fn utf8_with_damage_stays_utf8() {
        assert_eq!(of("id;text\n1;Καλημέρα\n".as_bytes()), None);
        assert_eq!(of(&b"id;text\n1;caf\xe9\n2;\xce\x9a\n"[..]), None);
        assert_eq!(of(&b"plain"[..]), None);
        assert!(of(&b"id;text\n1;caf\xe9\n"[..]).is_some_and(|f| f.in_doubt));
        // A stray byte here and there is damage; lines of nothing else are of another encoding.
        let lines = |encoding: &'static Encoding| -> Vec<u8> {
            let utf8 = "1;Καλημέρα, πού είναι το δέμα μου;\n".repeat(9).into_bytes();
            let other = encoding.encode("2;Здравствуйте, где мой заказ номер пять?\n").0.repeat(5);
            [utf8, other].concat()
        };
        let found = of(&*lines(WINDOWS_1251)).unwrap();
        assert_eq!((found.name, found.mixed), ("windows-1251", Some((9, 5))));
        // The end of a beginning may cut a character.
        assert_eq!(of_head("Καλημέρα".as_bytes().split_last().unwrap().1), None);
    }
}
