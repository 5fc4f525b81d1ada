//! Which answer is given for an intent: a reviewer's correction, else what the AI answered most.

use crate::domain::IntentId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One answer of the AI, with what it should have been where somebody said so.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Answered<'a> {
    /// The intent it answers.
    pub intent: IntentId,
    /// What the AI said.
    pub response: &'a str,
    /// The accepted correction.
    pub corrected: Option<&'a str>,
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
    /// Of how many corrections of this intent, or answers to it.
    pub of: u64,
}

/// The answers of one release.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ResponseTable {
    /// By intent.
    responses: BTreeMap<IntentId, Response>,
}

/// How often each text was seen. Texts that differ in spacing are one; the first writing stands.
#[derive(Default)]
struct Tally<'a> {
    /// Words without spacing, as written, times seen; in order of first sight.
    seen: Vec<(String, &'a str, u64)>,
    place: BTreeMap<String, usize>,
    last: usize,
}

impl<'a> Tally<'a> {
    fn add(&mut self, text: &'a str) {
        let key = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if key.is_empty() {
            return;
        }
        self.last = *self.place.entry(key.clone()).or_insert(self.seen.len());
        if self.last == self.seen.len() {
            self.seen.push((key, text.trim(), 0));
        }
        self.seen[self.last].2 += 1;
    }

    fn response(&self, at: usize, from: Origin) -> Option<Response> {
        let &(_, text, count) = self.seen.get(at)?;
        Some(Response { text: text.to_owned(), from, count, of: self.seen.iter().map(|s| s.2).sum() })
    }

    /// The most frequent text; of equals the first seen.
    fn most(&self) -> usize {
        (0..self.seen.len()).max_by_key(|&i| (self.seen[i].2, std::cmp::Reverse(i))).unwrap_or(0)
    }
}

/// Builds the table from answers in the order of the decisions on them: for each intent the latest correction, else
/// the most frequent answer, of equals the first seen. Empty texts count as none.
pub fn build<'a>(rows: impl Iterator<Item = Answered<'a>>) -> ResponseTable {
    let mut intents: BTreeMap<IntentId, (Tally, Tally)> = BTreeMap::new();
    for row in rows {
        let (answers, corrections) = intents.entry(row.intent).or_default();
        answers.add(row.response);
        if let Some(text) = row.corrected {
            corrections.add(text);
        }
    }
    let choose = |(answers, corrections): (Tally, Tally)| {
        let corrected = corrections.response(corrections.last, Origin::Correction);
        corrected.or_else(|| answers.response(answers.most(), Origin::MostUsed))
    };
    ResponseTable { responses: intents.into_iter().filter_map(|(i, t)| Some((i, choose(t)?))).collect() }
}

impl ResponseTable {
    /// The answer to an intent.
    pub fn get(&self, intent: IntentId) -> Option<&Response> {
        self.responses.get(&intent)
    }

    /// All answers, by intent.
    pub fn iter(&self) -> impl Iterator<Item = (IntentId, &Response)> {
        self.responses.iter().map(|(&i, r)| (i, r))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(intent: i64, response: &'static str, corrected: Option<&'static str>) -> Answered<'static> {
        Answered { intent: IntentId(intent), response, corrected }
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
        let table = build(rows.into_iter());
        let yes = Response { text: "Yes,  you can.".into(), from: Origin::Correction, count: 2, of: 3 };
        assert_eq!(table.get(IntentId(1)), Some(&yes));
        let b = Response { text: "b".into(), from: Origin::MostUsed, count: 2, of: 4 };
        assert_eq!(table.get(IntentId(2)), Some(&b));
        assert_eq!((table.get(IntentId(3)), table.iter().count()), (None, 2));
        let json = serde_json::to_string(&table).unwrap();
        assert_eq!(serde_json::from_str::<ResponseTable>(&json).unwrap(), table);
    }
}
