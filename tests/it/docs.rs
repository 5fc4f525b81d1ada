//! The README's generated parts say what the program says. `APPRAISE_UPDATE_DOCS=1 cargo test --test it docs` writes them.

use std::path::Path;
use std::process::Command;

fn root(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// Compares, or replaces, what stands between `<!-- NAME -->` and `<!-- /NAME -->`.
fn holds(file: &str, name: &str, should: &str) {
    let path = root(file);
    let readme = std::fs::read_to_string(&path).unwrap();
    let (begin, end) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->"));
    let from = readme.find(&begin).unwrap() + begin.len();
    let to = readme.find(&end).unwrap();
    if std::env::var_os("APPRAISE_UPDATE_DOCS").is_some() {
        std::fs::write(&path, format!("{}{should}{}", &readme[..from], &readme[to..])).unwrap();
        return;
    }
    assert_eq!(&readme[from..to], should, "{file}: `APPRAISE_UPDATE_DOCS=1 cargo test --test it docs` writes it anew");
}

#[test]
fn the_readme_says_what_the_program_says() {
    let out = Command::new(env!("CARGO_BIN_EXE_appraise")).args(["keys", "--markdown"]).output().unwrap();
    holds("README.md", "keys", &String::from_utf8(out.stdout).unwrap());
    let config = std::fs::read_to_string(root("assets/config.toml")).unwrap();
    holds("docs/configuration.md", "config", &format!("```toml\n{config}```\n"));
}

#[test]
fn what_the_pages_point_to_is_there() {
    let pages = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md"].map(root).into_iter();
    let docs = std::fs::read_dir(root("docs")).unwrap().map(|e| e.unwrap().path());
    let mut links = 0;
    for page in pages.chain(docs) {
        let text = std::fs::read_to_string(&page).unwrap();
        for (at, _) in text.match_indices("](") {
            let target = text[at + 2..].split([')', '#']).next().unwrap();
            if target.is_empty() || target.contains("://") {
                continue;
            }
            links += 1;
            let path = page.parent().unwrap().join(target);
            assert!(path.exists(), "{} points to {target}, which is not there", page.display());
        }
    }
    assert!(links > 10, "the links are not found");
}

/// Every rule that a comment names stands in docs/rules.md.
#[test]
fn rules_that_comments_name_are_written_down() {
    let rules = std::fs::read_to_string(root("docs/rules.md")).unwrap();
    let written: Vec<u32> = rules.lines().filter_map(|l| l.split_once(". ")?.0.trim().parse().ok()).collect();
    let mut named = 0;
    let mut dirs = vec![root("src"), root("tests"), root("benches")];
    while let Some(dir) = dirs.pop() {
        for path in std::fs::read_dir(dir).unwrap().map(|e| e.unwrap().path()) {
            if path.is_dir() {
                dirs.push(path);
                continue;
            }
            if path.extension().is_none_or(|e| e != "rs") {
                continue;
            }
            for line in std::fs::read_to_string(&path).unwrap().lines() {
                let Some((_, after)) = line.split_once("(rule").filter(|_| line.trim_start().starts_with("//")) else {
                    continue;
                };
                let inside = after.split(')').next().unwrap().trim_start_matches('s');
                let numbers = inside.split(|c: char| !c.is_ascii_digit()).filter(|n| !n.is_empty());
                for rule in numbers.map(|n| n.parse::<u32>().unwrap()) {
                    named += 1;
                    assert!(written.contains(&rule), "{}: rule {rule} is not in docs/rules.md", path.display());
                }
            }
        }
    }
    assert!(named > 50, "the comments are not found");
}
