//! From the rows of a conversation to the conversation.

use super::plan::{Plan, list};
use super::repeated;
use super::row_error::RowError;
use super::said::Said;
use crate::domain::{Bot, Conversation, Csat, Outcome, OutcomeSource, Role, Sampling, Timestamp};
use crate::ingest::context::Context;
use crate::ingest::derive::speakers as senders;
use crate::ingest::formats::canonical::{conversation, value as read_as};
use crate::ingest::formats::csv::cells::{outcomes, values};
use crate::ingest::formats::csv::columns::field::Field;
use crate::ingest::formats::csv::columns::mapping::{Mapping, Shape};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Puts the rows of a conversation together.
///
/// # Errors
/// Nobody says anything, or a field of the conversation cannot be read.
pub(super) fn finish(plan: &Plan, id: String, mut rows: Vec<Said>, cx: &mut Context) -> Result<Conversation, RowError> {
    if plan.mapping.newest_first && plan.mapping.shape == Shape::Turns {
        rows.reverse();
    }
    let twice = repeated::join(&mut rows);
    if twice > 0 {
        let by =
            plan.mapping.column(Field::MessageId).map_or("time, sender and words".to_owned(), |c| format!("`{c}`"));
        cx.warnings
            .add(&format!("rows repeat a message (by {by}): it is read once, and what else they say is kept together"));
    }
    if plan.mapping.by_time && rows.iter().all(|r| moment(r).is_some()) {
        rows.sort_by_key(moment);
    }
    if rows.iter().all(|r| r.place.is_some()) {
        rows.sort_by(|a, b| a.place.partial_cmp(&b.place).unwrap_or(std::cmp::Ordering::Equal));
    }
    let mut c = Conversation::new(cx.source.clone(), id, Vec::new());
    let mut about = gathered(&rows, cx);
    c.meta = shared_meta(&mut rows, plan.mapping.shape);
    for row in rows {
        let mut extra = Some(row.extra).filter(|e| !e.is_empty());
        for mut turn in row.turns {
            if let Some(extra) = extra.take() {
                turn.meta.extend(extra);
            }
            c.turns.push(turn);
        }
    }
    if c.turns.is_empty() {
        return Err(RowError::NoTurns);
    }
    let said = about.remove(&Field::Outcome);
    let flagged = flagged(&about);
    describe(&mut c, about, plan, cx)?;
    outcome(&mut c, said, flagged, &plan.mapping, cx);
    Ok(c)
}

fn moment(row: &Said) -> Option<Timestamp> {
    row.turns.first()?.at
}

/// The outcome that columns of yes and no tell: a person who took over beats all others, and who left beats what is unsolved.
fn flagged(about: &BTreeMap<Field, String>) -> Option<Outcome> {
    let flag = |field: Field| about.get(&field).and_then(|word| values::truth(word));
    match (flag(Field::Escalated), flag(Field::Abandoned), flag(Field::Resolved)) {
        (Some(true), _, _) => Some(Outcome::Escalated),
        (_, _, Some(true)) => Some(Outcome::Resolved),
        (_, Some(true), _) => Some(Outcome::Abandoned),
        (_, _, Some(false)) => Some(Outcome::Failed),
        _ => None,
    }
}

/// The conversation's fields: the last row that fills one in holds, for the customer the first that the customer speaks
/// in (a sender's column has other ids in the AI's rows).
fn gathered(rows: &[Said], cx: &mut Context) -> BTreeMap<Field, String> {
    let mut about: BTreeMap<Field, String> = BTreeMap::new();
    for (field, value) in rows.iter().flat_map(|r| &r.about) {
        let known = about.get(field);
        // Tags add up; a flag that was raised once stays so.
        if *field == Field::Tags && known.is_some_and(|k| k != value) {
            let mut tags = known.map(|k| list(k, &['|', ',', ';'])).unwrap_or_default();
            let new = list(value, &['|', ',', ';']).into_iter().filter(|t| !tags.contains(t)).collect::<Vec<_>>();
            tags.extend(new);
            about.insert(*field, tags.join("|"));
            continue;
        }
        if matches!(field, Field::Escalated | Field::Abandoned) && known.and_then(|k| values::truth(k)) == Some(true) {
            continue;
        }
        let before = about.insert(*field, value.clone());
        if *field != Field::Customer && before.is_some_and(|b| b != *value) {
            cx.warnings.add(&format!("`{field}` differs within a conversation: its last value holds"));
        }
    }
    let customer = |r: &&Said| r.about.iter().any(|(f, _)| *f == Field::Customer);
    let speaks = |r: &&&Said| r.turns.iter().any(|t| t.role == Role::User);
    let with: Vec<&Said> = rows.iter().filter(customer).collect();
    if let Some(row) = with.iter().find(speaks).or(with.first()) {
        about.extend(row.about.iter().filter(|(f, _)| *f == Field::Customer).cloned());
    }
    about
}

/// Takes what every row says alike, so that it is said of the conversation once.
fn shared_meta(rows: &mut [Said], shape: Shape) -> Map<String, Value> {
    let Some((first, rest)) = rows.split_first_mut() else { return Map::new() };
    if shape != Shape::Turns || rest.is_empty() {
        return std::mem::take(&mut first.extra);
    }
    let (shared, own): (Map<_, _>, Map<_, _>) = std::mem::take(&mut first.extra)
        .into_iter()
        .partition(|(key, value)| rest.iter().all(|r| r.extra.get(key) == Some(value)));
    first.extra = own;
    rest.iter_mut().for_each(|r| r.extra.retain(|key, _| !shared.contains_key(key)));
    shared
}

fn describe(
    c: &mut Conversation,
    about: BTreeMap<Field, String>,
    plan: &Plan,
    cx: &mut Context,
) -> Result<(), RowError> {
    let mut bot = Bot::default();
    let mut comment = None;
    let mut sampled = (String::new(), None);
    for (field, value) in about {
        match field {
            Field::Source => c.source = value,
            Field::Channel => c.channel = Some(value),
            Field::Language => c.lang = Some(value),
            Field::Customer => c.customer_id = Some(value),
            Field::Reason => c.outcome_reason = Some(value),
            Field::Bot => bot.name = Some(value),
            Field::Version => bot.version = Some(value),
            Field::Stratum => sampled.0 = value,
            Field::Probability => sampled.1 = Some(value),
            Field::Tags => c.tags = list(&value, &['|', ',', ';']),
            Field::Started => c.started_at = time(plan, field, &value, cx)?,
            Field::Ended => c.ended_at = time(plan, field, &value, cx)?,
            Field::CsatComment => comment = Some(value),
            Field::Csat => c.csat = csat(&value, plan, cx),
            Field::Sentiment => c.sentiment = read_as::sentiment(&value.into(), cx),
            _ => {}
        }
    }
    c.bot = (bot != Bot::default()).then_some(bot);
    if let (stratum, Some(probability)) = sampled {
        let drawn = values::number(&probability).and_then(|p| Sampling::new(stratum, p));
        c.sampling = Some(drawn.ok_or(RowError::NoProbability(short(&probability)))?);
    }
    match (&mut c.csat, comment) {
        (Some(csat), comment) => csat.comment = comment,
        (None, Some(comment)) => drop(c.meta.insert(Field::CsatComment.name().into(), comment.into())),
        (None, None) => {}
    }
    Ok(())
}

fn time(plan: &Plan, field: Field, value: &str, cx: &Context) -> Result<Option<Timestamp>, RowError> {
    let column = plan.mapping.column(field).unwrap_or(field.name());
    cx.times.read(&Value::from(value)).map_err(|error| RowError::Time { column: column.to_owned(), error })
}

fn csat(value: &str, plan: &Plan, cx: &mut Context) -> Option<Csat> {
    let Some((score, max)) = values::rating(value) else {
        if !values::is_unrated(value) {
            cx.warnings.add("a rating that is none, left out");
        }
        return None;
    };
    if max.is_none() && plan.mapping.csat_min.is_some_and(|least| score < least) {
        return None;
    }
    let max = max.or(plan.mapping.csat_max).unwrap_or(5.0);
    Some(Csat { score, max, comment: None, at: None })
}

/// Settles the outcome. The log's word, else its flags, hold unless a person took over (rule 4); a word that is no outcome is kept as
/// the reason.
fn outcome(c: &mut Conversation, said: Option<String>, flagged: Option<Outcome>, m: &Mapping, cx: &mut Context) {
    let word = |word: &str| m.outcomes.get(&senders::word(word)).copied().or_else(|| outcomes::outcome(word));
    let named = said.as_deref().and_then(word);
    // A hand-over that is flagged is no less one because a status says something else.
    let meant = flagged.filter(|f| *f == Outcome::Escalated).or(named).or(flagged);
    let reason = c.outcome_reason.clone();
    if let Some(word) = said {
        if named.is_none() {
            cx.warnings.add(&format!("`{}` is no outcome: kept as the reason, and the outcome derived", short(&word)));
        }
        c.outcome_reason = Some(reason.as_ref().map_or(word.clone(), |r| format!("{word}: {r}")));
    }
    conversation::complete(c, cx);
    if let Some(meant) = meant.filter(|_| c.outcome != Some(Outcome::Escalated)) {
        (c.outcome, c.outcome_source) = (Some(meant), Some(OutcomeSource::Explicit));
        (c.resolution, c.outcome_reason) = (None, reason);
    } else if meant == Some(Outcome::Escalated) {
        (c.outcome_source, c.outcome_reason) = (Some(OutcomeSource::Explicit), reason);
    }
}

fn short(word: &str) -> String {
    word.chars().take(40).collect()
}
