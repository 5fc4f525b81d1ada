//! Texts as token ids: WordPiece and Unigram, from `tokenizer.json`, or WordPiece from `vocab.txt`. The tokenizers crate
//! panics on some damaged files; here that is an error.

use super::error::{EncoderError, TokenizerError};
use super::growth::{is_too_much, prepared};
use super::layout::{EncoderLayout, whole};
use crate::base::quiet::quietly;
use std::path::Path;
use tokenizers::models::wordpiece::WordPiece;
use tokenizers::normalizers::BertNormalizer;
use tokenizers::pre_tokenizers::bert::BertPreTokenizer;
use tokenizers::processors::bert::BertProcessing;
use tokenizers::{Tokenizer, TruncationParams};

/// Characters that are read for each token that is kept: no word of any language has more, and a text of a megabyte
/// costs no more than a long one.
const CHARS_PER_TOKEN: usize = 64;
/// What a tokenizer has to cut before it is taken.
const SENTENCE: &str = "Where is my order?";

pub(super) struct TokenIds {
    tokenizer: Tokenizer,
    longest: usize,
}

impl TokenIds {
    pub(super) fn open(layout: &EncoderLayout) -> Result<Self, EncoderError> {
        let (json, vocabulary) = (layout.dir.join("tokenizer.json"), layout.dir.join("vocab.txt"));
        if !json.is_file() && !vocabulary.is_file() {
            return Err(EncoderError::Unsupported(format!(
                "{}: there is neither tokenizer.json nor vocab.txt; saving the encoder with a current \
                 sentence-transformers writes tokenizer.json",
                layout.dir.display()
            )));
        }
        let path = if json.is_file() { &json } else { &vocabulary };
        let bytes = whole(path)?;
        let read = || Self::read(path, &bytes, layout);
        let tried = quietly(|| {
            let tokens = read()?;
            tokens.cut("", SENTENCE).map(|_| tokens)
        });
        let source = match tried {
            Some(Ok(tokens)) => return Ok(tokens),
            Some(Err(e)) => e,
            None => TokenizerError::Panicked,
        };
        Err(EncoderError::Tokenizer { path: path.clone(), source })
    }

    fn read(path: &Path, bytes: &[u8], layout: &EncoderLayout) -> Result<Self, TokenizerError> {
        let mut tokenizer: Tokenizer = if path.ends_with("tokenizer.json") {
            serde_json::from_value(prepared(bytes)?)?
        } else {
            word_piece(bytes, layout.lowercase.unwrap_or(true))?
        };
        let cut = TruncationParams { max_length: layout.longest, ..TruncationParams::default() };
        tokenizer.with_truncation(Some(cut))?;
        Ok(Self { tokenizer, longest: layout.longest })
    }

    /// The ids of a text with its markers, at most as many as the encoder reads. Empty where the tokenizer fails.
    pub(super) fn encode(&self, prefix: &str, text: &str) -> Vec<u32> {
        quietly(|| self.cut(prefix, text).unwrap_or_default()).unwrap_or_default()
    }

    fn cut(&self, prefix: &str, text: &str) -> Result<Vec<u32>, TokenizerError> {
        let end = text.char_indices().nth(self.longest * CHARS_PER_TOKEN).map_or(text.len(), |(at, _)| at);
        let text = format!("{prefix}{}", &text[..end]);
        if is_too_much(&self.tokenizer, &text) {
            return Err(TokenizerError::TooMuch);
        }
        let cut = self.tokenizer.encode_fast(text, true)?;
        // Markers are not cut by the tokenizer itself.
        Ok(cut.get_ids().iter().take(self.longest).copied().collect())
    }
}

/// BERT's own tokenizer from its list of pieces.
fn word_piece(vocabulary: &[u8], lowercase: bool) -> tokenizers::Result<Tokenizer> {
    let model = WordPiece::builder().vocab(WordPiece::read_bytes(vocabulary)?).unk_token("[UNK]".to_owned()).build()?;
    let mut tokenizer = Tokenizer::new(model);
    let marker = |word: &str| {
        let id = tokenizer.token_to_id(word).ok_or_else(|| format!("the piece {word} is missing"))?;
        Ok::<_, tokenizers::Error>((word.to_owned(), id))
    };
    let processing = BertProcessing::new(marker("[SEP]")?, marker("[CLS]")?);
    tokenizer.with_normalizer(Some(BertNormalizer::new(true, true, None, lowercase)))?;
    tokenizer.with_pre_tokenizer(Some(BertPreTokenizer));
    tokenizer.with_post_processor(Some(processing));
    Ok(tokenizer)
}
