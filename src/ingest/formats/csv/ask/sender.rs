//! Which column says who speaks, where none is understood to: one whose values take turns is named, with what settles it.

use super::asked::{AskedValues, PersonsWord};
use crate::domain::Role;
use crate::ingest::context::in_shell;
use crate::ingest::derive::speakers as senders;
use crate::ingest::formats::csv::columns::field::CsvField;
use crate::ingest::formats::csv::columns::flags;
use crate::ingest::formats::csv::columns::mapping::{Mapping, RowShape};
use crate::ingest::formats::csv::guess::{IdColumns, SenderColumn};
use crate::ingest::formats::csv::survey::CsvSurvey;

/// Whether nobody has said yet who speaks in rows of which each says something.
pub(super) fn is_open(m: &Mapping, said: &PersonsWord<'_>) -> bool {
    let has = |field| m.column(field).is_some();
    match m.shape {
        RowShape::Conversations => false,
        RowShape::Turns => m.other_senders.is_none() && m.first_speaker.is_none(),
        // A label says what the row is.
        RowShape::Utterances => !(has(CsvField::Gold) || has(CsvField::Intent) || said.setting("shape")),
    }
}

/// The columns that there are.
pub(super) fn named(columns: &[String]) -> String {
    columns.iter().take(20).map(|c| format!("`{c}`")).collect::<Vec<_>>().join(", ")
}

/// Asks whether the column is the one.
pub(super) fn ask(
    m: &Mapping,
    sender: &SenderColumn,
    columns: &[String],
    survey: &CsvSurvey,
    ids: &IdColumns,
    asked: &mut AskedValues,
) {
    let SenderColumn { column, values, .. } = sender;
    let holds = match values.as_slice() {
        [] => "names or numbers of which two or so take turns in a conversation".to_owned(),
        some => {
            some.iter().map(|(value, n)| format!("`{value}` ({n})")).collect::<Vec<_>>().join(", ")
                + ", which take turns"
        }
    };
    let seen = format!(
        "no column is understood to say it, in {} rows; column `{column}` may: it holds {holds}; there are {}",
        survey.rows,
        named(columns)
    );
    let (placed, mut note) = placed(sender);
    let mut pairs = vec![("role".to_owned(), column.clone())];
    pairs.extend(placed);
    // Who speaks in turn speaks in a conversation: nothing else names one.
    if !m.names_conversations() {
        let id = ids.others.first().filter(|other| *other != column);
        pairs.insert(0, ("id".to_owned(), id.map_or("file", String::as_str).to_owned()));
        note += match id {
            Some(_) => " and that names the conversation",
            None => " and the file is one conversation (else id=COLUMN)",
        };
    }
    let line = pairs.iter().map(|(key, value)| flags::pair(key, value)).collect::<Vec<_>>().join(",");
    let settle = format!(
        "--map {} where it is that{note}; --map role=COLUMN names another; --map \"role:*=user\" where all is the customer's",
        in_shell(&line)
    );
    // Which of two unknown names is the AI's is nothing to guess.
    asked.need("who speaks", seen, settle, &[], None);
}

/// Who each value is, as far as it has to be said and there is a way to say it; and what to change in it.
fn placed(sender: &SenderColumn) -> (Vec<(String, String)>, String) {
    let known = |value: &str| senders::of_kind(&senders::word(value));
    let unknown: Vec<&str> =
        sender.values.iter().map(|(value, _)| value.as_str()).filter(|v| known(v).is_none()).collect();
    let role = |value: &str, role: Role| (format!("role:{value}"), role.name().to_owned());
    let has = |role: Role| sender.values.iter().any(|(value, _)| known(value) == Some(role));
    match unknown.as_slice() {
        [] if sender.values.is_empty() => {
            let note = " and whoever speaks first is the customer, the other the AI (else first_speaker=bot)";
            (vec![("first_speaker".to_owned(), "user".to_owned())], note.to_owned())
        }
        [] => (Vec::new(), String::new()),
        [one] if senders::is_machinery(&senders::word(one)) => {
            (vec![role(one, Role::Tool)], format!(" and `{one}` is a tool (else system, bot, agent)"))
        }
        [_, _, ..] if has(Role::Bot) => {
            let others = ("role:*".to_owned(), Role::User.name().to_owned());
            (vec![others], " and all that are not known are customers (else a role:NAME for each)".to_owned())
        }
        [one] if has(Role::User) && !has(Role::Bot) => {
            (vec![role(one, Role::Bot)], format!(" and `{one}` is the AI (else agent, system)"))
        }
        [one] => (vec![role(one, Role::User)], format!(" and `{one}` is the customer (else bot, agent, system)")),
        [one, other] => {
            let (user, ai) = if sender.first.as_deref() == Some(*other) { (other, one) } else { (one, other) };
            (
                vec![role(user, Role::User), role(ai, Role::Bot)],
                format!(" and `{ai}` is the AI (else the two the other way round)"),
            )
        }
        [first, ..] => {
            let others = ("role:*".to_owned(), Role::User.name().to_owned());
            (
                vec![role(first, Role::Bot), others],
                format!(" and `{first}` is the AI, all others customers (else a role:NAME for each)"),
            )
        }
    }
}
