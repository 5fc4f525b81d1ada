//! `export`

use super::shop::{Shop, exists, keys, words};
use serde_json::{Value, json};
use std::fs;

#[test]
fn a_model_is_written_with_its_description_and_a_reader() {
    let shop = Shop::small();
    let out = shop.path("model");
    let path = out.to_str().unwrap();
    shop.fails(&["export", "model", "--out", path], 1, "no release is live yet; `appraise promote");
    shop.fails(&["replay", "newest"], 1, "there is no release yet; `appraise finetune` trains one");
    shop.json_code(&["finetune"]);
    let done = shop.json(&["export", "model", "--out", path, "--release", "v1"]);
    assert_eq!(keys(&done), words("release out sha256 files bytes needs_encoder"));
    let files: Vec<&str> = done["files"].as_array().unwrap().iter().map(|f| f.as_str().unwrap()).collect();
    let bytes: u64 = files.iter().map(|f| fs::metadata(out.join(f)).unwrap().len()).sum();
    assert_eq!((&done["bytes"], fs::read_dir(&out).unwrap().count()), (&json!(bytes), files.len()));
    for file in ["README.md", "read_model.py", "model.json", "responses.json", "sparse_levels.npy", "piece_rows.npy"] {
        assert!(files.contains(&file), "{file}: {files:?}");
    }
    let about: Value = serde_json::from_slice(&fs::read(out.join("model.json")).unwrap()).unwrap();
    assert_eq!((&about["format"], &about["sha256"]), (&json!("appraise-model"), &done["sha256"]));
    assert_eq!(about["intents"].as_array().unwrap().len(), 4);
    let responses: Value = serde_json::from_slice(&fs::read(out.join("responses.json")).unwrap()).unwrap();
    assert!(responses["refund_status"]["text"].as_str().unwrap().starts_with("About"), "{responses}");
    // One row of four classes a feature.
    let levels = fs::read(out.join("sparse_levels.npy")).unwrap();
    assert!(String::from_utf8_lossy(&levels[..128]).contains(",4,)"), "{:?}", &levels[..128]);

    shop.fails(&["export", "model", "--out", path, "--release", "v1"], 1, "is there already");
    shop.json(&["finetune", "--encoder", "none", "--from", "scratch"]);
    let words_alone = shop.path("words");
    shop.json(&["export", "model", "--out", words_alone.to_str().unwrap(), "--release", "newest"]);
    assert!(!exists(&words_alone.join("piece_rows.npy")) && !exists(&words_alone.join("dense_bias.npy")));
    shop.fails(&["export", "poem", "--out", "x"], 2, "model");
    let nowhere = shop.path("no/such/place");
    shop.fails(
        &["export", "model", "--out", nowhere.to_str().unwrap(), "--release", "v1"],
        1,
        "its directory is not there",
    );
}
