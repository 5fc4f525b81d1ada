//! What the lines of the lists of answers are of.

use crate::store::AnswerPage;

/// Answers that are listed; the others are rarer.
const LISTED: usize = 500;
/// What fewer conversations heard is told in one line until that is opened.
pub const RARE: u64 = 5;

/// What a line is of: its place in the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnswerPlace {
    /// Among the non-answers.
    NonAnswer(usize),
    /// Among the answers.
    Answer(usize),
    /// Answers that few heard: how many there are, and how many of them follow once they are opened.
    Rare { all: usize, listed: usize },
    /// Among the intents to which non-answers were given.
    Unanswered(usize),
}

/// Non-answers, then the others, those furthest behind first, and last in one line those that few heard. What a non-answer does to each
/// intent is told of it.
pub fn answers(page: &AnswerPage, shows_rare: bool) -> Vec<AnswerPlace> {
    let mut out: Vec<AnswerPlace> = in_order(page).collect();
    let (rare, others): (Vec<usize>, Vec<usize>) =
        page.in_order().into_iter().partition(|&at| page.answers[at].n < RARE);
    let is_folded = rare.len() > 1 && !others.is_empty();
    let room = LISTED.saturating_sub(others.len());
    out.extend(others.into_iter().take(LISTED).map(AnswerPlace::Answer));
    let all = rare.len();
    // What test groups alone heard has no words that could be shown.
    let has_words = |at: &usize| !is_folded || page.answers[*at].text.is_some();
    let listed: Vec<usize> = rare.into_iter().filter(has_words).take(room).collect();
    out.extend(is_folded.then_some(AnswerPlace::Rare { all, listed: listed.len() }));
    let is_listed = shows_rare || !is_folded;
    out.extend(listed.into_iter().filter(|_| is_listed).map(AnswerPlace::Answer));
    out
}

/// Non-answers, then what was asked when they were said.
pub fn non_answers(page: &AnswerPage) -> Vec<AnswerPlace> {
    in_order(page).chain((0..page.unanswered.len()).map(AnswerPlace::Unanswered)).collect()
}

fn in_order(page: &AnswerPage) -> impl Iterator<Item = AnswerPlace> {
    page.non_answers_in_order().into_iter().map(AnswerPlace::NonAnswer)
}
