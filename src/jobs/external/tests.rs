//! Programs that hang, leave children behind or talk without end.

use super::protocol::{RunInputs, train};
use crate::domain::{Cancelled, Reporter, SilentReporter, Trainer};
use crate::jobs::JobError;
use std::path::Path;
use std::process::Command;
use std::sync::Mutex;
use std::time::{Duration, Instant};

fn trainer(script: &str, name: &Path) -> Trainer {
    // A shell's first word after the script is its own name: here, where it writes what it wants to be remembered.
    let command = ["sh", "-c", script, name.to_str().unwrap()].map(str::to_owned).to_vec();
    let (dir, limit) = (name.parent().unwrap().to_owned(), Duration::from_secs(120));
    Trainer { name: "shell".into(), command, dir, limit, reveal: true, options: serde_json::Map::default() }
}

fn run(trainer: &Trainer, reporter: &dyn Reporter) -> Result<(), JobError> {
    let given = RunInputs { trainer, seed: 1, intents: vec!["a"], lessons: Vec::new(), gold: vec!["hi"], parent: None };
    train(&given, reporter).map(drop)
}

/// Cancels as soon as it is told a note, which it keeps.
#[derive(Default)]
struct Until(Mutex<Vec<(String, u64)>>);

impl Reporter for Until {
    fn step(&self, stage: &str, done: u64, _: u64) -> Result<(), Cancelled> {
        if stage.starts_with("now") {
            self.0.lock().unwrap().push((stage.to_owned(), done));
            return Err(Cancelled);
        }
        Ok(())
    }
}

fn runs(pid: &str) -> bool {
    let state = Command::new("ps").args(["-o", "stat=", "-p", pid.trim()]).output().unwrap().stdout;
    let state = String::from_utf8(state).unwrap();
    // What has ended and whom nobody has asked about is a zombie.
    !state.trim().is_empty() && !state.trim().starts_with('Z')
}

#[test]
fn a_cancelled_trainer_ends_with_all_that_it_started() {
    let dir = tempfile::tempdir().unwrap();
    let pid = dir.path().join("pid");
    let script = r#"sleep 300 & echo $! > "$0"; echo '{"progress":0.25,"note":"now\u001b[2J"}'; wait"#;
    let until = Until::default();
    assert!(matches!(run(&trainer(script, &pid), &until), Err(JobError::Cancelled)));
    let told = until.0.into_inner().unwrap();
    assert!(told[0].1 == 250 && !told[0].0.contains('\x1b'), "{told:?}");
    let pid = std::fs::read_to_string(pid).unwrap();
    let patience = Instant::now() + Duration::from_secs(20);
    while runs(&pid) {
        assert!(Instant::now() < patience, "the trainer's child goes on");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_child_that_is_left_behind_and_endless_talk_hold_up_nobody() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("unused");
    let began = Instant::now();
    let left = run(&trainer("sleep 300 & echo bad luck >&2; exit 3", &file), &SilentReporter).unwrap_err().to_string();
    assert!(left.contains("(exit 3): bad luck"), "{left}");
    let killed = run(&trainer("kill -9 $$", &file), &SilentReporter).unwrap_err().to_string();
    assert!(killed.contains("signal 9"), "{killed}");
    let mut talker = trainer("while :; do echo talk; echo more >&2; done", &file);
    talker.limit = Duration::from_secs(1);
    let stopped = run(&talker, &SilentReporter).unwrap_err().to_string();
    assert!(stopped.contains("stopped after 1 s") && stopped.len() < 6_000, "{} bytes", stopped.len());
    let nothing = run(&trainer("exit 0", &file), &SilentReporter).unwrap_err().to_string();
    assert!(nothing.contains("predictions.jsonl: the trainer has not written it"), "{nothing}");
    assert!(began.elapsed() < Duration::from_secs(60), "{:?}", began.elapsed());
}
