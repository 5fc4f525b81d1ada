//! What answers are called in a line.

use super::state::ResponsesScreen;
use crate::store::{AnswerFigures, AnswerStage, Strata};
use crate::tui::widgets::words;
use std::collections::BTreeSet;

/// What a figure says of a conversation without an intent.
pub const NO_INTENT: &str = "none";

/// The least columns of an end by which words are told apart.
const LEAST_END: usize = 8;
/// Columns that a beginning takes, or there is none.
const LEAST_BEGINNING: usize = 6;

/// An intent for people.
pub fn intent_name(name: &str) -> String {
    if name == NO_INTENT { "no intent".to_owned() } else { words::line(name) }
}

/// Names of the answers of a list: each is told from those that begin as it does.
pub struct AnswerNames {
    /// The log names intents.
    intents: bool,
    /// What stands before the words of each line, and the words.
    said: Vec<(String, String)>,
    /// Those of several lines: by where in the talk they were said these are told apart.
    twins: BTreeSet<(String, String)>,
}

impl AnswerNames {
    /// Those of the list that is shown; `has_places`: where in the talk each was said stands in a column of its own.
    pub fn of(screen: &ResponsesScreen, has_places: bool) -> Self {
        let intents = screen.page().is_some_and(|p| p.strata == Strata::Intents);
        let listed = (0..screen.length()).filter_map(|line| screen.answer_at(line));
        let said: Vec<(String, String)> =
            listed.map(|answer| (before(screen, answer, intents), said(answer))).collect();
        let mut seen = BTreeSet::new();
        let twins = said.iter().filter(|line| !has_places && !seen.insert(*line)).cloned().collect();
        Self { intents, said, twins }
    }

    /// An answer in so many columns: what stands before its words, and these, which get half of them at least.
    pub fn named(&self, screen: &ResponsesScreen, answer: &AnswerFigures, columns: usize) -> String {
        let line = (before(screen, answer, self.intents), said(answer));
        let place = answer.stage.map(AnswerStage::word).filter(|_| self.twins.contains(&line)).unwrap_or_default();
        let (before, said) = line;
        let told = |room: usize| match answer.is_heard() {
            true => format!("“{}”", self.told_apart(&before, &said, room.saturating_sub(2))),
            false => words::fit(&said, room),
        };
        let most = (columns / 2).max(columns.saturating_sub(words::width(&said) + 2)).saturating_sub(2);
        let intent =
            words::fit(&before, most.saturating_sub(if place.is_empty() { 0 } else { words::width(place) + 2 }));
        let parts = [intent.as_str(), place];
        let lead: String = parts.into_iter().filter(|part| !part.is_empty()).map(|part| format!("{part}  ")).collect();
        let words = told(columns.saturating_sub(words::width(&lead)));
        lead + &words
    }

    /// Words in so many columns: of those that begin as another line's do, which would look the same, the beginning and what comes after
    /// what both have.
    fn told_apart(&self, before: &str, said: &str, columns: usize) -> String {
        let cut = words::fit(said, columns);
        if cut == said {
            return cut;
        }
        let begins = cut.trim_end_matches('…');
        let shared = |(_, other): &(String, String)| -> usize {
            said.chars().zip(other.chars()).take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum()
        };
        let alike = self.said.iter().filter(|(b, other)| b == before && other != said && other.starts_with(begins));
        let Some(shared) = alike.map(shared).max() else { return cut };
        // From the word that differs, or all of it where that is the first.
        let Some(at) = said[..shared].rfind(' ') else { return cut };
        let end = words::fit(said[at..].trim_start(), (columns / 2).max(LEAST_END));
        match columns.checked_sub(words::width(&end) + 1).filter(|room| *room >= LEAST_BEGINNING) {
            Some(room) => format!("{} {end}", words::fit(said, room)),
            None => format!("… {end}"),
        }
    }
}

/// What stands before the words of an answer: its intent, and the action's name where others say the same; nothing before what is said to
/// many intents.
fn before(screen: &ResponsesScreen, answer: &AnswerFigures, intents: bool) -> String {
    let is_shared = answer.text.as_deref().is_some_and(|t| screen.said_by_several.contains(t.trim()));
    let action = is_shared.then(|| words::line(&answer.response));
    let intent = match answer.intent.as_str() {
        _ if answer.ever.is_some() => None,
        NO_INTENT if !intents => None,
        name => Some(intent_name(name)),
    };
    intent.into_iter().chain(action).collect::<Vec<_>>().join("  ")
}

/// The words of an answer, else its name.
fn said(answer: &AnswerFigures) -> String {
    words::line(answer.text.as_deref().unwrap_or(&answer.response))
}
