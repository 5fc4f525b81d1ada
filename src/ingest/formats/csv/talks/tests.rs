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
        "transcript\nUser: hi\nBot: yo\n",
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
