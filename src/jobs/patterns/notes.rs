//! Notes that say the same, as modes to be (rule 43): reviewers write what went wrong first in their own words, and groups of such
//! notes are proposed.

use crate::domain::{PatternKind, Reporter, TurnKey};
use crate::jobs::JobError;
use crate::learn::cluster::{ClusterRecipe, clusters, terms_among};
use crate::learn::vectors::embed::Embedder;
use crate::store::{FoundPattern, Store};
use std::collections::BTreeMap;

/// The smallest group of notes that is proposed, in conversations.
const FEWEST: usize = 2;

/// Groups the notes on failures that are in no mode yet.
///
/// # Errors
/// The store cannot be read; cancelled.
pub(super) fn noted(
    store: &Store,
    embedder: Option<&dyn Embedder>,
    seed: u64,
    reporter: &dyn Reporter,
) -> Result<Vec<FoundPattern>, JobError> {
    let notes = store.notes_without_mode()?;
    let mut with: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (i, (_, note, _)) in notes.iter().enumerate() {
        with.entry(note.trim().to_lowercase()).or_default().push(i);
    }
    let texts: Vec<&str> = with.keys().map(String::as_str).collect();
    let of: Vec<&Vec<usize>> = with.values().collect();
    let mut out = Vec::new();
    let mut keep = |terms: Option<Vec<String>>, texts: &[u32], first: u32| {
        let mut members: Vec<usize> = texts.iter().flat_map(|&t| of[t as usize].iter().copied()).collect();
        members.sort_unstable();
        // Notes on test groups count and are not shown (rule 47).
        let shown = of[first as usize].iter().chain(&members).find(|&&i| notes[i].2);
        let name = match (terms.filter(|t| !t.is_empty()), shown) {
            (Some(terms), _) => terms.join(", "),
            (None, Some(&i)) => short(&notes[i].1.trim().to_lowercase()),
            (None, None) => "notes that say the same".to_owned(),
        };
        // A note is on a conversation; the turn key only makes room for it in the same column.
        let examples = shown.map(|&i| (notes[i].0, TurnKey(0))).into_iter().collect();
        let members: Vec<_> = members.into_iter().map(|i| notes[i].0).collect();
        if members.len() >= FEWEST {
            out.push(FoundPattern { kind: PatternKind::Noted, key: None, name, examples, members, evidence: None });
        }
    };
    let Some(embedder) = embedder.filter(|_| texts.len() >= 3) else {
        // Too few to be grouped: equal ones alone say the same.
        for t in 0..texts.len() as u32 {
            keep(None, &[t], t);
        }
        return Ok(out);
    };
    let vectors = embedder.embed(&texts, reporter)?;
    let recipe = ClusterRecipe { resolution: 4.0, smallest: 1, leave_out: 0.0, ..ClusterRecipe::plain(seed) };
    let found = clusters(&texts, &[], &vectors, embedder.width(), recipe, reporter)?;
    let voices = |t: u32| of[t as usize].iter().map(|&i| &notes[i]).filter(|n| n.2).map(|n| n.0.0).collect();
    let terms = terms_among(&texts, found.groups.iter().map(|g| &*g.members), voices);
    for (group, terms) in found.groups.iter().zip(terms) {
        keep((group.members.len() > 1).then_some(terms), &group.members, group.medoid);
    }
    Ok(out)
}

/// The beginning of a note.
fn short(note: &str) -> String {
    const SHOWN: usize = 44;
    let line = note.split_whitespace().collect::<Vec<_>>().join(" ");
    let cut: String = line.chars().take(SHOWN).collect();
    if cut.len() == line.len() { line } else { format!("{}…", cut.trim_end()) }
}
