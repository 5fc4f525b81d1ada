//! What holds for every command.

use super::shop::{Shop, keys, words};

#[test]
fn usage_is_exit_two_and_help_is_done() {
    let shop = Shop::empty();
    for args in [vec!["qeue"], vec!["queue", "--limt", "3"], vec!["--now", "soon", "queue"], vec!["compare", "v1"]] {
        let ran = shop.run(&args);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{args:?}");
    }
    assert_eq!(shop.run(&["--json"]).code, 2);
    let version = shop.run(&["--version"]);
    assert_eq!((version.code, version.out.starts_with("appraise ")), (0, true));
}

#[test]
fn help_has_an_example_and_the_json_of_every_command() {
    let shop = Shop::empty();
    for command in [
        "import",
        "queue",
        "zone",
        "show",
        "label",
        "undo",
        "redo",
        "intents",
        "cycle",
        "gold",
        "finetune",
        "compare",
        "models",
        "promote",
        "rollback",
        "predict",
        "evaluate",
        "simulate",
        "stats",
        "backup",
        "doctor",
        "keys",
        "completions",
        "man",
    ] {
        let help = shop.run(&["help", command]);
        assert_eq!(help.code, 0, "{command}");
        assert!(help.out.contains("Example") && help.out.contains("JSON"), "{command}: {}", help.out);
        let page = shop.run(&["man", command]).out;
        assert!(page.starts_with(".ie") || page.contains(".TH"), "{command}");
    }
    assert!(shop.run(&["man"]).out.contains(".TH appraise"));
    assert_eq!(shop.run(&["man", "nothing"]).code, 2);
    for shell in ["bash", "zsh", "fish"] {
        assert!(shop.run(&["completions", shell]).out.contains("appraise"));
    }
}

#[test]
fn a_broken_configuration_is_named_by_line() {
    let shop = Shop::small();
    let config = shop.write("broken.toml", "seed = 1\ncolour = \"auto\"\n");
    shop.fails(&["--config", config.to_str().unwrap(), "queue"], 1, "broken.toml:2: unknown field `colour`");
    shop.fails(&["--config", "missing.toml", "queue"], 1, "missing.toml");
    shop.fails(&["--as", "import:shop", "queue"], 1, "reviewer's name");
}

#[test]
fn keys_are_listed_as_the_configuration_has_them() {
    let shop = Shop::empty();
    let list = shop.json(&["keys"]);
    assert_eq!(keys(&list[0]), words("scope keys action help"));
    let action = list[0]["action"].as_str().unwrap();
    let config = shop.write("keys.toml", &format!("[keys]\n{action} = [\"f9\"]\n"));
    assert_eq!(
        shop.json(&["--config", config.to_str().unwrap(), "keys"])[0]["keys"].as_str().unwrap().to_lowercase(),
        "f9"
    );
    let config = shop.write("wrong.toml", "[keys]\nopn = [\"f9\"]\n");
    shop.fails(&["--config", config.to_str().unwrap(), "keys"], 1, "wrong.toml: [keys]: no command is called `opn`");
}

#[test]
fn the_configuration_names_store_and_reviewer() {
    let shop = Shop::small();
    std::fs::create_dir_all(shop.path(".config/appraise")).unwrap();
    shop.write(".config/appraise/config.toml", "store = \"../../store.db\"\nas = \"maria\"\ncolor = \"always\"\n");
    let run = |args: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_appraise"));
        let out = command.env_clear().env("HOME", shop.path("")).args(args).output().unwrap();
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
        String::from_utf8(out.stdout).unwrap()
    };
    if cfg!(target_os = "linux") {
        run(&["label", "shop:c-0", "--note", "hello"]);
        assert_eq!(shop.json(&["show", "shop:c-0"])["decisions"][0]["reviewer"], "maria");
        assert!(run(&["queue"]).contains("\x1b[2m"));
        assert!(!run(&["queue", "--color", "never"]).contains('\x1b'));
    }
}

#[test]
fn quiet_says_nothing_and_verbose_says_where() {
    let shop = Shop::small();
    assert_eq!(shop.run(&["-q", "queue"]).err, "");
    let verbose = shop.run(&["-v", "stats"]);
    assert!(verbose.err.contains("store.db, as ada, now 2026-11-22T12:00:00Z"), "{}", verbose.err);
}

/// Whoever may write anything (root) sees the same, by the ordinary way.
#[cfg(unix)]
#[test]
fn a_store_where_nothing_can_be_written_is_read() {
    use std::fs::{Permissions, copy, create_dir, set_permissions};
    use std::os::unix::fs::PermissionsExt;
    let shop = Shop::small();
    shop.json_code(&["finetune"]);
    let there = shop.path("back up #1?");
    create_dir(&there).unwrap();
    let store = there.join("store.db");
    copy(shop.store(), &store).unwrap();
    let allow = |path: &std::path::Path, mode| set_permissions(path, Permissions::from_mode(mode)).unwrap();
    allow(&store, 0o400);
    allow(&there, 0o500);
    let path = store.to_str().unwrap();
    for args in [&["models"][..], &["gold", "list"], &["stats"], &["replay", "v1", "--since", "520w"]] {
        let ran = shop.run(&[args, &["--store", path, "--read-only"]].concat());
        assert_eq!((ran.code, ran.out.is_empty()), (0, false), "{args:?}: {}", ran.err);
    }
    shop.fails(&["gold", "freeze", "--store", path, "--read-only"], 1, "read-only");
    allow(&there, 0o700);
}
