//! Texts as token ids: WordPiece and Unigram, from `tokenizer.json`, or WordPiece from `vocab.txt`.

use super::EncoderError;
use super::layout::Layout;
use std::path::Path;
use tokenizers::models::wordpiece::WordPiece;
use tokenizers::normalizers::BertNormalizer;
use tokenizers::pre_tokenizers::bert::BertPreTokenizer;
use tokenizers::processors::bert::BertProcessing;
use tokenizers::{Tokenizer, TruncationParams};

/// Characters that are read for each token that is kept: no word of any language has more, and a text of a megabyte
/// costs no more than a long one.
const CHARS_PER_TOKEN: usize = 64;

pub(super) struct Tokens {
    tokenizer: Tokenizer,
    longest: usize,
}

impl Tokens {
    pub(super) fn open(layout: &Layout) -> Result<Self, EncoderError> {
        let (json, vocabulary) = (layout.dir.join("tokenizer.json"), layout.dir.join("vocab.txt"));
        let (path, tokenizer) = if json.is_file() {
            (&json, Tokenizer::from_bytes(read(&json)?))
        } else if vocabulary.is_file() {
            (&vocabulary, word_piece(&read(&vocabulary)?, layout.lowercase.unwrap_or(true)))
        } else {
            return Err(EncoderError::Unsupported(format!(
                "{}: there is neither tokenizer.json nor vocab.txt; saving the encoder with a current \
                 sentence-transformers writes tokenizer.json",
                layout.dir.display()
            )));
        };
        let bad = |e: tokenizers::Error| EncoderError::Bad { path: path.clone(), what: e.to_string() };
        let mut tokenizer = tokenizer.map_err(bad)?;
        // Directories come with padding to a fixed length, which only costs time here.
        tokenizer.with_padding(None);
        let cut = TruncationParams { max_length: layout.longest, ..TruncationParams::default() };
        tokenizer.with_truncation(Some(cut)).map_err(bad)?;
        Ok(Self { tokenizer, longest: layout.longest })
    }

    /// The ids of a text with its markers, at most as many as the encoder reads. Empty where the tokenizer fails.
    pub(super) fn encode(&self, prefix: &str, text: &str) -> Vec<u32> {
        let end = text.char_indices().nth(self.longest * CHARS_PER_TOKEN).map_or(text.len(), |(at, _)| at);
        let text = format!("{prefix}{}", &text[..end]);
        self.tokenizer.encode_fast(text, true).map(|e| e.get_ids().to_vec()).unwrap_or_default()
    }
}

fn read(path: &Path) -> Result<Vec<u8>, EncoderError> {
    std::fs::read(path).map_err(|source| EncoderError::Read { path: path.to_owned(), source })
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
