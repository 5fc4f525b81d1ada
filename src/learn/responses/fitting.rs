//! From what the AI answered, and what people corrected, to one answer an intent and language.

use super::accepted::{AcceptedAnswer, AcceptedAnswers, LearnedCase, vectors_of};
use super::answer::{IntentResponse, ResponseOrigin, ResponseRules};
use super::answered_in::answered_in;
use super::filled_in::FilledIn;
use super::handed_over::handed_over;
use super::non_answers::{NonAnswers, without_spacing};
use super::spoken::LanguageAnswer;
use super::table::{ResponseQuestion, ResponseTable};
use crate::domain::{IntentId, Reporter};
use crate::learn::contract::{FitError, Fitted, LearnerRecipe, Predict};
use crate::learn::signals::knows_nothing;
use std::collections::{BTreeMap, BTreeSet};

/// From so many answers to an intent on that are one but for their numbers, the numbers are each customer's own. Two are a price that
/// has changed.
const VARIANTS: usize = 3;
/// By the newest rules what so many intents got is no answer to one of them where it helped too few.
const MANY_INTENTS: usize = 5;
/// Conversations in which something was said, below which nobody knows that it is for everybody.
const OFTEN: u64 = 5;

/// One answer of the AI, with what it should have been where somebody said so.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ResponseExample<'a> {
    /// The intent it answers.
    pub intent: IntentId,
    /// Its conversation, by any number of its own.
    pub group: i64,
    /// What the AI said.
    pub response: &'a str,
    /// The accepted correction.
    pub corrected: Option<&'a str>,
    /// What `response` is written in, as [`crate::text::language::answered_in`] says.
    pub language: &'a str,
    /// What `corrected` is written in.
    pub corrected_language: &'a str,
    /// What the customer writes in, as [`crate::text::language::asked_in`] says; by former rules of corrected answers alone.
    pub asked_language: &'a str,
    /// What the customer asked, where it was corrected and may be learned from.
    pub asked: Option<&'a str>,
    /// The conversation ended resolved.
    pub resolved: bool,
}

/// How answers are chosen.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ResponseRecipe {
    /// By which rules.
    pub rules: ResponseRules,
    /// What counts as no answer.
    pub non_answers: NonAnswers,
}

/// A response table with the answers that it was fitted to.
#[derive(Clone, Debug)]
pub struct FittedResponses<'a> {
    table: ResponseTable,
    recipe: ResponseRecipe,
    examples: Vec<ResponseExample<'a>>,
    /// Places of the examples of each intent, in order.
    by_intent: BTreeMap<IntentId, Vec<usize>>,
    requests: RequestVectors,
    known: KnownOfAll,
}

/// What is known of all answers, whatever they answer.
#[derive(Clone, Debug, Default)]
struct KnownOfAll {
    ends: AnswerEnds,
    /// By former rules nothing is, nor of languages and of who is handed over.
    filled_in: FilledIn,
    answered_in: BTreeMap<String, String>,
    handed_over: BTreeSet<IntentId>,
}

impl KnownOfAll {
    fn of(examples: &[ResponseExample<'_>], rules: ResponseRules) -> Self {
        let ends = AnswerEnds::of(examples);
        if rules < ResponseRules::ByMost {
            return Self { ends, ..Self::default() };
        }
        let said = || examples.iter().filter(|e| !e.response.trim().is_empty());
        let accepted = examples.iter().filter_map(|e| e.corrected);
        let filled_in = FilledIn::of(said().map(|e| (e.response, e.language)), accepted);
        let answered_in = answered_in(said().map(|e| (e.asked_language, e.language)));
        let handed_over = handed_over(said().map(|e| (e.intent, e.response)));
        Self { ends, filled_in, answered_in, handed_over }
    }
}

/// How conversations ended in which the AI said anything: answers, and how many of them in conversations that were resolved; and where
/// what is said to several intents belongs.
#[derive(Clone, Debug, Default)]
struct AnswerEnds {
    all: u64,
    resolved: u64,
    /// How often such a text was said to the intent that got it most, by its words without spacing.
    most: BTreeMap<String, u64>,
    /// Those that many intents got.
    to_many: BTreeSet<String>,
}

impl AnswerEnds {
    fn of(examples: &[ResponseExample<'_>]) -> Self {
        let said = || examples.iter().filter(|e| !e.response.trim().is_empty());
        let mut uses: BTreeMap<String, BTreeMap<IntentId, u64>> = BTreeMap::new();
        for e in said() {
            *uses.entry(without_spacing(e.response)).or_default().entry(e.intent).or_default() += 1;
        }
        let is_to_many = |by: &BTreeMap<IntentId, u64>| by.len() >= MANY_INTENTS;
        let to_many = uses.iter().filter(|(_, by)| is_to_many(by)).map(|(text, _)| text.clone()).collect();
        let several = uses.into_iter().filter(|(_, by)| by.len() > 1);
        let most = several.map(|(text, by)| (text, by.into_values().max().unwrap_or(0))).collect();
        Self { all: said().count() as u64, resolved: said().filter(|e| e.resolved).count() as u64, most, to_many }
    }

    /// Whether a text that an intent got so many times is an answer to it, and not another's that was given by mistake.
    fn is_at_home(&self, said: &IntentResponse) -> bool {
        self.most.get(&without_spacing(&said.text)).is_none_or(|most| 2 * said.count >= *most)
    }

    fn is_said_to_many(&self, said: &IntentResponse) -> bool {
        self.to_many.contains(&without_spacing(&said.text))
    }

    /// Whether an answer helped at least half as often as answers do. Where nobody knows how anything ended, nothing says that it did not.
    fn helped(&self, resolved: u64, given: u64) -> bool {
        self.resolved == 0 || resolved > 0 && 2 * resolved * self.all >= given * self.resolved
    }
}

/// The vectors of requests that were corrected, by the place of the example.
#[derive(Clone, Debug, Default)]
struct RequestVectors {
    rows: BTreeMap<usize, usize>,
    all: Vec<f32>,
}

impl RequestVectors {
    fn of(examples: &[ResponseExample<'_>], rules: ResponseRules, reporter: &dyn Reporter) -> Result<Self, FitError> {
        if rules < ResponseRules::BySituation {
            return Ok(Self::default());
        }
        let asked = examples.iter().enumerate().filter(|(_, e)| e.corrected.is_some());
        let (places, texts): (Vec<usize>, Vec<&str>) = asked.filter_map(|(at, e)| Some((at, e.asked?))).unzip();
        let rows = places.into_iter().zip(0..).collect();
        Ok(Self { rows, all: vectors_of(&texts, reporter)? })
    }

    fn get(&self, example: usize) -> Option<&[f32]> {
        let width = self.all.len() / self.rows.len().max(1);
        let row = *self.rows.get(&example)?;
        self.all.get(row * width..(row + 1) * width)
    }
}

/// Examples come in the order of the decisions on them. For each intent (by the newer rules: and language) the latest correction (by the
/// newest the usual one where several differ and too few requests tell by what), else the most frequent answer, of equals the first seen; by the newest rules the one with most resolved conversations of those
/// that helped at least half as often as answers do, else the most frequent that is not rather another intent's, and no template that was
/// filled in with each customer's numbers, names or days; where that is not what most heard of those who were helped, none.
/// Empty texts count as none; by the newer rules so do answers of the AI that say something
/// that is one customer's, and non-answers; by the newest those that say that the AI knows nothing. Without examples the table is empty.
impl<'a> LearnerRecipe<ResponseExample<'a>> for ResponseRecipe {
    type Fitted = FittedResponses<'a>;

    fn fit(&self, examples: &[ResponseExample<'a>], reporter: &dyn Reporter) -> Result<FittedResponses<'a>, FitError> {
        reporter.step("responses", 0, 0)?;
        let mut by_intent: BTreeMap<IntentId, Vec<usize>> = BTreeMap::new();
        examples.iter().enumerate().for_each(|(at, e)| by_intent.entry(e.intent).or_default().push(at));
        let requests = RequestVectors::of(examples, self.rules, reporter)?;
        let known = KnownOfAll::of(examples, self.rules);
        let table = build(examples.iter().copied().enumerate(), self, &requests, &known);
        Ok(FittedResponses { table, recipe: self.clone(), examples: examples.to_vec(), by_intent, requests, known })
    }
}

/// What would be answered to the customer of an example from other conversations alone. Costs a table of one intent.
impl Fitted for FittedResponses<'_> {
    type Model = ResponseTable;
    type Answer = IntentResponse;

    fn unseen(&self, example: usize) -> Option<IntentResponse> {
        let asked = self.examples.get(example)?;
        let same_intent = self.by_intent.get(&asked.intent)?.iter().map(|&at| (at, self.examples[at]));
        let others = same_intent.filter(|(_, e)| e.group != asked.group);
        let elsewhere = build(others, &self.recipe, &self.requests, &self.known);
        let (intent, language) = (asked.intent, asked.asked_language);
        let given = elsewhere.predict(ResponseQuestion { intent, language, asked: asked.asked.unwrap_or_default() });
        given.map(|g| g.response.clone())
    }

    fn into_model(self) -> ResponseTable {
        self.table
    }
}

/// How often each text was seen. Texts that differ in spacing are one; the first writing stands.
#[derive(Default)]
struct TextTally<'a> {
    /// Words without spacing, as written, times seen; in order of first sight.
    seen: Vec<(String, &'a str, u64)>,
    place: BTreeMap<String, usize>,
    last: usize,
    /// Of all texts that were added, which one came last.
    latest: usize,
}

impl<'a> TextTally<'a> {
    /// Counts a text; returns its place.
    fn add(&mut self, text: &'a str, order: usize) -> Option<usize> {
        let key = without_spacing(text);
        if key.is_empty() {
            return None;
        }
        self.last = *self.place.entry(key.clone()).or_insert(self.seen.len());
        if self.last == self.seen.len() {
            self.seen.push((key, text.trim(), 0));
        }
        self.seen[self.last].2 += 1;
        self.latest = order;
        Some(self.last)
    }

    fn response(&self, at: usize, from: ResponseOrigin) -> Option<IntentResponse> {
        let &(_, text, count) = self.seen.get(at)?;
        Some(IntentResponse { text: text.to_owned(), from, count, of: self.seen.iter().map(|s| s.2).sum() })
    }

    /// Texts without numbers that stand for several that differ in these alone.
    fn templates(&self) -> BTreeSet<String> {
        let mut variants: BTreeMap<String, usize> = BTreeMap::new();
        for key in self.seen.iter().filter_map(|(words, ..)| without_numbers(words)) {
            *variants.entry(key).or_default() += 1;
        }
        variants.into_iter().filter(|(_, n)| *n >= VARIANTS).map(|(key, _)| key).collect()
    }

    /// Whether a text is one of several that differ in a single word, in the same place: a name, a day, a port. Numbers are no difference.
    fn is_one_of_several(&self, text: &str) -> bool {
        let plain = |words: &str| without_numbers(words).unwrap_or_else(|| words.to_owned());
        let text = plain(&without_spacing(text));
        let words: Vec<&str> = text.split(' ').collect();
        let mut others: BTreeMap<usize, BTreeSet<String>> = BTreeMap::new();
        for (other, ..) in &self.seen {
            let other = plain(other);
            if other.split(' ').count() != words.len() {
                continue;
            }
            let mut differing = other.split(' ').enumerate().filter(|(at, word)| words[*at] != *word);
            if let (Some((at, word)), None) = (differing.next(), differing.next()) {
                others.entry(at).or_default().insert(word.to_owned());
            }
        }
        others.values().any(|there| there.len() + 1 >= VARIANTS)
    }

    /// The texts, the most frequent first; of equals the first seen.
    fn by_frequency(&self) -> impl Iterator<Item = usize> {
        let mut order: Vec<usize> = (0..self.seen.len()).collect();
        order.sort_by_key(|&i| (std::cmp::Reverse(self.seen[i].2), i));
        order.into_iter()
    }
}

/// A text with a sign in place of each number; `None` where it has none.
fn without_numbers(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c.is_numeric() {
            true if out.ends_with('#') => {}
            true => out.push('#'),
            false => out.push(c),
        }
    }
    (out != text).then_some(out)
}

/// Answers and corrections of one intent, in one language.
#[derive(Default)]
struct SpokenAnswers<'a, 'v> {
    used: TextTally<'a>,
    corrections: TextTally<'a>,
    /// Conversations in which the AI said a text, and whether they were resolved.
    went: BTreeMap<String, BTreeMap<i64, bool>>,
    cases: Vec<LearnedCase<'v>>,
}

impl SpokenAnswers<'_, '_> {
    fn choose(&self, recipe: &ResponseRecipe, known: &KnownOfAll) -> Option<IntentResponse> {
        let latest = || self.corrections.response(self.corrections.last, ResponseOrigin::Correction);
        latest().or_else(|| self.own(recipe, known))
    }

    /// What the AI itself said that may be said again.
    fn own(
        &self,
        ResponseRecipe { rules, non_answers }: &ResponseRecipe,
        KnownOfAll { ends, filled_in, .. }: &KnownOfAll,
    ) -> Option<IntentResponse> {
        let at = |at| self.used.response(at, ResponseOrigin::MostUsed);
        let mut used = self.used.by_frequency().filter_map(at);
        if *rules == ResponseRules::ByIntent {
            return used.next();
        }
        let by_most = *rules >= ResponseRules::ByMost;
        let mut fit = used.filter(|r| !non_answers.has(&r.text) && !r.is_personal(*rules));
        if *rules < ResponseRules::ByOutcome {
            return fit.next();
        }
        let templates = self.used.templates();
        let is_filled_in = |said: &IntentResponse| {
            filled_in.is(&said.text)
                || without_numbers(&without_spacing(&said.text)).is_some_and(|key| templates.contains(&key))
        };
        let went_of = |said: &IntentResponse| self.went(&[without_spacing(&said.text)]);
        let is_told = |said: &IntentResponse| !by_most || went_of(said).0 >= OFTEN && !knows_nothing(&said.text);
        let fit: Vec<IntentResponse> = fit.filter(|said| !is_filled_in(said) && is_told(said)).collect();
        let went = fit.iter().enumerate().map(|(place, said)| (place, went_of(said)));
        // Of equals the most frequent.
        let helped = went
            .filter(|(_, (given, resolved))| ends.helped(*resolved, *given))
            .min_by_key(|(place, (_, resolved))| (std::cmp::Reverse(*resolved), *place));
        let (chosen, of_helped) = match helped {
            Some((place, _)) => (fit.into_iter().nth(place), true),
            None => (fit.into_iter().find(|said| ends.is_at_home(said)), false),
        };
        // What is said to whoever asks, and helps few here, is no answer here, whoever else it helps.
        let chosen = chosen.filter(|said| !by_most || of_helped || !ends.is_said_to_many(said));
        chosen.filter(|said| {
            !by_most || self.most_heard(&said.text, of_helped, non_answers) && !self.used.is_one_of_several(&said.text)
        })
    }

    /// Whether at least half of those heard a text who were told anything that is an answer: of those who were helped, where it is one that
    /// helped and anybody is known to have been.
    fn most_heard(&self, text: &str, of_helped: bool, non_answers: &NonAnswers) -> bool {
        let mut told: BTreeMap<i64, bool> = BTreeMap::new();
        let is_answer = |said: &str| !non_answers.has(said) && !knows_nothing(said);
        self.went.iter().filter(|(said, _)| is_answer(said)).for_each(|(_, went)| told.extend(went));
        let helped = told.values().filter(|resolved| **resolved).count() as u64;
        match self.went(&[without_spacing(text)]) {
            (_, resolved) if of_helped && helped > 0 => 2 * resolved >= helped,
            (given, _) => 2 * given >= told.len() as u64,
        }
    }

    /// In how many conversations the AI said one of some texts, and how many of them were resolved.
    fn went(&self, texts: &[String]) -> (u64, u64) {
        let said = texts.iter().filter_map(|text| self.went.get(text));
        let all: BTreeMap<i64, bool> =
            said.flatten().map(|(conversation, resolved)| (*conversation, *resolved)).collect();
        (all.len() as u64, all.values().filter(|r| **r).count() as u64)
    }

    /// The usual answer of those that were accepted, and all of them, where it is more than one.
    fn accepted(&self, filled_in: &FilledIn, rules: ResponseRules) -> Option<(IntentResponse, AcceptedAnswers)> {
        let answer = |at: usize| {
            let response = self.corrections.response(at, ResponseOrigin::Correction)?;
            let (given, resolved) = self.went(&filled_in.sayings(&response.text));
            Some(AcceptedAnswer { response, given, resolved })
        };
        let answers: Vec<AcceptedAnswer> = (0..self.corrections.seen.len()).filter_map(answer).collect();
        if answers.len() < 2 {
            return None;
        }
        let (accepted, usual) = AcceptedAnswers::learn(answers, self.corrections.last, self.cases.clone(), rules);
        Some((accepted.answers().get(usual)?.response.clone(), accepted))
    }
}

/// Builds a table from examples and their places among all.
fn build<'a>(
    rows: impl Iterator<Item = (usize, ResponseExample<'a>)>,
    recipe: &ResponseRecipe,
    requests: &RequestVectors,
    known: &KnownOfAll,
) -> ResponseTable {
    let rules = recipe.rules;
    let mut intents: BTreeMap<IntentId, BTreeMap<&str, SpokenAnswers<'_, '_>>> = BTreeMap::new();
    for (order, (place, row)) in rows.enumerate() {
        let languages = intents.entry(row.intent).or_default();
        let in_language = |language: &'a str| if rules == ResponseRules::ByIntent { "" } else { language };
        let said = languages.entry(in_language(row.language)).or_default();
        if said.used.add(row.response, order).is_some() && rules >= ResponseRules::BySituation {
            said.went.entry(without_spacing(row.response)).or_default().insert(row.group, row.resolved);
        }
        if let Some(text) = row.corrected {
            let said = languages.entry(in_language(row.corrected_language)).or_default();
            let answer = said.corrections.add(text, order).and_then(|at| u32::try_from(at).ok());
            let case = answer.zip(requests.get(place));
            said.cases.extend(case.map(|(answer, vector)| LearnedCase { answer, group: row.group, vector }));
        }
    }
    let all = |languages: BTreeMap<&str, SpokenAnswers<'_, '_>>| -> Vec<LanguageAnswer> {
        let spoken = |(lang, said): (&str, SpokenAnswers<'_, '_>)| {
            let said_by_situation = Some(&said).filter(|_| rules >= ResponseRules::BySituation);
            let accepted = said_by_situation.and_then(|said| said.accepted(&known.filled_in, rules));
            let (response, accepted) = match accepted {
                Some((usual, accepted)) => (usual, Some(accepted)),
                None => (said.choose(recipe, known)?, None),
            };
            let answer = LanguageAnswer { lang: lang.to_owned(), response, accepted };
            Some((said.corrections.latest, answer))
        };
        let mut out: Vec<(usize, LanguageAnswer)> = languages.into_iter().filter_map(spoken).collect();
        // Corrections first, the latest of them first; then what was said most.
        out.sort_by_key(|(latest, s)| match s.response.from {
            ResponseOrigin::Correction => (0, std::cmp::Reverse(*latest as u64)),
            ResponseOrigin::MostUsed => (1, std::cmp::Reverse(s.response.count)),
        });
        out.into_iter().map(|(_, spoken)| spoken).collect()
    };
    let answers = intents.into_iter().map(|(i, languages)| (i, all(languages))).filter(|(_, all)| !all.is_empty());
    let (answered_in, handed_over) = (known.answered_in.clone(), known.handed_over.clone());
    ResponseTable { rules, answers: answers.collect(), answered_in, handed_over }
}
