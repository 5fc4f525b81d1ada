//! The file itself: who may read it, what lies beside it.

use super::check::DoctorCheck;
use crate::disk::beside;
use crate::store::base::backup::{UNFINISHED, older_copies};
use std::path::{Path, PathBuf};

pub(super) fn checks(path: &Path) -> Vec<DoctorCheck> {
    vec![rights(path), copies(path), left_behind(path)]
}

#[cfg(unix)]
fn rights(path: &Path) -> DoctorCheck {
    use std::os::unix::fs::PermissionsExt;
    let mode = |p: &Path| std::fs::metadata(p).map_or(0, |m| m.permissions().mode());
    let files = ["", "-wal", "-shm"].map(|ending| beside(path, ending));
    let copies = older_copies(path);
    let all: Vec<&PathBuf> = files.iter().chain(&copies).collect();
    let names = |bits: u32| -> Vec<String> {
        all.iter().filter(|p| mode(p) & bits != 0).map(|p| p.display().to_string()).collect()
    };
    let (everybody, group) = (names(0o007), names(0o070));
    let dir = path.parent().filter(|d| !d.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if !everybody.is_empty() {
        return DoctorCheck::fault(
            "rights",
            format!("everybody on this machine may read or write {}", everybody.join(", ")),
            format!("`chmod 600 {}`, or 660 where a group shares it", everybody.join(" ")),
        );
    }
    // Where anybody may write into the directory and delete what others made, rights of the file mean little.
    if mode(dir) & 0o1002 == 0o002 {
        return DoctorCheck::fault(
            "rights",
            format!("everybody on this machine may replace files in {}", dir.display()),
            format!("`chmod 700 {}`", dir.display()),
        );
    }
    match group.is_empty() {
        true => DoctorCheck::sound("rights", "only its owner may read and write it"),
        false => DoctorCheck::note(
            "rights",
            format!("its group, too, may read or write {}", group.join(", ")),
            Some("right where a team shares the store; `chmod 600` otherwise"),
        ),
    }
}

#[cfg(not(unix))]
fn rights(_: &Path) -> DoctorCheck {
    DoctorCheck::note("rights", "who may read it is not looked at on this system", None)
}

fn copies(path: &Path) -> DoctorCheck {
    let found: Vec<String> = older_copies(path).iter().map(|p| p.display().to_string()).collect();
    match found.is_empty() {
        true => DoctorCheck::sound("older copies", "there is no copy from before an update"),
        false => DoctorCheck::note(
            "older copies",
            format!("kept from before an update: {}", found.join(", ")),
            Some("delete it when all goes well; it holds what was deleted since"),
        ),
    }
}

/// What a killed run leaves: an unfinished copy or demo, a journal that nobody rolled back.
fn left_behind(path: &Path) -> DoctorCheck {
    let dir = path.parent().filter(|d| !d.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let building = path.with_extension("building");
    let known = |p: &Path| {
        let name = p.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        name.starts_with(UNFINISHED) || p == building || p == beside(path, "-journal")
    };
    let mut found: Vec<String> = std::fs::read_dir(dir)
        .into_iter()
        .flatten()
        .flatten()
        .map(|e| e.path())
        .filter(|p| known(p))
        .map(|p| p.display().to_string())
        .collect();
    found.sort();
    match found.is_empty() {
        true => DoctorCheck::sound("leavings", "nothing unfinished lies beside it"),
        false => DoctorCheck::note(
            "leavings",
            format!("left by a run that was killed, or made by one that goes on: {}", found.join(", ")),
            Some("delete it when no appraise runs"),
        ),
    }
}
