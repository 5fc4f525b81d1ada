//! What a guess asks people to look at beside what the values of the whole file tell.

use super::dialect::Sample;
use super::give::is_no_label;
use super::ids::IdColumns;
use super::stats::CellStats;
use crate::domain::Outcome;
use crate::ingest::context::in_shell;
use crate::ingest::formats::csv::ask::{AskedValues, PersonsWord};
use crate::ingest::formats::csv::cells::outcomes;
use crate::ingest::formats::csv::cells::values::truth;
use crate::ingest::formats::csv::columns::field::{CsvField, plain};
use crate::ingest::formats::csv::columns::flags;
use crate::ingest::formats::csv::columns::mapping::{Mapping, RowShape};
use crate::text::fold;

/// What somebody should look at. `is_asked`: what the columns hold is a question.
pub(super) fn warn(m: &Mapping, sample: &Sample, ids: &IdColumns, is_asked: bool, warnings: &mut Vec<String>) {
    let has = |f| m.column(f).is_some();
    let mut say = |when: bool, what: &str| {
        if when {
            warnings.push(what.to_owned());
        }
    };
    say(
        !sample.header && !is_asked,
        "no header was found: columns go by their number (--map header=yes where the first row names them)",
    );
    say(
        m.shape == RowShape::Utterances && has(CsvField::Intent) && !has(CsvField::Gold) && !has(CsvField::Confidence),
        "`intent` is read as the AI's prediction, which is never a label: where people gave it, --map gold=COLUMN, or import the file as base examples",
    );
    // The only column that may name it is named.
    let id = if let [only] = ids.others.as_slice() { only } else { "COLUMN" };
    say(
        m.shape == RowShape::Utterances && has(CsvField::Reply) && !has(CsvField::Id),
        &format!(
            "no column says which conversation a row belongs to: each row with its answer is one of its own (--map {} names it)",
            in_shell(&flags::pair("id", id))
        ),
    );
    if let Some(encoding) = &m.encoding {
        say(true, &format!("the text is no UTF-8; it looks like {encoding} (--map encoding=NAME for another)"));
    }
    warnings.extend(sample.odd_headers.iter().cloned());
}

/// Takes the source from a column that names several: that may be where each answer comes from, and not which system the log is of.
pub(super) fn sources(m: &mut Mapping, sample: &Sample, said: &PersonsWord<'_>, asked: &mut AskedValues) {
    let Some(name) = m.column(CsvField::Source).filter(|_| !(said.keys)(CsvField::Source.name())) else { return };
    let Some(i) = sample.columns.iter().position(|c| c == name) else { return };
    let some = some_of(sample, i);
    if some.len() > 1 {
        let seen =
            format!("it holds {}: that may be where each answer comes from, and is kept in meta", some.join(", "));
        let settle =
            format!("--map {} where it names the system that the log is of", in_shell(&format!("source={name}")));
        asked.wonder(&format!("column `{name}`"), seen, settle);
        m.set(CsvField::Source, None);
    }
}

/// A few of a column's values, each once.
pub(super) fn some_of(sample: &Sample, i: usize) -> Vec<String> {
    let mut some: Vec<String> = Vec::new();
    for value in sample.values(i) {
        let shown = format!("`{}`", value.trim().chars().take(40).collect::<String>());
        if some.len() < 3 && !some.contains(&shown) {
            some.push(shown);
        }
    }
    some
}

/// Columns whose header is known and whose values are not: the column, the field, some values, whether any of them can be read.
pub(super) fn strange(m: &Mapping, sample: &Sample, stats: &[CellStats]) -> Vec<(String, CsvField, String, bool)> {
    let mut out = Vec::new();
    for (i, name) in sample.columns.iter().enumerate().filter(|(i, name)| stats[*i].n > 0 && m.field_of(name).is_none())
    {
        let no_label = |f: CsvField| f == CsvField::Gold && is_no_label(sample, stats, i);
        let fits = |f: &&CsvField| {
            // What a column of times is said of stands beside its time of day, if that has one of its own.
            **f != CsvField::Clock
                && f.heads(name).is_some()
                && m.column(**f).is_none()
                && (!stats[i].can_hold(**f) || no_label(**f))
        };
        let field = CsvField::ALL.iter().filter(fits).min_by_key(|f| f.heads(name));
        // What another column holds already is no question.
        let taken =
            CsvField::ALL.iter().any(|f| f.heads(name).is_some() && m.column(*f).is_some() && *f != CsvField::Clock);
        if let Some(field) = field.filter(|f| !taken && !WORDLESS.contains(f)) {
            out.push((name.clone(), *field, some_of(sample, i).join(", "), stats[i].is_read_in_part(*field)));
        }
    }
    out
}

/// Asks of columns that no field takes, and that by their headers tell how conversations ended, where no column says it in words.
pub(super) fn ends(m: &Mapping, sample: &Sample, stats: &[CellStats], said: &PersonsWord<'_>, asked: &mut AskedValues) {
    if m.column(CsvField::Outcome).is_some() || (said.keys)(CsvField::Outcome.name()) || !sample.header {
        return;
    }
    let tells = |i: usize| {
        let (header, s) = (plain(&sample.columns[i]), &stats[i]);
        let in_words = s.truths == 1.0 || s.numbers < 0.5 && s.times < 0.5;
        (says(&header, OF_ENDS) || CsvField::Outcome.alias(&header).is_some() && s.outcomes == 1.0)
            && !says(&header, OF_TIMES)
            && !is_of_offers(&header)
            && s.n > 0
            && s.distinct <= MEANINGS
            && s.len <= 40.0
            && in_words
    };
    for (i, name) in sample.columns.iter().enumerate() {
        let about = format!("column `{name}`");
        let known = m.field_of(name).is_some() || asked.questions.iter().any(|q| q.about == about);
        if known || !tells(i) {
            continue;
        }
        let some = some_of(sample, i);
        let word = sample.values(i).next().unwrap_or_default().trim();
        let settle = match stats[i].truths == 1.0 {
            true if says(&plain(name), OF_UNSOLVED) => {
                let yes = sample.values(i).map(str::trim).find(|v| truth(v) == Some(true)).unwrap_or("yes");
                let read = in_shell(&format!("outcome={name},{}", flags::pair(&format!("outcome:{yes}"), "failed")));
                format!("--map {read} where yes means that")
            }
            true => {
                let field = flag_of(&plain(name)).0.name();
                let read = in_shell(&flags::pair(field, name));
                format!("--map {read} where yes means that (or escalated, resolved, abandoned)")
            }
            false => {
                // A mark says what its header does, another word what it says itself.
                let likely = if stats[i].distinct == 1 { flag_of(&plain(name)).1 } else { outcomes::likely(word) };
                let read = format!("outcome={name},{}", flags::pair(&format!("outcome:{word}"), likely.name()));
                let others = outcomes::others(likely);
                format!("--map {} where it is (or {others}; so for each word)", in_shell(&read))
            }
        };
        let seen = format!("it holds {}: that may be how conversations ended, and is kept in meta", some.join(", "));
        asked.wonder(&about, seen, settle);
    }
}

/// Names columns of offers of which nobody says what was offered, or that hold more than names.
pub(super) fn offers(m: &Mapping, sample: &Sample, said: &PersonsWord<'_>, asked: &mut AskedValues) {
    if m.column(CsvField::Offer).is_some() || (said.keys)(CsvField::Offer.name()) || !sample.header {
        return;
    }
    for (i, name) in sample.columns.iter().enumerate() {
        let about = format!("column `{name}`");
        let known = m.field_of(name).is_some() || asked.questions.iter().any(|q| q.about == about);
        let some = some_of(sample, i);
        if known || some.is_empty() || !is_of_offers(&plain(name)) {
            continue;
        }
        let seen = format!("it holds {}: that may be of offers to customers, and is kept in meta", some.join(", "));
        let settle = format!(
            "--map {} where it says what was offered; --map {} where it says what became of the offer in COLUMN",
            in_shell(&flags::pair(CsvField::Offer.name(), name)),
            in_shell(&format!("offer=COLUMN,{}", flags::pair(CsvField::OfferStatus.name(), name)))
        );
        asked.wonder(&about, seen, settle);
    }
}

/// Whether a header, plain, is of what was offered to a customer.
fn is_of_offers(header: &str) -> bool {
    says(header, &["offer", "upsell", "crosssell"]) && !says(header, &["offered", "shopper"]) && !says(header, OF_TIMES)
}

/// Parts of headers, plain, under which yes means that it was not solved.
const OF_UNSOLVED: &[&str] =
    &["unres", "unsol", "notres", "notsol", "nonres", "nonris", "noresu", "ungelost", "nichtgelost", "нерешен"];

/// What yes most likely means under a header, plain, of how conversations ended.
fn flag_of(header: &str) -> (CsvField, Outcome) {
    const OF_SOLVED: &[&str] = &[
        "contain",
        "deflect",
        "resol",
        "solv",
        "goal",
        "success",
        "selfserv",
        "επιλυ",
        "λυθηκε",
        "gelost",
        "resuelt",
        "risolt",
        "opgelost",
        "решен",
        "rozwiaz",
        "cozul",
    ];
    match () {
        () if says(header, &["abandon", "dropoff", "droppedoff", "εγκαταλ", "abgebroch"]) => {
            (CsvField::Abandoned, Outcome::Abandoned)
        }
        () if says(header, OF_SOLVED) => (CsvField::Resolved, Outcome::Resolved),
        () => (CsvField::Escalated, Outcome::Escalated),
    }
}

/// A column that says which half of the day a time in another is of: without it that time is none.
pub(super) fn halves(m: &mut Mapping, sample: &Sample, asked: &mut AskedValues) {
    let is_half = |v: &str| matches!(fold(v.trim()).replace('.', "").as_str(), "am" | "pm" | "πμ" | "μμ");
    let column = (0..sample.columns.len()).find(|&i| {
        let mut values = sample.values(i).peekable();
        values.peek().is_some() && values.all(is_half)
    });
    let Some(half) = column.map(|i| sample.columns[i].clone()) else { return };
    for field in [CsvField::Clock, CsvField::Time, CsvField::Started] {
        let Some(name) = m.column(field).map(str::to_owned) else { continue };
        let at = sample.columns.iter().position(|c| *c == name);
        // A time that says it itself, or one of a day of 24 hours, needs none beside it; a day alone stays.
        let bare = |v: &str| v.contains(':') && !v.chars().any(char::is_alphabetic);
        if at.is_some_and(|i| sample.values(i).any(bare)) {
            m.set(field, None);
            let seen =
                format!("`{half}` says which half of the day it is of, and stands apart: its times are left out");
            asked.wonder(&format!("column `{name}`"), seen, "write both in one cell, as `10:15 PM`".to_owned());
        }
    }
}

/// Whether a header is one under which it may stand how conversations ended, beside what else has a state.
pub(super) fn may_tell_ends(header: &str) -> bool {
    let header = plain(header);
    (says(&header, OF_ENDS) || says(&header, OF_STATES)) && !says(&header, OF_TIMES)
}

pub(super) fn says(header: &str, words: &[&str]) -> bool {
    words.iter().any(|word| header.contains(word))
}

/// Parts of headers of the state of anything.
const OF_STATES: &[&str] = &["status", "state", "result", "καταστασ"];
/// Parts of headers, plain, of columns that tell how conversations ended or who ended them.
const OF_ENDS: &[&str] = &[
    "contained",
    "containment",
    "deflect",
    "resolved",
    "resolution",
    "solved",
    "escalat",
    "handoff",
    "handover",
    "handedo",
    "transfer",
    "takeover",
    "abandon",
    "dropoff",
    "droppedoff",
    "outcome",
    "disposition",
    "wrapup",
    "closedby",
    "endedby",
    "handledby",
    "answeredby",
    "closereason",
    "closingreason",
    "endreason",
    "exitreason",
    "needshuman",
    "humaninvolved",
    "agentinvolved",
    "needsagent",
    "needsperson",
    "humanneeded",
    "humanrequested",
    "agentrequested",
    "selfserv",
    "selfsolv",
    "goalreached",
    "botbreak",
    "success",
    "επιλυ",
    "λυθηκε",
    "κλιμακ",
    "μεταφερθηκε",
    "εγκαταλ",
    "gelost",
    "eskalier",
    "weitergeleitet",
    "ubergab",
    "uebergab",
    "ubergeb",
    "traspas",
    "passaggio",
    "overdracht",
    "przekaz",
    "devred",
    "aktar",
    "передан",
    "παραδο",
    "abgebroch",
    "resolu",
    "resuelt",
    "resolvid",
    "risolt",
    "escalad",
    "escalon",
    "derivad",
    "opgelost",
    "решен",
    "rozwiaz",
    "cozul",
    "yukselt",
    "эскал",
];
/// Parts of headers of when, how long and how often.
const OF_TIMES: &[&str] = &["time", "date", "duration", "hours", "minutes", "seconds", "count", "number"];
/// Words that such a column has at most.
pub(super) const MEANINGS: usize = 12;

/// Fields of which it is asked elsewhere, or whose headers head anything.
const WORDLESS: &[CsvField] = &[
    CsvField::Text,
    CsvField::Reply,
    CsvField::Transcript,
    CsvField::Id,
    CsvField::MessageId,
    CsvField::Corrected,
    CsvField::Role,
];
