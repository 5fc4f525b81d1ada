//! The answers of a release, by intent and language.

use super::answer::{IntentResponse, LanguageAnswer, ResponseOrigin, ResponseRules};
use crate::domain::IntentId;
use crate::learn::contract::{ExplainedModel, Predict};
use crate::text::language::will_do;
use std::collections::BTreeMap;

/// The answers of one release.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ResponseTable {
    pub(super) rules: ResponseRules,
    /// The best first: where there is none in the customer's language, that one is given.
    pub(super) answers: BTreeMap<IntentId, Vec<LanguageAnswer>>,
}

impl ResponseTable {
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
        Self { rules: self.rules, answers }
    }

    /// All answers, by intent; of one intent the best first.
    pub fn iter(&self) -> impl Iterator<Item = (IntentId, &LanguageAnswer)> {
        self.answers.iter().flat_map(|(&i, all)| all.iter().map(move |s| (i, s)))
    }
}

/// Answers an intent for a customer who writes in a language ([`crate::text::language::asked_in`]): in that language where there is
/// an answer in it, else with what there is.
impl Predict<(IntentId, &str)> for ResponseTable {
    type Answer<'m> = Option<&'m IntentResponse>;

    fn predict(&self, (intent, language): (IntentId, &str)) -> Option<&IntentResponse> {
        let all = self.answers.get(&intent)?;
        let will = || all.iter().filter(|s| will_do(&s.lang, language));
        let corrected = will().find(|s| s.response.from == ResponseOrigin::Correction);
        let exact = || will().find(|s| s.lang == language && !language.is_empty());
        corrected.or_else(exact).or_else(|| will().next()).or(all.first()).map(|s| &s.response)
    }
}

/// All that is said to an intent, the best first, with how often each was said or written.
impl ExplainedModel<IntentId> for ResponseTable {
    type Reasons<'m> = &'m [LanguageAnswer];

    fn explain(&self, intent: IntentId) -> &[LanguageAnswer] {
        self.answers.get(&intent).map_or(&[], Vec::as_slice)
    }
}
