//! What comes from outside the loop: keys, and signals of the system.

use super::background::Listener;
use super::desk::TuiError;
use super::glued::{EscapeTail, PAUSE};
#[cfg(unix)]
use super::terminal;
use super::terminal::TerminalScreen;
#[cfg(unix)]
use crate::stop;
use crate::tui::state::msg::Msg;
use crossterm::event::{Event, poll, read};
use std::io;
use std::sync::mpsc::Sender;

pub(super) fn listen_to_input(out: Sender<Msg>) -> Result<(), TuiError> {
    let listen = move || {
        let (mut tail, mut listener) = (EscapeTail::default(), Listener::default());
        while let Ok(events) = hear(&mut tail) {
            for event in events {
                let heard = listener.take(event);
                let background = heard.background.map(Msg::Background);
                for msg in heard.events.into_iter().map(Msg::Input).chain(background) {
                    if out.send(msg).is_err() {
                        return;
                    }
                }
            }
        }
        // Nobody can type any more: the terminal is gone.
        out.send(Msg::Terminate).ok();
    };
    std::thread::Builder::new().name("input".to_owned()).spawn(listen).map(drop).map_err(TuiError::Thread)
}

/// Waits for what is typed next.
fn hear(tail: &mut EscapeTail) -> io::Result<Vec<Event>> {
    if tail.is_open() && !poll(PAUSE)? { Ok(tail.give_back()) } else { Ok(tail.take(read()?)) }
}

#[cfg(unix)]
pub(super) fn listen_to_signals(out: Sender<Msg>) -> Result<(), TuiError> {
    use signal_hook::consts::{SIGABRT, SIGALRM, SIGCONT, SIGPROF, SIGQUIT, SIGUSR1, SIGUSR2, SIGVTALRM, SIGXCPU};
    // The others would end the program without giving the terminal back.
    let deadly = [SIGABRT, SIGALRM, SIGPROF, SIGQUIT, SIGUSR1, SIGUSR2, SIGVTALRM, SIGXCPU];
    let mut signals = signal_hook::iterator::Signals::new(deadly.iter().chain(&[SIGCONT]))?;
    let listen = move || {
        for signal in signals.forever() {
            if signal != SIGCONT {
                // No frame may be drawn any more.
                let _nobody_else = std::io::stdout().lock();
                stop::tidy();
                signal_hook::low_level::emulate_default_handler(signal).ok();
            } else if out.send(Msg::Resumed).is_err() {
                return;
            }
        }
    };
    std::thread::Builder::new().name("signals".to_owned()).spawn(listen).map(drop).map_err(TuiError::Thread)
}

#[cfg(not(unix))]
pub(super) fn listen_to_signals(_: Sender<Msg>) -> Result<(), TuiError> {
    Ok(())
}

/// Gives the terminal back and stops; when the shell continues us, takes it over again.
#[cfg(unix)]
pub(super) fn suspend(screen: &mut TerminalScreen) -> Result<(), TuiError> {
    terminal::leave();
    signal_hook::low_level::emulate_default_handler(signal_hook::consts::SIGTSTP)?;
    screen.reopen()?;
    Ok(())
}

#[cfg(not(unix))]
pub(super) fn suspend(_: &mut TerminalScreen) -> Result<(), TuiError> {
    Ok(())
}
