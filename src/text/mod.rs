//! What is done to text before it is shown, searched or compared. Pure functions; stored text stays exact.

pub mod clean;
pub mod diff;
pub mod fit;
pub mod fold;
pub mod fuzzy;
pub mod greek;
pub mod language;
pub mod letters;
pub mod mark;
pub mod memo;
pub mod name;
pub mod normalise;
pub mod personal;
pub mod redact;
pub mod smalltalk;
mod talk_words;

pub use crate::base::did_you_mean::nearest;
pub use clean::{Clean, clean, clean_block};
pub use diff::{DiffOp, word_diff};
pub use fit::{cut, pad, pad_left, width, wrap};
pub use fold::{fold, words};
pub use fuzzy::{FuzzyMatch, rank};
pub use letters::{has_content, has_words};
pub use mark::{Needles, matches};
pub use name::{name_key, trim_name};
pub use redact::redact;
pub use smalltalk::{is_opening, is_smalltalk, is_smalltalk_intent, is_thanks_or_bye};
