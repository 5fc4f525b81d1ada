//! What a sentence-transformers directory says about its encoder.

use super::error::EncoderError;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

/// Every file that is read, the necessary ones first: `config.json` and the weights must be there, and a tokenizer.
/// The pooling file stands here under its usual name; `modules.json` may give another.
pub const FILES: [&str; 9] = [
    "config.json",
    "model.safetensors",
    "tokenizer.json",
    "vocab.txt",
    "tokenizer_config.json",
    "modules.json",
    "sentence_bert_config.json",
    "config_sentence_transformers.json",
    "1_Pooling/config.json",
];

/// Bytes of what is put before every text: it is read with each.
pub const LONGEST_PROMPT: usize = 1_000;

/// Bytes that a file of an encoder may have: several times those of the largest encoders that are read.
pub fn longest(file: &str) -> u64 {
    match file {
        "model.safetensors" => 8 << 30,
        "tokenizer.json" => 128 << 20,
        "vocab.txt" => 32 << 20,
        _ => 1 << 20,
    }
}

/// Reads a file of an encoder whole.
///
/// # Errors
/// It cannot be read, or is longer than such a file is.
pub(super) fn whole(path: &Path) -> Result<Vec<u8>, EncoderError> {
    let failed = |source| EncoderError::Read { path: path.to_owned(), source };
    let most = longest(&path.file_name().unwrap_or_default().to_string_lossy());
    let mut bytes = Vec::new();
    File::open(path).and_then(|f| f.take(most + 1).read_to_end(&mut bytes)).map_err(failed)?;
    if bytes.len() as u64 > most {
        let what = format!("it is longer than {} MB, which no such file is; it may be damaged", most >> 20);
        return Err(EncoderError::Bad { path: path.to_owned(), what });
    }
    Ok(bytes)
}

/// Architectures that differ in where positions begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum EncoderFamily {
    /// BERT, MiniLM among them.
    Bert,
    /// RoBERTa and XLM-RoBERTa, multilingual E5 and BGE among them.
    XlmRoberta,
}

/// How the vectors of a text's tokens become one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pooling {
    Mean,
    Cls,
}

/// The function between the two halves of a feed-forward layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Activation {
    Gelu,
    GeluTanh,
    Relu,
}

/// An encoder's shape and habits.
#[derive(Clone, Debug)]
pub struct EncoderLayout {
    /// Architecture.
    pub family: EncoderFamily,
    /// Numbers of a vector.
    pub width: usize,
    /// Layers.
    pub layers: usize,
    /// Pieces of words it knows.
    pub vocabulary: usize,
    /// Tokens of a text that are read, the markers at its ends included; what is beyond is cut off.
    pub longest: usize,
    /// What the directory wants put before every text.
    pub prompt: String,
    pub(super) dir: PathBuf,
    pub(super) heads: usize,
    pub(super) inner: usize,
    pub(super) eps: f32,
    pub(super) first_position: usize,
    pub(super) activation: Activation,
    pub(super) pooling: Pooling,
    pub(super) lowercase: Option<bool>,
}

#[derive(Deserialize)]
struct Config {
    model_type: Option<String>,
    hidden_size: usize,
    num_hidden_layers: usize,
    num_attention_heads: usize,
    intermediate_size: usize,
    vocab_size: usize,
    max_position_embeddings: usize,
    layer_norm_eps: Option<f64>,
    hidden_act: Option<String>,
    pad_token_id: Option<usize>,
    position_embedding_type: Option<String>,
}

#[derive(Deserialize)]
struct Module {
    path: String,
    #[serde(rename = "type")]
    kind: String,
}

#[derive(Default, Deserialize)]
struct PoolingConfig {
    pooling_mode: Option<String>,
    #[serde(default)]
    pooling_mode_cls_token: bool,
    #[serde(default)]
    pooling_mode_mean_tokens: bool,
    #[serde(default)]
    pooling_mode_max_tokens: bool,
    #[serde(default)]
    pooling_mode_mean_sqrt_len_tokens: bool,
    #[serde(default)]
    pooling_mode_weightedmean_tokens: bool,
    #[serde(default)]
    pooling_mode_lasttoken: bool,
}

#[derive(Default, Deserialize)]
struct SentenceBert {
    max_seq_length: Option<usize>,
}

#[derive(Default, Deserialize)]
struct TokenizerConfig {
    do_lower_case: Option<bool>,
}

#[derive(Default, Deserialize)]
struct SentenceTransformers {
    #[serde(default)]
    prompts: HashMap<String, Option<String>>,
    default_prompt_name: Option<String>,
}

impl EncoderLayout {
    /// Reads a directory's configuration files, not its weights.
    ///
    /// # Errors
    /// A file is missing or damaged, or the encoder is of a kind that is not read.
    pub fn read(dir: &Path) -> Result<Self, EncoderError> {
        require_weights(dir)?;
        let path = dir.join("config.json");
        let config: Config = json(&path)?.ok_or_else(|| missing(&path))?;
        let bad = |what: String| EncoderError::Bad { path: path.clone(), what };
        let family = match config.model_type.as_deref() {
            Some("bert") => EncoderFamily::Bert,
            Some("roberta" | "xlm-roberta") => EncoderFamily::XlmRoberta,
            other => {
                let other = other.unwrap_or("no named");
                return Err(bad(format!("{other} architecture; the BERT and XLM-RoBERTa families are read")));
            }
        };
        if config.position_embedding_type.as_deref().is_some_and(|p| p != "absolute") {
            return Err(bad("relative positions are not read".to_owned()));
        }
        let activation = match config.hidden_act.as_deref() {
            None | Some("gelu") => Activation::Gelu,
            Some("gelu_new" | "gelu_pytorch_tanh") => Activation::GeluTanh,
            Some("relu") => Activation::Relu,
            Some(other) => return Err(bad(format!("activation {other} is not read; gelu, gelu_new and relu are"))),
        };
        // Far above every encoder there is; it keeps a damaged file from asking for all memory.
        let sizes = [
            (config.hidden_size, 1 << 14),
            (config.num_hidden_layers, 256),
            (config.num_attention_heads, 1 << 10),
            (config.intermediate_size, 1 << 17),
            (config.vocab_size, 4_000_000),
            (config.max_position_embeddings, 1 << 20),
        ];
        let sane = sizes.iter().all(|&(size, most)| (1..=most).contains(&size));
        if !sane || !config.hidden_size.is_multiple_of(config.num_attention_heads) {
            return Err(bad("sizes that cannot be".to_owned()));
        }
        // XLM-RoBERTa counts positions from the padding token's id + 1.
        let first_position = match family {
            EncoderFamily::Bert => 0,
            EncoderFamily::XlmRoberta => config.pad_token_id.unwrap_or(1).saturating_add(1),
        };
        let room = config.max_position_embeddings.saturating_sub(first_position);
        let sentence: SentenceBert = json(&dir.join("sentence_bert_config.json"))?.unwrap_or_default();
        let tokenizer: TokenizerConfig = json(&dir.join("tokenizer_config.json"))?.unwrap_or_default();
        let longest = sentence.max_seq_length.unwrap_or(room).min(room);
        if longest < 3 {
            return Err(bad("it leaves no room for a text between its markers".to_owned()));
        }
        Ok(Self {
            family,
            width: config.hidden_size,
            layers: config.num_hidden_layers,
            vocabulary: config.vocab_size,
            longest,
            prompt: prompt(dir)?,
            dir: dir.to_owned(),
            heads: config.num_attention_heads,
            inner: config.intermediate_size,
            eps: config.layer_norm_eps.unwrap_or(1e-12) as f32,
            first_position,
            activation,
            pooling: pooling(dir)?,
            lowercase: tokenizer.do_lower_case,
        })
    }
}

/// Says what to do where the weights are there, but in a form that is not read.
fn require_weights(dir: &Path) -> Result<(), EncoderError> {
    if dir.join("model.safetensors").is_file() {
        return Ok(());
    }
    let dir_name = dir.display();
    let has = |name: &str| dir.join(name).exists();
    let convert = "python -c \"from sentence_transformers import SentenceTransformer as S; S('DIR').save('NEW')\"";
    Err(EncoderError::Unsupported(if !dir.is_dir() {
        format!("{dir_name} is no directory")
    } else if has("model.safetensors.index.json") {
        format!("{dir_name}: the weights are in several files; encoders with one model.safetensors are read")
    } else if has("pytorch_model.bin") {
        format!(
            "{dir_name}: pytorch_model.bin can run code and is not read; model.safetensors is. To convert: {convert}"
        )
    } else if has("model.onnx") || has("onnx") {
        format!(
            "{dir_name}: it holds ONNX only; model.safetensors is read, which the encoder's page usually offers beside it"
        )
    } else {
        format!("{dir_name}: there is no model.safetensors; a sentence-transformers directory has one")
    }))
}

fn prompt(dir: &Path) -> Result<String, EncoderError> {
    let path = dir.join("config_sentence_transformers.json");
    let mut told: SentenceTransformers = json(&path)?.unwrap_or_default();
    let prompt = told.default_prompt_name.and_then(|name| told.prompts.remove(&name)).flatten().unwrap_or_default();
    match prompt.len() <= LONGEST_PROMPT {
        true => Ok(prompt),
        false => Err(EncoderError::Bad { path, what: format!("its prompt is longer than {LONGEST_PROMPT} bytes") }),
    }
}

fn pooling(dir: &Path) -> Result<Pooling, EncoderError> {
    let modules_path = dir.join("modules.json");
    let modules: Vec<Module> = json(&modules_path)?.unwrap_or_default();
    let is = |m: &Module, kind: &str| m.kind.rsplit('.').next() == Some(kind);
    if let Some(odd) = modules.iter().find(|m| !["Transformer", "Pooling", "Normalize"].iter().any(|k| is(m, k))) {
        let what = format!("a {} module is not read; Transformer, Pooling and Normalize are", odd.kind);
        return Err(EncoderError::Bad { path: modules_path, what });
    }
    if let Some(elsewhere) = modules.iter().find(|m| is(m, "Transformer") && !m.path.is_empty()) {
        let what = format!("the weights are in {:?}; they are read from the directory itself", elsewhere.path);
        return Err(EncoderError::Bad { path: modules_path, what });
    }
    let Some(module) = modules.iter().find(|m| is(m, "Pooling")) else { return Ok(Pooling::Mean) };
    if module.path != "1_Pooling" {
        let what = format!("pooling is described in {:?}; 1_Pooling is read", module.path);
        return Err(EncoderError::Bad { path: modules_path, what });
    }
    let path = dir.join("1_Pooling/config.json");
    let p: PoolingConfig = json(&path)?.ok_or_else(|| missing(&path))?;
    let others = p.pooling_mode_max_tokens
        || p.pooling_mode_mean_sqrt_len_tokens
        || p.pooling_mode_weightedmean_tokens
        || p.pooling_mode_lasttoken;
    match (p.pooling_mode.as_deref(), p.pooling_mode_cls_token, p.pooling_mode_mean_tokens, others) {
        (Some("mean"), ..) | (None, false, true, false) => Ok(Pooling::Mean),
        (Some("cls"), ..) | (None, true, false, false) => Ok(Pooling::Cls),
        _ => Err(EncoderError::Bad { path, what: "this way of pooling is not read; mean and cls are".to_owned() }),
    }
}

fn missing(path: &Path) -> EncoderError {
    EncoderError::Read { path: path.to_owned(), source: std::io::ErrorKind::NotFound.into() }
}

/// A JSON file; `None` where there is none.
fn json<T: DeserializeOwned>(path: &Path) -> Result<Option<T>, EncoderError> {
    let bytes = match whole(path) {
        Ok(bytes) => bytes,
        Err(EncoderError::Read { source, .. }) if source.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(e) => return Err(e),
    };
    let value = serde_json::from_slice(&bytes);
    value.map(Some).map_err(|e| EncoderError::Bad { path: path.to_owned(), what: e.to_string() })
}
