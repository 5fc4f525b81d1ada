//! The table of rates, on a key: the last seven days, the seven before, day one, each with its interval and what it is a share
//! of, and what may be said of the change.

use super::opens;
use super::state::{OverviewFront, OverviewScreen};
use crate::domain::{Difference, Outcome, Rate, RateMovement, Timestamp, Zone};
use crate::store::{OverviewPage, PeopleRate, Period, PeriodBasis, SignalRate};
use crate::theme::Role;
use crate::tui::state::seen::ScreenHit;
use crate::tui::widgets::{Canvas, numbers, words};
use ratatui::layout::Rect;

/// One row: a measure in the three times.
struct MeasureRow {
    name: &'static str,
    this: Option<Rate>,
    last: Option<Rate>,
    day_one: Option<Rate>,
    /// Whether more is better; `None`: neither.
    good_up: Option<bool>,
    /// What stands behind numerator and denominator of this.
    note: String,
    /// This, last and day one are to be read with care.
    doubtful: [bool; 3],
    /// The times overlap: nothing changed since.
    same_time: bool,
    /// Finds exactly the numerator of this.
    opens: Option<String>,
    /// It counts what is stored, also where other rows rest on all traffic.
    of_stored: bool,
}

/// A row that opens what it counts.
pub struct OpenMeasure {
    /// Finds it.
    pub query: String,
    /// How many these are.
    pub n: u64,
    /// It finds all of them, also where other rows rest on all traffic.
    pub of_stored: bool,
}

/// The rows that open what they count, from the top.
fn openable(home: &OverviewScreen, page: &OverviewPage) -> Vec<OpenMeasure> {
    let of = |m: MeasureRow| {
        let of_stored = m.of_stored;
        m.opens.zip(m.this).map(|(query, this)| OpenMeasure { query, n: this.num, of_stored })
    };
    rows(home, page).into_iter().filter_map(of).collect()
}

impl OverviewScreen {
    /// The rows of the table that open what they count, where the table is shown.
    pub fn measures(&self) -> Vec<OpenMeasure> {
        let is_shown = self.table && self.front == OverviewFront::Figures;
        let page = self.page.ready().filter(|page| is_shown && page.this.n() > 0);
        page.map_or_else(Vec::new, |page| openable(self, page))
    }
}

/// Every row.
fn rows(home: &OverviewScreen, page: &OverviewPage) -> Vec<MeasureRow> {
    let mut rows = measures(page);
    rows.extend(durable(home));
    rows.extend(fallback(home));
    rows.extend(felt(home));
    rows
}

/// Columns of a value: `100.0 %`.
const VALUE: usize = 9;
/// Columns of an interval: `[65.4, 75.3]`.
const INTERVAL: usize = 15;
/// Columns between parts.
const GAP: usize = 2;

/// Columns more from which on the days before are spelt out, and the width of the screen that has them.
const SPELT: usize = 3;
const SPELT_FROM: u16 = 110;

/// Widths of what stands in a row.
struct MeasureWidths {
    name: usize,
    /// Numerators and denominators, of each of the three times.
    counts: [usize; 3],
    /// The week before is shown.
    last: bool,
    /// Day one is shown: not of a log without times, in which no row but one knows it.
    day_one: bool,
    /// There is room to say what it is before.
    spelt: bool,
    /// There is room to say of what this is a share.
    notes: bool,
    /// All three times have intervals and counts, not only this one.
    full: bool,
}

impl MeasureWidths {
    fn of(width: u16, rows: &[MeasureRow], page: &OverviewPage) -> Self {
        let notes = width >= 100;
        let longest = |of: &dyn Fn(&MeasureRow) -> Option<Rate>, note: bool| {
            let width = |m: &MeasureRow| {
                of(m)
                    .filter(|r| r.den > 0)
                    .map_or(0, |r| words::width(&counts(&r)) + if note { words::width(&m.note) } else { 0 })
            };
            rows.iter().map(width).max().unwrap_or(0)
        };
        let full = width >= 150;
        Self {
            name: if width >= 100 { 20 } else { 17 },
            counts: [longest(&|m| m.this, notes), longest(&|m| m.last, false), longest(&|m| m.day_one, false)],
            last: notes && page.compared_last().is_some(),
            day_one: page.basis != PeriodBasis::All,
            notes,
            spelt: width >= SPELT_FROM,
            full,
        }
    }

    /// The columns of a time; 0 where it is not shown.
    fn time(&self, i: usize) -> usize {
        match i {
            1 if !self.last => 0,
            2 if !self.day_one => 0,
            0 => VALUE + INTERVAL + self.counts[0] + GAP,
            _ if self.full => VALUE + INTERVAL + self.counts[i] + GAP,
            1 if self.spelt => VALUE + GAP + SPELT,
            _ => VALUE + GAP,
        }
    }
}

/// Draws the table; gives the row after it.
pub fn draw(home: &OverviewScreen, page: &OverviewPage, canvas: &mut Canvas, area: Rect) -> u16 {
    let rows = rows(home, page);
    let widths = MeasureWidths::of(area.width, &rows, page);
    let mut x = area.x + widths.name as u16;
    for (i, candidates) in titles(page).iter().enumerate() {
        let wide = match i {
            0..3 => widths.time(i),
            _ if widths.day_one => usize::from(area.right().saturating_sub(x)),
            _ => 0,
        };
        if wide > 0 {
            let role = if i == 0 { Role::Heading } else { Role::Muted };
            let fits = candidates.iter().find(|c| words::width(c) < wide).or(candidates.last());
            canvas.text(x, area.y, wide as u16, fits.map_or("", String::as_str), role);
            x += wide as u16;
        }
    }
    let mut y = area.y + 1;
    let mut opens = 0..;
    for m in &rows {
        let place = m.opens.as_ref().and_then(|_| opens.next());
        if y < area.bottom() {
            let line = Rect { y, height: 1, ..area };
            row(m, &widths, canvas, line);
            if place.is_some() && place == home.measure {
                canvas.text(line.x.saturating_sub(1), y, 1, "▶", Role::Focus);
                canvas.over(line, Role::Selected);
            }
            if let Some(at) = place {
                canvas.hit(line, ScreenHit::Measure(at));
            }
            y += 1;
        }
    }
    for line in stayed(home)
        .into_iter()
        .chain(let_down(home, page))
        .chain(people(home))
        .flat_map(|l| words::wrap_pieces(&l, usize::from(area.width)))
    {
        if y < area.bottom() {
            let pieces: Vec<(&str, Role)> = line.iter().map(|(t, r)| (t.as_str(), *r)).collect();
            canvas.pieces(area.x, y, area.width, &pieces);
            y += 1;
        }
    }
    let left = rows.iter().find(|m| m.name == LEFT).and_then(|m| Difference::between(m.day_one?, m.this?));
    if left.is_some_and(|d| d.moved() != RateMovement::CannotTell) && y < area.bottom() && area.height >= 20 {
        let words = "Who gave up is not coloured: fewer of them is good only if they were helped instead.";
        canvas.text(area.x, y, area.width, words, Role::Muted);
        y += 1;
    }
    y
}

fn dates(p: &Period, zone: Zone) -> String {
    let (from, to) = (zone.local(Timestamp(p.from)), zone.local(Timestamp(p.to - 1)));
    let month = |t: &chrono::NaiveDateTime| t.format("%b %Y").to_string();
    if month(&from) == month(&to) {
        format!("{}-{}", from.format("%-d"), to.format("%-d %b"))
    } else {
        format!("{} - {}", from.format("%-d %b"), to.format("%-d %b"))
    }
}

/// Headings, the longest first.
fn titles(page: &OverviewPage) -> [Vec<String>; 4] {
    let with = |names: &[&str], p: Option<&Period>| {
        let mut out: Vec<String> = names.iter().map(|n| (*n).to_owned()).collect();
        if let Some(p) = p.filter(|_| page.basis != PeriodBasis::All) {
            out.insert(0, format!("{} ({})", names[0], dates(p, page.zone)));
        }
        out.iter().map(|t| format!(" {t}")).collect::<Vec<_>>()
    };
    [
        with(&[page.basis.words()], Some(&page.this)),
        with(&["the 7 before", "7 before"], page.last.as_ref()),
        with(&["day one"], page.day_one.as_ref()),
        vec![" since day one".to_owned()],
    ]
}

/// The measure that is neither good nor bad.
const LEFT: &str = "Gave up";

fn measures(page: &OverviewPage) -> Vec<MeasureRow> {
    let times = [Some(&page.this), page.last.as_ref(), page.day_one.as_ref()];
    let same_time = page.day_one.as_ref().is_some_and(|d| d.overlaps(&page.this));
    let of = |name, good_up, f: &dyn Fn(&Period) -> Rate| {
        let [this, last, day_one] = times.map(|p| p.map(f));
        let doubtful = times.map(|p| p.is_some_and(Period::doubtful));
        let note = String::new();
        MeasureRow { name, this, last, day_one, good_up, note, doubtful, same_time, opens: None, of_stored: false }
    };
    let mut out = vec![
        opening(page, Outcome::Resolved, of("Helped by the AI", Some(true), &|p| p.rate(p.resolved))),
        of("  they said so", Some(true), &|p| p.rate(p.confirmed)),
        of("  assumed", None, &|p| p.rate(p.resolved - p.confirmed)),
        opening(page, Outcome::Escalated, of("Handed over", Some(false), &|p| p.rate(p.escalated))),
        opening(page, Outcome::Failed, of("Failed", Some(false), &|p| p.rate(p.failed))),
        opening(page, Outcome::Abandoned, of(LEFT, None, &|p| p.rate(p.abandoned))),
    ];
    let a = page.accuracy;
    out.push(MeasureRow {
        name: "Intent accuracy",
        this: a.live,
        last: a.before,
        day_one: a.day_one,
        good_up: Some(true),
        note: " sealed gold".to_owned(),
        doubtful: [false; 3],
        same_time: false,
        opens: None,
        of_stored: true,
    });
    let answered = page.this.rate(page.this.rated);
    let note = match answered.value() {
        Some(share) if answered.is_enough() => format!(" {:.0} % answered", share * 100.0),
        Some(_) => format!(" of {} answered", fraction(&answered)),
        None => String::new(),
    };
    let opens = (page.this.rated > 0).then(|| opens::satisfied(page));
    out.push(MeasureRow { note, doubtful: [false; 3], opens, ..of("CSAT 4 or 5", Some(true), &|p| p.csat()) });
    if times.iter().flatten().any(|p| p.unknown > 0) {
        let unknown = of(UNKNOWN, None, &|p| p.unknown_rate());
        // Where something stands outside N, no query tells who of those it is.
        out.push(if page.holds.left_out() == 0 { opening(page, Outcome::Unknown, unknown) } else { unknown });
    }
    out
}

/// What has no rate opens nothing: the number that it would open is none.
fn opening(page: &OverviewPage, outcome: Outcome, row: MeasureRow) -> MeasureRow {
    let is_told = row.this.is_some_and(|rate| rate.den > 0);
    MeasureRow { opens: is_told.then(|| opens::ended(page, outcome)), ..row }
}

/// What customers show by themselves, once the live release has learnt to tell.
fn felt(home: &OverviewScreen) -> Vec<MeasureRow> {
    let Some(told) = home.felt.ready() else { return Vec::new() };
    let note = |what: &str| if told.sampled { format!(" {what} of the sample") } else { format!(" {what}") };
    let row = |name, good_up, rate: &SignalRate, note: String| MeasureRow {
        last: rate.last,
        day_one: rate.day_one,
        good_up: Some(good_up),
        opens: Some(rate.query.clone()),
        ..alone(name, rate.this, &note)
    };
    let bad = told.bad.as_ref().map(|r| row("Seen let down", false, r, note("rated or read")));
    let took = told.accepted.as_ref().map(|r| row("Took an offer", true, r, note("offered")));
    bad.into_iter().chain(took).collect()
}

/// The measure that says how far the others can be trusted.
const UNKNOWN: &str = "Outcome unknown";

/// A rate that is known of one time alone.
fn alone(name: &'static str, this: Rate, note: &str) -> MeasureRow {
    MeasureRow {
        name,
        this: Some(this),
        last: None,
        day_one: None,
        good_up: None,
        note: note.to_owned(),
        doubtful: [false; 3],
        same_time: false,
        opens: None,
        of_stored: true,
    }
}

/// Turns that the AI did not understand.
fn fallback(home: &OverviewScreen) -> Option<MeasureRow> {
    Some(alone("Not understood", (*home.fallback.ready()?)?, " of turns"))
}

/// Resolutions that held: of four weeks, since those of the last seven days are not old enough.
fn durable(home: &OverviewScreen) -> Option<MeasureRow> {
    let found = home.durable.ready()?.as_ref().filter(|found| found.held.den > 0)?;
    Some(alone("Helped for good", found.held, " of 4 weeks"))
}

/// How many stayed helped: the young ones count for as long as they have been seen.
fn stayed(home: &OverviewScreen) -> Option<Vec<(String, Role)>> {
    let points = &home.durable.ready()?.as_ref()?.stayed;
    let n = points.first()?.n;
    if n < Rate::ENOUGH {
        return None;
    }
    let mut out = vec![("Stayed helped, of 100:".to_owned(), Role::Text)];
    for p in points {
        out.push((format!("  {} days", p.days), Role::Muted));
        out.push((format!(" {:.0}", p.stayed * 100.0), Role::Heading));
        out.push((format!(" [{:.0}, {:.0}]", p.lo * 100.0, p.hi * 100.0), Role::Muted));
    }
    let came = points.last().map_or(0, |p| p.left);
    let rest = format!("  of {} in eight weeks, {} came back", numbers::count(n), numbers::count(came));
    out.push((rest, Role::Muted));
    Some(out)
}

/// How many are let down, as all of them together say: one by one some are missed, and some told that are not. While not all is read, how much is.
fn let_down(home: &OverviewScreen, page: &OverviewPage) -> Option<Vec<(String, Role)>> {
    let told = home.felt.ready().filter(|told| told.bad.is_some())?;
    if let Some(says) = told.so_far.words(numbers::count) {
        return Some(vec![(format!("Seen let down: {says}."), Role::Muted)]);
    }
    let apart = told.let_down?;
    let all = apart.together()?;
    let by = apart.rated_then.map_or_else(String::new, |(at, _)| {
        format!(", for those who did not rate by the ratings of {}", page.zone.format(at, "%-d %b %Y"))
    });
    Some(vec![
        (format!("Let down ({}), seen or not:", page.basis.words()), Role::Text),
        (format!(" {:.0} to {:.0}", all.lo * 100.0, all.hi * 100.0), Role::Heading),
        (format!(" of 100 customers{by}"), Role::Muted),
    ])
}

/// What people say of audit items, in sentences: surer where a model's word makes it so.
fn people(home: &OverviewScreen) -> Vec<Vec<(String, Role)>> {
    let Some(told) = home.audited.ready().filter(|t| t.cycles > 0) else { return Vec::new() };
    if let Some(why) = &told.why {
        return vec![vec![(format!("What people say of drawn items is {why}."), Role::Muted)]];
    }
    let sentence = |what: String, rate: &PeopleRate| {
        let audit = rate.audit.as_ref()?;
        let (sure, rest) = match &rate.powered {
            Some(p) => (p.sure, format!(", as sure as {:.0} with the AI's own word", p.effective_labels)),
            None => (audit.sure, String::new()),
        };
        Some(vec![
            (what, Role::Text),
            (format!(" {:.0} %", sure.value * 100.0), Role::Heading),
            (format!("  [{:.0}, {:.0}]", sure.lo * 100.0, sure.hi * 100.0), Role::Muted),
            (format!("  of {} drawn and judged{rest}", numbers::count(audit.m)), Role::Muted),
        ])
    };
    let mut out: Vec<Vec<(String, Role)>> = Vec::new();
    out.extend(sentence("The log's intent is right in".to_owned(), &told.intent_accuracy));
    out.extend(sentence("Called resolved and not so:".to_owned(), &told.false_resolutions));
    if let Some(first) = told.causes.first() {
        out.extend(sentence(format!("Failed most for {}:", first.cause.label()), &first.rate));
    }
    out
}

fn counts(rate: &Rate) -> String {
    format!("({})", fraction(rate))
}

fn fraction(rate: &Rate) -> String {
    format!("{}/{}", numbers::count(rate.num), numbers::count(rate.den))
}

fn percent(rate: &Rate) -> Option<String> {
    Some(words::pad_left(&format!("{:.1} %", rate.value()? * 100.0), 7))
}

/// A rate in parts that stand below each other: value, interval, counts; of few cases the counts alone.
fn cell(rate: Option<&Rate>, note: &str, parts: bool) -> [String; 3] {
    let Some((rate, value)) = rate.and_then(|r| Some((r, percent(r)?))) else {
        return ["      –".to_owned(), String::new(), String::new()];
    };
    if !rate.is_enough() {
        let note = if parts { note.to_owned() } else { String::new() };
        return [words::pad_left(&fraction(rate), 7), String::new(), note];
    }
    if !parts {
        return [value, String::new(), String::new()];
    }
    let between = format!("[{:.1}, {:.1}]", rate.lo * 100.0, rate.hi * 100.0);
    [value, between, format!("{}{note}", counts(rate))]
}

/// What may be said since day one: its parts, and the tone of the words.
fn change(m: &MeasureRow) -> Option<([String; 2], &'static str, Role)> {
    if m.same_time {
        return m.day_one.map(|_| ([String::new(), String::new()], "still day one", Role::Muted));
    }
    let (then, now) = m.day_one.zip(m.this).filter(|(then, now)| then.is_enough() && now.is_enough())?;
    let d = Difference::between(then, now)?;
    let points = words::pad_left(&numbers::points(d.delta), 8);
    let between = format!("[{}, {}]", numbers::signed(d.lo * 100.0, 1), numbers::signed(d.hi * 100.0, 1));
    let (words, role) = match (d.moved(), m.good_up) {
        (RateMovement::CannotTell, _) => ("cannot tell yet", Role::Muted),
        (RateMovement::Up, None) => ("clearly more", Role::Text),
        (RateMovement::Down, None) => ("clearly less", Role::Text),
        (RateMovement::Up, Some(true)) | (RateMovement::Down, Some(false)) => ("clearly better", Role::Good),
        (RateMovement::Up | RateMovement::Down, Some(_)) => ("clearly worse", Role::Bad),
    };
    Some(([points, between], words, role))
}

fn row(m: &MeasureRow, widths: &MeasureWidths, canvas: &mut Canvas, line: Rect) {
    let plain = m.name == UNKNOWN;
    let doubt = |i: usize, role| if m.doubtful[i] || plain { Role::Muted } else { role };
    canvas.text(line.x, line.y, widths.name as u16, m.name, if plain { Role::Muted } else { Role::Text });
    let mut x = line.x + widths.name as u16;
    for (i, rate) in [m.this, m.last, m.day_one].iter().enumerate() {
        let wide = widths.time(i);
        if wide == 0 {
            continue;
        }
        let note = if i == 0 && widths.notes { m.note.as_str() } else { "" };
        let [value, between, counts] = cell(rate.as_ref(), note, i == 0 || widths.full);
        let role = doubt(i, if i == 0 { Role::Heading } else { Role::Text });
        canvas.text(x, line.y, VALUE as u16, &value, role);
        canvas.text(x + VALUE as u16, line.y, INTERVAL as u16, &between, Role::Muted);
        let at = x + (VALUE + INTERVAL) as u16;
        canvas.text(at, line.y, (wide.saturating_sub(VALUE + INTERVAL)) as u16, &counts, Role::Muted);
        x += wide as u16;
    }
    if let Some(([points, between], words, role)) = change(m) {
        let role = if m.doubtful[0] || m.doubtful[2] { Role::Muted } else { role };
        let room = usize::from(line.right().saturating_sub(x));
        let between = words::pad(&between, 16);
        let short = words.trim_start_matches("clearly ").trim_end_matches(" yet");
        let ways = [
            format!("{points}  {between}{words}"),
            format!("{points} {words}"),
            format!("{points} {short}"),
            points.clone(),
        ];
        let fits = ways.iter().find(|w| words::width(w.trim_end()) <= room).unwrap_or(&points);
        canvas.text(x, line.y, room as u16, fits, role);
    }
}
