//! Headers of what was answered to a customer, told by their words: `ai_response`, `agentReply`, `answer text`.

use super::field::plain;
use crate::domain::Role;
use crate::ingest::derive::speakers as senders;

/// Whose answers a column holds, as far as its header tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnswerHeader {
    /// An AI's: `ai_response`, `model output`.
    OfAi,
    /// The business's, and nobody says whether its AI or a person wrote them: `agent_reply`, `answer_text`.
    OfBusiness,
}

/// What is said in return, whoever is named beside it.
const ANSWERS: &[&str] = &[
    "reply",
    "replies",
    "response",
    "responses",
    "answer",
    "answers",
    "completion",
    "resolution",
    "απαντηση",
    "antwort",
    "reponse",
    "respuesta",
    "resposta",
    "risposta",
    "antwoord",
    "odpowiedz",
    "yanıt",
    "ответ",
];
/// What anybody says.
const SPEECH: &[&str] = &[
    "message",
    "messages",
    "msg",
    "text",
    "output",
    "utterance",
    "comment",
    "content",
    "body",
    "generation",
    "said",
    "says",
    "wrote",
];
/// Names of AIs beside the usual words for them. Alone they head what they said, too.
const AIS: &[&str] = &["ai", "gpt", "chatgpt", "llm", "claude", "gemini", "copilot"];
/// Who answers beside people of the business.
const BUSINESSES: &[&str] = &[
    "outbound", "outgoing", "support", "company", "team", "service", "business", "shop", "store", "brand", "seller",
    "vendor", "helpdesk", "desk", "our",
];
/// Words that make a header one of what is known about an answer.
const ABOUT: &[&str] = &[
    "time",
    "times",
    "date",
    "at",
    "on",
    "timestamp",
    "created",
    "duration",
    "latency",
    "seconds",
    "ms",
    "sla",
    "id",
    "ids",
    "number",
    "no",
    "index",
    "count",
    "length",
    "tokens",
    "score",
    "rating",
    "confidence",
    "quality",
    "rate",
    "sentiment",
    "feedback",
    "type",
    "kind",
    "status",
    "state",
    "code",
    "category",
    "label",
    "intent",
    "topic",
    "reason",
    "language",
    "lang",
    "channel",
    "format",
    "version",
    "name",
    "url",
    "link",
    "source",
    "sources",
    "template",
    "options",
    "screen",
    "required",
    "needed",
];

/// Whose answers a header is of; `None`: it heads something else.
pub fn answers(header: &str) -> Option<AnswerHeader> {
    let words = words(header);
    let says = |known: &[&str]| words.iter().any(|word| known.contains(&word.as_str()));
    if words.len() == 1 && says(AIS) {
        return Some(AnswerHeader::OfAi);
    }
    let is_answer = says(ANSWERS);
    // `response model` names the model.
    let about = says(ABOUT) || words.last().is_some_and(|word| word == "model");
    if about || !is_answer && !says(SPEECH) {
        return None;
    }
    let pairs = words.windows(2).map(|two| two.concat());
    let roles: Vec<Role> = words.iter().cloned().chain(pairs).filter_map(|word| senders::known(&word)).collect();
    // Who is spoken to does not speak.
    let to = |role: &str| words.windows(2).any(|two| matches!(two[0].as_str(), "to" | "for") && two[1] == role);
    let customer = words.iter().find(|word| senders::is_customer(word) || *word == "user");
    let speaks = customer.filter(|word| !(to(word) || is_answer && *word == "human"));
    match () {
        () if roles.contains(&Role::Bot) || says(AIS) => Some(AnswerHeader::OfAi),
        () if roles.contains(&Role::Agent) || says(BUSINESSES) => Some(AnswerHeader::OfBusiness),
        () if speaks.is_none() && (is_answer || customer.is_some()) => Some(AnswerHeader::OfBusiness),
        () => None,
    }
}

/// Whether a header is of tasks that an AI was given: words of a customer only beside an answer.
pub fn is_instruction(header: &str) -> bool {
    plain(header) == "instruction"
}

/// Headers, plain, of what such a task is about: words of the customer's below the task.
pub const ABOUT_TASKS: &[&str] = &["input", "context"];

/// The words of a header, plain and without numbers behind them: `aiResponse`, `GPT4 reply` and `botanswer` have two each.
fn words(header: &str) -> Vec<String> {
    let letters: Vec<char> = header.chars().collect();
    let mut words = vec![String::new()];
    for (i, &c) in letters.iter().enumerate() {
        let before = i.checked_sub(1).map(|at| letters[at]);
        let begins = c.is_uppercase()
            && (before.is_some_and(char::is_lowercase) || letters.get(i + 1).is_some_and(|next| next.is_lowercase()));
        if begins || !c.is_alphanumeric() {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| c.is_alphanumeric()) {
            word.push(c);
        }
    }
    let bare = |word: &String| plain(word.trim_end_matches(|c: char| c.is_ascii_digit()));
    let words: Vec<String> = words.iter().map(bare).filter(|word| !word.is_empty()).collect();
    match words.as_slice() {
        [one] => in_one(one),
        _ => words,
    }
}

/// The two words of which the second is of speech, where they are written as one.
fn in_one(word: &str) -> Vec<String> {
    let before = ANSWERS.iter().chain(SPEECH).find_map(|end| Some((word.strip_suffix(*end)?, *end)));
    match before.filter(|(owner, _)| !owner.is_empty()) {
        Some((owner, end)) => vec![owner.to_owned(), end.to_owned()],
        None => vec![word.to_owned()],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_say_whose_answers_they_are_of() {
        for of_ai in [
            "ai_response",
            "chatgpt_response",
            "AI",
            "aiResponse",
            "AIResponse",
            "AI Response",
            "assistant_reply",
            "chatbot_answer",
            "ai_message",
            "gpt_response",
            "GPT4 reply",
            "gpt-4o-response",
            "llm_output",
            "model_output",
            "virtual agent reply",
            "botanswer",
            "airesponse",
            "ai_suggested_reply",
            "chatbot_response_text",
            "Antwort (Bot)",
            "response_from_ai",
            "Bot said",
        ] {
            assert_eq!(answers(of_ai), Some(AnswerHeader::OfAi), "{of_ai}");
        }
        for of_business in [
            "agent_reply",
            "outbound_text",
            "agentReply",
            "support_reply",
            "agent_message",
            "company_reply",
            "human_response",
            "reply_text",
            "first_response",
            "answer_text",
            "suggested_reply",
            "resolution_text",
            "staff_answer",
            "customer_service_reply",
            "reply_to_customer",
            "message to customer",
            "επίσημη απάντηση",
        ] {
            assert_eq!(answers(of_business), Some(AnswerHeader::OfBusiness), "{of_business}");
        }
        for neither in [
            "message",
            "text",
            "user_message",
            "customer_reply",
            "human_message",
            "review_text",
            "ai_response_time",
            "response_status",
            "bot_reply_id",
            "response_model",
            "first_response_at",
            "reply_count",
            "bot_name",
            "summary",
            "",
        ] {
            assert_eq!(answers(neither), None, "{neither}");
        }
    }
}
