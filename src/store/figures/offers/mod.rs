//! What became of what was offered: conversations, by the offer's name and one more property.

use crate::domain::query::quoted_name;
use crate::domain::{Difference, Kind, OffersBy, Rate};
use crate::learn::judge::stats::{holm, two_sided};
use crate::store::conversations::write::LANGUAGE_SQL;
use crate::store::releases::lessons::OFFERED_SQL;
use crate::store::{DoingWhat, Result, Store};
use crate::text::language::GREEK_IN_LATIN;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Below this many answers nothing is compared (rule 24).
const FEWEST: u64 = 30;
/// Of what has fewer answers so many lines are told, those with the most: the others are one sum, since a log may name thousands.
const UNRANKED: usize = 20;
/// Normal quantiles of a two-sided test at .05, and of power .8.
const Z: (f64, f64) = (1.96, 0.84);

/// Where an offer is taken more often than elsewhere.
#[derive(Clone, Debug, PartialEq)]
pub enum MoreOften {
    /// In conversations of this property, corrected for many looks.
    Where {
        /// `channel web`.
        what: String,
        /// Accepted there, of the answered.
        rate: Rate,
        /// Finds those that accepted there.
        query: String,
    },
    /// Nobody can tell; so many more answers would tell whether the largest difference is one.
    CannotTell(u64),
    /// There is nothing to compare, or too few answers.
    Nothing,
}

/// A row: conversations in which something was offered.
#[derive(Clone, Debug, PartialEq)]
pub struct OfferLine {
    /// What was offered. Hostile.
    pub name: String,
    /// The property that it is told apart by: `web`. Hostile.
    pub part: Option<String>,
    /// Conversations in which it was offered.
    pub shown: u64,
    /// ...and accepted, of the answered.
    pub accepted: Rate,
    /// ...declined.
    pub declined: u64,
    /// ...ignored.
    pub ignored: u64,
    /// ...of which the log says no end: in no rate.
    pub open: u64,
    /// Finds those in which it was offered.
    pub query: String,
    /// Who takes it more often.
    pub more: MoreOften,
}

impl OfferLine {
    /// Whether it has a place among others: from 30 answers on (rule 24).
    pub fn is_ranked(&self) -> bool {
        self.accepted.den >= FEWEST
    }
}

/// What is offered too seldom for a line of its own, together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OtherOffers {
    /// Lines that are not told.
    pub lines: u64,
    /// Conversations in which one of them was offered, one counted for each.
    pub shown: u64,
    /// ...and accepted, of the answered.
    pub accepted: Rate,
}

/// Accepted, declined, ignored, open.
type Counts = [u64; 4];

/// An offer, the property that it is told apart by, and what became of it.
type OfferRow<'a> = (&'a str, Option<(&'static str, &'a String)>, Counts);

/// What a conversation with an offer is, beside the offer.
#[derive(Default)]
struct Cells {
    whole: Counts,
    /// By filter and value.
    parts: BTreeMap<(&'static str, String), Counts>,
}

impl Store {
    /// One row an offer, or an offer and a property, and what is told of the others together. Reads every offer once.
    pub(in crate::store::figures) fn offer_lines(&self, by: OffersBy) -> Result<(Vec<OfferLine>, OtherOffers)> {
        let offers = self.offer_cells()?;
        let mut rows: Vec<OfferRow<'_>> = Vec::new();
        for (name, cells) in &offers {
            match by.key() {
                None => rows.push((name.as_str(), None, cells.whole)),
                Some(key) => {
                    let parts = cells.parts.iter().filter(|((k, _), _)| *k == key);
                    rows.extend(parts.map(|((_, value), counts)| (name.as_str(), Some((key, value)), *counts)));
                }
            }
        }
        let (told, others) = told_apart(rows);
        let mut lines: Vec<OfferLine> = told.iter().map(|(name, part, counts)| line(name, *part, *counts)).collect();
        let mut looks: Vec<(usize, &'static str, String, Rate, Rate)> = Vec::new();
        for (at, row) in lines.iter().enumerate().filter(|(_, row)| by == OffersBy::Offer && row.is_ranked()) {
            let Some(cells) = offers.get(&row.name) else { continue };
            for ((key, value), counts) in &cells.parts {
                let here = rate(*counts);
                let elsewhere = Rate::new(row.accepted.num - here.num, row.accepted.den - here.den);
                if here.den >= FEWEST && elsewhere.den >= FEWEST {
                    looks.push((at, key, value.clone(), here, elsewhere));
                }
            }
        }
        let p: Vec<f64> = looks.iter().map(|l| two_sided(z(l.3, l.4))).collect();
        let corrected = holm(&p);
        for (at, row) in lines.iter_mut().enumerate().filter(|_| by == OffersBy::Offer) {
            let of_row = || looks.iter().zip(&corrected).filter(|(l, _)| l.0 == at);
            let size = |l: &(usize, &str, String, Rate, Rate)| l.3.value().unwrap_or(0.0) - l.4.value().unwrap_or(0.0);
            let best = of_row()
                .filter(|(l, p)| **p < 0.05 && Difference::between(l.4, l.3).is_some_and(|d| d.lo > 0.0))
                .max_by(|a, b| size(a.0).total_cmp(&size(b.0)));
            let largest = of_row().max_by(|a, b| z(a.0.3, a.0.4).abs().total_cmp(&z(b.0.3, b.0.4).abs()));
            row.more = match (best, largest) {
                (Some((l, _)), _) => MoreOften::Where {
                    what: format!("{} {}", if l.1 == "lang" { "language" } else { l.1 }, l.2),
                    rate: l.3,
                    query: query("accepted", &row.name, Some((l.1, &l.2))),
                },
                (None, Some((l, _))) => MoreOften::CannotTell(needed(l.3, l.4)),
                // Where all were taken, or none, nobody takes it more often, however many more come.
                (None, None) if row.accepted.num == 0 || row.accepted.num == row.accepted.den => MoreOften::Nothing,
                (None, None) if row.accepted.den < 2 * FEWEST => MoreOften::CannotTell(2 * FEWEST - row.accepted.den),
                (None, None) => MoreOften::Nothing,
            };
        }
        // By the lower end; below those that are ranked the others by name.
        let sure = |l: &OfferLine| if l.is_ranked() { l.accepted.lo } else { -1.0 };
        lines.sort_by(|a, b| sure(b).total_cmp(&sure(a)).then_with(|| (&a.name, &a.part).cmp(&(&b.name, &b.part))));
        Ok((lines, others))
    }

    fn offer_cells(&self) -> Result<BTreeMap<String, Cells>> {
        let names = self.intent_names()?;
        let intent = Kind::Intent.code();
        let offered = &*OFFERED_SQL;
        let sql = format!(
            "SELECT x.name, x.status, h.text, n.text, coalesce((SELECT CAST(l.value AS INTEGER) FROM current l
                WHERE l.subject = c.id AND l.kind = {intent} AND l.turn = c.first_turn), c.first_intent), count(*)
             FROM ({offered}) x JOIN conversation c ON c.id = x.conversation LEFT JOIN term h ON h.id = c.channel
             LEFT JOIN term n ON n.id = {LANGUAGE_SQL} GROUP BY 1, 2, 3, 4, 5"
        );
        let doing = "counting offers";
        let mut s = self.conn.prepare_cached(&sql).doing(doing)?;
        let mut rows = s.query([]).doing(doing)?;
        let mut out: BTreeMap<String, Cells> = BTreeMap::new();
        while let Some(r) = rows.next().doing(doing)? {
            let read = || -> rusqlite::Result<_> {
                Ok((
                    r.get::<_, String>(0)?,
                    r.get::<_, i64>(1)?,
                    r.get::<_, Option<String>>(2)?,
                    r.get::<_, Option<String>>(3)?,
                    r.get::<_, Option<i64>>(4)?,
                    r.get::<_, i64>(5)?,
                ))
            };
            let (name, status, channel, lang, matter, n) = read().doing(doing)?;
            let place = match status {
                2 => 0,
                3 => 1,
                4 => 2,
                _ => 3,
            };
            let n = n.max(0) as u64;
            let cells = out.entry(name).or_default();
            cells.whole[place] += n;
            let mut part = |key: &'static str, value: String| {
                cells.parts.entry((key, value)).or_default()[place] += n;
            };
            channel.into_iter().for_each(|value| part("channel", value));
            if let Some(lang) = lang {
                // Greek is Greek in whichever letters (rule 50).
                if lang.eq_ignore_ascii_case(GREEK_IN_LATIN) {
                    part("lang", "el".to_owned());
                }
                part("lang", lang);
            }
            if let Some(matter) = matter {
                part("intent", names.name(names.today(crate::domain::IntentId(matter))));
            }
        }
        Ok(out)
    }
}

/// The rows that get a line: all that are ranked, and of the others those with the most answers.
fn told_apart(rows: Vec<OfferRow<'_>>) -> (Vec<OfferRow<'_>>, OtherOffers) {
    let answers = |row: &OfferRow<'_>| rate(row.2).den;
    let (mut told, mut few): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| answers(row) >= FEWEST);
    few.sort_by_key(|row| Reverse((answers(row), row.2.iter().sum::<u64>())));
    let rest = few.split_off(few.len().min(UNRANKED));
    told.append(&mut few);
    let mut sum: Counts = [0; 4];
    for row in &rest {
        sum.iter_mut().zip(row.2).for_each(|(sum, n)| *sum += n);
    }
    (told, OtherOffers { lines: rest.len() as u64, shown: sum.iter().sum(), accepted: rate(sum) })
}

fn rate([accepted, declined, ignored, _]: Counts) -> Rate {
    Rate::new(accepted, accepted + declined + ignored)
}

fn query(what: &str, name: &str, part: Option<(&str, &str)>) -> String {
    let part = part.map_or(String::new(), |(key, value)| format!(" {key}:{}", quoted_name(value)));
    format!("{what}:{}{part} test:shown", quoted_name(name))
}

fn line(name: &str, part: Option<(&'static str, &String)>, counts: Counts) -> OfferLine {
    let [_, declined, ignored, open] = counts;
    OfferLine {
        name: name.to_owned(),
        part: part.map(|p| p.1.clone()),
        shown: counts.iter().sum(),
        accepted: rate(counts),
        declined,
        ignored,
        open,
        query: query("offered", name, part.map(|(key, value)| (key, value.as_str()))),
        more: MoreOften::Nothing,
    }
}

/// The difference of two rates in standard errors.
fn z(a: Rate, b: Rate) -> f64 {
    let pooled = (a.num + b.num) as f64 / (a.den + b.den) as f64;
    let se = (pooled * (1.0 - pooled) * (1.0 / a.den as f64 + 1.0 / b.den as f64)).sqrt();
    if se > 0.0 { (a.value().unwrap_or_default() - b.value().unwrap_or_default()) / se } else { 0.0 }
}

/// How many more answers would tell, four times in five, whether a difference as large as this one is there.
fn needed(a: Rate, b: Rate) -> u64 {
    let z = z(a, b).abs();
    let now = (a.den + b.den) as f64;
    let times = if z > 0.0 { ((Z.0 + Z.1) / z).powi(2) } else { f64::INFINITY };
    let more = (now * (times - 1.0)).clamp(1.0, 1e6);
    // Two digits: it is an estimate.
    let step = 10f64.powf((more.log10() - 1.0).floor().max(0.0));
    ((more / step).ceil() * step) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_offered_too_seldom_for_a_line_is_told_together() {
        let names: Vec<String> = (0..1_000).map(|i| format!("room {i}")).collect();
        // Two are answered by 40, all others by up to 4, one of them a yes.
        let counts = |i: usize| if i < 2 { [30, 10, 0, 2] } else { [1, (i % 3) as u64, 1, 0] };
        let rows = || names.iter().enumerate().map(|(i, name)| (name.as_str(), None, counts(i))).collect::<Vec<_>>();
        let (told, others) = told_apart(rows());
        assert_eq!((told.len(), others.lines), (2 + UNRANKED, 998 - UNRANKED as u64));
        assert!(told[..2].iter().all(|row| row.2 == [30, 10, 0, 2]), "what is ranked is told whole");
        assert!(told[2..].iter().all(|row| rate(row.2).den == 4), "then those with the most answers");
        let all: u64 = rows().iter().map(|row| row.2.iter().sum::<u64>()).sum();
        let shown: u64 = told.iter().map(|row| row.2.iter().sum::<u64>()).sum();
        assert_eq!(shown + others.shown, all, "nothing is lost");
        assert_eq!(others.accepted.num, others.lines);
        let (told, others) = told_apart(rows().split_off(980));
        assert_eq!((told.len(), others.lines), (20, 0), "a few are all told");
    }
}
