//! One turn of Dialogflow CX: what the customer said, and what the agent answered.

use super::answer::answers;
use crate::domain::{Feedback, Role, Turn};
use crate::ingest::context::Context;
use crate::ingest::formats::canonical::value::{confidence, sentiment};
use crate::ingest::formats::grouped::ending::event;
use crate::ingest::formats::grouped::look::{at, id, is_true, keep, shown, time, words};
use crate::ingest::formats::record_error::RecordError;
use serde_json::Value;

/// What one turn came to.
pub(super) struct TurnExchange {
    pub turns: Vec<Turn>,
    /// The agent says that it did what was wanted.
    pub success: bool,
    pub hands_over: bool,
}

/// Reads a turn.
///
/// # Errors
/// Its time cannot be read.
pub(super) fn read(turn: &Value, cx: &mut Context) -> Result<TurnExchange, RecordError> {
    let result = at(turn, "/response/queryResult");
    let moment = time(turn, "/at", cx)?;
    let kind = words(result, "/match/matchType").unwrap_or_default();
    let is_fallback = kind == "NO_MATCH";
    let mut turns = Vec::new();
    turns.extend(asked(turn, result, kind, cx));
    let answered = answers(at(result, "/responseMessages"), cx);
    let mut hands_over = answered.hands_over.is_some();
    for text in answered.texts {
        let mut answer = Turn::new(Role::Bot, text);
        answer.fallback = is_fallback || kind == "NO_INPUT";
        turns.push(answer);
    }
    rate(&mut turns, at(turn, "/feedback"), cx);
    let escalated = is_true(at(turn, "/signals/turnSignals/agentEscalated"));
    if let Some(why) = answered.hands_over.or_else(|| escalated.then(|| "agentEscalated".to_owned())) {
        hands_over = true;
        turns.push(event("handoff", why));
    }
    if answered.ends {
        turns.push(event("close", "endInteraction"));
    }
    turns.iter_mut().for_each(|t| t.at = moment);
    Ok(TurnExchange { turns, success: answered.success, hands_over })
}

/// What the customer said, or what stands for it.
fn asked(turn: &Value, result: &Value, kind: &str, cx: &mut Context) -> Option<Turn> {
    let input = at(turn, "/request/queryInput");
    let spoken = ["/text", "/transcript"].iter().find_map(|path| words(result, path));
    let spoken = spoken.or_else(|| words(input, "/text/text"));
    let pressed = words(result, "/dtmf/digits")
        .or_else(|| words(result, "/triggerIntent"))
        .or_else(|| words(input, "/dtmf/digits"));
    let is_silent = kind == "NO_INPUT";
    let mut user = match (spoken, pressed) {
        _ if is_silent => return Some(event("timeout", "")),
        (Some(text), _) => Turn::new(Role::User, text),
        (None, Some(text)) => {
            let mut user = Turn::new(Role::User, text);
            user.payload = true;
            user
        }
        // An event that the page raised: nobody spoke.
        (None, None) => return None,
    };
    match kind {
        "INTENT" | "DIRECT_INTENT" => {
            let name = words(result, "/match/intent/displayName").or_else(|| words(result, "/intent/displayName"));
            user.intent = name.map(str::to_owned);
            user.confidence = confidence(at(result, "/match/confidence"), cx);
        }
        "NO_MATCH" => user.fallback = true,
        "" | "MATCH_TYPE_UNSPECIFIED" | "PARAMETER_FILLING" | "EVENT" | "KNOWLEDGE_CONNECTOR" | "PLAYBOOK" | "LLM" => {}
        other => {
            cx.warnings.add(&format!("a match of type `{}` is not known here: kept beside the turn", shown(other)))
        }
    }
    keep(&mut user, "match", at(result, "/match/matchType"));
    keep(&mut user, "page", at(result, "/currentPage/displayName"));
    user.id = id(turn, "/response/responseId");
    let felt = [at(result, "/sentimentAnalysisResult/score"), at(turn, "/signals/turnSignals/sentimentScore")];
    user.sentiment = felt.iter().find(|v| !v.is_null()).and_then(|v| sentiment(v, cx));
    Some(user)
}

/// Thumbs on the turn's last answer.
fn rate(turns: &mut [Turn], feedback: &Value, cx: &mut Context) {
    let score = match words(feedback, "/rating") {
        None | Some("RATING_UNSPECIFIED") => return,
        Some("THUMBS_UP") => 1,
        Some("THUMBS_DOWN") => -1,
        Some(other) => {
            cx.warnings.add(&format!("a rating `{}` is not known, left out", shown(other)));
            return;
        }
    };
    if let Some(answer) = turns.iter_mut().rfind(|t| t.role == Role::Bot) {
        let comment = words(feedback, "/ratingReason/feedback").or_else(|| words(feedback, "/customRating"));
        answer.feedback = Some(Feedback { score, comment: comment.map(str::to_owned) });
    }
}
