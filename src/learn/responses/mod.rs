//! Which answer is given for an intent in a language: a reviewer's accepted correction, else what the AI answered most.
//!
//! A release says by which [`Rules`] its answers were chosen, and is read and made again by those.

use crate::domain::IntentId;
use crate::text::language::will_do;
use crate::text::personal::personal;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What the AI itself has said so often is meant for everybody, even with a telephone number in it.
const EVERYBODY: u64 = 5;

/// A text that was given to so many intents...
const INTENTS: usize = 5;
/// ...in so many conversations...
const CONVERSATIONS: usize = 20;
/// ...of which a smaller share was resolved is a non-answer (rule 39).
const RESOLVED: f64 = 0.3;

/// Texts that are given to everything and resolve nothing: `please try again later`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NonAnswers(BTreeSet<String>);

impl NonAnswers {
    /// Those among answers: the intent, the conversation (any number of its own), the text, whether the conversation was resolved.
    pub fn among<'a>(answers: impl Iterator<Item = (IntentId, i64, &'a str, bool)>) -> Self {
        let mut texts: BTreeMap<String, (BTreeSet<IntentId>, BTreeMap<i64, bool>)> = BTreeMap::new();
        for (intent, conversation, text, resolved) in answers {
            let (intents, conversations) = texts.entry(without_spacing(text)).or_default();
            intents.insert(intent);
            conversations.insert(conversation, resolved);
        }
        texts.retain(|_, (intents, conversations)| {
            let resolved = conversations.values().filter(|r| **r).count() as f64;
            intents.len() >= INTENTS
                && conversations.len() >= CONVERSATIONS
                && resolved < RESOLVED * conversations.len() as f64
        });
        Self(texts.into_keys().collect())
    }

    /// Whether a text is one.
    pub fn has(&self, text: &str) -> bool {
        !self.0.is_empty() && self.0.contains(&without_spacing(text))
    }
}

fn without_spacing(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// By which rules answers are chosen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rules {
    /// One answer an intent, from answers right after the customer's turn and every correction.
    ByIntent = 1,
    /// One answer an intent and language, from all answers and the accepted corrections.
    #[default]
    ByLanguage = 2,
}

/// One answer of the AI, with what it should have been where somebody said so.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Answered<'a> {
    /// The intent it answers.
    pub intent: IntentId,
    /// What the AI said.
    pub response: &'a str,
    /// The accepted correction.
    pub corrected: Option<&'a str>,
    /// What `response` is written in, as [`crate::text::language::answered_in`] says.
    pub language: &'a str,
    /// What `corrected` is written in.
    pub corrected_language: &'a str,
}

/// Where a response comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// A reviewer's latest accepted correction.
    Correction,
    /// The AI's own most frequent answer.
    MostUsed,
}

/// The answer to an intent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Response {
    /// The words.
    pub text: String,
    /// Where they come from.
    pub from: Origin,
    /// How many corrections say this, or how often the AI did.
    pub count: u64,
    /// Of how many corrections of this intent (in this language), or answers to it.
    pub of: u64,
}

impl Response {
    /// Whether it says something that is one customer's. What the AI says again and again is not.
    pub fn is_personal(&self) -> bool {
        (self.from == Origin::Correction || self.count < EVERYBODY)
            && !personal(&self.text, &BTreeSet::new()).is_empty()
    }
}

/// An answer in a language.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Spoken {
    /// First part of a BCP 47 tag; empty where it is not known.
    pub lang: String,
    /// The answer.
    #[serde(flatten)]
    pub response: Response,
}

/// The answers of one release.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Stored", into = "Stored")]
pub struct ResponseTable {
    rules: Rules,
    /// The best first: where there is none in the customer's language, that one is given.
    answers: BTreeMap<IntentId, Vec<Spoken>>,
}

/// As it stands in a release. The first rules wrote `responses` alone.
#[derive(Serialize, Deserialize)]
struct Stored {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    recipe: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    responses: Option<BTreeMap<IntentId, Response>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    answers: Option<BTreeMap<IntentId, Vec<Spoken>>>,
}

impl TryFrom<Stored> for ResponseTable {
    type Error = String;

    fn try_from(stored: Stored) -> Result<Self, String> {
        match (stored.recipe, stored.responses, stored.answers) {
            (None, Some(responses), None) => {
                let alone = |response| vec![Spoken { lang: String::new(), response }];
                let answers = responses.into_iter().map(|(i, r)| (i, alone(r))).collect();
                Ok(Self { rules: Rules::ByIntent, answers })
            }
            (Some(2), None, Some(answers)) => Ok(Self { rules: Rules::ByLanguage, answers }),
            _ => Err("answers of a newer version".to_owned()),
        }
    }
}

impl From<ResponseTable> for Stored {
    fn from(table: ResponseTable) -> Self {
        match table.rules {
            Rules::ByIntent => {
                let first = |(i, said): (IntentId, Vec<Spoken>)| Some((i, said.into_iter().next()?.response));
                let responses = table.answers.into_iter().filter_map(first).collect();
                Self { recipe: None, responses: Some(responses), answers: None }
            }
            Rules::ByLanguage => {
                Self { recipe: Some(Rules::ByLanguage as u32), responses: None, answers: Some(table.answers) }
            }
        }
    }
}

/// How often each text was seen. Texts that differ in spacing are one; the first writing stands.
#[derive(Default)]
struct Tally<'a> {
    /// Words without spacing, as written, times seen; in order of first sight.
    seen: Vec<(String, &'a str, u64)>,
    place: BTreeMap<String, usize>,
    last: usize,
    /// Of all texts that were added, which one came last.
    latest: usize,
}

impl<'a> Tally<'a> {
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

    fn response(&self, at: usize, from: Origin) -> Option<Response> {
        let &(_, text, count) = self.seen.get(at)?;
        Some(Response { text: text.to_owned(), from, count, of: self.seen.iter().map(|s| s.2).sum() })
    }

    /// The texts, the most frequent first; of equals the first seen.
    fn by_frequency(&self) -> impl Iterator<Item = usize> {
        let mut order: Vec<usize> = (0..self.seen.len()).collect();
        order.sort_by_key(|&i| (std::cmp::Reverse(self.seen[i].2), i));
        order.into_iter()
    }
}

/// Answers and corrections of one intent, in one language.
type Both<'a> = (Tally<'a>, Tally<'a>);

/// Builds the table from answers in the order of the decisions on them. For each intent (by the newer rules: and language) the
/// latest correction, else the most frequent answer, of equals the first seen. Empty texts count as none; by the newer rules
/// so do answers of the AI that say something that is one customer's, and `non_answers`.
pub fn build<'a>(rows: impl Iterator<Item = Answered<'a>>, rules: Rules, non_answers: &NonAnswers) -> ResponseTable {
    let mut intents: BTreeMap<IntentId, BTreeMap<&str, Both>> = BTreeMap::new();
    for (order, row) in rows.enumerate() {
        let languages = intents.entry(row.intent).or_default();
        let in_language = |language: &'a str| if rules == Rules::ByIntent { "" } else { language };
        languages.entry(in_language(row.language)).or_default().0.add(row.response, order);
        if let Some(text) = row.corrected {
            languages.entry(in_language(row.corrected_language)).or_default().1.add(text, order);
        }
    }
    let choose = |(answers, corrections): &Both| -> Option<Response> {
        if let Some(corrected) = corrections.response(corrections.last, Origin::Correction) {
            return Some(corrected);
        }
        let mut used = answers.by_frequency().filter_map(|at| answers.response(at, Origin::MostUsed));
        if rules == Rules::ByIntent {
            used.next()
        } else {
            used.find(|r| !non_answers.has(&r.text) && !r.is_personal())
        }
    };
    let all = |languages: BTreeMap<&str, Both>| -> Vec<Spoken> {
        let mut out: Vec<(usize, Spoken)> = languages
            .into_iter()
            .filter_map(|(lang, both)| {
                Some((both.1.latest, Spoken { lang: lang.to_owned(), response: choose(&both)? }))
            })
            .collect();
        // Corrections first, the latest of them first; then what was said most.
        out.sort_by_key(|(latest, s)| match s.response.from {
            Origin::Correction => (0, std::cmp::Reverse(*latest as u64)),
            Origin::MostUsed => (1, std::cmp::Reverse(s.response.count)),
        });
        out.into_iter().map(|(_, spoken)| spoken).collect()
    };
    let answers = intents.into_iter().map(|(i, languages)| (i, all(languages))).filter(|(_, all)| !all.is_empty());
    ResponseTable { rules, answers: answers.collect() }
}

impl ResponseTable {
    /// By which rules it was made.
    pub fn rules(&self) -> Rules {
        self.rules
    }

    /// The answer to an intent for a customer who writes in `language` ([`crate::text::language::asked_in`]): in that language
    /// where there is one in it, else what there is.
    pub fn get(&self, intent: IntentId, language: &str) -> Option<&Response> {
        let all = self.answers.get(&intent)?;
        let will = || all.iter().filter(|s| will_do(&s.lang, language));
        let corrected = will().find(|s| s.response.from == Origin::Correction);
        let exact = || will().find(|s| s.lang == language && !language.is_empty());
        corrected.or_else(exact).or_else(|| will().next()).or(all.first()).map(|s| &s.response)
    }

    /// Whether there is an answer to an intent that will do for a customer who writes in `language`.
    pub fn speaks(&self, intent: IntentId, language: &str) -> bool {
        self.answers.get(&intent).is_some_and(|all| all.iter().any(|s| will_do(&s.lang, language)))
    }

    /// The same under other intents: as they are today. Of intents that were merged the first one's answers stand, and the
    /// others' in languages that it has none in.
    #[must_use]
    pub fn under(&self, today: impl Fn(IntentId) -> IntentId) -> Self {
        let mut answers: BTreeMap<IntentId, Vec<Spoken>> = BTreeMap::new();
        let own_first = |(i, _): &(&IntentId, &Vec<Spoken>)| today(**i) != **i;
        let mut all: Vec<_> = self.answers.iter().collect();
        all.sort_by_key(own_first);
        for (&intent, said) in all {
            let here = answers.entry(today(intent)).or_default();
            for spoken in said {
                if !here.iter().any(|s| s.lang == spoken.lang) {
                    here.push(spoken.clone());
                }
            }
        }
        Self { rules: self.rules, answers }
    }

    /// All answers, by intent; of one intent the best first.
    pub fn iter(&self) -> impl Iterator<Item = (IntentId, &Spoken)> {
        self.answers.iter().flat_map(|(&i, all)| all.iter().map(move |s| (i, s)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(intent: i64, response: &'static str, corrected: Option<&'static str>) -> Answered<'static> {
        Answered { intent: IntentId(intent), response, corrected, language: "en", corrected_language: "en" }
    }

    fn text(table: &ResponseTable, intent: i64, language: &str) -> Option<String> {
        table.get(IntentId(intent), language).map(|r| r.text.clone())
    }

    #[test]
    fn the_latest_correction_stands_before_the_most_used_answer() {
        let rows = [
            row(1, "No.", None),
            row(1, " No. ", Some("Yes,  you can.")),
            row(1, "No.", Some("Ask us.")),
            row(1, "No.", Some("Yes, you can.")),
            row(2, "b", None),
            row(2, "a", None),
            row(2, "a", Some(" ")),
            row(2, "b", None),
            row(3, "", None),
        ];
        for rules in [Rules::ByIntent, Rules::ByLanguage] {
            let table = build(rows.into_iter(), rules, &NonAnswers::default());
            let yes = Response { text: "Yes,  you can.".into(), from: Origin::Correction, count: 2, of: 3 };
            assert_eq!(table.get(IntentId(1), "en"), Some(&yes));
            let b = Response { text: "b".into(), from: Origin::MostUsed, count: 2, of: 4 };
            assert_eq!(table.get(IntentId(2), "en"), Some(&b));
            assert_eq!((table.get(IntentId(3), "en"), table.iter().count()), (None, 2));
            let json = serde_json::to_string(&table).unwrap();
            assert_eq!(serde_json::from_str::<ResponseTable>(&json).unwrap(), table);
        }
    }

    #[test]
    fn former_tables_are_read_and_written_as_they_were_and_newer_ones_refused() {
        let json = r#"{"responses":{"7":{"text":"b","from":"most_used","count":2,"of":4}}}"#;
        let table: ResponseTable = serde_json::from_str(json).unwrap();
        assert_eq!(table.rules(), Rules::ByIntent);
        assert_eq!(text(&table, 7, "el").as_deref(), Some("b"), "one answer for everybody");
        assert_eq!(serde_json::to_string(&table).unwrap(), json);
        assert!(serde_json::from_str::<ResponseTable>(r#"{"recipe":3,"answers":{}}"#).is_err());
    }

    #[test]
    fn customers_are_answered_in_their_language_where_there_is_an_answer_in_it() {
        let el = |mut row: Answered<'static>| {
            row.language = "el";
            row
        };
        let mut corrected = row(2, "No.", Some("Ναι."));
        corrected.corrected_language = "el";
        let rows = [
            row(1, "We open at nine.", None),
            row(1, "We open at nine.", None),
            el(row(1, "Ανοίγουμε στις εννιά.", None)),
            corrected,
            row(3, "Only in English.", None),
        ];
        let table = build(rows.into_iter(), Rules::ByLanguage, &NonAnswers::default());
        assert_eq!(text(&table, 1, "el").as_deref(), Some("Ανοίγουμε στις εννιά."));
        for latin in ["en", "", "de"] {
            assert_eq!(text(&table, 1, latin).as_deref(), Some("We open at nine."), "{latin}");
        }
        assert_eq!(text(&table, 1, "ru").as_deref(), Some("We open at nine."), "what is said most");
        assert_eq!(text(&table, 2, "el").as_deref(), Some("Ναι."));
        assert_eq!(text(&table, 2, "en").as_deref(), Some("No."), "a correction is one in its own language");
        assert_eq!(text(&table, 3, "el").as_deref(), Some("Only in English."));
        assert!(table.speaks(IntentId(1), "el") && !table.speaks(IntentId(3), "el"));
        let merged = table.under(|i| if i == IntentId(2) { IntentId(3) } else { i });
        assert_eq!(text(&merged, 3, "en").as_deref(), Some("Only in English."));
        assert_eq!(text(&merged, 3, "el").as_deref(), Some("Ναι."));
    }

    #[test]
    fn a_non_answer_is_said_to_many_intents_and_resolves_little() {
        let said = |intents: i64, n: i64, resolved: i64| {
            let rows = (0..n).map(|i| (IntentId(i % intents), i, "Sorry, later.", i < resolved));
            NonAnswers::among(rows).has("Sorry,  later.")
        };
        assert!(said(5, 20, 5));
        assert!(!said(4, 40, 0) && !said(5, 19, 0) && !said(5, 20, 6));
        let none = NonAnswers::among((0..20).map(|i| (IntentId(i % 5), i, "Sorry, later.", false)));
        let rows = [row(1, "Sorry, later.", None), row(1, "Sorry, later.", None), row(1, "At nine.", None)];
        let table = build(rows.into_iter(), Rules::ByLanguage, &none);
        assert_eq!(text(&table, 1, "en").as_deref(), Some("At nine."));
    }

    #[test]
    fn what_the_ai_told_one_customer_is_no_answer_to_all() {
        let one = "Dear Mrs Andreou, it went to the card ending 4412.";
        let rows = [row(1, one, None), row(1, one, None), row(1, "It takes five days.", None)];
        assert_eq!(
            text(&build(rows.into_iter(), Rules::ByLanguage, &NonAnswers::default()), 1, "en").as_deref(),
            Some("It takes five days.")
        );
        let often = std::iter::repeat_n(row(1, "Call +357 22 123456.", None), 5);
        let table = build(often, Rules::ByLanguage, &NonAnswers::default());
        assert_eq!(text(&table, 1, "en").as_deref(), Some("Call +357 22 123456."), "everybody was told");
    }
}
