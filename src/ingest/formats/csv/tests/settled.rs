//! What columns and rows leave open is asked with what settles it, and what all rows show is taken from them.

use super::*;

#[test]
fn rows_without_an_id_may_belong_to_the_conversation_above() {
    let text =
        "session_id,role,text\ns1,user,where is it\n,bot,soon\ns2,user,stop it\n,bot,done\ns1,user,thanks\n,bot,bye\n";
    let read = all(text);
    let question = read.summary.questions.iter().find(|q| q.about == "column `session_id`").unwrap();
    assert!(question.needed && question.settle.contains("--map \"id=session_id,empty_id=above\""), "{question}");
    for map in ["id=session_id,empty_id=above", "empty_id=above"] {
        let read = mapped(text, map);
        assert_eq!(
            shapes(&read),
            ["s1: user where is it | bot soon | user thanks | bot bye", "s2: user stop it | bot done"],
            "{map}"
        );
        assert_eq!(read.rejects, []);
    }
    assert_eq!(mapped(text, "id=session_id").rejects.len(), 3);
}

#[test]
fn what_differs_within_some_conversation_is_said_of_turns_in_all() {
    let read = all(
        "conversation_id,role,text,page,plan\nc1,user,where is it,home,free\nc2,user,hi there,home,pro\nc2,bot,hello,cart,pro\n",
    );
    let [c1, c2] = &read.conversations[..] else { panic!("{:?}", ids(&read)) };
    assert_eq!((c1.meta.get("page"), &c1.meta["plan"], &c2.meta["plan"]), (None, &"free".into(), &"pro".into()));
    assert_eq!((&c1.turns[0].meta["page"], &c2.turns[1].meta["page"]), (&"home".into(), &"cart".into()));
}

#[test]
fn numbers_that_count_up_say_where_a_row_stands_and_not_who_speaks() {
    let text = |header: &str| {
        format!(
            "dialogue_id,{header},utterance\nd1,0,I want a table\nd1,1,for how many\nd2,0,cancel my booking\nd2,1,it is cancelled\n"
        )
    };
    let asked = |header: &str| {
        let read = all(text(header));
        read.summary.questions.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    };
    assert!(!asked("ordinal").contains("column `ordinal` may"), "{}", asked("ordinal"));
    assert!(asked("speaker_no").contains("column `speaker_no` may"), "{}", asked("speaker_no"));
    assert!(all(text("utterance_index")).summary.why.contains("turn=utterance_index"));
}

#[test]
fn a_chat_without_a_header_names_its_day_its_clock_and_who_takes_turns() {
    let text = "01/03/2026,10:15:22,Maria,+35799123456,\"hello, where is my order\"\n\
                01/03/2026,10:16:01,Shop Bot,+35799000000,It arrives on Tuesday.\n\
                01/03/2026,10:17:45,Maria,+35799123456,thank you\n\
                13/03/2026,09:01:10,Maria,+35799123456,another question about the invoice\n\
                13/03/2026,09:02:10,Shop Bot,+35799000000,Please send the number.\n";
    let read = all(text);
    let question = &read.summary.questions[0];
    assert!(question.settle.contains("text=column 5,role=column 3,id=file,time=column 1,clock=column 2"), "{question}");
    let read = mapped(text, "text=column 5,role=column 3,id=file,role:Maria=user,role:Shop Bot=bot");
    let [c] = &read.conversations[..] else { panic!("{read:?}") };
    assert_eq!((c.turns.len(), c.turns[0].at), (5, Some(Timestamp(1_772_360_122_000))));
}

#[test]
fn headers_are_known_in_their_languages() {
    for header in [
        "Gesprächs-ID,Sprecher,Nachricht,Zeitpunkt,Sterne",
        "id_conversación,hablante,mensaje,fecha_hora,calificación",
        "ID de conversation,locuteur,énoncé,date et heure,évaluation",
        "id conversazione,parlante,messaggio,orario,voto",
        "ID rozmowy,mówca,wiadomość,czas,gwiazdki",
        "konuşma_id,konuşmacı,mesaj,zaman,yıldız",
        "κωδικός συνομιλίας,ομιλητής,μήνυμα,χρονική στιγμή,αστέρια",
        "gesprek_id,spreker,bericht,tijd,sterren",
        "id da conversa,falante,mensagem,hora,estrelas",
    ] {
        let rows: String = [("g1", 5), ("g2", 1), ("g3", 4)]
            .map(|(id, rating)| {
                format!("{id},user,where is my order,2026-03-01 10:00:00,{rating}\n{id},bot,on its way,2026-03-01 10:00:05,{rating}\n")
            })
            .concat();
        let why = all(format!("{header}\n{rows}")).summary.why;
        assert!(["id=", "role=", "text=", "time=", "csat="].iter().all(|field| why.contains(field)), "{header}: {why}");
    }
    let spans = "conversation_id,speaker,text,startTimeMs\ng1,customer,where is it,1772359200000\ng1,bot,on its way,1772359204000\n";
    assert!(all(spans).summary.why.contains("time=startTimeMs"), "{}", all(spans).summary.why);
    let rated = "conversation_id,role,text,customer_happiness\na,user,where is it,5\na,bot,soon,5\nb,user,stop it,1\nb,bot,done,1\n";
    let asked = all(rated).summary.questions;
    assert!(asked.iter().any(|q| q.settle.contains("csat=customer_happiness") && !q.needed), "{asked:?}");
}
