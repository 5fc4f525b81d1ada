//! Logs of intent-based assistants.

use super::Fixture;

pub(super) const ALL: &[Fixture] = &[
    Fixture {
        format: "rasa",
        text: r#"{"sender_id":"u1","events":[
{"event":"action","name":"action_session_start","timestamp":1767225600.0},{"event":"session_started","timestamp":1767225600.0},
{"event":"user","timestamp":1767225601.0,"text":"where is it","message_id":"m1","input_channel":"rest","parse_data":{"intent":{"name":"status","confidence":0.9},"intent_ranking":[{"name":"status","confidence":0.9}],"entities":[]}},
{"event":"action","name":"utter_ask_order","timestamp":1767225602.0},
{"event":"bot","timestamp":1767225602.0,"text":null,"data":{"buttons":[{"title":"A"},{"title":"B"}]}},
{"event":"user","timestamp":1767225603.0,"text":"/pick{\"x\":1}","parse_data":{"intent":{"name":"nlu_fallback","confidence":0.3},"intent_ranking":[{"name":"nlu_fallback","confidence":0.3},{"name":"pick","confidence":0.2}]}},
{"event":"pause","timestamp":1767225604.0},{"event":"agent","text":"hello","timestamp":1767225605.0},{"event":"sparkle","timestamp":1767225605.0},
{"event":"session_started","timestamp":1767312000.0},{"event":"session_started","timestamp":1767312001.0},
{"event":"user","timestamp":1767312002.0,"text":"hi","parse_data":{"intent":{"name":null,"confidence":0.0}}},
{"event":"action","name":"action_default_fallback","timestamp":1767312003.0},{"event":"bot","timestamp":1767312003.0,"text":"Sorry?"}]}"#,
        comes_to: &[
            "u1#1 escalated: user where is it (status 0.9) | bot [A | B] | user /pick{\"x\":1} (nlu_fallback) !fallback !payload | [handoff] pause | agent hello",
            "u1#3 failed: user hi !fallback | bot Sorry? !fallback",
        ],
        warns: &["an event `sparkle` is not known", "a session in which nobody"],
    },
    Fixture {
        format: "rasa",
        text: r#"{"sender_id":"b","event":"user","timestamp":1767225601.0,"text":"2 of b","parse_data":{}}
{"sender_id":"a","event":"user","timestamp":1767225602.0,"text":"1 of a","parse_data":{}}
{"sender_id":"b","event":"action","name":"utter_did_that_help","timestamp":1767225603.0}
{"sender_id":"b","event":"bot","text":"Did that help?","timestamp":1767225603.0}
{"sender_id":"b","event":"user","timestamp":1767225604.0,"text":"yes","parse_data":{"intent":{"name":"affirm","confidence":1.0}}}"#,
        comes_to: &["b#1 resolved: user 2 of b | bot Did that help? | user yes (affirm 1)", "a#1 unknown: user 1 of a"],
        warns: &[],
    },
    Fixture {
        format: "lex",
        text: r#"{"messageVersion":"2.0","timestamp":"2026-03-01T09:00:20Z","requestId":"r2","sessionId":"s1","inputTranscript":"asdf","missedUtterance":true,"messages":[{"content":"Pardon?","contentType":"PlainText"}],"sessionState":{"intent":{"name":"FallbackIntent","state":"ReadyForFulfillment"},"dialogAction":{"type":"ElicitIntent"}},"interpretations":[{"intent":{"name":"FallbackIntent"}},{"intent":{"name":"Status"},"nluConfidence":{"score":0.4}}]}
{"messageVersion":"2.0","timestamp":"2026-03-01T09:00:01Z","requestId":"r1","sessionId":"s1","inputTranscript":"where is it","missedUtterance":false,"bot":{"name":"ShopBot","localeId":"en_US"},"messages":[{"content":"<speak>Which one?</speak>","contentType":"SSML"}],"sessionState":{"intent":{"name":"Status","state":"InProgress"}},"interpretations":[{"intent":{"name":"Status"},"nluConfidence":"0.91"}]}
{"messageVersion":"2.0","timestamp":"2026-03-01T09:00:01Z","requestId":"r1","sessionId":"s1","inputTranscript":"where is it","interpretations":[]}
{"messageVersion":"2.0","timestamp":"2026-03-03T09:00:01Z","requestId":"r3","sessionId":"s1","inputTranscript":"stop it","missedUtterance":false,"sessionState":{"intent":{"name":"Cancel","state":"Fulfilled"}},"interpretations":[{"intent":{"name":"Cancel"},"nluConfidence":0.8}]}
{"messageVersion":"2.0","timestamp":"2026-03-03T09:00:01Z","requestId":"r4","sessionId":"s2","inputTranscript":"a person","sessionState":{"sessionAttributes":{"escalate":"true"},"intent":{"name":"Help","state":"Fulfilled"}},"interpretations":[{"intent":{"name":"Help"},"nluConfidence":0.8}],"messages":[{"content":"One moment."}]}"#,
        comes_to: &[
            "s1 failed: user where is it (Status 0.91) | bot Which one? | user asdf (FallbackIntent) !fallback | bot Pardon? !fallback",
            "s1#2 resolved: user stop it (Cancel 0.8)",
            "s2 escalated: user a person (Help 0.8) | bot One moment. | [handoff] Help",
        ],
        warns: &[],
    },
    Fixture {
        format: "lex",
        text: r#"{"events":[{"timestamp":1,"message":"START RequestId: 1"},{"timestamp":1772355601120,"message":"{\"messageVersion\":\"2.0\",\"timestamp\":\"2026-03-01T09:00:01Z\",\"requestId\":\"r1\",\"sessionId\":\"s1\",\"inputTranscript\":\"hi\",\"sessionState\":{\"intent\":{\"name\":\"X\",\"state\":\"Failed\"}},\"interpretations\":[]}"}],"searchedLogStreams":[]}"#,
        comes_to: &["s1 failed: user hi (X)"],
        warns: &["a line of the log that is no conversation log"],
    },
    Fixture {
        format: "lex",
        text: "@timestamp,@message\n2026-03-01 09:00:01.000,\"{\"\"messageVersion\"\":\"\"2.0\"\",\"\"timestamp\"\":\"\"2026-03-01T09:00:01Z\"\",\"\"sessionId\"\":\"\"s1\"\",\"\"inputTranscript\"\":\"\"hi\"\",\"\"sessionState\"\":{\"\"intent\"\":{\"\"name\"\":\"\"X\"\",\"\"state\"\":\"\"Sleeping\"\"}}}\"\n",
        comes_to: &["s1 unknown: user hi (X)"],
        warns: &["the state `Sleeping` of an intent is not known"],
    },
    Fixture {
        format: "lex",
        text: r#"{"messageVersion":"1.0","botName":"B","inputTranscript":"where","botResponse":"Which?","intent":"Status","nluIntentConfidence":"{score: 0.91}","alternativeIntents":[{"name":"Return","nluIntentConfidence":0.4}],"missedUtterance":false,"requestId":"1","userId":"u","sessionId":"u","sentimentResponse":{"sentimentScore":"{Positive: 0.03,Negative: 0.54,Neutral: 0.42,Mixed: 0.01}"},"dialogState":"Failed","timestamp":"2023-03-01T09:00:01Z"}"#,
        comes_to: &["u failed: user where (Status 0.91) | bot Which?"],
        warns: &[],
    },
    Fixture {
        format: "dialogflow",
        text: r#"{"conversation_name":"projects/p/sessions/s9","turn_position":2,"request_time":"2026-02-03 10:00:20 UTC","language_code":"en","request":"{}","response":"{\"query_result\":{\"text\":\"the blue one\",\"match\":{\"match_type\":\"NO_MATCH\",\"confidence\":0.3},\"response_messages\":[{\"text\":{\"text\":[\"Pardon?\"]}}]}}","conversation_signals":"{\"turn_signals\":{\"failure_reasons\":[\"FAILED_INTENT\"]}}","bot_answer_feedback":null}
{"conversation_name":"projects/p/sessions/s9","turn_position":1,"request_time":"2026-02-03 10:00:00 UTC","language_code":"en","request":{},"response":{"queryResult":{"text":"lost card","match":{"matchType":"INTENT","confidence":0.93,"intent":{"displayName":"card.lost"}},"responseMessages":[{"text":{"text":["Which card?"]}},{"sparkle":{}}]}},"conversation_signals":null,"bot_answer_feedback":"{\"rating\":\"THUMBS_UP\"}"}
{"conversation_name":"projects/p/sessions/s10","turn_position":1,"request_time":"2026-02-03 10:00:00 UTC","response":{"queryResult":{"text":"agent","match":{"matchType":"INTENT","confidence":1,"intent":{"displayName":"agent"}},"responseMessages":[{"liveAgentHandoff":{"metadata":{"queue":"q"}}},{"endInteraction":{}}]}},"conversation_signals":{"turnSignals":{"reachedEndPage":true}}}"#,
        comes_to: &[
            "s9 failed: user lost card (card.lost 0.93) | bot Which card? thumb=1 | user the blue one !fallback | bot Pardon? !fallback",
            "s10 escalated: user agent (agent 1) | [handoff] {\"queue\":\"q\"} | [close] endInteraction",
        ],
        warns: &["a message of kind `sparkle`"],
    },
    Fixture {
        format: "dialogflow",
        text: r#"[{"insertId":"a","timestamp":"2026-02-03T10:00:00Z","trace":"s1","textPayload":"Dialogflow Request : {}"},
{"insertId":"b","timestamp":"2026-02-03T10:00:01Z","trace":"s1","textPayload":"Dialogflow Response : id: \"x\"\nlang: \"en\"\nresult {\n  source: \"agent\"\n  resolved_query: \"caf\\303\\251?\"\n  score: 0.75\n  metadata { intent_name: \"open\" is_fallback_intent: \"false\" }\n  fulfillment { speech: \"Yes \\\"we\\\" are.\" }\n}"}]"#,
        comes_to: &["s1 unknown: user café? (open 0.75) | bot Yes \"we\" are."],
        warns: &[],
    },
    Fixture {
        format: "botframework",
        text: "conversationtranscriptid,name,content,metadata\nk1,n,\"{\"\"activities\"\":[{\"\"id\"\":\"\"a\"\",\"\"type\"\":\"\"message\"\",\"\"timestamp\"\":1767348000,\"\"from\"\":{\"\"id\"\":\"\"u\"\",\"\"role\"\":1},\"\"text\"\":\"\"where is it\"\"},{\"\"id\"\":\"\"b\"\",\"\"type\"\":\"\"message\"\",\"\"timestamp\"\":1767348001,\"\"from\"\":{\"\"id\"\":\"\"x\"\",\"\"role\"\":0},\"\"text\"\":\"\"On Tuesday.\"\"},{\"\"valueType\"\":\"\"SessionInfo\"\",\"\"type\"\":\"\"trace\"\",\"\"from\"\":{\"\"role\"\":0},\"\"value\"\":{\"\"outcome\"\":\"\"Resolved\"\"}}]}\",{}\n",
        comes_to: &["k1 resolved: user where is it | bot On Tuesday."],
        warns: &[],
    },
    Fixture {
        format: "botframework",
        text: r#"[{"type":"conversationUpdate","id":"0","timestamp":"2026-01-01T10:00:00Z","from":{"id":"u"},"recipient":{"id":"b"},"conversation":{"id":"c1"}},
{"type":"message","id":"1","timestamp":"2026-01-01T10:00:01Z","channelId":"webchat","from":{"id":"u","role":"user"},"recipient":{"id":"b"},"conversation":{"id":"c1"},"text":"add milk"},
{"type":"trace","id":"2","replyToId":"1","timestamp":"2026-01-01T10:00:01Z","from":{"id":"b","role":"bot"},"conversation":{"id":"c1"},"name":"LuisRecognizer","value":{"recognizerResult":{"intents":{"Add":{"score":0.9},"None":{"score":0.1}}}}},
{"type":"message","id":"3","replyToId":"1","timestamp":"2026-01-01T10:00:02Z","from":{"id":"b","name":"Lister"},"conversation":{"id":"c1"},"attachments":[{"contentType":"application/vnd.microsoft.card.adaptive","content":{"body":[{"type":"TextBlock","text":"Added"},{"type":"Container","items":[{"text":"milk"}]}]}}]},
{"type":"message","id":"4","timestamp":"2026-01-01T10:00:03Z","from":{"id":"u","role":"user"},"conversation":{"id":"c1"},"value":{"press":1}},
{"type":"messageReaction","replyToId":"3","from":{"id":"u","role":"user"},"conversation":{"id":"c1"},"reactionsAdded":[{"type":"like"},{"type":"heart"}]},
{"type":"endOfConversation","id":"5","timestamp":"2026-01-01T10:00:09Z","from":{"id":"b","role":"bot"},"conversation":{"id":"c1"},"code":"userCancelled"}]"#,
        comes_to: &[
            "c1 abandoned: user add milk (Add 0.9) | bot Added/milk thumb=1 | user {\"press\":1} !payload | [close] userCancelled",
        ],
        warns: &["a reaction `heart`"],
    },
    Fixture {
        format: "botpress",
        text: r#"{"messages":[
{"id":"m2","createdAt":"2026-01-01T10:00:02Z","type":"choice","payload":{"text":"Which?","options":[{"label":"A"}]},"direction":"outgoing","conversationId":"c1","userId":"b"},
{"id":"m1","createdAt":"2026-01-01T10:00:01Z","type":"text","payload":{"text":"help"},"direction":"incoming","conversationId":"c1","userId":"u"},
{"id":"m3","createdAt":"2026-01-01T10:00:09Z","type":"text","payload":{"text":"Hi, Nikos here"},"direction":"outgoing","conversationId":"c1","userId":"b"}],
"events":[{"id":"e1","createdAt":"2026-01-01T10:00:05Z","type":"hitl:hitlAssigned","conversationId":"c1"}]}"#,
        comes_to: &["c1 escalated: user help | bot Which?/[A] | [handoff] hitlAssigned | agent Hi, Nikos here"],
        warns: &[],
    },
];
