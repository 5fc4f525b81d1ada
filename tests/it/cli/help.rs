//! Every subcommand, found by walking the help: it explains itself, and has a manual page.

use std::process::Command;

fn appraise() -> Command {
    Command::new(env!("CARGO_BIN_EXE_appraise"))
}

/// Commands named in the help of a command, with their words before.
fn named(words: &[String]) -> Vec<Vec<String>> {
    let mut args: Vec<&str> = words.iter().map(String::as_str).collect();
    args.push("--help");
    let out = appraise().args(&args).output().unwrap();
    let text = String::from_utf8(out.stdout).unwrap();
    assert!(out.status.success() && !text.is_empty(), "{words:?}");
    let list = text.split("\nCommands:\n").nth(1).unwrap_or_default();
    let names = list.lines().take_while(|l| l.starts_with("  ")).filter(|l| !l.starts_with("    "));
    let names = names.filter_map(|l| l.split_whitespace().next()).filter(|n| *n != "help");
    names.map(|n| [words, &[n.to_owned()]].concat()).collect()
}

fn help(words: &[String]) -> String {
    let out = appraise().args(words).arg("--help").output().unwrap();
    String::from_utf8(out.stdout).unwrap()
}

#[test]
fn every_subcommand_explains_itself() {
    let top = named(&[]);
    assert!(top.len() > 30, "{top:?}");
    for command in &top {
        let text = help(command);
        assert!(text.contains("Example"), "{command:?} has no example");
        assert!(text.contains("JSON"), "{command:?} does not describe its JSON");
        let page = appraise().arg("man").args(command).output().unwrap();
        assert!(page.status.success() && page.stdout.starts_with(b".ie"), "{command:?} has no manual page");
        for below in named(command) {
            let text = help(&below);
            assert!(text.lines().next().is_some_and(|l| l.len() > 10), "{below:?} does not say what it does");
        }
    }
}

/// `APPRAISE_LOG` leaves a trace of a failure and nothing of what customers said.
#[test]
#[cfg(target_os = "linux")]
fn a_log_says_what_was_run_and_no_words() {
    let shop = super::shop::Shop::empty();
    let file = shop.write("secret-file.jsonl", r#"{"id":"c-1","turns":[{"role":"user","text":"zanzibar"}]}"#);
    let log = shop.path("state/appraise/appraise.log");
    let run = |level: &str, args: &[&str]| {
        let mut program = shop.program();
        program.env("XDG_STATE_HOME", shop.path("state")).env("APPRAISE_LOG", level).args(args).output().unwrap()
    };
    run("0", &["queue"]);
    assert!(!log.exists(), "nothing is logged unasked");
    run("debug", &["import", file.to_str().unwrap()]);
    run("1", &["queue", "zanzibar"]);
    run("1", &["show", "zanzibar"]);
    let text = std::fs::read_to_string(&log).unwrap();
    for says in ["runs import", "storing", " ms", "runs queue", "ended with 0", "runs show", "ended with 1: NotFound"] {
        assert!(text.contains(says), "{says}: {text}");
    }
    assert!(!text.contains("zanzibar") && !text.contains("secret-file"), "{text}");
    use std::os::unix::fs::PermissionsExt;
    assert_eq!(std::fs::metadata(&log).unwrap().permissions().mode() & 0o777, 0o600);
}
