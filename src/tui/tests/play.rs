//! Not a test: the program itself over a made-up store, for looking at it in a terminal:
//! `PLAY=/tmp/play.db cargo test --lib play -- --ignored --nocapture`; `PLAY_IMPORT` names a log to
//! import instead, `PLAY_BARE` leaves the made-up intents out.

use super::harness::{NOW, failures, founding, theme};
use crate::domain::Silent;
use crate::ingest::{Input, Options as Reading, Rejects};
use crate::jobs::import::{ImportOptions, import};
use crate::keymap::Keymap;
use crate::store::{Access, Founding, OnDuplicate, Store};
use crate::tui::{Options, run};
use std::io::Write;
use std::sync::Arc;

#[test]
#[ignore = "needs a terminal and a person"]
fn play() {
    let path = std::path::PathBuf::from(std::env::var("PLAY").unwrap());
    if !path.exists() {
        let mut store = Store::open(&path, Access::Bulk, Founding { test_share: 0.2, ..founding() }).unwrap();
        if let Ok(log) = std::env::var("PLAY_IMPORT") {
            let options =
                ImportOptions { read: Reading::new(NOW), on_duplicate: OnDuplicate::Update, dry_run: false, now: NOW };
            let mut rejects: Rejects<Box<dyn Write>> = Rejects::new(Box::new(std::io::sink()));
            import(&mut store, "maria", Input::File(log.into()), &options, &mut rejects, &Silent).unwrap();
        } else {
            let mut step = None;
            for c in failures(300) {
                store.put(&c, c.id.as_bytes(), NOW, OnDuplicate::Update, &mut step).unwrap();
            }
        }
        let rows: Vec<(String, String)> = [
            ("where is my order", "order_status"),
            ("when will it arrive", "order_status"),
            ("track my parcel", "order_status"),
            ("I want my money back", "refund_status"),
            ("when is the refund on my card", "refund_status"),
            ("refund not here yet", "refund_status"),
            ("can we come a day later", "change_booking"),
            ("move my booking to friday", "change_booking"),
            ("send me the bill", "invoice_copy"),
            ("I need an invoice", "invoice_copy"),
        ]
        .map(|(a, b)| (a.to_owned(), b.to_owned()))
        .into();
        if std::env::var("PLAY_BARE").is_err() {
            store.add_examples("maria", NOW, "made up", &rows).unwrap();
        }
    }
    let options = Options {
        store: path,
        founding: Founding { test_share: 0.2, ..founding() },
        reviewer: "maria".into(),
        clock: Arc::new(|| NOW),
        seed: 7,
        theme: theme(),
        keymap: Keymap::default(),
        read_only: false,
    };
    run(options).unwrap();
}
