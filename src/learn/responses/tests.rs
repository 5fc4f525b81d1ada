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
    }
}

fn fitted(rows: &[ResponseExample<'_>], rules: ResponseRules, non_answers: NonAnswers) -> ResponseTable {
    ResponseRecipe { rules, non_answers }.fit(rows, &SilentReporter).unwrap().into_model()
}

fn text(table: &ResponseTable, intent: i64, language: &str) -> Option<String> {
    table.predict((IntentId(intent), language)).map(|r| r.text.clone())
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
    for rules in [ResponseRules::ByIntent, ResponseRules::ByLanguage] {
        let table = fitted(&rows, rules, NonAnswers::default());
        let yes = IntentResponse { text: "Yes,  you can.".into(), from: ResponseOrigin::Correction, count: 2, of: 3 };
        assert_eq!(table.predict((IntentId(1), "en")), Some(&yes));
        let b = IntentResponse { text: "b".into(), from: ResponseOrigin::MostUsed, count: 2, of: 4 };
        assert_eq!(table.predict((IntentId(2), "en")), Some(&b));
        assert_eq!((table.predict((IntentId(3), "en")), table.iter().count()), (None, 2));
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
    assert!(ResponseTable::from_bytes(br#"{"recipe":4,"answers":{}}"#).is_err());
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
fn a_non_answer_is_said_to_many_intents_and_resolves_little() {
    let said = |intents: i64, n: i64, resolved: i64| {
        let rows = (0..n).map(|i| (IntentId(i % intents), i, "Sorry, later.", i < resolved));
        NonAnswers::among(rows).has("Sorry,  later.")
    };
    assert!(said(5, 20, 5));
    assert!(!said(4, 40, 0) && !said(5, 19, 0) && !said(5, 20, 6));
    let none = NonAnswers::among((0..20).map(|i| (IntentId(i % 5), i, "Sorry, later.", false)));
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
