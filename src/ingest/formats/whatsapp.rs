//! WhatsApp's export of a chat: `12/03/2026, 10:00 - Name: words`, or with brackets and seconds. Day or month first is told by
//! the file itself, where a number above 12 tells it. The export says names, not who is the AI: a name must say so.
//! A day of silence begins another conversation. Each is named by its first message, for many chats come in files of one name, and
//! one chat comes in files of many.

use super::contract::{Format, Found, OpenError, OpenedInput, Records, Sniff};
use super::grouped::ending::finish;
use super::grouped::spells::{by_day, part_id};
use crate::domain::{Bot, Conversation, Role, Turn};
use crate::ingest::context::{Context, ImportQuestion, Salt, WHO_SPEAKS};
use crate::ingest::derive::hash::pseudonym;
use crate::ingest::derive::speakers::{is_machine, known, role_named, word};
use crate::ingest::input::source::InputSource;
use crate::ingest::rejects::BadRecord;
use crate::ingest::times::{DateOrder, TimeError};
use std::collections::HashMap;
use std::io::{self, Read};
use std::vec::IntoIter;

/// The format.
#[derive(Debug)]
pub(in crate::ingest) struct WhatsApp;

/// Lines of the beginning that are looked at.
const LOOKED_AT: usize = 30;

impl Format for WhatsApp {
    fn name(&self) -> &'static str {
        "whatsapp"
    }

    fn sniff(&self, source: &InputSource) -> Option<Sniff> {
        let head = String::from_utf8_lossy(&source.text()?.head);
        let lines: Vec<Option<FirstLine<'_>>> =
            head.lines().filter(|l| !l.trim().is_empty()).take(LOOKED_AT).map(line).collect();
        let begun = lines.iter().flatten().count();
        // Messages go on over lines; the first line of an export never does.
        let likely = lines.first().is_some_and(Option::is_some) && begun >= 2 && begun * 3 >= lines.len();
        // People there have names; who writes what everybody is wrote a transcript.
        let names =
            || lines.iter().flatten().filter_map(|line| line.rest.split_once(": ")).map(|(name, _)| known(&word(name)));
        let of_roles = names().all(|role| role.is_some()) && names().flatten().any(|role| role == Role::User);
        (likely && !of_roles).then(|| Sniff { sure: 96, why: "an export of a WhatsApp chat".to_owned() })
    }

    fn open(&self, source: InputSource, cx: &mut Context) -> Result<OpenedInput, OpenError> {
        let mut bytes = Vec::new();
        source.into_text()?.read().take(cx.max_record as u64 + 1).read_to_end(&mut bytes)?;
        if bytes.len() > cx.max_record {
            return Err(format!(
                "a chat of more than {} MiB: export it without media, or in parts",
                cx.max_record >> 20
            )
            .into());
        }
        let text = cx.warnings.lossy(&bytes);
        let ReadChat { messages, how, is_in_doubt } = read(whole_lines(&text, cx), cx)?;
        let read = conversations(messages, cx).filter(|_| !is_in_doubt);
        Ok(OpenedInput { records: Box::new(Chat { left: read.unwrap_or_default().into_iter(), given: 0 }), how })
    }
}

struct Chat {
    left: IntoIter<Found>,
    given: u64,
}

impl Records for Chat {
    fn next(&mut self, _: &mut Context) -> io::Result<Option<Found>> {
        self.given += 1;
        Ok(self.left.next())
    }

    fn line(&self) -> u64 {
        self.given
    }
}

/// The first line of a message.
struct FirstLine<'a> {
    date: &'a str,
    time: &'a str,
    rest: &'a str,
}

/// Takes a line apart that begins with a date and a time; `None` where it goes on with a message.
fn line(text: &str) -> Option<FirstLine<'_>> {
    let text = text.trim_start_matches(['\u{200e}', '\u{200f}', '\u{feff}']).trim_end();
    let (stamp, rest) = match text.strip_prefix('[') {
        Some(inside) => inside.split_once("] ")?,
        None => text.split_once(" - ")?,
    };
    let (date, time) = stamp.split_once(", ").or_else(|| stamp.split_once(' '))?;
    let is_date = date.split(['/', '.', '-']).count() == 3
        && date.chars().all(|c| c.is_ascii_digit() || matches!(c, '/' | '.' | '-'));
    let is_time = time.len() <= 20 && time.contains(':') && time.starts_with(|c: char| c.is_ascii_digit());
    (is_date && is_time).then_some(FirstLine { date, time, rest })
}

/// A chat without a last line of which there is less than a message. What ends within its words cannot be told from what ends with
/// them; when the rest comes, it is joined with that.
fn whole_lines<'t>(text: &'t str, cx: &mut Context) -> &'t str {
    let (before, last) = text.rsplit_once('\n').map_or(("", text), |(before, last)| (before, last));
    let begins_a_name = |rest: &str| {
        let names = || before.lines().filter_map(line).filter_map(|l| l.rest.split_once(": ")).map(|(name, _)| name);
        let rest = rest.trim_end();
        rest.is_empty() || names().any(|name| format!("{name}:").starts_with(rest))
    };
    let is_cut = match line(last) {
        Some(begun) => begins_a_name(begun.rest),
        None => is_stamp_cut_off(last) && before.lines().filter_map(line).any(|l| l.date.len() >= SHORTEST_DATE),
    };
    if !is_cut {
        return text;
    }
    cx.warnings.line = text.lines().count() as u64;
    cx.warnings.add("the chat is cut off within this line: it is left out, and joined when the chat is imported with the rest of it");
    &text[..before.len() + usize::from(!before.is_empty())]
}

/// Characters of the shortest date: `1/2/26`.
const SHORTEST_DATE: usize = 6;

/// Whether a line is nothing but the beginning of a date and a time.
fn is_stamp_cut_off(last: &str) -> bool {
    let bare = last.trim_start_matches(['\u{200e}', '\u{200f}', '[']);
    let of_a_stamp = |c: char| {
        c.is_ascii_digit()
            || matches!(c, '/' | '.' | '-' | ':' | ',' | ' ' | ']' | 'a' | 'p' | 'm' | 'A' | 'P' | 'M' | '\u{202f}')
    };
    let has_date = bare.split([',', ' ']).next().is_some_and(|date| date.matches(['/', '.', '-']).count() == 2);
    has_date && bare.starts_with(|c: char| c.is_ascii_digit()) && bare.chars().all(of_a_stamp)
}

/// One message as it stands.
struct Message {
    line: u64,
    /// What names a conversation that begins with it: it as it stands, so that no zone and no order of dates changes that.
    mark: String,
    /// Nobody in WhatsApp's own notices.
    name: Option<String>,
    at: Option<crate::domain::Timestamp>,
    text: String,
}

/// The messages of a chat.
struct ReadChat {
    messages: Vec<Message>,
    /// What its dates mean, where that was told.
    how: Option<String>,
    /// It has to be asked first what they mean.
    is_in_doubt: bool,
}

fn read(text: &str, cx: &mut Context) -> Result<ReadChat, OpenError> {
    let order = order(text);
    let mut times = cx.times;
    times.order = times.order.or(order).or(cx.accept_guesses.then_some(DateOrder::DayFirst));
    let (mut messages, mut doubt): (Vec<Message>, Option<String>) = (Vec::new(), None);
    let mut unreadable = Vec::new();
    for (number, text) in (1..).zip(text.lines()) {
        let Some(FirstLine { date, time, rest }) = line(text) else {
            match messages.last_mut() {
                Some(last) => {
                    last.text.push('\n');
                    last.text.push_str(text);
                }
                None if text.trim().is_empty() => {}
                None => return Err(format!("line {number} begins with no date: this is no export of a chat").into()),
            }
            continue;
        };
        let moment = format!(
            "{} {}",
            full_year(date),
            time.replace(['\u{202f}', '\u{a0}'], " ").to_uppercase().replace(". M.", "M")
        );
        let at = match times.read(&moment.into()) {
            Ok(at) => at,
            Err(TimeError::Ambiguous(shown)) => {
                doubt.get_or_insert(shown);
                None
            }
            Err(error) => {
                unreadable.push((number, error.to_string()));
                None
            }
        };
        let (name, words) = match rest.split_once(": ") {
            Some((name, words)) if name.len() <= 100 => (Some(name.trim().to_owned()), words),
            _ => (None, rest),
        };
        let (name, text) = match messages.is_empty() && is_of_encryption(words) {
            true => (None, words.to_owned()),
            false => shown(name, words),
        };
        let mark = format!("{date} {time} {}", rest.trim_end());
        messages.push(Message { line: number, mark, name, at, text });
    }
    // Of a chat whose times are all in an unknown form nothing would be left but one conversation without any.
    if let Some((number, error)) = unreadable.first().filter(|_| 2 * unreadable.len() > messages.len()) {
        return Err(format!("line {number}: {error}").into());
    }
    for (number, error) in unreadable {
        cx.warnings.line = number;
        cx.warnings.add(&format!("{error}: the message is kept, without a time"));
    }
    let how = order.map(|o| match o {
        DateOrder::DayFirst => "the day comes first in its dates".to_owned(),
        DateOrder::MonthFirst => "the month comes first in its dates".to_owned(),
        DateOrder::YearFirst => "the year comes first in its dates".to_owned(),
    });
    cx.questions.extend(doubt.as_deref().map(in_doubt));
    cx.times.order = times.order;
    Ok(ReadChat { messages, how, is_in_doubt: doubt.is_some() })
}

/// Asks which number of a date is the day, where all of them may be either.
fn in_doubt(shown: &str) -> ImportQuestion {
    ImportQuestion {
        about: "the dates".to_owned(),
        seen: format!("each may mean two days, such as `{shown}`"),
        settle: "--date-order dmy or mdy says which number is the day".to_owned(),
        guess: Some("the first number for the day".to_owned()),
        needed: true,
    }
}

/// What a mark begins that people cannot type: what WhatsApp itself writes, under the name of whom it is about.
const NOTICE: char = '\u{200e}';

/// Whether words are those that WhatsApp itself begins a chat with; in groups they stand under the group's name.
fn is_of_encryption(words: &str) -> bool {
    const SAYS: &[&str] = &[
        "end-to-end encr",
        "end-to-end-verschlüsse",
        "ende-zu-ende-verschlüsse",
        "de extremo a extremo",
        "de bout en bout",
        "de ponta a ponta",
        "από άκρο σε άκρο",
        "crittografat",
        "end-to-end versleuteld",
        "сквозным шифрованием",
        "uçtan uca",
    ];
    let words = words.to_lowercase();
    SAYS.iter().any(|says| words.contains(says))
}

/// Who says a message, and what: a picture by its kind, a notice of WhatsApp's own by nobody.
fn shown(name: Option<String>, words: &str) -> (Option<String>, String) {
    let marked = words.starts_with(NOTICE);
    let bare = words.trim_matches(NOTICE);
    let lower = bare.to_lowercase();
    let media = ["image", "video", "audio", "sticker", "gif", "document", "contact card", "video note"];
    let is_omitted = marked && media.iter().any(|kind| lower == format!("{kind} omitted"));
    if is_omitted || bare.starts_with('<') && bare.ends_with('>') {
        return (name, "[media]".to_owned());
    }
    if marked {
        return (None, bare.to_owned());
    }
    // `<This message was edited>` behind what was said.
    let said = words.split_once(NOTICE).filter(|(_, rest)| rest.starts_with('<') && rest.ends_with('>'));
    (name, said.map_or(words, |(said, _)| said.trim_end()).to_owned())
}

/// What comes first in dates, where one of them tells.
fn order(text: &str) -> Option<DateOrder> {
    let parts = text.lines().filter_map(line).filter_map(|l| {
        let mut numbers = l.date.split(['/', '.', '-']).map(|n| n.parse::<u32>().unwrap_or(0));
        Some((numbers.next()?, numbers.next()?))
    });
    let (mut day, mut month) = (false, false);
    for (first, second) in parts {
        day |= (13..=31).contains(&first);
        month |= (13..=31).contains(&second);
    }
    match (day, month) {
        (true, false) => Some(DateOrder::DayFirst),
        (false, true) => Some(DateOrder::MonthFirst),
        _ => None,
    }
}

/// A date whose year has four digits: WhatsApp is younger than the century.
fn full_year(date: &str) -> String {
    if date.find(['/', '.', '-']) == Some(4) {
        return date.replace(['/', '.'], "-");
    }
    match date.rsplit_once(['/', '.', '-']) {
        Some((day_month, year)) if year.len() == 2 => format!("{day_month}/20{year}").replace(['.', '-'], "/"),
        _ => date.to_owned(),
    }
}

/// Who a name stands for, where it says so itself.
fn role(name: &str) -> Option<Role> {
    let digits = name.chars().filter(char::is_ascii_digit).count();
    let is_number = digits >= 7 && !name.chars().any(char::is_alphabetic);
    role_named(name).or(is_machine(name).then_some(Role::Bot)).or(is_number.then_some(Role::User))
}

/// The chat cut into conversations; `None` where it has to be asked first who takes part.
fn conversations(messages: Vec<Message>, cx: &mut Context) -> Option<Vec<Found>> {
    let mut names: Vec<String> = Vec::new();
    for name in messages.iter().filter_map(|m| m.name.clone()) {
        if names.len() < 50 && !names.contains(&name) {
            names.push(name);
        }
    }
    let role = |name: &str| cx.speakers.role(name).or_else(|| role(name)).or_else(|| cx.speakers.others());
    let ai = names.iter().find(|n| role(n) == Some(Role::Bot)).cloned();
    let is_pair = names.len() == 2 && ai.is_some();
    let of = |name: &str| role(name).or(is_pair.then_some(Role::User));
    let unknown: Vec<&str> = names.iter().filter(|n| of(n).is_none()).map(String::as_str).collect();
    if ai.is_none() || !unknown.is_empty() {
        let first = unknown.first().copied().or(names.first().map(String::as_str)).unwrap_or("NAME");
        let question = ImportQuestion {
            about: WHO_SPEAKS.to_owned(),
            seen: format!(
                "{} take part, and nobody says {}",
                names.iter().take(8).map(|n| format!("`{n}`")).collect::<Vec<_>>().join(", "),
                if ai.is_none() { "which of them is the AI" } else { "who they all are" }
            ),
            settle: match ai {
                Some(_) => ImportQuestion::placing_beside_ai(first, unknown.len() > 1),
                None => ImportQuestion::placing(first, names.len() > 1),
            },
            guess: None,
            needed: true,
        };
        let strangers = messages.iter().filter_map(|m| m.name.clone()).filter(|name| unknown.contains(&name.as_str()));
        let strangers: Vec<String> = strangers.collect();
        strangers.iter().for_each(|name| cx.speakers.note(name));
        cx.questions.push(question);
        return None;
    }
    let customer = names.iter().find(|n| of(n) == Some(Role::User)).cloned();
    let placed: Vec<(String, Role)> = names.iter().filter_map(|name| Some((name.clone(), of(name)?))).collect();
    let first = messages.first().map_or(1, |m| m.line);
    let mut marks = Vec::new();
    let turns = messages.into_iter().map(|m| {
        let mut turn = Turn::new(m.name.as_deref().and_then(of).unwrap_or(Role::System), m.text);
        turn.at = m.at;
        marks.push(m.mark);
        turn
    });
    let spells = by_day(turns.collect(), cx);
    cx.speakers.hold(placed);
    cx.holds_one_talk();
    let (source, mut begun, mut ids) = (cx.source.clone(), 0, HashMap::new());
    let built = spells.into_iter().filter_map(|spell| {
        let from = begun;
        begun += spell.len();
        let said = spell.iter().position(|t| t.role != Role::System)?;
        let mut c = Conversation::new(source.clone(), id(&marks[from + said], &mut ids), spell);
        c.channel = Some("whatsapp".to_owned());
        c.customer_id.clone_from(&customer);
        c.bot = ai.clone().map(|name| Bot { name: Some(name), version: None });
        let bad = |reason: String| BadRecord { line: first, column: 1, reason, excerpt: String::new() };
        Some(finish(c, None, cx).map(|c| (Box::new(c), first)).map_err(|e| bad(e.to_string())))
    });
    Some(built.collect())
}

/// The id of a conversation that begins with a message; of several that begin alike each has its own.
fn id(mark: &str, ids: &mut HashMap<String, usize>) -> String {
    let mut id = pseudonym(&Salt(Vec::new()), mark);
    id.truncate(16);
    let before = ids.entry(id.clone()).or_default();
    *before += 1;
    part_id(&id, *before - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_with_an_impossible_time_costs_no_other() {
        let mut cx = Context::of("chat");
        let said =
            "25/03/2026, 20:01 - Elena: ok\n25/03/2026, 25:99 - Elena: still here\n25/03/2026, 20:04 - ShopBot: bye\n";
        let chat = read(said, &mut cx).unwrap();
        assert_eq!(chat.messages.iter().map(|m| m.at.is_some()).collect::<Vec<_>>(), [true, false, true]);
        assert_eq!(cx.warnings.list().len(), 1);
        assert!(read(&said.replace("20:0", "26:0"), &mut cx).is_err(), "nothing tells when anything was said");
    }
}
