//! Numbers as people read them.

pub(super) use crate::base::counted::count;
use crate::domain::Rate;

/// `71.4 %`; a dash without data.
pub(super) fn percent(value: Option<f64>) -> String {
    value.map_or_else(|| "–".to_owned(), |v| format!("{:.1} %", 100.0 * v))
}

/// `67.6–74.9`: the 95 % interval.
pub(super) fn interval(rate: &Rate) -> String {
    if rate.den == 0 { String::new() } else { format!("{:.1}–{:.1}", 100.0 * rate.lo, 100.0 * rate.hi) }
}

/// `412 of 577`.
pub(super) fn of(num: u64, den: u64) -> String {
    format!("{} of {}", count(num), count(den))
}

/// `+5.0`, `−3.7`: points.
pub(super) fn points(x: f64) -> String {
    let sign = if x < 0.0 { '−' } else { '+' };
    format!("{sign}{:.1}", 100.0 * x.abs())
}

/// Of 100.
pub(super) fn of_hundred(rate: &Rate) -> u64 {
    rate.value().map_or(0, |v| (v * 100.0).round() as u64)
}

/// Of 100 for each count, by largest remainder: they add up to 100.
pub(super) fn hundred(counts: [u64; 4]) -> [u64; 4] {
    let all: u64 = counts.iter().sum();
    if all == 0 {
        return [0; 4];
    }
    let exact = counts.map(|n| n as f64 * 100.0 / all as f64);
    let mut out = exact.map(|x| x as u64);
    let mut rest: Vec<usize> = (0..4).collect();
    rest.sort_by(|&a, &b| exact[b].fract().total_cmp(&exact[a].fract()));
    let missing = 100u64.saturating_sub(out.iter().sum());
    rest.into_iter().take(missing as usize).for_each(|i| out[i] += 1);
    out
}
