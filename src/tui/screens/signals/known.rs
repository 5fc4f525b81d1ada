//! How well something is told, and what it was learnt from, in lines.

use crate::domain::{LearnedFigures, LearnedReport, ReadPart, Verdict};
use crate::store::{KnownOf, LearnerKind};
use crate::theme::Role;
use crate::tui::widgets::{numbers, words};

/// Columns of a label.
const LABEL: usize = 15;

/// Lines with their roles, as wide as there is room for.
pub fn lines(learner: LearnerKind, known: &KnownOf, intervals: bool, wide: usize) -> Vec<(String, Role)> {
    let mut out: Vec<(String, Role)> = Vec::new();
    let Some(row) = &known.newest else {
        let what = match learner {
            LearnerKind::Sentiment => "ratings, thumbs and words of reviewers",
            LearnerKind::Offers => "answered offers",
        };
        let missing = known.missing.clone().unwrap_or_else(|| {
            let more = 200u64.saturating_sub(known.signals);
            match more {
                0 => format!("{} {what} are here: t learns from them.", numbers::count(known.signals)),
                n => format!(
                    "{} {what} so far; {} more are needed to begin.",
                    numbers::count(known.signals),
                    numbers::count(n)
                ),
            }
        });
        out.push(("Nothing is learnt yet".to_owned(), Role::Heading));
        out.extend(words::wrap(&words::line(&missing), wide).into_iter().map(|l| (l, Role::Muted)));
        return out;
    };
    let report = &row.report;
    let what = match learner {
        LearnerKind::Sentiment => "rated turns it had not seen",
        LearnerKind::Offers => "answers it had not seen",
    };
    out.push((format!("How well does it tell?   {} {what}", numbers::count(report.after.n)), Role::Heading));
    if let Some(worth) = report.after.worth {
        let says = format!("drawn from a log: weighed, and as sure as {} of one weight", numbers::count(worth as u64));
        out.extend(words::wrap(&says, wide).into_iter().map(|l| (l, Role::Muted)));
    }
    let percent = |f: &LearnedFigures| format!("{:.0} %", 100.0 * f.auc);
    let gain = 100.0 * (report.after.auc - report.before.auc);
    let (word, role) = match report.verdict {
        Verdict::Better => ("better", Role::Good),
        Verdict::Worse => ("worse", Role::Bad),
        Verdict::CannotTell => ("cannot tell", Role::Muted),
    };
    let told = if learner == LearnerKind::Sentiment { "bad from other" } else { "yes from no" };
    out.push((
        format!(
            "{}{}   now {}   {} pt",
            words::pad(told, LABEL),
            percent(&report.before),
            percent(&report.after),
            numbers::signed(gain, 0)
        ),
        Role::Text,
    ));
    let [lo, hi] = report.ci95;
    let less = format!(
        "{}surprise {} by {:.3} [{lo:.3}, {hi:.3}]  {word}",
        words::pad("", LABEL),
        if report.delta >= 0.0 { "fell" } else { "rose" },
        report.delta.abs()
    );
    out.push((less, role));
    if intervals {
        let loss = format!(
            "{}log loss {:.3}, before {:.3}; p {:.4}, look {} (tests at {:.4})",
            words::pad("", LABEL),
            report.after.log_loss,
            report.before.log_loss,
            report.p_cluster,
            report.looks,
            0.05 / (report.looks as f64 * (report.looks as f64 + 1.0))
        );
        out.push((loss, Role::Muted));
    }
    let from: Vec<String> = report
        .learned_from
        .iter()
        .filter(|(what, n)| **n > 0 && !LearnedReport::ABOUT.contains(&what.as_str()))
        .map(|(what, n)| format!("{} {}", numbers::count(*n), what.replace('_', " ")))
        .collect();
    let count = numbers::count;
    let of = match report.part() {
        Some(ReadPart::Drawn { drawn, all }) => format!(" · drawn: {} of {} conversations", count(drawn), count(all)),
        Some(ReadPart::Newest { all }) => format!(" · the newest of {} signals", count(all)),
        None => String::new(),
    };
    labelled(&mut out, "learned from", &format!("{}{of}", from.join(" · ")), wide, Role::Text);
    if report.by_labels.len() >= 2 {
        let (low, high) = report.by_labels.iter().fold((1.0f64, 0.5f64), |(l, h), p| (l.min(p.1), h.max(p.1)));
        let share = |auc: f64| if high > low { (auc - low) / (high - low) } else { 0.5 };
        let line: String = report.by_labels.iter().map(|p| numbers::spark(share(p.1))).collect();
        let first = &report.by_labels[0];
        let last = &report.by_labels[report.by_labels.len() - 1];
        let says = format!(
            "{line}  {:.0} % with {}, {:.0} % with {}",
            100.0 * first.1,
            numbers::count(first.0),
            100.0 * last.1,
            numbers::count(last.0)
        );
        labelled(&mut out, "by labels", &says, wide, Role::Text);
    }
    let so_far = numbers::count(known.new_signals());
    let again = format!("after {} new signals ({so_far} so far)", numbers::count(report.again_after));
    labelled(&mut out, "learns again", &again, wide, Role::Text);
    let v = row.release.0;
    match known.candidate {
        Some(_) => labelled(&mut out, "not live", &format!("v{v} is a candidate: p promotes it"), wide, Role::Muted),
        None if !known.is_live => labelled(&mut out, "not live", &format!("v{v} is not live"), wide, Role::Muted),
        None => {}
    }
    out
}

fn labelled(out: &mut Vec<(String, Role)>, label: &str, text: &str, wide: usize, role: Role) {
    for (i, part) in words::wrap(text, wide.saturating_sub(LABEL)).into_iter().enumerate() {
        out.push((format!("{}{part}", words::pad(if i == 0 { label } else { "" }, LABEL)), role));
    }
}
