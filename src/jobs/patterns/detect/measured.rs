//! The detector's word on all traffic and people's on audit items, put together (rules 40 and 43).

use super::told::Said;
use crate::domain::{Audited, Detection, MeanPrediction, Predicted, Rate, audit_rate, powered_rate};
use crate::store::{AuditedCase, ModeCase};

/// Audit items, and positives among them, from which on a prevalence is told.
const AUDIT: (u64, u64) = (100, 5);

/// Puts the detector's word and people's together. An audit item counts as often as it stands for others: 1 / the probability with
/// which it was drawn (rule 23).
pub(super) fn measure(out: &mut Detection, all: &[ModeCase], audit: &[AuditedCase], said: &Said, seed: u64) {
    let f = |c: &ModeCase| if c.is_failure { said.get(&c.id.0).copied() } else { Some(0.0) };
    let looked: Vec<(&ModeCase, f64)> = all.iter().filter_map(|c| Some((c, f(c)?))).collect();
    let flagged = looked.iter().filter(|(_, p)| *p >= 0.5).count();
    out.raw = (!looked.is_empty()).then(|| flagged as f64 / looked.len() as f64);
    let items: Vec<(Audited, bool)> = audit
        .iter()
        .filter_map(|AuditedCase { case, weight }| {
            let item = Audited { f: f(case)?, yes: case.is_in?, weight: *weight, group: case.group as u64 };
            Some((item, case.is_failure))
        })
        .collect();
    let found = |yes: bool| {
        let those = || items.iter().filter(|(i, fails)| i.yes == yes && *fails).map(|(i, _)| i);
        let weight: f64 = those().map(|i| i.weight).sum();
        let right: f64 = those().filter(|i| (i.f >= 0.5) == yes).map(|i| i.weight).sum();
        (weight > 0.0).then(|| right / weight)
    };
    (out.tpr, out.tnr) = (found(true), found(false));
    out.audit_failures =
        [true, false].map(|yes| items.iter().filter(|(i, fails)| i.yes == yes && *fails).count() as u64);
    let items: Vec<Audited> = items.into_iter().map(|(item, _)| item).collect();
    out.audit_rate = audit_rate(&items, seed).map(|r| r.sure.value);
    let (audit_n, positive) = (out.audit_n, out.audit_positive);
    if audit_n < AUDIT.0 || positive < AUDIT.1 {
        out.says = format!(
            "a prevalence is told from {} audit items on, {} of them in the mode; there are {audit_n} and {positive}: {}",
            AUDIT.0,
            AUDIT.1,
            still_to_review(audit_n, positive)
        );
        return;
    }
    let mean =
        MeanPrediction::over(looked.iter().map(|(c, f)| Predicted { f: *f, weight: 1.0, group: c.group as u64 }));
    let Some((alone, powered)) = mean.and_then(|mean| powered_rate(mean, &items, seed)) else { return };
    let sure = powered.map_or(alone.sure, |p| p.sure);
    // Never narrower than Wilson's with one more disagreement: a detector that agrees on every audit item is not known to be right.
    let apart = items.iter().filter(|i| (i.f >= 0.5) != i.yes).count() as u64;
    let m = items.len() as u64;
    let doubt = Rate::new((apart + 1).min(m), m);
    let half = (doubt.hi - doubt.lo) / 2.0;
    out.prevalence = Some(sure.value);
    (out.lo, out.hi) = (Some(sure.lo.min(sure.value - half).max(0.0)), Some(sure.hi.max(sure.value + half).min(1.0)));
    out.effective_labels = powered.map(|p| p.effective_labels).filter(|_| sure.hi - sure.lo >= 2.0 * half);
    out.lambda = Some(powered.map_or(0.0, |p| p.lambda));
    out.enough = true;
    // What it is worth beside plain counting is told where that is what the interval shows.
    let is_as_wide = sure.hi - sure.lo < 2.0 * half;
    out.says = match powered {
        Some(_) if is_as_wide => format!(
            "{m} audit items; the detector says otherwise than people on {apart} of them, which keeps the interval so wide"
        ),
        Some(p) => format!(
            "{m} audit items are worth {:.0} with the detector's word on {} conversations (weighed {:.2})",
            p.effective_labels,
            looked.len(),
            p.lambda
        ),
        None => format!("{m} audit items alone: the detector's word makes it no surer"),
    };
}

/// How many more audit items have to be reviewed, and what for: so many as there must be, or as many as hold those in the mode that are
/// missing, if it is as common as those reviewed so far can mean.
fn still_to_review(audit_n: u64, positive: u64) -> String {
    let (more, missing) = (AUDIT.0.saturating_sub(audit_n), AUDIT.1.saturating_sub(positive));
    let share = Rate::new(positive, audit_n).hi;
    let holding = (missing as f64 / share).ceil() as u64;
    if holding <= more {
        return format!("review at least {more} more audit items");
    }
    format!(
        "review at least {holding} more audit items to find {missing} more in the mode, which at most {:.1} % of them are in",
        100.0 * share
    )
}
