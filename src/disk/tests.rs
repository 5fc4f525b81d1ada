use super::*;
use std::fs;
use std::path::PathBuf;

fn here() -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().to_owned();
    (dir, path)
}

fn write(path: &Path, there: ExistingFile, inputs: &InputFiles, text: &str) -> Result<bool, String> {
    let mut file = NewFile::begin(path, there, inputs).map_err(|e| e.to_string())?;
    file.write_all(text.as_bytes()).unwrap();
    file.keep().map_err(|e| e.to_string())
}

fn names(dir: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(dir).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[cfg(unix)]
fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn a_file_appears_whole_private_and_only_where_something_came() {
    let (_dir, at) = here();
    let path = at.join("rejects.jsonl");
    assert_eq!(write(&path, ExistingFile::Refuse, &InputFiles::default(), ""), Ok(false));
    assert_eq!(names(&at), [""; 0]);
    let mut file = NewFile::begin(&path, ExistingFile::Refuse, &InputFiles::default()).unwrap();
    file.write_all(b"half").unwrap();
    assert!(!path.exists());
    drop(file);
    assert_eq!(names(&at), [""; 0]);
    assert_eq!(write(&path, ExistingFile::Refuse, &InputFiles::default(), "whole"), Ok(true));
    assert_eq!(fs::read_to_string(&path).unwrap(), "whole");
    #[cfg(unix)]
    assert_eq!(mode(&path), 0o600);
}

#[test]
fn what_is_there_is_replaced_only_where_it_may_be() {
    let (_dir, at) = here();
    let (path, none) = (at.join("f"), InputFiles::default());
    fs::write(&path, "yours").unwrap();
    let ours = ExistingFile::Ours(|p| fs::read_to_string(p).is_ok_and(|t| t.starts_with("ours")));
    assert!(write(&path, ExistingFile::Refuse, &none, "new").unwrap_err().contains("--force"));
    assert!(write(&path, ours, &none, "new").unwrap_err().contains("has not written it"));
    assert_eq!(fs::read_to_string(&path).unwrap(), "yours");
    assert_eq!(write(&path, ExistingFile::Force, &none, "ours 1"), Ok(true));
    assert_eq!(write(&path, ours, &none, "ours 2"), Ok(true));
    fs::write(&path, "").unwrap();
    assert_eq!(write(&path, ours, &none, "after nothing"), Ok(true));
    // Nothing came: what was there stays.
    assert_eq!(write(&path, ExistingFile::Force, &none, ""), Ok(false));
    assert_eq!(fs::read_to_string(&path).unwrap(), "after nothing");
    assert!(write(&at, ExistingFile::Force, &none, "x").unwrap_err().contains("is a directory"));
    assert!(write(&at.join("no/f"), ExistingFile::Force, &none, "x").unwrap_err().contains("make it first"));
}

#[test]
fn somebody_who_was_quicker_is_not_written_over() {
    let (_dir, at) = here();
    let path = at.join("f");
    let mut file = NewFile::begin(&path, ExistingFile::Refuse, &InputFiles::default()).unwrap();
    file.write_all(b"mine").unwrap();
    fs::write(&path, "theirs").unwrap();
    assert!(file.keep().unwrap_err().to_string().contains("meanwhile"));
    assert_eq!((fs::read_to_string(&path).unwrap().as_str(), names(&at).len()), ("theirs", 1));
}

#[cfg(unix)]
#[test]
fn what_is_read_is_known_through_links_and_by_name() {
    let (_dir, at) = here();
    let [log, hard, soft, store] = ["log", "hard", "soft", "s.db"].map(|n| at.join(n));
    fs::write(&log, "precious").unwrap();
    fs::hard_link(&log, &hard).unwrap();
    std::os::unix::fs::symlink(&log, &soft).unwrap();
    let inputs = InputFiles::standard().file(&log).store(&store);
    let inside = at.join("sub");
    fs::create_dir(&inside).unwrap();
    // The store is not there yet, nor is what SQLite keeps beside it.
    let same = [log.clone(), hard, soft, store, at.join("s.db-wal"), inside.join("../s.db-shm")];
    for path in same {
        assert!(
            write(&path, ExistingFile::Force, &inputs, "x").unwrap_err().contains("reads it"),
            "{}",
            path.display()
        );
    }
    assert_eq!(fs::read_to_string(&log).unwrap(), "precious");
    assert_eq!(write(&at.join("other"), ExistingFile::Refuse, &inputs, "x"), Ok(true));
}

#[cfg(unix)]
#[test]
fn links_are_followed_and_devices_written_through() {
    let (_dir, at) = here();
    let (real, link, none) = (at.join("real"), at.join("link"), InputFiles::default());
    fs::write(&real, "").unwrap();
    std::os::unix::fs::symlink(&real, &link).unwrap();
    assert_eq!(write(&link, ExistingFile::Force, &none, "x"), Ok(true));
    assert!(link.symlink_metadata().unwrap().is_symlink());
    assert_eq!(fs::read_to_string(&real).unwrap(), "x");
    fs::remove_file(&real).unwrap();
    assert!(write(&link, ExistingFile::Force, &none, "x").unwrap_err().contains("leads nowhere"));
    let null = Path::new("/dev/null");
    assert_eq!(write(null, ExistingFile::Refuse, &none, "x"), Ok(true));
    assert!(!null.metadata().unwrap().is_file());
}

#[cfg(unix)]
#[test]
fn what_a_killed_run_left_is_swept_and_what_is_in_use_is_not() {
    let (_dir, at) = here();
    fs::create_dir(at.join(".adding-KILLED")).unwrap();
    fs::write(at.join(".adding-KILLED/model"), "x").unwrap();
    fs::create_dir(at.join("adding-yours")).unwrap();
    let used = Temporary::within(&at, ".adding-").unwrap();
    write_new(&used.path().join("f"), b"x").unwrap();
    assert_eq!((mode(used.path()), mode(&used.path().join("f"))), (0o700, 0o600));
    let other = Temporary::within(&at, ".adding-").unwrap();
    assert!(used.path().exists() && other.path().exists());
    drop(other);
    used.keep_as(&at.join("kept")).unwrap();
    assert_eq!(names(&at), ["adding-yours", "kept"]);
    fs::write(at.join(".appraise-part-old"), "half").unwrap();
    assert_eq!(write(&at.join("f"), ExistingFile::Refuse, &InputFiles::default(), "x"), Ok(true));
    assert_eq!(names(&at), ["adding-yours", "f", "kept"]);
}

#[test]
fn a_folder_appears_whole_and_replaces_only_what_the_program_wrote() {
    let (_dir, at) = here();
    let (out, none) = (at.join("model"), InputFiles::default());
    let ours: fn(&Path) -> bool = |p| p.join("mark").exists();
    let make = |replace, text: &str| {
        let folder = NewFolder::begin(&out, ".part-", replace, &none).map_err(|e| e.to_string())?;
        folder.write("mark", text.as_bytes()).unwrap();
        folder.keep().map_err(|e| e.to_string())
    };
    assert_eq!(make(None, "1"), Ok(()));
    assert!(make(None, "2").unwrap_err().contains("--force"));
    assert_eq!(make(Some(ours), "3"), Ok(()));
    assert_eq!(fs::read_to_string(out.join("mark")).unwrap(), "3");
    fs::remove_file(out.join("mark")).unwrap();
    fs::write(out.join("thesis.txt"), "yours").unwrap();
    assert!(make(Some(ours), "4").unwrap_err().contains("has not written it"));
    assert_eq!(names(&out), ["thesis.txt"]);
    assert_eq!(names(&at), ["model"]);
}
