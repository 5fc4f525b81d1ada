//! Damaged logs of every format end in conversations and rejects with a place and a reason, and in nothing else.

use super::fixtures_tests::{all, read};
use crate::base::rng::Rng;

/// What stands in for a piece of a log.
const PIECES: &[&str] = &[
    "null",
    "true",
    "-1",
    "1e308",
    "-9223372036854775808",
    "99999999999999999999",
    "0.1",
    "\"\"",
    "\"x\"",
    "[]",
    "{}",
    "[[]]",
    "{\"a\":1}",
    "\"\\ud83d\"",
    "\u{0}",
    "\"",
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\\",
    "\n",
    "é",
    "\u{202e}",
    "NaN",
    "2026-99-99T00:00:00Z",
];
/// Mutations of each.
const EACH: usize = 300;

fn mutated(text: &str, rng: &mut Rng) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    for _ in 0..=rng.below(3) {
        let at = rng.below(bytes.len() + 1);
        let end = (at + rng.below(24)).min(bytes.len());
        match rng.below(6) {
            0 => drop(bytes.drain(at..end)),
            1 => bytes.truncate(at),
            2 => {
                let piece = bytes[at..end].to_vec();
                bytes.splice(at..at, piece);
            }
            3 => bytes.iter_mut().skip(at).take(1).for_each(|b| *b ^= 1 << rng.below(8)),
            4 => {
                let piece = PIECES[rng.below(PIECES.len())];
                bytes.splice(at..at, piece.bytes());
            }
            _ => value(&mut bytes, at, rng),
        }
    }
    bytes
}

/// Puts another value where one stands: behind a colon, up to the next comma or bracket.
fn value(bytes: &mut Vec<u8>, from: usize, rng: &mut Rng) {
    let Some(start) = bytes[from..].iter().position(|&b| b == b':').map(|p| from + p + 1) else { return };
    let end = bytes[start..].iter().position(|b| b",}]\n".contains(b)).map_or(bytes.len(), |p| start + p);
    bytes.splice(start..end, PIECES[rng.below(PIECES.len())].bytes());
}

#[test]
fn damage_never_ends_in_a_panic() {
    let mut rng = Rng::new(17);
    for fixture in all() {
        for n in 0..EACH {
            let bytes = mutated(fixture.text, &mut rng);
            let from = (n % 2 == 0).then_some(fixture.format);
            // An input that is of no format, or that its format refuses, says why.
            match read(&bytes, from) {
                Err(why) => assert!(!why.is_empty()),
                Ok(told) => {
                    told.conversations
                        .iter()
                        .for_each(|c| assert!(!c.turns.is_empty() && !c.id.is_empty(), "{}", fixture.format));
                    for reject in &told.rejects {
                        let mut parts = reject.splitn(4, ':');
                        let place: Vec<u64> = parts.by_ref().skip(1).take(2).filter_map(|p| p.parse().ok()).collect();
                        assert!(place.len() == 2 && place[0] > 0, "{}: {reject}", fixture.format);
                        assert!(parts.next().is_some_and(|why| why.trim().len() > 3), "{}: {reject}", fixture.format);
                    }
                }
            }
        }
    }
}

#[test]
fn nesting_and_length_are_bounded() {
    let deep = format!("{{\"sender_id\":\"a\",\"events\":{}{}}}", "[".repeat(5_000), "]".repeat(5_000));
    assert!(read(deep.as_bytes(), Some("rasa")).is_ok());
    for fixture in all() {
        let long =
            format!("{{\"id\":\"{}\",{}", "x".repeat(5_000), &fixture.text.trim_start().get(1..).unwrap_or_default());
        assert!(
            read(long.as_bytes(), Some(fixture.format)).is_ok_and(|_| true) || fixture.format == "whatsapp",
            "{}",
            fixture.format
        );
    }
}
