//! The program: gives the clock to the command line, runs it, gives its exit code.

use appraise::cli;
use appraise::domain::Timestamp;
use std::process::ExitCode;

/// An import hands what one thread has read to another, which gives it back: most of what the system's allocator took.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    ExitCode::from(cli::run(std::env::args_os(), || Timestamp::from(chrono::Utc::now())))
}
