//! Encoders against what `tests/fixtures/encoders/make.py` says, and a real one where it is there.

use super::*;
use crate::domain::SilentReporter;
use serde::Deserialize;
use std::fs;
use std::path::PathBuf;

#[derive(Deserialize)]
struct Expected {
    text: String,
    ids: Vec<u32>,
    vector: Vec<f32>,
}

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/encoders").join(name)
}

fn expected(name: &str) -> Vec<Expected> {
    serde_json::from_slice(&fs::read(fixture(name).join("expected.json")).unwrap()).unwrap()
}

fn open(dir: &Path, precision: Precision) -> Encoder {
    Encoder::open(dir, "test", None, precision).unwrap()
}

fn copy_of(name: &str) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("1_Pooling")).unwrap();
    for file in FILES.iter().filter(|f| fixture(name).join(f).exists()) {
        fs::copy(fixture(name).join(file), dir.path().join(file)).unwrap();
    }
    dir
}

fn cosine(a: &[f32], b: &[f32]) -> f64 {
    let dot = |x: &[f32], y: &[f32]| x.iter().zip(y).map(|(x, y)| f64::from(*x) * f64::from(*y)).sum::<f64>();
    dot(a, b) / (dot(a, a) * dot(b, b)).sqrt()
}

/// The vectors before they are brought onto the grid.
fn raw(encoder: &Encoder, text: &str) -> Vec<f32> {
    let mut out = vec![0.0; encoder.width()];
    encoder.network.run(&TokenBatch::new(&[encoder.tokenise(text)]), &mut out);
    out
}

#[test]
fn both_families_give_the_reference_ids_and_vectors() {
    for name in ["bert", "xlm-roberta"] {
        let encoder = open(&fixture(name), Precision::F32);
        for e in expected(name) {
            assert_eq!(encoder.tokenise(&e.text), e.ids, "{name}: {:?}", e.text);
            let got = raw(&encoder, &e.text);
            let far = got.iter().zip(&e.vector).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
            assert!(far < 2e-5, "{name}: {:?} is {far} away", e.text);
            let snapped = encoder.embed(&[&e.text], &SilentReporter).unwrap();
            assert!(cosine(&snapped, &e.vector) > 0.9998, "{name}: {:?}", e.text);
        }
    }
}

#[test]
fn the_list_of_pieces_alone_gives_the_same_tokens() {
    let dir = copy_of("bert");
    fs::remove_file(dir.path().join("tokenizer.json")).unwrap();
    let encoder = open(dir.path(), Precision::F32);
    for e in expected("bert") {
        assert_eq!(encoder.tokenise(&e.text), e.ids, "{:?}", e.text);
    }
}

#[test]
fn a_vector_does_not_depend_on_its_company() {
    let texts: Vec<String> = (0..700).map(|i| format!("refund order {i} {}", "my card ".repeat(i % 9))).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    for name in ["bert", "xlm-roberta"] {
        for precision in [Precision::F32, Precision::Int8] {
            let encoder = open(&fixture(name), precision);
            let all = encoder.embed(&texts, &SilentReporter).unwrap();
            for i in [0, 1, 350, 699] {
                let alone = encoder.embed(&texts[i..=i], &SilentReporter).unwrap();
                assert_eq!(alone, all[i * encoder.width()..(i + 1) * encoder.width()], "{name} {precision} {i}");
            }
        }
    }
}

#[test]
fn bytes_come_close_to_floating_point() {
    // Without a product of bytes that cannot overflow, inputs have 7 bits instead of 8.
    let least = if rten_gemm::GemmExecutor::<u8, i8, i32>::default().may_saturate() { 0.99 } else { 0.999 };
    for name in ["bert", "xlm-roberta"] {
        let encoder = open(&fixture(name), Precision::Int8);
        for e in expected(name) {
            let close = cosine(&raw(&encoder, &e.text), &e.vector);
            assert!(close > least, "{name}: {close} for {:?}", e.text);
        }
    }
}

#[test]
fn odd_texts_have_vectors_too() {
    let encoder = open(&fixture("xlm-roberta"), Precision::F32);
    let long = "η κάρτα ".repeat(20_000);
    let vectors = encoder.embed(&["", " \n", "\u{0}\u{202e}", &long, "😀"], &SilentReporter).unwrap();
    let norms: Vec<f32> = vectors.chunks(encoder.width()).map(|v| v.iter().map(|x| x * x).sum()).collect();
    assert_eq!(norms[..2], [0.0, 0.0]);
    assert!(norms[3] > 0.98 && norms[4] > 0.98 && vectors.iter().all(|v| v.is_finite()), "{norms:?}");
    assert!(encoder.embed(&[], &SilentReporter).unwrap().is_empty());
}

#[test]
fn cancelling_stops_between_batches() {
    struct Stop;
    impl Reporter for Stop {
        fn step(&self, _: &str, done: u64, _: u64) -> Result<(), Cancelled> {
            if done > 0 { Err(Cancelled) } else { Ok(()) }
        }
    }
    let texts = vec!["my card"; 20_000];
    assert_eq!(open(&fixture("bert"), Precision::F32).embed(&texts, &Stop), Err(Cancelled));
}

#[test]
fn what_cannot_be_read_says_why_and_what_to_do() {
    let refused = |change: &dyn Fn(&Path)| -> String {
        let dir = copy_of("bert");
        change(dir.path());
        Encoder::open(dir.path(), "x", None, Precision::F32).map(drop).unwrap_err().to_string()
    };
    let rename = |to: &'static str| move |dir: &Path| fs::rename(dir.join("model.safetensors"), dir.join(to)).unwrap();
    let edit = |file: &'static str, from: &'static str, to: &'static str| {
        move |dir: &Path| {
            let text = fs::read_to_string(dir.join(file)).unwrap();
            assert!(text.contains(from), "{text}");
            fs::write(dir.join(file), text.replace(from, to)).unwrap();
        }
    };
    let cut = |dir: &Path| {
        let path = dir.join("model.safetensors");
        let bytes = fs::read(&path).unwrap();
        fs::write(path, &bytes[..bytes.len() - 1]).unwrap();
    };
    for (change, words) in [
        (&rename("pytorch_model.bin") as &dyn Fn(&Path), "convert"),
        (&rename("model.onnx"), "ONNX only"),
        (&rename("elsewhere"), "no model.safetensors"),
        (&|dir| fs::remove_dir_all(dir).unwrap(), "no directory"),
        (&|dir| fs::remove_file(dir.join("config.json")).unwrap(), "config.json"),
        (&|dir| fs::remove_file(dir.join("1_Pooling/config.json")).unwrap(), "1_Pooling"),
        (&edit("config.json", "\"bert\"", "\"mpnet\""), "mpnet architecture; the BERT and XLM-RoBERTa"),
        (&edit("config.json", "\"hidden_size\": 8", "\"hidden_size\": 9"), "sizes that cannot be"),
        (&edit("config.json", "\"hidden_size\": 8", "\"hidden_size\": 16"), "shape"),
        (&edit("config.json", "\"num_hidden_layers\": 2", "\"num_hidden_layers\": 3"), "no tensor encoder.layer.2"),
        (&cut, "fetch the file again"),
        (&edit("config.json", "\"gelu\"", "\"silu\""), "activation silu"),
        (&edit("modules.json", "models.Normalize", "models.Dense"), "Dense module"),
        (&edit("1_Pooling/config.json", "\"pooling_mode_mean_tokens\": true", "\"x\": 1"), "mean and cls"),
        (&edit("tokenizer.json", "WordPiece", "Magic"), "tokenizer.json"),
    ] {
        let error = refused(change);
        assert!(error.contains(words), "{error:?} should say {words:?}");
    }
}

/// What is said of the tokenizer of a directory that was changed; empty where it is taken.
fn with_tokenizer(change: impl Fn(&mut serde_json::Value)) -> String {
    let dir = copy_of("xlm-roberta");
    let path = dir.path().join("tokenizer.json");
    let mut file: serde_json::Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    change(&mut file);
    fs::write(path, file.to_string().replace("\"@1e999\"", "1e999")).unwrap();
    Encoder::open(dir.path(), "x", None, Precision::F32).map(drop).map_err(|e| e.to_string()).err().unwrap_or_default()
}

#[test]
fn a_tokenizer_that_panics_or_swells_is_damaged() {
    use serde_json::json;
    let replace = |from: &str, to: &str| json!({"type": "Replace", "pattern": {"String": from}, "content": to});
    let sequence = |rules: Vec<serde_json::Value>| json!({"type": "Sequence", "normalizers": rules});
    let template = json!({"type": "TemplateProcessing", "special_tokens": {},
        "single": [{"SpecialToken": {"id": "[NONE]", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}],
        "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 0}}]});
    for (part, odd) in [
        ("normalizer", json!({"type": "Precompiled", "precompiled_charsmap": 3})),
        ("normalizer", json!({"type": "Precompiled", "precompiled_charsmap": "AAAAA"})),
        ("normalizer", json!({"type": "Enlarge"})),
        ("normalizer", json!({"type": "ByteLevel"})),
        ("normalizer", json!(["Lowercase"])),
        ("normalizer", sequence(vec![replace("e", "eeeeeeeeee"); 9])),
        (
            "normalizer",
            sequence(vec![
                json!({"type": "Prepend", "prepend": "eeeeeeeeeeeeeeee"}),
                replace("e", "eeeeeeeeeeeeeeee"),
                replace("e", "eeeeeeeeeeeeeeee"),
            ]),
        ),
        ("normalizer", replace("e", &"e".repeat(17))),
        ("normalizer", sequence(vec![json!({"type": "Lowercase"}); 100])),
        ("pre_tokenizer", json!({"type": "Sequence", "pretokenizers": vec![json!({"type": "WhitespaceSplit"}); 100]})),
        ("post_processor", template),
        ("decoder", json!("@1e999")),
    ] {
        let said = with_tokenizer(|file| file[part] = odd.clone());
        assert!(said.contains("the tokenizer is damaged") && said.contains("tokenizer.json"), "{odd}: {said}");
    }
    // What is never used cannot be wrong.
    for (part, odd) in
        [("decoder", json!({"type": "None"})), ("padding", json!(7)), ("truncation", json!({"max_length": 0}))]
    {
        assert_eq!(with_tokenizer(|file| file[part] = odd.clone()), "", "{part}");
    }
}

#[test]
fn a_text_that_would_swell_has_no_vector_and_markers_do_not_make_it_longer() {
    use serde_json::json;
    let dir = copy_of("xlm-roberta");
    let path = dir.path().join("tokenizer.json");
    let mut file: serde_json::Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    // One letter that the first sentence does not have.
    let swell = json!({"type": "Replace", "pattern": {"String": "z"}, "content": "zzzzzzzzzzzzzzzz"});
    file["normalizer"] = json!({"type": "Sequence", "normalizers": vec![swell; 9]});
    let marker = json!({"SpecialToken": {"id": "<s>", "type_id": 0}});
    let single = file["post_processor"]["single"].as_array_mut().unwrap();
    single.splice(0..0, vec![marker; 7]);
    fs::write(path, file.to_string()).unwrap();
    let encoder = Encoder::open(dir.path(), "x", None, Precision::F32).unwrap();
    assert!(encoder.tokenise("zero a lot").is_empty());
    let longest = EncoderLayout::read(dir.path()).unwrap().longest;
    let ids = encoder.tokenise(&"my card ".repeat(100));
    assert!(!ids.is_empty() && ids.len() <= longest, "{} of {longest}", ids.len());
}

#[test]
fn files_that_are_larger_than_any_are_refused_before_they_fill_the_memory() {
    for (file, bytes) in [("config.json", 2 << 20), ("modules.json", 2 << 20)] {
        let dir = copy_of("bert");
        fs::write(dir.path().join(file), vec![b' '; bytes]).unwrap();
        let said = Encoder::open(dir.path(), "x", None, Precision::F32).map(drop).unwrap_err().to_string();
        assert!(said.contains("longer than 1 MB") && said.contains(file), "{said}");
    }
    let dir = copy_of("bert");
    let prompts = format!("{{\"prompts\":{{\"a\":\"{}\"}},\"default_prompt_name\":\"a\"}}", "x".repeat(2_000));
    fs::write(dir.path().join("config_sentence_transformers.json"), prompts).unwrap();
    let said = Encoder::open(dir.path(), "x", None, Precision::F32).map(drop).unwrap_err().to_string();
    assert!(said.contains("its prompt is longer"), "{said}");
}

/// The real all-MiniLM-L6-v2, where `APPRAISE_MINILM` names its directory: against vectors of ONNX Runtime, which lie
/// beside it as `expected.json` (made by `benches/compare/encoder.py`).
#[test]
fn a_real_encoder_agrees_with_onnx_runtime() {
    let Some(dir) = std::env::var_os("APPRAISE_MINILM").map(PathBuf::from) else {
        println!("skipped: APPRAISE_MINILM names no directory");
        return;
    };
    let expected: Vec<Expected> = serde_json::from_slice(&fs::read(dir.join("expected.json")).unwrap()).unwrap();
    for (precision, least) in [(Precision::F32, 0.99999), (Precision::Int8, 0.99)] {
        let encoder = open(&dir, precision);
        let mut sum = 0.0;
        for e in &expected {
            assert_eq!(encoder.tokenise(&e.text), e.ids, "{:?}", e.text);
            let cosine = cosine(&raw(&encoder, &e.text), &e.vector);
            assert!(cosine > least, "{precision} {cosine} {:?}", e.text);
            sum += cosine;
        }
        println!("{precision}: mean cosine {:.6} over {} texts", sum / expected.len() as f64, expected.len());
    }
}
