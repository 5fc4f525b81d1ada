//! Gives fields their columns: by the names of these, then by what stands in them.

use super::dialect::Sample;
use super::stats::CellStats;
use crate::ingest::formats::canonical::told::{hides, shows};
use crate::ingest::formats::csv::columns::answers::{answers, is_instruction};
use crate::ingest::formats::csv::columns::field::{CsvField, VISIBILITY, plain};
use crate::ingest::formats::csv::columns::mapping::{Mapping, RowShape};

/// Gives each field the column whose header is the most usual one for it, where the values allow it.
pub(super) fn by_name(m: &mut Mapping, sample: &Sample, stats: &[CellStats]) {
    if !sample.header {
        return;
    }
    let mut found: Vec<(i32, CsvField, usize)> = Vec::new();
    let answered = sample.columns.iter().any(|c| CsvField::Reply.heads(c).is_some() || answers(c).is_some());
    // What both hold stands in cells of its own; a column of whole conversations has no other beside it.
    let questions = sample.columns.iter().any(|c| CsvField::Text.heads(c).is_some());
    let asks = sample.columns.iter().any(|c| plain(c) == "q");
    let speakers = said_in_columns(sample, stats);
    for (i, name) in sample.columns.iter().enumerate() {
        let header = plain(name);
        let fits = |f: &&CsvField| match f {
            CsvField::Customer | CsvField::Bot if speakers.contains(&Some(i)) => false,
            CsvField::Outcome if NAMES_OUTCOMES.contains(&header.as_str()) => true,
            // A few rows may hold one line each, or odd ones.
            CsvField::Transcript if stats[i].n < FEW && NAMES_TRANSCRIPTS.contains(&header.as_str()) => true,
            // Some calls are a line each; who speaks stands before it all the same.
            CsvField::Transcript if header.ends_with(TRANSCRIPT) && stats[i].named >= 0.5 => true,
            CsvField::Transcript if answered && is_history(name) => false,
            // Two take turns in it; who is who is asked.
            CsvField::Transcript
                if stats[i].text_lists >= 0.5 && CsvField::Text.alias(&header).is_none() && !answered && !questions =>
            {
                true
            }
            // All its words say to whom.
            CsvField::Private if VISIBILITY.contains(&header.as_str()) => {
                stats[i].n > 0 && sample.values(i).all(|v| hides(v) || shows(v))
            }
            CsvField::Source | CsvField::Customer if stats[i].says_who() => false,
            CsvField::Gold if is_no_label(sample, stats, i) => false,
            // What a record is (task, problem, incident) says nothing of who speaks in it.
            CsvField::Role if header == "type" && stats[i].n > 0 && stats[i].roles == 0.0 => false,
            // Beside an answer, what was sent with a question is the question and what came before it.
            CsvField::Text if answered && stats[i].structures >= 0.5 => true,
            CsvField::Reply if questions && stats[i].structures >= 0.5 => true,
            _ => stats[i].can_hold(**f),
        };
        for &field in CsvField::ALL.iter().filter(fits) {
            let place = match field {
                // `A` alone may be anything; beside `Q` it is the answer.
                CsvField::Reply if header == "a" && asks => Some(0),
                CsvField::Transcript if header.ends_with(TRANSCRIPT) => Some(0),
                CsvField::Text if header == "request" && answered && stats[i].structures >= 0.5 => Some(0),
                // What it is about may stand in a column `input`, and may be empty.
                CsvField::Text if is_instruction(name) && answered => CsvField::Text.alias("question"),
                _ => field.heads(name),
            };
            if let Some(place) = place {
                found.push((100 - place as i32 + bonus(field, &stats[i]), field, i));
            } else if field == CsvField::Role && names_anybody(&header) && stats[i].says_who() {
                found.push((100 + bonus(field, &stats[i]), field, i));
            }
        }
    }
    found.sort_by_key(|&(score, field, i)| (-score, field, i));
    for (_, field, i) in found {
        let column = &sample.columns[i];
        if m.column(field).is_none() && m.field_of(column).is_none() {
            m.set(field, Some(column));
        }
    }
}

/// Whether a header is that of a customer or a source, under which it may also stand who speaks.
fn names_anybody(header: &str) -> bool {
    CsvField::Source.alias(header).is_some() || CsvField::Customer.alias(header).is_some()
}

/// Takes the column of answers for that of the words where rows of both sides stand in it and what was asked is empty in all of them.
pub(super) fn said_as_answers(m: &mut Mapping, sample: &Sample, stats: &[CellStats]) {
    let stats = |field| sample.columns.iter().position(|c| m.column(field) == Some(c.as_str())).map(|i| &stats[i]);
    let both_speak = stats(CsvField::Role).is_some_and(|s| s.who > 1);
    let is_empty = stats(CsvField::Text).is_none_or(|s| s.n == 0);
    let said = m.column(CsvField::Reply).map(str::to_owned).filter(|_| both_speak && is_empty);
    if let Some(column) = said.filter(|_| stats(CsvField::Reply).is_some_and(|s| s.n > 0)) {
        m.set(CsvField::Reply, None);
        m.set(CsvField::Text, Some(&column));
    }
}

/// Takes a column of answers for that of their names (`utter_order`, `OrderStatus`, `order-status`) where rows of both sides say their words elsewhere; and a policy for
/// what it is called only beside the chance with which it drew.
pub(super) fn names_of_answers(m: &mut Mapping, sample: &Sample, stats: &[CellStats]) {
    let place = |m: &Mapping, field| sample.columns.iter().position(|c| m.column(field) == Some(c.as_str()));
    let both_speak = place(m, CsvField::Role).is_some_and(|i| stats[i].who > 1);
    let says = place(m, CsvField::Text).is_some_and(|i| stats[i].n > 0);
    // `Yes` may be said.
    let names = |i: usize| {
        let values = || sample.values(i).map(str::trim).filter(|v| !v.is_empty());
        values().all(is_token) && values().filter(|v| is_joined(v)).count() * 2 > values().count()
    };
    if both_speak
        && says
        && let Some(i) = place(m, CsvField::Reply)
        && stats[i].n > 0
        && names(i)
    {
        m.set(CsvField::Reply, None);
        if m.column(CsvField::Action).is_none() {
            m.set(CsvField::Action, Some(&sample.columns[i]));
        }
    }
    if m.column(CsvField::Propensity).is_none() {
        m.set(CsvField::Policy, None);
    }
}

/// Whether a value is one word of letters, digits and signs within names.
fn is_token(value: &str) -> bool {
    value.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-./:".contains(&b))
}

/// Whether a token joins several words, as names in programs do.
fn is_joined(token: &str) -> bool {
    let bytes = token.as_bytes();
    let within = |w: &[u8]| w[0].is_ascii_alphanumeric() && b"_-./:".contains(&w[1]) && w[2].is_ascii_alphanumeric();
    bytes.contains(&b'_')
        || bytes.windows(3).any(within)
        || bytes.windows(2).any(|w| w[0].is_ascii_lowercase() && w[1].is_ascii_uppercase())
}

/// Whether a column with the header of any class labels nothing: it says the same of all rows, or names the streams that events came from.
pub(super) fn is_no_label(sample: &Sample, stats: &[CellStats], i: usize) -> bool {
    let header = plain(&sample.columns[i]);
    let any = OF_ANY_CLASS.iter().any(|name| plain(name) == header);
    any && (stats[i].n > 1 && stats[i].distinct == 1 || header == STREAMS && sample.values(i).any(names_stream))
}

/// Headers of labels that are also those of anything else.
const OF_ANY_CLASS: &[&str] = &["topic", "category", "class", "target", "label", "κατηγορία", "ετικέτα"];
/// The one of them under which Kafka says its streams.
const STREAMS: &str = "topic";

/// Whether a value is the name of a stream: `chat.events.v2`.
fn names_stream(value: &str) -> bool {
    let parts: Vec<&str> = value.trim().split('.').collect();
    let named = |part: &&str| !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'));
    parts.len() > 1 && parts.iter().all(named)
}

/// Whether a header is of what was said before; beside a question and its answer that is not the whole conversation.
fn is_history(header: &str) -> bool {
    plain(header).ends_with("history")
}

/// The columns `user` and `bot` where they hold what was said and not who they are: texts, most of which differ, and no other column has
/// words.
fn said_in_columns(sample: &Sample, stats: &[CellStats]) -> [Option<usize>; 2] {
    let called = |names: &[&str]| sample.columns.iter().position(|c| names.contains(&plain(c).as_str()));
    let both = [called(&["user", "customer", "human"]), called(&["bot", "assistant", "chatbot"])];
    let [Some(user), Some(bot)] = both else { return [None; 2] };
    let words =
        |c: &String| CsvField::Text.alias(&plain(c)).is_some() || CsvField::Transcript.alias(&plain(c)).is_some();
    let elsewhere = (0..sample.columns.len()).any(|i| i != user && i != bot && words(&sample.columns[i]));
    let differ = |i: usize| stats[i].n > 0 && stats[i].distinct * 2 > stats[i].n;
    if !elsewhere && stats[user].texts >= 0.3 && differ(user) && differ(bot) { both } else { [None; 2] }
}

/// Headers under which how a conversation ended stands whatever its words.
pub(super) const NAMES_OUTCOMES: &[&str] =
    &["outcome", "conversationoutcome", "finaloutcome", "resolutionstatus", "αποτελεσμα", "εκβαση"];

/// Headers under which whole conversations stand, whatever the cells look like; and rows that are too few to say otherwise.
const NAMES_TRANSCRIPTS: &[&str] =
    &["transcript", "transcription", "chatlog", "chattranscript", "conversationtranscript"];
const FEW: usize = 3;
/// How headers of whole conversations end.
const TRANSCRIPT: &str = "transcript";
/// Rows of which it is told whether words come again, and how few of them may differ.
const MANY: usize = 20;
const SELDOM: usize = 5;

/// The column that tells notes, which customers do not see, from what they see, where no header says so: a kind of message among others.
pub(super) fn notes(m: &Mapping, sample: &Sample, stats: &[CellStats]) -> Option<String> {
    const TAKEN: &[CsvField] = &[CsvField::Gold, CsvField::Channel];
    let is_free = |name: &String| m.field_of(name).is_none_or(|field| TAKEN.contains(&field));
    let tells = |s: &CellStats| s.notes > 0.0 && s.notes < 1.0 && s.distinct <= KINDS && s.len <= 30.0;
    let known = m.column(CsvField::Private).is_some() || m.shape != RowShape::Turns || !sample.header;
    (0..stats.len()).filter(|&i| !known && tells(&stats[i])).map(|i| sample.columns[i].clone()).find(is_free)
}

/// Kinds of messages that there are at most.
const KINDS: usize = 8;

/// Day and time of day in two columns, by their headers, else by what they hold; a time of day without a day is none.
pub(super) fn clock(m: &mut Mapping, sample: &Sample, stats: &[CellStats]) {
    let place = |m: &Mapping, field| m.column(field).and_then(|c| sample.columns.iter().position(|x| x == c));
    let is_day = |i: &usize| stats[*i].n > 0 && stats[*i].days == 1.0;
    let free = |i: &usize| m.field_of(&sample.columns[*i]).is_none() && stats[*i].n > 0;
    let only = |test: &dyn Fn(usize) -> bool| {
        let found: Vec<usize> = (0..stats.len()).filter(free).filter(|i| test(*i)).collect();
        if let [one] = found[..] { Some(one) } else { None }
    };
    let by_turns = m.column(CsvField::Transcript).is_none() && sample.header;
    let is_bare = !sample.header && m.column(CsvField::Text).is_some();
    let named = |i: usize| stats[i].clocks >= 0.9 && (by_turns && heads_clock(&sample.columns[i]) || is_bare);
    // `Chat Date` beside `Chat Time` is no beginning of a conversation.
    let began = || place(m, CsvField::Started).or_else(|| only(&|i| is_day(&i))).filter(|_| by_turns);
    let day = place(m, CsvField::Time).or_else(began).filter(is_day);
    let clock = place(m, CsvField::Clock).or_else(|| only(&named));
    let (Some(day), Some(clock)) = (day, clock) else { return m.set(CsvField::Clock, None) };
    let [day, clock] = [day, clock].map(|i| sample.columns[i].clone());
    for field in m.field_of(&day).into_iter().filter(|f| *f != CsvField::Time) {
        m.set(field, None);
    }
    m.set(CsvField::Time, Some(&day));
    m.set(CsvField::Clock, Some(&clock));
}

/// Whether a header is of a time of day, and not of how long something took.
fn heads_clock(header: &str) -> bool {
    const CLOCKS: &[&str] = &[
        "time", "clock", "hour", "tm", "ωρα", "uhr", "zeit", "heure", "hora", "ora", "tijd", "godz", "saat", "врем",
        "时间", "時刻", "時間", "시간",
    ];
    const SPANS: &[&str] = &[
        "duration",
        "response",
        "reply",
        "handl",
        "handle",
        "wait",
        "total",
        "first",
        "resolution",
        "queue",
        "avg",
        "average",
        "talk",
        "hold",
        "elapsed",
        "dauer",
        "lasted",
        "spent",
        "work",
        "close",
        "end",
        "update",
        "διαρκεια",
        "duree",
        "duracion",
    ];
    let header = plain(header);
    let says = |words: &[&str]| words.iter().any(|word| header.contains(&plain(word)));
    says(CLOCKS) && !says(SPANS)
}

/// What the values add to a header's word.
fn bonus(field: CsvField, stats: &CellStats) -> i32 {
    match field {
        // The column that tells AI from person says more than one that only says which way a message went.
        CsvField::Role if stats.n > 0 && stats.roles >= 0.5 => 60 + 60 * stats.who.saturating_sub(1) as i32,
        // Names under `from` are senders, yet any better column for it is better.
        CsvField::Role => -40,
        CsvField::Transcript if stats.n > 0 => 40,
        // `id` alone is the conversation's.
        CsvField::MessageId => -40,
        CsvField::Text if stats.spaces >= 0.3 => 10,
        _ => 0,
    }
}

/// Fills what no header names and the values make plain.
pub(super) fn by_value(m: &mut Mapping, sample: &Sample, stats: &[CellStats]) {
    let give =
        |m: &mut Mapping, field: CsvField, fits: &dyn Fn(&CellStats) -> bool| give_of(m, sample, stats, field, fits);
    if m.column(CsvField::Reply).is_none() || !sample.columns.iter().any(|name| is_history(name)) {
        give(m, CsvField::Transcript, &|s| s.transcripts >= 0.5);
    }
    // In a whole conversation each line says who speaks: who else is named is who took part. A row with its answer is two turns, and
    // what says the same of each is a kind of row and no speaker.
    let speaks = |s: &CellStats| s.roles >= 0.8 && s.distinct <= 8 && (s.who >= 2 || !sample.header);
    if m.column(CsvField::Transcript).is_none() && m.column(CsvField::Reply).is_none() {
        give(m, CsvField::Role, &speaks);
    }
    // A header that says something else is no words.
    let heads = |i: usize| sample.header && CsvField::ALL.iter().any(|f| f.heads(&sample.columns[i]).is_some());
    if is_missing_words(m) {
        let says_else = |header: &str| is_of_a_record(header) || answers(header).is_some();
        let of_else = |i: usize| heads(i) || sample.header && says_else(&sample.columns[i]);
        let stats: Vec<CellStats> =
            stats.iter().enumerate().map(|(i, s)| if of_else(i) { CellStats::default() } else { s.clone() }).collect();
        let stats = stats.as_slice();
        // A few words that come again in every row are no words of customers.
        let comes_again = |s: &CellStats| s.n >= MANY && s.distinct * SELDOM < s.n;
        give_of(m, sample, stats, CsvField::Text, &|s| {
            s.spaces >= 0.3 && s.times < 0.5 && s.numbers < 0.5 && !comes_again(s)
        });
    }
    if sample.header || m.column(CsvField::Text).is_none() {
        return;
    }
    give(m, CsvField::Time, &|s| s.times >= 0.9);
    if m.column(CsvField::Role).is_some() {
        give(m, CsvField::Id, &|s| s.spaces == 0.0 && s.len <= 40.0 && s.times < 0.5);
    }
}

/// Headers of what a ticket or a chat is and of who is in it: no words that anybody said.
fn is_of_a_record(header: &str) -> bool {
    const OF_A_RECORD: &[&str] = &[
        "status", "survey", "rating", "name", "agent", "group", "team", "email", "url", "link", "address", "date",
        "time", "subject", "title", "priority", "type",
    ];
    let header = plain(header);
    OF_A_RECORD.iter().any(|word| header.ends_with(word) || header.starts_with(word))
}

/// Gives a field the free column that fits: with the longest cells, of equal ones the first.
fn give_of(m: &mut Mapping, sample: &Sample, stats: &[CellStats], field: CsvField, fits: &dyn Fn(&CellStats) -> bool) {
    let free = |i: &usize| m.field_of(&sample.columns[*i]).is_none() && stats[*i].n > 0 && fits(&stats[*i]);
    let best = (0..stats.len()).filter(free).rev().max_by(|&a, &b| stats[a].len.total_cmp(&stats[b].len));
    if let Some(i) = best.filter(|_| m.column(field).is_none()) {
        m.set(field, Some(&sample.columns[i]));
    }
}

pub(super) fn is_missing_words(m: &Mapping) -> bool {
    [CsvField::Text, CsvField::Transcript, CsvField::Reply].iter().all(|f| m.column(*f).is_none())
}
