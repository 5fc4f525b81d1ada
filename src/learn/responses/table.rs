//! The answers of a release, by intent and language.

use super::accepted::{AcceptedAnswers, CaseChoice};
use super::answer::{ResponseOrigin, ResponseRules};
use super::explore::DrawnResponse;
use super::spoken::{GivenResponse, LanguageAnswer};
use crate::domain::IntentId;
use crate::learn::contract::{ExplainedModel, Predict};
use crate::text::language::will_do;
use std::collections::{BTreeMap, BTreeSet};

/// The answers of one release.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ResponseTable {
    pub(super) rules: ResponseRules,
    /// The best first: where there is none in the customer's language, by former rules that one is given.
    pub(super) answers: BTreeMap<IntentId, Vec<LanguageAnswer>>,
    /// By the newest rules the language that those are answered in who write in another, and whom the AI answered so.
    pub(super) answered_in: BTreeMap<String, String>,
    /// By the newest rules those that the AI mostly passes on to a person.
    pub(super) handed_over: BTreeSet<IntentId>,
}

impl ResponseTable {
    /// One without answers, as one is that nobody has answered anything for yet.
    pub fn without_answers(rules: ResponseRules) -> Self {
        Self { rules, ..Self::default() }
    }

    /// By which rules it was made.
    pub fn rules(&self) -> ResponseRules {
        self.rules
    }

    /// Whether there is an answer to an intent that will do for a customer who writes in `language`.
    pub fn speaks(&self, intent: IntentId, language: &str) -> bool {
        self.answers.get(&intent).is_some_and(|all| all.iter().any(|s| will_do(&s.lang, language)))
    }

    /// The same under other intents: as they are today. Of intents that were merged the first one's answers stand, and the
    /// others' in languages that it has none in.
    #[must_use]
    pub fn under(&self, today: impl Fn(IntentId) -> IntentId) -> Self {
        let mut answers: BTreeMap<IntentId, Vec<LanguageAnswer>> = BTreeMap::new();
        let own_first = |(i, _): &(&IntentId, &Vec<LanguageAnswer>)| today(**i) != **i;
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
        let handed_over = self.handed_over.iter().map(|&i| today(i)).collect();
        Self { rules: self.rules, answers, answered_in: self.answered_in.clone(), handed_over }
    }

    /// Whether the AI mostly passes an intent on to a person.
    pub fn hands_over(&self, intent: IntentId) -> bool {
        self.handed_over.contains(&intent)
    }

    /// The language that customers who write in `language` were answered in, where most were in another.
    pub fn instead_of(&self, language: &str) -> Option<&str> {
        self.answered_in.iter().find(|(asked, _)| will_do(asked, language)).map(|(_, answered)| answered.as_str())
    }

    /// Intents and languages in which the request tells which answer is given.
    pub fn by_situation(&self) -> u64 {
        self.iter().filter(|(_, s)| s.accepted.as_ref().is_some_and(AcceptedAnswers::differ_by_situation)).count()
            as u64
    }

    /// All answers, by intent; of one intent the best first.
    pub fn iter(&self) -> impl Iterator<Item = (IntentId, &LanguageAnswer)> {
        self.answers.iter().flat_map(|(&i, all)| all.iter().map(move |s| (i, s)))
    }
}

/// What a customer wants, in which language and words.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ResponseQuestion<'a> {
    /// The intent.
    pub intent: IntentId,
    /// What the customer writes in ([`crate::text::language::asked_in`]).
    pub language: &'a str,
    /// The request as it was written.
    pub asked: &'a str,
}

impl ResponseTable {
    /// Draws one of the accepted answers for a question, where there are several and no request tells which. `None` else.
    pub fn explore(&self, question: ResponseQuestion<'_>, seed: u64) -> Option<DrawnResponse<'_>> {
        let accepted = self.in_language(question.intent, question.language)?.accepted.as_ref()?;
        let is_open = matches!(accepted.choose(question.asked), CaseChoice::Untold(_));
        is_open.then(|| accepted.draw(seed)).flatten()
    }
}

/// Answers an intent for a customer who writes in a language, where there is an answer in a language that will do. Where accepted answers
/// differ by situation the nearest request's is given, and none where no request is near.
impl Predict<ResponseQuestion<'_>> for ResponseTable {
    type Answer<'m> = Option<GivenResponse<'m>>;

    fn predict(&self, question: ResponseQuestion<'_>) -> Option<GivenResponse<'_>> {
        self.in_language(question.intent, question.language)?.given(question.asked)
    }
}

impl ResponseTable {
    /// The answers for an intent in a language that will do for a customer who writes in `language`: in that one, else in the one that the AI
    /// answered such customers in. By former rules in any, else.
    pub fn in_language(&self, intent: IntentId, language: &str) -> Option<&LanguageAnswer> {
        let all = self.answers.get(&intent)?;
        best_in(all, language).or_else(|| match self.rules >= ResponseRules::ByMost {
            true => best_in(all, self.instead_of(language)?),
            false => all.first(),
        })
    }
}

/// Of the answers that will do in a language a person's, else the one in it.
fn best_in<'a>(all: &'a [LanguageAnswer], language: &str) -> Option<&'a LanguageAnswer> {
    let will = || all.iter().filter(|s| will_do(&s.lang, language));
    let corrected = will().find(|s| s.response.from == ResponseOrigin::Correction);
    let exact = || will().find(|s| s.lang == language && !language.is_empty());
    corrected.or_else(exact).or_else(|| will().next())
}

/// All that is said to an intent, the best first, with how often each was said or written.
impl ExplainedModel<IntentId> for ResponseTable {
    type Reasons<'m> = &'m [LanguageAnswer];

    fn explain(&self, intent: IntentId) -> &[LanguageAnswer] {
        self.answers.get(&intent).map_or(&[], Vec::as_slice)
    }
}
