//! Corrections of answers: whose intent they are of, who accepts them, what takes them back.

use super::*;
use crate::domain::{Conversation, Outcome, OutcomeSource, Role, Turn};
use crate::learn::responses::ResponseRules;
use crate::store::tests::{put, store, user};
use crate::store::{ArrivalResult, CorrectionRow, CorrectionState as State, Store, turn_id};

const NOW: Timestamp = Timestamp(1_790_000_000_000);

/// Puts a conversation into a training group, where what is corrected counts.
fn training(store: &mut Store, turns: &[Turn], lang: Option<&str>) -> ConversationId {
    for i in 0.. {
        let key = format!("t{i}");
        if store.resolve(&format!("shop:{key}")).is_ok() {
            continue;
        }
        let mut made = Conversation::new("shop", &key, turns.to_vec());
        (made.lang, made.outcome) = (lang.map(str::to_owned), Some(Outcome::Failed));
        made.outcome_source = Some(OutcomeSource::Explicit);
        let ArrivalResult::New(id) = put(store, &made) else { continue };
        if store.ids("SELECT part FROM conversation WHERE id = ?", &[&id.0]).unwrap() == [0] {
            return id;
        }
    }
    unreachable!()
}

fn bot(text: &str) -> Turn {
    Turn::new(Role::Bot, text)
}

fn asked(store: &mut Store) -> ConversationId {
    training(store, &[user("where is my refund", Some("refund")), bot("It takes five days.")], Some("en"))
}

fn write(store: &mut Store, who: &str, c: ConversationId, turn: u32, text: &str) {
    store.decide(who, NOW, &[DecisionChange::response(c, TurnKey(turn), Some(text.into()))]).unwrap();
}

fn row(store: &Store, c: ConversationId) -> CorrectionRow {
    store.corrections_of(c).unwrap().remove(0)
}

/// What trains: corrected answers with their intents and languages.
fn trains(store: &Store) -> Vec<(String, String, String)> {
    let names = store.intent_names().unwrap();
    let rows = store.answers(&store.moment().unwrap(), ResponseRules::ByLanguage).unwrap();
    let corrected = rows.into_iter().filter_map(|r| Some((names.name(r.intent), r.corrected_language, r.corrected?)));
    corrected.collect()
}

#[test]
fn an_answer_belongs_to_the_customers_last_turn_before_it_whoever_spoke_between() {
    let mut store = store();
    let turns = [
        bot("Welcome!"),
        user("where is my refund", Some("refund")),
        Turn::new(Role::Tool, "{}"),
        bot("One moment."),
        Turn::new(Role::System, "note"),
        bot("It takes five days."),
        Turn { payload: true, ..user("/menu", Some("menu")) },
        bot("Here is the menu."),
    ];
    let c = training(&mut store, &turns, None);
    let names = store.intent_names().unwrap();
    let rows = store.answers(&store.moment().unwrap(), ResponseRules::ByLanguage).unwrap();
    let said: Vec<_> = rows.iter().map(|r| (names.name(r.intent), r.response.as_str())).collect();
    assert_eq!(said, [("refund".to_owned(), "One moment."), ("refund".to_owned(), "It takes five days.")]);
    let former = store.answers(&store.moment().unwrap(), ResponseRules::ByIntent).unwrap();
    assert!(former.is_empty(), "by the former rules nothing follows the customer: {former:?}");
    write(&mut store, "maria", c, 5, "It comes on Friday.");
    assert_eq!(trains(&store), [("refund".to_owned(), String::new(), "It comes on Friday.".to_owned())]);
    assert_eq!(row(&store, c).state, State::NextRelease);
    // A greeting answers nobody: it may be corrected, but nothing comes of it, and that is said.
    write(&mut store, "maria", c, 0, "Good morning!");
    let greeting = row(&store, c);
    assert_eq!((greeting.state, greeting.intent.as_deref()), (State::Accepted, None));
    assert!(greeting.says().unwrap().contains("no turn of the customer"), "{greeting:?}");
    assert_eq!(trains(&store).len(), 1);
}

#[test]
fn a_fallback_counts_where_it_was_corrected_and_a_label_before_the_log() {
    let mut store = store();
    let fallback = Turn { fallback: true, ..bot("I did not understand.") };
    let c = training(&mut store, &[user("geld zurück", Some("greeting")), fallback], Some("de"));
    let intent = store.add_intent("maria", NOW, "refund").unwrap();
    store.decide("maria", NOW, &[DecisionChange::intents(c, TurnKey(0), &[intent])]).unwrap();
    assert!(store.answers(&store.moment().unwrap(), ResponseRules::ByLanguage).unwrap().is_empty());
    write(&mut store, "maria", c, 1, "Es dauert fünf Tage.");
    assert_eq!(trains(&store), [("refund".to_owned(), "de".to_owned(), "Es dauert fünf Tage.".to_owned())]);
    // A Greek correction of it is an answer in Greek.
    write(&mut store, "maria", c, 1, "Σε πέντε μέρες.");
    assert_eq!(trains(&store)[0].1, "el");
}

#[test]
fn only_a_lead_accepts_and_whoever_changes_the_words_proposes_again() {
    let mut store = store();
    let c = asked(&mut store);
    store.decide("maria", NOW, &[DecisionChange::note(c, Some("first here".into()))]).unwrap();
    write(&mut store, "tom", c, 1, "It comes on Friday.");
    assert_eq!((row(&store, c).state, trains(&store).len()), (State::Proposed, 0));
    let refused = store.accept_response("tom", NOW, c, None, None).unwrap_err().to_string();
    assert!(refused.contains("only a lead") && refused.contains("maria"), "{refused}");
    assert!(refused.ends_with("you are tom, who is none"), "{refused}");
    let refused = store.accept_response("lead", NOW, c, None, None).unwrap_err().to_string();
    assert!(refused.contains("you are lead, who is none: --as takes a name"), "{refused}");
    let done = store.accept_response("maria", NOW, c, None, None).unwrap();
    assert_eq!((done.state, done.turn, row(&store, c).state), (ACCEPTED, TurnKey(1), State::NextRelease));
    assert_eq!(store.accept_response("maria", NOW, c, Some(0), None).unwrap().step, None, "twice is once");

    // The same words again change nothing, other words are proposed, and undoing them gives the acceptance back.
    write(&mut store, "tom", c, 1, "It comes on Friday.");
    assert_eq!(row(&store, c).state, State::NextRelease);
    write(&mut store, "tom", c, 1, "It comes on Monday.");
    assert_eq!((row(&store, c).state, trains(&store).len()), (State::Proposed, 0));
    assert!(store.undo("maria", NOW).unwrap_err().to_string().contains("tom"), "tom has decided on it since");
    store.undo("tom", NOW).unwrap();
    assert_eq!((row(&store, c).state, trains(&store)[0].2.as_str()), (State::NextRelease, "It comes on Friday."));
    // What maria has accepted stays under her.
    store.undo("tom", NOW).unwrap();
    assert!(store.undo("tom", NOW).unwrap_err().to_string().contains("maria"));
    assert_eq!(trains(&store).len(), 1);

    store.undo("maria", NOW).unwrap();
    assert_eq!((row(&store, c).state, trains(&store).len()), (State::Proposed, 0));
    let returned = store.return_response("maria", NOW, c, None, "we promise no day").unwrap();
    assert_eq!(returned.state, RETURNED);
    assert_eq!((row(&store, c).state, row(&store, c).reason.as_deref()), (State::Returned, Some("we promise no day")));
    assert!(store.return_response("maria", NOW, c, None, " ").is_err());
    // A lead's own words are accepted with them, and go with them.
    store.accept_response("maria", NOW, c, None, Some("It comes within a week.")).unwrap();
    assert_eq!(trains(&store)[0].2, "It comes within a week.");
    store.decide("maria", NOW, &[DecisionChange::response(c, TurnKey(1), None)]).unwrap();
    assert_eq!((store.corrections().unwrap().len(), trains(&store).len()), (0, 0));
    assert!(store.accept_response("maria", NOW, c, None, None).unwrap_err().to_string().contains("no answer of"));
    write(&mut store, "tom", c, 1, "Soon.");
    assert_eq!(row(&store, c).state, State::Proposed, "an acceptance does not outlive its words");
}

#[test]
fn what_goes_back_while_it_is_live_says_until_when_it_is_said() {
    let mut store = store();
    let c = asked(&mut store);
    write(&mut store, "maria", c, 1, "It comes on Friday.");
    let mut said = CorrectionRow { state: State::Returned, reason: Some("no".to_owned()), ..row(&store, c) };
    assert_eq!((said.still_live, said.says().unwrap().as_str()), (None, "returned: no"));
    said.still_live = Some(ReleaseId(14));
    assert_eq!(said.says().unwrap(), "sent back, still live in v14 until the next release: no");
}

#[test]
fn what_is_one_customers_is_accepted_by_nobody_until_placeholders_stand_there() {
    let mut store = store();
    let turns = [user("my name is Maria Andreou, where is my refund", Some("refund")), bot("Soon.")];
    let c = training(&mut store, &turns, Some("en"));
    write(&mut store, "maria", c, 1, "Andreou, your 124 EUR for booking QX7731 went to the card ending 4412.");
    let saved = row(&store, c);
    assert_eq!((saved.state, trains(&store).len()), (State::Proposed, 0));
    let holds = saved.holds.as_deref().unwrap();
    assert!(["Andreou", "QX7731", "4412", "124 EUR"].iter().all(|w| holds.contains(w)), "{holds}");
    let refused = store.accept_response("maria", NOW, c, None, None).unwrap_err().to_string();
    assert!(refused.contains("QX7731") && refused.contains("{booking}"), "{refused}");
    assert!(store.accept_response("maria", NOW, c, None, Some("Dear Mrs Andreou, soon.")).is_err());
    let general = "Dear {name}, your {amount} for booking {booking} is on its way.";
    store.accept_response("maria", NOW, c, None, Some(general)).unwrap();
    assert_eq!(trains(&store)[0].2, general);
}

#[test]
fn whom_an_answer_calls_by_name_is_told_by_the_conversation_and_by_what_the_ai_says_else() {
    let mut store = store();
    let turns = [user("ειμαι η Μαρία Γεωργίου, που ειναι τα λεφτα μου", Some("refund")), bot("Soon.")];
    let greek = training(&mut store, &turns, Some("el"));
    let turns = [user("hi, this is Eleni Papadaki, where is my refund", Some("refund")), bot("Soon.")];
    let english = training(&mut store, &turns, Some("en"));
    let holds = |store: &mut Store, c, text: &str| {
        write(store, "maria", c, 1, text);
        (row(store, c).state, row(store, c).holds.unwrap_or_default())
    };
    for (c, text, name) in [
        (greek, "Μαρία, ανοίγουμε στις εννιά.", "Μαρία"),
        (greek, "Σας το στείλαμε Μαρία, αύριο.", "Μαρία"),
        (greek, "It was sent to Maria today.", "Maria"),
        (english, "Your refund was sent, Eleni.", "Eleni"),
        (english, "Η επιστροφή της Ελένης στάλθηκε.", "Ελένης"),
        (english, "Nikos, your refund was sent.", "Nikos"),
        (english, "hello bob", "bob"),
    ] {
        let (state, held) = holds(&mut store, c, text);
        assert!(state == State::Proposed && held.contains(name), "{text}: {held}");
    }
    for text in ["Sorry, it was late.", "{name}, your refund was sent.", "It goes to your card, as always."] {
        assert_eq!(holds(&mut store, english, text), (State::NextRelease, String::new()), "{text}");
    }
    // What the AI says in small letters, or begins with again and again, is no name.
    let german = "Leider, wir können das nicht.";
    assert_eq!(holds(&mut store, english, german).0, State::Proposed);
    training(&mut store, &[user("geht das", Some("refund")), bot("Das geht leider nicht.")], Some("de"));
    assert_eq!(holds(&mut store, english, "Leider, wir sind heute zu.").0, State::NextRelease);
}

#[test]
fn what_a_customer_paid_is_nobody_elses_answer() {
    let mut store = store();
    let turns = [user("geia, plirwsame €129 kai den pirame to karavi", Some("refund")), bot("Soon.")];
    let c = training(&mut store, &turns, Some("el"));
    write(&mut store, "maria", c, 1, "Τα 129 ευρώ επιστρέφουν στην κάρτα σας ως την Παρασκευή.");
    let saved = row(&store, c);
    assert_eq!((saved.state, trains(&store).len()), (State::Proposed, 0));
    assert!(saved.holds.as_deref().unwrap().contains("129 ευρώ"), "{:?}", saved.holds);
    write(&mut store, "maria", c, 1, "Μια βαλίτσα κοστίζει 25 ευρώ.");
    assert_eq!(row(&store, c).holds, None, "a price that nobody named in it is for everybody");
}

#[test]
fn several_corrections_are_told_apart_and_the_last_accepted_is_the_answer() {
    let mut store = store();
    let (a, b) = (asked(&mut store), asked(&mut store));
    write(&mut store, "maria", a, 1, "In five days.");
    write(&mut store, "maria", b, 1, "In a week.");
    assert_eq!((row(&store, a).state, row(&store, b).state), (State::Accepted, State::NextRelease));
    assert!(row(&store, a).says().unwrap().contains("a later one answers the same request"));
    assert_eq!(row(&store, b).says(), None, "nothing stands beside it");
    let other = [user("the money of my cancelled hotel", Some("refund")), bot("It takes five days.")];
    let other = training(&mut store, &other, Some("en"));
    write(&mut store, "maria", other, 1, "Ask the hotel.");
    for c in [b, other] {
        let row = row(&store, c);
        assert!(row.says().unwrap().contains("other answers to this intent"), "{row:?}");
        assert_eq!(row.state, State::NextRelease, "either answers requests like its own");
    }
    store.undo("maria", NOW).unwrap();
    assert_eq!(store.correction_counts().unwrap(), [0, 0, 1, 1, 0]);
    write(&mut store, "maria", b, 1, "In five days.");
    assert_eq!(
        (row(&store, a).state, row(&store, a).says()),
        (State::NextRelease, None),
        "it says exactly these words"
    );
    store.undo("maria", NOW).unwrap();
    store.undo("maria", NOW).unwrap();
    assert_eq!(row(&store, a).state, State::NextRelease);
    let turns = [user("a", Some("refund")), bot("1"), user("b", Some("refund")), bot("2")];
    let c = training(&mut store, &turns, None);
    write(&mut store, "maria", c, 1, "One.");
    write(&mut store, "maria", c, 3, "Two.");
    let which = store.accept_response("maria", NOW, c, None, None).unwrap_err().to_string();
    assert!(which.contains("1, 3"), "{which}");
    assert_eq!(store.accept_response("maria", NOW, c, Some(2), None).unwrap().turn, TurnKey(3));
}

#[test]
fn what_the_next_release_does_not_say_is_not_told_to_be_in_it() {
    let mut store = store();
    let c = asked(&mut store);
    write(&mut store, "maria", c, 1, "In five days.");
    let says = |store: &Store| (row(store, c).state, row(store, c).says().unwrap_or_default());
    assert_eq!(says(&store).0, State::NextRelease);
    let by_rules = |store: &Store, rules| store.answers(&store.moment().unwrap(), rules).unwrap().len();
    let told = |store: &Store| (by_rules(store, ResponseRules::ByOutcome), by_rules(store, ResponseRules::ByMost));
    assert_eq!(told(&store), (1, 1));
    store.retire_intent("maria", NOW, "refund").unwrap();
    assert!(matches!(says(&store), (State::Accepted, why) if why.contains("retired")), "{:?}", says(&store));
    assert_eq!(told(&store), (1, 0), "no release tells the intent any more");
    store.undo("maria", NOW).unwrap();
    assert_eq!((says(&store).0, told(&store)), (State::NextRelease, (1, 1)));
    // The AI's words are others since.
    let answer = turn_id(c, TurnKey(1));
    let marked = "INSERT INTO reworded(turn, decision, at) VALUES (?, (SELECT max(id) FROM decision), 0)";
    store.conn.execute(marked, [answer]).unwrap();
    assert!(matches!(says(&store), (State::Accepted, why) if why.contains("have changed")), "{:?}", says(&store));
    assert_eq!(trains(&store).len(), 0);
}

#[test]
fn whether_a_test_group_or_what_is_no_traffic_keeps_an_answer_back_is_told() {
    let mut store = store();
    let c = asked(&mut store);
    write(&mut store, "maria", c, 1, "In five days.");
    let why = |store: &Store| row(store, c).unused;
    assert_eq!(why(&store), None);
    store.decide("maria", NOW, &[DecisionChange::traffic(c, false)]).unwrap();
    assert_eq!(why(&store), Some("it is no real traffic"));
    store.conn.execute("UPDATE conversation SET part = 1 WHERE id = ?", [c.0]).unwrap();
    assert_eq!(why(&store), Some("its customer is in a test group"));
    store.undo("maria", NOW).unwrap();
    assert_eq!(why(&store), Some("its customer is in a test group"));
}

#[test]
fn what_the_ai_said_to_thanks_is_no_answer_to_what_the_log_calls_them() {
    let mut store = store();
    let refund = Some("refund");
    let thanks = || [user("thank you, that is all", refund), bot("I know nothing of that.")];
    let talk = [user("where is my refund", refund), bot("In five days.")];
    let c = training(&mut store, &[&talk[..], &thanks()].concat(), None);
    training(&mut store, &talk, None);
    let said = |store: &Store, rules| -> Vec<String> {
        store.answers(&store.moment().unwrap(), rules).unwrap().into_iter().map(|r| r.response).collect()
    };
    assert_eq!(said(&store, ResponseRules::ByMost), ["In five days."; 2]);
    assert_eq!(said(&store, ResponseRules::ByOutcome).len(), 3, "former releases are made again as they were");
    let refund = store.intent_names().unwrap().find("refund").unwrap();
    store.decide("maria", NOW, &[DecisionChange::intents(c, TurnKey(2), &[refund])]).unwrap();
    assert_eq!(said(&store, ResponseRules::ByMost).len(), 3, "a person says what it asks");
}

#[test]
fn characters_that_steer_a_terminal_are_in_no_answer() {
    let mut store = store();
    let c = asked(&mut store);
    write(&mut store, "maria", c, 1, "In \u{1b}[31mfive\u{7} days.\r\nOr \u{202e}six.");
    assert_eq!(row(&store, c).text, "In five days.\nOr six.");
    let done = store.accept_response("maria", NOW, c, None, Some("In\u{9b} a week.")).unwrap();
    assert_eq!((done.text.as_str(), row(&store, c).text.as_str()), ("In a week.", "In a week."));
}

#[test]
fn a_name_in_the_middle_is_one_unless_the_ai_says_it_to_others() {
    let mut store = store();
    let turns = [user("bob and anna ask where my refund is", Some("refund")), bot("It takes five days.")];
    let c = training(&mut store, &turns, Some("en"));
    for text in [
        "I told Bob that it comes.",
        "Your refund, Sofia, is sent.",
        "ok John we have sent it",
        "I see that Ivan booked it.",
        "Biletinizi Mehmet Bey gönderdi.",
        "Το έδωσα στη Μαρία.",
        "Please ask andreas at the desk.",
    ] {
        write(&mut store, "maria", c, 1, text);
        let row = row(&store, c);
        assert!(row.state == State::Proposed && row.holds.is_some_and(|holds| holds.contains("a name")), "{text}");
    }
    // Another word that begins so is nobody's name.
    for _ in 0..3 {
        training(
            &mut store,
            &[user("what do I get", Some("refund")), bot("All Benefits are listed there.")],
            Some("en"),
        );
    }
    write(&mut store, "maria", c, 1, "I told Ben that it comes.");
    assert!(row(&store, c).holds.is_some_and(|holds| holds.contains("Ben")));
    // Eleni and Anna are of the firm.
    for _ in 0..3 {
        training(&mut store, &[user("where is it", Some("refund")), bot("Please ask Anna at the desk.")], Some("en"));
    }
    for text in ["I have passed it on to Eleni in customer care.", "Go to Anna for your refund."] {
        write(&mut store, "maria", c, 1, text);
        assert_eq!((row(&store, c).state, row(&store, c).holds), (State::NextRelease, None), "{text}");
    }
}

#[test]
fn what_a_log_names_that_is_nobody_is_no_name_of_a_customer() {
    let mut store = store();
    let mut made = Conversation::new("shop", "named", vec![user("a refund", Some("refund")), bot("No.")]);
    made.meta.insert("product_name".to_owned(), "Economy Flex".into());
    made.meta.insert("passenger".to_owned(), "Zoe Lind".into());
    let ArrivalResult::New(c) = put(&mut store, &made) else { panic!() };
    write(&mut store, "maria", c, 1, "An Economy Flex ticket is paid back.");
    assert_eq!(row(&store, c).holds, None);
    write(&mut store, "maria", c, 1, "We pay Lind back.");
    assert!(row(&store, c).holds.unwrap().contains("Lind"));
}

#[test]
fn corrections_from_before_there_were_states_are_settled_once() {
    let mut store = store();
    let (general, personal, others) = (asked(&mut store), asked(&mut store), asked(&mut store));
    write(&mut store, "maria", general, 1, "In five days.");
    write(&mut store, "maria", personal, 1, "Dear Mrs Andreou, tomorrow.");
    write(&mut store, "tom", others, 1, "In a week.");
    // As the store was: texts without states, and the mark that the migration leaves.
    store
        .conn
        .execute_batch(
            "DELETE FROM current WHERE kind = 10;
         INSERT INTO setting VALUES ('corrections_unsettled', '1')",
        )
        .unwrap();
    store.settle_former(NOW).unwrap();
    let states = [general, personal, others].map(|c| row(&store, c).state);
    assert_eq!(states, [State::NextRelease, State::Proposed, State::Proposed]);
    let accepted = store.history(general).unwrap().remove(0);
    assert_eq!((accepted.reviewer.as_str(), accepted.after.as_deref()), ("appraise", Some(ACCEPTED)));
    let decisions = store.last_decision().unwrap();
    store.settle_former(NOW).unwrap();
    assert_eq!(store.last_decision().unwrap(), decisions, "once");
    // The program is no second person: whoever is alone still is.
    assert!(store.ids("SELECT count(*) FROM reviewer WHERE role < 4", &[]).unwrap() == [2]);
}

#[test]
fn a_draft_is_kept_for_its_writer_until_it_is_thrown_away() {
    let mut store = store();
    let c = asked(&mut store);
    store.keep_draft("maria", NOW, (c, TurnKey(1)), Some("It com")).unwrap();
    store.keep_draft("maria", NOW, (c, TurnKey(1)), Some("It comes")).unwrap();
    assert_eq!(store.drafts("maria", c).unwrap(), [(TurnKey(1), "It comes".to_owned())]);
    assert_eq!(store.drafts("tom", c).unwrap(), []);
    assert_eq!(store.drafts("maria", ConversationId(c.0 * 10)).unwrap(), []);
    store.keep_draft("maria", NOW, (c, TurnKey(1)), None).unwrap();
    assert_eq!(store.drafts("maria", c).unwrap(), []);
}

#[test]
fn beside_an_old_answer_stands_what_was_accepted_for_the_nearest_request() {
    let mut store = store();
    let ask = |store: &mut Store, text: &str, lang: &str| {
        training(store, &[user(text, Some("refund")), bot("It takes five days.")], Some(lang))
    };
    let late = ask(&mut store, "where is my refund, it is late", "en");
    let partial = ask(&mut store, "can I get a part of the money back", "en");
    let greek = ask(&mut store, "που ειναι τα λεφτα μου", "el");
    let other =
        training(&mut store, &[user("my bag is lost", Some("baggage")), bot("It takes five days.")], Some("en"));
    let known = |store: &Store, c: ConversationId| store.beside(c, NOW).unwrap().known;
    assert_eq!(known(&store, late), None, "nobody has corrected anything");
    write(&mut store, "maria", late, 1, "It is on its way and comes on Friday.");
    assert_eq!(known(&store, late), None, "its own is in its own row");
    write(&mut store, "maria", partial, 1, "Yes, for the days that are left.");
    let asked = ask(&mut store, "a part of the money please", "en");
    let found = known(&store, asked).unwrap();
    assert_eq!((found.text.as_str(), found.of, found.among), ("Yes, for the days that are left.", partial, 2));
    assert_eq!((found.by.as_str(), found.state), ("maria", State::NextRelease));
    let asked = ask(&mut store, "my refund is so late, where is it", "en");
    assert_eq!(known(&store, asked).unwrap().of, late);
    assert_eq!((known(&store, greek), known(&store, other)), (None, None), "another language, another intent");
    // What only waits for a lead is no answer yet, and an AI that said it needs no hint.
    write(&mut store, "tom", greek, 1, "Έρχονται την Παρασκευή.");
    let again = ask(&mut store, "τα λεφτα μου που ειναι", "el");
    assert_eq!(known(&store, again), None);
    let said = [user("a part of my money", Some("refund")), bot("Yes, for the days that are left.")];
    let knows = training(&mut store, &said, Some("en"));
    assert_eq!(known(&store, knows), None);
    // Nor one that has filled it in.
    let claim = |store: &mut Store, said: &str| {
        training(store, &[user("what of my claim", Some("claim")), bot(said)], Some("en"))
    };
    let corrected = claim(&mut store, "No.");
    write(&mut store, "maria", corrected, 1, "Dear {name}, your claim is with us.");
    let (filled_in, says_else) =
        (claim(&mut store, "Dear John, your claim is with us."), claim(&mut store, "Dear John, wait."));
    assert_eq!((known(&store, filled_in), known(&store, says_else).map(|k| k.of)), (None, Some(corrected)));
}
