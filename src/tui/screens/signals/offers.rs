//! What was offered, and what became of it.

use super::known::{self, LearningNow, SignalNote};
use super::offer_notes;
use super::state::{SignalsScreen, offer_name};
use crate::domain::{ExpectedYes, LearnedReport, OffersBy, Rate, ReleaseId, SignalView};
use crate::store::{LearnerKind, MoreOften, OfferChances, OfferLine, SignalsPage};
use crate::theme::Role;
use crate::tui::widgets::listed::{Cells, LineList};
use crate::tui::widgets::{Canvas, numbers, words};
use ratatui::layout::Rect;

/// Offers of which so many more were needed to tell who takes them more often: nobody waits for these.
const HOPELESS: u64 = 100_000;

/// Columns of a bar, where there is room, and below which it is left out.
const BAR: (usize, usize) = (24, 6);
/// Columns of who accepts more often, at least and at most.
const MORE: (usize, usize) = (24, 48);
/// Columns of what was declined and ignored.
const DECLINED: usize = 10;
const IGNORED: usize = 9;
const ENDS: usize = DECLINED + IGNORED;
/// From this width on who accepts more often is a column.
const WIDE: u16 = 100;

/// Draws it; gives the rows between the list and what stands below it that are left. `alone`: nothing else is shown, and whether it is
/// learning just now; otherwise what was learnt stands beside the weeks.
pub fn draw(
    screen: &SignalsScreen,
    page: &SignalsPage,
    (now, alone): (LearningNow, bool),
    canvas: &mut Canvas,
    area: Rect,
) -> Rect {
    if page.lines.is_empty() {
        canvas.text(area.x, area.y, area.width, "Offers", Role::Heading);
        let says = match screen.by {
            OffersBy::Offer => "No finished conversation holds an offer: an import with offers brings them.",
            OffersBy::Channel => "No offer was made in a channel that the log names; v shows them otherwise.",
            OffersBy::Language => "No offer was made in a language that is known; v shows them otherwise.",
            OffersBy::Intent => "No offer was made to an intent that is known; v shows them otherwise.",
        };
        canvas.text(area.x, area.y + 1, area.width, says, Role::Muted);
        let rows = usize::from(area.height.saturating_sub(2));
        let missing =
            known::fitting(missing(screen, page, now, usize::from(area.width)), rows, usize::from(area.width));
        for ((text, role), y) in missing.iter().zip(area.y + 2..area.bottom()) {
            canvas.text(area.x, y, area.width, text, *role);
        }
        let taken = area.height.min(3 + missing.len() as u16);
        return Rect { y: area.y + taken, height: area.height - taken, ..area };
    }
    // The list has what it needs, or half of the room.
    let listed = (page.lines.len() as u16 + 2).min((area.height / 2).max(6));
    let notes = foot(screen, page, (now, alone), usize::from(area.width));
    let foot = known::fitting(notes, usize::from(area.height.saturating_sub(listed)), usize::from(area.width));
    let below = foot.len() as u16;
    let list = Rect { x: area.x + 1, width: area.width - 1, height: area.height.saturating_sub(below + 1), ..area };
    let table = Table::of(screen, page, list.width);
    let head = table.head();
    let selected = (screen.view == SignalView::Offers).then_some(screen.selected);
    let listed = LineList { head: &head, len: page.lines.len(), selected, none: "" };
    listed.draw(canvas, list, |i| table.row(i, &page.lines[i], screen.intervals));
    for ((text, role), y) in foot.iter().zip(area.bottom() - below..area.bottom()) {
        canvas.text(area.x, y, area.width, text, *role);
    }
    let taken = (page.lines.len() as u16 + 2).min(list.height);
    Rect { y: list.y + taken, height: list.height - taken, ..area }
}

/// Rows that all of it takes beside the weeks.
pub fn rows(screen: &SignalsScreen, page: &SignalsPage, now: LearningNow, width: u16) -> u16 {
    match page.lines.len() as u16 {
        0 => {
            2 + known::fitting(missing(screen, page, now, usize::from(width)), usize::MAX, usize::from(width)).len()
                as u16
        }
        // Head, lines, and what stands below them after a gap.
        n => n + 2 + foot(screen, page, (now, false), usize::from(width)).len() as u16,
    }
}

/// What is offered, in a line; `None` where nothing is.
pub fn in_a_line(page: &SignalsPage) -> Option<String> {
    // Told apart by a property, the first is only the first of its part.
    let sure = |line: &&OfferLine| if line.is_ranked() { line.accepted.lo } else { -1.0 };
    let most = page.lines.iter().rev().max_by(|a, b| sure(a).total_cmp(&sure(b)))?;
    let rate = &most.accepted;
    let taken = rate.value().filter(|_| most.is_ranked()).map_or(String::new(), |share| {
        format!(", most often accepted, {:.0} % of {}: {}", 100.0 * share, numbers::count(rate.den), offer_name(most))
    });
    Some(format!("{}{taken}", numbers::count(page.lines.len() as u64 + page.others.lines)))
}

/// What is missing to learn, where nothing is offered and the cursor is here.
fn missing(screen: &SignalsScreen, page: &SignalsPage, now: LearningNow, wide: usize) -> Vec<SignalNote> {
    let is_here = screen.view == SignalView::Offers && page.offers.newest.is_none();
    let notes = || known::notes(LearnerKind::Offers, &page.offers, screen.intervals, now, wide);
    if is_here { notes() } else { Vec::new() }
}

/// What the model came to, and what it would come to.
fn foot(screen: &SignalsScreen, page: &SignalsPage, (now, alone): (LearningNow, bool), wide: usize) -> Vec<SignalNote> {
    let mut out: Vec<SignalNote> = Vec::new();
    if page.lines.iter().filter(|l| l.is_ranked()).count() > 1 {
        out.push(SignalNote::plain(order(screen.by), wide, Role::Muted, 1));
    }
    // The share is of what was answered, not of what was shown.
    if let Some(line) = screen.offer().filter(|l| l.open > 0 && screen.view == SignalView::Offers) {
        let (yes, answered) = (numbers::count(line.accepted.num), numbers::count(line.accepted.den));
        let open = numbers::count(line.open);
        let says = format!("{}: {yes} of {answered} answered accepted; {open} shown without an end", offer_name(line));
        out.push(SignalNote::plain(&says, wide, Role::Text, 2));
    }
    if let Some(MoreOften::Where { what, rate, elsewhere, .. }) = screen.offer().map(|l| &l.more) {
        let of = |rate: &Rate| format!("{} of {}", numbers::count(rate.num), numbers::count(rate.den));
        let says = format!(
            "{} accepts it more often: {}, elsewhere {}. It goes together; it need not be the cause. m opens who accepted.",
            words::line(what),
            of(rate),
            of(elsewhere)
        );
        out.push(SignalNote::plain(&says, wide, Role::Text, 2));
    }
    if let Some((by, e)) = page.offers.expected {
        let is_live = page.offers.learnt_by == Some(by);
        out.push(SignalNote::plain(&expected_of_newest(by, is_live, &e), wide, Role::Text, 0));
    }
    out.extend(offer_notes::notes(screen, page, wide));
    if page.others.lines > 0 {
        let (others, taken) = (numbers::count(page.others.lines), page.others.accepted);
        let together = taken.value().map_or(String::new(), |share| {
            format!(": together {:.0} % of {} accepted", 100.0 * share, numbers::count(taken.den))
        });
        let says = format!(
            "{others} others, answered no more often than these, have no line{together}; in the Queue offered:NAME finds one"
        );
        out.push(SignalNote::plain(&says, wide, Role::Text, 2));
    }
    if page.offers.newest.is_some() {
        let (says, dispensable) = match page.chances {
            Some(OfferChances::Told(l)) => (
                format!(
                    "A single offer's chance is told: its log loss is {:.3} [{:.3}, {:.3}] below that of the rate of all offers",
                    l.mean, l.lo, l.hi
                ),
                2,
            ),
            Some(OfferChances::Unsure) => (
                "No single offer's chance is told: the live release is not surely better than the rate of all offers."
                    .to_owned(),
                2,
            ),
            Some(OfferChances::TooGood) => {
                // Where the newest is one, too, its verdict below says where to look.
                let is_told = alone && page.offers.newest.as_ref().is_some_and(|row| row.report.is_too_good());
                let why = if is_told { "too good to be true" } else { LearnedReport::TOO_GOOD };
                (format!("No single offer's chance is told by what is live: {why}."), 0)
            }
            None => ("No single offer's chance is told: nothing that is live has learnt from offers.".to_owned(), 2),
        };
        out.push(SignalNote::plain(&says, wide, Role::Muted, dispensable));
    }
    // Where nothing is learnt, what is missing stands on the screen, wherever the cursor is.
    if alone || page.offers.newest.is_none() {
        out.extend(known::notes(LearnerKind::Offers, &page.offers, screen.intervals, now, wide));
    }
    out
}

/// In which order offers stand.
const fn order(by: OffersBy) -> &'static str {
    match by {
        OffersBy::Offer => "Ordered by how often each is surely accepted: its interval's lower end.",
        OffersBy::Channel => "Each channel's offers stand together, the most surely accepted first.",
        OffersBy::Language => "Each language's offers stand together, the most surely accepted first.",
        OffersBy::Intent => "Each intent's offers stand together, the most surely accepted first.",
    }
}

/// Whether more were accepted of the newest offers where a release expects a yes than of all of these.
fn expected_of_newest(by: ReleaseId, is_live: bool, e: &ExpectedYes) -> String {
    let (of_those, of_all) = (e.rate(), Rate::new(e.all_yes, e.all).value().unwrap_or_default());
    let [those, all, yes, all_yes] = [e.expected, e.all, e.expected_yes, e.all_yes].map(numbers::count);
    let candidate = if is_live { "" } else { " (not live)" };
    let finding = match () {
        () if of_those.lo > of_all => "",
        () if of_those.hi < of_all => ": fewer, not more",
        () => ": cannot tell whether these are more",
    };
    format!(
        "v{}{candidate} expects a yes of {those} of the {all} newest answered offers: {yes} of these {those} were accepted, {:.0} of 100 [{:.0}, {:.0}]; of all {all} it was {all_yes}, {:.0} of 100{finding}",
        by.0,
        100.0 * of_those.value().unwrap_or_default(),
        100.0 * of_those.lo,
        100.0 * of_those.hi,
        100.0 * of_all
    )
}

/// What the column is called that tells one offer's lines apart.
fn part_name(by: OffersBy) -> &'static str {
    match by {
        OffersBy::Language => "lang.",
        OffersBy::Offer | OffersBy::Channel | OffersBy::Intent => by.key().unwrap_or_default(),
    }
}

/// Who accepts more often, in a few words.
fn more_words(more: &MoreOften) -> (String, Role) {
    let percent = |rate: &Rate| format!("{:.0} %", 100.0 * rate.value().unwrap_or_default());
    match more {
        MoreOften::Where { what, rate, elsewhere, .. } => {
            (format!("{}: {}, elsewhere {}", words::line(what), percent(rate), percent(elsewhere)), Role::Good)
        }
        MoreOften::CannotTell(n) if *n >= HOPELESS => ("they hardly differ".to_owned(), Role::Muted),
        MoreOften::CannotTell(n) => (format!("cannot tell: {} more", numbers::count(*n)), Role::Muted),
        MoreOften::Nothing => ("nothing to compare".to_owned(), Role::Muted),
    }
}

/// Names in so many columns: cut at their end, or in their middle where others begin alike.
fn fitted(names: &[String], columns: usize) -> Vec<String> {
    let cut: Vec<String> = names.iter().map(|name| words::fit(name, columns)).collect();
    let is_alike =
        |i: usize| cut.iter().enumerate().any(|(j, other)| j != i && *other == cut[i] && names[i] != names[j]);
    let middle = |name: &String| {
        let begin = words::fit(name, columns / 2 + 1);
        let begin = begin.trim_end_matches('…');
        let skip = (words::width(name) + words::width(begin)).saturating_sub(columns);
        format!("{begin}{}", words::tail(name, skip))
    };
    (0..names.len()).map(|i| if is_alike(i) { middle(&names[i]) } else { cut[i].clone() }).collect()
}

/// What was accepted of what was answered, or its share.
fn accepted(line: &OfferLine, counts: bool) -> String {
    match line.accepted.value() {
        Some(_) if counts => {
            format!("{}/{}", numbers::count(line.accepted.num), numbers::count(line.accepted.den))
        }
        Some(x) => format!("{:.1} %", 100.0 * x),
        None => "–".to_owned(),
    }
}

struct Table {
    by: OffersBy,
    names: Vec<String>,
    /// Columns of what was accepted, with a gap before it.
    figure: usize,
    name: usize,
    part: usize,
    bar: usize,
    more: usize,
    answered: bool,
    /// Declined and ignored have columns: not where names that are told apart have no room beside them.
    ends: bool,
}

impl Table {
    fn of(screen: &SignalsScreen, page: &SignalsPage, width: u16) -> Self {
        let by = screen.by;
        let said = |l: &OfferLine| words::width(&accepted(l, screen.intervals)) + 2;
        let figure = page.lines.iter().map(said).max().unwrap_or(0).max(9);
        let longest = |names: &[String]| names.iter().map(|name| words::width(name)).max().unwrap_or(0);
        let parts: Vec<String> = page.lines.iter().filter_map(|l| l.part.as_deref()).map(words::line).collect();
        let part = match by {
            OffersBy::Offer => 0,
            // Where the log names none there is nothing to show.
            _ => match longest(&parts) {
                0 => 0,
                n => n.clamp(words::width(part_name(by)), 18) + 2,
            },
        };
        let answered = page.lines.iter().any(|l| l.open > 0) && width >= WIDE;
        let more = match by == OffersBy::Offer && width >= WIDE {
            true => page.lines.iter().map(|l| words::width(&more_words(&l.more).0)).max().unwrap_or(0),
            false => 0,
        };
        let more = if more > 0 { more.clamp(MORE.0, MORE.1) + 2 } else { 0 };
        // shown, per cent, 95 %, declined, ignored, answered.
        let fixed = 8 + figure + 9 + ENDS + if answered { 10 } else { 0 };
        let names: Vec<String> = page.lines.iter().map(offer_name).collect();
        let room = usize::from(width).saturating_sub(fixed + part + more);
        let ends = part == 0 || width >= WIDE || longest(&names) <= room;
        let room = if ends { room } else { room + ENDS };
        let name = longest(&names).max(8).min(room);
        let bar = room.saturating_sub(name + 2).min(BAR.0);
        let bar = if bar >= BAR.1 { bar } else { 0 };
        Self { by, names: fitted(&names, name), figure, name, part, bar, more, answered, ends }
    }

    fn head(&self) -> String {
        let mut out = words::pad("offer", self.name);
        if self.part > 0 {
            out += &words::pad(&format!("  {}", part_name(self.by)), self.part);
        }
        out += &words::pad_left("shown", 8);
        if self.answered {
            out += &words::pad_left("answered", 10);
        }
        if self.bar > 0 {
            out += &format!("  {}", words::pad("accepted", self.bar));
        }
        out += &words::pad_left(if self.bar > 0 { "" } else { "accepted" }, self.figure);
        out += &words::pad_left("95 %", 9);
        if self.ends {
            out += &words::pad_left("declined", DECLINED);
            out += &words::pad_left("ignored", IGNORED);
        }
        if self.more > 0 {
            out += "  who accepts more often";
        }
        out
    }

    fn row(&self, at: usize, line: &OfferLine, intervals: bool) -> Cells {
        let name = words::pad(&self.names[at], self.name);
        // Below 30 answers nothing is ranked (rule 24).
        let role = if line.is_ranked() { Role::Text } else { Role::Muted };
        let mut cells: Cells = vec![(name, role)];
        if self.part > 0 {
            let part = words::fit(&words::line(line.part.as_deref().unwrap_or_default()), self.part - 2);
            cells.push((words::pad(&format!("  {part}"), self.part), role));
        }
        cells.push((words::pad_left(&numbers::count(line.shown), 8), role));
        if self.answered {
            cells.push((words::pad_left(&numbers::count(line.accepted.den), 10), role));
        }
        let share = line.accepted.value();
        if self.bar > 0 {
            let full = numbers::bar(share.unwrap_or(0.0), self.bar);
            let rest = self.bar.saturating_sub(words::width(&full));
            cells.push((format!("  {full}"), if line.is_ranked() { Role::Good } else { Role::Muted }));
            cells.push(("─".repeat(rest), Role::Faint));
        }
        cells.push((words::pad_left(&accepted(line, intervals), self.figure), role));
        let interval = share
            .map_or("–".to_owned(), |_| format!("{:.0}-{:.0}", 100.0 * line.accepted.lo, 100.0 * line.accepted.hi));
        cells.push((words::pad_left(&interval, 9), Role::Muted));
        if self.ends {
            cells.push((words::pad_left(&numbers::count(line.declined), DECLINED), role));
            cells.push((words::pad_left(&numbers::count(line.ignored), IGNORED), role));
        }
        if self.more > 0 {
            let (says, role) = more_words(&line.more);
            cells.push((format!("  {}", words::fit(&says, self.more - 2)), role));
        }
        cells
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_yes_was_expected_of_has_its_counts_and_a_finding() {
        let of = |expected_yes, is_live| {
            let e = ExpectedYes { all: 325, all_yes: 68, expected: 156, expected_yes, worth: None };
            expected_of_newest(ReleaseId(9), is_live, &e)
        };
        let says = of(38, false);
        assert!(
            says.starts_with("v9 (not live) expects a yes of 156 of the 325 newest answered offers: 38 of these 156")
        );
        assert!(says.ends_with("of all 325 it was 68, 21 of 100: cannot tell whether these are more"), "{says}");
        assert!(of(60, true).ends_with("68, 21 of 100") && of(5, true).ends_with("21 of 100: fewer, not more"));
        assert!(of(60, true).starts_with("v9 expects"));
    }

    #[test]
    fn names_that_begin_alike_are_told_apart_by_how_they_end() {
        let names =
            ["Double room with breakfast, north", "Double room with breakfast, south", "Spa"].map(str::to_owned);
        let told = fitted(&names, 20);
        assert_eq!(told, ["Double roo…st, north", "Double roo…st, south", "Spa"]);
        assert!(told.iter().all(|name| words::width(name) <= 20), "{told:?}");
        assert_eq!(fitted(&names, 40), names);
        let twice = [names[0].clone(), names[0].clone()];
        assert!(fitted(&twice, 20).iter().all(|name| name.starts_with("Double room with")), "of two channels");
    }
}
