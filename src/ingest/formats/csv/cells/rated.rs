//! A customer's rating as it is written, on the scale that all of its log's ratings have settled.

use super::values;
use crate::domain::Csat;
use crate::ingest::context::Context;
use crate::ingest::derive::speakers::word;
use crate::ingest::formats::csv::columns::mapping::Mapping;

/// Reads a rating on the mapping's scale; `None`, and a warning where nobody meant that, for what is none.
pub fn read(value: &str, m: &Mapping, cx: &mut Context) -> Option<Csat> {
    let said = m.ratings.get(&word(value)).map(|score| (*score, None));
    let told = said.is_some();
    let Some((score, max)) = said.or_else(|| values::rating(value)) else {
        if !values::is_unrated(value) && !m.unrated.contains(&word(value)) {
            cx.warnings.add("a rating that is none, left out");
        }
        return None;
    };
    if values::is_of_points(max) && m.csat_min.is_some_and(|least| score < least) {
        return None;
    }
    if max.is_none() && m.csat_max.is_some_and(|most| score > most) {
        cx.warnings.add("a rating above the best there is, left out");
        return None;
    }
    let turned = m.grades().filter(|_| max.is_none() && !told);
    let score = turned.map_or(score, |(best, worst)| best + worst - score);
    let least = m.csat_min.filter(|_| max.is_none());
    let (score, max) = from_one(score, least, max.or(m.csat_max).unwrap_or(5.0));
    Some(Csat { score, max, comment: None, at: None })
}

/// A rating whose worst is below 1 as one of a scale that begins there, as all others do; shares of 1 stay what they are.
fn from_one(score: f64, least: Option<f64>, max: f64) -> (f64, f64) {
    match least {
        Some(least) if least < 0.0 || least < 1.0 && max > 1.0 => {
            let top = if max > 1.0 { max } else { max + 1.0 - least };
            (1.0 + (score - least) * (top - 1.0) / (max - least), top)
        }
        _ => (score, max),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::formats::csv::RowShape;

    #[test]
    fn the_middle_of_a_scale_is_its_middle_wherever_it_begins() {
        let share = |value: &str, least: f64, most: f64| {
            let mut m = Mapping::new(RowShape::Turns);
            (m.csat_min, m.csat_max) = (Some(least), Some(most));
            let csat = read(value, &m, &mut Context::of("shop")).unwrap();
            // As the store has it: scales up to 1 begin at 0, all others at 1.
            let begin = if csat.max > 1.0 { 1.0 } else { 0.0 };
            (csat.score - begin) / (csat.max - begin)
        };
        for (least, most) in [(0.0, 10.0), (0.0, 5.0), (1.0, 5.0), (0.0, 1.0), (-1.0, 1.0), (-2.0, 2.0)] {
            let middle = (least + most) / 2.0;
            assert_eq!(share(&middle.to_string(), least, most), 0.5, "{least} to {most}");
            assert_eq!(share(&least.to_string(), least, most), 0.0, "{least} to {most}");
            assert_eq!(share(&most.to_string(), least, most), 1.0, "{least} to {most}");
        }
    }
}
