//! How well something is told, and what it was learnt from, in lines.

use crate::domain::{LearnedReport, ReadPart, Verdict};
use crate::jobs::learners::AGAIN_AFTER;
use crate::store::{KnownOf, LearnerKind};
use crate::theme::Role;
use crate::tui::widgets::{numbers, words};

/// Columns of a label.
const LABEL: usize = 15;
/// Below this much more of all pairs in the right order nothing is gained: one of 100.
const HELPS: f64 = 0.01;

/// Lines with their roles, as wide as there is room for.
pub fn lines(learner: LearnerKind, known: &KnownOf, intervals: bool, wide: usize) -> Vec<(String, Role)> {
    let mut out: Vec<(String, Role)> = Vec::new();
    let Some(row) = &known.newest else {
        let what = match learner {
            LearnerKind::Sentiment => "ratings, thumbs and words of reviewers",
            LearnerKind::Offers => "answered offers",
            LearnerKind::Responses => "accepted corrections",
        };
        let missing = known.missing.clone().unwrap_or_else(|| {
            let n = numbers::count(known.signals);
            match known.signals {
                AGAIN_AFTER.. => format!("{n} {what} are here: t learns from them."),
                _ => {
                    format!(
                        "{n} {what} so far: it begins by itself at {AGAIN_AFTER}; t tries now and says what is missing."
                    )
                }
            }
        });
        out.push(("Nothing is learnt yet".to_owned(), Role::Heading));
        out.extend(words::wrap(&words::line(&missing), wide).into_iter().map(|l| (l, Role::Muted)));
        return out;
    };
    let report = &row.report;
    let so_far = numbers::count(known.new_signals());
    let again = format!("after {} new signals ({so_far} so far)", numbers::count(report.again_after));
    if let Some(says) = report.nothing(numbers::count) {
        out.push(("Nothing is learnt yet".to_owned(), Role::Heading));
        let says = format!("v{} {says}; it learns again {again}.", row.release.0);
        out.extend(words::wrap(&says, wide).into_iter().map(|l| (l, Role::Muted)));
        return out;
    }
    let (n, what) = (numbers::count(report.after.n), report.examples());
    out.push((format!("How well does it tell?   {n} {what} it had not seen"), Role::Heading));
    if let Some(worth) = report.after.worth {
        let says = format!("drawn from a log: weighed, and as sure as {} of one weight", numbers::count(worth as u64));
        out.extend(words::wrap(&says, wide).into_iter().map(|l| (l, Role::Muted)));
    }
    labelled(&mut out, "tells apart", &report.told(), wide, Role::Text);
    let (says, role) = judged(report);
    labelled(&mut out, "", says, wide, role);
    if intervals {
        let loss = format!(
            "log loss {:.3}, before {:.3}: it {}; p {:.4}, look {} (tests at {:.4})",
            report.after.log_loss,
            report.before.log_loss,
            report.moved(3),
            report.p_cluster,
            report.looks,
            0.05 / (report.looks as f64 * (report.looks as f64 + 1.0))
        );
        labelled(&mut out, "", &loss, wide, Role::Muted);
    }
    let count = numbers::count;
    let of = match report.part() {
        Some(ReadPart::Drawn { drawn, all }) => format!(" · drawn: {} of {} conversations", count(drawn), count(all)),
        Some(ReadPart::Newest { all }) => format!(" · the newest of {} signals", count(all)),
        None => String::new(),
    };
    let kept = "what is kept to judge it is not among them";
    labelled(&mut out, "learned from", &format!("{}{of}; {kept}", report.taught_by(count)), wide, Role::Text);
    if let Some(unheard) = report.unheard(numbers::count) {
        labelled(&mut out, "", &unheard, wide, Role::Muted);
    }
    if let [first, .., last] = report.by_labels.as_slice() {
        // From a coin's half to all: what hardly moves looks as though it hardly moved.
        let line: String = report.by_labels.iter().map(|p| numbers::spark(((p.1 - 0.5) / 0.5).max(0.0))).collect();
        let says = format!(
            "{line}  {:.0} of 100 with {}, {:.0} with {}{}",
            100.0 * first.1,
            numbers::count(first.0),
            100.0 * last.1,
            numbers::count(last.0),
            if last.1 - first.1 < HELPS { ": more did not help" } else { "" }
        );
        labelled(&mut out, "by labels", &says, wide, Role::Text);
    }
    labelled(&mut out, "learns again", &again, wide, Role::Text);
    let v = row.release.0;
    match known.candidate {
        Some(_) => {
            let says = match report.verdict {
                Verdict::Better => format!("v{v} learnt this alone: p makes it live and leaves all else as it is"),
                Verdict::CannotTell => {
                    format!("v{v} learnt this alone; nobody can tell yet whether it is better: it stays a candidate")
                }
                Verdict::Worse => format!("v{v} learnt this alone and tells worse: it stays a candidate"),
            };
            labelled(&mut out, "not live", &says, wide, Role::Muted);
        }
        None if known.lacks_base => {
            let says = format!("v{v} is not live: it goes on with a live release, and Fine-tune makes the first");
            labelled(&mut out, "not live", &says, wide, Role::Muted);
        }
        None if !known.is_live => labelled(&mut out, "not live", &format!("v{v} is not live"), wide, Role::Muted),
        None => {}
    }
    out
}

/// What may be said of a release beside the one before, in one sentence: it is judged by the chances it gives, not by the order alone.
fn judged(report: &LearnedReport) -> (&'static str, Role) {
    match report.verdict {
        Verdict::Better => ("better: its chances come closer to what happened", Role::Good),
        Verdict::Worse => ("worse: its chances are further from what happened", Role::Bad),
        Verdict::CannotTell if report.after.auc - report.before.auc >= HELPS => (
            "cannot tell yet: the order is better, but the chances it gives may come no closer to what happened",
            Role::Muted,
        ),
        Verdict::CannotTell => ("cannot tell yet whether it is better", Role::Muted),
    }
}

fn labelled(out: &mut Vec<(String, Role)>, label: &str, text: &str, wide: usize, role: Role) {
    for (i, part) in words::wrap(text, wide.saturating_sub(LABEL)).into_iter().enumerate() {
        out.push((format!("{}{part}", words::pad(if i == 0 { label } else { "" }, LABEL)), role));
    }
}
