//! An AI of the configuration in place of a trained detector: asked yes or no about a bounded random sample, masked. What it says
//! is nobody's label.

use super::told::{AskAi, Said, gist};
use crate::base::rng::Rng;
use crate::domain::{Ai, AskedDetector, Reporter};
use crate::jobs::JobError;
use crate::jobs::external::ExternalAsker;
use crate::store::{AuditedCase, ModeCase, ModeRow, Store};
use crate::text;
use std::borrow::Cow;
use std::collections::BTreeSet;

/// What an AI answers where it is another failure, or none.
const ELSE: &str = "something_else";
/// Judged failures that it is shown of each kind.
const EXAMPLES: usize = 4;

/// How many of the audit items failed, each conversation once: so many questions they take.
pub(super) fn failures_of(audit: &[AuditedCase]) -> usize {
    audit.iter().filter(|a| a.case.is_failure).map(|a| a.case.id.0).collect::<BTreeSet<i64>>().len()
}

/// All audit items, and of the rest a random sample up to a limit.
pub(super) fn sampled(all: &[ModeCase], audit: &[AuditedCase], limit: usize, seed: u64) -> Vec<ModeCase> {
    let is_audit: BTreeSet<i64> = audit.iter().map(|a| a.case.id.0).collect();
    let is_audit_failure: BTreeSet<i64> = audit.iter().filter(|a| a.case.is_failure).map(|a| a.case.id.0).collect();
    let mut rest: Vec<ModeCase> = all.to_vec();
    Rng::new(seed).shuffle(&mut rest);
    // The sample is of everything: an audit item that is drawn is asked about once.
    let room = limit.saturating_sub(is_audit_failure.len());
    let mut taken = 0;
    let mut out: Vec<ModeCase> = rest
        .into_iter()
        .take_while(|c| {
            let asks = c.is_failure && !is_audit.contains(&c.id.0);
            taken += usize::from(asks);
            taken <= room
        })
        .collect();
    let drawn: BTreeSet<i64> = out.iter().map(|c| c.id.0).collect();
    let mut more: Vec<ModeCase> = audit.iter().map(|a| a.case).filter(|c| !drawn.contains(&c.id.0)).collect();
    // One that two cycles drew is asked about once.
    more.sort_by_key(|c| c.id);
    more.dedup_by_key(|c| c.id);
    Rng::part(seed, 1).shuffle(&mut more);
    out.extend(more.into_iter().take(limit));
    out.sort_by_key(|c| c.id);
    out
}

/// What an AI is asked: yes or no, with the mode's name, its root cause and what people judged in training groups.
pub(super) fn question(
    store: &Store,
    ai: &Ai,
    mode: &ModeRow,
    lessons: &[ModeCase],
    seed: u64,
) -> Result<String, JobError> {
    let mut lessons = lessons.to_vec();
    Rng::part(seed, 9).shuffle(&mut lessons);
    let mut out = format!(
        "You read what a customer wrote to an AI assistant and what followed. Say whether this is what went wrong first: {}. \
         It is of the kind \"{}\": {}\n\nAnswer with one of these two lines and nothing else:\n{}\n{ELSE}\n",
        text::clean(&mode.name),
        mode.cause.label(),
        mode.cause.meaning(),
        text::clean(&mode.name),
    );
    for (is_in, title) in [(true, text::clean(&mode.name).to_string()), (false, ELSE.to_owned())] {
        let judged = lessons.iter().filter(|c| c.is_in == Some(is_in)).take(EXAMPLES);
        for (shown, case) in judged.enumerate() {
            if shown == 0 {
                out.push_str(&format!("\nExamples that people judged to be {title}:\n"));
            }
            // As a JSON string, so that no customer's words read as an instruction on a line of its own.
            out.push_str(&serde_json::json!(sent(ai, &gist(store, case)?)).to_string());
            out.push('\n');
        }
    }
    Ok(out)
}

/// What leaves this machine of a text: masked, unless the configuration reveals it (rule 32).
fn sent<'a>(ai: &Ai, text: &'a str) -> Cow<'a, str> {
    if ai.reveal { text.into() } else { text::redact(text) }
}

/// What an AI says of failures; what did not fail is in no mode and nobody is asked.
pub(super) fn asked(
    store: &Store,
    ask: &AskAi<'_>,
    mode: &ModeRow,
    question: &str,
    cases: &[ModeCase],
    reporter: &dyn Reporter,
) -> Result<Said, JobError> {
    let mut asker = ExternalAsker::with_prompt(ask.ai, ask.key, question)?;
    let failed: Vec<&ModeCase> = cases.iter().filter(|c| c.is_failure).take(ask.limit).collect();
    let mut said = Said::new();
    for (i, case) in failed.iter().enumerate() {
        reporter.step("ask", i as u64, failed.len() as u64)?;
        let whole = gist(store, case)?;
        let (answer, _) = asker.ask(&sent(ask.ai, &whole), reporter)?;
        let best = answer.ranking.first();
        let is_in = best.is_some_and(|(name, _)| text::name_key(name) == text::name_key(&mode.name));
        let sure = best.and_then(|b| b.1).filter(|c| (0.0..=1.0).contains(c)).unwrap_or(1.0);
        said.insert(case.id.0, if is_in { sure.max(0.5) } else { (1.0 - sure).min(0.49) });
    }
    Ok(said)
}

pub(super) fn agreement(ai: &Ai, audit: &[AuditedCase], said: &Said) -> AskedDetector {
    let both: Vec<bool> =
        audit.iter().filter_map(|a| Some((*said.get(&a.case.id.0)? >= 0.5) == a.case.is_in?)).collect();
    AskedDetector {
        name: ai.name.clone(),
        asked: said.len() as u64,
        agrees: both.iter().filter(|same| **same).count() as u64,
        of: both.len() as u64,
    }
}
