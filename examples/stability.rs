//! How much groups of texts hang on chance: `stability TEXTS.csv [VECTORS.npy]`. Prints adjusted Rand indices between groups of two
//! seeds; between groups of two random halves, each found alone, all texts then put to the nearest middle; and between groups of
//! two random thirds left out in turn, on the texts that both hold. Halves of one sample stand in for two weeks.

use appraise::domain::{Reporter, SilentReporter};
use appraise::jobs::{read_labelled, read_vectors};
use appraise::learn::cluster::scores::agreement;
use appraise::learn::cluster::{ClusterRecipe, Clusters, clusters, dot};
use appraise::learn::vectors::embed::Embedder;
use appraise::learn::vectors::table::VectorTable;
use std::collections::BTreeSet;
use std::path::Path;

/// Draws of each kind.
const DRAWS: u64 = 5;

/// Texts, each once, with their vectors.
struct Texts {
    texts: Vec<String>,
    vectors: Vec<f32>,
    width: usize,
}

impl Texts {
    fn grouped(&self, which: &[usize], seed: u64) -> anyhow::Result<Clusters> {
        let texts: Vec<&str> = which.iter().map(|&i| self.texts[i].as_str()).collect();
        let vectors: Vec<f32> = which.iter().flat_map(|&i| self.vector(i).iter().copied()).collect();
        let reporter: &dyn Reporter = &SilentReporter;
        Ok(clusters(&texts, &[], &vectors, self.width, ClusterRecipe::plain(seed), reporter)?)
    }

    fn vector(&self, i: usize) -> &[f32] {
        &self.vectors[i * self.width..][..self.width]
    }

    /// Every text's nearest middle.
    fn put(&self, found: &Clusters) -> Vec<u32> {
        let nearest = |i: usize| {
            let by = |g: &(usize, &appraise::learn::cluster::ClusterGroup)| dot(self.vector(i), &g.1.centroid);
            let best = found.groups.iter().enumerate().max_by(|a, b| by(a).total_cmp(&by(b)));
            best.map_or(u32::MAX, |(g, _)| g as u32)
        };
        (0..self.texts.len()).map(nearest).collect()
    }

    /// A random share of the texts, by a seed.
    fn drawn(&self, seed: u64) -> Vec<usize> {
        let mut all: Vec<usize> = (0..self.texts.len()).collect();
        appraise::base::rng::Rng::new(seed).shuffle(&mut all);
        all
    }
}

fn ari(a: &[u32], b: &[u32]) -> f64 {
    let names: Vec<String> = b.iter().map(u32::to_string).collect();
    agreement(a, &names.iter().map(String::as_str).collect::<Vec<_>>()).ari
}

fn groups(found: &Clusters) -> Vec<u32> {
    // A single text is a group of its own.
    let next = found.groups.len() as u32;
    (next..).zip(&found.of).map(|(own, of)| of.unwrap_or(own)).collect()
}

fn told(what: &str, values: &[f64]) {
    let (lo, hi) = values.iter().fold((f64::MAX, f64::MIN), |(lo, hi), v| (lo.min(*v), hi.max(*v)));
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    println!(
        "{what}: mean {:.1}, {:.1} to {:.1} (ARI x 100, {} draws)",
        100.0 * mean,
        100.0 * lo,
        100.0 * hi,
        values.len()
    );
}

fn main() -> anyhow::Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let Some(file) = args.first() else { anyhow::bail!("stability TEXTS.csv [VECTORS.npy]") };
    let rows = read_labelled(Path::new(file))?.rows;
    let mut seen = BTreeSet::new();
    let first: Vec<usize> = (0..rows.len()).filter(|&i| seen.insert(rows[i].text.as_str())).collect();
    let texts: Vec<String> = first.iter().map(|&i| rows[i].text.clone()).collect();
    let (width, vectors) = match args.get(1) {
        Some(path) => {
            let (width, all) = read_vectors(Path::new(path))?;
            (width, first.iter().flat_map(|&i| all[i * width..][..width].to_vec()).collect())
        }
        None => {
            let table = VectorTable::built_in();
            let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
            (table.width(), table.embed(&texts, &SilentReporter)?)
        }
    };
    let all = Texts { texts, vectors, width };
    let everything: Vec<usize> = (0..all.texts.len()).collect();
    let of_one = groups(&all.grouped(&everything, 1)?);
    let (mut seeds, mut halves, mut common) = (Vec::new(), Vec::new(), Vec::new());
    for draw in 1..=DRAWS {
        seeds.push(ari(&of_one, &groups(&all.grouped(&everything, draw + 1)?)));
        let order = all.drawn(draw);
        let (a, b) = order.split_at(order.len() / 2);
        halves.push(ari(&all.put(&all.grouped(a, 1)?), &all.put(&all.grouped(b, 1)?)));
        let third = order.len() / 3;
        let (a, b) = (&order[third..], [&order[..third], &order[2 * third..]].concat());
        let (of_a, of_b) = (groups(&all.grouped(a, 1)?), groups(&all.grouped(&b, 1)?));
        // Both hold the last third, at their ends.
        let n = order.len() - 2 * third;
        common.push(ari(&of_a[of_a.len() - n..], &of_b[of_b.len() - n..]));
    }
    println!("{} texts", all.texts.len());
    told("two seeds", &seeds);
    told("two halves, all texts put to the nearest middle", &halves);
    told("two parts of two thirds, on the third that both hold", &common);
    Ok(())
}
