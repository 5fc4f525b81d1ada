//! Files that lie beside a checkout, and large ones.

use super::*;

/// The folder of samples beside the project, on machines that have it.
fn shared(path: &str) -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let found = ["../shared", "../../shared"].iter().map(|up| root.join(up).join(path)).find(|p| p.exists());
    if found.is_none() {
        eprintln!("skipped: no ../shared/{path} here");
    }
    found
}

#[test]
fn the_samples_are_read() {
    let Some(folder) = shared("formats/samples/csv") else { return };
    let turns = file(folder.join("turns.csv"));
    assert_eq!((ids(&turns), turns.rejects.len()), (vec!["c1"], 1));
    assert!(turns.rejects[0].line == 5 && turns.rejects[0].reason.contains("--date-order"), "{:?}", turns.rejects);
    let c1 = &turns.conversations[0];
    assert_eq!(
        (c1.turns.len(), c1.outcome, c1.outcome_source),
        (2, Some(Outcome::Resolved), Some(OutcomeSource::Explicit))
    );
    let dated = |o: &mut ReadOptions| o.date_order = Some(crate::ingest::DateOrder::DayFirst);
    let turns = drain(Input::File(folder.join("turns.csv")), options(dated));
    assert_eq!((ids(&turns), turns.rejects.len()), (vec!["c1", "c2"], 0));
    assert_eq!(turns.conversations[1].outcome, Some(Outcome::Escalated));
    assert_eq!(turns.conversations[1].turns[0].confidence, Some(0.87));
    let greek = file(folder.join("turns_semicolon_bom_crlf.csv"));
    assert_eq!(texts(&greek.conversations[0]), ["Καλημέρα, πού είναι η παραγγελία μου"]);
    let wide = file(folder.join("conversations_wide.csv"));
    assert_eq!(texts(&wide.conversations[0]), ["hi", "hello", "refund"]);
    assert_eq!(wide.conversations[0].turns[2].gold, ["refund"]);
    assert_eq!(wide.conversations[0].meta["status"], "closed");
    let Some(chatwoot) = shared("formats/samples/chatwoot/synthetic_pg_messages.csv") else { return };
    let as_rows = drain(Input::File(chatwoot.clone()), options(|o| o.from = Some("csv".into())));
    assert!(as_rows.rejects[0].reason.contains("`sender_type` is empty"));
    let read = drain(Input::File(chatwoot), options(|o| o.choice = map("role:=system,role:user=agent")));
    assert_eq!((read.conversations[0].turns.len(), read.conversations[0].outcome), (9, Some(Outcome::Escalated)));
}

#[test]
fn a_first_row_longer_than_the_head_is_read() {
    let turns: String = (0..9_000).map(|i| format!("User: question {i}, no, wait\nBot: answer\n")).collect();
    let read = all(format!("id,transcript,label\n1,\"{turns}\",x\n2,\"User: a\nBot: b\",y\n"));
    assert_eq!((ids(&read), read.rejects.len()), (vec!["1", "2"], 0), "{}", read.summary.why);
    assert_eq!(read.conversations[0].turns.len(), 18_000);
}

/// Measures: `cargo test --release --lib -- --ignored --nocapture large_csv`.
#[test]
#[ignore = "a measurement"]
fn a_large_csv_file_is_read_in_little_time() {
    let folder = tempfile::tempdir().unwrap();
    for (name, every) in [("together.csv", 1u64), ("apart.csv", 50_000)] {
        let path = folder.path().join(name);
        let mut out = std::io::BufWriter::new(std::fs::File::create(&path).unwrap());
        writeln!(out, "conversation_id,timestamp,sender,text,intent,confidence").unwrap();
        for i in 0..1_000_000u64 {
            // Ten rows a conversation, one after the other or one in every 50,000.
            let c = if every == 1 { i / 10 } else { i / 500_000 * every + i % every };
            writeln!(
                out,
                "c{c},2026-03-01 09:00:00,{},\"where is order {i}, please\",order,0.9",
                ["user", "bot"][(i / every % 2) as usize]
            )
            .unwrap();
        }
        out.flush().unwrap();
        let start = std::time::Instant::now();
        let reader = LogReader::open(Input::File(path), options(|_| {})).unwrap();
        let turns: usize = reader
            .map(|item| if let LogRecord::Conversation { conversation: c, .. } = item { c.turns.len() } else { 0 })
            .sum();
        eprintln!("{name}: {turns} turns in {:?}", start.elapsed());
        assert_eq!(turns, 1_000_000);
    }
}

#[test]
fn public_intent_sets_are_read() {
    let Some(folder) = shared("data/intents/banking77") else { return };
    let read = drain(Input::File(folder.join("test.csv")), options(|o| o.choice = map("gold=intent")));
    assert_eq!((read.conversations.len(), read.rejects.len()), (3_080, 0));
    assert!(read.conversations.iter().all(|c| c.turns[0].gold.len() == 1 && c.turns[0].intent.is_none()));
}
