//! What answers are called in a line.

use super::state::ResponsesScreen;
use crate::store::{AnswerFigures, AnswerStage, Strata};
use crate::tui::widgets::{numbers, words};
use std::collections::{BTreeMap, BTreeSet};

/// What a figure says of a conversation without an intent.
pub const NO_INTENT: &str = "none";

/// The least columns of an end by which words are told apart.
const LEAST_END: usize = 8;
/// Columns of an answer from which on it says how many texts it stands for.
const ROOM_OF_TEXTS: usize = 36;
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
    /// Those of several lines, with where in the talk and in which languages they were said, by which these are told apart.
    twins: BTreeMap<(String, String), BTreeSet<(&'static str, String)>>,
}

impl AnswerNames {
    /// Those of the list that is shown; `has_columns`: where in the talk each was said, and in which languages, stands in columns.
    pub fn of(screen: &ResponsesScreen, has_columns: bool) -> Self {
        let intents = screen.page().is_some_and(|p| p.strata == Strata::Intents);
        let listed: Vec<&AnswerFigures> = (0..screen.length()).filter_map(|line| screen.answer_at(line)).collect();
        let line = |answer: &AnswerFigures| (before(screen, answer, intents), said(answer));
        let mut twins: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
        for answer in listed.iter().filter(|_| !has_columns) {
            twins.entry(line(answer)).or_default().insert((place(answer), language(answer)));
        }
        twins.retain(|_, lines| lines.len() > 1);
        Self { intents, said: listed.into_iter().map(line).collect(), twins }
    }

    /// An answer in so many columns: what stands before its words, and these, which get half of them at least.
    pub fn named(&self, screen: &ResponsesScreen, answer: &AnswerFigures, columns: usize) -> String {
        let line = (before(screen, answer, self.intents), said(answer));
        let apart = self.apart(&line, answer);
        let (before, said) = line;
        let told = |room: usize| match answer.is_heard() {
            true => format!("“{}”", self.told_apart(&before, &said, room.saturating_sub(2))),
            false => words::fit(&said, room),
        };
        let most = (columns / 2).max(columns.saturating_sub(words::width(&said) + 2)).saturating_sub(2);
        let taken = if apart.is_empty() { 0 } else { words::width(&apart) + 2 };
        let intent = words::fit(&before, most.saturating_sub(taken));
        let parts = [intent, apart];
        let lead: String = parts.iter().filter(|part| !part.is_empty()).map(|part| format!("{part}  ")).collect();
        let texts = match answer.texts {
            many if many > 1 && columns >= ROOM_OF_TEXTS => format!("  {} texts", numbers::count(many)),
            _ => String::new(),
        };
        let words = told(columns.saturating_sub(words::width(&lead) + words::width(&texts)));
        lead + &words + &texts
    }

    /// By what a line is told from those with the same words: by the languages where these differ, and by the place where that does.
    fn apart(&self, line: &(String, String), answer: &AnswerFigures) -> String {
        let Some(lines) = self.twins.get(line) else { return String::new() };
        let (place, lang) = (place(answer), language(answer));
        let place = if lines.iter().any(|(other, _)| *other != place) { place } else { "" };
        let lang = if lines.iter().any(|(_, other)| *other != lang) { lang.as_str() } else { "" };
        [lang, place].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
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

/// The two languages that most of its conversations are in: Greek is Greek in whichever letters.
pub fn tongues(answer: &AnswerFigures) -> Vec<String> {
    let short = |lang: &String| words::fit(words::line(lang).split('-').next().unwrap_or_default(), 2);
    let mut langs: Vec<String> = answer.langs.iter().map(short).collect();
    langs.dedup();
    langs.truncate(2);
    langs
}

/// Where in the talk an answer was said.
fn place(answer: &AnswerFigures) -> &'static str {
    answer.stage.map(AnswerStage::word).unwrap_or_default()
}

/// The languages that most of its conversations are in; a sign where none is known.
fn language(answer: &AnswerFigures) -> String {
    let langs = tongues(answer);
    if langs.is_empty() { "?".to_owned() } else { langs.join(" ") }
}

/// The words of an answer, else its name.
fn said(answer: &AnswerFigures) -> String {
    words::line(answer.text.as_deref().unwrap_or(&answer.response))
}
