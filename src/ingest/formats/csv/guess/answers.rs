//! Columns of answers that no usual header names, and of sentences that no field takes: without them a side of the conversations would be
//! lost, and nobody would know.

use super::dialect::Sample;
use super::stats::CellStats;
use crate::domain::Role;
use crate::ingest::context::in_shell;
use crate::ingest::derive::speakers as senders;
use crate::ingest::formats::csv::ask::{AskedValues, PersonsWord};
use crate::ingest::formats::csv::cells::values::truth;
use crate::ingest::formats::csv::columns::answers::{AnswerHeader, answers};
use crate::ingest::formats::csv::columns::field::CsvField;
use crate::ingest::formats::csv::columns::flags;
use crate::ingest::formats::csv::columns::mapping::{Mapping, RowShape};
use crate::ingest::formats::csv::survey::CsvSurvey;
use crate::ingest::html;

/// The share of cells that are texts, where a header says whose, and of those that are sentences, where none does.
const TEXTS: f64 = 0.3;
const SENTENCES: f64 = 0.5;
/// Columns that a line names.
const NAMED: usize = 8;

/// A column with the words of its header for whose answers it holds.
type AnswerColumn<'s> = (&'s str, AnswerHeader);

/// Gives the answers the one column whose header says that an AI wrote them, where rows say only what the customer said.
pub(super) fn give(m: &mut Mapping, sample: &Sample, stats: &[CellStats]) {
    let both_speak =
        sample.columns.iter().position(|c| m.column(CsvField::Role) == Some(c.as_str())).is_some_and(|i| {
            let word = |v: &str| senders::word(v);
            let of_business = |v: &str| matches!(senders::of_kind(&word(v)), Some(Role::Bot | Role::Agent));
            sample.values(i).any(|v| of_business(v) || senders::is_outward(&word(v)) || truth(v).is_some())
        });
    if m.column(CsvField::Reply).is_some() || both_speak {
        return;
    }
    let of_ai = |(_, header): &AnswerColumn<'_>| *header == AnswerHeader::OfAi;
    if let [(only, _)] = free(m, sample, stats).into_iter().filter(of_ai).collect::<Vec<_>>().as_slice() {
        m.set(CsvField::Reply, Some(only));
    }
}

/// Columns of answers, by their headers, that no field takes and that hold texts.
fn free<'s>(m: &Mapping, sample: &'s Sample, stats: &[CellStats]) -> Vec<AnswerColumn<'s>> {
    let named = sample.columns.iter().zip(stats).filter(|(name, _)| sample.header && m.field_of(name).is_none());
    named.filter(|(_, s)| s.texts >= TEXTS).filter_map(|(name, _)| Some((name.as_str(), answers(name)?))).collect()
}

/// Asks whose the answers are that no field takes, where otherwise only the customer would speak; and names what else holds sentences.
pub(super) fn ask(
    m: &Mapping,
    sample: &Sample,
    stats: &[CellStats],
    survey: &CsvSurvey,
    said: &PersonsWord<'_>,
    asked: &mut AskedValues,
) {
    let has_words = m.column(CsvField::Text).is_some() || m.column(CsvField::Transcript).is_some();
    if !has_words || !sample.header || (said.keys)(CsvField::Reply.name()) {
        return;
    }
    let is_asked =
        |name: &str, asked: &AskedValues| asked.questions.iter().any(|q| q.about.contains(&format!("`{name}`")));
    let one_sided = is_one_sided(m, survey);
    let answers: Vec<AnswerColumn<'_>> =
        free(m, sample, stats).into_iter().filter(|(name, _)| !is_asked(name, asked)).collect();
    if one_sided && !answers.is_empty() {
        whose(&answers, asked);
    }
    let sentences = |(name, s): &(&String, &CellStats)| {
        let says = s.sentences >= SENTENCES && s.n > 1 && s.distinct * 2 > s.n;
        let is_read = m.field_of(name).is_some() || m.subject(&sample.columns) == Some(name.as_str());
        !is_read && !are_said(m, sample, name) && (says || answers.iter().any(|(answer, _)| answer == name))
    };
    let left = sample.columns.iter().zip(stats).filter(sentences).map(|(name, _)| name.as_str());
    let left: Vec<&str> = left.filter(|name| !is_asked(name, asked)).collect();
    let Some(first) = left.first() else { return };
    let (columns, hold) = columns(&left);
    if one_sided {
        let seen = format!("{hold} sentences, and nobody is read to have said them: kept in meta");
        asked.wonder(
            &columns,
            seen,
            format!("--map {} where the AI said them", in_shell(&flags::pair("reply", first))),
        );
    } else if let Some(read) = m.column(CsvField::Reply).filter(|_| answers.iter().any(|(answer, _)| answer == first)) {
        let line = format!("{},{}", flags::pair("reply", first), flags::pair(&format!("role:{first}"), "agent"));
        let settle = format!(
            "--map {} reads the first of them instead of `{read}`, as people's words (without role: as the AI's); a row has one answer: write \
             each in a row of its own where both count",
            in_shell(&line)
        );
        asked.wonder(&columns, format!("{hold} answers beside those in `{read}`: kept in meta"), settle);
    } else {
        let may_correct = m.column(CsvField::Corrected).is_none() && answers.iter().any(|(answer, _)| answer == first);
        let read = in_shell(&flags::pair(CsvField::Corrected.name(), first));
        let how = if may_correct {
            format!(" (--map {read} where people wrote them instead of the AI's)")
        } else {
            String::new()
        };
        asked
            .warnings
            .push(format!("{columns}: {hold} sentences, and nobody is read to have said them: kept in meta{how}"));
    }
}

/// Whether the words of a column stand in those that are read of the same rows, or these in them: whole bodies, beginnings, what a
/// program makes of the same message.
fn are_said(m: &Mapping, sample: &Sample, name: &str) -> bool {
    let place = |name: &str| sample.columns.iter().position(|c| c == name);
    let read: Vec<usize> = [CsvField::Text, CsvField::Reply].iter().filter_map(|f| place(m.column(*f)?)).collect();
    let bare = |cell: &String| {
        let seen = html::seen(cell).map_or_else(|| cell.clone(), |body| body.text);
        seen.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>()
    };
    let Some(i) = place(name) else { return false };
    let mut filled = sample.rows.iter().filter(|row| row.get(i).is_some_and(|cell| !cell.trim().is_empty()));
    filled.all(|row| {
        let one = row.get(i).map(bare).unwrap_or_default();
        let others = read.iter().filter_map(|at| row.get(*at)).map(bare).filter(|other| !other.is_empty());
        one.is_empty() || others.into_iter().any(|other| one.contains(&other) || other.contains(&one))
    })
}

/// Whether, as far as is known, all that is said is the customer's.
fn is_one_sided(m: &Mapping, survey: &CsvSurvey) -> bool {
    let role = |word: &str| m.senders.get(word).copied().or_else(|| senders::of_kind(word)).or(m.other_senders);
    let by_rows = || survey.senders.keys().all(|word| role(word) == Some(Role::User));
    m.shape != RowShape::Conversations
        && m.column(CsvField::Reply).is_none()
        && m.first_speaker.is_none()
        && survey.speaking == 0
        && (m.column(CsvField::Role).is_none() || by_rows())
}

fn whose(answers: &[AnswerColumn<'_>], asked: &mut AskedValues) {
    let names: Vec<&str> = answers.iter().map(|(name, _)| *name).collect();
    let Some(first) = names.first() else { return };
    let open = match answers.iter().all(|(_, header)| *header == AnswerHeader::OfAi) {
        true => "which of them the customer got",
        false => "whether the AI or a person wrote them",
    };
    let (columns, hold) = columns(&names);
    let seen = format!("by the header {hold} answers, and nobody says {open}; without them only the customer speaks");
    let another = if names.len() > 1 { ", or another of them" } else { "" };
    let ai = flags::pair("reply", first);
    let person = format!("{ai},{}", flags::pair(&format!("role:{first}"), Role::Agent.name()));
    let settle = format!(
        "--map {} where the AI wrote them{another}; --map {} where people did; --map reply= leaves them out",
        in_shell(&ai),
        in_shell(&person)
    );
    asked.need(&columns, seen, settle, &[], None);
}

/// Columns as a question names them, and the verb behind.
fn columns(names: &[&str]) -> (String, &'static str) {
    let named: Vec<String> = names.iter().take(NAMED).map(|name| format!("`{name}`")).collect();
    let more = match names.len().saturating_sub(NAMED) {
        0 => String::new(),
        n => format!(" and {n} more"),
    };
    match names {
        [one] => (format!("column `{one}`"), "it holds"),
        _ => (format!("columns {}{more}", named.join(", ")), "they hold"),
    }
}
