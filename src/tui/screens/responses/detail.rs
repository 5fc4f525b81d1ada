//! What the selected answer is, and what may be said of it.

use super::compared::points;
use super::names::{NO_INTENT, intent_name, tongues};
use crate::domain::{OneKindOfEnd, Outcome};
use crate::learn::judge::off_policy::ArmValue;
use crate::store::{AnswerFigures, AnswerPage, Prior, Strata, UnansweredIntent, Unranked, WeighedOutcomes};
use crate::theme::Role;
use crate::tui::widgets::outcomes::texture;
use crate::tui::widgets::{Canvas, numbers, words};
use ratatui::layout::Rect;

/// Intents that are named.
const NAMED: usize = 8;
/// Columns of what an action said at first.
const BEFORE: usize = 60;
/// What ends words that are longer than there is room for.
const CUT: &str = " … (⏎: whole in its conversations)";

/// Draws it, the most important first: what does not fit is left out, whole clauses at a time. Gives the row after it.
pub fn draw(page: &AnswerPage, answer: &AnswerFigures, canvas: &mut Canvas, area: Rect) -> u16 {
    let wide = usize::from(area.width);
    // What opens it stands there whatever else there is to tell.
    let opens = words::wrap(&format!("⏎ shows {}", words::line(&answer.query)), wide);
    let rows = usize::from(area.height).saturating_sub(opens.len()).max(1);
    let mut out: Vec<(String, Role)> = Vec::new();
    let mut add = |text: &str, role: Role| {
        let lines = whole_clauses(text, wide, rows - out.len());
        out.extend(lines.into_iter().map(|l| (l, role)));
    };
    add(&heading(page, answer), Role::Heading);
    let text =
        answer.text.as_deref().map_or("only test groups heard it: its words are not shown".to_owned(), words::line);
    let room = usize::from(area.height).saturating_sub(6).clamp(1, 6);
    let mut lines = words::wrap(&text, wide.saturating_sub(2));
    if lines.len() > room {
        lines.truncate(room);
        if let Some(last) = lines.last_mut() {
            *last = format!("{}{CUT}", words::fit(last, wide.saturating_sub(2 + words::width(CUT))));
        }
    }
    lines.iter().for_each(|l| add(&format!("▌ {l}"), Role::Text));
    if let Some(before) = &answer.said_before {
        let before = words::fit(&words::line(before), BEFORE);
        add(&format!("its words have changed: at first “{before}” · what followed counts all of them"), Role::Text);
    }
    // What is no answer helps nobody beside whatever else those intents get.
    let is_opposite = answer.signs_differ && answer.ever.is_none();
    if is_opposite {
        let says =
            format!("! {} · read the one within: what was asked is mixed into the other", differences(page, answer));
        add(&says, Role::Bad);
    }
    add(&followed(answer, page.one_kind), Role::Muted);
    if let Some(n) = answer.beyond_others() {
        add(&beside_others(page, answer, n), Role::Text);
    }
    if let Some(w) = &answer.weighed {
        add(&stands_for(answer.n, w), Role::Muted);
    }
    if answer.ever.is_none() && page.one_kind.is_none() && !is_opposite {
        add(&differences(page, answer), Role::Text);
    }
    if let Some(logged) = answer.logged {
        add(&drawn(logged), Role::Text);
    }
    if page.too_little().is_none() {
        add(&ranked(page, answer), Role::Muted);
    }
    if let Some(ever) = &answer.ever {
        let to = numbers::plural(ever.intents, "intent", "intents");
        let n = numbers::plural(ever.n, "conversation", "conversations");
        if ever.follows() {
            let at_end = numbers::count(ever.at_end);
            add(
                &format!(
                    "said after another answer, in the last two turns, to {at_end} of {}: what came before it is to be looked at",
                    numbers::count(ever.n)
                ),
                Role::Text,
            );
        }
        add(&format!("at any time: said to {to} in {n}, {:.1} % of them helped", 100.0 * ever.helped), Role::Text);
    }
    if !answer.intents.is_empty() {
        add(&said_to(&answer.intents), Role::Text);
    }
    let opens = opens.into_iter().map(|l| (l, Role::Muted));
    let mut end = area.y;
    for ((text, role), y) in out.into_iter().chain(opens).zip(area.top()..area.bottom()) {
        canvas.text(area.x, y, area.width, &text, role);
        end = y + 1;
    }
    end
}

/// A text in so many rows: as many of its clauses as they hold.
fn whole_clauses(text: &str, wide: usize, rows: usize) -> Vec<String> {
    let ends = text.rmatch_indices(" · ").map(|(at, _)| at);
    let parts = std::iter::once(text.len()).chain(ends).map(|end| words::wrap(&text[..end], wide));
    parts.into_iter().find(|lines| lines.len() <= rows).unwrap_or_default()
}

/// The intents that got it, the most frequent by name.
fn said_to(intents: &[(String, u64)]) -> String {
    let named: Vec<String> =
        intents.iter().take(NAMED).map(|(name, n)| format!("{} {}", words::line(name), numbers::count(*n))).collect();
    let more = match intents.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" · {} more", numbers::count(more as u64)),
    };
    format!("here said to {}: {}{more}", numbers::plural(intents.len() as u64, "intent", "intents"), named.join(" · "))
}

fn heading(page: &AnswerPage, answer: &AnswerFigures) -> String {
    let release = match (answer.live, answer.since_release) {
        (true, Some(first)) => format!("the live release says it, the first was v{first}"),
        (false, Some(first)) => format!("v{first} said it, the live release does not"),
        _ => "no release says it: the log's own".to_owned(),
    };
    let name = words::fit(&words::line(&answer.response), 40);
    let texts = (answer.texts > 1).then(|| format!("{} texts", numbers::count(answer.texts)));
    let intent = match (&answer.ever, page.strata) {
        (Some(_), _) => Some("many intents".to_owned()),
        (None, Strata::Intents) => Some(intent_name(&answer.intent)),
        (None, Strata::Tags | Strata::None) => None,
    };
    let when = answer.stage.map(|stage| stage.said().to_owned());
    let langs = Some(tongues(answer).join(" ")).filter(|langs| !langs.is_empty());
    let parts = [Some(name), texts, intent, when, langs, Some(release)];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// Draws what the selected intent is to which non-answers were given; gives the row after it.
pub fn draw_unanswered(intent: &UnansweredIntent, canvas: &mut Canvas, area: Rect) -> u16 {
    let heard = numbers::plural(intent.n, "conversation", "conversations");
    let says = format!(
        "{}: {heard} heard a non-answer, {} of them were not helped",
        intent_name(&intent.intent),
        numbers::count(intent.not_helped)
    );
    let lines = [(says, Role::Heading), (format!("⏎ shows {}", words::line(&intent.query)), Role::Muted)];
    let lines = lines.iter().flat_map(|(text, role)| {
        words::wrap(text, area.width.into()).into_iter().map(|line| (line, *role)).collect::<Vec<_>>()
    });
    let mut end = area.y;
    for ((line, role), y) in lines.zip(area.top()..area.bottom()) {
        canvas.text(area.x, y, area.width, &line, role);
        end = y + 1;
    }
    end
}

/// How conversations ended, with the bar's signs; where there is no bar, as far as the log can tell.
pub fn followed(answer: &AnswerFigures, one_kind: Option<OneKindOfEnd>) -> String {
    let o = &answer.outcomes;
    let part = |(outcome, word, n): (Outcome, &str, u64)| {
        let said = format!("{word} {}", numbers::count(n));
        match one_kind {
            None => Some(format!("{} {said}", texture(outcome).0)),
            Some(kind) => kind.tells(outcome).then_some(said),
        }
    };
    let parts = [
        (Outcome::Resolved, "helped", o.resolved),
        (Outcome::Escalated, "handed over", o.escalated),
        (Outcome::Failed, "failed", o.failed),
        (Outcome::Abandoned, "left", o.abandoned),
    ];
    let csat = match answer.csat {
        Some(c) => format!(
            "  ★ {c:.1} of {} rated, {} with 4 or 5",
            numbers::count(answer.rated),
            numbers::count(answer.satisfied)
        ),
        None => String::new(),
    };
    let parts: Vec<String> = parts.into_iter().filter_map(part).collect();
    format!("of {}: {}{csat}", numbers::count(answer.n), parts.join("  "))
}

/// What drawn conversations stand for: the line above counts the drawn ones.
fn stands_for(n: u64, w: &WeighedOutcomes) -> String {
    let count = |x: f64| numbers::count(x.round() as u64);
    format!(
        "drawn from a log: these {} stand for {}, of which helped {}, handed over {}, failed {}, left {}; shares are of those, as sure as a plain sample of {}",
        numbers::count(n),
        count(w.n),
        count(w.resolved),
        count(w.escalated),
        count(w.failed),
        count(w.abandoned),
        count(w.worth)
    )
}

fn differences(page: &AnswerPage, answer: &AnswerFigures) -> String {
    let Some(pooled) = answer.pooled else {
        // What is said often enough here lacks those to whom it is said nowhere.
        let lacks = if answer.enough { "without it" } else { "with it, or without it" };
        return format!(
            "over all, fewer than {} conversations {lacks}: that is too few to compare",
            AnswerFigures::ENOUGH
        );
    };
    let over_all = format!("{} over all", points(Some(pooled)));
    let says = match (page.strata, answer.within) {
        (Strata::Intents, Some(within)) => format!("{} within intents, {over_all}", points(Some(within))),
        (Strata::Tags, Some(within)) => {
            format!("{} within tags (the log names no intents), {over_all}", points(Some(within)))
        }
        (Strata::Intents | Strata::Tags, None) => {
            format!("{over_all}; of those who asked for the same, too few heard it or too few did not")
        }
        (Strata::None, _) => format!("{over_all}; nothing tells what was asked, to compare within it"),
    };
    format!("wherever it is said, share helped with it minus without: {says}")
}

/// What the list's column beside others means, in a line of the smallest screen.
fn beside_others(page: &AnswerPage, answer: &AnswerFigures, n: f64) -> String {
    let (many, way) = (n.abs().round(), if n < 0.0 { "fewer" } else { "more" });
    let whose = if page.strata == Strata::Tags { "others within the same tags" } else { "other answers" };
    // Where they were drawn from a log, of all that they stand for.
    let others = answer.others.map_or_else(String::new, |others| {
        format!(": {} of {}", numbers::count(others.num), numbers::count(others.den))
    });
    format!("here {many:.0} {way} were helped than at the rate of {whose}{others}")
}

/// What always giving it would bring, where answers were drawn.
fn drawn(logged: ArmValue) -> String {
    if !logged.identifiable {
        return format!(
            "drawn with known chances, but too few: an effective sample of {:.0}, 100 are needed to tell what always giving it would bring",
            logged.ess
        );
    }
    let half = 1.96 * logged.se;
    format!(
        "always given it would help {:.1} % [{:.1}, {:.1}]: from {} draws with known chances, effectively {:.0}",
        100.0 * logged.dr,
        100.0 * (logged.dr - half),
        100.0 * (logged.dr + half),
        numbers::count(logged.n),
        logged.ess
    )
}

/// What the expected share is drawn towards; where there are too few answers for their own, how many and how many more it takes.
fn towards(answer: &AnswerFigures) -> String {
    let known = answer.known_beside;
    let lacks = |of: &str| {
        let more = AnswerFigures::MAKE_A_PRIOR.saturating_sub(known);
        let answers = numbers::plural(known, "answer is", "answers are");
        format!("{answers} known{of}; {} more would give a share of their own", numbers::count(more))
    };
    let whose = match (answer.prior, &answer.ever) {
        (Prior::Intent, _) if answer.intent == NO_INTENT => "of the other answers to what has no intent".to_owned(),
        (Prior::Intent, _) => "of the intent's other answers".to_owned(),
        (Prior::All, None) => format!("of all answers ({})", lacks(" to the intent")),
        (Prior::All, Some(_)) => "of all that is said to many intents".to_owned(),
        (Prior::Uniform, _) => return format!("one half a little ({})", lacks("")),
    };
    // The least that a prior weighs, one success in two halves, is no share that was found.
    if (answer.drawn_to - 0.5).abs() < 1e-9 {
        return format!("one half a little: the shares {whose} lie too far apart for one in common");
    }
    format!("the {:.1} % {whose}", 100.0 * answer.drawn_to)
}

/// What is to be expected of more such conversations; below 30 nothing is (rule 24).
fn expected(answer: &AnswerFigures) -> String {
    if !answer.enough {
        let worth = answer.weighed.map_or(answer.n, |w| answer.n.min(w.worth as u64));
        let more = AnswerFigures::ENOUGH.saturating_sub(worth).max(1);
        return format!("too few to say what is to be expected of it: {} more would tell", numbers::count(more));
    }
    let towards = towards(answer);
    let p = &answer.posterior;
    let (mean, lo, hi) = (100.0 * p.mean, 100.0 * p.lo, 100.0 * p.hi);
    format!(
        "expected of more such conversations: {mean:.1} % helped [{lo:.1}, {hi:.1}], the share drawn towards {towards}"
    )
}

fn ranked(page: &AnswerPage, answer: &AnswerFigures) -> String {
    let expected = expected(answer);
    if answer.unranked == Some(Unranked::TooFew) && !answer.enough {
        return expected;
    }
    let rank = match (answer.rank, answer.unranked) {
        (Some(rank), _) => {
            format!(
                "{rank}. of {} answers to this intent at this point, by the lower end of what is expected",
                answer.ranked_among
            )
        }
        (None, Some(Unranked::NoIntent)) if page.strata != Strata::Intents => {
            "not ranked: the log names no intents, and answers are ranked within one".to_owned()
        }
        (None, Some(why)) => format!("not ranked: {}", why.words()),
        (None, None) => "not ranked".to_owned(),
    };
    format!("{rank} · {expected}")
}
