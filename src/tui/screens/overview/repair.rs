//! What would help most: what failed most in four weeks, how much of all that is, and who can repair it.

use super::opens;
use crate::domain::{Cause, Rate, Repair};
use crate::store::{FailingIntent, OverviewPage, PatternLine, PeriodBasis, RepairableFailures};
use crate::theme::Role;
use crate::tui::state::seen::ScreenHit;
use crate::tui::widgets::listed::{first_in_view, more_in, rows_below, unseen};
use crate::tui::widgets::{Canvas, numbers, words};
use ratatui::layout::Rect;

/// From so many columns a row also says how often its customers are helped.
const WIDE: u16 = 150;

const HEADING: &str = "What would help most";
/// Columns of a bar and of a name that are left to them where there is little room.
const SHORTEST_BAR: usize = 4;
const SHORTEST_NAME: usize = 24;

/// Rows with fewer reviewed failures say nothing of who can repair them.
const FEW: u64 = 3;

/// A line of what would help most: a pattern, or, where nobody has looked for patterns, an intent.
pub struct RepairLine {
    /// What failed. Hostile characters are gone.
    pub name: String,
    /// Conversations that failed or were handed over.
    pub n: u64,
    /// Finds exactly these.
    pub query: String,
    /// Who can repair it.
    who: String,
    /// Who has it.
    given: Option<String>,
    /// On how much was reviewed that rests.
    rests_on: String,
    tone: Role,
    /// Of an intent: all its customers, and the share of them that were helped.
    helped: Option<(u64, f64)>,
}

impl RepairLine {
    fn of_intent(page: &OverviewPage, f: &FailingIntent) -> Self {
        let (who, reviewed, tone) = repairer(f);
        Self {
            name: match &f.intent {
                Some(name) => words::line(name),
                // One line for all says nothing of what to do.
                None if page.repair.failing.len() == 1 => "(no intent): 3 shows what they have in common".to_owned(),
                None => "(no intent)".to_owned(),
            },
            n: f.failures(),
            query: opens::failures(page, f),
            who,
            given: f.given.as_ref().map(|given| words::line(given)),
            rests_on: reviewed,
            tone,
            helped: Rate::new(f.resolved, f.n)
                .value()
                .filter(|_| page.this.one_kind.is_none())
                .map(|share| (f.n, share)),
        }
    }

    fn of_pattern(line: &PatternLine) -> Self {
        let sure = line.repair_rate().map(|r| rests_on(&r));
        let who = line.repairer();
        // A right hand-over is nothing to repair, and what fails as all else does no pattern.
        let tone = if line.is_aside() { Role::Muted } else { Role::Accent };
        Self {
            name: words::line(&line.name),
            n: line.n,
            query: line.query.clone(),
            who,
            given: line.action.as_ref().map(|action| words::line(&action.words())),
            rests_on: sure.unwrap_or_default(),
            tone,
            helped: None,
        }
    }

    /// Who has it and on what the word before rests: as much as there is room for, nothing of it cut.
    fn beside(&self, room: usize) -> String {
        let given = self.given.as_ref().map(|given| format!("  → {given}")).unwrap_or_default();
        let shorter = self.rests_on.split(", ").next().unwrap_or_default();
        let ways = [&self.rests_on, shorter, ""].map(|reviewed| format!("{given}{reviewed}"));
        ways.into_iter().find(|way| words::width(way) <= room).unwrap_or_default()
    }
}

/// What would help most, the most frequent first; what nobody needs to repair last.
pub fn lines(page: &OverviewPage) -> Vec<RepairLine> {
    match page.repair.patterns.as_slice() {
        [] => page.repair.failing.iter().map(|f| RepairLine::of_intent(page, f)).collect(),
        patterns => {
            let mut lines: Vec<RepairLine> = patterns.iter().map(RepairLine::of_pattern).collect();
            // What was right helps nobody when it is repaired, and the rest is no one thing.
            lines.sort_by_key(|line| line.tone == Role::Muted);
            lines
        }
    }
}

/// How many lines there are.
pub fn length(page: &OverviewPage) -> usize {
    let repair = &page.repair;
    if repair.patterns.is_empty() { repair.failing.len() } else { repair.patterns.len() }
}

/// Widths of the columns of the list.
struct RepairWidths {
    name: usize,
    count: usize,
    bar: usize,
    who: usize,
}

impl RepairWidths {
    fn of(width: u16, rows: &[RepairLine], of: u64) -> Self {
        let longest = rows.iter().map(|f| words::width(&f.name)).max().unwrap_or(0);
        let longest_who = rows.iter().map(|f| words::width(&f.who)).max().unwrap_or(0);
        let room = usize::from(width);
        let count = format!("{} of {}", numbers::count(of), numbers::count(of)).len();
        let bar = (room / 8).clamp(6, 30);
        let name = longest.clamp(HEADING.len(), room * 2 / 5).min(room.saturating_sub(44));
        // Who can repair it is read before bars are compared, and before a long name is read to its end.
        let over = (2 + name + 2 + count + 2 + 7 + bar + 1 + longest_who).saturating_sub(room);
        let from_bar = over.min(bar - SHORTEST_BAR);
        let from_name = (over - from_bar).min(name.saturating_sub(SHORTEST_NAME));
        Self { name: name - from_name, count, bar: bar - from_bar, who: longest_who.max(24) }
    }
}

/// What the list counts, by what, and when: as much of it as there is room for.
fn counted(page: &OverviewPage, room: u16) -> String {
    let time = match page.basis {
        PeriodBasis::Week => ", last 4 weeks",
        PeriodBasis::OldWeek => ", newest 4 weeks",
        PeriodBasis::All => "",
    };
    // Patterns keep those that were rightly handed over (rule 44).
    let (what, by) = match page.repair.patterns.is_empty() {
        true => ("failures", "by intent"),
        false => ("failed or handed over", "by pattern"),
    };
    let short = if time.is_empty() { "" } else { ", 4 weeks" };
    let all = [format!("{what} {by}{time}"), format!("{by}{time}"), format!("{by}{short}")];
    all.into_iter().find(|text| words::width(text) < usize::from(room)).unwrap_or_default()
}

/// Over which time reviewers' words were counted: patterns are found in half a year, what failed is counted over four weeks.
fn repaired(page: &OverviewPage, room: u16) -> &'static str {
    let longer = ["who can repair it, by half a year's reviews", "who can repair it (half a year)"];
    let is_longer = !page.repair.patterns.is_empty() && page.basis != PeriodBasis::All;
    let shorter = ["who can repair it", "who repairs it", "who can"];
    let all = longer.into_iter().filter(|_| is_longer).chain(shorter);
    all.into_iter().find(|heading| words::width(heading) <= usize::from(room)).unwrap_or_default()
}

/// Draws the list, the selected row marked where the list has the focus.
pub fn list((selected, has_focus): (usize, bool), page: &OverviewPage, canvas: &mut Canvas, area: Rect) {
    if area.height < 2 {
        return;
    }
    let (lines, repair) = (lines(page), &page.repair);
    let of = if repair.patterns.is_empty() { repair.failures } else { repair.in_patterns };
    canvas.text(area.x, area.y, area.width, HEADING, Role::Heading);
    if lines.is_empty() {
        let says = match page.this.unknown_rate().value().filter(|_| page.this.doubtful()) {
            Some(unknown) => format!(
                "Nothing is known to have failed or to have been handed to a person; how {:.0} % ended nobody knows. A column that says it (outcome, escalated, \
                 a rating), imported again, tells; and r in Review says it of one. 2 Queue: read, search, label. 3 Patterns: what customers came for (o).",
                100.0 * unknown
            ),
            None => "Nothing failed or was handed to a person in this time.".to_owned(),
        };
        let lines = words::wrap(&says, usize::from(area.width));
        for (line, y) in lines.iter().zip(area.y + 1..area.bottom()) {
            canvas.text(area.x, y, area.width, line, Role::Muted);
        }
        return;
    }
    let (rows, end) = rows_below(area.width.into(), lines.len(), area);
    let fits = usize::from(rows.height);
    let first = first_in_view(selected, fits, lines.len());
    let shown = &lines[first..(first + fits).min(lines.len())];
    let widths = RepairWidths::of(area.width, shown, of);
    let x = area.x + 2 + widths.name as u16 + 2;
    let who = x + (widths.count + 2 + 5 + 2 + widths.bar + 1) as u16;
    canvas.text(x, area.y, area.right().saturating_sub(x), &counted(page, who - x), Role::Muted);
    let room = area.right().saturating_sub(who);
    canvas.text(who, area.y, room, repaired(page, room), Role::Muted);
    let most = lines.iter().map(|l| l.n).max().unwrap_or(1).max(1);
    for ((i, f), y) in (first..).zip(shown).zip(rows.top()..) {
        let line = Rect { y, height: 1, ..rows };
        row(f, (i == first, of, most), &widths, canvas, line);
        if i == selected && has_focus {
            canvas.text(line.x, y, 1, "▶", Role::Focus);
            canvas.over(line, Role::Selected);
        }
        canvas.hit(line, ScreenHit::Failing(i));
    }
    more_in(unseen(first, fits, lines.len()), Role::Muted, canvas, end);
    canvas.seen.rows = fits;
}

/// A share of all, in as many columns as there is none of a few.
fn share(n: u64, all: u64) -> String {
    match all < Rate::ENOUGH {
        true => " ".repeat(7),
        false => words::pad_left(&numbers::percent(n, all), 5) + "  ",
    }
}

fn row(f: &RepairLine, (first, all, most): (bool, u64, u64), widths: &RepairWidths, canvas: &mut Canvas, line: Rect) {
    let label = words::pad(&words::fit(&f.name, widths.name), widths.name + 2);
    let n = numbers::count(f.n);
    // The whole is said once; numbers stand below each other.
    let count = if first { format!("{n} of {}", numbers::count(all)) } else { n.clone() };
    let digits = numbers::count(most).len();
    let count = words::pad(&format!("{}{count}", " ".repeat(digits.saturating_sub(n.len()))), widths.count + 2);
    let share = share(f.n, all);
    let bar = words::pad(&numbers::bar(f.n as f64 / most as f64, widths.bar), widths.bar + 1);
    let helped = f.helped.filter(|_| line.width >= WIDE);
    let helped = helped.map_or_else(String::new, |(n, share)| {
        format!("{:>3.0} % of its {} customers helped", share * 100.0, numbers::count(n))
    });
    let who = if line.width >= WIDE { words::pad(&f.who, widths.who) } else { f.who.clone() };
    let before: usize = [&label, &count, &share, &bar, &who].iter().map(|text| words::width(text)).sum();
    let room = usize::from(line.width).saturating_sub(2 + before + words::width(&helped));
    let of = if helped.is_empty() { f.beside(room) } else { words::pad(&f.beside(room.min(30)), 30) };
    let role = f.tone;
    let pieces = [
        (label.as_str(), Role::Text),
        (count.as_str(), Role::Text),
        (share.as_str(), Role::Muted),
        (bar.as_str(), role),
        (who.as_str(), if role == Role::Muted { Role::Muted } else { Role::Text }),
        (of.as_str(), Role::Muted),
        (helped.as_str(), Role::Muted),
    ];
    canvas.pieces(line.x + 2, line.y, line.width.saturating_sub(2), &pieces);
}

/// Who can repair most of what was reviewed of a row, on what that rests, and the tone of its bar.
fn repairer(f: &FailingIntent) -> (String, String, Role) {
    let none = || ("not reviewed yet".to_owned(), String::new(), Role::Muted);
    let reviewed = f.reviewed();
    if reviewed < FEW {
        let words = match reviewed {
            0 => return none(),
            n => format!("  {n} of {} reviewed", numbers::count(f.failures())),
        };
        return ("too few to tell".to_owned(), words, Role::Muted);
    }
    let mut by: Vec<(&str, u64, Cause)> = Vec::new();
    for (cause, n) in &f.causes {
        match by.iter_mut().find(|(who, ..)| *who == cause.repairer()) {
            Some(entry) => entry.1 += n,
            None => by.push((cause.repairer(), *n, *cause)),
        }
    }
    by.sort_by_key(|b| std::cmp::Reverse(b.1));
    let Some(&(who, n, cause)) = by.first() else { return none() };
    let sure = Rate::new(n, reviewed);
    (perhaps(who, &sure), rests_on(&sure), tone(cause))
}

fn tone(cause: Cause) -> Role {
    match cause.repair() {
        _ if !cause.is_failure() => Role::Muted,
        Repair::Training | Repair::Partly | Repair::Response => Role::Accent,
        Repair::No => Role::Bad,
    }
}

/// Who can repair it, "perhaps" where that may be less than half of it.
fn perhaps(who: &str, sure: &Rate) -> String {
    if sure.lo < 0.5 { format!("perhaps {who}") } else { who.to_owned() }
}

/// How many of those that were reviewed say so, with the 95 % interval.
fn rests_on(sure: &Rate) -> String {
    let (of, all) = (numbers::count(sure.num), numbers::count(sure.den));
    format!("  {of}/{all} reviewed, {:.0}-{:.0} %", 100.0 * sure.lo, 100.0 * sure.hi)
}

/// What fine-tuning can repair at most, in words (rule 36): nothing below 30 reviewed failures.
fn ceiling(page: &OverviewPage) -> Vec<(String, Role)> {
    let r = &page.repair;
    let Some(now) = r.windows.last().and_then(|w| w.ceiling()) else {
        if r.failures == 0 {
            return Vec::new();
        }
        let n = r.windows.last().map_or(0, |w| w.n());
        let words = format!(
            "What fine-tuning can repair is told from 30 reviewed failures on; {} of these {} so far.",
            numbers::count(n),
            numbers::count(r.failures)
        );
        return vec![(words, Role::Muted)];
    };
    let of = format!(
        " ({}/{} reviewed, {:.0} to {:.0} %)",
        numbers::count(now.num),
        numbers::count(now.den),
        now.lo * 100.0,
        now.hi * 100.0
    );
    let mut out = vec![
        ("Fine-tuning can repair at most ".to_owned(), Role::Text),
        (percent(&now), Role::Heading),
        (" of these".to_owned(), Role::Text),
        (of, Role::Muted),
    ];
    if let Some((before, rate)) = r.before() {
        let month = page.zone.format(crate::domain::Timestamp((before.from + before.to) / 2), "%B");
        out.push((format!("; in {month} it was {}", percent(&rate)), Role::Text));
        out.push((format!(" {}", trend(r)), Role::Muted));
    }
    match first_of_all(page) {
        Some(first) => out.push((format!(": {first} first."), Role::Heading)),
        None => out.push((".".to_owned(), Role::Text)),
    }
    out
}

fn percent(rate: &Rate) -> String {
    format!("{:.0}\u{a0}%", rate.value().unwrap_or_default() * 100.0)
}

/// The ceilings by four weeks, those of now last.
fn trend(r: &RepairableFailures) -> String {
    let values = r.windows.iter().filter_map(|w| w.ceiling()?.value());
    values.map(numbers::spark).collect()
}

/// Who comes before more training: who can repair more of what is listed than training can, if somebody does.
fn first_of_all(page: &OverviewPage) -> Option<String> {
    let r = &page.repair;
    let mut by: Vec<(String, u64)> = Vec::new();
    let mut add = |who: String, n: u64| match by.iter_mut().find(|(known, _)| *known == who) {
        Some(entry) => entry.1 += n,
        None => by.push((who, n)),
    };
    match r.patterns.as_slice() {
        [] => r.causes().iter().for_each(|(cause, n)| add(cause.repairer().to_owned(), *n)),
        patterns => {
            let sure = |line: &&PatternLine| !line.is_aside() && line.repair_rate().is_some_and(|rate| rate.lo >= 0.5);
            patterns.iter().filter(sure).for_each(|line| add(line.repairer(), line.n));
        }
    }
    let is_training = |who: &str| Cause::ALL.iter().any(|c| c.repairer() == who && is_trained(*c));
    let trained: u64 = by.iter().filter(|(who, _)| is_training(who)).map(|(_, n)| n).sum();
    let others = by.into_iter().filter(|(who, n)| !is_training(who) && *n > trained);
    others.reduce(|most, next| if next.1 > most.1 { next } else { most }).map(|(who, _)| who)
}

fn is_trained(cause: Cause) -> bool {
    matches!(cause.repair(), Repair::Training | Repair::Partly)
}

/// The sentence broken into lines of pieces.
pub fn ceiling_lines(page: &OverviewPage, columns: usize) -> Vec<Vec<(String, Role)>> {
    words::wrap_pieces(&ceiling(page), columns)
}

/// Draws why the failures of four weeks failed, a bar each; gives the rows used.
pub fn causes(page: &OverviewPage, canvas: &mut Canvas, area: Rect) -> u16 {
    let causes = page.repair.causes();
    if causes.is_empty() || area.height < 3 {
        return 0;
    }
    let all: u64 = causes.iter().map(|c| c.1).sum();
    canvas.text(area.x, area.y, area.width, "Why they failed", Role::Heading);
    let head = format!("{} reviewed", numbers::count(all));
    canvas.text(area.x + 19, area.y, area.width.saturating_sub(19), &head, Role::Muted);
    let most = causes.first().map_or(1, |c| c.1).max(1);
    let room = usize::from(area.width).saturating_sub(54).min(20);
    let mut y = area.y + 1;
    for (cause, n) in causes.iter().take(usize::from(area.height) - 1) {
        let label = words::pad(cause.label(), 19);
        let share = format!("{:>5} {}", numbers::count(*n), share(*n, all));
        let bar = words::pad(&numbers::bar(*n as f64 / most as f64, room), room + 1);
        let pieces = [
            (label.as_str(), Role::Text),
            (share.as_str(), Role::Muted),
            (bar.as_str(), tone(*cause)),
            (cause.repairer(), Role::Muted),
        ];
        canvas.pieces(area.x, y, area.width, &pieces);
        y += 1;
    }
    y - area.y
}
