//! No command: the screen.

use crate::cli::frame::context::{Clock, Cx};
use crate::cli::frame::exit::{Exit, Usage};
use crate::config;
use crate::domain::Timestamp;
use crate::stop;
use crate::theme::{Depth, Palette, Theme};
use crate::tui::{self, RunContext, RunOptions};
use anyhow::Result;
use std::io::IsTerminal;
use std::sync::Arc;

pub(in crate::cli) fn run(cx: &Cx, clock: Clock) -> Result<Exit> {
    start(cx, clock, false)
}

/// Shows the screen; `new`: a demo that was built just now, so that one begins in a language that one reads.
pub(in crate::cli) fn start(cx: &Cx, clock: Clock, new: bool) -> Result<Exit> {
    if cx.json {
        return Err(Usage::because("the screen prints no JSON; name a command, `appraise help` lists them"));
    }
    if !std::io::stdin().is_terminal() || !std::io::stdout().is_terminal() {
        return Err(Usage::because("the screen needs a terminal; name a command, `appraise help` lists them"));
    }
    let s = &cx.settings;
    let fixed = cx.fixed_now;
    tui::run(RunOptions {
        store: s.store.clone(),
        founding: cx.founding(),
        reviewer: s.reviewer.clone(),
        clock: Arc::new(move || -> Timestamp { fixed.unwrap_or_else(clock) }),
        seed: s.seed,
        encoders: cx.encoders.clone(),
        outside: cx.settings.outside.clone(),
        hourly: s.hourly,
        theme: Theme::new(depth(s.color_bits), palette(s.theme, s.light)),
        ask_background: s.theme == config::ThemeChoice::Auto && s.light.is_none() && s.color_bits > 0,
        keymap: cx.keymap()?,
        costs: s.costs,
        read_only: cx.read_only,
        around: RunContext {
            home: s.home.clone(),
            profiles: s.profiles.clone(),
            demo: Some(s.demo_store.clone()),
            bell: s.bell,
            reads: s.reads.clone(),
            new,
            as_of: cx.looked_back.as_ref().map(|found| found.words().to_owned()),
        },
    })?;
    Ok(if stop::asked() { Exit::Stopped } else { Exit::Done })
}

fn depth(bits: u8) -> Depth {
    match bits {
        0 => Depth::None,
        4 => Depth::Ansi16,
        8 => Depth::Ansi256,
        _ => Depth::True,
    }
}

/// The palette of a setting; where it leaves that to the terminal, what the environment says, until the terminal answers.
fn palette(theme: config::ThemeChoice, light: Option<bool>) -> Palette {
    match theme {
        config::ThemeChoice::Light => Palette::Light,
        config::ThemeChoice::Auto if light == Some(true) => Palette::Light,
        config::ThemeChoice::Auto | config::ThemeChoice::Dark | config::ThemeChoice::Plain => Palette::Dark,
    }
}
