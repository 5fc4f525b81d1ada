use super::*;
use crate::ingest::context::Context;
use crate::ingest::formats::csv::RowShape;

fn read(cell: &str) -> Result<Vec<(Role, String)>, RowError> {
    let mut m = Mapping::new(RowShape::Conversations);
    m.senders.insert("maria".into(), Role::Agent);
    turns(cell, &m, false, &mut Context::of("shop")).map(|ts| ts.into_iter().map(|t| (t.role, t.text)).collect())
}

#[test]
fn transcripts_are_cut_at_known_speakers() {
    let (user, bot, agent) = (Role::User, Role::Bot, Role::Agent);
    let of = |list: &[(Role, &str)]| Ok(list.iter().map(|(r, t)| (*r, (*t).to_owned())).collect::<Vec<_>>());
    assert_eq!(
        read("User: hi\nBot: hello\nNote: this\n\nMaria: ok\n"),
        of(&[(user, "hi"), (bot, "hello\nNote: this"), (agent, "ok")])
    );
    assert_eq!(read("[2026-03-01 09:00] Customer:a\\n[09:01] ShopBot: b"), of(&[(user, "a"), (bot, "b")]));
    assert_eq!(read("10:05 PM User: a\n2026-03-01 09:00 - Bot: b"), of(&[(user, "a"), (bot, "b")]));
    assert_eq!(read("User: 1 <br> Bot: 2"), of(&[(user, "1"), (bot, "2")]));
    assert_eq!(read("Customer: a; Bot: b; Customer: c"), of(&[(user, "a"), (bot, "b"), (user, "c")]));
    assert_eq!(read("**Customer:** a\n**Bot:** b"), of(&[(user, "a"), (bot, "b")]));
    assert_eq!(read("- Customer (09:00): a\n- Bot (09:01): b"), of(&[(user, "a"), (bot, "b")]));
    assert_eq!(read("<b>Customer:</b> a<br><b>Bot:</b> b"), of(&[(user, "a"), (bot, "b")]));
    assert_eq!(read("[Customer] a\n[Bot] b"), of(&[(user, "a"), (bot, "b")]));
    assert_eq!(read("*User:* a\n*Bot:* b"), of(&[(user, "a"), (bot, "b")]));
    assert_eq!(read("**Maria** (10:15): a\n**Bot** (10:16): b"), of(&[(agent, "a"), (bot, "b")]));
    assert_eq!(read("Customer (Eleni): a\nBot (Nova): b"), of(&[(user, "a"), (bot, "b")]));
    assert_eq!(read("客户：a\n机器人：b"), of(&[(user, "a"), (bot, "b")]));
    assert_eq!(read(r#"[{"role":"user","content":"x"}]"#), of(&[(user, "x")]));
    assert!(read("hello\nUser: x").unwrap_err().to_string().contains("--map role:WORD=user"));
    assert_eq!(read(""), Ok(vec![]));
    assert!(
        is_dialogue("User: a\nBot: b") && is_dialogue("Visitor: a\nSofia: b") && is_dialogue("Al: a\nBo: b\nAl: c")
    );
    assert!(!is_dialogue("no: one\nspeaks: here") && !is_dialogue("see https://x.y\nand this"));
    assert!(read("User: a\nSofia: b\nSofia: c").unwrap_err().to_string().contains("role:Sofia"));
    assert!(read("User: a\nBot: b\nAgent Sofia: c").unwrap_err().to_string().contains("role:Agent Sofia"));
    assert_eq!(read("User: a\nBot: b\nAgent Name: c"), of(&[(user, "a"), (bot, "b\nAgent Name: c")]));
    assert_eq!(read("User: a\nUser Agent: b"), of(&[(user, "a\nUser Agent: b")]));
    assert_eq!(read("User at 09:00: a\nBot at 09:01: b"), of(&[(user, "a"), (bot, "b")]));
    let python = "[{'sender': 'user', 'text': 'hi'}, {'sender': 'bot', 'text': 'yo'}]";
    assert_eq!(read(python), of(&[(user, "hi"), (bot, "yo")]));
    assert_eq!(read("User:\ta\nBot:\t b"), of(&[(user, "a"), (bot, "b")]));
    assert_eq!(read("bot: a b?\nuser: c\nbot: d"), of(&[(bot, "a b?"), (user, "c"), (bot, "d")]));
    let stranger = read("User: hi\nBot: yo\nSystem: Agent Sofia joined the chat\nSofia: hello").unwrap_err();
    assert!(stranger.to_string().contains("role:Sofia"), "{stranger}");
    let joined = "User: hi\n*** Agent Maria joined the chat ***\nMaria: hello";
    assert_eq!(
        read(joined),
        of(&[(user, "hi"), (Role::System, "*** Agent Maria joined the chat ***"), (agent, "hello")])
    );
}

#[test]
fn stamps_become_times_or_are_kept() {
    let m = Mapping::new(RowShape::Conversations);
    let turns = turns("[2026-03-01 09:00:01] User: a\n(09:05) Bot: b", &m, false, &mut Context::of("shop")).unwrap();
    assert_eq!(turns[0].at.unwrap().rfc3339(), "2026-03-01T09:00:01Z");
    assert_eq!((turns[1].at, turns[1].meta["stamp"].as_str()), (None, Some("09:05")));
    let named = super::turns("Customer (Eleni): a\nBot: b", &m, false, &mut Context::of("shop")).unwrap();
    assert_eq!(named[0].meta["name"].as_str(), Some("Eleni"));
    let mut told = Mapping::new(RowShape::Conversations);
    told.no_speakers.insert("desk".into());
    let first = super::turns("Desk: 7\nUser: a\nBot: b", &told, false, &mut Context::of("shop")).unwrap();
    assert_eq!((first[0].role, first.len()), (Role::System, 3));
    let mut cx = Context::of("shop");
    super::turns("[02/03/2026 09:00] User: a\n[02/03/2026 09:01] Bot: b", &m, false, &mut cx).unwrap();
    assert!(cx.warnings.list()[0].text.contains("--date-order"), "{:?}", cx.warnings.list());
}
