//! Statements of the store name the codes that they compare with (`store/codes.rs`): no number or word in them means something.

use super::{SRC, is_test};
use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use std::fs;
use std::path::Path;

/// Columns that hold codes.
const CODED: &[&str] = &[
    "kind",
    "state",
    "status",
    "role",
    "outcome",
    "outcome_source",
    "logged_outcome",
    "logged_source",
    "resolution",
    "cause",
    "review",
    "half",
    "part",
    "origin",
    "became",
    "verdict",
    "gate",
];
/// Columns that hold words, some of which are states.
const WORDS: &[&str] = &["value", "before", "after"];
const COMPARED: &[&str] = &["=", "==", "<>", "!=", "<", "<=", ">", ">=", "IS", "IN", "BETWEEN", "LIKE", "WHEN"];

/// Words, numbers, quoted words and signs of a statement; what stands in braces is one of them.
fn parts(sql: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut rest = sql;
    while let Some(c) = rest.chars().next() {
        let len = |same: fn(char) -> bool| rest.find(|c| !same(c)).unwrap_or(rest.len());
        let closed = |end: char| rest[1..].find(end).map_or(rest.len(), |at| at + 1 + end.len_utf8());
        let n = match c {
            '\'' => closed('\''),
            '{' => closed('}'),
            '<' | '>' | '=' | '!' => len(|c| "<>=!".contains(c)),
            '?' => 1 + rest[1..].find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len() - 1),
            _ if c.is_alphanumeric() || c == '_' => len(|c| c.is_alphanumeric() || c == '_' || c == '.'),
            _ => c.len_utf8(),
        };
        if !c.is_whitespace() {
            out.push(rest[..n].to_owned());
        }
        rest = &rest[n..];
    }
    out
}

fn is_number(part: &str) -> bool {
    part.starts_with(|c: char| c.is_ascii_digit())
}

/// A word in quotes; nothing, or a name in braces, is none.
fn is_word(part: &str) -> bool {
    part.starts_with('\'') && part.trim_matches('\'').starts_with(char::is_alphanumeric)
}

/// Comparisons of a statement with what it does not name.
fn unnamed(sql: &str) -> Vec<String> {
    let parts = parts(sql);
    let at = |i: usize| parts.get(i).map_or("", String::as_str);
    let column = |i: usize| at(i).rsplit('.').next().unwrap_or_default();
    let is_code = |i: usize| is_number(at(i)) || is_word(at(i));
    let mut found = Vec::new();
    for i in 0..parts.len() {
        let (coded, words) = (CODED.contains(&column(i)), WORDS.contains(&column(i)));
        // A value to fall back to, as in `coalesce(t.role, 0)`, is the column's, too.
        let falls_back = (coded || words) && at(i + 1) == "," && at(i + 3) == ")";
        let mut next = if falls_back { i + 4 } else { i + 1 };
        if !coded && !words && at(i) != ")" {
            continue;
        }
        next += usize::from(at(next) == "NOT");
        if !COMPARED.contains(&at(next)) {
            // The other way round: `1 = l.kind`.
            let turned = coded && i >= 2 && COMPARED[..8].contains(&at(i - 1)) && is_code(i - 2);
            found.extend(turned.then(|| parts[i - 2..=i].join(" ")));
            continue;
        }
        let operator = at(next);
        next += 1;
        next += usize::from(operator == "IS" && at(next) == "NOT");
        next += usize::from(at(next) == "-");
        let operands = match operator {
            "IN" if at(next) == "(" => (next + 1..parts.len()).take_while(|&j| at(j) != ")").collect(),
            "IN" => Vec::new(),
            "BETWEEN" => vec![next, next + 2],
            _ => vec![next],
        };
        // A statement within a statement is looked at for itself.
        let list = operands.iter().take_while(|&&j| at(j) != "SELECT");
        let is_bad = |&&j: &&usize| if coded { is_code(j) } else { is_word(at(j)) };
        found.extend(list.filter(is_bad).map(|&j| parts[i..=j].join(" ")).next());
    }
    found
}

fn literals(tokens: TokenStream, out: &mut Vec<String>) {
    for token in tokens {
        match token {
            TokenTree::Group(group) => literals(group.stream(), out),
            TokenTree::Literal(l) => {
                out.extend(syn::parse_str::<syn::LitStr>(&l.to_string()).ok().map(|l| l.value()));
            }
            _ => {}
        }
    }
}

/// The texts of a file, those of its tests left out.
fn texts(path: &Path) -> Vec<String> {
    let file = syn::parse_file(&fs::read_to_string(path).unwrap()).unwrap();
    let mut out = Vec::new();
    for item in file.items {
        let attrs = match &item {
            syn::Item::Mod(i) => &i.attrs,
            syn::Item::Fn(i) => &i.attrs,
            syn::Item::Impl(i) => &i.attrs,
            _ => &Vec::new(),
        };
        if !is_test(attrs) {
            literals(item.to_token_stream(), &mut out);
        }
    }
    out
}

#[test]
fn sql_names_the_codes_that_it_compares_with() {
    let mut dirs = vec![Path::new(SRC).join("store")];
    let (mut statements, mut said) = (0, String::new());
    while let Some(dir) = dirs.pop() {
        for path in fs::read_dir(dir).unwrap().map(|e| e.unwrap().path()) {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if path.is_dir() && name != "migrations" {
                dirs.push(path);
            } else if name.ends_with(".rs") && !name.ends_with("tests.rs") {
                for text in texts(&path) {
                    statements += usize::from(text.contains("SELECT"));
                    for what in unnamed(&text) {
                        said += &format!("\n    {}: {what}", path.strip_prefix(SRC).unwrap().display());
                    }
                }
            }
        }
    }
    assert!(statements > 200, "the statements are not found: {statements}");
    assert!(said.is_empty(), "store/codes.rs has names for these, or should:{said}");
}

#[test]
fn what_sql_does_not_name_is_found() {
    for sql in [
        "SELECT 1 FROM current l WHERE l.kind = 1 AND l.turn = ?",
        "WHERE r.role < 4",
        "ORDER BY state > 1, name",
        "c.outcome IN (2, 3)",
        "c.outcome NOT IN ({FAILED}, 3)",
        "c.outcome BETWEEN {RESOLVED} AND 4",
        "c.resolution IS NOT 1",
        "sum(outcome = 1 AND gap <= ?2)",
        "coalesce(t.role, 0) <> 1",
        "+d.kind=1",
        "CASE state WHEN 0 THEN 'active' END",
        "1 = k.kind",
        "WHERE import.state = 'running'",
        "k.value = 'accepted'",
        "coalesce((SELECT d.after FROM decision d LIMIT 1), '') <> 'no'",
        "json_extract(report, '$.before_is') = 'log'",
    ] {
        assert_eq!(unnamed(sql).len(), 1, "{sql}: {:?}", unnamed(sql));
    }
    for sql in [
        "l.kind = {LABEL} AND l.turn = -1 AND c.traffic = 1 AND i.audit = 0",
        "d.kind IN (?2, ?3) AND d.id > 5",
        "c.outcome BETWEEN {RESOLVED} AND {ABANDONED} AND c.last_at < 0",
        "c.outcome IN ({ESCALATED}, {FAILED})",
        "part IN (SELECT id FROM x WHERE id > 4)",
        "coalesce(t.role, 0) <> {CUSTOMER}",
        "CASE state WHEN {ACTIVE} THEN 'active' END",
        "c.cause IS NOT NULL AND t.text <> ''",
        "type = 'index' AND name = 'changed'",
        "import.state = '{RUNNING}'",
    ] {
        assert_eq!(unnamed(sql), Vec::<String>::new(), "{sql}");
    }
}
