//! The real data, where it lies beside the checkout.

use super::shop::Shop;
use std::path::{Path, PathBuf};

fn data(name: &str) -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let places = [root.join("../shared"), root.join("../../shared")];
    let found = places.iter().map(|p| p.join("data/conversations").join(name)).find(|p| p.exists());
    if found.is_none() {
        println!("skipped: {name} is not beside the checkout");
    }
    found
}

/// Conversations, and the exit of a second import.
fn twice(name: &str, conversations: u64) {
    let Some(path) = data(name) else { return };
    let shop = Shop::empty();
    let first = shop.json(&["import", path.to_str().unwrap()]);
    assert_eq!((first["new"].as_u64(), first["rejected"].as_u64()), (Some(conversations), Some(0)), "{first}");
    let again = shop.json(&["import", path.to_str().unwrap()]);
    assert_eq!((again["same"].as_u64(), again["new"].as_u64()), (Some(conversations), Some(0)));
    let stats = shop.json(&["stats"]);
    let counted = ["unknown", "pending", "not_traffic", "no_ai"].map(|k| stats["excluded"][k].as_u64().unwrap());
    assert_eq!(stats["n"].as_u64().unwrap() + counted.iter().sum::<u64>(), conversations);
}

#[test]
fn star_goes_in_once() {
    twice("star_full.jsonl.gz", 6_205);
}

#[test]
fn multidogo_goes_in_once() {
    twice("multidogo_full.jsonl.gz", 14_147);
}
