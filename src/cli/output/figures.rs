//! Numbers as people read them.

pub(in crate::cli) use crate::base::counted::count;
use crate::domain::Rate;

/// `71.4 %  (412/577)`; a dash without data.
pub(in crate::cli) fn rate(num: u64, den: u64) -> String {
    if den == 0 {
        return "–  (0/0)".to_owned();
    }
    format!("{}  ({}/{})", percent(num as f64 / den as f64), count(num), count(den))
}

/// `71.4 %`.
pub(in crate::cli) fn percent(fraction: f64) -> String {
    format!("{:.1} %", 100.0 * fraction)
}

/// `67.6-74.9 %`: the 95 % interval.
pub(in crate::cli) fn interval(rate: &Rate) -> String {
    if rate.den == 0 { String::new() } else { format!("{:.1}-{:.1} %", 100.0 * rate.lo, 100.0 * rate.hi) }
}

/// `1 turn`, `2 turns`.
pub(in crate::cli) fn plural(n: u64, what: &str) -> String {
    format!("{} {what}{}", count(n), if n == 1 { "" } else { "s" })
}

/// A column a value, from the least to the greatest.
pub(in crate::cli) fn sparkline(values: &[f64]) -> String {
    const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let (low, high) = values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), &v| (l.min(v), h.max(v)));
    let bar = |&v: &f64| BARS[if high > low { ((v - low) / (high - low) * 7.0).round() as usize } else { 0 }];
    values.iter().map(bar).collect()
}

/// A column a count, against the highest; a dot where there was none.
pub(in crate::cli) fn counts_line(counts: &[Option<u64>]) -> String {
    const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let most = counts.iter().flatten().copied().max().unwrap_or(0).max(1);
    let bar = |n: &Option<u64>| match n {
        Some(0) => '·',
        Some(n) => BARS[(n * 8).div_ceil(most) as usize - 1],
        None => ' ',
    };
    counts.iter().map(bar).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_stand_on_zero() {
        assert_eq!(
            (counts_line(&[None, Some(0), Some(5), Some(6), Some(40)]), counts_line(&[Some(0); 2]), counts_line(&[])),
            (" ·▁▂█".into(), "··".into(), "".into())
        );
    }

    #[test]
    fn figures_read_well() {
        assert_eq!(rate(412, 577), "71.4 %  (412/577)");
        assert_eq!(rate(5120, 6028), "84.9 %  (5,120/6,028)");
        assert_eq!(rate(0, 0), "–  (0/0)");
        assert_eq!((count(0), count(999), count(1_002_316)), ("0".into(), "999".into(), "1,002,316".into()));
        assert_eq!((plural(1, "turn"), plural(1200, "turn")), ("1 turn".into(), "1,200 turns".into()));
        assert_eq!(interval(&Rate::new(412, 577)), "67.6-74.9 %");
    }

    #[test]
    fn a_sparkline_goes_from_the_least_to_the_greatest() {
        assert_eq!(sparkline(&[0.5, 0.75, 1.0, 0.5]), "▁▅█▁");
        assert_eq!((sparkline(&[0.3, 0.3]), sparkline(&[])), ("▁▁".into(), String::new()));
    }
}
