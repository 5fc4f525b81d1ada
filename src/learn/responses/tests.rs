use super::*;
use crate::domain::{IntentId, SilentReporter};
use crate::learn::contract::{ExplainedModel, Fitted, LearnerRecipe, Predict, Section};

fn row(intent: i64, response: &'static str, corrected: Option<&'static str>) -> ResponseExample<'static> {
    ResponseExample {
        intent: IntentId(intent),
        group: 0,
        response,
        corrected,
        language: "en",
        corrected_language: "en",
        asked_language: "en",
        asked: None,
        resolved: false,
    }
}

fn fitted(rows: &[ResponseExample<'_>], rules: ResponseRules, non_answers: NonAnswers) -> ResponseTable {
    ResponseRecipe { rules, non_answers }.fit(rows, &SilentReporter).unwrap().into_model()
}

fn question<'a>(intent: i64, language: &'a str, asked: &'a str) -> ResponseQuestion<'a> {
    ResponseQuestion { intent: IntentId(intent), language, asked }
}

fn text(table: &ResponseTable, intent: i64, language: &str) -> Option<String> {
    table.predict(question(intent, language, "")).map(|given| given.response.text.clone())
}

#[test]
fn the_latest_correction_stands_before_the_most_used_answer() {
    let rows = [
        row(1, "No.", None),
        row(1, " No. ", Some("Yes,  you can.")),
        row(1, "No.", Some("Ask us.")),
        row(1, "No.", Some("Yes, you can.")),
        row(2, "b", None),
        row(2, "a", None),
        row(2, "a", Some(" ")),
        row(2, "b", None),
        row(3, "", None),
    ];
    use ResponseRules::{ByIntent, ByLanguage, ByOutcome, BySituation};
    for rules in [ByIntent, ByLanguage, BySituation, ByOutcome] {
        let table = fitted(&rows, rules, NonAnswers::default());
        let yes = IntentResponse { text: "Yes,  you can.".into(), from: ResponseOrigin::Correction, count: 2, of: 3 };
        assert_eq!(table.predict(question(1, "en", "")).map(|given| given.response), Some(&yes));
        let b = IntentResponse { text: "b".into(), from: ResponseOrigin::MostUsed, count: 2, of: 4 };
        assert_eq!(table.predict(question(2, "en", "")).map(|given| given.response), Some(&b));
        assert_eq!((table.predict(question(3, "en", "")), table.iter().count()), (None, 2));
        assert_eq!(ResponseTable::from_bytes(&table.to_bytes().unwrap()), Ok(table));
    }
}

#[test]
fn former_tables_are_read_and_written_as_they_were_and_newer_ones_refused() {
    let json = r#"{"responses":{"7":{"text":"b","from":"most_used","count":2,"of":4}}}"#;
    let table = ResponseTable::from_bytes(json.as_bytes()).unwrap();
    assert_eq!(table.rules(), ResponseRules::ByIntent);
    assert_eq!(text(&table, 7, "el").as_deref(), Some("b"), "one answer for everybody");
    assert_eq!(table.to_bytes().unwrap(), json.as_bytes());
    assert!(ResponseTable::from_bytes(br#"{"recipe":7,"answers":{}}"#).is_err());
}

#[test]
fn customers_are_answered_in_their_language_where_there_is_an_answer_in_it() {
    let el = |mut row: ResponseExample<'static>| {
        row.language = "el";
        row
    };
    let mut corrected = row(2, "No.", Some("Ναι."));
    corrected.corrected_language = "el";
    let rows = [
        row(1, "We open at nine.", None),
        row(1, "We open at nine.", None),
        el(row(1, "Ανοίγουμε στις εννιά.", None)),
        corrected,
        row(3, "Only in English.", None),
    ];
    let table = fitted(&rows, ResponseRules::ByLanguage, NonAnswers::default());
    assert_eq!(text(&table, 1, "el").as_deref(), Some("Ανοίγουμε στις εννιά."));
    for latin in ["en", "", "de"] {
        assert_eq!(text(&table, 1, latin).as_deref(), Some("We open at nine."), "{latin}");
    }
    assert_eq!(text(&table, 1, "ru").as_deref(), Some("We open at nine."), "what is said most");
    assert_eq!(text(&table, 2, "el").as_deref(), Some("Ναι."));
    assert_eq!(text(&table, 2, "en").as_deref(), Some("No."), "a correction is one in its own language");
    assert_eq!(text(&table, 3, "el").as_deref(), Some("Only in English."));
    let said: Vec<(&str, u64)> =
        table.explain(IntentId(1)).iter().map(|s| (s.lang.as_str(), s.response.count)).collect();
    assert_eq!((said, table.explain(IntentId(9)).len()), (vec![("en", 2), ("el", 1)], 0));
    assert!(table.speaks(IntentId(1), "el") && !table.speaks(IntentId(3), "el"));
    let merged = table.under(|i| if i == IntentId(2) { IntentId(3) } else { i });
    assert_eq!(text(&merged, 3, "en").as_deref(), Some("Only in English."));
    assert_eq!(text(&merged, 3, "el").as_deref(), Some("Ναι."));
}

#[test]
fn who_writes_in_another_language_is_answered_as_the_ai_answered_such_customers_or_not_at_all() {
    let corrected = |asked_language, language| ResponseExample {
        asked_language,
        language,
        corrected_language: "en",
        ..row(1, "At eight.", Some("We open at nine."))
    };
    let newest = |rows: &[ResponseExample<'_>]| fitted(rows, ResponseRules::ByMost, NonAnswers::default());
    // Greek customers hear Greek: an English answer is none for them.
    let greek = corrected("el", "el");
    let table = newest(&[corrected("en", "en"), greek]);
    assert_eq!(["en", "", "el", "ru"].map(|lang| text(&table, 1, lang).is_some()), [true, true, false, false]);
    // The AI knows English alone: they hear it, Greek in Latin letters or not.
    let english = corrected("el", "");
    let table = newest(&[english, greek, english]);
    assert_eq!(["el", "ru"].map(|lang| text(&table, 1, lang).is_some()), [true, false]);
    assert_eq!(ResponseTable::from_bytes(&table.to_bytes().unwrap()).as_ref(), Ok(&table));
    assert_eq!(table.under(|_| IntentId(7)).answered_in, table.answered_in);
    assert!(text(&newest(&[english, greek]), 1, "el").is_none(), "as many hear Greek");
    let own = ResponseExample { corrected_language: "el", corrected: Some("Στις εννιά."), ..greek };
    let table = newest(&[english, english, own]);
    assert_eq!(text(&table, 1, "el").as_deref(), Some("Στις εννιά."), "in their own where there is one");
}

#[test]
fn what_is_mostly_passed_on_to_a_person_is_known_to_be() {
    const PASSES_ON: &str = "I am connecting you with a colleague.";
    let rows = [row(1, PASSES_ON, None), row(1, PASSES_ON, None), row(1, "At nine.", None), row(2, "At nine.", None)];
    let table = fitted(&rows, ResponseRules::ByMost, NonAnswers::default());
    assert_eq!([1, 2].map(|i| table.hands_over(IntentId(i))), [true, false]);
    assert!(table.under(|_| IntentId(7)).hands_over(IntentId(7)));
    assert_eq!(ResponseTable::from_bytes(&table.to_bytes().unwrap()), Ok(table));
    assert!(!fitted(&rows, ResponseRules::ByOutcome, NonAnswers::default()).hands_over(IntentId(1)));
}

#[test]
fn a_non_answer_is_said_to_many_intents_and_resolves_little() {
    let said = |intents: i64, n: i64, resolved: i64| {
        let rows = (0..n).map(|i| (IntentId(i % intents), i, "Sorry, later.", i < resolved));
        NonAnswers::among(ResponseRules::ByLanguage, rows).has("Sorry,  later.")
    };
    assert!(said(5, 20, 5));
    assert!(!said(4, 40, 0) && !said(5, 19, 0) && !said(5, 20, 6));
    let rows = (0..20).map(|i| (IntentId(i % 5), i, "Sorry, later.", false));
    let none = NonAnswers::among(ResponseRules::ByLanguage, rows);
    let rows = [row(1, "Sorry, later.", None), row(1, "Sorry, later.", None), row(1, "At nine.", None)];
    let table = fitted(&rows, ResponseRules::ByLanguage, none);
    assert_eq!(text(&table, 1, "en").as_deref(), Some("At nine."));
}

#[test]
fn what_the_ai_told_one_customer_is_no_answer_to_all() {
    let one = "Dear Mrs Andreou, it went to the card ending 4412.";
    let rows = [row(1, one, None), row(1, one, None), row(1, "It takes five days.", None)];
    assert_eq!(
        text(&fitted(&rows, ResponseRules::ByLanguage, NonAnswers::default()), 1, "en").as_deref(),
        Some("It takes five days.")
    );
    let often = [row(1, "Call +357 22 123456.", None); 5];
    let table = fitted(&often, ResponseRules::ByLanguage, NonAnswers::default());
    assert_eq!(text(&table, 1, "en").as_deref(), Some("Call +357 22 123456."), "everybody was told");
}

const CHEAP: &str = "A cheap ticket is not paid back.";
const SAILING: &str = "We pay back a cancelled sailing in full.";

/// Corrections of one intent in two situations, each of another conversation.
fn two_situations() -> Vec<ResponseExample<'static>> {
    let asked = [
        ("i bought a cheap ticket and want my money back", CHEAP),
        ("the ferry was cancelled because of the storm, pay me back", SAILING),
        ("is the cheap fare refundable", CHEAP),
        ("our sailing was cancelled by the storm, where is my refund", SAILING),
        ("money back for a cheap saver ticket please", CHEAP),
        ("they cancelled the sailing in the storm, i want a refund", SAILING),
    ];
    let case = |(i, (asked, answer)): (i64, (&'static str, &'static str))| ResponseExample {
        group: i,
        asked: Some(asked),
        ..row(1, "Please try again.", Some(answer))
    };
    (0..).zip(asked).map(case).collect()
}

fn says(table: &ResponseTable, asked: &str) -> Option<String> {
    table.predict(question(1, "en", asked)).map(|given| given.response.text.clone())
}

#[test]
fn where_answers_differ_by_situation_the_nearest_request_tells_and_strangers_get_none() {
    let rows = two_situations();
    let table = fitted(&rows, ResponseRules::BySituation, NonAnswers::default());
    assert_eq!(table.by_situation(), 1);
    assert_eq!(says(&table, "can i get money back for my cheap ticket").as_deref(), Some(CHEAP));
    assert_eq!(says(&table, "my sailing got cancelled, refund me").as_deref(), Some(SAILING));
    assert_eq!(
        says(&table, "το πλοίο ακυρώθηκε λόγω θύελλας").as_deref(),
        Some(SAILING),
        "one table for both languages"
    );
    for stranger in ["do you sell pizza", "", "qqq"] {
        assert_eq!(says(&table, stranger), None, "{stranger}");
    }
    assert!(table.predict(question(1, "en", rows[0].asked.unwrap())).unwrap().similarity.unwrap() > 0.99);
    assert_eq!(table.explore(question(1, "en", "refund my cheap ticket"), 1), None, "the request tells");
    let bytes = table.to_bytes().unwrap();
    assert_eq!(ResponseTable::from_bytes(&bytes).as_ref(), Ok(&table));
    let text = String::from_utf8(bytes).unwrap();
    for bad in [text.replacen("\"answer\":1", "\"answer\":7", 1), text.replacen("\"vector\":\"", "\"vector\":\"7", 1)] {
        assert!(bad != text && ResponseTable::from_bytes(bad.as_bytes()).is_err());
    }
    // By the rules before, the latest stands for everybody.
    let former = fitted(&rows, ResponseRules::ByWriting, NonAnswers::default());
    assert_eq!(says(&former, "is the cheap fare refundable").as_deref(), Some(SAILING));
    assert!(!String::from_utf8(former.to_bytes().unwrap()).unwrap().contains("accepted"));
}

#[test]
fn who_was_corrected_is_answered_by_others_requests() {
    let rows = two_situations();
    let fitted = ResponseRecipe { rules: ResponseRules::BySituation, ..ResponseRecipe::default() }
        .fit(&rows, &SilentReporter)
        .unwrap();
    let right = (0..rows.len()).filter(|&at| fitted.unseen(at).map(|r| r.text).as_deref() == rows[at].corrected);
    // The latest answer for everybody would be right in half of them.
    assert!(right.count() >= 5);
    // One request alone: with it away nobody has an answer, so the latest of the others stands.
    let one = [rows[0], ResponseExample { group: 9, ..rows[1] }];
    let fitted = ResponseRecipe::default().fit(&one, &SilentReporter).unwrap();
    assert_eq!(fitted.unseen(0).unwrap().text, SAILING);
}

#[test]
fn where_the_request_does_not_tell_the_latest_stands_but_a_request_that_was_answered_keeps_its_answer() {
    let mut rows = two_situations();
    // The answers have nothing to do with what was asked.
    for (i, row) in rows.iter_mut().enumerate() {
        row.corrected = Some(if i % 4 < 2 { CHEAP } else { SAILING });
    }
    let table = fitted(&rows, ResponseRules::BySituation, NonAnswers::default());
    assert_eq!(table.by_situation(), 0);
    assert_eq!(says(&table, "do you sell pizza").as_deref(), Some(CHEAP), "the latest");
    assert_eq!(says(&table, "Is the cheap fare refundable?").as_deref(), Some(SAILING), "its own");
    // The same request again: the later answer stands.
    let again = ResponseExample { group: 9, corrected: Some(CHEAP), ..rows[2] };
    rows.push(again);
    let table = fitted(&rows, ResponseRules::BySituation, NonAnswers::default());
    assert_eq!(says(&table, "is the cheap fare refundable").as_deref(), Some(CHEAP));
}

#[test]
fn what_the_ai_said_itself_is_said_again_where_it_helped() {
    let given = |intent: i64, group: i64, text: &'static str, resolved| ResponseExample {
        group,
        resolved,
        ..row(intent, text, None)
    };
    // The wrong answer is the more frequent one.
    let mut rows: Vec<ResponseExample<'static>> = (0..6).map(|i| given(1, i, "Wrong.", false)).collect();
    rows.extend((10..13).map(|i| given(1, i, "Right.", true)));
    // Nobody was helped with what was said to these intents: to one it is what another gets much more often, to the other its own.
    rows.extend((20..22).map(|i| given(2, i, "Wrong.", false)));
    rows.extend((30..60).map(|i| given(3, i, "Hardly.", i == 30)));
    let table = fitted(&rows, ResponseRules::ByOutcome, NonAnswers::default());
    assert_eq!([1, 2, 3].map(|i| text(&table, i, "en")), [Some("Right.".into()), None, Some("Hardly.".into())]);
    let before = fitted(&rows, ResponseRules::BySituation, NonAnswers::default());
    assert_eq!([1, 2].map(|i| text(&before, i, "en")), ["Wrong.", "Wrong."].map(|t| Some(t.to_owned())));
    // Where nobody knows how anything ended, the most frequent stands.
    rows.iter_mut().for_each(|r| r.resolved = false);
    let unknown = fitted(&rows, ResponseRules::ByOutcome, NonAnswers::default());
    assert_eq!(text(&unknown, 1, "en").as_deref(), Some("Wrong."));
    assert_eq!(ResponseTable::from_bytes(&table.to_bytes().unwrap()), Ok(table));
}

#[test]
fn what_is_filled_in_with_each_customers_numbers_is_nobodys_answer() {
    let given = |group: i64, text: &'static str| ResponseExample { group, resolved: true, ..row(1, text, None) };
    let points = ["You have 5453 points.", "You have 12 points.", "You have 980 points."];
    let mut rows: Vec<ResponseExample<'static>> = (0..30).map(|i| given(i, points[i as usize % 3])).collect();
    let says = |rows: &[ResponseExample<'static>]| {
        text(&fitted(rows, ResponseRules::ByOutcome, NonAnswers::default()), 1, "en")
    };
    assert_eq!(says(&rows), None);
    rows.push(given(90, "Points are in your account."));
    assert_eq!(says(&rows).as_deref(), Some("Points are in your account."));
    // A price that was another once is everybody's.
    let prices = ["Up to 5 kg 9 euro.", "Up to 5 kg 11 euro."];
    let rows: Vec<_> = (0..30).map(|i| given(i, prices[usize::from(i > 8)])).collect();
    assert_eq!(says(&rows).as_deref(), Some(prices[1]));
}

#[test]
fn what_is_filled_in_with_names_is_one_answer_and_nobodys() {
    let names = ["Maria", "John", "Eleni", "Ahmed", "Zoe"];
    let said = names.map(|name| format!("Dear {name}, your refund is on its way."));
    let given = |i: usize| {
        let response = said[i / 10].as_str();
        ResponseExample { group: i as i64, response, resolved: i.is_multiple_of(5), ..row(1, "", None) }
    };
    let mut rows: Vec<ResponseExample<'_>> = (0..50).map(given).collect();
    let newest = |rows: &[ResponseExample<'_>]| fitted(rows, ResponseRules::ByMost, NonAnswers::default());
    assert_eq!(text(&newest(&rows), 1, "en"), None, "it is each customer's own");
    assert!(text(&fitted(&rows, ResponseRules::ByOutcome, NonAnswers::default()), 1, "en").is_some());
    rows.push(row(1, "No.", Some("Dear {name}, your refund is on its way.")));
    rows.push(row(1, "No.", Some("It takes five days.")));
    let went = |table: &ResponseTable| -> Vec<(u64, u64)> {
        let accepted = table.explain(IntentId(1))[0].accepted.as_ref().unwrap();
        accepted.answers().iter().map(|a| (a.given, a.resolved)).collect()
    };
    assert_eq!(went(&newest(&rows)), [(50, 10), (0, 0)]);
    let former = fitted(&rows, ResponseRules::ByOutcome, NonAnswers::default());
    assert_eq!(went(&former), [(0, 0), (0, 0)]);
    assert_eq!(ResponseTable::from_bytes(&newest(&rows).to_bytes().unwrap()), Ok(newest(&rows)));
}

#[test]
fn that_the_ai_knows_nothing_is_never_given_as_an_answer_however_often_it_was_said_and_helped() {
    const NOTHING: &str = "Λυπάμαι, δεν έχω πληροφορίες για αυτό.";
    const ASK: &str = "Ask at the port office.";
    let said = |i: i64, response| ResponseExample { group: i, resolved: true, ..row(1, response, None) };
    let mut rows: Vec<ResponseExample<'_>> = (0..40).map(|i| said(i, NOTHING)).collect();
    let newest = |rows: &[ResponseExample<'_>]| fitted(rows, ResponseRules::ByMost, NonAnswers::default());
    let former = fitted(&rows, ResponseRules::ByOutcome, NonAnswers::default());
    assert_eq!((text(&former, 1, "en").as_deref(), text(&newest(&rows), 1, "en")), (Some(NOTHING), None));
    rows.extend((40..46).map(|i| said(i, ASK)));
    assert_eq!(text(&newest(&rows), 1, "en").as_deref(), Some(ASK), "most heard it of those who were answered");
    rows.push(row(1, ASK, Some(NOTHING)));
    assert_eq!(text(&newest(&rows), 1, "en").as_deref(), Some(NOTHING), "a person's words stand");
}

#[test]
fn what_is_said_to_thanks_answers_no_request_but_an_intent_of_thanks() {
    let (refund, thanks) = (IntentId(1), IntentId(2));
    let mut said = vec![(refund, false), (refund, true), (thanks, true), (thanks, true), (thanks, false)];
    drop_thanked(&mut said, |s| *s);
    assert_eq!(said, [(refund, false), (thanks, true), (thanks, true), (thanks, false)]);
}

#[test]
fn a_non_answer_is_one_whatever_name_it_is_said_to() {
    let names = ["Maria", "John", "Eleni", "Ahmed", "Zoe"];
    let said = names.map(|name| format!("Sorry {name}, I cannot help with this."));
    let rows = || (0..40).map(|i| (IntentId(i as i64 % 8), i as i64, said[i % 5].as_str(), i < 4));
    let none = |rules| said.iter().filter(|text| NonAnswers::among(rules, rows()).has(text)).count();
    assert_eq!((none(ResponseRules::ByMost), none(ResponseRules::ByOutcome)), (5, 0));
}

#[test]
fn answers_are_drawn_by_what_followed_them_and_only_where_no_request_tells() {
    let given = |i: i64, text: &'static str, resolved| ResponseExample { group: i, resolved, ..row(1, text, None) };
    let mut rows: Vec<ResponseExample<'static>> = (0..40).map(|i| given(100 + i, CHEAP, i % 4 == 0)).collect();
    rows.extend((0..40).map(|i| given(200 + i, SAILING, i % 4 != 0)));
    rows.extend([row(1, "No.", Some(CHEAP)), row(1, "No.", Some(SAILING))]);
    let table = fitted(&rows, ResponseRules::BySituation, NonAnswers::default());
    let asked = question(1, "en", "refund");
    let drawn: Vec<_> = (0..200).map(|seed| table.explore(asked, seed).unwrap()).collect();
    let better: Vec<_> = drawn.iter().filter(|d| d.response.text == SAILING).collect();
    assert!(better.len() > 180 && better.len() < 200 && better[0].propensity > 0.95, "{}", better.len());
    assert_eq!(table.explore(question(2, "en", "refund"), 1), None);
    assert_eq!(
        fitted(&rows[..81], ResponseRules::BySituation, NonAnswers::default()).explore(asked, 1),
        None,
        "one answer"
    );
}

/// What the AI said to intent 1, each time in another conversation.
fn said(texts: &[(&'static str, i64, bool)]) -> Vec<ResponseExample<'static>> {
    let each = texts.iter().flat_map(|(text, n, resolved)| (0..*n).map(move |_| (*text, *resolved)));
    (0..).zip(each).map(|(group, (text, resolved))| ResponseExample { group, resolved, ..row(1, text, None) }).collect()
}

fn own(rules: ResponseRules, texts: &[(&'static str, i64, bool)]) -> Option<String> {
    text(&fitted(&said(texts), rules, NonAnswers::default()), 1, "en")
}

#[test]
fn what_nobody_wrote_is_given_where_most_of_those_who_were_helped_heard_it() {
    use ResponseRules::{ByMost, ByOutcome};
    let stray = "Your points are in your account.";
    // Each of the many is filled in with another number, and the stray was said once.
    let points =
        [("You have 12 points.", 9, true), ("You have 453 points.", 9, true), ("You have 98 points.", 9, true)];
    let odd = [&points[..], &[(stray, 1, true)]].concat();
    assert_eq!((own(ByOutcome, &odd), own(ByMost, &odd)), (Some(stray.to_owned()), None));
    // Nor is it given where it was said often, but what is filled in is what helped.
    assert_eq!(own(ByMost, &[&points[..], &[(stray, 20, true)]].concat()), None);
    assert_eq!(own(ByMost, &[&points[..], &[(stray, 27, true)]].concat()).as_deref(), Some(stray));
    assert_eq!(own(ByMost, &[("At nine.", 4, true)]), None, "too seldom");
    // The wrong one is said more often and helped nobody.
    assert_eq!(own(ByMost, &[("No.", 40, false), ("At nine.", 6, true)]).as_deref(), Some("At nine."));
    // Nobody knows how anything ended.
    assert_eq!(own(ByMost, &[("At nine.", 6, false), ("At ten.", 5, false)]).as_deref(), Some("At nine."));
    assert_eq!(own(ByMost, &[("At nine.", 6, false), ("At ten.", 5, false), ("Later.", 5, false)]), None);
}

#[test]
fn what_was_said_to_one_by_name_or_on_one_day_is_nobody_elses_answer() {
    use ResponseRules::{ByMost, ByOutcome};
    let hello = |name: &'static str| [(name, 9, true), ("It is on its way.", 4, true)];
    let bob = "Hello Bob, your refund is on its way.";
    assert_eq!((own(ByOutcome, &hello(bob)).as_deref(), own(ByMost, &hello(bob))), (Some(bob), None));
    let phone = "Call +357 22 123456.";
    assert_eq!(own(ByMost, &hello(phone)).as_deref(), Some(phone), "everybody was told");
    // Texts that differ in a word: two are one that was put otherwise.
    let (monday, friday, sunday) = ("It leaves on Monday.", "It leaves on Friday.", "It leaves on Sunday.");
    assert_eq!(own(ByMost, &[(monday, 9, true), (friday, 2, true)]).as_deref(), Some(monday));
    assert_eq!(own(ByMost, &[(monday, 9, true), (friday, 2, true), (sunday, 2, true)]), None);
}

#[test]
fn where_few_tell_by_what_answers_differ_what_is_like_none_of_their_requests_keeps_the_usual_answer() {
    let rows = two_situations();
    let by = |rows: &[ResponseExample<'_>]| fitted(rows, ResponseRules::ByMost, NonAnswers::default());
    // One request an answer: who is surely nearer to the later one's gets that, typo or not.
    let table = by(&rows[..2]);
    for asked in ["the ferry was cancled because of the storm, pay me back", "our ferry was cancelled"] {
        assert_eq!(says(&table, asked).as_deref(), Some(SAILING), "{asked}");
    }
    // All others go on getting what was accepted before it.
    let usual = [
        "I bought a cheap ticket and want my money back!",
        "i boght a cheap ticket and want my mony back",
        "refund me",
    ];
    for asked in usual.into_iter().chain(["my luggage is lost", "do you sell pizza"]) {
        assert_eq!(says(&table, asked).as_deref(), Some(CHEAP), "{asked}");
    }
    assert_eq!(table.explain(IntentId(1))[0].response.text, CHEAP);
    // More accepted it: it is the usual one.
    let most = by(&[rows[0], rows[1], ResponseExample { group: 9, asked: Some("the captain was ill"), ..rows[1] }]);
    assert_eq!(says(&most, "my luggage is lost").as_deref(), Some(SAILING));
    // The same request again, of other conversations, is no other request: it counts once.
    let again = |group, asked| ResponseExample { group, asked: Some(asked), ..rows[1] };
    let asked = rows[1].asked.unwrap();
    let shouted = asked.to_uppercase() + "!!";
    let same = by(&[rows[0], rows[1], again(8, asked), again(9, &shouted)]);
    assert_eq!(says(&same, "my luggage is lost").as_deref(), Some(CHEAP));
    assert_eq!(says(&same, asked).as_deref(), Some(SAILING));
    assert_eq!(table.by_situation(), 0);
    assert!(
        table.explore(question(1, "en", "my luggage is lost"), 1).is_some(),
        "what is tried out is drawn all the same"
    );
    assert_eq!(ResponseTable::from_bytes(&table.to_bytes().unwrap()), Ok(table));
    // All share one.
    let shared = [rows[0], rows[2]];
    assert_eq!(says(&by(&shared), "my luggage is lost").as_deref(), Some(CHEAP));
    // A later one answers the same request: the former is no answer beside it.
    let former = ResponseExample { group: 9, corrected: Some(SAILING), ..rows[0] };
    assert_eq!(says(&by(&[former, rows[0]]), "my luggage is lost").as_deref(), Some(CHEAP));
    // Nearly all do, and one has its own.
    let one = ResponseExample { group: 9, corrected: Some(SAILING), ..rows[1] };
    let most = [one, rows[0], rows[2], rows[4], ResponseExample { group: 8, asked: Some("cheap tickets?"), ..rows[0] }];
    assert_eq!(says(&by(&most), "my luggage is lost").as_deref(), Some(CHEAP));
    assert_eq!(says(&by(&most), "our ferry was cancelled").as_deref(), Some(SAILING));
    // Enough of each.
    let table = by(&rows);
    assert_eq!(
        (table.by_situation(), says(&table, "my sailing got cancelled, refund me").as_deref()),
        (1, Some(SAILING))
    );
    assert_eq!(says(&table, "do you sell pizza"), None);
    assert!(String::from_utf8(table.to_bytes().unwrap()).unwrap().contains("\"lead\""));
}
