//! The binary in a real terminal: a pseudo-terminal whose screen is kept by a terminal emulator.

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use std::io::{Read, Write};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// How long anything may take before a test gives up.
const PATIENCE: Duration = Duration::from_secs(20);

/// A running program and its screen.
pub struct Term {
    screen: Arc<Mutex<vt100::Parser>>,
    keys: Box<dyn Write + Send>,
    child: Box<dyn Child + Send + Sync>,
    master: Box<dyn MasterPty + Send>,
}

impl Term {
    /// Starts `program` with `args` on a terminal of `rows` x `cols`, with `home` as home directory.
    pub fn start(program: &Path, args: &[&str], (cols, rows): (u16, u16), home: &Path) -> Self {
        let pair =
            native_pty_system().openpty(PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }).expect("a terminal");
        let mut command = CommandBuilder::new(program);
        command.args(args);
        command.env_clear();
        for (name, value) in
            [("TERM", "xterm-256color"), ("COLORTERM", "truecolor"), ("USER", "maria"), ("LANG", "C.UTF-8")]
        {
            command.env(name, value);
        }
        command.env("HOME", home);
        command.cwd(home);
        let child = pair.slave.spawn_command(command).expect("the program starts");
        let screen = Arc::new(Mutex::new(vt100::Parser::new(rows, cols, 0)));
        let mut output = pair.master.try_clone_reader().expect("a reader");
        let keeper = screen.clone();
        std::thread::spawn(move || {
            let mut buffer = [0; 65536];
            while let Ok(n) = output.read(&mut buffer) {
                if n == 0 {
                    break;
                }
                keeper.lock().expect("the screen").process(&buffer[..n]);
            }
        });
        let keys = pair.master.take_writer().expect("a writer");
        Self { screen, keys, child, master: pair.master }
    }

    /// Types.
    pub fn keys(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).expect("typing");
        self.keys.flush().expect("typing");
    }

    /// The emulator, for whoever wants more than the text.
    pub fn screen(&self) -> std::sync::MutexGuard<'_, vt100::Parser> {
        self.screen.lock().expect("the screen")
    }

    /// What stands on the screen.
    pub fn text(&self) -> String {
        self.screen().screen().contents()
    }

    /// Waits until the screen says something.
    pub fn wait_for(&self, words: &str) {
        self.wait_until(words, |t| t.text().contains(words));
    }

    /// Waits until something holds; fails with the screen when it never does.
    pub fn wait_until(&self, what: &str, mut holds: impl FnMut(&Self) -> bool) {
        let begun = Instant::now();
        while !holds(self) {
            assert!(begun.elapsed() < PATIENCE, "waited in vain for {what:?}; the screen says:\n{}", self.text());
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Changes the terminal's size.
    pub fn resize(&self, (cols, rows): (u16, u16)) {
        self.screen().screen_mut().set_size(rows, cols);
        self.master.resize(PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }).expect("resizing");
    }

    /// Sends the program a signal, as `kill` names it.
    pub fn signal(&self, signal: &str) {
        let pid = self.child.process_id().expect("a process").to_string();
        assert!(std::process::Command::new("kill").args([signal, &pid]).status().expect("kill").success());
    }

    /// Kills the program as nothing can catch.
    pub fn kill_hard(&mut self) {
        self.signal("-9");
        self.child.wait().expect("its end");
    }

    /// Waits for the program's end; its exit code.
    pub fn end(&mut self) -> u32 {
        let begun = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().expect("its state") {
                return status.exit_code();
            }
            assert!(begun.elapsed() < PATIENCE, "it does not end; the screen says:\n{}", self.text());
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Whether the program has given the terminal back: main screen, cursor shown, no mouse reports.
    pub fn is_restored(&self) -> bool {
        let parser = self.screen();
        let screen = parser.screen();
        !screen.alternate_screen()
            && !screen.hide_cursor()
            && screen.mouse_protocol_mode() == vt100::MouseProtocolMode::None
    }
}

impl Drop for Term {
    fn drop(&mut self) {
        let _ = self.child.kill();
    }
}
