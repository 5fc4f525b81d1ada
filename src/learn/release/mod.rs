//! What a release is as bytes: sections of learners with a checksum.

pub mod artefact;
pub mod external;
mod sections;
