//! The scale of ratings, by all of them.

use super::asked::{AskedValues, PersonsWord, column};
use crate::ingest::context::in_shell;
use crate::ingest::derive::speakers as senders;
use crate::ingest::formats::csv::cells::ratings::sense;
use crate::ingest::formats::csv::cells::values::{is_of_points, is_unrated, rating};
use crate::ingest::formats::csv::columns::field::CsvField;
use crate::ingest::formats::csv::columns::flags;
use crate::ingest::formats::csv::columns::mapping::Mapping;
use crate::ingest::formats::csv::survey::CsvSurvey;
use crate::ingest::formats::csv::survey::seen::{SeenValue, listed};
use crate::text::fold;

/// So many ratings without one above the middle of five may be of a smaller scale.
const MANY: u64 = 10;

pub(super) fn settle(m: &mut Mapping, survey: &CsvSurvey, said: &PersonsWord<'_>, asked: &mut AskedValues) {
    let Some(name) = m.column(CsvField::Csat).map(str::to_owned) else { return };
    let about = column(m, CsvField::Csat);
    // Beside `true` it is an answer, and no absence of one.
    let is_answer = |v: &SeenValue| survey.ratings.get("true").is_some() && v.shown.eq_ignore_ascii_case("false");
    let is_none = |v: &SeenValue| is_unrated(&v.shown) && !is_answer(v) || m.unrated.contains(&senders::word(&v.shown));
    let filled: Vec<(&str, &SeenValue)> = survey.ratings.list().into_iter().filter(|(_, v)| !is_none(v)).collect();
    let is_told = |word: &str| m.ratings.contains_key(&senders::word(word));
    let strange: Vec<(&str, &SeenValue)> =
        filled.iter().copied().filter(|(_, v)| rating(&v.shown).is_none() && !is_told(&v.shown)).collect();
    if let Some((_, first)) = strange.first() {
        let seen = format!("it holds values that are no rating: {}; they are left out", listed(&strange, 5));
        let worth = in_shell(&flags::pair(&format!("csat:{}", first.shown), "N"));
        asked.wonder(
            &about,
            seen,
            format!(
                "--map {worth} with its worth for N, so for each (none: nobody rated); --map csat= where `{name}` is none"
            ),
        );
    }
    let by_person = m.csat_max.is_some();
    let before = asked.questions.len();
    scale(m, survey, said, &filled, asked);
    if let Some(question) = asked.questions[before..].last_mut().filter(|_| m.column(CsvField::Csat).is_none()) {
        let values: u64 = filled.iter().map(|(_, v)| v.rows).sum();
        question.seen += &format!(" ({values} values)");
    }
    of_five(m, &filled, by_person);
}

/// What the numbers among the ratings are of.
fn scale(
    m: &mut Mapping,
    survey: &CsvSurvey,
    said: &PersonsWord<'_>,
    filled: &[(&str, &SeenValue)],
    asked: &mut AskedValues,
) {
    let Some(name) = m.column(CsvField::Csat).map(str::to_owned) else { return };
    let about = column(m, CsvField::Csat);
    if let Some((least, most)) = in_header(&name).filter(|_| m.csat_max.is_none() && m.csat_best.is_none()) {
        m.csat_max = Some(most);
        m.csat_min = m.csat_min.or(Some(0.0).filter(|_| least == Some(0.0)));
    }
    if grades(m, filled, said, asked) {
        return;
    }
    let plain: Vec<(f64, u64)> =
        filled.iter().filter_map(|(_, v)| Some((rating(&v.shown).filter(|r| r.1.is_none())?.0, v.rows))).collect();
    if said.setting("csat_max") && said.setting("csat_min") {
        return;
    }
    if plain.is_empty() {
        return unrated(m, survey, filled, &about, asked);
    }
    // Where another says of how many it is, `1 star` is of as many.
    let best = filled.iter().filter_map(|(_, v)| rating(&v.shown)?.1).fold(0.0, f64::max);
    if m.csat_max.is_none() && best > 1.0 && plain.iter().all(|(score, _)| (1.0..=best).contains(score)) {
        m.csat_max = Some(best).filter(|best| *best != 5.0);
        return unrated(m, survey, filled, &about, asked);
    }
    let plain = answered(m, plain, &about, asked);
    if both_ways(m, &plain, &name, &about, asked) {
        return;
    }
    let rows: u64 = plain.iter().map(|p| p.1).sum();
    let most = plain.iter().map(|p| p.0).fold(0.0, f64::max);
    if m.csat_max.is_none() {
        match most {
            x if x > 100.0 => {
                return leave_out(m, asked, &about, format!("it holds numbers up to {x}: no usual rating"), (&name, x));
            }
            x if x > 5.0 && is_seldom(&plain, 5.0) => {
                let above: u64 = plain.iter().filter(|p| p.0 > 5.0).map(|p| p.1).sum();
                let read = in_shell(&format!("csat={name},csat_max=5"));
                m.set(CsvField::Csat, None);
                return asked.wonder(
                    &about,
                    format!("{above} of {rows} ratings are above 5, up to {x}: slips, or the best is more; ratings are left out"),
                    format!("--map {read} leaves the slips out; csat_max=10 where the best is 10"),
                );
            }
            x if x > 10.0 && plain.iter().filter(|p| p.0 <= 10.0).map(|p| p.1).sum::<u64>() * 2 > rows => {
                let seen = format!(
                    "the ratings run up to {x}, and most are not above 10: of several scales, or some are slips"
                );
                return leave_out(m, asked, &about, seen, (&name, 100.0));
            }
            x if x > 10.0 => m.csat_max = Some(100.0),
            x if x > 7.0 => m.csat_max = Some(10.0),
            x if x > 5.0 => {
                let seen = format!("no rating is above {x}: the best may be 6, 7 or 10");
                return leave_out(m, asked, &about, seen, (&name, 7.0));
            }
            x if x <= 1.0 => {
                let seen = "no rating is above 1: nobody can tell whether 1 is the best or the worst".to_owned();
                // What lies between 0 and 1 is a share of the best.
                let best = if plain.iter().any(|p| p.0.fract() != 0.0) { 1.0 } else { 5.0 };
                return leave_out(m, asked, &about, seen, (&name, best));
            }
            x if x < 5.0 && m.csat_min.is_none() && plain.iter().any(|p| p.0 == 0.0) => {
                let seen = format!("the ratings run from 0 to {x}: 0 may be the worst, or mean that nobody rated");
                return leave_out(m, asked, &about, seen, (&name, 5.0));
            }
            x if x <= 3.0 && rows >= MANY => {
                return leave_out(
                    m,
                    asked,
                    &about,
                    format!("none of {rows} ratings is above {x}: the best is not known"),
                    (&name, 5.0),
                );
            }
            _ => {}
        }
        if let Some(max) = m.csat_max {
            asked.warnings.push(format!(
                "ratings go above 5, so the best is taken to be {max}: --map csat_max=N where it is not"
            ));
        }
    }
    unrated(m, survey, filled, &about, asked);
}

/// Takes 0 for no rating, also `0/5`, and says so.
fn unrated(m: &mut Mapping, survey: &CsvSurvey, filled: &[(&str, &SeenValue)], about: &str, asked: &mut AskedValues) {
    let is_below = |v: &SeenValue| rating(&v.shown).is_some_and(|(score, max)| score <= 0.0 && is_of_points(max));
    let below: Vec<(&str, &SeenValue)> = filled.iter().copied().filter(|(_, v)| is_below(v)).collect();
    if !below.is_empty() && m.csat_min.is_none() && m.csat_max.is_none_or(|max| max > 1.0) {
        m.csat_min = Some(1.0);
        let seen = format!(
            "{} of {} values: left out, for 0 most often means that nobody rated",
            listed(&below, 3),
            survey.ratings.rows()
        );
        asked.wonder(
            about,
            seen,
            "--map csat_min=0 where 0 is the worst rating (csat_min=1 where it means none)".to_owned(),
        );
    }
}

/// Ratings of which by their words, or those of the header, the lowest is the best. Whether they are left out until somebody says it.
fn grades(m: &mut Mapping, filled: &[(&str, &SeenValue)], said: &PersonsWord<'_>, asked: &mut AskedValues) -> bool {
    let Some(name) = m.column(CsvField::Csat).map(str::to_owned) else { return false };
    let about = column(m, CsvField::Csat);
    let numbers = filled.iter().filter_map(|(_, v)| Some(rating(&v.shown).filter(|r| r.1.is_none())?.0));
    let (least, most) = numbers.fold((f64::INFINITY, 0.0), |(least, most), x| (x.min(least), x.max(most)));
    if let Some(best) = m.csat_best {
        if m.csat_max.is_none() {
            let seen = "its best rating is said, and not its worst".to_owned();
            m.set(CsvField::Csat, None);
            let settle =
                format!("--map \"csat={name},csat_best={best},csat_max={}\" (or the worst there is)", most.max(5.0));
            asked.wonder(&about, format!("{seen}; ratings are left out"), settle);
            return true;
        }
        return false;
    }
    let header = fold(&name);
    let in_header = header.split([',', ';', '(', ')', '/', '|']).filter_map(|part| sense(part.trim()));
    let senses: Vec<(f64, bool)> =
        filled.iter().filter_map(|(_, v)| sense(&fold(v.shown.trim()))).chain(in_header).collect();
    let of = |good: bool| senses.iter().filter(move |s| s.1 == good).map(|s| s.0);
    let best = of(true).fold(0.0, f64::max);
    let worst = of(false).fold(f64::INFINITY, f64::min);
    let told =
        of(true).next().is_some() && (best < worst && worst.is_finite() || best <= 1.0 && best < most && best <= least);
    if told && of(true).all(|good| of(false).all(|bad| good < bad)) {
        let best = of(true).fold(least, f64::min);
        let worst = of(false).fold(most, f64::max);
        (m.csat_best, m.csat_max) = (Some(best), Some(m.csat_max.unwrap_or(worst)));
        asked.warnings.push(format!(
            "by their words the best rating is {best} and the worst {worst}: --map \"csat_best={worst},csat_max={worst}\" where higher is better"
        ));
        return false;
    }
    let school = GRADES.iter().any(|word| header.contains(word)) || matches!(header.as_str(), "note" | "noten");
    if school && senses.is_empty() && !said.setting("csat_max") {
        m.set(CsvField::Csat, None);
        let worst = if most > 5.0 { most } else { 6.0 };
        asked.wonder(
            &about,
            "by its name it holds grades, of which 1 may be the best; ratings are left out".to_owned(),
            format!("--map \"csat={name},csat_best=1,csat_max={worst}\" where it is; csat_max={worst} alone where higher is better"),
        );
        return true;
    }
    false
}

/// Parts of headers of grades that schools give, of which the lowest is the best; `Note` alone may be of those or of any other.
const GRADES: &[&str] = &["schulnote", "schulnoten", "schulzensur"];

/// Words that are only good or bad where no other stands beside them are the second and the fourth of five beside such that are of five, or
/// beside numbers. Beside numbers of more than five, words and stars of five stay what they are of those.
fn of_five(m: &mut Mapping, filled: &[(&str, &SeenValue)], by_person: bool) {
    let best = m.csat_max.unwrap_or(5.0);
    let is_of = |max: Option<f64>| filled.iter().any(|(_, v)| rating(&v.shown).is_some_and(|r| r.1 == max));
    let (beside_words, beside_numbers) = (is_of(Some(5.0)), best > 1.0 && is_of(None));
    for (_, value) in filled {
        let of_five = match rating(&value.shown) {
            Some((score, Some(1.0))) if beside_words || beside_numbers => 2.0 + 2.0 * score,
            Some((score, None)) if !by_person && best > 5.0 && value.shown.starts_with(['★', '⭐']) => score,
            _ => continue,
        };
        let worth = if beside_numbers { of_five * best / 5.0 } else { of_five };
        m.ratings.entry(senders::word(&value.shown)).or_insert(worth);
    }
}

/// The least, where it is told, and the most of a scale that a header names: `CSAT (1-10)`, `rating_out_of_10`.
fn in_header(header: &str) -> Option<(Option<f64>, f64)> {
    let folded = fold(header).replace(['_', '–'], " ");
    let is_digit = |c: char| c.is_ascii_digit();
    // The last number, what stands before it, and the number before that.
    let end = folded.rfind(is_digit)? + 1;
    let begin = folded[..end]
        .rfind(|c| !is_digit(c))
        .map_or(0, |at| at + folded[at..].chars().next().map_or(1, char::len_utf8));
    let most = folded[begin..end].parse().ok().filter(|most: &f64| (3.0..=100.0).contains(most))?;
    let before = folded[..begin].trim_end();
    if before.ends_with('/') && !before[..before.len() - 1].contains(is_digit) || before.ends_with(" of") {
        return Some((None, most));
    }
    let joined = ["-", " to", " bis", ".."].iter().find_map(|between| before.strip_suffix(between))?.trim_end();
    let of = |least: &str| joined.strip_suffix(least).is_some_and(|rest| !rest.ends_with(is_digit));
    ["0", "1"].into_iter().find(|least| of(least)).map(|least| (least.parse().ok(), most))
}

/// Ratings below and above 0 alike: left out until their ends are told.
fn both_ways(m: &mut Mapping, plain: &[(f64, u64)], name: &str, about: &str, asked: &mut AskedValues) -> bool {
    let least = plain.iter().map(|p| p.0).fold(0.0, f64::min);
    let most = plain.iter().map(|p| p.0).fold(0.0, f64::max);
    if least >= 0.0 || most > -least || m.csat_min.is_some() {
        return false;
    }
    m.set(CsvField::Csat, None);
    let read = in_shell(&format!("csat={name},csat_min={least},csat_max={}", -least));
    asked.wonder(
        about,
        format!("the ratings run from {least} to {most}; ratings are left out"),
        format!("--map {read} where these are the worst and the best (csat_min=1 where one below it means none)"),
    );
    true
}

/// So many ratings stand beside a slip at least, and so many for each.
const SLIPS: u64 = 20;

/// Whether ratings above `top` are so seldom that they may be slips.
fn is_seldom(plain: &[(f64, u64)], top: f64) -> bool {
    let rows = |beyond: bool| plain.iter().filter(|p| (p.0 > top) == beyond).map(|p| p.1).sum::<u64>();
    let (slips, others) = (rows(true), rows(false));
    slips > 0 && others >= slips.saturating_mul(SLIPS)
}

/// What surveys write for no answer beside a scale that ends far below.
const NO_ANSWER: &[f64] = &[77.0, 88.0, 97.0, 98.0, 99.0, 777.0, 888.0, 998.0, 999.0, 9999.0];

/// The ratings without what most often means that there is none, and without slips far beyond the others: both are said.
fn answered(m: &mut Mapping, plain: Vec<(f64, u64)>, about: &str, asked: &mut AskedValues) -> Vec<(f64, u64)> {
    let slips = is_seldom(&plain, 10.0);
    let is_none = |score: f64| NO_ANSWER.contains(&score) || slips && score > 10.0;
    let (none, given): (Vec<_>, Vec<_>) = plain.iter().copied().partition(|(score, _)| is_none(*score));
    let most = given.iter().map(|p| p.0).fold(0.0, f64::max);
    if none.is_empty() || given.is_empty() || most > 10.0 || m.csat_max.is_some() {
        return plain;
    }
    // What the others are of is asked where nobody can tell.
    m.csat_max = match most {
        x if x > 7.0 && !is_seldom(&given, 5.0) => Some(10.0),
        x if x > 3.0 && x <= 5.0 => Some(5.0),
        _ => None,
    };
    let shown = none.iter().take(3).map(|p| format!("`{}`", p.0)).collect::<Vec<_>>().join(", ");
    let rows: u64 = none.iter().map(|p| p.1).sum();
    let seen = format!("{shown} ({rows} rows) beside ratings up to {most}: left out, for it is no answer or a slip");
    asked.wonder(about, seen, "--map csat_max=100 where it is a rating".to_owned());
    given
}

/// Leaves ratings out; the line that reads them names a best that none of them goes beyond.
fn leave_out(m: &mut Mapping, asked: &mut AskedValues, about: &str, seen: String, (name, best): (&str, f64)) {
    m.set(CsvField::Csat, None);
    asked.wonder(
        about,
        format!("{seen}; ratings are left out"),
        format!("--map \"csat={name},csat_max={best}\" (or the best there is; with csat_best=1 where 1 is the best and that the worst)"),
    );
}
