//! What names a conversation.

use super::asked::{AskedValues, PersonsWord, column};
use crate::ingest::context::in_shell;
use crate::ingest::formats::csv::columns::field::CsvField;
use crate::ingest::formats::csv::columns::mapping::{Mapping, RowShape};
use crate::ingest::formats::csv::guess::IdColumns;
use crate::ingest::formats::csv::survey::CsvSurvey;

/// Other columns that a question names.
const NAMED: usize = 3;

/// Of so many rows one may be without an id: that row is rejected. More of them would leave conversations with holes.
const MANY_WITHOUT: u64 = 4;

pub(super) fn settle(
    m: &Mapping,
    columns: &[String],
    survey: &CsvSurvey,
    said: &PersonsWord<'_>,
    ids: &IdColumns,
    asked: &mut AskedValues,
) {
    if m.shape == RowShape::Turns && !m.names_conversations() {
        let there = columns.iter().take(20).map(|c| format!("`{c}`")).collect::<Vec<_>>().join(", ");
        return asked.need(
            "the conversation",
            format!("no column says which conversation a row belongs to; there are {there}{}", constant(ids)),
            settled(ids, columns),
            &[],
            None,
        );
    }
    if m.column(CsvField::Id).is_none() {
        return by_themselves(m, columns, said, ids, asked);
    }
    let about = column(m, CsvField::Id);
    let as_text = || "export that column as text, or --map id=COLUMN names another".to_owned();
    if let Some(shown) = &survey.rounded {
        let seen = format!(
            "{} ids are rounded, such as `{shown}`: a spreadsheet has cut their last digits, and several conversations may have become one",
            survey.rounded_ids
        );
        asked.need(&about, seen, as_text(), &[], Some("them as they stand"));
    }
    let (long, zeros) = survey.long_ids;
    if long >= 3 && long == zeros {
        let seen = format!(
            "all {long} ids of 16 digits and more end in zeros: a spreadsheet keeps 15 digits and has rounded the rest"
        );
        asked.need(&about, seen, as_text(), &[], Some("them as they stand"));
    }
    if said.field(CsvField::Id) {
        return;
    }
    let id = m.column(CsvField::Id).unwrap_or_default();
    let is_answered = m.id_from_above || said.setting("empty_id");
    if m.shape == RowShape::Turns && survey.no_id * MANY_WITHOUT > survey.rows && !is_answered {
        asked.need(
            &about,
            format!(
                "it is empty in {} of {} rows that have words: of merged cells the first alone has a value, and some programs name the \
                 conversation in the customer's rows alone",
                survey.no_id, survey.rows
            ),
            format!(
                "--map {} where such a row belongs to the conversation of the row before; --map {} leaves these rows out",
                in_shell(&format!("id={id},empty_id=above")),
                in_shell(&format!("id={id}"))
            ),
            &[],
            Some("the rows that have it"),
        );
    }
    if let Some(shown) = &survey.shared {
        let seen = format!(
            "{} rows have an id that another row has, such as `{shown}`, and other words: they would become one conversation",
            survey.shared_ids
        );
        let settle = format!("--map id=COLUMN names what differs in each (--map \"id={id}\" where they are one)");
        asked.need(&about, seen, settle, &[], Some("them for one"));
    }
    if ids.own && m.shape == RowShape::Turns && ids.several_speak {
        let seen = format!(
            "every row has an id of its own, and several speak: it is the message's and not the conversation's{}",
            constant(ids)
        );
        asked.need(&about, seen, settled(ids, columns), &[], None);
    } else if ids.own && m.shape == RowShape::Turns {
        asked.need(
            &about,
            "every row has an id of its own: that may be the message's and not the conversation's".to_owned(),
            format!("{} the conversation's (--map \"id={id}\" where it is that)", settled(ids, &[])),
            &[],
            Some("each row for a conversation"),
        );
    }
}

/// Which ids name nothing, and why.
fn constant(ids: &IdColumns) -> String {
    match ids.constant.as_slice() {
        [] => String::new(),
        [one] => format!("; `{one}` is the same in all rows and names none of several"),
        some => {
            let named: Vec<String> = some.iter().take(NAMED).map(|c| format!("`{c}`")).collect();
            format!("; {} are the same in all rows and name none of several", named.join(", "))
        }
    }
}

/// Rows of which each would be a customer's conversation of one turn, where by their ids they belong together.
fn by_themselves(m: &Mapping, columns: &[String], said: &PersonsWord<'_>, ids: &IdColumns, asked: &mut AskedValues) {
    let has = |field| m.column(field).is_some();
    let is_told = has(CsvField::Reply) || has(CsvField::Gold) || has(CsvField::Intent) || said.setting("shape");
    if m.shape != RowShape::Utterances || is_told {
        return;
    }
    if ids.others.is_empty() {
        return named_words_alone(m, columns, said, asked);
    }
    let named: Vec<String> = ids.others.iter().take(NAMED).map(|c| format!("`{c}`")).collect();
    asked.need(
        "the conversation",
        format!(
            "no column says which conversation a row belongs to, nor who speaks, and {} comes again from row to row",
            named.join(", ")
        ),
        format!(
            "{}, and --map role=COLUMN who speaks; --map shape=utterances where each row is a customer's and stands by itself",
            settled(ids, columns)
        ),
        &[],
        Some("each row for a conversation of one customer's turn"),
    );
}

/// JSON objects of which rows are made because somebody named their words: that tells neither who speaks nor what belongs together.
fn named_words_alone(m: &Mapping, columns: &[String], said: &PersonsWord<'_>, asked: &mut AskedValues) {
    if !said.of_objects || !said.field(CsvField::Text) || m.other_senders.is_some() {
        return;
    }
    let there = columns.iter().take(20).map(|c| format!("`{c}`")).collect::<Vec<_>>().join(", ");
    asked.need(
        "who speaks",
        format!("nobody says it, nor which conversation a row belongs to; there are {there}"),
        "--map role=COLUMN,id=COLUMN names both (id=file where a file is one conversation; first_speaker=user where customer and AI take \
         turns); --map \"role:*=user\" where each row is a customer's and stands by itself"
            .to_owned(),
        &[],
        None,
    );
}

/// What names the conversation: the columns that may, else any.
fn settled(ids: &IdColumns, columns: &[String]) -> String {
    let named: Vec<String> = ids.others.iter().take(NAMED).map(|c| format!("--map \"id={c}\"")).collect();
    let some = if named.is_empty() { "--map id=COLUMN".to_owned() } else { named.join(" or ") };
    match columns.is_empty() {
        true => format!("{some} names"),
        false => format!("{some} names it; --map id=file where a file is one conversation"),
    }
}
