//! The command line: the same program without the screen. One file a subcommand, its arguments beside the code.
//!
//! Names, flags and JSON keys are a contract with scripts: they may grow, they do not change.

mod backup;
mod blame;
mod bounds;
mod compare;
mod comparison;
mod completions;
mod context;
mod csv;
mod cycle;
mod demo;
mod disputed;
mod doctor;
mod economics;
mod encoder;
mod evaluate;
mod exit;
mod export;
mod figures;
mod finetune;
mod global;
mod gold;
mod import;
mod intents;
mod keys;
mod label;
mod lint;
mod man;
mod measure;
mod models;
mod output;
mod predict;
mod progress;
mod promote;
mod query;
mod queue;
mod replay;
mod responses;
mod reviewers;
mod rollback;
mod screen;
mod serve;
mod show;
mod simulate;
mod stats;
mod table;
mod threads;
mod undo;
mod views;
mod zone;

use crate::domain::{Timestamp, Zone};
use crate::stop;
use anyhow::Result;
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use context::Cx;
use exit::Exit;
use global::Global;
use std::ffi::OsString;

/// The performance review of an AI employee: triage failures, correct them, fine-tune, compare, promote.
#[derive(Debug, Parser)]
#[command(name = "appraise", version, max_term_width = 110, after_long_help = global::HELP)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    Demo(demo::Args),
    Import(import::Args),
    Queue(queue::Args),
    Show(show::Args),
    Label(label::Args),
    Undo(undo::UndoArgs),
    Redo(undo::RedoArgs),
    Intents(intents::Args),
    Responses(responses::Args),
    Lint(lint::Args),
    Cycle(cycle::Args),
    Reviewers(reviewers::Args),
    Gold(gold::Args),
    Finetune(finetune::Args),
    Measure(measure::Args),
    Compare(compare::Args),
    Blame(blame::Args),
    Replay(replay::Args),
    Models(models::Args),
    Promote(promote::Args),
    Rollback(rollback::Args),
    Predict(predict::Args),
    Export(export::Args),
    Serve(serve::Args),
    Disputed(disputed::Args),
    Evaluate(evaluate::Args),
    Encoder(encoder::Args),
    Simulate(simulate::Args),
    Stats(stats::Args),
    Zone(zone::Args),
    Economics(economics::Args),
    Backup(backup::Args),
    Doctor(doctor::Args),
    Keys(keys::Args),
    Completions(completions::Args),
    Man(man::Args),
}

/// Reads the clock. `main` gives it; commands read it once, the screen as long as it is open.
pub type Clock = fn() -> Timestamp;

/// Runs the command line and returns the exit code: 0 done, 1 failed, 2 usage, 3 a gate refused, 130
/// interrupted (143 by TERM, 129 by HUP).
pub fn run(args: impl IntoIterator<Item = OsString>, clock: Clock) -> u8 {
    let parsed = command().try_get_matches_from(query::keep_negations(args)).and_then(|m| Cli::from_arg_matches(&m));
    let cli = match parsed {
        Ok(cli) => cli,
        Err(e) => return exit::usage(&e),
    };
    let quiet = cli.global.quiet;
    if let Err(e) = stop::listen(if quiet { || {} } else { exit::say_stopped }) {
        return exit::report(&anyhow::Error::new(e).context("ctrl-c cannot be caught"), quiet);
    }
    match context::prepare(&cli.global, clock()).and_then(|mut cx| start(&mut cx, clock, cli.command)) {
        Ok(exit) => exit.code(),
        Err(e) => exit::report(&e, quiet),
    }
}

fn start(cx: &mut Cx, clock: Clock, command: Option<Command>) -> Result<Exit> {
    let exit = match command {
        None => screen::run(cx, clock)?,
        Some(command) => dispatch(cx, clock, command)?,
    };
    cx.out.flush()?;
    cx.set_back.words(Zone::default()).iter().for_each(|words| cx.note(words));
    Ok(exit)
}

fn dispatch(cx: &mut Cx, clock: Clock, command: Command) -> Result<Exit> {
    match command {
        Command::Demo(args) => demo::run(cx, clock, &args),
        Command::Import(args) => import::run(cx, &args),
        Command::Queue(args) => queue::run(cx, &args),
        Command::Show(args) => show::run(cx, &args),
        Command::Label(args) => label::run(cx, &args),
        Command::Undo(args) => undo::undo(cx, &args),
        Command::Redo(args) => undo::redo(cx, &args),
        Command::Intents(args) => intents::run(cx, &args),
        Command::Responses(args) => responses::run(cx, &args),
        Command::Lint(args) => lint::run(cx, &args),
        Command::Cycle(args) => cycle::run(cx, &args),
        Command::Reviewers(args) => reviewers::run(cx, &args),
        Command::Gold(args) => gold::run(cx, &args),
        Command::Finetune(args) => finetune::run(cx, &args),
        Command::Measure(args) => measure::run(cx, &args),
        Command::Compare(args) => compare::run(cx, &args),
        Command::Blame(args) => blame::run(cx, &args),
        Command::Replay(args) => replay::run(cx, &args),
        Command::Models(args) => models::run(cx, &args),
        Command::Promote(args) => promote::run(cx, &args),
        Command::Rollback(args) => rollback::run(cx, &args),
        Command::Predict(args) => predict::run(cx, &args),
        Command::Export(args) => export::run(cx, &args),
        Command::Serve(args) => serve::run(cx, &args),
        Command::Disputed(args) => disputed::run(cx, &args),
        Command::Evaluate(args) => evaluate::run(cx, &args),
        Command::Encoder(args) => encoder::run(cx, &args),
        Command::Simulate(args) => simulate::run(cx, &args),
        Command::Stats(args) => stats::run(cx, &args),
        Command::Zone(args) => zone::run(cx, &args),
        Command::Economics(args) => economics::run(cx, &args),
        Command::Backup(args) => backup::run(cx, &args),
        Command::Doctor(args) => doctor::run(cx, &args),
        Command::Keys(args) => keys::run(cx, &args),
        Command::Completions(args) => completions::run(cx, &args),
        Command::Man(args) => man::run(cx, &args),
    }
}

/// The whole command line as data: for parsing, completions and manual pages.
fn command() -> clap::Command {
    Cli::command()
}
