//! A store without outcomes, times or answers, or of which only one kind of end is told: what is missing, and what works all the same.

use crate::domain::OneKindOfEnd;
use crate::store::OverviewPage;
use crate::theme::Role;
use crate::tui::state::shared::SharedState;
use crate::tui::widgets::{numbers, words};

/// A line with its tone.
type Line = (String, Role);

/// What stands in the place of rates where nothing can be counted; empty where something can.
pub fn nothing_to_count(page: &OverviewPage, shared: &SharedState) -> Vec<Line> {
    let (holds, counted) = (&page.holds, page.this.n());
    if counted > 0 || holds.conversations == 0 {
        return Vec::new();
    }
    let mut out: Vec<Line> = reasons(page).into_iter().map(|text| (text, Role::Heading)).collect();
    out.push((String::new(), Role::Text));
    out.extend(all_the_same(page, shared));
    out
}

/// What stands in the place of bars where only one kind of end is told.
pub fn of_one_kind(kind: OneKindOfEnd, page: &OverviewPage, shared: &SharedState, columns: usize) -> Vec<Line> {
    let missing = words::wrap(kind.missing(), columns).into_iter().map(|line| (line, Role::Text));
    let mut out: Vec<Line> = missing.chain([(String::new(), Role::Text)]).collect();
    out.extend(all_the_same(page, shared));
    out
}

fn all_the_same(page: &OverviewPage, shared: &SharedState) -> Vec<Line> {
    let works = works(page, shared).into_iter().map(|text| (format!("  {text}"), Role::Text));
    std::iter::once(("What works all the same:".to_owned(), Role::Muted)).chain(works).collect()
}

/// Why there is no rate, the weightiest reason first.
fn reasons(page: &OverviewPage) -> Vec<String> {
    let holds = &page.holds;
    let of = |n: u64, one: &str, many: &str| {
        let all = if n == holds.conversations { "All " } else { "" };
        format!("{all}{} {}", numbers::plural(n, "conversation", "conversations"), if n == 1 { one } else { many })
    };
    let mut out = Vec::new();
    if holds.without_ai > 0 {
        out.push(format!(
            "{}: rates need them.",
            of(holds.without_ai, "holds no answer of an AI", "hold no answer of an AI")
        ));
    }
    if holds.unknown > 0 {
        let what = of(holds.unknown, "does not say how it ended", "do not say how they ended");
        out.push(format!("{what}: an outcome, a status or a reward in the log would."));
    }
    if holds.pending > 0 {
        out.push(format!("{}.", of(holds.pending, "still goes on", "still go on")));
    }
    if page.ahead > 0 {
        out.push(format!(
            "{}: their times are wrong, they count nowhere.",
            of(page.ahead, "lies ahead of now", "lie ahead of now")
        ));
    }
    if out.is_empty() {
        out.push("No conversation with an answer of the AI has ended yet.".to_owned());
    }
    out
}

fn works(page: &OverviewPage, shared: &SharedState) -> Vec<String> {
    let key = |name| shared.keys.map.first_key_named(name);
    let mut out = vec![format!(
        "{} Queue: search, read, label {}",
        key("tab-2"),
        numbers::plural(page.holds.conversations, "conversation", "conversations")
    )];
    // What is on its way is not nothing.
    let Some(counts) = shared.overview.ready() else {
        out.push(format!("{} Fine-tune: counting what it can learn from …", key("tab-5")));
        return out;
    };
    out.push(format!("{} Patterns: what customers came for ({})", key("tab-3"), key("patterns-topics")));
    out.push(match counts.examples {
        0 => format!("{} Fine-tune: learns as soon as there are labels", key("tab-5")),
        n => format!(
            "{} Fine-tune: learns from {}",
            key("tab-5"),
            numbers::plural(n, "label or example", "labels and examples")
        ),
    });
    if counts.gold != (0, 0) {
        out.push(format!(
            "   its test: {} that no model has seen",
            numbers::plural(counts.gold.1, "sealed turn", "sealed turns")
        ));
    }
    out
}

/// Why no language is told, and how far their reading is.
pub fn languages_unread(shared: &SharedState) -> String {
    let far = shared.renewal.progress().and_then(|p| p.fraction()).map(|f| format!(": {:.0} %", f * 100.0));
    match far {
        Some(far) => format!("Languages are told once every conversation has been read for them{far} so far."),
        None if shared.read_only => {
            "Languages are not told: this store has not been read for them, and is read-only.".to_owned()
        }
        None => "Languages are told once every conversation has been read for them, in the background.".to_owned(),
    }
}

/// What one must know to read the figures rightly.
pub fn notes(page: &OverviewPage, shared: &SharedState) -> Vec<Line> {
    let mut out = Vec::new();
    let holds = &page.holds;
    if holds.timeless > 0 && holds.timeless == holds.conversations {
        out.push("The log has no times: everything counts as one, without a trend.".to_owned());
    } else if page.day_one.is_none() && page.this.n() > 0 && page.this.one_kind.is_none() {
        out.push(
            "Day one will be the first 7 days with 200 finished conversations; changes are told from then on."
                .to_owned(),
        );
    }
    if page.languages_unread {
        out.push(languages_unread(shared));
    }
    if let Some(rests) = &page.all_traffic {
        let (reviewed, n) = (numbers::count(rests.reviewed), numbers::count(page.this.n()));
        out.push(format!(
            "All traffic: the {reviewed} reviewed of {n}; what is stored of it is {}, which the list below counts.",
            numbers::count(rests.stored)
        ));
    }
    let mut out: Vec<Line> = out.into_iter().map(|t| (t, Role::Muted)).collect();
    let mostly = holds.mostly_one_customers(numbers::count).filter(|_| page.this.n() > 0);
    out.extend(mostly.map(|says| (format!("! {says}"), Role::Bad)));
    if page.ahead > 0 && page.this.n() > 0 {
        let words = match page.ahead {
            1 => "! 1 conversation lies ahead of now: its time is wrong, it counts nowhere.".to_owned(),
            n => format!("! {} conversations lie ahead of now: they count nowhere.", numbers::count(n)),
        };
        out.push((words, Role::Bad));
    }
    if page.this.doubtful() && page.this.one_kind.is_none() {
        let share = page.this.unknown_rate().value().unwrap_or_default() * 100.0;
        let text = format!("! Nobody knows how {share:.0} % ended: these figures may mislead.");
        out.push((text, Role::Bad));
    }
    out
}
