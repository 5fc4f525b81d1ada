//! What the screen is: the state, messages in, requests and effects out. No I/O.

pub mod app;
pub mod effect;
pub mod msg;
pub mod request;
