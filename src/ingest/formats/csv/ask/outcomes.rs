//! How conversations ended: which columns say it, and what their words mean.

use super::asked::{AskedValues, PersonsWord, column};
use crate::domain::Outcome;
use crate::ingest::context::in_shell;
use crate::ingest::formats::csv::cells::outcomes::{is_technical, likely, others, outcome};
use crate::ingest::formats::csv::columns::field::{CsvField, bare};
use crate::ingest::formats::csv::columns::flags;
use crate::ingest::formats::csv::columns::mapping::Mapping;
use crate::ingest::formats::csv::survey::CsvSurvey;
use crate::ingest::formats::csv::survey::seen::{SeenValue, listed};

/// Headers that are as usual for the state of a message, a call or a ticket as for how a conversation ended.
const OF_ANYTHING: &[&str] = &["status", "state", "result", "κατασταση"];

pub(super) fn settle(m: &mut Mapping, survey: &CsvSurvey, said: &PersonsWord<'_>, asked: &mut AskedValues) {
    let Some(name) = m.column(CsvField::Outcome).map(str::to_owned) else { return };
    let about = column(m, CsvField::Outcome);
    let words = survey.outcomes.list();
    // A program's words that differ from message to message are each message's, whatever the header.
    let of_messages = survey.differs > 0 && words.iter().all(|(word, _)| is_technical(word));
    let doubtful = (of_messages || OF_ANYTHING.contains(&bare(&name).as_str())) && !said.field(CsvField::Outcome);
    if doubtful && (survey.differs > 0 || !speaks_of_ends(m, &words)) {
        m.set(CsvField::Outcome, None);
        let differs = if survey.differs > 0 { ", and differs within a conversation" } else { "" };
        let seen = format!(
            "it holds {}{differs}: that may be the state of each message, and is kept in meta",
            listed(&words, 5)
        );
        asked.wonder(&about, seen, format!("--map outcome={name} where it says how conversations ended"));
        return;
    }
    let unknown: Vec<(&str, &SeenValue)> = words.into_iter().filter(|(word, _)| meant(m, word).is_none()).collect();
    if let Some((_, first)) = unknown.first() {
        let seen = format!(
            "it holds words that are no outcome: {}; those outcomes are told by the turns, where they tell",
            listed(&unknown, 8)
        );
        let likely = likely(&first.shown);
        let line = in_shell(&flags::pair(&format!("outcome:{}", first.shown), likely.name()));
        asked.wonder(&about, seen, format!("--map {line} (or {}; so for each word)", others(likely)));
    }
}

fn meant(m: &Mapping, word: &str) -> Option<Outcome> {
    m.outcomes.get(word).copied().or_else(|| outcome(word))
}

/// Whether words say how conversations ended: one of them does and means nothing else, none is a program's.
fn speaks_of_ends(m: &Mapping, words: &[(&str, &SeenValue)]) -> bool {
    let ends = |word: &str| meant(m, word).is_some_and(|o| o != Outcome::Pending) && !is_technical(word);
    let programs = |word: &str| is_technical(word) && meant(m, word) != Some(Outcome::Failed);
    words.iter().any(|(w, _)| ends(w)) && !words.iter().any(|(w, _)| programs(w))
}
