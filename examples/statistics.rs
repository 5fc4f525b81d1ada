//! What the program's statistics say about given tables: one JSON question a line, one JSON answer a line. For
//! `benches/compare/verdicts.py`, which asks SciPy and statsmodels the same.

use appraise::domain::{IntentId, Rate};
use appraise::learn::judge::paired::{JudgedTurn, compare};
use appraise::learn::judge::stats;
use serde::Deserialize;
use serde_json::{Value, json};
use std::io::BufRead;

#[derive(Deserialize)]
#[serde(tag = "ask", rename_all = "snake_case")]
enum Question {
    Mcnemar {
        fixed: u64,
        broken: u64,
    },
    Wilson {
        num: u64,
        den: u64,
    },
    Holm {
        p: Vec<f64>,
    },
    SignFlip {
        nets: Vec<i64>,
    },
    SignFlipWorse {
        nets: Vec<i64>,
    },
    Bootstrap {
        clusters: Vec<(i64, u64)>,
        draws: usize,
        seed: u64,
    },
    /// Turns as conversation, primary gold intent, right before, right after.
    Compare {
        turns: Vec<(i64, i64, bool, bool)>,
    },
}

fn answer(question: Question) -> Value {
    match question {
        Question::Mcnemar { fixed, broken } => json!(stats::mcnemar(fixed, broken)),
        Question::Wilson { num, den } => {
            let rate = Rate::new(num, den);
            json!([rate.lo, rate.hi])
        }
        Question::Holm { p } => json!(stats::holm(&p)),
        Question::SignFlip { nets } => json!(stats::sign_flip(&nets)),
        Question::SignFlipWorse { nets } => json!(stats::sign_flip_worse(&nets)),
        Question::Bootstrap { clusters, draws, seed } => json!(stats::bootstrap(&clusters, draws, seed)),
        Question::Compare { turns } => verdict(&turns),
    }
}

fn verdict(turns: &[(i64, i64, bool, bool)]) -> Value {
    // Right says the gold intent; wrong says one that is none.
    let guess = |gold: i64, right: bool| Some((IntentId(if right { gold } else { -1 }), None));
    let judged: Vec<JudgedTurn> = turns
        .iter()
        .map(|&(cluster, gold, was, is)| JudgedTurn {
            cluster,
            gold: vec![IntentId(gold)],
            before: guess(gold, was),
            after: guess(gold, is),
            unseen: true,
            pinned: false,
        })
        .collect();
    let p = compare(&judged, &|i| i.0.to_string());
    json!({
        "p_value": p.p_value, "p_cluster": p.p_cluster, "ci95": p.ci95, "delta": p.delta, "verdict": p.verdict,
        "refused": p.refusals,
    })
}

fn main() -> anyhow::Result<()> {
    for line in std::io::stdin().lock().lines() {
        println!("{}", answer(serde_json::from_str(&line?)?));
    }
    Ok(())
}
