//! What the program is: the state, messages in, requests, choices and effects out. No I/O.

pub mod app;
pub mod choice;
pub mod effect;
pub mod files;
pub mod float;
pub mod guide;
pub mod msg;
pub mod request;
pub mod seen;
pub mod shared;
pub mod tab;
pub mod work;
