//! What other people said, and what is asked of them, in words.

use super::words;
use crate::domain::{Cause, Kind};
use crate::store::OthersWord;
use crate::theme::Role;

/// Gives the name of a kind of decision.
pub fn spoken(kind: Kind) -> String {
    kind.name().replace('_', " ")
}

/// Gives what was decided as people read it: labels in words, everything else as it is.
pub fn value(kind: Kind, value: &str) -> String {
    let cause = Cause::from_name(value).filter(|_| kind == Kind::Cause);
    cause.map_or_else(|| words::line(value), |cause| cause.label().to_owned())
}

/// Gives others' words in a line each, at most a few; where one judges blind, not what they said.
pub fn told(said: &[OthersWord], blind: bool, name: bool) -> String {
    const SHOWN: usize = 4;
    let line = |w: &OthersWord| {
        let who = words::line(&w.reviewer);
        let which = if name { format!("#{} ", w.n.0) } else { String::new() };
        match &w.value {
            _ if blind => format!("{which}{who} has judged it"),
            Some(said) => format!("{which}{who}: {} {}", spoken(w.kind), words::fit(&value(w.kind, said), 60)),
            None => format!("{which}{who}: {} taken away", spoken(w.kind)),
        }
    };
    let mut lines: Vec<String> = said.iter().map(line).collect();
    lines.dedup();
    let more = lines.len().saturating_sub(SHOWN);
    lines.truncate(SHOWN);
    if more > 0 {
        lines.push(format!("and {more} more"));
    }
    lines.join("; ")
}

/// Gives the names of those who said something, each once.
pub fn names(said: &[OthersWord]) -> String {
    let mut all: Vec<String> = said.iter().map(|w| words::line(&w.reviewer)).collect();
    all.sort();
    all.dedup();
    all.join(", ")
}

/// Gives the lines above a question to colleagues.
pub fn asking() -> Vec<(String, Role)> {
    let text = "It leaves Review until somebody has answered; the view `asked` lists what waits.";
    vec![("What do you want to know?".to_owned(), Role::Text), (text.to_owned(), Role::Muted)]
}
