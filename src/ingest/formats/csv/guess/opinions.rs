//! Asks of columns that no field takes and that may hold what customers think: ratings, thumbs.

use super::dialect::Sample;
use super::hints::{MEANINGS, says, some_of};
use super::stats::CellStats;
use crate::ingest::context::in_shell;
use crate::ingest::formats::csv::ask::{AskedValues, PersonsWord};
use crate::ingest::formats::csv::cells::values::{rating, truth};
use crate::ingest::formats::csv::columns::field::{CsvField, plain};
use crate::ingest::formats::csv::columns::flags;
use crate::ingest::formats::csv::columns::mapping::Mapping;

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
