//! What several targets share: what holds of every conversation that was read, a small store that is really used, and how
//! much memory there is.

pub mod read;
pub mod small;

/// Bytes that a target may hold at a time, what C libraries take left out: who asks for more is stopped, and that is a finding.
const MEMORY: usize = 1 << 30;

#[global_allocator]
static ALLOCATOR: cap::Cap<std::alloc::System> = cap::Cap::new(std::alloc::System, MEMORY);
