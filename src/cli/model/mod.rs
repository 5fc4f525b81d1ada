//! Commands about releases: from `finetune` to `serve`. The work itself is in `jobs`.

pub(in crate::cli) mod blame;
pub(in crate::cli) mod compare;
pub(in crate::cli) mod encoder;
pub(in crate::cli) mod export;
pub(in crate::cli) mod finetune;
pub(in crate::cli) mod learn;
pub(in crate::cli) mod measure;
pub(in crate::cli) mod models;
pub(in crate::cli) mod predict;
pub(in crate::cli) mod promote;
pub(in crate::cli) mod replay;
pub(in crate::cli) mod rollback;
pub(in crate::cli) mod serve;
