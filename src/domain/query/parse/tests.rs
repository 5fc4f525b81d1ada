use super::*;
use proptest::prelude::*;

fn one(text: &str) -> Filter {
    let mut query = Query::parse(text).unwrap();
    assert_eq!(query.terms.len(), 1, "{text}: {query:?}");
    let term = query.terms.remove(0);
    assert!(!term.negated);
    term.filter
}

fn fails(text: &str) -> (String, &str) {
    let e = Query::parse(text).unwrap_err();
    (e.message, &text[e.at])
}

#[test]
fn every_filter_of_the_manual_is_read() {
    assert_eq!(one("outcome:failed,escalated"), Filter::Outcome(vec![Outcome::Failed, Outcome::Escalated]));
    assert_eq!(one("intent:refund"), Filter::Intent(vec!["refund".into()]));
    assert_eq!(one("intent:\"refund status\",b"), Filter::Intent(vec!["refund status".into(), "b".into()]));
    assert_eq!(one("cause:wrong_intent"), Filter::Cause(vec![Cause::WrongIntent]));
    assert_eq!(one("conf<0.6"), Filter::Confidence(Cmp::Less, 0.6));
    assert_eq!(one("conf<60%"), Filter::Confidence(Cmp::Less, 0.6));
    assert_eq!(one("conf:>=0.5"), Filter::Confidence(Cmp::AtLeast, 0.5));
    assert_eq!(one("csat<=2"), Filter::Csat(Cmp::AtMost, 2.0));
    assert_eq!(one("csat:1"), Filter::Csat(Cmp::Equal, 1.0));
    assert_eq!(one("sentiment>-0.5"), Filter::Sentiment(Cmp::More, -0.5));
    assert_eq!(one("felt<0"), Filter::Felt(Cmp::Less, 0.0));
    assert_eq!(one("since:7d"), Filter::Since(QueryMoment::Days(7)));
    assert_eq!(one("since:2W"), Filter::Since(QueryMoment::Days(14)));
    assert_eq!(one("since:24h"), Filter::Since(QueryMoment::Ago(86_400_000)));
    assert_eq!(one("before:2026-03-01"), Filter::Before(QueryMoment::Day("2026-03-01".parse().unwrap())));
    assert_eq!(one("since:2026-03-01T00:00:00Z"), Filter::Since(QueryMoment::At(Timestamp(1_772_323_200_000))));
    assert_eq!(one("test:hidden"), Filter::Test(TestGroups::Hidden));
    assert_eq!(one("TEST:Only"), Filter::Test(TestGroups::Only));
    assert_eq!(one("since:2026-03-01T02:00:00+02:00"), Filter::Since(QueryMoment::At(Timestamp(1_772_323_200_000))));
    assert_eq!(one("status:open,done"), Filter::Status(vec![Review::Open, Review::Done]));
    assert_eq!(one("STATUS:Open,"), Filter::Status(vec![Review::Open]));
    assert_eq!(one("is:mismatch"), Filter::Is(Flag::Mismatch));
    for key in KEYS.iter().filter(|k| matches!(k.kind, KeyKind::Names(_))) {
        let shown = format!("{}:x,\"y z\"", key.name);
        assert_eq!(Query::parse(&shown).unwrap().to_string(), shown);
    }
    for key in KEYS.iter().filter(|k| matches!(k.kind, KeyKind::Closed)) {
        for value in key.values() {
            one(&format!("{}:{value}", key.name));
        }
    }
}

#[test]
fn words_phrases_and_negation() {
    let query = Query::parse("late refund -outcome:resolved -\"not this\" -nor more").unwrap();
    let negated: Vec<bool> = query.terms.iter().map(|t| t.negated).collect();
    assert_eq!(negated, [false, true, true, true, false]);
    assert_eq!(query.terms[0].filter, Filter::Words("late refund".into()));
    assert_eq!(query.terms[2].filter, Filter::Phrase("not this".into()));
    assert_eq!(Query::parse("  \"\" ").unwrap(), Query::default());
    assert_eq!(one("\"say \\\"hi\\\" \\now"), Filter::Phrase("say \"hi\" \\now".into()));
}

#[test]
fn what_only_looks_like_a_filter_is_a_word() {
    for text in ["http://example.org/?a=b", "10:30", "i<3", "<3", "-", ":", "ratio=1:2", "παραγγελία:"] {
        assert_eq!(one(text), Filter::Words(text.into()));
    }
    for text in ["#", "#12a", "7408", "##1", "#99999999999999999999"] {
        assert_eq!(one(text), Filter::Words(text.into()));
    }
    assert_eq!(one("#7408"), Filter::Row(7_408));
    assert_eq!(one("\"outcom:x\""), Filter::Phrase("outcom:x".into()));
}

#[test]
fn errors_name_the_culprit_and_the_way_out() {
    assert_eq!(fails("a outcom:failed"), ("no filter called `outcom`: did you mean `outcome`?".into(), "outcom"));
    assert_eq!(fails("confi<0.6").1, "confi");
    assert_eq!(fails("-outcome:failed,reslved").0, "`outcome` knows no `reslved`: did you mean `resolved`?");
    assert_eq!(fails("outcome:failed,reslved").1, "reslved");
    assert!(fails("outcome:zzzzz").0.contains("resolved, escalated, failed"));
    assert!(fails("weather:x").0.contains("in quotes"));
    assert!(fails("intent:").0.starts_with("`intent` needs a value"));
    assert_eq!(fails("x intent: y").1, "intent:");
    assert!(fails("conf<60").0.contains("0% to 100%"));
    assert_eq!(fails("csat<bad").1, "bad");
    assert_eq!(fails("csat<inf").1, "inf");
    assert!(fails("since:yesterday").0.contains("7d"));
    assert!(fails("since:99999999999999999w").0.contains("7d"));
    assert!(fails("outcome<failed").0.contains("takes a colon"));
    assert_eq!(fails("is:gold,pinned").1, "gold,pinned");
    assert_eq!(fails("test:hiden").0, "`test` knows no `hiden`: did you mean `hidden`?");
    assert_eq!(fails("test:hidden,only").1, "hidden,only");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn nothing_panics_and_what_is_read_reads_back(text in "(?s).{0,40}") {
        match Query::parse(&text) {
            Ok(query) => prop_assert_eq!(Query::parse(&query.to_string()).unwrap(), query),
            Err(e) => prop_assert!(text.get(e.at).is_some()),
        }
    }

    #[test]
    fn so_does_what_looks_like_a_query(
        parts in prop::collection::vec(prop::sample::select(vec![
            "-", "\"", "\\", ",", ":", "<", ">=", "=", " ", "outcome", "intent", "conf", "since", "is", "failed", "gold",
            "0.6", "60%", "7d", "90min", "2026-03-01", "T08:00:00.5Z", "http://", "x", "ά", "csat", "sentiment", "\n", "_", "test", "hidden", "14d",
        ]), 0..14)
    ) {
        let text = parts.concat();
        match Query::parse(&text) {
            Ok(query) => prop_assert_eq!(Query::parse(&query.to_string()).unwrap(), query),
            Err(e) => prop_assert!(text.get(e.at).is_some()),
        }
    }
}

#[test]
fn a_matter_is_what_a_query_is_about_whenever_it_happened() {
    let matter = |text: &str| Query::parse(text).unwrap().matter().to_string();
    assert_eq!(matter("cluster:12 outcome:failed,escalated since:28d test:shown"), "cluster:12");
    assert_eq!(
        matter("intent:refund outcome:resolved,escalated,failed,abandoned since:28d test:shown"),
        "intent:refund"
    );
    assert_eq!(matter("outcome:failed,escalated intent:refund -cause:right_handover is:counted"), "intent:refund");
    assert_eq!(matter("outcome:escalated cause:policy before:2026-03-01"), "outcome:escalated cause:policy");
    assert_eq!(matter("since:7d test:hidden"), "");
}

#[test]
fn hours_days_and_turns_read_back_as_they_were_written() {
    for text in ["hour:9,18-23", "day:sat,sun", "turns>=8 -turns>20", "mode:\"wrong port\" topic:booking"] {
        assert_eq!(Query::parse(text).unwrap().to_string(), text);
    }
    for wrong in ["hour:24", "hour:9-", "hour:5-2", "day:noon", "turns:many"] {
        assert!(Query::parse(wrong).is_err(), "{wrong}");
    }
}
