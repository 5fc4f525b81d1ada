//! What a directory's tokenizer may do to a text before it cuts it into pieces: a rule that makes ten letters of one,
//! nine times over, makes gigabytes of a sentence.

use super::error::TokenizerError;
use serde_json::Value;
use tokenizers::normalizers::{NormalizerWrapper, Precompiled};
use tokenizers::{NormalizedString, Normalizer, Tokenizer};
use unicode_segmentation::UnicodeSegmentation;

/// Bytes that a rule may put in place of one place of a text.
const LONGEST: usize = 16;
/// Rules of one kind in a row.
const RULES: usize = 32;
/// How often longer a text may become: one Arabic ligature is 18 letters, 33 bytes in place of 3.
const TIMES: usize = 12;
/// Bytes that every text may grow by.
const SPARE: usize = 1_024;

/// Normalizers that are known: what each makes of a text has a bound, or is measured.
const KNOWN: [&str; 13] = [
    "BertNormalizer",
    "Lowercase",
    "NFC",
    "NFD",
    "NFKC",
    "NFKD",
    "Nmt",
    "Precompiled",
    "Prepend",
    "Replace",
    "Sequence",
    "Strip",
    "StripAccents",
];

/// Takes away what is not needed to cut a text, and refuses what is not known or would be too long.
pub(super) fn prepared(bytes: &[u8]) -> Result<Value, TokenizerError> {
    let mut file: Value = serde_json::from_slice(bytes)?;
    let Value::Object(parts) = &mut file else { return Err(TokenizerError::NoObject) };
    // Decoding is never asked for, padding and cutting are set anew.
    for unused in ["decoder", "padding", "truncation"] {
        parts.insert(unused.to_owned(), Value::Null);
    }
    let mut count = 0;
    parts.get("normalizer").map_or(Ok(()), |n| known_normalizer(n, &mut count))?;
    let mut count = 0;
    parts.get("pre_tokenizer").map_or(Ok(()), |p| few(p, "pretokenizers", &mut count))?;
    Ok(file)
}

fn known_normalizer(rule: &Value, count: &mut usize) -> Result<(), TokenizerError> {
    if rule.is_null() {
        return Ok(());
    }
    let kind = rule["type"].as_str().unwrap_or("without a type");
    if !KNOWN.contains(&kind) {
        return Err(TokenizerError::Normalizer(kind.to_owned(), KNOWN.join(", ")));
    }
    *count += 1;
    let put = match kind {
        "Replace" => &rule["content"],
        "Prepend" => &rule["prepend"],
        _ => &Value::Null,
    };
    if put.as_str().is_some_and(|put| put.len() > LONGEST) {
        return Err(TokenizerError::TooLong(kind.to_owned(), LONGEST));
    }
    if kind == "Precompiled" && !rule["precompiled_charsmap"].is_string() {
        return Err(TokenizerError::NoTable);
    }
    few(rule, "normalizers", count)?;
    rule["normalizers"].as_array().into_iter().flatten().try_for_each(|inner| known_normalizer(inner, count))
}

/// Refuses a sequence of more rules than any tokenizer has.
fn few(rule: &Value, list: &'static str, count: &mut usize) -> Result<(), TokenizerError> {
    let inner = rule[list].as_array();
    *count += inner.map_or(0, Vec::len);
    if *count > RULES {
        return Err(TokenizerError::TooMany(RULES, list));
    }
    match list {
        // Their own kind is looked at by whoever asked.
        "normalizers" => Ok(()),
        _ => inner.into_iter().flatten().try_for_each(|r| few(r, list, count)),
    }
}

/// Whether a tokenizer makes too much of a text. Goes the way of its normalizers and stops before the step that would.
pub(super) fn is_too_much(tokenizer: &Tokenizer, text: &str) -> bool {
    let mut steps = Vec::new();
    tokenizer.get_normalizer().iter().for_each(|all| flatten(all, &mut steps));
    let may_grow = |s: &&NormalizerWrapper| {
        use NormalizerWrapper::{Precompiled, Prepend, Replace};
        matches!(s, Precompiled(_) | Replace(_) | Prepend(_))
    };
    if !steps.iter().any(may_grow) {
        return false;
    }
    let most = text.len() * TIMES + SPARE;
    let mut made = NormalizedString::from(text);
    for step in steps {
        if let NormalizerWrapper::Precompiled(table) = step
            && made_by(table, made.get()) > most
        {
            return true;
        }
        if step.normalize(&mut made).is_err() || made.get().len() > most {
            return true;
        }
    }
    false
}

fn flatten<'n>(rule: &'n NormalizerWrapper, into: &mut Vec<&'n NormalizerWrapper>) {
    match rule {
        NormalizerWrapper::Sequence(all) => all.as_ref().iter().for_each(|inner| flatten(inner, into)),
        other => into.push(other),
    }
}

/// Bytes that a table of replacements makes of a text, at most.
fn made_by(table: &Precompiled, text: &str) -> usize {
    let of = |part: &str| table.transform(part).map(str::len);
    let by_letters = |whole: &str| {
        let mut letter = [0; 4];
        let sizes = whole.chars().map(|c| {
            let part: &str = c.encode_utf8(&mut letter);
            of(part).unwrap_or(part.len())
        });
        sizes.sum::<usize>()
    };
    // Short clusters are looked up whole first.
    let one = |cluster: &str| Some(cluster).filter(|c| c.len() < 6).and_then(of).unwrap_or_else(|| by_letters(cluster));
    text.graphemes(true).map(one).sum()
}
