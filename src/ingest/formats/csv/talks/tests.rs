use super::*;

fn cut(text: &str) -> Vec<(Option<String>, usize, String)> {
    assert!(is_one(text.as_bytes()), "{text}");
    let talks = talks(text, &mut Warnings::default());
    talks.into_iter().map(|t| (t.id, t.fields.len(), t.lines.join("|"))).collect()
}

fn one(id: &str, fields: usize, said: &str) -> (Option<String>, usize, String) {
    (Some(id).filter(|id| !id.is_empty()).map(str::to_owned), fields, said.to_owned())
}

#[test]
fn conversations_are_parted_by_headings_rules_and_blank_lines() {
    let (a, b) = ("Customer: a\nBot: b", "Customer: c\nBot: d");
    let (first, second) = ("Customer: a|Bot: b", "Customer: c|Bot: d");
    assert_eq!(cut(a), [one("", 0, first)]);
    assert_eq!(cut(&format!("{a}\n\n{b}\n")), [one("", 0, first), one("", 0, second)]);
    assert_eq!(cut(&format!("{a}\n---\n{b}\n")), [one("", 0, first), one("", 0, second)]);
    for (one_is, two_is) in [
        ("# Conversation 12", "# Conversation 13"),
        ("Chat ID: 12", "Chat ID: 13"),
        ("=== Ticket #12 ===", "=== Ticket #13 ==="),
    ] {
        assert_eq!(cut(&format!("{one_is}\n{a}\n{two_is}\n\n{b}")), [one("12", 0, first), one("13", 0, second)]);
    }
    // Blank lines and rules between turns part none.
    assert_eq!(cut("**User:** a\n\n---\n\n**Assistant:** b\n").len(), 1);
    assert_eq!(cut("Customer: a\n\nBot: b\nmore\n\nCustomer: c\nBot: d").len(), 1);
}

#[test]
fn what_stands_above_and_below_are_fields() {
    let text = "Chat with support\nChat ID: 8\nDate: 2026-03-02\nDuration: 5 min\n\nEleni: a\nBot: b\n\nRating: 5\n";
    assert_eq!(cut(text), [one("8", 3, "Eleni: a|Bot: b")]);
}

#[test]
fn tables_prose_and_settings_are_none() {
    for other in [
        "id,role,text\n1,user,hi\n1,bot,yo\n",
        "transcript\n\"User: hi\nBot: yo\"\n\"User: a\nBot: b\"\n",
        "conversation_id,transcript\n1,\"User: hi\nBot: yo\"\n",
        "name: shop\nversion: 2\nname: other\n",
        "Dear all,\nthe rule is: be kind\nthe other: be quick\n",
        "{\"a\":\n\"User: b\",\n\"c\":\"Bot: d\"}",
        "User: hi Bot: yo\nUser: ok Bot: fine\n",
        "00:11:09\tAshlee K:\they\n00:11:40\tDora D:\thello\n",
        "",
    ] {
        assert!(!is_one(other.as_bytes()), "{other}");
    }
    for one in ["[10:15] Maria: hi, you\n[10:16] ShopBot: yo\n", "### User\na\n\n### Assistant\n- b\n- c\n"] {
        assert!(is_one(one.as_bytes()), "{one}");
    }
}

#[test]
fn a_title_that_is_called_as_a_column_is_a_title() {
    let said = "Customer: a|Bot: b|Customer: c";
    for title in ["Transcript\n", "Chat transcript\n\n", "# Chat Transcript\n\n", "Messages\n", "Conversation\n"] {
        assert_eq!(cut(&format!("{title}Customer: a\nBot: b\nCustomer: c\n")), [one("", 0, said)], "{title}");
    }
    let told = "Chat transcript\nTicket #00417\nStarted: 2026-03-05\nAgent: Eleni\nCustomer: Maria Georgiou\n\nMaria Georgiou: hi\nShopBot: yo\nMaria Georgiou: a person please\nEleni: hello\n";
    let lines = "Maria Georgiou: hi|ShopBot: yo|Maria Georgiou: a person please|Eleni: hello";
    assert_eq!(cut(told), [one("00417", 3, lines)]);
}

#[test]
fn headings_that_recur_part_whatever_they_are_called() {
    let (a, b) = ("Customer: a\nBot: b", "Customer: c\nBot: d");
    let (first, second) = ("Customer: a|Bot: b", "Customer: c|Bot: d");
    for [one_is, two_is, above, below] in [
        ["Shop chat 12", "Shop chat 13", "12", "13"],
        ["# Chat A", "# Chat B", "Chat A", "Chat B"],
        ["Κατάστημα – Συνομιλία 12", "Κατάστημα – Συνομιλία 13", "12", "13"],
        ["* * *", "- - -", "", ""],
    ] {
        let fields = |n: u8| format!("Date: 2026-03-0{n}\nRating: {n}");
        let text = format!("{one_is}\n{}\n\n{a}\n\n{two_is}\n{}\n\n{b}\n", fields(1), fields(2));
        assert_eq!(cut(&text), [one(above, 2, first), one(below, 2, second)], "{text}");
    }
    let dated = format!("Date: 2026-03-05\nRating: 4\n\n{a}\n\nDate: 2026-03-06\nRating: 1\n\n{b}\n");
    assert_eq!(cut(&dated), [one("", 2, first), one("", 2, second)]);
    // What stands within an answer parts nothing.
    assert_eq!(cut("## User\na\n## Assistant\n# Steps\nopen it\n\nStep 1\nclose it\n## User\nthanks\n").len(), 1);
    let mut warnings = Warnings::default();
    assert_eq!(talks(&format!("{a}\n\nOrder inquiry\n\n{b}\n"), &mut warnings).len(), 1);
    assert!(warnings.list()[0].text.contains("`Order inquiry`, line 4"), "{:?}", warnings.list());
}

#[test]
fn fields_are_known_in_any_language() {
    let text = "Gespräch 12\nDatum: 5.3.2026\nBewertung: 2 von 5\nStatus: gelöst\n\n[10:15] Kunde: Hallo\n[10:16] Bot: Hallo!\n\nKanal: Web\n";
    assert_eq!(cut(text), [one("12", 4, "[10:15] Kunde: Hallo|[10:16] Bot: Hallo!")]);
    assert_eq!(cut("Customer: a\nBot: b\n\nNote: it is late\n"), [one("", 0, "Customer: a|Bot: b||Note: it is late")]);
    assert_eq!(cut("Q: where is my order?\nBot: here\n"), [one("", 0, "Q: where is my order?|Bot: here")]);
    assert_eq!(cut("Sender: a\nBot: b\nSender: c\n"), [one("", 0, "Sender: a|Bot: b|Sender: c")]);
    let dated = "# Conversation 17 – 2026-03-05\n\n**Maria** (10:15): hi\n\n**ShopBot** (10:16): yo\n";
    assert_eq!(cut(dated), [one("17", 1, "**Maria** (10:15): hi||**ShopBot** (10:16): yo")]);
    assert_eq!(date("Chat 4 (2026-03-05 10:15)"), Some("2026-03-05 10:15"));
    assert_eq!((date("5/3/2026"), date("version 1.2 of 3")), (Some("5/3/2026"), None));
}

#[test]
fn configurations_mails_and_forms_are_none() {
    for other in [
        "name: build\nuser: root\nagent: linux\nsteps: run\n",
        "[bot]\nname = x\nUser: root\nAgent: true\n",
        "host: localhost\nport: 8080\nuser: admin\nassistant: gpt\ndatabase: shop\nuser: backup\n",
        "# production settings\nuser: deploy\nagent: forward\nbot: shopbot\ncustomer: acme\n",
        "Host: example\nUser: deploy\nAgent: yes\n",
        "services:\n  bot:\n    image: shop bot\n    restart: if it fails\n  user: root of it\n  port: 80 and 81\n",
        "From: Maria <maria@example.com>\nTo: Customer Support\nSubject: order\n\nCustomer: Maria K\nAgent: Nikos\nHello, where is it?\n",
    ] {
        assert!(!is_one(other.as_bytes()), "{other}");
    }
    assert!(is_one(b"user: hi\nassistant: hello\n"));
}
