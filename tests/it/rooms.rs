//! The rooms of ARCHITECTURE.md, held to by reading which file uses which: re-exports and `super::` resolved, tests left out.

mod sql;

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fs;
use std::path::Path;

const SRC: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src");

/// Rooms that may have more files than fifteen, and why.
const LARGER: &[(&str, usize)] = &[
    // Three screens of results share one state and one frame.
    ("tui/screens/tune", 20),
    // One file a scenario.
    ("tui/tests", 30),
];
/// Files in any other room.
const FILES: usize = 15;

type Name = Vec<String>;

/// A file of the program.
#[derive(Default)]
struct Module {
    children: HashSet<String>,
    /// Functions, types and the like that it defines.
    items: HashSet<String>,
    /// What `use` brings in: name here, path as written.
    uses: Vec<(String, Name)>,
    /// Paths that end in `*`, and whether they are for others.
    globs: Vec<(bool, Name)>,
    /// What is brought in for others and used here, too, only if one of [`Self::words`] says so.
    offered: Vec<(String, Name)>,
    paths: Vec<Name>,
    words: HashSet<String>,
}

struct House {
    modules: BTreeMap<Name, Module>,
}

fn is_test(attrs: &[syn::Attribute]) -> bool {
    attrs.iter().any(|a| a.path().is_ident("cfg") && a.to_token_stream().to_string().contains("test"))
}

fn use_leaves(tree: &syn::UseTree, before: &Name, out: &mut Vec<(Option<String>, Name)>) {
    let with = |ident: &syn::Ident| [before.clone(), vec![ident.to_string()]].concat();
    match tree {
        syn::UseTree::Path(p) => use_leaves(&p.tree, &with(&p.ident), out),
        syn::UseTree::Name(n) if n.ident == "self" => out.push((before.last().cloned(), before.clone())),
        syn::UseTree::Name(n) => out.push((Some(n.ident.to_string()), with(&n.ident))),
        syn::UseTree::Rename(r) => out.push((Some(r.rename.to_string()), with(&r.ident))),
        syn::UseTree::Glob(_) => out.push((None, before.clone())),
        syn::UseTree::Group(g) => g.items.iter().for_each(|t| use_leaves(t, before, out)),
    }
}

fn flatten(tokens: TokenStream, out: &mut Vec<String>) {
    for token in tokens {
        match token {
            // `pub(in crate::store)` uses nothing.
            TokenTree::Group(_) if out.last().is_some_and(|before| before == "pub") => {}
            TokenTree::Group(group) => {
                out.push("(".to_owned());
                flatten(group.stream(), out);
                out.push(")".to_owned());
            }
            other => out.push(other.to_string()),
        }
    }
}

impl Module {
    fn read(text: &str, path: &Path) -> Self {
        let file = syn::parse_file(text).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        let mut module = Self::default();
        file.items.iter().for_each(|item| module.take(item));
        module
    }

    fn take(&mut self, item: &syn::Item) {
        use syn::Item;
        let (attrs, name) = match item {
            Item::Use(u) => {
                let mut leaves = Vec::new();
                use_leaves(&u.tree, &Vec::new(), &mut leaves);
                let offers = !matches!(u.vis, syn::Visibility::Inherited);
                for (name, path) in leaves.into_iter().filter(|_| !is_test(&u.attrs)) {
                    match name {
                        None => self.globs.push((offers, path)),
                        Some(name) if offers => self.offered.push((name, path)),
                        Some(name) => self.uses.push((name, path)),
                    }
                }
                return;
            }
            Item::Mod(m) if m.content.is_none() => {
                if !is_test(&m.attrs) {
                    self.children.insert(m.ident.to_string());
                }
                return;
            }
            Item::Mod(m) => (&m.attrs, None),
            Item::Fn(i) => (&i.attrs, Some(i.sig.ident.to_string())),
            Item::Struct(i) => (&i.attrs, Some(i.ident.to_string())),
            Item::Enum(i) => (&i.attrs, Some(i.ident.to_string())),
            Item::Trait(i) => (&i.attrs, Some(i.ident.to_string())),
            Item::Type(i) => (&i.attrs, Some(i.ident.to_string())),
            Item::Const(i) => (&i.attrs, Some(i.ident.to_string())),
            Item::Static(i) => (&i.attrs, Some(i.ident.to_string())),
            Item::Impl(i) => (&i.attrs, None),
            Item::Macro(i) => (&i.attrs, None),
            _ => return,
        };
        if is_test(attrs) {
            return;
        }
        self.items.extend(name);
        let mut words = Vec::new();
        flatten(item.to_token_stream(), &mut words);
        let mut at = 0;
        while at < words.len() {
            let mut path = vec![words[at].clone()];
            let mut end = at + 1;
            while end + 2 < words.len() && words[end] == ":" && words[end + 1] == ":" && is_word(&words[end + 2]) {
                path.push(words[end + 2].clone());
                end += 3;
            }
            if path.len() > 1 && is_word(&path[0]) {
                self.paths.push(path);
            }
            self.words.insert(words[at].clone());
            at = end.max(at + 1);
        }
    }
}

fn is_word(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

impl House {
    fn read() -> Self {
        let mut modules = BTreeMap::new();
        let mut dirs = vec![Path::new(SRC).to_owned()];
        while let Some(dir) = dirs.pop() {
            for path in fs::read_dir(dir).unwrap().map(|e| e.unwrap().path()) {
                if path.is_dir() {
                    dirs.push(path);
                } else if path.extension().is_some_and(|e| e == "rs") && !path.ends_with("src/main.rs") {
                    let inside = path.strip_prefix(SRC).unwrap().with_extension("");
                    let mut name: Name = inside.iter().map(|p| p.to_string_lossy().into_owned()).collect();
                    if matches!(name.last().map(String::as_str), Some("mod" | "lib")) {
                        name.pop();
                    }
                    modules.insert(name, Module::read(&fs::read_to_string(&path).unwrap(), &path));
                }
            }
        }
        assert!(modules.len() > 100, "the sources are not where they should be");
        // Files that no program module declares are tests.
        let mut reached: BTreeSet<Name> = BTreeSet::new();
        let mut open = vec![Vec::new()];
        while let Some(name) = open.pop() {
            let module: &Module = &modules[&name];
            open.extend(module.children.iter().map(|c| [name.clone(), vec![c.clone()]].concat()));
            reached.insert(name);
        }
        modules.retain(|name, _| reached.contains(name));
        Self { modules }
    }

    /// A path as it is written in a module, from the root.
    fn absolute(&self, at: &Name, path: &[String]) -> Option<Name> {
        let module = &self.modules[at];
        match path[0].as_str() {
            "crate" => Some(path[1..].to_vec()),
            "self" => Some([at.clone(), path[1..].to_vec()].concat()),
            "super" => {
                let ups = path.iter().take_while(|p| *p == "super").count();
                Some([at.get(..at.len().checked_sub(ups)?)?.to_vec(), path[ups..].to_vec()].concat())
            }
            first if module.children.contains(first) => Some([at.clone(), path.to_vec()].concat()),
            first => {
                let (_, from) = module.uses.iter().chain(&module.offered).find(|(name, _)| name == first)?;
                // Another crate's name leads nowhere.
                let from = if from[0] == *first { None } else { self.absolute(at, from) };
                Some([from?, path[1..].to_vec()].concat())
            }
        }
    }

    /// The file in which a path from the root is defined.
    fn home(&self, path: &[String], seen: &mut HashSet<(Name, String)>) -> Name {
        let mut at = Name::new();
        for (i, part) in path.iter().enumerate() {
            let next = [at.clone(), vec![part.clone()]].concat();
            if self.modules.contains_key(&next) {
                at = next;
                continue;
            }
            let module = &self.modules[&at];
            if module.items.contains(part) || !seen.insert((at.clone(), part.clone())) {
                return at;
            }
            let rest = &path[i + 1..];
            if let Some((_, from)) = module.uses.iter().chain(&module.offered).find(|(name, _)| name == part) {
                return match self.absolute(&at, from) {
                    Some(from) => self.home(&[from, rest.to_vec()].concat(), seen),
                    None => at,
                };
            }
            for glob in module.globs.iter().filter_map(|(_, g)| self.absolute(&at, g)) {
                let home = self.home(&[glob, vec![part.clone()]].concat(), seen);
                if self.modules[&home].items.contains(part) {
                    return home;
                }
            }
            return at;
        }
        at
    }

    /// Which file uses which, and by which path.
    fn arrows(&self) -> BTreeMap<Name, BTreeMap<Name, String>> {
        let mut all = BTreeMap::new();
        for (at, module) in &self.modules {
            // The head of a room brings in for its files what it does not use itself.
            let is_head = !module.children.is_empty();
            let own = module.uses.iter().filter(|(name, _)| !is_head || module.words.contains(name));
            let offered = module.offered.iter().filter(|(name, _)| module.words.contains(name));
            let uses = own.chain(offered).map(|(_, path)| path);
            let globs = module.globs.iter().filter(|(offers, _)| !offers).map(|(_, path)| path);
            let mut to = BTreeMap::new();
            for path in uses.chain(globs).chain(&module.paths) {
                let Some(whole) = self.absolute(at, path) else { continue };
                let home = self.home(&whole, &mut HashSet::new());
                // The root only names the rooms.
                if home != *at && !home.is_empty() {
                    to.entry(home).or_insert_with(|| path.join("::"));
                }
            }
            all.insert(at.clone(), to);
        }
        all
    }
}

/// Files that use each other, directly or around corners: strongly connected components of more than one file (Tarjan 1972).
fn circles(arrows: &BTreeMap<Name, BTreeMap<Name, String>>) -> Vec<Vec<Name>> {
    struct Walk<'a> {
        arrows: &'a BTreeMap<Name, BTreeMap<Name, String>>,
        index: HashMap<&'a Name, (usize, usize)>,
        stack: Vec<&'a Name>,
        found: Vec<Vec<Name>>,
    }
    fn visit<'a>(walk: &mut Walk<'a>, at: &'a Name) -> usize {
        let number = walk.index.len();
        walk.index.insert(at, (number, number));
        walk.stack.push(at);
        let mut low = number;
        for to in walk.arrows.get(at).into_iter().flatten().map(|(to, _)| to) {
            match walk.index.get(to) {
                None => low = low.min(visit(walk, to)),
                Some((n, _)) if walk.stack.contains(&to) => low = low.min(*n),
                Some(_) => {}
            }
        }
        if low == number {
            let from = walk.stack.iter().position(|n| *n == at).unwrap();
            let circle: Vec<Name> = walk.stack.drain(from..).cloned().collect();
            if circle.len() > 1 {
                walk.found.push(circle);
            }
        }
        low
    }
    let mut walk = Walk { arrows, index: HashMap::new(), stack: Vec::new(), found: Vec::new() };
    for at in arrows.keys() {
        if !walk.index.contains_key(at) {
            visit(&mut walk, at);
        }
    }
    walk.found
}

fn words(name: &Name) -> String {
    name.join("::")
}

#[test]
fn no_files_use_each_other_in_a_circle() {
    let arrows = House::read().arrows();
    assert!(arrows.values().map(BTreeMap::len).sum::<usize>() > 1_000, "the arrows are not found");
    let mut said = String::new();
    for circle in circles(&arrows) {
        said += &format!("\n{} files:", circle.len());
        for from in &circle {
            for (to, by) in arrows[from].iter().filter(|(to, _)| circle.contains(to)) {
                said += &format!("\n    {} -> {} ({by})", words(from), words(to));
            }
        }
    }
    assert!(said.is_empty(), "circles:{said}");
}

/// Arrows from files under one of `from` to files under one of `to`, but for those of the same room `depth` names deep.
fn forbidden(from: &[&str], to: &[&str], depth: usize) {
    let under = |name: &Name, rooms: &[&str]| rooms.iter().any(|r| words(name).starts_with(r));
    for (at, uses) in House::read().arrows().into_iter().filter(|(at, _)| under(at, from)) {
        for (home, by) in uses.into_iter().filter(|(home, _)| under(home, to)) {
            let same = depth > 0 && at.len() >= depth && home.len() >= depth && at[..depth] == home[..depth];
            assert!(same, "{} must not use {} ({by})", words(&at), words(&home));
        }
    }
}

#[test]
fn a_screen_knows_neither_the_app_nor_overlays_nor_another_screen() {
    forbidden(&["tui::screens::"], &["tui::state::app", "tui::overlays", "tui::update", "tui::runtime"], 0);
    let screens = rooms_in("tui/screens");
    let screens: Vec<&str> = screens.iter().map(String::as_str).collect();
    assert!(screens.contains(&"tui::screens::overview"));
    forbidden(&screens, &screens, 3);
}

#[test]
fn a_learner_knows_no_other_learner() {
    // Groups, judging and signs are for whoever needs them; a release holds what learners give.
    let shared = ["cluster", "judge", "release", "signals", "solver", "table", "vectors", "contract"];
    let rooms = rooms_in("learn");
    let learners: Vec<&str> =
        rooms.iter().map(String::as_str).filter(|r| !shared.iter().any(|s| r.ends_with(&format!("::{s}")))).collect();
    assert!(learners.contains(&"learn::intent") && learners.contains(&"learn::offers"));
    forbidden(&learners, &learners, 2);
    forbidden(&["learn::solver", "learn::vectors"], &learners, 0);
}

/// The rooms within a room, as paths of modules.
fn rooms_in(room: &str) -> Vec<String> {
    let inside = fs::read_dir(Path::new(SRC).join(room)).unwrap().map(|e| e.unwrap().path());
    let mut rooms: Vec<String> = inside
        .filter(|p| p.is_dir())
        .map(|p| format!("{}::{}", room.replace('/', "::"), p.file_name().unwrap().to_string_lossy()))
        .collect();
    rooms.sort();
    rooms
}

#[test]
fn rooms_are_small_and_say_what_lives_in_them() {
    let mut dirs = vec![Path::new(SRC).to_owned()];
    while let Some(dir) = dirs.pop() {
        let inside: Vec<_> = fs::read_dir(&dir).unwrap().map(|e| e.unwrap().path()).collect();
        dirs.extend(inside.iter().filter(|p| p.is_dir()).cloned());
        let room = dir.strip_prefix(SRC).unwrap().to_string_lossy().replace('\\', "/");
        let files = inside.iter().filter(|p| {
            let name = p.file_name().unwrap_or_default().to_string_lossy();
            name.ends_with(".rs") && name != "mod.rs" && name != "tests.rs" && !name.ends_with("_tests.rs")
        });
        let most = LARGER.iter().find(|(r, _)| *r == room).map_or(FILES, |(_, n)| *n);
        let n = files.count();
        assert!(n <= most, "{room}: {n} files are too many for one room");
        if let Ok(head) = fs::read_to_string(dir.join("mod.rs")) {
            assert!(head.starts_with("//!"), "{room}/mod.rs does not say what lives there");
        }
    }
}

#[test]
fn threads_start_in_few_places() {
    const MAY: &[&str] = &["tui/runtime", "jobs", "stop.rs", "base", "cli/frame/threads.rs"];
    let mut dirs = vec![Path::new(SRC).to_owned()];
    while let Some(dir) = dirs.pop() {
        for path in fs::read_dir(&dir).unwrap().map(|e| e.unwrap().path()) {
            let inside = path.strip_prefix(SRC).unwrap().to_string_lossy().replace('\\', "/");
            if path.is_dir() {
                dirs.push(path);
            } else if !inside.contains("tests") && !MAY.iter().any(|m| inside.starts_with(m)) {
                let text = fs::read_to_string(&path).unwrap_or_default();
                let program = text.split("#[cfg(test)]").next().unwrap_or_default();
                for word in ["thread::spawn", "thread::Builder"] {
                    assert!(!program.contains(word), "{inside}: threads are started in {MAY:?} only");
                }
            }
        }
    }
}
