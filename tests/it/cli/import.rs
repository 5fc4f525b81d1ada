//! `import`

use super::shop::{Shop, conversation, conversations, exists, jsonl, keys, words};
use appraise::store::{Access, Founding, Store};
use serde_json::json;
use std::io::Write;
use std::process::Stdio;
use std::time::{Duration, Instant};

#[test]
fn counts_what_the_file_holds_and_changes_nothing_the_second_time() {
    let shop = Shop::empty();
    let first = shop.import(&conversations(60));
    assert_eq!(
        keys(&first),
        words(
            "new updated same older skipped carried orphaned reworded rejected conversations turns offers outcomes derived labelled_turns ahead format why warnings questions"
        )
    );
    assert_eq!(keys(&first["offers"]), words("shown accepted declined ignored"));
    assert_eq!(keys(&first["outcomes"]), words("resolved escalated failed abandoned pending unknown"));
    let counts = |v: &serde_json::Value| {
        ["new", "updated", "same", "rejected", "conversations", "turns"].map(|k| v[k].as_u64().unwrap())
    };
    assert_eq!(counts(&first), [60, 0, 0, 0, 60, 120]);
    assert_eq!((first["outcomes"]["failed"].as_u64(), first["format"].as_str()), (Some(12), Some("canonical")));
    assert_eq!(counts(&shop.import(&conversations(60))), [0, 0, 60, 0, 60, 120]);
}

#[test]
fn what_cannot_be_read_is_named_by_line_and_stops_nothing() {
    let shop = Shop::empty();
    let text = format!("{}\n{{\"id\":\"\\u001b[2J\",\"turns\":[]}}\nnot json\n{}\n", conversation(0), conversation(1));
    let file = shop.write("a.jsonl", &text);
    let rejects = shop.path("rejects.jsonl");
    let ran = shop.run(&["import", file.to_str().unwrap(), "--json"]);
    // Two of four: more than a tenth, so it counts as failed, and what could be read stays.
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("a.jsonl:2:") && ran.err.contains("a.jsonl:3:"), "{}", ran.err);
    assert!(!ran.err.contains('\x1b'));
    let args = ["import", file.to_str().unwrap(), "--rejects", rejects.to_str().unwrap()];
    let (code, again) = shop.json_code(&args);
    assert_eq!(
        (code, &again["rejected"], &again["failed"], &again["same"]),
        (1, &2.into(), &"rejected".into(), &2.into())
    );
    let kept = std::fs::read_to_string(&rejects).unwrap();
    let first: serde_json::Value = serde_json::from_str(kept.lines().next().unwrap()).unwrap();
    assert_eq!((kept.lines().count(), keys(&first)), (2, words("file line column reason excerpt")));

    let bad = shop.write("bad.jsonl", "{\"id\":\"x\",\"turns\":[]}\n");
    let (code, value) = shop.json_code(&["import", bad.to_str().unwrap()]);
    assert_eq!((code, value["rejected"].as_u64()), (1, Some(1)));
}

#[test]
fn several_files_and_standard_input_are_one_sum() {
    let shop = Shop::empty();
    let a = shop.write("a.jsonl", &jsonl(&conversations(3)));
    let ran = shop.run_with(&["import", a.to_str().unwrap(), "-", "--json"], &jsonl(&conversations(5)[2..]));
    let value: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(
        (value["new"].as_u64(), value["same"].as_u64(), value["conversations"].as_u64()),
        (Some(5), Some(1), Some(6))
    );
    shop.fails(&["import", "-", "-"], 2, "once");
    shop.fails(&["import", a.to_str().unwrap(), "missing.jsonl"], 1, "missing.jsonl");
    shop.fails(&["import", "a.jsonl", "--tz", "Mars/Olympus"], 2, "time zone");
    shop.fails(&["import", "a.jsonl", "--from", "canonica"], 1, "canonical");
    shop.fails(&["import", "-", "--follow"], 2, "takes one file");
}

#[test]
fn a_dry_run_makes_nothing() {
    let shop = Shop::empty();
    let file = shop.write("a.jsonl", &jsonl(&conversations(4)));
    assert_eq!(shop.json(&["import", file.to_str().unwrap(), "--dry-run"])["new"], 4);
    assert!(!exists(&shop.store()));
    shop.import(&conversations(2));
    let again = shop.json(&["import", file.to_str().unwrap(), "--dry-run", "--source", "other"]);
    assert_eq!((again["new"].as_u64(), again["same"].as_u64()), (Some(2), Some(2)));
    assert_eq!(shop.json(&["queue", "--all", "--sort", "newest"]).as_array().unwrap().len(), 2);
}

#[test]
fn duplicates_and_pseudonyms_follow_their_flags() {
    let shop = Shop::small();
    let mut changed = conversation(0);
    changed["turns"].as_array_mut().unwrap().push(json!({"role": "user", "text": "hello?"}));
    let file = shop.write("b.jsonl", &jsonl(&[changed]));
    let import = |what: &str| shop.json_code(&["import", file.to_str().unwrap(), "--on-duplicate", what]).1;
    assert_eq!(import("skip")["skipped"], 1);
    assert_eq!(import("error")["rejected"], 1);
    assert_eq!(import("update")["updated"], 1);

    let other = Shop::empty();
    let file = other.write("p.jsonl", &jsonl(&conversations(2)));
    other.json(&["import", file.to_str().unwrap(), "--pseudonymise"]);
    let customer = other.json(&["show", "shop:c-0"])["customer_id"].as_str().unwrap().to_owned();
    assert!(customer.len() == 32 && customer != "u-0");
    assert_eq!(other.json(&["import", file.to_str().unwrap(), "--pseudonymise"])["same"], 2);
}

#[test]
fn a_killed_import_leaves_a_sound_store_and_a_rerun_completes() {
    let shop = Shop::empty();
    let all = conversations(5_000);
    let mut child = shop
        .program()
        .args(["import", "-", "--source", "shop"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(jsonl(&all[..3_000]).as_bytes()).unwrap();
    stdin.flush().unwrap();
    let stored = wait_for_conversations(&shop);
    child.kill().unwrap();
    child.wait().unwrap();
    drop(stdin);
    let listed = shop.json(&["queue", "--all", "--limit", "0", "--sort", "oldest"]).as_array().unwrap().len() as u64;
    assert!(listed >= stored && listed < 5_000);
    let again = shop.import(&all);
    assert_eq!((again["same"].as_u64().unwrap(), again["new"].as_u64().unwrap()), (listed, 5_000 - listed));
}

/// Waits until the first transaction of an import has been committed.
fn wait_for_conversations(shop: &Shop) -> u64 {
    let founding = Founding { seed: 1, test_share: 0.2, now: appraise::domain::Timestamp(0) };
    let began = Instant::now();
    loop {
        if let Ok(store) = Store::open(&shop.store(), Access::ReadOnly, founding)
            && let Ok(overview) = store.figures().frame()
            && overview.conversations > 0
        {
            return overview.conversations;
        }
        assert!(began.elapsed() < Duration::from_secs(60), "nothing was stored");
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn what_teaches_a_bot_is_told_and_becomes_base_examples() {
    let shop = Shop::empty();
    let intent = r#"{"id":"c2","name":"affirm","responses":[{"resetContexts":false,"messages":[{"speech":"Glad"}]}],"webhookUsed":false}"#;
    let intent = shop.write("affirm.json", intent);
    shop.fails(&["import", intent.to_str().unwrap()], 1, "`affirm_usersays_LANGUAGE.json` beside it");
    let phrases = r#"[{"id":"1","data":[{"text":"yes","userDefined":false}],"isTemplate":false},{"id":"2","data":[{"text":"yep","userDefined":false}],"isTemplate":false}]"#;
    let phrases = shop.write("affirm_usersays_en.json", phrases);
    shop.fails(&["import", phrases.to_str().unwrap()], 1, "intents import FILE");
    let added = shop.json(&["intents", "import", phrases.to_str().unwrap()]);
    assert_eq!((added["examples"].as_u64(), added["intents"].as_u64()), (Some(2), Some(1)));
    assert_eq!(shop.json(&["intents"])[0]["name"], "affirm");
}

#[test]
fn a_growing_table_is_followed_by_whole_conversations() {
    let shop = Shop::empty();
    let file = shop.write("x.csv", "conversation_id,sender,text\n1,user,where is it\n1,bot,On its way.\n");
    let mut child = shop.program();
    let mut child = child
        .args(["import", file.to_str().unwrap(), "--follow"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    assert_eq!(wait_for_conversations(&shop), 1);
    let mut log = std::fs::OpenOptions::new().append(true).open(&file).unwrap();
    log.write_all(b"1,user,thanks\n2,user,and mi").unwrap();
    // Half a row waits for its end.
    std::thread::sleep(Duration::from_millis(1_500));
    assert_eq!(wait_for_conversations(&shop), 1);
    log.write_all(b"ne\n").unwrap();
    let began = Instant::now();
    while wait_for_conversations(&shop) < 2 && began.elapsed() < Duration::from_secs(60) {
        std::thread::sleep(Duration::from_millis(50));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let said = |id: &str| {
        let shown = shop.json(&["show", id]);
        let texts = shown["turns"].as_array().unwrap().iter().map(|t| t["text"].as_str().unwrap().to_owned());
        texts.collect::<Vec<_>>()
    };
    assert_eq!(said("x:1"), ["where is it", "On its way.", "thanks"]);
    assert_eq!(said("x:2"), ["and mine"]);
}

#[test]
#[cfg(unix)]
fn of_a_growing_table_each_reject_is_told_once() {
    let shop = Shop::empty();
    let talk = "1,user,where is it\n1,bot,on its way\n".repeat(4);
    let file = shop.write("x.csv", &format!("conversation_id,sender,text\n{talk},user,nobody\n"));
    let rejects = shop.path("rejects.jsonl");
    let mut child = shop.program();
    let child = child
        .args(["import", file.to_str().unwrap(), "--follow", "--json", "--rejects", rejects.to_str().unwrap()])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    assert_eq!(wait_for_conversations(&shop), 1);
    for (row, stored) in [("2,user,and mine\n,user,nor here\n", 2), ("3,user,thanks\n", 3)] {
        std::fs::OpenOptions::new().append(true).open(&file).unwrap().write_all(row.as_bytes()).unwrap();
        let began = Instant::now();
        while wait_for_conversations(&shop) < stored && began.elapsed() < Duration::from_secs(60) {
            std::thread::sleep(Duration::from_millis(50));
        }
    }
    // What is stored is made searchable next; whoever interrupts that gets no sum.
    std::thread::sleep(Duration::from_secs(2));
    let interrupted = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(interrupted.success());
    let said: serde_json::Value = serde_json::from_slice(&child.wait_with_output().unwrap().stdout).unwrap();
    assert_eq!((said["new"].as_u64(), said["rejected"].as_u64()), (Some(3), Some(2)));
    let lines = |text: String| -> Vec<u64> {
        let lines = text.lines().map(|l| serde_json::from_str::<serde_json::Value>(l).unwrap());
        lines.map(|reject| reject["line"].as_u64().unwrap()).collect()
    };
    assert_eq!(lines(std::fs::read_to_string(&rejects).unwrap()), [10, 12]);
}

#[test]
#[cfg(unix)]
fn a_limit_on_the_size_of_files_is_named_and_what_was_stored_stays() {
    let shop = Shop::empty();
    let all = conversations(8_000);
    let file = shop.write("shop.jsonl", &jsonl(&all));
    let program = shop.program();
    let ran = std::process::Command::new("sh")
        .args(["-c", "ulimit -f 6000; exec \"$0\" \"$@\""])
        .arg(program.get_program())
        .args(program.get_args())
        .args(["import", file.to_str().unwrap()])
        .env("HOME", shop.path(""))
        .output()
        .unwrap();
    let err = String::from_utf8(ran.stderr).unwrap();
    assert_eq!(ran.status.code(), Some(1), "{err}");
    // In blocks of 512 or 1024 bytes, as the shell has it.
    assert!(["3072000", "6144000"].iter().any(|n| err.contains(&format!("larger than {n} bytes"))), "{err}");
    assert!(err.contains("ulimit -f") && !err.contains("cables"), "{err}");
    let again = shop.import(&all);
    assert_eq!(again["new"].as_u64().unwrap() + again["same"].as_u64().unwrap(), 8_000);
}

#[test]
fn a_folder_without_a_log_is_no_success() {
    let shop = Shop::empty();
    let folder = shop.path("logs");
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(folder.join("notes.txt"), "wrapped as {\"messages\": [...]}, see below\n").unwrap();
    let ran = shop.run(&["import", folder.to_str().unwrap(), "--json"]);
    let said: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!((ran.code, said["failed"].as_str(), said["conversations"].as_u64()), (1, Some("unread"), Some(0)));
    assert!(ran.err.contains("notes.txt is left out") && ran.err.contains("nothing is imported"), "{}", ran.err);
    std::fs::remove_file(folder.join("notes.txt")).unwrap();
    let pdf = folder.join("guide.pdf");
    std::fs::write(&pdf, "%PDF-1.4").unwrap();
    let ran = shop.run(&["import", folder.to_str().unwrap()]);
    assert!(ran.err.contains("guide.pdf is left out: this is a PDF"), "{}", ran.err);
    std::fs::remove_file(pdf).unwrap();
    let ran = shop.run(&["import", folder.to_str().unwrap()]);
    assert_eq!((ran.code, ran.out.as_str()), (1, ""), "an empty one: {}", ran.err);
    assert!(ran.err.contains(folder.to_str().unwrap()) && ran.err.contains("read are canonical, "), "{}", ran.err);
    let file = folder.join("none.csv");
    for (holds, code, says) in [("", 1, "none.csv is empty"), ("id,role,text\n", 0, "holds no rows or records")] {
        std::fs::write(&file, holds).unwrap();
        let ran = shop.run(&["import", file.to_str().unwrap()]);
        assert_eq!(ran.code, code, "{}", ran.err);
        assert!(ran.err.contains(says) && !ran.out.contains("format"), "{} {}", ran.out, ran.err);
    }
}

#[test]
fn every_map_flag_counts_and_the_printed_answers_settle_what_was_asked() {
    let shop = Shop::empty();
    let rows: String = (0..20).map(|i| format!("s{i},caller,where is {i}?\ns{i},Sofia,On day {i}.\n")).collect();
    let file = shop.write("chats.csv", &format!("session_id,sender,message\n{rows}"));
    let file = file.to_str().unwrap();
    let (code, asked) = shop.json_code(&["import", file]);
    assert_eq!((code, asked["failed"].as_str(), asked["new"].as_u64()), (1, Some("questions"), Some(0)), "{asked}");
    let flags = ["--map", "role:caller=user", "--map", "role:Sofia=bot"];
    let given = shop.json(&[&["import", file], &flags[..]].concat());
    assert_eq!((given["new"].as_u64(), given["turns"].as_u64()), (Some(20), Some(40)), "{given}");
}

#[test]
fn an_import_that_is_refused_says_so_under_json() {
    let shop = Shop::empty();
    let pdf = shop.write("a.pdf", "%PDF-1.4 x");
    let chats = shop.write("chats.csv", "conversation_id,role,text\n1,user,hi\n1,bot,yo\n");
    let (pdf, chats) = (pdf.to_str().unwrap(), chats.to_str().unwrap());
    for (args, code, failed, says) in [
        (vec!["import", "none.csv"], 1, "error", "cannot read none.csv"),
        (vec!["import", pdf], 1, "error", "this is a PDF"),
        (vec!["import", chats, "--from", "nope"], 1, "error", "no format called"),
    ] {
        let args = [&args[..], &["--json"]].concat();
        let ran = shop.run(&args);
        let said: serde_json::Value =
            serde_json::from_str(&ran.out).unwrap_or_else(|e| panic!("{args:?}: {e} {}", ran.out));
        assert_eq!((ran.code, said["failed"].as_str()), (code, Some(failed)), "{args:?}");
        assert!(said["says"].as_str().unwrap().contains(says) && !ran.err.is_empty(), "{args:?} {}", ran.out);
    }
    // What is a list is a list or nothing.
    shop.run(&["import", chats]);
    let ran = shop.run(&["queue", "--json", "--", "👎"]);
    assert!(ran.code == 1 && ran.out.is_empty() && ran.err.contains("nothing to search for"), "{}", ran.out);
}
