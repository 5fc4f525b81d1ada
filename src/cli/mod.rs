//! The command line: the same program without the screen. One file a subcommand, its arguments beside the code.
//!
//! Names, flags and JSON keys are a contract with scripts: they may grow, they do not change.

mod data;
mod frame;
mod lab;
mod model;
mod output;
mod program;
mod review;
mod watch;

use crate::config::Environment;
use crate::domain::Zone;
use crate::stop;
use anyhow::Result;
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
pub use frame::context::Clock;

use frame::context::Cx;
use frame::exit::Exit;
use frame::global::Global;
use std::ffi::OsString;

/// The performance review of an AI employee: triage failures, correct them, fine-tune, compare, promote.
#[derive(Debug, Parser)]
#[command(name = "appraise", version, max_term_width = 110, after_long_help = frame::global::HELP)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    Demo(program::demo::Args),
    Import(data::import::Args),
    Queue(data::queue::Args),
    Show(data::show::Args),
    Label(review::label::Args),
    Undo(review::undo::UndoArgs),
    Redo(review::undo::RedoArgs),
    Intents(review::intents::Args),
    Responses(review::responses::Args),
    Lint(review::lint::Args),
    Action(review::action::Args),
    Modes(review::modes::Args),
    Detect(review::detect::Args),
    Cycle(review::cycle::Args),
    Reviewers(review::reviewers::Args),
    Gold(review::gold::Args),
    Finetune(model::finetune::Args),
    Learn(model::learn::Args),
    Measure(model::measure::Args),
    Compare(model::compare::Args),
    Blame(model::blame::Args),
    Replay(model::replay::Args),
    Models(model::models::Args),
    Promote(model::promote::Args),
    Rollback(model::rollback::Args),
    Predict(model::predict::Args),
    Export(model::export::Args),
    Serve(model::serve::Args),
    Disputed(review::disputed::Args),
    Evaluate(lab::evaluate::Args),
    Cluster(lab::cluster::Args),
    Encoder(model::encoder::Args),
    Simulate(lab::simulate::Args),
    Stats(data::stats::Args),
    Patterns(data::patterns::Args),
    Change(watch::change::Args),
    Check(watch::check::Args),
    Report(watch::report::Args),
    Zone(data::zone::Args),
    Economics(lab::economics::Args),
    Backup(program::backup::Args),
    Doctor(program::doctor::Args),
    Keys(program::keys::Args),
    Completions(program::completions::Args),
    Man(program::man::Args),
}

/// Runs the command line and returns the exit code: 0 done, 1 failed, 2 usage, 3 a gate refused, 130
/// interrupted (143 by TERM, 129 by HUP).
pub fn run(args: impl IntoIterator<Item = OsString>, clock: Clock) -> u8 {
    let matches = command_line().try_get_matches_from(frame::query::keep_negations(args));
    let parsed = matches.and_then(|m| {
        let name = m.subcommand_name().unwrap_or("the screen").to_owned();
        Cli::from_arg_matches(&m).map(|cli| (name, cli))
    });
    let (name, cli) = match parsed {
        Ok(parsed) => parsed,
        Err(e) => return frame::exit::usage(&e),
    };
    let quiet = cli.global.quiet;
    frame::journal::begin(&Environment::read(), clock);
    frame::journal::began(&name);
    if let Err(e) = stop::listen(if quiet { || {} } else { frame::exit::say_stopped }) {
        return frame::exit::report(&anyhow::Error::new(e).context("ctrl-c cannot be caught"), quiet);
    }
    match frame::context::prepare(&cli.global, clock()).and_then(|mut cx| start(&mut cx, clock, cli.command)) {
        Ok(exit) => {
            frame::journal::ended(exit.code(), None);
            exit.code()
        }
        Err(e) => {
            let code = frame::exit::report(&e, quiet);
            frame::journal::ended(code, Some(&e));
            code
        }
    }
}

fn start(cx: &mut Cx, clock: Clock, command: Option<Command>) -> Result<Exit> {
    let exit = match command {
        None => program::screen::run(cx, clock)?,
        Some(command) => dispatch(cx, clock, command)?,
    };
    cx.out.flush()?;
    cx.set_back.words(Zone::default()).iter().for_each(|words| cx.note(words));
    Ok(exit)
}

fn dispatch(cx: &mut Cx, clock: Clock, command: Command) -> Result<Exit> {
    match command {
        Command::Demo(args) => program::demo::run(cx, clock, &args),
        Command::Import(args) => data::import::run(cx, &args),
        Command::Queue(args) => data::queue::run(cx, &args),
        Command::Show(args) => data::show::run(cx, &args),
        Command::Label(args) => review::label::run(cx, &args),
        Command::Undo(args) => review::undo::undo(cx, &args),
        Command::Redo(args) => review::undo::redo(cx, &args),
        Command::Intents(args) => review::intents::run(cx, &args),
        Command::Responses(args) => review::responses::run(cx, &args),
        Command::Lint(args) => review::lint::run(cx, &args),
        Command::Action(args) => review::action::run(cx, &args),
        Command::Modes(args) => review::modes::run(cx, &args),
        Command::Detect(args) => review::detect::run(cx, &args),
        Command::Cycle(args) => review::cycle::run(cx, &args),
        Command::Reviewers(args) => review::reviewers::run(cx, &args),
        Command::Gold(args) => review::gold::run(cx, &args),
        Command::Finetune(args) => model::finetune::run(cx, &args),
        Command::Learn(args) => model::learn::run(cx, &args),
        Command::Measure(args) => model::measure::run(cx, &args),
        Command::Compare(args) => model::compare::run(cx, &args),
        Command::Blame(args) => model::blame::run(cx, &args),
        Command::Replay(args) => model::replay::run(cx, &args),
        Command::Models(args) => model::models::run(cx, &args),
        Command::Promote(args) => model::promote::run(cx, &args),
        Command::Rollback(args) => model::rollback::run(cx, &args),
        Command::Predict(args) => model::predict::run(cx, &args),
        Command::Export(args) => model::export::run(cx, &args),
        Command::Serve(args) => model::serve::run(cx, &args),
        Command::Disputed(args) => review::disputed::run(cx, &args),
        Command::Evaluate(args) => lab::evaluate::run(cx, &args),
        Command::Cluster(args) => lab::cluster::run(cx, &args),
        Command::Encoder(args) => model::encoder::run(cx, &args),
        Command::Simulate(args) => lab::simulate::run(cx, &args),
        Command::Stats(args) => data::stats::run(cx, &args),
        Command::Patterns(args) => data::patterns::run(cx, &args),
        Command::Change(args) => watch::change::run(cx, &args),
        Command::Check(args) => watch::check::run(cx, &args),
        Command::Report(args) => watch::report::run(cx, &args),
        Command::Zone(args) => data::zone::run(cx, &args),
        Command::Economics(args) => lab::economics::run(cx, &args),
        Command::Backup(args) => program::backup::run(cx, &args),
        Command::Doctor(args) => program::doctor::run(cx, &args),
        Command::Keys(args) => program::keys::run(cx, &args),
        Command::Completions(args) => program::completions::run(cx, command_line(), &args),
        Command::Man(args) => program::man::run(cx, command_line(), &args),
    }
}

/// The whole command line as data: for parsing, completions and manual pages.
fn command_line() -> clap::Command {
    Cli::command()
}
