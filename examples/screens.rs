//! Draws the README's pictures: the real binary on its demo in a pseudo-terminal, each frame written as SVG.
//!
//! `cargo run --example screens -- target/release/appraise`, or `just screens`.

#[path = "../tests/it/term.rs"]
#[allow(dead_code, reason = "a picture needs less of the terminal than the tests do")]
mod term;

use std::fmt::Write;
use std::path::Path;
use term::Term;

/// Size of a character cell, in pixels, and where letters stand in it.
const CELL: (f64, f64) = (8.4, 17.0);
const BASELINE: f64 = 12.8;
const MARGIN: f64 = 10.0;

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let program = root.join(std::env::args().nth(1).expect("the path of the program to draw"));
    let home = tempfile::tempdir().expect("a directory");
    let store = home.path().join("demo.db");
    let store = store.to_str().expect("a path");
    let global = ["--store", store, "--as", "you", "--now", "2026-11-22T12:00:00Z"];
    let built = std::process::Command::new(&program)
        .args(global)
        .args(["demo", "--no-tui", "--quiet", "--until", "2026-11-22"])
        .status()
        .expect("the demo is built");
    assert!(built.success());

    let size = (110, 32);
    let mut term = Term::start(&program, &global, size, home.path());
    let save = |term: &Term, name: &str| {
        let path = root.join("assets/screens").join(name);
        std::fs::write(&path, svg(term)).expect("a picture is written");
    };
    term.wait_for("What would help most");
    save(&term, "overview.svg");
    term.keys("2");
    term.wait_for("customer said");
    term.wait_for("customer");
    std::thread::sleep(std::time::Duration::from_millis(500));
    save(&term, "queue.svg");
    term.keys("r");
    term.wait_for("What did the customer want?");
    save(&term, "review.svg");
    term.keys("g5");
    term.wait_for("sealed gold");
    save(&term, "finetune.svg");
    term.keys("R");
    term.wait_for("learned");
    save(&term, "registry.svg");
    term.keys("q");

    let mut shell = Term::start(&program, &[&global[..], &["stats", "--by", "month"]].concat(), (110, 32), home.path());
    shell.end();
    std::thread::sleep(std::time::Duration::from_millis(200));
    save(&shell, "stats.svg");
}

/// The screen as a picture: one text element for each run of equal style.
fn svg(term: &Term) -> String {
    let parser = term.screen();
    let screen = parser.screen();
    let (rows, cols) = screen.size();
    let (width, height) = (f64::from(cols) * CELL.0 + 2.0 * MARGIN, f64::from(rows) * CELL.1 + 2.0 * MARGIN);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" width=\"{width:.0}\" height=\"{height:.0}\">\n\
         <rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"#121214\"/>\n\
         <g font-family=\"ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace\" font-size=\"14\" xml:space=\"preserve\">\n"
    );
    for row in 0..rows {
        let mut col = 0;
        while col < cols {
            let style = style(screen, row, col);
            let (begin, mut text) = (col, String::new());
            while col < cols && style == self::style(screen, row, col) {
                let cell = screen.cell(row, col);
                let wide = cell.is_some_and(vt100::Cell::is_wide);
                let said = cell.map(|c| c.contents().to_owned()).unwrap_or_default();
                text.push_str(if said.is_empty() { " " } else { &said });
                col += if wide { 2 } else { 1 };
            }
            run(&mut out, row, begin, col - begin, &text, &style);
        }
    }
    out.push_str("</g>\n</svg>\n");
    out
}

#[derive(PartialEq)]
struct Style {
    fg: String,
    bg: Option<String>,
    bold: bool,
    underline: bool,
}

fn style(screen: &vt100::Screen, row: u16, col: u16) -> Style {
    let Some(cell) = screen.cell(row, col) else {
        return Style { fg: String::new(), bg: None, bold: false, underline: false };
    };
    let (fg, bg) = (color(cell.fgcolor()), color(cell.bgcolor()));
    let (mut fg, mut bg) = (fg.unwrap_or_else(|| "#dcdcdc".to_owned()), bg);
    if cell.inverse() {
        let back = bg.unwrap_or_else(|| "#121214".to_owned());
        bg = Some(std::mem::replace(&mut fg, back));
    }
    if cell.dim() {
        fg = "#8a8a8a".to_owned();
    }
    Style { fg, bg, bold: cell.bold(), underline: cell.underline() }
}

fn color(color: vt100::Color) -> Option<String> {
    match color {
        vt100::Color::Default => None,
        vt100::Color::Rgb(r, g, b) => Some(format!("#{r:02x}{g:02x}{b:02x}")),
        vt100::Color::Idx(n) if n >= 232 => {
            let level = 8 + (n - 232) * 10;
            Some(format!("#{level:02x}{level:02x}{level:02x}"))
        }
        vt100::Color::Idx(n) if n >= 16 => {
            let level = |n: u8| if n == 0 { 0 } else { 55 + n * 40 };
            let n = n - 16;
            Some(format!("#{:02x}{:02x}{:02x}", level(n / 36), level(n / 6 % 6), level(n % 6)))
        }
        vt100::Color::Idx(n) => {
            const BASE: [&str; 16] = [
                "#000000", "#cd3131", "#0dbc79", "#e5e510", "#2472c8", "#bc3fbc", "#11a8cd", "#cccccc", "#666666",
                "#f14c4c", "#23d18b", "#f5f543", "#3b8eea", "#d670d6", "#29b8db", "#ffffff",
            ];
            Some(BASE[usize::from(n)].to_owned())
        }
    }
}

fn run(out: &mut String, row: u16, col: u16, cells: u16, text: &str, style: &Style) {
    let (x, y) = (MARGIN + f64::from(col) * CELL.0, MARGIN + f64::from(row) * CELL.1);
    let width = f64::from(cells) * CELL.0;
    if let Some(bg) = &style.bg {
        let _ =
            writeln!(out, "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{}\" fill=\"{bg}\"/>", CELL.1);
    }
    if text.trim().is_empty() {
        return;
    }
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let bold = if style.bold { " font-weight=\"bold\"" } else { "" };
    let line = if style.underline { " text-decoration=\"underline\"" } else { "" };
    let _ = writeln!(
        out,
        "<text x=\"{x:.1}\" y=\"{:.1}\" textLength=\"{width:.1}\" lengthAdjust=\"spacingAndGlyphs\" fill=\"{}\"{bold}{line}>{escaped}</text>",
        y + BASELINE,
        style.fg
    );
}
