//! Logs of assistants built on language models.

use super::Fixture;

pub(super) const ALL: &[Fixture] = &[
    // A batch, its requests and their answers.
    Fixture {
        format: "openai",
        text: r#"{"custom_id":"q1","method":"POST","url":"/v1/chat/completions","body":{"model":"m-1","messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"where is it"}]}}
{"id":"b1","custom_id":"q1","response":{"status_code":200,"body":{"id":"c1","created":1767225600,"choices":[{"index":0,"message":{"role":"assistant","content":"soon"}}]}},"error":null}"#,
        comes_to: &["q1 unknown: system Be brief. | user where is it | bot soon"],
        warns: &["each request with its answer is read as a conversation of its own"],
    },
    // What else a message says is read as in the own format, or kept.
    Fixture {
        format: "openai",
        text: r#"{"id":"k1","messages":[{"role":"user","content":[{"type":"text","text":"where is it"}]},{"role":"assistant","content":"soon","latency_ms":20,"sources":["faq"],"annotations":[]}]}"#,
        comes_to: &["k1 unknown: user where is it | bot soon"],
        warns: &["`sources` is not known here"],
    },
    // A request that was logged with its answer.
    Fixture {
        format: "openai",
        text: r#"{"id":"r1","messages":[{"role":"user","content":"where is it"}],"response":{"id":"chatcmpl-1","choices":[{"index":0,"message":{"role":"assistant","content":"soon"}}]}}
{"id":"chatcmpl-2","object":"chat.completion","input":[{"role":"user","content":"hi"}],"choices":[{"index":0,"message":{"role":"assistant","content":"hello"}}]}"#,
        comes_to: &["r1 unknown: user where is it | bot soon", "chatcmpl-2 unknown: user hi | bot hello"],
        warns: &["each request with its answer is read as a conversation of its own"],
    },
    // A conversation's name counts before that of a request.
    Fixture {
        format: "openai",
        text: r#"{"id":"r1","session_id":"s","messages":[{"role":"user","content":"where is it"}],"response":{"choices":[{"message":{"role":"assistant","content":"soon"}}]}}"#,
        comes_to: &["s unknown: user where is it | bot soon"],
        warns: &["each request with its answer is joined with the others of the conversation that it names"],
    },
    Fixture {
        format: "openai",
        text: r#"{"id":"o1","messages":[{"role":"developer","content":"Be brief."},{"role":"user","content":[{"type":"text","text":"book it"},{"type":"image_url","image_url":{"url":"x"}},{"type":"sparkle"}]},{"role":"assistant","content":null,"tool_calls":[{"id":"t1","type":"function","function":{"name":"book","arguments":"{}"}}]},{"role":"tool","tool_call_id":"t1","content":"done"},{"role":"assistant","content":"Booked."}],"reward":1}
{"id":"o2","messages":[{"role":"user","content":"a person"},{"role":"assistant","content":"","tool_calls":[{"id":"t2","function":{"name":"transfer_to_human_agents","arguments":"{}"}}]}],"metadata":{"reward":1.0}}
{"id":"o3","messages":[{"role":"user","content":"x"},{"role":"assistant","content":"y","function_call":{"name":"f","arguments":"{}"}},{"role":"function","name":"f","content":"Error: no"}],"reward":0.5}"#,
        comes_to: &[
            "o1 resolved: system Be brief. | user book it/[image]/[sparkle] | tool book done | bot Booked.",
            "o2 escalated: user a person | tool transfer_to_human_agents",
            "o3 unknown: user x | bot y | tool f Error: no",
        ],
        warns: &["a part of a message of kind `sparkle`", "a reward of 0.5"],
    },
    Fixture {
        format: "openai",
        text: r#"{"messages":[{"content":"weather?","type":"human","id":"1"},{"content":"","type":"ai","tool_calls":[{"name":"search","args":{"q":"x"},"id":"c1"}],"additional_kwargs":{"tool_calls":[{"id":"c1","function":{"name":"search","arguments":"{}"}}]}},{"content":"sunny","type":"tool","name":"search","tool_call_id":"c1"},{"content":"It is sunny.","type":"ai"}],"id":"lc"}"#,
        comes_to: &["lc unknown: user weather? | tool search sunny | bot It is sunny."],
        warns: &[],
    },
    Fixture {
        format: "openai",
        text: r#"[{"title":"Order","create_time":1767348000.1,"mapping":{
"r":{"id":"r","message":null,"parent":null,"children":["s"]},
"s":{"id":"s","message":{"id":"s","author":{"role":"system"},"content":{"content_type":"text","parts":[""]},"metadata":{"is_visually_hidden_from_conversation":true},"recipient":"all"},"parent":"r","children":["a"]},
"a":{"id":"a","message":{"id":"a","author":{"role":"user"},"create_time":1767348000.5,"content":{"content_type":"multimodal_text","parts":[{"content_type":"image_asset_pointer","asset_pointer":"x"},"where is it"]},"recipient":"all"},"parent":"s","children":["b","t"]},
"b":{"id":"b","message":{"id":"b","author":{"role":"assistant"},"content":{"content_type":"text","parts":["THE FIRST ANSWER"]},"recipient":"all"},"parent":"a","children":[]},
"t":{"id":"t","message":{"id":"t","author":{"role":"assistant"},"content":{"content_type":"thoughts","thoughts":[]},"recipient":"all"},"parent":"a","children":["c"]},
"c":{"id":"c","message":{"id":"c","author":{"role":"assistant"},"content":{"content_type":"code","text":"find(1)"},"recipient":"orders"},"parent":"t","children":["d"]},
"d":{"id":"d","message":{"id":"d","author":{"role":"tool","name":"orders"},"content":{"content_type":"text","parts":["none"]},"recipient":"all"},"parent":"c","children":["e"]},
"e":{"id":"e","message":{"id":"e","author":{"role":"assistant"},"content":{"content_type":"text","parts":["On Tuesday."]},"metadata":{"model_slug":"m-1"},"recipient":"all"},"parent":"d","children":[]}},
"current_node":"e","conversation_id":"k1","default_model_slug":"m-1"}]"#,
        comes_to: &["k1 unknown: user [image]/where is it | tool orders none | bot On Tuesday."],
        warns: &["a chat with branches"],
    },
    Fixture {
        format: "openai",
        text: r#"{"id":"g","contents":[{"role":"user","parts":[{"text":"where is it"}]},{"role":"model","parts":[{"functionCall":{"name":"find","args":{"q":1}}}]},{"role":"function","parts":[{"functionResponse":{"name":"find","response":{"output":"none"}}}]},{"role":"model","parts":[{"text":"On Tuesday."}]}]}
{"id":"v","messages":[{"id":"1","role":"user","parts":[{"type":"text","text":"where is it"}]},{"id":"2","role":"assistant","parts":[{"type":"step-start"},{"type":"tool-find","toolCallId":"c","state":"output-available","input":{"q":1},"output":"none"},{"type":"text","text":"On Tuesday."}]}]}"#,
        comes_to: &[
            "g unknown: user where is it | tool find {\"output\":\"none\"} | bot On Tuesday.",
            "v unknown: user where is it | tool find none | bot On Tuesday.",
        ],
        warns: &[],
    },
    // Names of the conversation and of its customer in the ways in which programs write them.
    Fixture {
        format: "openai",
        text: r#"{"convo_id":"k1","userId":"u1","messages":[{"role":"user","content":"where is it"},{"role":"assistant","content":"soon"}]}
{"conversationId":"k2","messages":[{"role":"user","content":"hi"},{"role":"assistant","content":"hello"}]}
{"_id":{"$oid":"k3"},"messages":[{"role":"user","content":"<p>where &amp; when</p>"},{"role":"assistant","content":"soon"}]}
{"session":{"id":"k4"},"messages":[{"role":"user","content":"hi"},{"role":"assistant","content":"hello"}]}
{"caseId":5,"messages":[{"role":"user","content":"hi"},{"role":"assistant","content":"hello"}]}"#,
        comes_to: &[
            "k1 unknown: user where is it | bot soon",
            "k2 unknown: user hi | bot hello",
            "k3 unknown: user where & when | bot soon",
            "k4 unknown: user hi | bot hello",
            "5 unknown: user hi | bot hello",
        ],
        warns: &["texts are HTML"],
    },
    // What they say of the end, when it was and how it was rated, in the words of our own format; the rest of that is named.
    Fixture {
        format: "openai",
        text: r#"{"conversation_id":"e1","started_at":"2026-03-01T09:00:00Z","messages":[{"role":"user","content":"where is it"},{"role":"assistant","content":"soon","feedback":"thumbs_down"}],"csat":1,"outcome":"failed"}
{"conversation_id":"e2","messages":[{"role":"user","content":"where is it"},{"role":"assistant","content":"soon"}],"metadata":{"outcome":"escalated","csat":5}}
{"id":1,"data":{"conversation_id":"e3","messages":[{"role":"user","content":"where is it"},{"role":"assistant","content":"soon"}],"outcome":"resolved"}}
{"conversation_id":"e4","messages":[{"role":"user","content":"where is it"},{"role":"assistant","content":"soon"}],"outcome":"well, perhaps","escalated":true}"#,
        comes_to: &[
            "e1 failed: user where is it | bot soon thumb=-1 | rated 1/5",
            "e2 escalated: user where is it | bot soon | rated 5/5",
            "e3 resolved: user where is it | bot soon",
            "e4 unknown: user where is it | bot soon",
        ],
        warns: &["`outcome` may tell how the customer was served", "`escalated` may tell how"],
    },
    Fixture {
        format: "sharegpt",
        text: r#"[{"id":"g1","conversations":[{"from":"system","value":"s"},{"from":"human","value":"hi"},{"from":"gpt","value":"hello"},{"from":"human","value":"thanks"}]}]"#,
        comes_to: &["g1 resolved: system s | user hi | bot hello | user thanks"],
        warns: &[],
    },
    Fixture {
        format: "langfuse",
        text: r#"{"id":"t2","timestamp":"2026-01-01T10:01:00Z","name":"chat","sessionId":"s1","userId":"u","input":"\"and now?\"","output":"{\"role\":\"assistant\",\"content\":\"Tuesday.\"}","scores":[{"id":"sc1","name":"user-feedback","value":0,"dataType":"NUMERIC","source":"API"},{"id":"sc2","name":"output","dataType":"CORRECTION","stringValue":"Wednesday.","source":"ANNOTATION"},{"id":"sc3","name":"intent","dataType":"CATEGORICAL","stringValue":"status","source":"ANNOTATION"}]}
{"id":"t1","timestamp":"2026-01-01T10:00:00Z","name":"chat","sessionId":"s1","input":{"messages":[{"role":"system","content":"s"},{"role":"user","content":"where is it"}]},"output":{"choices":[{"message":{"role":"assistant","content":"Which order?"}}]},"observations":[{"id":"ob1","type":"TOOL","name":"find","startTime":"2026-01-01T10:00:00.5Z","parentObservationId":"x","input":{"q":1},"output":"none"}]}
{"id":"t3","timestamp":"2026-01-02T10:00:00Z","name":"chat","sessionId":null,"input":null,"output":null,"observations":[{"id":"ob2","type":"GENERATION","startTime":"2026-01-02T10:00:01Z","model":"m-1","parentObservationId":"y","input":"system: s\nuser: hi\nthere","output":"Hello."}]}"#,
        comes_to: &[
            "s1 failed: user where is it | tool find none | bot Which order? | user and now? gold=status | bot Tuesday. corrected=Wednesday. thumb=-1",
            "t3 unknown: user hi/there | bot Hello.",
        ],
        warns: &[],
    },
    Fixture {
        format: "langsmith",
        text: r#"{"id":"r1","trace_id":"r1","name":"agent","run_type":"chain","start_time":"2026-01-01T10:00:00","end_time":"2026-01-01T10:00:02","inputs":{"messages":[["human",{"x":1}]],"input":"where is it"},"outputs":{"output":"Tuesday."},"extra":{"metadata":{"thread_id":"th"}}}
{"id":"r1a","trace_id":"r1","parent_run_id":"r1","name":"find","run_type":"tool","start_time":"2026-01-01T10:00:01","inputs":{"q":1},"outputs":{"output":"none"}}
{"id":"r2","trace_id":"r2","name":"agent","run_type":"chain","start_time":"2026-01-01T10:01:00","inputs":{"question":"sure?"},"outputs":null,"error":"boom","extra":{"metadata":{"session_id":"th"}}}
{"run_id":"r1","key":"user_score","score":0,"comment":"wrong","correction":{"output":"Wednesday."}}"#,
        comes_to: &[
            "th failed: user where is it | tool find none | bot Tuesday. corrected=Wednesday. thumb=-1 | user sure? | [error] boom",
        ],
        warns: &[],
    },
    Fixture {
        format: "otel",
        text: r#"{"resourceSpans":[{"scopeSpans":[{"spans":[
{"traceId":"t1","spanId":"a","name":"invoke_agent","startTimeUnixNano":"1767225600000000000","endTimeUnixNano":"1767225602000000000","attributes":[{"key":"gen_ai.operation.name","value":{"stringValue":"invoke_agent"}},{"key":"gen_ai.conversation.id","value":{"stringValue":"c1"}},{"key":"gen_ai.input.messages","value":{"stringValue":"[{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":\"where is it\"}]}]"}},{"key":"gen_ai.output.messages","value":{"stringValue":"[{\"role\":\"assistant\",\"parts\":[{\"type\":\"text\",\"content\":\"Tuesday.\"}]}]"}},{"key":"gen_ai.response.model","value":{"stringValue":"m-1"}}],"events":[{"name":"gen_ai.evaluation.result","attributes":[{"key":"gen_ai.evaluation.name","value":{"stringValue":"Relevance"}},{"key":"gen_ai.evaluation.score.label","value":{"stringValue":"fail"}}]}]},
{"traceId":"t1","spanId":"b","parentSpanId":"a","name":"execute_tool find","startTimeUnixNano":"1767225601000000000","endTimeUnixNano":"1767225601500000000","attributes":[{"key":"gen_ai.operation.name","value":{"stringValue":"execute_tool"}},{"key":"gen_ai.tool.name","value":{"stringValue":"find"}}],"status":{"code":2,"message":"down"}},
{"traceId":"t1","spanId":"c","name":"GET /","attributes":[]}]}]}]}
{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"t2","spanId":"d","name":"chat","startTimeUnixNano":"1767225600000000000","attributes":[{"key":"gen_ai.prompt.0.role","value":{"stringValue":"user"}},{"key":"gen_ai.prompt.0.content","value":{"stringValue":"hi"}},{"key":"gen_ai.completion.0.role","value":{"stringValue":"assistant"}},{"key":"gen_ai.completion.0.content","value":{"stringValue":"Hello."}}]}]}]}]}"#,
        comes_to: &[
            "c1 failed: user where is it | tool find Error: down | bot Tuesday.",
            "t2 unknown: user hi | bot Hello.",
        ],
        warns: &[],
    },
    Fixture {
        format: "openai",
        text: r#"{"id":"r1","messages":[{"role":"user","content":"weather?"},{"type":"reasoning","id":"x","summary":[]},{"type":"function_call","name":"find","arguments":"{}","call_id":"k"},{"type":"function_call_output","call_id":"k","output":"sunny"},{"type":"message","role":"assistant","content":[{"type":"output_text","text":"Sunny."}]}]}
{"id":"r2","messages":[{"role":"user","content":[{"type":"text","value":"who is it"}]},{"role":"assistant","content":[{"type":"text","value":"Anna."}]}]}"#,
        comes_to: &[
            "r1 unknown: user weather? | tool find sunny | bot Sunny.",
            "r2 unknown: user who is it | bot Anna.",
        ],
        warns: &[],
    },
    Fixture {
        format: "sharegpt",
        text: r#"{"id":"d1","conversations":[{"from":"human","value":"hi"}],"chosen":{"from":"gpt","value":"Hello."},"rejected":{"from":"gpt","value":"What?"}}"#,
        comes_to: &["d1 unknown: user hi"],
        warns: &["answers under `chosen` and `rejected` were compared"],
    },
    Fixture {
        format: "langfuse",
        text: r#"{"trace":{"id":"t1","timestamp":"2026-01-01T10:00:00Z","sessionId":null,"input":null,"output":null,"observations":[{"id":"o1","traceId":"t1","type":"GENERATION","startTime":"2026-01-01T10:00:00Z","parentObservationId":"p"}]},"observations":[{"id":"o1","traceId":"t1","type":"GENERATION","startTime":"2026-01-01T10:00:00Z","parentObservationId":"p","input":[{"role":"user","content":"where is it"}],"output":[{"role":"assistant","content":"On its way."}]}]}"#,
        comes_to: &["t1 unknown: user where is it | bot On its way."],
        warns: &[],
    },
    Fixture {
        format: "langfuse",
        text: r#"{"id":"g1","timestamp":"2026-01-01T10:00:00Z","sessionId":null,"input":{"contents":"where is it"},"output":{"candidates":[{"content":{"role":"model","parts":[{"text":"On its way."}]}}]}}
{"id":"g2","timestamp":"2026-01-01T10:00:00Z","sessionId":null,"input":{"contents":[{"role":"user","parts":[{"text":"and now"}]},{"role":"model","parts":[{"function_call":{"name":"find","args":{}}}]},{"role":"user","parts":[{"function_response":{"name":"find","response":{"x":1}}}]}]},"output":{"content":{"role":"model","parts":[{"text":"Tuesday."}]}}}
{"id":"g3","timestamp":"2026-01-01T10:00:00Z","sessionId":null,"input":{"user_id":"u","new_message":{"role":"user","parts":[{"text":"hi"}]}},"output":"Hello."}"#,
        comes_to: &[
            "g1 unknown: user where is it | bot On its way.",
            "g2 unknown: user and now | bot Tuesday.",
            "g3 unknown: user hi | bot Hello.",
        ],
        warns: &[],
    },
    // What its clients send: what begins, and later what became of it.
    Fixture {
        format: "langsmith",
        text: r#"{"post":[{"id":"r1","trace_id":"r1","name":"agent","run_type":"chain","start_time":"2026-01-01T10:00:00","inputs":{"input":"where is it"},"outputs":null,"extra":{"metadata":{"thread_id":"th"}}}],"patch":[]}
{"patch":[{"id":"r1","trace_id":"r1","end_time":"2026-01-01T10:00:02","inputs":{},"outputs":{"output":"Tuesday."}}]}
{"post":[],"patch":[]}"#,
        comes_to: &["th unknown: user where is it | bot Tuesday."],
        warns: &[],
    },
    Fixture {
        format: "langsmith",
        text: r#"id,trace_id,parent_run_id,name,run_type,start_time,end_time,inputs,outputs,status,extra,feedback_stats
r1,r1,,chat,chain,2026-03-01T10:00:00,2026-03-01T10:00:02,"{""input"":""where is it""}","{""output"":""On its way.""}",success,"{""metadata"":{""thread_id"":""th""}}","{""user_score"":{""n"":1,""avg"":0}}"
r2,r2,,chat,chain,2026-03-01T10:01:00,2026-03-01T10:01:02,"{""messages"":[{""role"":""user"",""content"":""which day""}]}","{""output"":""Tuesday.""}",success,"{""metadata"":{""thread_id"":""th""}}",{}
"#,
        comes_to: &["th failed: user where is it | bot On its way. thumb=-1 | user which day | bot Tuesday."],
        warns: &[],
    },
    Fixture {
        format: "otel",
        text: r#"{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"p","spanId":"a","startTimeUnixNano":"1767225600000000000","attributes":[{"key":"gen_ai.system","value":{"stringValue":"openai"}},{"key":"gen_ai.prompt.0.content","value":{"stringValue":"hi"}},{"key":"gen_ai.completion.0.content","value":{"stringValue":"Hello."}}]}]}]}]}
{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"q","spanId":"a","startTimeUnixNano":"1767225600000000000","attributes":[{"key":"openinference.span.kind","value":{"stringValue":"LLM"}},{"key":"llm.input_messages.0.message.role","value":{"stringValue":"system"}},{"key":"llm.input_messages.0.message.content","value":{"stringValue":"Be brief."}},{"key":"llm.input_messages.1.message.role","value":{"stringValue":"user"}},{"key":"llm.input_messages.1.message.content","value":{"stringValue":"where is it"}},{"key":"llm.output_messages.0.message.role","value":{"stringValue":"assistant"}},{"key":"llm.output_messages.0.message.content","value":{"stringValue":"On its way."}},{"key":"session.id","value":{"stringValue":"s1"}}]}]}]}]}
{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"r","spanId":"a","startTimeUnixNano":"1767225600000000000","attributes":[{"key":"ai.operationId","value":{"stringValue":"ai.generateText"}},{"key":"ai.prompt","value":{"stringValue":"{\"prompt\":\"which day\"}"}},{"key":"ai.response.text","value":{"stringValue":"Tuesday."}},{"key":"ai.telemetry.metadata.sessionId","value":{"stringValue":"s2"}}]}]}]}]}"#,
        comes_to: &[
            "p unknown: user hi | bot Hello.",
            "s1 unknown: user where is it | bot On its way.",
            "s2 unknown: user which day | bot Tuesday.",
        ],
        warns: &[],
    },
    Fixture {
        format: "otel",
        text: r#"{"data":[{"name":"llm","context":{"trace_id":"t1","span_id":"a"},"span_kind":"LLM","start_time":"2026-01-01T10:00:00+00:00","end_time":"2026-01-01T10:00:02+00:00","status_code":"OK","attributes.session.id":"s1","attributes.llm.model_name":"m","attributes.llm.input_messages.0.message.role":"user","attributes.llm.input_messages.0.message.content":"where is it","attributes.llm.output_messages.0.message.role":"assistant","attributes.llm.output_messages.0.message.content":"On its way."},
{"name":"find","context":{"trace_id":"t2","span_id":"b"},"span_kind":"RETRIEVER","start_time":"2026-01-01T10:01:00+00:00","attributes":{"session":{"id":"s1"},"openinference":{"span":{"kind":"RETRIEVER"}},"input":{"value":"thanks"}}},
{"name":"llm","context":{"trace_id":"t2","span_id":"c"},"span_kind":"LLM","start_time":"2026-01-01T10:01:01+00:00","end_time":"2026-01-01T10:01:02+00:00","attributes":{"session":{"id":"s1"},"llm":{"input_messages":[{"message":{"role":"system","content":"Be brief."}},{"message":{"role":"user","contents":[{"message_content":{"type":"text","text":"thanks"}}]}}],"output_messages":[{"message.role":"assistant","message.content":"Welcome."}]}}}]}"#,
        comes_to: &["s1 resolved: user where is it | bot On its way. | user thanks | bot Welcome."],
        warns: &[],
    },
    Fixture {
        format: "otel",
        text: r#"{"resourceLogs":[{"resource":{"attributes":[]},"scopeLogs":[{"scope":{"name":"s"},"logRecords":[
{"timeUnixNano":"1767225602000000000","eventName":"gen_ai.client.inference.operation.details","traceId":"t1","spanId":"a","attributes":[{"key":"gen_ai.operation.name","value":{"stringValue":"chat"}},{"key":"gen_ai.conversation.id","value":{"stringValue":"c1"}},{"key":"gen_ai.response.model","value":{"stringValue":"m-1"}},{"key":"gen_ai.input.messages","value":{"arrayValue":{"values":[{"kvlistValue":{"values":[{"key":"role","value":{"stringValue":"user"}},{"key":"parts","value":{"arrayValue":{"values":[{"kvlistValue":{"values":[{"key":"type","value":{"stringValue":"text"}},{"key":"content","value":{"stringValue":"where is it"}}]}}]}}}]}}]}}},{"key":"gen_ai.output.messages","value":{"stringValue":"[{\"role\":\"assistant\",\"parts\":[{\"type\":\"text\",\"content\":\"Tuesday.\"}],\"finish_reason\":\"stop\"}]"}}]},
{"observedTimeUnixNano":"1767225603000000000","timeUnixNano":"0","eventName":"gen_ai.evaluation.result","traceId":"t1","spanId":"a","attributes":[{"key":"gen_ai.evaluation.name","value":{"stringValue":"Relevance"}},{"key":"gen_ai.evaluation.score.label","value":{"stringValue":"fail"}}]},
{"timeUnixNano":"1767225601000000000","severityText":"INFO","body":{"stringValue":"GET /"},"attributes":[],"traceId":"","spanId":""}]}]}]}
{"resourceLogs":[{"scopeLogs":[{"logRecords":[
{"timeUnixNano":"1767225600000000000","body":{"kvlistValue":{"values":[{"key":"content","value":{"stringValue":"Be brief."}}]}},"attributes":[{"key":"event.name","value":{"stringValue":"gen_ai.system.message"}},{"key":"gen_ai.system","value":{"stringValue":"openai"}}],"traceId":"t2","spanId":"b"},
{"timeUnixNano":"1767225600000000000","body":{"kvlistValue":{"values":[{"key":"content","value":{"stringValue":"hi"}}]}},"attributes":[{"key":"event.name","value":{"stringValue":"gen_ai.user.message"}}],"traceId":"t2","spanId":"b"},
{"timeUnixNano":"1767225601000000000","body":{"kvlistValue":{"values":[{"key":"index","value":{"intValue":"0"}},{"key":"finish_reason","value":{"stringValue":"stop"}},{"key":"message","value":{"kvlistValue":{"values":[{"key":"role","value":{"stringValue":"assistant"}},{"key":"content","value":{"stringValue":"Hello."}}]}}}]}},"attributes":[{"key":"event.name","value":{"stringValue":"gen_ai.choice"}}],"traceId":"t2","spanId":"b"}]}]}]}
{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"t3","spanId":"c","name":"chat m-1","startTimeUnixNano":"1767225600000000000","endTimeUnixNano":"1767225602000000000","attributes":[{"key":"gen_ai.operation.name","value":{"stringValue":"chat"}}]}]}]}]}
{"resourceLogs":[{"scopeLogs":[{"logRecords":[
{"timeUnixNano":"1767225600000000000","eventName":"gen_ai.user.message","body":{"stringValue":"which day"},"attributes":[],"traceId":"t3","spanId":"c"},
{"timeUnixNano":"1767225601000000000","eventName":"gen_ai.choice","body":{"kvlistValue":{"values":[{"key":"message","value":{"kvlistValue":{"values":[{"key":"content","value":{"stringValue":"Friday."}}]}}}]}},"attributes":[],"traceId":"t3","spanId":"c"},
{"timeUnixNano":"1767225600000000000","eventName":"gen_ai.user.message","body":{"stringValue":"anybody"},"attributes":[{"key":"gen_ai.conversation.id","value":{"stringValue":"c4"}}]},
{"timeUnixNano":"1767225601000000000","eventName":"gen_ai.user.message","body":{"stringValue":"there"},"attributes":[{"key":"gen_ai.conversation.id","value":{"stringValue":"c4"}}]}]}]}]}"#,
        comes_to: &[
            "c1 failed: user where is it | bot Tuesday.",
            "t2 unknown: user hi | bot Hello.",
            "t3 unknown: user which day | bot Friday.",
            "c4 unknown: user anybody | user there",
        ],
        warns: &[],
    },
];
