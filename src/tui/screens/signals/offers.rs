//! What was offered, and what became of it.

use super::known::{self, LearningNow, SignalNote};
use super::state::SignalsScreen;
use crate::domain::{OffersBy, Rate, SignalView};
use crate::store::{LearnerKind, MoreOften, OfferLine, SignalsPage};
use crate::theme::Role;
use crate::tui::widgets::listed::{Cells, LineList};
use crate::tui::widgets::{Canvas, numbers, words};
use ratatui::layout::Rect;

/// Offers of which so many more were needed to tell who takes them more often: nobody waits for these.
const HOPELESS: u64 = 100_000;

/// Columns of a bar, where there is room.
const BAR: usize = 24;
/// From this width on who accepts more often is a column.
const WIDE: u16 = 100;

/// Draws it; gives the rows between the list and what stands below it that are left.
pub fn draw(screen: &SignalsScreen, page: &SignalsPage, now: LearningNow, canvas: &mut Canvas, area: Rect) -> Rect {
    if page.lines.is_empty() {
        canvas.text(area.x, area.y, area.width, "Offers", Role::Heading);
        let says = match screen.by {
            OffersBy::Offer => "No finished conversation holds an offer: an import with offers brings them.",
            OffersBy::Channel => "No offer was made in a channel that the log names; v shows them otherwise.",
            OffersBy::Language => "No offer was made in a language that is known; v shows them otherwise.",
            OffersBy::Intent => "No offer was made to an intent that is known; v shows them otherwise.",
        };
        canvas.text(area.x, area.y + 1, area.width, says, Role::Muted);
        let taken = area.height.min(3);
        return Rect { y: area.y + taken, height: area.height - taken, ..area };
    }
    // The list has what it needs, or half of the room.
    let listed = (page.lines.len() as u16 + 2).min((area.height / 2).max(6));
    let notes = foot(screen, page, now, usize::from(area.width));
    let foot = known::fitting(notes, usize::from(area.height.saturating_sub(listed)), usize::from(area.width));
    let below = foot.len() as u16;
    let list = Rect { x: area.x + 1, width: area.width - 1, height: area.height.saturating_sub(below + 1), ..area };
    let table = Table::of(screen.by, page, list.width);
    let head = table.head();
    let selected = (screen.view == SignalView::Offers).then_some(screen.selected);
    let listed = LineList { head: &head, len: page.lines.len(), selected, none: "" };
    listed.draw(canvas, list, |i| table.row(&page.lines[i], screen.intervals));
    for ((text, role), y) in foot.iter().zip(area.bottom() - below..area.bottom()) {
        canvas.text(area.x, y, area.width, text, *role);
    }
    let taken = (page.lines.len() as u16 + 2).min(list.height);
    Rect { y: list.y + taken, height: list.height - taken, ..area }
}

/// Rows that all of it takes.
pub fn rows(screen: &SignalsScreen, page: &SignalsPage, now: LearningNow, width: u16) -> u16 {
    match page.lines.len() as u16 {
        0 => 2,
        // Head, lines, and what stands below them after a gap.
        n => n + 2 + foot(screen, page, now, usize::from(width)).len() as u16,
    }
}

/// What is offered, in a line; `None` where nothing is.
pub fn in_a_line(page: &SignalsPage) -> Option<String> {
    let most = page.lines.first()?;
    let rate = &most.accepted;
    let taken = rate.value().filter(|_| most.is_ranked()).map_or(String::new(), |share| {
        format!(
            ", {} most often accepted: {:.0} % of {}",
            words::line(&most.name),
            100.0 * share,
            numbers::count(rate.den)
        )
    });
    Some(format!("{}{taken}", numbers::count(page.lines.len() as u64 + page.others.lines)))
}

/// What the model came to, and what it would come to.
fn foot(screen: &SignalsScreen, page: &SignalsPage, now: LearningNow, wide: usize) -> Vec<SignalNote> {
    let mut out: Vec<SignalNote> = Vec::new();
    // The share is of what was answered, not of what was shown.
    if let Some(line) = screen.offer().filter(|l| l.open > 0 && screen.view == SignalView::Offers) {
        let (yes, answered) = (numbers::count(line.accepted.num), numbers::count(line.accepted.den));
        let open = numbers::count(line.open);
        let says =
            format!("{}: {yes} of {answered} answered accepted; {open} shown without an end", words::line(&line.name));
        out.push(SignalNote::plain(&says, wide, Role::Text, 2));
    }
    if let Some(MoreOften::Where { what, rate, .. }) = screen.offer().map(|l| &l.more) {
        let says = format!(
            "{} accepts it more often: {} of {}. It goes together; it need not be the cause. m opens who accepted.",
            words::line(what),
            numbers::count(rate.num),
            numbers::count(rate.den)
        );
        out.push(SignalNote::plain(&says, wide, Role::Text, 2));
    }
    if let Some(e) = page.offers.newest.as_ref().and_then(|row| row.report.expected) {
        let (of_all, of_those) = (Rate::new(e.all_yes, e.all), Rate::new(e.expected_yes, e.expected));
        let percent = |r: &Rate| format!("{:.0}", 100.0 * r.value().unwrap_or(0.0));
        let says = format!(
            "Offered only where a yes is expected, newest offers: {} of 100 [{:.0}, {:.0}] instead of {}, {} of {} offers",
            percent(&of_those),
            100.0 * of_those.lo,
            100.0 * of_those.hi,
            percent(&of_all),
            numbers::count(e.expected),
            numbers::count(e.all)
        );
        out.push(SignalNote::plain(&says, wide, Role::Text, 3));
    }
    if page.others.lines > 0 {
        let (others, taken) = (numbers::count(page.others.lines), page.others.accepted);
        let together = taken.value().map_or(String::new(), |share| {
            format!(": together {:.0} % of {} accepted", 100.0 * share, numbers::count(taken.den))
        });
        let says = format!("{others} others were answered fewer than 30 times each{together}");
        out.push(SignalNote::plain(&says, wide, Role::Text, 1));
    }
    if page.lines.iter().filter(|l| l.is_ranked()).count() > 1 {
        let says = "What stands first has the highest lower end of the 95 % interval of what was accepted.";
        out.push(SignalNote::plain(says, wide, Role::Muted, 6));
    }
    if page.offers.newest.is_some() {
        let says = match page.lift {
            Some((mean, lo, hi)) => format!(
                "A single offer's chance is told: {mean:.3} [{lo:.3}, {hi:.3}] less surprise than by the rate of all offers"
            ),
            None if page.offers.is_live => {
                "No single offer's chance is told: the live release does no better than the rate of all offers."
                    .to_owned()
            }
            None => "No single offer's chance is told: nothing that is live has learnt from offers.".to_owned(),
        };
        out.push(SignalNote::plain(&says, wide, Role::Muted, 2));
    }
    out.extend(known::notes(LearnerKind::Offers, &page.offers, screen.intervals, now, wide));
    out
}

/// What the column is called that tells one offer's lines apart.
fn part_name(by: OffersBy) -> &'static str {
    match by {
        OffersBy::Language => "lang.",
        OffersBy::Offer | OffersBy::Channel | OffersBy::Intent => by.key().unwrap_or_default(),
    }
}

struct Table {
    by: OffersBy,
    name: usize,
    part: usize,
    bar: usize,
    more: bool,
    open: bool,
}

impl Table {
    fn of(by: OffersBy, page: &SignalsPage, width: u16) -> Self {
        let longest = |of: &dyn Fn(&OfferLine) -> &str| {
            page.lines.iter().map(|l| words::width(&words::line(of(l)))).max().unwrap_or(0)
        };
        let part = match by {
            OffersBy::Offer => 0,
            // Where the log names none there is nothing to show.
            _ => match longest(&|l| l.part.as_deref().unwrap_or_default()) {
                0 => 0,
                n => n.clamp(words::width(part_name(by)), 18) + 2,
            },
        };
        let open = page.lines.iter().any(|l| l.open > 0) && width >= WIDE;
        let more = by == OffersBy::Offer && width >= WIDE;
        // shown, per cent, 95 %, declined, no answer, open.
        let fixed = 8 + 9 + 9 + 10 + 11 + if open { 8 } else { 0 };
        let room = usize::from(width).saturating_sub(fixed + part);
        let name = longest(&|l| &l.name).clamp(8, if width >= WIDE { 30 } else { 22 }).min(room);
        let bar = room.saturating_sub(name + 2 + if more { 26 } else { 0 }).min(BAR);
        Self { by, name, part, bar: if bar >= 6 { bar } else { 0 }, more, open }
    }

    fn head(&self) -> String {
        let mut out = words::pad("offer", self.name);
        if self.part > 0 {
            out += &words::pad(&format!("  {}", part_name(self.by)), self.part);
        }
        out += &words::pad_left("shown", 8);
        if self.bar > 0 {
            out += &format!("  {}", words::pad("accepted", self.bar));
        }
        out += &words::pad_left(if self.bar > 0 { "" } else { "accepted" }, 9);
        out += &words::pad_left("95 %", 9);
        out += &words::pad_left("declined", 10);
        out += &words::pad_left("no answer", 11);
        if self.open {
            out += &words::pad_left("open", 8);
        }
        if self.more {
            out += "  who accepts more often";
        }
        out
    }

    fn row(&self, line: &OfferLine, intervals: bool) -> Cells {
        let name = words::pad(&words::fit(&words::line(&line.name), self.name), self.name);
        // Below 30 answers nothing is ranked (rule 24).
        let role = if line.is_ranked() { Role::Text } else { Role::Muted };
        let mut cells: Cells = vec![(name, role)];
        if self.part > 0 {
            let part = words::fit(&words::line(line.part.as_deref().unwrap_or_default()), self.part - 2);
            cells.push((words::pad(&format!("  {part}"), self.part), role));
        }
        cells.push((words::pad_left(&numbers::count(line.shown), 8), role));
        let share = line.accepted.value();
        if self.bar > 0 {
            let full = numbers::bar(share.unwrap_or(0.0), self.bar);
            let rest = self.bar.saturating_sub(words::width(&full));
            cells.push((format!("  {full}"), if line.is_ranked() { Role::Good } else { Role::Muted }));
            cells.push(("─".repeat(rest), Role::Faint));
        }
        let said = match share {
            Some(_) if intervals => {
                format!("{}/{}", numbers::count(line.accepted.num), numbers::count(line.accepted.den))
            }
            Some(x) => format!("{:.1} %", 100.0 * x),
            None => "–".to_owned(),
        };
        cells.push((words::pad_left(&said, 9), role));
        let interval = share
            .map_or("–".to_owned(), |_| format!("{:.0}-{:.0}", 100.0 * line.accepted.lo, 100.0 * line.accepted.hi));
        cells.push((words::pad_left(&interval, 9), Role::Muted));
        cells.push((words::pad_left(&numbers::count(line.declined), 10), role));
        cells.push((words::pad_left(&numbers::count(line.ignored), 11), role));
        if self.open {
            cells.push((words::pad_left(&numbers::count(line.open), 8), Role::Muted));
        }
        if self.more {
            cells.push(match &line.more {
                MoreOften::Where { what, .. } => (format!("  {}", words::line(what)), Role::Good),
                MoreOften::CannotTell(n) if *n >= HOPELESS => ("  they hardly differ".to_owned(), Role::Muted),
                MoreOften::CannotTell(n) => (format!("  cannot tell: {} more", numbers::count(*n)), Role::Muted),
                MoreOften::Nothing => ("  –".to_owned(), Role::Muted),
            });
        }
        cells
    }
}
