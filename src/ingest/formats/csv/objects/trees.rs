//! Trees of prompts and their alternative answers, as sets of training data keep them (`message_tree_id`, `prompt`, `replies`): of each message the
//! answer that was ranked best is read, one way from the prompt on. All of them one after the other were never said.

use serde_json::{Map, Value};

/// What names such a tree, what it begins with, and what holds the answers to a message.
const TREE: &str = "message_tree_id";
const PROMPT: &str = "prompt";
const REPLIES: &str = "replies";

/// The tree as a conversation, and whether other answers were left out; `None` where it is none.
pub(super) fn read(object: &Map<String, Value>) -> Option<(Map<String, Value>, bool)> {
    let id = object.get(TREE)?;
    let mut next = object.get(PROMPT).filter(|prompt| prompt.is_object()).cloned();
    let (mut messages, mut left_out) = (Vec::new(), false);
    while let Some(Value::Object(mut message)) = next.take() {
        let answers = match message.shift_remove(REPLIES) {
            Some(Value::Array(list)) => list,
            _ => Vec::new(),
        };
        left_out |= answers.len() > 1;
        // Of those without a rank, or of one, the first.
        let rank = |answer: &Value| answer.get("rank").and_then(Value::as_u64).unwrap_or(u64::MAX);
        next = answers.into_iter().min_by_key(rank);
        messages.push(Value::Object(message));
    }
    let mut whole = object.clone();
    whole.shift_remove(PROMPT);
    whole.insert("conversation_id".to_owned(), id.clone());
    whole.insert("messages".to_owned(), Value::Array(messages));
    Some((whole, left_out))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_best_answer_to_each_message_is_read() {
        let tree = json!({"message_tree_id": "t1", "prompt": {"text": "a poem", "replies": [
            {"text": "Leaves.", "rank": 1, "replies": []},
            {"text": "Tea.", "rank": 0, "replies": [{"text": "shorter", "replies": []}]}]}});
        let (whole, left_out) = read(tree.as_object().unwrap()).unwrap();
        assert_eq!(whole["messages"], json!([{"text": "a poem"}, {"text": "Tea.", "rank": 0}, {"text": "shorter"}]));
        assert_eq!((&whole["conversation_id"], left_out), (&json!("t1"), true));
        assert!(read(json!({"prompt": {"text": "a"}}).as_object().unwrap()).is_none());
    }
}
