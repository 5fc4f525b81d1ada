//! The README's generated parts say what the program says. `APPRAISE_UPDATE_DOCS=1 cargo test --test it docs` writes them.

use std::path::Path;
use std::process::Command;

fn root(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// Compares, or replaces, what stands between `<!-- NAME -->` and `<!-- /NAME -->`.
fn holds(name: &str, should: &str) {
    let path = root("README.md");
    let readme = std::fs::read_to_string(&path).unwrap();
    let (begin, end) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->"));
    let from = readme.find(&begin).unwrap() + begin.len();
    let to = readme.find(&end).unwrap();
    if std::env::var_os("APPRAISE_UPDATE_DOCS").is_some() {
        std::fs::write(&path, format!("{}{should}{}", &readme[..from], &readme[to..])).unwrap();
        return;
    }
    assert_eq!(
        &readme[from..to],
        should,
        "README.md: `APPRAISE_UPDATE_DOCS=1 cargo test --test it docs` writes it anew"
    );
}

#[test]
fn the_readme_says_what_the_program_says() {
    let out = Command::new(env!("CARGO_BIN_EXE_appraise")).args(["keys", "--markdown"]).output().unwrap();
    holds("keys", &String::from_utf8(out.stdout).unwrap());
    let config = std::fs::read_to_string(root("assets/config.toml")).unwrap();
    holds("config", &format!("```toml\n{config}```\n"));
}

#[test]
fn what_the_readme_points_to_is_there() {
    let readme = std::fs::read_to_string(root("README.md")).unwrap();
    for (at, _) in readme.match_indices("](assets/") {
        let path = readme[at + 2..].split(')').next().unwrap();
        assert!(root(path).exists(), "README.md shows {path}, which is not there");
    }
}
