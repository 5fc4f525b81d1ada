//! What the AI fills in with each customer's values.

use super::alike::{Saying, answer_patterns};
use super::non_answers::without_spacing;
use super::pattern::AnswerPattern;
use std::collections::{BTreeMap, BTreeSet};

/// Which sayings are filled in, and which accepted answers they fill in; all by their words without spacing.
#[derive(Clone, Debug, Default)]
pub(super) struct FilledIn {
    said: BTreeSet<String>,
    /// Of each accepted answer with placeholders.
    by_accepted: BTreeMap<String, Vec<String>>,
}

impl FilledIn {
    /// From all that the AI said, with its language, and all that was accepted.
    pub fn of<'a>(said: impl Iterator<Item = (&'a str, &'a str)>, accepted: impl Iterator<Item = &'a str>) -> Self {
        let mut times: BTreeMap<(String, &str), u64> = BTreeMap::new();
        said.for_each(|(text, lang)| *times.entry((without_spacing(text), lang)).or_default() += 1);
        let sayings: Vec<Saying<'_>> =
            times.iter().map(|((text, lang), &times)| Saying { text, times, lang }).collect();
        let own: Vec<AnswerPattern> = sayings.iter().map(|s| AnswerPattern::of(s.text)).collect();
        let patterns = answer_patterns(&sayings);
        let filled = sayings.iter().zip(patterns.iter().zip(&own)).filter(|(_, (pattern, own))| pattern != own);
        let with_values = accepted.map(without_spacing).collect::<BTreeSet<_>>().into_iter();
        let with_values = with_values.map(|text| (AnswerPattern::of(&text), text)).filter(|(p, _)| p.has_values());
        let fill = |pattern: &AnswerPattern| {
            let fill = sayings.iter().zip(&own).filter(|(_, said)| pattern.fits(said));
            fill.map(|(s, _)| s.text.to_owned()).collect()
        };
        Self {
            said: filled.map(|(s, _)| s.text.to_owned()).collect(),
            by_accepted: with_values.map(|(pattern, text)| (text, fill(&pattern))).collect(),
        }
    }

    /// Whether a saying is filled in with what is one customer's.
    pub fn is(&self, said: &str) -> bool {
        self.said.contains(&without_spacing(said))
    }

    /// What says an accepted answer: its own words, or what fills it in. By words without spacing.
    pub fn sayings(&self, accepted: &str) -> Vec<String> {
        let own = without_spacing(accepted);
        let mut out = self.by_accepted.get(&own).cloned().unwrap_or_default();
        if !out.contains(&own) {
            out.push(own);
        }
        out
    }
}
