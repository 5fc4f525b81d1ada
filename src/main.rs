//! The program: reads the clock once, runs the command line, gives its exit code.

use appraise::cli;
use appraise::domain::Timestamp;
use std::process::ExitCode;

fn main() -> ExitCode {
    let clock = Timestamp::from(chrono::Utc::now());
    ExitCode::from(cli::run(std::env::args_os(), clock))
}
