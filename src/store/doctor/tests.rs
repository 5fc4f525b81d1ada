//! Each kind of damage is found and named, and what can be computed is mended.

use super::super::trust_tests::{filled, forge, founding};
use super::*;
use crate::domain::SilentReporter;

fn faults(path: &Path) -> Vec<String> {
    let found = Store::diagnose(path, founding(), true, &SilentReporter).unwrap();
    found.checks.iter().filter(|c| c.state == CheckState::Fault).map(|c| c.check.to_owned()).collect()
}

fn mend(path: &Path) {
    let mut store = Store::open(path, Access::ReadWrite, founding()).unwrap();
    store.repair(&SilentReporter).unwrap();
    super::super::tests::search_all(&store);
}

#[test]
fn a_sound_store_has_no_fault_and_is_not_written_to() {
    let (_dir, path) = filled();
    let before = std::fs::read(&path).unwrap();
    let found = Store::diagnose(&path, founding(), false, &SilentReporter).unwrap();
    assert!(found.ok, "{found:#?}");
    assert!(found.checks.len() > 12 && found.checks.iter().all(|c| c.state != CheckState::Fault || c.todo.is_some()));
    let size = |what: &str| found.sizes.iter().find(|s| s.what == what).unwrap();
    assert_eq!((size("conversation").rows, size("turn").rows), (Some(12), Some(24)));
    assert_eq!(size("file").bytes, Some(before.len() as u64));
    assert!(std::fs::read(&path).unwrap() == before);
}

#[test]
fn what_can_be_computed_is_found_and_mended() {
    let (_dir, path) = filled();
    for (damage, check) in [
        ("DROP INDEX conversation_customer", "schema"),
        ("UPDATE current SET value = 'tone' WHERE kind = 3", "decisions"),
        ("DELETE FROM current WHERE kind = 3", "decisions"),
        ("INSERT INTO current VALUES (2, 3, -1, 'tone', 1, 1)", "decisions"),
        ("UPDATE conversation SET outcome = 4 WHERE id = 5", "projections"),
        ("UPDATE conversation SET cause = NULL, review = 1 WHERE id = 1", "projections"),
        ("INSERT INTO packed VALUES (0, 12, 1, 7)", "packed columns"),
        ("INSERT INTO unsearched VALUES (3, 4)", "search coverage"),
        ("DELETE FROM search WHERE rowid = 7", "search coverage"),
    ] {
        forge(&path, damage);
        assert!(faults(&path).contains(&check.to_owned()), "{damage}: {:?}", faults(&path));
        mend(&path);
        assert_eq!(faults(&path), Vec::<String>::new(), "{damage}");
    }
    let store = Store::open(&path, Access::ReadOnly, founding()).unwrap();
    assert_eq!(store.ids("SELECT cause FROM conversation WHERE id = 1", &[]).unwrap().len(), 1);
    assert_eq!(store.search_state().unwrap().percent(), 100);
}

#[test]
fn what_only_a_backup_brings_back_is_named() {
    let (_dir, path) = filled();
    let copy = path.with_extension("copy");
    let release =
        "INSERT INTO release(id, at, reviewer, recipe, seed, decision, trained_on, intents, sha256, train_seconds)
        VALUES (1, 1, 1, 'r', 1, 1, 1, 1, 'x', 1)";
    for (damage, check) in [
        ("DELETE FROM turn WHERE id & 1048575 = 1", "conversations"),
        ("INSERT INTO turn(id, role, text) VALUES (99 << 20, 1, 'x')", "conversations"),
        ("UPDATE conversation SET failing_turn = 9 WHERE id = 3", "conversations"),
        ("INSERT INTO offer VALUES (99, 0, NULL, 'x', NULL, 1, NULL, NULL, NULL, NULL)", "pieces"),
        ("INSERT INTO held_out VALUES (99 << 20, 1)", "pieces"),
        ("UPDATE conversation SET source = 77 WHERE id = 2", "references"),
        (release, "releases"),
    ] {
        std::fs::copy(&path, &copy).unwrap();
        forge(&copy, damage);
        assert!(faults(&copy).contains(&check.to_owned()), "{damage}: {:?}", faults(&copy));
    }
    // A page in the middle of the file.
    let mut bytes = std::fs::read(&path).unwrap();
    let middle = bytes.len() / 2 / 4096 * 4096;
    bytes[middle..middle + 4096].fill(0x5a);
    std::fs::write(&copy, bytes).unwrap();
    assert!(!faults(&copy).is_empty());
}

#[cfg(unix)]
#[test]
fn rights_and_leavings_are_told() {
    use std::os::unix::fs::PermissionsExt;
    let (dir, path) = filled();
    let told = |check: &str| {
        let found = Store::diagnose(&path, founding(), false, &SilentReporter).unwrap();
        found.checks.into_iter().find(|c| c.check == check).unwrap().state
    };
    for (mode, state) in [(0o600, CheckState::Sound), (0o660, CheckState::Note), (0o644, CheckState::Fault)] {
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        assert_eq!(told("rights"), state, "{mode:o}");
    }
    assert_eq!((told("leavings"), told("older copies")), (CheckState::Sound, CheckState::Sound));
    std::fs::write(dir.path().join(".appraise-backupXyZ"), "").unwrap();
    std::fs::copy(&path, dir.path().join("s.db.v9.bak")).unwrap();
    assert_eq!((told("leavings"), told("older copies")), (CheckState::Note, CheckState::Note));
}
