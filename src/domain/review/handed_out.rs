//! What training cannot repair is handed out: to whom, by when.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Who repairs a failure, by when.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActionTerms {
    /// A person or a team.
    pub owner: String,
    /// What is to be done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The day by which it is to be done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<String>,
}

impl ActionTerms {
    /// The terms as people write them.
    ///
    /// # Errors
    /// There is no owner, or the due date is no date or over already; in words for a person.
    pub fn read(owner: &str, note: &str, due: &str, today: NaiveDate) -> Result<Self, String> {
        let given = |text: &str| Some(text.trim().to_owned()).filter(|t| !t.is_empty());
        let owner = given(owner).filter(|o| !o.chars().any(char::is_control));
        let Some(owner) = owner else { return Err("who is to do it? name a person or a team".to_owned()) };
        let due = given(due)
            .map(|due| match NaiveDate::parse_from_str(&due, "%Y-%m-%d") {
                Ok(day) if day < today => {
                    Err(format!("{day} is over already: write a day from {today} on, or nothing"))
                }
                Ok(day) => Ok(day.to_string()),
                Err(_) => Err(format!("{due:?} is no date: write 2026-12-05, or nothing")),
            })
            .transpose()?;
        Ok(Self { owner, note: given(note), due })
    }

    /// As a decision holds them.
    pub fn value(&self) -> String {
        serde_json::json!(self).to_string()
    }

    /// From a decision's value; `None` where it is none.
    pub fn of_value(value: &str) -> Option<Self> {
        serde_json::from_str(value).ok()
    }

    /// In a few words: who, and by when.
    pub fn words(&self) -> String {
        self.due.as_ref().map_or_else(|| self.owner.clone(), |due| format!("{}, due {due}", self.owner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_are_read_kept_and_refused_in_words() {
        let today = NaiveDate::from_ymd_opt(2026, 12, 5).unwrap();
        let terms = ActionTerms::read(" content ", "write the page\n", "2026-12-05", today).unwrap();
        assert_eq!((terms.owner.as_str(), terms.note.as_deref()), ("content", Some("write the page")));
        assert_eq!(ActionTerms::of_value(&terms.value()), Some(terms.clone()));
        assert_eq!(terms.words(), "content, due 2026-12-05");
        assert!(ActionTerms::read(" ", "", "", today).unwrap_err().contains("who is to do it"));
        assert!(ActionTerms::read("eleni", "", "5 Dec", today).unwrap_err().contains("is no date"));
        let over = ActionTerms::read("eleni", "", "2026-12-04", today).unwrap_err();
        assert!(over.contains("2026-12-04 is over already") && over.contains("from 2026-12-05 on"), "{over}");
        assert_eq!(ActionTerms::of_value("yes"), None);
    }
}
