//! A conversation as lines. On a blind item nothing of what the AI guessed, and nothing of how it ended, is among them.

use super::words;
use super::words::PlainText;
use crate::domain::{Offer, OfferStatus, Role as Speaker, Timestamp, Turn, TurnKey, Zone};
use crate::learn::signals::Signal;
use crate::store::ReviewItem;
use crate::text::{Needles, matches};
use crate::theme::Role;
use std::ops::Range;

/// One line: pieces of clean text, and whether it belongs to the judged turn.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TranscriptLine {
    /// Text and what it means.
    pub pieces: Vec<(String, Role)>,
    /// It belongs to the turn that is judged.
    pub judged: bool,
    /// A turn begins here that shows that something went wrong: a fallback, a failed call, a person, a bad word.
    pub sign: bool,
}

/// How a conversation is shown.
#[derive(Clone, Copy, Debug)]
pub struct TranscriptLook<'a> {
    /// The turn that is judged.
    pub judged: Option<TurnKey>,
    /// Columns of text.
    pub columns: usize,
    /// What was searched for.
    pub needles: &'a Needles,
    /// The zone of its times.
    pub zone: Zone,
    /// What tools said is shown whole.
    pub unfolded: bool,
}

impl TranscriptLine {
    /// A line of pieces.
    fn of(pieces: Vec<(String, Role)>) -> Self {
        Self { pieces, ..Self::default() }
    }
}

/// The conversation in lines of at most `columns`, with what was searched for marked, and the line at which the judged turn
/// begins.
pub fn lines(item: &ReviewItem, look: TranscriptLook<'_>) -> (Vec<TranscriptLine>, usize) {
    let TranscriptLook { judged, columns, needles, zone, unfolded } = look;
    let mut out = Vec::new();
    let mut begins = 0;
    let mut day = None;
    for (i, turn) in item.conversation.turns.iter().enumerate() {
        if turn.role == Speaker::System && item.blind() {
            continue;
        }
        if !out.is_empty() {
            out.push(TranscriptLine::default());
        }
        new_day(&mut out, turn, &mut day, zone);
        if judged == Some(turn.key) {
            begins = out.len();
        }
        let from = out.len();
        match turn.role {
            Speaker::System => event(&mut out, turn, zone),
            Speaker::Tool => {
                let role = if turn.reports_error() && !item.blind() { Role::Bad } else { Role::Muted };
                tool(&mut out, turn, columns, unfolded, role);
            }
            _ => spoken(&mut out, item, i, columns, needles, zone),
        }
        offers(&mut out, item, i);
        out[from..].iter_mut().for_each(|l| l.judged = judged == Some(turn.key));
        let signed = !item.blind() && (turn.signals_failure() || item.signs.iter().any(|s| s.turn as usize == i));
        if let Some(first) = out.get_mut(from) {
            first.sign = signed || judged == Some(turn.key);
        }
    }
    (out, begins)
}

/// A heading wherever a conversation goes on on another day.
fn new_day(out: &mut Vec<TranscriptLine>, turn: &Turn, day: &mut Option<String>, zone: Zone) {
    let Some(at) = turn.at else { return };
    let today = zone.format(at, "%-d %b %Y");
    if day.as_ref().is_some_and(|d| *d != today) {
        out.push(TranscriptLine::of(vec![(today.clone(), Role::Muted)]));
        out.push(TranscriptLine::default());
    }
    *day = Some(today);
}

fn clock(at: Option<Timestamp>, zone: Zone) -> String {
    at.map(|t| zone.format(t, " %H:%M")).unwrap_or_default()
}

fn spoken(out: &mut Vec<TranscriptLine>, item: &ReviewItem, i: usize, columns: usize, needles: &Needles, zone: Zone) {
    let turn = &item.conversation.turns[i];
    let who = match turn.role {
        Speaker::User => "customer",
        Speaker::Bot => "AI",
        _ => "colleague",
    };
    let mut head = vec![(who.to_owned(), Role::Heading), (clock(turn.at, zone), Role::Muted)];
    if turn.role == Speaker::User && !item.blind() {
        head.extend(understood(turn));
    }
    if turn.role == Speaker::Bot
        && !item.blind()
        && columns >= 60
        && let Some(action) = &turn.action
    {
        head.push((format!("   {}", words::line(action)), Role::Muted));
    }
    let mut label = labelled(item, turn.key);
    let wide =
        |a: &[(String, Role)], b: &[(String, Role)]| a.iter().chain(b).map(|(t, _)| words::width(t)).sum::<usize>();
    // What somebody said of it goes before who that was, and before the AI's word, which stands beside the talk as well.
    if wide(&head, &label) > columns && label.len() > 1 {
        label.remove(1);
    }
    if wide(&head, &label) > columns && !label.is_empty() {
        head.truncate(2);
    }
    head.extend(label);
    out.push(TranscriptLine::of(head));
    let corrected = item.responses.iter().find(|(t, _)| *t == turn.key).map(|(_, text)| text);
    let role = if corrected.is_some() { Role::Muted } else { Role::Text };
    push_text(out, &shown_text(turn, words::paragraph), columns, role, needles);
    if let Some(text) = corrected {
        let state = item.corrections.iter().find(|c| c.turn == turn.key).map(|c| format!("   {}", c.state.words()));
        let head = vec![("✎ should have said".to_owned(), Role::Good), (state.unwrap_or_default(), Role::Muted)];
        out.push(TranscriptLine::of(head));
        push_text(out, &PlainText::of(&words::paragraph(text)), columns, Role::Text, &Needles::default());
    }
    if let Some(feedback) = item.shown_feedback(turn) {
        let (sign, role) = if feedback.score > 0 {
            ("▲ marked as helpful", Role::Good)
        } else {
            ("▼ marked as not helpful", Role::Bad)
        };
        let comment = feedback.comment.as_deref().map(|c| format!(": {}", words::line(c))).unwrap_or_default();
        out.push(TranscriptLine::of(vec![(sign.to_owned(), role), (comment, Role::Muted)]));
    }
    // What followed an answer: the customer's next turn, where nothing of the AI stands between. What the AI opens with answers nothing.
    if turn.role == Speaker::Bot
        && item.conversation.turns[..i].iter().any(|t| t.role == Speaker::User)
        && let Some((at, felt)) = item.felt.iter().find(|(at, _)| *at as usize > i)
        && item.conversation.turns[i + 1..*at as usize].iter().all(|t| t.role != Speaker::Bot)
        && *felt != 0.0
    {
        let (words, role) = if *felt < 0.0 { ("let down", Role::Bad) } else { ("pleased", Role::Good) };
        out.push(TranscriptLine::of(vec![(format!("↳ the customer then seems {words}"), role)]));
    }
    // Thumbs stand there already.
    for sign in item.shown_signs().iter().filter(|s| s.turn as usize == i && s.signal != Signal::ThumbsDown) {
        out.push(TranscriptLine::of(vec![(format!("← {}", sign.signal.words()), Role::Accent)]));
    }
}

fn understood(turn: &Turn) -> Vec<(String, Role)> {
    let confidence = turn.confidence.map(|c| format!(" {c:.2}")).unwrap_or_default();
    match &turn.intent {
        _ if turn.fallback => vec![(format!("   → did not understand{confidence}"), Role::Muted)],
        Some(name) => vec![(format!("   → {}{confidence}", words::line(name)), Role::Muted)],
        None => Vec::new(),
    }
}

fn labelled(item: &ReviewItem, turn: TurnKey) -> Vec<(String, Role)> {
    let own = item.turn == Some(turn) && item.judged;
    if item.blind() && !own {
        return Vec::new();
    }
    item.labels
        .iter()
        .find(|(t, ..)| *t == turn)
        .map(|(_, names, who)| {
            let names = names.iter().map(|n| words::line(n)).collect::<Vec<_>>().join(", ");
            let since = if item.reworded.contains(&turn) { "  the words have changed since" } else { "" };
            vec![
                (format!("   ✓ {names}"), Role::Good),
                (format!("  {}", words::line(who)), Role::Muted),
                (since.to_owned(), Role::Accent),
            ]
        })
        .unwrap_or_default()
}

/// What was said, made clean. Customers' words stand as they were written; models write Markdown.
fn shown_text(turn: &Turn, clean: fn(&str) -> String) -> PlainText {
    match turn.role {
        Speaker::Bot => PlainText::of(&clean(&turn.text)),
        _ => PlainText::from(clean(&turn.text)),
    }
}

fn push_text(out: &mut Vec<TranscriptLine>, text: &PlainText, columns: usize, role: Role, needles: &Needles) {
    let nothing = PlainText::from("(no text)".to_owned());
    let shown = if text.plain.trim().is_empty() { &nothing } else { text };
    out.extend(wrapped(shown, columns, role, needles).map(TranscriptLine::of));
}

/// Text in lines, its matches and what it stresses marked; what goes over the end of a line is marked on both.
fn wrapped(
    text: &PlainText,
    columns: usize,
    role: Role,
    needles: &Needles,
) -> impl Iterator<Item = Vec<(String, Role)>> {
    let found = matches(&text.plain, needles);
    let mut at = 0;
    words::wrap(&text.plain, columns).into_iter().map(move |line| {
        // Lines are pieces of the text, in order.
        at += text.plain[at..].find(&line).unwrap_or_default();
        let (mut from, to) = (at, at + line.len());
        at = to;
        let mut pieces = Vec::new();
        for (part, role) in words::marked(&line, &within(&text.stressed, from..to), role, Role::Heading) {
            let here = from..from + part.len();
            pieces.extend(words::marked(&part, &within(&found, here.clone()), role, Role::Match));
            from = here.end;
        }
        pieces
    })
}

/// What of some places lies in a stretch, counted from its beginning.
fn within(places: &[Range<usize>], stretch: Range<usize>) -> Vec<Range<usize>> {
    let here = places.iter().filter(|r| r.start < stretch.end && r.end > stretch.start);
    here.map(|r| r.start.saturating_sub(stretch.start)..r.end.min(stretch.end) - stretch.start).collect()
}

fn event(out: &mut Vec<TranscriptLine>, turn: &Turn, zone: Zone) {
    let what = match turn.event.as_deref() {
        Some("handoff") => "handed to a person",
        Some("agent_joined") => "a person joined",
        Some("close") => "closed",
        Some("reopen") => "opened again",
        Some("timeout") => "timed out",
        Some("error") => "an error",
        Some(other) => &words::line(other),
        None => "event",
    };
    let detail = words::line(&turn.text);
    let detail = if detail.is_empty() { detail } else { format!("  {detail}") };
    let pieces = vec![(format!("── {what}"), Role::Accent), (clock(turn.at, zone), Role::Muted), (detail, Role::Muted)];
    out.push(TranscriptLine::of(pieces));
}

/// What a tool said: in a line or two, or as a whole.
fn tool(out: &mut Vec<TranscriptLine>, turn: &Turn, columns: usize, unfolded: bool, role: Role) {
    let name = turn.name.as_deref().map(words::line).unwrap_or_else(|| "tool".to_owned());
    if unfolded {
        out.push(TranscriptLine::of(vec![(format!("⚙ {name}"), role)]));
        let whole = words::paragraph(&turn.text);
        out.extend(words::wrap(&whole, columns).into_iter().map(|l| TranscriptLine::of(vec![(l, role)])));
        return;
    }
    let text = words::line(&turn.text);
    let room = (columns * 2).saturating_sub(words::width(&name) + 12);
    let more = if words::width(&text) > room { "  O opens" } else { "" };
    let text = words::fit(&text, room.saturating_sub(words::width(more)));
    let lines = words::wrap(&format!("⚙ {name}  {text}"), columns);
    let last = lines.len() - 1;
    for (i, l) in lines.into_iter().enumerate() {
        let more = if i == last { more } else { "" };
        out.push(TranscriptLine::of(vec![(l, role), (more.to_owned(), Role::Key)]));
    }
}

fn offers(out: &mut Vec<TranscriptLine>, item: &ReviewItem, i: usize) {
    for offer in item.conversation.offers.iter().filter(|o| o.turn == Some(i as u32)) {
        out.push(TranscriptLine::of(vec![(offer_words(offer, item.blind()), Role::Muted)]));
    }
}

fn offer_words(offer: &Offer, blind: bool) -> String {
    let what = match offer.status {
        // What became of it tells how the conversation went.
        _ if blind => "offered",
        OfferStatus::Shown => "offered",
        OfferStatus::Accepted => "✓ accepted",
        OfferStatus::Declined => "✗ declined",
        OfferStatus::Ignored => "ignored",
    };
    format!("◇ {}  {what}", words::line(&offer.name))
}

/// The conversation around the judged turn in few lines: what the queue's preview shows.
pub fn brief(item: &ReviewItem, columns: usize, fits: usize, needles: &Needles, zone: Zone) -> Vec<TranscriptLine> {
    let mut out: Vec<TranscriptLine> = Vec::new();
    let mut begins = 0;
    for turn in &item.conversation.turns {
        let judged = item.turn == Some(turn.key);
        if judged {
            begins = out.len();
        }
        let (who, role) = match turn.role {
            Speaker::User => ("customer", Role::Heading),
            Speaker::Bot => ("AI", Role::Muted),
            Speaker::Agent => ("colleague", Role::Muted),
            Speaker::Tool if turn.reports_error() && !item.blind() => ("tool error", Role::Bad),
            Speaker::Tool => continue,
            Speaker::System if item.blind() => continue,
            Speaker::System => {
                event(&mut out, turn, zone);
                continue;
            }
        };
        let said = if judged { Role::Text } else { Role::Muted };
        let plain = shown_text(turn, words::line);
        let text = wrapped(&plain, columns.saturating_sub(11).max(8), said, needles);
        let keep = if judged { 3 } else { 2 };
        for (k, marked) in text.take(keep).enumerate() {
            let lead = if k == 0 { who } else { "" };
            let role = if judged { Role::Heading } else { role };
            let mut pieces = vec![(words::pad(lead, 11), role)];
            pieces.extend(marked);
            out.push(TranscriptLine { pieces, judged, sign: false });
        }
    }
    let first = begins.saturating_sub(fits / 3).min(out.len().saturating_sub(fits));
    out.into_iter().skip(first).take(fits).collect()
}
