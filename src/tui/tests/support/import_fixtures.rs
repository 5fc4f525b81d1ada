//! Steps of choosing a file to import, made by hand.

use super::harness::run;
use super::prelude::*;
use crate::domain::Role;

/// A step of choosing a file, with a text that a file's name and content hold.
pub type ImportStep = fn(&mut App, &str);

/// A directory, a log in it, and the columns of a CSV file.
pub const IMPORT: [ImportStep; 3] = [listed, looked, columns];

fn listed(app: &mut App, text: &str) {
    run(app, |_| open(Float::Import));
    let entry = |n: &str, dir, size| FileEntry { name: n.replace('/', ""), dir, size };
    let entries = vec![entry("older", true, 0), entry("chats.jsonl", false, 4_200_000), entry(text, false, 12)];
    let listing = Listing { dir: format!("/home/{text}").into(), entries };
    update(app, Msg::answer(ImportAnswer::Listed(Ok(listing))));
}

/// Where the log that was looked at lies.
pub fn log_path(text: &str) -> std::path::PathBuf {
    format!("/home/{text}/chats.jsonl").into()
}

fn looked(app: &mut App, text: &str) {
    let Some(Overlay::Import(importer)) = app.overlays.last_mut() else { panic!() };
    importer.look_at(log_path(text));
    update(app, Msg::answer(ImportAnswer::Looked(log_path(text), Ok(Box::new(look(text))))));
}

fn columns(app: &mut App, text: &str) {
    let csv = format!("session_id,sender,message,plan\n1,customer,\"{text}\",free\n1,bot,It arrives.,free\n");
    let guess = crate::ingest::formats::csv::guess(csv.as_bytes());
    let table = CsvTable { head: csv.into_bytes(), guess, profiles: vec![] };
    let found = LogPreview { table: Some(Box::new(table)), rejected: 0, problem: None, ..look(text) };
    update(app, Msg::answer(ImportAnswer::Looked(log_path(text), Ok(Box::new(found)))));
}

/// What was found in a log.
pub fn look(text: &str) -> LogPreview {
    LogPreview {
        path: "/home/maria/chats.jsonl".into(),
        size: 4_200_000,
        format: "canonical".into(),
        why: "records with `id` and `turns`".into(),
        read: 18,
        rejected: 2,
        problem: Some("line 7: no turns".into()),
        sample: vec![
            (Role::User, text.to_owned()),
            (Role::Bot, "Your order is on its way and arrives on Thursday.".into()),
        ],
        questions: Vec::new(),
        strangers: Vec::new(),
        table: None,
    }
}
