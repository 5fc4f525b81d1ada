//! What a check found, as a file that Prometheus' node exporter reads (textfile collector).

use super::found::{CheckReport, Checked};
use crate::disk::{ExistingFile, InputFiles, NewFile};
use crate::domain::Timestamp;
use crate::jobs::JobError;
use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Write as _};
use std::path::Path;

/// What such a file begins with: others' are not replaced.
const MARK: &str = "# Written by `appraise check`, anew at every run.";

/// Writes the figures. A file that this program has not written is refused; an old one is replaced whole, by a rename.
///
/// # Errors
/// The file is another's, or cannot be written.
pub fn write_prometheus(found: &CheckReport, path: &Path, now: Timestamp, inputs: &InputFiles) -> Result<(), JobError> {
    let mut file = NewFile::begin(path, ExistingFile::Ours(is_ours), inputs)?;
    let failed = |e: std::io::Error| crate::disk::CannotWrite::system(path, &e);
    file.write_all(text(found, now).as_bytes()).map_err(failed)?;
    file.keep()?;
    Ok(())
}

fn is_ours(path: &Path) -> bool {
    let first = std::fs::File::open(path).ok().and_then(|f| BufReader::new(f).lines().next());
    first.is_some_and(|line| line.is_ok_and(|line| line == MARK))
}

fn text(found: &CheckReport, now: Timestamp) -> String {
    let mut out = format!("{MARK}\n");
    let one = |out: &mut String, name: &str, help: &str, value: f64| {
        let _ = writeln!(out, "# HELP {name} {help}\n# TYPE {name} gauge\n{name} {value}");
    };
    one(&mut out, "appraise_check_ok", "1 while no limit is left.", f64::from(u8::from(found.ok)));
    one(&mut out, "appraise_check_timestamp_seconds", "When the check ran.", (now.0 / 1_000) as f64);
    type Figure = fn(&Checked) -> f64;
    let figures: [(&str, &str, Figure); 6] = [
        ("value", "What was seen, a fraction.", |c| c.found.value),
        ("lower", "Lower end of the interval.", |c| c.found.lo),
        ("upper", "Upper end of the interval.", |c| c.found.hi),
        ("limit", "The limit.", |c| c.found.limit),
        ("customer_days", "Observations: one a customer and day.", |c| c.found.n as f64),
        ("breached", "1 where the limit is left.", |c| f64::from(u8::from(c.breached))),
    ];
    for (name, help, of) in figures {
        let name = format!("appraise_check_{name}");
        let _ = writeln!(out, "# HELP {name} {help}\n# TYPE {name} gauge");
        for c in &found.checked {
            // Rates are named by us: no label needs to be escaped.
            let _ = writeln!(out, "{name}{{rate=\"{}\"}} {}", c.found.rate, number(of(c)));
        }
    }
    out
}

/// As the format writes what is no number.
fn number(x: f64) -> String {
    if x.is_nan() { "NaN".to_owned() } else { x.to_string() }
}
