//! Small logs of every format, made by hand, and what they come to.

mod desks;
mod machines;
mod models;

use crate::domain::{Conversation, Role, Timestamp};
use crate::ingest::input::source::Input;
use crate::ingest::{LogReader, LogRecord, ReadOptions, Speakers};
use std::io::Cursor;

/// When the tests happen: in 2027.
pub(super) const NOW: Timestamp = Timestamp(1_800_000_000_000);

/// A log of a format.
pub(super) struct Fixture {
    pub format: &'static str,
    pub text: &'static str,
    /// What each conversation comes to, as [`shape`] writes it.
    pub comes_to: &'static [&'static str],
    /// What is said of it, each the beginning of a warning.
    pub warns: &'static [&'static str],
}

/// All of them.
pub(super) fn all() -> Vec<&'static Fixture> {
    machines::ALL.iter().chain(models::ALL).chain(desks::ALL).collect()
}

/// What was read of a text.
pub(super) struct Told {
    pub format: &'static str,
    pub conversations: Vec<Conversation>,
    pub rejects: Vec<String>,
    pub warnings: Vec<String>,
}

/// Reads a text, its format told unless it is named.
pub(super) fn read(bytes: &[u8], from: Option<&str>) -> Result<Told, String> {
    let input = Input::Stream { name: "log".into(), read: Box::new(Cursor::new(bytes.to_vec())) };
    // Whoever an export only names.
    let placed = [("Helper of the shop", Role::Bot), ("Anna of Nicosia", Role::User)];
    let speakers = Speakers::placed(&placed.map(|(name, role)| (name.to_owned(), role)));
    let options = ReadOptions { from: from.map(str::to_owned), speakers, ..ReadOptions::new(NOW) };
    let mut reader = LogReader::open(input, options).map_err(|e| e.to_string())?;
    let (mut conversations, mut rejects) = (Vec::new(), Vec::new());
    for item in reader.by_ref() {
        match item {
            LogRecord::Conversation { conversation, .. } => conversations.push(*conversation),
            LogRecord::Reject(reject) => rejects.push(reject.to_string()),
        }
    }
    let summary = reader.summary();
    let warnings = summary.warnings.into_iter().map(|w| w.text).collect();
    Ok(Told { format: summary.format, conversations, rejects, warnings })
}

/// A conversation in one line: `id outcome: user hi (greet 0.9) | bot hello | [handoff] queue`.
pub(super) fn shape(c: &Conversation) -> String {
    let mut out = format!("{} {}:", c.id, c.outcome.map_or("none", |o| o.name()));
    for turn in &c.turns {
        let who = match (turn.role, &turn.event) {
            (Role::System, Some(event)) => format!("[{event}]"),
            (Role::Tool, _) => format!("tool {}", turn.name.as_deref().unwrap_or("?")),
            (role, _) => role.to_string(),
        };
        out.push_str(&format!(" {who} {}", turn.text.replace('\n', "/")));
        if turn.intent.is_some() || turn.confidence.is_some() {
            let confidence = turn.confidence.map_or(String::new(), |c| format!(" {c}"));
            out.push_str(&format!(" ({}{confidence})", turn.intent.as_deref().unwrap_or("-")));
        }
        let marks = [(turn.fallback, "fallback"), (turn.payload, "payload")];
        marks.iter().filter(|m| m.0).for_each(|m| out.push_str(&format!(" !{}", m.1)));
        turn.gold.iter().for_each(|g| out.push_str(&format!(" gold={g}")));
        turn.corrected.iter().for_each(|t| out.push_str(&format!(" corrected={t}")));
        turn.feedback.iter().for_each(|f| out.push_str(&format!(" thumb={}", f.score)));
        out.push_str(" |");
    }
    if let Some(csat) = &c.csat {
        out.push_str(&format!(" rated {}/{}", csat.score, csat.max));
    }
    out.trim_end_matches([' ', '|']).to_owned()
}

/// What is wrong with what a fixture comes to, all of it.
fn wrong(fixture: &Fixture) -> Vec<String> {
    let told = match read(fixture.text.as_bytes(), None) {
        Ok(told) => told,
        Err(e) => return vec![e],
    };
    let mut out = Vec::new();
    let mut same = |what: &str, is: String, should: String| {
        if is != should {
            out.push(format!("{what}\n   is {is}\n  not {should}"));
        }
    };
    same("told as", told.format.to_owned(), fixture.format.to_owned());
    let shapes: Vec<String> = told.conversations.iter().map(shape).collect();
    same("comes to", format!("{shapes:?}"), format!("{:?}", fixture.comes_to));
    same("rejects", format!("{:?}", told.rejects), "[]".to_owned());
    let starts = |w: &&&str| told.warnings.iter().any(|said| said.starts_with(**w));
    let warned = fixture.warns.iter().filter(starts).count();
    let as_said = warned == fixture.warns.len() && told.warnings.len() == warned;
    same(
        "warnings",
        format!("{:?}", told.warnings),
        if as_said { format!("{:?}", told.warnings) } else { format!("{:?}", fixture.warns) },
    );
    out
}

#[test]
fn each_comes_to_what_it_says_and_is_told_without_being_named() {
    let wrong: Vec<String> =
        all().into_iter().flat_map(|f| wrong(f).into_iter().map(|w| format!("{}: {w}", f.format))).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_format_has_one() {
    let without = ["canonical", "csv", "folder", "messages"];
    for format in super::all().map(|f| f.name()).filter(|f| !without.contains(f)) {
        assert!(all().iter().any(|f| f.format == format), "{format}");
    }
}
