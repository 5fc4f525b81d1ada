use super::*;
use crate::domain::{Csat, Feedback};

fn talk(turns: &[(&str, &str)]) -> Conversation {
    let turn = |&(role, text): &(&str, &str)| {
        let (role, fallback) = role.strip_suffix('!').map_or((role, false), |r| (r, true));
        let mut turn = Turn::new(Role::from_name(role).unwrap(), text);
        if turn.role == Role::System {
            turn.event = Some(std::mem::take(&mut turn.text));
        }
        turn.fallback = fallback;
        turn
    };
    Conversation::new("s", "1", turns.iter().map(turn).collect())
}

const NOW: Timestamp = Timestamp(1_000_000_000_000);

fn outcome(c: &Conversation) -> (Outcome, String) {
    let d = derive(c, NOW, &[]);
    assert_eq!(d.resolution.is_some(), d.outcome == Outcome::Resolved);
    (d.outcome, d.reason)
}

fn of(turns: &[(&str, &str)]) -> Outcome {
    outcome(&talk(turns)).0
}

#[test]
fn people_come_before_anything_else() {
    let rest = [("user", "a"), ("bot", "b"), ("agent", "c"), ("user", "thanks")];
    assert_eq!(of(&rest), Outcome::Escalated);
    assert_eq!(of(&[("user", "a"), ("bot", "b"), ("system", "handoff"), ("user", "thanks")]), Outcome::Escalated);
    assert_eq!(of(&[("agent", "c"), ("user", "a"), ("bot", "b")]), Outcome::Unknown);
    assert_eq!(of(&[("user", "a"), ("agent", "c")]), Outcome::Unknown);
    let mut c = talk(&[("user", "a"), ("bot", "b"), ("tool", "ok")]);
    c.turns[2].name = Some("transfer_to_human_agents".into());
    assert_eq!(outcome(&c), (Outcome::Escalated, "handoff: transfer_to_human_agents".into()));
    c.turns[2].name = Some("Call_Desk_7".into());
    assert_eq!(outcome(&c).0, Outcome::Unknown);
    assert_eq!(derive(&c, NOW, &["call_desk*".into()]).outcome, Outcome::Escalated);
}

#[test]
fn ratings_say_it_outright() {
    let mut c = talk(&[("user", "a"), ("bot", "b")]);
    let rate = |score, max| Some(Csat { score, max, comment: None, at: None });
    for (score, max, expected) in [
        (5.0, 5.0, Outcome::Resolved),
        (4.0, 5.0, Outcome::Resolved),
        (3.0, 5.0, Outcome::Unknown),
        (2.0, 5.0, Outcome::Failed),
        (1.0, 1.0, Outcome::Resolved),
        (0.0, 1.0, Outcome::Failed),
        (9.0, 10.0, Outcome::Resolved),
        (0.0, 10.0, Outcome::Failed),
    ] {
        c.csat = rate(score, max);
        assert_eq!(outcome(&c).0, expected, "{score} of {max}");
    }
    c.csat = None;
    c.turns[1].feedback = Some(Feedback { score: -1, comment: None });
    assert_eq!(outcome(&c).0, Outcome::Failed);
    c.turns[1].feedback = Some(Feedback { score: 1, comment: None });
    assert_eq!(outcome(&c).0, Outcome::Resolved);
}

#[test]
fn thanks_after_an_answer_resolve() {
    assert_eq!(
        of(&[("user", "a"), ("bot", "b"), ("user", "ok thanks, bye"), ("bot", "anything else?")]),
        Outcome::Resolved
    );
    assert_eq!(of(&[("user", "a"), ("bot!", "sorry?"), ("user", "thanks")]), Outcome::Failed);
    assert_eq!(of(&[("user!", "a"), ("bot", "sorry?"), ("user", "thanks")]), Outcome::Unknown);
    assert_eq!(of(&[("user", "a"), ("bot", "b"), ("user", "thanks"), ("bot!", "what?")]), Outcome::Resolved);
    assert_eq!(of(&[("bot", "hello"), ("user", "thanks")]), Outcome::Unknown);
}

#[test]
fn fallbacks_and_errors_fail() {
    assert_eq!(of(&[("user", "a"), ("bot!", "sorry")]), Outcome::Failed);
    assert_eq!(of(&[("user!", "a"), ("bot", "sorry")]), Outcome::Failed);
    let twice = [("user", "a"), ("bot!", "?"), ("user!", "b"), ("bot", "?"), ("user", "c"), ("bot", "d")];
    assert_eq!(outcome(&talk(&twice)), (Outcome::Failed, "2 fallbacks in the last 3 user turns".into()));
    assert_eq!(of(&[("user", "a"), ("bot", "b"), ("system", "error")]), Outcome::Failed);
    assert_eq!(of(&[("user", "a"), ("bot!", "?"), ("user", "b"), ("bot", "c")]), Outcome::Unknown);
}

#[test]
fn a_question_left_open_needs_time_to_count() {
    let mut c = talk(&[("user", "a"), ("bot", "Which city? 🙂")]);
    assert_eq!(outcome(&c).0, Outcome::Unknown);
    c.turns[1].at = Some(NOW.plus(-29 * 60_000));
    assert_eq!(outcome(&c).0, Outcome::Unknown);
    c.turns[1].at = Some(NOW.plus(-30 * 60_000));
    assert_eq!(outcome(&c).0, Outcome::Abandoned);
    c.turns[1].text = "It is blue. Can I help you with anything else?".into();
    assert_eq!(outcome(&c).0, Outcome::Unknown);
    c.turns[1].text = "Σε ποια πόλη;".into();
    assert_eq!(outcome(&c).0, Outcome::Abandoned);
    c.turns[1].text = "wait;".into();
    assert_eq!(outcome(&c).0, Outcome::Unknown);
    assert_eq!(of(&[("user", "a"), ("bot", "where?"), ("system", "timeout")]), Outcome::Abandoned);
    assert_eq!(of(&[("bot", "how can I help?"), ("system", "timeout")]), Outcome::Unknown);
}

#[test]
fn the_word_of_the_log_is_final() {
    let mut c = talk(&[("user", "a"), ("bot", "b"), ("agent", "c")]);
    c.outcome = Some(Outcome::Unknown);
    settle(&mut c, NOW, &[]);
    assert_eq!((c.outcome, c.outcome_source), (Some(Outcome::Unknown), Some(OutcomeSource::Explicit)));
    c.outcome = None;
    c.outcome_reason = Some("routed".into());
    settle(&mut c, NOW, &[]);
    assert_eq!(c.outcome, Some(Outcome::Escalated));
    assert_eq!(c.outcome_reason.as_deref(), Some("a person answered after the AI; the log says: routed"));
}

#[test]
fn nobody_is_failed_who_never_wrote() {
    let unheard = |turns: &[(&str, &str)]| outcome(&talk(turns));
    for turns in [
        &[("bot", "Your parcel comes today. Will you be in?")][..],
        &[("bot", "Hi!"), ("bot!", "Sorry?")],
        &[("bot", "Our offer"), ("system", "error")],
        &[("bot", "Our offer"), ("agent", "Did you see it?")],
        &[("bot", "Will you be in?"), ("system", "timeout")],
    ] {
        assert_eq!(unheard(turns), (Outcome::Unknown, UNANSWERED.into()), "{turns:?}");
    }
    assert_eq!(of(&[("bot", "Our offer"), ("system", "handoff")]), Outcome::Escalated);
    let mut c = talk(&[("bot", "Our offer")]);
    c.csat = Some(Csat { score: 1.0, max: 5.0, comment: None, at: None });
    assert_eq!(outcome(&c).0, Outcome::Failed);
    // From the first answer on it is a conversation like any other, whoever began it.
    let answered = |last: (&str, &str)| of(&[("bot", "Will you be in?"), ("user", "what parcel"), last]);
    assert_eq!(answered(("bot!", "Sorry?")), Outcome::Failed);
    assert_eq!(answered(("agent", "Maria here")), Outcome::Escalated);
    // People who wrote before the customer did took nobody over.
    let reminded = [("bot", "Our offer"), ("agent", "Did you see it?"), ("user", "yes, what does it cost")];
    assert_eq!(of(&reminded), Outcome::Unknown);
    assert_eq!(of(&[&reminded[..], &[("agent", "20 euro")]].concat()), Outcome::Escalated);
    assert_eq!(of(&[("bot", "Hi!"), ("user", "a question"), ("agent", "Maria here")]), Outcome::Escalated);
}
