//! Embeds the texts of a CSV file and says how long it took: `embed DIR TEXTS.csv f32|int8 N`. For
//! `benches/compare/encoder.py`.

use appraise::domain::SilentReporter;
use appraise::jobs::read_labelled;
use appraise::learn::vectors::embed::Embedder;
use appraise::learn::vectors::encoder::{Encoder, Precision};
use std::path::Path;
use std::time::Instant;

fn main() -> anyhow::Result<()> {
    let args: Vec<String> = std::env::args().collect();
    let [_, dir, texts, precision, n] = args.as_slice() else { anyhow::bail!("embed DIR TEXTS.csv f32|int8 N") };
    let rows = read_labelled(Path::new(texts))?.rows;
    let texts: Vec<&str> = rows.iter().take(n.parse()?).map(|r| r.text.as_str()).collect();
    let precision = if precision == "int8" { Precision::Int8 } else { Precision::F32 };
    let clock = Instant::now();
    let encoder = Encoder::open(Path::new(dir), "bench", None, precision)?;
    let load_seconds = clock.elapsed().as_secs_f64();
    encoder.embed(&texts[..32.min(texts.len())], &SilentReporter)?;
    let clock = Instant::now();
    let vectors = encoder.embed(&texts, &SilentReporter)?;
    let seconds = clock.elapsed().as_secs_f64();
    let checksum: f32 = vectors.iter().sum();
    let value = serde_json::json!({
        "texts": texts.len(), "seconds": seconds, "load_seconds": load_seconds, "megabytes": resident(),
        "precision": precision, "checksum": checksum,
    });
    println!("{value}");
    Ok(())
}

/// Megabytes of memory in use; 0 where the system does not say.
fn resident() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|l| l.strip_prefix("VmRSS:")).unwrap_or_default();
    line.split_whitespace().next().and_then(|kb| kb.parse::<f64>().ok()).unwrap_or_default() / 1024.0
}
