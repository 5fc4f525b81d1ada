//! How a call ended: by its status, and by what judged it.

use crate::domain::{Conversation, Outcome, Role};
use crate::ingest::context::Context;
use crate::ingest::formats::grouped::ending::KnownEnding;
use crate::ingest::formats::grouped::look::{at, list, number, shown, words};
use serde_json::Value;

/// Whether a span failed.
pub(super) fn is_error(span: &Value) -> bool {
    number(span, "/status/code") == Some(2.0) || words(span, "/status/code") == Some("STATUS_CODE_ERROR")
}

/// What an evaluation says of the answer: `pass` and `fail` say how it ended, other labels and scores are kept beside it.
pub(super) fn judged(spans: &[&Value], c: &mut Conversation, cx: &mut Context) -> Option<KnownEnding> {
    let mut said = None;
    for e in spans.iter().flat_map(|s| list(s, "/events")) {
        let own = at(e, "/attributes");
        let Some(name) = own.get("gen_ai.evaluation.name").and_then(Value::as_str) else { continue };
        let label = own.get("gen_ai.evaluation.score.label").and_then(Value::as_str);
        match label {
            Some("pass") => {
                said = Some(KnownEnding::at_last(Outcome::Resolved, format!("evaluation {}: pass", shown(name))))
            }
            Some("fail") => {
                said = Some(KnownEnding::derived(Outcome::Failed, format!("evaluation {}: fail", shown(name))))
            }
            _ => cx.warnings.add(&format!("evaluation `{}`: kept beside the answer", shown(name))),
        }
        if let Some(answer) = c.turns.iter_mut().rfind(|t| t.role == Role::Bot) {
            let kept = label.map(Value::from).or_else(|| own.get("gen_ai.evaluation.score.value").cloned());
            answer.meta.insert(format!("evaluation.{}", shown(name)), kept.unwrap_or_default());
        }
    }
    said
}
