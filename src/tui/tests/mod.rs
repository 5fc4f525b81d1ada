//! Tests of the terminal program: keys typed against a store in memory, facts about what is drawn, and snapshots of the
//! states whose whole picture matters.

mod everywhere;
mod facts;
mod import;
mod mouse;
mod newcomer;
mod overview;
mod patterns;
mod people;
mod queue;
mod responses;
mod review;
mod review_keys;
mod signals;
mod signals_notes;
mod snapshots;
mod support;
mod tall;
mod topics;
mod triage;
mod triage_facts;
mod tune;
mod tune_facts;
mod tune_views;
mod walk;
mod work;
