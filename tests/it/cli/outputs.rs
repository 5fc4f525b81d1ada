//! What the program writes beside its store, how it ends when it is asked to, and what "failed" means.

use super::shop::{Shop, conversations, exists, jsonl};
use serde_json::json;
use std::fs;
use std::path::Path;

fn fixture(name: &str) -> String {
    format!("{}/tests/fixtures/encoders/{name}", env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn rejects_are_never_written_over_what_is_read_or_what_is_yours() {
    let shop = Shop::empty();
    let log = shop.write("log.jsonl", &format!("{}broken\n", jsonl(&conversations(12))));
    let before = fs::read_to_string(&log).unwrap();
    let yours = shop.write("yours.txt", "keep");
    fs::hard_link(&log, shop.path("link.jsonl")).unwrap();
    for (to, says) in [
        ("log.jsonl", "this command reads it"),
        ("link.jsonl", "this command reads it"),
        ("store.db", "works on it"),
        ("store.db-wal", "works on it"),
        ("yours.txt", "has not written it"),
        (".", "this command reads it, or"),
    ] {
        let ran = shop.run(&["import", "log.jsonl", "--rejects", to]);
        assert!(ran.code == 1 && (ran.err.contains(says) || ran.err.contains("is a directory")), "{to}: {}", ran.err);
    }
    assert_eq!((fs::read_to_string(&log).unwrap(), fs::read_to_string(yours).unwrap().as_str()), (before, "keep"));
    assert!(!exists(&shop.store()), "refused before anything was made");
    // Rejects of an earlier run are replaced, and a run without any leaves them and makes nothing.
    for _ in 0..2 {
        assert_eq!(shop.run(&["import", "log.jsonl", "--rejects", "rejects.jsonl"]).code, 0);
        assert_eq!(fs::read_to_string(shop.path("rejects.jsonl")).unwrap().lines().count(), 1);
    }
    shop.write("good.jsonl", &jsonl(&conversations(4)));
    assert_eq!(shop.run(&["import", "good.jsonl", "--rejects", "none.jsonl"]).code, 0);
    assert!(!exists(&shop.path("none.jsonl")));
    let ran = shop.run(&["import", "rejects.jsonl", "--rejects", "rejects.jsonl"]);
    assert!(ran.err.contains("this command reads it"), "{}", ran.err);
    shop.fails(&["import", "store.db"], 1, "is the store itself");
}

#[test]
fn a_profile_replaces_a_profile_and_nothing_else() {
    let shop = Shop::empty();
    shop.write(
        "chats.csv",
        "session_id,sender,message,created_at\n1,user,where is it,2026-11-01\n1,bot,there,2026-11-01\n",
    );
    let save = ["import", "chats.csv", "--save-profile", "desk"];
    assert_eq!(shop.run(&save).code, 0);
    let profile = shop.path(".config/appraise/profiles/desk.toml");
    assert!(exists(&profile), "{:?}", fs::read_dir(shop.path(".config/appraise")).map(|d| d.count()));
    let again = shop.run(&save);
    assert!(again.code == 0 && again.err.contains("in place of the one before"), "{}", again.err);
    fs::write(&profile, "my own notes").unwrap();
    shop.fails(&save, 1, "has not written it");
    assert_eq!(fs::read_to_string(&profile).unwrap(), "my own notes");
}

#[test]
fn an_export_is_replaced_with_force_alone() {
    let shop = Shop::small();
    shop.json_code(&["finetune"]);
    let export = ["export", "model", "--out", "model", "--release", "v1"];
    shop.json(&export);
    shop.fails(&export, 1, "--force");
    shop.json(&[&export[..], &["--force"]].concat());
    fs::create_dir(shop.path("thesis")).unwrap();
    shop.write("thesis/text", "mine");
    shop.fails(&["export", "model", "--out", "thesis", "--release", "v1", "--force"], 1, "has not written it");
    assert!(exists(&shop.path("thesis/text")));
    let left = fs::read_dir(shop.path("."))
        .unwrap()
        .filter(|e| e.as_ref().unwrap().file_name().to_string_lossy().starts_with(".appraise"));
    assert_eq!(left.count(), 0);
}

#[test]
fn a_release_that_cannot_be_loaded_does_not_go_live() {
    let shop = Shop::small();
    shop.json_code(&["finetune"]);
    let promote = |release: &str| shop.run(&["promote", release, "--reason", "x", "--override"]);
    assert_eq!(promote("v1").code, 0);
    shop.json(&["encoder", "add", &fixture("bert")]);
    shop.json_code(&["finetune", "--from", "scratch"]);
    assert_eq!(promote("v2").code, 0);
    shop.json(&["encoder", "use", "static"]);
    shop.json_code(&["finetune", "--from", "scratch"]);
    assert_eq!(promote("v3").code, 0);
    shop.json(&["encoder", "remove", "bert", "--force"]);
    let live = || shop.json(&["models", "live"]).as_array().unwrap().last().unwrap()["release"].clone();
    let refused = promote("v2");
    assert!(refused.code == 1 && refused.err.contains("v3 stays live"), "{}", refused.err);
    assert_eq!(live(), json!(3));
    shop.fails(&["rollback", "--reason", "x"], 1, "v2 cannot go live");
    assert_eq!(live(), json!(3));
    assert_eq!(shop.run_with(&["predict"], "where is my tent\n").code, 0);
}

#[test]
fn what_a_killed_run_left_is_taken_away_by_the_next() {
    let shop = Shop::empty();
    let encoders = shop.path("encoders");
    fs::create_dir_all(encoders.join(".adding-KILLED")).unwrap();
    let add = shop.program().args(["encoder", "add", &fixture("bert")]).env("APPRAISE_ENCODERS", &encoders).output();
    assert!(add.unwrap().status.success());
    let names: Vec<_> = fs::read_dir(&encoders).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(names, ["bert"]);
    #[cfg(unix)]
    assert_eq!((mode(&encoders.join("bert")), mode(&encoders.join("bert/appraise.json"))), (0o700, 0o600));
}

#[cfg(unix)]
fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[cfg(unix)]
mod signals {
    use super::*;
    use std::process::{Child, Command, Stdio};
    use std::time::{Duration, Instant};

    const LIMIT: Duration = Duration::from_secs(20);

    fn signal(pid: u32, name: &str) {
        assert!(Command::new("kill").args([name, &pid.to_string()]).status().unwrap().success());
    }

    /// Sends a signal; how it ended, and after how long.
    fn ended(child: &mut Child, name: &str) -> (Option<i32>, Duration) {
        signal(child.id(), name);
        let begun = Instant::now();
        loop {
            if let Some(status) = child.try_wait().unwrap() {
                return (status.code(), begun.elapsed());
            }
            assert!(begun.elapsed() < LIMIT, "{name} is not heard");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    fn until(what: &str, holds: impl Fn() -> bool) {
        let begun = Instant::now();
        while !holds() {
            assert!(begun.elapsed() < LIMIT, "waited in vain for {what}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    #[test]
    fn signals_are_heard_by_what_waits_for_a_silent_pipe() {
        for (args, heeds) in [(&["import", "-"][..], true), (&["predict", "--follow"], false)] {
            for (name, code) in [("-INT", 130), ("-TERM", 143), ("-HUP", 129)] {
                let shop = Shop::empty();
                shop.import(&conversations(3));
                let mut child = shop.program().args(args).stdin(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
                std::thread::sleep(Duration::from_millis(if heeds { 700 } else { 400 }));
                let (ended, after) = ended(&mut child, name);
                assert_eq!(ended, Some(code), "{args:?} {name}");
                // A second, and what a busy machine adds.
                assert!(after < Duration::from_secs(4), "{args:?} {name}: {after:?}");
                assert_eq!(shop.run(&["queue", "-q"]).code, 0);
            }
        }
    }

    #[test]
    fn a_trainer_and_what_it_was_given_end_with_the_program() {
        for name in ["-INT", "-TERM", "-HUP", "-KILL"] {
            let shop = Shop::small();
            let tmp = shop.path("tmp");
            fs::create_dir(&tmp).unwrap();
            shop.write("trainer.sh", "sleep 60 & echo $$ $! >pids; wait\n");
            shop.write("config.toml", "[trainer]\nt = { command = [\"sh\", \"trainer.sh\"] }\n");
            let mut program = shop.program();
            program.args(["--config", "config.toml", "finetune", "--trainer", "t"]).env("TMPDIR", &tmp);
            program.env("PATH", std::env::var_os("PATH").unwrap());
            let mut child = program.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
            let pids = || -> Vec<u32> {
                let text = fs::read_to_string(shop.path("pids")).unwrap_or_default();
                text.split_whitespace().map(|p| p.parse().unwrap()).collect()
            };
            until("the trainer", || pids().len() == 2);
            let given = fs::read_dir(&tmp).unwrap().next().unwrap().unwrap().path();
            assert_eq!((mode(&given), mode(&given.join("train.jsonl"))), (0o700, 0o600));
            ended(&mut child, name);
            let runs = |pid: &u32| {
                let state = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
                !state.is_empty() && !state.contains(") Z")
            };
            if exists(Path::new("/proc/self/stat")) {
                until("the end of the trainer", || !pids().iter().any(runs));
            }
            until("the end of what it was given", || !exists(&given));
        }
    }
}
