//! The layers of ARCHITECTURE.md, held to by reading the sources.

use std::fs;
use std::path::{Path, PathBuf};

const SRC: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src");

/// Every module, and what it may use.
const LAYERS: &[(&str, &[&str])] = &[
    ("base", &[]),
    ("domain", &["base"]),
    ("stop", &[]),
    ("disk", &["stop"]),
    ("text", &["base", "domain"]),
    ("learn", &["base", "domain", "text"]),
    ("store", &["base", "domain", "text", "learn", "disk"]),
    ("ingest", &["base", "domain", "text", "disk", "stop"]),
    ("jobs", &["base", "domain", "text", "learn", "store", "ingest", "disk", "stop"]),
    ("report", &["base", "domain", "text", "store", "jobs", "disk"]),
    ("config", &["base", "domain"]),
    ("theme", &["base", "domain", "text"]),
    ("action", &["base", "domain", "text"]),
    ("keymap", &["base", "domain", "text", "action"]),
    (
        "tui",
        &[
            "base", "domain", "text", "learn", "store", "ingest", "jobs", "config", "theme", "action", "keymap",
            "disk", "stop", "report",
        ],
    ),
    (
        "cli",
        &[
            "base", "domain", "text", "learn", "store", "ingest", "jobs", "config", "theme", "action", "keymap", "tui",
            "disk", "stop", "report",
        ],
    ),
];

struct Source {
    module: String,
    path: PathBuf,
    /// Without comments.
    code: String,
    /// Without the tests.
    program: String,
}

fn sources() -> Vec<Source> {
    let mut found = Vec::new();
    walk(Path::new(SRC), &mut found);
    assert!(found.len() > 50, "the sources are not where they should be");
    let tests: Vec<(String, String)> = found.iter().flat_map(test_modules).collect();
    for source in &mut found {
        let parts: Vec<String> =
            source.path.iter().map(|p| p.to_string_lossy().trim_end_matches(".rs").to_owned()).collect();
        if tests.iter().any(|(module, name)| *module == source.module && parts.contains(name))
            || parts.iter().any(|p| p.ends_with("_tests"))
        {
            source.program.clear();
        }
    }
    found
}

/// Modules in files of their own that are only there for tests: `#[cfg(test)] mod name;`.
fn test_modules(source: &Source) -> Vec<(String, String)> {
    let after = source.code.split("#[cfg(test)]\nmod ").skip(1);
    let names = after.filter_map(|rest| rest.split_once(';').map(|(name, _)| name));
    names.filter(|n| !n.contains('{')).map(|n| (source.module.clone(), n.to_owned())).collect()
}

fn walk(dir: &Path, found: &mut Vec<Source>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            walk(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            let inside = path.strip_prefix(SRC).unwrap();
            let module = inside.iter().next().unwrap().to_string_lossy().trim_end_matches(".rs").to_owned();
            let text = fs::read_to_string(&path).unwrap();
            let code: String = text.lines().map(|l| without_comment(l).to_owned() + "\n").collect();
            let is_test = inside.iter().any(|p| p == "tests") || inside.to_string_lossy().ends_with("tests.rs");
            let program =
                code.split("#[cfg(test)]\nmod tests {").next().filter(|_| !is_test).unwrap_or_default().to_owned();
            found.push(Source { module, path, program, code });
        }
    }
}

fn without_comment(line: &str) -> &str {
    if line.trim_start().starts_with("//") { "" } else { line }
}

/// The modules that code names after `crate::`, alone or in braces.
fn used(code: &str) -> Vec<String> {
    let mut out = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        let names = match rest.strip_prefix('{') {
            Some(list) => list.split_once('}').map_or(list, |(inside, _)| inside).split(',').collect(),
            None => vec![rest],
        };
        let first = |n: &str| n.trim().split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap().to_owned();
        out.extend(names.into_iter().map(first));
    }
    out
}

#[test]
fn imports_flow_one_way() {
    let known = |name: &str| LAYERS.iter().any(|(module, _)| *module == name);
    for source in sources() {
        let Some((module, may)) = LAYERS.iter().find(|(module, _)| *module == source.module) else {
            assert!(["lib", "main"].contains(&source.module.as_str()), "{} is in no layer", source.path.display());
            continue;
        };
        for name in used(&source.code).into_iter().filter(|n| known(n) && n != module) {
            assert!(may.contains(&name.as_str()), "{}: {module} must not use {name}", source.path.display());
        }
    }
}

/// Only some modules may name something.
fn only(modules: &[&str], words: &[&str]) {
    for source in sources().into_iter().filter(|s| !modules.contains(&s.module.as_str())) {
        for word in words {
            let found = source.program.contains(word);
            assert!(!found, "{}: only {modules:?} may say {word}", source.path.display());
        }
    }
}

#[test]
fn sql_the_screen_output_and_the_environment_have_their_places() {
    // Databases of other programs are read where their rows become records.
    for source in sources().into_iter().filter(|s| s.module != "store" && !s.path.ends_with("ingest/input/database.rs"))
    {
        assert!(!source.program.contains("rusqlite"), "{}: only store may say rusqlite", source.path.display());
    }
    only(&["tui", "theme", "keymap"], &["ratatui", "crossterm"]);
    only(&["cli", "main"], &["println!", "print!"]);
    // The screen is drawn to standard output, too.
    only(&["cli", "main", "tui"], &["io::stdout"]);
    only(&["config"], &["env::var"]);
    // Whoever builds an agent elsewhere would take the environment's proxy for this machine, too.
    for source in sources().into_iter().filter(|s| !s.path.ends_with("jobs/net.rs")) {
        for word in ["config_builder(", "Agent::new_with", "try_from_env"] {
            assert!(!source.program.contains(word), "{}: only jobs/net.rs may say {word}", source.path.display());
        }
    }
}

#[test]
fn one_place_writes_files() {
    let words = [
        "File::create",
        "File::options",
        "OpenOptions",
        "DirBuilder",
        "create_dir",
        "fs::write",
        "fs::rename",
        "fs::copy",
        "hard_link",
        "symlink(",
        "tempfile",
        "temp_dir",
    ];
    only(&["disk"], &words);
}

#[test]
fn signals_have_two_places() {
    only(&["stop", "tui"], &["signal_hook"]);
}

#[test]
fn nothing_is_unsafe_and_nothing_unwraps() {
    only(&[], &["unsafe {", "unsafe fn", ".unwrap()", "dbg!(", "todo!("]);
}

#[test]
fn modules_are_found_in_lists_too() {
    assert_eq!(used("use crate::{store::Store, text}; crate::tui::run()"), ["store", "text", "tui"]);
}
