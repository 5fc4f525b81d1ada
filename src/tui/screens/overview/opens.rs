//! The queries behind the numbers: each finds exactly what was counted, or what is reviewed of it where not all of that is stored.

use crate::domain::query::quoted_name;
use crate::domain::{Outcome, Review};
use crate::store::{CycleRow, FailingIntent, OverviewPage, PeriodBasis, WeekPoint};
use crate::tui::widgets::numbers;

/// Days that the list of what would help most counts.
const FOUR_WEEKS: i64 = 28;
const WEEK: i64 = 7;

/// The failures of a row of what would help most.
pub fn failures(page: &OverviewPage, row: &FailingIntent) -> String {
    let name = row.intent.as_deref().map_or_else(|| "none".to_owned(), quoted_name);
    let right = if page.holds.right_handovers > 0 { " -cause:right_handover" } else { "" };
    format!("outcome:failed,escalated intent:{name}{right}{}", within(page, FOUR_WEEKS))
}

/// Those of the last seven days that ended so.
pub fn ended(page: &OverviewPage, outcome: Outcome) -> String {
    format!("outcome:{}{}", outcome.name(), within(page, WEEK))
}

/// Those of the last seven days that were rated 4 or 5.
pub fn satisfied(page: &OverviewPage) -> String {
    let days = within(page, WEEK);
    let counted = if days.contains("is:counted") { "" } else { " is:counted" };
    format!("csat>=4{counted}{days}")
}

/// The conversations of a point of the trend.
pub fn week(page: &OverviewPage, week: &WeekPoint) -> String {
    let (from, to) = (page.zone.date(week.monday), page.zone.date(page.zone.days_after(week.monday, 7)));
    format!("since:{from} before:{to} is:counted test:shown")
}

/// A query behind a count of `n`, and what to say of it. Where the count rests on all traffic (rule 52), the store holds a sample:
/// what opens is what is reviewed of that, and it is said how much that is.
pub fn within_traffic(page: &OverviewPage, query: String, n: u64) -> (String, Option<String>) {
    let Some(rests) = &page.all_traffic else { return (query, None) };
    let (reviewed, all) = (numbers::count(rests.reviewed), numbers::count(page.this.n()));
    let told =
        format!("{} is counted over all traffic; these are of the {reviewed} reviewed of {all}", numbers::count(n));
    (format!("{query} status:{}", Review::Done.name()), Some(told))
}

/// Of a period, those that ended so.
pub const fn counted(page: &OverviewPage, outcome: Outcome) -> u64 {
    match outcome {
        Outcome::Resolved => page.this.resolved,
        Outcome::Escalated => page.this.escalated,
        Outcome::Failed => page.this.failed,
        Outcome::Abandoned => page.this.abandoned,
        Outcome::Pending | Outcome::Unknown => page.this.unknown,
    }
}

/// All that a cycle holds; while it is open, its blind items stay out.
pub fn cycle(row: &CycleRow) -> String {
    format!("cycle:{} test:shown", quoted_name(&row.name))
}

/// The days, the test groups, and N where something else is stored, too.
fn within(page: &OverviewPage, days: i64) -> String {
    let days = match page.basis {
        PeriodBasis::All => String::new(),
        PeriodBasis::Week | PeriodBasis::OldWeek => format!(" since:{days}d"),
    };
    let counted = if page.holds.left_out() == 0 { "" } else { " is:counted" };
    format!("{days}{counted} test:shown")
}
