//! In which encoding a text is written, where it is no UTF-8: told from all of it, not from its beginning alone.

use super::letters;
pub(in crate::ingest) use super::plausible::is_twice;
use super::plausible::out_of_place;
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, IBM866, ISO_8859_7, MACINTOSH, UTF_8, WINDOWS_1253, X_MAC_CYRILLIC};
use rayon::iter::{IntoParallelIterator, ParallelIterator};
use std::io::{self, Read};

/// Bytes beyond ASCII below which an encoding is a guess.
const FEW: u64 = 4;

/// Bytes of a line that are looked at as one.
const LONGEST_LINE: usize = 1 << 20;
/// Bytes that are none of UTF-8 from which on the lines that hold them are of another encoding, and not damaged.
const SEVERAL: u64 = 8;
/// Lines beyond ASCII of which one that is no UTF-8 is damaged.
const MANY_LINES: u64 = 100;
/// Bytes of lines in another encoding that are kept, to look how they read.
const KEPT: usize = 1 << 16;
/// Of so many characters beyond ASCII one stands where no writing has it, by chance, where another encoding reads better, and where
/// none does.
const ONE_ODD_OF: [u64; 2] = [100, 20];
/// How much less that is in an encoding that reads better.
const BETTER: u64 = 4;
/// What a text is looked at as, too, where it does not read like writing.
const OTHERS: &[&Encoding] = &[MACINTOSH, X_MAC_CYRILLIC, IBM866];

/// An encoding that a text seems to have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ingest) struct FoundEncoding {
    /// Its name.
    pub name: &'static str,
    /// Whether the text leaves a doubt.
    pub in_doubt: bool,
    /// What makes the doubt, where the text is no writing in the encoding that it seems to have.
    pub odd: Option<OddText>,
    /// Lines beyond ASCII that are UTF-8 and lines that are not, where both are many.
    pub mixed: Option<(u64, u64)>,
}

/// How a text reads that is no writing as it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ingest) enum OddText {
    /// As [`FoundEncoding::name`] it has signs within words, and as none that is known it has fewer.
    AsAny,
    /// The same, and as another it has few: [`FoundEncoding::name`] is that, and this the first.
    As(&'static str),
    /// [`FoundEncoding::name`] and this read it as other letters, both of one language, and it is too short to tell which.
    OrElse(&'static str),
    /// Lines of UTF-8, and one that is none: it may be damaged, or of [`FoundEncoding::name`].
    OneLine,
    /// UTF-8 that was taken for another encoding and written as UTF-8 once more.
    Twice,
}

/// The encoding of a text that is no UTF-8, or of its lines that are none; `None` where it is, or is UTF-8 with some damage, or holds no
/// text at all. Of one that breaks off, by what came before.
pub(in crate::ingest) fn of(mut text: impl Read) -> Option<FoundEncoding> {
    let mut look = EncodingLook {
        detector: EncodingDetector::new(Iso2022JpDetection::Deny),
        rest: Vec::new(),
        whole: LineTally::default(),
        damaged: LineTally::default(),
        twice: 0,
        kept: Vec::new(),
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
    /// Lines that were written as UTF-8 twice.
    twice: u64,
    /// The first lines that are none.
    kept: Vec<u8>,
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
        let whole = std::str::from_utf8(line).ok();
        self.twice += u64::from(whole.is_some_and(is_twice));
        let characters = line.utf8_chunks().map(|piece| beyond_ascii(piece.valid())).sum::<u64>();
        let strays = line.utf8_chunks().filter(|piece| !piece.invalid().is_empty()).count() as u64;
        // A line of UTF-8 with some damage is no line of another encoding.
        let is_whole = strays == 0 || characters > strays;
        if !is_whole {
            self.detector.feed(line, false);
            if self.kept.len() + line.len() < KEPT {
                self.kept.extend_from_slice(line);
                self.kept.push(b'\n');
            }
        }
        let tally = if is_whole { &mut self.whole } else { &mut self.damaged };
        tally.lines += 1;
        tally.bytes += line.iter().filter(|b| !b.is_ascii()).count() as u64;
        tally.characters += characters;
        tally.strays += strays;
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
        let foreign = damaged.strays >= SEVERAL && damaged.characters * 4 < damaged.strays;
        // One of many is damaged; one of a few may be what somebody added.
        let one_line = foreign && damaged.lines == 1 && !is_other && whole.lines < MANY_LINES;
        let several = foreign && damaged.lines > 1 || one_line;
        if !is_other && !several {
            let is_twice = self.twice * 2 > whole.lines + damaged.lines;
            let odd = Some(OddText::Twice);
            return is_twice.then(|| FoundEncoding { name: UTF_8.name(), in_doubt: true, odd, mixed: None });
        }
        let mixed = (several && whole.lines > 1).then_some((whole.lines, damaged.lines));
        let bytes = damaged.bytes;
        let found = self.detector.guess(None, Utf8Detection::Deny);
        // Both are Greek and differ in signs alone; Windows wrote most.
        let found = match found.name() {
            "ISO-8859-7" | "windows-1253" => self.best(WINDOWS_1253, &[ISO_8859_7]),
            _ => found,
        };
        if found == UTF_8 {
            return None;
        }
        let choice = letters::choice(found, &self.kept);
        let found = choice.as_ref().map_or(found, |choice| choice.page);
        let rival = choice.and_then(|choice| choice.rival);
        let (name, odd) = match self.odd(found) {
            Some(OddText::As(other)) => (other, Some(OddText::As(found.name()))),
            None if one_line => (found.name(), Some(OddText::OneLine)),
            odd => (found.name(), odd.or(rival.map(|other| OddText::OrElse(other.name())))),
        };
        Some(FoundEncoding { name, in_doubt: bytes < FEW || odd.is_some(), odd, mixed })
    }

    /// Whether what is kept is no writing in an encoding, and in which other one it is.
    fn odd(&self, found: &'static Encoding) -> Option<OddText> {
        let odd = self.oddities(found);
        if odd == 0 || !found.is_single_byte() {
            return None;
        }
        let beyond = self.kept.iter().filter(|b| !b.is_ascii()).count() as u64;
        let other = self.best(found, OTHERS);
        let [better, none] = ONE_ODD_OF;
        match () {
            () if self.oddities(other) * BETTER <= odd && odd * better > beyond => Some(OddText::As(other.name())),
            () if odd * none > beyond => Some(OddText::AsAny),
            () => None,
        }
    }

    /// How much of what is kept is no writing in an encoding.
    fn oddities(&self, encoding: &'static Encoding) -> u64 {
        out_of_place(&encoding.decode_without_bom_handling(&self.kept).0)
    }

    /// The encoding in which what is kept reads best: the first, unless another has less that is no writing.
    fn best(&self, first: &'static Encoding, others: &[&'static Encoding]) -> &'static Encoding {
        let least = |best, other| if self.oddities(other) < self.oddities(best) { other } else { best };
        others.iter().copied().fold(first, least)
    }
}

fn beyond_ascii(text: &str) -> u64 {
    text.chars().filter(|c| !c.is_ascii()).count() as u64
}

/// A text from one of its bytes on.
pub(in crate::ingest) type TextFrom<'a> = &'a (dyn Fn(u64) -> io::Result<Box<dyn Read + Send>> + Sync);

/// Bytes of a text that are worth a thread of their own.
const PART: u64 = 8 << 20;

/// The encoding of a text of so many bytes that is told apart by them without a doubt, where it is no UTF-8. Most texts are, and are found to
/// be at the speed of reading, by all processors: nothing else can be done before.
pub(in crate::ingest) fn beyond_doubt(bytes: u64, text: TextFrom<'_>) -> Option<&'static Encoding> {
    // Short ones need no threads.
    let most = if bytes < 2 * PART { 1 } else { rayon::current_num_threads() as u64 };
    if is_utf8_in_parts(bytes, most, text)? {
        return None;
    }
    let found = of(text(0).ok()?).filter(|found| !found.in_doubt)?;
    Encoding::for_label(found.name.as_bytes())
}

/// Whether a text is UTF-8, told of so many parts at once, large ones; `None` where it cannot be read.
fn is_utf8_in_parts(bytes: u64, most: u64, text: TextFrom<'_>) -> Option<bool> {
    let parts = most.min(bytes / PART);
    if parts < 2 {
        return text(0).ok().map(is_utf8);
    }
    let edges: Vec<u64> = (0..parts).map(|part| boundary(part * (bytes / parts), text)).collect::<Option<_>>()?;
    let part = |i: usize| {
        let rest = text(edges[i]).ok()?;
        Some(match edges.get(i + 1) {
            Some(end) => is_utf8(rest.take(end.saturating_sub(edges[i]))),
            // What was written meanwhile, too.
            None => is_utf8(rest),
        })
    };
    (0..edges.len()).into_par_iter().map(part).try_reduce(|| true, |one, other| Some(one && other))
}

/// The first byte from one on that is within no character of UTF-8, unless more follow than a character has.
fn boundary(from: u64, text: TextFrom<'_>) -> Option<u64> {
    if from == 0 {
        return Some(0);
    }
    let mut next = [0; 3];
    let n = text(from).ok()?.read(&mut next).ok()?;
    Some(from + next[..n].iter().take_while(|b| (0x80..0xc0).contains(*b)).count() as u64)
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
    of(head).and_then(|found| Encoding::for_label(found.name.as_bytes())).filter(|found| *found != UTF_8)
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
    fn parts_of_a_text_are_utf8_where_all_of_it_is() {
        let half = PART as usize;
        for (sign, at) in [("é", half - 1), ("€", half - 2), ("😀", half - 3), ("😀", half - 1), ("a", half)] {
            let mut whole = vec![b'a'; 2 * half];
            whole[at..at + sign.len()].copy_from_slice(sign.as_bytes());
            let told = |bytes: &[u8]| {
                let bytes = bytes.to_vec();
                is_utf8_in_parts(bytes.len() as u64, 2, &|from| {
                    Ok(Box::new(io::Cursor::new(bytes[from as usize..].to_vec())))
                })
            };
            assert_eq!(told(&whole), Some(true), "{sign} at {at}");
            for wrong in [0, at, half, 2 * half - 1] {
                let mut damaged = whole.clone();
                damaged[wrong] = 0xff;
                assert_eq!(told(&damaged), Some(false), "{sign} at {at}, {wrong}");
            }
        }
    }

    #[test]
    fn what_is_no_writing_is_in_doubt() {
        let macintosh = b"1;Gr\x9f\xa7 Gott, die Gr\x9a\xa7e f\x9fr Sie\n";
        let found = of(&*macintosh.repeat(3)).unwrap();
        assert_eq!((found.name, found.in_doubt), ("macintosh", true), "{:?}", found.odd);
        let turkish = encoding_rs::WINDOWS_1254
            .encode("c1;user;Siparişim nerede, değiştirmek istiyorum\nc1;bot;Yolda, teşekkürler\n")
            .0;
        let found = of(&*turkish).unwrap();
        assert_eq!((found.name, found.odd), ("windows-1254", Some(OddText::OrElse("windows-1257"))));
        // As DOS wrote it in Turkish, which is in no standard of the web.
        let dos =
            b"1;Sipari\x9fim nerede, \x87ok ge\x87 oldu \x8d\xa7\x81\x9f\n1;Yar\x8dn geliyor, \x94z\x81r dileriz\n";
        assert_eq!(of(&*dos.repeat(3)).unwrap().odd, Some(OddText::AsAny));
        let greek = encoding_rs::ISO_8859_7.encode("1;Καλημέρα, έρχεται η Άννα αύριο\n").0;
        assert_eq!(of(&*greek.repeat(3)).map(|f| (f.name, f.in_doubt)), Some(("ISO-8859-7", false)));
        let twice = WINDOWS_1252.decode_without_bom_handling("1;Καλημέρα, πού είναι\n".as_bytes()).0;
        assert_eq!(of(twice.as_bytes()).map(|f| f.odd), Some(Some(OddText::Twice)));
        assert_eq!(of_head(twice.as_bytes()), None, "it is UTF-8");
    }

    #[test]
    fn one_line_of_another_encoding_among_a_few_is_asked_about() {
        let mut mixed = "id;text\n1;Πού είναι η παραγγελία\n2;Καλημέρα\n".as_bytes().to_vec();
        // A byte was lost in a line of UTF-8, too.
        mixed.extend_from_slice(b"3;\xce\xb1\xce\xb2\xce\xb3\x85\n");
        let legacy = WINDOWS_1253.encode("4;δεν έφτασε η παραγγελία μου\n").0;
        mixed.extend_from_slice(&legacy);
        let found = of(&*mixed).unwrap();
        assert_eq!((found.name, found.odd, found.in_doubt), ("windows-1253", Some(OddText::OneLine), true));
        let mut long = "1;Πού είναι η παραγγελία\n".repeat(200).into_bytes();
        long.extend_from_slice(&legacy);
        assert_eq!(of(&*long), None, "one of many is damaged");
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
