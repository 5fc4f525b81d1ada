//! `doctor`, `backup`, and what is said of stores that are not as they should be.

use super::shop::{Shop, keys, words};
use serde_json::Value;

#[test]
fn a_backup_is_a_store_and_replaces_nothing() {
    let shop = Shop::small();
    let copy = shop.path("copy.db");
    let to = copy.to_str().unwrap();
    let made = shop.json(&["backup", to]);
    assert_eq!(keys(&made), words("path bytes conversations turns decisions last_decision releases"));
    assert_eq!((&made["conversations"], made["path"].as_str()), (&60.into(), Some(to)));
    assert_eq!(shop.json(&["queue", "--all", "--store", to]), shop.json(&["queue", "--all"]));
    shop.fails(&["backup", to], 1, "--force");
    assert!(shop.run(&["backup", to, "--force"]).out.contains("60 conversations"));
    shop.fails(&["backup", shop.store().to_str().unwrap(), "--force"], 1, "the store itself");
    shop.fails(&["backup"], 2, "PATH");
    Shop::empty().fails(&["backup", "x.db"], 1, "there is no store");
}

#[test]
fn a_store_that_is_up_to_date_needs_no_copy() {
    let shop = Shop::small();
    assert_eq!(shop.run(&["--no-backup", "queue", "--all"]).code, 0);
    assert_eq!(shop.run(&["--no-backup", "--read-only", "queue"]).code, 2);
    let names = std::fs::read_dir(shop.path("")).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap());
    assert_eq!(names.filter(|n| n.ends_with(".bak")).count(), 0);
}

#[test]
fn doctor_says_what_is_wrong_and_what_to_do() {
    let shop = Shop::small();
    let sound = shop.json(&["doctor", "--deep"]);
    assert_eq!(keys(&sound), words("ok version checks sizes repaired"));
    assert_eq!(keys(&sound["checks"][0]), words("check state says todo"));
    assert_eq!(keys(&sound["sizes"][0]), words("what rows bytes"));
    assert_eq!((&sound["ok"], &sound["repaired"]), (&true.into(), &false.into()));
    assert!(shop.run(&["doctor"]).out.contains("no fault found"));

    // An unfinished copy is worth a word, and no fault.
    shop.write(".appraise-backupAbc", "");
    assert!(shop.run(&["doctor"]).out.contains(".appraise-backupAbc"));

    // Pages that are zeros: a fault with what to do, exit 1, and nothing to repair.
    let mut bytes = std::fs::read(shop.store()).unwrap();
    let middle = bytes.len() / 2 / 4096 * 4096;
    bytes[middle..].fill(0);
    std::fs::write(shop.store(), bytes).unwrap();
    let (code, found) = shop.json_code(&["doctor"]);
    assert_eq!((code, &found["ok"]), (1, &false.into()));
    let faults: Vec<&Value> = found["checks"].as_array().unwrap().iter().filter(|c| c["state"] == "fault").collect();
    assert!(!faults.is_empty() && faults.iter().all(|c| c["todo"].is_string()), "{found:#}");
    shop.fails(&["doctor", "--repair"], 1, "cannot be repaired");
    Shop::empty().fails(&["doctor"], 1, "there is no store");
}

#[test]
fn doctor_repairs_what_follows_from_something_else() {
    let shop = Shop::small();
    let before = shop.json(&["queue", "where"]);
    let repaired = shop.json(&["doctor", "--repair"]);
    assert_eq!((&repaired["ok"], &repaired["repaired"]), (&true.into(), &true.into()));
    assert_eq!(shop.json(&["queue", "where"]), before);
    shop.fails(&["doctor", "--repair", "--read-only"], 1, "read-only");
}

/// What the command line repeats comes from anywhere: ids of a log given by `xargs`, say.
#[test]
fn usage_errors_carry_no_control_characters() {
    let shop = Shop::empty();
    let hostile = "\x1b]0;owned\x07\u{9b}31m\u{202e}";
    for args in [
        vec!["queue".to_owned(), format!("--{hostile}")],
        vec!["queue".to_owned(), "--limit".to_owned(), hostile.to_owned()],
        vec!["queue".to_owned(), "--sort".to_owned(), hostile.to_owned()],
        vec!["stats".to_owned(), "--since".to_owned(), hostile.to_owned()],
        vec!["--now".to_owned(), hostile.to_owned(), "queue".to_owned()],
        vec![hostile.to_owned()],
        vec!["help".to_owned(), hostile.to_owned()],
    ] {
        let list: Vec<&str> = args.iter().map(String::as_str).collect();
        let ran = shop.run(&list);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{args:?}");
        let acts = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
        assert!(!ran.err.is_empty() && !ran.err.contains(acts), "{args:?}: {:?}", ran.err);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn an_answer_that_cannot_be_printed_is_told_apart_from_what_was_saved() {
    let shop = Shop::small();
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let mut program = shop.program();
    let ran = program.args(["label", "shop:c-0", "--note", "seen", "--json"]).stdout(full).output().unwrap();
    let says = String::from_utf8(ran.stderr).unwrap();
    assert_eq!(ran.status.code(), Some(1), "{says}");
    assert!(says.contains("could not be printed") && says.contains("saved"), "{says}");
    assert_eq!(shop.json(&["show", "shop:c-0"])["decisions"][0]["kind"], "note");
}

#[cfg(unix)]
#[test]
fn a_place_that_cannot_be_a_store_is_named_and_left_alone() {
    let shop = Shop::small();
    let pipe = shop.path("pipe");
    let fifo = std::process::Command::new("mkfifo").arg(&pipe).status().is_ok_and(|s| s.success());
    let long = format!("{}/s.db", "directory/".repeat(60));
    let mut places = vec![".", "/dev/null"];
    places.extend(fifo.then_some("pipe"));
    for place in places {
        for command in
            [&["queue"][..], &["doctor"], &["backup", "x.db"], &["queue", "--read-only"], &["import", "shop.jsonl"]]
        {
            shop.fails(&[command, &["--store", place]].concat(), 1, "a store is a file");
        }
    }
    shop.fails(&["import", "shop.jsonl", "--store", &long], 1, "too long");
    assert!(!shop.path("directory").exists());
}

/// Nothing of the file's own words is run, and no number in it takes memory: the way a store from somebody else is met.
#[test]
fn a_damaged_number_in_the_header_is_words() {
    let shop = Shop::small();
    let mut bytes = std::fs::read(shop.store()).unwrap();
    // The version of the schema, then a page size that is none.
    bytes[60..64].copy_from_slice(&5u32.to_be_bytes());
    std::fs::write(shop.store(), &bytes).unwrap();
    let ran = shop.run(&["queue"]);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("is not used") && !ran.err.contains("CREATE"), "{}", ran.err);
    bytes[16..18].copy_from_slice(&[0, 3]);
    std::fs::write(shop.store(), &bytes).unwrap();
    let ran = shop.run(&["queue"]);
    assert_eq!((ran.code, ran.err.lines().count()), (1, 1), "{}", ran.err);
}
