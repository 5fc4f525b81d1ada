use super::conversation::read;
use super::*;
use crate::domain::{Conversation, Outcome, OutcomeSource, Role};
use crate::ingest::context::Salt;
use crate::ingest::derive::hash::pseudonym;
use crate::ingest::derive::strangers::Speakers;
use proptest::prelude::*;
use serde_json::json;

pub(super) fn context() -> Context {
    Context::of("fallback")
}

fn ok(value: Value) -> (Conversation, Vec<String>) {
    let mut cx = context();
    let c = read(value, &mut cx).unwrap();
    (c, cx.warnings.list().into_iter().map(|w| w.text).collect())
}

fn bad(value: Value) -> String {
    read(value, &mut context()).unwrap_err().to_string()
}

fn turn(value: Value) -> (crate::domain::Turn, Vec<String>) {
    let (mut c, warnings) = ok(json!({"id": "1", "turns": [value]}));
    (c.turns.remove(0), warnings)
}

#[test]
fn turns_are_read_in_the_order_of_their_places_or_times() {
    let said = |turns: Value| {
        let (c, warnings) = ok(json!({"id": "1", "turns": turns, "offers": [{"name": "Gold", "turn": 0}]}));
        let texts: Vec<String> = c.turns.iter().map(|t| t.text.clone()).collect();
        (texts.join(" "), c.offers[0].turn, warnings.iter().any(|w| w.contains("out of order")))
    };
    let turn = |text: &str, beside: Value| {
        let mut turn = json!({"role": if text == "b" { "bot" } else { "user" }, "text": text});
        turn.as_object_mut().unwrap().extend(beside.as_object().unwrap().clone());
        turn
    };
    let at = |second: u8| json!({"at": format!("2026-03-01T10:00:0{second}Z")});
    let shuffled =
        json!([turn("b", json!({"seq": "2"})), turn("a", json!({"seq": "1"})), turn("c", json!({"seq": 10}))]);
    assert_eq!(said(shuffled), ("a b c".to_owned(), Some(1), true));
    assert_eq!(
        said(json!([turn("c", at(7)), turn("b", at(5)), turn("a", at(1))])),
        ("a b c".to_owned(), Some(2), true)
    );
    // What is in order, has one place for two turns, no time for one, or places that its times speak against, stays.
    for beside in [
        [at(1), at(1), at(2)],
        [at(5), at(1), at(7)],
        [json!({"index": 1}), json!({"index": 0}), json!({"index": 0})],
        [at(5), at(1), json!({})],
        [
            json!({"index": 1, "at": "2026-03-01T10:00:01Z"}),
            json!({"index": 0, "at": "2026-03-01T10:00:02Z"}),
            json!({"index": 2, "at": "2026-03-01T10:00:03Z"}),
        ],
    ] {
        let [a, b, c] = beside;
        assert_eq!(said(json!([turn("a", a), turn("b", b), turn("c", c)])), ("a b c".to_owned(), Some(0), false));
    }
}

#[test]
fn the_full_form_of_the_specification_is_read_and_written_back() {
    let full = json!({
        "v": 1, "id": "c-1", "source": "rasa", "channel": "web", "lang": "en", "customer_id": "u-9",
        "started_at": "2026-03-03T08:00:00Z", "ended_at": "2026-03-03T08:05:00Z",
        "bot": {"name": "ShopBot", "version": "7"},
        "turns": [
            {"role": "user", "text": "where is order 4417", "id": "m-1", "at": "2026-03-03T08:00:00Z",
             "intent": "order_status", "confidence": 0.91,
             "ranking": [{"intent": "order_status", "confidence": 0.91}, {"intent": "return", "confidence": 0.05}],
             "entities": [{"name": "order_id", "value": "4417", "start": 15, "end": 19}],
             "fallback": true, "payload": true, "gold_intents": ["order_status", "complaint"], "sentiment": -0.4},
            {"role": "bot", "text": "It arrives Tuesday.", "at": "2026-03-03T08:00:02Z", "action": "utter_order_status",
             "corrected": "It arrives on Tuesday 5 May.", "feedback": {"score": -1, "comment": "wrong day"},
             "model": "gpt-4o-mini", "latency_ms": 320.0},
            {"role": "tool", "text": "{\"id\":4417}", "name": "get_order"},
            {"role": "system", "text": "queue=cards", "event": "handoff"}
        ],
        "outcome": "resolved", "outcome_source": "explicit", "outcome_reason": "bot_resolved",
        "csat": {"score": 4.0, "max": 5.0, "comment": "ok", "at": "2026-03-03T08:06:00Z"},
        "sentiment": 0.2,
        "offers": [{"id": "o1", "name": "Gold plan", "turn": 1, "status": "accepted",
                    "shown_at": "2026-03-03T08:00:02Z", "value": 120.0, "currency": "EUR"}],
        "tags": ["vip"], "meta": {"any": "json"}
    });
    let (c, warnings) = ok(full.clone());
    assert_eq!(warnings, Vec::<String>::new());
    assert_eq!(serde_json::to_value(&c).unwrap(), full);
    assert_eq!(ok(serde_json::to_value(&c).unwrap()).0, c);
}

#[test]
fn only_other_words_than_the_ais_own_correct_it() {
    let corrected = |role: &str, text: &str| {
        let (turn, warnings) = turn(json!({"role": role, "text": "In five days.", "corrected": text}));
        (turn.corrected, turn.meta.get("corrected").cloned(), warnings.len())
    };
    assert_eq!(corrected("bot", "In a week."), (Some("In a week.".to_owned()), None, 0));
    assert_eq!(corrected("bot", " "), (None, None, 0));
    assert_eq!(corrected("bot", "In  five days.\n"), (None, None, 1));
    assert_eq!(corrected("user", "Where is it?"), (None, Some(json!("Where is it?")), 1));
}

#[test]
fn the_least_form_is_enough() {
    let (c, _) = ok(json!({"id": 7, "turns": [{"role": "user", "text": "x"}]}));
    assert_eq!((c.id.as_str(), c.source.as_str(), c.outcome), ("7", "fallback", Some(Outcome::Unknown)));
    assert_eq!((c.outcome_source, c.started_at), (Some(OutcomeSource::Derived), None));
}

#[test]
fn what_the_ai_did_needs_no_words() {
    let (c, _) =
        ok(json!({"id": "1", "turns": [{"role": "user", "text": "x"}, {"role": "bot", "action": "send_form"}]}));
    assert_eq!((c.turns[1].text.as_str(), c.turns[1].action.as_deref()), ("", Some("send_form")));
    let silent = bad(json!({"id": "1", "turns": [{"role": "user", "text": "x"}, {"role": "bot"}]}));
    assert_eq!(silent, "turn 1: no `text`");
}

#[test]
fn other_spellings_are_accepted() {
    let (c, _) = ok(json!({"id": "1", "messages": [
        {"role": "customer", "message": "a", "timestamp": 1_772_524_800},
        {"role": "Assistant", "content": "b", "ts": "1772524801"},
        {"role": "human_agent", "utterance": "c", "created_at": "2026-03-03 08:00:02"},
        {"role": "function", "content": null},
        {"role": "end-user", "text": 4417},
        {"role": "system"}
    ]}));
    let roles: Vec<Role> = c.turns.iter().map(|t| t.role).collect();
    assert_eq!(roles, [Role::User, Role::Bot, Role::Agent, Role::Tool, Role::User, Role::System]);
    let texts: Vec<&str> = c.turns.iter().map(|t| t.text.as_str()).collect();
    assert_eq!(texts, ["a", "b", "c", "", "4417", ""]);
    assert_eq!(c.started_at.unwrap().rfc3339(), "2026-03-03T08:00:00Z");
    assert_eq!(c.ended_at.unwrap().rfc3339(), "2026-03-03T08:00:02Z");
}

#[test]
fn a_language_has_other_names_where_it_is_a_tag() {
    let lang = |extra: Value| {
        let mut value = json!({"id": "1", "turns": [{"role": "user", "text": "x"}]});
        value.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        let (c, _) = ok(value);
        (c.lang.unwrap_or_default(), c.meta.len())
    };
    assert_eq!(lang(json!({"language": "el-GR"})), ("el-GR".to_owned(), 0));
    assert_eq!(lang(json!({"locale": "zh_Hant_TW"})), ("zh_Hant_TW".to_owned(), 0));
    assert_eq!(
        lang(json!({"lang": "en", "language": "el"})),
        ("en".to_owned(), 1),
        "the first name is the format's own"
    );
    assert_eq!(lang(json!({"language": "plain English"})), (String::new(), 1), "no tag is guessed");
}

#[test]
fn times_stand_under_other_keys_too_and_are_not_taken_from_what_is_no_time() {
    let (c, _) =
        ok(json!({"id": "call", "startedAt": "2026-03-03T07:59:00Z", "endedAt": "2026-03-03T08:05:00Z", "messages": [
            {"role": "bot", "message": "a", "time": 1_772_524_800_000_i64, "secondsFromStart": 1},
            {"role": "user", "message": "b", "time": 3.2},
            {"role": "user", "message": "c", "date": "Tuesday"}
        ]}));
    assert_eq!(c.started_at.unwrap().rfc3339(), "2026-03-03T07:59:00Z");
    assert_eq!(c.ended_at.unwrap().rfc3339(), "2026-03-03T08:05:00Z");
    let at: Vec<bool> = c.turns.iter().map(|t| t.at.is_some()).collect();
    assert_eq!(at, [true, false, false]);
    assert_eq!((&c.turns[1].meta["time"], &c.turns[2].meta["date"]), (&json!(3.2), &json!("Tuesday")));
}

#[test]
fn an_answer_under_a_key_of_its_own_is_asked_for_and_then_said() {
    let beside = json!({"id": "1", "turns": [{"role": "user", "text": "where is it", "reply": "On its way."}]});
    let below = json!({"id": "1", "turns": [{"role": "user", "text": "where is it"}], "ai_response": "On its way."});
    for (record, key) in [(&beside, "reply"), (&below, "ai_response")] {
        let error = read(record.clone(), &mut context()).unwrap_err();
        assert_eq!(error.stranger().as_deref(), Some(key));
        assert!(error.to_string().contains(&format!("--speakers {key}=bot")), "{error}");
        let mut told = context();
        told.speakers = Speakers::of(&[format!("{key}=bot")]).unwrap();
        let c = read(record.clone(), &mut told).unwrap();
        let said: Vec<(Role, &str)> = c.turns.iter().map(|t| (t.role, t.text.as_str())).collect();
        assert_eq!(said, [(Role::User, "where is it"), (Role::Bot, "On its way.")]);
        assert!(c.meta.is_empty() && c.turns.iter().all(|t| t.meta.is_empty()));
    }
    // Beside what the AI is read to have said it is one more thing that is known, and a word or a time is no answer.
    let answered = json!({"id": "1", "answer": "It is on its way.", "turns": [{"role": "user", "text": "x"}, {"role": "bot", "text": "y"}]});
    assert_eq!(ok(answered).0.meta["answer"], "It is on its way.");
    let about = json!({"id": "1", "turns": [{"role": "user", "text": "x", "response_time": "two long minutes", "reply": "yes"}]});
    assert_eq!(ok(about).0.turns[0].meta.len(), 2);
}

#[test]
fn fallbacks_of_single_flows_are_told_by_how_their_names_end() {
    let of = |intent: &str| turn(json!({"role": "user", "text": "x", "intent": intent, "confidence": 0.4})).0.fallback;
    for intent in [
        "Order - fallback",
        "System.Fallback",
        "GlobalFallback",
        "Shop.DefaultFallbackIntent",
        "NoneIntent",
        "πληρωμή.fallback",
    ] {
        assert!(of(intent), "{intent}");
    }
    assert!(!of("fallback_plan") && !of("order_status") && !of("out_of_scope"));
}

#[test]
fn loggers_have_a_message_of_their_own() {
    for line in [
        json!({"msg": "chat", "role": "user", "text": "where is it"}),
        json!({"text": "where is it", "role": "user", "msg": "chat"}),
        json!({"msg": "chat", "role": "user", "content": "where is it"}),
    ] {
        let (t, _) = turn(line);
        assert_eq!((t.text.as_str(), &t.meta["msg"]), ("where is it", &json!("chat")));
    }
    assert_eq!(turn(json!({"msg": "where is it", "role": "user"})).0.text, "where is it");
}

#[test]
fn who_speaks_is_known_in_other_languages() {
    for (word, role) in
        [("Kunde", Role::User), ("πελάτης", Role::User), ("asistente", Role::Bot), ("conseiller", Role::Agent)]
    {
        assert_eq!(turn(json!({"role": word, "text": "x"})).0.role, role, "{word}");
    }
}

#[test]
fn confidence_in_all_its_forms() {
    let of = |value: Value| {
        let (t, warnings) = turn(json!({"role": "user", "text": "x", "confidence": value}));
        (t.confidence, warnings.len())
    };
    assert_eq!(of(json!(0.87)), (Some(0.87), 0));
    assert_eq!(of(json!("0.87")), (Some(0.87), 0));
    assert_eq!(of(json!("87%")), (Some(0.87), 0));
    assert_eq!(of(json!(87)), (Some(0.87), 1));
    assert_eq!(of(json!({"score": 0.5})), (Some(0.5), 0));
    assert_eq!(of(json!(null)), (None, 0));
    assert_eq!(of(json!(-1)), (None, 1));
    assert_eq!(of(json!("high")), (None, 1));
}

#[test]
fn labels_of_both_spellings_come_together_primary_first() {
    for labels in [
        json!({"role": "user", "text": "x", "gold_intents": ["b", "a", "c"], "gold_intent": "a"}),
        json!({"role": "user", "text": "x", "gold_intent": "a", "gold_intents": ["b", "a", "c", ""]}),
    ] {
        assert_eq!(turn(labels).0.gold, ["a", "b", "c"]);
    }
    assert_eq!(turn(json!({"role": "user", "text": "x", "gold_intents": null})).0.gold, Vec::<String>::new());
}

#[test]
fn what_is_not_known_is_kept_and_said_once() {
    let (c, warnings) = ok(json!({
        "id": "1", "shop": {"a": 1}, "bot": {"name": "B", "team": "x"}, "meta": {"shop": "wins", "b": 2},
        "turns": [{"role": "user", "text": "x", "mood": 1, "ranking": "odd"}, {"role": "bot", "text": "y", "mood": 2}]
    }));
    assert_eq!(Value::Object(c.meta), json!({"bot.team": "x", "shop": "wins", "b": 2}));
    assert_eq!(Value::Object(c.turns[0].meta.clone()), json!({"mood": 1, "ranking": "odd"}));
    assert_eq!(warnings.len(), 4, "{warnings:?}");
    let many =
        json!({"id": "1", "turns": [{"role": "user", "text": "x"}], "a": 1, "b": 1, "c": 1, "d": 1, "e": 1, "f": 1});
    assert_eq!(ok(many).1, ["`a`, `b`, `c`, `d`, `e`, `f` are not known here, or not in this form: kept in meta"]);
}

#[test]
fn ratings_thumbs_and_intents_in_short_form() {
    let (c, _) = ok(json!({"id": "1", "csat": 4, "turns": [
        {"role": "user", "text": "x", "intent": {"name": "a", "confidence": 0.5}},
        {"role": "bot", "text": "y", "feedback": 1}
    ]}));
    let csat = c.csat.unwrap();
    assert_eq!((csat.score, csat.max), (4.0, 5.0));
    assert_eq!((c.turns[0].intent.as_deref(), c.turns[0].confidence), (Some("a"), Some(0.5)));
    assert_eq!(c.turns[1].feedback.as_ref().unwrap().score, 1);
}

#[test]
fn a_bare_rating_is_of_five_and_no_other_scale_is_guessed() {
    let rated = |csat: Value| {
        let (c, warnings) = ok(json!({"id": "1", "csat": csat, "turns": [{"role": "user", "text": "x"}]}));
        (c.csat.map(|r| (r.score, r.max)), !warnings.is_empty())
    };
    for (csat, is) in
        [(json!(4), (4.0, 5.0)), (json!("4/5"), (4.0, 5.0)), (json!({"score": 9, "max": 10}), (9.0, 10.0))]
    {
        assert_eq!(rated(csat), (Some(is), false));
    }
    for csat in [json!(9), json!(0), json!(-1), json!({"score": 9, "max": 5})] {
        assert_eq!(rated(csat.clone()), (None, true), "{csat}");
    }
}

#[test]
fn rejects_say_what_is_wrong_and_where() {
    let with = |turn: Value| bad(json!({"id": "1", "turns": [{"role": "user", "text": "x"}, turn]}));
    assert_eq!(bad(json!([1])), "a conversation must be a JSON object, and is a list here");
    assert_eq!(bad(json!({"turns": [{"role": "user", "text": "x"}]})), "no `id`");
    assert!(bad(json!({"id": "1", "turns": []})).starts_with("no `turns`"));
    assert!(bad(json!({"id": "1"})).starts_with("no `turns`"));
    assert_eq!(bad(json!({"id": true, "turns": []})), "`id` must be text or a number, and is true or false here");
    assert_eq!(with(json!({"role": "user"})), "turn 1: no `text`");
    assert_eq!(with(json!({"role": "user", "text": [7]})), "turn 1: no `text`");
    assert!(with(json!({"text": "x"})).starts_with("turn 1: no `role`: it says user, bot"));
    assert!(with(json!({"role": "boss", "text": "x"})).contains("no role called \"boss\""));
    assert!(with(json!({"role": "user", "text": "x", "at": "soon"})).starts_with("turn 1: \"soon\" is no time"));
    let outcome = |o: &str| bad(json!({"id": "1", "turns": [{"role": "user", "text": "x"}], "outcome": o}));
    assert_eq!(outcome("resolvd"), "no outcome called \"resolvd\": did you mean `resolved`?");
    assert!(bad(json!({"v": 2, "id": "1"})).contains("version 2"));
    let offer = |o: Value| bad(json!({"id": "1", "turns": [{"role": "user", "text": "x"}], "offers": [o]}));
    assert_eq!(offer(json!(7)), "offer 0 must be an object, and is a number here");
}

#[test]
fn customers_become_pseudonyms_on_request() {
    let mut cx = Context { salt: Some(Salt(b"s".to_vec())), ..context() };
    let value = json!({"id": "1", "customer_id": 42, "turns": [{"role": "user", "text": "x"}]});
    let c = read(value, &mut cx).unwrap();
    assert_eq!(c.customer_id, Some(pseudonym(&Salt(b"s".to_vec()), "42")));
}

/// Any JSON, with the keys of the format more often than others.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-3i64..200).prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        prop::sample::select(vec!["user", "bot", "2026-03-03", "87%", "resolved", "x", "", "accepted"])
            .prop_map(Value::from),
    ];
    let key = prop::sample::select(vec![
        "id",
        "turns",
        "role",
        "text",
        "message",
        "at",
        "intent",
        "confidence",
        "ranking",
        "gold_intent",
        "gold_intents",
        "feedback",
        "csat",
        "score",
        "offers",
        "name",
        "status",
        "meta",
        "bot",
        "outcome",
        "sentiment",
        "tags",
        "zzz",
    ]);
    leaf.prop_recursive(5, 60, 8, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((key.clone(), inner), 0..8)
                .prop_map(|pairs| Value::Object(pairs.into_iter().map(|(k, v)| (k.to_owned(), v)).collect())),
        ]
    })
}

proptest! {
    #[test]
    fn reading_what_was_written_changes_nothing(value in any_json(), extra in any_json(), key in any_json()) {
        let _ = read(value.clone(), &mut context());
        let record = json!({
            "id": "1", "csat": key, "bot": extra.clone(), "shop": value.clone(),
            "turns": [{"role": "user", "text": "x", "ranking": value, "feedback": extra, "intent": key}]
        });
        if let Ok(c) = read(record, &mut context()) {
            let written = serde_json::to_value(&c).unwrap();
            let again = read(written.clone(), &mut context()).unwrap();
            prop_assert_eq!(serde_json::to_value(&again).unwrap(), written);
        }
    }
}

#[test]
fn more_keys_and_labels_than_any_log_needs_are_refused_by_name() {
    let keys = |n: usize| Value::Object((0..n).map(|i| (format!("k{i}"), json!(1))).collect());
    let with = |mut object: Value, more: Value| {
        object.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        object
    };
    let turn = json!({"role": "user", "text": "x"});
    let record = |turn: Value, more: Value| with(json!({"id": "1", "turns": [turn]}), more);
    let list = |n: usize| Value::Array((0..n).map(|i| json!(format!("k{i}"))).collect());
    let objects = |n: usize| Value::Array(vec![json!({"name": "a", "confidence": 0.5}); n]);
    let (most, listed) = (value::MAX_KEYS, value::MAX_LISTED);
    for (odd, says) in [
        (record(turn.clone(), keys(most + 1)), "keys"),
        (record(with(turn.clone(), keys(most + 1)), json!({})), "turn 0"),
        (record(turn.clone(), json!({"meta": keys(most + 1)})), "`meta`"),
        (record(turn.clone(), json!({"bot": keys(most + 1)})), "`bot`"),
        (record(turn.clone(), json!({"other": keys(most + 1)})), "`other`"),
        (record(turn.clone(), json!({"csat": keys(most + 1)})), "`csat`"),
        (record(turn.clone(), json!({"offers": [keys(most + 1)]})), "`offers`"),
        (record(turn.clone(), json!({"offers": objects(listed + 1)})), "`offers`"),
        (record(turn.clone(), json!({"tags": list(listed + 1)})), "`tags`"),
        (record(with(turn.clone(), json!({"gold_intents": list(listed + 1)})), json!({})), "`gold_intents`"),
        (record(with(turn.clone(), json!({"ranking": objects(listed + 1)})), json!({})), "`ranking`"),
        (record(with(turn.clone(), json!({"entities": list(listed + 1)})), json!({})), "`entities`"),
        (record(with(turn.clone(), json!({"feedback": keys(most + 1)})), json!({})), "`feedback`"),
    ] {
        let said = read(odd, &mut context()).unwrap_err().to_string();
        let number = |n: usize| said.contains(&n.to_string());
        assert!(said.contains(says) && (number(most) || number(listed)), "{says}: {said}");
    }
    let twice: Vec<String> = (0..listed).map(|i| format!("k{}", i / 2)).collect();
    // As many as may be are read, by both ways, and equal labels count once.
    let labels = with(turn, json!({"gold_intents": twice}));
    let text = record(labels, keys(most - 2)).to_string();
    for c in [stream::read(&text, &mut context()).unwrap(), read(text.parse().unwrap(), &mut context()).unwrap()] {
        assert_eq!((c.turns[0].gold.len(), c.meta.len()), (listed / 2, most - 2));
    }
}

#[test]
fn texts_that_begin_with_who_speaks_say_it() {
    let lines = |lines: &[&str]| json!({"id": "1", "turns": lines});
    let read = |value: Value| {
        read(value, &mut context())
            .map(|c| c.turns.into_iter().map(|t| format!("{} {}", t.role.name(), t.text)).collect::<Vec<_>>())
    };
    let said = read(lines(&["Bot: Hello, how can I help?", "User: where is it: 4411"])).unwrap();
    assert_eq!(said, ["bot Hello, how can I help?", "user where is it: 4411"]);
    let stranger = read(lines(&["Bot: Hello", "Sofia: where is it"])).unwrap_err();
    assert_eq!(stranger.stranger().as_deref(), Some("Sofia"), "{stranger}");
    let bare = read(lines(&["Hello", "where is it: 4411"])).unwrap_err();
    assert_eq!(bare.stranger().as_deref(), Some("first"), "{bare}");
}

#[test]
fn words_in_an_object_and_turns_kept_as_text_are_read() {
    let said = |value: Value| {
        let read = super::conversation::read(value, &mut context()).unwrap();
        read.turns.iter().map(|t| t.text.clone()).collect::<Vec<_>>()
    };
    let body =
        json!({"id": "1", "messages": [{"sender": "customer", "content": {"type": "text", "body": "where is it"}}]});
    assert_eq!(said(body), ["where is it"]);
    let packed = json!({"convId": "1", "messages": "[{\"role\": \"user\", \"content\": \"where is it\"}]"});
    assert_eq!(said(packed), ["where is it"]);
}
