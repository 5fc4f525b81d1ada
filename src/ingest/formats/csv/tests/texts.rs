//! Conversations as text, read from end to end.

use super::*;

/// What a text comes to that is a file of this name.
fn named(name: &str, text: &str, change: impl FnOnce(&mut ReadOptions)) -> Drained {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(name);
    std::fs::write(&path, text).unwrap();
    drain(Input::File(path), options(change))
}

fn moments(c: &Conversation) -> Vec<String> {
    c.turns.iter().map(|t| t.at.map_or("none".to_owned(), Timestamp::rfc3339)).collect()
}

#[test]
fn what_names_no_conversation_is_named_after_the_file_and_how_it_begins() {
    let one = "Customer: hi there\nBot: hello\nCustomer: where is it\n";
    let alone = named("chat_7.txt", one, |_| {});
    assert!(ids(&alone)[0].starts_with("chat_7-"), "{:?}", ids(&alone));
    let grown = named("chat_7.txt", &format!("{one}Bot: on its way\n"), |_| {});
    assert_eq!((ids(&grown), texts(&grown.conversations[0]).len()), (ids(&alone), 4));
    let other = named("chat_7.txt", &one.replace("where is it", "stop it"), |_| {});
    assert_ne!(ids(&other), ids(&alone), "another chat in a file of the same name replaces none");
    let three = named("day.txt", &format!("{one}---\n{one}---\n{one}"), |o| o.folder = Some("chats".to_owned()));
    let first = ids(&three)[0].to_owned();
    assert!(first.starts_with("day-"), "{first}");
    assert_eq!(ids(&three), [first.clone(), format!("{first}-2"), format!("{first}-3")]);
    assert!(three.conversations.iter().all(|c| c.source == "chats"));
    assert!(
        three.summary.warnings.iter().any(|w| w.text.contains("after the file and how they begin")),
        "{:?}",
        three.summary.warnings
    );
    // A pipe has no name of its own.
    assert_eq!(all(one).conversations[0].id.len(), 16);
}

#[test]
fn clocks_are_of_the_day_that_stands_above() {
    let said = "[10:15] Customer: hi there\n[23:59] Bot: hello\n[00:01] Customer: bye\n";
    let times = ["2026-03-05T10:15:00Z", "2026-03-05T23:59:00Z", "2026-03-06T00:01:00Z"];
    for above in [
        "Date: 2026-03-05\n",
        "2026-03-05\n",
        "=== Chat 8 (2026-03-05 10:15) ===\nRating: 4\n",
        "Gespräch 8\nDatum: 2026-03-05\n\n",
    ] {
        let read = all(format!("{above}{said}"));
        assert_eq!(moments(&read.conversations[0]), times, "{above}");
        assert_eq!(read.conversations[0].started_at.map(Timestamp::rfc3339).as_deref(), Some(times[0]), "{above}");
    }
    let read = all(said);
    assert_eq!(moments(&read.conversations[0]), ["none"; 3]);
    assert_eq!(read.conversations[0].turns[1].meta["stamp"].as_str(), Some("23:59"));
    assert!(
        read.summary.warnings.iter().any(|w| w.text.contains("are of no day (`10:15`)")),
        "{:?}",
        read.summary.warnings
    );
}

#[test]
fn fields_in_other_languages_are_no_speakers() {
    let text = "Sohbet 3\nTarih: 2026-03-05\nPuan: 3/5\nMüşteri: selam size\nBot: selam\n\nSohbet 4\nTarih: 2026-03-06\nPuan: 1/5\nMüşteri: iptal et\nBot: olmaz\n";
    let read = all(text);
    assert_eq!(shapes(&read), ["3: user selam size | bot selam", "4: user iptal et | bot olmaz"]);
    assert_eq!(read.conversations[1].csat.as_ref().map(|c| (c.score, c.max)), Some((1.0, 5.0)));
}

#[test]
fn beside_a_known_ai_a_name_is_a_persons() {
    let text = "Customer: hi there\nBot: hello\nSystem: Conversation transferred to agent Eleni\nEleni: hello, this is Eleni\n";
    let asked = all(text);
    assert!(asked.summary.questions[0].settle.contains("role:Eleni=agent"), "{:?}", asked.summary.questions);
    let read = drain(stream(text), options(|o| o.accept_guesses = true));
    assert_eq!(read.conversations[0].turns[3].role, Role::Agent);
}

#[test]
fn stamps_before_words_for_who_speaks_are_no_whatsapp() {
    let read = all("[2026-03-05 10:15] Customer: hi there\n[2026-03-05 10:16] Bot: hello\n");
    assert_eq!((read.summary.format, moments(&read.conversations[0])[1].as_str()), ("csv", "2026-03-05T10:16:00Z"));
}
