//! The columns of the lists of Patterns.

use crate::domain::{Difference, PatternView, Rate, RateMovement};
use crate::store::{ActionEffect, PatternLine, PatternPage, Segmented};
use crate::theme::Role;
use crate::tui::widgets::listed::Cells;
use crate::tui::widgets::{numbers, words};

/// Columns of a line of half a year.
const TREND: usize = 13;
/// Columns of a difference, and whether it may be chance.
const DIFFERENCE: usize = 26;
/// Columns of who can repair a cause: the longest of them.
const REPAIRER: usize = 26;
/// Most columns of who was given a line.
const GIVEN: usize = 26;
/// Columns of the day by which it is due.
const DUE: usize = "due 2026-12-05".len();
/// Columns of who has an action, and of an interval.
const ACTOR: usize = 25;
const INTERVAL: usize = 17;

/// A list's columns, as wide as its content needs.
pub struct PatternColumns {
    view: PatternView,
    name: usize,
    /// Columns that the longest name takes.
    longest: usize,
    trend: bool,
    /// Whether there is a period before this one.
    change: bool,
    csat: bool,
    /// How conversations ended, each in a column.
    ends: bool,
    /// The shares of causes added up.
    so_far: bool,
    /// Columns of who was given a line; 0: nobody was given any, or there is no room.
    given: usize,
    /// Columns of who has an action.
    actor: usize,
    /// How sure a change is stands beside it.
    interval: bool,
    /// What nobody was given stands beside what somebody was.
    others: bool,
}

impl PatternColumns {
    /// The columns of a list in so many columns of the screen.
    pub fn of(view: PatternView, page: &PatternPage, room: usize) -> Self {
        let longest = page.lines.iter().map(|l| words::width(&name(view, l))).max().unwrap_or(0);
        // A part of the traffic has more beside it.
        let wide = if view == PatternView::Segments { 88 } else { 58 };
        let trend = page.lines.iter().any(|l| !l.trend.is_empty() || !l.failing_trend.is_empty()) && room >= wide;
        let csat = page.lines.iter().any(|l| l.csat.is_some()) && room >= 74;
        let given = page.lines.iter().filter_map(|l| l.action.as_ref()).map(|a| words::width(&words::line(&a.words())));
        // Room for the day, before that for the name.
        let spare = room.saturating_sub(64).max(if room >= 72 { DUE } else { 0 });
        let given = given.max().unwrap_or(0).min(spare).min(GIVEN);
        let change = page.lines.iter().any(|l| l.before.is_some() || l.new);
        let actor =
            page.lines.iter().filter_map(|l| l.effect.as_ref()).map(|e| words::width(&words::line(&e.action.words())));
        let actor = actor.max().unwrap_or(0).clamp("who has it".len(), ACTOR);
        let name = longest.max(8);
        let mut table = Self {
            view,
            name,
            longest: name,
            trend,
            change,
            csat,
            ends: page.lines.iter().any(|l| l.outcomes.is_some()) && room >= 112,
            so_far: page.lines.iter().any(|l| l.cumulative.is_some()) && room >= 76,
            given,
            actor,
            interval: room >= 96,
            others: room >= 110,
        };
        let other = table.head_cells().iter().map(|c| words::width(c)).sum::<usize>();
        table.name = table.name.min(room.saturating_sub(other + 2)).max(8);
        table
    }

    /// Whether the longest name is cut.
    pub const fn is_cut(&self) -> bool {
        self.name < self.longest
    }

    /// Columns that a line takes.
    pub fn width(&self) -> usize {
        self.name + self.head_cells().iter().map(|c| words::width(c)).sum::<usize>()
    }

    /// The line above.
    pub fn head(&self) -> String {
        format!("{}{}", " ".repeat(self.name), self.head_cells().concat())
    }

    fn head_cells(&self) -> Vec<String> {
        let right = |text: &str, columns: usize| words::pad_left(text, columns);
        let mut cells = vec![right("conv.", 7)];
        match self.view {
            PatternView::Failed => {
                cells.push(right("share", 7));
                if self.change {
                    cells.push(right("± conv.", 8));
                }
                if self.trend {
                    cells.push(words::pad("  half a year", TREND + 2));
                }
                if self.given > 0 {
                    cells.push(words::pad("  given to", self.given + 2));
                }
            }
            PatternView::Intents => {
                if self.ends {
                    cells.extend(["helped", "handed", "failed", "left"].map(|end| right(end, 8)));
                }
                cells.extend([right("failing", 9), right("95 %", 8), right("worth", 8)]);
                if self.trend {
                    cells.push(words::pad("  failing, ½ y", TREND + 2));
                }
                if self.csat {
                    cells.push(right("CSAT 4-5", 10));
                }
            }
            PatternView::Segments => {
                cells.extend([right("failing", 9), right("else", 7)]);
                if self.trend {
                    cells.push(words::pad("  failing, ½ y", TREND + 2));
                }
                cells.push(words::pad("   difference", DIFFERENCE));
            }
            PatternView::Confused => cells.push(right("of logged so", 14)),
            PatternView::Causes | PatternView::Handovers => {
                cells.push(right("share", 7));
                if self.so_far {
                    cells.push(right("so far", 8));
                }
                cells.push(words::pad("  who can repair it", REPAIRER + 2));
            }
            PatternView::Returned => cells.extend([right("share", 7), right("of resolved", 13)]),
            PatternView::Topics => cells.extend([right("share", 7), right("failing", 9)]),
            PatternView::Actions => {
                cells = vec![words::pad("  who has it", self.actor + 2), right("before", 9), right("after", 8)];
                cells.push(right("change", 10));
                if self.interval {
                    cells.push(words::pad("   95 %", INTERVAL + 3));
                }
                if self.others {
                    cells.push(right("others", 10));
                }
            }
        }
        cells
    }

    /// A line of the list.
    pub fn row(&self, line: &PatternLine) -> Cells {
        let name = words::pad(&words::fit(&name(self.view, line), self.name), self.name);
        if let Some(effect) = &line.effect {
            return [vec![(name, Role::Text)], self.effect_cells(effect)].concat();
        }
        // What is no one thing, and what was right, is nothing that stands out.
        let is_aside = match self.view {
            PatternView::Failed => line.is_aside(),
            PatternView::Topics => line.example.is_none(),
            PatternView::Causes => line.name.starts_with("mode: "),
            _ => false,
        };
        let mut cells: Cells = vec![(name, if is_aside { Role::Muted } else { Role::Text })];
        cells.push((words::pad_left(&numbers::count(line.n), 7), Role::Text));
        // A share that nobody can tell.
        let none = || "–".to_owned();
        let share = || words::pad_left(&line.share.map_or_else(String::new, |s| format!("{:.0} %", 100.0 * s)), 7);
        match self.view {
            PatternView::Failed => {
                cells.push((share(), Role::Muted));
                let change = match line.before {
                    _ if line.new => "new".to_owned(),
                    Some(before) => numbers::signed(line.n as f64 - before as f64, 0),
                    None => String::new(),
                };
                if self.change {
                    cells.push((words::pad_left(&change, 8), if line.new { Role::Accent } else { Role::Muted }));
                }
                if self.trend {
                    cells.push((format!("  {}", trend(&line.trend)), Role::Muted));
                }
                if self.given > 0 {
                    let given = line.action.as_ref().map_or_else(String::new, |a| words::given(&a.words(), self.given));
                    cells.push((format!("  {}", words::pad(&given, self.given)), Role::Text));
                }
            }
            PatternView::Intents => {
                let f = line.failing;
                let failing = f.and_then(|f| f.value()).map_or_else(none, |v| format!("{:.0} %", 100.0 * v));
                // Where few are known nothing stands out.
                let role = if f.is_some_and(|f| f.den >= 30) { Role::Text } else { Role::Muted };
                if self.ends {
                    let ends = line.outcomes.unwrap_or_default();
                    cells.extend(ends.map(|n| (words::pad_left(&numbers::count(n), 8), Role::Muted)));
                }
                cells.push((words::pad_left(&failing, 9), role));
                let interval = f.map_or_else(none, |f| format!("{:.0}-{:.0}", 100.0 * f.lo, 100.0 * f.hi));
                cells.push((words::pad_left(&interval, 8), Role::Muted));
                // All of it takes a digit more: the columns would run together.
                let worth = line.opportunity.map_or_else(String::new, |o| match 100.0 * o {
                    all if all >= 99.95 => format!("{all:.0} pt"),
                    part => format!("{part:.1} pt"),
                });
                cells.push((words::pad_left(&worth, 8), Role::Muted));
                if self.trend {
                    cells.push((format!("  {}", trend(&line.trend)), Role::Muted));
                }
                if self.csat {
                    let csat = line
                        .csat
                        .map_or_else(String::new, |c| format!("{}/{}", numbers::count(c.num), numbers::count(c.den)));
                    cells.push((words::pad_left(&csat, 10), Role::Muted));
                }
            }
            PatternView::Segments => {
                let trend = self.trend.then(|| shares(&line.failing_trend));
                cells.extend(line.segment.map(|s| segment(s, trend)).unwrap_or_default());
            }
            PatternView::Confused => {
                let of = line.of_logged.map_or_else(String::new, |r| numbers::count(r.den));
                cells.push((words::pad_left(&of, 14), Role::Muted));
            }
            PatternView::Causes | PatternView::Handovers => {
                cells.push((share(), Role::Muted));
                if self.so_far {
                    let sum = line.cumulative.map_or_else(String::new, |s| format!("{:.0} %", 100.0 * s));
                    cells.push((words::pad_left(&sum, 8), Role::Muted));
                }
                // Who has it says more than who could.
                let who = line.action.as_ref().map(|a| (words::given(&a.words(), REPAIRER), Role::Text));
                let could = || (line.repaired_by.unwrap_or_default().to_owned(), Role::Muted);
                let (who, role) = who.unwrap_or_else(could);
                cells.push((format!("  {}", words::pad(&words::fit(&who, REPAIRER), REPAIRER)), role));
            }
            PatternView::Topics => {
                cells.push((share(), Role::Muted));
                let failing = line.failing.and_then(|f| f.value());
                let failing = failing.map_or_else(none, |v| format!("{:.0} %", 100.0 * v));
                cells.push((words::pad_left(&failing, 9), Role::Text));
            }
            PatternView::Actions => {}
            PatternView::Returned => {
                cells.push((share(), Role::Muted));
                let of = line
                    .failing
                    .map_or_else(String::new, |f| format!("{} of {}", numbers::count(f.num), numbers::count(f.den)));
                cells.push((words::pad_left(&of, 13), Role::Muted));
            }
        }
        cells
    }

    /// Who has it, and whether it fell.
    fn effect_cells(&self, e: &ActionEffect) -> Cells {
        let share = |r: &Rate| r.value().map_or_else(|| "–".to_owned(), |v| format!("{:.1} %", 100.0 * v));
        let points = |c: Option<Difference>| {
            c.map_or_else(|| "–".to_owned(), |c| format!("{} pt", numbers::signed(100.0 * c.delta, 1)))
        };
        let role = match e.change.map(|c| c.moved()) {
            Some(RateMovement::Down) => Role::Good,
            Some(RateMovement::Up) => Role::Bad,
            _ => Role::Muted,
        };
        let interval = e.change.map_or_else(
            || "too early to tell".to_owned(),
            |c| format!("{} to {}", numbers::signed(100.0 * c.lo, 1), numbers::signed(100.0 * c.hi, 1)),
        );
        let who = words::given(&e.action.words(), self.actor);
        let mut cells = vec![
            (format!("  {}", words::pad(&who, self.actor)), Role::Text),
            (words::pad_left(&share(&e.before.rate), 9), Role::Muted),
            (words::pad_left(&share(&e.after.rate), 8), Role::Text),
            (words::pad_left(&points(e.change), 10), role),
        ];
        if self.interval {
            cells.push((words::pad(&format!("   {interval}"), INTERVAL + 3), Role::Muted));
        }
        if self.others {
            cells.push((words::pad_left(&points(e.others.change), 10), Role::Muted));
        }
        cells
    }
}

/// What a line is called; of what failed it says where nothing did.
pub fn name(view: PatternView, line: &PatternLine) -> String {
    match view {
        // Part of the cause above it.
        PatternView::Causes if line.name.starts_with("mode: ") => format!("└ {}", words::line(&line.name)),
        PatternView::Segments => match line.name.strip_prefix("lang ") {
            Some(tag) => words::language(&words::line(tag)),
            None => words::line(&line.name),
        },
        _ => words::line(&line.name),
    }
}

fn segment(s: Segmented, trend: Option<String>) -> Cells {
    let percent = |v: Option<f64>| v.map_or_else(String::new, |v| format!("{:.0} %", 100.0 * v));
    let (says, role) = match (s.more, s.p) {
        (Some(more), Some(p)) => {
            let points = format!("   {} pt", numbers::signed(100.0 * more.delta, 1));
            // Colour only what is certain.
            match more.moved() {
                RateMovement::Up if p < 0.05 => (points, Role::Bad),
                RateMovement::Down if p < 0.05 => (points, Role::Good),
                _ => (format!("{points}, may be chance"), Role::Muted),
            }
        }
        _ => ("   too few to tell".to_owned(), Role::Muted),
    };
    let mut cells = vec![
        (words::pad_left(&percent(s.failing.value()), 9), Role::Text),
        (words::pad_left(&percent(s.elsewhere.value()), 7), Role::Muted),
    ];
    cells.extend(trend.map(|t| (format!("  {}", words::pad(&t, TREND)), Role::Muted)));
    cells.push((words::pad(&says, DIFFERENCE), role));
    cells
}

/// Half a year in thirteen cells, against the pattern's own highest.
pub fn trend(counts: &[Option<u64>]) -> String {
    let most = counts.iter().flatten().copied().max().unwrap_or(0).max(1) as f64;
    let cell = |n: &Option<u64>| match n {
        Some(0) => '·',
        Some(n) => numbers::spark(*n as f64 / most),
        None => NO_DATA,
    };
    counts.iter().map(cell).collect()
}

/// What is drawn of a fortnight of which nothing is known.
const NO_DATA: char = ' ';

/// The same of shares, of which some are not known.
pub fn shares(of: &[Option<f64>]) -> String {
    let most = of.iter().flatten().copied().fold(0.0, f64::max);
    let cell = |share: &Option<f64>| match share {
        Some(share) if most > 0.0 => numbers::spark(share / most),
        Some(_) => '·',
        None => NO_DATA,
    };
    of.iter().map(cell).collect()
}
