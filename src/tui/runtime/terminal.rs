//! The terminal: taken over, and given back whatever happens.

use crossterm::event::{
    DisableBracketedPaste, DisableFocusChange, DisableMouseCapture, EnableBracketedPaste, EnableFocusChange,
    EnableMouseCapture,
};
use crossterm::terminal::{
    BeginSynchronizedUpdate, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen, SetTitle,
    disable_raw_mode, enable_raw_mode,
};
use crossterm::{cursor, execute, queue};
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;
use std::io::{self, BufWriter, Stdout, Write};
use std::sync::mpsc::Sender;

use crate::tui::state::msg::Msg;

/// A terminal that draws whole frames.
pub struct TerminalScreen {
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

/// Text without control characters: nothing in it can end or begin a sequence.
fn plain(text: &str) -> String {
    crate::text::clean(text).into_cow().into_owned()
}

/// Puts text on the clipboard of whatever terminal shows this, be it at the other end of ssh (OSC 52).
pub fn copy(text: &str) -> io::Result<()> {
    let mut out = io::stdout();
    write!(out, "\x1b]52;c;{}\x07", base64(text.as_bytes()))?;
    out.flush()
}

/// Says in the title that something has ended, and rings the bell.
pub fn notify(words: &str, bell: bool) -> io::Result<()> {
    title(&format!("● {words}"))?;
    let mut out = io::stdout();
    if bell {
        out.write_all(b"\x07")?;
    }
    out.flush()
}

/// Asks the terminal for its background. The answer comes as input.
pub fn ask_background() -> io::Result<()> {
    let mut out = io::stdout();
    out.write_all(super::background::QUESTION)?;
    out.flush()
}

/// Names the terminal.
pub fn title(words: &str) -> io::Result<()> {
    execute!(io::stdout(), SetTitle(plain(words)))
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let group = chunk.iter().fold(0_u32, |n, b| n << 8 | u32::from(*b)) << (8 * (3 - chunk.len()));
        for i in 0..4 {
            let digit = char::from(DIGITS[(group >> (18 - 6 * i) & 63) as usize]);
            out.push(if i <= chunk.len() { digit } else { '=' });
        }
    }
    out
}

impl TerminalScreen {
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

impl Drop for TerminalScreen {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_as_rfc_4648_has_it() {
        for (text, coded) in
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy"), ("ά?", "zqw/")]
        {
            assert_eq!(base64(text.as_bytes()), coded);
        }
    }
}
