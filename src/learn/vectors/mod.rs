//! Texts as dense vectors: the static table that ships, and sentence encoders that are installed.

pub mod any_script;
pub mod built_in;
pub mod embed;
pub mod encoder;
pub mod grams;
pub mod table;
