//! The program: gives the clock to the command line, runs it, gives its exit code.

use appraise::cli;
use appraise::domain::Timestamp;
use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(cli::run(std::env::args_os(), || Timestamp::from(chrono::Utc::now())))
}
