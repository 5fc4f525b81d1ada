//! From turns to answers: what counts as one, and where it was given.

use crate::base::rng::mix;
use crate::domain::{ConversationId, Role};
use crate::learn::responses::{AnswerPattern, Saying, answer_patterns};
use crate::store::{AnswerBook, AnswerStage, BookedAnswer, ChosenAnswer, Result, SpokenTurn};
use crate::text::language::answered_in;
use crate::text::normalise::shape;
use rustc_hash::{FxHashMap, FxHashSet};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// So many of the most frequent texts are told apart by what they say; rarer ones are one only where they are equal.
const COMPARED: usize = 20_000;
/// Answers that are kept: those in the most conversations.
const KEPT: usize = 2_000;
/// Words that are said under so many actions are an answer of their own, whatever the action: what is no answer is the same text to many
/// intents (rule 39), and each of them may have an action for it.
const SHARED: usize = 3;
/// No action.
const NONE: u32 = u32::MAX;

/// What is known of a text.
#[derive(Debug, Default)]
struct SeenText {
    /// Times it was said.
    times: u64,
    /// The first turn that says it, and whether that is of a training group.
    turn: (i64, bool),
    lang: String,
    /// Digits that stand for its words.
    digest: u64,
    /// Actions that said it, up to [`SHARED`].
    actions: Vec<u32>,
}

/// An answer in a conversation.
#[derive(Clone, Copy, Debug)]
struct Heard {
    text: u32,
    action: u32,
    stage: AnswerStage,
    conversation: u32,
    turn: i64,
    is_training: bool,
    after_error: bool,
    before_person: bool,
    propensity: Option<f32>,
}

/// Answers while they are counted: 40 bytes each, and 100 a distinct text.
#[derive(Debug, Default)]
pub(super) struct Counting {
    texts: Vec<SeenText>,
    by_text: FxHashMap<u64, u32>,
    actions: Vec<String>,
    by_action: FxHashMap<String, u32>,
    heard: Vec<Heard>,
}

impl Counting {
    /// Takes the turns of a conversation, in order.
    pub(super) fn add(&mut self, talk: &[SpokenTurn]) {
        let stage = AnswerStage::within(talk);
        let mut failed = false;
        for (at, turn) in talk.iter().enumerate() {
            match turn.role {
                Role::User => failed = false,
                Role::Tool => failed = turn.failed,
                Role::Bot if !turn.text.trim().is_empty() || turn.action.is_some() => {
                    let hands_over = talk.get(at + 1).is_some_and(|next| next.is_person);
                    if let Some(stage) = stage(at) {
                        self.hear(turn, stage, (failed, hands_over));
                    }
                }
                _ => {}
            }
        }
    }

    fn hear(&mut self, turn: &SpokenTurn, stage: AnswerStage, (after_error, before_person): (bool, bool)) {
        let action = turn.action.as_ref().map_or(NONE, |name| self.action(name));
        let text = self.text(turn, action);
        let (conversation, is_training) = (turn.conversation, turn.is_training);
        let propensity = turn.propensity;
        self.heard.push(Heard {
            text,
            action,
            stage,
            conversation,
            turn: turn.id,
            is_training,
            after_error,
            before_person,
            propensity,
        });
    }

    fn action(&mut self, name: &str) -> u32 {
        if let Some(&known) = self.by_action.get(name) {
            return known;
        }
        let at = self.actions.len() as u32;
        self.actions.push(name.to_owned());
        self.by_action.insert(name.to_owned(), at);
        at
    }

    fn text(&mut self, turn: &SpokenTurn, action: u32) -> u32 {
        let lang = answered_in(&turn.text, turn.language.as_deref());
        let key = digest(&shape(&turn.text), &lang);
        let at = *self.by_text.entry(key).or_insert(self.texts.len() as u32);
        if at as usize == self.texts.len() {
            self.texts.push(SeenText { turn: (turn.id, turn.is_training), lang, digest: key, ..SeenText::default() });
        }
        let seen = &mut self.texts[at as usize];
        seen.times += 1;
        if turn.is_training && !seen.turn.1 {
            seen.turn = (turn.id, true);
        }
        if action != NONE && seen.actions.len() < SHARED && !seen.actions.contains(&action) {
            seen.actions.push(action);
        }
        at
    }

    /// The answers. `said` reads a turn's words.
    pub(super) fn book(&self, said: impl Fn(i64) -> Result<Option<String>>) -> Result<AnswerBook> {
        let OneAnswer { firsts, patterns } = self.one_answer(said)?;
        let is_text = |h: &Heard| h.action == NONE || self.texts[h.text as usize].actions.len() >= SHARED;
        let of = |h: &Heard| if is_text(h) { (false, firsts[h.text as usize]) } else { (true, h.action) };
        let frequent = self.frequent(of);
        let mut found: BTreeMap<(bool, u32), Found> = BTreeMap::new();
        for heard in &self.heard {
            let answer = of(heard);
            if frequent.contains(&answer) {
                found.entry(answer).or_default().add(heard);
            }
        }
        let mut answers: Vec<(usize, BookedAnswer)> = found
            .into_iter()
            .map(|((is_action, at), found)| {
                let (key, lang, pattern) = match is_action {
                    true => (self.actions[at as usize].clone(), String::new(), None),
                    false => {
                        let (seen, pattern) = (&self.texts[at as usize], patterns.get(&at).cloned());
                        // Whichever of what fills it in is said most.
                        let digest = pattern.as_ref().map_or(seen.digest, |p| digest(&p.to_string(), &seen.lang));
                        (format!("~{:010x}", digest >> 24), seen.lang.clone(), pattern)
                    }
                };
                let all = found.rows.iter().map(Vec::len).sum();
                let turn = found.example(&self.texts);
                let texts = if is_action { found.answers(&firsts) } else { 1 };
                let (rows, chosen) = (found.rows, found.chosen);
                let (times, after_error, before_person) = (found.times, found.after_error, found.before_person);
                (
                    all,
                    BookedAnswer {
                        key,
                        is_action,
                        lang,
                        pattern,
                        turn,
                        times,
                        texts,
                        after_error,
                        before_person,
                        rows,
                        chosen,
                    },
                )
            })
            .collect();
        answers.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| (a.1.is_action, &a.1.key).cmp(&(b.1.is_action, &b.1.key))));
        answers.truncate(KEPT);
        // Two texts under one key would be two answers of one name.
        let mut names = FxHashSet::default();
        answers.retain(|(_, a)| names.insert((a.is_action, a.key.clone())));
        Ok(AnswerBook { answers: answers.into_iter().map(|a| a.1).collect(), ..AnswerBook::default() })
    }

    /// The answers that are said most: twice as many as are kept, since those are chosen by conversations.
    fn frequent(&self, of: impl Fn(&Heard) -> (bool, u32)) -> FxHashSet<(bool, u32)> {
        let mut times: FxHashMap<(bool, u32), u64> = FxHashMap::default();
        self.heard.iter().for_each(|h| *times.entry(of(h)).or_default() += 1);
        let mut all: Vec<((bool, u32), u64)> = times.into_iter().collect();
        all.sort_unstable_by_key(|&(answer, n)| (Reverse(n), answer));
        all.into_iter().take(2 * KEPT).map(|(answer, _)| answer).collect()
    }

    /// Which texts are one answer, within their language. Words of which nothing tells the language are those of the language in which they
    /// are said most.
    fn one_answer(&self, said: impl Fn(i64) -> Result<Option<String>>) -> Result<OneAnswer> {
        let mut firsts: Vec<u32> = (0..self.texts.len() as u32).collect();
        let mut order = firsts.clone();
        order.sort_by_key(|&t| (Reverse(self.texts[t as usize].times), self.texts[t as usize].turn.0));
        order.truncate(COMPARED);
        let seen = || order.iter().map(|&at| &self.texts[at as usize]);
        let words: Vec<String> =
            seen().map(|seen| Ok(said(seen.turn.0)?.unwrap_or_default())).collect::<Result<_>>()?;
        let sayings: Vec<Saying<'_>> =
            seen().zip(&words).map(|(seen, text)| Saying { text, times: seen.times, lang: &seen.lang }).collect();
        let patterns = answer_patterns(&sayings);
        let mut known: FxHashMap<(&str, &AnswerPattern), u32> = FxHashMap::default();
        let mut most: FxHashMap<&AnswerPattern, u32> = FxHashMap::default();
        // The most frequent come first.
        for ((&at, saying), pattern) in order.iter().zip(&sayings).zip(&patterns) {
            let first = *known.entry((saying.lang, pattern)).or_insert(at);
            if !saying.lang.is_empty() {
                most.entry(pattern).or_insert(first);
            }
            firsts[at as usize] = first;
        }
        for ((&at, _), pattern) in order.iter().zip(&sayings).zip(&patterns).filter(|((_, s), _)| s.lang.is_empty()) {
            let first = &mut firsts[at as usize];
            *first = most.get(pattern).copied().unwrap_or(*first);
        }
        let open = order.iter().zip(patterns).filter(|(_, pattern)| pattern.has_values());
        let patterns = open.map(|(&at, pattern)| (firsts[at as usize], pattern)).collect();
        Ok(OneAnswer { firsts, patterns })
    }
}

/// Which texts are one answer.
struct OneAnswer {
    /// Of each text the most frequent one of its answer.
    firsts: Vec<u32>,
    /// What they have in common, by that text, where values fill it in.
    patterns: FxHashMap<u32, AnswerPattern>,
}

/// One answer while it is put together.
#[derive(Debug, Default)]
struct Found {
    times: u64,
    after_error: u64,
    before_person: u64,
    rows: [Vec<u32>; 3],
    /// Where it was drawn: once a conversation and stage.
    chosen: Vec<ChosenAnswer>,
    /// Of each of its texts how often it was said, and a turn of a training group that says it.
    texts: FxHashMap<u32, (u64, Option<i64>)>,
}

impl Found {
    fn add(&mut self, heard: &Heard) {
        self.times += 1;
        self.after_error += u64::from(heard.after_error);
        self.before_person += u64::from(heard.before_person);
        let rows = &mut self.rows[heard.stage as usize];
        // Conversations come in ascending order.
        if rows.last() != Some(&heard.conversation) {
            rows.push(heard.conversation);
            let (row, stage) = (heard.conversation, heard.stage);
            self.chosen.extend(heard.propensity.map(|propensity| ChosenAnswer { row, stage, propensity }));
        }
        let text = self.texts.entry(heard.text).or_default();
        text.0 += 1;
        if heard.is_training && text.1.is_none() {
            text.1 = Some(heard.turn);
        }
    }

    /// How many of its texts are not one answer; `firsts`: of each text the most frequent one of its answer.
    fn answers(&self, firsts: &[u32]) -> u64 {
        self.texts.keys().map(|text| firsts[*text as usize]).collect::<FxHashSet<u32>>().len() as u64
    }

    /// A turn of a training group with the words that are said most.
    fn example(&self, texts: &[SeenText]) -> Option<i64> {
        let said = self.texts.iter().filter_map(|(t, (n, turn))| Some((*n, texts[*t as usize].turn.0, (*turn)?)));
        said.max_by_key(|&(n, first, _)| (n, Reverse(first))).map(|(_, _, turn)| turn)
    }
}

/// Digits that stand for words in a language: FNV-1a, mixed.
fn digest(words: &str, lang: &str) -> u64 {
    let bytes = lang.bytes().chain([0]).chain(words.bytes());
    mix(bytes.fold(0xcbf2_9ce4_8422_2325, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3)))
}

/// Conversations by their tags.
pub(super) fn by_tags(tagged: Vec<(ConversationId, String)>) -> Vec<(String, Vec<u32>)> {
    let mut out: BTreeMap<String, Vec<u32>> = BTreeMap::new();
    for (id, tags) in tagged.into_iter().filter(|t| !t.1.is_empty()) {
        out.entry(tags).or_default().extend(u32::try_from(id.0).ok());
    }
    // Tags that nearly every conversation has of its own tell nothing apart.
    let all: usize = out.values().map(Vec::len).sum();
    if out.len() * 5 > all { Vec::new() } else { out.into_iter().collect() }
}
