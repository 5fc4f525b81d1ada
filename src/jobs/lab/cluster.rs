//! Groups of texts of a file: what `appraise cluster` prints, and what anybody can check against peers.

use crate::base::npy;
use crate::domain::Reporter;
use crate::jobs::JobError;
use crate::jobs::lab::evaluate::LabelledText;
use crate::learn::cluster::scores::agreement;
use crate::learn::cluster::{ClusterRecipe, Clusters, clusters};
use crate::learn::vectors::embed::Embedder;
use flate2::read::MultiGzDecoder;
use rustc_hash::FxHashSet;
use serde::Serialize;
use std::io::Read;
use std::path::Path;
use std::time::Instant;

/// Bytes of vectors that are read; more would not fit beside the graph.
const MOST: u64 = 4 << 30;

/// How groups of a file are looked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ClusterOptions {
    /// Higher gives more and smaller groups.
    pub resolution: f64,
    /// The share of texts that stay single, the loosest first.
    pub leave_out: f64,
    /// Fixes what chance decides.
    pub seed: u64,
}

/// One group.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ClusteredGroup {
    /// What tells it from the others.
    pub terms: Vec<String>,
    /// The text nearest to its middle.
    pub medoid: String,
    /// Distinct texts in it.
    pub n: u64,
}

/// What `cluster` prints.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ClusterReport {
    /// Distinct texts.
    pub n: u64,
    /// Groups; single texts are none.
    pub clusters: u64,
    /// Texts that are in no group.
    pub single: u64,
    /// Seconds, vectors included.
    pub seconds: f64,
    /// Adjusted Rand index against the file's intents, a single text being a group of its own.
    pub ari: Option<f64>,
    /// Normalised mutual information against them.
    pub nmi: Option<f64>,
    /// The groups, the largest first.
    pub groups: Vec<ClusteredGroup>,
}

/// Reads vectors from NumPy's file, packed with gzip or not: the width of a row and the rows.
///
/// # Errors
/// The file cannot be read or is no table of numbers.
pub fn read_vectors(path: &Path) -> Result<(usize, Vec<f32>), JobError> {
    let fail = |what: String| JobError::File { path: path.display().to_string(), what };
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).map_err(|e| fail(e.to_string()))?;
    file.take(MOST).read_to_end(&mut bytes).map_err(|e| fail(e.to_string()))?;
    if bytes.starts_with(&[0x1f, 0x8b]) {
        let packed = std::mem::take(&mut bytes);
        MultiGzDecoder::new(&packed[..]).take(MOST).read_to_end(&mut bytes).map_err(|e| fail(e.to_string()))?;
    }
    npy::table(&bytes).map_err(|e| fail(e.to_string()))
}

/// Finds groups among the texts of a file, each text once. `vectors`: a row for each row of the file, in its order, instead of the
/// embedder's.
///
/// # Errors
/// No text; vectors that do not fit the rows; neither vectors nor an embedder; cancelled.
pub fn cluster_texts(
    rows: &[LabelledText],
    vectors: Option<(usize, Vec<f32>)>,
    embedder: Option<&dyn Embedder>,
    options: ClusterOptions,
    reporter: &dyn Reporter,
) -> Result<ClusterReport, JobError> {
    let clock = Instant::now();
    if rows.is_empty() {
        return Err(JobError::NothingToLearn("the file holds no text".to_owned()));
    }
    let mut seen = FxHashSet::default();
    let first: Vec<usize> = (0..rows.len()).filter(|&i| seen.insert(rows[i].text.as_str())).collect();
    let texts: Vec<&str> = first.iter().map(|&i| rows[i].text.as_str()).collect();
    let (width, vectors) = match (vectors, embedder) {
        (Some((width, all)), _) => {
            if all.len() != width * rows.len() {
                return Err(JobError::Usage(format!(
                    "{} vectors, but {} texts: there must be a row for each text of the file, in its order",
                    all.len() / width,
                    rows.len()
                )));
            }
            if all.iter().any(|x| !x.is_finite()) {
                return Err(JobError::Usage("the vectors hold NaN or infinity: write them again".to_owned()));
            }
            (width, first.iter().flat_map(|&i| all[i * width..][..width].iter().copied()).collect())
        }
        (None, Some(embedder)) => (embedder.width(), embedder.embed(&texts, reporter)?),
        (None, None) => {
            return Err(JobError::Usage(
                "groups need vectors: --encoder static, an added one, or --vectors FILE".to_owned(),
            ));
        }
    };
    let recipe = ClusterRecipe {
        resolution: options.resolution,
        leave_out: options.leave_out,
        ..ClusterRecipe::plain(options.seed)
    };
    let found: Clusters = clusters(&texts, &[], &vectors, width, recipe, reporter)?;
    let mut next = found.groups.len() as u32;
    let alone: Vec<u32> = found
        .of
        .iter()
        .map(|of| {
            of.unwrap_or_else(|| {
                next += 1;
                next
            })
        })
        .collect();
    let intents: Vec<&str> = first.iter().map(|&i| rows[i].intent.as_str()).collect();
    let scored = intents.iter().all(|i| !i.is_empty()).then(|| agreement(&alone, &intents));
    let (single, grouped): (Vec<_>, Vec<_>) = found.groups.iter().partition(|g| g.members.len() == 1);
    let groups = grouped.iter().map(|g| ClusteredGroup {
        terms: g.terms.clone(),
        medoid: texts[g.medoid as usize].to_owned(),
        n: g.members.len() as u64,
    });
    Ok(ClusterReport {
        n: texts.len() as u64,
        clusters: grouped.len() as u64,
        single: (single.len() + found.of.iter().filter(|of| of.is_none()).count()) as u64,
        seconds: clock.elapsed().as_secs_f64(),
        ari: scored.map(|s| s.ari),
        nmi: scored.map(|s| s.nmi),
        groups: groups.collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::SilentReporter;
    use crate::learn::vectors::table::VectorTable;

    fn row(text: &str, intent: &str) -> LabelledText {
        LabelledText { text: text.to_owned(), intent: intent.to_owned() }
    }

    const PLAIN: ClusterOptions = ClusterOptions { resolution: 1.0, leave_out: 0.0, seed: 1 };

    #[test]
    fn texts_that_mean_the_same_are_one_group_and_a_repeated_text_counts_once() {
        let mut rows = Vec::new();
        for (what, intent) in [("refund", "money"), ("password", "login"), ("delivery", "parcel")] {
            for words in
                ["where is my", "problem with the", "I have a question about my", "help me with the", "again the"]
            {
                rows.push(row(&format!("{words} {what}"), intent));
            }
        }
        rows.push(rows[0].clone());
        let table = VectorTable::built_in();
        let report = cluster_texts(&rows, None, Some(&*table), PLAIN, &SilentReporter).unwrap();
        assert_eq!((report.n, report.single), (15, 0));
        assert!(report.ari.unwrap() > 0.8, "{report:?}");
        assert!(report.groups.iter().any(|g| g.terms[0].contains("refund")), "{report:?}");
        rows[3].intent.clear();
        assert_eq!(cluster_texts(&rows, None, Some(&*table), PLAIN, &SilentReporter).unwrap().ari, None);
    }

    #[test]
    fn vectors_that_do_not_fit_are_refused_with_words() {
        let rows = [row("a", ""), row("b", "")];
        let says = |vectors| cluster_texts(&rows, vectors, None, PLAIN, &SilentReporter).unwrap_err().to_string();
        assert!(says(Some((2, vec![0.0; 6]))).contains("3 vectors, but 2 texts"));
        assert!(says(Some((1, vec![f32::NAN, 0.0]))).contains("NaN"));
        assert!(says(None).contains("--vectors"));
    }
}
