//! What ends a program outside when this one ends, however it does: returning, a signal, a kill.

use crate::stop;
use std::path::Path;
use std::process::Child;

/// Waits for the end of this program, which closes its standard input; then ends the group and takes the directory away. It is in
/// a group of its own, so that nothing that is meant for the others ends it first.
#[cfg(unix)]
const WATCH: &str = "read -r _; kill -s KILL -- \"-$1\"; [ -z \"$2\" ] || rm -rf -- \"$2\"";

/// Watches over a group of processes.
pub(super) struct Guard {
    /// Kills cannot be caught: somebody else has to be there then. `None` where there is no shell.
    watch: Option<Child>,
    last: Option<stop::ArrangedEnd>,
}

impl Guard {
    /// Watches over the group that `leader` leads; `workplace` is deleted when this program is killed.
    pub fn over(leader: u32, workplace: Option<&Path>) -> Self {
        let last = stop::last(move || end_group(leader));
        Self { watch: watch(leader, workplace), last: Some(last) }
    }

    /// Stops watching: to be called before the leader is waited for. Says whether it was watching.
    pub fn leave(&mut self) -> bool {
        if let Some(mut watch) = self.watch.take() {
            let _ = watch.kill();
            let _ = watch.wait();
        }
        self.last.take().is_some()
    }
}

#[cfg(unix)]
fn watch(leader: u32, workplace: Option<&Path>) -> Option<Child> {
    use std::os::unix::process::CommandExt;
    use std::process::{Command, Stdio};
    let nothing = std::ffi::OsStr::new("");
    let mut shell = Command::new("sh");
    shell.args(["-c", WATCH, "watch"]).arg(leader.to_string()).arg(workplace.map_or(nothing, Path::as_os_str));
    shell.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).process_group(0);
    shell.spawn().ok()
}

#[cfg(not(unix))]
fn watch(_: u32, _: Option<&Path>) -> Option<Child> {
    None
}

/// Ends a group of processes.
pub(super) fn end_group(leader: u32) {
    #[cfg(unix)]
    if let Some(group) = rustix::process::Pid::from_raw(leader.cast_signed()) {
        // Fails when all of it has ended, which is what is wanted.
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
    }
    #[cfg(not(unix))]
    let _ = leader;
}
