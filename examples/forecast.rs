//! How often what the next labels bring lies in the forecast's band: `forecast TRAIN.csv TEST.csv SEEDS [BASE]`.
//!
//! Each run deals the training file (`text,intent`, optionally `conversation`) into a random order, takes the first BASE rows of each
//! intent as base examples, trains on prefixes of the next labels as the learning curve does, and once more with the labels
//! that come next. A line of JSON a run: what was forecast, what came. Half of the runs draw labels at random, half take those first
//! that a model of the base examples gets wrong, as a queue of failures does.

use appraise::base::rng::Rng;
use appraise::domain::{IntentId, SilentReporter};
use appraise::learn::contract::LearnerRecipe;
use appraise::learn::intent::{IntentExample, IntentModel, IntentRecipe};
use appraise::learn::judge::forecast::ForecastHits;
use appraise::learn::vectors::table::VectorTable;
use std::collections::HashMap;
use std::collections::btree_map::{BTreeMap, Entry};
use std::io::Write;

/// Labels that are looked ahead, as `economics` does.
const AHEAD: usize = 100;
/// Labels so far.
const SO_FAR: [usize; 6] = [10, 25, 50, 100, 200, 400];
/// Conversations of the test file that score a run.
const SEALED: usize = 400;

struct Row {
    text: String,
    intent: IntentId,
    conversation: String,
}

fn read(path: &str, ids: &mut HashMap<String, IntentId>) -> anyhow::Result<Vec<Row>> {
    let mut reader = csv::Reader::from_path(path)?;
    let headers = reader.headers()?.clone();
    let column = |name: &str| headers.iter().position(|h| h == name);
    let mut rows = Vec::new();
    for (n, row) in reader.records().enumerate() {
        let row = row?;
        let get = |at: Option<usize>| at.and_then(|at| row.get(at)).map(str::to_owned);
        let next = IntentId(ids.len() as i64 + 1);
        rows.push(Row {
            text: get(column("text")).unwrap_or_default(),
            intent: *ids.entry(get(column("intent")).unwrap_or_default()).or_insert(next),
            conversation: get(column("conversation")).unwrap_or_else(|| n.to_string()),
        });
    }
    Ok(rows)
}

/// Right answers by conversation.
fn hits(model: &IntentModel, sealed: &[&Row]) -> Vec<u64> {
    let texts: Vec<&str> = sealed.iter().map(|r| r.text.as_str()).collect();
    let mut right: BTreeMap<&str, u64> = BTreeMap::new();
    for (row, answer) in sealed.iter().zip(model.predict_batch(&texts)) {
        *right.entry(&row.conversation).or_default() += u64::from(answer.best().map(|b| b.0) == Some(row.intent));
    }
    right.into_values().collect()
}

fn main() -> anyhow::Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [train_file, test_file, seeds, more @ ..] = args.as_slice() else {
        anyhow::bail!("forecast TRAIN.csv TEST.csv SEEDS [BASE]");
    };
    let base: usize = more.first().map_or(Ok(5), |n| n.parse())?;
    let mut ids = HashMap::new();
    let (rows, test) = (read(train_file, &mut ids)?, read(test_file, &mut ids)?);
    let names: Vec<(IntentId, String)> = ids.iter().map(|(name, id)| (*id, name.clone())).collect();
    let table = VectorTable::built_in();
    let learn = |of: &[usize], seed: u64| {
        let example = |&i: &usize| IntentExample {
            text: rows[i].text.clone(),
            intent: rows[i].intent,
            group: i as u64,
            weight: 1.0,
        };
        let examples: Vec<IntentExample> = of.iter().map(example).collect();
        let recipe = IntentRecipe { names: &names, embedder: Some(table.clone()), ..IntentRecipe::plain(seed) };
        recipe.fit(&examples, &SilentReporter).map(|t| t.model)
    };
    for seed in 1..=seeds.parse()? {
        let mut order: Vec<usize> = (0..rows.len()).collect();
        Rng::part(seed, 1).shuffle(&mut order);
        let mut counts: HashMap<IntentId, usize> = HashMap::new();
        let (known, mut stream): (Vec<usize>, Vec<usize>) = order.into_iter().partition(|&i| {
            let count = counts.entry(rows[i].intent).or_default();
            *count += 1;
            *count <= base
        });
        let picked = seed % 2 == 0 && base > 0;
        if picked {
            stream.truncate(4_000);
            let model = learn(&known, seed)?;
            let texts: Vec<&str> = stream.iter().map(|&i| rows[i].text.as_str()).collect();
            let answers = model.predict_batch(&texts);
            let wrong: HashMap<usize, bool> =
                stream.iter().zip(&answers).map(|(&i, a)| (i, a.best().map(|b| b.0) != Some(rows[i].intent))).collect();
            stream.sort_by_key(|i| !wrong[i]);
        }
        let mut conversations: Vec<&str> = test.iter().map(|r| r.conversation.as_str()).collect();
        conversations.sort_unstable();
        conversations.dedup();
        Rng::part(seed, 2).shuffle(&mut conversations);
        conversations.truncate(SEALED);
        conversations.sort_unstable();
        let drawn = |r: &&Row| conversations.binary_search(&r.conversation.as_str()).is_ok();
        let sealed: Vec<&Row> = test.iter().filter(drawn).collect();
        let mut sizes: BTreeMap<&str, u64> = BTreeMap::new();
        sealed.iter().for_each(|r| *sizes.entry(&r.conversation).or_default() += 1);
        let sizes: Vec<u64> = sizes.into_values().collect();
        let n: u64 = sizes.iter().sum();
        let mut scored: BTreeMap<usize, Vec<u64>> = BTreeMap::new();
        for so_far in SO_FAR {
            let fifths = (1..=5).map(|k| (so_far * k).div_ceil(5));
            let mut ends: Vec<usize> = fifths.collect();
            ends.insert(0, 0);
            for &end in ends.iter().chain([&(so_far + AHEAD)]) {
                let learned: Vec<usize> = known.iter().chain(&stream[..end]).copied().collect();
                // There is no model of nothing.
                if let Entry::Vacant(free) = scored.entry(end)
                    && !learned.is_empty()
                {
                    free.insert(hits(&learn(&learned, seed)?, &sealed));
                }
            }
            ends.retain(|end| scored.contains_key(end));
            let labels: Vec<u64> = ends.iter().map(|&n| n as u64).collect();
            let right: Vec<Vec<u64>> = ends.iter().map(|n| scored[n].clone()).collect();
            let total = |right: &[u64]| right.iter().sum::<u64>() as f64 / n as f64;
            let last = &scored[&(so_far + AHEAD)];
            let came = total(last) - total(&scored[&so_far]);
            let band = ForecastHits { labels: &labels, sizes: &sizes, right: &right }.forecast(AHEAD as u64);
            let band = band.map(|b| [b.value, b.lo, b.hi]);
            let line = serde_json::json!({"seed": seed, "picked": picked, "base": known.len(), "labels": labels, "turns": n,
                "band": band, "came": came, "sizes": sizes, "right": right, "after": last});
            writeln!(std::io::stdout(), "{line}")?;
        }
    }
    Ok(())
}
