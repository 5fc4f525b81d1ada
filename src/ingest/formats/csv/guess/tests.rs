use super::*;
use crate::domain::Role;

/// The fields in the order of the columns; `-` for none.
fn fields(text: &str) -> String {
    let guess = guess(text.as_bytes());
    let names: Vec<&str> = guess.columns.iter().map(|c| c.field.map_or("-", CsvField::name)).collect();
    format!("{} {}", guess.mapping.shape.name(), names.join(" "))
}

#[test]
fn usual_exports_are_told_by_their_headers() {
    assert_eq!(
        fields(
            "conversation_id,timestamp,sender,text,intent,confidence,outcome,csat\nc1,2026-03-01 09:00,bot,hi you,x,0.9,resolved,5\n"
        ),
        "turns id time role text intent confidence outcome csat"
    );
    assert_eq!(
        fields(
            "id,conversation_id,sender_type,sender_id,content,created_at\n1,42,Contact,7,my money,2026-03-03 08:00:00\n"
        ),
        "turns message_id id role - text time"
    );
    assert_eq!(fields("ticket id;author;body;created\n9;customer;where is it;2026-03-03\n"), "turns id role text time");
    assert_eq!(fields("text,label\nwhere is it,status\n"), "utterances text gold");
    assert_eq!(
        fields("Intent Display Name,Language,Phrase\ncard.lost,en,i lost my card\n"),
        "utterances intent language text"
    );
    assert_eq!(
        fields("utterance,true_label,predicted_intent,score\nwhere is it,a,b,0.4\n"),
        "utterances text gold intent confidence"
    );
    assert_eq!(
        fields("id,transcript,label,status\n77,\"User: hi\nBot: hello\",refund,closed\n"),
        "conversations id transcript gold -"
    );
    assert_eq!(
        fields("Κωδικός συνομιλίας;Ημερομηνία;Αποστολέας;Μήνυμα\n1;25/03/2026;Πελάτης;πού είναι\n"),
        "turns id time role text"
    );
    assert_eq!(fields("session_id,user_message,bot_response\n1,where is it,on its way\n"), "turns id text reply");
}

#[test]
fn the_two_sides_may_have_a_column_each() {
    let text =
        "user,bot\nwhere is my order please,It arrives on Tuesday\nand the other one now,It was sent yesterday\n";
    assert_eq!(fields(text), "utterances text reply");
    assert_eq!(fields("chat_id,user,bot,message\n1,u-1,ShopBot,where is it\n"), "utterances id customer bot text");
}

#[test]
fn values_decide_where_headers_may_mean_two_things() {
    // `from` holds names, `type` the words that say who it is.
    assert_eq!(
        fields("chat_id,from,type,message\n1,Maria,user,where is it\n1,Shop,bot,on its way\n"),
        "turns id - role text"
    );
    // A status that is no outcome, a score that is no confidence, a time that is none.
    assert_eq!(
        fields("id,sender,text,status,score,time\n1,user,where is it,closed,high,soon\n"),
        "turns id role text - - -"
    );
    assert_eq!(fields("id,sender,text,status\n1,user,where is it,Solved\n"), "turns id role text outcome");
}

#[test]
fn files_without_header_are_told_by_their_values() {
    assert_eq!(
        fields("c1,user,where is my order,2026-03-01 09:00:00\nc1,bot,on its way now,2026-03-01 09:00:05\n"),
        "turns id role text time"
    );
    assert_eq!(
        fields("where is my order,status\nwhere is it now,status\nstop it please,cancel\n"),
        "utterances text -"
    );
    let guess = guess(b"where is my order,status\nwhere is it now,status\n");
    assert_eq!(guess.columns[1].name, "column 2");
    assert!(guess.sure < 50 && guess.questions[0].seen.contains("no header names them"));
}

#[test]
fn a_guess_says_what_to_look_at() {
    let sure = |text: &str| {
        let guess = guess(text.as_bytes());
        let asked = guess.questions.iter().map(ToString::to_string);
        (guess.sure, guess.warnings.iter().cloned().chain(asked).collect::<Vec<_>>().join(" / "))
    };
    assert!(sure("id,sender,text\n1,customer,hi\n1,agent,yo\n").1.contains("--map role:agent=bot"));
    assert_eq!(sure("session_id,sender,message\n1,user,hi\n1,bot,yo\n"), (85, String::new()));
    let (low, says) = sure("text,intent\nwhere is it,status\n");
    assert!(low < 85 && says.contains("never a label"), "{says}");
    assert!(sure("id,sender,text\n1,Al,hi\n1,Bo,yo\n").1.contains("nobody says who these are: `Al` (1), `Bo` (1)"));
    assert!(sure("sender,text\nuser,hi\nbot,yo\n").1.contains("--map id=COLUMN"));
    assert!(sure("id,id,sender,text\n1,1,user,hi\n").1.contains("two columns are called `id`"));
    assert!(sure("id,role,text\n1,user,a\n2,bot,b\n3,user,c\n4,bot,d\n").1.contains("an id of its own"));
    assert_eq!((sure("").0, sure("\n\n").0, sure("a,b\n1,2\n").0), (0, 0, 0));
}

#[test]
fn corrections_settle_what_was_asked() {
    let head = b"a,b,c,d\n1,Al,hi there,x\n1,Bo,yo there,y\n";
    let guess = correct(head, None, "id=a,role=b,text=c,role:al=user,role:bo=bot").unwrap();
    assert_eq!((guess.mapping.shape, guess.warnings.as_slice()), (RowShape::Turns, &[][..]));
    assert_eq!((guess.mapping.senders["bo"], guess.columns[3].field), (Role::Bot, None));
    assert_eq!(guess.columns[1].examples, ["Al", "Bo"]);
    let tabs = correct(b"a\tb\n1\tx y\n", None, "delimiter=tab,header=no,text=#2").unwrap();
    assert_eq!((tabs.columns[0].name.as_str(), tabs.mapping.column(CsvField::Text)), ("column 1", Some("column 2")));
    let profile = guess.mapping.clone();
    let again = correct(head, Some(&profile), "csat=d").unwrap();
    assert_eq!((again.mapping.column(CsvField::Csat), again.mapping.column(CsvField::Text)), (Some("d"), Some("c")));
    assert!(correct(head, None, "id=zz").is_err());
}
