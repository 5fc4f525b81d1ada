//! How well something is told, and what it was learnt from, in lines.

use crate::domain::{LearnedReport, ReadPart, Verdict, p_of_look};
use crate::jobs::learners::{AGAIN_AFTER, HELD};
use crate::store::{KnownOf, LearnerKind};
use crate::theme::Role;
use crate::tui::state::shared::SharedState;
use crate::tui::state::work::Background;
use crate::tui::widgets::{numbers, words};

/// Columns of a label.
const LABEL: usize = 15;
/// Below this much more of all pairs in the right order nothing is gained: one of 100.
const HELPS: f64 = 0.01;

/// A note: its lines with their roles, and how soon it is left out where there is no room (the greatest first).
pub struct SignalNote {
    lines: Vec<(String, Role)>,
    dispensable: u8,
}

impl SignalNote {
    /// A note without a label.
    pub fn plain(text: &str, wide: usize, role: Role, dispensable: u8) -> Self {
        Self { lines: words::wrap(text, wide).into_iter().map(|l| (l, role)).collect(), dispensable }
    }

    /// A note behind a label, which may have several lines, too.
    pub fn labelled(label: &str, text: &str, wide: usize, role: Role, dispensable: u8) -> Self {
        let wrapped = words::wrap(text, wide.saturating_sub(LABEL)).into_iter();
        let named = label.lines().chain(std::iter::repeat("")).map(|part| words::pad(part, LABEL));
        Self { lines: named.zip(wrapped).map(|(name, part)| (format!("{name}{part}"), role)).collect(), dispensable }
    }
}

/// The lines of notes in so many rows and columns: what can be missed most is left out, whole notes at a time; then the last line says so.
pub fn fitting(mut notes: Vec<SignalNote>, rows: usize, wide: usize) -> Vec<(String, Role)> {
    let length = |notes: &[SignalNote]| notes.iter().map(|n| n.lines.len()).sum::<usize>();
    let all = notes.len();
    while length(&notes) > rows {
        let Some(most) = notes.iter().map(|n| n.dispensable).max().filter(|most| *most > 0) else { break };
        let Some(at) = notes.iter().rposition(|n| n.dispensable == most) else { break };
        notes.remove(at);
    }
    let left_out = all - notes.len();
    let signs = [format!("   … {left_out} more on a taller screen"), format!("   … {left_out} more")];
    let mut lines: Vec<(String, Role)> = notes.into_iter().flat_map(|n| n.lines).collect();
    let is_cut = lines.len() > rows;
    lines.truncate(rows);
    if let Some((last, _)) = lines.last_mut().filter(|_| is_cut || left_out > 0) {
        let fits = |sign: &&String| !is_cut && words::width(last) + words::width(sign) <= wide;
        *last = match signs.iter().find(fits) {
            Some(sign) => format!("{last}{sign}"),
            None => words::fit(&format!("{last} …"), wide),
        };
    }
    lines
}

/// Whether somebody can have it learn just now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LearningNow {
    /// Yes.
    Possible,
    /// It is learning.
    Running,
    /// It waits for another program that began to learn.
    Held,
    /// Nothing can be changed here: an earlier date is shown, or it may only be read.
    Closed,
}

impl LearningNow {
    /// As it is.
    pub fn of(shared: &SharedState) -> Self {
        match shared.learning {
            Background::Running(ref progress) if progress.stage.starts_with(HELD) => Self::Held,
            Background::Running(_) => Self::Running,
            _ if shared.may_write() => Self::Possible,
            _ => Self::Closed,
        }
    }

    const fn nothing_yet(self) -> &'static str {
        match self {
            Self::Running => "Nothing is learnt yet: it is learning now",
            Self::Held => "Nothing is learnt yet: another program was learning",
            Self::Possible | Self::Closed => "Nothing is learnt yet",
        }
    }
}

/// What is known, as wide as there is room for.
pub fn notes(learner: LearnerKind, known: &KnownOf, intervals: bool, now: LearningNow, wide: usize) -> Vec<SignalNote> {
    let mut out: Vec<SignalNote> = Vec::new();
    let heading = |text: &str| SignalNote::plain(text, wide, Role::Heading, 0);
    let Some(row) = &known.newest else {
        let what = match learner {
            LearnerKind::Sentiment => "ratings, thumbs and words of reviewers",
            LearnerKind::Offers => "offers accepted, declined or ignored",
            LearnerKind::Responses => "accepted corrections",
        };
        let missing = known.missing.clone().unwrap_or_else(|| {
            let n = numbers::count(known.signals);
            match known.signals {
                _ if matches!(now, LearningNow::Running | LearningNow::Held) => {
                    format!("{n} {what} are here: what comes of them will stand here.")
                }
                _ if now == LearningNow::Closed => format!("{n} {what} are here."),
                signals if signals >= known.begins_at => {
                    format!(
                        "{n} {what} are here: t learns from them; when the screen starts or imports it looks by itself."
                    )
                }
                _ => {
                    format!(
                        "{n} {what} so far: it begins by itself at {}; t tries now and says what is missing.",
                        numbers::count(known.begins_at)
                    )
                }
            }
        });
        out.push(heading(now.nothing_yet()));
        out.push(SignalNote::plain(&words::line(&missing), wide, Role::Muted, 0));
        return out;
    };
    let report = &row.report;
    let again = again(known.new_signals(), report.again_after, now, intervals);
    if let Some(says) = report.nothing(numbers::count) {
        // What went live for a reason all the same reads the weeks above.
        out.push(heading(if known.is_live { "Nothing better is learnt yet" } else { now.nothing_yet() }));
        let says = format!("v{} {says}; it looks again {again}.", row.release.0);
        out.push(SignalNote::plain(&says, wide, Role::Muted, 0));
        return out;
    }
    let (n, what) = (numbers::count(report.after.n), report.examples());
    let who = match known.learnt_by.filter(|live| *live != row.release) {
        Some(live) => format!("How well does v{} tell? (live: v{})", row.release.0, live.0),
        None => "How well does it tell?".to_owned(),
    };
    out.push(heading(&format!("{who}   {n} {what} it had not seen")));
    if let Some(worth) = report.after.worth.filter(|_| intervals) {
        let says = format!("drawn from a log: weighed, and as sure as {} of one weight", numbers::count(worth as u64));
        out.push(SignalNote::plain(&says, wide, Role::Muted, 4));
    }
    let mut labelled = |label: &str, text: &str, role: Role, dispensable: u8| {
        out.push(SignalNote::labelled(label, text, wide, role, dispensable));
    };
    labelled("tells apart", &if intervals { report.told() } else { report.picks() }, Role::Text, 0);
    let (says, role) = judged(report);
    labelled("", &says, role, 1);
    if intervals {
        let loss = format!(
            "log loss {:.3}, before {:.3}: it {}; {}, look {} (tests at {:.4})",
            report.after.log_loss,
            report.before.log_loss,
            report.moved(3),
            p_of_look(report.p_cluster),
            report.looks,
            0.05 / (report.looks as f64 * (report.looks as f64 + 1.0))
        );
        labelled("", &loss, Role::Muted, 2);
        learned_from(learner, known, report, wide, &mut out);
    }
    let mut labelled = |label: &str, text: &str, role: Role, dispensable: u8| {
        out.push(SignalNote::labelled(label, text, wide, role, dispensable));
    };
    labelled("looks again", &again, Role::Text, 1);
    let v = row.release.0;
    match known.candidate {
        Some(_) => {
            let says = match report.verdict {
                _ if report.is_too_good() => {
                    format!("v{v} learnt this alone and stays a candidate; made live it tells no single offer's chance")
                }
                Verdict::Better => format!("v{v} learnt this alone: p makes it live and leaves all else as it is"),
                Verdict::CannotTell => {
                    format!("v{v} learnt this alone and stays a candidate; p makes it live all the same, for a reason")
                }
                Verdict::Worse => format!("v{v} learnt this alone and tells worse: it stays a candidate"),
            };
            labelled("not live", &says, Role::Muted, 1);
        }
        None if known.learnt_by != Some(row.release) => {
            let was = if known.was_rejected { "was rejected" } else { "was live and no longer is" };
            let now = known.learnt_by.map_or("nothing that is live has learnt this".to_owned(), |by| {
                format!("what v{} learnt is live", by.0)
            });
            labelled("not live", &format!("v{v} {was}: {now}"), Role::Muted, 1);
        }
        None => {}
    }
    if let Some(back) = &known.taken_back {
        labelled("by itself", &words::line(&back.waits(learner)), Role::Muted, 1);
    }
    out
}

/// What it learnt from, and what more of it has brought.
fn learned_from(learner: LearnerKind, known: &KnownOf, report: &LearnedReport, wide: usize, out: &mut Vec<SignalNote>) {
    let mut labelled = |label: &str, text: &str, role: Role, dispensable: u8| {
        out.push(SignalNote::labelled(label, text, wide, role, dispensable));
    };
    let count = numbers::count;
    let of = match report.part() {
        Some(ReadPart::Drawn { drawn, all }) => format!(" · drawn: {} of {} conversations", count(drawn), count(all)),
        Some(ReadPart::Newest { all }) => format!(" · the newest of {} signals", count(all)),
        None => String::new(),
    };
    let says = format!("{}{of}; {}", report.taught_by(count), report.apart());
    labelled("learned from", &says, Role::Text, 3);
    if let Some(unheard) = report.unheard(numbers::count) {
        labelled("", &unheard, Role::Muted, 5);
    }
    if let [first, .., last] = report.by_labels.as_slice() {
        let helped = if last.1 - first.1 < HELPS { ": more did not help" } else { "" };
        let says = report.over_labels(numbers::count, wide.saturating_sub(LABEL + helped.len())) + helped;
        labelled("by labels", &says, Role::Text, 4);
    }
    if let (LearnerKind::Sentiment, Some(by)) = (learner, known.learnt_by) {
        let says = format!(
            "v{} reads all weeks, also those before it was live; the next release that learnt this reads them anew, so a week may change then",
            by.0
        );
        labelled("weeks", &says, Role::Muted, 4);
    }
}

/// What has it look again: nothing runs by itself but after a start and after an import.
fn again(new: u64, wanted: u64, now: LearningNow, in_full: bool) -> String {
    let by_hand = match now {
        LearningNow::Possible => "; t looks now",
        LearningNow::Running => "; it is learning now",
        LearningNow::Held => "; another program was learning",
        LearningNow::Closed => "",
    };
    let (so_far, wanted) = (numbers::count(new), numbers::count(wanted));
    if new < AGAIN_AFTER {
        let by_itself = if in_full { ", by itself with a start or an import" } else { "" };
        return format!("after {wanted} new signals ({so_far} so far){by_itself}{by_hand}");
    }
    format!("with the next start or import: {so_far} new signals are here, {wanted} are enough{by_hand}")
}

/// What may be said of a release beside the one before, in one sentence: it is judged by the chances it gives, not by the order alone.
fn judged(report: &LearnedReport) -> (String, Role) {
    match (report.verdict, &report.held_back) {
        _ if report.is_too_good() => (format!("no verdict: {}", LearnedReport::TOO_GOOD), Role::Bad),
        (Verdict::Better, _) => ("better: its chances come closer to what happened".to_owned(), Role::Good),
        (Verdict::Worse, _) => ("worse: its chances are further from what happened".to_owned(), Role::Bad),
        (Verdict::CannotTell, Some(why)) => (format!("cannot tell yet: {}", words::line(why)), Role::Muted),
        (Verdict::CannotTell, None) => ("cannot tell yet whether it is better".to_owned(), Role::Muted),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_that_have_no_room_leave_a_sign() {
        let told = |rows, wide| {
            let notes = [("tells apart", 0), ("learned from", 3), ("by labels", 4)];
            let notes = notes.map(|(text, n)| SignalNote::plain(text, 60, Role::Text, n));
            fitting(notes.into(), rows, wide).into_iter().map(|(text, _)| text).collect::<Vec<_>>()
        };
        assert_eq!(told(3, 60), ["tells apart", "learned from", "by labels"]);
        assert_eq!(told(2, 60), ["tells apart", "learned from   … 1 more on a taller screen"]);
        assert_eq!(told(1, 60), ["tells apart   … 2 more on a taller screen"]);
        assert_eq!(told(1, 30), ["tells apart   … 2 more"], "a bare sign looks as though the line were cut");
        assert_eq!(told(1, 20), ["tells apart …"]);
    }

    #[test]
    fn nobody_is_told_to_learn_while_it_learns_or_cannot() {
        let says = |now| again(3, 200, now, true);
        assert!(says(LearningNow::Possible).ends_with("t looks now"));
        assert!(says(LearningNow::Running).ends_with("it is learning now"));
        assert!(says(LearningNow::Closed).ends_with("an import"));
        let none = KnownOf {
            newest: None,
            is_live: false,
            learnt_by: None,
            candidate: None,
            was_rejected: false,
            expected: None,
            signals: 900,
            begins_at: 200,
            looked_at: None,
            missing: None,
            taken_back: None,
        };
        let told = |now| {
            let notes = notes(LearnerKind::Sentiment, &none, false, now, 200);
            fitting(notes, 9, 200).into_iter().map(|(text, _)| text).collect::<Vec<_>>().join(" ")
        };
        assert!(told(LearningNow::Possible).contains("t learns from them"));
        assert!(told(LearningNow::Running).contains("it is learning now"), "{}", told(LearningNow::Running));
        assert!(!told(LearningNow::Closed).contains("t learns"));
    }
}
