use super::*;
use crate::domain::Feedback;

fn signals(c: &Conversation) -> Signals {
    super::signals(c, &said(c))
}

fn turn(line: &str) -> Turn {
    let (who, text) = line.split_once(": ").unwrap();
    let role = match who {
        "c" => Role::User,
        "ai" => Role::Bot,
        "person" => Role::Agent,
        _ => unreachable!("{who}"),
    };
    Turn::new(role, text)
}

fn talk(lines: &[&str]) -> Conversation {
    Conversation::new("shop", "1", lines.iter().map(|l| turn(l)).collect())
}

/// The signs of the last turn, after a question and an answer.
fn after_an_answer(text: &str) -> Vec<Signal> {
    let c = talk(&["c: where is my parcel", "ai: Our shops are open from nine to five.", &format!("c: {text}")]);
    found(&c).into_iter().filter(|f| f.turn == 2).map(|f| f.signal).collect()
}

#[test]
fn customers_who_say_that_the_answer_was_wrong_are_heard() {
    for s in [
        "That's not what I asked!",
        "thats not what i meant",
        "You don't understand me",
        "no, that is wrong",
        "Wrong.",
        "I already told you: parcel 17",
        "you're not answering my question",
        "Δεν ρώτησα αυτό",
        "ΛΑΘΟΣ!",
        "όχι, άλλο σε ρώτησα",
        "Eso no es lo que pregunté",
        "Das habe ich nicht gefragt",
    ] {
        assert_eq!(after_an_answer(s), [Signal::SaidWrong], "{s}");
    }
}

/// What customers of Cyprus say after an answer that missed, in Greek and in Latin letters.
#[test]
fn displeasure_is_heard_in_either_script() {
    for row in include_str!("../../../tests/fixtures/greek/displeased.tsv").lines().skip(1) {
        let mut cells = row.split('\t');
        let expected = match cells.next() {
            Some("wrong") => Some(Signal::SaidWrong),
            Some("insult") => Some(Signal::Angry),
            Some("person") => Some(Signal::AskedForPerson),
            _ => None,
        };
        for said in cells {
            assert_eq!(after_an_answer(said).first().copied(), expected, "{said}");
        }
    }
}

#[test]
fn calls_for_a_person_are_heard() {
    for s in [
        "Can I speak to a human please?",
        "agent",
        "HUMAN!!",
        "real person, please transfer me to an agent",
        "connect me with somebody",
        "I want to talk to someone about this",
        "I need a representative",
        "let me talk to your manager",
        "θέλω να μιλήσω με εκπρόσωπο",
        "Συνδέστε με με άνθρωπο",
        "εκπρόσωπο παρακαλώ",
        "quiero hablar con una persona",
        "Ich möchte mit einem Menschen sprechen",
        "je veux parler à un conseiller",
    ] {
        assert_eq!(after_an_answer(s), [Signal::AskedForPerson], "{s}");
    }
}

#[test]
fn small_talk_and_other_business_are_no_signs() {
    for s in [
        "no thanks",
        "No, that's all. Thanks.",
        "no, nothing else",
        "όχι, ευχαριστώ",
        "Yes please",
        "I booked it with a travel agent",
        "transfer 50 euros to someone else's account",
        "the delivery agent left it outside",
        "are you a human?",
        "I don't want to talk to an agent, just tell me",
        "I do not need a human, thank you",
        "I ordered the wrong size",
        "someone called me about it",
        "No, I need two tables",
        "how many people can I invite",
        "IBAN GR16 0110 1250 0000 0001 2300 695",
        "",
        "👍",
    ] {
        assert_eq!(after_an_answer(s), [], "{s}");
    }
}

#[test]
fn insults_and_shouting_are_anger() {
    for s in ["you are useless", "this is RIDICULOUS", "άχρηστο μηχάνημα", "WHERE IS MY PARCEL NOW!"] {
        assert_eq!(after_an_answer(s), [Signal::Angry], "{s}");
    }
    assert_eq!(after_an_answer("THANK YOU VERY MUCH!"), [], "joy is not anger");
}

#[test]
fn a_request_that_is_made_again_is_seen() {
    let again = |first: &str, answer: &str, then: &str| {
        let c = talk(&[&format!("c: {first}"), &format!("ai: {answer}"), &format!("c: {then}")]);
        found(&c).iter().map(|f| (f.signal, f.turn)).collect::<Vec<_>>()
    };
    let asked = "My card was charged twice for one order";
    assert_eq!(
        again(asked, "Orders take two days.", "my CARD was charged twice, for one order!"),
        [(Signal::SaidAgain, 2)]
    );
    assert_eq!(again(asked, "Orders take two days.", "one order, card charged twice"), [(Signal::Rephrased, 2)]);
    let greek = "Χρεώθηκε δύο φορές η κάρτα μου";
    assert_eq!(again(greek, "Ανοίγουμε στις 9.", "η κάρτα χρεώθηκε δυο φορες"), [(Signal::Rephrased, 2)]);
    let none: &[(Signal, u32)] = &[];
    for (first, then) in [
        ("a table for two at Lucca on Friday", "a table for four at Lucca on Friday"),
        ("the rating of the old town hotel in the north", "the rating of the old town hotel in the south"),
        ("show me flights from Athens to Oslo", "show me other flights from Athens to Oslo"),
        ("change my flight from Athens to Oslo", "yes, change my flight from Athens to Oslo"),
        ("Athens", "Athens"),
        ("next question please", "next question please"),
        ("is there a smaller blue coat", "the delivery date moved again"),
    ] {
        assert_eq!(again(first, "I see what you mean.", then), none, "{first} / {then}");
    }
}

#[test]
fn nothing_counts_before_an_answer_or_after_a_person_took_over() {
    let asked = "c: my card was charged twice for one order";
    let wrong = "c: that's not what I asked";
    let bits = |lines: &[&str]| signals(&talk(lines)).bits();
    assert_eq!(bits(&[asked, asked, wrong]), 0, "nobody answered");
    assert_eq!(bits(&["ai: Hello, how can I help you today?", "c: agent please"]), 0, "a greeting is no answer");
    assert_eq!(bits(&[asked, "ai: I see.", "person: Maria here, how can I help?", wrong]), 0, "that is about Maria");
    assert_ne!(bits(&[asked, "ai: I see.", wrong]), 0);
}

#[test]
fn the_ai_is_heard_repeating_itself() {
    let sorry = "ai: Sorry, I did not get that.";
    let c = talk(&["c: my parcel is wet", sorry, "c: it was left in the rain", sorry]);
    assert_eq!(found(&c), [FoundSign { signal: Signal::AiRepeated, turn: 3 }]);
    let after_thanks =
        talk(&["c: my parcel is wet", "ai: Anything else I can do?", "c: ok", "ai: Anything else I can do?"]);
    assert_eq!(found(&after_thanks), []);
    assert_eq!(found(&talk(&["c: a blue one", "ai: Sure.", "c: in large", "ai: Sure."])), []);
}

#[test]
fn a_thumb_down_counts_and_a_click_does_not() {
    let mut c = talk(&["c: where is my parcel", "ai: Our shops are open.", "c: agent"]);
    c.turns[2].payload = true;
    assert_eq!(signals(&c).bits(), 0);
    c.turns[1].feedback = Some(Feedback { score: -1, comment: None });
    assert_eq!(found(&c), [FoundSign { signal: Signal::ThumbsDown, turn: 1 }]);
}

#[test]
fn one_strong_sign_or_two_weak_ones_suffice() {
    let of = |signs: &[Signal]| Signals::from_bits(signs.iter().map(|&s| s as i64).sum()).is_mismatch();
    assert!(!of(&[]));
    assert!(!of(&[Signal::Angry]));
    assert!(!of(&[Signal::AiRepeated]));
    assert!(of(&[Signal::Angry, Signal::AiRepeated]));
    assert!(of(&[Signal::Rephrased]));
}

#[test]
fn codes_are_bits_that_stay() {
    let codes = Signal::ALL.map(|s| s as i64);
    assert_eq!(codes, [1, 2, 4, 8, 16, 32, 64, 128]);
    let both = Signals::from_bits(64 | 4);
    assert_eq!(both.iter().collect::<Vec<_>>(), [Signal::AskedForPerson, Signal::AiRepeated]);
}

proptest::proptest! {
    #[test]
    fn no_text_breaks_it(texts in proptest::collection::vec("(?s).{0,60}", 0..6)) {
        let turns = texts.iter().enumerate().map(|(i, t)| {
            Turn::new(if i % 2 == 0 { Role::User } else { Role::Bot }, t.clone())
        });
        let c = Conversation::new("shop", "1", turns.collect());
        let all = found(&c);
        proptest::prop_assert!(all.iter().all(|f| (f.turn as usize) < texts.len()));
        proptest::prop_assert_eq!(signals(&c).iter().count() > 0, !all.is_empty());
    }
}
