//! Words, dates, order and latency: what their values settle.

use super::asked::{AskedValues, PersonsWord, column, unreadable};
use crate::ingest::formats::csv::columns::answers::is_instruction;
use crate::ingest::formats::csv::columns::field::{CsvField, plain};
use crate::ingest::formats::csv::columns::mapping::{Mapping, RowShape};
use crate::ingest::formats::csv::survey::{CsvSurvey, WordTally};

/// Which column holds the words; whether any does.
pub(super) fn words(
    m: &Mapping,
    columns: &[String],
    survey: &CsvSurvey,
    said: &PersonsWord<'_>,
    asked: &mut AskedValues,
) -> bool {
    let wanted = if m.shape == RowShape::Conversations { CsvField::Transcript } else { CsvField::Text };
    if m.column(wanted).is_none() {
        let all = columns.iter().take(20).map(|c| format!("`{c}`")).collect::<Vec<_>>().join(", ");
        let seen = match m.column(CsvField::Reply) {
            Some(reply) => format!("column `{reply}` looks like answers, and none like what the customer said"),
            None => "no column looks like it holds words, and a table without what was said is no log of conversations"
                .to_owned(),
        };
        asked.need(
            "what was said",
            format!("{seen}; there are {all}"),
            format!("--map {}=COLUMN names it where one does{}", wanted.name(), whole(wanted)),
            &[],
            None,
        );
        return false;
    }
    let is_task = |header: &str| is_instruction(header) && m.column(CsvField::Reply).is_some();
    let by_value =
        m.column(CsvField::Text).is_some_and(|c| m.header && CsvField::Text.heads(c).is_none() && !is_task(c));
    if wanted == CsvField::Text && by_value && !said.field(CsvField::Text) {
        let name = m.column(CsvField::Text).unwrap_or_default().to_owned();
        let unknown = columns.iter().all(|c| CsvField::ALL.iter().all(|f| f.heads(c).is_none()));
        let header = if unknown { "; --map header=no where the first row names no columns" } else { "" };
        asked.need(
            "what was said",
            format!("no header says which column holds the words; column `{name}` looks like it"),
            format!("--map \"text={name}\", or another column{}{header}", whole(wanted)),
            &[("text", &name)],
            None,
        );
    }
    let WordTally { all, wordless, html, .. } = survey.words();
    let structured =
        [CsvField::Text, CsvField::Reply].into_iter().zip(survey.said).find(|(_, said)| said.holds_structures());
    if wordless * 2 > all {
        let name = m.column(CsvField::Text).or(m.column(CsvField::Reply)).unwrap_or_default();
        asked.need(
            &format!("column `{name}`"),
            format!("{wordless} of {all} cells hold JSON or lists in which no words are found"),
            "--map text=COLUMN names the column with the words".to_owned(),
            &[],
            None,
        );
    } else if let Some((field, _)) = structured {
        let name = m.column(field).unwrap_or_default();
        asked
            .warnings
            .push(format!("column `{name}` holds JSON or lists: what is said in them is read, the rest left out"));
    }
    if html * 5 > all || survey.bodies > 0 {
        let which = if html * 5 > all { "texts".to_owned() } else { format!("{} texts", survey.bodies) };
        asked.warnings.push(format!("{which} are HTML: read as people saw them, quoted mail kept in meta"));
    }
    true
}

/// What else a column with words may be.
fn whole(wanted: CsvField) -> &'static str {
    match wanted {
        CsvField::Text => "; --map transcript=COLUMN where a cell holds a whole conversation",
        _ => "",
    }
}

/// Which number of a date is the day.
pub(super) fn dates(m: &mut Mapping, survey: &CsvSurvey, said: &PersonsWord<'_>, asked: &mut AskedValues) {
    let names: Vec<String> = survey.times.iter().filter_map(|(f, _)| m.column(*f)).map(|c| format!("`{c}`")).collect();
    let about = format!("column {}", names.join(", "));
    for (field, evidence) in &survey.times {
        if let Some(strange) = evidence.strange.as_ref().filter(|_| evidence.unreadable > 0) {
            let seen = format!(
                "{} of {} values are no times that can be read, such as `{strange}`",
                evidence.unreadable, evidence.filled
            );
            asked.wonder(&column(m, *field), seen, unreadable(*field));
        }
    }
    if said.order.or(m.date_order).is_some() {
        return;
    }
    let evidence = survey.dates();
    match (evidence.order(), &evidence.ambiguous) {
        (Some(order), _) => m.date_order = Some(order),
        (None, Some(shown)) if evidence.ambiguities > 1 => {
            let mixed = if evidence.is_mixed() { ", and the others do not agree on one order" } else { "" };
            let seen = format!("{} dates may mean two days, such as `{shown}`{mixed}", evidence.ambiguities);
            let settle =
                "--date-order dmy or mdy says which number is the day (in a mapping: date_order=dmy)".to_owned();
            let guess = [("date_order", "dmy")];
            asked.need(&about, seen, settle, if evidence.is_mixed() { &[] } else { &guess }, None);
        }
        _ => {}
    }
}

/// In which order the rows of a conversation stand.
pub(super) fn order(m: &mut Mapping, survey: &CsvSurvey, said: &PersonsWord<'_>, asked: &mut AskedValues) {
    let (forward, back) = survey.steps;
    if m.shape != RowShape::Turns || said.setting("order") || m.column(CsvField::Turn).is_some() {
        return;
    }
    if back == 0 {
        // Where times tell nothing the log's own numbers do.
        let (up, down) = survey.number_steps;
        if forward == 0 && down > 3 * up {
            m.newest_first = true;
            let numbers = m.column(CsvField::MessageId).unwrap_or_default();
            asked.warnings.push(format!(
                "`{numbers}` runs backwards and times do not tell: each conversation is read from its last row to its first (--map order=file \
                 keeps the file's)"
            ));
        }
        return;
    }
    let time = m.column(CsvField::Time).unwrap_or_default().to_owned();
    if back > 3 * forward {
        m.newest_first = true;
        asked.warnings.push("times run backwards: each conversation is read from its last row to its first".to_owned());
    } else if back * 6 > forward {
        m.by_time = true;
        asked.warnings.push(format!("rows stand out of order: each conversation is read in the order of `{time}` (--map order=file keeps the file's)"));
    }
}

/// What the latency is counted in.
pub(super) fn latency(m: &mut Mapping, survey: &CsvSurvey, said: &PersonsWord<'_>, asked: &mut AskedValues) {
    let (Some(name), Some((_, most, fraction))) = (m.column(CsvField::Latency).map(str::to_owned), survey.latency)
    else {
        return;
    };
    if said.setting("latency_unit") || said.field(CsvField::Latency) {
        return;
    }
    let header = plain(&name);
    if header.ends_with("ms") || header.contains("milli") {
        return;
    }
    if header.ends_with("seconds") || matches!(header.as_str(), "latencys" | "responsetimes") {
        m.latency_in_seconds = true;
    } else if fraction || most < 100.0 {
        let about = column(m, CsvField::Latency);
        m.set(CsvField::Latency, None);
        let seen = format!("numbers up to {most}, in seconds or milliseconds: kept in meta");
        asked.wonder(&about, seen, format!("--map \"latency={name},latency_unit=s\" (or ms)"));
    }
}
