//! The terminal: taken over, and given back whatever happens.

use crossterm::event::{
    DisableBracketedPaste, DisableFocusChange, DisableMouseCapture, EnableBracketedPaste, EnableFocusChange,
    EnableMouseCapture,
};
use crossterm::terminal::{
    BeginSynchronizedUpdate, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode,
    enable_raw_mode,
};
use crossterm::{cursor, execute, queue};
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;
use std::io::{self, BufWriter, Stdout, Write};
use std::sync::mpsc::Sender;

use super::msg::Msg;

/// A terminal that draws whole frames.
pub struct Screen {
    terminal: Terminal<CrosstermBackend<BufWriter<Stdout>>>,
}

fn enter() -> io::Result<()> {
    enable_raw_mode()?;
    execute!(
        io::stdout(),
        EnterAlternateScreen,
        EnableBracketedPaste,
        EnableMouseCapture,
        EnableFocusChange,
        cursor::Hide
    )
}

/// Gives the terminal back. Every step is tried, whatever became of the one before.
pub fn leave() {
    let mut out = io::stdout();
    execute!(out, EndSynchronizedUpdate, DisableFocusChange, DisableMouseCapture, DisableBracketedPaste).ok();
    execute!(out, LeaveAlternateScreen, cursor::Show).ok();
    disable_raw_mode().ok();
}

impl Screen {
    /// Takes the terminal over.
    pub fn open() -> io::Result<Self> {
        enter()?;
        let backend = CrosstermBackend::new(BufWriter::with_capacity(1 << 16, io::stdout()));
        Ok(Self { terminal: Terminal::new(backend)? })
    }

    /// Draws a frame; the terminal shows it at once, not in parts.
    pub fn draw<T: Default>(&mut self, draw: impl FnOnce(&mut ratatui::Frame) -> T) -> io::Result<T> {
        let mut out = T::default();
        queue!(self.terminal.backend_mut(), BeginSynchronizedUpdate)?;
        self.terminal.draw(|frame| out = draw(frame))?;
        queue!(self.terminal.backend_mut(), EndSynchronizedUpdate)?;
        Write::flush(self.terminal.backend_mut())?;
        Ok(out)
    }

    /// Draws everything anew with the next frame.
    pub fn forget(&mut self) -> io::Result<()> {
        // Not `clear`: that asks the terminal for its cursor, and the answer would go to the input thread.
        let size = self.terminal.size()?;
        self.terminal.resize(size.into())
    }

    /// Takes the terminal over again after the program was stopped.
    pub fn reopen(&mut self) -> io::Result<()> {
        enter()?;
        self.forget()
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        leave();
    }
}

/// Puts the usual panic hook back when the screen is left.
pub struct HookGuard;

/// A panic of the screen thread gives the terminal back before it is reported; one of another thread is told to the
/// screen, and nothing is written over what it shows.
pub fn install_panic_hook(out: Sender<Msg>) {
    let screen = std::thread::current().id();
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        if std::thread::current().id() == screen {
            leave();
            before(info);
        } else {
            out.send(Msg::Panicked(info.to_string())).ok();
        }
    }));
}

impl Drop for HookGuard {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            drop(std::panic::take_hook());
        }
    }
}
