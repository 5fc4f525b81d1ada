//! Ratings, thumbs and offers of tables and of records: one scale for all of a log, and nothing that may be one without a word.

use super::*;
use crate::domain::OfferStatus;
use crate::ingest::scales_of;

fn asked(read: &Drained, about: &str) -> String {
    let of = |q: &&crate::ingest::ImportQuestion| q.about == about;
    read.summary.questions.iter().filter(of).map(ToString::to_string).collect::<Vec<_>>().join(" / ")
}

fn warned(read: &Drained) -> String {
    read.summary.warnings.iter().map(|w| w.text.as_str()).collect::<Vec<_>>().join(" / ")
}

/// A conversation a line, with what stands under a key of it and of its answer.
fn lines(key: &str, values: &[&str]) -> String {
    let line = |(i, value): (usize, &&str)| {
        let of = |this: &str| if key == this { format!(",\"{key}\":{value}") } else { String::new() };
        format!(
            "{{\"id\":\"k{i}\",\"turns\":[{{\"role\":\"user\",\"text\":\"where is it {i}\"}},{{\"role\":\"bot\",\"text\":\"soon\"{}}}]{}}}\n",
            of("feedback"),
            of("csat")
        )
    };
    values.iter().enumerate().map(line).collect()
}

/// A table of a question and an answer a conversation, whose rows have these cells.
fn table(columns: &str, cells: &[&str]) -> String {
    let row = |(i, c): (usize, &&str)| format!("k{i},user,where is it {i},{c}\nk{i},bot,on its way,{c}\n");
    format!("conversation_id,role,text,{columns}\n{}", cells.iter().enumerate().map(row).collect::<String>())
}

fn scores(read: &Drained) -> Vec<Option<(f64, f64)>> {
    read.conversations.iter().map(|c| c.csat.as_ref().map(|r| (r.score, r.max))).collect()
}

fn thumbs(read: &Drained) -> Vec<Option<i8>> {
    read.conversations.iter().map(|c| c.turns[1].feedback.as_ref().map(|f| f.score)).collect()
}

#[test]
fn plain_ratings_of_records_are_judged_by_all_of_them() {
    let five = all(lines("csat", &["4", "1", "{\"score\":2}", "\"4/5\""]));
    let of_five = [4.0, 1.0, 2.0, 4.0].map(|score| Some((score, 5.0)));
    assert_eq!((scores(&five).as_slice(), five.summary.questions.len()), (&of_five[..], 0), "{:?}", five.summary);
    assert_eq!(scores(&all(lines("csat", &["1"]))), [Some((1.0, 5.0))], "of five, as the format has it");
    let ten = all(lines("csat", &["3", "10", "9"]));
    assert_eq!(scores(&ten), [3.0, 10.0, 9.0].map(|score| Some((score, 10.0))));
    assert!(warned(&ten).contains("best is taken to be 10"), "{}", warned(&ten));
    // Nobody can tell: none is read, and the line that is printed reads all of them.
    let flags = lines("csat", &["1", "0", "1"]);
    let open = all(&flags);
    assert_eq!(scores(&open), [None; 3]);
    let said = asked(&open, "`csat`");
    assert!(said.contains("csat_max=") && said.contains("(3 values)"), "{said}");
    assert_eq!(open.conversations[1].meta["csat"], 0);
    let told = mapped(&flags, "csat=csat,csat_max=1");
    assert_eq!(scores(&told), [1.0, 0.0, 1.0].map(|score| Some((score, 1.0))), "{:?}", told.summary);
    assert_eq!((told.summary.format, asked(&told, "`csat`").as_str()), ("canonical", ""));
    let none = mapped(&flags, "csat=");
    assert_eq!((scores(&none), none.summary.format), (vec![None; 3], "canonical"));
    let words = all(lines("csat", &["\"Very satisfied\"", "\"Meh\"", "2"]));
    assert_eq!(scores(&words), [Some((5.0, 5.0)), None, Some((2.0, 5.0))]);
    assert!(asked(&words, "`csat`").contains("`Meh` (1)"), "{}", asked(&words, "`csat`"));
    assert_eq!(scores(&mapped(&lines("csat", &["\"Meh\"", "2"]), "csat:Meh=3"))[0], Some((3.0, 5.0)));
    // What says of how many it is needs no other.
    let own = all(lines("csat", &["{\"score\":9,\"max\":10}", "4"]));
    assert_eq!(scores(&own), [Some((9.0, 10.0)), Some((4.0, 5.0))]);
}

#[test]
fn files_that_are_imported_together_are_judged_together() {
    let folder = tempfile::tempdir().unwrap();
    let paths: Vec<PathBuf> = [("a.jsonl", "4"), ("b.jsonl", "9")]
        .into_iter()
        .map(|(name, rating)| {
            let path = folder.path().join(name);
            std::fs::write(&path, lines("csat", &[rating])).unwrap();
            path
        })
        .collect();
    let together = scales_of(paths.iter().map(PathBuf::as_path), &options(|_| {}));
    let read = |path: &PathBuf| scores(&drain(Input::File(path.clone()), options(|o| o.scales.clone_from(&together))));
    assert_eq!((read(&paths[0]), read(&paths[1])), (vec![Some((4.0, 10.0))], vec![Some((9.0, 10.0))]));
    assert_eq!(scores(&file(paths[0].clone())), [Some((4.0, 5.0))], "alone it is of five");
    assert!(scales_of([Path::new("a")].into_iter(), &options(|_| {})).is_none());
}

#[test]
fn points_of_a_scale_are_no_thumbs_of_records() {
    assert_eq!(thumbs(&all(lines("feedback", &["1", "0", "-1", "\"up\""]))), [Some(1), Some(0), Some(-1), Some(1)]);
    let points = all(lines("feedback", &["1", "5", "2"]));
    assert_eq!(thumbs(&points), [None; 3], "1 is the worst of them");
    assert!(warned(&points).contains("a point of a scale"), "{}", warned(&points));
    let of_more =
        ["{\"score\":0,\"max\":5}", "{\"score\":-1,\"max\":5}", "{\"score\":1,\"max\":5}", "{\"score\":1,\"max\":1}"];
    assert_eq!(thumbs(&all(lines("feedback", &of_more))), [None, None, None, Some(1)]);
}

#[test]
fn a_second_column_of_ratings_and_words_that_nobody_knows_are_named_with_a_line_that_reads_them() {
    let two = table("csat,csat_agent", &["1,5", "5,1", "2,3"]);
    let said = asked(&all(&two), "column `csat_agent`");
    assert!(said.contains("--map \"csat=csat_agent\"") && said.contains("not `csat`"), "{said}");
    assert!(said.contains("(6 of the first 6 rows)"), "{said}");
    assert_eq!(scores(&mapped(&two, "csat=csat_agent"))[0], Some((5.0, 5.0)));
    let words = table("Survey rating", &["Fab", "Meh", "Fab"]);
    let said = asked(&all(&words), "column `Survey rating`");
    assert!(said.contains("--map \"csat=Survey rating,csat:Fab=N\""), "{said}");
    let read = mapped(&words, "csat=Survey rating,csat:Fab=5,csat:Meh=2");
    assert_eq!(scores(&read), [5.0, 2.0, 5.0].map(|score| Some((score, 5.0))));
    let likes = asked(&all(table("reaction", &["like", "disliked"])), "column `reaction`");
    assert!(likes.contains("--map \"feedback=reaction\""), "{likes}");
    let dropped = asked(&all(table("csat", &["5", "five", "one", "4"])), "column `csat`");
    assert!(dropped.contains("`five`, `one` in 4 of 8 rows"), "{dropped}");
    // Why somebody rated is no rating, and a dropped column says how much is dropped.
    assert_eq!(
        asked(
            &all(table("rating_reason", &["it was late again today", "nobody wrote me back"])),
            "column `rating_reason`"
        ),
        ""
    );
    let dropped = asked(&all(table("csat", &["1", "0"])), "column `csat`");
    assert!(dropped.contains("(4 values)"), "{dropped}");
}

#[test]
fn ratings_without_their_conversations_are_read_as_what_they_are() {
    let alone = all("conversation_id,csat,csat_comment\nk1,5,fine\nk2,,\nk3,1,\n");
    let told: Vec<(&str, usize)> = alone.conversations.iter().map(|c| (c.id.as_str(), c.turns.len())).collect();
    assert_eq!(told, [("k1", 0), ("k3", 0)], "{:?}", alone.summary);
    assert_eq!(scores(&alone), [Some((5.0, 5.0)), Some((1.0, 5.0))]);
    assert_eq!(alone.conversations[0].csat.as_ref().unwrap().comment.as_deref(), Some("fine"));
    assert!(alone.summary.why.contains("one row a rating of a stored conversation"), "{}", alone.summary.why);
    // A scale that nobody knows is asked for before any is stored.
    let open = all("conversation_id,csat\nk1,1\nk2,0\n");
    assert!(open.summary.questions.iter().any(|q| q.needed && q.settle.contains("csat_max")), "{:?}", open.summary);
    assert_eq!(open.conversations, []);
    let said = mapped("conversation_id,csat\nk1,1\nk2,0\n", "csat=csat,csat_max=1");
    assert_eq!(scores(&said), [Some((1.0, 1.0)), Some((0.0, 1.0))], "{:?}", said.summary);
}

#[test]
fn a_correction_under_another_header_is_named_with_the_line_that_reads_it() {
    let row = |i: u8| format!("k{i},user,where is it,\nk{i},bot,It is lost.,It arrives on Tuesday {i}.\n");
    let rows = (0..3).map(row).collect::<String>();
    let read = all(format!("conversation_id,role,text,edited_response\n{rows}"));
    assert!(warned(&read).contains("--map \"corrected=edited_response\""), "{}", warned(&read));
}

fn told(c: &Conversation) -> Vec<(&str, OfferStatus)> {
    c.offers.iter().map(|o| (o.name.as_str(), o.status)).collect()
}

fn offers(read: &Drained) -> Vec<Vec<(&str, OfferStatus)>> {
    read.conversations.iter().map(told).collect()
}

#[test]
fn offers_of_a_table_are_read_by_name_and_status_or_as_json() {
    let read = all(table("offer,offer_status", &["Gold,accepted", "Gold,No thanks", "Silver,", ","]));
    let (yes, no, shown) = (OfferStatus::Accepted, OfferStatus::Declined, OfferStatus::Shown);
    assert_eq!(
        offers(&read),
        [vec![("Gold", yes)], vec![("Gold", no)], vec![("Silver", shown)], vec![]],
        "{:?}",
        read.summary
    );
    let listed = r#""[{""name"":""Gold"",""status"":""accepted""},{""name"":""Bed""}]""#;
    assert_eq!(
        offers(&all(table("offers", &[listed, "\"[\"\"Gold\"\"]\""]))),
        [vec![("Gold", yes), ("Bed", shown)], vec![("Gold", shown)]]
    );
    // The last word on an offer holds, and each offer of a conversation stays.
    let rows = "conversation_id,role,text,offer,offer_status\nk,bot,a bed?,Bed,shown\nk,user,yes,Bed,accepted\nk,bot,a seat?,Seat,shown\nk,user,no,Seat,declined\n";
    assert_eq!(offers(&all(rows)), [vec![("Bed", yes), ("Seat", no)]]);
    // What became of offers is no end of conversations.
    let alone = all(table("product,offer_outcome", &["Gold,accepted", "Gold,declined"]));
    let said = asked(&alone, "column `offer_outcome`");
    assert!(said.contains("offer=COLUMN,offer_status=offer_outcome") && !said.contains("outcome:accepted"), "{said}");
    let told = mapped(
        &table("product,offer_outcome", &["Gold,accepted", "Gold,declined"]),
        "offer=product,offer_status=offer_outcome",
    );
    assert_eq!(offers(&told), [vec![("Gold", yes)], vec![("Gold", no)]]);
    // How many there were names none.
    assert_eq!(offers(&all(table("offers", &["2", "0"]))), [vec![], vec![]]);
}

#[test]
fn scales_that_nobody_can_tell_are_asked_and_their_lines_turn_nothing_round() {
    // Thumbs beside points, sentiments of which none is below 0.
    let rows = table("feedback", &["1", "1", "1", "1", "5"]);
    let points = all(&rows);
    assert_eq!(thumbs(&points), [None; 5]);
    let said = asked(&points, "column `feedback`");
    assert!(said.contains("from 1 to 5") && said.contains("--map \"feedback=,csat=feedback\""), "{said}");
    assert_eq!(scores(&mapped(&rows, "feedback=,csat=feedback"))[0], Some((1.0, 5.0)));
    let shares = table("sentiment", &["0.9", "0.02"]);
    let said = asked(&all(&shares), "column `sentiment`");
    assert!(said.contains("from 0.02 to 0.9") && said.contains("--map \"sentiment=sentiment\""), "{said}");
    assert_eq!(asked(&mapped(&shares, "sentiment=sentiment"), "column `sentiment`"), "");
    assert_eq!(asked(&all(table("sentiment", &["0.9", "-0.2"])), "column `sentiment`"), "");
    // Below and above 0 alike.
    let ends = table("csat", &["-1", "0", "1"]);
    let said = asked(&all(&ends), "column `csat`");
    assert!(said.contains("from -1 to 1") && said.contains("csat_min=-1,csat_max=1"), "{said}");
    let read = scores(&mapped(&ends, "csat=csat,csat_min=-1,csat_max=1"));
    assert_eq!(read, [1.0, 2.0, 3.0].map(|score| Some((score, 3.0))), "counted from 1");
    // A header says of how many, and one of complaints is turned round.
    assert_eq!(scores(&all(table("rating (1-10)", &["5", "3"])))[0], None, "no field takes that header");
    assert_eq!(scores(&mapped(&table("rating (1-10)", &["5", "3"]), "csat=#4"))[0], Some((5.0, 10.0)));
    let turned = table("dissatisfaction", &["5", "1", "4"]);
    let said = asked(&all(&turned), "column `dissatisfaction`");
    assert!(said.contains("--map \"csat=dissatisfaction,csat_best=1,csat_max=5\""), "{said}");
    assert_eq!(scores(&mapped(&turned, "csat=dissatisfaction,csat_best=1,csat_max=5"))[0], Some((1.0, 5.0)));
    let yes = asked(&all(table("unsatisfied", &["yes", "no"])), "column `unsatisfied`");
    assert!(yes.contains("csat:yes=1,csat:no=5"), "{yes}");
    let negative = asked(&all(table("is_negative_feedback", &["1", "0"])), "column `is_negative_feedback`");
    assert!(!negative.contains("--map \"feedback=is_negative_feedback\""), "{negative}");
}

#[test]
fn a_survey_with_comments_makes_no_conversations_of_them() {
    let survey = "ticket_id,rating,comment,date\n1,5,Very quick help thanks,2026-05-01\n2,1,\"Nobody ever\nanswered me\",2026-05-02\n9,2,,2026-05-04\n";
    let read = all(survey);
    let told: Vec<_> = read.conversations.iter().map(|c| (c.id.as_str(), c.turns.len())).collect();
    assert_eq!(told, [("1", 0), ("2", 0), ("9", 0)], "{:?}", read.summary);
    let comment = |i: usize| read.conversations[i].csat.as_ref().unwrap().comment.as_deref();
    assert_eq!(
        [comment(0), comment(1), comment(2)],
        [Some("Very quick help thanks"), Some("Nobody ever\nanswered me"), None]
    );
    assert!(warned(&read).contains("--map \"text=comment\""), "{}", warned(&read));
    // Somebody knows better, and records are tables.
    let said = mapped(survey, "text=comment");
    assert_eq!(said.conversations[0].turns.len(), 1, "{:?}", said.summary);
    let records = "[{\"conversation_id\":\"1\",\"rating\":5,\"comment\":\"Very quick help thanks\"},{\"conversation_id\":\"2\",\"rating\":1,\"comment\":\"Nobody ever answered\"}]";
    let read = all(records);
    let told: Vec<_> = read.conversations.iter().map(|c| (c.id.as_str(), c.turns.len())).collect();
    assert_eq!(told, [("1", 0), ("2", 0)], "{:?}", read.summary);
    // With who speaks in it, a comment is a message.
    let log = all(
        "ticket_id,role,comment,rating\n1,user,where is it,5\n1,bot,on its way,5\n2,user,hello there,1\n2,bot,hi,1\n",
    );
    assert_eq!(log.conversations.iter().map(|c| c.turns.len()).collect::<Vec<_>>(), [2, 2], "{:?}", log.summary);
}

#[test]
fn ratings_of_who_knows_what_are_asked_about() {
    for table in [
        "id,rating\n1,4\n2,5\n3,1\n",
        "id,name,rating\n1,Red shoes,4\n2,Blue shirt,5\n3,Hat,1\n",
        "\u{feff}ID;Rating;Review\n1;4;Nice shoes\n2;1;Too small for me\n",
    ] {
        let read = all(table);
        let needed = |q: &&crate::ingest::ImportQuestion| q.needed && q.settle.to_lowercase().contains("id=id");
        assert!(read.summary.questions.iter().any(|q| needed(&q)), "{table}: {:?}", read.summary.questions);
        assert!(!mapped(table, "id=id").conversations.is_empty(), "{table}");
    }
    for table in
        ["conversation_id,rating\n1,4\n2,5\n", "ticket,rating\n1,4\n2,5\n", "id,channel,rating\n1,web,4\n2,web,5\n"]
    {
        assert_eq!(all(table).conversations.len(), 2, "{table}");
    }
}

#[test]
fn of_who_rates_twice_the_latest_rating_counts() {
    let scores = |text: &str| -> Vec<(String, f64)> {
        let read = all(text);
        assert!(read.summary.questions.is_empty(), "{:?}", read.summary);
        read.conversations.iter().map(|c| (c.id.clone(), c.csat.as_ref().unwrap().score)).collect()
    };
    let by_row = "conversation_id,rating\n1,5\n1,1\n2,4\n2,4\n3,2\n3,5\n3,\n";
    assert_eq!(scores(by_row), [("1".into(), 1.0), ("2".into(), 4.0), ("3".into(), 5.0)]);
    assert!(warned(&all(by_row)).contains("more than once"), "{}", warned(&all(by_row)));
    // Exports often begin with the newest.
    let newest_first = "conversation_id,rating,date\n1,5,2026-05-03\n1,1,2026-05-01\n2,2,2026-05-02\n";
    assert_eq!(scores(newest_first), [("1".into(), 5.0), ("2".into(), 2.0)]);
    assert_eq!(scores(&newest_first.replace("date", "submitted_at")), scores(newest_first));
    let named = all("Ticket ID,Satisfaction Score,Satisfaction Comment\n9,Good,thanks\n10,Bad,slow\n11,Offered,\n");
    let comments =
        named.conversations.iter().map(|c| c.csat.as_ref().and_then(|r| r.comment.clone()).unwrap_or_default());
    assert_eq!(comments.collect::<Vec<_>>(), ["thanks", "slow"], "{:?}", named.summary);
}
