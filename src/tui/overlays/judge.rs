//! Two answers to one customer, without names: which is better?

use super::reply::OverlayReply;
use crate::action::{Action, ActionScope, rows};
use crate::domain::{ConversationId, JudgementTally, Preference, Role as Speaker, TurnKey};
use crate::store::Judgements;
use crate::theme::Role;
use crate::tui::state::effect::{Effect, ask};
use crate::tui::state::float::{PairToJudge, after_first};
use crate::tui::state::request::common::CommonRequest;
use crate::tui::state::request::judging::JudgingRequest;
use crate::tui::state::shared::SharedState;
use crate::tui::widgets::canvas::centred;
use crate::tui::widgets::tally::tally_words;
use crate::tui::widgets::{Canvas, numbers, words};
use ratatui::layout::Rect;
use std::collections::HashSet;

/// From so many columns the answers stand side by side.
const BESIDE: u16 = 90;

/// Longer lines are hard to read.
const READABLE: u16 = 150;

/// A conversation's turn.
type Turn = (ConversationId, TurnKey);

/// The pairs of a comparison, and what has become of them.
#[derive(Debug)]
pub struct Judge {
    pairs: Vec<PairToJudge>,
    judged: HashSet<Turn>,
    skipped: HashSet<Turn>,
    /// What was said before the turn that is shown, where it is known.
    context: Option<(Turn, Vec<(Speaker, String)>)>,
    /// What people said so far.
    tally: JudgementTally,
    /// A judgement is being saved.
    busy: bool,
}

fn turn_of(candidate: &PairToJudge) -> Turn {
    (candidate.pair.conversation, candidate.pair.turn)
}

impl Judge {
    /// Begins with the first pair that this person has not judged.
    pub fn new(pairs: Vec<PairToJudge>, said: Judgements) -> Self {
        let judged = said.mine.into_iter().collect();
        Self { pairs, judged, skipped: HashSet::new(), context: None, tally: said.tally, busy: false }
    }

    /// The pair that is shown; `None` when all are judged or skipped.
    fn current(&self) -> Option<&PairToJudge> {
        self.pairs.iter().find(|p| !self.judged.contains(&turn_of(p)) && !self.skipped.contains(&turn_of(p)))
    }

    /// Asks what was said before the turn that is shown.
    pub fn ask_context(&self) -> Vec<Effect> {
        let Some(now) = self.current() else { return Vec::new() };
        vec![ask(JudgingRequest::SaidBefore(now.pair.conversation, now.pair.turn))]
    }

    /// What the store says was judged.
    pub fn take(&mut self, said: &Judgements) -> Vec<Effect> {
        self.busy = false;
        self.judged = said.mine.iter().copied().collect();
        self.tally = said.tally;
        self.ask_context()
    }

    /// Nothing was saved.
    pub fn give_up(&mut self) {
        self.busy = false;
    }

    /// What was said before a turn.
    pub fn take_context(&mut self, turn: Turn, said: Vec<(Speaker, String)>) {
        self.context = Some((turn, said));
    }

    /// Does what was asked for while a pair is shown.
    pub fn act(&mut self, shared: &SharedState, action: Action) -> OverlayReply {
        if self.busy {
            return OverlayReply::nothing();
        }
        let Some(now) = self.current() else {
            return match action {
                Action::Undo => self.undo(),
                _ => OverlayReply::Close,
            };
        };
        let (pair, turn) = (now.pair, turn_of(now));
        let first = if after_first(pair, &shared.reviewer) { Preference::After } else { Preference::Before };
        let second = if first == Preference::After { Preference::Before } else { Preference::After };
        let said = match action {
            Action::PreferFirst => first,
            Action::PreferSecond => second,
            Action::BothFine => Preference::BothFine,
            Action::BothBad => Preference::BothBad,
            Action::SkipPair => {
                self.skipped.insert(turn);
                return OverlayReply::Stay(self.ask_context());
            }
            Action::Undo => return self.undo(),
            Action::Cancel => return OverlayReply::Close,
            _ => return OverlayReply::nothing(),
        };
        self.busy = true;
        OverlayReply::Stay(vec![ask(JudgingRequest::Prefer(pair, said))])
    }

    fn undo(&mut self) -> OverlayReply {
        self.busy = true;
        OverlayReply::Stay(vec![ask(CommonRequest::Undo)])
    }

    /// Draws it.
    pub fn draw(&self, shared: &SharedState, canvas: &mut Canvas) {
        // The whole screen: the list behind it would tell which answer is whose.
        let screen = canvas.frame.area();
        let area = Rect { y: screen.y + 1, height: screen.height.saturating_sub(2), ..screen };
        let done = self.pairs.iter().filter(|p| self.judged.contains(&turn_of(p))).count() as u64;
        let title = format!(
            "Which answer is better?   {} of {} judged",
            numbers::count(done),
            numbers::count(self.pairs.len() as u64)
        );
        let inner = canvas.float(area, &title, Role::Accent);
        let inner = centred(inner, READABLE, inner.height);
        let Some(now) = self.current() else { return self.finished(canvas, inner) };
        let foot = inner.bottom().saturating_sub(1);
        let keys = keys(shared);
        let keys: Vec<(&str, Role)> = keys.iter().map(|(t, r)| (t.as_str(), *r)).collect();
        canvas.pieces(inner.x, foot, inner.width, &keys);
        let y = self.customer(now, canvas, Rect { y: inner.y + 1, height: inner.height / 3, ..inner });
        let rest = Rect { y: y + 1, height: foot.saturating_sub(y + 2), ..inner };
        let (mut a, mut b) = (now.before.as_str(), now.after.as_str());
        if after_first(now.pair, &shared.reviewer) {
            std::mem::swap(&mut a, &mut b);
        }
        if rest.width >= BESIDE {
            let half = rest.width / 2 - 2;
            answer("A", a, canvas, Rect { width: half, ..rest });
            canvas.divider(rest.x + half + 1, rest);
            let x = rest.x + half + 3;
            answer("B", b, canvas, Rect { x, width: rest.right().saturating_sub(x), ..rest });
        } else {
            let half = rest.height / 2;
            answer("A", a, canvas, Rect { height: half, ..rest });
            answer("B", b, canvas, Rect { y: rest.y + half, height: rest.height - half, ..rest });
        }
    }

    /// What was said, the turn that is answered last. Gives the row after it.
    fn customer(&self, now: &PairToJudge, canvas: &mut Canvas, area: Rect) -> u16 {
        let columns = usize::from(area.width.saturating_sub(10));
        let mut lines: Vec<(&str, String, Role)> = Vec::new();
        let mut add = |who: &'static str, text: &str, role: Role| {
            let clean = words::paragraph(text);
            for (i, line) in clean.lines().flat_map(|l| words::wrap(l, columns)).enumerate() {
                lines.push((if i == 0 { who } else { "" }, line, role));
            }
        };
        if let Some((_, said)) = self.context.as_ref().filter(|(turn, _)| *turn == turn_of(now)) {
            for (speaker, text) in said {
                add(if *speaker == Speaker::User { "customer" } else { "AI" }, text, Role::Muted);
            }
        }
        add("customer", &now.asked.text, Role::Heading);
        // The end matters most: that is what is answered.
        let first = lines.len().saturating_sub(area.height.into());
        let mut y = area.y;
        for (who, line, role) in &lines[first..] {
            canvas.text(area.x, y, 9, who, Role::Accent);
            canvas.text(area.x + 10, y, area.width.saturating_sub(10), line, *role);
            y += 1;
        }
        y
    }

    fn finished(&self, canvas: &mut Canvas, area: Rect) {
        let all = if self.skipped.is_empty() { "Every pair is judged." } else { "Every pair is judged or skipped." };
        let tally = tally_words(&self.tally);
        canvas.notice(area, &[(all, Role::Heading), ("", Role::Text), (&tally, Role::Text)]);
    }
}

fn answer(letter: &str, text: &str, canvas: &mut Canvas, area: Rect) {
    canvas.text(area.x, area.y, 2, letter, Role::Focus);
    let clean = words::paragraph(text);
    let columns = usize::from(area.width.saturating_sub(3));
    let lines: Vec<String> = clean.lines().flat_map(|l| words::wrap(l, columns)).collect();
    let fits = usize::from(area.height.saturating_sub(1));
    for (i, (line, y)) in lines.iter().take(fits).zip(area.top()..area.bottom()).enumerate() {
        let more = i + 1 == fits && lines.len() > fits;
        let line = if more { format!("{} …", words::fit(line, columns.saturating_sub(2))) } else { line.clone() };
        canvas.text(area.x + 3, y, area.width.saturating_sub(3), &line, Role::Text);
    }
}

fn keys(shared: &SharedState) -> Vec<(String, Role)> {
    let rows = rows().filter(|r| r.scope == ActionScope::Judge);
    rows.flat_map(|r| [(shared.keys.map.first_key(r), Role::Key), (format!(" {}   ", r.label), Role::Muted)]).collect()
}
