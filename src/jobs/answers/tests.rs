use super::counting::{Counting, by_tags};
use crate::domain::{Conversation, ConversationId, Outcome, Role, SilentReporter, Timestamp, Turn};
use crate::store::{AnswerBook, Founding, OnDuplicate, SpokenTurn, Store};

fn talk(conversation: u32, turns: &[(Role, &str, Option<&str>)]) -> Vec<SpokenTurn> {
    let turn = |(place, (role, text, action)): (usize, &(Role, &str, Option<&str>))| SpokenTurn {
        conversation,
        id: i64::from(conversation) << 20 | place as i64,
        place: place as u32,
        role: *role,
        text: (*text).to_owned(),
        action: action.map(str::to_owned),
        propensity: None,
        is_person: *role == Role::Agent,
        offers: false,
        failed: *role == Role::Tool && text.starts_with("Error"),
        is_training: !conversation.is_multiple_of(5),
        language: Some("en".to_owned()),
    };
    turns.iter().enumerate().map(turn).collect()
}

fn book(talks: &[Vec<SpokenTurn>]) -> AnswerBook {
    let mut counting = Counting::default();
    talks.iter().for_each(|t| counting.add(t));
    let said = |id: i64| Ok(talks.iter().flatten().find(|t| t.id == id).map(|t| t.text.clone()));
    counting.book(said).unwrap()
}

#[test]
fn an_answer_has_a_stage_and_what_fills_it_in_is_one_answer() {
    use Role::{Bot, User};
    let sent =
        |n: u32, name: &str| format!("Dear customer, your parcel {n} was sent to the depot in {name} this morning.");
    let talks: Vec<Vec<SpokenTurn>> = [(1, "Naxos"), (2, "Paros"), (3, "Syros"), (4, "Tinos"), (6, "Milos")]
        .map(|(n, name)| {
            let sent = sent(n * 71, name);
            talk(
                n,
                &[
                    (User, "hi", None),
                    (Bot, "Hello!", None),
                    (User, "where is my parcel", None),
                    (Bot, &sent, None),
                    (User, "and the other", None),
                    (Bot, "It is with customs.", None),
                    (User, "thanks", None),
                    (Bot, "Goodbye, and thank you for travelling with us.", None),
                ],
            )
        })
        .to_vec();
    let book = book(&talks);
    let of: Vec<(&str, &[Vec<u32>; 3])> = book.answers.iter().map(|a| (a.lang.as_str(), &a.rows)).collect();
    let (all, none) = (vec![1, 2, 3, 4, 6], Vec::new());
    let count = |rows: [Vec<u32>; 3]| of.iter().filter(|(lang, r)| *lang == "en" && **r == rows).count();
    assert_eq!(book.answers.len(), 3, "the greeting answers nothing: {of:?}");
    assert_eq!(count([all.clone(), none.clone(), none.clone()]), 1, "the parcel: {of:?}");
    assert_eq!((count([none.clone(), all.clone(), none.clone()]), count([none.clone(), none, all])), (1, 1));
    assert!(book.answers.iter().all(|a| a.key.starts_with('~') && a.turn.is_some()));
}

/// Conversations in which one thing is said.
fn saying(text: &str, conversations: std::ops::Range<u32>) -> Vec<Vec<SpokenTurn>> {
    use Role::{Bot, User};
    conversations
        .map(|n| talk(n, &[(User, "where is it", None), (Bot, text, None), (User, "ok", None), (User, "bye", None)]))
        .collect()
}

#[test]
fn opposite_answers_are_two_and_names_make_no_other_answer() {
    let can = saying("You can cancel free of charge up to 24 hours before.", 1..9);
    let cannot = saying("You cannot cancel free of charge up to 24 hours before.", 9..17);
    let names = ["Maria", "John", "Eleni", "Jean Paul", "Zoe", "Ahmed"];
    let sorry = |name: &str, n: u32| saying(&format!("Sorry {name}, I cannot help with this."), n..n + 2);
    let sorry: Vec<_> = names.iter().zip((17..).step_by(2)).flat_map(|(name, n)| sorry(name, n)).collect();
    let all = [can, cannot, sorry].concat();
    let found = book(&all);
    let rows: Vec<&Vec<u32>> = found.answers.iter().map(|a| &a.rows[0]).collect();
    assert_eq!(found.answers.len(), 3, "{rows:?}");
    assert_eq!(*rows[0], (17..29).collect::<Vec<u32>>(), "those in most conversations come first");
    let pattern = found.answers[0].pattern.as_ref().map(ToString::to_string);
    assert_eq!(pattern.as_deref(), Some("sorry * i cannot help with this"));
    assert!(rows.contains(&&(1..9).collect()) && rows.contains(&&(9..17).collect()));
    assert!(found.answers[1..].iter().all(|a| a.pattern.is_none()), "a number is no value that is kept");
    // Its name does not hang on which name is said most.
    let mut later = all.clone();
    later.extend(saying("Sorry Olga, I cannot help with this.", 40..60));
    assert_eq!(book(&later).answers[0].key, found.answers[0].key);
}

#[test]
fn an_action_is_an_answer_unless_many_say_the_same_words() {
    use Role::{Bot, Tool, User};
    let mut talks = Vec::new();
    for (n, action) in ["a", "b", "c", "d", "e", "a"].into_iter().enumerate() {
        let own = format!("This is what {action} says in general about it");
        let action = format!("utter_{action}");
        talks.push(talk(
            n as u32 + 1,
            &[
                (User, "what about it", None),
                (Tool, "Error: 503", None),
                (Bot, "I have no information about that.", Some(&action)),
                (User, "please", None),
                (Bot, &own, Some(&action)),
                (User, "ok", None),
                (User, "bye", None),
            ],
        ));
    }
    let book = book(&talks);
    let shared = &book.answers[0];
    assert_eq!((shared.is_action, shared.rows[0].len(), shared.times), (false, 6, 6));
    assert!(shared.is_messenger(), "said right after a tool failed");
    let a = book.answers.iter().find(|x| x.key == "utter_a").unwrap();
    assert_eq!((a.is_action, a.times, &a.rows[1], a.is_messenger()), (true, 2, &vec![1, 6], false));
    assert_eq!(book.answers.len(), 6);
}

#[test]
fn the_same_words_are_one_answer_where_nothing_tells_the_language_of_some() {
    use Role::{Bot, User};
    let said = |n: u32, language: Option<&str>| {
        let turns = [
            (User, "where is it", None),
            (Bot, "Your parcel is on its way to the depot near you.", None),
            (User, "ok", None),
            (User, "bye", None),
        ];
        let mut out = talk(n, &turns);
        out.iter_mut().for_each(|t| t.language = language.map(str::to_owned));
        out
    };
    let book = book(&[said(1, None), said(2, Some("en")), said(3, None), said(4, Some("en")), said(6, Some("de"))]);
    let of: Vec<(&str, &Vec<u32>)> = book.answers.iter().map(|a| (a.lang.as_str(), &a.rows[0])).collect();
    assert_eq!(of, [("en", &vec![1, 2, 3, 4]), ("de", &vec![6])], "it is said most in English");
}

#[test]
fn what_announces_a_person_is_told_from_an_answer() {
    use Role::{Agent, Bot, User};
    let handed = |n| {
        talk(
            n,
            &[(User, "what now", None), (Bot, "I am connecting you with a colleague.", None), (Agent, "Hello", None)],
        )
    };
    let found = book(&[handed(1), handed(2)]);
    assert!(found.answers[0].announces_a_person() && !found.answers[0].is_messenger());
}

#[test]
fn an_example_is_of_a_training_group_or_there_is_none() {
    use Role::{Bot, User};
    let said = |n| talk(n, &[(User, "what now", None), (Bot, "Please wait for the next message.", None)]);
    assert_eq!(book(&[said(5), said(7)]).answers[0].turn, Some(7 << 20 | 1));
    assert_eq!(book(&[said(5), said(10)]).answers[0].turn, None);
}

#[test]
fn tags_stand_in_for_intents_only_where_conversations_share_them() {
    let tagged = |n: i64, each: i64| -> Vec<(ConversationId, String)> {
        (0..n).map(|i| (ConversationId(i + 1), format!("t{}", i / each))).collect()
    };
    assert_eq!(by_tags(tagged(100, 20)).len(), 5);
    assert!(by_tags(tagged(100, 1)).is_empty());
}

/// A file of public data, where it lies beside the checkout.
fn data(file: &str) -> Option<std::path::PathBuf> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let places = ["../shared", "../../shared"].map(|up| root.join(up).join("data/conversations").join(file));
    places.into_iter().find(|p| p.exists())
}

#[test]
fn a_farewell_that_seems_to_harm_helps_within_what_was_asked() {
    use crate::domain::{Outcome, SilentReporter, Stratum, Timestamp, within_strata};
    use crate::ingest::{Input, LogReader, LogRecord, ReadOptions};
    use crate::store::{Founding, OnDuplicate, Store, Strata, Unranked};
    // STAR: 4,256 conversations about one task, in 398 of which goodbye_2 is said. Worked out apart, in Python: pooled -3.39 points,
    // within tasks +18.87 (Mantel and Haenszel); of the 4,133 in which the AI said anything (N, rule 4) -6.01 and +9.96.
    let Some(file) = data("star_full.jsonl.gz") else {
        eprintln!("skipped: STAR is not beside the checkout");
        return;
    };
    const NOW: Timestamp = Timestamp(1_790_000_000_000);
    let mut reader = LogReader::open(Input::File(file), ReadOptions::new(NOW)).unwrap();
    let mut store = Store::in_memory(Founding { seed: 7, test_share: 0.2, now: NOW }).unwrap();
    let mut step = None;
    let mut tasks: std::collections::BTreeMap<String, Stratum> = std::collections::BTreeMap::new();
    store
        .batch(false, |store| {
            for item in reader.by_ref() {
                let LogRecord::Conversation { conversation, .. } = item else { continue };
                if let [task] = &conversation.tags[..] {
                    let stratum = tasks.entry(task.clone()).or_default();
                    let resolved = f64::from(u8::from(conversation.outcome == Some(Outcome::Resolved)));
                    if conversation.turns.iter().any(|t| t.action.as_deref() == Some("goodbye_2")) {
                        (stratum.with, stratum.with_yes) = (stratum.with + 1.0, stratum.with_yes + resolved);
                    } else {
                        (stratum.without, stratum.without_yes) =
                            (stratum.without + 1.0, stratum.without_yes + resolved);
                    }
                    store.put(&conversation, conversation.id.as_bytes(), NOW, OnDuplicate::Update, &mut step)?;
                }
            }
            Ok(())
        })
        .unwrap();
    let sum = |of: fn(&Stratum) -> f64| tasks.values().map(of).sum::<f64>();
    let pooled = sum(|s| s.with_yes) / sum(|s| s.with) - sum(|s| s.without_yes) / sum(|s| s.without);
    let within = within_strata(tasks.values().copied()).unwrap();
    assert_eq!((sum(|s| s.with), sum(|s| s.without)), (398.0, 3_858.0));
    assert!((pooled + 0.033_924).abs() < 1e-6 && (within.delta - 0.188_684).abs() < 1e-6, "{pooled} {within:?}");
    super::count_answers(&store, &SilentReporter).unwrap();
    let page = store.figures().answers(None, NOW).unwrap().unwrap();
    assert_eq!((page.n, page.strata), (4_133, Strata::Tags));
    let all = || page.answers.iter().filter(|a| a.answer == "goodbye_2");
    let found = all().next().unwrap();
    let (pooled, within) = (found.pooled.unwrap(), found.within.unwrap());
    assert!(
        (pooled.delta + 0.060_112).abs() < 1e-6 && (within.delta - 0.099_628).abs() < 1e-6,
        "{pooled:?} {within:?}"
    );
    assert!(found.signs_differ && all().all(|a| a.rank.is_none()));
    let told = page.answers.iter().find(|a| a.answer == "hotel_unavailable").unwrap();
    assert_eq!(told.unranked, Some(Unranked::TellsAState));
}

#[test]
fn what_is_offered_after_the_answer_is_none_and_an_offer_that_answers_is_one() {
    use Role::{Bot, User};
    let told = |n: u32, turns: &[(Role, &str, Option<&str>)]| {
        let mut talk = talk(n, turns);
        talk.iter_mut().for_each(|t| t.offers = t.action.as_deref() == Some("utter_offer"));
        talk
    };
    let ask = "where is my parcel";
    let offer = (Bot, "Would you like our card?", Some("utter_offer"));
    let after = |n| told(n, &[(User, ask, None), (Bot, "In Larnaca.", Some("utter_place")), offer]);
    let keys = |talks: &[Vec<SpokenTurn>]| -> Vec<String> { book(talks).answers.into_iter().map(|a| a.key).collect() };
    assert_eq!(keys(&[after(1), after(2)]), ["utter_place"]);
    assert_eq!(keys(&[told(1, &[(User, ask, None), offer])]), ["utter_offer"]);
}

#[test]
fn an_action_says_in_how_many_texts_it_is_said() {
    use Role::{Bot, User};
    let said = |n, text| talk(n, &[(User, "when do you open", None), (Bot, text, Some("utter_hours"))]);
    let (nine, sunday) = ("We open at nine in the morning.", "On Sundays nobody is at the desk.");
    let counted = book(&[said(1, nine), said(2, sunday), said(3, nine)]);
    let told: Vec<(&str, u64)> = counted.answers.iter().map(|a| (a.key.as_str(), a.texts)).collect();
    assert!(told == [("utter_hours", 2)], "{told:?}");
    assert_eq!(book(&[said(1, nine), said(2, nine)]).answers[0].texts, 1);
}

#[test]
fn an_action_stands_with_its_words_of_today_in_each_language_and_no_others_pass_for_them() {
    const OLD: &str = "Complaints are to be filed via the form.";
    const NEW: &str = "I am sorry that this happened, Eleni from customer care writes to you tomorrow.";
    const GREEK: &str = "Τα παράπονα υποβάλλονται μέσω της φόρμας.";
    let now = Timestamp(1_790_000_000_000);
    let day = 86_400_000;
    let store = Store::in_memory(Founding { seed: 1, test_share: 0.0, now }).unwrap();
    for i in 0..120_i64 {
        let is_greek = i % 3 == 0;
        let words = if is_greek {
            GREEK
        } else if i < 60 {
            OLD
        } else {
            NEW
        };
        let asked =
            if is_greek { "θέλω να κάνω παράπονο" } else { "i want to complain about the crew" };
        let at = Timestamp(now.0 - (130 - i) * day / 6);
        let ask = Turn { intent: Some("complaint".to_owned()), at: Some(at), ..Turn::new(Role::User, asked) };
        let said = Turn { action: Some("utter_complaint".to_owned()), at: Some(at), ..Turn::new(Role::Bot, words) };
        let mut c = Conversation::new("s", i.to_string(), vec![ask, said]);
        c.lang = Some(if is_greek { "el" } else { "en" }.to_owned());
        c.outcome = Some(if words == NEW { Outcome::Resolved } else { Outcome::Failed });
        (c.started_at, c.ended_at) = (Some(at), Some(at));
        store.immediate("test", |s| s.put(&c, &i.to_le_bytes(), now, OnDuplicate::Update, &mut None)).unwrap();
    }
    super::count_answers(&store, &SilentReporter).unwrap();
    let page = store.figures().answers(None, now).unwrap().unwrap();
    let line = &page.answers[0];
    assert_eq!((line.n, line.text.as_deref(), line.said_before.as_deref()), (120, Some(NEW), Some(OLD)));
    let beside = |i: i64| {
        let id = store.resolve(&format!("s:{i}")).unwrap();
        store.beside(id, now).unwrap().line.unwrap().says_too
    };
    assert_eq!((beside(1).as_deref(), beside(118).as_deref()), (Some(NEW), Some(OLD)));
    assert_eq!(beside(0), None, "in Greek it has always said this");
}
