//! Findings in words. Association, never "the model's effect" (rule 45).

use crate::domain::measure::rate_change::OTHER;
use crate::domain::{Effect, RateChange, RateMovement};

/// `+5.0 points, +1.1 to +8.9`.
pub(super) fn points(e: &Effect) -> String {
    let of = |x: f64| format!("{:+.1}", 100.0 * x);
    format!("{} points, {} to {}", of(e.value), of(e.ci95[0]), of(e.ci95[1]))
}

fn moved(e: &Effect) -> RateMovement {
    match () {
        () if e.ci95[0] > 0.0 => RateMovement::Up,
        () if e.ci95[1] < 0.0 => RateMovement::Down,
        () => RateMovement::CannotTell,
    }
}

/// What is to be known of strata that tell nothing apart.
pub(super) fn said_of_one_stratum(c: &RateChange) -> Option<String> {
    let [only] = c.parts.as_slice() else { return None };
    Some(format!("all of it is `{}`: other questions cannot be told apart by this", only.name))
}

/// The finding.
pub(super) fn said_of(c: &RateChange) -> String {
    let percent = |(k, n): (f64, f64)| format!("{:.1} %", 100.0 * k / n);
    let total = format!("The AI resolved {} and then {} ({}).", percent(c.from), percent(c.to), points(&c.total));
    let within = points(&c.within);
    let mix = points(&c.mix);
    let rest = match (moved(&c.within), moved(&c.mix)) {
        (RateMovement::CannotTell, RateMovement::CannotTell) if moved(&c.total) == RateMovement::CannotTell => {
            format!("Nothing is certain: the same questions ({within}), other questions ({mix}).")
        }
        (RateMovement::CannotTell, RateMovement::CannotTell) => {
            format!("Cannot tell which part is which: the same questions ({within}), other questions ({mix}).")
        }
        (RateMovement::CannotTell, other) => {
            let kind = if other == RateMovement::Up { "easier" } else { "harder" };
            format!("The same questions were answered as before; more of the {kind} ones came ({mix}).")
        }
        (answered, other) => {
            let how = if answered == RateMovement::Up { "better" } else { "worse" };
            let came = match other {
                RateMovement::Up => format!("more of the easier ones came ({mix})"),
                RateMovement::Down => format!("more of the harder ones came ({mix})"),
                RateMovement::CannotTell => format!("which questions came made no certain difference ({mix})"),
            };
            format!("The same questions were answered {how} ({within}); {came}.")
        }
    };
    format!("{total} {rest}")
}

/// The stratum whose answers moved the rate most, where the whole is certain.
pub(super) fn said_of_part(c: &RateChange) -> Option<String> {
    if c.parts.len() < 2 {
        return None;
    }
    let up = c.within.value > 0.0;
    // What only few asked, taken together, is no finding.
    let same_way = c.parts.iter().filter(|p| (p.within > 0.0) == up && p.within != 0.0 && !p.name.starts_with(OTHER));
    let most = same_way.max_by(|a, b| a.within.abs().total_cmp(&b.within.abs())).filter(|_| c.within.is_certain())?;
    let rate = |k: f64, n: f64| if n > 0.0 { format!("{:.0} %", 100.0 * k / n) } else { "none".to_owned() };
    let (before, after) = (rate(most.resolved_from, most.n_from), rate(most.resolved_to, most.n_to));
    Some(format!("most of it in {}: {before} and then {after}, {:+.1} points of all", most.name, 100.0 * most.within))
}
