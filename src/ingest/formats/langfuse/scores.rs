//! Scores: what customers thought, what people labelled and corrected, what another model judged.

use crate::domain::{Csat, Feedback, Outcome, Role, Turn};
use crate::ingest::context::Context;
use crate::ingest::formats::grouped::PartSink;
use crate::ingest::formats::grouped::ending::KnownEnding;
use crate::ingest::formats::grouped::look::{first_id, list, number, shown, words};
use serde_json::{Value, json};
use std::collections::HashMap;

/// Names of thumbs that customers give.
const THUMBS: &[&str] = &["userfeedback", "feedback", "thumbs", "thumb", "like", "userthumbs", "helpful", "userrating"];
/// Names of ratings that customers give.
const RATINGS: &[&str] = &["csat", "rating", "stars", "satisfaction", "userrating", "customersatisfaction"];
/// Names of labels that people give to what the customer wants.
const LABELS: &[&str] = &["intent", "goldintent", "intentlabel", "label", "correctintent"];

fn bare(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase()
}

/// The scores of a column of a table, by name where it is an object of values or lists of them: as a list of scores. Any other list is as it
/// is.
pub(super) fn by_name(scores: Value) -> Vec<Value> {
    let Value::Object(named) = scores else { return list(&scores, "").to_vec() };
    let values = |value: Value| if let Value::Array(list) = value { list } else { vec![value] };
    let each = named.into_iter().flat_map(|(name, value)| values(value).into_iter().map(move |v| (name.clone(), v)));
    each.map(|(name, value)| {
        let number = value.as_f64().or_else(|| value.as_str()?.trim().parse().ok());
        match number {
            Some(number) => json!({"name": name, "value": number}),
            None => json!({"name": name, "stringValue": value}),
        }
    })
    .collect()
}

/// Notes the scale that a score's name is given on: only all of its values tell.
pub(super) fn remember(score: &Value, out: &mut PartSink<'_>) {
    let (Some(name), Some(value)) = (words(score, "/name"), number(score, "/value")) else { return };
    if value < 0.0 {
        out.remember(format!("negative {}", bare(name)), String::new());
    }
    if value.fract() != 0.0 && value < 1.0 {
        out.remember(format!("share {}", bare(name)), String::new());
    }
    if value > 1.0 {
        out.remember(format!("scale {}", bare(name)), String::new());
    }
}

/// The scores of one conversation, by the trace or session they are of.
pub(super) struct ConversationScores<'a> {
    of: HashMap<String, Vec<Value>>,
    known: &'a HashMap<String, String>,
}

impl<'a> ConversationScores<'a> {
    pub fn new(known: &'a HashMap<String, String>) -> Self {
        Self { of: HashMap::new(), known }
    }

    pub fn add(&mut self, score: Value) {
        if let Some(of) = first_id(&score, &["/traceId", "/trace_id", "/sessionId", "/session_id"]) {
            self.of.entry(of).or_default().push(score);
        }
    }

    /// Gives what is scored its scores; the outcome, where one says it.
    pub fn apply(
        &mut self,
        of: &str,
        turns: &mut [Turn],
        csat: &mut Option<Csat>,
        cx: &mut Context,
    ) -> Option<KnownEnding> {
        let mut said = None;
        for score in self.of.remove(of).unwrap_or_default() {
            said = self.one(&score, turns, csat, cx).or(said);
        }
        said
    }

    fn one(&self, score: &Value, turns: &mut [Turn], csat: &mut Option<Csat>, cx: &mut Context) -> Option<KnownEnding> {
        let name = words(score, "/name").unwrap_or_default();
        let bare = bare(name);
        let kind = first_id(score, &["/dataType", "/data_type"]).unwrap_or_default();
        let word = first_id(score, &["/stringValue", "/string_value", "/longStringValue"]);
        let comment = words(score, "/comment").map(str::to_owned);
        let value = number(score, "/value");
        let is_judged = words(score, "/source") == Some("EVAL");
        if kind == "CORRECTION" {
            let text = word.or_else(|| words(score, "/value").map(str::to_owned));
            let answer = turns.iter_mut().rfind(|t| t.role == Role::Bot)?;
            answer.corrected = text.or(answer.corrected.take());
            return None;
        }
        // What another model judged is no word of a customer or a person; it is kept beside.
        match value {
            _ if is_judged => {}
            Some(x) if THUMBS.contains(&bare.as_str()) && !self.is_scale(&bare) => {
                let low = if self.known.contains_key(&format!("negative {bare}")) { -1.0 } else { 0.0 };
                let thumb = if x >= 1.0 { 1 } else { -i8::from(x <= low) };
                let answer = turns.iter_mut().rfind(|t| t.role == Role::Bot)?;
                answer.feedback = Some(Feedback { score: thumb, comment });
                return None;
            }
            Some(x) if RATINGS.contains(&bare.as_str()) && (1.0..=5.0).contains(&x) && !self.is_share(&bare) => {
                *csat = Some(Csat { score: x, max: 5.0, comment, at: None });
                return None;
            }
            Some(x) if kind == "BOOLEAN" && bare == "resolved" => {
                let outcome = if x >= 1.0 { Outcome::Resolved } else { Outcome::Failed };
                return Some(KnownEnding::new(outcome, format!("score {name}: {x}")));
            }
            _ => {}
        }
        if !is_judged
            && LABELS.contains(&bare.as_str())
            && let Some(label) = word.clone()
        {
            let question = turns.iter_mut().find(|t| t.role == Role::User)?;
            if !question.gold.contains(&label) {
                question.gold.push(label);
            }
            return None;
        }
        let kept = word.map(Value::from).or(value.map(Value::from))?;
        cx.warnings.add(&format!("score `{}`: kept beside the answer", shown(name)));
        let answer = turns.iter_mut().rfind(|t| t.role == Role::Bot)?;
        answer.meta.insert(format!("score.{}", shown(name)), kept);
        None
    }

    /// Whether some values of a name are parts of 1: of what its 1 is, nobody knows.
    fn is_share(&self, bare: &str) -> bool {
        self.known.contains_key(&format!("share {bare}"))
    }

    /// Whether a name is given on a scale of more than two or three steps.
    fn is_scale(&self, bare: &str) -> bool {
        self.known.contains_key(&format!("scale {bare}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The thumb and the rating that a score comes to, where this is known of its name.
    fn comes_to(known: &str, name: &str, value: f64) -> (Option<i8>, Option<f64>) {
        let known = HashMap::from([(known.to_owned(), String::new())]);
        let mut scores = ConversationScores::new(&known);
        scores.add(json!({"traceId": "t", "name": name, "value": value}));
        let (mut turns, mut csat) = ([Turn::new(Role::User, "x"), Turn::new(Role::Bot, "y")], None);
        assert_eq!(scores.apply("t", &mut turns, &mut csat, &mut Context::of("shop")), None);
        (turns[1].feedback.as_ref().map(|f| f.score), csat.map(|rated| rated.score))
    }

    #[test]
    fn what_a_score_is_of_is_told_by_all_of_its_name() {
        let thumb = |known: &str, value: f64| comes_to(known, "user-feedback", value).0;
        assert_eq!([1.0, 0.0].map(|value| thumb("", value)), [Some(1), Some(-1)]);
        assert_eq!([1.0, 0.0, -1.0].map(|value| thumb("negative userfeedback", value)), [Some(1), Some(0), Some(-1)]);
        assert_eq!(thumb("scale userfeedback", 1.0), None, "the worst of a scale is no thumb up");
        let rated = |known: &str, value: f64| comes_to(known, "rating", value).1;
        assert_eq!((rated("", 1.0), rated("", 4.0)), (Some(1.0), Some(4.0)));
        assert_eq!((rated("share rating", 1.0), rated("", 0.2)), (None, None), "the best of shares is not 1 of 5");
    }

    #[test]
    fn a_column_of_scores_is_a_list_of_them() {
        assert_eq!(
            by_name(json!({"user-feedback": [1, "0"], "intent": "refund"})),
            [
                json!({"name": "user-feedback", "value": 1.0}),
                json!({"name": "user-feedback", "value": 0.0}),
                json!({"name": "intent", "stringValue": "refund"}),
            ]
        );
        let listed = json!([{"name": "csat", "value": 4}]);
        assert_eq!(by_name(listed.clone()), *listed.as_array().unwrap());
        assert_eq!(by_name(Value::Null), Vec::<Value>::new());
    }
}
