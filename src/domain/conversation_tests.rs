//! Conversations as the canonical format writes them.

use super::*;

fn user(text: &str) -> Turn {
    Turn::new(Role::User, text)
}

#[test]
fn failing_turn_is_the_last_user_turn_before_the_first_signal() {
    let mut handoff = Turn::new(Role::System, "");
    handoff.event = Some("handoff".into());
    let c = Conversation::new("s", "1", vec![user("a"), Turn::new(Role::Bot, "b"), user("c"), handoff, user("d")]);
    assert_eq!(c.failing_turn(|_| false, Some(0)), Some(2));
}

#[test]
fn failing_turn_falls_to_lowest_confidence_then_to_the_last() {
    let mut low = user("low");
    low.confidence = Some(0.2);
    let mut high = user("high");
    high.confidence = Some(0.9);
    let c = Conversation::new("s", "1", vec![high, low, user("x")]);
    assert_eq!(c.failing_turn(|_| false, Some(0)), Some(1));
    let mut told = user("a");
    told.intent = Some("refund".into());
    let c = Conversation::new("s", "1", vec![told, Turn::new(Role::Bot, "b"), user("c")]);
    assert_eq!(c.failing_turn(|_| false, Some(0)), Some(2));
    let c = Conversation::new("s", "1", vec![user("a"), Turn::new(Role::Bot, "b"), user("c")]);
    assert_eq!(c.failing_turn(|_| false, Some(0)), Some(0), "a log without intents: the first request");
    let mut error = Turn::new(Role::Tool, "Error: no such user");
    error.name = Some("find_user".into());
    let talk = vec![user("thanks"), user("a"), user("thanks"), error, user("thanks")];
    let c = Conversation::new("s", "1", talk);
    assert_eq!(c.failing_turn(|i| c.turns[i].text == "thanks", Some(0)), Some(1), "never small talk");
    assert_eq!(
        Conversation::new("s", "1", vec![user("thanks")]).failing_turn(|_| true, None),
        Some(0),
        "unless there is no more"
    );
    let c = Conversation::new("s", "1", vec![Turn::new(Role::Bot, "b")]);
    assert_eq!(c.failing_turn(|_| false, None), None);
}
