use super::*;
use crate::domain::SilentReporter;

struct Cancel;

impl Reporter for Cancel {
    fn step(&self, _: &str, _: u64, _: u64) -> Result<(), Cancelled> {
        Err(Cancelled)
    }
}

fn embed(texts: &[&str]) -> Vec<Vec<f32>> {
    let table = VectorTable::built_in();
    let all = table.embed(texts, &SilentReporter).unwrap();
    all.chunks_exact(table.width()).map(<[f32]>::to_vec).collect()
}

fn cosine(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

#[test]
fn the_key_is_the_digest_of_what_follows_it() {
    use sha2::Digest;
    let digest = sha2::Sha256::digest(&ASSET[14..]);
    let hex: String = digest.iter().take(4).map(|b| format!("{b:02x}")).collect();
    assert_eq!(VectorTable::built_in().key(), format!("static-{hex}"));
    assert!(ASSET.len() <= 8_000_000);
}

#[test]
fn pieces_are_those_of_the_tokenizers_library() {
    let cases: Vec<(String, Vec<String>)> = serde_json::from_str(include_str!("../../table/pieces.json")).unwrap();
    let names = VectorTable::built_in().pieces.names();
    for (text, pieces) in cases {
        let found: Vec<&str> = VectorTable::built_in().pieces.of(&text).iter().map(|&id| names[&id].as_str()).collect();
        assert_eq!(found, pieces, "{text}");
    }
}

#[test]
fn near_meanings_lie_nearer_than_other_topics() {
    let v = embed(&["where is my package", "track the parcel", "i forgot my password"]);
    assert!(cosine(&v[0], &v[1]) > 0.2 + cosine(&v[0], &v[2]));
}

#[test]
fn rows_have_length_one_or_are_zeros() {
    for (text, expected) in
        [("Hello there!", 1.0), ("hello Καλημέρα", 1.0), ("Πού είναι;", 0.0), ("", 0.0), ("日本", 0.0)]
    {
        let row = &embed(&[text])[0];
        assert!((cosine(row, row) - expected).abs() < 1e-5, "{text}");
    }
}

#[test]
fn a_text_has_the_same_vector_alone_and_in_company() {
    let texts = ["my card was declined", "", "cancel it"];
    let together = embed(&texts);
    for (text, row) in texts.iter().zip(together) {
        assert_eq!(embed(&[text])[0], row);
    }
}

#[test]
fn cancelling_stops() {
    assert!(matches!(VectorTable::built_in().embed(&["hello"], &Cancel), Err(Cancelled)));
}

#[test]
fn what_is_no_table_is_refused() {
    assert_eq!(VectorTable::read(b"PNG").err(), Some(BytesError::Kind("a table of vectors")));
    for cut in [5, 13, 20, 4000, ASSET.len() - 1] {
        assert!(matches!(VectorTable::read(&ASSET[..cut]), Err(BytesError::Damaged(_))), "{cut}");
    }
}
