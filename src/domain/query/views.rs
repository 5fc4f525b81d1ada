//! Saved views: a query and an order under a name. Some are shipped, people save their own.

use crate::domain::query::quoted_name;
use crate::domain::time::DAY;
use crate::domain::{QueueOrder, Timestamp, Zone};
use serde::{Deserialize, Serialize};

/// What the queue shows to somebody who has asked for nothing.
pub const DEFAULT_QUERY: &str = "outcome:failed,escalated status:open test:hidden";

/// Under which key a person's own views are kept.
pub const KEPT_AS: &str = "views";

/// Characters that the name of a view has at most.
pub const LONGEST_NAME: usize = 40;

/// A view that everybody has.
#[derive(Clone, Copy, Debug)]
pub struct Shipped {
    /// Its name.
    pub name: &'static str,
    /// Its query; `{week}` is the beginning of the last seven days that have data, `{me}` whoever looks.
    pub query: &'static str,
    /// Its order, as [`QueueOrder`] is written.
    pub sort: &'static str,
    /// What it is good for.
    pub why: &'static str,
}

const fn shipped(name: &'static str, query: &'static str, sort: &'static str, why: &'static str) -> Shipped {
    Shipped { name, query, sort, why }
}

/// The views that everybody has, the first is where every day begins.
pub const SHIPPED: &[Shipped] = &[
    shipped("all open", DEFAULT_QUERY, "value", "failed or escalated and not reviewed: where every day begins"),
    shipped(
        "failed or handed over this week",
        "outcome:failed,escalated status:open since:{week} test:hidden",
        "value",
        "of what failed or went to a person in the last seven days, what is not reviewed and in no test group",
    ),
    shipped(
        "escalated, low CSAT",
        "outcome:escalated csat<=2 status:open test:hidden",
        "csat,newest",
        "handed to a person, and the customer was not pleased",
    ),
    shipped(
        "low confidence",
        "conf<0.5 status:open test:hidden",
        "confidence",
        "the model is not sure what the customer wanted",
    ),
    shipped(
        "mismatches",
        "is:mismatch status:open test:hidden",
        "value",
        "log and model understood different things, or the customer was not content with what counts as a success",
    ),
    shipped("disputed", "is:disputed", "value", "labels that look wrong to the model"),
    shipped("pinned", "is:pinned", "newest", "gold turns that must never break"),
    shipped("asked", "status:flagged", "newest", "questions that wait for an answer"),
    shipped("later", "status:later", "newest", "what was left for later"),
    shipped("mine", "reviewer:{me}", "newest", "what you decided on"),
];

/// A view that somebody has saved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedView {
    /// Its name.
    pub name: String,
    /// Its query, as it was written.
    pub query: String,
    /// Its order, as [`QueueOrder`] is written.
    pub sort: String,
    /// Names of the columns that it shows; `None`: those that are shown anyway.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub columns: Option<Vec<String>>,
}

/// Where the days of a view end, and for whom it is.
#[derive(Clone, Copy, Debug)]
pub struct ViewContext<'a> {
    /// What time it is.
    pub now: Timestamp,
    /// The newest finished conversation of the store: the last seven days end with its day.
    pub newest: Option<Timestamp>,
    /// The store's zone.
    pub zone: Zone,
    /// Who looks.
    pub me: &'a str,
}

impl ViewContext<'_> {
    /// The last day of a week that does not end today, because the store is older than that (rule 9).
    fn old_week(&self) -> Option<Timestamp> {
        self.newest.filter(|t| t.plus(7 * DAY) < self.now)
    }
}

/// A view to choose: shipped or saved.
#[derive(Clone, Debug, PartialEq)]
pub struct View {
    /// Its name.
    pub name: String,
    /// Its query, ready to be read.
    pub query: String,
    /// Its order.
    pub sort: QueueOrder,
    /// What it is good for; empty for one's own.
    pub why: &'static str,
    /// What its name does not say: that its week does not end today.
    pub note: Option<String>,
    /// Names of the columns that it asks for.
    pub columns: Option<Vec<String>>,
    /// Somebody saved it.
    pub own: bool,
}

impl View {
    /// What people call it: the week of a log that ended earlier is none of theirs.
    pub fn title(&self) -> String {
        if self.note.is_some() { self.name.replace("this week", "in the newest week") } else { self.name.clone() }
    }
}

impl Shipped {
    /// The view as it is now. Where the store is older than a week, it names the day from which its week counts.
    pub fn view(&self, around: &ViewContext) -> View {
        let old = self.query.contains("{week}").then(|| around.old_week()).flatten();
        let week = old.map_or("7d".to_owned(), |t| around.zone.date(around.zone.days_after(t, -6)));
        View {
            name: self.name.to_owned(),
            query: self.query.replace("{week}", &week).replace("{me}", &quoted_name(around.me)),
            sort: self.sort.parse().unwrap_or_default(),
            why: self.why,
            note: old.map(|t| format!("week to {}", around.zone.format(t, "%-d %b"))),
            columns: None,
            own: false,
        }
    }
}

impl SavedView {
    /// The view as it is now.
    pub fn view(&self) -> View {
        View {
            name: self.name.clone(),
            query: self.query.clone(),
            sort: self.sort.parse().unwrap_or_default(),
            why: "",
            note: None,
            columns: self.columns.clone(),
            own: true,
        }
    }
}

/// All views in the order in which one walks through them.
pub fn all(saved: &[SavedView], around: &ViewContext) -> Vec<View> {
    SHIPPED.iter().map(|s| s.view(around)).chain(saved.iter().map(SavedView::view)).collect()
}

/// The saved views in what was kept of a person; none when it cannot be read.
pub fn read_saved(kept: &str) -> Vec<SavedView> {
    serde_json::from_str(kept).unwrap_or_default()
}

/// Saved views as they are kept.
pub fn write_saved(saved: &[SavedView]) -> String {
    serde_json::to_string(saved).unwrap_or_default()
}

/// Whether a name can be given to a view of one's own; `but`: a view that may keep its name.
///
/// # Errors
/// Why not, for a person.
pub fn check_name(name: &str, saved: &[SavedView], but: Option<&str>) -> Result<(), &'static str> {
    let same = |other: &str| other.to_lowercase() == name.to_lowercase() && Some(other) != but;
    if name.is_empty() {
        return Err("a view needs a name");
    }
    if name.chars().count() > LONGEST_NAME {
        return Err("a shorter name, please");
    }
    if SHIPPED.iter().any(|s| same(s.name)) {
        return Err("a shipped view has this name");
    }
    if but.is_some() && saved.iter().any(|s| same(&s.name)) {
        return Err("another view has this name");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Query;

    fn around(newest: Option<i64>) -> ViewContext<'static> {
        ViewContext { now: Timestamp(1_000 * DAY), newest: newest.map(Timestamp), zone: Zone::default(), me: "maria b" }
    }

    #[test]
    fn every_shipped_view_can_be_read() {
        for s in SHIPPED {
            let view = s.view(&around(None));
            assert!(Query::parse(&view.query).is_ok(), "{}", view.query);
            assert_eq!(view.sort.to_string(), s.sort, "{}", s.name);
        }
    }

    #[test]
    fn a_week_counts_from_the_newest_conversation_where_the_store_is_old() {
        let view = |newest| SHIPPED[1].view(&around(newest));
        assert_eq!(view(None).query, "outcome:failed,escalated status:open since:7d test:hidden");
        assert_eq!(view(Some(995 * DAY)).query, "outcome:failed,escalated status:open since:7d test:hidden");
        assert_eq!(view(Some(995 * DAY)).note, None);
        // 1972-08-17.
        let old = view(Some(959 * DAY + 1));
        assert_eq!(old.query, "outcome:failed,escalated status:open since:1972-08-11 test:hidden");
        assert_eq!(old.note.as_deref(), Some("week to 17 Aug"));
        assert_eq!(old.title(), "failed or handed over in the newest week");
        assert_eq!(view(None).title(), "failed or handed over this week");
        let east = ViewContext { zone: "Asia/Kathmandu".parse().unwrap(), ..around(Some(959 * DAY + 20 * 3_600_000)) };
        assert_eq!(SHIPPED[1].view(&east).note.as_deref(), Some("week to 18 Aug"), "it is tomorrow there");
    }

    #[test]
    fn names_with_blanks_are_quoted() {
        let mine = SHIPPED.iter().find(|s| s.name == "mine").unwrap().view(&around(None));
        assert_eq!(mine.query, "reviewer:\"maria b\"");
    }

    #[test]
    fn saved_views_are_kept_and_their_names_checked() {
        let saved = vec![SavedView {
            name: "refunds".into(),
            query: "refund".into(),
            sort: "newest".into(),
            columns: Some(vec!["when".into()]),
        }];
        assert_eq!(read_saved(&write_saved(&saved)), saved);
        assert_eq!(read_saved("not json"), []);
        assert!(check_name("Mine", &saved, None).is_err() && check_name("", &saved, None).is_err());
        assert!(check_name("Refunds", &saved, None).is_ok(), "saving again replaces it");
        assert!(check_name("Refunds", &saved, Some("other")).is_err(), "renaming does not");
    }
}
