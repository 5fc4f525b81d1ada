//! Logs of help desks and messengers.

use super::Fixture;

pub(super) const ALL: &[Fixture] = &[
    Fixture {
        format: "chatwoot",
        text: r#"{"id":42,"inbox_id":2,"status":"resolved","labels":["refund"],"meta":{"sender":{"id":11},"channel":"Channel::WebWidget"},"messages":[
{"id":1,"conversation_id":42,"content":"money back","message_type":0,"content_type":"text","created_at":1772524800,"private":false,"sender_type":"Contact"},
{"id":2,"conversation_id":42,"content":"Which order?","message_type":1,"content_type":"text","created_at":1772524801,"private":false,"sender_type":"AgentBot","sender":{"name":"HelpBot"}},
{"id":3,"conversation_id":42,"content":"fraud?","message_type":1,"content_type":"text","created_at":1772524802,"private":true,"sender_type":"User"},
{"id":4,"conversation_id":42,"content":"was marked resolved","message_type":2,"content_type":"text","created_at":1772524803,"private":false,"sender_type":null},
{"id":5,"conversation_id":42,"content":"Please rate","message_type":3,"content_type":"input_csat","content_attributes":{"submitted_values":{"csat_survey_response":{"rating":2,"feedback_message":"slow"}}},"created_at":1772524804,"private":false}]}"#,
        comes_to: &[
            "42 failed: user money back | bot Which order? | [note] fraud? | system was marked resolved | system Please rate | rated 2/5",
        ],
        warns: &[],
    },
    Fixture {
        format: "chatwoot",
        text: "id,conversation_id,message_type,content_type,private,sender_type,sender_id,content,content_attributes,created_at\n2,7,1,0,f,User,7,Hello,{},2026-03-03 08:01:00\n1,7,0,0,f,Contact,7,hi,{},2026-03-03 08:00:00\n3,8,1,0,f,,,bulk,{},2026-03-03 08:00:00\n",
        comes_to: &["7 unknown: user hi | agent Hello", "8 unknown: system bulk"],
        warns: &["an outgoing message without a sender"],
    },
    Fixture {
        format: "slack",
        text: r#"[{"id":"U1","team_id":"T","name":"anna","profile":{"real_name":"Anna of Nicosia"}},{"id":"U2","team_id":"T","is_bot":true,"name":"h","profile":{"real_name":"Helper of the shop","bot_id":"B2"}},{"id":"C1","name":"help","members":["U1"]}]
[{"type":"message","subtype":"channel_join","user":"U1","ts":"1772532800.000100","text":"<@U1> has joined"},{"type":"message","user":"U1","ts":"1772532900.000100","thread_ts":"1772532900.000100","text":"where is it <@U2> &amp; <https://shop.example|this>"},{"type":"message","subtype":"bot_message","bot_id":"B2","ts":"1772532910.000100","thread_ts":"1772532900.000100","text":"Which?"}]
[{"type":"message","user":"U1","ts":"1772619300.000100","thread_ts":"1772532900.000100","text":"number 7"}]"#,
        comes_to: &[
            "1772532900.000100 unknown: user where is it @Helper of the shop & this | bot Which? | user number 7",
        ],
        warns: &[],
    },
    Fixture {
        format: "intercom",
        text: r#"{"conversations":[{"type":"conversation","id":"1","created_at":1772524800,"state":"closed","ai_agent":{"resolution_state":"assumed_resolution","rating":5},"source":{"id":"s","body":"<p>How do I <b>reset</b>?</p>","author":{"type":"user","id":"u"}},"tags":{"tags":[{"name":"vip"}]},"conversation_parts":{"total_count":4,"conversation_parts":[
{"id":"2","part_type":"comment","body":"<p>Go to Settings &gt; Security.</p>","created_at":1772524803,"author":{"type":"bot","name":"Fin"}},
{"id":"3","part_type":"note","body":"<p>odd one</p>","created_at":1772524804,"author":{"type":"admin"}},
{"id":"4","part_type":"sparkle","body":null,"created_at":1772524805,"author":{"type":"bot"}},
{"id":"5","part_type":"close","body":null,"created_at":1772524806,"author":{"type":"bot"}}]}},
{"type":"conversation","id":"2","created_at":1772524800,"state":"closed","ai_agent":{"resolution_state":"dreaming"},"source":{"id":"s2","body":"hi","author":{"type":"lead"}},"conversation_parts":{"conversation_parts":[{"id":"6","part_type":"comment","body":"Hello","created_at":1772524803,"author":{"type":"admin"}}]}}]}"#,
        comes_to: &[
            "1 resolved: user How do I reset? | bot Go to Settings > Security. | [note] odd one | system  | [close]  | rated 5/5",
            "2 unknown: user hi | agent Hello",
        ],
        warns: &["a part `sparkle` is not known", "the resolution_state `dreaming`"],
    },
    // Answers of the API under names of their own, as its description shows them.
    Fixture {
        format: "intercom",
        text: r#"{"GET /a :: done":{"status":"complete"},"GET /conversations :: ok":{"type":"conversation.list","conversations":[{"type":"conversation","id":"1","created_at":1772524800,"state":"closed","source":{"id":"s","body":"hi","author":{"type":"user","id":"u"}}}]},
"GET /conversations/{id} :: ok":{"type":"conversation","id":"2","created_at":1772524800,"state":"closed","source":{"id":"s2","body":"where","author":{"type":"user","id":"u"}},"conversation_parts":{"conversation_parts":[{"id":"2p","part_type":"comment","body":"Soon","created_at":1772524803,"author":{"type":"bot"}}]}},
"GET /conversations/deleted :: ok":{"conversations":[{"type":"conversation","id":"3","deleted_at":1}]}}"#,
        comes_to: &["1 unknown: user hi", "2 unknown: user where | bot Soon"],
        warns: &[],
    },
    // What its webhooks send, with the first message under its older name.
    Fixture {
        format: "intercom",
        text: r#"{"type":"notification_event","topic":"conversation.admin.noted","data":{"type":"notification_event_data","item":{"type":"conversation","id":"1372","created_at":1772524800,"user":{"type":"user","id":"u"},"conversation_message":{"type":"conversation_message","id":"6","body":"<p>hi Bob</p>","author":{"type":"admin","id":"3"}},"conversation_parts":{"type":"conversation_part.list","total_count":1,"conversation_parts":[{"type":"conversation_part","id":"7","part_type":"note","body":"<p>odd</p>","created_at":1772525094,"author":{"type":"admin","id":"3"}}]}}}}"#,
        comes_to: &["1372 unknown: agent hi Bob | [note] odd"],
        warns: &[],
    },
    Fixture {
        format: "freshdesk",
        text: r#"[{"id":1,"subject":"Order","description_text":"where is it","status":5,"priority":1,"requester_id":9,"responder_id":77,"created_at":"2026-03-03T10:10:00Z","conversations":[
{"id":101,"body":"<div>On its way</div>","body_text":"On its way","incoming":false,"private":false,"user_id":77,"created_at":"2026-03-03T10:11:00Z"},
{"id":102,"body":"<div>ask the courier</div>","incoming":false,"private":true,"user_id":77,"created_at":"2026-03-03T10:12:00Z"},
{"id":103,"body_text":"still nothing","incoming":true,"private":false,"user_id":9,"created_at":"2026-03-03T10:13:00Z"}]},
{"id":2,"subject":"x","description_text":"cancel","status":2,"requester_id":10,"created_at":"2026-03-03T10:10:00Z","conversations":[]}]"#,
        comes_to: &[
            "1 resolved: user where is it | agent On its way | [note] ask the courier | user still nothing",
            "2 pending: user cancel",
        ],
        warns: &["what went out is read as written by people", "a ticket without its conversations"],
    },
    Fixture {
        format: "zendesk",
        text: r#"{"id":881,"requester_id":1001,"assignee_id":2002,"status":"solved","created_at":"2026-01-05T08:00:00Z","tags":["x"],"satisfaction_rating":{"score":"offered"},"via":{"channel":"chat"},"comments":[{"id":1,"author_id":1001,"plain_body":"Where &amp; when?","public":true,"created_at":"2026-01-05T08:00:00Z"},{"id":2,"author_id":-1,"body":"Let me look.","public":true,"created_at":"2026-01-05T08:00:02Z"},{"id":3,"author_id":2002,"body":"carrier","public":false,"created_at":"2026-01-05T08:00:03Z"}]}
{"id":882,"requester_id":1001,"status":"solved","created_at":"2026-01-06T08:00:00Z","satisfaction_rating":{"score":"bad","comment":"bot looped"},"comments":[{"id":4,"author_id":1001,"body":"Help","public":true,"created_at":"2026-01-06T08:00:00Z"},{"id":5,"author_id":-1,"body":"Sorry?","public":true,"created_at":"2026-01-06T08:00:02Z"}]}
{"id":884,"requester_id":1001,"status":"solved","created_at":"2026-01-06T08:00:00Z","satisfaction_rating":{"score":"bad"},"description":"Lost"}
{"id":883,"requester_id":1001,"status":"sleeping","created_at":"2026-01-06T08:00:00Z","description":"Late","comments":null}"#,
        comes_to: &[
            "881 resolved: user Where & when? | bot Let me look. | [note] carrier",
            "882 failed: user Help | bot Sorry? | rated 0/1",
            "884 unknown: user Lost | rated 0/1",
            "883 unknown: user Late",
        ],
        warns: &["a ticket without its comments", "the status `sleeping`"],
    },
    Fixture {
        format: "freshchat",
        text: r#"{"messages":[
{"id":"3","conversation_id":"c","actor_type":"user","message_type":"normal","message_parts":[{"text":{"content":"again"}}],"created_time":"2026-01-02T10:00:00Z","interaction_id":"i2"},
{"id":"2","conversation_id":"c","actor_type":"bot","message_type":"normal","message_parts":[{"text":{"content":"Hello"}},{"image":{"url":"x"}}],"created_time":"2026-01-01T10:00:01Z","interaction_id":"i1"},
{"id":"1","conversation_id":"c","actor_type":"user","message_type":"normal","message_parts":[{"text":{"content":"hi"}}],"created_time":"2026-01-01T10:00:00Z","interaction_id":"i1"},
{"id":"4","conversation_id":"c","actor_type":"agent","message_type":"private","message_parts":[{"text":{"content":"note"}}],"created_time":"2026-01-02T10:00:01Z","interaction_id":"i2"}],
"conversations":[{"conversation_id":"c","status":"assigned","channel_id":"ch","user_id":"u"}]}"#,
        comes_to: &["c resolved: user hi | bot Hello/[image]", "c#2 pending: user again | [note] note"],
        warns: &[],
    },
    Fixture {
        format: "whatsapp",
        text: "13/03/26, 10:00 - Messages are end-to-end encrypted.\n13/03/26, 10:00 - +357 99 123456: where is\nmy order\n13/03/26, 10:01 - ShopBot: Which one?\n15/03/26, 9:00 - +357 99 123456: <Media omitted>\n",
        comes_to: &[
            "d8de34e68c037bca abandoned: system Messages are end-to-end encrypted. | user where is/my order | bot Which one?",
            "313fc9456b009150 unknown: user [media]",
        ],
        warns: &[],
    },
    Fixture {
        format: "whatsapp",
        text: "2026-03-01, 10:00 - ShopBot: Our sale begins.\n2026-03-13, 10:05 - +357 99 123456: what sale\n2026-03-13, 10:06 - ShopBot: Ours.\n",
        comes_to: &[
            "abe6d26e416a82de unknown: bot Our sale begins.",
            "51b984aaad0cec6b unknown: user what sale | bot Ours.",
        ],
        warns: &[],
    },
    Fixture {
        format: "telegram",
        text: r#"{"name":"ShopBot","type":"bot_chat","id":55,"messages":[{"id":1,"type":"message","date":"2026-01-01T10:00:00","date_unixtime":"1767261600","from":"Maria","from_id":"user7","text":"/start"},{"id":2,"type":"message","date":"2026-01-01T10:00:01","date_unixtime":"1767261601","from":"ShopBot","from_id":"user55","text":["See ",{"type":"link","text":"shop.example"}]},{"id":3,"type":"service","date":"2026-01-01T10:00:02","actor_id":"user7","action":"phone_call","text":""}]}"#,
        comes_to: &["55/1 unknown: user /start !payload | bot See shop.example"],
        warns: &[],
    },
    Fixture {
        format: "intercom",
        text: r#"{"type":"SCHEMA","stream":"conversations","schema":{}}
{"type":"RECORD","stream":"conversations","record":{"type":"conversation","id":"1","created_at":1772524800,"state":"closed","source":{"id":"s","body":"hi","author":{"type":"user","id":"u"}},"conversation_parts":{"conversation_parts":[{"id":"1p","part_type":"comment","body":"Hello","created_at":1772524803,"author":{"type":"bot"}}]}}}
{"stream":"conversations","data":{"type":"conversation","id":"2","created_at":1772524800,"state":"closed","source":{"id":"s","body":"hi","author":{"type":"user","id":"u"}},"conversation_parts":{"conversation_parts":[{"id":"2p","part_type":"comment","body":"Hello","created_at":1772524803,"author":{"type":"bot"}}]}},"emitted_at":1772524900000}
{"type":"STATE","value":{}}"#,
        comes_to: &["1 unknown: user hi | bot Hello", "2 unknown: user hi | bot Hello"],
        warns: &[],
    },
    Fixture {
        format: "zendesk",
        text: r#"{"ticket":{"id":7,"requester_id":1,"status":"open","created_at":"2026-01-05T08:00:00Z","description":"Lost","via":{"channel":"web"}}}"#,
        comes_to: &["7 pending: user Lost"],
        warns: &["a ticket without its comments"],
    },
    Fixture {
        format: "freshchat",
        text: r#"{"actor":{"actor_type":"user","actor_id":"x"},"action":"message_create","action_time":"2026-03-01T10:00:09Z","data":{"message":{"message_parts":[{"text":{"content":"where is it"}}],"actor_type":"user","actor_id":"user1","id":"1","channel_id":"ch","conversation_id":"cv","message_type":"normal","created_time":"2026-03-01T10:00:01Z"}}}
{"actor":{"actor_type":"user","actor_id":"x"},"action":"message_create","action_time":"2026-03-01T10:00:09Z","data":{"message":{"message_parts":[{"text":{"content":"On its way."}}],"actor_type":"bot","actor_id":"bot1","id":"2","channel_id":"ch","conversation_id":"cv","message_type":"normal","created_time":"2026-03-01T10:00:02Z"}}}
{"actor":{"actor_type":"user","actor_id":"x"},"action":"conversation_assignment","action_time":"2026-03-01T10:00:09Z","data":{"assignment":{}}}
{"actor":{"actor_type":"user","actor_id":"x"},"action":"conversation_resolution","action_time":"2026-03-01T10:00:09Z","data":{"resolve":{"conversation":{"conversation_id":"cv","channel_id":"ch","status":"resolved"}}}}"#,
        comes_to: &["cv resolved: user where is it | bot On its way."],
        warns: &["a webhook that reports neither"],
    },
    Fixture {
        format: "chatwoot",
        text: r#"{"event":"message_created","id":1,"message_type":"incoming","content":"hola","content_type":"text","private":false,"created_at":"2026-03-01T10:00:01Z","sender":{"id":1,"type":"contact"},"inbox":{"id":5},"conversation":{"id":9,"inbox_id":5,"status":"open","meta":{"sender":{"id":1}},"messages":[]}}
{"event":"message_created","id":2,"message_type":"outgoing","content":"buenas","content_type":"text","private":false,"created_at":"2026-03-01T10:00:02Z","sender":{"id":2,"type":"agent_bot"},"inbox":{"id":5},"conversation":{"id":9,"inbox_id":5,"status":"open","meta":{"sender":{"id":1}},"messages":[]}}"#,
        comes_to: &["9 pending: user hola | bot buenas"],
        warns: &[],
    },
    Fixture {
        format: "botpress",
        text: r#"id,threadId,type,direction,incomingEventId,createdOn,event
1,5,text,incoming,e1,2026-03-01T10:00:01Z,"{""payload"":{""text"":""hi""},""nlu"":{""intent"":{""name"":""greet"",""confidence"":0.8}}}"
2,5,text,outgoing,e1,2026-03-01T10:00:02Z,"{""payload"":{""text"":""hello""},""nlu"":{""intent"":{""name"":""greet"",""confidence"":0.8}}}"
"#,
        comes_to: &["5 unknown: user hi (greet 0.8) | bot hello"],
        warns: &[],
    },
];
