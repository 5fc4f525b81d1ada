//! Drawing Review: the conversation on the left, the judgement on the right; one above the other where it is narrow.

use super::state::{ReviewScreen, ReviewStage};
use super::{decide, panel};
use crate::action::Action;
use crate::learn::signals::Signals;
use crate::store::{CycleSummary, ReviewItem, ReviewScope};
use crate::theme::Role;
use crate::tui::state::request::review::ReviewProgress;
use crate::tui::state::seen::ScreenHit;
use crate::tui::state::shared::SharedState;
use crate::tui::state::tab::ScreenTab;
use crate::tui::widgets::outcomes::outcome_look;
use crate::tui::widgets::{Canvas, numbers, transcript, words};
use ratatui::layout::Rect;

/// Widest text of a transcript: longer lines are hard to read.
const READABLE: u16 = 100;

/// Draws the screen.
pub fn draw(review: &ReviewScreen, shared: &SharedState, canvas: &mut Canvas, area: Rect) {
    match &review.stage {
        ReviewStage::Item(item) => conversation(review, shared, item, canvas, area),
        ReviewStage::Failed(why) => canvas.notice(
            area,
            &[
                ("✗ The conversation could not be read.", Role::Bad),
                ("", Role::Text),
                (&words::line(why), Role::Muted),
                ("", Role::Text),
                ("F5 tries again, Esc goes back to the queue.", Role::Text),
            ],
        ),
        ReviewStage::Finished => finished(review, canvas, area),
        ReviewStage::Idle if shared.is_empty() => empty(canvas, area),
        ReviewStage::Idle => canvas.notice(area, &[("Looking for the next conversation …", Role::Muted)]),
    }
}

fn empty(canvas: &mut Canvas, area: Rect) {
    canvas.notice(
        area,
        &[
            ("Nothing to review yet.", Role::Heading),
            ("", Role::Text),
            ("Conversations that failed will come up here, one after another.", Role::Text),
            ("g 1 goes to the overview, where the store can be filled.", Role::Text),
        ],
    );
}

fn finished(review: &ReviewScreen, canvas: &mut Canvas, area: Rect) {
    let ReviewProgress { done, total, hidden } = review.progress.unwrap_or_default();
    let (done, total) = (numbers::count(done), numbers::count(total));
    let mut lines = vec![("✓ Nothing is left open here.".to_owned(), Role::Good)];
    let next = match (&review.scope, &review.summary) {
        (Some(ReviewScope::Cycle(_)), summary) => {
            lines.push((
                format!("{done} of {total} in this cycle are reviewed{}", beside_done(summary.as_ref())),
                Role::Text,
            ));
            found(summary.as_ref(), &mut lines);
            learned(summary.as_ref(), &mut lines);
            "⏎ goes to Fine-tune, which learns from them; Esc goes to the queue, where C closes the cycle.".to_owned()
        }
        _ => {
            match (total.as_str(), hidden) {
                ("0", 0) => lines[0] = ("Nothing here failed and is open.".to_owned(), Role::Heading),
                ("0", _) => {
                    lines[0] = ("Nothing outside the test groups matches this filter.".to_owned(), Role::Heading)
                }
                _ if review.goes_through_reviewed() => {
                    lines[0] = ("✓ This is the end of the list.".to_owned(), Role::Good);
                    let text = format!("{total} match, those that are reviewed already among them.");
                    lines.push((text, Role::Text));
                }
                (waiting, _) if review.goes_through_asked() => {
                    let those = if waiting == "1" { "conversation waits" } else { "conversations wait" };
                    let text = format!("{total} {those} for an answer here; a label clears no question.");
                    lines[0] = ("✓ This is the end of the list.".to_owned(), Role::Good);
                    lines.push((text, Role::Text));
                }
                (_, _) => lines.push((format!("{done} of {total} are reviewed here."), Role::Text)),
            }
            if hidden > 0 {
                let those = numbers::plural(
                    hidden,
                    "conversation of a test group matches and is left out",
                    "conversations of test groups match and are left out",
                );
                lines.push((format!("{those}: the queue's filter shows them with test:shown."), Role::Text));
            }
            match (total.as_str(), review.back.filter(|back| *back != ScreenTab::Queue)) {
                ("0", Some(back)) => {
                    format!("Esc goes back to {}; the queue says what can be reviewed all the same.", back.title())
                }
                (_, Some(back)) => format!("Esc goes back to {}; ⏎ goes to Fine-tune.", back.title()),
                ("0", None) => "Esc goes to the queue, which says what can be reviewed all the same.".to_owned(),
                (_, None) => "Esc goes to the queue, where another filter finds more; ⏎ goes to Fine-tune.".to_owned(),
            }
        }
    };
    lines.extend([(String::new(), Role::Text), (next, Role::Text)]);
    let later = "What was put off: status:later and status:skipped, what waits for an answer: status:flagged, in the queue's filter.";
    lines.push((later.to_owned(), Role::Muted));
    let lines: Vec<(&str, Role)> = lines.iter().map(|(text, role)| (text.as_str(), *role)).collect();
    canvas.notice(area, &lines);
}

/// Items that were put off or given up without a judgement.
fn beside_done(summary: Option<&CycleSummary>) -> String {
    let Some(s) = summary else { return ".".to_owned() };
    let parts = [(s.skipped, "skipped"), (s.later, "left for later"), (s.asked, "asked")];
    let parts: Vec<String> =
        parts.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{} {what}", numbers::count(*n))).collect();
    if parts.is_empty() { ".".to_owned() } else { format!("; besides {}.", parts.join(", ")) }
}

/// Why they failed, as bars.
fn found(summary: Option<&CycleSummary>, lines: &mut Vec<(String, Role)>) {
    let Some(s) = summary.filter(|s| !s.found.is_empty()) else { return };
    let most = s.found.iter().map(|line| line.n).max().unwrap_or(1);
    lines.push((String::new(), Role::Text));
    lines.push(("What was found".to_owned(), Role::Heading));
    if s.alike > 0 {
        let says = numbers::plural(s.alike, "conversation outside it", "conversations outside it");
        let words = format!("{says} had the same answer as one of these, and were closed with it");
        lines.push((words, Role::Muted));
    }
    for line in &s.found {
        let bar = words::pad(&numbers::bar(line.n as f64 / most as f64, 20), 21);
        lines.push((format!("{} {bar}{}", words::pad(&line.name, 18), numbers::count(line.n)), Role::Text));
    }
    if s.is_open && s.blind > 0 {
        let without = format!("without the {} judged blind, until the cycle is closed", numbers::count(s.blind));
        lines.push((without, Role::Muted));
    }
}

/// What the next run can learn from it, and what it took.
fn learned(summary: Option<&CycleSummary>, lines: &mut Vec<(String, Role)>) {
    let Some(s) = summary else { return };
    let mut parts = Vec::new();
    if s.relabelled > 0 || s.named == 0 {
        let intents = numbers::plural(s.relabelled, "intent was", "intents were");
        parts.push(format!("{intents} not what the AI had understood"));
    }
    if s.named > 0 {
        let turns = numbers::plural(s.named, "intent was", "intents were");
        parts.push(format!("{turns} said where the log tells none"));
    }
    parts.push(format!("{} written better", numbers::plural(s.corrected, "answer", "answers")));
    let taught = format!("{}, in {}.", parts.join(", "), numbers::seconds((s.minutes * 60.0).round() as u64));
    lines.extend([(String::new(), Role::Text), (taught, Role::Text)]);
    if s.blind > 0 {
        let drawn = numbers::plural(s.blind, "item was", "items were");
        let words =
            format!("{drawn} drawn by chance and judged blind: the test of the AI, which learns nothing from it.");
        lines.push((words, Role::Muted));
    }
}

fn conversation(review: &ReviewScreen, shared: &SharedState, item: &ReviewItem, canvas: &mut Canvas, area: Rect) {
    header(review, shared, item, canvas, area);
    let body = Rect { y: area.y + 2, height: area.height.saturating_sub(2), ..area };
    if body.width < 72 {
        let top = body.height * 45 / 100;
        talk(review, shared, item, canvas, Rect { height: top, ..body });
        canvas.rule(body, body.y + top);
        let rest = Rect { y: body.y + top + 1, height: body.height.saturating_sub(top + 1), ..body };
        panel::draw(review, shared, item, canvas, rest);
        return;
    }
    let side = (body.width * 38 / 100).clamp(30, 70);
    let left = Rect { width: body.width - side - 3, ..body };
    talk(review, shared, item, canvas, left);
    canvas.divider(left.right(), body);
    panel::draw(review, shared, item, canvas, Rect { x: left.right() + 2, width: side, ..body });
}

/// What stands between the parts of the first line.
const SEPARATOR: &str = " · ";

fn header(review: &ReviewScreen, shared: &SharedState, item: &ReviewItem, canvas: &mut Canvas, area: Rect) {
    let conversation = &item.conversation;
    // What goes first where there is no room for all has the highest number.
    let mut parts: Vec<(String, Role, u8)> = Vec::new();
    let mut add = |text: String, role, goes: u8| parts.push((text, role, goes));
    if let Some(outcome) = conversation.outcome.filter(|_| !item.blind()) {
        let (sign, role) = outcome_look(outcome);
        add(format!("{sign} {outcome}").trim_start_matches("· ").to_owned(), role, 0);
    }
    if !item.blind() && item.status != crate::domain::Review::Open {
        add(item.status.name().to_owned(), Role::Accent, 1);
    }
    conversation.channel.iter().chain(&conversation.lang).for_each(|t| add(words::line(t), Role::Muted, 6));
    if let Some(at) = item.at {
        let zone = shared.zone();
        let same_year = zone.format(at, "%Y") == zone.format(shared.now, "%Y");
        add(zone.format(at, if same_year { "%-d %b %H:%M %Z" } else { "%-d %b %Y %H:%M %Z" }), Role::Muted, 4);
    }
    if let Some(place) = review.turn.and_then(|t| conversation.place_of(t)) {
        add(format!("turn {} of {}", place + 1, conversation.turns.len()), Role::Muted, 2);
    }
    if let Some(csat) = conversation.csat.as_ref().filter(|_| !item.blind()) {
        add(format!("★ {} of {}", csat.score, csat.max), Role::Muted, 3);
    }
    let signs = item.shown_signs().iter().fold(0, |bits, s| bits | s.signal as i64);
    Signals::from_bits(signs).iter().for_each(|s| add(s.words().to_owned(), Role::Accent, 5));
    let progress = review.progress.map(|ReviewProgress { done, total, .. }| {
        let left = numbers::count(total.saturating_sub(done));
        let (done, total) = (numbers::count(done), numbers::count(total));
        // What the list counts is what is left of it; in a cycle the goal is what counts.
        let of = match review.scope {
            Some(ReviewScope::Cycle(_)) if area.width < 100 => format!("{done}/{total} done"),
            Some(ReviewScope::Cycle(_)) => format!("{done}/{total} in this cycle"),
            // What is reviewed already never gets less.
            _ if review.goes_through_reviewed() => format!("{total} in this list"),
            _ if area.width < 100 || done == "0" => format!("{left} left"),
            _ => format!("{left} left, {done} done or put off"),
        };
        let what = match &review.scope {
            Some(ReviewScope::Query(query, _)) if area.width >= 150 => {
                format!("{}  ", words::fit(&words::line(&query.to_string()), 36))
            }
            _ => String::new(),
        };
        format!("{what}{of}")
    });
    let progress = if review.wait.busy { "saving …".to_owned() } else { progress.unwrap_or_default() };
    let right = canvas.right(area, area.y, &progress, Role::Muted);
    let back = review.back.map(|back| format!("{} · ", back.title().to_lowercase())).unwrap_or_default();
    let mut pieces =
        vec![("‹ ".to_owned(), Role::Accent), (back, Role::Accent), (format!("#{}", item.n.0), Role::Heading)];
    let room = usize::from(right.saturating_sub(area.x + 2));
    let wide = |text: &str| words::width(text) + words::width(SEPARATOR);
    let lead: usize = pieces.iter().map(|(text, _)| words::width(text)).sum();
    while lead + parts.iter().map(|(text, ..)| wide(text)).sum::<usize>() > room && !parts.is_empty() {
        let last = parts.iter().enumerate().max_by_key(|(i, (.., goes))| (*goes, *i)).map_or(0, |(i, _)| i);
        parts.remove(last);
    }
    for (text, role, _) in parts {
        pieces.extend([(SEPARATOR.to_owned(), Role::Faint), (text, role)]);
    }
    let pieces: Vec<(&str, Role)> = pieces.iter().map(|(t, r)| (t.as_str(), *r)).collect();
    let end = canvas.pieces(area.x, area.y, room as u16, &pieces);
    canvas.hit(Rect { width: end.saturating_sub(area.x), height: 1, ..area }, ScreenHit::Act(Action::Leave));
}

fn talk(review: &ReviewScreen, shared: &SharedState, item: &ReviewItem, canvas: &mut Canvas, area: Rect) {
    let columns = area.width.saturating_sub(3).min(READABLE);
    let needles = review.needles();
    let shown = transcript::TranscriptLook {
        judged: review.turn,
        columns: usize::from(columns),
        needles: &needles,
        zone: shared.zone(),
        unfolded: review.unfolded,
    };
    let (lines, begins) = transcript::lines(item, shown);
    let has_room = usize::from(area.height) > lines.len() + usize::from(MEANINGS);
    let area = match first_meaning(review, shared).filter(|_| !has_room && area.height > MEANINGS) {
        Some((name, meaning)) => {
            let last = area.bottom() - 1;
            let x = canvas.text(area.x + 2, last, area.width.saturating_sub(3), &format!("{name}  "), Role::Text);
            let room = area.right().saturating_sub(x + 1);
            canvas.text(x, last, room, &words::fit(&meaning, usize::from(room)), Role::Muted);
            Rect { height: area.height - 1, ..area }
        }
        None => area,
    };
    let fits = usize::from(area.height);
    let lowest = lines.len().saturating_sub(fits);
    // The judged turn stands in the lower half: what led to it is what explains it.
    let first = review.scroll.unwrap_or_else(|| begins.saturating_sub(fits / 2)).min(lowest);
    for (line, y) in lines.iter().skip(first).zip(area.top()..area.bottom()) {
        if line.judged {
            canvas.text(area.x, y, 1, "▌", Role::Focus);
        }
        let pieces: Vec<(&str, Role)> = line.pieces.iter().map(|(t, r)| (t.as_str(), *r)).collect();
        canvas.pieces(area.x + 2, y, area.width.saturating_sub(3), &pieces);
    }
    if lines.len() > fits {
        scroll_bar(&lines, (first, fits), canvas, area);
    } else {
        let below = |y: u16| Rect { y, height: area.bottom().saturating_sub(y), ..area };
        let y = earlier(review, shared, canvas, below(area.y + lines.len() as u16 + 1));
        meanings(review, shared, canvas, below(y));
    }
    canvas.seen.signs = lines.iter().enumerate().filter(|(_, l)| l.sign).map(|(i, _)| i).collect();
    canvas.seen.lines = (fits, lines.len());
    canvas.seen.first = first;
    canvas.seen.scrolled = area;
}

/// Where one is in a long talk, with a mark wherever something shows that it went wrong.
fn scroll_bar(lines: &[transcript::TranscriptLine], (first, fits): (usize, usize), canvas: &mut Canvas, area: Rect) {
    let x = area.right().saturating_sub(1);
    let height = usize::from(area.height).max(1);
    let row = |line: usize| area.y + (line * height / lines.len().max(1)).min(height - 1) as u16;
    for y in area.top()..area.bottom() {
        let inside = (row(first)..=row(first + fits - 1)).contains(&y);
        canvas.text(x, y, 1, if inside { "┃" } else { "╎" }, if inside { Role::Muted } else { Role::Faint });
    }
    for (i, line) in lines.iter().enumerate().filter(|(_, l)| l.sign) {
        let (sign, role) = if line.judged { ("▌", Role::Focus) } else { ("▪", Role::Bad) };
        canvas.text(x, row(i), 1, sign, role);
    }
}

/// What the same customer wanted before, below a talk that leaves room; gives the row after it.
fn earlier(review: &ReviewScreen, shared: &SharedState, canvas: &mut Canvas, area: Rect) -> u16 {
    let beside = review.beside.as_ref().filter(|(n, _)| review.item().is_some_and(|i| i.n == *n));
    let Some((_, beside)) = beside.filter(|(_, b)| !b.earlier.is_empty() && area.height > 1) else { return area.y };
    let columns = area.width.saturating_sub(3);
    canvas.text(area.x + 2, area.y, columns, "── the same customer before ──", Role::Muted);
    let mut y = area.y + 1;
    for row in beside.earlier.iter().take(usize::from(area.height) - 1) {
        let (sign, role) = outcome_look(row.outcome);
        let day = row.at.map(|at| shared.zone().format(at, "%-d %b")).unwrap_or_default();
        let intent = row.intent.as_deref().map_or_else(|| "–".to_owned(), words::line);
        let pieces = [
            (words::pad(&day, 7), Role::Muted),
            (format!("{sign} {}", words::pad(&row.outcome.to_string(), 10)), role),
            (intent, Role::Text),
            (format!("  #{}", row.n.0), Role::Muted),
        ];
        let pieces: Vec<(&str, Role)> = pieces.iter().map(|(t, r)| (t.as_str(), *r)).collect();
        canvas.pieces(area.x + 2, y, columns, &pieces);
        y += 1;
    }
    y + 1
}

/// What the intent behind the first digit means, in its first words. Of a blind item nothing is proposed.
fn first_meaning(review: &ReviewScreen, shared: &SharedState) -> Option<(String, String)> {
    let (id, name, ..) = decide::choices(review).into_iter().next().filter(|_| !review.judges_blind())?;
    let row = shared.intents.iter().find(|row| row.id == id).filter(|_| !review.waits_for_cause())?;
    let example = || row.samples.first().map(|s| format!("“{}”", words::line(s)));
    let meaning = row.meaning.as_ref().map(|m| words::line(m)).or_else(example)?;
    Some((words::line(&name), meaning))
}

/// Rows from which on there is room for what the intents mean.
const MEANINGS: u16 = 8;

/// What the intents behind the digits mean, or an example of each, where the talk leaves room: two that are alike are told apart by it.
fn meanings(review: &ReviewScreen, shared: &SharedState, canvas: &mut Canvas, area: Rect) {
    if area.height < MEANINGS || review.waits_for_cause() {
        return;
    }
    let known = |id| shared.intents.iter().find(|row| row.id == id);
    let rows: Vec<(String, Vec<(String, Role)>)> = decide::choices(review)
        .into_iter()
        .filter_map(|(id, name, ..)| {
            let row = known(id)?;
            let meaning = row.meaning.iter().map(|m| (words::line(m), Role::Text));
            let samples = row.samples.iter().map(|s| (format!("“{}”", words::line(s)), Role::Muted));
            let told: Vec<_> = meaning.chain(samples).collect();
            (!told.is_empty()).then(|| (words::line(&name), told))
        })
        .collect();
    if rows.is_empty() {
        return;
    }
    let columns = area.width.saturating_sub(3);
    canvas.text(area.x + 2, area.y, columns, "── what these intents mean ──", Role::Muted);
    let names = rows.iter().map(|(name, _)| words::width(name)).max().unwrap_or(0).min(usize::from(columns) / 3);
    // Where not all of it has room, each says its first line.
    let lines = |most: usize| rows.iter().map(|(_, told)| told.len().min(most)).sum::<usize>();
    let fits = usize::from(area.height) - 2;
    let most = if lines(usize::MAX) <= fits { usize::MAX } else { 1 };
    let said = rows.iter().flat_map(|(name, told)| {
        told.iter().take(most).enumerate().map(move |(i, line)| (if i == 0 { name.as_str() } else { "" }, line))
    });
    for ((name, (text, role)), y) in said.take(fits).zip(area.y + 1..) {
        let name = words::pad(&words::fit(name, names), names + 2);
        let text = words::fit(text, usize::from(columns).saturating_sub(names + 2));
        canvas.pieces(area.x + 2, y, columns, &[(name.as_str(), Role::Text), (text.as_str(), *role)]);
    }
}
