//! Drawing Signals: how customers feel above, what they are offered below; on a small screen one of them.

use super::known::LearningNow;
use super::state::SignalsScreen;
use super::{feel, offers};
use crate::action::Action;
use crate::base::progress::TRAINING;
use crate::domain::{SignalView, stage_words};
use crate::jobs::learners::READING_STAGE;
use crate::store::SignalsPage;
use crate::theme::Role;
use crate::tui::screens::sample::{self, Sampled};
use crate::tui::state::seen::ScreenHit;
use crate::tui::state::shared::{SharedState, StoreRead};
use crate::tui::widgets::{Canvas, words};
use ratatui::layout::Rect;

/// From so many rows on both parts are shown, ...
const BOTH: u16 = 26;
/// ...and from so many with all that can be said of each.
const BOTH_IN_FULL: u16 = 46;
/// Rows of the upper part, at least and of the whole.
const ABOVE: (u16, u16) = (12, 45);

/// Draws the screen.
pub fn draw(screen: &SignalsScreen, shared: &SharedState, canvas: &mut Canvas, area: Rect) {
    let area = Rect { x: area.x + 1, width: area.width.saturating_sub(2), ..area };
    tabs(screen, shared, canvas, area);
    let top = 1 + u16::from(area.height >= 18);
    let body = Rect { y: area.y + top, height: area.height.saturating_sub(top), ..area };
    match &screen.page {
        StoreRead::Waiting => canvas.notice(body, &[("Counting …", Role::Muted)]),
        StoreRead::Failed(why) => canvas.notice(
            body,
            &[("✗ This could not be counted.", Role::Bad), ("", Role::Text), (&words::line(why), Role::Muted)],
        ),
        StoreRead::Ready(page) => parts(screen, shared, page, canvas, body),
    }
}

/// Both parts where there is room, else the one with the cursor and, in a line, what the other holds.
fn parts(screen: &SignalsScreen, shared: &SharedState, page: &SignalsPage, canvas: &mut Canvas, body: Rect) {
    let now = LearningNow::of(shared);
    if body.height >= if screen.intervals { BOTH_IN_FULL } else { BOTH } {
        let above = match screen.week() {
            // Rows that the offers leave are the trend's.
            Some(_) => {
                let left = body.height.saturating_sub(offers::rows(screen, page, now, body.width) + 1);
                (body.height * ABOVE.1 / 100).max(ABOVE.0).max(left)
            }
            None => feel::rows_without_weeks(screen, page, now, body.width).min(body.height / 2),
        };
        let beside = feel::draw(screen, page, now, canvas, Rect { height: above, ..body });
        let below = Rect { y: body.y + above + 1, height: body.height - above - 1, ..body };
        let between = offers::draw(screen, page, (now, false), canvas, below);
        let room = if between.height > beside.height { between } else { beside };
        if let Some((query, called, opens)) = screen.sampled_of() {
            sample::draw(
                &Sampled { query: &query, called: &called, opens, let_down: screen.view == SignalView::Feel },
                shared,
                canvas,
                room,
            );
        }
        return;
    }
    let (other, says) = match screen.view {
        SignalView::Feel => (SignalView::Offers, offers::in_a_line(page)),
        SignalView::Offers => (SignalView::Feel, feel::in_a_line(page)),
    };
    let part = Rect { height: body.height.saturating_sub(u16::from(says.is_some())), ..body };
    match screen.view {
        SignalView::Feel => feel::draw(screen, page, now, canvas, part),
        SignalView::Offers => offers::draw(screen, page, (now, true), canvas, part),
    };
    if let Some(says) = says {
        let key = shared.keys.map.key_of(Action::SignalView(other));
        let line = words::fit(&format!("{key} {}: {says}", other.title()), body.width.into());
        canvas.text(body.x, part.bottom(), body.width, &line, Role::Muted);
    }
}

fn tabs(screen: &SignalsScreen, shared: &SharedState, canvas: &mut Canvas, area: Rect) {
    let mut x = area.x;
    for (i, view) in SignalView::ALL.into_iter().enumerate() {
        let key = shared.keys.map.key_of(Action::SignalView(view));
        let from = x;
        x = canvas.text(x, area.y, 3, &format!("{key} "), Role::Muted);
        let at = x;
        let role = if view == screen.view { Role::Focus } else { Role::Muted };
        x = canvas.text(x, area.y, area.right().saturating_sub(x), view.title(), role);
        if view == screen.view {
            canvas.underline(Rect { x: at, y: area.y, width: x.saturating_sub(at), height: 1 });
        }
        canvas.hit(Rect { x: from, y: area.y, width: x.saturating_sub(from), height: 1 }, ScreenHit::List(i));
        x += 3;
    }
    let room = usize::from(area.right().saturating_sub(x));
    let says = match shared.learning.progress() {
        Some(p) => {
            let key = shared.keys.map.key_of(Action::CancelLearning);
            let percent = p.fraction().map_or(String::new(), |f| format!(" {:.0} %", 100.0 * f));
            // It learns from what customers do: the words of Fine-tune, which learns from labels, are not its own.
            let doing = match p.stage.as_str() {
                TRAINING => String::new(),
                READING_STAGE => ": reading".to_owned(),
                stage => format!(": {}", stage_words(stage)),
            };
            let comma = if doing.is_empty() || percent.is_empty() { "" } else { "," };
            let now = format!("{doing}{comma}{percent} …  {key} stops");
            vec![
                (format!("learning from ratings, words and answered offers{now}"), Role::Accent),
                (format!("learning{now}"), Role::Accent),
                // Of a wait, until when.
                (
                    now.rsplit_once(": ").map_or_else(|| format!("learning{now}"), |(_, end)| end.to_owned()),
                    Role::Accent,
                ),
                (format!("learning{percent} …  {key} stops"), Role::Accent),
            ]
        }
        None if screen.view == SignalView::Feel && screen.page.ready().is_some_and(|page| page.sampled) => vec![
            ("learned from what customers do; rates are of the sample, not weighed".to_owned(), Role::Muted),
            ("rates are of the sample".to_owned(), Role::Muted),
        ],
        None => vec![("learned from ratings, words and answered offers".to_owned(), Role::Muted)],
    };
    if let Some((text, role)) = says.into_iter().find(|(text, _)| room > words::width(text) + 1) {
        canvas.right(area, area.y, &text, role);
    }
}
