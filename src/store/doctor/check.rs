//! What a look at a store can find.

use serde::Serialize;

/// How something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum CheckState {
    /// As it should be.
    Sound,
    /// Worth knowing, nothing is wrong.
    Note,
    /// Wrong.
    Fault,
}

/// What one look has found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DoctorCheck {
    /// What was looked at.
    pub check: &'static str,
    /// How it is.
    pub state: CheckState,
    /// That in words.
    pub says: String,
    /// What to do about it, where there is something to do.
    pub todo: Option<String>,
}

/// Puts a store's caches and projections right.
pub(super) const REPAIR: &str =
    "`appraise doctor --repair` writes it anew from what people decided and what was imported";
/// What nobody can compute anew.
pub(super) const RESTORE: &str =
    "put a backup in its place; without one, `sqlite3 STORE .recover` saves what can be read";

impl DoctorCheck {
    pub(super) fn sound(check: &'static str, says: impl Into<String>) -> Self {
        Self { check, state: CheckState::Sound, says: says.into(), todo: None }
    }

    pub(super) fn note(check: &'static str, says: impl Into<String>, todo: Option<&str>) -> Self {
        Self { check, state: CheckState::Note, says: says.into(), todo: todo.map(str::to_owned) }
    }

    pub(super) fn fault(check: &'static str, says: impl Into<String>, todo: impl Into<String>) -> Self {
        Self { check, state: CheckState::Fault, says: says.into(), todo: Some(todo.into()) }
    }

    /// Of a list of things that are wrong.
    pub(super) fn of(check: &'static str, sound: &str, wrong: &[String], todo: &str) -> Self {
        match wrong.is_empty() {
            true => Self::sound(check, sound),
            false => Self::fault(check, wrong.join("; "), todo),
        }
    }
}
