//! Everything a person can ask for, in one table. The table gives dispatch, the footer's hints, the `?` sheet, the `:`
//! palette, `appraise keys` and the keys that a configuration may override.
//!
//! An action says what, never on what: the target comes from the state of the program.

mod common;
mod fine_tune;
mod overview;
mod patterns;
mod responses;
mod row;
mod signals;
mod triage;

pub use row::{Action, ActionRow, ActionScope};

/// Every action there is, each scope in the order of the key sheet.
pub fn rows() -> impl Iterator<Item = &'static ActionRow> + Clone {
    const ALL: [&[ActionRow]; 12] = [
        triage::OVERVIEW,
        overview::VIEWS,
        triage::QUEUE,
        triage::REVIEW,
        patterns::PATTERNS,
        responses::RESPONSES,
        fine_tune::FINE_TUNE,
        fine_tune::VIEWS,
        signals::SIGNALS,
        common::COMMON,
        fine_tune::JUDGE,
        common::FLOATING,
    ];
    ALL.into_iter().flatten()
}

/// The row of an action; where it stands in several scopes, the first.
pub fn row_of(action: Action) -> Option<&'static ActionRow> {
    rows().find(|r| r.action == action)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Cause;
    use std::collections::HashSet;

    #[test]
    fn names_are_unique_and_every_row_explains_itself() {
        let mut seen = HashSet::new();
        for r in rows() {
            assert!(seen.insert(r.name), "{} twice", r.name);
            assert!(!r.help.is_empty() && !r.label.is_empty(), "{}", r.name);
            let colours = [Action::DarkColours, Action::LightColours, Action::NoColours, Action::OwnColours];
            let alone = [colours.as_slice(), &[Action::AsOf]].concat();
            assert!(r.keys.is_empty() == alone.contains(&r.action), "{}: few are the palette's alone", r.name);
        }
    }

    #[test]
    fn causes_have_the_keys_of_the_domain() {
        for &c in Cause::ALL {
            let r = row_of(Action::Cause(c)).expect("every cause has a row");
            assert_eq!(r.keys, [c.key().to_string().as_str()]);
        }
    }
}
