//! Measured work in processes of their own, so that each one's memory is its own.

use serde_json::Value;
use std::process::{Command, Stdio};
use std::time::Instant;

/// Peak resident memory of this process in MiB; 0 where the system does not tell.
pub fn peak_memory() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:")).unwrap_or_default();
    line.split_whitespace().next().and_then(|kib| kib.parse::<f64>().ok()).unwrap_or_default() / 1024.0
}

/// Processor seconds of this process, and of the thread that asks. On a machine with other work, the larger of that
/// and the rest is what two idle processors would take; 0 where the system does not tell.
fn processor() -> (f64, f64) {
    (ticks("/proc/self/stat"), ticks("/proc/thread-self/stat"))
}

/// Measures one piece of work.
pub struct Clock(Instant);

/// How long it took so far.
#[derive(Clone, Copy, Debug, Default, serde::Serialize, serde::Deserialize)]
pub struct Mark {
    /// Seconds by the wall.
    pub wall: f64,
    /// Processor seconds of all threads.
    pub cpu: f64,
    /// Processor seconds of the busier of the measuring thread and all others: the wall time of two idle processors.
    pub longest: f64,
}

impl Clock {
    /// Starts.
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// So far.
    pub fn mark(&self) -> Mark {
        let (cpu, own) = processor();
        Mark { wall: self.0.elapsed().as_secs_f64(), cpu, longest: own.max(cpu - own) }
    }
}

/// User and system time of a `stat` file in seconds; Linux counts in hundredths.
fn ticks(path: &str) -> f64 {
    let stat = std::fs::read_to_string(path).unwrap_or_default();
    let after = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    after.split_whitespace().skip(11).take(2).filter_map(|t| t.parse::<f64>().ok()).sum::<f64>() / 100.0
}

/// This program again, with other arguments.
pub fn again(args: &[String]) -> Command {
    let mut command = Command::new(std::env::current_exe().expect("this program's own path"));
    command.args(args).stdout(Stdio::piped());
    command
}

/// Runs this program again; gives what it printed as JSON.
pub fn measured(args: &[String]) -> Value {
    let output = again(args).output().expect("this program runs again");
    assert!(output.status.success(), "{args:?} failed");
    serde_json::from_slice(&output.stdout).expect("what was measured, as JSON")
}

/// The value below which a share of the sorted values lies.
pub fn quantile(sorted: &[f64], share: f64) -> f64 {
    let at = (sorted.len() as f64 * share).ceil() as usize;
    sorted.get(at.saturating_sub(1)).copied().unwrap_or_default()
}

/// The value of `--name VALUE`.
pub fn flag(args: &[String], name: &str) -> Option<String> {
    args.iter().position(|a| a == name).and_then(|i| args.get(i + 1)).cloned()
}

/// A table with right-aligned columns after the first.
pub fn table(rows: &[Vec<String>]) {
    let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
    let width = |c: usize| rows.iter().filter_map(|r| r.get(c)).map(|s| s.chars().count()).max().unwrap_or_default();
    let widths: Vec<usize> = (0..columns).map(width).collect();
    for row in rows {
        let cells = row.iter().zip(&widths).enumerate();
        let line: Vec<String> =
            cells.map(|(i, (s, w))| if i == 0 { format!("{s:<w$}") } else { format!("{s:>w$}") }).collect();
        println!("{}", line.join("  ").trim_end());
    }
}
