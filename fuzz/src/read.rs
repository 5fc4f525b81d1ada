//! Reading a log to its end, and what must hold of whatever comes.

use appraise::domain::{Conversation, Timestamp};
use appraise::ingest::{Input, LogReader, LogRecord, LogSummary, ReadOptions};
use std::io::{Cursor, Read};

/// When imports happen here.
pub const NOW: Timestamp = Timestamp(1_790_000_000_000);
/// The first moment of the year 1, and the first of the year 10000.
pub const YEARS: std::ops::Range<i64> = -62_135_596_800_000..253_402_300_800_000;

/// A log as a stream that gives at most so many bytes at a time.
pub fn stream(bytes: &[u8], piece: usize) -> Input {
    Input::Stream { name: "shop.jsonl".into(), read: Box::new(Pieces(Cursor::new(bytes.to_vec()), piece)) }
}

struct Pieces(Cursor<Vec<u8>>, usize);

impl Read for Pieces {
    fn read(&mut self, buf: &mut [u8]) -> std::io::Result<usize> {
        let most = buf.len().min(self.1);
        self.0.read(&mut buf[..most])
    }
}

/// Reads a log to its end; `None` for what cannot be read at all.
///
/// # Panics
/// The summary counts something else than what came, or a conversation is not what it must be.
pub fn all(input: Input, options: ReadOptions) -> Option<(Vec<LogRecord>, LogSummary)> {
    let mut reader = LogReader::open(input, options).ok()?;
    let items: Vec<LogRecord> = reader.by_ref().collect();
    assert!(reader.next().is_none(), "it goes on after its end");
    let summary = reader.summary();
    let read = items.iter().filter(|item| matches!(item, LogRecord::Conversation { .. })).count() as u64;
    assert_eq!((summary.conversations, summary.rejected), (read, items.len() as u64 - read));
    for item in &items {
        match item {
            LogRecord::Conversation { conversation, line, .. } => {
                assert!(*line >= 1);
                check(conversation);
            }
            LogRecord::Reject(reject) => {
                assert!(reject.line >= 1 && reject.column >= 1 && !reject.reason.is_empty(), "{reject:?}");
                assert!(reject.excerpt.chars().count() <= 200, "{reject:?}");
            }
        }
    }
    Some((items, summary))
}

/// What must hold of a conversation, whatever it was read from.
fn check(c: &Conversation) {
    let in_years = |t: Option<Timestamp>| assert!(t.is_none_or(|t| YEARS.contains(&t.0)), "{t:?} in {c:?}");
    let share = |x: Option<f64>| assert!(x.is_none_or(|x| (0.0..=1.0).contains(&x)), "{x:?} in {c:?}");
    let feeling = |x: Option<f64>| assert!(x.is_none_or(|x| (-1.0..=1.0).contains(&x)), "{x:?} in {c:?}");
    let finite = |x: Option<f64>| assert!(x.is_none_or(f64::is_finite), "{x:?} in {c:?}");
    assert!(!c.id.is_empty() && c.id.len() <= 1_024 && !c.source.is_empty(), "{c:?}");
    assert!(!c.turns.is_empty() && c.turns.len() <= 50_000);
    assert!(c.outcome.is_some() && c.outcome_source.is_some(), "{c:?}");
    [c.started_at, c.ended_at].into_iter().for_each(in_years);
    feeling(c.sentiment);
    if let Some(csat) = &c.csat {
        assert!(csat.score.is_finite() && csat.max.is_finite() && csat.max > 0.0, "{c:?}");
        in_years(csat.at);
    }
    for offer in &c.offers {
        in_years(offer.shown_at);
        finite(offer.value);
        assert!(offer.turn.is_none_or(|t| (t as usize) < c.turns.len()), "{c:?}");
    }
    for (place, turn) in c.turns.iter().enumerate() {
        assert_eq!(turn.key.0 as usize, place);
        in_years(turn.at);
        share(turn.confidence);
        turn.ranking.iter().for_each(|r| share(Some(r.confidence)));
        feeling(turn.sentiment);
        finite(turn.latency_ms);
        assert!(turn.gold.iter().all(|g| !g.is_empty()), "{c:?}");
        assert!(turn.feedback.as_ref().is_none_or(|f| (-1..=1).contains(&f.score)), "{c:?}");
    }
    again(c);
}

/// Depth of lists and objects that a record may have, less what a conversation's own take.
const DEPTH: usize = 120;

/// Written down in the canonical format, it reads as the same conversation: an export can be imported again.
fn again(c: &Conversation) {
    let json = serde_json::to_string(c).expect("plain data");
    if depth(&json) > DEPTH {
        return;
    }
    let options = ReadOptions { from: Some("canonical".into()), ..ReadOptions::new(NOW) };
    let mut reader = LogReader::open(stream(json.as_bytes(), usize::MAX), options).expect("a format that there is");
    match (reader.next(), reader.next()) {
        (Some(LogRecord::Conversation { conversation, .. }), None) => assert_eq!(*conversation, *c),
        other => panic!("{json} reads as {other:?}"),
    }
}

/// The most brackets that are open at a time; those in texts count too.
fn depth(json: &str) -> usize {
    let (mut open, mut most) = (0usize, 0);
    for byte in json.bytes() {
        match byte {
            b'{' | b'[' => open += 1,
            b'}' | b']' => open = open.saturating_sub(1),
            _ => {}
        }
        most = most.max(open);
    }
    most
}
