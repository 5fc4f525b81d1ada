//! A program outside: started in a process group of its own, read line by line, ended with all that it started.

use super::guard::{Guard, end_group};
use crate::jobs::JobError;
use crate::text;
use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Bytes of a line that are read; a longer one is none of ours.
const LINE: u64 = 1 << 20;
/// Bytes of standard error that are kept: what a program says last is why it failed.
const TAIL: usize = 4 << 10;
/// Lines that wait to be read.
const WAITING: usize = 256;
/// How long a program that has ended may take to hand over what it said.
const LAST_WORDS: Duration = Duration::from_millis(500);

/// A program that runs.
pub(super) struct RunningProgram {
    guard: Guard,
    child: Child,
    lines: Receiver<String>,
    input: Option<SyncSender<Vec<u8>>>,
    errors: Arc<Mutex<VecDeque<u8>>>,
    /// Closed when standard error is.
    errors_end: Receiver<()>,
}

/// What came of waiting for a line.
pub(super) enum ProgramLine {
    Line(String),
    Nothing,
    /// Standard output is closed.
    End,
}

impl RunningProgram {
    /// Starts a program in a directory. `said` is how the configuration names it. `workplace` is its last argument, where
    /// there is one; whatever ends this program ends that one too, and takes its workplace away.
    pub fn start(
        said: &str,
        command: &[String],
        workplace: Option<&Path>,
        dir: &Path,
        env: (&str, &str),
    ) -> Result<Self, JobError> {
        let failed = |e: std::io::Error| {
            let program = command.first().map_or("", String::as_str);
            let words = format!("{said}: cannot start {program:?}: {e}; look at its `command` in the configuration");
            JobError::Outside { words, source: Some(Box::new(e)) }
        };
        let (first, rest) = command
            .split_first()
            .ok_or_else(|| JobError::Configuration(format!("{said} has no `command` in the configuration")))?;
        let mut start = match first.contains(std::path::MAIN_SEPARATOR) {
            true => Command::new(dir.join(first)),
            false => Command::new(first),
        };
        start
            .args(rest)
            .args(workplace)
            .env(env.0, env.1)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        if !dir.as_os_str().is_empty() {
            start.current_dir(dir);
        }
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut start, 0);
        let mut child = start.spawn().map_err(failed)?;
        let guard = Guard::over(child.id(), workplace);
        let (to_lines, lines) = sync_channel(WAITING);
        let (input, from_us) = sync_channel::<Vec<u8>>(WAITING);
        let (ended, errors_end) = sync_channel::<()>(0);
        let errors = Arc::new(Mutex::new(VecDeque::new()));
        let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let kept = Arc::clone(&errors);
        let spawn = |work: Box<dyn FnOnce() + Send>| std::thread::Builder::new().spawn(work).map(drop).map_err(failed);
        let threads = [
            spawn(Box::new(move || stdout.into_iter().for_each(|out| read_lines(out, &to_lines)))),
            spawn(Box::new(move || {
                stderr.into_iter().for_each(|err| keep_tail(err, &kept));
                drop(ended);
            })),
            // Writing has a thread, so that a program that does not read cannot hold us up.
            spawn(Box::new(move || {
                let Some(mut stdin) = stdin else { return };
                for bytes in from_us {
                    if stdin.write_all(&bytes).and_then(|()| stdin.flush()).is_err() {
                        return;
                    }
                }
            })),
        ];
        let program = Self { guard, child, lines, input: Some(input), errors, errors_end };
        threads.into_iter().collect::<Result<(), _>>()?;
        Ok(program)
    }

    /// Hands over bytes for standard input; false when the program does not take them.
    pub fn tell(&self, bytes: Vec<u8>) -> bool {
        self.input.as_ref().is_some_and(|input| input.try_send(bytes).is_ok())
    }

    /// Closes standard input.
    pub fn say_no_more(&mut self) {
        self.input = None;
    }

    /// The next line, waiting for it at most so long.
    pub fn hear(&self, patience: Duration) -> ProgramLine {
        match self.lines.recv_timeout(patience) {
            Ok(line) => ProgramLine::Line(line),
            Err(RecvTimeoutError::Timeout) => ProgramLine::Nothing,
            Err(RecvTimeoutError::Disconnected) => ProgramLine::End,
        }
    }

    /// How it ended, if it has.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().ok().flatten()
    }

    /// The end of what it said on standard error, in words that may be shown; as `: words`, or nothing.
    pub fn last_words(&self) -> String {
        // Nothing is ever sent: this waits for the end of standard error.
        let _ = self.errors_end.recv_timeout(LAST_WORDS);
        let kept = self.errors.lock().unwrap_or_else(PoisonError::into_inner);
        let bytes: Vec<u8> = kept.iter().copied().collect();
        let said = text::clean_block(String::from_utf8_lossy(&bytes).trim()).to_string();
        if said.is_empty() { "; it says nothing on standard error".to_owned() } else { format!(": {said}") }
    }

    /// Ends it and all that it started.
    pub fn end(&mut self) {
        self.input = None;
        // Before the number of its group can belong to somebody else.
        if self.guard.leave() {
            end_group(self.child.id());
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for RunningProgram {
    fn drop(&mut self) {
        self.end();
    }
}

/// `exit 1`, `signal 9`.
pub(super) fn how(status: ExitStatus) -> String {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return format!("signal {signal}");
    }
    format!("exit {}", status.code().unwrap_or(-1))
}

fn read_lines(from: impl Read, to: &SyncSender<String>) {
    let mut from = BufReader::new(from);
    let mut line = Vec::new();
    loop {
        line.clear();
        match from.by_ref().take(LINE).read_until(b'\n', &mut line) {
            Ok(0) | Err(_) => return,
            Ok(_) if to.send(String::from_utf8_lossy(&line).into_owned()).is_err() => return,
            Ok(_) => {}
        }
    }
}

fn keep_tail(mut from: impl Read, kept: &Mutex<VecDeque<u8>>) {
    let mut buffer = [0; 4 << 10];
    while let Ok(n @ 1..) = from.read(&mut buffer) {
        let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.extend(&buffer[..n]);
        let over = kept.len().saturating_sub(TAIL);
        kept.drain(..over);
    }
}
