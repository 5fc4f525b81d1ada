//! The words that jobs outside derive outcomes by are those of this program.

use super::{outcome, speakers};
use crate::ingest::formats::canonical::{conversation, fallback};
use crate::text::smalltalk;
use serde_json::{Value, json};

#[test]
fn sampling_jobs_know_the_same_words() {
    let file: Value = serde_json::from_str(include_str!("../../../assets/sampling/words.json")).unwrap();
    let mut expected: Vec<(&str, Vec<&str>)> = smalltalk::known().into();
    expected.push(("fallbacks", fallback::FALLBACKS.to_vec()));
    expected.push(("handoffs", outcome::HANDOFF_NAMES.to_vec()));
    expected.push(("closings", outcome::CLOSINGS.to_vec()));
    expected.push(("ids", conversation::IDS.to_vec()));
    for (what, words) in &expected {
        assert_eq!(file[what], json!(words), "assets/sampling/words.json, {what}");
    }
    for (role, words) in file["roles"].as_object().unwrap() {
        for word in words.as_array().unwrap().iter().map(|w| w.as_str().unwrap()) {
            assert_eq!(speakers::known(word).map(|r| r.name()), Some(role.as_str()), "{word}");
        }
    }
}
