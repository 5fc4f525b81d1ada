//! Numbers as people read them.

pub use crate::base::counted::{count, counted as plural, hours, seconds, signed};

/// `91.2 % (547/600)`, or `–` without a denominator.
pub fn rate(num: u64, den: u64) -> String {
    if den == 0 {
        return "–".to_owned();
    }
    format!("{:.1} %  ({}/{})", num as f64 * 100.0 / den as f64, count(num), count(den))
}

/// `+2.3 pt`.
pub fn points(fraction: f64) -> String {
    format!("{} pt", signed(fraction * 100.0, 1))
}

/// A size: `812 B`, `4.2 MB`.
pub fn bytes(n: u64) -> String {
    let units = ["kB", "MB", "GB", "TB"];
    let mut value = n as f64 / 1000.0;
    if n < 1000 {
        return format!("{n} B");
    }
    for unit in units {
        if value < 999.95 || unit == "TB" {
            return format!("{value:.1} {unit}");
        }
        value /= 1000.0;
    }
    String::new()
}

/// A p-value: `0.007`, `< 0.001`.
pub fn p_value(p: f64) -> String {
    if p < 0.001 { "p < 0.001".to_owned() } else { format!("p = {p:.3}") }
}

/// A bar of at most `columns` blocks; what is less than one is drawn in eighths, what is below 0.01 not at all.
pub fn bar(fraction: f64, columns: usize) -> String {
    const EIGHTHS: [&str; 7] = ["▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    let cells = fraction.clamp(0.0, 1.0) * columns as f64;
    match cells.round() as usize {
        _ if fraction < 0.01 => String::new(),
        _ if cells < 1.0 => EIGHTHS[((cells * 8.0) as usize).clamp(1, 7) - 1].to_owned(),
        n => "▆".repeat(n),
    }
}

/// A share in whole per cent: of a few of very many not `0 %`, and of all but a few not `100 %`.
pub fn percent(n: u64, all: u64) -> String {
    let share = 100.0 * n as f64 / all.max(1) as f64;
    match share.round() as u64 {
        0 if n > 0 => "<1 %".to_owned(),
        100 if n < all => ">99 %".to_owned(),
        whole => format!("{whole} %"),
    }
}

/// One cell of a sparkline; never taller than its line, so that lists of them keep apart.
pub fn spark(share: f64) -> char {
    const LEVELS: [char; 7] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇'];
    LEVELS[(share.clamp(0.0, 1.0) * 6.0).round() as usize]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_well() {
        assert_eq!(count(1_002_316), "1,002,316");
        assert_eq!(count(12), "12");
        assert_eq!(rate(412, 577), "71.4 %  (412/577)");
        assert_eq!(points(0.0233), "+2.3 pt");
        assert_eq!([percent(1, 205), percent(0, 205), percent(3, 205)], ["<1 %", "0 %", "1 %"]);
        assert_eq!([percent(999, 1_000), percent(7, 7), percent(0, 0)], [">99 %", "100 %", "0 %"]);
        assert_eq!(signed(-0.0001, 2), "0.00");
        assert_eq!((bytes(812), bytes(4_210_000), bytes(999_960)), ("812 B".into(), "4.2 MB".into(), "1.0 MB".into()));
        assert_eq!(seconds(125), "2 min 05 s");
        assert_eq!([bar(0.001, 10), bar(0.01, 10), bar(0.04, 10), bar(0.5, 4)], ["", "▏", "▍", "▆▆"]);
        assert_eq!([bar(0.05, 12), bar(0.11, 12), bar(0.17, 12)], ["▌", "▆", "▆▆"]);
        assert_eq!([spark(0.0), spark(0.5), spark(1.0)], ['▁', '▄', '▇']);
    }
}
