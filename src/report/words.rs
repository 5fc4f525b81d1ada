//! The finding in words, and words of others made harmless.

use super::content::Headline;
use super::numbers::{count, of_hundred};
use crate::domain::{Difference, RateMovement};
use crate::store::{OverviewPage, PeriodBasis};
use crate::text::{self, redact::redact};

/// Characters of a line of somebody else's words.
const LONGEST: usize = 160;

/// What customers, reviewers and logs wrote, in one line: harmless, masked unless it is to be shown.
pub(super) fn shown(words: &str, reveal: bool) -> String {
    let line: String = words.split_whitespace().collect::<Vec<_>>().join(" ");
    let line = if reveal { line } else { redact(&line).into_owned() };
    let clean = text::clean(&line);
    let cut = text::fit::cut(clean.as_str(), LONGEST);
    cut.into_owned()
}

/// Is it better than on day one, and than the week before.
pub(super) fn headline(page: &OverviewPage) -> Headline {
    let now = page.this.rate(page.this.resolved);
    let (helps, whom) = (of_hundred(&now), page.holds.whom());
    let doubtful = page.this.doubtful() || page.day_one.is_some_and(|d| d.doubtful());
    let then = page.day_one.filter(|d| !d.overlaps(&page.this)).map(|d| d.rate(d.resolved));
    let week = against_last(page).unwrap_or_default();
    if let Some(kind) = page.this.one_kind {
        let says = kind.says(page.this.helped_and_others(), page.this.ended(), count);
        return Headline { moved: None, says, sure: String::new() };
    }
    if page.this.n() == 0 {
        return Headline {
            moved: None,
            says: "No finished conversation can be counted yet.".to_owned(),
            sure: String::new(),
        };
    }
    if page.is_too_few() {
        let says = format!("{} of {} {whom} were helped: too few for a rate.", count(now.num), count(now.den));
        return Headline { moved: None, says, sure: String::new() };
    }
    let Some((then, change)) = then.and_then(|then| Some((then, Difference::between(then, now)?))) else {
        let what = if page.basis == PeriodBasis::All { " These are all conversations of the log." } else { "" };
        let says = format!("Of 100 {whom} the AI helps {helps} by itself.{what}");
        return Headline { moved: None, says, sure: week };
    };
    let moved = if doubtful { RateMovement::CannotTell } else { change.moved() };
    let finding = match moved {
        RateMovement::Up => "Better than on day one.",
        RateMovement::Down => "Worse than on day one.",
        RateMovement::CannotTell => "Cannot tell yet whether it is better than on day one.",
    };
    let [near, far] = change.sure_of_hundred();
    let [_, lo, hi] = change.of_hundred();
    let sure = match moved {
        RateMovement::Up => format!("Sure: {near} to {far} more of 100."),
        RateMovement::Down => format!("Sure: {near} to {far} fewer of 100."),
        RateMovement::CannotTell => format!("Between {lo} and {hi} of 100."),
    };
    Headline {
        moved: Some(moved),
        says: format!(
            "{finding} Of 100 {whom} the AI now helps {helps} by itself; on day one it was {}.",
            of_hundred(&then)
        ),
        sure: [sure, week].join(" ").trim().to_owned(),
    }
}

fn against_last(page: &OverviewPage) -> Option<String> {
    let last = page.compared_last()?;
    let change = Difference::between(last.rate(last.resolved), page.this.rate(page.this.resolved))?;
    let word = match change.moved() {
        RateMovement::Up => "better",
        RateMovement::Down => "worse",
        RateMovement::CannotTell => "cannot tell",
    };
    let [delta, lo, hi] = change.of_hundred();
    Some(format!("Against the 7 days before: {word} ({delta}, {lo} to {hi} of 100)."))
}

/// What cannot be told, and what would make it so.
pub(super) fn missing(
    page: &OverviewPage,
    has_intents: bool,
    has_patterns: bool,
    needs_customers: bool,
) -> Vec<String> {
    let holds = &page.holds;
    let mut out = Vec::new();
    let mut say = |is: bool, words: String| {
        if is {
            out.push(words);
        }
    };
    say(holds.conversations == 0, "The store is empty: `appraise import` reads a log.".to_owned());
    say(
        holds.without_ai > 0,
        format!("{} conversations hold no answer of an AI; rates leave them out.", count(holds.without_ai)),
    );
    say(
        holds.unknown > 0,
        format!(
            "{} conversations do not say how they ended: an outcome, a status or a reward in the log would.",
            count(holds.unknown)
        ),
    );
    if let Some(kind) = page.this.one_kind {
        say(true, kind.missing().to_owned());
    }
    say(
        page.this.doubtful() && page.this.one_kind.is_none(),
        "Of more than a fifth nobody knows how they ended: these rates may mislead.".to_owned(),
    );
    say(
        holds.timeless > 0 && holds.timeless == holds.conversations,
        "The log has no times: everything counts as one, without a trend and without a comparison.".to_owned(),
    );
    say(
        page.day_one.is_none() && page.basis != PeriodBasis::All && page.this.n() > 0 && page.this.one_kind.is_none(),
        "There is no day one yet: it will be the first seven days with 200 finished conversations.".to_owned(),
    );
    say(page.ahead > 0, format!("{} conversations lie ahead of now; they count nowhere.", count(page.ahead)));
    say(
        !has_intents && holds.conversations > 0,
        "The log names no intents, and none were given: no intent can be told apart.".to_owned(),
    );
    say(
        !has_patterns && page.repair.failures > 0,
        match page.basis {
            PeriodBasis::All => "Patterns are of the last half a year: without times there are none.",
            PeriodBasis::Week | PeriodBasis::OldWeek => {
                "No pattern is known in what failed: `appraise patterns` looks for some."
            }
        }
        .to_owned(),
    );
    say(needs_customers, "The log names no customers: who came back cannot be told.".to_owned());
    say(
        page.all_traffic.is_some(),
        "Not every conversation is stored: those of a sample stand for more of their kind.".to_owned(),
    );
    out
}
