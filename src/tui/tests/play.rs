//! Not a test: the program itself over a made-up store, for looking at it in a terminal:
//! `PLAY=/tmp/play.db cargo test --lib play -- --ignored --nocapture`

use super::harness::{NOW, failures, founding, theme};
use crate::keymap::Keymap;
use crate::store::{Access, OnDuplicate, Store};
use crate::tui::{Options, run};
use std::sync::Arc;

#[test]
#[ignore = "needs a terminal and a person"]
fn play() {
    let path = std::path::PathBuf::from(std::env::var("PLAY").unwrap());
    if !path.exists() {
        let mut store = Store::open(&path, Access::Bulk, founding()).unwrap();
        let mut step = None;
        for c in failures(300) {
            store.put(&c, c.id.as_bytes(), NOW, OnDuplicate::Update, &mut step).unwrap();
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
        store.add_examples("maria", NOW, "made up", &rows).unwrap();
    }
    let options = Options {
        store: path,
        founding: founding(),
        reviewer: "maria".into(),
        clock: Arc::new(|| NOW),
        seed: 7,
        theme: theme(),
        keymap: Keymap::default(),
        read_only: false,
    };
    run(options).unwrap();
}
