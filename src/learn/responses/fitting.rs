//! From what the AI answered, and what people corrected, to one answer an intent and language.

use super::answer::{IntentResponse, LanguageAnswer, ResponseOrigin, ResponseRules};
use super::non_answers::{NonAnswers, without_spacing};
use super::table::ResponseTable;
use crate::domain::{IntentId, Reporter};
use crate::learn::contract::{FitError, Fitted, LearnerRecipe, Predict};
use std::collections::BTreeMap;

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
    /// What the customer writes in, as [`crate::text::language::asked_in`] says.
    pub asked_language: &'a str,
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
}

/// Examples come in the order of the decisions on them. For each intent (by the newer rules: and language) the latest correction,
/// else the most frequent answer, of equals the first seen. Empty texts count as none; by the newer rules so do answers of the AI that
/// say something that is one customer's, and non-answers. Without examples the table is empty.
impl<'a> LearnerRecipe<ResponseExample<'a>> for ResponseRecipe {
    type Fitted = FittedResponses<'a>;

    fn fit(&self, examples: &[ResponseExample<'a>], reporter: &dyn Reporter) -> Result<FittedResponses<'a>, FitError> {
        reporter.step("responses", 0, 0)?;
        let mut by_intent: BTreeMap<IntentId, Vec<usize>> = BTreeMap::new();
        examples.iter().enumerate().for_each(|(at, e)| by_intent.entry(e.intent).or_default().push(at));
        let table = build(examples.iter().copied(), self);
        Ok(FittedResponses { table, recipe: self.clone(), examples: examples.to_vec(), by_intent })
    }
}

/// What would be answered to the customer of an example from other conversations alone. Costs a table of one intent.
impl Fitted for FittedResponses<'_> {
    type Model = ResponseTable;
    type Answer = IntentResponse;

    fn unseen(&self, example: usize) -> Option<IntentResponse> {
        let asked = self.examples.get(example)?;
        let same_intent = self.by_intent.get(&asked.intent)?.iter().map(|&at| self.examples[at]);
        let elsewhere = build(same_intent.filter(|e| e.group != asked.group), &self.recipe);
        elsewhere.predict((asked.intent, asked.asked_language)).cloned()
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
    fn add(&mut self, text: &'a str, order: usize) {
        let key = without_spacing(text);
        if key.is_empty() {
            return;
        }
        self.last = *self.place.entry(key.clone()).or_insert(self.seen.len());
        if self.last == self.seen.len() {
            self.seen.push((key, text.trim(), 0));
        }
        self.seen[self.last].2 += 1;
        self.latest = order;
    }

    fn response(&self, at: usize, from: ResponseOrigin) -> Option<IntentResponse> {
        let &(_, text, count) = self.seen.get(at)?;
        Some(IntentResponse { text: text.to_owned(), from, count, of: self.seen.iter().map(|s| s.2).sum() })
    }

    /// The texts, the most frequent first; of equals the first seen.
    fn by_frequency(&self) -> impl Iterator<Item = usize> {
        let mut order: Vec<usize> = (0..self.seen.len()).collect();
        order.sort_by_key(|&i| (std::cmp::Reverse(self.seen[i].2), i));
        order.into_iter()
    }
}

/// Answers and corrections of one intent, in one language.
type Both<'a> = (TextTally<'a>, TextTally<'a>);

fn build<'a>(rows: impl Iterator<Item = ResponseExample<'a>>, recipe: &ResponseRecipe) -> ResponseTable {
    let ResponseRecipe { rules, non_answers } = recipe;
    let mut intents: BTreeMap<IntentId, BTreeMap<&str, Both>> = BTreeMap::new();
    for (order, row) in rows.enumerate() {
        let languages = intents.entry(row.intent).or_default();
        let in_language = |language: &'a str| if *rules == ResponseRules::ByIntent { "" } else { language };
        languages.entry(in_language(row.language)).or_default().0.add(row.response, order);
        if let Some(text) = row.corrected {
            languages.entry(in_language(row.corrected_language)).or_default().1.add(text, order);
        }
    }
    let choose = |(answers, corrections): &Both| -> Option<IntentResponse> {
        if let Some(corrected) = corrections.response(corrections.last, ResponseOrigin::Correction) {
            return Some(corrected);
        }
        let mut used = answers.by_frequency().filter_map(|at| answers.response(at, ResponseOrigin::MostUsed));
        if *rules == ResponseRules::ByIntent {
            used.next()
        } else {
            used.find(|r| !non_answers.has(&r.text) && !r.is_personal())
        }
    };
    let all = |languages: BTreeMap<&str, Both>| -> Vec<LanguageAnswer> {
        let mut out: Vec<(usize, LanguageAnswer)> = languages
            .into_iter()
            .filter_map(|(lang, both)| {
                Some((both.1.latest, LanguageAnswer { lang: lang.to_owned(), response: choose(&both)? }))
            })
            .collect();
        // Corrections first, the latest of them first; then what was said most.
        out.sort_by_key(|(latest, s)| match s.response.from {
            ResponseOrigin::Correction => (0, std::cmp::Reverse(*latest as u64)),
            ResponseOrigin::MostUsed => (1, std::cmp::Reverse(s.response.count)),
        });
        out.into_iter().map(|(_, spoken)| spoken).collect()
    };
    let answers = intents.into_iter().map(|(i, languages)| (i, all(languages))).filter(|(_, all)| !all.is_empty());
    ResponseTable { rules: *rules, answers: answers.collect() }
}
