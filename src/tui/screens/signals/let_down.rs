//! How many customers are let down, by who says it, in lines.

use super::known::{LearningNow, SignalNote};
use crate::domain::{EndsRead, Rate, ShareRange};
use crate::store::{KnownEnds, LetDown, SignalsPage};
use crate::theme::Role;
use crate::tui::widgets::numbers;

/// Of those who rated, of those of whom a reviewer said it, and of the others, of whom the weeks count only what is read; since when.
pub fn notes(apart: &LetDown, page: &SignalsPage, intervals: bool, now: LearningNow, wide: usize) -> Vec<SignalNote> {
    let mut says: Vec<(String, Role, u8)> = Vec::new();
    if apart.rated.den > 0 {
        says.push((format!("{} who rated", said(apart.rated)), Role::Text, 0));
    }
    if apart.labelled.den > 0 {
        says.push((format!("{} whom reviewers labelled", said(apart.labelled)), Role::Text, 0));
    }
    if apart.read.den > 0 {
        says.push((of_others(apart, page, now), Role::Text, 0));
    }
    match apart.ends {
        KnownEnds::Known(ends) if intervals && apart.others().is_some() => {
            says.push((chances(apart.given.mean, &ends), Role::Muted, 1));
        }
        KnownEnds::Known(_) | KnownEnds::Unnoted | KnownEnds::Reading => {}
    }
    if intervals && !says.is_empty() {
        says.push((opening(apart, page), Role::Muted, 3));
    }
    let since = page.since.map_or_else(String::new, |monday| page.zone.format(monday, "since %-d %b"));
    let label = |at: usize| match at {
        0 if says.len() == 1 => format!("let down\n{since}"),
        0 => "let down".to_owned(),
        1 => since.clone(),
        _ => String::new(),
    };
    let note = |(at, (says, role, dispensable)): (usize, &(String, Role, u8))| {
        SignalNote::labelled(&label(at), says, wide, *role, *dispensable)
    };
    says.iter().enumerate().map(note).collect()
}

/// Of a few of very many not 0, and of all but a few not 100.
fn of_100(share: f64) -> String {
    match (100.0 * share).round() {
        0.0 if share > 0.0 => "<1".to_owned(),
        100.0 if share < 1.0 => ">99".to_owned(),
        whole => format!("{whole:.0}"),
    }
}

fn said(rate: Rate) -> String {
    let counts = format!("{} of {}", numbers::count(rate.num), numbers::count(rate.den));
    match rate.value().filter(|_| rate.is_enough()) {
        Some(share) => format!("{} of 100 ({counts})", of_100(share)),
        None => counts,
    }
}

/// Of those of whom nobody said it: between which shares they lie, else why that is not known and what changes it.
fn of_others(apart: &LetDown, page: &SignalsPage, now: LearningNow) -> String {
    let read = said(apart.read);
    if let Some(ShareRange { lo, hi }) = apart.others() {
        let (lo, hi) = (of_100(lo), of_100(hi));
        let then = apart.rated_then.map_or_else(String::new, |(at, then)| {
            let share = of_100(then.value().unwrap_or_default());
            format!(
                " and the ratings of {}, when it was {share} of 100 training customers who rated",
                page.zone.format(at, "%-d %b %Y")
            )
        });
        return format!(
            "{lo} to {hi} of 100 of the others, by what all of them say{then}; one by one it reads {read} as let down"
        );
    }
    if apart.ends == KnownEnds::Reading {
        return format!(
            "{read} of the others, as they are read so far: how many more there are is told once all are read"
        );
    }
    let why = match (apart.ends, now) {
        (KnownEnds::Unnoted, LearningNow::Possible) => {
            "the release did not note how many more there are; t learns it anew, and tells it once that is live"
        }
        (KnownEnds::Unnoted, LearningNow::Running | LearningNow::Held | LearningNow::Closed) => {
            "the release did not note how many more there are; `appraise learn sentiment` learns it anew"
        }
        (KnownEnds::Known(_) | KnownEnds::Reading, _) => "their words tell too little of how many there are",
    };
    format!("{read} of the others, as it reads them: {why}")
}

/// What it takes for how many there are.
fn chances(given: f64, ends: &EndsRead) -> String {
    format!(
        "on average it gives a chance of {given:.2} to these; of the training customers who had rated when it learnt, {:.2} to the {} who are let down, {:.2} to the {} who are not",
        ends.bad.mean,
        numbers::count(ends.bad.n),
        ends.others.mean,
        numbers::count(ends.others.n)
    )
}

/// What opens those that are counted.
fn opening(apart: &LetDown, page: &SignalsPage) -> String {
    let parts = LetDown::QUERIES.into_iter().zip([apart.rated, apart.labelled, apart.read]);
    let parts = parts.filter(|(_, rate)| rate.den > 0).map(|(query, _)| query);
    // Where nobody labelled any, none need be left out.
    let parts = parts.map(|query| {
        query.strip_suffix(" -is:sentiment_labelled").filter(|_| apart.labelled.den == 0).unwrap_or(query)
    });
    format!("the Queue finds them: {} with {}", page.all_let_down(), parts.collect::<Vec<&str>>().join("; with "))
}
