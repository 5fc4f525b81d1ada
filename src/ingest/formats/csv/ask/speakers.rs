//! Who speaks. A word that is known says it; a name does not.

use super::asked::{AskedValues, PersonsWord, column};
use super::sender;
use crate::domain::Role;
use crate::ingest::context::in_shell;
use crate::ingest::derive::speakers as senders;
use crate::ingest::formats::csv::cells::values::truth;
use crate::ingest::formats::csv::columns::field::{CsvField, plain};
use crate::ingest::formats::csv::columns::flags as pairs;
use crate::ingest::formats::csv::columns::mapping::{Mapping, RowShape};
use crate::ingest::formats::csv::guess::{IdColumns, SenderColumn};
use crate::ingest::formats::csv::read::transcript;
use crate::ingest::formats::csv::survey::CsvSurvey;
use crate::ingest::formats::csv::survey::seen::{SeenValue, listed};
use std::collections::BTreeSet;

/// Senders that a mapping lists; a column of names or numbers has any number.
const SENDERS: usize = 20;
/// Senders that a question names.
const NAMED: usize = 8;
/// What Chatwoot calls who speaks: there `User` is a person of the team.
const CHATWOOT: &[&str] = &["contact", "user", "agentbot", "captain::assistant"];

/// Who speaks stands in a column.
fn in_a_column(m: &mut Mapping, survey: &CsvSurvey, asked: &mut AskedValues) {
    if !flags(m, survey) {
        two_users(m, survey, asked);
        strangers(m, survey, asked);
        nobody(m, survey, asked);
    }
}

pub(super) fn settle(
    m: &mut Mapping,
    columns: &[String],
    survey: &CsvSurvey,
    said: &PersonsWord<'_>,
    (ids, sender): (&IdColumns, Option<&SenderColumn>),
    asked: &mut AskedValues,
) {
    let is_system_placed = m.senders.contains_key(SYSTEM);
    match sender.filter(|_| sender::is_open(m, said)) {
        Some(sender) => sender::ask(m, sender, columns, survey, ids, asked),
        None => by_shape(m, columns, survey, asked),
    }
    without_ai(m, survey, is_system_placed, asked);
}

/// What programs and data sets call themselves and, some of them, their AI.
const SYSTEM: &str = "system";

/// Says where nobody who speaks is the AI, as far as all of them are known.
fn without_ai(m: &Mapping, survey: &CsvSurvey, is_system_placed: bool, asked: &mut AskedValues) {
    let speaks = match m.shape {
        RowShape::Turns => m.column(CsvField::Role).is_some() && m.column(CsvField::Reply).is_none(),
        RowShape::Conversations => true,
        RowShape::Utterances => false,
    };
    let role = |word: &str| role_of(m, word).or(m.other_senders);
    let here = survey.senders.keys().filter(|word| m.shape != RowShape::Conversations || role(word).is_some());
    let roles: BTreeSet<Option<Role>> = here.map(role).collect();
    if !speaks || roles.contains(&Some(Role::Bot)) || roles.contains(&None) {
        return;
    }
    let system = survey.senders.get(SYSTEM);
    if roles.contains(&Some(Role::Agent)) {
        let people = || survey.senders.list().into_iter().find(|(word, _)| role(word) == Some(Role::Agent));
        let Some(ai) = system.map(|_| SYSTEM).or_else(|| Some(people()?.0)) else { return };
        let line = pairs::pair(&format!("role:{ai}"), Role::Bot.name());
        let line = if ai.chars().all(char::is_alphanumeric) { line } else { in_shell(&line) };
        asked
            .warnings
            .push(format!("the senders are customers and people, none is the AI: if `{ai}` is, --map {line}"));
        return;
    }
    let answers = |v: &&SeenValue| !is_system_placed && v.rows * OFTEN >= survey.rows;
    if let Some(system) = system.filter(answers).filter(|_| roles.contains(&Some(Role::User))) {
        asked.need(
            "who speaks",
            format!(
                "nobody but the customer and `{}` ({} of {} rows) does: it may be the AI",
                system.shown, system.rows, survey.rows
            ),
            "--map role:system=bot where it is (role:system=system where it only tells what happened)".to_owned(),
            &[("role:system", "bot")],
            None,
        );
    }
}

fn by_shape(m: &mut Mapping, columns: &[String], survey: &CsvSurvey, asked: &mut AskedValues) {
    match m.shape {
        RowShape::Turns if m.column(CsvField::Role).is_some() => in_a_column(m, survey, asked),
        RowShape::Turns if survey.speaking > 0 && survey.speaking == survey.words().all => {}
        RowShape::Turns
            if m.column(CsvField::Reply).is_none() && m.other_senders.is_none()
                && m.first_speaker.is_none()
                && m.names_conversations() =>
        {
            asked.need(
                "who speaks",
                format!("no column says it, in {} rows; there are {}", survey.rows, sender::named(columns)),
                "--map role=COLUMN names the one that does; --map \"role:*=user\" where all is the customer's; --map first_speaker=user \
                 where customer and AI take turns, row by row (or bot)"
                    .to_owned(),
                &[("role:*", "user")],
                Some("all for the customer's"),
            )
        }
        RowShape::Conversations => in_transcripts(m, survey, asked),
        _ => {}
    }
}

fn role_of(m: &Mapping, word: &str) -> Option<Role> {
    let told = || if m.shape == RowShape::Turns { senders::of_kind(word) } else { senders::known(word) };
    m.senders.get(word).copied().or_else(told)
}

/// Columns such as `is_bot`, whose yes and no say who speaks.
fn flags(m: &mut Mapping, survey: &CsvSurvey) -> bool {
    let header = plain(m.column(CsvField::Role).unwrap_or_default());
    let says_bot = matches!(header.as_str(), "isbot" | "frombot");
    let says_agent = matches!(header.as_str(), "fromagent" | "isagent" | "teammember" | "isteammember");
    let comes_in = header.contains("incoming") || header.contains("inbound");
    let says_user = header.contains("customer") || header.contains("user") || comes_in;
    let all = survey.senders.list();
    if !(says_bot || says_user || says_agent) || all.is_empty() || !all.iter().all(|(w, _)| truth(w).is_some()) {
        return false;
    }
    let role = |yes: bool| match (yes == says_user, says_agent) {
        (true, _) => Role::User,
        (false, true) => Role::Agent,
        (false, false) => Role::Bot,
    };
    let told = all.iter().filter_map(|(w, _)| Some((*w, truth(w)?))).filter(|(w, yes)| {
        // What did not come in went out, and nobody says from whom.
        !m.senders.contains_key(*w) && (*yes || !comes_in)
    });
    let told: Vec<(String, Role)> = told.map(|(w, yes)| (w.to_owned(), role(yes))).collect();
    m.senders.extend(told);
    !comes_in
}

/// `user` beside another word for the customer is somebody else.
fn two_users(m: &mut Mapping, survey: &CsvSurvey, asked: &mut AskedValues) {
    let Some(user) = survey.senders.get("user").filter(|_| !m.senders.contains_key("user")) else { return };
    let others: Vec<&str> = survey.senders.keys().filter(|w| *w != "user" && senders::is_customer(w)).collect();
    let Some(other) = others.first() else { return };
    if survey.senders.keys().all(|w| CHATWOOT.contains(&w)) {
        m.senders.insert("user".to_owned(), Role::Agent);
        m.senders.insert("captain::assistant".to_owned(), Role::Bot);
        asked.warnings.push(format!(
            "`{}` beside `{other}` is a person of the team, as Chatwoot has it: if not, --map role:user=user",
            user.shown
        ));
        return;
    }
    asked.need(
        &column(m, CsvField::Role),
        format!("both `{}` ({}) and `{other}` speak, and one of them is not the customer", user.shown, user.rows),
        "--map role:user=agent (or bot, or user)".to_owned(),
        &[("role:user", "agent")],
        None,
    );
}

fn strangers(m: &mut Mapping, survey: &CsvSurvey, asked: &mut AskedValues) {
    let all = survey.senders.list();
    m.senders.extend(
        all.iter().filter_map(|(w, _)| Some(((*w).to_owned(), role_of(m, w)?))).take(SENDERS).collect::<Vec<_>>(),
    );
    if m.other_senders.is_some() || m.first_speaker.is_some() {
        return;
    }
    let known: BTreeSet<Role> = all.iter().filter_map(|(w, _)| role_of(m, w)).collect();
    let unknown: Vec<(&str, &SeenValue)> = all.iter().copied().filter(|(w, _)| role_of(m, w).is_none()).collect();
    let (contacts, names): (Vec<_>, Vec<_>) = unknown.iter().copied().partition(|(w, _)| senders::is_contact(w));
    // A number that is in most conversations is the company's own; and where all are numbers nobody can tell.
    let everywhere = |v: &SeenValue| survey.conversations >= 3 && v.conversations * 2 > survey.conversations;
    let other_side = !names.is_empty() || known.contains(&Role::Bot) || known.contains(&Role::Agent);
    let mut open: Vec<(&str, &SeenValue)> =
        contacts.iter().copied().filter(|(_, v)| !other_side || everywhere(v)).collect();
    let has_user = known.contains(&Role::User) || open.len() < contacts.len();
    open.extend(names);
    // What tools do is said last: of the others one may be the AI.
    open.sort_by_key(|(w, v)| (senders::is_machinery(w), std::cmp::Reverse(v.rows)));
    let rows: u64 = open.iter().map(|(_, v)| v.rows).sum();
    // One row of very many is rejected with its reason, and stops nothing.
    if open.is_empty() || (rows < 2 && survey.rows > 4) {
        return;
    }
    let has_bot = known.contains(&Role::Bot);
    ask(m, &open, survey.conversations, has_user, has_bot, &column(m, CsvField::Role), asked);
    let system = all.iter().find(|(word, v)| *word == SYSTEM && v.rows * OFTEN >= survey.rows);
    if let (Some((_, system)), Some(question)) = (system.filter(|_| !has_bot), asked.questions.last_mut()) {
        question.settle += &format!(
            "; `{}` ({} of {} rows) may be the AI: with role:system=bot it is",
            system.shown, system.rows, survey.rows
        );
    }
}

/// One row in so many is more than what happened beside a conversation.
const OFTEN: u64 = 3;

fn ask(
    m: &Mapping,
    open: &[(&str, &SeenValue)],
    conversations: u64,
    has_user: bool,
    has_bot: bool,
    about: &str,
    asked: &mut AskedValues,
) {
    let guesses = guess(open, conversations, has_user, has_bot);
    let (word, SeenValue { shown, .. }) = open[0];
    let key = format!("role:{shown}");
    let likely_ai = |word: &str| !has_bot && !senders::names_customer(word);
    let alone = match () {
        () if senders::is_machinery(word) => Role::Tool,
        () if likely_ai(word) => Role::Bot,
        () => beside_ai(word, has_user),
    };
    let likely = guesses.iter().find(|(word, _)| *word == key).map_or(alone, |(_, role)| *role);
    let bot = pairs::pair(&key, "bot");
    let first = in_shell(&pairs::pair(&key, likely.name()));
    let others = match open.len() {
        1 => String::new(),
        _ if likely == Role::Tool => ", and so for each".to_owned(),
        // What went out is not the customer's.
        _ if open.iter().all(|(word, _)| senders::is_outward(word)) => {
            let all: Vec<String> =
                open.iter().map(|(_, v)| pairs::pair(&format!("role:{}", v.shown), likely.name())).collect();
            format!("; --map {} where all of them are", in_shell(&all.join(",")))
        }
        _ if !likely_ai(word) => ", and so for each; --map \"role:*=user\" where all of them are customers".to_owned(),
        _ => format!(
            "; --map {} where `{shown}` is the AI and all others are customers",
            in_shell(&format!("{bot},role:*=user"))
        ),
    };
    let none = if m.shape == RowShape::Conversations { "; none where it is no speaker" } else { "" };
    // One word in every row may be no speaker but a kind of row.
    let is_kind = open.len() == 1 && !has_user && !has_bot && m.shape == RowShape::Turns;
    let elsewhere = if is_kind { "; --map role=COLUMN where another column says who speaks" } else { "" };
    let guesses: Vec<(&str, &str)> = guesses.iter().map(|(k, v)| (k.as_str(), v.name())).collect();
    let ways = senders::is_outward;
    let seen = match open.iter().all(|(word, _)| ways(word) || *word == "false") {
        true => format!(
            "{} went out from the business, and nobody says whether the AI or a person wrote it",
            listed(open, NAMED)
        ),
        false => format!("nobody says who these are: {}", listed(open, NAMED)),
    };
    let or = match likely {
        Role::Bot => "user, agent, tool, system",
        Role::Tool => "system, bot, agent, user",
        Role::Agent => "user, bot, tool, system",
        _ => "bot, agent, tool, system",
    };
    let settle = format!("--map {first} (or {or}{none}){others}{elsewhere}");
    asked.need(about, seen, settle, &guesses, None);
}

/// Who somebody is beside a known AI, or by a word for customers: the customer, unless the word says or another is known to be it.
fn beside_ai(word: &str, has_user: bool) -> Role {
    let person = senders::names_person(word) || has_user;
    if person && !senders::names_customer(word) { Role::Agent } else { Role::User }
}

/// Who they may be: one name in most conversations beside many names is the AI's, the others are customers.
fn guess(open: &[(&str, &SeenValue)], conversations: u64, has_user: bool, has_bot: bool) -> Vec<(String, Role)> {
    let key = |v: &SeenValue| format!("role:{}", v.shown);
    match open {
        [(word, one)] if senders::is_machinery(word) => vec![(key(one), Role::Tool)],
        // Beside a known AI nobody else is guessed to be one.
        [(word, one)] if has_bot || senders::names_customer(word) => {
            vec![(key(one), beside_ai(word, has_user))]
        }
        [(_, one)] if has_user => vec![(key(one), Role::Bot)],
        [(word, v), rest @ ..]
            if !senders::names_customer(word)
                && !rest.is_empty()
                // One conversation tells nobody from the other, and a number or an address that is in few of them is a customer's.
                && v.conversations > 1
                && (conversations > 2 || !senders::is_contact(word))
                && !has_bot
                && !has_user
                && v.conversations * 5 >= conversations * 3 =>
        {
            let few = rest.iter().all(|(_, r)| r.conversations * 2 <= v.conversations.max(2));
            if few { vec![(key(v), Role::Bot), ("role:*".to_owned(), Role::User)] } else { Vec::new() }
        }
        _ => Vec::new(),
    }
}

fn nobody(m: &Mapping, survey: &CsvSurvey, asked: &mut AskedValues) {
    if survey.no_sender < 2 || m.senders.contains_key("") {
        return;
    }
    // Of a few nothing hangs on it; more are somebody's words.
    let few = survey.no_sender * FEW_EMPTY < survey.rows;
    let settle = match few {
        true => "--map role:=system where those are events (or user, bot, agent)",
        false => {
            "--map role:=user where the customer said them (or bot, agent, system); --map role=COLUMN where another column says who speaks"
        }
    };
    asked.need(
        &column(m, CsvField::Role),
        format!("it is empty in {} of {} rows that have words", survey.no_sender, survey.rows),
        settle.to_owned(),
        if few { &[("role:", "system")] } else { &[] },
        None,
    );
}

/// One row of so many may be an event without a sender.
const FEW_EMPTY: u64 = 3;

/// Lines of transcripts that do not all begin with somebody by chance.
const SPOKEN: u64 = 8;

/// Places those who speak in transcripts by what was said of all others: there not all that stands before a colon is somebody.
pub(in crate::ingest::formats::csv) fn place_others(m: &mut Mapping, survey: &CsvSurvey) {
    if m.shape == RowShape::Conversations && m.other_senders.is_some() {
        in_transcripts(m, survey, &mut AskedValues::default());
    }
}

fn in_transcripts(m: &mut Mapping, survey: &CsvSurvey, asked: &mut AskedValues) {
    let often = |v: &SeenValue| v.conversations >= 2 && v.conversations * 10 >= survey.rows;
    let stamped = survey.forms().stamped;
    // Where no line goes on with the one before, whoever stands before a colon once speaks, too.
    let each_line_speaks = survey.spoken[0] >= SPOKEN && survey.spoken[1] == 0;
    let speaks = |w: &str, v: &SeenValue| match stamped {
        true => survey.stamped.contains(w),
        false => survey.certain.contains(w) || often(v) || each_line_speaks && transcript::is_called(&v.shown),
    };
    let open: Vec<(&str, &SeenValue)> = survey
        .senders
        .list()
        .into_iter()
        .filter(|(w, v)| role_of(m, w).is_none() && !m.no_speakers.contains(*w) && speaks(w, v))
        .collect();
    if let Some(role) = m.other_senders {
        m.senders.extend(open.iter().map(|(w, _)| ((*w).to_owned(), role)));
        return;
    }
    if open.is_empty() || (open.iter().map(|(_, v)| v.rows).sum::<u64>() < 2 && survey.rows > 4) {
        return;
    }
    let known: BTreeSet<Role> = survey.senders.keys().filter_map(|w| role_of(m, w)).collect();
    ask(
        m,
        &open,
        survey.rows,
        known.contains(&Role::User),
        known.contains(&Role::Bot),
        &column(m, CsvField::Transcript),
        asked,
    );
}
