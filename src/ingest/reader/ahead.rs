//! What the first records of a log ask.

use super::{LogReader, LogRecord};
use crate::domain::{Role, Turn};
use crate::ingest::context::{ImportQuestion, WHO_SPEAKS};
use crate::ingest::formats::csv;
use crate::ingest::rows::encoding::is_twice;

impl LogReader {
    fn turns_ahead(&self) -> impl Iterator<Item = &Vec<Turn>> {
        self.ahead.iter().filter_map(|item| match item {
            LogRecord::Conversation { conversation, .. } => Some(&conversation.turns),
            LogRecord::Reject(_) => None,
        })
    }

    /// Asks whether `system` is the AI, where nobody else answers: so logs of dialogue systems call it.
    pub(super) fn without_ai(&self) -> Option<ImportQuestion> {
        let (mut users, mut answers) = (0_u64, 0_u64);
        for turns in self.turns_ahead() {
            if turns.iter().any(|t| matches!(t.role, Role::Bot | Role::Agent)) {
                return None;
            }
            users += turns.iter().filter(|t| t.role == Role::User).count() as u64;
            let answered = |pair: &&[Turn]| {
                pair[0].role == Role::User
                    && pair[1].role == Role::System
                    && pair[1].event.is_none()
                    && !pair[1].text.trim().is_empty()
            };
            answers += turns.windows(2).filter(answered).count() as u64;
        }
        let is_open = users > 0 && answers * 2 >= users && self.cx.speakers.role("system").is_none();
        is_open.then(|| ImportQuestion {
            about: WHO_SPEAKS.to_owned(),
            seen: format!("`system` answers {answers} of the first {users} turns of customers, and nobody is the AI"),
            settle:
                "--speakers \"system=bot\" where that is the AI (or system=system where it only tells what happened)"
                    .to_owned(),
            guess: Some("it for what happened: nobody is the AI".to_owned()),
            needed: true,
        })
    }

    /// Asks what to do with UTF-8 that was read as something else and written as UTF-8 once more. Tables are looked at as a whole, and
    /// ask it themselves.
    pub(super) fn written_twice(&self) -> Option<ImportQuestion> {
        if self.cx.encoding.is_some() || self.summary.format == csv::NAME {
            return None;
        }
        let texts = self.turns_ahead().flatten().map(|t| t.text.as_str()).filter(|text| !text.is_ascii());
        let (twice, others): (Vec<&str>, Vec<&str>) = texts.partition(|text| is_twice(text));
        (twice.len() > others.len()).then(|| ImportQuestion {
            about: "the encoding".to_owned(),
            seen: format!(
                "{} of the first {} texts beyond ASCII were UTF-8, were read as something else and written as UTF-8 once more: their letters \
                 are not what they were",
                twice.len(),
                twice.len() + others.len()
            ),
            settle: "save it as UTF-8 where it comes from; --encoding utf-8 takes it as it stands".to_owned(),
            guess: None,
            needed: true,
        })
    }
}
