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

use crate::config::{Color, Environment};
use crate::domain::Zone;
use crate::stop;
use anyhow::Result;
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
pub use frame::context::Clock;

use frame::context::Cx;
use frame::exit::Exit;
use frame::global::GlobalFlags;
use output::json::StandardOutput;
use std::ffi::OsString;

/// The performance review of an AI employee: triage failures, correct them, fine-tune, compare, promote.
#[derive(Debug, Parser)]
#[command(name = "appraise", version, max_term_width = 110, after_long_help = frame::global::HELP)]
struct Cli {
    #[command(flatten)]
    global: GlobalFlags,
    #[command(subcommand)]
    command: Option<CliCommand>,
}

#[derive(Debug, Subcommand)]
enum CliCommand {
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
    // Of all values this one alone has a key for it: a list that is an object once is no list.
    let tells = cli.global.json && name == "import";
    let ended = match frame::context::prepare(&cli.global, clock()) {
        Ok(mut cx) => start(&mut cx, clock, cli.command).inspect_err(|e| {
            if tells {
                frame::exit::refuse(&mut cx.out, e);
            }
        }),
        Err(e) => {
            if tells {
                frame::exit::refuse(&mut StandardOutput::new(Color::Never), &e);
            }
            Err(e)
        }
    };
    match ended {
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

fn start(cx: &mut Cx, clock: Clock, command: Option<CliCommand>) -> Result<Exit> {
    if let (
        Some(_),
        Some(CliCommand::Demo(_) | CliCommand::Keys(_) | CliCommand::Completions(_) | CliCommand::Man(_)),
    ) = (cx.as_of, &command)
    {
        return Err(frame::exit::Usage::because("--as-of is about a store that is there; this command reads none"));
    }
    frame::moment::look_back(cx)?;
    let exit = match command {
        None => program::screen::run(cx, clock)?,
        Some(command) => dispatch(cx, clock, command)?,
    };
    cx.out.flush()?;
    cx.set_back.words(Zone::default()).iter().for_each(|words| cx.note(words));
    Ok(exit)
}

fn dispatch(cx: &mut Cx, clock: Clock, command: CliCommand) -> Result<Exit> {
    match command {
        CliCommand::Demo(args) => program::demo::run(cx, clock, &args),
        CliCommand::Import(args) => data::import::run(cx, &args),
        CliCommand::Queue(args) => data::queue::run(cx, &args),
        CliCommand::Show(args) => data::show::run(cx, &args),
        CliCommand::Label(args) => review::label::run(cx, &args),
        CliCommand::Undo(args) => review::undo::undo(cx, &args),
        CliCommand::Redo(args) => review::undo::redo(cx, &args),
        CliCommand::Intents(args) => review::intents::run(cx, &args),
        CliCommand::Responses(args) => review::responses::run(cx, &args),
        CliCommand::Lint(args) => review::lint::run(cx, &args),
        CliCommand::Action(args) => review::action::run(cx, &args),
        CliCommand::Modes(args) => review::modes::run(cx, &args),
        CliCommand::Detect(args) => review::detect::run(cx, &args),
        CliCommand::Cycle(args) => review::cycle::run(cx, &args),
        CliCommand::Reviewers(args) => review::reviewers::run(cx, &args),
        CliCommand::Gold(args) => review::gold::run(cx, &args),
        CliCommand::Finetune(args) => model::finetune::run(cx, &args),
        CliCommand::Learn(args) => model::learn::run(cx, &args),
        CliCommand::Measure(args) => model::measure::run(cx, &args),
        CliCommand::Compare(args) => model::compare::run(cx, &args),
        CliCommand::Blame(args) => model::blame::run(cx, &args),
        CliCommand::Replay(args) => model::replay::run(cx, &args),
        CliCommand::Models(args) => model::models::run(cx, &args),
        CliCommand::Promote(args) => model::promote::run(cx, &args),
        CliCommand::Rollback(args) => model::rollback::run(cx, &args),
        CliCommand::Predict(args) => model::predict::run(cx, &args),
        CliCommand::Export(args) => model::export::run(cx, &args),
        CliCommand::Serve(args) => model::serve::run(cx, &args),
        CliCommand::Disputed(args) => review::disputed::run(cx, &args),
        CliCommand::Evaluate(args) => lab::evaluate::run(cx, &args),
        CliCommand::Cluster(args) => lab::cluster::run(cx, &args),
        CliCommand::Encoder(args) => model::encoder::run(cx, &args),
        CliCommand::Simulate(args) => lab::simulate::run(cx, &args),
        CliCommand::Stats(args) => data::stats::run(cx, &args),
        CliCommand::Patterns(args) => data::patterns::run(cx, &args),
        CliCommand::Change(args) => watch::change::run(cx, &args),
        CliCommand::Check(args) => watch::check::run(cx, &args),
        CliCommand::Report(args) => watch::report::run(cx, &args),
        CliCommand::Zone(args) => data::zone::run(cx, &args),
        CliCommand::Economics(args) => lab::economics::run(cx, &args),
        CliCommand::Backup(args) => program::backup::run(cx, &args),
        CliCommand::Doctor(args) => program::doctor::run(cx, &args),
        CliCommand::Keys(args) => program::keys::run(cx, &args),
        CliCommand::Completions(args) => program::completions::run(cx, command_line(), &args),
        CliCommand::Man(args) => program::man::run(cx, command_line(), &args),
    }
}

/// The whole command line as data: for parsing, completions and manual pages.
fn command_line() -> clap::Command {
    Cli::command()
}
