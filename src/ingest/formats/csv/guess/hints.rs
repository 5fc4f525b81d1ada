//! What a guess asks people to look at beside what the values of the whole file tell.

use super::dialect::Sample;
use super::give::is_no_label;
use super::ids::IdColumns;
use super::stats::CellStats;
use crate::domain::Outcome;
use crate::ingest::context::in_shell;
use crate::ingest::formats::csv::ask::{AskedValues, PersonsWord};
use crate::ingest::formats::csv::cells::outcomes;
use crate::ingest::formats::csv::cells::values::{rating, truth};
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
fn some_of(sample: &Sample, i: usize) -> Vec<String> {
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

/// Asks of columns that no field takes and that hold what may be the customer's rating: by their values, or numbers or words under such a
/// header. Beside ratings that are read only the header tells.
pub(super) fn ratings(
    m: &Mapping,
    sample: &Sample,
    stats: &[CellStats],
    said: &PersonsWord<'_>,
    asked: &mut AskedValues,
) {
    if (said.keys)(CsvField::Csat.name()) || !sample.header {
        return;
    }
    let read = m.column(CsvField::Csat);
    let may = |i: usize| {
        let (header, s) = (plain(&sample.columns[i]), &stats[i]);
        let in_signs = s.ratings >= 0.9 && s.numbers < 0.5 && s.truths < 0.5 && s.outcomes < 0.5 && s.thumbs < 0.5;
        let in_numbers = s.numbers >= 0.9 && s.least >= 0.0 && s.most > 1.0 && s.most <= 10.0;
        let named = says(&header, OF_RATINGS);
        let in_words = is_worded(s) && (named || says(&header, OF_OPINIONS) || header == "rate");
        let tells = in_signs && (named || read.is_none()) || in_words || named && (in_numbers || s.truths == 1.0);
        s.n > 1 && s.distinct <= MEANINGS && tells
    };
    for (i, name) in sample.columns.iter().enumerate() {
        let about = format!("column `{name}`");
        if m.field_of(name).is_some() || asked.questions.iter().any(|q| q.about == about) || !may(i) {
            continue;
        }
        let seen = format!(
            "it holds {} ({} of the first {} rows): that may be what customers rated, and is kept in meta",
            some_of(sample, i).join(", "),
            stats[i].n,
            sample.rows.len()
        );
        let line = line_of_ratings(name, sample, i, &stats[i]);
        let settle = match read {
            Some(read) => format!("--map {} where that is the rating, and not `{read}`", in_shell(&line)),
            None if stats[i].ratings < 0.8 => {
                format!("--map {} where it is, and so for each word (none: nobody rated)", in_shell(&line))
            }
            None => format!("--map {} where it is", in_shell(&line)),
        };
        asked.wonder(&about, seen, settle);
    }
}

/// Whether a column holds short words, and nothing that is told by its form.
fn is_worded(s: &CellStats) -> bool {
    let other = [s.numbers, s.truths, s.times, s.thumbs, s.sentences, s.structures, s.outcomes];
    s.len <= 40.0 && other.iter().all(|share| *share < 0.5)
}

/// What `--map` takes to read a column as ratings.
fn line_of_ratings(name: &str, sample: &Sample, i: usize, s: &CellStats) -> String {
    // Whether somebody is satisfied is the best or the worst.
    let worth = |(word, is, score): (&str, bool, &str)| {
        let word = sample.values(i).map(str::trim).find(|v| truth(v) == Some(is)).unwrap_or(word);
        flags::pair(&format!("csat:{word}"), score)
    };
    let turned = is_complaint(&plain(name));
    let (yes, no) = if turned { ("1", "5") } else { ("5", "1") };
    let read = flags::pair(CsvField::Csat.name(), name);
    match s.truths == 1.0 {
        true => format!("{read},{},{}", worth(("yes", true, yes)), worth(("no", false, no))),
        // The most is of none or of all.
        false if turned && s.numbers >= 0.5 => {
            let worst = if s.most > 5.0 { 10 } else { 5 };
            format!("{read},csat_best={},csat_max={worst}", s.least.min(1.0))
        }
        false if s.ratings < 0.8 => {
            let unknown = sample.values(i).map(str::trim).find(|v| rating(v).is_none() && !v.is_empty());
            format!("{read},{}", flags::pair(&format!("csat:{}", unknown.unwrap_or("WORD")), "N"))
        }
        false => read,
    }
}

/// Whether a header, plain, says that the most is the worst.
fn is_complaint(header: &str) -> bool {
    const OF_COMPLAINTS: &[&str] = &[
        "dissatis",
        "unsatis",
        "notsatis",
        "unhapp",
        "frustrat",
        "negativ",
        "unzufr",
        "insatis",
        "insoddis",
        "ontevre",
        "niezadow",
        "nothelpful",
        "unhelpful",
        "dislike",
        "complain",
    ];
    says(header, OF_COMPLAINTS)
}

/// Parts of headers, plain, under which words say how somebody liked it.
const OF_OPINIONS: &[&str] = &["sentiment", "experience", "opinion", "howwas", "mood"];

/// Parts of headers, plain, of columns that hold ratings.
const OF_RATINGS: &[&str] = &[
    "rating",
    "score",
    "stars",
    "satisf",
    "nps",
    "promoter",
    "csat",
    "happiness",
    "sterne",
    "zufrieden",
    "bewert",
    "estrell",
    "puntua",
    "califica",
    "etoile",
    "stellette",
    "soddisf",
    "punteggio",
    "voto",
    "estrela",
    "avalia",
    "sterren",
    "tevreden",
    "beoordel",
    "gwiazd",
    "zadowol",
    "satysf",
    "ocena",
    "puan",
    "yildiz",
    "memnun",
    "αστερ",
    "βαθμ",
    "ικανοπ",
    "αξιολ",
    "оценк",
    "звезд",
];

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

fn says(header: &str, words: &[&str]) -> bool {
    words.iter().any(|word| header.contains(word))
}

/// Asks of columns that no field takes and that by their headers and values hold thumbs on answers.
pub(super) fn thumbs(
    m: &Mapping,
    sample: &Sample,
    stats: &[CellStats],
    said: &PersonsWord<'_>,
    asked: &mut AskedValues,
) {
    if m.column(CsvField::Feedback).is_some() || (said.keys)(CsvField::Feedback.name()) || !sample.header {
        return;
    }
    for (i, name) in sample.columns.iter().enumerate() {
        let about = format!("column `{name}`");
        let known = m.field_of(name).is_some() || asked.questions.iter().any(|q| q.about == about);
        let s = &stats[i];
        let is_count = s.numbers >= 0.5 && (s.least < -1.0 || s.most > 1.0);
        if known || s.n == 0 || s.thumbs < 0.8 || is_count || !says(&plain(name), OF_THUMBS) {
            continue;
        }
        let some = some_of(sample, i).join(", ");
        let settle = match is_complaint(&plain(name)) {
            true => "yes seems to mean thumbs down: write it as -1, and no as 1, under `feedback`".to_owned(),
            false => format!("--map {} where it is", in_shell(&format!("feedback={name}"))),
        };
        asked.wonder(&about, format!("it holds {some}: that may be thumbs on answers, and is kept in meta"), settle);
    }
}

/// Parts of headers, plain, of columns that hold thumbs.
const OF_THUMBS: &[&str] = &[
    "helpful",
    "thumb",
    "feedback",
    "vote",
    "liked",
    "reaction",
    "didthishelp",
    "hilfreich",
    "utile",
    "memnun",
    "faydal",
    "полезн",
    "χρησιμ",
    "βοηθησ",
];
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
const MEANINGS: usize = 12;

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
