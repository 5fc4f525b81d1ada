//! From the rows of a conversation to the conversation.

use super::offsets::DAY;
use super::plan::{CellPlan, list};
use super::repeated;
use super::row_error::RowError;
use super::said::SpokenRow;
use crate::domain::{Bot, Conversation, Outcome, OutcomeSource, Role, Sampling, Timestamp, Turn};
use crate::ingest::context::Context;
use crate::ingest::derive::speakers as senders;
use crate::ingest::formats::canonical::{conversation, offer, value as read_as};
use crate::ingest::formats::csv::cells::{outcomes, rated, values};
use crate::ingest::formats::csv::columns::field::CsvField;
use crate::ingest::formats::csv::columns::mapping::{Mapping, RowShape};
use crate::ingest::times::{is_day, is_nothing};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Puts the rows of a conversation together.
///
/// # Errors
/// Nobody says anything, or a field of the conversation cannot be read.
pub(super) fn finish(
    plan: &CellPlan,
    id: String,
    mut rows: Vec<SpokenRow>,
    cx: &mut Context,
) -> Result<Conversation, RowError> {
    if plan.mapping.newest_first && plan.mapping.shape == RowShape::Turns {
        rows.reverse();
    }
    let twice = repeated::join(&mut rows, plan.mapping.joins_repeats);
    if twice > 0 {
        let by = plan.mapping.column(CsvField::MessageId).map_or("sender and words".to_owned(), |c| format!("`{c}`"));
        cx.warnings
            .add(&format!("rows repeat a message (by {by}): it is read once, and what else they say is kept together"));
    }
    if plan.mapping.by_time && rows.iter().all(|r| moment(r).is_some()) {
        rows.sort_by_key(moment);
    }
    if rows.iter().all(|r| r.place.is_some()) {
        rows.sort_by(|a, b| a.place.partial_cmp(&b.place).unwrap_or(std::cmp::Ordering::Equal));
    }
    match (plan.mapping.first_speaker, plan.mapping.column(CsvField::Role)) {
        (Some(first), None) => take_turns(&mut rows, first),
        (Some(first), Some(_)) => by_first(&mut rows, first),
        (None, _) => {}
    }
    let mut c = Conversation::new(cx.source.clone(), id, Vec::new());
    let offers = offers(&rows, cx);
    let mut about = gathered(&rows, cx);
    c.meta = shared_meta(&mut rows, plan);
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
    offer::offers(&mut c, offers, cx)?;
    let said = about.remove(&CsvField::Outcome);
    let flagged = flagged(&about, plan, cx);
    describe(&mut c, about, plan, cx)?;
    outcome(&mut c, said, flagged, &plan.mapping, cx);
    Ok(c)
}

/// Gives rows to customer and AI by turns; what neither says, such as a note, is passed over.
fn take_turns(rows: &mut [SpokenRow], first: Role) {
    let mut role = first;
    let neither = |turn: &Turn| !matches!(turn.role, Role::User | Role::Bot);
    for turn in rows.iter_mut().flat_map(|row| &mut row.turns).filter(|turn| !neither(turn)) {
        turn.role = role;
        role = if role == Role::User { Role::Bot } else { Role::User };
    }
}

/// Gives the rows of whoever speaks first to one side, and those of all others to the other.
fn by_first(rows: &mut [SpokenRow], first: Role) {
    let other = if first == Role::User { Role::Bot } else { Role::User };
    let Some(begins) = rows.iter().find_map(|row| row.sender.clone()) else { return };
    for row in rows {
        let Some(sender) = &row.sender else { continue };
        let role = if *sender == begins { first } else { other };
        row.turns.iter_mut().filter(|turn| turn.event.is_none()).for_each(|turn| turn.role = role);
    }
}

fn moment(row: &SpokenRow) -> Option<Timestamp> {
    row.turns.first()?.at
}

/// The outcome that columns of yes and no tell: a person who took over beats all others, and who left beats what is unsolved.
fn flagged(about: &BTreeMap<CsvField, String>, plan: &CellPlan, cx: &mut Context) -> Option<Outcome> {
    let mut flag = |field: CsvField| {
        let word = about.get(&field)?;
        // When somebody was handed over says that it happened.
        let when = || (field == CsvField::Escalated && values::is_moment(word)).then_some(true);
        let told = values::truth(word).or_else(when);
        if let Some(column) = plan.mapping.column(field).filter(|_| told.is_none() && !is_nothing(&word.to_lowercase()))
        {
            cx.warnings.add(&format!("some values of `{column}` are no yes or no and are left out"));
        }
        told
    };
    match (flag(CsvField::Escalated), flag(CsvField::Abandoned), flag(CsvField::Resolved)) {
        (Some(true), _, _) => Some(Outcome::Escalated),
        (_, _, Some(true)) => Some(Outcome::Resolved),
        (_, Some(true), _) => Some(Outcome::Abandoned),
        (_, _, Some(false)) => Some(Outcome::Failed),
        _ => None,
    }
}

/// The conversation's fields: the last row that fills one in holds, for the customer the first that the customer speaks
/// in (a sender's column has other ids in the AI's rows).
fn gathered(rows: &[SpokenRow], cx: &mut Context) -> BTreeMap<CsvField, String> {
    let mut about: BTreeMap<CsvField, String> = BTreeMap::new();
    let of_offers = |field: &CsvField| matches!(field, CsvField::Offer | CsvField::OfferStatus);
    for (field, value) in rows.iter().flat_map(|r| &r.about).filter(|(field, _)| !of_offers(field)) {
        let known = about.get(field);
        // Tags add up; a flag that was raised once stays so.
        if *field == CsvField::Tags && known.is_some_and(|k| k != value) {
            let mut tags = known.map(|k| list(k, &['|', ',', ';'])).unwrap_or_default();
            let new = list(value, &['|', ',', ';']).into_iter().filter(|t| !tags.contains(t)).collect::<Vec<_>>();
            tags.extend(new);
            about.insert(*field, tags.join("|"));
            continue;
        }
        if matches!(field, CsvField::Escalated | CsvField::Abandoned)
            && known.and_then(|k| values::truth(k)) == Some(true)
        {
            continue;
        }
        let before = about.insert(*field, value.clone());
        if *field != CsvField::Customer && before.is_some_and(|b| b != *value) {
            cx.warnings.add(&format!("`{field}` differs within a conversation: its last value holds"));
        }
    }
    let customer = |r: &&SpokenRow| r.about.iter().any(|(f, _)| *f == CsvField::Customer);
    let speaks = |r: &&&SpokenRow| r.turns.iter().any(|t| t.role == Role::User);
    let with: Vec<&SpokenRow> = rows.iter().filter(customer).collect();
    if let Some(row) = with.iter().find(speaks).or(with.first()) {
        about.extend(row.about.iter().filter(|(f, _)| *f == CsvField::Customer).cloned());
    }
    about
}

/// What was offered, as records have it: each offer once, with what the last row that names it says became of it.
fn offers(rows: &[SpokenRow], cx: &mut Context) -> Value {
    let mut all: Vec<Value> = Vec::new();
    for row in rows {
        let cell = |field| row.about.iter().find(|(f, _)| *f == field).map(|(_, value)| value.trim());
        let Some(offer) = cell(CsvField::Offer).filter(|name| !is_nothing(&name.to_lowercase())) else { continue };
        let mut told = match serde_json::from_str(offer) {
            Ok(Value::Array(list)) => list,
            Ok(one @ Value::Object(_)) => vec![one],
            _ => vec![Value::from(offer)],
        };
        for one in &mut told {
            if let Value::String(name) = one {
                *one = json!({"name": name});
            }
        }
        if let (Some(status), [Value::Object(one)]) = (cell(CsvField::OfferStatus), told.as_mut_slice()) {
            one.insert("status".to_owned(), status.into());
        }
        for offer in told {
            if !offer.is_object() {
                cx.warnings.add("an offer that is neither a name nor an object, left out");
                continue;
            }
            match all.iter_mut().find(|known| known["name"] == offer["name"] && known["id"] == offer["id"]) {
                Some(known) if offer.get("status").is_some() => *known = offer,
                Some(_) => {}
                None => all.push(offer),
            }
        }
    }
    Value::Array(all)
}

/// Takes what every row says alike, so that it is said of the conversation once; what differs within any other is said of turns here, too.
fn shared_meta(rows: &mut [SpokenRow], plan: &CellPlan) -> Map<String, Value> {
    let Some((first, rest)) = rows.split_first_mut() else { return Map::new() };
    if plan.mapping.shape != RowShape::Turns {
        return std::mem::take(&mut first.extra);
    }
    let (shared, own): (Map<_, _>, Map<_, _>) = std::mem::take(&mut first.extra)
        .into_iter()
        .partition(|(key, value)| !plan.of_turns.contains(key) && rest.iter().all(|r| r.extra.get(key) == Some(value)));
    first.extra = own;
    rest.iter_mut().for_each(|r| r.extra.retain(|key, _| !shared.contains_key(key)));
    shared
}

fn describe(
    c: &mut Conversation,
    about: BTreeMap<CsvField, String>,
    plan: &CellPlan,
    cx: &mut Context,
) -> Result<(), RowError> {
    let mut bot = Bot::default();
    let mut comment = None;
    let mut sampled = (String::new(), None);
    for (field, value) in about {
        match field {
            CsvField::Source => c.source = value,
            CsvField::Channel => c.channel = Some(value),
            CsvField::Language => c.lang = Some(value),
            CsvField::Customer => c.customer_id = Some(value),
            CsvField::Reason => c.outcome_reason = Some(value),
            CsvField::Bot => bot.name = Some(value),
            CsvField::Version => bot.version = Some(value),
            CsvField::Stratum => sampled.0 = value,
            CsvField::Probability => sampled.1 = Some(value),
            CsvField::Tags => c.tags = list(&value, &['|', ',', ';']),
            CsvField::Started => c.started_at = time(plan, field, &value, cx)?.filter(|at| !is_day_of(&value, *at, c)),
            CsvField::Ended => c.ended_at = time(plan, field, &value, cx)?,
            CsvField::CsatComment => comment = Some(value),
            CsvField::Csat => c.csat = rated::read(&value, &plan.mapping, cx),
            CsvField::Sentiment => c.sentiment = read_as::sentiment(&value.into(), cx),
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
        (None, Some(comment)) => drop(c.meta.insert(CsvField::CsatComment.name().into(), comment.into())),
        (None, None) => {}
    }
    Ok(())
}

/// Whether a text names no more than the day on which the first turn of a conversation tells its time.
fn is_day_of(text: &str, day: Timestamp, c: &Conversation) -> bool {
    let first = c.turns.iter().find_map(|turn| turn.at);
    is_day(text) && first.is_some_and(|at| (0..DAY).contains(&(at.0 - day.0)))
}

fn time(plan: &CellPlan, field: CsvField, value: &str, cx: &Context) -> Result<Option<Timestamp>, RowError> {
    let column = plan.mapping.column(field).unwrap_or(field.name());
    cx.times.read(&Value::from(value)).map_err(|error| RowError::Time { column: column.to_owned(), error })
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
